# SPDX-License-Identifier: GPL-2.0-only
"""What a boot of a board's tree goes through: remoteproc's first step."""
import os
import re

import boards_board
import boot
import prcm_board
import remoteproc_session


class Board(remoteproc_session.Remoteproc):
    prepare = staticmethod(boards_board.command)

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        super().__init__(config, files, log, notify)
        self.paths = boards_board.config_mmus(os.path.join(self.m.folder, "host.dtb"))
        self.in_dump = len(self.paths)

    def look(self):
        """By the names that remoteproc's boots know."""
        lines = self.dump()
        for at, path in self.paths.items():
            lines = [line.replace(path, f"/mmu@{at:x}") for line in lines]
        return remoteproc_session.mmus_by_dump(lines, self.config.machine.processors)

    def on_booted(self):
        super().on_booted()
        self.result("cores-run-behind-xens-mmu", prcm_board.why_unguarded(
            prcm_board.events(self.m.folder), ["ipu", "dsp"][:len(self.config.processors)]))


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

    def is_progress(self, line):
        return "did not work properly" not in line and super().is_progress(line)

    def ends(self, line):
        return "init memory" in line and line.startswith("(XEN) Freed")

    def on_end(self):
        """The last thing that Xen does before dom0 runs."""
        self.result("xen-makes-dom0", None)
        self.result("mmus-are-off", self.why_not_off())

    def why_not_off(self):
        """Each given one is on the line that the tool chose, and in reset."""
        host = os.path.join(self.m.folder, "host.dtb")
        paths = boards_board.config_mmus(host)
        for p in self.config.machine.processors:
            path, spi = paths[p.mmu], boards_board.input_of(host, paths[p.mmu])
            due = rf"omap-mmu: {re.escape(path)}: 8 TLB entries, irq {spi + 32}, off"
            if not any(re.search(due, line) for line in self.lines):
                return f"Xen does not say {due}"
        return None

    def finish(self):
        self.xen_is_well()


DOM0 = ["xen-makes-dom0", "mmus-are-off", "xen-is-well"]


def expected(config):
    names = ["ipu-boots", remoteproc_session.IN_PLACE, "cores-run-behind-xens-mmu", "xen-is-well"]
    return names + (["dsp-boots"] if len(config.processors) > 1 else [])
