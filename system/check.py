#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Boots every configuration, side by side, and prints one line for each test:
ok - system/<configuration>/<test>. What measures time has the machine to itself.
Arguments name configurations to boot, one after the other."""
import collections
import os
import re
import sys
import time

sys.dont_write_bytecode = True    # nothing is made beside the sources

import attack_board
import attack_session
import board
import boards_board
import boards_session
import dom0_board
import dom0_session
import dra7_session
import gpu_board
import gpu_session
import machine
import refusals
import remoteproc_board
import remoteproc_session
import session
import side_by_side
import xen_facts
import xl_board
import xl_session

# What is booted: a configuration, what it goes through, for how many seconds it may make no
# progress, a variant of Xen (build-xen.sh), and whether nothing else may run beside it.
Boot = collections.namedtuple("Boot", "config session expected silence variant alone",
                              defaults=[None, False])


def boards_sessions(config):
    """What it goes through, and its tests."""
    if boards_board.has_dsp(config):
        return dra7_session.Dra7, dra7_session.expected(config)
    return boards_session.Board, boards_session.expected(config)


BOOTS = ([Boot(c, session.Session, session.expected(c), 150, c.xen) for c in board.CONFIGS]
         + [Boot(c, remoteproc_session.Remoteproc, remoteproc_session.expected(c), 300,
                c.machine.variant) for c in remoteproc_board.CONFIGS]
         + [Boot(c, *boards_sessions(c), 300, c.machine.variant) for c in boards_board.CONFIGS]
         + [Boot(c, boards_session.Xl, boards_session.expected(c), 300, c.machine.variant)
            for c in boards_board.XL_CONFIGS]
         + [Boot(c, boards_session.Dom0, boards_session.DOM0, 150, c.machine.variant)
            for c in boards_board.DOM0_CONFIGS]
         + [Boot(c, dom0_session.Owner, dom0_session.expected(c), 150, c.xen)
            for c in dom0_board.CONFIGS]
         + [Boot(c, xl_session.Xl, xl_session.expected(c), 300) for c in xl_board.CONFIGS]
         + [Boot(gpu_board.CONFIG, gpu_session.Gpu, gpu_session.expected(), 150),
            Boot(gpu_board.NATIVE, gpu_session.Native, gpu_session.native_expected(), 150)]
         + [Boot(refusals.CONFIG, refusals.Refusals, refusals.expected(), refusals.SILENCE)]
         + [Boot(attack_board.CONFIG, attack_session.Attack, list(attack_session.TESTS),
                 attack_board.CONFIG.storm + attack_board.SECONDS, "ubsan", True)])

# Boots as well. Whoever ends it ends what it runs.
OWN_FIRMWARE = ["timeout", "1800",
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "check-own-firmware.sh")]


def report(name, verdict):
    print(f"{'not ok' if verdict else 'ok'} - system/{name}" + (f": {verdict}" if verdict else ""))
    return not verdict


def not_built(variant, files):
    """None, or why there is no such Xen (build-xen.sh)."""
    image = files.variant(variant)
    if os.path.exists(image):
        return None
    try:
        with open(os.path.join(os.path.dirname(image), "not-built"), encoding="utf-8",
                  errors="replace") as f:
            return f"Xen ({variant}) cannot be built: {f.read().strip()}"
    except FileNotFoundError:
        return f"{os.path.relpath(image)} is missing, system/build-xen.sh {variant or ''} makes it"


def boot_and_test(boot, files, log):
    """Returns the tests' results, and what is wrong beside them."""
    wrong = not_built(boot.variant, files)
    if wrong:
        return {}, wrong
    try:
        s = boot.session(boot.config, files, log)
    except OSError as error:
        return {}, f"cannot boot: {error}"
    return s.results, s.run(boot.silence)


def check(boot, files):
    config = boot.config
    log = os.path.join(files.system, config.name + ".log")
    if os.path.exists(log):
        os.remove(log)
    started = time.monotonic()
    results, wrong = boot_and_test(boot, files, log)
    for name in boot.expected + sorted(set(results) - set(boot.expected)):
        verdict = results.get(name, wrong or "did not run")
        if name not in boot.expected:
            verdict = verdict or "not among the expected tests"
        report(f"{config.name}/{name}", verdict)
        results[name] = verdict
    failed = sum(verdict is not None for verdict in results.values())
    print(f"# {config.name}: {time.monotonic() - started:.0f} s, "
          f"{len(results) - failed} of {len(results)} ok"
          + (f", {wrong}" if wrong else "")
          + (f"; log: {os.path.relpath(log)}" if failed and os.path.exists(log) else ""),
          flush=True)
    return failed == 0 and not wrong


def why_left_out(config):
    """None, or why it is not booted."""
    if os.environ.get("XEN_TREE") and (isinstance(config, xl_board.Config)
                                       or config in boards_board.XL_CONFIGS):
        return "its xl is of Debian's Xen, not of yours"
    same = isinstance(config, board.Config) and board.same_boot(config)
    return f"it would be {same.name} once more" if same else None


def boots_due():
    """The longest ones first."""
    due = []
    for boot in sorted(BOOTS, key=lambda b: -b.silence):
        why = why_left_out(boot.config)
        if why:
            print(f"# NOTE {boot.config.name} is left out: {why}")
        else:
            due.append(boot)
    return due


def check_all(files):
    """Each boot in a process of its own; firmware of the user's; and what compares boots. The
    plan comes last."""
    verdicts, counts = [], []

    def done(status, output):
        print(output, end="", flush=True)
        verdicts.append(status == 0)
        counts.append(len(re.findall("^(?:not )?ok ", output, re.MULTILINE)))

    remoteproc_session.forget(files)
    due = boots_due()
    alone, beside = [[[sys.executable, os.path.abspath(__file__), b.config.name]
                      for b in due if b.alone == alone] for alone in (True, False)]
    side_by_side.run([OWN_FIRMWARE, *beside], side_by_side.room(), done)
    side_by_side.run(alone, 1, done)
    for group, found in (("remoteproc-both", remoteproc_session.compare(files)),
                         ("off-at-boot", remoteproc_session.off_at_boot(files))):
        verdicts += [report(f"{group}/{name}", verdict) for name, verdict in found.items()]
        counts.append(len(found))
    print(f"1..{sum(counts)}")
    return all(verdicts)


def check_missing(files):
    xl = [] if os.environ.get("XEN_TREE") else [(files.dom0_ramdisk, "system/build-dom0.sh")]
    for path, maker in ((files.xen, "system/build-xen.sh"), (files.plugin, "make"),
                        (files.kernel, "system/build-guest.sh"),
                        (files.attack, "system/build-attack.sh"), *xl):
        if not os.path.exists(path):
            sys.exit(f"check.py: {os.path.relpath(path)} is missing, {maker} makes it")


def main():
    machine.end_with_us()
    files = board.Files(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    os.makedirs(files.system, exist_ok=True)
    check_missing(files)
    if not sys.argv[1:]:
        for note in xen_facts.notes():
            print(f"# NOTE {note}")
        sys.exit(0 if check_all(files) else 1)

    named = [b for b in BOOTS if b.config.name in sys.argv[1:]]
    if len(named) != len(sys.argv[1:]):
        sys.exit(f"check.py: configurations are {', '.join(b.config.name for b in BOOTS)}")
    sys.exit(0 if all([check(b, files) for b in named]) else 1)


if __name__ == "__main__":
    main()
