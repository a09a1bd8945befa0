/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Abuse of translation tables. Each first level maps the guest's own memory to itself,
 * so that the processors find their commands; its other words lead anywhere.
 */
#include "attack.h"
#include "omap_pt.h"

#define GROUP_MASK (~(PT_GROUP - 1))

static uint32_t root(uint32_t n)
{
    return parameters.memory + ROOTS + n % ROOTS_COUNT * PT_ROOT_BYTES;
}

static uint32_t leaf(uint32_t n)
{
    return parameters.memory + LEAVES + n % LEAVES_COUNT * PT_TABLE_BYTES;
}

/* 16 MiB to themselves, in a row of 16 words or of sections. */
static void map_flat(uint32_t table, uint32_t ipa, bool supersection)
{
    uint32_t slot = ipa >> PT_SLOT_SHIFT, i;

    for ( i = 0; i < PT_GROUP; i++ )
        write32(table + (slot + i) * 4,
                supersection ? pt_make(PT_SUPERSECTION, ipa)
                             : pt_make(PT_SECTION, ipa + (i << PT_SLOT_SHIFT)));
}

static void map_own_memory(uint32_t table, bool supersection)
{
    map_flat(table, parameters.memory, supersection);
}

/* Second levels, full ones: their even ones. */
static void map_hot(uint32_t table)
{
    uint32_t i;

    for ( i = 0; i < PT_GROUP; i++ )
        write32(table + ((HOT >> PT_SLOT_SHIFT) + i) * 4,
                pt_make(PT_TABLE, leaf(i * 2)));
}

/* A word of the first level: a table, ours or not; a section; or just bits. */
static uint32_t root_word(struct attacker *a)
{
    switch ( below(a, 8) )
    {
    case 0 ... 3:
        return pt_make(PT_TABLE, leaf(any(a)));
    case 4:
        return pt_make(PT_TABLE, target(a) & ~(PT_TABLE_BYTES - 1));
    case 5:
        return pt_make(PT_SECTION, target(a) & 0xfff00000);
    case 6:
        return pt_make(PT_SUPERSECTION, target(a) & 0xff000000);
    default:
        return spare(any(a));
    }
}

static uint32_t leaf_word(struct attacker *a)
{
    switch ( below(a, 8) )
    {
    case 0 ... 4:
        return pt_make(PT_SMALL, target(a) & 0xfffff000);
    case 5 ... 6:
        return pt_make(PT_LARGE, target(a) & 0xffff0000);
    default:
        return spare(any(a));
    }
}

/* Half of the second levels are full, half are nearly empty: soon translated. */
void tables_init(struct attacker *a)
{
    uint32_t n, i;

    for ( n = 0; n < LEAVES_COUNT; n++ )
        for ( i = 0; i < PT_PAGES; i++ )
            write32(leaf(n) + i * 4,
                    n & 1 && any(a) & 7 ? PT_FAULT_WORD : leaf_word(a));
    for ( n = 0; n < ROOTS_COUNT; n++ )
    {
        for ( i = 0; i < PT_SLOTS; i++ )
            write32(root(n) + i * 4, root_word(a));
        map_own_memory(root(n), n & 1);
        map_flat(root(n), parameters.memory + ARENA, n & 1);
        map_hot(root(n));
    }
}

void tables_sane(void)
{
    uint32_t table = parameters.memory + SANE_ROOT, i;

    for ( i = 0; i < PT_SLOTS; i++ )
        write32(table + i * 4, PT_FAULT_WORD);
    map_own_memory(table, false);
}

/*
 * The most that a fault can cost: 256 pages, no two in a row, for each MiB; and more of
 * them than an MMU's pool has tables. All of it is the guest's own.
 */
void tables_grind(void)
{
    uint32_t table = parameters.memory + GRIND_ROOT, i;

    for ( i = 0; i < PT_PAGES; i++ )
        write32(parameters.memory + GRIND_LEAF + i * 4,
                pt_make(PT_SMALL, parameters.memory + GRIND_PAGES +
                                      i * 37 % PT_PAGES * 0x1000));
    for ( i = 0; i < PT_SLOTS; i++ )
        write32(table + i * 4,
                pt_make(PT_TABLE, parameters.memory + GRIND_LEAF));
    map_own_memory(table, false);
}

/* A second level of three pages, of which the first is the one to touch. */
static uint32_t three_pages(uint32_t n, uint32_t first, uint32_t second,
                            uint32_t third)
{
    uint32_t table = parameters.memory + COST_LEAVES + n * PT_TABLE_BYTES, i;

    for ( i = 0; i < PT_PAGES; i++ )
        write32(table + i * 4, PT_FAULT_WORD);
    write32(table, pt_make(PT_SMALL, first));
    write32(table + 4, pt_make(PT_SMALL, second));
    write32(table + 8, pt_make(PT_SMALL, third));

    return pt_make(PT_TABLE, table);
}

/*
 * The most that a change can cost, MiB by MiB of the first vCPU's part of the arena: wide
 * tables, whose IPAs lie at both ends of all memory, so that only a look at each of their
 * pages shows that a change does not concern them (the core looks at 64 tables for one
 * change, twice at each of these); and behind them, for each MiB, a table with its last
 * page, so that the MiB is in use as long as that is there.
 */
void tables_cost(void)
{
    uint32_t root = parameters.memory + COST_ROOT, wide, i;
    uint32_t words = root + (COST_FIRST >> PT_SLOT_SHIFT) * 4;
    uint32_t stays = arena(0) + ARENA_HALF - PAGE, last;

    for ( i = 0; i < PT_SLOTS; i++ )
        write32(root + i * 4, PT_FAULT_WORD);
    map_own_memory(root, false);

    wide =
        three_pages(0, parameters.memory + GRIND_PAGES, 0x00001000, 0xffffe000);
    for ( i = 0; i < COST_WIDE; i++ )
        write32(words + i * 4, wide);
    for ( i = 0; i < COST_NARROW; i++ )
    {
        last = arena(0) + ((i + 1) << PT_SLOT_SHIFT) - PAGE;
        write32(words + (COST_WIDE + i) * 4,
                three_pages(1 + i, stays, last, last));
    }
}

uint32_t a_root(struct attacker *a)
{
    switch ( below(a, 8) )
    {
    case 0 ... 5:
        return root(any(a));
    case 6:
        /* Not aligned: its index is OR-ed, and other words are read. */
        return root(any(a)) | (any(a) & 0x3f80);
    default:
        return leaf(any(a));
    }
}

/* A word that is one thing, and another, while it is read. */
static void flicker(struct attacker *a)
{
    uint32_t slot = any(a) & 1 ? own_memory(a) >> PT_SLOT_SHIFT : any(a) >> 20;
    uint32_t word = root(any(a)) + slot * 4, before = read32(word);
    uint32_t other = root_word(a), n = below(a, 200);

    while ( n-- )
        write32(word, n & 1 ? other : before);
}

/* The same of a second level, which a chunk's 16 copies make larger. */
static void flicker_chunk(struct attacker *a)
{
    uint32_t chunk = leaf(any(a)) + below(a, PT_PAGES / PT_CHUNK) * 64;
    uint32_t n = below(a, 32), i, word;

    while ( n-- )
    {
        word = leaf_word(a);
        for ( i = 0; i < PT_CHUNK; i++ )
            write32(chunk + i * 4, word);
    }
}

void abuse_tables(struct attacker *a)
{
    unsigned int n;

    switch ( below(a, 8) )
    {
    case 0 ... 2:
        for ( n = below(a, 64); n; n-- )
            write32(root(any(a)) + (any(a) >> 20) * 4, root_word(a));
        break;
    case 3 ... 4:
        for ( n = below(a, 64); n; n-- )
            write32(leaf(any(a)) + (any(a) >> 24) * 4, leaf_word(a));
        break;
    case 5:
        flicker(a);
        break;
    case 6:
        flicker_chunk(a);
        break;
    default:
        /* All as it was; its own memory in one piece of 16 MiB, or in 16. */
        map_own_memory(root(any(a)), any(a) & 1);
        map_flat(root(any(a)), parameters.memory + ARENA, any(a) & 1);
        map_hot(root(any(a)));
        break;
    }
}
