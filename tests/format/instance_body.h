/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instance of the format that this is compiled for: INSTANCE is its name. Included
 * once by each file that is one.
 */
#ifndef FORMAT_INSTANCE_BODY_H
#define FORMAT_INSTANCE_BODY_H

#include "instance.h"
#include "table.h"

static uint32_t words[PT_PAGES], view[PT_PAGES];
static struct host_page got[PT_PAGES];
static struct table table = { .words = words };
static struct ipa_filter filter;

static bool fill(struct host *host, uint32_t ipa)
{
    unsigned int i;
    bool done;

    for ( i = 0; i < PT_PAGES; i++ )
        view[i] = view_word(_ipa(ipa + i * PT_PAGE_BYTES));
    view[UNMAPPED_PAGE] = view_fault_word(1);
    done = table_translate(&table, host, view, got);
    table_note(&table, &filter);

    return done;
}

static bool agrees(void)
{
    return table_agrees(&table, view);
}

static bool uses(uint32_t ipa)
{
    unsigned int mib = ipa_mib(_ipa(ipa));

    return table_uses(&table, (struct mibs){ mib, mib + 1 });
}

static uint32_t word(unsigned int page)
{
    return words[page];
}

static maddr_t maddr(unsigned int page)
{
    return table_maddr(&table, page);
}

static void release(struct host *host)
{
    table_release(&table, host);
}

const struct instance INSTANCE = {
    PT_PAGES, fill, agrees, uses, word, maddr, release,
};

#endif /* FORMAT_INSTANCE_BODY_H */
