# SPDX-License-Identifier: GPL-2.0-only
"""What all boots have in common: the machine's console is read line by line, tests
are told by lines "ok - name" and "not ok - name: why", and the guest may ask the
runner for something by a line "runner: what about"."""
import collections
import re
import time

import board
import machine
from omap_mmu import debug_key

DUMP_KEY, DUMP_SECONDS = "U", 60

RESULT = re.compile(r"(?:^|\s)(ok|not ok) - ([a-z0-9-]+)(?:: (.*))?$")
ASK = re.compile(r"(?:^|\(XEN\) (?:DOM1: )?)runner: ([\w-]+) ?(.*)$")
TROUBLE = re.compile(r"\(XEN\) +(Assertion|Panic|Xen BUG|Xen WARN|Xen call trace|"
                     r"CPU\d+: Unexpected|audit: (?!ok|incomplete|type=))")
XEN = re.compile(r"\(XEN\) (?!DOM\d)(.*)")
PANIC = re.compile(r"Kernel panic - not syncing: .*|Internal error: Oops.*")
HANGS = re.compile(r"rcu: |soft lockup|blocked for more than")


def untouched(m, planted, address):
    """Is a pattern still what was planted? None, or the wrong word."""
    with open(planted, "rb") as f:
        then = f.read()
    now = m.memory(address, len(then))
    if now == then:
        return None
    at = next(i for i in range(0, len(then), 4) if now[i:i + 4] != then[i:i + 4])
    word = int.from_bytes(now[at:at + 4], "little")
    return f"machine address {address + at:08x} was written: {word:08x}"


class Boot:
    """One boot. `results` maps a test's name to None or to what went wrong. A subclass
    has on_<what>() for what the guest asks, and ends() and on_end() for the last line."""

    in_dump = len(board.PROCESSORS)     # MMUs in Xen's dump
    port = None     # the socket, in the folder, of a port through which a domain talks to us

    def __init__(self, folder, command, log, notify):
        self.notify = notify
        self.results = {}
        self.trouble = []
        self.over = False
        self.asker = "DOM1"                 # who waits for an answer
        self.kept = collections.deque()     # lines that came while we looked for others
        self.m = machine.Machine(folder, command, log, self.port and f"{folder}/{self.port}")

    def result(self, name, wrong):
        # A test that failed once has failed.
        if self.results.get(name) is None:
            self.results[name] = wrong
        self.notify("result", name=name, wrong=wrong)
        self.m.note(f"{'not ok' if wrong else 'ok'} - {name}" + (f": {wrong}" if wrong else ""))

    def run(self, silence):
        """Until the end of the session; then what is wrong. It hangs when it makes no
        progress for so many seconds. A busy machine may take as long as it takes."""
        deadline = time.monotonic() + silence
        try:
            while not self.over:
                line = self.next_line(deadline)
                if line is None:
                    return self.ended_early(deadline)
                self.on_line(line)
                if self.is_progress(line):
                    deadline = time.monotonic() + silence
                if PANIC.search(line) and not self.over:
                    return PANIC.search(line).group()
        except OSError as error:
            return f"the machine does not answer: {error}"
        finally:
            self.m.stop()
            for line in [*self.kept, *self.m.rest()]:
                self.note_line(line)
            self.finish()
            self.m.close()
        return None

    def next_line(self, deadline):
        return self.kept.popleft() if self.kept else self.m.line(deadline)

    def finish(self):
        """The machine has stopped; may add results."""

    def is_progress(self, line):
        """Not if the line would come as well from a session that hangs: Linux says again and
        again that it does."""
        return not HANGS.search(line)

    def ended_early(self, deadline):
        if time.monotonic() >= deadline:
            return "hangs: nothing more within the time allowed"
        return f"QEMU ended with {self.m.process.wait()}"

    def note_line(self, line):
        """What counts wherever a line turns up, also when nobody waits any more."""
        if TROUBLE.search(line):
            self.trouble.append(line)
        found = RESULT.search(line)
        if found:
            self.result(found.group(2), None if found.group(1) == "ok" else found.group(3) or "?")

    def on_line(self, line):
        self.note_line(line)
        found = ASK.search(line)
        if found:
            getattr(self, "on_" + found.group(1).replace("-", "_"))(*found.group(2).split())
            self.answer()
        self.notify("line", line=line)
        if self.ends(line):
            self.on_end()
            self.over = True

    def answer(self):
        """Who asked waits for an empty line."""
        self.m.type_to(self.asker, "\n")

    def ends(self, line):
        return "reboot: Power down" in line

    def on_end(self):
        """The last line was seen; the machine still runs."""

    def dump(self):
        """Xen's own words on its MMUs. What a guest says meanwhile is kept for later."""
        self.m.type_to("Xen", DUMP_KEY)
        lines, deadline = [], time.monotonic() + DUMP_SECONDS
        while sum(map(debug_key.is_last_line, lines)) < self.in_dump:
            line = self.m.line(deadline)
            if line is None:
                raise OSError(f"Xen's dump is not complete after {DUMP_SECONDS} s")
            if XEN.search(line):
                lines.append(line)
                self.note_line(line)
            else:
                self.kept.append(line)
        return lines

    def dumped_mmus(self):
        """The same, read."""
        return debug_key.read(self.dump())

    def xen_is_well(self):
        """For finish(), where there is a Xen."""
        self.result("xen-is-well", self.trouble[0] if self.trouble
                    else None if self.over else "not seen to the end")
