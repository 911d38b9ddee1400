"""All processor time of the machine for each frame that is relayed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from contestants import GENERATOR_CPU, PEER_PORT, Contestant, on_cpu
from namespaces import Namespace
from network import Network

FRAMES = Path(__file__).resolve().parents[2] / ".build/bench/frames"
#: Of what is sent at most so much may be lost where "saturated" stands.
TOLERATED_LOSS = 0.005
CLOCK = os.sysconf("SC_CLK_TCK")


@dataclass
class Run:
    sent: int
    delivered: int
    seconds: float
    #: Processor time of the whole machine, in user, system, irq and softirq alike.
    busy: float

    @property
    def lost(self) -> float:
        return 1 - self.delivered / self.sent

    @property
    def microseconds(self) -> float:
        return self.busy / self.delivered * 1e6


def busy_seconds() -> float:
    """What all processors have not been idle, and not been taken away by the host, since the machine started."""
    lines = Path("/proc/stat").read_text().splitlines()
    total = [int(word) for word in lines[0].split()[1:]]
    user, nice, system, _idle, _waiting, irq, softirq = total[:7]
    return (user + nice + system + irq + softirq) / CLOCK


class Sink:
    """Counts and drops what arrives at an interface for the peer's ports."""

    def __init__(self, namespace: Namespace, interface: str, ports: range = range(PEER_PORT, PEER_PORT + 1)):
        with namespace.entered():
            self.process = subprocess.Popen(
                [FRAMES, "sink", interface, str(ports.start), str(ports.stop - 1)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.process.stdout.readline()

    def count(self) -> int:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline().split()[0])

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait()


def run(network: Network, sink: Sink, frame: bytes, rate: float, seconds: float, *variety: int) -> Run:
    """Sends the frame from the client's interface at a rate, or flat out with 0."""
    command = [FRAMES, "send", "c0", str(rate), str(seconds), frame.hex(), *map(str, variety)]
    before, busy, start = sink.count(), busy_seconds(), time.monotonic()
    with network.client.entered(), on_cpu(GENERATOR_CPU):
        sent = int(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
    lasted, busy = time.monotonic() - start, busy_seconds() - busy
    # What a server has still to send does not take longer.
    time.sleep(0.1)
    delivered = sink.count() - before
    if delivered == 0:
        sys.exit(f"of {sent} frames none has arrived")
    return Run(sent, delivered, lasted, busy)


def saturation(contestant: Contestant, sink: Sink, frame: bytes) -> float:
    """The highest rate at which hardly anything is lost; 0 when that is flat out."""
    flat_out = run(contestant.network, sink, frame, 0, 1)
    if flat_out.lost <= TOLERATED_LOSS:
        return 0
    # Of a flood most is lost, so what comes through it is no upper bound.
    low, high = 0.0, max(400_000.0, 2 * flat_out.delivered / flat_out.seconds)
    while high - low > high / 20:
        rate = (low + high) / 2
        if run(contestant.network, sink, frame, rate, 0.7).lost <= TOLERATED_LOSS:
            low = rate
        else:
            high = rate
    return low
