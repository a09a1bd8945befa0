# SPDX-License-Identifier: GPL-2.0-only
"""What is wrong with a da space, or looks so: overlaps, replicas that disagree, tables outside RAM,
addresses that nobody owns, device memory."""
import re

import page_table
import ranges
from addresses import Mistake

IOMEM = re.compile(r"( *)([0-9a-f]{8,})-([0-9a-f]{8,}) : (.*)")
IS_RAM = re.compile(r"System RAM|reserved", re.IGNORECASE)


class Owned:
    """The guest's memory map, as (first address, address behind the last)."""

    def __init__(self, ram=(), devices=()):
        self.ram, self.devices = list(ram), list(devices)

    def known(self):
        return bool(self.ram)

    def add_iomem(self, path):
        """Linux's /proc/iomem"""
        try:
            with open(path, encoding="utf-8", errors="replace") as f:
                lines = [line.rstrip() for line in f]
        except OSError as error:
            raise Mistake(f"{path}: {error.strerror}") from error
        found = [IOMEM.match(line) for line in lines]
        if not lines or None in found:
            raise Mistake(f"{path}: this is no copy of Linux's /proc/iomem")
        if not any(int(f.group(3), 16) for f in found):
            raise Mistake(f"{path}: its addresses are all 0: only root can read them")
        for f in found:
            if not f.group(1):
                where = self.ram if IS_RAM.match(f.group(4)) else self.devices
                where.append((int(f.group(2), 16), int(f.group(3), 16) + 1))

    def parts(self, r):
        """r in pieces, and what each is: ram, device, nobody."""
        start = r.maddr if r.ipa is None else r.ipa
        if "mmio" in r.marks or not self.known():
            yield r, "device" if "mmio" in r.marks else "ram"
            return
        end = start + r.size
        cuts = {start, end} | {edge for window in self.ram + self.devices for edge in window
                               if start < edge < end}
        cuts = sorted(cuts)
        joined = []
        for first, beyond in zip(cuts, cuts[1:]):
            kind = self.kind(first)
            if joined and joined[-1][2] == kind:
                joined[-1] = joined[-1][0], beyond, kind
            else:
                joined.append((first, beyond, kind))
        for first, beyond, kind in joined:
            yield ranges.piece(r, r.da + first - start, beyond - first), kind

    def kind(self, address):
        if any(first <= address < end for first, end in self.ram):
            return "ram"
        return "device" if any(first <= address < end for first, end in self.devices) else "nobody"


def find(space, owned):
    """A line for each finding."""
    yield from overlapping(space)
    if space.tables:
        yield from replicas_that_disagree(space.tables)
        yield from tables_outside(space, owned)
    yield from wrong_places(space, owned)


def overlapping(space):
    for a, b in ranges.overlaps(space.tlb_ranges()):
        yield f"overlap: two TLB entries: {ranges.text(a)}; {ranges.text(b)}"
    if isinstance(space.tables, page_table.AsText):
        for slot in sorted(space.tables.tables & set(space.tables.first)):
            yield f"overlap: the MiB at da {slot:08x} has a section and a second level"
    elif not space.tables:
        for a, b in ranges.overlaps(space.pages()):
            yield f"overlap: {ranges.text(a)}; {ranges.text(b)}"
    if space.tables:
        yield from stale_entries(space)


def stale_entries(space):
    """What the TLB holds, and the tables do not say any more."""
    for r in space.tlb_ranges():
        leaf = space.tables.walk(r.da).leaf
        if not leaf or leaf.ipa != r.ipa:
            leads = f"to {leaf.ipa:08x}" if leaf else "nowhere"
            yield f"overlap: a TLB entry and the tables: {ranges.text(r)}; by the tables it leads {leads}"


def replicas_that_disagree(tables):
    for leaf, others in page_table.replicas(tables.words()):
        yield (f"replicas disagree: the {page_table.kind(leaf.level, leaf.word)} at da "
               f"{leaf.da & -leaf.page:08x}: {others} of its 16 words are not {leaf.word:08x}")


def tables_outside(space, owned):
    tables = space.tables
    if not isinstance(tables, page_table.InMemory):
        return
    outside = [("first level", tables.first_at(0))] if not in_ram(space, owned, tables.first_at(0)) else []
    outside += [(f"second level of da {da:08x}", page_table.table_of(word))
                for level, da, _, word in tables.words()
                if level == 1 and word is not None and page_table.is_table(word)
                and not in_ram(space, owned, page_table.table_of(word))]
    for name, at in outside:
        yield f"table outside RAM: the {name} is at {at:08x}"


def in_ram(space, owned, address):
    return owned.kind(address) == "ram" if owned.known() else space.ram.has(address)


def wrong_places(space, owned):
    for r in space.ranges():
        for part, kind in owned.parts(r):
            if kind == "device":
                yield f"device memory mapped: {ranges.text(part)}"
            elif kind == "nobody":
                yield f"nobody owns it: {ranges.text(part)}"


def unchecked(space, owned):
    """What could not be looked at, for want of input."""
    if not owned.known():
        yield "which addresses are owned is not known: say it by --ram, --device or --iomem"
    if space.xen and space.xen.more:
        yield "Xen did not tell all ranges"
