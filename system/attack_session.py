# SPDX-License-Identifier: GPL-2.0-only
"""What a boot of the attack goes through: the attacker's phases, and what the runner
sees from outside of the memory and of the domain that are not the attacker's."""
import collections
import os
import re
import time

import attack_board
import board
import boot
from omap_mmu import debug_key

# All that must be seen: the attacker's ...
ATTACKER = {
    "nothing-read-elsewhere": "32 MiB of its memory hold no words of the patterns of others",
    "memory-got-back": "all that it gave back in one hypercall it got again, some at once, some in "
                       "pieces",
    "own-memory-reached": "after all, an honest set-up works: both processors reach their memory",
}
# ... and the runner's.
OUTSIDE = {
    "processors-were-busy": "each processor was served, and was refused, many times",
    "canary-untouched": "32 MiB at the attacker's addresses, taken for machine ones: untouched",
    "secret-untouched": "512 KiB beside the DSP's registers: untouched",
    "nothing-written-elsewhere": "once the attacker's memory is wiped, no page of the machine "
                                 "holds what its processors wrote",
    "neighbour-intact": "the neighbour checked its pattern, all of it, again and again, and once "
                        "after all",
    "neighbour-keeps-its-pace": "... and ran for its share of the time, by Xen's own account",
    "hypercalls-are-bounded": "1,024 changes of the memory map in one hypercall take, against "
                              "costly tables and busy processors, about as long as where no table "
                              "is concerned",
    "no-console-flood": "Xen's messages about the attacker: no more than its rate limit allows",
    "audit-ok": "each MMU's invariants held, at each look during the storm and after it",
    "ubsan-has-no-report": "Xen's undefined-behaviour sanitizer is there, and silent",
    "xen-is-well": "Xen has not complained",
}
TESTS = {**ATTACKER, **OUTSIDE}

# The neighbour's share: three busy vCPUs have two CPUs, 2/3 of one each. The faults of each
# MMU may take a quarter of a CPU (omap-mmu-share), which leaves 1/2; without that bound they
# would take the whole CPU that their interrupts go to, which leaves 1/3. Where there is
# nothing but faults the share must be on the right side of the middle. Elsewhere it also
# waits for what the attacker's own hypercalls do in one go. (Its pace in real time shows
# less: QEMU's devices and other programs take theirs of the same CPUs.)
MIN_SHARE = {"grind": 5 / 12, "hypercalls": 1 / 3, "storm": 1 / 3}
# Xen makes up for a wait later, so that the share tells little of a long one: between two
# lines, a second apart, it waits no more than so many times the most of the calm phase and
# the longest hypercall of 1,024 changes where no table is concerned. Both take longer where
# other programs use the same CPUs.
MAX_WAIT = 4

# Hypercalls of 1,024 changes, each measured so often at least, of which the shortest counts:
# where tables are as costly as can be none may take longer than so many times the longest
# where no table is concerned.
HYPERCALLS = ("give-back", "get")
MIN_TIMES = 6
MAX_COST = 4

# printk_ratelimit() of Xen: ten at once, then one in five seconds, each with a line about
# how many were suppressed.
RATE_BURST, RATE_SECONDS = 10, 5

# Without these a storm shows nothing, and goes on for some times as long as the calm: what
# the attacker tells of all it did in it; and by each MMU slots filled, faults shown to the
# guest, those of them for what is not its.
MIN_TALLY = {"commands": 50, "churns": 50, "extents": 5, "own-grants": 1, "foreign-grants": 1}
MIN_COUNTS = {"shadow fills": 50, "faults raised": 20, "faults denied": 5}
LONGER = 20

# What is awaited at the end goes on for as long as it moves, and so many seconds beyond.
PATIENCE = 60

DUMP_SECONDS = 5
PHASE = re.compile(r"attack: (calm|grind|hypercalls|storm|over)\b")
# In units of 10 us.
HYPERCALL = re.compile(r"attack: hypercall (\S+) unused (\d+) to (\d+) times (\d+) "
                       r"costly (\d+) times (\d+)")
PACE = re.compile(r"neighbour: pace (\d+) ran (\d+) waited (\d+)")
TALLY = re.compile(r"attack: ((?:actions|churns) .*)")
# What the runner asks for: a dump, the console's input.
ASKED_FOR = re.compile(r"'.' pressed|\*\*\* Serial input")


# The shortest, in 10 us, and how often it was measured: where no table is concerned, with the
# longest, and where tables are as costly as can be.
Hypercall = collections.namedtuple("Hypercall", "unused longest times costly costly_times",
                                   defaults=[0] * 5)


def pace(seconds):
    return sum(pages for pages, _, _ in seconds) / max(len(seconds), 1)


def longest_wait(seconds):
    return max((waited for _, _, waited in seconds), default=0)


def share(seconds):
    """Of the time in which the neighbour wanted to run, how much it ran."""
    ran, waited = (sum(s[i] for s in seconds) for i in (1, 2))
    return ran / max(ran + waited, 1)


class Attack(boot.Boot):
    """`paces`: by phase, the neighbour's counts of each second; `mmus`: by name, the last dump
    of Xen's debug key."""

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        self.config = config
        self.phase = "boot"
        self.began = {}             # phases, at what second
        self.paces = {}
        self.hypercalls = {}        # by kind: the shortest, and how often it was measured
        self.asked = 0              # whether the storm may end
        self.enough = True          # the answer
        self.tally = {}
        self.mmus = {p.name: {"audits": 0} for p in board.PROCESSORS}
        self.before = None          # the same, when the storm begins
        self.xen_lines = []              # by Xen, from the grind to the storm
        self.sanitizer = None       # in Xen's banner
        self.reports = []
        self.next_dump = 0.0
        folder, command = attack_board.command(config, files)
        super().__init__(folder, command, log, notify)

    # Lines of the console.

    def note_line(self, line):
        super().note_line(line)
        found = PHASE.search(line)
        if found:
            self.phase = found.group(1)
            self.began[self.phase] = self.m.elapsed()
            self.paces[self.phase] = []
            self.notify("phase", phase=self.phase)
        found = PACE.search(line)
        if found:
            self.paces.setdefault(self.phase, []).append(tuple(map(int, found.groups())))
        found = HYPERCALL.search(line)
        if found:
            self.hypercalls[found.group(1)] = Hypercall(*map(int, found.groups()[1:]))
        found = TALLY.search(line)
        if found:
            words = found.group(1).split()
            self.tally.update(zip(words[::2], map(int, words[1::2])))
        self.note_xen(line)

    def note_xen(self, line):
        if "ubsan=y" in line:
            self.sanitizer = line
        if "UBSAN:" in line:
            self.reports.append(line)
        found = boot.XEN.search(line)
        if (found and self.phase in ("grind", "hypercalls", "storm")
            and not ASKED_FOR.match(found.group(1))
                and not debug_key.is_line(found.group(1))):
            self.xen_lines.append(found.group(1))

    def dump(self):
        lines = super().dump()
        for dumped in debug_key.read(lines):
            self.note_mmu(dumped)
        return lines

    def note_mmu(self, dumped):
        name = next(p.name for p in board.PROCESSORS if dumped.name == f"mmu@{p.mmu:x}")
        self.mmus[name].update((f"{group} {what}", n) for group, counters in dumped.counters.items()
                               for what, n in counters.items())
        if dumped.audit:
            self.mmus[name]["audits"] += 1
            if dumped.audit != "ok":
                self.result("audit-ok", f"{name}: {dumped.audit}")

    def is_progress(self, line):
        """The neighbour prints its pace in every phase."""
        return not PACE.search(line)

    def counts(self):
        return {name: dict(mmu) for name, mmu in self.mmus.items()}

    def on_line(self, line):
        super().on_line(line)
        begins = self.phase == "storm" and not self.before
        if begins or (self.phase in ("grind", "storm") and time.monotonic() > self.next_dump):
            self.dump()
            self.next_dump = time.monotonic() + DUMP_SECONDS
        if begins:
            self.before = self.counts()

    # The storm has lasted as long as it was to.

    def on_enough(self):
        self.dump()
        self.asked += 1
        self.enough = not self.lacking() or self.asked > LONGER

    def answer(self):
        self.m.type_to("DOM1", "\n" if self.enough else "n")

    # The storm is over, and its memory not yet wiped: would marks be found?

    def on_marked(self):
        if not self.find_marks()[1]:
            self.result("nothing-written-elsewhere",
                        "no marks are found where they must be, so that this shows nothing")

    # The attacker has finished.

    def on_finished(self):
        during = self.counts()
        self.dump()
        self.check_audits(during)
        self.check_busy()
        self.check_hypercalls()
        self.check_console()
        self.check_neighbour()
        for c in attack_board.CANARIES:
            planted = os.path.join(self.m.folder, c.name)
            self.result(f"{c.name}-untouched", boot.untouched(self.m, planted, c.address))

    def ends(self, line):
        return "runner: finished" in line

    def on_end(self):
        """Xen wipes a page that was given back when a CPU has nothing else to do."""
        at, least = self.find_marks()
        deadline = time.monotonic() + PATIENCE
        while least and time.monotonic() < deadline:
            time.sleep(1)
            at, rows = self.find_marks()
            if rows < least:
                deadline, least = time.monotonic() + PATIENCE, rows
        self.result("nothing-written-elsewhere", None if at is None else
                    f"machine address {at:08x} holds what a processor wrote")

    def find_marks(self):
        """The first address in the machine's RAM that holds marks, if any, and how many rows
        of them there are."""
        marks = attack_board.mark(self.config).to_bytes(4, "little") * attack_board.MARKS
        first, rows = None, 0
        for address in range(board.RAM, board.RAM + board.SMALL.ram_size, board.MIB):
            if address == attack_board.REGISTERS:
                continue
            memory = self.m.memory(address, board.MIB)
            if first is None and marks in memory:
                first = address + memory.find(marks)
            rows += memory.count(marks)
        return first, rows

    def finish(self):
        self.result("ubsan-has-no-report", self.reports[0] if self.reports
                    else None if self.sanitizer else "this Xen has no sanitizer")
        self.xen_is_well()

    def check_audits(self, during):
        wrong = None
        for name, mmu in self.mmus.items():
            if during[name]["audits"] == self.before[name]["audits"]:
                wrong = f"{name} was not audited during the storm"
            elif mmu["audits"] == during[name]["audits"]:
                wrong = f"{name} was not audited after the storm"
        self.result("audit-ok", wrong)

    def check_busy(self):
        self.result("processors-were-busy", self.lacking())

    def lacking(self):
        """What there is too little of, if anything."""
        wrong = None
        for name, now, then, least in [
                ("the attacker", self.tally, {}, MIN_TALLY),
                *((name, mmu, self.before[name], MIN_COUNTS) for name, mmu in self.mmus.items())]:
            for what, n in least.items():
                done = now.get(what, 0) - then.get(what, 0)
                if done < n:
                    wrong = f"{name}: {done} {what}, not {n}"
        return wrong

    def check_hypercalls(self):
        each = [self.hypercalls.get(kind, Hypercall()) for kind in HYPERCALLS]
        unused, costly = max(h.unused for h in each), max(h.costly for h in each)
        measured = min(min(h.times, h.costly_times) for h in each)
        if measured < MIN_TIMES:
            wrong = f"measured {measured} times, not {MIN_TIMES}"
        elif costly > MAX_COST * unused:
            wrong = (f"the longest takes {costly / 100:.0f} ms where tables are costly, "
                     f"{unused / 100:.0f} ms where none is concerned")
        else:
            wrong = None
        self.result("hypercalls-are-bounded", wrong)

    def check_console(self):
        seconds = int(self.began["over"] - self.began["grind"])
        bound = 2 * (RATE_BURST + seconds // RATE_SECONDS + 1)
        self.result("no-console-flood", None if len(self.xen_lines) <= bound else
                    f"{len(self.xen_lines)} lines of Xen's in {seconds} s, {bound} may be; "
                    f"the last: {self.xen_lines[-1]}")

    def check_neighbour(self):
        self.result("neighbour-intact", None if self.checks_all() else
                    "it does not get to its end after the storm")
        most = MAX_WAIT * (longest_wait(self.paces["calm"][1:]) + self.longest_hypercall())
        for phase, least in MIN_SHARE.items():
            now = self.paces[phase][1:]
            wait = longest_wait(self.paces[phase])
            self.result("neighbour-keeps-its-pace",
                        f"{phase}: it ran {share(now):.0%} of the time, {least:.0%} is its due"
                        if not now or share(now) < least else
                        f"{phase}: from one of its lines to the next it waited {wait} ms, {most} "
                        "may be"
                        if wait > most else None)

    def checks_all(self):
        """Does the neighbour check all its memory once more? A phase's first second is
        another's as well."""
        whole = (board.RAM + attack_board.NEIGHBOUR_RAM_SIZE - attack_board.MEMORY) // 4096
        deadline = time.monotonic() + PATIENCE
        while sum(p[0] for p in self.paces["over"][1:]) < whole:
            line = self.next_line(deadline)
            if line is None:
                return False
            self.note_line(line)
            found = PACE.search(line)
            if found and int(found.group(1)):
                deadline = time.monotonic() + PATIENCE
        return True

    def longest_hypercall(self):
        """In ms, where no table is concerned."""
        return max((h.longest for h in self.hypercalls.values()), default=0) // 100
