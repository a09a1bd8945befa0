#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Proof that the tests can fail: puts each defect of the lists beside this file into the
code, one at a time, and prints which test fails. The unchanged code must pass first.

    run.py [WORDS]      only the list of that name (boards, core, format, ...), or the
                        mutants whose name has WORDS in it
    run.py --texts      only whether the code that they change is there: TAP

A list names the folder whose files it changes, headers included (core, headers and format
change core/), and only the tests of that folder run. The last line is `N passed,
N failed`: passed is caught. A mutant whose text is not in its file exactly once, or that
does not compile, fails as well.
"""
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/mutants"

# Of a script, which a mutant may keep from ending.
MOST_SECONDS = "900"

# Without sanitizers: the tests themselves are to fail, and are faster.
CC = ["gcc", "-std=gnu11", "-O1"]
LIBS = ["-lcmocka", "-lunicorn"]

# The firmware's test tests model/ and firmware/, and needs both built.
LEFT_OUT = {"firmware_test"}

# All that the compiler reads.
FOLDERS = ["core", "model", "sim", "tests", "xen"]
# ... and a script of tests/tool or tests/boards. What was fetched is in build/.
SCRIPT_FOLDERS = ["boards", "core", "system", "tests", "tool"]

# A script that checks a file besides the tests, and before them: it takes the changed folder.
SCRIPTS = {f"core/omap_{part}.h": "tests/header/linux.py" for part in ("regs", "tlb", "pt")}


# A source that is compiled as a part of another one as well.
INCLUDES = {"core/sgx_table.c": "core/table.c"}


class Suite(NamedTuple):
    """A list of mutants, what is compiled to test them, and how."""
    mutants: Path
    sources: list
    tests: list      # scripts with their words, where there are no sources
    flags: list


# The GPU's table format is another: these files do not compile with a further one.
GPU = {f"core/{name}.c" for name in ("bif_hw", "mirror", "mirror_audit", "sgx_table", "vbif")}
OMAP_ONLY = sorted({str(path.relative_to(ROOT)) for path in ROOT.glob("core/*.c")} - GPU)

SUITES = [
    Suite(ROOT / "tests/mutants/core.mutants", ["core/*.c", "model/*.c", "sim/*.c"],
          ["tests/unit/*_test.c", "tests/property/*_test.c"],
          ["-Icore", "-Imodel", "-Isim"]),
    # The core with another table format; it needs no hardware's model.
    Suite(ROOT / "tests/mutants/format.mutants", OMAP_ONLY, ["tests/format/format_test.c"],
          ["-include", "tests/format/other_pt.h", "-Icore", "-Isim"]),
    # Core, model and simulator share them.
    Suite(ROOT / "tests/mutants/headers.mutants", ["core/*.c", "model/*.c", "sim/*.c"],
          ["tests/unit/*_test.c", "tests/property/*_test.c", "tests/model/*_test.c"],
          ["-Icore", "-Imodel", "-Isim"]),
    Suite(ROOT / "tests/mutants/model.mutants", ["model/*.c"], ["tests/model/*_test.c"],
          ["-Icore", "-Imodel"]),
    # A GPU's tables need none either.
    Suite(ROOT / "tests/mutants/mirror.mutants", ["core/*.c", "sim/gpu.c"],
          ["tests/unit/mirror*_test.c", "tests/property/mirror_test.c"], ["-Icore", "-Isim"]),
    # The GPU's registers need no hardware's model.
    Suite(ROOT / "tests/mutants/vbif.mutants", ["core/*.c"], ["tests/unit/vbif_test.c"],
          ["-Icore", "-Isim"]),
    # Both on the model of the BIF.
    Suite(ROOT / "tests/mutants/gpu.mutants",
          ["core/*.c", "model/bif.c", "sim/gpu.c", "sim/gpu_bif.c"],
          ["tests/unit/gpu_test.c", "tests/property/gpu_test.c"],
          ["-Icore", "-Imodel", "-Isim"]),
    Suite(ROOT / "tests/mutants/xen.mutants",
          ["xen/*.c", "core/*.c", "model/mmu.c", "model/prcm.c", "tests/port/fake*.c"],
          ["tests/port/*_test.c"],
          ["-DCONFIG_OMAP_GPU", "-Itests/port/fake", "-Icore", "-Imodel", "-Ixen"]),
    # Python: the script runs in the changed tree.
    Suite(ROOT / "tests/mutants/tool.mutants", [], ["tests/tool/commands.py"], []),
    # Of the boards one of each family, as the refusals have them.
    Suite(ROOT / "tests/mutants/boards.mutants", [],
          ["tests/boards/trees.py am57xx-beagle-x15 omap5-uevm", "tests/boards/refusals.py"], []),
]

# Those of docs/design.md, section 2, and the models and audits that check them.
PROPERTIES = ["isolation", "fidelity", "liveness", "bounds", "checker"]


class Mutant(NamedTuple):
    name: str
    prop: str
    why: str
    file: str
    old: str
    new: str


class Test(NamedTuple):
    source: str
    object: Path
    names: list      # of its tests, in their order
    seconds: float   # that it takes with the code as it is

    @property
    def name(self):
        return Path(self.source).stem


class Outcome(NamedTuple):
    failure: str     # empty: all passed
    names: list      # of the tests that passed
    seconds: float


def side(hunk, mark):
    """What the hunk's lines with this mark, and those with none, say."""
    return "".join(line[1:] + "\n" for line in hunk if line[0] in (" ", mark))


def read_mutant(where, block):
    lines = [line for line in block.splitlines() if not line.startswith("#")]
    if not lines:
        return None
    head = [re.match(key + ": (.+)", line)
            for key, line in zip(("name", "attacks", "why", "in"), lines)]
    hunk = lines[4:]
    if len(head) < 4 or not all(head) or not hunk or \
       any(line[0] not in " -+" for line in hunk):
        sys.exit(f"{where}: not name, attacks, why, in, and lines that begin "
                 f"with ' ', - or +:\n{block}")
    name, prop, why, file = (match[1] for match in head)
    if prop not in PROPERTIES:
        sys.exit(f"{where}: {name}: attacks none of {', '.join(PROPERTIES)}")
    return Mutant(name, prop, why, file, side(hunk, "-"), side(hunk, "+"))


def read_mutants(where):
    blocks = re.split(r"\n\n+", where.read_text().strip())
    mutants = [m for m in (read_mutant(where, block) for block in blocks) if m]
    names = [m.name for m in mutants]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        sys.exit(f"{where}: twice: {', '.join(twice)}")
    return mutants


def compile_c(suite, tree, source, build):
    """The object of a tree's source, and what the compiler has against it."""
    to = (build / source).with_suffix(".o")
    to.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(CC + suite.flags + ["-c", source, "-o", to], cwd=tree,
                          capture_output=True, text=True)
    return to, done.stderr if done.returncode else ""


def compile_all(pool, suite, patterns):
    """The objects of what the patterns name, by source."""
    sources = [str(path.relative_to(ROOT)) for pattern in patterns
               for path in sorted(ROOT.glob(pattern)) if path.stem not in LEFT_OUT]
    made = list(pool.map(lambda source: compile_c(suite, ROOT, source,
                                                  BUILD / suite.mutants.stem), sources))
    for _, wrong in made:
        if wrong:
            sys.exit(wrong)
    return {source: to for source, (to, _) in zip(sources, made)}


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


def tests_as_it_is(objects, tests):
    """The tests, which must pass on the code as it is, the fastest first."""
    known = []
    for source, path in tests.items():
        test = Test(source, path, [], 60.0)
        outcome = run_test(test, objects.values(), BUILD)
        if outcome.failure or not outcome.names:
            sys.exit(f"The code as it is fails {test.name}: "
                     f"{outcome.failure or 'it runs no test'}. "
                     "make check tells more.")
        known.append(test._replace(names=outcome.names,
                                   seconds=outcome.seconds))
    return sorted(known, key=lambda test: test.seconds)


def text_of(mutant):
    """A file whose lines each begin behind a line's end."""
    return "\n" + (ROOT / mutant.file).read_text()


def stale(mutant):
    """What is wrong with the mutant's text, or nothing."""
    found = text_of(mutant).count("\n" + mutant.old)
    return "" if found == 1 else f"its text is {found} times in {mutant.file}, not once"


def check_texts():
    wrong = 0
    for number, suite in enumerate(SUITES, 1):
        found = [f"{m.name}: {why}" for m in read_mutants(suite.mutants) if (why := stale(m))]
        wrong += bool(found)
        print(f"{'not ok' if found else 'ok'} {number} - the code that {suite.mutants.name} "
              "changes is there" + "".join("; " + words for words in found))
    print(f"1..{len(SUITES)}")
    return wrong != 0


def script_fails(mutant, tree):
    """The first failure of the file's own script; empty: none, or it has no script."""
    if mutant.file not in SCRIPTS:
        return ""
    script = ROOT / SCRIPTS[mutant.file]
    done = subprocess.run([script, (tree / mutant.file).parent], capture_output=True, text=True)
    found = re.search(r"^not ok \d+ - ([^;\n]*)", done.stdout + done.stderr,
                      re.MULTILINE)
    if not found and done.returncode:
        sys.exit(f"{script} has failed:\n{done.stderr}")
    return f"{SCRIPTS[mutant.file]}: {found[1]}" if found else ""


def run_script(script, tree):
    """What fails first of a script's TAP, or nothing; and how many tests passed."""
    passed, failure = 0, ""
    path, *words = script.split()
    running = subprocess.Popen(["timeout", MOST_SECONDS, tree / path, *words], text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with running:
        for line in running.stdout:
            if line.startswith("not ok"):
                failure = re.match(r"not ok[ \d-]*(?:tool: )?([^:\n]*)", line)[1] or "a test"
                running.terminate()
                break
            passed += line.startswith("ok")
    return failure or ("its end" if running.returncode else ""), passed


def python_error(text):
    """Why this is no Python, or nothing."""
    try:
        ast.parse(text)
    except SyntaxError as wrong:
        return f"it does not compile: {wrong}"
    return ""


def catch_by_scripts(suite, mutant):
    """As catch(), of Python."""
    if wrong := stale(mutant):
        return False, wrong
    text = text_of(mutant).replace("\n" + mutant.old, "\n" + mutant.new).removeprefix("\n")
    if wrong := python_error(text):
        return False, wrong
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        tree = Path(folder)
        for name in SCRIPT_FOLDERS:
            shutil.copytree(ROOT / name, tree / name,
                            ignore=shutil.ignore_patterns("__pycache__"))
        (tree / "build").symlink_to(ROOT / "build")
        (tree / mutant.file).write_text(text)
        for script in suite.tests:
            if failure := run_script(script, tree)[0]:
                return True, f"{script.split()[0]}: {failure}"
    return False, "no test fails"


def catch_all_by_scripts(pool, suite, mutants):
    """As catch_all(), of Python."""
    BUILD.mkdir(parents=True, exist_ok=True)
    known = [run_script(script, ROOT) for script in suite.tests]
    for script, (failure, passed) in zip(suite.tests, known):
        if failure or not passed:
            sys.exit(f"The code as it is fails {script}: {failure or 'it runs no test'}")
    print(f"{suite.mutants.stem} as it is: {sum(passed for _, passed in known)} tests pass",
          flush=True)
    results = pool.map(lambda m: catch_by_scripts(suite, m), mutants)
    for mutant, (passed, by) in zip(mutants, results):
        yield mutant, passed, by


def try_tests(suite, mutant, tree, objects, tests):
    """True and the test that fails in the tree, or False and why none does."""
    header = mutant.file.endswith(".h")
    includers = [source for source in objects if INCLUDES.get(source) == mutant.file]
    for source in objects if header else [mutant.file, *includers]:
        objects[source], wrong = compile_c(suite, tree, source, tree)
        if wrong:
            return False, "it does not compile:\n" + wrong
    for test in tests:
        if header:
            path, wrong = compile_c(suite, tree, test.source, tree)
            if wrong:
                return False, "it does not compile:\n" + wrong
            test = test._replace(object=path)
        failure = run_test(test, objects.values(), tree).failure
        if failure:
            return True, f"{test.name}: {failure}"
    return False, "no test fails"


def catch(suite, mutant, objects, tests):
    """True and what catches the mutant, or False and why nothing does."""
    if wrong := stale(mutant):
        return False, wrong
    text = text_of(mutant).replace("\n" + mutant.old, "\n" + mutant.new)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        tree = Path(folder)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, tree / name)
        (tree / mutant.file).write_text(text)
        if by := script_fails(mutant, tree):
            return True, by
        return try_tests(suite, mutant, tree, dict(objects), tests)


def catch_all(pool, suite, mutants):
    """Yields each mutant, whether it was caught, and by what."""
    objects = compile_all(pool, suite, suite.sources)
    tests = tests_as_it_is(objects, compile_all(pool, suite, suite.tests))
    print(f"{suite.mutants.stem} as it is: {sum(len(t.names) for t in tests)} tests pass",
          flush=True)
    results = pool.map(lambda m: catch(suite, m, objects, tests), mutants)
    for mutant, (passed, by) in zip(mutants, results):
        yield mutant, passed, by


def chosen(suite, words):
    mutants = read_mutants(suite.mutants)
    if words in (other.mutants.stem for other in SUITES):
        return mutants if words == suite.mutants.stem else []
    return [m for m in mutants if words in m.name]


def main():
    if sys.argv[1:] == ["--texts"]:
        return check_texts()

    words = " ".join(sys.argv[1:])
    caught = {prop: 0 for prop in PROPERTIES}
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for suite in SUITES:
            mutants = chosen(suite, words)
            if not mutants:
                continue
            catch_them = catch_all if suite.sources else catch_all_by_scripts
            for mutant, passed, by in catch_them(pool, suite, mutants):
                caught[mutant.prop] += passed
                failed += not passed
                print(f"{'ok' if passed else 'NOT OK':6} {mutant.prop:9} "
                      f"{mutant.name}\n{'':17}{by}", flush=True)

    print("caught: " + ", ".join(f"{n} against {prop}"
                                 for prop, n in caught.items()))
    passed = sum(caught.values())
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or not passed


if __name__ == "__main__":
    sys.exit(main())
