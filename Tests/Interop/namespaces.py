"""Network namespaces without names. They last as long as somebody holds them, so nothing stays behind, whatever happens."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
OWN_NETWORK = "/proc/thread-self/ns/net"


def check(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


class Namespace:
    """A network of its own, with `lo` up."""

    def __init__(self) -> None:
        own = os.open(OWN_NETWORK, os.O_RDONLY | os.O_CLOEXEC)
        try:
            check(LIBC.unshare(CLONE_NEWNET), "unshare")
            self.descriptor = os.open(OWN_NETWORK, os.O_RDONLY | os.O_CLOEXEC)
        finally:
            check(LIBC.setns(own, CLONE_NEWNET), "setns")
            os.close(own)
        self.ip("link", "set", "lo", "up")

    def close(self) -> None:
        os.close(self.descriptor)

    @property
    def path(self) -> str:
        """By which a program finds it."""
        return f"/proc/{os.getpid()}/fd/{self.descriptor}"

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Sockets and processes that are made meanwhile belong to it, for good."""
        own = os.open(OWN_NETWORK, os.O_RDONLY | os.O_CLOEXEC)
        check(LIBC.setns(self.descriptor, CLONE_NEWNET), "setns")
        try:
            yield
        finally:
            check(LIBC.setns(own, CLONE_NEWNET), "setns")
            os.close(own)

    def ip(self, *words: object) -> None:
        """ip(8)"""
        with self.entered():
            done = subprocess.run(["ip", *map(str, words)], capture_output=True, text=True)
        assert done.returncode == 0, f"ip {' '.join(map(str, words))}: {done.stderr}"

    def set(self, parameter: str, value: object) -> None:
        """Sets /proc/sys/net/PARAMETER."""
        with self.entered():
            Path("/proc/sys/net", parameter).write_text(str(value))

    def socket(self, family: int = socket.AF_INET, kind: int = socket.SOCK_DGRAM, protocol: int = 0) -> socket.socket:
        with self.entered():
            return socket.socket(family, kind, protocol)

    def udp_socket(self, host: str, port: int = 0) -> socket.socket:
        """A bound one that waits five seconds at most."""
        made = self.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        made.bind((host, port))
        made.settimeout(5)
        return made

    def datagrams_received(self) -> int:
        """How many datagrams its UDP sockets were given, of both families, since it was made."""
        with self.entered():
            ipv4 = [line.split() for line in Path("/proc/thread-self/net/snmp").read_text().splitlines()]
            ipv6 = dict(line.split() for line in Path("/proc/thread-self/net/snmp6").read_text().splitlines())
        names, values = [line for line in ipv4 if line[0] == "Udp:"]
        return int(dict(zip(names, values))["InDatagrams"]) + int(ipv6["Udp6InDatagrams"])

    # ethtool(8)'s switches, from <linux/ethtool.h>.
    TRANSMIT_CHECKSUMS, SEGMENTATION, RECEIVE_AGGREGATION = 0x17, 0x24, 0x2C

    def switch(self, interface: str, feature: int, on: bool) -> None:
        value = ctypes.create_string_buffer(struct.pack("II", feature, on), 8)
        request = struct.pack("16sP16x", interface.encode(), ctypes.addressof(value))
        with self.socket() as each:
            fcntl.ioctl(each, 0x8946, request)  # SIOCETHTOOL


def missing_for_offload() -> str | None:
    """Why the kernel will not relay for us, if it will not."""
    release = os.uname().release
    if tuple(int(part) for part in release.split("-")[0].split(".")[:2]) < (6, 6):
        return f"Linux 6.6 is needed, this is {release}"
    # BPF_MAP_CREATE of an array with one element of 4 bytes: the first thing that is refused.
    attributes = struct.pack("IIII", 2, 4, 4, 1) + bytes(104)
    descriptor = LIBC.syscall(321, 0, attributes, len(attributes))  # bpf(2) on x86-64
    if descriptor < 0:
        return f"bpf(2) is refused: {errno.errorcode[ctypes.get_errno()]}"
    os.close(descriptor)
    try:
        Namespace().close()
    except OSError as error:
        return f"no network namespaces: {error}"
    return None
