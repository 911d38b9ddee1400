"""A thousand reloads under load: no session ends, nothing grows, and the counts are exact."""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import stun
from certificate import Certificate
from conftest import USER
from relaying import connect, echo, relay
from server import HOSTS, TURNServer
from turn_client import Credentials, TURNClient
from waiting import wait_until

RELOADS = 1000
WARM_UP = 200
UDP_SESSIONS = 6
GROWTH_KILOBYTES = 4096


class Reloads:
    """Writes configuration files, and waits until the log says what has come of each."""

    def __init__(self, server: TURNServer):
        self.server = server
        self.base = [line for line in server.configuration.read_text().splitlines() if not line.startswith("user")]
        self.log = server.log_file.open()

    def reload(self, *lines: str) -> str:
        """The last line of the log about it."""
        self.log.read()
        self.server.configuration.write_text("\n".join([*self.base, *lines]) + "\n")
        self.server.process.send_signal(signal.SIGHUP)
        said: list[str] = []

        def is_said() -> bool:
            said.extend(line for line in self.log.read().splitlines() if "reloaded" in line)
            return bool(said)

        wait_until("the log to tell of the reload", is_said)
        return said[-1]


class Load(threading.Thread):
    """Echoes through a session without a pause."""

    def __init__(self, client: TURNClient, peer: socket.socket):
        super().__init__()
        self.client, self.peer = client, peer
        self.stopping, self.echoes = threading.Event(), 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stopping.wait(0.005):
                payload = self.echoes.to_bytes(4, "big") * 40
                assert echo(self.client, self.peer, payload) == payload, "a payload came back otherwise"
                self.echoes += 1
        except BaseException as failure:
            self.failure = failure


@pytest.fixture
def certificates(tmp_path: Path) -> list[Certificate]:
    """The one that the server uses, and two to put in its place by turns."""
    made = []
    for name in ("used", "one", "other"):
        (tmp_path / name).mkdir()
        made.append(Certificate(tmp_path / name))
    return made


@pytest.fixture
def peers() -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        made = [
            stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(UDP_SESSIONS + 1)
        ]
        for peer in made:
            peer.bind((HOSTS[0], 0))
            peer.settimeout(5)
        yield made


def put(certificate: Certificate, in_place_of: Certificate) -> None:
    shutil.copy(certificate.chain, in_place_of.chain)
    shutil.copy(certificate.key, in_place_of.key)


@pytest.mark.timeout(400)
def test_reloads_under_load(
    start_server: Callable[..., TURNServer], certificates: list[Certificate], peers: list[socket.socket]
) -> None:
    used, *others = certificates
    server = start_server(users=[USER], certificate=used)
    reloads = Reloads(server)
    with ExitStack() as stack:
        clients = [stack.enter_context(TURNClient(server.address, USER)) for _ in range(UDP_SESSIONS)]
        clients.append(stack.enter_context(connect(server)))
        for client, peer in zip(clients, peers):
            stack.enter_context(relay(client, peer))
        load = [Load(client, peer) for client, peer in zip(clients, peers)]
        for each in load:
            each.start()
        try:
            for round in range(RELOADS):
                put(others[round % 2], in_place_of=used)
                # In every third round the very user whose sessions these are is not in the file.
                user = f"user={USER.username}:{USER.password}" if round % 3 else f"user=round{round}:word"
                said = reloads.reload(
                    user, f"user-quota={round % 4}", f"denied-peer-ip=198.51.100.{round % 250}",
                    f"static-auth-secret=a-secret-of-round-{round:04}", f"stale-nonce={600 + round % 2}",
                    f"max-permissions-per-allocation={100 + round % 7}", "verbose" if round % 2 else "no-stun=off",
                )  # fmt: skip
                assert "not reloaded" not in said, said
                if round == WARM_UP:
                    memory, descriptors = server.resident_kilobytes, server.descriptors
                if round % 100 == 0:
                    assert all(each.failure is None for each in load), [each.failure for each in load]
        finally:
            for each in load:
                each.stopping.set()
            for each in load:
                each.join()
        assert [each.failure for each in load] == [None] * len(load)
        assert all(each.echoes > RELOADS / 10 for each in load), [each.echoes for each in load]
        assert server.descriptors == descriptors
        assert server.resident_kilobytes - memory < GROWTH_KILOBYTES

        # Who has a session may go on with it, whatever became of the user.
        reloads.reload("user=nobody:word")
        for client, peer in zip(clients, peers):
            assert client.refresh(600).is_success
            assert client.channel_bind(0x4000, peer.getsockname()).is_success
        newcomer = stack.enter_context(TURNClient(server.address, USER))
        assert newcomer.allocate().error == 401

        # The quota counts what is there, neither more nor less.
        reloads.reload(f"user={USER.username}:{USER.password}", f"user-quota={len(clients) + 2}")
        more = [stack.enter_context(TURNClient(server.address, USER)) for _ in range(3)]
        assert [client.allocate().error for client in more] == [0, 0, 486]
        for client in clients:
            assert client.refresh(0).is_success
        reloads.reload(f"user={USER.username}:{USER.password}", "user-quota=3")
        more += [stack.enter_context(TURNClient(server.address, USER)) for _ in range(2)]
        assert [client.allocate().error for client in more[2:]] == [0, 486, 486]


def test_new_certificate_and_users_serve_at_once(
    start_server: Callable[..., TURNServer], certificates: list[Certificate]
) -> None:
    used, other, _ = certificates
    server = start_server(users=[USER], certificate=used)
    reloads = Reloads(server)
    put(other, in_place_of=used)
    newcomer = Credentials("dora", "word")
    said = reloads.reload(f"user={newcomer.username}:{newcomer.password}")
    assert "changed=user" in said
    with TURNClient((HOSTS[0], server.tls_port), newcomer, "tls", trust=other.trust) as client:
        assert client.socket.getpeercert(binary_form=True) == other.der
        assert client.allocate().is_success
    with TURNClient(server.address, USER) as client:
        assert client.allocate().error == 401


def test_a_bad_file_or_certificate_changes_nothing(
    start_server: Callable[..., TURNServer], certificates: list[Certificate]
) -> None:
    used, *_ = certificates
    server = start_server(users=[USER], certificate=used)
    reloads = Reloads(server)
    assert "not reloaded" in reloads.reload("user=dora:word", "user-quota=many")
    assert "user-quota: expected" in server.log_tail and "turnserver.conf:" in server.log_tail
    used.key.write_text("no key")
    assert "not reloaded" in reloads.reload("user=dora:word")
    with TURNClient(server.address, USER) as client:
        assert client.allocate().is_success
        assert client.request(stun.REFRESH, []).is_success


def threads(server: TURNServer) -> list[str]:
    folder = Path(f"/proc/{server.process.pid}/task")
    return sorted((each / "comm").read_text().strip() for each in folder.iterdir())


def leave_descriptors(server: TURNServer, count: int) -> None:
    """Lets a server open so many descriptors more."""
    process = server.process.pid
    used = {int(name) for name in os.listdir(f"/proc/{process}/fd")}
    free = (number for number in itertools.count() if number not in used)
    limit = next(itertools.islice(free, count, None))
    _, hard = resource.prlimit(process, resource.RLIMIT_NOFILE)
    resource.prlimit(process, resource.RLIMIT_NOFILE, (limit, hard))


def test_a_reload_that_fails_half_way_leaves_no_thread_behind(
    start_server: Callable[..., TURNServer], tmp_path: Path
) -> None:
    """The thread for alternate servers gets the last descriptor, and the one for the database none."""
    server = start_server(users=[USER], settings={"relay-threads": 1})
    reloads = Reloads(server)
    user = f"user={USER.username}:{USER.password}"
    before = threads(server)
    for _ in range(2):
        # The one worker has closed the connections of those who looked whether it is there, before it answers again.
        with TURNClient(server.address) as client:
            assert client.binding().is_success
    leave_descriptors(server, 1)
    said = reloads.reload(user, "alternate-server=127.0.0.1:9", f"userdb={tmp_path}/none")
    assert "not reloaded" in said and "cannot start a thread" in said, said
    wait_until("every new thread to end", lambda: threads(server) == before)
    with TURNClient(server.address, USER) as client:
        assert client.binding().is_success
    leave_descriptors(server, 1000)
    assert "not reloaded" not in reloads.reload(user, "alternate-server=127.0.0.1:9", f"userdb={tmp_path}/none")
    assert threads(server) == sorted([*before, "database", "probe"])
