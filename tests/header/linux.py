#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks core/omap_*.h against Linux's driver of the same MMU: TAP. The core, the
model and the oracle share those headers, so no other test can disagree with it.

An expression of ours and one of Linux's must have one value, in 32 bits. Each name of
either side is in such a pair, or is listed with the reason why it is not.

    linux.py [FOLDER]   other headers in place of those in core/
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "system"))

import board

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "core").resolve()
OURS = [FOLDER / name for name in ("omap_regs.h", "omap_tlb.h", "omap_pt.h")]
IOMMU = Path(board.Files(ROOT).iommu)     # of the guest's Linux
LINUX = [IOMMU / name for name in ("omap-iommu.h", "omap-iopgtable.h", "omap-iommu.c")]

# What Linux's macros take from its other headers.
LINUX_PRELUDE = """
#include <stdint.h>
typedef uint32_t u32;
#define BIT(n) (1UL << (n))
static const u32 ones = ~0u;
"""

OUR_PRELUDE = "\n".join(f'#include "{header}"' for header in OURS) + """
enum {
#define R(name, offset, reset, writable, kind) WRITABLE_##name = (writable),
    OMAP_MMU_REGISTERS(R)
#undef R
};
"""

# Words of the first level, by the bits that tell their kinds.
WORDS = [hex(low | super_) for low in range(4) for super_ in (0, 1 << 18)]

REGISTERS = """REVISION IRQSTATUS IRQENABLE WALKING_ST CNTL FAULT_AD TTB LOCK LD_TLB CAM RAM
    GFLUSH FLUSH_ENTRY READ_CAM READ_RAM EMU_FAULT_AD GP_REG""".split()

# What is compared: ours, Linux's.
GROUPS = {
    "offsets of the registers":
        [(f"MMU_{name}", f"MMU_{name}") for name in REGISTERS]
        + [("OMAP_MMU_WINDOW", "MMU_REG_SIZE")],
    "bits of IRQSTATUS and IRQENABLE": [
        ("IRQ_TLBMISS", "MMU_IRQ_TLBMISS"),
        ("IRQ_TRANSLATIONFAULT", "MMU_IRQ_TRANSLATIONFAULT"),
        ("IRQ_EMUMISS", "MMU_IRQ_EMUMISS"),
        ("IRQ_TABLEWALKFAULT", "MMU_IRQ_TABLEWALKFAULT"),
        ("IRQ_MULTIHITFAULT", "MMU_IRQ_MULTIHITFAULT"),
        ("IRQ_ALL", "MMU_IRQ_MASK"),
        ("IRQ_WALKER_ON", "MMU_IRQ_TWL_MASK"),
        ("WRITABLE_IRQSTATUS", "MMU_IRQ_MASK"),
        ("WRITABLE_IRQENABLE", "MMU_IRQ_MASK"),
    ],
    "bits of CNTL and GP_REG": [
        ("CNTL_MMUENABLE", "MMU_CNTL_MMU_EN"),
        ("CNTL_TWLENABLE", "MMU_CNTL_TWL_EN"),
        ("WRITABLE_CNTL", "MMU_CNTL_MASK"),
        ("WRITABLE_CNTL", "7 << MMU_CNTL_SHIFT"),
        ("WRITABLE_CNTL & ~(CNTL_MMUENABLE | CNTL_TWLENABLE)", "MMU_CNTL_EML_TLB"),
        ("GP_REG_BUS_ERR_BACK_EN", "MMU_GP_REG_BUS_ERR_BACK_EN"),
        ("WRITABLE_GP_REG", "MMU_GP_REG_BUS_ERR_BACK_EN"),
    ],
    "fields of LOCK": [
        ("LOCK_MAKE(0x1f, 0)", "MMU_LOCK_BASE_MASK"),
        ("LOCK_MAKE(0, 0x1f)", "MMU_LOCK_VICT_MASK"),
        ("LOCK_MAKE(1, 0)", "1 << MMU_LOCK_BASE_SHIFT"),
        ("LOCK_MAKE(0, 1)", "1 << MMU_LOCK_VICT_SHIFT"),
        ("WRITABLE_LOCK", "MMU_LOCK_BASE_MASK | MMU_LOCK_VICT_MASK"),
    ] + [(f"LOCK_BASE({word})", f"MMU_LOCK_BASE({word})") for word in ("~0u", "0x0c50", "0x61f0")]
      + [(f"LOCK_VICTIM({word})", f"MMU_LOCK_VICT({word})")
         for word in ("~0u", "0x0c50", "0x61f0")],
    "fields of CAM and RAM": [
        ("CAM_V", "MMU_CAM_V"),
        ("CAM_P", "MMU_CAM_P"),
        ("CAM_VATAG", "MMU_CAM_VATAG_MASK"),
        ("CAM_SIZE(~0u)", "MMU_CAM_PGSZ_MASK"),
        ("WRITABLE_CAM", "MMU_CAM_VATAG_MASK | MMU_CAM_P | MMU_CAM_V | MMU_CAM_PGSZ_MASK"),
        ("RAM_PA", "MMU_RAM_PADDR_MASK"),
        ("WRITABLE_RAM", "MMU_RAM_PADDR_MASK | MMU_RAM_ENDIAN_MASK | MMU_RAM_ELSZ_MASK | "
                         "MMU_RAM_MIXED_MASK"),
    ],
    "sizes of TLB entries":
        [(f"CAM_SIZE_{size}", f"MMU_CAM_PGSZ_{size}") for size in ("1M", "64K", "4K", "16M")]
        + [(f"~0u << cam_page_shift(CAM_SIZE_{size})", f"get_cam_va_mask(MMU_CAM_PGSZ_{size})")
           for size in ("1M", "64K", "4K", "16M")],
    "sizes of the table format": [
        ("PT_PAGE_SHIFT", "IOPTE_SHIFT"),
        ("PT_PAGE_BYTES", "IOPTE_SIZE"),
        ("PT_SLOT_SHIFT", "IOPGD_SHIFT"),
        ("PT_SLOT_BYTES", "IOPGD_SIZE"),
        ("PT_SLOT_SHIFT", "IOSECTION_SHIFT"),
        ("PT_SLOT_BYTES", "IOSECTION_SIZE"),
        ("PT_SLOT_SHIFT + PT_GROUP_SHIFT", "IOSUPER_SHIFT"),
        ("PT_GROUP << PT_SLOT_SHIFT", "IOSUPER_SIZE"),
        ("PT_CHUNK << PT_PAGE_SHIFT", "IOLARGE_SIZE"),
        ("PT_CHUNK << PT_PAGE_SHIFT", "1 << IOLARGE_SHIFT"),
        ("PT_SLOTS", "PTRS_PER_IOPGD"),
        ("PT_PAGES", "PTRS_PER_IOPTE"),
        ("PT_ROOT_BYTES", "IOPGD_TABLE_SIZE"),
        ("PT_TABLE_BYTES", "IOPTE_TABLE_SIZE"),
    ],
    "kinds of words":
        [(f"pt_slot_kind({word}) == {ours}", f"{linux}({word})") for word in WORDS
         for ours, linux in (("PT_TABLE", "iopgd_is_table"), ("PT_SECTION", "iopgd_is_section"),
                             ("PT_SUPERSECTION", "iopgd_is_super"))]
        + [(f"pt_slot_kind({word}) == PT_FAULT",
            f"!iopgd_is_table({word}) && !iopgd_is_section({word}) && !iopgd_is_super({word})")
           for word in WORDS]
        + [(f"pt_page_kind({word}) == {ours}", f"{linux}({word})") for word in range(4)
           for ours, linux in (("PT_SMALL", "iopte_is_small"), ("PT_LARGE", "iopte_is_large"))]
        + [("pt_make(PT_TABLE, 0)", "IOPGD_TABLE"),
           ("pt_make(PT_SECTION, 0)", "IOPGD_SECTION"),
           ("pt_make(PT_SUPERSECTION, 0)", "IOPGD_SUPER"),
           ("pt_make(PT_SMALL, 0)", "IOPTE_SMALL"),
           ("pt_make(PT_LARGE, 0)", "IOPTE_LARGE")],
    "addresses in words": [
        ("pt_address(PT_TABLE, ~0u)", "iopgd_page_paddr(&ones)"),
        ("pt_address(PT_SECTION, ~0u)", "IOSECTION_MASK"),
        ("pt_address(PT_SECTION, ~0u)", "IOPGD_MASK"),
        ("pt_address(PT_SUPERSECTION, ~0u)", "IOSUPER_MASK"),
        ("pt_address(PT_LARGE, ~0u)", "IOLARGE_MASK"),
        ("pt_address(PT_SMALL, ~0u)", "IOPTE_MASK"),
        ("pt_address(PT_SMALL, ~0u)", "IOPAGE_MASK"),
        ("pt_slot_word_addr(0, 0x12345678u >> PT_SLOT_SHIFT)",
         "iopgd_index(0x12345678u) * sizeof(u32)"),
        ("(0x12345678u >> PT_PAGE_SHIFT) % PT_PAGES", "iopte_index(0x12345678u)"),
    ],
}

# Why a name of one side is in no pair.
ONLY_OURS = {
    "Linux's ti-sysc driver, not this one, touches it":
        "MMU_SYSCONFIG MMU_SYSSTATUS SYSCONFIG_SOFTRESET",
    "Linux does not read it": "MMU_FAULT_PC MMU_FAULT_STATUS FAULT_STATUS_INDICATION "
                              "FAULT_STATUS_WRITE WALKING_ST_TWLRUNNING",
    "registers of DRA7's DSPs, which Linux leaves as a reset does":
        "MMU_BYPASS_REGIONS MMU_BYPASS_REGION_ADDR MMU_BYPASS_REGION_SIZE",
    "device trees say it": "OMAP_MMU_WINDOW_OMAP3 OMAP_MMU_TLB_ENTRIES",
    "the largest of the sizes": "CAM_MAX_SHIFT",
    "Linux writes 0 and gives it no name": "PT_FAULT_WORD",
    "names of core/table.c, not of the format": "PT_NAME",
    "no bit of a page's word is the guest's here": "PT_ATTRIBUTES",
    "the table itself": "OMAP_REGS_H OMAP_TLB_H PT_FORMAT_H OMAP_MMU_REGISTERS R",
}
ONLY_LINUX = {
    "attributes of memory, of which this header knows that RAM keeps them":
        "MMU_RAM_ENDIAN_SHIFT MMU_RAM_ENDIAN_LITTLE MMU_RAM_ENDIAN_BIG MMU_RAM_ELSZ_SHIFT "
        "MMU_RAM_ELSZ_8 MMU_RAM_ELSZ_16 MMU_RAM_ELSZ_32 MMU_RAM_ELSZ_NONE MMU_RAM_MIXED_SHIFT "
        "MMU_RAM_MIXED",
    "the steps to a mask that is compared":
        "MMU_CAM_VATAG_SHIFT MMU_RAM_PADDR_SHIFT __MMU_IRQ_FAULT",
    "what Linux enables with the walker off": "MMU_IRQ_TLB_MISS_MASK",
    "registers of the DSP, outside the MMU":
        "DSP_SYS_REVISION DSP_SYS_MMU_CONFIG DSP_SYS_MMU_CONFIG_EN_SHIFT",
    "conversions between sizes that are compared":
        "iopgsz_max bytes_to_iopgsz iopgsz_to_bytes iopgsz_ok OMAP_IOMMU_PGSIZES",
    "Linux's own structures":
        "for_each_iotlb_cr iopgd_offset iopgd_page_vaddr iopte_offset to_iommu "
        "_OMAP_IOMMU_H _OMAP_IOPGTABLE_H",
}


def macros(path):
    """The definitions of macros in a file of Linux; the rest of it needs all of Linux."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return re.findall(r"^#define\s.*", text.replace("\\\n", ""), flags=re.MULTILINE)


def names_of_linux(defines):
    return {re.match(r"#define\s+(\w+)", line)[1] for line in defines}


def names_of_ours():
    text = re.sub(r"/\*.*?\*/", "", "".join(header.read_text() for header in OURS), flags=re.DOTALL)
    kinds = re.search(r"enum pt_kind \{(.*?)\}", text, flags=re.DOTALL)[1]
    return (set(re.findall(r"#define (\w+)", text))
            | {"MMU_" + name for name in re.findall(r"\bR\((\w+), +0x", text)}
            | set(re.findall(r"\w+", kinds))
            | set(re.findall(r"static inline [\w ]*?(\w+)\(", text)))


def values(prelude, expressions):
    """What the expressions are, in 32 bits, by the compiler."""
    source = prelude + "#include <stdio.h>\nint main(void)\n{\n" + "".join(
        f'printf("%u\\n", (uint32_t)({expression}));\n' for expression in expressions) + "}\n"
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "values"
        made = subprocess.run(["gcc", "-std=gnu11", "-w", "-x", "c", "-", "-o", program],
                              input=source, text=True, capture_output=True)
        if made.returncode:
            print("not ok 1 - each expression of tests/header/linux.py compiles")
            sys.exit(made.stderr)
        said = subprocess.run([program], check=True, text=True, capture_output=True)
    return [int(line) for line in said.stdout.split()]


def differences(defines, pairs):
    ours = values(OUR_PRELUDE, [pair[0] for pair in pairs])
    linux = values(LINUX_PRELUDE + "\n".join(defines) + "\n", [pair[1] for pair in pairs])
    return [f"{pair[0]} is {mine:#x}, Linux's {pair[1]} is {theirs:#x}"
            for pair, mine, theirs in zip(pairs, ours, linux) if mine != theirs]


def unaccounted(names, expressions, reasons):
    """Names that are neither compared nor listed, and what is listed wrongly."""
    compared = set(re.findall(r"\w+", " ".join(expressions)))
    listed = [name for listing in reasons.values() for name in listing.split()]
    return ([f"{name} is neither compared nor listed with a reason"
             for name in sorted(names - compared - set(listed))]
            + [f"{name} is listed, and there is no such name" for name in listed
               if name not in names]
            + [f"{name} is listed as not compared, and is" for name in listed if name in compared])


def main():
    subprocess.run([ROOT / "system/fetch-linux.sh"], check=True, stdout=subprocess.DEVNULL)
    defines = [line for path in LINUX for line in macros(path)]
    pairs = [pair for group in GROUPS.values() for pair in group]
    found = {what: differences(defines, group) for what, group in GROUPS.items()}
    found["each name of ours"] = unaccounted(names_of_ours(), [pair[0] for pair in pairs],
                                             ONLY_OURS)
    found["each name of Linux's"] = unaccounted(names_of_linux(defines),
                                                [pair[1] for pair in pairs], ONLY_LINUX)
    print(f"1..{len(found)}")
    for number, (what, wrong) in enumerate(found.items(), 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {what}"
              + "".join("; " + words for words in wrong))
    sys.exit(any(found.values()))


if __name__ == "__main__":
    main()
