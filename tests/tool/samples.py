# SPDX-License-Identifier: GPL-2.0-only
"""Inputs of each kind for omap-mmu, made by hand; how it is run on them; the tests' frame."""
import collections
import contextlib
import importlib.util
import io
import json
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tool"))

import addresses
import registers

PROGRAM = ROOT / "tool/omap-mmu.py"
MOST_SECONDS = int(os.environ.get("MOST_SECONDS", "300"))
RAM, TTB, L2 = 0x80000000, 0x80004000, 0x80008000
TABLE, SECTION, SUPER, LARGE, SMALL = 1, 2, 2 | 1 << 18, 1, 2

# What the debug key prints of an OMAP3's window; those of Linux's regs have other numbers.
VALUES = {"REVISION": 0x21, "CNTL": 6, "TTB": TTB}
REGISTERS = "".join(f"(XEN)   {name:>12s}: {VALUES.get(name, 0):08x}  reads 3, writes 4\n"
                    for name in list(registers.WORDS)[:18])
XEN = f"""(XEN) Xen version 4.17.5
(XEN) omap-mmu: /ocp/mmu@55082000: d1
(XEN)   running, live
{REGISTERS}DOM1: ready
(XEN)   da 10000000 -> ipa 80000000 -> maddr 90000000, size 0x100000, pages of 0x10000
(XEN)   da 20000000 -> ipa 80005000 -> maddr 90005000, size 0x1000, pages of 0x1000, hidden
(XEN)   da 60000000 -> ipa 4a000000 -> maddr 4a000000, size 0x100000, pages of 0x100000, mmio
(XEN)   ranges: 3
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
(XEN)   ranges: 2
(XEN)   bif: reads=1 writes=1 doorbells=1 lost=0 quiesced=0 held=0 alarms=0
(XEN)   mirror: passes=1 compared=1 changed=1 translated=1 overtaken=0 \
removed=0 parks=0 full=0 denied=0
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
LINUX = """L:      da:     pte:
--------------------------
1: 0x10000000 0x80000002
2: 0x20000000 0x80005002
"""
MAPPED = "da 10000000 -> ipa 80000000 -> maddr 90000000, size 0x1000, pages of 0x1000\n"
GPU_LINE = "da 00000000 -> ipa 80040000 -> maddr 90040000, size 0x3000, attributes %s\n"
BOTH = "da 00000000 -> ipa 80040000, size 0x3000, attributes 01, pages of 0x1000|0x10000, hidden\n"
IOMEM = """4a000000-4affffff : l4
80000000-9fffffff : System RAM
  80008000-80ffffff : Kernel code
"""
STATES = {"around": "running, live, led around", "held": "running, live, no core runs",
          "parked": "running, parked on the empty table, filling",
          "not-touched": "waiting for its guest to set it up, live",
          "stalled-by-none": "stalled without a fault of the guest's, live",
          "serving": "serving a fault, live", "released": "released, live"}
BOM = "\ufeff"
DIGITS = "1" * 5000
LONG = [("d1\n", f"d{DIGITS}\n"), ("reads 3, writes 4", f"reads {DIGITS}, writes 4"),
        ("reads 3, writes 4", f"reads 3, writes {DIGITS}"), ("ranges: 3", f"ranges: {DIGITS}"),
        ("fills=3", f"fills={DIGITS}"), ("raised=1", "raised=\u0661"),
        ("ipa f0000000", f"ipa {DIGITS}"), ("wait: 0", f"wait: {DIGITS}"),
        ("base 7", f"base {DIGITS}"), ("  0: da", f"  {DIGITS}: da"),
        ("mirror: passes=1", f"mirror: passes={DIGITS}")]


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
                 (0x60000000, 0x4a000000 | SECTION), (0x70000000, 0xf0000000 | SECTION),
                 *replicas[:15]],
                [*large[:15], (0x2001f000, 0x80200000 | LARGE)])
    return good, bad


def core(image):
    """An ELF core of 32 bits with that image at RAM."""
    head = struct.pack("<4s5B7x", b"\x7fELF", 1, 1, 1, 0, 0) + struct.pack(
        "<HHIIIIIHHHHHH", 4, 40, 1, 0, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    return head + struct.pack("<8I", 1, 84, 0, RAM, len(image), len(image), 0, 4) + image


def core_of_two(image):
    """As kdump's: what it has of the kernel is there twice."""
    whole = core(image)
    segment = whole[52:84]
    part = struct.pack("<8I", 1, 84 + 32 + 0x8000, 0, RAM + 0x8000, 0x1000, 0x1000, 0, 4)
    first = struct.pack("<8I", 1, 84 + 32, *struct.unpack("<6I", segment[8:]))
    return whole[:44] + b"\2\0" + whole[46:52] + first + part + image


def make_files(folder):
    good, bad = images()
    # Of one MMU, and nothing else.
    alone = XEN[XEN.index("(XEN) omap-mmu"):XEN.index("(XEN) omap-mmu: /ocp/mmu@4a066000")]
    alone = alone.replace("DOM1: ready\n", "")
    stalled = XEN.replace("running, live", "stalled by a fault of the guest's, live")
    stalled = stalled.replace("IRQSTATUS: 00000000", "IRQSTATUS: 00000002")
    stalled = re.sub(r" FAULT_AD: 00000000", " FAULT_AD: 70000123", stalled, count=1)
    shown = "".join(line + "\n" for line in XEN.splitlines() if "hidden" not in line)
    hardware = words([(0x10000000, 0x90000000 | SECTION), (0x60000000, 0x4a000000 | SECTION)])
    files = {"shown": shown.replace("ranges: 3", "ranges: 2"), "hardware": hardware,
             "good": good, "bad": bad, "core": core(good), "short-core": core(good)[:5000],
             "no-core": b"\x7fELF\1\1\1" + bytes(100), "short": good[:0x5000], "empty": b"",
             "noise": bytes(range(256)) * 9,
             "xen": XEN, "regs": REGS, "off": REGS.replace("00000006", "00000000"), "tlb": TLB,
             "no-walker": REGS.replace("00000006", "00000002"),
             "twice": TWICE, "iomem": IOMEM,
             "iomem-odd": IOMEM.replace("80000000-9f", "a0000000-9f"),
             "iomem-long": IOMEM + "a0000000-a0000fff : " + "x" * (2 << 20),
             "iomem-console": BOM + IOMEM.replace("\n", " \x1b[0m\r\n"),
             "zeros": "00000000-00000000 : System RAM\n",
             "prose": "Hello.\n",
             "torn": "L:      da:     pte:\n--------------------------\n1: 0x1000",
             "json": '{"ranges": [{"da": 1}]}',
             "words-json": '{"ranges": [{"da": "1", "size": 4096}]}',
             # More inputs of Xen's.
             "guard": XEN.replace("in quarantine", "NOT IN QUARANTINE"),
             "unusable": XEN.replace("in quarantine",
                                     "not touched, cannot be used: it has no interrupt"),
             "audit": XEN.replace("audit: ok", "audit: a leaf is not aligned"),
             "half-audit": XEN.replace("audit: ok", "audit: incomplete"),
             "gone": XEN.replace("(XEN)   audit: ok",
                                 "(XEN)   the MMU was released meanwhile: ranges and audit "
                                 "are incomplete\n(XEN)   audit: incomplete", 1),
             "much": XEN.replace("(XEN)   shadow:",
                                 "(XEN)   ... more than 64 ranges\n(XEN)   shadow:"),
             "xen-no-walker": XEN.replace("CNTL: 00000006", "CNTL: 00000002"),
             "xen-off": XEN.replace("CNTL: 00000006", "CNTL: 00000000"),
             "xen-elsewhere": XEN.replace("TTB: 80004000", "TTB: 80000000"),
             "cut": XEN[:XEN.index("(XEN)   shadow:")], "crlf": XEN.replace("\n", "\r\n"),
             # States.
             **{name: XEN.replace("running, live", words) for name, words in STATES.items()},
             "stalled": stalled, "stalled-elsewhere": stalled.replace("70000123", "20001000"),
             "gpu-reset": XEN.replace("its guest's, doorbells that wait: 0",
                                      "in reset until its guest resets it, doorbells that wait: 3"),
             # As consoles and editors leave them.
             "xen-blanks": alone.replace("\n", " \t\n"), "linux-bom": BOM + LINUX,
             "xen-bom": BOM + alone.replace("(XEN) ", ""),
             "xen-colours": XEN.replace("(XEN) omap", "(XEN) \x1b[1;31momap")
                               .replace("\n", "\x1b(B\x1b[m\x1b[K\x1b]0;a\x07\n"),
             "linux-blanks": LINUX.replace("\n", " \n"), "linux-blank": "\n" + LINUX,
             **{f"shell-{name}": f"# cat {name}\n\n{text}"
                for name, text in (("linux", LINUX), ("regs", REGS), ("tlb", TLB))},
             "piece-of-regs": "RQENABLE: 000000\n" + REGS, "odd-regs": REGS + "FOO_AD: 00000001\n",
             "piece-of-linux": "2: 0x20000000 0x80005\n" + LINUX, "half-head": LINUX[:20] + "\n",
             # Numbers that Xen does not print.
             **{f"long-{n}": XEN.replace(*words) for n, words in enumerate(LONG)},
             "no-gpu-audit": XEN[:XEN.rindex("(XEN)   audit")],
             "cam-ram": "                 CAM: 5000000e\n                 RAM: 80001340\n"
                        "            READ_RAM: 80001080\n",
             # Of Linux's.
             "linux": LINUX, "linux-crlf": LINUX.replace("\n", "\r\n"),
             "head-alone": LINUX[:LINUX.index("1:")],
             "linux-twice": LINUX + LINUX.splitlines()[-1] + "\n",
             "linux-odd": LINUX.replace("10000000", "10001000"),
             "no-dashes": LINUX.replace("-" * 26, "-" * 25), "regs-twice": REGS + REGS,
             "no-tlb": TLB[:TLB.index("5000")],
             # Dumps.
             "nowhere": "da 10000000, size 0x1000\n",
             "wide": "da fffff000 -> ipa 80000000, size 0x2000\n",
             "odd": "da 10000000 -> ipa 80000001, size 0x1000\n",
             "none": "da 10000000 -> ipa 80000000, size 0x0\n",
             "crossing": "da 10000000 -> ipa 80000000, size 0x2000\n"
                         "da 10001000 -> ipa 80000000, size 0x1000\n",
             "mapped": MAPPED, "as-device": MAPPED.rstrip() + ", mmio\n",
             "given-up": MAPPED.rstrip() + ", condemned\n",
             "attributes-1": GPU_LINE % "01", "attributes-2": GPU_LINE % "112", "both": BOTH,
             "nowhere-json": json.dumps({"ranges": [{"da": 0, "size": 4096}]}),
             "mark-json": json.dumps({"ranges": [{"da": 0, "size": 4096, "ipa": 0,
                                                  "marks": ["x"]}]}),
             "page-json": json.dumps({"ranges": [{"da": 0, "size": 4096, "ipa": 0, "pages": [3]}]}),
             "true-json": json.dumps({"ranges": [{"da": 0, "size": 4096, "ipa": True}]}),
             "text-json": json.dumps({"ranges": [{"da": 0, "size": 4096, "ipa": 0,
                                                  "marks": "mmio"}]}),
             "big-json": json.dumps({"ranges": [{"da": 0, "size": 4096, "ipa": 0,
                                                 "attributes": 4096}]}),
             # Images.
             "outside": words([(0x20000000, 0x70000000 | TABLE)]),
             "half": good[:0x8000], "second-half": good[0x8000:],
             "big-endian": b"\x7fELF\1\2" + core(good)[6:],
             "two-segments": core_of_two(good),
             # Its table of segments has entries of no size.
             "flat-core": core(good)[:42] + b"\0\0" + core(good)[44:]}
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "mmu").mkdir()
    for name in ("regs", "tlb"):
        (folder / "mmu" / name).write_text(files[name], encoding="ascii")
    (folder / "nothing").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "full.svg").symlink_to("/dev/full")


GOOD, BAD = ["good@80000000", "--ttb", "80004000"], ["bad@80000000", "--ttb", "80004000"]
MEMORY = ["--ram", "80000000-9fffffff", "--device", "4a000000-4affffff"]
IPU = ["--mmu", "55082000"]


def load():
    """The program as a module: to start Python for each command takes most of the time."""
    spec = importlib.util.spec_from_file_location("omap_mmu_program", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


program = load()
Done = collections.namedtuple("Done", "returncode stdout stderr")


def run(folder, args):
    """In this process. What is not told as a mistake is raised."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = program.run([str(arg) for arg in args])
        except (addresses.Mistake, OSError) as error:
            program.complain(error)
            status = 2
    return Done(status, out.getvalue(), err.getvalue())


def start(folder, args, **more):
    """In a process of its own."""
    return subprocess.run([PROGRAM, *args], cwd=folder, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, **more)


def case(folder, args, status, due, absent):
    done = run(folder, args)
    if done.returncode != status or done.stderr:
        return f"status {done.returncode}: {done.stdout}{done.stderr}"
    missing = [words for words in due if words not in done.stdout]
    missing += [words for words in absent if words in done.stdout]
    return f"{missing[0]!r} in: {done.stdout}" if missing else None


def bad_input(folder, args, due):
    done = run(folder, args)
    wrong = (done.returncode != 2 or done.stdout or not done.stderr.startswith("omap-mmu: ")
             or done.stderr.count("\n") != 1 or due not in done.stderr)
    return f"status {done.returncode}: {done.stdout}{done.stderr}" if wrong else None


def too_long(_signal, _frame):
    raise RuntimeError(f"it took {MOST_SECONDS} s")


def judged(test, folder):
    """None, or what is wrong; that is also what waits for ever."""
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(MOST_SECONDS)
    try:
        return test(folder)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)


def judge(tests):
    """TAP of (name, test), each called with the folder of the inputs; the exit status."""
    print(f"1..{len(tests)}")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        make_files(Path(folder))
        for name, test in tests:
            wrong = judged(test, Path(folder))
            print(f"{'not ok' if wrong else 'ok'} - tool: {name}"
                  + (f": {wrong}".replace("\n", " | ") if wrong else ""), flush=True)
            failed += bool(wrong)
    return failed > 0
