"""What the kernel relays: byte for byte what was sent, with whole checksums, all of it counted, none of it by the server."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest

import stun
from capture import Capture
from offloading_server import OffloadingServer
from relayed_channel import RelayedChannel
from turn_client import TURNClient
from waiting import wait_until

FAMILIES = [(4, 4), (6, 6), (4, 6), (6, 4)]
ROUNDS = 200
#: See `carried_by_kernel`.
LOOKALIKES = 2


def payloads(longest: int = 1400) -> list[bytes]:
    """Of all lengths; the seed is printed."""
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chosen = random.Random(seed)
    return [chosen.randbytes(length) for length in [1, 2, 3, 4, longest, *(chosen.randint(1, longest) for _ in range(ROUNDS - 5))]]


def exchange(channel: RelayedChannel) -> tuple[int, int]:
    """Sends payloads both ways; how many, and how many bytes each way."""
    sent = payloads()
    for each in sent:
        assert channel.up(each) == each
        assert channel.down(each[::-1]) == each[::-1]
    return len(sent), sum(map(len, sent))


@pytest.mark.parametrize("families", FAMILIES, ids=lambda each: f"client-ipv{each[0]}-peer-ipv{each[1]}")
def test_every_byte_arrives_both_ways(offloading: OffloadingServer, families: tuple[int, int]) -> None:
    with RelayedChannel(offloading, families).settle() as channel, channel.carried_by_kernel(but=LOOKALIKES):
        exchange(channel)


@pytest.mark.parametrize("families", [(4, 4), (6, 6)], ids=["ipv4", "ipv6"])
def test_client_and_peer_may_be_on_one_interface(offloading: OffloadingServer, families: tuple[int, int]) -> None:
    with RelayedChannel(offloading, families, hairpin=True).settle() as channel, channel.carried_by_kernel(but=LOOKALIKES):
        exchange(channel)


@pytest.mark.skipif(not Capture.is_possible(), reason="tshark is not installed")
@pytest.mark.parametrize("families", FAMILIES, ids=lambda each: f"client-ipv{each[0]}-peer-ipv{each[1]}")
def test_every_checksum_is_right(offloading: OffloadingServer, families: tuple[int, int], tmp_path: Path) -> None:
    good = {4: "UDP good, IP good", 6: "UDP good, IP none"}
    with RelayedChannel(offloading, families).settle() as channel, channel.carried_by_kernel(but=LOOKALIKES):
        captures = Capture(offloading.network.client, "c0"), Capture(offloading.network.peer, "p0")
        count, _ = exchange(channel)
        for capture, family in zip(captures, families):
            assert capture.verdicts(tmp_path / f"{family}.pcap") == Counter({good[family]: count})


def test_the_session_counts_what_the_kernel_relays(offloading: OffloadingServer) -> None:
    with RelayedChannel(offloading).settle() as channel:
        before = counted(channel, at_least=1)
        count, size = exchange(channel)
        after = counted(channel, at_least=before["sentPackets"] + count)
    assert {name: after[name] - before[name] for name in after} == {
        "sentPackets": count, "sentBytes": size, "receivedPackets": count, "receivedBytes": size,
    }  # fmt: skip


def counted(channel: RelayedChannel, at_least: int) -> dict[str, int]:
    """The session's traffic, once nothing is added to it any more."""
    seen: list[dict[str, int]] = [{}]

    def is_settled() -> bool:
        # The kernel's counters are read once a second.
        time.sleep(1.1)
        seen.append(channel.server.session(channel.client)["traffic"])
        return seen[-1] == seen[-2] and seen[-1]["sentPackets"] >= at_least

    wait_until(f"{at_least} packets to be counted", is_settled, seconds=10)
    return seen[-1]


def test_two_clients_of_the_server_reach_each_other_in_one_pass(offloading: OffloadingServer) -> None:
    with offloading.client() as one, offloading.client() as other:
        relayed = [each.allocate().address(stun.XOR_RELAYED_ADDRESS) for each in (one, other)]
        assert one.channel_bind(0x4001, relayed[1]).is_success
        assert other.channel_bind(0x4002, relayed[0]).is_success

        def speak(sender: TURNClient, number: int, listener: TURNClient, its_number: int, payload: bytes) -> None:
            sender.send(stun.channel_data(number, payload))
            assert listener.receive(time.monotonic() + 5) == stun.channel_data(its_number, payload)

        def is_carried() -> bool:
            before = offloading.network.server.datagrams_received()
            speak(one, 0x4001, other, 0x4002, b"ping")
            speak(other, 0x4002, one, 0x4001, b"pong")
            return offloading.network.server.datagrams_received() == before

        wait_until("the kernel to relay from one client to the other", is_carried, seconds=5)
        before = offloading.network.server.datagrams_received()
        for payload in payloads():
            speak(one, 0x4001, other, 0x4002, payload)
            speak(other, 0x4002, one, 0x4001, payload[::-1])
        assert offloading.network.server.datagrams_received() - before <= LOOKALIKES
