"""Nothing leaks: descriptors, relay ports and quotas are whole again after thousands of allocations."""

from __future__ import annotations

import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

import stun
from conftest import USER
from server import RELAY_PORTS, TURNServer, free_ports
from stun import Message
from turn_client import TURNClient
from waiting import wait_until

CYCLES = 10_000
POOL = 200
QUOTA, CONTENDERS = 10, 100


@contextmanager
def clients(server: TURNServer, count: int, transport: str = "udp") -> Iterator[list[TURNClient]]:
    """Clients on sockets of their own, each with a nonce in hand."""
    with ExitStack() as stack:
        made = [
            stack.enter_context(TURNClient(server.address, server.user, transport, timeout=20)) for _ in range(count)
        ]
        for client in made:
            client.challenge()
        yield made


def in_parallel(clients: list[TURNClient], type: int, attributes: stun.Attributes) -> list[Message]:
    """One request of each client, all of them on their way before the first reply is read."""
    requests = [client.authenticated(type, attributes) for client in clients]
    for client, request in zip(clients, requests):
        client.send(request)
    return [reply(client, request) for client, request in zip(clients, requests)]


def reply(client: TURNClient, request: bytes) -> Message:
    try:
        return client.reply_to(request[8:20], time.monotonic() + 2)
    except TimeoutError:
        # Lost to a full socket buffer: the same request again, with the same transaction id.
        return client.exchange(request)


def allocate(clients: list[TURNClient]) -> list[Message]:
    return in_parallel(clients, stun.ALLOCATE, [(stun.REQUESTED_TRANSPORT, stun.UDP_TRANSPORT)])


def free(clients: list[TURNClient]) -> list[Message]:
    return in_parallel(clients, stun.REFRESH, [(stun.LIFETIME, struct.pack("!I", 0))])


def relayed_port(message: Message) -> int:
    address = message.address(stun.XOR_RELAYED_ADDRESS)
    assert address, f"an Allocate was refused with {message.error}"
    return address[1]


@pytest.fixture
def narrow_server(start_server: Callable[..., TURNServer]) -> TURNServer:
    """A server with exactly as many relay ports as the test has clients."""
    return start_server(users=[USER], relay_ports=free_ports(POOL, RELAY_PORTS))


def spare_the_stand_in(server: TURNServer, transport: str) -> None:
    if server.is_stand_in and transport == "udp":
        pytest.skip("coturn 4.6.1 answers 437 until its session is gone, seconds after Refresh(0)")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_allocate_and_free_again_and_again(narrow_server: TURNServer, transport: str) -> None:
    """10 000 cycles over 200 ports; in the end each port can be had, and no descriptor is left over."""
    server = narrow_server
    spare_the_stand_in(server, transport)
    width = POOL // 2
    for cycle in range(CYCLES // width):
        with clients(server, width, transport) as batch:
            for message in allocate(batch):
                relayed_port(message)
            for message in free(batch):
                assert message.is_success and message.get(stun.LIFETIME) == bytes(4)
        if cycle == 0:
            at_first = settled_descriptors(server)
    wait_until("the descriptors to be as few as after the first cycle", lambda: server.descriptors <= at_first, 30)

    with clients(server, POOL, transport) as everybody:
        ports: list[int] = []

        def all_allocated() -> bool:
            # A server may keep a freed port back for a while before it gives it out again.
            waiting = everybody[len(ports) :]
            ports.extend(relayed_port(message) for message in allocate(waiting) if message.is_success)
            return len(ports) == POOL

        wait_until("every relay port to be had again", all_allocated, 60)
        assert set(ports) == set(server.relay_ports)
        free(everybody)
    wait_until("the descriptors to be as few as after the first cycle", lambda: server.descriptors <= at_first, 30)


def settled_descriptors(server: TURNServer) -> int:
    """The number of descriptors once it has stopped falling."""
    counts = [server.descriptors]

    def settled() -> bool:
        counts.append(server.descriptors)
        return len(counts) > 50 and len(set(counts[-50:])) == 1

    wait_until("the descriptors to settle", settled)
    return counts[-1]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_allocate_and_free_on_one_5_tuple(start_server: Callable[..., TURNServer], transport: str) -> None:
    """The same 5-tuple may allocate again as soon as its allocation is gone."""
    server = start_server(users=[USER])
    if server.is_stand_in:
        pytest.skip("coturn 4.6.1 answers 437 to an Allocate after Refresh(0)")
    with clients(server, 1, transport) as (client,):
        before = server.descriptors
        for _ in range(1000):
            relayed_port(client.allocate())
            assert client.refresh(0).is_success
        wait_until("the relay sockets to be closed", lambda: server.descriptors <= before)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_quota_is_exact_under_contention(start_server: Callable[..., TURNServer], transport: str) -> None:
    server = start_server(users=[USER], settings={"user-quota": QUOTA})
    expected = Counter({0: QUOTA, 486: CONTENDERS - QUOTA})
    # coturn 4.6.1 gives a quota back only some time after Refresh(0).
    for _ in range(1 if server.is_stand_in else 3):
        with clients(server, CONTENDERS, transport) as contenders:
            replies = allocate(contenders)
            assert Counter(message.error for message in replies) == expected
            winners = [client for client, message in zip(contenders, replies) if message.is_success]
            assert all(message.is_success for message in free(winners))
