# SPDX-License-Identifier: GPL-2.0-only
"""RAM images: a piece of memory in a file, as QEMU's pmemsave writes it, or the segments of an
ELF core (kdump's vmcore, QEMU's dump-guest-memory)."""
import mmap
import os
import struct

from addresses import Mistake

ELF, CORE, LOAD = b"\x7fELF", 4, 1


class Ram:
    """Pieces of memory, each by its address."""

    def __init__(self):
        self.pieces = []    # (first address, address behind the last, bytes, offset in them)

    def add(self, path, base):
        """A file that is one piece."""
        data = contents(path)
        self.pieces.append((base, base + len(data), data, 0))

    def add_core(self, path):
        data = contents(path)
        try:
            found = list(segments(data))
        except struct.error as error:
            raise Mistake(f"{path}: this ELF file is too short") from error
        if not found:
            raise Mistake(f"{path}: this ELF file is no core with segments of memory")
        for address, offset, size in found:
            if offset + size > len(data):
                raise Mistake(f"{path}: it is too short: its segment for {address:08x} ends at "
                              f"{offset + size:#x} of the file, and that has {len(data):#x} bytes")
            self.pieces.append((address, address + size, data, offset))

    def read(self, address):
        """The 32-bit word there, or None."""
        for first, end, data, offset in self.pieces:
            if first <= address and address + 4 <= end:
                return struct.unpack_from("<I", data, offset + address - first)[0]
        return None

    def has(self, address):
        return any(first <= address < end for first, end, _, _ in self.pieces)

    def windows(self):
        return [(first, end) for first, end, _, _ in self.pieces]


def contents(path):
    with open(path, "rb") as f:
        # An empty file cannot be mapped.
        return mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) if os.fstat(f.fileno()).st_size else b""


def segments(data):
    """(physical address, offset, size) of what an ELF core has of memory."""
    wide = data[4:5] == b"\2"
    if struct.unpack_from("<H", data, 16)[0] != CORE:
        return
    table, = struct.unpack_from("<Q" if wide else "<I", data, 32 if wide else 28)
    entry, count = struct.unpack_from("<HH", data, 54 if wide else 42)
    for at in range(table, table + count * entry, max(entry, 1)):
        if wide:
            kind, _, offset, _, address, size = struct.unpack_from("<IIQQQQ", data, at)
        else:
            kind, offset, _, address, size = struct.unpack_from("<IIIII", data, at)
        if kind == LOAD and size:
            yield address, offset, size
