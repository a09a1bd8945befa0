# SPDX-License-Identifier: GPL-2.0-only
"""What the guests are given, what clashes, and what is left to do, as text."""
import address
import script
import soc
from address import MIB


def lines_told(plan, node):
    lines = [str(number) for _, number, _ in plan.lines(node)]
    return f", GIC input{'s' if len(lines) > 1 else ''} {', '.join(lines)}" if lines else ""


def windows_told(node):
    return ", ".join(address.told(w) for w in address.windows(node)) or "no registers"


def of_processor(plan, processor):
    yield f"  {processor.name}: {processor.node.path}: {windows_told(processor.node)}"
    for mmu in processor.mmus:
        yield (f"    MMU {mmu.path}: {windows_told(mmu)}{lines_told(plan, mmu)}; Xen's, "
               "the guest's accesses trap")
        if "ti,syscon-mmuconfig" in mmu.props:
            node = soc.targets(plan.tree, mmu, "ti,syscon-mmuconfig", 1)[0]
            yield f"    DSP_SYSTEM {node.path}: {windows_told(node)}; Xen's, it traps"
    page = plan.control[processor.name]
    yield f"    control page {page:#010x}: resets{', boot register' if processor.boot_shift is not None else ''}"
    for pool in processor.pools:
        yield f"    memory {pool.path}: {windows_told(pool)}"


def of_guest(plan, guest):
    yield f"{guest.name}:"
    for processor in guest.processors:
        yield from of_processor(plan, processor)
    for device in guest.devices:
        yield f"  {device.path}: {windows_told(device)}{lines_told(plan, device)}"
    yield f"  RAM without a toolstack: {', '.join(address.told(w) for w in guest.banks)}"


def of_mailboxes(plan):
    """Who else is served by a mailbox that is given."""
    given = {p.name for guest in plan.guests for p in guest.processors}
    for guest in plan.guests:
        for device in guest.devices:
            if not device.is_a("ti,omap4-mailbox"):
                continue
            others = [name for name, node in soc.by_name(plan.tree).items()
                      if name not in given and node.cells("mboxes")[:1] == device.cells("phandle")]
            if others:
                yield (f"{device.path}: it serves {', '.join(others)} too, which nobody else can "
                       f"have now: it is all {guest.name}'s.")


def of_memory(plan):
    for guest in plan.guests:
        for p in guest.processors:
            if not p.pools:
                yield (f"{p.node.path}: the board's tree names no memory for {p.name}: Linux takes it "
                       "from where it likes, and firmware that names an address does not run.")
            for pool in p.pools:
                yield (f"{pool.path}: firmware for {p.name} has this address in it. Without a "
                       "toolstack the guest has it there; with xl it does not.")
    yield ("What else of the board a firmware's resource table names, such as whole peripheral "
           "buses, is a hole but for the pages above.")


def of_interrupts(plan):
    for path, why in plan.routing.lost:
        yield f"{path}: its interrupts do not arrive: no way to the GIC ({why})."
    for node in plan.tree.root.walk():
        if "interrupt-map" in node.props and node.enabled():
            yield f"{node.path}: its interrupt-map is as it was; Xen does not read it."
    if plan.routing.writes():
        yield ("The interrupts of the crossbar arrive only if its registers were written as boot.cmd "
               "does: Xen does not write them.")


def of_clocks(plan):
    for path, at in script.timer_clocks(plan):
        yield f"{path}: nobody turns its clock on but boot.cmd, by {at:#x}."
    for guest in plan.guests:
        for p in guest.processors:
            for clock in soc.targets(plan.tree, p.node, "clocks", "#clock-cells"):
                if "assigned-clocks" in clock.props:
                    yield (f"{clock.path}: Linux would choose the parent of {p.name}'s clock "
                           "(assigned-clocks); on Xen it is what the boot loader left.")


def of_timer(plan):
    if not plan.timer.enabled():
        yield (f"{plan.timer.path}: the board's tree disables this timer: on DRA7 it may fail to wrap "
               "after 388 days (erratum i940). Xen has no other: reset the board before.")


def of_gic(plan):
    if "interrupts" not in plan.routing.gic.props:
        yield (f"{plan.routing.gic.path}: the board's tree does not name the interrupt by which a GIC "
               "tells of its guests, without which Xen does not boot: it is put in (PPI 9).")


def of_console(plan):
    if not plan.console:
        yield ("/chosen: no stdout-path: Xen has no console by this tree, and the guests have none "
               "(name one in the board's tree).")


def of_idle(plan):
    given = {p.name for guest in plan.guests for p in guest.processors}
    others = [name for name in soc.by_name(plan.tree) if name not in given]
    if others:
        yield (f"{', '.join(others)}: given to nobody. Without a toolstack Xen holds in reset those that "
               "are enabled; with xl they are dom0's.")


def of_xl(why):
    if why:
        yield f"No configuration for xl: {why}."
        return
    yield ("With xl a guest has no reserved-memory: processors take their memory from the guest's "
           "CMA area (cma=), at any address.")
    yield ("With xl dom0 has the PRCM. Its Linux may reset what a guest runs: see docs/boards.md, "
           '"dom0 beside it".')
    yield "dtc warns of xl/host.dtb what it warns of the board's own tree."


def section(title, lines):
    found = list(lines)
    return [title, "=" * len(title), *(found or ["nothing"]), ""]


def lines(plan, path, why_no_xl):
    found = section("Board", [f"{', '.join(plan.tree.root.strings('model'))} ({plan.family}): {path}"])
    found += section("What the guests are given", (line for g in plan.guests for line in of_guest(plan, g)))
    found += section("Where boot.cmd loads", (
        f"{address.told(w)}: {' '.join(filter(None, key))}, up to {w.size // MIB} MiB"
        for key, w in plan.loads.items()))
    clashes = [*of_mailboxes(plan), *of_memory(plan), *of_interrupts(plan), *of_clocks(plan),
               *of_gic(plan), *of_timer(plan), *of_console(plan), *of_idle(plan)]
    found += section("What clashes, and what does not arrive", clashes)
    found += section("xl", of_xl(why_no_xl))
    return found
