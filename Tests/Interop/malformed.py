"""The malformed corpus: what a hostile or broken client may put on the wire (P1 of the threat model).

`corpus` builds it for one identity. With a key, each message is signed after it was made, so that it passes
authentication and its errors reach the code behind; without one it stops at the door.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import stun
from stun import attribute, header, message

REQUESTS = (
    stun.BINDING, stun.ALLOCATE, stun.REFRESH, stun.CREATE_PERMISSION, stun.CHANNEL_BIND, stun.CONNECT,
    stun.CONNECTION_BIND,
)  # fmt: skip

ATTRIBUTE_LENGTHS = (0, 1, 3, 5, 0xFFFF)

HOSTILE_TEXTS = (
    b"", b"\0", b"alice\0", b"\0" * 64, b"\xff\x61", b"\xfe\x61", b"\xc0\xaf\xc0\xaf", b"\xe0\x80\x80", b"\xed\xa0\x80",
    b"\xf8\x88\x80\x80\x80", b"e\xcc\x81", b"\xc3\xa9", "\u202eecila\u202c".encode(), ("a" + "\u0301" * 200).encode(),
    b"a\r\n2026 INFO ok", b"\x1b[2J", b'"}{', b"%n%s%x", b"$(id)", b"`id`", b"x" * 508, b"x" * 763, b"x" * 764,
    b"x" * 65_000,
)  # fmt: skip


@dataclass
class Identity:
    """What signs a message. The nonce is the server's; the key may be absent. May change while a corpus is made."""

    username: bytes = b"alice"
    realm: bytes = b""
    nonce: bytes = b""
    key: bytes | None = None

    def attributes(self) -> bytes:
        if self.key is None:
            return b""
        return b"".join(
            attribute(type, value)
            for type, value in (
                (stun.USERNAME, self.username), (stun.REALM, self.realm), (stun.NONCE, self.nonce),
            )
        )  # fmt: skip

    def sign(self, type: int, body: bytes) -> bytes:
        """A message of `body`, with proof of identity if there is any; a body too long for that goes unsigned."""
        whole = message(type, stun.transaction_id(), body + self.attributes()) if len(body) < 60_000 else None
        if whole is None:
            return header(type, stun.transaction_id(), len(body) & 0xFFFF) + body
        return whole if self.key is None else stun.signed(whole, self.key)


def message_types() -> Iterator[bytes]:
    """Every value of the message type field, with an empty body."""
    tid = stun.transaction_id()
    for type in range(0x10000):
        yield header(type, tid, 0)


def corpus(identity: Identity) -> Iterator[bytes]:
    yield from short_packets()
    yield from headers()
    yield from attribute_lengths(identity)
    yield from attribute_ends(identity)
    yield from integrity_orders(identity)
    yield from addresses(identity)
    yield from texts(identity)
    yield from odd_attributes(identity)
    yield from channel_data()
    yield from first_bytes()
    yield from noise(identity)


def short_packets() -> Iterator[bytes]:
    binding = message(stun.BINDING, stun.transaction_id())
    for size in range(stun.HEADER):
        yield binding[:size]
        yield bytes(size)
        yield b"\xff" * size


def headers() -> Iterator[bytes]:
    tid = stun.transaction_id()
    for type in (*REQUESTS, stun.SEND | stun.INDICATION, stun.BINDING | stun.SUCCESS):
        for bit in range(32):
            yield header(type, tid, 0, cookie=stun.COOKIE ^ 1 << bit)
        for step in (-1, 1):
            yield header(type, tid, 0, cookie=stun.COOKIE + step)
        for length in (1, 2, 3, 4, 5, 8, 65_520, 65_524, 65_528, 65_532, 65_535):
            yield header(type, tid, length)
            yield header(type, tid, length) + bytes(8)
        yield header(type, tid, 0) + b"trailing"


def attribute_lengths(identity: Identity) -> Iterator[bytes]:
    """Each known attribute with each length that is hardly ever right, as itself and as a lie about four bytes."""
    for type in (*REQUESTS, stun.SEND | stun.INDICATION):
        required = attribute(stun.REQUESTED_TRANSPORT, stun.UDP_TRANSPORT) if type == stun.ALLOCATE else b""
        for kind in stun.KNOWN_ATTRIBUTES:
            for length in ATTRIBUTE_LENGTHS:
                if length < 0xFFFF:
                    yield identity.sign(type, attribute(kind, b"\x5a" * length) + required)
                yield identity.sign(type, required + attribute(kind, b"\x5a" * 4, length=length))
                yield message(type, stun.transaction_id(), attribute(kind, b"\x5a" * 4, length=length))


def attribute_ends(identity: Identity) -> Iterator[bytes]:
    """Attributes cut off by the end of the message, and messages of nothing but attributes."""
    tid = stun.transaction_id()
    for type in (*REQUESTS, stun.SEND | stun.INDICATION):
        for size in (1, 2, 3):
            yield header(type, tid, size) + b"\0\x06\0"[:size]
            yield header(type, tid, 8 + size) + attribute(stun.LIFETIME, bytes(4)) + b"\0\x06\0"[:size]
        for padding in (b"\x20", b"\xff"):
            yield identity.sign(type, attribute(0x8022, b"x" * 5, padding=padding))
        for kind in (0x0006, 0x7777, 0x8022, 0xC057):
            # As many attributes without a value as a message holds; a datagram holds a few less.
            for count in (64, 65, 512, 16_300, 16_383):
                yield header(type, tid, count * 4) + attribute(kind) * count
        many_unknown = b"".join(attribute(0x7000 + number) for number in range(1000))
        yield identity.sign(type, many_unknown)


def integrity_orders(identity: Identity) -> Iterator[bytes]:
    """MESSAGE-INTEGRITY, -SHA256 and FINGERPRINT twice, in every order, right and wrong, and in the wrong place."""
    key = identity.key or bytes(16)
    steps = {
        "1": lambda whole: stun.signed(whole, key),
        "2": lambda whole: stun.signed_sha256(whole, key),
        "f": stun.fingerprinted,
        "w": lambda whole: appended(whole, attribute(stun.MESSAGE_INTEGRITY, b"\x5a" * 20)),
        "g": lambda whole: appended(whole, attribute(stun.FINGERPRINT, b"\x5a" * 4)),
        "p": lambda whole: appended(whole, attribute(stun.XOR_PEER_ADDRESS, b"\x5a" * 8)),
    }
    for type in (stun.BINDING, stun.ALLOCATE, stun.REFRESH, stun.CREATE_PERMISSION):
        plain = message(type, stun.transaction_id(), identity.attributes())
        for first in steps:
            for second in steps:
                for third in steps:
                    whole = steps[third](steps[second](steps[first](plain)))
                    yield whole
                    if third == "f" and second == "1":
                        yield steps[first](whole)
    # MESSAGE-INTEGRITY before the USERNAME, FINGERPRINT before MESSAGE-INTEGRITY.
    bare = message(stun.REFRESH, stun.transaction_id())
    yield appended(stun.signed(bare, key), identity.attributes())
    yield stun.signed(appended(stun.fingerprinted(bare), identity.attributes()), key)
    for kind, lengths in ((stun.MESSAGE_INTEGRITY, (0, 1, 19, 21, 1000)), (stun.MESSAGE_INTEGRITY_SHA256, range(41))):
        for length in lengths:
            for type in (stun.BINDING, stun.REFRESH):
                whole = message(type, stun.transaction_id(), identity.attributes())
                yield appended(whole, attribute(kind, b"\x5a" * length))
    for length in (0, 1, 3, 5, 8):
        yield message(stun.BINDING, stun.transaction_id(), attribute(stun.FINGERPRINT, b"\x5a" * length))


def appended(whole: bytes, attributes: bytes) -> bytes:
    return stun.with_length(whole, len(whole) - stun.HEADER + len(attributes)) + attributes


def addresses(identity: Identity) -> Iterator[bytes]:
    for family in (0, 1, 2, 3, 255):
        for size in (0, 2, 4, 5, 8, 12, 16, 20, 24, 64):
            value = (struct.pack("!BBH", 0, family, 0x5A5A) + b"\x5a" * 64)[:size]
            for kind in (stun.XOR_PEER_ADDRESS, stun.XOR_RELAYED_ADDRESS, 0x0001, 0x8023):
                peer = attribute(kind, value)
                yield identity.sign(stun.BINDING, peer)
                yield identity.sign(stun.CREATE_PERMISSION, peer)
                yield identity.sign(stun.CHANNEL_BIND, attribute(stun.CHANNEL_NUMBER, b"\x40\x07\0\0") + peer)
                yield message(
                    stun.SEND | stun.INDICATION, stun.transaction_id(), peer + attribute(stun.DATA_ATTRIBUTE, b"x")
                )


def texts(identity: Identity) -> Iterator[bytes]:
    """Text that is no text, in every attribute that holds some, and in the identity itself."""
    for text in HOSTILE_TEXTS:
        for kind in (stun.USERNAME, stun.REALM, stun.NONCE, 0x8022, 0x802F, 0x8003, 0x802E):
            yield identity.sign(stun.ALLOCATE, attribute(kind, text))
            yield identity.sign(stun.BINDING, attribute(kind, text))
        if identity.key is not None:
            for changed in (
                Identity(text, identity.realm, identity.nonce, identity.key),
                Identity(identity.username, text, identity.nonce, identity.key),
                Identity(identity.username, identity.realm, text, identity.key),
            ):
                if len(text) < 60_000:
                    yield changed.sign(stun.REFRESH, b"")
    if identity.key is not None:
        other_case = Identity(identity.username, identity.realm.swapcase(), identity.nonce, identity.key)
        yield other_case.sign(stun.REFRESH, b"")


def odd_attributes(identity: Identity) -> Iterator[bytes]:
    """Attributes that have no business in a request, and values at the edge of what they may be."""
    for type in REQUESTS:
        yield identity.sign(type, attribute(stun.ERROR_CODE, b"\0\0\x04\x01Unauthorized"))
        for size in (1, 2, 3, 5, 7):
            yield identity.sign(type, attribute(stun.UNKNOWN_ATTRIBUTES, b"\x77" * size))
    for size in (0, 1, 2, 3, 4, 5, 8):
        for number in (b"\0\0", b"\x3f\xff", b"\x40\x00", b"\x7f\xff", b"\x80\0", b"\xff\xff"):
            yield identity.sign(stun.CHANNEL_BIND, attribute(stun.CHANNEL_NUMBER, (number + b"\xff" * 6)[:size]))
    for token in range(64):
        yield identity.sign(stun.ALLOCATE, attribute(0x001B, b"\x5a" * token))
    for number in range(8):
        yield identity.sign(stun.CONNECTION_BIND, attribute(0x002A, struct.pack("!I", number // 2)))
    for lifetime in (1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
        yield identity.sign(stun.REFRESH, attribute(stun.LIFETIME, struct.pack("!I", lifetime)))
    # Algorithms whose parameters run past the end of the attribute.
    for claimed in (1, 3, 4, 5, 0xFFFC, 0xFFFF):
        for kind in (stun.PASSWORD_ALGORITHM, stun.PASSWORD_ALGORITHMS):
            for algorithm in (0, 1, 2, 3, 0xFFFF):
                yield identity.sign(stun.ALLOCATE, attribute(kind, struct.pack("!HH", algorithm, claimed)))
                yield identity.sign(stun.ALLOCATE, attribute(kind, struct.pack("!HHHH", 2, 0, algorithm, claimed)))
    for combination in range(64):
        asked = [
            (stun.REQUESTED_TRANSPORT, bytes([6, 0, 0, 0])), (stun.EVEN_PORT, b"\x80"), (0x001A, b""),
            (stun.RESERVATION_TOKEN, b"\x5a" * 8), (stun.REQUESTED_ADDRESS_FAMILY, b"\x03\0\0\0"),
            (0x8000, b"\x02\0\0\0"),
        ]  # fmt: skip
        chosen = [attribute(*each) for bit, each in enumerate(asked) if combination >> bit & 1]
        yield identity.sign(stun.ALLOCATE, b"".join(chosen))


def channel_data() -> Iterator[bytes]:
    for number in range(0x4000, 0x8000, 17):
        yield struct.pack("!HH", number, 4) + b"data"
    for claimed in (0, 1, 3, 4, 5, 0x7FFF, 0xFFFC, 0xFFFF):
        for held in (0, 1, 4, 1000):
            yield struct.pack("!HH", 0x4000, claimed) + bytes(held)


def first_bytes() -> Iterator[bytes]:
    binding = message(stun.BINDING, stun.transaction_id())
    for first in range(256):
        yield bytes([first])
        yield bytes([first]) + binding[1:]
        yield bytes([first]) + bytes(99)


def noise(identity: Identity) -> Iterator[bytes]:
    """Good messages with bytes flipped, always the same ones."""
    chance = random.Random(8656)
    good = [
        identity.sign(stun.ALLOCATE, attribute(stun.REQUESTED_TRANSPORT, stun.UDP_TRANSPORT)),
        identity.sign(stun.CREATE_PERMISSION, attribute(stun.XOR_PEER_ADDRESS, b"\0\x01\x5a\x5a\x5e\x12\xa4\x43")),
        stun.fingerprinted(message(stun.BINDING, stun.transaction_id(), attribute(0x8022, b"a good client"))),
        stun.channel_data(0x4000, b"channel data"),
    ]
    for _ in range(2000):
        damaged = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        yield bytes(damaged)
    for _ in range(500):
        yield chance.randbytes(chance.randint(0, 200))
