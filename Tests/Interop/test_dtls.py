"""DTLS 1.2 (RFC 7350): openssl's own client, strangers without a cookie, and hellos on a session that lives."""

from __future__ import annotations

import os
import re
import select
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import dtls
from certificate import Certificate
from conftest import USER
from server import HOSTS, TURNServer
from turn_client import TURNClient
from waiting import wait_until

SOURCES = 10_000


@contextmanager
def s_client(server: TURNServer, *arguments: str, port: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """openssl's client, connected until the block ends."""
    address = f"{HOSTS[0]}:{port or server.tls_port}"
    process = subprocess.Popen(
        ["openssl", "s_client", "-connect", address, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def talk(server: TURNServer, *arguments: str, port: int | None = None) -> str:
    """What s_client says until its handshake is over, one way or the other."""
    with s_client(server, *arguments, port=port) as client:
        output = b""
        for line in client.stdout:
            output += line
            if b"Verify return code" in line:
                break
        return (output + client.communicate(timeout=20)[0]).decode(errors="replace")


@pytest.mark.parametrize("arguments", [(), ("-mtu", "400"), ("-cipher", "ECDHE-RSA-AES128-GCM-SHA256")])
def test_dtls_shares_the_udp_ports(arguments: tuple[str, ...], static_server: TURNServer) -> None:
    """F11: the first byte tells DTLS from STUN."""
    for port in (static_server.port, static_server.tls_port):
        assert "New, TLSv1.2, Cipher is ECDHE" in talk(static_server, "-dtls1_2", *arguments, port=port)
        with TURNClient((HOSTS[0], port)) as client:
            assert client.binding().is_success


def test_a_certificate_that_dtls_cannot_use_is_told(
    start_server: Callable[..., TURNServer], tmp_path: Path
) -> None:
    """OpenSSL takes Ed25519 for TLS alone. Should it learn more, this fails, and the warning can go."""
    server = start_server(certificate=Certificate(tmp_path, "ed25519"), users=[USER])
    warning = 'event="certificate of a kind that DTLS clients cannot use" file='
    assert warning in server.log_file.read_text() and "kind=ED25519" in server.log_file.read_text()
    assert "Cipher is (NONE)" in talk(server, "-dtls1_2")
    assert "New, TLSv1.3" in talk(server)


def test_other_certificates_are_not_warned_of(static_server: TURNServer) -> None:
    assert "DTLS clients cannot use" not in static_server.log_file.read_text()


def test_old_versions_are_refused(static_server: TURNServer) -> None:
    """F12: DTLS 1.0."""
    output = talk(static_server, "-dtls1", "-cipher", "ALL:@SECLEVEL=0")
    assert "Cipher is (NONE)" in output


def test_hellos_without_a_cookie_leave_nothing(static_server: TURNServer) -> None:
    """F12: 10 000 sources get a HelloVerifyRequest no longer than their hello, and nothing is kept of them."""

    def flood(first: int, last: int) -> int:
        answered = 0
        for number in range(first, last):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.settimeout(2)
                stranger.bind((f"127.{number >> 14 & 63}.{number >> 7 & 127}.{(number & 127) + 1}", 0))
                hello = dtls.hello()
                stranger.sendto(hello, (HOSTS[0], static_server.port))
                reply = stranger.recv(2048)
                assert len(reply) <= len(hello)
                answered += len(dtls.cookie(reply)) == 32
        return answered

    assert flood(0, 1000) == 1000
    memory, descriptors = static_server.resident_kilobytes, static_server.descriptors
    assert flood(1000, SOURCES) == SOURCES - 1000
    assert static_server.resident_kilobytes - memory < 512
    assert static_server.descriptors == descriptors


def test_a_cookie_is_good_for_its_address_alone(static_server: TURNServer) -> None:
    """F12: a cookie that was given to somebody else starts no handshake."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        for each in (one, other):
            each.settimeout(2)
            each.connect((HOSTS[0], static_server.port))
        one.send(dtls.hello())
        cookie = dtls.cookie(one.recv(2048))
        other.send(dtls.hello(cookie, sequence=1))
        assert dtls.cookie(other.recv(2048)) != cookie
        one.send(dtls.hello(cookie, sequence=1))
        assert one.recv(2048)[13] == 2, "expected a ServerHello"


def test_records_of_strangers_get_nothing_back(static_server: TURNServer) -> None:
    """F12: junk, application data, alerts and later fragments of a hello are no reason to answer."""
    hello = dtls.hello()
    fragment = hello[:11] + (60).to_bytes(2) + hello[13:19] + (20).to_bytes(3) + (48).to_bytes(3) + hello[25:73]
    junk = (
        b"\x16", b"\x17\xfe\xfd" + bytes(40), b"\x15\xfe\xfd" + bytes(20), hello[:40], fragment, b"\x3f" * 900,
    )  # fmt: skip
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.connect((HOSTS[0], static_server.port))
        for packet in junk:
            stranger.send(packet)
        stranger.settimeout(1)
        with pytest.raises(TimeoutError):
            stranger.recv(2048)


def allocations(server: TURNServer, event: str) -> int:
    return len(re.findall(f'"allocation {event}".* transport=dtls', server.log_file.read_text()))


def test_a_session_carries_turn_and_its_end_frees_the_relay(static_server: TURNServer) -> None:
    """F12: close_notify ends the allocation; a hello without its cookie does not."""
    began, ended = allocations(static_server, "created"), allocations(static_server, "ended")
    source = ("127.0.0.9", 40_123)
    # Without -nbio this openssl waits for ever behind a record that it has dropped.
    options = ("-dtls1_2", "-quiet", "-nbio", "-no_ign_eof", "-bind", f"{source[0]}:{source[1]}")
    with s_client(static_server, *options) as client:
        turn = PipedClient(static_server, client)
        assert turn.allocate().is_success
        wait_until("the allocation", lambda: allocations(static_server, "created") == began + 1)
        assert turn.refresh(600).is_success
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forger:
            # The very 5-tuple: the system lets only us share the port that openssl has.
            forger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                forger.bind(source)
            except OSError:
                pytest.skip("this openssl does not share its port")
            forger.sendto(dtls.hello(), (HOSTS[0], static_server.tls_port))
        assert turn.refresh(600).is_success
        client.stdin.close()
        wait_until("the allocation to end", lambda: allocations(static_server, "ended") == ended + 1, seconds=5)


class PipedClient(TURNClient):
    """A TURN client that talks through the standard input and output of openssl's client."""

    def __init__(self, server: TURNServer, process: subprocess.Popen[bytes]):
        super().__init__((HOSTS[0], server.tls_port), server.user)
        self.socket.close()
        self.process = process

    def send(self, packet: bytes) -> None:
        self.process.stdin.write(packet)
        self.process.stdin.flush()

    def receive(self, deadline: float) -> bytes:
        while not (frame := self.next_frame()):
            if not select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError("nothing came through openssl")
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                raise EOFError("openssl has ended")
            self.stream += data
        return frame
