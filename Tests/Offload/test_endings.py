"""Whatever ends a session or a channel ends it in the kernel, within a second."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from network import PEER
from offloading_server import USERS, OffloadingServer
from relayed_channel import RelayedChannel
from waiting import wait_until

#: What becomes of the traffic must be seen within this.
SECONDS = 1


def expect_silence(channel: RelayedChannel) -> None:
    deadline = time.monotonic() + SECONDS
    while not channel.is_silent():
        assert time.monotonic() < deadline, "packets are still relayed"
    # Nor does it come back.
    assert channel.is_silent()


def delete(channel: RelayedChannel) -> None:
    session = channel.server.session(channel.client)
    assert channel.server.admin.delete(f"/api/v1/sessions/{session['id']}").status in (200, 204)


def refresh_with_zero(channel: RelayedChannel) -> None:
    assert channel.client.refresh(0).is_success


def revoke(channel: RelayedChannel) -> None:
    assert channel.server.admin.post("/api/v1/revocations", {"user": USERS[1].username}).status == 201


def deny_peer(channel: RelayedChannel) -> None:
    channel.server.reload(f"denied-peer-ip={PEER[4]}")


@pytest.mark.parametrize("end", [delete, refresh_with_zero, revoke, deny_peer])
def test_traffic_ends_with_what_allowed_it(offloading: OffloadingServer, end: Callable[[RelayedChannel], None]) -> None:
    with RelayedChannel(offloading, user=USERS[1]).settle() as channel:
        assert not channel.is_silent()
        try:
            end(channel)
            expect_silence(channel)
        finally:
            offloading.reload()
            offloading.admin.delete(f"/api/v1/revocations/{USERS[1].username}")


def test_a_channel_that_is_not_renewed_expires(offloading: OffloadingServer) -> None:
    offloading.reload("channel-lifetime=2", "permission-lifetime=2")
    try:
        with RelayedChannel(offloading).settle() as channel:
            channel.bind()
            bound = time.monotonic()
            wait_until("the channel to expire", channel.is_silent, seconds=4)
            assert 1.5 < time.monotonic() - bound < 2 + SECONDS + 0.5
    finally:
        offloading.reload()


def test_a_channel_that_is_renewed_goes_on_in_the_kernel(offloading: OffloadingServer) -> None:
    offloading.reload("channel-lifetime=2", "permission-lifetime=2")
    try:
        with RelayedChannel(offloading).settle() as channel:
            end = time.monotonic() + 4
            while time.monotonic() < end:
                channel.bind()
                with channel.carried_by_kernel():
                    assert channel.up(b"still here") == b"still here"
                time.sleep(0.2)
    finally:
        offloading.reload()


class Flood(threading.Thread):
    """Sends both ways without a pause, whatever becomes of it."""

    def __init__(self, channel: RelayedChannel):
        super().__init__(daemon=True)
        self.channel, self.stopping = channel, threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            for send in (self.channel.send_up, self.channel.send_down):
                with suppress(OSError):
                    send(b"flooding" * 20)

    def __enter__(self) -> Flood:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.join()


def test_after_a_crash_under_load_nothing_stale_relays(offloading: OffloadingServer) -> None:
    with RelayedChannel(offloading).settle() as stale:
        with Flood(stale):
            wait_until("the flood to arrive", lambda: stale.is_heard(0.1), seconds=5)
            offloading.kill()
            expect_quiet(stale)
            assert programs_on(offloading) == []
            offloading.start()
            expect_quiet(stale)
        with RelayedChannel(offloading).settle() as fresh:
            assert fresh.up(b"anew") == b"anew"
        assert stale.is_silent()


def expect_quiet(channel: RelayedChannel) -> None:
    """Nothing arrives of what is sent all the time."""
    channel.forget()
    time.sleep(0.1)
    channel.forget()
    assert not channel.is_heard(0.5)


def programs_on(server: OffloadingServer) -> list[str]:
    """The interfaces of the server that have an XDP program."""
    with server.network.server.entered():
        shown = subprocess.run(["ip", "-json", "link", "show"], capture_output=True, text=True, check=True).stdout
    return [link["ifname"] for link in json.loads(shown) if "xdp" in link]
