"""What relays between client and peer: coturn, Culvert in three ways, and plain forwarding, which relays nothing."""

from __future__ import annotations

import os
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stun
from frames import Wire, datagram
from network import CLIENT, LISTENER, PEER, RELAY, Network
from offloading_server import PORT, USERS, OffloadingServer
from turn_client import TURNClient
from waiting import wait_until

COTURN = Path("/usr/bin/turnserver")
CHANNEL, PEER_PORT = 0x4000, 9000
GENERATOR_CPU, SERVER_CPU = 0, 1


@contextmanager
def on_cpu(number: int) -> Iterator[None]:
    """What is started meanwhile stays on this processor."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {number})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Contestant(ABC):
    """Between `start` and `stop` it relays the frames that `frame` makes."""

    name: str

    def __init__(self, directory: Path):
        self.directory = directory
        self.network = Network()
        # Most hosts look at where packets come from loosely or not at all.
        self.network.server.set("ipv4/conf/all/rp_filter", 0)
        self.wire = Wire(self.network.client, "c0", self.network.server, "s0")

    @abstractmethod
    def start(self) -> None:
        """Returns when it relays."""

    @abstractmethod
    def frame(self, payload: bytes) -> bytes:
        """What arrives at the peer as this payload."""

    def stop(self) -> None:
        self.wire.socket.close()
        self.network.close()

    #: Whether the server must not see what is relayed.
    bypasses_server = False


class Relay(Contestant):
    """A TURN server with one client and one channel."""

    client: TURNClient

    def open_channel(self) -> None:
        with self.network.client.entered():
            self.client = TURNClient((LISTENER[4], PORT), USERS[0], timeout=5)
        assert self.client.allocate().is_success
        assert self.client.channel_bind(CHANNEL, (PEER[4], PEER_PORT)).is_success
        with self.network.peer.udp_socket(PEER[4], PEER_PORT) as peer:
            # The neighbours find out about each other.
            self.client.send(stun.channel_data(CHANNEL, b"ping"))
            peer.sendto(b"pong", peer.recvfrom(64)[1])
            assert self.client.socket.recv(64) == stun.channel_data(CHANNEL, b"pong")

    def frame(self, payload: bytes) -> bytes:
        source = self.client.socket.getsockname()
        return self.wire.header + datagram(source, (LISTENER[4], PORT), stun.channel_data(CHANNEL, payload))


class Culvert(Relay):
    def __init__(self, directory: Path, hook: str):
        super().__init__(directory)
        self.name = "Culvert" if hook == "off" else f"Culvert, offload={hook}"
        self.bypasses_server = hook != "off"
        self.server = OffloadingServer(self.network, directory, hook, "log-min-level=warning", workers=1)

    def start(self) -> None:
        with on_cpu(SERVER_CPU):
            self.server.start()
        self.open_channel()

    def stop(self) -> None:
        self.client.socket.close()
        self.server.stop()
        super().stop()


class Coturn(Relay):
    name = "coturn"

    def start(self) -> None:
        lines = [
            f"listening-ip={LISTENER[4]}", f"relay-ip={RELAY[4]}", f"listening-port={PORT}", "realm=bench", "lt-cred-mech",
            f"user={USERS[0].username}:{USERS[0].password}", "relay-threads=1", "no-tls", "no-dtls", "no-cli", "simple-log",
            "no-stdout-log", "log-file=/dev/null", f"pidfile={self.directory}/coturn.pid", f"userdb={self.directory}/turndb",
        ]  # fmt: skip
        configuration = self.directory / "coturn.conf"
        configuration.write_text("\n".join(lines) + "\n")
        with on_cpu(SERVER_CPU), self.network.server.entered():
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", COTURN, "-c", configuration],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

        def answers() -> bool:
            try:
                with self.network.client.entered(), TURNClient((LISTENER[4], PORT), timeout=1) as client:
                    return client.binding().is_success
            except OSError:
                return False

        wait_until("coturn to answer", answers)
        self.open_channel()

    def stop(self) -> None:
        self.client.socket.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        super().stop()


class Forwarding(Contestant):
    """The kernel as a router: the same packets, and nothing but a hop."""

    name = "kernel IP forwarding"

    def start(self) -> None:
        self.network.server.set("ipv4/ip_forward", 1)
        with self.network.peer.udp_socket(PEER[4], PEER_PORT) as peer, self.network.client.udp_socket(CLIENT[4]) as client:
            client.sendto(b"ping", (PEER[4], PEER_PORT))
            peer.sendto(b"pong", peer.recvfrom(64)[1])
            assert client.recv(64) == b"pong"

    def frame(self, payload: bytes) -> bytes:
        return self.wire.header + datagram((CLIENT[4], 5000), (PEER[4], PEER_PORT), payload)
