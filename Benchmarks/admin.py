#!/usr/bin/env python3
"""Holds ten thousand sessions and relays beside them, with and without an operator who looks on: every second a listing of all
sessions and a scrape of the metrics, and the stream of events that the live page shows. The two take turns, a few seconds
each, because the machine changes within seconds; only the ratio within a pair means anything.

The server stays on processor 0, in the usual class, so that whoever asks it takes the very processor that relays. turnload
and the operator have processor 1, turnload ahead of everything else.

    Benchmarks/admin.py              twenty pairs, about three minutes
    Benchmarks/admin.py --pairs 5
"""

import argparse
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

from bench import ADDRESSES, BUILD, LOAD_CPU, PORT, SERVER_CPU, TURNLOAD, Servers, realtime

SERVER = "administered"
SESSIONS = 10_000
LOAD = "--sessions 20 --rate 10000"
# What is asked of the server: the 99th percentile of latency rises by a tenth at most, and all sessions are listed within a
# second.
RISE = 1.10
LISTING_SECONDS = 1.0


class Connection(http.client.HTTPConnection):
    """To the admin socket."""

    def __init__(self):
        super().__init__("localhost", timeout=30)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(BUILD / "admin.sock"))

    def get(self, path: str) -> bytes:
        self.request("GET", path)
        response = self.getresponse()
        body = response.read()
        if response.status != 200:
            sys.exit(f"{path}: {response.status} {body!r}")
        return body


class Operator:
    """Looks on while the block runs, and takes the times of the answers."""

    def __init__(self, listings: list[float], scrapes: list[float]):
        self.listings, self.scrapes, self.events = listings, scrapes, 0
        self.leaving = threading.Event()
        self.threads = [threading.Thread(target=self.ask), threading.Thread(target=self.watch)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.leaving.set()
        for thread in self.threads:
            thread.join()

    def ask(self):
        connection = Connection()
        while True:
            for path, seconds in (("/api/v1/sessions?limit=10000", self.listings), ("/metrics", self.scrapes)):
                begun = time.monotonic()
                connection.get(path)
                seconds.append(time.monotonic() - begun)
            if self.leaving.wait(1):
                return

    def watch(self):
        connection = Connection()
        connection.request("GET", "/api/v1/events")
        stream = connection.getresponse()
        while not self.leaving.is_set():
            self.events += stream.readline().startswith(b"event: statistics")
        connection.close()


def turnload(scenario: str, options: str, seconds: float) -> list[str]:
    return [str(TURNLOAD), scenario, f"turn:{ADDRESSES[SERVER]}:{PORT}", "--user", "bench:bench", "--quiet", "--json", "-",
            "--duration", str(seconds), *options.split()]


def p99(seconds: float) -> float:
    """The 99th percentile of latency of both directions, in microseconds: the worse one."""
    command = realtime(LOAD_CPU) + turnload("relay", LOAD, seconds)
    result = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: {result.stderr}")
    report = json.loads(result.stdout)
    lost = sum(report[way]["lostPackets"] for way in ("up", "down"))
    if lost:
        print(f"{lost} packets lost", file=sys.stderr)
    return max(point["microseconds"] for way in ("up", "down") for point in report[way]["latency"]["percentiles"]
               if point["percentile"] == 99)


def session_count() -> int:
    return json.loads(Connection().get("/api/v1/sessions?limit=1"))["total"]


def hold(sessions: int, seconds: float) -> subprocess.Popen:
    """Sessions that carry nothing, all there when this returns."""
    command = ["taskset", "-c", str(LOAD_CPU)] + turnload("idle", f"--sessions {sessions}", seconds)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while session_count() < sessions:
        if process.poll() is not None:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}")
        time.sleep(0.2)
    return process


def measure(pairs: int, seconds: float) -> tuple[list[float], list[float], list[float]]:
    ratios, listings, scrapes = [], [], []
    for number in range(pairs):
        figures = {}
        for looks_on in (False, True) if number % 2 else (True, False):
            if looks_on:
                with Operator(listings, scrapes) as operator:
                    figures[True] = p99(seconds)
                if not operator.events:
                    sys.exit("the stream of events said nothing")
            else:
                figures[False] = p99(seconds)
        ratios.append(figures[True] / figures[False])
        print(f"{figures[False]:.0f} us alone, {figures[True]:.0f} us with the operator: {ratios[-1]:.2f}", flush=True)
    return ratios, listings, scrapes


def main():
    parser = argparse.ArgumentParser(description="Measure what an operator who looks on costs those who relay.")
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    BUILD.mkdir(parents=True, exist_ok=True)
    os.sched_setaffinity(0, {LOAD_CPU})
    with Servers([SERVER], pinned=False) as servers:
        subprocess.run(["taskset", "-acp", str(SERVER_CPU), str(servers.processes[0].pid)], check=True, capture_output=True)
        holder = hold(SESSIONS, 3600)
        try:
            ratios, listings, scrapes = measure(options.pairs, options.seconds)
            held = session_count()
        finally:
            holder.terminate()
            holder.wait()
    print(f"{held} sessions, {len(ratios)} pairs of {options.seconds:g} s, {LOAD}")
    results = [
        (f"latency p99 with an operator / alone: median {statistics.median(ratios):.2f} "
         f"({min(ratios):.2f}-{max(ratios):.2f})", statistics.median(ratios) <= RISE),
        (f"listing of all sessions: median {statistics.median(listings) * 1000:.0f} ms, longest "
         f"{max(listings) * 1000:.0f} ms, {len(listings)} times", max(listings) < LISTING_SECONDS),
        (f"scrape of the metrics: median {statistics.median(scrapes) * 1000:.0f} ms, longest {max(scrapes) * 1000:.0f} ms",
         True),
        (f"{held} of {SESSIONS} sessions there at the end", held >= SESSIONS),
    ]
    for text, is_right in results:
        print(f"{'ok' if is_right else 'WRONG'}: {text}")
    sys.exit(not all(is_right for _, is_right in results))


if __name__ == "__main__":
    main()
