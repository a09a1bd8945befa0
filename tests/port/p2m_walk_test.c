/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xen/p2m_walk.c as it is, on the fake's tables: it returns what p2m_get_entry() does, for
 * each kind of entry and each order of look-ups, and maps no table twice.
 */
#include "asking.h"

#include "p2m_walk.h"

#define P2M     (&fake.domain.arch.p2m)
#define LAST    (P2M_PAGES - 1)
#define OF_ROOT (1ul << 27) /* frames that one table of the root covers */

#define ALL 64

/* Entries of each kind: pages, superpages, holes, and those that lie next to them. */
static unsigned long frames[ALL];
static unsigned int nr_frames;

static void of_interest(unsigned long gfn)
{
    assert_in_range(nr_frames, 0, ALL - 1);
    frames[nr_frames++] = gfn;
}

/* The first, one inside, and the last of this size, and what is behind. */
static void all_of(unsigned long gfn, unsigned int order)
{
    unsigned long size = 1ul << order;

    of_interest(gfn);
    of_interest(gfn + size / 3);
    of_interest(gfn + size - 1);
    of_interest(gfn + size);
}

static void map_ram(unsigned long gfn, unsigned int order)
{
    fake_map(gfn, order, RAM + gfn % PAGES_OF_2M, p2m_ram_rw, p2m_access_rwx);
    all_of(gfn, order);
}

static void remove_pages(unsigned long gfn, unsigned int order)
{
    fake_map(gfn, order, 0, p2m_invalid, p2m_access_n);
    all_of(gfn, order);
}

/* A domain with every kind of entry; the last frame is not mapped. */
static void make_world(void)
{
    nr_frames = 0;
    map_ram(0, ORDER_4K);
    map_ram(GFN, ORDER_1G);
    remove_pages(GFN + 7, ORDER_4K);
    remove_pages(GFN + 2 * PAGES_OF_2M, ORDER_2M);
    map_ram(2 * GFN, ORDER_2M);
    map_ram(2 * GFN + 2 * PAGES_OF_2M, ORDER_4K);
    map_ram(2 * GFN + 3 * PAGES_OF_2M - 1, ORDER_4K);
    remove_pages(3 * GFN, ORDER_1G);
    fake_map(GFN + 9, ORDER_4K, RAM + 9, p2m_ram_rw, p2m_access_rx);
    of_interest(GFN + 9);
    map_ram(OF_ROOT - 1, ORDER_4K);
    map_ram(OF_ROOT, ORDER_2M);
    fake_map(OF_ROOT + 8 * GFN + 5, ORDER_4K, MMIO, p2m_mmio_direct_c,
             p2m_access_rwx);
    all_of(OF_ROOT + 8 * GFN + 5, ORDER_4K);
    of_interest(OF_ROOT + 8 * GFN + PAGES_OF_2M);
    of_interest(OF_ROOT + 9 * GFN);
    of_interest(LAST);
}

struct answer {
    mfn_t mfn;
    p2m_type_t t;
    p2m_access_t a;
    unsigned int order;
    bool valid;
};

/* What the caller's variables may hold. */
static struct answer unlike(void)
{
    return (struct answer){ _mfn(1), p2m_max_real_type, p2m_access_n2rwx, 99,
                            true };
}

static struct answer ask_walk(struct p2m_walk *walk, unsigned long gfn)
{
    struct answer answer = unlike();

    answer.mfn = p2m_walk_get(walk, _gfn(gfn), &answer.t, &answer.a);
    answer.order = walk->order;
    answer.valid = walk->valid;

    return answer;
}

static struct answer ask_xen(unsigned long gfn)
{
    struct answer answer = unlike();

    answer.mfn = p2m_get_entry(P2M, _gfn(gfn), &answer.t, &answer.a,
                               &answer.order, &answer.valid);

    return answer;
}

static void assert_same(struct answer a, struct answer b)
{
    assert_int_equal(a.t, b.t);
    assert_int_equal(mfn_x(a.mfn), mfn_x(b.mfn));
    assert_int_equal(a.order, b.order);
    assert_int_equal(a.a, b.a);
    assert_int_equal(a.valid, b.valid);
}

static void assert_agrees(struct p2m_walk *walk, unsigned long gfn)
{
    assert_same(ask_walk(walk, gfn), ask_xen(gfn));
}

static void start(struct p2m_walk *walk)
{
    p2m_read_lock(P2M);
    p2m_walk_start(walk, P2M);
    fake.table_mappings = 0;
}

/* p2m_read_unlock() detects tables that are still mapped. */
static void end(struct p2m_walk *walk)
{
    p2m_walk_end(walk);
    p2m_read_unlock(P2M);
}

/* From each of them to each other one, by a walk of its own and by one for all. */
static void assert_all_agree(void)
{
    struct p2m_walk all, two;
    unsigned int i, k;

    for ( i = 0; i < nr_frames; i++ )
        for ( k = 0; k < nr_frames; k++ )
        {
            start(&two);
            assert_agrees(&two, frames[i]);
            assert_agrees(&two, frames[k]);
            end(&two);
        }

    start(&all);
    for ( i = 0; i < nr_frames; i++ )
        for ( k = 0; k < nr_frames; k++ )
            assert_agrees(&all, frames[i * k % nr_frames]);
    end(&all);
}

static void all_entries_in_each_order(void **state)
{
    (void)state;
    make_world();
    assert_all_agree();
}

static void assert_answer(unsigned long gfn, unsigned long mfn, p2m_type_t t,
                          p2m_access_t a, unsigned int order, bool valid)
{
    struct p2m_walk walk;

    start(&walk);
    assert_same(ask_walk(&walk, gfn),
                (struct answer){ _mfn(mfn), t, a, order, valid });
    end(&walk);
}

static void assert_hole(unsigned long gfn, unsigned int order)
{
    struct answer nothing = unlike();

    assert_answer(gfn, mfn_x(INVALID_MFN), p2m_invalid, nothing.a, order,
                  false);
}

/* The same without the fake's p2m_get_entry(). */
static void entries_are_what_was_mapped(void **state)
{
    (void)state;
    fake_ram(GFN, ORDER_1G, RAM);
    fake_ram(2 * GFN, ORDER_2M, RAM);
    fake_map(2 * GFN + PAGES_OF_2M, ORDER_4K, MMIO, p2m_mmio_direct_nc,
             p2m_access_rw);
    fake_invalidate(2 * GFN);
    assert_answer(GFN + 777, RAM + 777, p2m_ram_rw, p2m_access_rwx, ORDER_1G,
                  true);
    assert_answer(2 * GFN + 99, RAM + 99, p2m_ram_rw, p2m_access_rwx, ORDER_2M,
                  false);
    assert_answer(2 * GFN + PAGES_OF_2M, MMIO, p2m_mmio_direct_nc,
                  p2m_access_rw, ORDER_4K, true);
}

static void holes_have_sizes(void **state)
{
    (void)state;
    fake_ram(2 * GFN, ORDER_4K, RAM);
    assert_hole(GFN, ORDER_1G);
    assert_hole(2 * GFN - 1, ORDER_1G);
    fake_ram(3 * GFN, ORDER_4K, RAM);
    assert_hole(2 * GFN + 1, ORDER_4K);
    assert_hole(2 * GFN + PAGES_OF_2M, ORDER_2M);
}

/* Beyond what was ever mapped no table is looked at. */
static void holes_beyond_the_last_frame(void **state)
{
    (void)state;
    assert_hole(0, ORDER_1G);
    assert_hole(1, ORDER_4K);
    assert_hole(LAST, ORDER_1G);
    fake_ram(GFN + PAGES_OF_2M + 4, ORDER_4K, RAM);
    fake.table_mappings = 0;
    assert_hole(GFN + PAGES_OF_2M + 5, ORDER_4K);
    assert_hole(GFN + 2 * PAGES_OF_2M, ORDER_2M);
    assert_hole(2 * GFN, ORDER_1G);
    assert_hole(LAST, ORDER_1G);
    assert_hole(P2M_PAGES, ORDER_1G);
    assert_hole(UINT32_MAX, ORDER_1G);
    assert_int_equal(fake.table_mappings, 0);
}

/* Whatever was ever mapped, the root has no further table. */
static void holes_behind_the_root(void **state)
{
    (void)state;
    fake_ram(LAST, ORDER_4K, RAM);
    P2M->max_mapped_gfn = _gfn(2 * P2M_PAGES);
    fake.table_mappings = 0;
    assert_hole(P2M_PAGES, ORDER_4K);
    assert_hole(2 * P2M_PAGES - 1, ORDER_4K);
    assert_int_equal(fake.table_mappings, 0);
}

static void first_and_last_frame(void **state)
{
    (void)state;
    fake_ram(0, ORDER_4K, RAM);
    fake_ram(LAST, ORDER_4K, RAM + 1);
    assert_answer(0, RAM, p2m_ram_rw, p2m_access_rwx, ORDER_4K, true);
    assert_answer(LAST, RAM + 1, p2m_ram_rw, p2m_access_rwx, ORDER_4K, true);
    assert_hole(1, ORDER_4K);
    assert_hole(LAST - 1, ORDER_4K);
    assert_hole(P2M_PAGES, ORDER_1G);
}

static void each_type_in_each_level(void **state)
{
    unsigned int t, order;

    (void)state;
    for ( order = ORDER_4K; order <= ORDER_1G; order += 9 )
        for ( t = p2m_invalid + 1; t <= p2m_max_real_type; t++ )
        {
            fake_map(GFN, order, RAM, t, p2m_access_rwx);
            assert_answer(GFN, RAM, t, p2m_access_rwx, order, true);
        }
}

#define ONE(name) +1

/* Whatever the default is, once there are settings it is rwx. */
static void access_is_of_mem_access(void **state)
{
    unsigned int a;

    (void)state;
    P2M->default_access = p2m_access_rx;
    small_ram(GFN, RAM, 2);
    assert_answer(GFN, RAM, p2m_ram_rw, p2m_access_rx, ORDER_4K, true);
    for ( a = 0; a < 0 P2M_ACCESSES(ONE); a++ )
    {
        fake_map(GFN, ORDER_4K, RAM, p2m_ram_rw, a);
        P2M->mem_access_enabled = true;
        assert_answer(GFN, RAM, p2m_ram_rw, a, ORDER_4K, true);
        assert_answer(GFN + 1, RAM + 1, p2m_ram_rw, p2m_access_rwx, ORDER_4K,
                      true);
    }
}

/* Set/way emulation made them so, of each level, tables too. */
static void invalid_entries_are_looked_up(void **state)
{
    unsigned int i;

    (void)state;
    make_world();
    fake_invalidate_root();
    assert_all_agree();
    fake_invalidate_all();
    assert_all_agree();
    for ( i = 0; i < nr_frames; i += 2 )
        if ( frames[i] < P2M_PAGES )
            p2m_resolve_translation_fault(&fake.domain, _gfn(frames[i]));
    assert_all_agree();
}

/* How many tables the next look-up maps. */
static unsigned int maps(struct p2m_walk *walk, unsigned long gfn)
{
    unsigned int before = fake.table_mappings;

    assert_agrees(walk, gfn);

    return fake.table_mappings - before;
}

static void rising_frames_map_each_table_once(void **state)
{
    struct p2m_walk walk;
    unsigned int i;

    (void)state;
    small_ram(GFN + PAGES_OF_2M, RAM, 2 * PAGES_OF_2M);
    start(&walk);
    for ( i = 0; i < 2 * PAGES_OF_2M; i++ )
        assert_int_equal(maps(&walk, GFN + PAGES_OF_2M + i), i == 0 ? 3
                                                             : i == PAGES_OF_2M
                                                                 ? 1
                                                                 : 0);
    end(&walk);
}

static void no_order_within_a_table_maps_nothing(void **state)
{
    struct p2m_walk walk;
    unsigned int i;

    (void)state;
    small_ram(GFN, RAM, PAGES_OF_2M);
    start(&walk);
    assert_int_equal(maps(&walk, GFN), 3);
    for ( i = 0; i < PAGES_OF_2M; i++ )
        assert_int_equal(maps(&walk, GFN + i * 37 % PAGES_OF_2M), 0);
    end(&walk);
}

/* Up only as far as it must. */
static void other_tables_are_mapped_alone(void **state)
{
    struct p2m_walk walk;

    (void)state;
    small_ram(GFN, RAM, 1);
    small_ram(GFN + PAGES_OF_2M, RAM, 1);
    small_ram(2 * GFN, RAM, 1);
    small_ram(OF_ROOT + GFN, RAM, 1);
    start(&walk);
    assert_int_equal(maps(&walk, GFN), 3);
    assert_int_equal(maps(&walk, GFN + PAGES_OF_2M), 1);
    assert_int_equal(maps(&walk, GFN), 1);
    assert_int_equal(maps(&walk, 2 * GFN), 2);
    assert_int_equal(maps(&walk, 2 * GFN + PAGES_OF_2M), 0);
    assert_int_equal(maps(&walk, 2 * GFN), 1);
    assert_int_equal(maps(&walk, OF_ROOT + GFN), 3);
    assert_int_equal(maps(&walk, GFN), 3);
    assert_int_equal(maps(&walk, LAST), 0);
    assert_int_equal(maps(&walk, GFN + 1), 0);
    end(&walk);
}

static void walk_without_a_look_up_maps_nothing(void **state)
{
    struct p2m_walk walk;

    (void)state;
    memset(&walk, 0xa5, sizeof(walk));
    start(&walk);
    end(&walk);
    assert_int_equal(fake.table_mappings, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_entries_in_each_order),
        TEST(entries_are_what_was_mapped),
        TEST(holes_have_sizes),
        TEST(holes_beyond_the_last_frame),
        TEST(holes_behind_the_root),
        TEST(first_and_last_frame),
        TEST(each_type_in_each_level),
        TEST(access_is_of_mem_access),
        TEST(invalid_entries_are_looked_up),
        TEST(rising_frames_map_each_table_once),
        TEST(no_order_within_a_table_maps_nothing),
        TEST(other_tables_are_mapped_alone),
        TEST(walk_without_a_look_up_maps_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
