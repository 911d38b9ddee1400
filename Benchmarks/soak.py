#!/usr/bin/env python3
"""Loads the release build for ten minutes at half of what it carries, while sessions come and go and refresh, and holds it
to what must not change: resident memory, open descriptors, and no allocation lost.

    Benchmarks/soak.py               ten minutes
    Benchmarks/soak.py --minutes 60
"""

import argparse
import json
import signal
import statistics
import subprocess
import sys

from bench import ADDRESSES, BUILD, LOAD_CPU, PORT, TURNLOAD, Servers, realtime

# What resident memory may grow by in ten minutes, as a share of itself, along the line through the second half of the run.
# In the first half tables grow to the size that the load needs.
GROWTH = 0.01
# Packets that may be lost, as a share: at half of capacity there is no reason but another program on this machine.
LOSS = 0.0001


def turnload(server, scenario: str, options: str, seconds: float) -> dict:
    command = realtime(LOAD_CPU) + [
        str(TURNLOAD), scenario, f"turn:{ADDRESSES['culvert']}:{PORT}", "--user", "bench:bench", "--quiet", "--json", "-",
        "--server-pid", str(server.pid), "--duration", str(seconds)]
    result = subprocess.run(command + options.split(), capture_output=True, text=True, timeout=seconds + 60)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: {result.stderr}")
    return json.loads(result.stdout)


def capacity(server) -> float:
    """Packets a second that the server carries flat out, both directions."""
    report = turnload(server, "relay", "--sessions 100", 5)
    return sum(report[way]["deliveredPacketsPerSecond"] for way in ("up", "down"))


def growth(samples) -> float:
    """What resident memory grows by in ten minutes, as a share of its mean."""
    second_half = samples[len(samples) // 2:]
    resident = [sample["serverResidentBytes"] for sample in second_half]
    slope, _ = statistics.linear_regression([sample["second"] for sample in second_half], resident)
    return slope * 600 / statistics.mean(resident)


def findings(report) -> list[tuple[str, bool]]:
    """What was found, and whether it is as it must be."""
    process, requests = report["process"], report["requests"]
    offered, lost = (sum(report[way][key] for way in ("up", "down")) for key in ("offeredPackets", "lostPackets"))
    grown = growth(report["samples"])
    return [
        (f"{offered} packets offered, {lost} lost", offered > 0 and lost <= offered * LOSS),
        (f"{requests['begun']} sessions begun, {requests['lostAllocations']} allocations lost, failures: "
         f"{requests['failures'] or 'none'}", requests["lostAllocations"] == 0 and not requests["failures"]),
        (f"resident memory {process['residentBytesAfter'] / 2**20:.1f} MiB, {grown:+.2%} in ten minutes", grown <= GROWTH),
        (f"descriptors {process['descriptorsBefore']} before, {process['descriptorsAfter']} after",
         process["descriptorsAfter"] <= process["descriptorsBefore"]),
    ]


def main():
    parser = argparse.ArgumentParser(description="Load Culvert for a long time and see that nothing leaks.")
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    BUILD.mkdir(parents=True, exist_ok=True)
    with Servers(["culvert"], pinned=True) as servers:
        server = servers.processes[0]
        rate = capacity(server) / 2
        print(f"half of its capacity: {rate:.0f} packets/s, for {options.minutes:g} minutes", flush=True)
        report = turnload(server, "soak", f"--rate {rate:.0f}", options.minutes * 60)
    results = findings(report)
    for text, is_right in results:
        print(f"{'ok' if is_right else 'WRONG'}: {text}")
    if limit := report["generator"]["limit"]:
        print(f"turnload may have been the limit: {limit}")
    sys.exit(not all(is_right for _, is_right in results))


if __name__ == "__main__":
    main()
