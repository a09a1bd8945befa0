#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""One boot, told as it goes, for whoever sees this for the first time."""
import os
import re
import sys

sys.dont_write_bytecode = True    # nothing is made beside the sources

import board
import machine
import session

SECONDS = 150
CONFIG = next(c for c in board.CONFIGS if c.name == "a15-dom0")

INTRODUCTION = """
A machine boots: stock QEMU with two OMAP MMUs added, Debian's Xen with the mediator in
it, and beside dom0 a Linux guest that owns two remote processors, the IPU and the DSP.
Linux drives their MMUs with its own omap-iommu driver, unchanged, and believes that
its addresses are the machine's. They are not.
"""

# What of the console is worth telling.
STORY = [
    (r"\(XEN\) Xen version (\S+)", "Xen {0} starts"),
    (r"omap-mmu: /\S*mmu@(\w+): revision .* in quarantine",
     "Xen takes the MMU at {0}: switched on, and walking an empty table"),
    (r"omap-mmu: /\S*mmu@(\w+): given to (d\d+)",
     "the MMU at {0} is given to {1}: what the guest does to its registers traps to Xen"),
    (r"DOM1: Linux version (\S+)", "the guest starts Linux {0}"),
    (r"guest: Linux \S+ has reached userland", "the guest is up"),
    (r"omap-mmu: /\S*mmu@(\w+): back from (d\d+), in quarantine",
     "{1} is gone; the MMU at {0} walks an empty table again"),
]

HEADINGS = {
    "ipa-is-not-maddr": "A mapping, looked at from outside",
    "processors-answer": "What a guest expects of its MMUs",
    "hostile-secret-memory": "What a guest may try",
    "canary-untouched": "The memory that is not the guest's, from outside",
}


class Teller:
    def __init__(self):
        self.session = None
        self.story = [(re.compile(pattern), words) for pattern, words in STORY]
        self.told = set()

    def say(self, words):
        print(f"[{self.session.m.elapsed():5.1f} s] {words}", flush=True)

    def __call__(self, event, **about):
        getattr(self, "on_" + event)(**about)

    def on_line(self, line):
        for pattern, words in self.story:
            found = pattern.search(line)
            if found and found.group() not in self.told:
                self.told.add(found.group())
                self.say(words.format(*found.groups()))

    def on_result(self, name, wrong):
        if name in self.told and not wrong:
            return
        self.told.add(name)
        if name in HEADINGS:
            print(f"\n{HEADINGS[name]}")
        words = session.TESTS.get(name, name)
        self.say(f"{'FAILED' if wrong else 'ok':6s} {words}" + (f" ({name}): {wrong}" if wrong else ""))

    def on_held(self, held):
        for h in held:
            there = "nowhere" if h.maddr is None else f"maddr {h.maddr:08x}"
            print(f"          {h.unit}: da {h.da:08x} -> ipa {h.ipa:08x} in the guest's table, "
                  f"-> {there} in Xen's")


def main():
    machine.end_with_us()
    files = board.Files(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    os.makedirs(files.system, exist_ok=True)
    log = os.path.join(files.system, "demo.log")
    print(INTRODUCTION)
    teller = Teller()
    try:
        teller.session = s = session.Session(CONFIG, files, log, teller)
    except OSError as error:
        sys.exit(f"demo: cannot boot: {error}")
    wrong = s.run(SECONDS)

    expected = session.expected(CONFIG)
    missing = [name for name in expected if name not in s.results]
    failed = [name for name, verdict in s.results.items() if verdict]
    print(f"\n{len(s.results) - len(failed)} of {len(expected)} tests ok in "
          f"{s.m.elapsed():.0f} s. The whole console is in {os.path.relpath(log)}")
    if wrong or missing or failed:
        sys.exit("demo: " + (wrong or "failed: " + ", ".join(failed + missing))
                 + f"; see {os.path.relpath(log)}")


if __name__ == "__main__":
    main()
