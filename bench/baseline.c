/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "baseline.h"

void baseline_init(struct baseline *b, struct bench_host *h)
{
    b->host = h;
    b->root_maddr = machine_alloc(h, PT_ROOT_BYTES);
    b->root = machine_at(h, b->root_maddr);
    b->tables_maddr = machine_alloc(h, PT_SLOTS * PT_TABLE_BYTES);
    b->tables = machine_at(h, b->tables_maddr);
    b->used = 0;
    b->referencing = false;
}

uint32_t baseline_bytes(const struct baseline *b)
{
    return PT_ROOT_BYTES + b->used * PT_TABLE_BYTES;
}

void baseline_read(struct baseline *b, uint32_t ipa, void *buf, size_t len)
{
    if ( !b->host->host.ops->read_guest(&b->host->host, _ipa(ipa), buf, len) )
        memset(buf, 0, len);
}

static void copy_root(struct baseline *b, uint32_t ttb)
{
    unsigned int i;

    b->used = 0;
    for ( i = 0; i < PT_ROOT_BYTES / PAGE_BYTES; i++ )
        baseline_read(b, ttb + i * PAGE_BYTES, b->root + i * (PAGE_BYTES / 4),
                      PAGE_BYTES);
}

static uint32_t *new_table(struct baseline *b)
{
    return b->tables + b->used++ * PT_PAGES;
}

/* One page, with one look-up from the p2m's root, as it did. */
static uint32_t translate_page(struct baseline *b, uint32_t ipa)
{
    struct bench_host *h = b->host;
    unsigned int found;
    maddr_t maddr;

    take(&h->p2m_lock);
    found = p2m_lookup(h, _ipa(ipa), &maddr);
    if ( found && b->referencing && !get_page(h, maddr) )
        found = 0;
    give(&h->p2m_lock);

    return found ? pt_make(PT_SMALL, maddr.v) : PT_FAULT_WORD;
}

static void translate_table(struct baseline *b, uint32_t *words)
{
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
    {
        enum pt_kind kind = pt_page_kind(words[i]);
        uint32_t ipa = pt_address(kind, words[i]);

        if ( kind == PT_LARGE )
            ipa += i % PT_CHUNK * PAGE_BYTES;
        if ( kind != PT_FAULT )
            words[i] = translate_page(b, ipa);
    }
}

static void split_section(struct baseline *b, uint32_t *words, uint32_t ipa)
{
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
        words[i] = translate_page(b, ipa + i * PAGE_BYTES);
}

/* The new second level of a slot's word. */
static uint32_t *translate_slot(struct baseline *b, unsigned int slot)
{
    enum pt_kind kind = pt_slot_kind(b->root[slot]);
    uint32_t address = pt_address(kind, b->root[slot]);
    uint32_t *words = new_table(b);

    if ( kind == PT_TABLE )
    {
        baseline_read(b, address, words, PT_TABLE_BYTES);
        translate_table(b, words);
        return words;
    }

    if ( kind == PT_SUPERSECTION )
        address += slot % PT_GROUP * MIB;
    split_section(b, words, address);

    return words;
}

void translate_2014(struct baseline *b, uint32_t ttb)
{
    struct host *host = &b->host->host;
    unsigned int slot;

    copy_root(b, ttb);
    for ( slot = 0; slot < PT_SLOTS; slot++ )
    {
        const uint32_t *words;

        if ( pt_slot_kind(b->root[slot]) == PT_FAULT )
            continue;
        words = translate_slot(b, slot);
        host->ops->clean(host, words, PT_TABLE_BYTES);
        b->root[slot] =
            pt_make(PT_TABLE, b->tables_maddr.v + (words - b->tables) * 4);
    }
    host->ops->clean(host, b->root, PT_ROOT_BYTES);
}

void forget_2014(struct baseline *b)
{
    unsigned int i;

    for ( i = 0; b->referencing && i < b->used * PT_PAGES; i++ )
        if ( b->tables[i] != PT_FAULT_WORD )
            put_page(b->host, _maddr(pt_address(PT_SMALL, b->tables[i])));
    b->used = 0;
}

void copy_tables(struct baseline *b, uint32_t ttb)
{
    struct host *host = &b->host->host;
    unsigned int slot;

    copy_root(b, ttb);
    for ( slot = 0; slot < PT_SLOTS; slot++ )
        if ( pt_slot_kind(b->root[slot]) == PT_TABLE )
            baseline_read(b, pt_address(PT_TABLE, b->root[slot]), new_table(b),
                          PT_TABLE_BYTES);
    host->ops->clean(host, b->root, baseline_bytes(b));
}
