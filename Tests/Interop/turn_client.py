"""A TURN client of the plainest kind, over UDP, TCP, TLS or DTLS: what a well-behaved stranger would do."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import struct
import time
from dataclasses import dataclass

import dtls
import stun
from stun import Address, Attributes, Message


@dataclass(frozen=True)
class Credentials:
    username: str
    password: str


class TURNClient:
    """One 5-tuple. Every wait ends: `timeout` bounds a whole transaction."""

    #: How long a UDP request waits before it goes out again. Loopback loses only what overflows a socket buffer.
    RETRANSMISSION_SECONDS = 0.5

    def __init__(
        self,
        server: Address,
        credentials: Credentials | None = None,
        transport: str = "udp",
        timeout: float = 10,
        trust: ssl.SSLContext | None = None,
    ):
        self.server, self.credentials, self.transport, self.timeout = server, credentials, transport, timeout
        family = socket.AF_INET6 if ipaddress.ip_address(server[0]).version == 6 else socket.AF_INET
        self.is_stream = transport in ("tcp", "tls")
        kind = socket.SOCK_STREAM if self.is_stream else socket.SOCK_DGRAM
        self.socket = socket.socket(family, kind)
        self.socket.settimeout(timeout)
        self.socket.connect(server)
        if self.is_stream:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if transport == "tls":
            assert trust, "TLS needs to know whom to trust"
            self.socket = trust.wrap_socket(self.socket, server_hostname=server[0])
        if transport == "dtls":
            self.socket = dtls.Session(self.socket)
        self.realm = self.nonce = self.key = b""
        self.stream = b""

    def __enter__(self) -> TURNClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    # Whole packets, in and out.

    def send(self, packet: bytes) -> None:
        self.socket.sendall(packet)

    def receive(self, deadline: float) -> bytes:
        """The next STUN message or ChannelData frame. Raises TimeoutError at the deadline, EOFError at the end."""
        while True:
            if frame := self.next_frame():
                return frame
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError(f"nothing came from {self.server} over {self.transport}")
            self.socket.settimeout(remaining)
            try:
                data = self.socket.recv(65536)
            except ConnectionRefusedError:
                # An ICMP error of an earlier datagram: the request goes out again.
                continue
            if data and not self.is_stream:
                return data
            if not data and self.transport != "udp":
                raise EOFError(f"{self.server} closed the connection")
            self.stream += data

    def next_frame(self) -> bytes | None:
        if len(self.stream) < 4:
            return None
        length = struct.unpack_from("!H", self.stream, 2)[0]
        size = stun.HEADER + length if self.stream[0] < 0x40 else 4 + length + -length % 4
        if len(self.stream) < size:
            return None
        frame, self.stream = self.stream[:size], self.stream[size:]
        return frame

    # Transactions.

    def exchange(self, packet: bytes) -> Message:
        """Sends a request as it is and returns the reply with its transaction id. Everything else is skipped."""
        deadline = time.monotonic() + self.timeout
        while True:
            self.send(packet)
            attempt = deadline
            if not self.is_stream:
                attempt = min(deadline, time.monotonic() + self.RETRANSMISSION_SECONDS)
            try:
                return self.reply_to(packet[8:20], attempt)
            except TimeoutError:
                if time.monotonic() >= deadline:
                    raise TimeoutError(f"no reply to {packet[:20].hex()} within {self.timeout} s") from None

    def reply_to(self, tid: bytes, deadline: float) -> Message:
        while True:
            frame = self.receive(deadline)
            if frame[0] < 0x40 and frame[8:20] == tid:
                return Message.decode(frame)

    def binding(self) -> Message:
        return self.exchange(stun.message(stun.BINDING, stun.transaction_id()))

    def authenticated(self, type: int, attributes: Attributes, tid: bytes | None = None) -> bytes:
        """A request signed with the nonce at hand."""
        assert self.credentials
        identity = [
            (stun.USERNAME, self.credentials.username.encode()), (stun.REALM, self.realm), (stun.NONCE, self.nonce),
        ]  # fmt: skip
        return stun.signed(stun.message(type, tid or stun.transaction_id(), attributes + identity), self.key)

    def learn(self, challenge: Message) -> None:
        """Takes realm and nonce from a 401 or 438."""
        assert self.credentials
        self.realm, self.nonce = challenge.get(stun.REALM) or b"", challenge.get(stun.NONCE) or b""
        assert self.realm and self.nonce, f"a {challenge.error} without realm and nonce"
        self.key = stun.long_term_key(self.credentials.username, self.realm.decode(), self.credentials.password)

    def challenge(self) -> None:
        """Fetches a nonce without asking for anything more."""
        reply = self.exchange(
            stun.message(stun.ALLOCATE, stun.transaction_id(), [(stun.REQUESTED_TRANSPORT, stun.UDP_TRANSPORT)])
        )
        assert reply.error == 401, f"an unauthenticated Allocate got {reply.error}"
        self.learn(reply)

    def request(self, type: int, attributes: Attributes, tid: bytes | None = None) -> Message:
        """A transaction with the one retry that browsers make after 401 or 438."""
        if not self.nonce:
            self.challenge()
        reply = self.exchange(self.authenticated(type, attributes, tid))
        if reply.error == 438:
            self.learn(reply)
            reply = self.exchange(self.authenticated(type, attributes, tid))
        return reply

    # What TURN offers.

    def allocation_attributes(self, family: int | None = None) -> Attributes:
        attributes = [(stun.REQUESTED_TRANSPORT, stun.UDP_TRANSPORT)]
        if family:
            attributes.append((stun.REQUESTED_ADDRESS_FAMILY, bytes([family, 0, 0, 0])))
        return attributes

    def allocate(self, family: int | None = None) -> Message:
        return self.request(stun.ALLOCATE, self.allocation_attributes(family))

    def refresh(self, lifetime: int) -> Message:
        return self.request(stun.REFRESH, [(stun.LIFETIME, struct.pack("!I", lifetime))])

    def create_permission(self, peer: Address) -> Message:
        tid = stun.transaction_id()
        return self.request(stun.CREATE_PERMISSION, [(stun.XOR_PEER_ADDRESS, stun.xor_address(peer, tid))], tid)

    def channel_bind(self, channel: int, peer: Address) -> Message:
        tid = stun.transaction_id()
        attributes = [
            (stun.CHANNEL_NUMBER, struct.pack("!HH", channel, 0)),
            (stun.XOR_PEER_ADDRESS, stun.xor_address(peer, tid)),
        ]
        return self.request(stun.CHANNEL_BIND, attributes, tid)

    def send_indication(self, peer: Address, payload: bytes) -> None:
        tid = stun.transaction_id()
        attributes = [(stun.XOR_PEER_ADDRESS, stun.xor_address(peer, tid)), (stun.DATA_ATTRIBUTE, payload)]
        self.send(stun.message(stun.SEND | stun.INDICATION, tid, attributes))
