"""The wires: a client and a peer, each a namespace of its own, and the server's between them.

    client  c0 ──── s0  server  s1 ──── p0  peer
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from namespaces import Namespace

#: By family. The server listens where the client is, and relays where the peer is.
CLIENT = {4: "10.77.1.2", 6: "fd77:1::2"}
LISTENER = {4: "10.77.1.1", 6: "fd77:1::1"}
RELAY = {4: "10.77.2.1", 6: "fd77:2::1"}
PEER = {4: "10.77.2.2", 6: "fd77:2::2"}
LENGTH = {4: 24, 6: 64}
MTU = 1500


class Network:
    """Interfaces behave as network cards do: they receive whole checksums, and poll."""

    def __init__(self) -> None:
        self.client, self.server, self.peer = Namespace(), Namespace(), Namespace()
        self.lay("c0", self.client, "s0")
        self.lay("p0", self.peer, "s1")
        for namespace, interface, addresses in [
            (self.client, "c0", CLIENT), (self.server, "s0", LISTENER), (self.server, "s1", RELAY), (self.peer, "p0", PEER)
        ]:  # fmt: skip
            for family, address in addresses.items():
                option = ["nodad"] if family == 6 else []
                namespace.ip("address", "add", f"{address}/{LENGTH[family]}", "dev", interface, *option)
        for namespace, gateways in [(self.client, LISTENER), (self.peer, RELAY)]:
            for gateway in gateways.values():
                namespace.ip("route", "add", "default", "via", gateway)
        # A packet must come by the interface that leads back to its sender, as on most hosts.
        self.server.set("ipv4/conf/all/rp_filter", 1)

    def lay(self, outer: str, namespace: Namespace, inner: str) -> None:
        """A wire from a namespace to the server's."""
        namespace.ip("link", "add", outer, "mtu", MTU, "type", "veth", "peer", "name", inner, "netns", self.server.path)
        self.server.ip("link", "set", inner, "mtu", MTU)
        ends = [(namespace, outer), (self.server, inner)]
        for end, interface in ends:
            end.switch(interface, Namespace.TRANSMIT_CHECKSUMS, False)
            end.ip("link", "set", interface, "up")
        # Cards poll, and join what they find. A veth takes redirected frames when its other end polls, and only notices when
        # that begins while both are up.
        for end, interface in ends:
            end.switch(interface, Namespace.RECEIVE_AGGREGATION, True)

    @contextmanager
    def partial_checksums(self) -> Iterator[None]:
        """The client leaves checksums to a card, which a veth is not: they stay unfinished."""
        self.client.switch("c0", Namespace.TRANSMIT_CHECKSUMS, True)
        try:
            yield
        finally:
            self.client.switch("c0", Namespace.TRANSMIT_CHECKSUMS, False)

    def close(self) -> None:
        for namespace in (self.client, self.server, self.peer):
            namespace.close()
