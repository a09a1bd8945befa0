/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Another table format, in place of core/omap_pt.h: two levels of 1,024 words, pages of
 * 4 KiB, and no leaf but those. Such are the MMUs of Rockchip's and of Allwinner's older
 * SoCs; the bits are this test's own.
 */
#ifndef PT_FORMAT_H
#define PT_FORMAT_H

#include <stdint.h>

#define PT_NAME(name) other_##name

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
#define PT_ATTRIBUTES  0u

#define OTHER_TABLE 0x1u /* first level: the address of a table */
#define OTHER_PAGE  0x4u /* second level: the address of a page */
#define OTHER_ADDR  0xfffff000u

enum pt_kind {
    PT_FAULT,
    PT_TABLE,
    PT_SECTION,
    PT_SUPERSECTION,
    PT_LARGE,
    PT_SMALL,
};

static inline uint32_t pt_slot_word_addr(uint32_t base, unsigned int slot)
{
    return (base & OTHER_ADDR) | slot << 2;
}

static inline enum pt_kind pt_slot_kind(uint32_t word)
{
    return word & OTHER_TABLE ? PT_TABLE : PT_FAULT;
}

static inline enum pt_kind pt_page_kind(uint32_t word)
{
    return word & OTHER_PAGE ? PT_SMALL : PT_FAULT;
}

static inline uint32_t pt_address(enum pt_kind kind, uint32_t word)
{
    return kind == PT_FAULT ? 0 : word & OTHER_ADDR;
}

/* There is no word for any other kind. */
static inline uint32_t pt_make(enum pt_kind kind, uint32_t address)
{
    switch ( kind )
    {
    case PT_TABLE:
        return address | OTHER_TABLE;
    case PT_SMALL:
        return address | OTHER_PAGE;
    default:
        return PT_FAULT_WORD;
    }
}

#endif /* PT_FORMAT_H */
