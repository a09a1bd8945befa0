#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""omap-mmu: where does a device address of an OMAP MMU lead, and why did it fault?"""
import argparse
import json
import os
import signal
import sys

sys.dont_write_bytecode = True    # nothing is made beside the sources

import debugfs
import findings
import inputs
import page_table
import picture
import ranges
import registers
import space
from addresses import Mistake, read, read_da, read_window, size

INPUTS = """Inputs are recognised by their content, and what they tell is put together: FILE@ADDRESS, a
piece of RAM and where it begins (QEMU's pmemsave); an ELF core (vmcore); a folder or file of Linux's
/sys/kernel/debug/omap_iommu (pagetable, tlb, regs); a log with the output of Xen's debug key U; what
omap-mmu dump printed. Addresses are hexadecimal. Exit status: 0; 1; 2, the input is bad. See
omap-mmu(1)."""


class Parser(argparse.ArgumentParser):
    """What is wrong is told in one sentence."""

    def error(self, message):
        raise Mistake(f"{message}; {self.prog} --help tells more")


def add_inputs(parser):
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="see below")
    add_where(parser, "")


def add_where(parser, side):
    parser.add_argument(f"--{side}ttb", metavar="ADDRESS", help="where the tables in the image begin")
    parser.add_argument(f"--{side}mmu", metavar="NAME", help="which of Xen's MMUs: a part of its path; "
                        "of a GPU NAME:DIRECTORY")
    parser.add_argument(f"--{side}machine", action="store_true", help="the tables are those that hardware "
                        "walks under Xen: they hold machine addresses")


def add_owned(parser):
    parser.add_argument("--ram", metavar="FIRST-LAST", action="append", default=[],
                        help="RAM that the guest has")
    parser.add_argument("--device", metavar="FIRST-LAST", action="append", default=[],
                        help="device memory that it has")
    parser.add_argument("--iomem", metavar="FILE", help="a copy of the guest's /proc/iomem, for both")


def make_parser():
    parser = Parser(prog="omap-mmu", epilog="See omap-mmu COMMAND --help, and omap-mmu(1).",
                    description="Tells where device addresses of a TI OMAP MMU lead, of an image of its "
                    "tables, of Linux's debugfs, or of Xen's debug key.")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)

    def command(name, run, words):
        made = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".",
                                   epilog=INPUTS)
        made.set_defaults(run=run)
        return made

    walk = command("walk", run_walk, "where one address leads, step by step, or why it leads nowhere")
    walk.add_argument("da", metavar="DA", help="the device address")
    add_inputs(walk)

    dump = command("dump", run_dump, "all that is mapped")
    form = dump.add_mutually_exclusive_group()
    form.add_argument("--raw", action="store_true", help="each word of the tables, not merged")
    form.add_argument("--json", action="store_true", help="for programs")
    form.add_argument("--debugfs", action="store_true", help="as Linux's debugfs has it in pagetable")
    add_inputs(dump)

    check = command("check", run_check, "what is wrong with it, or looks so")
    add_owned(check)
    add_inputs(check)

    diff = command("diff", run_diff, "where two of them differ: guest and shadow, before and after")
    add_inputs(diff)
    diff.add_argument("--with", dest="other", metavar="INPUT", nargs="+", required=True,
                      help="the second one's inputs")
    add_where(diff, "with-")

    draw = command("map", run_map, "a picture of the da space: an SVG, or a page to look around in")
    draw.add_argument("-o", "--out", metavar="FILE", required=True, help="ends in .svg or .html")
    add_owned(draw)
    add_inputs(draw)

    regs = command("regs", run_regs, "the registers in words")
    add_inputs(regs)
    return parser


def read_inputs(args):
    return inputs.read_space(args.inputs, args.ttb and read(args.ttb), args.mmu, args.machine)


def read_owned(args):
    owned = findings.Owned(map(read_window, args.ram), map(read_window, args.device))
    if args.iomem:
        owned.add_iomem(args.iomem)
    return owned


def run_walk(args):
    da = read_da(args.da)
    answer = read_inputs(args).walk(da)
    print(f"da {da:08x}")
    for step in answer.steps:
        print(f"  {step}")
    print(space.why(answer))
    return 1 if answer.fault else 0


def run_dump(args):
    found = read_inputs(args)
    if args.raw or args.debugfs:
        if not found.tables:
            raise Mistake("the input has no words of tables: an image or Linux's pagetable has")
        if args.debugfs:
            sys.stdout.write(debugfs.write_pagetable(found.tables.words()))
        else:
            print_words(found.tables)
    elif args.json:
        lines = ",\n".join(json.dumps(r._asdict()) for r in found.ranges())
        print('{"ranges": [\n' + lines + "\n]}")
    else:
        for r in found.ranges():
            print(ranges.text(r))
        if found.xen and found.xen.more and not found.tables:
            print("# Xen did not tell all ranges")
    return 0


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
    found, owned = read_inputs(args), read_owned(args)
    wrong = 0
    for line in findings.find(found, owned):
        print(line)
        wrong += 1
    for line in findings.unchecked(found, owned):
        print(f"# {line}")
    return 1 if wrong else 0


def run_diff(args):
    before = read_inputs(args).ranges()
    after = inputs.read_space(args.other, args.with_ttb and read(args.with_ttb), args.with_mmu,
                              args.with_machine).ranges()
    found = ranges.differences(before, after)
    for d in found:
        for sign, side in (("-", d.before), ("+", d.after)):
            if side:
                print(f"{sign} {ranges.text(side)}")
    return 1 if found else 0


def run_map(args):
    make = {".svg": picture.svg, ".html": picture.page}.get(os.path.splitext(args.out)[1])
    if not make:
        raise Mistake(f"{args.out}: its name is to end in .svg or .html")
    names = " ".join(os.fsencode(name).decode(errors="replace") for name in args.inputs)
    title = f"da space of {names}"
    text = make(read_inputs(args), read_owned(args), title)
    with open(args.out, "w", encoding="utf-8") as f:
        f.write(text)
    print(args.out)
    return 0


def run_regs(args):
    found = read_inputs(args)
    if not found.registers:
        raise Mistake("the input has no registers: Linux's regs, and Xen's debug key of an MMU that a "
                      "domain has, have")
    for line in registers.lines(found.registers):
        print(line)
    for line in registers.verdict(found.registers):
        print(line)
    return 0


def main():
    # A name or a text of another encoding is printed all the same.
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        args = make_parser().parse_args()
        status = args.run(args)
        sys.stdout.flush()
        sys.exit(status)
    except BrokenPipeError:
        # Whoever read this has seen enough: as if SIGPIPE had ended it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except (Mistake, OSError) as error:
        print(f"omap-mmu: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
