# SPDX-License-Identifier: GPL-2.0-only
"""Device trees as source text: what the trees of several boots have in common.

Sizes and addresses are bytes. All nodes here have two cells for an address and for a size.
"""
import os

CELLS = "#address-cells = <2>; #size-cells = <2>;"


def overlay(content):
    """What is added to the root of a machine's own tree."""
    return f"""/dts-v1/;
/plugin/;
&{{/}} {{
    {CELLS}
    {content}
}};
"""


def bus(name, content, compatible="simple-bus"):
    """Nodes with the same addresses as outside of the bus."""
    return f"""
    {name} {{
        compatible = "{compatible}";
        {CELLS}
        ranges;
        {content}
    }};"""


def reserved(regions):
    """Memory that no domain may use; regions: name, address, size."""
    nodes = "".join(f"""
        {name}@{address:x} {{ reg = <0 {address:#x} 0 {size:#x}>; no-map; }};"""
                    for name, address, size in regions)
    return f"""
    reserved-memory {{
        {CELLS}
        ranges;
        {nodes}
    }};"""


def chosen(args, domains):
    """args: of Xen's command line; domains: dom0() and domain(), one behind the other."""
    return f"""
    chosen {{
        {CELLS}
        xen,xen-bootargs = "{args}";
        {domains}
    }};"""


def module(kind, address, path, extra=""):
    """A file that the boot loader puts into the RAM for Xen."""
    return f"""
    module@{address:x} {{
        compatible = "multiboot,{kind}", "multiboot,module";
        reg = <0 {address:#x} 0 {os.path.getsize(path):#x}>;
        {extra}
    }};"""


def dom0(args, modules, kernel, ramdisk):
    """args: of its kernel's command line; modules: name -> address."""
    return (f'xen,dom0-bootargs = "{args}";' + module("kernel", modules["dom0-kernel"], kernel)
            + module("ramdisk", modules["dom0-ramdisk"], ramdisk))


def linux(args, modules, kernel, ramdisk, tree):
    """The modules of a dom0less guest with Linux; modules: name -> address."""
    return (module("kernel", modules["domU-kernel"], kernel, f'bootargs = "{args}";')
            + module("ramdisk", modules["domU-ramdisk"], ramdisk)
            + module("device-tree", modules["domU-tree"], tree))


def domain(ram_size, content, number=1, cpus=1):
    """A dom0less guest. Xen numbers such domains as their nodes come."""
    return f"""
        domU{number} {{
            compatible = "xen,domain";
            {CELLS}
            cpus = <{cpus}>;
            memory = <0 {ram_size // 1024:#x}>;
            vpl011;
            {content}
        }};"""
