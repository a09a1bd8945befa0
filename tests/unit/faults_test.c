/* SPDX-License-Identifier: GPL-2.0-only */
/* The faults that the guest sees, and those that it does not. */
#include "unit.h"

#define DA 0x12345678u

static uint32_t rd(struct machine *m, unsigned int offset)
{
    return machine_reg_read(m, offset);
}

static void wr(struct machine *m, unsigned int offset, uint32_t value)
{
    machine_reg_write(m, offset, value);
}

static struct machine *ipu(bool bus_errors)
{
    struct machine *m = new_running(4096, (struct machine_options){
                                              .bus_err_back = true,
                                          });

    wr(m, MMU_GP_REG, bus_errors);

    return m;
}

static void gap_in_the_shadow_is_no_fault_of_the_guest(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM + 0x45678);
    assert_int_equal(rd(m, MMU_IRQSTATUS), 0);
    assert_false(m->irq);
    assert_int_equal(m->vmmu.count.faults_raised, 0);
    assert_int_equal(m->mmu.stats.faults, 1);
    check_and_free(m);
}

/* The guest has not touched a register: its MMU is off. */
static void access_before_the_guest_s_driver_is_served(void **state)
{
    struct machine *m = new_machine(4096, (struct machine_options){ 0 });

    (void)state;
    assert_leads(m, RAM + 0x5678, RAM + 0x5678);
    check_and_free(m);
}

static void unmapped_page_is_a_translation_fault(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    assert_true(m->irq);
    assert_int_equal(m->vmmu.count.faults_raised, 1);
    give_up(m);
    check_and_free(m);
}

static void walk_into_no_memory_is_a_walk_fault(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(NOTHING));
    assert_faults(m, DA, IRQ_TABLEWALKFAULT);
    give_up(m);
    check_and_free(m);
}

static void denied_page_is_a_translation_fault(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(NOTHING));
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    assert_int_equal(m->vmmu.count.faults_denied, 1);
    give_up(m);
    check_and_free(m);
}

static void two_entries_are_a_multi_hit_fault(void **state)
{
    struct machine *m = new_default();

    (void)state;
    load_tlb(m, 0, (DA & CAM_VATAG) | CAM_V | CAM_SIZE_4K, RAM);
    load_tlb(m, 1, (DA & CAM_VATAG) | CAM_V | CAM_SIZE_64K, RAM);
    assert_faults(m, DA, IRQ_MULTIHITFAULT);
    give_up(m);
    check_and_free(m);
}

static void fault_status_tells_reads_from_writes(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_access(m, DA, true);
    assert_true(rd(m, MMU_FAULT_STATUS) & FAULT_STATUS_WRITE);
    give_up(m);
    machine_access(m, DA, false);
    assert_int_equal(rd(m, MMU_FAULT_STATUS), FAULT_STATUS_INDICATION);
    give_up(m);
    check_and_free(m);
}

static void masked_fault_is_latched_in_silence(void **state)
{
    struct machine *m = new_default();

    (void)state;
    wr(m, MMU_IRQENABLE, IRQ_ALL & ~IRQ_TRANSLATIONFAULT);
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    assert_false(m->irq);
    wr(m, MMU_IRQENABLE, IRQ_TRANSLATIONFAULT);
    assert_true(m->irq);
    give_up(m);
    check_and_free(m);
}

/* The hardware's line, from the interrupt on until the fault is over. */
static void hardware_s_interrupt_is_silenced_at_once(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_int_equal(machine_issue(m, DA, false), MMU_STALL);
    assert_true(m->deferred);
    assert_false(m->mmu.irq_level);
    machine_settle(m);
    assert_false(m->mmu.irq_level);
    give_up(m);
    check_and_free(m);
}

static void interrupt_is_a_level(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    wr(m, MMU_IRQENABLE, 0);
    assert_false(m->irq);
    wr(m, MMU_IRQENABLE, IRQ_ALL);
    assert_true(m->irq);
    machine_withdraw(m);
    wr(m, MMU_IRQSTATUS, IRQ_ALL);
    assert_false(m->irq);
    check_and_free(m);
}

static void requester_waits_for_the_guest_s_acknowledge(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    write_l1(m, DA, WORD_SECTION(RAM));
    rd(m, MMU_IRQSTATUS);
    rd(m, MMU_FAULT_AD);
    flush(m);
    flush_da(m, DA);
    wr(m, MMU_IRQENABLE, 0);
    machine_settle(m);
    assert_true(m->request.open);
    assert_int_not_equal(mmu_reg_read(&m->mmu, MMU_IRQSTATUS, 4), 0);

    wr(m, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    machine_settle(m);
    assert_false(m->request.open);
    assert_int_equal(m->request.result, MMU_OK);
    assert_int_equal(m->request.pa, maddr_of(m, RAM + 0x45678));
    check_and_free(m);
}

static void acknowledging_another_bit_releases_nobody(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    write_l1(m, DA, WORD_SECTION(RAM));
    wr(m, MMU_IRQSTATUS, IRQ_ALL & ~IRQ_TRANSLATIONFAULT);
    machine_settle(m);
    assert_true(m->request.open);
    give_up(m);
    check_and_free(m);
}

static void fault_not_mended_comes_again(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    wr(m, MMU_IRQSTATUS, IRQ_ALL);
    assert_false(m->irq);
    machine_settle(m);
    assert_true(m->irq);
    assert_int_equal(rd(m, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    assert_int_equal(m->vmmu.count.faults_raised, 2);
    give_up(m);
    check_and_free(m);
}

static void other_devices_page_works_after_a_fault(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    write_l1(m, 0x55500000, WORD_SECTION(RAM));
    assert_leads(m, 0x55500000, RAM);
    check_and_free(m);
}

static struct machine *without_walker(void)
{
    struct machine *m = new_default();

    wr(m, MMU_CNTL, CNTL_MMUENABLE);

    return m;
}

static void loading_a_matching_entry_ends_a_tlb_miss(void **state)
{
    struct machine *m = without_walker();

    (void)state;
    assert_faults(m, DA, IRQ_TLBMISS);
    load_tlb(m, 0, (DA & 0xfff00000) | CAM_V | CAM_SIZE_1M, RAM);
    machine_settle(m);
    assert_false(m->request.open);
    assert_int_equal(m->request.pa, maddr_of(m, RAM + 0x45678));
    assert_int_equal(rd(m, MMU_IRQSTATUS), IRQ_TLBMISS);
    assert_true(m->irq);
    wr(m, MMU_IRQSTATUS, IRQ_TLBMISS);
    assert_false(m->irq);
    check_and_free(m);
}

static void loading_another_entry_does_not_end_a_tlb_miss(void **state)
{
    struct machine *m = without_walker();

    (void)state;
    assert_faults(m, DA, IRQ_TLBMISS);
    load_tlb(m, 0, 0x55500000 | CAM_V | CAM_SIZE_1M, RAM);
    load_tlb(m, 1, (DA & 0xfff00000) | CAM_SIZE_1M, RAM);
    machine_settle(m);
    assert_true(m->request.open);
    assert_int_equal(m->vmmu.count.faults_raised, 1);
    give_up(m);
    check_and_free(m);
}

/* Only the acknowledgement releases a fault of the walker. */
static void loading_a_matching_entry_ends_no_other_fault(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    load_tlb(m, 0, (DA & 0xfff00000) | CAM_V | CAM_SIZE_1M, RAM);
    machine_settle(m);
    assert_true(m->request.open);
    wr(m, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    machine_settle(m);
    assert_false(m->request.open);
    assert_int_equal(m->request.pa, maddr_of(m, RAM + (DA & 0xfffff)));
    check_and_free(m);
}

/* The old bit of a miss that a load ended does not hold the next fault. */
static void acknowledging_the_stalling_bit_releases(void **state)
{
    struct machine *m = without_walker();

    (void)state;
    assert_faults(m, DA, IRQ_TLBMISS);
    load_tlb(m, 0, (DA & 0xfff00000) | CAM_V | CAM_SIZE_1M, RAM);
    machine_settle(m);
    wr(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);

    machine_access(m, 0x55500000, false);
    assert_int_equal(rd(m, MMU_IRQSTATUS), IRQ_TLBMISS | IRQ_TRANSLATIONFAULT);
    write_l1(m, 0x55500000, WORD_SECTION(RAM));
    wr(m, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    machine_settle(m);
    assert_false(m->request.open);
    assert_int_equal(rd(m, MMU_IRQSTATUS), IRQ_TLBMISS);
    wr(m, MMU_IRQSTATUS, IRQ_ALL);
    check_and_free(m);
}

static void mmu_off_faults_are_silent(void **state)
{
    struct machine *m = new_default();

    (void)state;
    wr(m, MMU_CNTL, 0);
    assert_int_equal(machine_access(m, NOTHING, false), MMU_STALL);
    assert_int_equal(rd(m, MMU_IRQSTATUS), 0);
    assert_int_equal(rd(m, MMU_FAULT_AD), 0);
    assert_false(m->irq);
    assert_int_equal(m->vmmu.count.faults_silent, 1);
    machine_withdraw(m);
    check_and_free(m);
}

static void silent_stall_ends_when_the_mmu_maps_it(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, NOTHING, WORD_SECTION(RAM));
    wr(m, MMU_CNTL, 0);
    assert_int_equal(machine_access(m, NOTHING, false), MMU_STALL);
    mmu_on(m);
    machine_settle(m);
    assert_false(m->request.open);
    assert_int_equal(m->request.pa, maddr_of(m, RAM));
    check_and_free(m);
}

/* As above, with a bit in IRQSTATUS that is not the stall's. */
static void silent_stall_ends_despite_an_old_fault(void **state)
{
    struct machine *m = without_walker();

    (void)state;
    assert_faults(m, DA, IRQ_TLBMISS);
    load_tlb(m, 0, (DA & 0xfff00000) | CAM_V | CAM_SIZE_1M, RAM);
    machine_settle(m);
    write_l1(m, NOTHING, WORD_SECTION(RAM));
    wr(m, MMU_CNTL, 0);
    assert_int_equal(machine_access(m, NOTHING, false), MMU_STALL);
    mmu_on(m);
    machine_settle(m);
    assert_false(m->request.open);
    wr(m, MMU_IRQSTATUS, IRQ_ALL);
    check_and_free(m);
}

static void silent_stall_ends_when_the_page_is_granted(void **state)
{
    struct machine *m = new_default();

    (void)state;
    wr(m, MMU_CNTL, 0);
    assert_int_equal(machine_access(m, NOTHING, false), MMU_STALL);
    machine_populate(m, NOTHING, 1, 1);
    machine_settle(m);
    assert_false(m->request.open);
    assert_int_equal(m->request.pa, maddr_of(m, NOTHING));
    check_and_free(m);
}

static void silent_stall_sleeps_through_other_changes(void **state)
{
    struct machine *m = new_default();

    (void)state;
    wr(m, MMU_CNTL, 0);
    assert_int_equal(machine_access(m, NOTHING, false), MMU_STALL);
    machine_populate(m, NOTHING + SZ_64K, 1, 1);
    machine_settle(m);
    assert_int_equal(m->vmmu.count.faults_silent, 1);
    machine_withdraw(m);
    check_and_free(m);
}

static void mmu_off_goes_by_the_p2m(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, RAM, WORD_SECTION(RAM + SZ_1M));
    assert_leads(m, RAM + 0x5000, RAM + SZ_1M + 0x5000);
    wr(m, MMU_CNTL, 0);
    assert_false(cached(m, RAM + 0x5000));
    assert_leads(m, RAM + 0x5000, RAM + 0x5000);
    wr(m, MMU_CNTL, 6);
    assert_false(cached(m, RAM + 0x5000));
    assert_leads(m, RAM + 0x5000, RAM + SZ_1M + 0x5000);
    check_and_free(m);
}

/* A DSP of DRA7's: DSP_SYSTEM routes it around its MMU until the guest changes that. */
static struct machine *dsp(void)
{
    struct machine *m = new_machine(
        4096, (struct machine_options){ .tables = 16, .bypassable = true });

    write_l1(m, RAM, WORD_SECTION(RAM + SZ_1M));
    mmu_on(m);

    return m;
}

static void led_around_goes_by_the_p2m(void **state)
{
    struct machine *m = dsp();

    (void)state;
    assert_leads(m, RAM + 0x5000, RAM + 0x5000);
    machine_route(m, false);
    assert_false(cached(m, RAM + 0x5000));
    assert_leads(m, RAM + 0x5000, RAM + SZ_1M + 0x5000);
    machine_route(m, true);
    assert_false(cached(m, RAM + 0x5000));
    assert_leads(m, RAM + 0x5000, RAM + 0x5000);
    check_and_free(m);
}

static void led_around_faults_are_silent(void **state)
{
    struct machine *m = dsp();

    (void)state;
    write_l1(m, NOTHING, WORD_SECTION(RAM));
    assert_int_equal(machine_access(m, NOTHING, false), MMU_STALL);
    assert_int_equal(rd(m, MMU_IRQSTATUS), 0);
    assert_false(m->irq);
    machine_route(m, false);
    machine_settle(m);
    assert_false(m->request.open);
    assert_int_equal(m->request.pa, maddr_of(m, RAM));
    check_and_free(m);
}

/* Writing the same route again ends no stall that was raised to the guest. */
static void same_route_changes_nothing(void **state)
{
    struct machine *m = dsp();

    (void)state;
    machine_route(m, false);
    assert_leads(m, RAM + 0x5000, RAM + SZ_1M + 0x5000);
    vmmu_route(&m->vmmu, false);
    assert_true(cached(m, RAM + 0x5000));
    check_and_free(m);
}

static void no_route_after_the_end(void **state)
{
    struct machine *m = dsp();

    (void)state;
    machine_route(m, false);
    machine_release(m, 4096);
    vmmu_route(&m->vmmu, true);
    assert_false(m->vmmu.around);
    machine_free(m);
}

static void guest_gets_bus_errors_if_it_asked(void **state)
{
    struct machine *m = ipu(true);

    (void)state;
    assert_int_equal(machine_access(m, DA, false), MMU_BUS_ERROR);
    assert_int_equal(rd(m, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    assert_int_equal(rd(m, MMU_FAULT_AD), DA);
    assert_int_equal(m->vmmu.count.faults_raised, 1);
    assert_true(m->irq);
    check_and_free(m);
}

/* One error each, and the hardware is back in stall mode in between. */
static void bus_errors_do_not_spread(void **state)
{
    struct machine *m = ipu(true);
    unsigned int i;

    (void)state;
    write_l1(m, 0x55500000, WORD_SECTION(RAM));
    for ( i = 0; i < 3; i++ )
    {
        assert_int_equal(machine_access(m, DA, false), MMU_BUS_ERROR);
        assert_int_equal(mmu_reg_read(&m->mmu, MMU_GP_REG, 4), 0);
        flush(m);
        assert_leads(m, 0x55500000, RAM);
    }
    wr(m, MMU_IRQSTATUS, IRQ_ALL);
    check_and_free(m);
}

static void fill_is_no_bus_error(void **state)
{
    struct machine *m = ipu(true);

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM + 0x45678);
    check_and_free(m);
}

static void no_bus_error_unless_asked(void **state)
{
    struct machine *m = ipu(false);

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    check_and_free(m);
}

static void silent_fault_of_an_ipu_is_a_bus_error(void **state)
{
    struct machine *m = ipu(false);

    (void)state;
    wr(m, MMU_CNTL, 0);
    assert_int_equal(machine_access(m, NOTHING, false), MMU_BUS_ERROR);
    assert_int_equal(rd(m, MMU_IRQSTATUS), 0);
    assert_leads(m, RAM, RAM);
    check_and_free(m);
}

/* The processor was reset between its fault and the answer. */
static void bus_error_nobody_waits_for_hits_nobody(void **state)
{
    struct machine *m = ipu(true);

    (void)state;
    write_l1(m, 0x55500000, WORD_SECTION(RAM));
    assert_int_equal(machine_issue(m, DA, false), MMU_STALL);
    machine_withdraw(m);
    machine_settle(m);
    linux_fault(&(struct linux_iommu){ .m = m }, NULL);
    assert_leads(m, 0x55500000, RAM);
    check_and_free(m);
}

/* The processor was reset while it waited; the guest never acknowledges. */
static void stall_does_not_outlive_its_requester(void **state)
{
    struct machine *m = without_walker();

    (void)state;
    assert_faults(m, DA, IRQ_TLBMISS);
    machine_withdraw(m);
    write_l1(m, DA, WORD_SECTION(RAM));
    wr(m, MMU_IRQENABLE, IRQ_WALKER_ON);
    wr(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    assert_leads(m, DA, RAM + 0x45678);
    check_and_free(m);
}

static void soft_reset_releases_the_requester(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, RAM, IRQ_TRANSLATIONFAULT);
    wr(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    assert_false(m->irq);
    machine_settle(m);
    assert_false(m->request.open);
    assert_int_equal(m->request.pa, maddr_of(m, RAM));
    check_and_free(m);
}

/* All is reset, processor and MMU, while the fault is being served. */
static void reset_all(struct machine *m, enum machine_point point)
{
    (void)point;
    machine_withdraw(m);
    wr(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    mmu_on(m);
}

static void no_fault_outlives_a_reset_in_its_service(void **state)
{
    struct machine *m = new_default();

    (void)state;
    m->hook = reset_all;
    machine_access(m, DA, false);
    assert_null(m->hook);
    assert_int_equal(rd(m, MMU_IRQSTATUS), 0);
    assert_false(m->irq);
    assert_int_equal(m->vmmu.count.faults_raised, 0);
    check_and_free(m);
}

static void release_while_stalled_is_quiet(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, 0x55500000, WORD_SECTION(RAM));
    assert_leads(m, 0x55500000, RAM);
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    machine_release(m, 1);
    assert_false(m->irq);
    assert_false(m->deferred);
    assert_true(m->request.open);
    assert_false(cached(m, 0x55500000));
    assert_right(m);
    machine_free(m);
}

static void release_with_a_fault_deferred_is_quiet(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_int_equal(machine_issue(m, DA, false), MMU_STALL);
    assert_true(m->deferred);
    machine_release(m, PT_SLOTS);
    machine_settle(m);
    assert_false(m->irq);
    assert_right(m);
    machine_free(m);
}

static void fault_with_nothing_pending_does_no_harm(void **state)
{
    struct machine *m = new_default();

    (void)state;
    vmmu_interrupt(&m->vmmu);
    vmmu_fault(&m->vmmu);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM + 0x45678);
    check_and_free(m);
}

/* Any write, any time between fault and service: then the device gets there. */
static void register_traffic_before_the_service_loses_no_fault(void **state)
{
    unsigned int offset;

    (void)state;
    for ( offset = 0; offset < OMAP_MMU_WINDOW; offset += 4 )
    {
        struct machine *m = new_default();

        write_l1(m, DA, WORD_SECTION(RAM));
        assert_int_equal(machine_issue(m, DA, false), MMU_STALL);
        wr(m, offset, rd(m, offset));
        wr(m, offset, ~0u);
        mmu_on(m);
        machine_settle(m);
        assert_false(m->request.open);
        assert_int_equal(m->request.pa, maddr_of(m, RAM + 0x45678));
        check_and_free(m);
    }
}

/* The same with the fault raised, and acknowledged at the end. */
static void register_traffic_while_stalled_loses_no_release(void **state)
{
    unsigned int offset;

    (void)state;
    for ( offset = 0; offset < OMAP_MMU_WINDOW; offset += 4 )
    {
        struct machine *m = new_default();

        assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
        write_l1(m, DA, WORD_SECTION(RAM));
        wr(m, offset, ~0u);
        mmu_on(m);
        wr(m, MMU_IRQSTATUS, IRQ_ALL);
        machine_settle(m);
        assert_false(m->request.open);
        assert_int_equal(m->request.pa, maddr_of(m, RAM + 0x45678));
        check_and_free(m);
    }
}

/* It was answered in band [T]: the bit is only cleared. */
static void debugger_s_miss_is_acknowledged_and_no_more(void **state)
{
    struct machine *m = new_default();

    (void)state;
    m->mmu.reg[MMU_IRQSTATUS / 4] = IRQ_EMUMISS;
    m->deferred = true;
    assert_true(machine_serve(m));
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_IRQSTATUS, 4), 0);
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_IRQENABLE, 4), IRQ_WALKER_ON);
    assert_int_equal(rd(m, MMU_IRQSTATUS), 0);
    check_and_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(debugger_s_miss_is_acknowledged_and_no_more),
        cmocka_unit_test(gap_in_the_shadow_is_no_fault_of_the_guest),
        cmocka_unit_test(access_before_the_guest_s_driver_is_served),
        cmocka_unit_test(unmapped_page_is_a_translation_fault),
        cmocka_unit_test(walk_into_no_memory_is_a_walk_fault),
        cmocka_unit_test(denied_page_is_a_translation_fault),
        cmocka_unit_test(two_entries_are_a_multi_hit_fault),
        cmocka_unit_test(fault_status_tells_reads_from_writes),
        cmocka_unit_test(masked_fault_is_latched_in_silence),
        cmocka_unit_test(hardware_s_interrupt_is_silenced_at_once),
        cmocka_unit_test(interrupt_is_a_level),
        cmocka_unit_test(requester_waits_for_the_guest_s_acknowledge),
        cmocka_unit_test(acknowledging_another_bit_releases_nobody),
        cmocka_unit_test(fault_not_mended_comes_again),
        cmocka_unit_test(other_devices_page_works_after_a_fault),
        cmocka_unit_test(loading_a_matching_entry_ends_a_tlb_miss),
        cmocka_unit_test(loading_another_entry_does_not_end_a_tlb_miss),
        cmocka_unit_test(loading_a_matching_entry_ends_no_other_fault),
        cmocka_unit_test(acknowledging_the_stalling_bit_releases),
        cmocka_unit_test(mmu_off_faults_are_silent),
        cmocka_unit_test(silent_stall_ends_when_the_mmu_maps_it),
        cmocka_unit_test(silent_stall_ends_despite_an_old_fault),
        cmocka_unit_test(silent_stall_ends_when_the_page_is_granted),
        cmocka_unit_test(silent_stall_sleeps_through_other_changes),
        cmocka_unit_test(mmu_off_goes_by_the_p2m),
        cmocka_unit_test(led_around_goes_by_the_p2m),
        cmocka_unit_test(led_around_faults_are_silent),
        cmocka_unit_test(same_route_changes_nothing),
        cmocka_unit_test(no_route_after_the_end),
        cmocka_unit_test(guest_gets_bus_errors_if_it_asked),
        cmocka_unit_test(bus_errors_do_not_spread),
        cmocka_unit_test(fill_is_no_bus_error),
        cmocka_unit_test(no_bus_error_unless_asked),
        cmocka_unit_test(silent_fault_of_an_ipu_is_a_bus_error),
        cmocka_unit_test(bus_error_nobody_waits_for_hits_nobody),
        cmocka_unit_test(stall_does_not_outlive_its_requester),
        cmocka_unit_test(soft_reset_releases_the_requester),
        cmocka_unit_test(no_fault_outlives_a_reset_in_its_service),
        cmocka_unit_test(release_while_stalled_is_quiet),
        cmocka_unit_test(release_with_a_fault_deferred_is_quiet),
        cmocka_unit_test(fault_with_nothing_pending_does_no_harm),
        cmocka_unit_test(register_traffic_before_the_service_loses_no_fault),
        cmocka_unit_test(register_traffic_while_stalled_loses_no_release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
