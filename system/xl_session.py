# SPDX-License-Identifier: GPL-2.0-only
"""What a boot of the machine whose dom0 has xl goes through: dom0's parts (dom0/*.sh),
and between their steps the runner's look from outside."""
import collections
import re
import time

import board
import gpu_session
import prcm_board
import session
import xl_board
import xl_refusals

# What dom0 passes on of others.
SAID = re.compile(r"^(\w+)\| (.*)$")
# What a processor that works without end writes (guest/main.c), and over how many pages.
ENDLESS, ENDLESS_PAGES = 0xe4d1e55e, 16
# Pages. Xen keeps some for itself; an MMU that is not released has more.
FREE_SLACK = 16

# By part, all that must be seen, in order.
PARTS = {
    "dom0less": {
        "example-dom0less": "the guest of docs/examples that Xen makes has its IPU's mappings in "
                            "place",
        "example-dom0less-destroyed": "... and when dom0 destroys it, Xen has the MMU back",
    },
    "large": {
        "create": "xl creates a guest of 512 MiB that owns both MMUs",
        "ipa-is-not-maddr": session.TESTS["ipa-is-not-maddr"],
        "hardware-table-agrees": session.TESTS["hardware-table-agrees"],
        "xen-dump-agrees": "the debug key's dump has the same mappings, by `xl debug-keys` and `xl "
                           "dmesg`",
        **session.GUEST,
        "pause": "xl pause: the mappings stay",
        "unpause": "xl unpause: the guest goes on with its MMUs",
        "destroy": "xl destroy: Xen has both MMUs back, on an empty table or off",
    },
    "cycles": {
        "destroy-while-it-writes": "a guest destroyed while its processors write: contained",
        "next-refused-while-it-writes": "the next guest is refused the processors, which must be "
                                        "reset",
        "next-works-after-reset": "... and has them when dom0 has reset them",
        "three-cycles": "three times create, mappings, destroy: free memory is the same",
    },
    "reset": {
        "reset-before-anything": "a guest destroyed while its processors write: they are in reset "
                                 "before their tables change, and off",
        "next-owner-untouched": "the next guest has them at once: the first one's program is gone",
        "others-bits-are-untouched": "of the words that others have bits in nothing else was "
                                     "changed",
    },
    "two": {
        "two-guests-at-once": "the IPU in one guest, as in docs/examples, and the DSP in another",
        "one-destroyed-other-works": "the first is destroyed and made again; the other's DSP works "
                                     "on",
        "other-was-untouched": "... and its memory is right",
    },
    "power": {
        "reboot": "xl reboot: the guest comes back with its MMU",
        "shutdown": "xl shutdown: Xen has the MMU back",
    },
    "gpu": {
        "gpu-held": "the guest of docs/examples/gpu.cfg owns the GPU: hardware's tables and Xen's "
                    "dump agree",
        "gpu-destroyed-while-it-draws": "destroyed while its GPU draws: the GPU is in reset, on an "
                                        "empty directory",
        "gpu-next-owner": "the next guest has it at once",
    },
    "refusals": {f"refused-{name}": refusal.about
                 for name, refusal in xl_refusals.REFUSALS.items()},
}
# For make demo.
PARTS["demo"] = {
    "create": "xl create: the guest is up",
    **{name: PARTS["large"][name] for name in ("ipa-is-not-maddr", "hardware-table-agrees",
                                               "xen-dump-agrees")},
    "destroy": "xl destroy: Xen has the MMU back, and its processor is in reset",
}
PARTS["refusals"]["right-after-refusals"] = "after all of them what is right is given"
OUTSIDE = {
    **session.outside("canary-untouched", "secret-untouched", "xen-untouched"),
    "free-memory": "after each guest and each refusal as many pages are free as before",
    **session.outside("xen-is-well"),
}
TESTS = {**{name: words for part in PARTS.values() for name, words in part.items()}, **OUTSIDE}


def expected(config):
    return [name for part in config.parts for name in PARTS[part]] + list(OUTSIDE)


class Xl(session.Session):
    """`output`: by source, the lines that dom0 has passed on since the last look."""

    port = "port"

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        self.output = collections.defaultdict(list)
        self.free = None            # pages, before the first guest
        self.late = None            # until when pages may come back
        self.dom0less_is_up = False
        self.reply = ""
        self.cycles = []            # what was wrong after each guest that is gone
        self.is_at_work = None      # or what was wrong
        super().__init__(config, files, log, notify)

    @staticmethod
    def prepared(config, files):
        return xl_board.command(config, files)

    def on_line(self, line):
        found = SAID.match(line)
        if found:
            self.output[found.group(1)].append(found.group(2))
        elif re.match(r"dom0: \w+: hold$", line):
            self.held = []
        elif line.endswith("DOM1: guest: done with hold"):
            self.dom0less_is_up = True
        super().on_line(line)

    def answer(self):
        self.m.port.write(self.reply + "\n")
        self.reply = ""
        self.output.clear()

    def ends(self, line):
        return line == "dom0: over"

    def on_end(self):
        self.on_tested()
        self.result("free-memory", None if self.free else "nothing was counted")

    # Xen's debug key: dom0 asked for it.

    def dump(self):
        return self.output["Xen"]

    # Looks. Each returns None, or what is wrong.

    def is_held(self):
        """The mappings are in place: in hardware's tables, in Xen's dump, and in memory."""
        if not self.held:
            return "the guest holds nothing"
        for h in self.held:
            p = next(p for p in board.PROCESSORS if p.name == h.unit)
            h.maddr = session.walk(self.m, self.m.word(p.mmu + session.MMU_TTB), h.da)
            if h.maddr is None:
                return f"{h.unit}: da {h.da:08x} leads nowhere"
            if self.m.memory(h.maddr, 4096) != h.value.to_bytes(4, "little") * 1024:
                return f"{h.unit}: da {h.da:08x} leads to {h.maddr:08x}, where {h.value:08x} is not"
        return self.compare_table() or self.compare_dump()

    def is_given_back(self, names=("ipu", "dsp")):
        """Those MMUs walk an empty table, and Xen says that nobody has them."""
        if self.config.off:
            return self.is_off(names)
        for p in board.PROCESSORS:
            if p.name not in names:
                continue
            if not self.m.word(p.mmu + session.MMU_CNTL) & session.CNTL_ENABLE:
                return f"{p.name}'s MMU is off"
            table = self.m.word(p.mmu + session.MMU_TTB) & ~0x3fff
            if any(self.m.memory(table, 0x4000)):
                return f"{p.name}'s table at {table:08x} is not empty"
            if not any(mmu.name == f"mmu@{p.mmu:x}" and mmu.rest == "in quarantine"
                       for mmu in self.dumped_mmus()):
                return f"Xen does not say that {p.name}'s MMU is in quarantine"
        return None

    def is_off(self, names):
        """Those processors, and Xen says so; none was touched while it was."""
        found = prcm_board.events(self.m.folder)
        # Our own looks at all of memory meet the registers of an MMU that nobody has had.
        ran = {name for name, what, _ in found if what == "core-runs"}
        touched = prcm_board.why_touched([event for event in found if event[0] in ran])
        silent = [p.name for p in board.PROCESSORS if p.name in names and
                  not any(mmu.name == f"mmu@{p.mmu:x}" and (mmu.rest or "").startswith("off")
                          for mmu in self.dumped_mmus())]
        return (touched or prcm_board.why_late(found, names)
                or (f"Xen does not say that {silent[0]}'s MMU is off" if silent else None))

    def goes_on(self, unit):
        """The processor's count does, as seen from now on."""
        p = next(p for p in board.PROCESSORS if p.name == unit)
        then = self.m.word(p.regs + session.RPROC_COUNT)
        if self.await_true(lambda: self.m.word(p.regs + session.RPROC_COUNT) != then):
            return None
        return f"the {unit} does not go on"

    def wrote_its_own(self):
        """What the other guest's processor writes is in as many pages of the machine as that
        guest mapped for it, and in no other."""
        pages = len(self.pages_full_of(ENDLESS))
        return None if pages == ENDLESS_PAGES else f"{pages} pages hold what it writes"

    # Part dom0less.

    def on_dom0less(self):
        self.reply = "up" if self.dom0less_is_up else ""

    def on_dom0less_held(self):
        self.result("example-dom0less", self.is_held())

    # Part large.

    def on_held(self, _):
        """Looked for in all of memory, so that nothing is taken on trust."""
        self.find_held()
        wrong = None if self.held else "the guest holds nothing"
        for h in self.held:
            if h.maddr is None:
                wrong = f"{h.unit}: {h.value:08x} is not in the machine, or twice"
            elif h.maddr == h.ipa:
                wrong = f"{h.unit}: ipa {h.ipa:08x} is its own machine address"
        self.result("ipa-is-not-maddr", wrong)
        self.result("hardware-table-agrees", wrong or self.compare_table())
        self.result("xen-dump-agrees", wrong or self.compare_dump())
        self.notify("held", held=self.held)

    def on_paused(self, _):
        self.result("pause", self.is_held())

    def on_unpaused(self, _):
        self.result("unpause", self.is_held())

    def on_gone(self, name):
        wrong = self.is_given_back()
        self.result("example-dom0less-destroyed" if name == "1" else "destroy", wrong)
        self.cycles.append(wrong)

    def on_free(self, pages):
        """Of a domain that is gone Xen releases the last pages late: also of one before the first
        count, so that most pages that were ever free count."""
        pages = int(pages)
        self.free = max(self.free or 0, pages)
        if self.free - pages <= FREE_SLACK:
            self.late = None
            return
        self.late = self.late or time.monotonic() + session.PATIENCE
        if time.monotonic() < self.late:
            self.reply = "again"
        else:
            self.result("free-memory", f"{self.free} pages before, {pages} now")
            self.free, self.late = pages, None

    # Part cycles.

    def on_endless(self, _):
        self.is_at_work = self.goes_on("ipu") or self.goes_on("dsp")

    def on_contained(self, _):
        wrong = self.is_at_work or self.is_given_back() or self.stalled()
        self.cycles.append(wrong)
        self.result("destroy-while-it-writes", wrong)

    def on_next_refused(self):
        wrong = None
        for p in board.PROCESSORS[:1]:      # xl asks for no second one
            if not any(re.search(xl_refusals.reason(f"mmu@{p.mmu:x}", r"\breset\b"), line)
                       for line in self.dump()):
                wrong = f"Xen does not say that the {p.name} must be reset"
        self.result("next-refused-while-it-writes", wrong or self.is_given_back())

    def on_again(self, _):
        self.result("next-works-after-reset", self.is_held())

    def on_cycled(self):
        wrong = [w for w in self.cycles if w]
        self.result("three-cycles", wrong[0] if wrong else self.results.get("free-memory")
                    or (None if len(self.cycles) == 3 else f"{len(self.cycles)} cycles"))

    # Part reset.

    def on_at_work(self, _):
        self.is_at_work = self.goes_on("ipu") or self.goes_on("dsp")

    def on_in_reset(self, _):
        self.result("reset-before-anything", self.is_at_work or self.is_off(("ipu", "dsp")))

    def on_next(self, _):
        pages = len(self.pages_full_of(ENDLESS))
        self.result("next-owner-untouched", self.is_held()
                    or (f"{pages} pages hold what the first one writes" if pages else None))
        changes = self.m.word(prcm_board.CHANGES)
        self.result("others-bits-are-untouched", f"{changes} changes" if changes else None)

    # Part two.

    def on_both(self, _):
        self.result("two-guests-at-once", self.is_held() or self.goes_on("dsp"))

    def on_one_gone(self, _):
        self.result("one-destroyed-other-works",
                    self.is_given_back(("ipu",)) or self.goes_on("dsp"))

    def on_worked(self, _):
        self.result("other-was-untouched", self.goes_on("dsp") or self.wrote_its_own())

    # Part power.

    def on_rebooted(self, _):
        self.result("reboot", self.is_held())

    def on_shut_down(self, _):
        self.result("shutdown", self.is_given_back(("dsp",)))

    # Part gpu.

    def on_gpu_held(self, name):
        """The mapping of the context that was loaded last, on which the tests' module waits."""
        self.held = self.held[-1:]
        wrong = None if self.held else "the guest holds nothing"
        for h in self.held:
            pages = self.pages_full_of(h.value)
            h.maddr = pages[0] if len(pages) == 1 else None
            wrong = (f"{h.value:08x} is in {len(pages)} pages" if h.maddr is None else
                     gpu_session.compare_table(self.m, h) or self.compare_dump())
        self.result(name, wrong)

    def on_gpu_draws(self, _):
        self.is_at_work = gpu_session.draws(self)

    def on_gpu_gone(self, _):
        self.result("gpu-destroyed-while-it-draws", self.is_at_work
                    or gpu_session.quarantined(self.m, self.dumped_mmus()))

    # Part refusals.

    def on_refusal(self, name, made):
        refusal = xl_refusals.REFUSALS[name]
        wrong = "xl makes the guest" if made == "made" else None
        for who, words in (("Xen", refusal.xen), ("xl", refusal.xl)):
            if words and not any(re.search(words, line) for line in self.output[who]):
                wrong = wrong or f"{who} does not give the reason"
        if len(self.output["list"]) != 2:
            wrong = wrong or f"xl list has {len(self.output['list']) - 2} domains more than dom0"
        self.result(f"refused-{name}", wrong or self.is_given_back())

    def on_given_back(self, _):
        self.result("right-after-refusals", self.is_given_back())

    def on_given(self, _):
        given = any(re.search(r"mmu@55082000: given to d\d+", line) for line in self.dump())
        self.result("right-after-refusals", None if given else "Xen does not say so")
