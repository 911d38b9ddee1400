#!/usr/bin/env python3
"""Measures what a relayed packet costs the whole machine: coturn, Culvert without and with offload, kernel forwarding.

A client, the server and a peer are namespaces with a wire between each two (Tests/Offload/network.py). Frames are made in the
kernel and dropped where they arrive (frames.c), so that nothing but the relay costs much; what making them, a hop and
dropping them cost is measured alone, at the same rate, and taken off. Needs root and a machine that does nothing else.

    Benchmarks/offload/compare.py              prints the table
    Benchmarks/offload/compare.py --write      also puts it into Docs/performance.md
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / each) for each in ("Tests/Interop", "Tests/Offload", "Benchmarks")]

import bench  # noqa: E402
from channels import many_channels  # noqa: E402
from contestants import COTURN, Contestant, Coturn, Culvert, Forwarding  # noqa: E402
from measuring import FRAMES, Run, Sink, busy_seconds, run, saturation  # noqa: E402
from namespaces import missing_for_offload  # noqa: E402
from network import Network  # noqa: E402

STEADY = 100_000
PAYLOAD = bytes(range(172))
#: Of the processors, before anything runs. More than this is somebody else's.
TOLERATED_NOISE = 0.05


def contestants(folder: pathlib.Path) -> list:
    """Makers of all that are compared, the one first that others are compared with."""
    makers = [lambda: Coturn(folder)] if COTURN.exists() else []
    for hook in ("off", "tc", "xdp"):
        makers.append(lambda hook=hook: Culvert(folder, hook))
    return [*makers, lambda: Forwarding(folder)]


class Baseline:
    """What it costs to make frames, to send them over one wire and to drop them at its end, at any rate."""

    def __init__(self):
        self.network = Network()

    def cost(self, frame: bytes, rate: float, seconds: float) -> float:
        with Sink(self.network.server, "s0", range(1, 65536)) as sink:
            return run(self.network, sink, frame, rate, seconds).microseconds


def measure(contestant: Contestant, sink: Sink, rate: float, seconds: float, baseline: Baseline) -> tuple[float, Run]:
    """Microseconds of processor time for a packet, without what the frames themselves cost."""
    frame = contestant.frame(PAYLOAD)
    seen = contestant.network.server.datagrams_received()
    made = run(contestant.network, sink, frame, rate, seconds)
    if contestant.bypasses_server and contestant.network.server.datagrams_received() - seen > made.sent / 1000:
        sys.exit(f"{contestant.name}: packets have come to the server")
    return made.microseconds - baseline.cost(frame, rate, seconds), made


def compare(rounds: int, seconds: float) -> list[dict]:
    """For each contestant its name and figures: medians of rounds in which each has had its turn."""
    baseline, figures, rates = Baseline(), {}, {}
    for turn in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for make in contestants(pathlib.Path(folder)):
                contestant = make()
                contestant.start()
                with Sink(contestant.network.peer, "p0") as sink:
                    name = contestant.name
                    if name not in rates:
                        rates[name] = saturation(contestant, sink, contestant.frame(PAYLOAD))
                    steady, made = measure(contestant, sink, STEADY, seconds, baseline)
                    busiest, most = measure(contestant, sink, rates[name], seconds, baseline)
                contestant.stop()
                figures.setdefault(name, []).append((steady, made.lost, busiest, most.lost, most.delivered / most.seconds))
                print(f"{turn + 1} {name}: {STEADY}/s {steady:.2f} us, lost {made.lost:.4f}; "
                      f"saturated {busiest:.2f} us, lost {most.lost:.4f}, {most.delivered / most.seconds:.0f}/s", file=sys.stderr)
    return [{"name": name, **{key: statistics.median(each[index] for each in turns) for index, key in enumerate(
        ("steady", "steady loss", "saturated", "saturated loss", "rate"))}} for name, turns in figures.items()]


def rows(results: list[dict]) -> list[list[str]]:
    named = {result["name"]: result for result in results}

    def ratio(result, figure, other):
        return f"{result[figure] / named[other][figure]:.3f}" if other in named and other != result["name"] else ""

    return [[
        result["name"], f"{result['steady']:.2f}", ratio(result, "steady", Coturn.name), ratio(result, "steady", Forwarding.name),
        f"{result['saturated']:.2f}", ratio(result, "saturated", Coturn.name), ratio(result, "saturated", Forwarding.name),
        f"{result['rate'] / 1000:.0f} 000",
    ] for result in results]  # fmt: skip


HEADS = ["relay", "µs at 100 000/s", "of coturn", "of forwarding", "µs saturated", "of coturn", "of forwarding", "packets/s"]


def noise() -> float:
    before, start = busy_seconds(), time.monotonic()
    time.sleep(2)
    return (busy_seconds() - before) / (time.monotonic() - start) / (os.cpu_count() or 1)


def main():
    parser = argparse.ArgumentParser(description="Measure offload beside coturn, Culvert without it, and kernel forwarding.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="how long a measurement lasts")
    parser.add_argument("--write", action="store_true", help="put the table into Docs/performance.md")
    parser.add_argument("--channels-only", action="store_true", help="measure the 100 000 channels alone")
    options = parser.parse_args()
    if reason := missing_for_offload():
        sys.exit(f"offload cannot be measured here: {reason}")
    if (share := noise()) > TOLERATED_NOISE:
        print(f"The machine does other things meanwhile: {share:.0%} of it. The figures are too high.", file=sys.stderr)
    FRAMES.parent.mkdir(parents=True, exist_ok=True)
    compiler = shutil.which("cc") or shutil.which("clang")
    subprocess.run([compiler, "-O2", "-o", FRAMES, ROOT / "Benchmarks/offload/frames.c"], check=True)
    text = ""
    if not options.channels_only:
        text = bench.table(rows(compare(options.rounds, options.seconds)), HEADS)
        text += f"\n\n172 bytes of payload from client to peer; medians of {options.rounds} rounds. "
    text += many_channels(options.seconds)
    text += f" {os.cpu_count()} processors, Linux {os.uname().release.split('-')[0]}."
    print(text)
    if options.write:
        bench.write(text, "make bench-offload")


if __name__ == "__main__":
    main()
