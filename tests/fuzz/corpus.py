#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The corpus is a text, so that a change of it can be read: the acts that there are, then
an input a line, in hexadecimal, short ones first.

corpus.py unpack <text> <folder>    each input into a file of the folder
corpus.py pack <folder> <text> <replay>     all files of the folder into a text; that
                                            program says what acts there are"""
import hashlib
import os
import subprocess
import sys

sys.dont_write_bytecode = True


def unpack(text, folder):
    os.makedirs(folder, exist_ok=True)
    with open(text, encoding="ascii") as f:
        for line in f:
            if line.startswith("#"):
                continue
            data = bytes.fromhex(line)
            name = os.path.join(folder, hashlib.sha1(data).hexdigest())
            with open(name, "wb") as out:
                out.write(data)


def pack(folder, text, replay):
    inputs = set()
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as f:
            inputs.add(f.read().hex())
    if not inputs:
        sys.exit(f"corpus.py: {folder} is empty: {text} stays as it is")
    acts = subprocess.run([replay, "-l"], check=True, capture_output=True, text=True).stdout
    with open(text, "w", encoding="ascii") as f:
        f.write(acts)
        f.writelines(line + "\n" for line in sorted(inputs, key=lambda i: (len(i), i)))
    print(f"{text}: {len(inputs)} inputs")


def main():
    ways = {("unpack", 4): unpack, ("pack", 5): pack}
    way = ways.get((sys.argv[1] if sys.argv[1:] else "", len(sys.argv)))
    if not way:
        sys.exit(__doc__)
    way(*sys.argv[2:])


if __name__ == "__main__":
    main()
