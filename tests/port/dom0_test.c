/* SPDX-License-Identifier: GPL-2.0-only */
/* The functions by which a patched Xen lets dom0 see the MMUs of its processors. */
#include "board.h"

/* A tree of both MMUs, the first one in a target module, and a device behind each. */
static struct dt_device_node module;

static void link_tree(void)
{
    module =
        (struct dt_device_node){ .full_name = "/ocp", .compatible = "ti,sysc" };
    mmu[0].parent = &module;
    dt_host = &module;
    module.allnext = &mmu[0];
    mmu[0].allnext = &mmu[1];
    mmu[1].allnext = &master[0];
    master[0].allnext = &master[1];
}

static int setup_tree(void **state)
{
    setup(state);
    link_tree();

    return 0;
}

static int unprobed_tree(void **state)
{
    unprobed(state);
    link_tree();

    return 0;
}

static void mmus_of_dom0s_processors_are_shown(void **state)
{
    (void)state;
    assert_true(omap_mmu_is_shown_to_dom0(&mmu[0]));
    assert_true(omap_mmu_is_shown_to_dom0(&mmu[1]));
}

static void target_module_is_shown_with_its_mmu(void **state)
{
    (void)state;
    assert_true(omap_mmu_is_shown_to_dom0(&module));
    module.compatible = "simple-bus";
    assert_false(omap_mmu_is_shown_to_dom0(&module));
}

static void nothing_else_is(void **state)
{
    (void)state;
    assert_false(omap_mmu_is_shown_to_dom0(&master[0]));
}

static void mmus_of_other_domains_are_not(void **state)
{
    (void)state;
    master[0].passthrough = true;
    assert_false(omap_mmu_is_shown_to_dom0(&mmu[0]));
    assert_false(omap_mmu_is_shown_to_dom0(&module));
    assert_true(omap_mmu_is_shown_to_dom0(&mmu[1]));
}

/* The second of the MMUs that a device is behind counts as well. */
static void one_device_of_several_is_enough(void **state)
{
    (void)state;
    master[0].passthrough = master[1].passthrough = true;
    assert_false(omap_mmu_is_shown_to_dom0(&mmu[1]));
    master[1].allnext = &both;
    assert_true(omap_mmu_is_shown_to_dom0(&mmu[0]));
    assert_true(omap_mmu_is_shown_to_dom0(&mmu[1]));
}

/* Nobody answers its registers. */
static void unusable_mmu_is_not(void **state)
{
    (void)state;
    mmu[0].tlb_entries = 5;
    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_int_equal(fake_probe(&mmu[1]), 0);
    assert_false(omap_mmu_is_shown_to_dom0(&mmu[0]));
    assert_true(omap_mmu_is_shown_to_dom0(&mmu[1]));
}

/* A device gets all its MMUs or none. */
static void mmu_beside_an_unusable_one_is_not(void **state)
{
    (void)state;
    mmu[1].tlb_entries = 5;
    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_int_equal(fake_probe(&mmu[1]), 0);
    mmu[1].allnext = &both;
    assert_false(omap_mmu_is_shown_to_dom0(&mmu[0]));
    both.allnext = &master[0];
    assert_true(omap_mmu_is_shown_to_dom0(&mmu[0]));
    assert_false(omap_mmu_is_shown_to_dom0(&mmu[1]));
}

/* Nor one beside an MMU that is not the driver's: the assignment is refused. */
static void mmu_beside_a_stranger_is_not(void **state)
{
    static struct dt_device_node stranger = { .full_name = "/smmu" };
    static struct dt_device_node *const unknown[] = { &mmu[0], &stranger,
                                                      NULL };

    (void)state;
    master[0].iommus = unknown;
    assert_false(omap_mmu_is_shown_to_dom0(&mmu[0]));
    assert_true(omap_mmu_is_shown_to_dom0(&mmu[1]));
}

/* By the page: the traps cover all of it. */
static void registers_lie_within(void **state)
{
    const paddr_t page = bases[0] & PAGE_MASK;

    (void)state;
    assert_true(omap_mmu_lies_within(bases[0], 4));
    assert_true(omap_mmu_lies_within(page, PAGE_SIZE));
    assert_true(omap_mmu_lies_within(page + 0x800, 4));
    assert_true(omap_mmu_lies_within(page - PAGE_SIZE, 2 * PAGE_SIZE));
    assert_true(omap_mmu_lies_within(0, 1ull << 40));
    assert_true(omap_mmu_lies_within(bases[1], 4));
    assert_false(omap_mmu_lies_within(page - PAGE_SIZE, PAGE_SIZE));
    assert_false(omap_mmu_lies_within(page + PAGE_SIZE, PAGE_SIZE));
    assert_false(omap_mmu_lies_within(0, PAGE_SIZE));
}

/* Xen maps pages: one that begins with another device, and that is all of the range. */
static void registers_lie_within_from_their_page_on(void **state)
{
    const paddr_t page = bases[0] & PAGE_MASK;

    (void)state;
    fake.hw[0].base = mmu[0].base = page + 0x800;
    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_true(omap_mmu_lies_within(page, 0x100));
    assert_true(omap_mmu_lies_within(page + 0x100, 0x100));
    assert_true(omap_mmu_lies_within(page + 0xf00, 0x100));
    assert_true(omap_mmu_lies_within(page - 0x100, 0x101));
    assert_false(omap_mmu_lies_within(page - 0x100, 0x100));
    assert_false(omap_mmu_lies_within(page + PAGE_SIZE, 0x100));
}

/* Whatever is in such a node: the address of its registers is not known. */
static void wrong_reg_lies_nowhere(void **state)
{
    (void)state;
    mmu[0].has_reg = false;
    mmu[1].size = 4;
    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_int_equal(fake_probe(&mmu[1]), 0);
    assert_false(omap_mmu_lies_within(0, 1ull << 40));
}

/* Its registers are Xen's. The first of this program, since the empty table is made
 * once. */
static void unusable_mmu_lies_somewhere(void **state)
{
    (void)state;
    mmu[0].tlb_entries = 5;
    fake.fails_at = 2; /* the first MMU has no empty table either */
    fake.hw[1].silent = true;
    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_true(said("no memory below 4 GiB for the empty table"));
    assert_int_equal(fake_probe(&mmu[1]), 0);
    assert_true(omap_mmu_lies_within(bases[0], 4));
    assert_true(omap_mmu_lies_within(bases[1], 4));
}

static void range_that_wraps_has_registers(void **state)
{
    (void)state;
    assert_true(omap_mmu_lies_within(0, UINT64_MAX));
    assert_true(omap_mmu_lies_within(bases[0] - 4, UINT64_MAX));
}

#define TEST_TREE(f) cmocka_unit_test_setup_teardown(f, setup_tree, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_UNPROBED(unusable_mmu_lies_somewhere),
        TEST_TREE(mmus_of_dom0s_processors_are_shown),
        TEST_TREE(target_module_is_shown_with_its_mmu),
        TEST_TREE(nothing_else_is),
        TEST_TREE(mmus_of_other_domains_are_not),
        TEST_TREE(one_device_of_several_is_enough),
        cmocka_unit_test_setup_teardown(unusable_mmu_is_not, unprobed_tree,
                                        teardown),
        cmocka_unit_test_setup_teardown(mmu_beside_an_unusable_one_is_not,
                                        unprobed_tree, teardown),
        TEST_TREE(mmu_beside_a_stranger_is_not),
        TEST_TREE(registers_lie_within),
        TEST_UNPROBED(registers_lie_within_from_their_page_on),
        TEST_TREE(range_that_wraps_has_registers),
        TEST_UNPROBED(wrong_reg_lies_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
