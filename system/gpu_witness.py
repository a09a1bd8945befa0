#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Boots TI's own driver of the GPU, which gpu-witness.sh has built: natively and unmodified,
then with its hook in a guest whose GPU is mediated. Two clients have memory and have drawn;
the runner then looks at the machine's memory, and compares. One line for each test, and
figures."""
import os
import re
import sys

sys.dont_write_bytecode = True    # nothing is made beside the sources

import board
import check
import gpu_board
import gpu_session
import machine
import session

GUEST = {
    "driver-loads": "the driver finds its GPU in the guest's tree",
    "driver-initialises": "it resets the GPU and starts the microkernel, whose words it reads",
    "both-clients-draw": "two processes, each in its own context: the GPU fills and copies",
    "first-client-ends": "one ends; the driver cleans up behind it",
    "draws-after-recovery": "the driver's watchdog has reset the GPU; the other client draws",
}
LOOK = {
    "pages-reached": "from what is in the hardware, each page of the clients' is reached",
    "loaded-from-records": "the bases that were loaded are those in the driver's records",
    "driver-recovers": "its watchdog finds no sign of life, and resets the GPU",
    "reached-after-recovery": "what the hardware has then leads to each page of the other client's",
}
OURS = {
    "roots-are-mirrors": "what is in the registers and records are directories of the mediator's",
    "own-tables-agree": "word for word, they say what the driver's own tables say",
    "xen-dump-agrees": "so does Xen's debug key",
    "nothing-denied": "no page was denied, no alarm raised, and Xen's audit is well",
    "first-client-forgotten": "the directory of the client that ended is mirrored no more",
    "own-addresses-untouched": "the machine's memory at the guest's own addresses is untouched",
    "xen-is-well": session.OUTSIDE["xen-is-well"],
}
BOTH = {
    "same-mappings": "natively and mediated: the same device pages, with the same attributes",
    "same-doorbells": "... and the same number of doorbells",
}

CLIENT = re.compile(r"witness: client (\d) (record|pages) (\w+) ?(\w*)")
# Of Xen's counters, what is to be 0.
NOTHING = [("bif", "alarms"), ("bif", "lost"), ("mirror", "denied"), ("mirror", "full")]

PAGE, VALID = 4096, 1
BASE7 = 0xc50
KERNEL, FIRST, SECOND = 0, 1, 2
CORES = (gpu_session.CORE0, gpu_session.CORE1)
START, TRACE_KICKS = "W 8ac0 ", ("W 8ac0 ", "W 8ac8 ")


class Layout(board.Layout):
    """The machine has nothing to give where the guest's RAM is for the guest: then no address
    of the guest's is the machine's. RAM ends where the GPU's registers are."""

    def own_addresses(self):
        return board.RAM, self.guest_ram_size

    def reserved(self):
        return [("own-addresses", *self.own_addresses())] + super().reserved()


REAL = "ti,dra7-sgx544"
NATIVE = gpu_board.Config("witness-native", "a15", "witness", REAL)
MEDIATED = gpu_board.Config("witness", "a15", "witness", REAL, Layout(*gpu_board.LAYOUT._replace(
    ram_size=gpu_board.GPU - board.RAM, guest_ram_size=96 * board.MIB,
    guest_kernel_ram="mem=96M@0x40000000")))
SILENCE = 150
# QEMU's own few instructions are at the start of RAM.
STUB = PAGE


def words_of(page):
    return memoryview(page).cast("I")


class Space:
    """What a directory leads to, in the machine's memory."""

    def __init__(self, read, root):
        self.root = root & -PAGE
        self.directory = words_of(read(self.root))
        self.tables = {i: words_of(read(word & -PAGE))
                       for i, word in enumerate(self.directory) if word & VALID}
        # device address -> word of its table
        self.leaves = {(i << 22) + (n << 12): word for i, table in self.tables.items()
                       for n, word in enumerate(table) if word & VALID}

    def mappings(self):
        return {da: word % PAGE for da, word in self.leaves.items()}


class P2m:
    """Where the guest's memory is, by what is known of some pages: Xen has it in large pieces.
    A wrong answer is noticed: what is there is no table that agrees."""

    def __init__(self, known):
        self.known = sorted(known)

    def maddr(self, ipa):
        near, maddr = min(self.known, key=lambda pair: abs(pair[0] - ipa))
        return ipa - near + maddr


class Look(session.Session):
    """What both boots have in common."""

    processors = []
    mmus = 1

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        self.records = {}           # client -> device address
        self.pages = {}             # client -> [device address]
        self.spaces = {}            # KERNEL or client -> Space
        self.seen = {}              # the same while both clients are there
        self.loads = []             # lines of the trace that are accounted for
        self.kicks = 0
        super().__init__(config, files, log, notify)

    def on_line(self, line):
        found = CLIENT.search(line)
        if found:
            client, what = int(found[1]), found[2]
            first = int(found[3], 16)
            if what == "record":
                self.records[client] = first
            else:
                self.pages.setdefault(client, []).extend(
                    range(first, first + int(found[4], 16), PAGE))
        super().on_line(line)

    def read(self, address):
        return self.m.memory(address, PAGE)

    def trace(self):
        return gpu_board.trace(self.m.folder)

    def find_spaces(self):
        """As the hardware has them: the kernel's from its register, the clients' from the
        records, which lie in the kernel's."""
        base = self.m.word(self.registers + gpu_session.CORE0 * gpu_board.BANK + BASE7)
        kernel = self.spaces[KERNEL] = Space(self.read, base)
        for client, da in self.records.items():
            leaf = kernel.leaves.get(da & -PAGE)
            if leaf is None:
                return f"the kernel's directory does not lead to record {da:08x}"
            root = self.m.word((leaf & -PAGE) + da % PAGE)
            self.spaces[client] = Space(self.read, root)
        return None

    def pages_reached(self):
        """Each page is found by what it is full of, wherever it is."""
        full_of = {da | 0xc00 | client: (client, da)
                   for client, pages in self.pages.items() for da in pages}
        for word, places in self.pages_by_word(full_of).items():
            client, da = full_of[word]
            if len(places) != 1:
                return f"client {client}: page {da:08x} is {len(places)} times in the machine"
            leaf = self.spaces[client].leaves.get(da, 0)
            if leaf & -PAGE != places[0] or not leaf & VALID:
                return f"client {client}: da {da:08x} leads to {leaf:08x}, not {places[0]:08x}"
        return None if full_of else "there are no pages"

    def loaded_from_records(self):
        """Each client has drawn once since the last look."""
        loads = [line for line in self.trace() if line.startswith("load ")]
        due = self.loads + [f"load {core} 0 {self.spaces[client].root:08x}"
                            for client in sorted(self.records) for core in CORES]
        self.loads = loads
        return None if loads == due else f"loaded were {loads}, not {due}"

    def on_hold(self):
        wrong = self.find_spaces()
        self.result("pages-reached", wrong or self.pages_reached())
        self.result("loaded-from-records", wrong or self.loaded_from_records())
        self.kicks = sum(line.startswith(TRACE_KICKS) for line in self.trace())
        if not wrong:
            self.look_closer()
        self.seen = dict(self.spaces)

    def on_left(self):
        self.look_at_what_is_left()
        starts = lambda: sum(line.startswith(START) for line in self.trace())
        recovers = self.await_true(lambda: starts() > 1)
        self.result("driver-recovers", None if recovers else "the microkernel was not started anew")

    def on_again(self):
        del self.records[FIRST], self.pages[FIRST]
        wrong = self.find_spaces()
        self.result("reached-after-recovery", wrong or self.pages_reached())
        self.result("loaded-from-records", wrong or self.loaded_from_records())

    def look_at_what_is_left(self):
        pass

    def look_closer(self):
        pass

    def on_end(self):
        pass

    def figures(self):
        leaves = [leaf for space in self.seen.values() for leaf in space.leaves.items()]
        tables = {word & -PAGE for space in self.seen.values() for word in space.directory
                  if word & VALID}
        return (f"{len(self.seen)} directories, {len(tables)} tables, {len(leaves)} mappings of "
                f"{len({word & -PAGE for _, word in leaves})} pages, {self.kicks} doorbells "
                "at the hardware")


class Native(Look):
    registers = gpu_board.SEEN

    @staticmethod
    def prepared(config, files):
        return gpu_board.native_command(config, files)

    def answer(self):
        self.m.write("\n")

    def finish(self):
        pass


class Mediated(Look):
    registers = gpu_board.GPU

    def __init__(self, config, files, log, notify=lambda event, **about: None):
        self.counts_then = {}
        self.words = 0
        super().__init__(config, files, log, notify)

    @staticmethod
    def prepared(config, files):
        return gpu_board.command(config, files)

    def dumped_gpu(self):
        return self.dumped_mmus()[0]

    def look_closer(self):
        dump = self.dumped_gpu()
        ranges = [(number, r) for number, found in dump.directories.items() for r in found]
        if not ranges:
            for name in ("roots-are-mirrors", "own-tables-agree", "xen-dump-agrees"):
                self.result(name, "Xen's dump has no mapping")
            return
        p2m = P2m((r.ipa, r.maddr) for _, r in ranges)
        own = self.own_spaces(dump, p2m)
        self.result("roots-are-mirrors", self.roots_are_mirrors(own, p2m))
        self.result("own-tables-agree", self.own_tables_agree(own, p2m))
        self.result("xen-dump-agrees", self.dump_agrees(own, ranges))
        self.result("nothing-denied", self.nothing_denied(dump))

    def own_spaces(self, dump, p2m):
        """The driver's own: the kernel's directory by what it wrote to the register, those of
        the clients by what they look like."""
        own = {KERNEL: self.own_space(p2m.maddr(dump.bases["core 0", 7]), p2m)}
        for start in range(board.RAM, board.RAM + self.layout.ram_size, session.PIECE):
            piece = self.m.memory(start, session.PIECE)
            for client in self.records:
                for at in self.look_alikes(client, piece):
                    if start + at != self.spaces[client].root:
                        own.setdefault((client, start + at), None)
        return self.choose(own, p2m)

    def look_alikes(self, client, piece):
        """Offsets of pages in which the same words are valid as in the directory that the
        hardware has."""
        mirror = self.spaces[client].directory
        some = next(i for i, word in enumerate(mirror) if word & VALID)
        for at in range(0, len(piece), PAGE):
            if piece[at + some * 4] & VALID and [w & VALID for w in words_of(piece[at:at + PAGE])] \
                    == [w & VALID for w in mirror]:
                yield at

    def choose(self, own, p2m):
        """Of what looks like a client's directory, that from which its first page is reached."""
        chosen = {KERNEL: own.pop(KERNEL)}
        for client, at in own:
            space = self.own_space(at, p2m)
            da = self.pages[client][0]
            if p2m.maddr(space.leaves.get(da, 0) & -PAGE) == self.spaces[client].leaves[da] & -PAGE:
                chosen[client] = space
        return chosen

    def own_space(self, root, p2m):
        return Space(lambda at: self.read(at if at == root else p2m.maddr(at)), root)

    def roots_are_mirrors(self, own, p2m):
        """No directory or table that the hardware has is the driver's, by either address."""
        theirs = {at for space in own.values()
                  for at in [space.root, *(word & -PAGE for word in space.directory
                                           if word & VALID)]}
        theirs |= {p2m.maddr(at) for at in theirs}
        for which, space in self.spaces.items():
            tables = [word & -PAGE for word in space.directory if word & VALID]
            same = theirs & {space.root, *tables}
            if same:
                return f"space {which} has {same.pop():08x}, which is the driver's"
        return None

    def own_tables_agree(self, own, p2m):
        for which, space in self.spaces.items():
            if which not in own:
                return f"space {which}: the driver's own directory was not found"
            if list(own[which].tables) != list(space.tables):
                return f"space {which}: other tables are linked"
            for i, table in space.tables.items():
                wrong = self.table_agrees(own[which].tables[i], table, p2m)
                if wrong:
                    return f"space {which}, table {i}, {wrong}"
        return None

    def table_agrees(self, own, mirror, p2m):
        for n, (word, ours) in enumerate(zip(own, mirror)):
            due = p2m.maddr(word & -PAGE) | word % PAGE if word & VALID else 0
            if (ours if ours & VALID else 0) != due:
                return f"word {n}: {ours:08x}, of {word:08x}"
            if word & VALID and word & -PAGE == ours & -PAGE:
                return f"word {n}: {word:08x} is the guest's own address"
        self.words += len(own)
        return None

    def dump_agrees(self, own, ranges):
        """Its directories are numbered as they came: the kernel's first."""
        for which, r in ranges:
            for beyond in range(0, r.size, PAGE):
                da = r.da + beyond
                words = [spaces[which].leaves.get(da) for spaces in (own, self.spaces)
                         if which in spaces]
                if words != [r.ipa + beyond | r.attributes, r.maddr + beyond | r.attributes]:
                    return f"directory {which}: da {da:08x} is {words} in memory"
        return None

    def nothing_denied(self, dump):
        self.counts_then = self.counts_then or dump.counters
        for group, name in NOTHING:
            if dump.counters[group][name]:
                return f"{group}, {name}: {dump.counters[group][name]}"
        if dump.audit != "ok":
            return "Xen's audit is not well"
        return None

    def look_at_what_is_left(self):
        dump = self.dumped_gpu()
        left = set(dump.directories)
        self.result("first-client-forgotten",
                    None if left == {KERNEL, SECOND} else f"directories {sorted(left)} are left")
        self.result("nothing-denied", self.nothing_denied(dump))

    def on_again(self):
        super().on_again()
        self.result("nothing-denied", self.nothing_denied(self.dumped_gpu()))

    def on_end(self):
        address, size = self.layout.own_addresses()
        hole = self.m.memory(address + STUB, size - STUB)
        self.result("own-addresses-untouched",
                    "it was written" if any(map(any, (hole[i:i + board.MIB] for i in
                                                      range(0, len(hole), board.MIB)))) else None)

    def figures(self):
        counts = ", ".join(f"{group} {name} {n}" for group, counters in self.counts_then.items()
                           for name, n in counters.items())
        return f"{super().figures()}; {self.words} words of tables compared; Xen: {counts}"


def compare(native, mediated):
    """What both have seen: name -> None, or what is wrong."""
    wrong = next((f"space {which} differs" for which in native.seen
                  if which not in mediated.seen
                  or native.seen[which].mappings() != mediated.seen[which].mappings()), None)
    if len(native.seen) != 3:
        wrong = "not all directories were found"
    kicks = native.kicks, mediated.kicks
    return {"same-mappings": wrong,
            "same-doorbells": None if kicks[0] == kicks[1] > 0 else f"{kicks[0]} and {kicks[1]}"}


def watch(kind, config, files, expected):
    """One boot: what it has seen, and whether all is well."""
    files.ramdisk = os.path.join(files.root, "build", "gpu-witness", kind.__name__.lower(),
                                 "ramdisk")
    log = os.path.join(files.system, config.name + ".log")
    seen = kind(config, files, log)
    wrong = seen.run(SILENCE)
    verdicts = [check.report(f"{config.name}/{name}",
                             seen.results.get(name, wrong or "did not run"))
                for name in expected]
    print(f"# {config.name}: {seen.figures()}; log: {os.path.relpath(log)}", flush=True)
    return seen, all(verdicts) and not wrong


def main():
    machine.end_with_us()
    files = board.Files(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    os.makedirs(files.system, exist_ok=True)
    native, well = watch(Native, NATIVE, files, [*GUEST, *LOOK])
    mediated, also = watch(Mediated, MEDIATED, files, [*GUEST, *LOOK, *OURS])
    verdicts = [check.report(f"witness-both/{name}", wrong)
                for name, wrong in compare(native, mediated).items()]
    sys.exit(0 if well and also and all(verdicts) else 1)


if __name__ == "__main__":
    main()
