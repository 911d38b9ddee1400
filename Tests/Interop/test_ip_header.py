"""What the IP headers of relayed datagrams say, whatever those of the received ones said: Docs/architecture.md, The IP
header."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import stun
from conftest import USER
from server import HOSTS, TURNServer
from turn_client import TURNClient

ALL_PROTOCOLS = 3
#: Expedited forwarding, and a sender that knows of ECN.
MARKED = 0xB8 | 0b10
NEARLY_OVER = 3
IP_MTU_DISCOVER, IP_PMTUDISC_DO = 10, 2


@dataclass
class Header:
    traffic_class: int
    hops: int
    unfragmented: bool | None


@pytest.fixture
def wire() -> Iterator[socket.socket]:
    """What passes over the loopback interface."""
    try:
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL_PROTOCOLS))
    except PermissionError:
        pytest.skip("needs the right to capture packets (CAP_NET_RAW)")
    with tap:
        tap.bind(("lo", ALL_PROTOCOLS))
        yield tap


def header(wire: socket.socket, port: int, payload: bytes) -> Header:
    """The header of the datagram to a port that ends in a payload."""
    deadline = time.monotonic() + 10
    while True:
        wire.settimeout(deadline - time.monotonic())
        packet = wire.recv(65536)
        is_v4 = packet[0] >> 4 == 4
        udp = packet[20:] if is_v4 else packet[40:]
        if len(udp) < 8 or struct.unpack_from("!H", udp, 2)[0] != port or not udp.endswith(payload):
            continue
        if is_v4:
            return Header(packet[1], packet[8], bool(packet[6] & 0x40))
        return Header(struct.unpack_from("!I", packet)[0] >> 20 & 0xFF, packet[7], None)


def mark(sender: socket.socket) -> None:
    """Has a socket send what must not be copied."""
    if sender.family == socket.AF_INET:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, MARKED)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, NEARLY_OVER)
        sender.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO)
    else:
        sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, MARKED)
        sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, NEARLY_OVER)


def ordinary_hops(family: int) -> int:
    if family == socket.AF_INET:
        return int(Path("/proc/sys/net/ipv4/ip_default_ttl").read_text())
    return int(Path("/proc/sys/net/ipv6/conf/lo/hop_limit").read_text())


@pytest.mark.parametrize("host", HOSTS)
def test_marks_are_not_copied_and_hops_begin_anew(host: str, static_server: TURNServer, wire: socket.socket) -> None:
    """L04: DSCP and ECN are 0 whatever came, TTL is the system's, and DF is clear, both ways."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        socket.socket(family, socket.SOCK_DGRAM) as peer,
        TURNClient((host, static_server.port), USER) as client,
    ):
        peer.bind((host, 0))
        assert client.allocate(family=1 if family == socket.AF_INET else 2).is_success
        assert client.channel_bind(0x4000, peer.getsockname()[:2]).is_success
        mark(client.socket)
        mark(peer)
        expected = Header(0, ordinary_hops(family), False if family == socket.AF_INET else None)

        client.send(stun.channel_data(0x4000, b"to the peer"))
        assert header(wire, peer.getsockname()[1], b"to the peer") == expected
        peer.settimeout(5)
        _, relayed = peer.recvfrom(100)
        peer.sendto(b"to the client", relayed)
        assert header(wire, client.socket.getsockname()[1], b"to the client") == expected


def test_a_send_indication_with_dont_fragment_sets_df_for_its_datagram_alone(
    static_server: TURNServer, wire: socket.socket, peer: socket.socket
) -> None:
    """L04: DF is set where the client asks for it, and clear for what follows."""
    with TURNClient((HOSTS[0], static_server.port), USER) as client:
        assert client.allocate().is_success
        assert client.create_permission(peer.getsockname()).is_success
        for payload, is_whole in ((b"one", False), (b"two", True), (b"three", False)):
            tid = stun.transaction_id()
            attributes = [
                (stun.XOR_PEER_ADDRESS, stun.xor_address(peer.getsockname(), tid)), (stun.DATA_ATTRIBUTE, payload),
            ]  # fmt: skip
            attributes += [(stun.DONT_FRAGMENT, b"")] if is_whole else []
            client.send(stun.message(stun.SEND | stun.INDICATION, tid, attributes))
            assert header(wire, peer.getsockname()[1], payload).unfragmented is is_whole, payload
