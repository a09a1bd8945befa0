/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mirror, with hardware that remembers each word that was in memory since it was
 * quiesced. No page may lose its last reference while such a word, or one in memory, leads
 * to it. What is not cleaned is not in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mirror.h"
#include "view.h"

#define RAM       0x80000000u
#define RAM_PAGES 4096u
#define RAM_MADDR 0x90000000u
#define DIRS      0x40000000u
#define TABLES    0x41000000u
#define NR_DIRS   2u
#define NR_TABLES 4u

/* A p2m change of a page that one word maps, and how many are paid for. */
#define CHANGE_WORDS \
    (NR_TABLES + NR_WORDS + MIRROR_WORD_GONE + MIRROR_WORDS_QUIESCED)
#define CHANGES  ((MIRROR_CHANGE_WORDS + MIRROR_WORDS_QUIESCED) / CHANGE_WORDS)
#define NR_WORDS 1024u

#define PAGE(n)  (RAM + (n)*0x1000u)
#define DIR(n)   PAGE(n)
#define TABLE(n) PAGE(16u + (n))
#define DATA(n)  PAGE(1024u + (n))

#define VALID 1u

static struct world {
    struct host host;
    struct mirror *m;
    struct mirror_memory mem;
    uint32_t dirs[NR_DIRS][NR_WORDS], tables[NR_TABLES][NR_WORDS];
    /* What is in memory, and what may be cached: words that were there. */
    uint32_t memory[NR_DIRS + NR_TABLES][NR_WORDS];
    uint32_t cached[4096];
    unsigned int nr_cached, quiesced, reads, asked;
    uint32_t ram[RAM_PAGES][NR_WORDS];
    int refs[RAM_PAGES];
    bool gone[RAM_PAGES];
    unsigned int limit; /* words that get_pages() is done with */
    bool locked;
    void (*reading)(void), (*asking)(void); /* once, without the lock */
} * w;

/* The hardware */

static bool table_leads_to(unsigned int t, uint32_t maddr)
{
    unsigned int i;

    for ( i = 0; i < NR_WORDS; i++ )
        if ( (w->memory[NR_DIRS + t][i] & VALID) &&
             (w->memory[NR_DIRS + t][i] & ~0xfffu) == maddr )
            return true;

    return false;
}

static bool word_leads_to(uint32_t word, uint32_t maddr)
{
    uint32_t at = word & ~0xfffu;

    if ( !(word & VALID) )
        return false;
    if ( at >= TABLES && at < TABLES + NR_TABLES * 0x1000u )
        return table_leads_to((at - TABLES) >> 12, maddr);

    return at == maddr;
}

static bool hardware_reaches(uint32_t maddr)
{
    unsigned int i, dir;

    for ( i = 0; i < w->nr_cached; i++ )
        if ( word_leads_to(w->cached[i], maddr) )
            return true;
    for ( dir = 0; dir < NR_DIRS; dir++ )
        for ( i = 0; i < NR_WORDS; i++ )
            if ( word_leads_to(w->memory[dir][i], maddr) )
                return true;

    return false;
}

static void to_memory(uint32_t *memory, const uint32_t *words, size_t n)
{
    for ( ; n; n--, memory++, words++ )
    {
        if ( *memory == *words )
            continue;
        if ( *memory & VALID )
        {
            assert_true(w->nr_cached < 4096);
            w->cached[w->nr_cached++] = *memory;
        }
        *memory = *words;
    }
}

static void quiesce(void *ctx)
{
    (void)ctx;
    assert_true(w->locked);
    w->nr_cached = 0;
    w->quiesced++;
}

/* The host */

static void take_lock(struct host *host)
{
    (void)host;
    assert_false(w->locked);
    w->locked = true;
}

static void drop_lock(struct host *host)
{
    (void)host;
    assert_true(w->locked);
    w->locked = false;
}

static void clean(struct host *host, const void *p, size_t len)
{
    const uint32_t *words = p, *dirs = w->dirs[0], *tables = w->tables[0];
    uint32_t *memory = (uint32_t *)w->memory;

    (void)host;
    if ( words >= dirs && words < dirs + NR_DIRS * NR_WORDS )
        to_memory(memory + (words - dirs), words, len / 4);
    else if ( words >= tables && words < tables + NR_TABLES * NR_WORDS )
        to_memory(memory + NR_DIRS * NR_WORDS + (words - tables), words,
                  len / 4);
    else
        fail();
}

static void run_once(void (**hook)(void))
{
    void (*run)(void) = *hook;

    *hook = NULL;
    if ( run )
        run();
}

static bool is_ram(uint64_t ipa)
{
    return ipa >= RAM && ipa < PAGE(RAM_PAGES) && !w->gone[(ipa - RAM) >> 12];
}

static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    (void)host;
    assert_false(w->locked);
    assert_true((ipa.v & 0xfff) + len <= 0x1000);
    w->reads++;
    if ( !is_ram(ipa.v) )
        return false;
    memcpy(buf, w->ram[(ipa.v - RAM) >> 12], len);
    run_once(&w->reading);

    return true;
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    unsigned int i;
    uint64_t ipa;

    (void)host;
    assert_false(w->locked);
    w->asked++;
    n = n < w->limit ? n : w->limit;
    for_each_mapped(i, view, n)
    {
        ipa = view_ipa(view[i]).v;
        page[i] = host_denied((enum denial)1);
        if ( !is_ram(ipa) )
            continue;
        w->refs[(ipa - RAM) >> 12]++;
        page[i] = host_page(HOST_RAM, _maddr(ipa - RAM + RAM_MADDR));
    }
    run_once(&w->asking);

    return n;
}

static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    (void)host;
    for ( ; pages; pages--, maddr.v += 0x1000 )
    {
        int *refs = &w->refs[(maddr.v - RAM_MADDR) >> 12];

        assert_true(*refs > 0);
        if ( !--*refs )
            assert_false(hardware_reaches((uint32_t)maddr.v));
    }
}

static const struct host_ops ops = {
    .lock = take_lock,
    .unlock = drop_lock,
    .read_guest = read_guest,
    .get_pages = get_pages,
    .put_pages = put_pages,
    .clean = clean,
};

/* The guest */

static uint32_t *ram(uint32_t ipa)
{
    return w->ram[(ipa - RAM) >> 12];
}

/* A table of data from page data on, at a slot of a directory. */
static void map_table(uint32_t dir, unsigned int slot, uint32_t table,
                      unsigned int data, unsigned int pages)
{
    unsigned int i;

    ram(dir)[slot] = table | VALID;
    for ( i = 0; i < pages; i++ )
        ram(table)[i] = DATA(data + i) | VALID;
}

/* What the hardware finds for a device address in memory; 0: nothing. */
static uint32_t walk(unsigned int dir, uint32_t da)
{
    uint32_t word = w->memory[dir][da >> 22];

    if ( !(word & VALID) )
        return 0;

    return w->memory[NR_DIRS + (((word & ~0xfffu) - TABLES) >> 12)]
                    [da >> 12 & 1023];
}

static uint32_t leads(uint32_t ipa, uint32_t attributes)
{
    return (ipa - RAM + RAM_MADDR) | attributes | VALID;
}

static int refs(uint32_t ipa)
{
    return w->refs[(ipa - RAM) >> 12];
}

static void audit(void)
{
    const char *bad = mirror_audit(w->m);

    if ( bad )
        fail_msg("%s", bad);
}

static int bind(uint32_t dir)
{
    int n;

    take_lock(&w->host);
    n = mirror_bind(w->m, _ipa(dir));
    drop_lock(&w->host);

    return n;
}

static void unbind(int dir)
{
    take_lock(&w->host);
    mirror_unbind(w->m, &dir, 1);
    audit();
    drop_lock(&w->host);
}

static void request(void)
{
    take_lock(&w->host);
    mirror_request(w->m);
    drop_lock(&w->host);
}

/* All that is wanted; bounded. */
static void passes(void)
{
    unsigned int n = 0;

    while ( mirror_step(w->m) != MIRROR_IDLE )
    {
        audit();
        assert_true(++n < 1000);
    }
}

static void pass(void)
{
    request();
    passes();
}

static void changed(uint32_t ipa, uint64_t pages)
{
    take_lock(&w->host);
    mirror_ipa_changed(w->m, _ipa(ipa), pages);
    audit();
    drop_lock(&w->host);
}

static void leaves(uint32_t ipa)
{
    w->gone[(ipa - RAM) >> 12] = true;
    changed(ipa, 1);
}

static void renew(void)
{
    take_lock(&w->host);
    mirror_renew(w->m);
    drop_lock(&w->host);
}

static int setup(void **state)
{
    (void)state;
    w = calloc(1, sizeof(*w));
    assert_non_null(w);
    w->host.ops = &ops;
    w->limit = NR_WORDS;
    w->mem = (struct mirror_memory){
        .dirs = w->dirs[0],
        .dirs_maddr = _maddr(DIRS),
        .tables = w->tables[0],
        .tables_maddr = _maddr(TABLES),
        .nr_dirs = NR_DIRS,
        .nr_tables = NR_TABLES,
        .records = calloc(1, mirror_record_bytes(NR_DIRS, NR_TABLES)),
    };
    assert_non_null(w->mem.records);
    w->m = mirror_init(&w->mem, &w->host,
                       &(struct mirror_hw){ .quiesce = quiesce });

    return 0;
}

/* After every test nothing is held. */
static int teardown(void **state)
{
    unsigned int i;

    (void)state;
    take_lock(&w->host);
    memset(w->memory, 0, sizeof(w->memory));
    w->nr_cached = 0;
    while ( !mirror_release(w->m, 1) )
        ;
    audit();
    drop_lock(&w->host);
    for ( i = 0; i < RAM_PAGES; i++ )
        assert_int_equal(w->refs[i], 0);
    free(w->mem.records);
    free(w);

    return 0;
}

/* Tests */

static void a_directory_maps_after_a_pass(void **state)
{
    (void)state;
    map_table(DIR(0), 1, TABLE(0), 0, 20);
    assert_int_equal(bind(DIR(0)), 0);
    assert_int_equal(walk(0, 0x400000), 0);
    assert_int_equal(mirror_step(w->m), MIRROR_BEGUN);
    assert_int_equal(w->reads, 0);
    passes();
    assert_int_equal(walk(0, 0x400000), leads(DATA(0), 0));
    assert_int_equal(walk(0, 0x413000), leads(DATA(19), 0));
    assert_int_equal(walk(0, 0x414000), 0);
    assert_int_equal(refs(DATA(3)), 1);
    assert_int_equal(w->quiesced, 0);
}

static void users_are_counted(void **state)
{
    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 1);
    assert_int_equal(bind(DIR(0)), 0);
    assert_int_equal(bind(DIR(0)), 0);
    passes();
    unbind(0);
    assert_int_equal(walk(0, 0), leads(DATA(0), 0));
    assert_int_equal(w->quiesced, 0);
    unbind(0);
    assert_int_equal(walk(0, 0), 0);
    assert_int_equal(w->quiesced, 1);
    assert_int_equal(mirror_find(w->m, _ipa(DIR(0))), -1);
    assert_int_equal(mirror_of_root(w->m, _maddr(DIRS)), -1);
    passes();
    assert_int_equal(refs(DATA(0)), 0);
}

static void two_directories_share_a_table(void **state)
{
    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 4);
    map_table(DIR(1), 5, TABLE(0), 0, 4);
    bind(DIR(0));
    bind(DIR(1));
    passes();
    assert_int_equal(refs(DATA(2)), 1);
    assert_int_equal(walk(1, 5u << 22), walk(0, 0));
    unbind(0);
    passes();
    assert_int_equal(refs(DATA(2)), 1);
    assert_int_equal(walk(1, 5u << 22), leads(DATA(0), 0));
}

static void what_is_unmapped_is_quiesced_before_it_goes(void **state)
{
    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 40);
    bind(DIR(0));
    passes();
    ram(TABLE(0))[3] = 0;
    ram(TABLE(0))[33] = DATA(50) | VALID;
    pass();
    assert_int_equal(w->quiesced, 1);
    assert_int_equal(refs(DATA(3)), 0);
    assert_int_equal(refs(DATA(33)), 0);
    assert_int_equal(walk(0, 0x3000), 0);
    assert_int_equal(walk(0, 0x21000), leads(DATA(50), 0));
    ram(TABLE(0))[3] = DATA(3) | VALID;
    pass();
    assert_int_equal(w->quiesced, 1);
    assert_int_equal(walk(0, 0x3000), leads(DATA(3), 0));
}

static void a_directory_s_word_that_goes_is_quiesced(void **state)
{
    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 4);
    bind(DIR(0));
    passes();
    ram(DIR(0))[0] = 0;
    pass();
    assert_int_equal(walk(0, 0), 0);
    assert_int_equal(w->quiesced, 1);
    assert_int_equal(refs(DATA(0)), 0);
}

static void all_page_sizes(void **state)
{
    unsigned int size, i;

    (void)state;
    bind(DIR(0));
    for ( size = 0; size < 8; size++ )
    {
        memset(ram(TABLE(0)), 0, 4096);
        ram(DIR(0))[0] = TABLE(0) | size << 1 | VALID;
        /* Low bits of the address are no part of it. */
        ram(TABLE(0))[0] = PAGE(1024) | (size ? 0x1000u : 0) | VALID;
        pass();
        for ( i = 0; i < NR_WORDS; i++ )
            assert_int_equal(walk(0, i << 12), size < 6 && i < 1u << 2 * size
                                                   ? leads(DATA(i), 0)
                                                   : 0);
    }
}

static void attributes_pass_through(void **state)
{
    unsigned int attributes;

    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 4);
    bind(DIR(0));
    for ( attributes = 0; attributes < 0x1000; attributes += 2 )
    {
        ram(TABLE(0))[0] = DATA(0) | attributes | VALID;
        ram(TABLE(0))[1] = DATA(1) | attributes;
        pass();
        assert_int_equal(walk(0, 0), leads(DATA(0), attributes & 0x1e));
        assert_int_equal(walk(0, 0x1000), 0);
    }
    assert_int_equal(refs(DATA(0)), 1);
}

static void a_page_that_leaves_is_gone_at_once(void **state)
{
    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 40);
    bind(DIR(0));
    passes();
    changed(DATA(41), 100);
    assert_int_equal(w->quiesced, 0);
    leaves(DATA(7));
    assert_int_equal(refs(DATA(7)), 0);
    assert_int_equal(walk(0, 0x7000), 0);
    assert_int_equal(walk(0, 0x8000), leads(DATA(8), 0));
    assert_int_equal(w->quiesced, 1);
    passes();
    assert_true(mirror_counters(w->m)->denied > 0);
    /* It is asked for again in each pass. */
    w->gone[(DATA(7) - RAM) >> 12] = false;
    pass();
    assert_int_equal(walk(0, 0x7000), leads(DATA(7), 0));
}

static void page_leaves(void)
{
    leaves(DATA(7));
}

static void a_change_overtakes_what_is_staged(void **state)
{
    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 40);
    bind(DIR(0));
    w->asking = page_leaves;
    passes();
    assert_int_equal(mirror_counters(w->m)->overtaken, 1);
    assert_int_equal(refs(DATA(7)), 0);
    assert_int_equal(walk(0, 0x7000), 0);
    assert_int_equal(walk(0, 0x8000), leads(DATA(8), 0));
}

static void a_change_while_a_table_is_read(void **state)
{
    unsigned int step, i;

    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 40);
    bind(DIR(0));
    passes();
    for ( step = 1; step < 3; step++ )
    {
        ram(TABLE(0))[step] = DATA(100 + step) | VALID;
        request();
        for ( i = 0; i < step; i++ )
            mirror_step(w->m);
        w->reading = page_leaves;
        passes();
        assert_null(w->reading);
        assert_int_equal(refs(DATA(7)), 0);
        assert_int_equal(walk(0, step << 12), leads(DATA(100 + step), 0));
        w->gone[(DATA(7) - RAM) >> 12] = false;
        pass();
        assert_int_equal(refs(DATA(7)), 1);
    }
}

static void a_host_that_is_not_done_is_asked_again(void **state)
{
    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 100);
    bind(DIR(0));
    w->limit = 32;
    passes();
    assert_int_equal(mirror_counters(w->m)->passes, 1);
    assert_int_equal(walk(0, 99u << 12), leads(DATA(99), 0));
    assert_int_equal(refs(DATA(99)), 1);
    assert_true(w->asked > 3);
}

static void a_budget_that_is_used_up_parks(void **state)
{
    unsigned int i;

    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 4);
    bind(DIR(0));
    passes();
    for ( i = 0; i < CHANGES; i++ )
    {
        changed(DATA(0), 1);
        passes();
    }
    assert_int_equal(mirror_counters(w->m)->parks, 0);
    assert_int_equal(walk(0, 0), leads(DATA(0), 0));
    leaves(DATA(0));
    assert_int_equal(mirror_counters(w->m)->parks, 1);
    assert_int_equal(walk(0, 0), 0);
    assert_int_equal(walk(0, 0x1000), 0);
    assert_int_equal(refs(DATA(0)), 1);
    passes();
    assert_int_equal(refs(DATA(0)), 0);
    assert_int_equal(walk(0, 0), 0);
    assert_int_equal(walk(0, 0x1000), leads(DATA(1), 0));
    renew();
    leaves(DATA(1));
    assert_int_equal(mirror_counters(w->m)->parks, 1);
    assert_int_equal(refs(DATA(1)), 0);
}

static void directories_run_out(void **state)
{
    (void)state;
    assert_int_equal(bind(DIR(0)), 0);
    assert_int_equal(bind(DIR(1)), 1);
    assert_int_equal(bind(DIR(2)), -1);
    assert_int_equal(mirror_counters(w->m)->full, 1);
    unbind(0);
    assert_int_equal(bind(DIR(2)), 0);
    assert_int_equal(mirror_ipa(w->m, 0).v, DIR(2));
    assert_int_equal(mirror_root(w->m, 1).v, DIRS + 4096);
}

static void tables_run_out_and_there_is_room_again(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i <= NR_TABLES; i++ )
        map_table(DIR(0), i, TABLE(i), i * 8, 4);
    bind(DIR(0));
    passes();
    assert_true(mirror_counters(w->m)->full > 0);
    assert_int_equal(walk(0, NR_TABLES << 22), 0);
    ram(DIR(0))[1] = 0;
    pass();
    assert_int_equal(refs(DATA(8)), 0);
    assert_int_equal(walk(0, NR_TABLES << 22), leads(DATA(NR_TABLES * 8), 0));
}

static void a_dead_table_is_taken_in_the_step_that_unlinks_it(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < NR_TABLES; i++ )
        map_table(DIR(0), i, TABLE(i), i * 8, 4);
    bind(DIR(0));
    passes();
    /* put_pages() sees whether the old words are in memory still. */
    ram(DIR(0))[0] = TABLE(8) | VALID;
    ram(DIR(0))[1] = TABLE(9) | VALID;
    ram(TABLE(8))[0] = DATA(60) | VALID;
    pass();
    assert_int_equal(walk(0, 0), leads(DATA(60), 0));
    assert_int_equal(refs(DATA(0)), 0);
    assert_int_equal(refs(DATA(8)), 0);
}

static void a_table_s_page_becomes_data(void **state)
{
    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 4);
    bind(DIR(0));
    passes();
    memset(ram(TABLE(0)), 0xff, 4096);
    pass();
    assert_int_equal(refs(DATA(0)), 0);
    assert_int_equal(walk(0, 0), 0);
    w->gone[(TABLE(0) - RAM) >> 12] = true;
    pass();
    assert_int_equal(walk(0, 0), 0);
}

static void room_that_another_directory_leaves_is_used(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < NR_TABLES; i++ )
        map_table(DIR(1), i, TABLE(i), i * 8, 4);
    map_table(DIR(0), 0, TABLE(8), 60, 4);
    bind(DIR(1));
    passes();
    bind(DIR(0));
    passes();
    assert_int_equal(walk(1, 0), 0);
    unbind(0);
    passes();
    assert_int_equal(walk(1, 0), leads(DATA(60), 0));
}

/* The budget is used up by then. */
static void park_now(void)
{
    uint64_t parks = mirror_counters(w->m)->parks;

    leaves(DATA(7));
    assert_int_equal(mirror_counters(w->m)->parks, parks + 1);
    assert_int_equal(walk(0, 0), 0);
}

/* In step 1 a directory is read, in step 2 a table. */
static void a_park_within_a_pass(void **state)
{
    unsigned int step, i;

    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 40);
    bind(DIR(0));
    passes();
    for ( i = 0; i < CHANGES; i++ )
    {
        changed(DATA(0), 1);
        passes();
    }
    for ( step = 1; step < 3; step++ )
    {
        ram(TABLE(0))[0] = DATA(100 + step) | VALID;
        request();
        for ( i = 0; i < step; i++ )
            mirror_step(w->m);
        w->reading = park_now;
        passes();
        assert_null(w->reading);
        assert_int_equal(refs(DATA(7)), 0);
        assert_int_equal(walk(0, 0), leads(DATA(100 + step), 0));
        w->gone[(DATA(7) - RAM) >> 12] = false;
        pass();
    }
}

static void bind_another(void)
{
    unbind(0);
    assert_int_equal(bind(DIR(1)), 0);
}

static void another_directory_is_bound_while_one_is_read(void **state)
{
    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 4);
    map_table(DIR(1), 1, TABLE(1), 8, 4);
    bind(DIR(0));
    mirror_step(w->m);
    w->reading = bind_another;
    mirror_step(w->m);
    assert_int_equal(walk(0, 0), 0);
    assert_int_equal(w->memory[0][0], 0);
    passes();
    assert_int_equal(walk(0, 1u << 22), leads(DATA(8), 0));
    assert_int_equal(refs(DATA(0)), 0);
}

static void unbind_it(void)
{
    unbind(0);
}

static void a_directory_is_unbound_while_it_is_read(void **state)
{
    unsigned int step, i;

    (void)state;
    map_table(DIR(0), 0, TABLE(0), 0, 4);
    for ( step = 1; step < 3; step++ )
    {
        bind(DIR(0));
        for ( i = 0; i < step; i++ )
            mirror_step(w->m);
        w->reading = unbind_it;
        passes();
        assert_null(w->reading);
        assert_int_equal(w->memory[0][0], 0);
        assert_int_equal(refs(DATA(0)), 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest tests[] = {
    TEST(a_directory_maps_after_a_pass),
    TEST(users_are_counted),
    TEST(two_directories_share_a_table),
    TEST(what_is_unmapped_is_quiesced_before_it_goes),
    TEST(a_directory_s_word_that_goes_is_quiesced),
    TEST(all_page_sizes),
    TEST(attributes_pass_through),
    TEST(a_page_that_leaves_is_gone_at_once),
    TEST(a_change_overtakes_what_is_staged),
    TEST(a_change_while_a_table_is_read),
    TEST(a_host_that_is_not_done_is_asked_again),
    TEST(a_budget_that_is_used_up_parks),
    TEST(directories_run_out),
    TEST(tables_run_out_and_there_is_room_again),
    TEST(a_dead_table_is_taken_in_the_step_that_unlinks_it),
    TEST(a_table_s_page_becomes_data),
    TEST(room_that_another_directory_leaves_is_used),
    TEST(a_park_within_a_pass),
    TEST(another_directory_is_bound_while_one_is_read),
    TEST(a_directory_is_unbound_while_it_is_read),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
