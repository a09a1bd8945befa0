/* SPDX-License-Identifier: GPL-2.0-only */
/* The model of the scripted processor: one property per test. */
#include "machine.h"

/* Device addresses: one page each, in the slot of the table at TABLE. */
#define LIST 0x00100000u
#define SRC  0x00101000u
#define DST  0x00102000u
#define HOLE 0x00103000u

static uint32_t *data_at(struct machine *s, uint32_t da)
{
    return word_at(s, DATA + (da - LIST));
}

static void map_page(struct machine *s, uint32_t da)
{
    second_level(s, da, (DATA + (da - LIST)) | 2);
}

static int setup(void **state)
{
    struct machine *s = machine_make(32, true);

    map_page(s, LIST);
    map_page(s, SRC);
    map_page(s, DST);
    walker_on(s);
    *state = s;

    return 0;
}

static int teardown(void **state)
{
    free(*state);

    return 0;
}

static void command(struct machine *s, unsigned int n, uint32_t op,
                    uint32_t dst, uint32_t src, uint32_t len, uint32_t value)
{
    uint32_t *cmd = data_at(s, LIST) + n * RPROC_CMD_WORDS;

    write_command(cmd, op, dst, src, len, value);
    cmd[5] = 0xcccccccc;
}

static uint32_t result_of(struct machine *s, unsigned int n)
{
    return data_at(s, LIST)[n * RPROC_CMD_WORDS + 5];
}

static uint32_t reg(struct machine *s, uint32_t offset)
{
    return rproc_reg_read(&s->rproc, offset, 4);
}

static void set_reg(struct machine *s, uint32_t offset, uint32_t value)
{
    rproc_reg_write(&s->rproc, offset, 4, value);
}

static void start(struct machine *s)
{
    set_reg(s, RPROC_LIST, LIST);
    set_reg(s, RPROC_CTRL, RPROC_CTRL_START);
}

static uint32_t run(struct machine *s)
{
    start(s);
    while ( rproc_run(&s->rproc, 1000) )
        ;

    return reg(s, RPROC_STATUS);
}

/* 1, 2, 3, ... at src */
static void count_up(struct machine *s, unsigned int words)
{
    unsigned int i;

    for ( i = 0; i < words; i++ )
        data_at(s, SRC)[i] = i + 1;
}

/*
 * Registers
 */

static void after_reset_it_is_idle(void **state)
{
    struct machine *s = *state;

    assert_int_equal(reg(s, RPROC_ID), RPROC_ID_VALUE);
    assert_int_equal(reg(s, RPROC_CTRL), 0);
    assert_int_equal(reg(s, RPROC_LIST), 0);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_IDLE);
    assert_int_equal(reg(s, RPROC_COUNT), 0);
    assert_false(rproc_run(&s->rproc, 10));
    assert_int_equal(s->loads, 0);
}

static void list_reads_back(void **state)
{
    set_reg(*state, RPROC_LIST, 0x12345678);
    assert_int_equal(reg(*state, RPROC_LIST), 0x12345678);
}

static void narrow_writes_are_ignored(void **state)
{
    struct machine *s = *state;

    set_reg(s, RPROC_LIST, LIST);
    rproc_reg_write(&s->rproc, RPROC_LIST, 2, 0xffff);
    rproc_reg_write(&s->rproc, RPROC_CTRL, 1, RPROC_CTRL_START);
    assert_int_equal(reg(s, RPROC_LIST), LIST);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_IDLE);
}

static void narrow_reads_return_their_part(void **state)
{
    struct machine *s = *state;

    assert_int_equal(rproc_reg_read(&s->rproc, RPROC_ID + 1, 1), 0x52);
    assert_int_equal(rproc_reg_read(&s->rproc, RPROC_ID + 2, 2), 0x5250);
}

static void start_only_starts(void **state)
{
    struct machine *s = *state;

    start(s);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_RUNNING);
    assert_int_equal(s->loads, 0);
}

static void start_is_ignored_while_running(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_PROBE, 0, SRC, 0, 0);
    start(s);
    rproc_run(&s->rproc, 3);
    set_reg(s, RPROC_CTRL, RPROC_CTRL_START);
    rproc_run(&s->rproc, 1000);
    assert_int_equal(s->loads, 5 + 1 + 1);
}

static void start_runs_again_and_counts_anew(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_PROBE, 0, SRC, 0, 0);
    assert_int_equal(run(s), RPROC_DONE);
    assert_int_equal(run(s), RPROC_DONE);
    assert_int_equal(reg(s, RPROC_COUNT), 1);
}

static void reset_stops_at_once(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_FILL, DST, 0, 64, 7);
    start(s);
    rproc_run(&s->rproc, 8);
    set_reg(s, RPROC_CTRL, RPROC_CTRL_RESET);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_IDLE);
    assert_false(rproc_run(&s->rproc, 1000));
    assert_int_equal(s->stores, 3);
}

static void reset_cancels_a_stalled_access(void **state)
{
    struct machine *s = *state;
    uint32_t pa;

    command(s, 0, RPROC_OP_PROBE, 0, HOLE, 0, 0);
    assert_int_equal(run(s), RPROC_RUNNING);
    set_reg(s, RPROC_CTRL, RPROC_CTRL_RESET);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_IDLE);
    assert_int_equal(mmu_translate(&s->mmu, SRC, false, &pa), MMU_OK);
}

static void reset_and_start_written_together_start_anew(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_PROBE, 0, HOLE, 0, 0);
    assert_int_equal(run(s), RPROC_RUNNING);
    command(s, 0, RPROC_OP_PROBE, 0, SRC, 0, 0);
    set_reg(s, RPROC_CTRL, RPROC_CTRL_RESET | RPROC_CTRL_START);
    assert_false(rproc_run(&s->rproc, 1000));
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_DONE);
}

static void hardware_reset_clears_the_registers(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_PROBE, 0, SRC, 0, 0);
    assert_int_equal(run(s), RPROC_DONE);
    rproc_reset(&s->rproc);
    s->loads = 0;
    after_reset_it_is_idle(state);
}

/*
 * Reset line
 */

static void release_starts_at_the_boot_address(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_PROBE, 0, SRC, 0, 0);
    count_up(s, 1);
    rproc_hold(&s->rproc);
    rproc_release(&s->rproc, LIST);
    assert_int_equal(reg(s, RPROC_LIST), LIST);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_RUNNING);
    assert_int_equal(s->loads, 0);
    assert_false(rproc_run(&s->rproc, 1000));
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_DONE);
    assert_int_equal(reg(s, RPROC_COUNT), 1);
    assert_int_equal(result_of(s, 0), 1);
}

static void idle_release_waits_for_start(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_PROBE, 0, SRC, 0, 0);
    rproc_hold(&s->rproc);
    rproc_release_idle(&s->rproc);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_IDLE);
    assert_false(rproc_run(&s->rproc, 10));
    assert_int_equal(s->loads, 0);
    assert_int_equal(run(s), RPROC_DONE);
}

static void start_is_ignored_while_held(void **state)
{
    struct machine *s = *state;

    rproc_hold(&s->rproc);
    start(s);
    set_reg(s, RPROC_CTRL, RPROC_CTRL_RESET | RPROC_CTRL_START);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_IDLE);
    assert_false(rproc_run(&s->rproc, 10));
    assert_int_equal(s->loads, 0);
    assert_int_equal(reg(s, RPROC_ID), RPROC_ID_VALUE);
}

static void hold_stops_and_clears(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_PROBE, 0, SRC, 0, 0);
    assert_int_equal(run(s), RPROC_DONE);
    start(s);
    rproc_run(&s->rproc, 3);
    s->loads = 0;
    rproc_hold(&s->rproc);
    after_reset_it_is_idle(state);
}

static void hold_cancels_a_stalled_access(void **state)
{
    struct machine *s = *state;
    uint32_t pa;

    command(s, 0, RPROC_OP_PROBE, 0, HOLE, 0, 0);
    assert_int_equal(run(s), RPROC_RUNNING);
    rproc_hold(&s->rproc);
    assert_int_equal(mmu_translate(&s->mmu, SRC, false, &pa), MMU_OK);
}

static void hardware_reset_leaves_it_held(void **state)
{
    struct machine *s = *state;

    rproc_hold(&s->rproc);
    rproc_reset(&s->rproc);
    start(s);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_IDLE);
}

static void once_released_start_and_reset_work(void **state)
{
    struct machine *s = *state;

    rproc_hold(&s->rproc);
    rproc_release(&s->rproc, LIST);
    set_reg(s, RPROC_CTRL, RPROC_CTRL_RESET);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_IDLE);
    assert_int_equal(run(s), RPROC_DONE);
}

static void unaligned_boot_address_is_a_bad_command(void **state)
{
    struct machine *s = *state;

    rproc_release(&s->rproc, LIST + 2);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_BAD_COMMAND);
}

/*
 * Commands
 */

static void end_is_done(void **state)
{
    struct machine *s = *state;

    assert_int_equal(run(s), RPROC_DONE);
    assert_int_equal(s->loads, 1);
    assert_int_equal(reg(s, RPROC_COUNT), 0);
}

static void copy_copies_len_bytes(void **state)
{
    struct machine *s = *state;

    count_up(s, 9);
    command(s, 0, RPROC_OP_COPY, DST, SRC, 32, 0);
    assert_int_equal(run(s), RPROC_DONE);
    assert_memory_equal(data_at(s, DST), data_at(s, SRC), 32);
    assert_int_equal(data_at(s, DST)[8], 0);
}

static void fill_fills_len_bytes(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_FILL, DST, 0, 8, 0x55aa);
    assert_int_equal(run(s), RPROC_DONE);
    assert_int_equal(data_at(s, DST)[0], 0x55aa);
    assert_int_equal(data_at(s, DST)[1], 0x55aa);
    assert_int_equal(data_at(s, DST)[2], 0);
    assert_int_equal(result_of(s, 0), 0xcccccccc);
}

static void sum_adds_modulo_2_to_32(void **state)
{
    struct machine *s = *state;

    count_up(s, 3);
    data_at(s, SRC)[3] = 0xffffffff;
    command(s, 0, RPROC_OP_SUM, 0, SRC, 16, 0);
    assert_int_equal(run(s), RPROC_DONE);
    assert_int_equal(result_of(s, 0), 5);
}

static void probe_reads_one_word(void **state)
{
    struct machine *s = *state;

    count_up(s, 2);
    command(s, 0, RPROC_OP_PROBE, 0, SRC + 4, 0x1001, 0);
    assert_int_equal(run(s), RPROC_DONE);
    assert_int_equal(result_of(s, 0), 2);
}

static void len_0_does_nothing_and_is_counted(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_COPY, DST, SRC, 0, 0);
    command(s, 1, RPROC_OP_FILL, DST, 0, 0, 0);
    command(s, 2, RPROC_OP_SUM, 0, SRC, 0, 0);
    assert_int_equal(run(s), RPROC_DONE);
    assert_int_equal(s->stores, 1);
    assert_int_equal(result_of(s, 2), 0);
    assert_int_equal(reg(s, RPROC_COUNT), 3);
}

static void commands_run_in_order(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_FILL, SRC, 0, 16, 3);
    command(s, 1, RPROC_OP_COPY, DST, SRC, 16, 0);
    command(s, 2, RPROC_OP_SUM, 0, DST, 16, 0);
    assert_int_equal(run(s), RPROC_DONE);
    assert_int_equal(result_of(s, 2), 12);
    assert_int_equal(reg(s, RPROC_COUNT), 3);
}

static void jump_leads_to_dst(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_JUMP, LIST + 2 * RPROC_CMD_WORDS * 4, 1, 4, 0);
    command(s, 1, RPROC_OP_FILL, DST, 0, 4, 1);
    command(s, 2, RPROC_OP_FILL, DST + 4, 0, 4, 2);
    assert_int_equal(run(s), RPROC_DONE);
    assert_int_equal(data_at(s, DST)[0], 0);
    assert_int_equal(data_at(s, DST)[1], 2);
    assert_int_equal(result_of(s, 0), 0xcccccccc);
    assert_int_equal(reg(s, RPROC_COUNT), 2);
}

static void jump_back_goes_on_until_reset(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_FILL, DST, 0, 4, 1);
    command(s, 1, RPROC_OP_JUMP, LIST, 0, 0, 0);
    start(s);
    assert_true(rproc_run(&s->rproc, 1000));
    assert_int_equal(s->loads + s->stores, 1000);
    set_reg(s, RPROC_CTRL, RPROC_CTRL_RESET);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_IDLE);
}

static void budget_bounds_the_accesses(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_COPY, DST, SRC, 64, 0);
    start(s);
    assert_true(rproc_run(&s->rproc, 0));
    assert_int_equal(s->loads, 0);
    assert_true(rproc_run(&s->rproc, 7));
    assert_int_equal(s->loads + s->stores, 7);
}

/*
 * Errors
 */

static void assert_bad(struct machine *s, uint32_t op, uint32_t dst,
                       uint32_t src, uint32_t len)
{
    command(s, 0, op, dst, src, len, 0);
    s->stores = 0;
    assert_int_equal(run(s), RPROC_BAD_COMMAND);
    assert_int_equal(s->stores, 0);
    assert_int_equal(reg(s, RPROC_COUNT), 0);
}

static void unknown_op_is_a_bad_command(void **state)
{
    assert_bad(*state, 6, DST, SRC, 4);
    assert_bad(*state, ~0u, DST, SRC, 4);
}

static void unaligned_copy_is_a_bad_command(void **state)
{
    assert_bad(*state, RPROC_OP_COPY, DST + 1, SRC, 4);
    assert_bad(*state, RPROC_OP_COPY, DST, SRC + 2, 4);
    assert_bad(*state, RPROC_OP_COPY, DST, SRC, 6);
}

static void unaligned_jump_is_a_bad_command(void **state)
{
    assert_bad(*state, RPROC_OP_JUMP, LIST + 2, 0, 0);
}

static void unaligned_fill_is_a_bad_command(void **state)
{
    assert_bad(*state, RPROC_OP_FILL, DST + 2, SRC, 4);
    assert_bad(*state, RPROC_OP_FILL, DST, SRC, 3);
}

static void unaligned_sum_is_a_bad_command(void **state)
{
    assert_bad(*state, RPROC_OP_SUM, DST, SRC + 1, 4);
    assert_bad(*state, RPROC_OP_SUM, DST, SRC, 1);
}

static void unaligned_probe_is_a_bad_command(void **state)
{
    assert_bad(*state, RPROC_OP_PROBE, DST, SRC + 3, 4);
}

static void unaligned_list_is_a_bad_command(void **state)
{
    struct machine *s = *state;

    set_reg(s, RPROC_LIST, LIST + 2);
    set_reg(s, RPROC_CTRL, RPROC_CTRL_START);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_BAD_COMMAND);
}

static void error_of_the_mmu_stops_it(void **state)
{
    struct machine *s = *state;

    wr(s, MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
    command(s, 0, RPROC_OP_PROBE, 0, HOLE, 0, 0);
    assert_int_equal(run(s), RPROC_BUS_ERROR);
    assert_false(rproc_run(&s->rproc, 1000));
}

static void error_of_a_load_stops_it(void **state)
{
    struct machine *s = *state;

    second_level(s, HOLE, NOWHERE | 2);
    command(s, 0, RPROC_OP_PROBE, 0, HOLE, 0, 0);
    assert_int_equal(run(s), RPROC_BUS_ERROR);
}

static void error_of_a_store_stops_it(void **state)
{
    struct machine *s = *state;

    second_level(s, HOLE, NOWHERE | 2);
    command(s, 0, RPROC_OP_FILL, HOLE, 0, 8, 0);
    assert_int_equal(run(s), RPROC_BUS_ERROR);
    assert_int_equal(s->stores, 1);
}

static void store_faults_as_a_write(void **state)
{
    struct machine *s = *state;

    command(s, 0, RPROC_OP_FILL, HOLE, 0, 8, 0);
    assert_int_equal(run(s), RPROC_RUNNING);
    assert_true(rd(s, MMU_FAULT_STATUS) & FAULT_STATUS_WRITE);
}

/*
 * Stall and resume
 */

static void write_list(struct machine *s)
{
    count_up(s, 5);
    command(s, 0, RPROC_OP_COPY, DST, SRC, 20, 0);
    command(s, 1, RPROC_OP_FILL, DST + 64, 0, 12, 0x77);
    command(s, 2, RPROC_OP_SUM, 0, SRC, 20, 0);
    command(s, 3, RPROC_OP_PROBE, 0, SRC + 16, 0, 0);
    command(s, 4, RPROC_OP_END, 0, 0, 0, 0);
}

/*
 * Accesses of the list: 4 * 5 + 1 fetched, 5 + 5 + 1 loaded, 5 + 3 stored,
 * 2 results.
 */
#define LIST_LOADS    (21 + 11)
#define LIST_STORES   (8 + 2)
#define LIST_ACCESSES (LIST_LOADS + LIST_STORES)

static void assert_list_done(struct machine *s)
{
    static const uint32_t copied[] = { 1, 2, 3, 4, 5, 0 };
    static const uint32_t filled[] = { 0x77, 0x77, 0x77, 0 };

    assert_int_equal(reg(s, RPROC_STATUS), RPROC_DONE);
    assert_int_equal(reg(s, RPROC_COUNT), 4);
    assert_memory_equal(data_at(s, DST), copied, sizeof(copied));
    assert_memory_equal(data_at(s, DST + 64), filled, sizeof(filled));
    assert_int_equal(result_of(s, 2), 15);
    assert_int_equal(result_of(s, 3), 5);
    assert_int_equal(s->loads, LIST_LOADS);
    assert_int_equal(s->stores, LIST_STORES);
}

/* Make every translation fail, or work again, for the next access. */
static void hide_tables(struct machine *s, bool hide)
{
    wr(s, MMU_TTB, hide ? RAM_BASE + 0x20000 : ROOT);
    wr(s, MMU_GFLUSH, 1);
}

static void stall_at(struct machine *s, unsigned int n)
{
    start(s);
    assert_int_equal(rproc_run(&s->rproc, n), true);
    assert_int_equal(s->loads + s->stores, n);
    hide_tables(s, true);
    assert_false(rproc_run(&s->rproc, 1000));
    assert_int_equal(rd(s, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    assert_int_equal(s->loads + s->stores, n);
    assert_int_equal(reg(s, RPROC_STATUS), RPROC_RUNNING);
}

static void list_runs_without_a_stall(void **state)
{
    write_list(*state);
    assert_int_equal(run(*state), RPROC_DONE);
    assert_list_done(*state);
}

/* A machine of its own, with the list stalled at its nth access. */
static struct machine *stalled_at(void **fresh, unsigned int n)
{
    setup(fresh);
    write_list(*fresh);
    stall_at(*fresh, n);

    return *fresh;
}

static void stall_at_any_access_loses_and_repeats_nothing(void **state)
{
    unsigned int n;

    (void)state;
    for ( n = 0; n < LIST_ACCESSES; n++ )
    {
        void *fresh = NULL;
        struct machine *s = stalled_at(&fresh, n);

        /* The fault stays until acknowledged, whatever the tables say. */
        hide_tables(s, false);
        assert_false(rproc_run(&s->rproc, 1000));
        assert_int_equal(s->loads + s->stores, n);

        wr(s, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
        assert_int_equal(s->resumes, 1);
        assert_false(rproc_run(&s->rproc, 1000));
        assert_list_done(s);
        teardown(&fresh);
    }
}

static void stall_at_every_access_loses_and_repeats_nothing(void **state)
{
    struct machine *s = *state;
    unsigned int n;

    write_list(s);
    start(s);
    for ( n = 0; n < LIST_ACCESSES; n++ )
    {
        hide_tables(s, true);
        assert_false(rproc_run(&s->rproc, 1));
        hide_tables(s, false);
        wr(s, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
        assert_int_equal(rproc_run(&s->rproc, 1), n + 1 < LIST_ACCESSES);
    }
    assert_list_done(s);
}

static void reset_at_any_stalled_access_allows_a_new_start(void **state)
{
    unsigned int n;

    (void)state;
    for ( n = 0; n < LIST_ACCESSES; n++ )
    {
        void *fresh = NULL;
        struct machine *s = stalled_at(&fresh, n);

        set_reg(s, RPROC_CTRL, RPROC_CTRL_RESET);
        hide_tables(s, false);
        wr(s, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
        s->loads = 0;
        s->stores = 0;
        assert_int_equal(run(s), RPROC_DONE);
        assert_list_done(s);
        teardown(&fresh);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(after_reset_it_is_idle),
        T(list_reads_back),
        T(narrow_writes_are_ignored),
        T(narrow_reads_return_their_part),
        T(start_only_starts),
        T(start_is_ignored_while_running),
        T(start_runs_again_and_counts_anew),
        T(reset_stops_at_once),
        T(reset_cancels_a_stalled_access),
        T(reset_and_start_written_together_start_anew),
        T(hardware_reset_clears_the_registers),
        T(release_starts_at_the_boot_address),
        T(idle_release_waits_for_start),
        T(start_is_ignored_while_held),
        T(hold_stops_and_clears),
        T(hold_cancels_a_stalled_access),
        T(hardware_reset_leaves_it_held),
        T(once_released_start_and_reset_work),
        T(unaligned_boot_address_is_a_bad_command),
        T(end_is_done),
        T(copy_copies_len_bytes),
        T(fill_fills_len_bytes),
        T(sum_adds_modulo_2_to_32),
        T(probe_reads_one_word),
        T(len_0_does_nothing_and_is_counted),
        T(commands_run_in_order),
        T(jump_leads_to_dst),
        T(jump_back_goes_on_until_reset),
        T(budget_bounds_the_accesses),
        T(unknown_op_is_a_bad_command),
        T(unaligned_copy_is_a_bad_command),
        T(unaligned_jump_is_a_bad_command),
        T(unaligned_fill_is_a_bad_command),
        T(unaligned_sum_is_a_bad_command),
        T(unaligned_probe_is_a_bad_command),
        T(unaligned_list_is_a_bad_command),
        T(error_of_the_mmu_stops_it),
        T(error_of_a_load_stops_it),
        T(error_of_a_store_stops_it),
        T(store_faults_as_a_write),
        T(list_runs_without_a_stall),
        T(stall_at_any_access_loses_and_repeats_nothing),
        T(stall_at_every_access_loses_and_repeats_nothing),
        T(reset_at_any_stalled_access_allows_a_new_start),
    };

    return cmocka_run_group_tests_name("model/rproc", tests, NULL, NULL);
}
