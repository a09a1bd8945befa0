# SPDX-License-Identifier: GPL-2.0-only
"""Boards' own trees, from Linux's package, as boards/omap-guest.py makes them fit for Xen, booted
on QEMU's vexpress-a15: processors, MMUs, mailboxes and PRCM are where the board has them.

The board's tree is changed where this machine is another one: GIC, UART and RAM, before the tool
reads it. What the tool writes is booted as it is, with what its script for U-Boot loads, but for
the machine's name, by which Xen starts the second CPU.
"""
import collections
import os
import re
import shutil

import board
import dra7_board
import prcm_board
import remoteproc_board as rboard
import remoteproc_machine as rproc
import tree_text
import xl_board
from board import MIB

# Where a mailbox is, the end of its node's path, the user that is the CPU's, and which of its
# interrupts, of Linux's source, that is; how many FIFOs it has, for QEMU.
Box = collections.namedtuple("Box", "name address node host irq more", defaults=[""])

# Of a board: the guest's processors, what its Linux calls their firmware, mailboxes, of which the
# first is that of the processor that executes, and which user of it that is.
# xl: a guest that dom0 makes, and not one that Xen makes at boot.
Config = collections.namedtuple("Config", """name tree processors firmware boxes user
                                             machine xl steps xen entries""",
                                defaults=[False, "boot", True, 8])


# As many as the SoCs' GIC has: 160, and 32 of the CPUs'.
GIC_LINES = ["-global", "a15mpcore_priv.num-irq=192"]
RAM, RAM_SIZE = 0x80000000, 1024 * MIB
PORT_SPI = 40       # of the machine's first virtio transport
GIC, UART, UART_SPI = (0x2c001000, 0x2c002000, 0x2c004000, 0x2c006000), 0x1c090000, 5


def machine(processors, pools, firmware):
    """What the session asks of it."""
    vexpress = rproc.VEXPRESS
    return vexpress._replace(processors=processors, pools=pools, firmware=firmware)


VEXPRESS = rproc.VEXPRESS
IPU = [p for p in VEXPRESS.processors if p.name == "ipu"]
LARGE = ",large=on"
CONFIGS = [
    Config("vexpress-uevm", "omap5-uevm", ["ipu", "dsp"],
           {"omap5-ipu-fw.xem4": "omap5/xen-omap-ipu.elf",
            "omap5-dsp-fw.xe64T": "xen-omap-dsp.elf"},
           [Box("mailbox", 0x4a0f4000, "target-module@74000/mailbox@0", 0, 0)], 2,
           machine(VEXPRESS.processors, VEXPRESS.pools, "omap5")),
    # IPU2 is where OMAP5's IPU is. Of the mailboxes' users the CPU is the third.
    Config("vexpress-x15", "am57xx-beagle-x15", ["ipu2", "dsp1"],
           {"dra7-ipu2-fw.xem4": "am57/xen-omap-ipu.elf",
            "dra7-dsp1-fw.xe66": "am57/xen-omap-dsp.elf"},
           [Box("mailbox", 0x48842000, "target-module@42000/mailbox@0", 2, 2, LARGE),
            Box("dsp-mailbox", 0x48840000, "target-module@40000/mailbox@0", 2, 2, LARGE)], 1,
           machine(IPU + dra7_board.PORTS, VEXPRESS.pools, "am57"), steps="dsp"),
]

# Of DRA7's PRM and CM, beside those that OMAP5 has as well: other processors'.
MORE_PAGES = [0x4ae07000, 0x4a005000]

# For xl. Where Linux gives processors memory is fixed by cma=, since firmware has it in it; so
# has it the mailbox's address, which is the guest's (Makefile, *-xl). DRA7's DSPs are not for
# guests of xl.
CMA, CMA_SIZE = 0x44000000, 64 * MIB


def by_xl(config, folder, processors):
    """That configuration's board, for xl, with these of its processors. folder: of firmware."""
    files = {link: f"{folder}/xen-omap-{p.rstrip('12')}.elf"
             for (link, _), p in zip(config.firmware.items(), processors)}
    pools = [rproc.Pool(p.name, CMA, CMA_SIZE) for p in VEXPRESS.processors]
    machine = config.machine._replace(processors=config.machine.processors[:len(processors)],
                                      pools=pools, direct=False)
    return config._replace(name=config.name + "-xl", processors=processors, firmware=files,
                           boxes=config.boxes[:1], machine=machine, xl=True)


XL_CONFIGS = [by_xl(CONFIGS[0], "omap5-xl", ["ipu", "dsp"])]
# As far as Xen making dom0.
DOM0_CONFIGS = [by_xl(CONFIGS[1], "am57", ["ipu2"])]
# Of a whole board's tree Linux takes more. It stays on one CPU: see xl_board.py.
DOM0 = "dom0_mem=192M dom0_vcpus_pin"

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
# For dom0: its port to the runner; of the board it has what this machine has, nothing.
DOM0_OVERLAY = """
&{/} {
    virtio@1c130000 {
        compatible = "virtio,mmio";
        reg = <0 0x1c130000 0 0x200>;
        interrupt-parent = <%#x>;
        interrupts = <0 %d 4>;
    };
};
&{/ocp} { status = "disabled"; };
&{/chosen} { xen,dom0-bootargs = "%s rdinit=/init loglevel=2 printk.time=0 %s parts=board"; };
"""
# What the hostile tests of a DSP aim at.
CANARY = "&{/} {" + tree_text.reserved([("canary", dra7_board.CANARY,
                                         dra7_board.CANARY_SIZE)]) + "};"


def is_dra7(config):
    return "omap5" not in config.tree


def has_dsp(config):
    """One of DRA7's."""
    return "dsp1" in config.processors


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
    return [int(word, 16) for word in board.output_of("fdtget", "-t", "x", tree, node,
                                                      name).split()]


def with_tool(folder, files, config, tree):
    """Runs omap-guest; returns the folder that it made."""
    out = os.path.join(folder, "out")
    links = ",".join(f"{name}:{file}" for name, file in config.firmware.items())
    cma = f" cma={CMA_SIZE // MIB}M@{CMA:#x}" if config.xl else ""
    board.tool(os.path.join(files.root, "boards", "omap-guest.py"), "-o", out,
               "-k", files.kernel, "-r", files.ramdisk,
               "-b", f"{BOOTARGS} firmware={links} steps={config.steps}{cma}",
               tree, "guest=" + ",".join(config.processors))
    return out


def script(made):
    with open(os.path.join(made, "boot.cmd"), encoding="ascii") as f:
        return f.read()


def follow_script(made, tree, paths):
    """What boot.cmd does: the modules that it loads, (path, where), and their sizes in the host's
    tree. paths: of those that the tool did not write. Returns them, and where Xen is loaded."""
    loaded, xen = [], None
    for line in script(made).split("\n"):
        load = re.match(r"if load \S+ (\S+) ([^\s;]+); then", line)
        size = re.match(r"\tfdt set (\S+) reg <0x0 (\S+) ", line)
        if load:
            name = load.group(2)
            path = paths.get(name, os.path.join(made, name))
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


def lines(config, own, tree):
    """Where each MMU and mailbox has its interrupt, for QEMU: address -> the GIC's input that the
    tool chose, or on DRA7 the source of the crossbar that TI's tree names."""
    where = {p.mmu: (config_mmus(tree)[p.mmu], 0) for p in config.machine.processors}
    paths = nodes(tree)
    where.update({box.address: (path, box.irq) for box in config.boxes for path in paths
                  if path.endswith(box.node)})
    return {at: input_of(own, path.replace("/ocp@0/", "/ocp/"), number) if is_dra7(config)
            else input_of(tree, path, number) for at, (path, number) in where.items()}


def devices(config, folder, line, left):
    """The SoC's devices for QEMU. line: lines(); left: what a boot loader left in the crossbar."""
    xbar = ",xbar=xbar" if is_dra7(config) else ""
    boxes = {box.name: f"omap-mailbox,id={box.name},addr={box.address:#x},host-user={box.host},"
                       f"irq={line[box.address]}{xbar}{box.more}" for box in config.boxes}
    ipu = config.machine.processors[0]
    args = dra7_board.prcm_devices(folder, left) if is_dra7(config) else prcm_board.devices(folder)
    for page in MORE_PAGES:
        args += ["-device", f"omap-prcm-page,prcm=prcm,addr={page:#x},fill={prcm_board.FILL:#x}"]
    for d in (f"omap-mmu,id={ipu.name},addr={ipu.mmu:#x},irq={line[ipu.mmu]}{xbar},bus-err-back=on"
              f"{prcm_board.in_unit(ipu.name)}", boxes["mailbox"],
              f"omap-m4,mmu=ipu,addr={rboard.L2RAM:#x}{rboard.started_by('ipu', True)},"
              f"mailbox=mailbox,user={config.user}"):
        args += ["-device", d]
    if has_dsp(config):
        return args + dra7_board.dsp_devices(line, boxes["dsp-mailbox"])
    return args + [word for p in config.machine.processors[1:] for word in (
        "-device",
        f"omap-mmu,id={p.name},addr={p.mmu:#x},irq={line[p.mmu]}{prcm_board.in_unit(p.name)}",
        "-device",
        f"omap-rproc,mmu={p.name},addr={rboard.DSP_REGS:#x}{rboard.started_by(p.name, True)}")]


def nodes(tree):
    """All paths of a tree."""
    found, paths = [""], []
    while found:
        node = found.pop()
        paths.append(node or "/")
        found += [f"{node}/{name}" for name in board.output_of("fdtget", "-l", tree,
                                                               node or "/").split()]
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


def chosen_inputs(tree, processors):
    """Path of each MMU -> the input that the tool chose."""
    paths = config_mmus(tree)
    return {paths[p.mmu]: input_of(tree, paths[p.mmu]) for p in processors}


def of_dsp(folder, own, host, line):
    """The crossbar in the host's tree, and the canary; returns words for QEMU."""
    mmus = {at: path for at, path in config_mmus(host).items() if at in line}
    dra7_board.with_crossbar(host, own, mmus, line)
    return board.plant(folder, "canary", dra7_board.CANARY, dra7_board.CANARY_SIZE)


def dom0_ramdisk(folder, files, made):
    """With what the tool wrote for xl, where its text says."""
    top, path = os.path.join(folder, "added"), os.path.join(folder, "ramdisk")
    xen = os.path.join(top, "etc", "xen")
    os.makedirs(xen)
    for name in "guest.cfg", "guest.dtb":
        shutil.copy(os.path.join(made, name), xen)
    with open(files.dom0_ramdisk, "rb") as base:
        board.write(path, base.read() + xl_board.pack(top))
    return path


def dom0_overlay(host):
    gic, = board_cells(host, "/interrupt-controller@48211000", "phandle")
    args = board.output_of("fdtget", host, "/chosen", "xen,dom0-bootargs").strip()
    return DOM0_OVERLAY % (gic, PORT_SPI, args, xl_board.FASTER)


def command(config, files):
    """Prepares a configuration; returns its folder and QEMU's command line."""
    folder = os.path.join(files.system, config.name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    own = on_vexpress(folder, files, config)
    made = os.path.join(with_tool(folder, files, config, own), "xl" if config.xl else "dom0less")
    args = board.XEN_ARGS.replace(board.UART, f"/serial@{UART:x}") + " " + rboard.XEN_ARGS
    args = args.replace("dom0_mem=64M", DOM0)
    overlay = OVERLAY % args + (CANARY if has_dsp(config) else "")
    modules = {"guest-ramdisk": files.ramdisk, "dom0-kernel": files.kernel}
    if config.xl:
        overlay += dom0_overlay(os.path.join(made, "host.dtb"))
        modules["dom0-ramdisk"] = dom0_ramdisk(folder, files, made)
    host = board.with_overlay(folder, os.path.join(made, "host.dtb"), overlay)
    loaded, xen = follow_script(made, host, modules)
    line = lines(config, own, host)
    qemu = rboard.machine_args(config.machine.qemu, RAM_SIZE) + GIC_LINES
    left = dra7_board.left_by(script(made), own) if is_dra7(config) else ""
    run = devices(config, folder, line, left)
    if has_dsp(config):
        run += of_dsp(folder, own, host, line)
    if config.xl:
        run += xl_board.port(folder, "virtio-mmio-bus.0")
    return folder, (board.xen(qemu, files, folder, host, files.variant(config.machine.variant), xen)
                    + [word for path, at in loaded for word in board.load(path, at)] + run)
