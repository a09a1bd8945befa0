/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The probe, and what Xen's IOMMU framework asks for. The port as it is, on the fake
 * of Xen.
 */
#include <xen/kernel.h>

#include <asm/mmio.h>

#include "board.h"

/* Probe */

/*
 * The boot loader's firmware runs untranslated, then by a table and a preserved entry of
 * its own, and gets bus errors.
 */
static void probe_ends_what_ran_before(void **state)
{
    struct fake_hw *hw = &fake.hw[0];

    (void)state;
    mmu_reg_write(&hw->model, MMU_CAM, 4,
                  MEMORY | CAM_V | CAM_P | CAM_SIZE_16M);
    mmu_reg_write(&hw->model, MMU_RAM, 4, 0x90000000);
    mmu_reg_write(&hw->model, MMU_LOCK, 4, LOCK_MAKE(1, 0));
    mmu_reg_write(&hw->model, MMU_LD_TLB, 4, 1);
    mmu_reg_write(&hw->model, MMU_GP_REG, 4, GP_REG_BUS_ERR_BACK_EN);
    mmu_reg_write(&hw->model, MMU_IRQENABLE, 4, IRQ_ALL);
    mmu_reg_write(&hw->model, MMU_CNTL, 4, CNTL_MMUENABLE);
    assert_true(mmu_peek(&hw->model, MEMORY, &(uint32_t){ 0 }));

    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_true(
        said("/ocp/mmu@55082000: revision 2.0, 32 TLB entries, irq 100, "
             "in quarantine\n"));
    assert_false(said("cannot be used"));
    assert_quarantined(0);
    assert_false(reaches(0, MEMORY));
    assert_false(reaches(0, 0));
    assert_true(hw->waits);
    assert_int_equal(hw->bus_errors, 0);
    assert_int_equal(fake.interrupts, 0);
}

/* The guest's MMU has 8 entries, the hardware still 32. */
static void fewer_entries_are_the_guests_only(void **state)
{
    struct mmu *hw = &fake.hw[0].model;
    unsigned int i;

    (void)state;
    mmu[0].tlb_entries = 8;
    for ( i = 0; i < MMU_MAX_TLB_ENTRIES; i++ )
    {
        mmu_reg_write(hw, MMU_CAM, 4,
                      (MEMORY + (i << 20)) | CAM_V | CAM_P | CAM_SIZE_1M);
        mmu_reg_write(hw, MMU_RAM, 4, 0x90000000);
        mmu_reg_write(hw, MMU_LOCK, 4, LOCK_MAKE(31, i));
        mmu_reg_write(hw, MMU_LD_TLB, 4, 1);
    }
    mmu_reg_write(hw, MMU_CNTL, 4, CNTL_MMUENABLE);
    assert_true(mmu_peek(hw, MEMORY + (31 << 20), &(uint32_t){ 0 }));

    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_true(said("/ocp/mmu@55082000: revision 2.0, 8 TLB entries, irq 100, "
                     "in quarantine\n"));
    assert_quarantined(0);
    for ( i = 0; i < MMU_MAX_TLB_ENTRIES; i++ )
        assert_false(mmu_peek(hw, MEMORY + (i << 20), &(uint32_t){ 0 }));

    /* The 9th entry is the 1st again. */
    give(A, 0);
    for ( i = 0; i < 9; i++ )
    {
        write_reg(A, 0, MMU_LOCK, LOCK_MAKE(0, i));
        write_reg(A, 0, MMU_CAM, (i << 20) | CAM_V | CAM_SIZE_1M);
        write_reg(A, 0, MMU_RAM, MEMORY + (i << 20));
        write_reg(A, 0, MMU_LD_TLB, 1);
    }
    write_reg(A, 0, MMU_CNTL, CNTL_MMUENABLE);
    write_reg(A, 0, MMU_LOCK, LOCK_MAKE(0, 0));
    assert_int_equal(read_reg(A, 0, MMU_READ_CAM) & CAM_VATAG, 8 << 20);
    for ( i = 1; i < 9; i++ )
    {
        assert_true(reaches(0, (i << 20) + 0x123));
        assert_int_equal(fake.hw[0].pa,
                         (MEMORY_MFN << PAGE_SHIFT) + (i << 20) + 0x123);
    }
    assert_false(reaches(0, 0x123));
    assert_int_equal(read_reg(A, 0, MMU_IRQSTATUS), IRQ_TLBMISS);
    fake_reset_processor(&fake.hw[0]);
    take_back(A, 0);
    assert_quarantined(0);
}

/* So does what cannot be given to anybody. */
static void unusable_mmu_is_in_quarantine_too(void **state)
{
    (void)state;
    mmu[0].tlb_entries = 5;
    mmu_reg_write(&fake.hw[0].model, MMU_GP_REG, 4, GP_REG_BUS_ERR_BACK_EN);
    fake_probe(&mmu[0]);
    assert_true(said("in quarantine"));
    assert_true(said("cannot be used: ti,#tlb-entries is neither 8 nor 32"));
    assert_quarantined(0);
    assert_false(reaches(0, MEMORY));
    assert_int_equal(fake.hw[0].bus_errors, 0);
    assert_int_equal(fake_assign(A, &master[0]), -EOPNOTSUPP);
}

/* What is wrong with a node that a test broke; no domain gets anything. */
static void assert_unusable(const char *words, bool quarantined)
{
    forget_said();
    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_int_equal(said("NOT IN QUARANTINE"), !quarantined);
    assert_true(said("cannot be used: "));
    assert_true(said(words));
    assert_int_equal(fake_assign(A, &master[0]), -EOPNOTSUPP);
    assert_true(said("not given to d1: "));
    assert_int_equal(mmu[0].used_by, DOMID_XEN);
}

static void silent_registers_are_noticed(void **state)
{
    (void)state;
    fake.hw[0].silent = true;
    assert_unusable("its registers do not answer as written", false);
}

static void node_without_interrupt(void **state)
{
    (void)state;
    mmu[0].irq = -1;
    assert_unusable("it has no interrupt (", true);
}

/* One for each CPU: no device's, and no domain can be given it. */
static void node_with_a_cpus_interrupt(void **state)
{
    (void)state;
    mmu[0].irq = 31;
    assert_unusable("its interrupt is none that the GIC can have", true);
}

static void node_of_a_dra7_dsp(void **state)
{
    (void)state;
    mmu[0].compatible = "ti,dra7-dsp-iommu";
    assert_unusable("its processor's resets are not Xen's, so that DSP_SYSTEM",
                    true);
}

static void node_without_reg(void **state)
{
    (void)state;
    mmu[0].has_reg = false;
    assert_unusable("its reg is missing or wrong", false);
    assert_int_equal(omap_mmu_find(&mmu[0])->base, 0);
}

static void registers_that_cannot_be_mapped(void **state)
{
    (void)state;
    mmu[0].base = 0x40000000;
    assert_unusable("its registers cannot be mapped", false);
}

/* A page, of which so much is there. No sum of these may come out small. */
static void windows_that_are_none(void **state)
{
    static const struct {
        paddr_t base, size;
    } windows[] = {
        { 0x55082000, 0 },
        { 0x55082000, 0x7c },
        { 0x55082000, 0x1001 },
        { 0x55082f04, 0x100 },
        { 0x55082002, 0x100 },
        { 0x55082800, UINT64_MAX - 0x7ff },
        { 0x55082f80, UINT64_MAX - 0xeff },
        { 0x55082000, UINT64_MAX },
        { 0x155082000 << 12, 0x100 },
        { 0x100055082000, 0x100 }, /* its frame's number has 33 bits */
        { UINT64_MAX - 0xfff, 0x1000 },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(windows) / sizeof(windows[0]); i++ )
    {
        mmu[0].base = windows[i].base;
        mmu[0].size = windows[i].size;
        assert_unusable("its reg is not one window of registers within a page",
                        false);
        fake_end();
        lay_out();
    }
}

static void window_that_ends_with_its_page(void **state)
{
    (void)state;
    fake.hw[0].base = mmu[0].base = 0x55082f00;
    fake_probe(&mmu[0]);
    assert_false(said("cannot be used"));
    assert_quarantined(0);
}

/* Two nodes, one hardware; or two in one page, of which the traps for one would hide
 * the other. */
static void assert_twins(paddr_t base)
{
    mmu[1].base = base;
    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_false(said("cannot be used"));
    assert_int_equal(fake_probe(&mmu[1]), 0);
    assert_true(said(
        "/ocp/mmu@4a066000: cannot be used: its registers lie in the "
        "same page as another MMU's (only the first of them can be used); see "
        "/ocp/mmu@55082000\n"));
    assert_false(said("NOT IN QUARANTINE"));
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_int_equal(fake_assign(B, &master[1]), -EOPNOTSUPP);
    assert_int_equal(fake_release(A, &master[0]), 0);
}

static void two_nodes_of_one_mmu(void **state)
{
    (void)state;
    assert_twins(mmu[0].base);
}

static void two_mmus_in_one_page(void **state)
{
    (void)state;
    fake.hw[1].base = 0x55082100;
    assert_twins(0x55082100);
    assert_quarantined(1);
}

static void two_mmus_in_one_page_the_first_behind(void **state)
{
    (void)state;
    fake.hw[0].base = mmu[0].base = 0x55082f00;
    fake.hw[1].base = 0x55082000;
    assert_twins(0x55082000);
    assert_quarantined(1);
}

/* What is said of it is not what the first one is about. */
static void two_mmus_in_one_page_the_second_silent(void **state)
{
    (void)state;
    fake.hw[1].base = mmu[1].base = 0x55082100;
    fake.hw[1].silent = true;
    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_int_equal(fake_probe(&mmu[1]), 0);
    assert_true(
        said("/ocp/mmu@4a066000: cannot be used: its registers do not answer"));
    assert_false(said("; see "));
}

/* A domain that got these would have the registers. */
static void registers_are_xens(void **state)
{
    struct dt_device_node module = { .full_name = "/ocp/target-module",
                                     .compatible = "ti,sysc" };
    struct dt_device_node bus = { .full_name = "/ocp",
                                  .compatible = "simple-bus" };

    (void)state;
    mmu[0].parent = &module;
    mmu[1].parent = &bus;
    fake_probe(&mmu[0]);
    fake_probe(&mmu[1]);
    assert_int_equal(mmu[0].used_by, DOMID_XEN);
    assert_int_equal(module.used_by, DOMID_XEN);
    assert_int_equal(mmu[1].used_by, DOMID_XEN);
    assert_int_equal(bus.used_by, 0);
}

static void probe_without_memory(void **state)
{
    (void)state;
    fake.no_memory = true;
    expect_assert_failure(fake_probe(&mmu[0]));
}

/* The first of this program, since the empty table is made once. */
static void no_memory_for_the_empty_table(void **state)
{
    (void)state;
    fake.fails_at = 2;
    assert_unusable("no memory below 4 GiB for the empty table", false);
}

/* The framework */

static void devices_are_protected(void **state)
{
    (void)state;
    master[0].dev.has_fwspec = true;
    assert_int_equal(fake.ops->dt_xlate(&master[0].dev, NULL), 0);
    assert_false(master[0].dev.has_fwspec);
    assert_int_equal(fake.ops->add_device(0, &master[0].dev), 0);
    assert_true(master[0].is_protected);
}

static void no_p2m_is_shared(void **state)
{
    (void)state;
    assert_int_equal(fake.ops->init(A), 0);
    assert_int_equal(dom_iommu(A)->features, 1u << IOMMU_FEAT_COHERENT_WALK);
    dom_iommu(A)->hap_pt_share = true;
    fake_remove(A, MEMORY >> PAGE_SHIFT, 9);
    assert_false(dom_iommu(A)->hap_pt_share);
}

static void domain_that_has_an_mmu_does_not_end(void **state)
{
    (void)state;
    fake.ops->teardown(A);
    give(A, 0);
    expect_assert_failure(fake.ops->teardown(A));
    take_back(A, 0);
    fake.ops->teardown(A);
}

/* Refusals. A toolstack gets the error, and decides itself. */
static void toolstack_is_told_of_a_refusal(void **state)
{
    (void)state;
    fake.hw[0].silent = true;
    assert_int_equal(fake_assign(A, &master[0]), -EIO);
    assert_true(said("/ocp/ipu: d1 does not get it\n"));
    assert_false(A->crashed);
    B->hardware = true;
    assert_int_equal(fake_assign(B, &master[0]), -EIO);
    assert_true(said("/ocp/ipu: d2 does not get it\n"));
    assert_false(B->crashed);
}

/* An error would be ignored, or stop Xen. */
static void refused_domain_is_stopped_at_boot(void **state)
{
    static const enum system_state states[] = { SYS_STATE_early_boot,
                                                SYS_STATE_boot,
                                                SYS_STATE_smp_boot };
    unsigned int i;

    (void)state;
    fake.hw[0].silent = true;
    for ( i = 0; i < 3; i++ )
    {
        system_state = states[i];
        A->crashed = false;
        forget_said();
        assert_int_equal(fake_assign(A, &master[0]), 0);
        assert_true(said("/ocp/ipu: d1 is stopped\n"));
        assert_true(A->crashed);
        assert_null(*omap_mmus_of(A));
        assert_quarantined(0);
        assert_int_equal(fake_release(A, &master[0]), 0);
        fake_assert_left(&before);
    }

    /* The others go on. */
    fake.hw[0].silent = false;
    assert_int_equal(fake_assign(B, &master[0]), 0);
    assert_int_equal(fake_assign(B, &master[1]), 0);
    assert_false(B->crashed);
    assert_int_equal(fake_release(B, &master[0]), 0);
    assert_int_equal(fake_release(B, &master[1]), 0);
}

/* It cannot be stopped without Xen. */
static void dom0_does_without_its_mmu_at_boot(void **state)
{
    (void)state;
    system_state = SYS_STATE_boot;
    fake.hw[0].silent = true;
    A->hardware = true;
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_true(said("/ocp/ipu: d1 gets it without its MMU\n"));
    assert_false(A->crashed);
    assert_null(*omap_mmus_of(A));
    assert_quarantined(0);
}

/* What its device tree shows reads as zero, and takes no write. */
static void dom0_has_traps_without_its_mmus(void **state)
{
    (void)state;
    system_state = SYS_STATE_boot;
    fake.hw[1].silent = true;
    A->hardware = true;
    assert_int_equal(fake_assign(A, &both), 0);
    assert_true(said("/ocp/both: d1 gets it without its MMU\n"));
    assert_int_equal(A->arch.vmmio.num_entries, 2);
    assert_int_equal(read_reg(A, 0, MMU_REVISION), 0);
    assert_int_equal(read_reg(A, 1, MMU_REVISION), 0);
    write_reg(A, 0, MMU_CNTL, 0);
    write_reg(A, 1, MMU_CNTL, 0);
    assert_quarantined(0);
    assert_false(reaches(0, MEMORY));

    /* Not a second time: another device is behind the first. */
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_true(said("/ocp/ipu: d1 gets it without its MMU\n"));
    assert_int_equal(A->arch.vmmio.num_entries, 2);
}

/* Of an MMU that the driver could not use, too; but not of what is nowhere. */
static void dom0_has_traps_without_mmus_of_no_use(void **state)
{
    (void)state;
    mmu[0].tlb_entries = 5;
    mmu[1].has_reg = false;
    assert_int_equal(fake_probe(&mmu[0]), 0);
    assert_int_equal(fake_probe(&mmu[1]), 0);
    system_state = SYS_STATE_boot;
    A->hardware = true;
    assert_int_equal(fake_assign(A, &master[1]), 0);
    assert_int_equal(A->arch.vmmio.num_entries, 0);
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_int_equal(A->arch.vmmio.num_entries, 1);
    assert_int_equal(read_reg(A, 0, MMU_REVISION), 0);
}

/* One handler more would stop Xen. With one over another's, either would be called. */
static void dom0_has_no_traps_that_it_has_no_room_for(void **state)
{
    static const struct mmio_handler_ops other = { .read = NULL };

    (void)state;
    system_state = SYS_STATE_boot;
    A->hardware = true;
    A->arch.vmmio.max_num_entries = 0;
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_int_equal(A->arch.vmmio.num_entries, 0);
    A->arch.vmmio.max_num_entries = 2;
    register_mmio_handler(A, &other, bases[1] + 0x800, 4, NULL);
    assert_int_equal(fake_assign(A, &master[1]), 0);
    assert_int_equal(A->arch.vmmio.num_entries, 1);
}

/* A guest is stopped: there is nothing to show. */
static void stopped_domain_has_no_traps(void **state)
{
    (void)state;
    system_state = SYS_STATE_boot;
    fake.hw[0].silent = true;
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_true(A->crashed);
    assert_int_equal(A->arch.vmmio.num_entries, 0);
}

/* Changes of the memory map: of the domain's own, for all of its MMUs, at both ends of
 * what a device can address. */
static void changes_are_told_to_all_mmus(void **state)
{
    (void)state;
    fake_ram(0, 0, MEMORY_MFN + 0x4000);
    fake_ram(0xfffff, 0, MEMORY_MFN + 0x4001);
    assert_int_equal(fake_assign(A, &both), 0);
    fake.hw[0].allowed = fake.hw[1].allowed = A;
    write_reg(A, 0, MMU_CNTL, 0);
    write_reg(A, 1, MMU_CNTL, 0);
    assert_true(reaches(0, 0) && reaches(1, 0));
    assert_true(reaches(0, 0xfffff000) && reaches(1, 0xfffff000));
    assert_true(reaches(0, MEMORY) && reaches(1, MEMORY));

    fake_remove(B, 0, 0);
    assert_true(reaches(0, 0) && reaches(1, 0));
    fake_remove(A, 0, 0);
    assert_false(reaches(0, 0) || reaches(1, 0));
    fake_reset_processor(&fake.hw[0]);
    fake_reset_processor(&fake.hw[1]);
    write_reg(A, 0, MMU_CNTL, 0);
    write_reg(A, 1, MMU_CNTL, 0);
    fake_remove(A, 0xfffff, 0);
    assert_false(reaches(0, 0xfffff000) || reaches(1, 0xfffff000));
    fake_reset_processor(&fake.hw[0]);
    fake_reset_processor(&fake.hw[1]);
    fake_run();
    assert_int_equal(fake_release(A, &both), 0);
    fake_assert_left(&before);
}

/* All at once, and what lies beyond 4 GiB of IPA. */
static void change_of_all_is_told(void **state)
{
    (void)state;
    give(A, 0);
    fake_ram(0, 0, MEMORY_MFN + 0x4001);
    assert_true(reaches(0, 0));
    fake_ram(0x100000, 0, MEMORY_MFN + 0x4000);
    fake_remove(A, 0x100000, 0);
    assert_int_equal(fake.left.references, 1);
    assert_true(reaches(0, MEMORY));
    assert_true(fake.left.references > 1);
    assert_int_equal(
        fake.ops->iotlb_flush(A, _dfn(0xffffffff), 0,
                              IOMMU_FLUSHF_all | IOMMU_FLUSHF_modified),
        0);
    fake_run();
    assert_int_equal(fake.left.references, 0);
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_UNPROBED(no_memory_for_the_empty_table),
        TEST_UNPROBED(probe_ends_what_ran_before),
        TEST_UNPROBED(fewer_entries_are_the_guests_only),
        TEST_UNPROBED(unusable_mmu_is_in_quarantine_too),
        TEST_UNPROBED(silent_registers_are_noticed),
        TEST_UNPROBED(node_without_interrupt),
        TEST_UNPROBED(node_with_a_cpus_interrupt),
        TEST_UNPROBED(node_of_a_dra7_dsp),
        TEST_UNPROBED(node_without_reg),
        TEST_UNPROBED(registers_that_cannot_be_mapped),
        TEST_UNPROBED(windows_that_are_none),
        TEST_UNPROBED(window_that_ends_with_its_page),
        TEST_UNPROBED(two_nodes_of_one_mmu),
        TEST_UNPROBED(two_mmus_in_one_page),
        TEST_UNPROBED(two_mmus_in_one_page_the_first_behind),
        TEST_UNPROBED(two_mmus_in_one_page_the_second_silent),
        TEST_UNPROBED(registers_are_xens),
        TEST_UNPROBED(probe_without_memory),
        TEST(devices_are_protected),
        TEST(no_p2m_is_shared),
        TEST(domain_that_has_an_mmu_does_not_end),
        TEST(toolstack_is_told_of_a_refusal),
        TEST(refused_domain_is_stopped_at_boot),
        TEST(dom0_does_without_its_mmu_at_boot),
        TEST(dom0_has_traps_without_its_mmus),
        TEST_UNPROBED(dom0_has_traps_without_mmus_of_no_use),
        TEST(dom0_has_no_traps_that_it_has_no_room_for),
        TEST(stopped_domain_has_no_traps),
        TEST(changes_are_told_to_all_mmus),
        TEST(change_of_all_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
