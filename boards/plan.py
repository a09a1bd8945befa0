# SPDX-License-Identifier: GPL-2.0-only
"""Who is given what: read from the board's tree, checked, and not changed any more."""
import dataclasses

import address
import interrupts
import memory
import soc
from address import MIB, Window
from blob import Mistake

# A page for each processor, where no guest has anything else (docs/boards.md).
CONTROL = 0x0e002000

TIMER = "arm,armv7-timer"

# What is loaded beside the guests' RAM: how much room each has.
ROOM = {"xen": 16 * MIB, "host.dtb": 2 * MIB, "kernel": 32 * MIB, "ramdisk": 128 * MIB,
        "device-tree": 2 * MIB}


@dataclasses.dataclass(frozen=True)
class Guest:
    name: str
    processors: list
    devices: list           # nodes beside the processors and their MMUs
    banks: list             # its RAM, if it is direct-mapped


@dataclasses.dataclass(frozen=True)
class Plan:
    tree: object
    family: str
    guests: list
    control: dict           # processor's name -> its control page
    routing: interrupts.Routing
    console: object         # node of the UART, or None
    timer: object           # node of the architected timer
    loads: dict             # (guest's name or "", what) -> where

    def lines(self, node):
        return self.routing.lines(node)


def unique(nodes):
    return list({node.path: node for node in nodes}.values())


def refuse_twice(wanted):
    seen = {}
    for guest, names in wanted.items():
        for name in names:
            if name in seen:
                raise Mistake(f"{name}: {seen[name]} and {guest} cannot both have it (name it once)"
                              if seen[name] != guest else f"{name}: it is named twice (name it once)")
            seen[name] = guest


def refuse_halves(guests):
    """A mailbox is one page of registers: it cannot be two guests'. Nor can any other device."""
    owner = {}
    for guest, processors in guests.items():
        for processor in processors:
            for node in processor.devices():
                first, theirs = owner.setdefault(node.path, (guest, processor))
                if first == guest:
                    continue
                what = "mailbox" if node is processor.mailbox else "timer"
                raise Mistake(
                    f"{node.path}: {theirs.name} of {first} and {processor.name} of {guest} share this "
                    f"{what}, which is one page of registers (give {theirs.name} and {processor.name} to "
                    "one guest, or only one of them to any)")


def all_pages(tree):
    """(node, pages) of each node's windows, but for those of a bus."""
    return [(node, address.pages(w)) for node in tree.root.walk()
            if not node.name.startswith("interconnect")
            for w in address.windows(node) if w.size]


def sharers(everything, node):
    """Other nodes with registers in the pages of a node's. Those around it are its own."""
    mine = [address.pages(w) for w in address.windows(node)]
    own = [*node.above(), *node.walk()]
    return [other for other, pages in everything
            if any(address.overlap(m, pages) for m in mine) and other not in own]


def refuse_shared(everything, node, what):
    for other in sharers(everything, node):
        raise Mistake(f"{node.path}: {what}: its page has registers of {other.path} as well, which "
                      "the guest would get (do not give what needs it)")


def refuse_unmapped(node, what):
    found = address.windows(node)
    if not found:
        raise Mistake(f"{node.path}: {what}, and its reg leads to no address (mend the board's tree)")
    return found


def check(everything, processor):
    for mmu in processor.mmus:
        refuse_unmapped(mmu, f"it is the MMU of {processor.name}")
        refuse_shared(everything, mmu, f"it is the MMU of {processor.name}")
    for node in processor.devices():
        refuse_unmapped(node, f"{processor.name} needs it")
        refuse_shared(everything, node, f"{processor.name} needs it")


def console(tree):
    """The UART that Xen takes for its own: that of stdout-path."""
    chosen = tree.by_path.get("/chosen")
    path = (chosen.strings("stdout-path") or [""])[0].split(":")[0] if chosen else ""
    aliases = tree.by_path.get("/aliases")
    if path and not path.startswith("/") and aliases:
        path = (aliases.strings(path) or [""])[0]
    return tree.by_path.get(path)


def timer(tree):
    found = interrupts.one(tree, TIMER)
    if not found:
        raise Mistake(f"/: there is no {TIMER} in this tree, and Xen has no other timer (take the tree "
                      "that the kernel's package has)")
    return found


def loads(tree, guests, banks):
    """Room for what is loaded, in the largest piece of RAM that nobody has."""
    kept = [w for found in memory.reserved(tree).values() for w in found]
    taken = kept + [bank for found in banks.values() for bank in found]
    room = memory.free(memory.of_board(tree), taken)
    wanted = [("", "xen"), ("", "host.dtb"), ("", "kernel"), ("", "ramdisk")]
    wanted += [(name, what) for name in guests for what in ("kernel", "ramdisk", "device-tree")]
    at = -(-room.address // (2 * MIB)) * 2 * MIB
    found = {}
    for key in wanted:
        found[key] = Window(at, ROOM[key[1]])
        at += ROOM[key[1]]
    if at > room.address + room.size:
        raise Mistake(f"/memory: beside the guests' RAM {room.size // MIB} MiB are free in one piece, "
                      "in which Xen, the kernels and the ramdisks do not have room (give fewer "
                      "guests, or --memory less)")
    return found


def make(tree, path, wanted, base):
    """wanted: guest's name -> names of processors; base: bytes of RAM beside the pools."""
    family = soc.family(tree, path)
    refuse_twice(wanted)
    guests = {name: [soc.processor(tree, p) for p in processors]
              for name, processors in wanted.items()}
    refuse_halves(guests)
    everyone = [p for processors in guests.values() for p in processors]
    everything = all_pages(tree)
    for processor in everyone:
        check(everything, processor)
    banks = memory.place(tree, {name: unique(pool for p in processors for pool in p.pools)
                                for name, processors in guests.items()}, base)
    uart = console(tree)
    given = [(mmu, f"the MMU of {p.name}") for p in everyone for mmu in p.mmus]
    given += [(node, f"which {p.name} needs") for p in everyone for node in p.devices()]
    given += [(uart, "Xen's console")] if uart else []
    clock = timer(tree)
    routing = interrupts.route(tree, [*given, (clock, "Xen's timer")])
    return Plan(
        tree, family,
        [Guest(name, processors, unique(n for p in processors for n in p.devices()), banks[name])
         for name, processors in guests.items()],
        {p.name: CONTROL + n * address.PAGE for n, p in enumerate(everyone)},
        routing, uart, clock, loads(tree, guests, banks))
