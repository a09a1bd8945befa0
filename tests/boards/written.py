# SPDX-License-Identifier: GPL-2.0-only
"""Whether what boards/omap-guest.py wrote for Linux, Xen and U-Boot is what the board's tree says.
Nothing of boards/ is used."""
import re

import stock

PAGE, MIB = 4096, 1 << 20
CHANNEL = ("ti,mbox-tx", "ti,mbox-rx", "ti,mbox-send-noirq")
TIMER = ("ti,timer-alwon", "ti,timer-dsp", "ti,timer-pwm", "ti,timer-secure")
BOX = ("compatible", "#mbox-cells", "ti,mbox-num-users", "ti,mbox-num-fifos")
POOL = ("compatible", "reusable", "no-map")


class Wrong(Exception):
    """What is not as it must be."""


def same(what, found, due):
    if found != due:
        raise Wrong(f"{what}: {found!r}, and not {due!r}")


class Look:
    """A guest's tree for Linux beside the board's. register(line): of the crossbar, or None."""

    def __init__(self, board, guest, script, register):
        self.board, self.guest, self.register = board, guest, register
        self.writes = {int(at, 16): int(source, 16)
                       for at, source in re.findall(r"^mw\.w (\S+) (\S+)", script, re.M)}
        self.clocks = {path: int(at, 16)
                       for at, path in re.findall(r"^mw\.l (\S+) 2\t# (\S+)", script, re.M)}

    def equal(self, here, there, names):
        for name in names:
            same(f"{here}: {name}", self.guest.nodes[here].get(name),
                 self.board.nodes[there].get(name))

    def lines(self, here, there):
        """The interrupts: the board's, by way of the crossbar if it has one."""
        found = self.guest.cells(here, "interrupts")
        due = self.board.cells(there, "interrupts")[:len(found)]
        lines = found[1::3]
        if self.register:
            lines = [self.writes.get(self.register(line)) for line in lines]
        same(f"{here}: interrupts", (found[::3], lines, found[2::3]),
             (due[::3], due[1::3], due[2::3]))
        gic, = self.guest.compatible("arm,cortex-a15-gic")
        same(f"{here}: interrupt-parent", self.guest.cells(here, "interrupt-parent"),
             self.guest.cells(gic, "phandle"))

    def device(self, here, there, names):
        self.equal(here, there, names)
        self.lines(here, there)
        same(f"{here}: reg", self.guest.cells(here, "reg")[1], self.board.address(there))

    def pairs(self, here, there, name):
        """What a property of both names, if it names nodes and nothing else."""
        ours, theirs = self.guest.cells(here, name), self.board.cells(there, name)
        same(f"{here}: {name}", len(ours), len(theirs))
        return [(self.guest.phandle(a), self.board.phandle(b)) for a, b in zip(ours, theirs)]

    def mailbox(self, here, there):
        (box, its_box), (channel, its_channel) = self.pairs(here, there, "mboxes")
        self.device(box, its_box, BOX)
        self.equal(channel, its_channel, CHANNEL)

    def timers(self, here, there):
        for name in ("ti,timers", "ti,watchdog-timers"):
            for timer, its in self.pairs(here, there, name):
                self.device(timer, its, (*TIMER, "compatible"))
                names = self.guest.nodes[timer]["clock-names"].split(b"\0")
                same(f"{timer}: clocks", (len(self.guest.cells(timer, "clocks")), names),
                     (2, [b"fck", b"timer_sys_ck", b""]))
                module = its.rsplit("/", 1)[0]
                parent, offset = self.board.cells(module, "clocks")[:2]
                same(f"{its}: boot.cmd", self.clocks.get(its),
                     self.board.address(self.board.phandle(parent)) + offset)

    def control(self, here, there, page):
        resets, due = self.guest.cells(here, "resets"), self.board.cells(there, "resets")
        same(f"{here}: resets", resets[1::2], list(range(len(due) // 2)))
        controller, = {self.guest.phandle(number) for number in resets[::2]}
        same(controller, (self.guest.cells(controller, "reg"),
                          self.guest.nodes[controller]["compatible"]),
             ([0, page, 0, 4], b"snps,dw-high-reset\0"))
        if "ti,bootreg" not in self.board.nodes[there]:
            return
        scm, offset, shift = self.guest.cells(here, "ti,bootreg")
        same(f"{here}: ti,bootreg", (offset, shift), (4, self.board.cells(there, "ti,bootreg")[2]))
        same(f"{here}: ti,bootreg", self.guest.cells(self.guest.phandle(scm), "reg"),
             [0, page + 0x300, 0, 0x100])

    def mmus(self, here, there):
        for mmu, its in self.pairs(here, there, "iommus"):
            self.device(mmu, its, ("compatible", "ti,iommu-bus-err-back"))
            same(f"{mmu}: entries", self.guest.cells(mmu, "ti,#tlb-entries"), [8])
            if "ti,syscon-mmuconfig" in self.board.nodes[its]:
                ours, theirs = (t.cells(n, "ti,syscon-mmuconfig")
                                for t, n in ((self.guest, mmu), (self.board, its)))
                same(f"{mmu}: DSP_SYSTEM", (self.guest.cells(self.guest.phandle(ours[0]), "reg")[1],
                                            ours[1]),
                     (self.board.address(self.board.phandle(theirs[0])), theirs[1]))

    def processor(self, here, there, page):
        self.equal(here, there, ("compatible", "reg-names", "firmware-name"))
        for look in (self.mmus, self.mailbox, self.timers):
            look(here, there)
        self.control(here, there, page)
        for pool, its in self.pairs(here, there, "memory-region"):
            self.equal(pool, its, (*POOL, "reg"))


def why_not_loaded(host, guest, tree, found, ramdisk):
    """Kernel, ramdisk and command line of a guest without a toolstack."""
    kernel = found[f"dom0less/{guest}-kernel"].read_bytes()
    start, end = (int.from_bytes(kernel[at:at + 4], "little") for at in (0x28, 0x2c))
    same(f"{guest}-kernel: its end", (start, end), (0, len(kernel)))
    whole = found[f"dom0less/{guest}-linux.dtb"].read_bytes()
    same(f"{guest}-kernel: its tree", kernel[-len(whole):] == whole, True)
    bank = host.cells(f"/chosen/{guest}", "xen,static-mem")[:4]
    begin, last = (tree.cells("/chosen", f"linux,initrd-{word}")[0] for word in ("start", "end"))
    same(f"{guest}: ramdisk", last - begin, ramdisk)
    # Xen: behind 2 MiB for its tree, at 128 MiB, or below the kernel at the bank's end.
    room = bank[3] - 128 * MIB >= 4 * MIB
    same(f"{guest}: ramdisk", begin, bank[1] + 130 * MIB if room else bank[1] + bank[3] - 4 * MIB)
    same(f"{guest}: bootargs", tree.nodes["/chosen"]["bootargs"], b"console=ttyAMA0\0")
    same(f"{guest}: vpl011", "vpl011" in host.nodes[f"/chosen/{guest}"],
         "stdout-path" in host.nodes["/chosen"])


def why_no_uart(host, tree):
    path = host.nodes["/chosen"].get("stdout-path", b"").rstrip(b"\0").decode()
    for uart in tree.compatible("arm,sbsa-uart"):
        same("the guest's UART", tree.cells(uart, "interrupts")[1],
             host.cells(path, "interrupts")[1])
        same("the guest's UART", tree.cells(uart, "reg")[1], host.address(path) & -PAGE)
    same("the guest's UART", len(tree.compatible("arm,sbsa-uart")), 1 if path else 0)


def why_not_assigned(host, partial):
    """What Xen gives: without an IOMMU only what has none."""
    same("/gic", partial.cells("/gic", "phandle"), [0xfde6])
    for node, props in partial.nodes.items():
        path = props.get("xen,path", b"").rstrip(b"\0").decode()
        if path:
            same(f"{path}: xen,passthrough", "xen,passthrough" in host.nodes[path], True)
            same(f"{node}: xen,force-assign-without-iommu",
                 "xen,force-assign-without-iommu" in props,
                 "iommus" not in host.nodes[path])


def why_not_xl(host, tree):
    same("/gic for xl", tree.cells("/gic", "phandle"), [0xfde8])
    same("pools that dom0 does not have", [pool for pool in host.compatible("shared-dma-pool")
                                           if "reg" in host.nodes[pool]], [])
    for path in host.nodes:
        regions = host.cells(path, "memory-region")
        same(f"{path}: memory-region", all(map(host.phandle, regions)), True)
    for bar in host.compatible("ti,irq-crossbar"):
        same(f"{bar}: status", host.nodes[bar].get("status"), b"disabled\0")
    for path, props in host.nodes.items():
        module = path.rsplit("/", 1)[0]
        if "xen,passthrough" in props and module in host.compatible("ti,sysc"):
            same(f"{module}: xen,passthrough", "xen,passthrough" in host.nodes[module], True)


def why_no_start(script, host, modules):
    """Each module where the tree says, then Xen."""
    loads = {name: int(at, 16) for at, name in re.findall(r"^if load \S+ (\S+) (\S+); then$",
                                                          script, re.M)}
    sets = {path: int(at, 16) for path, at in re.findall(r"^\tfdt set (\S+) reg <0x0 (\S+) ",
                                                         script, re.M)}
    same("the files that boot.cmd loads", sorted(loads), sorted(["xen", "host.dtb", *modules]))
    own = {path: host.cells(path, "reg")[1] for path in host.compatible("multiboot,module")}
    same("the modules", sets, own)
    same("the modules", sorted(own.values()), sorted(loads[name] for name in modules))
    same("bootz", re.findall(r"^\tbootz (\S+) - (\S+)$", script, re.M),
         [(hex(loads["xen"]), hex(loads["host.dtb"]))])
    same("the files whose lack is told", script.count("\n\texit\n"),
         len(loads) - ("dom0-ramdisk" in loads))


def why_no_report(report, board, paths):
    for path in paths:
        words = f"{path}: {board.address(path):#010x}-" if "reg" in board.nodes[path] else path
        same(f"the report has {words}", words in report, True)


def why(board, found, asked, units, ramdisk, register):
    """units: name of a processor -> the end of its node's path. Returns what is wrong, or None."""
    try:
        trees = {name: stock.Tree(path.read_bytes())
                 for name, path in found.items() if name.endswith(".dtb")}
        host, script = trees["dom0less/host.dtb"], found["dom0less/boot.cmd"].read_text()
        report, modules = found["report.txt"].read_text(), []
        for guest, names in asked.items():
            tree = trees[f"dom0less/{guest}-linux.dtb"]
            look = Look(board, tree, script, register)
            for name in names:
                there = board.ending(units[name])
                here = "/processors/" + there.rsplit("/", 1)[1]
                look.processor(here, there, host.cells(host.ending(units[name]),
                                                       "xen,omap-control")[0])
                why_no_report(report, board, [there,
                                              *(board.phandle(n)
                                                for n in board.cells(there, "iommus"))])
            why_not_loaded(host, guest, tree, found, ramdisk)
            why_no_uart(host, tree)
            why_not_assigned(host, trees[f"dom0less/{guest}.dtb"])
            modules += [f"{guest}-kernel", f"{guest}-ramdisk", f"{guest}.dtb"]
            if "xl/host.dtb" in trees:
                why_not_xl(trees["xl/host.dtb"], trees[f"xl/{guest}.dtb"])
        why_no_start(script, host, modules)
        if "xl/host.dtb" in trees:
            why_no_start(found["xl/boot.cmd"].read_text(), trees["xl/host.dtb"],
                         ["dom0-kernel", "dom0-ramdisk"])
    except Wrong as wrong:
        return str(wrong)
    return None
