"""coturn's own tools: turnutils_uclient relays to turnutils_peer through the server and must lose nothing.

A session of turnutils_uclient waits one to six seconds at random before it sends, and its exit status says nothing:
the verdict is the last `tot_send_msgs=X, tot_recv_msgs=Y`. So all sessions of the matrix start together, and each
test then judges its own.
"""

from __future__ import annotations

import itertools
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from certificate import Certificate
from conftest import SECRET, USER
from server import HOSTS, LISTENING_PORTS, TURNServer, free_ports
from waiting import wait_until

MESSAGES = 10
SECONDS = 30


@dataclass(frozen=True)
class Case:
    """One way of talking through the server."""

    client: str  # the transport between client and server: udp, tcp, tls or dtls
    carrier: str  # channels or indications
    relay: str  # the family of the relayed address: IPv4 or IPv6
    credentials: str  # static or REST

    def __str__(self) -> str:
        return f"{self.client}-{self.carrier}-{self.relay}-{self.credentials}"

    def arguments(self, server: TURNServer, peer_port: int, clients: int = 1) -> list[str]:
        if self.credentials == "static":
            identity = ["-u", server.user.username, "-w", server.user.password]
        else:
            identity = ["-u", "alice", "-W", SECRET]
        port = server.tls_port if self.client in ("tls", "dtls") else server.port
        return [
            "turnutils_uclient", "-c", "-n", str(MESSAGES), "-m", str(clients), "-l", "171", "-p", str(port),
            "-e", HOSTS[self.relay == "IPv6"], "-r", str(peer_port), *identity,
            *{"udp": [], "tcp": ["-t"], "tls": ["-t", "-S"], "dtls": ["-S"]}[self.client],
            *(["-s"] if self.carrier == "indications" else []),
            *(["-x"] if self.relay == "IPv6" else []),
            HOSTS[0],
        ]  # fmt: skip


MATRIX = [
    Case(*choice)
    for choice in itertools.product(
        ("udp", "tcp", "tls", "dtls"), ("channels", "indications"), ("IPv4", "IPv6"), ("static", "REST")
    )
]


@pytest.fixture(scope="module")
def peer_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """turnutils_peer on both loopback addresses: it sends every datagram back."""
    port = free_ports(1, LISTENING_PORTS)[0]
    log = tmp_path_factory.mktemp("peer") / "peer.log"
    command = ["turnutils_peer", "-p", str(port), *(word for host in HOSTS for word in ("-L", host))]
    with log.open("wb") as output:
        peer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    wait_until("turnutils_peer to listen", lambda: udp_listeners(port) == len(HOSTS))
    yield port
    peer.terminate()
    peer.wait(timeout=10)


def udp_listeners(port: int) -> int:
    """How many UDP sockets of this machine are bound to `port`."""
    tables = (Path("/proc/net", name).read_text() for name in ("udp", "udp6"))
    return sum(line.split()[1].endswith(f":{port:04X}") for table in tables for line in table.splitlines()[1:])


class Session:
    """One run of turnutils_uclient, begun at once."""

    #: The tool binds several channels for each client and picks every number by chance, so that now and then it asks
    #: for one number twice, is refused as it should be, and gives up: about twice in a hundred runs of 100 clients.
    COLLISION = "channel bind: error 400"
    ATTEMPTS = 3

    def __init__(self, arguments: list[str], log: Path):
        self.arguments, self.log = arguments, log
        self.start()

    def start(self) -> None:
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                self.arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=self.log.parent
            )

    def verdict(self) -> tuple[int, int]:
        """Messages sent and received."""
        for _ in range(self.ATTEMPTS):
            if totals := self.totals():
                return totals
            if self.COLLISION not in self.output:
                break
            self.start()
        raise AssertionError(f"{' '.join(self.arguments)} gave no totals:\n{self.tail}")

    def totals(self) -> tuple[int, int] | None:
        try:
            self.process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self.end()
        found = re.findall(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)", self.output)
        return (int(found[-1][0]), int(found[-1][1])) if found else None

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def tail(self) -> str:
        return "\n".join(self.output.splitlines()[-30:])

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def sessions(
    static_server: TURNServer, rest_server: TURNServer, peer_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Case, Session]]:
    directory = tmp_path_factory.mktemp("uclient")
    servers = {"static": static_server, "REST": rest_server}
    started = {
        case: Session(case.arguments(servers[case.credentials], peer_port), directory / f"{case}.log")
        for case in MATRIX
    }
    yield started
    for session in started.values():
        session.end()


@pytest.mark.parametrize("case", MATRIX, ids=str)
def test_one_client_loses_nothing(case: Case, sessions: dict[Case, Session]) -> None:
    assert sessions[case].verdict() == (MESSAGES, MESSAGES), sessions[case].tail


@pytest.mark.parametrize("client", ["udp", "tcp", "tls", "dtls"])
def test_a_hundred_clients_lose_nothing(client: str, static_server: TURNServer, peer_port: int, tmp_path: Path) -> None:
    clients = 100
    case = Case(client, "channels", "IPv4", "static")
    session = Session(case.arguments(static_server, peer_port, clients), tmp_path / "uclient.log")
    try:
        assert session.verdict() == (clients * MESSAGES, clients * MESSAGES), session.tail
    finally:
        session.end()


def test_a_wrong_password_relays_nothing(static_server: TURNServer, peer_port: int, tmp_path: Path) -> None:
    """The verdict above means something only if it can be otherwise."""
    arguments = Case("udp", "channels", "IPv4", "static").arguments(static_server, peer_port)
    arguments[arguments.index("-w") + 1] = "not-the-password"
    finished = subprocess.run(arguments, capture_output=True, text=True, timeout=SECONDS, cwd=tmp_path)
    totals = re.findall(r"tot_recv_msgs=(\d+)", finished.stdout)
    assert not totals or int(totals[-1]) == 0, finished.stdout


@pytest.mark.parametrize("host", HOSTS)
def test_stunclient_learns_its_address(host: str, static_server: TURNServer) -> None:
    finished = subprocess.run(
        ["turnutils_stunclient", "-p", str(static_server.port), host], capture_output=True, text=True, timeout=20
    )
    addresses = re.findall(r"UDP reflexive addr: (\S+)", finished.stdout)
    assert addresses and all(address.startswith((f"{host}:", f"[{host}]:")) for address in addresses), finished.stdout


@pytest.mark.parametrize("flags", [["-T"], ["-T", "-S"], ["-T", "-P"], ["-T", "-m", "10"]], ids="".join)
def test_connections_lose_nothing(
    flags: list[str], start_server: Callable[..., TURNServer], certificate: Certificate, tmp_path: Path
) -> None:
    """M02, M03, M05: clients that connect to each other's relayed addresses, each with each. With -P, where the tool plays
    the peer too, it counts what comes to one side alone."""
    settings = {
        "tcp-relay": "true", "relay-threads": 4, "tcp-relay-connects-per-minute": 0,
        "max-connections-per-allocation": 16,
    }  # fmt: skip
    server = start_server(users=[USER], certificate=certificate, settings=settings)
    port = server.tls_port if "-S" in flags else server.port
    identity = ["-u", server.user.username, "-w", server.user.password]
    arguments = ["turnutils_uclient", *flags, "-n", str(MESSAGES), "-l", "171", "-p", str(port), *identity, HOSTS[0]]
    session = Session(arguments, tmp_path / "uclient.log")
    try:
        sent, received = session.verdict()
        assert sent > 0 and received == (sent // 2 if "-P" in flags else sent), session.tail
    finally:
        session.end()


@pytest.mark.parametrize("flags", [["-M"], ["-M", "-t"], ["-M", "-S"], ["-M", "-m", "20"]], ids="".join)
def test_moving_clients_lose_nothing(
    flags: list[str], start_server: Callable[..., TURNServer], certificate: Certificate, peer_port: int, tmp_path: Path
) -> None:
    """O02, O03: clients that take their allocations to other ports, and so mostly to other workers."""
    settings = {"mobility": "true", "relay-threads": 4, "dtls": "true"}
    server = start_server(users=[USER], certificate=certificate, settings=settings)
    clients = 20 if "-m" in flags else 1
    case = Case("dtls" if "-S" in flags else "udp", "channels", "IPv4", "static")
    arguments = case.arguments(server, peer_port, clients)
    session = Session([arguments[0], *[flag for flag in flags if flag in ("-M", "-t")], *arguments[1:]], tmp_path / "log")
    try:
        assert session.verdict() == (clients * MESSAGES, clients * MESSAGES), session.tail
    finally:
        session.end()


# -G sends more permissions and channels than it needs, -D pads channel data over UDP, -B leaves and comes again.
@pytest.mark.parametrize("flag", ["-G", "-D", "-B"])
def test_odd_habits_cost_nothing(flag: str, static_server: TURNServer, peer_port: int, tmp_path: Path) -> None:
    arguments = Case("udp", "channels", "IPv4", "static").arguments(static_server, peer_port)
    session = Session([arguments[0], flag, *arguments[1:]], tmp_path / "uclient.log")
    try:
        assert session.verdict() == (MESSAGES, MESSAGES), session.tail
    finally:
        session.end()


def run_for(seconds: int, flags: list[str], server: TURNServer, peer_port: int, directory: Path) -> str:
    """What the tool says with more flags, until it ends or is ended."""
    arguments = Case("udp", "channels", "IPv4", "static").arguments(server, peer_port)
    session = Session([arguments[0], *flags, *arguments[1:]], directory / "uclient.log")
    try:
        session.process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        session.end()
    return session.output


def test_its_negative_tests_end_in_a_refusal(static_server: TURNServer, peer_port: int, tmp_path: Path) -> None:
    """A channel that cannot be, at the end of all the wrong requests that it knows."""
    assert run_for(20, ["-N"], static_server, peer_port, tmp_path).rstrip().endswith("channel bind: error 400 ()")


def test_its_damaged_messages_harm_nobody(static_server: TURNServer, peer_port: int, tmp_path: Path) -> None:
    """One message in ten is damaged on the way out, and the tool then mostly waits for ever."""
    run_for(12, ["-R"], static_server, peer_port, tmp_path)
    case = Case("udp", "channels", "IPv4", "static")
    session = Session(case.arguments(static_server, peer_port), tmp_path / "after.log")
    try:
        assert session.verdict() == (MESSAGES, MESSAGES), session.tail
    finally:
        session.end()


def test_without_permissions_nothing_comes_back(static_server: TURNServer, peer_port: int, tmp_path: Path) -> None:
    """With Send indications to a peer that nobody has permitted."""
    output = run_for(12, ["-I", "-s"], static_server, peer_port, tmp_path)
    totals = re.findall(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)", output)
    assert totals and totals[-1] == (str(MESSAGES), "0"), output


def test_quick_leavers_are_gone(static_server: TURNServer, peer_port: int, tmp_path: Path) -> None:
    """With -O it connects, allocates and is gone without a word, which is all there is to its attack."""
    run_for(20, ["-O", "-m", "20"], static_server, peer_port, tmp_path)
    assert static_server.is_running and static_server.answers(HOSTS[0], "udp")
