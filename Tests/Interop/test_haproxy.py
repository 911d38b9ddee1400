"""Clients behind HAProxy, which tells the server of them by the PROXY protocol."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import stun
from certificate import Certificate
from conftest import USER
from relaying import echo
from server import HOSTS, LISTENING_PORTS, TURNServer, free_ports
from turn_client import TURNClient
from waiting import wait_until

#: Where HAProxy connects from, so that the tests' own connections are not taken for its.
PROXY = "127.0.0.2"


@contextmanager
def haproxy(directory: Path, option: str, backend: int, ports: dict[str, int]) -> Iterator[None]:
    """HAProxy on a port of 127.0.0.1 and one of ::1, which hands connections on with the header that `option` asks for."""
    configuration = directory / "haproxy.cfg"
    binds = "\n".join(f"    bind {host}:{port}" for host, port in ports.items())
    configuration.write_text(
        f"""
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen turn
{binds}
    server culvert {HOSTS[0]}:{backend} {option} source {PROXY} check inter 100ms
"""
    )
    process = subprocess.Popen(["haproxy", "-f", configuration, "-db", "-q"], cwd=directory)
    try:
        wait_until("HAProxy to listen", lambda: all(accepts(host, port) for host, port in ports.items()), seconds=10)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def accepts(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        return probe.connect_ex((host, port)) == 0


@pytest.mark.parametrize("option", ["send-proxy", "send-proxy-v2"])
@pytest.mark.parametrize("on_own_port", [False, True], ids=["listening-port", "tcp-proxy-port"])
@pytest.mark.parametrize("transport", ["tcp", "tls"])
@pytest.mark.parametrize("host", HOSTS)
def test_clients_are_known_and_relayed(
    option: str, on_own_port: bool, transport: str, host: str,
    start_server: Callable[..., TURNServer], certificate: Certificate, peer: socket.socket, tmp_path: Path,
) -> None:  # fmt: skip
    """F14: both versions, over TCP and TLS, on the port that everybody uses and on the one for proxies."""
    own_port, *ports = free_ports(3, LISTENING_PORTS)
    settings = {"proxy-protocol-from": PROXY} | ({"tcp-proxy-port": own_port} if on_own_port else {})
    server = start_server(users=[USER], certificate=certificate, settings=settings)
    addresses = dict(zip(HOSTS, ports, strict=True))
    with haproxy(tmp_path, option, own_port if on_own_port else server.port, addresses):
        trust: ssl.SSLContext | None = certificate.trust if transport == "tls" else None
        with TURNClient((host, addresses[host]), USER, transport, trust=trust) as client:
            assert client.binding().address(stun.XOR_MAPPED_ADDRESS) == client.socket.getsockname()[:2]
            assert client.allocate().is_success
            assert client.channel_bind(0x4000, peer.getsockname()).is_success
            for size in (0, 1, 1200, 9000):
                assert echo(client, peer, bytes(size)) == bytes(size)
    # Nobody but the proxy may send the header.
    with socket.create_connection((HOSTS[0], server.port), timeout=5) as stranger:
        stranger.sendall(b"PROXY TCP4 192.0.2.1 192.0.2.2 1 3478\r\n")
        assert stranger.recv(1) == b""
