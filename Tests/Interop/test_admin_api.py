"""Every call of the admin interface against the running server, with good and bad input."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import stun
from admin_client import AdminClient, encoded
from certificate import Certificate
from conftest import SECRET, USER
from server import REALM, TURNServer, free_ports
from turn_client import Credentials, TURNClient
from waiting import wait_until

TOKEN = "a-token-for-the-tests"
KEY = "a-key-of-a-web-service"
ADMIN_PORTS = range(32_000, 32_700)
PEER = ("127.0.0.1", 40_000)


def settings(folder: Path) -> dict[str, str | int]:
    (folder / "token").write_text(TOKEN + "\n")
    (folder / "keys").write_text(f"another-key\n{KEY}\n")
    port, metrics = free_ports(2, ADMIN_PORTS)
    return {
        "admin-socket": f"{folder}/admin.sock", "admin-address": "127.0.0.1", "admin-port": port,
        "admin-token-file": f"{folder}/token", "api-key-file": f"{folder}/keys", "prometheus": "on",
        "prometheus-port": metrics, "static-auth-secret": SECRET, "relay-threads": 2,
    }  # fmt: skip


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | int]:
    return settings(tmp_path_factory.mktemp("admin"))


@pytest.fixture(scope="module")
def running(start_server: Callable[..., TURNServer], certificate: Certificate, chosen: dict) -> TURNServer:
    return start_server(users=[USER], certificate=certificate, settings=chosen)


@pytest.fixture
def admin(running: TURNServer, chosen: dict) -> AdminClient:
    return AdminClient(("127.0.0.1", chosen["admin-port"]), TOKEN)


@pytest.fixture
def session(running: TURNServer) -> Iterator[TURNClient]:
    """A client with an allocation and a channel."""
    with TURNClient(running.address, USER) as client:
        assert client.allocate().is_success
        assert client.channel_bind(0x4001, PEER).is_success
        yield client
        client.refresh(0)


def only_session(admin: AdminClient) -> dict:
    (found,) = admin.get("/api/v1/sessions", user=USER.username).body["sessions"]
    return found


# Who may come in


def test_the_socket_is_for_its_owner_alone_and_asks_for_no_token(running: TURNServer, chosen: dict) -> None:
    path = Path(chosen["admin-socket"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_uid == os.geteuid()
    assert AdminClient(path).get("/api/v1/server").status == 200


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN[:-1], TOKEN + "x", KEY])
def test_without_the_token_nothing_is_told(running: TURNServer, chosen: dict, token: str | None) -> None:
    stranger = AdminClient(("127.0.0.1", chosen["admin-port"]), token)
    for path in ("/api/v1/server", "/api/v1/sessions", "/metrics", "/api/v1/nothing"):
        answer = stranger.get(path)
        assert answer.status == 401 and answer.headers["WWW-Authenticate"] == "Bearer", path
    assert stranger.post("/api/v1/drain").status == 401
    assert stranger.get("/health").status == 200


def test_browsers_of_other_sites_are_refused(admin: AdminClient) -> None:
    assert admin.ask("GET", "/api/v1/server", headers={"Host": "evil.example"}).status == 421
    assert admin.ask("GET", "/api/v1/server", headers={"Origin": "http://evil.example"}).status == 403
    assert admin.ask("GET", "/api/v1/server", headers={"Sec-Fetch-Site": "cross-site"}).status == 403


def test_what_is_not_there_and_what_cannot_be_done(admin: AdminClient) -> None:
    assert admin.get("/api/v2/server").status == 404
    answer = admin.ask("PATCH", "/api/v1/sessions")
    assert answer.status == 405 and answer.headers["Allow"] == "DELETE, GET"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"level": 3}', b'{"level": "loud"}', b'{"lvel": "info"}']
)  # fmt: skip
def test_bodies_that_are_wrong(admin: AdminClient, body: bytes) -> None:
    assert admin.put("/api/v1/log-level", body).status == 400


def test_bodies_that_are_too_long_or_no_json(admin: AdminClient) -> None:
    assert admin.put("/api/v1/log-level", b" " * 70_000).status == 413
    assert admin.ask("PUT", "/api/v1/log-level", b"{}", {"Content-Type": "text/plain"}).status == 415


def test_a_server_without_a_token_file_makes_a_token(start_server: Callable[..., TURNServer], tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    del chosen["admin-token-file"], chosen["prometheus"], chosen["prometheus-port"]
    server = start_server(users=[USER], settings=chosen)
    log = server.log_file.read_text()
    token = log.split(" token=")[1].split()[0]
    assert f"/#token={token}" in log, "the address of the pages, ready to be opened"
    assert len(token) == 64
    assert AdminClient(("127.0.0.1", chosen["admin-port"]), token).get("/api/v1/server").status == 200
    server.stop()
    assert not Path(chosen["admin-socket"]).exists()


def test_a_server_that_cannot_have_its_socket_starts_and_says_so(start_server: Callable[..., TURNServer]) -> None:
    server = start_server(users=[USER], settings={"admin-socket": "/nowhere/at/all.sock"})
    assert 'event="no admin interface" address=/nowhere/at/all.sock' in server.log_file.read_text()


# The server


def test_health_and_the_server(admin: AdminClient, running: TURNServer) -> None:
    assert admin.get("/health").body == {"status": "ok"}
    assert admin.get("/ready").body == {"ready": True, "state": "running"}
    told = admin.get("/api/v1/server").body
    assert told["processId"] == running.process.pid and told["realm"] == REALM and told["access"] == "credentials"
    assert told["workers"] == 2 and told["logLevel"] == "info"
    assert f"127.0.0.1:{running.port}" in [each["address"] for each in told["listening"]]
    assert told["certificate"]["expiresAt"] > time.time()


def test_the_log_level_changes_while_the_server_runs(admin: AdminClient, running: TURNServer) -> None:
    assert admin.put("/api/v1/log-level", {"level": "debug"}).body == {"level": "debug"}
    try:
        with TURNClient(running.address, USER) as client:
            client.challenge()
            assert client.refresh(600).error == 437
        wait_until("a record of level debug", lambda: "level=debug" in running.log_file.read_text())
    finally:
        assert admin.put("/api/v1/log-level", {"level": "info"}).status == 200


def test_reload(admin: AdminClient, running: TURNServer) -> None:
    text = running.configuration.read_text()
    running.configuration.write_text(text + "max-permissions-per-allocation=17\n")
    try:
        answer = admin.post("/api/v1/reload")
        assert answer.status == 200 and answer.body["applied"]
        assert answer.body["changed"] == ["max-permissions-per-allocation"]
        running.configuration.write_text(text + "no-such-setting\n")
        answer = admin.post("/api/v1/reload")
        assert answer.status == 409 and not answer.body["applied"]
        assert any("no-such-setting" in problem for problem in answer.body["problems"])
    finally:
        running.configuration.write_text(text)
        assert admin.post("/api/v1/reload").status == 200


# Sessions


def test_a_session_is_listed_and_told_in_detail(admin: AdminClient, session: TURNClient) -> None:
    found = only_session(admin)
    client = "%s:%d" % session.socket.getsockname()
    assert found["client"] == client and found["transport"] == "udp" and found["realm"] == REALM
    assert len(found["relayed"]) == 1 and 0 < found["expiresInSeconds"] <= 600
    session.send(stun.channel_data(0x4001, b"hello"))
    wait_until("the payload", lambda: only_session(admin)["traffic"]["sentBytes"] == 5)
    session.send(stun.channel_data(0x4002, b"to nobody"))
    path = f"/api/v1/sessions/{found['id']}"
    wait_until("the drop", lambda: admin.get(path).body["drops"] == {"noChannel": 1})
    detail = admin.get(path).body
    assert [each["peer"] for each in detail["permissions"]] == ["127.0.0.1"]
    assert [(each["number"], each["peer"]) for each in detail["channels"]] == [(0x4001, "127.0.0.1:40000")]
    assert "tls" not in detail


def test_a_session_over_tls_tells_its_cipher(
    admin: AdminClient, running: TURNServer, certificate: Certificate
) -> None:
    with TURNClient(("127.0.0.1", running.tls_port), USER, "tls", trust=certificate.trust) as client:
        assert client.allocate().is_success
        (found,) = admin.get("/api/v1/sessions", transport="tls").body["sessions"]
        detail = admin.get(f"/api/v1/sessions/{found['id']}").body
        assert detail["tls"]["version"] == client.socket.version() and detail["tls"]["cipher"] == client.socket.cipher()[0]


def test_filters(admin: AdminClient, session: TURNClient) -> None:
    def count(**query: str) -> int:
        return len(admin.get("/api/v1/sessions", **query).body["sessions"])

    assert count() == count(client="127.0.0.1") == count(peer="127.0.0.1") == count(realm=REALM) == 1
    assert count(user=USER.username, transport="udp") == 1
    assert count(user="nobody") == count(peer="127.0.0.2") == count(transport="tcp") == count(realm="else") == 0


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "x"}, {"limit": "10001"}, {"transport": "sctp"}, {"peer": "300.0.0.1"},
              {"usr": "alice"}, {"user": "\n"}]
)  # fmt: skip
def test_filters_that_are_wrong(admin: AdminClient, query: dict[str, str]) -> None:
    assert admin.get("/api/v1/sessions", **query).status == 400
    assert admin.delete("/api/v1/sessions", **query).status == 400


def test_pages_show_each_session_once(admin: AdminClient, running: TURNServer) -> None:
    clients = [TURNClient(running.address, USER) for _ in range(25)]
    try:
        assert all(client.allocate().is_success for client in clients)
        seen, page = [], admin.get("/api/v1/sessions", limit=7).body
        while True:
            assert page["total"] == 25 and len(page["sessions"]) <= 7
            seen += [each["client"] for each in page["sessions"]]
            if "next" not in page:
                break
            page = admin.get("/api/v1/sessions", limit=7, after=page["next"]).body
        assert sorted(seen) == sorted("%s:%d" % client.socket.getsockname() for client in clients)
        ended = admin.delete("/api/v1/sessions", user=USER.username)
        assert ended.body == {"ended": 25} and admin.get("/api/v1/sessions").body == {"sessions": [], "total": 0}
        assert clients[0].refresh(600).error == 437
    finally:
        for client in clients:
            client.socket.close()


def test_a_session_is_ended_by_id_and_by_peer(admin: AdminClient, running: TURNServer) -> None:
    with TURNClient(running.address, USER) as client:
        assert client.allocate().is_success
        path = f"/api/v1/sessions/{only_session(admin)['id']}"
        assert admin.delete(path).body == {"ended": 1}
        assert admin.delete(path).status == admin.get(path).status == 404
        wait_until("the record", lambda: "reason=ended" in running.log_file.read_text())
    with TURNClient(running.address, USER) as client:
        assert client.allocate().is_success and client.create_permission(PEER).is_success
        assert admin.delete("/api/v1/sessions", peer="192.0.2.1").body == {"ended": 0}
        assert admin.delete("/api/v1/sessions", peer=PEER[0]).body == {"ended": 1}


def test_nobody_ends_all_sessions_by_leaving_out_the_filter(admin: AdminClient, session: TURNClient) -> None:
    assert admin.delete("/api/v1/sessions").status == 409
    assert session.refresh(600).is_success


@pytest.mark.parametrize("id", ["0", "x", "0-1", "0-1-2-3", "9-0-1", "0-99999999999-1", "-1-0-1", "0-4294967295-1"])
def test_ids_of_nothing(admin: AdminClient, id: str) -> None:
    assert admin.get(f"/api/v1/sessions/{id}").status == 404
    assert admin.delete(f"/api/v1/sessions/{id}").status == 404


# Users, secrets, credentials


def test_users_come_change_and_go(admin: AdminClient, running: TURNServer) -> None:
    def may_allocate(password: str) -> bool:
        with TURNClient(running.address, Credentials("bob/ä %", password)) as client:
            return client.allocate().is_success

    path = f"/api/v1/users/{encoded('bob/ä %')}"
    assert admin.post("/api/v1/users", {"name": "bob/ä %", "password": "first"}).status == 201
    assert admin.post("/api/v1/users", {"name": "bob/ä %", "password": "first"}).status == 409
    assert {"name": "bob/ä %", "realm": REALM, "source": "memory"} in admin.get("/api/v1/users").body["users"]
    assert may_allocate("first") and not may_allocate("second")
    assert admin.put(path, {"password": "second"}).status == 200
    assert may_allocate("second") and not may_allocate("first")
    assert admin.post("/api/v1/reload").status == 200
    assert may_allocate("second")
    assert admin.delete(path).body["ended"] >= 1
    assert admin.delete(path).status == admin.put(path, {"password": "x"}).status == 404
    assert not may_allocate("second")


def test_users_of_the_file_are_changed_in_the_file(admin: AdminClient) -> None:
    assert admin.post("/api/v1/users", {"name": USER.username, "password": "x"}).status == 409
    assert admin.put(f"/api/v1/users/{USER.username}", {"password": "x"}).status == 409
    assert admin.delete(f"/api/v1/users/{USER.username}").status == 409


@pytest.mark.parametrize(
    "body", [{}, {"name": "x"}, {"name": "", "password": "x"}, {"name": "x", "password": ""},
             {"name": "a\nb", "password": "x"}, {"name": "x" * 509, "password": "x"}, {"name": 1, "password": "x"}]
)  # fmt: skip
def test_users_that_cannot_be(admin: AdminClient, body: dict) -> None:
    assert admin.post("/api/v1/users", body).status == 400


def test_secrets_come_rotate_and_go(admin: AdminClient, running: TURNServer) -> None:
    def may_allocate(secret: str) -> bool:
        with TURNClient(running.address, Credentials(*stun.rest_credentials(secret, int(time.time()) + 60))) as client:
            answer = client.allocate().is_success
            client.refresh(0)
            return answer

    (configured,) = admin.get("/api/v1/secrets").body["secrets"]
    assert admin.delete(f"/api/v1/secrets/{configured['id']}").status == 409
    assert admin.post(f"/api/v1/secrets/{configured['id']}/rotate").status == 409
    first = admin.post("/api/v1/secrets").body
    assert may_allocate(SECRET) and may_allocate(first["value"])
    assert admin.post("/api/v1/secrets", {"value": first["value"]}).status == 409
    second = admin.post(f"/api/v1/secrets/{first['id']}/rotate", {"overlapSeconds": 0})
    assert second.status == 201 and may_allocate(second.body["value"])
    wait_until("the old secret to end", lambda: not may_allocate(first["value"]))
    assert SECRET not in json.dumps(admin.get("/api/v1/secrets").body)
    assert admin.delete(f"/api/v1/secrets/{second.body['id']}").status == 204
    assert admin.delete(f"/api/v1/secrets/{second.body['id']}").status == 404
    assert not may_allocate(second.body["value"]) and may_allocate(SECRET)


@pytest.mark.parametrize("body", [{"value": "too-short"}, {"value": "with spaces in between"}, {"secret": "x" * 20}])
def test_secrets_that_cannot_be(admin: AdminClient, body: dict) -> None:
    assert admin.post("/api/v1/secrets", body).status == 400


def test_a_web_service_fetches_credentials_with_its_key(running: TURNServer, chosen: dict) -> None:
    service = AdminClient(("127.0.0.1", chosen["admin-port"]), KEY)
    answer = service.post("/ice-servers", {"user": "carol", "ttlSeconds": 60})
    assert answer.status == 200 and answer.body["ttlSeconds"] == 60
    (given,) = answer.body["iceServers"]
    assert given["username"].endswith(":carol") and f":{running.port}?transport=udp" in given["urls"][0]
    with TURNClient(running.address, Credentials(given["username"], given["credential"])) as client:
        assert client.allocate().is_success and client.refresh(0).is_success
    assert service.post("/ice-servers", {"ttlSeconds": 0}).status == 400
    assert service.get("/api/v1/secrets").status == 401


def test_a_revoked_credential_ends_its_sessions_and_opens_no_more(admin: AdminClient, running: TURNServer) -> None:
    name, password = stun.rest_credentials(SECRET, int(time.time()) + 600, "mallory")
    with TURNClient(running.address, Credentials(name, password)) as client:
        assert client.allocate().is_success
        answer = admin.post("/api/v1/revocations", {"user": name})
        assert answer.status == 201 and answer.body["ended"] == 1
        assert answer.body["untilAt"] == int(name.split(":")[0])
        assert client.allocate().error == 401
    assert [each["user"] for each in admin.get("/api/v1/revocations").body["revocations"]] == [name]
    with TURNClient(running.address, USER) as other:
        assert other.allocate().is_success
        other.refresh(0)
    assert admin.delete(f"/api/v1/revocations/{encoded(name)}").status == 204
    assert admin.delete(f"/api/v1/revocations/{encoded(name)}").status == 404
    with TURNClient(running.address, Credentials(name, password)) as client:
        assert client.allocate().is_success and client.refresh(0).is_success
    assert admin.post("/api/v1/revocations", {"user": ""}).status == 400


# Policy


def test_the_policy_names_its_rule(admin: AdminClient, running: TURNServer) -> None:
    told = admin.get("/api/v1/policy/check", peer="10.1.2.3").body
    assert told["verdict"] == "denied" and told["rule"]["range"] == "10.0.0.0/8"
    told = admin.get("/api/v1/policy/check", peer="8.8.8.8", port=53, user="alice").body
    assert told["verdict"] == "allowed" and "rule" not in told
    told = admin.get("/api/v1/policy/check", peer="127.0.0.9").body
    assert told["verdict"] == "allowed" and told["rule"]["origin"] == "allow-loopback-peers"
    assert admin.get("/api/v1/policy/check", peer="::ffff:10.0.0.1").body["verdict"] == "denied"
    rules = admin.get("/api/v1/policy").body["rules"]
    assert {"action": "deny", "range": "10.0.0.0/8", "origin": "private use, RFC 1918"} in rules
    for wrong in ({}, {"peer": "x"}, {"peer": "1.2.3.4", "port": "65536"}, {"peer": "1.2.3.4", "port": "-1"}):
        assert admin.get("/api/v1/policy/check", **wrong).status == 400


# Observation


def test_statistics_and_metrics_are_live(admin: AdminClient, session: TURNClient, chosen: dict) -> None:
    before = admin.get("/api/v1/statistics").body["total"]
    assert before["sessions"] == before["sessionsByTransport"]["udp"] == 1
    session.send(stun.channel_data(0x4001, b"x" * 100))
    wait_until(
        "the payload",
        lambda: admin.get("/api/v1/statistics").body["total"]["traffic"]["sentBytes"]
        == before["traffic"]["sentBytes"] + 100,
    )
    text = admin.get("/metrics").bytes.decode()
    assert 'culvert_sessions{transport="udp"} 1' in text.splitlines()
    assert "turn_total_allocations" not in text
    coturns = AdminClient(("127.0.0.1", chosen["prometheus-port"])).get("/metrics").bytes.decode()
    assert 'turn_total_allocations{type="UDP"} 1' in coturns.splitlines()
    for line in coturns.splitlines():
        assert line.startswith("# ") or float(line.rsplit(" ", 1)[1]) >= 0, line


def test_totals_keep_what_ended_sessions_carried(admin: AdminClient, running: TURNServer) -> None:
    def sent() -> int:
        return admin.get("/api/v1/statistics").body["total"]["traffic"]["sentBytes"]

    start = sent()
    with TURNClient(running.address, USER) as client:
        assert client.allocate().is_success and client.channel_bind(0x4001, PEER).is_success
        client.send(stun.channel_data(0x4001, b"x" * 50))
        wait_until("the payload", lambda: sent() == start + 50)
        assert client.refresh(0).is_success
    assert sent() == start + 50


def test_events_tell_what_happens(admin: AdminClient, running: TURNServer) -> None:
    connection = admin.connection()
    types = "session.created,session.ended,authentication.failed"
    connection.request("GET", f"/api/v1/events?types={types}", headers={"Authorization": f"Bearer {TOKEN}"})
    stream = connection.getresponse()
    assert stream.status == 200 and stream.headers["Content-Type"] == "text/event-stream"
    assert stream.readline() == b": listening\n"
    with TURNClient(running.address, Credentials(USER.username, "wrong")) as stranger:
        assert stranger.allocate().error == 401
    with TURNClient(running.address, USER) as client:
        assert client.allocate().is_success and client.refresh(0).is_success
    told = []
    while len(told) < 3:
        line = stream.readline().decode()
        if line.startswith("event: "):
            told.append((line[7:].strip(), json.loads(stream.readline()[6:])))
    connection.close()
    (failed, why), (created, first), (ended, last) = told
    assert (failed, why["reason"]) == ("authentication.failed", "credentials")
    assert created == "session.created" and ended == "session.ended" and last["reason"] == "released"
    assert first["session"] == last["session"] and first["user"] == USER.username
    assert admin.get("/api/v1/events", types="nothing").status == 400


# The end


def test_a_drained_server_takes_no_sessions_and_ends_with_the_last(
    start_server: Callable[..., TURNServer], tmp_path: Path
) -> None:
    chosen = settings(tmp_path)
    server = start_server(users=[USER], settings=chosen)
    admin = AdminClient(Path(chosen["admin-socket"]))
    assert admin.post("/api/v1/drain", {"deadlineSeconds": 0}).status == 400
    with TURNClient(server.address, USER) as client, TURNClient(server.address, USER) as late:
        assert client.allocate().is_success
        told = admin.post("/api/v1/drain")
        assert told.status == 202 and told.body["draining"] and told.body["sessions"] == 1
        assert admin.get("/ready").status == 503
        assert late.allocate().error == 403
        assert client.refresh(600).is_success
        assert admin.delete("/api/v1/drain").body["draining"] is False
        assert late.allocate().is_success
        assert admin.post("/api/v1/drain", {"deadlineSeconds": 3600}).body["deadlineAt"] > time.time()
        assert late.refresh(0).is_success and admin.get("/api/v1/drain").body["sessions"] == 1
        assert client.refresh(0).is_success
        wait_until("the server to end", lambda: not server.is_running)
        assert server.process.returncode == 0


def test_a_drain_ends_at_its_deadline(start_server: Callable[..., TURNServer], tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    server = start_server(users=[USER], settings=chosen)
    with TURNClient(server.address, USER) as client:
        assert client.allocate().is_success
        assert AdminClient(Path(chosen["admin-socket"])).post("/api/v1/drain", {"deadlineSeconds": 1}).status == 202
        wait_until("the server to end", lambda: not server.is_running)
        assert server.process.returncode == 0
