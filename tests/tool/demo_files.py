#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What `make demo` leaves for omap-mmu: of a machine whose memory is made here, each command that
it names works, and Linux's text leads to the same as the image: TAP."""
import collections
import os
import shlex
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "system"))

import mmu_files
import omap_mmu

Processor = collections.namedtuple("Processor", "name mmu")
IPU = Processor("ipu", 0x55082000)
RAM, TTB, TABLE = 0x4f000000, 0x4f008000, 0x4f020400
# The guest's, at IPAs; and what is to be added to one for the machine's address.
OWN_TTB, OWN_TABLE, BEYOND = 0x4a430000, 0x4a420800, 0x4dd05000 - 0x49105000
DUMP = ["(XEN) omap-mmu: /mmu@55082000: d1", "(XEN)   running, live",
        *(f"(XEN)   {name:>12s}: {OWN_TTB if name == 'TTB' else 6:08x}  reads 0, writes 0"
          for name in omap_mmu.registers.WORDS),
        "(XEN)   da 80000000 -> ipa 49105000 -> maddr 4dd05000, size 0x1000, pages of 0x1000",
        "(XEN)   ranges: 1", "(XEN)   shadow: fills=1", "(XEN)   faults: raised=0",
        "(XEN)   audit: ok", "(XEN) omap-mmu: /mmu@4a066000: in quarantine"]


class Machine:
    """RAM with tables, and the registers."""

    def __init__(self):
        self.ram = bytearray(0x40000)
        self.put(TTB + 0x800 * 4, TABLE | 1)
        self.put(TABLE, 0x4dd05000 | 2)
        self.put(OWN_TTB + BEYOND + 0x800 * 4, OWN_TABLE | 1)
        self.put(OWN_TABLE + BEYOND, 0x49105000 | 2)
        self.put(OWN_TABLE + BEYOND + 4, 0x49106000 | 2)

    def put(self, address, word):
        struct.pack_into("<I", self.ram, address - RAM, word)

    def memory(self, address, size):
        return bytes(self.ram[address - RAM:address - RAM + size])

    def word(self, address):
        if RAM <= address < RAM + len(self.ram):
            return struct.unpack_from("<I", self.ram, address - RAM)[0]
        return {0x44: 6, 0x4c: TTB}.get(address - IPU.mmu, 0)


class Running:
    m = Machine()

    def dump(self):
        return DUMP


def run(command):
    return subprocess.run(shlex.split(command), cwd=ROOT, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)


def why_wrong(folder):
    page, commands = mmu_files.leave(Running(), IPU, folder)
    if len(commands) != 4 or "da space of the ipu" not in Path(page).read_text(encoding="utf-8"):
        return f"{page}, {commands}"
    due = ["-> ipa 49105000 -> maddr 4dd05000", "-> maddr 4dd05000", "", "CNTL: 00000006"]
    for command, words in zip(commands, due):
        done = run(command)
        if done.returncode or words not in done.stdout:
            return f"{command}: {done.returncode}: {done.stdout}{done.stderr}"
    walk = run(f"tool/omap-mmu.py walk 80000010 {os.path.join(folder, 'ipu')} --machine")
    if "-> maddr 4dd05010" not in walk.stdout:
        return walk.stdout + walk.stderr
    own = run(commands[0].replace("80000000", "80001010"))
    if "second-level word" not in own.stdout or "-> ipa 49106010\n" not in own.stdout:
        return f"the guest's own tables: {own.stdout}{own.stderr}"
    # Elsewhere there is nothing that says what Xen says.
    Running.m.put(OWN_TABLE + BEYOND, 0x49107000 | 2)
    _, commands = mmu_files.leave(Running(), IPU, folder)
    return None if "guest" not in commands[0] else "tables that say something else were left"


def main():
    with tempfile.TemporaryDirectory() as folder:
        wrong = why_wrong(folder)
    print("1..1")
    print(f"{'not ok' if wrong else 'ok'} - tool: what the demo leaves can be read"
          + (f": {wrong}".replace("\n", " | ") if wrong else ""))
    sys.exit(wrong is not None)


if __name__ == "__main__":
    main()
