"""Holds one thread of a process still, as a bug would: the others go on."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 0x4206, 0x4207, 17


def thread_named(process: int, name: str) -> int:
    """The id of the thread of that name."""
    for task in Path(f"/proc/{process}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int(task.name)
    raise LookupError(name)


def freeze(thread: int) -> None:
    """Stops a thread for as long as this process lives."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
        if libc.ptrace(request, thread, None, None):
            raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(thread, 0x40000000)  # __WALL


if __name__ == "__main__":
    victim = thread_named(int(sys.argv[1]), sys.argv[2])
    freeze(victim)
    print("frozen", flush=True)
    # A thread that is traced is gone only when its tracer has heard of its end, and its process not before.
    os.waitpid(victim, 0x40000000)  # __WALL
