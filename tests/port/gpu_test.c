/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GPU from probe to release: its node, windows, assignment, p2m changes, its share of a
 * CPU, the debug key. The core's tests cover its registers. The port as it is, on the fake
 * of Xen.
 */
#include <xen/kernel.h>

#include <asm/mmio.h>

#include "board.h"
#include "gpu.h"
#include "key.h"
#include "nodes.h"

#define GPU   0x56000000u
#define NAME  "omap-mmu: /ocp/target-module@56000000/gpu@0: "
#define CORE0 (SGX_CORE0 * SGX_BANK_BYTES)

/* Page n of a domain's memory, and its frame in A and B. */
#define PAGE(n)      (MEMORY + (n)*PAGE_SIZE)
#define A_FRAME(n)   (MEMORY_MFN + (n))
#define B_FRAME(n)   (OTHER_MFN + (n))
#define PAGES(first) (MEMORY_PAGES - (first))

/* What a guest has where: a directory, its tables, data. */
#define DIR   0
#define TABLE 1
#define DATA  64

static struct dt_device_node gpu, module, second;

static void lay_out_gpu(void)
{
    fake_start();
    fake.gpu.base = GPU;
    module =
        (struct dt_device_node){ .full_name = "/ocp/target-module@56000000",
                                 .compatible = "ti,sysc" };
    gpu = (struct dt_device_node){
        .full_name = "/ocp/target-module@56000000/gpu@0",
        .compatible = "ti,omap5432-gpu",
        .also = "img,powervr-sgx544",
        .parent = &module,
        .has_reg = true,
        .base = GPU,
        .size = SGX_WINDOW,
        .irq = 21,
        .clocked = true,
    };
    second = gpu;
    second.full_name = "/ocp/gpu@1";
    populate(A, MEMORY_MFN);
    populate(B, OTHER_MFN);
}

static int unprobed_gpu(void **state)
{
    (void)state;
    lay_out_gpu();

    return 0;
}

static int setup_gpu(void **state)
{
    (void)state;
    lay_out_gpu();
    assert_int_equal(fake_probe(&gpu), 0);
    before = fake.left;

    return 0;
}

static struct omap_mmu *the_gpu(void)
{
    return omap_mmu_find(&gpu);
}

static uint32_t reg(unsigned int offset)
{
    return fake.gpu.reg[offset / 4];
}

/* The guest's accesses. */
static void write_gpu(struct domain *d, unsigned int offset, uint32_t value)
{
    fake_trap_write(d, GPU + offset, value);
}

static uint32_t read_gpu(struct domain *d, unsigned int offset)
{
    return fake_trap_read(d, GPU + offset);
}

static unsigned long frame_of(const struct domain *d, unsigned int page)
{
    return d == A ? A_FRAME(page) : B_FRAME(page);
}

/* Table n of the guest's maps so many pages from DATA on, at 4 MiB times n. */
static void write_table(const struct domain *d, unsigned int n,
                        unsigned int pages)
{
    unsigned int i;

    fake_write(frame_of(d, DIR), n * 4, PAGE(TABLE + n) | 1);
    for ( i = 0; i < pages; i++ )
        fake_write(frame_of(d, TABLE + n), i * 4, PAGE(DATA + i) | 1);
}

/* What the guest's driver does first. */
static void start_gpu(struct domain *d)
{
    write_gpu(d, SGX_MASTER * SGX_BANK_BYTES + SGX_SOFT_RESET, 0);
    write_gpu(d, SGX_SOFT_RESET, 0);
    write_gpu(d, sgx_base_offset(SGX_BROADCAST, 7), PAGE(DIR));
}

static void kick(struct domain *d)
{
    write_gpu(d, CORE0 + SGX_EVENT_KICK, 1);
}

static void give_gpu(struct domain *d)
{
    assert_int_equal(fake_assign(d, &gpu), 0);
}

static void give_and_start(struct domain *d, unsigned int pages)
{
    write_table(d, 0, pages);
    give_gpu(d);
    start_gpu(d);
    kick(d);
    fake_run();
}

static void take_gpu_back(struct domain *d)
{
    assert_int_equal(fake_release(d, &gpu), 0);
    d->is_dying = false;
}

static void assert_in_reset(void)
{
    unsigned int bank, n;
    uint32_t empty = (uint32_t)the_gpu()->empty_root.v;

    for ( bank = SGX_CORE0; bank < SGX_BANKS; bank++ )
    {
        assert_int_equal(reg(bank * SGX_BANK_BYTES + SGX_SOFT_RESET) & 0x5fe,
                         0x5fe);
        for ( n = 0; n < SGX_BASES; n++ )
            assert_int_equal(reg(sgx_base_offset(bank, n)), empty);
    }
    assert_int_equal(fake_gpu_walk(7, 0), 0);
}

/* Probe */

static void gpu_is_taken_over(void **state)
{
    static const char *const names[] = { "ti,omap5432-gpu", "ti,am5728-gpu",
                                         "ti,dra7-sgx544" };
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(names); i++ )
    {
        gpu.compatible = names[i];
        forget_said();
        assert_int_equal(fake_probe(&gpu), 0);
        assert_string_equal(fake.log, NAME "in quarantine\n");
        assert_in_reset();
        assert_true(gpu.is_protected);
        assert_int_equal(gpu.used_by, DOMID_XEN);
        assert_int_equal(module.used_by, DOMID_XEN);
        teardown(state);
        lay_out_gpu();
    }
}

/* One core, or none of TI's: other banks. */
static void other_gpus_are_nobodys(void **state)
{
    static const char *const names[] = { "ti,omap4470-gpu", "ti,am6548-gpu",
                                         "allwinner,sun6i-a31-gpu" };
    unsigned int i;

    (void)state;
    for ( i = 0; i < ARRAY_SIZE(names); i++ )
    {
        gpu.compatible = names[i];
        assert_int_equal(fake_probe(&gpu), -ENODEV);
    }
}

static void assert_unusable(const char *words)
{
    forget_said();
    assert_int_equal(fake_probe(&gpu), 0);
    if ( !said(words) )
        fail_msg("said %s, not %s", fake.log, words);
    assert_true(gpu.is_protected);
    assert_int_equal(gpu.used_by, DOMID_XEN);

    forget_said();
    assert_int_equal(fake_assign(A, &gpu), -EOPNOTSUPP);
    assert_true(said("not given to d1"));
    assert_true(said(words));
    assert_null(*omap_mmus_of(A));
}

static void gpu_without_clock_is_not_touched(void **state)
{
    (void)state;
    gpu.clocked = false;
    fake.gpu.untouchable = true;
    assert_unusable("its clock may be off (let the boot loader turn it on for "
                    "good, and give the host's node xen,omap-clocked)\n");
    fake.key('U');
    assert_true(said(NAME "not touched, cannot be used: its clock may be off"));
}

static void silent_gpu_is_refused(void **state)
{
    (void)state;
    fake.gpu.silent = true;
    assert_unusable("its registers do not answer as written: ");
    fake.key('U');
    assert_true(said(NAME "NOT IN QUARANTINE, cannot be used: "));
}

static void reg_is_of_whole_pages(void **state)
{
    static const struct {
        paddr_t base, size;
        bool has_reg;
    } wrong[] = {
        { GPU, SGX_WINDOW, false },
        { GPU + 0x800, SGX_WINDOW, true },
        { GPU, SGX_WINDOW - PAGE_SIZE, true },
        { GPU, SGX_WINDOW + 0x800, true },
        { GPU, 0x2001000, true },
        { 1ull << 40, SGX_WINDOW, true },
    };
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(wrong); i++ )
    {
        gpu.base = wrong[i].base;
        gpu.size = wrong[i].size;
        gpu.has_reg = wrong[i].has_reg;
        fake.gpu.untouchable = true;
        assert_unusable(wrong[i].has_reg
                            ? "its reg is not a window of whole pages"
                            : "its reg is missing or wrong");
        teardown(state);
        lay_out_gpu();
    }
    gpu.base += PAGE_SIZE;
    assert_unusable("its registers cannot be mapped");
}

/* Mainline Linux's omap5.dtsi has all that its target module has. */
static void reg_may_be_longer(void **state)
{
    (void)state;
    gpu.size = 0x2000000;
    assert_int_equal(fake_probe(&gpu), 0);
    assert_null(the_gpu()->unusable);
    assert_true(omap_mmu_lies_within(GPU + SGX_WINDOW, PAGE_SIZE));
    assert_true(omap_mmu_lies_within(GPU + 0x1fff000, PAGE_SIZE));
    assert_false(omap_mmu_lies_within(GPU + 0x2000000, PAGE_SIZE));
    assert_false(omap_mmu_lies_within(GPU + SGX_WINDOW - PAGE_SIZE, PAGE_SIZE));
}

static void gpu_named_twice_is_one(void **state)
{
    (void)state;
    assert_int_equal(fake_probe(&second), 0);
    assert_unusable("its registers lie in the same page as another MMU's");
}

static void mmu_inside_a_gpu_is_not_used(void **state)
{
    struct dt_device_node inside =
        node("/ocp/inside", GPU + 2 * SGX_BANK_BYTES, 60);

    (void)state;
    fake_hardware(inside.base, 60, false);
    assert_int_equal(fake_probe(&gpu), 0);
    assert_int_equal(fake_probe(&inside), 0);
    assert_non_null(omap_mmu_find(&inside)->unusable);
    assert_true(said("see "
                     "/ocp/target-module@56000000/gpu@0"));
}

static void registers_are_the_first_pages_of_banks(void **state)
{
    unsigned int page;

    (void)state;
    for ( page = 0; page < 16; page++ )
        assert_int_equal(
            omap_mmu_lies_within(GPU + page * PAGE_SIZE, PAGE_SIZE),
            page % 4 == 0);
    assert_false(omap_mmu_lies_within(GPU - PAGE_SIZE, PAGE_SIZE));
    assert_false(omap_mmu_lies_within(GPU + SGX_WINDOW, PAGE_SIZE));
    assert_true(omap_mmu_lies_within(GPU + 0x3000, 2 * PAGE_SIZE));
    assert_true(omap_mmu_lies_within(GPU + 0xffff - 0x3000, 1));
}

static void dom0_does_not_see_it(void **state)
{
    (void)state;
    dt_host = &module;
    module.allnext = &gpu;
    assert_false(omap_mmu_is_shown_to_dom0(&gpu));
    assert_false(omap_mmu_is_shown_to_dom0(&module));
    A->hardware = true;
    forget_said();
    assert_int_equal(fake_assign(A, &gpu), -EINVAL);
    assert_true(said(NAME "not given to d1: dom0 cannot have a GPU (give it to "
                          "another domain)\n"));
}

/* Assignment */

static void domain_gets_what_its_tables_map(void **state)
{
    (void)state;
    give_and_start(A, 2);
    assert_int_equal(fake_gpu_walk(7, 0), A_FRAME(DATA) << PAGE_SHIFT | 1);
    assert_int_equal(fake_gpu_walk(7, 0x1000),
                     A_FRAME(DATA + 1) << PAGE_SHIFT | 1);
    assert_int_equal(fake_gpu_walk(7, 0x2000), 0);
    assert_int_equal(fake.left.references, before.references + 2);
    assert_int_equal(mfn_to_page(_mfn(A_FRAME(DATA)))->references, 1);
    assert_int_equal(read_gpu(A, sgx_base_offset(SGX_CORE0, 7)), PAGE(DIR));

    take_gpu_back(A);
    fake_assert_left(&before);
    assert_in_reset();
}

static void doorbell_waits_for_a_pass(void **state)
{
    (void)state;
    give_gpu(A);
    start_gpu(A);
    kick(A);
    assert_int_equal(fake.gpu.kicks, 0);
    fake_run();
    assert_int_equal(fake.gpu.kicks, 1);
    take_gpu_back(A);
}

static void next_owner_has_its_own(void **state)
{
    (void)state;
    give_and_start(A, 1);
    take_gpu_back(A);
    give_and_start(B, 1);
    assert_int_equal(fake_gpu_walk(7, 0), B_FRAME(DATA) << PAGE_SHIFT | 1);

    /* The trap of the former owner's stays. */
    assert_int_equal(read_gpu(A, sgx_base_offset(SGX_CORE0, 7)), 0);
    write_gpu(A, sgx_base_offset(SGX_CORE0, 7), 0);
    assert_int_equal(fake_gpu_walk(7, 0), B_FRAME(DATA) << PAGE_SHIFT | 1);
    take_gpu_back(B);
    fake_assert_left(&before);
}

static void banks_trap_by_one_handler(void **state)
{
    unsigned int bank;

    (void)state;
    give_gpu(A);
    assert_int_equal(A->arch.vmmio.num_entries, 1);
    for ( bank = 0; bank < SGX_BANKS; bank++ )
    {
        write_gpu(A, bank * SGX_BANK_BYTES + 0x004, 0x100 + bank);
        assert_int_equal(reg(bank * SGX_BANK_BYTES + 0x004), 0x100 + bank);
    }
    /* A page that the domain could have had mapped. */
    write_gpu(A, 0xff08, 1);
    assert_int_equal(reg(0xff08), 0);
    assert_int_equal(read_gpu(A, 0xff08), 0);
    take_gpu_back(A);
}

static void guest_has_it_elsewhere(void **state)
{
    uint8_t cell[4];

    (void)state;
    put_cell(cell, 0x10000000);
    gpu.guest_address = (struct fake_cells){ cell, sizeof(cell) };
    assert_int_equal(fake_probe(&gpu), 0);
    give_gpu(A);
    fake_trap_write(A, 0x10000000 + CORE0 + 0x004, 5);
    assert_int_equal(reg(CORE0 + 0x004), 5);
    take_gpu_back(A);
}

static void all_allocations_may_fail(void **state)
{
    unsigned int n;
    int rc = -ENOMEM;

    (void)state;
    for ( n = 1; rc; n++ )
    {
        fake.fails_at = n;
        forget_said();
        rc = fake_assign(A, &gpu);
        if ( !rc )
            break;
        assert_int_equal(rc, -ENOMEM);
        assert_true(said("not given to d1: no memory for directories"));
        fake_assert_left(&before);
        assert_null(*omap_mmus_of(A));
        assert_in_reset();
    }
    /* Two blocks, two mappings, the GPU's state, records. */
    assert_int_equal(n, 6 + 1);
    fake.fails_at = 0;
    take_gpu_back(A);
    fake_assert_left(&before);
}

static void pool_has_its_limits(void **state)
{
    (void)state;
    *fake_param_opt_gpu_dirs = 0;
    *fake_param_opt_gpu_tables = 0;
    give_gpu(A);
    assert_true(said("given to d1, 1 tables\n"));
    take_gpu_back(A);

    *fake_param_opt_gpu_dirs = 65;
    *fake_param_opt_gpu_tables = 2048;
    give_gpu(A);
    assert_true(said("given to d1, 2048 tables\n"));
    assert_int_equal(
        fake_block_at(mirror_root(the_gpu()->gpu->vbif.mirror, 0).v)->order, 6);
    take_gpu_back(A);
    fake_assert_left(&before);
}

static void gpu_that_lost_its_clock_is_refused(void **state)
{
    (void)state;
    fake.gpu.silent = true;
    assert_int_equal(fake_assign(A, &gpu), -EIO);
    assert_true(said(NAME "not given to d1: its registers do not answer"));
    fake_assert_left(&before);
    assert_null(*omap_mmus_of(A));
}

static void assert_not_given(const char *words)
{
    forget_said();
    assert_int_equal(fake_assign(A, &gpu), -EINVAL);
    if ( !said(words) )
        fail_msg("said %s, not %s", fake.log, words);
    fake_assert_left(&before);
    assert_null(*omap_mmus_of(A));
    assert_in_reset();
}

/* A domain has page n of the window, at some address of its own. */
static void map_page(struct domain *d, unsigned int n)
{
    d->iomem_first = d->iomem_last = (GPU >> PAGE_SHIFT) + n;
    fake_map_in(d, 0x10000, 0, (GPU >> PAGE_SHIFT) + n, p2m_mmio_direct_dev,
                p2m_access_rw);
}

static void first_pages_of_banks_are_nobodys(void **state)
{
    unsigned int n;

    for ( n = 0; n < 16; n++ )
    {
        map_page(A, n);
        if ( n % 4 == 0 )
            assert_not_given("the domain was given the first page of a bank");
        else
        {
            give_gpu(A);
            take_gpu_back(A);
        }
        teardown(state);
        setup_gpu(state);
    }
}

static void refusals_say_why(void **state)
{
    unsigned int bank;

    for ( bank = 0; bank < SGX_BANKS; bank++ )
    {
        fake_ram_in(A, (GPU >> PAGE_SHIFT) + bank * 4, 0, 0x20000);
        assert_not_given("the domain has memory or a device where the GPU's "
                         "registers are");
        teardown(state);
        setup_gpu(state);
    }
    A->creation_finished = true;
    assert_not_given("the domain runs already");
    A->creation_finished = false;
    A->arch.vmmio.max_num_entries = 0;
    assert_not_given("the domain has no trap handler left");
    A->arch.vmmio.max_num_entries = FAKE_HANDLERS;
    register_mmio_handler(A, NULL, GPU + 0xf000, PAGE_SIZE, NULL);
    assert_not_given("a device of Xen's or an MMU is where the GPU's");
}

static void gpu_of_another_domain_is_refused(void **state)
{
    (void)state;
    give_gpu(A);
    assert_int_equal(fake_assign(B, &gpu), -EBUSY);
    take_gpu_back(A);
}

/* No device is behind it: nobody would reset that. */
static void device_behind_a_gpu_is_refused(void **state)
{
    static struct dt_device_node *const names[] = { &gpu, NULL };
    struct dt_device_node behind = { .full_name = "/ocp/behind",
                                     .iommus = names };

    (void)state;
    assert_int_equal(fake_assign(A, &behind), -ENODEV);
    assert_true(said("its iommus names /ocp/target-module@56000000/gpu@0"));
    assert_null(*omap_mmus_of(A));
}

/* Release */

static void release_goes_in_steps(void **state)
{
    unsigned int i, steps = 0;
    int rc;

    (void)state;
    for ( i = 0; i < 12; i++ )
        write_table(A, i, 1024);
    give_and_start(A, 1024);
    for ( i = 0; i < 1000; i++ )
        fake_run_until(fake.now + MILLISECS(1));
    assert_int_equal(fake.left.references, before.references + 12 * 1024);
    forget_said();

    A->is_dying = true;
    do
    {
        unsigned int held = fake.left.references;

        rc = fake_release_step(A, &gpu);
        assert_in_reset();
        assert_int_equal(fake.left.tasklets, before.tasklets);
        assert_true(held - fake.left.references <= 5 * 1024);
        steps++;
    }
    while ( rc == -ERESTART );
    assert_int_equal(rc, 0);
    assert_int_equal(steps, 4);
    fake_assert_left(&before);
    assert_true(said(NAME "back from d1, in quarantine\n"));
}

/* The tasklet was asked for, and has not run. */
static void work_ends_with_the_domain(void **state)
{
    unsigned int runs;

    (void)state;
    write_table(A, 0, 1024);
    give_gpu(A);
    start_gpu(A);
    kick(A);
    runs = fake.runs;
    take_gpu_back(A);
    assert_int_equal(fake.runs, runs);
    assert_int_equal(fake.gpu.kicks, 0);
    fake_assert_left(&before);
}

/* The p2m */

static void page_that_goes_is_reached_no_more(void **state)
{
    (void)state;
    give_and_start(A, 2);
    fake_remove(A, (MEMORY >> PAGE_SHIFT) + DATA, 0);
    assert_int_equal(fake_gpu_walk(7, 0), 0);
    assert_int_equal(mfn_to_page(_mfn(A_FRAME(DATA)))->references, 0);
    assert_int_not_equal(fake_gpu_walk(7, 0x1000), 0);
    take_gpu_back(A);
    fake_assert_left(&before);
}

static void flush_of_all_takes_all(void **state)
{
    (void)state;
    give_and_start(A, 2);
    assert_int_equal(fake.ops->iotlb_flush(A, _dfn(0), 0, IOMMU_FLUSHF_all), 0);
    assert_int_equal(fake_gpu_walk(7, 0), 0);
    fake_run_until(fake.now + MILLISECS(50));
    assert_int_not_equal(fake_gpu_walk(7, 0), 0);
    take_gpu_back(A);
}

/* The share */

/* A doorbell each us: runs are part of what is charged, 5 us each. */
static void doorbells_take_their_share(void **state)
{
    struct omap_mmu *mmu = the_gpu();
    unsigned int runs, kicks;
    s_time_t end;

    (void)state;
    give_and_start(A, 1024);
    fake_run_until(fake.now + MILLISECS(100));
    mmu->tasklet.took = 0;
    runs = fake.runs;
    kicks = fake.gpu.kicks;
    fake.register_time = MICROSECS(5);
    end = fake.now + SECONDS(1);
    while ( fake.now < end )
    {
        kick(A);
        fake_run_until(fake.now + MICROSECS(1));
    }
    runs = fake.runs - runs;
    assert_in_range(runs, 1000, 50000);
    assert_in_range(mmu->tasklet.took + runs * MICROSECS(5), MILLISECS(200),
                    MILLISECS(253));
    assert_true(fake.gpu.kicks - kicks > 10000);
    fake.register_time = 0;
    take_gpu_back(A);
    fake_assert_left(&before);
}

/* What waits for the next period is done then. */
static void work_goes_on_in_the_next_period(void **state)
{
    (void)state;
    give_gpu(A);
    start_gpu(A);
    fake_run();
    omap_share_charge(the_gpu(), SECONDS(1));
    kick(A);
    fake_run();
    assert_int_equal(fake.gpu.kicks, 0);
    fake_run_until(fake.now + SECONDS(5));
    assert_int_equal(fake.gpu.kicks, 1);
    kick(A);
    fake_run();
    assert_int_equal(fake.gpu.kicks, 2);
    take_gpu_back(A);
}

static void next_owner_does_not_pay(void **state)
{
    (void)state;
    give_gpu(A);
    start_gpu(A);
    omap_share_charge(the_gpu(), SECONDS(1));
    kick(A);
    fake_run();
    take_gpu_back(A);
    assert_int_equal(fake.gpu.kicks, 0);

    give_gpu(B);
    start_gpu(B);
    kick(B);
    fake_run();
    assert_int_equal(fake.gpu.kicks, 1);
    take_gpu_back(B);
}

/* As many p2m changes look through tables as in one period may. */
static void period_renews_the_gpu(void **state)
{
    (void)state;
    give_and_start(A, 1);
    the_gpu()->gpu->vbif.warned_full = true;
    the_gpu()->gpu->vbif.renewals = VBIF_WARN_AGAIN - 1;
    fake_run_until(fake.now + MILLISECS(50));
    assert_int_equal(fake.ops->iotlb_flush(A, _dfn(5), 1, 0), 0);
    assert_false(the_gpu()->gpu->vbif.warned_full);
    take_gpu_back(A);
}

/* The debug key */

static void key_has_its_format(void **state)
{
    (void)state;
    give_and_start(A, 3);
    press();
    assert_true(said(NAME "d1\n  its guest's, doorbells that wait: 0\n"));
    assert_true(said("  core 0, base 7: ipa 80000000\n"));
    assert_true(said("  core 1, base 7: ipa 80000000\n"));
    assert_false(said("base 0"));
    assert_true(said("  0: da 00000000 -> ipa 80040000 -> maddr 90040000, size "
                     "0x3000, attributes 01\n"));
    assert_true(said("  ranges: 1\n"));
    assert_true(said(" doorbells=1 lost=0 "));
    assert_true(said(" parks=0 full=0 denied=0\n"));
    assert_true(said("  audit: ok\n"));
    fake.ops->dump_page_tables(B);
    forget_said();
    fake.ops->dump_page_tables(B);
    assert_string_equal(fake.log, "");
    fake.ops->dump_page_tables(A);
    assert_true(said("  audit: ok\n"));
    the_gpu()->gpu->vbif.state = VBIF_HELD;
    press();
    assert_true(said("  in reset until its guest resets it, doorbells"));
    the_gpu()->gpu->vbif.state = VBIF_LIVE;
    take_gpu_back(A);
    press();
    assert_string_equal(fake.log, NAME "in quarantine\n");
}

static void ranges_are_told_apart(void **state)
{
    (void)state;
    write_table(A, 0, 2);
    fake_write(A_FRAME(TABLE), 8, PAGE(DATA + 2) | 0x19);
    fake_write(A_FRAME(TABLE), 12, PAGE(DATA + 9) | 1);
    /* In the machine it comes after that, and not in the guest. */
    fake_ram_in(A, 0xf0000, 0, A_FRAME(DATA + 10));
    fake_write(A_FRAME(TABLE), 16, 0xf0000001);
    give_gpu(A);
    start_gpu(A);
    kick(A);
    fake_run();
    press();
    assert_true(said("size 0x2000, attributes 01\n"));
    assert_true(said("size 0x1000, attributes 19\n"));
    assert_true(said("-> ipa 80049000 -> maddr 90049000, size 0x1000, "
                     "attributes 01\n"));
    assert_true(said("-> ipa f0000000 -> maddr 9004a000, size 0x1000, "
                     "attributes 01\n"));
    take_gpu_back(A);
}

static void key_is_bounded(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 200; i++ )
        fake_write(A_FRAME(TABLE), i * 8, PAGE(DATA + i) | 1);
    fake_write(A_FRAME(DIR), 0, PAGE(TABLE) | 1);
    give_gpu(A);
    start_gpu(A);
    kick(A);
    fake_run();
    press();
    assert_true(said("  ... more than that\n"));
    assert_int_equal(count(", attributes 01\n"), 64);
    take_gpu_back(A);

    /* One table at all addresses: as many pages as are looked at. */
    for ( i = 0; i < 1024; i++ )
    {
        fake_write(A_FRAME(DIR), i * 4, PAGE(TABLE) | 1);
        fake_write(A_FRAME(TABLE), i * 4, PAGE(DATA + i) | 1);
    }
    give_gpu(A);
    start_gpu(A);
    kick(A);
    fake_run();
    press();
    assert_true(said("  ... more than that\n"));
    assert_int_equal(count("size 0x400000, attributes 01\n"), 0x8000 / 1024);
    take_gpu_back(A);
}

static void errors_are_told(void **state)
{
    (void)state;
    give_gpu(A);
    the_gpu()->gpu->vbif.due = 1;
    press();
    assert_true(said("  audit: more doorbells are due than wait\n"));
    take_gpu_back(A);
}

static unsigned int looks;

static void count_look(void)
{
    looks++;
}

/* The lock is let go after each directory and table, and softirqs run. */
static void large_pool_is_audited_in_parts(void **state)
{
    (void)state;
    *fake_param_opt_gpu_dirs = MIRROR_MAX_DIRS;
    *fake_param_opt_gpu_tables = 2048;
    give_and_start(A, 1);
    looks = 0;
    fake.on_softirqs = count_look;
    press();
    fake.on_softirqs = NULL;
    assert_true(looks > MIRROR_MAX_DIRS + 2048);
    assert_true(said("size 0x1000, attributes 01\n"));
    assert_true(said("  audit: ok\n"));

    /* The last of its parts is of the registers. */
    the_gpu()->gpu->vbif.due = 1;
    press();
    assert_true(said("  audit: more doorbells are due than wait\n"));
    take_gpu_back(A);
}

static void ranges_are_looked_at_in_parts(void **state)
{
    unsigned int i;

    (void)state;
    give_and_start(A, 1);
    looks = 0;
    fake.on_softirqs = count_look;
    press();
    for ( i = 0; i < 20; i++ )
        fake_write(A_FRAME(DIR), i * 4, PAGE(TABLE) | 1);
    kick(A);
    fake_run();
    i = looks;
    looks = 0;
    press();
    fake.on_softirqs = NULL;
    /* A look more for each 4 tables, and one for each line. */
    assert_in_range(looks, i + 19 + 4, i + 19 + 5);
    take_gpu_back(A);
}

/* Wherever a step takes the lock again: what it looked up is in no table yet. */
static void key_within_a_step(spinlock_t *lock)
{
    if ( lock == &the_gpu()->lock && !fake.locks )
        fake.key('U');
    fake.on_lock = key_within_a_step; /* the next time as well */
}

static void steps_are_audited(void **state)
{
    (void)state;
    write_table(A, 0, 1);
    give_gpu(A);
    start_gpu(A);
    kick(A);
    forget_said();
    fake.on_lock = key_within_a_step;
    fake_run();
    fake.on_lock = NULL;
    assert_true(count("  audit: ok\n") > 5);
    assert_int_equal(count("  audit: ok\n"), count("  audit: "));
    take_gpu_back(A);
}

static void assert_incomplete(void)
{
    assert_true(said(NAME "d1\n"));
    assert_true(said("  the GPU was released meanwhile: ranges and audit are "
                     "incomplete\n"));
    assert_true(said("  audit: incomplete\n"));
}

static void release_at_third_look(void)
{
    if ( ++looks == 3 )
        take_gpu_back(A);
}

static void namesake_comes_at_third_look(void)
{
    release_at_third_look();
    if ( looks == 3 )
    {
        A->is_dying = false;
        give_gpu(A);
    }
}

/* No freed memory is read, and nothing of the next owner's is printed. */
static void gpu_that_leaves_between_looks(void **state)
{
    (void)state;
    give_and_start(A, 1);
    looks = 0;
    fake.on_softirqs = release_at_third_look;
    press();
    assert_incomplete();

    A->is_dying = false;
    give_and_start(A, 1);
    looks = 0;
    fake.on_softirqs = namesake_comes_at_third_look;
    press();
    fake.on_softirqs = NULL;
    assert_incomplete();
    take_gpu_back(A);
}

static void dump_may_have_no_memory(void **state)
{
    (void)state;
    give_gpu(A);
    fake.fails_at = 2;
    press();
    assert_true(said("omap-mmu: no memory for a dump\n"));
    take_gpu_back(A);
}

#define TEST_GPU(f) cmocka_unit_test_setup_teardown(f, setup_gpu, teardown)
#define TEST_UNPROBED_GPU(f) \
    cmocka_unit_test_setup_teardown(f, unprobed_gpu, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_UNPROBED_GPU(gpu_is_taken_over),
        TEST_UNPROBED_GPU(other_gpus_are_nobodys),
        TEST_UNPROBED_GPU(gpu_without_clock_is_not_touched),
        TEST_UNPROBED_GPU(silent_gpu_is_refused),
        TEST_UNPROBED_GPU(reg_is_of_whole_pages),
        TEST_UNPROBED_GPU(reg_may_be_longer),
        TEST_UNPROBED_GPU(gpu_named_twice_is_one),
        TEST_UNPROBED_GPU(mmu_inside_a_gpu_is_not_used),
        TEST_GPU(registers_are_the_first_pages_of_banks),
        TEST_GPU(dom0_does_not_see_it),
        TEST_GPU(domain_gets_what_its_tables_map),
        TEST_GPU(doorbell_waits_for_a_pass),
        TEST_GPU(next_owner_has_its_own),
        TEST_GPU(banks_trap_by_one_handler),
        TEST_UNPROBED_GPU(guest_has_it_elsewhere),
        TEST_GPU(all_allocations_may_fail),
        TEST_GPU(pool_has_its_limits),
        TEST_GPU(gpu_that_lost_its_clock_is_refused),
        TEST_GPU(first_pages_of_banks_are_nobodys),
        TEST_GPU(refusals_say_why),
        TEST_GPU(gpu_of_another_domain_is_refused),
        TEST_GPU(device_behind_a_gpu_is_refused),
        TEST_GPU(release_goes_in_steps),
        TEST_GPU(work_ends_with_the_domain),
        TEST_GPU(page_that_goes_is_reached_no_more),
        TEST_GPU(flush_of_all_takes_all),
        TEST_GPU(doorbells_take_their_share),
        TEST_GPU(work_goes_on_in_the_next_period),
        TEST_GPU(next_owner_does_not_pay),
        TEST_GPU(period_renews_the_gpu),
        TEST_GPU(key_has_its_format),
        TEST_GPU(ranges_are_told_apart),
        TEST_GPU(key_is_bounded),
        TEST_GPU(errors_are_told),
        TEST_GPU(large_pool_is_audited_in_parts),
        TEST_GPU(ranges_are_looked_at_in_parts),
        TEST_GPU(steps_are_audited),
        TEST_GPU(gpu_that_leaves_between_looks),
        TEST_GPU(dump_may_have_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
