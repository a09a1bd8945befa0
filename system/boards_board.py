# SPDX-License-Identifier: GPL-2.0-only
"""Boards' own trees, from Linux's package, as boards/omap-guest.py makes them fit for Xen, booted
on QEMU's vexpress-a15: processors, MMUs, mailboxes and PRCM are where the board has them.

The board's tree is changed where this machine is another one: GIC, UART and RAM, before the tool
reads it. What the tool writes is booted as it is, with what its script for U-Boot loads, but for the
machine's name, by which Xen starts the second CPU.
"""
import collections
import os
import re
import shutil

import board
import prcm_board
import remoteproc_board as rboard
import remoteproc_machine
from board import MIB

# Of a board: the guest's processors, what its Linux calls their firmware, the mailbox of the one
# that executes: where, the user that is the CPU's and the processor's; and, of Linux's source, how
# it numbers the interrupts of the mailbox.
Config = collections.namedtuple("Config", """name tree processors firmware mailbox host user irq
                                             machine xen steps entries""",
                                defaults=[True, "boot", 8])

RAM, RAM_SIZE = 0x80000000, 1024 * MIB
GIC, UART, UART_SPI = (0x2c001000, 0x2c002000, 0x2c004000, 0x2c006000), 0x1c090000, 5


def machine(processors, pools, firmware):
    """What the session asks of it."""
    vexpress = remoteproc_machine.VEXPRESS
    return vexpress._replace(processors=processors, pools=pools, firmware=firmware)


VEXPRESS = remoteproc_machine.VEXPRESS
CONFIGS = [
    Config("board-omap5-uevm", "omap5-uevm", ["ipu", "dsp"],
           {"omap5-ipu-fw.xem4": "omap5/xen-omap-ipu.elf", "omap5-dsp-fw.xe64T": "xen-omap-dsp.elf"},
           0x4a0f4000, 0, 2, 0, machine(VEXPRESS.processors, VEXPRESS.pools, "omap5")),
    # IPU2 is where OMAP5's IPU is. Of the mailbox's users the CPU is the third.
    Config("board-am57xx-beagle-x15", "am57xx-beagle-x15", ["ipu2"],
           {"dra7-ipu2-fw.xem4": "am57/xen-omap-ipu.elf"}, 0x48842000, 2, 1, 2,
           machine([p for p in VEXPRESS.processors if p.name == "ipu"], VEXPRESS.pools, "am57")),
]

# Of DRA7's PRM and CM, beside those that OMAP5 has as well: other processors'.
MORE_PAGES = [0x4ae07000, 0x4a005000]

# The same for xl, as far as Xen making dom0 of the host's tree: no steps.
XL_CONFIGS = [c._replace(name=c.name + "-xl", steps="") for c in CONFIGS]
# Of a whole board's tree Linux takes more.
DOM0_MEMORY = "dom0_mem=192M"

BOOTARGS = ("rdinit=/init loglevel=4 printk.time=0 role=remoteproc console=ttyAMA0 iomem=relaxed "
            "ipu_firmware=xen-omap-ipu.elf")
# The machine's name, and how Xen starts its second CPU.
OVERLAY = """/dts-v1/;
/plugin/;
&{/} {
    compatible = "arm,vexpress,v2p-ca15", "arm,vexpress";
    sysreg@1c010000 { compatible = "arm,vexpress-sysreg"; reg = <0 0x1c010000 0 0x1000>; };
};
&{/chosen} {
    xen,xen-bootargs = "%s";
};
"""


def dtb(files, config):
    """The board's own tree."""
    linux = os.path.join(os.path.dirname(files.iommu), "linux", "usr", "lib")
    folder = next(name for name in sorted(os.listdir(linux)) if name.startswith("linux-image-"))
    return os.path.join(linux, folder, config.tree + ".dtb")


def put(tree, kind, node, name, *values):
    board.tool("fdtput", *(["-c"] if not name else ["-t", kind]), tree, node,
               *([name] if name else []), *map(str, values))


def cells(*windows):
    return [f"{cell:x}" for address, size in windows for cell in (0, address, 0, size)]


def on_vexpress(folder, files, config):
    """The board's tree with this machine's GIC, UART and RAM; returns its path."""
    tree = os.path.join(folder, config.tree + ".dtb")
    shutil.copyfile(dtb(files, config), tree)
    os.chmod(tree, 0o644)
    put(tree, "x", "/interrupt-controller@48211000", "reg",
        *cells(*((address, 0x1000 if address == GIC[0] else 0x2000) for address in GIC)))
    uart = f"/serial@{UART:x}"
    put(tree, None, uart, None)
    put(tree, "s", uart, "compatible", "arm,pl011", "arm,primecell")
    put(tree, "x", uart, "reg", *cells((UART, 0x1000)))
    put(tree, "x", uart, "interrupts", 0, f"{UART_SPI:x}", 4)
    gic, = board_cells(tree, "/interrupt-controller@48211000", "phandle")
    put(tree, "x", uart, "interrupt-parent", f"{gic:x}")
    put(tree, "s", "/chosen", "stdout-path", uart)
    memory = "/memory@80000000" if "omap5" in config.tree else "/memory@0"
    put(tree, "x", memory, "reg", *cells((RAM, RAM_SIZE)))
    return tree


def board_cells(tree, node, name):
    """A property, by fdtget."""
    return [int(word, 16) for word in board.told("fdtget", "-t", "x", tree, node, name).split()]


def with_tool(folder, files, config, tree):
    """Runs omap-guest; returns the folder that it made."""
    out = os.path.join(folder, "out")
    links = ",".join(f"{name}:{file}" for name, file in config.firmware.items())
    board.tool(os.path.join(files.root, "boards", "omap-guest.py"), "-o", out,
               "-k", files.kernel, "-r", files.ramdisk,
               "-b", f"{BOOTARGS} firmware={links} steps={config.steps}",
               tree, "guest=" + ",".join(config.processors))
    return out


def follow_script(made, tree, files):
    """What boot.cmd does: the modules that it loads, (path, where), and their sizes in the host's
    tree. Returns them, and where Xen is loaded."""
    with open(os.path.join(made, "boot.cmd"), encoding="ascii") as f:
        lines = f.read().split("\n")
    loaded, xen = [], None
    for line in lines:
        load = re.match(r"load \S+ (\S+) (\S+)", line)
        size = re.match(r"fdt set (\S+) reg <0x0 (\S+) ", line)
        if load:
            name = load.group(2)
            path = {"dom0-kernel": files.kernel}.get(name, os.path.join(made, name))
            path = files.ramdisk if name.endswith("-ramdisk") else path
            at = int(load.group(1), 16)
            xen = at if name == "xen" else xen
            if name not in ("xen", "host.dtb"):
                loaded.append((path, at))
        if size:
            put(tree, "x", size.group(1), "reg",
                *cells((int(size.group(2), 16), os.path.getsize(loaded[-1][0]))))
    return loaded, xen


def input_of(tree, node, number=0):
    """The GIC's line of a node."""
    return board_cells(tree, node, "interrupts")[3 * number + 1]


def devices(config, folder, tree):
    """The SoC's devices for QEMU, on the lines that the tool chose."""
    args = prcm_board.devices(folder)
    for page in MORE_PAGES:
        args += ["-device", f"omap-prcm-page,prcm=prcm,addr={page:#x},fill={prcm_board.FILL:#x}"]
    for p in config.machine.processors:
        error = ",bus-err-back=on" if p.bus_error else ""
        spi = input_of(tree, config_mmus(tree)[p.mmu])
        args += ["-device", f"omap-mmu,id={p.name},addr={p.mmu:#x},irq={spi}{error}"
                            f"{prcm_board.in_unit(p.name)}"]
    mailbox, = [n for n in nodes(tree) if n.endswith("/mailbox@0")
                and "xen,passthrough" in board.told("fdtget", "-p", tree, n).split()]
    args += ["-device", f"omap-mailbox,id=mailbox,addr={config.mailbox:#x},"
                        f"host-user={config.host},irq={input_of(tree, mailbox, config.irq)}"]
    args += ["-device", f"omap-m4,mmu=ipu,addr={rboard.L2RAM:#x}{rboard.started_by('ipu', True)},"
                        f"mailbox=mailbox,user={config.user}"]
    if len(config.machine.processors) > 1:
        args += ["-device", f"omap-rproc,mmu=dsp,addr={rboard.DSP_REGS:#x}"
                            f"{rboard.started_by('dsp', True)}"]
    return args


def nodes(tree):
    """All paths of a tree."""
    found, paths = [""], []
    while found:
        node = found.pop()
        paths.append(node or "/")
        found += [f"{node}/{name}" for name in board.told("fdtget", "-l", tree, node or "/").split()]
    return paths


def config_mmus(tree):
    """Address -> path, of the MMUs in the host's tree: each is the only thing in its target
    module."""
    found = {}
    for path in nodes(tree):
        if path.endswith("/mmu@0"):
            module = path.rsplit("/", 1)[0]
            at = int(module.rsplit("@", 1)[1], 16)
            found[at + (0x4a000000 if at < 0x1000000 else 0)] = path
    return found


def command(config, files):
    """Prepares a configuration; returns its folder and QEMU's command line."""
    folder = os.path.join(files.system, config.name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    made = os.path.join(with_tool(folder, files, config, on_vexpress(folder, files, config)),
                        "dom0less" if config.steps else "xl")
    args = board.XEN_ARGS.replace(board.UART, f"/serial@{UART:x}") + " " + rboard.XEN_ARGS
    args = args.replace("dom0_mem=64M", DOM0_MEMORY)
    host = board.with_overlay(folder, os.path.join(made, "host.dtb"), OVERLAY % args)
    loaded, xen = follow_script(made, host, files)
    qemu = rboard.machine_args(config.machine.qemu, RAM_SIZE)
    return folder, (board.xen(qemu, files, folder, host, files.variant(config.machine.variant), xen)
                    + [word for path, at in loaded for word in board.load(path, at)]
                    + devices(config, folder, host))
