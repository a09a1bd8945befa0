# SPDX-License-Identifier: GPL-2.0-only
"""Where nodes are, as a CPU sees it."""
import collections

PAGE = 0x1000
MIB = 1 << 20

Window = collections.namedtuple("Window", "address size")


def number(cells):
    value = 0
    for cell in cells:
        value = value << 32 | cell
    return value


def entries(cells, *sizes):
    """Numbers of so many cells each; what is too short at the end is left out."""
    width = sum(sizes)
    for at in range(0, len(cells) - width + 1, width) if width else []:
        entry = []
        for size in sizes:
            entry.append(number(cells[at:at + size]))
            at += size
        yield entry


def on_parent(bus, address):
    """An address on that node's bus, on the bus above; None if it does not get there."""
    if "ranges" not in bus.props:
        return None
    if not bus.props["ranges"]:
        return address
    sizes = (bus.cell("#address-cells", 2), bus.parent.cell("#address-cells", 2),
             bus.cell("#size-cells", 1))
    for child, parent, size in entries(bus.cells("ranges"), *sizes):
        if child <= address < child + size:
            return address - child + parent
    return None


def translate(node, address):
    for bus in node.above():
        if address is None or not bus.parent:
            break
        address = on_parent(bus, address)
    return address


def windows(node, limit=1 << 32):
    """Those of its reg that a CPU can reach, below that address."""
    bus = node.parent
    if not bus or not node.props.get("reg"):
        return []
    found = [(translate(node, address), size) for address, size in entries(
        node.cells("reg"), bus.cell("#address-cells", 2), bus.cell("#size-cells", 1))]
    return [Window(address, size) for address, size in found
            if address is not None and (limit is None or address + size <= limit)]


def first(address):
    return address & ~(PAGE - 1)


def pages(window):
    """The whole pages that a window lies in."""
    start = first(window.address)
    return Window(start, first(window.address + max(window.size, 1) + PAGE - 1) - start)


def overlap(a, b):
    return a.address < b.address + b.size and b.address < a.address + a.size


def joined(found):
    """The windows in order, those that touch as one."""
    result = []
    for window in sorted(found):
        last = result[-1] if result else None
        if last and window.address <= last.address + last.size:
            end = max(last.address + last.size, window.address + window.size)
            result[-1] = Window(last.address, end - last.address)
        else:
            result.append(window)
    return result


def text_of(window):
    return f"{window.address:#010x}-{window.address + window.size - 1:#010x}"
