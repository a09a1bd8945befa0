# SPDX-License-Identifier: GPL-2.0-only
"""What a firmware asks for: the resource table of an ELF for the IPU, as far as it determines which
board it is for. What is wrong with the file is Linux's business."""
import struct

DEVMEM = 1


def section(image, wanted):
    """The bytes of a section of a 32-bit ELF."""
    offset, = struct.unpack_from("<I", image, 0x20)
    size, count, names = struct.unpack_from("<HHH", image, 0x2e)
    headers = [struct.unpack_from("<10I", image, offset + size * n) for n in range(count)]
    for header in headers:
        at = headers[names][4] + header[0]
        if image[at:image.index(b"\0", at)] == wanted:
            return image[header[4]:header[4] + header[5]]
    return b""


def devmem(image):
    """(physical address, length) of each."""
    table = section(image, b".resource_table")
    count, = struct.unpack_from("<I", table, 4)
    entries = [struct.unpack_from("<4I", table, offset)
               for offset in struct.unpack_from(f"<{count}I", table, 16)
               if struct.unpack_from("<I", table, offset) == (DEVMEM,)]
    return [(pa, length) for _, _, pa, length in entries]


def board_of(path, boards):
    """The name of the one whose IPU has its pool where a devmem entry begins, else the first."""
    try:
        with open(path, "rb") as f:
            asked = devmem(f.read())
    except (struct.error, ValueError, IndexError):
        asked = []
    pools = {name: config.machine.pool("ipu") for name, config in boards.items()}
    return next((name for name, pool in pools.items()
                 if any(pool.address <= pa < pool.address + pool.size for pa, _ in asked)),
                next(iter(boards)))
