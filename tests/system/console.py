#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Lines of the console that were broken apart are put together: TAP. Each was seen."""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "system"))

import machine

# A name; who has the input, and what came, line by line; what it is.
CASES = [
    ("whole lines stay",
     [("Xen", "(XEN) DOM1: runner: hold"), ("DOM1", "ok - map-4k")],
     ["(XEN) DOM1: runner: hold", "ok - map-4k"]),
    ("Xen speaks in the middle of a line",
     [("DOM1", "ok - ma(XEN) *** Serial input to Xen"), ("Xen", "p-4k")],
     ["(XEN) *** Serial input to Xen", "ok - map-4k"]),
    ("Xen began a line itself, and the domain lost the input",
     [("DOM1", "(XEN) run(XEN) *** Serial input to Xen"), ("Xen", "DOM1: ner: endless")],
     ["(XEN) *** Serial input to Xen", "runner: endless"]),
    ("the rest comes as a line of Xen's",
     [("DOM1", "run(XEN) *** Serial input to Xen"), ("Xen", "(XEN) DOM1: ner: hold")],
     ["(XEN) *** Serial input to Xen", "runner: hold"]),
    ("another domain speaks in between",
     [("DOM0", "over(XEN) DOM1: ok - a"), ("DOM0", "(XEN) DOM1: ok - b"), ("DOM0", "seer: c")],
     ["(XEN) DOM1: ok - a", "(XEN) DOM1: ok - b", "overseer: c"]),
]


def main():
    wrong = 0
    print(f"1..{len(CASES)}")
    for number, (name, came, expected) in enumerate(CASES, 1):
        mender = machine.Mender()
        got = [mender.whole(line, owner) for owner, line in came]
        wrong += got != expected
        print(f"{'ok' if got == expected else 'not ok'} {number} - {name}"
              + ("" if got == expected else f": {got}"))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
