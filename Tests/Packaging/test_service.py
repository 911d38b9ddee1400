"""The package on a clean Debian 12: installed, started, reloaded, watched and stopped by systemd as the unit says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from machine import CHECKOUT, Machine, run
from waiting import wait_until

CONFIGURATION = "/etc/culvert/turnserver.conf"
LOG = "/var/log/culvert/turnserver.log"
FAILURES = 7

#: Fails to log in as often as it is told, over each family.
STRANGER = """
from turn_client import Credentials, TURNClient
for host in ("127.0.0.1", "::1"):
    for number in range(int(sys.argv[1])):
        with TURNClient((host, 3478), Credentials('x" client=192.0.2.1:1 ', "wrong")) as client:
            assert client.allocate().error == 401
"""


@pytest.fixture(scope="module", autouse=True)
def configured(machine: Machine) -> None:
    """The file as an operator changes it: credentials, and addresses that the container has."""
    with (machine.root / CONFIGURATION.lstrip("/")).open("a") as file:
        file.write("realm=example.org\nuser=alice:wonder-land.42\nlistening-ip=127.0.0.1\nlistening-ip=::1\n")
        file.write("relay-ip=127.0.0.1\nunauthorized-ratelimit-rps=0\n")
    machine.call("systemctl", "restart", "culvert")


def binding(machine: Machine) -> str:
    """Asks the server for this client's address."""
    script = "from turn_client import TURNClient\nprint(TURNClient(('127.0.0.1', 3478)).binding().is_success)"
    return machine.python(script).strip()


def test_the_service_is_enabled_and_ready(machine: Machine) -> None:
    """READY=1 has come: with Type=notify nothing else makes a unit active."""
    assert machine.show("ActiveState") == "active"
    assert machine.show("Type") == "notify"
    assert machine.show("UnitFileState") == "enabled"
    assert binding(machine) == "True"


def test_it_runs_as_a_user_of_its_own_with_few_rights(machine: Machine) -> None:
    status = machine.call("cat", f"/proc/{machine.show('MainPID')}/status").stdout
    uid = machine.call("id", "--user", "culvert").stdout.strip()
    assert uid != "0"
    assert next(line.split()[1:] for line in status.splitlines() if line.startswith("Uid:")) == [uid] * 4
    # Only CAP_NET_BIND_SERVICE, bit 10.
    assert next(line.split()[1] for line in status.splitlines() if line.startswith("CapBnd:")) == f"{1 << 10:016x}"


def test_only_root_and_the_service_read_the_configuration(machine: Machine) -> None:
    assert machine.call("stat", "--format=%a %U %G", CONFIGURATION).stdout == "640 root culvert\n"
    assert CONFIGURATION in machine.call("dpkg-query", "--show", "--showformat=${Conffiles}", "culvert").stdout


def test_a_reload_is_told_and_keeps_the_process(machine: Machine) -> None:
    before, reopened = machine.show("MainPID"), machine.read(LOG).count("reopening log")
    machine.call("systemctl", "reload", "culvert")
    wait_until("the log to be opened again", lambda: machine.read(LOG).count("reopening log") == reopened + 1)
    wait_until("READY=1 after it", lambda: machine.show("ActiveState") == "active")
    assert machine.show("MainPID") == before


def test_logrotate_turns_the_log_over(machine: Machine) -> None:
    machine.call("logrotate", "--force", "/etc/logrotate.d/culvert")
    wait_until("a new log", lambda: "reopening log" in machine.read(LOG + ".1"))
    assert machine.call("stat", "--format=%a %U %G", LOG).stdout == "640 culvert culvert\n"
    machine.python(STRANGER, 1)
    wait_until("lines in the new log", lambda: "authentication failed" in machine.read(LOG))
    assert "authentication failed" not in machine.read(LOG + ".1")


def test_fail2ban_finds_every_failed_login_and_nothing_else(machine: Machine) -> None:
    before = machine.read(LOG).count('event="authentication failed"')
    machine.python(STRANGER, FAILURES)
    total = before + 2 * FAILURES
    wait_until("the failures in the log", lambda: machine.read(LOG).count('event="authentication failed"') == total)
    report = machine.call("fail2ban-regex", "--print-all-matched", LOG, "/etc/fail2ban/filter.d/culvert.conf").stdout
    assert f"{total} matched" in report, report
    addresses = machine.call("fail2ban-regex", "--out", "ip", LOG, "/etc/fail2ban/filter.d/culvert.conf").stdout.split()
    assert set(addresses) == {"127.0.0.1", "::1"}


def test_the_watchdog_is_told_of_life(machine: Machine) -> None:
    first = machine.show("WatchdogTimestampMonotonic")
    wait_until("another WATCHDOG=1", lambda: machine.show("WatchdogTimestampMonotonic") != first, seconds=30)


def test_a_worker_that_hangs_ends_in_a_restart(machine: Machine) -> None:
    """The main thread is well all the time: that a worker does not answer is what keeps it silent."""
    drop_in = machine.root / "etc/systemd/system/culvert.service.d/watchdog.conf"
    drop_in.parent.mkdir(parents=True)
    drop_in.write_text("[Service]\nWatchdogSec=2\n")
    machine.call("systemctl", "daemon-reload")
    machine.call("systemctl", "restart", "culvert")
    before = machine.show("MainPID")
    outside = next(pid for pid in process_ids("turnserver") if inside(pid) == before)
    script = [sys.executable, str(CHECKOUT / "Tests/Packaging/frozen_thread.py"), str(outside), "worker 0"]
    with subprocess.Popen(script, stdout=subprocess.PIPE, text=True) as frozen:
        try:
            assert frozen.stdout.readline() == "frozen\n"
            wait_until("systemd to lose patience", lambda: machine.show("NRestarts") == "1", seconds=30)
        finally:
            frozen.kill()
    wait_until("the next process", lambda: machine.show("ActiveState") == "active", seconds=30)
    assert machine.show("MainPID") != before
    assert binding(machine) == "True"
    drop_in.unlink()
    machine.call("systemctl", "daemon-reload")


def process_ids(name: str) -> list[int]:
    """Processes of this machine and its containers."""
    return [int(pid) for pid in run("pgrep", "--exact", name, check=False).stdout.split()]


def inside(pid: int) -> str:
    """A process id as the innermost container sees it."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(line.split()[-1] for line in status.splitlines() if line.startswith("NSpid:"))


def test_a_stop_is_clean(machine: Machine) -> None:
    machine.call("systemctl", "restart", "culvert")
    machine.call("systemctl", "stop", "culvert")
    assert (machine.show("Result"), machine.show("ExecMainStatus")) == ("success", "0")
    assert '"stopped"' in machine.read(LOG).splitlines()[-1] or "event=stopped" in machine.read(LOG).splitlines()[-1]


def test_a_bad_configuration_is_not_tried_again(machine: Machine) -> None:
    file = machine.root / CONFIGURATION.lstrip("/")
    good = file.read_text()
    file.write_text(good + "no-such-option\n")
    assert machine.call("systemctl", "start", "culvert", check=False).returncode != 0
    assert (machine.show("ExecMainStatus"), machine.show("NRestarts")) == ("78", "0")
    assert "no-such-option" in machine.call("journalctl", "--unit=culvert", "--no-pager").stdout
    file.write_text(good)
    machine.call("systemctl", "reset-failed", "culvert")
    machine.call("systemctl", "start", "culvert")


def test_systemd_finds_little_exposure(machine: Machine) -> None:
    """`systemd-analyze security` counts from 0 (nothing can go wrong) to 10; Docs/operations.md quotes it."""
    unit = "/lib/systemd/system/culvert.service"
    report = machine.call("systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", unit)
    print(report.stdout)


def test_the_package_goes_without_a_trace(machine: Machine) -> None:
    machine.call("apt-get", "purge", "--yes", "culvert")
    assert machine.show("LoadState") == "not-found"
    for path in ("/usr/bin/turnserver", "/etc/culvert", "/var/log/culvert", "/var/lib/culvert", "/etc/logrotate.d/culvert"):
        assert not (machine.root / path.lstrip("/")).exists()
