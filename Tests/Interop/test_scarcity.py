"""What a crowd can take away: descriptors, timers, stream memory. Those who are served stay served."""

from __future__ import annotations

import os
import resource
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import stun
from conftest import USER
from descriptors import need_descriptors
from server import TURNServer
from turn_client import TURNClient
from waiting import wait_until


@pytest.fixture
def start(start_server: Callable[..., TURNServer]) -> Callable[..., TURNServer]:
    def start(threads: int, **settings: int) -> TURNServer:
        named = {name.replace("_", "-"): value for name, value in settings.items()}
        server = start_server(users=[USER], settings={"relay-threads": threads} | named)
        if server.is_stand_in:
            pytest.skip("about the inner workings of another server than coturn")
        return server

    return start


@contextmanager
def crowd(server: TURNServer, count: int, say: bytes = b"") -> Iterator[list[socket.socket]]:
    """Connections from many addresses of 127/8 that say at most `say`."""
    made: list[socket.socket] = []
    try:
        for number in range(count):
            stranger = socket.socket()
            made.append(stranger)
            stranger.bind((f"127.0.{number % 200 + 1}.1", 0))
            stranger.connect(server.address)
            stranger.sendall(say)
        yield made
    finally:
        for stranger in made:
            # With a reset, so that no TIME_WAIT is left behind.
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stranger.close()


def processor_seconds(server: TURNServer) -> float:
    fields = open(f"/proc/{server.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_idle(server: TURNServer) -> bool:
    """Whether a second goes by in which the server does next to nothing: the second is what is measured."""
    before = processor_seconds(server)
    time.sleep(1)
    return processor_seconds(server) - before < 0.1


def test_no_loop_turns_for_nothing_without_descriptors(start: Callable[..., TURNServer]) -> None:
    """Several workers lose their spare descriptors to each other; those who wait to be accepted must wake none."""
    server = start(threads=4)
    limit = server.descriptors + 16
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (limit, limit))
    for _ in range(20):
        with crowd(server, 60):
            pass
    with crowd(server, 100):
        wait_until("the workers to rest", lambda: is_idle(server))
    wait_until("a client over TCP to be served again", lambda: server.answers("127.0.0.1", "tcp"))


def test_a_server_without_all_its_workers_does_not_stay(start: Callable[..., TURNServer]) -> None:
    """A worker that cannot start would swallow its share of the clients."""
    server = start(threads=4)
    server.stop()
    ends = set()
    for limit in range(20, 48):
        log = server.log_file.with_name(f"limit-{limit}.log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [server.binary, "-c", server.configuration], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
            )  # fmt: skip
        try:
            wait_until(
                "the end of the start",
                lambda: process.poll() is not None or b"worker failed" in log.read_bytes()
                or server.answers("127.0.0.1", "udp"),
            )  # fmt: skip
            if b"worker failed" in log.read_bytes():
                ends.add(process.wait(timeout=10))
        finally:
            process.terminate()
            process.wait(timeout=10)
    assert ends == {1}


def test_silent_connections_go_in_time_however_many(start: Callable[..., TURNServer]) -> None:
    need_descriptors(4000)
    server = start(threads=1)
    before = server.descriptors
    with crowd(server, 3000):
        # `before` may still count a connection or two of the start.
        wait_until("all to be accepted", lambda: server.descriptors > before + 2990)
        # The first message is due within 10 s; the timers are looked at once a second.
        wait_until("all to be closed", lambda: server.descriptors <= before, seconds=14)


def test_strangers_make_room_for_newer_ones_and_not_for_clients(start: Callable[..., TURNServer]) -> None:
    server = start(threads=1, max_unauthenticated_connections=100)
    with TURNClient(server.address, USER, "tcp") as client:
        assert client.allocate().is_success
        with crowd(server, 300) as strangers:
            # The last to come is still there, and so is the client; the first has gone.
            whole = stun.message(stun.BINDING, stun.transaction_id())
            strangers[-1].sendall(whole)
            assert len(strangers[-1].recv(100)) == 32
            assert client.binding().is_success
            strangers[0].settimeout(5)
            assert strangers[0].recv(1) == b""


def test_one_source_has_so_many_connections(start: Callable[..., TURNServer]) -> None:
    server = start(threads=1, max_connections_per_source=10)
    with crowd(server, 15 * 200) as strangers:
        # 15 from each of 200 addresses, of which the first ten stay.
        whole = stun.message(stun.BINDING, stun.transaction_id())
        for stranger in strangers[10 * 200 :]:
            stranger.settimeout(5)
            assert ended(stranger)
        for stranger in strangers[: 10 * 200 : 100]:
            stranger.sendall(whole)
            assert len(stranger.recv(100)) == 32


def ended(stranger: socket.socket) -> bool:
    try:
        return stranger.recv(1) == b""
    except ConnectionResetError:
        return True


def test_strangers_cannot_cut_off_a_client_with_an_allocation(start: Callable[..., TURNServer]) -> None:
    """16 384 beginnings of messages would fill the memory that partial frames of all connections share."""
    need_descriptors(17_000)
    server = start(threads=1, max_unauthenticated_connections=20_000)
    with TURNClient(server.address, USER, "tcp") as client:
        assert client.allocate().is_success
        with crowd(server, 16_500, say=b"\0"):
            wait_until("the crowd to be heard", lambda: is_idle(server), seconds=8)
            whole = stun.message(stun.BINDING, stun.transaction_id())
            client.send(whole[:7])
            wait_until("the beginning to be read", lambda: is_idle(server), seconds=8)
            client.send(whole[7:])
            assert client.reply_to(whole[8:20], time.monotonic() + 5).is_success
