# SPDX-License-Identifier: GPL-2.0-only
"""What a board's tree has of remote processors: which there are, and what each of them needs."""
import dataclasses

import address
from blob import Mistake

FAMILIES = {"ti,omap5": "OMAP5", "ti,dra7": "DRA7 or AM57"}

# A processor's name by its compatible, and by where its memory is if there are several.
NAMES = {
    "ti,omap5-ipu": "ipu",
    "ti,omap5-dsp": "dsp",
    "ti,dra7-ipu": {0x58820000: "ipu1", 0x55020000: "ipu2"},
    "ti,dra7-dsp": {0x40800000: "dsp1", 0x41000000: "dsp2"},
}

RESERVED, POOL = "/reserved-memory", "shared-dma-pool"
MMUS = ("ti,omap4-iommu", "ti,dra7-iommu", "ti,dra7-dsp-iommu")
DSP_MMU = "ti,dra7-dsp-iommu"


@dataclasses.dataclass(frozen=True)
class Processor:
    """Nodes of the board's tree."""
    name: str
    node: object
    mmus: list
    channel: object         # its mailbox's child
    timers: list
    watchdogs: list
    pools: list
    boot_shift: object      # of its boot register; None if it has none

    @property
    def mailbox(self):
        return self.channel.parent

    def devices(self):
        """What its guest is given beside itself and its MMUs."""
        return [self.mailbox, *self.timers, *self.watchdogs]


def family(tree, path):
    for compatible, name in FAMILIES.items():
        if tree.root.is_a(compatible):
            return name
    what = ", ".join(tree.root.strings("compatible")) or "nothing"
    raise Mistake(f"{path}: /: it is compatible with {what}, and not with "
                  f"{' or '.join(FAMILIES)} (take the tree of an OMAP5, DRA7 or AM57 board)")


def name_of(node):
    """A processor's name, or None."""
    for compatible, names in NAMES.items():
        if not node.is_a(compatible):
            continue
        if isinstance(names, str):
            return names
        found = address.windows(node)
        return names.get(found[0].address) if found else None
    return None


def by_name(tree):
    """Name -> node, of all processors that the board has, enabled or not."""
    found = {}
    for node in tree.root.walk():
        other = found.setdefault(name_of(node), node)
        if name_of(node) and other is not node:
            raise Mistake(f"{node.path}: it is {name_of(node)}, and so is {other.path} (take one "
                          "of them out of the board's tree)")
    found.pop(None, None)
    return dict(sorted(found.items()))


def refuse_disabled(node, what):
    for part in [node, *node.above()]:
        if not part.enabled():
            raise Mistake(f"{part.path}: {what}, and this board's tree says that it is "
                          f"{part.strings('status')[0]} (enable it there, in a board that has "
                          "what it needs, its memory-region among it)")


def targets(tree, node, name, count):
    return [target for target, _ in tree.references(node, name, count)]


def read_mmus(tree, node, name):
    found = targets(tree, node, "iommus", "#iommu-cells")
    if not found:
        raise Mistake(f"{node.path}: {name} has no iommus, so nothing keeps it from any memory "
                      "(take a tree that names its MMU)")
    for mmu in found:
        if not mmu.is_a(*MMUS):
            raise Mistake(f"{mmu.path}: the driver does not take the MMU of {name}: its "
                          f"compatible is not {', '.join(MMUS[:-1])} or {MMUS[-1]} (mend the "
                          "board's tree)")
        refuse_disabled(mmu, f"it is the MMU of {name}")
    return found


def read_channel(tree, node, name):
    """mboxes = <&mailbox &channel>."""
    cells = node.cells("mboxes")
    channel = tree.by_phandle.get(cells[1]) if len(cells) > 1 else None
    if not channel or not channel.parent or tree.by_phandle.get(cells[0]) != channel.parent:
        raise Mistake(f"{node.path}: {name} has no mboxes = <mailbox, channel of it>, without "
                      "which Linux does not start it (take a tree that has them)")
    refuse_disabled(channel, f"it is the mailbox of {name}")
    return channel


def read_pools(tree, node, name):
    found = targets(tree, node, "memory-region", 0)
    for pool in found:
        refuse_disabled(pool, f"it is the memory of {name}")
        if pool.parent.path != RESERVED:
            raise Mistake(f"{pool.path}: the memory of {name} is not in {RESERVED}, where Xen and "
                          "Linux keep it from others (move the node there)")
        if len(address.windows(pool)) != 1:
            raise Mistake(f"{pool.path}: the memory of {name} has no reg of one entry (give it "
                          "the address that its firmware names)")
    return found


def processor(tree, name):
    """What the board's tree has of that one."""
    present = by_name(tree)
    if name not in present:
        raise Mistake(f"{name}: there is no such processor on this board (it has "
                      f"{', '.join(present) or 'none'})")
    node = present[name]
    refuse_disabled(node, f"it is {name}")
    return Processor(
        name, node, read_mmus(tree, node, name), read_channel(tree, node, name),
        targets(tree, node, "ti,timers", 0), targets(tree, node, "ti,watchdog-timers", 0),
        read_pools(tree, node, name), (node.cells("ti,bootreg") + [None] * 3)[2])
