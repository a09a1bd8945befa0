# SPDX-License-Identifier: GPL-2.0-only
"""Power, clocks and resets of OMAP5's IPU and DSP: QEMU's devices for them, and their nodes
in the host's device tree, as TI's has them. Cold: nothing that a boot loader would have done
is done. What happens to them is recorded, in a file in the boot's folder.
"""
import collections
import os

# RSTCTRL, its bits of the cores and of the MMU, CLKCTRL, PWRSTCTRL, the boot register; what
# else an option of QEMU's device.
Unit = collections.namedtuple("Unit", "name rstctrl cores mmu clkctrl pwrstctrl boot more",
                              defaults=[""])
UNITS = [Unit("ipu", 0x4ae06910, 3, 4, 0x4a008920, None, None),
         Unit("dsp", 0x4ae06410, 1, 2, 0x4a004420, 0x4ae06400, 0x4a002304)]

# PRM, CM of the core and of what is always on, control module.
PAGES = [0x4ae06000, 0x4a008000, 0x4a004000, 0x4a002000]
CNTL_ENABLE = 2

# What the words of others hold.
FILL = 0xa5c3965a
# Of no hardware: counters of QEMU's device, among them how often a bit of others
# was changed.
RECORD = 0x4af00000
CHANGES = RECORD + 8
# MiBs of RAM that all of this lies in.
MIBS = [0x4a000000, 0x4ae00000, 0x4af00000]


def unit(name):
    return next(u for u in UNITS if u.name == name)


def trace(folder):
    return os.path.join(folder, "prcm.trace")


def devices(folder, defects=None, units=UNITS, more=None):
    """omap-mmu, omap-m4 and omap-rproc name their unit: in_unit(). defects: by unit, what of
    its hardware never follows (omap_prcm_unit_dev.c). more: by page, what else its device is
    told."""
    args = [f"omap-prcm,id=prcm,addr={RECORD:#x},trace={trace(folder)}"]
    args += [f"omap-prcm-page,prcm=prcm,addr={page:#x},fill={FILL:#x}{(more or {}).get(page, '')}"
             for page in PAGES]
    for u in units:
        extra = "".join(f",{name}={value:#x}" for name, value in
                       (("pwrstctrl", u.pwrstctrl), ("boot", u.boot),
                        ((defects or {}).get(u.name), 0xffffffff)) if name and value)
        args.append(f"omap-prcm-unit,id={u.name}-unit,prcm=prcm,rstctrl={u.rstctrl:#x},"
                    f"cores={u.cores},mmu-reset={u.mmu},clkctrl={u.clkctrl:#x}{extra}{u.more}")
    return [word for a in args for word in ("-device", a)]


def in_unit(name):
    return f",unit={name}-unit"


def cm_node(name, compatible, base, size, unit, offset):
    """A clock module and in it one processor's clocks."""
    return f"""\
    {name}@{base:x} {{
        compatible = "{compatible}", "simple-bus";
        reg = <{base:#x} {size:#x}>;
        #address-cells = <1>;
        #size-cells = <1>;
        ranges = <0 {base:#x} {size:#x}>;
        {unit}_cm@{offset:x} {{
            compatible = "ti,omap4-cm";
            reg = <{offset:#x} 0x100>;
            #address-cells = <1>;
            #size-cells = <1>;
            ranges = <0 {offset:#x} 0x100>;
            {unit}_clkctrl: clk@20 {{
                compatible = "ti,clkctrl";
                reg = <0x20 0x4>;
                #clock-cells = <2>;
            }};
        }};
    }};
"""


# The nodes that the processors' nodes refer to. One cell for addresses and sizes.
HOST_NODES = """
    prm@4ae06000 {
        compatible = "ti,omap5-prm", "simple-bus";
        reg = <0x4ae06000 0x3000>;
        #address-cells = <1>;
        #size-cells = <1>;
        ranges = <0 0x4ae06000 0x3000>;
        prm_dsp: prm@400 {
            compatible = "ti,omap5-prm-inst", "ti,omap-prm-inst";
            reg = <0x400 0x100>;
            #reset-cells = <1>;
        };
        prm_core: prm@700 {
            compatible = "ti,omap5-prm-inst", "ti,omap-prm-inst";
            reg = <0x700 0x100>;
            #reset-cells = <1>;
        };
        prm_iva: prm@1200 {
            compatible = "ti,omap5-prm-inst", "ti,omap-prm-inst";
            reg = <0x1200 0x100>;
            #reset-cells = <1>;
        };
    };
""" + cm_node("cm_core_aon", "ti,omap5-cm-core-aon", 0x4a004000, 0x2000, "dsp", 0x400) \
  + cm_node("cm_core", "ti,omap5-cm-core", 0x4a008000, 0x3000, "ipu", 0x900) + """\
    scm_conf: scm_conf@4a002000 {
        compatible = "syscon";
        reg = <0x4a002000 0x800>;
    };"""

# What those nodes are in a tree with two cells for addresses and sizes.
HOST_BUS = f"""
    l4 {{
        compatible = "simple-bus";
        #address-cells = <1>;
        #size-cells = <1>;
        ranges = <0 0 0 0xffffffff>;
        {HOST_NODES}
    }};"""

# Of a processor's node in the host's tree, and of the target module around its MMU.
PROCESSOR = {
    "ipu": "resets = <&prm_core 0>, <&prm_core 1>; clocks = <&ipu_clkctrl 0 0>;",
    "dsp": "resets = <&prm_dsp 0>; clocks = <&dsp_clkctrl 0 0>; ti,bootreg = <&scm_conf 0x304 0>;",
}
TARGET_MODULE = {
    "ipu": "resets = <&prm_core 2>; clocks = <&ipu_clkctrl 0 0>;",
    "dsp": "resets = <&prm_dsp 1>; clocks = <&dsp_clkctrl 0 0>;",
}


def events(folder):
    """What was recorded: (unit, what, value), in order."""
    with open(trace(folder), encoding="ascii") as f:
        return [(name.removesuffix("-unit"), what, int(value, 16))
                for name, what, value in map(str.split, f)]


def numbered(found, unit, *whats):
    """The places of such events of a unit's, in order."""
    return [n for n, (name, what, _) in enumerate(found) if name == unit and what in whats]


def why_touched(found):
    """None, or which MMU was accessed while it was off."""
    off = [(name, value) for name, what, value in found if what == "absent"]
    return f"{off[0][0]}'s register {off[0][1]:#x}" if off else None


def why_unguarded(found, names=tuple(u.name for u in UNITS)):
    """None, or which core ran while its MMU was not on, by its registers; or that not all of
    these ran."""
    on = {}
    for name, what, value in found:
        if what in ("lost", "mmu-asserted"):
            on[name] = 0
        elif what == "cntl":
            on[name] = value & CNTL_ENABLE
        elif what == "core-runs" and not on.get(name):
            return f"core {value} of the {name} ran while its MMU was off"
    ran = {name for name, what, _ in found if what == "core-runs"}
    return None if ran == set(names) else f"only these ran: {', '.join(ran) or 'none'}"


def why_late(found, names):
    """None, or which of these is not off, or was not in reset before its MMU's table was
    changed for the last time, if it ever ran."""
    for name in names:
        ran, stopped, tables = (numbered(found, name, what)
                                for what in ("core-runs", "core-stops", "ttb"))
        if ran and (not stopped or not ran[-1] < stopped[-1] < tables[-1]):
            return f"the {name}'s table was changed before its cores were in reset"
        resets = numbered(found, name, "mmu-released", "mmu-asserted")
        if resets and found[resets[-1]][1] != "mmu-asserted":
            return f"the {name}'s MMU is not off"
    return None
