# SPDX-License-Identifier: GPL-2.0-only
"""What a boot of the remoteproc machine goes through: the guest's script
(guest/remoteproc.sh), and between its steps the runner's look from outside."""
import json
import os
import re
import shlex
import subprocess

import board
import boot
import mmu_files
import prcm_board
import remoteproc_board as rboard
import session
from omap_mmu import debug_key

# All that must be seen, in order. The guest's ...
GUEST = {
    "ipu-boots": "Linux boots the IPU: its trace buffer holds the firmware's greeting",
    "dsp-boots": "... and beside it the DSP, which answers through the mailbox",
    "rpmsg-1000-messages": "1,000 messages of 1 to 496 bytes come back as they were sent",
    "stop-and-start": "both stopped and started again: they greet and answer as before",
    "two-tasks": "a firmware with SysTick, PendSV, SVC and the mailbox by interrupt echoes 100 "
                 "messages",
    "stray-access-is-recovered": "an access to what nobody mapped: Linux notices and starts the "
                                 "IPU again",
    "scan-ends": "a hostile firmware reads a word of every page of its 4 GiB",
    "recovered-after-scan": "... and the good one runs again",
    "bad-no-table": "a firmware without resource table is refused; the next good one boots",
    "bad-corrupt": "... a file that is cut short",
    "bad-offset": "... a segment that lies beyond the file's end",
    "bad-segment": "... a segment where no carveout is",
    "bad-greedy": "... a carveout larger than the guest's memory",
    "bad-outside": "... a carveout larger than its pool",
}
# ... the runner's, with Xen and without ...
RUNNER = {
    "scan-finds-its-own": "what the scan found, of all pages, is what its guest maps and owns",
    "refused-leaves-nothing-mapped": "after each firmware that was refused nothing is mapped",
}
# ... of both, on the machine with OMAP5's addresses ...
HOLES = {"a0000000": "60000000", "6a066000": "4a066000"}
OMAP5 = {
    "ti-shape": "a firmware of the shape of TI's: 50 MiB, its vrings at 0x95800000: 100 messages",
    "ti-windows": "its windows to TILER and L4 are holes to Linux, which recovers",
    **{f"hole-{da}-says-why": f"... da {da}: Xen says why" for da in HOLES},
}
# ... and with Xen only. A direct-mapped guest's memory is where the guest says.
ELSEWHERE, IN_PLACE = "text-data-vrings-elsewhere", "text-data-vrings-in-place"
AGREES = "omap-mmu-agrees"
XEN = {
    ELSEWHERE: "da -> ipa -> maddr: by Xen's dump, by the tables in hardware",
    "messages-trap-nothing": "1,000 messages: no access to the MMUs, no fill, no fault",
    AGREES: "omap-mmu finds in the tables of hardware, in RAM, what it reads in Xen's dump",
    "canary-untouched": "32 MiB at the pools' addresses, taken for machine ones: untouched",
    "xen-is-well": "Xen has not complained",
}
# What the boot that ends then has seen.
BOOT_ONLY = ("ipu-boots", "dsp-boots", ELSEWHERE, "xen-is-well")
# The boots beside each other.
BOTH = {
    "guest-sees-the-same": "with Xen and without: traces, carveouts, messages of the kernel",
    "registers-see-the-same": "with Xen and without: the guest's accesses to each register of the "
                              "MMUs",
    "fewer-traps": "with 8 TLB entries a map takes a quarter of the traps that it takes with 32",
}
# What the PRCM saw while Xen and its guest ran, IPU and DSP being off when Xen boots.
OFF = {
    "xen-boots": "Xen boots, and its guest runs both, though no boot loader turned anything on",
    "no-mmu-is-touched": "no register of an MMU was accessed while that was off",
    "cores-run-behind-xens-mmu": "each core ran only while its MMU was on",
    "others-bits-are-untouched": "of the words that others have bits in nothing else was changed",
}
TESTS = {**GUEST, **RUNNER, **OMAP5, **XEN, **BOTH, **OFF}

# A boot writes there what it saw, to be compared.
SEEN = "seen.json"
CARVEOUT = re.compile(r"see: (\w+) carveout (\S+) 0x(\w+) 0x(\w+) 0x(\w+)$")
RANGE = re.compile(r"(\w{8})-(\w{8})$")
READ = re.compile(r"scan: scan: (\d+) pages read, (\d+) found$")
# All but what never leaves the core: its RAM, the bits of that, the IPU's own registers (twice
# two pages), and its private peripherals.
PAGES_TO_READ = (1 << 20) - 33 * (rboard.L2RAM_SIZE // 4096) - 4 - 256
# What the guest's driver set, of what must be the same with Xen and without.
STATE = ("CNTL", "IRQENABLE", "GP_REG")
# Of its counters, what a step costs: group, name, and the words for it.
COSTS = [("shadow", "fills", "fills"), ("shadow", "evictions", "evictions"),
         ("shadow", "parks", "parks"), ("faults", "raised", "faults raised")]


def of_carveouts(config):
    """The test's name: where they are in the machine."""
    return IN_PLACE if config.machine.direct else ELSEWHERE


def expected(config):
    tests = [*GUEST, *RUNNER, *(XEN if config.xen else [])]
    if config.machine.firmware:
        tests += OMAP5
    if config.steps == "boot":
        tests = BOOT_ONLY
    return [of_carveouts(config) if name == ELSEWHERE else name for name in tests]


def register_names(root):
    """Offsets to names, from the core's table."""
    with open(os.path.join(root, "core", "omap_regs.h"), encoding="ascii") as f:
        return {int(offset, 16): name
                for name, offset in re.findall(r"R\((\w+), +(0x\w+),", f.read())}


class Mmu:
    """An MMU as its guest sees it: register name -> (reads, writes), so far; and what
    it costs Xen."""

    def __init__(self):
        self.accesses = {}
        self.values = {}    # of the registers that say what it does
        self.costs = {}
        self.live = []      # ranges in the hardware's sight

    def traps(self):
        return sum(map(sum, self.accesses.values()))


def mmus_by_dump(lines, processors=board.PROCESSORS):
    """From Xen's debug key."""
    units = {f"{p.mmu:x}": p.name for p in processors}
    mmus = {}
    for dumped in debug_key.read(lines):
        at = dumped.name.partition("@")[2]
        # The dump of an MMU without a domain ends here.
        mmu = mmus[units.get(at, at)] = Mmu()
        mmu.accesses = {name: [r.reads, r.writes] for name, r in dumped.registers.items()}
        mmu.values = {name: r.value for name, r in dumped.registers.items() if name in STATE}
        mmu.costs = {what: dumped.counters[group][name] for group, name, what in COSTS
                     if group in dumped.counters}
        mmu.live = [r for r in dumped.ranges if not {"hidden", "dead"} & set(r.marks)]
    incomplete = [p.name for p in processors
                  if p.name not in mmus or set(STATE) - set(mmus[p.name].values)]
    if incomplete:
        raise OSError(f"Xen's dump is not whole: {', '.join(incomplete)}")
    return mmus


def mmu_by_trace(path, names):
    """From what QEMU recorded: without Xen, hardware's registers are the guest's."""
    mmu = Mmu()
    mmu.accesses = {name: [0, 0] for name in names.values()}
    mmu.values = dict.fromkeys(STATE, 0)
    with open(path, encoding="ascii") as f:
        for line in f:
            kind, offset, value = line.split()
            name = names.get(int(offset, 16))
            if name:
                mmu.accesses[name]["RW".index(kind)] += 1
            if name in STATE and kind == "W":
                mmu.values[name] = int(value, 16)
    return mmu


def pages(ranges):
    return {page for first, last in ranges for page in range(first >> 12, (last >> 12) + 1)}


def hex_list(numbers):
    """A few of many pages."""
    numbers = sorted(numbers)
    return ", ".join(f"{n << 12:08x}" for n in numbers[:3]) + (" ..." if len(numbers) > 3 else "")


class Remoteproc(boot.Boot):
    """`phases` holds, for each step, what the MMUs were asked until then; `seen` what
    the guest told of itself."""

    prepare = staticmethod(rboard.command)

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        self.config = config
        self.root = files.root
        self.names = register_names(files.root)
        self.phases = {}
        self.seen = []
        self.carveouts = {}
        self.scanned = {"scan": [], "mapped": []}
        self.read = None        # by the scan: pages tried, pages found
        self.mapped_after = []
        self.changes = None     # of bits of others, as the PRCM counts them
        folder, command = self.prepare(config, files)
        super().__init__(folder, command, log, notify)

    def on_line(self, line):
        line = re.sub(r"^\(XEN\) DOM1: ", "", line)
        if line.startswith("see: "):
            self.seen.append(line)
        found = CARVEOUT.search(line)
        if found:
            self.carveouts[found.group(1), found.group(2)] = [
                int(x, 16) for x in found.groups()[2:]]
        found = READ.match(line)
        if found:
            self.read = tuple(map(int, found.groups()))
        kind, _, rest = line.partition(": ")
        found = RANGE.search(rest)
        if kind in self.scanned and found:
            self.scanned[kind].append(tuple(int(x, 16) for x in found.groups()))
        super().on_line(line)

    def answer(self):
        if self.config.xen:
            super().answer()
        else:
            self.m.write("\n")

    def look(self):
        if self.config.xen:
            return mmus_by_dump(self.dump())
        return {p.name: mmu_by_trace(os.path.join(self.m.folder, f"{p.name}-mmu.trace"), self.names)
                for p in board.PROCESSORS}

    def count(self, phase):
        self.phases[phase] = self.look()

    # The guest waits for us after each of these.

    def on_started(self):
        self.count("started")

    def on_booted(self):
        self.count("booted")
        if self.config.xen:
            held = []
            self.result(of_carveouts(self.config), self.find_carveouts(held))
            self.notify("held", held=held)
        self.note_cost("boot of both", "started", "booted")

    def on_talked(self):
        self.count("talked")
        if self.config.xen:
            costs = {name: self.cost(name, "booted", "talked") for name in self.phases["talked"]}
            self.result("messages-trap-nothing",
                        f"they cost {costs}" if any(any(c.values()) for c in costs.values())
                        else None)
            self.result(AGREES, self.compare_by_tool())
        self.note_cost("1,000 messages", "booted", "talked")

    def on_restarted(self):
        self.count("restarted")

    def on_hole(self, da):
        due = int(da, 16), int(HOLES[da], 16)
        denied = [mmu.denied for mmu in self.dumped_mmus() if mmu.denied]
        found = any((da, ipa) == due and why for da, ipa, why in denied)
        self.result(f"hole-{da}-says-why", None if found else "Xen gives no reason")

    def on_recovered(self):
        self.count("recovered")

    def on_scanned(self):
        self.count("scanned")
        self.result("scan-finds-its-own", self.why_scan_wrong())

    def on_refused(self, name):
        self.count(name)
        mmu = self.phases[name]["ipu"]
        if mmu.values["CNTL"] & session.CNTL_ENABLE:
            self.mapped_after.append(f"{name}: the MMU is on")
        if mmu.live:
            self.mapped_after.append(f"{name}: da {mmu.live[0].da:08x} is mapped")

    def on_tested(self):
        self.count("tested")
        refused = [name for name in self.phases if name.startswith("bad-")]
        self.result("refused-leaves-nothing-mapped",
                    "; ".join(self.mapped_after) or (None if refused else "none was refused"))
        if self.config.xen:
            self.changes = self.m.word(prcm_board.CHANGES)
            canary = os.path.join(self.m.folder, "canary")
            self.result("canary-untouched", boot.untouched(self.m, canary,
                                                           self.config.machine.canary))

    def finish(self):
        if self.config.xen:
            self.xen_is_well()
        with open(os.path.join(self.m.folder, SEEN), "w", encoding="utf-8") as f:
            json.dump({"seen": self.seen, "changes": self.changes, "registers": {
                phase: {name: {"accesses": mmu.accesses, "values": mmu.values}
                        for name, mmu in mmus.items()}
                for phase, mmus in self.phases.items()}}, f, indent=1)

    # Where things are.

    def da_of(self, unit, name):
        """Where the IPU sees a carveout. Vrings have no device address of their own: they
        are found in the window to the pool."""
        da, ipa, size = self.carveouts[unit, name]
        pool = self.config.machine.pool(unit)
        return (rboard.IPC_WINDOW + ipa - pool.address if da == ipa else da), ipa, size

    def find_carveouts(self, held):
        """What is wrong, and into held what leads where."""
        ipu = next(p for p in board.PROCESSORS if p.name == "ipu")
        ttb = self.m.word(ipu.mmu + session.MMU_TTB)
        for name in "text", "data", "vdev0vring0", "vdev0vring1":
            if ("ipu", name) not in self.carveouts:
                return f"Linux has no carveout {name}"
            da, ipa, _ = self.da_of("ipu", name)
            h = session.Held(name, da, ipa, None)
            h.maddr = session.walk(self.m, ttb, da)
            held.append(h)
            if h.maddr is None:
                return f"{name}: da {da:08x} leads nowhere in hardware"
            if (h.maddr == ipa) != self.config.machine.direct:
                return f"{name}: ipa {ipa:08x} is at machine address {h.maddr:08x}"
            if not any(da - r.da == ipa - r.ipa == h.maddr - r.maddr and 0 <= da - r.da < r.size
                       for r in self.phases["booted"]["ipu"].live):
                return (f"{name}: Xen's dump has no da {da:08x} -> ipa {ipa:08x} -> "
                        f"maddr {h.maddr:08x}")
        return self.find_greeting(ttb)

    def compare_by_tool(self):
        """None, or what omap-mmu finds to differ. What Xen hides is not in hardware's tables."""
        ipu = self.config.machine.processors[0]
        _, commands = mmu_files.leave(self, ipu, os.path.join(self.m.folder, "omap-mmu"))
        diff = shlex.split(next(command for command in commands if " diff " in command))
        ran = subprocess.run(diff, cwd=self.root, stdin=subprocess.DEVNULL, text=True, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        wrong = [line for line in ran.stdout.splitlines() if ", hidden" not in line]
        return (f"status {ran.returncode}: {' '.join(wrong)[:300]}" if wrong
                or ran.returncode not in (0, 1) else None)

    def find_greeting(self, ttb):
        """What the firmware wrote is where the hardware's table says."""
        da, _, size = self.da_of("ipu", "data")
        for page in range(da, da + size, 4096):
            maddr = session.walk(self.m, ttb, page)
            if maddr is not None and b"hello from the Cortex-M4" in self.m.memory(maddr, 4096):
                return None
        return "the greeting is not where the table for data leads"

    def not_owned(self):
        """The pages that the firmware asks for, and whose guest does not own them."""
        machine = self.config.machine
        owned = rboard.guest_owns(machine)
        if not self.config.xen:
            # Nobody stands between: all that the bus has there.
            dsp = next(p for p in machine.processors if p.name == "dsp")
            owned += [(address, 4096) for address in (rboard.DSP_REGS, dsp.mmu)]
        owned = pages((address, address + size - 1) for address, size in owned)
        return {(da >> 12) + n for da, ipa, size in rboard.windows(machine)
                for n in range(size >> 12) if (ipa >> 12) + n not in owned}

    def why_scan_wrong(self):
        """What the guest maps, less what it does not own, is what was found."""
        asked = pages((da, da + size - 1) for da, _, size in rboard.windows(self.config.machine))
        mapped, found = pages(self.scanned["mapped"]), pages(self.scanned["scan"])
        if self.read != (PAGES_TO_READ, len(found)):
            return (f"it says pages read, found: {self.read}; there are {PAGES_TO_READ} to "
                    f"read, and {len(found)} are named")
        if not asked <= mapped:
            return "the guest maps nothing, or not what its firmware asked for"
        due = mapped - self.not_owned()
        if found - due:
            return f"found what is not the guest's to map: da {hex_list(found - due)}"
        return f"not found: da {hex_list(due - found)}" if due - found else None

    # What it costs.

    def cost(self, unit, before, after):
        """What a step cost Xen, counted."""
        then, now = (self.phases[phase][unit] for phase in (before, after))
        return {"traps": now.traps() - then.traps(),
                **{what: n - then.costs.get(what, 0) for what, n in now.costs.items()}}

    def note_cost(self, what, before, after):
        for name in self.phases[after] if self.config.xen else []:
            self.notify("cost", what=what, unit=name, counts=self.cost(name, before, after))


def seen_by(config, files):
    return os.path.join(files.system, config.name, SEEN)


def forget(files):
    """What boots before saw: a boot that does not come about must not be compared."""
    for config in rboard.CONFIGS:
        if os.path.exists(seen_by(config, files)):
            os.remove(seen_by(config, files))


def load_seen(config, files):
    with open(seen_by(config, files), encoding="utf-8") as f:
        return json.load(f)


def compare(files):
    """The boots beside each other: name -> None, or what differs."""
    boots = []
    for config in rboard.COMPARED:
        try:
            boots.append(load_seen(config, files))
        except OSError:
            return dict.fromkeys(BOTH, f"{config.name} was not booted")
    xen, native, few = boots
    return {"guest-sees-the-same": compare_seen(xen["seen"], native["seen"]),
            "registers-see-the-same": compare_registers(xen["registers"], native["registers"]),
            "fewer-traps": compare_entries(xen["registers"], few["registers"])}


def off_at_boot(files):
    """Of the boot whose guest does all: name -> None, or what is wrong."""
    config = rboard.CONFIGS[0]
    try:
        seen = load_seen(config, files)
        found = prcm_board.events(os.path.join(files.system, config.name))
    except OSError:
        return dict.fromkeys(OFF, f"{config.name} was not booted")
    started = [what for _, what, _ in found[:1]]
    return {"xen-boots": None if started == ["mmu-released"] else f"it began with {started}",
            "no-mmu-is-touched": prcm_board.why_touched(found),
            "cores-run-behind-xens-mmu": prcm_board.why_unguarded(found),
            "others-bits-are-untouched": None if seen["changes"] == 0 else
                                         f"{seen['changes']} changes"}


def compare_seen(xen, native):
    if xen and xen == native:
        return None
    differ = [pair for pair in zip(xen, native) if pair[0] != pair[1]]
    return (f"with Xen \"{differ[0][0]}\", without \"{differ[0][1]}\"" if differ else
            f"{len(xen)} lines with Xen, {len(native)} without")


def compare_entries(many, few):
    """For each entry that it looks at Linux reads and writes LOCK, and reads CAM and RAM."""
    for unit in many.get("booted", {}):
        looks = [boot["booted"][unit]["accesses"]["READ_CAM"][0] for boot in (many, few)]
        if not looks[1] or looks[0] != 4 * looks[1]:
            return f"{unit}'s boot reads {looks[0]} of 32 entries, {looks[1]} of 8"
    return None if many.get("booted") else "nothing was booted"


def compare_registers(xen, native):
    if not xen or list(xen) != list(native):
        return f"steps with Xen: {' '.join(xen)}; without: {' '.join(native)}"
    scanned = False
    for phase, units in xen.items():
        scanned = scanned or phase == "scanned"
        for unit in units:
            wrong = compare_mmu(units[unit]["accesses"], native[phase][unit]["accesses"],
                                visits=1 if scanned and unit == "dsp" else 0,
                                storms=1 if scanned and unit == "ipu" else 0)
            values = units[unit]["values"], native[phase][unit]["values"]
            if values[0] != values[1]:
                wrong = wrong or f"registers hold {values[0]} with Xen, {values[1]} without"
            if wrong:
                return f"until {phase}: {unit}'s {wrong}"
    return None


def compare_mmu(xen, native, visits, storms):
    """None, or what differs that docs/remoteproc.md does not say.

    Linux looks through all entries of the TLB for one to flush. On hardware it finds what
    the walker loaded: it loads that once more, flushes it, twice, and looks no further.
    Under Xen it finds nothing, and looks to the end. On hardware the scan visits the
    first register of the other processor's MMU. And in a storm of faults Linux's handler
    may run once more under Xen, whose vgic does not take an interrupt back."""
    again = xen["IRQSTATUS"][1] - native["IRQSTATUS"][1]
    if not 0 <= again <= storms:
        return f"IRQSTATUS was written {again} times more with Xen"
    found = native["LD_TLB"][1]
    looks = xen["READ_CAM"][0] - native["READ_CAM"][0]
    if not 0 <= looks <= 31 * found:
        return f"TLB was looked through {looks} entries further with Xen, for {found} found without"
    more = {
        "LOCK": (looks, looks), "READ_CAM": (looks, 0), "READ_RAM": (looks, 0),
        "CAM": (0, -found), "RAM": (0, -found), "LD_TLB": (0, -found),
        "FLUSH_ENTRY": (0, -2 * found), "REVISION": (-visits, 0),
        "IRQSTATUS": (again, again), "FAULT_AD": (again, 0), "IRQENABLE": (0, again),
    }
    for name, counts in xen.items():
        due = [n + m for n, m in zip(native[name], more.get(name, (0, 0)))]
        if counts != due:
            return (f"{name}: reads, writes are {counts} with Xen, {native[name]} without: "
                    f"{due} would be right")
    return None
