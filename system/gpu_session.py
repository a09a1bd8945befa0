# SPDX-License-Identifier: GPL-2.0-only
"""What a boot of the machine whose guest owns the GPU goes through: the guest's own tests,
and the runner's look from outside."""
import os
import re

import boot
import gpu_board
import session

# All that must be seen, in order. The guest's, from guest/gpu_scenarios.c and gpu_hostile.c ...
ORDINARY = {
    "starts": "the microkernel starts in the kernel's space; commands end by an interrupt",
    "fill-and-copy": "a context draws: one core fills, the other copies",
    "two-contexts": "two contexts draw at the same device address, each to its own page",
    "other-context-out-of-reach": "what one context maps the other does not reach",
    "shared-heap": "a table that is in both directories leads both to the same page",
    "map-later": "a mapping made beside cached words that map nothing is seen by the next command",
    "unmap-and-reuse": "unmapped pages are gone after the next command",
    "remap": "the same device address, mapped elsewhere, leads there",
    "large-pages": "tables with pages of 16 KiB to 4 MiB",
    "read-only": "a page that is read-only is so",
    "table-becomes-data": "memory that was a table is data: the GPU writes it, and nothing follows",
    "recovery-reset": "a reset in the midst of work; the GPU starts again",
    "power-off-and-on": "power off by a command, and on",
    "many-commands": "600 commands, 64 on their way at once, end in their order",
    "doorbell-before-start": "doorbells before the microkernel runs do nothing",
    "contexts-come-and-go": "40 contexts, one after the other",
}
HOSTILE = {
    "hostile-secret-memory": "memory that is not the guest's is a hole, for writes and reads",
    "hostile-xen-memory": "... so is Xen's own",
    "hostile-gpu-registers": "... so are the GPU's registers at their machine address",
    "hostile-own-registers": "... and those that trap at the guest's",
    "hostile-unpopulated": "... so is what is not there",
    "hostile-shared-with-xen": "... so are pages that Xen shares with the guest",
    "hostile-grant": "... and pages that were granted to it",
    "hostile-table-elsewhere": "a table in someone else's memory is not walked",
    "hostile-directory-elsewhere": "... nor a directory",
    "hostile-directory-is-table": "a directory that is its own table leads to the guest's memory "
                                  "only",
    "hostile-bypass": "requesters that the guest lets bypass the MMU are translated",
    "too-many-contexts": "more contexts than there is room for: the guest gets an error, the "
                         "others work",
    "resets-behind-doorbells": "200 resets, each right behind a doorbell, some amid its pass; then "
                               "all is well",
    "balloon-while-mapped": "a page given back to Xen is out of reach, one got back is in",
    "balloon-while-drawing": "... also when the GPU is drawing to it",
}
# ... what it gets away with if its microkernel is not honest, and how that is noticed ...
BREACH = {
    "not-contained": "a microkernel that loads a base of its own reads memory of others: "
                     "no mediator can keep it from that",
    "tripwire": "... Xen notices it afterwards, and holds the GPU in reset",
    "recovers-after-alarm": "... until the guest resets it",
}
# ... and the runner's, who looks at the machine from outside.
OUTSIDE = {
    "ipa-is-not-maddr": "what the GPU drew is not at the machine address that equals the IPA",
    "hardware-table-agrees": "the directory and the table that the hardware walks have the same "
                             "mappings",
    "xen-dump-agrees": "the dump of Xen's debug key has the same mappings",
    "end-of-domain-contained": "the domain ended while its GPU drew: contained",
    "never-bypassed": "no access of the GPU's has gone out untranslated",
    **session.outside("canary-untouched", "secret-untouched", "xen-untouched", "xen-is-well"),
}
TESTS = {**ORDINARY, **HOSTILE, **BREACH, **OUTSIDE}

# Registers (core/sgx_regs.h).
MASTER, CORE0, CORE1 = 1, 2, 3
SOFT_RESET, BASE0, BASES = 0x80, 0xc84, range(0xc38, 0xc54, 4)
# Of the trace: a doorbell at the hardware.
KICK = "W 8ac8 "
# What guest/gpu_main.c leaves in the page that is to be a directory.
HOSTILE_DIR = 0xd14ec704
BREACH_WORDS = re.compile(r"breach: (\w+) (\w+)")
ALARM = re.compile(r"omap-mmu: .*the GPU has a base that is no directory of its guest's")


def expected():
    return list(TESTS)


def native_expected():
    return list(ORDINARY)


def base(m, bank):
    return m.word(gpu_board.GPU + bank * gpu_board.BANK + BASE0)


def walk(m, directory, da):
    """What the GPU's hardware would make of da, with that directory."""
    word = m.word((directory & ~0xfff) + (da >> 22) * 4)
    if not word & 1:
        return None
    word = m.word((word & ~0xfff) + ((da >> 12) & 0x3ff) * 4)
    return (word & ~0xfff) | (da & 0xfff) if word & 1 else None


def compare_table(m, h):
    """The base that was loaded last is in both cores. None, or what is wrong with a mapping in
    its context."""
    for bank in (CORE0, CORE1):
        maddr = walk(m, base(m, bank), h.da)
        if maddr != h.maddr:
            there = "nothing" if maddr is None else f"{maddr:08x}"
            return f"{h.unit}: da {h.da:08x} leads to {there}, not {h.maddr:08x}"
    return None


def quarantined(m, mmus):
    """The microkernel and both cores are in reset, all bases on one empty directory, and Xen
    says so: None, or what is wrong."""
    words = {bank: [m.word(gpu_board.GPU + bank * gpu_board.BANK + reg) for reg in
                    (SOFT_RESET, BASE0, *BASES)] for bank in (MASTER, CORE0, CORE1)}
    bases = {word for reset, *rest in words.values() for word in rest}
    if not all(reset for reset, *_ in words.values()):
        return "the GPU is not in reset"
    if len(bases) != 1 or any(m.memory(bases.pop(), 4096)):
        return "its bases are not those of one empty directory"
    if not any("gpu@" in mmu.path and mmu.rest == "in quarantine" for mmu in mmus):
        return "Xen does not say that the GPU is in quarantine"
    return None


def draws(s):
    """Each job of the guest's endless work fills the page with another word. None, or what is
    wrong."""
    maddr = s.held[0].maddr
    then = s.m.word(maddr)
    return None if s.await_true(lambda: s.m.word(maddr) != then) else "the GPU does not draw"


class Gpu(session.Session):
    """A line on the guest's console has the result of each look."""

    processors = []
    in_dump = 1

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        self.reply = ""
        self.hostile = 0            # machine address of the page that is to be a directory
        self.read = None            # the words that the hostile microkernel read with it
        super().__init__(config, files, log, notify)

    @staticmethod
    def prepared(config, files):
        return gpu_board.command(config, files)

    def note_line(self, line):
        super().note_line(line)
        found = BREACH_WORDS.search(line)
        if found:
            self.read = [int(word, 16) for word in found.groups()]
        if boot.XEN.search(line):
            self.xen_lines.append(line)

    def answer(self):
        self.m.type_to("DOM1", self.reply + "\n")
        self.reply = ""

    def on_hold(self):
        super().on_hold()
        self.hostile = (self.pages_full_of(HOSTILE_DIR) or [0])[0]
        self.reply = f"{self.hostile:#x}"

    def compare_table(self):
        return compare_table(self.m, self.held[-1])

    def let_go_on(self):
        """None, or how the hardware was not held after it had loaded the hostile base."""
        lines = self.trace()
        load = f"load {CORE0} 0 {self.hostile:08x}"
        if load not in lines:
            return "the base was never loaded"
        after = lines[lines.index(load) + 1:]
        end = next((i for i, line in enumerate(after) if line.startswith(("load", "base"))), None)
        banks = [bank for bank in (MASTER, CORE0, CORE1) if f"held {bank}" not in after[:end]]
        if banks:
            return f"bank {banks[0]} is not in reset"
        rung = any(line.startswith(KICK) for line in after[:end])
        return "a doorbell went on after that" if rung else None

    def on_tested(self):
        super().on_tested()
        self.result("never-bypassed", self.bypassed())

    def trace(self):
        return gpu_board.trace(self.m.folder)

    def bypassed(self):
        lines = self.trace()
        if not any(line.startswith("load ") for line in lines):
            return "the trace has no base that was loaded"
        return next((line for line in lines if line.startswith("bypass ")), None)

    def on_breached(self):
        """The guest reports success. Here are the words that it read, and Xen's lines."""
        with open(os.path.join(self.m.folder, "secret"), "rb") as f:
            secret = [int.from_bytes(f.read(4), "little") for _ in range(2)]
        if self.read != secret:
            self.result("not-contained", f"the guest read {self.read}, the memory has {secret}")
        if not any(ALARM.search(line) for line in self.xen_lines):
            self.result("tripwire", "Xen does not say so")
        self.result("tripwire", self.let_go_on())

    def on_endless(self):
        """The domain is to end while its GPU draws."""
        wrong = draws(self)
        if wrong:
            self.result("end-of-domain-contained", wrong)

    def end_of_domain(self):
        """Its memory is still its own, so its GPU goes on. All else must be as it was, which the
        tests of what is untouched look at once more."""
        self.result("end-of-domain-contained", draws(self))


class Native(boot.Boot):
    """What a guest expects of its GPU, on the machine itself: the tests are the hardware's."""

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        folder, command = gpu_board.native_command(config, files)
        super().__init__(folder, command, log, notify)
