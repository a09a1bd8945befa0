/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Many changes of the p2m in a row, as one hypercall makes them before anybody else may
 * run: their total cost is a constant, wherever they are.
 */
#include "unit.h"

#define DA    0x12000000u
#define PAGES 1024u

/* Pages in a row, reported one by one, as Xen does for an extent. */
static void change_pages(struct machine *m, uint32_t ipa, unsigned int pages)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        vmmu_ipa_changed(&m->vmmu, _ipa(ipa + i * (uint64_t)SZ_4K), 1);
}

/* Slot n of DA has a table of its own; page i of it is ipa. */
static void map_page(struct machine *m, unsigned int n, unsigned int page,
                     uint32_t ipa)
{
    uint32_t table = TABLE + n * PT_TABLE_BYTES;

    write_l1(m, DA + n * SZ_1M, WORD_TABLE(table));
    write_smalls(m, table, page, 1, ipa);
}

static void touch_slots(struct machine *m, unsigned int slots)
{
    unsigned int i;

    for ( i = 0; i < slots; i++ )
        assert_int_equal(machine_access(m, DA + i * SZ_1M, false), MMU_OK);
}

static unsigned int scans_left(const struct machine *m)
{
    return m->vmmu.shadow.scans_left;
}

/* The tables of 8 slots use the last page of 8 MiBs, and a page far away. */
static struct machine *eight_mibs_in_use(void)
{
    struct machine *m = new_default();
    unsigned int i;

    for ( i = 0; i < 8; i++ )
    {
        map_page(m, i, 0, RAM + SZ_16M + i * SZ_4K);
        map_page(m, i, 1, RAM + i * SZ_1M + 255 * SZ_4K);
    }
    touch_slots(m, 8);
    m->one_hypercall = true;
    vmmu_renew(&m->vmmu);

    return m;
}

static void mib_is_looked_through_once(void **state)
{
    struct machine *m = eight_mibs_in_use();

    (void)state;
    change_pages(m, RAM, PT_PAGES);
    assert_int_equal(scans_left(m), SHADOW_CHANGE_SCANS - 1);
    assert_int_equal(counters(m)->drops, 1);
    assert_int_equal(counters(m)->parks, 1);
    assert_int_equal(leaf_at(m, DA).bytes, 0);
    assert_int_equal(leaf_at(m, DA + SZ_1M).bytes, SZ_4K);
    assert_right(m);
    touch_slots(m, 8);
    check_and_free(m);
}

/* From the assignment on: the clock may not have renewed it yet. */
static void first_change_is_a_scan(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_int_equal(scans_left(m), SHADOW_CHANGE_SCANS);
    map_page(m, 0, 0, RAM);
    map_page(m, 1, 0, RAM + SZ_16M);
    touch_slots(m, 2);
    change_pages(m, RAM, 1);
    assert_int_equal(counters(m)->drops, 1);
    assert_int_equal(leaf_at(m, DA + SZ_1M).bytes, SZ_4K);
    check_and_free(m);
}

static void neighbours_of_a_change_stay(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    for ( i = 0; i < 3; i++ )
    {
        write_l1(m, DA + i * SZ_1M, WORD_SECTION(RAM + i * SZ_1M));
        assert_leads(m, DA + i * SZ_1M, RAM + i * SZ_1M);
    }
    vmmu_renew(&m->vmmu);
    vmmu_ipa_changed(&m->vmmu, _ipa(RAM + SZ_1M), 256);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_1M);
    assert_int_equal(leaf_at(m, DA + SZ_1M).bytes, 0);
    assert_int_equal(leaf_at(m, DA + 2 * SZ_1M).bytes, SZ_1M);
    check_and_free(m);
}

/* One change of both, and then of either. */
static void two_mibs_are_looked_through_once(void **state)
{
    struct machine *m = eight_mibs_in_use();

    (void)state;
    vmmu_ipa_changed(&m->vmmu, _ipa(RAM), 512);
    assert_int_equal(scans_left(m), SHADOW_CHANGE_SCANS - 1);
    vmmu_ipa_changed(&m->vmmu, _ipa(RAM), 1);
    vmmu_ipa_changed(&m->vmmu, _ipa(RAM + SZ_1M), 1);
    assert_int_equal(scans_left(m), SHADOW_CHANGE_SCANS - 1);
    check_and_free(m);
}

/* Then everything is given up: nothing is left to scan. */
static void many_mibs_are_two_scans(void **state)
{
    struct machine *m = eight_mibs_in_use();
    uint32_t flushes;

    (void)state;
    change_pages(m, RAM, 2 * PT_PAGES);
    assert_int_equal(scans_left(m), 0);
    assert_int_equal(counters(m)->drops, 2);
    assert_int_equal(leaf_at(m, DA + 2 * SZ_1M).bytes, SZ_4K);
    assert_false(m->vmmu.shadow.has_condemned);

    change_pages(m, RAM + 2 * SZ_1M, 1);
    assert_true(leaf_at(m, DA + 7 * SZ_1M).condemned);
    assert_true(m->vmmu.shadow.has_condemned);

    /* Giving something up parks first, which flushes it. */
    flushes = m->vmmu.shadow.flushes;
    change_pages(m, RAM + 2 * SZ_1M, PAGES);
    assert_int_equal(m->vmmu.shadow.flushes, flushes);
    machine_settle(m);
    assert_false(m->vmmu.shadow.has_condemned);
    assert_right(m);
    touch_slots(m, 8);
    check_and_free(m);
}

/* Wherever they are: a batch of grants need not lie in a row. */
static void distant_pages_are_two_scans(void **state)
{
    struct machine *m = eight_mibs_in_use();
    unsigned int i;

    (void)state;
    for ( i = 0; i < 8; i++ )
        change_pages(m, RAM + i * SZ_1M, 1);
    assert_int_equal(counters(m)->drops, 2);
    assert_int_equal(m->count.pages_put, 2 * 2);
    machine_settle(m);
    assert_int_equal(counters(m)->drops, 8);
    assert_int_equal(m->mem.refs, 0);
    assert_right(m);
    check_and_free(m);
}

static void scans_come_back_with_time(void **state)
{
    struct machine *m = eight_mibs_in_use();
    unsigned int i;

    (void)state;
    for ( i = 0; i < 8; i++ )
    {
        vmmu_renew(&m->vmmu);
        change_pages(m, RAM + i * SZ_1M, 1);
        assert_int_equal(counters(m)->drops, i + 1);
        assert_right(m);
    }
    assert_false(m->vmmu.shadow.has_condemned);
    check_and_free(m);
}

/* A trap, a fault, or a release of condemned slots renews nothing: a guest may cause as
 * many of them as it likes meanwhile, on another CPU. */
static void guest_brings_no_scan_back(void **state)
{
    struct machine *m = eight_mibs_in_use();

    (void)state;
    change_pages(m, RAM, 3 * PT_PAGES);
    assert_true(m->vmmu.shadow.has_condemned);
    assert_int_equal(scans_left(m), 0);
    m->deferred = true;
    machine_settle(m);
    assert_false(m->vmmu.shadow.has_condemned);
    flush(m);
    touch_slots(m, 8);
    mmu_on(m);
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    assert_int_equal(scans_left(m), 0);
    mmu_on(m);
    touch_slots(m, 8);
    /* What is given up is hidden from the hardware at once. */
    assert_true(cached(m, DA));
    change_pages(m, RAM + 8 * SZ_1M, 1);
    assert_true(cached(m, DA));
    change_pages(m, RAM, 1);
    assert_false(cached(m, DA));
    assert_false(cached(m, DA + 7 * SZ_1M));
    assert_right(m);
    change_pages(m, RAM, PAGES);
    assert_true(m->vmmu.shadow.has_condemned);
    machine_settle(m);
    assert_int_equal(m->mem.refs, 0);
    assert_right(m);
    check_and_free(m);
}

/* Supersections, each of its own 16 MiB: what is given back in a row is bounded. */
static void references_of_a_row_are_bounded(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    for ( i = 0; i < 2; i++ )
    {
        write_supersection(m, DA + i * SZ_16M, RAM + i * SZ_16M);
        assert_leads(m, DA + i * SZ_16M, RAM + i * SZ_16M);
    }
    m->one_hypercall = true;
    vmmu_renew(&m->vmmu);
    m->count.pages_put = 0;
    change_pages(m, RAM, 1);
    change_pages(m, RAM + SZ_16M, 1);
    assert_int_equal(m->count.pages_put, SHADOW_RELEASE_PAGES);
    assert_int_equal(m->mem.refs, SHADOW_RELEASE_PAGES);
    machine_settle(m);
    assert_int_equal(m->mem.refs, 0);
    assert_right(m);
    check_and_free(m);
}

/* In the middle of a fill of what does not change. */
static void forget_in_a_fill(struct machine *m, enum machine_point point)
{
    (void)point;
    change_pages(m, RAM + 2 * SZ_1M, 1);
    change_pages(m, RAM + 3 * SZ_1M, 1);
    change_pages(m, RAM + 4 * SZ_1M, 1);
}

/* ... its content goes, too: nothing notes again which MiB it stems from. */
static void fill_is_overtaken_by_forgetting(void **state)
{
    struct machine *m = eight_mibs_in_use();
    uint64_t retries;

    (void)state;
    flush(m);
    m->hook = forget_in_a_fill;
    retries = counters(m)->retries;
    assert_int_equal(machine_access(m, DA, false), MMU_OK);
    assert_int_equal(counters(m)->retries, retries + 1);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_4K);
    assert_false(leaf_at(m, DA).condemned);
    machine_settle(m);
    assert_right(m);
    vmmu_renew(&m->vmmu);
    machine_unmap(m, RAM + SZ_16M, 1);
    assert_int_equal(leaf_at(m, DA).bytes, 0);
    assert_right(m);
    check_and_free(m);
}

/* The first is below what the slot stems from, the others are of no IPA of a view. */
static void change_beside_a_fill(struct machine *m, enum machine_point point)
{
    (void)point;
    change_pages(m, RAM + 12 * SZ_1M, 1);
    vmmu_ipa_changed(&m->vmmu, _ipa(1ULL << 32), 1);
    vmmu_ipa_changed(&m->vmmu, _ipa(1ULL << 40), 512);
}

static void empty_change_overtakes_no_fill(void **state)
{
    struct machine *m = eight_mibs_in_use();
    uint64_t retries;

    (void)state;
    flush(m);
    m->hook = change_beside_a_fill;
    retries = counters(m)->retries;
    assert_int_equal(machine_access(m, DA, false), MMU_OK);
    assert_int_equal(counters(m)->retries, retries);
    assert_right(m);
    check_and_free(m);
}

/* Wherever its slot is. */
static void first_and_last_slot_are_forgotten(void **state)
{
    static const uint32_t da[] = { 0, 0xfff00000 };
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    for ( i = 0; i < 2; i++ )
    {
        write_l1(m, da[i], WORD_SECTION(RAM));
        assert_leads(m, da[i], RAM);
    }
    m->one_hypercall = true;
    m->vmmu.shadow.scans_left = 0;
    machine_populate(m, RAM, 1, 1);
    for ( i = 0; i < 2; i++ )
        assert_leads(m, da[i], RAM);
    check_and_free(m);
}

/* The MMU is released before the tasklet has given back what is left. */
static void release_gives_back_what_was_forgotten(void **state)
{
    struct machine *m = eight_mibs_in_use();

    (void)state;
    change_pages(m, RAM, 8 * PT_PAGES);
    assert_true(m->vmmu.shadow.has_condemned);
    assert_int_not_equal(m->mem.refs, 0);
    machine_release(m, PT_SLOTS);
    assert_int_equal(m->mem.refs, 0);
    assert_right(m);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_change_is_a_scan),
        cmocka_unit_test(mib_is_looked_through_once),
        cmocka_unit_test(neighbours_of_a_change_stay),
        cmocka_unit_test(two_mibs_are_looked_through_once),
        cmocka_unit_test(many_mibs_are_two_scans),
        cmocka_unit_test(distant_pages_are_two_scans),
        cmocka_unit_test(scans_come_back_with_time),
        cmocka_unit_test(guest_brings_no_scan_back),
        cmocka_unit_test(references_of_a_row_are_bounded),
        cmocka_unit_test(fill_is_overtaken_by_forgetting),
        cmocka_unit_test(empty_change_overtakes_no_fill),
        cmocka_unit_test(first_and_last_slot_are_forgotten),
        cmocka_unit_test(release_gives_back_what_was_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
