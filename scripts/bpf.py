#!/usr/bin/env python3
"""Compiles the relay program for the kernel and writes its instructions as Swift words.

The words stand in the repository, so that building the server takes no compiler for BPF, and that what the kernel is given
can be read and compared. `--check` compiles again and compares; it needs the clang of the Swift toolchain, since another
one makes other instructions of the same source.
"""

import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "Sources/Offload/bpf/relay.c"
HEADERS = ROOT / "Sources/COffload/include"
OUTPUT = ROOT / "Sources/Offload/Programs/RelayProgram+Words.swift"
PROGRAMS = {"xdp": "xdp", "tc": "tc"}


def compiler():
    """The clang that came with the swift that is used."""
    swift = shutil.which("swift")
    return pathlib.Path(os.path.realpath(swift)).parent / "clang" if swift else None


def compile_object(clang):
    machine = subprocess.run([clang, "-print-multiarch"], capture_output=True, text=True).stdout.strip()
    system = f"/usr/include/{machine or os.uname().machine + '-linux-gnu'}"
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "relay.o"
        subprocess.run(
            [clang, "-target", "bpfel", "-mcpu=v3", "-O2", "-Wall", "-Wextra", "-Werror", f"-I{HEADERS}", f"-isystem{system}",
             "-c", SOURCE, "-o", output], check=True)
        return output.read_bytes()


class Object:
    """As much of an ELF64 file as is needed: sections, symbols, relocations."""

    def __init__(self, data):
        offset, = struct.unpack_from("<Q", data, 0x28)
        size, count, names = struct.unpack_from("<HHH", data, 0x3A)
        headers = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size) for i in range(count)]
        self.contents = [data[h[4]:h[4] + h[5]] for h in headers]
        self.names = [self.text(names, h[0]) for h in headers]
        self.links = [h[6] for h in headers]

    def text(self, section, offset):
        content = self.contents[section]
        return content[offset:content.index(b"\0", offset)].decode()

    def words(self, name):
        content = self.contents[self.names.index(name)]
        return [word for word, in struct.iter_unpack("<Q", content)]

    def references(self, name):
        """Which instructions load the address of which symbol."""
        index = self.names.index(".rel" + name)
        symbols = self.contents[self.links[index]]
        strings = self.links[self.links[index]]
        for offset, info in struct.iter_unpack("<QQ", self.contents[index]):
            name_offset, = struct.unpack_from("<I", symbols, (info >> 32) * 24)
            yield offset // 8, self.text(strings, name_offset)


def swift(program, name, elf):
    words = [f"0x{word:016x}" for word in elf.words(name)]
    lines = [", ".join(words[i:i + 5]) for i in range(0, len(words), 5)]
    references = [f"MapReference(instruction: {at}, map: .{symbol})" for at, symbol in elf.references(name)]
    return "\n".join([
        f"    /// `relay_{name}`: {len(words)} words.",
        f"    static let {program} = RelayProgram(",
        "        words: [",
        *[f"            {line}," for line in lines],
        "        ],",
        "        references: [",
        *[f"            {reference}," for reference in references],
        "        ])",
    ])


def render(elf):
    return "\n".join([
        "// swift-format-ignore-file",
        "// Made by scripts/bpf.py from bpf/relay.c; change that, and run `make bpf`.",
        "",
        "extension RelayProgram {",
        "\n\n".join(swift(program, name, elf) for program, name in PROGRAMS.items()),
        "}",
        "",
    ])


def main():
    clang = compiler()
    targets = subprocess.run([clang, "--print-targets"], capture_output=True, text=True).stdout if clang else ""
    if "bpfel" not in targets:
        print("bpf: the Swift toolchain here has no clang for BPF; the program was not compiled")
        sys.exit(0 if "--check" in sys.argv else 1)
    text = render(Object(compile_object(clang)))
    if "--check" not in sys.argv:
        OUTPUT.parent.mkdir(exist_ok=True)
        OUTPUT.write_text(text)
    elif not OUTPUT.exists() or OUTPUT.read_text() != text:
        sys.exit(f"{OUTPUT.relative_to(ROOT)} is not what bpf/relay.c makes; run `make bpf`")


if __name__ == "__main__":
    main()
