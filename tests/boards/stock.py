# SPDX-License-Identifier: GPL-2.0-only
"""The boards' trees of the guest's Linux, and a look into any tree that shares no code with
boards/."""
import functools
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "system"))

import board

subprocess.run([ROOT / "system/fetch-linux.sh"], check=True, stdout=subprocess.DEVNULL)
TOOL = ROOT / "boards/omap-guest.py"
OMAP5 = ["omap5-uevm", "omap5-cm-t54", "omap5-igep0050", "omap5-sbc-t54"]
DRA7 = ["am571x-idk", "am5729-beagleboneai", "am572x-idk", "am574x-idk", "am57xx-beagle-x15",
        "am57xx-beagle-x15-revb1", "am57xx-beagle-x15-revc", "am57xx-cl-som-am57x",
        "am57xx-sbc-am57x", "dra7-evm", "dra71-evm", "dra72-evm", "dra72-evm-revc", "dra76-evm"]


def folder():
    linux = Path(board.Files(ROOT).iommu).parent / "linux"
    return next(iter(sorted(linux.glob("usr/lib/linux-image-*"))), linux)


def path(name):
    return folder() / f"{name}.dtb"


def dtc(data, source, *options):
    """(what it made, its warnings)"""
    ran = subprocess.run(["dtc", "-I", source, *options], input=data, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return ran.stdout, [line for line in ran.stderr.decode().split("\n") if line]


@functools.lru_cache
def text(name):
    return dtc(path(name).read_bytes(), "dtb", "-q", "-O", "dts")[0].decode()


def compiled(source):
    return dtc(source.encode(), "dts", "-q", "-O", "dtb")[0]


def warnings(blob):
    return dtc(blob, "dtb", "-O", "dtb")[1]


class Tree:
    """path -> {property: its bytes}"""

    def __init__(self, blob):
        import libfdt
        fdt, none = libfdt.Fdt(blob), [libfdt.NOTFOUND]
        self.nodes, names = {}, []
        offset, depth = 0, 0
        while offset >= 0 and depth >= 0:
            names[depth:] = [fdt.get_name(offset)]
            props, prop = {}, fdt.first_property_offset(offset, none)
            while prop >= 0:
                found = fdt.get_property_by_offset(prop)
                props[found.name] = bytes(found)
                prop = fdt.next_property_offset(prop, none)
            self.nodes["/" + "/".join(names[1:])] = props
            offset, depth = fdt.next_node(offset, depth, none)

    def cells(self, node, name):
        value = self.nodes[node].get(name, b"")
        return [int.from_bytes(value[at:at + 4], "big") for at in range(0, len(value), 4)]

    def address(self, node):
        """Where its first reg is for a CPU."""
        at, bus = None, node.rsplit("/", 1)[0]
        while bus:
            parent = bus.rsplit("/", 1)[0]
            child, size, above = (self.cells(n or "/", w)[0] for n, w in (
                (bus, "#address-cells"), (bus, "#size-cells"), (parent, "#address-cells")))
            at = self.number(node, "reg", 0, child) if at is None else at
            for n in range(0, len(self.cells(bus, "ranges")), child + above + size):
                first = self.number(bus, "ranges", n, child)
                if first <= at < first + self.number(bus, "ranges", n + child + above, size):
                    at += self.number(bus, "ranges", n + child, above) - first
                    break
            bus = parent
        return self.number(node, "reg", 0, self.cells("/",
                                                      "#address-cells")[0]) if at is None else at

    def number(self, node, name, at, width):
        """Of so many cells."""
        value = 0
        for cell in self.cells(node, name)[at:at + width]:
            value = value << 32 | cell
        return value

    def ending(self, end):
        """The only node whose path ends so."""
        node, = [n for n in self.nodes if n.endswith(end)]
        return node

    def phandle(self, number):
        return next(n for n in self.nodes if self.cells(n, "phandle") == [number])

    def compatible(self, word):
        return [n for n, props in self.nodes.items()
                if word.encode() in props.get("compatible", b"").split(b"\0")]


def kernel(size):
    """A zImage, as far as its header."""
    head = b"".join(n.to_bytes(4, "little") for n in (0x016f2818, 0, size))
    return bytes(0x24) + head + bytes(size - 0x24 - len(head))


def run(out, tree, *words, **more):
    return subprocess.run([TOOL, "-o", out, tree, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, **more)
