#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A session that is slow is not one that hangs: TAP. The machine and the clock are
fakes: a script of the seconds that pass before each line."""
import collections
import math
import os
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "system"))

import boot
import dom0_board

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

# The same for the look at dom0's tree; due: what of the tree or of the message.
TREE = (90, "(XEN) Loading d0 DTB to 0x50000010-0x50000020")
LOOKS = [
    ("a slow look goes on", [(90, "line")] * 9 + [TREE, (90, "(XEN) *** Serial input to DOM0")],
     "16 bytes at 0x50000010"),
    ("a look that falls silent", [(90, "line"), TREE, NEVER],
     f"get to dom0's tree: {HANGS}; log: "),
    ("a look at a QEMU that ends", [(0, None)], "get to dom0's tree: QEMU ended with 7; log: "),
    ("its log has its whole path", [(0, None)], "folder/look.log"),
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

    def memory(self, address, size):
        return f"{size} bytes at {address:#x}".encode()

    def rest(self):
        return []

    def stop(self):
        pass

    close = stop


class Session(boot.Boot):
    def is_progress(self, line):
        return line != "idle"


def use(script):
    fake = Machine(script)
    boot.machine.Machine = lambda *arguments: fake
    boot.time = fake
    return fake


def run(script):
    fake = use(script)
    session = Session(None, None, None, lambda event, **about: None)
    return session.run(SILENCE), fake.now


def look(script):
    """The tree, or why there is none."""
    use(script)
    dom0_board.command = lambda *arguments: []
    files = collections.namedtuple("Files", "kernel")("kernel")
    with tempfile.TemporaryDirectory() as top:
        folder = os.path.join(top, "folder")
        os.mkdir(folder)
        try:
            with open(dom0_board.look_at_tree(None, files, folder), encoding="ascii") as f:
                return f.read()
        except OSError as error:
            return str(error)


def main():
    verdicts = []
    for name, script, due in CASES:
        got = run(script)
        verdicts.append((name, None if got == due else f"{got}, not {due}"))
    for name, script, due in LOOKS:
        got = look(script)
        verdicts.append((name, None if due in got else f"{got}, not {due}"))
    print(f"1..{len(verdicts)}")
    for number, (name, wrong) in enumerate(verdicts, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}" + (f": {wrong}" if wrong else ""))
    sys.exit(sum(wrong is not None for _, wrong in verdicts))


if __name__ == "__main__":
    main()
