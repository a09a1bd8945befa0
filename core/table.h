/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second-level table: words that the hardware walks, made from view words,
 * and the page references that they stand for.
 *
 * A fill that took a table out has it to itself, without the MMU's lock; else
 * whoever holds that lock. No first-level word may lead to a table while its
 * words change or its references go back. What it holds is written and given
 * back by parts: a part is the largest leaf of a second level.
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

/* It holds nothing if all but its place is zero. */
struct table {
    uint32_t
        *words; /* its place: PT_PAGES. Valid in the parts that were made */
    /* Pages of the view that the host denied, or did not get to. */
    uint16_t holes;
    struct mibs mibs;           /* the view's IPAs lie in them: as last noted */
    uint16_t held[TABLE_PARTS]; /* a part's pages, a bit each: reference held */
    /* A bit each: the part was made, and has no hole. Fills make the others. */
    uint32_t whole[BIT_WORDS(TABLE_PARTS)];
    uint32_t view[PT_PAGES]; /* the view words it was made from */
};

/* Pages of a table, translated beside it. It holds nothing between two uses. */
struct table_stage {
    struct table table; /* with words of its own */
    uint16_t
        pages[TABLE_PARTS];  /* that are to be translated, or are: a bit each */
    bool empty[TABLE_PARTS]; /* ... of a part that leads nowhere: it stays so */
    struct host_page got[PT_PAGES];
};

static inline bool table_holds(const struct table *t, unsigned int page)
{
    return t->held[page / TABLE_PART] >> page % TABLE_PART & 1;
}

/* Does a part lead nowhere? Its words are valid. */
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
 * Does the host have the page, and does its address fit the hardware's words of
 * 32 bits? 0 is no answer, which counts as a denial.
 */
static inline bool page_usable(struct host_page page)
{
    return page.v - 1 < UINT32_MAX;
}

/* The names of table.c, with the format's prefix. */
#define table_maddr            PT_NAME(table_maddr)
#define table_agrees           PT_NAME(table_agrees)
#define table_translate        PT_NAME(table_translate)
#define table_translate_beside PT_NAME(table_translate_beside)
#define table_differs          PT_NAME(table_differs)
#define table_swap             PT_NAME(table_swap)
#define table_release          PT_NAME(table_release)
#define table_note             PT_NAME(table_note)
#define table_uses             PT_NAME(table_uses)

/* Machine address that the table's words give a page that has one. */
maddr_t table_maddr(const struct table *t, unsigned int page);

/*
 * Does each page hold what the view says? A page that was denied does not: the
 * host may have it by now.
 */
bool table_agrees(const struct table *t, const uint32_t view[PT_PAGES]);

/*
 * Makes the table agree with the view: parts that do are left alone. got: for
 * each page that was asked for, what the host said. False: the host was not
 * done, and is to be asked again; what is missing is a hole.
 */
bool table_translate(struct table *t, struct host *host,
                     const uint32_t view[PT_PAGES],
                     struct host_page got[PT_PAGES]);

/* Gives back all references; holds nothing then. */
void table_release(struct table *t, struct host *host);

/* Notes which MiB its IPAs lie in, here and in the filter. The lock is held. */
void table_note(struct table *t, struct ipa_filter *filter);

/* Does a page stem from these MiB? As last noted. */
bool table_uses(const struct table *t, struct mibs mibs);

/*
 * For a table that the hardware walks while it changes, of a format without
 * leaves of more than a page (PT_CHUNK 1): its new words are made beside it, and
 * then take the place of the old ones.
 *
 * differs: marks in the stage the pages that do not hold what the view says;
 * false: there is none. The lock is held.
 */
bool table_differs(struct table *t, const uint32_t view[PT_PAGES],
                   struct table_stage *stage);

/*
 * Translates the pages that are marked. Parts that the host was not done with
 * are marked no more, and false is returned. Without the lock.
 */
bool table_translate_beside(struct table_stage *stage, struct host *host,
                            const uint32_t view[PT_PAGES]);

/*
 * Puts what is staged into the table, and what was there into the stage, from
 * where table_release() gives its references back. True: a word is gone or
 * leads elsewhere, so hardware must be made to forget it first. The lock is
 * held.
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
