"""turnload, the load-test client that comes with the server, over every transport that it knows."""

from __future__ import annotations

import json
import subprocess

import pytest

from server import HOSTS, TURNServer, binary

TURNLOAD = binary().with_name("turnload")
TRANSPORTS = ["turn-udp", "turn-tcp", "turns-udp", "turns-tcp"]

pytestmark = pytest.mark.skipif(not TURNLOAD.exists(), reason="no turnload beside the server under test")


def turnload(server: TURNServer, transport: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    scheme, carrier = transport.split("-")
    port = server.tls_port if scheme == "turns" else server.port
    url = f"{scheme}:{HOSTS[0]}:{port}?transport={carrier}"
    command, *options = map(str, arguments)
    login = ["--user", f"{server.user.username}:{server.user.password}"]
    return subprocess.run(
        [TURNLOAD, command, url, *login, "--quiet", "--warm-up", "0.2", "--duration", "1", *options],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def trust(server: TURNServer) -> list[str]:
    return ["--ca-file", str(server.certificate.chain)]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("carriage", [[], ["--indications"]], ids=["channels", "indications"])
def test_what_is_sent_arrives(transport: str, carriage: list[str], static_server: TURNServer) -> None:
    finished = turnload(
        static_server, transport, "relay", "--sessions", 20, "--rate", 2000, "--json", "-", *carriage,
        *trust(static_server),
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    report = json.loads(finished.stdout)
    for direction in ("up", "down"):
        assert report[direction]["offeredPackets"] > 500, report
        assert report[direction]["lostPackets"] == 0, report


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_clients_come_and_go(transport: str, static_server: TURNServer) -> None:
    """Each cycle is a connection and a handshake of its own; in the end nothing is left of them."""
    before = static_server.descriptors
    finished = turnload(static_server, transport, "allocate", "--sessions", 8, "--json", "-", *trust(static_server))
    assert finished.returncode == 0, finished.stderr
    requests = json.loads(finished.stdout)["requests"]
    assert requests["succeeded"] > 10 and not requests["failures"], requests
    assert static_server.descriptors <= before + 8


@pytest.mark.parametrize("transport", ["turns-udp", "turns-tcp"])
def test_whom_it_believes(transport: str, static_server: TURNServer) -> None:
    for doubtful in ([], [*trust(static_server), "--server-name", "turn.example.org"]):
        finished = turnload(static_server, transport, "allocate", "--sessions", 2, *doubtful)
        assert finished.returncode != 0 and "certificate verify failed" in finished.stderr, finished
    for good in (["--insecure"], [*trust(static_server), "--server-name", "localhost"]):
        finished = turnload(static_server, transport, "allocate", "--sessions", 2, *good)
        assert finished.returncode == 0, finished.stderr
