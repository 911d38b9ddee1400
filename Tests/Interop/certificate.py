"""Certificates for localhost, made with openssl as operators make them."""

from __future__ import annotations

import os
import ssl
import subprocess
from pathlib import Path


class Certificate:
    """A certificate that vouches for itself, and its key, in files that `renew` replaces."""

    def __init__(self, directory: Path, algorithm: str = "rsa:2048"):
        self.algorithm = algorithm
        self.chain, self.key = directory / "cert.pem", directory / "key.pem"
        self.renew()

    def renew(self) -> None:
        """New files under the old names, put in place as certbot does: whole, and one after the other."""
        chain, key = self.chain.with_suffix(".new"), self.key.with_suffix(".new")
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", self.algorithm, "-nodes", "-days", "7", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1", "-keyout", key, "-out", chain,
            ],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        os.replace(key, self.key)
        os.replace(chain, self.chain)

    @property
    def der(self) -> bytes:
        return ssl.PEM_cert_to_DER_cert(self.chain.read_text())

    def hello(self) -> bytes:
        """The first flight of a TLS client."""
        outgoing = ssl.MemoryBIO()
        client = self.trust.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
        try:
            client.do_handshake()
        except ssl.SSLWantReadError:
            return outgoing.read()
        raise AssertionError("a handshake with nobody came to an end")

    @property
    def trust(self) -> ssl.SSLContext:
        """What a client needs to believe this certificate and no other."""
        return ssl.create_default_context(cafile=str(self.chain))
