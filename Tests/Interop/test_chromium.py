"""Chromium, headless: a two-peer video call whose only path is the relay."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from browser_call import hold_call, judge
from server import TURNServer


def command(url: str, home: Path) -> list[str]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "no Chromium: run scripts/install-test-dependencies.sh"
    return [
        chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        "--allow-loopback-in-peer-connection", "--disable-features=WebRtcHideLocalIpsWithMdns",
        # Keeps the browser off the network: its own services look for hosts that do not exist.
        "--no-proxy-server", "--disable-background-networking", "--disable-component-update", "--no-first-run",
        # What the server's own certificate vouches for is not asked here.
        "--ignore-certificate-errors",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        f"--user-data-dir={home}/profile", url,
    ]  # fmt: skip


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_call_through_the_relay(transport: str, static_server: TURNServer, tmp_path: Path) -> None:
    judge(hold_call(command, tmp_path, static_server, transport), transport)
