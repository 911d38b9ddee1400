#!/usr/bin/env python3
"""Measures the release build beside Debian's coturn and beside the floor (floor.c), and prints one table of ratios.

Each server has one relay thread on processor 0; turnload has processor 1. All servers of a case are up at the same time
and loaded in short turns, round after round, because the machine changes within seconds: only the ratios of a round mean
anything. The medians of all rounds are told, with the lowest and the highest ratio.

    Benchmarks/bench.py              all cases
    Benchmarks/bench.py --short      fewer cases and rounds, under a minute
    Benchmarks/bench.py --write      also put the table into Docs/performance.md
"""

import argparse
import dataclasses
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build" / "bench"
CULVERT = ROOT / ".build" / "release" / "turnserver"
TURNLOAD = ROOT / ".build" / "release" / "turnload"
COTURN = pathlib.Path("/usr/bin/turnserver")
PERFORMANCE = ROOT / "Docs" / "performance.md"
PORT = 23478
SERVER_CPU, LOAD_CPU = 0, 1

SETTINGS = """
listening-ip={address}
relay-ip={address}
listening-port={port}
min-port=10000
max-port=32000
realm=bench
lt-cred-mech
user=bench:bench
allow-loopback-peers
relay-threads=1
no-tls
no-dtls
no-cli
"""
CULVERT_SETTINGS = SETTINGS + """
user-quota=0
total-quota=0
unauthorized-ratelimit-rps=0
log-min-level=warning
"""
COTURN_SETTINGS = SETTINGS + """
no-stdout-log
log-file=/dev/null
simple-log
pidfile={build}/coturn.pid
"""

# Culvert with other settings, each for a case that compares it with Culvert as above, or for admin.py.
VARIANTS = {"culvert": "", "moderated": "moderation=adaptive\n", "two workers": "relay-threads=2\n",
            "administered": "admin-socket={build}/admin.sock\n"}
ADDRESSES = {"culvert": "127.0.0.1", "coturn": "127.0.0.2", "floor": "127.0.0.3", "moderated": "127.0.0.5",
             "two workers": "127.0.0.6", "administered": "127.0.0.7"}


@dataclasses.dataclass
class Case:
    """A load, and which of turnload's figures is to be shown for it. The first server is compared with the others."""

    name: str
    options: str
    metric: str
    servers: tuple = ("culvert", "coturn", "floor")
    # Whether servers and load have a processor each.
    pinned: bool = True
    # How many descriptors a server needs.
    descriptors: int = 0
    turn_seconds: float = 0.25
    rounds: int | None = None
    transport: str = "udp"
    in_short: bool = False


SATURATION = [
    Case(f"{count}, {size} B, flat out", f"--sessions {sessions} --size {size}", "CPU per packet", in_short=size == 172)
    for size in (172, 1200)
    for count, sessions in (("1 session", 1), ("100 sessions", 100), ("1 000 sessions", 1000))
]
TRAINS = [Case("1 session, trains of 8 × 1200 B", "--sessions 1 --size 1200 --burst 8", "CPU per packet")]
STEADY_LOAD = "--sessions 100 --rate 20000"
STEADY = [
    Case("100 sessions, 20 000 packets/s", STEADY_LOAD, metric, turn_seconds=0.5, in_short=metric == "CPU per packet")
    for metric in ("CPU per packet", "latency p50", "latency p99", "latency p99.9")
]
OVERLOAD = [Case("100 sessions, 172 B, flat out", "--sessions 100 --size 172", "latency p99")]
CONTROL = [
    Case("Binding", "--scenario binding --sessions 128", "CPU per request", servers=("culvert", "coturn"), in_short=True),
    Case("Allocate with 401, and free", "--scenario allocate --sessions 128", "CPU per request",
         servers=("culvert", "coturn"), in_short=True),
    *(Case(f"{count:,} idle allocations".replace(",", " "), f"--scenario idle --sessions {count}", "memory per allocation",
           servers=("culvert", "coturn"), rounds=1, descriptors=count) for count in (10_000, 50_000)),
]
MODERATION = [
    Case(f"{name}, moderation=adaptive", options, metric, servers=("moderated", "culvert"), turn_seconds=0.5)
    for name, options, metrics in (
        ("100 sessions, 20 000 packets/s", STEADY_LOAD, ("CPU per packet", "latency p50", "latency p99")),
        ("100 sessions, 2 000 packets/s", "--sessions 100 --rate 2000", ("CPU per packet", "latency p50")))
    for metric in metrics
]
WORKERS = [Case("100 sessions, 172 B, flat out, relay-threads=2", "--sessions 100 --size 172", "CPU per packet",
                servers=("two workers", "culvert"), pinned=False, turn_seconds=0.5)]
STREAMS = [Case("100 sessions over TCP, 172 B, flat out", "--sessions 100", "CPU per packet",
                servers=("culvert", "coturn"), transport="tcp")]
CASES = SATURATION + TRAINS + STREAMS + OVERLOAD + STEADY + MODERATION + WORKERS + CONTROL


def realtime(cpu: int) -> list[str]:
    """What puts a program on a processor, ahead of everything else that runs there, if we may."""
    pinned = ["taskset", "-c", str(cpu)]
    allowed = subprocess.run(["chrt", "-f", "1", "true"], capture_output=True).returncode == 0
    return (["chrt", "-f", "1"] if allowed else []) + pinned


class Servers:
    """The servers of a case, fresh."""

    def __init__(self, names, pinned):
        self.names, self.pinned = names, pinned
        self.processes = [subprocess.Popen(
            (realtime(SERVER_CPU) if pinned else []) + self.command(name), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL) for name in names]

    def __enter__(self):
        time.sleep(0.7)
        for name, process in zip(self.names, self.processes):
            if process.poll() is not None:
                sys.exit(f"{name} ended at once: {' '.join(self.command(name))}")
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()

    def command(self, name) -> list[str]:
        address = ADDRESSES[name]
        if name == "floor":
            return [str(BUILD / "floor"), address, str(PORT)]
        program, settings = (COTURN, COTURN_SETTINGS) if name == "coturn" else (CULVERT, CULVERT_SETTINGS + VARIANTS[name])
        file = BUILD / f"{name}.conf"
        file.write_text(settings.format(address=address, port=PORT, build=BUILD))
        return [str(program), "-c", str(file)]

    def compare(self, case: Case, rounds: int) -> dict:
        command = (realtime(LOAD_CPU) if self.pinned else []) + [str(TURNLOAD), "compare", "--quiet", "--json", "-", "--user", "bench:bench"]
        for name, process in zip(self.names, self.processes):
            command += [f"turn:{ADDRESSES[name]}:{PORT}?transport={case.transport}", "--name", name, "--server-pid", str(process.pid)]
        command += ["--rounds", str(case.rounds or rounds), "--duration", str(case.turn_seconds), "--warm-up", "0.05"]
        result = subprocess.run(command + case.options.split(), capture_output=True, text=True, timeout=300)
        if result.returncode != 0:
            sys.exit(f"{case.name}: {result.stderr}")
        return json.loads(result.stdout)


def measure(cases, rounds) -> list[list[str]]:
    """A row of text for each case."""
    rows, seen = [], {}
    for case in cases:
        if case.descriptors + 100 > resource.getrlimit(resource.RLIMIT_NOFILE)[1]:
            print(f"{case.name}: left out, the limit of open files is too low", file=sys.stderr)
            continue
        names = [name for name in case.servers if name != "coturn" or COTURN.exists()]
        key = (case.options, case.transport, tuple(names))
        if key not in seen:
            with Servers(names, case.pinned) as servers:
                seen[key] = servers.compare(case, rounds)
        row = next((row for row in seen[key]["rows"] if row["metric"] == case.metric), None)
        if row is None:
            continue
        ratios = dict(zip(names[1:], row["ratios"]))
        rows.append([case.name, case.metric, *(shown(ratios.get(name)) for name in ("coturn", "floor", "culvert"))])
        print("  ".join(rows[-1]), file=sys.stderr)
    return rows


def shown(ratio) -> str:
    if ratio is None:
        return ""
    return f"{ratio['median']:.2f} ({ratio['lowest']:.2f}–{ratio['highest']:.2f})"


HEADS = ["load", "figure", "Culvert / coturn", "Culvert / floor", "with / without"]


def table(rows, heads=HEADS) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write(text: str, command: str = "make bench"):
    """Puts a table between the markers of Docs/performance.md that name the command."""
    page = PERFORMANCE.read_text()
    begin, end = f"<!-- figures: {command} writes them -->\n", "<!-- end of figures -->"
    page, count = re.subn(re.escape(begin) + ".*?" + re.escape(end), lambda _: begin + text + "\n" + end, page, flags=re.S)
    if count != 1:
        sys.exit(f"{PERFORMANCE}: the markers of the figures are missing")
    PERFORMANCE.write_text(page)


def main():
    parser = argparse.ArgumentParser(description="Measure Culvert beside coturn and beside the floor.")
    parser.add_argument("--short", action="store_true", help="fewer cases and rounds")
    parser.add_argument("--rounds", type=int, help="rounds of each case (15; in short 5)")
    parser.add_argument("--write", action="store_true", help="put the table into Docs/performance.md")
    parser.add_argument("--only", help="only cases whose name contains this")
    options = parser.parse_args()

    # So that servers do not outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for program in (CULVERT, TURNLOAD):
        if not program.exists():
            sys.exit(f"{program} is missing: make release")
    BUILD.mkdir(parents=True, exist_ok=True)
    compiler = shutil.which("cc") or shutil.which("clang")
    subprocess.run([compiler, "-O2", "-o", BUILD / "floor", ROOT / "Benchmarks" / "floor.c"], check=True)

    cases = [case for case in CASES if (case.in_short or not options.short) and (options.only or "") in case.name]
    rounds = options.rounds or (5 if options.short else 15)
    text = table(measure(cases, rounds))
    text += f"\n\nMedians of {rounds} rounds, and the lowest and highest of a round"
    text += f"; {os.cpu_count()} processors, Linux {os.uname().release.split('-')[0]}."
    print(text)
    if options.write:
        write(text)


if __name__ == "__main__":
    main()
