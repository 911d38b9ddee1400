"""Users and secrets of a database, changed through the admin interface while the server runs."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import stun
from admin_client import AdminClient
from server import REALM, TURNServer
from turn_client import Credentials, TURNClient
from waiting import wait_until

OTHER_REALM, OTHER_PAGE = "other.test", "https://other.test"
DORA = Credentials("dora", "word")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("database")


@pytest.fixture(scope="module")
def running(start_server: Callable[..., TURNServer], folder: Path) -> TURNServer:
    return start_server(
        settings={
            "admin-socket": f"{folder}/admin.sock", "userdb": f"{folder}/turndb", "use-auth-secret": "on",
            "relay-threads": 2,
        }
    )  # fmt: skip


@pytest.fixture
def admin(running: TURNServer, folder: Path) -> AdminClient:
    return AdminClient(folder / "admin.sock")


@pytest.fixture
def table(running: TURNServer, admin: AdminClient, folder: Path) -> Iterator[sqlite3.Connection]:
    """The file itself, with all tables in it."""
    admin.post("/api/v1/users", {"name": "anybody", "password": "x"})
    with sqlite3.connect(folder / "turndb", isolation_level=None) as connection:
        yield connection


def allocates(client: TURNClient, page: str | None = None) -> bool:
    """Whether a client, of a web page perhaps, gets an allocation."""
    origin = [] if page is None else [(stun.ORIGIN, page.encode())]
    client.learn(
        client.exchange(stun.message(stun.ALLOCATE, stun.transaction_id(), client.allocation_attributes() + origin))
    )
    return client.allocate().is_success


def test_a_deleted_user_is_out_before_the_answer_comes(running: TURNServer, admin: AdminClient) -> None:
    """No login slips in between the end of the sessions and the next look at the file."""
    for _ in range(5):
        assert admin.post("/api/v1/users", {"name": DORA.username, "password": DORA.password}).status == 201
        with TURNClient(running.address, DORA) as early, TURNClient(running.address, DORA) as late:
            assert early.allocate().is_success
            late.challenge()
            assert admin.delete(f"/api/v1/users/{DORA.username}").body == {"ended": 1}
            assert late.allocate().error == 401
            assert early.refresh(600).error == 401


def test_a_new_password_holds_before_the_answer_comes(running: TURNServer, admin: AdminClient) -> None:
    assert admin.post("/api/v1/users", {"name": "emil", "password": "first"}).status == 201
    assert admin.put("/api/v1/users/emil", {"password": "second"}).status == 200
    with ExitStack() as clients:
        old, new = (
            clients.enter_context(TURNClient(running.address, Credentials("emil", password)))
            for password in ("first", "second")
        )
        assert old.allocate().error == 401 and new.allocate().is_success


def test_a_user_of_the_same_name_in_another_realm_stays(
    running: TURNServer, admin: AdminClient, table: sqlite3.Connection
) -> None:
    table.execute("INSERT OR REPLACE INTO turn_origin_to_realm VALUES (?, ?)", (OTHER_PAGE, OTHER_REALM))
    for realm in (REALM, OTHER_REALM):
        answer = admin.post("/api/v1/users", {"name": DORA.username, "password": DORA.password, "realm": realm})
        assert answer.status == 201, answer.body
    with TURNClient(running.address, DORA) as here, TURNClient(running.address, DORA) as there:
        assert allocates(here) and allocates(there, OTHER_PAGE)
        assert there.realm.decode() == OTHER_REALM
        assert admin.delete(f"/api/v1/users/{DORA.username}").body == {"ended": 1}
        assert here.refresh(600).error == 401
        assert there.refresh(600).is_success
        assert admin.delete(f"/api/v1/users/{DORA.username}", realm=OTHER_REALM).body == {"ended": 1}
        assert there.refresh(600).error == 401


def rest_login(secret: str) -> Credentials:
    return Credentials(*stun.rest_credentials(secret, int(time.time()) + 60))


def test_a_secret_of_the_database_rotates_by_realm(
    running: TURNServer, admin: AdminClient, table: sqlite3.Connection
) -> None:
    def opens(secret: str, page: str | None = None) -> bool:
        with TURNClient(running.address, rest_login(secret)) as client:
            return allocates(client, page)

    def stored(realm: str) -> set[str]:
        return {value for (value,) in table.execute("SELECT value FROM turn_secret WHERE realm = ?", (realm,))}

    table.execute("INSERT OR REPLACE INTO turn_origin_to_realm VALUES (?, ?)", (OTHER_PAGE, OTHER_REALM))
    shared = "a-secret-of-two-realms"
    for realm in (REALM, OTHER_REALM):
        assert admin.post("/api/v1/secrets", {"value": shared, "realm": realm}).status == 201
        assert admin.post("/api/v1/secrets", {"value": shared, "realm": realm}).status == 409
    (listed,) = admin.get("/api/v1/secrets", realm=OTHER_REALM).body["secrets"]
    assert (listed["realm"], listed["source"]) == (OTHER_REALM, "database") and "value" not in listed

    path = f"/api/v1/secrets/{listed['id']}"
    longer = admin.post(f"{path}/rotate", {"overlapSeconds": 600}, realm=OTHER_REALM)
    assert longer.status == 201 and longer.body["realm"] == OTHER_REALM
    assert opens(shared, OTHER_PAGE) and opens(longer.body["value"], OTHER_PAGE) and opens(shared)
    assert not opens(longer.body["value"])
    ends = {each["id"]: each.get("expiresAt") for each in admin.get("/api/v1/secrets", realm=OTHER_REALM).body["secrets"]}
    assert ends == {listed["id"]: pytest.approx(time.time() + 600, abs=30), longer.body["id"]: None}

    shorter = admin.post(f"{path}/rotate", {"overlapSeconds": 0}, realm=OTHER_REALM)
    wait_until("the old secret to be refused", lambda: not opens(shared, OTHER_PAGE))
    wait_until("the old secret to be deleted", lambda: shared not in stored(OTHER_REALM))
    assert stored(OTHER_REALM) == {longer.body["value"], shorter.body["value"]}
    assert opens(shared) and stored(REALM) >= {shared}

    assert admin.delete(f"/api/v1/secrets/{shorter.body['id']}").status == 404
    assert admin.delete(f"/api/v1/secrets/{shorter.body['id']}", realm=OTHER_REALM).status == 204
    assert not opens(shorter.body["value"], OTHER_PAGE) and opens(longer.body["value"], OTHER_PAGE)
