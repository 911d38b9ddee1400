"""DTLS clients: a session by OpenSSL's own library, which Python's ssl module leaves out, and hellos by hand."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import time

library = ctypes.CDLL("libssl.so.3")
for function, result, *parameters in (
    ("DTLS_client_method", ctypes.c_void_p),
    ("SSL_CTX_new", ctypes.c_void_p, ctypes.c_void_p),
    ("SSL_CTX_free", None, ctypes.c_void_p),
    ("SSL_new", ctypes.c_void_p, ctypes.c_void_p),
    ("SSL_free", None, ctypes.c_void_p),
    ("SSL_set_bio", None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p),
    ("SSL_ctrl", ctypes.c_long, ctypes.c_void_p, ctypes.c_int, ctypes.c_long, ctypes.c_void_p),
    ("SSL_connect", ctypes.c_int, ctypes.c_void_p),
    ("SSL_read", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
    ("SSL_write", ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int),
    ("SSL_shutdown", ctypes.c_int, ctypes.c_void_p),
    ("SSL_get_error", ctypes.c_int, ctypes.c_void_p, ctypes.c_int),
    ("ERR_clear_error", None),
    ("BIO_new_dgram", ctypes.c_void_p, ctypes.c_int, ctypes.c_int),
    ("BIO_ctrl", ctypes.c_long, ctypes.c_void_p, ctypes.c_int, ctypes.c_long, ctypes.c_void_p),
    ("BIO_ADDR_new", ctypes.c_void_p),
    ("BIO_ADDR_free", None, ctypes.c_void_p),
    (
        "BIO_ADDR_rawmake", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t,
        ctypes.c_ushort,
    ),
):  # fmt: skip
    getattr(library, function).restype = result
    getattr(library, function).argtypes = parameters

SET_CONNECTED, HANDLE_TIMEOUT = 32, 74
WANT_READ, ZERO_RETURN = 2, 6
#: What fits into a record, and so what a message may hold.
LONGEST_MESSAGE = 16_384


class Session:
    """DTLS 1.2 over a connected UDP socket, which it takes over. Each send is a message; nobody's certificate is asked."""

    def __init__(self, plain: socket.socket):
        self.plain = plain
        plain.setblocking(True)
        host, port = plain.getpeername()[:2]
        self.context = library.SSL_CTX_new(library.DTLS_client_method())
        self.handle = library.SSL_new(self.context)
        bio = library.BIO_new_dgram(plain.fileno(), 0)
        peer = library.BIO_ADDR_new()
        packed = socket.inet_pton(plain.family, host)
        library.BIO_ADDR_rawmake(peer, plain.family, packed, len(packed), socket.htons(port))
        library.BIO_ctrl(bio, SET_CONNECTED, 0, peer)
        library.BIO_ADDR_free(peer)
        library.SSL_set_bio(self.handle, bio, bio)
        deadline = time.monotonic() + 10
        self.settimeout(1)
        while (result := self.call(library.SSL_connect)) != 1:
            wants_more = library.SSL_get_error(self.handle, result) == WANT_READ
            if not wants_more or time.monotonic() > deadline:
                raise ConnectionError(f"no DTLS with {host}:{port}")
            library.SSL_ctrl(self.handle, HANDLE_TIMEOUT, 0, None)

    def call(self, function: ctypes._CFuncPtr, *arguments: object) -> int:
        library.ERR_clear_error()
        return function(self.handle, *arguments)

    def settimeout(self, seconds: float) -> None:
        whole, part = divmod(max(seconds, 0.001), 1)
        interval = struct.pack("ll", int(whole), int(part * 1_000_000))
        self.plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, interval)

    def send(self, message: bytes) -> None:
        if message and self.call(library.SSL_write, message, len(message)) <= 0:
            raise ConnectionError("the DTLS session is over")

    sendall = send

    def recv(self, count: int) -> bytes:
        """A message; none at the end of the session."""
        buffer = ctypes.create_string_buffer(count)
        result = self.call(library.SSL_read, buffer, count)
        if result > 0:
            return buffer.raw[:result]
        error = library.SSL_get_error(self.handle, result)
        if error == WANT_READ:
            raise TimeoutError("no DTLS message")
        if error == ZERO_RETURN:
            return b""
        raise ConnectionError("the DTLS session broke")

    def close(self) -> None:
        if self.handle:
            self.call(library.SSL_shutdown)
            library.SSL_free(self.handle)
            library.SSL_CTX_free(self.context)
            self.plain.close()
            self.handle = None


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
