# SPDX-License-Identifier: GPL-2.0-only
"""The machines on which remoteproc is booted: what differs from one to the other.

VIRT is QEMU's virt. Xen gives the guest RAM where it likes; guest and bare machine have
theirs at the same addresses.

VEXPRESS is QEMU's vexpress-a15. Its RAM begins where OMAP5's does, and nothing is at the
addresses of OMAP5's devices, nor on their interrupts: processors, MMUs and mailbox have
OMAP5's own. The guest is a direct-mapped one, as one must be whose firmware has machine
addresses in it: its RAM is where TI's tree has the processors' pools.
"""
import collections

import board
import prcm_board
from board import MIB

# Carveouts, vrings and buffers are taken from these, by Linux. The firmware is built
# for their addresses, as TI's is.
Pool = collections.namedtuple("Pool", "name address size")
CANARY_SIZE = 32 * MIB


class Machine(collections.namedtuple("Machine", """qemu own_tree uart layout guest_ram direct
                                                   processors mailbox_spi pools window canary
                                                   l4_is_ram firmware variant platform bare""")):
    """qemu         its name and options for QEMU, to boot Xen
    own_tree     makes the machine's own tree: (folder, QEMU's arguments) -> its path
    uart         the console, in that tree
    layout       board.Layout
    guest_ram    where a guest has its RAM
    direct       whether a guest's RAM has its machine addresses
    processors   with their interrupts; the mailbox has mailbox_spi
    pools        of the processors
    window       how much the IPU's firmware asks to be mapped, from its pool on
    canary       machine memory with a pattern that nothing may ever write
    l4_is_ram    whether RAM is where the devices' registers are
    firmware     of Linux's folder of firmware: where to look first; or ""
    variant      of Xen
    platform     what Linux finds of the machine itself, on Xen
    bare         without Xen: QEMU's name and options, and what Linux finds; or None
    """

    def pool(self, name):
        return next(p for p in self.pools if p.name == name)

    def domain(self):
        """Of the guest's node in the host's tree: what makes it a direct-mapped one."""
        return f"""
            direct-map;
            xen,static-mem = <0 {self.guest_ram:#x} 0 {self.layout.guest_ram_size:#x}>;
            """ if self.direct else ""

    def reserved(self):
        """Memory that nobody may use: name, address, size."""
        kept = [("canary", self.canary, CANARY_SIZE)]
        kept += [("l4", mib, MIB) for mib in prcm_board.MIBS] if self.l4_is_ram else []
        return kept


def gic_node(distributor, interface, size=0x1000):
    """The interface is 8 KiB, or as large as the distributor."""
    return f"""
    gic: interrupt-controller@{distributor:x} {{
        compatible = "arm,cortex-a15-gic";
        reg = <0 {distributor:#x} 0 {size:#x}>, <0 {interface:#x} 0 {max(size, 0x2000):#x}>;
        #interrupt-cells = <3>;
        #address-cells = <0>;
        interrupt-controller;
    }};"""


def xen_uart_node(address, spi):
    return f"""
    serial@{address:x} {{
        compatible = "arm,sbsa-uart";
        reg = <0 {address:#x} 0 0x1000>;
        interrupts = <0 {spi} 4>;
        current-speed = <115200>;
    }};"""


BARE_VIRT = gic_node(0x08000000, 0x08010000, 0x10000) + """
    serial@9000000 {
        compatible = "arm,pl011", "arm,primecell";
        reg = <0 0x09000000 0 0x1000>;
        interrupts = <0 1 4>;
        clocks = <&clock>, <&clock>;
        clock-names = "uartclk", "apb_pclk";
    };"""

VIRT = Machine(
    qemu=["-M", "virt,highmem=off,virtualization=on"], own_tree=board.qemu_tree, uart=board.UART,
    layout=board.SMALL._replace(xen=None), guest_ram=board.RAM, direct=False,
    processors=board.PROCESSORS, mailbox_spi=202,
    # The machine's RAM there is nobody's: what lets a guest's address through untranslated
    # hits the canary.
    pools=[Pool("dsp", 0x46000000, 8 * MIB), Pool("ipu", 0x47000000, 8 * MIB)],
    window=8 * MIB, canary=0x46000000, l4_is_ram=True,
    firmware="", variant=None,
    platform=gic_node(0x03001000, 0x03002000) + xen_uart_node(0x22000000, 0),
    bare=(["-M", "virt,highmem=off"], BARE_VIRT))


# Of a Versatile Express with a Cortex-A15, what Xen needs: QEMU makes no tree for it. By
# the sysreg's flags Xen starts the second CPU. QEMU puts the RAM's size in.
VEXPRESS_TREE = """/dts-v1/;
/ {
    model = "V2P-CA15";
    compatible = "arm,vexpress,v2p-ca15,tc1", "arm,vexpress,v2p-ca15", "arm,vexpress";
    interrupt-parent = <&gic>;
    #address-cells = <2>;
    #size-cells = <2>;
    chosen { };
    cpus {
        #address-cells = <1>;
        #size-cells = <0>;
        cpu@0 { device_type = "cpu"; compatible = "arm,cortex-a15"; reg = <0>; };
        cpu@1 { device_type = "cpu"; compatible = "arm,cortex-a15"; reg = <1>; };
    };
    memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x20000000>; };
    timer {
        compatible = "arm,armv7-timer";
        interrupts = <1 13 0xf08>, <1 14 0xf08>, <1 11 0xf08>, <1 10 0xf08>;
    };
    gic: interrupt-controller@2c001000 {
        compatible = "arm,cortex-a15-gic";
        reg = <0 0x2c001000 0 0x1000>, <0 0x2c002000 0 0x2000>,
              <0 0x2c004000 0 0x2000>, <0 0x2c006000 0 0x2000>;
        interrupts = <1 9 0xf04>;
        #interrupt-cells = <3>;
        #address-cells = <0>;
        interrupt-controller;
    };
    sysreg@1c010000 { compatible = "arm,vexpress-sysreg"; reg = <0 0x1c010000 0 0x1000>; };
    serial@1c090000 {
        compatible = "arm,pl011", "arm,primecell";
        reg = <0 0x1c090000 0 0x1000>;
        interrupts = <0 5 4>;
    };
};
"""


def vexpress_tree(folder, _args):
    return board.compile_tree(folder, "vexpress", VEXPRESS_TREE)


# The guest's RAM ends with its IPU's pool. Xen puts the guest's tree and ramdisk 128 MiB into
# its RAM. QEMU puts the host's tree behind Xen; without a place for Xen, into the guest's RAM.
VEXPRESS_LAYOUT = board.Layout(
    ram_size=512 * MIB, guest_ram_size=272 * MIB, guest_kernel_ram=None,
    arena=None, secret=None, xen=0x9c000000, spare=None,
    seen=board.with_omap5_spis(board.PROCESSORS), registers=[],
    modules={"domU-kernel": 0x84000000, "domU-ramdisk": 0x85000000, "domU-tree": 0x86000000})

VEXPRESS = Machine(
    # Without a word on sound QEMU names each driver of sound that it lacks.
    qemu=["-M", "vexpress-a15,secure=off", "-audiodev", "none,id=silent"],
    own_tree=vexpress_tree, uart="/serial@1c090000",
    layout=VEXPRESS_LAYOUT, guest_ram=0x88000000, direct=True,
    processors=VEXPRESS_LAYOUT.seen, mailbox_spi=26,
    # TI's. The canary is behind the guest's RAM, and the IPU's firmware asks for 8 MiB of it.
    pools=[Pool("dsp", 0x95000000, 8 * MIB), Pool("ipu", 0x95800000, 56 * MIB)],
    window=64 * MIB, canary=0x99000000, l4_is_ram=False,
    firmware="omap5", variant="new-vgic",
    # A direct-mapped guest has GIC and UART where the host has them.
    platform=gic_node(0x2c001000, 0x2c002000) + xen_uart_node(0x1c090000, 5),
    bare=None)
