/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A processor whose power, clock and resets are the host's, from one domain to the next, on
 * hardware that does not follow. From its n-th access on, for each n until a life ends
 * without it, a status never comes or is slow; or power fails there.
 *
 * Meanwhile the host may refuse to continue, but must not err: sim/processor.h has what is
 * checked. Afterwards, on working hardware, the next domain is served.
 */
#include "processor.h"
#include "../unit/unit.h"

#define DA 0x12000000u

static const struct failure {
    const char *name;
    unsigned int what;
    uint32_t reads;
} failures[] = {
    { "resets_that_do_not_take_effect", PRCM_DELAY_RSTCTRL, PRCM_NEVER },
    { "resets_that_do_not_end", PRCM_DELAY_RSTST, PRCM_NEVER },
    { "power_that_does_not_come", PRCM_DELAY_POWER, PRCM_NEVER },
    { "a_clock_that_does_not_come", PRCM_DELAY_CLOCK, PRCM_NEVER },
    { "a_module_that_stays_idle", PRCM_DELAY_MODULE, PRCM_NEVER },
    { "standby_that_does_not_come", PRCM_DELAY_STANDBY, PRCM_NEVER },
    { "slow_resets", PRCM_DELAY_RSTCTRL, PROCESSOR_SLOW },
    { "slow_ends_of_resets", PRCM_DELAY_RSTST, PROCESSOR_SLOW },
    { "slow_power", PRCM_DELAY_POWER, PROCESSOR_SLOW },
    { "a_slow_module", PRCM_DELAY_MODULE, PROCESSOR_SLOW },
    { "slow_standby", PRCM_DELAY_STANDBY, PROCESSOR_SLOW },
    { "power_failures", POWER_FAILURE, 0 },
};

#define NR_KINDS (sizeof(failures) / sizeof(failures[0]))

/* Reads of words by one act: as many polls as it may have, that each end in time. */
#define MANY_ACCESSES (4 * POWER_POLLS)

struct life {
    struct machine *m;
    uint64_t accesses; /* before this act */
    unsigned int refusals;
};

/* After each act; done: it was not refused. */
static bool check_life(struct life *l, bool done)
{
    uint64_t accesses = l->m->processor.accesses;

    assert_in_range(accesses - l->accesses, 0, MANY_ACCESSES);
    l->accesses = accesses;
    l->refusals += !done;
    assert_right(l->m);

    return done;
}

/* A running core is served, by the guest's tables. */
static void use(struct life *l)
{
    machine_word_write(l->m, ROOT + (DA >> 20) * 4, WORD_SECTION(RAM));
    mmu_on(l->m);
    check_access(l->m, DA, true);
    check_peek(l->m);
    check_life(l, true);
}

/* Nobody acknowledges it. */
static void stall(struct life *l)
{
    machine_access(l->m, NOTHING, true);
    check_life(l, true);
}

static void run_cores(struct life *l)
{
    check_life(l, machine_start(l->m, 0));
    use(l);
    check_life(l, machine_start(l->m, 1));
    check_life(l, machine_stop(l->m, 0));
    use(l);
    stall(l);
    check_life(l, machine_stop(l->m, 1));
    check_life(l, machine_start(l->m, 1));
    use(l);
    machine_reset_mmu(l->m);
    check_life(l, machine_restart(l->m, false));
    use(l);
}

/* A domain ends while its processor is at work. */
static void release(struct life *l)
{
    stall(l);
    machine_release(l->m, 64);
    check_life(l, l->m->processor.power.state == POWER_OFF);
}

/* A core that does not stop waits, and nobody else gets it. */
static void end_of_domain(struct life *l)
{
    struct machine *m = l->m;

    machine_end_of_domain(m);
    lay_out(m, 4096);
    if ( machine_runs(m) && !m->request.open )
        machine_issue(m, DA, true);
    if ( machine_runs(m) )
    {
        assert_int_equal(m->request.result, MMU_STALL);
        assert_false(machine_assign(m));
    }
    check_life(l, true);
}

static void live(struct life *l)
{
    if ( !check_life(l, machine_assign(l->m)) )
        return;
    run_cores(l);
    release(l);
    end_of_domain(l);
}

/* What did not end in time has ended now. */
static void live_well(struct life *l)
{
    struct machine *m = l->m;

    unsigned int before = l->refusals;

    m->processor.fail_at = 0;
    machine_heal(m);
    check_life(l, machine_assign(m));
    run_cores(l);
    release(l);
    assert_int_equal(l->refusals, before);
    assert_int_equal(m->processor.power.state, POWER_OFF);
    assert_false(prcm_mmu_answers(&m->processor.prcm, 0));
    assert_false(machine_runs(m));
}

/* A domain, and the next one. True: what was to fail has. */
static bool fail_at(struct life *l, const struct failure *f, unsigned int n)
{
    struct machine_processor *p = &l->m->processor;

    p->failing = f->what;
    p->fail_reads = f->reads;
    p->fail_at = n;
    p->failures = 0;
    live(l);
    live_well(l);

    return p->failures;
}

/*
 * Slow hardware is awaited; a power failure is repaired, or the start refused; a status
 * that never comes is a refusal, except standby, which is not awaited.
 */
static void fail_each(void **state)
{
    const struct failure *f = *state;
    bool refuses = f->what == POWER_FAILURE ||
                   (f->reads == PRCM_NEVER && f->what != PRCM_DELAY_STANDBY);
    struct machine_options options = {
        .tables = 8,
        .bus_err_back = true,
        .processor = true,
    };
    struct life l = { .m = machine_new(&options) };
    unsigned int n;

    lay_out(l.m, 4096);
    for ( n = 1; fail_at(&l, f, n); n++ )
        ;
    print_message("# %s: at %u points, %u acts refused\n", f->name, n - 1,
                  l.refusals);
    assert_in_range(n, 50, 5000);
    assert_int_equal(!!l.refusals, refuses);
    machine_free(l.m);
}

int main(void)
{
    struct CMUnitTest tests[NR_KINDS] = { 0 };
    unsigned int i;

    for ( i = 0; i < NR_KINDS; i++ )
    {
        tests[i].name = failures[i].name;
        tests[i].test_func = fail_each;
        tests[i].initial_state = (void *)&failures[i];
    }

    return cmocka_run_group_tests(tests, NULL, NULL);
}
