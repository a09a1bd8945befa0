/* SPDX-License-Identifier: GPL-2.0-only */
/* The Cortex-M4 that executes, behind the model of the MMU: see m4_board.h. */
#include <pthread.h>

#include "m4_board.h"

/*
 * Reset
 */

static const uint16_t store_sp[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x4669,         /* mov r1, sp */
    0x6001,         /* str r1, [r0] */
    0xf8c0, 0xe004, /* str.w lr, [r0, #4] */
    0xbf30,         /* wfi */
};

static void reset_fetches_sp_and_pc_through_the_mmu(void **state)
{
    struct board *b = *state;

    LOAD(b, CODE, store_sp);
    assert_int_equal(m4_state(b->m4), M4_IN_RESET);
    m4_reset(b->m4, false);
    assert_int_equal(m4_state(b->m4), M4_RUNNING);
    assert_int_equal(b->asked, 0);
    assert_true(m4_run(b->m4, 1));
    assert_int_equal(m4_pc(b->m4), CODE + 4);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), TOP);
    assert_int_equal(*word(b, PA_DATA + 4), 0xffffffff);
}

static void nothing_is_done_in_reset(void **state)
{
    struct board *b = *state;

    LOAD(b, CODE, store_sp);
    assert_stops(b, M4_IN_RESET, 0);
    m4_reset(b->m4, true);
    m4_interrupt(b->m4, LINE, true);
    assert_stops(b, M4_IN_RESET, 0);
    assert_int_equal(b->asked, 0);
}

static void a_pc_without_thumb_bit_locks_up_until_reset(void **state)
{
    struct board *b = *state;

    *word(b, PA_CODE + 4) = CODE;
    START(b, store_sp);
    assert_stops(b, M4_LOCKED_UP, 0);

    *word(b, PA_CODE + 4) = CODE | 1;
    m4_interrupt(b->m4, LINE, true);
    m4_retranslate(b->m4);
    m4_reset(b->m4, false);
    assert_stops(b, M4_LOCKED_UP, 0);
    m4_interrupt(b->m4, LINE, false);
    release(b);
    assert_finishes(b);
}

static void a_stalled_reset_is_retried(void **state)
{
    struct board *b = *state;

    unmap(b, 0);
    START(b, store_sp);
    assert_stalls(b, 0, 0, false);
    map(b, 0, PA_CODE);
    acknowledge(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), TOP);
}

static void a_bus_error_in_reset_locks_up(void **state)
{
    struct board *b = *state;

    unmap(b, 0);
    START(b, store_sp);
    assert_stops(b, M4_LOCKED_UP, 0);
}

static const uint16_t count_up[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x6801,         /* ldr r1, [r0] */
    0x3101,         /* adds r1, #1 */
    0x6001,         /* str r1, [r0] */
    0xb672,         /* cpsid i */
    0xf3ef, 0x8210, /* mrs r2, primask */
    0x3301,         /* loop: adds r3, #1 */
    0xe7fd,         /* b loop */
};

static void reset_starts_anew_whatever_the_core_was_doing(void **state)
{
    struct board *b = *state;
    const struct {
        enum m4_state before;
        uint32_t lost;
    } cases[] = { { M4_RUNNING, 0 }, { M4_STALLED, DATA0 } };
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        if ( cases[i].lost )
            unmap_and_flush(b, cases[i].lost);
        START(b, count_up);
        m4_run(b->m4, 100);
        assert_int_equal(m4_state(b->m4), cases[i].before);

        m4_reset(b->m4, true);
        assert_stops(b, M4_IN_RESET, 0);
        map_all(b);
        mmu_cancel(&b->mmu);
        m4_reset(b->m4, false);
        assert_true(m4_run(b->m4, 100));
    }
    assert_int_equal(*word(b, PA_DATA), 3);
}

static const uint16_t keep_primask[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf3ef, 0x8110, /* mrs r1, primask */
    0x6001,         /* str r1, [r0] */
    0xb672,         /* cpsid i */
    0xb671,         /* cpsid f */
    0xf3ef, 0x8110, /* mrs r1, primask */
    0x6041,         /* str r1, [r0, #4] */
    0xb662,         /* cpsie i */
    0xf3ef, 0x8110, /* mrs r1, primask */
    0x6081,         /* str r1, [r0, #8] */
    0xb672,         /* cpsid i */
    0xf381, 0x8814, /* msr control, r1 */
    0xbf30,         /* wfi */
};

static void primask_is_kept_until_reset(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        memset(word(b, PA_DATA), 0xff, 12);
        START(b, keep_primask);
        assert_finishes(b);
        assert_int_equal(*word(b, PA_DATA), 0);
        assert_int_equal(*word(b, PA_DATA + 4), 1);
        assert_int_equal(*word(b, PA_DATA + 8), 0);
    }
}

static const uint16_t reset_itself[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x6801,         /* ldr r1, [r0] */
    0x3101,         /* adds r1, #1 */
    0x6001,         /* str r1, [r0] */
    0xf04f, 0x4220, /* mov.w r2, #0xa0000000 */
    0x6883,         /* ldr r3, [r0, #8] */
    0xf8c2, 0x3104, /* str.w r3, [r2, #0x104] */
    0x6041,         /* str r1, [r0, #4] */
    0xbf30,         /* wfi */
};

static void the_core_can_reset_itself(void **state)
{
    struct board *b = *state;

    *word(b, PA_DATA + 8) = 1; /* assert */
    START(b, reset_itself);
    assert_stops(b, M4_IN_RESET, 0);
    assert_int_equal(*word(b, PA_DATA), 1);

    *word(b, PA_DATA + 8) = 2; /* assert and release */
    m4_reset(b->m4, false);
    assert_true(m4_run(b->m4, 1000));
    *word(b, PA_DATA + 8) = 0; /* release: nothing */
    assert_true(m4_run(b->m4, 1000));
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 3);
    assert_int_equal(*word(b, PA_DATA + 4), 3);
}

static void reset_inside_a_translation_ends_the_run(void **state)
{
    struct board *b = *state;

    START(b, count_up);
    assert_true(m4_run(b->m4, 1));
    b->reset_in_translate = true;
    assert_stops(b, M4_IN_RESET, 0);

    m4_reset(b->m4, false);
    b->reset_in_translate = true; /* while SP and PC are fetched */
    assert_stops(b, M4_IN_RESET, 0);
    assert_int_equal(*word(b, PA_DATA), 0);
}

/*
 * Running
 */

static const uint16_t it_block[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x2101,         /* movs r1, #1 */
    0x2901,         /* cmp r1, #1 */
    0xbf07,         /* ittee eq */
    0x3201,         /* addeq r2, #1 */
    0x6001,         /* streq r1, [r0] */
    0x3208,         /* addne r2, #8 */
    0x6041,         /* strne r1, [r0, #4] */
    0x6082,         /* str r2, [r0, #8] */
    0xbf30,         /* wfi */
};

static void run_does_at_most_so_many_instructions(void **state)
{
    struct board *b = *state;
    /* What is skipped inside an IT block costs nothing. */
    static const uint8_t pc[] = { 4, 6, 8, 10, 12, 18, 20 };
    unsigned int i;

    START(b, it_block);
    assert_true(m4_run(b->m4, 0));
    assert_int_equal(b->asked, 0);
    for ( i = 0; i < sizeof(pc); i++ )
    {
        assert_int_equal(*word(b, PA_DATA), i > 5);
        assert_true(m4_run(b->m4, 1));
        assert_int_equal(m4_pc(b->m4), CODE + pc[i]);
    }
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 1);
    assert_int_equal(*word(b, PA_DATA + 4), 0);
    assert_int_equal(*word(b, PA_DATA + 8), 1);
}

static const uint16_t long_loop[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf242, 0x7310, /* movw r3, #10000 */
    0x6801,         /* loop: ldr r1, [r0] */
    0x3101,         /* adds r1, #1 */
    0x6001,         /* str r1, [r0] */
    0x3b01,         /* subs r3, #1 */
    0xd1fa,         /* bne loop */
    0xbf30,         /* wfi */
};

static void a_loop_asks_once_for_each_page(void **state)
{
    struct board *b = *state;

    START(b, long_loop);
    while ( m4_run(b->m4, 1000) )
        ;
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
    assert_int_equal(*word(b, PA_DATA), 10000);
    assert_int_equal(b->asked, 3); /* vectors, code, data */
}

static const uint16_t read_many_pages[] = {
    0xf04f, 0x4010, /* mov.w r0, #0x90000000 */
    0x2404,         /* movs r4, #4 */
    0x2340,         /* section: movs r3, #0x40 */
    0xf8d0, 0x1010, /* page: ldr.w r1, [r0, #0x10] */
    0x440a,         /* add r2, r1 */
    0xf500, 0x5080, /* add.w r0, #0x1000 */
    0x3b01,         /* subs r3, #1 */
    0xd1f8,         /* bne page */
    0xf500, 0x2040, /* add.w r0, #0xc0000 */
    0x3c01,         /* subs r4, #1 */
    0xd1f3,         /* bne section */
    0xf04f, 0x5000, /* mov.w r0, #0x20000000 */
    0x6002,         /* str r2, [r0] */
    0xbf30,         /* wfi */
};

/* In few TLB entries, so that none is ever driven out. */
static void more_pages_than_are_remembered(void **state)
{
    struct board *b = *state;
    uint32_t i;

    for ( i = 0; i < 4; i++ )
        *word(b, ROOT + (0x900 + i) * 4) = RAM_BASE | 2; /* sections */
    for ( i = 0; i < RAM_SIZE; i += M4_PAGE )
        *word(b, RAM_BASE + i + 0x10) += 1;
    START(b, read_many_pages);
    assert_false(run_by_one(b, 2000));
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
    assert_int_equal(*(uint32_t *)b->l2ram, 0x100);
}

static const uint16_t keep_registers[] = {
    0x2000, /* movs r0, #0 */
    0x2101, /* movs r1, #1 */
    0x2202, /* movs r2, #2 */
    0x2303, /* movs r3, #3 */
    0x2404, /* movs r4, #4 */
    0x2505, /* movs r5, #5 */
    0x2606, /* movs r6, #6 */
    0x2707, /* movs r7, #7 */
    0xf04f,
    0x0808, /* mov.w r8, #8 */
    0xf04f,
    0x0909, /* mov.w r9, #9 */
    0xf04f,
    0x0a0a, /* mov.w r10, #10 */
    0xf04f,
    0x0b0b, /* mov.w r11, #11 */
    0xf04f,
    0x0c0c, /* mov.w r12, #12 */
    0xf04f,
    0x0e0e, /* mov.w lr, #14 */
    0xb672, /* cpsid i */
    0xb082, /* sub sp, #8 */
    0x3001, /* loop: adds r0, #1 */
    0xf5b0,
    0x7f40, /* cmp.w r0, #0x300 */
    0xbf1c, /* itt ne */
    0x3101, /* addne r1, #1 */
    0xe7f9, /* bne loop */
    0xe92d,
    0x5fff, /* push.w {r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, lr} */
    0xf3ef,
    0x8010, /* mrs r0, primask */
    0xb401, /* push {r0} */
    0xbf30, /* wfi */
};

/* So often that the emulator behind it is replaced, more than once. */
static void nothing_is_lost_by_many_retranslations(void **state)
{
    struct board *b = *state;
    static const uint32_t expected[] = { 1, 0x300, 0x300, 2,  3,  4,  5, 6,
                                         7, 8,     9,     10, 11, 12, 14 };
    unsigned int runs = 0;

    START(b, keep_registers);
    do
    {
        m4_retranslate(b->m4);
        runs++;
    }
    while ( m4_run(b->m4, 1) );
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
    assert_true(runs > 3000);
    assert_memory_equal(byte_at(b, PA_STACK + (SP_DROPS(17) - STACK0)),
                        expected, sizeof(expected));
    START(b, store_sp);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), TOP);
}

static void *run_in_thread(void *arg)
{
    struct board *b = arg;

    m4_run(b->m4, 5000);

    return NULL;
}

static void threads_may_take_turns(void **state)
{
    struct board *b = *state;
    unsigned int i;

    START(b, long_loop);
    for ( i = 0; i < 12; i++ )
    {
        pthread_t thread;

        assert_int_equal(pthread_create(&thread, NULL, run_in_thread, b), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
    }
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
    assert_int_equal(*word(b, PA_DATA), 10000);
}

/*
 * Sleep
 */

static const uint16_t sleep_by_events[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x2101,         /* movs r1, #1 */
    0xbf20,         /* wfe */
    0x6001,         /* str r1, [r0] */
    0xbf40,         /* sev */
    0xbf20,         /* wfe */
    0x6041,         /* str r1, [r0, #4] */
    0xbf10,         /* yield */
    0xbf00,         /* nop */
    0xf3af, 0x8002, /* wfe.w */
    0x6081,         /* str r1, [r0, #8] */
    0xbf30,         /* wfi */
};

static void wfe_sleeps_until_an_event(void **state)
{
    struct board *b = *state;

    listen_first(b);
    START(b, sleep_by_events);
    assert_stops(b, M4_ASLEEP, CODE + 8);
    assert_stops(b, M4_ASLEEP, CODE + 8);
    m4_interrupt(b->m4, LINE, false);
    assert_stops(b, M4_ASLEEP, CODE + 8);
    assert_int_equal(*word(b, PA_DATA), 0);

    m4_interrupt(b->m4, LINE, true);
    assert_int_equal(m4_state(b->m4), M4_RUNNING);
    assert_stops(b, M4_ASLEEP, CODE + 24);
    assert_int_equal(*word(b, PA_DATA), 1);
    assert_int_equal(*word(b, PA_DATA + 4), 1); /* SEV is an event, too */
    assert_int_equal(*word(b, PA_DATA + 8), 0);

    m4_interrupt(b->m4, LINE + 1, true);
    assert_stops(b, M4_ASLEEP, CODE + 28);
    assert_int_equal(*word(b, PA_DATA + 8), 1);
}

static const uint16_t sleep_wide[] = {
    0xf3af, 0x8003, /* wfi.w */
};

static void a_wide_wfi_sleeps_as_well(void **state)
{
    struct board *b = *state;

    START(b, sleep_wide);
    assert_stops(b, M4_ASLEEP, CODE + 4);
    m4_interrupt(b->m4, LINE, true); /* which is not enabled */
    assert_stops(b, M4_ASLEEP, CODE + 4);
}

static const uint16_t sleep_in_it[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x2101,         /* movs r1, #1 */
    0x2901,         /* cmp r1, #1 */
    0xbf06,         /* itte eq */
    0xbf20,         /* wfeeq */
    0x6001,         /* streq r1, [r0] */
    0x6041,         /* strne r1, [r0, #4] */
    0x6081,         /* str r1, [r0, #8] */
    0xbf30,         /* wfi */
};

static void wfe_inside_an_it_block(void **state)
{
    struct board *b = *state;

    listen_first(b);
    START(b, sleep_in_it);
    assert_stops(b, M4_ASLEEP, CODE + 12);
    assert_int_equal(*word(b, PA_DATA), 0);
    m4_interrupt(b->m4, LINE, true);
    m4_interrupt(b->m4, LINE, false);
    assert_stops(b, M4_ASLEEP, CODE + 20);
    assert_int_equal(*word(b, PA_DATA), 1);
    assert_int_equal(*word(b, PA_DATA + 4), 0);
}

static const uint16_t raise_line[] = {
    0xf04f, 0x4020, /* mov.w r0, #0xa0000000 */
    0x2101,         /* movs r1, #1 */
    0xf8c0, 0x1108, /* str.w r1, [r0, #0x108] */
    0xbf20,         /* wfe */
    0xe7fe,         /* loop: b loop */
};

static void the_line_may_rise_while_running(void **state)
{
    struct board *b = *state;

    listen_first(b);
    START(b, raise_line);
    assert_true(m4_run(b->m4, 100));
}

/*
 * Stalls
 */

static const uint16_t load_and_store[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf04f, 0x5100, /* mov.w r1, #0x20000000 */
    0x3205,         /* adds r2, #5 */
    0xf850, 0x3b04, /* ldr r3, [r0], #4 */
    0x6008,         /* str r0, [r1] */
    0x3301,         /* adds r3, #1 */
    0xf500, 0x5080, /* add.w r0, #0x1000 */
    0xf840, 0x3b04, /* str r3, [r0], #4 */
    0x6048,         /* str r0, [r1, #4] */
    0xbf30,         /* wfi */
};

static void a_stalled_load_is_retried(void **state)
{
    struct board *b = *state;

    unmap(b, DATA0);
    START(b, load_and_store);
    assert_stalls(b, CODE + 10, DATA0, false);

    map(b, DATA0, PA_SPARE);
    *word(b, PA_SPARE) = 41;
    acknowledge(b);
    assert_finishes(b);
    assert_int_equal(*(uint32_t *)b->l2ram, DATA0 + 4);
    assert_int_equal(*word(b, PA_DATA + M4_PAGE + 4), 42);
}

static void a_stalled_store_is_retried(void **state)
{
    struct board *b = *state;

    unmap(b, DATA1);
    *word(b, PA_DATA) = 41;
    START(b, load_and_store);
    assert_stalls(b, CODE + 22, DATA1 + 4, true);
    assert_int_equal(((uint32_t *)b->l2ram)[1], 0);

    map(b, DATA1, PA_SPARE);
    acknowledge(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_SPARE + 4), 42);
    assert_int_equal(*word(b, PA_SPARE + 8), 0);
    assert_int_equal(((uint32_t *)b->l2ram)[1], DATA1 + 8);
}

static void a_stall_that_is_not_mended_stalls_again(void **state)
{
    struct board *b = *state;

    unmap(b, DATA0);
    START(b, load_and_store);
    assert_stalls(b, CODE + 10, DATA0, false);
    acknowledge(b);
    assert_stalls(b, CODE + 10, DATA0, false);
    assert_int_equal(b->mmu.stats.faults, 2);
}

static const uint16_t call_far[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf241, 0x1101, /* movw r1, #0x1101 */
    0x4788,         /* blx r1 */
    0x6000,         /* str r0, [r0] */
    0xbf30,         /* wfi */
};

static void a_stalled_jump_is_retried(void **state)
{
    struct board *b = *state;
    static const uint16_t far[] = {
        0x4770, /* bx lr */
    };

    LOAD(b, BORDER + 0x100, far);
    unmap(b, BORDER);
    START(b, call_far);
    assert_stalls(b, BORDER + 0x100, BORDER + 0x100, false);
    map(b, BORDER, PA_CODE + BORDER);
    acknowledge(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), DATA0);
}

static const uint16_t jump_to_border[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x2107,         /* movs r1, #7 */
    0xf640, 0x72ff, /* movw r2, #0xfff */
    0x4710,         /* bx r2 */
};

static const uint16_t across[] = {
    0xf840, 0x1f04, /* str.w r1, [r0, #4]! */
    0x6040,         /* str r0, [r0, #4] */
    0xbf30,         /* wfi */
};

static void an_instruction_across_a_border_is_retried(void **state)
{
    struct board *b = *state;

    LOAD(b, BORDER - 2, across);
    unmap(b, BORDER);
    START(b, jump_to_border);
    assert_stalls(b, BORDER - 2, BORDER, false);

    map(b, BORDER, PA_SPARE); /* its second half is elsewhere */
    memcpy(byte_at(b, PA_SPARE), across + 1, sizeof(across) - 2);
    memset(byte_at(b, PA_CODE + BORDER), 0, 8);
    acknowledge(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA + 4), 7);
    assert_int_equal(*word(b, PA_DATA + 8), DATA0 + 4);
}

static const uint16_t push_pop[] = {
    0xf249, 0x0008, /* movw r0, #0x9008 */
    0xf2c8, 0x0000, /* movt r0, #0x8000 */
    0x4685,         /* mov sp, r0 */
    0x2101,         /* movs r1, #1 */
    0x2202,         /* movs r2, #2 */
    0x2303,         /* movs r3, #3 */
    0x2404,         /* movs r4, #4 */
    0xb41e,         /* push {r1, r2, r3, r4} */
    0x466d,         /* mov r5, sp */
    0xf04f, 0x4600, /* mov.w r6, #0x80000000 */
    0x6035,         /* str r5, [r6] */
    0xbf20,         /* wfe */
    0x2100,         /* movs r1, #0 */
    0x2400,         /* movs r4, #0 */
    0xbc1e,         /* pop {r1, r2, r3, r4} */
    0x466d,         /* mov r5, sp */
    0xe9c6, 0x5101, /* strd r5, r1, [r6, #4] */
    0xe9c6, 0x2303, /* strd r2, r3, [r6, #12] */
    0x6174,         /* str r4, [r6, #20] */
    0xbf30,         /* wfi */
};

/* Of either page, the other one being there. */
static void a_push_across_a_border_is_retried(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        uint32_t lost = STACK0 + i * M4_PAGE;
        uint32_t *upper = word(b, PA_STACK + M4_PAGE);

        map_all(b);
        unmap_and_flush(b, lost);
        memset(upper - 2, 0, 16);
        listen_first(b);
        START(b, push_pop);
        assert_stalls(b, CODE + 18, i ? STACK1 : STACK1 - 8, true);
        assert_int_equal(upper[0], 0);
        assert_int_equal(upper[1], 0);

        map_all(b);
        acknowledge(b);
        assert_finishes(b);
        assert_int_equal(*word(b, PA_DATA), STACK1 - 8);
        assert_int_equal(upper[-2], 1);
        assert_int_equal(upper[-1], 2);
        assert_int_equal(upper[0], 3);
        assert_int_equal(upper[1], 4);
    }
}

/* The page behind was used just now: it is there, and must stay as it is. */
static const uint16_t push_twice[] = {
    0xf249, 0x0008, /* movw r0, #0x9008 */
    0xf2c8, 0x0000, /* movt r0, #0x8000 */
    0x4685,         /* mov sp, r0 */
    0x2101,         /* movs r1, #1 */
    0x2202,         /* movs r2, #2 */
    0xb406,         /* push {r1, r2} */
    0xb406,         /* push {r1, r2} */
    0xbf30,         /* wfi */
};

static const uint16_t push_over[] = {
    0xf249, 0x0008, /* movw r0, #0x9008 */
    0xf2c8, 0x0000, /* movt r0, #0x8000 */
    0x4685,         /* mov sp, r0 */
    0x2101,         /* movs r1, #1 */
    0x2202,         /* movs r2, #2 */
    0x6002,         /* str r2, [r0] */
    0x2901,         /* cmp r1, #1 */
    0xbf08,         /* it eq */
    0xb407,         /* pusheq {r0, r1, r2} */
    0xbf30,         /* wfi */
};

static void a_stalled_push_stores_nothing_behind(void **state)
{
    struct board *b = *state;
    uint32_t *upper = word(b, PA_STACK + M4_PAGE);

    unmap(b, STACK0);
    START(b, push_twice);
    assert_stalls(b, CODE + 16, STACK1 - 8, true);
    assert_int_equal(upper[0], 1);
    assert_int_equal(upper[1], 2);
    mmu_cancel(&b->mmu);

    upper[0] = 0;
    upper[1] = 0;
    START(b, push_over); /* inside an IT block */
    assert_stalls(b, CODE + 20, STACK1 - 4, true);
    assert_int_equal(upper[0], 0);
    assert_int_equal(upper[1], 0);
    assert_int_equal(upper[2], 2);
}

static void a_pop_across_a_border_is_retried(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        map_all(b);
        listen_first(b);
        START(b, push_pop);
        assert_finishes(b);
        unmap_and_flush(b, STACK0 + i * M4_PAGE);
        m4_interrupt(b->m4, LINE, true);
        m4_interrupt(b->m4, LINE, false);
        assert_stalls(b, CODE + 34, i ? STACK1 : STACK1 - 8, false);

        map_all(b);
        acknowledge(b);
        assert_finishes(b);
        assert_int_equal(*word(b, PA_DATA + 4), STACK1 + 8);
        assert_int_equal(*word(b, PA_DATA + 8), 1);
        assert_int_equal(*word(b, PA_DATA + 12), 2);
        assert_int_equal(*word(b, PA_DATA + 16), 3);
        assert_int_equal(*word(b, PA_DATA + 20), 4);
    }
}

static const uint16_t load_multiple[] = {
    0xf640, 0x70f8, /* movw r0, #0x0ff8 */
    0xf2c8, 0x0000, /* movt r0, #0x8000 */
    0xc81e,         /* ldmia r0!, {r1, r2, r3, r4} */
    0xf04f, 0x5700, /* mov.w r7, #0x20000000 */
    0x6038,         /* str r0, [r7] */
    0xc71e,         /* stmia r7!, {r1, r2, r3, r4} */
    0x6038,         /* str r0, [r7] */
    0xf640, 0x70f8, /* movw r0, #0x0ff8 */
    0xf2c8, 0x0000, /* movt r0, #0x8000 */
    0xc80f,         /* ldmia r0, {r0, r1, r2, r3} */
    0xc70f,         /* stmia r7!, {r0, r1, r2, r3} */
    0xf640, 0x70fc, /* movw r0, #0x0ffc */
    0xf2c8, 0x0000, /* movt r0, #0x8000 */
    0xe9d0, 0x0100, /* ldrd r0, r1, [r0] */
    0xc703,         /* stmia r7!, {r0, r1} */
    0xbf30,         /* wfi */
};

/* LDM with writeback, LDM and LDRD that overwrite their base. */
static void loads_of_several_words_are_retried(void **state)
{
    struct board *b = *state;
    uint32_t *data = word(b, PA_DATA + M4_PAGE - 8);
    const uint32_t *results = (uint32_t *)b->l2ram;
    static const uint32_t pcs[] = { CODE + 8, CODE + 28, CODE + 40 };
    static const uint32_t expected[] = {
        11, 12, 13, 14, 11, 12, 13, 14, 12, 13
    };
    unsigned int i;

    for ( i = 0; i < 4; i++ )
        data[i] = 11 + i;
    unmap(b, DATA1);
    START(b, load_multiple);
    for ( i = 0; i < 3; i++ )
    {
        assert_stalls(b, pcs[i], DATA1, false);
        map(b, DATA1, PA_DATA + M4_PAGE);
        acknowledge(b);
        m4_run(b->m4, 1);
        unmap_and_flush(b, DATA1);
    }
    assert_finishes(b);
    assert_memory_equal(results, expected, sizeof(expected));
}

static const uint16_t unaligned[] = {
    0xf640, 0x70fe, /* movw r0, #0x0ffe */
    0xf2c8, 0x0000, /* movt r0, #0x8000 */
    0xf245, 0x6178, /* movw r1, #0x5678 */
    0xf2c1, 0x2134, /* movt r1, #0x1234 */
    0xf840, 0x1b01, /* str r1, [r0], #1 */
    0xf04f, 0x5700, /* mov.w r7, #0x20000000 */
    0x6038,         /* str r0, [r7] */
    0x3801,         /* subs r0, #1 */
    0xbf20,         /* wfe */
    0xf850, 0x2b01, /* ldr r2, [r0], #1 */
    0xe9c7, 0x0200, /* strd r0, r2, [r7] */
    0xbf30,         /* wfi */
};

static void an_unaligned_store_across_a_border_is_retried(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        map_all(b);
        unmap_and_flush(b, DATA0 + i * M4_PAGE);
        memset(byte_at(b, PA_DATA + M4_PAGE - 4), 0, 8);
        listen_first(b);
        START(b, unaligned);
        assert_stalls(b, CODE + 16, i ? DATA1 : DATA1 - 2, true);
        assert_int_equal(*word(b, PA_DATA + M4_PAGE), 0);

        map_all(b);
        acknowledge(b);
        assert_finishes(b);
        assert_int_equal(*word(b, PA_DATA + M4_PAGE - 4), 0x56780000);
        assert_int_equal(*word(b, PA_DATA + M4_PAGE), 0x1234);
        assert_int_equal(*(uint32_t *)b->l2ram, DATA1 - 1);
    }
}

static void an_unaligned_load_across_a_border_is_retried(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        map_all(b);
        listen_first(b);
        START(b, unaligned);
        assert_finishes(b);
        unmap_and_flush(b, DATA0 + i * M4_PAGE);
        m4_interrupt(b->m4, LINE, true);
        m4_interrupt(b->m4, LINE, false);
        assert_stops(b, M4_STALLED, CODE + 30);

        map_all(b);
        acknowledge(b);
        assert_finishes(b);
        assert_int_equal(((uint32_t *)b->l2ram)[0], DATA1 - 1);
        assert_int_equal(((uint32_t *)b->l2ram)[1], 0x12345678);
    }
}

static const uint16_t exclusive[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x2207,         /* movs r2, #7 */
    0xe850, 0x1f00, /* ldrex r1, [r0] */
    0xe840, 0x2300, /* strex r3, r2, [r0] */
    0x6043,         /* str r3, [r0, #4] */
    0xbf30,         /* wfi */
};

static void an_exclusive_store_is_retried(void **state)
{
    struct board *b = *state;

    START(b, exclusive);
    assert_true(m4_run(b->m4, 3));
    unmap_and_flush(b, DATA0);
    *word(b, PA_DATA + 4) = 1;
    assert_stops(b, M4_STALLED, CODE + 10);
    map_all(b);
    acknowledge(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 7);
    assert_int_equal(*word(b, PA_DATA + 4), 0);
}

static const uint16_t store_to_devices_ram[] = {
    0xf04f, 0x4020, /* mov.w r0, #0xa0000000 */
    0xf500, 0x5000, /* add.w r0, #0x2000 */
    0xf04f, 0x4100, /* mov.w r1, #0x80000000 */
    0x2207,         /* movs r2, #7 */
    0x6002,         /* str r2, [r0] */
    0x600a,         /* str r2, [r1] */
    0x6042,         /* str r2, [r0, #4] */
    0xbf30,         /* wfi */
};

/* RAM where the architecture executes nothing: an emulator's special case. */
static void ram_that_cannot_be_executed(void **state)
{
    struct board *b = *state;

    map(b, DEVICE + 2 * M4_PAGE, PA_SPARE);
    unmap(b, DATA0);
    START(b, store_to_devices_ram);
    assert_stalls(b, CODE + 16, DATA0, true);
    map_all(b);
    acknowledge(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_SPARE), 7);
    assert_int_equal(*word(b, PA_SPARE + 4), 7);
}

static const uint16_t it_stores[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf500, 0x5180, /* add.w r1, r0, #0x1000 */
    0x2201,         /* movs r2, #1 */
    0x6002,         /* str r2, [r0] */
    0x2a01,         /* cmp r2, #1 */
    0xbf0b,         /* itete eq */
    0x6803,         /* ldreq r3, [r0] */
    0x6042,         /* strne r2, [r0, #4] */
    0x600a,         /* streq r2, [r1] */
    0x6082,         /* strne r2, [r0, #8] */
    0x2a01,         /* cmp r2, #1 */
    0xbf01,         /* itttt eq */
    0x604a,         /* streq r2, [r1, #4] */
    0x3301,         /* addeq r3, #1 */
    0x60c3,         /* streq r3, [r0, #12] */
    0x68c4,         /* ldreq r4, [r0, #12] */
    0x6104,         /* str r4, [r0, #16] */
    0xbf30,         /* wfi */
};

static void a_stall_inside_an_it_block_is_retried(void **state)
{
    struct board *b = *state;

    unmap(b, DATA1);
    START(b, it_stores);
    assert_stalls(b, CODE + 20, DATA1, true);
    map(b, DATA1, PA_SPARE);
    acknowledge(b);
    assert_true(m4_run(b->m4, 1));
    assert_int_equal(*word(b, PA_SPARE), 1);

    unmap_and_flush(b, DATA1);
    assert_stalls(b, CODE + 28, DATA1 + 4, true);
    assert_int_equal(*word(b, PA_DATA + 12), 0); /* nor what follows */
    map(b, DATA1, PA_SPARE);
    acknowledge(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA + 4), 0);
    assert_int_equal(*word(b, PA_DATA + 8), 0);
    assert_int_equal(*word(b, PA_SPARE + 4), 1);
    assert_int_equal(*word(b, PA_DATA + 12), 2);
    assert_int_equal(*word(b, PA_DATA + 16), 2);
}

/*
 * HardFault
 */

static const uint16_t skip_handler[] = {
    0xf04f, 0x5c00, /* mov.w r12, #0x20000000 */
    0xf3ef, 0x8005, /* mrs r0, ipsr */
    0xf8cc, 0x0000, /* str.w r0, [r12] */
    0xf8cc, 0xe004, /* str.w lr, [r12, #4] */
    0x4669,         /* mov r1, sp */
    0xf8cc, 0x1008, /* str.w r1, [r12, #8] */
    0xc90d,         /* ldmia r1!, {r0, r2, r3} */
    0xf8cc, 0x000c, /* str.w r0, [r12, #12] */
    0xf8cc, 0x2010, /* str.w r2, [r12, #16] */
    0xf8cc, 0x3014, /* str.w r3, [r12, #20] */
    0xc90d,         /* ldmia r1!, {r0, r2, r3} */
    0xf8cc, 0x0018, /* str.w r0, [r12, #24] */
    0xf8cc, 0x201c, /* str.w r2, [r12, #28] */
    0xf8cc, 0x3020, /* str.w r3, [r12, #32] */
    0xe891, 0x0005, /* ldmia r1, {r0, r2} */
    0xf8cc, 0x0024, /* str.w r0, [r12, #36] */
    0xf8cc, 0x2028, /* str.w r2, [r12, #40] */
    0x3002,         /* adds r0, #2 */
    0x6008,         /* str r0, [r1] */
    0xf04f, 0x32ff, /* mov.w r2, #-1 */
    0xf04f, 0x33ff, /* mov.w r3, #-1 */
    0xf04f, 0x3cff, /* mov.w r12, #-1 */
    0x4770,         /* bx lr */
};

static const uint16_t bus_error[] = {
    0xf04f, 0x40c0, /* mov.w r0, #0x60000000 */
    0x2101,         /* movs r1, #1 */
    0x2202,         /* movs r2, #2 */
    0x2303,         /* movs r3, #3 */
    0xf04f, 0x0c0c, /* mov.w r12, #12 */
    0xf04f, 0x0e0e, /* mov.w lr, #14 */
    0x2902,         /* cmp r1, #2 */
    0x6804,         /* ldr r4, [r0] */
    0xd50b,         /* bpl skip */
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0x466e,         /* mov r6, sp */
    0xe9c5, 0x6e00, /* strd r6, lr, [r5] */
    0xe9c5, 0x2302, /* strd r2, r3, [r5, #8] */
    0xf8c5, 0xc010, /* str.w r12, [r5, #16] */
    0xf3ef, 0x8005, /* mrs r0, ipsr */
    0x6168,         /* str r0, [r5, #20] */
    0xbf30,         /* skip: wfi */
};

/* What skip_handler saw. */
struct seen {
    uint32_t ipsr;
    uint32_t lr;
    uint32_t sp;
    uint32_t frame[8];
};

static const struct seen *seen(const struct board *b)
{
    return (const struct seen *)b->l2ram;
}

static void a_bus_error_is_a_hardfault(void **state)
{
    struct board *b = *state;
    static const uint32_t frame[] = { 0x60000000, 1,  2,         3,
                                      12,         14, CODE + 20, 0x81000000 };
    static const uint32_t after[] = { TOP, 14, 2, 3, 12, 0 };

    LOAD(b, HANDLER, skip_handler);
    START(b, bus_error);
    assert_finishes(b);
    assert_int_equal(seen(b)->ipsr, 3);
    assert_int_equal(seen(b)->lr, 0xfffffff9);
    assert_int_equal(seen(b)->sp, SP_DROPS(8));
    assert_memory_equal(seen(b)->frame, frame, sizeof(frame));
    assert_memory_equal(word(b, PA_DATA), after, sizeof(after));
    assert_int_equal(b->mmu.stats.faults, 1);
}

static const uint16_t misaligned_stack[] = {
    0xb401,         /* push {r0} */
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0xf04f, 0x40c0, /* mov.w r0, #0x60000000 */
    0x6804,         /* ldr r4, [r0] */
    0x466e,         /* mov r6, sp */
    0x602e,         /* str r6, [r5] */
    0xbf30,         /* wfi */
};

static void the_frame_is_aligned_to_8_bytes(void **state)
{
    struct board *b = *state;

    LOAD(b, HANDLER, skip_handler);
    START(b, misaligned_stack);
    assert_finishes(b);
    assert_int_equal(seen(b)->sp, SP_DROPS(10));
    assert_int_equal(seen(b)->frame[7] >> 9 & 1, 1);
    assert_int_equal(*word(b, PA_DATA), SP_DROPS(1));
}

static const uint16_t return_by_pop[] = {
    0xb510, /* push {r4, lr} */
    0x9808, /* ldr r0, [sp, #32] */
    0x3002, /* adds r0, #2 */
    0x9008, /* str r0, [sp, #32] */
    0xbd10, /* pop {r4, pc} */
};

/* As if it had never been begun: bases keep their values. */
static const uint16_t bad[] = {
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0xf04f, 0x40c0, /* mov.w r0, #0x60000000 */
    0xf850, 0x4b04, /* ldr r4, [r0], #4 */
    0xf840, 0x4b04, /* str r4, [r0], #4 */
    0xf840, 0x4f04, /* str r4, [r0, #4]! */
    0xe9d0, 0x0100, /* ldrd r0, r1, [r0] */
    0xe8a0, 0x0006, /* stmia.w r0!, {r1, r2} */
    0x6028,         /* str r0, [r5] */
    0xbf30,         /* wfi */
};

static const uint16_t skip_4_bytes[] = {
    0x9806, /* ldr r0, [sp, #24] */
    0x3004, /* adds r0, #4 */
    0x9006, /* str r0, [sp, #24] */
    0x4770, /* bx lr */
};

static void a_failed_access_changes_no_register(void **state)
{
    struct board *b = *state;

    LOAD(b, HANDLER, skip_4_bytes);
    START(b, bad);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 0x60000000);
    assert_int_equal(b->mmu.stats.faults, 5);
}

static void a_handler_may_return_by_pop(void **state)
{
    struct board *b = *state;

    LOAD(b, HANDLER, return_by_pop);
    START(b, bus_error);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), TOP);
    assert_int_equal(*word(b, PA_DATA + 20), 0);
}

static const uint16_t it_bus_error[] = {
    0xf04f, 0x40c0, /* mov.w r0, #0x60000000 */
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0x2101,         /* movs r1, #1 */
    0x2901,         /* cmp r1, #1 */
    0xbf0b,         /* itete eq */
    0x6029,         /* streq r1, [r5] */
    0x6069,         /* strne r1, [r5, #4] */
    0x6802,         /* ldreq r2, [r0] */
    0x60a9,         /* strne r1, [r5, #8] */
    0x60e9,         /* str r1, [r5, #12] */
    0xbf30,         /* wfi */
};

/* The handler mends the base instead of skipping: ITSTATE comes back. */
static const uint16_t mend_base[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x9000,         /* str r0, [sp] */
    0x9907,         /* ldr r1, [sp, #28] */
    0x6101,         /* str r1, [r0, #16] */
    0x4770,         /* bx lr */
};

static void a_hardfault_inside_an_it_block(void **state)
{
    struct board *b = *state;

    LOAD(b, HANDLER, mend_base);
    START(b, it_bus_error);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 1);
    assert_int_equal(*word(b, PA_DATA + 4), 0);
    assert_int_equal(*word(b, PA_DATA + 8), 0);
    assert_int_equal(*word(b, PA_DATA + 12), 1);
    assert_int_equal(*word(b, PA_DATA + 16) & 0x0600fc00, 0x00000c00);
}

static void undefined_bkpt_and_worse_are_hardfaults(void **state)
{
    struct board *b = *state;
    static const struct {
        uint16_t code[3];
        uint32_t pc;
    } cases[] = {
        { { 0xbf00, 0xde00, 0xbf30 }, CODE + 2 }, /* udf #0 */
        { { 0xbf00, 0xbe00, 0xbf30 }, CODE + 2 }, /* bkpt #0 */
        { { 0x4600, 0x4700, 0xbf30 }, 0 },        /* bx r0: not Thumb */
    };
    unsigned int i;

    LOAD(b, HANDLER, skip_handler);
    for ( i = 0; i < sizeof(cases) / sizeof(cases[0]); i++ )
    {
        load(b, CODE, cases[i].code, sizeof(cases[i].code));
        memset(b->l2ram, 0, M4_L2RAM_SIZE);
        release(b);
        m4_run(b->m4, 25);
        assert_int_equal(seen(b)->ipsr, 3);
        assert_int_equal(seen(b)->frame[6], cases[i].pc);
    }
}

static const uint16_t jump_away[] = {
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0x6828,         /* ldr r0, [r5] */
    0xb101,         /* cbz r1, away */
    0x6800,         /* ldr r0, [r0] */
    0x4700,         /* away: bx r0 */
};

static void a_fetch_may_fail(void **state)
{
    struct board *b = *state;
    static const uint32_t targets[] = { 0x60000000, BORDER, DEVICE,
                                        M4_PRIVATE_DA, 0xfffffff8 };
    unsigned int i;

    map(b, BORDER, PA_DEVICE);
    LOAD(b, HANDLER, skip_handler);
    for ( i = 0; i < sizeof(targets) / 4; i++ )
    {
        *word(b, PA_DATA) = targets[i] | 1;
        memset(b->l2ram, 0, M4_L2RAM_SIZE);
        START(b, jump_away);
        run_by_one(b, 20);
        assert_int_equal(seen(b)->ipsr, 3);
        assert_int_equal(seen(b)->frame[6], targets[i]);
    }
    assert_int_equal(b->reads, 0);
}

/* The device's page is known already when its code is fetched. */
static const uint16_t read_and_jump[] = {
    0xf241, 0x0000, /* movw r0, #0x1000 */
    0x6801,         /* ldr r1, [r0] */
    0x3001,         /* adds r0, #1 */
    0x4700,         /* bx r0 */
};

static void a_known_device_is_not_executed(void **state)
{
    struct board *b = *state;

    map(b, BORDER, PA_DEVICE);
    LOAD(b, HANDLER, skip_handler);
    START(b, read_and_jump);
    run_by_one(b, 20);
    assert_int_equal(seen(b)->ipsr, 3);
    assert_int_equal(seen(b)->frame[6], BORDER);
    assert_int_equal(b->reads, 1);
}

static void a_fault_inside_hardfault_locks_up(void **state)
{
    struct board *b = *state;
    static const uint16_t again[] = {
        0xbf00, /* nop */
        0x6804, /* ldr r4, [r0] */
    };

    LOAD(b, HANDLER, again);
    START(b, bus_error);
    assert_false(m4_run(b->m4, 12));
    assert_stops(b, M4_LOCKED_UP, HANDLER + 2);
    m4_interrupt(b->m4, LINE, true);
    assert_stops(b, M4_LOCKED_UP, HANDLER + 2);
}

static void a_fault_while_stacking_locks_up(void **state)
{
    struct board *b = *state;

    unmap(b, STACK1);
    START(b, bus_error);
    assert_stops(b, M4_LOCKED_UP, CODE + 20);
}

static void a_bad_vector_locks_up(void **state)
{
    struct board *b = *state;

    *word(b, PA_CODE + 12) = HANDLER;
    START(b, bus_error);
    assert_stops(b, M4_LOCKED_UP, HANDLER);
}

static const uint16_t clear_t[] = {
    0xf04f, 0x4100, /* mov.w r1, #0x80000000 */
    0x6988,         /* ldr r0, [r1, #24] */
    0x3001,         /* adds r0, #1 */
    0x6188,         /* str r0, [r1, #24] */
    0x2802,         /* cmp r0, #2 */
    0xd005,         /* beq sleep */
    0x9806,         /* ldr r0, [sp, #24] */
    0x3002,         /* adds r0, #2 */
    0x9006,         /* str r0, [sp, #24] */
    0x2000,         /* movs r0, #0 */
    0x9007,         /* str r0, [sp, #28] */
    0x4770,         /* bx lr */
    0xbf30,         /* sleep: wfi */
};

static void a_return_without_thumb_bit_faults_again(void **state)
{
    struct board *b = *state;

    LOAD(b, HANDLER, clear_t);
    START(b, bus_error);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA + 24), 2);
}

/* A bus error by a device, so that the MMU may stall. */
static const uint16_t broken_register[] = {
    0xf04f, 0x4020, /* mov.w r0, #0xa0000000 */
    0xf8d0, 0x3100, /* ldr.w r3, [r0, #0x100] */
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0x6028,         /* str r0, [r5] */
    0xbf30,         /* wfi */
};

static void the_frame_of_a_hardfault_may_stall(void **state)
{
    struct board *b = *state;
    uint32_t *top = word(b, PA_STACK + M4_PAGE);

    *word(b, PA_CODE) = STACK1 + 16; /* four words in each page */
    LOAD(b, HANDLER, skip_handler);
    unmap(b, STACK0);
    unmap(b, STACK1);
    START(b, broken_register);
    assert_stalls(b, CODE + 4, STACK1 - 16, true);
    map(b, STACK0, PA_STACK);
    acknowledge(b);
    assert_stalls(b, CODE + 4, STACK1 + 12, true);
    assert_int_equal(top[-4], 0);
    assert_int_equal(b->reads, 1);

    map(b, STACK1, PA_SPARE);
    acknowledge(b);
    assert_true(m4_run(b->m4, 20));
    assert_int_equal(seen(b)->ipsr, 3);
    assert_int_equal(top[-4], DEVICE);
    assert_int_equal(top[2], 0);
    assert_int_equal(word(b, PA_SPARE)[2], CODE + 6);
}

static const uint16_t broken_far[] = {
    0xf04f, 0x4020, /* mov.w r0, #0xa0000000 */
    0xf8d0, 0x3100, /* ldr.w r3, [r0, #0x100] */
    0xbf00,         /* nop */
    0xbf30,         /* wfi */
};

static void the_vector_may_stall(void **state)
{
    struct board *b = *state;

    LOAD(b, HANDLER, skip_handler);
    LOAD(b, BORDER, broken_far);
    *word(b, PA_CODE + 4) = BORDER | 1;
    release(b);
    assert_true(m4_run(b->m4, 1));
    unmap_and_flush(b, 0);
    assert_stalls(b, BORDER + 4, 0xc, false);
    map(b, 0, PA_CODE);
    acknowledge(b);
    assert_true(m4_run(b->m4, 20));
    assert_int_equal(seen(b)->frame[6], BORDER + 4);
}

static void unstacking_may_stall(void **state)
{
    struct board *b = *state;

    *word(b, PA_CODE) = STACK1 + 16;
    LOAD(b, HANDLER, skip_handler);
    LOAD(b, CODE, broken_register);
    release(b);
    assert_true(run_by_one(b, 24)); /* to bx lr */
    assert_int_equal(seen(b)->ipsr, 3);
    unmap_and_flush(b, STACK0);
    unmap_and_flush(b, STACK1);
    assert_stops(b, M4_STALLED, 0xfffffff8);
    map(b, STACK0, PA_STACK);
    acknowledge(b);
    assert_stops(b, M4_STALLED, 0xfffffff8);
    map(b, STACK1, PA_SPARE);
    memcpy(word(b, PA_SPARE), word(b, PA_STACK + M4_PAGE), 16);
    word(b, PA_SPARE)[2] = CODE + 8;
    acknowledge(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), DEVICE);
}

/*
 * Devices
 */

static const uint16_t sleep_at_once[] = {
    0xbf30, /* wfi */
};

static const uint16_t device_sizes[] = {
    0xf04f, 0x4020, /* mov.w r0, #0xa0000000 */
    0xf245, 0x6178, /* movw r1, #0x5678 */
    0xf2c1, 0x2134, /* movt r1, #0x1234 */
    0x6041,         /* str r1, [r0, #4] */
    0x80c1,         /* strh r1, [r0, #6] */
    0x71c1,         /* strb r1, [r0, #7] */
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0x6882,         /* ldr r2, [r0, #8] */
    0x602a,         /* str r2, [r5] */
    0x8942,         /* ldrh r2, [r0, #10] */
    0x606a,         /* str r2, [r5, #4] */
    0xf990, 0x200b, /* ldrsb.w r2, [r0, #11] */
    0x60aa,         /* str r2, [r5, #8] */
    0xbf30,         /* wfi */
};

static void device_accesses_keep_their_size(void **state)
{
    struct board *b = *state;
    static const struct {
        uint32_t offset;
        unsigned int size;
        uint32_t value;
    } writes[] = { { 4, 4, 0x12345678 }, { 6, 2, 0x5678 }, { 7, 1, 0x78 } };
    unsigned int i;

    START(b, device_sizes);
    assert_true(m4_run(b->m4, 3));
    for ( i = 0; i < 3; i++ )
    {
        assert_true(m4_run(b->m4, 1));
        assert_int_equal(b->writes, i + 1);
        assert_int_equal(b->offset, writes[i].offset);
        assert_int_equal(b->size, writes[i].size);
        assert_int_equal(b->value, writes[i].value);
    }

    b->value = 0xfffffff5;
    assert_finishes(b);
    assert_int_equal(b->reads, 3);
    assert_int_equal(b->offset, 11);
    assert_int_equal(b->size, 1);
    assert_int_equal(*word(b, PA_DATA), 0xfffffff5);
    assert_int_equal(*word(b, PA_DATA + 4), 0xfff5);
    assert_int_equal(*word(b, PA_DATA + 8), 0xfffffff5);
}

static const uint16_t broken[] = {
    0xf04f, 0x4020, /* mov.w r0, #0xa0000000 */
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0x2307,         /* movs r3, #7 */
    0xf8d0, 0x3100, /* ldr.w r3, [r0, #0x100] */
    0x602b,         /* str r3, [r5] */
    0xf100, 0x00fc, /* add.w r0, #0xfc */
    0xf840, 0x3f04, /* str r3, [r0, #4]! */
    0xbf00,         /* nop */
    0x6068,         /* str r0, [r5, #4] */
    0xbf30,         /* wfi */
};

static void an_error_of_a_device_is_a_hardfault(void **state)
{
    struct board *b = *state;

    LOAD(b, HANDLER, skip_4_bytes);
    START(b, broken);
    assert_finishes(b);
    assert_int_equal(b->reads, 1);
    assert_int_equal(b->writes, 1);
    assert_int_equal(*word(b, PA_DATA), 7);
    assert_int_equal(*word(b, PA_DATA + 4), DEVICE + 0xfc);
}

/* What follows in the IT block has not been done yet when the handler runs. */
static const uint16_t it_broken[] = {
    0xf04f, 0x4020, /* mov.w r0, #0xa0000000 */
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0x6829,         /* ldr r1, [r5] */
    0x2900,         /* cmp r1, #0 */
    0xbf01,         /* itttt eq */
    0xf8d0, 0x2100, /* ldreq.w r2, [r0, #0x100] */
    0x3101,         /* addeq r1, #1 */
    0x6029,         /* streq r1, [r5] */
    0x6081,         /* streq r1, [r0, #8] */
    0xbf30,         /* wfi */
};

static void an_error_of_a_device_inside_an_it_block(void **state)
{
    struct board *b = *state;
    LOAD(b, HANDLER, sleep_at_once);
    START(b, it_broken);
    assert_stops(b, M4_ASLEEP, HANDLER + 2);
    assert_int_equal(*word(b, PA_DATA), 0);
    assert_int_equal(b->writes, 0);
    assert_int_equal(*word(b, PA_STACK + M4_PAGE + 0xff8 - 8), CODE + 14);
}

/* No further access after the one that failed, even inside an IT block. */
static const uint16_t broken_pair[] = {
    0xf04f, 0x4020, /* mov.w r0, #0xa0000000 */
    0x4280,         /* cmp r0, r0 */
    0xbf08,         /* it eq */
    0xe9c0, 0x1240, /* strdeq r1, r2, [r0, #0x100] */
    0xbf30,         /* wfi */
};

static void a_device_is_left_alone_after_its_error(void **state)
{
    struct board *b = *state;
    LOAD(b, HANDLER, sleep_at_once);
    START(b, broken_pair);
    assert_stops(b, M4_ASLEEP, HANDLER + 2);
    assert_int_equal(b->writes, 1);
}

/* The core's own accesses are words as well. */
static void vectors_on_a_device(void **state)
{
    struct board *b = *state;

    map(b, 0, PA_DEVICE);
    b->value = BORDER | 1;
    LOAD(b, BORDER, sleep_at_once);
    release(b);
    assert_stops(b, M4_ASLEEP, BORDER + 2);
    assert_int_equal(b->reads, 2);
    assert_int_equal(b->size, 4);
    assert_int_equal(b->offset, 4);
}

static void a_stack_on_a_device(void **state)
{
    struct board *b = *state;

    *word(b, PA_CODE) = DEVICE + 0x80;
    LOAD(b, HANDLER, skip_handler);
    START(b, bus_error);
    assert_true(m4_run(b->m4, 10));
    assert_int_equal(b->writes, 8);
    assert_int_equal(b->offset, 0x7c);

    *word(b, PA_CODE) = DEVICE + REG_BROKEN + 0x20;
    release(b);
    assert_stops(b, M4_LOCKED_UP, CODE + 20);
}

/*
 * What is not behind the MMU
 */

static const uint16_t private[] = {
    0xf04f, 0x5000, /* mov.w r0, #0x20000000 */
    0xf04f, 0x4160, /* mov.w r1, #0xe0000000 */
    0x6802,         /* ldr r2, [r0] */
    0x3201,         /* adds r2, #1 */
    0x6042,         /* str r2, [r0, #4] */
    0xf500, 0x4070, /* add.w r0, #0xf000 */
    0xf8c0, 0x2ffc, /* str.w r2, [r0, #0xffc] */
    0x600a,         /* str r2, [r1] */
    0x680b,         /* ldr r3, [r1] */
    0xf8c0, 0x3ff8, /* str.w r3, [r0, #0xff8] */
    0xf64e, 0x71fc, /* movw r1, #0xeffc */
    0xf2ce, 0x0100, /* movt r1, #0xe000 */
    0x800a,         /* strh r2, [r1] */
    0x780b,         /* ldrb r3, [r1] */
    0xf8c0, 0x3ff4, /* str.w r3, [r0, #0xff4] */
    0xbf30,         /* wfi */
};

static void l2ram_and_private_peripherals_do_not_ask(void **state)
{
    struct board *b = *state;
    uint32_t *l2ram = (uint32_t *)b->l2ram;

    l2ram[0] = 41;
    l2ram[M4_L2RAM_SIZE / 4 - 2] = 1;
    l2ram[M4_L2RAM_SIZE / 4 - 3] = 1;
    START(b, private);
    assert_finishes(b);
    assert_int_equal(b->asked, 2); /* vectors, code */
    assert_int_equal(l2ram[1], 42);
    assert_int_equal(l2ram[M4_L2RAM_SIZE / 4 - 1], 42);
    assert_int_equal(l2ram[M4_L2RAM_SIZE / 4 - 2], 0);
    assert_int_equal(l2ram[M4_L2RAM_SIZE / 4 - 3], 0);
}

static const uint16_t load_from[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x6800,         /* ldr r0, [r0] */
    0x6801,         /* ldr r1, [r0] */
    0xbf30,         /* wfi */
};

static void what_is_beside_them_does_ask(void **state)
{
    struct board *b = *state;
    static const uint32_t edges[] = { M4_L2RAM_DA - 4,
                                      M4_L2RAM_DA + M4_L2RAM_SIZE,
                                      M4_PRIVATE_DA - 4,
                                      M4_PRIVATE_DA + M4_PRIVATE_SIZE };
    unsigned int i;

    for ( i = 0; i < 4; i++ )
    {
        *word(b, PA_DATA) = edges[i];
        START(b, load_from);
        assert_stalls(b, CODE + 6, edges[i], false);
        mmu_cancel(&b->mmu);
    }
}

static void code_may_be_in_l2ram(void **state)
{
    struct board *b = *state;
    static const uint16_t loop[] = {
        0x3101, /* loop: adds r1, #1 */
        0xe7fd, /* b loop */
    };

    memcpy(b->l2ram + 0x100, loop, sizeof(loop));
    *word(b, PA_CODE + 4) = M4_L2RAM_DA + 0x101;
    release(b);
    assert_true(m4_run(b->m4, 11));
    assert_int_equal(m4_pc(b->m4), M4_L2RAM_DA + 0x102);
    assert_int_equal(b->asked, 1);
}

/*
 * What is remembered is part of the TLB
 */

static const uint16_t poll[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf500, 0x5180, /* add.w r1, r0, #0x1000 */
    0x6802,         /* loop: ldr r2, [r0] */
    0x600a,         /* str r2, [r1] */
    0xe7fc,         /* b loop */
};

static void unmap_and_flush_stops_access(void **state)
{
    struct board *b = *state;

    START(b, poll);
    assert_true(m4_run(b->m4, 100));

    unmap(b, DATA0); /* the TLB still holds it, and so may the core */
    assert_true(m4_run(b->m4, 100));
    flush(b, DATA0);
    assert_stalls(b, CODE + 8, DATA0, false);

    *word(b, PA_SPARE) = 0xab;
    map(b, DATA0, PA_SPARE);
    acknowledge(b);
    assert_true(m4_run(b->m4, 100));
    assert_int_equal(*word(b, PA_DATA + M4_PAGE), 0xab);

    unmap_and_flush(b, DATA1);
    assert_stalls(b, CODE + 10, DATA1, true);
}

static void flush_of_a_stalled_core(void **state)
{
    struct board *b = *state;

    unmap(b, DATA1);
    START(b, poll);
    assert_stalls(b, CODE + 10, DATA1, true);
    unmap_and_flush(b, DATA0);
    unmap_and_flush(b, 0);
    map(b, DATA1, PA_DATA + M4_PAGE);
    acknowledge(b);
    assert_stalls(b, CODE + 10, CODE + 10, false);
    map(b, 0, PA_CODE);
    acknowledge(b);
    assert_stalls(b, CODE + 8, DATA0, false);
}

static void the_mmu_switched_off_is_a_change(void **state)
{
    struct board *b = *state;

    START(b, poll);
    assert_true(m4_run(b->m4, 100));
    memcpy(byte_at(b, RAM_BASE + 0x3000), poll, sizeof(poll));
    *word(b, RAM_BASE) = 0x77; /* DATA0 is RAM_BASE: bypassed */
    wr_mmu(b, MMU_CNTL, 0);
    assert_stops(b, M4_LOCKED_UP, CODE + 12); /* da 0 is no RAM */
}

static void a_hardware_reset_of_the_mmu_is_a_change(void **state)
{
    struct board *b = *state;

    START(b, poll);
    assert_true(m4_run(b->m4, 100));
    b->asked = 0;
    mmu_reset(&b->mmu);
    m4_run(b->m4, 1);
    assert_true(b->asked > 0);
}

/* Ten pages by turns, and a TLB of eight: each turn asks again. */
static const uint16_t turns[] = {
    0x2400,         /* movs r4, #0 */
    0xf04f, 0x4000, /* again: mov.w r0, #0x80000000 */
    0xf04f, 0x030a, /* mov.w r3, #10 */
    0x6801,         /* loop: ldr r1, [r0] */
    0x440c,         /* add r4, r1 */
    0xf500, 0x5080, /* add.w r0, #0x1000 */
    0x3b01,         /* subs r3, #1 */
    0xd1f9,         /* bne loop */
    0xf04f, 0x5500, /* mov.w r5, #0x20000000 */
    0x602c,         /* str r4, [r5] */
    0xbf20,         /* wfe */
    0xe7f0,         /* b again */
};

static void round_robin_makes_the_core_ask_again(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 10; i++ )
        map(b, DATA0 + i * M4_PAGE, i & 1 ? PA_DATA : PA_SPARE);
    *word(b, PA_DATA) = 1;
    *word(b, PA_SPARE) = 0x100;
    listen_first(b);
    START(b, turns);
    assert_finishes(b);
    assert_int_equal(*(uint32_t *)b->l2ram, 0x505);

    *small_page(b, DATA0) = 0; /* driven out since */
    m4_interrupt(b->m4, LINE, true);
    m4_interrupt(b->m4, LINE, false);
    assert_false(m4_run(b->m4, 100));
    assert_int_equal(m4_state(b->m4), M4_STALLED);
    assert_int_equal(rd_mmu(b, MMU_FAULT_AD), DATA0);
}

/* One entry only, and an instruction that is on two pages: no livelock. */
static void one_tlb_entry_is_enough(void **state)
{
    struct board *b = *state;

    LOAD(b, BORDER - 2, across);
    LOAD(b, CODE, jump_to_border);
    wr_mmu(b, MMU_LOCK, 31u << 10 | 31u << 4);
    release(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA + 8), DATA0 + 4);
}

/* With all entries locked, the walker loads none: nothing may be remembered. */
static void nothing_is_remembered_without_the_tlb(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 8; i++ )
    {
        wr_mmu(b, MMU_LOCK, i << 4);
        wr_mmu(b, MMU_CAM, 0x70000000 | i << 12 | CAM_4K | CAM_PRESERVED);
        wr_mmu(b, MMU_LD_TLB, 1);
    }
    wr_mmu(b, MMU_LOCK, 8 << 10);
    START(b, poll);
    assert_true(m4_run(b->m4, 100));
    unmap(b, DATA0);
    assert_stalls(b, CODE + 8, DATA0, false);
}

static void load_tlb(struct board *b, unsigned int entry, uint32_t da,
                     uint32_t pa)
{
    wr_mmu(b, MMU_LOCK, entry << 4);
    wr_mmu(b, MMU_CAM, da | CAM_4K);
    wr_mmu(b, MMU_RAM, pa);
    wr_mmu(b, MMU_LD_TLB, 1);
}

/* Without the walker: entries are loaded, overwritten, and made to clash. */
static void entries_that_software_loads(void **state)
{
    struct board *b = *state;

    wr_mmu(b, MMU_CNTL, 0x2);
    load_tlb(b, 0, 0, PA_CODE);
    load_tlb(b, 1, DATA1, PA_DATA + M4_PAGE);
    START(b, poll);
    assert_stalls(b, CODE + 8, DATA0, false);
    *word(b, PA_DATA) = 1;
    load_tlb(b, 2, DATA0, PA_DATA); /* ends the stall */
    assert_true(m4_run(b->m4, 100));
    assert_int_equal(*word(b, PA_DATA + M4_PAGE), 1);

    *word(b, PA_SPARE) = 2;
    load_tlb(b, 2, DATA0, PA_SPARE);
    assert_true(m4_run(b->m4, 100));
    assert_int_equal(*word(b, PA_DATA + M4_PAGE), 2);

    load_tlb(b, 3, DATA0, PA_DATA); /* two entries hit */
    assert_stops(b, M4_STALLED, CODE + 8);
}

/* The firmware itself flushes: from the next instruction on. */
static const uint16_t flush_own[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf241, 0x0100, /* movw r1, #0x1000 */
    0xf2ca, 0x0100, /* movt r1, #0xa000 */
    0x2201,         /* movs r2, #1 */
    0x6803,         /* ldr r3, [r0] */
    0x6588,         /* str r0, [r1, #0x58] */
    0xf8c1, 0x2064, /* str.w r2, [r1, #0x64] */
    0x6803,         /* ldr r3, [r0] */
    0xbf30,         /* wfi */
};

static void a_flush_by_the_core_itself(void **state)
{
    struct board *b = *state;

    LOAD(b, CODE, flush_own);
    release(b);
    assert_true(m4_run(b->m4, 5));
    unmap(b, DATA0);
    assert_stalls(b, CODE + 22, DATA0, false);
}

static const uint16_t flush_in_it[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf241, 0x0100, /* movw r1, #0x1000 */
    0xf2ca, 0x0100, /* movt r1, #0xa000 */
    0x2201,         /* movs r2, #1 */
    0x6803,         /* ldr r3, [r0] */
    0x6588,         /* str r0, [r1, #0x58] */
    0x2a01,         /* cmp r2, #1 */
    0xbf04,         /* itt eq */
    0xf8c1, 0x2064, /* streq.w r2, [r1, #0x64] */
    0x6803,         /* ldreq r3, [r0] */
    0xbf30,         /* wfi */
};

static void a_flush_inside_an_it_block(void **state)
{
    struct board *b = *state;

    LOAD(b, CODE, flush_in_it);
    release(b);
    assert_true(m4_run(b->m4, 5));
    unmap(b, DATA0);
    assert_stalls(b, CODE + 26, DATA0, false);
}

/*
 * Stale code
 */

static const uint16_t returns_1[] = {
    0x2001, /* movs r0, #1 */
    0x4770, /* bx lr */
};

static const uint16_t returns_2[] = {
    0x2002, /* movs r0, #2 */
    0x4770, /* bx lr */
};

static const uint16_t call_and_sleep[] = {
    0xf241, 0x0401, /* movw r4, #0x1001 */
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0x47a0,         /* loop: blx r4 */
    0x6028,         /* str r0, [r5] */
    0xbf20,         /* wfe */
    0xe7fb,         /* b loop */
};

static void wake(struct board *b)
{
    m4_interrupt(b->m4, LINE, true);
    m4_interrupt(b->m4, LINE, false);
}

static void code_that_is_mapped_elsewhere(void **state)
{
    struct board *b = *state;

    LOAD(b, BORDER, returns_1);
    memcpy(byte_at(b, PA_SPARE), returns_2, sizeof(returns_2));
    listen_first(b);
    START(b, call_and_sleep);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 1);

    map(b, BORDER, PA_SPARE);
    flush(b, BORDER);
    wake(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 2);
}

static void code_that_somebody_else_rewrote(void **state)
{
    struct board *b = *state;

    LOAD(b, BORDER, returns_1);
    listen_first(b);
    START(b, call_and_sleep);
    assert_finishes(b);

    LOAD(b, BORDER, returns_2); /* between two resets */
    release(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 2);

    LOAD(b, BORDER, returns_1);
    m4_retranslate(b->m4);
    wake(b);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 1);
}

static const uint16_t rewrite[] = {
    0xf241, 0x0401, /* movw r4, #0x1001 */
    0xf04f, 0x4500, /* mov.w r5, #0x80000000 */
    0x47a0,         /* blx r4 */
    0x2105,         /* movs r1, #5 */
    0xf241, 0x0200, /* movw r2, #0x1000 */
    0x7011,         /* strb r1, [r2] */
    0xf3bf, 0x8f4f, /* dsb */
    0xf3bf, 0x8f6f, /* isb */
    0x47a0,         /* blx r4 */
    0x6028,         /* str r0, [r5] */
    0xbf30,         /* wfi */
};

static void code_that_the_core_wrote(void **state)
{
    struct board *b = *state;

    LOAD(b, BORDER, returns_1);
    START(b, rewrite);
    assert_finishes(b);
    assert_int_equal(*word(b, PA_DATA), 5);
}
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
#define T8(test) \
    cmocka_unit_test_setup_teardown(test, setup_8_entries, teardown)
#define TB(test) \
    cmocka_unit_test_setup_teardown(test, setup_bus_errors, teardown)

static const struct CMUnitTest tests[] = {
    T(reset_fetches_sp_and_pc_through_the_mmu),
    T(nothing_is_done_in_reset),
    T(a_pc_without_thumb_bit_locks_up_until_reset),
    T(a_stalled_reset_is_retried),
    TB(a_bus_error_in_reset_locks_up),
    T(reset_starts_anew_whatever_the_core_was_doing),
    T(primask_is_kept_until_reset),
    T(the_core_can_reset_itself),
    T(reset_inside_a_translation_ends_the_run),
    T(run_does_at_most_so_many_instructions),
    T(a_loop_asks_once_for_each_page),
    T(more_pages_than_are_remembered),
    T(nothing_is_lost_by_many_retranslations),
    T(threads_may_take_turns),
    T(wfe_sleeps_until_an_event),
    T(a_wide_wfi_sleeps_as_well),
    T(wfe_inside_an_it_block),
    T(the_line_may_rise_while_running),
    T(a_stalled_load_is_retried),
    T(a_stalled_store_is_retried),
    T(a_stall_that_is_not_mended_stalls_again),
    T(a_stalled_jump_is_retried),
    T(an_instruction_across_a_border_is_retried),
    T(a_push_across_a_border_is_retried),
    T(a_stalled_push_stores_nothing_behind),
    T(a_pop_across_a_border_is_retried),
    T(loads_of_several_words_are_retried),
    T(an_unaligned_store_across_a_border_is_retried),
    T(an_unaligned_load_across_a_border_is_retried),
    T(an_exclusive_store_is_retried),
    T(ram_that_cannot_be_executed),
    T(a_stall_inside_an_it_block_is_retried),
    TB(a_bus_error_is_a_hardfault),
    TB(the_frame_is_aligned_to_8_bytes),
    TB(a_failed_access_changes_no_register),
    TB(a_handler_may_return_by_pop),
    TB(a_hardfault_inside_an_it_block),
    T(undefined_bkpt_and_worse_are_hardfaults),
    TB(a_fetch_may_fail),
    T(a_known_device_is_not_executed),
    TB(a_fault_inside_hardfault_locks_up),
    TB(a_fault_while_stacking_locks_up),
    TB(a_bad_vector_locks_up),
    TB(a_return_without_thumb_bit_faults_again),
    T(the_frame_of_a_hardfault_may_stall),
    T(the_vector_may_stall),
    T(unstacking_may_stall),
    T(device_accesses_keep_their_size),
    T(an_error_of_a_device_is_a_hardfault),
    T(an_error_of_a_device_inside_an_it_block),
    T(a_device_is_left_alone_after_its_error),
    T(vectors_on_a_device),
    TB(a_stack_on_a_device),
    T(l2ram_and_private_peripherals_do_not_ask),
    T(what_is_beside_them_does_ask),
    T(code_may_be_in_l2ram),
    T(unmap_and_flush_stops_access),
    T(flush_of_a_stalled_core),
    TB(the_mmu_switched_off_is_a_change),
    T(a_hardware_reset_of_the_mmu_is_a_change),
    T8(round_robin_makes_the_core_ask_again),
    T(one_tlb_entry_is_enough),
    T8(nothing_is_remembered_without_the_tlb),
    T(entries_that_software_loads),
    T(a_flush_by_the_core_itself),
    T(a_flush_inside_an_it_block),
    T(code_that_is_mapped_elsewhere),
    T(code_that_somebody_else_rewrote),
    T(code_that_the_core_wrote),
};

int main(void)
{
    return cmocka_run_group_tests_name("model/m4", tests, NULL, NULL);
}
