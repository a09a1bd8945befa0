# SPDX-License-Identifier: GPL-2.0-only
"""What whoever boots Xen does first, as a script for U-Boot."""
import address

MODULEMODE_ENABLED = 2


def timer_clocks(plan):
    """(timer's path, address of its CLKCTRL): nobody turns these on for a guest."""
    timers = {t.path: t for g in plan.guests for p in g.processors
              for t in [*p.timers, *p.watchdogs]}
    found = []
    for path, timer in timers.items():
        clocks = plan.tree.references(timer.parent, "clocks", "#clock-cells")
        if clocks and clocks[0][0].is_a("ti,clkctrl") and clocks[0][1]:
            windows = address.windows(clocks[0][0])
            if windows:
                found.append((path, windows[0].address + clocks[0][1][0]))
    return found


def register_lines(plan):
    writes = plan.routing.writes()
    lines = ["# The crossbar: which source each of the GIC's inputs has."] if writes else []
    lines += [f"mw.w {at:#010x} {source:#06x}\t# source {source} to input {line}"
              for at, source, line in writes]
    clocks = timer_clocks(plan)
    lines += ["# The clocks of the timers that guests are given."] if clocks else []
    return lines + [f"mw.l {at:#010x} {MODULEMODE_ENABLED}\t# {path}" for path, at in clocks]


def load(where, name, then, missing=None):
    """then: what follows; missing: what is done without that file, or the script ends."""
    return [f"if load ${{part}} {where.address:#x} {name}; then", *(f"\t{line}" for line in then),
            "else", *([f"\t{missing}"] if missing else [f'\techo "{name}: not loaded"', "\texit"]),
            "fi"]


def text(plan, loads, modules):
    """modules: (where, the file's name, its node in the host's tree)."""
    tree, xen = loads["", "host.dtb"], loads["", "xen"]
    lines = ["# For U-Boot: mkimage -A arm -T script -d boot.cmd boot.scr. Made by omap-guest.",
             "# Where the files are:", 'setenv part "mmc 0:1"',
             "# Else U-Boot moves the tree, into a guest's RAM perhaps.",
             "setenv fdt_high 0xffffffff", *register_lines(plan),
             *load(tree, "host.dtb", [f"fdt addr {tree.address:#x}", "fdt resize 0x1000"])]
    for where, name, node in modules:
        # A dom0 may have its files in its kernel.
        lines += load(where, name, [f"fdt set {node} reg <0x0 {where.address:#x} 0x0 "
                                    f"0x${{filesize}}>"],
                      f"fdt rm {node}" if name == "dom0-ramdisk" else None)
    lines += load(xen, "xen", [f"bootz {xen.address:#x} - {tree.address:#x}"])
    return "\n".join(lines) + "\n"
