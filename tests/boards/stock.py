# SPDX-License-Identifier: GPL-2.0-only
"""The boards' trees of the guest's Linux, and a look into any tree that shares no code with
boards/."""
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

    def ending(self, end):
        """The only node whose path ends so."""
        node, = [n for n in self.nodes if n.endswith(end)]
        return node

    def phandle(self, number):
        return next(n for n in self.nodes if self.cells(n, "phandle") == [number])

    def compatible(self, word):
        return [n for n, props in self.nodes.items()
                if word.encode() in props.get("compatible", b"").split(b"\0")]


def run(out, tree, *words, **more):
    return subprocess.run([TOOL, "-o", out, tree, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, **more)
