"""Limits of bandwidth, measured: what really arrives in a second."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from admin_client import AdminClient
from conftest import USER
from server import HOSTS, TURNServer
from tcp_relay import Peer, TCPRelayClient, read_exactly

RATE = 100_000
MESSAGE = 1000


def flood(server: TURNServer, peer: socket.socket, directory: Path, seconds: int = 5) -> subprocess.Popen[bytes]:
    """coturn's client sends a message of 1000 bytes each millisecond: ten times as much as it may."""
    with (directory / "uclient.log").open("wb") as log:
        return subprocess.Popen(
            [
                "turnutils_uclient", "-c", "-m", "1", "-n", str(1000 * seconds), "-l", str(MESSAGE), "-z", "1",
                "-p", str(server.port), "-u", USER.username, "-w", USER.password,
                "-e", HOSTS[0], "-r", str(peer.getsockname()[1]), HOSTS[0],
            ],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=directory,
        )  # fmt: skip


def arrivals(peer: socket.socket, idle: float = 2) -> list[tuple[float, int]]:
    """When what came, until nothing more comes."""
    found: list[tuple[float, int]] = []
    peer.settimeout(15)
    while True:
        try:
            size = len(peer.recv(65536))
        except TimeoutError:
            return found
        found.append((time.monotonic(), size))
        peer.settimeout(idle)


def expect_rate(found: list[tuple[float, int]], at_least: float) -> None:
    """Holds what came over some seconds to the rate, and a second's worth that may come at once at the beginning."""
    assert found, "nothing came"
    seconds = found[-1][0] - found[0][0]
    total = sum(size for _, size in found)
    assert seconds > at_least, f"{total} bytes in {seconds:.1f} s"
    assert RATE * seconds * 0.9 < total < RATE * (seconds + 1) * 1.02, f"{total} bytes in {seconds:.1f} s"


def test_turnutils_uclient_gets_its_rate_and_no_more(
    start_server: Callable[..., TURNServer], peer: socket.socket, tmp_path: Path
) -> None:
    control = tmp_path / "admin.sock"
    server = start_server(users=[USER], settings={"max-bps": RATE, "admin-socket": str(control)})
    client = flood(server, peer, tmp_path)
    try:
        found = arrivals(peer)
    finally:
        client.terminate()
        client.wait(timeout=10)
    expect_rate(found, at_least=3)
    drops = AdminClient(control).get("/api/v1/statistics").body["total"]["drops"]
    assert drops["overSessionRate"] > 1000 and "overUserRate" not in {k for k, v in drops.items() if v}, drops


def test_a_tcp_connection_is_slowed_down_and_loses_nothing(start_server: Callable[..., TURNServer]) -> None:
    rate, amount = 1_000_000, 4_000_000
    server = start_server(users=[USER], settings={"tcp-relay": "true", "max-bps": rate})
    with Peer() as peer, TCPRelayClient(server) as client:
        client.relayed()
        data = client.bind(client.connected(peer.address))
        remote, _ = peer.accept()
        for sender, receiver in ((data, remote), (remote, data)):
            sent = os.urandom(amount)
            writing = threading.Thread(target=sender.sendall, args=(sent,))
            start = time.monotonic()
            writing.start()
            assert read_exactly(receiver, amount) == sent
            seconds = time.monotonic() - start
            writing.join()
            # The first second's worth comes at once, and one read may go beyond what there is room for.
            assert 2.7 < seconds < 5, seconds


def test_a_user_shares_a_rate_among_sessions_on_all_workers(
    start_server: Callable[..., TURNServer], peer: socket.socket, tmp_path: Path
) -> None:
    server = start_server(users=[USER], settings={"max-bps-per-user": RATE, "relay-threads": 4})
    directories = [tmp_path / str(index) for index in range(4)]
    for directory in directories:
        directory.mkdir()
    clients = [flood(server, peer, directory, seconds=12) for directory in directories]
    try:
        expect_rate(arrivals(peer), at_least=8)
    finally:
        for client in clients:
            client.terminate()
            client.wait(timeout=10)
