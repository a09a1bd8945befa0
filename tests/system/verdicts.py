#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What system/check.py makes of a boot, and of one that does not come about: TAP."""
import collections
import contextlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "system"))

import check
import remoteproc_board
import remoteproc_session

Config = collections.namedtuple("Config", "name")
EXPECTED = ["one", "two"]


class Files:
    def __init__(self, folder):
        self.system = folder

    def variant(self, name):
        return os.path.join(self.system, f"xen-{name}", "xen")


def session(results, wrong, writes=True):
    """A boot that ends so."""
    class Session:
        def __init__(self, _config, _files, log):
            self.results = {}
            if writes:
                Path(log).write_text("console", encoding="ascii")

        def run(self, _silence):
            self.results.update(results)
            return wrong
    return Session


def impossible(_config, _files, _log):
    raise OSError("no such QEMU")


def never(_config, _files, _log):
    raise AssertionError("it was booted")


# A name, the boot's session, what is in the variant's folder, and what is due: whether all is
# well, lines, and words that may not be there.
CASES = [
    ("all is well", session({"one": None, "two": None}, None), {"xen": ""},
     (True, ["ok - system/x/one", "ok - system/x/two", "s, 2 of 2 ok"], ["log:"])),
    ("one fails", session({"one": "bad", "two": None}, None), {"xen": ""},
     (False, ["not ok - system/x/one: bad", "ok - system/x/two", "x.log"], [])),
    ("it hangs", session({"one": None}, "hangs"), {"xen": ""},
     (False, ["ok - system/x/one", "not ok - system/x/two: hangs", "1 of 2 ok, hangs; log: "], [])),
    ("all pass, and it ends badly", session({"one": None, "two": None}, "Kernel panic"),
     {"xen": ""},
     (False, ["ok - system/x/two", "2 of 2 ok, Kernel panic"], [])),
    ("a test too many", session({"one": None, "two": None, "odd": None}, None), {"xen": ""},
     (False, ["not ok - system/x/odd: not among the expected tests"], [])),
    ("a variant that cannot be built", never, {"not-built": "failed: x.c: error: no such thing\n"},
     (False, ["not ok - system/x/one: Xen (v) cannot be built: failed: x.c: error: no such thing",
              "not ok - system/x/two: Xen (v) cannot"], ["log:"])),
    ("a variant that was not built", never, {},
     (False, ["not ok - system/x/two: ", "is missing, system/build-xen.sh v makes it"], ["log:"])),
    ("it cannot boot", impossible, {"xen": ""},
     (False, ["not ok - system/x/one: cannot boot: no such QEMU", "0 of 2 ok"], ["log:"])),
]


def compare(boot, files, due):
    well, lines, absent = due
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = check.check(boot, files)
    if result != well:
        return f"returns {result}"
    missing = [words for words in lines if words not in said.getvalue()]
    there = [words for words in absent if words in said.getvalue()]
    return f"{missing + there}: {said.getvalue()}" if missing or there else None


def run(_name, make, inside, due):
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder)
        # An earlier boot's, which is not to be named for this one.
        (Path(folder) / "x.log").write_text("of an earlier boot", encoding="ascii")
        image = Path(files.variant("v"))
        image.parent.mkdir()
        for name, text in inside.items():
            (image.parent / name).write_text(text, encoding="ascii")
        return compare(check.Boot(Config("x"), make, EXPECTED, 1, "v"), files, due)


def what_was_seen_before_is_forgotten():
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder)
        for config in remoteproc_board.CONFIGS:
            seen = Path(remoteproc_session.seen_by(config, files))
            seen.parent.mkdir()
            seen.write_text('{"seen": ["a"], "registers": {}}', encoding="ascii")
        remoteproc_session.forget(files)
        wrong = remoteproc_session.compare(files)
    return None if all(w and w.endswith("was not booted") for w in wrong.values()) else wrong


def alone():
    """What measures time may not run beside others."""
    names = [b.config.name for b in check.BOOTS if b.alone]
    return None if names == ["attack"] else names


def longest_name():
    """system/place.sh reckons with the longest path of a socket."""
    reckoned = re.search(r"/system/([a-z0-9-]*)/qmp",
                         (ROOT / "system/place.sh").read_text(encoding="utf-8"))[1]
    longest = max((b.config.name for b in check.BOOTS), key=len)
    return None if len(longest) <= len(reckoned) else longest


TESTS = ([(case[0], lambda case=case: run(*case)) for case in CASES]
         + [("what was seen before is forgotten", what_was_seen_before_is_forgotten),
            ("no socket has a longer path than is reckoned with", longest_name),
            ("what measures time is alone", alone)])


def main():
    wrong = 0
    print(f"1..{len(TESTS)}")
    for number, (name, test) in enumerate(TESTS, 1):
        verdict = test()
        wrong += verdict is not None
        print(f"{'ok' if verdict is None else 'not ok'} {number} - {name}"
              + ("" if verdict is None else f": {verdict}".replace("\n", " | ")))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
