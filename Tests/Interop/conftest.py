"""Servers for the tests: started on free ports of 127.0.0.1 and ::1, ended with SIGTERM and held to exit status 0."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest

import server
from certificate import Certificate
from server import TURNServer
from turn_client import Credentials

USER = Credentials("alice", "wonder-land.42")
SECRET = "north-of-the-culvert"


def pytest_sessionstart() -> None:
    if not server.binary().exists():
        pytest.exit(f"{server.binary()} does not exist: build it, or name another in CULVERT_TURNSERVER", returncode=2)


@pytest.fixture(scope="module")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., TURNServer]]:
    """Starts servers with any settings; each ends with the module that asked for it."""
    servers: list[TURNServer] = []

    def start(**options: object) -> TURNServer:
        options.setdefault("binary", server.binary())
        started = TURNServer(tmp_path_factory.mktemp("server"), **options)
        servers.append(started)
        started.start()
        return started

    yield start
    failures = []
    for each in servers:
        try:
            each.stop()
        except AssertionError as failure:
            failures.append(str(failure))
    assert not failures, "\n".join(failures)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for localhost, 127.0.0.1 and ::1."""
    return Certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def static_server(start_server: Callable[..., TURNServer], certificate: Certificate) -> TURNServer:
    """A server that knows one user by name and password."""
    return start_server(users=[USER], certificate=certificate)


@pytest.fixture(scope="module")
def rest_server(start_server: Callable[..., TURNServer], certificate: Certificate) -> TURNServer:
    """A server that shares a secret with whoever gives out time-limited credentials."""
    return start_server(secret=SECRET, certificate=certificate)


@pytest.fixture
def peer() -> Iterator[socket.socket]:
    """A UDP socket for a relay to talk to."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as each:
        each.bind((server.HOSTS[0], 0))
        each.settimeout(5)
        yield each


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Adds the end of the servers' logs to the report of a failed test."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, TURNServer):
                report.sections.append((f"log of {name}", value.log_tail))
    return report
