# SPDX-License-Identifier: GPL-2.0-only
"""Runs programs beside each other, as many as the machine has room for."""
import concurrent.futures
import os
import subprocess
import threading

# A boot keeps one CPU busy, seldom more; and its machine has up to 1 GiB of RAM.
MOST = 2
MEMORY = 1536 << 20


def available_memory():
    """In bytes."""
    with open("/proc/meminfo", encoding="ascii") as f:
        return next(int(line.split()[1]) << 10 for line in f if line.startswith("MemAvailable:"))


def room():
    """How many boots this machine has room for: at least one."""
    return max(1, min(MOST, len(os.sched_getaffinity(0)), available_memory() // MEMORY))


class Programs:
    """Those that run. After end() there is none, and none is started."""

    def __init__(self):
        self.lock = threading.Lock()
        self.running = set()
        self.over = False

    def start(self, command):
        with self.lock:
            if self.over:
                return None
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       text=True, errors="replace")
            self.running.add(process)
            return process

    def run(self, command):
        process = self.start(command)
        if not process:
            return None, ""
        with process:
            output = process.communicate()[0]
            with self.lock:
                self.running.discard(process)
        return process.returncode, output

    def end(self):
        with self.lock:
            self.over = True
            for process in self.running:
                process.terminate()


def run(commands, at_once, done):
    """Calls done(exit status, output) for each command when it has ended, in whatever order.
    If this is interrupted, also by a signal or by done(), those that still run are ended."""
    programs = Programs()
    pool = concurrent.futures.ThreadPoolExecutor(max_workers=at_once)
    try:
        left = {pool.submit(programs.run, command) for command in commands}
        while left:
            # A signal that comes just before the wait is not handled before its end.
            ended, left = concurrent.futures.wait(left, 1, concurrent.futures.FIRST_COMPLETED)
            for one in ended:
                done(*one.result())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        programs.end()
