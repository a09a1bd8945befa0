/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TI OMAP MMU: every fact of its registers and of its table format.
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
#ifndef OMAP_MMU_H
#define OMAP_MMU_H

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
 * The reset value of REVISION differs between parts: it is that of the
 * hardware found. Window: 0x100 bytes, 0x80 on OMAP3, where FAULT_PC and what
 * follows it do not exist [L].
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

/* LOCK: entries below BASE are never victims; VICTIM is also the entry that
 * LD_TLB, READ_CAM and READ_RAM mean. */
#define LOCK_BASE(lock)         (((lock) >> 10) & 0x1fu)
#define LOCK_VICTIM(lock)       (((lock) >> 4) & 0x1fu)
#define LOCK_MAKE(base, victim) (((base) << 10) | ((victim) << 4))

/* TLB entries of the largest part; 8 on OMAP3's camera MMU [L]. */
#define OMAP_MMU_TLB_ENTRIES 32

/* CAM */
#define CAM_SIZE(cam) ((cam) % 4u)
#define CAM_SIZE_1M   0u
#define CAM_SIZE_64K  1u
#define CAM_SIZE_4K   2u
#define CAM_SIZE_16M  3u
#define CAM_V         (1u << 2)
#define CAM_P         (1u << 3) /* preserved: GFLUSH leaves it */
#define CAM_VATAG     0xfffff000u

/* RAM */
#define RAM_PA 0xfffff000u

/* FAULT_STATUS (OMAP4 and later): no addresses in it. */
#define FAULT_STATUS_INDICATION (1u << 0)
#define FAULT_STATUS_WRITE      (1u << 3) /* RD_WR; sense of the bit [D] */

/* GP_REG, IPU instances only: another register at this offset on the DSP's. */
#define GP_REG_BUS_ERR_BACK_EN (1u << 0)

/* log2 of the size of a TLB entry's page, from its CAM. */
static inline unsigned int cam_page_shift(uint32_t cam)
{
    static const uint8_t shift[] = { 20, 16, 12, 24 };

    return shift[CAM_SIZE(cam)];
}

/*
 * Table format: two levels of little-endian 32-bit words, no permissions.
 *
 * The names below (PT_*, pt_*) are what guest_view.c and shadow.c know of a
 * format; another format is another header with the same names.
 *
 *   slot    what one first-level word covers: 1 MiB
 *   group   the slots that one first-level leaf can cover: 16, replicated
 *   page    what one second-level word covers: 4 KiB
 *   chunk   the pages that one second-level leaf can cover: 16, replicated
 */
#define PT_PAGE_SHIFT  12
#define PT_SLOT_SHIFT  20
#define PT_SLOTS       4096u
#define PT_GROUP_SHIFT 4
#define PT_GROUP       (1u << PT_GROUP_SHIFT)
#define PT_PAGES       256u /* pages of a slot */
#define PT_CHUNK       16u
/* Of 64 bits: so are the sums of an address and these. */
#define PT_PAGE_BYTES  (1ULL << PT_PAGE_SHIFT)
#define PT_SLOT_BYTES  (1ULL << PT_SLOT_SHIFT)
#define PT_ROOT_BYTES  (PT_SLOTS * 4u)
#define PT_TABLE_BYTES (PT_PAGES * 4u)
#define PT_FAULT_WORD  0u /* maps nothing, at either level */

enum pt_kind {
    PT_FAULT,
    PT_TABLE,        /* first level only */
    PT_SECTION,      /* first level: one slot */
    PT_SUPERSECTION, /* first level: a group */
    PT_LARGE,        /* second level: a chunk */
    PT_SMALL,        /* second level: a page */
};

/*
 * Address of the first-level word of a slot. TTB[31:7] is the base [T]; whether
 * the index is added or OR-ed to a base that is not 16 KiB aligned is not
 * documented. OR and add agree for a partial table aligned to its size [D].
 */
static inline uint32_t pt_slot_word_addr(uint32_t ttb, unsigned int slot)
{
    return (ttb & 0xffffff80u) | (slot << 2);
}

static inline enum pt_kind pt_slot_kind(uint32_t word)
{
    switch ( word & 3u )
    {
    case 1:
        return PT_TABLE;
    case 2:
        return (word & (1u << 18)) ? PT_SUPERSECTION : PT_SECTION;
    default:
        return PT_FAULT;
    }
}

/* Linux tests bit 1 only for a small page [L]. */
static inline enum pt_kind pt_page_kind(uint32_t word)
{
    if ( word & 2u )
        return PT_SMALL;

    return (word & 1u) ? PT_LARGE : PT_FAULT;
}

/* The address in a word, by its kind; bits below the page's size are not it. */
static inline uint32_t pt_address(enum pt_kind kind, uint32_t word)
{
    switch ( kind )
    {
    case PT_TABLE:
        return word & 0xfffffc00u;
    case PT_SECTION:
        return word & 0xfff00000u;
    case PT_SUPERSECTION:
        return word & 0xff000000u;
    case PT_LARGE:
        return word & 0xffff0000u;
    case PT_SMALL:
        return word & 0xfffff000u;
    default:
        return 0;
    }
}

/*
 * The word of a kind for an aligned address. Attributes (endianness, element
 * size) are 0, as Linux writes them; TI documents little endian as fixed.
 */
static inline uint32_t pt_make(enum pt_kind kind, uint32_t address)
{
    switch ( kind )
    {
    case PT_TABLE:
    case PT_LARGE:
        return address | 1u;
    case PT_SECTION:
    case PT_SMALL:
        return address | 2u;
    case PT_SUPERSECTION:
        return address | 2u | (1u << 18);
    default:
        return PT_FAULT_WORD;
    }
}

#endif /* OMAP_MMU_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
