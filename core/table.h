/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second-level table: the words that the hardware walks, made from view
 * words, and the page references that they stand for.
 *
 * A fill owns the table that it took out, without the MMU's lock. All other
 * tables are protected by that lock. No first-level word may lead to a table
 * while its words change or its references go back. A table is written and
 * released in parts; a part is the largest leaf of a second level.
 */
#ifndef OMAP_TABLE_H
#define OMAP_TABLE_H

#include "host.h"
#include "ipa_filter.h"
#include "omap_pt.h"
#include "view.h"

#define TABLE_PART  (PT_CHUNK > 1 ? PT_CHUNK : 16u)
#define TABLE_PARTS (PT_PAGES / TABLE_PART)

_Static_assert(TABLE_PART <= 16, "a part's bits are 16");
_Static_assert(PT_PAGES % TABLE_PART == 0, "a table is of whole parts");
_Static_assert(PT_PAGE_BYTES == VIEW_PAGE_BYTES, "a view word is of one page");
_Static_assert(PT_SLOT_SHIFT >= IPA_MIB_SHIFT, "a slot is of whole MiBs");

/* Holds nothing if all but words is zero. */
struct table {
    uint32_t *words; /* PT_PAGES words. Valid in the parts that were made */
    /* Pages of the view that the host denied, or did not answer for. */
    uint16_t holes;
    struct mibs mibs;           /* of the view's IPAs, by table_note() */
    uint16_t held[TABLE_PARTS]; /* bit per page of a part: reference held */
    /*
     * A bit per part: it was made, and has no hole. A fill makes the others
     * again.
     */
    uint32_t whole[BIT_WORDS(TABLE_PARTS)];
    uint32_t view[PT_PAGES]; /* the view words it was made from */
};

/* Pages of a table, translated beside it. Holds nothing between two uses. */
struct table_stage {
    struct table table;          /* with words of its own */
    uint16_t pages[TABLE_PARTS]; /* bit per page: to be translated, or done */
    bool empty[TABLE_PARTS];     /* ... of a part that maps nothing */
    struct host_page got[PT_PAGES];
};

static inline bool table_holds(const struct table *t, unsigned int page)
{
    return t->held[page / TABLE_PART] >> page % TABLE_PART & 1;
}

/* Returns whether a part maps nothing. Its words must be valid. */
static inline bool table_part_is_empty(const struct table *t, unsigned int part)
{
    const uint32_t *words = t->words + part * TABLE_PART;
    uint32_t any = t->held[part];
    unsigned int i;

    for ( i = 0; i < TABLE_PART; i++ )
        any |= words[i];

    return !any;
}

/*
 * Returns whether the host has the page, at an address that fits the hardware's
 * 32-bit words. 0 is no answer and counts as a denial.
 */
static inline bool page_usable(struct host_page page)
{
    return page.v - 1 < UINT32_MAX;
}

/* The functions of table.c carry the format's prefix. */
#define table_maddr            PT_NAME(table_maddr)
#define table_agrees           PT_NAME(table_agrees)
#define table_translate        PT_NAME(table_translate)
#define table_translate_beside PT_NAME(table_translate_beside)
#define table_differs          PT_NAME(table_differs)
#define table_swap             PT_NAME(table_swap)
#define table_release          PT_NAME(table_release)
#define table_note             PT_NAME(table_note)
#define table_uses             PT_NAME(table_uses)

/*
 * The machine address to which a page is translated. Its word must map
 * something.
 */
maddr_t table_maddr(const struct table *t, unsigned int page);

/*
 * Returns whether each page is translated as the view says. A denied page is
 * not: the host may have it by now.
 */
bool table_agrees(const struct table *t, const uint32_t view[PT_PAGES]);

/*
 * Makes the table agree with the view; parts that agree are left alone. got:
 * the host's answer for each page that was asked for. Returns false if the host
 * was not done and must be asked again; the missing pages are holes.
 */
bool table_translate(struct table *t, struct host *host,
                     const uint32_t view[PT_PAGES],
                     struct host_page got[PT_PAGES]);

/* Gives back all references; the table holds nothing then. */
void table_release(struct table *t, struct host *host);

/* Notes the MiBs of its IPAs, here and in the filter. MMU's lock held. */
void table_note(struct table *t, struct ipa_filter *filter);

/* Returns whether a page's IPA is in these MiBs, as last noted. */
bool table_uses(const struct table *t, struct mibs mibs);

/*
 * For a table that the hardware walks while it changes, in a format without
 * leaves of more than a page (PT_CHUNK 1). The new words are made beside the
 * old ones, and then replace them.
 *
 * differs: marks in the stage the pages that are not translated as the view
 * says; false if there are none. MMU's lock held.
 */
bool table_differs(struct table *t, const uint32_t view[PT_PAGES],
                   struct table_stage *stage);

/*
 * Translates the marked pages. Unmarks parts that the host was not done with,
 * and returns false then. Without the lock.
 */
bool table_translate_beside(struct table_stage *stage, struct host *host,
                            const uint32_t view[PT_PAGES]);

/*
 * Swaps the staged pages with the table's. table_release() of the stage gives
 * the old references back. Returns true if a word is gone or leads elsewhere:
 * then the hardware must be flushed before that. MMU's lock held.
 */
bool table_swap(struct table *t, struct table_stage *stage, struct host *host);

#endif /* OMAP_TABLE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
