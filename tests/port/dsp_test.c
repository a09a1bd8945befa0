/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A DSP of DRA7's: two MMUs, assigned together or not at all, and DSP_SYSTEM, which could
 * lead it around them. The port as it is, on the fake of Xen.
 */
#include <xen/errno.h>
#include <xen/kernel.h>

#include "dsp.h"
#include "key.h"
#include "power_board.h"

#define DSP1       0
#define UNIT       DSP /* of the PRCM's model */
#define SYSTEM     0x40d00000u
#define MMU_CONFIG (SYSTEM + 0x18)
#define EMULATION  0x4ae07a00u
#define IDLE       3u
#define AWAKE      2u

static struct dt_device_node dsp_system,
    *both_mmus[] = { &mmu[0], &mmu[1], NULL };
static struct fake_property of_mmu[MMUS][2];
static uint8_t mmuconfig[MMUS][8];

static void lay_out_mmu(unsigned int n)
{
    mmu[n].compatible = "ti,dra7-dsp-iommu";
    mmu[n].bus_err_back = false;
    mmu[n].dsp_system = &dsp_system;
    put_cell(mmuconfig[n] + 4, n);
    of_mmu[n][0] =
        (struct fake_property){ "ti,syscon-mmuconfig", { mmuconfig[n], 8 } };
    mmu[n].properties = of_mmu[n];
    module_resets[n][0] = names_one(&prm_dsp, 1, 1);
    fake.hw[n].unit = UNIT;
    mmu[n].base = fake.hw[n].base = SYSTEM + (n + 1) * PAGE_SIZE;
}

/* All but boot(). */
static int a_dra7(void **state)
{
    unsigned int n;

    powered_off(state);
    prm.compatible = "ti,dra7-prm";
    prm.size = 0x3000;
    prm_dsp.compatible = "ti,dra7-prm-inst";
    dsp_system =
        reg_node("/ocp/dsp_system@40d00000", "syscon", NULL, SYSTEM, 0x100);
    for ( n = 0; n < MMUS; n++ )
        lay_out_mmu(n);

    master[DSP1].full_name = "/ocp/dsp@40800000";
    master[DSP1].iommus = both_mmus;
    master[DSP1].resets = resets[DSP];
    master[DSP1].clocks = clocks[DSP];
    mmu[1].allnext = &master[DSP1];
    master[DSP1].allnext = NULL;
    prcm.page[prcm.pages++] = (struct prcm_page_config){ 0x4ae07000, IDLE };
    prcm.unit[UNIT].emu = EMULATION;
    fake.dsp.base = SYSTEM;
    fake.dsp.unit = UNIT;
    fake.dsp.cccfg = 0x5000; /* 512 parameter sets */
    fake.dsp.emulation = EMULATION;

    return 0;
}

static int booted_dra7(void **state)
{
    a_dra7(state);
    boot();

    return 0;
}

static uint32_t emulation(void)
{
    return prcm_read(&fake.prcm.model, EMULATION, 4) & 3;
}

static void start(void)
{
    fake_trap_write(A, CONTROL_IPU + RESETS, 2);
}

static void stop(void)
{
    fake_trap_write(A, CONTROL_IPU + RESETS, 3);
}

static void give_dsp(void)
{
    assert_int_equal(fake_assign(A, &master[DSP1]), 0);
}

static void take_dsp(void)
{
    assert_int_equal(fake_release(A, &master[DSP1]), 0);
    fake_assert_left(&before);
}

static void both_are_given_and_taken(void **state)
{
    unsigned int i;

    (void)state;
    assert_false(said("cannot be used"));
    for ( i = 0; i < 2; i++ )
    {
        give_dsp();
        assert_true(answers(UNIT));
        assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 3);
        start();
        assert_true(runs(UNIT, 0));
        take_dsp();
        A->is_dying = false;
        assert_false(runs(UNIT, 0));
        assert_false(answers(UNIT));
    }
}

/* Before the core, whatever DSP_SYSTEM had. */
static void hardware_goes_through_both(void **state)
{
    (void)state;
    give_dsp();
    assert_int_equal(fake.dsp.config, 0x11);
    fake.dsp.config = 0;
    start();
    assert_int_equal(fake.dsp.config, 0x11);
    assert_true(runs(UNIT, 0));
    take_dsp();
}

/* Its program reaches MMU_CONFIG from inside, and the EDMA goes on without it. */
static void hardware_goes_through_both_after_the_core(void **state)
{
    (void)state;
    give_dsp();
    start();
    fake.dsp.config = 0;
    stop();
    assert_int_equal(fake.dsp.config, 0x11);
    fake.dsp.config = 0;
    fake.dsp.busy = FAKE_DSP_NEVER; /* so that it stays on */
    fake.dsp.survives = true;
    assert_int_equal(fake_release(A, &master[DSP1]), 0);
    assert_true(answers(UNIT));
    assert_int_equal(fake.dsp.config, 0x11);

    fake.dsp.busy = 0;
    A->is_dying = false;
    give_dsp();
    take_dsp();
}

static void dsp_that_goes_around_is_told(void **state)
{
    static const char words[] = "omap-mmu: /ocp/dsp@40800000: d1: DSP_SYSTEM "
                                "does not hold what Xen wrote\n";
    unsigned int i;

    (void)state;
    give_dsp();
    for ( i = 0; i < 2; i++ )
    {
        start();
        fake.dsp.silent = true;
        forget_said();
        stop();
        assert_int_equal(said(words), i == 0);
        fake.dsp.silent = false;
    }
    take_dsp();
    A->is_dying = false;

    give_dsp();
    start();
    fake.dsp.silent = true;
    forget_said();
    take_dsp();
    assert_true(said(words));
}

static void no_core_starts_if_it_may_go_around(void **state)
{
    (void)state;
    give_dsp();
    fake.dsp.silent = true;
    start();
    assert_false(runs(UNIT, 0));
    assert_true(said("clock or power was lost: /ocp/dsp_system@40d00000\n"));
    fake.dsp.silent = false;
    start();
    assert_true(runs(UNIT, 0));
    take_dsp();
}

static void dsp_that_may_go_around_is_not_given(void **state)
{
    (void)state;
    fake.dsp.silent = true;
    assert_int_equal(fake_assign(A, &master[DSP1]), -EIO);
    assert_true(said("DSP_SYSTEM does not hold what Xen wrote"));
    assert_false(answers(UNIT));
    assert_int_equal(emulation(), IDLE);
    assert_int_equal(A->arch.vmmio.num_entries, 0);
    fake_assert_left(&before);
}

/* What the guest writes is its own, and leads its vMMUs alone. */
static void guest_has_a_page_of_its_own(void **state)
{
    struct vmmu *core, *edma;

    (void)state;
    give_dsp();
    core = omap_mmu_find(&mmu[0])->vmmu;
    edma = omap_mmu_find(&mmu[1])->vmmu;
    assert_true(core->around && edma->around);
    assert_int_equal(fake_trap_read(A, MMU_CONFIG), 0);
    fake_trap_write(A, MMU_CONFIG, 0x01);
    assert_true(!core->around && edma->around);
    fake_trap_write(A, MMU_CONFIG, 0xffffffff);
    assert_int_equal(fake_trap_read(A, MMU_CONFIG), 0x1111);
    assert_true(!core->around && !edma->around);
    fake_trap_write(A, MMU_CONFIG, 0x10);
    assert_true(core->around && !edma->around);
    assert_int_equal(fake.dsp.config, 0x11);

    fake_trap_write(A, SYSTEM + 8, 1);
    assert_int_equal(fake_trap_read(A, SYSTEM + 8), 0);
    assert_int_equal(fake.dsp.strange_writes, 0);
    take_dsp();
    assert_int_equal(fake_trap_read(A, MMU_CONFIG), 0);
    fake_trap_write(A, MMU_CONFIG, 0x11);
}

/* The reset of the MMUs is DSP_SYSTEM's, too. */
static void guests_mmu_reset_leads_around_again(void **state)
{
    (void)state;
    give_dsp();
    fake_trap_write(A, MMU_CONFIG, 0x11);
    fake_trap_write(A, CONTROL_IPU + RESETS, 1);
    assert_int_equal(fake_trap_read(A, MMU_CONFIG), 0x11);
    fake_trap_write(A, CONTROL_IPU + RESETS, 3);
    assert_int_equal(fake_trap_read(A, MMU_CONFIG), 0);
    assert_true(omap_mmu_find(&mmu[0])->vmmu->around);
    assert_int_equal(fake.dsp.config, 0x11);
    take_dsp();
}

static void next_owner_finds_mmu_config_as_after_a_reset(void **state)
{
    (void)state;
    give_dsp();
    fake_trap_write(A, MMU_CONFIG, 0x11);
    take_dsp();
    A->is_dying = false;
    give_dsp();
    assert_int_equal(fake_trap_read(A, MMU_CONFIG), 0);
    assert_true(omap_mmu_find(&mmu[0])->vmmu->around);
    take_dsp();
}

/* One of them alone would leave the other's accesses to somebody else. */
static void one_of_them_starts_nothing(void **state)
{
    static struct dt_device_node *const first[] = { &mmu[0], NULL };
    struct dt_device_node edma = { .full_name = "/ocp/edma" };

    (void)state;
    master[DSP1].iommus = first;
    give_dsp();
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 0);
    start();
    assert_false(runs(UNIT, 0));

    edma.iommus = &both_mmus[1];
    assert_int_equal(fake_assign(B, &edma), -EINVAL);
    assert_true(said("another domain has its other MMU"));
    assert_true(answers(UNIT));
    assert_int_equal(fake_assign(A, &edma), 0);
    start();
    assert_true(runs(UNIT, 0));

    assert_int_equal(fake_release(A, &edma), 0);
    assert_false(runs(UNIT, 0));
    assert_true(answers(UNIT));
    take_dsp();
    assert_false(answers(UNIT));
}

/* Nothing of the first stays if the second cannot be had. */
static void all_or_none(void **state)
{
    (void)state;
    fake.action[irqs[1]].handler = (void *)1;
    assert_int_not_equal(fake_assign(A, &master[DSP1]), 0);
    fake.action[irqs[1]].handler = NULL;
    assert_false(answers(UNIT));
    assert_null(omap_mmu_find(&mmu[0])->d);
    fake_assert_left(&before);
}

/* Once no program can start it again: what it does is waited for, and all of it is cleared. */
static void edma_comes_to_rest(void **state)
{
    (void)state;
    give_dsp();
    start();
    memset(fake.dsp.set, 0xff, sizeof(fake.dsp.set));
    fake.dsp.disabled = fake.dsp.cleared = 0;
    fake.dsp.ran = false;
    fake.dsp.busy = 5;
    stop();
    assert_int_equal(fake.dsp.disabled, 7);
    assert_int_equal(fake.dsp.cleared, 0x1fff);
    assert_int_equal(fake.dsp.strange_writes, 0);
    assert_int_equal(fake.dsp.busy, 0);
    assert_false(fake.dsp.ran);
    assert_false(runs(UNIT, 0));
    take_dsp();
}

/* The channel controller has no part in it any more. */
static void transfer_controllers_come_to_rest(void **state)
{
    (void)state;
    give_dsp();
    start();
    fake.dsp.handed_on = true;
    fake.dsp.busy = 5;
    stop();
    assert_int_equal(fake.dsp.busy, 0);
    take_dsp();
}

/* Its end starts the next one, for ever, without an event that could be disabled. */
static void chained_transfers_come_to_rest(void **state)
{
    (void)state;
    give_dsp();
    start();
    memset(fake.dsp.set, 0xff, sizeof(fake.dsp.set));
    fake.dsp.chained = true;
    fake.dsp.busy = 1;
    forget_said();
    stop();
    assert_int_equal(fake.dsp.busy, 0);
    assert_false(said("does not come to rest"));
    take_dsp();
}

/* Each unit's busy bits are awaited, and no others: those may be set at rest. */
static void each_busy_bit_is_awaited(void **state)
{
    static const uint32_t busy[] = { 0x1f, 0x77, 0x77 };
    unsigned int unit, bit;

    (void)state;
    give_dsp();
    for ( unit = 0; unit < 3; unit++ )
        for ( bit = 0; bit < 32; bit++ )
        {
            start();
            fake.dsp.stuck[unit] = 1u << bit;
            fake.dsp.polls = 0;
            stop();
            assert_int_equal(fake.dsp.polls == OMAP_EDMA_POLLS,
                             busy[unit] >> bit & 1);
            fake.dsp.stuck[unit] = 0;
        }
    take_dsp();
}

static bool is_null(const uint32_t *set)
{
    return !set[0] && !set[2] && !set[7];
}

/* As many as CCCFG says, and the most that TPCC has where its value is reserved. */
static void each_parameter_set_is_cleared(void **state)
{
    static const unsigned int sets[] = { 16, 32, 64, 128, 256, 512, 512, 512 };
    unsigned int field, n;

    (void)state;
    give_dsp();
    for ( field = 0; field < 8; field++ )
    {
        start();
        fake.dsp.cccfg = ~0x7000u | field << 12;
        memset(fake.dsp.set, 0xff, sizeof(fake.dsp.set));
        stop();
        for ( n = 0; n < FAKE_DSP_SETS; n++ )
            assert_int_equal(is_null(fake.dsp.set[n]), n < sets[field]);
    }
    take_dsp();
}

#define NOWHERE 0xdead0000u

/* EDMA waits for an access to what nobody mapped. */
static void edma_waits(void)
{
    fake.hw[1].open = true; /* where it is let, the test looks */
    assert_false(fake_access(&fake.hw[1], NOWHERE));
    assert_true(fake.hw[1].waits);
}

/* The page that it got to. */
static uint8_t *sink(void)
{
    const struct fake_block *block = fake_block_at(fake.hw[1].pa);

    assert_non_null(block);

    return (uint8_t *)block->mapping +
           ((fake.hw[1].pa & PAGE_MASK) - mfn_to_maddr(_mfn(block->mfn)));
}

/* In a page that no domain has, in which nothing is of before. */
static void assert_sunk(void)
{
    const struct page_info *page = mfn_to_page(maddr_to_mfn(fake.hw[1].pa));
    unsigned int i;

    assert_false(fake.hw[1].waits);
    assert_null(page->owner);
    assert_int_equal(fake.hw[1].pa & ~PAGE_MASK, NOWHERE & ~PAGE_MASK);
    for ( i = 0; i < PAGE_SIZE; i++ )
        assert_int_equal(sink()[i], 0);
}

static void waiting_edma_ends_in_a_page_of_xens(void **state)
{
    uint32_t root;
    unsigned int i;

    (void)state;
    give_dsp();
    for ( i = 0; i < 2; i++ )
    {
        start();
        edma_waits();
        fake.dsp.polls = 0;
        forget_said();
        stop();
        assert_sunk();
        assert_false(said("does not come to rest"));
        assert_in_range(fake.dsp.polls, 1, OMAP_EDMA_POLLS);
        root = mmu_reg_read(&fake.hw[1].model, MMU_TTB, 4);
        assert_int_equal(root, omap_mmu_find(&mmu[1])->empty_root.v);
        assert_false(fake_access(&fake.hw[1], NOWHERE));
        fake_reset_processor(&fake.hw[1]);
        memset(sink(), 0x5a, PAGE_SIZE);
    }
    take_dsp();
}

/* So the next owner gets the DSP. */
static void waiting_edma_ends_with_its_domain(void **state)
{
    (void)state;
    give_dsp();
    start();
    edma_waits();
    fake.dsp.survives = true;
    take_dsp();
    assert_sunk();
    assert_false(answers(UNIT));
    A->is_dying = false;
    give_dsp();
    take_dsp();
}

static enum mmu_result tried;

/* At the first access to an MMU after the EDMA was looked at. */
static void edma_tries(void)
{
    struct mmu then = fake.hw[1].model;
    uint32_t pa;

    if ( !fake.dsp.polls )
    {
        fake.on_register = edma_tries;
        return;
    }
    tried = mmu_translate(&fake.hw[1].model, NOWHERE, true, &pa);
    fake.hw[1].model = then;
}

/* What outlived the reset would go out by it, as long as that MMU is as after one. */
static void both_are_in_quarantine_before_the_first_is_set_up(void **state)
{
    (void)state;
    fake.dsp.polls = 0;
    tried = MMU_OK;
    fake.on_register = edma_tries;
    give_dsp();
    assert_int_equal(tried, MMU_STALL);
    take_dsp();
}

/* Each of the two MMUs, before DSP_SYSTEM leads to it. */
static void dsp_whose_mmu_has_no_clock_is_not_given(void **state)
{
    (void)state;
    fake.hw[1].silent = true;
    assert_int_equal(fake_assign(A, &master[DSP1]), -EIO);
    assert_false(said("given to d1, "));
    fake.hw[1].silent = false;
    assert_false(answers(UNIT));
    assert_int_equal(emulation(), IDLE);
    fake_assert_left(&before);
}

static void no_memory_for_the_sink(void **state)
{
    (void)state;
    fake.no_vmap = true;
    boot();
    fake.no_vmap = false;
    assert_true(said("no memory below 4 GiB to end its EDMA's transfers in"));
    assert_int_equal(fake.dsp.mapped, 0);
    assert_int_equal(fake_assign(A, &master[DSP1]), -EOPNOTSUPP);
    assert_false(answers(UNIT));
}

static void assert_held(bool held)
{
    unsigned int n;

    for ( n = 0; n < MMUS; n++ )
        assert_int_equal(omap_mmu_find(&mmu[n])->vmmu->held, held);
}

/* What it waits for then is of before. */
static void no_fault_is_shown_while_the_core_is_in_reset(void **state)
{
    (void)state;
    give_dsp();
    assert_held(true);
    start();
    assert_held(false);
    stop();
    assert_held(true);
    start();
    assert_held(false);
    take_dsp();
}

/* The first of its MMUs answers, but no core runs. */
static void failed_start_holds_both(void **state)
{
    (void)state;
    give_dsp();
    fake.dsp.silent = true;
    start();
    assert_held(true);
    fake.dsp.silent = false;
    take_dsp();
    A->is_dying = false;

    give_dsp();
    fake.hw[1].silent = true;
    forget_said();
    start();
    assert_held(true);
    if ( !said(mmu[1].full_name) || said(mmu[0].full_name) )
        fail_msg("said %s", fake.log);
    fake.hw[1].silent = false;
    take_dsp();
}

/* Both MMUs at once; then each by itself. */
static void key_shows_where_each_leads(void **state)
{
    (void)state;
    give_dsp();
    press();
    assert_int_equal(
        count("  waiting for its guest to set it up, parked on the "
              "empty table, led around, no core runs\n"),
        MMUS);
    start();
    fake_trap_write(A, MMU_CONFIG, 0x10);
    press();
    assert_int_equal(
        count("  running, parked on the empty table, led around\n"), 1);
    assert_int_equal(count("  running, parked on the empty table\n"), 1);
    stop();
    fake_trap_write(A, MMU_CONFIG, 0x11);
    press();
    assert_int_equal(
        count("  running, parked on the empty table, no core runs\n"), MMUS);
    take_dsp();
}

static void edma_rests_at_the_end_of_its_domain(void **state)
{
    (void)state;
    give_dsp();
    start();
    fake.dsp.disabled = 0;
    fake.dsp.busy = 5;
    fake.dsp.survives = true;
    take_dsp();
    assert_int_equal(fake.dsp.busy, 0);
}

/* ... also if its core was stopped before: it goes on behind that. */
static void edma_that_goes_on_behind_a_core_in_reset(void **state)
{
    (void)state;
    give_dsp();
    start();
    stop();
    fake.dsp.disabled = 0;
    fake.dsp.busy = 5;
    fake.dsp.survives = true;
    take_dsp();
    assert_int_equal(fake.dsp.busy, 0);
}

/* In reset its MMU would let it out. In quarantine it reaches nothing, for good. */
static void edma_that_never_rests_keeps_its_mmu_out_of_reset(void **state)
{
    (void)state;
    give_dsp();
    start();
    fake.dsp.busy = FAKE_DSP_NEVER;
    fake.dsp.survives = true;
    forget_said();
    assert_int_equal(fake_release(A, &master[DSP1]), 0);
    A->is_dying = false;
    assert_true(said("it is not off: its EDMA works on"));
    assert_true(answers(UNIT));
    assert_int_equal(emulation(), AWAKE);
    assert_int_equal(fake_assign(A, &master[DSP1]), -EIO);
    assert_true(said("its EDMA works on, so its MMUs stay in quarantine"));
    assert_true(answers(UNIT));
    assert_int_equal(emulation(), AWAKE);
    fake.dsp.busy = 0;
    give_dsp();
    take_dsp();
    assert_false(answers(UNIT));
}

/* What is stopped all the same; what that takes is bounded, and told once. */
static void edma_that_does_not_rest(void **state)
{
    unsigned int i;

    (void)state;
    give_dsp();
    for ( i = 0; i < 3; i++ )
    {
        start();
        fake.dsp.busy = FAKE_DSP_NEVER;
        fake.dsp.polls = 0;
        forget_said();
        stop();
        assert_false(runs(UNIT, 0));
        assert_int_equal(fake.dsp.polls, OMAP_EDMA_POLLS);
        assert_int_equal(
            said("omap-mmu: /ocp/dsp@40800000: d1: its EDMA does not "
                 "come to rest\n"),
            i == 0);
    }
    fake.dsp.busy = 0;
    take_dsp();
}

/* Also of a domain that ends; and anew for the next one. */
static void edma_of_each_domain_is_told(void **state)
{
    (void)state;
    give_dsp();
    start();
    /* Two looks, by the release of each MMU; and one at what is to be off. */
    fake.dsp.busy = 2 * OMAP_EDMA_POLLS + 1;
    take_dsp();
    assert_false(answers(UNIT));
    assert_true(said("d1: its EDMA does not come to rest\n"));

    assert_int_equal(fake_assign(B, &master[DSP1]), 0);
    fake_trap_write(B, CONTROL_IPU + RESETS, 2);
    fake.dsp.busy = FAKE_DSP_NEVER;
    fake_trap_write(B, CONTROL_IPU + RESETS, 3);
    assert_true(said("d2: its EDMA does not come to rest\n"));
    fake.dsp.busy = 0;
    assert_int_equal(fake_release(B, &master[DSP1]), 0);
}

/* It would write by the next owner's tables, or around its MMU. */
static void dsp_whose_edma_works_after_a_reset_is_not_given(void **state)
{
    (void)state;
    fake.dsp.survives = true;
    fake.dsp.busy = FAKE_DSP_NEVER;
    assert_int_equal(fake_assign(A, &master[DSP1]), -EIO);
    assert_true(said("its EDMA works on, so its MMUs stay in quarantine"));
    assert_true(answers(UNIT));
    assert_int_equal(emulation(), AWAKE);
    fake_assert_left(&before);
    assert_int_equal(fake_assign(A, &master[DSP1]), -EIO);
    fake.dsp.busy = 0;
    give_dsp();
    take_dsp();
}

/* It is off, and nobody asks its EDMA: that would be an abort. */
static void core_that_never_goes_into_reset(void **state)
{
    unsigned int i;

    (void)state;
    /* Somebody else released it. */
    prcm_write(&fake.prcm.model, prcm.unit[UNIT].word[POWER_RSTCTRL], 4, 2);
    never(UNIT, PRCM_DELAY_RSTCTRL);
    for ( i = 0; i < 2; i++ )
    {
        assert_int_equal(fake_assign(A, &master[DSP1]), -EIO);
        assert_true(said("a core does not go into reset"));
        assert_int_equal(emulation(), IDLE);
    }
    fake_assert_left(&before);
    fake.prcm.model.foreign_changes = 0; /* ours, of before */
}

/* What the core's program wrote there does not keep the EDMA out of the sink. */
static void edma_mmu_that_its_program_switched_off(void **state)
{
    (void)state;
    give_dsp();
    start();
    edma_waits();
    mmu_reg_write(&fake.hw[1].model, MMU_CNTL, 4, 0);
    mmu_reg_write(&fake.hw[1].model, MMU_TTB, 4, 0x12345680);
    stop();
    assert_sunk();
    assert_int_equal(mmu_reg_read(&fake.hw[1].model, MMU_TTB, 4),
                     omap_mmu_find(&mmu[1])->empty_root.v);
    assert_int_equal(mmu_reg_read(&fake.hw[1].model, MMU_CNTL, 4), 6);
    take_dsp();
}

static void emulation_clock_is_kept_awake(void **state)
{
    (void)state;
    assert_int_equal(emulation(), IDLE);
    give_dsp();
    assert_int_equal(emulation(), AWAKE);
    take_dsp();
    assert_int_equal(emulation(), IDLE);
}

static unsigned int asleep;

static void look_whether_awake(spinlock_t *lock)
{
    asleep += emulation() != AWAKE;
    fake.on_unlock = look_whether_awake;
}

/* Each change of a word is, but the last of each of its MMUs: that of the clock's own. */
static void emulation_clock_is_awake_while_boot_puts_it_off(void **state)
{
    (void)state;
    prcm.unit[UNIT].started = 1;
    asleep = 0;
    fake.on_unlock = look_whether_awake;
    boot();
    fake.on_unlock = NULL;
    assert_true(said("/ocp/dsp@40800000: in reset, though it ran"));
    assert_int_equal(asleep, MMUS);
    assert_int_equal(emulation(), IDLE);
}

static void mmu_resets_of_two_processors(void **state)
{
    (void)state;
    module_resets[1][0] = names_one(&prm_dsp, 2, 1);
    boot();
    assert_true(said("its reset is not that of its processor's other MMU"));
    assert_int_equal(fake_assign(A, &master[DSP1]), -EINVAL);
}

static void wrong_mmuconfigs(void **state)
{
    static const char *const words = "its ti,syscon-mmuconfig is not";

    (void)state;
    put_cell(mmuconfig[0] + 4, 2);
    of_mmu[1][0].cells.size = 4;
    boot();
    assert_true(strstr(strstr(fake.log, words) + 1, words));
}

static void same_mmuconfig_twice(void **state)
{
    (void)state;
    put_cell(mmuconfig[1] + 4, 0);
    boot();
    assert_true(
        said("does not name the DSP_SYSTEM of the pages before its own"));
    assert_int_equal(fake_assign(A, &master[DSP1]), -EINVAL);
}

/* The one that comes second would lead the first's requester. */
static void same_mmu_twice(void **state)
{
    (void)state;
    mmu[1].base = mmu[0].base;
    put_cell(mmuconfig[1] + 4, 0);
    boot();
    assert_true(said("the two MMUs of its DSP do not name one DSP_SYSTEM"));
    assert_int_equal(fake_assign(A, &master[DSP1]), -EINVAL);
}

static void dsp_systems_that_cannot_be_had(void **state)
{
    (void)state;
    dsp_system.base += 0x100;
    boot();
    assert_true(said("DSP_SYSTEM's reg is not the start of a page"));
    assert_int_equal(fake_assign(A, &master[DSP1]), -EOPNOTSUPP);
}

static void dsp_system_that_cannot_be_mapped(void **state)
{
    (void)state;
    fake.dsp.unmappable = true;
    boot();
    assert_true(said("DSP_SYSTEM or the EDMA beside it cannot be mapped"));
    assert_int_equal(fake_assign(A, &master[DSP1]), -EOPNOTSUPP);
    assert_false(answers(UNIT));
}

/* Without its resets nothing keeps it from going around. */
static void resets_that_are_not_xens(void **state)
{
    (void)state;
    master[DSP1].resets = NULL;
    fake.hw[0].switched = fake.hw[1].switched = false;
    boot();
    assert_true(said("so that DSP_SYSTEM may lead it around"));
    assert_true(said("not touched"));
    assert_false(said("in quarantine"));
    assert_int_equal(fake_assign(A, &master[DSP1]), -EOPNOTSUPP);
}

/* Both name the other DSP's: it is routed, and this one goes around. */
static void dsp_system_of_another_dsp(void **state)
{
    (void)state;
    dsp_system.base += 0x800000;
    fake.dsp.base = dsp_system.base;
    boot();
    assert_true(
        said("does not name the DSP_SYSTEM of the pages before its own"));
    assert_int_equal(fake_assign(A, &master[DSP1]), -EOPNOTSUPP);
    assert_null(omap_mmu_find(&mmu[0])->processor->dsp);
    assert_int_equal(dsp_system.used_by, 0);
}

/* A has it at another address of its, and may: Xen permitted it. */
static int given_with_page(paddr_t page)
{
    fake_map(0x0e200, 0, page >> PAGE_SHIFT, p2m_mmio_direct_dev,
             p2m_access_rwx);
    A->iomem_first = A->iomem_last = page >> PAGE_SHIFT;

    return fake_assign(A, &master[DSP1]);
}

/* DSP_SYSTEM, the EDMA's controllers, its list of transfers, and what is between. */
static void pages_that_are_mapped_elsewhere(void **state)
{
    static const paddr_t offsets[] = { 0,       0x5000,  0x6000,
                                       0x10000, 0x14000, 0x17000 };
    unsigned int i;

    (void)state;
    for ( i = 0; i < ARRAY_SIZE(offsets); i++ )
    {
        forget_said();
        assert_int_equal(given_with_page(SYSTEM + offsets[i]), -EINVAL);
        assert_true(said("the page of an MMU's registers, this one's or "
                         "another's, or of a DSP's EDMA (take it out"));
        fake_assert_left(&before);
        assert_true(omap_mmu_lies_within(SYSTEM + offsets[i], 4));
    }
    assert_false(omap_mmu_lies_within(SYSTEM + 0x18000, 4));
    assert_int_equal(given_with_page(SYSTEM + 0x18000), 0);
    take_dsp();
}

/* Its page stays trapped, and is another domain's DSP by now. */
static void former_owner_writes_its_page(void **state)
{
    (void)state;
    give_dsp();
    assert_int_equal(fake_release(A, &master[DSP1]), 0);
    assert_int_equal(fake_assign(B, &master[DSP1]), 0);
    fake_trap_write(A, MMU_CONFIG, 0x11);
    assert_int_equal(fake_trap_read(A, MMU_CONFIG), 0);
    assert_int_equal(fake_trap_read(B, MMU_CONFIG), 0);
    assert_true(omap_mmu_find(&mmu[0])->vmmu->around);
    assert_int_equal(fake_release(B, &master[DSP1]), 0);
}

static void page_that_does_not_trap(void **state)
{
    (void)state;
    fake_ram_in(A, SYSTEM >> PAGE_SHIFT, 0, OTHER_MFN);
    assert_int_equal(fake_assign(A, &master[DSP1]), -EINVAL);
    assert_true(said("has memory or a device where DSP_SYSTEM is"));
    assert_false(answers(UNIT));
    assert_int_equal(A->arch.vmmio.num_entries, 0);
}

/* The control page and DSP_SYSTEM's; then the MMUs'. */
static void pages_need_two_traps(void **state)
{
    (void)state;
    A->arch.vmmio.max_num_entries = 1;
    assert_int_equal(fake_assign(A, &master[DSP1]), -EINVAL);
    assert_true(
        said("/ocp/dsp@40800000: not given to d1: the domain has no trap "
             "handler left"));
    assert_int_equal(A->arch.vmmio.num_entries, 0);
    assert_false(answers(UNIT));

    A->arch.vmmio.max_num_entries = 2;
    assert_int_equal(fake_assign(A, &master[DSP1]), -EINVAL);
    assert_true(said("not given to d1: the domain has no trap handler left"));
    assert_int_equal(A->arch.vmmio.num_entries, 2);
    A->arch.vmmio.max_num_entries = 4;
    give_dsp();
    take_dsp();
}

static void control_page_at_dsp_system(void **state)
{
    (void)state;
    put_cell(control[0], SYSTEM);
    boot();
    assert_int_equal(fake_assign(A, &master[DSP1]), -EINVAL);
    assert_true(said("where its control page is to be"));
    assert_int_equal(A->arch.vmmio.num_entries, 0);
}

/* dom0 has the PRCM: its reset of the DSP would lead that around its MMUs. */
static void dom0_does_not_get_it(void **state)
{
    (void)state;
    A->hardware = true;
    assert_int_equal(fake_assign(A, &master[DSP1]), -EINVAL);
    assert_true(said("/ocp/dsp@40800000: not given to d1: dom0 could reset it, "
                     "and so lead it around its MMUs (give it to another "
                     "domain: xen,passthrough in the host's node)\n"));
    assert_false(answers(UNIT));
    assert_int_equal(A->arch.vmmio.num_entries, 0);
    fake_assert_left(&before);
}

/* It reaches nothing, and sees zeros where the MMUs' registers are. */
static void dom0_that_boots_gets_it_without_its_mmus(void **state)
{
    (void)state;
    A->hardware = true;
    system_state = SYS_STATE_boot;
    assert_int_equal(fake_assign(A, &master[DSP1]), 0);
    assert_true(said("d1 gets it without its MMU"));
    assert_false(answers(UNIT));
    assert_int_equal(fake_trap_read(A, SYSTEM + PAGE_SIZE + MMU_REVISION), 0);
    system_state = SYS_STATE_active;
}

static void nobody_else_has_dsp_system(void **state)
{
    (void)state;
    assert_int_equal(dsp_system.used_by, DOMID_XEN);
}

#define DSP_TEST(f) cmocka_unit_test_setup_teardown(f, booted_dra7, power_down)
#define DSP_TEST_UNBOOTED(f) \
    cmocka_unit_test_setup_teardown(f, a_dra7, power_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DSP_TEST(both_are_given_and_taken),
        DSP_TEST(hardware_goes_through_both),
        DSP_TEST(hardware_goes_through_both_after_the_core),
        DSP_TEST(dsp_that_goes_around_is_told),
        DSP_TEST(no_core_starts_if_it_may_go_around),
        DSP_TEST(dsp_that_may_go_around_is_not_given),
        DSP_TEST(guest_has_a_page_of_its_own),
        DSP_TEST(guests_mmu_reset_leads_around_again),
        DSP_TEST(next_owner_finds_mmu_config_as_after_a_reset),
        DSP_TEST(one_of_them_starts_nothing),
        DSP_TEST(all_or_none),
        DSP_TEST(edma_comes_to_rest),
        DSP_TEST(transfer_controllers_come_to_rest),
        DSP_TEST(chained_transfers_come_to_rest),
        DSP_TEST(each_busy_bit_is_awaited),
        DSP_TEST(each_parameter_set_is_cleared),
        DSP_TEST(waiting_edma_ends_in_a_page_of_xens),
        DSP_TEST(waiting_edma_ends_with_its_domain),
        DSP_TEST(edma_mmu_that_its_program_switched_off),
        DSP_TEST(core_that_never_goes_into_reset),
        DSP_TEST(both_are_in_quarantine_before_the_first_is_set_up),
        DSP_TEST(dsp_whose_mmu_has_no_clock_is_not_given),
        DSP_TEST_UNBOOTED(no_memory_for_the_sink),
        DSP_TEST(no_fault_is_shown_while_the_core_is_in_reset),
        DSP_TEST(failed_start_holds_both),
        DSP_TEST(key_shows_where_each_leads),
        DSP_TEST(edma_rests_at_the_end_of_its_domain),
        DSP_TEST(edma_that_goes_on_behind_a_core_in_reset),
        DSP_TEST(edma_that_never_rests_keeps_its_mmu_out_of_reset),
        DSP_TEST(edma_that_does_not_rest),
        DSP_TEST(edma_of_each_domain_is_told),
        DSP_TEST(dsp_whose_edma_works_after_a_reset_is_not_given),
        DSP_TEST(emulation_clock_is_kept_awake),
        DSP_TEST_UNBOOTED(emulation_clock_is_awake_while_boot_puts_it_off),
        DSP_TEST_UNBOOTED(mmu_resets_of_two_processors),
        DSP_TEST_UNBOOTED(wrong_mmuconfigs),
        DSP_TEST_UNBOOTED(same_mmuconfig_twice),
        DSP_TEST_UNBOOTED(same_mmu_twice),
        DSP_TEST_UNBOOTED(dsp_systems_that_cannot_be_had),
        DSP_TEST_UNBOOTED(dsp_system_that_cannot_be_mapped),
        DSP_TEST_UNBOOTED(resets_that_are_not_xens),
        DSP_TEST_UNBOOTED(dsp_system_of_another_dsp),
        DSP_TEST(pages_that_are_mapped_elsewhere),
        DSP_TEST(former_owner_writes_its_page),
        DSP_TEST(page_that_does_not_trap),
        DSP_TEST(pages_need_two_traps),
        DSP_TEST_UNBOOTED(control_page_at_dsp_system),
        DSP_TEST(dom0_does_not_get_it),
        DSP_TEST(dom0_that_boots_gets_it_without_its_mmus),
        DSP_TEST(nobody_else_has_dsp_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
