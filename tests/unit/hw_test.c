/* SPDX-License-Identifier: GPL-2.0-only */
/* The physical MMU: quarantine from any state, and what is never written to it. */
#include "unit.h"

/* A former owner's tables, and what its processor reaches by them. */
#define OTHER_ROOT (MEM_RAM_BASE + 0x100000)
#define OTHER_PAGE 0x8a000000u
#define DA         0x12345678u

static struct machine *m;

static int setup(void **state)
{
    (void)state;
    m = machine_new(&(struct machine_options){ .bus_err_back = true });
    *memory_word(&m->mem, OTHER_ROOT + 0x123 * 4) = WORD_SECTION(OTHER_PAGE);

    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_string_equal(m->violation, "");
    machine_free(m);

    return 0;
}

static void wr(unsigned int offset, uint32_t value)
{
    mmu_reg_write(&m->mmu, offset, 4, value);
}

static uint32_t rd(unsigned int offset)
{
    return mmu_reg_read(&m->mmu, offset, 4);
}

/* Nothing translates any more, and nothing bypasses. */
static void assert_quarantined(void)
{
    uint32_t slot, pa;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
        assert_false(mmu_peek(&m->mmu, slot << 20 | 0x45678, &pa));
    assert_int_equal(rd(MMU_CNTL), CNTL_MMUENABLE | CNTL_TWLENABLE);
    assert_int_equal(rd(MMU_TTB), HOST_EMPTY);
    assert_int_equal(rd(MMU_IRQENABLE), 0);
}

static void other_on(void)
{
    wr(MMU_TTB, OTHER_ROOT);
    wr(MMU_IRQENABLE, IRQ_ALL);
    wr(MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

static void quarantine_after_power_on(void **state)
{
    uint32_t pa;

    (void)state;
    assert_true(mmu_peek(&m->mmu, DA, &pa));
    machine_quarantine(m);
    assert_quarantined();
}

static void quarantine_of_a_running_mmu(void **state)
{
    uint32_t pa;

    (void)state;
    other_on();
    assert_int_equal(mmu_translate(&m->mmu, DA, false, &pa), MMU_OK);
    assert_int_equal(pa, OTHER_PAGE | 0x45678);
    machine_quarantine(m);
    assert_quarantined();
}

static void quarantine_of_preserved_tlb_entries(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 32; i++ )
    {
        wr(MMU_LOCK, LOCK_MAKE(i, i));
        wr(MMU_CAM, i << 20 | CAM_V | CAM_P);
        wr(MMU_RAM, OTHER_PAGE);
        wr(MMU_LD_TLB, 1);
    }
    wr(MMU_LOCK, LOCK_MAKE(31, 31));
    wr(MMU_CNTL, CNTL_MMUENABLE);
    machine_quarantine(m);
    assert_quarantined();
    assert_int_equal(rd(MMU_LOCK), 0);
}

static void quarantine_of_a_stalled_requester(void **state)
{
    (void)state;
    other_on();
    assert_int_equal(machine_issue(m, 0x55500000, false), MMU_STALL);
    machine_quarantine(m);
    assert_quarantined();
    assert_true(m->request.open);
    assert_false(m->mmu.irq_level);
}

static void quarantine_of_an_mmu_in_bus_error_mode(void **state)
{
    (void)state;
    wr(MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
    other_on();
    machine_quarantine(m);
    assert_quarantined();
}

static const struct host_ops *real;
static uint32_t region[2 * MMU_BYPASS_REGIONS];

static bool is_region(unsigned int offset)
{
    return offset >= MMU_BYPASS_REGION_ADDR(0) &&
           offset <= MMU_BYPASS_REGION_SIZE(MMU_BYPASS_REGIONS - 1);
}

static uint32_t read_region(struct host *host, unsigned int offset)
{
    return is_region(offset) ? region[(offset - MMU_BYPASS_REGION_ADDR(0)) / 4]
                             : real->reg_read(host, offset);
}

static void write_region(struct host *host, unsigned int offset, uint32_t value)
{
    if ( is_region(offset) )
        region[(offset - MMU_BYPASS_REGION_ADDR(0)) / 4] = value;
    else
        real->reg_write(host, offset, value);
}

/* A boot loader or a former owner left a region. One that cannot be cleared is noticed. */
static void quarantine_ends_bypass_regions(void **state)
{
    const struct hw_parts dsp = { .bypassable = true };
    struct host_ops ops = *m->host.ops;
    unsigned int i;

    (void)state;
    real = m->host.ops;
    ops.reg_read = read_region;
    ops.reg_write = write_region;
    m->host.ops = &ops;
    memset(region, 0xff, sizeof(region));
    hw_quarantine(&m->host, _maddr(HOST_EMPTY), dsp);
    for ( i = 0; i < 2 * MMU_BYPASS_REGIONS; i++ )
        assert_int_equal(region[i], 0);
    assert_true(hw_walks(&m->host, _maddr(HOST_EMPTY), dsp));

    for ( i = 0; i < MMU_BYPASS_REGIONS; i++ )
    {
        region[2 * i + 1] = 1;
        assert_false(hw_walks(&m->host, _maddr(HOST_EMPTY), dsp));
        hw_arm(&m->host, _maddr(HOST_EMPTY), dsp);
        assert_true(hw_walks(&m->host, _maddr(HOST_EMPTY), dsp));
    }
    m->host.ops = real;
}

static void assignment_ends_bus_error_mode(void **state)
{
    (void)state;
    wr(MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
    machine_assign(m);
    assert_int_equal(rd(MMU_GP_REG), 0);
    machine_release(m, PT_SLOTS);
}

/* Once enabled, the MMU translates nothing, at no moment of the quarantine. */
static unsigned int enabled_writes;

static void watching_write(struct host *host, unsigned int offset,
                           uint32_t value)
{
    uint32_t pa;

    hostile_host_ops.reg_write(host, offset, value);
    if ( rd(MMU_CNTL) & CNTL_MMUENABLE )
    {
        enabled_writes++;
        assert_false(mmu_peek(&m->mmu, DA, &pa));
    }
}

static void quarantine_enables_on_the_empty_table_only(void **state)
{
    struct host_ops watched = hostile_host_ops;

    (void)state;
    enabled_writes = 0;
    watched.reg_write = watching_write;
    m->host.ops = &watched;
    wr(MMU_TTB, OTHER_ROOT);
    machine_quarantine(m);
    assert_true(enabled_writes > 0);
    assert_quarantined();
}

/* Hardware that takes its time, or for ever: reads until it is done. */
static unsigned int reads_left, reads;

static uint32_t slow_read(struct host *host, unsigned int offset)
{
    bool done = !reads_left;

    assert_true(reads++ < 1000);
    reads_left -= !done;
    if ( offset == MMU_WALKING_ST )
        return done ? 0 : WALKING_ST_TWLRUNNING;
    if ( offset == MMU_IRQSTATUS )
        return done ? IRQ_TRANSLATIONFAULT : 0;

    return hostile_host_ops.reg_read(host, offset);
}

/* What may be written only when it is done. */
static unsigned int too_early;

static void noting_write(struct host *host, unsigned int offset, uint32_t value)
{
    if ( offset == MMU_GFLUSH || (offset == MMU_GP_REG && !value) )
    {
        too_early += reads_left > 0;
        reads = 0;
    }
    hostile_host_ops.reg_write(host, offset, value);
}

static const struct host_ops slow_ops = {
    .reg_read = slow_read,
    .reg_write = noting_write,
};

/* Does this on hardware that is done after so many reads. */
static void do_slowly(void (*what)(struct host *host), unsigned int until_done,
                      unsigned int due_too_early)
{
    m->host.ops = &slow_ops;
    reads_left = until_done;
    reads = too_early = 0;
    what(&m->host);
    assert_int_equal(too_early, due_too_early);
}

static void flush_waits_for_a_walk_under_way(void **state)
{
    (void)state;
    do_slowly(hw_flush, 5, 0);
    assert_int_equal(reads_left, 0);
}

/* The write is posted: reading it back is what waits for its arrival. */
static void flush_ends_with_a_read(void **state)
{
    (void)state;
    do_slowly(hw_flush, 0, 0);
    assert_int_equal(reads, 1);
}

static void flush_waits_for_no_walk_without_end(void **state)
{
    (void)state;
    do_slowly(hw_flush, UINT32_MAX, 1);
}

static void bus_error_mode_waits_for_the_requester(void **state)
{
    (void)state;
    do_slowly(hw_answer_bus_error, 5, 0);
    assert_int_equal(rd(MMU_GP_REG), 0);
}

static void bus_error_mode_ends_without_a_requester(void **state)
{
    (void)state;
    do_slowly(hw_answer_bus_error, UINT32_MAX, 1);
    assert_int_equal(rd(MMU_GP_REG), 0);
}

/* All but the interrupt's own write, once the MMU is assigned. */
static void locked_write(struct host *host, unsigned int offset, uint32_t value)
{
    assert_true(m->locked || (offset == MMU_IRQENABLE && !value));
    hostile_host_ops.reg_write(host, offset, value);
}

static void hardware_is_written_with_the_lock_held(void **state)
{
    struct host_ops ops = hostile_host_ops;

    (void)state;
    lay_out(m, 4096);
    machine_assign(m);
    ops.reg_write = locked_write;
    m->host.ops = &ops;
    mmu_on(m);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM + 0x45678);
    machine_unmap(m, RAM, 1);
    assert_leads(m, DA, RAM + 0x45678);
    assert_faults(m, 0x55500000, IRQ_TRANSLATIONFAULT);
    give_up(m);
    machine_release(m, PT_SLOTS);
}

/* The DSP has another register at this offset. */
static void nothing_is_written_where_gp_reg_is_another_s(void **state)
{
    struct machine *dsp = new_default();

    (void)state;
    mmu_reg_write(&dsp->mmu, MMU_GP_REG, 4, 1);
    write_l1(dsp, DA, WORD_SECTION(RAM));
    mmu_on(dsp);
    assert_leads(dsp, DA, RAM + 0x45678);
    assert_faults(dsp, 0x55500000, IRQ_TRANSLATIONFAULT);
    give_up(dsp);
    assert_int_equal(mmu_reg_read(&dsp->mmu, MMU_GP_REG, 4), 1);
    check_and_free(dsp);
}

/* Every register, written with every bit: CNTL and SYSCONFIG stay the host's.
 */
static void guest_cannot_switch_the_hardware_off(void **state)
{
    unsigned int offset, value;

    (void)state;
    lay_out(m, 4096);
    machine_assign(m);
    for ( offset = 0; offset < OMAP_MMU_WINDOW; offset += 4 )
        for ( value = 0; value < 33; value++ )
        {
            machine_reg_write(m, offset, value ? 1u << (value - 1) : 0);
            assert_int_equal(rd(MMU_CNTL), CNTL_MMUENABLE | CNTL_TWLENABLE);
            assert_int_equal(rd(MMU_SYSCONFIG), 0);
            machine_access(m, DA, false);
            machine_withdraw(m);
            assert_right(m);
        }
    machine_release(m, PT_SLOTS);
}

static void start_with_a_section(void)
{
    lay_out(m, 4096);
    machine_assign(m);
    mmu_on(m);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM + 0x45678);
}

/* Registers lost (power, reset by another): the next write to CNTL restores all. */
static void lost_registers_come_back_with_cntl(void **state)
{
    (void)state;
    start_with_a_section();
    mmu_reset(&m->mmu);
    m->reach_known = false;
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    assert_leads(m, DA, RAM + 0x45678);
    machine_release(m, PT_SLOTS);
}

/* A fault of an untouched MMU must raise the interrupt. */
static void assignment_lets_the_line_through(void **state)
{
    (void)state;
    lay_out(m, 4096);
    machine_assign(m);
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_IRQENABLE, 4), IRQ_WALKER_ON);
    machine_release(m, PT_SLOTS);
    assert_int_equal(mmu_reg_read(&m->mmu, MMU_IRQENABLE, 4), 0);
}

static void release_ends_in_quarantine(void **state)
{
    (void)state;
    start_with_a_section();
    machine_release(m, PT_SLOTS);
    assert_quarantined();
}

static void camera_has_no_register_beyond_its_window(void **state)
{
    struct machine *camera =
        new_running(4096, (struct machine_options){
                              .tlb_entries = 8,
                              .window = OMAP_MMU_WINDOW_OMAP3,
                          });

    (void)state;
    write_l1(camera, DA, WORD_SECTION(RAM));
    assert_leads(camera, DA, RAM + 0x45678);
    assert_faults(camera, 0x55500000, IRQ_TRANSLATIONFAULT);
    give_up(camera);
    check_and_free(camera);
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(quarantine_after_power_on),
        test(quarantine_of_a_running_mmu),
        test(quarantine_of_preserved_tlb_entries),
        test(quarantine_of_a_stalled_requester),
        test(quarantine_of_an_mmu_in_bus_error_mode),
        test(quarantine_ends_bypass_regions),
        test(assignment_ends_bus_error_mode),
        test(quarantine_enables_on_the_empty_table_only),
        test(flush_waits_for_a_walk_under_way),
        test(flush_ends_with_a_read),
        test(flush_waits_for_no_walk_without_end),
        test(bus_error_mode_waits_for_the_requester),
        test(bus_error_mode_ends_without_a_requester),
        test(hardware_is_written_with_the_lock_held),
        test(nothing_is_written_where_gp_reg_is_another_s),
        test(guest_cannot_switch_the_hardware_off),
        test(lost_registers_come_back_with_cntl),
        test(assignment_lets_the_line_through),
        test(release_ends_in_quarantine),
        test(camera_has_no_register_beyond_its_window),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
