"""Docs/grafana-dashboard.json against a real Prometheus that scrapes a server with traffic."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import stun
from admin_client import AdminClient
from certificate import Certificate
from conftest import USER
from relaying import connect, echo, relay
from server import CHECKOUT, TURNServer, free_ports
from turn_client import Credentials, TURNClient
from waiting import wait_until

pytestmark = pytest.mark.skipif(shutil.which("prometheus") is None, reason="no prometheus on this machine")

DASHBOARD = json.loads((CHECKOUT / "Docs/grafana-dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]
PORTS = range(32_000, 32_700)

#: What Grafana puts in the place of its variables.
VARIABLES = {"$instance": ".*", "$__rate_interval": "10s"}


class Prometheus:
    """Scrapes one server, each second."""

    def __init__(self, folder: Path, target: str):
        (self.port,) = free_ports(1, PORTS)
        jobs = [{"job_name": "culvert", "static_configs": [{"targets": [target]}]}]
        configuration = {"global": {"scrape_interval": "1s", "scrape_timeout": "1s"}, "scrape_configs": jobs}
        (folder / "prometheus.yml").write_text(json.dumps(configuration))  # JSON is YAML
        self.log = (folder / "prometheus.log").open("wb")
        self.process = subprocess.Popen(
            [
                "prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ],
            stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()

    def ask(self, expression: str) -> dict[str, Any]:
        """The answer to an instant query."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/api/v1/query?" + urlencode({"query": expression}))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def values(self, expression: str) -> list[float]:
        """The values of all series; none while Prometheus is not up yet, or says in words that it is not ready."""
        try:
            answer = self.ask(expression)
        except (OSError, json.JSONDecodeError):
            return []
        assert answer["status"] == "success", f"{expression}: {answer}"
        return [float(series["value"][1]) for series in answer["data"]["result"]]


def filled(expression: str) -> str:
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, f"a variable that the dashboard does not have: {expression}"
    return expression


def cause_everything(server: TURNServer, peer: socket.socket) -> None:
    """Sessions that begin and end, data both ways, and what goes wrong."""
    with connect(server) as client, relay(client, peer):
        assert echo(client, peer, b"over TLS") == b"over TLS"
        assert client.create_permission(("10.0.0.1", 1)).error == 403
        assert client.refresh(0).is_success
    with TURNClient(server.address, Credentials(USER.username, "wrong")) as stranger:
        assert stranger.allocate().error == 401
        stranger.send(stun.channel_data(0x4000, b"to nobody"))
    with socket.create_connection(("127.0.0.1", server.tls_port), timeout=5) as nonsense:
        nonsense.sendall(b"\x16\x03\x01\x00\x04nono")
        nonsense.recv(100)


@pytest.fixture(scope="module")
def busy(
    start_server: Callable[..., TURNServer], certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prometheus]:
    """A Prometheus that has seen a server with a session that lives, and with others that came and went."""
    folder = tmp_path_factory.mktemp("prometheus")
    (port,) = free_ports(1, PORTS)
    options = {"admin-socket": f"{folder}/admin.sock", "prometheus": "on", "prometheus-port": port}
    server = start_server(users=[USER], certificate=certificate, settings=options)
    prometheus = Prometheus(folder, f"127.0.0.1:{port}")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer, TURNClient(server.address, USER) as client:
            peer.bind(("127.0.0.1", 0))
            peer.settimeout(5)
            with relay(client, peer):

                def carries_traffic() -> bool:
                    cause_everything(server, peer)
                    assert echo(client, peer, bytes(1000)) == bytes(1000)
                    assert AdminClient(folder / "admin.sock").get("/health").status == 200
                    packets = 'min(rate(culvert_relayed_packets_total{transport="udp"}[10s]))'
                    refusals = "sum(rate(culvert_requests_refused_total[10s]))"
                    return all(value > 0 for query in (packets, refusals) for value in prometheus.values(query) or [0])

                wait_until("two scrapes of a server with traffic", carries_traffic, seconds=60)
                yield prometheus
    finally:
        prometheus.stop()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("title", "expression"), TARGETS)
def test_every_query_has_an_answer(title: str, expression: str, busy: Prometheus) -> None:
    wait_until(f"data for {title}: {expression}", lambda: bool(busy.values(filled(expression))), seconds=10)


#: Panels in which something must have moved, and how much of it at most.
MOVING = {
    "Sessions": 10, "Sessions by transport": 10, "Relayed bits": 1e9, "Relayed packets": 1e6, "Sessions made and over": 1e4,
    "Requests answered with success": 1e5, "Requests answered with an error": 1e5,
    "Credentials that did not fit, peers denied": 1e4, "Dropped without an answer": 1e5,
    "TCP connections and TLS": 1e5, "What sessions hold": 100, "Relay ports in use": 1, "A turn of the loop": 5,
    "Datagrams in a batch": 10_000, "Requests to the admin interface": 1e4, "Certificate": 8 * 86_400, "Up for": 600,
}  # fmt: skip


@pytest.mark.timeout(120)
@pytest.mark.parametrize("title", MOVING)
def test_panels_show_what_happens(title: str, busy: Prometheus) -> None:
    panel_queries = [filled(expression) for name, expression in TARGETS if name == title]
    assert panel_queries
    values = [value for query in panel_queries for value in busy.values(query) if value == value]
    assert 0 < max(values) <= MOVING[title], values


def test_only_metrics_that_there_are_and_all_of_them(busy: Prometheus) -> None:
    """A metric that nobody shows is one that nobody misses; those left out are said here."""
    shown = set(re.findall(r"\bculvert_\w+", json.dumps(DASHBOARD)))
    there = {re.sub(r"_(bucket|sum|count)$", "", name) for name in names(busy)}
    assert {re.sub(r"_bucket$", "", name) for name in shown} <= there
    unshown = there - {re.sub(r"_bucket$", "", name) for name in shown}
    assert unshown == {
        "culvert_sessions_refreshed_total", "culvert_peer_connections_total", "culvert_metric_series_lost",
    }  # fmt: skip


def alerts() -> list[str]:
    table = (CHECKOUT / "Docs/operations.md").read_text().split("What deserves an alert:")[1].split("\n\n")[1]
    return re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE)


@pytest.mark.parametrize("expression", alerts())
def test_the_alerts_of_the_manual_are_queries_that_speak_of_something(expression: str, busy: Prometheus) -> None:
    assert busy.ask(expression)["status"] == "success"
    # Without the comparison there is data, or else the alert could never come.
    assert busy.values(re.sub(r" (==|>|<) [^<>=]+$", "", expression).replace("[5m]", "[10s]")), expression


def names(prometheus: Prometheus) -> set[str]:
    series = prometheus.ask('{__name__=~"culvert_.*"}')["data"]["result"]
    return {each["metric"]["__name__"] for each in series}


def test_the_panels_are_laid_out_and_explained() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken and all(x < 24 for x, _ in cells), panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert all(panel["description"] and panel["fieldConfig"]["defaults"]["unit"] for panel in PANELS)
    assert {panel["datasource"]["uid"] for panel in PANELS} == {"${datasource}"}
