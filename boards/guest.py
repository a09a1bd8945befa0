# SPDX-License-Identifier: GPL-2.0-only
"""The guest's trees.

Without a toolstack there are two. Xen reads the partial one to see what the guest gets, and
makes a tree for the guest of it, without pools. The whole one has them: it is appended to the
guest's kernel, and Linux takes it in place of Xen's. For xl there is a partial one, with the
nodes that Linux uses.
"""
import address
import host
import interrupts
import soc
from address import Window
from blob import Tree

# Of the GIC in a partial tree. xl has this one; without a toolstack Xen takes any up to 0xfde6.
XL_GIC, GIC = 0xfde8, 0xfde6

# In a control page (docs/boards.md).
SCM, SCM_SIZE, BOOT = 0x300, 0x100, 4

TIMER_WORDS = ("ti,timer-alwon", "ti,timer-dsp", "ti,timer-pwm", "ti,timer-secure")
CHANNEL_WORDS = ("ti,mbox-tx", "ti,mbox-rx", "ti,mbox-send-noirq")
CELLS = {"#address-cells": 2, "#size-cells": 2}
MAILBOX_WORDS = ("#mbox-cells", "ti,mbox-num-users", "ti,mbox-num-fifos")


def reg(*windows):
    """Of two cells each, as all nodes here have them."""
    return [cell for w in windows for cell in (0, w.address, 0, w.size)]


class Builder:
    """Of the nodes of one guest: where(window) is where the guest has it; lines(node): its
    interrupts, at the guest's GIC."""

    def __init__(self, tree, bus, plan, where, gic):
        self.tree, self.bus, self.plan, self.where, self.gic = tree, bus, plan, where, gic
        self.done = {}      # path of the board's node -> node

    def ref(self, node):
        return self.tree.phandle(node)

    def node(self, kind, windows, compatible):
        """With reg, at what the guest sees."""
        found = [self.where(w) for w in windows]
        node = self.bus.add(f"{kind}@{found[0].address:x}" if found else kind,
                       {"compatible": compatible})
        if found:
            node.set({"reg": reg(*found)})
        return node

    def interrupts(self, node, board):
        node.set({"interrupt-parent": self.gic,
                  "interrupts": [cell for line in self.plan.lines(board) for cell in line]})

    def device(self, board, make):
        if board.path not in self.done:
            self.done[board.path] = make(board)
        return self.done[board.path]


def add_clock(parent):
    return parent.add("clock", {"compatible": "fixed-clock", "#clock-cells": 0,
                                "clock-frequency": 24000000})


def add_syscon(b, mmu):
    """DSP_SYSTEM, which has a bit for each of a DSP's MMUs: it traps."""
    def make(board):
        return b.node("dsp-system", address.windows(board)[:1], "syscon")
    (board, (bit,)), = b.plan.tree.references(mmu, "ti,syscon-mmuconfig", 1)
    return [b.ref(b.device(board, make)), bit]


def add_mmu(b, mmu):
    node = b.node("mmu", address.windows(mmu)[:1], mmu.props["compatible"])
    b.interrupts(node, mmu)
    node.set({"#iommu-cells": 0, "ti,#tlb-entries": host.TLB_ENTRIES})
    if "ti,iommu-bus-err-back" in mmu.props:
        node.set({"ti,iommu-bus-err-back": True})
    if "ti,syscon-mmuconfig" in mmu.props:
        node.set({"ti,syscon-mmuconfig": add_syscon(b, mmu)})
    return node


def add_control(b, processor):
    """Resets and boot register, which stand in for the PRCM and the control module."""
    page = b.plan.control[processor.name]
    reset = b.bus.add(f"reset-controller@{page:x}", {
        "compatible": "snps,dw-high-reset", "reg": reg(Window(page, 4)), "#reset-cells": 1})
    if processor.boot_shift is None:
        return reset, None
    return reset, b.bus.add(f"scm-conf@{page + SCM:x}", {
        "compatible": "syscon", "reg": reg(Window(page + SCM, SCM_SIZE))})


def some(board, names):
    """Those properties of the board's node."""
    return {name: board.props[name] for name in names if name in board.props}


def add_mailbox(b, board):
    def make(_):
        node = b.node("mailbox", address.windows(board)[:1], board.props["compatible"])
        b.interrupts(node, board)
        node.set(some(board, MAILBOX_WORDS))
        return node
    return b.device(board, make)


def add_channel(b, board):
    def make(_):
        return add_mailbox(b, board.parent).add(board.name, some(board, CHANNEL_WORDS))
    return b.device(board, make)


def add_timer(b, clock, board):
    def make(_):
        node = b.node("timer", address.windows(board), board.props["compatible"])
        b.interrupts(node, board)
        node.set({"clocks": [b.ref(clock), b.ref(clock)], "clock-names": ["fck", "timer_sys_ck"]})
        node.set(some(board, TIMER_WORDS))
        return node
    return b.device(board, make)


def add_processor(b, processor, clock, pools):
    """The node that Linux's remoteproc driver takes, with all that it names."""
    board = processor.node
    mmus = [b.done[mmu.path] for mmu in processor.mmus]
    channel = add_channel(b, processor.channel)
    reset, scm = add_control(b, processor)
    node = b.node(board.name.partition("@")[0], address.windows(board),
                  board.props["compatible"])
    node.set(some(board, ("reg-names", "firmware-name")))
    count = len(board.cells("resets")) // 2
    node.set({"iommus": [b.ref(mmu) for mmu in mmus],
              "mboxes": [b.ref(channel.parent), b.ref(channel)], "clocks": b.ref(clock),
              "resets": [cell for n in range(count) for cell in (b.ref(reset), n)]})
    if scm:
        node.set({"ti,bootreg": [b.ref(scm), BOOT, processor.boot_shift]})
    for name, timers in (("ti,timers", processor.timers),
                         ("ti,watchdog-timers", processor.watchdogs)):
        if timers:
            node.set({name: [b.ref(add_timer(b, clock, timer)) for timer in timers]})
    if pools:
        node.set({"memory-region": [b.ref(pool) for pool in pools]})


def add_processors(b, guest, pools):
    """Their bus is one that Linux populates late, and the MMUs are before the processors: Linux
    6.1 does not bring up two MMUs whose processors it knows before. While an MMU on it is
    attached the bus counts as powered, without which omap_remoteproc does not mark its
    processor as running."""
    clock = add_clock(b.bus)
    for processor in guest.processors:
        for mmu in processor.mmus:
            b.device(mmu, lambda board: add_mmu(b, board))
    for processor in guest.processors:
        add_processor(b, processor, clock,
                      [pools[pool.path] for pool in processor.pools if pool.path in pools])


def add_pools(tree, guest):
    found = {pool.path: pool for p in guest.processors for pool in p.pools}
    if not found:
        return {}
    parent = tree.root.add("reserved-memory", {**CELLS, "ranges": True})
    nodes = {}
    for path, pool in found.items():
        window = address.windows(pool)[0]
        nodes[path] = parent.add(f"{pool.name.partition('@')[0]}@{window.address:x}",
                                 {"reg": reg(window),
                                  **some(pool, ("compatible", "reusable", "no-map"))})
    return nodes


def add_gic(tree, plan):
    """A direct-mapped guest has it where the host has."""
    distributor, interface = address.windows(plan.routing.gic)[:2]
    return tree.phandle(tree.root.add(f"interrupt-controller@{distributor.address:x}", {
        "compatible": "arm,cortex-a15-gic",
        "reg": reg(Window(distributor.address, 0x1000), Window(interface.address, 0x2000)),
        "#interrupt-cells": 3, "#address-cells": 0, "interrupt-controller": True}))


def add_uart(tree, plan):
    """Xen's, for the guest, in the page and with the interrupt of the host's."""
    if not plan.console:
        return
    window = address.windows(plan.console)[0]
    line = plan.lines(plan.console)[0]
    tree.root.add(f"serial@{window.address:x}", {
        "compatible": "arm,sbsa-uart", "reg": reg(Window(window.address, address.PAGE)),
        "interrupts": [interrupts.SPI, line[1], 4], "current-speed": 115200})


def add_platform(tree):
    cpus = tree.root.add("cpus", {"#address-cells": 1, "#size-cells": 0})
    cpus.add("cpu@0", {"device_type": "cpu", "compatible": "arm,cortex-a15", "reg": 0})
    tree.root.add("psci", {"compatible": ["arm,psci-1.0", "arm,psci-0.2"], "method": "hvc"})
    tree.root.add("timer", {"compatible": "arm,armv7-timer", "interrupts": [
        cell for number in (13, 14, 11, 10) for cell in (1, number, 0xf08)]})


def add_memory(tree, banks):
    tree.root.add(f"memory@{banks[0].address:x}", {
        "device_type": "memory", "reg": reg(*banks)})


def in_place(window):
    return window


def whole(plan, guest, bootargs, ramdisk):
    """Linux's whole tree. ramdisk: where Xen puts it, or None."""
    tree = Tree()
    tree.root.set({"model": f"Guest with {', '.join(p.name for p in guest.processors)}",
                   "compatible": "linux,dummy-virt", **CELLS})
    chosen = tree.root.add("chosen", {"bootargs": bootargs})
    if ramdisk:
        chosen.set({"linux,initrd-start": ramdisk.address,
                    "linux,initrd-end": ramdisk.address + ramdisk.size})
    add_platform(tree)
    add_memory(tree, guest.banks)
    gic = add_gic(tree, plan)
    tree.root.set({"interrupt-parent": gic})
    add_uart(tree, plan)
    pools = add_pools(tree, guest)
    bus = tree.root.add("processors", {"compatible": "simple-pm-bus", **CELLS, "ranges": True})
    add_processors(Builder(tree, bus, plan, in_place, gic), guest, pools)
    return tree


def passthrough(tree, compatible):
    tree.root.set(CELLS)
    return tree.root.add("passthrough", {**compatible, **CELLS, "ranges": True})


def partial(plan, guest, paths):
    """What Xen maps and assigns. paths: where the host's tree has the board's nodes."""
    tree = Tree()
    tree.root.add("gic", {"phandle": GIC})
    bus = passthrough(tree, {})
    for board in [*(p.node for p in guest.processors), *guest.devices]:
        found = [address.pages(w) for w in address.windows(board)]
        node = bus.add(f"given-{len(bus.children)}", {
            "xen,path": paths[board.path],
            "xen,reg": [cell for w in address.joined(found)
                        for cell in (0, w.address, 0, w.size, 0, w.address)]})
        if not soc.name_of(board):
            node.set({"xen,force-assign-without-iommu": True})
    return tree


def for_xl(plan, guest, where):
    """where(window): the address at which xl maps it. xl takes /passthrough of it; the GIC that is
    named there is xl's."""
    tree = Tree()
    tree.root.add("gic", {"phandle": XL_GIC, "interrupt-controller": True, "#interrupt-cells": 3,
                          "#address-cells": 0})
    tree.index()
    bus = passthrough(tree, {"compatible": "simple-pm-bus"})
    add_processors(Builder(tree, bus, plan, where, XL_GIC), guest, {})
    return tree
