"""The records of Docs/dns.md, read by BIND and followed as a client of RFC 5928 would."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import CHECKOUT

DOMAIN = "example.org."
Records = dict[tuple[str, str], list[list[str]]]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """Every record of the zone, by name and type, after BIND has found it in order."""
    page = (CHECKOUT / "Docs/dns.md").read_text()
    (zone,) = re.findall(r"```dns\n(.*?)```", page, re.DOTALL)
    file = tmp_path_factory.mktemp("zone") / "zone"
    file.write_text(zone)
    return checked(file)


def checked(file: Path) -> Records:
    command = ["named-checkzone", "-D", "-o", "-", "-i", "full", "-k", "fail", "-n", "fail", "-m", "fail", DOMAIN, file]
    result = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert result.returncode == 0, result.stdout + result.stderr
    found: Records = {}
    for line in result.stdout.splitlines():
        name, _, _, type, *data = line.split()
        found.setdefault((name, type), []).append([each.strip('"') for each in data])
    return found


def follow(records: Records, name: str, wanted: str) -> Iterator[tuple[str, str, int]]:
    """From the NAPTR records of a name to addresses and ports (RFC 5928 §3, S-NAPTR of RFC 3958)."""
    for _, _, flags, service, _, replacement in sorted(records.get((name, "NAPTR"), []), key=lambda r: int(r[0])):
        application, *protocols = service.split(":")
        if application != "RELAY" or wanted not in protocols:
            continue
        if not flags:
            yield from follow(records, replacement, wanted)
        elif flags.upper() == "S":
            for _, _, port, target in records[replacement, "SRV"]:
                for type in ("A", "AAAA"):
                    for (address,) in records[target, type]:
                        yield replacement, address, int(port)


@pytest.mark.parametrize(
    ("protocol", "service", "port"),
    [
        ("turn.udp", "_turn._udp", 3478),
        ("turn.tcp", "_turn._tcp", 3478),
        ("turn.tls", "_turns._tcp", 5349),
        ("turn.dtls", "_turns._udp", 5349),
    ],
)
def test_the_domain_leads_to_every_transport(protocol: str, service: str, port: int, records: Records) -> None:
    """R02: from the domain by NAPTR and SRV to both addresses."""
    found = list(follow(records, DOMAIN, protocol))
    assert found == [(f"{service}.{DOMAIN}", address, port) for address in ("192.0.2.1", "2001:db8::1")]


@pytest.mark.parametrize("service", ["stun", "stuns", "turn", "turns"])
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_every_uri_has_its_service_record(service: str, transport: str, records: Records) -> None:
    """R02, R03: one SRV record for each form of URI, at the port that the URI means."""
    ((_, _, port, target),) = records[f"_{service}._{transport}.{DOMAIN}", "SRV"]
    assert (port, target) == ("5349" if service.endswith("s") else "3478", f"turn.{DOMAIN}")


def test_a_broken_zone_would_be_noticed(tmp_path: Path) -> None:
    """R02: the check is one that can fail."""
    file = tmp_path / "zone"
    file.write_text(f"$ORIGIN {DOMAIN}\n@ 60 IN SOA ns h 1 2 3 4 5\n@ 60 IN NS ns\n_turn._udp 60 IN SRV 0 0 3478\n")
    with pytest.raises(AssertionError):
        checked(file)
