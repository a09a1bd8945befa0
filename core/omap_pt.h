/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table format of the TI OMAP MMU.
 *
 * Facts only; the model of the hardware decodes tables by code of its own. The
 * file needs nothing but <stdint.h>. [L], [T], [D]: see omap_regs.h.
 */
#ifndef PT_FORMAT_H
#define PT_FORMAT_H

#include <stdint.h>

/*
 * Two levels of little-endian 32-bit words, no permissions.
 *
 * A format is a header that defines what this one does, with the same guard: a
 * file that includes it before any other header of core/ is compiled for that
 * format. PT_NAME() prefixes the names of table.c by the format's, so that one
 * program can have table.c for several formats: each in a file that includes the
 * format's header, then table.c (tests/format/other_table.c).
 *
 *   table.c needs    PT_PAGE_SHIFT, PT_SLOT_SHIFT, PT_PAGES, PT_CHUNK,
 *                    PT_PAGE_BYTES, PT_FAULT_WORD, PT_ATTRIBUTES, PT_LARGE,
 *                    PT_SMALL, pt_page_kind(), pt_address(), pt_make(),
 *                    PT_NAME()
 *   guest_view.c     all; PT_TABLE < PT_SECTION < PT_SUPERSECTION; PT_FAULT
 *   and shadow.c     and PT_FAULT_WORD are 0. pt_make() returns PT_FAULT_WORD
 *                    for a kind that the format does not have.
 *
 * A format may differ in sizes, if the first level covers 4 GiB, pages have
 * 4 KiB, and slots 1 MiB or more. It may lack first-level leaves (PT_GROUP_SHIFT
 * 0) and second-level leaves of more than a page (PT_CHUNK 1). It may not have
 * addresses of more than 32 bits, permissions, words whose meaning depends on
 * another word, or words that hardware caches while they map nothing. For
 * shadow.c, a requester must be able to retry after a fault.
 *
 *   slot    what one first-level word covers: 1 MiB, the reach of a section
 *   group   the slots that one supersection covers: 16, its word replicated
 *   page    what one second-level word covers: 4 KiB
 *   chunk   the pages that one large page covers: 16, its word replicated
 */
#define PT_NAME(name) omap_##name

#define PT_PAGE_SHIFT  12
#define PT_SLOT_SHIFT  20
#define PT_SLOTS       4096u
#define PT_GROUP_SHIFT 4
#define PT_GROUP       (1u << PT_GROUP_SHIFT)
#define PT_PAGES       256u /* pages of a slot */
#define PT_CHUNK       16u
/* 64 bits, so that sums with an address are. */
#define PT_PAGE_BYTES  (1ULL << PT_PAGE_SHIFT)
#define PT_SLOT_BYTES  (1ULL << PT_SLOT_SHIFT)
#define PT_ROOT_BYTES  (PT_SLOTS * 4u)
#define PT_TABLE_BYTES (PT_PAGES * 4u)
#define PT_FAULT_WORD  0u /* maps nothing, at either level */
#define PT_ATTRIBUTES  0u /* bits that a view word shares with a page's word */

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

/* The address in a word of a kind, without the bits below the page's size. */
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

#endif /* PT_FORMAT_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
