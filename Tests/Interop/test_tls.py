"""TLS as openssl's own client sees it: versions, ciphers, ALPN, renegotiation; and who is let in on which port."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import stun
from certificate import Certificate
from conftest import USER
from relaying import connect
from server import HOSTS, TURNServer, binary
from turn_client import TURNClient


def s_client(server: TURNServer, *arguments: str, talk: str = "", until: str = "") -> str:
    """What `openssl s_client` says of the server. It is told `talk`, and listened to until it says `until` or ends."""
    command = ["openssl", "s_client", "-connect", f"{HOSTS[0]}:{server.tls_port}", *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        process.stdin.write(talk)
        process.stdin.flush()
        output = ""
        if until:
            for line in process.stdout:
                output += line
                if until in line:
                    break
        return output + process.communicate(timeout=20)[0]
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(("option", "version"), [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")])
def test_versions_in_use_are_spoken(option: str, version: str, static_server: TURNServer) -> None:
    """F09: TLS 1.2 and 1.3."""
    assert f"New, {version}, Cipher is" in s_client(static_server, option)


@pytest.mark.parametrize("option", ["-tls1", "-tls1_1"])
def test_old_versions_are_refused(option: str, static_server: TURNServer) -> None:
    """F09: TLS 1.0 and 1.1."""
    output = s_client(static_server, option, "-cipher", "ALL:@SECLEVEL=0")
    assert "alert protocol version" in output and "Cipher is (NONE)" in output


@pytest.mark.parametrize("cipher", ["ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256"])
def test_ciphers_that_must_be_are_there(cipher: str, static_server: TURNServer) -> None:
    """F09: those of RFC 8489."""
    assert f"Cipher is {cipher}" in s_client(static_server, "-tls1_2", "-cipher", cipher)


def test_renegotiation_is_refused(static_server: TURNServer) -> None:
    """F09: nor is anything compressed."""
    output = s_client(static_server, "-tls1_2", talk="R\n", until="no renegotiation")
    assert "RENEGOTIATING" in output and "no renegotiation" in output
    assert "Compression: NONE" in output


@pytest.mark.parametrize(
    ("option", "ticket_has_come"),
    [("-tls1_2", "Verify return code"), ("-tls1_3", "Post-Handshake New Session Ticket arrived")],
)
def test_sessions_are_resumed(option: str, ticket_has_come: str, static_server: TURNServer, tmp_path: Path) -> None:
    """F09: by tickets."""
    ticket = str(tmp_path / "ticket.pem")
    assert "New, TLSv1" in s_client(static_server, option, "-sess_out", ticket, until=ticket_has_come)
    assert "Reused, TLSv1" in s_client(static_server, option, "-sess_in", ticket)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ("stun.turn", "ALPN protocol: stun.turn"),
        ("stun.nat-discovery", "ALPN protocol: stun.nat-discovery"),
        ("http/1.1,stun.turn", "ALPN protocol: stun.turn"),
        ("h2", "No ALPN negotiated"),
        (None, "No ALPN negotiated"),
    ],
)
def test_protocols_are_chosen(offered: str | None, chosen: str, static_server: TURNServer) -> None:
    """F10: the protocols of RFC 7443 are chosen, others ignored."""
    output = s_client(static_server, *(["-alpn", offered] if offered else []))
    assert chosen in output and "Cipher is (NONE)" not in output


def test_foreign_protocols_are_refused_on_demand(
    start_server: Callable[..., TURNServer], certificate: Certificate
) -> None:
    """F10: where strict-alpn is set."""
    server = start_server(users=[USER], certificate=certificate, settings={"strict-alpn": 1})
    assert "no application protocol" in s_client(server, "-alpn", "h2")
    assert "Cipher is (NONE)" not in s_client(server)


@pytest.mark.parametrize("size", [0, 1, 3, 4])
def test_thousands_of_tiny_frames_are_all_served(
    size: int, static_server: TURNServer, peer: socket.socket
) -> None:
    """F02: more frames in one read than one turn has time for, and the end of the session behind them."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    with connect(static_server) as client:
        assert client.allocate().is_success
        assert client.channel_bind(0x4000, peer.getsockname()).is_success
        # Unbound channels are dropped, so that no datagram is lost on the way; those that are bound come in order.
        idle = stun.channel_data(0x4001, bytes(size), padded=True) * 500
        frames = [stun.channel_data(0x4000, bytes([number, size]), padded=True) for number in range(100)]
        client.send(b"".join(idle + frame for frame in frames))
        assert [peer.recv(100) for _ in frames] == [bytes([number, size]) for number in range(100)]
        assert client.binding().is_success
        client.send(idle + frames[7])
        client.socket.unwrap()
        assert peer.recv(100) == bytes([7, size])


@pytest.mark.parametrize("host", HOSTS)
def test_either_port_takes_either(host: str, static_server: TURNServer) -> None:
    """F13: the first byte decides."""
    for port in (static_server.port, static_server.tls_port):
        with connect(static_server, host, port) as client:
            assert client.binding().is_success
        with TURNClient((host, port), transport="tcp") as client:
            assert client.binding().is_success


@pytest.mark.parametrize(
    "greeting", [bytes.fromhex("8046010301"), b"GET / HTTP/1.1\r\n\r\n", bytes.fromhex("1503010002"), b"\xff"]
)
def test_anything_else_is_closed(greeting: bytes, static_server: TURNServer) -> None:
    """F13: old Google clients' pseudo-TLS, HTTP, alerts."""
    for port in (static_server.port, static_server.tls_port):
        with socket.create_connection((HOSTS[0], port), timeout=5) as stranger:
            stranger.sendall(greeting)
            assert ended(stranger)


def test_without_tcp_only_tls_is_left(certificate: Certificate, tmp_path: Path) -> None:
    """F13: no-tcp means plain TCP."""
    class WithoutTCP(TURNServer):
        def answers_everywhere(self) -> bool:
            return self.is_running and self.answers(HOSTS[0], "udp")

    server = WithoutTCP(
        tmp_path, binary=binary(), users=[USER], certificate=certificate, settings={"no-tcp": 1}
    )
    server.start()
    try:
        with connect(server) as client:
            assert client.allocate().is_success
        with socket.create_connection((HOSTS[0], server.tls_port), timeout=5) as plain:
            plain.sendall(stun.message(stun.BINDING, stun.transaction_id()))
            assert ended(plain)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((HOSTS[0], server.port), timeout=5)
    finally:
        server.stop()


def ended(connection: socket.socket) -> bool:
    try:
        while connection.recv(4096):
            pass
    except ConnectionResetError:
        pass
    return True
