# SPDX-License-Identifier: GPL-2.0-only
"""The machine the system tests run on: tables of what it consists of, and from them
QEMU's command line, the host's device tree and the guest's.

It is QEMU's `virt` with two OMAP MMUs and a remote processor behind each. The
guest's RAM and the machine's RAM have the same addresses on purpose: a mediator
that lets an address of the guest through untranslated hits the canary.
"""
import collections
import os
import struct
import subprocess
import zlib

import tree_text
import xen_facts

MIB = 1 << 20

RAM = 0x40000000
ARENA_SIZE = 16 * MIB
SECRET_SIZE = 4096
# Where code is in Xen's image, which must stay what it is. Before it newer Xens have data, too.
XEN_CODE, XEN_CODE_END = 64 << 10, 256 << 10
# What Xen maps for itself, in the version that maps most.
XEN_ROOM = 8 * MIB

# Xen's GIC takes it over from a guest's partial tree. From Xen 4.22 on no phandle there may be
# above 0xfde6.
GIC_PHANDLE = 0xfd00

Processor = collections.namedtuple("Processor", "name compatible regs mmu spi bus_error")
PROCESSORS = [
    Processor("ipu", "ti,omap5-ipu", 0x55020000, 0x55082000, 200, True),
    Processor("dsp", "ti,omap5-dsp", 0x4a060000, 0x4a066000, 201, False),
]


def with_omap5_spis(processors):
    """On QEMU's virt these have devices already."""
    return [p._replace(spi={"ipu": 100, "dsp": 28}[p.name]) for p in processors]


# The same processors for a guest whose RAM covers those addresses: below all RAM, where
# Xen maps nothing of its own (docs/boards.md).
MOVED = [p._replace(regs=0x0e000000 | (p.regs & 0xffffff), mmu=0x0e000000 | (p.mmu & 0xffffff))
         for p in PROCESSORS]


class Layout(collections.namedtuple("Layout", """ram_size guest_ram_size guest_kernel_ram
                                                 arena secret xen spare seen registers modules""")):
    """Where things are; None: there is no such thing.

    ram_size          the machine's RAM, from RAM on
    guest_ram_size    the guest's, from RAM on, too
    guest_kernel_ram  what of it the guest's kernel uses
    arena             guest-physical: left out of the guest kernel's memory for the tests;
                      at the same *machine* addresses a pattern that nothing may ever write
    secret            machine memory at an address that is nothing at all to the guest
    xen               where Xen is loaded; nothing to the guest
    spare             guest-physical: 2 MiB where domains have nothing
    seen              PROCESSORS at the addresses where the guest sees them
    registers         MiBs of RAM in which registers lie: reserved whole, which Xen then
                      gives to dom0, whatever is in them
    modules           where QEMU puts what Xen is to find. Domains may not share a module.
    """

    def reserved(self):
        """What of the RAM nobody may use: name, address, size."""
        return ([("canary", self.arena, ARENA_SIZE)]
                + [("secret", self.secret & -MIB, MIB)] * (self.secret & -MIB not in self.registers)
                + [("registers", address, MIB) for address in self.registers])

    def xen_code(self):
        return self.xen + XEN_CODE

    def mmus_among_devices(self):
        """Those MMUs of the machine that no reserved memory covers, as on a board."""
        return [p.mmu for p in PROCESSORS if p.mmu & -MIB not in self.registers]


# Xen puts the guest's ramdisk and tree 128 MiB into its RAM: the arena is just above. In
# the machine the block from 0x44000000 on stays free: dom0's only choice then, and below
# all reserved memory, else the kernel's decompressor takes that for RAM.
SMALL = Layout(
    ram_size=320 * MIB, guest_ram_size=160 * MIB,
    guest_kernel_ram="mem=64M@0x40000000 mem=16M@0x48000000",
    arena=0x49000000, secret=0x4a080000, xen=0x4f000000, spare=0x60000000,
    seen=PROCESSORS, registers=[0x4a000000],
    modules={
        "dom0-kernel": 0x4c000000, "dom0-ramdisk": 0x4c800000,
        "domU-kernel": 0x4d000000, "domU-ramdisk": 0x4d800000, "domU-tree": 0x4e000000,
    })
# A guest of useful size, whose RAM covers the addresses of both MMUs in the machine.
LARGE = Layout(
    ram_size=1024 * MIB, guest_ram_size=512 * MIB,
    guest_kernel_ram="mem=448M@0x40000000",
    arena=0x5c000000, secret=0x70080000, xen=0x78000000, spare=0x60000000,
    seen=MOVED, registers=[0x4a000000, 0x55000000],
    modules={
        "dom0-kernel": 0x71000000, "dom0-ramdisk": 0x72000000,
        "domU-kernel": 0x74000000, "domU-ramdisk": 0x74800000, "domU-tree": 0x75800000,
    })

CPUS = {
    "a15": "cortex-a15",
    # Traps set/way cache operations, as silicon does and QEMU's cortex-a15 does not.
    "max": "max,midr=0x414fc0f0",
}


def cpu_model(cpu):
    """QEMU's name. Not every Xen can run Linux on each of them."""
    return CPUS[xen_facts.a15() if cpu == "a15" else cpu]



# What is booted: a name, the processor, the domains, a variant of Xen (build-xen.sh).
Config = collections.namedtuple("Config", "name cpu dom0 layout xen", defaults=[SMALL, None])
CONFIGS = [
    Config("a15-alone", "a15", False, LARGE),
    Config("a15-dom0", "a15", True),
    Config("max-alone", "max", False, LARGE, "new-vgic"),
    Config("max-dom0", "max", True),
]


def same_boot(config):
    """Another configuration that is the same, where this Xen cannot have a15; or None."""
    if config.cpu != "a15" or xen_facts.a15() == "a15":
        return None
    return next((c for c in CONFIGS if c == config._replace(name=c.name, cpu="max")), None)


def hex_list(numbers):
    return ",".join(map(hex, numbers))


def guest_args(layout):
    return ("console=ttyAMA0 rdinit=/init loglevel=6 printk.time=0 role=domU "
            f"{layout.guest_kernel_ram} arena={layout.arena:#x} secret={layout.secret:#x} "
            f"xen={layout.xen_code():#x} spare={layout.spare:#x} "
            f"mmus={hex_list(p.mmu for p in layout.seen)}")


def dom0_args(layout):
    """dom0 writes to the console letter by letter, into the guest's lines: it is silent."""
    processors = ",".join(f"/{p.name}@{p.regs:x}" for p in PROCESSORS)
    return ("console=hvc0 rdinit=/init loglevel=2 printk.time=0 role=dom0 "
            f"mmus={hex_list(layout.mmus_among_devices())} processors={processors} "
            f"spare={layout.spare:#x} "
            f"spis={max(p.spi for p in PROCESSORS) + 1}")


# Xen's scheduler leaves a vCPU waiting for ever, with all CPUs idle, if its credit is at
# the floor (it ran for 20 ms in one go: this machine was busy) and it lost its CPU to a
# tasklet: no other CPU takes it over, for idle's credit and the resistance to migration
# add up to more than the floor (runq_candidate() in credit2.c). So: no resistance.
# The console's input is Xen's own (conswitch): without, it is the first domain's, whose
# lines then come in letters and without its name; of which domain depends on the version.
UART = "/pl011@9000000"
XEN_ARGS = (f"console=dtuart dtuart={UART} loglvl=all guest_loglvl=all "
            "sched_credit2_migrate_resist=0 "
            "bootscrub=0 dom0_mem=64M dom0_max_vcpus=1 conswitch=ax")


# What the folders of the guest's Linux end with (lib.sh has the same).
LINUX = os.environ.get("LINUX", "")
LINUX = "" if LINUX in ("", "bookworm", "6.1") else "-" + LINUX


class Files:
    """The paths under build/ that the machine is made of."""

    def __init__(self, root):
        self.root = root
        self.build = build = xen_facts.BUILD
        self.xen = self.variant(None)
        self.ubsan_xen = self.variant("ubsan")
        self.plugin = os.path.join(root, "build", "qemu", "omap.so")
        self.kernel = os.path.join(build, "guest" + LINUX, "kernel")
        self.ramdisk = os.path.join(build, "guest" + LINUX, "ramdisk")
        self.iommu = os.path.join(root, "build", "fetch" + LINUX, "iommu")
        self.dom0_ramdisk = os.path.join(build, "dom0" + LINUX, "ramdisk")
        self.attack = os.path.join(build, "attack", "attack")
        self.neighbour = os.path.join(build, "attack", "neighbour")
        self.system = os.path.join(build, "system")
        self.examples = os.path.join(root, "docs", "examples")

    def variant(self, name):
        """Of Xen, or the plain one."""
        return os.path.join(self.build, f"xen-{name}" if name else "xen", "xen")


def mmu_node(p, more=""):
    error = "ti,iommu-bus-err-back;" if p.bus_error else ""
    return f"""
    {p.name}_mmu: mmu@{p.mmu:x} {{
        compatible = "ti,omap4-iommu";
        reg = <0 {p.mmu:#x} 0 0x100>;
        interrupts = <0 {p.spi} 4>;
        {more}
        #iommu-cells = <0>;
        {error}
    }};"""


def target_module(p, more="", module=""):
    """The MMU as TI's trees have it: inside a module whose reg covers its page too. more is
    of the MMU's node, module of the module's."""
    return f"""
    target-module@{p.mmu:x} {{
        compatible = "ti,sysc-omap2", "ti,sysc";
        reg = <0 {p.mmu:#x} 0 4>, <0 {p.mmu + 0x10:#x} 0 4>, <0 {p.mmu + 0x14:#x} 0 4>;
        reg-names = "rev", "sysc", "syss";
        {module}
        {tree_text.CELLS}
        ranges;
        {mmu_node(p, more)}
    }};"""


def processor_node(p, extra):
    return f"""
    {p.name}@{p.regs:x} {{
        compatible = "{p.compatible}";
        reg = <0 {p.regs:#x} 0 0x1000>;
        iommus = <&{p.name}_mmu>;
        {extra}
    }};"""


def passthrough_tree(nodes, gic=GIC_PHANDLE):
    """The part of its tree that a guest is given beside Xen's own: its devices."""
    return f"""/dts-v1/;
/ {{
    {tree_text.CELLS}
    gic: gic {{ phandle = <{gic:#x}>; }};
    {tree_text.bus("passthrough", nodes)}
}};
"""


def late_bus(processors):
    """Processors on a bus that Linux populates late.

    Linux 6.1 needs it (7.2 does not): its omap-iommu probe fails (-EINVAL) when a processor
    is already there whose MMU is not, and with two MMUs one always comes first.
    """
    return tree_text.bus("processors", processors, "simple-pm-bus")


def guest_tree(seen=None):
    """A dom0less guest's."""
    seen = seen or PROCESSORS
    mmus = "".join(mmu_node(p, f"interrupt-parent = <{GIC_PHANDLE:#x}>;") for p in seen)
    processors = "".join(processor_node(g, f"""xen,path = "/{p.name}@{p.regs:x}";
        xen,reg = <0 {p.regs:#x} 0 0x1000 0 {g.regs:#x}>;""") for p, g in zip(PROCESSORS, seen))
    return passthrough_tree(mmus + late_bus(processors))


def host_overlay(config, files, guest_dtb):
    """What is added to QEMU's own tree."""
    layout = config.layout
    nodes = ""
    for p, seen in zip(PROCESSORS, layout.seen):
        moved = f"xen,guest-address = <{seen.mmu:#x}>;" if seen != p else ""
        nodes += target_module(p, moved) + processor_node(p, "xen,passthrough;")

    domains = tree_text.domain(layout.guest_ram_size, tree_text.linux(
        guest_args(layout), layout.modules, files.kernel, files.ramdisk, guest_dtb))
    if config.dom0:
        domains = tree_text.dom0(dom0_args(layout), layout.modules, files.kernel,
                                 files.ramdisk) + domains
    return tree_text.overlay(tree_text.reserved(layout.reserved()) + nodes
                             + tree_text.chosen(XEN_ARGS, domains))


def pattern(address, size):
    """What the canary and the secret are filled with: no two words alike."""
    return b"".join(((a * 0x9e3779b1) & 0xffffffff).to_bytes(4, "little")
                    for a in range(address, address + size, 4))


def write(path, data):
    with open(path, "w" if isinstance(data, str) else "wb") as f:
        f.write(data)


def plant(folder, name, address, size):
    """Memory with its pattern in it, as words for QEMU."""
    path = os.path.join(folder, name)
    write(path, pattern(address, size))
    return load(path, address)


def machine_args(config):
    return ["-M", "virt,virtualization=on,highmem=off", "-cpu", cpu_model(config.cpu),
            "-smp", "2", "-m", f"{config.layout.ram_size // MIB}M", "-nodefaults", "-display",
            "none"]


def output_of(*command):
    """What a program prints."""
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True, check=False)
    if ran.returncode:
        raise OSError(f"{' '.join(command)}: {ran.stderr.strip()}")
    return ran.stdout


def tool(*command):
    output_of(*command)


def compile_tree(folder, name, text, *options):
    """Writes a tree's source, and the tree; returns the tree's path."""
    source, tree = os.path.join(folder, name + ".dts"), os.path.join(folder, name + ".dtb")
    write(source, text)
    tool("dtc", "-q", *options, "-O", "dtb", "-o", tree, source)
    return tree


def qemu_tree(folder, args):
    """QEMU's own tree for a machine; returns its path."""
    tree = os.path.join(folder, "virt.dtb")
    tool("qemu-system-arm", *args, "-machine", "dumpdtb=" + tree)
    return tree


def qemu_source(folder, args):
    """The same as text, in which the GIC has a label, for what is written behind it."""
    source = os.path.join(folder, "virt.dts")
    tool("dtc", "-q", "-I", "dtb", "-O", "dts", "-o", source, qemu_tree(folder, args))
    with open(source, encoding="ascii") as f:
        return f.read().replace("intc@8000000 {", "gic: intc@8000000 {")


def with_overlay(folder, tree, overlay):
    """The host's tree, of the machine's and an overlay; returns its path."""
    host = os.path.join(folder, "host.dtb")
    tool("fdtoverlay", "-i", tree, "-o", host,
         compile_tree(folder, "overlay", overlay, "-@"))
    return host


def host_tree(folder, args, overlay):
    """QEMU's own tree for a machine, with an overlay; returns its path."""
    return with_overlay(folder, qemu_tree(folder, args), overlay)


def prepare(config, files):
    """Writes the trees of a configuration; returns its folder."""
    folder = os.path.join(files.system, config.name)
    os.makedirs(folder, exist_ok=True)

    layout = config.layout
    guest_dtb = compile_tree(folder, "guest", guest_tree(layout.seen))
    host_tree(folder, machine_args(config), host_overlay(config, files, guest_dtb))
    return folder


def load(path, address):
    return ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]


def qemu(args, files, folder, *kernel):
    """A machine with our devices. Console on stdio, QMP on a socket in the folder."""
    return ["qemu-system-arm", *args, "-no-reboot", "-serial", "stdio",
            "-qmp", f"unix:{os.path.join(folder, 'qmp')},server=on,wait=off",
            "-plugin", files.plugin, "-kernel", *kernel]


# U-Boot's legacy image: its header's magic number, and Linux's kernel for Arm, not packed.
UIMAGE_MAGIC, UIMAGE_KIND = 0x27051956, bytes([5, 2, 2, 0])


def uimage(data, address):
    """An image that QEMU loads, and starts as it starts Linux, at that address."""
    header = struct.pack(">7I4s32s", UIMAGE_MAGIC, 0, 0, len(data), address, address,
                         zlib.crc32(data), UIMAGE_KIND, b"Xen")
    return header[:4] + struct.pack(">I", zlib.crc32(header)) + header[8:] + data


def xen(args, files, folder, tree, image=None, at=None):
    """Xen on that machine; image: another one than files.xen; at: where it is loaded."""
    image = image or files.xen
    if at is not None:
        with open(image, "rb") as f:
            data = f.read()
        image = os.path.join(folder, "xen.uimage")
        # QEMU puts the tree behind it, and does not know what Xen needs there.
        write(image, uimage(data.ljust(XEN_ROOM, b"\0"), at))
        write(os.path.join(folder, "xen"), data[XEN_CODE:XEN_CODE_END])
    return qemu(args, files, folder, image, "-dtb", tree)


def devices(processors=None):
    """The MMUs, and a scripted processor behind each."""
    args = []
    for p in processors or PROCESSORS:
        error = ",bus-err-back=on" if p.bus_error else ""
        args += ["-device", f"omap-mmu,id={p.name},addr={p.mmu:#x},irq={p.spi}{error}",
                 "-device", f"omap-rproc,mmu={p.name},addr={p.regs:#x}"]
    return args


def command(config, files, folder):
    """QEMU's command line for a configuration that is prepared."""
    args = xen(machine_args(config), files, folder, os.path.join(folder, "host.dtb"),
               files.variant(config.xen), config.layout.xen)
    layout, modules = config.layout, config.layout.modules
    if config.dom0:
        args += load(files.kernel, modules["dom0-kernel"])
        args += load(files.ramdisk, modules["dom0-ramdisk"])
    args += load(files.kernel, modules["domU-kernel"])
    args += load(files.ramdisk, modules["domU-ramdisk"])
    args += load(os.path.join(folder, "guest.dtb"), modules["domU-tree"])
    args += plant(folder, "canary", layout.arena, ARENA_SIZE)
    args += plant(folder, "secret", layout.secret, SECRET_SIZE)
    return args + devices()
