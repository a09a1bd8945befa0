#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What Xen's debug key prints is what docs/debug-key.md says, and what omap-mmu and the runner
read: all that the port's own tests have it print. Counters have the names of core/counters.h:
TAP."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tool"))

import debug_key
import ranges

PRINTERS = [ROOT / "build/tests/gcc/port" / name for name in ("dump_test", "dsp_test", "gpu_test")]
DOCUMENT = (ROOT / "docs/debug-key.md").read_text(encoding="utf-8")
# Group -> the table of its names.
GROUPS = {"shadow": "SHADOW", "faults": "FAULT", "bif": "VBIF", "mirror": "MIRROR"}


def printed():
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said")
        for program in PRINTERS:
            subprocess.run([program], check=True, capture_output=True, env={**os.environ, "SAID": str(said)})
        return said.read_text(encoding="utf-8")


def names_of(table):
    text = (ROOT / "core/counters.h").read_text(encoding="utf-8")
    body = re.search(rf"#define {table}_COUNTERS\(C\)(.*?)\n\n", text, re.S)[1]
    return re.findall(r"\bC\((\w+)\)", body)


def counters(mmus):
    for mmu in mmus:
        if mmu.audit is None:
            continue
        due = ("bif", "mirror") if mmu.bases or "bif" in mmu.counters else ("shadow", "faults")
        found = {group: list(names) for group, names in mmu.counters.items()}
        if found != {group: names_of(GROUPS[group]) for group in due}:
            return f"{mmu.path} has the counters {found}"
    return None


def lines_of(text, words):
    return len(re.findall(rf"^\(XEN\)   {words}", text, re.M))


def count(text, mmus):
    """As many are read as lines are printed."""
    for what, pattern, read in (
        ("ranges", r"(?:\d+: )?da ", sum(len(mmu.all_ranges()) for mmu in mmus)),
        ("registers", r" *[A-Z_]+: ", sum(len(mmu.registers) for mmu in mmus)),
        ("bases", r"(?:master|core \d), base", sum(len(mmu.bases) for mmu in mmus)),
        ("denials", "last denied: ", sum(mmu.denied is not None for mmu in mmus)),
        ("audits", "audit: ", sum(mmu.audit is not None for mmu in mmus)),
        ("ends for want of room", r"\.\.\. more|the (?:MMU|GPU) was released", sum(mmu.more for mmu in mmus))):
        printed_lines = lines_of(text, pattern)
        if not printed_lines or printed_lines != read:
            return f"{printed_lines} {what} are printed, {read} read"
    return None


def unknown(mmus):
    return next((f"not known: {line!r}" for mmu in mmus for line in mmu.unknown), None)


def whole(mmus):
    return next((f"{mmu.path} does not end" for mmu in mmus if not mmu.whole()), None)


def states(mmus):
    seen = {mmu.state for mmu in mmus if mmu.state}
    missing = {words for words in re.findall(r"^\| `([^`]+)` \| state", DOCUMENT, re.M)} - seen - {"released"}
    odd = {f"`{state}`" for state in seen} - {f"`{words}`" for words in
                                              re.findall(r"^\| `([^`]+)` \| state", DOCUMENT, re.M)}
    return f"not printed: {missing}; not in the document: {odd}" if missing or odd else None


def documented():
    """Each counter has a line in the document."""
    for group, table in GROUPS.items():
        said = re.search(rf"^\| `{group}` \|(.*)\|$", DOCUMENT, re.M)
        if not said or re.findall(r"`(\w+)`", said[1]) != names_of(table):
            return f"{group}: the document has {said and said[1]}"
    return None


def marks():
    """What Xen's source may put behind a range is read, and in the document."""
    source = (ROOT / "xen/dump.c").read_text(encoding="utf-8")
    body = re.search(r"void print_range\(.*?\n}\n", source, re.S)[0]
    found = re.findall(r'", (\w+)"', body)
    if len(found) < 3:
        return f"only {found} are in print_range()"
    line = "da 00000000 -> ipa 00000000 -> maddr 00000000, size 0x1000, pages of 0x1000, "
    template = re.search(r"^ *da <address> .*pages of .*$", DOCUMENT, re.M)[0]
    return next((f"{mark} is not read, or not in the document" for mark in found
                 if not ranges.read(line + mark) or f", {mark}" not in template), None)


def conditions(mmus):
    """What may stand behind a state is printed with and without, and in the document."""
    template = re.search(r"^ *<state>, <table>.*$", DOCUMENT, re.M)[0]
    for words, name in (("led around", "around"), ("no core runs", "held"), ("filling", "filling")):
        if f"[, {words}]" not in template or f"| `{words}` |" not in DOCUMENT:
            return f"{words}: not in the document"
        if {getattr(mmu, name) for mmu in mmus if mmu.state} != {True, False}:
            return f"{words}: not read, or always"
    return None


def main():
    text = printed()
    mmus = debug_key.read(text.splitlines())
    bare = debug_key.read(text.replace("(XEN) ", "").splitlines())
    failed = 0
    tests = [
        ("each line of the key is known", unknown(mmus)),
        ("none is lost", count(text, mmus)),
        ("each MMU's part ends", whole(mmus)),
        ("counters are named by the table", counters(mmus)),
        ("counters are in the document", documented()),
        ("states are in the document", states(mmus)),
        ("conditions are read, and in the document", conditions(mmus)),
        ("marks of ranges are read, and in the document", marks()),
        ("it is read without Xen's prefix as well",
         None if [vars(a) for a in mmus] == [vars(b) for b in bare] else "there is a difference")]
    print(f"1..{len(tests)}")
    for name, wrong in tests:
        print(f"{'not ok' if wrong else 'ok'} - tool: {name}" + (f": {wrong}" if wrong else ""))
        failed += bool(wrong)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
