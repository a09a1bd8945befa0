# SPDX-License-Identifier: GPL-2.0-only
"""What the user names on the command line, recognised by its content."""
import json
import os
import re

import debug_key
import debugfs
import page_table
import ram
import ranges
import space
from addresses import Mistake, read

IMAGE = re.compile(r"(.+)@((?:0x)?[0-9a-fA-F]+)$")


def read_space(names, ttb=None, mmu=None, of_machine=False):
    """The space of which the inputs tell together."""
    found = space.Space()
    found.of_machine = of_machine
    for name in names:
        try:
            add(found, name, mmu)
        except OSError as error:
            raise Mistake(f"{name}: {error.strerror}") from error
    finish(found, ttb)
    return found


def add(found, name, mmu):
    image = IMAGE.match(name)
    if image and not os.path.exists(name):
        found.ram = found.ram or ram.Ram()
        found.ram.add(image.group(1), read(image.group(2)))
    elif os.path.isdir(name):
        add_folder(found, name)
    elif os.path.isfile(name) and begins_with(name, ram.ELF):
        found.ram = found.ram or ram.Ram()
        found.ram.add_core(name)
    else:
        add_text(found, "/dev/stdin" if name == "-" else name, mmu)


def begins_with(name, magic):
    with open(name, "rb") as f:
        return f.read(len(magic)) == magic


def add_folder(found, name):
    """Linux's /sys/kernel/debug/omap_iommu/<MMU>"""
    files = [os.path.join(name, file) for file in debugfs.FILES]
    files = [path for path in files if os.path.exists(path)]
    if not files:
        raise Mistake(f"{name}: this folder has none of {', '.join(debugfs.FILES)}")
    for path in files:
        add_text(found, path, None)


def add_text(found, name, mmu):
    with open(name, "rb") as f:
        data = f.read()
    if b"\0" in data[:4096] and b"(XEN)" not in data:
        raise Mistake(f"{name}: this is no text; a RAM image is named with its address, as {name}@80000000")
    text = data.decode(errors="replace")
    try:
        take_text(found, text, mmu)
    except Mistake as mistake:
        raise Mistake(f"{name}: {mistake}") from mistake


def take_text(found, text, mmu):
    kind = debugfs.kind(text)
    if kind == "pagetable":
        found.tables = page_table.AsText(debugfs.read_pagetable(text))
    elif kind == "tlb":
        found.tlb = debugfs.read_tlb(text)
    elif kind == "regs":
        found.registers = debugfs.read_regs(text)
    elif debug_key.is_one(text):
        add_xen(found, text, mmu)
    else:
        found.told = read_json(text) if text.startswith("{") else read_dump(text)


def add_xen(found, text, name):
    """--mmu names it; of a GPU also the directory, behind a colon."""
    mmus = debug_key.last(debug_key.read(text.splitlines()))
    name, _, directory = (name or "").partition(":")
    one = debug_key.named(mmus, name)
    if one.directories and directory not in map(str, one.directories):
        raise Mistake(f"{one.name} is a GPU's: say which directory by --mmu {one.name}:<number>: "
                      f"{', '.join(map(str, one.directories))}")
    found.xen = one
    found.shadow = ranges.in_order(one.directories[int(directory)] if one.directories else one.ranges)
    found.registers = one.registers_values() or found.registers
    same = [other for other in mmus.values() if other.domain is not None and other.domain == one.domain]
    found.p2m = [r for other in same for r in other.all_ranges() if ranges.CONDEMNED not in r.marks]


def read_dump(text):
    """What `omap-mmu dump` printed."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = [ranges.read(line) for line in lines]
    if not found or None in found:
        raise Mistake("it is neither Linux's debugfs text, nor Xen's debug key's, nor a dump of omap-mmu")
    return ranges.in_order(found)


def read_json(text):
    try:
        found = [ranges.Range(**r) for r in json.loads(text)["ranges"]]
        found = [r._replace(pages=tuple(r.pages), marks=tuple(r.marks)) for r in found]
        well = all(isinstance(number, int) for r in found for number in (r.da, r.size, *r.pages)) and all(
            number is None or isinstance(number, int) for r in found for number in (r.ipa, r.maddr, r.attributes))
        if not well or not all(isinstance(mark, str) for r in found for mark in r.marks):
            raise ValueError
        return ranges.in_order(found)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Mistake("it begins as JSON does, and is no dump of omap-mmu") from error


def finish(found, ttb):
    """The tables of an image."""
    if not found.ram:
        return
    found.ttb = found.registers.get("TTB") if ttb is None else ttb
    if found.ttb is None:
        raise Mistake("where do the image's tables begin? Say it by --ttb, or name Linux's regs or "
                      "Xen's debug-key text as well")
    found.tables = page_table.InMemory(found.ram.read, found.ttb)
    last = found.tables.first_at(0xffffffff)
    if found.ram.read(found.tables.first_at(0)) is None:
        said = ", ".join(f"{first:08x}-{end - 1:08x}" for first, end in found.ram.windows())
        raise Mistake(f"the table at TTB {found.ttb:08x} lies outside the image, which has {said}")
    if found.ram.read(last) is None:
        raise Mistake(f"the image is too short: the first level at {found.ttb:08x} ends at {last + 3:08x}")
