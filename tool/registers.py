# SPDX-License-Identifier: GPL-2.0-only
"""The registers of the OMAP MMU in words, and its TLB entries. (core/omap_regs.h and
core/omap_tlb.h have them with their sources.)"""
from addresses import size

MMUENABLE, TWLENABLE = 1 << 1, 1 << 2
BUS_ERR_BACK = 1

# Bits of IRQSTATUS and IRQENABLE: name, and what it means.
FAULTS = [("TLB miss", "the walker is off"), ("translation fault", "the tables map nothing there"),
          ("debugger's miss", "an access of a debugger's"),
          ("table walk fault", "a table could not be read"),
          ("multi-hit fault", "two TLB entries match")]
IDLE = ["forced", "none", "smart", "reserved"]
ELEMENTS = ["elements of 8 bits", "elements of 16 bits", "elements of 32 bits", "no element size"]
CAM_PAGES = [1 << 20, 1 << 16, 1 << 12, 1 << 24]


def on_off(value, bit):
    return "on" if value & bit else "off"


def faults(value):
    found = [f"{name} ({why})" for n, (name, why) in enumerate(FAULTS) if value >> n & 1]
    return "; ".join(found) or "none"


def enabled(value):
    return ", ".join(name for n, (name, _) in enumerate(FAULTS) if value >> n & 1) or "none"


def sysconfig(value):
    return f"idle mode {IDLE[value >> 3 & 3]}, auto-idle {on_off(value, 1)}" + (
        ", in soft reset" if value & 2 else "")


def cntl(value):
    return f"MMU {on_off(value, MMUENABLE)}, walker {on_off(value, TWLENABLE)}" + (
        ", debugger's TLB update on" if value & 8 else "")


def ttb(value):
    base = f"first level at {value & 0xffffff80:08x}"
    return base if not value & 0x3fff else base + ", not aligned to 16 KiB: a partial table"


def lock(value):
    return f"entries below {value >> 10 & 31} are locked, the next victim is {value >> 4 & 31}"


def cam(value):
    page = CAM_PAGES[value & 3]
    return f"da {value & 0xfffff000 & -page:08x}, {size(page)}, " + (
        "valid" if value & 4 else "not valid") + (", preserved" if value & 8 else "")


def ram(value):
    """Its attributes say how an access is converted."""
    return (f"address {value & 0xfffff000:08x}, {'big' if value & 0x200 else 'little'} endian, "
            + ELEMENTS[value >> 7 & 3]
            + (", mixed: the core's element size counts" if value & 0x40 else ""))


def fault_status(value):
    if not value & 1:
        return "no fault is indicated"
    kind = ["load or store", "fetch", "DMA", "unknown access"][value >> 1 & 3]
    return f"{kind}, {'write' if value & 8 else 'read'}, transaction {value >> 4 & 15}"


WORDS = {
    "REVISION": lambda v: f"revision {v >> 4 & 15}.{v & 15}",
    "SYSCONFIG": sysconfig,
    "SYSSTATUS": lambda v: "reset is done" if v & 1 else "reset is not done",
    "IRQSTATUS": faults,
    "IRQENABLE": enabled,
    "WALKING_ST": lambda v: "a walk is under way" if v & 1 else "no walk is under way",
    "CNTL": cntl,
    "FAULT_AD": lambda v: f"da {v:08x}",
    "TTB": ttb,
    "LOCK": lock,
    "LD_TLB": None,
    "CAM": cam,
    "RAM": ram,
    "GFLUSH": None,
    "FLUSH_ENTRY": None,
    "READ_CAM": cam,
    "READ_RAM": ram,
    "EMU_FAULT_AD": lambda v: f"da {v:08x}, of a debugger's access",
    "FAULT_PC": lambda v: f"program counter {v:08x}",
    "FAULT_STATUS": fault_status,
    "GP_REG": lambda v: "IPU: a fault is " + ("answered by a bus error" if v & BUS_ERR_BACK
                                              else "a stall"),
}


def lines(values):
    """One for each register: its value, and that in words."""
    for name, value in values.items():
        words = WORDS.get(name)
        yield f"{name:>12s}: {value:08x}" + (f"  {words(value)}" if words else "")


def verdict(values):
    """A sentence or two: does it translate, and what does it wait for?"""
    control = values.get("CNTL")
    if control is not None:
        if not control & MMUENABLE:
            yield "The MMU is off: a device address goes out as it is."
        elif not control & TWLENABLE:
            yield "The MMU translates by its TLB entries alone; the walker is off."
        else:
            yield "The MMU translates by its TLB entries, and by the tables at TTB."
    status = values.get("IRQSTATUS", 0)
    if status:
        at = f" at da {values['FAULT_AD']:08x}" if "FAULT_AD" in values else ""
        yield f"A fault waits for its acknowledgement{at}: {faults(status)}."
        if values.get("GP_REG", 0) & BUS_ERR_BACK:
            yield "On an IPU the processor got a bus error, and FAULT_AD may be a later access."
        if not values.get("IRQENABLE", status) & status:
            yield "Its interrupt is not enabled: Linux does so after a fault that nobody handled."
    elif "IRQSTATUS" in values:
        yield "No fault waits." + (f" FAULT_AD has the last one: da {values['FAULT_AD']:08x}."
                                   if values.get("FAULT_AD") else "")


def tlb_entry(entry):
    """da, size and address of a valid (cam, ram), or None."""
    tag, address = entry
    page = CAM_PAGES[tag & 3]
    return (tag & 0xfffff000 & -page, page, address & 0xfffff000 & -page) if tag & 4 else None
