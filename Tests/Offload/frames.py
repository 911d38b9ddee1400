"""Frames put together by hand, to be sent where and as no socket would send them."""

from __future__ import annotations

import socket
import struct
from ipaddress import IPv4Address

from namespaces import Namespace
from stun import Address


def checksum(data: bytes) -> int:
    """RFC 1071."""
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    return ~total & 0xFFFF


def datagram(source: Address, destination: Address, payload: bytes) -> bytes:
    """An IPv4 packet."""
    ends = IPv4Address(source[0]).packed + IPv4Address(destination[0]).packed
    udp = struct.pack("!HHHH", source[1], destination[1], 8 + len(payload), 0)
    sum_of_udp = checksum(ends + struct.pack("!HH", 17, 8 + len(payload)) + udp + payload) or 0xFFFF
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(payload), 0, 0x4000, 64, 17, 0) + ends
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + udp[:6] + struct.pack("!H", sum_of_udp) + payload


def hardware_address(namespace: Namespace, interface: str) -> bytes:
    with namespace.socket(socket.AF_PACKET, socket.SOCK_RAW) as each, namespace.entered():
        each.bind((interface, 0))
        return each.getsockname()[4]


class Wire:
    """An interface that sends what it is given, to the other end of its wire."""

    def __init__(self, namespace: Namespace, interface: str, other_namespace: Namespace, other: str):
        self.header = hardware_address(other_namespace, other) + hardware_address(namespace, interface) + b"\x08\x00"
        self.socket = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW)
        with namespace.entered():
            self.socket.bind((interface, 0))

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, packet: bytes) -> None:
        self.socket.send(self.header + packet)
