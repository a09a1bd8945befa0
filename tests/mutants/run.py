#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Proof that the tests can fail: puts each defect of core.mutants into core/, one
at a time, and says which test notices. First the core as it is must pass.

    run.py [WORDS]      only the mutants whose name has WORDS in it

The last line is `N passed, N failed`: passed is caught. A mutant whose text is
not in its file exactly once, or that does not compile, fails as well.
"""
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests/mutants/core.mutants"
BUILD = ROOT / "build/mutants"

# Without sanitizers: the tests themselves are to notice, and are faster.
CC = ["gcc", "-std=gnu11", "-O1", "-Icore", "-Imodel", "-Isim"]
LIBS = ["-lcmocka", "-lunicorn"]

# The firmware's test judges model/ and firmware/, and needs both built.
LEFT_OUT = {"firmware_test"}

PROPERTIES = ["isolation", "fidelity", "liveness", "bounds"]


class Mutant(NamedTuple):
    name: str
    prop: str
    why: str
    file: str
    old: str
    new: str


class Test(NamedTuple):
    name: str
    object: Path
    names: list      # of its tests, in their order
    seconds: float   # that it takes with the core as it is


class Outcome(NamedTuple):
    failure: str     # empty: all passed
    names: list      # of the tests that passed
    seconds: float


def side(hunk, mark):
    """What the hunk's lines with this mark, and those with none, say."""
    return "".join(line[1:] + "\n" for line in hunk if line[0] in (" ", mark))


def read_mutant(block):
    lines = [line for line in block.splitlines() if not line.startswith("#")]
    if not lines:
        return None
    head = [re.match(key + ": (.+)", line)
            for key, line in zip(("name", "attacks", "why", "in"), lines)]
    hunk = lines[4:]
    if len(head) < 4 or not all(head) or not hunk or \
       any(line[0] not in " -+" for line in hunk):
        sys.exit(f"{LIST}: not name, attacks, why, in, and lines that begin "
                 f"with ' ', - or +:\n{block}")
    name, prop, why, file = (match[1] for match in head)
    if prop not in PROPERTIES:
        sys.exit(f"{LIST}: {name}: attacks none of {', '.join(PROPERTIES)}")
    return Mutant(name, prop, why, file, side(hunk, "-"), side(hunk, "+"))


def read_mutants():
    blocks = re.split(r"\n\n+", LIST.read_text().strip())
    mutants = [m for m in map(read_mutant, blocks) if m]
    names = [m.name for m in mutants]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        sys.exit(f"{LIST}: twice: {', '.join(twice)}")
    return mutants


def compile_c(source, to):
    return subprocess.run(CC + ["-c", source, "-o", to], cwd=ROOT,
                          capture_output=True, text=True)


def compile_all(pool):
    """Objects of the rooms that a test is linked to, and of the tests."""
    sources = [path for room in ("core", "model", "sim", "tests/unit",
                                 "tests/property")
               for path in sorted((ROOT / room).glob("*.c"))
               if path.stem not in LEFT_OUT]
    objects = [BUILD / path.relative_to(ROOT).with_suffix(".o")
               for path in sources]
    for path in objects:
        path.parent.mkdir(parents=True, exist_ok=True)
    for done in pool.map(compile_c, sources, objects):
        if done.returncode:
            sys.exit(done.stderr)
    is_test = [path.is_relative_to(BUILD / "tests") for path in objects]
    return ([o for o, test in zip(objects, is_test) if not test],
            [o for o, test in zip(objects, is_test) if test])


def run_test(test, objects, to):
    """Links a test to objects, and runs it."""
    program = to / test.name
    subprocess.run(CC + ["-o", program, test.object, *objects, *LIBS],
                   cwd=ROOT, check=True)
    start = time.monotonic()
    passed, failure = [], ""
    # Line by line, so that what was said before a crash or a hang is seen.
    running = subprocess.Popen(["timeout", str(60 + 10 * test.seconds),
                                "stdbuf", "-oL", program], cwd=ROOT, text=True,
                               env={**os.environ,
                                    "CMOCKA_MESSAGE_OUTPUT": "TAP"},
                               stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    with running:
        for line in running.stdout:
            said = re.match(r"(not )?ok \d+ - (\w+)", line)
            if said and said[1]:
                failure = said[2]
                running.terminate()
                break
            if said:
                passed.append(said[2])
    program.unlink()

    if not failure and running.returncode != 0:
        at = test.names[len(passed):len(passed) + 1] or ["at its end"]
        failure = at[0] + (" (did not end)" if running.returncode == 124 else
                           f" (crash: {running.returncode})")
    return Outcome(failure, passed, time.monotonic() - start)


def tests_on_core(objects, tests):
    """The tests, which must pass on the core as it is, the fastest first."""
    known = []
    for path in tests:
        test = Test(path.stem, path, [], 60.0)
        outcome = run_test(test, objects, BUILD)
        if outcome.failure or not outcome.names:
            sys.exit(f"The core as it is fails {test.name}: "
                     f"{outcome.failure or 'it runs no test'}. "
                     "make check tells more.")
        known.append(test._replace(names=outcome.names,
                                   seconds=outcome.seconds))
    return sorted(known, key=lambda test: test.seconds)


def catch(mutant, objects, tests):
    """True and the test that catches the mutant, or False and why none does."""
    text = "\n" + (ROOT / mutant.file).read_text()
    found = text.count("\n" + mutant.old)  # whole lines
    if found != 1:
        return False, f"its text is {found} times in {mutant.file}, not once"

    to = BUILD / "mutated" / re.sub(r"\W+", "-", mutant.name)
    to.mkdir(parents=True, exist_ok=True)
    source = to / Path(mutant.file).name
    source.write_text(text.replace("\n" + mutant.old, "\n" + mutant.new))
    mutated = source.with_suffix(".o")
    done = compile_c(source, mutated)
    if done.returncode:
        return False, "it does not compile:\n" + done.stderr

    original = (BUILD / mutant.file).with_suffix(".o")
    objects = [mutated if path == original else path for path in objects]
    for test in tests:
        failure = run_test(test, objects, to).failure
        if failure:
            return True, f"{test.name}: {failure}"
    return False, "no test notices"


def main():
    words = " ".join(sys.argv[1:])
    mutants = [m for m in read_mutants() if words in m.name]
    caught = {prop: 0 for prop in PROPERTIES}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        objects, tests = compile_all(pool)
        tests = tests_on_core(objects, tests)
        print(f"the core as it is: {sum(len(t.names) for t in tests)} tests "
              "pass", flush=True)
        results = pool.map(lambda m: catch(m, objects, tests), mutants)
        for mutant, (passed, by) in zip(mutants, results):
            caught[mutant.prop] += passed
            print(f"{'ok' if passed else 'NOT OK':6} {mutant.prop:9} "
                  f"{mutant.name}\n{'':17}{by}", flush=True)

    print("caught: " + ", ".join(f"{n} against {prop}"
                                 for prop, n in caught.items()))
    passed = sum(caught.values())
    print(f"{passed} passed, {len(mutants) - passed} failed")
    return passed != len(mutants) or not mutants


if __name__ == "__main__":
    sys.exit(main())
