/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exceptions of the Cortex-M4 that executes: see m4_board.h. Programs are at
 * PROGRAM here, behind all vectors; handlers in the vectors' page as well. A
 * handler that logs appends the number of its exception to DATA0.
 */
#include "m4_board.h"
#include "nvic.h"

#define PROGRAM 0x200u
#define LOGS    0x600u
#define SKIPS   0x640u
#define SPECIAL 0x680u /* of one test */

#define LOGS_LENGTH 7u /* instructions */

#define RESULTS (PA_DATA + 0x100u) /* DATA0 + 0x100: what programs store */

#define LINE_A (NVIC_LINE0 + 34u)
#define LINE_B (NVIC_LINE0 + 35u)

/* The number of the exception goes to the end of the log. */
#define LOG \
    0xf04f, 0x4000,     /* mov.w r0, #0x80000000 */ \
        0x6801,         /* ldr r1, [r0] */ \
        0xf3ef, 0x8205, /* mrs r2, ipsr */ \
        0x3101,         /* adds r1, #1 */ \
        0x6001,         /* str r1, [r0] */ \
        0xf840, 0x2021  /* str.w r2, [r0, r1, lsl #2] */

static const uint16_t logs[] = {
    LOG, 0x4770, /* bx lr */
};

/* It logs, and goes on two bytes behind where it was. */
static const uint16_t skips[] = {
    LOG,    0x9806, /* ldr r0, [sp, #24] */
    0x3002,         /* adds r0, #2 */
    0x9006,         /* str r0, [sp, #24] */
    0x4770,         /* bx lr */
};

static void set_vector(struct board *b, unsigned int exception, uint32_t da)
{
    *word(b, PA_CODE + 4 * exception) = da | 1;
}

/* HardFault skips, all else logs. */
static void begin(struct board *b, const uint16_t *program, size_t size)
{
    unsigned int i;

    LOAD(b, LOGS, logs);
    LOAD(b, SKIPS, skips);
    for ( i = 2; i < NVIC_EXCEPTIONS; i++ )
        set_vector(b, i, LOGS);
    set_vector(b, NVIC_HARDFAULT, SKIPS);
    load(b, PROGRAM, program, size);
    *word(b, PA_CODE + 4) = PROGRAM | 1;
    release(b);
}

#define BEGIN(b, program) begin(b, program, sizeof(program))

static void set_special(struct board *b, unsigned int exception,
                        const uint16_t *handler, size_t size)
{
    load(b, SPECIAL, handler, size);
    set_vector(b, exception, SPECIAL);
}

#define SPECIAL_FOR(b, exception, handler) \
    set_special(b, exception, handler, sizeof(handler))

static uint32_t result(struct board *b, unsigned int i)
{
    return *word(b, RESULTS + 4 * i);
}

/* These exceptions were taken, in this order, and no others. */
#define assert_log(b, ...) \
    do \
    { \
        static const uint32_t due[] = { __VA_ARGS__ }; \
\
        assert_int_equal(*word(b, PA_DATA), sizeof(due) / 4); \
        assert_memory_equal(word(b, PA_DATA + 4), due, sizeof(due)); \
    } \
    while ( 0 )

/*
 * SVC
 */

static const uint16_t call_supervisor[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xdf01,         /* svc #1 */
    0x2307,         /* movs r3, #7 */
    0xf8c4, 0x3100, /* str.w r3, [r4, #0x100] */
    0x42a4,         /* cmp r4, r4 */
    0xbf06,         /* itte eq */
    0xdf02,         /* svceq #2 */
    0xf8c4, 0x3104, /* streq.w r3, [r4, #0x104] */
    0xf8c4, 0x3108, /* strne.w r3, [r4, #0x108] */
    0xbf30,         /* wfi */
};

static void svc_returns_behind_itself(void **state)
{
    struct board *b = *state;

    BEGIN(b, call_supervisor);
    assert_finishes(b);
    assert_log(b, NVIC_SVCALL, NVIC_SVCALL);
    assert_int_equal(result(b, 0), 7);
    assert_int_equal(result(b, 1), 7);
    assert_int_equal(result(b, 2), 0);
}

static const uint16_t call_masked[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0xb672,         /* cpsid i */
    0xdf01,         /* svc #1 */
    0xf8d5, 0x3d2c, /* ldr.w r3, [r5, #0xd2c] */
    0xf8c4, 0x3100, /* str.w r3, [r4, #0x100] */
    0xf8c5, 0x3d2c, /* str.w r3, [r5, #0xd2c] */
    0xf8d5, 0x3d2c, /* ldr.w r3, [r5, #0xd2c] */
    0xf8c4, 0x3104, /* str.w r3, [r4, #0x104] */
    0xb671,         /* cpsid f */
    0xdf01,         /* svc #1 */
    0xbf00,         /* nop */
};

static void svc_that_cannot_be_taken_is_hardfault(void **state)
{
    struct board *b = *state;

    BEGIN(b, call_masked);
    assert_stops(b, M4_LOCKED_UP, PROGRAM + 38);
    assert_log(b, NVIC_HARDFAULT);
    assert_int_equal(result(b, 0), HFSR_FORCED);
    assert_int_equal(result(b, 1), 0);
}

/*
 * Interrupts
 */

/* r5: the System Control Space. Lines 34 and 35 are enabled, 0x80 and 0x40. */
#define LISTEN \
    0xf04f, 0x4400,     /* mov.w r4, #0x80000000 */ \
        0xf24e, 0x0500, /* movw r5, #0xe000 */ \
        0xf2ce, 0x0500, /* movt r5, #0xe000 */ \
        0x200c,         /* movs r0, #12 */ \
        0xf8c5, 0x0104, /* str.w r0, [r5, #0x104] */ \
        0x2080,         /* movs r0, #0x80 */ \
        0xf885, 0x0422, /* strb.w r0, [r5, #0x422] */ \
        0x2040,         /* movs r0, #0x40 */ \
        0xf885, 0x0423  /* strb.w r0, [r5, #0x423] */

static const uint16_t wait_for_lines[] = {
    LISTEN, 0xbf30, /* wfi */
    0x3601,         /* adds r6, #1 */
    0xf8c4, 0x6100, /* str.w r6, [r4, #0x100] */
    0xbf30,         /* wfi */
    0xe7f9,         /* b: to adds */
};

static void a_line_that_rises_is_taken(void **state)
{
    struct board *b = *state;

    BEGIN(b, wait_for_lines);
    assert_finishes(b);
    m4_interrupt(b->m4, 36, true); /* not enabled */
    assert_finishes(b);
    assert_int_equal(result(b, 0), 0);

    m4_interrupt(b->m4, 34, true);
    m4_interrupt(b->m4, 34, false); /* a pulse is enough */
    assert_finishes(b);
    assert_log(b, LINE_A);
    assert_int_equal(result(b, 0), 1);

    m4_interrupt(b->m4, 34, true);
    m4_interrupt(b->m4, 35, true); /* both: the more urgent first */
    m4_interrupt(b->m4, 34, false);
    m4_interrupt(b->m4, 35, false);
    assert_finishes(b);
    assert_log(b, LINE_A, LINE_B, LINE_A);
}

static void a_line_that_stays_high_is_taken_again(void **state)
{
    struct board *b = *state;

    BEGIN(b, wait_for_lines);
    assert_finishes(b);
    m4_interrupt(b->m4, 34, true);
    m4_run(b->m4, 3 * LOGS_LENGTH);
    m4_interrupt(b->m4, 34, false);
    assert_finishes(b);
    assert_int_equal(result(b, 0), 1);
    assert_log(b, LINE_A, LINE_A, LINE_A);
}

/* It makes line 35 pend, logs that it did, and then itself. */
static const uint16_t raises_b[] = {
    0xf24e, 0x0100, /* movw r1, #0xe000 */
    0xf2ce, 0x0100, /* movt r1, #0xe000 */
    0x2208,         /* movs r2, #8 */
    0xf8c1, 0x2204, /* str.w r2, [r1, #0x204] */
    LOG,    0x4770, /* bx lr */
};

static void a_more_urgent_one_is_taken_inside(void **state)
{
    struct board *b = *state;

    BEGIN(b, wait_for_lines);
    SPECIAL_FOR(b, LINE_A, raises_b);
    assert_finishes(b);
    m4_interrupt(b->m4, 34, true);
    m4_interrupt(b->m4, 34, false);
    assert_finishes(b);
    assert_log(b, LINE_B, LINE_A);
    assert_int_equal(*word(b, PA_STACK + M4_PAGE + 0xff8 - 4 * 16 + 28) & 0x1ff,
                     LINE_A);
}

static const uint16_t make_equal[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0x200c,         /* movs r0, #12 */
    0xf8c5, 0x0104, /* str.w r0, [r5, #0x104] */
    0x6920,         /* ldr r0, [r4, #0x10] */
    0xf8c5, 0x0d0c, /* str.w r0, [r5, #0xd0c] */
    0x6960,         /* ldr r0, [r4, #0x14] */
    0xf8c5, 0x0420, /* str.w r0, [r5, #0x420] */
    0x2000,         /* movs r0, #0 */
    0x6120,         /* str r0, [r4, #0x10] */
    0x6160,         /* str r0, [r4, #0x14] */
    0xbf30,         /* wfi */
    0xbf30,         /* wfi */
};

static void an_equal_one_follows(void **state)
{
    struct board *b = *state;
    static const struct {
        uint32_t aircr, priorities; /* of lines 34 and 35, above the others */
        bool inside;
    } cases[] = {
        { 0x05fa0000, 0x80800000, false }, { 0x05fa0000, 0x70800000, true },
        { 0x05fa0600, 0x50400000, false }, /* one bit tells: both above it */
        { 0x05fa0600, 0x10400000, false }, { 0x05fa0600, 0x40800000, true },
        { 0x12340600, 0x10400000, true },  /* without the key: nothing */
        { 0x05fa0000, 0x8f820000, false }, /* four bits there are */
    };
    unsigned int i;

    for ( i = 0; i < sizeof(cases) / sizeof(cases[0]); i++ )
    {
        memset(word(b, PA_DATA), 0, 0x40);
        *word(b, PA_DATA + 0x10) = cases[i].aircr;
        *word(b, PA_DATA + 0x14) = cases[i].priorities;
        BEGIN(b, make_equal);
        SPECIAL_FOR(b, LINE_A, raises_b);
        assert_finishes(b);
        m4_interrupt(b->m4, 34, true);
        m4_interrupt(b->m4, 34, false);
        assert_finishes(b);
        if ( cases[i].inside )
            assert_log(b, LINE_B, LINE_A);
        else
            assert_log(b, LINE_A, LINE_B);
    }
}

/* What follows at once finds the stack as it was. */
static const uint16_t logs_sp[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x4669,         /* mov r1, sp */
    0xf8c0, 0x1120, /* str.w r1, [r0, #0x120] */
    0xf8c0, 0xe124, /* str.w lr, [r0, #0x124] */
    0x4770,         /* bx lr */
};

static const uint16_t pend_both[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0x20f0,         /* movs r0, #0xf0 */
    0xf885, 0x0d22, /* strb.w r0, [r5, #0xd22] */
    0xb672,         /* cpsid i */
    0xf04f, 0x50a0, /* mov.w r0, #0x14000000 */
    0xf8c5, 0x0d04, /* str.w r0, [r5, #0xd04] */
    0xf8d5, 0x0d04, /* ldr.w r0, [r5, #0xd04] */
    0xf8c4, 0x0100, /* str.w r0, [r4, #0x100] */
    0x2000,         /* movs r0, #0 */
    0xb662,         /* cpsie i */
    0x2301,         /* movs r3, #1 */
    0xf8c4, 0x3104, /* str.w r3, [r4, #0x104] */
    0xbf30,         /* wfi */
};

static void tail_chaining_uses_one_frame(void **state)
{
    struct board *b = *state;

    BEGIN(b, pend_both);
    SPECIAL_FOR(b, NVIC_PENDSV, logs_sp);
    assert_finishes(b);
    assert_log(b, NVIC_SYSTICK);
    assert_int_equal(result(b, 0), 0x1400f800);
    assert_int_equal(result(b, 1), 1);
    assert_int_equal(result(b, 8), SP_DROPS(8));
    assert_int_equal(result(b, 9), 0xfffffff9);
}

/* While the frame stalls another one comes that is more urgent: it is first. */
static void a_late_one_is_taken_first(void **state)
{
    struct board *b = *state;

    BEGIN(b, wait_for_lines);
    assert_finishes(b);
    unmap_and_flush(b, STACK1);
    m4_interrupt(b->m4, 34, true);
    assert_false(m4_run(b->m4, 100));
    assert_int_equal(m4_state(b->m4), M4_STALLED);
    m4_interrupt(b->m4, 35, true);
    m4_interrupt(b->m4, 35, false);
    m4_interrupt(b->m4, 34, false);
    map_all(b);
    acknowledge(b);
    assert_finishes(b);
    assert_log(b, LINE_B, LINE_A);
}

/*
 * Masks
 */

static const uint16_t mask[] = {
    LISTEN, 0x205f, /* movs r0, #0x5f */
    0xf380, 0x8811, /* msr basepri, r0 */
    0xf3ef, 0x8111, /* mrs r1, basepri */
    0xf8c4, 0x1100, /* str.w r1, [r4, #0x100] */
    0x2060,         /* movs r0, #0x60 */
    0xf380, 0x8812, /* msr basepri_max, r0 */
    0xf3ef, 0x8111, /* mrs r1, basepri */
    0xf8c4, 0x1104, /* str.w r1, [r4, #0x104] */
    0x200c,         /* movs r0, #12 */
    0xf8c5, 0x0204, /* str.w r0, [r5, #0x204] */
    0xf3bf, 0x8f4f, /* dsb */
    0xf8d4, 0x1000, /* ldr.w r1, [r4] */
    0xf8c4, 0x1108, /* str.w r1, [r4, #0x108] */
    0x2030,         /* movs r0, #0x30 */
    0xf380, 0x8812, /* msr basepri_max, r0 */
    0xf3ef, 0x8111, /* mrs r1, basepri */
    0xf8c4, 0x110c, /* str.w r1, [r4, #0x10c] */
    0x2008,         /* movs r0, #8 */
    0xf8c5, 0x0204, /* str.w r0, [r5, #0x204] */
    0xf8d4, 0x1000, /* ldr.w r1, [r4] */
    0xf8c4, 0x1110, /* str.w r1, [r4, #0x110] */
    0x2001,         /* movs r0, #1 */
    0xf380, 0x8810, /* msr primask, r0 */
    0x2000,         /* movs r0, #0 */
    0xf380, 0x8811, /* msr basepri, r0 */
    0xf8d4, 0x1000, /* ldr.w r1, [r4] */
    0xf8c4, 0x1114, /* str.w r1, [r4, #0x114] */
    0x2000,         /* movs r0, #0 */
    0xf380, 0x8813, /* msr faultmask, r0 */
    0xf380, 0x8810, /* msr primask, r0 */
    0xf8d4, 0x1000, /* ldr.w r1, [r4] */
    0xf8c4, 0x1118, /* str.w r1, [r4, #0x118] */
    0xbf30,         /* wfi */
};

static void masks_keep_exceptions_waiting(void **state)
{
    struct board *b = *state;
    static const uint32_t due[] = { 0x50, 0x50, 1, 0x30, 1, 1, 3 };

    BEGIN(b, mask);
    assert_finishes(b);
    assert_memory_equal(word(b, RESULTS), due, sizeof(due));
    assert_log(b, LINE_B, LINE_B, LINE_A);
}

/* FAULTMASK is cleared by a return, and MRS says so. */
static const uint16_t returns_masked[] = {
    0xb671,         /* cpsid f */
    0xf3ef, 0x8113, /* mrs r1, faultmask */
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf8c0, 0x1120, /* str.w r1, [r0, #0x120] */
    0x4770,         /* bx lr */
};

static const uint16_t call_and_look[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xdf00,         /* svc #0 */
    0xf3ef, 0x8113, /* mrs r1, faultmask */
    0xf8c4, 0x1100, /* str.w r1, [r4, #0x100] */
    0xf3ef, 0x8110, /* mrs r1, primask */
    0xf8c4, 0x1104, /* str.w r1, [r4, #0x104] */
    0xbf30,         /* wfi */
};

static void a_return_clears_faultmask(void **state)
{
    struct board *b = *state;

    BEGIN(b, call_and_look);
    SPECIAL_FOR(b, NVIC_SVCALL, returns_masked);
    *word(b, RESULTS) = 5;
    assert_finishes(b);
    assert_int_equal(result(b, 8), 1);
    assert_int_equal(result(b, 0), 0);
    assert_int_equal(result(b, 1), 0);
}

/*
 * Two stacks, two privileges
 */

/* A thread with a stack of its own, and the CONTROL that DATA0 + 0x40 has. */
static const uint16_t use_psp[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0xf648, 0x0000, /* movw r0, #0x8800 */
    0xf2c8, 0x0000, /* movt r0, #0x8000 */
    0xf380, 0x8809, /* msr psp, r0 */
    0xf8d4, 0x0040, /* ldr.w r0, [r4, #0x40] */
    0xf380, 0x8814, /* msr control, r0 */
    0xf3bf, 0x8f6f, /* isb */
    0xdf00,         /* svc #0 */
    0x4668,         /* mov r0, sp */
    0xf8c4, 0x0100, /* str.w r0, [r4, #0x100] */
    0xf3ef, 0x8014, /* mrs r0, control */
    0xf8c4, 0x0104, /* str.w r0, [r4, #0x104] */
    0xf44f, 0x6180, /* mov.w r1, #0x400 */
    0x3901,         /* loop: subs r1, #1 */
    0xd1fd,         /* bne loop */
    0xb672,         /* cpsid i */
    0xf3ef, 0x8010, /* mrs r0, primask */
    0xf8c4, 0x0108, /* str.w r0, [r4, #0x108] */
    0xb662,         /* cpsie i */
    0xdf00,         /* svc #0 */
    0x2099,         /* movs r0, #0x99 */
    0x6868,         /* ldr r0, [r5, #4] */
    0xf8c4, 0x010c, /* str.w r0, [r4, #0x10c] */
    0xbf30,         /* wfi */
};

static const uint16_t logs_stacks[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf8c0, 0xe120, /* str.w lr, [r0, #0x120] */
    0x4669,         /* mov r1, sp */
    0xf8c0, 0x1124, /* str.w r1, [r0, #0x124] */
    0xf3ef, 0x8109, /* mrs r1, psp */
    0xf8c0, 0x1128, /* str.w r1, [r0, #0x128] */
    0xf3ef, 0x8114, /* mrs r1, control */
    0xf8c0, 0x112c, /* str.w r1, [r0, #0x12c] */
    0xf3ef, 0x8110, /* mrs r1, primask */
    0xf8c0, 0x1130, /* str.w r1, [r0, #0x130] */
    0x4770,         /* bx lr */
};

/* As skips, on the thread's own stack. */
static const uint16_t skips_on_psp[] = {
    0xf3ef, 0x8309, /* mrs r3, psp */
    0x6999,         /* ldr r1, [r3, #24] */
    0x3102,         /* adds r1, #2 */
    0x6199,         /* str r1, [r3, #24] */
    0xf3ef, 0x8205, /* mrs r2, ipsr */
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x6002,         /* str r2, [r0] */
    0x4770,         /* bx lr */
};

static void run_on_psp(struct board *b, uint32_t control)
{
    *word(b, PA_DATA + 0x40) = control;
    BEGIN(b, use_psp);
    SPECIAL_FOR(b, NVIC_SVCALL, logs_stacks);
    LOAD(b, 0x700, skips_on_psp);
    set_vector(b, NVIC_HARDFAULT, 0x700);
    do
        m4_retranslate(b->m4); /* until the emulator is replaced, and more */
    while ( m4_run(b->m4, 1) );
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
    assert_int_equal(result(b, 0), 0x80008800);
    assert_int_equal(result(b, 1), control);
    assert_int_equal(result(b, 8), 0xfffffffd);
    assert_int_equal(result(b, 9), TOP);
    assert_int_equal(result(b, 10), 0x800087e0);
    assert_int_equal(result(b, 11), control & 1);
}

static void a_thread_has_its_own_stack(void **state)
{
    struct board *b = *state;

    run_on_psp(b, 2);
    assert_int_equal(result(b, 2), 1); /* PRIMASK */
    assert_int_equal(result(b, 3), 1); /* ICTR */
    assert_int_equal(*word(b, PA_DATA), 0);
}

/* Its CPS does nothing, and the private peripherals are a bus error. */
static void an_unprivileged_thread_may_less(void **state)
{
    struct board *b = *state;

    run_on_psp(b, 3);
    assert_int_equal(result(b, 2), 0);
    assert_int_equal(result(b, 12), 0);
    assert_int_equal(result(b, 3), 0x99);
    assert_int_equal(*word(b, PA_DATA), NVIC_HARDFAULT);
}

/*
 * Sleep
 */

/* Masked; to be woken by line 35 alone, by its BASEPRI. */
static const uint16_t sleep_masked[] = {
    LISTEN, 0xf380, 0x8811, /* msr basepri, r0 */
    0x2080,                 /* movs r0, #0x80 */
    0xf380, 0x8811,         /* msr basepri, r0 */
    0xb672,                 /* cpsid i */
    0xbf30,                 /* wfi */
    0x2301,                 /* movs r3, #1 */
    0xf8c4, 0x3100,         /* str.w r3, [r4, #0x100] */
    0xbf20,                 /* wfe */
    0x2302,                 /* movs r3, #2 */
    0xf8c4, 0x3100,         /* str.w r3, [r4, #0x100] */
    0xbf30,                 /* wfi */
};

static void wfi_wakes_for_what_only_primask_masks(void **state)
{
    struct board *b = *state;

    BEGIN(b, sleep_masked);
    assert_finishes(b);
    m4_interrupt(b->m4, 34, true);
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
    m4_interrupt(b->m4, 35, true);
    assert_int_equal(m4_state(b->m4), M4_RUNNING);
    assert_finishes(b); /* in WFE: PRIMASK counts, and SEVONPEND is 0 */
    assert_int_equal(result(b, 0), 1);
    assert_int_equal(*word(b, PA_DATA), 0);
}

static const uint16_t sleep_on_exit[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0x200c,         /* movs r0, #12 */
    0xf8c5, 0x0104, /* str.w r0, [r5, #0x104] */
    0x2002,         /* movs r0, #2 */
    0xf8c5, 0x0d10, /* str.w r0, [r5, #0xd10] */
    0xbf30,         /* wfi */
    0x2301,         /* movs r3, #1 */
    0xf8c4, 0x3100, /* str.w r3, [r4, #0x100] */
    0xbf30,         /* wfi */
};

static void sleep_on_exit_sleeps_again(void **state)
{
    struct board *b = *state;
    uint32_t pc;

    BEGIN(b, sleep_on_exit);
    assert_finishes(b);
    pc = m4_pc(b->m4);
    m4_interrupt(b->m4, 34, true);
    m4_interrupt(b->m4, 34, false);
    assert_stops(b, M4_ASLEEP, pc);
    assert_log(b, LINE_A);
    assert_int_equal(result(b, 0), 0);
}

/*
 * SysTick
 */

/* Reload and control are at DATA0 + 0x40. */
static const uint16_t count[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0xf8d4, 0x0040, /* ldr.w r0, [r4, #0x40] */
    0xf8c5, 0x0014, /* str.w r0, [r5, #0x14] */
    0xf8c5, 0x0018, /* str.w r0, [r5, #0x18] */
    0xf8d4, 0x0044, /* ldr.w r0, [r4, #0x44] */
    0xf8c5, 0x0010, /* str.w r0, [r5, #0x10] */
    0xbf00,         /* nop */
    0xf8d5, 0x0018, /* ldr.w r0, [r5, #0x18] */
    0xf8c4, 0x0100, /* str.w r0, [r4, #0x100] */
    0xbf30,         /* wfi */
    0xf8d5, 0x0010, /* ldr.w r0, [r5, #0x10] */
    0xf8c4, 0x0104, /* str.w r0, [r4, #0x104] */
    0xf8d5, 0x0010, /* ldr.w r0, [r5, #0x10] */
    0xf8c4, 0x0108, /* str.w r0, [r4, #0x108] */
    0xbf30,         /* end: wfi */
    0xe7fd,         /* b end */
};

static void systick_counts_instructions_and_sleep(void **state)
{
    struct board *b = *state;

    *word(b, PA_DATA + 0x40) = 1000;
    *word(b, PA_DATA + 0x44) = 3;
    BEGIN(b, count);
    assert_finishes(b);
    assert_int_equal(result(b, 0), 999);
    assert_int_equal(m4_alarm(b->m4), 997);
    m4_elapse(b->m4, 996);
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
    m4_elapse(b->m4, 1);
    assert_int_equal(m4_state(b->m4), M4_RUNNING);
    assert_int_equal(m4_alarm(b->m4), 0); /* it pends */
    assert_finishes(b);
    assert_log(b, NVIC_SYSTICK);
    assert_int_equal(result(b, 1), 0x10007);
    assert_int_equal(result(b, 2), 7);

    m4_elapse(b->m4, 1u << 30); /* however long, it pends once */
    assert_finishes(b);
    assert_log(b, NVIC_SYSTICK, NVIC_SYSTICK);
}

static void systick_without_interrupt_wakes_nobody(void **state)
{
    struct board *b = *state;

    *word(b, PA_DATA + 0x40) = 1000;
    *word(b, PA_DATA + 0x44) = 1;
    BEGIN(b, count);
    assert_finishes(b);
    assert_int_equal(m4_alarm(b->m4), 0);
    m4_elapse(b->m4, 100000);
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
}

static const uint16_t spin[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0x2063,         /* movs r0, #99 */
    0xf8c5, 0x0014, /* str.w r0, [r5, #0x14] */
    0x2003,         /* movs r0, #3 */
    0xf8c5, 0x0010, /* str.w r0, [r5, #0x10] */
    0xe7fe,         /* loop: b loop */
};

static void systick_interrupts_what_runs(void **state)
{
    struct board *b = *state;

    BEGIN(b, spin);
    assert_true(m4_run(b->m4, 7 + 1000 + LOGS_LENGTH));
    assert_int_equal(*word(b, PA_DATA), 10);
}

/*
 * Vectors
 */

static const uint16_t move_vectors[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0xf8d4, 0x0040, /* ldr.w r0, [r4, #0x40] */
    0xf8c5, 0x0d08, /* str.w r0, [r5, #0xd08] */
    0xdf00,         /* svc #0 */
    0xbf30,         /* wfi */
};

static void vtor_says_where_vectors_are(void **state)
{
    struct board *b = *state;

    *word(b, PA_DATA + 0x40) = DATA1 + 0x87f; /* its low bits are nothing */
    *word(b, PA_DATA + M4_PAGE + 0x800 + 4 * NVIC_SVCALL) = LOGS | 1;
    BEGIN(b, move_vectors);
    set_vector(b, NVIC_SVCALL, 0x700);
    assert_finishes(b);
    assert_log(b, NVIC_SVCALL);
}

/*
 * Faults
 */

/* SHCSR is at DATA0 + 0x40, CCR beside it, and a jump to what is done then. */
static const uint16_t prepare[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0xf8d4, 0x0040, /* ldr.w r0, [r4, #0x40] */
    0xf8c5, 0x0d24, /* str.w r0, [r5, #0xd24] */
    0xf8d4, 0x0044, /* ldr.w r0, [r4, #0x44] */
    0xf8c5, 0x0d14, /* str.w r0, [r5, #0xd14] */
    0xf04f, 0x46c0, /* mov.w r6, #0x60000000 */
    0x2700,         /* movs r7, #0 */
    0xf240, 0x3801, /* movw r8, #0x301 */
    0x4740,         /* bx r8 */
};

/* It stores CFSR, HFSR, BFAR, SHCSR and what xPSR was, and sleeps. */
static const uint16_t tells[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf24e, 0x0100, /* movw r1, #0xe000 */
    0xf2ce, 0x0100, /* movt r1, #0xe000 */
    0xf3ef, 0x8205, /* mrs r2, ipsr */
    0xf8c0, 0x2100, /* str.w r2, [r0, #0x100] */
    0xf8d1, 0x2d28, /* ldr.w r2, [r1, #0xd28] */
    0xf8c0, 0x2104, /* str.w r2, [r0, #0x104] */
    0xf8d1, 0x2d2c, /* ldr.w r2, [r1, #0xd2c] */
    0xf8c0, 0x2108, /* str.w r2, [r0, #0x108] */
    0xf8d1, 0x2d38, /* ldr.w r2, [r1, #0xd38] */
    0xf8c0, 0x210c, /* str.w r2, [r0, #0x10c] */
    0xf8c1, 0x2d28, /* str.w r2, [r1, #0xd28] */
    0xf8d1, 0x2d24, /* ldr.w r2, [r1, #0xd24] */
    0xf8c0, 0x2110, /* str.w r2, [r0, #0x110] */
    0xf01e, 0x0f04, /* tst lr, #4 */
    0xbf04,         /* itt eq */
    0x9a07,         /* ldreq r2, [sp, #28] */
    0xf8c0, 0x2114, /* streq.w r2, [r0, #0x114] */
    0xbf30,         /* wfi */
};

#define ALL_FAULTS 0x70000u

static void faults_are_told_apart(void **state)
{
    struct board *b = *state;
    static const struct {
        uint16_t code[2];
        uint32_t exception, cfsr;
        uint32_t ccr;
    } cases[] = {
        /* ldr r0, [r6] */
        { { 0x6830 }, NVIC_BUSFAULT, CFSR_PRECISERR | CFSR_BFARVALID, 0 },
        /* bx r4: not Thumb */
        { { 0x4720 }, NVIC_USAGEFAULT, CFSR_INVSTATE, 0 },
        /* adds r6, #1; bx r6 */
        { { 0x3601, 0x4730 }, NVIC_BUSFAULT, CFSR_IBUSERR, 0 },
        /* adds r5, #1; bx r5: private peripherals */
        { { 0x3501, 0x4728 }, NVIC_MEMMANAGE, CFSR_IACCVIOL, 0 },
        { { 0xde00 }, NVIC_USAGEFAULT, CFSR_UNDEFINSTR, 0 }, /* udf */
        /* mrc p15, #0, r0, c0, c0, #0 */
        { { 0xee10, 0x0f10 }, NVIC_USAGEFAULT, CFSR_NOCP, 0 },
        /* udiv r0, r4, r7 */
        { { 0xfbb4, 0xf0f7 }, NVIC_USAGEFAULT, CFSR_DIVBYZERO, CCR_DIV_0_TRP },
        /* sdiv r0, r4, r7 */
        { { 0xfb94, 0xf0f7 }, NVIC_USAGEFAULT, CFSR_DIVBYZERO, CCR_DIV_0_TRP },
    };
    unsigned int i, enabled;

    for ( i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++ )
    {
        const uint16_t sleep = 0xbf30;

        enabled = i % 2 ? ALL_FAULTS : 0;
        *word(b, PA_DATA + 0x40) = enabled;
        *word(b, PA_DATA + 0x44) = cases[i / 2].ccr | CCR_STKALIGN;
        BEGIN(b, prepare);
        load(b, 0x300, cases[i / 2].code, 4);
        load(b, 0x304, &sleep, 2);
        SPECIAL_FOR(b, NVIC_HARDFAULT, tells);
        set_vector(b, cases[i / 2].exception, SPECIAL);
        assert_finishes(b);
        assert_int_equal(result(b, 0),
                         enabled ? cases[i / 2].exception : NVIC_HARDFAULT);
        assert_int_equal(result(b, 1), cases[i / 2].cfsr);
        assert_int_equal(result(b, 2), enabled ? 0 : HFSR_FORCED);
        assert_int_equal(result(b, 5) >> 24 & 1,
                         !(cases[i / 2].cfsr & CFSR_INVSTATE));
        if ( !i )
            assert_int_equal(result(b, 3), 0x60000000);
    }
}

/* Of all vectors but that of line 16, the device says SPECIAL. */
static void a_vector_that_cannot_be_read_is_hardfault(void **state)
{
    struct board *b = *state;
    static const uint16_t pend[] = {
        0xf44f, 0x3080, /* mov.w r0, #0x10000 */
        0xf8c5, 0x0100, /* str.w r0, [r5, #0x100] */
        0xf8c5, 0x0200, /* str.w r0, [r5, #0x200] */
        0xbf30,         /* wfi */
    };
    uint32_t *vtor = word(b, PA_DATA + 0x40);

    *vtor = DEVICE + REG_BROKEN - 4 * (NVIC_LINE0 + 16);
    b->value = SPECIAL | 1;
    BEGIN(b, move_vectors);
    load(b, PROGRAM + 20, pend, sizeof(pend)); /* instead of SVC */
    LOAD(b, SPECIAL, tells);
    assert_finishes(b);
    assert_int_equal(result(b, 0), NVIC_HARDFAULT);
    assert_int_equal(result(b, 1), 0);
    assert_int_equal(result(b, 2), HFSR_VECTTBL);

    *vtor = 0x60000000; /* HardFault's vector is not there either */
    unmap(b, 0x60000000);
    release(b);
    assert_false(m4_run(b->m4, 100));
    assert_int_equal(m4_state(b->m4), M4_LOCKED_UP);
}

static void division_by_zero_may_be_allowed(void **state)
{
    struct board *b = *state;
    static const uint16_t divide[] = {
        0xfbb4, 0xf0f7, /* udiv r0, r4, r7 */
        0xf8c4, 0x0100, /* str.w r0, [r4, #0x100] */
        0xbf30,         /* wfi */
    };

    *word(b, PA_DATA + 0x44) = CCR_STKALIGN;
    *word(b, RESULTS) = 5;
    BEGIN(b, prepare);
    LOAD(b, 0x300, divide);
    assert_finishes(b);
    assert_int_equal(result(b, 0), 0);
}

/* The registers of a frame that ends here would be ICER and ICPR. */
#define OVER_THE_NVIC 0xe000e2a0u

/* A thread's stack leads nowhere: to where DATA0 + 0x44 says. */
static const uint16_t call_without_stack[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0xf8d4, 0x0040, /* ldr.w r0, [r4, #0x40] */
    0xf8c5, 0x0d24, /* str.w r0, [r5, #0xd24] */
    0xf8d4, 0x0044, /* ldr.w r0, [r4, #0x44] */
    0xf380, 0x8809, /* msr psp, r0 */
    0x2002,         /* movs r0, #2 */
    0xf380, 0x8814, /* msr control, r0 */
    0xf3bf, 0x8f6f, /* isb */
    0xdf00,         /* svc #0 */
    0xbf30,         /* wfi */
};

static void a_stack_that_fails_is_another_exception(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 4; i++ )
    {
        bool enabled = i % 2;

        *word(b, PA_DATA + 0x40) = enabled ? ALL_FAULTS : 0;
        *word(b, PA_DATA + 0x44) = i < 2 ? 0x60000000 : OVER_THE_NVIC;
        BEGIN(b, call_without_stack);
        SPECIAL_FOR(b, enabled ? NVIC_BUSFAULT : NVIC_HARDFAULT, tells);
        /* Of equal priority: BusFault is first, SVCall pends. */
        assert_finishes(b);
        assert_int_equal(result(b, 0),
                         enabled ? NVIC_BUSFAULT : NVIC_HARDFAULT);
        assert_int_equal(result(b, 1), CFSR_STKERR);
        assert_int_equal(result(b, 4) & 0x8000, 0x8000);
    }
}

/* The handler of SVC moves the thread's stack to where DATA0 + 0x48 says. */
static const uint16_t loses_stack[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0x6c80,         /* ldr r0, [r0, #0x48] */
    0xf380, 0x8809, /* msr psp, r0 */
    0xf06f, 0x0002, /* mvn r0, #2 */
    0x4700,         /* bx r0 */
};

static void a_frame_that_is_gone_is_a_bus_fault(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        *word(b, PA_DATA + 0x40) = ALL_FAULTS;
        *word(b, PA_DATA + 0x44) = CCR_STKALIGN;
        *word(b, PA_DATA + 0x48) = i ? OVER_THE_NVIC : 0x60000000;
        BEGIN(b, prepare);
        load(b, 0x300, (const uint16_t[]){ 0xdf00, 0xbf30 }, 4);
        SPECIAL_FOR(b, NVIC_BUSFAULT, tells);
        LOAD(b, 0x700, loses_stack);
        set_vector(b, NVIC_SVCALL, 0x700);
        assert_finishes(b);
        assert_int_equal(result(b, 0), NVIC_BUSFAULT);
        assert_int_equal(result(b, 1), CFSR_UNSTKERR);
        assert_int_equal(result(b, 4), ALL_FAULTS | 2); /* SVCall is left */
    }
}

/* EXC_RETURN is at DATA0 + 0x48. */
static const uint16_t returns_badly[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf8d0, 0x104c, /* ldr.w r1, [r0, #0x4c] */
    0x9107,         /* str r1, [sp, #28] */
    0xf8d0, 0x0048, /* ldr.w r0, [r0, #0x48] */
    0x4700,         /* bx r0 */
};

static void a_bad_return_is_a_usage_fault(void **state)
{
    struct board *b = *state;
    static const uint32_t cases[][2] = {
        { 0xfffffff1, 0x01000000 }, /* to Handler mode: there is none */
        { 0xffffffe9, 0x01000000 }, /* with floating point */
        { 0xfffffff5, 0x01000000 },
        { 0xfffffff9, 0x0100000b }, /* the frame says that an exception ran */
    };
    unsigned int i;

    for ( i = 0; i < sizeof(cases) / sizeof(cases[0]); i++ )
    {
        *word(b, PA_DATA + 0x40) = ALL_FAULTS;
        *word(b, PA_DATA + 0x44) = CCR_STKALIGN;
        *word(b, PA_DATA + 0x48) = cases[i][0];
        *word(b, PA_DATA + 0x4c) = cases[i][1];
        memset(word(b, RESULTS), 0, 0x20);
        BEGIN(b, prepare);
        load(b, 0x300, (const uint16_t[]){ 0xdf00, 0xbf30 }, 4);
        SPECIAL_FOR(b, NVIC_USAGEFAULT, tells);
        LOAD(b, 0x700, returns_badly);
        set_vector(b, NVIC_SVCALL, 0x700);
        assert_finishes(b);
        assert_int_equal(result(b, 0), NVIC_USAGEFAULT);
        assert_int_equal(result(b, 1), CFSR_INVPC);
        assert_int_equal(result(b, 4), ALL_FAULTS | 8);
    }
}

/* From inside another exception to the thread, which only CCR allows. */
static void a_nested_return_to_the_thread(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        *word(b, PA_DATA + 0x40) = 0x400 | ALL_FAULTS; /* PendSV is active */
        *word(b, PA_DATA + 0x44) = CCR_STKALIGN | (i ? CCR_NONBASETHRDENA : 0);
        *word(b, PA_DATA + 0x48) = 0xfffffff9;
        *word(b, PA_DATA + 0x4c) = 0x01000000;
        BEGIN(b, prepare);
        *word(b, RESULTS) = 0;
        load(b, 0x300,
             (const uint16_t[]){ 0x2010, 0xf885, 0x0d22, 0xdf00, 0xbf30 }, 10);
        SPECIAL_FOR(b, NVIC_HARDFAULT, tells);
        LOAD(b, 0x700, returns_badly);
        set_vector(b, NVIC_SVCALL, 0x700);
        set_vector(b, NVIC_USAGEFAULT, SPECIAL);
        assert_finishes(b);
        assert_int_equal(result(b, 0), i ? 0 : NVIC_USAGEFAULT);
    }
}

/* Of PC and EXC_RETURN: only BX, POP and LDR return, not what else jumps. */
static const uint16_t call_and_sleep[] = {
    0xdf00, /* svc #0 */
    0xbf30, /* wfi */
};

static void assert_nothing_executes(struct board *b)
{
    assert_finishes(b);
    assert_int_equal(result(b, 0), NVIC_HARDFAULT);
    assert_int_equal(result(b, 1), CFSR_IACCVIOL);
    assert_int_equal(result(b, 2), HFSR_FORCED);
}

static void a_vector_that_is_exc_return_is_a_fault(void **state)
{
    struct board *b = *state;

    BEGIN(b, wait_for_lines);
    SPECIAL_FOR(b, NVIC_HARDFAULT, tells);
    set_vector(b, LINE_A, 0xfffffff9);
    assert_finishes(b);
    m4_interrupt(b->m4, 34, true); /* and it stays high */
    assert_nothing_executes(b);
}

static void a_move_to_pc_does_not_return(void **state)
{
    struct board *b = *state;
    static const uint16_t moves[] = {
        0x46f7, /* mov pc, lr */
    };

    BEGIN(b, call_and_sleep);
    SPECIAL_FOR(b, NVIC_HARDFAULT, tells);
    LOAD(b, 0x700, moves);
    set_vector(b, NVIC_SVCALL, 0x700);
    assert_nothing_executes(b);
}

/* As if inside another exception: its xPSR and PC are at DATA0 + 0x4c. */
static const uint16_t resumes_another[] = {
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf8d0, 0x104c, /* ldr.w r1, [r0, #0x4c] */
    0x9107,         /* str r1, [sp, #28] */
    0xf8d0, 0x1050, /* ldr.w r1, [r0, #0x50] */
    0x9106,         /* str r1, [sp, #24] */
    0xf06f, 0x000e, /* mvn r0, #14 */
    0x4700,         /* bx r0 */
};

#define RETURNS 0x780u /* by 0xfffffff1 */

static void a_frame_names_an_exception_and_code(void **state)
{
    struct board *b = *state;
    static const uint16_t returns[] = {
        0xb090,         /* sub sp, #64 */
        0xf06f, 0x000e, /* mvn r0, #14 */
        0x4700,         /* bx r0 */
    };
    static const struct {
        uint32_t number, pc, exception, cfsr;
    } cases[] = {
        { NVIC_PENDSV, 0xfffffff9, NVIC_MEMMANAGE, CFSR_IACCVIOL },
        { NVIC_EXCEPTIONS, RETURNS | 1, NVIC_USAGEFAULT, CFSR_INVPC },
        { 511, RETURNS | 1, NVIC_USAGEFAULT, CFSR_INVPC },
        { 7, RETURNS | 1, NVIC_USAGEFAULT, CFSR_INVPC }, /* is not active */
    };
    unsigned int i;

    for ( i = 0; i < sizeof(cases) / sizeof(cases[0]); i++ )
    {
        *word(b, PA_DATA + 0x40) = 0x400 | ALL_FAULTS; /* PendSV is active */
        *word(b, PA_DATA + 0x44) = CCR_STKALIGN;
        *word(b, PA_DATA + 0x4c) = 0x01000000 | cases[i].number;
        *word(b, PA_DATA + 0x50) = cases[i].pc;
        memset(word(b, RESULTS), 0, 0x20);
        BEGIN(b, prepare);
        load(b, 0x300,
             (const uint16_t[]){ 0x2010, 0xf885, 0x0d22, 0xdf00, 0xbf30 }, 10);
        SPECIAL_FOR(b, cases[i].exception, tells);
        LOAD(b, 0x700, resumes_another);
        LOAD(b, RETURNS, returns);
        set_vector(b, NVIC_SVCALL, 0x700);
        assert_finishes(b);
        assert_int_equal(result(b, 0), cases[i].exception);
        assert_int_equal(result(b, 1), cases[i].cfsr);
    }
}

/*
 * Exclusive accesses
 */

/* One that an exception interrupts, and one more. */
static const uint16_t increment_twice[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf504, 0x7580, /* add.w r5, r4, #0x100 */
    0xe855, 0x0f00, /* ldrex r0, [r5] */
    0xdf00,         /* svc #0 */
    0x3001,         /* adds r0, #1 */
    0xe845, 0x0200, /* strex r2, r0, [r5] */
    0xf8c4, 0x2104, /* str.w r2, [r4, #0x104] */
    0xe855, 0x0f00, /* ldrex r0, [r5] */
    0x3001,         /* adds r0, #1 */
    0xe845, 0x0200, /* strex r2, r0, [r5] */
    0xf8c4, 0x2108, /* str.w r2, [r4, #0x108] */
    0xbf30,         /* wfi */
};

/* The other task: it increments, and is switched from before it stores. */
static const uint16_t increments_too[] = {
    0xf04f, 0x4100, /* mov.w r1, #0x80000000 */
    0xf501, 0x7180, /* add.w r1, r1, #0x100 */
    0xe851, 0x0f00, /* ldrex r0, [r1] */
    0x3001,         /* adds r0, #1 */
    0xe841, 0x0200, /* strex r2, r0, [r1] */
    0xe851, 0x0f00, /* ldrex r0, [r1] */
    0x4770,         /* bx lr */
};

static const uint16_t returns_at_once[] = {
    0x4770, /* bx lr */
};

/* Of words, bytes, halfwords. */
static void make_exclusive(struct board *b, unsigned int i)
{
    static const uint16_t codes[][4] = {
        { 0xe855, 0x0f00, 0xe845, 0x0200 },
        { 0xe8d5, 0x0f4f, 0xe8c5, 0x0f42 },
        { 0xe8d5, 0x0f5f, 0xe8c5, 0x0f52 },
    };

    load(b, PROGRAM + 8, codes[i], 4);
    load(b, PROGRAM + 16, codes[i] + 2, 4);
    load(b, PROGRAM + 24, codes[i], 4);
    load(b, PROGRAM + 30, codes[i] + 2, 4);
}

static void an_exclusive_access_ends_with_an_exception(void **state)
{
    struct board *b = *state;
    unsigned int i;

    for ( i = 0; i < 3; i++ )
    {
        BEGIN(b, increment_twice);
        make_exclusive(b, i);
        SPECIAL_FOR(b, NVIC_SVCALL, returns_at_once);
        *word(b, RESULTS) = 10;
        *word(b, RESULTS + 4) = *word(b, RESULTS + 8) = 9;
        assert_finishes(b);
        assert_int_equal(result(b, 0), 11);
        assert_int_equal(result(b, 1), 1);
        assert_int_equal(result(b, 2), 0);
    }
}

static void two_tasks_lose_no_update(void **state)
{
    struct board *b = *state;

    BEGIN(b, increment_twice);
    SPECIAL_FOR(b, NVIC_SVCALL, increments_too);
    *word(b, RESULTS) = 10;
    assert_finishes(b);
    assert_int_equal(result(b, 0), 12);
    assert_int_equal(result(b, 1), 1);
    assert_int_equal(result(b, 2), 0);
}

static const uint16_t stores_exclusively[] = {
    0xf04f, 0x4100, /* mov.w r1, #0x80000000 */
    0xf501, 0x7180, /* add.w r1, r1, #0x100 */
    0x2032,         /* movs r0, #50 */
    0xe841, 0x0200, /* strex r2, r0, [r1] */
    0x620a,         /* str r2, [r1, #0x20] */
    0x4770,         /* bx lr */
};

static void a_handler_does_not_have_the_threads_monitor(void **state)
{
    struct board *b = *state;

    BEGIN(b, increment_twice);
    SPECIAL_FOR(b, NVIC_SVCALL, stores_exclusively);
    *word(b, RESULTS) = 10;
    assert_finishes(b);
    assert_int_equal(result(b, 8), 1);
    assert_int_equal(result(b, 0), 11);
}

static void an_exclusive_access_is_aligned(void **state)
{
    struct board *b = *state;
    static const uint16_t codes[][2] = {
        { 0xe854, 0x0f00 }, /* ldrex r0, [r4] */
        { 0xe8d4, 0x0f5f }, /* ldrexh r0, [r4] */
        { 0xe844, 0x0200 }, /* strex r2, r0, [r4] */
        { 0xe8c4, 0x0f52 }, /* strexh r2, r0, [r4] */
        { 0xe8d4, 0x0f4f }, /* ldrexb r0, [r4] */
        { 0xe8c4, 0x0f42 }, /* strexb r2, r0, [r4] */
    };
    unsigned int i;

    for ( i = 0; i < sizeof(codes) / sizeof(codes[0]); i++ )
    {
        *word(b, PA_DATA + 0x40) = ALL_FAULTS;
        *word(b, PA_DATA + 0x44) = CCR_STKALIGN;
        *word(b, RESULTS) = *word(b, RESULTS + 4) = 0;
        BEGIN(b, prepare);
        load(b, 0x300, (const uint16_t[]){ 0x3401 }, 2); /* adds r4, #1 */
        load(b, 0x302, codes[i], 4);
        load(b, 0x306, (const uint16_t[]){ 0xbf30 }, 2);
        SPECIAL_FOR(b, NVIC_USAGEFAULT, tells);
        assert_finishes(b);
        assert_int_equal(result(b, 0), i < 4 ? NVIC_USAGEFAULT : 0);
        assert_int_equal(result(b, 1), i < 4 ? CFSR_UNALIGNED : 0);
    }
}

static const uint16_t nmi[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xb671,         /* cpsid f */
    0xf8c5, 0x0d04, /* str.w r0, [r5, #0xd04] */
    0xbf00,         /* nop */
    0xbf30,         /* wfi */
};

static void nmi_is_not_masked_and_may_not_fault(void **state)
{
    struct board *b = *state;
    static const uint16_t undefined[] = {
        0xde00, /* udf #0 */
    };

    BEGIN(b, nmi);
    assert_finishes(b);
    assert_log(b, NVIC_NMI);

    SPECIAL_FOR(b, NVIC_NMI, undefined);
    release(b);
    assert_stops(b, M4_LOCKED_UP, SPECIAL);
}

static const uint16_t pend_nmi[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf24e, 0x0500, /* movw r5, #0xe000 */
    0xf2ce, 0x0500, /* movt r5, #0xe000 */
    0xf04f, 0x4000, /* mov.w r0, #0x80000000 */
    0xf8c5, 0x0d04, /* str.w r0, [r5, #0xd04] */
    0xbf00,         /* nop */
    0xf3ef, 0x8113, /* mrs r1, faultmask */
    0xf8c4, 0x1100, /* str.w r1, [r4, #0x100] */
    0xbf30,         /* wfi */
};

static void nmi_cannot_set_faultmask(void **state)
{
    struct board *b = *state;
    static const uint16_t by_cps[] = { 0xb671, 0xbf00, 0xbf00, 0x4770 };
    static const uint16_t by_msr[] = {
        0x2001,         /* movs r0, #1 */
        0xf380, 0x8813, /* msr faultmask, r0 */
        0x4770,         /* bx lr */
    };
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        *word(b, RESULTS) = 9;
        BEGIN(b, pend_nmi);
        set_special(b, NVIC_NMI, i ? by_msr : by_cps, sizeof(by_msr));
        assert_finishes(b);
        assert_int_equal(result(b, 0), 0);
    }
}

static void a_breakpoint_says_so(void **state)
{
    struct board *b = *state;

    *word(b, PA_DATA + 0x44) = CCR_STKALIGN;
    BEGIN(b, prepare);
    load(b, 0x300, (const uint16_t[]){ 0xbe00, 0xbf30 }, 4);
    SPECIAL_FOR(b, NVIC_HARDFAULT, tells);
    assert_finishes(b);
    assert_int_equal(result(b, 2), HFSR_DEBUGEVT);
}

/*
 * What the host pays for
 */

static const uint16_t call_for_ever[] = {
    0xdf00, /* loop: svc #0 */
    0xe7fd, /* b loop */
};

/* Its handler goes on behind the store, which is in the IT block. */
static const uint16_t fault_for_ever[] = {
    0xf04f, 0x44c0, /* mov.w r4, #0x60000000 */
    0x42a4,         /* loop: cmp r4, r4 */
    0xbf08,         /* it eq */
    0x6020,         /* streq r0, [r4] */
    0xe7fb,         /* b loop */
};

/* Of the core's own MMU. */
static const uint16_t flush_for_ever[] = {
    0xf241, 0x0400, /* movw r4, #0x1000 */
    0xf2ca, 0x0400, /* movt r4, #0xa000 */
    0x2001,         /* movs r0, #1 */
    0x6620,         /* loop: str r0, [r4, #0x60] */
    0xe7fd,         /* b loop */
};

/* A batch is short, and the next one goes on. */
static void assert_batches_are_short(struct board *b, const uint16_t *program,
                                     size_t size)
{
    unsigned int i, asked, logged;

    begin(b, program, size);
    assert_true(m4_run(b->m4, 2000));
    for ( i = 0; i < 20; i++ )
    {
        asked = b->asked;
        logged = *word(b, PA_DATA);
        assert_true(m4_run(b->m4, 2000));
        assert_true(b->asked - asked < 400);
        assert_true(*word(b, PA_DATA) - logged < 100);
    }
}

static void what_takes_long_ends_a_batch(void **state)
{
    struct board *b = *state;
    uint32_t asked;

    assert_batches_are_short(b, call_for_ever, sizeof(call_for_ever));
    assert_true(*word(b, PA_DATA) > 200);
    *word(b, PA_DATA) = 0;
    assert_batches_are_short(b, fault_for_ever, sizeof(fault_for_ever));
    assert_true(*word(b, PA_DATA) > 10);
    asked = b->asked;
    assert_batches_are_short(b, flush_for_ever, sizeof(flush_for_ever));
    assert_true(b->asked - asked > 50);
}

/*
 * What is not behind the MMU, and what is not there
 */

struct said {
    unsigned int times;
    uint32_t da[40];
    const char *what[40];
};

static struct said said;

static void missing(void *ctx, uint32_t da, const char *what)
{
    (void)ctx;
    assert_non_null(what);
    assert_true(said.times < 40);
    said.what[said.times] = what;
    said.da[said.times++] = da;
}

static int setup_missing(void **state)
{
    struct board *b = board_make(32, false);

    said.times = 0;
    *state = b;
    b->missing = missing;

    return 0;
}

/* Address and value are at DATA0 + 0x40; twice. */
static const uint16_t access_twice[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf8d4, 0x1040, /* ldr.w r1, [r4, #0x40] */
    0xf8d4, 0x2044, /* ldr.w r2, [r4, #0x44] */
    0x600a,         /* str r2, [r1] */
    0x680b,         /* ldr r3, [r1] */
    0xf8c4, 0x3100, /* str.w r3, [r4, #0x100] */
    0x600a,         /* str r2, [r1] */
    0x680b,         /* ldr r3, [r1] */
    0xbf30,         /* wfi */
};

static uint32_t access_to(struct board *b, uint32_t da, uint32_t value)
{
    *word(b, PA_DATA + 0x40) = da;
    *word(b, PA_DATA + 0x44) = value;
    said.times = 0;
    b->asked = 0;
    BEGIN(b, access_twice);
    assert_finishes(b);
    assert_int_equal(b->asked, 3); /* vectors, code, data */

    return result(b, 0);
}

static void what_is_not_emulated_is_said_once(void **state)
{
    struct board *b = *state;
    static const struct {
        uint32_t da, value, said;
    } cases[] = {
        { 0xe0001004, 1, 0xe0001000 }, /* DWT */
        { 0xe000ed94, 1, 0xe000ed94 }, /* MPU_CTRL */
        { 0xe000ed88, 0xf00000, 0xe000ed88 },
        { 0xe000ed0c, 0x05fa0004, 0xe000ed0c }, /* SYSRESETREQ */
        { 0xe000ed0c, 0x05fa0002, 0xe000ed0c }, /* VECTCLRACTIVE */
        { 0xe000ed14, CCR_UNALIGN_TRP, 0xe000ed14 },
        { 0x40000400, 1, 0x40000400 },
    };
    unsigned int i;

    for ( i = 0; i < sizeof(cases) / sizeof(cases[0]); i++ )
    {
        access_to(b, cases[i].da, cases[i].value);
        assert_int_equal(said.times, 1);
        assert_int_equal(said.da[0], cases[i].said);
    }
    access_to(b, 0xe00fffe0, 0); /* which core it is */
    assert_int_equal(said.times, 1);
    assert_int_equal(result(b, 0), 0);
}

static void what_the_key_is_missing_for_is_not_said(void **state)
{
    struct board *b = *state;

    access_to(b, 0xe000ed0c, 0x12340006);
    assert_int_equal(said.times, 0);
}

static void two_things_at_one_address_are_both_said(void **state)
{
    struct board *b = *state;

    access_to(b, 0xe000ed14, CCR_UNALIGN_TRP | CCR_BFHFNMIGN);
    assert_int_equal(said.times, 2);
    assert_string_not_equal(said.what[0], said.what[1]);
}

/* 64 registers that there are not, and a lock-up. */
static const uint16_t ask_and_lock_up[] = {
    0xf04f, 0x4480, /* mov.w r4, #0x40000000 */
    0xf504, 0x6480, /* add.w r4, r4, #0x400 */
    0x2040,         /* movs r0, #64 */
    0xf854, 0x1b04, /* loop: ldr r1, [r4], #4 */
    0x3801,         /* subs r0, #1 */
    0xd1fb,         /* bne loop */
    0xb671,         /* cpsid f */
    0xdf00,         /* svc #0 */
};

static void what_is_no_longer_said_is_said_and_a_lock_up_always(void **state)
{
    struct board *b = *state;

    BEGIN(b, ask_and_lock_up);
    assert_stops(b, M4_LOCKED_UP, PROGRAM + 20);
    assert_true(said.times > 2 && said.times < 40);
    assert_string_equal(said.what[said.times - 2],
                        "more is asked for that is not emulated");
    assert_int_equal(said.da[said.times - 1], PROGRAM + 20);
    assert_string_equal(said.what[said.times - 1],
                        "the core locked up here, until its reset");
}

static const uint16_t floats[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf04f, 0x4080, /* mov.w r0, #0x40000000 */
    0xee00, 0x0a10, /* vmov s0, r0 */
    0xee30, 0x0a00, /* vadd.f32 s0, s0, s0 */
    0xee10, 0x0a10, /* vmov r0, s0 */
    0xf8c4, 0x0100, /* str.w r0, [r4, #0x100] */
    0xbf30,         /* wfi */
};

static void a_lock_up_is_said(void **state)
{
    struct board *b = *state;

    BEGIN(b, nmi);
    set_vector(b, NVIC_NMI, 0x700);
    load(b, 0x700, (const uint16_t[]){ 0xde00 }, 2);
    assert_stops(b, M4_LOCKED_UP, 0x700);
    assert_int_equal(said.times, 1);
    assert_int_equal(said.da[0], 0x700);
}

/* OMAP's cores have no FPU; the emulator does. */
static void floating_point_is_said_and_done(void **state)
{
    struct board *b = *state;

    BEGIN(b, floats);
    assert_finishes(b);
    assert_int_equal(result(b, 0), 0x40800000);
    assert_int_equal(said.times, 1);
    assert_int_equal(said.da[0], 0xe000ed88);
}

/* Until the emulator is replaced, and longer; CONTROL does not tell of it. */
static const uint16_t keep_floats[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf04f, 0x4080, /* mov.w r0, #0x40000000 */
    0xee00, 0x0a10, /* vmov s0, r0 */
    0xee0f, 0x0a90, /* vmov s31, r0 */
    0xeee1, 0x0a10, /* vmsr fpscr, r0 */
    0xf3ef, 0x8114, /* mrs r1, control */
    0xf8c4, 0x110c, /* str.w r1, [r4, #0x10c] */
    0xf44f, 0x6180, /* mov.w r1, #0x400 */
    0x3901,         /* loop: subs r1, #1 */
    0xd1fd,         /* bne loop */
    0xee10, 0x0a10, /* vmov r0, s0 */
    0xf8c4, 0x0100, /* str.w r0, [r4, #0x100] */
    0xee1f, 0x0a90, /* vmov r0, s31 */
    0xf8c4, 0x0104, /* str.w r0, [r4, #0x104] */
    0xeef1, 0x0a10, /* vmrs r0, fpscr */
    0xf8c4, 0x0108, /* str.w r0, [r4, #0x108] */
    0xbf30,         /* wfi */
};

static void floats_survive_a_new_emulator(void **state)
{
    struct board *b = *state;
    unsigned int i;

    *word(b, RESULTS + 12) = 9;
    BEGIN(b, keep_floats);
    do
        m4_retranslate(b->m4);
    while ( m4_run(b->m4, 1) );
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
    for ( i = 0; i < 3; i++ )
        assert_int_equal(result(b, i), 0x40000000);
    assert_int_equal(result(b, 3), 0);
}

static void the_ipus_own_registers_keep_what_is_written(void **state)
{
    struct board *b = *state;
    static const struct {
        uint32_t offset, bits;
    } cases[] = {
        { 0x004, ~0u },        { 0x010, 0 },          { 0x800, 0xfe000000 },
        { 0x82c, 0xfe000001 }, { 0x840, 0x00ff00fb }, { 0x864, 0xfffe0000 },
        { 0x944, 0xfffff000 }, { 0xa44, 0x00ff01fb }, { 0xca8, 0 },
        { 0xcb8, 3 },          { 0x100c, ~0u },
    };
    unsigned int i;

    for ( i = 0; i < sizeof(cases) / sizeof(cases[0]); i++ )
    {
        assert_int_equal(access_to(b, M4_IPU_DA + cases[i].offset, ~0u),
                         cases[i].bits);
        assert_int_equal(access_to(b, M4_IPU_L3_DA + cases[i].offset, ~0u),
                         cases[i].bits);
        assert_int_equal(said.times, 0);
    }
}

/* A large page, its translation at DATA0 + 0x44, its policy: enabled. */
static const uint16_t translate_page[] = {
    0xf04f, 0x4400, /* mov.w r4, #0x80000000 */
    0xf640, 0x0100, /* movw r1, #0x800 */
    0xf2c4, 0x0100, /* movt r1, #0x4000 */
    0xf8d4, 0x0040, /* ldr.w r0, [r4, #0x40] */
    0xf8c1, 0x0120, /* str.w r0, [r1, #0x120] */
    0xf8d4, 0x0044, /* ldr.w r0, [r4, #0x44] */
    0xf8c1, 0x01a0, /* str.w r0, [r1, #0x1a0] */
    0x2001,         /* movs r0, #1 */
    0xf8c1, 0x0220, /* str.w r0, [r1, #0x220] */
    0xbf30,         /* wfi */
};

static void an_ammu_page_that_leads_elsewhere_is_said(void **state)
{
    struct board *b = *state;
    static const struct {
        uint32_t address, translation;
        bool said;
    } cases[] = {
        { 0x50000000, 0x55040000, true },
        { 0x50000000, 0x55040001, false }, /* not to be translated */
        { 0x60000000, 0x60000000, false },
        { 0x20004000, 0x55024000, false }, /* as it is */
        { 0x40000000, 0x55080000, false },
        { 0x20004000, 0x55020000, true },
    };
    unsigned int i;

    for ( i = 0; i < sizeof(cases) / sizeof(cases[0]); i++ )
    {
        *word(b, PA_DATA + 0x40) = cases[i].address;
        *word(b, PA_DATA + 0x44) = cases[i].translation;
        said.times = 0;
        BEGIN(b, translate_page);
        assert_finishes(b);
        assert_int_equal(said.times, cases[i].said);
    }
}

static void bits_of_l2ram_are_words(void **state)
{
    struct board *b = *state;

    b->l2ram[0x1235] = 0xa5;
    assert_int_equal(access_to(b, M4_BITBAND_DA + 0x1235 * 32 + 4 * 3, ~0u), 1);
    assert_int_equal(b->l2ram[0x1235], 0xad);
    assert_int_equal(access_to(b, M4_BITBAND_DA + 0x1235 * 32 + 4 * 7, 2), 0);
    assert_int_equal(b->l2ram[0x1235], 0x2d);
    assert_int_equal(b->l2ram[0x1234] | b->l2ram[0x1236], 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
#define TB(test) \
    cmocka_unit_test_setup_teardown(test, setup_bus_errors, teardown)
#define TM(test) cmocka_unit_test_setup_teardown(test, setup_missing, teardown)

static const struct CMUnitTest tests[] = {
    T(svc_returns_behind_itself),
    T(svc_that_cannot_be_taken_is_hardfault),
    T(a_line_that_rises_is_taken),
    T(a_line_that_stays_high_is_taken_again),
    T(a_more_urgent_one_is_taken_inside),
    T(an_equal_one_follows),
    T(tail_chaining_uses_one_frame),
    T(a_late_one_is_taken_first),
    T(masks_keep_exceptions_waiting),
    T(a_return_clears_faultmask),
    T(a_thread_has_its_own_stack),
    T(an_unprivileged_thread_may_less),
    T(wfi_wakes_for_what_only_primask_masks),
    T(sleep_on_exit_sleeps_again),
    T(systick_counts_instructions_and_sleep),
    T(systick_without_interrupt_wakes_nobody),
    T(systick_interrupts_what_runs),
    T(vtor_says_where_vectors_are),
    TB(a_vector_that_cannot_be_read_is_hardfault),
    TB(faults_are_told_apart),
    T(division_by_zero_may_be_allowed),
    TB(a_stack_that_fails_is_another_exception),
    TB(a_frame_that_is_gone_is_a_bus_fault),
    T(a_bad_return_is_a_usage_fault),
    T(a_nested_return_to_the_thread),
    T(a_vector_that_is_exc_return_is_a_fault),
    T(a_move_to_pc_does_not_return),
    T(a_frame_names_an_exception_and_code),
    T(an_exclusive_access_ends_with_an_exception),
    T(two_tasks_lose_no_update),
    T(a_handler_does_not_have_the_threads_monitor),
    T(an_exclusive_access_is_aligned),
    T(nmi_is_not_masked_and_may_not_fault),
    T(nmi_cannot_set_faultmask),
    T(a_breakpoint_says_so),
    TB(what_takes_long_ends_a_batch),
    TM(what_is_not_emulated_is_said_once),
    TM(what_the_key_is_missing_for_is_not_said),
    TM(two_things_at_one_address_are_both_said),
    TM(what_is_no_longer_said_is_said_and_a_lock_up_always),
    TM(a_lock_up_is_said),
    TM(floating_point_is_said_and_done),
    T(floats_survive_a_new_emulator),
    TM(the_ipus_own_registers_keep_what_is_written),
    TM(an_ammu_page_that_leads_elsewhere_is_said),
    TM(bits_of_l2ram_are_words),
};

int main(void)
{
    return cmocka_run_group_tests_name("model/m4_exception", tests, NULL, NULL);
}
