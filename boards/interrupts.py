# SPDX-License-Identifier: GPL-2.0-only
"""Interrupts by way of the GIC, which is the only controller that Xen supports.

OMAP5's wake-up generator hands a line on to the GIC's of the same number. DRA7's crossbar
leads a source to one of the GIC's inputs: a register of 16 bits for each input selects the
source. An input is chosen here for each source, and the boot loader writes the registers.
"""
import dataclasses
import struct

import address
from blob import Mistake, words

GICS = ("arm,cortex-a15-gic", "arm,gic-400", "arm,cortex-a7-gic")
WAKE_UP, CROSSBAR = "ti,omap4-wugen-mpu", "ti,irq-crossbar"
SPI, MAX_SPIS = 0, 988
# The GIC's maintenance interrupt, for a hypervisor: the Cortex-A15's and A7's. Xen
# does not boot without it, and OMAP5's trees do not name it.
MAINTENANCE = (1, 9, 0x304)


@dataclasses.dataclass
class Crossbar:
    node: object
    registers: dict         # input -> address
    free: list              # inputs that nothing has
    last_source: int
    inputs: dict            # source -> input


@dataclasses.dataclass
class Routing:
    gic: object
    controllers: list       # those that Xen is not to see
    crossbar: object
    edits: dict             # path -> {property: value, or None: it goes}
    lost: list              # (path, source): of enabled nodes

    def writes(self):
        """(address, source, input) of the crossbar's registers."""
        bar = self.crossbar
        return [(bar.registers[line], source, line)
                for source, line in sorted(bar.inputs.items())] if bar else []

    def lines(self, node):
        """The GIC's specifiers of a node: (kind, number, flags)."""
        cells = self.edits.get(node.path, {}).get("interrupts")
        return list(struct.iter_unpack(">3I", cells or b""))


def one(tree, *compatible):
    found = [node for node in tree.root.walk() if node.is_a(*compatible)]
    return found[0] if found else None


def controller(tree, node):
    """The one that a node's `interrupts` are of, as Linux finds it."""
    while node:
        named = node.cell("interrupt-parent", 0)
        node = tree.by_phandle.get(named) if named else node.parent
        if node and "#interrupt-cells" in node.props:
            return node
    return None


def specifiers(tree, node):
    """(controller, cells) for each interrupt of a node."""
    if "interrupts-extended" in node.props:
        return tree.references(node, "interrupts-extended", "#interrupt-cells")
    cells, parent = node.cells("interrupts"), controller(tree, node)
    if not cells:
        return []
    size = parent.cell("#interrupt-cells", 0) if parent else 0
    if not size or len(cells) % size:
        raise Mistake(f"{node.path}: its interrupts are not of a controller that can be found, or "
                      "end in the middle of one (mend the board's tree)")
    return [(parent, cells[at:at + size]) for at in range(0, len(cells), size)]


def read_crossbar(tree, taken):
    node = one(tree, CROSSBAR)
    if not node:
        return None
    size, found = node.cell("ti,reg-size", 0), address.windows(node)
    if not found or size != 2:
        raise Mistake(f"{node.path}: the crossbar has no reg, or its ti,reg-size is not 2 (mend "
                      "the board's tree)")
    count, reserved = node.cell("ti,max-irqs", 0), set(node.cells("ti,irqs-reserved"))
    # A reserved input has no register.
    with_register = [line for line in range(min(count, MAX_SPIS)) if line not in reserved]
    if count > MAX_SPIS or size * len(with_register) > found[0].size:
        raise Mistake(f"{node.path}: its ti,max-irqs is {count}, of which a GIC has {MAX_SPIS} at "
                      f"most and its reg registers for {found[0].size // size} (take it from TI's "
                      "tree)")
    registers = {line: found[0].address + size * n for n, line in enumerate(with_register)}
    no_use = {*node.cells("ti,irqs-skip"), *taken}
    return Crossbar(node, registers, [line for line in with_register if line not in no_use],
                    node.cell("ti,max-crossbar-sources", 0), {})


def direct_lines(tree):
    """The GIC's inputs that nodes name without the crossbar."""
    return [cells[1] for node in tree.root.walk() for parent, cells in safe_specifiers(tree, node)
            if parent.is_a(WAKE_UP, *GICS) and len(cells) == 3 and cells[0] == SPI]


def safe_specifiers(tree, node):
    """None for a node whose interrupts nobody can read: it is not asked for, and loses them."""
    try:
        return specifiers(tree, node)
    except Mistake:
        return []


class NoInput(Exception):
    """Why a source gets to no input of the GIC."""


def input_of(bar, source):
    if source not in bar.inputs:
        if not bar.free:
            raise NoInput(f"the crossbar has no free input for its source {source}")
        if source > bar.last_source:
            raise NoInput(f"source {source} is beyond the crossbar's last one, {bar.last_source}")
        bar.inputs[source] = bar.free.pop(0)
    return bar.inputs[source]


def at_gic(routing, parent, cells):
    """An interrupt's cells at the GIC; None: of another controller."""
    if parent is routing.gic:
        return cells
    if parent.is_a(WAKE_UP) and len(cells) == 3:
        return cells
    if routing.crossbar and parent is routing.crossbar.node and len(cells) == 3:
        return [cells[0], input_of(routing.crossbar, cells[1]),
                cells[2]] if cells[0] == SPI else cells
    return None


def reroute(tree, routing, node):
    """Records the node's properties of its interrupts for that."""
    name = "interrupts-extended" if "interrupts-extended" in node.props else "interrupts"
    found = [(parent, cells, at_gic(routing, parent, cells))
             for parent, cells in specifiers(tree, node)]
    edits = routing.edits.setdefault(node.path, {})
    if name == "interrupts":
        if found and found[0][2] is None:
            return
        edits[name] = words(*(cell for _, _, new in found for cell in new))
    else:
        gic = tree.phandle(routing.gic)
        edits[name] = words(*(cell for parent, old, new in found for cell in (
            (tree.phandle(parent), *old) if new is None else (gic, *new))))
        # What stands there as well is of no use beside it.
        if "interrupts" in node.props:
            edits["interrupts"] = None


def lines_or_why(tree, routing, node, what):
    """All interrupts of a node that a guest is given, at the GIC."""
    try:
        return [at_gic(routing, parent, cells) for parent, cells in specifiers(tree, node)]
    except NoInput as why:
        raise Mistake(f"{routing.crossbar.node.path}: {why}, an interrupt of {node.path}, {what} "
                      "(give fewer processors, or take inputs out of its ti,irqs-reserved or "
                      "ti,irqs-skip that nothing uses)") from None


def must_reroute(tree, routing, node, what):
    """For a node that a guest or Xen needs: its interrupts get to the GIC, or a reason. Those at
    the end that are of another controller, as the wake-up by a pin is, are left out."""
    lines = lines_or_why(tree, routing, node, what)
    while lines and lines[-1] is None:
        lines.pop()
    if not lines or None in lines:
        raise Mistake(f"{node.path}: {what}, and an interrupt of it does not get to the GIC (mend "
                      "its interrupts in the board's tree)")
    routing.edits[node.path] = {
        "interrupts": words(*(cell for line in lines for cell in line)),
        "interrupts-extended": None, "interrupt-parent": words(tree.phandle(routing.gic))}


def may_reroute(tree, routing, node):
    """For any other: what does not arrive is left out. One that is disabled takes no input."""
    if not {"interrupts", "interrupts-extended"} & set(node.props):
        return
    none = {"interrupts": None, "interrupts-extended": None}
    if not all(n.enabled() for n in [node, *node.above()]):
        routing.edits[node.path] = none
        return
    try:
        reroute(tree, routing, node)
    except (NoInput, Mistake) as lost:
        routing.edits[node.path] = none
        routing.lost.append((node.path, str(lost)))


def repoint(tree, routing):
    """Whoever names a controller that Xen does not know names the GIC."""
    hidden = [tree.phandle(node) for node in routing.controllers]
    for node in tree.root.walk():
        if node.cell("interrupt-parent", 0) in hidden:
            routing.edits.setdefault(node.path, {})["interrupt-parent"] = words(
                tree.phandle(routing.gic))


def route(tree, given):
    """given: (node, what it is), which come first."""
    gic = one(tree, *GICS)
    if not gic:
        raise Mistake("/: there is no GIC, such as arm,cortex-a15-gic, in this tree (take the tree "
                      "that the kernel's package has)")
    if len(address.windows(gic)) < 4:
        raise Mistake(f"{gic.path}: its reg has fewer than four entries, of which Xen needs the "
                      "last two (take them from TI's tree)")
    if gic.cell("#interrupt-cells", 0) != 3:
        raise Mistake(f"{gic.path}: its #interrupt-cells is not 3, as Xen needs it (take it from "
                      "TI's tree)")
    routing = Routing(gic, [n for n in tree.root.walk() if n.is_a(WAKE_UP, CROSSBAR)],
                      read_crossbar(tree, direct_lines(tree)), {}, [])
    for node, what in given:
        must_reroute(tree, routing, node, what)
    done = {node.path for node, _ in given}
    for node in tree.root.walk():
        if node.path not in done and node not in routing.controllers and node is not gic:
            may_reroute(tree, routing, node)
    repoint(tree, routing)
    if "interrupts" not in gic.props:
        routing.edits.setdefault(gic.path, {})["interrupts"] = words(*MAINTENANCE)
    return routing
