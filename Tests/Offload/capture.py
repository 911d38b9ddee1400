"""What arrives on an interface, and what tshark thinks of it."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
from collections import Counter
from pathlib import Path

from namespaces import Namespace

EVERY_PROTOCOL, OUTGOING = 0x0003, 4
SO_RCVBUFFORCE = 33


class Capture:
    """Begins at once; ends with `verdicts`."""

    def __init__(self, namespace: Namespace, interface: str):
        self.socket = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20)
        with namespace.entered():
            self.socket.bind((interface, EVERY_PROTOCOL))
        self.socket.setblocking(False)

    def save(self, file: Path) -> None:
        """The frames that came in, as a pcap file."""
        with file.open("wb") as out, self.socket:
            out.write(struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            while True:
                try:
                    frame, source = self.socket.recvfrom(65536)
                except BlockingIOError:
                    return
                if source[2] != OUTGOING:
                    out.write(struct.pack("=IIII", 0, 0, len(frame), len(frame)) + frame)

    def verdicts(self, file: Path) -> Counter[str]:
        """How many datagrams have a good checksum, how many a bad one: `udp.checksum.status` and `ip.checksum.status`."""
        self.save(file)
        options = [word for name in ("ip", "udp") for word in ("-o", f"{name}.check_checksum:TRUE")]
        fields = [word for name in ("udp", "ip") for word in ("-e", f"{name}.checksum.status")]
        done = subprocess.run(
            ["tshark", "-r", file, *options, "-Y", "udp && !icmp && !icmpv6", "-T", "fields", *fields],
            capture_output=True, text=True, check=True)  # fmt: skip
        named = {"0": "bad", "1": "good", "2": "unverified", "3": "none", "": "none"}
        lines = [line.split("\t") for line in done.stdout.splitlines()]
        return Counter(f"UDP {named[udp]}, IP {named[ip]}" for udp, ip in lines)

    @staticmethod
    def is_possible() -> bool:
        return shutil.which("tshark") is not None
