# SPDX-License-Identifier: GPL-2.0-only
"""Where the guests have their RAM: static and direct-mapped, since firmware has addresses of
the board's in it.

A guest's RAM is its processors' pools and, below them, a base with the kernel in it. Linux for
32-bit Arm takes its RAM from the address of the kernel on, cut down to 128 MiB.
"""
import address
import soc
from address import MIB, Window
from blob import Mistake

ALIGNMENT = 128 * MIB
LEAST = 128 * MIB       # of a base
HIGH = 1 << 32
STEP = 2 * MIB          # of what Xen puts there


def of_board(tree):
    found = [w for node in tree.root.children if node.strings("device_type") == ["memory"]
             for w in address.windows(node, None)]
    if not found:
        raise Mistake("/: no memory node in this tree has a reg with the RAM (give its size as the "
                      "board has it)")
    # A direct-mapped guest's kernel for 32-bit Arm is below 4 GiB, and so are all devices.
    low = [Window(w.address, min(w.size, HIGH - w.address)) for w in found if w.address < HIGH]
    if not low:
        raise Mistake("/: the tree has no RAM below 4 GiB (correct its memory node)")
    return address.joined(low)


def reserved(tree):
    """All that the tree reserves: (node or entry, where)."""
    nodes = [node for node in tree.root.walk() if node.parent and node.parent.path == soc.RESERVED]
    return ([(node.path, window) for node in nodes for window in address.windows(node)]
            + [("/memreserve/", Window(*entry)) for entry in tree.reserved if entry[1]])


def within(window, banks):
    return any(bank.address <= window.address and
               window.address + window.size <= bank.address + bank.size for bank in banks)


def gap(start, ram, taken):
    """How much is free from there on."""
    ends = [w.address + w.size for w in ram if w.address <= start < w.address + w.size]
    if not ends or any(w.address <= start < w.address + w.size for w in taken):
        return 0
    return min(ends + [w.address for w in taken if w.address > start]) - start


def base(name, wanted, pools, ram, taken):
    """The highest place below the pools, or anywhere for a guest without pools."""
    top = min((p.address for p in pools), default=ram[-1].address + ram[-1].size)
    starts = [start for bank in ram for start in range(
        -(-bank.address // ALIGNMENT) * ALIGNMENT, bank.address + bank.size, ALIGNMENT)]
    for size in (wanted, LEAST):
        for start in reversed([s for s in starts if s < top]):
            if gap(start, ram, taken) >= size:
                return Window(start, size)
    raise Mistake(f"{name}: below {top:#x} no {LEAST // MIB} MiB of RAM are free for it, at a "
                  "multiple of 128 MiB (give fewer guests, or move the memory of its processors "
                  "up in the board's tree, and in their firmware)")


def refuse_pool(tree, guest, nodes, pool, ram):
    """nodes: the guest's processors that have this memory."""
    window, text = address.windows(pool)[0], address.text_of(address.windows(pool)[0])
    if not window.size or window.address % address.PAGE or window.size % address.PAGE:
        raise Mistake(f"{pool.path}: {text} is not of whole pages (correct its reg)")
    if not within(window, ram):
        raise Mistake(f"{pool.path}: {text} is not RAM by this tree (correct the memory node, or "
                      "the address)")
    for path, other in reserved(tree):
        if path != pool.path and address.overlap(window, other):
            raise Mistake(f"{pool.path}: {text} and {address.text_of(other)} of {path} overlap "
                          "(move one of them in the board's tree, and in the firmware that names "
                          "it)")
    for other in tree.root.walk():
        if pool.cell("phandle", 0) in other.cells("memory-region") and other not in nodes:
            raise Mistake(f"{pool.path}: {other.path} has this memory as well, and is not "
                          f"{guest}'s (give both to one guest, or each a memory of its own)")


def place(tree, guests, wanted):
    """Guest's name -> the banks of its RAM, the first being its base. guests: name -> its
    processors; wanted: bytes of a base."""
    ram = of_board(tree)
    pools = {}
    for name, processors in guests.items():
        nodes = {pool.path: pool for p in processors for pool in p.pools}
        for pool in nodes.values():
            refuse_pool(tree, name, [p.node for p in processors], pool, ram)
        # Xen puts tree and ramdisk into the first bank: no pool is joined with that.
        pools[name] = address.joined(address.windows(pool)[0] for pool in nodes.values())
    taken, banks = [window for _, window in reserved(tree)], {}
    # The lowest pools have the least room below.
    for name in sorted(guests, key=lambda n: pools[n][0].address if pools[n] else 0, reverse=True):
        banks[name] = [base(name, wanted, pools[name], ram, taken), *pools[name]]
        taken.append(banks[name][0])
    return banks


def free(ram, taken):
    """The largest piece that nothing has."""
    edges = [w.address + w.size for w in taken] + [w.address for w in ram]
    return max((Window(start, gap(start, ram, taken)) for start in edges),
               key=lambda w: (w.size, -w.address))


def up(size):
    return -(-size // STEP) * STEP


def ramdisk_at(name, base, kernel, size):
    """Where Xen 4.17 puts a ramdisk of that size, behind the guest's tree: place_modules() in
    xen/arch/arm/kernel.c. kernel: its size."""
    end, mark = base.address + base.size, base.address + 128 * MIB
    load = (min(end, mark) - kernel) // STEP * STEP
    modules = STEP + up(size)
    if end >= mark + modules and load + kernel < mark:
        at = mark
    elif end - modules > up(load + kernel):
        at = end - modules
    elif load - base.address > modules:
        at = load - modules
    else:
        raise Mistake(f"{name}: kernel and ramdisk do not fit into {base.size // MIB} MiB (take a "
                      "smaller ramdisk, or give fewer guests)")
    return Window(at + STEP, size)
