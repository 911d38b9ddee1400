"""The server under test, as a process of its own."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from certificate import Certificate
from stun import Address
from turn_client import Credentials, TURNClient
from waiting import wait_until

CHECKOUT = Path(__file__).resolve().parents[2]
REALM = "interop.test"
HOSTS = ("127.0.0.1", "::1")

#: Below the ports that Linux hands out by itself (32768 up), so that no client's own socket sits in the way.
LISTENING_PORTS = range(10_000, 20_000)
RELAY_PORTS = range(20_000, 32_000)


def binary() -> Path:
    """The server that the environment names, or the release build of this checkout."""
    return Path(os.environ.get("CULVERT_TURNSERVER", CHECKOUT / ".build/release/turnserver"))


def debug_binary() -> Path | None:
    """The debug build, if there is one beside the release build under test."""
    if path := os.environ.get("CULVERT_TURNSERVER_DEBUG"):
        return Path(path)
    built = CHECKOUT / ".build/debug/turnserver"
    return built if built.exists() and "CULVERT_TURNSERVER" not in os.environ else None


@cache
def option_names(binary: Path) -> str:
    return subprocess.run([binary, "--help"], capture_output=True, text=True, timeout=20).stdout


def can_bind(port: int) -> bool:
    for host in HOSTS:
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
                if kind == socket.SOCK_STREAM:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((host, port))
                except OSError:
                    return False
    return True


def free_ports(count: int, among: range) -> range:
    """`count` ports in a row that nobody uses on either loopback address."""
    for _ in range(1000):
        first = random.randrange(among.start, among.stop - count)
        if all(can_bind(port) for port in range(first, first + count)):
            return range(first, first + count)
    raise AssertionError(f"no {count} free ports in a row among {among}")


class TURNServer:
    """Starts with `start`, ends with `stop`, which holds it to a clean exit.

    The tests also run against Debian's coturn 4.6.1 (`is_stand_in`), which tells an error of a test from one of the
    server. Where that version is known to behave otherwise, the test says so and asks less of it.
    """

    def __init__(
        self,
        directory: Path,
        *,
        binary: Path,
        users: Sequence[Credentials] = (),
        secret: str | None = None,
        certificate: Certificate | None = None,
        relay_ports: range = RELAY_PORTS,
        settings: Mapping[str, str | int | Sequence[str]] = MappingProxyType({}),
        environment: Mapping[str, str] | None = None,
    ):
        self.binary, self.users, self.secret = binary, users, secret
        self.certificate, self.relay_ports = certificate, relay_ports
        self.environment = environment
        self.port, self.tls_port = free_ports(2, LISTENING_PORTS)
        self.log_file = directory / "turnserver.log"
        self.configuration = directory / "turnserver.conf"
        self.is_stand_in = False
        self.configuration.write_text(self.lines(directory, settings))
        self.process: subprocess.Popen[bytes] | None = None

    def lines(self, directory: Path, settings: Mapping[str, str | int | Sequence[str]]) -> str:
        lines = [f"{key}={host}" for key in ("listening-ip", "relay-ip") for host in HOSTS]
        lines += [f"listening-port={self.port}", f"realm={REALM}"]
        lines += [f"min-port={self.relay_ports.start}", f"max-port={self.relay_ports.stop - 1}"]
        lines += ["allow-loopback-peers", "no-cli", "no-rfc5780", "log-file=stdout"]
        lines += [f"pidfile={directory}/turnserver.pid"]
        known = option_names(self.binary)
        self.is_stand_in = "rfc5766-channel-numbers" not in known
        if self.certificate:
            lines += [f"cert={self.certificate.chain}", f"pkey={self.certificate.key}"]
            lines += [f"tls-listening-port={self.tls_port}"]
            # coturn 4.6.1 does not need to be asked.
            lines += [] if self.is_stand_in else ["dtls"]
        else:
            lines += ["no-tls", "no-dtls"]
        if self.users:
            lines += ["lt-cred-mech"] + [f"user={user.username}:{user.password}" for user in self.users]
        if self.secret:
            lines += ["use-auth-secret", f"static-auth-secret={self.secret}"]
        # All clients of a test share one address, and turnutils_uclient binds channels anywhere in 0x4000-0x7FFF.
        # coturn learned both options only after 4.6.1.
        if "unauthorized-ratelimit-rps" in known:
            lines += ["unauthorized-ratelimit-rps=0"]
        if self.is_stand_in:
            # It would otherwise look into the database of an installed daemon.
            lines += [f"userdb={directory}/turndb"]
        else:
            lines += ["rfc5766-channel-numbers"]
        # Servers of tests have no business in /run, unless a test says so.
        administration = {} if self.is_stand_in else {"admin-socket": "none"}
        # turnutils_uclient leaves its allocations behind, and all of them belong to one user.
        for key, value in {"user-quota": 0, **administration, **settings}.items():
            lines += [f"{key}={each}" for each in ([value] if isinstance(value, (str, int)) else value)]
        return "\n".join(lines) + "\n"

    def start(self) -> None:
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [self.binary, "-c", self.configuration],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self.configuration.parent,
                env=self.environment,
            )  # fmt: skip
        wait_until("the server to answer on every address", self.answers_everywhere, seconds=20)

    def answers_everywhere(self) -> bool:
        assert self.is_running, f"the server ended with {self.process.returncode} at start:\n{self.log_tail}"
        return all(self.answers(host, transport) for host in HOSTS for transport in ("udp", "tcp"))

    def answers(self, host: str, transport: str) -> bool:
        try:
            with TURNClient((host, self.port), transport=transport, timeout=1) as client:
                return client.binding().is_success
        except (OSError, EOFError):
            return False

    def stop(self) -> None:
        """SIGTERM, and the server leaves with status 0."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the server ignored SIGTERM for 20 s") from None
        accepted = (0, -signal.SIGTERM) if self.is_stand_in else (0,)
        assert status in accepted, f"the server ended with status {status} on SIGTERM"

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def address(self) -> Address:
        return HOSTS[0], self.port

    @property
    def user(self) -> Credentials:
        return self.users[0]

    @property
    def log_tail(self) -> str:
        return "".join(self.log_file.read_text(errors="backslashreplace").splitlines(keepends=True)[-60:])

    @property
    def resident_kilobytes(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))

    @property
    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))
