"""Watches what the relay path of a server asks of the C library (observer.c)."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Counts:
    """What the server has done so far."""

    received: int
    sent: int
    sent_from_elsewhere: int
    allocations: int
    mutexes: int

    def __sub__(self, earlier: Self) -> Self:
        return Counts(*(mine - theirs for mine, theirs in zip(self.as_tuple(), earlier.as_tuple())))

    def as_tuple(self) -> tuple[int, ...]:
        return self.received, self.sent, self.sent_from_elsewhere, self.allocations, self.mutexes


class Observer:
    """A library for the server to be started with, and the file in which it counts."""

    def __init__(self, directory: Path):
        self.library, self.file = directory / "observer.so", directory / "counts"
        compiler = shutil.which("cc") or shutil.which("clang")
        assert compiler, "a C compiler comes with Swift and is not found"
        source = Path(__file__).with_name("observer.c")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-Wall", "-Werror", "-o", self.library, source], check=True)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "LD_PRELOAD": str(self.library), "CULVERT_OBSERVER": str(self.file)}

    def counts(self) -> Counts:
        return Counts(*struct.unpack("=5Q", self.file.read_bytes()))
