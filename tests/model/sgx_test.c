/* SPDX-License-Identifier: GPL-2.0-only */
/* The model of the GPU and its microkernel: one property per test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sgx.h"

/* Memory: pages from RAM on. */
#define RAM        0x80000000u
#define PAGES      32u
#define PAGE(n)    (RAM + (n)*0x1000u)
#define EDM_DIR    PAGE(0)
#define EDM_TABLE  PAGE(1)
#define DIR(c)     PAGE(2 + (c)) /* of two contexts */
#define TABLE(c)   PAGE(4 + (c))
#define INIT       PAGE(6)
#define RING       PAGE(7) /* and the page behind it */
#define CONTROL    PAGE(9)
#define RECORD     PAGE(10)
#define RESULT     PAGE(11) /* for LOADBASE */
#define DATA(c, n) PAGE(12 + 8 * (c) + (n))
#define CANARY     PAGE(30) /* in no honest directory */
#define HOSTILE    PAGE(31)

#define WINDOW 0x56000000u /* of registers, on the bus */

/* The microkernel's space: these pages one behind the other. */
#define EDM(pa) (UK_INIT_DA + ((pa)-INIT))

/* A context's: data pages from here on. */
#define SPACE 0x00400000u
#define HOLE  0x00500000u

#define MAX_EVENTS 256u

struct gpu {
    struct sgx sgx;
    uint32_t ram[PAGES * 1024];
    bool irq;
    unsigned int irq_changes;
    uint32_t read_at_irq; /* the ring's offset when the line went high */
    unsigned int accesses;
    unsigned int events;
    struct bif_event event[MAX_EVENTS];
};

static uint32_t *word_at(struct gpu *g, uint32_t pa)
{
    return pa - RAM < PAGES * 0x1000 ? &g->ram[(pa - RAM) / 4] : NULL;
}

static uint32_t *word(struct gpu *g, uint32_t pa)
{
    assert_non_null(word_at(g, pa));

    return word_at(g, pa);
}

static bool bus_read(void *ctx, uint32_t pa, uint32_t *value)
{
    struct gpu *g = ctx;

    g->accesses++;
    if ( word_at(g, pa) )
        *value = *word_at(g, pa);

    return word_at(g, pa);
}

static bool bus_write(void *ctx, uint32_t pa, uint32_t value)
{
    struct gpu *g = ctx;

    g->accesses++;
    if ( pa - WINDOW < SGX_WINDOW )
    {
        sgx_reg_write(&g->sgx, pa - WINDOW, 4, value);
        return true;
    }
    if ( word_at(g, pa) )
        *word_at(g, pa) = value;

    return word_at(g, pa);
}

static void irq_changed(void *ctx, bool level)
{
    struct gpu *g = ctx;

    assert_int_not_equal(g->irq, level);
    g->irq = level;
    g->irq_changes++;
    if ( level )
        g->read_at_irq = *word(g, CONTROL + 4);
}

static void note(void *ctx, const struct bif_event *event)
{
    struct gpu *g = ctx;

    if ( event->kind != BIF_BASE_LOADED && event->kind != BIF_INVALIDATED )
        return;
    assert_true(g->events < MAX_EVENTS);
    g->event[g->events++] = *event;
}

static uint32_t rd(struct gpu *g, uint32_t offset)
{
    return sgx_reg_read(&g->sgx, offset, 4);
}

static void wr(struct gpu *g, uint32_t offset, uint32_t value)
{
    sgx_reg_write(&g->sgx, offset, 4, value);
}

/* Page n of a context's space. */
static void map(struct gpu *g, unsigned int c, unsigned int n, uint32_t pte)
{
    *word(g, TABLE(c) + n * 4) = pte;
}

static void make_tables(struct gpu *g)
{
    unsigned int c, n;

    *word(g, EDM_DIR + (UK_INIT_DA >> 22) * 4) = EDM_TABLE | 1;
    for ( n = 0; n < 6; n++ )
        *word(g, EDM_TABLE + (UK_INIT_DA >> 12 & 0x3ff) * 4 + n * 4) =
            PAGE(6 + n) | 0x11;
    for ( c = 0; c < 2; c++ )
    {
        *word(g, DIR(c) + (SPACE >> 22) * 4) = TABLE(c) | 1;
        for ( n = 0; n < 8; n++ )
            map(g, c, n, DATA(c, n) | 1);
    }
    *word(g, INIT + UK_INIT_RING) = EDM(RING);
    *word(g, INIT + UK_INIT_CONTROL) = EDM(CONTROL);
}

/* What a driver writes behind a reset. */
static void write_bases(struct gpu *g)
{
    wr(g, 0x0c78, 7);
    wr(g, 0x0c50, EDM_DIR);
}

static int setup(void **state)
{
    struct gpu *g = calloc(1, sizeof(*g));
    const struct sgx_config config = {
        .ctx = g,
        .read32 = bus_read,
        .write32 = bus_write,
        .irq = irq_changed,
        .event = note,
    };

    assert_non_null(g);
    sgx_init(&g->sgx, &config);
    make_tables(g);
    write_bases(g);
    wr(g, 0x0130, UK_EVENT);
    g->events = 0;
    *state = g;

    return 0;
}

static int teardown(void **state)
{
    free(*state);

    return 0;
}

static void run(struct gpu *g)
{
    unsigned int i;

    for ( i = 0; i < 1000 && sgx_run(&g->sgx, 10); i++ )
        ;
    assert_int_not_equal(i, 1000);
}

static void start(struct gpu *g)
{
    wr(g, 0x8ac0, 1);
    run(g);
    assert_int_equal(*word(g, INIT + UK_INIT_STATUS), UK_STARTED);
}

static uint32_t *next_command(struct gpu *g)
{
    uint32_t *write = word(g, CONTROL);
    uint32_t *cmd = word(g, RING + *write * 32);

    memset(cmd, 0, 32);
    *write = (*write + 1) % 256;

    return cmd;
}

static uint32_t *put(struct gpu *g, uint32_t service, uint32_t data1)
{
    uint32_t *cmd = next_command(g);

    cmd[0] = service;
    cmd[3] = data1;

    return cmd;
}

static void kick(struct gpu *g)
{
    wr(g, 0x8ac8, 1);
}

static void do_all(struct gpu *g)
{
    kick(g);
    run(g);
}

/* The one record there is, with no job yet. */
static void make_record(struct gpu *g, uint32_t root)
{
    memset(word(g, RECORD), 0, 0x1000);
    *word(g, RECORD) = root;
}

static void add_job(struct gpu *g, uint32_t op, uint32_t by, uint32_t core,
                    uint32_t dst, uint32_t src, uint32_t len, uint32_t value)
{
    uint32_t *jobs = word(g, RECORD + UK_RECORD_JOBS);
    uint32_t *job = word(g, RECORD + 0x20 + 0x20 * *jobs);

    job[0] = op;
    job[1] = by;
    job[2] = core;
    job[3] = dst;
    job[4] = src;
    job[5] = len;
    job[6] = value;
    ++*jobs;
}

/* A fill of one word by 3D in the first context, in a record of its own. */
static void put_fill(struct gpu *g, uint32_t da, uint32_t value)
{
    make_record(g, DIR(0));
    add_job(g, UK_FILL, UK_BY_3D, 0, da, 0, 4, value);
    put(g, UK_RENDER, EDM(RECORD));
}

static void assert_locked(struct gpu *g)
{
    assert_int_equal(g->sgx.uk.state, SGX_LOCKED);
    assert_false(sgx_run(&g->sgx, 10));
}

/*
 * Registers
 */

static void registers_are_stored(void **state)
{
    struct gpu *g = *state;

    wr(g, 0x0004, 0x11);
    wr(g, 0x4d00, 0x22);
    wr(g, 0xcbfc, 0x33);
    wr(g, 0xff08, 0x44);
    wr(g, 0x8c38, 0x55000);
    assert_int_equal(rd(g, 0x0004), 0x11);
    assert_int_equal(rd(g, 0x4004), 0x11);
    assert_int_equal(rd(g, 0xc004), 0x11);
    assert_int_equal(rd(g, 0x4d00), 0);
    assert_int_equal(rd(g, 0xcbfc), 0x33);
    assert_int_equal(rd(g, 0x8bfc), 0);
    assert_int_equal(rd(g, 0xff08), 0x44);
    assert_int_equal(rd(g, 0x0c38), 0x55000);
}

static void a_mediators_registers_are_not_there(void **state)
{
    struct gpu *g = *state;

    wr(g, 0x0ff0, DIR(0));
    wr(g, 0x0ff4, DIR(0));
    wr(g, 0x3f08, 1);
    wr(g, 0x10000, 1);
    assert_int_equal(rd(g, 0x0ff0), 0);
    assert_int_equal(rd(g, 0x0ff4), 0);
    assert_int_equal(rd(g, 0x3f08), 0);
    assert_int_equal(rd(g, 0xff08), 0);
    assert_int_equal(rd(g, 0x10000), 0);
}

static void registers_are_words(void **state)
{
    struct gpu *g = *state;

    wr(g, 0x8004, 0x12345678);
    sgx_reg_write(&g->sgx, 0x8004, 2, 0xffff);
    sgx_reg_write(&g->sgx, 0x8080, 1, 0xff);
    assert_int_equal(rd(g, 0x8004), 0x12345678);
    assert_int_equal(rd(g, 0x8080), 0);
    assert_int_equal(sgx_reg_read(&g->sgx, 0x8006, 2), 0x1234);
    assert_int_equal(sgx_reg_read(&g->sgx, 0x8005, 1), 0x56);
    assert_int_equal(rd(g, 0), SGX_CLKGATE_RESET);
}

static void an_event_raises_the_line_if_enabled(void **state)
{
    struct gpu *g = *state;

    start(g);
    wr(g, 0x0130, 0);
    put(g, UK_CLEANUP, 1);
    do_all(g);
    assert_int_equal(rd(g, 0x012c), UK_EVENT);
    assert_false(g->irq);
    wr(g, 0x8130, ~UK_EVENT);
    assert_false(g->irq);
    wr(g, 0x0130, UK_EVENT);
    assert_true(g->irq);
    wr(g, 0x0134, ~UK_EVENT);
    wr(g, 0x012c, 0);
    wr(g, 0xc134, UK_EVENT);
    assert_true(g->irq);
    wr(g, 0x0134, UK_EVENT);
    assert_false(g->irq);
    assert_int_equal(rd(g, 0x012c), 0);
    assert_int_equal(rd(g, 0x0134), 0);
    assert_int_equal(g->irq_changes, 2);
}

static void events_outlive_a_soft_reset(void **state)
{
    struct gpu *g = *state;

    start(g);
    put(g, UK_CLEANUP, 1);
    do_all(g);
    wr(g, 0x0080, 0x7ff);
    assert_true(g->irq);
    wr(g, 0x0134, UK_EVENT);
    assert_false(g->irq);
}

static void hardware_reset_is_as_power_on(void **state)
{
    struct gpu *g = *state;

    start(g);
    put(g, UK_CLEANUP, 1);
    do_all(g);
    wr(g, 0x0004, 7);
    wr(g, 0x4080, 3);
    sgx_reset(&g->sgx);
    assert_false(g->irq);
    assert_int_equal(rd(g, 0x0004), 0);
    assert_int_equal(rd(g, 0x0130), 0);
    assert_int_equal(rd(g, 0x4080), 0);
    assert_int_equal(rd(g, 0), SGX_CLKGATE_RESET);
    assert_int_equal(rd(g, 0x8c50), 0);
    assert_int_equal(g->sgx.uk.state, SGX_OFF);
}

/*
 * Start
 */

static void kick2_starts_it(void **state)
{
    struct gpu *g = *state;

    kick(g);
    assert_false(sgx_run(&g->sgx, 10));
    wr(g, 0xcac0, 1);
    assert_false(sgx_run(&g->sgx, 10));
    assert_int_equal(g->accesses, 0);
    start(g);
    assert_int_equal(g->sgx.uk.state, SGX_IDLE);
    assert_false(g->irq);
}

static void broadcast_starts_it_as_well(void **state)
{
    struct gpu *g = *state;

    wr(g, 0x0ac0, 1);
    run(g);
    assert_int_equal(*word(g, INIT + UK_INIT_STATUS), UK_STARTED);
    put(g, UK_CLEANUP, 9);
    wr(g, 0x0ac8, 1);
    run(g);
    assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 9);
}

static void it_does_not_start_in_reset(void **state)
{
    static const uint32_t by[][2] = { { 0x8080, 2 },
                                      { 0x4080, 1 },
                                      { 0x4080, 0x400 } };
    struct gpu *g = *state;
    unsigned int i;

    for ( i = 0; i < 3; i++ )
    {
        wr(g, by[i][0], by[i][1]);
        wr(g, 0x8ac0, 1);
        wr(g, by[i][0], 0);
        assert_int_equal(g->sgx.uk.state, SGX_OFF);
    }
    wr(g, 0x4080, 0xe);
    write_bases(g);
    start(g);
}

static void without_an_init_block_it_locks_up(void **state)
{
    struct gpu *g = *state;

    wr(g, 0x8c50, DIR(0));
    wr(g, 0x8ac0, 1);
    sgx_run(&g->sgx, 10);
    assert_locked(g);
    assert_int_equal(rd(g, 0x8c04), 1);
    assert_int_equal(rd(g, 0x8c08), UK_INIT_DA);
}

/*
 * Commands
 */

static void a_kick_performs_all_there_are(void **state)
{
    struct gpu *g = *state;

    start(g);
    put(g, UK_CLEANUP, 5);
    put(g, UK_POWER, UK_POWER_IDLE);
    put(g, UK_CLEANUP, 6);
    run(g);
    assert_int_equal(*word(g, CONTROL + 4), 0);
    do_all(g);
    assert_int_equal(*word(g, CONTROL + 4), 3);
    assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 6);
    assert_int_equal(*word(g, INIT + UK_INIT_POWER), UK_POWER_IDLE);
    assert_int_equal(g->sgx.commands, 3);
    assert_int_equal(g->sgx.uk.state, SGX_IDLE);
}

static void the_offset_is_told_before_the_event(void **state)
{
    struct gpu *g = *state;

    start(g);
    put(g, UK_CLEANUP, 5);
    do_all(g);
    assert_true(g->irq);
    assert_int_equal(g->read_at_irq, 1);
    wr(g, 0x0134, UK_EVENT);
    put(g, UK_CLEANUP, 5);
    do_all(g);
    assert_true(g->irq);
    assert_int_equal(g->read_at_irq, 2);
}

static void the_ring_is_round(void **state)
{
    struct gpu *g = *state;
    unsigned int i;

    start(g);
    for ( i = 0; i < 300; i++ )
    {
        put(g, UK_CLEANUP, 1000 + i);
        do_all(g);
        assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 1000 + i);
        assert_int_equal(*word(g, CONTROL + 4), (i + 1) % 256);
    }
}

static void an_offset_beyond_the_ring_is_taken_into_it(void **state)
{
    struct gpu *g = *state;

    start(g);
    put(g, UK_CLEANUP, 5);
    *word(g, CONTROL) = 0xffffff01;
    *word(g, CONTROL + 4) = 0x100;
    do_all(g);
    assert_int_equal(*word(g, CONTROL + 4), 1);
    assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 5);
}

static void each_kick_register_wakes_it(void **state)
{
    static const uint32_t regs[] = { 0x8ab0, 0x8ac0, 0x8ac8, 0x8ad8 };
    struct gpu *g = *state;
    unsigned int i;

    start(g);
    for ( i = 0; i < 4; i++ )
    {
        put(g, UK_CLEANUP, i + 1);
        wr(g, regs[i], 0);
        run(g);
        assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), i + 1);
    }
}

static void a_kick_at_work_is_not_lost(void **state)
{
    struct gpu *g = *state;

    start(g);
    put(g, UK_CLEANUP, 5);
    kick(g);
    while ( g->sgx.uk.state != SGX_FINISH )
        sgx_run(&g->sgx, 1);
    put(g, UK_CLEANUP, 6);
    kick(g);
    run(g);
    assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 6);
}

static void power_off_needs_a_new_start(void **state)
{
    struct gpu *g = *state;

    start(g);
    put(g, UK_POWER, UK_POWER_OFF);
    put(g, UK_CLEANUP, 7);
    do_all(g);
    assert_int_equal(*word(g, INIT + UK_INIT_POWER), UK_POWER_OFF);
    assert_int_equal(*word(g, CONTROL + 4), 1);
    assert_true(g->irq);
    do_all(g);
    assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 0);
    start(g);
    assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 7);
}

static void wrong_commands_are_counted(void **state)
{
    struct gpu *g = *state;

    start(g);
    put(g, 0, 0);
    put(g, 99, 0);
    make_record(g, DIR(0));
    *word(g, RECORD + UK_RECORD_JOBS) = 9;
    put(g, UK_RENDER, EDM(RECORD));
    put(g, UK_CLEANUP, 7);
    do_all(g);
    assert_int_equal(*word(g, INIT + UK_INIT_BAD), 3);
    assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 7);
    assert_int_equal(*word(g, CONTROL + 4), 4);
    assert_int_equal(g->events, 0);
}

/*
 * Answers
 */

static void add_answer(struct gpu *g, uint32_t service, uint32_t by,
                       uint32_t da, uint32_t value)
{
    uint32_t *answers = word(g, INIT + UK_INIT_ANSWERS);
    uint32_t *answer = word(g, INIT + UK_INIT_ANSWER(*answers));

    answer[0] = service;
    answer[1] = by;
    answer[2] = da;
    answer[3] = value;
    ++*answers;
}

static void the_init_block_is_where_a_register_says(void **state)
{
    struct gpu *g = *state;

    memcpy(word(g, RESULT), word(g, INIT), 8);
    memset(word(g, INIT), 0, 8);
    wr(g, 0x8bf0, EDM(RESULT));
    wr(g, 0x8ac0, 1);
    put(g, UK_CLEANUP, 7);
    put(g, UK_POWER, UK_POWER_IDLE);
    put(g, 99, 0);
    do_all(g);
    assert_int_equal(*word(g, INIT + UK_INIT_STATUS), 0);
    assert_int_equal(*word(g, RESULT + UK_INIT_STATUS), UK_STARTED);
    assert_int_equal(*word(g, RESULT + UK_INIT_CLEANUP), 7);
    assert_int_equal(*word(g, RESULT + UK_INIT_POWER), UK_POWER_IDLE);
    assert_int_equal(*word(g, RESULT + UK_INIT_BAD), 1);
}

static void answers_are_of_their_service(void **state)
{
    struct gpu *g = *state;

    add_answer(g, 0, 0, EDM(RESULT), 11);
    add_answer(g, 77, 0, EDM(RESULT) + 4, 12);
    add_answer(g, UK_RENDER, 0, EDM(RESULT) + 8, 13);
    start(g);
    assert_int_equal(*word(g, RESULT), 11);
    *word(g, RESULT) = 0;
    put(g, 77, 0);
    do_all(g);
    assert_int_equal(*word(g, RESULT + 4), 12);
    assert_int_equal(*word(g, RESULT + 8), 0);
    assert_int_equal(*word(g, INIT + UK_INIT_BAD), 0);
    put_fill(g, SPACE, 5);
    put(g, 78, 0);
    do_all(g);
    assert_int_equal(*word(g, DATA(0, 0)), 5);
    assert_int_equal(*word(g, RESULT + 8), 13);
    assert_int_equal(*word(g, INIT + UK_INIT_BAD), 1);
    assert_int_equal(*word(g, RESULT), 0);
}

static void an_answer_may_be_beyond_the_commands_data(void **state)
{
    struct gpu *g = *state;

    add_answer(g, 6, UK_ANSWER_AT_DATA, 0x1c, 21);
    add_answer(g, 6, UK_ANSWER_AT_DATA, 0, 22);
    add_answer(g, 6, UK_ANSWER_AT_DATA, 0, 23);
    start(g);
    put(g, 6, EDM(RESULT) + 0x100);
    do_all(g);
    assert_int_equal(*word(g, RESULT + 0x11c), 21);
    assert_int_equal(*word(g, RESULT + 0x100), 23);
}

static void no_more_answers_than_there_may_be(void **state)
{
    struct gpu *g = *state;
    unsigned int i;

    for ( i = 0; i < UK_MAX_ANSWERS + 2; i++ )
        add_answer(g, 6, 0, EDM(RESULT) + i * 4, 1);
    start(g);
    put(g, 6, 0);
    do_all(g);
    assert_int_equal(*word(g, RESULT + (UK_MAX_ANSWERS - 1) * 4), 1);
    assert_int_equal(*word(g, RESULT + UK_MAX_ANSWERS * 4), 0);
}

static void a_new_start_is_answered_anew(void **state)
{
    struct gpu *g = *state;

    add_answer(g, 0, 0, EDM(RESULT), 11);
    start(g);
    put(g, UK_POWER, UK_POWER_OFF);
    do_all(g);
    *word(g, RESULT) = 0;
    start(g);
    assert_int_equal(*word(g, RESULT), 11);
}

/* The ring's offset is what a driver may wait for instead. */
static void answers_come_before_the_offset(void **state)
{
    struct gpu *g = *state;

    add_answer(g, 6, 0, EDM(CONTROL) + UK_CONTROL_READ, 99);
    start(g);
    put(g, 6, 0);
    do_all(g);
    assert_int_equal(*word(g, CONTROL + UK_CONTROL_READ), 1);
}

/*
 * Invalidation
 */

static void cache_control_is_obeyed_from_inside(void **state)
{
    static const uint32_t due[16] = { 0, 4, 8, 12, 0, 4, 8, 12,
                                      0, 4, 8, 12, 0, 4, 8, 12 };
    struct gpu *g = *state;
    unsigned int i;

    start(g);
    for ( i = 0; i < 16; i++ )
    {
        put(g, UK_CLEANUP, 1)[1] = i;
        g->events = 0;
        do_all(g);
        assert_int_equal(g->events, due[i] ? 3 : 0);
        if ( !due[i] )
            continue;
        assert_int_equal(g->event[0].kind, BIF_INVALIDATED);
        assert_int_equal(g->event[0].value, due[i]);
        assert_true(g->event[0].inside);
    }
}

/* A page is used; the one beside it is mapped later, and used by a command with that. */
static void map_beside(struct gpu *g, uint32_t cache_control)
{
    map(g, 0, 1, 0);
    start(g);
    put_fill(g, SPACE, 1);
    do_all(g);
    map(g, 0, 1, DATA(0, 5) | 1);
    put_fill(g, SPACE + 0x1000, 2);
    word(g, RING + 32)[1] = cache_control;
    do_all(g);
}

static void a_new_mapping_without_cache_control_faults(void **state)
{
    struct gpu *g = *state;

    map_beside(g, UK_INVAL_SL | UK_INVAL_DATA);
    assert_locked(g);
    assert_int_equal(rd(g, 0x8c08), SPACE + 0x1000);
}

static void a_new_mapping_with_cache_control_is_used(void **state)
{
    struct gpu *g = *state;

    map_beside(g, UK_INVAL_PT);
    assert_int_equal(*word(g, DATA(0, 5)), 2);
}

/*
 * Work
 */

static void a_render_fills_and_copies(void **state)
{
    struct gpu *g = *state;
    unsigned int i;

    make_record(g, DIR(1));
    add_job(g, UK_FILL, UK_BY_3D, 0, SPACE + 0x100, 0, 200, 0x11223344);
    add_job(g, UK_COPY, UK_BY_PTLA, 0, SPACE + 0x1000, SPACE + 0xfc, 208, 0);
    add_job(g, UK_FILL, UK_BY_TA, 1, SPACE + 0x2000, 0, 7, 5);
    start(g);
    put(g, UK_RENDER, EDM(RECORD));
    do_all(g);
    assert_int_equal(*word(g, RECORD + UK_RECORD_DONE), 3);
    for ( i = 0; i < 50; i++ )
        assert_int_equal(*word(g, DATA(1, 0) + 0x100 + i * 4), 0x11223344);
    assert_int_equal(*word(g, DATA(1, 0) + 0x100 + 200), 0);
    assert_int_equal(*word(g, DATA(1, 1)), 0);
    assert_int_equal(*word(g, DATA(1, 1) + 4), 0x11223344);
    assert_int_equal(*word(g, DATA(1, 1) + 200), 0x11223344);
    assert_int_equal(*word(g, DATA(1, 1) + 204), 0);
    assert_int_equal(*word(g, DATA(1, 2)), 5);
    assert_int_equal(*word(g, DATA(1, 2) + 4), 0);
    assert_int_equal(*word(g, DATA(0, 0) + 0x100), 0);
}

static void a_render_loads_its_base_in_both_cores(void **state)
{
    struct gpu *g = *state;

    start(g);
    put_fill(g, SPACE, 1);
    do_all(g);
    assert_int_equal(g->events, 2);
    assert_int_equal(g->event[0].kind, BIF_BASE_LOADED);
    assert_int_equal(g->event[0].bank, SGX_CORE0);
    assert_int_equal(g->event[1].bank, SGX_CORE1);
    assert_int_equal(g->event[1].value, DIR(0));
    assert_int_equal(g->event[1].index, 0);
    assert_true(g->event[0].inside && g->event[1].inside);
    assert_int_equal(rd(g, 0x4c84), 0);
}

static void a_job_goes_through_its_own_core(void **state)
{
    struct gpu *g = *state;

    make_record(g, DIR(0));
    add_job(g, UK_FILL, UK_BY_3D, 1, HOLE, 0, 4, 0);
    start(g);
    put(g, UK_RENDER, EDM(RECORD));
    do_all(g);
    assert_int_equal(rd(g, 0x8c04), 0);
    assert_int_equal(rd(g, 0xcc04), 1u << BIF_3D);
    assert_locked(g);
}

static void a_job_goes_by_its_own_requester(void **state)
{
    static const struct {
        uint32_t by;
        enum bif_requester requester;
    } by[] = { { UK_BY_TA, BIF_TA },
               { UK_BY_3D, BIF_3D },
               { UK_BY_PTLA, BIF_PTLA } };
    struct gpu *g = *state;
    unsigned int i;

    for ( i = 0; i < 3; i++ )
    {
        wr(g, 0x0080, 1);
        wr(g, 0x0080, 0);
        write_bases(g);
        start(g);
        make_record(g, DIR(0));
        add_job(g, UK_FILL, by[i].by, 0, HOLE, 0, 4, 0);
        put(g, UK_RENDER, EDM(RECORD));
        do_all(g);
        assert_int_equal(rd(g, 0x8c04), 1u << by[i].requester);
        *word(g, CONTROL + 4) = *word(g, CONTROL);
    }
}

static void what_is_no_job_is_passed_over(void **state)
{
    struct gpu *g = *state;

    make_record(g, DIR(0));
    add_job(g, 77, UK_BY_3D, 0, HOLE, HOLE, 4, 0);
    add_job(g, UK_FILL, UK_BY_3D, 0, SPACE, 0, 4, 3);
    start(g);
    put(g, UK_RENDER, EDM(RECORD));
    do_all(g);
    assert_int_equal(*word(g, DATA(0, 0)), 3);
    assert_int_equal(*word(g, RECORD + UK_RECORD_DONE), 2);
}

static void a_step_is_short(void **state)
{
    struct gpu *g = *state;
    unsigned int before, steps = 0;

    make_record(g, DIR(0));
    add_job(g, UK_COPY, UK_BY_3D, 0, SPACE, SPACE + 0x4000, 0x4000, 0);
    start(g);
    put(g, UK_RENDER, EDM(RECORD));
    kick(g);
    do
    {
        before = g->accesses;
        steps++;
        sgx_run(&g->sgx, 1);
        assert_true(g->accesses - before <= 40 + 10);
    }
    while ( g->sgx.uk.state != SGX_IDLE );
    assert_true(steps > 0x4000 / 64);
}

/* T2's limit: no hardware keeps the microkernel from it. */
static void loadbase_reads_what_no_directory_has(void **state)
{
    struct gpu *g = *state;
    uint32_t *cmd;
    unsigned int i;

    *word(g, HOSTILE + (SPACE >> 22) * 4) = HOSTILE | 1;
    *word(g, HOSTILE) = CANARY | 1;
    for ( i = 0; i < 32; i++ )
        *word(g, CANARY + i * 4) = 0xca000000 + i;
    start(g);
    cmd = put(g, UK_LOADBASE, HOSTILE);
    cmd[4] = SPACE;
    cmd[5] = EDM(RESULT);
    cmd[6] = 124;
    do_all(g);
    for ( i = 0; i < 31; i++ )
        assert_int_equal(*word(g, RESULT + i * 4), 0xca000000 + i);
    assert_int_equal(*word(g, RESULT + 124), 0);
    assert_int_equal(g->events, 1);
    assert_int_equal(g->event[0].value, HOSTILE);
    assert_true(g->event[0].inside);
}

static void loadbase_writes_if_told_to(void **state)
{
    struct gpu *g = *state;
    uint32_t *cmd;

    *word(g, HOSTILE + (SPACE >> 22) * 4) = HOSTILE | 1;
    *word(g, HOSTILE) = CANARY | 1;
    start(g);
    cmd = put(g, UK_LOADBASE, HOSTILE);
    cmd[2] = UK_LOADBASE_WRITE;
    cmd[4] = SPACE + 4;
    cmd[6] = 8;
    cmd[7] = 0xbadc0de;
    do_all(g);
    assert_int_equal(*word(g, CANARY), 0);
    assert_int_equal(*word(g, CANARY + 4), 0xbadc0de);
    assert_int_equal(*word(g, CANARY + 8), 0xbadc0de);
    assert_int_equal(*word(g, CANARY + 12), 0);
}

/*
 * What stops it
 */

static void a_fault_locks_it_up(void **state)
{
    struct gpu *g = *state;

    start(g);
    put_fill(g, HOLE, 1);
    put(g, UK_CLEANUP, 7);
    do_all(g);
    assert_locked(g);
    assert_int_equal(rd(g, 0x8c08), HOLE);
    assert_false(g->irq);
    assert_int_equal(*word(g, CONTROL + 4), 0);
    wr(g, 0x8c00, 0x10);
    kick(g);
    wr(g, 0x8ac0, 1);
    assert_locked(g);
    assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 0);
}

static void a_reset_and_a_start_recover_it(void **state)
{
    struct gpu *g = *state;

    start(g);
    put_fill(g, HOLE, 1);
    do_all(g);
    assert_locked(g);
    wr(g, 0x4080, 0x5ff);
    wr(g, 0x4080, 0);
    write_bases(g);
    put_fill(g, SPACE, 4);
    *word(g, CONTROL + 4) = 1;
    assert_false(sgx_run(&g->sgx, 10));
    start(g);
    assert_int_equal(*word(g, DATA(0, 0)), 4);
    assert_true(g->irq);
}

static void a_bus_error_locks_it_up(void **state)
{
    struct gpu *g = *state;

    map(g, 0, 0, 0x10000001);
    start(g);
    put_fill(g, SPACE, 1);
    do_all(g);
    assert_locked(g);
    assert_int_equal(rd(g, 0x8c04), 0);
}

static void a_bus_error_of_a_read_locks_it_up(void **state)
{
    struct gpu *g = *state;

    map(g, 0, 0, 0x10000001);
    make_record(g, DIR(0));
    add_job(g, UK_COPY, UK_BY_3D, 0, SPACE + 0x1000, SPACE, 4, 0);
    start(g);
    put(g, UK_RENDER, EDM(RECORD));
    do_all(g);
    assert_locked(g);
}

static void a_reset_stops_it_in_the_middle(void **state)
{
    struct gpu *g = *state;

    make_record(g, DIR(0));
    add_job(g, UK_FILL, UK_BY_3D, 0, SPACE, 0, 0x1000, 9);
    start(g);
    put(g, UK_RENDER, EDM(RECORD));
    kick(g);
    while ( !*word(g, DATA(0, 0)) )
        sgx_run(&g->sgx, 1);
    wr(g, 0x8080, 0x10);
    assert_false(sgx_run(&g->sgx, 10));
    wr(g, 0x8080, 0);
    assert_false(sgx_run(&g->sgx, 10));
    assert_int_equal(*word(g, DATA(0, 0) + 0xffc), 0);
}

static void a_reset_of_the_other_core_locks_up_its_job(void **state)
{
    struct gpu *g = *state;

    make_record(g, DIR(0));
    add_job(g, UK_FILL, UK_BY_3D, 1, SPACE, 0, 0x1000, 9);
    start(g);
    put(g, UK_RENDER, EDM(RECORD));
    kick(g);
    while ( !*word(g, DATA(0, 0)) )
        sgx_run(&g->sgx, 1);
    wr(g, 0xc080, 1);
    run(g);
    assert_locked(g);
}

static void paused_it_waits(void **state)
{
    struct gpu *g = *state;

    make_record(g, DIR(0));
    add_job(g, UK_FILL, UK_BY_3D, 0, SPACE, 0, 0x1000, 9);
    start(g);
    put(g, UK_RENDER, EDM(RECORD));
    kick(g);
    while ( !*word(g, DATA(0, 0)) )
        sgx_run(&g->sgx, 1);
    wr(g, 0x0c00, 2);
    g->accesses = 0;
    assert_true(sgx_run(&g->sgx, 10));
    assert_int_equal(g->accesses, 0);
    wr(g, 0x0c00, 0);
    run(g);
    assert_int_equal(*word(g, DATA(0, 0) + 0xffc), 9);
    assert_true(g->irq);
}

static void a_kick_while_paused_is_not_lost(void **state)
{
    struct gpu *g = *state;

    start(g);
    put(g, UK_CLEANUP, 5);
    wr(g, 0x0c00, 2);
    kick(g);
    assert_true(sgx_run(&g->sgx, 10));
    assert_true(sgx_run(&g->sgx, 10));
    wr(g, 0x0c00, 0);
    run(g);
    assert_int_equal(*word(g, INIT + UK_INIT_CLEANUP), 5);
}

/* By a page that leads to its registers. */
static void it_may_reset_itself(void **state)
{
    struct gpu *g = *state;

    map(g, 0, 0, (WINDOW + 0x8000) | 1);
    start(g);
    put_fill(g, SPACE + 0x80, 0x7ff);
    do_all(g);
    assert_int_equal(g->sgx.uk.state, SGX_OFF);
    assert_int_equal(rd(g, 0x8080), 0x7ff);
    assert_int_equal(*word(g, CONTROL + 4), 0);
}

static void it_may_pause_itself(void **state)
{
    struct gpu *g = *state;

    map(g, 0, 0, (WINDOW + 0x8000) | 1);
    make_record(g, DIR(0));
    add_job(g, UK_FILL, UK_BY_3D, 0, SPACE + 0xc00, 0, 4, 2);
    add_job(g, UK_FILL, UK_BY_3D, 0, SPACE + 0x1000, 0, 4, 7);
    start(g);
    put(g, UK_RENDER, EDM(RECORD));
    kick(g);
    assert_true(sgx_run(&g->sgx, 100));
    assert_int_equal(*word(g, DATA(0, 1)), 0);
    wr(g, 0x8c00, 0);
    run(g);
    assert_int_equal(*word(g, DATA(0, 1)), 7);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest tests[] = {
    T(registers_are_stored),
    T(a_mediators_registers_are_not_there),
    T(registers_are_words),
    T(an_event_raises_the_line_if_enabled),
    T(events_outlive_a_soft_reset),
    T(hardware_reset_is_as_power_on),
    T(kick2_starts_it),
    T(broadcast_starts_it_as_well),
    T(it_does_not_start_in_reset),
    T(without_an_init_block_it_locks_up),
    T(a_kick_performs_all_there_are),
    T(the_offset_is_told_before_the_event),
    T(the_ring_is_round),
    T(an_offset_beyond_the_ring_is_taken_into_it),
    T(each_kick_register_wakes_it),
    T(a_kick_at_work_is_not_lost),
    T(power_off_needs_a_new_start),
    T(wrong_commands_are_counted),
    T(the_init_block_is_where_a_register_says),
    T(answers_are_of_their_service),
    T(an_answer_may_be_beyond_the_commands_data),
    T(no_more_answers_than_there_may_be),
    T(a_new_start_is_answered_anew),
    T(answers_come_before_the_offset),
    T(cache_control_is_obeyed_from_inside),
    T(a_new_mapping_without_cache_control_faults),
    T(a_new_mapping_with_cache_control_is_used),
    T(a_render_fills_and_copies),
    T(a_render_loads_its_base_in_both_cores),
    T(a_job_goes_through_its_own_core),
    T(a_job_goes_by_its_own_requester),
    T(what_is_no_job_is_passed_over),
    T(a_step_is_short),
    T(loadbase_reads_what_no_directory_has),
    T(loadbase_writes_if_told_to),
    T(a_fault_locks_it_up),
    T(a_reset_and_a_start_recover_it),
    T(a_bus_error_locks_it_up),
    T(a_bus_error_of_a_read_locks_it_up),
    T(a_reset_stops_it_in_the_middle),
    T(a_reset_of_the_other_core_locks_up_its_job),
    T(paused_it_waits),
    T(a_kick_while_paused_is_not_lost),
    T(it_may_reset_itself),
    T(it_may_pause_itself),
};

int main(void)
{
    return cmocka_run_group_tests_name("model/sgx", tests, NULL, NULL);
}
