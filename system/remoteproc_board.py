# SPDX-License-Identifier: GPL-2.0-only
"""The machine on which Linux's remoteproc boots real firmware: an IPU that executes,
a DSP, the mailbox between them and Linux, and their reset lines.

It is booted in two ways: Xen with a guest that owns all of this, and the same Linux on
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
from board import MIB

GUEST_RAM_SIZE = 160 * MIB

# Carveouts, vrings and buffers are taken from these, by Linux. The firmware is built
# for their addresses, as TI's is. The machine's RAM there is nobody's: what lets a
# guest's address through untranslated hits a canary.
Pool = collections.namedtuple("Pool", "name address size")
POOLS = [Pool("dsp", 0x46000000, 8 * MIB), Pool("ipu", 0x47000000, 8 * MIB)]
CANARY, CANARY_SIZE = 0x46000000, 32 * MIB

L2RAM, L2RAM_SIZE = 0x55020000, 0x10000
MAILBOX, MAILBOX_SPI = 0x4a0f4000, 202
# Reset lines and boot registers, a page for each processor: on Xen its control page, on the
# bare machine a device (omap-control).
CONTROL = {"ipu": 0x0e002000, "dsp": 0x0e003000}
DSP_REGS = 0x4a060000       # the scripted master's own, for the runner to look at

# Of the DSP's boot register in its page, after 0x300.
BOOT = {True: 0x4, False: 0x0}

# What the IPU's firmware asks to be mapped: a window to its pool, and one to the
# peripherals, of which the guest owns one page.
IPC_WINDOW = 0xa0000000
L4_WINDOW, L4 = 0xaa000000, 0x4a000000

# What is booted: a name, with Xen or without, the IPU's firmware, what the guest goes
# through (guest/remoteproc.sh), how many TLB entries the trees say that the MMUs have.
Config = collections.namedtuple("Config", "name xen firmware steps entries", defaults=["all", 32])
CONFIGS = [Config("remoteproc-xen", True, "xen-omap-ipu.elf"),
           Config("remoteproc-native", False, "xen-omap-ipu.elf"),
           Config("remoteproc-8-entries", True, "xen-omap-ipu.elf", "boot", 8)]

# iomem=relaxed: devmem may touch the registers of a device that has a driver.
BOOTARGS = ("rdinit=/init loglevel=4 printk.time=0 role=remoteproc console=ttyAMA0 "
            "iomem=relaxed")
# The scan faults a million times: let it, instead of waiting three quarters of the time.
XEN_ARGS = "omap-mmu-share=100"
# Xen puts a guest's device tree 128 MiB into its RAM, and the ramdisk 2 MiB above.
RAMDISK = board.RAM + 130 * MIB

# What Linux finds of the machine itself: on Xen, and on QEMU's virt.
PLATFORM = {
    True: """
    gic: interrupt-controller@3001000 {
        compatible = "arm,cortex-a15-gic";
        reg = <0 0x03001000 0 0x1000>, <0 0x03002000 0 0x2000>;
        #interrupt-cells = <3>;
        #address-cells = <0>;
        interrupt-controller;
    };
    serial@22000000 {
        compatible = "arm,sbsa-uart";
        reg = <0 0x22000000 0 0x1000>;
        interrupts = <0 0 4>;
        current-speed = <115200>;
    };""",
    False: """
    gic: interrupt-controller@8000000 {
        compatible = "arm,cortex-a15-gic";
        reg = <0 0x08000000 0 0x10000>, <0 0x08010000 0 0x10000>;
        #interrupt-cells = <3>;
        #address-cells = <0>;
        interrupt-controller;
    };
    serial@9000000 {
        compatible = "arm,pl011", "arm,primecell";
        reg = <0 0x09000000 0 0x1000>;
        interrupts = <0 1 4>;
        clocks = <&clock>, <&clock>;
        clock-names = "uartclk", "apb_pclk";
    };""",
}


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
    """All that Linux knows: the processors by their mainline bindings. Simple reset
    controllers, a syscon and a fixed clock stand in for PRCM and SCM.

    The processors are on a bus that Linux populates late, after their MMUs: see
    board.guest_tree(). The MMUs are on it, too: while one is attached the bus counts as
    powered, without which omap_remoteproc cannot mark its processor as running."""
    pools = "".join(f"""
        {p.name}_pool: {p.name}-memory@{p.address:x} {{
            compatible = "shared-dma-pool";
            reg = <0 {p.address:#x} 0 {p.size:#x}>;
            reusable;
        }};""" for p in POOLS)
    mmus = "".join(mmu_node(p, config) for p in board.PROCESSORS)
    resets = "".join(f"""
        {name}_reset: reset-controller@{page:x} {{
            compatible = "snps,dw-high-reset";
            reg = <{page:#x} 4>;
            #reset-cells = <1>;
        }};""" for name, page in CONTROL.items())
    return f"""/dts-v1/;
/ {{
    model = "xen-omap-iommu's remoteproc board";
    compatible = "linux,dummy-virt";
    interrupt-parent = <&gic>;
    #address-cells = <2>;
    #size-cells = <2>;
    chosen {{
        bootargs = "{BOOTARGS} ipu_firmware={config.firmware} steps={config.steps}";
        linux,initrd-start = <{RAMDISK:#x}>;
        linux,initrd-end = <{RAMDISK + ramdisk_size:#x}>;
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
    memory@{board.RAM:x} {{
        device_type = "memory";
        reg = <0 {board.RAM:#x} 0 {GUEST_RAM_SIZE:#x}>;
    }};
    clock: clock {{ compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <24000000>; }};
    {PLATFORM[config.xen]}
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
        {resets}
        scm_conf: scm_conf@{CONTROL["dsp"] + 0x300:x} {{
            compatible = "syscon";
            reg = <{CONTROL["dsp"] + 0x300:#x} 0x100>;
        }};
        mailbox: mailbox@{MAILBOX:x} {{
            compatible = "ti,omap4-mailbox";
            reg = <{MAILBOX:#x} 0x200>;
            interrupts = <0 {MAILBOX_SPI} 4>;
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


# What the guest is given: a name, its registers as far as they are the guest's, and
# what the host's tree says of it.
Device = collections.namedtuple("Device", "name regs properties")


def power(name):
    """What the host's node of a processor says of its resets."""
    return f"{prcm_board.PROCESSOR[name]} xen,omap-control = <{CONTROL[name]:#x}>;"


def host_devices():
    spi = f"interrupts = <0 {MAILBOX_SPI} 4>;"
    return [
        Device("ipu", (L2RAM, L2RAM_SIZE), "iommus = <&ipu_mmu>;" + power("ipu")),
        Device("dsp", None, "iommus = <&dsp_mmu>;" + power("dsp")),
        Device("mailbox", (MAILBOX, 0x1000), spi),
    ]


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


def partial_tree():
    return f"""/dts-v1/;
/ {{
    #address-cells = <2>;
    #size-cells = <2>;
    gic: gic {{ phandle = <{board.GIC_PHANDLE:#x}>; }};
    passthrough {{
        compatible = "simple-bus";
        #address-cells = <2>;
        #size-cells = <2>;
        ranges;
        {"".join(map(passed_node, host_devices()))}
    }};
}};
"""


def host_overlay(config, kernel, ramdisk, partial):
    """What is added to QEMU's own tree for Xen."""
    nodes = prcm_board.HOST_BUS + "".join(
        board.target_module(p, entries(config), prcm_board.TARGET_MODULE[p.name])
        for p in board.PROCESSORS)
    for d in host_devices():
        reg = f"reg = <0 {d.regs[0]:#x} 0 {d.regs[1]:#x}>;" if d.regs else ""
        nodes += f"\n    {d.name} {{ {reg} {d.properties} xen,passthrough; }};"
    registers = "".join(f"registers@{mib:x} {{ reg = <0 {mib:#x} 0 {MIB:#x}>; no-map; }};"
                        for mib in prcm_board.MIBS)
    modules = (board.module_node("kernel", board.SMALL.modules["domU-kernel"], kernel,
                                 'bootargs = "";')
               + board.module_node("ramdisk", board.SMALL.modules["domU-ramdisk"], ramdisk)
               + board.module_node("device-tree", board.SMALL.modules["domU-tree"], partial))
    return f"""/dts-v1/;
/plugin/;
&{{/}} {{
    #address-cells = <2>;
    #size-cells = <2>;
    reserved-memory {{
        #address-cells = <2>;
        #size-cells = <2>;
        ranges;
        canary@{CANARY:x} {{ reg = <0 {CANARY:#x} 0 {CANARY_SIZE:#x}>; no-map; }};
        {registers}
    }};
    {nodes}
    chosen {{
        #address-cells = <2>;
        #size-cells = <2>;
        xen,xen-bootargs = "{board.XEN_ARGS} {XEN_ARGS}";
        domU1 {{
            compatible = "xen,domain";
            #address-cells = <2>;
            #size-cells = <2>;
            cpus = <1>;
            memory = <0 {GUEST_RAM_SIZE // 1024:#x}>;
            vpl011;
            {modules}
        }};
    }};
}};
"""


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


def devices(folder, xen):
    """The SoC's devices for QEMU. What goes over the MMUs' registers is recorded."""
    args = prcm_board.devices(folder) if xen else [
        word for name, page in CONTROL.items()
        for word in ("-device", f"omap-control,id={name}-control,addr={page:#x}")]
    started = {p.name: prcm_board.in_unit(p.name) if xen else f",control={p.name}-control,line=0"
               for p in board.PROCESSORS}
    for p in board.PROCESSORS:
        error = ",bus-err-back=on" if p.bus_error else ""
        unit = prcm_board.in_unit(p.name) if xen else ""
        trace = os.path.join(folder, f"{p.name}-mmu.trace")
        args += ["-device", f"omap-mmu,id={p.name},addr={p.mmu:#x},irq={p.spi}{error}{unit},"
                            f"trace={trace}"]
    for d in (f"omap-mailbox,id=mailbox,addr={MAILBOX:#x},irq={MAILBOX_SPI}",
              f"omap-m4,mmu=ipu,addr={L2RAM:#x}{started['ipu']},mailbox=mailbox,user=2",
              f"omap-rproc,mmu=dsp,addr={DSP_REGS:#x}{started['dsp']}"):
        args += ["-device", d]
    return args


def machine_args(ram, options=""):
    return ["-M", "virt,highmem=off" + options, "-cpu", board.cpu_model("a15"), "-smp", "2",
            "-m", f"{ram // MIB}M", "-nodefaults", "-display", "none"]


def command(config, files):
    """Prepares a configuration; returns its folder and QEMU's command line."""
    folder = os.path.join(files.system, config.name)
    shutil.rmtree(folder, ignore_errors=True)   # what an earlier boot left
    os.makedirs(folder)
    kernel = kernel_with_tree(folder, config, files)
    if not config.xen:
        return folder, (
            board.qemu(machine_args(GUEST_RAM_SIZE), files, folder, kernel)
            + board.load(files.ramdisk, RAMDISK) + devices(folder, xen=False))

    partial = board.compile_tree(folder, "partial", partial_tree())
    args = machine_args(board.SMALL.ram_size, ",virtualization=on")
    host = board.host_tree(folder, args, host_overlay(config, kernel, files.ramdisk, partial))
    canary = os.path.join(folder, "canary")
    board.write(canary, board.pattern(CANARY, CANARY_SIZE))
    return folder, (
        board.xen(args, files, folder, host)
        + board.load(kernel, board.SMALL.modules["domU-kernel"])
        + board.load(files.ramdisk, board.SMALL.modules["domU-ramdisk"])
        + board.load(partial, board.SMALL.modules["domU-tree"])
        + board.load(canary, CANARY) + devices(folder, xen=True))
