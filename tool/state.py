# SPDX-License-Identifier: GPL-2.0-only
"""What Xen's text says of the state of an MMU, in the words of a walk."""
import registers

STALLED, RELEASED = "stalled by a fault of the guest's", "released"
# What an access meets there. docs/debug-key.md has the states; of those that are not here
# nothing is to be said, or it is said elsewhere.
STATES = {
    "waiting for its guest to set it up": "the guest has not touched the MMU yet",
    "serving a fault": "Xen serves a fault right now: what is mapped may change",
    "stalled without a fault of the guest's":
        "an access waits until it may be possible: the guest's MMU is off, or no core runs",
    "in reset until its guest resets it": "the GPU is in reset, and accesses nothing",
}
AROUND = ("led around: the guest leads its processor around this MMU: a device address goes out "
          "as it is")
NO_CORE = "no core runs: all cores behind the MMU are in reset, and each access waits"
PARKED = ("parked on the empty table: hardware finds nothing of the shadow until Xen has compared "
          "it with the guest's tables")
FILLING = "filling: a fill is under way: what is mapped may change"


def steps(xen):
    """A line for each condition that an access meets."""
    if xen.state in STATES:
        yield f"{xen.state}: {STATES[xen.state]}"
    waiting = fault(xen)
    if waiting:
        yield f"{xen.state}: at da {waiting[0]:08x}: {waiting[1]}"
    for there, words in ((xen.around, AROUND), (xen.held, NO_CORE), (xen.parked, PARKED),
                         (xen.filling, FILLING)):
        if there:
            yield words
    if xen.waiting:
        yield f"doorbells that wait: {xen.waiting}: Xen has not compared the guest's tables since"


def fault(xen):
    """The da of the fault that stalls the MMU, and what it is; or None."""
    values = xen.registers_values()
    status = values.get("IRQSTATUS")
    if xen.state != STALLED or not status or "FAULT_AD" not in values:
        return None
    return values["FAULT_AD"], registers.faults(status)


def refusal(xen, da):
    """Why the MMU lets nothing through at da, or None."""
    if xen.domain is None:
        return f"no domain has this MMU, Xen says: {xen.rest}"
    if xen.state == RELEASED:
        return f"{xen.name} was released: it is not the guest's any more"
    waiting = fault(xen)
    if waiting and waiting[0] >> 12 == da >> 12:
        return ("a fault waits there, and the access with it, until the guest acknowledges it: "
                f"{waiting[1]}")
    return None
