/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers and SysTick of model/nvic.c; what a core does by them is elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "nvic.h"

static struct nvic n;

static int setup(void **state)
{
    (void)state;
    n = (struct nvic){};
    nvic_reset(&n);

    return 0;
}

static uint32_t rd(uint32_t offset)
{
    uint32_t value;

    assert_true(nvic_read(&n, offset, &value));

    return value;
}

static void wr(uint32_t offset, uint32_t value)
{
    assert_true(nvic_write(&n, offset, value, ~0u));
}

static void registers_hold_what_they_do_after_reset(void **state)
{
    static const uint32_t due[][2] = {
        { 0x004, 1 },     { 0x010, 4 },          { 0x01c, 1u << 31 },
        { 0x100, 0 },     { 0x200, 0 },          { 0x300, 0 },
        { 0x400, 0 },     { 0xd00, 0x410fc241 }, { 0xd04, 0x800 },
        { 0xd08, 0 },     { 0xd0c, 0xfa050000 }, { 0xd10, 0 },
        { 0xd14, 0x200 }, { 0xd20, 0 },          { 0xd24, 0 },
        { 0xd40, 0x30 },  { 0xd70, 0x01310102 }, { 0xd88, 0 },
        { 0xd90, 0 },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(due) / sizeof(due[0]); i++ )
        assert_int_equal(rd(due[i][0]), due[i][1]);
}

/* All ones, and what of them is kept. */
static void registers_keep_the_bits_that_they_have(void **state)
{
    static const uint32_t due[][2] = {
        { 0x008, 0x7 },        { 0x014, 0xffffff },   { 0x018, 0 },
        { 0x100, ~0u },        { 0x104, ~0u },        { 0x108, 0 },
        { 0x300, 0 },          { 0x400, 0xf0f0f0f0 }, { 0x43c, 0xf0f0f0f0 },
        { 0x440, 0 },          { 0xd00, 0x410fc241 }, { 0xd08, 0xffffff80 },
        { 0xd10, 0x16 },       { 0xd14, 0x31b },      { 0xd18, 0x00f0f0f0 },
        { 0xd1c, 0xf0000000 }, { 0xd20, 0xf0f000f0 }, { 0xd24, 0x0007fc8b },
        { 0xd28, 0 },          { 0xd34, ~0u },        { 0xd38, ~0u },
        { 0xd3c, 0 },          { 0xd90, 0 },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(due) / sizeof(due[0]); i++ )
    {
        nvic_reset(&n);
        wr(due[i][0], ~0u);
        assert_int_equal(rd(due[i][0]), due[i][1]);
    }
}

static void what_is_not_there_is_told(void **state)
{
    static const uint32_t offsets[] = { 0x000, 0x020, 0x7f0, 0xd74, 0xd94,
                                        0xdf0, 0xefc, 0xf34, 0xffc };
    uint32_t value;
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++ )
    {
        assert_false(nvic_write(&n, offsets[i], ~0u, ~0u));
        assert_false(nvic_read(&n, offsets[i], &value));
        assert_int_equal(value, 0);
    }
    assert_false(nvic_write(&n, 0xd88, 0xf << 20, ~0u)); /* CPACR */
}

static void lines_are_enabled_and_pend_by_ones(void **state)
{
    (void)state;
    wr(0x104, 0x4);
    wr(0x104, 0x8);
    assert_int_equal(rd(0x104), 0xc);
    assert_int_equal(rd(0x184), 0xc);
    assert_int_equal(n.due, 0);
    wr(0x204, 0x8);
    assert_int_equal(n.due, NVIC_LINE0 + 35);
    assert_int_equal(rd(0xd04), (NVIC_LINE0 + 35) << 12 | 1 << 22 | 0x800);
    wr(0x184, 0x8);
    assert_int_equal(rd(0x104), 0x4);
    assert_int_equal(rd(0x284), 0x8);
    assert_int_equal(n.due, 0);
    wr(0x284, 0x8);
    assert_int_equal(rd(0x204), 0);
    wr(SCS_STIR, 34);
    assert_int_equal(n.due, NVIC_LINE0 + 34);
    wr(SCS_STIR, 64); /* there is none */
    assert_int_equal(rd(0x200), 0);
}

static void a_line_that_is_high_goes_on_pending(void **state)
{
    (void)state;
    nvic_line(&n, 3, true);
    wr(0x280, ~0u);
    assert_int_equal(rd(0x200), 8);
    nvic_reset(&n);
    assert_int_equal(rd(0x200), 8);
    nvic_line(&n, 3, false);
    assert_int_equal(rd(0x200), 8);
    wr(0x280, ~0u);
    assert_int_equal(rd(0x200), 0);
}

static void bytes_are_written_alone(void **state)
{
    (void)state;
    wr(0x400, 0x10203040);
    assert_true(nvic_write(&n, 0x400, 0x00550000, 0x00ff0000));
    assert_int_equal(rd(0x400), 0x10503040);
    n.cfsr = 0x01010101;
    assert_true(nvic_write(&n, 0xd28, 0x01000000, 0xff000000));
    assert_int_equal(rd(0xd28), 0x00010101);
    assert_true(nvic_write(&n, SCS_AIRCR, 0x700, 0xffff)); /* without its key */
    assert_int_equal(rd(SCS_AIRCR), 0xfa050000);
    wr(SCS_AIRCR, 0x05fa0700);
    assert_true(nvic_write(&n, SCS_AIRCR, 0x05fa0000, 0xffff0000));
    assert_int_equal(rd(SCS_AIRCR), 0xfa050700);
}

static void what_is_active_shows(void **state)
{
    (void)state;
    wr(0x100, 1);
    wr(0x200, 1);
    nvic_take(&n, NVIC_LINE0);
    assert_int_equal(rd(0x300), 1);
    assert_int_equal(rd(0x200), 0);
    assert_int_equal(rd(0xd04), NVIC_LINE0 | 0x800);
    assert_int_equal(nvic_raise(&n, NVIC_SVCALL, 0), NVIC_HARDFAULT);
    nvic_take(&n, NVIC_HARDFAULT);
    assert_int_equal(rd(0xd04), NVIC_HARDFAULT);
    assert_int_equal(nvic_nested(&n), 2);
    assert_int_equal(nvic_raise(&n, NVIC_BUSFAULT, 0), 0);
    nvic_leave(&n);
    nvic_resume(&n, NVIC_LINE0);
    nvic_leave(&n);
    assert_int_equal(nvic_nested(&n), 0);
}

static void fault_status_is_cleared_by_ones(void **state)
{
    (void)state;
    nvic_raise(&n, NVIC_BUSFAULT, CFSR_STKERR | CFSR_BFARVALID);
    assert_int_equal(rd(0xd28), 0x9000);
    assert_int_equal(rd(0xd2c), HFSR_FORCED);
    wr(0xd28, 0x1000);
    assert_int_equal(rd(0xd28), 0x8000);
    wr(0xd2c, ~0u);
    assert_int_equal(rd(0xd2c), 0);
}

static void icsr_sets_and_clears(void **state)
{
    (void)state;
    n.primask = 1;
    wr(0xd04, 1u << 28);
    assert_int_equal(rd(0xd04), 1u << 28 | NVIC_PENDSV << 12 | 0x800);
    assert_int_equal(n.due, 0);
    assert_true(n.unmasked_due);
    wr(0xd04, 1u << 27 | 1u << 26);
    assert_int_equal(rd(0xd04), 1u << 26 | NVIC_SYSTICK << 12 | 0x800);
    wr(0xd04, 1u << 25);
    assert_int_equal(rd(0xd04), 0x800);
    wr(0xd04, 1u << 31);
    assert_int_equal(n.due, NVIC_NMI);
}

/* BASEPRI and FAULTMASK count, PRIMASK does not. */
static void vectpending_is_what_the_masks_let_through(void **state)
{
    (void)state;
    wr(0x100, 1);
    wr(0x400, 0x80);
    wr(0x200, 1);
    nvic_set_masks(&n, 1, 0, 0);
    assert_int_equal(rd(0xd04) >> 12 & 0x1ff, NVIC_LINE0);
    nvic_set_masks(&n, 0, 0, 0x40);
    assert_int_equal(rd(0xd04) >> 12 & 0x1ff, 0);
    nvic_set_masks(&n, 0, 0, 0x90);
    assert_int_equal(rd(0xd04) >> 12 & 0x1ff, NVIC_LINE0);
    nvic_set_masks(&n, 0, 1, 0);
    assert_int_equal(rd(0xd04) >> 12 & 0x1ff, 0);
    wr(0xd04, 1u << 31);
    assert_int_equal(rd(0xd04) >> 12 & 0x1ff, NVIC_NMI);
}

static void what_pends_may_be_an_event(void **state)
{
    (void)state;
    nvic_line(&n, 5, true);
    assert_false(n.event);
    wr(0xd10, SCR_SEVONPEND);
    nvic_line(&n, 5, false);
    nvic_line(&n, 5, true); /* it pends already */
    assert_false(n.event);
    nvic_line(&n, 6, true);
    assert_true(n.event);
}

/* SysTick */

static void systick_by_cycle(void **state)
{
    (void)state;
    wr(0x14, 2);
    wr(0x10, 3);
    nvic_tick(&n);
    assert_int_equal(rd(0x18), 2);
    nvic_tick(&n);
    assert_int_equal(rd(0x18), 1);
    assert_int_equal(n.due, 0);
    nvic_tick(&n);
    assert_int_equal(rd(0x18), 0);
    assert_int_equal(n.due, NVIC_SYSTICK);
    assert_int_equal(rd(0x10), 0x10007);
    assert_int_equal(rd(0x10), 7);
    nvic_tick(&n);
    assert_int_equal(rd(0x18), 2);

    wr(0x14, 0); /* the last time */
    nvic_elapse(&n, 100);
    assert_int_equal(rd(0x18), 0);
    assert_int_equal(nvic_alarm(&n), 0);
}

/* Many cycles at once are as many by one. */
static void systick_by_many_cycles(void **state)
{
    uint32_t seed = 1, i, j;

    (void)state;
    for ( i = 0; i < 3000; i++ )
    {
        struct nvic other;
        uint32_t cycles, alarm;

        seed = seed * 1664525 + 1013904223;
        nvic_reset(&n);
        n.csr = 3;
        n.reload = seed >> 28;
        n.count = (seed >> 24 & 15) % (n.reload + 3);
        cycles = seed >> 16 & 63;
        other = n;
        alarm = nvic_alarm(&n);
        for ( j = 0; j < cycles; j++ )
        {
            assert_int_equal(other.pending[NVIC_SYSTICK], alarm && j >= alarm);
            nvic_tick(&other);
        }
        nvic_elapse(&n, cycles);
        assert_memory_equal(&n, &other, sizeof(n));
    }
}

#define T(test) cmocka_unit_test_setup(test, setup)

static const struct CMUnitTest tests[] = {
    T(registers_hold_what_they_do_after_reset),
    T(registers_keep_the_bits_that_they_have),
    T(what_is_not_there_is_told),
    T(lines_are_enabled_and_pend_by_ones),
    T(a_line_that_is_high_goes_on_pending),
    T(bytes_are_written_alone),
    T(what_is_active_shows),
    T(fault_status_is_cleared_by_ones),
    T(icsr_sets_and_clears),
    T(vectpending_is_what_the_masks_let_through),
    T(what_pends_may_be_an_event),
    T(systick_by_cycle),
    T(systick_by_many_cycles),
};

int main(void)
{
    return cmocka_run_group_tests_name("model/nvic", tests, NULL, NULL);
}
