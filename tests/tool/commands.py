#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""omap-mmu's commands on inputs of each kind, made by hand: what they print, and their exit
status; and input that is bad, which is told in one sentence: TAP."""
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree

sys.dont_write_bytecode = True

from samples import (BAD, GOOD, IPU, MAPPED, MEMORY, BOTH, PROGRAM, ROOT, XEN, bad_input, case,
                     judge, run, start)

import debug_key
import registers

# What it shows, arguments, exit status, what must be printed, and what must not.
CASES = [
    ("a walk of a section", ["walk", "10012345", *GOOD], 0,
     ["TTB: 80004000", "at 80004400: 80000002, section", "-> ipa 80012345\n"], ["maddr"]),
    ("a walk of a small page", ["walk", "0x20000010", *GOOD], 0,
     ["at 80004800: 80008001, table at 80008000", "at 80008000: 80005002, small page",
      "-> ipa 80005010\n"], []),
    ("a walk of a large page", ["walk", "2001f004", *GOOD], 0, ["large page", "-> ipa 8010f004\n"],
     []),
    ("a walk of a supersection", ["walk", "80f00004", *GOOD], 0,
     ["supersection", "-> ipa 81f00004\n"], []),
    ("a walk that ends at the first level", ["walk", "0", *GOOD], 1,
     ["00000000, maps nothing", "it leads nowhere: translation fault"], ["second"]),
    ("a walk that ends at the second level", ["walk", "20001000", *GOOD], 1,
     ["second-level word at 80008004: 00000000, maps nothing", "translation fault"], []),
    ("a walk to a table outside RAM", ["walk", "30000000", *BAD, *MEMORY], 1,
     ["second-level word at 70000000: it lies outside the image", "table walk fault"], []),
    ("a walk to nobody's", ["walk", "70000000", *BAD, *MEMORY], 0,
     ["-> ipa f0000000\n# nobody owns ipa f0000000\n"], []),
    ("a walk to a device", ["walk", "60000004", *BAD, "--iomem", "iomem"], 0,
     ["# device memory is at ipa 4a000004\n"], []),
    ("a core", ["walk", "10000000", "core", "--ttb", "80004000"], 0, ["-> ipa 80000000"], []),
    ("tables of hardware", ["walk", "10000000", *GOOD, "--machine"], 0, ["-> maddr 80000000"],
     ["ipa"]),
    ("TTB from Linux's regs", ["walk", "10000000", "good@80000000", "regs"], 0, ["TTB: 80004000"],
     []),
    ("a folder of Linux's", ["walk", "50000010", "mmu", *GOOD], 0, ["TLB entry", "-> ipa 80001010"],
     []),
    ("an MMU that is off", ["walk", "123000", "off", *GOOD], 0,
     ["the MMU is off", "-> ipa 00123000"], []),
    ("a walker that is off", ["walk", "10000000", "no-walker", "tlb", *GOOD], 1, ["TLB miss"], []),
    ("two TLB entries", ["walk", "50000010", "twice", *GOOD], 1, ["multi-hit fault"], []),
    ("Xen's text", ["walk", "10000010", "xen", *IPU], 0, ["-> ipa 80000010 -> maddr 90000010"], []),
    ("Xen's text with the guest's tables", ["walk", "20000010", "xen", "good@80000000", *IPU], 0,
     ["TTB: 80004000", "small page", "Xen's shadow: da 20000000", "hidden",
      "-> ipa 80005010 -> maddr 90005010"], []),
    ("what Xen has not filled yet", ["walk", "2001f004", "xen", "good@80000000", *IPU], 0,
     ["it does not hold it", "at the first access", "-> ipa 8010f004\n"], []),
    ("what Xen denied", ["walk", "70000123", "xen", *IPU], 1,
     ["Xen denied ipa f0000000: the guest has no memory there"], []),
    ("what is not in the shadow", ["walk", "71000000", "xen", *IPU], 1, ["a cache"], ["denied"]),
    ("an MMU that nobody has", ["walk", "0", "xen", "--mmu", "4a066000"], 1,
     ["no domain has this MMU", "in quarantine"], []),
    ("a GPU's directory", ["walk", "10", "xen", "--mmu", "gpu@56000000:1"], 0,
     ["-> ipa 80050010 -> maddr 90050010"], []),
    ("a dump", ["dump", *GOOD], 0, [
        "da 10000000 -> ipa 80000000, size 0x100000, pages of 0x100000\n"
        "da 20000000 -> ipa 80005000, size 0x1000, pages of 0x1000\n"
        "da 20010000 -> ipa 80100000, size 0x10000, pages of 0x10000\n"
        "da 80000000 -> ipa 81000000, size 0x1000000, pages of 0x1000000\n"], []),
    ("a dump with machine addresses", ["dump", "xen", "good@80000000", *IPU], 0,
     ["da 10000000 -> ipa 80000000 -> maddr 90000000, size 0x100000",
      "da 80000000 -> ipa 81000000, size"], []),
    ("a dump of Xen's text", ["dump", "xen", *IPU], 0,
     ["pages of 0x1000, hidden\n", "pages of 0x100000, mmio\n"], []),
    ("a raw dump", ["dump", "--raw", *BAD], 2,
     ["1: da 20000000 at 80004800: 80008001, table\n",
      "2: da 2001f000 at 8000807c: 80200001, large page -> 8020f000, 64 KiB\n",
      "2: da 30000000 at 70000000: outside the image\n"], []),
    ("a dump as Linux's", ["dump", "--debugfs", *GOOD], 0,
     ["L:      da:     pte:\n--------------------------\n1: 0x10000000 0x80000002\n"
      "2: 0x20000000 0x80005002\n"], []),
    ("a check that finds nothing", ["check", *GOOD, *MEMORY], 0, [], ["#", "da"]),
    ("a check that does not know the memory", ["check", *GOOD], 0,
     ["# which addresses are owned is not known"], []),
    ("a check that finds all", ["check", *BAD, *MEMORY], 1,
     ["replicas disagree: the supersection at da 80000000: 1 of its 16 words are not 81040002",
      "replicas disagree: the large page at da 20010000: 1 of its 16 words are not 80100001",
      "table outside RAM: the second level of da 30000000 is at 70000000",
      "device memory mapped: da 60000000", "nobody owns it: da 70000000"], []),
    ("a check by /proc/iomem", ["check", *BAD, "--iomem", "iomem"], 1,
     ["device memory mapped: da 60000000", "nobody owns it: da 70000000"], []),
    ("a check by /proc/iomem of a console", ["check", *BAD, "--iomem", "iomem-console"], 1,
     ["device memory mapped: da 60000000", "nobody owns it: da 70000000"], []),
    ("a check of the TLB", ["check", "twice", *GOOD], 1,
     ["overlap: two TLB entries: da 50000000", "by the tables it leads nowhere"], []),
    ("a check of Xen's text", ["check", "xen", *IPU], 1, ["device memory mapped: da 60000000"], []),
    ("no difference", ["diff", *GOOD, "--with", "core", "--with-ttb", "80004000"], 0, [], ["da"]),
    ("guest and shadow",
     ["diff", "good@80000000", "xen", *IPU, "--with", "xen", "--with-mmu", "55082000"], 1,
     ["- da 20010000 -> ipa 80100000", "- da 80000000", "+ da 60000000 -> ipa 4a000000"],
     ["da 10000000", "da 20000000"]),
    ("hardware's tables and Xen's text",
     ["diff", "--machine", "--ttb", "80004000", "hardware@80000000", "--with", "shown",
     "--with-mmu", "55082000"], 0, [], ["da"]),
    ("before and after", ["diff", *GOOD, "--with", "bad@80000000", "--with-ttb", "80004000"], 1,
     ["- da 10000000 -> ipa 80000000, size 0x100000", "- da 2001f000 -> ipa 8010f000, size 0x1000",
      "+ da 2001f000 -> ipa 8020f000, size 0x1000", "- da 80f00000 -> ipa 81f00000, size 0x100000"],
     ["2001e000"]),
    ("registers", ["regs", "regs"], 0,
     ["IRQSTATUS: 00000002  translation fault", "CNTL: 00000006  MMU on, walker on",
      "FAULT_STATUS: 00000009  load or store, write",
      "A fault waits for its acknowledgement at da 70000123: translation fault",
      "bus error", "not enabled"], []),
    ("a walker that is off, by the shadow", ["walk", "10000010", "xen-no-walker", *IPU], 0,
     ["the walker is off", "Xen: da 10000000", "-> ipa 80000010 -> maddr 90000010"], ["TLB miss"]),
    ("a walker that is off, and a shadow that has nothing",
     ["walk", "71000000", "xen-no-walker", *IPU], 1,
     ["it is not in Xen's shadow"], ["TLB miss"]),
    ("a TLB without entries", ["walk", "10000000", "no-walker", "no-tlb", *GOOD], 1, ["TLB miss"],
     []),
    ("a TLB of hardware's", ["walk", "50000010", "tlb", *GOOD, "--machine"], 0,
     ["-> maddr 80001010"], ["ipa"]),
    ("an MMU that is off, by Xen", ["walk", "80000000", "xen-off", *IPU], 0,
     ["the MMU is off", "-> ipa 80000000 -> maddr 90000000"], []),
    ("an IPA between two that Xen tells", ["walk", "50000010", "xen-off", *IPU], 0,
     ["-> ipa 50000010\n"], ["maddr"]),
    ("what Xen may not have told", ["walk", "71000000", "much", *IPU], 1,
     ["# Xen did not tell all ranges"], []),
    ("a core that has the same twice", ["walk", "20000010", "two-segments", "--ttb", "80004000"], 0,
     ["-> ipa 80005010"], []),
    ("lines of a serial console", ["walk", "10000010", "crlf", *IPU], 0,
     ["-> ipa 80000010 -> maddr 90000010"], []),
    ("Linux's text of a serial console", ["walk", "20000010", "linux-crlf"], 0, ["-> ipa 80005010"],
     []),
    ("options between inputs",
     ["walk", "--ttb", "80004000", "10000000", "good@80000000", "--machine", "tlb"], 0,
     ["-> maddr 80000000"], []),
    ("a log that lost lines, by --torn", ["walk", "10000010", "cut", *IPU, "--torn"], 0,
     ["-> ipa 80000010",
      '# the log has lost lines of mmu@55082000: the counters "shadow" are missing'], []),
    ("a dump of a log that lost lines", ["dump", "cut", *IPU, "--torn"], 2,
     ["da 10000000", "# the log has lost lines"], []),
    ("a check of a log that lost lines",
     ["check", "cut", *IPU, "--torn", "--ram", "80000000-9fffffff", "--device", "0-ffffffff"], 1,
     ["# not looked at: the log has lost lines"], []),
    ("a difference to a log that lost lines",
     ["diff", "mapped", "--with", "cut", "--with-mmu", "55082000", "--with-torn"], 1,
     ["# second: the log has lost lines"], []),
    ("registers of a log that lost lines", ["regs", "cut", *IPU, "--torn"], 0,
     ["# the log has lost lines"], []),
    ("a GPU whose end is lost is another MMU", ["walk", "10000010", "no-gpu-audit", *IPU], 0,
     ["-> ipa 80000010"], []),
    ("a check of an MMU that is not in quarantine", ["check", "guard", "--mmu", "4a066000"], 1,
     ["Xen says of mmu@4a066000: NOT IN QUARANTINE"], []),
    ("a check of an MMU that cannot be used", ["check", "unusable", "--mmu", "4a066000"], 1,
     ["cannot be used: it has no interrupt"], []),
    ("a check of Xen's audit", ["check", "audit", *IPU], 1,
     ["Xen's audit of mmu@55082000: a leaf is not aligned"], []),
    ("a check of half an audit", ["check", "half-audit", "--mmu", "gpu:0"], 2,
     ["# not looked at: Xen's audit is incomplete"], []),
    ("a check of a GPU", ["check", "xen", "--mmu", "gpu:0"], 0, [], ["not looked at"]),
    ("a check of an MMU in quarantine", ["check", "xen", "--mmu", "4a066000"], 2,
     ["# not looked at: no domain has mmu@4a066000, so Xen tells nothing of it but: in quarantine"],
     []),
    ("a check of what Xen did not tell whole", ["check", "much", *IPU], 1,
     ["# not looked at: Xen did not tell all ranges"], []),
    ("a check of an MMU that was released", ["check", "gone", *IPU], 1,
     ["# not looked at: the domain lost the MMU"], []),
    ("a check of an image without its tables", ["check", "half@80000000", "--ttb", "80004000"], 2,
     ["# not looked at: the second level of da 20000000 lies outside the image"], []),
    ("a dump of an image without its tables", ["dump", "half@80000000", "--ttb", "80004000"], 2,
     ["da 10000000", "# the second level of da 20000000 lies outside the image"], []),
    ("a picture of an image without its tables",
     ["map", "half@80000000", "--ttb", "80004000", "-o", "half.svg"], 2,
     ["half.svg\n", "# the second level of da 20000000 lies outside the image"], []),
    ("a raw dump of an image without its tables",
     ["dump", "--raw", "half@80000000", "--ttb", "80004000"], 2,
     ["1: da 10000000", "2: da 20000000 at 80008000: outside the image"], []),
    ("a dump of what Xen did not tell whole", ["dump", "much", *IPU], 2,
     ["da 10000000", "# Xen did not tell all ranges"], []),
    *((f"text as a console leaves it: {name}", ["walk", "10000010", name, *more], 0,
       ["-> ipa 80000010"], ["#"])
      for name, more in (("xen-blanks", IPU), ("xen-bom", IPU), ("xen-colours", IPU),
                         ("linux-bom", []), ("linux-blanks", []), ("linux-blank", []),
                         ("shell-linux", []))),
    ("registers behind a shell's line", ["regs", "shell-regs"], 0, ["REVISION", "GP_REG"], []),
    ("TLB entries behind a shell's line", ["dump", "shell-tlb"], 0, ["da 50000000"], []),
    ("a pagetable without entries", ["dump", "head-alone"], 0,
     ["# nothing is mapped\n", "# note: Linux's pagetable has no entry"], []),
    ("the first mapping", ["diff", "head-alone", "--with", "linux"], 1,
     ["+ da 10000000", "+ da 20000000", "# Linux's pagetable has no entry"], []),
    ("a walk without entries", ["walk", "0", "head-alone"], 1,
     ["translation fault", "# Linux's pagetable has no entry"], []),
    ("a first level that is not aligned",
     ["walk", "10000000", "good@80000000", "--ttb", "80003f80"],
     1, ["# the first level at 80003f80 is not aligned to 16 KiB"], []),
    ("a check of one that is not aligned", ["check", "good@80000000", "--ttb", "80003f80"], 0,
     ["# the first level at 80003f80 is not aligned to 16 KiB"], []),
    ("led around", ["walk", "90000000", "around", "good@80000000", *IPU], 0,
     ["Xen: led around", "as it is", "-> ipa 90000000\n"], ["TTB"]),
    ("led around, where a denial was of another IPA", ["walk", "70000123", "around", *IPU], 0,
     ["-> ipa 70000123\n"], ["Xen denied"]),
    ("led around, hardware's tables",
     ["walk", "10000000", "around", "hardware@80000000", *IPU, "--machine", "--ttb", "80004000"], 0,
     ["-> maddr 90000000"], ["ipa 10000000 "]),
    *((f"{command} of what is led around", [command, "around", *IPU], status,
       ["Xen: led around", "whatever is mapped"], [])
      for command, status in (("dump", 0), ("check", 1))),
    ("a shadow of an MMU that is off", ["dump", "xen-off", *IPU], 0,
     ["# note: the MMU is off by CNTL"],
     []),
    ("a fault that waits", ["walk", "70000fff", "stalled", *IPU], 1,
     ["Xen: stalled by a fault of the guest's: at da 70000123: translation fault",
      "it leads nowhere: a fault waits there",
      "until the guest acknowledges it: translation fault"],
     ["denied"]),
    ("a fault that waits elsewhere", ["walk", "10000010", "stalled", *IPU], 0,
     ["Xen: stalled by a fault of the guest's: at da 70000123", "-> ipa 80000010"], []),
    ("a fault that waits, and tables", ["walk", "20001004", "stalled-elsewhere", *IPU,
                                        "good@80000000"], 1,
     ["second-level word", "a fault waits there"], []),
    *((f"a state: {words}", ["walk", "10000010", name, *IPU], status,
       [f"Xen: {words}: ", *more], [])
      for name, words, status, more in (
          ("held", "no core runs", 0, ["-> ipa"]), ("parked", "filling", 0, ["-> ipa"]),
          ("parked", "parked on the empty table", 0, ["-> ipa"]),
          ("not-touched", "waiting for its guest to set it up", 0, []),
          ("stalled-by-none", "stalled without a fault of the guest's", 0, []),
          ("serving", "serving a fault", 0, []))),
    ("a dump of an MMU that was released", ["dump", "released", *IPU], 0,
     ["# note: Xen: released: hardware walks nothing of this"], []),
    ("an MMU that was released", ["walk", "10000010", "released", *IPU], 1,
     ["it leads nowhere: mmu@55082000 was released"], []),
    ("what is not in a GPU's mirror", ["walk", "5000", "xen", "--mmu", "gpu:1"], 1,
     ["it is not in Xen's mirror", "at its last doorbell"],
     ["accessed", "shadow", "doorbells wait"]),
    ("a GPU in reset", ["walk", "10", "gpu-reset", "--mmu", "gpu:1"], 0,
     ["Xen: in reset until its guest resets it", "Xen: doorbells that wait: 3"], []),
    ("an image in two pieces",
     ["check", "half@80000000", "second-half@80008000", "--ttb", "80004000", *MEMORY], 0, [],
     ["#"]),
    ("a check of an MMU that is off", ["check", "off", *GOOD, *MEMORY], 0,
     ["# the MMU is off by CNTL"], []),
    ("a check of a walker that is off", ["check", "no-walker", *GOOD, *MEMORY], 0,
     ["# the walker is off by CNTL"], []),
    ("a check by devices alone", ["check", *BAD, "--device", "4a000000-4affffff"], 1,
     ["device memory mapped: da 60000000", "# which RAM is owned is not known"], ["nobody"]),
    ("an attribute is a difference", ["diff", "attributes-1", "--with", "attributes-2"], 1,
     ["attributes 01", "attributes 112"], []),
    ("device memory is a difference", ["diff", "mapped", "--with", "as-device"], 1, [", mmio"], []),
    ("what Xen has given up is a difference", ["diff", "mapped", "--with", "given-up"], 1,
     [", condemned"], []),
    ("what hides is no difference",
     ["diff", "xen", *IPU, "--with", "xen", "--with-mmu", "55082000"], 0, [], ["da"]),
    ("device memory by Xen, of the guest's tables", ["dump", "as-device"], 0, [", mmio"], []),
    ("attributes and pages", ["dump", "both"], 0, [BOTH], []),
    ("registers of the TLB", ["regs", "cam-ram"], 0,
     ["da 50000000, 4 KiB, valid, preserved",
      "address 80001000, big endian, elements of 32 bits, mixed",
      "READ_RAM: 80001080  address 80001000, little endian, elements of 16 bits\n"], []),
    ("registers by Xen", ["regs", "xen", *IPU], 0, ["TTB: 80004000  first level at 80004000"],
     ["FAULT_PC"]),
]

# Arguments, and the one sentence.
BAD_INPUTS = [
    (["walk", "zzz", *GOOD], "zzz is not a device address"),
    (["walk", "100000000", *GOOD], "100000000: a device address has 32 bits"),
    (["walk", "0", "good@80000000"], "where do the image's tables begin?"),
    (["walk", "0", "good@80000000", "--ttb", "x"], "x is not an address"),
    (["walk", "0", "good@80000000", "--ttb", "90000000"],
     "the table at TTB 90000000 lies outside the image"),
    (["walk", "0", "short@80000000", "--ttb", "80004000"], "the image is too short"),
    (["walk", "0", "empty@80000000", "--ttb", "80004000"],
     "the table at TTB 80004000 lies outside the image"),
    (["walk", "0", "absent@80000000", "--ttb", "80004000"], "absent@80000000: No such file"),
    (["walk", "0", "absent"], "absent: No such file"),
    (["walk", "0", "short-core", "--ttb", "80004000"], "short-core: it is too short"),
    (["walk", "0", "no-core", "--ttb", "80004000"], "no-core: this ELF file is not a core"),
    (["walk", "0", "noise"], "noise is not a text; a RAM image is named with its address"),
    (["walk", "0", "empty"], "empty: it is neither Linux's"),
    (["walk", "0", "prose"], "prose: it is neither Linux's"),
    (["walk", "0", "nothing"], "nothing: this folder has none of pagetable, tlb, regs"),
    (["walk", "0", "torn"], "torn: line 3 is not one"),
    (["walk", "0", "json"], "json: it begins as JSON does"),
    (["walk", "0", "words-json"], "words-json: it begins as JSON does"),
    (["walk", "0", "flat-core"], "flat-core: this ELF file is not a core"),
    (["walk", "0", "xen"],
     "more than one MMU is some domain's: say which by --mmu: mmu@55082000 (d1), "),
    (["walk", "0", "xen", "--mmu", "nobody"], "no MMU, or more than one, has nobody in its path"),
    (["walk", "0", "xen", "--mmu", "gpu:zz"], "zz is not the number of a directory of gpu@56000000"),
    (["walk", "0", "xen", "--mmu", "gpu"], "gpu@56000000 is a GPU's: say which directory"),
    (["walk", "0"], "the following arguments are required: INPUT"),
    (["flush"], "invalid choice: 'flush'"),
    (["dump", "--raw", "xen", *IPU], "the input has no words of tables"),
    (["check", *GOOD, "--ram", "5"], "5 is not a window"),
    (["check", *GOOD, "--ram", "5-4"], "5-4: its end is before its beginning"),
    (["check", *GOOD, "--iomem", "zeros"], "zeros: its addresses are all 0"),
    (["check", *GOOD, "--iomem", "prose"], "prose is not a copy"),
    *((["check", *GOOD, "--iomem", name], f"{name} is not a copy")
      for name in ("iomem-odd", "iomem-long")),
    (["check", *GOOD, "--iomem", "/dev/zero"], "/dev/zero is not a copy"),
    (["map", *GOOD, "-o", "x.png"], "x.png: its name is to end in .svg or .html"),
    (["map", *GOOD, "-o", "absent/x.svg"], "absent/x.svg: No such file"),
    (["map", *GOOD, "-o", "full.svg"], "full.svg: No space left on device"),
    (["walk", "10000000", "no-walker", *GOOD],
     "the walker is off, so that TLB entries count alone, and no input has them"),
    (["walk", "0", "regs"], "the input has registers alone"),
    (["check", "regs"], "the input has registers alone"),
    (["dump", "regs"], "the input has registers alone"),
    (["map", "regs", "-o", "x.svg"], "the input has registers alone"),
    (["diff", *GOOD, "--with", "regs"], "the input has registers alone"),
    *((["dump", "xen", "--mmu", "4a066000", *form],
       "no domain has mmu@4a066000, so Xen tells nothing of it but: in quarantine")
      for form in ([], ["--json"])),
    (["map", "xen", "--mmu", "4a066000", "-o", "x.svg"], "no domain has mmu@4a066000"),
    (["diff", *GOOD, "--with", "xen", "--with-mmu", "4a066000"], "no domain has mmu@4a066000"),
    (["regs", "xen", "--mmu", "4a066000"], "Xen says of mmu@4a066000: in quarantine"),
    (["walk", "0", "cut", *IPU],
     'the log has lost lines of mmu@55082000: the counters "shadow" are missing'),
    (["walk", "0", "no-gpu-audit", "--mmu", "gpu:0"], "it ends before its audit"),
    (["walk", "0", "xen", "--mmu", "55082000:0"], "mmu@55082000 is not a GPU"),
    (["walk", "0", "nowhere"],
     "nowhere: 'da 10000000, size 0x1000' is not a line of a dump"),
    (["dump", "wide"], "size 0x2000' is not a line"),
    (["dump", "odd"], "size 0x1000' is not a line"),
    (["dump", "none"], "size 0x0' is not a line"),
    (["diff", "crossing", "--with", "mapped"], "what overlaps cannot be compared"),
    (["diff", "mapped", "--with", "crossing"], "what overlaps cannot be compared"),
    (["walk", "0", "nowhere-json"], "what is at da 0 is not a range: it leads nowhere"),
    (["dump", "mark-json"], "it has marks that are not known"),
    (["dump", "page-json"], "it has pages of a size"),
    (["dump", "true-json"], "an address or a size is not a multiple"),
    (["dump", "text-json"], "it begins as JSON does"),
    (["dump", "big-json"], "its attributes are not those of a page"),
    (["dump", "half-head"], "half-head: it ends within its head"),
    (["regs", "piece-of-regs"], "piece-of-regs: line 1 is not one"),
    (["regs", "odd-regs"], "odd-regs: FOO_AD is not a register of an OMAP MMU"),
    (["dump", "piece-of-linux"], "piece-of-linux: line 1 is not one"),
    (["dump", "linux-twice"], "an address is there twice"),
    (["dump", "linux-odd"], "no entry of level 1 begins at da 10001000"),
    (["dump", "no-dashes"], "no-dashes: line 2 is not one"),
    (["regs", "regs-twice"], "a register is there twice"),
    (["walk", "0", "good@80000000", "--ttb", "180004000"], "180004000: a TTB has 32 bits"),
    (["walk", "0", "good@80000000", "--ttb", "80004001"],
     "80004001: tables do not begin there, but at a multiple of 80"),
    (["walk", "0", *GOOD, "--ttb", "80004000"], "--ttb is given twice"),
    (["walk", "0", "regs", "regs", *GOOD], "regs and regs are both registers"),
    (["walk", "0", "mmu", "tlb", *GOOD], "mmu/tlb and tlb are both TLBs"),
    (["walk", "0", "xen", "crlf", *IPU], "xen and crlf are both logs with Xen's text"),
    (["walk", "0", *GOOD, "second-half@80008000"],
     "second-half: another input has 80008000 as well"),
    (["walk", "0", *GOOD, "linux-crlf"],
     "a RAM image and a pagetable are given, and each tells by itself what is mapped"),
    (["walk", "0", *GOOD, "mapped"], "a RAM image and a dump are given"),
    (["walk", "0", "good@80000000", "regs", "xen-elsewhere", *IPU],
     "TTB is 80004000 by Linux's regs and 80000000 by Xen's text"),
    (["walk", "0", "mapped", "--ttb", "80004000"], "--ttb says where the tables of an image begin"),
    (["walk", "0", *GOOD, "--mmu", "x"],
     "--mmu names one of Xen's MMUs, and no input is Xen's text"),
    (["walk", "0", *GOOD, "--torn"], "--torn is about Xen's text"),
    (["walk", "0", "mapped", "--machine"], "--machine is about tables"),
    (["walk", "0", "good@80000000", "xen", *IPU, "--machine"],
     "where do the image's tables begin? Say it by --ttb, or name Linux's regs as well"),
    (["check", *GOOD, "--machine", "--ram", "0-ffffffff"],
     "--ram, --device and --iomem are addresses of the guest's"),
    (["map", *GOOD, "--machine", "--device", "0-ffffffff", "-o", "x.svg"],
     "--ram, --device and --iomem are addresses"),
    (["walk", "0", *GOOD, "--mach"], "unrecognized arguments: --mach"),
    (["regs", "regs", "--machine"], "unrecognized arguments: --machine"),
    (["dump", "--debugfs", "half@80000000", "--ttb", "80004000"],
     "the second level of da 20000000 lies outside the image, and Linux's"),
    (["walk", "0", "big-endian", "--ttb", "80004000"], "big-endian: this ELF file is big-endian"),
    (["walk", "0", "/dev/zero"], "/dev/zero: it has more than 64 MiB"),
    (["walk", "0", "/dev/zero@80000000", "--ttb", "80004000"],
     "/dev/zero is not a regular file"),
    (["regs", "good@80000000"], "the input has no registers"),
    (["walk", "30000000", *BAD],
     "the image does not have the second level at 70000000, which da 30000000 needs"),
    (["walk", "30000000", *BAD, "--device", "4a000000-4affffff"],
     "the image does not have the second level"),
    (["walk", "30000000", *BAD, "--device", "70000000-700fffff", "--ram", "80000000-9fffffff"],
     "the image does not have the second level"),
    (["walk", "20000000", "half@80000000", "--ttb", "80004000", *MEMORY],
     "the image does not have the second level at 80008000"),
    *((["walk", "0", "xen", "--mmu", "gpu:1", *more], "gpu@56000000 is a GPU, and the other inputs")
      for more in (GOOD, ["linux-crlf"], ["tlb"], ["regs"])),
    *((["regs", "xen", "--mmu", name], "gpu@56000000 is a GPU, and Xen prints no registers")
      for name in ("gpu", "gpu:1")),
    *((["walk", *words, *GOOD], f"{odd} is neither an option nor an address")
      for words, odd in ((["-ff"], "-ff"), (["-0x10"], "-0x10"), (["--", "-1"], "-1"),
                         (["0", "-x"], "-x"))),
    (["check", *GOOD, "--ram", "-5-6"], "-5-6 is neither an option nor an address"),
    (["dump", "pipe@0", "--ttb", "0"], "pipe is not a regular file"),
    (["dump", "good@80000002", "--ttb", "80004000"], "good: 80000002 is not an address of a word"),
    (["dump", "good@fffffff004", "--ttb", "80004000"], "good: at fffffff004 it would end beyond"),
    (["dump", "good@fffffffffffffff0", "--ttb", "0"], "good: at fffffffffffffff0 it would end"),
    # Empty words.
    (["walk", "", *GOOD], "'' is not a device address"),
    (["walk", "0", ""], "the name of an input is empty"),
    (["diff", *GOOD, "--with", ""], "the name of an input is empty"),
    *((["diff", "good@80000000", option, "", "--with", "mapped"], f"{option} is empty")
      for option in ("--ttb", "--mmu", "--with-ttb", "--with-mmu")),
    (["regs", "xen", "--mmu", ""], "--mmu is empty"),
    *((["check", *GOOD, option, ""], "'' is not a window") for option in ("--ram", "--device")),
    (["check", *GOOD, "--iomem", ""], "--iomem is empty"),
    (["map", *GOOD, "-o", ""], "-o is empty"),
    # Numbers that Xen does not print: the line is not Xen's.
    (["dump", "long-0", *IPU], "no MMU, or more than one, has 55082000"),
    *((["dump", f"long-{n}", *IPU], "has lost lines of mmu@55082000") for n in range(1, 7)),
    *((["dump", f"long-{n}", "--mmu", "gpu:1"], "has lost lines of gpu@56000000")
      for n in range(7, 11)),
]


def a_dump_is_an_input(folder):
    """Both forms, and Linux's, say the same as what they were made of."""
    for name, form in (("text", []), ("dumped", ["--json"]), ("linux", ["--debugfs"])):
        (folder / name).write_text(run(folder, ["dump", *GOOD, *form]).stdout, encoding="ascii")
        if run(folder, ["diff", *GOOD, "--with", name]).returncode:
            return f"{name} says something else"
    found = json.loads((folder / "dumped").read_text(encoding="ascii"))["ranges"]
    return None if found[0]["da"] == 0x10000000 and len(found) == 4 else f"{found}"


def overlaps_are_told_once(folder):
    for args, due in ((["twice"], 1), (["twice", *GOOD], 3), (["crossing"], 1),
                      (["twice", "mapped"], 1)):
        said = run(folder, ["check", *args]).stdout
        found = [line for line in said.splitlines() if line.startswith("overlap: ")]
        if len(found) != due or len(set(found)) != due:
            return f"{args}: {said}"
    return None


def a_dump_of_nothing_is_an_input(folder):
    """Nothing is mapped, and that is known; or it is not. What is noted goes along."""
    for args, form, status, due, told in (
        (["no-tlb"], [], 0, "# nothing is mapped\n", []),
        (["no-tlb"], ["--json"], 0, '"ranges": [', []),
        (["outside@80000000", "--ttb", "80004000"], [], 2,
         "# nothing is mapped, as far as is known\n",
         ["# not looked at: the second level of da 20000000"]),
        (["off", *GOOD], [], 0, "# note: the MMU is off", ["# the MMU is off"])):
        done = run(folder, ["dump", *args, *form])
        (folder / "nothing-much").write_text(done.stdout, encoding="ascii")
        wrong = (done.returncode != status or due not in done.stdout) and done.stdout + done.stderr
        wrong = wrong or case(folder, ["check", "nothing-much"], status, told, ["da 1"])
        if wrong:
            return f"{args}: {wrong}"
    return None


def help_of_each(folder):
    for command in (), ("walk",), ("dump",), ("check",), ("diff",), ("map",), ("regs",):
        done = run(folder, [*command, "--help"])
        if done.returncode or "usage: omap-mmu" not in done.stdout:
            return done.stdout + done.stderr
    return None


def condemned_ranges_lead_nowhere(folder):
    (folder / "condemned").write_text(XEN.replace(", hidden", ", condemned"), encoding="ascii")
    wrong = case(folder, ["walk", "20000010", "condemned", *IPU], 1, ["Xen has given it up"],
                 ["-> ipa 80005010"])
    return wrong or case(folder, ["dump", "condemned", *IPU], 0, ["pages of 0x1000, condemned"], [])


def a_closed_pipe_is_no_error(folder):
    """Who reads has gone before anything is printed; output is not written at once."""
    reader, writer = os.pipe()
    os.close(reader)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with os.fdopen(writer, "w") as out:
        done = subprocess.run([PROGRAM, "dump", *GOOD], cwd=folder, stdout=out,
                              stderr=subprocess.PIPE, text=True, env=environment)
    if done.returncode != 141 or done.stderr:
        return f"status {done.returncode}: {done.stderr}"
    return None


def output_that_cannot_be_written(folder):
    """Full, or closed: one sentence, and nothing of Python's own."""
    for redirect, due in ((">/dev/full", "standard output: No space left"),
                          (">&-", "standard output is closed")):
        for args in ("dump good@80000000 --ttb 80004000", "--help", "walk --help"):
            done = subprocess.run(["sh", "-c", f"exec {PROGRAM} {args} {redirect}"], cwd=folder,
                                  stderr=subprocess.PIPE, text=True)
            if done.returncode != 2 or due not in done.stderr or done.stderr.count("\n") != 1:
                return f"{args} {redirect}: status {done.returncode}: {done.stderr}"
    done = subprocess.run(["sh", "-c", f"exec {PROGRAM} dump absent >&- 2>&-"], cwd=folder)
    if done.returncode != 2:
        return f"all closed: status {done.returncode}"
    done = subprocess.run(["sh", "-c", f"exec {PROGRAM} dump absent 2>/dev/full"], cwd=folder)
    return None if done.returncode == 2 else f"errors cannot be told: status {done.returncode}"


def each_lost_line_is_noticed(folder):
    """Of the IPU's part, but for the last denial, which may be absent."""
    lines = XEN.splitlines(keepends=True)
    first, end = (next(n for n, line in enumerate(lines) if words in line)
                  for words in ("mmu@55082000", "mmu@4a066000"))
    for n in range(first + 1, end):
        if "last denied" in lines[n] or "DOM1" in lines[n]:
            continue
        (folder / "lossy").write_text("".join(lines[:n] + lines[n + 1:]), encoding="ascii")
        if wrong := bad_input(folder, ["dump", "lossy", *IPU], "has lost lines of mmu@55082000"):
            return f"without {lines[n]!r}: {wrong}"
    # The first line of another MMU is lost, and the end of this one: both have registers.
    part = "".join(lines[first + 1:end])
    (folder / "lossy").write_text("".join(lines[:end - 1]) + part, encoding="ascii")
    if wrong := bad_input(folder, ["dump", "lossy", *IPU], "has lost lines of mmu@55082000"):
        return wrong
    # The first line of the later of two parts is lost. Behind that a whole one is as good as any.
    (folder / "lossy").write_text(XEN + part, encoding="ascii")
    wrong = bad_input(folder, ["dump", "lossy", *IPU], "the first line of a later part is missing")
    (folder / "whole").write_text(XEN + part + XEN, encoding="ascii")
    done = start(folder, ["dump", "whole", *IPU])
    return wrong or (done.stderr or None)


def a_name_of_another_encoding(folder):
    name = os.fsencode(folder / "g") + b"\xff"
    with open(name, "wb") as out:
        out.write((folder / "good").read_bytes())
    done = start(folder, ["map", "-o", "odd.svg", name + b"@80000000", "--ttb", "80004000"])
    return None if done.returncode == 0 and not done.stderr else done.stderr


KNOWN = ["ram", "hidden", "device"]
NOT_KNOWN = "# which addresses are owned is not known"


def rows(page):
    """What its script has of each range: in pages, and the kind."""
    names = json.loads(re.search(r"KINDS = (.*?);", page)[1])
    found = json.loads(re.search(r"const ranges = (.*?)\.map", page)[1])
    return [[*r[:4], names[r[4]], *r[5:]] for r in found]


def kinds(folder, *args):
    """Of the ranges of a page, and what is told besides."""
    done = run(folder, ["map", *args, "-o", "kinds.html"])
    text = (folder / "kinds.html").read_text(encoding="utf-8")
    data = rows(text)
    legend = re.findall(r'<i class="box (\w+)">', text)
    return [r[4] for r in data], set(legend), done.stdout.removeprefix("kinds.html\n")


def owners_of_a_picture(folder):
    """Who owns what is said by the user, or by Xen; else it is not known."""
    for args, due, note in (
        (GOOD, ["unknown"] * 4, NOT_KNOWN), ([*GOOD, *MEMORY], ["ram"] * 4, ""),
        ([*BAD[:2], BAD[2], "--device", "4a000000-4affffff"],
         [*["unknown"] * 2, "device", *["unknown"] * 2], "# the second level"),
        (["hardware@80000000", "--ttb", "80004000", "--machine"], ["unknown"] * 2, NOT_KNOWN),
        (["xen", *IPU], KNOWN, ""), (["xen", *IPU, "--device", "0-0"], KNOWN, ""),
        ([*GOOD, "--ram", "80000000-800007ff"], ["ram", *["nobody"] * 4], ""),
        (["off", *GOOD, *MEMORY], ["ram"] * 4, "# the MMU is off")):
        found, legend, told = kinds(folder, *args)
        if found != due or legend != set(due) or (not told.startswith(note) if note else told):
            return f"{args}: {found}, {legend}, {told}"
    return None


def a_picture_is_written_whole(folder):
    """What was there stays until all is written, with its mode, also behind a link."""
    old, link = folder / "old.svg", folder / "link.svg"
    old.write_text("old", encoding="ascii")
    old.chmod(0o640)
    link.symlink_to("old.svg")
    before = sorted(folder.iterdir())
    limited = subprocess.run(["bash", "-c", 'trap "" XFSZ; ulimit -f 1; exec "$@"', "bash", PROGRAM,
                              "map", *GOOD, "-o", "old.svg"], cwd=folder, capture_output=True,
                             text=True)
    if limited.returncode != 2 or "old.svg: File too large" not in limited.stderr:
        return f"status {limited.returncode}: {limited.stdout}{limited.stderr}"
    if old.read_text(encoding="ascii") != "old" or sorted(folder.iterdir()) != before:
        return "the old picture is lost, or a piece of the new one was left"
    run(folder, ["map", *GOOD, "-o", "link.svg"])
    if not link.is_symlink() or "<svg" not in old.read_text(encoding="utf-8"):
        return "it was not written behind the link"
    return None if old.stat().st_mode & 0o777 == 0o640 else f"its mode is {old.stat().st_mode:o}"


def pictures(folder):
    for name in ("map.svg", "map.html"):
        done = run(folder, ["map", "xen", *IPU, "-o", name])
        if done.returncode or done.stdout != f"{name}\n":
            return done.stdout + done.stderr
    tree = xml.etree.ElementTree.parse(folder / "map.svg")
    titles = [e.text for e in tree.iter("{http://www.w3.org/2000/svg}title")]
    if not any("da 60000000" in title for title in titles):
        return f"the SVG has {titles}"
    (folder / "@DRAWING@").write_text(MAPPED, encoding="ascii")
    run(folder, ["map", "@DRAWING@", "-o", "odd.html"])
    if "<h1>da space of @DRAWING@</h1>" not in (folder / "odd.html").read_text(encoding="utf-8"):
        return "the name of a file is taken for the page's own"
    text = (folder / "map.html").read_text(encoding="utf-8")
    if re.search(r"@[A-Z]+@|(?:src|href)=|url\((?!#)", text):
        return "the page is not whole, or needs another file"
    data = rows(text)
    due = [[0x10000, 0x100, 0x80000, 0x90000, "ram"],
           [0x20000, 1, 0x80005, 0x90005, "hidden", "hidden"],
           [0x60000, 0x100, 0x4a000, 0x4a000, "device", "mmio"]]
    return None if data == due else f"the page has {data}"


def registers_are_the_cores(_folder):
    """Their names, and the last ones of both windows, also in the document."""
    header = (ROOT / "core/omap_regs.h").read_text(encoding="ascii")
    found = [(name, int(offset, 16))
             for name, offset in re.findall(r"^    R\((\w+), *(0x\w+),", header, re.M)]
    due = [name for name, _ in found]
    if list(registers.WORDS) != due:
        return f"{registers.WORDS.keys()}, not {due}"
    end = int(re.search(r"OMAP_MMU_WINDOW_OMAP3 (\w+)", header)[1], 16)
    last = [name for name, offset in found if offset < end][-1], due[-1]
    if debug_key.LAST_REGISTERS != last:
        return f"LAST_REGISTERS are {debug_key.LAST_REGISTERS}, not {last}"
    document = (ROOT / "docs/debug-key.md").read_text(encoding="utf-8")
    words = "to `%s` on OMAP3, to `%s` otherwise" % last
    return None if words in document else f"docs/debug-key.md does not say {words!r}"


def main():
    tests = [(name, lambda folder, c=rest: case(folder, *c)) for name, *rest in CASES]
    tests += [(f"bad input: {' '.join(args)}",
               lambda folder, a=args, d=due: bad_input(folder, a, d))
              for args, due in BAD_INPUTS]
    tests += [("what dump prints is an input", a_dump_is_an_input),
              ("overlaps are told once", overlaps_are_told_once),
              ("a dump of nothing is an input", a_dump_of_nothing_is_an_input),
              ("help", help_of_each),
              ("pictures", pictures),
              ("owners of a picture", owners_of_a_picture),
              ("a picture is written whole", a_picture_is_written_whole),
              ("condemned ranges lead nowhere", condemned_ranges_lead_nowhere),
              ("a closed pipe", a_closed_pipe_is_no_error),
              ("output that cannot be written", output_that_cannot_be_written),
              ("each lost line is noticed", each_lost_line_is_noticed),
              ("a name of another encoding", a_name_of_another_encoding),
              ("registers are the core's", registers_are_the_cores)]
    sys.exit(judge(tests))


if __name__ == "__main__":
    main()
