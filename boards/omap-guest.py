#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""omap-guest: of a board's device tree, all that gives its remote processors to guests of Xen."""
import argparse
import os
import re
import shutil
import sys
import tempfile

try:
    import blob
except ImportError:
    print("omap-guest: it needs libfdt for Python (apt-get install python3-libfdt)", file=sys.stderr)
    sys.exit(2)

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
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}$")


def parse_args():
    parser = argparse.ArgumentParser(
        prog="omap-guest", epilog="Processors: ipu, dsp (OMAP5); ipu1, ipu2, dsp1, dsp2 (DRA7, AM57). "
        "Exit status: 0: written; 2: refused, and nothing is written. See omap-guest(1).",
        description="Reads a board's device tree, and writes all that gives its remote processors to "
        "guests of Xen: the host's tree, the guests' trees, a script for U-Boot, configurations for "
        "xl, and a report of what clashes.")
    parser.add_argument("board", metavar="BOARD.dtb", help="the board's device tree, as its Linux has it")
    parser.add_argument("guests", metavar="GUEST=PROCESSOR[,PROCESSOR]...", nargs="+",
                        help="a guest's name, and what it is given")
    parser.add_argument("-o", "--out", metavar="FOLDER", required=True,
                        help="is made, and is not to be there")
    parser.add_argument("-m", "--memory", metavar="MIB", type=int, default=192,
                        help="RAM of a guest beside its processors' (default 192; 128 or more)")
    parser.add_argument("-k", "--kernel", metavar="FILE",
                        help="the guests' zImage: also writes it with their trees behind it")
    parser.add_argument("-r", "--ramdisk", metavar="FILE", help="the guests' ramdisk, for its size")
    parser.add_argument("-b", "--bootargs", metavar="WORDS", default="console=ttyAMA0",
                        help="of the guests' Linux (default: console=ttyAMA0)")
    return parser.parse_args()


def read_guests(words):
    wanted = {}
    for word in words:
        name, equals, processors = word.partition("=")
        if not equals or not NAME.match(name) or not processors:
            raise Mistake(f"{word}: it is not GUEST=PROCESSOR[,PROCESSOR]... (write, for example, "
                          "domU1=ipu2,dsp1)")
        if name in wanted:
            raise Mistake(f"{name}: two guests have this name (name them differently)")
        wanted[name] = processors.split(",")
    return wanted


def whole_tree(chosen, one, args):
    """With the place of the ramdisk in it, which depends on the kernel's size with the tree."""
    if not args.ramdisk:
        return guest.whole(chosen, one, args.bootargs, None).blob()
    size = os.path.getsize(args.ramdisk)
    draft = guest.whole(chosen, one, args.bootargs, Window(0, size)).blob()
    kernel = os.path.getsize(args.kernel) + len(draft) if args.kernel else 1
    where = memory.ramdisk_at(one.name, one.banks[0], kernel, size)
    return guest.whole(chosen, one, args.bootargs, where).blob()


def partial(chosen, one, paths):
    tree = guest.partial(chosen, one, paths).blob()
    if len(tree) > PARTIAL_ROOM:
        raise Mistake(f"{one.name}: its tree has {len(tree)} bytes, and Xen 4.17 has room for about "
                      f"{PARTIAL_ROOM} (give it fewer processors)")
    return tree


def without_toolstack(chosen, args):
    """File's name -> its bytes."""
    tree, paths = host.small(chosen)
    files, modules = {"host.dtb": tree.blob()}, []
    for one in chosen.guests:
        files[f"{one.name}.dtb"] = partial(chosen, one, paths)
        whole = whole_tree(chosen, one, args)
        files[f"{one.name}-linux.dtb"] = whole
        if args.kernel:
            files[f"{one.name}-kernel"] = zimage.append(args.kernel, whole)
        for kind, name in (("kernel", f"{one.name}-kernel"), ("ramdisk", f"{one.name}-ramdisk"),
                           ("device-tree", f"{one.name}.dtb")):
            where = chosen.loads[one.name, kind]
            modules.append((where, name, f"/chosen/{one.name}/{kind}@{where.address:x}"))
    files["boot.cmd"] = script.text(chosen, modules).encode()
    return files


def with_xl(chosen):
    xl.refuse_dsps(chosen)
    space, spares = xl.Space(), xl.spares(chosen)
    tree = host.full(chosen, xl.moved_mmus(chosen, space), spares.values())
    files = {"host.dtb": tree.blob()}
    for one in chosen.guests:
        files[f"{one.name}.dtb"] = guest.for_xl(chosen, one, space.where).blob()
        files[f"{one.name}.cfg"] = xl.config(chosen, one, space, spares.get(one.name)).encode()
    modules = [(chosen.loads["", kind], f"dom0-{kind}", f"/chosen/{kind}@{chosen.loads['', kind].address:x}")
               for kind in ("kernel", "ramdisk")]
    files["boot.cmd"] = script.text(chosen, modules).encode()
    return files


def make(args):
    """Path below the folder -> bytes."""
    if args.memory < 128 or args.memory > 2048:
        raise Mistake(f"--memory {args.memory}: it is not from 128 to 2048 (give MiB)")
    tree = blob.load(args.board)
    chosen = plan.make(tree, args.board, read_guests(args.guests), args.memory * MIB)
    files = {f"dom0less/{name}": data for name, data in without_toolstack(chosen, args).items()}
    why_no_xl = None
    try:
        files.update({f"xl/{name}": data for name, data in with_xl(chosen).items()})
    except xl.NotForXl as why:
        why_no_xl = str(why)
    files["report.txt"] = report.text(chosen, args.board, why_no_xl).encode()
    return files


def write(folder, files):
    """All of them or none."""
    if os.path.lexists(folder):
        raise Mistake(f"{folder}: it is there already (remove it, or name another)")
    made = tempfile.mkdtemp(prefix=".omap-guest-", dir=os.path.dirname(os.path.abspath(folder)))
    try:
        for name, data in files.items():
            path = os.path.join(made, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(data)
        os.chmod(made, 0o755)
        os.rename(made, folder)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        raise


def main():
    args = parse_args()
    try:
        files = make(args)
        write(args.out, files)
    except (Mistake, OSError) as error:
        print(f"omap-guest: {error}", file=sys.stderr)
        sys.exit(2)
    sys.stdout.write(files["report.txt"].decode())


if __name__ == "__main__":
    main()
