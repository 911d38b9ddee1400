"""What the release build does for a relayed packet, beside receiving and sending it: nothing that shows."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import server
from conftest import USER
from observer import Counts, Observer
from server import TURNServer
from waiting import wait_until

PACKETS = 1_000_000
#: Of a run, before anything is counted: sessions are made, tables and memory grow to their size.
WARM_UP = 50_000


@contextmanager
def load(turnserver: TURNServer, options: str, transport: str) -> Iterator[None]:
    """turnload, relaying as fast as it goes until the block ends."""
    program = server.binary().with_name("turnload")
    if not program.exists():
        pytest.skip(f"no {program}")
    url = f"turn:127.0.0.1:{turnserver.port}?transport={transport}"
    command = [program, "relay", url, "--user", f"{USER.username}:{USER.password}", "--duration", "600", "--quiet"]
    process = subprocess.Popen(command + options.split(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield
        assert process.poll() is None, f"turnload ended early: {process.stderr.read().decode()}"
    finally:
        process.kill()
        process.communicate()


def observe(observer: Observer, packets: int) -> Counts:
    """What happens while so many packets are received, under a load that is on."""

    def reach(received: int) -> Counts:
        wait_until(f"{received} packets", lambda: observer.counts().received >= received, seconds=180)
        return observer.counts()

    before = reach(observer.counts().received + WARM_UP)
    return reach(before.received + packets) - before


@pytest.mark.parametrize("options", ["--sessions 100", "--sessions 1 --burst 8 --size 1200", "--sessions 20 --indications"])
def test_a_million_relayed_packets_take_no_heap_no_mutex_and_no_copy(
    start_server: Callable[..., TURNServer], tmp_path: Path, options: str
) -> None:
    """Nothing is allocated, nothing locked, and every datagram leaves from the memory it came to."""
    observer = Observer(tmp_path)
    turnserver = start_server(users=[USER], environment=observer.environment)
    with load(turnserver, options, "udp"):
        counts = observe(observer, PACKETS)
    # Whoever counts nothing proves nothing.
    assert counts.sent >= PACKETS * 0.99
    assert counts.allocations == 0
    assert counts.mutexes == 0
    assert counts.sent_from_elsewhere == 0


def test_the_observer_sees_what_a_request_allocates_and_copies(
    start_server: Callable[..., TURNServer], tmp_path: Path
) -> None:
    """The same counters do move where the server allocates and copies: when it answers requests."""
    observer = Observer(tmp_path)
    turnserver = start_server(users=[USER], environment=observer.environment)
    before = observer.counts()
    with load(turnserver, "--sessions 10", "udp"):
        wait_until("the sessions to be made", lambda: observer.counts().received >= before.received + 1000)
    counts = observer.counts() - before
    assert counts.allocations > 0
    # 401, Allocate, CreatePermission or ChannelBind: at least two answers to each session.
    assert counts.sent_from_elsewhere >= 20
