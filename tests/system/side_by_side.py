#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Programs beside each other: each is told of, there are as many as there is room for, and
none outlives the runner: TAP."""
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "system"))

import side_by_side

# Seconds for what comes at once unless the machine is busy.
PATIENCE = 60
SHELL = ["sh", "-c"]
ENDLESS = ["sleep", "3600"]
Popen = subprocess.Popen


class Told(Exception):
    pass


def run(commands, at_once=2):
    told = []
    side_by_side.run(commands, at_once, lambda status, output: told.append((status, output)))
    return sorted(told)


def each_is_told():
    told = run([[*SHELL, f"echo {n}; exit {n}"] for n in range(5)])
    return None if told == [(n, f"{n}\n") for n in range(5)] else told


class Counted:
    """Counts the programs that run at once."""

    def __init__(self):
        self.running, self.most = set(), 0

    def __call__(self, *args, **more):
        process = Popen(*args, **more)
        self.running = {p for p in self.running if p.poll() is None} | {process}
        self.most = max(self.most, len(self.running))
        return process


def one_at_a_time():
    side_by_side.subprocess.Popen = counted = Counted()
    told = run([["sleep", "0.1"]] * 3, at_once=1)
    return None if (counted.most, len(told)) == (1,
                                                 3) else f"{counted.most} at once, {len(told)} told"


def ended(process):
    try:
        return process.wait(PATIENCE) == -signal.SIGTERM
    except subprocess.TimeoutExpired:
        process.kill()
        return False


def those_that_run_are_ended():
    """By whatever goes wrong in who is told."""
    side_by_side.subprocess.Popen = counted = Counted()

    def fail(*_):
        raise Told
    try:
        side_by_side.run([ENDLESS, ["true"]], 2, fail)
    except Told:
        pass
    return None if all([p.args == ["true"] or ended(p) for p in counted.running]) else "one goes on"


def the_one_that_begins_is_ended():
    """A signal comes when a program runs of which nobody knows yet: the runner ends before
    Popen() returns."""
    runner_ends, processes = threading.Event(), []

    class Pool(side_by_side.concurrent.futures.ThreadPoolExecutor):
        def shutdown(self, *args, **more):
            runner_ends.set()
            super().shutdown(*args, **more)

    def late(*args, **more):
        processes.append(Popen(*args, **more))
        if len(processes) == 1:
            os.kill(os.getpid(), signal.SIGTERM)
            runner_ends.wait(PATIENCE)
            runner_ends.clear()
            runner_ends.wait(0.5)     # without a lock the runner is through by then
        return processes[-1]

    side_by_side.concurrent.futures.ThreadPoolExecutor = Pool
    side_by_side.subprocess.Popen = late
    try:
        run([ENDLESS] * 3)
    except Told:
        pass
    return None if all([ended(p) for p in processes]) else "one goes on"


def room():
    gib = 1 << 30
    for cpus, memory, due in [(1, 64 * gib, 1), (2, 64 * gib, 2), (64, 64 * gib, 2),
                              (2, 2 * gib, 1),
                              (2, gib, 1), (2, 3 * gib, 2)]:
        side_by_side.os.sched_getaffinity = lambda _, cpus=cpus: set(range(cpus))
        side_by_side.available_memory = lambda memory=memory: memory
        if side_by_side.room() != due:
            return f"{cpus} CPUs, {memory >> 30} GiB: room for {side_by_side.room()}"
    return None


def memory_is_known():
    memory = side_by_side.available_memory()
    return None if 16 << 20 < memory < 1 << 50 else memory


def on_signal(*_):
    raise Told


TESTS = [memory_is_known, each_is_told, one_at_a_time, those_that_run_are_ended,
         the_one_that_begins_is_ended, room]


def main():
    signal.signal(signal.SIGTERM, on_signal)
    wrong = 0
    print(f"1..{len(TESTS)}")
    for number, test in enumerate(TESTS, 1):
        verdict = test()
        wrong += verdict is not None
        print(f"{'ok' if verdict is None else 'not ok'} {number} - "
              f"{test.__name__.replace('_', ' ')}"
              + ("" if verdict is None else f": {verdict}"), flush=True)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
