#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""One boot of the remoteproc machine with firmware of the user's for the IPU: prints Linux's
messages about it, its trace, where its addresses lead, and, in one line, whether it runs.
The arguments are the board (virt, omap5), the ramdisk that has it as /lib/firmware/own/1.elf,
and its name; or 2.elf and so on and more names. The exit status is how many of them failed.
Or they are "board-of" and a file: then only the board's name is printed."""
import base64
import gzip
import os
import re
import sys
import zlib

sys.dont_write_bytecode = True    # nothing is made beside the sources

import board
import boot
import machine
import remoteproc_board
import remoteproc_machine
import resource_table
from omap_mmu import ranges

SILENCE = 300
# The name is no file's: Linux starts nothing by itself, the guest's script does.
VIRT = remoteproc_board.Config("own-firmware", xen=True, firmware="none")
OMAP5 = VIRT._replace(name="own-firmware-omap5", machine=remoteproc_machine.VEXPRESS)
BOARDS = {"virt": VIRT, "omap5": OMAP5}

# A log or a trace of the guest's: its name, and a piece of it, packed. Whatever a
# firmware writes, the console's lines stay what they are.
PACKED = re.compile(r"\(XEN\) DOM1: packed: (\w+) (\S+)$")

# Of the kernel's log: a line with its level, and the devices whose lines are printed.
LINE = re.compile(r"<(\d+)>(.*)")
DEVICES = re.compile(r"remoteproc|omap|rpmsg")
ERROR = 3
CRASH = re.compile(r"handling crash #\d+")
# Errors that follow from others.
MORE = re.compile(r"handling crash|recovering |\S+: errs:")
LOCK_UP = "the core locked up"

# What Linux says of a reason for which it has no words.
NO_WORDS = re.compile(r"Boot failed: -\d+$")


def printable(text):
    """A line for a terminal, whatever is in it."""
    return "".join(c if c.isprintable() or c == "\t" else
                   c.encode("unicode_escape").decode("ascii") for c in text)


def lines(data):
    return [printable(line) for line in data.decode(errors="backslashreplace").splitlines()]


def unpack(pieces):
    try:
        return gzip.decompress(base64.b64decode("".join(pieces), validate=True))
    except (ValueError, EOFError, zlib.error) as error:
        raise OSError(f"the console's lines are broken: {error}") from error


class Log:
    """The kernel's log while it had this firmware; `of_ipu`: the lines of the processor that
    runs it, under any of its names."""

    def __init__(self, data, rproc):
        ipu = board.PROCESSORS[0]
        of_processor = re.compile(rf"\S+ (?:{rproc}|\S*\.{ipu.name}|{ipu.mmu:x}\.mmu): (.*)")
        found = [LINE.match(line) for line in lines(data)]
        self.lines = [(int(f.group(1)) & 7, f.group(2)) for f in found if f]
        found = [(level, of_processor.match(words)) for level, words in self.lines]
        self.of_ipu = [(level, f.group(1)) for level, f in found if f]

    def of_interest(self):
        return [words for _, words in self.lines if DEVICES.search(words)]

    def crashes(self):
        return sum(bool(CRASH.match(words)) for _, words in self.of_ipu)

    def errors(self):
        """Each once: a firmware may crash again and again."""
        errors = [words for level, words in self.of_ipu if level <= ERROR]
        return [words for words in dict.fromkeys(errors) if not MORE.match(words)]


def why_not(state, log, denied, core):
    """None, or in one line why this firmware does not run. `denied`: Xen's lines, by
    device address; `core`: the emulated core's lines."""
    errors = log.errors()
    reason = "Linux says: " + "; ".join(errors[:5]) if errors else "Linux does not say why"
    if log.crashes():
        times = "once" if log.crashes() == 1 else f"{log.crashes()} times"
        now = "was recovered" if state == "running" else f"is {state}"
        holes = [words for da, words in denied.items() if f"da 0x{da}" in reason]
        xen = "; Xen says: " + "; ".join(holes) if holes else ""
        return f"it crashed {times}, and {now}. {reason}{xen}"
    if state == "running":
        return next((words for words in core if LOCK_UP in words), None)
    if len(errors) == 1 and NO_WORDS.match(errors[0]):
        reason += ", and no more, as it does where a firmware has no section .resource_table"
    return f"it does not run, it is {state}. {reason}"


def what_it_did(log, traces):
    """The same of a firmware that runs."""
    n = sum(len(lines(data)) for data in traces.values())
    answered = any(words.startswith("received echo reply") for _, words in log.of_ipu)
    return (f"it runs; {n or 'no'} lines in its trace; Linux's echo request is "
            + ("answered" if answered else "not answered"))


class OwnFirmware(boot.Boot):
    """`verdicts` has for each firmware that was tried None, or why it does not run, and
    what it did."""

    def __init__(self, names, folder, command, log):
        self.names = names
        self.shown = 0           # how many lines of the core's
        self.verdicts = []
        self.packed = {}
        super().__init__(folder, command, log, lambda event, **about: None)

    def on_line(self, line):
        found = PACKED.search(line)
        if found:
            self.packed.setdefault(found.group(1), []).append(found.group(2))
        found = re.search(r"guest: (Linux .*)", line)
        if found:
            self.show(found.group(1))
        super().on_line(line)

    def show(self, words):
        print(f"[{self.m.elapsed():5.1f} s] {words}", flush=True)

    def on_look(self, rproc, state):
        """One was started, and watched."""
        data = {what: unpack(pieces) for what, pieces in self.packed.items()}
        self.packed = {}
        log = Log(data.pop("log", b""), rproc)
        self.show(f"{self.names[len(self.verdicts)]}: the processor is {state}. Linux:")
        for words in log.of_interest():
            print("    " + words)
        for what, trace in data.items():
            print(f"\n{what}{':' if trace else ' is empty'}")
            for words in lines(trace):
                print("    " + words)
        core = self.show_core()
        mmus = self.dumped_mmus()
        self.show_addresses(mmus)
        # Xen's reason for a hole.
        denied = {f"{da:08x}": f"da {da:08x} -> ipa {ipa:08x}: {why}"
                  for da, ipa, why in (mmu.denied for mmu in mmus if mmu.denied)}
        self.verdicts.append((why_not(state, log, denied, core), what_it_did(log, data)))

    def show_core(self):
        """Once each, though it may have been started more than once."""
        with open(remoteproc_board.missing(self.m.folder), encoding="ascii") as f:
            all_of_them = f.read().splitlines()
        new = [line.partition(": ")[2] for line in dict.fromkeys(all_of_them[self.shown:])]
        self.shown = len(all_of_them)
        if new:
            print("\nThe emulated core says:")
        for words in new:
            print("    " + words)
        return new

    def show_addresses(self, mmus):
        print("\nWhere its addresses lead, as far as it touched them, by Xen's debug key:")
        for mmu in mmus:
            print(f"    {mmu.path}: {mmu.rest or f'd{mmu.domain}'}")
            for r in mmu.ranges:
                print(f"      {ranges.text(r)}")
            for group, counters in mmu.counters.items():
                print(f"      {group}: " + ", ".join(f"{n} {name}" for name, n in counters.items()))
        print(flush=True)


def boot_them(config, ramdisk, names):
    """For each of them None, or what is wrong, and what it did."""
    files = board.Files(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    files.ramdisk = ramdisk
    # Where Xen is to find it, the next thing begins.
    modules = config.machine.layout.modules
    if os.path.getsize(ramdisk) > modules["domU-tree"] - modules["domU-ramdisk"]:
        return [("it is too large for this machine; arm-none-eabi-strip makes it smaller",
                 None)] * len(names)
    log = os.path.join(files.system, config.name + ".log")
    os.makedirs(files.system, exist_ok=True)
    try:
        folder, command = remoteproc_board.command(config, files)
        own = OwnFirmware(names, folder, command, log)
    except OSError as error:
        return [(f"cannot boot: {error}", None)] * len(names)
    wrong = own.run(SILENCE)
    print(f"The whole console is in {os.path.relpath(log)}")
    wrong = wrong or next(iter([*filter(None, own.results.values()), *own.trouble]), None)
    tried = [(verdict or wrong, did) for verdict, did in own.verdicts]
    return tried + [(wrong or "it was not tried", None)] * (len(names) - len(tried))


def main():
    machine.end_with_us()
    chosen, ramdisk, *elfs = sys.argv[1:]
    if chosen == "board-of":
        print(resource_table.board_of(ramdisk, BOARDS))
        return
    print(f"The board is {chosen}", flush=True)
    names = [printable(name) for name in elfs]
    failed = 0
    for name, (wrong, did) in zip(names, boot_them(BOARDS[chosen], ramdisk, names)):
        failed += bool(wrong)
        print(f"{name}: {wrong or did}", file=sys.stderr if wrong else sys.stdout, flush=True)
    sys.exit(min(failed, 100))


if __name__ == "__main__":
    main()
