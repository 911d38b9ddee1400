"""coturn's turnutils_natdiscovery against behaviour discovery (RFC 5780), on loopback, where there is no NAT."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from server import HOSTS, LISTENING_PORTS, TURNServer, binary, free_ports

OTHER_HOST = "127.0.0.2"


class DiscoveryServer(TURNServer):
    """A server with two addresses and two ports, as the tool needs."""

    def lines(self, directory: Path, settings: dict) -> str:
        lines = super().lines(directory, settings).replace("no-rfc5780\n", "rfc5780\n")
        other_port = free_ports(1, LISTENING_PORTS)[0]
        return lines + f"listening-ip={OTHER_HOST}\nalt-listening-port={other_port}\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> TURNServer:
    started = DiscoveryServer(tmp_path_factory.mktemp("server"), binary=binary())
    started.start()
    yield started
    started.stop()


def discover(server: TURNServer, *arguments: str) -> str:
    finished = subprocess.run(
        ["turnutils_natdiscovery", *arguments, "-p", str(server.port), "-L", HOSTS[0], HOSTS[0]],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    return finished.stdout + finished.stderr


@pytest.mark.parametrize("padding", [[], ["-P"]], ids=["plain", "padded"])
def test_mapping_is_endpoint_independent(padding: list[str], server: TURNServer) -> None:
    """N02: answers come from the other address and port when they are asked there."""
    output = discover(server, "-m", *padding)
    assert "NAT with Endpoint Independent Mapping!" in output, output
    assert f"Response origin: : {OTHER_HOST}:{server.port}" in output, output


def test_filtering_is_endpoint_independent(server: TURNServer) -> None:
    """N03: CHANGE-REQUEST has the answer leave by the other address and port."""
    assert "NAT with Endpoint Independent Filtering!" in discover(server, "-f")


def test_hairpinning_finds_itself(server: TURNServer) -> None:
    assert "Received a request (maybe a successful hairpinning)" in discover(server, "-H")


@pytest.mark.parametrize("arguments", [["-t", "-T", "1"], ["-c", "-A", "127.0.0.3"]], ids=["lifetime", "collision"])
def test_lifetime_and_collision_are_answered(arguments: list[str], server: TURNServer) -> None:
    output = discover(server, *arguments)
    assert output.count("UDP reflexive addr: 127.0.0.") >= 2, output
