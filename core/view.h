/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * View words: how a guest's MMU translates one page of device addresses. A word
 * is either the IPA of the page, VIEW_PRESENT, and the format's attributes of a
 * page (PT_ATTRIBUTES) between them; or the fault that the guest's hardware
 * would raise.
 */
#ifndef OMAP_VIEW_H
#define OMAP_VIEW_H

#include "types.h"

#define VIEW_PAGE_BYTES  4096ULL
#define VIEW_PRESENT     1u
#define VIEW_FAULT_SHIFT 1 /* IRQSTATUS bits, in a word that is not present */

static inline bool view_is_mapped(uint32_t word)
{
    return word & VIEW_PRESENT;
}

/* A loop over the mapped ones of n words: i is unsigned int, view an array. */
#define for_each_mapped(i, view, n) \
    for ( (i) = 0; (i) < (n); (i)++ ) \
        if ( !view_is_mapped((view)[i]) ) \
            continue; \
        else

/* For a mapped word: below 4 GiB, page aligned. */
static inline ipa_t view_ipa(uint32_t word)
{
    return _ipa(word & ~(uint32_t)(VIEW_PAGE_BYTES - 1));
}

static inline uint32_t view_word(ipa_t ipa)
{
    return (uint32_t)ipa.v | VIEW_PRESENT;
}

/* For a word that is not mapped: IRQSTATUS bits. */
static inline uint32_t view_fault(uint32_t word)
{
    return word >> VIEW_FAULT_SHIFT;
}

static inline uint32_t view_fault_word(uint32_t irq)
{
    return irq << VIEW_FAULT_SHIFT;
}

/*
 * Returns whether a word maps the page `pages` pages after the page of first,
 * which is mapped. The IPA of a fault word equals no page's.
 */
static inline bool view_rises(uint32_t first, uint32_t word, unsigned int pages)
{
    return view_ipa(word).v == view_ipa(first).v + pages * VIEW_PAGE_BYTES;
}

#endif /* OMAP_VIEW_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
