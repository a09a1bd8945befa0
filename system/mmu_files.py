# SPDX-License-Identifier: GPL-2.0-only
"""What a demo leaves for omap-mmu (tool/) to be tried on: Xen's debug key's words, a piece of RAM
with the tables that hardware walks, the same in the format of Linux's debugfs, the guest's own
tables in that format if they can be found, and a picture."""
import os
import struct

from omap_mmu import debug_key, debugfs, inputs, owned, page_table, picture, ram

TEXT = "debug-key.txt"
# Of the registers in Linux's regs, those that can be read without changing anything.
REGISTERS = {"REVISION": 0x00, "IRQSTATUS": 0x18, "IRQENABLE": 0x1c, "CNTL": 0x44, "FAULT_AD": 0x48,
             "TTB": 0x4c, "LOCK": 0x50}


def leave(running, processor, folder):
    """Of a boot, now. Returns the path of the picture, and command lines that are worth trying."""
    os.makedirs(os.path.join(folder, processor.name), exist_ok=True)
    text = os.path.join(folder, TEXT)
    lines = running.dump()
    with open(text, "w", encoding="utf-8") as f:
        f.writelines(line + "\n" for line in lines)
    own = leave_guests(running.m, lines, processor, folder)
    image, ttb = leave_tables(running.m, processor, folder)
    page = leave_page(text, processor, folder)
    tool, name = "tool/omap-mmu.py", f"--mmu {processor.mmu:x}"
    return page, [f"{tool} walk 80000000 {name} {own + ' ' if own else ''}{text}",
                  f"{tool} walk 80000000 --machine --ttb {ttb:08x} {image}",
                  f"{tool} diff --machine --ttb {ttb:08x} {image} --with {text} --with-mmu "
                  f"{processor.mmu:x}",
                  f"{tool} regs {os.path.join(folder, processor.name)}"]


def leave_tables(m, processor, folder):
    """RAM from the first table to the last, as it is named for omap-mmu; and its TTB."""
    values = {name: m.word(processor.mmu + offset) for name, offset in REGISTERS.items()}
    ttb = values["TTB"]
    first = struct.unpack(f"<{page_table.SLOTS}I", m.memory(ttb, page_table.SLOTS * 4))
    tables = [ttb, *(page_table.table_of(word) for word in first if page_table.is_table(word))]
    start, end = min(tables), max(ttb + page_table.SLOTS * 4, max(tables) + page_table.PAGES * 4)
    path = os.path.join(folder, f"{processor.name}.ram")
    with open(path, "wb") as f:
        f.write(m.memory(start, end - start))
    leave_debugfs(path, start, values, os.path.join(folder, processor.name))
    return f"{path}@{start:08x}", ttb


def leave_guests(m, lines, processor, folder):
    """The guest's own tables, as its Linux would tell them; the path, or None.

    Xen tells machine addresses of the ranges alone. The guest's RAM is of few pieces, so the
    nearest range tells that of a table as well; not if the tables then say anything else than
    Xen."""
    mmu = debug_key.named(debug_key.last(debug_key.read(lines)), f"{processor.mmu:x}")
    known = [r for r in mmu.ranges if not r.marks]
    if "TTB" not in mmu.registers or not known:
        return None

    def machine(ipa):
        near = min(known, key=lambda r: abs(r.ipa - ipa))
        return ipa - near.ipa + near.maddr

    ttb = mmu.registers["TTB"].value
    walked = page_table.InMemory(lambda at: m.word(machine(at)), ttb)
    leaves = [walked.walk(r.da).leaf for r in known]
    if any(leaf is None or leaf.ipa != r.ipa for leaf, r in zip(leaves, known)):
        return None
    tables = page_table.InMemory(walked.read, ttb, lambda at, count: struct.unpack(
        f"<{count}I", m.memory(machine(at), count * 4)))
    path = os.path.join(folder, f"{processor.name}-guest.pagetable")
    with open(path, "w", encoding="ascii") as f:
        f.write(debugfs.write_pagetable(tables.words()))
    return path


def leave_debugfs(path, start, values, folder):
    memory = ram.Ram()
    memory.add(path, start)
    words = page_table.InMemory(memory.read, values["TTB"], memory.read_words).words()
    with open(os.path.join(folder, "pagetable"), "w", encoding="ascii") as f:
        f.write(debugfs.write_pagetable(words))
    with open(os.path.join(folder, "regs"), "w", encoding="ascii") as f:
        f.write(debugfs.write_regs(values))


def leave_page(text, processor, folder):
    path = os.path.join(folder, f"{processor.name}.html")
    space = inputs.read_space([text], mmu=f"{processor.mmu:x}")
    parts = list(picture.parts(space, owned.Owned()))
    with open(path, "w", encoding="utf-8") as f:
        f.write(picture.page(parts, f"da space of the {processor.name}"))
    return path
