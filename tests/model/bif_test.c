/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model of the GPU's BIFs: one property per test.
 *
 * Directories and tables are written as plain words here: the tests rest neither
 * on the model's decoder nor on the mediator's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bif.h"

#define RAM     0x80000000u
#define BYTES   0x10000u
#define DIR     RAM             /* of the contexts */
#define EDM_DIR (RAM + 0x1000u) /* of the microkernel */
#define TABLE   (RAM + 0x2000u)
#define OTHER   (RAM + 0x3000u) /* a second table */
#define NOWHERE 0x10000000u

#define DA  0x00400000u /* first page of the slot that TABLE serves */
#define OUT 0x40000000u /* where its pages lead */

#define ALL_INVAL 8u
#define PTE_INVAL 4u
#define PAUSE     2u
#define CLEAR     0x10u

#define MAX_EVENTS 512u

struct gpu {
    struct bif bif;
    uint32_t ram[BYTES / 4];
    unsigned int reads;
    unsigned int events;
    struct bif_event event[MAX_EVENTS];
};

static bool ram_read(void *ctx, uint32_t pa, uint32_t *value)
{
    struct gpu *g = ctx;

    g->reads++;
    if ( pa - RAM >= BYTES )
        return false;
    *value = g->ram[(pa - RAM) / 4];

    return true;
}

static void note(void *ctx, const struct bif_event *event)
{
    struct gpu *g = ctx;

    assert_true(g->events < MAX_EVENTS);
    g->event[g->events++] = *event;
}

static void put(struct gpu *g, uint32_t pa, uint32_t value)
{
    assert_true(pa - RAM < BYTES);
    g->ram[(pa - RAM) / 4] = value;
}

static uint32_t at(unsigned int bank, uint32_t reg)
{
    return bank * 0x4000 + reg;
}

static uint32_t rd(struct gpu *g, unsigned int bank, uint32_t reg)
{
    return bif_reg_read(&g->bif, at(bank, reg));
}

static void wr(struct gpu *g, unsigned int bank, uint32_t reg, uint32_t value)
{
    bif_reg_write(&g->bif, at(bank, reg), value, false);
}

/* The page of da's slot at index n of TABLE leads to OUT's n-th. */
static void map(struct gpu *g, unsigned int n, uint32_t bits)
{
    put(g, TABLE + n * 4, (OUT + n * 0x1000) | bits);
}

/* What a driver sets: EDM by base 7, all others by base 0. */
static void set_up(struct gpu *g)
{
    wr(g, 0, 0xc78, 7);
    wr(g, 0, 0xc84, DIR);
    wr(g, 0, 0xc50, EDM_DIR);
    put(g, DIR + 4, TABLE | 1);
    put(g, EDM_DIR + 4, TABLE | 1);
    map(g, 0, 1);
}

static struct gpu *make(bool reset_keeps_caches)
{
    struct gpu *g = calloc(1, sizeof(*g));
    const struct bif_config config = {
        .reset_keeps_caches = reset_keeps_caches,
        .ctx = g,
        .read32 = ram_read,
        .event = note,
    };

    assert_non_null(g);
    bif_init(&g->bif, &config);
    set_up(g);
    g->events = 0;

    return g;
}

static int setup(void **state)
{
    *state = make(false);

    return 0;
}

static int setup_keeping(void **state)
{
    *state = make(true);

    return 0;
}

static int teardown(void **state)
{
    free(*state);

    return 0;
}

static enum bif_result access_by(struct gpu *g, enum bif_requester requester,
                                 uint32_t da, bool write, uint32_t *pa)
{
    return bif_translate(&g->bif, SGX_CORE0, requester, da, write, pa);
}

static void assert_leads(struct gpu *g, uint32_t da, uint32_t to)
{
    uint32_t pa = 0;

    assert_int_equal(access_by(g, BIF_3D, da, false, &pa), BIF_OK);
    assert_int_equal(pa, to);
}

static void assert_result(struct gpu *g, enum bif_requester requester,
                          uint32_t da, bool write, enum bif_result result)
{
    uint32_t pa = 0x600df00d;

    assert_int_equal(access_by(g, requester, da, write, &pa), result);
    if ( result != BIF_OK )
        assert_int_equal(pa, 0x600df00d);
}

/* A fault, cleared at once. */
static void assert_faults(struct gpu *g, enum bif_requester requester,
                          uint32_t da, bool write)
{
    assert_result(g, requester, da, write, BIF_FAULT);
    wr(g, SGX_CORE0, 0xc00, CLEAR);
}

/*
 * Registers
 */

static void a_write_to_broadcast_reaches_all(void **state)
{
    struct gpu *g = *state;
    unsigned int bank;

    wr(g, 0, 0xc3c, 0x12345000);
    for ( bank = 0; bank < 4; bank++ )
        assert_int_equal(rd(g, bank, 0xc3c), 0x12345000);
}

static void a_bank_is_written_alone(void **state)
{
    struct gpu *g = *state;

    wr(g, 0, 0xc3c, 0x1000);
    wr(g, 1, 0xc3c, 0x2000);
    wr(g, 2, 0xc3c, 0x3000);
    wr(g, 3, 0xc3c, 0x4000);
    assert_int_equal(rd(g, 1, 0xc3c), 0x2000);
    assert_int_equal(rd(g, 2, 0xc3c), 0x3000);
    assert_int_equal(rd(g, 3, 0xc3c), 0x4000);
}

static void broadcast_reads_the_first_core(void **state)
{
    struct gpu *g = *state;

    wr(g, 2, 0xc3c, 0x3000);
    wr(g, 2, 0x080, 0x10);
    assert_int_equal(rd(g, 0, 0xc3c), 0x3000);
    assert_int_equal(rd(g, 0, 0x080), 0x10);
}

static void bases_have_an_address_only(void **state)
{
    struct gpu *g = *state;
    uint32_t reg;

    for ( reg = 0xc38; reg <= 0xc50; reg += 4 )
    {
        wr(g, 2, reg, 0xffffffff);
        assert_int_equal(rd(g, 2, reg), 0xfffff000);
    }
    wr(g, 2, 0xc84, 0xffffffff);
    assert_int_equal(rd(g, 2, 0xc84), 0xfffff000);
}

static void other_registers_are_stored(void **state)
{
    static const uint32_t regs[] = { 0xc0c, 0xc30, 0xc74, 0xc78,
                                     0xc7c, 0xcac, 0xcd0 };
    struct gpu *g = *state;
    unsigned int i;

    for ( i = 0; i < sizeof(regs) / sizeof(regs[0]); i++ )
    {
        wr(g, 3, regs[i], 0xa5a5a5a5);
        assert_int_equal(rd(g, 3, regs[i]), 0xa5a5a5a5);
    }
}

static void status_registers_ignore_writes(void **state)
{
    static const uint32_t regs[] = { 0xc04, 0xc08, 0xca8, 0xcb4 };
    struct gpu *g = *state;
    unsigned int i;

    for ( i = 0; i < sizeof(regs) / sizeof(regs[0]); i++ )
    {
        wr(g, 2, regs[i], 0xffffffff);
        assert_int_equal(rd(g, 2, regs[i]), 0);
    }
}

static void commands_read_as_zero(void **state)
{
    struct gpu *g = *state;

    wr(g, 2, 0xc34, ALL_INVAL);
    wr(g, 2, 0xc00, CLEAR | 1);
    assert_int_equal(rd(g, 2, 0xc34), 0);
    assert_int_equal(rd(g, 2, 0xc00), 1);
}

static void the_rest_is_not_the_bifs(void **state)
{
    static const uint32_t offsets[] = { 0x000,  0x07c,   0x084,  0xbfc,
                                        0xd00,  0xc85,   0x1c84, 0xffc,
                                        0x4084, 0x10080, 0x10c84 };
    struct gpu *g = *state;
    unsigned int i;

    for ( i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++ )
    {
        assert_false(bif_has(offsets[i]));
        bif_reg_write(&g->bif, offsets[i], 0xffffffff, false);
        assert_int_equal(bif_reg_read(&g->bif, offsets[i]), 0);
    }
    assert_true(bif_has(0x080));
    assert_true(bif_has(0xc00));
    assert_true(bif_has(0xccfc));
    assert_leads(g, DA, OUT);
}

/*
 * Reset
 */

static void reset_loses_bases_and_ctrl(void **state)
{
    struct gpu *g = *state;

    wr(g, 2, 0xc00, PAUSE);
    wr(g, 2, 0x080, 1);
    assert_int_equal(rd(g, 2, 0xc50), 0);
    wr(g, 2, 0x080, 0);
    assert_int_equal(rd(g, 2, 0xc00), 0);
    assert_int_equal(rd(g, 2, 0xc50), 0);
    assert_int_equal(rd(g, 2, 0xc84), 0);
    assert_int_equal(rd(g, 2, 0xc78), 0);
    assert_int_equal(rd(g, 3, 0xc84), DIR);
}

static void reset_lets_nothing_through(void **state)
{
    struct gpu *g = *state;
    uint32_t pa;

    wr(g, 2, 0x080, 1);
    assert_result(g, BIF_3D, DA, false, BIF_REFUSED);
    assert_int_equal(bif_translate(&g->bif, 3, BIF_3D, DA, false, &pa), BIF_OK);
    assert_int_equal(g->bif.stats.refused, 1);
}

static void reset_ignores_writes(void **state)
{
    struct gpu *g = *state;

    wr(g, 2, 0x080, 0x7ff);
    wr(g, 2, 0xc84, DIR);
    wr(g, 2, 0xc00, PAUSE);
    assert_int_equal(rd(g, 2, 0xc84), 0);
    wr(g, 2, 0x080, 0x7fe);
    assert_int_equal(rd(g, 2, 0xc84), 0);
    assert_int_equal(rd(g, 2, 0xc00), 0);
}

static void other_blocks_are_not_the_bif(void **state)
{
    struct gpu *g = *state;

    wr(g, 2, 0x080, 0x7fe);
    assert_int_equal(rd(g, 2, 0x080), 0x7fe);
    assert_leads(g, DA, OUT);
}

static void reset_loses_the_caches(void **state)
{
    struct gpu *g = *state;

    assert_leads(g, DA, OUT);
    put(g, DIR + 4, OTHER | 1);
    put(g, OTHER, (OUT + 0x5000) | 1);
    wr(g, 2, 0x080, 1);
    wr(g, 2, 0x080, 0);
    wr(g, 2, 0xc84, DIR);
    assert_leads(g, DA, OUT + 0x5000);
}

static void reset_keeps_the_caches_if_so(void **state)
{
    struct gpu *g = *state;

    assert_leads(g, DA, OUT);
    put(g, DIR + 4, OTHER | 1);
    wr(g, 2, 0x080, 1);
    wr(g, 2, 0x080, 0);
    wr(g, 2, 0xc84, DIR);
    assert_leads(g, DA, OUT);
    wr(g, 2, 0xc34, ALL_INVAL);
    assert_faults(g, BIF_3D, DA, false);
}

static void the_master_resets_each_core(void **state)
{
    struct gpu *g = *state;

    wr(g, 1, 0x080, 2);
    assert_false(bif_is_held(&g->bif, 1));
    assert_false(bif_is_held(&g->bif, 2));
    assert_true(bif_is_held(&g->bif, 3));
    assert_int_equal(rd(g, 3, 0xc84), 0);
    assert_int_equal(rd(g, 2, 0xc84), DIR);
    wr(g, 1, 0x080, 1);
    assert_true(bif_is_held(&g->bif, 1));
    assert_true(bif_is_held(&g->bif, 2));
    assert_false(bif_is_held(&g->bif, 3));
    wr(g, 1, 0x080, 0x100);
    assert_true(bif_is_held(&g->bif, 1));
    assert_false(bif_is_held(&g->bif, 2));
}

static void a_core_keeps_its_own_reset_below_the_masters(void **state)
{
    struct gpu *g = *state;

    wr(g, 1, 0x080, 3);
    wr(g, 2, 0x080, 1);
    wr(g, 1, 0x080, 0);
    assert_true(bif_is_held(&g->bif, 2));
    assert_false(bif_is_held(&g->bif, 3));
    wr(g, 2, 0x080, 0);
    assert_false(bif_is_held(&g->bif, 2));
}

static void a_further_reset_bit_loses_nothing_twice(void **state)
{
    struct gpu *g = *state;

    wr(g, 2, 0x080, 1);
    wr(g, 2, 0x080, 3);
    wr(g, 2, 0x080, 2);
    assert_int_equal(g->events, 2);
    assert_int_equal(g->event[0].kind, BIF_ENTERED_RESET);
    assert_int_equal(g->event[0].bank, 2);
    assert_int_equal(g->event[1].kind, BIF_LEFT_RESET);
}

static void hardware_reset_is_as_power_on(void **state)
{
    struct gpu *g = *state;

    assert_leads(g, DA, OUT);
    wr(g, 0, 0x080, 0x7ff);
    bif_reset(&g->bif);
    assert_false(bif_is_held(&g->bif, 2));
    assert_int_equal(rd(g, 1, 0x080), 0);
    assert_int_equal(rd(g, 2, 0xc84), 0);
    put(g, TABLE, 0);
    set_up(g);
    put(g, TABLE, (OUT + 0x5000) | 1);
    assert_leads(g, DA, OUT + 0x5000);
    assert_int_equal(g->bif.stats.translated, 2);
}

/*
 * Tables
 */

static void walks_a_small_page(void **state)
{
    struct gpu *g = *state;

    map(g, 1023, 1);
    assert_leads(g, DA + 0xabc, OUT + 0xabc);
    assert_leads(g, DA + 0x3ff123, OUT + 0x3ff123);
}

static void walks_each_size_of_page(void **state)
{
    struct gpu *g = *state;
    uint32_t size, bytes, last, da;

    for ( size = 0; size <= 5; size++ )
    {
        bytes = 0x1000u << 2 * size;
        last = 0x400000 / bytes - 1;
        put(g, DIR + 4, TABLE | size << 1 | 1);
        put(g, TABLE + last * 4, 0x50000000 | 0x1f000000 | 1);
        wr(g, 0, 0xc34, ALL_INVAL);
        da = DA + 0x400000 - 4;
        assert_leads(g, da, 0x5f000000 + bytes - 4);
        assert_int_equal(g->reads, 5);
        g->reads = 0;
    }
}

static void a_large_page_ignores_bits_below_its_size(void **state)
{
    struct gpu *g = *state;

    put(g, DIR + 4, TABLE | 2 << 1 | 1);
    put(g, TABLE + 4, 0x5001f000 | 1);
    assert_leads(g, DA + 0x13458, 0x50013458);
}

static void two_sizes_are_none(void **state)
{
    struct gpu *g = *state;

    put(g, DIR + 4, TABLE | 6 << 1 | 1);
    assert_faults(g, BIF_3D, DA, false);
    put(g, DIR + 4, TABLE | 7 << 1 | 1);
    wr(g, 0, 0xc34, ALL_INVAL);
    assert_faults(g, BIF_3D, DA, false);
}

static void what_is_not_valid_faults(void **state)
{
    struct gpu *g = *state;

    map(g, 1, 0);
    assert_faults(g, BIF_3D, DA + 0x1000, false);
    put(g, DIR + 8, TABLE);
    assert_faults(g, BIF_3D, DA + 0x400000, false);
}

static void what_cannot_be_read_faults(void **state)
{
    struct gpu *g = *state;

    put(g, DIR + 8, NOWHERE | 1);
    assert_faults(g, BIF_3D, DA + 0x400000, false);
    wr(g, 2, 0xc84, NOWHERE);
    assert_faults(g, BIF_3D, DA, false);
}

static void a_requester_has_the_base_of_bank0(void **state)
{
    static const struct {
        enum bif_requester requester;
        unsigned int shift;
    } by[] = {
        { BIF_EDM, 0 }, { BIF_TA, 4 }, { BIF_3D, 12 }, { BIF_PTLA, 16 }
    };
    struct gpu *g = *state;
    uint32_t pa, reg;
    unsigned int i, n;

    for ( n = 0; n < 8; n++ )
    {
        reg = n ? 0xc38 + (n - 1) * 4 : 0xc84;
        wr(g, 0, 0xc84, NOWHERE);
        wr(g, 0, 0xc50, NOWHERE);
        wr(g, 0, reg, DIR);
        for ( i = 0; i < 4; i++ )
        {
            wr(g, 0, 0xc78, n << by[i].shift);
            assert_int_equal(access_by(g, by[i].requester, DA, false, &pa),
                             BIF_OK);
        }
        wr(g, 0, reg, NOWHERE);
    }
}

static void a_read_only_page_is_not_written(void **state)
{
    struct gpu *g = *state;

    map(g, 0, 5);
    assert_leads(g, DA, OUT);
    assert_faults(g, BIF_3D, DA, true);
    assert_faults(g, BIF_EDM, DA, true);
}

static void a_write_only_page_is_not_read(void **state)
{
    struct gpu *g = *state;

    map(g, 0, 3);
    assert_result(g, BIF_3D, DA, true, BIF_OK);
    assert_faults(g, BIF_3D, DA, false);
}

static void a_protected_page_is_the_microkernels(void **state)
{
    struct gpu *g = *state;

    map(g, 0, 0x11);
    assert_result(g, BIF_EDM, DA, true, BIF_OK);
    assert_faults(g, BIF_3D, DA, false);
    assert_faults(g, BIF_TA, DA, false);
    assert_faults(g, BIF_PTLA, DA, false);
}

static void a_cache_consistent_page_is_as_any(void **state)
{
    struct gpu *g = *state;

    map(g, 0, 9);
    assert_leads(g, DA, OUT);
}

/*
 * Caches
 */

static void a_hit_reads_nothing(void **state)
{
    struct gpu *g = *state;

    assert_leads(g, DA, OUT);
    assert_int_equal(g->reads, 5);
    assert_leads(g, DA + 4, OUT + 4);
    assert_int_equal(g->reads, 5);
    assert_int_equal(g->bif.stats.directory_reads, 1);
    assert_int_equal(g->bif.stats.table_reads, 1);
}

static void absence_is_cached_with_its_line(void **state)
{
    struct gpu *g = *state;

    assert_leads(g, DA, OUT);
    map(g, 3, 1);
    assert_faults(g, BIF_3D, DA + 0x3000, false);
    wr(g, SGX_CORE0, 0xc34, PTE_INVAL);
    assert_leads(g, DA + 0x3000, OUT + 0x3000);
}

static void a_line_has_four_words(void **state)
{
    struct gpu *g = *state;

    map(g, 7, 1);
    assert_leads(g, DA + 0x7000, OUT + 0x7000);
    map(g, 3, 1);
    map(g, 8, 1);
    assert_leads(g, DA + 0x3000, OUT + 0x3000);
    assert_leads(g, DA + 0x8000, OUT + 0x8000);
    map(g, 4, 1);
    assert_faults(g, BIF_3D, DA + 0x4000, false);
}

static void a_fault_caches_what_it_read(void **state)
{
    struct gpu *g = *state;

    assert_faults(g, BIF_3D, DA + 0x8000, false);
    map(g, 8, 1);
    assert_faults(g, BIF_3D, DA + 0x8000, false);
    wr(g, SGX_CORE0, 0xc34, PTE_INVAL);
    assert_leads(g, DA + 0x8000, OUT + 0x8000);
}

static void an_absent_table_is_not_cached(void **state)
{
    struct gpu *g = *state;

    put(g, DIR + 8, OTHER);
    assert_faults(g, BIF_3D, DA + 0x400000, false);
    put(g, DIR + 8, TABLE | 1);
    assert_leads(g, DA + 0x400000, OUT);
}

static void a_directory_word_is_cached_until_all_is_invalidated(void **state)
{
    struct gpu *g = *state;

    put(g, OTHER, (OUT + 0x5000) | 1);
    assert_leads(g, DA, OUT);
    put(g, DIR + 4, OTHER | 1);
    wr(g, SGX_CORE0, 0xc34, PTE_INVAL);
    assert_leads(g, DA, OUT);
    wr(g, SGX_CORE0, 0xc34, ALL_INVAL);
    assert_leads(g, DA, OUT + 0x5000);
}

static void all_invalidates_words_of_tables_too(void **state)
{
    struct gpu *g = *state;

    assert_leads(g, DA, OUT);
    put(g, TABLE, (OUT + 0x5000) | 1);
    assert_leads(g, DA, OUT);
    wr(g, SGX_CORE0, 0xc34, ALL_INVAL);
    assert_leads(g, DA, OUT + 0x5000);
}

static void no_bit_invalidates_nothing(void **state)
{
    struct gpu *g = *state;

    assert_leads(g, DA, OUT);
    put(g, TABLE, 0);
    wr(g, SGX_CORE0, 0xc34, ~(PTE_INVAL | ALL_INVAL));
    assert_leads(g, DA, OUT);
}

static void each_bank_has_caches_of_its_own(void **state)
{
    struct gpu *g = *state;
    uint32_t pa;

    assert_leads(g, DA, OUT);
    put(g, TABLE, 0);
    wr(g, SGX_CORE1, 0xc34, ALL_INVAL);
    assert_leads(g, DA, OUT);
    assert_int_equal(bif_translate(&g->bif, SGX_CORE1, BIF_3D, DA, false, &pa),
                     BIF_FAULT);
}

static void a_loaded_base_needs_no_invalidation(void **state)
{
    struct gpu *g = *state;

    put(g, OTHER, (OUT + 0x5000) | 1);
    put(g, RAM + 0x4004, OTHER | 1);
    assert_leads(g, DA, OUT);
    wr(g, SGX_CORE0, 0xc84, RAM + 0x4000);
    assert_leads(g, DA, OUT + 0x5000);
    wr(g, SGX_CORE0, 0xc84, DIR);
    assert_leads(g, DA, OUT);
}

/*
 * Faults
 */

static void a_fault_is_latched(void **state)
{
    struct gpu *g = *state;

    assert_result(g, BIF_3D, 0x00801234, false, BIF_FAULT);
    assert_int_equal(rd(g, 2, 0xc04), 1u << BIF_3D);
    assert_int_equal(rd(g, 2, 0xc08), 0x00801000);
    assert_int_equal(rd(g, 3, 0xc04), 0);
    assert_result(g, BIF_EDM, 0x00905678, false, BIF_FAULT);
    assert_int_equal(rd(g, 2, 0xc04), 1u << BIF_3D | 1u << BIF_EDM);
    assert_int_equal(rd(g, 2, 0xc08), 0x00801000);
    assert_int_equal(g->bif.stats.faults, 2);
}

static void a_fault_stops_its_requester_only(void **state)
{
    struct gpu *g = *state;
    uint32_t pa;

    assert_result(g, BIF_3D, 0x00801234, false, BIF_FAULT);
    assert_result(g, BIF_3D, DA, false, BIF_REFUSED);
    assert_result(g, BIF_3D, 0x00801234, false, BIF_REFUSED);
    assert_result(g, BIF_EDM, DA, false, BIF_OK);
    assert_result(g, BIF_PTLA, DA, false, BIF_OK);
    assert_int_equal(bif_translate(&g->bif, 3, BIF_3D, DA, false, &pa), BIF_OK);
    assert_int_equal(g->bif.stats.faults, 1);
}

static void a_mapping_that_comes_later_ends_no_fault(void **state)
{
    struct gpu *g = *state;

    assert_result(g, BIF_3D, DA + 0x1000, false, BIF_FAULT);
    map(g, 1, 1);
    wr(g, 2, 0xc34, ALL_INVAL);
    assert_result(g, BIF_3D, DA + 0x1000, false, BIF_REFUSED);
}

static void clear_fault_ends_it(void **state)
{
    struct gpu *g = *state;

    assert_result(g, BIF_3D, 0x00801234, false, BIF_FAULT);
    wr(g, 3, 0xc00, CLEAR);
    assert_result(g, BIF_3D, DA, false, BIF_REFUSED);
    wr(g, 2, 0xc00, CLEAR);
    assert_int_equal(rd(g, 2, 0xc04), 0);
    assert_int_equal(rd(g, 2, 0xc08), 0);
    assert_leads(g, DA, OUT);
}

static void reset_ends_a_fault(void **state)
{
    struct gpu *g = *state;

    assert_result(g, BIF_3D, 0x00801234, false, BIF_FAULT);
    wr(g, 2, 0x080, 1);
    wr(g, 2, 0x080, 0);
    assert_int_equal(rd(g, 2, 0xc04), 0);
    wr(g, 2, 0xc84, DIR);
    assert_leads(g, DA, OUT);
}

/*
 * Pause, bypass, requests under way
 */

static void paused_it_serves_nobody(void **state)
{
    struct gpu *g = *state;

    assert_leads(g, DA, OUT);
    wr(g, 2, 0xc00, PAUSE);
    assert_result(g, BIF_3D, DA, false, BIF_WAIT);
    assert_result(g, BIF_EDM, 0x00801000, false, BIF_WAIT);
    assert_int_equal(rd(g, 2, 0xc04), 0);
    assert_int_equal(g->bif.stats.waited, 2);
    wr(g, 2, 0xc00, 0);
    assert_leads(g, DA, OUT);
}

static void each_bypass_bit_is_somebodys(void **state)
{
    static const struct {
        enum bif_requester requester;
        uint32_t bits;
    } by[] = { { BIF_TA, 0x000e0600 },
               { BIF_3D, 0x00007800 },
               { BIF_EDM, 0x00008000 },
               { BIF_PTLA, 0x00110000 } };
    struct gpu *g = *state;
    uint32_t pa;
    unsigned int i, bit;

    for ( bit = 0; bit < 32; bit++ )
        for ( i = 0; i < 4; i++ )
        {
            if ( 1u << bit == PAUSE )
                continue;
            pa = 0;
            wr(g, 2, 0xc00, 1u << bit);
            assert_int_equal(access_by(g, by[i].requester, DA, true, &pa),
                             BIF_OK);
            assert_int_equal(pa, by[i].bits >> bit & 1 ? DA : OUT);
        }
    assert_int_equal(g->bif.stats.bypassed, 12);
}

static void bypass_knows_no_fault(void **state)
{
    struct gpu *g = *state;
    uint32_t pa = 0;

    wr(g, 2, 0xc00, 0x1000);
    assert_int_equal(access_by(g, BIF_3D, 0xdeadbeec, true, &pa), BIF_OK);
    assert_int_equal(pa, 0xdeadbeec);
    assert_int_equal(g->reads, 0);
    assert_int_equal(g->event[0].kind, BIF_BYPASS);
    assert_int_equal(g->event[0].pa, 0xdeadbeec);
}

static struct bif_request begin(struct gpu *g, uint32_t da)
{
    struct bif_request r;

    assert_int_equal(bif_begin(&g->bif, &r, SGX_CORE0, BIF_3D, da, false),
                     BIF_OK);

    return r;
}

static void a_request_under_way_is_counted(void **state)
{
    struct gpu *g = *state;
    struct bif_request a = begin(g, DA), b = begin(g, DA);
    uint32_t pa = 0;

    assert_int_equal(rd(g, 2, 0xca8), 2);
    assert_int_equal(rd(g, 3, 0xca8), 0);
    wr(g, 2, 0xc00, PAUSE);
    assert_int_equal(bif_end(&g->bif, &a, &pa), BIF_OK);
    assert_int_equal(pa, OUT);
    assert_int_equal(rd(g, 2, 0xca8), 1);
    assert_int_equal(bif_end(&g->bif, &b, &pa), BIF_OK);
    assert_int_equal(rd(g, 2, 0xca8), 0);
    assert_int_equal(bif_begin(&g->bif, &a, 2, BIF_3D, DA, false), BIF_WAIT);
    assert_int_equal(rd(g, 2, 0xca8), 0);
}

static void no_more_than_a_byte_is_counted(void **state)
{
    struct gpu *g = *state;
    unsigned int i;

    g->bif.config.event = NULL;
    for ( i = 0; i < 300; i++ )
        begin(g, DA);
    assert_int_equal(rd(g, 2, 0xca8), 0xff);
}

/* So an invalidation that does not wait for it is undone. */
static void a_request_caches_what_it_read_before(void **state)
{
    struct gpu *g = *state;
    struct bif_request r = begin(g, DA);
    uint32_t pa;

    put(g, TABLE, 0);
    put(g, DIR + 4, 0);
    wr(g, 2, 0xc34, ALL_INVAL);
    assert_int_equal(bif_end(&g->bif, &r, &pa), BIF_OK);
    assert_leads(g, DA, OUT);
    wr(g, 2, 0xc34, ALL_INVAL);
    assert_faults(g, BIF_3D, DA, false);
}

static void a_fault_is_raised_at_its_end(void **state)
{
    struct gpu *g = *state;
    struct bif_request r = begin(g, DA + 0x8000), other = begin(g, DA);
    uint32_t pa;

    assert_int_equal(rd(g, 2, 0xc04), 0);
    assert_int_equal(bif_end(&g->bif, &r, &pa), BIF_FAULT);
    assert_int_equal(rd(g, 2, 0xc08), DA + 0x8000);
    assert_int_equal(bif_end(&g->bif, &other, &pa), BIF_REFUSED);
    assert_int_equal(rd(g, 2, 0xca8), 0);
}

static void a_reset_ends_what_is_under_way(void **state)
{
    struct gpu *g = *state;
    struct bif_request r = begin(g, DA);
    uint32_t pa;

    wr(g, 1, 0x080, 1);
    assert_int_equal(rd(g, 2, 0xca8), 0);
    wr(g, 1, 0x080, 0);
    assert_int_equal(bif_end(&g->bif, &r, &pa), BIF_REFUSED);
    assert_int_equal(rd(g, 2, 0xca8), 0);
    put(g, TABLE, 0);
    wr(g, 2, 0xc84, DIR);
    assert_faults(g, BIF_3D, DA, false);
}

/*
 * Events
 */

static void assert_event(struct gpu *g, unsigned int n,
                         enum bif_event_kind kind, uint32_t pa, uint32_t value)
{
    assert_int_equal(g->event[n].kind, kind);
    assert_int_equal(g->event[n].pa, pa);
    assert_int_equal(g->event[n].value, value);
    if ( n )
        assert_true(g->event[n].number == g->event[n - 1].number + 1);
}

static void an_access_tells_what_it_read(void **state)
{
    struct gpu *g = *state;

    assert_result(g, BIF_PTLA, DA + 8, true, BIF_OK);
    assert_int_equal(g->events, 3);
    assert_event(g, 0, BIF_DIRECTORY_READ, DIR + 4, TABLE | 1);
    assert_event(g, 1, BIF_TABLE_READ, TABLE, 0);
    assert_event(g, 2, BIF_ACCESS, OUT + 8, 0);
    assert_int_equal(g->event[2].requester, BIF_PTLA);
    assert_int_equal(g->event[2].da, DA + 8);
    assert_int_equal(g->event[2].bank, SGX_CORE0);
    assert_true(g->event[2].write);
}

static void a_fault_is_told(void **state)
{
    struct gpu *g = *state;

    assert_result(g, BIF_TA, 0x00801234, false, BIF_FAULT);
    assert_event(g, 0, BIF_DIRECTORY_READ, DIR + 8, 0);
    assert_event(g, 1, BIF_RAISED, 0, 0);
    assert_int_equal(g->event[1].da, 0x00801234);
}

static void a_loaded_base_is_told(void **state)
{
    struct gpu *g = *state;
    unsigned int bank;

    bif_reg_write(&g->bif, at(2, 0xc84), RAM + 0x4010, true);
    wr(g, 0, 0xc3c, RAM + 0x5000);
    wr(g, 2, 0xc34, PTE_INVAL);
    wr(g, 2, 0xc78, 7);
    assert_int_equal(g->events, 5);
    assert_event(g, 0, BIF_BASE_LOADED, 0, RAM + 0x4000);
    assert_true(g->event[0].inside);
    assert_int_equal(g->event[0].index, 0);
    assert_int_equal(g->event[0].bank, 2);
    for ( bank = 1; bank < 4; bank++ )
    {
        assert_event(g, bank, BIF_BASE_LOADED, 0, RAM + 0x5000);
        assert_int_equal(g->event[bank].bank, bank);
        assert_int_equal(g->event[bank].index, 2);
        assert_false(g->event[bank].inside);
    }
    assert_event(g, 4, BIF_INVALIDATED, 0, PTE_INVAL);
    assert_int_equal(g->bif.stats.loads, 3 + 3 + 4);
}

static void a_held_bank_loads_no_base(void **state)
{
    struct gpu *g = *state;

    wr(g, 2, 0x080, 1);
    wr(g, 2, 0xc84, DIR);
    assert_int_equal(g->events, 1);
}

/*
 * Peek
 */

static bool peek(struct gpu *g, uint32_t da, bool write, uint32_t *pa)
{
    return bif_peek(&g->bif, SGX_CORE0, BIF_3D, da, write, pa);
}

static void peek_answers_as_the_hardware_would(void **state)
{
    struct gpu *g = *state;
    uint32_t pa = 0;

    assert_true(peek(g, DA + 4, false, &pa));
    assert_int_equal(pa, OUT + 4);
    assert_false(peek(g, DA + 0x1000, false, &pa));
    assert_leads(g, DA, OUT);
    put(g, TABLE, 0);
    assert_true(peek(g, DA, true, &pa));
    wr(g, 2, 0xc00, 0x1000);
    assert_true(peek(g, 0xdeadbeec, true, &pa));
    assert_int_equal(pa, 0xdeadbeec);
}

static void peek_has_no_side_effects(void **state)
{
    struct gpu *g = *state;
    struct bif *before = malloc(sizeof(*before));
    uint32_t pa;

    assert_non_null(before);
    memcpy(before, &g->bif, sizeof(*before));
    peek(g, DA, false, &pa);
    peek(g, DA + 0x1000, false, &pa);
    assert_memory_equal(before, &g->bif, sizeof(*before));
    assert_int_equal(g->events, 0);
    free(before);
}

static void peek_sees_through_what_ends(void **state)
{
    struct gpu *g = *state;
    uint32_t pa = 0;

    assert_result(g, BIF_3D, 0x00801234, false, BIF_FAULT);
    wr(g, 2, 0xc00, PAUSE);
    assert_true(peek(g, DA, false, &pa));
    assert_int_equal(pa, OUT);
}

/* As at address 0, where its bases lead in reset. */
static bool all_is_valid(void *ctx, uint32_t pa, uint32_t *value)
{
    (void)ctx;
    (void)pa;
    *value = TABLE | 1;

    return true;
}

static void peek_sees_nothing_in_reset(void **state)
{
    struct gpu *g = *state;
    uint32_t pa;

    g->bif.config.read32 = all_is_valid;
    wr(g, 1, 0x080, 1);
    assert_false(peek(g, DA, false, &pa));
    wr(g, 1, 0x080, 0);
    assert_true(peek(g, DA, false, &pa));
}

#define T(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TK(name) cmocka_unit_test_setup_teardown(name, setup_keeping, teardown)

static const struct CMUnitTest tests[] = {
    T(a_write_to_broadcast_reaches_all),
    T(a_bank_is_written_alone),
    T(broadcast_reads_the_first_core),
    T(bases_have_an_address_only),
    T(other_registers_are_stored),
    T(status_registers_ignore_writes),
    T(commands_read_as_zero),
    T(the_rest_is_not_the_bifs),
    T(reset_loses_bases_and_ctrl),
    T(reset_lets_nothing_through),
    T(reset_ignores_writes),
    T(other_blocks_are_not_the_bif),
    T(reset_loses_the_caches),
    TK(reset_keeps_the_caches_if_so),
    T(the_master_resets_each_core),
    T(a_core_keeps_its_own_reset_below_the_masters),
    T(a_further_reset_bit_loses_nothing_twice),
    TK(hardware_reset_is_as_power_on),
    T(walks_a_small_page),
    T(walks_each_size_of_page),
    T(a_large_page_ignores_bits_below_its_size),
    T(two_sizes_are_none),
    T(what_is_not_valid_faults),
    T(what_cannot_be_read_faults),
    T(a_requester_has_the_base_of_bank0),
    T(a_read_only_page_is_not_written),
    T(a_write_only_page_is_not_read),
    T(a_protected_page_is_the_microkernels),
    T(a_cache_consistent_page_is_as_any),
    T(a_hit_reads_nothing),
    T(absence_is_cached_with_its_line),
    T(a_line_has_four_words),
    T(a_fault_caches_what_it_read),
    T(an_absent_table_is_not_cached),
    T(a_directory_word_is_cached_until_all_is_invalidated),
    T(all_invalidates_words_of_tables_too),
    T(no_bit_invalidates_nothing),
    T(each_bank_has_caches_of_its_own),
    T(a_loaded_base_needs_no_invalidation),
    T(a_fault_is_latched),
    T(a_fault_stops_its_requester_only),
    T(a_mapping_that_comes_later_ends_no_fault),
    T(clear_fault_ends_it),
    T(reset_ends_a_fault),
    T(paused_it_serves_nobody),
    T(each_bypass_bit_is_somebodys),
    T(bypass_knows_no_fault),
    T(a_request_under_way_is_counted),
    T(no_more_than_a_byte_is_counted),
    T(a_request_caches_what_it_read_before),
    T(a_fault_is_raised_at_its_end),
    T(a_reset_ends_what_is_under_way),
    T(an_access_tells_what_it_read),
    T(a_fault_is_told),
    T(a_loaded_base_is_told),
    T(a_held_bank_loads_no_base),
    T(peek_answers_as_the_hardware_would),
    T(peek_has_no_side_effects),
    T(peek_sees_through_what_ends),
    T(peek_sees_nothing_in_reset),
};

int main(void)
{
    return cmocka_run_group_tests_name("model/bif", tests, NULL, NULL);
}
