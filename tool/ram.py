# SPDX-License-Identifier: GPL-2.0-only
"""RAM images: a piece of memory in a file, as QEMU's pmemsave writes it, or the segments of an
ELF core (kdump's vmcore, QEMU's dump-guest-memory)."""
import bisect
import mmap
import os
import stat
import struct

from addresses import MACHINE, Mistake

ELF, CORE, LOAD = b"\x7fELF", 4, 1
LITTLE_ENDIAN, BIG_ENDIAN = b"\1", b"\2"
WORD = struct.Struct("<I")


class Ram:
    """Pieces of memory, each by its address."""

    def __init__(self):
        self.pieces = []    # (first address, address behind the last, bytes, offset in them)
        self.starts = None  # of the pieces, once they are in order

    def add(self, path, base):
        """A file that is one piece."""
        if base % WORD.size:
            raise Mistake(f"{path}: {base:x} is not an address of a word: RAM begins at a multiple "
                          "of 4")
        data = contents(path)
        if base + len(data) > MACHINE:
            raise Mistake(f"{path}: at {base:x} it would end beyond 1 TiB, where no RAM is")
        self.take([(base, base + len(data), data, 0)] if data else [], path)

    def add_core(self, path):
        data = contents(path)
        try:
            if data[5:6] == BIG_ENDIAN:
                raise Mistake(f"{path}: this ELF file is big-endian, and no OMAP's is")
            found = list(segments(data))
        except struct.error as error:
            raise Mistake(f"{path}: this ELF file is too short") from error
        if not found:
            raise Mistake(f"{path}: this ELF file is not a core with segments of memory")
        for address, offset, size in found:
            if offset + size > len(data):
                raise Mistake(f"{path}: it is too short: its segment for {address:08x} ends at "
                              f"{offset + size:#x} of the file, and that has {len(data):#x} bytes")
        self.take(apart((address, address + size, data, offset)
                        for address, offset, size in found), path)

    def take(self, pieces, path):
        """Of two files only one may tell what is at an address."""
        old, new = self.pieces, sorted(pieces, key=first_of)
        self.pieces = sorted(old + new, key=first_of)
        self.starts = [first for first, _, _, _ in self.pieces]
        for before, after in zip(self.pieces, self.pieces[1:]):
            if after[0] < before[1]:
                raise Mistake(f"{path}: another input has {after[0]:08x} as well")

    def piece(self, address):
        n = bisect.bisect_right(self.starts or [], address) - 1
        return self.pieces[n] if n >= 0 and address < self.pieces[n][1] else None

    def read(self, address):
        """The 32-bit word there, or None."""
        found = self.piece(address)
        if found and address + 4 <= found[1]:
            return WORD.unpack_from(found[2], found[3] + address - found[0])[0]
        return self.read_across(address) if found else None

    def read_across(self, address):
        """A word of several pieces."""
        word = bytearray()
        for at in range(address, address + 4):
            found = self.piece(at)
            if not found:
                return None
            word.append(found[2][found[3] + at - found[0]])
        return WORD.unpack(word)[0]

    def read_words(self, address, count):
        """So many words from there on, each may be None."""
        found = self.piece(address)
        if found and address + 4 * count <= found[1]:
            return struct.unpack_from(f"<{count}I", found[2], found[3] + address - found[0])
        return tuple(self.read(address + 4 * n) for n in range(count))

    def has(self, address):
        return self.piece(address) is not None

    def windows(self):
        """Of pieces side by side one."""
        found = []
        for first, end, _, _ in self.pieces:
            if found and found[-1][1] == first:
                found[-1] = found[-1][0], end
            else:
                found.append((first, end))
        return found


def first_of(piece):
    return piece[0]


def apart(pieces):
    """A core may have the same memory in two segments: kdump's has the kernel so. The first
    counts."""
    end = 0
    for first, beyond, data, offset in sorted(pieces, key=first_of):
        begin = max(first, end)
        if begin < beyond:
            yield begin, beyond, data, offset + begin - first
            end = beyond


def contents(path):
    # A pipe without a writer would not even be opened.
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise Mistake(f"{path} is not a regular file")
    with open(path, "rb") as f:
        status = os.fstat(f.fileno())
        # An empty file cannot be mapped.
        return mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) if status.st_size else b""


def segments(data):
    """(physical address, offset, size) of what an ELF core has of memory."""
    wide = data[4:5] == b"\2"
    if data[5:6] != LITTLE_ENDIAN or struct.unpack_from("<H", data, 16)[0] != CORE:
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
