/* SPDX-License-Identifier: GPL-2.0-only */
/* The stock Linux driver's own sequences, served unmodified. */
#include "unit.h"

#define DA 0x10000000u

static struct machine *m;
static struct linux_iommu lin;

static int setup_with(unsigned int grain, struct machine_options options)
{
    m = machine_new(&options);
    machine_populate(m, RAM, RAM_PAGES, grain);
    machine_populate(m, ROOT, 80, 1);
    machine_assign(m);
    linux_init(&lin, m, ROOT, options.bus_err_back);

    return 0;
}

static int setup(void **state)
{
    (void)state;

    return setup_with(4096, (struct machine_options){ 0 });
}

static int setup_fragmented(void **state)
{
    (void)state;

    return setup_with(1, (struct machine_options){ .tables = 2 });
}

static int setup_camera(void **state)
{
    (void)state;

    return setup_with(16, (struct machine_options){ .tlb_entries = 8 });
}

/* The virtual MMU has fewer entries than the hardware: fewer traps for a scan. */
static int setup_few(void **state)
{
    (void)state;

    return setup_with(16, (struct machine_options){
                              .tlb_entries = 8,
                              .hw_tlb_entries = 32,
                          });
}

/* The guest's device tree has more, ... */
static int setup_more_in_the_tree(void **state)
{
    setup_few(state);
    lin.tlb_entries = 32;

    return 0;
}

/* ... or fewer, than there are. */
static int setup_fewer_in_the_tree(void **state)
{
    setup(state);
    lin.tlb_entries = 8;

    return 0;
}

static int setup_ipu(void **state)
{
    (void)state;

    return setup_with(4096, (struct machine_options){ .bus_err_back = true });
}

static int teardown(void **state)
{
    (void)state;
    check_and_free(m);

    return 0;
}

static const uint32_t sizes[] = { SZ_4K, SZ_64K, SZ_1M, SZ_16M };

static uint32_t da_of(unsigned int size)
{
    return DA + size * SZ_16M;
}

static uint32_t ipa_of(unsigned int size)
{
    return RAM + (size == 3 ? 0 : SZ_16M + size * SZ_1M);
}

/* A page of a size, mapped; the device reaches it at once. */
static void map_size(unsigned int size)
{
    linux_map(&lin, da_of(size), ipa_of(size), sizes[size]);
    assert_leads(m, da_of(size), ipa_of(size));
}

/* Linux enables the MMU while its table is empty, and writes no register when it maps. */
static void map_after_enable_works(void **state)
{
    unsigned int i;

    (void)state;
    linux_attach(&lin);
    for ( i = 0; i < 4; i++ )
    {
        uint64_t writes;

        linux_map(&lin, da_of(i), ipa_of(i), sizes[i]);
        writes = m->count.reg_writes;
        assert_leads(m, da_of(i), ipa_of(i));
        assert_true(m->count.reg_writes > writes);
        assert_leads(m, da_of(i) + sizes[i] - 4, ipa_of(i) + sizes[i] - 4);
    }
    for ( i = 0; i < 4; i++ )
        assert_leads(m, da_of(i) + sizes[i] / 2, ipa_of(i) + sizes[i] / 2);
    assert_int_equal(m->vmmu.count.faults_raised, 0);
    assert_null(check_peek(m));
}

/* The scan finds nothing, so no flush is written; still it is gone. */
static void unmap_is_final(void **state)
{
    unsigned int i;

    (void)state;
    linux_attach(&lin);
    for ( i = 0; i < 4; i++ )
        map_size(i);
    for ( i = 0; i < 4; i++ )
    {
        uint64_t flushes = m->vmmu.count.writes[MMU_FLUSH_ENTRY / 4];

        linux_unmap(&lin, da_of(i));
        assert_int_equal(m->vmmu.count.writes[MMU_FLUSH_ENTRY / 4], flushes);
        assert_false(cached(m, da_of(i)));
        assert_null(check_peek(m));
        assert_faults(m, da_of(i), IRQ_TRANSLATIONFAULT);
        give_up(m);
    }
}

static void others_survive_an_unmap(void **state)
{
    (void)state;
    linux_attach(&lin);
    linux_map(&lin, DA, RAM, SZ_4K);
    linux_map(&lin, DA + SZ_4K, RAM + SZ_64K, SZ_4K);
    linux_map(&lin, DA + SZ_1M, RAM + SZ_1M, SZ_1M);
    assert_leads(m, DA, RAM);
    linux_unmap(&lin, DA);
    assert_leads(m, DA + SZ_4K, RAM + SZ_64K);
    assert_leads(m, DA + SZ_1M, RAM + SZ_1M);
}

static void remap_leads_to_the_new_page(void **state)
{
    unsigned int i;

    (void)state;
    linux_attach(&lin);
    for ( i = 0; i < 4; i++ )
    {
        map_size(i);
        linux_unmap(&lin, da_of(i));
        linux_map(&lin, da_of(i), i == 3 ? RAM + SZ_16M : RAM + i * SZ_1M,
                  sizes[i]);
        assert_leads(m, da_of(i), i == 3 ? RAM + SZ_16M : RAM + i * SZ_1M);
    }
}

/* Linux flushes before it overwrites: what is filled in between stays. */
static void overwritten_page_is_old_or_new(void **state)
{
    (void)state;
    linux_attach(&lin);
    linux_map(&lin, DA, RAM, SZ_1M);
    assert_leads(m, DA, RAM);
    linux_map(&lin, DA, RAM + SZ_1M, SZ_1M);
    assert_leads(m, DA, RAM + SZ_1M);
}

static void attach_detach_attach(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 3; i++ )
    {
        linux_attach(&lin);
        linux_map(&lin, DA, RAM + i * SZ_1M, SZ_1M);
        linux_map(&lin, DA + SZ_1M, RAM + i * SZ_64K, SZ_64K);
        assert_leads(m, DA, RAM + i * SZ_1M);
        assert_leads(m, DA + SZ_1M, RAM + i * SZ_64K);
        linux_detach(&lin);
        assert_false(cached(m, DA));
        assert_null(check_peek(m));
    }
}

/* Detached, the processor continues without translation: by the p2m, at most. */
static void detached_processor_is_held_by_the_p2m(void **state)
{
    (void)state;
    linux_attach(&lin);
    linux_detach(&lin);
    assert_leads(m, RAM + 0x5000, RAM + 0x5000);
    assert_int_equal(machine_access(m, NOTHING, true), MMU_STALL);
    machine_withdraw(m);
}

static bool map_it(struct linux_iommu *l, uint32_t da)
{
    linux_map(l, da & ~(SZ_64K - 1), RAM + (da & 0xf0000), SZ_64K);

    return true;
}

static void demand_paging_in_the_fault_handler(void **state)
{
    unsigned int i;

    (void)state;
    linux_attach(&lin);
    for ( i = 0; i < 16; i++ )
    {
        uint32_t da = DA + i * SZ_64K + 0x1234;

        assert_int_equal(machine_access(m, da, true), MMU_STALL);
        assert_true(m->irq);
        /* Linux acknowledges before it handles: the retry may fault again. */
        while ( m->irq )
        {
            assert_true(linux_fault(&lin, map_it));
            machine_settle(m);
        }
        assert_false(m->request.open);
        assert_int_equal(m->request.pa, maddr_of(m, RAM + (da & 0xfffff)));
        assert_right(m);
    }
}

static void fatal_fault_is_masked_then_recovered(void **state)
{
    (void)state;
    linux_attach(&lin);
    assert_int_not_equal(machine_access(m, DA, true), MMU_OK);
    assert_false(linux_fault(&lin, NULL));
    machine_settle(m);
    assert_false(m->irq);

    /* Recovery: the processor is reset, all is unmapped and mapped again. */
    machine_withdraw(m);
    linux_detach(&lin);
    linux_attach(&lin);
    machine_settle(m);
    linux_fault(&lin, NULL);
    linux_attach(&lin);
    linux_map(&lin, DA, RAM, SZ_4K);
    assert_leads(m, DA, RAM);
}

static void suspend_and_resume(void **state)
{
    (void)state;
    linux_attach(&lin);
    linux_map(&lin, DA, RAM, SZ_1M);
    assert_leads(m, DA, RAM);
    linux_suspend(&lin);
    assert_false(cached(m, DA));

    /* The power domain was off meanwhile. */
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    linux_resume(&lin);
    assert_leads(m, DA, RAM);
}

static void locked_entries_survive_a_suspend(void **state)
{
    (void)state;
    linux_attach(&lin);
    load_tlb(m, 0, DA | CAM_V | CAM_P | CAM_SIZE_1M, RAM);
    load_tlb(m, 1, (DA + SZ_1M) | CAM_V | CAM_P | CAM_SIZE_64K, RAM + SZ_1M);
    machine_reg_write(m, MMU_LOCK, LOCK_MAKE(2, 2));
    linux_suspend(&lin);
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    linux_resume(&lin);
    assert_leads(m, DA + 0x5000, RAM + 0x5000);
    assert_leads(m, DA + SZ_1M + 0x5000, RAM + SZ_1M + 0x5000);
}

/* An entry that the scan finds is flushed by its address. */
static void unmap_of_a_loaded_entry_flushes_it(void **state)
{
    (void)state;
    linux_attach(&lin);
    load_tlb(m, 5, DA | CAM_V | CAM_SIZE_64K, RAM);
    assert_leads(m, DA + 0x3000, RAM + 0x3000);
    linux_flush_page(&lin, DA + 0x3000);
    assert_int_equal(m->vmmu.count.writes[MMU_FLUSH_ENTRY / 4], 2);
    assert_faults(m, DA + 0x3000, IRQ_TRANSLATIONFAULT);
    give_up(m);
}

/* One scan: one park, no p2m, no guest memory, and no clean. */
static void scan_costs_one_park(void **state)
{
    uint64_t parks;

    (void)state;
    linux_attach(&lin);
    linux_map(&lin, DA, RAM, SZ_4K);
    assert_leads(m, DA, RAM);
    parks = counters(m)->parks;
    m->count = (struct machine_counts){ 0 };
    linux_flush_page(&lin, DA + SZ_4K);
    assert_int_equal(counters(m)->parks, parks + 1);
    assert_int_equal(m->count.read_guests + m->count.look_ups + m->count.puts +
                         m->count.cleans,
                     0);
    assert_true(m->count.reg_writes <= 2);
}

/* Each entry takes LOCK read and written, READ_CAM, READ_RAM. */
static unsigned int traps(void)
{
    const struct vmmu_counters *count = &m->vmmu.count;
    unsigned int i, sum = 0;

    for ( i = 0; i < VMMU_WORDS; i++ )
        sum += count->reads[i] + count->writes[i];

    return sum;
}

static unsigned int traps_of_a_map(void)
{
    unsigned int before;

    linux_attach(&lin);
    before = traps();
    linux_map(&lin, DA, RAM, SZ_4K);
    assert_leads(m, DA, RAM);

    return traps() - before;
}

static void map_takes_128_traps(void **state)
{
    (void)state;
    assert_int_equal(traps_of_a_map(), 128);
}

static void map_takes_32_traps(void **state)
{
    (void)state;
    assert_int_equal(traps_of_a_map(), 32);
}

/*
 * A guest whose tree has 32 entries locks 12 of 8. It sees that the first are lost when
 * it reads them back, and by faults; the others work.
 */
static void entries_that_are_not_there(void **state)
{
    unsigned int i;

    (void)state;
    linux_attach(&lin);
    for ( i = 0; i < 12; i++ )
        load_tlb(m, i, (DA + i * SZ_1M) | CAM_V | CAM_P | CAM_SIZE_1M,
                 RAM + i * SZ_1M);
    for ( i = 0; i < 4; i++ )
    {
        machine_reg_write(m, MMU_LOCK, LOCK_MAKE(12, i));
        assert_int_equal(machine_reg_read(m, MMU_READ_CAM) & CAM_VATAG,
                         DA + (i + 8) * SZ_1M);
        assert_faults(m, DA + i * SZ_1M, IRQ_TRANSLATIONFAULT);
        give_up(m);
    }
    for ( ; i < 12; i++ )
        assert_leads(m, DA + i * SZ_1M + 0x5000, RAM + i * SZ_1M + 0x5000);
    assert_null(check_peek(m));
    linux_flush_all(&lin);
    assert_leads(m, DA + 11 * SZ_1M, RAM + 11 * SZ_1M);
    linux_detach(&lin);
    assert_null(check_peek(m));
}

/* What the resource table of TI's OMAP5 IPU firmware maps before it runs. */
static void firmware_of_an_ipu(void **state)
{
    uint32_t da;

    (void)state;
    linux_attach(&lin);
    linux_map(&lin, 0xa0000000, RAM, SZ_1M);
    for ( da = 0x60000000; da < 0x70000000; da += SZ_16M )
        linux_map(&lin, da, da, SZ_16M);
    linux_map(&lin, 0x80000000, RAM + SZ_16M, SZ_16M);

    assert_leads(m, 0xa0000040, RAM + 0x40);
    assert_leads(m, 0x80123450, RAM + SZ_16M + 0x123450);
    assert_int_equal(machine_access(m, 0x60001000, false),
                     lin.bus_err_back ? MMU_BUS_ERROR : MMU_STALL);
    assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), IRQ_TRANSLATIONFAULT);
    give_up(m);
    linux_detach(&lin);
}

#define with(world, f) cmocka_unit_test_setup_teardown(f, world, teardown)
#define in_all(f) \
    with(setup, f), with(setup_fragmented, f), with(setup_camera, f), \
        with(setup_few, f), with(setup_more_in_the_tree, f), \
        with(setup_fewer_in_the_tree, f)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_all(map_after_enable_works),
        in_all(unmap_is_final),
        in_all(others_survive_an_unmap),
        in_all(remap_leads_to_the_new_page),
        in_all(overwritten_page_is_old_or_new),
        in_all(attach_detach_attach),
        in_all(detached_processor_is_held_by_the_p2m),
        in_all(demand_paging_in_the_fault_handler),
        in_all(fatal_fault_is_masked_then_recovered),
        in_all(suspend_and_resume),
        in_all(locked_entries_survive_a_suspend),
        in_all(unmap_of_a_loaded_entry_flushes_it),
        in_all(scan_costs_one_park),
        with(setup, map_takes_128_traps),
        with(setup_more_in_the_tree, map_takes_128_traps),
        with(setup_few, map_takes_32_traps),
        with(setup_fewer_in_the_tree, map_takes_32_traps),
        with(setup_more_in_the_tree, entries_that_are_not_there),
        with(setup_ipu, map_after_enable_works),
        with(setup_ipu, fatal_fault_is_masked_then_recovered),
        with(setup_ipu, firmware_of_an_ipu),
        with(setup, firmware_of_an_ipu),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
