/* SPDX-License-Identifier: GPL-2.0-only */
#include "floor.h"

static void hold(struct bench_host *h, maddr_t maddr, unsigned int pages)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        if ( !get_page(h, _maddr(maddr.v + i * PAGE_BYTES)) )
            die("the p2m names a page that is not the guest's\n");
}

static void let_go(struct bench_host *h, maddr_t maddr, unsigned int pages)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        put_page(h, _maddr(maddr.v + i * PAGE_BYTES));
}

/* From the p2m's root, or on from the last look-up. */
static unsigned int look_up(struct baseline *b, uint32_t ipa, maddr_t *maddr)
{
    unsigned int pages =
        b->walking ? p2m_walk_lookup(b->host, &b->walk, _ipa(ipa), maddr)
                   : p2m_lookup(b->host, _ipa(ipa), maddr);

    if ( !pages )
        die("a page of the guest is not in its p2m\n");

    return pages;
}

/* A walk of the p2m lasts as long as its lock is held. */
static void begin(struct baseline *b)
{
    take(&b->host->p2m_lock);
    b->walk = (struct p2m_walk){ 0 };
}

/* Takes pages from ipa if they are one aligned piece of machine memory. */
static bool take_block(struct baseline *b, uint32_t ipa, unsigned int pages,
                       maddr_t *block)
{
    unsigned int done = look_up(b, ipa, block);
    maddr_t maddr;

    if ( block->v % (pages * PAGE_BYTES) )
        return false;

    while ( done < pages )
    {
        unsigned int n = look_up(b, ipa + done * PAGE_BYTES, &maddr);

        if ( maddr.v != block->v + done * PAGE_BYTES )
            return false;
        done += n;
    }
    hold(b->host, *block, pages);

    return true;
}

static void write_pages(uint32_t *words, maddr_t maddr, unsigned int pages)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        words[i] = pt_make(PT_SMALL, maddr.v + i * PAGE_BYTES);
}

/* How many of pages (1 or more) words map what rises from the first on. */
static unsigned int rising(const uint32_t *words, unsigned int pages)
{
    uint32_t ipa = pt_address(PT_SMALL, words[0]);
    unsigned int n = 0;

    while ( n < pages && pt_page_kind(words[n]) == PT_SMALL &&
            pt_address(PT_SMALL, words[n]) == ipa + n * PAGE_BYTES )
        n++;

    return n;
}

static unsigned int at_most(unsigned int n, unsigned int most)
{
    return n < most ? n : most;
}

/* Words for a MiB from ipa on. */
static void translate_mib(struct baseline *b, uint32_t *words, uint32_t ipa)
{
    unsigned int page, n;
    maddr_t maddr;

    for ( page = 0; page < PT_PAGES; page += n )
    {
        n = at_most(look_up(b, ipa + page * PAGE_BYTES, &maddr),
                    PT_PAGES - page);
        write_pages(words + page, maddr, n);
    }
}

/* The guest's words become the hardware's. The guest here maps no large pages. */
static void translate_words(struct baseline *b, uint32_t *words)
{
    unsigned int page, n;
    maddr_t maddr;

    for ( page = 0; page < PT_PAGES; page += n )
    {
        n = rising(words + page, 1);
        if ( n )
        {
            n = look_up(b, pt_address(PT_SMALL, words[page]), &maddr);
            n = rising(words + page, at_most(n, PT_PAGES - page));
            write_pages(words + page, maddr, n);
        }
        else
            words[page + n++] = PT_FAULT_WORD;
    }
}

/* After the look-ups: the processor overlaps what misses its cache in those. */
static void hold_words(struct bench_host *h, const uint32_t *words)
{
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
        if ( words[i] != PT_FAULT_WORD )
            hold(h, _maddr(pt_address(PT_SMALL, words[i])), 1);
}

static void write_table(struct baseline *b, unsigned int slot, uint32_t *words)
{
    struct host *host = &b->host->host;

    host->ops->clean(host, words, PT_TABLE_BYTES);
    b->root[slot] =
        pt_make(PT_TABLE, b->tables_maddr.v + (words - b->tables) * 4);
}

/* A MiB that rises from ipa on. */
static void fill_mib(struct baseline *b, unsigned int slot, uint32_t ipa,
                     uint32_t *words)
{
    struct bench_host *h = b->host;
    maddr_t maddr;
    bool block;

    begin(b);
    block = !(ipa % MIB) && take_block(b, ipa, PT_PAGES, &maddr);
    if ( !block )
    {
        translate_mib(b, words, ipa);
        hold_words(h, words);
    }
    give(&h->p2m_lock);

    if ( block )
        b->root[slot] = pt_make(PT_SECTION, maddr.v);
    else
        write_table(b, slot, words);
}

static void fill_table(struct baseline *b, unsigned int slot, uint32_t table,
                       uint32_t *words)
{
    struct bench_host *h = b->host;

    baseline_read(b, table, words, PT_TABLE_BYTES);
    if ( rising(words, PT_PAGES) == PT_PAGES )
    {
        fill_mib(b, slot, pt_address(PT_SMALL, words[0]), words);
        return;
    }

    begin(b);
    translate_words(b, words);
    hold_words(h, words);
    give(&h->p2m_lock);
    write_table(b, slot, words);
}

/* Each slot has a table of its own: none has to be found. */
static void fill_slot(struct baseline *b, unsigned int slot, uint32_t word)
{
    enum pt_kind kind = pt_slot_kind(word);
    uint32_t address = pt_address(kind, word);
    uint32_t *words = b->tables + slot * PT_PAGES;

    if ( kind == PT_SUPERSECTION )
        address += slot % PT_GROUP * MIB;

    if ( kind == PT_TABLE )
        fill_table(b, slot, address, words);
    else if ( kind != PT_FAULT )
        fill_mib(b, slot, address, words);
}

/* The guest here writes a supersection's 16 words alike. */
static bool fill_supersection(struct baseline *b, unsigned int slot,
                              uint32_t word)
{
    struct bench_host *h = b->host;
    unsigned int i;
    maddr_t maddr;
    bool block;

    begin(b);
    block = take_block(b, pt_address(PT_SUPERSECTION, word),
                       PT_GROUP * PT_PAGES, &maddr);
    give(&h->p2m_lock);

    for ( i = 0; block && i < PT_GROUP; i++ )
        b->root[slot + i] = pt_make(PT_SUPERSECTION, maddr.v);

    return block;
}

void floor_fill(struct baseline *b, uint32_t ttb, unsigned int first,
                unsigned int slots)
{
    struct host *host = &b->host->host;
    unsigned int slot, i;
    uint32_t words[PT_GROUP];

    for ( slot = first; slot < first + slots; slot += PT_GROUP )
    {
        baseline_read(b, pt_slot_word_addr(ttb, slot), words, sizeof(words));
        if ( pt_slot_kind(words[0]) != PT_SUPERSECTION ||
             !fill_supersection(b, slot, words[0]) )
            for ( i = 0; i < PT_GROUP; i++ )
                fill_slot(b, slot + i, words[i]);
        host->ops->clean(host, b->root + slot, sizeof(words));
    }
}

static void forget_table(struct baseline *b, const uint32_t *words)
{
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
        if ( words[i] != PT_FAULT_WORD )
            put_page(b->host, _maddr(pt_address(PT_SMALL, words[i])));
}

void floor_forget(struct baseline *b, unsigned int first, unsigned int slots)
{
    unsigned int slot;

    for ( slot = first; slot < first + slots; slot++ )
    {
        enum pt_kind kind = pt_slot_kind(b->root[slot]);
        maddr_t maddr = _maddr(pt_address(kind, b->root[slot]));

        if ( kind == PT_SUPERSECTION )
            maddr.v += slot % PT_GROUP * MIB;

        if ( kind == PT_TABLE )
            forget_table(b, b->tables + slot * PT_PAGES);
        else if ( kind != PT_FAULT )
            let_go(b->host, maddr, PT_PAGES);
        b->root[slot] = PT_FAULT_WORD;
    }
}
