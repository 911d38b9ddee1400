"""coturn's turnutils_oauth as the authorization server (RFC 7635): what it makes opens an allocation here."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import time
from collections.abc import Callable

import pytest

import stun
from conftest import USER
from server import TURNServer
from turn_client import Credentials, TURNClient

ACCESS_TOKEN = 0x001B
SERVER_NAME = "turn.interop.test"
KEYS = {"north": ("A256GCM", "01234567890123456789012345678901"), "union": ("A128GCM", "1234567890123456")}


def new_mac_key() -> bytes:
    """20 random bytes, none of them zero: there coturn's tool would cut the key off."""
    return bytes(1 + byte % 255 for byte in os.urandom(20))


def token(kid: str, mac_key: bytes, lifetime: int = 3600, server_name: str = SERVER_NAME) -> bytes:
    """An access token for a MAC key, as the tool makes it."""
    algorithm, key = KEYS[kid]
    now = int(time.time())
    made = subprocess.run(
        [
            "turnutils_oauth", "-e", "-i", server_name, "-j", kid, "-k", base64.b64encode(key.encode()).decode(),
            "-l", str(now), "-m", "86400", "-n", algorithm, "-o", base64.b64encode(os.urandom(12)).decode(),
            "-p", base64.b64encode(mac_key).decode(), "-q", str(now << 16), "-r", str(lifetime),
        ],
        capture_output=True, timeout=20, check=True,
    )  # fmt: skip
    found = re.search(rb'"access_token":"([^"]+)"', made.stdout)
    assert found, made.stdout
    return base64.b64decode(found[1])


@pytest.fixture(scope="module")
def server(start_server: Callable[..., TURNServer]) -> TURNServer:
    started = start_server(
        users=[USER],
        settings={
            "oauth": "true", "server-name": SERVER_NAME,
            "oauth-key": [f"{kid}:{key}" for kid, (_, key) in KEYS.items()],
        },
    )  # fmt: skip
    if started.is_stand_in:
        pytest.skip("coturn keeps these keys in its database")
    return started


def allocate(server: TURNServer, kid: str, token: bytes, mac_key: bytes) -> tuple[int, int]:
    """What an Allocate with a token comes to, and a Refresh after it: error codes, 0 for success."""
    with TURNClient(server.address, Credentials(kid, "")) as client:
        client.challenge()
        client.key = mac_key
        attributes = client.allocation_attributes()
        answer = client.exchange(client.authenticated(stun.ALLOCATE, [*attributes, (ACCESS_TOKEN, token)]))
        refresh = client.exchange(client.authenticated(stun.REFRESH, [(stun.LIFETIME, bytes(4))]))
        return answer.error, refresh.error


@pytest.mark.parametrize("kid", KEYS)
def test_a_token_opens_an_allocation(kid: str, server: TURNServer) -> None:
    """P01, P03: with keys of 16 and of 32 bytes."""
    mac_key = new_mac_key()
    assert allocate(server, kid, token(kid, mac_key), mac_key) == (0, 0)


def test_other_tokens_open_nothing(server: TURNServer) -> None:
    """P02: another key inside, another server, another maker's key."""
    mac_key = new_mac_key()
    good = token("north", mac_key)
    assert allocate(server, "north", good, os.urandom(20))[0] == 401
    assert allocate(server, "north", token("north", mac_key, server_name="elsewhere.test"), mac_key)[0] == 401
    assert allocate(server, "union", good, mac_key)[0] == 401
