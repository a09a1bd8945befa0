/* SPDX-License-Identifier: GPL-2.0-only */
#include "access.h"
#include "hw.h"
#include "processor.h"

/* In the page of the PRCM, whose other bits are others'. */
#define PAGE 0x4ae06000u
#define FILL 0xa5c3965au

#define CORES 3u /* two */
#define MMU   4u

/* What goes wrong, and when */

static bool any_slow(const struct prcm *prcm)
{
    unsigned int i;

    for ( i = 0; i < PRCM_DELAYS; i++ )
        if ( prcm->unit[0].delay[i] )
            return true;

    return false;
}

static bool all_in_reset(const struct prcm *prcm)
{
    return !(~prcm_peek(prcm, prcm->config.unit[0].word[PRCM_RSTCTRL]) & CORES);
}

/* The MMU's registers may be lost: processor.h says when. */
static bool may_lose_power(const struct machine_processor *p)
{
    return all_in_reset(&p->prcm) && !p->in_release && !any_slow(&p->prcm);
}

static void lose_power(struct machine_processor *p)
{
    p->lost = true;
    prcm_power_failure(&p->prcm, 0);
}

/* The host accesses a word, or a register of the MMU. */
static void pass(struct machine_processor *p, bool word)
{
    bool counts = p->failing == POWER_FAILURE ? may_lose_power(p) : word;

    p->accesses += word;
    if ( !counts || !p->fail_at || --p->fail_at )
        return;

    p->failures++;
    if ( p->failing == POWER_FAILURE )
        lose_power(p);
    else
        prcm_set_delay(&p->prcm, 0, p->failing, p->fail_reads);
}

/* The core's operations */

static struct machine_processor *to_processor(struct power *power)
{
    return (struct machine_processor *)power;
}

/* power.h and the model name the words alike. */
static uint32_t address(const struct machine_processor *p, enum power_word word)
{
    return p->prcm.config.unit[0].word[word];
}

static uint32_t word_read(struct power *power, enum power_word word)
{
    struct machine_processor *p = to_processor(power);

    pass(p, true);

    return prcm_read(&p->prcm, address(p, word), 4);
}

static void word_write(struct power *power, enum power_word word,
                       uint32_t value)
{
    struct machine_processor *p = to_processor(power);

    pass(p, true);
    prcm_write(&p->prcm, address(p, word), 4, value);
}

static void word_update(struct power *power, enum power_word word,
                        uint32_t mask, uint32_t value)
{
    uint32_t old = word_read(power, word);

    word_write(power, word, (old & ~mask) | value);
}

static const struct power_ops ops = { word_read, word_write, word_update };

/* What must hold */

/* The MMU walks a table of the host's. */
static bool is_armed(const struct machine *m)
{
    const uint32_t on = CNTL_MMUENABLE | CNTL_TWLENABLE;
    uint32_t ttb = mmu_reg_read(&m->mmu, MMU_TTB, 4);

    return (mmu_reg_read(&m->mmu, MMU_CNTL, 4) & on) == on &&
           (ttb == HOST_EMPTY || ttb == HOST_ROOT);
}

void processor_check(struct machine *m)
{
    const struct machine_processor *p = &m->processor;

    if ( !m->options.processor )
        return;
    if ( p->prcm.foreign_changes )
        machine_wrong(m, "bits of others at %#x changed", p->prcm.foreign_addr);
    if ( !machine_runs(m) )
        return;
    if ( p->power.state != POWER_LIVE )
        machine_wrong(m, "a core runs that the host takes for stopped");
    if ( !prcm_mmu_answers(&p->prcm, 0) )
        machine_wrong(m, "a core runs behind an MMU that is off");
    if ( !is_armed(m) )
        machine_wrong(m, "a core runs behind an MMU that is not armed");
}

/* Its reset does not take effect. */
static bool is_stuck(const struct machine *m)
{
    return m->processor.prcm.unit[0].delay[PRCM_DELAY_RSTCTRL] == PRCM_NEVER;
}

void processor_check_end(struct machine *m, const char *what)
{
    if ( m->options.processor && m->ending && machine_runs(m) && !is_stuck(m) )
        machine_wrong(m, "%s, the domain ends, and a core runs", what);
}

static void check_start(struct machine *m)
{
    if ( !m->assigned || m->vmmu.state == VMMU_RELEASED )
        machine_wrong(m, "a core starts, and nobody has the MMU");
    if ( !is_armed(m) )
        machine_wrong(m, "a core starts behind an MMU that is not armed");
}

/* The model's callbacks */

static void core_changed(void *ctx, unsigned int unit, unsigned int core,
                         bool runs, uint32_t boot)
{
    struct machine *m = ctx;

    (void)unit, (void)boot;
    if ( runs )
        check_start(m);
    else if ( m->request.open && m->request.core == core )
        machine_withdraw(m);
}

static void registers_lost(void *ctx, unsigned int unit)
{
    struct machine *m = ctx;

    (void)unit;
    mmu_reset(&m->mmu);
    m->reach_known = false;
}

static void recorded(void *ctx, unsigned int unit, enum prcm_event event,
                     uint32_t value)
{
    struct machine *m = ctx;

    (void)unit;
    if ( event == PRCM_MMU_ABSENT )
        machine_wrong(m, "register %#x of an MMU that is off", value);
    if ( event == PRCM_MMU_ASSERTED && machine_runs(m) )
        machine_wrong(m, "the MMU is reset, and a core runs");
}

bool processor_mmu_read(struct machine *m, unsigned int offset)
{
    if ( !m->options.processor )
        return true;
    pass(&m->processor, false);

    return prcm_mmu_read(&m->processor.prcm, 0, offset);
}

bool processor_mmu_write(struct machine *m, unsigned int offset, uint32_t value)
{
    if ( !m->options.processor )
        return true;
    pass(&m->processor, false);

    return prcm_mmu_write(&m->processor.prcm, 0, offset, 4, value);
}

/* The host: xen/processor.c, without its messages */

void processor_init(struct machine *m)
{
    struct machine_processor *p = &m->processor;
    const struct prcm_config config = {
        .unit = { { .word = { PAGE + 0x510, PAGE + 0x514, PAGE + 0x500,
                              PAGE + 0x504, PAGE + 0x900, PAGE + 0x920 },
                    .cores = CORES,
                    .mmu = MMU } },
        .units = 1,
        .page = { { PAGE, FILL } },
        .pages = 1,
        .ctx = m,
        .core = core_changed,
        .lost = registers_lost,
        .event = recorded,
    };

    if ( !m->options.processor )
        return;
    prcm_init(&p->prcm, &config);
    prcm_reset(&p->prcm);
    p->power = (struct power){
        .ops = &ops,
        .cores = CORES,
        .mmu = MMU,
        .switched = true,
    };
    power_off(&p->power);
}

bool processor_on(struct machine *m)
{
    m->processor.held = CORES;

    return !m->options.processor || !power_on(&m->processor.power);
}

void processor_take(struct machine *m)
{
    if ( m->options.processor )
        power_stop(&m->processor.power, CORES);
}

void processor_off(struct machine *m)
{
    if ( m->options.processor )
        power_off(&m->processor.power);
}

static bool may_act(const struct machine *m)
{
    return m->assigned && m->vmmu.state != VMMU_RELEASED && !m->locked &&
           !m->answering && !m->processor.busy;
}

static void begin_act(struct machine *m)
{
    m->processor.busy = true;
    m->processor.lost = false;
}

/* Hardware that is well does what it is told. */
static bool end_act(struct machine *m, bool done, const char *what)
{
    struct machine_processor *p = &m->processor;

    p->busy = false;
    if ( !done && !p->lost && !any_slow(&p->prcm) )
        machine_wrong(m, "%s is refused, and the hardware is well", what);

    return done;
}

/* A core goes only while its MMU walks what the host wrote. */
static bool start(struct machine *m, uint32_t core)
{
    struct machine_processor *p = &m->processor;
    bool started;

    oracle_started(&m->oracle);
    if ( !vmmu_start(&m->vmmu) )
        return false;

    p->in_release = true;
    started = !power_start(&p->power, core);
    p->in_release = false;
    if ( started )
        p->held &= ~core;

    return started;
}

bool machine_start(struct machine *m, unsigned int core)
{
    if ( !m->options.processor || !(m->processor.held & 1u << core) )
        return true;
    if ( !may_act(m) )
        return false;
    begin_act(m);

    return end_act(m, start(m, 1u << core), "a start");
}

static bool stop(struct machine *m, uint32_t core)
{
    struct machine_processor *p = &m->processor;
    bool stopped = !power_stop(&p->power, core);

    p->held |= core;
    if ( stopped )
        vmmu_stopped(&m->vmmu);

    return stopped;
}

bool machine_stop(struct machine *m, unsigned int core)
{
    if ( !m->options.processor || (m->processor.held & 1u << core) )
        return true;
    if ( !may_act(m) )
        return false;
    begin_act(m);

    return end_act(m, stop(m, 1u << core), "a stop");
}

/* What goes wrong */

void machine_power_failure(struct machine *m)
{
    if ( m->options.processor && may_lose_power(&m->processor) )
        lose_power(&m->processor);
}

void machine_slow(struct machine *m, enum prcm_delay what, uint32_t reads)
{
    if ( m->options.processor )
        prcm_set_delay(&m->processor.prcm, 0, what, reads);
}

bool machine_is_slow(const struct machine *m)
{
    return any_slow(&m->processor.prcm);
}

void machine_heal(struct machine *m)
{
    unsigned int i;

    for ( i = 0; i < PRCM_DELAYS; i++ )
        machine_slow(m, i, 0);
}
