# SPDX-License-Identifier: GPL-2.0-only
"""Who is given what: read from the board's tree, checked, and not changed any more."""
import dataclasses

import address
import interrupts
import memory
import rules
import soc
from address import MIB, Window
from blob import Mistake

# A page for each processor, where no guest has anything else (docs/boards.md).
CONTROL = 0x0e002000

TIMER = "arm,armv7-timer"

# What is loaded beside the guests' RAM: how much room each has.
ROOM = {"xen": 16 * MIB, "host.dtb": 2 * MIB, "kernel": 32 * MIB, "ramdisk": 128 * MIB,
        "device-tree": 2 * MIB}
# U-Boot is at the end of RAM.
U_BOOT = 64 * MIB


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
    loads: dict             # (guest's name or "", what) -> where, without a toolstack
    xl_loads: dict          # the same, with xl
    base: int               # bytes of RAM that each guest is to have beside its pools

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
                              if seen[name] != guest else f"{name}: it is named twice (name it "
                                                          "once)")
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
                what = "mailbox" if node.is_a(rules.MAILBOX) else "timer"
                raise Mistake(
                    f"{node.path}: {theirs.name} of {first} and {processor.name} of {guest} share "
                    f"this {what}, which is one page of registers (give {theirs.name} and "
                    f"{processor.name} to one guest, or only one of them to any)")


def console(tree):
    """The UART that Xen takes for its own: that of stdout-path."""
    chosen = tree.by_path.get("/chosen")
    path = (chosen.strings("stdout-path") or [""])[0].split(":")[0] if chosen else ""
    aliases = tree.by_path.get("/aliases")
    if path and not path.startswith("/") and aliases:
        path = (aliases.strings(path) or [""])[0]
    found = tree.by_path.get(path)
    if found and not address.windows(found):
        raise Mistake(f"{path}: it is the console by stdout-path, and its reg leads to no address "
                      "(mend the board's tree)")
    return found


def timer(tree):
    found = interrupts.one(tree, TIMER)
    if not found:
        raise Mistake(f"/: there is no {TIMER} in this tree, and Xen has no other timer (take the "
                      "tree that the kernel's package has)")
    return found


def loads(ram, taken, wanted):
    """Room for what is loaded, in the largest piece of RAM that nobody has: of the guests' files,
    and of U-Boot itself."""
    end = ram[-1].address + ram[-1].size
    room = memory.free(ram, [*taken, Window(end - U_BOOT, U_BOOT)])
    at = memory.up(room.address)
    found = {}
    for key in wanted:
        found[key] = Window(at, ROOM[key[1]])
        at += ROOM[key[1]]
    if at > room.address + room.size:
        raise Mistake(f"/memory: beside the guests' RAM {room.size // MIB} MiB are free in one "
                      "piece, in which Xen, the kernels and the ramdisks do not have room (give "
                      "fewer guests, or --memory less)")
    return found


def all_loads(tree, guests, banks, ramdisk):
    """Of a boot without a toolstack, and of one with xl, by (guest's name or "", what)."""
    ram, kept = memory.of_board(tree), [window for _, window in memory.reserved(tree)]
    both = [("", "xen"), ("", "host.dtb")]
    kinds = ("kernel", "ramdisk", "device-tree") if ramdisk else ("kernel", "device-tree")
    return (loads(ram, kept + [bank for found in banks.values() for bank in found],
                  both + [(name, kind) for name in guests for kind in kinds]),
            loads(ram, kept, both + [("", "kernel"), ("", "ramdisk")]))


def make(tree, path, wanted, base, ramdisk):
    """wanted: guest's name -> names of processors; base: bytes of RAM beside the pools; ramdisk:
    whether guests have one."""
    family = soc.family(tree, path)
    refuse_twice(wanted)
    guests = {name: [soc.processor(tree, p) for p in processors]
              for name, processors in wanted.items()}
    refuse_halves(guests)
    everyone = [p for processors in guests.values() for p in processors]
    rules.check(tree, everyone)
    banks = memory.place(tree, guests, base)
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
        routing, uart, clock, *all_loads(tree, guests, banks, ramdisk), base)
