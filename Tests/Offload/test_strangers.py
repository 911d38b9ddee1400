"""Packets that are not of the session: the kernel moves them no more than the server does."""

from __future__ import annotations

import pytest

import stun
from frames import Wire, datagram
from network import CLIENT, LISTENER, PEER
from offloading_server import PORT, OffloadingServer
from relayed_channel import RelayedChannel

LURE = b"from nobody"


def expect_only_ours(channel: RelayedChannel) -> None:
    """What is heard first is ours: whatever was sent before it has come to nobody."""
    assert channel.up(b"ours") == b"ours"
    assert channel.down(b"ours") == b"ours"
    assert channel.is_heard(0.2) is False


@pytest.mark.parametrize(("host", "offset", "port"), [
    (CLIENT[4], 1, PORT), ("10.77.1.9", 0, PORT), (CLIENT[4], 0, PORT + 1)
], ids=["another-port", "another-address", "another-listener"])  # fmt: skip
def test_another_five_tuple_cannot_use_a_channel(channel: RelayedChannel, host: str, offset: int, port: int) -> None:
    network = channel.server.network
    source = (host, channel.client.socket.getsockname()[1] + offset)
    with Wire(network.client, "c0", network.server, "s0") as wire:
        wire.send(datagram(source, (LISTENER[4], port), stun.channel_data(channel.number, LURE)))
        expect_only_ours(channel)


def test_a_client_cannot_be_forged_from_another_interface(channel: RelayedChannel) -> None:
    network = channel.server.network
    with Wire(network.peer, "p0", network.server, "s1") as wire, channel.carried_by_kernel():
        source = channel.client.socket.getsockname()
        wire.send(datagram(source, (LISTENER[4], PORT), stun.channel_data(channel.number, LURE)))
        expect_only_ours(channel)


def test_a_peer_cannot_be_forged_from_another_interface(channel: RelayedChannel) -> None:
    network = channel.server.network
    with Wire(network.client, "c0", network.server, "s0") as wire, channel.carried_by_kernel():
        wire.send(datagram(channel.peer.getsockname(), channel.relayed, LURE))
        expect_only_ours(channel)


def test_the_same_frames_move_when_they_are_ours(channel: RelayedChannel) -> None:
    """What the tests above send is sent well: with the right addresses on the right wire it is relayed."""
    network = channel.server.network
    with Wire(network.client, "c0", network.server, "s0") as wire, channel.carried_by_kernel():
        source = channel.client.socket.getsockname()
        wire.send(datagram(source, (LISTENER[4], PORT), stun.channel_data(channel.number, b"by hand")))
        assert channel.heard_by_peer() == b"by hand"
    with Wire(network.peer, "p0", network.server, "s1") as wire, channel.carried_by_kernel():
        wire.send(datagram(channel.peer.getsockname(), channel.relayed, b"by hand"))
        assert channel.heard_by_client() == b"by hand"


def test_another_peer_with_a_permission_does_not_come_by_the_channel(channel: RelayedChannel) -> None:
    with channel.peer_namespace.udp_socket(PEER[4]) as other, channel.carried_by_server():
        other.sendto(LURE, channel.relayed)
    frame = channel.client.socket.recv(65536)
    assert stun.Message.decode(frame).get(stun.DATA_ATTRIBUTE) == LURE


def test_one_client_cannot_use_the_channel_of_another(offloading: OffloadingServer, channel: RelayedChannel) -> None:
    """The number of a channel means nothing without its 5-tuple (RFC 8656 §12)."""
    with RelayedChannel(offloading, number=channel.number + 1).settle() as other:
        with channel.carried_by_server():
            other.client.send(stun.channel_data(channel.number, LURE))
        expect_only_ours(channel)
