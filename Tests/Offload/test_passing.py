"""What the kernel leaves to the server: it arrives all the same."""

from __future__ import annotations

import os
import socket
import time

import pytest

import stun
from offloading_server import OffloadingServer
from relayed_channel import RelayedChannel

IPV6_DESTINATION_OPTIONS = 59
SO_NO_CHECK = 11
UDP_SEGMENT = 103
#: Four options that say nothing (RFC 791 §3.1).
NO_OPERATIONS = b"\x01\x01\x01\x01"
#: A header of eight bytes with padding for content (RFC 8200 §4.2).
PADDING = bytes([0, 0, 1, 4, 0, 0, 0, 0])
PAYLOAD = os.urandom(172)


def test_send_and_data_indications(channel: RelayedChannel) -> None:
    with channel.carried_by_server():
        channel.client.send_indication(channel.peer.getsockname(), PAYLOAD)
        assert channel.heard_by_peer() == PAYLOAD
    with channel.peer_namespace.udp_socket(channel.peer.getsockname()[0]) as other, channel.carried_by_server():
        # The same address, so it has a permission; another port, so it has no channel.
        other.sendto(PAYLOAD, channel.relayed)
        indication = stun.Message.decode(channel.client.receive(time.monotonic() + 5))
        assert indication.get(stun.DATA_ATTRIBUTE) == PAYLOAD


def test_padded_channel_data_and_empty_payloads(channel: RelayedChannel) -> None:
    with channel.carried_by_server(2):
        channel.client.send(stun.channel_data(channel.number, b"abc", padded=True))
        assert channel.heard_by_peer() == b"abc"
        assert channel.down(b"") == b""


def test_a_payload_that_looks_like_channel_data_is_payload(channel: RelayedChannel) -> None:
    with channel.carried_by_kernel():
        payload = stun.channel_data(channel.number, PAYLOAD)
        assert channel.down(payload) == payload
        assert channel.up(payload) == payload


def test_fragments(channel: RelayedChannel) -> None:
    payload = os.urandom(3000)
    with channel.carried_by_server(2):
        assert channel.up(payload) == payload
        assert channel.down(payload) == payload


@pytest.mark.parametrize(("families", "fits", "too_long"), [((4, 4), 1468, 1472), ((6, 6), 1448, 1452), ((6, 4), 1448, 1449)],
                         ids=["ipv4", "ipv6", "to-ipv6"])  # fmt: skip
def test_what_would_grow_beyond_the_wire(
    offloading: OffloadingServer, families: tuple[int, int], fits: int, too_long: int
) -> None:
    with RelayedChannel(offloading, families).settle() as channel:
        longest, longer = os.urandom(fits), os.urandom(too_long)
        with channel.carried_by_kernel():
            assert channel.down(longest) == longest
        with channel.carried_by_server():
            assert channel.down(longer) == longer


def test_ip_options(channel: RelayedChannel) -> None:
    for each in (channel.client.socket, channel.peer):
        each.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, NO_OPERATIONS)
    with channel.carried_by_server(2):
        assert channel.up(PAYLOAD) == PAYLOAD
        assert channel.down(PAYLOAD) == PAYLOAD


def test_extension_headers(offloading: OffloadingServer) -> None:
    with RelayedChannel(offloading, (6, 6)).settle() as channel:
        for each in (channel.client.socket, channel.peer):
            each.setsockopt(socket.IPPROTO_IPV6, IPV6_DESTINATION_OPTIONS, PADDING)
        with channel.carried_by_server(2):
            assert channel.up(PAYLOAD) == PAYLOAD
            assert channel.down(PAYLOAD) == PAYLOAD


def test_a_last_hop(channel: RelayedChannel) -> None:
    channel.client.socket.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
    with channel.carried_by_server():
        assert channel.up(PAYLOAD) == PAYLOAD


def test_a_missing_checksum_stays_missing_and_never_leaves_as_ipv6(
    channel: RelayedChannel, offloading: OffloadingServer
) -> None:
    channel.client.socket.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
    with channel.carried_by_kernel():
        assert channel.up(PAYLOAD) == PAYLOAD
    with RelayedChannel(offloading, (4, 6)).settle() as mixed:
        mixed.client.socket.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
        with mixed.carried_by_server():
            assert mixed.up(PAYLOAD) == PAYLOAD


@pytest.mark.parametrize("families", [(4, 4), (6, 6)], ids=["ipv4", "ipv6"])
def test_checksums_that_a_card_was_to_finish(offloading: OffloadingServer, families: tuple[int, int]) -> None:
    with RelayedChannel(offloading, families).settle() as channel:
        with offloading.network.partial_checksums(), channel.carried_by_server():
            assert channel.up(PAYLOAD) == PAYLOAD
        with channel.carried_by_kernel():
            assert channel.up(PAYLOAD) == PAYLOAD


def send_train(channel: RelayedChannel) -> None:
    """Ten datagrams, given to the kernel as one, arrive as ten."""
    frames = [stun.channel_data(channel.number, os.urandom(172)) for _ in range(10)]
    channel.client.socket.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, len(frames[0]))
    channel.client.send(b"".join(frames))
    assert [channel.heard_by_peer() for _ in frames] == [frame[4:] for frame in frames]


def test_a_train_that_was_never_cut(channel: RelayedChannel) -> None:
    with channel.server.network.partial_checksums():
        send_train(channel)


def test_datagrams_that_arrive_together_are_not_joined_for_the_server(channel: RelayedChannel) -> None:
    """A card joins datagrams when their socket asks for it (UDP_GRO); the program at tc could not take them apart."""
    with channel.carried_by_kernel():
        send_train(channel)


def test_an_unknown_channel_moves_nothing(channel: RelayedChannel) -> None:
    with channel.carried_by_server():
        channel.client.send(stun.channel_data(channel.number + 1, PAYLOAD))
    # Had it moved, it would be what the peer hears first.
    assert channel.up(b"after") == b"after"
