# SPDX-License-Identifier: GPL-2.0-only
"""Which addresses are the guest's: RAM and device memory, by options or by its /proc/iomem."""
import bisect
import collections
import re

import ranges
import texts
from addresses import Mistake

IOMEM = re.compile(r"( *)([0-9a-f]{8,16})-([0-9a-f]{8,16}) : (.*)")
# Bytes. That of a board has a few KiB; a file that does not end is not a copy of it.
MOST_IOMEM = 1 << 16
IS_RAM = re.compile(r"System RAM|reserved", re.IGNORECASE)


class Owned:
    """The guest's memory map, as (first address, address behind the last)."""

    def __init__(self, ram=(), devices=()):
        self.ram, self.devices = list(ram), list(devices)
        self.edges = self.kinds = None

    def known(self):
        """Anything at all?"""
        return bool(self.ram or self.devices)

    def add_iomem(self, path):
        """Linux's /proc/iomem"""
        try:
            with open(path, "rb") as f:
                data = f.read(MOST_IOMEM + 1)
        except OSError as error:
            raise Mistake(f"{path}: {error.strerror}") from error
        lines = texts.clean(data.decode(errors="replace")).splitlines()
        found = [IOMEM.match(line) for line in lines]
        if len(data) > MOST_IOMEM or not lines or not all(map(is_window, found)):
            raise Mistake(f"{path} is not a copy of Linux's /proc/iomem")
        if not any(int(f.group(3), 16) for f in found):
            raise Mistake(f"{path}: its addresses are all 0: only root can read them")
        for f in found:
            if not f.group(1):
                where = self.ram if IS_RAM.match(f.group(4)) else self.devices
                where.append((int(f.group(2), 16), int(f.group(3), 16) + 1))
        self.edges = None

    def parts(self, r):
        """r in pieces, and what each is: ram, device, nobody, unknown."""
        if "mmio" in r.marks or not self.known() or r.ipa is None:
            yield r, of_xen(r)
            return
        edges, start, end = self.in_order(), r.ipa, r.ipa + r.size
        between = edges[bisect.bisect_right(edges, start):bisect.bisect_left(edges, end)]
        joined = []
        for first, beyond in zip([start, *between], [*between, end]):
            kind = self.kind(first)
            kind = of_xen(r) if kind == "unknown" else kind
            if joined and joined[-1][2] == kind:
                joined[-1] = joined[-1][0], beyond, kind
            else:
                joined.append((first, beyond, kind))
        for first, beyond, kind in joined:
            yield ranges.piece(r, r.da + first - start, beyond - first), kind

    def in_order(self):
        if self.edges is None:
            self.edges, self.kinds = edges_and_kinds(self.ram, self.devices)
        return self.edges

    def kind(self, address):
        """Of devices alone it does not follow what is nobody's."""
        edges = self.in_order()
        at = bisect.bisect_right(edges, address)
        kind = self.kinds[at - 1] if at else None
        return kind or ("nobody" if self.ram else "unknown")


def edges_and_kinds(ram, devices):
    """All ends of windows in their order, and what begins at each: RAM before a device."""
    changes = collections.defaultdict(lambda: [0, 0])
    for which, windows in enumerate((ram, devices)):
        for first, end in windows:
            changes[first][which] += 1
            changes[end][which] -= 1
    edges, kinds, within = sorted(changes), [], [0, 0]
    for edge in edges:
        within = [had + more for had, more in zip(within, changes[edge])]
        kinds.append("ram" if within[0] else "device" if within[1] else None)
    return edges, kinds


def is_window(found):
    return bool(found) and int(found.group(2), 16) <= int(found.group(3), 16)


def of_xen(r):
    """Only Xen knows both addresses, and it maps what the domain has; of a device it says so."""
    if "mmio" in r.marks:
        return "device"
    return "unknown" if r.ipa is None or r.maddr is None else "ram"
