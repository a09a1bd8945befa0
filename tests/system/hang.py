#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A session that is slow is not one that hangs: TAP. The machine and the clock are
fakes: a script of the seconds that pass before each line."""
import math
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "system"))

import boot

SILENCE = 100
HANGS = "hangs: nothing more within the time allowed"
NEVER = (math.inf, None)
END = (90, "reboot: Power down")

# A name, the script, and what is due: what is wrong, and when that is known.
CASES = [
    ("a slow one goes on", [(90, "line")] * 9 + [END], (None, 900)),
    ("one that falls silent hangs", [(90, "line"), NEVER], (HANGS, 190)),
    ("what it says anyhow does not count", [(90, "line")] + [(9, "idle")] * 99, (HANGS, 190)),
    ("and does no harm", [(90, "idle"), (9, "line"), END], (None, 189)),
    ("QEMU may end", [(5, "line"), (5, None)], ("QEMU ended with 7", 10)),
    ("Linux may panic", [(5, "Kernel panic - not syncing: no init"), NEVER],
     ("Kernel panic - not syncing: no init", 5)),
]


class Machine:
    """Both: boot asks this one for the time as well."""

    def __init__(self, script):
        self.script = list(script)
        self.now = 0
        self.process = self

    def monotonic(self):
        return self.now

    def line(self, deadline):
        seconds, line = self.script[0]
        if self.now + seconds > deadline:
            self.now = max(self.now, deadline)
            return None
        self.script.pop(0)
        self.now += seconds
        return line

    def wait(self):
        return 7

    def rest(self):
        return []

    def stop(self):
        pass

    close = stop


class Session(boot.Boot):
    def is_progress(self, line):
        return line != "idle"


def run(script):
    fake = Machine(script)
    boot.machine.Machine = lambda *arguments: fake
    boot.time = fake
    session = Session(None, None, None, lambda event, **about: None)
    return session.run(SILENCE), fake.now


def main():
    wrong = 0
    print(f"1..{len(CASES)}")
    for number, (name, script, due) in enumerate(CASES, 1):
        got = run(script)
        wrong += got != due
        print(f"{'ok' if got == due else 'not ok'} {number} - {name}"
              + ("" if got == due else f": {got}, not {due}"))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
