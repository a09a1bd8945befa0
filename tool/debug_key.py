# SPDX-License-Identifier: GPL-2.0-only
"""What Xen's debug key 'U' prints, out of a console's log as it is: docs/debug-key.md has the
format."""
import collections
import re

import ranges
import registers
import texts
from addresses import Mistake

# Other scripts have digits as well, and Python reads no number of thousands.
NUMBER = "[0-9]{1,20}"
XEN = re.compile(r".*?\(XEN\) (?:\[[^]]*\] )?")
HEAD = re.compile(r"omap-mmu: (/\S+): (?:d(" + NUMBER + r")$|"
                  r"((?:in quarantine|NOT IN QUARANTINE|not touched|off)\b.*))")
STATE = re.compile(r"(waiting for its guest to set it up|running|serving a fault|"
                   r"stalled by a fault of the guest's|"
                   r"stalled without a fault of the guest's|released), "
                   r"(live|parked on the empty table)(, led around)?(, no core runs)?(, filling)?$")
GPU_STATE = re.compile(r"(its guest's|in reset until its guest resets it|released), "
                       r"doorbells that wait: (" + NUMBER + r")$")
REGISTER = re.compile(r" *([A-Z_]+): ([0-9a-f]{8})  reads (" + NUMBER + r"), "
                      r"writes (" + NUMBER + r")$")
BASE = re.compile(r"(master|core [0-9]), base (" + NUMBER + r"): ipa ([0-9a-f]{8})$")
IN_DIRECTORY = re.compile(r"(" + NUMBER + r"): (da .*)")
COUNT = re.compile(r"ranges: (" + NUMBER + r")$")
MORE = re.compile(r"\.\.\. more than (?:" + NUMBER + r" ranges|that)$")
COUNTERS = re.compile(r"([a-z]+):((?: [a-z_]+=" + NUMBER + r")+)$")
DENIED = re.compile(r"last denied: da ([0-9a-f]{8}) -> ipa ([0-9a-f]{8,10}): (.*)")
RELEASED = re.compile(r"the (?:MMU|GPU) was released meanwhile: ranges and audit are incomplete$")
AUDIT = re.compile(r"audit: (.*)")
# What `rest` says of an MMU that Xen should not leave so.
ALARMS = ("NOT IN QUARANTINE", "cannot be used")
# A window ends behind one of these.
LAST_REGISTERS = ("EMU_FAULT_AD", "GP_REG")
COUNTER_GROUPS, GPU_COUNTER_GROUPS = ("shadow", "faults"), ("bif", "mirror")


NAMES = list(registers.WORDS)
REGISTERS = [NAMES[:NAMES.index(name) + 1] for name in LAST_REGISTERS]
AGAIN = object()

# A register as the guest sees it, and how often that accessed it.
Register = collections.namedtuple("Register", "value reads writes")


class Mmu:
    """One MMU's part. Of one that no domain has, `rest` says in what state it is, and no more is
    told."""

    def __init__(self, path, domain, rest):
        self.path, self.domain, self.rest = path, domain, rest
        self.state = None
        self.parked = self.filling = False
        self.around = self.held = False     # led around its MMU; no core runs
        self.registers = {}     # name -> Register
        self.ranges = []
        self.directories = {}   # of a GPU: number -> ranges
        self.bases = {}         # of a GPU: (bank, number) -> ipa
        self.count = None       # of its ranges, as Xen says
        self.more = False       # than are told
        self.released = False   # while Xen looked at it
        self.outdated = False   # a later part, which may be its own, has lost its first line
        self.waiting = None     # of a GPU: doorbells
        self.counters = {}      # group -> name -> number
        self.denied = None      # (da, ipa, why)
        self.audit = None
        self.unknown = []       # lines that the format does not have

    @property
    def name(self):
        """Its node's, such as mmu@55082000."""
        return self.path.rpartition("/")[2]

    def ended(self):
        return self.rest is not None or self.audit is not None

    def is_gpu(self):
        return bool(self.waiting is not None or self.directories or "bif" in self.counters)

    def lost(self):
        """What shows that the log lost lines of it, or None."""
        if self.rest is not None:
            return None
        if self.unknown:
            return f"{self.unknown[0][:60]!r} is not a line of it"
        if self.state is None:
            return "the line with its state is missing"
        if not self.is_gpu() and list(self.registers) not in REGISTERS:
            return "lines of registers are missing"
        if self.count is None:
            return "the number of its ranges is missing"
        found = len(self.all_ranges())
        if found != self.count:
            return f"it has {found} ranges, and Xen printed {self.count}"
        due = GPU_COUNTER_GROUPS if self.is_gpu() else COUNTER_GROUPS
        missing = [group for group in due if group not in self.counters]
        if missing:
            return f"the counters \"{missing[0]}\" are missing"
        return None if self.ended() else "it ends before its audit"

    def incomplete(self):
        """What Xen itself did not tell, in sentences."""
        if self.more:
            yield "Xen did not tell all ranges"
        if self.released:
            yield "the domain lost the MMU meanwhile: Xen did not tell all ranges"

    def alarms(self):
        """What Xen says that is wrong."""
        if self.rest is not None and any(words in self.rest for words in ALARMS):
            yield f"Xen says of {self.name}: {self.rest}"
        if self.audit not in (None, "ok", "incomplete"):
            yield f"Xen's audit of {self.name}: {self.audit}"

    def all_ranges(self):
        """Of a GPU those of all directories."""
        return [*self.ranges, *(r for found in self.directories.values() for r in found)]

    def registers_values(self):
        return {name: register.value for name, register in self.registers.items()}

    def read(self, line):
        """One line, without the blanks at its beginning."""
        for pattern, take in TAKERS:
            found = pattern.match(line)
            if found:
                # A second one is of an MMU whose first line was lost.
                if take(self, *found.groups()) is AGAIN:
                    self.unknown.append(line)
                return
        r = ranges.read(line)
        if r:
            self.ranges.append(r)
        else:
            self.unknown.append(line)

    def take_state(self, state, table, around, held, filling):
        if self.state is not None:
            return AGAIN
        self.state, self.parked, self.filling = state, table != "live", bool(filling)
        self.around, self.held = bool(around), bool(held)
        return None

    def take_gpu_state(self, state, waiting):
        if self.state is not None:
            return AGAIN
        self.state, self.waiting = state, int(waiting)
        return None

    def take_register(self, name, value, reads, writes):
        if name in self.registers:
            return AGAIN
        self.registers[name] = Register(int(value, 16), int(reads), int(writes))
        return None

    def take_base(self, bank, number, ipa):
        self.bases[bank, int(number)] = int(ipa, 16)

    def take_in_directory(self, number, line):
        r = ranges.read(line)
        if r:
            self.directories.setdefault(int(number), []).append(r)
        else:
            self.unknown.append(line)

    def take_more(self):
        self.more = True

    def take_count(self, count):
        if self.count is not None:
            return AGAIN
        self.count = int(count)
        return None

    def take_counters(self, group, pairs):
        if group in self.counters:
            return AGAIN
        self.counters[group] = {name: int(value) for name, _, value
                                in (pair.partition("=") for pair in pairs.split())}
        return None

    def take_denied(self, da, ipa, why):
        self.denied = int(da, 16), int(ipa, 16), why

    def take_released(self):
        self.released = True

    def take_audit(self, verdict):
        self.audit = verdict


TAKERS = [
    (STATE, Mmu.take_state), (GPU_STATE, Mmu.take_gpu_state), (COUNTERS, Mmu.take_counters),
    (REGISTER, Mmu.take_register), (BASE, Mmu.take_base), (IN_DIRECTORY, Mmu.take_in_directory),
    (MORE, Mmu.take_more), (COUNT, Mmu.take_count), (DENIED, Mmu.take_denied),
    (RELEASED, Mmu.take_released), (AUDIT, Mmu.take_audit),
]


def of_xen(line):
    """A line without what stands before it: None if it is not Xen's, where others' are among
    them."""
    found = XEN.match(line)
    return line[found.end():] if found else None


def read(lines):
    """Each MMU of each dump in there, in their order. Other lines may be between them."""
    lines = [texts.clean_line(line) for line in lines]
    if any(XEN.match(line) for line in lines):
        lines = [line for line in map(of_xen, lines) if line is not None]
    mmus, open_one = [], None
    for line in lines:
        found = HEAD.match(line)
        if found:
            path, domain, rest = found.groups()
            open_one = Mmu(path, None if domain is None else int(domain), rest)
            mmus.append(open_one)
        elif open_one and line.startswith("  ") and not open_one.ended():
            open_one.read(line.removeprefix("  "))
        elif line.startswith("  ") and AUDIT.match(line.removeprefix("  ")):
            # The end of a part whose first line was lost: a newer one of any of these.
            for mmu in mmus:
                mmu.outdated = True
    return mmus


def last(mmus):
    """Of several dumps the last: path -> MMU."""
    return {mmu.path: mmu for mmu in mmus}


def is_line(words):
    """Might what Xen says be a part of what the key prints?"""
    return words.startswith("  ") or bool(HEAD.match(words))


def is_last_line(line):
    """Of one MMU: what was asked for has come."""
    line = of_xen(line) or line
    head = HEAD.match(line)
    return bool(head and head.group(3) or AUDIT.match(line.removeprefix("  ")))


def is_one(text):
    return any(HEAD.match(of_xen(line) or line) for line in text.splitlines())


def told(mmu):
    return f"{mmu.name} ({'d%d' % mmu.domain if mmu.domain is not None else mmu.rest})"


def named(mmus, name):
    """The one whose path has that name, or the only one that a domain has."""
    found = [mmu for path, mmu in mmus.items() if name in path] if name else [
        mmu for mmu in mmus.values() if mmu.domain is not None]
    exact = [mmu for mmu in found if name in (mmu.name, mmu.path)]
    found = exact if len(exact) == 1 else found
    if len(found) != 1:
        which = f"no MMU, or more than one, has {name} in its path" if name else (
            "no domain has an MMU" if not found else "more than one MMU is some domain's")
        raise Mistake(f"{which}: say which by --mmu: {', '.join(map(told, mmus.values()))}")
    return found[0]


def directory_of(mmu, number):
    """The ranges of an MMU; of a GPU those of one directory."""
    if not mmu.is_gpu():
        if number:
            raise Mistake(f"{mmu.name} is not a GPU, and has no directory: name it without "
                          f":{number}")
        return mmu.ranges
    if number and not number.isdecimal():
        raise Mistake(f"{number} is not the number of a directory of {mmu.name}")
    if mmu.directories and number not in map(str, mmu.directories):
        raise Mistake(f"{mmu.name} is a GPU's: say which directory by --mmu {mmu.name}:<number>: "
                      f"{', '.join(map(str, mmu.directories))}")
    return mmu.directories[int(number)] if mmu.directories else []
