"""A channel from a client to a peer, and a view of who carries its packets."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import stun
from namespaces import Namespace
from offloading_server import USERS, OffloadingServer
from network import CLIENT, PEER
from stun import Address
from turn_client import Credentials
from waiting import wait_until

STUN_FAMILY = {4: 1, 6: 2}


class RelayedChannel:
    """An allocation with a channel to a socket of its own at the peer; or, as a `hairpin`, at the client's own interface."""

    def __init__(
        self, server: OffloadingServer, families: tuple[int, int] = (4, 4), *, hairpin: bool = False, number: int = 0x4000,
        user: Credentials = USERS[0],
    ):  # fmt: skip
        self.server, self.number = server, number
        from_family, to_family = families
        network = server.network
        self.peer_namespace: Namespace = network.client if hairpin else network.peer
        self.peer = self.peer_namespace.udp_socket((CLIENT if hairpin else PEER)[to_family])
        self.client = server.client(from_family, user)
        reply = self.client.allocate(STUN_FAMILY[to_family])
        assert reply.is_success, f"Allocate got {reply.error}"
        self.relayed: Address = reply.address(stun.XOR_RELAYED_ADDRESS)
        self.bind()

    def bind(self) -> None:
        """Binds the channel, for the first time or again."""
        reply = self.client.channel_bind(self.number, self.peer.getsockname()[:2])
        assert reply.is_success, f"ChannelBind got {reply.error}"

    def __enter__(self) -> RelayedChannel:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.socket.close()
        self.peer.close()

    def send_up(self, payload: bytes) -> None:
        self.client.send(stun.channel_data(self.number, payload))

    def send_down(self, payload: bytes) -> None:
        self.peer.sendto(payload, self.relayed)

    def up(self, payload: bytes) -> bytes:
        """Sends to the peer; what came to it."""
        self.send_up(payload)
        return self.heard_by_peer()

    def down(self, payload: bytes) -> bytes:
        """Sends to the client; what came to it, which must be framed as it should."""
        self.send_down(payload)
        return self.heard_by_client()

    def heard_by_peer(self) -> bytes:
        data, source = self.peer.recvfrom(65536)
        assert source[:2] == self.relayed
        return data

    def heard_by_client(self) -> bytes:
        frame = self.client.receive(time.monotonic() + 5)
        assert frame[:4] == stun.channel_data(self.number, frame[4:])[:4]
        return frame[4:]

    def settle(self) -> RelayedChannel:
        """Returns when the kernel carries both ways; the first packets find out who the neighbours are."""

        def is_carried() -> bool:
            before = self.through_server
            assert self.up(b"ping") == b"ping" and self.down(b"pong") == b"pong"
            return self.through_server == before

        wait_until(f"the kernel to relay ({self.server.hook})", is_carried, seconds=5)
        return self

    @property
    def through_server(self) -> int:
        """Datagrams that have come to the server's sockets."""
        return self.server.network.server.datagrams_received()

    @contextmanager
    def carried_by_kernel(self, but: int = 0) -> Iterator[None]:
        """Meanwhile nothing comes to the server.

        One whole checksum in 65 536 looks like one that a card was to finish, and its packet is left to the server. Among
        hundreds of random payloads a few of those are to be borne with: `but` so many.
        """
        before = self.through_server
        yield
        assert self.through_server - before <= but, "packets have come to the server that the kernel was to relay"

    @contextmanager
    def carried_by_server(self, packets: int = 1) -> Iterator[None]:
        """Meanwhile so many packets come to the server."""
        before = self.through_server
        yield
        wait_until(f"{packets} packets to come to the server", lambda: self.through_server >= before + packets, seconds=5)
        assert self.through_server == before + packets

    def is_silent(self, seconds: float = 0.3) -> bool:
        """Whether nothing comes to anybody that either side sends now. What came before is thrown away."""
        self.forget()
        self.try_to_send()
        return not self.is_heard(seconds)

    def is_heard(self, seconds: float) -> bool:
        """Whether a datagram comes to either side; an ICMP error is none."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            for ready in select.select([self.peer, self.client.socket], [], [], left)[0]:
                try:
                    ready.recv(65536)
                    return True
                except ConnectionRefusedError:
                    continue
        return False

    def try_to_send(self) -> None:
        for send in (self.send_up, self.send_down):
            try:
                send(b"is anybody there?")
            except ConnectionRefusedError:
                # Of an earlier datagram: this one has not left.
                send(b"is anybody there?")

    def forget(self) -> None:
        for each in (self.peer, self.client.socket):
            each.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    with suppress(ConnectionRefusedError):
                        each.recv(65536)
            each.settimeout(5)
