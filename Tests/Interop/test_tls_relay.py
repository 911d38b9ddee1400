"""Relaying over TLS, while certificates change."""

from __future__ import annotations

import re
import select
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

import stun
from certificate import Certificate
from conftest import USER
from relaying import connect, echo, relay
from server import HOSTS, TURNServer, binary
from turn_client import TURNClient
from waiting import wait_until

RELAYS = 100


# Relaying


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_payloads_of_every_size_come_back(
    version: ssl.TLSVersion, static_server: TURNServer, peer: socket.socket
) -> None:
    trust = static_server.certificate.trust
    trust.minimum_version = trust.maximum_version = version
    with TURNClient((HOSTS[0], static_server.tls_port), static_server.user, "tls", trust=trust) as client:
        with relay(client, peer):
            for size in (0, 1, 2, 3, 4, 1200, 16_380, 16_384, 40_000, 65_000):
                payload = bytes(number * 31 & 0xFF for number in range(size))
                assert echo(client, peer, payload) == payload


def test_frames_split_and_joined_at_will(static_server: TURNServer) -> None:
    """F02: inside TLS, many messages in one record, and one message over many records."""
    with connect(static_server) as client:
        requests = [stun.message(stun.BINDING, stun.transaction_id()) for _ in range(50)]
        client.send(b"".join(requests))
        for request in requests:
            assert client.reply_to(request[8:20], time.monotonic() + 5).is_success
        request = stun.message(stun.BINDING, stun.transaction_id())
        for offset in range(len(request)):
            client.send(request[offset : offset + 1])
        assert client.reply_to(request[8:20], time.monotonic() + 5).is_success


def test_the_end_of_a_session_frees_its_relay(static_server: TURNServer) -> None:
    """F07: with close_notify or without."""
    clients = [connect(static_server) for _ in range(10)]
    for client in clients:
        assert client.allocate().is_success
    held = static_server.descriptors
    for number, client in enumerate(clients):
        if number % 2:
            client.socket.unwrap()
        client.socket.close()
    wait_until("sockets and relays to be closed", lambda: static_server.descriptors <= held - 20)


def test_a_slow_reader_loses_its_own_media_alone(static_server: TURNServer, peer: socket.socket) -> None:
    """F08: over TLS, where a record that was made cannot be dropped."""
    with connect(static_server) as slow, connect(static_server) as good:
        assert slow.allocate().is_success
        assert slow.channel_bind(0x4001, peer.getsockname()).is_success
        slow.send(stun.channel_data(0x4001, b"here", padded=True))
        _, relayed = peer.recvfrom(100)
        memory = static_server.resident_kilobytes
        for _ in range(40_000):
            peer.sendto(bytes(1200), relayed)
        with relay(good, peer):
            assert echo(good, peer, b"unharmed") == b"unharmed"
        assert static_server.resident_kilobytes - memory < 4096
        # What comes out of the dam is in step: whole frames, and then the answer to a request.
        assert slow.binding().is_success


# Certificates


def served(server: TURNServer) -> bytes:
    with socket.create_connection((HOSTS[0], server.tls_port), timeout=5) as plain:
        with ssl._create_unverified_context().wrap_socket(plain) as client:
            return client.getpeercert(binary_form=True)


def test_a_new_certificate_disturbs_nobody(
    start_server: Callable[..., TURNServer], tmp_path: Path, peer: socket.socket
) -> None:
    certificate = Certificate(tmp_path)
    server = start_server(users=[USER], certificate=certificate)
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(server)) for _ in range(RELAYS)]
        for number, client in enumerate(clients):
            stack.enter_context(relay(client, peer, 0x4000 + number))

        def all_live() -> None:
            for number, client in enumerate(clients):
                assert echo(client, peer, b"%d" % number, 0x4000 + number) == b"%d" % number

        all_live()
        for _ in range(2):
            certificate.renew()
            wait_until("the new certificate to be served", lambda: served(server) == certificate.der, seconds=5)
            all_live()
        assert len({client.socket.getpeercert(binary_form=True) for client in clients}) == 1


@pytest.mark.parametrize("how", ["junk", "foreign key", "gone"])
def test_a_bad_certificate_is_reported_and_the_old_one_kept(
    how: str, start_server: Callable[..., TURNServer], tmp_path: Path
) -> None:
    certificate = Certificate(tmp_path)
    server = start_server(users=[USER], certificate=certificate)
    good = served(server)
    if how == "junk":
        certificate.chain.write_text("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")
    elif how == "foreign key":
        other = tmp_path / "other"
        other.mkdir()
        certificate.key.write_bytes(Certificate(other).key.read_bytes())
    else:
        certificate.chain.unlink()
    wait_until("the report", lambda: "certificate not renewed" in server.log_tail, seconds=5)
    assert served(server) == good
    certificate.renew()
    wait_until("the new certificate to be served", lambda: served(server) == certificate.der, seconds=5)


# A reload reads the certificate with all the rest.
@pytest.mark.parametrize(
    ("number", "told"), [(signal.SIGUSR2, "certificate renewed"), (signal.SIGHUP, "event=reloaded")]
)
def test_signals_read_the_certificate_again(number: signal.Signals, told: str, static_server: TURNServer) -> None:
    def renewals() -> int:
        return len(re.findall(told, static_server.log_file.read_text()))

    before = renewals()
    static_server.process.send_signal(number)
    wait_until("the certificate to be read again", lambda: renewals() > before, seconds=5)


@pytest.mark.parametrize(
    "lines", [{"cert": "/nowhere.pem", "pkey": "/nowhere.pem"}, {"cipher-list": "nonsense"}, {"ec-curve-name": "none"}]
)
def test_what_cannot_be_used_is_told_at_start(
    lines: dict[str, str], certificate: Certificate, tmp_path: Path
) -> None:
    server = TURNServer(tmp_path, binary=binary(), certificate=certificate, settings=lines)
    finished = subprocess.run(
        [server.binary, "-c", server.configuration], capture_output=True, text=True, timeout=20, cwd=tmp_path
    )
    assert finished.returncode == 1 and "cannot " in finished.stderr, finished
    assert list(lines.values())[0] in finished.stderr


# Exhaustion


@pytest.mark.timeout(60)
def test_a_hello_byte_by_byte_does_not_last(static_server: TURNServer) -> None:
    flight = static_server.certificate.hello()
    with socket.create_connection((HOSTS[0], static_server.tls_port), timeout=5) as slow:
        began = time.monotonic()
        end = select.poll()
        end.register(slow, select.POLLHUP | select.POLLERR | select.POLLRDHUP)
        is_ended = False
        for byte in flight:
            slow.sendall(bytes([byte]))
            is_ended = bool(end.poll(250))
            if is_ended:
                break
        assert is_ended and 8 < time.monotonic() - began < 20
