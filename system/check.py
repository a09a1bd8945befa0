#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Boots every configuration, side by side, and prints one line for each test:
ok - system/<configuration>/<test>. Arguments name configurations to boot, one after the
other."""
import collections
import os
import sys
import time

sys.dont_write_bytecode = True    # nothing is made beside the sources

import attack_board
import attack_session
import board
import dom0_board
import dom0_session
import machine
import remoteproc_board
import remoteproc_session
import session
import side_by_side
import xen_facts
import xl_board
import xl_session

# What is booted: a configuration, what it goes through, and for how many seconds it may
# make no progress.
Boot = collections.namedtuple("Boot", "config session expected silence")
BOOTS = ([Boot(c, session.Session, session.expected(c), 150) for c in board.CONFIGS]
         + [Boot(c, remoteproc_session.Remoteproc, remoteproc_session.expected(c), 300)
            for c in remoteproc_board.CONFIGS]
         + [Boot(c, dom0_session.Owner, dom0_session.expected(c), 150)
            for c in dom0_board.CONFIGS]
         + [Boot(c, xl_session.Xl, xl_session.expected(c), 300) for c in xl_board.CONFIGS]
         + [Boot(attack_board.CONFIG, attack_session.Attack, list(attack_session.TESTS),
                 attack_board.CONFIG.storm + attack_board.SECONDS)])


def tell(name, verdict):
    print(f"{'not ok' if verdict else 'ok'} - system/{name}" + (f": {verdict}" if verdict else ""))
    return not verdict


def check(boot, files):
    config = boot.config
    log = os.path.join(files.system, config.name + ".log")
    started = time.monotonic()
    results = {}
    try:
        s = boot.session(config, files, log)
        results = s.results
        wrong = s.run(boot.silence)
    except OSError as error:
        wrong = f"cannot boot: {error}"
    for name in boot.expected + sorted(set(results) - set(boot.expected)):
        verdict = results.get(name, wrong or "did not run")
        if name not in boot.expected:
            verdict = verdict or "not among the expected tests"
        tell(f"{config.name}/{name}", verdict)
        results[name] = verdict
    failed = sum(verdict is not None for verdict in results.values())
    print(f"# {config.name}: {time.monotonic() - started:.0f} s, "
          f"{len(results) - failed} of {len(results)} ok"
          + (f", {wrong}" if wrong else "")
          + (f"; log: {os.path.relpath(log)}" if failed else ""), flush=True)
    return failed == 0 and not wrong


def is_due(config):
    """Or can it not be booted with this Xen, or would it be another one once more?"""
    if isinstance(config, xl_board.Config) and os.environ.get("XEN_TREE"):
        print(f"# NOTE {config.name} is left out: its xl is of Debian's Xen, not of yours")
        return False
    same = isinstance(config, board.Config) and board.same_boot(config)
    if same:
        print(f"# NOTE {config.name} is left out: it would be {same.name} once more")
    return not same


def check_all(files):
    """Each boot in a process of its own, the longest ones first; and what compares them."""
    program = os.path.abspath(__file__)
    due = [b for b in BOOTS if is_due(b.config)]
    due.sort(key=lambda b: -b.silence)
    commands = [[sys.executable, program, b.config.name] for b in due]
    commands.append([sys.executable, os.path.join(os.path.dirname(program), "refusals.py")])
    well = True
    for status, output in side_by_side.run(commands):
        print(output, end="", flush=True)
        well &= status == 0
    for name, verdict in remoteproc_session.compare(files).items():
        well &= tell(f"remoteproc-both/{name}", verdict)
    return well


def check_missing(files):
    xl = [] if os.environ.get("XEN_TREE") else [(files.dom0_ramdisk, "system/build-dom0.sh")]
    for path, maker in ((files.xen, "system/build-xen.sh"), (files.plugin, "make"),
                        (files.kernel, "system/build-guest.sh"),
                        (files.ubsan_xen, "system/build-xen.sh ubsan"),
                        (files.variant("new-vgic"), "system/build-xen.sh new-vgic"),
                        (files.variant("dom0"), "system/build-xen.sh dom0"),
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
