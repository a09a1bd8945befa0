/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "guest.h"

static bool has_pages(const struct guest *g)
{
    return g->mapping == MAP_SMALL || g->mapping == MAP_SHUFFLED;
}

static void write_word(struct guest *g, uint32_t ipa, uint32_t word)
{
    maddr_t maddr;

    if ( !p2m_lookup(g->host, _ipa(ipa), &maddr) )
        die("the guest's tables are not in its memory\n");
    *(uint32_t *)machine_at(g->host, maddr) = word;
}

/* The table of the set's n-th MiB: they follow the first level. */
static uint32_t table_ipa(unsigned int n)
{
    return TTB_IPA + PT_ROOT_BYTES + n * PT_TABLE_BYTES;
}

static uint32_t slot_word(const struct guest *g, unsigned int n)
{
    uint32_t ipa = RAM_IPA + n * MIB;

    switch ( g->mapping )
    {
    case MAP_SECTION:
        return pt_make(PT_SECTION, ipa);
    case MAP_SUPERSECTION:
        return pt_make(PT_SUPERSECTION, pt_address(PT_SUPERSECTION, ipa));
    default:
        return pt_make(PT_TABLE, table_ipa(n));
    }
}

void guest_remap(struct guest *g, unsigned int page, uint32_t ipa)
{
    uint32_t word = ipa ? pt_make(PT_SMALL, ipa) : PT_FAULT_WORD;

    g->page_ipa[page] = ipa;
    write_word(g, table_ipa(page / PT_PAGES) + page % PT_PAGES * 4, word);
}

void guest_init(struct guest *g, struct bench_host *h, enum mapping mapping,
                unsigned int mib)
{
    unsigned int i;

    *g = (struct guest){
        .host = h,
        .mapping = mapping,
        .mib = mib,
        .pages = mib * PT_PAGES,
    };
    g->page_ipa = malloc(g->pages * sizeof(*g->page_ipa));
    if ( !g->page_ipa )
        die("no memory\n");

    for ( i = 0; i < g->pages; i++ )
        g->page_ipa[i] = RAM_IPA + i * PAGE_BYTES;
    if ( mapping == MAP_SHUFFLED )
        shuffle(g->page_ipa, g->pages);

    for ( i = 0; i < mib; i++ )
        write_word(g, pt_slot_word_addr(TTB_IPA, (SET_DA >> PT_SLOT_SHIFT) + i),
                   slot_word(g, i));
    for ( i = 0; has_pages(g) && i < g->pages; i++ )
        guest_remap(g, i, g->page_ipa[i]);
}

void guest_free(struct guest *g)
{
    free(g->page_ipa);
}

uint32_t guest_table_bytes(const struct guest *g)
{
    return PT_ROOT_BYTES + (has_pages(g) ? g->mib * PT_TABLE_BYTES : 0);
}
