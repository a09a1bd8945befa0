# SPDX-License-Identifier: GPL-2.0-only
"""What a boot goes through: the guest's own tests, and between them the runner's
look at the machine from outside. check.py and demo.py both drive it."""
import os
import re
import time

import board
import boot
from omap_mmu import page_table

# Register offsets of the MMU and of the scripted processor.
MMU_IRQSTATUS, MMU_CNTL, MMU_TTB, CNTL_ENABLE = 0x18, 0x44, 0x4c, 0x2
RPROC_STATUS, RPROC_COUNT = 0x0c, 0x10
RPROC_RUNNING = 1
PAGE = 4096
# How much of RAM is read at once; all layouts have whole ones.
PIECE = 16 * board.MIB
EBUSY = 16

# Seconds for what comes at once on a machine that is not busy with something else.
PATIENCE = 60

# All that must be seen, in order. The guest's, from guest/scenarios.c and hostile.c ...
GUEST = {
    "processors-answer": "both processors run from memory that the guest mapped for them",
    "map-4k": "both write and read through a page of 4 KiB, at once",
    "map-64k": "... of 64 KiB",
    "map-1m": "... of 1 MiB",
    "map-16m": "... of 16 MiB",
    "map-scattered-4k": "64 pages in a row for the processor, scattered for the guest",
    "map-in-used-slot": "a mapping made later, with no register touched after it, is seen",
    "map-while-running": "... also while the processors are busy beside it",
    "unmap-4k-stops-access": "an unmapped page is out of reach; the guest gets the fault",
    "unmap-1m-stops-access": "... and an unmapped MiB",
    "unmap-while-running": "... also when the processors are writing to it",
    "remap-reaches-new-page": "the same device address, mapped elsewhere, leads there",
    "detach-and-attach": "the MMU switched off and on again works",
    "fault-handler-maps-page": "a stalled access goes on when the guest maps what it missed",
    "hostile-secret-memory": "memory that is not the guest's cannot be written or read",
    "hostile-xen-memory": "... nor Xen's own",
    "hostile-ipu-mmu-registers": "... nor the registers of the real IPU MMU",
    "hostile-dsp-mmu-registers": "... nor of the real DSP MMU",
    "hostile-unpopulated": "... nor what is not there",
    "hostile-shared-with-xen": "... nor pages that Xen shares with the guest",
    "hostile-grant": "... nor pages that were granted to it",
    "hostile-table-elsewhere": "a translation table in someone else's memory is not walked",
    "mmu-off-reaches-own-memory": "with the guest's MMU off, its own memory is reached",
    "mmu-off-secret-memory": "... and nothing else",
    "balloon-while-mapped": "a page given back to Xen is out of reach, one got back is in",
    "balloon-while-running": "... also when the processors are writing to it",
}
# ... and the runner's, who looks at the machine from outside.
OUTSIDE = {
    "ipa-is-not-maddr": "what a processor wrote is not at the machine address that equals the IPA",
    "hardware-table-agrees": "the tables that the hardware walks have the same mappings",
    "xen-dump-agrees": "the dump of Xen's debug key has the same mappings",
    "canary-untouched": "16 MiB at the guest's addresses, taken for machine ones: untouched",
    "secret-untouched": "the memory that the hostile tests aimed at: untouched",
    "xen-untouched": "Xen's code, where the hostile tests aimed at: untouched",
    "end-of-domain-contained": "the domain ended while its processors wrote: contained",
    "xen-is-well": "Xen has not complained",
}


def outside(*names):
    """Some of OUTSIDE, for another session's tests."""
    return {name: OUTSIDE[name] for name in names}


# ... and, where there is one, dom0's.
DOM0 = {
    "dom0-has-no-mmu": "dom0 does not see the MMUs, nor reach their registers",
    "next-owner-refused-while-it-runs":
        "another domain does not get a processor that still runs; Xen says what to do",
    "next-owner-gets-it-after-reset": "... and gets it when dom0 has reset the processor",
    "next-owner-untouched-translates-nothing":
        "... which reaches nothing before that domain has touched its MMU",
}
TESTS = {**GUEST, **OUTSIDE, **DOM0}


def expected(config):
    return list(GUEST) + list(OUTSIDE) + (list(DOM0) if config.dom0 else [])


HOLD = re.compile(r"hold: (\w+) da (\w+) ipa (\w+) value (\w+)")
NEXT_MEMORY = re.compile(r"next: pages (\d+) value (\w+)")
NEXT_DEVICE = re.compile(r"next: (/\S+): (-?\d+)")


class Held:
    """A mapping that the guest left in place to be looked at."""

    def __init__(self, unit, da, ipa, value):
        self.unit, self.da, self.ipa, self.value = unit, da, ipa, value
        self.maddr = None           # where the value was found in the machine


def walk(m, ttb, da):
    """What the MMU's hardware would make of da, with the tables at ttb."""
    leaf = page_table.InMemory(m.word, ttb).walk(da).leaf
    return leaf and leaf.ipa + da - leaf.da


class Session(boot.Boot):
    """The tests of the mediator, with processors that execute scripts."""

    processors = board.PROCESSORS
    one_to_one = False              # the guest's addresses are the machine's

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        self.config = config
        self.layout = config.layout
        self.held = []
        self.given = {}             # to the next domain: what Xen answered for each device
        self.pattern = None         # of its memory: pages, and the value in all of them
        self.xen_lines = []              # by Xen since that domain is made
        super().__init__(*self.prepared(config, files), log, notify)

    @staticmethod
    def prepared(config, files):
        """The folder of a boot, and QEMU's command line."""
        folder = board.prepare(config, files)
        return folder, board.command(config, files, folder)

    def finish(self):
        self.xen_is_well()

    def on_line(self, line):
        found = HOLD.search(line)
        if found:
            self.held.append(Held(found.group(1), *(int(x, 16) for x in found.groups()[1:])))
        self.note_next(line)
        super().on_line(line)

    def note_next(self, line):
        memory, device = NEXT_MEMORY.search(line), NEXT_DEVICE.search(line)
        if memory:
            self.pattern = int(memory.group(1)), int(memory.group(2), 16)
        if device:
            self.given[device.group(1)] = int(device.group(2))
        if boot.XEN.search(line):
            self.xen_lines.append(line)

    def ends(self, line):
        """With a dom0 the domain is destroyed, and another made; without, it only stops."""
        return "overseer: over" in line if self.config.dom0 else super().ends(line)

    # The guest waits for us after each of these.

    def on_hold(self):
        """Each mapping shown in three ways, which must agree."""
        self.find_held()
        wrong = None if self.held else "the guest holds nothing"
        for h in self.held:
            if h.maddr is None:
                wrong = f"{h.unit}: {h.value:08x} is not in the machine, or twice"
            elif (h.maddr == h.ipa) != self.one_to_one:
                wrong = f"{h.unit}: ipa {h.ipa:08x} is at machine address {h.maddr:08x}"
        self.result("ipa-is-maddr" if self.one_to_one else "ipa-is-not-maddr", wrong)
        self.result("hardware-table-agrees", self.compare_table() if not wrong else wrong)
        self.result("xen-dump-agrees", self.compare_dump() if not wrong else wrong)
        self.notify("held", held=self.held)

    def pages_full_of(self, word):
        """Machine addresses of all pages of RAM that hold nothing but that word."""
        return self.pages_by_word([word])[word]

    def pages_by_word(self, words):
        """The same for several of them: word -> addresses. RAM is read once, in pieces: a boot has
        little memory and disk to itself."""
        pages = {word.to_bytes(4, "little"): [] for word in words}
        for start in range(board.RAM, board.RAM + self.layout.ram_size, PIECE):
            piece = self.m.memory(start, PIECE)
            for at in range(0, PIECE, PAGE):
                word = piece[at:at + 4]
                if word in pages and piece[at:at + PAGE] == word * (PAGE // 4):
                    pages[word].append(start + at)
        return {int.from_bytes(word, "little"): found for word, found in pages.items()}

    def find_held(self):
        pages = self.pages_by_word({h.value for h in self.held})
        for h in self.held:
            if len(pages[h.value]) == 1:
                h.maddr = pages[h.value][0]

    def compare_table(self):
        for h in self.held:
            p = next(p for p in self.processors if p.name == h.unit)
            if not self.m.word(p.mmu + MMU_CNTL) & CNTL_ENABLE:
                return f"{h.unit}: the MMU is off"
            maddr = walk(self.m, self.m.word(p.mmu + MMU_TTB), h.da)
            if maddr != h.maddr:
                there = "nothing" if maddr is None else f"{maddr:08x}"
                return f"{h.unit}: da {h.da:08x} leads to {there}, not {h.maddr:08x}"
        return None

    def compare_dump(self):
        ranges = [r for mmu in self.dumped_mmus() for r in mmu.all_ranges()]
        for h in self.held:
            if not any(h.da - r.da == h.ipa - r.ipa == h.maddr - r.maddr
                       and 0 <= h.da - r.da < r.size
                       for r in ranges):
                return f"{h.unit}: no line da {h.da:08x} -> ipa {h.ipa:08x} -> maddr {h.maddr:08x}"
        return None

    def on_tested(self):
        self.untouched("canary", self.layout.arena)
        self.untouched("secret", self.layout.secret)
        self.untouched("xen", self.layout.xen_code())

    def untouched(self, name, address):
        planted = os.path.join(self.m.folder, name)
        self.result(f"{name}-untouched", boot.untouched(self.m, planted, address))

    def on_endless(self):
        """The domain is to end while its processors write."""
        then = self.counts()
        if not self.await_true(lambda: all(now != before for now, before
                                           in zip(self.counts(), then))):
            self.result("end-of-domain-contained", "the processors do not write")

    def await_true(self, true):
        """Comes soon, unless the machine is busy, or not at all."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        return True

    def counts(self):
        return [self.m.word(p.regs + RPROC_COUNT) for p in self.processors]

    # The guest is gone. With a dom0, that asks from here on.

    def on_ended(self):
        self.asker = "DOM0"
        self.end_of_domain()
        self.xen_lines.clear()

    def on_end(self):
        self.end_of_domain()
        self.on_tested()

    def end_of_domain(self):
        wrong = None
        for p in self.processors:
            if not self.m.word(p.mmu + MMU_CNTL) & CNTL_ENABLE:
                wrong = f"{p.name}'s MMU is off"
        if self.config.dom0:
            wrong = wrong or self.quarantined()
        self.result("end-of-domain-contained", wrong)

    def quarantined(self):
        """Nobody's any more: an empty table, and no access that succeeds."""
        for p in self.processors:
            table = self.m.word(p.mmu + MMU_TTB) & ~0x3fff
            if any(self.m.memory(table, 0x4000)):
                return f"{p.name}'s table at {table:08x} is not empty"
        wrong = self.stalled()
        if wrong:
            return wrong
        if sum(mmu.rest == "in quarantine" for mmu in self.dumped_mmus()) != len(self.processors):
            return "Xen does not say that the MMUs are in quarantine"
        return None

    def stalled(self):
        """Each processor is at work, and waits for an access that its MMU does not let
        through: None, or what is wrong."""
        for p in self.processors:
            if not self.await_true(lambda p=p: self.m.word(p.mmu + MMU_IRQSTATUS)
                                   or self.m.word(p.regs + RPROC_STATUS) != RPROC_RUNNING):
                return f"{p.name} goes on"
        before = self.counts()
        time.sleep(0.3)
        if self.counts() != before:
            return "a processor still reaches memory"
        for p in self.processors:
            status = self.m.word(p.regs + RPROC_STATUS)
            if status != RPROC_RUNNING:
                return f"{p.name} does not wait: status {status}"
        return None

    # Another domain is to have the devices, and never runs.

    def on_refused(self):
        wrong = self.stalled() or self.pattern_spoilt()
        for p in self.processors:
            if self.given.get(f"/{p.name}@{p.regs:x}") != -EBUSY:
                wrong = wrong or f"{p.name}: Xen answers {self.given}"
            if not any(re.search(rf"mmu@{p.mmu:x}: not given to d\d+: .*\breset\b", line)
                       for line in self.xen_lines):
                wrong = wrong or f"{p.name}: Xen does not say that it must be reset"
        self.result("next-owner-refused-while-it-runs", wrong)
        self.given.clear()

    def on_given(self):
        wrong = None
        for p in self.processors:
            if self.given.get(f"/{p.name}@{p.regs:x}") != 0:
                wrong = f"{p.name}: Xen answers {self.given}"
        self.result("next-owner-gets-it-after-reset", wrong)

    def on_started(self):
        """On a list of commands that lies in the domain's memory, as its writes do."""
        wrong = self.stalled()
        self.dump()                 # Xen has seen the faults
        if not wrong and any(self.counts()):
            wrong = "a processor has done a command"
        self.result("next-owner-untouched-translates-nothing", wrong or self.pattern_spoilt())

    def pattern_spoilt(self):
        pages, value = self.pattern
        found = len(self.pages_full_of(value))
        return None if found == pages else f"of the domain's {pages} pages {found} are as they were"
