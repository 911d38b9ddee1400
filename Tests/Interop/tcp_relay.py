"""A client of RFC 6062: a control connection with an allocation for TCP, and data connections beside it."""

from __future__ import annotations

import socket
import struct
import time

import stun
from server import HOSTS, TURNServer
from stun import Address, Message
from turn_client import Credentials, TURNClient


class TCPRelayClient(TURNClient):
    """The control connection. Peers' connection attempts that come between replies are kept."""

    def __init__(
        self, server: TURNServer, transport: str = "tcp", credentials: Credentials | None = None, timeout: float = 10
    ):
        port = server.tls_port if transport == "tls" else server.port
        trust = server.certificate.trust if server.certificate else None
        super().__init__((HOSTS[0], port), credentials or server.user, transport, timeout, trust)
        self.turn_server = server
        self.attempts: list[Message] = []

    def receive(self, deadline: float) -> bytes:
        while True:
            frame = super().receive(deadline)
            if not self.keep_attempt(frame):
                return frame

    def keep_attempt(self, frame: bytes) -> bool:
        """Whether a frame is a ConnectionAttempt, which is kept."""
        is_attempt = frame[0] < 0x40 and Message.decode(frame).type == stun.CONNECTION_ATTEMPT | stun.INDICATION
        if is_attempt:
            self.attempts.append(Message.decode(frame))
        return is_attempt

    def allocate_tcp(self) -> Message:
        return self.request(stun.ALLOCATE, [(stun.REQUESTED_TRANSPORT, stun.TCP_TRANSPORT)])

    def relayed(self) -> Address:
        reply = self.allocate_tcp()
        assert reply.is_success, reply.error
        relayed = reply.address(stun.XOR_RELAYED_ADDRESS)
        assert relayed
        return relayed

    def connect_request(self, peer: Address) -> bytes:
        tid = stun.transaction_id()
        return self.authenticated(stun.CONNECT, [(stun.XOR_PEER_ADDRESS, stun.xor_address(peer, tid))], tid)

    def connect(self, peer: Address) -> Message:
        return self.exchange(self.connect_request(peer))

    def connected(self, peer: Address) -> bytes:
        """The id of a new connection with a peer."""
        reply = self.connect(peer)
        assert reply.is_success, reply.error
        return reply.get(stun.CONNECTION_ID) or b""

    def attempt(self, seconds: float = 10) -> Message:
        """The next connection that a peer has opened."""
        deadline = time.monotonic() + seconds
        while not self.attempts:
            self.keep_attempt(super().receive(deadline))
        return self.attempts.pop(0)

    def data_client(self, credentials: Credentials | None = None, transport: str | None = None) -> TURNClient:
        """A new connection to the same server."""
        port = self.turn_server.tls_port if (transport or self.transport) == "tls" else self.turn_server.port
        trust = self.turn_server.certificate.trust if self.turn_server.certificate else None
        return TURNClient(
            (HOSTS[0], port), credentials or self.credentials, transport or self.transport, self.timeout, trust
        )

    def bind(self, connection_id: bytes, behind: bytes = b"") -> DataConnection:
        """A data connection; `behind` follows the request in the same segment."""
        client = self.data_client()
        client.challenge()
        request = client.authenticated(stun.CONNECTION_BIND, [(stun.CONNECTION_ID, connection_id)])
        client.send(request + behind)
        reply = client.reply_to(request[8:20], time.monotonic() + client.timeout)
        assert reply.is_success, reply.error
        return DataConnection(client)


class DataConnection:
    """A stream to a peer, through the server."""

    def __init__(self, client: TURNClient):
        self.socket, self.rest = client.socket, client.stream
        self.socket.settimeout(20)

    def sendall(self, data: bytes) -> None:
        self.socket.sendall(data)

    def recv(self, count: int) -> bytes:
        if self.rest:
            data, self.rest = self.rest[:count], self.rest[count:]
            return data
        return self.socket.recv(count)

    def close(self) -> None:
        self.socket.close()


class Peer:
    """A host that listens for connections."""

    def __init__(self, receive_buffer: int | None = None):
        self.listener = socket.socket()
        if receive_buffer:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.listener.bind((HOSTS[0], 0))
        self.listener.listen(256)
        self.listener.settimeout(10)

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    @property
    def address(self) -> Address:
        return self.listener.getsockname()

    def accept(self) -> tuple[socket.socket, Address]:
        connection, address = self.listener.accept()
        connection.settimeout(20)
        return connection, address


def read_exactly(stream: socket.socket | DataConnection, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = stream.recv(min(65536, count - len(data)))
        assert piece, f"the stream ended after {len(data)} of {count} bytes"
        data += piece
    return bytes(data)


def read_to_end(stream: socket.socket | DataConnection) -> bytes:
    data = bytearray()
    while piece := stream.recv(65536):
        data += piece
    return bytes(data)


def reset(stream: socket.socket) -> None:
    """Closes with RST."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()
