"""aioice: an ICE agent in Python. It binds channels, sends no CreatePermission and asks for no address family."""

from __future__ import annotations

import asyncio

import pytest
from aioice import Connection, TransportPolicy

from server import HOSTS, TURNServer


async def complete(server: TURNServer, host: str, transport: str) -> None:
    """Two agents that may use nothing but relayed candidates find each other and talk both ways."""
    agents = [
        Connection(
            ice_controlling=controlling,
            turn_server=(host, server.tls_port if transport == "tls" else server.port),
            turn_username=server.user.username,
            turn_password=server.user.password,
            turn_transport="udp" if transport == "udp" else "tcp",
            turn_ssl=transport == "tls",
            transport_policy=TransportPolicy.RELAY,
        )
        for controlling in (True, False)
    ]
    try:
        async with asyncio.timeout(30):
            for agent in agents:
                await agent.gather_candidates()
                assert [candidate.type for candidate in agent.local_candidates] == ["relay"]
            for agent, other in (agents, reversed(agents)):
                for candidate in other.local_candidates:
                    await agent.add_remote_candidate(candidate)
                await agent.add_remote_candidate(None)
                agent.remote_username, agent.remote_password = other.local_username, other.local_password
            await asyncio.gather(*(agent.connect() for agent in agents))
            for sender, receiver in (agents, reversed(agents)):
                for size in (0, 1, 2, 3, 4, 1200):
                    payload = bytes([size & 0xFF]) * size
                    await sender.send(payload)
                    assert await receiver.recv() == payload
    finally:
        await asyncio.gather(*(agent.close() for agent in agents))


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
@pytest.mark.parametrize("host", HOSTS)
def test_two_agents_meet_on_relays_alone(
    host: str, transport: str, static_server: TURNServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(static_server.certificate.chain))
    asyncio.run(complete(static_server, host, transport))
