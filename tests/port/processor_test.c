/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processors whose resets are Xen's: off at boot, started by their guest, in reset before
 * anything of a domain is given back. The port as it is, on the fake of Xen and a model of
 * the hardware, where an access to an MMU that is off ends the test.
 */
#include <xen/kernel.h>

#include <asm/mmio.h>

#include "power_board.h"

/* The debug key's line of an unassigned MMU. */
static void assert_at_rest(unsigned int n, const char *words)
{
    char line[128];

    forget_said();
    fake.key('U');
    snprintf(line, sizeof(line), "omap-mmu: %s: %s", mmu[n].full_name, words);
    if ( !said(line) )
        fail_msg("said %s, not %s", fake.log, line);
}

/* Boot */

static void boot_touches_no_mmu(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < MMUS; i++ )
    {
        assert_false(answers(i));
        assert_int_equal(event(i, PRCM_MMU_RELEASED, 0), PRCM_NONE);
    }
    assert_true(said("omap-mmu: /ocp/ipu: in reset\n"));
    assert_true(said("/ocp/mmu@55082000: 32 TLB entries, irq 100, off\n"));
    assert_false(said("revision"));
    assert_false(said("cannot be used"));
}

static void boot_ends_what_a_boot_loader_started(void **state)
{
    (void)state;
    prcm.unit[IPU].started = 5;
    boot();
    assert_false(runs(IPU, 0));
    assert_false(answers(IPU));
    if (
        !said(
            "/ocp/ipu: in reset, though it ran: a boot loader had started it\n") )
        fail_msg("said %s", fake.log);
    assert_true(event(IPU, PRCM_CORE_ASSERTED, 0) <
                event(IPU, PRCM_MMU_ASSERTED, 0));
}

static void core_that_cannot_be_held_is_nobodys(void **state)
{
    (void)state;
    prcm.unit[IPU].started = 5;
    fake_prcm_start(&prcm);
    never(IPU, PRCM_DELAY_RSTCTRL);
    assert_int_equal(fake_probe(&mmu[IPU]), 0);
    before = fake.left;
    assert_true(said("a core of its processor does not go into reset"));
    assert_int_equal(event(IPU, PRCM_MMU_ASSERTED, 0), PRCM_NONE);
    assert_int_equal(fake_assign(A, &master[IPU]), -EOPNOTSUPP);
    fake_assert_left(&before);
}

static void no_mmu_reset(spinlock_t *lock)
{
    if ( event(IPU, PRCM_CORE_ASSERTED, 0) != PRCM_NONE )
        never(IPU, PRCM_DELAY_RSTCTRL);
    else
        fake.on_unlock = no_mmu_reset;
}

/* Its cores do, so the message is of the MMU. */
static void mmu_that_cannot_be_reset_is_nobodys(void **state)
{
    (void)state;
    prcm.unit[IPU].started = 5;
    fake_prcm_start(&prcm);
    fake.on_unlock = no_mmu_reset;
    assert_int_equal(fake_probe(&mmu[IPU]), 0);
    before = fake.left;
    if ( !said("cannot be used: it does not go into reset (see who") )
        fail_msg("said %s", fake.log);
    assert_false(runs(IPU, 0));
    assert_int_equal(fake_assign(A, &master[IPU]), -EOPNOTSUPP);
}

/* Assignment */

static void assigned_processor_is_ready(void **state)
{
    (void)state;
    assert_int_equal(fake_assign(A, &master[IPU]), 0);
    assert_true(answers(IPU));
    assert_false(answers(DSP));
    assert_false(runs(IPU, 0));
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 7);
    assert_int_equal(omap_mmu_find(&mmu[IPU])->config.revision, 0x20);
    take_back(A, IPU);
    assert_false(answers(IPU));
    fake_assert_left(&before);
    assert_true(said("back from d1, off"));
    assert_at_rest(IPU, "off");
}

static void power_that_does_not_come_is_told(void **state)
{
    static const struct {
        enum prcm_delay what;
        const char *words;
    } cases[] = {
        { PRCM_DELAY_POWER,
          "/ocp/dsp: not given to d1: its power domain does not "
          "come on (see that nobody else holds" },
        { PRCM_DELAY_RSTST,
          "/ocp/dsp: not given to d1: its MMU does not come out of "
          "reset (" },
        { PRCM_DELAY_MODULE,
          "/ocp/dsp: not given to d1: its module does not leave "
          "idle (" },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < ARRAY_SIZE(cases); i++ )
    {
        never(DSP, cases[i].what);
        forget_said();
        assert_int_equal(fake_assign(A, &master[DSP]), -EIO);
        if ( !said(cases[i].words) )
            fail_msg("said %s, not %s", fake.log, cases[i].words);
        assert_false(answers(DSP));
        assert_int_equal(A->arch.vmmio.num_entries, 0);
        fake_assert_left(&before);
        prcm_set_delay(&fake.prcm.model, DSP, cases[i].what, 0);
    }
    give(A, DSP);
    take_back(A, DSP);
}

static void silent_mmu_is_off_again(void **state)
{
    (void)state;
    fake.hw[IPU].silent = true;
    assert_int_equal(fake_assign(A, &master[IPU]), -EIO);
    assert_true(said("do not answer as written"));
    assert_false(answers(IPU));
    fake_assert_left(&before);
}

/* Each allocation fails, one after the other. */
static void failed_assignment_is_off_again(void **state)
{
    unsigned int n;
    int rc = -ENOMEM;

    (void)state;
    for ( n = 1; rc; n++ )
    {
        fake.fails_at = n;
        rc = fake_assign(A, &master[IPU]);
        assert_int_equal(answers(IPU), !rc);
    }
    assert_in_range(n, 4, 10);
    fake.fails_at = 0;
    take_back(A, IPU);
    fake_assert_left(&before);
}

static void assert_uncontrolled(int rc, const char *words)
{
    forget_said();
    assert_int_equal(fake_assign(A, &master[IPU]), rc);
    if ( !said(words) )
        fail_msg("said %s, not %s", fake.log, words);
    assert_false(answers(IPU));
    fake_assert_left(&before);
}

static void control_page_needs_room(void **state)
{
    (void)state;
    fake_ram_in(A, CONTROL_IPU >> PAGE_SHIFT, 0, OTHER_MFN);
    assert_uncontrolled(-EINVAL,
                        "/ocp/ipu: not given to d1: the domain has memory or a "
                        "device where its control page is to be (move that by "
                        "xen,omap-control in the host's node)\n");
}

static void control_page_needs_a_trap(void **state)
{
    (void)state;
    A->arch.vmmio.max_num_entries = 0;
    assert_uncontrolled(-EINVAL,
                        "/ocp/ipu: not given to d1: the domain has no trap "
                        "handler left (give it fewer devices, or raise "
                        "MAX_IO_HANDLER in Xen's source)\n");
}

/* Of two traps, the MMU's comes second. */
static void mmu_needs_a_trap_beside_it(void **state)
{
    (void)state;
    A->arch.vmmio.max_num_entries = 1;
    assert_uncontrolled(-EINVAL,
                        "/ocp/mmu@55082000: not given to d1: the domain has "
                        "no trap handler left");
}

static void domain_that_runs_gets_no_control_page(void **state)
{
    (void)state;
    A->creation_finished = true;
    assert_uncontrolled(
        -EINVAL, "/ocp/ipu: not given to d1: the domain runs already (assign "
                 "the device before it first does)\n");
}

static void processor_without_a_control_page_is_dom0s_only(void **state)
{
    (void)state;
    master[IPU].control.bytes = NULL;
    boot();
    assert_uncontrolled(
        -EINVAL, "/ocp/ipu: not given to d1: nobody but Xen could start it "
                 "(give its host node xen,omap-control = <the guest address "
                 "of a free page>)\n");
    A->hardware = true;
    assert_int_equal(fake_assign(A, &master[IPU]), 0);
    assert_true(answers(IPU));
    take_back(A, IPU);
    fake_assert_left(&before);
}

static void control_page_is_one_cell(void **state)
{
    (void)state;
    master[IPU].control.size = 8;
    put_cell(control[DSP], CONTROL_DSP + 4);
    boot();
    assert_uncontrolled(-EINVAL,
                        "its xen,omap-control is not one cell with the "
                        "address of a page (write <0x...000>)\n");
    assert_int_equal(fake_assign(A, &master[DSP]), -EINVAL);
}

/* The guest */

static void guest_starts_and_stops_its_cores(void **state)
{
    (void)state;
    give(A, IPU);
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_true(runs(IPU, 0));
    assert_false(runs(IPU, 1));
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 6);
    fake_trap_write(A, CONTROL_IPU + RESETS, 4);
    assert_true(runs(IPU, 1));
    assert_true(reaches(IPU, MEMORY));
    fake_trap_write(A, CONTROL_IPU + RESETS, 7);
    assert_false(runs(IPU, 0));
    assert_false(runs(IPU, 1));
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 7);
    take_back(A, IPU);
    fake_assert_left(&before);
}

static bool is_held(unsigned int n)
{
    return omap_mmu_find(&mmu[n])->vmmu->held;
}

/* The faults of a core that runs reach the guest. */
static void mmu_is_held_with_the_last_core(void **state)
{
    (void)state;
    give(A, IPU);
    assert_true(is_held(IPU));
    fake_trap_write(A, CONTROL_IPU + RESETS, 4);
    fake_trap_write(A, CONTROL_IPU + RESETS, 5);
    assert_false(is_held(IPU));
    fake_trap_write(A, CONTROL_IPU + RESETS, 7);
    assert_true(is_held(IPU));
    assert_false(reaches(IPU, MEMORY));
    fake_trap_write(A, CONTROL_IPU + RESETS, 5);
    assert_false(is_held(IPU));
    assert_true(reaches(IPU, MEMORY));
    take_back(A, IPU);
    fake_assert_left(&before);
}

/* Whether its MMU answered or not; another core that runs is served as before. */
static void mmu_is_held_if_the_core_does_not_start(void **state)
{
    (void)state;
    give(A, IPU);
    never(IPU, PRCM_DELAY_RSTST);
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_false(runs(IPU, 0));
    assert_true(is_held(IPU));
    prcm_set_delay(&fake.prcm.model, IPU, PRCM_DELAY_RSTST, 0);

    fake.hw[IPU].silent = true;
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_true(is_held(IPU));
    fake.hw[IPU].silent = false;

    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_false(is_held(IPU));
    never(IPU, PRCM_DELAY_RSTST);
    fake_trap_write(A, CONTROL_IPU + RESETS, 4);
    assert_true(runs(IPU, 0) && !runs(IPU, 1));
    assert_false(is_held(IPU));
    take_back(A, IPU);
}

/* dom0 starts it by the PRCM, which Xen does not see. */
static void mmu_of_dom0_is_not_held(void **state)
{
    (void)state;
    A->hardware = true;
    give(A, IPU);
    assert_false(is_held(IPU));
    assert_true(reaches(IPU, MEMORY));
    take_back(A, IPU);
}

/* Its guest never set its MMU up: the former owner's program is gone anyway. */
static void started_core_is_served(void **state)
{
    (void)state;
    assert_int_equal(fake_assign(A, &master[IPU]), 0);
    fake.hw[IPU].allowed = A;
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_true(reaches(IPU, MEMORY));
    take_back(A, IPU);
}

static void core_starts_only_behind_an_armed_mmu(void **state)
{
    uint64_t start;

    (void)state;
    give(A, IPU);
    prcm_power_failure(&fake.prcm.model, IPU);
    start = fake.prcm.model.records;
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_true(runs(IPU, 0));
    assert_true(event(IPU, PRCM_MMU_CNTL, start) <
                event(IPU, PRCM_CORE_RELEASED, start));
    assert_true(reaches(IPU, MEMORY));

    fake_trap_write(A, CONTROL_IPU + RESETS, 7);
    fake.hw[IPU].silent = true;
    forget_said();
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_false(runs(IPU, 0));
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 7);
    assert_true(
        said("/ocp/ipu: d1: core 0 stays in reset: registers do not hold what "
             "Xen wrote, so clock or power was lost: /ocp/mmu@55082000\n"));
    /* The guest can try for ever. */
    forget_said();
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_int_equal(fake.logged, 0);
    fake.hw[IPU].silent = false;
    take_back(A, IPU);
}

static void core_that_does_not_start_is_held(void **state)
{
    (void)state;
    give(A, IPU);
    never(IPU, PRCM_DELAY_RSTST);
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_false(runs(IPU, 0));
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 7);
    assert_true(
        said("core 0 stays in reset: a core does not come out of reset\n"));
    prcm_set_delay(&fake.prcm.model, IPU, PRCM_DELAY_RSTST, 0);
    take_back(A, IPU);

    /* It is logged for the next domain as well. */
    give(B, IPU);
    never(IPU, PRCM_DELAY_RSTST);
    forget_said();
    fake_trap_write(B, CONTROL_IPU + RESETS, 6);
    assert_true(said("d2: core 0 stays in reset"));
    take_back(B, IPU);
}

static void no_reset_any_more(spinlock_t *lock)
{
    if ( event(IPU, PRCM_CORE_RELEASED, 0) != PRCM_NONE )
        never(IPU, PRCM_DELAY_RSTCTRL);
    else
        fake.on_unlock = no_reset_any_more;
}

/* A core that stays in reset is logged; then one that still runs is, too. */
static void each_kind_of_failure_is_told_once(void **state)
{
    (void)state;
    give_running(A);
    fake.hw[IPU].silent = true;
    fake_trap_write(A, CONTROL_IPU + RESETS, 4);
    assert_true(said("core 1 stays in reset: registers do not hold"));
    fake.hw[IPU].silent = false;

    never(IPU, PRCM_DELAY_RSTCTRL);
    forget_said();
    fake_trap_write(A, CONTROL_IPU + RESETS, 7);
    assert_true(said("core 0 may run: a core does not go into reset"));
    forget_said();
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    fake_trap_write(A, CONTROL_IPU + RESETS, 7);
    assert_int_equal(fake.logged, 0);
    prcm_set_delay(&fake.prcm.model, IPU, PRCM_DELAY_RSTCTRL, 0);
    take_back(A, IPU);
}

static unsigned int accesses_of(uint32_t resets)
{
    fake.prcm.accesses = 0;
    fake_trap_write(A, CONTROL_IPU + RESETS, resets);

    return fake.prcm.accesses;
}

/* Two cores take no more polls than one. */
static void cores_are_waited_for_together(void **state)
{
    (void)state;
    give(A, IPU);
    never(IPU, PRCM_DELAY_RSTST);
    fake.on_unlock = no_reset_any_more;
    assert_in_range(accesses_of(4), 2 * POWER_POLLS, 2 * POWER_POLLS + 20);
    assert_true(said("core 0 may run"));
    assert_in_range(accesses_of(7), 0, POWER_POLLS + 20);

    prcm_set_delay(&fake.prcm.model, IPU, PRCM_DELAY_RSTCTRL, 0);
    fake_trap_write(A, CONTROL_IPU + RESETS, 3);
    fake_trap_write(A, CONTROL_IPU + RESETS, 7);
    assert_in_range(accesses_of(4), POWER_POLLS, POWER_POLLS + 20);
    assert_true(said("core 0 stays in reset"));
    take_back(A, IPU);
}

/* The costliest write: one core stops late, another starts late, unseen, and stops late. */
static void stop_and_start_take_four_waits(void **state)
{
    (void)state;
    give(A, IPU);
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    prcm_set_delay(&fake.prcm.model, IPU, PRCM_DELAY_RSTCTRL, POWER_POLLS - 1);
    never(IPU, PRCM_DELAY_RSTST);
    assert_in_range(accesses_of(5), 4 * POWER_POLLS - 20, 4 * POWER_POLLS + 20);
    assert_true(
        said("core 1 stays in reset: a core does not come out of reset"));
    assert_false(runs(IPU, 0) || runs(IPU, 1));
    take_back(A, IPU);
}

/* The other core continues: its accesses do not wait behind those of the stopped one. */
static void stall_of_one_core_ends_with_it(void **state)
{
    (void)state;
    give_running(A);
    fake_trap_write(A, CONTROL_IPU + RESETS, 4);
    write_reg(A, IPU, MMU_IRQENABLE, IRQ_ALL);
    write_reg(A, IPU, MMU_CNTL, CNTL_MMUENABLE);
    assert_false(reaches(IPU, MEMORY));
    assert_int_equal(omap_mmu_find(&mmu[IPU])->vmmu->state, VMMU_STALLED);
    fake_trap_write(A, CONTROL_IPU + RESETS, 5);
    assert_true(runs(IPU, 1));
    assert_int_equal(omap_mmu_find(&mmu[IPU])->vmmu->state, VMMU_RUNNING);
    take_back(A, IPU);
}

/* The core that waits in vain is reset: the next access is served. */
static void stall_ends_with_its_requester(void **state)
{
    (void)state;
    give_running(A);
    write_reg(A, IPU, MMU_IRQENABLE, IRQ_ALL);
    write_reg(A, IPU, MMU_CNTL, CNTL_MMUENABLE);
    assert_false(reaches(IPU, MEMORY));
    assert_int_equal(omap_mmu_find(&mmu[IPU])->vmmu->state, VMMU_STALLED);
    fake_trap_write(A, CONTROL_IPU + RESETS, 7);
    assert_int_equal(omap_mmu_find(&mmu[IPU])->vmmu->state, VMMU_RUNNING);
    take_back(A, IPU);
}

static void mmus_reset_is_the_virtual_ones(void **state)
{
    (void)state;
    give_running(A);
    write_reg(A, IPU, MMU_TTB, 0x80004000);
    fake_trap_write(A, CONTROL_IPU + RESETS, 2);
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 2);
    assert_int_equal(read_reg(A, IPU, MMU_TTB), 0x80004000);
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 6);
    assert_int_equal(read_reg(A, IPU, MMU_TTB), 0);
    assert_true(answers(IPU));
    assert_true(runs(IPU, 0));
    assert_true(reaches(IPU, MEMORY));
    take_back(A, IPU);
}

static void all_else_reads_as_zero(void **state)
{
    unsigned int offset;

    (void)state;
    give(A, IPU);
    for ( offset = 4; offset < PAGE_SIZE; offset += 4 )
    {
        fake_trap_write(A, CONTROL_IPU + offset, 0xffffffff);
        assert_int_equal(fake_trap_read(A, CONTROL_IPU + offset), 0);
    }
    fake_trap_write(A, CONTROL_IPU + 2, 0);
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + 2), 0);
    assert_false(runs(IPU, 0));
    fake_trap_write(A, CONTROL_IPU + RESETS, 0xfffffff7);
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 7);
    take_back(A, IPU);
}

/* Bytes and halves of words: the page has words only. */
static void only_words_are_registers(void **state)
{
    const struct mmio_handler *h = &A->arch.vmmio.handlers[0];
    mmio_info_t info = { .gpa = CONTROL_IPU + RESETS };
    struct vcpu v = { .domain = A };
    register_t r;

    (void)state;
    give(A, IPU);
    assert_int_equal(h->addr, CONTROL_IPU);
    for ( info.dabt.size = 0; info.dabt.size < 2; info.dabt.size++ )
    {
        r = ~0u;
        assert_int_equal(h->ops->read(&v, &info, &r, h->priv), 1);
        assert_int_equal(r, 0);
        assert_int_equal(h->ops->write(&v, &info, 0, h->priv), 1);
        assert_false(runs(IPU, 0));
    }
    take_back(A, IPU);
}

static void boot_register_is_the_processors_part_of_a_word(void **state)
{
    (void)state;
    give(A, DSP);
    assert_int_equal(fake_trap_read(A, CONTROL_DSP + BOOT), 0);
    fake_trap_write(A, CONTROL_DSP + BOOT, 0x80000fff);
    assert_int_equal(fake_trap_read(A, CONTROL_DSP + BOOT), 0x80000c00);
    assert_int_equal(prcm_peek(&fake.prcm.model, 0x4a002304),
                     0x80000c00 | (FILL & 0x3ff));
    take_back(A, DSP);
    give(B, DSP);
    assert_int_equal(fake_trap_read(B, CONTROL_DSP + BOOT), 0);
    take_back(B, DSP);
}

static void control_page_is_its_owners(void **state)
{
    (void)state;
    give_running(A);
    take_back(A, IPU);
    fake_trap_write(A, CONTROL_IPU + RESETS, 0);
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 0);
    give(B, IPU);
    fake_trap_write(A, CONTROL_IPU + RESETS, 0);
    assert_false(runs(IPU, 0));
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 0);
    assert_int_equal(fake_trap_read(B, CONTROL_IPU + RESETS), 7);
    take_back(B, IPU);
}

/* The end */

static unsigned int references_then;

static void note_references(spinlock_t *lock)
{
    references_then = fake.left.references;
}

/* The core is in reset before the table changes, and before any page is given back. */
static void core_is_reset_before_anything_else(void **state)
{
    uint64_t end, reset;

    (void)state;
    give_running(A);
    assert_true(reaches(IPU, MEMORY));
    end = fake.prcm.model.records;
    references_then = 0;
    fake.on_unlock =
        note_references; /* the processor's: the first to be let go */
    assert_int_equal(fake_release(A, &master[IPU]), 0);
    assert_true(references_then > 0);
    reset = event(IPU, PRCM_CORE_ASSERTED, end);
    assert_int_equal(reset, end);
    assert_true(event(IPU, PRCM_CORE_STOPS, end) <
                event(IPU, PRCM_MMU_TTB, end));
    assert_true(event(IPU, PRCM_MMU_TTB, end) <
                event(IPU, PRCM_MMU_ASSERTED, end));
    fake_assert_left(&before);
    assert_false(answers(IPU));
}

static void next_owner_starts_from_reset(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 3; i++ )
    {
        struct domain *d = i % 2 ? B : A;

        d->is_dying = false;
        give_running(d);
        assert_true(reaches(IPU, MEMORY + 0x5000));
        assert_false(reaches(IPU, 0x10000000));
        take_back(d, IPU);
        fake_assert_left(&before);
    }
}

/* Xen does not tell of it. */
static void domain_that_crashed_has_no_processor(void **state)
{
    (void)state;
    give_running(A);
    fake_run_until(fake.now + SECONDS(3));
    assert_true(runs(IPU, 0));
    A->is_shutting_down = true;
    fake_run_until(fake.now + SECONDS(1) + MILLISECS(1));
    assert_false(runs(IPU, 0));
    assert_int_equal(fake_trap_read(A, CONTROL_IPU + RESETS), 7);
    take_back(A, IPU);
    fake_assert_left(&before);
}

static enum power_state state_of(unsigned int n)
{
    return omap_mmu_find(&mmu[n])->processor->prcm.power.state;
}

/* It is asked for again, until it has effect or the domain ends. */
static void crashed_domains_core_that_does_not_stop_at_once(void **state)
{
    (void)state;
    give_running(A);
    never(IPU, PRCM_DELAY_RSTCTRL);
    A->is_shutting_down = true;
    fake_run_until(fake.now + SECONDS(1) + MILLISECS(1));
    assert_true(said("core 0 may run: a core does not go into reset"));
    assert_true(runs(IPU, 0));
    assert_false(is_held(IPU));
    prcm_set_delay(&fake.prcm.model, IPU, PRCM_DELAY_RSTCTRL, 0);
    fake_run_until(fake.now + SECONDS(1) + MILLISECS(1));
    assert_false(runs(IPU, 0));
    assert_true(is_held(IPU));
    assert_int_equal(state_of(IPU), POWER_READY);
    take_back(A, IPU);
    fake_assert_left(&before);
}

/* RSTST does not show the release, nor can it be undone. */
static void core_that_may_have_started_is_watched(void **state)
{
    (void)state;
    give(A, IPU);
    never(IPU, PRCM_DELAY_RSTST);
    fake.on_unlock = no_reset_any_more;
    fake_trap_write(A, CONTROL_IPU + RESETS, 6);
    assert_null(fake.on_unlock);
    assert_int_equal(state_of(IPU), POWER_LIVE);
    if ( !said("core 0 may run: a core does not go into reset") )
        fail_msg("said %s", fake.log);
    A->is_shutting_down = true;
    prcm_set_delay(&fake.prcm.model, IPU, PRCM_DELAY_RSTCTRL, 0);
    fake_run_until(fake.now + SECONDS(1) + MILLISECS(1));
    assert_int_equal(state_of(IPU), POWER_READY);
    take_back(A, IPU);
    fake_assert_left(&before);
}

static void core_that_does_not_stop_keeps_its_mmu(void **state)
{
    (void)state;
    give_running(A);
    assert_true(reaches(IPU, MEMORY));
    never(IPU, PRCM_DELAY_RSTCTRL);
    forget_said();
    take_back(A, IPU);
    assert_true(
        said("/ocp/ipu: a core does not go into reset: it may run on, and "
             "reaches nothing"));
    assert_true(said("back from d1, in quarantine"));
    assert_at_rest(IPU, "in quarantine");
    assert_true(answers(IPU));
    assert_quarantined(IPU);
    fake_assert_left(&before);

    assert_int_equal(fake_assign(B, &master[IPU]), -EIO);
    assert_true(said("not given to d2: a core does not go into reset ("));
    assert_true(answers(IPU));
    fake_assert_left(&before);
}

/* The host's tree */

/* No word is touched of a processor whose tree is not understood. */
static void assert_not_understood(unsigned int n, const char *words)
{
    fake_prcm_start(&prcm);
    forget_said();
    assert_int_equal(fake_probe(&mmu[n]), 0);
    if ( !said(words) )
        fail_msg("said %s, not %s", fake.log, words);
    assert_true(said("cannot be used"));
    assert_true(said("not touched"));
    assert_int_equal(fake.prcm.mapped, 0);
    assert_int_equal(fake.prcm.model.records, 0);
    before = fake.left;
    assert_int_equal(fake_assign(A, &master[n]), -EOPNOTSUPP);
    assert_true(said("not given to d1"));
    fake_assert_left(&before);
    assert_at_rest(n, "not touched, cannot be used: ");
}

/* No domain gets it, nor the page of its registers, where an access may abort. */
static void registers_that_are_not_touched_are_nobodys(void **state)
{
    (void)state;
    prm_core.base = 0x4ae06800;
    assert_not_understood(IPU, "its reset controller is not one of those");
    assert_true(omap_mmu_lies_within(mmu[IPU].base, 4));

    system_state = SYS_STATE_boot;
    A->hardware = true;
    assert_int_equal(fake_assign(A, &master[IPU]), 0);
    assert_true(said("d1 gets it without its MMU"));
    assert_int_equal(A->arch.vmmio.num_entries, 1);
    assert_int_equal(read_reg(A, IPU, MMU_REVISION), 0);
    write_reg(A, IPU, MMU_CNTL, CNTL_MMUENABLE);
}

/* They may be the same registers: the other MMU is not used. */
static void page_of_registers_that_are_not_touched_is_shared(void **state)
{
    (void)state;
    prm_core.base = 0x4ae06800;
    fake_prcm_start(&prcm);
    fake.hw[DSP].base = mmu[DSP].base = mmu[IPU].base + 0x100;
    assert_int_equal(fake_probe(&mmu[IPU]), 0);
    assert_int_equal(fake_probe(&mmu[DSP]), 0);
    assert_true(
        said("/ocp/mmu@4a066000: cannot be used: its registers lie in the "
             "same page as another MMU's"));
    assert_int_equal(fake_assign(A, &master[DSP]), -EOPNOTSUPP);
}

static void unknown_reset_controller(void **state)
{
    (void)state;
    prm_core.base = 0x4ae06800;
    assert_not_understood(IPU,
                          "its reset controller is not one of those that this "
                          "driver knows");
}

static void reset_controller_of_another_soc(void **state)
{
    (void)state;
    prm_dsp.compatible = "ti,omap4-prm-inst";
    assert_not_understood(DSP, "its reset controller is not one of those");
}

static void reset_controller_without_reg(void **state)
{
    (void)state;
    prm_core.has_reg = false;
    assert_not_understood(IPU,
                          "its reset controller or the PRM around that has no "
                          "reg");
}

static void reset_controller_beyond_the_prm(void **state)
{
    (void)state;
    prm.size = 0x900;
    assert_not_understood(IPU, "its reset controller lies beyond the PRM");
}

static void three_cores(void **state)
{
    (void)state;
    resets[IPU][2] = names_one(&prm_core, 3, 1);
    assert_not_understood(IPU, "it has more than two resets");
}

static void reset_named_twice(void **state)
{
    (void)state;
    resets[IPU][1] = resets[IPU][0];
    assert_not_understood(IPU, "or one is named twice");
}

static void resets_of_two_controllers(void **state)
{
    (void)state;
    resets[IPU][1] = names_one(&prm_dsp, 1, 1);
    assert_not_understood(IPU, "its resets are of two controllers");
}

static void mmu_without_a_reset(void **state)
{
    (void)state;
    module_resets[IPU][0].np = NULL;
    assert_not_understood(IPU,
                          "neither its MMU's node nor the one around that has "
                          "resets");
}

static void mmu_whose_reset_is_elsewhere(void **state)
{
    (void)state;
    module_resets[IPU][0].np = &prm_dsp;
    assert_not_understood(
        IPU, "the reset of its MMU is not beside those of its cores");
}

static void mmu_whose_reset_is_a_cores(void **state)
{
    (void)state;
    module_resets[IPU][0].args[0] = 1;
    assert_not_understood(
        IPU, "the reset of its MMU is not beside those of its cores");
}

static void mmus_own_reset(void **state)
{
    (void)state;
    mmu[IPU].resets = module_resets[IPU];
    mmu[IPU].parent = NULL;
    boot();
    give_running(A);
    take_back(A, IPU);
}

static void no_clock(void **state)
{
    (void)state;
    clocks[IPU][0].np = NULL;
    assert_not_understood(IPU, "its first clock is not of a ti,clkctrl");
}

static void clock_of_another_kind(void **state)
{
    (void)state;
    clk_ipu.compatible = "fixed-clock";
    assert_not_understood(IPU, "its first clock is not of a ti,clkctrl");
}

static void clock_beyond_its_controller(void **state)
{
    (void)state;
    clocks[IPU][0].args[0] = 4;
    assert_not_understood(IPU, "its clock lies beyond the ti,clkctrl");
}

static void clock_without_a_domain(void **state)
{
    (void)state;
    clk_ipu.parent = NULL;
    assert_not_understood(
        IPU, "its clock lies beyond the ti,clkctrl, or that or the "
             "node around it has no reg");
}

static void boot_register_nowhere(void **state)
{
    (void)state;
    master[DSP].scm = NULL;
    assert_not_understood(DSP, "its ti,bootreg is not <a node with reg");
}

static void boot_register_beyond_its_node(void **state)
{
    (void)state;
    put_cell(bootreg + 4, 0x800);
    assert_not_understood(DSP, "its ti,bootreg is not <a node with reg");
}

static void boot_register_with_an_odd_shift(void **state)
{
    (void)state;
    put_cell(bootreg + 8, 8);
    assert_not_understood(DSP, "its ti,bootreg is not <a node with reg");
}

static void boot_register_that_is_too_short(void **state)
{
    (void)state;
    master[DSP].bootreg.size = 8;
    assert_not_understood(DSP, "its ti,bootreg is not <a node with reg");
}

static void boot_register_of_dra7(void **state)
{
    (void)state;
    put_cell(bootreg + 8, 10);
    prcm.unit[DSP].boot_shift = 10;
    boot();
    give(A, DSP);
    fake_trap_write(A, CONTROL_DSP + BOOT, 0xffe00123);
    assert_int_equal(fake_trap_read(A, CONTROL_DSP + BOOT), 0x00200123);
    take_back(A, DSP);
}

/* Each word, one after the other; the DSP has seven. */
static void words_that_cannot_be_mapped(void **state)
{
    (void)state;
    fake.prcm.unmappable = 7;
    assert_not_understood(
        DSP, "its words of power, clock and reset cannot be mapped");
}

/* IPU and DSP in one word: different bits are two processors', the same are not. */
static void words_may_be_shared(void **state)
{
    (void)state;
    resets[DSP][0] = names_one(&prm_core, 3, 1);
    module_resets[DSP][0] = names_one(&prm_core, 4, 1);
    prcm.unit[DSP].word[PRCM_RSTCTRL] = 0x4ae06910;
    prcm.unit[DSP].word[PRCM_RSTST] = 0x4ae06914;
    prcm.unit[DSP].word[PRCM_PWRSTCTRL] = 0;
    prcm.unit[DSP].word[PRCM_PWRSTST] = 0;
    prcm.unit[DSP].cores = 8;
    prcm.unit[DSP].mmu = 16;
    boot();
    give_running(A);
    give(B, DSP);
    fake_trap_write(B, CONTROL_DSP + RESETS, 2);
    assert_true(runs(IPU, 0));
    assert_true(runs(DSP, 0));
    take_back(A, IPU);
    assert_true(runs(DSP, 0));
    assert_true(answers(DSP));
    take_back(B, DSP);
}

/* The IPU's second core; all else is the DSP's own. */
static void bits_may_not_be_shared(void **state)
{
    (void)state;
    resets[DSP][0] = names_one(&prm_core, 3, 1);
    module_resets[DSP][0] = names_one(&prm_core, 1, 1);
    boot();
    assert_true(said("omap-mmu: /ocp/ipu: in reset\n"));
    assert_true(said("mmu@4a066000: cannot be used: another processor has the "
                     "same reset or clock"));
    assert_int_equal(fake_assign(A, &master[DSP]), -EOPNOTSUPP);
}

static void assert_alone(struct dt_phandle_args *resets_of_second)
{
    static struct dt_device_node *const same[] = { &mmu[0], NULL };
    struct dt_device_node second = { .full_name = "/ocp/second",
                                     .iommus = same,
                                     .resets = resets_of_second };

    master[1].allnext = &second;
    assert_not_understood(IPU, "another device is behind it, beside one whose "
                               "resets are Xen's");
    master[1].allnext = NULL;
}

static void two_processors_behind_one_mmu(void **state)
{
    (void)state;
    assert_alone(resets[IPU]);
}

/* An MMU in reset would let that device's addresses out. */
static void device_without_resets_behind_the_mmu(void **state)
{
    (void)state;
    assert_alone(NULL);
}

/* Those of another kind of controller, or none: as without this file. */
static void resets_that_are_not_the_prms(void **state)
{
    (void)state;
    prm_core.also = NULL;
    prm_core.compatible = "snps,dw-high-reset";
    master[DSP].resets = NULL;
    fake.hw[IPU].switched = fake.hw[DSP].switched = false;
    boot();
    assert_null(omap_mmu_find(&mmu[IPU])->processor);
    assert_null(omap_mmu_find(&mmu[DSP])->processor);
    assert_true(said("irq 100, in quarantine"));
    assert_true(
        said("omap-mmu: /ocp/mmu@55082000: its processor's resets are not "
             "Xen's: whoever has them must reset it between two owners\n"));
    give(A, IPU);
    assert_true(reaches(IPU, MEMORY));
    take_back(A, IPU);
    assert_quarantined(IPU);
}

static const struct CMUnitTest tests[] = {
    POWER_TEST(boot_touches_no_mmu),
    POWER_TEST_UNBOOTED(boot_ends_what_a_boot_loader_started),
    POWER_TEST_UNBOOTED(core_that_cannot_be_held_is_nobodys),
    POWER_TEST_UNBOOTED(mmu_that_cannot_be_reset_is_nobodys),
    POWER_TEST(assigned_processor_is_ready),
    POWER_TEST(power_that_does_not_come_is_told),
    POWER_TEST(silent_mmu_is_off_again),
    POWER_TEST(failed_assignment_is_off_again),
    POWER_TEST(control_page_needs_room),
    POWER_TEST(control_page_needs_a_trap),
    POWER_TEST(mmu_needs_a_trap_beside_it),
    POWER_TEST(domain_that_runs_gets_no_control_page),
    POWER_TEST_UNBOOTED(processor_without_a_control_page_is_dom0s_only),
    POWER_TEST_UNBOOTED(control_page_is_one_cell),
    POWER_TEST(guest_starts_and_stops_its_cores),
    POWER_TEST(mmu_is_held_with_the_last_core),
    POWER_TEST(mmu_is_held_if_the_core_does_not_start),
    POWER_TEST(mmu_of_dom0_is_not_held),
    POWER_TEST(started_core_is_served),
    POWER_TEST(core_starts_only_behind_an_armed_mmu),
    POWER_TEST(core_that_does_not_start_is_held),
    POWER_TEST(each_kind_of_failure_is_told_once),
    POWER_TEST(cores_are_waited_for_together),
    POWER_TEST(stop_and_start_take_four_waits),
    POWER_TEST(stall_of_one_core_ends_with_it),
    POWER_TEST(stall_ends_with_its_requester),
    POWER_TEST(mmus_reset_is_the_virtual_ones),
    POWER_TEST(all_else_reads_as_zero),
    POWER_TEST(only_words_are_registers),
    POWER_TEST(boot_register_is_the_processors_part_of_a_word),
    POWER_TEST(control_page_is_its_owners),
    POWER_TEST(core_is_reset_before_anything_else),
    POWER_TEST(next_owner_starts_from_reset),
    POWER_TEST(domain_that_crashed_has_no_processor),
    POWER_TEST(crashed_domains_core_that_does_not_stop_at_once),
    POWER_TEST(core_that_may_have_started_is_watched),
    POWER_TEST(core_that_does_not_stop_keeps_its_mmu),
    POWER_TEST_UNBOOTED(registers_that_are_not_touched_are_nobodys),
    POWER_TEST_UNBOOTED(page_of_registers_that_are_not_touched_is_shared),
    POWER_TEST_UNBOOTED(unknown_reset_controller),
    POWER_TEST_UNBOOTED(reset_controller_of_another_soc),
    POWER_TEST_UNBOOTED(reset_controller_without_reg),
    POWER_TEST_UNBOOTED(reset_controller_beyond_the_prm),
    POWER_TEST_UNBOOTED(three_cores),
    POWER_TEST_UNBOOTED(reset_named_twice),
    POWER_TEST_UNBOOTED(resets_of_two_controllers),
    POWER_TEST_UNBOOTED(mmu_without_a_reset),
    POWER_TEST_UNBOOTED(mmu_whose_reset_is_elsewhere),
    POWER_TEST_UNBOOTED(mmu_whose_reset_is_a_cores),
    POWER_TEST_UNBOOTED(mmus_own_reset),
    POWER_TEST_UNBOOTED(no_clock),
    POWER_TEST_UNBOOTED(clock_of_another_kind),
    POWER_TEST_UNBOOTED(clock_beyond_its_controller),
    POWER_TEST_UNBOOTED(clock_without_a_domain),
    POWER_TEST_UNBOOTED(boot_register_nowhere),
    POWER_TEST_UNBOOTED(boot_register_beyond_its_node),
    POWER_TEST_UNBOOTED(boot_register_with_an_odd_shift),
    POWER_TEST_UNBOOTED(boot_register_that_is_too_short),
    POWER_TEST_UNBOOTED(boot_register_of_dra7),
    POWER_TEST_UNBOOTED(words_that_cannot_be_mapped),
    POWER_TEST_UNBOOTED(words_may_be_shared),
    POWER_TEST_UNBOOTED(bits_may_not_be_shared),
    POWER_TEST_UNBOOTED(two_processors_behind_one_mmu),
    POWER_TEST_UNBOOTED(device_without_resets_behind_the_mmu),
    POWER_TEST_UNBOOTED(resets_that_are_not_the_prms),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
