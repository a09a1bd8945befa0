/* SPDX-License-Identifier: GPL-2.0-only */
/* What the guest maps at a slot: tables, TLB entries, modes. */
#include "unit.h"

#define FAULT(irq) ((uint32_t)(irq) << VIEW_FAULT_SHIFT)
#define MAPS(ipa)  ((ipa) | VIEW_PRESENT)

/* A world where nobody translates: only the guest's words are read. */
static struct machine *m;
static struct guest_source source;
static struct guest_view view;

static int setup(void **state)
{
    (void)state;
    m = machine_new(&(struct machine_options){ .seed = 1 });
    lay_out(m, 1);
    source = (struct guest_source){
        .translate = true,
        .walk = true,
        .ttb = ROOT,
    };

    return 0;
}

static int teardown(void **state)
{
    (void)state;
    machine_free(m);

    return 0;
}

static void look(uint32_t da)
{
    memset(&view, 0x5a, sizeof(view));
    guest_view(&m->host, &source, da >> 20, &view);
}

static uint32_t page_of(uint32_t da)
{
    look(da);

    return view.page[(da >> 12) % PT_PAGES];
}

static void add_tlb(uint32_t cam, uint32_t ram)
{
    source.tlb[source.tlb_valid++] = (struct guest_tlb_entry){
        .cam = cam | CAM_V,
        .ram = ram,
    };
}

static void section_gives_rising_pages(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_SECTION(0x80500000));
    look(0x12300000);
    assert_int_equal(view.kind, PT_SECTION);
    assert_int_equal(view.slot, 0x123);
    assert_int_equal(view.page[0], MAPS(0x80500000));
    assert_int_equal(view.page[255], MAPS(0x805ff000));
}

static void section_ignores_bits_below_its_size(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_SECTION(0x805bfffc) & ~(1 << 18));
    assert_int_equal(page_of(0x12301000), MAPS(0x80501000));
}

static void supersection_takes_its_bits_from_da(void **state)
{
    (void)state;
    write_supersection(m, 0x12000000, 0x81000000);
    look(0x12700000);
    assert_int_equal(view.kind, PT_SUPERSECTION);
    assert_int_equal(view.page[1], MAPS(0x81701000));
}

static void supersection_ignores_bits_below_its_size(void **state)
{
    (void)state;
    write_supersection(m, 0x12000000, 0x81f00ffc);
    assert_int_equal(page_of(0x12701000), MAPS(0x81701000));
}

static void supersection_words_count_each_for_itself(void **state)
{
    (void)state;
    write_supersection(m, 0x12000000, 0x81000000);
    write_l1(m, 0x12500000, WORD_SUPER(0x80000000));
    write_l1(m, 0x12600000, 0);

    assert_int_equal(page_of(0x12501000), MAPS(0x80501000));
    assert_int_equal(view.kind, PT_SECTION);
    assert_int_equal(page_of(0x12401000), MAPS(0x81401000));
    assert_int_equal(view.kind, PT_SECTION);
    assert_int_equal(page_of(0x12600000), FAULT(IRQ_TRANSLATIONFAULT));
}

static void lone_supersection_word_maps_its_slot(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_SUPER(0x81000000));
    assert_int_equal(page_of(0x12300000), MAPS(0x81300000));
    assert_int_equal(view.kind, PT_SECTION);
    assert_int_equal(page_of(0x12400000), FAULT(IRQ_TRANSLATIONFAULT));
}

static void large_page_takes_its_bits_from_da(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE));
    write_large(m, TABLE, 0x12340000, 0x80770000);
    assert_int_equal(page_of(0x12345000), MAPS(0x80775000));
    assert_int_equal(view.kind, PT_TABLE);
    assert_int_equal(page_of(0x12350000), FAULT(IRQ_TRANSLATIONFAULT));
    assert_int_equal(page_of(0x1233f000), FAULT(IRQ_TRANSLATIONFAULT));
}

static void large_page_ignores_bits_below_its_size(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE));
    write_large(m, TABLE, 0x12340000, 0x8077affc & ~2u);
    assert_int_equal(page_of(0x12345000), MAPS(0x80775000));
}

static void large_page_words_count_each_for_itself(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE));
    write_large(m, TABLE, 0x12340000, 0x80770000);
    write_l2(m, TABLE, 0x12345000, WORD_LARGE(0x80110000));
    write_l2(m, TABLE, 0x12346000, 0);
    write_l2(m, TABLE, 0x12347000, WORD_SMALL(0x80220000));
    assert_int_equal(page_of(0x12344000), MAPS(0x80774000));
    assert_int_equal(page_of(0x12345000), MAPS(0x80115000));
    assert_int_equal(page_of(0x12346000), FAULT(IRQ_TRANSLATIONFAULT));
    assert_int_equal(page_of(0x12347000), MAPS(0x80220000));
    assert_int_equal(page_of(0x12348000), MAPS(0x80778000));
}

static void small_page_is_either_word_with_bit_1(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE));
    write_l2(m, TABLE, 0x12345000, 0x80775000 | 2);
    write_l2(m, TABLE, 0x12346000, 0x80779ffc | 3);
    assert_int_equal(page_of(0x12345000), MAPS(0x80775000));
    assert_int_equal(page_of(0x12346000), MAPS(0x80779000));
}

static void table_word_ignores_bits_9_to_2(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE | 0x3fc));
    write_l2(m, TABLE, 0x12345000, WORD_SMALL(0x80775000));
    assert_int_equal(page_of(0x12345000), MAPS(0x80775000));
}

static void fault_words_of_both_kinds(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, 0xfffffffc);
    write_l1(m, 0x12400000, 0xffffffff);
    assert_int_equal(page_of(0x12300000), FAULT(IRQ_TRANSLATIONFAULT));
    assert_int_equal(view.kind, PT_TABLE);
    assert_int_equal(page_of(0x12400000), FAULT(IRQ_TRANSLATIONFAULT));

    write_l1(m, 0x12500000, WORD_TABLE(TABLE));
    write_l2(m, TABLE, 0x12545000, 0xfffffffc);
    assert_int_equal(page_of(0x12545000), FAULT(IRQ_TRANSLATIONFAULT));
}

static void first_level_in_no_memory_is_a_walk_fault(void **state)
{
    (void)state;
    source.ttb = NOTHING;
    assert_int_equal(page_of(0x12300000), FAULT(IRQ_TABLEWALKFAULT));
    source.ttb = MMIO;
    assert_int_equal(page_of(0x12300000), FAULT(IRQ_TABLEWALKFAULT));
    source.ttb = 0xffffff80;
    assert_int_equal(page_of(0xfff00000), FAULT(IRQ_TABLEWALKFAULT));
}

static void second_level_in_no_memory_is_a_walk_fault(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(NOTHING));
    write_l1(m, 0x12400000, WORD_TABLE(MMIO));
    assert_int_equal(page_of(0x12300000), FAULT(IRQ_TABLEWALKFAULT));
    assert_int_equal(page_of(0x12400000), FAULT(IRQ_TABLEWALKFAULT));
}

static void root_that_is_its_own_second_level(void **state)
{
    (void)state;
    /* Words 0 ... 255 of the first level, read as second-level words. */
    write_l1(m, 0, WORD_TABLE(ROOT));
    write_l1(m, 0x00100000, WORD_SECTION(0x80500000));
    assert_int_equal(page_of(0x00000000), MAPS(ROOT & 0xffff0000));
    assert_int_equal(page_of(0x00001000), MAPS(0x80500000));
    assert_int_equal(page_of(0x00002000), FAULT(IRQ_TRANSLATIONFAULT));
}

static void table_that_maps_itself(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE));
    write_l2(m, TABLE, 0x12304000, WORD_SMALL(TABLE));
    assert_int_equal(page_of(0x12304000), MAPS(TABLE));
}

static void partial_first_level_is_aligned_to_128_bytes(void **state)
{
    (void)state;
    /* 32 slots at a base of their own; bits 6:0 of TTB do not exist. */
    source.ttb = ROOT + 0x1080 + 0x7c;
    assert_true(
        machine_word_write(m, ROOT + 0x1080 + 5 * 4, WORD_SECTION(0x80500000)));
    assert_int_equal(page_of(0x00501000), MAPS(0x80501000));

    /* The index is OR-ed: slot 32 finds the same word. */
    assert_int_equal(page_of(0x02501000), MAPS(0x80501000));
}

static void all_slots_may_share_one_table(void **state)
{
    unsigned int slot;

    (void)state;
    write_smalls(m, TABLE, 7, 1, 0x80070000);
    for ( slot = 0; slot < PT_SLOTS; slot++ )
        write_l1(m, slot << 20, WORD_TABLE(TABLE));
    for ( slot = 0; slot < PT_SLOTS; slot++ )
    {
        assert_int_equal(page_of(slot << 20 | 0x7000), MAPS(0x80070000));
        assert_int_equal(page_of(slot << 20 | 0x8000),
                         FAULT(IRQ_TRANSLATIONFAULT));
    }
}

static void pages_that_rise_are_a_section(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 256, 0x80500000);
    look(0x12300000);
    assert_int_equal(view.kind, PT_SECTION);
    assert_int_equal(view.page[0], MAPS(0x80500000));
}

static void pages_that_rise_from_within_a_section_are_pages(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 256, 0x80501000);
    look(0x12300000);
    assert_int_equal(view.kind, PT_TABLE);
}

static void pages_that_almost_rise_are_pages(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 256, 0x80500000);
    write_l2(m, TABLE, 0x123ff000, WORD_SMALL(0x80600000));
    look(0x12300000);
    assert_int_equal(view.kind, PT_TABLE);
    write_l2(m, TABLE, 0x123ff000, 0);
    look(0x12300000);
    assert_int_equal(view.kind, PT_TABLE);
}

static void sections_that_rise_are_a_supersection(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 16; i++ )
        write_l1(m, 0x12000000 + i * SZ_1M,
                 WORD_SECTION(0x81000000 + i * SZ_1M));
    look(0x12900000);
    assert_int_equal(view.kind, PT_SUPERSECTION);
    assert_int_equal(view.page[0], MAPS(0x81900000));

    write_l1(m, 0x12f00000, WORD_SECTION(0x82000000));
    look(0x12900000);
    assert_int_equal(view.kind, PT_SECTION);
}

static void sections_that_rise_unaligned_are_sections(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 16; i++ )
        write_l1(m, 0x12000000 + i * SZ_1M,
                 WORD_SECTION(0x80800000 + i * SZ_1M));
    look(0x12900000);
    assert_int_equal(view.kind, PT_SECTION);
}

static void mmu_off_is_identity(void **state)
{
    (void)state;
    source.translate = false;
    add_tlb(0x12300000 | CAM_SIZE_1M, 0x80500000);
    look(0x12300000);
    assert_int_equal(view.kind, PT_SUPERSECTION);
    assert_int_equal(view.page[3], MAPS(0x12303000));
    assert_int_equal(m->count.read_guests, 0);
}

static void walker_off_is_tlb_or_miss(void **state)
{
    (void)state;
    source.walk = false;
    write_l1(m, 0x12300000, WORD_SECTION(0x80500000));
    assert_int_equal(page_of(0x12300000), FAULT(IRQ_TLBMISS));

    add_tlb(0x12340000 | CAM_SIZE_64K, 0x80700000);
    assert_int_equal(page_of(0x12340000), MAPS(0x80700000));
    assert_int_equal(page_of(0x1234f000), MAPS(0x8070f000));
    assert_int_equal(page_of(0x12350000), FAULT(IRQ_TLBMISS));
    assert_int_equal(m->count.read_guests, 0);
}

static void tlb_entries_of_each_size_lie_over_the_tables(void **state)
{
    static const struct {
        uint32_t cam_size, bytes;
    } sizes[] = {
        { CAM_SIZE_4K, SZ_4K },
        { CAM_SIZE_64K, SZ_64K },
        { CAM_SIZE_1M, SZ_1M },
        { CAM_SIZE_16M, SZ_16M },
    };
    unsigned int i;

    (void)state;
    write_supersection(m, 0x11000000, 0x80000000);
    write_supersection(m, 0x12000000, 0x80000000);
    write_supersection(m, 0x13000000, 0x80000000);
    for ( i = 0; i < 4; i++ )
    {
        uint32_t start = 0x12345000 & ~(sizes[i].bytes - 1);
        uint32_t ipa = 0x81fff000 & ~(sizes[i].bytes - 1);

        source.tlb_valid = 0;
        /* Bits below the entry's size are no part of it. */
        add_tlb(0x12345000 | sizes[i].cam_size, 0x81fff000);
        assert_int_equal(page_of(start), MAPS(ipa));
        assert_int_equal(page_of(start + sizes[i].bytes - SZ_4K),
                         MAPS(ipa + sizes[i].bytes - SZ_4K));
        assert_int_equal(page_of(start - SZ_4K),
                         MAPS(0x80000000 | ((start - SZ_4K) & 0xfff000)));
        assert_int_equal(
            page_of(start + sizes[i].bytes),
            MAPS(0x80000000 | ((start + sizes[i].bytes) & 0xfff000)));
    }
}

static void lone_16m_tlb_entry_is_a_supersection(void **state)
{
    (void)state;
    add_tlb(0x12000000 | CAM_SIZE_16M, 0x81000000);
    look(0x12500000);
    assert_int_equal(view.kind, PT_SUPERSECTION);
    assert_int_equal(view.page[0], MAPS(0x81500000));
}

static void tlb_entry_that_hits_with_a_16m_one_ends_a_supersection(void **state)
{
    (void)state;
    add_tlb(0x12300000 | CAM_SIZE_4K, 0x80000000);
    add_tlb(0x12000000 | CAM_SIZE_16M, 0x81000000);
    look(0x12500000);
    assert_int_equal(view.kind, PT_SECTION);
    assert_int_equal(view.page[0], MAPS(0x81500000));
}

static void tlb_entry_elsewhere_in_the_group_ends_a_supersection(void **state)
{
    (void)state;
    write_supersection(m, 0x12000000, 0x81000000);
    add_tlb(0x12300000 | CAM_SIZE_4K, 0x80000000);
    look(0x12500000);
    assert_int_equal(view.kind, PT_SECTION);
    look(0x13500000);
    assert_int_equal(view.kind, PT_TABLE);
}

static void tlb_entry_of_any_page_makes_pages_of_a_section(void **state)
{
    static const unsigned int pages[] = { 0, 1, 254, 255 };
    unsigned int i;

    (void)state;
    write_l1(m, 0x12300000, WORD_SECTION(0x80500000));
    for ( i = 0; i < 4; i++ )
    {
        uint32_t da = 0x12300000 + pages[i] * SZ_4K;

        source.tlb_valid = 0;
        add_tlb(da | CAM_SIZE_4K, 0x80000000);
        assert_int_equal(page_of(da), MAPS(0x80000000));
        assert_int_equal(view.kind, PT_TABLE);

        source.tlb_valid = 0;
        add_tlb(da | CAM_SIZE_4K, 0x80500000 + pages[i] * SZ_4K);
        look(da);
        assert_int_equal(view.kind, PT_SECTION);
    }
}

static void two_tlb_entries_that_hit_are_a_fault_where_both_do(void **state)
{
    (void)state;
    add_tlb(0x12300000 | CAM_SIZE_1M, 0x80500000);
    add_tlb(0x12340000 | CAM_SIZE_64K, 0x80700000);
    assert_int_equal(page_of(0x12340000), FAULT(IRQ_MULTIHITFAULT));
    assert_int_equal(page_of(0x1234f000), FAULT(IRQ_MULTIHITFAULT));
    assert_int_equal(page_of(0x1233f000), MAPS(0x8053f000));
    assert_int_equal(page_of(0x12350000), MAPS(0x80550000));
}

static void tlb_entry_hides_a_fault_of_the_walk(void **state)
{
    (void)state;
    source.ttb = NOTHING;
    add_tlb(0x12340000 | CAM_SIZE_64K, 0x80700000);
    assert_int_equal(page_of(0x12340000), MAPS(0x80700000));
    assert_int_equal(page_of(0x12350000), FAULT(IRQ_TABLEWALKFAULT));
}

/* The guest overwrites its words as soon as each was read. */
static void overwrite(struct machine *machine, enum machine_point point)
{
    if ( point == POINT_READ_DONE )
    {
        machine_word_write(machine, ROOT + 0x123 * 4, 0xffffffff);
        machine_word_write(machine, TABLE + 0x45 * 4, 0xffffffff);
    }
    machine->hook = overwrite;
}

static void each_word_is_read_once(void **state)
{
    (void)state;
    write_l1(m, 0x12300000, WORD_TABLE(TABLE));
    write_l2(m, TABLE, 0x12345000, WORD_SMALL(0x80775000));
    look(0x12300000);
    assert_int_equal(m->count.read_guests, 2);

    write_l1(m, 0x12300000, WORD_SECTION(0x80500000));
    m->hook = overwrite;
    assert_int_equal(page_of(0x12345000), MAPS(0x80545000));
}

/* Random words at both levels, a few TLB entries: page by page as the oracle.
 */
static void random_tables_are_seen_as_the_oracle_does(void **state)
{
    struct rng rng = { 5 };
    unsigned int round, i;

    (void)state;
    m->oracle.mmu.touched = true;
    m->oracle.mmu.reg[MMU_TTB / 4] = ROOT;
    m->oracle.mmu.reg[MMU_CNTL / 4] = CNTL_MMUENABLE | CNTL_TWLENABLE;
    for ( i = 0; i < 16 * 256; i++ )
        machine_word_write(m, TABLE + i * 4, rng_next(&rng));

    for ( round = 0; round < 200; round++ )
    {
        uint32_t da = rng_next(&rng) & 0xfff00000;

        for ( i = 0; i < 16; i++ )
            write_l1(m, (da & 0xff000000) + i * SZ_1M,
                     rng_below(&rng, 2) ? WORD_TABLE(TABLE + i * 0x400)
                                        : rng_next(&rng));
        source.tlb_valid = 0;
        for ( i = 0; i < round % 4; i++ )
        {
            uint32_t cam = (da ^ (rng_next(&rng) & 0x3fffff)) & ~4u;

            add_tlb(cam, rng_next(&rng));
            m->oracle.mmu.cam[i] = cam | CAM_V;
            m->oracle.mmu.ram[i] = source.tlb[i].ram;
        }
        m->oracle.tlb_entries = round % 4;

        look(da);
        for ( i = 0; i < PT_PAGES; i++ )
        {
            struct oracle_answer a = oracle_now(&m->oracle, da | i << 12);

            assert_int_equal(view.page[i],
                             a.fault ? FAULT(a.fault) : MAPS(a.ipa));
        }
    }
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(section_gives_rising_pages),
        test(section_ignores_bits_below_its_size),
        test(supersection_takes_its_bits_from_da),
        test(supersection_ignores_bits_below_its_size),
        test(supersection_words_count_each_for_itself),
        test(lone_supersection_word_maps_its_slot),
        test(large_page_takes_its_bits_from_da),
        test(large_page_ignores_bits_below_its_size),
        test(large_page_words_count_each_for_itself),
        test(small_page_is_either_word_with_bit_1),
        test(table_word_ignores_bits_9_to_2),
        test(fault_words_of_both_kinds),
        test(first_level_in_no_memory_is_a_walk_fault),
        test(second_level_in_no_memory_is_a_walk_fault),
        test(root_that_is_its_own_second_level),
        test(table_that_maps_itself),
        test(partial_first_level_is_aligned_to_128_bytes),
        test(all_slots_may_share_one_table),
        test(pages_that_rise_are_a_section),
        test(pages_that_rise_from_within_a_section_are_pages),
        test(pages_that_almost_rise_are_pages),
        test(sections_that_rise_are_a_supersection),
        test(sections_that_rise_unaligned_are_sections),
        test(mmu_off_is_identity),
        test(walker_off_is_tlb_or_miss),
        test(tlb_entries_of_each_size_lie_over_the_tables),
        test(lone_16m_tlb_entry_is_a_supersection),
        test(tlb_entry_that_hits_with_a_16m_one_ends_a_supersection),
        test(tlb_entry_elsewhere_in_the_group_ends_a_supersection),
        test(tlb_entry_of_any_page_makes_pages_of_a_section),
        test(two_tlb_entries_that_hit_are_a_fault_where_both_do),
        test(tlb_entry_hides_a_fault_of_the_walk),
        test(each_word_is_read_once),
        test(random_tables_are_seen_as_the_oracle_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
