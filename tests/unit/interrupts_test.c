/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts: between one and the examination of its fault, which may wait for the MMU's
 * share of time, no act of the guest causes another. And what may happen at any access to
 * the hardware.
 */
#include "unit.h"

#define DA  0x12000000u
#define DA2 0x34500000u

static unsigned int interrupts;

/* As the machine's own, and counts. */
static void count_interrupt(void *ctx, bool level)
{
    struct machine *m = ctx;

    if ( !level )
        return;
    interrupts++;
    vmmu_interrupt(&m->vmmu);
    m->deferred = true;
}

static struct machine *counting(struct machine *m)
{
    m->mmu.config.irq = count_interrupt;
    interrupts = 0;

    return m;
}

/* Each register, by what does most. */
static void write_all_registers(struct machine *m)
{
    unsigned int offset;

    for ( offset = 0; offset < OMAP_MMU_WINDOW; offset += 4 )
        machine_reg_write(m, offset, IRQ_ALL);
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    machine_reg_write(m, MMU_IRQSTATUS, IRQ_ALL);
    machine_reg_write(m, MMU_TTB, ROOT);
    machine_reg_write(m, MMU_CNTL, 0);
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

static void nothing_interrupts_while_a_fault_waits(void **state)
{
    struct machine *m = counting(new_default());
    unsigned int i;

    (void)state;
    machine_issue(m, DA, true);
    assert_int_equal(interrupts, 1);
    for ( i = 0; i < 1000; i++ )
        write_all_registers(m);
    machine_populate(m, RAM, 1, 1);
    assert_int_equal(interrupts, 1);
    assert_true(m->request.open);

    machine_settle(m);
    assert_int_equal(m->vmmu.state, VMMU_STALLED);
    assert_int_equal(interrupts, 1);
    give_up(m);
    check_and_free(m);
}

/* Its turn has come; then the line is as it was. */
static void line_is_let_through_again(void **state)
{
    struct machine *m = counting(new_default());

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    flush(m);
    machine_issue(m, DA, true);
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    assert_int_equal(machine_settle(m), MMU_OK);
    assert_faults(m, DA2, IRQ_TRANSLATIONFAULT);
    assert_int_equal(interrupts, 2);
    give_up(m);
    check_and_free(m);
}

/* The device gave up meanwhile, or the hardware was reset with it. */
static void line_is_let_through_if_nothing_waits_any_more(void **state)
{
    struct machine *m = counting(new_default());

    (void)state;
    machine_issue(m, DA, true);
    machine_withdraw(m);
    mmu_reset(&m->mmu);
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    machine_settle(m);
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    assert_int_equal(interrupts, 2);
    give_up(m);
    check_and_free(m);
}

/* A soft reset in the middle of a fill releases the requester, which faults again. */
static void resets_in_fill(struct machine *m, enum machine_point point)
{
    unsigned int i;

    (void)point;
    for ( i = 0; i < 100; i++ )
    {
        machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
        mmu_on(m);
    }
}

static void fill_that_is_overtaken_costs_one_more(void **state)
{
    struct machine *m = counting(new_default());

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    flush(m);
    m->hook = resets_in_fill;
    assert_int_equal(machine_access(m, DA, true), MMU_OK);
    assert_in_range(interrupts, 1, 2);
    check_and_free(m);
}

/* A guest's write right after that of the interrupt's handler, which is still at it. */
static struct host_ops ops;

static void cntl_after_mask(struct host *host, unsigned int offset,
                            uint32_t value)
{
    struct machine *m = (struct machine *)host;

    hostile_host_ops.reg_write(host, offset, value);
    if ( offset != MMU_IRQENABLE || value )
        return;
    ops.reg_write = hostile_host_ops.reg_write;
    vmmu_write(&m->vmmu, MMU_CNTL, 4, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

static void handler_notes_before_it_masks(void **state)
{
    struct machine *m = counting(new_default());

    (void)state;
    ops = hostile_host_ops;
    ops.reg_write = cntl_after_mask;
    m->host.ops = &ops;
    machine_issue(m, DA, true);
    assert_ptr_equal(ops.reg_write, hostile_host_ops.reg_write);
    assert_int_equal(interrupts, 1);
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_IRQENABLE, 4), 0);
    machine_settle(m);
    give_up(m);
    check_and_free(m);
}

/* At the n-th access to the hardware that vmmu_fault() makes without a fault. */
static unsigned int accesses_left;

static void fault_then(struct machine *m, unsigned int offset)
{
    (void)offset;
    if ( --accesses_left )
        m->register_hook = fault_then;
    else
        machine_issue(m, DA2, true);
}

static void fault_at_any_moment_is_seen_as_it_is(void **state)
{
    unsigned int n;

    (void)state;
    for ( n = 1; n < 4; n++ )
    {
        struct machine *m = new_default();

        assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
        give_up(m);
        accesses_left = n;
        m->register_hook = fault_then;
        m->deferred = true;
        machine_settle(m);
        m->register_hook = NULL;
        if ( !m->request.open )
            machine_access(m, DA2, true);
        assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS),
                         IRQ_TRANSLATIONFAULT);
        assert_int_equal(machine_reg_read(m, MMU_FAULT_AD), DA2);
        give_up(m);
        check_and_free(m);
    }
}

/* A run of the tasklet that examines nothing, since a fault raised to the guest stalls. */
static void line_is_let_through_after_a_stall(void **state)
{
    struct machine *m = counting(new_default());

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    vmmu_interrupt(&m->vmmu);
    m->deferred = true;
    machine_settle(m);
    give_up(m);
    assert_faults(m, DA2, IRQ_TRANSLATIONFAULT);
    assert_int_equal(interrupts, 2);
    give_up(m);
    check_and_free(m);
}

/* A miss of the debugger is released, and the line is not masked. */
static void line_is_let_through_after_emumiss(void **state)
{
    struct machine *m = counting(new_default());

    (void)state;
    m->mmu.reg[MMU_IRQSTATUS / 4] |= IRQ_EMUMISS;
    vmmu_interrupt(&m->vmmu);
    m->deferred = true;
    machine_settle(m);
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_IRQSTATUS, 4), 0);
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    assert_int_equal(interrupts, 1);
    give_up(m);
    check_and_free(m);
}

/* After the registers were lost GP_REG may have its reset value, or keep a bus error's. */
static void stall_mode_comes_back(void **state)
{
    struct machine *m = new_running(4096, (struct machine_options){
                                              .bus_err_back = true,
                                          });

    (void)state;
    mmu_reg_write(&m->mmu, MMU_GP_REG, 4, GP_REG_BUS_ERR_BACK_EN);
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_GP_REG, 4), 0);

    mmu_reg_write(&m->mmu, MMU_GP_REG, 4, GP_REG_BUS_ERR_BACK_EN);
    machine_release(m, PT_SLOTS);
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_GP_REG, 4), 0);
    machine_free(m);
}

static void lose_registers_in_fill(struct machine *m, enum machine_point point)
{
    (void)point;
    machine_withdraw(m);
    mmu_reset(&m->mmu);
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    /* At once, not when the fill is over. */
    assert_true(hw_walks(&m->host, _maddr(HOST_EMPTY), m->vmmu.config.parts));
}

static void lost_registers_come_back_with_cntl_in_a_fill(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    flush(m);
    m->hook = lose_registers_in_fill;
    machine_access(m, DA, true);
    assert_null(m->hook);
    assert_leads(m, DA, RAM);
    check_and_free(m);
}

/* The walk has read the old words; what it loads must not survive the flush. */
static void walk_is_waited_for(struct machine *m,
                               void (*act)(struct machine *m))
{
    uint32_t pa;

    write_l1(m, DA, WORD_SECTION(RAM));
    flush(m);
    assert_leads(m, DA, RAM);
    /* Out of the hardware's TLB, still in its table. */
    mmu_reg_write(&m->mmu, MMU_GFLUSH, 4, 1);
    machine_issue_slowly(m, DA, true, 5);
    assert_true(m->mmu.walking);
    act(m);
    assert_false(m->mmu.walking);
    assert_false(mmu_peek(&m->mmu, DA, &pa));
    machine_settle(m);
    assert_null(check_peek(m));
    machine_withdraw(m);
    check_and_free(m);
}

static void flush_entry_of_da(struct machine *m)
{
    flush_da(m, DA);
}

static void remap(struct machine *m)
{
    write_l1(m, DA, 0);
    flush(m);
}

static void take_page(struct machine *m)
{
    machine_unmap(m, RAM, 1);
}

static void flushes_wait_for_the_walk(void **state)
{
    (void)state;
    walk_is_waited_for(new_default(), flush);
    walk_is_waited_for(new_default(), flush_entry_of_da);
    walk_is_waited_for(new_default(), remap);
    walk_is_waited_for(new_default(), take_page);
    walk_is_waited_for(new_default(), mmu_on);
}

/* The processor's program counter, where the part has the register [T]. */
static void fault_pc_is_the_hardware_s(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_issue(m, DA, true);
    m->mmu.reg[MMU_FAULT_PC / 4] = 0x1234abcd;
    machine_settle(m);
    assert_int_equal(machine_reg_read(m, MMU_FAULT_PC), 0x1234abcd);
    give_up(m);
    check_and_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_interrupts_while_a_fault_waits),
        cmocka_unit_test(line_is_let_through_again),
        cmocka_unit_test(line_is_let_through_if_nothing_waits_any_more),
        cmocka_unit_test(fill_that_is_overtaken_costs_one_more),
        cmocka_unit_test(handler_notes_before_it_masks),
        cmocka_unit_test(fault_at_any_moment_is_seen_as_it_is),
        cmocka_unit_test(line_is_let_through_after_a_stall),
        cmocka_unit_test(line_is_let_through_after_emumiss),
        cmocka_unit_test(stall_mode_comes_back),
        cmocka_unit_test(lost_registers_come_back_with_cntl_in_a_fill),
        cmocka_unit_test(flushes_wait_for_the_walk),
        cmocka_unit_test(fault_pc_is_the_hardware_s),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
