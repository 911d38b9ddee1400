"""RFC 6062: connections through the relay, joined byte for byte, and what ends them."""

from __future__ import annotations

import os
import random
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import stun
from certificate import Certificate
from conftest import USER
from server import HOSTS, TURNServer
from tcp_relay import DataConnection, Peer, TCPRelayClient, read_exactly, read_to_end, reset
from turn_client import Credentials
from waiting import wait_until

OTHER_USER = Credentials("mallory", "not-alice")
MEBIBYTE = 1 << 20
#: Each of four workers keeps eight pipes at hand.
IDLE_PIPE_ENDS = 4 * 8 * 2
SETTINGS = {
    "tcp-relay": "true", "relay-threads": 4, "tcp-relay-connects-per-minute": 0, "max-connections-per-allocation": 64,
}  # fmt: skip


@pytest.fixture(scope="module")
def relaying_server(start_server: Callable[..., TURNServer], certificate: Certificate) -> TURNServer:
    server = start_server(users=[USER, OTHER_USER], certificate=certificate, settings=SETTINGS)
    wait_until("the server to be idle", lambda: connections(server) == 0)
    IDLE[server.process.pid] = sockets(server)
    return server


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as each:
        yield each


#: The sockets of a server without clients, by its process.
IDLE: dict[int, int] = {}


def sockets(server: TURNServer) -> int:
    """The sockets that the server holds; its pipes are counted by `pipes`."""
    return sum(name.startswith("socket:") for name in descriptors(server))


def is_idle(server: TURNServer) -> bool:
    """Whether the server holds exactly the sockets that it held before its first client."""
    return sockets(server) == IDLE[server.process.pid]


def connections(server: TURNServer) -> int:
    """TCP sockets that do not listen."""
    own = set(descriptors(server))
    rows = [row.split() for table in ("tcp", "tcp6") for row in Path("/proc/net", table).read_text().splitlines()[1:]]
    return sum(row[3] != "0A" and f"socket:[{row[9]}]" in own for row in rows)


def pipes(server: TURNServer) -> int:
    return sum(name.startswith("pipe:") for name in descriptors(server))


def descriptors(server: TURNServer) -> list[str]:
    folder = Path(f"/proc/{server.process.pid}/fd")
    names = []
    for entry in folder.iterdir():
        try:
            names.append(os.readlink(entry))
        except FileNotFoundError:
            continue
    return names


def joined(
    client: TCPRelayClient, peer: Peer | None = None, behind: bytes = b""
) -> tuple[DataConnection, socket.socket]:
    """A connection from the client through the relay to a peer, or to one that nobody was connected to before."""
    with peer or Peer() as host:
        connection_id = client.connected(host.address)
        far, _ = host.accept()
        return client.bind(connection_id, behind), far


def send_in_background(stream: socket.socket | DataConnection, data: bytes) -> threading.Thread:
    thread = threading.Thread(target=stream.sendall, args=(data,))
    thread.start()
    return thread


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_large_transfers_arrive_byte_for_byte(transport: str, relaying_server: TURNServer, peer: Peer) -> None:
    """M02, M05: both ways at once, from the relayed address."""
    up, down = random.randbytes(8 * MEBIBYTE), random.randbytes(8 * MEBIBYTE + 4711)
    with TCPRelayClient(relaying_server, transport) as client:
        relayed = client.relayed()
        connection_id = client.connected(peer.address)
        far, source = peer.accept()
        assert source == relayed
        near = client.bind(connection_id)
        # ssl.SSLSocket is not for two threads at once, so that over TLS one direction waits for the other.
        threads = [send_in_background(far, down)]
        if transport == "tcp":
            threads.append(send_in_background(near, up))
            received: list[bytes] = []
            reader = threading.Thread(target=lambda: received.append(read_exactly(far, len(up))))
            reader.start()
            assert read_exactly(near, len(down)) == down
            reader.join()
        else:
            assert read_exactly(near, len(down)) == down
            threads.append(send_in_background(near, up))
            received = [read_exactly(far, len(up))]
        assert received == [up]
        for thread in threads:
            thread.join()
        near.close()
        assert read_to_end(far) == b""
        far.close()


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_a_peer_may_begin(transport: str, relaying_server: TURNServer) -> None:
    """M03, M05: what the peer sends before the bind waits, and comes behind the success reply."""
    with TCPRelayClient(relaying_server, transport) as client:
        relayed = client.relayed()
        with socket.create_connection(relayed) as stranger:
            assert stranger.recv(1) == b""
        assert client.create_permission((HOSTS[0], 1)).is_success
        with socket.create_connection(relayed) as far:
            early = random.randbytes(300_000)
            sender = send_in_background(far, early)
            attempt = client.attempt()
            assert attempt.address(stun.XOR_PEER_ADDRESS) == far.getsockname()
            near = client.bind(attempt.get(stun.CONNECTION_ID) or b"")
            assert read_exactly(near, len(early)) == early
            sender.join()
            near.sendall(b"answer")
            assert read_exactly(far, 6) == b"answer"
            near.close()


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_what_follows_the_bind_at_once_is_data(transport: str, relaying_server: TURNServer) -> None:
    """M05: even when the client does not wait for the reply, and whichever worker it comes to."""
    with TCPRelayClient(relaying_server, transport) as client:
        client.relayed()
        for size in (1, 100, 16_384, 200_000):
            for _ in range(4):
                behind = random.randbytes(size)
                near, far = joined(client, behind=behind)
                assert read_exactly(far, size) == behind
                near.close()
                far.close()


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_every_worker_finds_the_owner(transport: str, relaying_server: TURNServer) -> None:
    """M05: the kernel spreads data connections over all workers; each is joined."""
    with TCPRelayClient(relaying_server, transport) as client, ExitStack() as stack:
        client.relayed()
        for number in range(40):
            near, far = joined(client)
            stack.callback(far.close)
            stack.callback(near.close)
            near.sendall(struct.pack("!I", number))
            assert read_exactly(far, 4) == struct.pack("!I", number)
            far.sendall(struct.pack("!I", ~number & 0xFFFFFFFF))
            assert read_exactly(near, 4) == struct.pack("!I", ~number & 0xFFFFFFFF)
        assert relaying_server.is_running


def test_half_a_connection_goes_on(relaying_server: TURNServer) -> None:
    """M06: an end is passed on behind the data, and the other direction lives."""
    with TCPRelayClient(relaying_server) as client:
        client.relayed()
        question, answer = random.randbytes(500_000), random.randbytes(700_000)
        near, far = joined(client)
        near.sendall(question)
        near.socket.shutdown(socket.SHUT_WR)
        assert read_to_end(far) == question
        sender = send_in_background(far, answer)
        assert read_exactly(near, len(answer)) == answer
        sender.join()
        far.shutdown(socket.SHUT_WR)
        assert near.recv(1) == b""
        # And the other way round.
        near, far = joined(client)
        far.sendall(answer)
        far.shutdown(socket.SHUT_WR)
        assert read_to_end(near) == answer
        sender = send_in_background(near, question)
        assert read_exactly(far, len(question)) == question
        sender.join()
        near.socket.shutdown(socket.SHUT_WR)
        assert far.recv(1) == b""


def test_the_end_of_a_session_is_passed_on(relaying_server: TURNServer) -> None:
    """M06: with TLS, the peer's end reaches the client as the end of its session, and the other way round."""
    with TCPRelayClient(relaying_server, "tls") as client:
        client.relayed()
        near, far = joined(client)
        far.sendall(b"last words")
        far.shutdown(socket.SHUT_WR)
        assert read_to_end(near) == b"last words"
        near.sendall(b"still here")
        assert read_exactly(far, 10) == b"still here"
        near.close()
        assert read_to_end(far) == b""


@pytest.mark.parametrize("transport", ["tcp", "tls"])
@pytest.mark.parametrize("slow", ["peer", "client"])
def test_a_slow_reader_slows_the_sender(transport: str, slow: str, relaying_server: TURNServer) -> None:
    """M08: what nobody reads is not taken from the sender, and the server's memory does not grow."""
    with TCPRelayClient(relaying_server, transport) as client:
        client.relayed()
        near, far = joined(client, Peer(receive_buffer=8192))
        sender, reader = (near.socket, far) if slow == "peer" else (far, near)
        data = random.randbytes(64 * MEBIBYTE)
        before = relaying_server.resident_kilobytes
        sender.settimeout(1)
        sent = 0
        with pytest.raises(TimeoutError):
            while sent < len(data):
                sent += sender.send(data[sent : sent + 16_384])
        assert 0 < sent < len(data) // 2
        assert relaying_server.resident_kilobytes - before < 4 * 1024
        # Other connections are served meanwhile.
        second, second_far = joined(client)
        second.sendall(b"hello")
        assert read_exactly(second_far, 5) == b"hello"
        assert read_exactly(reader, sent) == data[:sent]


def test_a_reset_is_passed_on(relaying_server: TURNServer) -> None:
    """M06: a connection that breaks does not look like one that ends."""
    with TCPRelayClient(relaying_server) as client:
        client.relayed()
        near, far = joined(client)
        reset(far)
        with pytest.raises(ConnectionResetError):
            near.recv(1)
        near, far = joined(client)
        reset(near.socket)
        with pytest.raises(ConnectionResetError):
            far.recv(1)


@pytest.mark.parametrize("ending", ["refresh", "close"])
@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_the_end_of_the_allocation_ends_its_connections(
    ending: str, transport: str, relaying_server: TURNServer
) -> None:
    """M06: bound or not, in the middle of a transfer or not; and every descriptor is closed."""
    wait_until("earlier tests to be over", lambda: is_idle(relaying_server))
    client = TCPRelayClient(relaying_server, transport)
    client.relayed()
    pairs = [joined(client) for _ in range(4)]
    for near, far in pairs:
        far.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                far.send(bytes(65_536))
        far.settimeout(20)
    if transport == "tcp":
        assert pipes(relaying_server) >= 2
    if ending == "refresh":
        assert client.refresh(0).is_success
    else:
        client.socket.close()
    for near, far in pairs:
        wait_for_reset(far)
        near.close()
        far.close()
    client.socket.close()
    wait_until("every socket to be closed", lambda: is_idle(relaying_server))
    assert pipes(relaying_server) <= IDLE_PIPE_ENDS


def wait_for_reset(connection: socket.socket) -> None:
    """Until the kernel has heard that the other side is gone; what is sent then is refused."""
    ends = select.poll()
    ends.register(connection, select.POLLHUP | select.POLLERR | select.POLLRDHUP)
    assert ends.poll(20_000), "waited 20 s in vain for the connection to end"
    with pytest.raises(ConnectionError):
        while True:
            connection.send(b"x")


def test_foreign_credentials_and_ids(relaying_server: TURNServer, peer: Peer) -> None:
    """M05, P9: another user's bind is 441, an unknown id is 400, and the connection still waits for its own."""
    with TCPRelayClient(relaying_server) as client:
        client.relayed()
        connection_id = client.connected(peer.address)
        far, _ = peer.accept()
        for _ in range(8):
            with client.data_client(OTHER_USER) as stranger:
                assert stranger.request(stun.CONNECTION_BIND, [(stun.CONNECTION_ID, connection_id)]).error == 441
        number = struct.unpack("!I", connection_id)[0]
        for step in (1, 2, 3, 4, 1000, 1 << 20):
            with client.data_client() as guess:
                wrong = struct.pack("!I", (number + step) & 0xFFFFFFFF)
                assert guess.request(stun.CONNECTION_BIND, [(stun.CONNECTION_ID, wrong)]).error == 400
                # The connection serves on, wherever it has come to.
                assert guess.binding().is_success
        near = client.bind(connection_id)
        near.sendall(b"mine")
        assert read_exactly(far, 4) == b"mine"
        with client.data_client() as again:
            assert again.request(stun.CONNECTION_BIND, [(stun.CONNECTION_ID, connection_id)]).error == 400


def test_refused_connections(relaying_server: TURNServer, peer: Peer) -> None:
    """M02: 447 for a closed port, 446 for a peer that is connected, 403 for low ports; descriptors are given back."""
    with TCPRelayClient(relaying_server) as client:
        client.relayed()
        before = sockets(relaying_server)
        with Peer() as gone:
            closed = gone.address
        for _ in range(200):
            assert client.connect(closed).error == 447
        assert sockets(relaying_server) == before
        client.connected(peer.address)
        assert client.connect(peer.address).error == 446
        assert client.connect((HOSTS[0], 22)).error == 403
        assert client.connect(("10.0.0.1", 9000)).error == 403


def test_a_flood_of_connects_stays_within_bounds(relaying_server: TURNServer) -> None:
    """M02, S5: more Connects at once than an allocation may have connections."""
    with ExitStack() as stack, TCPRelayClient(relaying_server, timeout=20) as client:
        client.relayed()
        peers = [stack.enter_context(Peer()) for _ in range(100)]
        requests = {}
        for each in peers:
            request = client.connect_request(each.address)
            requests[request[8:20]] = request
        client.send(b"".join(requests.values()))
        errors = []
        deadline = time.monotonic() + 20
        while requests:
            reply = stun.Message.decode(client.receive(deadline))
            del requests[reply.tid]
            errors.append(reply.error)
        assert errors.count(0) == 64 and errors.count(508) == 36
    wait_until("the sockets to be closed", lambda: is_idle(relaying_server))


def test_churn_leaks_nothing(relaying_server: TURNServer) -> None:
    """M06: three hundred connections that end in every way, some in the middle of a transfer."""
    wait_until("earlier tests to be over", lambda: is_idle(relaying_server))
    for transport in ("tcp", "tls"):
        with TCPRelayClient(relaying_server, transport) as client:
            client.relayed()
            for number in range(150):
                near, far = joined(client)
                if number % 2:
                    far.setblocking(False)
                    try:
                        far.send(bytes(1 << 20))
                    except BlockingIOError:
                        pass
                if number % 3 == 0:
                    reset(far)
                    near.close()
                elif number % 3 == 1 and transport == "tcp":
                    reset(near.socket)
                    far.close()
                else:
                    near.close()
                    far.close()
    wait_until("every socket to be closed", lambda: is_idle(relaying_server))
    assert pipes(relaying_server) <= IDLE_PIPE_ENDS


def test_peers_and_clients_that_never_come(relaying_server: TURNServer) -> None:
    """M02, M04: a peer that never answers is 447 after 30 seconds, and a connection that nobody binds is closed."""
    wait_until("earlier tests to be over", lambda: is_idle(relaying_server))
    with ExitStack() as stack:
        mute = socket.socket()
        stack.callback(mute.close)
        mute.bind((HOSTS[0], 0))
        mute.listen(0)
        # The backlog is full, so that the kernel answers no more SYN.
        for _ in range(4):
            filler = socket.socket()
            stack.callback(filler.close)
            filler.setblocking(False)
            filler.connect_ex(mute.getsockname())
        clients = [stack.enter_context(TCPRelayClient(relaying_server, timeout=45)) for _ in range(20)]
        unbound: list[socket.socket] = []
        begun = time.monotonic()
        waiting = None
        for client in clients:
            relayed = client.relayed()
            assert client.create_permission((HOSTS[0], 1)).is_success
            if waiting is None:
                waiting = client.connect_request(mute.getsockname())
                client.send(waiting)
            for _ in range(50):
                unbound.append(stack.enter_context(socket.create_connection(relayed)))
        assert waiting
        assert clients[0].reply_to(waiting[8:20], time.monotonic() + 40).error == 447
        assert 29 < time.monotonic() - begun < 40
        for each in unbound:
            each.settimeout(15)
            assert each.recv(1) == b""
        assert len(unbound) == 1000 and time.monotonic() - begun < 45
    wait_until("every socket to be closed", lambda: is_idle(relaying_server))


def test_off_by_default(static_server: TURNServer) -> None:
    """M01: nobody is relayed TCP who was not offered it."""
    with TCPRelayClient(static_server) as client:
        assert client.allocate_tcp().error == 442
