#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What is slow beside commands.py: omap-mmu on inputs that are torn by chance, on tables of a
hostile guest, and on ranges that begin and end anywhere: TAP."""
import random
import struct
import subprocess
import sys

sys.dont_write_bytecode = True

from samples import GOOD, IPU, MEMORY, PROGRAM, TABLE, TTB, XEN, judge, run

import addresses
import findings
import inputs
import owned
import picture


def torn_input_is_a_mistake(folder):
    """Bytes that were changed by chance: all works, or is told; nothing else is raised."""
    rng = random.Random(1)
    for name, form in (("text", []), ("dumped", ["--json"]), ("linux", ["--debugfs"])):
        (folder / name).write_text(run(folder, ["dump", *GOOD, *form]).stdout, encoding="ascii")
    for name, args in (("xen", {"mmu": "55082000"}), ("tlb", {}), ("regs", {}), ("linux", {}),
                       ("dumped", {}), ("text", {}), ("core", {"ttb": TTB})):
        whole = (folder / name).read_bytes()
        for n in range(150):
            near = rng.choice((90, 900))     # most of what matters is at the beginning
            end = rng.randrange(1, min(near, len(whole))) if n % 5 == 0 else len(whole)
            torn = bytearray(whole[:end])
            for _ in range(rng.randrange(4)):
                byte = rng.choice(b"\0\n 0f:x{[]\"\xff") if n % 2 else rng.randrange(256)
                torn[rng.randrange(min(len(torn), near))] = byte
            (folder / "torn-input").write_bytes(torn)
            try:
                space = inputs.read_space([str(folder / "torn-input")], **args)
                space.walk(0x20000000)
                list(findings.find(space, owned.Owned()))
                picture.page(list(picture.parts(space, owned.Owned())), "torn")
            except addresses.Mistake:
                pass
    return None


def hostile_tables_take_no_long_time(folder):
    """1,024 tables of words by chance, a log with 20,000 ranges, and as many windows as an
    /proc/iomem may have: each command in a few seconds of processor time."""
    rng = random.Random(1)
    first = struct.pack("<1024I", *(0x80100000 + n * 0x400 | TABLE for n in range(1024)))
    (folder / "hostile").write_bytes(first + bytes(0x100000 - len(first)) + rng.randbytes(0x100000))
    many = "".join(f"(XEN)   da {n << 12:08x} -> ipa {rng.randrange(1 << 20) << 12:08x} "
                   f"-> maddr {n << 12:08x}, size 0x1000, pages of 0x1000\n" for n in range(20000))
    text = XEN.replace("ranges: 3", f"ranges: {many.count(chr(10)) + 3}")
    text = text.replace("DOM1: ready\n", many)
    (folder / "many").write_text(text, encoding="ascii")
    windows = [f"{n << 15:08x}-{(n << 15) + 4095:08x} : reserved\n" for n in range(1, 2000)]
    (folder / "windows").write_text("".join(windows), encoding="ascii")
    ranges = [f"da {n << 26:08x} -> ipa 00000000, size 0x4000000\n" for n in range(64)]
    (folder / "wide").write_text("".join(ranges), encoding="ascii")
    tables = ["hostile@80000000", "--ttb", "80000000"]
    for args in (["check", *tables, *MEMORY], ["map", *tables, "-o", "hostile.svg"],
                 ["map", *tables, "-o", "hostile.html"], ["dump", "many", *tables, *IPU],
                 ["check", "wide", "--iomem", "windows"]):
        done = subprocess.run(["bash", "-c", 'ulimit -t 10; exec "$@"', "bash", PROGRAM, *args],
                              cwd=folder, capture_output=True, text=True)
        if done.returncode not in (0, 1) or done.stderr:
            return f"{args}: status {done.returncode}: {done.stderr}"
        if done.stdout.count("\n") > 2100 and args[0] == "check":
            return "check prints too much"
    for name, most in (("hostile.svg", 4 << 20), ("hostile.html", 9 << 20)):
        size = (folder / name).stat().st_size
        if size > most:
            return f"{name} has {size} bytes"
    return None


def rectangles_cover_ranges(_folder):
    """Of ranges that begin and end anywhere: each page once, where the page's script looks
    for it."""
    for first, last in ((0, 0), (1, 14), (15, 16), (250, 260), (255, 256 * 70 + 3),
                        (256 * 63, 256 * 200 - 1), (5, 256 * 4096 - 1)):
        drawn = [(x + i, y + j)
                 for x, y, w, h in picture.rectangles(first * 4096, (last - first + 1) * 4096)
                 for i in range(w) for j in range(h)]
        due = {(slot % 64 * 16 + page % 16, slot // 64 * 16 + page % 256 // 16)
               for page in range(first, last + 1) for slot in [page // 256]}
        if len(drawn) != len(due) or set(drawn) != due:
            return f"pages {first} to {last}: {len(drawn)} are drawn, {len(due)} are due"
    return None


def main():
    sys.exit(judge([("torn input", torn_input_is_a_mistake),
                    ("hostile tables", hostile_tables_take_no_long_time),
                    ("rectangles cover ranges", rectangles_cover_ranges)]))


if __name__ == "__main__":
    main()
