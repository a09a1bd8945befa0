# SPDX-License-Identifier: GPL-2.0-only
"""The files of Linux's /sys/kernel/debug/omap_iommu/<MMU>: pagetable, tlb and regs
(drivers/iommu/omap-iommu-debug.c, CONFIG_OMAP_IOMMU_DEBUG). They are read and written as they
are there."""
import re

from addresses import PAGE, SLOT, Mistake

PAGETABLE = "L: %8s %8s\n" % ("da:", "pte:") + "-" * 26 + "\n"
TLB = "%8s %8s\n" % ("cam:", "ram:") + "-" * 41 + "\n"

ENTRY = re.compile(r"([12]): 0x([0-9a-f]{8}) 0x([0-9a-f]{8})$")
CAM_RAM = re.compile(r"([0-9a-f]{8}) ([0-9a-f]{8}) [01]$")
REGISTER = re.compile(r" *([A-Z_]+): ([0-9a-f]{8})$")

FILES = ("pagetable", "tlb", "regs")


def kind(text):
    """Which of the files it is, or None."""
    first = text.partition("\n")[0]
    if first == PAGETABLE.partition("\n")[0]:
        return "pagetable"
    if first == TLB.partition("\n")[0]:
        return "tlb"
    return "regs" if REGISTER.match(first) else None


def read_lines(text, pattern, head):
    """What pattern finds in each line behind the head."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if number <= head.count("\n"):
            found = line == head.split("\n")[number - 1]
        else:
            found = pattern.match(line)
            if found:
                yield found.groups()
        if not found and line:
            raise Mistake(f"line {number} is not one of that file's in Linux's debugfs: "
                          f"{line[:60]!r}")


def read_pagetable(text):
    """(level, da, word)"""
    found = [(int(level), int(da, 16), int(word, 16))
             for level, da, word in read_lines(text, ENTRY, PAGETABLE)]
    if not found:
        raise Mistake("it has a pagetable's head, and no entry: nothing is mapped, or it was cut "
                      "short")
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
    return dict(found)


def write_regs(values):
    """The same of registers."""
    return "".join(f"{name:>20s}: {value:08x}\n" for name, value in values.items())


def write_pagetable(words):
    """Of (level, da, address, word). The word of a second level is told by that level's."""
    lines = [f"{level}: 0x{da:08x} 0x{word:08x}\n" for level, da, _, word in words
             if word is not None and not (level == 1 and word & 1)]
    return PAGETABLE + "".join(lines)
