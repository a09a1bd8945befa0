#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""dom0-tree.py HOST-TREE DOM0-TREE KERNEL OUT: lets dom0 see the MMUs of its processors,
with a Xen that hides them.

HOST-TREE is the tree that Xen is given, DOM0-TREE the one that Xen made of it for dom0
(/sys/firmware/fdt there), KERNEL dom0's zImage. OUT is that kernel with the second tree
behind it, into which the MMUs, and the `iommus` of dom0's devices, are put back. A 32-bit
Arm kernel with CONFIG_ARM_APPENDED_DTB takes this tree instead of Xen's. To be made anew
when dom0's memory, ramdisk or command line change: they stand in the tree.

Needs Debian's python3-libfdt."""
import os
import struct
import sys

try:
    import libfdt
except ImportError:
    sys.exit("dom0-tree.py: needs libfdt for Python: apt-get install python3-libfdt")

COMPATIBLE = ("ti,omap2-iommu", "ti,omap4-iommu", "ti,dra7-iommu")

# A zImage's header: where its magic is, and the addresses of its start and end.
ZIMAGE_MAGIC, ZIMAGE_MAGIC_AT, ZIMAGE_START_AT = 0x016f2818, 0x24, 0x28

# Room for names of properties: those of the host's tree may be parts of each other.
SPARE = 1 << 16


class Mistake(Exception):
    """What the user can mend."""


def load(path):
    """A device tree blob."""
    with open(path, "rb") as f:
        data = f.read()
    try:
        tree = libfdt.Fdt(data)
    except (libfdt.FdtException, ValueError) as error:
        raise Mistake(f"{path}: it is not a device tree blob") from error
    if tree.totalsize() > len(data):
        raise Mistake(f"{path}: it is cut short")
    try:
        tree.path_offset("/chosen", [libfdt.NOTFOUND])
        for node in nodes(tree):
            properties(tree, node)
    except libfdt.FdtException as error:
        raise Mistake(f"{path}: it is broken: {error}") from error
    return tree


def nodes(tree):
    """The offset of each node, from the root on."""
    offset, depth = 0, 0
    while depth >= 0:
        yield offset
        offset, depth = tree.next_node(offset, depth, [libfdt.NOTFOUND])
        if offset < 0:
            return


def properties(tree, node):
    """name -> value"""
    found = {}
    offset = tree.first_property_offset(node, [libfdt.NOTFOUND])
    while offset >= 0:
        prop = tree.get_property_by_offset(offset)
        found[prop.name] = bytes(prop)
        offset = tree.next_property_offset(offset, [libfdt.NOTFOUND])
    return found


def path_of(tree, node):
    if node == 0:
        return "/"
    return path_of(tree, tree.parent_offset(node)).rstrip("/") + "/" + tree.get_name(node)


def is_mmu(tree, node):
    """One that the driver takes: Xen passes over what is disabled or xen,passthrough."""
    found = properties(tree, node)
    compatible = found.get("compatible", b"").decode(errors="replace")
    return (any(name in COMPATIBLE for name in compatible.split("\0"))
            and found.get("status", b"okay\0") in (b"okay\0", b"ok\0")
            and "xen,passthrough" not in found)


def mmus_before(tree, master):
    """The nodes of the MMUs that a device stands behind; none if it is behind something else
    as well, since Xen gives it all or none."""
    value = properties(tree, master).get("iommus", b"")
    words = struct.unpack(f">{len(value) // 4}I", value[:len(value) & ~3])
    found = [tree.node_offset_by_phandle(word, [libfdt.NOTFOUND]) for word in words if word]
    return found if all(node >= 0 and is_mmu(tree, node) for node in found) else []


def put_back(host, dom0):
    """Into dom0's tree: the MMUs in front of its devices. Returns their paths."""
    dom0.resize(dom0.totalsize() + host.totalsize() + SPARE)
    added = []
    for master in nodes(host):
        behind = mmus_before(host, master)
        if not behind or "xen,passthrough" in properties(host, master):
            continue
        path = path_of(host, master)
        theirs = dom0.path_offset(path, [libfdt.NOTFOUND])
        if theirs < 0:
            raise Mistake(f"dom0's tree has no {path}, which is not xen,passthrough: "
                          "it was not made of this host's tree")
        dom0.setprop(theirs, "iommus", properties(host, master)["iommus"])
        for mmu in behind:
            path = path_of(host, mmu)
            if path not in added:
                refuse_what_shows(dom0, path)
                add_node(host, mmu, dom0)
                added.append(path)
    if not added:
        raise Mistake("the host's tree has no device behind an MMU that is dom0's: "
                      "all of them are xen,passthrough, or their MMUs are disabled")
    dom0.pack()
    return added


def refuse_what_shows(dom0, mmu):
    """Such a tree is not what Xen makes of the host's now: its other words may be wrong, too."""
    if dom0.path_offset(mmu, [libfdt.NOTFOUND]) >= 0:
        raise Mistake(f"dom0's tree has {mmu} already, which Xen hides: it is the host's, or stood "
                      "behind dom0's kernel (take /sys/firmware/fdt of a boot of the kernel "
                      "without a tree), or Xen is patched, and needs no such kernel")


def add_node(host, node, dom0):
    """A copy, and copies of those around it that are not there. Returns its offset."""
    there = dom0.path_offset(path_of(host, node), [libfdt.NOTFOUND])
    if there < 0:
        around = add_node(host, host.parent_offset(node), dom0)
        there = dom0.add_subnode(around, host.get_name(node))
        for name, value in properties(host, node).items():
            dom0.setprop(there, name, value)
    return there


def append(path, blob):
    """The kernel in that file with a tree behind it. Xen copies what the zImage's header says."""
    with open(path, "rb") as f:
        kernel = f.read()
    if kernel[ZIMAGE_MAGIC_AT:ZIMAGE_START_AT] != struct.pack("<I", ZIMAGE_MAGIC):
        raise Mistake(f"{path}: it is not a zImage for 32-bit Arm: take the kernel's "
                      "arch/arm/boot/zImage, or Debian's /boot/vmlinuz-*-armmp")
    if len(kernel) < ZIMAGE_START_AT + 8:
        raise Mistake(f"{path}: the kernel is cut short")
    start, end = struct.unpack_from("<II", kernel, ZIMAGE_START_AT)
    if end - start != len(kernel):
        raise Mistake(f"{path}: it has {len(kernel)} bytes, and its header says {end - start}: "
                      "something is behind the kernel already")
    return (kernel[:ZIMAGE_START_AT] + struct.pack("<II", start, end + len(blob))
            + kernel[ZIMAGE_START_AT + 8:] + blob)


def main():
    if len(sys.argv) != 5:
        sys.exit("usage: dom0-tree.py HOST-TREE DOM0-TREE KERNEL OUT")
    host, dom0, kernel, out = sys.argv[1:]
    try:
        tree = load(dom0)
        added = put_back(load(host), tree)
        image = append(kernel, bytes(tree.as_bytearray()[:tree.totalsize()]))
        with open(out + ".new", "wb") as f:
            f.write(image)
        os.replace(out + ".new", out)
    except (Mistake, OSError) as error:
        sys.exit(f"dom0-tree.py: {error}")
    except libfdt.FdtException as error:
        sys.exit(f"dom0-tree.py: {host}: its MMUs cannot be put into dom0's tree: {error}")
    print(f"{out}: dom0 will see {', '.join(added)}")


if __name__ == "__main__":
    main()
