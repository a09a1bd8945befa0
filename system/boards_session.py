# SPDX-License-Identifier: GPL-2.0-only
"""What a boot of a board's tree goes through: remoteproc's first step, in a guest that Xen makes
at boot or in one that xl makes."""
import os
import re

import boards_board
import boot
import prcm_board
import remoteproc_session
import xl_session

XL = ["mmus-are-off", "mmus-are-given-back"]


class Board(remoteproc_session.Remoteproc):
    prepare = staticmethod(boards_board.command)

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        super().__init__(config, files, log, notify)
        self.paths = boards_board.config_mmus(os.path.join(self.m.folder, "host.dtb"))
        self.in_dump = len(self.paths)

    def units(self):
        """Of the PRCM, which the guest has."""
        return ["ipu", "dsp"][:len(self.config.processors)]

    def look(self):
        """By the names that remoteproc's boots know."""
        lines = self.dump()
        for at, path in self.paths.items():
            lines = [line.replace(path, f"/mmu@{at:x}") for line in lines]
        return remoteproc_session.mmus_by_dump(lines, self.config.machine.processors)

    def on_booted(self):
        super().on_booted()
        self.result("cores-run-behind-xens-mmu", prcm_board.why_unguarded(
            prcm_board.events(self.m.folder), self.units()))


def why_not_off(config, folder, lines):
    """Each MMU is on the line that the tool chose, and its processor in reset; lines: Xen's."""
    host = os.path.join(folder, "host.dtb")
    for path, spi in boards_board.chosen_inputs(host, config.machine.processors).items():
        due = rf"omap-mmu: {re.escape(path)}: 8 TLB entries, irq {spi + 32}, off"
        if not any(re.search(due, line) for line in lines):
            return f"Xen does not say {due}"
    return None


class Dom0(boot.Boot):
    """Xen makes a dom0 of the tree for xl."""

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        self.config = config
        self.lines = []
        folder, command = boards_board.command(config, files)
        super().__init__(folder, command, log, notify)

    def on_line(self, line):
        self.lines.append(line)
        super().on_line(line)

    def ends(self, line):
        return "init memory" in line and line.startswith("(XEN) Freed")

    def on_end(self):
        """The last thing that Xen does before dom0 runs."""
        self.result("xen-makes-dom0", None)
        self.result("mmus-are-off", why_not_off(self.config, self.m.folder, self.lines))

    def finish(self):
        self.xen_is_well()


DOM0 = ["xen-makes-dom0", "mmus-are-off", "xen-is-well"]


class Xl(Board):
    """Of the guest, and of Xen, dom0 tells (dom0/board.sh)."""

    port = "port"

    def __init__(self, config, files, log, tell=lambda event, **about: None):
        self.boot_lines = []
        self.xen_lines = []     # since the last look
        super().__init__(config, files, log, tell)

    def on_line(self, line):
        found = xl_session.SAID.match(line)
        who, words = found.groups() if found else ("", line)
        if who == "Xen":
            self.xen_lines.append(words)
        elif not found:
            self.boot_lines.append(line)
        # What the guest asks, dom0 asks when it has what Xen says.
        super().on_line(line if found and boot.ASK.search(words) or who == "Xen" else words)

    def dump(self):
        return self.xen_lines

    def answer(self):
        self.m.port.write("\n")
        self.xen_lines = []

    def on_started(self):
        super().on_started()
        self.result("mmus-are-off", why_not_off(self.config, self.m.folder, self.boot_lines))

    def on_gone(self):
        late = prcm_board.why_late(prcm_board.events(self.m.folder), self.units())
        off = sum((mmu.rest or "").startswith("off") for mmu in self.dumped_mmus())
        self.result("mmus-are-given-back", late or (None if off == self.in_dump else
                                                   f"{off} MMUs of {self.in_dump} are off"))

    def ends(self, line):
        return line == "dom0: over"


def expected(config):
    names = ["ipu-boots", remoteproc_session.of_carveouts(config), "cores-run-behind-xens-mmu",
             "xen-is-well", *(XL if config.xl else [])]
    return names + (["dsp-boots"] if len(config.processors) > 1 else [])
