# SPDX-License-Identifier: GPL-2.0-only
"""Runs programs, as many at a time as there are CPUs: a boot seldom keeps more than one
of them busy."""
import concurrent.futures
import os
import subprocess


def run(commands):
    """Yields (exit status, output) of each command when it has ended, in whatever order.
    Whoever stops listening ends those that still run."""
    running = set()

    def one(command):
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              text=True, errors="replace") as process:
            running.add(process)
            output = process.communicate()[0]
            running.discard(process)
        return process.returncode, output

    pool = concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count())
    try:
        for done in concurrent.futures.as_completed([pool.submit(one, c) for c in commands]):
            yield done.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(running):
            process.terminate()
