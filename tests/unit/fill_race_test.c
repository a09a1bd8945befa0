/* SPDX-License-Identifier: GPL-2.0-only */
/* Fills that are overtaken by what the guest, or its memory, does meanwhile. */
#include "unit.h"

#define DA 0x12000000u

static void do_gflush(struct machine *m)
{
    flush(m);
}

static void do_flush_entry(struct machine *m)
{
    flush_da(m, DA);
}

static void do_scan(struct machine *m)
{
    machine_reg_read(m, MMU_READ_CAM);
}

static void do_mmu_off(struct machine *m)
{
    machine_reg_write(m, MMU_CNTL, 0);
}

static void do_off_and_on(struct machine *m)
{
    machine_reg_write(m, MMU_CNTL, 0);
    machine_reg_write(m, MMU_CNTL, 6);
}

static void do_walker_off(struct machine *m)
{
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE);
}

static void do_other_table(struct machine *m)
{
    machine_reg_write(m, MMU_TTB, ROOT + 0x8000);
}

static void do_soft_reset(struct machine *m)
{
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
}

static void do_load_tlb(struct machine *m)
{
    load_tlb(m, 0, DA | CAM_V | CAM_SIZE_1M, RAM + SZ_16M);
}

static void do_remap_and_flush(struct machine *m)
{
    write_l1(m, DA, WORD_SECTION(RAM + SZ_16M));
    flush_da(m, DA);
}

static void do_unmap_and_scan(struct machine *m)
{
    write_l1(m, DA, 0);
    do_scan(m);
}

static void do_write_only(struct machine *m)
{
    write_l1(m, DA, WORD_SECTION(RAM + SZ_16M));
}

static void do_move_page(struct machine *m)
{
    machine_populate(m, RAM + 0x5000, 1, 1);
}

static void do_take_page(struct machine *m)
{
    machine_unmap(m, RAM + 0x5000, 1);
}

static void do_take_all(struct machine *m)
{
    machine_unmap(m, RAM, RAM_PAGES);
}

static void do_move_other(struct machine *m)
{
    machine_populate(m, RAM + SZ_16M + 0x5000, 1, 1);
}

static void do_take_tables(struct machine *m)
{
    machine_unmap(m, ROOT, 16);
}

static void (*const meanwhile[])(struct machine *m) = {
    do_gflush,          do_flush_entry, do_scan,        do_mmu_off,
    do_off_and_on,      do_walker_off,  do_other_table, do_soft_reset,
    do_load_tlb,        do_write_only,  do_move_page,   do_take_page,
    do_remap_and_flush, do_take_all,    do_move_other,  do_unmap_and_scan,
    do_take_tables,
};

#define NR_MEANWHILE (sizeof(meanwhile) / sizeof(meanwhile[0]))

static struct {
    enum machine_point point;
    unsigned int event, passes;
} plan;

static void act_at_point(struct machine *m, enum machine_point point)
{
    if ( point == plan.point && !plan.passes-- )
        meanwhile[plan.event](m);
    else
        m->hook = act_at_point;
}

/* What the slot maps, and whether it is known already. */
static struct machine *before_the_fill(unsigned int shape, bool known)
{
    struct machine *m = new_running(shape == 3 ? 1 : 4096,
                                    (struct machine_options){ .tables = 3 });

    write_smalls(m, TABLE, 2, 200, RAM + 2 * SZ_4K);
    if ( shape == 0 )
        write_supersection(m, DA, RAM);
    else
        write_l1(m, DA, shape == 1 ? WORD_TABLE(TABLE) : WORD_SECTION(RAM));
    if ( known )
    {
        assert_leads(m, DA + 0x4000, RAM + 0x4000);
        flush(m);
    }

    return m;
}

static void whatever_happens_in_a_fill_is_served_right(void **state)
{
    unsigned int shape, known, passes, seen = 0;

    (void)state;
    for ( shape = 0; shape < 4; shape++ )
        for ( known = 0; known < 2; known++ )
            for ( passes = 0; passes < 2; passes++ )
                for ( plan.point = 0; plan.point < NR_POINTS; plan.point++ )
                    for ( plan.event = 0; plan.event < NR_MEANWHILE;
                          plan.event++ )
                    {
                        struct machine *m = before_the_fill(shape, known);

                        plan.passes = passes;
                        m->hook = act_at_point;
                        check_access(m, DA + 0x5678, false);
                        seen += !m->hook;
                        m->hook = NULL;
                        check_access(m, DA + 0x5678, true);
                        check_access(m, DA + 0x9678, true);
                        check_peek(m);
                        check_and_free(m);
                    }
    assert_true(seen > 500);
}

/* The same done by another vCPU, which waited for the lock. */
static void unlock_and_let_in(struct host *host)
{
    hostile_host_ops.unlock(host);
    if ( !plan.passes-- )
        meanwhile[plan.event]((struct machine *)host);
}

static void whoever_gets_the_lock_in_a_fill_is_served_right(void **state)
{
    struct host_ops ops = hostile_host_ops;
    unsigned int shape, passes;

    (void)state;
    ops.unlock = unlock_and_let_in;
    for ( shape = 0; shape < 4; shape++ )
        for ( passes = 0; passes < 2; passes++ )
            for ( plan.event = 0; plan.event < NR_MEANWHILE; plan.event++ )
            {
                struct machine *m = before_the_fill(shape, true);

                machine_issue(m, DA + 0x5678, false);
                plan.passes = passes;
                m->host.ops = &ops;
                machine_settle(m);
                assert_true(plan.passes > 1); /* it wrapped */
                m->host.ops = &hostile_host_ops;
                assert_null(check_peek(m));
                assert_null(check_access(m, DA + 0x9678, true));
                check_and_free(m);
            }
}

/* The guest overtakes the fill each time: the device waits, but is not lost. */
static void overtake_always(struct machine *m, enum machine_point point)
{
    (void)point;
    flush(m);
    m->hook = overtake_always;
}

static void fill_that_is_overtaken_is_tried_again(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_int_equal(machine_issue(m, DA, false), MMU_STALL);
    m->hook = overtake_always;
    for ( i = 1; i < 9; i++ )
    {
        assert_true(machine_serve(m));
        assert_int_equal(counters(m)->retries, i);
        assert_true(m->request.open);
        assert_true(m->deferred);
    }

    m->hook = NULL;
    machine_settle(m);
    assert_false(m->request.open);
    assert_int_equal(m->request.pa, maddr_of(m, RAM));
    check_and_free(m);
}

#define test(f) cmocka_unit_test(f)

static const struct CMUnitTest tests[] = {
    test(whatever_happens_in_a_fill_is_served_right),
    test(whoever_gets_the_lock_in_a_fill_is_served_right),
    test(fill_that_is_overtaken_is_tried_again),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
