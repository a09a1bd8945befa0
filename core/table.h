/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second-level table: words that the hardware walks, made from view words, and the
 * page references that they stand for.
 *
 * A fill that took a table out has it to itself, without the MMU's lock; else whoever
 * holds that lock. No first-level word may lead to a table while its words change or its
 * references go back. What it holds is written and given back by parts: a part is the
 * largest leaf of a second level.
 */
#ifndef OMAP_TABLE_H
#define OMAP_TABLE_H

#include "host.h"
#include "ipa_filter.h"
#include "omap_pt.h"
#include "view.h"

#define TABLE_PART  (PT_CHUNK > 1 ? PT_CHUNK : 16u)
#define TABLE_PARTS (PT_PAGES / TABLE_PART)

/* A part's bits lie in one word, which holds other parts' as well. */
_Static_assert(TABLE_PART < 32 && 32 % TABLE_PART == 0, "a part's bits");
_Static_assert(PT_PAGES % 32 == 0, "whole words of bits");
_Static_assert(PT_PAGE_BYTES == VIEW_PAGE_BYTES, "a view word is of one page");
_Static_assert(PT_SLOT_SHIFT >= IPA_MIB_SHIFT, "a slot is of whole MiBs");

struct table {
    uint32_t *words; /* PT_PAGES. Those of a table that nobody has are stale:
                          table_translate() writes each part before it is put
                          into a slot */
    uint16_t
        holes; /* pages of the view that the host denied, or did not get to */
    struct mibs mibs; /* the view's IPAs lie in them: as last noted */
    uint32_t held[BIT_WORDS(PT_PAGES)]; /* bit per page: reference held */
    uint32_t
        waits[BIT_WORDS(TABLE_PARTS)]; /* bit per part: never made, or with a
                                               hole. The next fill asks for it.
                                               In a slot its words are valid */
    uint32_t view[PT_PAGES];           /* the view words it was made from */
};

/* Can the hardware's words, of 32 bits, express the page's machine address? */
static inline bool page_fits(struct host_page page)
{
    return page.v < 1ULL << 32;
}

/* Machine address that the table's words give a page that has one. */
maddr_t table_maddr(const struct table *t, unsigned int page);

/* Holds nothing: each page is to be made anew. */
void table_clear(struct table *t);

/* Does each page hold what the view says? A page that was denied does not: the host may
 * have it by now. */
bool table_agrees(const struct table *t, const uint32_t view[PT_PAGES]);

/*
 * Makes the table agree with the view: parts that do are left alone. got: for each page
 * that was asked for, what the host said. False: the host was not done, and is to be
 * asked again; what is missing is a hole.
 */
bool table_translate(struct table *t, struct host *host,
                     const uint32_t view[PT_PAGES],
                     struct host_page got[PT_PAGES]);

/* Gives back all references; holds nothing then. */
void table_release(struct table *t, struct host *host);

/* Notes which MiB its IPAs lie in, here and in the filter, whose lock is held. */
void table_note(struct table *t, struct ipa_filter *filter);

/* Does a page stem from these MiB? As last noted. */
bool table_uses(const struct table *t, struct mibs mibs);

#endif /* OMAP_TABLE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
