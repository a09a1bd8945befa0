/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GPU's mirrored tables: other kinds of memory, limits, and the end of the assignment. On
 * sim/gpu.c, whose oracle checks them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gpu.h"
#include "mirror_pool.h"

#define SLOT_BYTES (GPU_WORDS * GPU_PAGE)

static struct gpu_world w;

static int setup(void **state)
{
    (void)state;
    gpu_init(&w, GPU_MAX_DIRS, GPU_MAX_TABLES, 7);

    return 0;
}

static int teardown(void **state)
{
    (void)state;
    gpu_end(&w, GPU_WORDS);
    if ( w.wrong )
        fail_msg("%s", w.wrong);

    return 0;
}

static void assert_sound(void)
{
    const char *bad = gpu_check(&w);

    if ( bad )
        fail_msg("%s", bad);
}

static void pass(void)
{
    gpu_request(&w);
    gpu_pass(&w);
    assert_sound();
}

static void assert_agrees(unsigned int dir)
{
    const char *bad = gpu_agrees(&w, dir);

    assert_sound();
    if ( bad )
        fail_msg("%s", bad);
}

/* Slot n of the first directory is the n-th table's; bound. */
static unsigned int bind_tables(unsigned int tables)
{
    unsigned int i;
    int dir;

    for ( i = 0; i < tables; i++ )
        *gpu_word(&w, GPU_DIR(0), i) = GPU_TABLE(i) | GPU_VALID;
    dir = gpu_bind(&w, GPU_DIR(0));
    assert_int_equal(dir, 0);

    return (unsigned int)dir;
}

static void map(unsigned int table, unsigned int word, uint32_t ipa)
{
    *gpu_word(&w, GPU_TABLE(table), word) = ipa | GPU_VALID;
}

static bool leads(unsigned int slot, unsigned int word)
{
    uint64_t maddr;
    uint32_t attributes;

    return gpu_hardware_leads(&w, 0, (slot * GPU_WORDS + word) * GPU_PAGE,
                              &maddr, &attributes);
}

static void change(uint32_t ipa, uint64_t pages)
{
    w.host.ops->lock(&w.host);
    mirror_ipa_changed(w.mirror, _ipa(ipa), pages);
    w.host.ops->unlock(&w.host);
    assert_sound();
}

static void renew(void)
{
    w.host.ops->lock(&w.host);
    mirror_renew(w.mirror);
    w.host.ops->unlock(&w.host);
}

static uint64_t parks(void)
{
    return mirror_counters(w.mirror)->parks;
}

/* Memory */

static void device_memory_has_no_reference(void **state)
{
    (void)state;
    bind_tables(1);
    map(0, 0, GPU_MMIO);
    map(0, 1, GPU_DATA(0));
    map(0, 20, GPU_MMIO + 15 * GPU_PAGE);
    map(0, 21, GPU_MMIO + 16 * GPU_PAGE); /* no more */
    pass();
    assert_true(leads(0, 0));
    assert_true(leads(0, 20));
    assert_false(leads(0, 21));
    assert_agrees(0);

    /* The p2m changes. */
    w.host.ops->lock(&w.host);
    mirror_ipa_changed(w.mirror, _ipa(GPU_MMIO), 1);
    w.host.ops->unlock(&w.host);
    assert_false(leads(0, 0));
    assert_int_equal(w.puts, 0);
    pass();
    assert_true(leads(0, 0));

    /* It goes as memory does. */
    *gpu_word(&w, GPU_TABLE(0), 0) = 0;
    *gpu_word(&w, GPU_TABLE(0), 20) = 0;
    pass();
    assert_false(leads(0, 0));
    assert_int_equal(w.puts, 0);
    assert_agrees(0);
}

static void memory_beyond_4_gib_is_a_hole(void **state)
{
    (void)state;
    bind_tables(1);
    map(0, 3, GPU_HIGH);
    pass();
    assert_false(leads(0, 3));
    assert_int_equal(w.high_held, 0);
    assert_int_equal(mirror_counters(w.mirror)->denied, 1);
}

/* The host may have it by now: each pass asks, for that page alone. */
static void hole_is_asked_for_again(void **state)
{
    unsigned int asked;

    (void)state;
    bind_tables(1);
    map(0, 3, GPU_DATA(0));
    map(0, 4, GPU_DATA(1));
    gpu_page_goes(&w, GPU_DATA(0));
    pass();
    assert_false(leads(0, 3));
    asked = w.asked;
    pass();
    assert_int_equal(w.asked, asked + 1);
    gpu_page_moves(&w, GPU_DATA(0));
    pass();
    assert_true(leads(0, 3));
    asked = w.asked;
    pass();
    assert_int_equal(w.asked, asked);
    assert_agrees(0);
}

static void page_that_is_not_mapped_costs_nothing(void **state)
{
    (void)state;
    bind_tables(1);
    map(0, 0, GPU_DATA(0));
    pass();
    gpu_page_goes(&w, GPU_DATA(1));
    assert_int_equal(w.quiesced, 0);
    assert_int_equal(w.mirror->changes_left, MIRROR_CHANGE_WORDS);

    /* Nor does one that was. */
    *gpu_word(&w, GPU_TABLE(0), 0) = 0;
    pass();
    gpu_page_goes(&w, GPU_DATA(0));
    assert_int_equal(w.mirror->changes_left, MIRROR_CHANGE_WORDS);

    /* Nor one of a table that is no more. */
    map(0, 1, GPU_DATA(2));
    pass();
    assert_int_equal(w.mirror->mapped[GPU_DATA(2) / GPU_PAGE], 1);
    *gpu_word(&w, GPU_DIR(0), 0) = 0;
    pass();
    assert_int_equal(w.mirror->mapped[GPU_DATA(2) / GPU_PAGE], 0);
}

/* The old words stay until the host is done with the new ones. */
static void host_that_is_not_done_takes_nothing_away(void **state)
{
    (void)state;
    bind_tables(1);
    map(0, 0, GPU_DATA(0));
    map(0, 16, GPU_DATA(1));
    map(0, 17, GPU_DATA(2));
    pass();
    map(0, 0, GPU_DATA(3));
    map(0, 16, GPU_DATA(4));
    map(0, 17, GPU_DATA(5));
    w.at_once = 17; /* the first page of the second part, too */
    gpu_request(&w);
    assert_int_equal(mirror_step(w.mirror), MIRROR_BEGUN);
    assert_int_equal(mirror_step(w.mirror), MIRROR_MORE); /* the directory */
    assert_int_equal(mirror_step(w.mirror), MIRROR_MORE);
    assert_int_equal(w.asked, 3 + 2);
    assert_true(leads(0, 0));
    assert_true(leads(0, 16));
    assert_true(leads(0, 17));
    assert_sound();
    gpu_pass(&w);
    assert_agrees(0);
}

/* More often than the counter holds: it stays saturated until the page goes. */
static void page_that_is_mapped_often(void **state)
{
    unsigned int i;

    (void)state;
    bind_tables(1);
    for ( i = 0; i < 300; i++ )
        map(0, i, GPU_DATA(0));
    pass();
    assert_agrees(0);
    /* As often less as the counter goes. */
    for ( i = 45; i < 300; i++ )
        *gpu_word(&w, GPU_TABLE(0), i) = 0;
    pass();
    assert_true(leads(0, 0));
    gpu_page_goes(&w, GPU_DATA(0));
    assert_false(leads(0, 0));
    assert_agrees(0);
    gpu_page_moves(&w, GPU_DATA(0));
    pass();
    assert_agrees(0);
}

/* As many words as one change may take away. */
static void page_that_all_tables_map(void **state)
{
    unsigned int i, puts;

    (void)state;
    bind_tables(2);
    for ( i = 0; i < 2 * GPU_WORDS; i++ )
        map(i / GPU_WORDS, i % GPU_WORDS, GPU_DATA(0));
    pass();
    assert_agrees(0);
    puts = w.puts;
    gpu_page_moves(&w, GPU_DATA(0));
    assert_int_equal(w.puts, puts + 2 * GPU_WORDS);
    assert_int_equal(parks(), 0);
    assert_false(leads(1, 1023));
    pass();
    assert_agrees(0);
}

static void change_has_its_price(void **state)
{
    unsigned int words =
        GPU_MAX_TABLES + GPU_WORDS + MIRROR_WORD_GONE + MIRROR_WORDS_QUIESCED;

    (void)state;
    bind_tables(2);
    map(0, 0, GPU_DATA(0));
    map(1, 0, GPU_DATA(300));
    pass();
    change(GPU_DATA(0), 1);
    assert_int_equal(w.mirror->changes_left, MIRROR_CHANGE_WORDS - words);
}

/* A table that was not examined keeps its pages until it is emptied. */
static void pages_of_a_stale_table_stay_counted(void **state)
{
    (void)state;
    bind_tables(2);
    map(0, 0, GPU_DATA(0));
    map(1, 0, GPU_DATA(300));
    pass();
    w.mirror->changes_left = GPU_MAX_TABLES;
    change(GPU_DATA(0), 1);
    assert_int_equal(parks(), 1);
    assert_int_equal(w.mirror->live, 1);
    renew();
    change(GPU_DATA(0), 1);
    assert_int_equal(parks(), 1);
    pass();
    assert_int_equal(w.mirror->mapped[GPU_DATA(0) / GPU_PAGE], 1);
    assert_agrees(0);
}

/* More words than one change may take away: it quiesces once all the same. */
static void page_that_is_mapped_too_often_parks(void **state)
{
    unsigned int i, puts, most = MIRROR_CHANGE_WORDS / MIRROR_WORD_GONE;

    (void)state;
    bind_tables(6);
    for ( i = 0; i < 5 * GPU_WORDS; i++ )
        map(i / GPU_WORDS, i % GPU_WORDS, GPU_DATA(0));
    map(5, 0, GPU_DATA(700));
    pass();
    puts = w.puts;
    gpu_page_moves(&w, GPU_DATA(0));
    assert_int_equal(parks(), 1);
    assert_int_equal(w.quiesced, 1);
    assert_in_range(w.puts - puts, 2 * GPU_WORDS + 1, most);
    assert_false(leads(4, 1023));
    assert_sound();

    /* That of another MiB stays what it is. */
    assert_int_equal(w.mirror->live, 3);
    pass();
    assert_int_equal(w.puts, puts + 5 * GPU_WORDS);
    assert_agrees(0);
}

/* As a hypercall's, which gives back page by page. */
static void changes_in_a_row_cost_no_more_in_the_end(void **state)
{
    unsigned int i, puts, quiesced;
    uint64_t parked;

    (void)state;
    bind_tables(3);
    for ( i = 0; i < GPU_WORDS; i++ )
        map(i % 3, i, GPU_DATA(i % GPU_DATAS));
    pass();
    for ( i = 0; i < 128; i++ )
        change(GPU_DATA(i), 1);
    parked = parks();
    assert_in_range(parked, 1, 2);
    assert_true(w.quiesced <= MIRROR_CHANGE_WORDS / MIRROR_WORDS_QUIESCED);
    assert_int_equal(w.mirror->live, 0);
    puts = w.puts;
    quiesced = w.quiesced;
    for ( ; i < 512; i++ )
        change(GPU_DATA(i), 1);
    assert_int_equal(w.puts, puts);
    assert_int_equal(w.quiesced, quiesced);
    assert_int_equal(parks(), parked);
    pass();
    assert_agrees(0);

    /* Without a renewal, what was linked since is given up at once. */
    change(GPU_DATA(511), 1);
    assert_int_equal(parks(), parked + 1);
    assert_int_equal(w.mirror->live, 0);
    renew();
    pass();
    change(GPU_DATA(511), 1);
    assert_int_equal(parks(), parked + 1);
    pass();
    assert_agrees(0);
}

static void change_of_any_range_is_seen(void **state)
{
    unsigned int page, first, pages,
        mib = (GPU_RAM + 0x100000 - GPU_DATA(0)) / GPU_PAGE;

    (void)state;
    bind_tables(1);
    for ( page = 186; page < 198; page++ ) /* two MiBs */
        for ( first = 184; first < 200; first++ )
            for ( pages = 1; pages < 10; pages += 4 )
            {
                map(0, 0, GPU_DATA(page));
                pass();
                renew();
                change(GPU_DATA(first), pages);
                assert_int_equal(leads(0, 0), page - first >= pages);
            }

    /* A MiB and a page, from any page of it on. */
    for ( page = mib; page < mib + 16; page++ )
    {
        map(0, 0, GPU_DATA(page));
        pass();
        renew();
        change(GPU_DATA(mib - 1), 1 + 256 + 1);
        assert_false(leads(0, 0));
    }
}

/* Even of those that are mapped too often to be counted. */
static void pages_that_went_are_not_counted(void **state)
{
    unsigned int i;

    (void)state;
    bind_tables(3);
    for ( i = 0; i < 300; i++ )
    {
        map(0, i, GPU_DATA(1));
        map(1, i, GPU_DATA(190));
        map(2, i, GPU_DATA(300));
    }
    pass();
    change(GPU_DATA(1), 190);
    assert_int_equal(w.mirror->mapped[GPU_DATA(1) / GPU_PAGE], 0);
    assert_int_equal(w.mirror->mapped[GPU_DATA(190) / GPU_PAGE], 0);
    assert_int_equal(w.mirror->mapped[GPU_DATA(300) / GPU_PAGE], MIRROR_OFTEN);
}

static void large_change_is_cut_at_4_gib(void **state)
{
    (void)state;
    bind_tables(1);
    map(0, 0, GPU_DATA(0));
    pass();
    w.host.ops->lock(&w.host);
    mirror_ipa_changed(w.mirror, _ipa(1ULL << 32), 1);
    mirror_ipa_changed(w.mirror, _ipa(1ULL << 44 | GPU_DATA(0)), 1);
    w.host.ops->unlock(&w.host);
    assert_true(leads(0, 0));
    w.host.ops->lock(&w.host);
    mirror_ipa_changed(w.mirror, _ipa(GPU_RAM), UINT64_MAX / GPU_PAGE);
    w.host.ops->unlock(&w.host);
    assert_false(leads(0, 0));
    assert_sound();
}

/* A part whose pages rise is counted at once: as each page would be. */
static void run_that_is_mapped_often(void **state)
{
    unsigned int i;

    (void)state;
    bind_tables(5);
    for ( i = 0; i < 5 * GPU_WORDS; i++ )
        map(i / GPU_WORDS, i % GPU_WORDS, GPU_DATA(i % 16));
    pass();
    for ( i = 0; i < 16; i++ )
        assert_int_equal(w.mirror->mapped[GPU_DATA(i) / GPU_PAGE],
                         MIRROR_OFTEN);
    assert_agrees(0);
}

/* One page of a part is not there, or beyond 4 GiB. */
static void run_with_a_hole(void **state)
{
    unsigned int i;

    (void)state;
    bind_tables(1);
    for ( i = 0; i < 32; i++ )
        map(0, i, GPU_DATA(i));
    map(0, 21, GPU_HIGH);
    gpu_page_goes(&w, GPU_DATA(3));
    pass();
    for ( i = 0; i < 32; i++ )
    {
        assert_int_equal(leads(0, i), i != 3 && i != 21);
        assert_int_equal(w.mirror->mapped[GPU_DATA(i) / GPU_PAGE],
                         i != 3 && i != 21);
    }
    assert_int_equal(w.high_held, 0);
    assert_agrees(0);
}

/* A host that has all pages, below those that w has; nobody counts references. */
static unsigned int get_any(struct host *host, const uint32_t *view,
                            unsigned int n, struct host_page *page)
{
    unsigned int i;

    (void)host;
    for ( i = 0; i < n; i++ )
        page[i] = host_page(HOST_RAM, _maddr(view[i] & 0x0ffff000));

    return n;
}

static void put_any(struct host *host, maddr_t maddr, unsigned int pages)
{
    (void)host;
    (void)maddr;
    (void)pages;
}

/* A part whose pages rise up to 4 GiB, and on from 0. */
static void pages_that_wrap_are_counted(void **state)
{
    struct host_ops ops = *w.host.ops;
    const struct host_ops *before = w.host.ops;
    uint32_t first = 0xffff8000;
    unsigned int i;

    (void)state;
    ops.get_pages = get_any;
    ops.put_pages = put_any;
    w.host.ops = &ops;
    bind_tables(1);
    for ( i = 0; i < 32; i++ ) /* the second part rises to its end */
        map(0, i, first + i * GPU_PAGE);
    gpu_request(&w);
    gpu_pass(&w);
    assert_null(mirror_audit(w.mirror));
    for ( i = 0; i < 32; i++ )
        assert_int_equal(w.mirror->mapped[(first + i * GPU_PAGE) / GPU_PAGE],
                         1);
    assert_int_equal(w.mirror->mapped[24], 0);

    /* Each is counted down as any other. */
    for ( i = 0; i < 32; i++ )
        *gpu_word(&w, GPU_TABLE(0), i) = 0;
    gpu_request(&w);
    gpu_pass(&w);
    for ( i = 0; i < 32; i++ )
        assert_int_equal(w.mirror->mapped[(first + i * GPU_PAGE) / GPU_PAGE],
                         0);
    w.host.ops = before;
}

/* Tables */

/* Like a driver that frees a table and takes it again: nothing is looked up anew. */
static void unlinked_table_is_linked_again(void **state)
{
    unsigned int asked;

    (void)state;
    bind_tables(1);
    map(0, 5, GPU_DATA(0));
    pass();
    asked = w.asked;
    *gpu_word(&w, GPU_DIR(0), 0) = 0;
    gpu_request(&w);
    /* The pass begins, and looks at the directory. */
    assert_int_equal(mirror_step(w.mirror), MIRROR_BEGUN);
    assert_int_equal(mirror_step(w.mirror), MIRROR_MORE);
    assert_false(leads(0, 5));
    assert_int_equal(w.quiesced, 1);
    *gpu_word(&w, GPU_DIR(0), 9) = GPU_TABLE(0) | GPU_VALID;
    assert_int_equal(gpu_bind(&w, GPU_DIR(0)), 0);
    gpu_unbind(&w, 0);
    w.mirror->cursor = GPU_MAX_TABLES; /* the directory again */
    assert_int_equal(mirror_step(w.mirror), MIRROR_MORE);
    assert_true(leads(9, 5));
    assert_int_equal(w.asked, asked);
    pass();
    assert_agrees(0);
}

/* Two directory words may say that its pages have other sizes. */
static void one_table_of_two_sizes(void **state)
{
    (void)state;
    bind_tables(1);
    *gpu_word(&w, GPU_DIR(0), 1) = GPU_TABLE(0) | GPU_SIZE(1) | GPU_VALID;
    map(0, 0, GPU_DATA(0));
    map(0, 1, GPU_DATA(4));
    pass();
    assert_agrees(0);
    assert_true(leads(1, 7));
    assert_false(leads(0, 7));
}

/* A table that maps nothing is compared as quickly as one that is full. */
static void words_that_map_nothing_are_known(void **state)
{
    const struct table *table;

    (void)state;
    bind_tables(1);
    map(0, 100, GPU_DATA(0));
    pass();
    table = w.mirror->table[0].table;
    assert_int_equal(table->whole[0] & table->whole[1], UINT32_MAX);
    *gpu_word(&w, GPU_TABLE(0), 7) = 0x12345678; /* not valid */
    pass();
    assert_false(leads(0, 7));
    assert_agrees(0);
}

/* Unused parts of the pool are skipped in steps, however large it is. */
static void pool_that_is_not_in_use_takes_steps(void **state)
{
    struct mirror_memory mem = {
        .dirs = w.words[0],
        .nr_dirs = 1,
        .nr_tables = MIRROR_MAX_TABLES,
    };
    unsigned int steps = 0;
    struct mirror *m;

    (void)state;
    mem.tables = calloc(MIRROR_MAX_TABLES, GPU_PAGE);
    mem.records = calloc(1, mirror_record_bytes(1, MIRROR_MAX_TABLES));
    assert_non_null(mem.tables);
    assert_non_null(mem.records);
    m = mirror_init(&mem, &w.host, &w.mirror->hw);
    mirror_request(m);
    assert_int_equal(mirror_step(m), MIRROR_BEGUN);
    while ( mirror_step(m) != MIRROR_DONE )
        steps++;
    assert_in_range(steps, 4, 64);
    assert_null(mirror_audit(m));

    /* So is its audit, each table in one of its parts. */
    m->table[MIRROR_MAX_TABLES - 1].links++;
    assert_string_equal(mirror_audit(m), "links to a table are miscounted");
    free(mem.tables);
    free(mem.records);
}

static void directories_go_with_one_quiescing(void **state)
{
    const int dirs[] = { 1, -1, 0 };

    (void)state;
    bind_tables(2);
    map(0, 0, GPU_DATA(0));
    map(1, 0, GPU_DATA(1));
    *gpu_word(&w, GPU_DIR(1), 5) = GPU_TABLE(1) | GPU_VALID;
    assert_int_equal(gpu_bind(&w, GPU_DIR(1)), 1);
    pass();
    w.host.ops->lock(&w.host);
    assert_true(mirror_unbind(w.mirror, dirs, 3));
    w.host.ops->unlock(&w.host);
    assert_int_equal(w.quiesced, 1);
    assert_false(leads(0, 0));
    gpu_pass(&w);
    assert_sound();
    assert_int_equal(w.puts, 2);
}

/* The end */

static void end_is_in_steps(void **state)
{
    unsigned int steps = 0;
    unsigned int i;
    bool done = false;

    (void)state;
    bind_tables(4);
    for ( i = 0; i < 4 * GPU_WORDS; i++ )
        map(i / GPU_WORDS, i % GPU_WORDS, GPU_DATA(i % 200));
    pass();
    while ( !done )
    {
        w.puts = 0;
        w.host.ops->lock(&w.host);
        done = mirror_release(w.mirror, GPU_WORDS + 1);
        w.host.ops->unlock(&w.host);
        assert_in_range(w.puts, 0, 2 * GPU_WORDS);
        assert_false(leads(steps++ % 4, 0));
    }
    assert_int_equal(steps, 5);
}

static bool visit_leaf(void *arg, const struct mirror_leaf *leaf)
{
    unsigned int *leaves = arg;

    assert_int_equal(leaf->da.v, *leaves % 20 * SLOT_BYTES);
    assert_int_equal(leaf->dir, *leaves / 20);
    ++*leaves;

    return true;
}

/* A few tables at a time, of all directories. */
static void visit_goes_on_where_it_was(void **state)
{
    struct mirror_place place = { 0 };
    unsigned int leaves = 0, before, times = 0, i;
    bool more = true;

    (void)state;
    map(0, 0, GPU_DATA(2));
    for ( i = 0; i < 20; i++ )
        *gpu_word(&w, GPU_DIR(0), i) = GPU_TABLE(0) | GPU_VALID;
    for ( i = 0; i < 20; i++ )
        *gpu_word(&w, GPU_DIR(1), i) = GPU_TABLE(0) | GPU_VALID;
    assert_int_equal(gpu_bind(&w, GPU_DIR(0)), 0);
    assert_int_equal(gpu_bind(&w, GPU_DIR(1)), 1);
    pass();
    for ( ; more; times++ )
    {
        before = leaves;
        more = mirror_for_some(w.mirror, &place, visit_leaf, &leaves);
        assert_in_range(leaves - before, 0, 4);
    }
    assert_int_equal(leaves, 40);
    assert_in_range(times, 10, 16);
}

static bool count_leaf(void *arg, const struct mirror_leaf *leaf)
{
    unsigned int *leaves = arg;

    assert_int_equal(leaf->dir, 0);
    assert_int_equal(leaf->da.v, 3 * SLOT_BYTES + 5 * GPU_PAGE);
    assert_int_equal(leaf->ipa.v, GPU_DATA(2));
    assert_int_equal(leaf->word & GPU_ATTRIBUTES, GPU_READONLY);
    assert_true(leaf->held);

    return ++*leaves < 1;
}

/* Each once, until the visitor has enough. */
static void leaves_are_visited(void **state)
{
    unsigned int leaves = 0;

    (void)state;
    bind_tables(4);
    map(3, 5, GPU_DATA(2) | GPU_READONLY);
    map(3, 6, GPU_DATA(2));
    pass();
    mirror_for_each(w.mirror, count_leaf, &leaves);
    assert_int_equal(leaves, 1);
}

/* The audit finds what a test breaks by hand. */
static void assert_found(const char *words)
{
    const char *bad = mirror_audit(w.mirror);

    assert_non_null(bad);
    assert_string_equal(bad, words);
}

static void audit_finds_it(void **state)
{
    struct mirror *m = w.mirror;
    struct table *table;

    (void)state;
    bind_tables(1);
    map(0, 5, GPU_DATA(2));
    pass();
    table = m->table[0].table;

    m->table[0].links++;
    assert_found("links to a table are miscounted");
    m->table[0].links--;

    m->dir[0].words[0] ^= GPU_PAGE;
    assert_found(
        "a directory's word does not lead to the table it is linked to");
    m->dir[0].words[0] ^= GPU_PAGE;

    m->dir[0].words[1] = GPU_VALID;
    assert_found("a directory's word leads to no table that is linked");
    m->dir[0].words[1] = 0;

    m->dir[1].words[1] = GPU_VALID;
    assert_found("a directory that is not bound has a word");
    m->dir[1].words[1] = 0;

    table->held[1] = 1;
    assert_found("a reference is held for a word that maps nothing");
    table->held[1] = 0;

    m->mapped[GPU_DATA(2) / GPU_PAGE] = 0;
    assert_found("a page that is mapped is not noted as that");
    m->mapped[GPU_DATA(2) / GPU_PAGE] = 1;

    m->table[1].table->words[0] = GPU_VALID;
    assert_found("a free table has a word");
    m->table[1].table->words[0] = 0;

    m->removed = true;
    assert_found("words were removed, and hardware was not quiesced");
    m->removed = false;

    m->stage.table.held[2] = 1;
    assert_found("the stage holds a reference");
    m->stage.table.held[2] = 0;

    m->staging = true; /* ... which it may, then */
    m->stage.table.held[2] = 1;
    assert_null(mirror_audit(m));
    m->stage.table.held[2] = 0;
    m->staging = false;
    assert_null(mirror_audit(m));
}

static void audit_now(struct gpu_world *world)
{
    const char *bad;

    w.host.ops->lock(&w.host);
    bad = mirror_audit(world->mirror);
    w.host.ops->unlock(&w.host);
    gpu_note(world, !bad, bad);
}

static void audit_next(struct gpu_world *world)
{
    world->on_ask = audit_now;
}

/* At the second look-up what the first one found is in no table yet. */
static void audit_within_a_step(void **state)
{
    (void)state;
    bind_tables(1);
    map(0, 5, GPU_DATA(2));
    map(0, 500, GPU_DATA(3));
    w.on_ask = audit_next;
    pass();
    assert_null(w.on_ask);
    assert_agrees(0);
}

static void audit_finds_what_is_listed(void **state)
{
    struct mirror *m = w.mirror;

    (void)state;
    bind_tables(1);
    map(0, 5, GPU_DATA(2));
    pass();

    m->unlinked_table = 0;
    m->table[0].next_unlinked = NO_TABLE;
    assert_found("the list of unlinked tables is wrong");
    m->unlinked_table = NO_TABLE;

    m->live++;
    assert_found("stale or live tables are miscounted");
    m->live--;

    m->stale++;
    assert_found("stale or live tables are miscounted");
    m->stale--;

    m->free_table = NO_TABLE;
    assert_found("the list of free tables is wrong");
    m->free_table = 1;
    assert_null(mirror_audit(m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        TEST(device_memory_has_no_reference),
        TEST(memory_beyond_4_gib_is_a_hole),
        TEST(hole_is_asked_for_again),
        TEST(page_that_is_not_mapped_costs_nothing),
        TEST(host_that_is_not_done_takes_nothing_away),
        TEST(page_that_is_mapped_often),
        TEST(page_that_all_tables_map),
        TEST(change_has_its_price),
        TEST(pages_of_a_stale_table_stay_counted),
        TEST(page_that_is_mapped_too_often_parks),
        TEST(changes_in_a_row_cost_no_more_in_the_end),
        TEST(change_of_any_range_is_seen),
        TEST(pages_that_went_are_not_counted),
        TEST(large_change_is_cut_at_4_gib),
        TEST(run_that_is_mapped_often),
        TEST(run_with_a_hole),
        TEST(pages_that_wrap_are_counted),
        TEST(unlinked_table_is_linked_again),
        TEST(one_table_of_two_sizes),
        TEST(words_that_map_nothing_are_known),
        TEST(pool_that_is_not_in_use_takes_steps),
        TEST(directories_go_with_one_quiescing),
        TEST(end_is_in_steps),
        TEST(leaves_are_visited),
        TEST(visit_goes_on_where_it_was),
        TEST(audit_finds_it),
        TEST(audit_within_a_step),
        TEST(audit_finds_what_is_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
