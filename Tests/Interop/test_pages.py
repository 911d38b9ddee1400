"""The web pages, driven by a browser as an operator drives them. Pictures of each are left in the test's folder."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import stun
from admin_client import AdminClient
from browser import Browser, Page, opened
from certificate import Certificate
from conftest import USER
from server import TURNServer
from test_admin_api import TOKEN, settings
from test_chromium import command
from turn_client import Credentials, TURNClient
from waiting import wait_until

PEER = ("127.0.0.1", 40_000)
VIEWS = {"overview": "", "sessions": "sessions", "policy": "policy", "try": "try"}


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return settings(tmp_path_factory.mktemp("admin"))


@pytest.fixture(scope="module")
def running(start_server: Callable[..., TURNServer], certificate: Certificate, chosen: dict) -> TURNServer:
    return start_server(users=[USER], certificate=certificate, settings=chosen)


@pytest.fixture(scope="module")
def base(running: TURNServer, chosen: dict) -> str:
    return f"http://127.0.0.1:{chosen['admin-port']}"


@pytest.fixture
def admin(running: TURNServer, chosen: dict) -> AdminClient:
    return AdminClient(("127.0.0.1", chosen["admin-port"]), TOKEN)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with opened(command, tmp_path_factory.mktemp("browser")) as each:
        yield each


@pytest.fixture
def page(browser: Browser, base: str) -> Page:
    """A tab that is logged in by the address that the log tells."""
    page = browser.open(f"{base}/#token={TOKEN}")
    page.wait_for_text("#about", "running")
    return page


@pytest.fixture
def session(running: TURNServer) -> Iterator[TURNClient]:
    with TURNClient(running.address, USER) as client:
        assert client.allocate().is_success
        assert client.channel_bind(0x4001, PEER).is_success
        yield client
        client.refresh(0)


def shoot(page: Page, name: str, folder: Path) -> None:
    """Pictures at both widths and in both schemes, none of which is wider than its window."""
    for width, height in ((1280, 900), (390, 844)):
        for scheme in ("light", "dark"):
            page.resize(width, height)
            page.paint(scheme)
            page.shoot(folder / f"{name}-{width}-{scheme}.png")
            assert page.number("document.documentElement.scrollWidth") <= width, name
    page.resize(1280, 900)


# Serving


def test_pages_are_served_to_everybody_and_bring_nothing_from_elsewhere(admin: AdminClient) -> None:
    stranger = AdminClient(admin.address)
    answer = stranger.get("/")
    assert answer.status == 200 and answer.bytes.startswith(b"<!doctype html>")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    names = re.findall(rb'"/pages/([a-z.]+)"', answer.bytes)
    assert len(names) > 3
    types = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    for name in map(bytes.decode, names):
        answer = stranger.get(f"/pages/{name}")
        assert answer.status == 200 and answer.headers["Content-Type"].startswith(types[name.split(".")[1]]), name
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for name in ("nothing.js", "..%2Fopenapi.yaml", "%00", "index.html%00"):
        assert stranger.get(f"/pages/{name}").status == 404, name


# Rooms


def test_rooms_carry_what_is_said_and_nobody_else_hears_it(admin: AdminClient) -> None:
    stranger = AdminClient(admin.address)
    assert stranger.post("/api/v1/rooms").status == 401
    room = admin.post("/api/v1/rooms", {"ttlSeconds": 60}).body
    assert re.fullmatch("[0-9a-f]{64}", room["room"])
    place = f"/api/v1/rooms/{room['room']}"
    assert stranger.get("/api/v1/rooms/guessed/events").status == 404
    with Listener(admin, place) as first:
        name, joined = first.next()
        assert name == "joined" and joined["others"] == 0 and joined["expiresAt"] == room["expiresAt"]
        assert joined["iceServers"][0]["urls"] and joined["iceServers"][0]["username"].endswith(":room")
        alone = {"member": joined["member"], "data": "is anybody there?"}
        assert stranger.post(f"{place}/messages", alone).status == 409
        with Listener(admin, place) as second:
            member = second.next()[1]
            assert member["others"] == 1 and first.next() == ("arrived", {})
            assert stranger.get(f"{place}/events").status == 409, "a room is for two"
            said = {"member": member["member"], "data": json.dumps({"text": "günstig\n"})}
            assert stranger.post(f"{place}/messages", said).status == 204
            assert first.next() == ("message", {"data": said["data"]})
            assert stranger.post(f"{place}/messages", said | {"member": "somebody"}).status == 404
            for wrong in ({"data": ""}, {"data": "x" * 16_385}, {"more": 1}, {"data": 1}):
                assert stranger.post(f"{place}/messages", said | wrong).status == 400, wrong
        assert first.next() == ("left", {})


def test_rooms_that_cannot_be(admin: AdminClient) -> None:
    for wrong in ({"ttlSeconds": 59}, {"ttlSeconds": 86_401}, {"username": "a"}, {"credential": "a"}, {"name": "x"}):
        assert admin.post("/api/v1/rooms", wrong).status == 400, wrong
    own = admin.post("/api/v1/rooms", {"username": "alice", "credential": "secret"}).body
    with Listener(admin, f"/api/v1/rooms/{own['room']}") as listener:
        (server,) = listener.next()[1]["iceServers"]
        assert (server["username"], server["credential"]) == ("alice", "secret")


class Listener:
    """A member of a room, who needs no token."""

    def __init__(self, admin: AdminClient, place: str):
        self.connection = http.client.HTTPConnection(*admin.address, timeout=10)
        self.connection.request("GET", f"{place}/events")
        self.response = self.connection.getresponse()
        assert self.response.status == 200

    def next(self) -> tuple[str, dict]:
        while not (line := self.response.readline()).startswith(b"event: "):
            assert line, "the stream has ended"
        return line[7:].strip().decode(), json.loads(self.response.readline()[6:])

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.response.close()


# Pages


def test_a_tab_asks_for_the_token_and_keeps_it(browser: Browser, base: str, tmp_path: Path) -> None:
    page = browser.open(f"{base}/#/sessions")
    page.wait_for("#login")
    page.shoot(tmp_path / "login.png")
    page.type("#login input", "not the token")
    page.press_enter()
    page.wait_for_text("#login .problem", "not the token")
    page.type("#login input", TOKEN)
    page.press_enter()
    page.wait("the way in", "!document.querySelector('#login').open")
    page.wait_for_text("#total", "on this server")
    page.go(f"{base}/#/policy")
    page.wait_for_text("#users", USER.username)
    page.run("location.reload()")
    page.wait_for_text("#users", USER.username)


def test_the_token_leaves_the_address(page: Page) -> None:
    assert TOKEN not in page.run("location.href")
    assert page.run("Boolean(document.querySelector('#nav a[aria-current=page]').matches('[data-view=overview]'))")


@pytest.mark.parametrize("name", VIEWS)
def test_pages_fit_both_widths(name: str, page: Page, base: str, session: TURNClient, tmp_path: Path) -> None:
    page.go(f"{base}/#/{VIEWS[name]}")
    page.wait(f"the page {name}", f"document.querySelector('#nav a[data-view={name}]').hasAttribute('aria-current')")
    page.wait_for("h1")
    shoot(page, name, tmp_path)


def test_overview_is_live(page: Page, running: TURNServer, tmp_path: Path) -> None:
    page.wait_for_text("#workers", "1")
    sessions = page.number("document.querySelector('#figure-sessions').innerText")
    with TURNClient(running.address, USER) as client:
        assert client.allocate().is_success
        page.wait_for_text("#events", "Session begun")
        page.wait_for_text("#figure-sessions", f"{sessions + 1:.0f}")
        assert client.channel_bind(0x4001, PEER).is_success
        for _ in range(200):
            client.send(stun.channel_data(0x4001, b"x" * 1000))
        page.wait("traffic", "document.querySelector('#figure-packets').innerText.match(/[1-9]/)")
        page.wait("a line", "document.querySelector('#flow .line').getAttribute('d').split('L').length > 2")
        client.refresh(0)
    page.wait_for_text("#events", "released")
    shoot(page, "overview-live", tmp_path)


def test_a_session_is_found_looked_at_and_ended(
    page: Page, base: str, session: TURNClient, admin: AdminClient, tmp_path: Path
) -> None:
    page.go(f"{base}/#/sessions")
    page.type("#search [name=user]", "nobody-of-that-name")
    page.click("#search .primary")
    page.wait_for_text("#sessions + .empty", "No session fits.")
    page.type("#search [name=user]", USER.username)
    page.click("#search .primary")
    page.wait_for("#sessions [data-session]")
    (found,) = admin.get("/api/v1/sessions", user=USER.username).body["sessions"]
    assert page.run("document.querySelector('#sessions [data-session]').dataset.session") == found["id"]
    shoot(page, "sessions-found", tmp_path)
    page.click("#sessions td button")
    page.wait_for_text("#detail", "0x4001")
    assert found["relayed"][0] in page.text("#detail")
    shoot(page, "session", tmp_path)

    # What is asked first can be left.
    page.click("#detail .danger")
    page.wait_for("#question")
    page.click("#question [value=no]")
    assert admin.get(f"/api/v1/sessions/{found['id']}").status == 200
    page.click("#detail .danger")
    page.wait_for("#question")
    page.shoot(tmp_path / "question.png")
    page.click("#question [value=yes]")
    page.wait_for_text("#sessions + .empty", "No session fits.")
    assert admin.get(f"/api/v1/sessions/{found['id']}").status == 404


def test_pages_of_sessions_are_turned(page: Page, base: str, running: TURNServer) -> None:
    with contextlib.ExitStack() as clients:
        for _ in range(52):
            client = clients.enter_context(TURNClient(running.address, USER))
            assert client.allocate().is_success
            clients.callback(client.refresh, 0)
        page.go(f"{base}/#/sessions")
        ids = "[...document.querySelectorAll('[data-session]')].map(each => each.dataset.session)"
        page.wait("a full page", f"{ids}.length === 50")
        first = page.run(ids)
        page.click("#next")
        page.wait_for_text("#page", "Page 2")
        assert not set(first) & set(page.run(ids)) and len(page.run(ids)) == 2
        page.click("#first")
        page.wait("the first page", f"{ids}.length === 50")


def test_policy_says_what_would_be_and_why(page: Page, base: str) -> None:
    page.go(f"{base}/#/policy")
    page.type("#check [name=peer]", "10.1.2.3")
    page.click("#check .primary")
    page.wait_for_text("#verdict", "10.1.2.3 may not be reached")
    assert "10.0.0.0/8" in page.text("#verdict")
    page.type("#check [name=peer]", "192.88.98.1")
    page.click("#check .primary")
    page.wait_for_text("#verdict", "may be reached")
    page.type("#check [name=peer]", "example.org")
    page.click("#check .primary")
    page.wait_for_text("#notice", "IP address")


def test_users_secrets_and_revocations(
    page: Page, base: str, running: TURNServer, admin: AdminClient, tmp_path: Path
) -> None:
    page.go(f"{base}/#/policy")
    page.wait_for_text("#users", "configuration file")
    page.type("#add-user [name=name]", "bob")
    page.type("#add-user [name=password]", "builder")
    page.click("#add-user button")
    page.wait_for_text("#users", "bob")
    page.click("[aria-label='New password for bob']")
    page.type("#password input", "a better one")
    page.press_enter()
    page.wait_for_text("#notice", "new password")
    with TURNClient(running.address, Credentials("bob", "a better one")) as client:
        assert client.allocate().is_success
    page.click("[aria-label='Delete user bob']")
    page.click("#question [value=yes]")
    page.wait("bob gone", "!document.querySelector('#users').innerText.includes('bob')")
    assert "bob" not in [user["name"] for user in admin.get("/api/v1/users").body["users"]]

    page.click("#add-secret button")
    page.wait("a secret", "document.querySelector('#new-secret pre')?.innerText.length === 64")
    before = page.text("#new-secret pre")
    page.click("#secrets button[aria-label^=Rotate]")
    page.click("#question [value=yes]")
    page.wait("another secret", f"document.querySelector('#new-secret pre').innerText !== '{before}'")
    page.wait_for_text("#secrets", "until 2")
    shoot(page, "policy-accounts", tmp_path)
    for _ in range(2):
        rows = page.number("document.querySelectorAll('#secrets tbody tr').length")
        page.click("#secrets button.danger")
        page.click("#question [value=yes]")
        page.wait("one less", f"document.querySelectorAll('#secrets tbody tr').length === {rows - 1}")

    page.type("#revoke [name=user]", "mallory")
    page.click("#revoke button")
    page.click("#question [value=yes]")
    page.wait_for_text("#revocations", "mallory")
    assert [each["user"] for each in admin.get("/api/v1/revocations").body["revocations"]] == ["mallory"]
    page.click("#revocations button")
    page.wait_for_text("#revocations + .empty", "Nobody")


def test_the_server_is_steered(page: Page, base: str, session: TURNClient, admin: AdminClient) -> None:
    page.go(f"{base}/#/policy")
    page.wait("the level", "document.querySelector('#log-level')?.value === 'info'")
    page.run("(select => { select.value = 'debug'; select.dispatchEvent(new Event('change')); })"
             "(document.querySelector('#log-level'))")  # fmt: skip
    wait_until("the level", lambda: admin.get("/api/v1/log-level").body["level"] == "debug")
    admin.put("/api/v1/log-level", {"level": "info"})

    page.click("#reload")
    page.wait_for_text("#reload-outcome", "Nothing has changed.")

    page.type("#drain [name=minutes]", "30")
    page.click("#drain .danger")
    page.wait_for_text("#question", "after 30 minutes")
    page.click("#question [value=yes]")
    page.wait_for_text("#drain-state", "1 of 1")
    assert admin.get("/ready").body["state"] == "draining"
    page.click("#stop-drain")
    page.wait_for_text("#drain-state", "Takes no new sessions")
    assert admin.get("/ready").body["state"] == "running"


# Try it


def test_candidates_are_gathered_and_the_snippet_is_ready(page: Page, base: str, tmp_path: Path) -> None:
    page.go(f"{base}/#/try")
    page.wait_for_text("#snippet pre", '"credential"')
    page.click("#relay-only")
    page.click("#gather")
    page.wait_for_text("#gathered", "Gathered in")
    types = page.run("[...document.querySelectorAll('#candidates [data-type]')].map(each => each.dataset.type)")
    assert types and set(types) == {"relay"}
    assert re.search(r"127\.0\.0\.1:\d+", page.text("#candidates"))
    page.click("#relay-only")
    page.click("#gather")
    page.wait("host candidates", "document.querySelector('#candidates [data-type=host]')")
    page.wait_for_text("#gathered", "Gathered in")
    shoot(page, "try-gathered", tmp_path)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_relayed_data_channel_is_measured(transport: str, page: Page, base: str, tmp_path: Path) -> None:
    page.go(f"{base}/#/try")
    page.wait_for_text("#snippet pre", '"credential"')
    page.run(f"document.querySelector(`[name=url] option[value$='transport={transport}']`).selected = true")
    page.click("#measure .primary")
    page.wait_for("#measured", seconds=60)
    round_trip = float(page.text("#round-trip").split("ms")[0])
    assert 0 < round_trip < 2000
    assert re.match(r"[\d.]+[kMG]bit/s", page.text("#throughput").replace("\n", "")), page.text("#throughput")
    assert float(page.text("#loss").split("%")[0]) <= 5
    assert page.run("document.querySelector('#measured-path [data-relayed]').dataset.relayed") == "true"
    assert f"over {transport}" in page.text("#measured-path")
    shoot(page, f"try-measured-{transport}", tmp_path)


def test_a_call_between_two_tabs(page: Page, browser: Browser, base: str, admin: AdminClient, tmp_path: Path) -> None:
    page.go(f"{base}/#/try")
    page.wait_for_text("#snippet pre", '"credential"')
    page.click("#open-room")
    page.wait_for("#go-in")
    link = page.run("document.querySelector('#go-in').href")
    page.go(link)
    page.wait_for_text("#room-state", "Nobody else is here yet")

    # The other one has no token and needs none.
    guest = browser.ask("Target.createBrowserContext")["browserContextId"]
    other = browser.open(link, context=guest)
    ends = (page, other)
    for end in ends:
        end.wait_for_text("#room-state", "Connected", seconds=40)
        end.wait_for("#path [data-relayed=true]")
        # The far end's candidate may still be the peer-reflexive one that its first packet made known.
        assert re.search("relay to (relay|prflx), to the server over (udp|tcp|tls)", end.text("#path")), end.text("#path")
    assert not other.has("#nav") and other.run("sessionStorage.length") == 0
    frames = "document.querySelector('#frames').innerText.replace(/\\s/g, '').match(/^\\d+/)[0]"
    for end in ends:
        end.wait_for("#frames")
        before = end.number(frames)
        end.wait("frames that are decoded", f"Number({frames}) > {before} + 20")
        assert end.run("document.querySelector('#theirs').videoWidth") > 0
    users = {each["user"] for each in admin.get("/api/v1/sessions").body["sessions"]}
    assert any(user.endswith(":room") for user in users), "the call is relayed by this server"
    shoot(page, "call", tmp_path)

    # A camera takes the picture's place, and sound comes with it.
    other.click("#camera")
    tracks = "document.querySelector('#theirs').srcObject?.getAudioTracks()"
    page.wait("sound", f"{tracks}?.some(track => !track.muted)")

    # Going, by the button and without a word, is noticed; and who comes again is welcome.
    other.click("#leave")
    page.wait_for_text("#room-state", "The other one has gone.")
    other.click("#leave")
    for end in ends:
        end.wait_for_text("#room-state", "Connected", seconds=40)
    other.go("about:blank")
    page.wait_for_text("#room-state", "The other one has gone.")
