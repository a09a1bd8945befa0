# SPDX-License-Identifier: GPL-2.0-only
"""What the user names on the command line, recognised by its content."""
import os
import re

import debug_key
import debugfs
import dumps
import p2m
import page_table
import ram
import ranges
import space
import texts
from addresses import Mistake, read

# Of a console's log; what it tells is near its end.
MOST_TEXT = 64 << 20
KINDS = {"pagetable": "pagetables", "tlb": "TLBs", "regs": "registers",
         "debug key": "logs with Xen's text", "dump": "dumps"}
IMAGE = re.compile(r"(.+)@((?:0[xX])?[0-9a-fA-F]+)$")


def read_space(names, ttb=None, mmu=None, of_machine=False, torn=False, of_registers=False):
    """The space of which the inputs tell together, or its registers alone. Inputs of which only
    one can be right, and options that say nothing of them, are mistakes."""
    reading = Reading(mmu, of_machine, torn, of_registers)
    for name in names:
        try:
            reading.add(name)
        except OSError as error:
            raise Mistake(f"{name}: {error.strerror}") from error
    reading.refuse_options(ttb)
    reading.space.registers = reading.registers()
    if reading.space.ram and not of_registers:
        reading.add_tables(ttb)
    return reading.space


def begins_with(name, magic):
    with open(name, "rb") as f:
        return f.read(len(magic)) == magic


def read_text(name):
    with open("/dev/stdin" if name == "-" else name, "rb") as f:
        data = f.read(MOST_TEXT + 1)
    if len(data) > MOST_TEXT:
        raise Mistake(f"{name}: it has more than {MOST_TEXT >> 20} MiB: give the part with the "
                      "last output of the debug key")
    if b"\0" in data[:4096] and b"(XEN)" not in data:
        raise Mistake(f"{name} is not a text; a RAM image is named with its address, as "
                      f"{name}@80000000")
    return texts.clean(data.decode(errors="replace"))


class Reading:
    """Inputs, one after the other."""

    def __init__(self, mmu, of_machine, torn, of_registers):
        self.space = space.Space()
        self.space.of_machine = of_machine
        self.mmu, self.torn, self.of_registers = mmu, torn, of_registers
        self.kinds = {}     # what an input tells -> the input
        self.regs = None

    def first(self, kind, name):
        """Two of one kind contradict each other."""
        if kind in self.kinds:
            raise Mistake(f"{self.kinds[kind]} and {name} are both {kind}: name one of them")
        self.kinds[kind] = name

    def add(self, name):
        if not name:
            raise Mistake("the name of an input is empty")
        image = IMAGE.match(name)
        if image and not os.path.exists(name):
            self.memory().add(image.group(1), read(image.group(2)))
        elif os.path.isdir(name):
            self.add_folder(name)
        elif os.path.isfile(name) and begins_with(name, ram.ELF):
            self.memory().add_core(name)
        else:
            self.add_text(name)

    def memory(self):
        self.space.ram = self.space.ram or ram.Ram()
        return self.space.ram

    def add_folder(self, name):
        """Linux's /sys/kernel/debug/omap_iommu/<MMU>"""
        files = [os.path.join(name, file) for file in debugfs.FILES]
        files = [path for path in files if os.path.exists(path)]
        if not files:
            raise Mistake(f"{name}: this folder has none of {', '.join(debugfs.FILES)}")
        for path in files:
            self.add_text(path)

    def add_text(self, name):
        text = read_text(name)
        kind = "debug key" if debug_key.is_one(text) else debugfs.kind(text) or "dump"
        self.first(KINDS[kind], name)
        try:
            self.take(kind, text)
        except Mistake as mistake:
            raise Mistake(f"{name}: {mistake}") from mistake

    def take(self, kind, text):
        if kind == "pagetable":
            entries = debugfs.read_pagetable(text)
            self.space.tables = page_table.AsText(entries)
            if not entries:
                self.space.notes_of_inputs.append("Linux's pagetable has no entry: nothing is "
                                                  "mapped, or it was cut short")
        elif kind == "tlb":
            self.space.tlb = debugfs.read_tlb(text)
        elif kind == "regs":
            self.regs = debugfs.read_regs(text)
        elif kind == "dump":
            self.space.told, self.space.told_notes, notes = dumps.read(text)
            self.space.notes_of_inputs += notes
        else:
            self.add_xen(text)

    def add_xen(self, text):
        """--mmu names it; of a GPU also the directory, behind a colon."""
        mmus = debug_key.last(debug_key.read(text.splitlines()))
        name, _, directory = (self.mmu or "").partition(":")
        one = debug_key.named(mmus, name)
        lost = one.lost()
        if not lost and one.outdated:
            lost = "the first line of a later part is missing, which may be this MMU's"
        if lost and not self.torn:
            raise Mistake(f"the log has lost lines of {one.name}: {lost} (press the key again; "
                          "--torn takes what there is)")
        if self.of_registers and one.is_gpu():
            raise Mistake(f"{one.name} is a GPU, and Xen prints no registers of it")
        found = self.space
        found.xen, found.lost = one, lost
        found.shadow = ranges.in_order(debug_key.directory_of(one, directory))
        same = [other for other in mmus.values() if other.domain == one.domain]
        found.p2m = p2m.P2m(r for other in same for r in other.all_ranges()
                            if ranges.CONDEMNED not in r.marks)

    def refuse_options(self, ttb):
        found = self.space
        if ttb is not None and not found.ram:
            raise Mistake("--ttb says where the tables of an image begin, and no input is an image")
        if self.mmu is not None and not found.xen:
            raise Mistake("--mmu names one of Xen's MMUs, and no input is Xen's text")
        if self.torn and not found.xen:
            raise Mistake("--torn is about Xen's text, and no input is that")
        if found.of_machine and not (found.ram or found.tables):
            raise Mistake("--machine is about tables, and no input has them")
        if found.xen and found.xen.is_gpu() and (
                found.ram or found.tables or found.tlb is not None or self.regs is not None):
            raise Mistake(f"{found.xen.name} is a GPU, and the other inputs are of an OMAP MMU: "
                          "tables and registers of a GPU cannot be read")
        told = [words for words, there in (
            ("a RAM image", found.ram), ("a pagetable", found.tables),
            ("a dump", found.told is not None)) if there]
        if len(told) > 1:
            raise Mistake(f"{' and '.join(told)} are given, and each tells by itself what is "
                          "mapped: name one")

    def registers(self):
        """Of Xen's text they are the guest's, and say nothing of the tables that hardware walks."""
        tells = self.space.xen and not self.space.of_machine
        of_xen = self.space.xen.registers_values() if tells else {}
        if self.regs is None:
            return of_xen
        for name in ("CNTL", "TTB"):
            if name in of_xen and self.regs.get(name, of_xen[name]) != of_xen[name]:
                raise Mistake(f"{name} is {self.regs[name]:08x} by Linux's regs and "
                              f"{of_xen[name]:08x} by Xen's text: they are not of one moment, or "
                              "not of one MMU")
        return {**of_xen, **self.regs}

    def add_tables(self, ttb):
        """Those of an image."""
        found = self.space
        if ttb is None:
            ttb = found.registers.get("TTB")
        if ttb is None:
            raise Mistake("where do the image's tables begin? Say it by --ttb, or name Linux's regs"
                          + ("" if found.of_machine else " or Xen's debug-key text") + " as well")
        found.ttb = ttb
        if ttb & page_table.SLOTS * 4 - 1:
            found.notes_of_inputs.append(f"the first level at {ttb:08x} is not aligned to 16 KiB: "
                                         "bits of da go over bits of TTB")
        tables = found.tables = page_table.InMemory(found.ram.read, ttb, found.ram.read_words)
        first, last = tables.first_at(0), tables.first_at(0xffffffff)
        if found.ram.read(first) is None:
            said = ", ".join(f"{start:08x}-{end - 1:08x}" for start, end in found.ram.windows()[:8])
            raise Mistake(f"the table at TTB {ttb:08x} lies outside the image, which has "
                          f"{said or 'nothing'}")
        if found.ram.read(last) is None:
            raise Mistake(f"the image is too short: the first level at {ttb:08x} ends at "
                          f"{last + 3:08x}")
