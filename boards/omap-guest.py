#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""omap-guest: of a board's device tree, all that gives its remote processors to guests of Xen."""
import argparse
import dataclasses
import os
import re
import signal
import sys

try:
    import blob
except ImportError:
    print("omap-guest: it needs libfdt for Python (apt-get install python3-libfdt)",
          file=sys.stderr)
    sys.exit(2)

import files
import guest
import host
import memory
import plan
import report
import script
import xl
import zimage
from address import MIB, Window
from blob import Mistake

# Xen 4.17 has so much for a guest's tree.
PARTIAL_ROOM = 3072
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}")
# Linux's COMMAND_LINE_SIZE, on Arm.
COMMAND_LINE = 1024
CONSOLE = "console=ttyAMA0"
PRINT_FAILED = 1


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Mistake(f"command line: {message} (see omap-guest.py --help)")


class Version(argparse.Action):
    def __call__(self, parser, *_):
        """The file is one folder up, in the tree as in an installation."""
        folder = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
        with open(os.path.join(folder, "VERSION"), encoding="ascii") as f:
            print(f"{parser.prog} {f.read().strip()}")
        parser.exit()


def parse_args():
    parser = Parser(
        prog="omap-guest", epilog="Processors: ipu, dsp (OMAP5); ipu1, ipu2, dsp1, dsp2 (DRA7, "
                                  "AM57). "
        "Exit status: 0: written; 1: written, but the report was not printed; 2: refused, and "
        "nothing is written. See omap-guest(1).",
        description="Reads a board's device tree, and writes all that gives its remote processors "
                    "to guests of Xen: the host's tree, the guests' trees, a script for U-Boot, "
                    "configurations for xl, and a report of conflicts.")
    parser.add_argument("board", metavar="BOARD.dtb", help="the board's device tree, as its Linux "
                                                           "has it")
    parser.add_argument("guests", metavar="GUEST=PROCESSOR[,PROCESSOR]...", nargs="+",
                        help="a guest's name, and what it is given")
    parser.add_argument("-o", "--out", metavar="FOLDER", required=True,
                        help="folder to create; it must not exist")
    parser.add_argument("-m", "--memory", metavar="MIB", type=int, default=192,
                        help="RAM of a guest beside its processors' memory: 128 to 2048 (default "
                             "192)")
    parser.add_argument("-k", "--kernel", metavar="FILE",
                        help="the guests' zImage: also writes it with their trees behind it")
    parser.add_argument("-r", "--ramdisk", metavar="FILE", help="the guests' ramdisk, for its size")
    parser.add_argument("-b", "--bootargs", metavar="WORDS", 
                        help="of the guests' Linux (default: console=ttyAMA0, and with xl hvc0)")
    parser.add_argument("--version", action=Version, nargs=0, help="print the version, and exit")
    return parser.parse_args()


def read_guest(word):
    name, _, processors = word.partition("=")
    names = processors.split(",")
    if not all(names):
        raise Mistake(f"{word}: it is not GUEST=PROCESSOR[,PROCESSOR]... (write, for example, "
                      "domU1=ipu2,dsp1)")
    if not NAME.fullmatch(name):
        raise Mistake(f"{word}: {name} is not the name of a guest (take a letter, and at most 30 "
                      "letters, digits, _ or - behind it)")
    return name, names


def read_guests(words):
    wanted = {}
    for name, processors in map(read_guest, words):
        if name in wanted:
            raise Mistake(f"{name}: two guests have this name (name them differently)")
        wanted[name] = processors
    return wanted


def check(args):
    if not 128 <= args.memory <= 2048:
        raise Mistake(f"--memory {args.memory}: it is not from 128 to 2048 (give MiB)")
    words = args.bootargs or ""
    if not (words.isascii() and words.isprintable()):
        raise Mistake("--bootargs: these words have characters beyond printable ASCII (leave them "
                      "out)")
    if len(words) >= COMMAND_LINE:
        raise Mistake(f"--bootargs: they have {len(words)} bytes, and Linux reads "
                      f"{COMMAND_LINE - 1} (shorten them)")
    if args.ramdisk and not args.kernel:
        raise Mistake("--ramdisk: where Xen puts it depends on the size of the kernel (give "
                      "--kernel as well)")


@dataclasses.dataclass
class Images:
    """What the guests run: the bytes of the kernel, and the ramdisk's size, or None."""
    kernel: object
    ramdisk: object


def read_images(args):
    kernel = ramdisk = None
    if args.kernel:
        kernel = files.read(args.kernel, plan.ROOM["kernel"], zimage.REMEDY)
        zimage.check(args.kernel, kernel)
    if args.ramdisk:
        ramdisk = files.size(args.ramdisk, plan.ROOM["ramdisk"], "name a smaller ramdisk, in a "
                                                                 "file")
    return Images(kernel, ramdisk)


def whole_tree(chosen, one, bootargs, images):
    """With the place of the ramdisk in it, which depends on the kernel's size with the tree."""
    if images.ramdisk is None:
        return guest.whole(chosen, one, bootargs, None).blob()
    draft = guest.whole(chosen, one, bootargs, Window(0, images.ramdisk)).blob()
    where = memory.ramdisk_at(one.name, one.banks[0], len(images.kernel) + len(draft),
                              images.ramdisk)
    return guest.whole(chosen, one, bootargs, where).blob()


def fitting(name, data, most):
    if len(data) > most:
        raise Mistake(f"{name}: it has {len(data)} bytes, and there is room for {most} (give fewer "
                      "processors, or a smaller kernel or tree)")
    return data


def without_toolstack(made, chosen, bootargs, images):
    tree, paths = host.small(chosen)
    modules = []
    made.put("dom0less/host.dtb", fitting("dom0less/host.dtb", tree.blob(), plan.ROOM["host.dtb"]))
    for one in chosen.guests:
        part = f"{one.name}.dtb"
        made.put(f"dom0less/{part}",
                 fitting(part, guest.partial(chosen, one, paths).blob(), PARTIAL_ROOM))
        whole = whole_tree(chosen, one, bootargs, images)
        made.put(f"dom0less/{one.name}-linux.dtb", whole)
        if images.kernel:
            made.put(f"dom0less/{one.name}-kernel", fitting(
                f"{one.name}-kernel", zimage.append(images.kernel, whole), plan.ROOM["kernel"]))
        modules += [(where, part if kind == "device-tree" else f"{name}-{kind}",
                     f"/chosen/{name}/{kind}@{where.address:x}")
                    for (name, kind), where in chosen.loads.items() if name == one.name]
    made.put("dom0less/boot.cmd", script.text(chosen, chosen.loads, modules).encode())


def with_xl(made, chosen, bootargs):
    xl.refuse_dsps(chosen)
    space, spares = xl.Space(), xl.spares(chosen)
    tree = host.full(chosen, xl.moved_mmus(chosen, space), spares.values())
    found = {"host.dtb": fitting("xl/host.dtb", tree.blob(), plan.ROOM["host.dtb"])}
    for one in chosen.guests:
        found[f"{one.name}.dtb"] = guest.for_xl(chosen, one, space.where).blob()
        found[f"{one.name}.cfg"] = xl.config(
            chosen, one, space, spares.get(one.name), bootargs).encode()
    loads = chosen.xl_loads
    modules = [(loads["", kind], f"dom0-{kind}", f"/chosen/{kind}@{loads['', kind].address:x}")
               for kind in ("kernel", "ramdisk")]
    found["boot.cmd"] = script.text(chosen, loads, modules).encode()
    for name, data in found.items():
        made.put(f"xl/{name}", data)


def make(args):
    """All files, and the report's lines."""
    check(args)
    wanted, images = read_guests(args.guests), read_images(args)
    tree = blob.parse(args.board, files.read(args.board, blob.MOST, blob.REMEDY))
    chosen = plan.make(tree, args.board, wanted, args.memory * MIB, images.ramdisk is not None)
    made, why_no_xl = files.Files(), None
    without_toolstack(made, chosen, CONSOLE if args.bootargs is None else args.bootargs, images)
    try:
        with_xl(made, chosen, args.bootargs)
    except xl.NotForXl as why:
        why_no_xl = str(why)
    lines = report.lines(chosen, args.board, why_no_xl)
    made.put("report.txt", "".join(files.printable(line) + "\n" for line in lines).encode(
        errors="surrogateescape"))
    return made


def refuse(sentence):
    print(f"omap-guest: {files.printable(sentence)}", file=sys.stderr)
    sys.exit(2)


def write(args):
    """Returns the report."""
    made = make(args)
    made.write(args.out)
    return made.data["report.txt"]


def print_report(text, folder):
    """By the descriptor: sys.stdout may be closed, or of another encoding."""
    try:
        with open(1, "wb", closefd=False) as out:
            out.write(text)
    except OSError as error:
        print(f"omap-guest: all is written, and the report cannot be printed: {error.strerror} "
              f"(read {files.printable(folder)}/report.txt)", file=sys.stderr)
        sys.exit(PRINT_FAILED)


def main():
    """Here each error becomes a sentence, with status 2."""
    files.stop_by_signal(signal.default_int_handler)
    what = "omap-guest"
    try:
        args = parse_args()
        what = args.board
        text = write(args)
    except Mistake as mistake:
        refuse(str(mistake))
    except KeyboardInterrupt:
        refuse("a signal came, and nothing is written (run it again)")
    except Exception as error:
        refuse(f"{what}: it cannot be used: {type(error).__name__}: {error} (take the file as the "
               "kernel's package has it; if it is that, report it)")
    files.stop_by_signal(signal.SIG_DFL)
    print_report(text, args.out)


if __name__ == "__main__":
    main()
