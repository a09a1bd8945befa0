/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MMU is assigned to a second domain while the processor of the first may still run: it
 * must not reach the second domain's memory before that domain has set up its MMU.
 */
#include "unit.h"

#define DA (RAM + 0x3000) /* an IPA too: the guest's MMU is off at first */

/* The first domain's processor worked, and its domain ended; the second one has the same
 * layout in other pages. */
static struct machine *second_domain(bool bus_err_back)
{
    struct machine *m = new_running(4096, (struct machine_options){
                                              .seed = 7,
                                              .bus_err_back = bus_err_back,
                                          });

    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM + 0x3000);
    machine_release(m, PT_SLOTS);
    machine_end_of_domain(m);
    lay_out(m, 1);

    return m;
}

/* The MMU is given to the second domain, and the processor continues. */
static struct machine *given_with_a_processor_at_work(bool bus_err_back)
{
    struct machine *m = second_domain(bus_err_back);

    assert_true(machine_assign(m));
    assert_int_equal(machine_access(m, DA, true), MMU_STALL);
    assert_right(m);

    return m;
}

static void assert_waits(struct machine *m)
{
    machine_settle(m);
    assert_int_equal(m->request.result, MMU_STALL);
    assert_true(m->request.open);
    assert_int_equal(m->mem.refs, 0);
    assert_int_equal(counters(m)->fills, 0);
    assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), 0);
    assert_false(m->irq);
    assert_right(m);
}

static void processor_at_work_is_noticed(void **state)
{
    struct machine *m = second_domain(false);

    (void)state;
    assert_int_equal(machine_issue(m, DA, true), MMU_STALL);
    assert_false(machine_assign(m));
    assert_false(m->assigned);
    assert_int_equal(m->request.result, MMU_STALL);

    /* Also by the next attempt; and no more once it is reset. */
    assert_false(machine_assign(m));
    machine_withdraw(m);
    assert_true(machine_assign(m));
    check_and_free(m);
}

static void fault_of_before_a_reset_hinders_nobody(void **state)
{
    struct machine *m = second_domain(false);

    (void)state;
    machine_issue(m, DA, true);
    machine_withdraw(m);
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_IRQSTATUS, 4),
                     IRQ_TRANSLATIONFAULT);
    assert_true(machine_assign(m));
    check_and_free(m);
}

static void untouched_mmu_translates_nothing(void **state)
{
    struct machine *m = given_with_a_processor_at_work(false);

    (void)state;
    assert_waits(m);
    m->deferred = true;
    assert_waits(m);
    check_and_free(m);
}

/* Not by a bus error either: then the processor would continue. */
static void untouched_mmu_of_an_ipu_stalls(void **state)
{
    struct machine *m = given_with_a_processor_at_work(true);

    (void)state;
    assert_waits(m);
    check_and_free(m);
}

/* Linux writes TTB while its MMU is off. */
static void nothing_else_ends_the_wait(void **state)
{
    static const unsigned int offsets[] = {
        MMU_SYSCONFIG, MMU_IRQSTATUS, MMU_IRQENABLE,   MMU_TTB,
        MMU_LOCK,      MMU_CAM,       MMU_RAM,         MMU_LD_TLB,
        MMU_GFLUSH,    MMU_GP_REG,    MMU_FLUSH_ENTRY,
    };
    struct machine *m = given_with_a_processor_at_work(true);
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++ )
    {
        machine_reg_write(m, offsets[i], ~0u);
        assert_waits(m);
    }
    for ( i = 0; i < OMAP_MMU_WINDOW; i += 4 )
    {
        machine_reg_read(m, i);
        assert_waits(m);
    }
    vmmu_write(&m->vmmu, MMU_CNTL, 1, 6);
    machine_populate(m, DA, 1, 1);
    assert_waits(m);
    check_and_free(m);
}

/* The second domain's tables: what they map, the processor may reach. */
static void touched_mmu_goes_by_its_guest(void **state)
{
    struct machine *m = given_with_a_processor_at_work(false);

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM + SZ_1M));
    machine_reg_write(m, MMU_TTB, ROOT);
    machine_reg_write(m, MMU_IRQENABLE, IRQ_ALL);
    assert_waits(m);
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    assert_int_equal(machine_settle(m), MMU_OK);
    assert_int_equal(m->request.pa, maddr_of(m, RAM + SZ_1M + 0x3000));
    check_and_free(m);
}

/* The MMU is off for good if the guest writes that. */
static void cntl_of_0_is_identity(void **state)
{
    struct machine *m = given_with_a_processor_at_work(false);

    (void)state;
    machine_reg_write(m, MMU_CNTL, 0);
    assert_int_equal(machine_settle(m), MMU_OK);
    assert_int_equal(m->request.pa, maddr_of(m, DA));
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    assert_leads(m, DA + SZ_4K, DA + SZ_4K);
    check_and_free(m);
}

/* Linux's ti-sysc resets the module long before anybody resets the processor. */
static void soft_reset_does_not_end_the_wait(void **state)
{
    struct machine *m = given_with_a_processor_at_work(false);

    (void)state;
    machine_reg_write(m, MMU_SYSCONFIG, 0x10);
    assert_waits(m);
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    assert_waits(m);
    mmu_on(m);
    machine_withdraw(m);
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    check_and_free(m);
}

/* The log explains once why nothing happens. */
static void wait_is_said_once(void **state)
{
    struct machine *m = second_domain(false);

    (void)state;
    machine_assign(m);
    m->count.logs = 0;
    m->deferred = true;
    machine_settle(m);
    assert_int_equal(m->count.logs, 0);
    /* The log may drop it at first. */
    m->silent = true;
    machine_access(m, DA, true);
    m->silent = false;
    m->deferred = true;
    machine_settle(m);
    assert_int_equal(m->count.logs, 1);
    assert_non_null(strstr(m->said, "da 80003000 accessed before"));
    machine_withdraw(m);
    machine_access(m, DA + SZ_4K, true);
    m->deferred = true;
    machine_settle(m);
    assert_int_equal(m->count.logs, 1);
    check_and_free(m);
}

/* A boot loader may have enabled bus errors: then no processor would be seen to run. */
static void quarantine_stalls(void **state)
{
    struct machine *m = machine_new(&(struct machine_options){
        .bus_err_back = true,
    });

    (void)state;
    lay_out(m, 1);
    mmu_reg_write(&m->mmu, MMU_GP_REG, 4, GP_REG_BUS_ERR_BACK_EN);
    machine_quarantine(m);
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_GP_REG, 4), 0);
    assert_int_equal(machine_issue(m, DA, true), MMU_STALL);
    assert_false(machine_assign(m));
    machine_free(m);
}

static uint32_t no_clock(struct host *host, unsigned int offset)
{
    (void)host;
    (void)offset;

    return 0;
}

static void quarantine_is_read_back(void **state)
{
    struct machine *m = machine_new(&(struct machine_options){ .seed = 1 });
    struct host_ops ops = *m->host.ops;

    (void)state;
    machine_quarantine(m);
    assert_true(hw_walks(&m->host, _maddr(HOST_EMPTY), m->vmmu.config.parts));
    assert_false(hw_walks(&m->host, _maddr(HOST_ROOT), m->vmmu.config.parts));
    mmu_reg_write(&m->mmu, MMU_CNTL, 4, CNTL_MMUENABLE);
    assert_false(hw_walks(&m->host, _maddr(HOST_EMPTY), m->vmmu.config.parts));
    mmu_reg_write(&m->mmu, MMU_CNTL, 4, CNTL_TWLENABLE);
    assert_false(hw_walks(&m->host, _maddr(HOST_EMPTY), m->vmmu.config.parts));
    machine_quarantine(m);

    ops.reg_read = no_clock;
    m->host.ops = &ops;
    assert_false(hw_walks(&m->host, _maddr(HOST_EMPTY), m->vmmu.config.parts));
    machine_free(m);
}

/* A processor whose resets are Xen's */

/* Whoever ran before is in reset by then. */
static void start_ends_the_wait(void **state)
{
    struct machine *m = second_domain(false);

    (void)state;
    assert_true(machine_assign(m));
    assert_true(machine_restart(m, false));
    assert_int_equal(machine_access(m, DA, true), MMU_OK);
    assert_right(m);
    check_and_free(m);
}

static void start_brings_lost_registers_back(void **state)
{
    struct machine *m = second_domain(true);
    unsigned int i;

    (void)state;
    assert_true(machine_assign(m));
    for ( i = 0; i < 3; i++ )
    {
        assert_true(machine_restart(m, true));
        assert_right(m);
        assert_int_equal(machine_access(m, DA + i * SZ_1M, true), MMU_OK);
        assert_right(m);
    }
    check_and_free(m);
}

static void start_reads_back(void **state)
{
    struct machine *m = second_domain(false);
    struct host_ops ops = *m->host.ops;
    const struct host_ops *right = m->host.ops;

    (void)state;
    assert_true(machine_assign(m));
    ops.reg_read = no_clock;
    m->host.ops = &ops;
    assert_false(vmmu_start(&m->vmmu));
    m->host.ops = right;
    assert_true(vmmu_start(&m->vmmu));
    oracle_started(&m->oracle);
    check_and_free(m);
}

static void writes_nothing(struct host *host, unsigned int offset,
                           uint32_t value)
{
    (void)host, (void)offset, (void)value;
}

/* The registers were lost, and writes do not arrive. */
static void start_does_not_believe_its_writes(void **state)
{
    struct machine *m = second_domain(false);
    struct host_ops ops = *m->host.ops;
    const struct host_ops *right = m->host.ops;

    (void)state;
    assert_true(machine_assign(m));
    mmu_reset(&m->mmu);
    m->reach_known = false;
    ops.reg_write = writes_nothing;
    m->host.ops = &ops;
    assert_false(vmmu_start(&m->vmmu));
    m->host.ops = right;
    assert_true(machine_restart(m, false));
    assert_int_equal(machine_access(m, DA, true), MMU_OK);
    check_and_free(m);
}

/* The stalled requester is gone, whether a fault was raised to the guest or not. */
static void stall_ends_with_the_reset(void **state)
{
    static const uint32_t modes[] = { 0, CNTL_MMUENABLE };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 2; i++ )
    {
        struct machine *m =
            new_machine(4096, (struct machine_options){ .seed = 3 });

        machine_reg_write(m, MMU_CNTL, modes[i]);
        assert_int_equal(machine_access(m, NOTHING, true), MMU_STALL);
        assert_int_equal(m->vmmu.state, VMMU_STALLED);
        machine_withdraw(m);
        vmmu_stopped(&m->vmmu);
        assert_int_equal(m->vmmu.state, VMMU_RUNNING);
        assert_int_equal(mmu_reg_read(&m->mmu, MMU_IRQENABLE, 4),
                         IRQ_WALKER_ON);
        assert_true(machine_restart(m, false));
        machine_reg_write(m, MMU_CNTL, 0);
        assert_int_equal(machine_access(m, DA, true), MMU_OK);
        assert_right(m);
        check_and_free(m);
    }
}

/* Another vCPU stops the device, whose fault is being served; and starts it. */
static void restart_in_the_fill(struct machine *m, enum machine_point point)
{
    (void)point;
    assert_int_equal(m->vmmu.state, VMMU_SERVING);
    assert_true(machine_restart(m, false));
    assert_int_equal(m->vmmu.state, VMMU_SERVING);
}

static void restart_overtakes_a_fill(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    m->hook = restart_in_the_fill;
    assert_int_equal(machine_access(m, DA, true), MMU_STALL);
    assert_false(m->request.open);
    assert_int_equal(m->vmmu.state, VMMU_RUNNING);
    assert_int_equal(machine_access(m, DA, true), MMU_OK);
    assert_right(m);

    /*
     * An address that the guest does not map raises no fault either: its requester is gone.
     */
    m->hook = restart_in_the_fill;
    assert_int_equal(machine_access(m, NOTHING, true), MMU_STALL);
    assert_int_equal(m->vmmu.state, VMMU_RUNNING);
    assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), 0);
    assert_int_equal(machine_access(m, DA, true), MMU_OK);
    check_and_free(m);
}

static void stop_in_the_fill(struct machine *m, enum machine_point point)
{
    (void)point;
    machine_withdraw(m);
    vmmu_stopped(&m->vmmu);
    assert_int_equal(m->vmmu.state, VMMU_SERVING);
}

/* The stall comes after the stop; the start ends it. */
static void start_ends_a_stall_without_a_requester(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    m->hook = stop_in_the_fill;
    assert_int_equal(machine_access(m, NOTHING, true), MMU_STALL);
    assert_int_equal(m->vmmu.state, VMMU_STALLED);
    assert_true(vmmu_start(&m->vmmu));
    assert_int_equal(m->vmmu.state, VMMU_RUNNING);
    assert_int_equal(machine_access(m, DA, true), MMU_OK);
    assert_right(m);
    check_and_free(m);
}

/* What EDMA began before the reset: no fault is shown until a core runs again. */
static void fault_behind_cores_in_reset_is_not_shown(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_int_equal(machine_access(m, NOTHING, true), MMU_STALL);
    assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    vmmu_hold(&m->vmmu);
    machine_reg_write(m, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    machine_settle(m);
    assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), 0);
    assert_int_equal(m->vmmu.state, VMMU_STALLED);
    assert_int_equal(m->vmmu.count.faults_silent, 1);
    assert_true(vmmu_start(&m->vmmu));
    machine_settle(m);
    assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    check_and_free(m);
}

/* The access waits, and no fault is raised to the guest. */
static void assert_waits_behind_reset(struct machine *m, uint32_t da)
{
    uint64_t fills = counters(m)->fills + counters(m)->kept;

    assert_int_equal(machine_access(m, da, true), MMU_STALL);
    assert_int_equal(m->vmmu.state, VMMU_STALLED);
    assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), 0);
    assert_int_equal(counters(m)->fills + counters(m)->kept, fills);
    assert_false(m->irq);
    assert_right(m);
}

/* The hardware does not translate for EDMA what the core's accesses filled. */
static void nothing_is_translated_behind_cores_in_reset(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM + 0x3000);
    vmmu_hold(&m->vmmu);
    assert_false(cached(m, DA));
    assert_waits_behind_reset(m, DA);
    assert_int_equal(m->vmmu.count.faults_silent, 1);
    assert_true(vmmu_start(&m->vmmu));
    assert_int_equal(machine_settle(m), MMU_OK);
    check_and_free(m);
}

/* Not by a bus error either, which an IPU's MMU may give while it is off. */
static void access_behind_cores_in_reset_gets_no_bus_error(void **state)
{
    struct machine *m = new_machine(
        4096, (struct machine_options){ .seed = 3, .bus_err_back = true });

    (void)state;
    vmmu_hold(&m->vmmu);
    assert_waits_behind_reset(m, NOTHING);
    check_and_free(m);
}

/* Whatever the guest does to its MMU, no access of its device is possible yet. */
static void guest_does_not_end_a_wait_behind_cores_in_reset(void **state)
{
    static const unsigned int offsets[] = {
        MMU_IRQSTATUS, MMU_IRQENABLE, MMU_TTB,    MMU_LOCK,
        MMU_LD_TLB,    MMU_GFLUSH,    MMU_GP_REG,
    };
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    vmmu_hold(&m->vmmu);
    assert_waits_behind_reset(m, DA);
    for ( i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++ )
        machine_reg_write(m, offsets[i], ROOT);
    vmmu_ipa_changed(&m->vmmu, _ipa(DA), 1);
    assert_int_equal(m->vmmu.count.faults_silent, 1);
    assert_int_equal(m->vmmu.state, VMMU_STALLED);
    assert_int_equal(m->request.result, MMU_STALL);
    check_and_free(m);
}

/* As a domain gets it: what a former owner left waits, until a core is let go. */
static void untouched_mmu_is_served_from_the_start_on(void **state)
{
    struct machine *m = given_with_a_processor_at_work(false);

    (void)state;
    vmmu_hold(&m->vmmu);
    machine_reg_write(m, MMU_CNTL, 0);
    machine_settle(m);
    assert_waits(m);
    assert_int_equal(m->vmmu.state, VMMU_STALLED);
    assert_true(machine_restart(m, false));
    assert_int_equal(machine_access(m, DA, true), MMU_OK);
    check_and_free(m);
}

/* The core that did not start stays in reset. */
static void failed_start_leaves_it_held(void **state)
{
    struct machine *m = new_default();
    struct host_ops ops = *m->host.ops;
    const struct host_ops *right = m->host.ops;

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    vmmu_hold(&m->vmmu);
    ops.reg_read = no_clock;
    m->host.ops = &ops;
    assert_false(vmmu_start(&m->vmmu));
    m->host.ops = right;
    assert_waits_behind_reset(m, DA);
    assert_true(vmmu_start(&m->vmmu));
    assert_int_equal(machine_settle(m), MMU_OK);
    check_and_free(m);
}

static void hold_in_the_fill(struct machine *m, enum machine_point point)
{
    (void)point;
    vmmu_hold(&m->vmmu);
    assert_int_equal(m->vmmu.state, VMMU_SERVING);
}

/* Whether the guest maps the address or not. */
static void hold_overtakes_a_fill(void **state)
{
    static const uint32_t das[] = { DA, NOTHING };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 2; i++ )
    {
        struct machine *m = new_default();

        write_l1(m, DA, WORD_SECTION(RAM));
        m->hook = hold_in_the_fill;
        assert_int_equal(machine_access(m, das[i], true), MMU_STALL);
        machine_settle(m);
        assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), 0);
        assert_int_equal(m->vmmu.count.faults_raised, 0);
        assert_int_equal(m->vmmu.state, VMMU_STALLED);
        assert_false(cached(m, das[i]));
        assert_right(m);
        check_and_free(m);
    }
}

/* Nothing else is taken for a stall. */
static void reset_without_a_stall_changes_nothing(void **state)
{
    struct machine *m = second_domain(false);

    (void)state;
    assert_true(machine_assign(m));
    vmmu_stopped(&m->vmmu);
    assert_int_equal(m->vmmu.state, VMMU_UNTOUCHED);
    check_and_free(m);
}

static void mmus_reset_is_a_soft_reset(void **state)
{
    struct machine *m =
        new_machine(4096, (struct machine_options){ .seed = 3 });

    (void)state;
    mmu_on(m);
    vmmu_reset(&m->vmmu);
    assert_int_equal(m->vmmu.reg[MMU_TTB / 4], 0);
    assert_int_equal(m->vmmu.reg[MMU_CNTL / 4], 0);
    assert_true(hw_walks(&m->host, _maddr(HOST_EMPTY), m->vmmu.config.parts));
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    check_and_free(m);
}

static void former_owner_starts_nothing(void **state)
{
    struct machine *m = second_domain(false);

    (void)state;
    assert_false(vmmu_start(&m->vmmu));
    vmmu_stopped(&m->vmmu);
    vmmu_hold(&m->vmmu);
    assert_false(m->vmmu.held);
    vmmu_reset(&m->vmmu);
    assert_int_equal(m->vmmu.state, VMMU_RELEASED);
    assert_true(hw_walks(&m->host, _maddr(HOST_EMPTY), m->vmmu.config.parts));
    assert_true(machine_assign(m));
    check_and_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(processor_at_work_is_noticed),
        cmocka_unit_test(fault_of_before_a_reset_hinders_nobody),
        cmocka_unit_test(untouched_mmu_translates_nothing),
        cmocka_unit_test(untouched_mmu_of_an_ipu_stalls),
        cmocka_unit_test(nothing_else_ends_the_wait),
        cmocka_unit_test(touched_mmu_goes_by_its_guest),
        cmocka_unit_test(cntl_of_0_is_identity),
        cmocka_unit_test(soft_reset_does_not_end_the_wait),
        cmocka_unit_test(wait_is_said_once),
        cmocka_unit_test(quarantine_stalls),
        cmocka_unit_test(quarantine_is_read_back),
        cmocka_unit_test(start_ends_the_wait),
        cmocka_unit_test(start_brings_lost_registers_back),
        cmocka_unit_test(start_reads_back),
        cmocka_unit_test(start_does_not_believe_its_writes),
        cmocka_unit_test(stall_ends_with_the_reset),
        cmocka_unit_test(restart_overtakes_a_fill),
        cmocka_unit_test(start_ends_a_stall_without_a_requester),
        cmocka_unit_test(fault_behind_cores_in_reset_is_not_shown),
        cmocka_unit_test(nothing_is_translated_behind_cores_in_reset),
        cmocka_unit_test(access_behind_cores_in_reset_gets_no_bus_error),
        cmocka_unit_test(guest_does_not_end_a_wait_behind_cores_in_reset),
        cmocka_unit_test(untouched_mmu_is_served_from_the_start_on),
        cmocka_unit_test(failed_start_leaves_it_held),
        cmocka_unit_test(hold_overtakes_a_fill),
        cmocka_unit_test(reset_without_a_stall_changes_nothing),
        cmocka_unit_test(mmus_reset_is_a_soft_reset),
        cmocka_unit_test(former_owner_starts_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
