#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""omap-mmu on RAM images of guests by chance (images.c): for each page of the 4 GiB it says what
the simulator's oracle says, and writes Linux's debugfs text as Linux does: TAP."""
import collections
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tool"))

import debugfs
import inputs
import owned
import page_table
from addresses import PAGE, SLOT

IMAGES = ROOT / "build/tests/gcc/tool/images"
SEEDS = range(6)
FAULTS = {1: "TLB miss", 2: page_table.TRANSLATION_FAULT, 8: page_table.TABLE_WALK_FAULT,
          16: "multi-hit fault"}
PER_SLOT = SLOT // PAGE


def answers(folder):
    """For each page: ipa, log2 of its size, fault."""
    return list(struct.iter_unpack("<IBBxx", (folder / "answers").read_bytes()))


def pieces(folder):
    return [f"{path}@{path.stem}" for path in sorted(folder.glob("*.ram"))]


def alike(due, first):
    """Do all pages of a slot fault in the same way, or lead to themselves?"""
    if due[0][2]:
        return len(set(due)) == 1
    return all(ipa == (first + n) * PAGE for n, (ipa, _, _) in enumerate(due))


def compare_walks(space, due):
    """None, or where they differ first. Of slots that are alike the first and last pages are
    walked, of others each."""
    for start in range(0, len(due), PER_SLOT):
        few = alike(due[start:start + PER_SLOT], start)
        for page in (0, PER_SLOT - 1) if few else range(PER_SLOT):
            da = (start + page) * PAGE
            ipa, _, fault = due[start + page]
            answer = space.walk(da)
            if answer.fault != FAULTS.get(fault) or (not fault and answer.ipa != ipa):
                return f"da {da:08x}: {answer}, and the oracle: {ipa:08x}, {FAULTS.get(fault)}"
    return None


def compare_pages(space, due):
    """What `dump` makes of it, page by page, where the oracle goes by the tables alone."""
    said = {}
    for r in space.pages():
        for beyond in range(0, r.size, PAGE):
            said[(r.da + beyond) // PAGE] = r.ipa + beyond, r.pages[0]
    wanted = {page: (ipa, 1 << shift) for page, (ipa, shift, fault) in enumerate(due) if not fault}
    wrong = sorted(page for page in said.keys() | wanted.keys()
                   if said.get(page) != wanted.get(page))
    if not wrong:
        return None
    page = wrong[0]
    return f"da {page * PAGE:08x}: {said.get(page)}, and the oracle: {wanted.get(page)}"


def compare_merged(space, due):
    """Merged ranges hold the same pages."""
    merged = {}
    for r in space.ranges():
        for beyond in range(0, r.size, PAGE):
            merged[(r.da + beyond) // PAGE] = r.ipa + beyond
    wanted = {page: ipa for page, (ipa, _, fault) in enumerate(due) if not fault}
    return None if merged == wanted else "the merged ranges have other pages"


def compare_text(space, folder):
    due = (folder / "pagetable").read_text()
    return None if debugfs.write_pagetable(space.tables.words()) == due else "the text is another"


def judge(seed, folder):
    """(what, None or what is wrong)"""
    subprocess.run([IMAGES, str(seed), folder], check=True)
    due = answers(folder)
    full = inputs.read_space([*pieces(folder), *(str(folder / name) for name in ("regs", "tlb"))])
    # Tables outside of what it has are known to be nobody's.
    full.owned = owned.Owned(full.ram.windows())
    yield "walk", compare_walks(full, due)
    yield "pagetable", compare_text(full, folder)
    if seed % 4 == 0:
        yield "dump", compare_pages(full, due)
        yield "merged", compare_merged(full, due)
        # It does not tell what Linux could not read.
        if not any(fault == 8 for _, _, fault in due):
            yield "text", compare_walks(inputs.read_space([str(folder / "pagetable")]), due)


told = 0


def tell(what, wrong):
    global told
    told += 1
    print(f"{'not ok' if wrong else 'ok'} - tool: {what}" + (f": {wrong}" if wrong else ""),
          flush=True)
    return bool(wrong)


def main():
    failed = 0
    seen = collections.Counter()
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            for what, wrong in judge(seed, Path(folder)):
                failed += tell(f"{what} of image {seed}", wrong)
            seen.update(fault for _, _, fault in answers(Path(folder)))
    missing = {0, *FAULTS} - set(seen)
    failed += tell("the images have pages that are mapped, and each fault",
                   f"these are missing: {missing}" if missing or seen[0] < 10000 else None)
    print(f"1..{told}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
