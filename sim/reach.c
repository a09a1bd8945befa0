/* SPDX-License-Identifier: GPL-2.0-only */
#include "reach.h"

static void count_page(struct machine *m, unsigned int index)
{
    if ( !m->reach[index]++ )
        m->reached[m->nr_reached++] = index;
}

static void count_pages(struct machine *m, uint32_t maddr, unsigned int pages)
{
    unsigned int i;
    int index;

    for ( i = 0; i < pages; i++ )
    {
        index = memory_index((uint64_t)maddr + i * PAGE_SIZE);
        if ( index < 0 )
            machine_wrong(m, "the hardware reaches %#x, which is nowhere",
                          maddr);
        else
            count_page(m, index);
    }
}

/* Each word for itself, whatever the others of its group say. */
static void count_table(struct machine *m, uint32_t table)
{
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
    {
        const uint32_t *word = host_table_word(m, table + i * 4);

        if ( !word )
            machine_wrong(m, "a second level at %#x", table);
        else if ( *word & 2 )
            count_pages(m, *word & ~0xfffu, 1);
        else if ( *word & 1 )
            count_pages(m, (*word & ~0xffffu) | (i % 16) << 12, 1);
    }
}

static void count_words(struct machine *m)
{
    const uint32_t *words = host_first_level(m);
    unsigned int i;

    for ( i = 0; words && i < PT_SLOTS; i++ )
    {
        uint32_t word = words[i];

        if ( (word & 3) == 1 )
            count_table(m, word & ~0x3ffu);
        else if ( (word & 3) == 2 && word & (1 << 18) )
            count_pages(m, (word & ~0xffffffu) | (i % 16) << 20, 256);
        else if ( (word & 3) == 2 )
            count_pages(m, word & ~0xfffffu, 256);
    }
}

/* A TLB entry is a copy of a word, and counts once the word is gone. */
static void count_tlb(struct machine *m)
{
    unsigned int i, page;

    for ( i = 0; i < m->options.hw_tlb_entries; i++ )
    {
        const struct mmu_tlb_entry *entry = &m->mmu.tlb[i];
        unsigned int shift = cam_page_shift(entry->cam);
        uint32_t maddr = entry->ram >> shift << shift;

        for ( page = 0; (entry->cam & CAM_V) && page < 1u << (shift - 12);
              page++ )
        {
            int index = memory_index((uint64_t)maddr + page * PAGE_SIZE);

            if ( index >= 0 && !m->reach[index] )
                count_page(m, index);
        }
    }
}

static void find_reach(struct machine *m)
{
    if ( m->reach_known )
        return;

    while ( m->nr_reached )
        m->reach[m->reached[--m->nr_reached]] = 0;
    count_words(m);
    count_tlb(m);
    m->reach_known = true;
}

unsigned int machine_reaches(struct machine *m, uint64_t maddr)
{
    int index = memory_index(maddr);

    if ( index < 0 )
        return 0;
    find_reach(m);

    return m->reach[index];
}

void machine_check_reach(struct machine *m)
{
    unsigned int i;

    find_reach(m);
    for ( i = 0; i < m->nr_reached; i++ )
    {
        unsigned int index = m->reached[i];
        const struct mem_page *page = &m->mem.page[index];

        if ( !page->used || !page->mapped )
            machine_wrong(m, "the hardware reaches page %u, which was given up",
                          index);
        if ( !page->device && page->refs < m->reach[index] )
            machine_wrong(m, "page %u: %u mappings, %u references", index,
                          m->reach[index], page->refs);
    }
}
