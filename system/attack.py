#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The attack, for the seconds of the first argument (180), and a summary. The
second is the seed of its random numbers: another one each time, unless it is given."""
import os
import sys
import time

sys.dont_write_bytecode = True    # nothing is made beside the sources

import attack_board
import attack_session
import board
import machine

PHASES = {
    "calm": "calm: the processors do honest work, and the neighbour's pace is taken",
    "grind": "grind: nothing but faults, each as costly as can be",
    "hypercalls": "hypercalls: 1,024 changes of the memory map at once, against costly tables",
    "storm": "storm, for {storm} s: registers, tables and memory map, from two vCPUs at once, and "
             "both processors",
    "over": "the storm is over: what it left in memory, an honest set-up, the neighbour's last "
            "look",
}


def number(position, least, default, what):
    if len(sys.argv) <= position or not sys.argv[position]:
        return default
    if not sys.argv[position].isdecimal() or not least <= int(sys.argv[position]) < 1 << 30:
        sys.exit(f"attack: {what} is a number from {least} on, not {sys.argv[position]!r}: "
                 "make attack TIME=<seconds> [SEED=<number>]")
    return int(sys.argv[position])


class Viewer:
    """What is seen as it is seen."""

    def __init__(self, config):
        self.config, self.shown = config, set()

    def __call__(self, event, **about):
        if event == "phase":
            print(PHASES[about["phase"]].format(**self.config._asdict()), flush=True)
        elif event == "result" and about["wrong"] and about["name"] not in self.shown:
            self.shown.add(about["name"])
            print(f"FAILED {about['name']}: {about['wrong']}", flush=True)


def verdicts(s, wrong):
    """All that was to be seen, and what was seen beyond."""
    return {**dict.fromkeys(attack_session.TESTS, wrong or "did not run"), **s.results}


def summary(s, wrong):
    print()
    for name, verdict in verdicts(s, wrong).items():
        words = attack_session.TESTS.get(name, "this should not be")
        print(f"{'FAILED' if verdict else 'ok':6s} {words}" + (f" ({name}): {verdict}" if verdict
                                                               else ""))
    print("\nattacker: " + ", ".join(f"{n} {what}" for what, n in s.tally.items()))
    for name, mmu in s.mmus.items():
        print(f"{name}'s MMU: " + ", ".join(f"{n} {what}" for what, n in mmu.items()))
    for kind, h in s.hypercalls.items():
        print(f"1,024 changes in one hypercall, {kind}: {h.unused / 100:.0f} ms where no table is "
              f"concerned, {h.costly / 100:.0f} ms where they are costly; the shortest of "
              f"{h.times} (the longest of the former: {h.longest / 100:.0f} ms)")
    for phase in ("calm", "grind", "hypercalls", "storm"):
        seconds = s.paces.get(phase, [])[1:]
        print(f"neighbour, {phase}: {attack_session.pace(seconds):.0f} pages a second, "
              f"ran {attack_session.share(seconds):.0%} of the time, "
              f"waited {attack_session.longest_wait(seconds)} ms of a second at the most")
    print(f"Xen printed {len(s.xen_lines)} lines in that time")


def main():
    machine.end_with_us()
    config = attack_board.CONFIG._replace(
        name="attack-long", storm=number(1, 10, 180, "TIME"),
        seed=number(2, 1, time.time_ns() % (1 << 30) or 1, "SEED"))
    files = board.Files(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    os.makedirs(files.system, exist_ok=True)
    log = os.path.join(files.system, config.name + ".log")
    print(f"seed {config.seed}; the same again: make attack TIME={config.storm} SEED={config.seed}")
    try:
        s = attack_session.Attack(config, files, log, Viewer(config))
    except OSError as error:
        sys.exit(f"attack: cannot boot: {error}")
    wrong = s.run(config.storm + attack_board.SECONDS)
    summary(s, wrong)
    print(f"The whole console is in {os.path.relpath(log)}")
    failed = [name for name, verdict in verdicts(s, wrong).items() if verdict]
    if wrong or failed:
        sys.exit("attack: " + (wrong or "failed: " + ", ".join(failed)))


if __name__ == "__main__":
    main()
