"""What it takes to see a payload go through a relay and come back."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import stun
from server import HOSTS, TURNServer
from turn_client import TURNClient


def connect(server: TURNServer, host: str = HOSTS[0], port: int | None = None) -> TURNClient:
    """A client over TLS that trusts the server's certificate."""
    address = (host, port or server.tls_port)
    return TURNClient(address, server.user, "tls", trust=server.certificate.trust)


@contextmanager
def relay(client: TURNClient, peer: socket.socket, channel: int = 0x4000) -> Iterator[None]:
    """An allocation of the client, with a channel to a peer on this machine."""
    assert client.allocate().is_success
    assert client.channel_bind(channel, peer.getsockname()).is_success
    yield


def echo(client: TURNClient, peer: socket.socket, payload: bytes, channel: int = 0x4000) -> bytes:
    """Sends through the relay to the peer, and what the peer sends back."""
    client.send(stun.channel_data(channel, payload, padded=True))
    data, relayed = peer.recvfrom(65536)
    peer.sendto(data[::-1], relayed)
    frame = client.receive(time.monotonic() + 5)
    return frame[4 : 4 + len(payload)][::-1]
