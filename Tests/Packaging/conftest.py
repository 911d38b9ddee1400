"""One machine for all tests: it takes half a minute to make."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from machine import CHECKOUT, Machine


def pytest_sessionstart() -> None:
    missing = [name for name in ("debootstrap", "systemd-nspawn", "script") if not shutil.which(name)]
    if os.geteuid() or missing:
        pytest.exit(f"booting a container needs root and debootstrap, systemd-container, bsdutils; missing: {missing}", 2)


@pytest.fixture(scope="session")
def package() -> Path:
    """What `make deb` has built."""
    return max((CHECKOUT / ".build/deb").glob("culvert_*.deb"), key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="session")
def machine(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A clean Debian 12 with the package, booted."""
    each = Machine(tmp_path_factory.mktemp("machine") / "root", package)
    each.boot()
    yield each
    each.stop()
