/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ends of the device's and the guest's address space, where 32 bits wrap: the last page
 * and the first one are not adjacent.
 */
#include "unit.h"

#define DA         0x12000000u
#define LAST_SLOT  0xfff00000u
#define LAST       0xfffff000u
#define FIRST_PAGE 0x00000000u

static struct host_ops ops;
static uint64_t asked_end; /* the highest IPA that the host was asked for */

static void note(ipa_t ipa, unsigned int pages)
{
    uint64_t end = ipa.v + (uint64_t)pages * SZ_4K;

    if ( end > asked_end )
        asked_end = end;
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    unsigned int i;

    for_each_mapped(i, view, n)
        note(view_ipa(view[i]), 1);

    return hostile_host_ops.get_pages(host, view, n, page);
}

static bool get_block(struct host *host, ipa_t ipa, unsigned int pages,
                      struct host_page *first)
{
    note(ipa, pages);

    return hostile_host_ops.get_block(host, ipa, pages, first);
}

/* With RAM at both ends, in pieces of grain pages; what the core asks of its host is
 * noted. */
static struct machine *new_ends_of(unsigned int grain, unsigned int pages)
{
    struct machine *m = machine_new(&(struct machine_options){ .seed = 3 });

    asked_end = 0;
    ops = hostile_host_ops;
    ops.get_pages = get_pages;
    ops.get_block = get_block;
    m->host.ops = &ops;
    machine_populate(m, (uint32_t)(MEM_4GIB - pages * SZ_4K), pages, grain);
    machine_populate(m, FIRST_PAGE, pages, grain);
    lay_out(m, 4096);
    assert_true(machine_assign(m));
    mmu_on(m);

    return m;
}

#define new_ends() new_ends_of(1, 256)

static void last_page_and_first_do_not_rise_together(void **state)
{
    struct machine *m = new_ends();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 2, LAST);
    flush(m);
    assert_leads(m, DA, LAST);
    assert_leads(m, DA + SZ_4K, FIRST_PAGE);
    assert_int_equal(asked_end, MEM_4GIB);

    machine_populate(m, FIRST_PAGE, 1, 1);
    assert_null(check_peek(m));
    assert_leads(m, DA + SZ_4K, FIRST_PAGE);
    machine_unmap(m, LAST, 1);
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    check_and_free(m);
}

/* 16 pages that end there, in all places of a table, and so of a chunk. */
static void end_may_lie_anywhere_in_a_table(void **state)
{
    struct machine *m = new_ends();
    unsigned int page, i;

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    for ( page = 0; page + 16 <= PT_PAGES; page += 5 )
    {
        write_smalls(m, TABLE, 0, page, RAM);
        write_smalls(m, TABLE, page, 16, LAST - 7 * SZ_4K);
        flush(m);
        for ( i = 0; i < 16; i++ )
            assert_leads(m, DA + (page + i) * SZ_4K,
                         LAST + i * SZ_4K - 7 * SZ_4K);
    }
    assert_int_equal(asked_end, MEM_4GIB);
    check_and_free(m);
}

static void sections_end_with_the_space(void **state)
{
    struct machine *m = new_ends();

    (void)state;
    write_l1(m, LAST_SLOT, WORD_SECTION(LAST_SLOT));
    write_l1(m, 0, WORD_SECTION(0));
    write_l1(m, DA, WORD_SECTION(LAST_SLOT));
    write_l1(m, DA + SZ_1M, WORD_SECTION(0));
    flush(m);
    assert_leads(m, LAST, LAST);
    assert_leads(m, 0, 0);
    assert_leads(m, DA + SZ_1M - 4, LAST + SZ_4K - 4);
    assert_leads(m, DA + SZ_1M, 0);
    assert_int_equal(asked_end, MEM_4GIB);
    assert_null(check_peek(m));
    check_and_free(m);
}

static void supersections_end_with_the_space(void **state)
{
    struct machine *m = new_ends_of(4096, 4096);

    (void)state;
    write_supersection(m, 0xff000000, 0);
    write_supersection(m, 0, 0xff000000);
    flush(m);
    assert_leads(m, 0xfffffffc, 0x00fffffc);
    assert_leads(m, 0, 0xff000000);
    assert_int_equal(leaf_at(m, 0xffffffff).bytes, SZ_16M);
    assert_int_equal(asked_end, MEM_4GIB);
    machine_populate(m, LAST, 1, 1);
    assert_null(check_peek(m));
    assert_leads(m, 0x00fff000, LAST);
    machine_populate(m, 0, 1, 1);
    assert_null(check_peek(m));
    assert_leads(m, 0xff000000, 0);
    check_and_free(m);
}

/* The guest's MMU off; and the guest's own TLB entries. */
static void identity_and_entries_reach_both_ends(void **state)
{
    struct machine *m = new_ends();

    (void)state;
    load_tlb(m, 0, LAST | CAM_V | CAM_SIZE_4K, 0);
    load_tlb(m, 1, 0 | CAM_V | CAM_SIZE_4K, LAST);
    load_tlb(m, 2, (DA + SZ_1M) | CAM_V | CAM_SIZE_1M, LAST_SLOT);
    assert_leads(m, LAST + 8, 8);
    assert_leads(m, 8, LAST + 8);
    assert_leads(m, DA + 2 * SZ_1M - 4, LAST + SZ_4K - 4);
    machine_reg_write(m, MMU_CNTL, 0);
    assert_leads(m, LAST, LAST);
    assert_leads(m, 0, 0);
    assert_int_equal(asked_end, MEM_4GIB);
    check_and_free(m);
}

/* Each leaf of the shadow is contiguous in both machine and guest. */
static bool leaf_rises(void *arg, const struct shadow_leaf *leaf)
{
    struct machine *m = arg;
    uint32_t i;

    assert_true(leaf->da.v + leaf->bytes <= MEM_4GIB);
    assert_true(leaf->ipa.v + leaf->bytes <= MEM_4GIB);
    for ( i = 0; i < leaf->bytes; i += SZ_4K )
        assert_int_equal(maddr_of(m, leaf->ipa.v + i), leaf->maddr.v + i);

    return true;
}

/* 64 KiB of the machine in one piece, of which the guest's pages are not. */
static void pages_that_do_not_rise_are_no_large_one(void **state)
{
    struct machine *m = new_ends();
    uint64_t maddr = memory_find(&m->mem, 16);
    unsigned int i;

    (void)state;
    machine_map(m, LAST - 7 * SZ_4K, maddr, 8, P2M_RAM);
    machine_map(m, FIRST_PAGE, maddr + 8 * SZ_4K, 8, P2M_RAM);
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 16, LAST - 7 * SZ_4K);
    flush(m);
    assert_leads(m, DA, LAST - 7 * SZ_4K);
    shadow_for_each(&m->vmmu.shadow, leaf_rises, m);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_4K);
    assert_int_equal(leaf_at(m, DA + 8 * SZ_4K).ipa.v, FIRST_PAGE);
    for ( i = 0; i < 16; i++ )
        assert_leads(m, DA + i * SZ_4K, LAST - 7 * SZ_4K + i * SZ_4K);
    check_and_free(m);
}

/* Devices from machine address 0 on, in one piece, but for a page. */
static struct machine *new_low(unsigned int hole)
{
    struct machine *m = new_default();

    machine_map(m, NOTHING, MEM_LOW_BASE, 16, P2M_MMIO);
    if ( hole < 16 )
        machine_unmap(m, NOTHING + hole * SZ_4K, 1);
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 16, NOTHING);
    flush(m);

    return m;
}

static void large_page_at_machine_address_0(void **state)
{
    struct machine *m = new_low(16);

    (void)state;
    assert_leads(m, DA + 5 * SZ_4K, NOTHING + 5 * SZ_4K);
    assert_int_equal(m->request.pa, 5 * SZ_4K);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_64K);
    check_and_free(m);
}

static void hole_is_no_page_at_machine_address_0(void **state)
{
    unsigned int hole, page;

    (void)state;
    for ( hole = 0; hole < 16; hole += 5 )
    {
        struct machine *m = new_low(hole);

        for ( page = 0; page < 16; page++ )
        {
            if ( page != hole )
                assert_leads(m, DA + page * SZ_4K, NOTHING + page * SZ_4K);
            else
                assert_faults(m, DA + page * SZ_4K, IRQ_TRANSLATIONFAULT);
            give_up(m);
        }
        /* The guest's own hole. */
        write_l2(m, TABLE, hole * SZ_4K, 0);
        machine_map(m, NOTHING + hole * SZ_4K, hole * SZ_4K, 1, P2M_MMIO);
        flush(m);
        assert_leads(m, DA + 15 * SZ_4K - SZ_4K * (hole == 15),
                     NOTHING + 15 * SZ_4K - SZ_4K * (hole == 15));
        assert_faults(m, DA + hole * SZ_4K, IRQ_TRANSLATIONFAULT);
        give_up(m);
        check_and_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_page_and_first_do_not_rise_together),
        cmocka_unit_test(end_may_lie_anywhere_in_a_table),
        cmocka_unit_test(sections_end_with_the_space),
        cmocka_unit_test(supersections_end_with_the_space),
        cmocka_unit_test(identity_and_entries_reach_both_ends),
        cmocka_unit_test(pages_that_do_not_rise_are_no_large_one),
        cmocka_unit_test(hole_is_no_page_at_machine_address_0),
        cmocka_unit_test(large_page_at_machine_address_0),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
