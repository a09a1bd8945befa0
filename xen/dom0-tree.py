#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""dom0-tree.py HOST-TREE DOM0-TREE KERNEL OUT: lets dom0 see the MMUs of its processors,
with a Xen that hides them.

HOST-TREE is the tree that Xen is given, DOM0-TREE the one that Xen made of it for dom0
(/sys/firmware/fdt there), KERNEL dom0's zImage. OUT is that kernel with the second tree
behind it, into which the MMUs, and the `iommus` of dom0's devices, are put back. A 32-bit
Arm kernel with CONFIG_ARM_APPENDED_DTB takes this tree instead of Xen's. To be made anew
when dom0's memory, ramdisk or command line change: they stand in the tree."""
import os
import struct
import sys

COMPATIBLE = (b"ti,omap2-iommu", b"ti,omap4-iommu", b"ti,dra7-iommu")

# A flattened tree: its header, and the tokens of its structure.
FDT_MAGIC, FDT_HEADER, FDT_VERSION, FDT_COMPATIBLE_VERSION = 0xd00dfeed, ">10I", 17, 16
BEGIN_NODE, END_NODE, PROP, NOP, END = 1, 2, 3, 4, 9

# A zImage's header: where its magic is, and the addresses of its start and end.
ZIMAGE_MAGIC, ZIMAGE_MAGIC_AT, ZIMAGE_START_AT = 0x016f2818, 0x24, 0x28


class Mistake(Exception):
    """What the user can mend."""


class Node:
    def __init__(self, name, parent=None):
        self.name, self.parent = name, parent
        self.properties, self.children = {}, []
        if parent:
            parent.children.append(self)

    def path(self):
        return self.parent.path().rstrip("/") + "/" + self.name if self.parent else "/"

    def all(self):
        yield self
        for child in self.children:
            yield from child.all()

    def child(self, name):
        return next((c for c in self.children if c.name == name), None)

    def find(self, path):
        """The node of that path, or None."""
        node = self
        for name in filter(None, path.split("/")):
            node = node and node.child(name)
        return node

    def is_compatible(self, names):
        return any(c in names for c in self.properties.get("compatible", b"").split(b"\0"))

    def phandles(self, name):
        value = self.properties.get(name, b"")
        return [value[i:i + 4] for i in range(0, len(value), 4)]


class Tree:
    def __init__(self, path):
        with open(path, "rb") as f:
            data = f.read()
        if len(data) < struct.calcsize(FDT_HEADER) or data[:4] != struct.pack(">I", FDT_MAGIC):
            raise Mistake(f"{path}: it is no device tree blob")
        (_, size, structure, strings, reserved, _, _, self.cpu, _, _) = struct.unpack_from(FDT_HEADER, data)
        if size > len(data):
            raise Mistake(f"{path}: it is cut short")
        try:
            self.reserved = data[reserved:self._end_of_reserved(data, reserved)]
            self.root = self._read(data, structure, strings)
        except (AttributeError, UnicodeDecodeError, ValueError, struct.error) as error:
            raise Mistake(f"{path}: it is broken") from error

    @staticmethod
    def _end_of_reserved(data, at):
        while any(data[at:at + 16]):
            at += 16
        return at + 16

    @staticmethod
    def _string(data, at):
        return data[at:data.index(b"\0", at)].decode()

    def _read(self, data, at, strings):
        node = root = None
        while True:
            token, at = struct.unpack_from(">I", data, at)[0], at + 4
            if token == BEGIN_NODE:
                name = self._string(data, at)
                node = Node(name, node)
                root = root or node
                at += (len(name) + 4) & ~3
            elif token == PROP:
                length, name = struct.unpack_from(">II", data, at)
                node.properties[self._string(data, strings + name)] = data[at + 8:at + 8 + length]
                at += 8 + ((length + 3) & ~3)
            elif token == END_NODE:
                node = node.parent
            elif token != NOP:
                return root

    def blob(self):
        names, strings = {}, b""
        for node in self.root.all():
            for name in node.properties:
                if name not in names:
                    names[name] = len(strings)
                    strings += name.encode() + b"\0"
        structure = self._written(self.root, names) + struct.pack(">I", END)
        size = struct.calcsize(FDT_HEADER)
        at = size + len(self.reserved), size + len(self.reserved) + len(structure)
        total = (at[1] + len(strings) + 7) & ~7
        header = struct.pack(FDT_HEADER, FDT_MAGIC, total, at[0], at[1], size, FDT_VERSION,
                             FDT_COMPATIBLE_VERSION, self.cpu, len(strings), len(structure))
        return (header + self.reserved + structure + strings).ljust(total, b"\0")

    def _written(self, node, names):
        name = node.name.encode() + b"\0"
        out = struct.pack(">I", BEGIN_NODE) + name.ljust((len(name) + 3) & ~3, b"\0")
        for key, value in node.properties.items():
            out += struct.pack(">III", PROP, len(value), names[key])
            out += value.ljust((len(value) + 3) & ~3, b"\0")
        return out + b"".join(self._written(c, names) for c in node.children) + struct.pack(">I", END_NODE)


def put_back(host, dom0):
    """Into dom0's tree: the MMUs in front of its devices. Returns their paths."""
    mmus = {n.properties["phandle"]: n for n in host.root.all()
            if n.is_compatible(COMPATIBLE) and "phandle" in n.properties}
    added = []
    for master in host.root.all():
        behind = [mmus[p] for p in master.phandles("iommus") if p in mmus]
        if not behind or "xen,passthrough" in master.properties:
            continue
        theirs = dom0.root.find(master.path())
        if not theirs:
            raise Mistake(f"dom0's tree has no {master.path()}, which is not xen,passthrough: "
                          "it was not made of this host's tree")
        theirs.properties["iommus"] = master.properties["iommus"]
        for mmu in behind:
            if mmu.path() not in added:
                added.append(add_node(mmu, dom0.root).path())
    if not added:
        raise Mistake("the host's tree has no device behind an MMU that is dom0's: "
                      "all of them are xen,passthrough")
    return added


def add_node(node, root):
    """A copy, and copies of those around it that are not there."""
    if not node.parent:
        return root
    around = add_node(node.parent, root)
    here = around.child(node.name)
    if not here:
        here = Node(node.name, around)
        here.properties = dict(node.properties)
    return here


def append(kernel, blob):
    """A kernel with a tree behind it. Xen copies what the zImage's header says."""
    if kernel[ZIMAGE_MAGIC_AT:ZIMAGE_START_AT] != struct.pack("<I", ZIMAGE_MAGIC):
        raise Mistake("the kernel is no zImage for 32-bit Arm")
    start, end = struct.unpack_from("<II", kernel, ZIMAGE_START_AT)
    if end - start != len(kernel):
        raise Mistake(f"the kernel is of {len(kernel)} bytes, and its header says {end - start}: "
                      "something is behind it already")
    return (kernel[:ZIMAGE_START_AT] + struct.pack("<II", start, end + len(blob))
            + kernel[ZIMAGE_START_AT + 8:] + blob)


def main():
    if len(sys.argv) != 5:
        sys.exit("usage: dom0-tree.py HOST-TREE DOM0-TREE KERNEL OUT")
    host, dom0, kernel, out = sys.argv[1:]
    try:
        tree = Tree(dom0)
        added = put_back(Tree(host), tree)
        with open(kernel, "rb") as f:
            image = append(f.read(), tree.blob())
        with open(out + ".new", "wb") as f:
            f.write(image)
        os.replace(out + ".new", out)
    except (Mistake, OSError) as error:
        sys.exit(f"dom0-tree.py: {error}")
    print(f"{out}: dom0 will see {', '.join(added)}")


if __name__ == "__main__":
    main()
