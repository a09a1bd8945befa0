/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries of the p2m's tables: the bits that Armv7 gives a stage 2 descriptor, and those
 * that it leaves to software, where Xen has its type. */
#ifndef FAKE_ASM_LPAE_H
#define FAKE_ASM_LPAE_H

#include <xen/mm.h>

typedef union {
    uint64_t bits;
    struct {
        uint64_t valid : 1, table : 1, other : 10, base : 36, more : 16;
    } walk;
    struct {
        uint64_t walked : 48, reserved : 4, attributes : 3, type : 4, last : 5;
    } p2m;
} lpae_t;

static inline bool lpae_is_valid(lpae_t pte)
{
    return pte.walk.valid;
}

/* The valid bit does not matter. In the last level the bit says that it is a page. */
static inline bool lpae_is_table(lpae_t pte, unsigned int level)
{
    return level < 3 && pte.walk.table;
}

#define lpae_get_mfn(pte) _mfn((pte).walk.base)

#define XEN_PT_LPAE_SHIFT         9
#define XEN_PT_LPAE_ENTRIES       512u
#define XEN_PT_LPAE_ENTRY_MASK    511u
#define XEN_PT_LEVEL_ORDER(level) (9 * (3 - (level)))

#endif /* FAKE_ASM_LPAE_H */
