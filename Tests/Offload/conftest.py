"""The wires once, a server for each hook once; what the tests of a module change, they put right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import server
from namespaces import missing_for_offload
from network import Network
from offloading_server import OffloadingServer
from relayed_channel import RelayedChannel


def pytest_sessionstart() -> None:
    if not server.binary().exists():
        pytest.exit(f"{server.binary()} does not exist: build it, or name another in CULVERT_TURNSERVER", returncode=2)


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    if reason := missing_for_offload():
        pytest.skip(reason)
    made = Network()
    yield made
    made.close()


@pytest.fixture(scope="module", params=["tc", "xdp"])
def offloading(
    request: pytest.FixtureRequest, network: Network, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OffloadingServer]:
    """A server that lets the kernel relay."""
    started = OffloadingServer(network, tmp_path_factory.mktemp(request.param), request.param)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def channel(offloading: OffloadingServer) -> Iterator[RelayedChannel]:
    """A channel over IPv4 that the kernel carries."""
    with RelayedChannel(offloading) as each:
        yield each.settle()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Adds the end of the server's log to the report of a failed test."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, OffloadingServer):
                report.sections.append((f"log of {name}", value.log_tail))
    return report
