# SPDX-License-Identifier: GPL-2.0-only
"""The machine on which dom0 owns the processors: that of board.py, with their registers
below all RAM, since Xen maps reserved memory into dom0, whatever is in it. There is no
other domain but one that dom0 makes, and dom0's addresses are the machine's."""
import collections
import os
import re

import board
import boot
import tree_text
from board import MIB

PROCESSORS = [
    board.PROCESSORS[0]._replace(regs=0x0f020000, mmu=0x0f082000),
    board.PROCESSORS[1]._replace(regs=0x0f160000, mmu=0x0f166000),
]

# dom0's RAM must be 128 MiB, so aligned, for its kernel to find its start. Of such blocks
# only this one is free: what QEMU loads lies in those below, and Xen in the one above.
DOM0_RAM, DOM0_RAM_SIZE = 0x50000000, 128 * MIB

# Xen puts dom0's kernel and ramdisk at the end of that RAM: the arena is in the middle.
# The secret is memory that nobody has.
LAYOUT = board.Layout(
    ram_size=512 * MIB, guest_ram_size=DOM0_RAM_SIZE,
    guest_kernel_ram="mem=64M@0x50000000 mem=48M@0x55000000",
    arena=0x54000000, secret=0x44080000, xen=0x5a000000, spare=0x60000000,
    seen=PROCESSORS, registers=[],
    modules={"dom0-kernel": 0x4c000000, "dom0-ramdisk": 0x4d000000})

# What is booted: a name, the processor, a variant of Xen (build-xen.sh), and whether dom0's
# kernel has its tree behind it, since Xen's shows it no MMU.
Config = collections.namedtuple("Config", "name cpu layout xen appended")
CONFIGS = [
    Config("dom0-appended", "a15", LAYOUT, None, True),
    Config("dom0-patched", "max", LAYOUT, "dom0", False),
]

# Seconds without a line of Xen's while it builds dom0.
SILENCE = 150
TREE_AT = re.compile(r"Loading d0 DTB to 0x(\w+)-0x(\w+)")


def dom0_args():
    return ("console=hvc0 rdinit=/init loglevel=6 printk.time=0 role=owner "
            f"{LAYOUT.guest_kernel_ram} arena={LAYOUT.arena:#x} secret={LAYOUT.secret:#x} "
            f"xen={LAYOUT.xen_code():#x} spare={LAYOUT.spare:#x} "
            f"mmus={board.hex_list(p.mmu for p in PROCESSORS)}")


def sysc_module(p):
    """The MMU in a module of TI's trees, with all that ti-sysc in dom0's Linux needs."""
    error = "ti,iommu-bus-err-back;" if p.bus_error else ""
    return f"""
    target-module@{p.mmu:x} {{
        compatible = "ti,sysc-omap2", "ti,sysc";
        reg = <0 {p.mmu:#x} 0 4>, <0 {p.mmu + 0x10:#x} 0 4>, <0 {p.mmu + 0x14:#x} 0 4>;
        reg-names = "rev", "sysc", "syss";
        ti,sysc-mask = <0x303>;
        ti,sysc-sidle = <0>, <1>, <2>;
        ti,syss-mask = <1>;
        #address-cells = <1>;
        #size-cells = <1>;
        ranges = <0 0 {p.mmu:#x} 0x1000>;
        {p.name}_mmu: mmu@0 {{
            compatible = "ti,omap4-iommu";
            reg = <0 0x100>;
            interrupts = <0 {p.spi} 4>;
            #iommu-cells = <0>;
            {error}
        }};
    }};"""


def host_overlay(kernel, ramdisk):
    """Linux populates the processors' bus late, as it must (board.py). Nobody needs PCI, whose
    752 MiB take Xen a while to map."""
    mmus = "".join(map(sysc_module, PROCESSORS))
    processors = "".join(board.processor_node(p, "") for p in PROCESSORS)
    xen_args = board.XEN_ARGS.replace("dom0_mem=64M", f"dom0_mem={DOM0_RAM_SIZE // MIB}M")
    dom0 = tree_text.dom0(dom0_args(), LAYOUT.modules, kernel, ramdisk)
    return tree_text.overlay("pcie@10000000 { xen,passthrough; };" + mmus
                             + board.late_bus(processors) + tree_text.chosen(xen_args, dom0))


def command(config, files, folder, kernel):
    args = board.machine_args(config)
    host = board.host_tree(folder, args, host_overlay(kernel, files.ramdisk))
    run = board.xen(args, files, folder, host, files.variant(config.xen), LAYOUT.xen)
    run += board.load(kernel, LAYOUT.modules["dom0-kernel"])
    run += board.load(files.ramdisk, LAYOUT.modules["dom0-ramdisk"])
    run += board.plant(folder, "secret", LAYOUT.secret, board.SECRET_SIZE)
    return run + board.devices(PROCESSORS)


class Look(boot.Boot):
    """A boot until Xen has made dom0's tree. (Where there is a dom0 to log in to, it is
    /sys/firmware/fdt.)"""

    def __init__(self, *args):
        self.at = self.tree = None
        super().__init__(*args, lambda event, **about: None)

    def on_line(self, line):
        self.at = self.at or TREE_AT.search(line)
        super().on_line(line)

    def ends(self, line):
        return self.at and "*** Serial input to " in line

    def on_end(self):
        start, end = (int(x, 16) for x in self.at.groups())
        self.tree = self.m.memory(start, end - start)


def look_at_tree(config, files, folder):
    """Returns the path of the tree that Xen makes for dom0."""
    log = os.path.join(folder, "look.log")
    look = Look(folder, command(config, files, folder, files.kernel), log)
    wrong = look.run(SILENCE)
    if wrong:
        raise OSError(f"Xen does not get to dom0's tree: {wrong}; log: {os.path.relpath(log)}")
    path = os.path.join(folder, "dom0.dtb")
    board.write(path, look.tree)
    return path


def prepare(config, files):
    """Prepares a boot; returns its folder and QEMU's command line."""
    folder = os.path.join(files.system, config.name)
    os.makedirs(folder, exist_ok=True)
    kernel = files.kernel
    if config.appended:
        tree, kernel = look_at_tree(config, files, folder), os.path.join(folder, "kernel")
        board.tool(os.path.join(files.root, "xen", "dom0-tree.py"),
                   os.path.join(folder, "host.dtb"), tree, files.kernel, kernel)
    return folder, command(config, files, folder, kernel)
