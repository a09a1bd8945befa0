# SPDX-License-Identifier: GPL-2.0-only
"""A guest of xl: its RAM begins at 0x40000000, and devices are moved out of the way."""
import re

import address
import interrupts
import soc
from address import Window

# Where no guest has anything, behind the control pages.
FIRST, LAST = 0x0e100000, 0x0fffffff
FIRST_SPI, LINES = 32, 160


class NotForXl(Exception):
    """Why there is no configuration for xl."""


class Space:
    """Guest addresses for windows of the board, in whole pages."""

    def __init__(self):
        self.next, self.moved = FIRST, {}

    def where(self, window):
        """A window within its pages' place."""
        pages = address.pages(window)
        if pages not in self.moved:
            if self.next + pages.size - 1 > LAST:
                raise NotForXl("there is no room for all registers below the guests' RAM")
            self.moved[pages] = Window(self.next, pages.size)
            self.next += pages.size
        return Window(self.moved[pages].address + window.address - pages.address, window.size)


def refuse_dsps(plan):
    for guest in plan.guests:
        for processor in guest.processors:
            if any(mmu.is_a(soc.DSP_MMU) for mmu in processor.mmus):
                at = address.windows(processor.mmus[0])[0].address
                raise NotForXl(f"Linux takes {processor.name}'s MMU only at {at:#x}, where a guest "
                               "of xl has RAM")


def used_lines(plan):
    routing = plan.routing
    bar = list(routing.crossbar.inputs.values()) if routing.crossbar else []
    return set(interrupts.direct_lines(plan.tree) + bar)


def lines_of(plan, nodes):
    return sorted({number for node in nodes for kind, number, _ in plan.lines(node)
                   if kind == interrupts.SPI})


def spares(plan):
    """Guest's name -> an interrupt that nothing has. xl gives a guest as many as the highest of
    `irqs` needs, in steps of 32, and the MMU's is not to be named."""
    usable = plan.routing.crossbar.free if plan.routing.crossbar else range(LINES)
    free = sorted(set(usable) - used_lines(plan))
    found = {}
    for guest in plan.guests:
        needed = lines_of(plan, [mmu for p in guest.processors for mmu in p.mmus])[-1]
        if lines_of(plan, guest.devices)[-1] // 32 >= needed // 32:
            continue
        if not free or free[-1] // 32 < needed // 32:
            raise NotForXl(f"{guest.name} needs an interrupt above {needed} that nothing has, so "
                           "that xl gives it as many")
        found[guest.name] = free.pop()
    return found


def moved_mmus(plan, space):
    return {mmu.path: space.where(address.windows(mmu)[0]).address
            for guest in plan.guests for p in guest.processors for mmu in p.mmus}


def iomem(plan, guest, space):
    found = []
    for node in [*(p.node for p in guest.processors), *guest.devices]:
        for window in address.windows(node):
            pages = address.pages(window)
            found.append(f'"{pages.address >> 12:#x},{pages.size >> 12:#x}@'
                         f'{space.where(pages).address >> 12:#x}"')
    return found


def string(words):
    """In quotes of xl's, which reads \\x."""
    return "".join(f"\\x{ord(c):02x}" if c in '"\\' else c for c in words)


def cma(guest):
    """MiB: as much as the processors' memory, which their Linux takes from there."""
    pools = {pool.path: address.windows(pool)[0].size for p in guest.processors for pool in p.pools}
    return -(-sum(pools.values()) // address.MIB)


def config(plan, guest, space, spare, bootargs):
    """The text of its configuration."""
    pools, ramdisk = cma(guest), (guest.name, "ramdisk") in plan.loads
    # The user's own cma= stays: Linux would take the last one.
    own_cma = re.search(r"(^|\s)cma=", bootargs or "")
    words = [bootargs or "", "console=hvc0", f"cma={pools}M" if pools and not own_cma else ""]
    extra = string(" ".join(filter(None, words)))
    disk = '\nramdisk = "/boot/initrd.img"' if ramdisk else ""
    irqs = [FIRST_SPI + number for number in lines_of(plan, guest.devices)]
    irqs += [FIRST_SPI + spare] if spare is not None else []
    paths = ", ".join(f'"{p.node.path}"' for p in guest.processors)
    pages = ",\n          ".join(iomem(plan, guest, space))
    note = ""
    if spare is not None:
        note = "\n# The last one is spare: xl gives as many as the MMU's needs."
    return f"""\
# A guest that owns {', '.join(p.name for p in guest.processors)}: for xl, with xl/host.dtb
# as the host's tree. Made by omap-guest.
name = "{guest.name}"
kernel = "/boot/vmlinuz"{disk}
extra = "{extra}"
memory = {plan.base // address.MIB + pools}
vcpus = 1
device_tree = "/etc/xen/{guest.name}.dtb"

# The processors. Their MMUs come along.
dtdev = [ {paths} ]

# Page, number of pages, and the page where the guest has them.
iomem = [ {pages} ]

# 32 + the interrupts of mailbox and timers. The MMUs' are Xen's, and are not named.{note}
irqs = [ {', '.join(map(str, irqs))} ]
"""
