/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Assignment and release of MMUs: the next owner, leftovers, errors half-way, releases
 * while faults arrive. The port as it is, on the fake of Xen.
 */
#include <xen/kernel.h>

#include "board.h"

/* Life */

static void domain_gets_its_memory(void **state)
{
    (void)state;
    give(A, 0);
    assert_true(reaches(0, MEMORY + 0x123456));
    assert_int_equal(fake.hw[0].pa, (MEMORY_MFN << PAGE_SHIFT) + 0x123456);
    take_back(A, 0);
    fake_assert_left(&before);
    assert_quarantined(0);
    assert_false(reaches(0, MEMORY));
}

/* All memory is allocated at once, and freed again. */
static void nothing_is_left_over(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 3; i++ )
    {
        struct domain *d = i % 2 ? B : A;

        fake_reset_processor(&fake.hw[0]);
        d->is_dying = false;
        give(d, 0);
        assert_int_equal(fake.left.allocations, before.allocations + 2);
        assert_int_equal(fake.left.blocks, before.blocks + 2);
        assert_int_equal(fake.left.timers, 1);
        assert_int_equal(fake.left.tasklets, 1);
        assert_int_equal(fake.left.irqs, 1);
        assert_int_equal(fake.left.virqs, 1);
        assert_true(reaches(0, MEMORY));
        assert_true(fake.left.references > 0);
        take_back(d, 0);
        fake_assert_left(&before);
    }
}

/* Each allocation fails, one after the other. */
static void failed_assignment_leaves_nothing(void **state)
{
    unsigned int n;
    int rc = -ENOMEM;

    (void)state;
    for ( n = 1; rc; n++ )
    {
        fake.fails_at = n;
        rc = fake_assign(A, &both);
        if ( !rc )
            break;
        assert_int_equal(rc, -ENOMEM);
        fake_assert_left(&before);
        assert_null(*omap_mmus_of(A));
        assert_quarantined(0);
        assert_quarantined(1);
        /* A trap cannot be removed; it reads as zero, and serves again. */
        assert_in_range(A->arch.vmmio.num_entries, 0, 1);
    }
    /* Of each MMU: two blocks, two mappings, two structures. */
    assert_int_equal(n, 2 * 6 + 1);
    fake.fails_at = 0;
    assert_int_equal(fake_release(A, &both), 0);
    fake_assert_left(&before);
}

/* The next owner */

static void running_processor_is_refused(void **state)
{
    (void)state;
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
    assert_false(reaches(0, MEMORY + 0x40008));
    assert_true(fake.hw[0].waits);

    forget_said();
    assert_int_equal(fake_assign(B, &master[0]), -EBUSY);
    assert_true(said(names[0]));
    assert_true(said("not given to d2"));
    assert_true(said("da 80040008"));
    assert_true(said("reset that processor"));
    fake_assert_left(&before);
    assert_quarantined(0);
    assert_true(fake.hw[0].waits);

    /* The MMU can be used again as soon as somebody does so. */
    fake_reset_processor(&fake.hw[0]);
    give(B, 0);
    assert_true(reaches(0, MEMORY));
    assert_int_equal(fake.hw[0].pa, OTHER_MFN << PAGE_SHIFT);
    take_back(B, 0);
}

/* A requester retries some time after the acknowledgement. */
static void slow_processor_is_refused(void **state)
{
    (void)state;
    fake.hw[0].slowness = MICROSECS(900);
    assert_false(reaches(0, MEMORY));
    assert_int_equal(fake_assign(A, &master[0]), -EBUSY);
    fake_run_until(fake.now + MILLISECS(1));
    assert_int_equal(fake_assign(A, &master[0]), -EBUSY);
    fake_assert_left(&before);
}

/* IRQSTATUS shows the fault of a processor that was reset since. */
static void stale_fault_is_no_running_processor(void **state)
{
    (void)state;
    assert_false(reaches(0, MEMORY));
    fake_reset_processor(&fake.hw[0]);
    assert_int_not_equal(mmu_reg_read(&fake.hw[0].model, MMU_IRQSTATUS, 4), 0);
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
}

/* Its registers were lost: reset, or power. All addresses went out untranslated. */
static void lost_registers_are_written_anew(void **state)
{
    (void)state;
    mmu_reset(&fake.hw[0].model);
    assert_true(mmu_peek(&fake.hw[0].model, MEMORY, &(uint32_t){ 0 }));
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_false(reaches(0, MEMORY));
    assert_int_equal(fake_release(A, &master[0]), 0);

    mmu_reset(&fake.hw[0].model);
    fake.hw[0].silent = true;
    assert_int_equal(fake_assign(B, &master[0]), -EIO);
    assert_true(said("do not answer as written"));
    fake_assert_left(&before);
}

/* The processor starts after the look, and before the guest has set its MMU up. */
static void untouched_mmu_translates_nothing(void **state)
{
    (void)state;
    assert_int_equal(fake_assign(B, &master[0]), 0);
    assert_false(reaches(0, MEMORY));
    fake_run_until(fake.now + SECONDS(1));
    assert_true(fake.hw[0].waits);
    assert_int_equal(fake.left.references, 0);
    assert_int_equal(fake.interrupts, 1);

    fake.hw[0].allowed = B;
    write_reg(B, 0, MMU_CNTL, 0);
    fake_run();
    assert_int_equal(fake.hw[0].reached, 1);
    take_back(B, 0);
    fake_assert_left(&before);
}

/* A processor that never stops, at each point of an assignment. */
static uint32_t next_da;

static void processor_goes_on(void)
{
    fake_access(&fake.hw[0], MEMORY + (next_da += 0x1000) % 0x1000000);
}

static void busy_processor_reaches_nobody(void **state)
{
    (void)state;
    next_da = 0;
    give(A, 0);
    fake.on_register = processor_goes_on;
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
    fake_assert_left(&before);
    assert_int_equal(fake_assign(B, &master[0]), -EBUSY);
    fake_assert_left(&before);
}

/* Devices and MMUs */

static void devices_behind_one_mmu_move_together(void **state)
{
    static struct dt_device_node *const same[] = { &mmu[0], NULL };
    struct dt_device_node second = { .full_name = "/ocp/second",
                                     .iommus = same };

    (void)state;
    give(A, 0);
    assert_int_equal(fake_assign(B, &second), -EBUSY);
    assert_true(said("another domain has it"));
    assert_int_equal(fake_assign(A, &second), 0);
    assert_int_equal(fake.left.irqs, 1);
    assert_int_equal(fake_release(B, &second), -ESRCH);

    assert_int_equal(fake_release(A, &master[0]), 0);
    assert_int_equal(fake.left.irqs, 1);
    assert_true(reaches(0, MEMORY));
    assert_int_equal(fake_release(A, &second), 0);
    fake_assert_left(&before);
    assert_quarantined(0);
}

/* All or none. The first is released if the second fails. */
static void device_gets_all_its_mmus_or_none(void **state)
{
    (void)state;
    give(B, 1);
    before = fake.left;
    assert_int_equal(fake_assign(A, &both), -EBUSY);
    fake_assert_left(&before);
    assert_quarantined(0);
    assert_null(*omap_mmus_of(A));
    take_back(B, 1);

    assert_false(reaches(1, MEMORY));
    before = fake.left;
    assert_int_equal(fake_assign(A, &both), -EBUSY);
    assert_true(said("reset that processor"));
    fake_assert_left(&before);

    /* One that the domain had before stays its own. */
    fake_reset_processor(&fake.hw[1]);
    give(A, 0);
    fake.hw[1].silent = true;
    assert_int_equal(fake_assign(A, &both), -EIO);
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
    fake_assert_left(&before);
}

/* A toolstack asks for a device that is another domain's. */
static void device_of_another_domain_is_not_released(void **state)
{
    static struct dt_device_node *const same[] = { &mmu[0], NULL };
    struct dt_device_node second = { .full_name = "/ocp/second",
                                     .iommus = same };

    (void)state;
    give(A, 0);
    assert_int_equal(fake_release(B, &master[0]), -ESRCH);
    assert_int_equal(fake_release(B, &master[1]), -ESRCH);
    assert_true(reaches(0, MEMORY));

    /* Nor an unassigned one, behind the domain's own MMU. */
    dt_device_set_used_by(&second, DOMID_IO);
    assert_int_equal(fake_release(A, &second), -ESRCH);
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
    fake_assert_left(&before);
}

/* B was stopped at boot, and Xen has recorded the device as B's. */
static void stopped_domain_ends_without_its_mmu(void **state)
{
    static struct dt_device_node *const same[] = { &mmu[0], NULL };
    struct dt_device_node second = { .full_name = "/ocp/second",
                                     .iommus = same };

    (void)state;
    system_state = SYS_STATE_boot;
    give(A, 0);
    assert_int_equal(fake_assign(B, &second), 0);
    assert_true(B->crashed);
    assert_null(*omap_mmus_of(B));
    assert_int_equal(fake_release(B, &second), 0);
    assert_true(reaches(0, MEMORY));
    assert_int_equal(fake.left.irqs, 1);
    take_back(A, 0);
    fake_assert_left(&before);
}

/*
 * It has one MMU of the device by another device: that one is released once, in whatever
 * order the devices leave.
 */
static void stopped_domain_ends_with_an_mmu(void **state)
{
    bool first;

    (void)state;
    system_state = SYS_STATE_boot;
    give(A, 1);
    for ( first = false;; first = true )
    {
        before = fake.left;
        B->is_dying = false;
        assert_int_equal(fake_assign(B, &master[0]), 0);
        assert_int_equal(fake_assign(B, &both), 0);
        assert_true(B->crashed);
        assert_int_equal(fake_release(B, first ? &master[0] : &both), 0);
        assert_int_equal(fake_release(B, first ? &both : &master[0]), 0);
        fake_assert_left(&before);
        assert_quarantined(0);
        assert_null(*omap_mmus_of(B));
        assert_true(reaches(1, MEMORY));
        if ( first )
            break;
    }
    take_back(A, 1);
}

/* The remaining MMUs get changes of the memory map. */
static void mmu_that_leaves_leaves_others(void **state)
{
    struct omap_mmu *first = omap_mmu_find(&mmu[0]);
    struct omap_mmu *second = omap_mmu_find(&mmu[1]);

    (void)state;
    give(A, 0);
    give(A, 1);
    assert_ptr_equal(*omap_mmus_of(A), second);
    assert_ptr_equal(second->next, first);
    take_back(A, 0);
    assert_ptr_equal(*omap_mmus_of(A), second);
    assert_null(second->next);
    take_back(A, 1);
    assert_null(*omap_mmus_of(A));
}

/* As omap-mmu-tables says, except values that the core cannot use. */
static void pool_has_its_limits(void **state)
{
    static const struct {
        unsigned int asked;
        const char *words;
    } pools[] = {
        { 0, "given to d1, 2 tables" },
        { 3, "given to d1, 3 tables" },
        { 5000, "given to d1, 4096 tables" },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 3; i++ )
    {
        *fake_param_opt_tables = pools[i].asked;
        fake_reset_processor(&fake.hw[0]);
        A->is_dying = false;
        give(A, 0);
        assert_true(said(pools[i].words));
        assert_true(reaches(0, MEMORY));
        take_back(A, 0);
        fake_assert_left(&before);
    }
}

/* Releases */

/* 32 MiB by sections: more than one step gives back. */
static void reach_all_memory(void)
{
    unsigned int i;

    for ( i = 0; i < MEMORY_PAGES; i += 256 )
    {
        assert_true(reaches(0, MEMORY + (i << PAGE_SHIFT)));
        fake_run_until(fake.now + MILLISECS(10));
    }
}

static void release_goes_in_steps(void **state)
{
    unsigned int steps = 1;

    (void)state;
    give(A, 0);
    reach_all_memory();
    assert_int_equal(fake.left.references, MEMORY_PAGES);
    A->is_dying = true;
    while ( fake_release_step(A, &master[0]) == -ERESTART )
    {
        steps++;
        assert_quarantined(0);
        assert_int_equal(fake.left.irqs, before.irqs);
    }
    fake.hw[0].allowed = NULL;
    assert_in_range(steps, 2, 1 + MEMORY_PAGES / SHADOW_RELEASE_PAGES);
    fake_assert_left(&before);
}

/* Faults and p2m changes all the while, with a fault that waits for its turn. */
static void release_while_faults_arrive(void **state)
{
    struct omap_mmu *m = omap_mmu_find(&mmu[0]);
    unsigned int faults = 0;

    (void)state;
    next_da = 0;
    give(A, 0);
    reach_all_memory();
    fake.register_time = MICROSECS(50);
    fake.on_register = processor_goes_on;
    while ( !m->timer.active )
    {
        assert_in_range(++faults, 0, 1000);
        write_reg(A, 0, MMU_GFLUSH, 1);
        reaches(0, MEMORY);
    }
    fake_reset_processor(&fake.hw[0]);
    reaches(0, MEMORY + 0x1800000);
    assert_true(m->timer.active);
    /* And one whose tasklet has not run yet. */
    tasklet_schedule(&m->tasklet);
    take_back(A, 0);
    fake_assert_left(&before);

    /* Nothing of it comes to life. */
    fake.on_register = NULL;
    fake_run_until(fake.now + SECONDS(1));
    fake_remove(A, MEMORY >> PAGE_SHIFT, 9);
    fake_assert_left(&before);
    assert_quarantined(0);
    assert_true(fake.hw[0].waits);
}

/* The traps stay: a former owner reads zero, and writes nothing. */
static void former_owner_reaches_no_register(void **state)
{
    (void)state;
    give(A, 0);
    write_reg(A, 0, MMU_TTB, 0x80004000);
    assert_int_equal(read_reg(A, 0, MMU_TTB), 0x80004000);
    take_back(A, 0);
    assert_int_equal(read_reg(A, 0, MMU_TTB), 0);
    write_reg(A, 0, MMU_CNTL, 0);
    assert_quarantined(0);

    give(B, 0);
    write_reg(B, 0, MMU_TTB, 0x80008000);
    assert_int_equal(read_reg(A, 0, MMU_TTB), 0);
    write_reg(A, 0, MMU_TTB, 0x80004000);
    assert_int_equal(read_reg(B, 0, MMU_TTB), 0x80008000);
    take_back(B, 0);
}

/* An interrupt of the guest's does not outlive the assignment. */
static void line_falls_at_release(void **state)
{
    (void)state;
    give(A, 1);
    write_reg(A, 1, MMU_IRQENABLE, IRQ_ALL);
    write_reg(A, 1, MMU_CNTL, CNTL_MMUENABLE);
    assert_false(reaches(1, MEMORY));
    assert_int_equal(fake.injects, 1);
    assert_int_equal(fake.virq, irqs[1]);
    assert_true(A->arch.line[irqs[1]]);
    take_back(A, 1);
    assert_false(A->arch.line[irqs[1]]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(domain_gets_its_memory),
        TEST(nothing_is_left_over),
        TEST(failed_assignment_leaves_nothing),
        TEST(running_processor_is_refused),
        TEST(slow_processor_is_refused),
        TEST(stale_fault_is_no_running_processor),
        TEST(lost_registers_are_written_anew),
        TEST(untouched_mmu_translates_nothing),
        TEST(busy_processor_reaches_nobody),
        TEST(devices_behind_one_mmu_move_together),
        TEST(device_gets_all_its_mmus_or_none),
        TEST(device_of_another_domain_is_not_released),
        TEST(stopped_domain_ends_without_its_mmu),
        TEST(stopped_domain_ends_with_an_mmu),
        TEST(mmu_that_leaves_leaves_others),
        TEST(pool_has_its_limits),
        TEST(release_goes_in_steps),
        TEST(release_while_faults_arrive),
        TEST(former_owner_reaches_no_register),
        TEST(line_falls_at_release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
