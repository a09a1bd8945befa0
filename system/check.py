#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Boots every configuration and prints one line for each test:
ok - system/<configuration>/<test>. Arguments name configurations to boot."""
import os
import sys
import time

sys.dont_write_bytecode = True    # nothing is made beside the sources

import board
import machine
import session

SECONDS = 150       # for one configuration


def check(config, files):
    log = os.path.join(files.system, config.name + ".log")
    started = time.monotonic()
    results = {}
    try:
        s = session.Session(config, files, log)
        results = s.results
        wrong = s.run(SECONDS)
    except OSError as error:
        wrong = f"cannot boot: {error}"
    expected = session.expected(config)
    for name in expected + sorted(set(results) - set(expected)):
        verdict = results.get(name, wrong or "did not run")
        if name not in expected:
            verdict = verdict or "not among the expected tests"
        print(f"{'not ok' if verdict else 'ok'} - system/{config.name}/{name}"
              + (f": {verdict}" if verdict else ""))
        results[name] = verdict
    failed = sum(verdict is not None for verdict in results.values())
    print(f"# {config.name}: {time.monotonic() - started:.0f} s, "
          f"{len(results) - failed} of {len(results)} ok"
          + (f", {wrong}" if wrong else "")
          + (f"; log: {os.path.relpath(log)}" if failed else ""), flush=True)
    return failed == 0 and not wrong


def main():
    machine.end_with_us()
    files = board.Files(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    os.makedirs(files.system, exist_ok=True)
    configs = [c for c in board.CONFIGS if c.name in sys.argv[1:] or not sys.argv[1:]]
    if not configs:
        sys.exit(f"check.py: configurations are {', '.join(c.name for c in board.CONFIGS)}")
    for path, maker in ((files.xen, "system/build-xen.sh"), (files.plugin, "make"),
                        (files.kernel, "system/build-guest.sh")):
        if not os.path.exists(path):
            sys.exit(f"check.py: {os.path.relpath(path)} is missing, {maker} makes it")
    sys.exit(0 if all([check(c, files) for c in configs]) else 1)


if __name__ == "__main__":
    main()
