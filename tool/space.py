# SPDX-License-Identifier: GPL-2.0-only
"""One da space, by all that the inputs tell of it: the guest's tables, its registers and TLB, and
Xen's shadow."""
import collections

import page_table
import ranges
import registers
from ranges import Range

# Where a da leads: `ipa`, `maddr` are None where that is not known; `fault`: why it leads nowhere.
Answer = collections.namedtuple("Answer", "steps ipa maddr fault")

NOT_HELD = ("it is not in Xen's shadow, which is a cache: it was not accessed, or is not mapped; the "
            "guest's tables would tell")


class Space:
    def __init__(self):
        self.ram = None         # ram.Ram
        self.ttb = None
        self.tables = None      # page_table.InMemory or AsText
        self.registers = {}
        self.tlb = []           # (cam, ram)
        self.shadow = None      # ranges by Xen
        self.told = None        # ranges of a dump that was saved
        self.p2m = []           # ranges with ipa and maddr, of the same domain
        self.xen = None         # debug_key.Mmu
        self.of_machine = False # the tables are those that Xen wrote, for hardware

    # Ranges

    def range_of(self, leaf):
        if self.of_machine:
            return Range(leaf.da, leaf.size, None, leaf.ipa, (leaf.page,))
        return Range(leaf.da, leaf.size, leaf.ipa, None, (leaf.page,))

    def tlb_ranges(self):
        found = filter(None, map(registers.tlb_entry, self.tlb))
        return ranges.in_order(Range(da, page, address, None, (page,)) for da, page, address in found)

    def pages(self):
        """Ranges, not merged: those of the tables, or else of what there is."""
        if self.tables:
            return [self.range_of(leaf) for leaf in self.tables.leaves()]
        if self.told is not None:
            return self.told
        return self.shadow if self.shadow is not None else self.tlb_ranges()

    def ranges(self):
        """Merged, with machine addresses where the input knows them."""
        merged = ranges.merge(self.pages())
        if not self.p2m:
            return merged
        return ranges.merge(part for r in merged for part in (
            [r] if r.ipa is None or r.maddr is not None else ranges.with_machine(r, self.p2m)))

    # A walk

    def walk(self, da):
        steps = []
        answer = self.guest_walk(da, steps)
        if answer.fault is None and answer.ipa is not None and answer.maddr is None:
            answer = answer._replace(maddr=ranges.machine_of(self.p2m, answer.ipa))
        why = self.xen_refuses(da, answer, steps)
        return answer._replace(steps=steps, fault=why or answer.fault)

    def guest_walk(self, da, steps):
        """By what the guest's MMU would do."""
        control = self.registers.get("CNTL")
        if control is not None and not control & registers.MMUENABLE:
            steps.append("CNTL: the MMU is off: a device address goes out as it is")
            return Answer(None, da, None, None)
        hits = [r for r in self.tlb_ranges() if r.da <= da < r.da + r.size]
        if hits:
            return self.tlb_answer(da, hits, steps)
        if control is not None and not control & registers.TWLENABLE:
            steps.append("CNTL: the walker is off, and no TLB entry covers the address")
            return Answer(None, None, None, "TLB miss")
        if self.tables:
            return self.table_answer(da, steps)
        return self.told_answer(da, steps)

    def tlb_answer(self, da, hits, steps):
        for r in hits:
            steps.append(f"TLB entry: {ranges.text(r)}")
        if len(hits) > 1:
            return Answer(None, None, None, "multi-hit fault")
        return Answer(None, hits[0].ipa + da - hits[0].da, None, None)

    def table_answer(self, da, steps):
        w = self.tables.walk(da)
        if self.ttb is not None:
            steps.append(f"TTB: {self.ttb:08x}" + (" (of tables that hardware walks)"
                                                   if self.of_machine else ""))
        steps += self.word_steps(w)
        if w.fault:
            return Answer(None, None, None, w.fault)
        address = w.leaf.ipa + da - w.leaf.da
        if self.of_machine:
            return Answer(None, None, address, None)
        return Answer(None, address, None, None)

    def word_steps(self, w):
        yield self.word_step("first", 1, w.first_at, w.first)
        if w.second_at is not None or w.second is not None:
            yield self.word_step("second", 2, w.second_at, w.second)

    def word_step(self, name, level, at, word):
        place = "" if at is None else f" at {at:08x}"
        if word is not None:
            found = page_table.kind(level, word)
            beyond = f" at {page_table.table_of(word):08x}" if found == "table" else ""
            return f"{name}-level word{place}: {word:08x}, {found}{beyond}"
        if at is None:
            return f"{name}-level word: a table (Linux's file does not tell where)"
        return f"{name}-level word{place}: it lies outside the image"

    def told_answer(self, da, steps):
        """By ranges alone."""
        of_shadow = self.told is None and self.shadow is not None
        known = self.shadow if of_shadow else self.told or []
        r = ranges.find(known, da)
        if r:
            steps.append(f"{'Xen' if of_shadow else 'dump'}: {ranges.text(r)}")
            if ranges.CONDEMNED in r.marks:
                return Answer(None, None, None, "Xen has given it up: its references are being given back")
            beyond = da - r.da
            return Answer(None, None if r.ipa is None else r.ipa + beyond,
                          None if r.maddr is None else r.maddr + beyond, None)
        return Answer(None, None, None, NOT_HELD if of_shadow else "in no range of the input")

    def xen_refuses(self, da, answer, steps):
        """What Xen knows besides; why it lets nothing through, if it does not."""
        if self.xen is None:
            return None
        if self.xen.domain is None:
            return f"no domain has this MMU, Xen says: {self.xen.rest}"
        r = ranges.find(self.shadow, da)
        if self.tables or self.tlb:
            steps.append(f"Xen's shadow: {ranges.text(r)}" if r else "Xen's shadow: it does not hold it"
                         + (", as far as its lines go" if self.xen.more else ""))
        if not r and self.xen.denied and self.xen.denied[0] >> 12 == da >> 12:
            _, ipa, why = self.xen.denied
            return f"Xen denied ipa {ipa:08x}: {why}"
        if not r and answer.fault is None:
            steps.append("Xen fills its shadow at the first access: then this leads on, or is denied")
        return None


def why(answer):
    """The last line of a walk."""
    if answer.fault:
        return f"it leads nowhere: {answer.fault}"
    words = [] if answer.ipa is None else [f"ipa {answer.ipa:08x}"]
    words += [] if answer.maddr is None else [f"maddr {answer.maddr:08x}"]
    return "-> " + " -> ".join(words)
