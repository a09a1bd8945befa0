# SPDX-License-Identifier: GPL-2.0-only
"""What the guests are given, what clashes, and what is left to do, as text."""
import address
import script
import soc
from address import MIB


def text_of_lines(plan, node):
    lines = [str(number) for _, number, _ in plan.lines(node)]
    return f", GIC input{'s' if len(lines) > 1 else ''} {', '.join(lines)}" if lines else ""


def text_of_windows(node):
    return ", ".join(address.text_of(w) for w in address.windows(node)) or "no registers"


def of_processor(plan, processor):
    yield f"  {processor.name}: {processor.node.path}: {text_of_windows(processor.node)}"
    systems = {}
    for mmu in processor.mmus:
        yield (f"    MMU {mmu.path}: {text_of_windows(mmu)}{text_of_lines(plan, mmu)}; Xen's, "
               "the guest's accesses trap")
        systems.update((n.path, n) for n in soc.targets(plan.tree, mmu, "ti,syscon-mmuconfig", 1))
    for node in systems.values():
        yield f"    DSP_SYSTEM {node.path}: {text_of_windows(node)}; Xen's, it traps"
    page = plan.control[processor.name]
    boot = ", boot register" if processor.boot_shift is not None else ""
    yield f"    control page {page:#010x}: resets{boot}"
    for pool in processor.pools:
        yield f"    memory {pool.path}: {text_of_windows(pool)}"


def of_guest(plan, guest):
    yield f"{guest.name}:"
    for processor in guest.processors:
        yield from of_processor(plan, processor)
    for device in guest.devices:
        yield f"  {device.path}: {text_of_windows(device)}{text_of_lines(plan, device)}"
    yield f"  RAM without a toolstack: {', '.join(address.text_of(w) for w in guest.banks)}"


def named(node):
    """The phandles of the devices that a processor has."""
    return [*node.cells("mboxes")[:1], *node.cells("ti,timers"), *node.cells("ti,watchdog-timers")]


def of_devices(plan):
    """Who else is served by a device that is given."""
    given = {p.name for guest in plan.guests for p in guest.processors}
    for guest in plan.guests:
        for device in guest.devices:
            others = [name for name, node in soc.by_name(plan.tree).items()
                      if name not in given and device.cell("phandle", 0) in named(node)]
            if others:
                yield (f"{device.path}: it serves {', '.join(others)} too, which nobody else can "
                       f"have now: it is all {guest.name}'s.")


def of_memory(plan):
    for guest in plan.guests:
        if guest.banks[0].size < plan.base:
            yield (f"{guest.name}: it has {guest.banks[0].size // MIB} MiB of RAM beside its "
                   f"processors' memory, and not {plan.base // MIB}: no place has more free.")
        for p in guest.processors:
            if not p.pools:
                yield (f"{p.node.path}: the board's tree names no memory for {p.name}: Linux takes "
                       "it from anywhere in its RAM, and firmware that names an address does not "
                       "run.")
            for pool in p.pools:
                yield (f"{pool.path}: firmware for {p.name} has this address in it. Without a "
                       "toolstack the guest has it there; with xl it does not.")
    yield ("What else of the board a firmware's resource table names, such as whole peripheral "
           "buses, cannot be reached, except the pages above.")


def of_interrupts(plan):
    for path, why in plan.routing.lost:
        yield f"{path}: its interrupts do not arrive: {why}."
    for node in plan.tree.root.walk():
        if "interrupt-map" in node.props and node.enabled():
            yield f"{node.path}: its interrupt-map is as it was; Xen does not read it."
    if plan.routing.writes():
        yield ("The interrupts of the crossbar arrive only if its registers were written as "
               "boot.cmd does: Xen does not write them.")


def of_clocks(plan):
    for path, at in script.timer_clocks(plan):
        yield f"{path}: boot.cmd turns its clock on (register {at:#x}); nothing else does."
    for guest in plan.guests:
        for p in guest.processors:
            for clock in soc.targets(plan.tree, p.node, "clocks", "#clock-cells"):
                if "assigned-clocks" in clock.props:
                    yield (f"{clock.path}: Linux would choose the parent of {p.name}'s clock "
                           "(assigned-clocks); on Xen it is what the boot loader left.")


def of_timer(plan):
    if not plan.timer.enabled():
        yield (f"{plan.timer.path}: the board's tree disables this timer: on DRA7 it may fail to "
               "wrap after 388 days (erratum i940). Xen has no other: reset the board before.")


def of_gic(plan):
    if "interrupts" not in plan.routing.gic.props:
        yield (f"{plan.routing.gic.path}: the board's tree does not name the GIC's maintenance "
               "interrupt, without which Xen does not boot: PPI 9 is put in.")


def of_console(plan):
    node = plan.tree.by_path.get("/chosen")
    asked = node.strings("stdout-path")[:1] if node else []
    if not plan.console:
        why = f"its stdout-path, {asked[0]}, names no node" if asked else "it has no stdout-path"
        yield (f"/chosen: {why}: Xen has no console by this tree, and the guests have none (name "
               "one in the board's tree).")
    elif not all(n.enabled() for n in [plan.console, *plan.console.above()]):
        yield (f"{plan.console.path}: it is Xen's console by stdout-path, and this tree disables "
               "it: Xen does not use it (enable it in the board's tree).")


def of_idle(plan):
    given = {p.name for guest in plan.guests for p in guest.processors}
    others = [name for name in soc.by_name(plan.tree) if name not in given]
    if others:
        yield (f"{', '.join(others)}: given to nobody. Without a toolstack Xen holds in reset "
               "those that are enabled; with xl they are dom0's, without their MMUs and their "
               "memory.")


def of_xl(why):
    if why:
        yield f"No configuration for xl: {why}."
        return
    yield ("With xl a guest has no reserved-memory: processors take their memory from the guest's "
           "CMA area (cma=), at any address. Firmware that needs to know it: -b "
           "cma=<size>@<address> places the area, within the guest's RAM, which begins at "
           "0x40000000.")
    yield ("/reserved-memory: pools (shared-dma-pool) with an address are taken out of "
           "xl/host.dtb: dom0's RAM is elsewhere.")
    yield ("The configurations name /boot/vmlinuz and, with -r, /boot/initrd.img of dom0: -k and "
           "-r do not say where dom0 has them.")
    yield ("With xl dom0 has the PRCM. Its Linux may reset what a guest runs: see docs/boards.md, "
           '"dom0 beside it".')
    yield "dtc warns of xl/host.dtb what it warns of the board's own tree."


def of_loads(loads):
    for key, window in loads.items():
        words = " ".join(filter(None, key))
        yield f"{address.text_of(window)}: {words}, up to {window.size // MIB} MiB"


def section(title, lines):
    found = list(lines)
    return [title, "=" * len(title), *(found or ["nothing"]), ""]


def lines(plan, path, why_no_xl):
    found = section("Board", [f"{', '.join(plan.tree.root.strings('model'))} ({plan.family}): "
                              f"{path}"])
    found += section("What the guests are given",
                     (line for g in plan.guests for line in of_guest(plan, g)))
    found += section("Where dom0less/boot.cmd loads", of_loads(plan.loads))
    clashes = [*of_devices(plan), *of_memory(plan), *of_interrupts(plan), *of_clocks(plan),
               *of_gic(plan), *of_timer(plan), *of_console(plan), *of_idle(plan)]
    found += section("What clashes, and what does not arrive", clashes)
    found += section("xl", of_xl(why_no_xl))
    if not why_no_xl:
        found += section("Where xl/boot.cmd loads", of_loads(plan.xl_loads))
    return found
