/* SPDX-License-Identifier: GPL-2.0-only */
/* The model of the mailbox: one property per test. Plain offsets and bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "mailbox.h"

#define REVISION  0x000
#define SYSCONFIG 0x010

/* Of FIFO m. */
#define MESSAGE(m)    (0x040 + 4 * (m))
#define FIFOSTATUS(m) (0x080 + 4 * (m))
#define MSGSTATUS(m)  (0x0c0 + 4 * (m))

/* Of user u. */
#define RAW(u)        (0x100 + 0x10 * (u))
#define STATUS(u)     (0x104 + 0x10 * (u))
#define ENABLE_SET(u) (0x108 + 0x10 * (u))
#define ENABLE_CLR(u) (0x10c + 0x10 * (u))

#define NEW(m)   (1u << 2 * (m))
#define ROOM(m)  (2u << 2 * (m))
#define ALL_ROOM 0xaaaau

struct state {
    struct mailbox mailbox;
    bool line[4];
    unsigned int changes[4];
};

static uint32_t rd(struct state *s, uint32_t offset)
{
    return mailbox_reg_read(&s->mailbox, offset, 4);
}

static void wr(struct state *s, uint32_t offset, uint32_t value)
{
    mailbox_reg_write(&s->mailbox, offset, 4, value);
}

static void line_changed(void *ctx, unsigned int user, bool level)
{
    struct state *s = ctx;

    assert_in_range(user, 0, 3);
    assert_int_not_equal(s->line[user], level);
    s->line[user] = level;
    s->changes[user]++;
}

static int setup(void **state)
{
    struct state *s = calloc(1, sizeof(*s));
    const struct mailbox_config config = { .ctx = s, .irq = line_changed };

    assert_non_null(s);
    mailbox_init(&s->mailbox, &config);
    *state = s;

    return 0;
}

static int setup_large(void **state)
{
    struct mailbox_config config;
    struct state *s;

    setup(state);
    s = *state;
    config = s->mailbox.config;
    config.large = true;
    mailbox_init(&s->mailbox, &config);

    return 0;
}

static int teardown(void **state)
{
    free(*state);

    return 0;
}

static void fill(struct state *s, unsigned int fifo)
{
    uint32_t i;

    for ( i = 0; i < 4; i++ )
        wr(s, MESSAGE(fifo), 0x100 * fifo + i);
}

static void assert_fresh(struct state *s)
{
    unsigned int i;

    assert_int_equal(rd(s, SYSCONFIG), 0x8);
    for ( i = 0; i < 8; i++ )
    {
        assert_int_equal(rd(s, FIFOSTATUS(i)), 0);
        assert_int_equal(rd(s, MSGSTATUS(i)), 0);
        assert_int_equal(rd(s, MESSAGE(i)), 0);
    }
    for ( i = 0; i < 3; i++ )
    {
        assert_int_equal(rd(s, RAW(i)), ALL_ROOM);
        assert_int_equal(rd(s, STATUS(i)), 0);
        assert_int_equal(rd(s, ENABLE_SET(i)), 0);
        assert_int_equal(rd(s, ENABLE_CLR(i)), 0);
        assert_false(s->line[i]);
    }
}

/*
 * Messages
 */

static void after_power_on_it_is_empty(void **state)
{
    struct state *s = *state;

    assert_int_equal(rd(s, REVISION), 0x400);
    assert_fresh(s);
    assert_int_equal(s->changes[0] + s->changes[1] + s->changes[2], 0);
}

static void messages_come_out_in_order(void **state)
{
    struct state *s = *state;

    wr(s, MESSAGE(3), 0xffffff03);
    wr(s, MESSAGE(3), 0);
    wr(s, MESSAGE(3), 1);
    assert_int_equal(rd(s, MESSAGE(3)), 0xffffff03);
    assert_int_equal(rd(s, MESSAGE(3)), 0);
    wr(s, MESSAGE(3), 2);
    assert_int_equal(rd(s, MESSAGE(3)), 1);
    assert_int_equal(rd(s, MESSAGE(3)), 2);
}

static void msgstatus_counts(void **state)
{
    struct state *s = *state;
    uint32_t i;

    for ( i = 1; i <= 4; i++ )
    {
        wr(s, MESSAGE(5), i);
        assert_int_equal(rd(s, MSGSTATUS(5)), i);
    }
    for ( i = 4; i--; )
    {
        rd(s, MESSAGE(5));
        assert_int_equal(rd(s, MSGSTATUS(5)), i);
    }
}

static void fifostatus_is_full_at_four(void **state)
{
    struct state *s = *state;
    uint32_t i;

    for ( i = 0; i < 4; i++ )
    {
        assert_int_equal(rd(s, FIFOSTATUS(0)), 0);
        wr(s, MESSAGE(0), i);
    }
    assert_int_equal(rd(s, FIFOSTATUS(0)), 1);
    rd(s, MESSAGE(0));
    assert_int_equal(rd(s, FIFOSTATUS(0)), 0);
}

static void message_to_a_full_fifo_is_lost(void **state)
{
    struct state *s = *state;
    uint32_t i;

    fill(s, 1);
    wr(s, MESSAGE(1), 0xdead);
    assert_int_equal(rd(s, MSGSTATUS(1)), 4);
    for ( i = 0; i < 4; i++ )
        assert_int_equal(rd(s, MESSAGE(1)), 0x100 + i);
    assert_int_equal(rd(s, MESSAGE(1)), 0);
}

static void empty_fifo_reads_0(void **state)
{
    struct state *s = *state;

    wr(s, MESSAGE(2), 7);
    rd(s, MESSAGE(2));
    assert_int_equal(rd(s, MESSAGE(2)), 0);
    assert_int_equal(rd(s, MSGSTATUS(2)), 0);
    wr(s, MESSAGE(2), 8);
    assert_int_equal(rd(s, MESSAGE(2)), 8);
}

static void fifos_are_eight(void **state)
{
    struct state *s = *state;
    uint32_t i;

    for ( i = 0; i < 8; i++ )
        fill(s, i);
    for ( i = 0; i < 8; i++ )
    {
        assert_int_equal(rd(s, MSGSTATUS(i)), 4);
        assert_int_equal(rd(s, MESSAGE(i)), 0x100 * i);
        assert_int_equal(rd(s, MSGSTATUS(i)), 3);
    }
}

/*
 * Status
 */

static void raw_tells_messages_and_room(void **state)
{
    struct state *s = *state;

    wr(s, MESSAGE(4), 0);
    assert_int_equal(rd(s, RAW(0)), ALL_ROOM | NEW(4));
    assert_int_equal(rd(s, RAW(1)), ALL_ROOM | NEW(4));
    assert_int_equal(rd(s, RAW(2)), ALL_ROOM | NEW(4));
}

static void new_message_stays_until_cleared(void **state)
{
    struct state *s = *state;

    wr(s, MESSAGE(0), 1);
    rd(s, MESSAGE(0));
    assert_int_equal(rd(s, RAW(1)), ALL_ROOM | NEW(0));
    wr(s, STATUS(1), NEW(0));
    assert_int_equal(rd(s, RAW(1)), ALL_ROOM);
}

static void new_message_is_set_again_while_one_is_there(void **state)
{
    struct state *s = *state;

    wr(s, MESSAGE(0), 1);
    wr(s, MESSAGE(0), 2);
    rd(s, MESSAGE(0));
    wr(s, STATUS(1), NEW(0));
    assert_int_equal(rd(s, RAW(1)), ALL_ROOM | NEW(0));
}

static void not_full_is_set_again_while_there_is_room(void **state)
{
    struct state *s = *state;

    wr(s, STATUS(0), ROOM(6));
    assert_int_equal(rd(s, RAW(0)), ALL_ROOM);
    fill(s, 6);
    assert_int_equal(rd(s, RAW(0)), ALL_ROOM | NEW(6));
    wr(s, STATUS(0), ROOM(6));
    assert_int_equal(rd(s, RAW(0)), (ALL_ROOM & ~ROOM(6)) | NEW(6));
    rd(s, MESSAGE(6));
    assert_int_equal(rd(s, RAW(0)), ALL_ROOM | NEW(6));
}

static void clearing_concerns_its_bits_and_user_only(void **state)
{
    struct state *s = *state;

    wr(s, MESSAGE(0), 1);
    wr(s, MESSAGE(7), 1);
    rd(s, MESSAGE(0));
    rd(s, MESSAGE(7));
    wr(s, STATUS(2), NEW(0));
    assert_int_equal(rd(s, RAW(0)), ALL_ROOM | NEW(0) | NEW(7));
    assert_int_equal(rd(s, RAW(1)), ALL_ROOM | NEW(0) | NEW(7));
    assert_int_equal(rd(s, RAW(2)), ALL_ROOM | NEW(7));
}

static void status_is_masked_by_enable(void **state)
{
    struct state *s = *state;

    wr(s, MESSAGE(0), 1);
    wr(s, MESSAGE(1), 1);
    assert_int_equal(rd(s, STATUS(1)), 0);
    wr(s, ENABLE_SET(1), NEW(1) | ROOM(2));
    assert_int_equal(rd(s, STATUS(1)), NEW(1) | ROOM(2));
    assert_int_equal(rd(s, STATUS(0)), 0);
}

static void clearing_needs_no_enable(void **state)
{
    struct state *s = *state;

    wr(s, MESSAGE(0), 1);
    rd(s, MESSAGE(0));
    wr(s, STATUS(0), 0xffffffff);
    assert_int_equal(rd(s, RAW(0)), ALL_ROOM);
}

static void written_raw_sets_the_event(void **state)
{
    struct state *s = *state;

    wr(s, ENABLE_SET(0), NEW(3));
    wr(s, RAW(0), NEW(3) | 0xffff0000);
    assert_int_equal(rd(s, RAW(0)), ALL_ROOM | NEW(3));
    assert_int_equal(rd(s, RAW(1)), ALL_ROOM);
    assert_true(s->line[0]);
    wr(s, STATUS(0), NEW(3));
    assert_false(s->line[0]);
}

/*
 * Interrupts
 */

static void enable_is_set_and_cleared_by_bits(void **state)
{
    struct state *s = *state;

    wr(s, ENABLE_SET(1), NEW(0));
    wr(s, ENABLE_SET(1), NEW(7) | ROOM(7));
    assert_int_equal(rd(s, ENABLE_SET(1)), NEW(0) | NEW(7) | ROOM(7));
    assert_int_equal(rd(s, ENABLE_CLR(1)), NEW(0) | NEW(7) | ROOM(7));
    wr(s, ENABLE_CLR(1), NEW(7));
    assert_int_equal(rd(s, ENABLE_SET(1)), NEW(0) | ROOM(7));
    assert_int_equal(rd(s, ENABLE_SET(0)), 0);
    assert_int_equal(rd(s, ENABLE_SET(2)), 0);
}

static void enable_has_sixteen_bits(void **state)
{
    struct state *s = *state;

    wr(s, ENABLE_SET(2), 0xffffffff);
    assert_int_equal(rd(s, ENABLE_SET(2)), 0xffff);
}

static void message_raises_the_line_of_who_enabled_it(void **state)
{
    struct state *s = *state;

    wr(s, ENABLE_SET(0), NEW(1));
    wr(s, ENABLE_SET(2), NEW(0));
    wr(s, MESSAGE(0), 0);
    assert_false(s->line[0]);
    assert_false(s->line[1]);
    assert_true(s->line[2]);
    wr(s, MESSAGE(0), 1);
    assert_int_equal(s->changes[2], 1);
}

static void enabling_what_holds_raises_the_line(void **state)
{
    struct state *s = *state;

    wr(s, ENABLE_SET(0), ROOM(0));
    assert_true(s->line[0]);
    wr(s, ENABLE_CLR(0), ROOM(0));
    assert_false(s->line[0]);
}

static void line_falls_when_the_last_is_cleared(void **state)
{
    struct state *s = *state;

    wr(s, ENABLE_SET(1), NEW(3) | NEW(5));
    wr(s, MESSAGE(3), 1);
    wr(s, MESSAGE(5), 1);
    rd(s, MESSAGE(3));
    rd(s, MESSAGE(5));
    assert_true(s->line[1]);
    wr(s, STATUS(1), NEW(3));
    assert_true(s->line[1]);
    wr(s, STATUS(1), NEW(5));
    assert_false(s->line[1]);
    assert_int_equal(s->changes[1], 2);
}

static void line_does_not_move_while_a_message_is_left(void **state)
{
    struct state *s = *state;

    wr(s, ENABLE_SET(0), NEW(2));
    wr(s, MESSAGE(2), 1);
    wr(s, STATUS(0), NEW(2));
    assert_true(s->line[0]);
    assert_int_equal(s->changes[0], 1);
}

static void taking_one_from_a_full_fifo_raises_not_full(void **state)
{
    struct state *s = *state;

    fill(s, 1);
    wr(s, STATUS(0), ROOM(1));
    wr(s, ENABLE_SET(0), ROOM(1));
    assert_false(s->line[0]);
    rd(s, MESSAGE(1));
    assert_true(s->line[0]);
}

/*
 * Registers
 */

static void soft_reset_clears_all(void **state)
{
    struct state *s = *state;

    wr(s, ENABLE_SET(0), 0xffff);
    wr(s, ENABLE_SET(2), NEW(7));
    fill(s, 7);
    wr(s, SYSCONFIG, 0x5);
    assert_fresh(s);
    assert_int_equal(s->changes[0], 2);
    assert_int_equal(s->changes[1], 0);
}

static void hardware_reset_clears_all(void **state)
{
    struct state *s = *state;

    wr(s, SYSCONFIG, 0x4);
    wr(s, ENABLE_SET(1), 0xffff);
    fill(s, 0);
    mailbox_reset(&s->mailbox);
    assert_fresh(s);
}

static void sysconfig_keeps_the_idle_mode(void **state)
{
    wr(*state, SYSCONFIG, 0xfffffff6);
    assert_int_equal(rd(*state, SYSCONFIG), 0x4);
    wr(*state, SYSCONFIG, 0);
    assert_int_equal(rd(*state, SYSCONFIG), 0);
}

static void narrow_writes_are_ignored(void **state)
{
    struct state *s = *state;

    mailbox_reg_write(&s->mailbox, MESSAGE(0), 1, 1);
    mailbox_reg_write(&s->mailbox, MESSAGE(0), 2, 1);
    mailbox_reg_write(&s->mailbox, SYSCONFIG, 1, 0);
    mailbox_reg_write(&s->mailbox, ENABLE_SET(1), 2, 0xffff);
    assert_fresh(s);
}

static void narrow_reads_return_their_part_and_take_nothing(void **state)
{
    struct state *s = *state;

    wr(s, MESSAGE(6), 0x11223344);
    assert_int_equal(mailbox_reg_read(&s->mailbox, MESSAGE(6), 1), 0x44);
    assert_int_equal(mailbox_reg_read(&s->mailbox, MESSAGE(6) + 3, 1), 0x11);
    assert_int_equal(mailbox_reg_read(&s->mailbox, MESSAGE(6) + 2, 2), 0x1122);
    assert_int_equal(rd(s, MSGSTATUS(6)), 1);
    assert_int_equal(rd(s, MESSAGE(6)), 0x11223344);
}

static void read_only_registers_ignore_writes(void **state)
{
    struct state *s = *state;

    wr(s, REVISION, 0);
    wr(s, MSGSTATUS(0), 1);
    wr(s, FIFOSTATUS(0), 1);
    assert_int_equal(rd(s, REVISION), 0x400);
    assert_fresh(s);
}

/* Every word of the window that is no register, before and after. */
static void holes_read_0_and_ignore_writes(void **state)
{
    struct state *s = *state;
    uint32_t offset;

    for ( offset = 4; offset < MAILBOX_WINDOW; offset += 4 )
    {
        if ( offset == SYSCONFIG || offset - 0x40 < 0x20 ||
             offset - 0x80 < 0x20 || offset - 0xc0 < 0x20 ||
             offset - 0x100 < 0x30 )
            continue;

        wr(s, offset, 0xfffffffe);
        assert_int_equal(rd(s, offset), 0);
    }
    assert_fresh(s);
}

/*
 * Large ones
 */

static void large_mailbox_has_twelve_fifos(void **state)
{
    struct state *s = *state;
    unsigned int i;

    for ( i = 0; i < 12; i++ )
    {
        assert_int_equal(rd(s, FIFOSTATUS(i)), 0);
        fill(s, i);
        assert_int_equal(rd(s, MSGSTATUS(i)), 4);
        assert_int_equal(rd(s, FIFOSTATUS(i)), 1);
    }
    for ( i = 0; i < 12; i++ )
    {
        assert_int_equal(rd(s, MESSAGE(i)), 0x100 * i);
        assert_int_equal(rd(s, MSGSTATUS(i)), 3);
    }
    for ( i = 12; i < 16; i++ )
    {
        wr(s, MESSAGE(i), 1);
        assert_int_equal(rd(s, MESSAGE(i)), 0);
        assert_int_equal(rd(s, MSGSTATUS(i)), 0);
    }
}

static void large_mailbox_has_four_users(void **state)
{
    struct state *s = *state;

    assert_int_equal(rd(s, RAW(3)), 0xaaaaaa);
    wr(s, ENABLE_SET(3), 0xffffffff);
    assert_int_equal(rd(s, ENABLE_SET(3)), 0xffffff);
    assert_true(s->line[3]);
    wr(s, ENABLE_CLR(3), 0xaaaaaa);
    assert_false(s->line[3]);
    wr(s, MESSAGE(11), 1);
    assert_true(s->line[3]);
    assert_false(s->line[2]);
    wr(s, ENABLE_SET(4), 0xffffffff);
    assert_int_equal(rd(s, ENABLE_SET(4)), 0);
    wr(s, SYSCONFIG, 1);
    assert_false(s->line[3]);
    assert_int_equal(rd(s, MSGSTATUS(11)), 0);
    assert_int_equal(rd(s, ENABLE_SET(3)), 0);
}

#define TL(name) cmocka_unit_test_setup_teardown(name, setup_large, teardown)
#define T(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TL(large_mailbox_has_twelve_fifos),
        TL(large_mailbox_has_four_users),
        T(after_power_on_it_is_empty),
        T(messages_come_out_in_order),
        T(msgstatus_counts),
        T(fifostatus_is_full_at_four),
        T(message_to_a_full_fifo_is_lost),
        T(empty_fifo_reads_0),
        T(fifos_are_eight),
        T(raw_tells_messages_and_room),
        T(new_message_stays_until_cleared),
        T(new_message_is_set_again_while_one_is_there),
        T(not_full_is_set_again_while_there_is_room),
        T(clearing_concerns_its_bits_and_user_only),
        T(status_is_masked_by_enable),
        T(clearing_needs_no_enable),
        T(written_raw_sets_the_event),
        T(enable_is_set_and_cleared_by_bits),
        T(enable_has_sixteen_bits),
        T(message_raises_the_line_of_who_enabled_it),
        T(enabling_what_holds_raises_the_line),
        T(line_falls_when_the_last_is_cleared),
        T(line_does_not_move_while_a_message_is_left),
        T(taking_one_from_a_full_fifo_raises_not_full),
        T(soft_reset_clears_all),
        T(hardware_reset_clears_all),
        T(sysconfig_keeps_the_idle_mode),
        T(narrow_writes_are_ignored),
        T(narrow_reads_return_their_part_and_take_nothing),
        T(read_only_registers_ignore_writes),
        T(holes_read_0_and_ignore_writes),
    };

    return cmocka_run_group_tests_name("model/mailbox", tests, NULL, NULL);
}
