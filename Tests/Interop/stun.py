"""The STUN and TURN wire format, as small as the tests need it (RFC 8489, RFC 8656).

Written apart from the server's own codec, on purpose: an error shared by both would otherwise go unseen.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import os
import struct
import zlib
from dataclasses import dataclass, field

COOKIE = 0x2112A442
HEADER = 20

# Classes, as the two bits of the message type that carry them.
REQUEST, INDICATION, SUCCESS, ERROR = 0x0000, 0x0010, 0x0100, 0x0110

# Methods.
BINDING, ALLOCATE, REFRESH, SEND, DATA = 0x001, 0x003, 0x004, 0x006, 0x007
CREATE_PERMISSION, CHANNEL_BIND = 0x008, 0x009
CONNECT, CONNECTION_BIND, CONNECTION_ATTEMPT = 0x00A, 0x00B, 0x00C

# Attributes that the tests write or read by name.
USERNAME, MESSAGE_INTEGRITY, ERROR_CODE, UNKNOWN_ATTRIBUTES = 0x0006, 0x0008, 0x0009, 0x000A
CHANNEL_NUMBER, LIFETIME, XOR_PEER_ADDRESS, DATA_ATTRIBUTE = 0x000C, 0x000D, 0x0012, 0x0013
REALM, NONCE, XOR_RELAYED_ADDRESS = 0x0014, 0x0015, 0x0016
DONT_FRAGMENT = 0x001A
REQUESTED_ADDRESS_FAMILY, EVEN_PORT, REQUESTED_TRANSPORT = 0x0017, 0x0018, 0x0019
MESSAGE_INTEGRITY_SHA256, PASSWORD_ALGORITHM, XOR_MAPPED_ADDRESS = 0x001C, 0x001D, 0x0020
RESERVATION_TOKEN, CONNECTION_ID = 0x0022, 0x002A
PASSWORD_ALGORITHMS, FINGERPRINT, ORIGIN = 0x8002, 0x8028, 0x802F

UDP_TRANSPORT, TCP_TRANSPORT = bytes([17, 0, 0, 0]), bytes([6, 0, 0, 0])

#: Every attribute that a STUN or TURN server may know, those of section 0 of the conformance list.
KNOWN_ATTRIBUTES = (
    0x0001, 0x0002, 0x0003, 0x0006, 0x0007, 0x0008, 0x0009, 0x000A, 0x000C, 0x000D, 0x000F, 0x0010, 0x0012, 0x0013,
    0x0014, 0x0015, 0x0016, 0x0017, 0x0018, 0x0019, 0x001A, 0x001B, 0x001C, 0x001D, 0x001E, 0x0020, 0x0021, 0x0022,
    0x0024, 0x0025, 0x0026, 0x0027, 0x002A, 0x8000, 0x8001, 0x8002, 0x8003, 0x8004, 0x8022, 0x8023, 0x8028, 0x8029,
    0x802A, 0x802B, 0x802C, 0x802E, 0x802F, 0x8030, 0xFF05,
)  # fmt: skip

Address = tuple[str, int]
Attributes = list[tuple[int, bytes]]


def transaction_id() -> bytes:
    return os.urandom(12)


def header(type: int, tid: bytes, length: int, cookie: int = COOKIE) -> bytes:
    return struct.pack("!HHI", type, length, cookie) + tid


def attribute(type: int, value: bytes = b"", length: int | None = None, padding: bytes = b"\0") -> bytes:
    """One attribute, padded to four bytes; `length` overrides what its length field claims."""
    claimed = len(value) if length is None else length
    return struct.pack("!HH", type, claimed) + value + padding * (-len(value) % 4)


def message(type: int, tid: bytes, attributes: bytes | Attributes = b"") -> bytes:
    """A message of attributes already encoded, or of (type, value) pairs."""
    body = attributes if isinstance(attributes, bytes) else b"".join(attribute(t, v) for t, v in attributes)
    return header(type, tid, len(body)) + body


def with_length(message: bytes, length: int) -> bytes:
    """The same bytes with another length in the header."""
    return message[:2] + struct.pack("!H", length & 0xFFFF) + message[4:]


def signed(message: bytes, key: bytes) -> bytes:
    """Appends MESSAGE-INTEGRITY (RFC 8489 section 14.5)."""
    covered = with_length(message, len(message) - HEADER + 24)
    return covered + attribute(MESSAGE_INTEGRITY, hmac.digest(key, covered, "sha1"))


def signed_sha256(message: bytes, key: bytes) -> bytes:
    """Appends MESSAGE-INTEGRITY-SHA256 (RFC 8489 section 14.6)."""
    covered = with_length(message, len(message) - HEADER + 36)
    return covered + attribute(MESSAGE_INTEGRITY_SHA256, hmac.digest(key, covered, "sha256"))


def fingerprinted(message: bytes) -> bytes:
    """Appends FINGERPRINT (RFC 8489 section 14.7)."""
    covered = with_length(message, len(message) - HEADER + 8)
    return covered + attribute(FINGERPRINT, struct.pack("!I", zlib.crc32(covered) ^ 0x5354554E))


def long_term_key(username: str, realm: str, password: str) -> bytes:
    return hashlib.md5(f"{username}:{realm}:{password}".encode()).digest()


def rest_credentials(secret: str, expiry: int, user: str = "interop") -> tuple[str, str]:
    """A time-limited username and password of the TURN REST API."""
    username = f"{expiry}:{user}"
    return username, base64.b64encode(hmac.digest(secret.encode(), username.encode(), "sha1")).decode()


def xor_address(address: Address, tid: bytes) -> bytes:
    ip = ipaddress.ip_address(address[0])
    mask = (struct.pack("!I", COOKIE) + tid)[: len(ip.packed)]
    port = address[1] ^ (COOKIE >> 16)
    return struct.pack("!BBH", 0, 1 if ip.version == 4 else 2, port) + bytes(a ^ b for a, b in zip(ip.packed, mask))


def channel_data(channel: int, payload: bytes, padded: bool = False) -> bytes:
    return struct.pack("!HH", channel, len(payload)) + payload + (b"\0" * (-len(payload) % 4) if padded else b"")


@dataclass
class Message:
    type: int
    tid: bytes
    attributes: Attributes = field(default_factory=list)

    @classmethod
    def decode(cls, data: bytes) -> Message:
        type, length, cookie = struct.unpack_from("!HHI", data)
        assert cookie == COOKIE, f"a reply with the cookie {cookie:#x}"
        assert length == len(data) - HEADER, f"a reply of {len(data)} bytes says that it is {HEADER + length}"
        decoded = cls(type, data[8:HEADER])
        offset = HEADER
        while offset < len(data):
            kind, size = struct.unpack_from("!HH", data, offset)
            value = data[offset + 4 : offset + 4 + size]
            assert len(value) == size, f"attribute {kind:#06x} runs past the end of the reply"
            decoded.attributes.append((kind, value))
            offset += 4 + size + -size % 4
        return decoded

    @property
    def method(self) -> int:
        return self.type & ~0x0110

    @property
    def is_success(self) -> bool:
        return self.type & 0x0110 == SUCCESS

    def get(self, type: int) -> bytes | None:
        return next((value for kind, value in self.attributes if kind == type), None)

    @property
    def error(self) -> int:
        """The error code, or 0 where the message carries none."""
        value = self.get(ERROR_CODE)
        return value[2] * 100 + value[3] if value else 0

    def address(self, type: int) -> Address | None:
        value = self.get(type)
        if value is None:
            return None
        size = {1: 4, 2: 16}[value[1]]
        mask = (struct.pack("!I", COOKIE) + self.tid)[:size]
        packed = bytes(a ^ b for a, b in zip(value[4 : 4 + size], mask))
        return str(ipaddress.ip_address(packed)), struct.unpack_from("!H", value, 2)[0] ^ (COOKIE >> 16)
