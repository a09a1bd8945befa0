# SPDX-License-Identifier: GPL-2.0-only
"""The host's tree: what Xen is given.

For guests without a toolstack, and without dom0, it has what Xen needs and no more. For xl it
is the board's own, changed.
"""
import address
import interrupts
import soc
from blob import text, words

# What is kept of a node in the small tree. All that names another node is in REFERENCES.
KEPT = """compatible reg ranges #address-cells #size-cells status device_type phandle model
          interrupts interrupt-parent interrupt-controller #interrupt-cells #reset-cells
          #clock-cells #iommu-cells clock-frequency current-speed
          arm,cpu-registers-not-fw-configured enable-method ti,iommu-bus-err-back no-map""".split()
REFERENCES = {"iommus": "#iommu-cells", "resets": "#reset-cells", "clocks": "#clock-cells",
              "ti,bootreg": 2, "ti,syscon-mmuconfig": 1}

# The only one of TI's UARTs that Xen has a driver for; the others have its registers.
UART = "ti,omap4-uart"

TLB_ENTRIES = 8


def processors(tree):
    """All of the board that Xen is to know: it holds those in reset that nobody is given."""
    return [node for node in soc.by_name(tree).values() if node.enabled()]


def given_pools(plan):
    return {pool.path for guest in plan.guests for p in guest.processors for pool in p.pools}


def needed(tree, plan):
    """The nodes of the small tree, by path, without those around them."""
    found = [node for node in tree.root.walk()
             if node.strings("device_type") in (["memory"], ["cpu"]) or node.is_a(*interrupts.GICS)
             or node is tree.by_path[plan.timer.path]]
    found += [tree.by_path[node.path] for guest in plan.guests for node in guest.devices]
    found += [node for node in tree.root.walk() if node.parent and node.parent.path == soc.RESERVED
              and node.enabled() and address.windows(node) and node.path not in given_pools(plan)]
    found += [tree.by_path[plan.console.path]] if plan.console else []
    for processor in processors(tree):
        mmus = soc.targets(tree, processor, "iommus", "#iommu-cells")
        found += [processor, *mmus, *(mmu.parent for mmu in mmus)]
        for node in [processor, *mmus, *(mmu.parent for mmu in mmus)]:
            found += [target for name, count in REFERENCES.items() if name in refers(node)
                      for target, _ in tree.references(node, name, count)]
    return {node.path for node in found}


def refers(node):
    """Which of a node's references the driver reads."""
    if node.is_a("ti,sysc"):
        return ["resets"]
    return list(REFERENCES) if soc.name_of(node) or node.is_a(*soc.MMUS) else []


def prune(tree, plan):
    keep = needed(tree, plan)
    keep |= {above.path for path in keep for above in tree.by_path[path].above()}
    for node in list(tree.root.walk()):
        if node.parent and node.path not in keep:
            node.remove()
    for node in tree.root.walk():
        names = KEPT + refers(node)
        node.props = {name: value for name, value in node.props.items() if name in names}
    tree.index()


def apply_edits(tree, edits):
    for path, props in edits.items():
        node = tree.by_path.get(path)
        for name, value in props.items() if node else ():
            if value is None:
                node.props.pop(name, None)
            else:
                node.props[name] = value


def mark(tree, plan):
    """What the driver and Xen read of what is given. Xen has no other timer than that of the
    CPUs, which DRA7's trees disable."""
    tree.by_path[plan.timer.path].props.pop("status", None)
    for mmu in (node for node in tree.root.walk() if node.is_a(*soc.MMUS)):
        mmu.set({"ti,#tlb-entries": TLB_ENTRIES})
    for guest in plan.guests:
        for processor in guest.processors:
            node = tree.by_path[processor.node.path]
            node.set({"xen,passthrough": True, "xen,omap-control": plan.control[processor.name]})
        for device in guest.devices:
            tree.by_path[device.path].set({"xen,passthrough": True})


def set_console(tree, plan):
    """Xen's driver for the UART, and room for the guests' own, which Xen 4.17 puts into its page:
    it refuses a UART with less than a page."""
    if not plan.console:
        return
    uart = tree.by_path[plan.console.path]
    if not uart.is_a(UART) and any(name.startswith("ti,") for name in uart.strings("compatible")):
        uart.props["compatible"] += text(UART)
    cells = uart.cells("reg")
    size = uart.parent.cell("#size-cells", 1)
    at = uart.parent.cell("#address-cells", 2) + size
    if len(cells) >= at and cells[at - 1] < address.PAGE:
        cells[at - 1] = address.PAGE
        uart.set({"reg": cells})


def xen_args(plan):
    return f"console=dtuart dtuart={plan.console.path}" if plan.console else "console=dtuart"


def chosen(tree, plan):
    node = tree.by_path.get("/chosen") or tree.root.add("chosen")
    node.props = {name: value for name, value in node.props.items() if name == "stdout-path"}
    node.children.clear()
    node.set({"xen,xen-bootargs": xen_args(plan)})
    return node


def add_module(parent, kind, where, bootargs=None):
    module = parent.add(f"{kind}@{where.address:x}", {
        "compatible": [f"multiboot,{kind}", "multiboot,module"],
        "reg": [0, where.address, 0, where.size]})
    if bootargs is not None:
        module.set({"bootargs": bootargs})


def add_guest(parent, plan, guest):
    node = parent.add(guest.name, {
        "compatible": "xen,domain", "#address-cells": 2, "#size-cells": 2, "cpus": 1,
        "memory": [0, sum(bank.size for bank in guest.banks) // 1024], "direct-map": True,
        "xen,static-mem": [cell for w in guest.banks for cell in (0, w.address, 0, w.size)]})
    if plan.console:
        node.set({"vpl011": True})
    for kind in (kind for name, kind in plan.loads if name == guest.name):
        add_module(node, kind, plan.loads[guest.name, kind], "" if kind == "kernel" else None)


def rename(node):
    """dtc warns of a name with an address and no reg, and of the reverse."""
    name, _, unit = node.name.partition("@")
    cells = node.cells("reg")[:node.parent.cell("#address-cells", 2)]
    cells = cells or node.cells("ranges")[:node.cell("#address-cells", 2)]
    if unit and not cells and "ranges" not in node.props:
        node.name = f"{name}-{unit}"
    elif cells and (not unit or name == "memory"):
        node.name = f"{name}@{address.number(cells):x}"


def mend(tree):
    """What dtc warns of in the board's own tree. Returns the paths, old to new."""
    old = {id(node): node.path for node in tree.root.walk()}
    for node in tree.root.walk():
        if node.parent:
            rename(node)
        if "interrupt-controller" in node.props:
            node.props.setdefault("#address-cells", words(0))
    tree.index()
    return {old[id(node)]: node.path for node in tree.root.walk()}


def follow(tree, plan, paths):
    """The paths that stand in properties."""
    for node in tree.root.walk():
        for name in ("stdout-path", "xen,xen-bootargs"):
            if name in node.props and plan.console:
                node.props[name] = node.props[name].replace(
                    plan.console.path.encode(), paths[plan.console.path].encode())


def small(plan):
    """For guests without a toolstack. Returns the tree, and where it has the board's nodes:
    path -> path."""
    tree = plan.tree.copy()
    prune(tree, plan)
    apply_edits(tree, plan.routing.edits)
    mark(tree, plan)
    set_console(tree, plan)
    parent = chosen(tree, plan)
    if plan.console:
        parent.set({"stdout-path": plan.console.path})
    for guest in plan.guests:
        add_guest(parent, plan, guest)
    paths = mend(tree)
    follow(tree, plan, paths)
    return tree, paths


def pools(tree):
    """Memory at fixed addresses that Linux gives to devices' drivers."""
    return [node for node in tree.root.walk() if node.parent and node.parent.path == soc.RESERVED
            and node.is_a(soc.POOL) and "reg" in node.props]


def drop_pools(tree, plan):
    """For dom0, whose RAM is where Xen finds some: its Linux would use pages there that it does
    not have."""
    gone = pools(tree) + [tree.by_path[path] for path in given_pools(plan)]
    numbers = {node.cell("phandle", 0) for node in gone} - {0}
    for node in tree.root.walk():
        named = node.cells("memory-region")
        if numbers & set(named):
            left = [number for number in named if number not in numbers]
            node.props.pop("memory-region")
            # By their order they would name others.
            node.props.pop("memory-region-names", None)
            if left:
                node.set({"memory-region": left})
    for node in {node.path: node for node in gone}.values():
        node.remove()
    for node in list(tree.root.children):
        if node.name == "reserved-memory" and not node.children:
            node.remove()


def hide_modules(tree, plan):
    """The module around a device that is given has its page, too."""
    for guest in plan.guests:
        for device in guest.devices:
            for module in tree.by_path[device.path].above():
                if module.is_a("ti,sysc"):
                    module.set({"xen,passthrough": True})


def full(plan, moved, spares):
    """For xl: with dom0. moved: path of an MMU's node -> where guests see it; spares: the
    interrupts that nothing has, one for a guest that needs one."""
    tree = plan.tree.copy()
    apply_edits(tree, plan.routing.edits)
    mark(tree, plan)
    for controller in plan.routing.controllers:
        if controller.is_a(interrupts.CROSSBAR):
            # Linux would lead all sources elsewhere.
            tree.by_path[controller.path].set({"status": "disabled"})
    for path, where in moved.items():
        tree.by_path[path].set({"xen,guest-address": where})
    set_console(tree, plan)
    hide_modules(tree, plan)
    drop_pools(tree, plan)
    for number in spares:
        tree.root.add(f"spare-interrupt-{number}", {
            "compatible": "xen-omap-iommu,spare-interrupt",
            "interrupt-parent": tree.phandle(tree.by_path[plan.routing.gic.path]),
            "interrupts": [interrupts.SPI, number, 4], "xen,passthrough": True})
    parent = chosen(tree, plan)
    parent.set({"#address-cells": 2, "#size-cells": 2,
                "xen,dom0-bootargs": "console=hvc0 clk_ignore_unused"})
    add_module(parent, "kernel", plan.xl_loads["", "kernel"])
    add_module(parent, "ramdisk", plan.xl_loads["", "ramdisk"])
    return tree
