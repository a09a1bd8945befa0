#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""One boot of the remoteproc machine with a firmware of the user's for the IPU: tells
its trace and what Linux says of it, and where its addresses lead. The argument is the
ramdisk that has it as /lib/firmware/own.elf."""
import os
import re
import sys

sys.dont_write_bytecode = True    # nothing is made beside the sources

import board
import boot
import machine
import remoteproc_board

SECONDS = 150
CONFIG = remoteproc_board.Config("own-firmware", xen=True, firmware="own.elf")


class OwnFirmware(boot.Boot):
    """Prints what the guest says, and Xen's dump when the guest asks for it."""

    def on_line(self, line):
        found = re.match(r"\(XEN\) DOM1: (?!runner:)(.*)", line)
        if found:
            print(f"[{self.m.elapsed():5.1f} s] {found.group(1)}", flush=True)
        super().on_line(line)

    def on_look(self):
        print("\nWhere its addresses lead, as far as it touched them, by Xen's debug key:")
        for line in self.dump():
            if re.search(r"omap-mmu:|da \w+ ->|fills|faults raised", line):
                print("    " + line.replace("(XEN) ", ""))
        print(flush=True)


def main():
    machine.end_with_us()
    files = board.Files(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    files.ramdisk = sys.argv[1]
    log = os.path.join(files.system, CONFIG.name + ".log")
    os.makedirs(files.system, exist_ok=True)
    try:
        folder, command = remoteproc_board.command(CONFIG, files)
        own = OwnFirmware(folder, command, log, lambda event, **about: None)
        wrong = own.run(SECONDS)
    except OSError as error:
        wrong = f"cannot boot: {error}"
    print(f"The whole console is in {os.path.relpath(log)}")
    if wrong:
        sys.exit(f"own-firmware: {wrong}")


if __name__ == "__main__":
    main()
