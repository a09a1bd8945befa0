# SPDX-License-Identifier: GPL-2.0-only
"""The machine on which a guest owns the GPU: QEMU's `virt` with an SGX544 at OMAP5's address.
Its RAM ends below that; the guest sees the registers elsewhere (xen,guest-address).
"""
import collections
import os

import board

GPU, SEEN, SPI = 0x56000000, 0x0e100000, 202
PATH = f"/gpu@{GPU:x}"
WINDOW, BANK, PAGE = 0x10000, 0x4000, 0x1000
LAYOUT = board.SMALL._replace(seen=[], registers=[])

# What is booted: a name, the processor.
Config = collections.namedtuple("Config", "name cpu layout dom0", defaults=[LAYOUT, False])
CONFIG = Config("gpu-alone", "a15")


def banks(base):
    """Where in each bank the pages begin that do not trap, seen from a base."""
    return [base + bank + PAGE for bank in range(0, WINDOW, BANK)]


def guest_args(layout):
    return ("console=ttyAMA0 rdinit=/init loglevel=6 printk.time=0 role=gpu "
            f"{layout.guest_kernel_ram} arena={layout.arena:#x} secret={layout.secret:#x} "
            f"xen={layout.xen_code():#x} spare={layout.spare:#x} registers={SEEN:#x},{GPU:#x}")


def guest_node():
    pages = " ".join(f"0 {host:#x} 0 {BANK - PAGE:#x} 0 {seen:#x}"
                     for host, seen in zip(banks(GPU), banks(SEEN)))
    return f"""
        gpu@{SEEN:x} {{
            compatible = "ti,omap5432-gpu", "img,powervr-sgx544";
            reg = <0 {SEEN:#x} 0 {WINDOW:#x}>;
            interrupt-parent = <{board.GIC_PHANDLE:#x}>;
            interrupts = <0 {SPI} 4>;
            xen,path = "{PATH}";
            xen,reg = <{pages}>;
        }};"""


def guest_tree():
    """The part of its tree that a dom0less guest is given beside Xen's own."""
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
        {guest_node()}
    }};
}};
"""


def host_node():
    return f"""
    gpu@{GPU:x} {{
        compatible = "ti,omap5432-gpu", "img,powervr-sgx544";
        reg = <0 {GPU:#x} 0 {WINDOW:#x}>;
        interrupts = <0 {SPI} 4>;
        xen,omap-clocked;
        xen,guest-address = <{SEEN:#x}>;
    }};"""


def devices(folder):
    return ["-device", f"omap-sgx,addr={GPU:#x},irq={SPI},reset-keeps-caches=on,"
                       f"trace={os.path.join(folder, 'trace')}"]


def machine_args(config):
    """QEMU's GIC (before 9.1) keeps an interrupt active for the CPU that took it, if a vCPU
    that has moved meanwhile ends it on another. The guest has the GPU's: one CPU."""
    args = board.machine_args(config)
    args[args.index("-smp") + 1] = "1"
    return args


def host_overlay(config, files, guest_dtb):
    layout, modules = config.layout, config.layout.modules
    reserved = "".join(f"""
        {name}@{address:x} {{ reg = <0 {address:#x} 0 {size:#x}>; no-map; }};"""
                       for name, address, size in layout.reserved())
    return f"""/dts-v1/;
/plugin/;
&{{/}} {{
    #address-cells = <2>;
    #size-cells = <2>;
    reserved-memory {{
        #address-cells = <2>;
        #size-cells = <2>;
        ranges;
        {reserved}
    }};
    {host_node()}
    chosen {{
        #address-cells = <2>;
        #size-cells = <2>;
        xen,xen-bootargs = "{board.XEN_ARGS}";
        domU1 {{
            compatible = "xen,domain";
            #address-cells = <2>;
            #size-cells = <2>;
            cpus = <1>;
            memory = <0 {layout.guest_ram_size // 1024:#x}>;
            vpl011;
            {board.module_node("kernel", modules["domU-kernel"], files.kernel,
                               f'bootargs = "{guest_args(layout)}";')}
            {board.module_node("ramdisk", modules["domU-ramdisk"], files.ramdisk)}
            {board.module_node("device-tree", modules["domU-tree"], guest_dtb)}
        }};
    }};
}};
"""


def command(config, files):
    """Prepares a boot; returns its folder and QEMU's command line."""
    folder = os.path.join(files.system, config.name)
    os.makedirs(folder, exist_ok=True)
    layout, modules = config.layout, config.layout.modules
    tree = board.compile_tree(folder, "guest", guest_tree())
    args = machine_args(config)
    host = board.host_tree(folder, args, host_overlay(config, files, tree))

    run = board.xen(args, files, folder, host, at=layout.xen)
    for path, address in ((files.kernel, modules["domU-kernel"]),
                          (files.ramdisk, modules["domU-ramdisk"]), (tree, modules["domU-tree"])):
        run += board.load(path, address)
    for name, address, size in (("canary", layout.arena, board.ARENA_SIZE),
                                ("secret", layout.secret, board.SECRET_SIZE)):
        planted = os.path.join(folder, name)
        board.write(planted, board.pattern(address, size))
        run += board.load(planted, address)
    return folder, run + devices(folder)
