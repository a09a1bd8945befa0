# SPDX-License-Identifier: GPL-2.0-only
"""What a boot goes through in which dom0 owns the processors."""
import re

import dom0_board
import session
from omap_mmu import debug_key

# The scenarios of any guest, and those with pages of another domain ...
FOREIGN = {
    "hostile-foreign": "... nor pages of another domain that dom0 has mapped",
    "hostile-granted-by-another": "... nor pages that another domain has granted to dom0",
}
# ... and what is to be seen of dom0, from inside and outside.
DOM0 = {
    "dom0-sees-its-mmus": "dom0's Linux finds both MMUs, and uses them",
    "dom0-accesses-trap": "dom0's MMUs are not the machine's: its accesses trap",
    "lent-pages-untouched": "the pages of the other domain: untouched",
    "ipa-is-maddr": "what a processor wrote is at the machine address that equals dom0's IPA",
    **session.outside("hardware-table-agrees", "xen-dump-agrees", "secret-untouched",
                      "xen-untouched", "xen-is-well"),
}
TESTS = {**session.GUEST, **FOREIGN, **DOM0}

DOM0_RAM = re.compile(r"BANK\[0\] 0x(\w+)-0x(\w+)")


def expected(_config):
    return list(TESTS)


class Owner(session.Session):
    processors = dom0_board.PROCESSORS
    one_to_one = True

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.asker = "DOM0"
        self.dumped = []            # Xen's last words on its MMUs

    @staticmethod
    def prepared(config, files):
        return dom0_board.prepare(config, files)

    def on_line(self, line):
        found = DOM0_RAM.search(line)
        if found and int(found.group(1), 16) != dom0_board.DOM0_RAM:
            raise OSError(f"dom0 has its RAM at 0x{found.group(1)}, not at "
                          f"{dom0_board.DOM0_RAM:#x}: what else fits there is for dom0_board.py")
        super().on_line(line)

    def ends(self, line):
        return "owner: over" in line

    def on_end(self):
        """Nobody ends: dom0's end is the machine's."""

    def find_held(self):
        for h in self.held:
            if self.m.memory(h.ipa, 4096) == h.value.to_bytes(4, "little") * 1024:
                h.maddr = h.ipa

    def on_hold(self):
        super().on_hold()
        self.result("dom0-accesses-trap", self.compare_registers())

    def dump(self):
        self.dumped = super().dump()
        return self.dumped

    def compare_registers(self):
        """The table that dom0's Linux wrote into a register is not the one that is walked."""
        mmus = debug_key.read(self.dumped)
        for p in self.processors:
            ttb = next((mmu.registers["TTB"] for mmu in mmus
                        if mmu.domain == 0 and mmu.path.endswith(f"@{p.mmu:x}/mmu@0")), None)
            if not ttb or not ttb.writes:
                return f"{p.name}: Xen has seen no write to TTB"
            if ttb.value == self.m.word(p.mmu + session.MMU_TTB):
                return f"{p.name}: the hardware walks dom0's table"
        return None

    def on_tested(self):
        self.untouched("secret", self.layout.secret)
        self.untouched("xen", self.layout.xen_code())
