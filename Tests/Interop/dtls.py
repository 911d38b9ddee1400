"""DTLS clients: openssl's own as a process that relays through a TURN client, and hellos by hand."""

from __future__ import annotations

import os
import struct


def hello(cookie: bytes = b"", sequence: int = 0) -> bytes:
    """A ClientHello of DTLS 1.2 in one datagram (RFC 6347 section 4.2.1)."""
    extensions = bytes.fromhex("000a00080006001d00170018 000b00020100 000d000a00080804080504010403")
    body = b"\xfe\xfd" + os.urandom(32) + b"\0" + bytes([len(cookie)]) + cookie
    body += struct.pack("!H", 4) + bytes.fromhex("c02fc02b") + b"\x01\0" + struct.pack("!H", len(extensions)) + extensions
    length = struct.pack("!I", len(body))[1:]
    handshake = b"\x01" + length + struct.pack("!H", sequence) + bytes(3) + length + body
    return b"\x16\xfe\xff" + bytes(6) + struct.pack("!HH", sequence, len(handshake)) + handshake


def cookie(reply: bytes) -> bytes:
    """The cookie of a HelloVerifyRequest."""
    assert reply[0] == 22 and reply[13] == 3, f"not a HelloVerifyRequest: {reply.hex()}"
    return reply[28 : 28 + reply[27]]
