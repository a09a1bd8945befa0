/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table format of the SGX544's BIF, for mirror.c and table.c (omap_pt.h
 * describes formats). Facts only; the model decodes tables by code of its own.
 * [G], [D]: see sgx_regs.h.
 *
 * Two levels of 1,024 little-endian 32-bit words: a directory and tables, a
 * page each. A directory word says how large the pages of its table are; a
 * table of larger pages has fewer words [G]. The shadow has pages of 4 KiB
 * only.
 */
#ifndef PT_FORMAT_H
#define PT_FORMAT_H

#include <stdint.h>

#define PT_NAME(name) sgx_##name

#define PT_PAGE_SHIFT  12
#define PT_SLOT_SHIFT  22
#define PT_SLOTS       1024u
#define PT_GROUP_SHIFT 0
#define PT_GROUP       1u
#define PT_PAGES       1024u
#define PT_CHUNK       1u
#define PT_PAGE_BYTES  (1ULL << PT_PAGE_SHIFT)
#define PT_SLOT_BYTES  (1ULL << PT_SLOT_SHIFT)
#define PT_ROOT_BYTES  (PT_SLOTS * 4u)
#define PT_TABLE_BYTES (PT_PAGES * 4u)
#define PT_FAULT_WORD  0u

#define SGX_PT_VALID 1u
#define SGX_PT_ADDR  0xfffff000u

/* Directory word: the size of its table's pages, 4 KiB << 2 * size. */
#define SGX_PDE_SIZE(word) ((word) >> 1 & 7u)
#define SGX_PDE_MAX_SIZE   5u /* 4 MiB; 6 and 7 are no size [D] */

/*
 * Table word: write-only, read-only, cache-consistent, for the microkernel
 * only. A view word has them at the same bits; the hardware gets them as the
 * guest wrote them.
 */
#define SGX_PTE_WRITEONLY       (1u << 1)
#define SGX_PTE_READONLY        (1u << 2)
#define SGX_PTE_CACHECONSISTENT (1u << 3)
#define SGX_PTE_EDMPROTECT      (1u << 4)
#define PT_ATTRIBUTES           0x1eu

enum pt_kind {
    PT_FAULT,
    PT_TABLE,
    PT_SECTION,
    PT_SUPERSECTION,
    PT_LARGE,
    PT_SMALL,
};

static inline enum pt_kind pt_slot_kind(uint32_t word)
{
    return (word & SGX_PT_VALID) && SGX_PDE_SIZE(word) <= SGX_PDE_MAX_SIZE
               ? PT_TABLE
               : PT_FAULT;
}

static inline enum pt_kind pt_page_kind(uint32_t word)
{
    return word & SGX_PT_VALID ? PT_SMALL : PT_FAULT;
}

static inline uint32_t pt_address(enum pt_kind kind, uint32_t word)
{
    return kind == PT_FAULT ? 0 : word & SGX_PT_ADDR;
}

/* The format has no word for any other kind. */
static inline uint32_t pt_make(enum pt_kind kind, uint32_t address)
{
    return kind == PT_TABLE || kind == PT_SMALL ? address | SGX_PT_VALID
                                                : PT_FAULT_WORD;
}

#endif /* PT_FORMAT_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
