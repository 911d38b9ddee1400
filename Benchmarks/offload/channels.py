"""A hundred thousand channels in the kernel: what one costs to set up and to keep, and what its packets cost beside a single one's."""

from __future__ import annotations

import re
import statistics
import tempfile
from pathlib import Path

from contestants import CHANNEL, SERVER_CPU, on_cpu
from frames import Wire, datagram
from measuring import CLOCK, Sink, run
from network import LISTENER, PEER, Network
from offloading_server import PORT, USERS, OffloadingServer
from turn_client import TURNClient
import stun

CLIENTS, CHANNELS = 32, 3125
FIRST_CLIENT_PORT, FIRST_PEER_PORT = 40_000, 10_000
NO_CHECKSUM = slice(26, 28)


class ManyChannels:
    """Clients with as many channels each, all to one host."""

    def __init__(self, directory: Path, hook: str):
        self.network = Network()
        self.network.server.set("ipv4/conf/all/rp_filter", 0)
        # So that the clients have these ports and no others.
        ports = f"{FIRST_CLIENT_PORT} {FIRST_CLIENT_PORT + CLIENTS - 1}"
        self.network.client.set("ipv4/ip_local_port_range", ports)
        self.server = OffloadingServer(
            self.network, directory, hook, "log-min-level=warning", f"max-channels-per-allocation={CHANNELS}", workers=1)
        with on_cpu(SERVER_CPU):
            self.server.start()
        with self.network.client.entered():
            self.clients = [TURNClient((LISTENER[4], PORT), USERS[0], timeout=5) for _ in range(CLIENTS)]
        before = self.processor_seconds, self.kilobytes
        for client in self.clients:
            assert client.allocate().is_success
            for index in range(CHANNELS):
                reply = client.channel_bind(CHANNEL + index, (PEER[4], FIRST_PEER_PORT + index))
                assert reply.is_success, f"channel {index} got {reply.error}"
        self.seconds, self.memory = self.processor_seconds - before[0], self.kilobytes - before[1]

    @property
    def processor_seconds(self) -> float:
        words = Path(f"/proc/{self.server.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / CLOCK

    @property
    def kilobytes(self) -> float:
        """Of the server, and of its tables in the kernel."""
        process = Path(f"/proc/{self.server.process.pid}")
        status = (process / "status").read_text()
        tables = sum(int(found[1]) for each in (process / "fdinfo").iterdir()
                     if (found := re.search(r"^memlock:\s+(\d+)", each.read_text(), re.M)))  # fmt: skip
        return int(re.search(r"^VmRSS:\s+(\d+)", status, re.M)[1]) + tables / 1024

    def costs(self, seconds: float) -> tuple[float, float]:
        """Microseconds for a packet, flat out, of one channel and of all of them at random."""
        with Wire(self.network.client, "c0", self.network.server, "s0") as wire:
            packet = bytearray(datagram(
                (self.clients[0].socket.getsockname()[0], FIRST_CLIENT_PORT), (LISTENER[4], PORT),
                stun.channel_data(CHANNEL, bytes(172))))  # fmt: skip
            packet[NO_CHECKSUM] = b"\0\0"
            frame = wire.header + bytes(packet)
        with Sink(self.network.peer, "p0", range(FIRST_PEER_PORT, FIRST_PEER_PORT + CHANNELS)) as sink:
            self.clients[0].send(stun.channel_data(CHANNEL, b"who is there?"))  # for the neighbour's address
            run(self.network, sink, frame, 10_000, 0.3, 1, 1)
            each = [[run(self.network, sink, frame, 0, seconds, *variety).microseconds
                     for variety in ((1, 1), (CHANNELS, CLIENTS))] for _ in range(3)]  # fmt: skip
        return tuple(statistics.median(column) for column in zip(*each))

    def stop(self) -> None:
        for client in self.clients:
            client.socket.close()
        self.server.stop()
        self.network.close()


def many_channels(seconds: float) -> str:
    """The figures, as a sentence."""
    figures = {}
    for hook in ("off", "tc", "xdp"):
        with tempfile.TemporaryDirectory() as folder:
            made = ManyChannels(Path(folder), hook)
            figures[hook] = (made.seconds, made.memory, made.costs(seconds) if hook != "off" else None)
            made.stop()
    count = CLIENTS * CHANNELS
    without = figures["off"]
    binding = (figures["tc"][0] - without[0]) / count * 1e6
    memory = (figures["tc"][1] - without[1]) / count * 1024
    (tc_one, tc_all), (xdp_one, xdp_all) = figures["tc"][2], figures["xdp"][2]
    return (
        f"With {count:,} channels: handing one over takes {binding:.1f} µs of the {without[0] / count * 1e6 + binding:.1f} µs that "
        f"a ChannelBind takes, and {memory:.0f} bytes; a packet of any of them takes {(tc_all - tc_one) * 1000:.0f} ns more than "
        f"one of a single channel with tc, {(xdp_all - xdp_one) * 1000:.0f} ns with xdp."
    ).replace(f"{count:,}", f"{count:,}".replace(",", " "))
