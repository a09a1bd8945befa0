#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# Which lines and branches of core/ the tests reach: coverage.py <folder>
# <program>..., the folder being where the core was compiled for gcov. Runs the
# programs, prints a table, and writes a report for people, index.html, there.
#
# Fails below LINES or BRANCHES per cent of all of core/, and if tests/coverage.txt does
# not explain a miss, or explains what is no miss.

import json
import pathlib
import subprocess
import sys

LINES = 98
BRANCHES = 95
EXPLAINED = pathlib.Path('tests/coverage.txt')
LOGS = pathlib.Path('build/log')


def run_tests(folder, programs):
    for counters in folder.rglob('*.gcda'):
        counters.unlink()
    LOGS.mkdir(parents=True, exist_ok=True)
    for program in programs:
        name = str(pathlib.Path(program).relative_to(folder)).replace('/', '-')
        log = LOGS / f'coverage-{name}.log'
        with log.open('w') as out:
            status = subprocess.call([program], stdout=out, stderr=out)
        if status:
            sys.exit(f'coverage: {program} failed: see {log}')


def measure(folder):
    """What gcovr says of each file of core/: name -> its lines."""
    report = folder / 'coverage.json'
    subprocess.run(['gcovr', '--root', '.', '--object-directory', folder,
                    '--filter', 'core/', '--json', report,
                    '--html-details', folder / 'index.html'], check=True)
    files = json.loads(report.read_text())['files']
    return {file['file']: [line for line in file['lines']
                           if not line.get('gcovr/noncode')] for file in files}


def misses(line):
    return line['count'] == 0 or any(branch['count'] == 0
                                     for branch in line['branches'])


def share(hit, of):
    return 100 * hit / of if of else 100


class Count:
    """So many of lines and branches, and those reached."""

    def __init__(self, lines):
        branches = [branch for line in lines for branch in line['branches']]
        self.lines = len(lines)
        self.hit_lines = sum(line['count'] > 0 for line in lines)
        self.branches = len(branches)
        self.hit_branches = sum(branch['count'] > 0 for branch in branches)

    def line_share(self):
        return share(self.hit_lines, self.lines)

    def branch_share(self):
        return share(self.hit_branches, self.branches)

    def row(self, name):
        return (f'{name:20}{self.hit_lines:6} of {self.lines:4} lines'
                f'{self.line_share():7.1f} %'
                f'{self.hit_branches:6} of {self.branches:4} branches'
                f'{self.branch_share():7.1f} %')


def missed_places(files):
    """(file, text of the line) -> its numbers, of what was not reached."""
    missed = {}
    for name, lines in files.items():
        source = pathlib.Path(name).read_text().splitlines()
        for line in filter(misses, lines):
            number = line['line_number']
            place = (name, source[number - 1].strip())
            missed.setdefault(place, []).append(number)
    return missed


def explained_places():
    """The headings of tests/coverage.txt, `file: text of the line`."""
    return {tuple(heading.split(': ', 1))
            for heading in EXPLAINED.read_text().splitlines()
            if heading and heading[0] not in ' #'}


def unexplained(missed, explained):
    return [(name, number, text) for (name, text) in missed.keys() - explained
            for number in missed[(name, text)]]


def main():
    folder, programs = pathlib.Path(sys.argv[1]), sys.argv[2:]
    run_tests(folder, programs)
    files = measure(folder)
    for name, lines in sorted(files.items()):
        print(Count(lines).row(name))
    total = Count(sum(files.values(), []))
    print(total.row('all'))

    wrong = []
    if total.line_share() < LINES or total.branch_share() < BRANCHES:
        wrong.append(f'less than {LINES} % of lines or {BRANCHES} % of branches')
    missed, explained = missed_places(files), explained_places()
    for name, number, text in sorted(unexplained(missed, explained)):
        wrong.append(f'{name}:{number}: not reached, nor explained in '
                     f'{EXPLAINED}: {text}')
    for name, text in sorted(explained - missed.keys()):
        wrong.append(f'{EXPLAINED}: {name} has no such line, or it is reached: '
                     f'{text}')
    if wrong:
        sys.exit('\n'.join(wrong))
    print(f'coverage: enough; what was missed ({len(missed)}) is explained in '
          f'{EXPLAINED}; report: {folder}/index.html')


main()
