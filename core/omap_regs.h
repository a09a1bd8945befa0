/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers of the TI OMAP MMU. Its TLB entries: omap_tlb.h; its tables:
 * omap_pt.h.
 *
 * Facts only, for the mediator (core/) and for the model of the hardware
 * (model/) alike. The file needs nothing but <stdint.h>.
 *
 * Sources, named at each fact where they matter:
 *   [L]  Linux 6.1 drivers/iommu/omap-iommu.{c,h}, omap-iopgtable.h
 *   [T]  TI manuals: OMAP36xx SWPU177N ch. 15, DRA74x/75x SPRUI30H ch. 20;
 *        TI header cslr_mmu.h
 *   [D]  deduced from the above
 */
#ifndef OMAP_REGS_H
#define OMAP_REGS_H

#include <stdint.h>

/*
 * Registers
 *
 * R(name, offset, reset value, writable bits, kind)
 *
 * kind  RO   writes are ignored
 *       RW   the writable bits are stored
 *       W1C  a written 1 clears the bit
 *       CMD  a written 1 in a writable bit performs the command; reads as 0
 *
 * REVISION differs between parts; it reads as the hardware's. Window: 0x100
 * bytes; 0x80 on OMAP3, which lacks FAULT_PC and what follows it [L].
 */
/* clang-format off */
#define OMAP_MMU_REGISTERS(R)                                                  \
    R(REVISION,     0x00, 0x00000020, 0x00000000, RO)                          \
    R(SYSCONFIG,    0x10, 0x00000000, 0x0000001b, RW)                          \
    R(SYSSTATUS,    0x14, 0x00000001, 0x00000000, RO)                          \
    R(IRQSTATUS,    0x18, 0x00000000, 0x0000001f, W1C)                         \
    R(IRQENABLE,    0x1c, 0x00000000, 0x0000001f, RW)                          \
    R(WALKING_ST,   0x40, 0x00000000, 0x00000000, RO)                          \
    R(CNTL,         0x44, 0x00000000, 0x0000000e, RW)                          \
    R(FAULT_AD,     0x48, 0x00000000, 0x00000000, RO)                          \
    R(TTB,          0x4c, 0x00000000, 0xffffff80, RW)                          \
    R(LOCK,         0x50, 0x00000000, 0x00007df0, RW)                          \
    R(LD_TLB,       0x54, 0x00000000, 0x00000001, CMD)                         \
    R(CAM,          0x58, 0x00000000, 0xfffff00f, RW)                          \
    R(RAM,          0x5c, 0x00000000, 0xfffff3c0, RW)                          \
    R(GFLUSH,       0x60, 0x00000000, 0x00000001, CMD)                         \
    R(FLUSH_ENTRY,  0x64, 0x00000000, 0x00000001, CMD)                         \
    R(READ_CAM,     0x68, 0x00000000, 0x00000000, RO)                          \
    R(READ_RAM,     0x6c, 0x00000000, 0x00000000, RO)                          \
    R(EMU_FAULT_AD, 0x70, 0x00000000, 0x00000000, RO)                          \
    R(FAULT_PC,     0x80, 0x00000000, 0x00000000, RO)                          \
    R(FAULT_STATUS, 0x84, 0x00000000, 0x00000000, RO)                          \
    R(GP_REG,       0x88, 0x00000000, 0x00000001, RW)
/* clang-format on */

#define OMAP_MMU_WINDOW       0x100
#define OMAP_MMU_WINDOW_OMAP3 0x80

/* Offsets: MMU_REVISION, MMU_SYSCONFIG, ... */
enum omap_mmu_offset {
#define R(name, offset, reset, writable, kind) MMU_##name = (offset),
    OMAP_MMU_REGISTERS(R)
#undef R
};

#define SYSCONFIG_SOFTRESET (1u << 1) /* reads as 0 */

/* IRQSTATUS, IRQENABLE */
#define IRQ_TLBMISS          (1u << 0) /* only with the walker off */
#define IRQ_TRANSLATIONFAULT (1u << 1)
#define IRQ_EMUMISS          (1u << 2)
#define IRQ_TABLEWALKFAULT   (1u << 3)
#define IRQ_MULTIHITFAULT    (1u << 4)
#define IRQ_ALL              0x1fu
/* What Linux enables while the walker is on [L]. */
#define IRQ_WALKER_ON (IRQ_ALL & ~IRQ_TLBMISS)

#define WALKING_ST_TWLRUNNING (1u << 0)

#define CNTL_MMUENABLE (1u << 1) /* 0: da goes out as address */
#define CNTL_TWLENABLE (1u << 2)

/*
 * LOCK: entries below BASE are never victims; VICTIM is also the entry that
 * LD_TLB, READ_CAM and READ_RAM act on.
 */
#define LOCK_BASE(lock)         (((lock) >> 10) & 0x1fu)
#define LOCK_VICTIM(lock)       (((lock) >> 4) & 0x1fu)
#define LOCK_MAKE(base, victim) (((base) << 10) | ((victim) << 4))

/* FAULT_STATUS (OMAP4 and later): no addresses in it. */
#define FAULT_STATUS_INDICATION (1u << 0)
#define FAULT_STATUS_WRITE      (1u << 3) /* RD_WR; sense of the bit [D] */

/* GP_REG, IPU instances only; a DSP's have another register at this offset. */
#define GP_REG_BUS_ERR_BACK_EN (1u << 0)

/*
 * BYPASS_REGION1 to 4, here from 0 on: only instances of DRA7's DSPs have them
 * [T]. Device addresses within a region go out untranslated; SIZE 0 means no
 * region [D].
 */
#define MMU_BYPASS_REGIONS        4u
#define MMU_BYPASS_REGION_ADDR(n) (0x90u + (n)*8)
#define MMU_BYPASS_REGION_SIZE(n) (0x94u + (n)*8)

#endif /* OMAP_REGS_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
