#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""omap-mmu's commands on inputs of each kind, made by hand: what they print, and their exit
status; and input that is bad, which is told in one sentence: TAP."""
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tool"))

import addresses
import findings
import inputs
import picture
import registers

PROGRAM = ROOT / "tool/omap-mmu.py"
RAM, TTB, L2 = 0x80000000, 0x80004000, 0x80008000
TABLE, SECTION, SUPER, LARGE, SMALL = 1, 2, 2 | 1 << 18, 1, 2

XEN = """(XEN) Xen version 4.17.5
(XEN) omap-mmu: /ocp/mmu@55082000: d1
(XEN)   running, live
(XEN)       REVISION: 00000021  reads 1, writes 0
(XEN)           CNTL: 00000006  reads 3, writes 4
DOM1: ready
(XEN)            TTB: 80004000  reads 0, writes 1
(XEN)   da 10000000 -> ipa 80000000 -> maddr 90000000, size 0x100000, pages of 0x10000
(XEN)   da 20000000 -> ipa 80005000 -> maddr 90005000, size 0x1000, pages of 0x1000, hidden
(XEN)   da 60000000 -> ipa 4a000000 -> maddr 4a000000, size 0x100000, pages of 0x100000, mmio
(XEN)   shadow: fills=3 kept=0 retries=0 drops=0 evictions=0 parks=2 denied=4
(XEN)   faults: raised=1 denied=1 silent=0
(XEN)   last denied: da 70000000 -> ipa f0000000: the guest has no memory there
(XEN)   audit: ok
(XEN) omap-mmu: /ocp/mmu@4a066000: in quarantine
(XEN) omap-mmu: /ocp/gpu@56000000: d2
(XEN)   its guest's, doorbells that wait: 0
(XEN)   core 0, base 7: ipa 80000000
(XEN)   0: da 00000000 -> ipa 80040000 -> maddr 90040000, size 0x3000, attributes 01
(XEN)   1: da 00000000 -> ipa 80050000 -> maddr 90050000, size 0x1000, attributes 19
(XEN)   bif: reads=1 writes=1 doorbells=1 lost=0 quiesced=0 held=0 alarms=0
(XEN)   mirror: passes=1 compared=1 changed=1 translated=1 overtaken=0 removed=0 parks=0 full=0 denied=0
(XEN)   audit: ok
"""
REGS = """            REVISION: 00000021
           IRQSTATUS: 00000002
           IRQENABLE: 00000000
                CNTL: 00000006
            FAULT_AD: 70000123
                 TTB: 80004000
        FAULT_STATUS: 00000009
              GP_REG: 00000001
"""
TLB = """    cam:     ram:
-----------------------------------------
50000006 80001000 0
"""
TWICE = TLB + "50000004 80100000 0\n"
IOMEM = """4a000000-4affffff : l4
80000000-9fffffff : System RAM
  80008000-80ffffff : Kernel code
"""


def words(first, second=()):
    """An image of 64 KiB with a first level, and one second level."""
    image = bytearray(0x10000)
    for da, word in first:
        struct.pack_into("<I", image, TTB - RAM + (da >> 20) * 4, word)
    for da, word in second:
        struct.pack_into("<I", image, L2 - RAM + (da >> 12 & 0xff) * 4, word)
    return bytes(image)


def images():
    replicas = [(0x80000000 + n * 0x100000, 0x81000000 | SUPER) for n in range(16)]
    large = [(0x20010000 + n * 0x1000, 0x80100000 | LARGE) for n in range(16)]
    good = words([(0x10000000, 0x80000000 | SECTION), (0x20000000, L2 | TABLE), *replicas],
                 [(0x20000000, 0x80005000 | SMALL), *large])
    bad = words([(0x20000000, L2 | TABLE), (0x30000000, 0x70000000 | TABLE),
                 (0x60000000, 0x4a000000 | SECTION), (0x70000000, 0xf0000000 | SECTION), *replicas[:15]],
                [*large[:15], (0x2001f000, 0x80200000 | LARGE)])
    return good, bad


def core(image):
    """An ELF core of 32 bits with that image at RAM."""
    head = struct.pack("<4s5B7x", b"\x7fELF", 1, 1, 1, 0, 0) + struct.pack(
        "<HHIIIIIHHHHHH", 4, 40, 1, 0, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    return head + struct.pack("<8I", 1, 84, 0, RAM, len(image), len(image), 0, 4) + image


def make_files(folder):
    good, bad = images()
    files = {"good": good, "bad": bad, "core": core(good), "short-core": core(good)[:5000],
             "no-core": b"\x7fELF\1\1\1" + bytes(100), "short": good[:0x5000], "empty": b"", "noise": bytes(range(256)) * 9,
             "xen": XEN, "regs": REGS, "off": REGS.replace("00000006", "00000000"), "tlb": TLB,
             "no-walker": REGS.replace("00000006", "00000002"),
             "twice": TWICE, "iomem": IOMEM, "zeros": "00000000-00000000 : System RAM\n", "prose": "Hello.\n",
             "torn": "L:      da:     pte:\n--------------------------\n1: 0x1000", "json": '{"ranges": [{"da": 1}]}',
             "words-json": '{"ranges": [{"da": "1", "size": 4096}]}',
             # Its table of segments has entries of no size.
             "flat-core": core(good)[:42] + b"\0\0" + core(good)[44:]}
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "mmu").mkdir()
    for name in ("regs", "tlb"):
        (folder / "mmu" / name).write_text(files[name], encoding="ascii")
    (folder / "nothing").mkdir()


GOOD, BAD = ["good@80000000", "--ttb", "80004000"], ["bad@80000000", "--ttb", "80004000"]
MEMORY = ["--ram", "80000000-9fffffff", "--device", "4a000000-4affffff"]
IPU = ["--mmu", "55082000"]

# What it shows, arguments, exit status, what must be printed, and what must not.
CASES = [
    ("a walk of a section", ["walk", "10012345", *GOOD], 0,
     ["TTB: 80004000", "at 80004400: 80000002, section", "-> ipa 80012345\n"], ["maddr"]),
    ("a walk of a small page", ["walk", "0x20000010", *GOOD], 0,
     ["at 80004800: 80008001, table at 80008000", "at 80008000: 80005002, small page", "-> ipa 80005010\n"], []),
    ("a walk of a large page", ["walk", "2001f004", *GOOD], 0, ["large page", "-> ipa 8010f004\n"], []),
    ("a walk of a supersection", ["walk", "80f00004", *GOOD], 0, ["supersection", "-> ipa 81f00004\n"], []),
    ("a walk that ends at the first level", ["walk", "0", *GOOD], 1,
     ["00000000, maps nothing", "it leads nowhere: translation fault"], ["second"]),
    ("a walk that ends at the second level", ["walk", "20001000", *GOOD], 1,
     ["second-level word at 80008004: 00000000, maps nothing", "translation fault"], []),
    ("a walk to a table outside", ["walk", "30000000", *BAD], 1,
     ["second-level word at 70000000: it lies outside the image", "table walk fault"], []),
    ("a core", ["walk", "10000000", "core", "--ttb", "80004000"], 0, ["-> ipa 80000000"], []),
    ("tables of hardware", ["walk", "10000000", *GOOD, "--machine"], 0, ["-> maddr 80000000"], ["ipa"]),
    ("TTB from Linux's regs", ["walk", "10000000", "good@80000000", "regs"], 0, ["TTB: 80004000"], []),
    ("a folder of Linux's", ["walk", "50000010", "mmu", *GOOD], 0, ["TLB entry", "-> ipa 80001010"], []),
    ("an MMU that is off", ["walk", "123000", "off", *GOOD], 0, ["the MMU is off", "-> ipa 00123000"], []),
    ("a walker that is off", ["walk", "10000000", "no-walker", *GOOD], 1, ["TLB miss"], []),
    ("two TLB entries", ["walk", "50000010", "twice", *GOOD], 1, ["multi-hit fault"], []),
    ("Xen's text", ["walk", "10000010", "xen", *IPU], 0, ["-> ipa 80000010 -> maddr 90000010"], []),
    ("Xen's text with the guest's tables", ["walk", "20000010", "xen", "good@80000000", *IPU], 0,
     ["TTB: 80004000", "small page", "Xen's shadow: da 20000000", "hidden", "-> ipa 80005010 -> maddr 90005010"], []),
    ("what Xen has not filled yet", ["walk", "2001f004", "xen", "good@80000000", *IPU], 0,
     ["it does not hold it", "at the first access", "-> ipa 8010f004\n"], []),
    ("what Xen denied", ["walk", "70000123", "xen", *IPU], 1,
     ["Xen denied ipa f0000000: the guest has no memory there"], []),
    ("what is not in the shadow", ["walk", "71000000", "xen", *IPU], 1, ["a cache"], ["denied"]),
    ("an MMU that nobody has", ["walk", "0", "xen", "--mmu", "4a066000"], 1, ["no domain has this MMU", "in quarantine"], []),
    ("a GPU's directory", ["walk", "10", "xen", "--mmu", "gpu@56000000:1"], 0, ["-> ipa 80050010 -> maddr 90050010"], []),
    ("a dump", ["dump", *GOOD], 0, [
        "da 10000000 -> ipa 80000000, size 0x100000, pages of 0x100000\n"
        "da 20000000 -> ipa 80005000, size 0x1000, pages of 0x1000\n"
        "da 20010000 -> ipa 80100000, size 0x10000, pages of 0x10000\n"
        "da 80000000 -> ipa 81000000, size 0x1000000, pages of 0x1000000\n"], []),
    ("a dump with machine addresses", ["dump", "xen", "good@80000000", *IPU], 0,
     ["da 10000000 -> ipa 80000000 -> maddr 90000000, size 0x100000", "da 80000000 -> ipa 81000000, size"], []),
    ("a dump of Xen's text", ["dump", "xen", *IPU], 0, ["pages of 0x1000, hidden\n", "pages of 0x100000, mmio\n"], []),
    ("a raw dump", ["dump", "--raw", *BAD], 0,
     ["1: da 20000000 at 80004800: 80008001, table\n", "2: da 2001f000 at 8000807c: 80200001, large page -> 8020f000, 64 KiB\n",
      "2: da 30000000 at 70000000: outside the image\n"], []),
    ("a dump as Linux's", ["dump", "--debugfs", *GOOD], 0,
     ["L:      da:     pte:\n--------------------------\n1: 0x10000000 0x80000002\n2: 0x20000000 0x80005002\n"], []),
    ("a check that finds nothing", ["check", *GOOD, *MEMORY], 0, [], ["#", "da"]),
    ("a check that does not know the memory", ["check", *GOOD], 0, ["# which addresses are owned is not known"], []),
    ("a check that finds all", ["check", *BAD, *MEMORY], 1,
     ["replicas disagree: the supersection at da 80000000: 1 of its 16 words are not 81040002",
      "replicas disagree: the large page at da 20010000: 1 of its 16 words are not 80100001",
      "table outside RAM: the second level of da 30000000 is at 70000000",
      "device memory mapped: da 60000000", "nobody owns it: da 70000000"], []),
    ("a check by /proc/iomem", ["check", *BAD, "--iomem", "iomem"], 1, ["device memory mapped: da 60000000", "nobody owns it: da 70000000"], []),
    ("a check of the TLB", ["check", "twice", *GOOD], 1,
     ["overlap: two TLB entries: da 50000000", "by the tables it leads nowhere"], []),
    ("a check of Xen's text", ["check", "xen", *IPU], 1, ["device memory mapped: da 60000000"], []),
    ("no difference", ["diff", *GOOD, "--with", "core", "--with-ttb", "80004000"], 0, [], ["da"]),
    ("guest and shadow", ["diff", "good@80000000", "xen", *IPU, "--with", "xen", "--with-mmu", "55082000"], 1,
     ["- da 20010000 -> ipa 80100000", "- da 80000000", "+ da 60000000 -> ipa 4a000000"], ["da 10000000", "da 20000000"]),
    ("before and after", ["diff", *GOOD, "--with", "bad@80000000", "--with-ttb", "80004000"], 1,
     ["- da 10000000 -> ipa 80000000, size 0x100000", "- da 2001f000 -> ipa 8010f000, size 0x1000",
      "+ da 2001f000 -> ipa 8020f000, size 0x1000", "- da 80f00000 -> ipa 81f00000, size 0x100000"], ["2001e000"]),
    ("registers", ["regs", "regs"], 0,
     ["IRQSTATUS: 00000002  translation fault", "CNTL: 00000006  MMU on, walker on",
      "FAULT_STATUS: 00000009  load or store, write", "A fault waits for its acknowledgement at da 70000123: translation fault",
      "bus error", "not enabled"], []),
    ("registers by Xen", ["regs", "xen", *IPU], 0, ["TTB: 80004000  first level at 80004000"], ["IRQ"]),
]

# Arguments, and the one sentence.
BAD_INPUTS = [
    (["walk", "zzz", *GOOD], "zzz: it is no device address"),
    (["walk", "100000000", *GOOD], "100000000: a device address has 32 bits"),
    (["walk", "0", "good@80000000"], "where do the image's tables begin?"),
    (["walk", "0", "good@80000000", "--ttb", "x"], "x: it is no address"),
    (["walk", "0", "good@80000000", "--ttb", "90000000"], "the table at TTB 90000000 lies outside the image"),
    (["walk", "0", "short@80000000", "--ttb", "80004000"], "the image is too short"),
    (["walk", "0", "empty@80000000", "--ttb", "80004000"], "the table at TTB 80004000 lies outside the image"),
    (["walk", "0", "absent@80000000", "--ttb", "80004000"], "absent@80000000: No such file"),
    (["walk", "0", "absent"], "absent: No such file"),
    (["walk", "0", "short-core", "--ttb", "80004000"], "short-core: it is too short"),
    (["walk", "0", "no-core", "--ttb", "80004000"], "no-core: this ELF file is no core"),
    (["walk", "0", "noise"], "noise: this is no text; a RAM image is named with its address"),
    (["walk", "0", "empty"], "empty: it is neither Linux's"),
    (["walk", "0", "prose"], "prose: it is neither Linux's"),
    (["walk", "0", "nothing"], "nothing: this folder has none of pagetable, tlb, regs"),
    (["walk", "0", "torn"], "torn: line 3 is not one"),
    (["walk", "0", "json"], "json: it begins as JSON does"),
    (["walk", "0", "words-json"], "words-json: it begins as JSON does"),
    (["walk", "0", "flat-core"], "flat-core: this ELF file is no core"),
    (["walk", "0", "xen"], "more than one MMU is some domain's: say which by --mmu: mmu@55082000 (d1), "),
    (["walk", "0", "xen", "--mmu", "nobody"], "no MMU, or more than one, has nobody in its path"),
    (["walk", "0", "xen", "--mmu", "gpu"], "gpu@56000000 is a GPU's: say which directory"),
    (["walk", "0"], "the following arguments are required: INPUT"),
    (["flush"], "invalid choice: 'flush'"),
    (["dump", "--raw", "xen", *IPU], "the input has no words of tables"),
    (["check", *GOOD, "--ram", "5"], "5: it is no window"),
    (["check", *GOOD, "--ram", "5-4"], "5-4: its end is before its beginning"),
    (["check", *GOOD, "--iomem", "zeros"], "zeros: its addresses are all 0"),
    (["check", *GOOD, "--iomem", "prose"], "prose: this is no copy"),
    (["map", *GOOD, "-o", "x.png"], "x.png: its name is to end in .svg or .html"),
    (["map", *GOOD, "-o", "absent/x.svg"], "No such file"),
    (["regs", *GOOD], "the input has no registers"),
]


def run(folder, args):
    return subprocess.run([PROGRAM, *args], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def case(folder, args, status, due, absent):
    done = run(folder, args)
    if done.returncode != status or done.stderr:
        return f"status {done.returncode}: {done.stdout}{done.stderr}"
    missing = [words for words in due if words not in done.stdout] + [words for words in absent if words in done.stdout]
    return f"{missing[0]!r} in: {done.stdout}" if missing else None


def bad_input(folder, args, due):
    done = run(folder, args)
    wrong = (done.returncode != 2 or done.stdout or not done.stderr.startswith("omap-mmu: ")
             or done.stderr.count("\n") != 1 or due not in done.stderr)
    return f"status {done.returncode}: {done.stdout}{done.stderr}" if wrong else None


def a_dump_is_an_input(folder):
    """Both forms, and Linux's, say the same as what they were made of."""
    for name, form in (("text", []), ("dumped", ["--json"]), ("linux", ["--debugfs"])):
        (folder / name).write_text(run(folder, ["dump", *GOOD, *form]).stdout, encoding="ascii")
        if run(folder, ["diff", *GOOD, "--with", name]).returncode:
            return f"{name} says something else"
    found = json.loads((folder / "dumped").read_text(encoding="ascii"))["ranges"]
    return None if found[0]["da"] == 0x10000000 and len(found) == 4 else f"{found}"


def help_of_each(folder):
    for command in (), ("walk",), ("dump",), ("check",), ("diff",), ("map",), ("regs",):
        done = run(folder, [*command, "--help"])
        if done.returncode or "usage: omap-mmu" not in done.stdout:
            return done.stdout + done.stderr
    return None


def rectangles_cover_ranges(_folder):
    """Of ranges that begin and end anywhere: each page once, where the page's script looks for it."""
    for first, last in ((0, 0), (1, 14), (15, 16), (250, 260), (255, 256 * 70 + 3), (256 * 63, 256 * 200 - 1), (5, 256 * 4096 - 1)):
        drawn = [(x + i, y + j) for x, y, w, h in picture.rectangles(first * 4096, (last - first + 1) * 4096)
                 for i in range(w) for j in range(h)]
        due = {(slot % 64 * 16 + page % 16, slot // 64 * 16 + page % 256 // 16)
               for page in range(first, last + 1) for slot in [page // 256]}
        if len(drawn) != len(due) or set(drawn) != due:
            return f"pages {first} to {last}: {len(drawn)} are drawn, {len(due)} are due"
    return None


def condemned_ranges_lead_nowhere(folder):
    (folder / "condemned").write_text(XEN.replace(", hidden", ", condemned"), encoding="ascii")
    wrong = case(folder, ["walk", "20000010", "condemned", *IPU], 1, ["Xen has given it up"], ["-> ipa 80005010"])
    return wrong or case(folder, ["dump", "condemned", *IPU], 0, ["pages of 0x1000, condemned"], [])


def a_closed_pipe_is_no_error(folder):
    """Who reads has gone before anything is printed; output is not written at once."""
    reader, writer = os.pipe()
    os.close(reader)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with os.fdopen(writer, "w") as out:
        done = subprocess.run([PROGRAM, "dump", *GOOD], cwd=folder, stdout=out, stderr=subprocess.PIPE,
                              text=True, env=environment)
    return f"status {done.returncode}: {done.stderr}" if done.returncode != 141 or done.stderr else None


def a_name_of_another_encoding(folder):
    name = os.fsencode(folder / "g") + b"\xff"
    with open(name, "wb") as out:
        out.write((folder / "good").read_bytes())
    done = run(folder, ["map", "-o", "odd.svg", name + b"@80000000", "--ttb", "80004000"])
    return None if done.returncode == 0 and not done.stderr else done.stderr


def pictures(folder):
    for name in ("map.svg", "map.html"):
        done = run(folder, ["map", "xen", *IPU, "-o", name])
        if done.returncode or done.stdout != f"{name}\n":
            return done.stdout + done.stderr
    tree = xml.etree.ElementTree.parse(folder / "map.svg")
    titles = [e.text for e in tree.iter("{http://www.w3.org/2000/svg}title")]
    if not any("da 60000000" in title for title in titles):
        return f"the SVG has {titles}"
    text = (folder / "map.html").read_text(encoding="utf-8")
    if re.search(r"@[A-Z]+@|(?:src|href)=|url\((?!#)", text):
        return "the page is not whole, or needs another file"
    data = json.loads(re.search(r"const ranges = (.*?)\.sort", text)[1])
    return None if [r[4] for r in data] == ["ram", "hidden", "device"] else f"the page has {data}"


def torn_input_is_a_mistake(folder):
    """Bytes that were changed by chance: all works, or is told; nothing else is raised."""
    rng = random.Random(1)
    for name, args in (("xen", {"mmu": "55082000"}), ("tlb", {}), ("regs", {}), ("linux", {}), ("dumped", {}),
                       ("text", {}), ("core", {"ttb": TTB})):
        whole = (folder / name).read_bytes()
        for n in range(150):
            near = rng.choice((90, 900))     # most of what matters is at the beginning
            torn = bytearray(whole[:rng.randrange(1, min(near, len(whole)))] if n % 5 == 0 else whole)
            for _ in range(rng.randrange(4)):
                torn[rng.randrange(min(len(torn), near))] = rng.choice(b"\0\n 0f:x{[]\"\xff") if n % 2 else rng.randrange(256)
            (folder / "torn-input").write_bytes(torn)
            try:
                space = inputs.read_space([str(folder / "torn-input")], **args)
                space.walk(0x20000000)
                list(findings.find(space, findings.Owned()))
                picture.page(space, findings.Owned(), "torn")
            except addresses.Mistake:
                pass
    return None


def registers_have_the_cores_names(_folder):
    header = (ROOT / "core/omap_regs.h").read_text(encoding="ascii")
    due = re.findall(r"^    R\((\w+),", header, re.M)
    return None if list(registers.WORDS) == due else f"{registers.WORDS.keys()}, not {due}"


def main():
    tests = [(name, lambda folder, c=rest: case(folder, *c)) for name, *rest in CASES]
    tests += [(f"bad input: {' '.join(args)}", lambda folder, a=args, d=due: bad_input(folder, a, d)) for args, due in BAD_INPUTS]
    tests += [("what dump prints is an input", a_dump_is_an_input), ("help", help_of_each),
              ("torn input", torn_input_is_a_mistake), ("rectangles cover ranges", rectangles_cover_ranges), ("pictures", pictures),
              ("condemned ranges lead nowhere", condemned_ranges_lead_nowhere), ("a closed pipe", a_closed_pipe_is_no_error),
              ("a name of another encoding", a_name_of_another_encoding),
              ("registers have the core's names", registers_have_the_cores_names)]
    print(f"1..{len(tests)}")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        make_files(Path(folder))
        for name, test in tests:
            wrong = test(Path(folder))
            print(f"{'not ok' if wrong else 'ok'} - tool: {name}" + (f": {wrong}".replace("\n", " | ") if wrong else ""), flush=True)
            failed += bool(wrong)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
