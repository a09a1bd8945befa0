# SPDX-License-Identifier: GPL-2.0-only
"""What DRA7 and AM57 have that OMAP5 has not, for QEMU and in the host's tree: a DSP with two
ports and an MMU in front of each, DSP_SYSTEM, by which both may be led around those, EDMA, and
the crossbar of interrupts.
"""
import re

import board
import prcm_board

CONTROL_MODULE = 0x4a002000
CROSSBAR = "crossbar@4a002a48"

# IPU2's are where OMAP5's IPU has them.
UNITS = [prcm_board.unit("ipu"),
         prcm_board.Unit("dsp", 0x4ae06410, 1, 2, 0x4a005420, 0x4ae06400, 0x4a00255c,
                         ",boot-shift=10,emu=0x4ae07a00,dreq=0x4a002cf8")]

DSP_SYSTEM, TPCC, TPTC = 0x40d00000, 0x40d10000, (0x40d05000, 0x40d06000)
SCRIPTED = 0x40d20000       # of no hardware: the scripted master's own registers
CCSTAT = TPCC + 0x640       # 0: EDMA does nothing
MMU_CONFIG, THROUGH_BOTH = DSP_SYSTEM + 0x18, 0x11
# Of a DSP's MMU: SIZE of each bypass region, 0 if there is none.
BYPASS_SIZES = (0x94, 0x9c, 0xa4, 0xac)

# By what the boots call them: the core's port, EDMA's.
PORTS = [board.Processor("dsp", "ti,dra7-dsp", SCRIPTED, 0x40d01000, None, False),
         board.Processor("edma", "ti,dra7-dsp", SCRIPTED, 0x40d02000, None, False)]

# Between the guest's pieces of RAM, and nobody's: what goes around the DSP's MMUs reaches it.
CANARY, CANARY_SIZE = 0x94000000, board.MIB


def inputs(own):
    """Address of each register of the crossbar -> the GIC's input; a reserved one has none."""
    node = f"/ocp/{CROSSBAR}"
    first, count, *reserved = (int(cell, 16) for name in ("reg", "ti,max-irqs", "ti,irqs-reserved")
                               for cell in board.output_of("fdtget", "-t", "x", own, node,
                                                           name).split()
                               [:1 if name == "reg" else None])
    with_register = [line for line in range(count) if line not in reserved]
    return {first + 2 * n: line for n, line in enumerate(with_register)}


def left_by(script, own):
    """Of the crossbar's device: its registers as boot.cmd writes them. (The clocks of timers are
    left out: this machine has no timers.)"""
    line = inputs(own)
    return "+".join(f"{int(source, 16)}:{line[int(at, 16)]}"
                    for at, source in re.findall(r"^mw\.w (\S+) (\S+)", script, re.M))


def prcm_devices(folder, left):
    return ["-device", f"omap-crossbar,id=xbar{left and ',left=' + left}",
            *prcm_board.devices(folder, units=UNITS, more={CONTROL_MODULE: ",xbar=xbar"})]


def dsp_devices(source, mailbox):
    """source: address of an MMU -> its source of the crossbar."""
    unit = prcm_board.in_unit("dsp")
    args = [f"omap-mmu,id={p.name},addr={p.mmu:#x},irq={source[p.mmu]},xbar=xbar,bypass-regions=on,"
            f"port={n}{unit}" for n, p in enumerate(PORTS)]
    args += [f"omap-dsp-system,id=system,addr={DSP_SYSTEM:#x}{unit}",
             f"omap-edma,id=edma-cc,addr={TPCC:#x}{unit}"]
    args += [f"omap-edma-tc,edma=edma-cc,addr={at:#x},tc={n}" for n, at in enumerate(TPTC)]
    args += [f"omap-rproc,mmu=dsp,edma-mmu=edma,dsp-system=system,edma=edma-cc,addr={SCRIPTED:#x}"
             f"{unit}"]
    return [word for a in args + [mailbox] for word in ("-device", a)]


def with_crossbar(tree, own, mmus, sources):
    """As TI's tree has them, in place of what the tool made of it: the crossbar, and at it the
    interrupts of these MMUs (address -> path). Xen reads the crossbar's registers."""
    node = f"/ocp@0/{CROSSBAR}"
    board.tool("fdtput", "-c", tree, node)
    for name in board.output_of("fdtget", "-p", own, f"/ocp/{CROSSBAR}").split():
        if name not in ("interrupt-controller", "compatible", "interrupt-parent"):
            board.tool("fdtput", "-t", "x", tree, node, name,
                       *board.output_of("fdtget", "-t", "x", own, f"/ocp/{CROSSBAR}", name).split())
    board.tool("fdtput", "-t", "s", tree, node, "compatible", "ti,irq-crossbar")
    board.tool("fdtput", tree, node, "interrupt-controller")
    crossbar = board.output_of("fdtget", "-t", "x", tree, node, "phandle").strip()
    for at, path in mmus.items():
        board.tool("fdtput", "-t", "x", tree, path, "interrupt-parent", crossbar)
        board.tool("fdtput", "-t", "x", tree, path, "interrupts", "0", f"{sources[at]:x}", "4")
