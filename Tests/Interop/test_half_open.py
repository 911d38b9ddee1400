"""Five thousand strangers that begin and say no more. Those who are served stay served, and memory stays bounded."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import dtls
from certificate import Certificate
from conftest import USER
from descriptors import need_descriptors
from relaying import echo, relay
from server import HOSTS, TURNServer
from turn_client import TURNClient
from waiting import wait_until

STRANGERS = 5000
#: What all strangers together may cost. Of the handshakes 2048 are kept, at some 60 KB each; all would cost 300 MB.
KILOBYTES = {"tcp": 32 * 1024, "tls": 160 * 1024, "dtls": 160 * 1024}


def half_open(server: TURNServer, transport: str, number: int, hello: bytes) -> socket.socket:
    """A stranger that has begun: half a message, a hello or half of it, or a hello with its cookie."""
    kind = socket.SOCK_DGRAM if transport == "dtls" else socket.SOCK_STREAM
    stranger = socket.socket(socket.AF_INET, kind)
    stranger.settimeout(5)
    stranger.bind((f"127.0.{number % 200 + 1}.{number // 200 + 1}", 0))
    stranger.connect((HOSTS[0], server.tls_port))
    if transport == "tcp":
        stranger.send(b"\0\1")
    elif transport == "tls":
        stranger.send(hello if number % 3 else hello[: len(hello) // 2])
    else:
        stranger.send(dtls.hello())
        stranger.send(dtls.hello(dtls.cookie(stranger.recv(2048)), sequence=1))
    return stranger


@contextmanager
def crowd(server: TURNServer, transport: str, meanwhile: Callable[[int], None]) -> Iterator[None]:
    """All strangers, from 200 networks; `meanwhile` is called after every hundred."""
    need_descriptors(STRANGERS + 200)
    hello = server.certificate.hello()
    strangers: list[socket.socket] = []
    try:
        for number in range(STRANGERS):
            strangers.append(half_open(server, transport, number, hello))
            if number % 100 == 0:
                meanwhile(number)
        yield
    finally:
        for stranger in strangers:
            if transport != "dtls":
                # With a reset, so that no TIME_WAIT is left behind.
                stranger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stranger.close()


@pytest.mark.parametrize("transport", ["tcp", "tls", "dtls"])
def test_half_open_strangers_harm_nobody(
    transport: str, start_server: Callable[..., TURNServer], certificate: Certificate, peer: socket.socket
) -> None:
    server = start_server(users=[USER], certificate=certificate)

    def client() -> TURNClient:
        return TURNClient((HOSTS[0], server.tls_port), server.user, transport, trust=certificate.trust)

    with client() as good, relay(good, peer):
        memory, descriptors = server.resident_kilobytes, server.descriptors

        def served(number: int) -> None:
            assert echo(good, peer, b"%d" % number) == b"%d" % number

        began = time.monotonic()
        with crowd(server, transport, served):
            asked = time.monotonic()
            with client() as newcomer:
                assert newcomer.binding().is_success
            assert time.monotonic() - asked < 2
            growth = server.resident_kilobytes - memory
            print(f"{STRANGERS} over {transport}: {growth} KB, {time.monotonic() - began:.1f} s")
            assert growth < KILOBYTES[transport]
            if transport == "dtls":
                assert server.descriptors == descriptors
            # The first message is due within 10 s.
            wait_until("the strangers to be shown out", lambda: server.descriptors <= descriptors, seconds=20)
        served(STRANGERS)
