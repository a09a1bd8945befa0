/* SPDX-License-Identifier: GPL-2.0-only */
/* The model of the MMU: one property of the hardware per test. */
#include "machine.h"

#define LOCK(base, victim) ((uint32_t)(base) << 10 | (uint32_t)(victim) << 4)
#define V                  4u
#define P                  8u
#define SIZE_1M            0u
#define SIZE_64K           1u
#define SIZE_4K            2u
#define SIZE_16M           3u

static int setup(void **state)
{
    *state = machine_make(32, false);

    return 0;
}

static int setup_8_entries(void **state)
{
    *state = machine_make(8, false);

    return 0;
}

static int setup_bus_errors(void **state)
{
    *state = machine_make(32, true);
    wr(*state, MMU_GP_REG, 1);

    return 0;
}

static int setup_regions(void **state)
{
    struct machine *s = machine_make(32, false);

    s->mmu.config.bypass_regions = true;
    walker_on(s);
    *state = s;

    return 0;
}

static int teardown(void **state)
{
    free(*state);

    return 0;
}

/*
 * Helpers
 */

static void assert_translates(struct machine *s, uint32_t da, uint32_t pa)
{
    uint32_t got = ~pa;

    assert_int_equal(mmu_translate(&s->mmu, da, false, &got), MMU_OK);
    assert_int_equal(got, pa);
}

static enum mmu_result access(struct machine *s, uint32_t da)
{
    uint32_t pa;

    return mmu_translate(&s->mmu, da, false, &pa);
}

static void assert_faults(struct machine *s, uint32_t da, uint32_t bit)
{
    assert_int_equal(access(s, da), MMU_STALL);
    assert_int_equal(rd(s, MMU_IRQSTATUS), bit);
    assert_int_equal(rd(s, MMU_FAULT_AD), da);
}

static void load(struct machine *s, unsigned int entry, uint32_t cam,
                 uint32_t ram)
{
    wr(s, MMU_LOCK, LOCK(0, entry));
    wr(s, MMU_CAM, cam);
    wr(s, MMU_RAM, ram);
    wr(s, MMU_LD_TLB, 1);
}

static uint32_t cam_of(struct machine *s, unsigned int entry)
{
    wr(s, MMU_LOCK, LOCK(0, entry));

    return rd(s, MMU_READ_CAM);
}

static uint32_t ram_of(struct machine *s, unsigned int entry)
{
    wr(s, MMU_LOCK, LOCK(0, entry));

    return rd(s, MMU_READ_RAM);
}

static unsigned int valid_entries(struct machine *s)
{
    unsigned int i, n = 0;

    for ( i = 0; i < 32; i++ )
        n += !!(cam_of(s, i) & V);

    return n;
}

/* Sections for the first 64 slots: slot n to physical 0x40000000 + n MiB. */
static void map_sections(struct machine *s)
{
    uint32_t n;

    for ( n = 0; n < 64; n++ )
        first_level(s, n << 20, 0x40000000u | n << 20 | 2);
    walker_on(s);
}

/*
 * Registers
 */

/* A failure's message has the offset. */
static void assert_register(struct machine *s, uint32_t offset, uint32_t want)
{
    uint32_t value = rd(s, offset);

    if ( value != want )
        fail_msg("register %#x is %#x, and not %#x", offset, value, want);
}

static void registers_have_their_reset_values(void **state)
{
    struct machine *s = *state;
    uint32_t offset;

    for ( offset = 0; offset < 0x100; offset += 4 )
    {
        uint32_t want = offset == 0 ? 0x21 : offset == 0x14 ? 1 : 0;

        assert_register(s, offset, want);
    }
}

static void registers_store_their_writable_bits(void **state)
{
    static const struct {
        uint32_t offset, bits;
    } want[] = {
        { 0x10, 0x00000019 }, { 0x1c, 0x0000001f }, { 0x44, 0x0000000e },
        { 0x4c, 0xffffff80 }, { 0x50, 0x00007df0 }, { 0x58, 0xfffff00f },
        { 0x5c, 0xfffff3c0 }, { 0x88, 0x00000001 },
    };
    struct machine *s = *state;
    unsigned int i;

    for ( i = 0; i < sizeof(want) / sizeof(want[0]); i++ )
    {
        wr(s, want[i].offset, ~(uint32_t)SYSCONFIG_SOFTRESET);
        assert_register(s, want[i].offset,
                        want[i].bits & ~(uint32_t)SYSCONFIG_SOFTRESET);
        wr(s, want[i].offset, 0);
        assert_register(s, want[i].offset, 0);
    }
}

static void cntl_stores_mmuenable(void **state)
{
    wr(*state, MMU_CNTL, CNTL_MMUENABLE);
    assert_int_equal(rd(*state, MMU_CNTL), 2);
}

static void read_only_registers_ignore_writes(void **state)
{
    static const uint32_t offset[] = {
        0x00, 0x14, 0x40, 0x48, 0x68, 0x6c, 0x70, 0x80, 0x84,
    };
    struct machine *s = *state;
    unsigned int i;

    for ( i = 0; i < sizeof(offset) / sizeof(offset[0]); i++ )
    {
        uint32_t before = rd(s, offset[i]);

        wr(s, offset[i], ~before);
        assert_register(s, offset[i], before);
    }
}

static void commands_read_as_zero(void **state)
{
    static const uint32_t offset[] = { 0x54, 0x60, 0x64 };
    unsigned int i;

    for ( i = 0; i < 3; i++ )
    {
        wr(*state, offset[i], 1);
        assert_register(*state, offset[i], 0);
    }
}

static void commands_need_their_bit(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0x00100000 | V, 0x40000000);
    wr(s, MMU_GFLUSH, ~1u);
    wr(s, MMU_FLUSH_ENTRY, ~1u);
    assert_true(cam_of(s, 0) & V);
    wr(s, MMU_LOCK, LOCK(0, 1));
    wr(s, MMU_LD_TLB, ~1u);
    assert_false(cam_of(s, 1) & V);
}

static void holes_read_zero_and_ignore_writes(void **state)
{
    static const uint32_t offset[] = {
        0x04, 0x20, 0x3c, 0x74, 0x7c, 0x8c, 0x90, 0xfc, 0x100, 0x1000,
    };
    unsigned int i;

    for ( i = 0; i < sizeof(offset) / sizeof(offset[0]); i++ )
    {
        wr(*state, offset[i], ~0u);
        assert_register(*state, offset[i], 0);
    }
}

static void narrow_reads_return_their_part(void **state)
{
    struct machine *s = *state;

    wr(s, MMU_TTB, 0x12345680);
    assert_int_equal(mmu_reg_read(&s->mmu, MMU_TTB, 1), 0x80);
    assert_int_equal(mmu_reg_read(&s->mmu, MMU_TTB + 3, 1), 0x12);
    assert_int_equal(mmu_reg_read(&s->mmu, MMU_TTB + 2, 2), 0x1234);
}

static void narrow_writes_are_ignored(void **state)
{
    struct machine *s = *state;

    mmu_reg_write(&s->mmu, MMU_TTB, 2, 0xff80);
    mmu_reg_write(&s->mmu, MMU_TTB + 2, 2, 0xffff);
    mmu_reg_write(&s->mmu, MMU_CNTL, 1, 0x6);
    assert_int_equal(rd(s, MMU_TTB), 0);
    assert_int_equal(rd(s, MMU_CNTL), 0);
}

static void soft_reset_resets_registers(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    wr(s, MMU_SYSCONFIG, 0x1b);
    registers_have_their_reset_values(state);
}

static void soft_reset_empties_the_tlb_preserved_or_not(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0x00100000 | V | P, 0x40000000);
    load(s, 1, 0x00200000 | V, 0x40000000);
    wr(s, MMU_SYSCONFIG, 2);
    assert_int_equal(valid_entries(s), 0);
}

static void soft_reset_ends_a_stall(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    wr(s, MMU_SYSCONFIG, 2);
    assert_int_equal(s->resumes, 1);
    assert_translates(s, 0x1000, 0x1000);
}

static void hardware_reset_lowers_the_line_and_resumes_nobody(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    assert_true(s->irq);
    mmu_reset(&s->mmu);
    assert_false(s->irq);
    assert_int_equal(s->resumes, 0);
    registers_have_their_reset_values(state);
}

/*
 * Bypass
 */

static void switched_off_it_lets_everything_through_and_counts_it(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0xdeadb000 | V | SIZE_4K, 0x40000000);
    assert_translates(s, 0xdeadbeec, 0xdeadbeec);
    assert_translates(s, 0x4, 0x4);
    assert_int_equal(s->mmu.stats.bypassed, 2);
    assert_int_equal(s->table_reads, 0);
}

static void switched_on_it_bypasses_nothing(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    assert_translates(s, 0x00100004, 0x40100004);
    assert_int_equal(access(s, 0xdeadbeec), MMU_STALL);
    assert_int_equal(s->mmu.stats.bypassed, 0);
}

/*
 * Walker
 */

static void walks_a_section(void **state)
{
    first_level(*state, 0x12300000, 0x45600002);
    walker_on(*state);
    assert_translates(*state, 0x123abcdc, 0x456abcdc);
}

static void walks_a_supersection(void **state)
{
    first_level(*state, 0x12300000, 0x45040002);
    walker_on(*state);
    assert_translates(*state, 0x123abcdc, 0x453abcdc);
}

static void walks_a_large_page(void **state)
{
    second_level(*state, 0x123a5000, 0x45670001);
    walker_on(*state);
    assert_translates(*state, 0x123a5cdc, 0x45675cdc);
}

static void walks_a_small_page(void **state)
{
    second_level(*state, 0x123a5000, 0x45678002);
    walker_on(*state);
    assert_translates(*state, 0x123a5cdc, 0x45678cdc);
}

static void bit_1_alone_makes_a_small_page(void **state)
{
    second_level(*state, 0x123a5000, 0x45678003);
    walker_on(*state);
    assert_translates(*state, 0x123a5cdc, 0x45678cdc);
}

static void table_pointer_ignores_bits_9_to_2(void **state)
{
    second_level(*state, 0x123a5000, 0x45678002);
    first_level(*state, 0x12300000, TABLE | 0x3fd);
    walker_on(*state);
    assert_translates(*state, 0x123a5cdc, 0x45678cdc);
}

static void attribute_bits_are_no_address_bits(void **state)
{
    struct machine *s = *state;

    first_level(s, 0x00100000, 0x45600002 | 0x000bfffc);
    first_level(s, 0x01200000, 0x45000002 | 0x00fffffc);
    walker_on(s);
    assert_translates(s, 0x00100000, 0x45600000);
    assert_translates(s, 0x01200000, 0x45200000);
}

static void attributes_of_a_word_show_in_ram(void **state)
{
    struct machine *s = *state;

    first_level(s, 0x00100000, 0x45600002 | 1u << 17 | 1u << 15 | 2u << 10);
    walker_on(s);
    assert_int_equal(access(s, 0x00100000), MMU_OK);
    assert_int_equal(ram_of(s, 0), 0x45600000 | 1u << 6 | 1u << 9 | 2u << 7);
}

static void walked_entry_is_tagged_with_its_page(void **state)
{
    struct machine *s = *state;

    second_level(s, 0x001a5000, 0x45670001);
    walker_on(s);
    assert_int_equal(access(s, 0x001a5cdc), MMU_OK);
    assert_int_equal(cam_of(s, 0), 0x001a0000 | V | SIZE_64K);
    assert_int_equal(ram_of(s, 0), 0x45670000);
}

static void replicas_are_believed_one_by_one(void **state)
{
    struct machine *s = *state;

    second_level(s, 0x00100000, 0x45670001);
    second_level(s, 0x00111000, 0x77770001);
    second_level(s, 0x00122000, 0x88888002);
    walker_on(s);
    assert_translates(s, 0x00100000, 0x45670000);
    assert_translates(s, 0x00111000, 0x77771000);
    assert_translates(s, 0x00122000, 0x88888000);
}

static void walked_large_page_serves_the_whole_page(void **state)
{
    struct machine *s = *state;

    second_level(s, 0x00105000, 0x45670001);
    second_level(s, 0x00106000, 0x99999002);
    walker_on(s);
    assert_translates(s, 0x00105000, 0x45675000);
    assert_translates(s, 0x00106004, 0x45676004);
}

static void walked_supersection_serves_the_whole_page(void **state)
{
    struct machine *s = *state;

    first_level(s, 0x01500000, 0x45040002);
    first_level(s, 0x01600000, 0x99900002);
    walker_on(s);
    assert_translates(s, 0x01500000, 0x45500000);
    assert_translates(s, 0x01600004, 0x45600004);
}

static void index_is_ored_to_a_base_of_128_bytes_alignment(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    wr(s, MMU_TTB, ROOT + 0x80 + 0x7f);
    *word_at(s, ROOT + 0x84) = 0x45600002;
    assert_translates(s, 0x00100000, 0x45600000);
    /* Index 0x21: added it would be the word at 0x104. */
    assert_translates(s, 0x02100000, 0x45600000);
}

static void walk_reads_each_level_once(void **state)
{
    struct machine *s = *state;

    second_level(s, 0x00100000, 0x45678002);
    walker_on(s);
    assert_translates(s, 0x00100000, 0x45678000);
    assert_int_equal(s->table_reads, 2);
}

static void hit_reads_no_table(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    assert_translates(s, 0x00100000, 0x40100000);
    assert_int_equal(s->table_reads, 1);
    assert_translates(s, 0x001ffffc, 0x401ffffc);
    assert_int_equal(s->table_reads, 1);
    assert_int_equal(s->mmu.stats.walks, 1);
    assert_int_equal(s->mmu.stats.hits, 1);
}

static void hit_is_stale_until_flushed(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    assert_translates(s, 0x00100000, 0x40100000);
    first_level(s, 0x00100000, 0);
    assert_translates(s, 0x00100000, 0x40100000);
    wr(s, MMU_GFLUSH, 1);
    assert_faults(s, 0x00100000, IRQ_TRANSLATIONFAULT);
}

static void absence_is_not_cached(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x00100000, IRQ_TRANSLATIONFAULT);
    first_level(s, 0x00100000, 0x45600002);
    wr(s, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    assert_translates(s, 0x00100000, 0x45600000);
}

/*
 * Faults
 */

static void empty_first_level_word_is_a_translation_fault(void **state)
{
    walker_on(*state);
    assert_faults(*state, 0x12345678, IRQ_TRANSLATIONFAULT);
}

static void first_level_type_3_is_a_translation_fault(void **state)
{
    first_level(*state, 0x12300000, 0x45600003);
    walker_on(*state);
    assert_faults(*state, 0x12345678, IRQ_TRANSLATIONFAULT);
}

static void empty_second_level_word_is_a_translation_fault(void **state)
{
    second_level(*state, 0x12345000, 0x4567800c);
    walker_on(*state);
    assert_faults(*state, 0x12345678, IRQ_TRANSLATIONFAULT);
}

static void unreadable_first_level_is_a_table_walk_fault(void **state)
{
    walker_on(*state);
    wr(*state, MMU_TTB, NOWHERE);
    assert_faults(*state, 0x12345678, IRQ_TABLEWALKFAULT);
}

static void unreadable_second_level_is_a_table_walk_fault(void **state)
{
    first_level(*state, 0x12300000, NOWHERE | 1);
    walker_on(*state);
    assert_faults(*state, 0x12345678, IRQ_TABLEWALKFAULT);
}

static void miss_without_walker_is_a_tlb_miss(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    wr(s, MMU_CNTL, CNTL_MMUENABLE);
    assert_faults(s, 0x00100000, IRQ_TLBMISS);
    assert_int_equal(s->table_reads, 0);
}

static void two_matching_entries_are_a_multi_hit_fault(void **state)
{
    struct machine *s = *state;

    load(s, 3, 0x00100000 | V | SIZE_1M, 0x40000000);
    load(s, 7, 0x00150000 | V | SIZE_64K, 0x50000000);
    walker_on(s);
    assert_translates(s, 0x00140000, 0x40040000);
    assert_faults(s, 0x00155554, IRQ_MULTIHITFAULT);
}

static void fault_status_tells_writes_from_reads(void **state)
{
    struct machine *s = *state;
    uint32_t pa;

    walker_on(s);
    assert_int_equal(mmu_translate(&s->mmu, 0x4, true, &pa), MMU_STALL);
    assert_int_equal(rd(s, MMU_FAULT_STATUS), 0x9);
    wr(s, MMU_IRQSTATUS, 0x1f);
    assert_int_equal(mmu_translate(&s->mmu, 0x8, false, &pa), MMU_STALL);
    assert_int_equal(rd(s, MMU_FAULT_STATUS), 0x1);
}

/*
 * Interrupt line
 */

static void enabled_fault_raises_the_line(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_false(s->irq);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    assert_true(s->irq);
}

static void acknowledge_lowers_the_line(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    wr(s, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    assert_false(s->irq);
    assert_int_equal(rd(s, MMU_IRQSTATUS), 0);
}

static void line_follows_irqenable_as_a_level(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    wr(s, MMU_IRQENABLE, 0x1f & ~IRQ_TRANSLATIONFAULT);
    assert_false(s->irq);
    wr(s, MMU_IRQENABLE, IRQ_TRANSLATIONFAULT);
    assert_true(s->irq);
    assert_int_equal(s->irq_changes, 3);
}

static void disabled_fault_latches_and_stalls_all_the_same(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    wr(s, MMU_IRQENABLE, 0);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    assert_false(s->irq);
    first_level(s, 0, 0x45600002);
    assert_int_equal(access(s, 0x1000), MMU_STALL);
}

static void irqstatus_clears_written_ones_only(void **state)
{
    struct machine *s = *state;

    /* Leave TLBMISS latched, its stall ended by a load. */
    wr(s, MMU_CNTL, CNTL_MMUENABLE);
    assert_faults(s, 0x00100000, IRQ_TLBMISS);
    load(s, 0, 0x00100000 | V, 0x40000000);
    load(s, 1, 0x00100000 | V, 0x40000000);
    assert_int_equal(access(s, 0x00100000), MMU_STALL);
    assert_int_equal(rd(s, MMU_IRQSTATUS), IRQ_TLBMISS | IRQ_MULTIHITFAULT);

    wr(s, MMU_IRQSTATUS, 0x1f & ~IRQ_TLBMISS);
    assert_int_equal(rd(s, MMU_IRQSTATUS), IRQ_TLBMISS);
    wr(s, MMU_IRQSTATUS, IRQ_TLBMISS);
    assert_int_equal(rd(s, MMU_IRQSTATUS), 0);
}

/*
 * Stall
 */

static void stalled_it_serves_no_request(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    assert_faults(s, 0xf0000000, IRQ_TRANSLATIONFAULT);
    assert_int_equal(access(s, 0x00100000), MMU_STALL);
    assert_int_equal(rd(s, MMU_FAULT_AD), 0xf0000000);
    assert_int_equal(s->mmu.stats.faults, 1);
}

static void acknowledge_resumes_the_requester_once(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    assert_int_equal(s->resumes, 0);
    wr(s, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    wr(s, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    assert_int_equal(s->resumes, 1);
}

static void acknowledge_of_another_fault_releases_nobody(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    assert_faults(s, 0xf0000000, IRQ_TRANSLATIONFAULT);
    wr(s, MMU_IRQSTATUS, 0x1f & ~IRQ_TRANSLATIONFAULT);
    assert_int_equal(s->resumes, 0);
    assert_int_equal(access(s, 0x00100000), MMU_STALL);
}

static void retry_after_a_bare_acknowledge_faults_again(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    wr(s, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    assert_true(s->irq);
    assert_int_equal(s->mmu.stats.faults, 2);
}

static void filling_alone_ends_no_stall_of_the_walker(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x00100000, IRQ_TRANSLATIONFAULT);
    load(s, 0, 0x00100000 | V, 0x40000000);
    assert_int_equal(s->resumes, 0);
    assert_int_equal(access(s, 0x00100000), MMU_STALL);
}

static void loading_the_missing_entry_ends_a_tlb_miss(void **state)
{
    struct machine *s = *state;

    wr(s, MMU_CNTL, CNTL_MMUENABLE);
    assert_faults(s, 0x00123454, IRQ_TLBMISS);
    load(s, 0, 0x00200000 | V, 0x40000000);
    load(s, 1, 0x00100000, 0x40000000);
    assert_int_equal(s->resumes, 0);
    load(s, 2, 0x00100000 | V, 0x40000000);
    assert_int_equal(s->resumes, 1);
    assert_int_equal(rd(s, MMU_IRQSTATUS), IRQ_TLBMISS);
    assert_translates(s, 0x00123454, 0x40023454);
}

static void cancel_withdraws_the_stalled_request(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    assert_faults(s, 0xf0000000, IRQ_TRANSLATIONFAULT);
    mmu_cancel(&s->mmu);
    assert_int_equal(s->resumes, 0);
    assert_int_equal(rd(s, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    assert_translates(s, 0x00100000, 0x40100000);
}

static void late_acknowledge_of_a_cancelled_request_resumes_nobody(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    mmu_cancel(&s->mmu);
    wr(s, MMU_IRQSTATUS, 0x1f);
    assert_int_equal(s->resumes, 0);
    assert_false(s->irq);
}

/*
 * Bus errors
 */

static void bus_error_answers_a_fault_and_raises_the_line(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    assert_int_equal(access(s, 0x1000), MMU_BUS_ERROR);
    assert_int_equal(rd(s, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    assert_int_equal(rd(s, MMU_FAULT_AD), 0x1000);
    assert_true(s->irq);
}

static void bus_error_answers_even_a_tlb_miss(void **state)
{
    struct machine *s = *state;

    wr(s, MMU_CNTL, CNTL_MMUENABLE);
    assert_int_equal(access(s, 0x1000), MMU_BUS_ERROR);
    assert_int_equal(rd(s, MMU_IRQSTATUS), IRQ_TLBMISS);
}

static void bus_error_stalls_nothing(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    assert_int_equal(access(s, 0xf0000000), MMU_BUS_ERROR);
    assert_translates(s, 0x00100000, 0x40100000);
    wr(s, MMU_IRQSTATUS, 0x1f);
    assert_int_equal(s->resumes, 0);
}

static void bus_error_answers_a_retry_when_switched_on_meanwhile(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    wr(s, MMU_GP_REG, 0);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
    wr(s, MMU_GP_REG, 1);
    assert_int_equal(access(s, 0x1000), MMU_STALL);
    wr(s, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    assert_int_equal(access(s, 0x1000), MMU_BUS_ERROR);
}

static void gp_reg_has_no_effect_on_other_instances(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    wr(s, MMU_GP_REG, 1);
    assert_int_equal(rd(s, MMU_GP_REG), 1);
    assert_faults(s, 0x1000, IRQ_TRANSLATIONFAULT);
}

/*
 * Bypass regions
 */

static void bypass_region_lets_its_addresses_through(void **state)
{
    struct machine *s = *state;

    wr(s, 0x98, 0x12340000);
    wr(s, 0x9c, 2);
    assert_translates(s, 0x12340000, 0x12340000);
    assert_translates(s, 0x1235fffc, 0x1235fffc);
    assert_int_equal(s->table_reads, 0);
    assert_int_equal(s->mmu.stats.bypassed, 2);
    assert_faults(s, 0x1233fffc, IRQ_TRANSLATIONFAULT);
    wr(s, MMU_IRQSTATUS, 0x1f);
    assert_faults(s, 0x12360000, IRQ_TRANSLATIONFAULT);
}

static void each_bypass_region_has_its_size(void **state)
{
    struct machine *s = *state;
    unsigned int i;

    for ( i = 0; i < 4; i++ )
    {
        wr(s, 0x90 + 8 * i, 0x10000000u * (i + 1));
        wr(s, 0x94 + 8 * i, i + 1);
    }
    for ( i = 0; i < 4; i++ )
    {
        uint32_t start = 0x10000000u * (i + 1);

        assert_translates(s, start + (0x10000u << i) - 4,
                          start + (0x10000u << i) - 4);
        assert_faults(s, start + (0x10000u << i), IRQ_TRANSLATIONFAULT);
        wr(s, MMU_IRQSTATUS, 0x1f);
    }
}

static void largest_bypass_region_is_a_gibibyte(void **state)
{
    struct machine *s = *state;

    wr(s, 0xa8, 0x80000000);
    wr(s, 0xac, 15);
    assert_translates(s, 0xbffffffc, 0xbffffffc);
    assert_faults(s, 0xc0000000, IRQ_TRANSLATIONFAULT);
}

static void bypass_region_of_size_0_is_off(void **state)
{
    struct machine *s = *state;

    wr(s, 0x90, 0x12340000);
    assert_faults(s, 0x12340000, IRQ_TRANSLATIONFAULT);
}

static void bypass_region_does_not_go_round_to_0(void **state)
{
    struct machine *s = *state;

    wr(s, 0x90, 0xffff0000);
    wr(s, 0x94, 3);
    assert_translates(s, 0xfffffffc, 0xfffffffc);
    assert_faults(s, 0, IRQ_TRANSLATIONFAULT);
}

static void bypass_region_goes_before_the_tables(void **state)
{
    struct machine *s = *state;
    uint32_t pa;

    first_level(s, 0x12300000, 0x40000000 | 2);
    assert_translates(s, 0x12340000, 0x40040000);
    wr(s, 0xa0, 0x12340000);
    wr(s, 0xa4, 1);
    assert_translates(s, 0x12340000, 0x12340000);
    assert_true(mmu_peek(&s->mmu, 0x12340000, &pa));
    assert_int_equal(pa, 0x12340000);
    assert_translates(s, 0x12350000, 0x40050000);
    wr(s, 0xa4, 0);
    assert_translates(s, 0x12340000, 0x40040000);
}

static void bypass_registers_store_their_fields(void **state)
{
    struct machine *s = *state;

    wr(s, 0x90, 0xffffffff);
    wr(s, 0xac, 0xffffffff);
    assert_int_equal(rd(s, 0x90), 0xffff0000);
    assert_int_equal(rd(s, 0xac), 0xf);
    wr(s, 0x8c, 0xffffffff);
    wr(s, 0xb0, 0xffffffff);
    assert_int_equal(rd(s, 0x8c), 0);
    assert_int_equal(rd(s, 0xb0), 0);
    mmu_reset(&s->mmu);
    assert_int_equal(rd(s, 0x90), 0);
    assert_int_equal(rd(s, 0xac), 0);
}

static void what_has_bypass_regions_has_no_gp_reg(void **state)
{
    struct machine *s = *state;

    wr(s, MMU_GP_REG, 1);
    assert_int_equal(rd(s, MMU_GP_REG), 0);
}

static void other_instances_have_no_bypass_regions(void **state)
{
    struct machine *s = *state;

    walker_on(s);
    wr(s, 0x90, 0x12340000);
    wr(s, 0x94, 2);
    assert_int_equal(rd(s, 0x90), 0);
    assert_int_equal(rd(s, 0x94), 0);
    assert_faults(s, 0x12340000, IRQ_TRANSLATIONFAULT);
}

/*
 * TLB
 */

static void loaded_entry_reads_back(void **state)
{
    struct machine *s = *state;

    load(s, 31, 0x12345000 | P | V | SIZE_4K, 0xabcde3c0);
    assert_int_equal(cam_of(s, 31), 0x12345000 | P | V | SIZE_4K);
    assert_int_equal(ram_of(s, 31), 0xabcde3c0);
    assert_int_equal(valid_entries(s), 1);
}

static void loaded_entries_translate_by_their_size(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0x00100000 | V | SIZE_1M, 0x40123000);
    load(s, 1, 0x00210000 | V | SIZE_64K, 0x50001000);
    load(s, 2, 0x00301000 | V | SIZE_4K, 0x60001000);
    load(s, 3, 0x05600000 | V | SIZE_16M, 0x70300000);
    wr(s, MMU_CNTL, CNTL_MMUENABLE);
    assert_translates(s, 0x001fedcc, 0x401fedcc);
    assert_translates(s, 0x0021edcc, 0x5000edcc);
    assert_translates(s, 0x00301dcc, 0x60001dcc);
    assert_translates(s, 0x05fedcbc, 0x70fedcbc);
}

static void loading_does_not_move_the_victim(void **state)
{
    load(*state, 5, 0x00100000 | V, 0x40000000);
    assert_int_equal(rd(*state, MMU_LOCK), LOCK(0, 5));
}

static void loaded_entry_goes_before_the_tables(void **state)
{
    map_sections(*state);
    load(*state, 0, 0x00100000 | V | SIZE_1M, 0x70000000);
    assert_translates(*state, 0x00100000, 0x70000000);
}

static void walks_fill_the_entries_in_order(void **state)
{
    struct machine *s = *state;
    uint32_t n;

    map_sections(s);
    for ( n = 0; n < 32; n++ )
    {
        assert_int_equal(rd(s, MMU_LOCK), LOCK(0, n));
        assert_int_equal(access(s, n << 20), MMU_OK);
    }
    assert_int_equal(rd(s, MMU_LOCK), LOCK(0, 0));
    for ( n = 0; n < 32; n++ )
        assert_int_equal(cam_of(s, n), n << 20 | V | SIZE_1M);
}

static void victim_wraps_to_base(void **state)
{
    struct machine *s = *state;
    uint32_t n;

    map_sections(s);
    load(s, 0, 0xf0000000 | V, 0x40000000);
    load(s, 1, 0xf0100000 | V, 0x40000000);
    wr(s, MMU_LOCK, LOCK(2, 31));
    assert_int_equal(access(s, 0), MMU_OK);
    assert_int_equal(rd(s, MMU_LOCK), LOCK(2, 2));
    for ( n = 1; n < 40; n++ )
        assert_int_equal(access(s, n << 20), MMU_OK);
    assert_int_equal(cam_of(s, 0), 0xf0000000 | V);
    assert_int_equal(cam_of(s, 1), 0xf0100000 | V);
    /* 0 went to entry 31, 1..30 to 2..31, 31..39 to 2..10. */
    assert_int_equal(cam_of(s, 10) & CAM_VATAG, 39u << 20);
    assert_int_equal(cam_of(s, 11) & CAM_VATAG, 10u << 20);
    assert_int_equal(cam_of(s, 31) & CAM_VATAG, 30u << 20);
}

static void victim_below_base_counts_as_base(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    wr(s, MMU_LOCK, LOCK(4, 1));
    assert_int_equal(access(s, 0), MMU_OK);
    assert_int_equal(rd(s, MMU_LOCK), LOCK(4, 5));
    assert_false(cam_of(s, 1) & V);
    assert_true(cam_of(s, 4) & V);
}

static void evicted_page_is_walked_again(void **state)
{
    struct machine *s = *state;
    uint32_t n;

    map_sections(s);
    for ( n = 0; n < 33; n++ )
        assert_int_equal(access(s, n << 20), MMU_OK);
    assert_int_equal(access(s, 1u << 20), MMU_OK);
    assert_int_equal(s->mmu.stats.hits, 1);
    assert_int_equal(access(s, 0), MMU_OK);
    assert_int_equal(s->mmu.stats.walks, 34);
}

static void faults_do_not_move_the_victim(void **state)
{
    walker_on(*state);
    assert_faults(*state, 0x1000, IRQ_TRANSLATIONFAULT);
    assert_int_equal(rd(*state, MMU_LOCK), 0);
}

static void global_flush_spares_preserved_entries(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0x00100000 | V, 0x40000000);
    load(s, 1, 0x00200000 | V | P, 0x40000000);
    wr(s, MMU_GFLUSH, 1);
    assert_false(cam_of(s, 0) & V);
    assert_true(cam_of(s, 1) & V);
}

static void global_flush_spares_no_locked_entry(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0x00100000 | V, 0x40000000);
    wr(s, MMU_LOCK, LOCK(1, 1));
    wr(s, MMU_GFLUSH, 1);
    assert_int_equal(valid_entries(s), 0);
}

static void flush_entry_drops_what_covers_the_va_only(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0x00100000 | V, 0x40000000);
    load(s, 1, 0x00200000 | V, 0x40000000);
    wr(s, MMU_CAM, 0x00145000 | V | SIZE_4K);
    wr(s, MMU_FLUSH_ENTRY, 1);
    assert_false(cam_of(s, 0) & V);
    assert_true(cam_of(s, 1) & V);
}

static void flush_entry_drops_all_that_covers_the_va(void **state)
{
    struct machine *s = *state;

    load(s, 3, 0x00100000 | V, 0x40000000);
    load(s, 7, 0x00145000 | V | SIZE_4K, 0x50000000);
    wr(s, MMU_CAM, 0x00145000 | V | SIZE_4K);
    wr(s, MMU_FLUSH_ENTRY, 1);
    assert_int_equal(valid_entries(s), 0);
}

static void flush_entry_drops_a_preserved_entry(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0x00100000 | V | P, 0x40000000);
    wr(s, MMU_CAM, 0x00100000 | V);
    wr(s, MMU_FLUSH_ENTRY, 1);
    assert_false(cam_of(s, 0) & V);
}

/*
 * Eight entries
 */

static void eight_entries_wrap_at_eight(void **state)
{
    struct machine *s = *state;
    uint32_t n;

    map_sections(s);
    for ( n = 0; n < 8; n++ )
        assert_int_equal(access(s, n << 20), MMU_OK);
    assert_int_equal(rd(s, MMU_LOCK), LOCK(0, 0));
    assert_int_equal(access(s, n << 20), MMU_OK);
    assert_int_equal(cam_of(s, 0) & CAM_VATAG, 8u << 20);
    assert_int_equal(cam_of(s, 7) & CAM_VATAG, 7u << 20);
    assert_int_equal(valid_entries(s), 8);
}

static void eight_entries_have_no_ninth(void **state)
{
    struct machine *s = *state;

    load(s, 8, 0x00100000 | V, 0x40000000);
    assert_int_equal(cam_of(s, 8), 0);
    assert_int_equal(ram_of(s, 8), 0);
    wr(s, MMU_CNTL, CNTL_MMUENABLE);
    assert_faults(s, 0x00100000, IRQ_TLBMISS);
    load(s, 8, 0x00100000 | V, 0x40000000);
    assert_int_equal(s->resumes, 0);
}

static void eight_entries_all_locked_translate_uncached(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    wr(s, MMU_LOCK, LOCK(8, 8));
    assert_translates(s, 0x00100000, 0x40100000);
    assert_translates(s, 0x00100000, 0x40100000);
    assert_int_equal(s->mmu.stats.walks, 2);
    assert_int_equal(valid_entries(s), 0);
}

/*
 * Walks that take time. WALKING_ST[0] is TI's word for one [T], as a number: no other
 * source tells it.
 */

static void begin_walk(struct machine *s, uint32_t da)
{
    assert_true(mmu_walk_begin(&s->mmu, da, false));
    assert_int_equal(rd(s, MMU_WALKING_ST), 1);
}

static void a_walk_that_takes_time_ends_as_any_other(void **state)
{
    struct machine *s = *state;
    uint32_t pa = 0;

    map_sections(s);
    begin_walk(s, 0x00123454);
    assert_int_equal(valid_entries(s), 0);
    assert_int_equal(mmu_walk_end(&s->mmu, &pa), MMU_OK);
    assert_int_equal(pa, 0x40123454);
    assert_int_equal(rd(s, MMU_WALKING_ST), 0);
    assert_int_equal(valid_entries(s), 1);
    assert_int_equal(s->mmu.stats.walks, 1);
}

static void a_walk_loads_what_it_read_before_a_flush(void **state)
{
    struct machine *s = *state;
    uint32_t pa = 0;

    map_sections(s);
    begin_walk(s, 0x00100000);
    first_level(s, 0x00100000, 0);
    wr(s, MMU_GFLUSH, 1);
    assert_int_equal(mmu_walk_end(&s->mmu, &pa), MMU_OK);
    assert_int_equal(pa, 0x40100000);
    assert_translates(s, 0x00100000, 0x40100000);
}

static void a_walk_that_takes_time_may_end_in_a_fault(void **state)
{
    struct machine *s = *state;
    uint32_t pa;

    map_sections(s);
    begin_walk(s, 0xf0000000);
    assert_int_equal(rd(s, MMU_IRQSTATUS), 0);
    assert_int_equal(mmu_walk_end(&s->mmu, &pa), MMU_STALL);
    assert_int_equal(rd(s, MMU_WALKING_ST), 0);
    assert_int_equal(rd(s, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    assert_int_equal(rd(s, MMU_FAULT_AD), 0xf0000000);
    assert_false(mmu_walk_begin(&s->mmu, 0x00100000, false));
}

static void what_needs_no_walk_begins_none(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    assert_translates(s, 0x00100000, 0x40100000);
    assert_false(mmu_walk_begin(&s->mmu, 0x00100000, false));
    wr(s, MMU_CNTL, CNTL_MMUENABLE);
    assert_false(mmu_walk_begin(&s->mmu, 0x00200000, false));
    wr(s, MMU_CNTL, 0);
    assert_false(mmu_walk_begin(&s->mmu, 0x00200000, false));
    assert_int_equal(rd(s, MMU_WALKING_ST), 0);
    assert_int_equal(rd(s, MMU_IRQSTATUS), 0);
}

static void nothing_is_served_during_a_walk(void **state)
{
    struct machine *s = *state;
    uint32_t pa;

    map_sections(s);
    assert_translates(s, 0x00100000, 0x40100000);
    begin_walk(s, 0x00200000);
    assert_int_equal(access(s, 0x00100000), MMU_STALL);
    assert_false(mmu_walk_begin(&s->mmu, 0x00300000, false));
    assert_int_equal(mmu_walk_end(&s->mmu, &pa), MMU_OK);
    assert_translates(s, 0x00100000, 0x40100000);
}

static void a_reset_ends_a_walk(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    begin_walk(s, 0x00100000);
    wr(s, MMU_SYSCONFIG, 2);
    assert_int_equal(rd(s, MMU_WALKING_ST), 0);
    assert_translates(s, 0x00100000, 0x00100000);
}

static void a_withdrawn_request_ends_its_walk(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    begin_walk(s, 0x00100000);
    mmu_cancel(&s->mmu);
    assert_int_equal(rd(s, MMU_WALKING_ST), 0);
    assert_translates(s, 0x00200000, 0x40200000);
}

/*
 * Retranslate
 */

static unsigned int retranslations;

static void count_retranslation(void *ctx)
{
    (void)ctx;
    retranslations++;
}

static void listen(struct machine *s)
{
    s->mmu.config.retranslate = count_retranslation;
    retranslations = 0;
}

/* So many since the last call. */
static void assert_retranslated(unsigned int n)
{
    assert_int_equal(retranslations, n);
    retranslations = 0;
}

static void a_changed_bypass_region_is_told(void **state)
{
    struct machine *s = *state;

    listen(s);
    wr(s, 0x90, 0x00100000);
    wr(s, 0x94, 1);
    assert_retranslated(2);
    wr(s, 0x94, 0);
    assert_retranslated(1);
}

static void a_flush_of_a_valid_entry_is_told(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0x00100000 | V, 0x40000000);
    load(s, 1, 0x00200000 | V | P, 0x40000000);
    listen(s);
    wr(s, MMU_CAM, 0x00300000);
    wr(s, MMU_FLUSH_ENTRY, 1);
    assert_retranslated(0);
    wr(s, MMU_CAM, 0x00200000);
    wr(s, MMU_FLUSH_ENTRY, 1);
    assert_retranslated(1);
    wr(s, MMU_GFLUSH, 1);
    assert_retranslated(1);
    wr(s, MMU_GFLUSH, 1);
    assert_retranslated(0);
}

static void a_preserved_entry_is_not_told_of(void **state)
{
    struct machine *s = *state;

    load(s, 0, 0x00200000 | V | P, 0x40000000);
    listen(s);
    wr(s, MMU_GFLUSH, 1);
    assert_retranslated(0);
}

/* A further entry may clash with another, which then translates no more. */
static void a_loaded_entry_is_told_of(void **state)
{
    struct machine *s = *state;

    listen(s);
    load(s, 0, 0x00100000 | V, 0x40000000);
    assert_retranslated(1);
    load(s, 0, 0x00100000, 0x40000000);
    assert_retranslated(1);
    load(s, 0, 0x00100000, 0x40000000);
    assert_retranslated(0);
}

static void an_entry_that_the_walker_replaces_is_told_of(void **state)
{
    struct machine *s = *state;
    uint32_t n;

    map_sections(s);
    listen(s);
    for ( n = 0; n < 32; n++ )
        assert_int_equal(access(s, n << 20), MMU_OK);
    assert_int_equal(access(s, 0), MMU_OK);
    assert_retranslated(0);
    assert_int_equal(access(s, 32u << 20), MMU_OK);
    assert_retranslated(1);
}

/* No other event will show that this translation no longer holds. */
static void a_walk_that_is_not_loaded_is_told_of(void **state)
{
    struct machine *s = *state;

    map_sections(s);
    wr(s, MMU_LOCK, LOCK(8, 8));
    listen(s);
    assert_translates(s, 0x00100000, 0x40100000);
    assert_retranslated(1);
}

static void switching_on_or_off_is_told(void **state)
{
    struct machine *s = *state;

    listen(s);
    wr(s, MMU_CNTL, CNTL_TWLENABLE);
    assert_retranslated(0);
    wr(s, MMU_CNTL, CNTL_MMUENABLE);
    assert_retranslated(1);
    wr(s, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    wr(s, MMU_TTB, ROOT);
    assert_retranslated(0);
    wr(s, MMU_CNTL, 0);
    assert_retranslated(1);
}

static void a_reset_is_told(void **state)
{
    struct machine *s = *state;

    listen(s);
    mmu_reset(&s->mmu);
    assert_retranslated(1);
    wr(s, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    assert_retranslated(1);
}

static void power_on_is_not_told(void **state)
{
    struct machine *s = *state;
    struct mmu_config config = s->mmu.config;

    listen(s);
    config.retranslate = count_retranslation;
    mmu_init(&s->mmu, &config);
    assert_retranslated(0);
}

/*
 * Peek
 */

static void peek_answers_as_the_hardware_would(void **state)
{
    struct machine *s = *state;
    uint32_t pa;

    assert_true(mmu_peek(&s->mmu, 0xdeadbeec, &pa));
    assert_int_equal(pa, 0xdeadbeec);
    map_sections(s);
    load(s, 0, 0x00100000 | V, 0x70000000);
    assert_true(mmu_peek(&s->mmu, 0x00100004, &pa));
    assert_int_equal(pa, 0x70000004);
    assert_true(mmu_peek(&s->mmu, 0x00200004, &pa));
    assert_int_equal(pa, 0x40200004);
    assert_false(mmu_peek(&s->mmu, 0xf0000000, &pa));
}

static void peek_has_no_side_effects(void **state)
{
    struct machine *s = *state;
    struct mmu before;
    uint32_t pa;

    map_sections(s);
    before = s->mmu;
    mmu_peek(&s->mmu, 0x00200004, &pa);
    mmu_peek(&s->mmu, 0xf0000000, &pa);
    assert_memory_equal(&before, &s->mmu, sizeof(before));
    assert_int_equal(s->irq_changes, 0);
}

static void peek_sees_through_a_stall(void **state)
{
    struct machine *s = *state;
    uint32_t pa;

    map_sections(s);
    assert_faults(s, 0xf0000000, IRQ_TRANSLATIONFAULT);
    assert_true(mmu_peek(&s->mmu, 0x00100000, &pa));
    assert_int_equal(pa, 0x40100000);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define T8(name) \
    cmocka_unit_test_setup_teardown(name, setup_8_entries, teardown)
#define TB(name) \
    cmocka_unit_test_setup_teardown(name, setup_bus_errors, teardown)
#define TR(name) cmocka_unit_test_setup_teardown(name, setup_regions, teardown)

static const struct CMUnitTest tests[] = {
    T(registers_have_their_reset_values),
    T(registers_store_their_writable_bits),
    T(cntl_stores_mmuenable),
    T(read_only_registers_ignore_writes),
    T(commands_read_as_zero),
    T(commands_need_their_bit),
    T(holes_read_zero_and_ignore_writes),
    T(narrow_reads_return_their_part),
    T(narrow_writes_are_ignored),
    T(soft_reset_resets_registers),
    T(soft_reset_empties_the_tlb_preserved_or_not),
    T(soft_reset_ends_a_stall),
    T(hardware_reset_lowers_the_line_and_resumes_nobody),
    T(switched_off_it_lets_everything_through_and_counts_it),
    T(switched_on_it_bypasses_nothing),
    T(walks_a_section),
    T(walks_a_supersection),
    T(walks_a_large_page),
    T(walks_a_small_page),
    T(bit_1_alone_makes_a_small_page),
    T(table_pointer_ignores_bits_9_to_2),
    T(attribute_bits_are_no_address_bits),
    T(attributes_of_a_word_show_in_ram),
    T(walked_entry_is_tagged_with_its_page),
    T(replicas_are_believed_one_by_one),
    T(walked_large_page_serves_the_whole_page),
    T(walked_supersection_serves_the_whole_page),
    T(index_is_ored_to_a_base_of_128_bytes_alignment),
    T(walk_reads_each_level_once),
    T(hit_reads_no_table),
    T(hit_is_stale_until_flushed),
    T(absence_is_not_cached),
    T(empty_first_level_word_is_a_translation_fault),
    T(first_level_type_3_is_a_translation_fault),
    T(empty_second_level_word_is_a_translation_fault),
    T(unreadable_first_level_is_a_table_walk_fault),
    T(unreadable_second_level_is_a_table_walk_fault),
    T(miss_without_walker_is_a_tlb_miss),
    T(two_matching_entries_are_a_multi_hit_fault),
    T(fault_status_tells_writes_from_reads),
    T(enabled_fault_raises_the_line),
    T(acknowledge_lowers_the_line),
    T(line_follows_irqenable_as_a_level),
    T(disabled_fault_latches_and_stalls_all_the_same),
    T(irqstatus_clears_written_ones_only),
    T(stalled_it_serves_no_request),
    T(acknowledge_resumes_the_requester_once),
    T(acknowledge_of_another_fault_releases_nobody),
    T(retry_after_a_bare_acknowledge_faults_again),
    T(filling_alone_ends_no_stall_of_the_walker),
    T(loading_the_missing_entry_ends_a_tlb_miss),
    T(cancel_withdraws_the_stalled_request),
    T(late_acknowledge_of_a_cancelled_request_resumes_nobody),
    TB(bus_error_answers_a_fault_and_raises_the_line),
    TB(bus_error_answers_even_a_tlb_miss),
    TB(bus_error_stalls_nothing),
    TB(bus_error_answers_a_retry_when_switched_on_meanwhile),
    T(gp_reg_has_no_effect_on_other_instances),
    TR(bypass_region_lets_its_addresses_through),
    TR(each_bypass_region_has_its_size),
    TR(largest_bypass_region_is_a_gibibyte),
    TR(bypass_region_of_size_0_is_off),
    TR(bypass_region_does_not_go_round_to_0),
    TR(bypass_region_goes_before_the_tables),
    TR(bypass_registers_store_their_fields),
    TR(what_has_bypass_regions_has_no_gp_reg),
    T(other_instances_have_no_bypass_regions),
    T(loaded_entry_reads_back),
    T(loaded_entries_translate_by_their_size),
    T(loading_does_not_move_the_victim),
    T(loaded_entry_goes_before_the_tables),
    T(walks_fill_the_entries_in_order),
    T(victim_wraps_to_base),
    T(victim_below_base_counts_as_base),
    T(evicted_page_is_walked_again),
    T(faults_do_not_move_the_victim),
    T(global_flush_spares_preserved_entries),
    T(global_flush_spares_no_locked_entry),
    T(flush_entry_drops_what_covers_the_va_only),
    T(flush_entry_drops_all_that_covers_the_va),
    T(flush_entry_drops_a_preserved_entry),
    T8(eight_entries_wrap_at_eight),
    T8(eight_entries_have_no_ninth),
    T8(eight_entries_all_locked_translate_uncached),
    T(a_walk_that_takes_time_ends_as_any_other),
    T(a_walk_loads_what_it_read_before_a_flush),
    T(a_walk_that_takes_time_may_end_in_a_fault),
    T(what_needs_no_walk_begins_none),
    T(nothing_is_served_during_a_walk),
    T(a_reset_ends_a_walk),
    T(a_withdrawn_request_ends_its_walk),
    TR(a_changed_bypass_region_is_told),
    T(a_flush_of_a_valid_entry_is_told),
    T(a_preserved_entry_is_not_told_of),
    T(a_loaded_entry_is_told_of),
    T(an_entry_that_the_walker_replaces_is_told_of),
    T8(a_walk_that_is_not_loaded_is_told_of),
    T(switching_on_or_off_is_told),
    T(a_reset_is_told),
    T(power_on_is_not_told),
    T(peek_answers_as_the_hardware_would),
    T(peek_has_no_side_effects),
    T(peek_sees_through_a_stall),
};

int main(void)
{
    return cmocka_run_group_tests_name("model/mmu", tests, NULL, NULL);
}
