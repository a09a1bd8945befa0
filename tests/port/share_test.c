/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MMUs' time of a CPU: faults, interrupts and p2m changes, of one and of all of them,
 * by the fake's clock. The port as it is.
 */
#include "board.h"

#define PERIOD    MILLISECS(10)
#define SHARE     25 /* percent, by default */
#define INTERRUPT MICROSECS(5)
#define WORST     50000u /* interrupts a second, as docs/threat-model.md says */

static struct omap_mmu *mmu_of(unsigned int n)
{
    return omap_mmu_find(&mmu[n]);
}

/* One of each guest, if both are busy. */
static void give_to(struct domain *d, unsigned int n)
{
    give(d, n);
    assert_true(reaches(n, MEMORY));
    fake_run_until(fake.now + 2 * PERIOD);
    mmu_of(n)->tasklet.took = 0;
}

/* The processor's next access faults: its guest hides all that it had. */
static void fault_again(const struct domain *d, unsigned int n)
{
    if ( fake.hw[n].waits )
        return;
    write_reg((struct domain *)d, n, MMU_GFLUSH, 1);
    fake_access(&fake.hw[n], MEMORY);
}

/* So many MMUs fault whenever they can, A's the first, B's the second, for a second:
 * from one moment to the next where the clock moves by itself. */
static void storm(unsigned int mmus)
{
    s_time_t end = fake.now + SECONDS(1);
    unsigned int n, turns = 0;

    while ( fake.now < end )
    {
        bool wait = true;

        assert_in_range(++turns, 0, 1000000);
        for ( n = 0; n < mmus; n++ )
        {
            fault_again(n ? B : A, n);
            fake_run();
            wait &= fake.hw[n].waits;
        }
        if ( wait )
            fake_run_until(fake.now + MICROSECS(10));
    }
}

/* The part of a second that its tasklet took. */
static unsigned int percent(unsigned int n)
{
    return mmu_of(n)->tasklet.took * 100 / SECONDS(1);
}

/* Faults */

static void faults_of_one_mmu_take_the_share(void **state)
{
    (void)state;
    give_to(A, 0);
    fake.register_time = MICROSECS(5);
    storm(1);
    assert_in_range(percent(0), SHARE - 3, SHARE);
    take_back(A, 0);
}

/* A run longer than the share of a period is paid for by waiting. */
static void long_faults_are_paid_for(void **state)
{
    (void)state;
    give_to(A, 0);
    fake.register_time = MICROSECS(500);
    storm(1);
    assert_in_range(percent(0), SHARE - 5, SHARE + 3);
    take_back(A, 0);
}

static void share_is_a_parameter(void **state)
{
    static const struct {
        unsigned int share, least, most;
    } cases[] = {
        { 1, 0, 1 },      { 0, 0, 1 },       { 50, 40, 50 },
        { 100, 60, 100 }, { 1000, 60, 100 },
    };
    unsigned int i;

    (void)state;
    give_to(A, 0);
    fake.register_time = MICROSECS(5);
    for ( i = 0; i < sizeof(cases) / sizeof(cases[0]); i++ )
    {
        *fake_param_opt_share = cases[i].share;
        mmu_of(0)->tasklet.took = 0;
        storm(1);
        assert_in_range(percent(0), cases[i].least, cases[i].most);
    }
    take_back(A, 0);
}

/* Faults of two MMUs, an access to a register taking so long; what each then took is
 * that much less or more than its half, and both together no more above the share. */
static void assert_halves(s_time_t register_time, unsigned int less,
                          unsigned int more)
{
    give_to(A, 0);
    give_to(B, 1);
    fake.register_time = register_time;
    storm(2);
    assert_in_range(percent(0), SHARE / 2 - less, SHARE / 2 + more);
    assert_in_range(percent(1), SHARE / 2 - less, SHARE / 2 + more);
    assert_in_range(percent(0) + percent(1), 0, SHARE + more);
    take_back(A, 0);
    take_back(B, 1);
}

static void all_mmus_together_take_one_share(void **state)
{
    (void)state;
    assert_halves(MICROSECS(5), 2, 0);
}

static void long_faults_of_two_take_one_share(void **state)
{
    (void)state;
    assert_halves(MICROSECS(500), 4, 3);
}

/* With a storm beside it, an MMU that faults seldom does not wait. */
static void nobody_waits_for_anothers_faults(void **state)
{
    unsigned int i;

    (void)state;
    give_to(A, 0);
    give_to(B, 1);
    fake.register_time = MICROSECS(5);
    for ( i = 0; i < 1000; i++ )
    {
        fault_again(A, 0);
        fake_run_until(fake.now + MICROSECS(100));
        if ( i % 100 == 99 )
        {
            fault_again(B, 1);
            fake_run();
            assert_false(fake.hw[1].waits);
        }
    }
    take_back(A, 0);
    take_back(B, 1);
}

/* The next owner does not pay for the last one. */
static void new_owner_owes_nothing(void **state)
{
    (void)state;
    give_to(A, 0);
    fake.register_time = MILLISECS(1);
    fault_again(A, 0);
    fake_run();
    fault_again(A, 0);
    fake_run();
    assert_true(fake.hw[0].waits);
    fake.register_time = 0;
    A->is_dying = true;
    while ( fake_release_step(A, &master[0]) )
        continue;
    fake_reset_processor(&fake.hw[0]);

    give(B, 0);
    assert_true(reaches(0, MEMORY));
    take_back(B, 0);
}

/* Interrupts */

static void assert_rate(unsigned int guests)
{
    unsigned int interrupts = fake.interrupts;

    storm(guests);
    interrupts = fake.interrupts - interrupts;
    print_message("# interrupts in a second: %u\n", interrupts);
    assert_in_range(interrupts, WORST * 95 / 100, WORST + WORST / 100);
}

/* The clock stands still in handlers, tasklets and traps: all that is paid for is the
 * constant. So many interrupts a guest can cause, by whatever means. */
static void interrupts_have_a_rate(void **state)
{
    (void)state;
    give_to(A, 0);
    assert_rate(1);
    take_back(A, 0);
}

static void interrupts_of_two_have_that_rate_too(void **state)
{
    (void)state;
    give_to(A, 0);
    give_to(B, 1);
    assert_rate(2);
    take_back(A, 0);
    take_back(B, 1);
}

/* Faults until one is put off. */
static void burst(const struct domain *d, unsigned int n)
{
    unsigned int faults = 0;

    while ( !mmu_of(n)->timer.active )
    {
        assert_in_range(++faults, 0, 1000);
        fault_again(d, n);
        fake_run();
    }
}

static void exhaust(void)
{
    burst(A, 0);
}

/* Two guests take turns: one rests while the other spends all it has. */
static void taking_turns_gains_nothing(void **state)
{
    unsigned int interrupts;
    s_time_t end;

    (void)state;
    give_to(A, 0);
    give_to(B, 1);
    interrupts = fake.interrupts;
    for ( end = fake.now + SECONDS(1); fake.now < end; )
    {
        burst(A, 0);
        fake_run_until(fake.now + PERIOD / 2);
        burst(B, 1);
        fake_run_until(fake.now + PERIOD / 2);
    }
    interrupts = fake.interrupts - interrupts;
    print_message("# interrupts in a second: %u\n", interrupts);
    assert_in_range(interrupts, 0, WORST + WORST / 100);
    take_back(A, 0);
    take_back(B, 1);
}

/* Both have rested. The first one has no more for it, which the second would miss. */
static void waking_one_after_the_other_gains_nothing(void **state)
{
    unsigned int interrupts;

    (void)state;
    give_to(A, 0);
    give_to(B, 1);
    fake_run_until(fake.now + SECONDS(1));
    interrupts = fake.interrupts;
    burst(A, 0);
    burst(B, 1);
    interrupts = fake.interrupts - interrupts;
    print_message("# interrupts in a period: %u\n", interrupts);
    assert_in_range(interrupts, WORST / 100 - 5, WORST / 100 + 5);
    fake_run_until(fake.now + SECONDS(1));
    take_back(A, 0);
    take_back(B, 1);
}

/* Two CPUs see that a period is over: it is renewed once. */
static void period_is_renewed_once(void **state)
{
    unsigned int *scans;

    (void)state;
    give_to(A, 0);
    scans = &mmu_of(0)->vmmu->shadow.scans_left;
    fake_run_until(fake.now + 2 * PERIOD);
    *scans = 0;
    omap_share_renew(mmu_of(0));
    assert_int_equal(*scans, SHADOW_CHANGE_SCANS);
    *scans = 0;
    omap_share_renew(mmu_of(0));
    assert_int_equal(*scans, 0);
    take_back(A, 0);
}

/* A fault waits for its turn: whatever its guest writes, there is no interrupt. */
static void writes_make_no_interrupts(void **state)
{
    unsigned int i, interrupts;

    (void)state;
    give_to(A, 0);
    exhaust();
    interrupts = fake.interrupts;
    for ( i = 0; i < 1000; i++ )
    {
        write_reg(A, 0, MMU_CNTL, i & (CNTL_MMUENABLE | CNTL_TWLENABLE));
        write_reg(A, 0, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
        write_reg(A, 0, MMU_IRQENABLE, IRQ_ALL);
        write_reg(A, 0, MMU_IRQSTATUS, IRQ_ALL);
        fake_run();
    }
    assert_in_range(fake.interrupts, interrupts, interrupts + 1);
    assert_true(fake.hw[0].waits);
    fake_run_until(fake.now + 2 * PERIOD);
    assert_false(fake.hw[0].waits);
    take_back(A, 0);
}

static unsigned int accesses;

static void count_access(void)
{
    accesses++;
}

/* The tasklet finds nothing to do; in the end it does not even look. */
static void empty_runs_are_paid_for(void **state)
{
    unsigned int i, empty = 0;

    (void)state;
    give_to(A, 0);
    fake.on_register = count_access;
    for ( i = 0; i < 2000; i++ )
    {
        accesses = 0;
        tasklet_schedule(&mmu_of(0)->tasklet);
        fake_run();
        empty += accesses != 0;
    }
    fake.on_register = NULL;
    assert_in_range(empty, 490, PERIOD * SHARE / 100 / INTERRUPT + 1);
    take_back(A, 0);
}

/* Interrupts for which the tasklet ran only once. */
static void each_interrupt_is_paid_for(void **state)
{
    struct omap_mmu *m = mmu_of(0);

    (void)state;
    give_to(A, 0);
    m->interrupts += 600;
    fault_again(A, 0);
    fake_run();
    assert_true(fake.hw[0].waits);
    assert_true(m->timer.active);
    /* 601 of them take 3 ms. */
    assert_int_equal(m->timer.expires,
                     fake.now + 601 * INTERRUPT * 100 / SHARE);
    take_back(A, 0);
}

/* p2m changes */

static unsigned int changed;

/* Of a page in use. */
static void change_once(void)
{
    fake_remove(A, (MEMORY >> PAGE_SHIFT) + 512 * ++changed, 9);
}

static void changes_are_paid_for(void **state)
{
    (void)state;
    changed = 0;
    give_to(A, 0);
    give_to(B, 1);
    fake.register_time = MILLISECS(1);
    assert_true(reaches(0, MEMORY + 0x200000));
    fake_run_until(fake.now + SECONDS(1));
    change_once();
    fake.register_time = 0;
    fault_again(A, 0);
    fake_run();
    assert_true(fake.hw[0].waits);
    fault_again(B, 1);
    fake_run();
    assert_false(fake.hw[1].waits);
    fake_run_until(fake.now + SECONDS(1));
    assert_false(fake.hw[0].waits);
    take_back(A, 0);
    take_back(B, 1);
}

/*
 * A new period renews the limits for changes, whether a change or a fault begins it, and
 * not before.
 */
static void changes_have_a_budget_for_each_period(void **state)
{
    const struct shadow *s;
    unsigned int by_change;

    (void)state;
    changed = 0;
    give_to(A, 0);
    s = &mmu_of(0)->vmmu->shadow;
    for ( by_change = 0; by_change < 2; by_change++ )
    {
        while ( s->scans_left )
        {
            assert_true(
                reaches(0, MEMORY + ((changed + 1) << (PAGE_SHIFT + 9))));
            change_once();
        }
        fake_run_until(fake.now + PERIOD - 1);
        change_once();
        assert_int_equal(s->scans_left, 0);
        fake_run_until(fake.now + PERIOD);
        if ( by_change )
            fake_remove(A, 0x1000, 0);
        else
        {
            fault_again(A, 0);
            fake_run();
        }
        assert_int_equal(s->scans_left, SHADOW_CHANGE_SCANS);
    }
    take_back(A, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(faults_of_one_mmu_take_the_share),
        TEST(long_faults_are_paid_for),
        TEST(share_is_a_parameter),
        TEST(all_mmus_together_take_one_share),
        TEST(long_faults_of_two_take_one_share),
        TEST(nobody_waits_for_anothers_faults),
        TEST(new_owner_owes_nothing),
        TEST(interrupts_have_a_rate),
        TEST(interrupts_of_two_have_that_rate_too),
        TEST(taking_turns_gains_nothing),
        TEST(waking_one_after_the_other_gains_nothing),
        TEST(period_is_renewed_once),
        TEST(writes_make_no_interrupts),
        TEST(empty_runs_are_paid_for),
        TEST(each_interrupt_is_paid_for),
        TEST(changes_are_paid_for),
        TEST(changes_have_a_budget_for_each_period),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
