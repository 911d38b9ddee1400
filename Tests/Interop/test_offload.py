"""The relay in the kernel on the loopback of a namespace, and what becomes of it where it cannot be had."""

from __future__ import annotations

import random
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import server
import stun
from conftest import USER
from namespaces import Namespace, missing_for_offload
from relaying import relay
from server import HOSTS, TURNServer
from turn_client import TURNClient
from waiting import wait_until

CHANNEL = 0x4001
ROUNDS = 200
#: Where peers are. Not where the server relays: of what goes there it assumes that it comes from its own clients.
PEERS = {"127.0.0.1": "127.0.0.2", "::1": "fd00::2"}


@pytest.fixture(scope="module")
def loopback() -> Iterator[Namespace]:
    """A network with nothing but `lo`."""
    if reason := missing_for_offload():
        pytest.skip(reason)
    made = Namespace()
    made.ip("address", "add", PEERS["::1"], "dev", "lo", "nodad")
    with made.entered():
        yield made
    made.close()


class Ends:
    """A client and its peer. Their checksums are whole, which on `lo` they only are of what is sent in two pieces."""

    def __init__(self, client: TURNClient, peer: socket.socket):
        self.client, self.peer = client, peer

    @staticmethod
    def send(sender: socket.socket, packet: bytes) -> None:
        sender.send(packet[:2], socket.MSG_MORE)
        sender.send(packet[2:])

    def exchange(self, payload: bytes) -> None:
        """Both ways; every byte must arrive."""
        self.send(self.client.socket, stun.channel_data(CHANNEL, payload))
        data, relayed = self.peer.recvfrom(65536)
        assert data == payload
        self.peer.connect(relayed)
        self.send(self.peer, payload)
        assert self.client.socket.recv(65536) == stun.channel_data(CHANNEL, payload)

    def datagrams_for(self, loopback: Namespace, payload: bytes) -> int:
        """How many datagrams sockets are given while a payload goes both ways: the server's are among them."""
        before = loopback.datagrams_received()
        self.exchange(payload)
        return loopback.datagrams_received() - before


#: What comes to the client and to the peer; and what comes to the server first, where it is not left out.
BY_KERNEL, BY_SERVER = 2, 4


@pytest.mark.parametrize("host", HOSTS)
def test_the_kernel_relays_every_byte(
    start_server: Callable[..., TURNServer], loopback: Namespace, host: str
) -> None:
    settings = {"offload": "tc", "offload-interface": "lo", "allowed-peer-ip": "fd00::2"}
    turnserver = start_server(users=[USER], settings=settings)
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chosen = random.Random(seed)
    with TURNClient((host, turnserver.port), USER) as client, loopback.udp_socket(PEERS[host]) as peer:
        family = 2 if ":" in host else 1
        assert client.allocate(family).is_success
        assert client.channel_bind(CHANNEL, peer.getsockname()[:2]).is_success
        ends = Ends(client, peer)
        payloads = [chosen.randbytes(chosen.randint(1, 1400)) for _ in range(ROUNDS)]
        received = sum(ends.datagrams_for(loopback, payload) for payload in payloads)
        # One whole checksum in 65 536 looks like one that is not, and its packet goes to the server.
        assert ROUNDS * BY_KERNEL <= received <= ROUNDS * BY_KERNEL + 2


def test_without_a_driver_for_xdp_the_server_relays(start_server: Callable[..., TURNServer], loopback: Namespace) -> None:
    """`lo` has none."""
    turnserver = start_server(users=[USER], settings={"offload": "xdp", "offload-interface": "lo"})
    expect_server_to_relay(turnserver, loopback)


def test_without_rights_the_server_relays(
    start_server: Callable[..., TURNServer], loopback: Namespace, tmp_path: Path
) -> None:
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed")
    unprivileged = tmp_path / "turnserver"
    unprivileged.write_text(f'#!/bin/sh\nexec setpriv --bounding-set=-all {server.binary()} "$@"\n')
    unprivileged.chmod(0o755)
    settings = {"offload": "tc", "offload-interface": "lo"}
    turnserver = start_server(users=[USER], binary=unprivileged, settings=settings)
    expect_server_to_relay(turnserver, loopback)
    assert "CAP_BPF" in turnserver.log_file.read_text()


def expect_server_to_relay(turnserver: TURNServer, loopback: Namespace) -> None:
    """As ever, and it says so."""
    with TURNClient(turnserver.address, USER) as client, loopback.udp_socket(PEERS[HOSTS[0]]) as peer:
        with relay(client, peer, CHANNEL):
            assert Ends(client, peer).datagrams_for(loopback, b"by the server") == BY_SERVER
    wait_until("the log to say so", lambda: "offload is off" in turnserver.log_file.read_text())
