# SPDX-License-Identifier: GPL-2.0-only
"""What a wrong device tree gets: one boot of Xen with an MMU for each mistake, and
a domain that is to be given the device behind it. Each of these domains must be
refused, with the reason, and never run; a domain beside them must not notice."""
import collections
import os
import re

import board
import boot
import prcm_board
import session
import tree_text

CONFIG = collections.namedtuple("Config", "name cpu layout")(
    "refusals", "a15", board.SMALL._replace(ram_size=1152 * board.MIB))
SILENCE = 120       # seconds: after that no more is to come
MIB = board.MIB

# A place without RAM or devices in QEMU's machine, for all but one of the MMUs.
MMUS = 0x0b000000
DEVICES = 0x0b400000
# This one's page lies in the RAM of a guest that has more than 160 MiB.
COLLISION = 0x4a066000
MODULES = 0x50000000
FIRST_SPI = 210

# names: another node that the message must name, or None; power: the device's properties
# of resets and clocks; unit: the PRCM's, which switches its MMU; memory: 0 if there is no
# domain, but only Xen's messages at boot (it has room for the modules of 15 domains).
Case = collections.namedtuple("Case", "name mmus device memory reason names power unit",
                              defaults=["", None])
# What of a unit never follows.
DEFECTS = {"dsp": "power-reads", "ipu": "module-reads"}
# real: the hardware is there, and is this node's. touched: Xen uses its registers.
Mmu = collections.namedtuple("Mmu", "label address spi properties real touched")


def cells(value):
    """A number of 64 bits in a device tree."""
    return f"{value >> 32:#x} {value & 0xffffffff:#x}"


def mmu(n, properties="", compatible="ti,omap4-iommu", size=0x100, address=None, spi=True,
        real=True,
        touched=True):
    """The n-th MMU: right, but for what the arguments make wrong."""
    address = address or MMUS + n * 0x10000
    interrupts = f"interrupts = <0 {FIRST_SPI + n} 4>;" if spi else ""
    return Mmu(f"mmu{n}", address, FIRST_SPI + n, f"""compatible = "{compatible}";
        reg = <{cells(address)} {cells(size)}>;
        #iommu-cells = <0>;
        {interrupts}
        {properties}""", real, touched)


def refused(name, wrong, reason, memory=32, names=None):
    return Case(name, [wrong], f"<&{wrong.label}>", memory, reason, names)


def unpowered(name, n, mmu_reset, resets, clocks, reason, unit=None):
    """The n-th MMU's processor has resets of the PRM's."""
    m = mmu(n, f"resets = <{mmu_reset}>;", real=bool(unit))
    power = (f"resets = <{resets}>; clocks = <{clocks}>; "
             f"xen,omap-control = <{MMUS + n * 0x10000 + 0x1000:#x}>;")
    return Case(name, [m], f"<&{m.label}>", 32 if unit else 0, reason, None, power, unit)


NO_WINDOW = r"not one window of registers"
SHARED = r"another MMU"
CASES = [
    # The domain that must not notice; it has two MMUs behind one device. The interrupt of one
    # passes the wake-up generator.
    Case("two-mmus-behind-one-device", [mmu(0), mmu(1, "interrupt-parent = <&wakeupgen>;")],
         "<&mmu0>, <&mmu1>", 64, None, None),
    refused("no-interrupt", mmu(2, spi=False), r"it has no interrupt"),
    refused("interrupt-not-of-the-gic", mmu(3, "interrupt-parent = <&other>;"),
            r"of a controller that this driver does not know"),
    # Its resets are not Xen's: it may be off, and an access to it may abort.
    refused("dra7-dsp", mmu(4, compatible="ti,dra7-dsp-iommu", touched=False),
            r"so that DSP_SYSTEM may lead it around"),
    refused("tlb-entries", mmu(5, "ti,#tlb-entries = <16>;"), r"neither 8 nor 32"),
    # What cannot be mapped cannot be taken over either. A message gives the reason.
    refused("reg-beyond-the-page", mmu(6, size=0x2000, real=False), NO_WINDOW),
    refused("guest-ram-over-the-mmu", mmu(7, address=COLLISION),
            r"has memory or a device where the MMU's registers", memory=176),
    Case("mmu-named-twice", [mmu(8)], "<&mmu8>, <&mmu8>", 32, r"names one twice", None),
    # Behind an MMU that is right, but given away already.
    Case("mmu-of-another-domain", [], "<&mmu0>", 32, r"another domain has it", None),
    # Registers that lie where those of an MMU that is right lie, which stays usable.
    refused("reg-of-another-mmu", mmu(9, address=MMUS, real=False), SHARED, names="mmu0"),
    refused("page-of-another-mmu", mmu(10, address=MMUS + 0x100), SHARED, names="mmu0"),
    # With the sums of 64 bits these windows would lie within a page.
    refused("size-wraps", mmu(11, address=MMUS + 11 * 0x10000 + 0x800, size=(1 << 64) - 0x400,
                              real=False), NO_WINDOW),
    refused("reg-beyond-the-machine", mmu(12, address=(1 << 64) - 0x1000, real=False), NO_WINDOW),
    # Processors that are off, and that the driver cannot turn on by this tree; or that do not
    # turn on.
    unpowered("power-that-never-comes", 13, "&prm_dsp 1", "&prm_dsp 0", "&dsp_clkctrl 0 0",
              r"its power domain does not come on", "dsp"),
    unpowered("module-that-stays-idle", 14, "&prm_core 2", "&prm_core 0>, <&prm_core 1",
              "&ipu_clkctrl 0 0", r"its module does not leave idle", "ipu"),
    unpowered("resets-of-another-processor", 15, "&prm_core 2", "&prm_core 3", "&dsp_clkctrl 0 0",
              r"another processor has the same reset"),
    unpowered("resets-not-in-the-table", 16, "&prm_iva 2", "&prm_iva 0", "&ipu_clkctrl 0 0",
              r"not one of those that this driver knows"),
    unpowered("clock-of-another-kind", 17, "&prm_core 5", "&prm_core 4", "&fixed",
              r"its first clock is not"),
]


def device(n):
    return DEVICES + n * 0x10000


def guest_tree(n):
    """The domain is given the device; its MMU's node plays no part here."""
    return board.passthrough_tree(f"""device@{device(n):x} {{
            reg = <0 {device(n):#x} 0 0x1000>;
            xen,path = "/device@{device(n):x}";
            xen,reg = <0 {device(n):#x} 0 0x1000 0 {device(n):#x}>;
        }};""")


def module(n, part):
    return MODULES + n * 16 * MIB + {"kernel": 0, "tree": 8 * MIB}[part]


def domain(n, case, files, tree):
    kernel = tree_text.module("kernel", module(n, "kernel"), files.kernel,
                              'bootargs = "console=ttyAMA0 panic=-1";')
    return tree_text.domain(case.memory * MIB, kernel + tree_text.module(
        "device-tree", module(n, "tree"), tree), n + 1)


def overlay(files, trees):
    nodes, domains = "", ""
    for n, case in enumerate(CASES):
        # An overlay's nodes come out in reverse. Xen takes MMUs, and numbers domains, as
        # they come.
        for m in case.mmus:
            nodes = f"\n    {m.label}: {m.label}@{m.address:x} {{ {m.properties} }};" + nodes
        nodes += f"""
    device@{device(n):x} {{
        reg = <0 {device(n):#x} 0 0x1000>;
        iommus = {case.device};
        {case.power}
        xen,passthrough;
    }};"""
        if case.memory:
            domains = domain(n, case, files, trees[n]) + domains
    reserved = tree_text.reserved(("registers", mib, MIB) for mib in prcm_board.MIBS)
    return tree_text.overlay(f"""{reserved}
    {prcm_board.HOST_BUS}
    fixed: clock {{ compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <1000000>; }};
    wakeupgen: wakeupgen {{
        compatible = "ti,omap5-wugen-mpu";
        interrupt-controller;
        #interrupt-cells = <3>;
    }};
    other: other {{
        compatible = "arm,pl190-vic";
        interrupt-controller;
        #interrupt-cells = <3>;
    }};
    {nodes}
    {tree_text.chosen(board.XEN_ARGS, domains)}""")


def command(files):
    """Prepares the boot; returns its folder and QEMU's command line."""
    folder = os.path.join(files.system, CONFIG.name)
    os.makedirs(folder, exist_ok=True)
    args = board.machine_args(CONFIG)
    trees = []
    for n, _ in enumerate(CASES):
        trees.append(board.compile_tree(folder, f"guest{n + 1}", guest_tree(n)))
    host = board.host_tree(folder, args, overlay(files, trees))

    run = board.xen(args, files, folder, host) + prcm_board.devices(folder, DEFECTS)
    for n, case in enumerate(CASES):
        if case.memory:
            run += board.load(files.kernel, module(n, "kernel"))
            run += board.load(trees[n], module(n, "tree"))
        for m in case.mmus:
            if m.real:
                unit = prcm_board.in_unit(case.unit) if case.unit else ""
                run += ["-device", f"omap-mmu,id={m.label},addr={m.address:#x},irq={m.spi}{unit}"]
    return folder, run


def why_wrong(n, case, lines):
    """None, or what is wrong with what Xen made of a case."""
    if not case.memory:
        refusal = rf"omap-mmu: /{case.mmus[0].label}@.*: cannot be used: .*{case.reason}"
        return None if any(re.search(refusal, l) for l in lines) else "Xen does not give the reason"
    given = [l for l in lines if re.search(rf"omap-mmu: .*: given to d{n + 1},", l)]
    ran = any(f"DOM{n + 1}:" in line for line in lines)
    if case.reason is None:
        if len(given) != len(case.mmus):
            return f"given {len(given)} MMUs of {len(case.mmus)}"
        return None if ran else "the domain does not run"
    if not any(re.search(rf"not given to d{n + 1}: .*{case.reason}", l) for l in lines):
        return "Xen does not give the reason"
    if not any(re.search(rf"omap-mmu: .*d{n + 1} is stopped", l) for l in lines):
        return "Xen does not say that the domain is stopped"
    if case.names and not any(re.search(rf"omap-mmu: /{case.mmus[0].label}@.*: .*/{case.names}@", l)
                              for l in lines):
        return f"Xen does not name {case.names}"
    if given:
        return "an MMU was given all the same"
    return "the domain runs all the same" if ran else None


def why_not_in_quarantine(m, mmu_node):
    """None, or why the MMU does not walk an empty table; of one that Xen must not touch, how
    it is not as after its reset."""
    cntl, ttb = (m.word(mmu_node.address + r) for r in (session.MMU_CNTL, session.MMU_TTB))
    if not mmu_node.touched:
        return f"CNTL is {cntl:#x} and TTB {ttb:#x}: it was touched" if cntl or ttb else None
    if not cntl & session.CNTL_ENABLE:
        return "the MMU is off"
    table = ttb & ~0x3fff
    return f"the table at {table:08x} is not empty" if any(m.memory(table, 0x4000)) else None


def why_hardware_wrong(m):
    """Whatever was refused: the MMU is in quarantine, or it is off."""
    touched = prcm_board.why_touched(prcm_board.events(m.folder))
    if touched:
        return touched
    for case in CASES:
        for mmu_node in case.mmus if case.reason else []:
            if not mmu_node.real or case.unit:
                continue
            wrong = why_not_in_quarantine(m, mmu_node)
            if wrong:
                return f"{case.name}: {wrong}"
    return None


def expected():
    return [case.name for case in CASES] + ["refused-mmus-are-in-quarantine", "xen-is-well"]


class Refusals(boot.Boot):
    def __init__(self, _config, files, log, notify=lambda event, **about: None):
        self.lines = []
        super().__init__(*command(files), log, notify)

    def note_line(self, line):
        self.lines.append(line)
        super().note_line(line)

    def ends(self, line):
        """The good domain has no root file system: so its kernel ends."""
        return boot.PANIC.search(line)

    def on_end(self):
        self.result("refused-mmus-are-in-quarantine", why_hardware_wrong(self.m))

    def finish(self):
        for n, case in enumerate(CASES):
            self.result(case.name, why_wrong(n, case, self.lines))
        self.xen_is_well()
