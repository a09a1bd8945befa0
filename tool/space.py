# SPDX-License-Identifier: GPL-2.0-only
"""One da space, by all that the inputs tell of it: the guest's tables, its registers and TLB, and
Xen's shadow."""
import collections

import p2m
import page_table
import ranges
import registers
import state
from addresses import PAGE, Mistake
from ranges import Range

# Where a da leads: `ipa`, `maddr` are None where that is not known; `fault`: why it leads nowhere.
Answer = collections.namedtuple("Answer", "steps ipa maddr fault")

NOT_HELD = ("it is not in Xen's shadow, which is a cache: it was not accessed, or is not mapped; "
            "the guest's tables would tell")
NOT_HELD_TLB = ("it is not in Xen's shadow: no TLB entry of the guest's was used there, or there "
                "is none")
NOT_MIRRORED = ("it is not in Xen's mirror, which has all that the guest had mapped at its last "
                "doorbell, but for what Xen denied")
GIVEN_UP = "Xen has given it up: its references are being given back"
MOST_OUTSIDE = 16


class Space:
    def __init__(self):
        self.ram = None         # ram.Ram
        self.ttb = None
        self.tables = None      # page_table.InMemory or AsText
        self.registers = {}
        self.tlb = None         # (cam, ram), if the input has them
        self.shadow = None      # ranges by Xen
        self.told = None        # ranges of a dump that was saved
        self.told_notes = []    # what that dump lacks
        self.notes_of_inputs = []
        self.p2m = p2m.P2m()    # of the same domain
        self.owned = None       # owned.Owned, if the user said what the guest has
        self.lost = None        # what shows that the log lost lines of it
        self.xen = None         # debug_key.Mmu
        self.of_machine = False # the tables are those that Xen wrote, for hardware

    # Ranges

    def range_of(self, leaf):
        if self.of_machine:
            return Range(leaf.da, leaf.size, None, leaf.ipa, (leaf.page,))
        return Range(leaf.da, leaf.size, leaf.ipa, None, (leaf.page,))

    def tlb_ranges(self):
        found = filter(None, map(registers.tlb_entry, self.tlb or ()))
        return ranges.in_order(
            self.range_of(page_table.Leaf(None, da, page, page, address, None))
            for da, page, address in found)

    def by_tlb_alone(self):
        return not self.tables and self.told is None and self.shadow is None

    def pages(self):
        """Ranges, not merged: those of the tables, or else of what there is."""
        if self.tables:
            return map(self.range_of, self.tables.leaves())
        if self.told is not None:
            return self.told
        return self.tlb_ranges() if self.by_tlb_alone() else self.shadow

    def ranges(self):
        """Merged, with machine addresses where the input knows them."""
        self.demand_mappings()
        merged = ranges.merge(self.pages())
        if not self.p2m:
            return merged
        return ranges.merge(part for r in merged for part in (
            [r] if r.ipa is None or r.maddr is not None else self.p2m.with_machine(r)))

    # What the input does not have

    def demand_mappings(self):
        """Mistake: nothing in the input tells what is mapped."""
        if not self.tables and self.told is None and self.xen and self.xen.domain is None:
            raise Mistake(f"no domain has {self.xen.name}, so Xen tells nothing of it but: "
                          f"{self.xen.rest}")
        if not self.tables and self.told is None and self.shadow is None and self.tlb is None:
            raise Mistake("the input has registers alone: they do not tell what is mapped")

    def untold(self):
        """What texts do not tell, so that more may be mapped: a sentence each."""
        yield from self.told_notes
        if self.lost:
            yield f"the log has lost lines of {self.xen.name}: {self.lost}"
        if self.xen and not self.tables and self.told is None:
            yield from self.xen.incomplete()

    def lacks(self):
        """The same, of images as well."""
        yield from self.untold()
        if isinstance(self.tables, page_table.InMemory):
            yield from self.outside()

    def outside(self):
        found = list(self.tables.outside())
        for level, da in found[:MOST_OUTSIDE]:
            name = "first-level word" if level == 1 else "second level"
            yield f"the {name} of da {da:08x} lies outside the image"
        if len(found) > MOST_OUTSIDE:
            yield f"so do those of {len(found) - MOST_OUTSIDE} more MiB"

    def notes(self):
        """Of the inputs, and whether hardware uses what is mapped at all."""
        yield from self.notes_of_inputs
        control = self.registers.get("CNTL")
        if self.led_around():
            yield f"Xen: {state.AROUND}, whatever is mapped"
        elif self.xen and self.xen.state == state.RELEASED:
            yield "Xen: released: hardware walks nothing of this any more"
        elif control is None:
            return
        elif not control & registers.MMUENABLE:
            yield ("the MMU is off by CNTL: a device address goes out as it is, whatever is "
                   "mapped")
        elif not self.tables:
            return
        elif not control & registers.TWLENABLE:
            yield "the walker is off by CNTL: the TLB's entries count alone, and not the tables"

    def led_around(self):
        """Of the guest's MMU, as that which is off: hardware's goes on."""
        return bool(self.xen and self.xen.around and not self.of_machine)

    # A walk

    def walk(self, da):
        steps = [f"Xen: {words}" for words in state.steps(self.xen)] if self.xen else []
        answer = self.guest_walk(da, steps)
        if answer.fault is None and answer.ipa is not None and answer.maddr is None:
            answer = answer._replace(maddr=self.p2m.machine_of(answer.ipa))
        why = self.xen_refuses(da, answer, steps)
        return answer._replace(steps=steps, fault=why or answer.fault)

    def guest_walk(self, da, steps):
        """By what the guest's MMU would do."""
        control = self.registers.get("CNTL")
        if self.led_around():
            return Answer(None, da, None, None)
        if control is not None and not control & registers.MMUENABLE:
            steps.append("CNTL: the MMU is off: a device address goes out as it is")
            return Answer(None, da, None, None)
        hits = [r for r in self.tlb_ranges() if r.da <= da < r.da + r.size]
        if hits:
            return self.tlb_answer(da, hits, steps)
        if control is not None and not control & registers.TWLENABLE:
            return self.without_walker(da, steps)
        if self.tables:
            return self.table_answer(da, steps)
        return self.told_answer(da, steps)

    def without_walker(self, da, steps):
        """By the TLB, which has nothing there, or by Xen's shadow, which has the guest's
        entries."""
        if self.tlb is not None:
            steps.append("CNTL: the walker is off, and no TLB entry covers the address")
            return Answer(None, None, None, "TLB miss")
        if self.shadow is None:
            raise Mistake("the walker is off, so that TLB entries count alone, and no input has "
                          "them: name Linux's tlb as well")
        steps.append("CNTL: the walker is off: the guest's TLB entries count alone, as far as "
                     "Xen's shadow has them")
        return self.known_answer(da, self.shadow, "Xen", NOT_HELD_TLB, steps)

    def tlb_answer(self, da, hits, steps):
        for r in hits:
            steps.append(f"TLB entry: {ranges.text(r)}")
        if len(hits) > 1:
            return Answer(None, None, None, "multi-hit fault")
        return self.leads_to(hits[0], da)

    def table_answer(self, da, steps):
        w = self.tables.walk(da)
        if self.ttb is not None:
            steps.append(f"TTB: {self.ttb:08x}" + (" (of tables that hardware walks)"
                                                   if self.of_machine else ""))
        steps += self.word_steps(w)
        if w.fault == page_table.TABLE_WALK_FAULT:
            self.demand_word(w, da)
        if w.fault:
            return Answer(None, None, None, w.fault)
        address = w.leaf.ipa + da - w.leaf.da
        if self.of_machine:
            return Answer(None, None, address, None)
        return Answer(None, address, None, None)

    def demand_word(self, w, da):
        """Mistake: the image does not have it, though the guest may. Where the guest has nothing
        a walk is known to fault."""
        level, at = ("first", w.first_at) if w.second_at is None else ("second", w.second_at)
        if not self.owned or self.owned.kind(at) != "nobody":
            raise Mistake(f"the image does not have the {level} level at {at:08x}, which da "
                          f"{da:08x} needs (if the guest has no RAM there, say by --ram what it "
                          "has)")

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
        if self.told is not None:
            return self.known_answer(da, self.told, "dump", "in no range of the input", steps)
        if self.shadow is not None:
            otherwise = NOT_MIRRORED if self.xen.is_gpu() else NOT_HELD
            return self.known_answer(da, self.shadow, "Xen", otherwise, steps)
        if self.tlb is None:
            raise Mistake("the input has registers alone: they do not tell where an address leads")
        return Answer(None, None, None, "no TLB entry covers it, and no input has the tables")

    def known_answer(self, da, known, by, otherwise, steps):
        hits = [r for r in known if r.da <= da < r.da + r.size]
        steps += [f"{by}: {ranges.text(r)}" for r in hits]
        if not hits:
            return Answer(None, None, None, otherwise)
        if len(hits) > 1:
            return Answer(None, None, None, "the input has several ranges there")
        if ranges.CONDEMNED in hits[0].marks:
            return Answer(None, None, None, GIVEN_UP)
        return self.leads_to(hits[0], da)

    def leads_to(self, r, da):
        r = ranges.piece(r, da, 0)
        return Answer(None, r.ipa, r.maddr, None)

    def xen_refuses(self, da, answer, steps):
        """What Xen knows besides; why it lets nothing through, if it does not."""
        if self.xen is None:
            return None
        r = ranges.find(self.shadow, da)
        if self.xen.domain is not None and (self.tables or self.tlb is not None):
            held = ranges.text(r) if r else "it does not hold it" + (
                ", as far as its lines go" if any(self.xen.incomplete()) else "")
            steps.append(f"Xen's shadow: {held}")
        refused = state.refusal(self.xen, da)
        if refused:
            return refused
        if not r and self.denied(da, answer):
            _, ipa, why = self.xen.denied
            return f"Xen denied ipa {ipa:08x}: {why}"
        if not r and answer.fault is None and not self.of_machine:
            steps.append("Xen fills its shadow at the first access: then this leads on, or is "
                         "denied")
        return None

    def denied(self, da, answer):
        """Is the last denial of this page, and of where it leads now?"""
        if not self.xen.denied:
            return False
        at, ipa, _ = self.xen.denied
        return at >> 12 == da >> 12 and answer.ipa in (None, ipa | da & PAGE - 1)


def why(answer):
    """The last line of a walk."""
    if answer.fault:
        return f"it leads nowhere: {answer.fault}"
    words = [] if answer.ipa is None else [f"ipa {answer.ipa:08x}"]
    words += [] if answer.maddr is None else [f"maddr {answer.maddr:08x}"]
    return "-> " + " -> ".join(words)
