#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""No circle of files: among the .c files of a directory, none uses a function or a
variable of another that uses, directly or not, one of its own. Names made by macros or
assembly are not seen."""
import collections
import pathlib
import re
import subprocess

NOT_USED = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?:\.|->)\s*\w+', re.S)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def uses(files):
    """file -> file -> the names by which it uses that."""
    owner, static = {}, set()
    for line in run("ctags", "-o", "-", "--kinds-C=fv", *files).splitlines():
        name, file, *rest = line.split("\t")
        if "file:" in rest:
            static.add((name, file))
        else:
            owner[name] = file

    graph = {file: collections.defaultdict(list) for file in files}
    for file in files:
        text = NOT_USED.sub(" ", pathlib.Path(file).read_text())
        for name in sorted(set(re.findall(r"\w+", text)) & owner.keys()):
            if owner[name] != file and (name, file) not in static:
                graph[file][owner[name]].append(name)
    return graph


def reached(graph, start):
    seen, todo = set(), [start]
    while todo:
        new = graph[todo.pop()].keys() - seen
        seen |= new
        todo += new
    return seen


folders = collections.defaultdict(list)
for path in run("git", "ls-files", "*.c").splitlines():
    folders[str(pathlib.Path(path).parent)].append(path)
for files in folders.values():
    used = uses(files)
    for path in files:
        for other in used[path]:
            if path in reached(used, other):
                print(f"{path} -> {other}: {', '.join(used[path][other])}")
