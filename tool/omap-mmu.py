#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""omap-mmu: where does a device address of an OMAP MMU lead, and why did it fault?"""
import argparse
import contextlib
import gc
import os
import signal
import sys

sys.dont_write_bytecode = True    # nothing is made beside the sources

import debugfs
import differences
import dumps
import files
import findings
import inputs
import owned
import page_table
import picture
import ranges
import registers
import space
from addresses import Mistake, read_da, read_ttb, read_window, size

INPUTS = """Inputs are recognised by their content, and what they tell is put together:
FILE@ADDRESS, a piece of RAM and where it begins (QEMU's pmemsave); an ELF core (vmcore); a folder
or file of Linux's /sys/kernel/debug/omap_iommu (pagetable, tlb, regs); a log with the output of
Xen's debug key U; what omap-mmu dump printed. Addresses are hexadecimal. Exit
status: 0; 1; 2, the input is bad, or lacks what the command needs. See omap-mmu(1)."""


# Of an option: none, that of a long one, and those of -h and -o.
SECOND_LETTERS = ("", "-", "h", "o")


class Parser(argparse.ArgumentParser):
    """What is wrong is told in one sentence."""

    def error(self, message):
        raise Mistake(f"{message}; {self.prog} --help tells more")


class Once(argparse.Action):
    """An option with a value, which is not empty; a second one would contradict the first."""

    def __call__(self, parser, namespace, values, option_string=None):
        if not values:
            raise Mistake(f"{option_string} is empty")
        if getattr(namespace, self.dest) is not None:
            raise Mistake(f"{option_string} is given twice")
        setattr(namespace, self.dest, values)


class Version(argparse.Action):
    def __call__(self, parser, *_):
        """The file is one folder up, in the tree as in an installation."""
        folder = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
        with open(os.path.join(folder, "VERSION"), encoding="ascii") as f:
            print(f"{parser.prog} {f.read().strip()}")
        parser.exit()


def add_inputs(parser):
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="see below")
    add_where(parser, "")


def add_mmu(parser, side):
    parser.add_argument(f"--{side}mmu", metavar="NAME", action=Once,
                        help="which of Xen's MMUs: a part of its path; of a GPU NAME:DIRECTORY")
    parser.add_argument(f"--{side}torn", action="store_true",
                        help="take what Xen's text has, though the log has lost lines of it")


def add_where(parser, side):
    parser.add_argument(f"--{side}ttb", metavar="ADDRESS", action=Once,
                        help="where the tables in the image begin")
    add_mmu(parser, side)
    parser.add_argument(f"--{side}machine", action="store_true",
                        help="the tables are those that hardware walks under Xen: they hold "
                        "machine addresses")


def add_owned(parser):
    parser.add_argument("--ram", metavar="FIRST-LAST", action="append", default=[],
                        help="RAM that the guest has")
    parser.add_argument("--device", metavar="FIRST-LAST", action="append", default=[],
                        help="device memory that it has")
    parser.add_argument("--iomem", metavar="FILE", action=Once,
                        help="a copy of the guest's /proc/iomem, for both")


def make_parsers():
    """That of the program, and those of its commands by their names."""
    parser = Parser(prog="omap-mmu", epilog="See omap-mmu COMMAND --help, and omap-mmu(1).",
                    description="Tells where device addresses of a TI OMAP MMU lead, of an image "
                    "of its tables, of Linux's debugfs, or of Xen's debug key.")
    parser.add_argument("--version", action=Version, nargs=0, help="print the version, and exit")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)

    def command(name, run, words):
        made = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".",
                                   epilog=INPUTS, allow_abbrev=False)
        made.set_defaults(run=run)
        return made

    walk = command("walk", run_walk,
                   "where one address leads, step by step, or why it leads nowhere")
    walk.add_argument("da", metavar="DA", help="the device address")
    add_owned(walk)
    add_inputs(walk)

    dump = command("dump", run_dump, "all that is mapped")
    form = dump.add_mutually_exclusive_group()
    form.add_argument("--raw", action="store_true", help="each word of the tables, not merged")
    form.add_argument("--json", action="store_true", help="for programs")
    form.add_argument("--debugfs", action="store_true",
                      help="as Linux's debugfs has it in pagetable")
    add_inputs(dump)

    check = command("check", run_check, "what is wrong with it, or looks so")
    add_owned(check)
    add_inputs(check)

    diff = command("diff", run_diff, "where two of them differ: guest and shadow, before and after")
    add_inputs(diff)
    diff.add_argument("--with", dest="other", metavar="INPUT", nargs="+", action="extend",
                      required=True, help="the second one's inputs")
    add_where(diff, "with-")

    draw = command("map", run_map, "a picture of the da space: an SVG, or a page to look around in")
    draw.add_argument("-o", "--out", metavar="FILE", required=True, action=Once,
                      help="ends in .svg or .html")
    add_owned(draw)
    add_inputs(draw)

    regs = command("regs", run_regs, "the registers in words")
    regs.add_argument("inputs", metavar="INPUT", nargs="+", help="see below")
    add_mmu(regs, "")
    return parser, commands.choices


def parse(words):
    """Options may stand between inputs: argparse has that for a command's parser alone."""
    parser, commands = make_parsers()
    for word in words[1:]:
        # It would be taken for an option, and what is missing then be told.
        if word[:1] == "-" and word[1:2] not in SECOND_LETTERS:
            raise Mistake(f"{word} is neither an option nor an address; a file of that name is "
                          f"./{word}")
    if words and words[0] in commands:
        return commands[words[0]].parse_intermixed_args(words[1:])
    return parser.parse_args(words)


def ttb_of(text):
    return None if text is None else read_ttb(text)


def read_inputs(args):
    return inputs.read_space(args.inputs, ttb_of(args.ttb), args.mmu, args.machine, args.torn)


def read_owned(args):
    found = owned.Owned(map(read_window, args.ram), map(read_window, args.device))
    if args.iomem is not None:
        found.add_iomem(args.iomem)
    if found.known() and args.machine:
        raise Mistake("--ram, --device and --iomem are addresses of the guest's, and --machine "
                      "says that the tables hold the machine's")
    return found


def print_notes(*some):
    for notes in some:
        for words in notes:
            print(f"# {words}")


def run_walk(args):
    da = read_da(args.da)
    found, memory = read_inputs(args), read_owned(args)
    found.owned = memory
    answer = found.walk(da)
    print(f"da {da:08x}")
    for step in answer.steps:
        print(f"  {step}")
    print(space.why(answer))
    print_notes(found.untold(), found.notes_of_inputs, owner(memory, answer))
    return 1 if answer.fault else 0


def owner(memory, answer):
    """A sentence, where an address leads to what is not RAM."""
    kind = "ram" if answer.fault or answer.ipa is None else memory.kind(answer.ipa)
    if kind == "device":
        yield f"device memory is at ipa {answer.ipa:08x}"
    elif kind == "nobody":
        yield f"nobody owns ipa {answer.ipa:08x}"


def run_dump(args):
    found = read_inputs(args)
    if (args.raw or args.debugfs) and not found.tables:
        raise Mistake("the input has no words of tables: an image or Linux's pagetable has")
    missing = list(found.lacks())
    if args.raw:
        print_words(found.tables)
    elif args.debugfs:
        for words in found.outside() if found.ram else ():
            raise Mistake(f"{words}, and Linux's format has no words for that")
        sys.stdout.write(debugfs.write_pagetable(found.tables.words()))
    else:
        write = dumps.write_json if args.json else dumps.write_text
        sys.stdout.writelines(f"{line}\n" for line in write(found.ranges(), missing))
        if not args.json:
            print_notes(f"{dumps.NOTE}{words}" for words in found.notes())
    return 2 if missing else 0


def print_words(tables):
    for level, da, at, word in tables.words():
        place = "" if at is None else f" at {at:08x}"
        if word is None:
            print(f"{level}: da {da:08x}{place}: outside the image")
            continue
        leaf = page_table.first_leaf(da, word) if level == 1 else page_table.second_leaf(da, word)
        leads = f" -> {leaf.ipa:08x}, {size(leaf.page)}" if leaf else ""
        print(f"{level}: da {da:08x}{place}: {word:08x}, {page_table.kind(level, word)}{leads}")


def run_check(args):
    found, memory = read_inputs(args), read_owned(args)
    if found.xen is None or found.xen.domain is not None:
        found.demand_mappings()
    wrong = missing = 0
    for line in findings.find(found, memory):
        print(line)
        wrong += 1
    for line in findings.unchecked(found, memory):
        print(f"# not looked at: {line}")
        missing += 1
    print_notes(findings.notes(found, memory))
    return 1 if wrong else 2 if missing else 0


def run_diff(args):
    before = read_inputs(args)
    after = inputs.read_space(args.other, ttb_of(args.with_ttb), args.with_mmu,
                              args.with_machine, args.with_torn)
    found = differences.differences(before.ranges(), after.ranges())
    for d in found:
        for sign, side in (("-", d.before), ("+", d.after)):
            if side:
                print(f"{sign} {ranges.text(side)}")
    missing = [f"{which}: {words}" for which, side in (("first", before), ("second", after))
               for words in side.lacks()]
    print_notes(missing, before.notes(), after.notes())
    return 1 if found else 2 if missing else 0


def run_map(args):
    make = {".svg": picture.svg, ".html": picture.page}.get(os.path.splitext(args.out)[1])
    if not make:
        raise Mistake(f"{args.out}: its name is to end in .svg or .html")
    names = " ".join(os.fsencode(name).decode(errors="replace") for name in args.inputs)
    found, memory = read_inputs(args), read_owned(args)
    parts = list(picture.parts(found, memory))
    files.write(args.out, make(parts, f"da space of {names}"))
    print(args.out)
    missing = list(found.lacks())
    unknown = any(kind == "unknown" for _, kind in parts)
    print_notes(missing, findings.notes(found, memory) if unknown else found.notes())
    return 2 if missing else 0


def run_regs(args):
    found = inputs.read_space(args.inputs, mmu=args.mmu, torn=args.torn, of_registers=True)
    if not found.registers:
        rest = found.xen and found.xen.rest
        said = f"; Xen says of {found.xen.name}: {rest}" if rest else ""
        raise Mistake("the input has no registers: they are in Linux's regs, and in Xen's debug "
                      f"key for an MMU that a domain has{said}")
    for line in registers.lines(found.registers):
        print(line)
    for line in registers.verdict(found.registers):
        print(line)
    print_notes([f"the log has lost lines: {found.lost}"] if found.lost else [])
    return 0


def run(words):
    try:
        args = parse(words)
        return args.run(args)
    except SystemExit as end:
        # Of --help and --version.
        return end.code or 0


def complain(error):
    words = error
    if isinstance(error, OSError):
        words = f"{error.filename or 'standard output'}: {error.strerror}"
    if sys.stderr:
        # Where nobody can be told, the status tells.
        with contextlib.suppress(OSError):
            print(f"omap-mmu: {words}", file=sys.stderr, flush=True)


def no_more_output():
    """Nor when Python ends, which would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def main():
    if sys.stdout is None:
        complain(Mistake("standard output is closed"))
        sys.exit(2)
    # A million ranges have no circles, and each collection would look at all of them.
    gc.disable()
    # A name or a text of another encoding is printed all the same.
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read this has seen enough: as if SIGPIPE had ended it.
        no_more_output()
        status = 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        no_more_output()
        status = 128 + signal.SIGINT
    except (Mistake, OSError) as error:
        complain(error)
        no_more_output()
        status = 2
    sys.exit(status)


if __name__ == "__main__":
    main()
