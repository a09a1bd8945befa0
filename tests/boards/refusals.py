#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What boards/omap-guest.py refuses: one sentence names node and remedy, the status is 2, and
nothing is written; and of what is unusual and taken, what is written: TAP.

    refusals.py [WORD]...   only those whose names have these words"""
import os
import random
import re
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import stock

X15, UEVM = "am57xx-beagle-x15", "omap5-uevm"
# Of the X15.
IPU2_NODE, DSP1_NODE = "ipu@55020000", "dsp@40800000"
IPU2_MODULE, DSP1_MODULE = "target-module@55082000", "target-module@40d01000"


def changed(name, *changes):
    """A board's tree with each (old, new) put in once."""
    source = stock.text(name)
    for old, new in changes:
        source, count = re.subn(old, lambda _, new=new: new, source, count=1, flags=re.S)
        assert count, old
    return stock.compiled(source)


def cut(name, size):
    return stock.path(name).read_bytes()[:size]


def broken(name, at, word):
    """A word of the structure that no blob has: behind the root's empty name is a property."""
    blob = bytearray(stock.path(name).read_bytes())
    at += int.from_bytes(blob[8:12], "big") + 8
    blob[at:at + 4] = word.to_bytes(4, "big")
    return bytes(blob)


def in_node(name, node, old, new):
    """A board's tree with a property of a node, or of its first child, changed."""
    source = stock.text(name)
    at = source.index(f"\t{node} {{")
    end = re.compile(r"\n\t*};").search(source, at).end()
    body, count = re.subn(old, new, source[at:end], count=1)
    assert count, (node, old)
    return stock.compiled(source[:at] + body + source[end:])


def inputs(reserved):
    """A crossbar with so many inputs that are of no use."""
    cells = " ".join(str(n) for n in reserved)
    return in_node(X15, "crossbar@4a002a48", r"ti,irqs-skip = <[^>]*>", f"ti,irqs-skip = <{cells}>")


IPU2, PAIR = ["g=ipu2"], ["g=ipu2,dsp1"]


def edited(name, node, old, new, *words):
    """A case in which in_node() changes the X15's tree, and IPU2 is asked for."""
    return name, in_node(X15, node, old, new), IPU2, words


# A name, the tree, what is asked, words of the message.
CASES = [
    ("no such file", None, IPU2, ["No such file"]),
    ("no tree at all", b"no tree", IPU2, ["it is not a device tree blob"]),
    ("an empty file", b"", IPU2, ["it is not a device tree blob"]),
    ("a tree that is cut short", cut(X15, 40000), IPU2, ["it is cut short", "40000 bytes"]),
    ("... within its header", cut(X15, 20), IPU2, ["it is not a device tree blob"]),
    ("a tree whose structure is broken", broken(X15, 0, 0xffffffff), IPU2, ["it is broken"]),
    ("a property longer than the tree", broken(X15, 4, 0x7fffffff), IPU2, ["it is broken"]),
    ("a property's name behind the names", broken(X15, 8, 0x7fffffff), IPU2, ["it is broken"]),
    ("a node's name that is none", cut(X15, None).replace(b"ipu@55020000", b"ipu@5502\xff000"),
     IPU2, ["it is broken"]),
    ("a property's name that is none",
     cut(X15, None).replace(b"memory-region\0", b"memory-regi\xffn\0"), IPU2, ["it is broken"]),
    ("another SoC's",
     changed(X15, (r'compatible = "ti,am572x-beagle-x15[^;]*',
                   'compatible = "ti,am4372", "ti,am43"')),
     IPU2, ["/: it is compatible with ti,am4372", "OMAP5"]),
    ("no compatible", changed(X15, (r'compatible = "ti,am572x-beagle-x15[^;]*;', "")), IPU2,
     ["compatible with nothing"]),
    ("a processor that OMAP5 lacks", UEVM, IPU2, ["ipu2: there is no such processor", "dsp, ipu"]),
    ("a processor that this DRA7 lacks", "dra72-evm", ["g=dsp2"],
     ["dsp2: there is no such processor", "dsp1, ipu1, ipu2"]),
    edited("its node is gone", "ipu@55020000", r'"ti,dra7-ipu"', '"ti,none"',
           "ipu2: there is no such processor"),
    ("a processor that is disabled", "am57xx-sbc-am57x", IPU2,
     ["/ocp/ipu@55020000", "disabled", "enable it"]),
    edited("a bus above it that is disabled", "ocp", r"compatible",
           'status = "disabled"; compatible', "/ocp: ", "disabled"),
    ("halves of a mailbox for two guests", X15, ["a=ipu2", "b=dsp2"],
     ["target-module@42000/mailbox@0", "ipu2 of a and dsp2 of b", "to one guest"]),
    ("... the other one's", X15, ["a=dsp1,ipu2", "b=ipu1"],
     ["target-module@40000/mailbox@0", "dsp1 of a and ipu1 of b"]),
    ("OMAP5's only mailbox for two guests", UEVM, ["a=ipu", "b=dsp"],
     ["mailbox@0", "ipu of a and dsp of b"]),
    ("one processor for two guests", X15, ["a=ipu2", "b=ipu2"],
     ["ipu2: a and b cannot both have it"]),
    ("a processor named twice", X15, ["a=ipu2,ipu2"], ["ipu2: it is named twice"]),
    ("two guests of one name", X15, ["a=ipu2", "a=ipu1"], ["a: two guests have this name"]),
    ("no guest's name", X15, ["ipu2"], ["ipu2: it is not GUEST=PROCESSOR"]),
    ("a name that is a path", X15, ["../x=ipu2"], ["../x is not the name of a guest"]),
    ("a name that ends its line", X15, ["g\n=ipu2"], ["is not the name of a guest"]),
    ("a name that begins with a digit", X15, ["1g=ipu2"],
     ["1g is not the name of a guest", "a letter"]),
    ("a name of 32 letters", X15, ["g" * 32 + "=ipu2"],
     ["is not the name of a guest", "at most 30"]),
    ("a name whose files are others'", X15, ["host=ipu2"], ["dom0less/host.dtb: two files"]),
    ("names whose files are the same", X15, ["a-linux=ipu2,dsp2", "a=ipu1,dsp1"],
     ["dom0less/a-linux.dtb: two files"]),
    ("names that differ in case", X15, ["A=ipu2,dsp2", "a=ipu1,dsp1"],
     ["dom0less/a.dtb: two files"]),
    ("an empty processor", X15, ["g=ipu2,"], ["it is not GUEST=PROCESSOR"]),
    ("a processor that is no text", X15, [b"g=ipu2\xe9"], ["there is no such processor"]),
    ("no processor's name", X15, ["g="], ["it is not GUEST=PROCESSOR"]),
    ("a crossbar without a free input", inputs(range(4, 160)), IPU2,
     ["/ocp/crossbar@4a002a48", "no free input for its source 396", "target-module@55082000",
      "ti,irqs-skip"]),
    ("... with too few", inputs(range(8, 160)), PAIR, ["/ocp/crossbar@4a002a48", "no free input"]),
    edited("a source beyond the crossbar's last", "crossbar@4a002a48", r"sources = <0x190>",
           "sources = <0x100>", "/ocp/crossbar@4a002a48", "source 396 is beyond"),
    edited("a crossbar of another width", "crossbar@4a002a48", r"ti,reg-size = <0x02>",
           "ti,reg-size = <0x04>", "/ocp/crossbar@4a002a48", "ti,reg-size"),
    ("no GIC", changed(X15, (r'compatible = "arm,cortex-a15-gic"', 'compatible = "arm,pl390x"')),
     IPU2, ["there is no GIC"]),
    ("no timer", changed(X15, (r'compatible = "arm,armv7-timer"', 'compatible = "none"')), IPU2,
     ["no arm,armv7-timer"]),
    *[edited(name, IPU2_NODE, old, new, "/ocp/" + IPU2_NODE, word) for name, old, new, word in [
        ("no MMU", r"iommus = <[^>]*>;", "", "has no iommus"),
        ("an MMU's phandle that no node has", r"iommus = <[^>]*>", "iommus = <0xabcd>", "0xabcd"),
        ("iommus of half a cell", r"iommus = <[^>]*>", "iommus = [00 01]", "not cells"),
        ("resets of another controller", r"resets = <[^>]*>;", "",
         "no resets of a ti,omap-prm-inst"),
        ("no clock", r"clocks = <[^>]*>;", "", "not one clock"),
        ("no mailbox", r"mboxes = <[^>]*>;", "", "no mboxes"),
        ("a mailbox's channel that is another's", r"mboxes = <(\S+) \S+>", r"mboxes = <\1 \1>",
         "no mboxes")]],
    *[edited(name, IPU2_MODULE, old, new, f"/ocp/{IPU2_MODULE}/mmu@0", word)
      for name, old, new, word in [
          ("an MMU of another maker", r'"ti,dra7-iommu"', '"arm,smmu"',
           "the driver does not take the MMU of ipu2"),
          ("an MMU that is disabled", r"#iommu-cells", 'status = "disabled"; #iommu-cells',
           "disabled"),
          ("an MMU without an interrupt", r"interrupts = <[^>]*>;", "", "to the GIC")]],
    *[edited(name, "ipu2-memory@95800000", "0x95800000", new, *words) for name, new, *words in [
        ("memory beyond the RAM", "0x20000000", "/reserved-memory/ipu2-memory@95800000",
         "is not RAM"),
        ("memory of no whole pages", "0x95800800", "/reserved-memory/ipu2-memory@95800000",
         "whole pages"),
        ("memory at the bottom of RAM", "0x80000000", "g: below 0x80000000 no 128 MiB")]],
    ("memory of two guests that overlaps",
     in_node(X15, "ipu2-memory@95800000", r"0x95800000", "0x9d000000"), ["a=ipu2", "b=ipu1"],
     ["/reserved-memory", "overlap"]),
    ("one memory for two guests",
     changed(X15, (r"memory-region = <0xd4>", "memory-region = <0xdc>")), ["a=ipu2", "b=ipu1"],
     ["/reserved-memory/ipu2-memory@95800000", "/ocp/ipu@58820000 has this memory as well"]),
    ("too little RAM",
     in_node(X15, "memory@0", r"reg = <[^>]*>", "reg = <0 0x86000000 0 0x17000000>"), PAIR,
     ["Xen, the kernels and the ramdisks do not have room"]),
    ("room that U-Boot has",
     in_node(X15, "memory@0", r"reg = <[^>]*>", "reg = <0 0x80000000 0 0x27800000>"),
     ["rear=ipu1,dsp1", "front=ipu2,dsp2"],
     ["Xen, the kernels and the ramdisks do not have room"]),
    ("no memory node", changed(X15, (r'device_type = "memory";', "")), IPU2, ["no memory node"]),
]


def shared_timer():
    """Another device's registers in the page of IPU2's timer."""
    source = stock.text(X15)
    at = source.index("\t\tdsp_system@40d00000 {")
    intruder = "intruder@48034800 { reg = <0x48034800 0x100>; };\n"
    return stock.compiled(source[:at] + intruder + source[at:])


def given(node, name, value):
    """The X15's tree with a property in a node; value None: without it."""
    source = stock.text(X15)
    begin = source.index(f"\t{node} {{")
    first = re.compile(r"\n\t*([a-z]+@[0-9a-f]+ {|};)").search(source, begin).start()
    body = re.sub(rf"\n\t*{re.escape(name)}( = [^;]*)?;", "", source[begin:first])
    body += f"\n{name} = {value};" if value else f"\n{name};" if value == "" else ""
    return stock.compiled(source[:begin] + body + source[first:])


def cells(node, name):
    """A property of the X15's tree, as dtc writes it."""
    source = stock.text(X15)
    begin = source.index(f"\t{node} {{")
    return re.compile(rf"\n\t*{re.escape(name)} = ([^;]*);").search(source, begin).group(1)


def child(module, name, value):
    """A property of a module's only child."""
    source = stock.text(X15)
    begin = source.index("{", source.index(f"\t{module} {{") + len(module) + 3)
    end = source.index("};", begin)
    body = re.sub(rf"\n\t*{re.escape(name)}( = [^;]*)?;", "", source[begin:end])
    body += f"{name} = {value};\n" if value is not None else ""
    return stock.compiled(source[:begin] + body + source[end:])


def with_reserved(where, size):
    """One more region of the X15's."""
    other = f"\tother@{where:x} {{ reg = <0 {where:#x} 0 {size:#x}>; no-map; }};\n"
    return changed(X15, (r"(?=\tipu2-memory@95800000 {)", other))


def with_property(name, node, prop, value, *words):
    """A case in which given() changes the X15's tree, and IPU2 is asked for."""
    return name, given(node, prop, value), IPU2, words


def of_dsp1(name, node, prop, value, *words):
    """The same, when DSP1 is asked for."""
    return name, given(node, prop, value), ["g=dsp1"], words


# What the driver, or another, refuses at boot.
CASES += [
    with_property("a processor's reg in the PRM", IPU2_NODE, "reg",
                  "<0x55020000 0x10000 0x4ae06000 0x1000>", "/ocp/ipu@55020000", "(PRM)"),
    *[with_property(f"... in {what}", IPU2_NODE, "reg", f"<0x55020000 0x10000 {page:#x} 0x1000>",
                    "/ocp/ipu@55020000", what) for what, page in [
        ("the L3 interconnect", 0x44000000), ("the L3 interconnect", 0x45800000),
        ("the control module and the crossbar", 0x4a003000), ("the clocks (CM)", 0x4a009000),
        ("power and resets (PRM)", 0x4ae08000), ("the control module's wake-up part", 0x4ae0c000),
        ("the GIC", 0x48217000), ("the wake-up generator", 0x48281000)]],
    with_property("a processor's reg over its MMU", IPU2_NODE, "reg", "<0x55020000 0x100000>",
                  "/ocp/ipu@55020000", "mmu@0"),
    with_property("a processor's reg in RAM", IPU2_NODE, "reg",
                  "<0x55020000 0x10000 0x90000000 0x1000>", "/ocp/ipu@55020000", "RAM"),
    with_property("a processor's reg in another's", IPU2_NODE, "reg",
                  "<0x55020000 0x10000 0x58820000 0x10000>", "/ocp/ipu@55020000",
                  "/ocp/ipu@58820000"),
    of_dsp1("a DSP's reg over DSP_SYSTEM", DSP1_NODE, "reg",
            "<0x40800000 0x48000 0x40d00000 0x1000>", "/ocp/dsp@40800000",
            "/ocp/dsp_system@40d00000"),
    with_property("a processor's reg that leads nowhere", IPU2_NODE, "reg",
                  "<0x55020000 0x10000 0xffff0000 0x20000>", "/ocp/ipu@55020000", "to no address"),
    with_property("an MMU as a timer", IPU2_NODE, "ti,timers", cells(IPU2_NODE, "iommus"), "mmu@0",
                  "as a timer"),
    with_property("the GIC as a timer", IPU2_NODE, "ti,timers", "<0x02>",
                  "/interrupt-controller@48211000", "as a timer"),
    ("a mailbox without compatible",
     stock.compiled(stock.text(X15).replace('compatible = "ti,omap4-mailbox";', "")), IPU2,
     ["mailbox@0", "no ti,omap4-mailbox"]),
    ("two processors behind one MMU", given(IPU2_NODE, "iommus", cells("ipu@58820000", "iommus")),
     ["a=ipu1"],
     ["target-module@58882000/mmu@0", "/ocp/ipu@55020000 is behind it as well as ipu1"]),
    with_property("an MMU named twice", IPU2_NODE, "iommus", "<0xd5 0xd5>", "/ocp/ipu@55020000",
                  "twice"),
    with_property("an MMU without resets", IPU2_MODULE, "resets", None, IPU2_MODULE,
                  "the reset of an MMU of ipu2"),
    with_property("an MMU with a core's reset", IPU2_MODULE, "resets", "<0x08 0x01>", IPU2_MODULE,
                  "the reset of an MMU"),
    with_property("an MMU with a reset of another controller", IPU2_MODULE, "resets",
                  "<0xdf 0x02>", IPU2_MODULE, "the reset of an MMU"),
    with_property("an MMU with a reset beyond its register", IPU2_MODULE, "resets",
                  "<0x08 0x20>", IPU2_MODULE, "the reset of an MMU"),
    edited("an IPU's MMU that is a DSP's", IPU2_MODULE, r'"ti,dra7-iommu"', '"ti,dra7-dsp-iommu"',
           "mmu@0", "its compatible is not that of an MMU of ipu2"),
    with_property("a reset beyond its register", IPU2_NODE, "resets", "<0x08 0x20>",
                  "/ocp/ipu@55020000", "no resets of a ti,omap-prm-inst"),
    with_property("resets of a part of the PRM that is not known", "prm@700", "reg",
                  "<0x600 0x100>", "prm@700", "no part of the PRM"),
    with_property("three resets", IPU2_NODE, "resets", "<0x08 0 0x08 1 0x08 3>",
                  "/ocp/ipu@55020000", "one or two of one controller"),
    with_property("four resets", IPU2_NODE, "resets", "<0x08 0 0x08 0 0x08 0 0x08 0>",
                  "/ocp/ipu@55020000", "each once"),
    with_property("resets of two controllers", IPU2_NODE, "resets", "<0xdf 0 0x08 1>",
                  "/ocp/ipu@55020000", "one controller"),
    with_property("a clock beyond its node", IPU2_NODE, "clocks", "<0xd6 0x4000 0>",
                  "the clock of ipu2"),
    of_dsp1("a DSP with one MMU", DSP1_NODE, "iommus", "<0xdd>", "/ocp/dsp@40800000", "two MMUs"),
    of_dsp1("a DSP without a boot register", DSP1_NODE, "ti,bootreg", None, "/ocp/dsp@40800000",
            "ti,bootreg"),
    of_dsp1("... with another shift", DSP1_NODE, "ti,bootreg", "<0x0e 0x55c 4>",
            "/ocp/dsp@40800000", "0 or 10"),
    of_dsp1("... beyond its node", DSP1_NODE, "ti,bootreg", "<0x0e 0x55c00 10>",
            "/ocp/dsp@40800000", "0 or 10"),
    ("a DSP's MMU without DSP_SYSTEM", child(DSP1_MODULE, "ti,syscon-mmuconfig", None), ["g=dsp1"],
     ["mmu@0", "ti,syscon-mmuconfig"]),
    ("... of no cells", child(DSP1_MODULE, "ti,syscon-mmuconfig", "<>"), ["g=dsp1"],
     ["mmu@0", "ti,syscon-mmuconfig"]),
    ("... of two entries", child(DSP1_MODULE, "ti,syscon-mmuconfig", "<0xe5 0 0xe5 1>"), ["g=dsp1"],
     ["mmu@0", "ti,syscon-mmuconfig"]),
    ("... that is the other one", child(DSP1_MODULE, "ti,syscon-mmuconfig", "<0xe5 1>"), ["g=dsp1"],
     ["mmu@0", "ti,syscon-mmuconfig"]),
    of_dsp1("DSP_SYSTEM without a reg", "dsp_system@40d00000", "reg", None,
            "/ocp/dsp_system@40d00000", "the start of a page"),
    *[of_dsp1(f"DSP_SYSTEM of {size:#x} bytes", "dsp_system@40d00000", "reg",
              f"<0x40d00000 {size:#x}>", "/ocp/dsp_system@40d00000", "the start of a page")
      for size in (0x18, 0x1100)],
    with_property("memory outside of reserved-memory", IPU2_NODE, "memory-region", "<0xe5>",
                  "/ocp/dsp_system@40d00000", "not in /reserved-memory"),
    with_property("memory of two windows", "ipu2-memory@95800000", "reg",
                  "<0 0x95800000 0 0x1000000 0 0x98000000 0 0x1000>", "ipu2-memory@95800000",
                  "no reg of one entry"),
    with_property("memory above 4 GiB", "ipu2-memory@95800000", "reg",
                  "<1 0x95800000 0 0x3800000>", "ipu2-memory@95800000", "no reg of one entry"),
    with_property("memory whose end is in a page", "ipu2-memory@95800000", "reg",
                  "<0 0x95800000 0 0x3800800>", "ipu2-memory@95800000", "whole pages"),
    with_property("two nodes of one processor", "ipu@58820000", "reg", "<0x55020000 0x10000>",
                  "it is ipu2, and so is"),
    with_property("memory of no bytes", "ipu2-memory@95800000", "reg", "<0 0x95800000 0 0>",
                  "ipu2-memory@95800000", "whole pages"),
    ("memory over a reserved region", with_reserved(0x96000000, 0x100000), IPU2,
     ["ipu2-memory@95800000", "/reserved-memory/other@96000000"]),
    ("memory over the reserve map",
     changed(X15, (r"/dts-v1/;", "/dts-v1/;\n/memreserve/ 0x96000000 0x1000;")), IPU2,
     ["ipu2-memory@95800000", "/memreserve/"]),
    with_property("memory that a processor has who is not given", "ipu@58820000", "memory-region",
                  "<0xdc>", "ipu2-memory@95800000", "/ocp/ipu@58820000 has this memory as well"),
    with_property("a crossbar of more inputs than a GIC has", "crossbar@4a002a48", "ti,max-irqs",
                  "<0xffffffff>", "/ocp/crossbar@4a002a48", "ti,max-irqs"),
    with_property("... than it has registers", "crossbar@4a002a48", "ti,max-irqs", "<0xb0>",
                  "/ocp/crossbar@4a002a48", "ti,max-irqs"),
    with_property("a GIC whose interrupts have one cell", "interrupt-controller@48211000",
                  "#interrupt-cells", "<1>", "/interrupt-controller@48211000", "#interrupt-cells"),
    ("a console without a reg",
     changed(X15, (r'stdout-path = "[^"]*"', 'stdout-path = "/fixedregulator-vdd_3v3"')), IPU2,
     ["/fixedregulator-vdd_3v3", "the console"]),
    ("a timer in a page with another device", shared_timer(), IPU2,
     ["timer@0", "/ocp/intruder@48034800"]),
]

def host(out, kind="dom0less"):
    return stock.Tree((out / kind / "host.dtb").read_bytes())


def reserved(out, *_):
    """A region that is nobody's is Xen's to keep, and not a guest's, and is no place to load to."""
    for kind in ("dom0less", "xl"):
        tree = host(out, kind)
        if not any(node.startswith("/reserved-memory/other@") for node in tree.nodes):
            return f"{kind}: it is lost"
        if any(n.startswith("/reserved-memory/ipu2") for n in tree.nodes):
            return f"{kind}: the guest's memory is kept"
    # The other processors' memory is kept as well.
    return beside(out, (0xa0000000, 0x2000000)) or beside(out, (0x99000000, 0x6800000))


def mapped(out, *_):
    for kind in ("dom0less", "xl"):
        blob = (out / kind / "host.dtb").read_bytes()
        source = stock.dtc(blob, "dtb", "-q", "-O", "dts")[0].decode()
        if not re.search("/memreserve/\t0x0*88000000 0x0*2000000;", source):
            return f"{kind}: the reserve map is lost"
    return beside(out, (0x88000000, 0x2000000))


def beside(out, kept):
    """Nothing is put there, or into U-Boot, by either script."""
    found = host(out).cells("/chosen/g", "xen,static-mem")
    windows = [(found[n + 1], found[n + 3]) for n in range(0, len(found), 4)]
    for kind in ("dom0less", "xl"):
        loads = re.findall(r"load \S+ (\S+) ", (out / kind / "boot.cmd").read_text())
        windows += [(int(at, 16), 1) for at in loads]
    for at, size in windows:
        if at < kept[0] + kept[1] and kept[0] < at + size or at + size > RAM_END - U_BOOT:
            return f"{at:#x}, {size:#x}"
    return None


RAM_END, U_BOOT = 0xc0000000, 64 << 20


def one_gib(blob):
    source = stock.dtc(blob, "dtb", "-q", "-O", "dts")[0].decode()
    source, count = re.subn(r"(memory@0 {[^}]*reg = )<[^>]*>",
                            r"\1<0 0x80000000 0 0x40000000>", source)
    assert count == 1
    return stock.compiled(source)


def low(out, *_):
    """All that is loaded is below 4 GiB, as U-Boot reaches it."""
    loads = {kind: [int(at, 16) for at in re.findall(r"load \S+ (\S+) ",
                                                     (out / kind / "boot.cmd").read_text())]
             for kind in ("dom0less", "xl")}
    well = all(loads.values()) and max(map(max, loads.values())) < 1 << 32
    return None if well else str(loads)


def with_node(props):
    """The X15's tree with one more device."""
    return changed(X15, (r"(?=\t\tdsp_system@40d00000 {)", f"other@4aff0000 {{ {props} }};\n"))


def input_is_taken(out, *_):
    """Inputs 4 and 7 are the first that are free otherwise, and 10 is in ti,irqs-skip."""
    inputs = {int(n) for n in re.findall(r"to input (\d+)\n", script_of(out))}
    return None if 7 in inputs and 11 in inputs and not inputs & {4, 10} else str(inputs)


def spare_is_free(out, *_):
    """The highest interrupt that no device has."""
    found = [n for n in host(out, "xl").nodes if "/spare-interrupt-" in n]
    return None if found == ["/spare-interrupt-158"] else str(found)


def source_is_left_out(out, *_):
    return script_of(out) if "source 399 " in script_of(out) else None


def script_of(out):
    return (out / "dom0less/boot.cmd").read_text()


def ramdisk_apart(out, *_):
    """Base and memory touch; the ramdisk is in the base."""
    tree = stock.Tree((out / "dom0less/g-linux.dtb").read_bytes())
    begin, end = (tree.cells("/chosen", f"linux,initrd-{word}")[0] for word in ("start", "end"))
    bank = host(out).cells("/chosen/g", "xen,static-mem")
    well = bank[1] <= begin and end <= 0x95800000 == bank[1] + bank[3]
    return None if well else f"{begin:#x} {bank}"


def no_ramdisk(out, *_):
    lost = [n for n in host(out).nodes if "ramdisk@" in n]
    loaded = "ramdisk" in (out / "dom0less/boot.cmd").read_text()
    return lost or ("a ramdisk is loaded" if loaded else None)


def xl_words(out, *_):
    config = (out / "xl/g.cfg").read_text()
    due = ['extra = "a=\\x22b\\x22 console=hvc0 cma=56M"', "memory = 356"]
    lost = [line for line in due if line not in config.split("\n")]
    return f"{lost} in {config}" if lost or "ramdisk" in config else None


def own_cma(out, *_):
    config = (out / "xl/g.cfg").read_text()
    due = 'extra = "cma=64M@0x44000000 console=hvc0"'
    return None if due in config.split("\n") else f"no {due} in {config}"


def says(*words):
    """The report does."""
    def look(_, report):
        lost = [word for word in words if report.count(word) != 1]
        return f"the report does not say once: {lost}" if lost else None
    return look


# What is taken: a name, the tree, words, and what is wrong then.
TAKEN = [
    ("a reserved region beside", one_gib(with_reserved(0xa0000000, 0x2000000)), IPU2, reserved),
    ("a reserve map beside",
     one_gib(changed(X15, (r"/dts-v1/;", "/dts-v1/;\n/memreserve/ 0x88000000 0x2000000;"))), IPU2,
     mapped),
    ("RAM above 4 GiB",
     in_node(X15, "memory@0", r"reg = <[^>]*>",
             "reg = <0 0x80000000 0 0x60000000 2 0 0 0x80000000>"), IPU2, low),
    ("an input of the GIC that a device names", with_node(
        'interrupt-parent = <0x0b>; interrupts = <0 4 4>;'),
     IPU2, input_is_taken),
    ("the last interrupt is a device's",
     changed(UEVM, (r"(?=\treserved-memory {)", "\tother { interrupts = <0 159 4>; };\n")),
     ["g=ipu"], spare_is_free),
    ("a disabled device's interrupt", with_node(
        'status = "disabled"; interrupts = <0 399 4>;'), IPU2, source_is_left_out),
    ("a ramdisk beside a processor's memory", X15,
     ["g=ipu2", "-m", "216", "-k", "kernel", "-r", "ramdisk"], ramdisk_apart),
    ("no ramdisk", X15, IPU2, no_ramdisk),
    ("words for xl", X15, ["g=ipu2", "-m", "300", "-b", 'a="b"'], xl_words),
    ("a CMA area of the user's, for xl", X15, ["g=ipu2", "-b", "cma=64M@0x44000000"], own_cma),
    ("a guest with less RAM", one_gib(stock.path(X15).read_bytes()), ["g=ipu2", "-m", "1000"],
     says("g: it has 128 MiB of RAM beside its processors' memory, and not 1000")),
    ("a timer of another, too", given("ipu@58820000", "ti,timers", cells(IPU2_NODE, "ti,timers")),
     IPU2, says("target-module@34000/timer@0: it serves ipu1 too")),
    ("a stdout-path to nowhere", changed(X15, (r'stdout-path = "[^"]*"', 'stdout-path = "/none"')),
     IPU2, says("its stdout-path, /none, names no node")),
    ("no stdout-path", changed(X15, (r'stdout-path = "[^"]*";', "")), IPU2,
     says("it has no stdout-path")),
    ("a DSP", X15, ["g=dsp1"], says("DSP_SYSTEM /ocp/dsp_system@40d00000")),
]


def taken(blob, words, why):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tree").write_bytes(
            stock.path(blob).read_bytes() if isinstance(blob, str) else blob)
        (folder / "kernel").write_bytes(stock.kernel(5 << 20))
        with open(folder / "ramdisk", "wb") as f:
            f.truncate(100 << 20)
        ran = stock.run("out", "tree", *words, cwd=folder)
        return ran.stderr if ran.returncode else why(folder / "out", ran.stdout)


def fuzzed(seed):
    """A word of a tree is another: what comes of it is a refusal by a sentence, or is written."""
    chance = random.Random(seed)
    blob = bytearray(stock.path(X15).read_bytes())
    begin, size = (int.from_bytes(blob[at:at + 4], "big") for at in (8, 36))
    at = begin + chance.randrange(size // 4) * 4
    blob[at:at + 4] = chance.choice([bytes(4), b"\xff" * 4, bytes([0, 0, 0, 1]),
                                     chance.randbytes(4)])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tree").write_bytes(blob)
        ran = stock.run("out", "tree", "r=ipu1,dsp1", "f=ipu2,dsp2", cwd=folder, timeout=60)
        if ran.returncode == 0 or "it cannot be used" in ran.stderr:
            return ran.stderr or None
        return why_not_refused(ran, Path(folder) / "out", []) or why_no_sentence(ran)


FUZZED = 16

# Words beside the folder, the tree and the guests.
OPTIONS = [
    ("too little memory", ["--memory", "64"], ["--memory 64"]),
    ("too much memory", ["--memory", "2049"], ["--memory 2049"]),
    ("memory that is no number", ["--memory", "much"], ["invalid int value"]),
    ("a kernel that is none", ["--kernel", "tree"], ["it is not a zImage"]),
    ("no such kernel", ["--kernel", "nothing"], ["No such file"]),
    ("a kernel that is a folder", ["--kernel", "."], ["Is a directory"]),
    ("a kernel that is a pipe", ["--kernel", "pipe"], ["it is not a regular file"]),
    ("a kernel that has no room", ["--kernel", "large"], ["there is room for"]),
    ("a kernel that has none with its tree", ["--kernel", "full"],
     ["g-kernel: ", "there is room for"]),
    ("a ramdisk without a kernel", ["--ramdisk", "tree"], ["--ramdisk: ", "--kernel"]),
    ("no such ramdisk", ["--ramdisk", "nothing", "--kernel", "kernel"], ["No such file"]),
    ("a ramdisk that is a folder", ["--ramdisk", ".", "--kernel", "kernel"], ["Is a directory"]),
    ("a ramdisk that has no room", ["--ramdisk", "large", "--kernel", "kernel"],
     ["there is room for"]),
    ("words that are no text", ["--bootargs", b"caf\xe9"], ["--bootargs: "]),
    ("words that end their line", ["--bootargs", "a\nb"], ["--bootargs: "]),
    ("words that Linux cuts", ["--bootargs", "a" * 1024], ["--bootargs: ", "1023"]),
    ("an option that there is not", ["--force"], ["unrecognized arguments"]),
    ("no name for the folder", ["--out", ""], ["--out : it is there already"]),
    ("a folder in none", ["--out", "none/out"], ["--out none/out: ", "in one that is there"]),
    ("a link to nowhere", ["--out", "dangling/"], ["--out dangling/: it is there already"]),
    ("a folder in a file", ["--out", "tree/out"], ["--out tree/out: "]),
]


def why_not_refused(ran, out, says):
    if ran.returncode != 2:
        return f"status {ran.returncode}: {ran.stderr[-300:]!r}"
    if os.path.lexists(out) or any(out.parent.glob(".omap-guest*")):
        return "it wrote something"
    if "Traceback" in ran.stderr or not all(word in ran.stderr for word in says):
        return f"it says {ran.stderr!r}"
    return None


def why_no_sentence(ran):
    """Node or option, and the remedy."""
    if re.fullmatch(r"omap-guest: \S[^\n]*: .*\([^\n]+\)\n", ran.stderr):
        return None
    return f"it says {ran.stderr!r}"


def refused(blob, words, says):
    with tempfile.TemporaryDirectory() as folder:
        tree, out = Path(folder) / "tree", Path(folder) / "out"
        if blob is not None:
            tree.write_bytes(stock.path(blob).read_bytes() if isinstance(blob, str) else blob)
        ran = stock.run(out, tree, *words)
        return why_not_refused(ran, out, says) or why_no_sentence(ran)


def hand(folder):
    """What the words may name."""
    (folder / "tree").write_bytes(b"no kernel")
    (folder / "kernel").write_bytes(stock.kernel(4096))
    (folder / "full").write_bytes(stock.kernel(32 << 20))
    with open(folder / "large", "wb") as f:
        f.truncate(3 << 30)
    os.mkfifo(folder / "pipe")
    (folder / "dangling").symlink_to("nowhere")


def option(words, says):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hand(folder)
        before = sorted(folder.iterdir())
        ran = stock.run("out", stock.path(X15), "g=ipu2", *words, cwd=folder)
        wrong = why_not_refused(ran, folder / "out", says) or why_no_sentence(ran)
        return wrong or (None if sorted(folder.iterdir()) == before else "it wrote something")


def folder_is_there():
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        out.mkdir()
        (out / "mine").write_text("mine", encoding="ascii")
        ran = stock.run(out, stock.path(X15), "g=ipu2")
        kept = [p.name for p in out.iterdir()] == ["mine"]
        well = ran.returncode == 2 and kept and "is there already" in ran.stderr
        return None if well else ran.stderr


def no_tree(name, says):
    """A file that is never read to its end."""
    with tempfile.TemporaryDirectory() as folder:
        hand(Path(folder))
        ran = stock.run("out", name, "g=ipu2", cwd=folder)
        return why_not_refused(ran, Path(folder) / "out", [says]) or why_no_sentence(ran)


def by_signal(number):
    """It comes when all is written but for the folder's name."""
    hold = ("import os, signal, runpy, sys; sys.argv[:] = sys.argv[1:]\n"
            "sys.path.insert(0, os.path.dirname(sys.argv[0]))\nimport files\n"
            "fill = files.Files.fill\n"
            "def held(made, folder):\n"
            "    fill(made, folder); os.write(1, b'half'); signal.pause()\n"
            "files.Files.fill = held\nrunpy.run_path(sys.argv[0], run_name='__main__')\n")
    with tempfile.TemporaryDirectory() as folder:
        command = ["/usr/bin/python3", "-B", "-c", hold, stock.TOOL, "-o", "out", stock.path(X15),
                   "g=ipu2"]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as child:
            if child.stdout.read(4) != b"half" or not list(Path(folder).iterdir()):
                return f"it did not come so far: {child.communicate()[1]}"
            child.send_signal(number)
            said = child.communicate()[1].decode()
        ran = subprocess.CompletedProcess([], child.returncode, "", said)
        left = list(Path(folder).iterdir())
        if left:
            return f"it leaves {left}"
        return why_not_refused(ran, Path(folder) / "out", ["a signal came"])


def not_printed(shell):
    """All is written, and the status says that the report was not printed."""
    with tempfile.TemporaryDirectory() as folder:
        command = f'exec 3> >(true); wait $!; "$0" -o out "$1" g=ipu2 {shell}'
        ran = subprocess.run(["bash", "-c", command, stock.TOOL, stock.path(X15)], cwd=folder,
                             stderr=subprocess.PIPE, text=True, check=False)
        whole = (Path(folder) / "out/report.txt").exists()
    well = (ran.returncode == 1 and whole and ran.stderr.count("\n") == 1
            and ran.stderr.startswith("omap-guest: all is written"))
    return None if well else f"status {ran.returncode}: {ran.stderr}"


def printed():
    """A tree's name that is no text, a model with a terminal's escape sequence, umask 027, and no
    encoding."""
    with tempfile.TemporaryDirectory() as folder:
        tree = os.fsencode(folder) + b"/tree\xff"
        Path(os.fsdecode(tree)).write_bytes(changed(X15, (r'model = "', 'model = "\\x1b[31m')))
        ran = subprocess.run([stock.TOOL, "-o", "out", tree, "g=ipu2"], cwd=folder, check=False,
                             env={**os.environ, "PYTHONIOENCODING": "ascii"}, umask=0o027,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out = Path(folder) / "out"
        well = (ran.returncode == 0 and b"tree\xff" in ran.stdout and b"\x1b" not in ran.stdout
                and b"\\x1b[31m" in ran.stdout
                and {stat.S_IMODE(p.stat().st_mode) for p in (out, out / "dom0less")} == {0o750})
    return None if well else f"status {ran.returncode}: {ran.stderr[-300:]}"


def without_libfdt():
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "libfdt.py").write_text("raise ImportError", encoding="ascii")
        ran = subprocess.run([stock.TOOL, "-o", "out", "tree", "g=ipu2"], cwd=folder, check=False,
                             env={**os.environ, "PYTHONPATH": folder}, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
    well = ran.returncode == 2 and "python3-libfdt" in ran.stderr and "Traceback" not in ran.stderr
    return None if well else ran.stderr


def manual():
    """--help and the manual page have the same options."""
    told = subprocess.run([stock.TOOL, "--help"], stdout=subprocess.PIPE, text=True, check=False)
    page = (stock.ROOT / "boards/omap-guest.1").read_text(encoding="ascii")
    page = page.replace(r"Fl \-", "--")
    options = set(re.findall(r"--[a-z]+", told.stdout))
    missing = {o for o in options if o not in page}
    more = set(re.findall(r"--[a-z]+", page)) - options
    return None if told.returncode == 0 and options and not missing | more else f"{missing}, {more}"


def main():
    tests = [(name, lambda case=case: refused(*case)) for name, *case in CASES]
    tests += [(name, lambda case=case: option(*case)) for name, *case in OPTIONS]
    tests += [(name, lambda case=case: taken(*case)) for name, *case in TAKEN]
    tests += [(f"a tree with another word, {seed}", lambda seed=seed: fuzzed(seed))
              for seed in range(FUZZED)]
    tests += [
        ("the folder is there already", folder_is_there),
        ("an endless tree", lambda: no_tree("/dev/zero", "it is not a regular file")),
        ("a huge tree", lambda: no_tree("large", "there is room for")),
        ("SIGTERM", lambda: by_signal(signal.SIGTERM)),
        ("Ctrl-C", lambda: by_signal(signal.SIGINT)),
        ("a report to nobody", lambda: not_printed(">&3")),
        ("... to a full disk", lambda: not_printed(">/dev/full")),
        ("... to no file", lambda: not_printed(">&-")),
        ("a report of what is no text", printed),
        ("no libfdt", without_libfdt), ("--help and the manual page agree", manual)]
    tests = [(name, test) for name, test in tests if all(word in name for word in sys.argv[1:])]
    print(f"1..{len(tests)}")
    wrong = 0
    for number, (name, test) in enumerate(tests, 1):
        verdict = test()
        wrong += bool(verdict)
        print(f"{'not ok' if verdict else 'ok'} {number} - {name}"
              + (f": {verdict}" if verdict else ""), flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
