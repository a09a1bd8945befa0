#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Four boots, shown as they go, for whoever sees this for the first time."""
import collections
import os
import re
import sys

sys.dont_write_bytecode = True    # nothing is made beside the sources

import board
import gpu_board
import gpu_session
import machine
import mmu_files
import remoteproc_board
import remoteproc_session
import session
import xen_facts
import xl_board
import xl_session

# As seen from the project's folder, where make runs.
FOR_OMAP_MMU = os.path.join("build", "demo")

Act = collections.namedtuple("Act", "introduction config session expected tests headings silence")


def config(configs, name):
    return next(c for c in configs if c.name == name)


MEDIATED = config(board.CONFIGS, "a15-dom0")
REMOTEPROC = config(remoteproc_board.CONFIGS, "remoteproc-xen")

ACTS = [
    Act(f"""
1. A machine boots: stock QEMU with two OMAP MMUs added, {xen_facts.name()} with the mediator
in it, and beside dom0 a Linux guest that owns two remote processors, the IPU and the DSP.
Linux drives their MMUs with its own omap-iommu driver, unchanged, with its own
addresses as if they were the machine's. They are not.
""", MEDIATED, session.Session, session.expected(MEDIATED), session.TESTS, {
        "ipa-is-not-maddr": "A mapping, looked at from outside",
        "processors-answer": "What a guest expects of its MMUs",
        "hostile-secret-memory": "What a guest may try",
        "canary-untouched": "The memory that is not the guest's, from outside",
    }, 150),
    Act("""
2. The IPU is now a Cortex-M4 that executes: every fetch, load and store goes through its
MMU. Both processors are off when Xen boots, as a boot loader leaves them; Xen turns them on
for their guest, which starts them. The guest's Linux boots the IPU and the DSP with its own
remoteproc driver, from firmware in its file system, and talks to the IPU by rpmsg.
""", REMOTEPROC, remoteproc_session.Remoteproc, remoteproc_session.expected(REMOTEPROC),
        remoteproc_session.TESTS, {
        "ipu-boots": "Boot",
        "text-data-vrings-elsewhere": "Where the firmware is, from outside",
        "rpmsg-1000-messages": "Messages",
        "stop-and-start": "What may happen to a remote processor",
        "bad-no-table": "Firmware that cannot be booted",
        "refused-leaves-nothing-mapped": "From outside",
    }, 300),
    Act("""
3. Another guest owns the GPU. A fault ends the GPU's work, so nothing can be filled then.
Xen compares the guest's directories and tables with their mirror at each doorbell, and then
forwards the doorbell. The guest's test driver performs the register sequence of TI's GPL
driver, and two contexts draw. At last a hostile microkernel reads memory of others: no
mediator can prevent that.
""", gpu_board.CONFIG, gpu_session.Gpu, gpu_session.expected(), gpu_session.TESTS, {
        "ipa-is-not-maddr": "What two contexts drew, looked at from outside",
        "starts": "What a guest expects of its GPU",
        "hostile-secret-memory": "What a guest may try",
        "canary-untouched": "The memory that is not the guest's, from outside",
        "not-contained": "A microkernel that loads what the mediator has not given",
        "end-of-domain-contained": "The end of the guest",
    }, 150),
]
# Debian's xl is of Debian's Xen.
if not os.environ.get("XEN_TREE"):
    ACTS.append(Act("""
4. dom0 has Debian's xl, and makes the guest of docs/examples/xl.cfg: it has 512 MiB and the
IPU, and sees the IPU's MMU at another address than the machine's, where it has no RAM.
""", xl_board.DEMO, xl_session.Xl, xl_session.expected(xl_board.DEMO), xl_session.TESTS, {
        "ipa-is-not-maddr": "A mapping, looked at from outside",
        "destroy": "The end of the guest",
        "canary-untouched": "The memory that is not the guest's, from outside",
    }, 300))

# What of the console is shown.
STORY = [
    (r"\(XEN\) Xen version (\S+)", "Xen {0} starts"),
    (r"omap-mmu: /\S*mmu@(\w+): revision .*, in quarantine",
     "Xen takes the MMU at {0}: switched on, and walking an empty table"),
    (r"omap-mmu: /\S*?(ipu|dsp)\S*: in reset",
     "Xen holds the {0} in reset, and does not touch its MMU, which is off"),
    (r"omap-mmu: /\S*gpu@(\w+): in quarantine",
     "Xen takes the GPU at {0}: in reset, its MMU on an empty directory"),
    (r"omap-mmu: /\S*gpu@(\w+): given to (d\d+)",
     "the GPU at {0} is given to {1}: its first page of each bank traps to Xen"),
    (r"omap-mmu: .*(the GPU has a base that is no directory.*)", "Xen: {0}"),
    (r"omap-mmu: /\S*mmu@(\w+): given to (d\d+)",
     "the MMU at {0} is given to {1}: what the guest does to its registers traps to Xen"),
    (r"DOM1: Linux version (\S+)", "the guest starts Linux {0}"),
    (r"guest: (omap_fwspec.ko repairs .*)", "{0}"),
    (r"^dom0: the toolstack is up", "dom0 is up, and has xl"),
    (r"^xl\| Parsing config from (\S+)", "xl create {0}: the guest is made"),
    (r"guest: Linux \S+ has reached userland", "the guest is up"),
    (r"omap-mmu: /\S*mmu@(\w+): back from (d\d+), in quarantine",
     "{1} is gone; the MMU at {0} walks an empty table again"),
    (r"omap-mmu: /\S*mmu@(\w+): back from (d\d+), off",
     "{1} is gone; its processor was in reset before anything else, and the MMU at {0} is off"),
    (r"see: (ipu|dsp): (hello .*)", "the {0}'s trace: {1}"),
]


class Viewer:
    def __init__(self, act):
        self.act = act
        self.boot = None
        self.story = [(re.compile(pattern), words) for pattern, words in STORY]
        self.shown = set()

    def show(self, words):
        print(f"[{self.boot.m.elapsed():5.1f} s] {words}", flush=True)

    def __call__(self, event, **about):
        getattr(self, "on_" + event)(**about)

    def on_line(self, line):
        for pattern, words in self.story:
            found = pattern.search(line)
            if found and found.group() not in self.shown:
                self.shown.add(found.group())
                self.show(words.format(*found.groups()))

    def on_result(self, name, wrong):
        if name in self.shown and not wrong:
            return
        self.shown.add(name)
        if name in self.act.headings:
            print(f"\n{self.act.headings[name]}")
        words = self.act.tests.get(name, name)
        self.show(f"{'FAILED' if wrong else 'ok':6s} {words}" + (f" ({name}): {wrong}" if wrong
                                                                 else ""))

    def on_held(self, held):
        for h in held:
            there = "nowhere" if h.maddr is None else f"maddr {h.maddr:08x}"
            print(f"          {h.unit}: da {h.da:08x} -> ipa {h.ipa:08x} in the guest's table, "
                  f"-> {there} in Xen's")
        if self.act.config is REMOTEPROC:
            self.leave_files()

    def leave_files(self):
        """For omap-mmu, once."""
        page, commands = mmu_files.leave(self.boot, board.PROCESSORS[0], FOR_OMAP_MMU)
        print(f"          a picture of the IPU's addresses, for a browser: {page}; to be tried:")
        for command in commands:
            print(f"          {command}")

    def on_cost(self, what, unit, counts):
        print(f"          {what}, {unit}'s MMU: "
              + ", ".join(f"{n} {name}" for name, n in counts.items()))


def play(act, files):
    """One boot. If not all is well this is the end of the demo."""
    log = os.path.join(files.system, f"demo-{act.config.name}.log")
    print(act.introduction)
    viewer = Viewer(act)
    try:
        viewer.boot = boot = act.session(act.config, files, log, viewer)
    except OSError as error:
        sys.exit(f"demo: cannot boot: {error}")
    wrong = boot.run(act.silence)

    missing = [name for name in act.expected if name not in boot.results]
    failed = [name for name, verdict in boot.results.items() if verdict]
    print(f"\n{len(boot.results) - len(failed)} of {len(act.expected)} tests ok in "
          f"{boot.m.elapsed():.0f} s. The whole console is in {os.path.relpath(log)}")
    if wrong or missing or failed:
        sys.exit("demo: " + (wrong or "failed: " + ", ".join(failed + missing))
                 + f"; see {os.path.relpath(log)}")


def main():
    machine.end_with_us()
    files = board.Files(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    os.makedirs(files.system, exist_ok=True)
    for act in ACTS:
        play(act, files)


if __name__ == "__main__":
    main()
