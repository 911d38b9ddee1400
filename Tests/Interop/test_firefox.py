"""Firefox, headless: the same call as Chromium's. It never binds a channel, and fingerprints what it sends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from browser_call import hold_call, judge
from server import TURNServer

PREFERENCES = {
    "media.navigator.streams.fake": "true",
    "media.navigator.permission.disabled": "true",
    "media.autoplay.default": "0",
    "media.peerconnection.ice.loopback": "true",
    "media.peerconnection.ice.obfuscate_host_addresses": "false",
    # Keeps the browser off the network: its own services look for hosts that do not exist.
    "network.dns.disabled": "true",
    "network.captive-portal-service.enabled": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "browser.shell.checkDefaultBrowser": "false",
    "browser.aboutwelcome.enabled": "false",
    "termsofuse.bypassNotification": "true",
}


def has_default_route() -> bool:
    routes = Path("/proc/net/route").read_text().splitlines()[1:]
    return any(route.split()[1] == "00000000" for route in routes)


def command(url: str, home: Path) -> list[str]:
    profile = home / "profile"
    profile.mkdir()
    preferences = (f'user_pref("{name}", {value});\n' for name, value in PREFERENCES.items())
    (profile / "user.js").write_text("".join(preferences))
    return ["firefox-esr", "--headless", "--no-remote", "--profile", str(profile), url]


@pytest.mark.skipif(not shutil.which("firefox-esr"), reason="no firefox-esr on this machine")
@pytest.mark.skipif(not has_default_route(), reason="Firefox gathers no candidates without a default route")
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_call_through_the_relay(transport: str, static_server: TURNServer, tmp_path: Path) -> None:
    judge(hold_call(command, tmp_path, static_server, transport), transport)
