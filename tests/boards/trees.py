#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""boards/omap-guest.py over each OMAP5, DRA7 and AM57 tree of the guest's Linux: TAP. Each ends
in trees of which dtc does not warn and which say what they must, or in a reason.

    trees.py [BOARD]...   only these"""
import functools
import re
import sys
import tempfile
from pathlib import Path

import stock
import written

# Where each processor's MMUs are, and the source or line of their interrupts: TI's manuals,
# and Linux's dra7.dtsi and omap5.dtsi.
MMUS = {"omap5": {"ipu": {0x55082000: 100}, "dsp": {0x4a066000: 28}},
        "dra7": {"ipu1": {0x58882000: 395}, "ipu2": {0x55082000: 396},
                 "dsp1": {0x40d01000: 23, 0x40d02000: 145},
                 "dsp2": {0x41501000: 146, 0x41502000: 147}}}
UNITS = {"omap5": {"ipu": "/ipu@55020000", "dsp": "/dsp"},
         "dra7": {"ipu1": "/ipu@58820000", "ipu2": "/ipu@55020000", "dsp1": "/dsp@40800000",
                  "dsp2": "/dsp@41000000"}}
# Those of them that have one DSP, and those that have no memory for any processor.
ONE_DSP = ("am571x-idk", "dra71-evm", "dra72-evm", "dra72-evm-revc")
BARE = ("omap5-cm-t54", "omap5-igep0050", "omap5-sbc-t54", "am57xx-cl-som-am57x",
        "am57xx-sbc-am57x")
# PRM, both CMs, control module, GIC, wake-up generator: no guest's.
NEVER = [(0x4ae06000, 0x3000), (0x4a004000, 0x6000), (0x4a002000, 0x2000), (0x48211000, 0x7000),
         (0x48281000, 0x1000)]
PAGE, RAMDISK = 4096, 5000


def family(name):
    return "omap5" if name in stock.OMAP5 else "dra7"


def processors(name):
    return [p for p in MMUS[family(name)] if p != "dsp2" or name not in ONE_DSP]


def guests(name):
    """What is asked of a board: each processor alone, all for one guest, all that two can have."""
    found = processors(name)
    asked = [[f"g={p}"] for p in found] + [["g=" + ",".join(found)]]
    if family(name) == "dra7":
        second = [p for p in found if p.endswith("2")]
        asked.append(["rear=ipu1,dsp1", "front=" + ",".join(second)])
    return asked


def asked_of(words):
    """guest -> processors"""
    return {word.split("=")[0]: word.split("=")[1].split(",") for word in words}


def files(out):
    return {str(p.relative_to(out)): p for p in out.rglob("*") if p.is_file()}


@functools.lru_cache
def own_warnings(name):
    return stock.warnings(stock.path(name).read_bytes())


def why_warned(name, found):
    for file, path in found.items():
        if not file.endswith(".dtb"):
            continue
        lines = stock.warnings(path.read_bytes())
        # dom0 has the board's own nodes.
        if file == "xl/host.dtb":
            lines = [line for line in lines if line not in own_warnings(name)]
        if lines:
            return f"{file}: {lines[0]}"
    return None


def crossbar_writes(script):
    """address -> source"""
    return {int(at, 16): int(source, 16)
            for at, source in re.findall(r"^mw\.w (\S+) (\S+)", script, re.M)}


def register(tree, line):
    """Of the crossbar, as Linux's irq-crossbar.c counts them."""
    bar, = tree.compatible("ti,irq-crossbar")
    reserved = tree.cells(bar, "ti,irqs-reserved")
    return 0x4a002a48 + 2 * len([n for n in range(line) if n not in reserved])


def why_no_interrupt(name, original, host, script, at, source):
    """An MMU's: at the GIC, by the line that its source has then."""
    unit = f"/target-module@{0x66000 if at == 0x4a066000 else at:x}/mmu@0"
    node = host.ending(unit)
    gic, = host.compatible("arm,cortex-a15-gic")
    if host.cells(node, "interrupt-parent") != host.cells(gic, "phandle"):
        return f"{unit}: its interrupt-parent is not the GIC"
    kind, line, flags = host.cells(node, "interrupts")
    if (kind, flags) != (0, 4):
        return f"{unit}: it has another kind of interrupt"
    if family(name) == "omap5":
        return None if line == source else f"{unit}: its line is {line}"
    if crossbar_writes(script).get(register(original, line)) != source:
        return f"{unit}: its line {line} is not written to be that of source {source}"
    return None


def why_not_host(name, original, host, script, asked):
    everyone = [p for found in asked.values() for p in found]
    for at, source in [pair for p in everyone for pair in MMUS[family(name)][p].items()]:
        wrong = why_no_interrupt(name, original, host, script, at, source)
        if wrong:
            return wrong
    lines = [tuple(host.cells(n, "interrupts")) for w in ("ti,dra7-iommu", "ti,dra7-dsp-iommu")
             for n in host.compatible(w)]
    if len(lines) != len(set(lines)):
        return "two MMUs have one interrupt"
    masters = [n for n, props in host.nodes.items() if "iommus" in props]
    lost = [p for p in processors(name) if not any(n.endswith(unit(name, p)) for n in masters)]
    if lost:
        return f"Xen does not know {lost[0]}, and does not hold it in reset"
    given = [n for n in masters if "xen,passthrough" in host.nodes[n]]
    controls = [host.cells(n, "xen,omap-control")[0] for n in given]
    if len(given) != len(everyone) or len(set(controls)) != len(given) or any(c % PAGE
                                                                              for c in controls):
        return "not each processor is xen,passthrough and has a control page"
    timer, = host.compatible("arm,armv7-timer")
    if "status" in host.nodes[timer] or len(host.cells(timer, "interrupts")) != 12:
        return "Xen has no timer"
    gic, = host.compatible("arm,cortex-a15-gic")
    if host.cells(gic, "interrupts")[:2] != [1, 9]:
        return "Xen's GIC has no interrupt of its own"
    return why_no_console(host)


def why_no_console(host):
    uart = host.nodes["/chosen"].get("stdout-path", b"").rstrip(b"\0").decode()
    if not uart:
        return None
    if uart not in host.compatible("ti,omap4-uart") or host.cells(uart, "reg")[1] != PAGE:
        return "Xen has no console, or no room in it for the guests'"
    well = uart.encode() in host.nodes["/chosen"]["xen,xen-bootargs"]
    return None if well else "dtuart is another"


def ranges(cells, step):
    return [(cells[n + 1], cells[n + 3]) for n in range(0, len(cells), step)]


def within(a, banks):
    return any(b[0] <= a[0] and a[0] + a[1] <= b[0] + b[1] for b in banks)


def overlap(a, b):
    return a[0] < b[0] + b[1] and b[0] < a[0] + a[1]


def unit(name, p):
    """The end of a processor's node in the board's tree."""
    return UNITS[family(name)][p]


def pools(name, original, names):
    """By the board's tree: where each processor's memory is."""
    nodes = [original.ending(unit(name, p)) for p in names]
    found = [original.phandle(original.cells(n, "memory-region")[0]) for n in nodes]
    return [w for n in found for w in ranges(original.cells(n, "reg"), 4)]


def why_not_memory(name, original, host, trees, asked):
    banks, ram = {}, ranges(original.cells(next(n for n in original.nodes if n.startswith(
        "/memory")), "reg"), 4)
    for guest, names in asked.items():
        node = f"/chosen/{guest}"
        banks[guest] = ranges(host.cells(node, "xen,static-mem"), 4)
        if host.cells(node, "memory")[1] * 1024 != sum(size for _, size in banks[guest]):
            return f"{guest}: memory is not the sum of its banks"
        if ranges(trees[guest].cells(trees[guest].ending(f"memory@{banks[guest][0][0]:x}"), "reg"),
                  4) != banks[guest]:
            return f"{guest}: Linux is told of other memory than Xen"
        needed = pools(name, original, names)
        if len(needed) != len(names) or not all(within(p, banks[guest]) for p in needed):
            return f"{guest}: its processors' memory is not its own"
        if not all(within(b, ram) for b in banks[guest]) or banks[guest][0][0] % (128 << 20):
            return f"{guest}: it has what is no RAM, or begins where Linux cannot"
        loaded = [ranges(host.cells(n, "reg"), 4)[0] for n in host.nodes
                  if n.startswith(node + "/")]
        banks[guest + " loaded"] = loaded
    flat = [(who, b) for who, found in banks.items() for b in found]
    for n, (who, a) in enumerate(flat):
        for whose, b in flat[:n]:
            if overlap(a, b):
                return f"{who} and {whose} have {max(a[0], b[0]):#x} both"
    return None


def why_not_given(name, partial, names):
    """What Xen maps: nothing of an MMU's or of what rules the board."""
    mapped = []
    for node in partial.nodes.values():
        cells = [int.from_bytes(node.get("xen,reg", b"")[at:at + 4], "big")
                 for at in range(0, len(node.get("xen,reg", b"")), 4)]
        for at in range(0, len(cells), 6):
            if cells[at + 1] != cells[at + 5] or (cells[at + 1] | cells[at + 3]) % PAGE:
                return "a page is mapped elsewhere, or is no page"
            mapped.append((cells[at + 1], cells[at + 3]))
    for window in mapped:
        for other in never(name):
            if overlap(window, other):
                return f"the guest is given {other[0]:#x}"
    if len(mapped) < len(names):
        return "the guest is given too little"
    return None


def why_not_linux(name, tree, names):
    """What Linux's drivers look for."""
    for p in names:
        for at in MMUS[family(name)][p]:
            if f"/processors/mmu@{at:x}" not in tree.nodes:
                return f"no mmu@{at:x}"
    masters = [n for n, props in tree.nodes.items() if "iommus" in props]
    if len(masters) != len(names):
        return "not each processor has a node"
    for node in masters:
        for prop in ("iommus", "mboxes", "resets", "clocks", "memory-region"):
            cells = tree.cells(node, prop)
            if not cells or not tree.phandle(cells[0]):
                return f"{node}: no {prop}"
        if "dsp" in node and len(tree.cells(node, "ti,bootreg")) != 3:
            return f"{node}: no ti,bootreg"
        mailbox, channel = map(tree.phandle, tree.cells(node, "mboxes"))
        if not channel.startswith(mailbox + "/") or "ti,mbox-rx" not in tree.nodes[channel]:
            return f"{node}: its mailbox has no channel for it"
    return None


def never(name):
    """(address, size) of all that is no guest's."""
    return NEVER + [(at, PAGE) for p in MMUS[family(name)].values() for at in p] + [
        (0x40d00000, PAGE), (0x41500000, PAGE)]


def why_not_mapped(name, configs):
    """What xl maps: nothing of an MMU's, and no two things at one address."""
    there = []
    for page, count, at in (m for c in configs for m in re.findall(r'"(\w+),(\w+)@(\w+)"', c)):
        size = int(count, 16) * PAGE
        for other in never(name):
            if overlap((int(page, 16) * PAGE, size), other):
                return f"xl gives {other[0]:#x}"
        there.append((int(at, 16) * PAGE, size))
    for n, window in enumerate(there):
        if any(overlap(window, other) for other in there[:n]):
            return f"xl maps two things at {window[0]:#x}"
    return None


def why_no_irqs(host, tree, irqs):
    """Those of devices, and at most a spare one that no device has. MMUs' are Xen's."""
    spare = {host.cells(n, "interrupts")[1] for n in host.nodes if "/spare-interrupt-" in n}
    others = [line for n in host.nodes if "/spare-interrupt-" not in n
              for line in host.cells(n, "interrupts")[1::3]]
    mmus = {tree.cells(n, "interrupts")[1] for n in tree.nodes if "/mmu@" in n}
    if spare & set(others):
        return "a spare interrupt is a device's"
    return "irqs has an MMU's" if mmus & {irq - 32 for irq in irqs} else None


def why_not_xl(name, found, asked):
    dsp = family(name) == "dra7" and any(p.startswith("dsp") for n in asked.values() for p in n)
    if dsp:
        return "there is one for a DSP of DRA7" if any(f.startswith("xl/") for f in found) else None
    for guest in asked:
        config = found[f"xl/{guest}.cfg"].read_text()
        tree = stock.Tree(found[f"xl/{guest}.dtb"].read_bytes())
        host = stock.Tree(found["xl/host.dtb"].read_bytes())
        for page, count, there in re.findall(r'"(\w+),(\w+)@(\w+)"', config):
            at = int(there, 16) << 12
            if not any(at in tree.cells(n, "reg") for n in tree.nodes):
                return f"{guest}: nothing of Linux's is at {at:#x}"
        moved = {host.cells(n, "xen,guest-address")[0] for n in host.nodes
                 if "xen,guest-address" in host.nodes[n]}
        mmus = {int(n.split("@")[1], 16) for n in tree.nodes if "/mmu@" in n}
        if not mmus or not mmus <= moved:
            return f"{guest}: the host's tree has its MMUs elsewhere"
        for path in re.findall(r'"(/[^"]*)"', re.search(r"dtdev = (.*)", config).group(1)):
            if "xen,passthrough" not in host.nodes[path]:
                return f"{path}: dom0 has it"
        irqs = [int(n) for n in re.search(r"irqs = \[(.*)\]", config).group(1).split(",")]
        last = max(irqs)
        highest = max(tree.cells(n, "interrupts")[1] for n in tree.nodes if "/mmu@" in n)
        if last // 32 < (highest + 32) // 32:
            return f"{guest}: it has too few interrupts"
        wrong = why_no_irqs(host, tree, irqs)
        if wrong:
            return f"{guest}: {wrong}"
    return why_not_mapped(name, [found[f"xl/{guest}.cfg"].read_text() for guest in asked])


def why_wrong(name, words, out):
    asked, found = asked_of(words), files(out)
    original = stock.Tree(stock.path(name).read_bytes())
    host = stock.Tree(found["dom0less/host.dtb"].read_bytes())
    script = found["dom0less/boot.cmd"].read_text()
    trees = {g: stock.Tree(found[f"dom0less/{g}-linux.dtb"].read_bytes()) for g in asked}
    wrong = (why_warned(name, found) or why_not_host(name, original, host, script, asked)
             or why_not_memory(name, original, host, trees, asked) or why_not_xl(name, found, asked)
             or written.why(original, found, asked, UNITS[family(name)], RAMDISK,
                            None if family(name) == "omap5"
                            else lambda line: register(original, line)))
    for guest, names in asked.items():
        partial = stock.Tree(found[f"dom0less/{guest}.dtb"].read_bytes())
        for node in partial.nodes.values():
            path = node.get("xen,path", b"").rstrip(b"\0").decode()
            if path and path not in host.nodes:
                wrong = wrong or f"xen,path {path} is not in the host's tree"
        wrong = (wrong or why_not_given(name, partial, names)
                 or why_not_linux(name, trees[guest], names))
    return wrong


def why_no_reason(out, ran):
    """A refusal: one sentence that names a node and the remedy."""
    if ran.returncode != 2 or out.exists():
        return f"status {ran.returncode}, or something was written"
    if not re.fullmatch(r"omap-guest: /ocp/\S*: .* \(.*\)\n", ran.stderr):
        return f"it says {ran.stderr!r}"
    return None


def compare(name, words):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        kernel, ramdisk = Path(folder) / "zImage", Path(folder) / "initrd"
        kernel.write_bytes(stock.kernel(65536))
        ramdisk.write_bytes(bytes(RAMDISK))
        ran = stock.run(out, stock.path(name), *words, "-k", kernel, "-r", ramdisk)
        if name in BARE:
            return why_no_reason(out, ran)
        if ran.returncode or ran.stderr:
            return f"status {ran.returncode}: {ran.stderr!r}"
        return why_wrong(name, words, out)


def main():
    names = sys.argv[1:] or stock.OMAP5 + stock.DRA7
    cases = [(name, words) for name in names for words in guests(name)]
    print(f"1..{len(cases) + 1}")
    present = sorted(p.stem for p in stock.folder().glob("*.dtb")
                     if re.match(r"omap5|dra7|am57", p.stem))
    wrong = [] if present == sorted(stock.OMAP5 + stock.DRA7) else [present]
    print(f"{'not ok' if wrong else 'ok'} 1 - the 18 boards of Debian's kernel are these",
          flush=True)
    for number, (name, words) in enumerate(cases, 2):
        verdict = compare(name, words)
        wrong += [verdict] if verdict else []
        print(f"{'not ok' if verdict else 'ok'} {number} - {name} {' '.join(words)}"
              + (f": {verdict}" if verdict else ""), flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
