# SPDX-License-Identifier: GPL-2.0-only
"""The machine whose dom0 has Debian's xl. Its MMUs have OMAP5's own addresses and
interrupts, so that the trees and configurations of docs/examples/ are booted as they are.

It is described by QEMU's own tree with docs/examples/omap5-host.dtsi in it. dom0 is told
what to do by the parts that its command line names (dom0/), and talks to the runner
through a virtio port.
"""
import collections
import os
import shutil
import subprocess

import board
import gpu_board
import prcm_board
import tree_text
import xl_refusals
from board import MIB

# OMAP5's, and in the guests.
PROCESSORS = board.with_omap5_spis(board.PROCESSORS)
SEEN = board.with_omap5_spis(board.MOVED)
LAYOUT = board.LARGE._replace(seen=SEEN)
# Where a guest has the control pages, as docs/examples say.
CONTROL = [0x0e002000, 0x0e003000]

# A guest of 96 MiB beside the other one: xl puts its ramdisk and tree at the end of its RAM.
SMALL_MEMORY = 96
SMALL_ARENA = 0x44000000
SMALL_KERNEL_RAM = "mem=64M@0x40000000 mem=16M@0x45000000"

# The GIC's in the tree of a guest that xl makes (libxl_arm.c of 4.17). dom0less takes any.
GIC_PHANDLE = 0xfde8

# A third MMU, whose guest address is the host's, in the midst of a guest's RAM.
UNMOVED = board.PROCESSORS[0]._replace(name="unmoved", regs=0x55030000, mmu=0x55084000, spi=101)

# Of QEMU's machine, what has interrupts of OMAP5's MMUs and GPU: virtio transports, and PCI's
# MSIs.
LEFT_OUT = ["/virtio_mmio@a001800", *gpu_board.LEFT_OUT, "/intc@8000000/v2m@8020000",
            "/pcie@10000000"]

# What is booted: a name, the processor, what dom0 does (dom0/<part>.sh), whether Xen
# makes a guest at boot as well, and whether the processors' resets are Xen's: then they are
# off when Xen boots; else they are on, and nobody's.
Config = collections.namedtuple("Config", "name cpu parts dom0less off layout",
                                defaults=[False, False, LAYOUT])
CONFIGS = [
    Config("xl-a15", "a15", ["large", "cycles", "refusals"]),
    Config("xl-max", "max", ["dom0less", "large", "reset", "two", "power", "gpu"], True, True),
]
DEMO = Config("xl-demo", "a15", ["demo"], False, True)

# Linux tests its ciphers when it boots: seconds of an emulated CPU.
FASTER = "cryptomgr.notests"
# QEMU's GIC (before 9.1) keeps an interrupt active for the CPU that took it, if a vCPU that
# has moved meanwhile ends it on another: dom0, which has devices, stays on one.
XEN_ARGS = board.XEN_ARGS.replace("dom0_mem=64M", "dom0_mem=128M dom0_vcpus_pin")


def guest_args(console, role, ram, arena, control):
    mmus = board.hex_list(p.mmu for p in SEEN)
    return (f"console={console} rdinit=/init loglevel=6 printk.time=0 {FASTER} role={role} {ram} "
            f"arena={arena:#x} secret={LAYOUT.secret:#x} xen={LAYOUT.xen_code():#x} "
            f"spare={LAYOUT.spare:#x} mmus={mmus}"
            # relaxed: devmem may touch the control page, which has a driver.
            + (f" iomem=relaxed control={board.hex_list(control)}" if control else ""))


def large_args(control):
    return guest_args("hvc0", "xl", LAYOUT.guest_kernel_ram, LAYOUT.arena, control)


def small_args(control):
    return guest_args("hvc0", "xl", SMALL_KERNEL_RAM, SMALL_ARENA, control)


def controls(config):
    """The IPU's control page, and the DSP's."""
    return CONTROL if config.off else []


def partial_tree(names):
    """Of a guest that xl makes, with some of the processors, on a bus that Linux populates
    late: see board.late_bus()."""
    seen = [p for p in SEEN if p.name in names]
    mmus = "".join(board.mmu_node(p, f"interrupt-parent = <{GIC_PHANDLE:#x}>; ti,#tlb-entries = "
                                     "<8>;")
                   for p in seen)
    processors = "".join(board.processor_node(p, "") for p in seen)
    return board.passthrough_tree(mmus + board.late_bus(processors), GIC_PHANDLE)


def configuration(name, memory, args, *more):
    lines = [f'name = "{name}"', 'kernel = "/boot/vmlinuz"', 'ramdisk = "/boot/initrd.img"',
             f'extra = "{args}"', f"memory = {memory}", "vcpus = 1", *more]
    return "\n".join(lines) + "\n"


IPU, DSP = '"/ocp/ipu@55020000"', '"/ocp/dsp"'
IPU_PAGES, DSP_PAGES = '"0x55020,1@0xe020"', '"0x4a060,1@0xe060"'
SPARE = "irqs = [ 159 ]"    # docs/examples/omap5-host.dtsi

def guests(config):
    return {
        "large": configuration("large", 512, large_args(controls(config)),
                               'device_tree = "/etc/xen/both.dtb"', f"dtdev = [ {IPU}, {DSP} ]",
                               f"iomem = [ {IPU_PAGES}, {DSP_PAGES} ]", SPARE),
        # The DSP's interrupt is one of the first 32: what a UART brings along is enough.
        "dsp": configuration("dsp", SMALL_MEMORY, small_args(controls(config)[1:]),
                             'device_tree = "/etc/xen/dsp.dtb"', f"dtdev = [ {DSP} ]",
                             f"iomem = [ {DSP_PAGES} ]", 'vuart = "sbsa_uart"'),
    }


def pack(top):
    """A folder as an archive for the kernel, which unpacks one after the other."""
    return subprocess.run("find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet | gzip -n",
                          shell=True, cwd=top, stdout=subprocess.PIPE, check=True).stdout


def add_guests(folder, files, config):
    """What xl is given: /etc/xen in dom0. Returns the archive."""
    top = os.path.join(folder, "added")
    xen = os.path.join(top, "etc", "xen")
    os.makedirs(xen)
    for name, text in guests(config).items():
        board.write(os.path.join(xen, name + ".cfg"), text)
    os.makedirs(os.path.join(xen, "refused"))
    board.write(os.path.join(xen, "refused", "kernel"), xl_refusals.kernel())
    for name, refusal in xl_refusals.REFUSALS.items():
        board.write(os.path.join(xen, "refused", name + ".cfg"),
                    xl_refusals.configuration(refusal))
    for name, processors in {"both": ["ipu", "dsp"], "dsp": ["dsp"]}.items():
        shutil.move(board.compile_tree(folder, name, partial_tree(processors)), xen)
    for example, name, args in (
            ("xl", "ipu", large_args(controls(config)[:1])),
            ("gpu", "gpu", large_args([]) + " " + gpu_board.REGISTERS)):
        shutil.copy(os.path.join(files.examples, example + ".cfg"),
                    os.path.join(xen, name + ".cfg"))
        board.tool("dtc", "-q", "-O", "dtb", "-o", os.path.join(xen, f"guest-{name}.dtb"),
                   os.path.join(files.examples, f"guest-{name}.dts"))
        board.write(os.path.join(xen, name + ".args"), args)
    return pack(top)


def dom0_ramdisk(folder, files, config):
    path = os.path.join(folder, "ramdisk")
    with open(files.dom0_ramdisk, "rb") as base:
        board.write(path, base.read() + add_guests(folder, files, config))
    return path


def dom0less_guest(folder, files, config):
    """The one of docs/examples/dom0less.dtsi: its tree is in the folder."""
    modules = LAYOUT.modules
    reg = {"guest_kernel": ("domU-kernel", files.kernel),
           "guest_ramdisk": ("domU-ramdisk", files.ramdisk),
           "guest_tree": ("domU-tree", os.path.join(folder, "guest-ipu.dtb"))}
    nodes = "".join(f"&{label} {{ reg = <0 {modules[name]:#x} 0 {os.path.getsize(path):#x}>; }};\n"
                    for label, (name, path) in reg.items())
    args = guest_args("ttyAMA0", "dom0less", LAYOUT.guest_kernel_ram, LAYOUT.arena,
                      controls(config)[:1])
    return f"""
/include/ "dom0less.dtsi"
{nodes}
&guest_kernel {{ bootargs = "{args}"; }};
"""


def host_source(virt, config, folder, files, ramdisk):
    """QEMU's tree, OMAP5's part of it, and the domains."""
    dom0 = tree_text.dom0("console=hvc0 rdinit=/init loglevel=2 printk.time=0 "
                          f"{FASTER} parts={','.join(config.parts)}",
                          LAYOUT.modules, files.kernel, ramdisk)
    reserved = LAYOUT.reserved() + [("registers", mib, MIB)
                                    for mib in [*prcm_board.MIBS[1:], gpu_board.GPU]]
    nobodys = "" if config.off else "".join(
        f"&{label} {{ /delete-property/ resets; }};\n" for label in ("ipu", "dsp"))
    left_out = "".join(f"/delete-node/ &{{{path}}};\n" for path in LEFT_OUT)
    dsp = next(p for p in PROCESSORS if p.name == "dsp")
    return virt + f"""
/include/ "omap5-host.dtsi"
/include/ "omap5-gpu.dtsi"
{left_out}
&dsp {{ reg = <{dsp.regs:#x} 0x1000>; }};
{nobodys}
/ {{
    ocp {{
        ranges = <0 0 0 0xffffffff>;
        {prcm_board.HOST_NODES}
        unmoved_mmu: mmu@{UNMOVED.mmu:x} {{
            compatible = "ti,omap4-iommu";
            reg = <{UNMOVED.mmu:#x} 0x100>;
            interrupt-parent = <&gic>;
            interrupts = <0 {UNMOVED.spi} 4>;
            #iommu-cells = <0>;
        }};
        unmoved@{UNMOVED.regs:x} {{
            reg = <{UNMOVED.regs:#x} 0x1000>;
            iommus = <&unmoved_mmu>;
            xen,passthrough;
        }};
    }};
    {tree_text.reserved(reserved)}
    {tree_text.chosen(XEN_ARGS, dom0)}
}};
""" + (dom0less_guest(folder, files, config) if config.dom0less else "")


def host_tree(folder, args, config, files, ramdisk):
    text = host_source(board.qemu_source(folder, args), config, folder, files, ramdisk)
    return board.compile_tree(folder, "host", text, "-i", files.examples)


def devices(config, folder):
    args = prcm_board.devices(folder) if config.off else []
    for p in PROCESSORS + [UNMOVED]:
        error = ",bus-err-back=on" if p.bus_error else ""
        unit = prcm_board.in_unit(p.name) if config.off and p in PROCESSORS else ""
        args += ["-device", f"omap-mmu,id={p.name},addr={p.mmu:#x},irq={p.spi}{error}{unit}",
                 "-device",
                 f"omap-rproc,mmu={p.name},addr={p.regs:#x}{unit}{',idle=on' * bool(unit)}"]
    return args + gpu_board.devices(folder)


def port(folder, bus=""):
    """Through which dom0 talks to the runner. bus: of the machine's, where it matters which."""
    path = os.path.join(folder, "port")
    return ["-chardev", f"socket,id=runner,path={path},server=on,wait=off",
            "-device", "virtio-serial-device" + (bus and f",bus={bus}"),
            "-device", "virtserialport,chardev=runner"]


def command(config, files):
    """Prepares a configuration; returns its folder and QEMU's command line."""
    folder = os.path.join(files.system, config.name)
    shutil.rmtree(folder, ignore_errors=True)   # what an earlier boot left
    os.makedirs(folder)
    board.tool("dtc", "-q", "-O", "dtb", "-o", os.path.join(folder, "guest-ipu.dtb"),
               os.path.join(files.examples, "guest-ipu.dts"))
    ramdisk = dom0_ramdisk(folder, files, config)
    args = board.machine_args(config)
    host = host_tree(folder, args, config, files, ramdisk)
    modules = LAYOUT.modules
    loaded = [(files.kernel, modules["dom0-kernel"]), (ramdisk, modules["dom0-ramdisk"])]
    if config.dom0less:
        loaded += [(files.kernel, modules["domU-kernel"]),
                   (files.ramdisk, modules["domU-ramdisk"]),
                   (os.path.join(folder, "guest-ipu.dtb"), modules["domU-tree"])]
    machine = board.xen(args, files, folder, host, at=LAYOUT.xen)
    for path, address in loaded:
        machine += board.load(path, address)
    machine += board.plant(folder, "canary", LAYOUT.arena, board.ARENA_SIZE)
    machine += board.plant(folder, "secret", LAYOUT.secret, board.SECRET_SIZE)
    return folder, machine + devices(config, folder) + port(folder)
