/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of the p2m that set/way emulation made invalid: xen/pages.c makes them
 * valid before it uses them, so many for one fault, and all faults end.
 */
#include "asking.h"

static void entries_are_made_valid_first(void **state)
{
    (void)state;
    small_ram(GFN, RAM, 16);
    fake_invalidate_all();
    assert_int_equal(ask(GFN, 16), 16);
    assert_run(0, HOST_RAM, RAM, 16);
    give_back();
    /* Three levels for the first, one for the rest; and now they are valid. */
    assert_int_equal(fake.resolves, 18);
    assert_int_equal(fake.mmu.resolves, OMAP_MMU_RESOLVES - 18);
    assert_true(ask_block(GFN, 16));
    give_back();
    assert_int_equal(fake.resolves, 18);
}

static void entries_of_two_tables_are_made_valid(void **state)
{
    unsigned long gfn = GFN + PAGES_OF_2M - 8;

    (void)state;
    small_ram(gfn, RAM, 16);
    fake_invalidate_all();
    assert_int_equal(ask(gfn, 16), 16);
    give_back();
    assert_int_equal(fake.resolves, 3 + 7 + 3 + 7);

    /* What is valid already is not made so. */
    fake_invalidate(gfn + 14);
    assert_int_equal(ask(gfn, 16), 16);
    give_back();
    assert_int_equal(fake.resolves, 20 + 3 + 1);
}

/* The entry of the page is valid still; Xen tells of its removal. */
static void tables_above_need_not_be_valid(void **state)
{
    (void)state;
    small_ram(GFN, RAM, 16);
    fake_invalidate_root();
    assert_int_equal(ask(GFN, 16), 16);
    give_back();
    assert_int_equal(fake.resolves, 0);
}

/* The limit of all this: the first access to such a table, here of our own, makes
 * invalid what was used before. */
static void used_entries_can_become_invalid(void **state)
{
    (void)state;
    small_ram(GFN, RAM, 16);
    fake_invalidate(GFN + 8);
    fake_invalidate_root();
    assert_int_equal(ask(GFN, 8), 8);
    give_back();
    assert_int_equal(ask(GFN + 8, 1), 1);
    give_back();
    assert_false(fake_is_valid(GFN));
}

/* A block that cannot be one needs none of the fault's calls. */
static void refused_block_makes_nothing_valid(void **state)
{
    (void)state;
    small_ram(GFN, RAM, 1);
    small_ram(GFN + 1, RAM + 2, SECTION - 1);
    fake_invalidate(GFN + 1);
    assert_false(ask_block(GFN, SECTION));
    assert_int_equal(fake.resolves, 0);
}

static void denied_entries_are_left_invalid(void **state)
{
    (void)state;
    fake_map(GFN, ORDER_4K, RAM, p2m_ram_ro, p2m_access_rwx);
    fake_map(GFN + 1, ORDER_4K, RAM, p2m_ram_rw, p2m_access_r);
    fake_invalidate_all();
    assert_int_equal(ask(GFN, 3), 3);
    assert_denied(0, DENIED_NOT_OWN, 2);
    assert_denied(1, DENIED_UNMAPPED, 1);
    assert_int_equal(fake.resolves, 0);
}

static void budget_is_kept(void **state)
{
    unsigned int budget;

    (void)state;
    small_ram(GFN, RAM, SECTION);
    for ( budget = 0; budget <= OMAP_MMU_RESOLVES; budget++ )
    {
        fake_invalidate_all();
        fake.resolves = 0;
        fake.mmu.resolves = budget;
        assert_int_equal(ask(GFN, SECTION), budget > 2 ? budget - 2 : 0);
        assert_int_equal(fake.resolves, budget);
        assert_int_equal(fake.mmu.resolves, 0);
        give_back();
    }
}

static void spent_budget_answers_what_is_valid(void **state)
{
    (void)state;
    small_ram(GFN, RAM, 16);
    fake_invalidate(GFN + 5);
    fake.mmu.resolves = 0;
    assert_int_equal(ask(GFN, 16), 5);
    give_back();
    assert_int_equal(ask(GFN + 5, 11), 0);
    assert_false(ask_block(GFN, 16));
    assert_int_equal(fake.resolves, 0);
}

static void set_way_again(void)
{
    fake_invalidate(GFN + 3);
}

static void entry_that_stays_invalid_is_in_no_run(void **state)
{
    (void)state;
    small_ram(GFN, RAM, 8);
    fake_invalidate_all();
    fake.interfere = set_way_again;
    assert_int_equal(ask(GFN, 8), 3);
    give_back();
    assert_int_equal(ask(GFN + 3, 5), 0);
    omap_pages_new_fault(&fake.mmu);
    assert_false(ask_block(GFN, 8));
}

static void remove_page(void)
{
    fake_map(GFN + 3, ORDER_4K, 0, p2m_invalid, p2m_access_n);
    mfn_to_page(_mfn(RAM + 3))->owner = NULL;
}

/* The look-up is made anew. */
static void page_removed_meanwhile_is_denied(void **state)
{
    (void)state;
    small_ram(GFN, RAM, 8);
    fake_invalidate_all();
    fake.interfere = remove_page;
    ask(GFN, 8);
    assert_int_equal(count, 3);
    assert_run(1, HOST_DENIED, 0, 1);
    give_back();
}

/* One fault, as the core serves it: the largest block that can be, else runs,
 * until the host is not done; what was translated stays. Returns how many pages
 * that are. */
static unsigned int fault(unsigned long gfn, unsigned int pages, bool super,
                          unsigned int done)
{
    omap_pages_new_fault(&fake.mmu);
    fake.resolves = 0;
    if ( (super && ask_block(gfn - gfn % SUPER, SUPER)) ||
         (gfn % SECTION == 0 && ask_block(gfn, pages)) )
        done = pages;
    give_back();
    while ( done < pages && ask(gfn + done, pages - done) )
    {
        done += answered;
        give_back();
    }
    assert_in_range(fake.resolves, 0, OMAP_MMU_RESOLVES);

    return done;
}

/* How many faults it takes until all pages are there. Of two in a row, one gets
 * further. */
static unsigned int faults(const char *what, unsigned long gfn,
                           unsigned int pages, bool super)
{
    unsigned int done = 0, n = 0, stalled = 0, before;

    for ( ; done < pages && stalled < 2; n++ )
    {
        before = done;
        done = fault(gfn, pages, super, done);
        stalled = done > before ? 0 : stalled + 1;
    }
    print_message("# %s: faults: %u\n", what, n);
    assert_int_equal(done, pages);

    return n;
}

static void faults_end_for_small_pages(void **state)
{
    (void)state;
    small_ram(GFN, RAM, SECTION);
    fake_invalidate_all();
    assert_int_equal(faults("1 MiB of 4 KiB entries", GFN, SECTION, false), 9);
}

static void faults_end_for_scattered_pages(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < SECTION; i++ )
        small_ram(GFN + i, RAM + 2 * i, 1);
    fake_invalidate_all();
    assert_int_equal(
        faults("1 MiB of 4 KiB entries, scattered", GFN, SECTION, false), 9);
}

/* As a guest may map them. In one table of the p2m each takes one call, as if they rose. */
static void faults_end_for_pages_in_no_order(void **state)
{
    unsigned int done = 0, n = 0, i;
    uint32_t view[SECTION];

    (void)state;
    for ( i = 0; i < SECTION; i++ )
        view[i] = view_word(ipa_of(GFN + i * 37 % SECTION));
    small_ram(GFN, RAM, SECTION);
    fake_invalidate_all();
    for ( ; done < SECTION && n < SECTION; n++ )
    {
        omap_pages_new_fault(&fake.mmu);
        while ( done < SECTION && ask_words(view + done, SECTION - done) )
        {
            done += answered;
            give_back();
        }
    }
    assert_int_equal(done, SECTION);
    assert_int_equal(n, 9);
}

static void faults_end_for_2mib_entries(void **state)
{
    (void)state;
    fake_ram(GFN, ORDER_2M, RAM);
    fake_invalidate_all();
    assert_int_equal(
        faults("1 MiB of a 2 MiB entry", GFN + SECTION, SECTION, false), 1);
}

/* 1 MiB, of which every second entry is invalid, from the first one on. */
static void half_invalid(unsigned int first)
{
    unsigned int i;

    small_ram(GFN, RAM, SECTION);
    for ( i = first; i < SECTION; i += 2 )
        fake_invalidate(GFN + i);
}

static void faults_end_if_every_second_entry_is_invalid(void **state)
{
    (void)state;
    half_invalid(0);
    assert_int_equal(faults("1 MiB, every second entry", GFN, SECTION, false),
                     9);
}

static void faults_end_across_2mib(void **state)
{
    unsigned long gfn = GFN + PAGES_OF_2M - SECTION / 2;

    (void)state;
    small_ram(gfn, RAM, SECTION);
    fake_invalidate_all();
    assert_int_equal(
        faults("1 MiB of 4 KiB entries in two tables", gfn, SECTION, false), 9);

    fake_ram(GFN + PAGES_OF_2M, ORDER_2M, RAM + PAGES_OF_2M);
    fake_invalidate_all();
    assert_int_equal(
        faults("1 MiB, half of it in a 2 MiB entry", gfn, SECTION, false), 5);
}

static void faults_end_for_a_supersection(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < SUPER; i += PAGES_OF_2M )
        fake_ram(GFN + i, ORDER_2M, RAM + i);
    fake_invalidate_all();
    assert_true(ask_block(GFN, SUPER));
    give_back();
    fake_invalidate_all();
    assert_int_equal(faults("16 MiB of 2 MiB entries", GFN, SECTION, true), 1);
    assert_int_equal(fake.resolves, 3 + 7);

    /* The first spends some on those others. */
    small_ram(GFN + PAGES_OF_2M, RAM + PAGES_OF_2M, SECTION);
    fake_invalidate_all();
    assert_int_equal(faults("1 MiB of 4 KiB entries in 16 MiB of others",
                            GFN + PAGES_OF_2M, SECTION, true),
                     9);
}

/* Set/way, accesses to some pages, set/way again: to make an entry valid makes
 * those before it invalid, with the table that they are in. Once. */
static void faults_end_if_tables_above_are_invalid_too(void **state)
{
    (void)state;
    half_invalid(1);
    fake_invalidate_root();
    assert_int_equal(
        faults("1 MiB, every second entry and all tables", GFN, SECTION, false),
        10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(entries_are_made_valid_first),
        TEST(entries_of_two_tables_are_made_valid),
        TEST(tables_above_need_not_be_valid),
        TEST(used_entries_can_become_invalid),
        TEST(refused_block_makes_nothing_valid),
        TEST(denied_entries_are_left_invalid),
        TEST(budget_is_kept),
        TEST(spent_budget_answers_what_is_valid),
        TEST(entry_that_stays_invalid_is_in_no_run),
        TEST(page_removed_meanwhile_is_denied),
        TEST(faults_end_for_small_pages),
        TEST(faults_end_for_scattered_pages),
        TEST(faults_end_for_pages_in_no_order),
        TEST(faults_end_for_2mib_entries),
        TEST(faults_end_if_every_second_entry_is_invalid),
        TEST(faults_end_across_2mib),
        TEST(faults_end_for_a_supersection),
        TEST(faults_end_if_tables_above_are_invalid_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
