"""The malformed corpus against the server: it stays up, serves a good client after, and its memory stays flat."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import dtls
import malformed
import server as server_under_test
import stun
from certificate import Certificate
from conftest import USER
from malformed import Identity
from server import TURNServer
from turn_client import TURNClient

#: Of datagrams in a row before the server must answer a Binding: far fewer than a socket buffer holds.
BURST = 64

#: The largest payload of an IPv4 datagram.
LARGEST_DATAGRAM = 65_507

#: What the resident memory may grow by when everything is sent for a second time. The first time fills caches and
#: pools; a leak of one byte in a hundred that were received would show the second time.
GROWTH_KILOBYTES = 2048


def builds() -> list:
    debug = server_under_test.debug_binary()
    missing = pytest.mark.skip(reason="no debug build: swift build, or name one in CULVERT_TURNSERVER_DEBUG")
    return [
        pytest.param(server_under_test.binary(), id="release"),
        pytest.param(debug, id="debug", marks=[] if debug else [missing]),
    ]


@pytest.fixture(scope="module", params=builds())
def server(
    start_server: Callable[..., TURNServer], certificate: Certificate, request: pytest.FixtureRequest
) -> TURNServer:
    return start_server(users=[USER], binary=Path(request.param), certificate=certificate)


@pytest.fixture(autouse=True)
def good_client_after(server: TURNServer) -> Iterator[None]:
    """Whatever was sent, the server still relays for a client that behaves."""
    yield
    assert server.is_running, f"the server ended with {server.process.poll()}"
    for transport in ("udp", "tcp"):
        with TURNClient(server.address, server.user, transport) as client, peer() as other:
            relayed = client.allocate().address(stun.XOR_RELAYED_ADDRESS)
            assert relayed and client.channel_bind(0x4123, other.getsockname()).is_success
            client.send(stun.channel_data(0x4123, b"to", padded=transport == "tcp"))
            assert other.recvfrom(100) == (b"to", relayed)
            other.sendto(b"fro", relayed)
            assert client.receive(time.monotonic() + 5)[:7] == struct.pack("!HH", 0x4123, 3) + b"fro"
            assert client.refresh(0).is_success


def peer() -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.bind(("127.0.0.1", 0))
    bound.settimeout(5)
    return bound


def identity_of(client: TURNClient) -> Identity:
    """What signs for a client that has an allocation."""
    assert client.allocate().is_success
    assert client.create_permission(("127.0.0.1", 9)).is_success
    return Identity(client.credentials.username.encode(), client.realm, client.nonce, client.key)


def send_datagrams(client: TURNClient, packets: Iterable[bytes]) -> None:
    for number, packet in enumerate(packets):
        try:
            client.socket.send(packet[:LARGEST_DATAGRAM])
        except ConnectionRefusedError:
            pytest.fail("nobody listens any more")
        if number % BURST == BURST - 1 or len(packet) > 10_000:
            client.binding()
    client.binding()


def growth_of_the_second_time(server: TURNServer, send: Callable[[], None]) -> int:
    send()
    before = server.resident_kilobytes
    send()
    return server.resident_kilobytes - before


@pytest.mark.parametrize("known", [False, True], ids=["stranger", "user"])
def test_corpus_over_udp(server: TURNServer, known: bool) -> None:
    def send() -> None:
        with TURNClient(server.address, server.user) as client:
            send_datagrams(client, malformed.corpus(identity_of(client) if known else Identity()))
            if known:
                client.refresh(0)

    assert growth_of_the_second_time(server, send) < GROWTH_KILOBYTES


@pytest.mark.parametrize("known", [False, True], ids=["stranger", "user"])
def test_corpus_inside_a_dtls_session(server: TURNServer, known: bool) -> None:
    def send() -> None:
        with TURNClient(server.address, server.user, "dtls") as client:
            packets = malformed.corpus(identity_of(client) if known else Identity())
            send_datagrams(client, (packet[: dtls.LONGEST_MESSAGE] for packet in packets))
            if known:
                client.refresh(0)

    assert growth_of_the_second_time(server, send) < GROWTH_KILOBYTES


def test_every_message_type_over_udp(server: TURNServer) -> None:
    def send() -> None:
        with TURNClient(server.address) as client:
            send_datagrams(client, malformed.message_types())

    assert growth_of_the_second_time(server, send) < GROWTH_KILOBYTES


def over_a_connection_of_its_own(server: TURNServer, packet: bytes) -> None:
    """Sends the packet and a Binding behind it, then waits for the server to close, as it must after our FIN."""
    with socket.create_connection(server.address, timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            connection.sendall(packet + stun.message(stun.BINDING, stun.transaction_id()))
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except TimeoutError:
            pytest.fail(f"the connection stays open after {packet[:40].hex()}")
        except OSError:
            pass  # Closed with bytes unread.


def test_corpus_over_tcp(server: TURNServer) -> None:
    def send() -> None:
        for packet in malformed.corpus(Identity()):
            over_a_connection_of_its_own(server, packet)

    assert growth_of_the_second_time(server, send) < GROWTH_KILOBYTES


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_corpus_inside_a_stream(server: TURNServer, transport: str) -> None:
    """Signed, on the connection of an allocation. After each message the server answers a Binding or has closed."""
    identity = Identity()

    if server.is_stand_in:
        pytest.skip("coturn 4.6.1 does neither after some messages")

    def connect() -> TURNClient:
        client = TURNClient(server.address, server.user, transport, trust=server.certificate.trust)
        vars(identity).update(vars(identity_of(client)))
        return client

    def send() -> None:
        client = connect()
        for packet in filter(well_framed, malformed.corpus(identity)):
            try:
                client.send(packet)
                client.binding()
            except (EOFError, ConnectionError, ssl.SSLError):
                client.socket.close()
                client = connect()
        client.socket.close()

    assert growth_of_the_second_time(server, send) < GROWTH_KILOBYTES


def well_framed(packet: bytes) -> bool:
    """Whether a TCP stream goes on after it: its length is what it says."""
    if len(packet) < 4:
        return False
    length = struct.unpack_from("!H", packet, 2)[0]
    return len(packet) == (stun.HEADER + length if packet[0] < 0x40 else 4 + length + -length % 4)


def test_good_messages_split_at_every_byte(server: TURNServer) -> None:
    """The first part of a message rides behind a Binding whose answer proves that the server has read it."""
    with TURNClient(server.address, server.user, "tcp") as client, peer() as other:
        client.allocate()
        client.channel_bind(0x4000, other.getsockname())
        refresh = client.authenticated(stun.REFRESH, [(stun.LIFETIME, struct.pack("!I", 600))])
        fingerprinted = stun.fingerprinted(stun.message(stun.BINDING, stun.transaction_id(), [(0x8022, b"odd")]))
        for whole in (refresh, fingerprinted, stun.message(stun.BINDING, stun.transaction_id())):
            for at in range(1, len(whole)):
                assert split(client, whole, at).is_success
            assert byte_by_byte(client, whole).is_success
        for size in (0, 1, 2, 3, 4, 5, 100):
            payload = bytes(range(size))
            whole = stun.channel_data(0x4000, payload, padded=True)
            for at in range(1, len(whole)):
                precede(client, whole[:at])
                client.send(whole[at:])
                assert other.recv(2000) == payload


def precede(client: TURNClient, part: bytes) -> None:
    """Sends a Binding with `part` right behind it, and waits for the answer."""
    binding = stun.message(stun.BINDING, stun.transaction_id())
    client.send(binding + part)
    client.reply_to(binding[8:20], time.monotonic() + 5)


def split(client: TURNClient, whole: bytes, at: int) -> stun.Message:
    precede(client, whole[:at])
    client.send(whole[at:])
    return client.reply_to(whole[8:20], time.monotonic() + 5)


def byte_by_byte(client: TURNClient, whole: bytes) -> stun.Message:
    for byte in whole:
        client.send(bytes([byte]))
    return client.reply_to(whole[8:20], time.monotonic() + 5)


def test_malformed_messages_split_at_every_byte(server: TURNServer) -> None:
    tid = stun.transaction_id()
    for packet in (
        stun.header(stun.BINDING, tid, 3) + b"xyz",
        stun.header(stun.BINDING, tid, 8) + stun.attribute(stun.USERNAME, b"four", length=0xFFFF),
        stun.header(stun.ALLOCATE, tid, 4, cookie=0) + bytes(4),
        stun.header(stun.SEND | stun.INDICATION, tid, 65_532),
        struct.pack("!HH", 0x7FFF, 5) + b"hello\0\0\0",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x00\x2f" + bytes(0x2F),
    ):
        for at in range(1, len(packet)):
            with TURNClient(server.address, transport="tcp") as client:
                try:
                    precede(client, packet[:at])
                    client.send(packet[at:])
                    client.socket.shutdown(socket.SHUT_WR)
                    while True:
                        client.receive(time.monotonic() + 10)
                except TimeoutError:
                    pytest.fail(f"the connection stays open after {packet[:40].hex()} split at {at}")
                except (EOFError, OSError):
                    pass  # Closed, by the server's choice or after our FIN.
