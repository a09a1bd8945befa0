/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The models of a DRA7 DSP: two ports with their MMUs, DSP_SYSTEM that routes them,
 * and EDMA. One property per test; registers as plain numbers.
 */
#include "dsp_system.h"
#include "edma.h"
#include "machine.h"

/* Device addresses of both MMUs; pa of the data differs. */
#define LIST 0x00100000u
#define SRC  0x00101000u
#define DST  0x00102000u
#define HOLE 0x00103000u

#define EDMA_ROOT  (RAM_BASE + 0x20000u)
#define EDMA_TABLE (RAM_BASE + 0x24000u)
#define EDMA_DATA  (RAM_BASE + 0x28000u)

#define BY_TC0 0x100u
#define BY_TC1 0x200u

struct dsp {
    struct machine *m; /* its MMU is the core's */
    struct mmu mmu;    /* EDMA's */
    struct dsp_system system;
    struct edma edma;
    bool irq;
    unsigned int resumes;
    unsigned int begins;
    uint32_t routed;
    unsigned int routings;
};

static void edma_irq(void *ctx, bool level)
{
    ((struct dsp *)ctx)->irq = level;
}

static void edma_resumed(void *ctx)
{
    ((struct dsp *)ctx)->resumes++;
}

static bool edma_table_read(void *ctx, uint32_t pa, uint32_t *value)
{
    return bus_read(((struct dsp *)ctx)->m, pa, value);
}

static bool dsp_load(void *ctx, uint32_t pa, uint32_t *value)
{
    return rproc_load(((struct dsp *)ctx)->m, pa, value);
}

static bool dsp_store(void *ctx, uint32_t pa, uint32_t value)
{
    return rproc_store(((struct dsp *)ctx)->m, pa, value);
}

static bool translated(void *ctx, enum rproc_port port)
{
    return dsp_system_translated(&((struct dsp *)ctx)->system, port);
}

static bool may_begin(void *ctx)
{
    return edma_may_begin(&((struct dsp *)ctx)->edma);
}

static bool chains(void *ctx)
{
    return edma_chains(&((struct dsp *)ctx)->edma);
}

static void started(void *ctx)
{
    edma_enable(&((struct dsp *)ctx)->edma);
}

static uint32_t busy(void *ctx)
{
    return rproc_edma_busy(&((struct dsp *)ctx)->m->rproc);
}

static uint32_t stat(void *ctx)
{
    return busy(ctx) << 1 | 1;
}

static void stop(void *ctx)
{
    rproc_stop_edma(&((struct dsp *)ctx)->m->rproc);
}

static void begin(void *ctx)
{
    ((struct dsp *)ctx)->begins++;
}

static void routed(void *ctx, uint32_t value)
{
    ((struct dsp *)ctx)->routed = value;
    ((struct dsp *)ctx)->routings++;
}

static void init_parts(struct dsp *d)
{
    const struct mmu_config mmu = {
        .tlb_entries = 32,
        .ctx = d,
        .read32 = edma_table_read,
        .irq = edma_irq,
        .resume = edma_resumed,
    };
    const struct rproc_config rproc = {
        .mmu = &d->m->mmu,
        .edma_mmu = &d->mmu,
        .ctx = d,
        .translated = translated,
        .may_begin = may_begin,
        .chains = chains,
        .started = started,
        .read32 = dsp_load,
        .write32 = dsp_store,
    };
    const struct dsp_system_config system = { d, stat, routed };
    const struct edma_config edma = { d, busy, begin, stop };

    mmu_init(&d->mmu, &mmu);
    rproc_init(&d->m->rproc, &rproc);
    dsp_system_init(&d->system, &system);
    edma_init(&d->edma, &edma);
}

static uint32_t system_get(struct dsp *d, uint32_t offset)
{
    return dsp_system_reg_read(&d->system, offset, 4);
}

static void system_set(struct dsp *d, uint32_t offset, uint32_t value)
{
    dsp_system_reg_write(&d->system, offset, 4, value);
}

static void edma_wr(struct dsp *d, uint32_t offset, uint32_t value)
{
    mmu_reg_write(&d->mmu, offset, 4, value);
}

static void edma_map(struct dsp *d, uint32_t da)
{
    *word_at(d->m, EDMA_ROOT + (da >> 20) * 4) = EDMA_TABLE | 1;
    *word_at(d->m, EDMA_TABLE + (da >> 12 & 0xff) * 4) =
        (EDMA_DATA + (da - LIST)) | 2;
}

/* Both MMUs are on, and both ports go through them. */
static int setup(void **state)
{
    struct dsp *d = calloc(1, sizeof(*d));
    uint32_t da;

    assert_non_null(d);
    d->m = machine_make(32, false);
    init_parts(d);
    for ( da = LIST; da <= DST; da += 0x1000 )
    {
        second_level(d->m, da, (DATA + (da - LIST)) | 2);
        edma_map(d, da);
    }
    walker_on(d->m);
    edma_wr(d, MMU_TTB, EDMA_ROOT);
    edma_wr(d, MMU_IRQENABLE, 0x1e);
    edma_wr(d, MMU_CNTL, 6);
    system_set(d, 0x18, 0x11);
    *state = d;

    return 0;
}

static int teardown(void **state)
{
    struct dsp *d = *state;

    free(d->m);
    free(d);

    return 0;
}

static uint32_t *core_data(struct dsp *d, uint32_t da)
{
    return word_at(d->m, DATA + (da - LIST));
}

static uint32_t *edma_data(struct dsp *d, uint32_t da)
{
    return word_at(d->m, EDMA_DATA + (da - LIST));
}

static void command(struct dsp *d, unsigned int n, uint32_t op, uint32_t dst,
                    uint32_t src, uint32_t len, uint32_t value)
{
    write_command(core_data(d, LIST) + n * RPROC_CMD_WORDS, op, dst, src, len,
                  value);
}

static uint32_t status(struct dsp *d)
{
    return rproc_reg_read(&d->m->rproc, RPROC_STATUS, 4);
}

static void start(struct dsp *d)
{
    rproc_reg_write(&d->m->rproc, RPROC_LIST, 4, LIST);
    rproc_reg_write(&d->m->rproc, RPROC_CTRL, 4, RPROC_CTRL_START);
}

static uint32_t run(struct dsp *d)
{
    start(d);
    while ( rproc_run(&d->m->rproc, 1000) )
        ;

    return status(d);
}

static uint32_t cc(struct dsp *d, uint32_t offset)
{
    return edma_cc_read(&d->edma, offset, 4);
}

static void cc_set(struct dsp *d, uint32_t offset, uint32_t value)
{
    edma_cc_write(&d->edma, offset, 4, value);
}

/*
 * Ports
 */

static void edma_moves_data_by_its_own_mmu(void **state)
{
    struct dsp *d = *state;

    *core_data(d, SRC) = 1;
    *edma_data(d, SRC) = 2;
    command(d, 0, RPROC_OP_COPY | BY_TC0, DST, SRC, 4, 0);
    command(d, 1, RPROC_OP_FILL | BY_TC1, DST + 8, 0, 4, 7);
    command(d, 2, RPROC_OP_COPY, DST + 4, SRC, 4, 0);
    assert_int_equal(run(d), RPROC_DONE);
    assert_int_equal(edma_data(d, DST)[0], 2);
    assert_int_equal(edma_data(d, DST)[2], 7);
    assert_int_equal(core_data(d, DST)[0], 0);
    assert_int_equal(core_data(d, DST)[1], 1);
    assert_int_equal(core_data(d, DST)[2], 0);
    assert_int_equal(edma_data(d, DST)[1], 0);
}

static void core_writes_the_result_of_what_edma_reads(void **state)
{
    struct dsp *d = *state;

    edma_data(d, SRC)[0] = 30;
    edma_data(d, SRC)[1] = 12;
    command(d, 0, RPROC_OP_SUM | BY_TC0, 0, SRC, 8, 0);
    command(d, 1, RPROC_OP_PROBE | BY_TC1, 0, SRC + 4, 0, 0);
    assert_int_equal(run(d), RPROC_DONE);
    assert_int_equal(core_data(d, LIST)[5], 42);
    assert_int_equal(core_data(d, LIST)[8 + 5], 12);
    assert_int_equal(edma_data(d, LIST)[5], 0);
}

static void fault_of_edma_stalls_until_its_mmu_is_acknowledged(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, HOLE, 0, 4, 7);
    assert_int_equal(run(d), RPROC_RUNNING);
    assert_true(d->irq);
    assert_false(d->m->irq);
    assert_int_equal(mmu_reg_read(&d->mmu, MMU_FAULT_AD, 4), HOLE);
    edma_map(d, HOLE);
    edma_wr(d, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    assert_int_equal(d->resumes, 1);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(status(d), RPROC_DONE);
    assert_int_equal(*edma_data(d, HOLE), 7);
}

static void reset_of_edma_takes_the_request_from_its_mmu(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, HOLE, 0, 4, 7);
    assert_int_equal(run(d), RPROC_RUNNING);
    assert_int_not_equal(d->mmu.stall, 0);
    rproc_hold(&d->m->rproc);
    assert_int_not_equal(d->mmu.stall, 0);
    assert_int_equal(status(d), RPROC_IDLE);
    edma_reset(&d->edma);
    assert_int_equal(d->mmu.stall, 0);
    assert_int_equal(cc(d, 0x640), 0);
    edma_map(d, HOLE);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(d->m->stores, 0);
}

static void written_reset_stops_edma(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, HOLE, 0, 4, 7);
    assert_int_equal(run(d), RPROC_RUNNING);
    rproc_reg_write(&d->m->rproc, RPROC_CTRL, 4, RPROC_CTRL_RESET);
    assert_int_equal(d->mmu.stall, 0);
    assert_int_equal(cc(d, 0x640), 0);
}

/* The core fetched 5 words before; EDMA stored two of the 16. */
static void edma_goes_on_when_the_core_is_held(void **state)
{
    struct dsp *d = *state;
    unsigned int loads;

    command(d, 0, RPROC_OP_FILL | BY_TC1, DST, 0, 64, 7);
    start(d);
    assert_true(rproc_run(&d->m->rproc, 8));
    assert_int_equal(d->m->stores, 2);
    loads = d->m->loads;
    rproc_hold(&d->m->rproc);
    assert_int_equal(status(d), RPROC_IDLE);
    assert_int_equal(edma_tc_read(&d->edma, 1, 0x100, 4), 0x113);
    assert_true(rproc_run(&d->m->rproc, 13));
    assert_int_equal(d->m->stores, 15);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(d->m->stores, 16);
    assert_int_equal(d->m->loads, loads);
    assert_int_equal(cc(d, 0x640), 0);
    assert_int_equal(status(d), RPROC_IDLE);
}

static void result_without_the_core_is_lost(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_SUM | BY_TC0, 0, SRC, 8, 0);
    start(d);
    assert_true(rproc_run(&d->m->rproc, 6));
    rproc_hold(&d->m->rproc);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(d->m->loads, 5 + 2);
    assert_int_equal(d->m->stores, 0);
}

static void fault_of_edma_behind_a_held_core_can_be_resumed(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, HOLE, 0, 4, 7);
    assert_int_equal(run(d), RPROC_RUNNING);
    rproc_hold(&d->m->rproc);
    edma_map(d, HOLE);
    edma_wr(d, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    assert_int_equal(d->resumes, 1);
    assert_false(rproc_run(&d->m->rproc, 1));
    assert_int_equal(*edma_data(d, HOLE), 7);
}

static void bus_error_ends_edma_behind_a_held_core(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, HOLE, 0, 8, 7);
    assert_int_equal(run(d), RPROC_RUNNING);
    rproc_hold(&d->m->rproc);
    *word_at(d->m, EDMA_TABLE + 3 * 4) = NOWHERE | 2;
    edma_wr(d, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(d->m->stores, 1);
    assert_int_equal(cc(d, 0x640), 0);
    assert_int_equal(status(d), RPROC_IDLE);
}

static void next_start_ends_what_edma_does(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, HOLE, 0, 8, 7);
    assert_int_equal(run(d), RPROC_RUNNING);
    rproc_hold(&d->m->rproc);
    command(d, 0, RPROC_OP_FILL, DST, 0, 8, 7);
    rproc_release(&d->m->rproc, LIST);
    assert_int_equal(d->mmu.stall, 0);
    assert_int_equal(cc(d, 0x640), 0);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(status(d), RPROC_DONE);
    assert_int_equal(d->m->stores, 2);
}

static void what_waits_for_an_event_does_not_go_on(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, DST, 0, 8, 7);
    start(d);
    assert_true(rproc_run(&d->m->rproc, 5));
    rproc_hold(&d->m->rproc);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(d->m->stores, 0);
}

static void only_one_controller_moves_data(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0 | BY_TC1, DST, 0, 4, 7);
    assert_int_equal(run(d), RPROC_BAD_COMMAND);
    command(d, 0, RPROC_OP_JUMP | BY_TC0, LIST, 0, 4, 7);
    assert_int_equal(run(d), RPROC_BAD_COMMAND);
    command(d, 0, RPROC_OP_END | BY_TC0, 0, 0, 4, 7);
    assert_int_equal(run(d), RPROC_BAD_COMMAND);
}

static void without_edma_its_commands_are_bad(void **state)
{
    struct dsp *d = *state;

    d->m->rproc.config.edma_mmu = NULL;
    command(d, 0, RPROC_OP_FILL | BY_TC0, DST, 0, 4, 7);
    assert_int_equal(run(d), RPROC_BAD_COMMAND);
    assert_int_equal(d->m->stores, 0);
}

/*
 * DSP_SYSTEM
 */

static void system_begins_around_both_mmus(void **state)
{
    struct dsp *d = *state;

    dsp_system_reset(&d->system);
    assert_int_equal(system_get(d, 0x18), 0);
    assert_int_equal(system_get(d, 0x08), 0x28);
    assert_false(dsp_system_translated(&d->system, 0));
    assert_false(dsp_system_translated(&d->system, 1));
    assert_int_not_equal(system_get(d, 0x00), 0);
}

static void around_its_mmu_a_port_is_untranslated(void **state)
{
    struct dsp *d = *state;

    system_set(d, 0x18, 1);
    command(d, 0, RPROC_OP_FILL | BY_TC0, DATA + 0x2000, 0, 4, 7);
    command(d, 1, RPROC_OP_FILL, DST + 4, 0, 4, 8);
    assert_int_equal(run(d), RPROC_DONE);
    assert_int_equal(core_data(d, DST)[0], 7);
    assert_int_equal(core_data(d, DST)[1], 8);
    assert_int_equal(d->mmu.stats.walks, 0);
}

static void each_bit_is_of_its_port(void **state)
{
    struct dsp *d = *state;

    system_set(d, 0x18, 0x10);
    assert_false(dsp_system_translated(&d->system, 0));
    assert_true(dsp_system_translated(&d->system, 1));
    system_set(d, 0x18, 0x01);
    assert_true(dsp_system_translated(&d->system, 0));
    assert_false(dsp_system_translated(&d->system, 1));
}

static void a_stalled_request_stays_with_its_mmu(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, HOLE, 0, 4, 7);
    assert_int_equal(run(d), RPROC_RUNNING);
    system_set(d, 0x18, 1);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(status(d), RPROC_RUNNING);
    edma_wr(d, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    rproc_run(&d->m->rproc, 1000);
    assert_int_equal(status(d), RPROC_BUS_ERROR);
}

static void soft_reset_of_the_system_opens_both_ports(void **state)
{
    struct dsp *d = *state;

    system_set(d, 0x08, 0xffffffff & ~1u);
    assert_int_equal(system_get(d, 0x08), 0x3e);
    d->routings = 0;
    system_set(d, 0x08, 0x39);
    assert_int_equal(system_get(d, 0x08), 0x28);
    assert_int_equal(system_get(d, 0x18), 0);
    assert_int_equal(d->routings, 1);
    assert_int_equal(d->routed, 0);
}

static void system_has_its_registers_only(void **state)
{
    struct dsp *d = *state;
    uint32_t offset;

    for ( offset = 0; offset < 0x1000; offset += 4 )
        if ( offset != 0x08 )
            system_set(d, offset, 0xffffffff);
    assert_int_equal(system_get(d, 0x18), 0x1111);
    assert_int_equal(d->routed, 0x1111);
    for ( offset = 0x04; offset < 0x1000; offset += 4 )
        if ( offset != 0x08 && offset != 0x0c && offset != 0x18 )
            assert_int_equal(system_get(d, offset), 0);
}

static void system_is_written_by_words(void **state)
{
    struct dsp *d = *state;

    dsp_system_reg_write(&d->system, 0x18, 1, 0);
    dsp_system_reg_write(&d->system, 0x08, 2, 1);
    assert_int_equal(system_get(d, 0x18), 0x11);
    assert_int_equal(dsp_system_reg_read(&d->system, 0x18, 1), 0x11);
    assert_int_equal(dsp_system_reg_read(&d->system, 0x19, 1), 0);
    assert_int_equal(dsp_system_reg_read(&d->system, 0x18, 2), 0x11);
}

static void stat_tells_what_is_at_work(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC1, HOLE, 0, 4, 7);
    assert_int_equal(system_get(d, 0x0c), 1);
    assert_int_equal(run(d), RPROC_RUNNING);
    assert_int_equal(system_get(d, 0x0c), 5);
}

/*
 * EDMA
 */

static void activity_shows_from_the_first_access_to_the_last(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, DST, 0, 8, 7);
    command(d, 1, RPROC_OP_FILL, DST, 0, 8, 7);
    start(d);
    assert_true(rproc_run(&d->m->rproc, 5));
    assert_int_equal(cc(d, 0x640), 0);
    assert_true(rproc_run(&d->m->rproc, 1)); /* begins */
    assert_int_equal(cc(d, 0x640), 0x15);
    assert_int_equal(edma_tc_read(&d->edma, 0, 0x100, 4), 0x113);
    assert_int_equal(edma_tc_read(&d->edma, 1, 0x100, 4), 0x100);
    assert_true(rproc_run(&d->m->rproc, 1));
    assert_int_equal(cc(d, 0x640), 0x15);
    assert_true(rproc_run(&d->m->rproc, 1));
    assert_int_equal(cc(d, 0x640), 0);
    assert_int_equal(edma_tc_read(&d->edma, 0, 0x100, 4), 0x100);
    assert_true(rproc_run(&d->m->rproc, 6)); /* in the core's command */
    assert_int_equal(cc(d, 0x640), 0);
}

static void activity_is_of_the_controller_that_works(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC1, HOLE, 0, 8, 7);
    assert_int_equal(run(d), RPROC_RUNNING);
    assert_int_equal(cc(d, 0x640), 0x15);
    assert_int_equal(edma_tc_read(&d->edma, 0, 0x100, 4), 0x100);
    assert_int_equal(edma_tc_read(&d->edma, 1, 0x100, 4), 0x113);
    assert_int_equal(edma_tc_read(&d->edma, 1, 0x101, 1), 0x01);
    rproc_hold(&d->m->rproc);
    assert_int_equal(cc(d, 0x640), 0x15);
    edma_reset(&d->edma);
    assert_int_equal(cc(d, 0x640), 0);
}

static void clear_all_events(struct dsp *d)
{
    cc_set(d, 0x1028, ~0u);
    cc_set(d, 0x102c, ~0u);
    cc_set(d, 0x1088, ~0u);
}

static void without_events_nothing_begins(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, DST, 0, 8, 7);
    start(d);
    clear_all_events(d);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(status(d), RPROC_RUNNING);
    assert_int_equal(d->m->stores, 0);
    assert_int_equal(cc(d, 0x640), 0);
    cc_set(d, 0x1030, 0);
    assert_int_equal(d->begins, 0);
    cc_set(d, 0x1030, 1u << 31);
    assert_int_equal(d->begins, 1);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(status(d), RPROC_DONE);
    assert_int_equal(d->m->stores, 2);
}

static void any_event_that_is_left_begins_a_transfer(void **state)
{
    static const uint32_t clear[] = { 0x1028, 0x102c, 0x1088 };
    struct dsp *d = *state;
    unsigned int left, i;

    for ( left = 0; left < 3; left++ )
    {
        edma_enable(&d->edma);
        for ( i = 0; i < 3; i++ )
            if ( i != left )
                cc_set(d, clear[i], ~0u);
        assert_true(edma_may_begin(&d->edma));
        cc_set(d, clear[left], 0x7f);
        assert_true(edma_may_begin(&d->edma));
        cc_set(d, clear[left], ~0u);
        assert_false(edma_may_begin(&d->edma));
    }
}

static void what_has_begun_goes_on_without_events(void **state)
{
    struct dsp *d = *state;

    command(d, 0, RPROC_OP_FILL | BY_TC0, DST, 0, 64, 7);
    start(d);
    assert_true(rproc_run(&d->m->rproc, 8));
    assert_int_equal(d->m->stores, 2);
    clear_all_events(d);
    assert_false(rproc_run(&d->m->rproc, 1000));
    assert_int_equal(status(d), RPROC_DONE);
    assert_int_equal(d->m->stores, 16);
}

/* Without an event, and without the core; a set that moves nothing ends it. */
static void chained_transfer_begins_again(void **state)
{
    struct dsp *d = *state;

    assert_int_equal(cc(d, EDMA_CCCFG), 3u << 12);
    cc_set(d, EDMA_SET(127), EDMA_TCCHEN);
    assert_false(edma_chains(&d->edma));
    cc_set(d, EDMA_SET(127) + 0x1c, 1);
    cc_set(d, EDMA_SET(127) + 0x08, 1);
    assert_int_equal(cc(d, EDMA_SET(127)), EDMA_TCCHEN);
    command(d, 0, RPROC_OP_FILL | BY_TC0, DST, 0, 64, 7);
    start(d);
    assert_true(rproc_run(&d->m->rproc, 8));
    rproc_hold(&d->m->rproc);
    clear_all_events(d);
    assert_true(rproc_run(&d->m->rproc, 100));
    assert_int_equal(cc(d, EDMA_CCSTAT), 0x15);
    cc_set(d, EDMA_SET(127) + 0x08, 0);
    assert_true(rproc_run(&d->m->rproc, 100));
    cc_set(d, EDMA_SET(127) + 0x1c, 0);
    assert_false(rproc_run(&d->m->rproc, 100));
    assert_int_equal(cc(d, EDMA_CCSTAT), 0);
    assert_int_equal(d->m->stores, 16 * (202 / 16 + 1));
}

static void each_start_enables_the_events(void **state)
{
    struct dsp *d = *state;

    assert_int_equal(cc(d, 0x1020), 0);
    start(d);
    assert_int_equal(cc(d, 0x1020), 0xffffffff);
    assert_int_equal(cc(d, 0x1024), 0xffffffff);
    assert_int_equal(cc(d, 0x1084), 0xff);
    edma_reset(&d->edma);
    rproc_hold(&d->m->rproc);
    assert_int_equal(cc(d, 0x1020), 0);
    rproc_release(&d->m->rproc, LIST);
    assert_int_equal(cc(d, 0x1020), 0xffffffff);
}

static void events_are_set_and_cleared_by_bits(void **state)
{
    struct dsp *d = *state;

    cc_set(d, 0x1030, 0x0f0f0f0f);
    cc_set(d, 0x1034, 0xf0f0f0f0);
    cc_set(d, 0x108c, 0xffffffff);
    cc_set(d, 0x1028, 0x0000ffff);
    cc_set(d, 0x102c, 0xffff0000);
    cc_set(d, 0x1088, 0x0f);
    assert_int_equal(cc(d, 0x1020), 0x0f0f0000);
    assert_int_equal(cc(d, 0x1024), 0x0000f0f0);
    assert_int_equal(cc(d, 0x1084), 0xf0);
    edma_cc_write(&d->edma, 0x1028, 2, 0xffff);
    edma_cc_write(&d->edma, 0x102c, 1, 0xff);
    assert_int_equal(cc(d, 0x1024), 0x0000f0f0);
    assert_int_equal(edma_cc_read(&d->edma, 0x1022, 2), 0x0f0f);
    assert_int_equal(edma_cc_read(&d->edma, 0x1087, 1), 0);
}

static void edma_has_its_registers_only(void **state)
{
    struct dsp *d = *state;
    uint32_t offset;

    for ( offset = 0; offset < 0x4000; offset += 4 )
        if ( offset < 0x1030 || offset > 0x108c )
            cc_set(d, offset, 0xffffffff);
    for ( offset = 8; offset < 0x4000; offset += 4 )
        assert_int_equal(cc(d, offset), 0);
    assert_int_not_equal(cc(d, 0), 0);
    cc_set(d, EDMA_SET(EDMA_SETS), 0xffffffff);
    assert_int_equal(cc(d, EDMA_SET(EDMA_SETS)), 0);
    for ( offset = 4; offset < 0x1000; offset += 4 )
        assert_int_equal(edma_tc_read(&d->edma, 0, offset, 4),
                         offset == 0x100 ? 0x100 : 0);
    assert_int_not_equal(edma_tc_read(&d->edma, 0, 0, 4), 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(edma_moves_data_by_its_own_mmu),
        T(core_writes_the_result_of_what_edma_reads),
        T(fault_of_edma_stalls_until_its_mmu_is_acknowledged),
        T(reset_of_edma_takes_the_request_from_its_mmu),
        T(written_reset_stops_edma),
        T(edma_goes_on_when_the_core_is_held),
        T(result_without_the_core_is_lost),
        T(fault_of_edma_behind_a_held_core_can_be_resumed),
        T(bus_error_ends_edma_behind_a_held_core),
        T(next_start_ends_what_edma_does),
        T(what_waits_for_an_event_does_not_go_on),
        T(only_one_controller_moves_data),
        T(without_edma_its_commands_are_bad),
        T(system_begins_around_both_mmus),
        T(around_its_mmu_a_port_is_untranslated),
        T(each_bit_is_of_its_port),
        T(a_stalled_request_stays_with_its_mmu),
        T(soft_reset_of_the_system_opens_both_ports),
        T(system_has_its_registers_only),
        T(system_is_written_by_words),
        T(stat_tells_what_is_at_work),
        T(activity_shows_from_the_first_access_to_the_last),
        T(activity_is_of_the_controller_that_works),
        T(without_events_nothing_begins),
        T(any_event_that_is_left_begins_a_transfer),
        T(what_has_begun_goes_on_without_events),
        T(chained_transfer_begins_again),
        T(each_start_enables_the_events),
        T(events_are_set_and_cleared_by_bits),
        T(edma_has_its_registers_only),
    };

    return cmocka_run_group_tests_name("model/dsp", tests, NULL, NULL);
}
