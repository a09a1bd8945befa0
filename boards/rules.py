# SPDX-License-Identifier: GPL-2.0-only
"""What keeps a processor from a guest: one list of rules. The driver has the same (xen/prcm_tree.c,
dsp.c, assign.c) and refuses at boot; what no guest may have of the board is known here only."""
import address
import memory
import soc
from address import PAGE, Window
from blob import Mistake

# No guest's, on OMAP5 and DRA7. Source: Linux's omap5-l4.dtsi, dra7-l4.dtsi and dra7.dtsi.
NEVER = {
    "the L3 interconnect": Window(0x44000000, 0x1801000),
    "the control module and the crossbar": Window(0x4a002000, 0x2000),
    "the clocks (CM)": Window(0x4a004000, 0x6000),
    "power and resets (PRM)": Window(0x4ae06000, 0x3000),
    "the control module's wake-up part": Window(0x4ae0c000, 0x1000),
    "the GIC": Window(0x48210000, 0x8000),
    "the wake-up generator": Window(0x48281000, 0x1000),
}
# Where the resets of processors are, in the PRM: `parts` of xen/prcm_tree.c.
PARTS = {"ti,omap5-prm-inst": (0x400, 0x700), "ti,dra7-prm-inst": (0x400, 0x500, 0x700, 0x1b00)}
BOOT_SHIFTS = (0, 10)
MAILBOX = "ti,omap4-mailbox"
TIMERS = ("ti,omap5430-timer", "ti,omap4430-timer")
DSP, DSP_MMUS = "ti,dra7-dsp", 2
TI = "take it from TI's tree"
# Of DSP_SYSTEM: MMU_CONFIG's end.
LEAST_SYSTEM = 0x1c


def demand(well, node, wrong, remedy=TI):
    if not well:
        raise Mistake(f"{node.path}: {wrong} ({remedy})")


class Board:
    """The tree, and what the rules ask of all its nodes."""

    def __init__(self, tree):
        self.tree = tree
        # A bus is not what is on it.
        self.pages = [(node, address.pages(w)) for node in tree.root.walk()
                      if not node.name.startswith("interconnect")
                      for w in address.windows(node) if w.size]
        mmus = [node for node in tree.root.walk() if node.is_a(*soc.MMUS)]
        systems = [node for mmu in mmus if "ti,syscon-mmuconfig" in mmu.props
                   for node in soc.targets(tree, mmu, "ti,syscon-mmuconfig", 1)]
        self.never = [*NEVER.items(), *(("RAM", bank) for bank in memory.of_board(tree)),
                      *((node.path, address.pages(w)) for node in mmus + systems
                        for w in address.windows(node))]

    def naming(self, node, name):
        """The nodes that name this one by that property."""
        number = node.cell("phandle", 0)
        return [other for other in self.tree.root.walk()
                if name in other.props and number in other.cells(name)]


def word(node, offset):
    """A register of a node is one that a CPU reaches."""
    found = address.windows(node)
    return bool(found) and not offset % 4 and offset + 4 <= found[0].size


def core_resets(board, p):
    """(controller, bit) of each core."""
    found = [(node, *cells) for node, cells in board.tree.references(p.node, "resets",
                                                                     "#reset-cells")]
    demand(found and all(r[0].is_a("ti,omap-prm-inst") and len(r) == 2 and r[1] < 32
                         for r in found),
           p.node, f"{p.name} has no resets of a ti,omap-prm-inst, by which Xen would hold it "
                   "between two guests")
    demand(len(found) <= 2 and len({r[1] for r in found}) == len(found)
           and len({r[0].path for r in found}) == 1, p.node,
           f"the resets of {p.name} are not one or two of one controller, each once")
    return found


def refuse_resets(board, p):
    found = core_resets(board, p)
    part, prm = found[0][0], found[0][0].parent
    at = [w[0].address if w else None for w in (address.windows(part), address.windows(prm))]
    known = [offset for name, offsets in PARTS.items() if part.is_a(name) for offset in offsets]
    demand(None not in at and at[0] - at[1] in known, part,
           f"the resets of {p.name} are of no part of the PRM that the driver knows")
    for mmu in p.mmus:
        node = mmu.parent if "resets" not in mmu.props and mmu.parent.is_a("ti,sysc") else mmu
        own = [(r, *cells) for r, cells in board.tree.references(node, "resets", "#reset-cells")]
        demand(len(own) == 1 and own[0][0] is part and len(own[0]) == 2 and own[0][1] < 32
               and own[0] not in found, node,
               f"the reset of an MMU of {p.name} is not one beside those of its cores")


def refuse_clocks(board, p):
    found = board.tree.references(p.node, "clocks", "#clock-cells")
    demand(len(found) == 1 and found[0][0].is_a("ti,clkctrl") and found[0][1], p.node,
           f"{p.name} has not one clock, of a ti,clkctrl, by which Xen would turn it on")
    (node, (offset, *_)), = found
    demand(word(node, offset) and node.parent.is_a("ti,omap4-cm") and word(node.parent, 0), node,
           f"the clock of {p.name} is not within it, or no ti,omap4-cm with a reg is around it")


def refuse_boot(board, p):
    """A DSP begins at the address in its boot register."""
    if "ti,bootreg" not in p.node.props:
        demand("dsp" not in p.name, p.node, f"{p.name} has no ti,bootreg, which has its first "
                                            "address")
        return
    found = p.node.cells("ti,bootreg")
    node = board.tree.by_phandle.get(found[0]) if len(found) == 3 else None
    demand(node and word(node, found[1]) and found[2] in BOOT_SHIFTS, p.node,
           f"the ti,bootreg of {p.name} is not <node with a reg, offset in it, 0 or 10>")


def refuse_mmus(board, p):
    demand(len({mmu.path for mmu in p.mmus}) == len(p.mmus), p.node,
           f"the iommus of {p.name} name an MMU twice")
    for mmu in p.mmus:
        for other in board.naming(mmu, "iommus"):
            demand(other is p.node, mmu, f"{other.path} is behind it as well as {p.name}, and "
                                         "would reach what the guest maps",
                   "let the iommus of each name an MMU of its own")


def refuse_dsp(board, p):
    """The two MMUs of a DSP name one DSP_SYSTEM, and are in the two pages behind it."""
    whole = p.node.is_a(DSP)
    demand(len(p.mmus) == DSP_MMUS if whole else True, p.node,
           f"{p.name} has two MMUs, and its iommus name {len(p.mmus)}")
    for mmu in p.mmus:
        demand(mmu.is_a(soc.DSP_MMU) == whole, mmu, f"its compatible is not that of an MMU of "
                                                    f"{p.name}")
    systems = [system_of(board, mmu) for mmu in p.mmus] if whole else []
    demand(len({node.path for node, _ in systems}) <= 1 and len(dict(map(reversed, systems))) ==
           len(systems), p.node, f"the MMUs of {p.name} do not name one DSP_SYSTEM, as 0 and as 1")


def system_of(board, mmu):
    """(node of DSP_SYSTEM, 0 or 1)"""
    found = mmu.cells("ti,syscon-mmuconfig")
    node = board.tree.by_phandle.get(found[0]) if len(found) == 2 else None
    demand(node and found[1] < DSP_MMUS, mmu, "its ti,syscon-mmuconfig is not <DSP_SYSTEM, 0 or 1>")
    windows, own = address.windows(node)[:1], address.windows(mmu)[:1]
    demand(windows and not windows[0].address % PAGE and LEAST_SYSTEM <= windows[0].size <= PAGE,
           node,
           "the reg of this DSP_SYSTEM is not the start of a page")
    demand(own and own[0].address == windows[0].address + (found[1] + 1) * PAGE, mmu,
           "it is not in that page behind DSP_SYSTEM which its ti,syscon-mmuconfig names")
    return node, found[1]


def refuse_kinds(_, p):
    """What Linux's drivers in the guest take."""
    demand(p.mailbox.is_a(MAILBOX), p.mailbox, f"the mailbox of {p.name} is no {MAILBOX}")
    for timer in [*p.timers, *p.watchdogs]:
        demand(timer.is_a(*TIMERS), timer, f"{p.name} names it as a timer, and it is none "
               f"({' or '.join(TIMERS)})")


def parts(p):
    """(node, what it is) of all that is the processor's. One may have no registers of its own."""
    own = [(p.node, f"it is {p.name}")] if "reg" in p.node.props else []
    return (own + [(mmu, f"it is the MMU of {p.name}") for mmu in p.mmus]
            + [(node, f"{p.name} needs it") for node in p.devices()])


def refuse_registers(board, p):
    for node, what in parts(p):
        found = address.windows(node)
        width = node.parent.cell("#address-cells", 2) + node.parent.cell("#size-cells", 1)
        demand(found and len(found) * width == len(node.cells("reg")), node,
               f"{what}, and its reg leads to no address", "mend the board's tree")
        own = [*node.above(), *node.walk()]
        for pages in map(address.pages, found):
            for name, never in board.never:
                demand(name == node.path or not address.overlap(pages, never), node,
                       f"{what}, and {address.text_of(pages)} has {name}, which no guest may have",
                       "correct its reg")
            for other, theirs in board.pages:
                demand(other in own or not address.overlap(pages, theirs), node,
                       f"{what}, and its page has registers of {other.path} as well, which the "
                       "guest would get", "correct its reg, or do not give what needs it")


RULES = (refuse_resets, refuse_clocks, refuse_boot, refuse_mmus, refuse_dsp, refuse_kinds,
         refuse_registers)


def check(tree, processors):
    board = Board(tree)
    for processor in processors:
        for rule in RULES:
            rule(board, processor)
