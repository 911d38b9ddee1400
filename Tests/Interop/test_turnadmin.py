"""turnadmin against the running server, and its doctor against planted faults."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import server
from server import TURNServer, free_ports
from turn_client import Credentials, TURNClient
from waiting import wait_until

USER = Credentials("alice", "wonder-land.42")
SECRET = "north-of-the-culvert"


def turnadmin(*arguments: object, status: int = 0) -> str:
    """Runs the program that stands beside the server, and holds it to its exit status."""
    binary = server.binary().with_name("turnadmin")
    done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == status, f"{arguments}: status {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def admin_socket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("admin") / "admin.sock"


@pytest.fixture(scope="module")
def steered(start_server: Callable[..., TURNServer], admin_socket: Path) -> TURNServer:
    """A server with an admin socket."""
    return start_server(users=[USER], secret=SECRET, settings={"admin-socket": str(admin_socket)})


@pytest.fixture
def ask(steered: TURNServer, admin_socket: Path) -> Callable[..., object]:
    """Asks with --json, and reads the answer."""
    return lambda *words, status=0: json.loads(turnadmin(*words, "--json", "--socket", admin_socket, status=status) or "null")


def test_sessions_are_listed_shown_and_ended(steered: TURNServer, ask: Callable, admin_socket: Path) -> None:
    with TURNClient(steered.address, USER) as client:
        assert client.allocate().is_success
        (session,) = ask("sessions", "--user", "alice")["sessions"]
        assert session["user"] == "alice"
        assert ask("sessions", session["id"])["client"] == session["client"]
        table = turnadmin("sessions", "--socket", admin_socket).splitlines()
        assert table[0].split()[:3] == ["SESSION", "USER", "CLIENT"]
        assert table[1].split()[:3] == [session["id"], "alice", session["client"]]
        assert "1 sessions" in turnadmin("top", "--count", 1, "--socket", admin_socket)
        assert ask("end", session["id"]) == {"ended": 1}
        assert ask("sessions")["sessions"] == []
        turnadmin("end", session["id"], "--socket", admin_socket, status=5)


def test_users_and_secrets_come_and_go(ask: Callable, admin_socket: Path) -> None:
    ask("users", "add", "bob", "--password", "a-long-one")
    ask("users", "password", "bob", "--password", "another-one")
    assert {user["name"] for user in ask("users", "list")["users"]} == {"alice", "bob"}
    ask("users", "delete", "bob")
    # What the file says is changed there.
    turnadmin("users", "delete", "alice", "--socket", admin_socket, status=4)
    added = ask("secrets", "add")
    rotated = ask("secrets", "rotate", added["id"], "--overlap", 0)
    assert rotated["value"] != added["value"]
    ask("secrets", "delete", rotated["id"])


def test_the_rest_of_the_interface_is_at_hand(steered: TURNServer, ask: Callable, admin_socket: Path) -> None:
    assert ask("status")["realm"] == server.REALM
    assert ask("health")["ready"] is True
    assert ask("policy", "check", "10.0.0.1")["verdict"] == "denied"
    assert ask("policy", "list")["rules"]
    assert ask("log-level", "debug") == {"level": "debug"}
    assert ask("log-level") == {"level": "debug"}
    assert ask("reload")["applied"] is True
    assert ask("revocations", "add", "mallory")["user"] == "mallory"
    assert [each["user"] for each in ask("revocations", "list")["revocations"]] == ["mallory"]
    assert ask("revocations", "delete", "mallory") is None
    assert turnadmin("metrics", "--socket", admin_socket).startswith("# ")
    minted = ask("credential", "--ttl", 60)["iceServers"][0]
    with TURNClient(steered.address, Credentials(minted["username"], minted["credential"])) as client:
        assert client.allocate().is_success
    assert ask("drain", "start")["draining"] is True
    assert ask("drain", "stop")["draining"] is False


def test_events_are_told_as_they_happen(steered: TURNServer, admin_socket: Path, tmp_path: Path) -> None:
    told = tmp_path / "events"
    binary = server.binary().with_name("turnadmin")
    with told.open("wb") as file:
        watch = subprocess.Popen([binary, "watch", "--json", "--socket", admin_socket], stdout=file)
    try:

        def is_told() -> bool:
            with TURNClient(steered.address, USER) as client:
                assert client.allocate().is_success
                client.refresh(0)
            return "session.ended" in told.read_text()

        wait_until("a session to be told", is_told)
        events = [json.loads(line) for line in told.read_text().splitlines()]
        assert {"session.created"} <= {event["type"] for event in events}
        assert all(event["data"]["user"] == "alice" for event in events)
    finally:
        watch.terminate()
        watch.wait(timeout=10)


def test_nobody_there_has_a_status_of_its_own(tmp_path: Path) -> None:
    turnadmin("status", "--socket", tmp_path / "nothing", status=3)


def test_coturns_options_keep_a_database(tmp_path: Path) -> None:
    file = tmp_path / "turndb"
    common = ("-r", "example.org", "-b", file)
    turnadmin("-a", "-u", "alice", "-p", "secret", *common)
    turnadmin("-s", "a-shared-secret", *common)
    assert turnadmin("-l", *common) == "alice[example.org]\n"
    assert turnadmin("-S", *common) == "a-shared-secret[example.org]\n"
    # The key of RFC 8489 §9.2.2: MD5 of alice:example.org:secret.
    assert turnadmin("-k", "-u", "alice", "-p", "secret", "-r", "example.org") == "0x543e1aec5d3614f03141652d6ada51b2\n"
    turnadmin("-d", "-u", "alice", *common)
    turnadmin("-X", "a-shared-secret", *common)
    assert turnadmin("-l", *common) + turnadmin("-S", *common) == ""
    turnadmin("-l", "-b", tmp_path, status=1)


# The doctor.


class Patient:
    """A configuration with one fault, and a server for it where the fault lets it run."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.port = free_ports(1, server.LISTENING_PORTS)[0]
        self.file = directory / "turnserver.conf"
        self.process: subprocess.Popen[bytes] | None = None
        self.lines = ["listening-ip=127.0.0.1", "relay-ip=127.0.0.1", f"listening-port={self.port}", "no-tls"]
        self.lines += ["realm=example.org", "user=alice:wonder-land.42", "admin-socket=none", "log-file=stdout"]

    def write(self, *more: str, mode: int = 0o600) -> None:
        self.file.write_text("\n".join([*self.lines, *more]) + "\n")
        self.file.chmod(mode)

    def start(self) -> None:
        with (self.directory / "log").open("wb") as log:
            self.process = subprocess.Popen([server.binary(), "-c", self.file], stdout=log, stderr=log)
        wait_until("the patient to answer", self.answers)

    def answers(self) -> bool:
        try:
            with TURNClient(("127.0.0.1", self.port), timeout=1) as client:
                return client.binding().is_success
        except OSError:
            return False

    def faults(self, *options: str) -> set[str]:
        """The names of the faults; each must come with a cure, and with status 1."""
        command = [server.binary().with_name("turnadmin"), "doctor", "--json", "--timeout", "0.5", "-c", self.file]
        done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60)
        findings = [each for each in json.loads(done.stdout) if each["gravity"] == "fault"]
        assert all(each["cure"] for each in findings)
        assert done.returncode == (1 if findings else 0)
        return {each["name"] for each in findings}

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=20)


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    each = Patient(tmp_path)
    yield each
    each.stop()


#: Every server of the tests relays on loopback, which is a fault of its own on the Internet.
LOOPBACK = "private-relay-address"


def certificate(directory: Path, name: str, *, dates: tuple[str, str]) -> tuple[Path, Path]:
    """A certificate that signs itself, good from one time to another, and its key."""
    key, request, file = (directory / f"{name}.{suffix}" for suffix in ("key", "csr", "pem"))
    settings = directory / "ca.conf"
    (directory / "index").write_text("")
    settings.write_text(
        f"[ca]\ndefault_ca=own\n[own]\ndatabase={directory}/index\nnew_certs_dir={directory}\nrand_serial=yes\n"
        "default_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n"
    )
    ask = ["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=example.org", "-keyout", key, "-out", request]
    sign = ["openssl", "ca", "-batch", "-selfsign", "-config", settings, "-keyfile", key, "-in", request, "-notext"]
    sign += ["-startdate", dates[0], "-enddate", dates[1], "-out", file]
    for command in (ask, sign):
        subprocess.run(command, check=True, capture_output=True)
    return file, key


PAST = ("20200101000000Z", "20200201000000Z")
PRESENT = ("20200101000000Z", "20900101000000Z")


def with_certificate(patient: Patient, certificate: Path, key: Path) -> None:
    patient.lines.remove("no-tls")
    tls = free_ports(1, server.LISTENING_PORTS)[0]
    patient.write(f"cert={certificate}", f"pkey={key}", f"tls-listening-port={tls}")


def test_a_healthy_server_has_no_fault_but_its_loopback_address(patient: Patient) -> None:
    patient.write()
    patient.start()
    assert patient.faults("--host", "127.0.0.1") == {LOOPBACK}


def test_fault_1_a_mistake_in_the_file(patient: Patient) -> None:
    patient.write("no-such-option=1")
    assert patient.faults() == {"configuration"}


def test_fault_2_secrets_that_everybody_can_read(patient: Patient) -> None:
    patient.write(mode=0o644)
    patient.start()
    assert patient.faults() == {LOOPBACK, "configuration-readable-by-all"}


def test_fault_3_no_credentials(patient: Patient) -> None:
    patient.lines = [line for line in patient.lines if not line.startswith("user=")]
    patient.write()
    patient.start()
    assert patient.faults() == {"no-credentials"}


def test_fault_4_too_few_relay_ports(patient: Patient) -> None:
    patient.write("min-port=20000", "max-port=20009", "total-quota=500")
    patient.start()
    assert patient.faults() == {LOOPBACK, "few-relay-ports"}


def test_fault_5_a_certificate_that_has_run_out(patient: Patient, tmp_path: Path) -> None:
    with_certificate(patient, *certificate(tmp_path, "old", dates=PAST))
    patient.start()
    assert patient.faults() == {LOOPBACK, "certificate-expired"}


def test_fault_6_a_key_of_another_certificate(patient: Patient, tmp_path: Path) -> None:
    file, _ = certificate(tmp_path, "one", dates=PRESENT)
    with_certificate(patient, file, certificate(tmp_path, "other", dates=PRESENT)[1])
    assert "certificate-unusable" in patient.faults()


def test_fault_7_a_name_that_nobody_knows(patient: Patient) -> None:
    patient.write()
    patient.start()
    assert patient.faults("--host", "no-such-name.invalid") == {LOOPBACK, "name-unknown"}


def test_fault_8_a_name_that_leads_elsewhere(patient: Patient) -> None:
    patient.write()
    patient.start()
    assert patient.faults("--host", "192.0.2.77") == {LOOPBACK, "name-elsewhere"}


def test_fault_9_a_server_that_does_not_run(patient: Patient) -> None:
    patient.write()
    assert patient.faults() == {"silent-udp", "silent-tcp"}


def test_fault_10_another_program_on_the_port(patient: Patient) -> None:
    patient.write("no-udp")
    with socket.create_server(("127.0.0.1", patient.port)) as stranger:
        stranger.settimeout(20)
        child = os.fork()
        if child == 0:
            connection, _ = stranger.accept()
            connection.sendall(b"220 mail.example.org ESMTP\r\n")
            connection.recv(100)
            os._exit(0)
        assert patient.faults() == {"stranger-tcp"}
        os.waitpid(child, 0)


def test_fault_11_a_password_that_the_running_server_does_not_know(patient: Patient) -> None:
    patient.write()
    patient.start()
    patient.lines[patient.lines.index("user=alice:wonder-land.42")] = "user=alice:changed-since"
    patient.write()
    assert patient.faults() == {"allocate-401"}


def test_fault_12_a_quota_that_is_used_up(patient: Patient) -> None:
    patient.write("user-quota=1")
    patient.start()
    with TURNClient(("127.0.0.1", patient.port), USER) as client:
        assert client.allocate().is_success
        assert patient.faults() == {"allocate-486"}
