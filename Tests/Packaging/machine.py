"""A Debian 12 of its own, booted with systemd in a container without a network."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

from waiting import wait_until

CHECKOUT = Path(__file__).resolve().parents[2]
#: Kept from run to run: the packages of a minimal system, and what the tests themselves call.
BASE = CHECKOUT / ".build/debian-12"
INCLUDED = "dbus,fail2ban,logrotate,systemd"


def base() -> Path:
    """A root directory as Debian's installer leaves it."""
    if not BASE.exists():
        unfinished = BASE.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        run("debootstrap", "--variant=minbase", f"--include={INCLUDED}", "bookworm", unfinished)
        unfinished.rename(BASE)
    return BASE


def run(*command: object, check: bool = True, **options: object) -> subprocess.CompletedProcess[str]:
    """Runs a command; its output stands in the failure when it is not to fail and does."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, **options)
    assert not check or done.returncode == 0, f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}"
    return done


class Machine:
    """Copies the base, installs a package as an operator does, boots. `stop` powers off."""

    def __init__(self, root: Path, package: Path):
        self.root = root
        run("cp", "--archive", base(), root)
        shutil.copy(package, root / "culvert.deb")
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        run("chroot", root, "apt-get", "update", "--quiet")
        install = ["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", "/culvert.deb"]
        self.installation = run("chroot", root, "env", "DEBIAN_FRONTEND=noninteractive", *install).stdout
        self.leader = 0

    def boot(self) -> None:
        """Returns when systemd has started what is enabled."""
        console = (self.root.parent / "console").open("wb")
        options = ["--register=no", "--keep-unit", "--private-network", "--console=passive"]
        # It wants a terminal of its own, and script has one to give.
        nspawn = " ".join(["systemd-nspawn", "--quiet", "--directory", str(self.root), *options, "--boot"])
        self.container = subprocess.Popen(
            ["script", "--quiet", "--command", nspawn, "/dev/null"], stdin=subprocess.DEVNULL, stdout=console, stderr=console)  # fmt: skip
        wait_until("the first process of the container", self.find_leader, seconds=30)
        wait_until("systemd to have started everything", self.has_booted, seconds=120)

    def find_leader(self) -> bool:
        found = self.container.pid
        for _ in range(3):  # script, its shell or nspawn, the container's first process
            children = Path(f"/proc/{found}/task/{found}/children").read_text().split()
            if not children:
                return False
            found = int(children[0])
            if Path(f"/proc/{found}/comm").read_text() == "systemd\n":
                self.leader = found
                return True
        return False

    def has_booted(self) -> bool:
        return self.call("systemctl", "is-system-running", check=False).stdout.strip() in ("running", "degraded")

    def call(self, *command: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs a command inside."""
        return run("nsenter", f"--target={self.leader}", "--all", *command, check=check)

    def python(self, script: str, *arguments: object) -> str:
        """Runs Python of this checkout in the network of the container."""
        path = f"import sys; sys.path.insert(0, {str(CHECKOUT / 'Tests/Interop')!r})\n"
        return run("nsenter", f"--target={self.leader}", "--net", sys.executable, "-c", path + script, *arguments).stdout

    def show(self, property: str, unit: str = "culvert") -> str:
        """A property of a unit."""
        return self.call("systemctl", "show", unit, f"--property={property}", "--value").stdout.strip()

    def read(self, path: str) -> str:
        """A file of the container."""
        return (self.root / path.lstrip("/")).read_text(errors="backslashreplace")

    def stop(self) -> None:
        """Powers off, as the power button does."""
        if self.leader:
            self.call("systemctl", "poweroff", check=False)
        try:
            self.container.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.container.send_signal(signal.SIGKILL)
            raise AssertionError("the container did not power off") from None
        finally:
            shutil.rmtree(self.root)
