/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power, clock and resets of a processor (core/power.c), checked by a model of the hardware
 * that counts changes of others' bits and records the order of events.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "power.h"
#include "prcm.h"

/* The IPU: two cores, always powered. The DSP: one, in a power domain of its own. */
enum {
    IPU,
    DSP,
    UNITS
};

#define IPU_CORE0 1u
#define IPU_CORE1 2u
#define DSP_CORE  1u

/* What the bits of others hold. */
#define FILL 0xa5c3965au

static const struct prcm_config hardware = {
    .unit = { [IPU] = { .word = { 0x4ae06910, 0x4ae06914, 0, 0, 0x4a008900,
                                  0x4a008920 },
                        .cores = IPU_CORE0 | IPU_CORE1,
                        .mmu = 4 },
              [DSP] = { .word = { 0x4ae06410, 0x4ae06414, 0x4ae06400,
                                  0x4ae06404, 0x4a004400, 0x4a004420 },
                        .cores = DSP_CORE,
                        .mmu = 2 } },
    .units = UNITS,
    .page = { { 0x4ae06000, FILL },
              { 0x4a008000, FILL },
              { 0x4a004000, FILL } },
    .pages = 3,
};

struct processor {
    struct power power;
    const struct prcm_unit_config *unit;
};

static struct prcm prcm;
static struct processor processors[UNITS];
static unsigned int reads; /* of words */

/* From this read on, the IPU's resets take so many reads. */
static unsigned int changes_at;
static uint32_t reset_reads;

static uint32_t address(const struct power *p, enum power_word word)
{
    const struct processor *processor = (const struct processor *)p;

    /* power.h and the model name them alike */
    assert_true(processor->unit->word[word]);

    return processor->unit->word[word];
}

static uint32_t word_read(struct power *p, enum power_word word)
{
    if ( ++reads == changes_at )
        prcm_set_delay(&prcm, IPU, PRCM_DELAY_RSTCTRL, reset_reads);

    return prcm_read(&prcm, address(p, word), 4);
}

static void word_write(struct power *p, enum power_word word, uint32_t value)
{
    prcm_write(&prcm, address(p, word), 4, value);
}

static void word_update(struct power *p, enum power_word word, uint32_t mask,
                        uint32_t value)
{
    uint32_t old = prcm_read(&prcm, address(p, word), 4);

    assert_int_equal(value & ~mask, 0);
    prcm_write(&prcm, address(p, word), 4, (old & ~mask) | value);
}

static const struct power_ops ops = { word_read, word_write, word_update };

static void core(void *ctx, unsigned int unit, unsigned int number, bool runs,
                 uint32_t boot)
{
    (void)ctx, (void)unit, (void)number, (void)runs, (void)boot;
}

static void lost(void *ctx, unsigned int unit)
{
    (void)ctx, (void)unit;
}

static void start_with(const struct prcm_config *config)
{
    struct prcm_config c = *config;
    unsigned int i;

    c.core = core;
    c.lost = lost;
    assert_null(prcm_check(&c));
    prcm_init(&prcm, &c);
    prcm_reset(&prcm);
    reads = changes_at = 0;
    for ( i = 0; i < UNITS; i++ )
    {
        processors[i].unit = &prcm.config.unit[i];
        processors[i].power = (struct power){
            .ops = &ops,
            .cores = prcm.config.unit[i].cores,
            .mmu = prcm.config.unit[i].mmu,
            .switched = prcm.config.unit[i].word[PRCM_PWRSTCTRL],
        };
    }
}

static int setup(void **state)
{
    (void)state;
    start_with(&hardware);

    return 0;
}

/* Whatever a test did. */
static int teardown(void **state)
{
    unsigned int i;

    (void)state;
    assert_int_equal(prcm.foreign_changes, 0);
    for ( i = 0; i < UNITS; i++ )
        if ( processors[i].power.state == POWER_OFF )
        {
            assert_false(prcm_mmu_answers(&prcm, i));
            assert_false(prcm_core_runs(&prcm, i, 0));
            assert_false(prcm_core_runs(&prcm, i, 1));
        }
        else
            assert_true(prcm_mmu_answers(&prcm, i));

    return 0;
}

static struct power *ipu(void)
{
    return &processors[IPU].power;
}

static struct power *dsp(void)
{
    return &processors[DSP].power;
}

static void never(unsigned int unit, enum prcm_delay what)
{
    prcm_set_delay(&prcm, unit, what, PRCM_NEVER);
}

static uint64_t event(unsigned int unit, enum prcm_event what, uint64_t from)
{
    return prcm_find(&prcm, unit, what, from);
}

static void make_live(struct power *p, uint32_t core_bit)
{
    const char *wrong = power_on(p) ?: power_start(p, core_bit);

    if ( wrong )
        fail_msg("%s", wrong);
    assert_int_equal(p->state, POWER_LIVE);
}

/* States */

static void what_is_off_stays_off(void **state)
{
    (void)state;
    assert_null(power_off(ipu()));
    assert_int_equal(ipu()->state, POWER_OFF);
    assert_int_equal(power_running(ipu()), 0);
    assert_int_equal(prcm.records, 0);
}

static void on_is_ready(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < UNITS; i++ )
    {
        assert_null(power_on(&processors[i].power));
        assert_int_equal(processors[i].power.state, POWER_READY);
        assert_true(prcm_mmu_answers(&prcm, i));
        assert_false(prcm_core_runs(&prcm, i, 0));
        assert_int_equal(event(i, PRCM_CORE_RELEASED, 0), PRCM_NONE);
    }
    /* Nor does its power go when its clocks do. */
    assert_int_equal(prcm_peek(&prcm, 0x4ae06400) & PRCM_POWERSTATE, PRCM_ON);
}

static void cores_start_one_by_one(void **state)
{
    (void)state;
    make_live(ipu(), IPU_CORE1);
    assert_false(prcm_core_runs(&prcm, IPU, 0));
    assert_true(prcm_core_runs(&prcm, IPU, 1));
    assert_int_equal(power_running(ipu()), IPU_CORE1);
    assert_null(power_start(ipu(), IPU_CORE0));
    assert_true(prcm_core_runs(&prcm, IPU, 0));
    assert_int_equal(power_running(ipu()), IPU_CORE0 | IPU_CORE1);
}

static void ready_when_the_last_core_stops(void **state)
{
    (void)state;
    make_live(ipu(), IPU_CORE0);
    assert_null(power_start(ipu(), IPU_CORE1));
    assert_null(power_stop(ipu(), IPU_CORE0));
    assert_int_equal(ipu()->state, POWER_LIVE);
    assert_false(prcm_core_runs(&prcm, IPU, 0));
    assert_true(prcm_core_runs(&prcm, IPU, 1));
    assert_null(power_stop(ipu(), IPU_CORE1));
    assert_int_equal(ipu()->state, POWER_READY);
    assert_null(power_start(ipu(), IPU_CORE0));
    assert_int_equal(ipu()->state, POWER_LIVE);
}

static void stop_of_what_is_off_is_no_step(void **state)
{
    (void)state;
    assert_null(power_stop(dsp(), DSP_CORE));
    assert_int_equal(dsp()->state, POWER_OFF);
}

static void off_holds_the_cores_first(void **state)
{
    uint64_t end;

    (void)state;
    make_live(ipu(), IPU_CORE0);
    end = prcm.records;
    assert_null(power_off(ipu()));
    assert_int_equal(ipu()->state, POWER_OFF);
    assert_int_equal(prcm_peek(&prcm, 0x4a008900) & PRCM_CLKTRCTRL,
                     PRCM_HW_AUTO);
    assert_int_equal(event(IPU, PRCM_CORE_ASSERTED, end), end);
    assert_true(event(IPU, PRCM_CORE_STOPS, end) <
                event(IPU, PRCM_MMU_ASSERTED, end));
}

static void on_begins_from_reset(void **state)
{
    uint64_t again;

    (void)state;
    make_live(dsp(), DSP_CORE);
    again = prcm.records;
    assert_null(power_on(dsp()));
    assert_int_equal(dsp()->state, POWER_READY);
    assert_true(event(DSP, PRCM_CORE_STOPS, again) <
                event(DSP, PRCM_MMU_LOST, again));
    assert_true(event(DSP, PRCM_MMU_LOST, again) <
                event(DSP, PRCM_MMU_RELEASED, again));
}

/*
 * Repeatedly, with each status slow: each is awaited. The clock's own is not read, since
 * RSTST waits for the clock; the model counts its time in its own reads.
 */
static void slow_hardware_is_waited_for(void **state)
{
    unsigned int what, i;

    (void)state;
    for ( what = 0; what < PRCM_DELAYS; what++ )
        if ( what != PRCM_DELAY_CLOCK )
            prcm_set_delay(&prcm, DSP, what, 50);
    for ( i = 0; i < 3; i++ )
    {
        make_live(dsp(), DSP_CORE);
        assert_true(prcm_core_runs(&prcm, DSP, 0));
        assert_null(power_stop(dsp(), DSP_CORE));
        assert_false(prcm_core_runs(&prcm, DSP, 0));
        assert_null(power_start(dsp(), DSP_CORE));
        assert_null(power_off(dsp()));
    }
    assert_in_range(reads, 3 * 50, 3 * 12 * 60);
}

/* A boot loader's */

static void started_processor_is_held(void **state)
{
    struct prcm_config c = hardware;

    (void)state;
    c.unit[IPU].started = 5;
    start_with(&c);
    assert_int_equal(power_running(ipu()), IPU_CORE0);
    assert_null(power_off(ipu()));
    assert_true(event(IPU, PRCM_CORE_STOPS, 0) <
                event(IPU, PRCM_MMU_ASSERTED, 0));
}

/* Hardware that does not follow */

static void assert_not_on(enum prcm_delay what, const char *why)
{
    const char *wrong;

    never(DSP, what);
    reads = 0;
    wrong = power_on(dsp());
    assert_non_null(wrong);
    assert_string_equal(wrong, why);
    assert_int_equal(dsp()->state, POWER_OFF);
    assert_in_range(reads, POWER_POLLS, POWER_POLLS + 10);
    assert_int_equal(prcm_peek(&prcm, 0x4ae06410) & 3, 3);
    assert_int_equal(prcm_peek(&prcm, 0x4a004420) & PRCM_MODULEMODE, 0);
    prcm_set_delay(&prcm, DSP, what, 0);
    assert_null(power_on(dsp()));
    assert_null(power_off(dsp()));
}

static void on_that_fails_is_off(void **state)
{
    (void)state;
    assert_not_on(PRCM_DELAY_POWER, "its power domain does not come on");
    assert_not_on(PRCM_DELAY_RSTST, "its MMU does not come out of reset");
    assert_not_on(PRCM_DELAY_CLOCK, "its MMU does not come out of reset");
    assert_not_on(PRCM_DELAY_MODULE, "its module does not leave idle");
}

/* Its own status is not read: nothing depends on standby. */
static void standby_is_not_waited_for(void **state)
{
    (void)state;
    never(DSP, PRCM_DELAY_STANDBY);
    make_live(dsp(), DSP_CORE);
    assert_null(power_off(dsp()));
}

static void core_that_does_not_start_is_held(void **state)
{
    (void)state;
    assert_null(power_on(ipu()));
    never(IPU, PRCM_DELAY_RSTST);
    assert_string_equal(power_start(ipu(), IPU_CORE0),
                        "a core does not come out of reset");
    assert_int_equal(ipu()->state, POWER_READY);
    assert_false(prcm_core_runs(&prcm, IPU, 0));
    assert_int_equal(power_running(ipu()), 0);
}

/* It is not known whether it is out of reset. */
static void core_that_neither_starts_nor_stops_is_live(void **state)
{
    (void)state;
    assert_null(power_on(ipu()));
    never(IPU, PRCM_DELAY_RSTST);
    changes_at = reads + POWER_POLLS;
    reset_reads = PRCM_NEVER;
    assert_string_equal(power_start(ipu(), IPU_CORE0),
                        "a core does not go into reset");
    assert_int_equal(ipu()->state, POWER_LIVE);
    assert_int_equal(power_running(ipu()), IPU_CORE0);
}

/* Its reset is not forgotten when another core starts. */
static void core_that_does_not_stop_stops_later(void **state)
{
    (void)state;
    make_live(ipu(), IPU_CORE0);
    never(IPU, PRCM_DELAY_RSTCTRL);
    assert_string_equal(power_stop(ipu(), IPU_CORE0),
                        "a core does not go into reset");
    assert_string_equal(power_start(ipu(), IPU_CORE1),
                        "a core does not come out of reset");
    assert_true(prcm_core_runs(&prcm, IPU, 0));
    prcm_set_delay(&prcm, IPU, PRCM_DELAY_RSTCTRL, 0);
    assert_false(prcm_core_runs(&prcm, IPU, 0));

    assert_null(power_start(ipu(), IPU_CORE0));
    never(IPU, PRCM_DELAY_RSTCTRL);
    assert_string_equal(power_stop(ipu(), IPU_CORE0),
                        "a core does not go into reset");
    changes_at = reads + 2;
    reset_reads = 0;
    assert_null(power_start(ipu(), IPU_CORE1));
    assert_false(prcm_core_runs(&prcm, IPU, 0));
    assert_true(prcm_core_runs(&prcm, IPU, 1));
}

/* The MMU of what may run is not reset, nor its module switched off. */
static void core_that_does_not_stop_keeps_its_mmu(void **state)
{
    (void)state;
    make_live(dsp(), DSP_CORE);
    never(DSP, PRCM_DELAY_RSTCTRL);
    reads = 0;
    assert_string_equal(power_off(dsp()), "a core does not go into reset");
    assert_int_equal(reads, POWER_POLLS);
    assert_int_equal(dsp()->state, POWER_LIVE);
    assert_string_equal(power_on(dsp()), "a core does not go into reset");
    assert_string_equal(power_stop(dsp(), DSP_CORE),
                        "a core does not go into reset");
    assert_int_equal(dsp()->state, POWER_LIVE);
    assert_int_equal(event(DSP, PRCM_MMU_ASSERTED, 0), PRCM_NONE);
    assert_true(prcm_core_runs(&prcm, DSP, 0));

    prcm_set_delay(&prcm, DSP, PRCM_DELAY_RSTCTRL, 0);
    assert_null(power_off(dsp()));
    assert_int_equal(dsp()->state, POWER_OFF);
}

/* Also at boot, before anything is known of it. */
static void started_core_that_does_not_stop_is_live(void **state)
{
    struct prcm_config c = hardware;

    (void)state;
    c.unit[IPU].started = 5;
    start_with(&c);
    never(IPU, PRCM_DELAY_RSTCTRL);
    assert_string_equal(power_off(ipu()), "a core does not go into reset");
    assert_int_equal(ipu()->state, POWER_LIVE);
    assert_int_equal(event(IPU, PRCM_MMU_ASSERTED, 0), PRCM_NONE);
}

/* The release of the MMU's reset is not seen; the core's must still be held. */
static void mmu_whose_release_is_not_seen_is_off(void **state)
{
    const char *wrong;

    (void)state;
    never(IPU, PRCM_DELAY_RSTCTRL);
    wrong = power_on(ipu());
    assert_non_null(wrong);
    assert_string_equal(wrong, "its MMU does not come out of reset");
    assert_int_equal(ipu()->state, POWER_OFF);
}

/* Its cores are held all the same. */
static void mmu_that_is_not_reset_is_told(void **state)
{
    struct power p;

    (void)state;
    assert_null(power_on(dsp()));
    never(DSP, PRCM_DELAY_RSTCTRL);
    assert_string_equal(power_off(dsp()), "its MMU does not go into reset");
    assert_int_equal(dsp()->state, POWER_OFF);
    p = *dsp();
    assert_string_equal(power_on(dsp()), "its MMU does not go into reset");
    assert_memory_equal(dsp(), &p, sizeof(p));
    prcm_set_delay(&prcm, DSP, PRCM_DELAY_RSTCTRL, 0);
    assert_null(power_off(dsp()));
}

/* Others */

/* A word of resets that two share; the other one's release stays noted. */
static void words_are_shared(void **state)
{
    struct prcm_config c = hardware;

    (void)state;
    c.unit[DSP].word[PRCM_RSTCTRL] = c.unit[IPU].word[PRCM_RSTCTRL];
    c.unit[DSP].word[PRCM_RSTST] = c.unit[IPU].word[PRCM_RSTST];
    c.unit[DSP].word[PRCM_PWRSTCTRL] = c.unit[DSP].word[PRCM_PWRSTST] = 0;
    c.unit[DSP].cores = 8;
    c.unit[DSP].mmu = 16;
    start_with(&c);
    make_live(ipu(), IPU_CORE0);
    make_live(dsp(), 8);
    assert_int_equal(prcm_peek(&prcm, 0x4ae06914) & 0x1f, 4 | 1 | 16 | 8);
    assert_null(power_off(ipu()));
    assert_true(prcm_core_runs(&prcm, DSP, 0));
    assert_null(power_on(ipu()));
    assert_int_equal(prcm_peek(&prcm, 0x4ae06914) & 0x18, 0x18);
    assert_true(prcm_core_runs(&prcm, DSP, 0));
    assert_null(power_off(dsp()));
    assert_true(prcm_mmu_answers(&prcm, IPU));
}

/* RSTST is of this release, whatever an earlier one left there. */
static void old_release_is_no_sign(void **state)
{
    (void)state;
    make_live(dsp(), DSP_CORE);
    assert_null(power_stop(dsp(), DSP_CORE));
    assert_int_equal(prcm_peek(&prcm, 0x4ae06414) & 3, 3);
    never(DSP, PRCM_DELAY_RSTST);
    assert_string_equal(power_start(dsp(), DSP_CORE),
                        "a core does not come out of reset");
    assert_string_equal(power_on(dsp()), "its MMU does not come out of reset");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_is_off_stays_off),
        T(on_is_ready),
        T(cores_start_one_by_one),
        T(ready_when_the_last_core_stops),
        T(stop_of_what_is_off_is_no_step),
        T(off_holds_the_cores_first),
        T(on_begins_from_reset),
        T(slow_hardware_is_waited_for),
        T(started_processor_is_held),
        T(on_that_fails_is_off),
        T(standby_is_not_waited_for),
        T(core_that_does_not_start_is_held),
        T(core_that_neither_starts_nor_stops_is_live),
        T(core_that_does_not_stop_stops_later),
        T(core_that_does_not_stop_keeps_its_mmu),
        T(started_core_that_does_not_stop_is_live),
        T(mmu_whose_release_is_not_seen_is_off),
        T(mmu_that_is_not_reset_is_told),
        T(words_are_shared),
        T(old_release_is_no_sign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
