# SPDX-License-Identifier: GPL-2.0-only
"""The machine on which a guest owns the GPU: QEMU's `virt` with an SGX544 at OMAP5's address.
Its RAM ends below that. The GPU's part of the trees is docs/examples', as it is.
"""
import collections
import os
import re

import board
import tree_text

# As docs/examples have them.
GPU, SEEN, SPI = 0x56000000, 0x0e100000, 21
BANK = 0x4000
# Of QEMU's machine, what has its interrupt.
LEFT_OUT = ["/virtio_mmio@a000a00"]
# For the guest's test module.
REGISTERS = f"registers={SEEN:#x},{GPU:#x}"
LAYOUT = board.SMALL._replace(seen=[], registers=[])

# What is booted: a name, the processor, what the guest does (guest/init), and what its GPU is
# compatible with, in place of the example's.
Config = collections.namedtuple("Config", "name cpu role compatible layout dom0",
                                defaults=[None, LAYOUT, False])
CONFIG = Config("gpu-alone", "a15", "gpu")
# The same Linux without Xen: the machine's addresses are those that a guest sees.
NATIVE = Config("gpu-native", "a15", "gpu-native")


def guest_args(config):
    layout = config.layout
    return (f"console=ttyAMA0 rdinit=/init loglevel=6 printk.time=0 role={config.role} "
            f"{layout.guest_kernel_ram} arena={layout.arena:#x} secret={layout.secret:#x} "
            f"xen={layout.xen_code():#x} spare={layout.spare:#x} {REGISTERS}")


def example(config, files):
    """The guest's tree, as text."""
    with open(os.path.join(files.examples, "guest-gpu.dts"), encoding="ascii") as f:
        text = f.read()
    if config.compatible:
        text = re.sub(r'compatible = "ti,[^;]*;', f'compatible = "{config.compatible}";', text)
    return text


def guest_tree(folder, config, files):
    """The example's, whose phandle is xl's. dom0less takes any, but Xen 4.22."""
    text = example(config, files)
    return board.compile_tree(folder, "guest", text.replace("0xfde8", f"{board.GIC_PHANDLE:#x}"))


def trace(folder):
    """What the device has traced so far, line by line (qemu/omap_sgx_dev.c)."""
    with open(os.path.join(folder, "trace"), encoding="ascii") as f:
        return f.read().splitlines()


def devices(folder, address=GPU):
    return ["-device", f"omap-sgx,addr={address:#x},irq={SPI},reset-keeps-caches=on,"
                       f"trace={os.path.join(folder, 'trace')}"]


def machine_args(config):
    """QEMU's GIC (before 9.1) keeps an interrupt active for the CPU that took it, if a vCPU
    that has moved meanwhile ends it on another. The guest has the GPU's: one CPU."""
    args = board.machine_args(config)
    args[args.index("-smp") + 1] = "1"
    return args


def host_source(virt, config, files, guest_dtb):
    """QEMU's tree, the GPU's part of OMAP5's, and the domain."""
    layout = config.layout
    left_out = "".join(f"/delete-node/ &{{{path}}};\n" for path in LEFT_OUT)
    guest = tree_text.linux(guest_args(config), layout.modules, files.kernel, files.ramdisk,
                            guest_dtb)
    return virt + f"""
/include/ "omap5-gpu.dtsi"
{left_out}
/ {{
    ocp {{ ranges = <0 0 0 0xffffffff>; }};
    {tree_text.reserved(layout.reserved())}
    {tree_text.chosen(board.XEN_ARGS, tree_text.domain(layout.guest_ram_size, guest))}
}};
"""


def command(config, files):
    """Prepares a boot; returns its folder and QEMU's command line."""
    folder = os.path.join(files.system, config.name)
    os.makedirs(folder, exist_ok=True)
    layout, modules = config.layout, config.layout.modules
    tree = guest_tree(folder, config, files)
    args = machine_args(config)
    source = host_source(board.qemu_source(folder, args), config, files, tree)
    host = board.compile_tree(folder, "host", source, "-i", files.examples)

    run = board.xen(args, files, folder, host, at=layout.xen)
    for path, address in ((files.kernel, modules["domU-kernel"]),
                          (files.ramdisk, modules["domU-ramdisk"]), (tree, modules["domU-tree"])):
        run += board.load(path, address)
    run += board.plant(folder, "canary", layout.arena, board.ARENA_SIZE)
    run += board.plant(folder, "secret", layout.secret, board.SECRET_SIZE)
    return folder, run + devices(folder)


def native_command(config, files):
    """The same without Xen. QEMU puts the ramdisk where Xen does: 128 MiB into the RAM."""
    folder = os.path.join(files.system, config.name)
    os.makedirs(folder, exist_ok=True)
    args = ["-M", "virt,highmem=off", "-cpu", board.cpu_model(config.cpu),
            "-m", f"{config.layout.ram_size // board.MIB}M", "-nodefaults", "-display", "none"]
    gpu = re.search(r"gpu@\w+ {.*?};\n", example(config, files), re.S).group()
    left_out = "".join(f"/delete-node/ &{{{path}}};\n" for path in LEFT_OUT)
    tree = board.compile_tree(folder, "host", board.qemu_source(folder, args)
                              + f"{left_out}/ {{ {gpu} }};")
    return folder, board.qemu(args, files, folder, files.kernel, "-initrd", files.ramdisk,
                              "-append", guest_args(config), "-dtb", tree,
                              *devices(folder, SEEN))
