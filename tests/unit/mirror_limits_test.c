/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GPU's tables mirrored: what memory of other kinds, limits, and the end of the
 * assignment do to them. On sim/gpu.c, whose oracle judges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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
    assert_int_equal(w.mirror->tables_left, MIRROR_CHANGE_TABLES);

    /* Nor does one that was. */
    *gpu_word(&w, GPU_TABLE(0), 0) = 0;
    pass();
    gpu_page_goes(&w, GPU_DATA(0));
    assert_int_equal(w.mirror->tables_left, MIRROR_CHANGE_TABLES);

    /* Nor one of a table that is no more. */
    map(0, 1, GPU_DATA(2));
    pass();
    assert_int_equal(w.mirror->mapped[GPU_DATA(2) / GPU_PAGE], 1);
    *gpu_word(&w, GPU_DIR(0), 0) = 0;
    pass();
    assert_int_equal(w.mirror->mapped[GPU_DATA(2) / GPU_PAGE], 0);
}

/* What is there stays until the host is done with what replaces it. */
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

/* More often than is counted: it stays counted until it goes. */
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

/* More words than are let go at once. */
static void page_that_all_tables_map(void **state)
{
    unsigned int i, puts;

    (void)state;
    bind_tables(3);
    for ( i = 0; i < 3 * GPU_WORDS; i++ )
        map(i / GPU_WORDS, i % GPU_WORDS, GPU_DATA(0));
    pass();
    assert_agrees(0);
    puts = w.puts;
    gpu_page_moves(&w, GPU_DATA(0));
    assert_int_equal(w.puts, puts + 3 * GPU_WORDS);
    assert_false(leads(2, 1023));
    pass();
    assert_agrees(0);
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

/* Tables */

/* As a driver's that frees a table and takes it again: nothing is asked anew. */
static void dead_table_is_linked_again(void **state)
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

/* The end */

static void end_is_in_steps(void **state)
{
    unsigned int i;
    bool done;

    (void)state;
    bind_tables(4);
    for ( i = 0; i < 4 * GPU_WORDS; i++ )
        map(i / GPU_WORDS, i % GPU_WORDS, GPU_DATA(i % 200));
    pass();
    for ( i = 0; i < 4; i++ )
    {
        w.puts = 0;
        w.host.ops->lock(&w.host);
        done = mirror_release(w.mirror, 1);
        w.host.ops->unlock(&w.host);
        assert_int_equal(w.puts, GPU_WORDS);
        assert_int_equal(done, i == 3);
        assert_false(leads(i, 0));
    }
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
    assert_found("words were removed, and hardware was not told");
    m->removed = false;

    m->stage.table.held[2] = 1;
    assert_found("the stage holds a reference");
    m->stage.table.held[2] = 0;
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
        TEST(large_change_is_cut_at_4_gib),
        TEST(dead_table_is_linked_again),
        TEST(one_table_of_two_sizes),
        TEST(words_that_map_nothing_are_known),
        TEST(end_is_in_steps),
        TEST(leaves_are_visited),
        TEST(audit_finds_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
