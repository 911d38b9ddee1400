#!/usr/bin/env python3
"""Counts the instructions that the release build spends on each relayed packet outside the kernel, and holds them
against the budget in instructions.json.

Seconds depend on the machine and on what else it does; instructions do not. valgrind counts them in two runs that
differ only in how long they last, so that what starting and setting up costs falls out:

    (instructions of the long run - those of the short one) / (packets of the long run - those of the short one)

Each load keeps a fixed number of packets on their way. With one, every packet has a turn of the loop to itself, and the
count hardly varies; with many, packets share turns.

    Benchmarks/instructions.py            compare with the budget; status 1 when it is exceeded
    Benchmarks/instructions.py --write    make what is counted now the budget
"""

import argparse
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from bench import BUILD, CULVERT, CULVERT_SETTINGS, TURNLOAD

BUDGET = pathlib.Path(__file__).with_name("instructions.json")
ADDRESS, PORT = "127.0.0.4", 23479
# What a count may exceed its budget by: turns are shared a little differently from run to run, and the C library has other
# ways to copy on another processor.
TOLERANCE = 1.10
# A busy machine shares turns among fewer packets, which only ever adds; so what is too much is counted again.
ATTEMPTS = 5
SECONDS = (0.5, 2.5)
# On a machine that is busy the long run is made longer, until there are so many packets in it.
ENOUGH_PACKETS, LONGEST_SECONDS = 1000, 40

LOADS = {
    "channel, one packet at a time": "--window 1",
    "channel, 64 packets at a time over 16 sessions": "--window 64 --sessions 16",
    "indications, one packet at a time": "--window 1 --indications",
}


def instructions_and_packets(server: pathlib.Path, load: str, seconds: float) -> tuple[int, int]:
    """Instructions of a server's whole life, and the packets it relayed in it. A machine so busy that turnload gave packets
    up says nothing, and is asked again."""
    for _ in range(ATTEMPTS):
        instructions, packets, lost = run(server, load, seconds)
        if not lost:
            return instructions, packets
        print(f"{load}: {lost} packets were given up, once more", file=sys.stderr)
    sys.exit(f"{load}: packets were lost in {ATTEMPTS} runs; nothing can be said of the others")


def run(server: pathlib.Path, load: str, seconds: float) -> tuple[int, int, int]:
    """Instructions of a server's whole life, the packets it relayed in it, and those that did not come back."""
    with tempfile.TemporaryDirectory() as folder:
        settings = pathlib.Path(folder, "turnserver.conf")
        settings.write_text(CULVERT_SETTINGS.format(address=ADDRESS, port=PORT))
        process = subprocess.Popen(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", str(server), "-c", str(settings)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            report = relay(load, seconds)
        finally:
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=60)
    collected = re.search(r"Collected : (\d+)", told)
    if not collected:
        sys.exit(f"valgrind counted nothing:\n{told}")
    packets, lost = (sum(report[way][what] for way in ("up", "down")) for what in ("offeredPackets", "lostPackets"))
    return int(collected[1]), packets, lost


def relay(load: str, seconds: float) -> dict:
    command = [str(TURNLOAD), "relay", f"turn:{ADDRESS}:{PORT}", "--user", "bench:bench", "--quiet", "--json", "-",
               "--warm-up", "0", "--duration", str(seconds), *load.split()]
    # turnload asks again until the server has started.
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: {result.stderr}")
    return json.loads(result.stdout)


def count(server: pathlib.Path, load: str) -> int:
    few, short = instructions_and_packets(server, load, SECONDS[0])
    seconds = SECONDS[1]
    while True:
        many, long = instructions_and_packets(server, load, seconds)
        if long - short >= ENOUGH_PACKETS:
            return round((many - few) / (long - short))
        seconds *= 4
        if seconds > LONGEST_SECONDS:
            sys.exit(f"only {long - short} packets in {seconds / 4} s: too few to tell")


def count_within(limit: float, server: pathlib.Path, load: str) -> int:
    """The lowest of a few counts, as many as it takes to come within a limit."""
    lowest = count(server, load)
    for _ in range(1, ATTEMPTS):
        if lowest <= limit:
            break
        lowest = min(lowest, count(server, load))
    return lowest


def main():
    parser = argparse.ArgumentParser(description="Count instructions per relayed packet.")
    parser.add_argument("--write", action="store_true", help="make what is counted now the budget")
    options = parser.parse_args()

    BUILD.mkdir(parents=True, exist_ok=True)
    server = BUILD / "turnserver-stripped"
    subprocess.run(["strip", "-o", server, CULVERT], check=True)
    begun = time.monotonic()
    if options.write:
        BUDGET.write_text(json.dumps({name: count(server, load) for name, load in LOADS.items()}, indent=4) + "\n")
    budget = json.loads(BUDGET.read_text())
    counts = {name: count_within(budget[name] * TOLERANCE, server, load) for name, load in LOADS.items()}
    failed = 0
    for name, counted in counts.items():
        is_over = counted > budget[name] * TOLERANCE
        failed += is_over
        print(f"{name}: {counted} instructions a packet, budget {budget[name]}{', exceeded' if is_over else ''}")
    print(f"{len(counts) - failed} passed, {failed} failed")
    print(f"({time.monotonic() - begun:.0f} s)", file=sys.stderr)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
