/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's driver and a GPU, with the mediator between them: what the driver does to its
 * tables, and what the GPU reaches then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gpu_bif.h"

#define KICK    (SGX_BROADCAST * SGX_BANK_BYTES + SGX_EVENT_KICK)
#define INVAL   (SGX_BROADCAST * SGX_BANK_BYTES + SGX_BIF_CTRL_INVAL)
#define RESET   (SGX_MASTER * SGX_BANK_BYTES + SGX_SOFT_RESET)
#define DA      0x00400000u /* slot 1 */
#define PAGE(n) (DA + (n)*GPU_PAGE)

static struct gpu_machine machine, *m = &machine;

static void sound(void)
{
    const char *bad = gpu_machine_check(m);

    if ( bad )
        fail_msg("%s", bad);
}

static void map(uint32_t table, unsigned int page, uint32_t ipa)
{
    gpu_store(m, table, page, ipa | GPU_VALID);
}

static void use(unsigned int base, uint32_t dir)
{
    gpu_reg_write(m, sgx_base_offset(SGX_BROADCAST, base), dir);
}

static void command(void)
{
    gpu_reg_write(m, KICK, 1);
    gpu_settle(m);
    sound();
}

static bool reaches(unsigned int core, uint32_t da, uint32_t ipa)
{
    uint64_t maddr = 0;

    return gpu_access(m, core, 0, da, &maddr) && maddr == gpu_maddr(m, ipa);
}

/* One directory with one table of one page, in use. */
static int begin_with(unsigned int nr_dirs, unsigned int nr_tables)
{
    gpu_machine_init(m, nr_dirs, nr_tables, 1, true);
    gpu_start(m);
    gpu_store(m, GPU_DIR(0), 1, GPU_TABLE(0) | GPU_VALID);
    map(GPU_TABLE(0), 0, GPU_DATA(0));
    use(0, GPU_DIR(0));
    command();
    sound();

    return 0;
}

static int begin(void **state)
{
    (void)state;

    return begin_with(GPU_MAX_DIRS, GPU_MAX_TABLES);
}

static int end(void **state)
{
    (void)state;
    gpu_machine_end(m, GPU_WORDS);
    if ( m->w.wrong )
        print_error("%s\n", m->w.wrong);

    return m->w.wrong != NULL;
}

static void reaches_what_was_mapped(void **state)
{
    (void)state;
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    assert_true(reaches(1, PAGE(0), GPU_DATA(0)));
    assert_int_equal(m->arrived, 1);
}

/*
 * The word beside a used one is cached as mapping nothing, and is again after the driver
 * invalidated the BIF, if the page is not there yet.
 */
static void maps_beside_a_cached_word_that_maps_nothing(void **state)
{
    (void)state;
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    map(GPU_TABLE(0), 1, GPU_DATA(1));
    gpu_reg_write(m, INVAL, SGX_INVAL_PTE);
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    command();
    assert_true(reaches(0, PAGE(1), GPU_DATA(1)));
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
}

static void unmapped_is_unreachable_after_the_command(void **state)
{
    (void)state;
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    gpu_store(m, GPU_TABLE(0), 0, 0);
    command();
    assert_false(reaches(0, PAGE(0), GPU_DATA(0)));
}

/* Another page at the same address, and the old one elsewhere. */
static void page_is_used_anew_after_the_command(void **state)
{
    (void)state;
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    map(GPU_TABLE(0), 0, GPU_DATA(1));
    map(GPU_TABLE(0), 1, GPU_DATA(0));
    command();
    assert_true(reaches(0, PAGE(0), GPU_DATA(1)));
    assert_true(reaches(0, PAGE(1), GPU_DATA(0)));
}

static void shares_a_table_between_directories(void **state)
{
    uint64_t maddr;

    (void)state;
    gpu_store(m, GPU_DIR(1), 1, GPU_TABLE(0) | GPU_VALID);
    use(1, GPU_DIR(1));
    command();
    assert_true(gpu_access(m, 0, 1, PAGE(0), &maddr));
    gpu_store(m, GPU_DIR(0), 1, 0);
    command();
    assert_true(gpu_access(m, 0, 1, PAGE(0), &maddr));
    assert_false(gpu_access(m, 0, 0, PAGE(0), &maddr));
}

/* An unlinked table holds data now: as words they would map everything. */
static void recycles_a_table_as_data(void **state)
{
    unsigned int i;
    uint64_t maddr;

    (void)state;
    gpu_store(m, GPU_DIR(0), 1, 0);
    for ( i = 0; i < GPU_WORDS; i++ )
        gpu_store(m, GPU_TABLE(0), i, GPU_DATA(i % 64) | GPU_VALID);
    gpu_store(m, GPU_DIR(0), 2, GPU_TABLE(1) | GPU_VALID);
    map(GPU_TABLE(1), 0, GPU_TABLE(0));
    command();
    assert_true(gpu_access(m, 0, 0, 2 * DA, &maddr));
    assert_int_equal(maddr, gpu_maddr(m, GPU_TABLE(0)));
    assert_false(gpu_access(m, 0, 0, PAGE(5), &maddr));
}

/* The bases are gone, and so is the doorbell that waited for the pass. */
static void resets_in_the_middle_of_a_pass(void **state)
{
    unsigned int arrived = m->arrived;

    (void)state;
    map(GPU_TABLE(0), 1, GPU_DATA(1));
    gpu_reg_write(m, KICK, 1);
    mirror_step(m->w.mirror);
    mirror_step(m->w.mirror);
    gpu_start(m);
    gpu_settle(m);
    sound();
    assert_int_equal(m->arrived, arrived);
    assert_false(reaches(0, PAGE(0), GPU_DATA(0)));

    gpu_start(m);
    use(0, GPU_DIR(0));
    command();
    assert_int_equal(m->arrived, arrived + 1);
    assert_true(reaches(0, PAGE(1), GPU_DATA(1)));
}

/* All of them arrive in order: gpu_bif.c checks it. */
static void forwards_a_storm_of_doorbells(void **state)
{
    unsigned int arrived = m->arrived, i;

    (void)state;
    for ( i = 0; i < 1000; i++ )
        gpu_reg_write(m, KICK, 1);
    for ( i = 0; i < 30; i++ )
        gpu_reg_write(m, i % 2 ? KICK : KICK + SGX_CORE1 * SGX_BANK_BYTES, i);
    gpu_settle(m);
    sound();
    assert_int_equal(m->arrived, arrived + 1030);
    assert_int_equal(m->vbif.count.lost, 0);
}

/*
 * What does not fit is a hole; the rest is unchanged, and it is mapped once there is room.
 */
static void pool_without_room_leaves_a_hole(void **state)
{
    uint64_t maddr;

    (void)state;
    end(state);
    begin_with(1, 1);
    gpu_store(m, GPU_DIR(0), 2, GPU_TABLE(1) | GPU_VALID);
    map(GPU_TABLE(1), 0, GPU_DATA(1));
    command();
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    assert_false(gpu_access(m, 0, 0, 2 * DA, &maddr));
    assert_true(mirror_counters(m->w.mirror)->full > 0);

    gpu_store(m, GPU_DIR(0), 1, 0);
    command();
    command();
    gpu_start(m);
    use(0, GPU_DIR(0));
    command();
    assert_true(gpu_access(m, 0, 0, 2 * DA, &maddr));
    assert_int_equal(maddr, gpu_maddr(m, GPU_DATA(1)));
}

/* Reads that do not end: the GPU is held until its guest resets it. */
static void holds_a_gpu_that_does_not_follow(void **state)
{
    (void)state;
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    gpu_begin_request(m, 1, 0, PAGE(0));
    m->core[1].stuck = true;
    gpu_page_moves(&m->w, GPU_DATA(0));
    sound();
    assert_int_equal(m->vbif.state, VBIF_HELD);
    assert_false(reaches(0, PAGE(0), GPU_DATA(0)));

    m->core[1].stuck = false;
    gpu_start(m);
    use(0, GPU_DIR(0));
    command();
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
}

static void follows_a_page_that_moves(void **state)
{
    uint64_t before = gpu_maddr(m, GPU_DATA(0));

    (void)state;
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    gpu_page_moves(&m->w, GPU_DATA(0));
    sound();
    assert_int_not_equal(gpu_maddr(m, GPU_DATA(0)), before);
    gpu_settle(m);
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
}

static void another_page_moves(struct gpu_world *w)
{
    gpu_page_moves(w, GPU_DATA(1));
}

/* Pages of one part of a table: one moves while the other is looked up anew. */
static void follows_a_page_that_moves_in_a_pass(void **state)
{
    (void)state;
    map(GPU_TABLE(0), 1, GPU_DATA(1));
    map(GPU_TABLE(0), 2, GPU_DATA(2));
    command();
    gpu_page_moves(&m->w, GPU_DATA(0));
    m->w.on_get = another_page_moves;
    gpu_settle(m);
    sound();
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    assert_true(reaches(0, PAGE(1), GPU_DATA(1)));
}

/*
 * The GPU cached the words beside it while the moving page had none. The guest changed
 * nothing, and so invalidates nothing.
 */
static void follows_a_page_that_moves_beside_one_in_use(void **state)
{
    (void)state;
    map(GPU_TABLE(0), 1, GPU_DATA(1));
    gpu_reg_write(m, INVAL, SGX_INVAL_PTE);
    command();
    gpu_page_moves(&m->w, GPU_DATA(1));
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    command();
    assert_true(reaches(0, PAGE(1), GPU_DATA(1)));
}

static void page_moves_beside_one_in_use(struct gpu_world *w)
{
    gpu_page_moves(w, GPU_DATA(1));
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
}

/* The same when the pass has looked at the table before: the next one brings it back. */
static void follows_a_page_that_moves_behind_a_pass(void **state)
{
    (void)state;
    map(GPU_TABLE(0), 1, GPU_DATA(1));
    gpu_store(m, GPU_DIR(0), 2, GPU_TABLE(1) | GPU_VALID);
    map(GPU_TABLE(1), 0, GPU_DATA(2));
    gpu_reg_write(m, INVAL, SGX_INVAL_PTE);
    command();
    map(GPU_TABLE(1), 1, GPU_DATA(2));
    m->w.on_get = page_moves_beside_one_in_use;
    command();
    assert_true(reaches(0, PAGE(1), GPU_DATA(1)));
}

/* More changes than may look through tables: all directories are emptied. */
static void follows_a_storm_of_p2m_changes(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 2 * MIRROR_CHANGE_WORDS / 1024; i++ )
    {
        gpu_page_moves(&m->w, GPU_DATA(0));
        gpu_settle(m);
        sound();
        assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
    }
    assert_true(mirror_counters(m->w.mirror)->parks > 0);
}

/* The master's cache is invalidated although no core is out of reset. */
static void follows_a_page_that_moves_with_the_master_alone(void **state)
{
    (void)state;
    gpu_reg_write(m, SGX_MEDIATOR_DIR, GPU_DIR(0));
    gpu_reg_write(m, RESET + SGX_BANK_BYTES, SGX_RESET_ALL);
    gpu_reg_write(m, RESET + 2 * SGX_BANK_BYTES, SGX_RESET_ALL);
    gpu_page_moves(&m->w, GPU_DATA(0));
    sound();
}

/*
 * Bit 0 of the master's SOFT_RESET holds its BIF and a core: when the core leaves reset
 * and another bit holds the BIF, that stays.
 */
static void masters_bif_stays_in_reset(void **state)
{
    (void)state;
    gpu_reg_write(m, RESET, 1);
    gpu_reg_write(m, RESET, 0x100);
    sound();
    gpu_start(m);
    sound();
}

/* A base out of a record: what the mediator's register said. */
static void microkernel_loads_a_recorded_base(void **state)
{
    uint32_t root;

    (void)state;
    gpu_store(m, GPU_DIR(1), 1, GPU_TABLE(1) | GPU_VALID);
    map(GPU_TABLE(1), 0, GPU_DATA(1));
    gpu_reg_write(m, SGX_MEDIATOR_DIR, GPU_DIR(1));
    root = gpu_reg_read(m, SGX_MEDIATOR_ROOT);
    assert_int_not_equal(root, 0);
    command();
    gpu_load(m, 0, 0, root);
    assert_true(reaches(0, PAGE(0), GPU_DATA(1)));
    gpu_reg_write(m, SGX_MEDIATOR_DIR, GPU_DIR(1) | SGX_MEDIATOR_FORGET);
    command();
    assert_true(reaches(0, PAGE(0), GPU_DATA(0)));
}

/* T2: an unknown base is noticed once the guest handles an interrupt. */
static void alarm_stops_a_base_that_is_nobodys(void **state)
{
    (void)state;
    m->breached = true;
    gpu_load(m, 1, 3, 0x66600000);
    gpu_reg_write(m, SGX_EVENT_HOST_CLEAR, ~0u);
    assert_int_equal(m->vbif.state, VBIF_HELD);
    assert_int_equal(m->vbif.count.alarms, 1);
    assert_false(reaches(0, PAGE(0), GPU_DATA(0)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reaches_what_was_mapped),
        TEST(maps_beside_a_cached_word_that_maps_nothing),
        TEST(unmapped_is_unreachable_after_the_command),
        TEST(page_is_used_anew_after_the_command),
        TEST(shares_a_table_between_directories),
        TEST(recycles_a_table_as_data),
        TEST(resets_in_the_middle_of_a_pass),
        TEST(forwards_a_storm_of_doorbells),
        TEST(pool_without_room_leaves_a_hole),
        TEST(holds_a_gpu_that_does_not_follow),
        TEST(follows_a_page_that_moves),
        TEST(follows_a_page_that_moves_in_a_pass),
        TEST(follows_a_page_that_moves_beside_one_in_use),
        TEST(follows_a_page_that_moves_behind_a_pass),
        TEST(follows_a_storm_of_p2m_changes),
        TEST(follows_a_page_that_moves_with_the_master_alone),
        TEST(masters_bif_stays_in_reset),
        TEST(microkernel_loads_a_recorded_base),
        TEST(alarm_stops_a_base_that_is_nobodys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
