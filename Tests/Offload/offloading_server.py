"""The server under test, in the namespace between client and peer."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import Any

import server
from admin_client import AdminClient
from network import LISTENER, RELAY, Network
from turn_client import Credentials, TURNClient
from waiting import wait_until

USERS = [Credentials("alice", "wonder-land.42"), Credentials("bob", "builder.43")]
PORT = 3478
#: Private, so they must be allowed; single addresses of them can be denied.
PEER_NETWORKS = ["10.77.0.0/16", "fd77::/16"]


class OffloadingServer:
    """Ends when it is told, and with the tests at the latest."""

    def __init__(self, network: Network, directory: Path, hook: str, *settings: str, workers: int = 2):
        self.network, self.hook = network, hook
        self.log_file, self.configuration = directory / "turnserver.log", directory / "turnserver.conf"
        self.admin = AdminClient(directory / "admin.sock")
        self.base = [
            f"offload={hook}", "offload-interface=s0", "offload-interface=s1", f"listening-port={PORT}", "realm=offload.test",
            "lt-cred-mech", "no-tls", "no-dtls", "user-quota=0", "unauthorized-ratelimit-rps=0", f"relay-threads={workers}",
            f"admin-socket={directory}/admin.sock", "log-file=stdout", "min-port=50000", "max-port=59999",
            *(f"listening-ip={address}" for address in LISTENER.values()),
            *(f"relay-ip={address}" for address in RELAY.values()),
            *(f"allowed-peer-ip={network}" for network in PEER_NETWORKS),
        ]  # fmt: skip
        self.configure(*settings)
        self.process: subprocess.Popen[bytes] | None = None

    def configure(self, *settings: str, users: list[Credentials] = USERS) -> None:
        """Writes the configuration: what all tests need, users, and what this one wants beside."""
        accounts = [f"user={user.username}:{user.password}" for user in users]
        self.configuration.write_text("\n".join([*self.base, *accounts, *settings]) + "\n")

    def start(self) -> None:
        """Returns when it answers, with the program on both interfaces."""
        with self.log_file.open("ab") as log, self.network.server.entered():
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", server.binary(), "-c", self.configuration],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self.configuration.parent,
            )  # fmt: skip
        wait_until("the server to answer", self.answers, seconds=20)

    def answers(self) -> bool:
        assert self.process.poll() is None, f"the server ended with {self.process.returncode} at start:\n{self.log_tail}"
        try:
            with self.client(timeout=1) as client:
                return client.binding().is_success
        except OSError:
            return False

    def client(self, family: int = 4, user: Credentials = USERS[0], timeout: float = 5) -> TURNClient:
        """A client in its namespace."""
        with self.network.client.entered():
            return TURNClient((LISTENER[family], PORT), user, timeout=timeout)

    def session(self, client: TURNClient) -> dict[str, Any]:
        """What the admin interface says of a client's allocation."""
        host, port = client.socket.getsockname()[:2]
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        found = [each for each in self.admin.get("/api/v1/sessions").body["sessions"] if each["client"] == shown]
        assert len(found) == 1, f"{len(found)} sessions of {shown}"
        return found[0]

    def reload(self, *settings: str, users: list[Credentials] = USERS) -> None:
        """With other settings; they are in force when it returns."""
        self.configure(*settings, users=users)
        answer = self.admin.post("/api/v1/reload")
        assert answer.status == 200, answer.bytes

    def kill(self) -> None:
        """As a crash: nothing is put in order."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM, and the server leaves with status 0."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the server ignored SIGTERM for 20 s") from None
        assert status == 0, f"the server ended with status {status} on SIGTERM"

    @property
    def log_tail(self) -> str:
        return "".join(self.log_file.read_text(errors="backslashreplace").splitlines(keepends=True)[-40:])
