#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""`make install` into an empty folder, the programs run from there, and `make uninstall`; the man
page and the completion have each command and option of the program, and no others: TAP."""
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]

DUMP = "da 80000000 -> ipa 49105000, size 0x1000\n"
COMMANDS = ["walk", "dump", "check", "diff", "map", "regs"]
FILES = {"bin/omap-mmu", "bin/omap-guest", "share/man/man1/omap-mmu.1",
         "share/man/man1/omap-guest.1",
         "share/bash-completion/completions/omap-mmu",
         "share/bash-completion/completions/omap-guest",
         "share/doc/xen-omap-iommu/debug-key.md", "share/xen-omap-iommu/tool/picture.html",
         "share/xen-omap-iommu/VERSION"}


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **more)


class Installed:
    def __init__(self, folder):
        self.folder = folder
        self.usr = folder / "dest's $dir/usr"
        self.wrong = self.make("install")

    def make(self, target):
        """None, or what it prints."""
        # Another make may have started us.
        env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        done = run("make", "-s", target, f"DESTDIR={self.usr.parent}", "PREFIX=/usr", cwd=ROOT,
                   env=env)
        wrong = done.stdout + done.stderr
        return wrong if done.returncode or wrong else None

    def run(self, program, *args):
        return run(self.usr / "bin" / program, *args, cwd=self.folder)

    def files(self):
        missing = [name for name in FILES if not (self.usr / name).is_file()]
        return self.wrong or (f"missing: {missing}" if missing else None)

    def omap_mmu(self):
        (self.folder / "dump").write_text(DUMP, encoding="ascii")
        walk = self.run("omap-mmu", "walk", "80000004", "dump")
        page = self.run("omap-mmu", "map", "dump", "-o", "map.html")
        if walk.returncode or "-> ipa 49105004" not in walk.stdout:
            return walk.stdout + walk.stderr
        return page.stderr if page.returncode else None

    def omap_guest(self):
        done = self.run("omap-guest", "--help")
        return done.stderr if done.returncode or "usage: omap-guest" not in done.stdout else None

    def nothing_else(self):
        """Running them makes no files beside the programs, and none of the tree's is needed."""
        text = "".join(path.read_text(encoding="utf-8") for path in self.usr.rglob("*")
                       if path.is_file())
        return "a file names the tree" if str(ROOT) in text or str(self.folder) in text else None

    def version(self):
        """From there, and from the tree."""
        due = (ROOT / "VERSION").read_text(encoding="ascii").strip()
        for name, tree in (("omap-mmu", "tool/omap-mmu.py"),
                           ("omap-guest", "boards/omap-guest.py")):
            for done in self.run(name, "--version"), run(ROOT / tree, "--version"):
                if done.returncode or done.stdout != f"{name} {due}\n" or done.stderr:
                    return f"{name}: {done.stdout}{done.stderr}"
        return None

    def own_options(self):
        """Those without a command."""
        return set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", self.run("omap-mmu", "--help").stdout,
                              re.M))

    def options(self):
        """By --help: command -> its options."""
        found = {}
        for command in COMMANDS:
            help_text = self.run("omap-mmu", command, "--help").stdout
            found[command] = set(re.findall(r"^ +(?:-\w(?: \w+)?, )?(--[a-z-]+)", help_text, re.M))
        return found

    def man_page(self):
        text = (self.usr / "share/man/man1/omap-mmu.1").read_text(encoding="utf-8")
        text = text.replace(r"\-", "-")
        said = {f"-{name}" for line in text.splitlines() if line.startswith(".It Fl")
                for name in re.findall(r"(?:Fl|, Fl) (-[a-z-]+)", line)}
        due = self.own_options().union(*self.options().values())
        commands = re.findall(r"^\.It Cm (\w+)", text, re.M)
        if commands != COMMANDS:
            return f"the commands are {commands}"
        return f"not the same: {sorted(said ^ due)}" if said != due else None

    def completes(self, *words, program="omap-mmu"):
        script = self.usr / "share/bash-completion/completions" / program
        listed = " ".join(f"'{word}'" for word in words)
        done = run("bash", "-c", f"source {shlex.quote(str(script))}; "
                   f"COMP_WORDS=({program} {listed}); COMP_CWORD={len(words)}; "
                   f"_{program.replace('-', '_')}; "
                   "printf '%s\\n' \"${COMPREPLY[@]}\"", cwd=self.folder)
        return set(done.stdout.split())

    def completion_of_omap_guest(self):
        help_text = self.run("omap-guest", "--help").stdout
        due = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", help_text.partition("\noptions")[2]))
        if len(due) < 12 or self.completes("-", program="omap-guest") != due:
            return f"{self.completes('-', program='omap-guest')}, not {due}"
        found = self.completes("-o", "x", "du", program="omap-guest")
        return None if found == {"dump"} else f"it does not complete the name of a file: {found}"

    def documents(self):
        """What a man page names of the installation is there."""
        for page in (self.usr / "share/man/man1").iterdir():
            for name in re.findall(r"share/doc/[\w/.-]+\w", page.read_text(encoding="utf-8")):
                if not (self.usr / name).is_file():
                    return f"{page.name} names {name}"
        return None

    def completion(self):
        if self.completes("") != {*COMMANDS, *self.own_options()}:
            return f"commands: {self.completes('')}"
        for command, due in self.options().items():
            if self.completes(command, "--") != due:
                return f"{command}: {self.completes(command, '--')}, not {due}"
        if self.completes("walk", "80000000", "du") != {"dump"}:
            return "it does not complete the name of a file"
        return None


    def uninstall(self):
        """What others put there stays."""
        other = self.usr / "share/doc/other"
        other.write_text("", encoding="ascii")
        wrong = self.make("uninstall")
        left = [str(path) for path in self.usr.rglob("*") if not path.is_dir() and path != other]
        return wrong or (f"left: {left}" if left or not other.exists() else None)


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        installed = Installed(Path(folder))
        tests = [("make install puts all there", installed.files),
                 ("omap-mmu runs from there", installed.omap_mmu),
                 ("omap-guest runs from there", installed.omap_guest),
                 ("both tell their version", installed.version),
                 ("nothing leads back to the tree", installed.nothing_else),
                 ("the man page has the commands and options", installed.man_page),
                 ("the man pages' documents are there", installed.documents),
                 ("bash completes omap-guest's options", installed.completion_of_omap_guest),
                 ("bash completes them", installed.completion),
                 ("make uninstall leaves nothing", installed.uninstall)]
        print(f"1..{len(tests)}")
        for name, test in tests:
            wrong = test()
            print(f"{'not ok' if wrong else 'ok'} - tool: {name}"
                  + (f": {wrong}".replace("\n", " | ") if wrong else ""))
            failed += bool(wrong)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
