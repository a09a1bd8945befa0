#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The fake of Xen that tests/port uses has each type and each kind of access of a p2m
entry that Xen has, and no other: TAP."""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAKE = ROOT / "tests/port/fake/asm/p2m.h"
XEN = ROOT / "build/fetch/xen/xen"

# A list of the fake, the enum that it stands for, and where Xen has that.
LISTS = [
    ("P2M_TYPES", "p2m_type_t", XEN / "arch/arm/include/asm/p2m.h"),
    ("P2M_ACCESSES", "p2m_access_t", XEN / "include/xen/mem_access.h"),
]


def names_of_fake(which):
    text = FAKE.read_text().replace("\\\n", "")
    return re.findall(r"x\((p2m_\w+)\)", re.search(rf"#define {which}\(x\)(.*)", text)[1])


def names_of_xen(enum, header):
    text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.DOTALL)
    body = re.search(rf"enum \{{([^}}]*)\}} {enum};", text)
    return re.findall(r"(?:^|,)\s*(p2m_\w+)", body[1]) if body else []


def main():
    subprocess.run([ROOT / "system/fetch.sh"], check=True, stdout=subprocess.DEVNULL)
    print(f"1..{len(LISTS)}")
    wrong = 0
    for number, (which, enum, header) in enumerate(LISTS, 1):
        fake, xen = names_of_fake(which), names_of_xen(enum, header)
        agree = xen and sorted(fake) == sorted(xen)
        wrong += not agree
        print(f"{'ok' if agree else 'not ok'} {number} - names of {enum}"
              + ("" if agree else f": Xen has {xen}, the fake has {fake}"))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
