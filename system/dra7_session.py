# SPDX-License-Identifier: GPL-2.0-only
"""What a boot of a DRA7 board's tree goes through with a DSP in it: as any board's, and then what
its guest tries to lead the DSP around its MMUs (guest/dsp.sh), seen from outside."""
import os
import re
import time

import board
import boards_board
import boards_session
import boot
import dra7_board
import prcm_board
import session
from omap_mmu import ranges

# What the guest finds.
GUEST = {
    "dsp-boots": "Linux boots the DSP by its boot register. The DSP writes a greeting through "
                 "both ports, and answers",
    "dsp-starts-again": "the DSP boots once more after all attempts",
    "ends-behind-its-core": "an access for which EDMA waits ends when its core is stopped; the "
                            "guest gets no fault",
    "starts-after-waiting-edma": "Linux starts the DSP after that",
    "core-fault-arrives": "the core accesses an unmapped address: Linux gets the fault, through "
                          "the crossbar and Xen",
    "edma-fault-arrives": "EDMA does the same: Linux gets the fault of the other MMU",
}
# What the runner finds.
CROSSBAR, PORTS = "mmus-by-the-crossbar", "dsp-ports-go-through-shadows"
SEEN = {
    CROSSBAR: "Xen uses the inputs that the script wrote into the crossbar's registers",
    "canary-untouched": "the MiB at which all of these aimed is unchanged",
    PORTS: "both MMUs walk Xen's tables, which lead to the guest's greeting",
}
# What both find: the guest's attempts, by what and through which port.
TRICKS = {
    "config": "MMU_CONFIG leads both ports around their MMUs",
    "regions": "all bypass regions of both MMUs lie over the canary",
    "reset": "SYSCONFIG resets DSP_SYSTEM, and MMU_CONFIG with it",
}
CONTAINED = {f"{trick}-{port.name}-contained": f"{what}; {port.name} copies what is not the guest's"
             for trick, what in TRICKS.items() for port in dra7_board.PORTS}
TESTS = {**GUEST, **SEEN, **CONTAINED}

GREETING, BY_EDMA = "dsp: hello from the scripted master", "dsp: its EDMA as well"
ON = 0x6        # of CNTL: enabled, and walking


class Dra7(boards_session.Board):
    """The guest says which port it made copy what is at the canary, and waits."""

    def on_line(self, line):
        self.note_irq(line)
        super().on_line(line)

    def __init__(self, *args, **more):
        self.irqs = {}          # path of an MMU -> its interrupt, by Xen
        super().__init__(*args, **more)

    def note_irq(self, line):
        found = re.search(r"omap-mmu: (\S+): \d+ TLB entries, irq (\d+), off", line)
        if found:
            self.irqs[found.group(1)] = int(found.group(2))

    def on_booted(self):
        super().on_booted()
        self.result(CROSSBAR, self.why_not_crossed())
        self.result(PORTS, self.why_not_shadowed())

    def why_not_crossed(self):
        """The tool's own tree has the inputs; Xen was given the sources."""
        made = os.path.join(self.m.folder, "out", "dom0less", "host.dtb")
        due = boards_board.chosen_inputs(made, self.config.machine.processors)
        wrong = [path for path, line in due.items() if self.irqs.get(path) != line + 32]
        return f"not on the input that the script wrote: {', '.join(wrong)}" if wrong else None

    def why_not_shadowed(self):
        if {GREETING, BY_EDMA} - {line.removeprefix("see: ") for line in self.seen}:
            return "the trace has not both greetings"
        da, ipa, size = self.carveouts["dsp", "script"]
        if da != ipa:
            return (f"the script at da {da:08x} is at ipa {ipa:08x}: around an MMU it would not "
                    "run on")
        roots = [self.m.word(p.mmu + session.MMU_TTB) for p in dra7_board.PORTS]
        if len(set(roots)) != len(roots):
            return "both MMUs walk one table"
        for p, root in zip(dra7_board.PORTS, roots):
            if self.is_guests(root):
                return f"{p.name}: its MMU walks a table of the guest's, at {root:08x}"
            wrong = self.why_no_trace(p, root, da, size)
            if wrong:
                return wrong
        return None

    def is_guests(self, address):
        """In one of its pieces of RAM."""
        made = os.path.join(self.m.folder, "out", "dom0less", "host.dtb")
        cells = boards_board.board_cells(made, "/chosen/guest", "xen,static-mem")
        return any(start <= address < start + size for start, size in zip(cells[1::4], cells[3::4]))

    def why_no_trace(self, p, root, da, size):
        """By the hardware's table of that port, which Xen has filled."""
        leads = {page: session.walk(self.m, root, page)
                 for page in range(da, da + size, session.PAGE)}
        traces = [page for page, at in leads.items()
                  if at is not None and BY_EDMA.encode() in self.m.memory(at, session.PAGE)]
        if not traces:
            return f"{p.name}: its MMU's table leads to no trace"
        if any(leads[page] != page for page in traces):
            return f"{p.name}: its MMU's table does not lead to the guest's page"
        live = self.phases["booted"][p.name].live
        if not any(ranges.find(live, page) for page in traces):
            return f"{p.name}: Xen's dump has no da {traces[0]:08x}"
        return None

    # What the guest tries.

    def on_tried(self, trick, port, at):
        """It was seen to be stopped, and nothing was touched; nor does hardware let it by."""
        p = next(p for p in dra7_board.PORTS if p.name == port)
        wrong = self.why_not_stopped(p, int(at, 16))
        self.result(f"{trick}-{port}-contained", wrong or self.why_open())

    def on_waits(self, port, at):
        """An access that nobody mapped."""
        p = next(p for p in dra7_board.PORTS if p.name == port)
        deadline = time.monotonic() + session.PATIENCE
        while not self.is_stopped(p, int(at, 16)):
            if time.monotonic() > deadline:
                self.result("starts-after-waiting-edma", f"no access of {port} to {at} waits")
                return

    def on_ends(self, port):
        """Its MMU walks Xen's table for the guest again."""
        mmu = self.dumped(next(p for p in dra7_board.PORTS if p.name == port))
        status, activity = mmu.registers["IRQSTATUS"].value, self.m.word(dra7_board.CCSTAT)
        self.result("ends-behind-its-core", f"CCSTAT is {activity:#x}" if activity else
                    f"IRQSTATUS is {status:#x}" if status else
                    "its MMU is stalled" if (mmu.state or "").startswith("stalled") else None)

    def why_touched(self, at):
        """Each attempt has a page of its own; read and written elsewhere it is no more the same."""
        if self.m.memory(at, session.PAGE) == board.pattern(at, session.PAGE):
            return None
        return f"what is not the guest's was written at {at:08x}"

    def why_not_stopped(self, p, at):
        """Waits until Xen has seen the access; a guest whose MMU is on sees it as a fault."""
        deadline = time.monotonic() + session.PATIENCE
        while not self.is_stopped(p, at):
            touched = self.why_touched(at)
            if touched:
                return touched
            if time.monotonic() > deadline:
                return f"no access of {p.name} to {at:08x} was stopped"
        return self.why_touched(at)

    def dumped(self, p):
        """Xen's words on that MMU."""
        return next(mmu for mmu in self.dumped_mmus() if mmu.path == self.paths[p.mmu])

    def is_stopped(self, p, at):
        mmu = self.dumped(p)
        fault_ad = mmu.registers.get("FAULT_AD")
        return (fault_ad and fault_ad.value == at) or (mmu.denied and mmu.denied[:2] == (at, at))

    def why_open(self):
        """What the hardware's registers are, read from outside."""
        config = self.m.word(dra7_board.MMU_CONFIG)
        if config != dra7_board.THROUGH_BOTH:
            return f"MMU_CONFIG is {config:#x}"
        for p in dra7_board.PORTS:
            if self.m.word(p.mmu + session.MMU_CNTL) & ON != ON:
                return f"{p.name}: its MMU is not on"
            if any(self.m.word(p.mmu + offset) for offset in dra7_board.BYPASS_SIZES):
                return f"{p.name}: its MMU has a bypass region"
        return None

    def on_end(self):
        canary = os.path.join(self.m.folder, "canary")
        self.result("canary-untouched", boot.untouched(self.m, canary, dra7_board.CANARY))

    def finish(self):
        super().finish()
        found = prcm_board.events(self.m.folder)
        self.result("no-mmu-is-touched", prcm_board.why_touched(found))


def expected(config):
    return boards_session.expected(config) + [
        name for name in TESTS if name != "dsp-boots"] + ["no-mmu-is-touched"]
