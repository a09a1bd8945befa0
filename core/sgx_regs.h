/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers of the PowerVR SGX544's BIF, which is the GPU's MMU, and those by
 * which a host resets the GPU and starts work on it. Its tables: sgx_pt.h.
 *
 * Facts only, for the mediator (core/) and for the model of the hardware
 * (model/) alike. The file needs nothing but <stdint.h>.
 *
 * Sources, named at each fact where they matter:
 *   [G]  the GPL kernel driver of TI's SGX DDK 1.14 and 1.17: sgx544defs.h,
 *        sgxmpdefs.h, sgxreset.c, mmu.c
 *   [R]  observed when that driver ran
 *   [D]  deduced from the above
 *
 * The window has 64 KiB: four banks of 16 KiB with the same registers [G]. A
 * write to the first reaches all cores; a read of it reads the first core [D].
 * All registers that are named here lie in the first page of a bank.
 */
#ifndef SGX_REGS_H
#define SGX_REGS_H

#include <stdint.h>

#define SGX_WINDOW     0x10000u
#define SGX_BANK_BYTES 0x4000u
#define SGX_BANKS      4u
#define SGX_PAGE_BYTES 0x1000u

enum sgx_bank {
    SGX_BROADCAST, /* all cores and the master */
    SGX_MASTER,
    SGX_CORE0,
    SGX_CORE1,
};

/* Offsets in a bank. */
enum sgx_offset {
    SGX_SOFT_RESET = 0x080,
    SGX_EVENT_STATUS2 = 0x118,
    SGX_EVENT_HOST_ENABLE2 = 0x110,
    SGX_EVENT_HOST_CLEAR2 = 0x114,
    SGX_EVENT_STATUS = 0x12c,
    SGX_EVENT_HOST_ENABLE = 0x130,
    SGX_EVENT_HOST_CLEAR = 0x134,

    /* A write wakes the microkernel: no payload [G]. */
    SGX_EVENT_KICK1 = 0xab0,
    SGX_EVENT_KICK2 = 0xac0, /* its first start [R] */
    SGX_EVENT_KICK = 0xac8,  /* a command is in the buffer [R] */
    SGX_EVENT_KICK3 = 0xad8,

    /* BIF: 0xc00 ... 0xcff */
    SGX_BIF_CTRL = 0xc00,
    SGX_BIF_INT_STAT = 0xc04,
    SGX_BIF_FAULT = 0xc08,
    SGX_BIF_TILE0 = 0xc0c, /* ... TILE9 */
    SGX_BIF_TILE9 = 0xc30,
    SGX_BIF_CTRL_INVAL = 0xc34,
    SGX_BIF_DIR_LIST_BASE1 = 0xc38, /* ... BASE7 */
    SGX_BIF_DIR_LIST_BASE7 = 0xc50,
    SGX_BIF_BANK_SET = 0xc74,
    SGX_BIF_BANK0 = 0xc78,
    SGX_BIF_BANK1 = 0xc7c,
    SGX_BIF_DIR_LIST_BASE0 = 0xc84, /* not beside the others [G] */
    SGX_BIF_TA_REQ_BASE = 0xc90,
    SGX_BIF_MEM_REQ_STAT = 0xca8,
    SGX_BIF_3D_REQ_BASE = 0xcac,
    SGX_BIF_ZLS_REQ_BASE = 0xcb0,
    SGX_BIF_BANK_STATUS = 0xcb4,
    SGX_BIF_MMU_CTRL = 0xcd0,

    SGX_SLC_CTRL_BYPASS = 0xd04, /* the master's */
};

#define SGX_BIF_FIRST 0xc00u
#define SGX_BIF_END   0xd00u

/* SOFT_RESET: a bit for each block. The driver writes 0x5ff, 0x7ff [R]. */
#define SGX_RESET_BIF 0x001u
#define SGX_RESET_ALL 0x7ffu

/* BIF_CTRL */
#define SGX_CTRL_NOREORDER   (1u << 0)
#define SGX_CTRL_PAUSE       (1u << 1)
#define SGX_CTRL_CLEAR_FAULT (1u << 4)
/* A bit each: that requester's addresses go out untranslated. */
#define SGX_CTRL_BYPASS 0x001ffe00u

/* BIF_INT_STAT */
#define SGX_INT_FAULT_REQ 0x00003fffu /* a bit for each requester */

/* BIF_FAULT: the page of the access */
#define SGX_FAULT_ADDR 0xfffff000u

/* BIF_CTRL_INVAL: a written 1 */
#define SGX_INVAL_PTE (1u << 2) /* cached words of tables */
#define SGX_INVAL_ALL (1u << 3) /* of directories as well */

/*
 * SLC_CTRL_BYPASS. The system-level cache lies behind all BIFs and also holds
 * words of directories and tables: the driver invalidates it besides the BIFs
 * [G: MMU_InvalidateSystemLevelCache()]. With this bit nothing goes through it
 * [G].
 */
#define SGX_SLC_BYPASS_ALL 1u

/* DIR_LIST_BASE */
#define SGX_BASES     8u
#define SGX_BASE_ADDR 0xfffff000u
#define SGX_BASE_EDM  7u /* the microkernel's, by BANK0 [G] */

/* BANK0, BANK1: which base a requester uses, 4 bits each [G] */
#define SGX_BANK_EDM(v)  ((v)&0xfu)
#define SGX_BANK_TA(v)   ((v) >> 4 & 0xfu)
#define SGX_BANK_3D(v)   ((v) >> 12 & 0xfu)
#define SGX_BANK_PTLA(v) ((v) >> 16 & 0xfu)
#define SGX_BANK_INDEXES 0x00077077u /* those of them that name a base [D] */

/* MEM_REQ_STAT: reads that have no answer yet */
#define SGX_MEM_REQ_READS 0xffu

/* Offset in the window of base index n of a bank. */
static inline uint32_t sgx_base_offset(unsigned int bank, unsigned int n)
{
    return bank * SGX_BANK_BYTES +
           (n ? SGX_BIF_DIR_LIST_BASE1 + (n - 1) * 4 : SGX_BIF_DIR_LIST_BASE0);
}

#endif /* SGX_REGS_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
