# SPDX-License-Identifier: GPL-2.0-only
"""The files of Linux's /sys/kernel/debug/omap_iommu/<MMU>: pagetable, tlb and regs
(drivers/iommu/omap-iommu-debug.c, CONFIG_OMAP_IOMMU_DEBUG). They are read and written as they
are there."""
import re

from addresses import PAGE, SLOT, Mistake
from registers import WORDS

PAGETABLE = "L: %8s %8s\n" % ("da:", "pte:") + "-" * 26 + "\n"
TLB = "%8s %8s\n" % ("cam:", "ram:") + "-" * 41 + "\n"

ENTRY = re.compile(r"([12]): 0x([0-9a-f]{8}) 0x([0-9a-f]{8})$")
CAM_RAM = re.compile(r"([0-9a-f]{8}) ([0-9a-f]{8}) [01]$")
REGISTER = re.compile(r" *([A-Z_]+): ([0-9a-f]{8})$")
HEAD = re.compile(f"^(?:(?P<pagetable>{PAGETABLE.splitlines()[0]})|(?P<tlb>{TLB.splitlines()[0]})|"
                  f"(?P<regs>{REGISTER.pattern}))$", re.M)
# An entry, or what is left of one.
PIECE = re.compile(r" *(?:[A-Z_]+: ?[0-9a-f]*|[12]: 0x[0-9a-fx ]*|[0-9a-f]{8} [0-9a-f ]*)$")

FILES = ("pagetable", "tlb", "regs")


def kind(text):
    """Which of the files it is, or None. A shell's lines may be before its head."""
    for found in HEAD.finditer(text):
        if found.lastgroup != "regs" or is_register(found[0]):
            return found.lastgroup
    return None


def is_register(line):
    found = REGISTER.match(line)
    return bool(found and found.group(1) in WORDS)


def begins(line, head):
    return line == head[0] if head else is_register(line)


def not_a_line(number, line):
    return Mistake(f"line {number} is not one of that file's in Linux's debugfs: {line[:60]!r}")


def behind_head(text, head):
    """(number, line) of those that are to be entries. What is before the head is a shell's, if it
    is not a part of an entry."""
    lines = list(enumerate(text.splitlines(), 1))
    start = next(n for n, (_, line) in enumerate(lines) if begins(line, head))
    for number, line in lines[:start]:
        if PIECE.match(line):
            raise not_a_line(number, line)
    for (number, line), due in zip(lines[start:], head):
        if line != due:
            raise not_a_line(number, line)
    if len(lines) - start < len(head):
        raise Mistake("it ends within its head")
    return lines[start + len(head):]


def read_lines(text, pattern, head):
    """What pattern finds in each line behind the head."""
    for number, line in behind_head(text, head.splitlines()):
        found = pattern.match(line)
        if found:
            yield found.groups()
        elif line:
            raise not_a_line(number, line)


def read_pagetable(text):
    """(level, da, word)"""
    found = [(int(level), int(da, 16), int(word, 16))
             for level, da, word in read_lines(text, ENTRY, PAGETABLE)]
    if len({entry[:2] for entry in found}) != len(found):
        raise Mistake("an address is there twice: it is not one pagetable of Linux's debugfs")
    for level, da, _ in found:
        if da % (SLOT if level == 1 else PAGE):
            raise Mistake(f"no entry of level {level} begins at da {da:08x}")
    return found


def read_tlb(text):
    """(cam, ram)"""
    return [(int(cam, 16), int(ram, 16)) for cam, ram in read_lines(text, CAM_RAM, TLB)]


def read_regs(text):
    """Name -> value"""
    found = [(name, int(value, 16)) for name, value in read_lines(text, REGISTER, "")]
    if len(dict(found)) != len(found):
        raise Mistake("a register is there twice: it is not one file regs of Linux's debugfs")
    unknown = [name for name, _ in found if name not in WORDS]
    if unknown:
        raise Mistake(f"{unknown[0]} is not a register of an OMAP MMU")
    return dict(found)


def write_regs(values):
    """The same of registers."""
    return "".join(f"{name:>20s}: {value:08x}\n" for name, value in values.items())


def write_pagetable(words):
    """Of (level, da, address, word). The word of a second level is told by that level's."""
    lines = [f"{level}: 0x{da:08x} 0x{word:08x}\n" for level, da, _, word in words
             if word is not None and not (level == 1 and word & 1)]
    return PAGETABLE + "".join(lines)
