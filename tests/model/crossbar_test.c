/* SPDX-License-Identifier: GPL-2.0-only */
/* The model of the interrupt crossbar: one property per test. Plain numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "crossbar.h"

struct board {
    struct crossbar c;
    struct crossbar_config config;
    bool input[160];
    unsigned int changes;
};

static void input_changed(void *ctx, unsigned int input, bool level)
{
    struct board *b = ctx;

    assert_in_range(input, 0, 159);
    assert_int_not_equal(b->input[input], level);
    b->input[input] = level;
    b->changes++;
}

static int setup(void **state)
{
    struct board *b = calloc(1, sizeof(*b));

    assert_non_null(b);
    b->config.ctx = b;
    b->config.input = input_changed;
    crossbar_init(&b->c, &b->config);
    *state = b;

    return 0;
}

static int teardown(void **state)
{
    free(*state);

    return 0;
}

static void set(struct board *b, uint32_t offset, uint32_t source)
{
    crossbar_write(&b->c, offset, 2, source);
}

static unsigned int inputs_up(const struct board *b)
{
    unsigned int n = 0, i;

    for ( i = 0; i < 160; i++ )
        n += b->input[i];

    return n;
}

static void registers_follow_the_inputs_that_have_one(void **state)
{
    static const struct {
        unsigned int input;
        uint32_t offset;
    } at[] = { { 4, 0 },      { 7, 2 },       { 8, 4 },
               { 10, 8 },     { 60, 0x6c },   { 130, 0xf8 },
               { 133, 0xfa }, { 140, 0x108 }, { 159, 0x12e } };
    static const unsigned int none[] = { 0, 1, 2, 3, 5, 6, 131, 132 };
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(at) / sizeof(at[0]); i++ )
        assert_int_equal(crossbar_offset(at[i].input), at[i].offset);
    for ( i = 0; i < sizeof(none) / sizeof(none[0]); i++ )
        assert_int_equal(crossbar_offset(none[i]), CROSSBAR_NONE);
}

static void an_input_follows_the_source_in_its_register(void **state)
{
    struct board *b = *state;

    set(b, 0x6c, 23);
    assert_int_equal(b->changes, 0);
    crossbar_source(&b->c, 23, true);
    assert_true(b->input[60]);
    assert_int_equal(inputs_up(b), 1);
    crossbar_source(&b->c, 145, true);
    assert_int_equal(b->changes, 1);
    crossbar_source(&b->c, 23, false);
    assert_false(b->input[60]);
}

static void a_written_register_takes_effect_at_once(void **state)
{
    struct board *b = *state;

    crossbar_source(&b->c, 23, true);
    assert_int_equal(inputs_up(b), 0);
    set(b, 0, 23);
    assert_true(b->input[4]);
    set(b, 0, 24);
    assert_false(b->input[4]);
    set(b, 2, 23);
    assert_true(b->input[7]);
    set(b, 2, 0);
    assert_int_equal(inputs_up(b), 0);
}

static void a_source_may_have_several_inputs(void **state)
{
    struct board *b = *state;

    set(b, 0, 399);
    set(b, 0x12e, 399);
    crossbar_source(&b->c, 399, true);
    assert_true(b->input[4]);
    assert_true(b->input[159]);
    set(b, 0, 0);
    assert_true(b->input[159]);
    crossbar_source(&b->c, 399, false);
    assert_int_equal(inputs_up(b), 0);
}

static void inputs_wired_past_it_do_not_follow(void **state)
{
    static const unsigned int fixed[] = { 10, 133, 139, 140 };
    struct board *b = *state;
    unsigned int i;

    crossbar_source(&b->c, 23, true);
    for ( i = 0; i < 4; i++ )
    {
        set(b, crossbar_offset(fixed[i]), 23);
        assert_int_equal(crossbar_read(&b->c, crossbar_offset(fixed[i]), 2),
                         23);
    }
    assert_int_equal(b->changes, 0);
}

static void a_source_that_does_not_exist_has_no_line(void **state)
{
    struct board *b = *state;

    set(b, 0, 400);
    set(b, 2, 511);
    assert_int_equal(crossbar_read(&b->c, 0, 2), 400);
    assert_int_equal(crossbar_read(&b->c, 2, 2), 511);
    assert_int_equal(b->changes, 0);
}

static void words_are_two_registers(void **state)
{
    struct board *b = *state;

    crossbar_source(&b->c, 23, true);
    crossbar_write(&b->c, 0x6c, 4, 0x00180017);
    assert_int_equal(crossbar_read(&b->c, 0x6c, 2), 23);
    assert_int_equal(crossbar_read(&b->c, 0x6e, 2), 24);
    assert_int_equal(crossbar_read(&b->c, 0x6c, 4), 0x00180017);
    assert_true(b->input[60]);
    set(b, 0x6e, 0x17);
    assert_int_equal(crossbar_read(&b->c, 0x6c, 4), 0x00170017);
    assert_true(b->input[61]);
    set(b, 0x6c, 0x18);
    assert_int_equal(crossbar_read(&b->c, 0x6c, 4), 0x00170018);
}

static void bytes_are_read_but_not_written(void **state)
{
    struct board *b = *state;

    set(b, 0x6c, 0x123);
    crossbar_write(&b->c, 0x6c, 1, 0x55);
    assert_int_equal(crossbar_read(&b->c, 0x6c, 1), 0x23);
    assert_int_equal(crossbar_read(&b->c, 0x6d, 1), 0x01);
}

static void a_register_has_nine_bits(void **state)
{
    struct board *b = *state;

    set(b, 0x6c, 0xfe17);
    assert_int_equal(crossbar_read(&b->c, 0x6c, 2), 0x17);
}

static void a_reset_leaves_what_the_boot_loader_left(void **state)
{
    struct board *b = *state;

    b->config.left[60] = 23;
    crossbar_init(&b->c, &b->config);
    assert_int_equal(crossbar_read(&b->c, 0x6c, 2), 23);
    crossbar_source(&b->c, 23, true);
    set(b, 0x6c, 0);
    set(b, 0, 23);
    assert_true(b->input[4]);
    crossbar_reset(&b->c);
    assert_true(b->input[60]);
    assert_false(b->input[4]);
    assert_int_equal(crossbar_read(&b->c, 0, 2), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    static const struct CMUnitTest tests[] = {
        T(registers_follow_the_inputs_that_have_one),
        T(an_input_follows_the_source_in_its_register),
        T(a_written_register_takes_effect_at_once),
        T(a_source_may_have_several_inputs),
        T(inputs_wired_past_it_do_not_follow),
        T(a_source_that_does_not_exist_has_no_line),
        T(words_are_two_registers),
        T(bytes_are_read_but_not_written),
        T(a_register_has_nine_bits),
        T(a_reset_leaves_what_the_boot_loader_left),
    };

    return cmocka_run_group_tests_name("model/crossbar", tests, NULL, NULL);
}
