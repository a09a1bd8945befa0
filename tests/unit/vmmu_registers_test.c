/* SPDX-License-Identifier: GPL-2.0-only */
/* The registers that the guest sees, from the table in omap_regs.h. */
#include "unit.h"

static const struct {
    const char *name;
    unsigned int offset;
    uint32_t reset, writable;
    enum {
        RO,
        RW,
        W1C,
        CMD
    } kind;
} regs[] = {
#define R(name, offset, reset, writable, kind) \
    { #name, (offset), (reset), (writable), (kind) },
    OMAP_MMU_REGISTERS(R)
#undef R
};

#define NR_REGS (sizeof(regs) / sizeof(regs[0]))

#define DA 0x12000000u

static uint32_t rd(struct machine *m, unsigned int offset)
{
    return machine_reg_read(m, offset);
}

static void wr(struct machine *m, unsigned int offset, uint32_t value)
{
    machine_reg_write(m, offset, value);
}

static bool is_register(unsigned int offset)
{
    unsigned int i;

    for ( i = 0; i < NR_REGS; i++ )
        if ( regs[i].offset == offset )
            return true;

    return false;
}

static uint32_t reset_value(struct machine *m, unsigned int i)
{
    return regs[i].offset == MMU_REVISION ? m->vmmu.config.revision
                                          : regs[i].reset;
}

static void each_register_has_its_reset_value(void **state)
{
    struct machine *m = new_machine(4096, (struct machine_options){ 0 });
    unsigned int i;

    (void)state;
    for ( i = 0; i < NR_REGS; i++ )
        assert_int_equal(rd(m, regs[i].offset), reset_value(m, i));
    check_and_free(m);
}

/* SOFTRESET has a test of its own. */
static void each_rw_register_keeps_its_writable_bits(void **state)
{
    static const uint32_t values[] = { 0xffffffff, 0x55555555, 0xaaaaaaaa, 0 };
    struct machine *m = new_machine(4096, (struct machine_options){ 0 });
    unsigned int i, j;

    (void)state;
    for ( i = 0; i < NR_REGS; i++ )
        for ( j = 0; j < 4 && regs[i].kind == RW; j++ )
        {
            uint32_t value = values[j];

            if ( regs[i].offset == MMU_SYSCONFIG )
                value &= ~SYSCONFIG_SOFTRESET;
            wr(m, regs[i].offset, value);
            assert_int_equal(rd(m, regs[i].offset), value & regs[i].writable);
        }
    check_and_free(m);
}

static void each_ro_register_ignores_writes(void **state)
{
    struct machine *m = new_machine(4096, (struct machine_options){ 0 });
    unsigned int i;

    (void)state;
    for ( i = 0; i < NR_REGS; i++ )
        if ( regs[i].kind == RO )
        {
            wr(m, regs[i].offset, 0xffffffff);
            assert_int_equal(rd(m, regs[i].offset), reset_value(m, i));
            wr(m, regs[i].offset, 0);
            assert_int_equal(rd(m, regs[i].offset), reset_value(m, i));
        }
    check_and_free(m);
}

static void each_command_reads_zero(void **state)
{
    struct machine *m = new_machine(4096, (struct machine_options){ 0 });
    unsigned int i;

    (void)state;
    for ( i = 0; i < NR_REGS; i++ )
        if ( regs[i].kind == CMD )
        {
            wr(m, regs[i].offset, 0xffffffff);
            assert_int_equal(rd(m, regs[i].offset), 0);
        }
    check_and_free(m);
}

static void commands_need_their_bit(void **state)
{
    struct machine *m = new_default();

    (void)state;
    load_tlb(m, 3, 0x12300000 | CAM_V | CAM_SIZE_1M, RAM);
    wr(m, MMU_GFLUSH, 0xfffffffe);
    wr(m, MMU_FLUSH_ENTRY, 0xfffffffe);
    assert_int_equal(rd(m, MMU_READ_CAM), 0x12300000 | CAM_V | CAM_SIZE_1M);

    wr(m, MMU_CAM, 0);
    wr(m, MMU_LD_TLB, 0xfffffffe);
    assert_int_equal(rd(m, MMU_READ_CAM), 0x12300000 | CAM_V | CAM_SIZE_1M);
    check_and_free(m);
}

static void irqstatus_clears_the_written_ones(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, 0x12300000, IRQ_TRANSLATIONFAULT);
    wr(m, MMU_IRQSTATUS, IRQ_ALL & ~IRQ_TRANSLATIONFAULT);
    assert_int_equal(rd(m, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    machine_withdraw(m);
    wr(m, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    assert_int_equal(rd(m, MMU_IRQSTATUS), 0);
    check_and_free(m);
}

static void holes_read_zero_and_are_said_once(void **state)
{
    struct machine *m = new_machine(4096, (struct machine_options){ 0 });
    unsigned int offset, holes = 0;

    (void)state;
    for ( offset = 0; offset < OMAP_MMU_WINDOW; offset += 4 )
    {
        if ( is_register(offset) )
            continue;
        wr(m, offset, 0xffffffff);
        assert_int_equal(rd(m, offset), 0);
        assert_int_equal(rd(m, offset), 0);
        assert_int_equal(m->count.logs, ++holes);
    }
    check_and_free(m);
}

static void beyond_the_window_reads_zero(void **state)
{
    struct machine *m = new_machine(4096, (struct machine_options){
                                              .window = OMAP_MMU_WINDOW_OMAP3,
                                          });

    (void)state;
    wr(m, MMU_GP_REG, 1);
    assert_int_equal(rd(m, MMU_GP_REG), 0);
    assert_int_equal(m->count.logs, 1);
    assert_int_equal(rd(m, OMAP_MMU_WINDOW_OMAP3), 0); /* the first beyond */
    assert_int_equal(m->count.logs, 2);
    wr(m, OMAP_MMU_WINDOW, 1);
    assert_int_equal(rd(m, OMAP_MMU_WINDOW + 0x10), 0);
    assert_int_equal(rd(m, 0xfffffffc), 0);
    check_and_free(m);
}

static void narrow_reads_get_their_part_of_the_word(void **state)
{
    struct machine *m = new_default();
    struct vmmu *v = &m->vmmu;

    (void)state;
    wr(m, MMU_CAM, 0x12345000 | CAM_V);
    assert_int_equal(vmmu_read(v, MMU_CAM, 1), 0x04);
    assert_int_equal(vmmu_read(v, MMU_CAM + 1, 1), 0x50);
    assert_int_equal(vmmu_read(v, MMU_CAM + 2, 1), 0x34);
    assert_int_equal(vmmu_read(v, MMU_CAM + 3, 1), 0x12);
    assert_int_equal(vmmu_read(v, MMU_CAM, 2), 0x5004);
    assert_int_equal(vmmu_read(v, MMU_CAM + 2, 2), 0x1234);
    check_and_free(m);
}

static void narrow_writes_are_ignored_and_said_once(void **state)
{
    struct machine *m = new_default();
    struct vmmu *v = &m->vmmu;
    unsigned int i;

    (void)state;
    wr(m, MMU_CAM, 0x12345000);
    for ( i = 0; i < 4; i++ )
        vmmu_write(v, MMU_CAM + i, 1, 0xff);
    vmmu_write(v, MMU_CAM, 2, 0xffff);
    vmmu_write(v, MMU_CAM + 2, 2, 0xffff);
    assert_int_equal(rd(m, MMU_CAM), 0x12345000);
    assert_int_equal(m->count.logs, 1);
    check_and_free(m);
}

static void unaligned_and_wide_accesses_are_ignored(void **state)
{
    struct machine *m = new_default();
    struct vmmu *v = &m->vmmu;
    unsigned int in_word;

    (void)state;
    wr(m, MMU_CAM, 0x12345000);
    wr(m, MMU_RAM, 0x80500000);
    for ( in_word = 1; in_word < 4; in_word++ )
    {
        assert_int_equal(vmmu_read(v, MMU_CAM + in_word, 4), 0);
        vmmu_write(v, MMU_CAM + in_word, 4, 0xffffffff);
    }
    assert_int_equal(vmmu_read(v, MMU_CAM + 1, 2), 0);
    assert_int_equal(vmmu_read(v, MMU_CAM + 3, 2), 0);
    assert_int_equal(vmmu_read(v, MMU_CAM, 8), 0);
    vmmu_write(v, MMU_CAM, 8, 0xffffffff);
    assert_int_equal(rd(m, MMU_CAM), 0x12345000);
    assert_int_equal(rd(m, MMU_RAM), 0x80500000);
    assert_int_equal(m->count.logs, 1);
    check_and_free(m);
}

static void tlb_entries_read_back(void **state)
{
    static const unsigned int sizes[] = { 8, 32 };
    unsigned int i, s;

    (void)state;
    for ( s = 0; s < 2; s++ )
    {
        struct machine *m = new_running(4096, (struct machine_options){
                                                  .tlb_entries = sizes[s],
                                              });

        for ( i = 0; i < sizes[s]; i++ )
            load_tlb(m, i, 0x10000000 * (i % 8) | i << 12 | CAM_V | (i & 3),
                     RAM + (i << 20));
        for ( i = 0; i < sizes[s]; i++ )
        {
            wr(m, MMU_LOCK, LOCK_MAKE(0, i));
            assert_int_equal(rd(m, MMU_READ_CAM),
                             0x10000000 * (i % 8) | i << 12 | CAM_V | (i & 3));
            assert_int_equal(rd(m, MMU_READ_RAM), RAM + (i << 20));
        }
        check_and_free(m);
    }
}

static void loading_leaves_lock_cam_and_ram(void **state)
{
    struct machine *m = new_default();

    (void)state;
    wr(m, MMU_LOCK, LOCK_MAKE(5, 7));
    wr(m, MMU_CAM, 0x12300000 | CAM_V | CAM_P);
    wr(m, MMU_RAM, RAM);
    wr(m, MMU_LD_TLB, 1);
    assert_int_equal(rd(m, MMU_LOCK), LOCK_MAKE(5, 7));
    assert_int_equal(rd(m, MMU_CAM), 0x12300000 | CAM_V | CAM_P);
    assert_int_equal(rd(m, MMU_RAM), RAM);
    check_and_free(m);
}

static void gflush_spares_preserved_entries(void **state)
{
    struct machine *m = new_default();

    (void)state;
    load_tlb(m, 0, 0x12300000 | CAM_V, RAM);
    load_tlb(m, 1, 0x12400000 | CAM_V | CAM_P, RAM + SZ_1M);
    flush(m);
    wr(m, MMU_LOCK, LOCK_MAKE(0, 0));
    assert_false(rd(m, MMU_READ_CAM) & CAM_V);
    wr(m, MMU_LOCK, LOCK_MAKE(0, 1));
    assert_true(rd(m, MMU_READ_CAM) & CAM_V);
    assert_leads(m, 0x12401000, RAM + SZ_1M + 0x1000);
    assert_faults(m, 0x12300000, IRQ_TRANSLATIONFAULT);
    give_up(m);
    check_and_free(m);
}

static void flush_entry_drops_what_covers_cam_preserved_or_not(void **state)
{
    struct machine *m = new_default();

    (void)state;
    load_tlb(m, 0, 0x12300000 | CAM_V | CAM_P, RAM);
    load_tlb(m, 1, 0x12400000 | CAM_V | CAM_P, RAM + SZ_1M);
    assert_leads(m, 0x12301000, RAM + 0x1000);
    flush_da(m, 0x1237f000);
    wr(m, MMU_LOCK, LOCK_MAKE(0, 0));
    assert_false(rd(m, MMU_READ_CAM) & CAM_V);
    wr(m, MMU_LOCK, LOCK_MAKE(0, 1));
    assert_true(rd(m, MMU_READ_CAM) & CAM_V);
    assert_faults(m, 0x12301000, IRQ_TRANSLATIONFAULT);
    give_up(m);
    check_and_free(m);
}

/* The guest may have loaded two, which is a fault where both hit. */
static void flush_entry_drops_each_that_covers_cam(void **state)
{
    struct machine *m = new_default();

    (void)state;
    load_tlb(m, 0, 0x12300000 | CAM_V | CAM_SIZE_1M, RAM);
    load_tlb(m, 31, 0x12301000 | CAM_V | CAM_SIZE_4K, RAM + SZ_1M);
    flush_da(m, 0x12301000);
    wr(m, MMU_LOCK, LOCK_MAKE(0, 0));
    assert_false(rd(m, MMU_READ_CAM) & CAM_V);
    wr(m, MMU_LOCK, LOCK_MAKE(0, 31));
    assert_false(rd(m, MMU_READ_CAM) & CAM_V);
    assert_faults(m, 0x12301000, IRQ_TRANSLATIONFAULT);
    give_up(m);
    check_and_free(m);
}

static void soft_reset_forgets_all_and_reads_as_done(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    write_l1(m, 0x12300000, WORD_SECTION(RAM));
    assert_leads(m, 0x12300000, RAM);
    for ( i = 0; i < NR_REGS; i++ )
        if ( regs[i].kind == RW && regs[i].offset != MMU_SYSCONFIG )
            wr(m, regs[i].offset, 0xffffffff);
    load_tlb(m, 2, 0x12400000 | CAM_V | CAM_P, RAM);

    wr(m, MMU_SYSCONFIG, 0xffffffff);
    assert_false(cached(m, 0x12300000));
    for ( i = 0; i < NR_REGS; i++ )
        assert_int_equal(rd(m, regs[i].offset), reset_value(m, i));
    wr(m, MMU_LOCK, LOCK_MAKE(0, 2));
    assert_int_equal(rd(m, MMU_READ_CAM), 0);
    assert_int_equal(rd(m, MMU_SYSSTATUS), 1);
    check_and_free(m);
}

/* Whatever the shadow holds, no register shows a machine address. */
static void no_register_shows_a_machine_address(void **state)
{
    struct machine *m =
        new_running(4096, (struct machine_options){ .seed = 1 });
    unsigned int i, n;
    uint64_t maddr = maddr_of(m, RAM + 0x5000);

    (void)state;
    assert_int_not_equal(maddr & 0xfffff000, RAM + 0x5000);
    write_l1(m, 0x12300000, WORD_SECTION(RAM));
    assert_leads(m, 0x12305000, RAM + 0x5000);
    machine_access(m, 0x55555554, true);

    for ( n = 0; n < 32; n++ )
    {
        wr(m, MMU_LOCK, LOCK_MAKE(0, n));
        for ( i = 0; i < OMAP_MMU_WINDOW; i += 4 )
        {
            uint32_t value = rd(m, i);

            assert_int_not_equal(value >> 20, maddr >> 20);
            assert_int_not_equal(value >> 16, HOST_BASE >> 16);
        }
    }
    give_up(m);
    check_and_free(m);
}

/* Only what the guest wrote is in its TLB: the hardware's entries are not. */
static void walked_entries_are_not_shown(void **state)
{
    struct machine *m = new_default();
    unsigned int n;

    (void)state;
    write_l1(m, 0x12300000, WORD_SECTION(RAM));
    assert_leads(m, 0x12305000, RAM + 0x5000);
    for ( n = 0; n < 32; n++ )
    {
        wr(m, MMU_LOCK, LOCK_MAKE(0, n));
        assert_int_equal(rd(m, MMU_READ_CAM), 0);
        assert_int_equal(rd(m, MMU_READ_RAM), 0);
    }
    check_and_free(m);
}

/* For the host's dump: no side effect of the guest's own read, not counted. */
static void peek_reads_the_same_and_changes_nothing(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    load_tlb(m, 3, DA | CAM_V | CAM_SIZE_4K, RAM);
    write_l1(m, DA + SZ_1M, WORD_SECTION(RAM));
    assert_leads(m, DA + SZ_1M, RAM);
    for ( i = 0; i < NR_REGS; i++ )
    {
        uint32_t seen = vmmu_peek(&m->vmmu, regs[i].offset);

        assert_true(cached(m, DA + SZ_1M));
        assert_int_equal(rd(m, regs[i].offset), seen);
        assert_int_equal(m->vmmu.count.reads[regs[i].offset / 4], 1);
        assert_leads(m, DA + SZ_1M, RAM);
    }
    check_and_free(m);
}

static void revision_is_the_hardware_s(void **state)
{
    struct machine *m = new_machine(4096, (struct machine_options){ 0 });

    (void)state;
    assert_int_equal(rd(m, MMU_REVISION), mmu_reg_read(&m->mmu, 0, 4));
    check_and_free(m);
}

static void released_mmu_reads_zero_and_ignores_writes(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    machine_release(m, PT_SLOTS);
    m->count = (struct machine_counts){ 0 };
    for ( i = 0; i < NR_REGS; i++ )
        vmmu_write(&m->vmmu, regs[i].offset, 4, 0xffffffff);
    for ( i = 0; i < NR_REGS; i++ )
        assert_int_equal(vmmu_read(&m->vmmu, regs[i].offset, 4), 0);
    assert_int_equal(m->count.reg_reads + m->count.reg_writes, 0);
    assert_right(m);
    machine_free(m);
}

static void accesses_are_counted(void **state)
{
    struct machine *m = new_default();
    uint64_t reads = m->vmmu.count.reads[MMU_CAM / 4];
    uint64_t writes = m->vmmu.count.writes[MMU_CAM / 4];

    (void)state;
    rd(m, MMU_CAM);
    rd(m, MMU_CAM);
    wr(m, MMU_CAM, 0);
    assert_int_equal(m->vmmu.count.reads[MMU_CAM / 4], reads + 2);
    assert_int_equal(m->vmmu.count.writes[MMU_CAM / 4], writes + 1);
    check_and_free(m);
}

static void registers_have_names(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < NR_REGS; i++ )
        assert_string_equal(vmmu_register_name(regs[i].offset), regs[i].name);
    assert_null(vmmu_register_name(0x20));
    assert_null(vmmu_register_name(OMAP_MMU_WINDOW));
}

/* A trap may take neither the p2m nor guest memory. */
static void no_access_walks_or_asks_the_p2m(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    write_l1(m, 0x12300000, WORD_SECTION(RAM));
    assert_leads(m, 0x12305000, RAM + 0x5000);
    m->count = (struct machine_counts){ 0 };
    for ( i = 0; i < OMAP_MMU_WINDOW; i += 4 )
    {
        rd(m, i);
        wr(m, i, 0xffffffff);
    }
    assert_int_equal(m->count.read_guests, 0);
    assert_int_equal(m->count.look_ups, 0);
    assert_int_equal(m->count.puts, 0);
    check_and_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_register_has_its_reset_value),
        cmocka_unit_test(each_rw_register_keeps_its_writable_bits),
        cmocka_unit_test(each_ro_register_ignores_writes),
        cmocka_unit_test(each_command_reads_zero),
        cmocka_unit_test(commands_need_their_bit),
        cmocka_unit_test(irqstatus_clears_the_written_ones),
        cmocka_unit_test(holes_read_zero_and_are_said_once),
        cmocka_unit_test(beyond_the_window_reads_zero),
        cmocka_unit_test(narrow_reads_get_their_part_of_the_word),
        cmocka_unit_test(narrow_writes_are_ignored_and_said_once),
        cmocka_unit_test(unaligned_and_wide_accesses_are_ignored),
        cmocka_unit_test(tlb_entries_read_back),
        cmocka_unit_test(loading_leaves_lock_cam_and_ram),
        cmocka_unit_test(gflush_spares_preserved_entries),
        cmocka_unit_test(flush_entry_drops_what_covers_cam_preserved_or_not),
        cmocka_unit_test(flush_entry_drops_each_that_covers_cam),
        cmocka_unit_test(soft_reset_forgets_all_and_reads_as_done),
        cmocka_unit_test(no_register_shows_a_machine_address),
        cmocka_unit_test(walked_entries_are_not_shown),
        cmocka_unit_test(peek_reads_the_same_and_changes_nothing),
        cmocka_unit_test(revision_is_the_hardware_s),
        cmocka_unit_test(released_mmu_reads_zero_and_ignores_writes),
        cmocka_unit_test(accesses_are_counted),
        cmocka_unit_test(registers_have_names),
        cmocka_unit_test(no_access_walks_or_asks_the_p2m),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
