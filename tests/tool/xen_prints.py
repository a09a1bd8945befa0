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
            subprocess.run([program], check=True, capture_output=True,
                           env={**os.environ, "SAID": str(said)})
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
        ("ends for want of room", r"\.\.\. more|the (?:MMU|GPU) was released",
         sum(mmu.more + mmu.released for mmu in mmus))):
        printed_lines = lines_of(text, pattern)
        if not printed_lines or printed_lines != read:
            return f"{printed_lines} {what} are printed, {read} read"
    return None


def lost(mmus):
    return next((f"{mmu.path}: {why}" for mmu in mmus if (why := mmu.lost())), None)


def states(mmus):
    seen = {mmu.state for mmu in mmus if mmu.state}
    states = set(re.findall(r"^\| `([^`]+)` \| state", DOCUMENT, re.M))
    missing = states - seen - {"released"}
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


def texts(path, functions=""):
    """The strings of a source, or of its functions with that in their names, joined as C joins
    them."""
    source = (ROOT / path).read_text(encoding="utf-8")
    source = re.sub(r"/\*.*?\*/|^#include.*?$|^extern.*?$", "", source, flags=re.S | re.M)
    bodies = re.findall(rf"^[^\n]*{functions}[^\n]*\([^;{{]*\)\n\{{.*?^\}}", source, re.S | re.M)
    return [re.sub(r'"\s*"', "", found)[1:-1] for body in bodies
            for found in re.findall(r'"[^"\n]*"(?:\s*"[^"\n]*")*', body)]


def denials():
    """The words of the core's reasons, but for that of none."""
    source = (ROOT / "core/denial.h").read_text(encoding="utf-8").replace("\\\n", "")
    found = re.findall(r'D\(\w+,\s*((?:"[^"]*"\s*)+)\)', source)
    return [re.sub(r'"\s*"', "", words.strip())[1:-1] for words in found][1:]


def every_text():
    """Reasons and audits are in the document, and it has no others."""
    audits = [*texts("core/shadow_audit.c"), *texts("core/mirror_audit.c"),
              *texts("core/vbif.c", "audit_"),
              *texts("core/vmmu.c", "audit_")]
    for head, due, least in (("## Why Xen denies", denials(), 6), ("## Audits", audits, 40)):
        part = DOCUMENT.split(head)[1].split("\n## ")[0].split("|---|---|")[1]
        said = re.findall(r"`([^`]+)`", part)
        if len(due) < least or sorted(said) != sorted(set(due)):
            return f"{head}: {sorted(set(said) ^ set(due))} of {len(due)}"
    return None


def said_of_a_dump():
    """What the printers have beside that is in the document, with each format as a placeholder."""
    document = re.sub(r"<[^>]*>|\b64\b", "*", DOCUMENT.replace("\n  dump", " dump"))
    document = re.sub(r"\s+", " ", document)
    for path in ("xen/dump.c", "xen/gpu_dump.c"):
        source = re.sub(r'"\s*PRIx64\s*"|"\s*PRIu64\s*"', "x",
                        (ROOT / path).read_text(encoding="utf-8"))
        for found in re.findall(r'printk\(\s*(?:XENLOG_WARNING )?((?:"[^"]*"\s*)+)', source):
            words = re.sub(r'"\s*"', "", found.strip())[1:-1].replace("\\n", "").strip()
            pieces = [piece.strip(" ,") for piece in re.split(r"%[#0-9]*[a-zA-Z]", words)]
            for piece in filter(None, pieces):
                if re.sub(r"\s+", " ", piece.rstrip(":")) not in document:
                    return f"{path}: {piece!r} of {words!r} is not in it"
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
        ("each MMU's part is whole, and each line known", lost(mmus)),
        ("none is lost", count(text, mmus)),
        ("counters are named by the table", counters(mmus)),
        ("counters are in the document", documented()),
        ("reasons and audits are in the document", every_text()),
        ("what is printed besides is in the document", said_of_a_dump()),
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
