# SPDX-License-Identifier: GPL-2.0-only
"""A device tree as nodes and properties, read from and written to a blob by libfdt."""
import copy
import itertools
import struct

import libfdt

MAX_DEPTH = 64
# libfdt for Python makes room as it goes, but not for the last step.
ROOM = 1 << 20
# Of a board's tree: those of Linux have 130 KiB at most.
MOST = 4 << 20
REMEDY = "take the file as the kernel's package has it"


class Mistake(Exception):
    """What the user can mend: a sentence that names the node and the remedy."""


def words(*numbers):
    """Cells of a property."""
    return struct.pack(f">{len(numbers)}I", *numbers)


def text(*strings):
    return b"".join(s.encode() + b"\0" for s in strings)


def value(what):
    """A property's bytes, of a string, several, a cell, several, True, or bytes."""
    if isinstance(what, bytes):
        return what
    if what is True:
        return b""
    what = what if isinstance(what, (list, tuple)) else [what]
    return text(*what) if what and isinstance(what[0], str) else words(*what)


class Node:
    """name, parent (None: the root), children, and props: name -> bytes."""

    def __init__(self, name, parent=None):
        self.name, self.parent = name, parent
        self.children, self.props = [], {}

    @property
    def path(self):
        above = self.parent.path if self.parent else ""
        return (above.rstrip("/") + "/" + self.name) if self.parent else "/"

    def add(self, name, props=None):
        """A new child, with these properties: see value()."""
        child = Node(name, self)
        self.children.append(child)
        child.set(props or {})
        return child

    def set(self, props):
        self.props.update((name, value(what)) for name, what in props.items())

    def remove(self):
        self.parent.children.remove(self)

    def walk(self):
        """Itself and all below."""
        yield self
        for child in self.children:
            yield from child.walk()

    def above(self):
        """From its parent to the root."""
        node = self.parent
        while node:
            yield node
            node = node.parent

    def cells(self, name):
        """A property's cells; none if it has no such property."""
        found = self.props.get(name, b"")
        if len(found) % 4:
            raise Mistake(f"{self.path}: its {name} has {len(found)} bytes, which are not cells "
                          "(mend the board's tree)")
        return list(struct.unpack(f">{len(found) // 4}I", found))

    def cell(self, name, default):
        found = self.cells(name)
        return found[0] if found else default

    def strings(self, name):
        return self.props.get(name, b"").decode("ascii", errors="replace").split("\0")[:-1]

    def is_a(self, *compatible):
        return any(c in self.strings("compatible") for c in compatible)

    def enabled(self):
        return self.strings("status") in ([], ["okay"], ["ok"])


class Tree:
    """All nodes, by path and by phandle. reserved: /memreserve/, (address, size)."""

    def __init__(self, root=None, reserved=()):
        self.root, self.reserved = root or Node(""), reserved
        self.index()

    def index(self):
        self.by_path = {node.path: node for node in self.root.walk()}
        self.by_phandle = {node.cell("phandle", 0): node for node in self.root.walk()
                           if "phandle" in node.props}

    def copy(self):
        return Tree(copy.deepcopy(self.root), self.reserved)

    def phandle(self, node):
        """The node's; it is given one if it has none."""
        if "phandle" not in node.props:
            number = next(n for n in itertools.count(1) if n not in self.by_phandle)
            node.props["phandle"] = words(number)
            self.by_phandle[number] = node
        return node.cell("phandle", 0)

    def references(self, node, name, count):
        """The (node, cells) that a property names. count: the property of what is named that
        says how many cells follow, or that number."""
        found, cells = [], node.cells(name)
        while cells:
            target = self.by_phandle.get(cells[0])
            if not target:
                raise Mistake(f"{node.path}: its {name} names phandle {cells[0]:#x}, which no "
                              "node has (mend the board's tree)")
            size = target.cell(count, 0) if isinstance(count, str) else count
            if len(cells) <= size:
                raise Mistake(f"{node.path}: its {name} ends in the middle of an entry "
                              "(mend the board's tree)")
            found.append((target, cells[1:1 + size]))
            cells = cells[1 + size:]
        return found

    def blob(self):
        out = libfdt.FdtSw(ROOM)
        for window in self.reserved:
            out.add_reservemap_entry(*window)
        out.finish_reservemap()
        write_node(out, self.root)
        tree = out.as_fdt()
        tree.pack()
        return bytes(tree.as_bytearray()[:tree.totalsize()])


def write_node(out, node):
    with out.add_node(node.name):
        for name, found in node.props.items():
            out.property(name, found)
        for child in node.children:
            write_node(out, child)


def read_node(fdt, offset, parent, name):
    if not name.isascii() or not name.isprintable() or "/" in name:
        raise ValueError(f"{name!r} is not the name of a node")
    node = Node(name, parent)
    prop = fdt.first_property_offset(offset, [libfdt.NOTFOUND])
    while prop >= 0:
        found = fdt.get_property_by_offset(prop)
        node.props[found.name] = bytes(found)
        prop = fdt.next_property_offset(prop, [libfdt.NOTFOUND])
    return node


def read_nodes(fdt):
    """The root, with all below."""
    stack = [read_node(fdt, 0, None, "")]
    root = stack[0]
    offset, depth = fdt.next_node(0, 0, [libfdt.NOTFOUND])
    while offset >= 0 and depth > 0:
        if depth > MAX_DEPTH:
            raise ValueError("its nodes are nested too deep")
        del stack[depth:]
        node = read_node(fdt, offset, stack[-1], fdt.get_name(offset))
        stack[-1].children.append(node)
        stack.append(node)
        offset, depth = fdt.next_node(offset, depth, [libfdt.NOTFOUND])
    return root


def parse(path, data):
    """The tree in a file's bytes."""
    try:
        fdt = libfdt.Fdt(data)
    except (libfdt.FdtException, ValueError) as error:
        raise Mistake(f"{path}: it is not a device tree blob ({REMEDY})") from error
    if fdt.totalsize() > len(data):
        raise Mistake(f"{path}: it is cut short: it has {len(data)} bytes, and its header says "
                      f"{fdt.totalsize()} ({REMEDY})")
    try:
        # Without this libfdt for Python reads beyond a tree that is broken.
        libfdt.check_err(libfdt.fdt_check_full(fdt.as_bytearray(), len(data)))
        reserved = [tuple(fdt.get_mem_rsv(n)[-2:]) for n in range(fdt.num_mem_rsv())]
        return Tree(read_nodes(fdt), reserved)
    # SystemError: a property's name is not text.
    except (libfdt.FdtException, ValueError, SystemError) as error:
        raise Mistake(f"{path}: it is broken: {error} ({REMEDY})") from error
