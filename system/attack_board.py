# SPDX-License-Identifier: GPL-2.0-only
"""The machine on which the attack runs: that of board.py, with two bare-metal guests.
The attacker owns both processors; the neighbour owns nothing but its RAM.

The attacker's memory (but the 16 MiB of its program) and a canary have the same
addresses: whatever lets an address of the guest through untranslated hits it.
"""
import collections
import os
import random
import struct

import board
import tree_text
from board import MIB

# The attacker's RAM; where Xen links it, as any guest's, and where its program ends.
ATTACKER_RAM_SIZE = 48 * MIB
MEMORY, MEMORY_SIZE = board.RAM + 16 * MIB, 32 * MIB
NEIGHBOUR_RAM_SIZE = 64 * MIB
NEIGHBOUR_CHECKS = board.RAM + NEIGHBOUR_RAM_SIZE - MEMORY

# Memory of nobody's, at the attacker's addresses and beside the DSP's registers.
Canary = collections.namedtuple("Canary", "name address size")
CANARY = Canary("canary", MEMORY, MEMORY_SIZE)
SECRET = Canary("secret", board.SMALL.secret, MIB // 2)
CANARIES = [CANARY, SECRET]
# Registers lie in the middle of this machine's RAM: the DSP's, in this MiB.
REGISTERS = 0x4a000000

# Other machine memory, where the attacker has none: the neighbour's, Xen's, free.
OTHERS = board.RAM + ATTACKER_RAM_SIZE
OTHERS_SIZE = board.RAM + board.SMALL.ram_size - OTHERS

# The domains' numbers, in the order of their nodes.
ATTACKER, NEIGHBOUR = 1, 2

# Free pages are poisoned, and looked at when they are given out: written to after they
# were given back, they make Xen stop.
XEN_ARGS = board.XEN_ARGS.replace("bootscrub=0", "bootscrub=1")

# What is booted: a name, the seed, for how many seconds each phase lasts:
# the calm one, the grind and the hypercalls; the storm.
Config = collections.namedtuple("Config", "name seed calm storm")
CONFIG = Config("attack", 1, 6, 20)
# What a boot may take beside its storm, on a machine that has much else to do.
SECONDS = 400

MODULES = {"attack": 0x4c000000, "neighbour": 0x4c800000, "tree": 0x4d000000}
PARAMETERS_AT = 0x30            # in the image, behind the zImage's header


# So many marks in a row, and no less, are a processor's. Single ones are in the image, in
# registers that Xen saves, and, 16 in a row, in what it reads of the guest's tables; it
# reads 256 too, but replaces them at once.
MARKS = 32


def mark(config):
    """The word that processors write. As a descriptor it is a page of others'; it is no
    view word, so that none of Xen's are it."""
    return random.Random(config.seed).randrange(OTHERS, OTHERS + OTHERS_SIZE, 4096) | 0xabe


def parameters(config, memory_size):
    """attack/guest.h's struct."""
    units = [number for p in board.PROCESSORS for number in (p.mmu, p.regs)]
    return struct.pack("<18I", config.seed, config.calm, config.storm, MEMORY, memory_size,
                       OTHERS, OTHERS_SIZE, SECRET.address, SECRET.size, *units,
                       ATTACKER, NEIGHBOUR, NEIGHBOUR_CHECKS, mark(config), MARKS)


def image(folder, guest, config, memory_size):
    """A guest with its numbers in it; returns its path."""
    with open(guest, "rb") as f:
        data = bytearray(f.read())
    numbers = parameters(config, memory_size)
    data[PARAMETERS_AT:PARAMETERS_AT + len(numbers)] = numbers
    path = os.path.join(folder, os.path.basename(guest))
    board.write(path, data)
    return path


def host_overlay(attacker, neighbour, tree):
    nodes = "".join(board.target_module(p) + board.processor_node(p, "xen,passthrough;")
                    for p in board.PROCESSORS)
    args = 'bootargs = "";'
    domains = [
        tree_text.domain(ATTACKER_RAM_SIZE,
                         tree_text.module("kernel", MODULES["attack"], attacker, args)
                         + tree_text.module("device-tree", MODULES["tree"], tree), ATTACKER, 2),
        tree_text.domain(NEIGHBOUR_RAM_SIZE,
                         tree_text.module("kernel", MODULES["neighbour"], neighbour, args),
                         NEIGHBOUR),
    ]
    reserved = [("canary", MEMORY, MEMORY_SIZE), ("l4", REGISTERS, MIB)]
    # An overlay's nodes come out in reverse.
    return tree_text.overlay(tree_text.reserved(reserved) + nodes
                             + tree_text.chosen(XEN_ARGS, "".join(reversed(domains))))


def command(config, files):
    """Prepares a boot; returns its folder and QEMU's command line."""
    folder = os.path.join(files.system, config.name)
    os.makedirs(folder, exist_ok=True)
    attacker = image(folder, files.attack, config, MEMORY_SIZE)
    neighbour = image(folder, files.neighbour, config, NEIGHBOUR_CHECKS)
    tree = board.compile_tree(folder, "guest", board.guest_tree())
    # The CPU model on which set/way operations trap.
    args = board.machine_args(board.Config(config.name, "max", False))
    host = board.host_tree(folder, args, host_overlay(attacker, neighbour, tree))

    run = board.xen(args, files, folder, host, files.ubsan_xen)
    for path, address in ((attacker, MODULES["attack"]), (neighbour, MODULES["neighbour"]),
                          (tree, MODULES["tree"])):
        run += board.load(path, address)
    for c in CANARIES:
        run += board.plant(folder, *c)
    return folder, run + board.devices()
