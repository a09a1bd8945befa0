/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model of power, reset and clocks: one property of the hardware per test. The words
 * are those of OMAP5, as plain numbers; a third unit shares IPU's reset words.
 */
#include "machine.h"
#include "prcm.h"

#define PRM 0x4ae06000u
#define CM1 0x4a004000u
#define CM2 0x4a008000u
#define SCM 0x4a002000u

#define BOOTREG 0x4a002304u
#define FILL    0xa5a5a5a4u /* of each page: neighbours' bits */

enum {
    IPU,   /* two cores, always powered */
    DSP,   /* one core, a power domain, a boot register */
    OTHER, /* one core, its resets in IPU's words */
    UNITS
};

static const struct {
    uint32_t rstctrl, rstst, pwrstctrl, pwrstst, clkstctrl, clkctrl;
    uint32_t core, mmu;
} at[] = {
    { 0x4ae06910, 0x4ae06914, 0, 0, 0x4a008900, 0x4a008920, 1, 4 },
    { 0x4ae06410, 0x4ae06414, 0x4ae06400, 0x4ae06404, 0x4a004400, 0x4a004420, 1,
      2 },
    { 0x4ae06910, 0x4ae06914, 0, 0, 0x4a008a00, 0x4a008a20, 0x10, 0x20 },
};

#define ON         0x7u /* PWRSTST */
#define SW_SLEEP   1u
#define SW_WKUP    2u
#define HW_AUTO    3u
#define CLOCK_ON   0x100u
#define AUTO       1u
#define FUNCTIONAL 0x00000u
#define TRANSITION 0x10000u
#define IDLE       0x20000u
#define DISABLED   0x30000u
#define STANDBY    0x40000u

struct board {
    struct prcm p;
    struct prcm_config config;
    struct machine *m; /* DSP's MMU and processor */
    unsigned int starts[UNITS][2];
    unsigned int stops[UNITS][2];
    unsigned int losses[UNITS];
    unsigned int events;
    uint32_t boot;
    bool running_at_loss;
};

static void core_changed(void *ctx, unsigned int unit, unsigned int core,
                         bool runs, uint32_t boot)
{
    struct board *b = ctx;

    assert_in_range(unit, 0, UNITS - 1);
    assert_in_range(core, 0, 1);
    if ( runs )
    {
        b->starts[unit][core]++;
        b->boot = boot;
    }
    else
        b->stops[unit][core]++;

    if ( unit == DSP && runs )
        rproc_release(&b->m->rproc, boot);
    else if ( unit == DSP )
        rproc_hold(&b->m->rproc);
}

static void registers_lost(void *ctx, unsigned int unit)
{
    struct board *b = ctx;

    b->losses[unit]++;
    b->running_at_loss = prcm_core_runs(&b->p, unit, 0);
    if ( unit == DSP )
        mmu_reset(&b->m->mmu);
}

static void event(void *ctx, unsigned int unit, enum prcm_event what,
                  uint32_t value)
{
    struct board *b = ctx;

    (void)unit;
    (void)what;
    (void)value;
    b->events++;
}

static struct prcm_config config_of(void *ctx)
{
    struct prcm_config config = {
        .units = UNITS,
        .page = { { PRM, FILL }, { CM1, FILL }, { CM2, FILL }, { SCM, FILL } },
        .pages = 4,
        .ctx = ctx,
        .core = core_changed,
        .lost = registers_lost,
        .event = event,
    };
    unsigned int i;

    for ( i = 0; i < UNITS; i++ )
        config.unit[i] = (struct prcm_unit_config){
            .word = { at[i].rstctrl, at[i].rstst, at[i].pwrstctrl,
                      at[i].pwrstst, at[i].clkstctrl, at[i].clkctrl },
            .cores = at[i].core | (i == IPU ? 2 : 0),
            .mmu = at[i].mmu,
            .boot = i == DSP ? BOOTREG : 0,
        };

    return config;
}

static int setup(void **state)
{
    struct board *b = calloc(1, sizeof(*b));

    assert_non_null(b);
    b->m = machine_make(32, false);
    b->config = config_of(b);
    prcm_init(&b->p, &b->config);
    *state = b;

    return 0;
}

static int teardown(void **state)
{
    struct board *b = *state;

    free(b->m);
    free(b);

    return 0;
}

/*
 * Helpers
 */

static uint32_t get(struct board *b, uint32_t addr)
{
    return prcm_read(&b->p, addr, 4);
}

/* As a driver does it: the bits of mask become those of value. */
static void put(struct board *b, uint32_t addr, uint32_t mask, uint32_t value)
{
    prcm_write(&b->p, addr, 4, (prcm_peek(&b->p, addr) & ~mask) | value);
}

static uint32_t owned(struct board *b, uint32_t addr)
{
    return prcm_peek(&b->p, addr) & prcm_owned(&b->p, addr);
}

static void reset_to(struct board *b, int unit, uint32_t bits)
{
    uint32_t all = at[unit].core | at[unit].mmu | (unit == IPU ? 2 : 0);

    put(b, at[unit].rstctrl, all, bits);
}

static void module(struct board *b, int unit, uint32_t mode)
{
    put(b, at[unit].clkctrl, 3, mode);
}

static void clocks(struct board *b, int unit, uint32_t mode)
{
    put(b, at[unit].clkstctrl, 3, mode);
}

static void power(struct board *b, int unit, uint32_t state)
{
    if ( at[unit].pwrstctrl )
        put(b, at[unit].pwrstctrl, 3, state);
}

static uint32_t idlest(struct board *b, int unit)
{
    return prcm_peek(&b->p, at[unit].clkctrl) & 0x30000;
}

static uint32_t standby(struct board *b, int unit)
{
    return prcm_peek(&b->p, at[unit].clkctrl) & STANDBY;
}

static uint32_t cores_of(int unit)
{
    return at[unit].core | (unit == IPU ? 2 : 0);
}

/* All but resets. */
static void wake(struct board *b, int unit)
{
    power(b, unit, 3);
    clocks(b, unit, SW_WKUP);
    module(b, unit, AUTO);
}

/* The MMU answers, the cores are in reset. */
static void ready(struct board *b, int unit)
{
    wake(b, unit);
    reset_to(b, unit, cores_of(unit));
}

static void run(struct board *b, int unit)
{
    ready(b, unit);
    reset_to(b, unit, 0);
    assert_true(prcm_core_runs(&b->p, unit, 0));
}

static bool answers(struct board *b, int unit)
{
    return prcm_mmu_answers(&b->p, unit);
}

static bool runs(struct board *b, int unit)
{
    return prcm_core_runs(&b->p, unit, 0);
}

static uint64_t found(struct board *b, int unit, enum prcm_event what)
{
    return prcm_find(&b->p, unit, what, 0);
}

/* So many reads of a word see its bits as they are now, and the next one others. */
static void assert_reads(struct board *b, uint32_t addr, uint32_t bits,
                         unsigned int reads)
{
    uint32_t before = prcm_peek(&b->p, addr) & bits;
    unsigned int i;

    for ( i = 0; i < reads; i++ )
        assert_int_equal(get(b, addr) & bits, before);
    assert_int_not_equal(get(b, addr) & bits, before);
}

/*
 * Power on
 */

static void all_is_off_at_power_on(void **state)
{
    struct board *b = *state;
    int i;

    for ( i = 0; i < UNITS; i++ )
    {
        assert_false(answers(b, i));
        assert_false(runs(b, i));
        assert_int_equal(owned(b, at[i].clkctrl), DISABLED | STANDBY);
        assert_int_equal(owned(b, at[i].clkstctrl), SW_SLEEP);
    }
    assert_int_equal(owned(b, at[IPU].rstctrl), 0x37);
    assert_int_equal(owned(b, at[DSP].rstctrl), 3);
    assert_int_equal(owned(b, at[DSP].rstst), 0);
    assert_int_equal(owned(b, at[DSP].pwrstctrl), 0);
    assert_int_equal(owned(b, at[DSP].pwrstst), 0);
    assert_int_equal(b->events, 0);
}

static void what_was_started_runs_after_a_reset(void **state)
{
    struct board *b = *state;

    b->config.unit[DSP].started = 3;
    b->config.unit[IPU].started = 4;
    prcm_init(&b->p, &b->config);
    assert_false(runs(b, DSP));
    prcm_reset(&b->p);
    assert_true(runs(b, DSP));
    assert_int_equal(owned(b, at[DSP].rstctrl), 0);
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    assert_int_equal(owned(b, at[DSP].pwrstctrl), 3);
    assert_int_equal(b->starts[DSP][0], 1);
    assert_true(answers(b, IPU));
    assert_false(runs(b, IPU));
    assert_false(answers(b, OTHER));
}

static void what_was_started_is_not_slow(void **state)
{
    struct board *b = *state;
    int i;

    b->config.unit[DSP].started = 3;
    prcm_init(&b->p, &b->config);
    for ( i = 0; i < PRCM_DELAYS; i++ )
        prcm_set_delay(&b->p, DSP, i, 5);
    prcm_reset(&b->p);
    assert_true(runs(b, DSP));
    assert_int_equal(owned(b, at[DSP].rstst), 3);
    reset_to(b, DSP, 3);
    assert_true(runs(b, DSP));
    assert_reads(b, at[DSP].rstctrl, 3, 5);
    assert_false(runs(b, DSP));
}

static void a_reset_stops_and_loses_everything(void **state)
{
    struct board *b = *state;
    uint64_t records;

    run(b, DSP);
    run(b, IPU);
    prcm_write(&b->p, SCM, 4, 0);
    records = b->p.records;
    prcm_reset(&b->p);
    assert_false(runs(b, DSP));
    assert_false(prcm_core_runs(&b->p, IPU, 1));
    assert_false(answers(b, DSP));
    assert_int_equal(b->stops[DSP][0], 1);
    assert_int_equal(b->stops[IPU][0], 1);
    assert_int_equal(b->stops[IPU][1], 1);
    assert_int_equal(b->losses[DSP], 1);
    assert_int_equal(b->losses[OTHER], 1);
    assert_int_equal(owned(b, at[DSP].rstctrl), 3);
    assert_int_equal(owned(b, at[DSP].rstst), 0);
    assert_int_equal(get(b, SCM), FILL);
    assert_int_not_equal(prcm_find(&b->p, DSP, PRCM_CORE_STOPS, records),
                         PRCM_NONE);
    assert_int_not_equal(prcm_find(&b->p, DSP, PRCM_MMU_LOST, records),
                         PRCM_NONE);
    assert_int_equal(prcm_find(&b->p, OTHER, PRCM_MMU_LOST, records),
                     PRCM_NONE);
}

/*
 * The MMU
 */

static void mmu_answers_once_all_is_on(void **state)
{
    struct board *b = *state;
    int i;

    for ( i = 0; i < UNITS; i++ )
    {
        ready(b, i);
        assert_true(answers(b, i));
        assert_int_equal(idlest(b, i), FUNCTIONAL);
        assert_false(runs(b, i));
        assert_int_equal(standby(b, i), STANDBY);
    }
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    assert_int_equal(owned(b, at[DSP].clkstctrl), SW_WKUP | CLOCK_ON);
}

/* Everything but one: the order of the others does not matter. */
static void mmu_is_off_without_its_release(void **state)
{
    struct board *b = *state;

    wake(b, IPU);
    assert_false(answers(b, IPU));
    assert_int_equal(idlest(b, IPU), TRANSITION);
    reset_to(b, IPU, 4);
    assert_false(answers(b, IPU));
    reset_to(b, IPU, 3);
    assert_true(answers(b, IPU));
}

static void mmu_is_off_without_module(void **state)
{
    struct board *b = *state;

    power(b, DSP, 3);
    clocks(b, DSP, SW_WKUP);
    reset_to(b, DSP, at[DSP].core);
    assert_false(answers(b, DSP));
    assert_int_equal(idlest(b, DSP), DISABLED);
    module(b, DSP, 2);
    assert_false(answers(b, DSP));
    module(b, DSP, 3);
    assert_false(answers(b, DSP));
    module(b, DSP, AUTO);
    assert_true(answers(b, DSP));
    module(b, DSP, 0);
    assert_false(answers(b, DSP));
    assert_int_equal(idlest(b, DSP), DISABLED);
}

static void mmu_is_off_without_clock(void **state)
{
    struct board *b = *state;

    module(b, IPU, AUTO);
    reset_to(b, IPU, 3);
    assert_false(answers(b, IPU));
    assert_int_equal(idlest(b, IPU), IDLE);
    clocks(b, IPU, HW_AUTO);
    assert_true(answers(b, IPU));
    clocks(b, IPU, SW_SLEEP);
    assert_false(answers(b, IPU));
    clocks(b, IPU, SW_WKUP);
    assert_true(answers(b, IPU));
}

static void hw_auto_follows_the_module(void **state)
{
    struct board *b = *state;

    clocks(b, DSP, HW_AUTO);
    assert_int_equal(owned(b, at[DSP].clkstctrl), HW_AUTO);
    module(b, DSP, AUTO);
    assert_int_equal(owned(b, at[DSP].clkstctrl), HW_AUTO | CLOCK_ON);
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    module(b, DSP, 0);
    assert_int_equal(owned(b, at[DSP].clkstctrl), HW_AUTO);
    assert_int_equal(owned(b, at[DSP].pwrstst), 0);
}

static void no_sleep_wakes_but_does_not_sleep(void **state)
{
    struct board *b = *state;

    clocks(b, IPU, 0);
    assert_int_equal(owned(b, at[IPU].clkstctrl), 0);
    module(b, IPU, AUTO);
    assert_int_equal(owned(b, at[IPU].clkstctrl), CLOCK_ON);
    module(b, IPU, 0);
    assert_int_equal(owned(b, at[IPU].clkstctrl), CLOCK_ON);
    clocks(b, IPU, SW_SLEEP);
    clocks(b, IPU, 0);
    assert_int_equal(owned(b, at[IPU].clkstctrl), 0);
}

static void an_access_to_an_mmu_that_is_off_is_recorded(void **state)
{
    struct board *b = *state;

    assert_false(prcm_mmu_read(&b->p, DSP, 0x44));
    assert_false(prcm_mmu_write(&b->p, DSP, 0x4c, 4, 0x1000));
    assert_int_equal(b->p.unit[DSP].off_accesses, 2);
    assert_int_equal(b->p.unit[DSP].off_offset, 0x4c);
    assert_int_equal(b->p.unit[IPU].off_accesses, 0);
    assert_int_equal(found(b, DSP, PRCM_MMU_ABSENT), 0);
    assert_int_equal(b->p.record[0].value, 0x44);
    assert_int_equal(b->p.record[1].value, 0x4c);
    assert_int_equal(found(b, DSP, PRCM_MMU_TTB), PRCM_NONE);
    ready(b, DSP);
    assert_true(prcm_mmu_read(&b->p, DSP, 0x44));
    assert_true(prcm_mmu_write(&b->p, DSP, 0x50, 4, 0));
    assert_int_equal(b->p.unit[DSP].off_accesses, 2);
}

/*
 * Power
 */

static void only_waking_raises_power(void **state)
{
    struct board *b = *state;

    power(b, DSP, 3);
    assert_int_equal(owned(b, at[DSP].pwrstst), 0);
    clocks(b, DSP, SW_WKUP);
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    clocks(b, DSP, SW_SLEEP);
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    power(b, DSP, 2);
    assert_int_equal(owned(b, at[DSP].pwrstst), 2 | 4);
    power(b, DSP, 3);
    assert_int_equal(owned(b, at[DSP].pwrstst), 2 | 4);
}

static void waking_raises_power_whatever_it_may_fall_to(void **state)
{
    struct board *b = *state;

    clocks(b, DSP, SW_WKUP);
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    power(b, DSP, 0);
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    clocks(b, DSP, SW_SLEEP);
    assert_int_equal(owned(b, at[DSP].pwrstst), 0);
}

static void off_loses_the_registers_and_retention_does_not(void **state)
{
    struct board *b = *state;

    ready(b, DSP);
    walker_on(b->m);
    power(b, DSP, 1);
    clocks(b, DSP, SW_SLEEP);
    assert_int_equal(owned(b, at[DSP].pwrstst), 1 | 4);
    assert_int_equal(b->losses[DSP], 0);
    power(b, DSP, 0);
    assert_int_equal(b->losses[DSP], 1);
    assert_int_equal(rd(b->m, MMU_TTB), 0);
    assert_int_equal(rd(b->m, MMU_CNTL), 0);
    power(b, DSP, 3);
    clocks(b, DSP, SW_WKUP);
    assert_true(answers(b, DSP));
    power(b, DSP, 0);
    clocks(b, DSP, SW_SLEEP);
    assert_int_equal(b->losses[DSP], 2);
}

static void a_unit_without_power_words_keeps_its_registers(void **state)
{
    struct board *b = *state;

    ready(b, IPU);
    clocks(b, IPU, SW_SLEEP);
    module(b, IPU, 0);
    assert_false(answers(b, IPU));
    ready(b, IPU);
    assert_true(answers(b, IPU));
    assert_int_equal(b->losses[IPU], 0);
}

static void power_fails(struct board *b, int unit)
{
    run(b, unit);
    prcm_power_failure(&b->p, unit);
    assert_int_equal(b->losses[unit], 1);
    assert_false(b->running_at_loss);
    assert_int_equal(b->stops[unit][0], 1);
    assert_int_equal(b->starts[unit][0], 2);
    assert_true(answers(b, unit));
    assert_true(found(b, unit, PRCM_CORE_STOPS) <
                found(b, unit, PRCM_MMU_LOST));
}

static void power_failure_loses_registers_and_restarts(void **state)
{
    struct board *b = *state;

    power_fails(b, DSP);
    power_fails(b, IPU);
}

static void power_failure_can_last(void **state)
{
    struct board *b = *state;

    run(b, DSP);
    prcm_set_delay(&b->p, DSP, PRCM_DELAY_POWER, PRCM_NEVER);
    prcm_power_failure(&b->p, DSP);
    assert_false(answers(b, DSP));
    assert_false(runs(b, DSP));
    assert_int_equal(owned(b, at[DSP].pwrstst), 1u << 20);
    prcm_set_delay(&b->p, DSP, PRCM_DELAY_POWER, 0);
    assert_true(runs(b, DSP));
}

/*
 * Resets
 */

static void a_released_core_runs(void **state)
{
    struct board *b = *state;

    ready(b, IPU);
    reset_to(b, IPU, 2);
    assert_true(prcm_core_runs(&b->p, IPU, 0));
    assert_false(prcm_core_runs(&b->p, IPU, 1));
    assert_int_equal(standby(b, IPU), 0);
    reset_to(b, IPU, 0);
    assert_true(prcm_core_runs(&b->p, IPU, 1));
    reset_to(b, IPU, 1);
    assert_false(prcm_core_runs(&b->p, IPU, 0));
    assert_int_equal(standby(b, IPU), 0);
    reset_to(b, IPU, 3);
    assert_int_equal(standby(b, IPU), STANDBY);
    assert_int_equal(b->starts[IPU][0], 1);
    assert_int_equal(b->stops[IPU][0], 1);
    assert_int_equal(b->starts[IPU][1], 1);
    assert_int_equal(b->stops[IPU][1], 1);
    assert_true(answers(b, IPU));
}

static void a_core_does_not_run_before_its_mmu_answers(void **state)
{
    struct board *b = *state;

    reset_to(b, DSP, 0);
    assert_false(runs(b, DSP));
    power(b, DSP, 3);
    clocks(b, DSP, SW_WKUP);
    assert_false(runs(b, DSP));
    reset_to(b, DSP, 2);
    module(b, DSP, AUTO);
    assert_false(runs(b, DSP));
    reset_to(b, DSP, 0);
    assert_true(runs(b, DSP));
    assert_int_equal(b->starts[DSP][0], 1);
}

static void mmu_reset_stops_the_core_and_loses_the_registers(void **state)
{
    struct board *b = *state;

    run(b, DSP);
    walker_on(b->m);
    reset_to(b, DSP, 2);
    assert_false(runs(b, DSP));
    assert_false(answers(b, DSP));
    assert_false(b->running_at_loss);
    assert_int_equal(b->losses[DSP], 1);
    assert_int_equal(rd(b->m, MMU_TTB), 0);
    reset_to(b, DSP, 0);
    assert_true(runs(b, DSP));
    assert_int_equal(b->losses[DSP], 1);
    reset_to(b, DSP, 3);
    assert_int_equal(b->losses[DSP], 2);
}

static void rstst_tells_of_releases_until_it_is_cleared(void **state)
{
    struct board *b = *state;

    ready(b, DSP);
    assert_int_equal(owned(b, at[DSP].rstst), 2);
    reset_to(b, DSP, 0);
    assert_int_equal(owned(b, at[DSP].rstst), 3);
    prcm_write(&b->p, at[DSP].rstst, 4, 2);
    assert_int_equal(owned(b, at[DSP].rstst), 1);
    reset_to(b, DSP, 3);
    assert_int_equal(owned(b, at[DSP].rstst), 1);
    prcm_write(&b->p, at[DSP].rstst, 4, 1);
    assert_int_equal(owned(b, at[DSP].rstst), 0);
    reset_to(b, DSP, 1);
    assert_int_equal(owned(b, at[DSP].rstst), 2);
}

static void a_release_needs_the_clock(void **state)
{
    struct board *b = *state;

    reset_to(b, DSP, 1);
    assert_int_equal(owned(b, at[DSP].rstctrl), 1);
    assert_int_equal(owned(b, at[DSP].rstst), 0);
    clocks(b, DSP, SW_WKUP);
    assert_int_equal(owned(b, at[DSP].rstst), 2);
}

static void module_off_does_not_stop_a_core(void **state)
{
    struct board *b = *state;

    run(b, DSP);
    module(b, DSP, 0);
    assert_true(runs(b, DSP));
    assert_false(answers(b, DSP));
    assert_int_equal(idlest(b, DSP), TRANSITION);
    clocks(b, DSP, SW_SLEEP);
    power(b, DSP, 0);
    assert_true(runs(b, DSP));
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    reset_to(b, DSP, 1);
    assert_false(runs(b, DSP));
    assert_int_equal(idlest(b, DSP), DISABLED);
    assert_int_equal(owned(b, at[DSP].pwrstst), 0);
    assert_int_equal(b->losses[DSP], 1);
}

static void a_core_starts_at_the_boot_register(void **state)
{
    struct board *b = *state;

    prcm_write(&b->p, BOOTREG, 4, 0x8000cfff);
    run(b, DSP);
    assert_int_equal(b->p.foreign_changes, 1);
    assert_int_equal(b->boot, 0x8000cc00);
    assert_int_equal(b->m->rproc.list, 0x8000cc00);
    run(b, IPU);
    assert_int_equal(b->boot, 0);

    b->config.unit[DSP].boot_shift = 10;
    prcm_init(&b->p, &b->config);
    assert_int_equal(prcm_owned(&b->p, BOOTREG), 0x3fffff);
    prcm_write(&b->p, BOOTREG, 4, (FILL & 0xffc00000) | 0x200001);
    run(b, DSP);
    assert_int_equal(b->p.foreign_changes, 0);
    assert_int_equal(b->boot, 0x80000400);
}

/*
 * Words
 */

static void bits_that_no_unit_owns_are_storage(void **state)
{
    struct board *b = *state;
    static const struct {
        uint32_t addr, owned;
    } words[] = {
        { 0x4ae06910, 0x37 },       { 0x4ae06914, 0x37 },
        { 0x4ae06400, 0x3 },        { 0x4ae06404, 0x100007 },
        { 0x4a008900, 0x103 },      { 0x4a004420, 0x70003 },
        { 0x4a002304, 0xfffffc00 }, { 0x4ae06000, 0 },
    };
    unsigned int i;

    for ( i = 0; i < sizeof(words) / sizeof(words[0]); i++ )
    {
        assert_int_equal(prcm_owned(&b->p, words[i].addr), words[i].owned);
        assert_int_equal(get(b, words[i].addr) & ~words[i].owned,
                         FILL & ~words[i].owned);
        prcm_poke(&b->p, words[i].addr, 0x5a5a5a5b);
        assert_int_equal(get(b, words[i].addr) & ~words[i].owned,
                         0x5a5a5a5b & ~words[i].owned);
    }
    assert_int_equal(owned(b, at[DSP].rstctrl), 3);
    assert_int_equal(owned(b, at[DSP].clkctrl), DISABLED | STANDBY);
    assert_int_equal(b->p.foreign_changes, 0);
}

static void a_changed_bit_of_others_is_counted(void **state)
{
    struct board *b = *state;

    run(b, DSP);
    run(b, IPU);
    assert_int_equal(b->p.foreign_changes, 0);
    prcm_write(&b->p, at[DSP].rstctrl, 4, 3);
    assert_int_equal(b->p.foreign_changes, 1);
    assert_int_equal(b->p.foreign_addr, at[DSP].rstctrl);
    assert_int_equal(get(b, at[DSP].rstctrl), 3);
    prcm_write(&b->p, at[DSP].rstctrl, 4, 0);
    assert_int_equal(b->p.foreign_changes, 1);
    prcm_write(&b->p, at[IPU].clkctrl, 4, FILL ^ 0x80000000);
    assert_int_equal(b->p.foreign_changes, 2);
    assert_int_equal(b->p.foreign_addr, at[IPU].clkctrl);
}

/* A read-modify-write of RSTST clears what belongs to others. */
static void rstst_of_others_is_cleared_by_ones(void **state)
{
    struct board *b = *state;
    uint32_t before = get(b, at[DSP].rstst);

    prcm_write(&b->p, at[DSP].rstst, 4, 3);
    assert_int_equal(get(b, at[DSP].rstst), before);
    assert_int_equal(b->p.foreign_changes, 0);
    prcm_write(&b->p, at[DSP].rstst, 4, before);
    assert_int_equal(get(b, at[DSP].rstst), 0);
    assert_int_equal(b->p.foreign_changes, 1);
}

static void units_that_share_a_word_are_apart(void **state)
{
    struct board *b = *state;

    run(b, OTHER);
    assert_int_equal(owned(b, at[IPU].rstctrl), 7);
    assert_int_equal(owned(b, at[IPU].rstst), 0x30);
    run(b, IPU);
    reset_to(b, OTHER, 0x10);
    assert_false(runs(b, OTHER));
    assert_true(runs(b, IPU));
    prcm_write(&b->p, at[IPU].rstst, 4, 0x10);
    assert_int_equal(owned(b, at[IPU].rstst), 0x27);
    prcm_write(&b->p, at[IPU].rstctrl, 4, 0x37);
    assert_false(runs(b, IPU));
    assert_false(answers(b, OTHER));
}

static void words_are_words(void **state)
{
    struct board *b = *state;

    prcm_write(&b->p, SCM, 1, 0);
    prcm_write(&b->p, SCM + 2, 2, 0);
    prcm_write(&b->p, SCM + 1, 4, 0);
    assert_int_equal(get(b, SCM), FILL);
    assert_int_equal(prcm_read(&b->p, SCM, 1), 0xa4);
    assert_int_equal(prcm_read(&b->p, SCM + 2, 2), 0xa5a5);
    prcm_write(&b->p, SCM - 4, 4, 1);
    assert_int_equal(get(b, SCM - 4), 0);
    prcm_write(&b->p, SCM + 0xffc, 4, 1);
    assert_int_equal(get(b, SCM + 0xffc), 1);
    assert_int_equal(get(b, SCM + 0x1000), 0);
}

static void status_words_ignore_writes(void **state)
{
    struct board *b = *state;

    put(b, at[DSP].pwrstst, 0, 7);
    put(b, at[DSP].clkctrl, 0x70000, 0);
    put(b, at[DSP].clkstctrl, 0, CLOCK_ON);
    assert_int_equal(owned(b, at[DSP].pwrstst), 0);
    assert_int_equal(owned(b, at[DSP].clkctrl), DISABLED | STANDBY);
    assert_int_equal(owned(b, at[DSP].clkstctrl), SW_SLEEP);
}

/*
 * Delays
 */

static void slow_power(void **state)
{
    struct board *b = *state;

    prcm_set_delay(&b->p, DSP, PRCM_DELAY_POWER, 3);
    ready(b, DSP);
    assert_int_equal(owned(b, at[DSP].pwrstst), 1u << 20);
    assert_int_equal(owned(b, at[DSP].clkstctrl), SW_WKUP);
    assert_false(answers(b, DSP));
    assert_reads(b, at[DSP].pwrstst, 7, 3);
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    assert_true(answers(b, DSP));
}

static void slow_clock(void **state)
{
    struct board *b = *state;

    prcm_set_delay(&b->p, IPU, PRCM_DELAY_CLOCK, 2);
    ready(b, IPU);
    assert_false(answers(b, IPU));
    assert_int_equal(owned(b, at[IPU].rstst), 0);
    assert_reads(b, at[IPU].clkstctrl, CLOCK_ON, 2);
    assert_true(answers(b, IPU));
    clocks(b, IPU, SW_SLEEP);
    assert_true(answers(b, IPU));
    assert_reads(b, at[IPU].clkstctrl, CLOCK_ON, 2);
    assert_false(answers(b, IPU));
}

static void power_does_not_fall_before_the_clock_stops(void **state)
{
    struct board *b = *state;

    ready(b, DSP);
    prcm_set_delay(&b->p, DSP, PRCM_DELAY_CLOCK, PRCM_NEVER);
    power(b, DSP, 0);
    clocks(b, DSP, SW_SLEEP);
    assert_int_equal(owned(b, at[DSP].pwrstst), ON);
    assert_int_equal(b->losses[DSP], 0);
    prcm_set_delay(&b->p, DSP, PRCM_DELAY_CLOCK, 0);
    assert_int_equal(owned(b, at[DSP].pwrstst), 0);
    assert_int_equal(b->losses[DSP], 1);
}

static void slow_module(void **state)
{
    struct board *b = *state;

    ready(b, IPU);
    module(b, IPU, 0);
    prcm_set_delay(&b->p, IPU, PRCM_DELAY_MODULE, 5);
    module(b, IPU, AUTO);
    assert_int_equal(idlest(b, IPU), TRANSITION);
    assert_false(answers(b, IPU));
    assert_reads(b, at[IPU].clkctrl, 0x30000, 5);
    assert_int_equal(idlest(b, IPU), FUNCTIONAL);
    assert_true(answers(b, IPU));
    module(b, IPU, 0);
    assert_false(answers(b, IPU));
    assert_reads(b, at[IPU].clkctrl, 0x30000, 5);
    assert_int_equal(idlest(b, IPU), DISABLED);
}

static void slow_release(void **state)
{
    struct board *b = *state;

    prcm_set_delay(&b->p, IPU, PRCM_DELAY_RSTST, 2);
    wake(b, IPU);
    reset_to(b, IPU, 3);
    assert_int_equal(owned(b, at[IPU].rstctrl), 0x33);
    assert_false(answers(b, IPU));
    assert_reads(b, at[IPU].rstst, 4, 2);
    assert_true(answers(b, IPU));
    reset_to(b, IPU, 2);
    assert_false(runs(b, IPU));
    reset_to(b, IPU, 3);
    reset_to(b, IPU, 2);
    assert_reads(b, at[IPU].rstst, 1, 2);
    assert_true(runs(b, IPU));
}

/* A bit that was left set does not tell that the release has ended. */
static void slow_release_with_a_stale_status(void **state)
{
    struct board *b = *state;

    ready(b, IPU);
    reset_to(b, IPU, 7);
    prcm_set_delay(&b->p, IPU, PRCM_DELAY_RSTST, 2);
    reset_to(b, IPU, 3);
    assert_int_equal(owned(b, at[IPU].rstst), 4);
    assert_false(answers(b, IPU));
}

static void slow_reset(void **state)
{
    struct board *b = *state;

    run(b, IPU);
    prcm_set_delay(&b->p, IPU, PRCM_DELAY_RSTCTRL, 3);
    reset_to(b, IPU, 3);
    assert_true(runs(b, IPU));
    assert_int_equal(standby(b, IPU), 0);
    assert_int_equal(found(b, IPU, PRCM_CORE_ASSERTED), PRCM_NONE);
    assert_reads(b, at[IPU].rstctrl, 7, 3);
    assert_false(runs(b, IPU));
    assert_int_not_equal(found(b, IPU, PRCM_CORE_ASSERTED), PRCM_NONE);
}

static void slow_standby(void **state)
{
    struct board *b = *state;

    run(b, DSP);
    prcm_set_delay(&b->p, DSP, PRCM_DELAY_STANDBY, 4);
    reset_to(b, DSP, 1);
    assert_false(runs(b, DSP));
    assert_reads(b, at[DSP].clkctrl, STANDBY, 4);
    assert_int_equal(standby(b, DSP), STANDBY);
}

static void a_poll_can_last_for_ever(void **state)
{
    struct board *b = *state;
    unsigned int i;

    prcm_set_delay(&b->p, DSP, PRCM_DELAY_MODULE, PRCM_NEVER);
    ready(b, DSP);
    for ( i = 0; i < 100000; i++ )
        assert_int_equal(get(b, at[DSP].clkctrl) & 0x30000, TRANSITION);
    assert_false(answers(b, DSP));
    prcm_set_delay(&b->p, DSP, PRCM_DELAY_MODULE, 1);
    assert_false(answers(b, DSP));
    get(b, at[DSP].clkctrl);
    assert_true(answers(b, DSP));
}

static void peeking_and_other_words_do_not_count_as_reads(void **state)
{
    struct board *b = *state;
    int i;

    prcm_set_delay(&b->p, DSP, PRCM_DELAY_CLOCK, 1);
    ready(b, DSP);
    for ( i = 0; i < 10; i++ )
    {
        prcm_peek(&b->p, at[DSP].clkstctrl);
        get(b, at[DSP].clkctrl);
        get(b, at[IPU].clkstctrl);
    }
    assert_false(answers(b, DSP));
    get(b, at[DSP].clkstctrl);
    assert_true(answers(b, DSP));
}

static void what_is_taken_back_is_not_under_way(void **state)
{
    struct board *b = *state;

    prcm_set_delay(&b->p, DSP, PRCM_DELAY_POWER, PRCM_NEVER);
    clocks(b, DSP, SW_WKUP);
    assert_int_equal(owned(b, at[DSP].pwrstst), 1u << 20);
    clocks(b, DSP, SW_SLEEP);
    assert_int_equal(owned(b, at[DSP].pwrstst), 0);
}

/*
 * Record
 */

static void events_are_in_their_order(void **state)
{
    struct board *b = *state;
    static const enum prcm_event want[] = {
        PRCM_MMU_RELEASED,  PRCM_MMU_TTB,   PRCM_MMU_CNTL,
        PRCM_CORE_RELEASED, PRCM_CORE_RUNS, PRCM_CORE_ASSERTED,
        PRCM_CORE_STOPS,    PRCM_MMU_TTB,   PRCM_MMU_ASSERTED,
        PRCM_MMU_LOST,
    };
    static const uint32_t value[] = { 2, 0x8000, 6, 1, 0, 1, 0, 0x4000, 2, 0 };
    unsigned int i;

    ready(b, DSP);
    prcm_mmu_write(&b->p, DSP, 0x4c, 4, 0x8000);
    prcm_mmu_write(&b->p, DSP, 0x4c, 2, 1);
    prcm_mmu_write(&b->p, DSP, 0x1c, 4, 0x1e);
    prcm_mmu_write(&b->p, DSP, 0x44, 4, 6);
    prcm_mmu_write(&b->p, DSP, 0x44, 1, 1);
    prcm_mmu_read(&b->p, DSP, 0x4c);
    reset_to(b, DSP, 0);
    reset_to(b, DSP, 1);
    prcm_mmu_write(&b->p, DSP, 0x4c, 4, 0x4000);
    reset_to(b, DSP, 3);
    assert_int_equal(b->p.records, sizeof(want) / sizeof(want[0]));
    assert_int_equal(b->events, b->p.records);
    for ( i = 0; i < b->p.records; i++ )
    {
        assert_int_equal(b->p.record[i].unit, DSP);
        assert_int_equal(b->p.record[i].event, want[i]);
        assert_int_equal(b->p.record[i].value, value[i]);
    }
    assert_true(found(b, DSP, PRCM_CORE_ASSERTED) <
                prcm_find(&b->p, DSP, PRCM_MMU_TTB, 2));
    assert_int_equal(prcm_find(&b->p, DSP, PRCM_MMU_TTB, 8), PRCM_NONE);
    assert_int_equal(found(b, IPU, PRCM_MMU_TTB), PRCM_NONE);
}

static void of_two_written_together_the_core_is_first(void **state)
{
    struct board *b = *state;

    wake(b, DSP);
    reset_to(b, DSP, 0);
    assert_true(found(b, DSP, PRCM_MMU_RELEASED) <
                found(b, DSP, PRCM_CORE_RELEASED));
    reset_to(b, DSP, 3);
    assert_true(found(b, DSP, PRCM_CORE_ASSERTED) <
                found(b, DSP, PRCM_MMU_ASSERTED));
}

static void the_record_is_bounded(void **state)
{
    struct board *b = *state;
    uint64_t first;
    int i;

    ready(b, DSP);
    for ( i = 0; i < 1000; i++ )
        prcm_mmu_write(&b->p, DSP, 0x4c, 4, i << 7);
    assert_int_equal(found(b, DSP, PRCM_MMU_RELEASED), PRCM_NONE);
    first = found(b, DSP, PRCM_MMU_TTB);
    assert_int_equal(first, b->p.records - 256);
    assert_int_equal(b->p.record[(b->p.records - 1) % 256].value, 999 << 7);
}

static void events_have_names(void **state)
{
    (void)state;
    assert_string_equal(prcm_event_name(PRCM_CORE_ASSERTED), "core-asserted");
    assert_string_equal(prcm_event_name(PRCM_CORE_RELEASED), "core-released");
    assert_string_equal(prcm_event_name(PRCM_MMU_ASSERTED), "mmu-asserted");
    assert_string_equal(prcm_event_name(PRCM_MMU_RELEASED), "mmu-released");
    assert_string_equal(prcm_event_name(PRCM_CORE_RUNS), "core-runs");
    assert_string_equal(prcm_event_name(PRCM_CORE_STOPS), "core-stops");
    assert_string_equal(prcm_event_name(PRCM_MMU_LOST), "lost");
    assert_string_equal(prcm_event_name(PRCM_MMU_TTB), "ttb");
    assert_string_equal(prcm_event_name(PRCM_MMU_CNTL), "cntl");
    assert_string_equal(prcm_event_name(PRCM_MMU_ABSENT), "absent");
    assert_string_equal(prcm_event_name(PRCM_MMU1_TTB), "ttb1");
    assert_string_equal(prcm_event_name(PRCM_MMU1_CNTL), "cntl1");
    assert_string_equal(prcm_event_name(PRCM_MMU_ROUTED), "routed");
    assert_string_equal(prcm_event_name(PRCM_EDMA_BUSY), "edma-busy");
    assert_string_equal(prcm_event_name(PRCM_EMU_ASLEEP), "emu-asleep");
}

/*
 * A DRA7 DSP
 */

#define PRM2 0x4ae07000u
#define EMU  0x4ae07a00u
#define DREQ 0x4a002cf8u

static uint32_t edma_bits;

static uint32_t edma_at_work(void *ctx, unsigned int unit)
{
    (void)ctx;

    return unit == DSP ? edma_bits : 0;
}

/* DSP becomes DRA7's DSP1; its boot register holds da >> 10. */
static int setup_dra7(void **state)
{
    struct board *b;
    struct prcm_config *c;

    setup(state);
    b = *state;
    c = &b->config;
    c->page[1].addr = 0x4a005000;
    c->page[4].addr = PRM2;
    c->page[4].fill = FILL;
    c->page[5].addr = CM1;
    c->page[5].fill = FILL;
    c->pages = 6;
    c->unit[DSP].word[PRCM_CLKSTCTRL] = 0x4a005400;
    c->unit[DSP].word[PRCM_CLKCTRL] = 0x4a005420;
    c->unit[DSP].boot = 0x4a00255c;
    c->unit[DSP].boot_shift = 10;
    c->unit[DSP].emu = EMU;
    c->unit[DSP].dreq = DREQ;
    c->edma = edma_at_work;
    edma_bits = 0;
    prcm_init(&b->p, c);

    return 0;
}

static void ready_dra7(struct board *b)
{
    power(b, DSP, 3);
    put(b, 0x4a005400, 3, SW_WKUP);
    put(b, 0x4a005420, 3, AUTO);
    reset_to(b, DSP, 1);
    assert_true(answers(b, DSP));
}

static void dra7_dsp_starts_at_its_boot_register(void **state)
{
    struct board *b = *state;

    assert_int_equal(prcm_owned(&b->p, 0x4a00255c), 0x3fffff);
    ready_dra7(b);
    put(b, 0x4a00255c, 0x3fffff, 0x95000400 >> 10);
    reset_to(b, DSP, 0);
    assert_true(runs(b, DSP));
    assert_int_equal(b->boot, 0x95000400);
    assert_int_equal(prcm_peek(&b->p, 0x4a00255c) & ~0x3fffffu,
                     FILL & ~0x3fffffu);
}

static void each_ports_mmu_has_its_events(void **state)
{
    struct board *b = *state;

    ready_dra7(b);
    put(b, EMU, 3, SW_WKUP);
    prcm_port_write(&b->p, DSP, 1, 0x4c, 4, 0x8000);
    prcm_port_write(&b->p, DSP, 1, 0x44, 4, 6);
    prcm_port_write(&b->p, DSP, 0, 0x4c, 4, 0x4000);
    prcm_note(&b->p, DSP, PRCM_MMU_ROUTED, 0x11);
    assert_int_equal(b->p.records, 5);
    assert_int_equal(b->p.record[1].event, PRCM_MMU1_TTB);
    assert_int_equal(b->p.record[1].value, 0x8000);
    assert_int_equal(b->p.record[2].event, PRCM_MMU1_CNTL);
    assert_int_equal(b->p.record[3].event, PRCM_MMU_TTB);
    assert_int_equal(b->p.record[4].event, PRCM_MMU_ROUTED);
    assert_int_equal(b->p.record[4].value, 0x11);
    assert_int_equal(b->p.record[4].unit, DSP);
}

static void both_mmus_answer_together(void **state)
{
    struct board *b = *state;

    assert_false(prcm_port_write(&b->p, DSP, 1, 0x4c, 4, 0));
    assert_false(prcm_part_access(&b->p, DSP, 0x44));
    assert_int_equal(b->p.unit[DSP].off_accesses, 2);
    assert_int_equal(found(b, DSP, PRCM_MMU1_TTB), PRCM_NONE);
    ready_dra7(b);
    assert_true(prcm_port_write(&b->p, DSP, 1, 0x4c, 4, 0));
    assert_true(prcm_part_access(&b->p, DSP, 0x44));
    assert_int_equal(b->p.unit[DSP].off_accesses, 2);
    assert_int_equal(found(b, DSP, PRCM_MMU_CNTL), PRCM_NONE);
}

static void an_access_while_the_emulator_may_sleep_is_recorded(void **state)
{
    struct board *b = *state;
    unsigned int port;

    for ( port = 0; port < 2; port++ )
    {
        prcm_reset(&b->p);
        b->p.records = 0;
        ready_dra7(b);
        prcm_mmu_read(&b->p, DSP, 0x44);
        prcm_port_write(&b->p, DSP, port, 0x4c, 4, 0x8000);
        prcm_port_write(&b->p, DSP, port, 0x44, 4, 4);
        assert_int_equal(found(b, DSP, PRCM_EMU_ASLEEP), PRCM_NONE);
        prcm_port_write(&b->p, DSP, port, 0x44, 4, 6);
        assert_int_equal(found(b, DSP, PRCM_EMU_ASLEEP), b->p.records - 1);
        assert_int_equal(b->p.record[b->p.records - 1].value, 0x44);
        put(b, EMU, 3, SW_WKUP);
        prcm_mmu_read(&b->p, DSP, 0x18);
        assert_int_equal(found(b, DSP, PRCM_EMU_ASLEEP), b->p.records - 1);
        put(b, EMU, 3, HW_AUTO);
        prcm_mmu_read(&b->p, DSP, 0x18);
        assert_int_equal(
            prcm_find(&b->p, DSP, PRCM_EMU_ASLEEP, b->p.records - 1),
            b->p.records - 1);
        assert_int_equal(b->p.record[b->p.records - 1].value, 0x18);
    }
}

static void an_mmu_that_is_off_again_lets_the_emulator_sleep(void **state)
{
    struct board *b = *state;
    uint64_t from;

    ready_dra7(b);
    put(b, EMU, 3, SW_WKUP);
    prcm_port_write(&b->p, DSP, 0, 0x44, 4, 6);
    prcm_port_write(&b->p, DSP, 1, 0x44, 4, 6);
    prcm_port_write(&b->p, DSP, 1, 0x44, 4, 0);
    put(b, EMU, 3, HW_AUTO);
    prcm_mmu_read(&b->p, DSP, 0x18);
    from = found(b, DSP, PRCM_EMU_ASLEEP);
    assert_int_not_equal(from, PRCM_NONE);
    reset_to(b, DSP, 3);
    reset_to(b, DSP, 1);
    prcm_mmu_read(&b->p, DSP, 0x18);
    assert_int_equal(prcm_find(&b->p, DSP, PRCM_EMU_ASLEEP, from + 1),
                     PRCM_NONE);
}

static void others_need_no_emulator(void **state)
{
    struct board *b = *state;

    ready(b, IPU);
    prcm_mmu_write(&b->p, IPU, 0x44, 4, 6);
    assert_int_equal(found(b, IPU, PRCM_EMU_ASLEEP), PRCM_NONE);
}

static void the_emulators_word_is_the_units_and_may_sleep_at_first(void **state)
{
    struct board *b = *state;

    assert_int_equal(prcm_owned(&b->p, EMU), 3);
    assert_int_equal(prcm_peek(&b->p, EMU), FILL | 3);
    put(b, EMU, 3, SW_WKUP);
    assert_int_equal(b->p.foreign_changes, 0);
    put(b, EMU, 4, 0);
    assert_int_equal(b->p.foreign_changes, 1);
}

static void dma_request_words_are_the_units(void **state)
{
    struct board *b = *state;
    uint32_t addr;

    for ( addr = DREQ; addr <= 0x4a002d1c; addr += 4 )
    {
        assert_int_equal(prcm_peek(&b->p, addr), FILL);
        put(b, addr, ~0u, 0);
        assert_int_equal(prcm_peek(&b->p, addr), 0);
    }
    assert_int_equal(b->p.foreign_changes, 0);
    put(b, 0x4a002d20, ~0u, 0);
    put(b, 0x4a002cf4, ~0u, 0);
    assert_int_equal(b->p.foreign_changes, 2);
}

static void a_reset_of_a_core_while_edma_works_is_recorded(void **state)
{
    struct board *b = *state;
    uint64_t busy;

    ready_dra7(b);
    reset_to(b, DSP, 0);
    reset_to(b, DSP, 1);
    assert_int_equal(found(b, DSP, PRCM_EDMA_BUSY), PRCM_NONE);
    reset_to(b, DSP, 0);
    edma_bits = 2;
    reset_to(b, DSP, 1);
    busy = found(b, DSP, PRCM_EDMA_BUSY);
    assert_int_equal(b->p.record[busy - 1].event, PRCM_CORE_ASSERTED);
    assert_int_equal(b->p.record[busy].value, 2);
    assert_int_equal(b->p.record[busy + 1].event, PRCM_CORE_STOPS);
    reset_to(b, DSP, 3);
    busy = prcm_find(&b->p, DSP, PRCM_EDMA_BUSY, busy + 1);
    assert_int_equal(b->p.record[busy - 1].event, PRCM_MMU_ASSERTED);
    assert_int_equal(b->p.record[busy + 1].event, PRCM_MMU_LOST);
    reset_to(b, DSP, 1);
    edma_bits = 0;
    reset_to(b, DSP, 3);
    assert_int_equal(prcm_find(&b->p, DSP, PRCM_EDMA_BUSY, busy + 1),
                     PRCM_NONE);
}

/*
 * Config
 */

static void assert_refused(struct prcm_config config, const char *why)
{
    assert_string_equal(prcm_check(&config), why);
}

static void a_bad_unit_is_refused(void **state)
{
    struct board *b = *state;
    struct prcm_config c = b->config;

    assert_null(prcm_check(&c));
#define WITH(change, why) (change, assert_refused(c, why), c = b->config)
    WITH(c.unit[IPU].word[PRCM_CLKCTRL] = 0x4a00a000,
         "a word of a unit is not in a page");
    WITH(c.unit[IPU].word[PRCM_CLKCTRL] = 0x4a008922,
         "a word of a unit is not in a page");
    WITH(c.unit[IPU].word[PRCM_RSTST] = 0, "a word of a unit is not in a page");
    WITH(c.unit[DSP].word[PRCM_PWRSTST] = 0,
         "a unit has one of PWRSTCTRL and PWRSTST");
    WITH(c.unit[DSP].boot = 0x4a003304, "a boot register is not in a page");
    WITH(c.unit[DSP].boot = 0x4a002302, "a boot register is not in a page");
    WITH(c.unit[DSP].cores = 0, "a unit has not one or two bits of cores");
    WITH(c.unit[DSP].cores = 0x1c, "a unit has not one or two bits of cores");
    WITH(c.unit[DSP].mmu = 0, "a unit has not one bit of an MMU");
    WITH(c.unit[DSP].mmu = 6, "a unit has not one bit of an MMU");
    WITH(c.unit[DSP].mmu = 1, "a unit has not one bit of an MMU");
    WITH(c.unit[DSP].started = 4, "what is started is not a reset of the unit");
    WITH(c.unit[DSP].boot_shift = 32,
         "a boot register is shifted by more than 31");
    WITH(c.unit[OTHER].mmu = 4, "two units own the same bits");
    WITH(c.unit[OTHER].word[PRCM_CLKCTRL] = 0x4a008920,
         "two units own the same bits");
    WITH(c.unit[OTHER].word[PRCM_CLKSTCTRL] = 0x4a008920,
         "two units own the same bits");
    WITH(c.unit[OTHER].boot = BOOTREG, "two units own the same bits");
    WITH(c.unit[DSP].emu = 0x4a003304, "a CM_EMU_CLKSTCTRL is not in a page");
    WITH(c.unit[DSP].emu = 0x4a002302, "a CM_EMU_CLKSTCTRL is not in a page");
    WITH(c.unit[DSP].dreq = 0x4a003304, "a DMA request word is not in a page");
    WITH(c.unit[DSP].dreq = 0x4a002302, "a DMA request word is not in a page");
    WITH(c.unit[DSP].dreq = 0x4a002fe0, "a DMA request word is not in a page");
    WITH((c.unit[DSP].dreq = 0x4a002d18, c.unit[IPU].dreq = DREQ),
         "two units own the same bits");
    WITH((c.unit[DSP].dreq = DREQ, c.unit[IPU].dreq = 0x4a002d18),
         "two units own the same bits");
    WITH(c.page[1].addr = 0x4a004004, "a page is not aligned");
    WITH(c.page[1].addr = PRM, "a page is there twice");
    WITH(c.pages = 9, "too many pages");
    WITH(c.units = 7, "too many units");
#undef WITH
}

#define DRA7(name) cmocka_unit_test_setup_teardown(name, setup_dra7, teardown)
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    TEST(all_is_off_at_power_on),
    TEST(what_was_started_runs_after_a_reset),
    TEST(what_was_started_is_not_slow),
    TEST(a_reset_stops_and_loses_everything),
    TEST(mmu_answers_once_all_is_on),
    TEST(mmu_is_off_without_its_release),
    TEST(mmu_is_off_without_module),
    TEST(mmu_is_off_without_clock),
    TEST(hw_auto_follows_the_module),
    TEST(no_sleep_wakes_but_does_not_sleep),
    TEST(an_access_to_an_mmu_that_is_off_is_recorded),
    TEST(only_waking_raises_power),
    TEST(waking_raises_power_whatever_it_may_fall_to),
    TEST(off_loses_the_registers_and_retention_does_not),
    TEST(a_unit_without_power_words_keeps_its_registers),
    TEST(power_failure_loses_registers_and_restarts),
    TEST(power_failure_can_last),
    TEST(a_released_core_runs),
    TEST(a_core_does_not_run_before_its_mmu_answers),
    TEST(mmu_reset_stops_the_core_and_loses_the_registers),
    TEST(rstst_tells_of_releases_until_it_is_cleared),
    TEST(a_release_needs_the_clock),
    TEST(module_off_does_not_stop_a_core),
    TEST(a_core_starts_at_the_boot_register),
    TEST(bits_that_no_unit_owns_are_storage),
    TEST(a_changed_bit_of_others_is_counted),
    TEST(rstst_of_others_is_cleared_by_ones),
    TEST(units_that_share_a_word_are_apart),
    TEST(words_are_words),
    TEST(status_words_ignore_writes),
    TEST(slow_power),
    TEST(slow_clock),
    TEST(power_does_not_fall_before_the_clock_stops),
    TEST(slow_module),
    TEST(slow_release),
    TEST(slow_release_with_a_stale_status),
    TEST(slow_reset),
    TEST(slow_standby),
    TEST(a_poll_can_last_for_ever),
    TEST(peeking_and_other_words_do_not_count_as_reads),
    TEST(what_is_taken_back_is_not_under_way),
    TEST(events_are_in_their_order),
    TEST(of_two_written_together_the_core_is_first),
    TEST(the_record_is_bounded),
    TEST(events_have_names),
    DRA7(dra7_dsp_starts_at_its_boot_register),
    DRA7(each_ports_mmu_has_its_events),
    DRA7(both_mmus_answer_together),
    DRA7(an_access_while_the_emulator_may_sleep_is_recorded),
    DRA7(an_mmu_that_is_off_again_lets_the_emulator_sleep),
    DRA7(others_need_no_emulator),
    DRA7(the_emulators_word_is_the_units_and_may_sleep_at_first),
    DRA7(dma_request_words_are_the_units),
    DRA7(a_reset_of_a_core_while_edma_works_is_recorded),
    TEST(a_bad_unit_is_refused),
};

int main(void)
{
    return cmocka_run_group_tests_name("model/prcm", tests, NULL, NULL);
}
