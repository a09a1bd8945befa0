# SPDX-License-Identifier: GPL-2.0-only
"""What a boot of a board's tree goes through: remoteproc's first step."""
import os

import boards_board
import prcm_board
import remoteproc_session


class Board(remoteproc_session.Remoteproc):
    prepare = staticmethod(boards_board.command)

    def __init__(self, config, files, log, tell=lambda event, **about: None):
        super().__init__(config, files, log, tell)
        self.paths = boards_board.config_mmus(os.path.join(self.m.folder, "host.dtb"))
        self.in_dump = len(self.paths)

    def mmus(self):
        """By the names that remoteproc's boots know."""
        lines = self.dump()
        for at, path in self.paths.items():
            lines = [line.replace(path, f"/mmu@{at:x}") for line in lines]
        return remoteproc_session.mmus_by_dump(lines, self.config.machine.processors)

    def on_booted(self):
        super().on_booted()
        self.result("cores-run-behind-xens-mmu", prcm_board.why_unguarded(
            prcm_board.events(self.m.folder), [p.name for p in self.config.machine.processors]))


def expected(config):
    names = ["ipu-boots", remoteproc_session.IN_PLACE, "cores-run-behind-xens-mmu", "xen-is-well"]
    return names + (["dsp-boots"] if len(config.processors) > 1 else [])
