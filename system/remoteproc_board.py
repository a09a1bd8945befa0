# SPDX-License-Identifier: GPL-2.0-only
"""The machines on which Linux's remoteproc boots real firmware: an IPU that executes,
a DSP, the mailbox between them and Linux, and their reset lines. What differs from one
machine to the other is in remoteproc_machine.py.

The first is booted in two ways: Xen with a guest that owns all of this, and the same Linux on
the bare machine. Both Linuxes find their devices, their memory and the processors' pools
at the same addresses; a device tree appended to the kernel says so to either. (Of what
a dom0less guest is given by Xen, Linux could not take its pools: Xen copies no
reserved-memory node.)
"""
import collections
import os
import shutil
import struct

import board
import prcm_board
import remoteproc_machine
import tree_text
from board import MIB

L2RAM, L2RAM_SIZE = 0x55020000, 0x10000
MAILBOX = 0x4a0f4000
DSP_REGS = 0x4a060000       # the scripted master's own, for the runner to look at

# What the IPU's firmware asks to be mapped beside its carveouts: a window from its pool on,
# and one to the peripherals, of which the guest owns one page.
IPC_WINDOW = 0xa0000000
L4_WINDOW, L4, L4_SIZE = 0xaa000000, 0x4a000000, 16 * MIB

# What is booted: a name, with Xen or without, the IPU's firmware, what the guest goes
# through (guest/remoteproc.sh), how many TLB entries the trees say that the MMUs have, and on
# which machine.
Config = collections.namedtuple("Config", "name xen firmware steps entries machine",
                                defaults=["all", 32, remoteproc_machine.VIRT])
CONFIGS = [Config("remoteproc-xen", True, "xen-omap-ipu.elf"),
           Config("remoteproc-native", False, "xen-omap-ipu.elf"),
           Config("remoteproc-8-entries", True, "xen-omap-ipu.elf", "boot", 8),
           Config("vexpress-remoteproc", True, "xen-omap-ipu.elf",
                  machine=remoteproc_machine.VEXPRESS)]
# Those that are compared with each other: on the same machine, with the same firmware.
COMPARED = [c for c in CONFIGS if c.machine is remoteproc_machine.VIRT]

# iomem=relaxed: devmem may touch the registers of a device that has a driver.
BOOTARGS = ("rdinit=/init loglevel=4 printk.time=0 role=remoteproc console=ttyAMA0 "
            "iomem=relaxed")
# The scan faults a million times: let it, instead of waiting three quarters of the time.
XEN_ARGS = "omap-mmu-share=100"


# What the guest is given: a name, its registers as far as they are the guest's, and
# what the host's tree says of it.
Device = collections.namedtuple("Device", "name regs properties")

# Reset lines and boot registers, a page for each processor: on Xen its control page, with the
# PRCM behind it, which is off when Xen boots; on the bare machine a device (omap-control).
CONTROL = {"ipu": 0x0e002000, "dsp": 0x0e003000}
# Where Linux's node for boot registers is in the DSP's page, and the register in that.
SCM = 0x300
BOOT = {True: 0x4, False: 0x0}


def power(name):
    """What the host's node of a processor says of its resets."""
    return f"{prcm_board.PROCESSOR[name]} xen,omap-control = <{CONTROL[name]:#x}>;"


def control_devices(folder, xen):
    if xen:
        return prcm_board.devices(folder)
    return [word for name, page in CONTROL.items()
            for word in ("-device", f"omap-control,id={name}-control,addr={page:#x}")]


def started_by(name, xen):
    """Of a processor's device for QEMU."""
    return prcm_board.in_unit(name) if xen else f",control={name}-control,line=0"


def control_nodes():
    """What Linux finds: <processor>_reset and scm_conf."""
    resets = "".join(f"""
        {name}_reset: reset-controller@{page:x} {{
            compatible = "snps,dw-high-reset";
            reg = <{page:#x} 4>;
            #reset-cells = <1>;
        }};""" for name, page in CONTROL.items())
    scm = CONTROL["dsp"] + SCM
    return f"""{resets}
        scm_conf: scm_conf@{scm:x} {{
            compatible = "syscon";
            reg = <{scm:#x} 0x100>;
        }};"""


def ramdisk_at(machine):
    """Xen puts a guest's device tree 128 MiB into its RAM, and the ramdisk 2 MiB above."""
    return machine.guest_ram + 130 * MIB


def entries(config):
    """Linux looks through all entries for each that it flushes. The trees of the guest and
    of the host must say the same."""
    return f"ti,#tlb-entries = <{config.entries}>;" if config.entries != 32 else ""


def mmu_node(p, config):
    error = "ti,iommu-bus-err-back;" if p.bus_error else ""
    return f"""
        {p.name}_mmu: mmu@{p.mmu:x} {{
            compatible = "ti,omap4-iommu";
            reg = <{p.mmu:#x} 0x100>;
            interrupts = <0 {p.spi} 4>;
            #iommu-cells = <0>;
            {error}
            {entries(config)}
        }};"""


def linux_tree(config, ramdisk_size):
    """All that Linux knows: the processors by their mainline bindings. A simple reset
    controller, a syscon and a fixed clock stand in for PRCM and SCM.

    The processors are on a bus that Linux populates late, after their MMUs: see
    board.guest_tree(). The MMUs are on it, too: while one is attached the bus counts as
    powered, without which omap_remoteproc cannot mark its processor as running."""
    machine = config.machine
    ramdisk = ramdisk_at(machine)
    first = f"firmware_class.path=/lib/firmware/{machine.firmware} " if machine.firmware else ""
    pools = "".join(f"""
        {p.name}_pool: {p.name}-memory@{p.address:x} {{
            compatible = "shared-dma-pool";
            reg = <0 {p.address:#x} 0 {p.size:#x}>;
            reusable;
        }};""" for p in machine.pools)
    mmus = "".join(mmu_node(p, config) for p in machine.processors)
    return f"""/dts-v1/;
/ {{
    model = "xen-omap-iommu's remoteproc board";
    compatible = "linux,dummy-virt";
    interrupt-parent = <&gic>;
    #address-cells = <2>;
    #size-cells = <2>;
    chosen {{
        bootargs = "{BOOTARGS} {first}ipu_firmware={config.firmware} steps={config.steps}";
        linux,initrd-start = <{ramdisk:#x}>;
        linux,initrd-end = <{ramdisk + ramdisk_size:#x}>;
    }};
    cpus {{
        #address-cells = <1>;
        #size-cells = <0>;
        cpu@0 {{ device_type = "cpu"; compatible = "arm,cortex-a15"; reg = <0>; }};
    }};
    psci {{ compatible = "arm,psci-1.0", "arm,psci-0.2"; method = "hvc"; }};
    timer {{
        compatible = "arm,armv7-timer";
        interrupts = <1 13 0xf08>, <1 14 0xf08>, <1 11 0xf08>, <1 10 0xf08>;
    }};
    memory@{machine.guest_ram:x} {{
        device_type = "memory";
        reg = <0 {machine.guest_ram:#x} 0 {machine.layout.guest_ram_size:#x}>;
    }};
    clock: clock {{
        compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <24000000>;
    }};
    {machine.platform if config.xen else machine.bare[1]}
    reserved-memory {{
        #address-cells = <2>;
        #size-cells = <2>;
        ranges;
        {pools}
    }};
    soc {{
        compatible = "simple-bus";
        #address-cells = <1>;
        #size-cells = <1>;
        ranges = <0 0 0 0xffffffff>;
        {control_nodes()}
        mailbox: mailbox@{MAILBOX:x} {{
            compatible = "ti,omap4-mailbox";
            reg = <{MAILBOX:#x} 0x200>;
            interrupts = <0 {machine.mailbox_spi} 4>;
            #mbox-cells = <1>;
            ti,mbox-num-users = <3>;
            ti,mbox-num-fifos = <8>;
            mbox_ipu: mbox-ipu {{ ti,mbox-tx = <0 0 0>; ti,mbox-rx = <1 0 0>; }};
            mbox_dsp: mbox-dsp {{ ti,mbox-tx = <3 0 0>; ti,mbox-rx = <2 0 0>; }};
        }};
        processors {{
            compatible = "simple-pm-bus";
            #address-cells = <1>;
            #size-cells = <1>;
            ranges;
            {mmus}
            ipu@{L2RAM:x} {{
                compatible = "ti,omap5-ipu";
                reg = <{L2RAM:#x} {L2RAM_SIZE:#x}>;
                reg-names = "l2ram";
                iommus = <&ipu_mmu>;
                mboxes = <&mailbox &mbox_ipu>;
                memory-region = <&ipu_pool>;
                clocks = <&clock>;
                resets = <&ipu_reset 0>, <&ipu_reset 1>;
                firmware-name = "{config.firmware}";
            }};
            dsp {{
                compatible = "ti,omap5-dsp";
                ti,bootreg = <&scm_conf {BOOT[config.xen]:#x} 0>;
                iommus = <&dsp_mmu>;
                mboxes = <&mailbox &mbox_dsp>;
                memory-region = <&dsp_pool>;
                clocks = <&clock>;
                resets = <&dsp_reset 0>;
                firmware-name = "xen-omap-dsp.elf";
            }};
        }};
    }};
}};
"""


def host_devices(machine):
    spi = f"interrupts = <0 {machine.mailbox_spi} 4>;"
    return [
        Device("ipu", (L2RAM, L2RAM_SIZE), "iommus = <&ipu_mmu>;" + power("ipu")),
        Device("dsp", None, "iommus = <&dsp_mmu>;" + power("dsp")),
        Device("mailbox", (MAILBOX, 0x1000), spi),
    ]


def guest_owns(machine):
    """Guest-physical: address and size."""
    return [(machine.guest_ram, machine.layout.guest_ram_size)] + [
        d.regs for d in host_devices(machine) if d.regs]


def windows(machine):
    """What the IPU's firmware has mapped, whoever owns it: da, where that leads, size."""
    return [(IPC_WINDOW, machine.pool("ipu").address, machine.window), (L4_WINDOW, L4, L4_SIZE)]


def passed_node(d):
    """A device in the partial tree, from which Xen reads what to map and to assign."""
    regs = f"0 {d.regs[0]:#x} 0 {d.regs[1]:#x} 0 {d.regs[0]:#x}" if d.regs else ""
    force = "" if "iommus" in d.properties else "xen,force-assign-without-iommu;"
    return f"""
        {d.name} {{
            xen,path = "/{d.name}";
            xen,reg = <{regs}>;
            {force}
        }};"""


def partial_tree(machine):
    return board.passthrough_tree("".join(map(passed_node, host_devices(machine))))


def host_overlay(config, kernel, ramdisk, partial):
    """What is added to the machine's own tree for Xen."""
    machine = config.machine
    nodes = prcm_board.HOST_BUS + "".join(
        board.target_module(p, entries(config), prcm_board.TARGET_MODULE[p.name])
        for p in machine.processors)
    for d in host_devices(machine):
        reg = f"reg = <0 {d.regs[0]:#x} 0 {d.regs[1]:#x}>;" if d.regs else ""
        nodes += f"\n    {d.name} {{ {reg} {d.properties} xen,passthrough; }};"
    guest = machine.domain() + tree_text.linux("", machine.layout.modules, kernel, ramdisk, partial)
    args = board.XEN_ARGS.replace(board.UART, machine.uart)
    return tree_text.overlay(
        tree_text.reserved(machine.reserved()) + nodes
        + tree_text.chosen(f"{args} {XEN_ARGS}",
                           tree_text.domain(machine.layout.guest_ram_size, guest)))


# A zImage's header: where it says that it begins and ends.
ZIMAGE_START, ZIMAGE_END = 0x28, 0x2c


def kernel_with_tree(folder, config, files):
    """Debian's kernel with the tree behind it; returns its path. The header's end takes
    in the tree: Xen copies as much as it says. (Xen 4.17 looks for an appended tree by
    itself, but compares an address with a size there, and finds none.)"""
    tree = board.compile_tree(folder, "linux",
                              linux_tree(config, os.path.getsize(files.ramdisk)))
    with open(files.kernel, "rb") as f, open(tree, "rb") as t:
        image = bytearray(f.read() + t.read())
    start, = struct.unpack_from("<I", image, ZIMAGE_START)
    struct.pack_into("<I", image, ZIMAGE_END, start + len(image))
    path = os.path.join(folder, "kernel")
    board.write(path, image)
    return path


def missing(folder):
    """What the IPU's core was asked for and does not have, a line each."""
    return os.path.join(folder, "m4.trace")


def devices(machine, folder, xen):
    """The SoC's devices for QEMU. What goes over the MMUs' registers is recorded."""
    args = control_devices(folder, xen)
    for p in machine.processors:
        error = ",bus-err-back=on" if p.bus_error else ""
        unit = prcm_board.in_unit(p.name) if xen else ""
        trace = os.path.join(folder, f"{p.name}-mmu.trace")
        args += ["-device", f"omap-mmu,id={p.name},addr={p.mmu:#x},irq={p.spi}{error}{unit},"
                            f"trace={trace}"]
    for d in (f"omap-mailbox,id=mailbox,addr={MAILBOX:#x},irq={machine.mailbox_spi}",
              f"omap-m4,mmu=ipu,addr={L2RAM:#x}{started_by('ipu', xen)},mailbox=mailbox,user=2,"
              f"trace={missing(folder)}",
              f"omap-rproc,mmu=dsp,addr={DSP_REGS:#x}{started_by('dsp', xen)}"):
        args += ["-device", d]
    return args


def machine_args(qemu, ram):
    return [*qemu, "-cpu", board.cpu_model("a15"), "-smp", "2",
            "-m", f"{ram // MIB}M", "-nodefaults", "-display", "none"]


def command(config, files):
    """Prepares a configuration; returns its folder and QEMU's command line."""
    machine, layout = config.machine, config.machine.layout
    folder = os.path.join(files.system, config.name)
    shutil.rmtree(folder, ignore_errors=True)   # what an earlier boot left
    os.makedirs(folder)
    kernel = kernel_with_tree(folder, config, files)
    if not config.xen:
        return folder, (
            board.qemu(machine_args(machine.bare[0], layout.guest_ram_size), files, folder, kernel)
            + board.load(files.ramdisk, ramdisk_at(machine)) + devices(machine, folder, xen=False))

    partial = board.compile_tree(folder, "partial", partial_tree(machine))
    args = machine_args(machine.qemu, layout.ram_size)
    host = board.with_overlay(folder, machine.own_tree(folder, args),
                              host_overlay(config, kernel, files.ramdisk, partial))
    return folder, (
        board.xen(args, files, folder, host, files.variant(machine.variant), layout.xen)
        + board.load(kernel, layout.modules["domU-kernel"])
        + board.load(files.ramdisk, layout.modules["domU-ramdisk"])
        + board.load(partial, layout.modules["domU-tree"])
        + board.plant(folder, "canary", machine.canary, remoteproc_machine.CANARY_SIZE)
        + devices(machine, folder, xen=True))
