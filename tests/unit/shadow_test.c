/* SPDX-License-Identifier: GPL-2.0-only */
/* The slot cache: what it makes, keeps, drops, and gives back. */
#include "unit.h"

#define DA    0x12000000u
#define GROUP (DA + SZ_16M) /* another group */

/* Sizes: the largest that machine memory allows */

static void supersection_is_kept(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_supersection(m, DA, RAM);
    assert_leads(m, DA + 0x345678, RAM + 0x345678);
    assert_int_equal(leaf_at(m, DA + 0x345678).bytes, SZ_16M);
    assert_int_equal(m->mem.refs, 4096);
    check_and_free(m);
}

static void section_is_kept(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM + SZ_1M));
    assert_leads(m, DA + 0x5678, RAM + SZ_1M + 0x5678);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_1M);
    assert_int_equal(m->mem.refs, 256);
    check_and_free(m);
}

static void large_and_small_pages_are_kept(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_large(m, TABLE, DA, RAM + SZ_64K);
    write_l2(m, TABLE, DA + SZ_64K, WORD_SMALL(RAM));
    assert_leads(m, DA + 0x5678, RAM + SZ_64K + 0x5678);
    assert_leads(m, DA + SZ_64K, RAM);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_64K);
    assert_int_equal(leaf_at(m, DA + SZ_64K).bytes, SZ_4K);
    assert_int_equal(m->mem.refs, 17);
    check_and_free(m);
}

static void small_pages_that_are_contiguous_grow(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 16, 16, RAM);
    assert_leads(m, DA + SZ_64K, RAM);
    assert_int_equal(leaf_at(m, DA + SZ_64K).bytes, SZ_64K);
    check_and_free(m);
}

static void small_pages_that_are_not_aligned_stay_small(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 16, 16, RAM + SZ_4K);
    assert_leads(m, DA + SZ_64K, RAM + SZ_4K);
    assert_int_equal(leaf_at(m, DA + SZ_64K).bytes, SZ_4K);
    check_and_free(m);
}

static void full_table_becomes_a_section(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 256, RAM);
    assert_leads(m, DA + 0x5678, RAM + 0x5678);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_1M);
    check_and_free(m);
}

static void sections_become_a_supersection(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    for ( i = 0; i < 16; i++ )
        write_l1(m, DA + i * SZ_1M, WORD_SECTION(RAM + i * SZ_1M));
    assert_leads(m, DA + 0x5678, RAM + 0x5678);
    assert_int_equal(leaf_at(m, DA + 15 * SZ_1M).bytes, SZ_16M);
    check_and_free(m);
}

static void assert_broken_to(unsigned int grain, uint32_t word, uint32_t bytes)
{
    struct machine *m = new_running(grain, (struct machine_options){
                                               .seed = grain,
                                           });
    uint32_t offset;

    if ( word & (1 << 18) )
        write_supersection(m, DA, RAM);
    else
        write_l1(m, DA, word);
    for ( offset = 0; offset < SZ_1M; offset += SZ_4K )
        assert_leads(m, DA + offset, RAM + offset);
    assert_int_equal(leaf_at(m, DA + 0x45678).bytes, bytes);
    check_and_free(m);
}

static void pages_break_where_machine_memory_does(void **state)
{
    (void)state;
    assert_broken_to(256, WORD_SUPER(RAM), SZ_1M);
    assert_broken_to(16, WORD_SUPER(RAM), SZ_64K);
    assert_broken_to(16, WORD_SECTION(RAM), SZ_64K);
    assert_broken_to(8, WORD_SECTION(RAM), SZ_4K);
    assert_broken_to(1, WORD_SECTION(RAM), SZ_4K);
}

static void contiguous_but_unaligned_memory_is_small_pages(void **state)
{
    struct machine *m = new_default();
    uint64_t maddr = memory_find(&m->mem, 512) + SZ_4K;

    (void)state;
    machine_map(m, RAM, maddr, 256, P2M_RAM);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA + 0x5678, RAM + 0x5678);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_4K);
    check_and_free(m);
}

static void short_answers_of_the_host_add_up(void **state)
{
    struct machine *m = new_running(16, (struct machine_options){
                                            .short_answers = true,
                                        });
    uint32_t offset;

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    for ( offset = 0; offset < SZ_1M; offset += SZ_4K )
        assert_leads(m, DA + offset, RAM + offset);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_64K);
    check_and_free(m);
}

/* Denied pages */

static void denied_pages_are_holes_not_errors(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_unmap(m, RAM + 5 * SZ_4K, 1);
    write_supersection(m, DA, RAM);
    assert_leads(m, DA + 4 * SZ_4K, RAM + 4 * SZ_4K);
    assert_leads(m, DA + 6 * SZ_4K, RAM + 6 * SZ_4K);
    assert_leads(m, DA + 15 * SZ_1M, RAM + 15 * SZ_1M);
    assert_faults(m, DA + 5 * SZ_4K, IRQ_TRANSLATIONFAULT);
    give_up(m);
    check_and_free(m);
}

/* Zeros instead of an answer: nothing that could be linked. */
static void no_answer_is_a_denial(void **state)
{
    const struct host_page nothing = { 0 };

    (void)state;
    assert_int_equal(host_kind(nothing), HOST_DENIED);
    assert_int_equal(host_why(nothing), DENIED_NOTHING);
    assert_false(page_usable(nothing));
}

/* Its slot is empty, as is the content of a slot whose IPAs begin at 0. */
static void guest_page_at_0_is_translated(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_map(m, 0, memory_find(&m->mem, 256), 256, P2M_RAM);
    write_l1(m, DA, WORD_SECTION(0));
    assert_leads(m, DA, 0);
    give_up(m);
    check_and_free(m);
}

static void foreign_pages_are_denied(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_map(m, RAM, memory_find(&m->mem, 1), 1, P2M_FOREIGN);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    assert_leads(m, DA + SZ_4K, RAM + SZ_4K);
    check_and_free(m);
}

static void device_memory_needs_no_references(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(MMIO));
    write_l1(m, GROUP, WORD_TABLE(TABLE));
    write_l2(m, TABLE, GROUP, WORD_SMALL(MMIO + SZ_4K));
    assert_leads(m, DA + 0x5678, MMIO + 0x5678);
    assert_leads(m, GROUP, MMIO + SZ_4K);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_1M);
    assert_int_equal(m->mem.refs, 0);
    check_and_free(m);
}

/* Pages held and pages not held are no one leaf, however they lie. */
static void memory_and_devices_are_not_merged(void **state)
{
    struct machine *m = new_default();
    uint64_t maddr = memory_find(&m->mem, 16);

    (void)state;
    machine_map(m, NOTHING, maddr, 8, P2M_RAM);
    machine_map(m, NOTHING + 8 * SZ_4K, maddr + 8 * SZ_4K, 8, P2M_MMIO);
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 16, NOTHING);
    assert_leads(m, DA, NOTHING);
    assert_leads(m, DA + 15 * SZ_4K, NOTHING + 15 * SZ_4K);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_4K);
    assert_int_equal(m->mem.refs, 8);
    check_and_free(m);
}

static void memory_above_4_gib_is_refused(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_map(m, RAM, MEM_4GIB, 256, P2M_RAM);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    assert_int_equal(m->mem.refs, 0);
    check_and_free(m);
}

static void supersection_above_4_gib_is_refused(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_map(m, RAM, MEM_4GIB, 4096, P2M_RAM);
    write_supersection(m, DA, RAM);
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    assert_int_equal(m->mem.refs, 0);
    check_and_free(m);
}

/* No reference was taken on it, so none is given back. */
static void device_memory_above_4_gib_is_refused(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_map(m, MMIO, MEM_4GIB, 256, P2M_MMIO);
    write_l1(m, DA, WORD_SECTION(MMIO));
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    assert_int_equal(m->count.puts, 0);
    check_and_free(m);
}

static void memory_across_4_gib_ends_there(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_map(m, RAM, MEM_4GIB - 128 * SZ_4K, 256, P2M_RAM);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA + 127 * SZ_4K, RAM + 127 * SZ_4K);
    assert_int_equal(m->mem.refs, 128);
    assert_faults(m, DA + 128 * SZ_4K, IRQ_TRANSLATIONFAULT);
    give_up(m);
    check_and_free(m);
}

/* No reference was taken that could be given back. */
static void device_memory_above_4_gib_is_refused_too(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_map(m, RAM, MEM_4GIB, 256, P2M_MMIO);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    machine_map(m, RAM, MEM_4GIB - 128 * SZ_4K, 256, P2M_MMIO);
    assert_leads(m, DA + 127 * SZ_4K, RAM + 127 * SZ_4K);
    assert_faults(m, DA + 128 * SZ_4K, IRQ_TRANSLATIONFAULT);
    give_up(m);
    check_and_free(m);
}

static void memory_up_to_4_gib_is_a_section(void **state)
{
    struct machine *m = new_default();

    (void)state;
    machine_map(m, RAM, MEM_4GIB - SZ_1M, 256, P2M_RAM);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_1M);
    check_and_free(m);
}

static void denied_page_granted_later_is_reached(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(NOTHING));
    assert_faults(m, DA + 0x5000, IRQ_TRANSLATIONFAULT);
    machine_populate(m, NOTHING + 0x5000, 1, 1);
    machine_reg_write(m, MMU_IRQSTATUS, IRQ_ALL);
    machine_settle(m);
    assert_int_equal(m->request.result, MMU_OK);
    assert_int_equal(m->request.pa, maddr_of(m, NOTHING + 0x5000));
    check_and_free(m);
}

/* Even if the host did not report it. */
static void refusal_is_not_remembered(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_l2(m, TABLE, DA, WORD_SMALL(RAM));
    m->fail_at[POINT_PAGES] = 1;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    assert_leads(m, DA, RAM);
    check_and_free(m);
}

/* In two parts of a table; and what was denied is asked for once more. */
static void denied_pages_are_counted_with_each_look(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_l2(m, TABLE, DA, WORD_SMALL(RAM));
    write_l2(m, TABLE, DA + 20 * SZ_4K, WORD_SMALL(NOTHING));
    write_l2(m, TABLE, DA + 21 * SZ_4K, WORD_SMALL(NOTHING));
    write_l2(m, TABLE, DA + 40 * SZ_4K, WORD_SMALL(NOTHING));
    assert_leads(m, DA, RAM);
    assert_int_equal(counters(m)->denied, 3);
    flush(m);
    assert_leads(m, DA, RAM);
    assert_int_equal(counters(m)->denied, 6);

    write_l2(m, TABLE, DA + 20 * SZ_4K, 0);
    write_l2(m, TABLE, DA + 21 * SZ_4K, 0);
    write_l2(m, TABLE, DA + 40 * SZ_4K, 0);
    flush(m);
    assert_leads(m, DA, RAM);
    flush(m);
    assert_leads(m, DA, RAM);
    assert_int_equal(counters(m)->denied, 6);
    check_and_free(m);
}

static void section_refused_whole_is_split(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    m->fail_at[POINT_PAGES] = 1;
    assert_leads(m, DA, RAM);
    assert_int_equal(leaf_at(m, DA).bytes, SZ_64K);
    check_and_free(m);
}

static void denied_pages_are_counted(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 2, NOTHING);
    write_smalls(m, TABLE, 100, 1, RAM);
    assert_leads(m, DA + 100 * SZ_4K, RAM);
    assert_int_equal(counters(m)->denied, 2);
    /* Each fill asks for them again. */
    flush(m);
    assert_leads(m, DA + 100 * SZ_4K, RAM);
    assert_int_equal(counters(m)->denied, 4);
    check_and_free(m);
}

static void unmapped_page_keeps_nothing(void **state)
{
    struct machine *m = new_default();

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    assert_int_equal(counters(m)->kept, 0);
    assert_int_equal(counters(m)->fills, 0);
    give_up(m);
    check_and_free(m);
}

/* A host that is not done with a fill */

/* It is not asked for more in the same fill. */
static void host_that_is_not_done_is_left_alone(void **state)
{
    struct machine *m = new_running(1, (struct machine_options){ 0 });
    uint64_t look_ups;
    unsigned int i;

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 256, RAM);
    assert_leads(m, DA, RAM);
    for ( i = 0; i < 8; i++ ) /* eight stretches of what has changed */
        write_smalls(m, TABLE, i * 32, 1, RAM + SZ_1M);
    flush(m);
    m->fail_at[POINT_BUSY] = 1;
    m->busy_words = 0;
    look_ups = m->count.look_ups;
    machine_issue(m, DA, false);
    assert_true(machine_serve(m));
    assert_int_equal(m->count.look_ups - look_ups, 1);
    assert_right(m);
    machine_settle(m);
    assert_int_equal(m->request.result, MMU_OK);
    assert_int_equal(m->count.look_ups - look_ups, 1 + 8);
    check_and_free(m);
}

static void host_that_is_not_done_is_asked_again(void **state)
{
    struct machine *m = new_running(1, (struct machine_options){ 0 });
    uint64_t look_ups;

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 128, RAM);
    write_smalls(m, TABLE, 128, 128, RAM + SZ_1M);
    m->fail_at[POINT_BUSY] = 1;
    m->busy_words = 128;
    look_ups = m->count.look_ups;
    assert_leads(m, DA + 200 * SZ_4K, RAM + SZ_1M + 72 * SZ_4K);
    assert_int_equal(m->vmmu.shadow.count.retries, 1);
    assert_int_equal(m->vmmu.count.faults_raised, 0);
    /* What was translated before is not asked for again, nor given back. */
    assert_int_equal(m->count.look_ups - look_ups, 2);
    assert_int_equal(m->count.puts, 0);
    check_and_free(m);
}

/* A chunk is begun anew: its references are given back, and taken again. */
static void host_that_is_not_done_amid_a_chunk(void **state)
{
    struct machine *m = new_running(1, (struct machine_options){ 0 });

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 20, RAM);
    write_smalls(m, TABLE, 20, 12, RAM + SZ_1M);
    m->fail_at[POINT_BUSY] = 1;
    m->busy_words = 20;
    assert_leads(m, DA + 25 * SZ_4K, RAM + SZ_1M + 5 * SZ_4K);
    assert_leads(m, DA + 17 * SZ_4K, RAM + 17 * SZ_4K);
    assert_int_equal(m->count.pages_put, 4);
    assert_int_equal(memory_page(&m->mem, maddr_of(m, RAM + 17 * SZ_4K))->refs,
                     1);
    check_and_free(m);
}

/* It answered for these pages of another slot. */
static void host_that_is_not_done_gave_no_answer(void **state)
{
    struct machine *m = new_default();
    uint32_t second_table = TABLE + SZ_4K;

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 32, RAM);
    write_l1(m, DA + SZ_1M, WORD_TABLE(second_table));
    write_smalls(m, second_table, 0, 32, RAM + SZ_1M);
    assert_leads(m, DA, RAM);
    m->fail_at[POINT_BUSY] = 1;
    m->busy_words = 20;
    assert_leads(m, DA + SZ_1M + 20 * SZ_4K, RAM + SZ_1M + 20 * SZ_4K);
    check_and_free(m);
}

/* Of two stretches that changed, it is done with the second. */
static void host_that_is_not_done_with_the_first_stretch(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 48, RAM);
    assert_leads(m, DA, RAM);
    write_l2(m, TABLE, DA, WORD_SMALL(RAM + SZ_1M));
    write_l2(m, TABLE, DA + 40 * SZ_4K, WORD_SMALL(RAM + SZ_1M));
    flush(m);
    m->fail_at[POINT_BUSY] = 1;
    m->busy_words = 0;
    assert_leads(m, DA, RAM + SZ_1M);
    assert_int_equal(m->vmmu.count.faults_raised, 0);
    check_and_free(m);
}

static void unfinished_fill_is_not_shown(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 2, RAM);
    write_l2(m, TABLE, DA + 2 * SZ_4K, WORD_SMALL(RAM + SZ_1M));
    m->fail_at[POINT_BUSY] = 1;
    m->busy_words = 2;
    machine_issue(m, DA, false);
    assert_true(machine_serve(m));
    assert_true(m->request.open);
    assert_false(leaf_at(m, DA).shown);
    assert_right(m);
    machine_settle(m);
    assert_int_equal(m->request.result, MMU_OK);
    check_and_free(m);
}

/* That is a fault of the guest's, not of a fill that is to go on. */
static void unfinished_fill_of_a_page_that_goes(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 2, RAM);
    m->fail_at[POINT_BUSY] = 1;
    m->busy_words = 0;
    machine_issue(m, DA, false);
    assert_true(machine_serve(m));
    assert_true(m->request.open);
    write_l2(m, TABLE, DA, 0);
    flush(m);
    machine_settle(m);
    assert_int_equal(m->vmmu.count.faults_raised, 1);
    give_up(m);
    check_and_free(m);
}

/* Hidden and kept */

static void kept_slot_is_shown_without_asking_the_p2m(void **state)
{
    struct machine *m = new_default();
    uint64_t kept, runs;

    (void)state;
    write_supersection(m, DA, RAM);
    write_l1(m, GROUP, WORD_SECTION(RAM));
    write_l1(m, GROUP + SZ_1M, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 3, 5, RAM + 0x77000);
    assert_leads(m, DA, RAM);
    assert_leads(m, GROUP, RAM);
    assert_leads(m, GROUP + SZ_1M + 3 * SZ_4K, RAM + 0x77000);

    assert_int_equal(counters(m)->fills, 3);
    assert_int_equal(counters(m)->kept, 0);

    flush(m);
    kept = counters(m)->kept;
    runs = m->count.look_ups;
    assert_leads(m, DA + SZ_1M, RAM + SZ_1M);
    assert_leads(m, GROUP, RAM);
    assert_leads(m, GROUP + SZ_1M + 3 * SZ_4K, RAM + 0x77000);
    assert_int_equal(counters(m)->fills, 3);
    assert_int_equal(counters(m)->kept, kept + 3);
    assert_int_equal(m->count.look_ups, runs);
    check_and_free(m);
}

static void only_the_changed_chunk_is_translated_anew(void **state)
{
    struct machine *m = new_running(1, (struct machine_options){ 0 });
    uint64_t runs, put;

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 256, RAM);
    assert_leads(m, DA, RAM);

    write_l2(m, TABLE, DA + 0x45000, WORD_SMALL(RAM + SZ_1M));
    flush(m);
    runs = m->count.look_ups;
    put = m->count.pages_put;
    assert_leads(m, DA, RAM);
    assert_leads(m, DA + 0x45000, RAM + SZ_1M);
    assert_int_equal(m->count.pages_put - put, 16);
    assert_true(m->count.look_ups - runs <= 16);
    check_and_free(m);
}

static void changed_page_is_found_in_each_part(void **state)
{
    struct machine *m = new_default();
    unsigned int page;

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 256, RAM);
    for ( page = 15; page < 256; page += 16 )
    {
        assert_leads(m, DA + page * SZ_4K, RAM + page * SZ_4K);
        write_l2(m, TABLE, page * SZ_4K, WORD_SMALL(RAM + SZ_1M));
        flush(m);
        assert_leads(m, DA + page * SZ_4K, RAM + SZ_1M);
    }
    check_and_free(m);
}

/* Only the first of them is where it was. */
static void pages_that_become_a_section_are_compared(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 1, RAM);
    write_smalls(m, TABLE, 1, 255, RAM + SZ_1M);
    assert_leads(m, DA + SZ_4K, RAM + SZ_1M);
    write_l1(m, DA, WORD_SECTION(RAM));
    flush(m);
    assert_leads(m, DA + SZ_4K, RAM + SZ_4K);
    check_and_free(m);
}

/* Whatever a slot held, the next view decides. */
static void slot_changes_from_any_kind_to_any_other(void **state)
{
    struct machine *m = new_default();
    unsigned int from, to, round;

    (void)state;
    write_smalls(m, TABLE, 0, 128, RAM + SZ_64K);
    for ( round = 0; round < 2; round++ )
        for ( from = 0; from < 4; from++ )
            for ( to = 0; to < 4; to++ )
            {
                const uint32_t words[] = {
                    0,
                    WORD_TABLE(TABLE),
                    WORD_SECTION(RAM + SZ_1M),
                    WORD_SUPER(RAM + SZ_16M),
                };
                unsigned int i;

                for ( i = 0; i < 16; i++ )
                    write_l1(m, DA + i * SZ_1M, words[from]);
                flush(m);
                assert_null(check_access(m, DA + 0x3450, false));
                assert_null(check_access(m, DA + SZ_1M, true));
                if ( round )
                    write_l1(m, DA, words[to]);
                else
                    for ( i = 0; i < 16; i++ )
                        write_l1(m, DA + i * SZ_1M, words[to]);
                flush(m);
                assert_null(check_access(m, DA + 0x3450, false));
                assert_null(check_access(m, DA + SZ_1M, true));
                assert_null(check_peek(m));
            }
    check_and_free(m);
}

static void page_mapped_after_a_fault_needs_no_flush(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_l2(m, TABLE, DA, WORD_SMALL(RAM));
    assert_leads(m, DA, RAM);
    assert_faults(m, DA + SZ_4K, IRQ_TRANSLATIONFAULT);
    give_up(m);
    write_l2(m, TABLE, DA + SZ_4K, WORD_SMALL(RAM + SZ_64K));
    assert_leads(m, DA + SZ_4K, RAM + SZ_64K);
    check_and_free(m);
}

/* A pool of few tables */

static void few_tables_serve_many_slots(void **state)
{
    unsigned int tables, round, i;

    (void)state;
    for ( tables = SHADOW_MIN_TABLES; tables < 6; tables++ )
    {
        struct machine *m = new_running(1, (struct machine_options){
                                               .tables = tables,
                                           });

        for ( i = 0; i < 12; i++ )
        {
            write_l1(m, DA + i * SZ_1M, WORD_TABLE(TABLE + i * PT_TABLE_BYTES));
            write_smalls(m, TABLE + i * PT_TABLE_BYTES, 0, 256,
                         RAM + i * SZ_1M);
        }
        for ( round = 0; round < 3; round++ )
            for ( i = 0; i < 12; i++ )
                assert_leads(m, DA + i * SZ_1M + i * SZ_4K,
                             RAM + i * SZ_1M + i * SZ_4K);
        assert_true(counters(m)->evictions > 0);
        assert_true(m->mem.refs <= tables * 256);
        assert_null(check_peek(m));
        check_and_free(m);
    }
}

/* More than fit in a byte. */
static void tables_of_a_large_pool_are_kept_apart(void **state)
{
    struct machine *m = new_running(1, (struct machine_options){
                                           .tables = 300,
                                       });
    unsigned int i, odd;

    (void)state;
    for ( i = 0; i < 2; i++ )
        write_smalls(m, TABLE + i * PT_TABLE_BYTES, 0, 256, RAM + i * SZ_1M);
    for ( i = 0; i < 290; i++ )
    {
        odd = i % 2;
        write_l1(m, DA + i * SZ_1M, WORD_TABLE(TABLE + odd * PT_TABLE_BYTES));
        assert_int_equal(machine_access(m, DA + i * SZ_1M, true), MMU_OK);
        assert_int_equal(m->request.pa, maddr_of(m, RAM + odd * SZ_1M));
    }
    assert_int_equal(counters(m)->evictions, 0);
    assert_int_equal(m->mem.refs, 290 * 256);
    assert_null(check_peek(m));
    check_and_free(m);
}

static void pool_that_suffices_evicts_nothing(void **state)
{
    struct machine *m = new_running(1, (struct machine_options){
                                           .tables = 13,
                                       });
    unsigned int i;

    (void)state;
    write_smalls(m, TABLE, 0, 256, RAM);
    for ( i = 0; i < 12; i++ )
    {
        write_l1(m, DA + i * SZ_1M, WORD_TABLE(TABLE));
        assert_leads(m, DA + i * SZ_1M, RAM);
    }
    assert_int_equal(counters(m)->evictions, 0);
    for ( i = 0; i < 12; i++ )
        assert_true(cached(m, DA + i * SZ_1M));
    check_and_free(m);
}

/* Neither a leaf nor an unmapped slot costs another its table. */
static void only_tables_evict_tables(void **state)
{
    struct machine *m = new_running(256, (struct machine_options){
                                             .tables = 2,
                                         });
    unsigned int i;

    (void)state;
    write_smalls(m, TABLE, 1, 1, RAM);
    write_l1(m, DA, WORD_TABLE(TABLE));
    assert_leads(m, DA + SZ_4K, RAM);
    for ( i = 1; i < 8; i++ )
    {
        write_l1(m, DA + i * SZ_1M, WORD_SECTION(RAM + i * SZ_1M));
        assert_leads(m, DA + i * SZ_1M, RAM + i * SZ_1M);
        assert_faults(m, GROUP + i * SZ_1M, IRQ_TRANSLATIONFAULT);
        give_up(m);
    }
    assert_true(cached(m, DA + SZ_4K));
    assert_int_equal(counters(m)->evictions, 0);
    check_and_free(m);
}

static void supersection_takes_the_place_of_tables(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    write_smalls(m, TABLE, 1, 1, RAM);
    for ( i = 0; i < 16; i++ )
    {
        write_l1(m, DA + i * SZ_1M, WORD_TABLE(TABLE));
        assert_leads(m, DA + i * SZ_1M + SZ_4K, RAM);
    }
    write_supersection(m, DA, RAM);
    flush(m);
    assert_leads(m, DA, RAM);
    assert_int_equal(leaf_at(m, DA + 5 * SZ_1M).bytes, SZ_16M);
    assert_int_equal(m->mem.refs, 4096);
    check_and_free(m);
}

/* Parking and hiding */

static void fill_many(struct machine *m)
{
    unsigned int i;

    write_smalls(m, TABLE, 1, 8, RAM);
    write_supersection(m, DA, RAM);
    assert_leads(m, DA, RAM);
    for ( i = 0; i < 32; i++ )
    {
        write_l1(m, GROUP + i * SZ_1M,
                 i % 2 ? WORD_TABLE(TABLE) : WORD_SECTION(RAM));
        assert_leads(m, GROUP + i * SZ_1M + SZ_4K, i % 2 ? RAM : RAM + SZ_4K);
    }
}

static void parking_takes_constant_time(void **state)
{
    struct machine *m = new_default();

    (void)state;
    fill_many(m);
    m->count = (struct machine_counts){ 0 };
    flush(m);
    assert_int_equal(m->count.reg_writes, 2);
    assert_int_equal(m->count.cleans, 0);
    assert_int_equal(m->count.puts, 0);
    assert_false(cached(m, DA));
    assert_false(cached(m, GROUP));
    assert_null(check_peek(m));

    flush(m);
    assert_int_equal(m->count.reg_writes, 2);
    check_and_free(m);
}

static void hiding_takes_constant_time(void **state)
{
    struct machine *m = new_default();

    (void)state;
    fill_many(m);
    m->count = (struct machine_counts){ 0 };
    flush_da(m, DA + 3 * SZ_1M);
    assert_int_equal(m->count.reg_writes, 1);
    assert_int_equal(m->count.cleans, 1);
    assert_int_equal(m->count.puts, 0);
    check_and_free(m);
}

static void flush_entry_hides_the_whole_page_and_no_more(void **state)
{
    struct machine *m = new_default();

    (void)state;
    fill_many(m);
    write_supersection(m, DA, RAM + SZ_16M);
    flush_da(m, DA + 3 * SZ_1M);
    assert_false(cached(m, DA));
    assert_false(cached(m, DA + 15 * SZ_1M));
    assert_true(cached(m, GROUP));
    assert_null(check_peek(m));
    assert_leads(m, DA, RAM + SZ_16M);
    check_and_free(m);
}

/* A large guest page that the shadow split is still one page. */
static void flush_entry_hides_a_page_broken_up(void **state)
{
    struct machine *m = new_running(1, (struct machine_options){ 0 });

    (void)state;
    write_supersection(m, DA, RAM);
    assert_leads(m, DA, RAM);
    assert_leads(m, DA + 9 * SZ_1M, RAM + 9 * SZ_1M);
    write_supersection(m, DA, RAM + SZ_16M);
    flush_da(m, DA + 15 * SZ_1M);
    assert_null(check_peek(m));
    assert_leads(m, DA + 9 * SZ_1M, RAM + SZ_16M + 9 * SZ_1M);
    check_and_free(m);
}

/* The guest scans its TLB: each entry valid, none of them covers DA. */
static void scan_of_a_full_tlb_is_a_promise_too(void **state)
{
    struct machine *m = new_running(4096, (struct machine_options){
                                              .tlb_entries = 8,
                                          });
    unsigned int i;

    (void)state;
    for ( i = 0; i < 8; i++ )
        load_tlb(m, i, (0x40000000 + i * SZ_1M) | CAM_V, RAM);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM);
    write_l1(m, DA, 0);
    for ( i = 0; i < 8; i++ )
    {
        machine_reg_write(m, MMU_LOCK, LOCK_MAKE(0, i));
        assert_true(machine_reg_read(m, MMU_READ_CAM) & CAM_V);
    }
    assert_false(cached(m, DA));
    check_and_free(m);
}

/* Each event after which nothing may be cached, over stale words: nothing stale is left. */
static void each_promise_is_kept(void **state)
{
    static const struct {
        unsigned int offset;
        uint32_t value;
    } events[] = {
        { MMU_GFLUSH, 1 },
        { MMU_FLUSH_ENTRY, 1 },
        { MMU_TTB, ROOT },
        { MMU_CNTL, 6 },
        { MMU_SYSCONFIG, SYSCONFIG_SOFTRESET },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(events) / sizeof(events[0]); i++ )
    {
        struct machine *m = new_default();

        write_l1(m, DA, WORD_SECTION(RAM));
        assert_leads(m, DA, RAM);
        write_l1(m, DA, WORD_SECTION(RAM + SZ_1M));
        machine_reg_write(m, MMU_CAM, DA);
        machine_reg_write(m, events[i].offset, events[i].value);
        assert_false(cached(m, DA));
        mmu_on(m);
        assert_leads(m, DA, RAM + SZ_1M);
        check_and_free(m);
    }
}

/* Changes of the p2m */

static void changed_page_leads_to_the_new_one(void **state)
{
    static const unsigned int grains[] = { 1, 16, 256, 4096 };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 4; i++ )
    {
        struct machine *m = new_running(grains[i], (struct machine_options){
                                                       .seed = i,
                                                   });

        write_supersection(m, DA, RAM);
        assert_leads(m, DA + 0x5000, RAM + 0x5000);
        machine_populate(m, RAM + 0x5000, 1, 1);
        assert_null(check_peek(m));
        assert_leads(m, DA + 0x5000, RAM + 0x5000);
        assert_leads(m, DA + 0x6000, RAM + 0x6000);
        check_and_free(m);
    }
}

static void page_taken_away_is_out_of_reach_at_once(void **state)
{
    struct machine *m = new_default();
    uint64_t maddr = maddr_of(m, RAM + 0x5000);

    (void)state;
    write_supersection(m, DA, RAM);
    assert_leads(m, DA + 0x5000, RAM + 0x5000);
    machine_unmap(m, RAM + 0x5000, 1);
    assert_false(memory_page(&m->mem, maddr)->used);
    assert_faults(m, DA + 0x5000, IRQ_TRANSLATIONFAULT);
    give_up(m);
    assert_leads(m, DA, RAM);
    check_and_free(m);
}

static void device_memory_taken_away_is_out_of_reach(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(MMIO));
    assert_leads(m, DA, MMIO);
    machine_unmap(m, MMIO + SZ_64K, 1);
    assert_false(cached(m, DA + SZ_64K));
    assert_leads(m, DA, MMIO);
    check_and_free(m);
}

static void hidden_slots_follow_the_p2m_too(void **state)
{
    struct machine *m = new_default();
    uint64_t maddr = maddr_of(m, RAM);

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM);
    flush(m);
    machine_unmap(m, RAM, 1);
    assert_false(memory_page(&m->mem, maddr)->used);
    assert_int_equal(m->mem.refs, 0);
    check_and_free(m);
}

static void only_what_the_change_concerns_is_dropped(void **state)
{
    struct machine *m = new_default();
    uint64_t kept;

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    write_l1(m, DA + SZ_1M, WORD_SECTION(RAM + SZ_1M));
    write_l1(m, GROUP, WORD_TABLE(TABLE));
    write_l2(m, TABLE, GROUP, WORD_SMALL(RAM + 2 * SZ_1M));
    assert_leads(m, DA, RAM);
    assert_leads(m, DA + SZ_1M, RAM + SZ_1M);
    assert_leads(m, GROUP, RAM + 2 * SZ_1M);

    machine_populate(m, RAM + SZ_1M - SZ_4K, 1, 1);
    assert_int_equal(counters(m)->drops, 1);
    kept = counters(m)->kept;
    assert_leads(m, DA + SZ_1M, RAM + SZ_1M);
    assert_leads(m, GROUP, RAM + 2 * SZ_1M);
    assert_int_equal(counters(m)->kept, kept + 2);
    check_and_free(m);
}

static void change_elsewhere_costs_nothing(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM);
    m->count = (struct machine_counts){ 0 };
    machine_populate(m, RAM + SZ_16M, 16, 1);
    machine_unmap(m, RAM + SZ_16M, 16);
    assert_int_equal(m->count.reg_writes + m->count.cleans, 0);
    assert_true(cached(m, DA));
    check_and_free(m);
}

/* A page of the MiB that the fill uses, but not one that it uses. */
static void change_same_mib(struct machine *m, enum machine_point point)
{
    (void)point;
    vmmu_ipa_changed(&m->vmmu, _ipa(RAM + SZ_64K), 1);
}

/* The guest balloons memory that the fill has nothing to do with. */
static void change_at_each_point(struct machine *m, enum machine_point point)
{
    (void)point;
    vmmu_ipa_changed(&m->vmmu, _ipa(RAM + SZ_16M), 16);
    m->hook = change_at_each_point;
}

/* Guest memory beyond what a device's table can name. */
static void change_above_4_gib_concerns_nobody(void **state)
{
    struct machine *m = new_default();
    struct shadow before;

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM);
    before = m->vmmu.shadow;
    vmmu_ipa_changed(&m->vmmu, _ipa(MEM_4GIB), 1);
    vmmu_ipa_changed(&m->vmmu, _ipa(MEM_4GIB + SZ_4K), MEM_4GIB / SZ_4K);
    vmmu_ipa_changed(&m->vmmu, _ipa(~0ull << PT_PAGE_SHIFT), 1);
    assert_memory_equal(&m->vmmu.shadow, &before, sizeof(before));
    assert_true(cached(m, DA));
    check_and_free(m);
}

static void change_elsewhere_overtakes_no_fill(void **state)
{
    struct machine *m = new_running(1, (struct machine_options){ .seed = 1 });

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 256, RAM);
    m->hook = change_at_each_point;
    assert_leads(m, DA, RAM);
    m->hook = NULL;
    assert_int_equal(counters(m)->retries, 0);
    check_and_free(m);
}

static void unmap_second_mib(struct machine *m, enum machine_point point)
{
    if ( point == POINT_PAGES_DONE )
        machine_unmap(m, RAM + SZ_1M, 1);
    else
        m->hook = unmap_second_mib;
}

/*
 * A change gives back the table at evict_next while a fill has the last free one: the next
 * fill takes that.
 */
static void slot_just_filled_is_not_evicted(void **state)
{
    struct machine *m = new_running(1, (struct machine_options){ .tables = 2 });
    unsigned int i;

    (void)state;
    for ( i = 0; i < 4; i++ )
    {
        write_l1(m, DA + i * SZ_1M, WORD_TABLE(TABLE + i * PT_TABLE_BYTES));
        write_smalls(m, TABLE + i * PT_TABLE_BYTES, 0, 1, RAM + i * SZ_1M);
    }
    assert_leads(m, DA, RAM);
    assert_leads(m, DA + SZ_1M, RAM + SZ_1M);
    m->hook = unmap_second_mib;
    assert_leads(m, DA + 2 * SZ_1M, RAM + 2 * SZ_1M);
    assert_null(m->hook);
    assert_int_equal(counters(m)->evictions, 1);
    assert_leads(m, DA + 3 * SZ_1M, RAM + 3 * SZ_1M);
    assert_int_equal(counters(m)->evictions, 2);
    assert_true(cached(m, DA + 3 * SZ_1M));
    check_and_free(m);
}

static const uint32_t *two_changes;

static void change_two(struct machine *m, enum machine_point point)
{
    if ( point != POINT_PAGES_DONE )
    {
        m->hook = change_two;
        return;
    }
    vmmu_ipa_changed(&m->vmmu, _ipa(two_changes[0]), 1);
    vmmu_ipa_changed(&m->vmmu, _ipa(two_changes[1]), 1);
}

/* One concerns the fill, the other lies below or above. */
static void each_of_two_changes_overtakes_a_fill(void **state)
{
    static const uint32_t changes[][2] = {
        { RAM + SZ_16M, RAM },
        { RAM + SZ_16M, RAM + SZ_16M + 8 * SZ_1M },
        { RAM, RAM + SZ_16M },
        { RAM + SZ_16M + 8 * SZ_1M, RAM + SZ_16M },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 4; i++ )
    {
        struct machine *m = new_default();

        write_l1(m, DA, WORD_TABLE(TABLE));
        write_smalls(m, TABLE, 0, 1, RAM + SZ_16M);
        two_changes = changes[i];
        m->hook = change_two;
        assert_leads(m, DA, RAM + SZ_16M);
        assert_null(m->hook);
        assert_int_equal(counters(m)->retries, 1);
        check_and_free(m);
    }
}

/* A page that the content does not stem from changes, and then what no guest address is:
 * together they are not all that lies between them. */
static void change_below_and_above(struct machine *m, enum machine_point point)
{
    if ( point != POINT_PAGES_DONE )
    {
        m->hook = change_below_and_above;
        return;
    }
    vmmu_ipa_changed(&m->vmmu, _ipa(0), 1);
    vmmu_ipa_changed(&m->vmmu, _ipa(MEM_4GIB), 1);
    vmmu_ipa_changed(&m->vmmu, _ipa(UINT64_MAX - SZ_4K + 1), 1);
}

static void changes_above_4gib_overtake_nothing(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    m->hook = change_below_and_above;
    assert_leads(m, DA, RAM);
    assert_null(m->hook);
    assert_int_equal(counters(m)->retries, 0);
    check_and_free(m);
}

/* A supersection is wanted for its first slot; a page of its last goes. */
static void change_last_mib(struct machine *m, enum machine_point point)
{
    if ( point == POINT_PAGES_DONE )
        machine_populate(m, RAM + 15 * SZ_1M, 1, 1);
    else
        m->hook = change_last_mib;
}

static void change_of_any_slot_overtakes_a_supersection(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_supersection(m, DA, RAM);
    m->hook = change_last_mib;
    assert_leads(m, DA, RAM);
    assert_null(m->hook);
    assert_int_equal(counters(m)->retries, 1);
    assert_leads(m, DA + 15 * SZ_1M, RAM + 15 * SZ_1M);
    check_and_free(m);
}

static unsigned int flushes;

static void count_flushes(struct host *host, unsigned int offset,
                          uint32_t value)
{
    flushes += offset == MMU_GFLUSH;
    hostile_host_ops.reg_write(host, offset, value);
}

static void supersection_replaces_shown_slots_with_one_flush(void **state)
{
    struct host_ops ops = hostile_host_ops;
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    ops.reg_write = count_flushes;
    for ( i = 0; i < 15; i++ )
    {
        write_l1(m, DA + i * SZ_1M, WORD_TABLE(TABLE));
        write_smalls(m, TABLE, i, 1, RAM);
        assert_leads(m, DA + i * SZ_1M + i * SZ_4K, RAM);
    }
    write_supersection(m, DA, RAM);
    m->host.ops = &ops;
    flushes = 0;
    assert_leads(m, DA + 15 * SZ_1M, RAM + 15 * SZ_1M);
    assert_int_equal(flushes, 1);
    assert_leads(m, DA, RAM);
    m->host.ops = &hostile_host_ops;
    check_and_free(m);
}

/* A change may clear the filter while the slot that uses the MiB is taken out.
 */
static void kept_slot_is_found_after_a_change_during_its_fill(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 1, RAM);
    assert_leads(m, DA, RAM);
    flush(m);
    m->hook = change_same_mib;
    assert_leads(m, DA, RAM);
    assert_null(m->hook);
    machine_unmap(m, RAM, 1);
    assert_false(cached(m, DA));
    check_and_free(m);
}

/* All 4 GiB of da lead to one MiB, of which a page goes. */
static void change_of_what_all_slots_map_is_bounded(void **state)
{
    struct machine *m = new_default();
    uint64_t maddr = maddr_of(m, RAM), put, worst = 0;
    unsigned int slot, calls = 0;

    (void)state;
    for ( slot = 0; slot < PT_SLOTS; slot++ )
    {
        write_l1(m, slot * SZ_1M, WORD_SECTION(RAM));
        assert_int_equal(machine_access(m, slot * SZ_1M, true), MMU_OK);
    }

    put = m->count.pages_put;
    machine_unmap(m, RAM, 1);
    assert_null(check_peek(m));
    assert_right(m);
    do
    {
        if ( m->count.pages_put - put > worst )
            worst = m->count.pages_put - put;
        put = m->count.pages_put;
        calls++;
    }
    while ( machine_serve(m) );
    assert_true(worst <= SHADOW_RELEASE_PAGES + PT_GROUP * PT_PAGES);
    assert_true(calls >= PT_SLOTS * PT_PAGES / SHADOW_RELEASE_PAGES);
    assert_int_equal(m->mem.refs, 0);
    assert_false(memory_page(&m->mem, maddr)->used);
    assert_leads(m, 0x5000, RAM + 0x5000);
    check_and_free(m);
}

/* A slot is asked for before what a change left in it was given back. */
static void condemned_slot_is_filled_anew(void **state)
{
    struct machine *m = new_default();
    unsigned int slot;

    (void)state;
    for ( slot = 0; slot < 100; slot++ )
    {
        write_l1(m, slot * SZ_1M, WORD_TABLE(TABLE + slot % 2 * 0x400));
        write_smalls(m, TABLE + slot % 2 * 0x400, 0, 16,
                     RAM + slot % 2 * SZ_64K);
        assert_leads(m, slot * SZ_1M, RAM + slot % 2 * SZ_64K);
    }
    for ( slot = 100; slot < 300; slot++ )
    {
        write_l1(m, slot * SZ_1M, WORD_SECTION(RAM));
        assert_leads(m, slot * SZ_1M, RAM);
    }
    machine_populate(m, RAM, 1, 1);
    assert_null(check_peek(m));
    for ( slot = 299; slot > 0; slot-- )
        assert_leads(m, slot * SZ_1M,
                     slot < 100 ? RAM + slot % 2 * SZ_64K : RAM);
    check_and_free(m);
}

/*
 * A supersection is condemned as a whole, whichever of its pages went: here one that
 * neither the change nor the first release of condemned slots reached.
 */
static void condemned_supersection_is_shown_by_none_of_its_slots(void **state)
{
    unsigned int pages = PT_GROUP * PT_PAGES, group;
    unsigned int groups = 2 * SHADOW_RELEASE_PAGES / pages + 1;
    struct machine *m = new_default();

    (void)state;
    for ( group = 0; group < groups; group++ )
    {
        write_supersection(m, group * SZ_16M, RAM);
        assert_leads(m, group * SZ_16M, RAM);
    }
    machine_populate(m, RAM + 5 * SZ_1M, 1, 1);
    assert_true(m->vmmu.shadow.has_condemned);
    m->deferred = false;
    assert_leads(m, (groups - 1) * SZ_16M, RAM);
    assert_null(check_peek(m));
    check_and_free(m);
}

static void each_page_of_each_kind_is_found_by_its_ipa(void **state)
{
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    write_l1(m, GROUP, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 1, RAM + SZ_16M);
    write_smalls(m, TABLE, 255, 1, RAM + SZ_16M + SZ_1M);
    for ( i = 0; i < 4; i++ )
    {
        static const uint32_t pages[] = {
            RAM,
            RAM + SZ_16M - SZ_4K,
            RAM + SZ_16M,
            RAM + SZ_16M + SZ_1M,
        };

        write_supersection(m, DA, RAM);
        assert_leads(m, DA, RAM);
        assert_leads(m, GROUP, RAM + SZ_16M);
        assert_leads(m, GROUP + 255 * SZ_4K, RAM + SZ_16M + SZ_1M);
        machine_populate(m, pages[i], 1, 1);
        assert_null(check_peek(m));
    }
    check_and_free(m);
}

/* A change of one page of a MiB must not lose track of the others. */
static void second_change_in_the_same_mib_is_seen_too(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_l2(m, TABLE, DA, WORD_SMALL(RAM));
    write_l1(m, GROUP, WORD_TABLE(TABLE + PT_TABLE_BYTES));
    write_l2(m, TABLE + PT_TABLE_BYTES, GROUP, WORD_SMALL(RAM + SZ_64K));
    assert_leads(m, DA, RAM);
    assert_leads(m, GROUP, RAM + SZ_64K);
    machine_populate(m, RAM, 1, 1);
    assert_leads(m, GROUP, RAM + SZ_64K);
    machine_populate(m, RAM + SZ_64K, 1, 1);
    assert_null(check_peek(m));
    assert_leads(m, GROUP, RAM + SZ_64K);
    check_and_free(m);
}

/*
 * All tables have the changed MiB between their first IPA and their last, and the
 * first one uses it. Those whose views are not read are given up with it.
 */
/* Their views are not read, and so do not count for the most that may be. */
static void tables_of_other_memory_are_left_alone(void **state)
{
    struct machine *m =
        new_running(4096, (struct machine_options){ .tables = 128 });
    unsigned int i;

    (void)state;
    write_smalls(m, TABLE, 0, 1, RAM + 2 * SZ_1M);
    write_smalls(m, TABLE, 1, 1, RAM + 4 * SZ_1M);
    for ( i = 0; i < SHADOW_CHANGE_VIEWS + 9; i++ )
    {
        write_l1(m, DA + i * SZ_1M, WORD_TABLE(TABLE));
        assert_leads(m, DA + i * SZ_1M, RAM + 2 * SZ_1M);
    }
    write_l1(m, DA + i * SZ_1M, WORD_SECTION(RAM));
    assert_leads(m, DA + i * SZ_1M, RAM);
    machine_unmap(m, RAM, 1);
    assert_int_equal(counters(m)->drops, 1);
    check_and_free(m);
}

static void change_reads_so_many_views_at_most(void **state)
{
    struct machine *m =
        new_running(4096, (struct machine_options){ .tables = 128 });
    const unsigned int tables = SHADOW_CHANGE_VIEWS + 9;
    unsigned int i;

    (void)state;
    for ( i = 0; i < tables; i++ )
    {
        write_l1(m, DA + i * SZ_1M, WORD_TABLE(TABLE + i * PT_TABLE_BYTES));
        write_smalls(m, TABLE + i * PT_TABLE_BYTES, 0, 1, RAM);
        write_smalls(m, TABLE + i * PT_TABLE_BYTES, 1, 1, RAM + 2 * SZ_1M);
        if ( i == 0 )
            write_smalls(m, TABLE + i * PT_TABLE_BYTES, 2, 1, RAM + SZ_1M);
        assert_leads(m, DA + i * SZ_1M, RAM);
    }
    machine_unmap(m, RAM + SZ_1M, 1);
    assert_int_equal(counters(m)->drops, 9 + 1);
    assert_faults(m, DA + 2 * SZ_4K, IRQ_TRANSLATIONFAULT);
    give_up(m);
    for ( i = 0; i < tables; i++ )
        assert_leads(m, DA + i * SZ_1M + SZ_4K, RAM + 2 * SZ_1M);
    check_and_free(m);
}

/* What is left over for the tasklet. */
static void release_all_condemned(struct machine *m)
{
    machine_settle(m);
    assert_int_equal(m->mem.refs, 0);
}

static void change_of_all_memory_at_once(void **state)
{
    struct machine *m = new_default();

    (void)state;
    fill_many(m);
    vmmu_ipa_changed(&m->vmmu, _ipa(0), UINT64_MAX >> 12);
    assert_false(cached(m, DA));
    release_all_condemned(m);
    fill_many(m);
    machine_unmap(m, RAM, RAM_PAGES);
    release_all_condemned(m);
    assert_null(check_peek(m));
    check_and_free(m);
}

/* A view has no IPA of 33 bits; the filter none of its MiBs. */
static void change_above_4_gib_concerns_nothing(void **state)
{
    struct machine *m = new_default();
    struct shadow *before = malloc(sizeof(*before));

    (void)state;
    fill_many(m);
    memcpy(before, &m->vmmu.shadow, sizeof(*before));
    vmmu_ipa_changed(&m->vmmu, _ipa(MEM_4GIB + SZ_4K), 512 * PT_PAGES);
    assert_memory_equal(before, &m->vmmu.shadow, sizeof(*before));
    assert_true(cached(m, DA));
    free(before);
    check_and_free(m);
}

/* Release */

static void release_gives_back_all_in_steps(void **state)
{
    static const unsigned int budgets[] = { 1, 16, 300, 100000 };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 4; i++ )
    {
        struct machine *m = new_default();

        fill_many(m);
        write_l1(m, 0xffe00000, WORD_SECTION(RAM));
        write_l1(m, 0xfff00000, WORD_SECTION(RAM));
        assert_leads(m, 0xffe00000, RAM);
        assert_leads(m, 0xfff00000, RAM);
        machine_release(m, budgets[i]);
        assert_int_equal(m->mem.refs, 0);
        assert_right(m);
        machine_free(m);
    }
}

static void release_ends_all_translation_at_once(void **state)
{
    struct machine *m = new_default();

    (void)state;
    fill_many(m);
    assert_false(vmmu_release(&m->vmmu, 1));
    assert_false(cached(m, DA));
    assert_false(cached(m, GROUP));
    assert_true(m->mem.refs > 0);

    /* The domain's memory goes while its release is under way. */
    machine_unmap(m, RAM, RAM_PAGES);
    machine_release(m, 1);
    assert_right(m);
    machine_free(m);
}

static void work_of_a_release_step_is_bounded(void **state)
{
    struct machine *m = new_default();
    uint64_t put = 0, worst = 0;
    bool done;

    (void)state;
    fill_many(m);
    do
    {
        done = vmmu_release(&m->vmmu, 256);
        if ( m->count.pages_put - put > worst )
            worst = m->count.pages_put - put;
        put = m->count.pages_put;
    }
    while ( !done );
    assert_true(worst <= PT_GROUP * PT_PAGES + 256);
    machine_free(m);
}

/* A page that two slots map is held twice. */
static void each_leaf_holds_its_own_references(void **state)
{
    struct machine *m = new_default();

    (void)state;
    write_l1(m, DA, WORD_SECTION(RAM));
    write_l1(m, GROUP, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM);
    assert_leads(m, GROUP, RAM);
    assert_int_equal(memory_page(&m->mem, maddr_of(m, RAM))->refs, 2);
    write_l1(m, DA, 0);
    flush(m);
    write_l1(m, DA, WORD_SECTION(RAM + SZ_1M));
    assert_leads(m, DA, RAM + SZ_1M);
    assert_int_equal(memory_page(&m->mem, maddr_of(m, RAM))->refs, 1);
    check_and_free(m);
}

#define test(f) cmocka_unit_test(f)

static const struct CMUnitTest tests[] = {
    test(supersection_is_kept),
    test(section_is_kept),
    test(large_and_small_pages_are_kept),
    test(small_pages_that_are_contiguous_grow),
    test(small_pages_that_are_not_aligned_stay_small),
    test(full_table_becomes_a_section),
    test(sections_become_a_supersection),
    test(pages_break_where_machine_memory_does),
    test(contiguous_but_unaligned_memory_is_small_pages),
    test(short_answers_of_the_host_add_up),
    test(denied_pages_are_holes_not_errors),
    test(no_answer_is_a_denial),
    test(guest_page_at_0_is_translated),
    test(foreign_pages_are_denied),
    test(device_memory_needs_no_references),
    test(memory_and_devices_are_not_merged),
    test(memory_above_4_gib_is_refused),
    test(supersection_above_4_gib_is_refused),
    test(device_memory_above_4_gib_is_refused),
    test(memory_across_4_gib_ends_there),
    test(device_memory_above_4_gib_is_refused_too),
    test(memory_up_to_4_gib_is_a_section),
    test(denied_page_granted_later_is_reached),
    test(denied_pages_are_counted),
    test(unmapped_page_keeps_nothing),
    test(host_that_is_not_done_is_left_alone),
    test(host_that_is_not_done_is_asked_again),
    test(host_that_is_not_done_amid_a_chunk),
    test(host_that_is_not_done_gave_no_answer),
    test(host_that_is_not_done_with_the_first_stretch),
    test(unfinished_fill_is_not_shown),
    test(unfinished_fill_of_a_page_that_goes),
    test(refusal_is_not_remembered),
    test(denied_pages_are_counted_with_each_look),
    test(section_refused_whole_is_split),
    test(kept_slot_is_shown_without_asking_the_p2m),
    test(only_the_changed_chunk_is_translated_anew),
    test(changed_page_is_found_in_each_part),
    test(pages_that_become_a_section_are_compared),
    test(slot_changes_from_any_kind_to_any_other),
    test(page_mapped_after_a_fault_needs_no_flush),
    test(few_tables_serve_many_slots),
    test(tables_of_a_large_pool_are_kept_apart),
    test(pool_that_suffices_evicts_nothing),
    test(only_tables_evict_tables),
    test(supersection_takes_the_place_of_tables),
    test(parking_takes_constant_time),
    test(hiding_takes_constant_time),
    test(flush_entry_hides_the_whole_page_and_no_more),
    test(flush_entry_hides_a_page_broken_up),
    test(scan_of_a_full_tlb_is_a_promise_too),
    test(each_promise_is_kept),
    test(changed_page_leads_to_the_new_one),
    test(page_taken_away_is_out_of_reach_at_once),
    test(device_memory_taken_away_is_out_of_reach),
    test(hidden_slots_follow_the_p2m_too),
    test(only_what_the_change_concerns_is_dropped),
    test(change_elsewhere_costs_nothing),
    test(change_above_4_gib_concerns_nobody),
    test(change_elsewhere_overtakes_no_fill),
    test(slot_just_filled_is_not_evicted),
    test(each_of_two_changes_overtakes_a_fill),
    test(changes_above_4gib_overtake_nothing),
    test(change_of_any_slot_overtakes_a_supersection),
    test(kept_slot_is_found_after_a_change_during_its_fill),
    test(change_of_what_all_slots_map_is_bounded),
    test(condemned_slot_is_filled_anew),
    test(condemned_supersection_is_shown_by_none_of_its_slots),
    test(each_page_of_each_kind_is_found_by_its_ipa),
    test(second_change_in_the_same_mib_is_seen_too),
    test(change_of_all_memory_at_once),
    test(tables_of_other_memory_are_left_alone),
    test(change_reads_so_many_views_at_most),
    test(supersection_replaces_shown_slots_with_one_flush),
    test(change_above_4_gib_concerns_nothing),
    test(release_gives_back_all_in_steps),
    test(release_ends_all_translation_at_once),
    test(work_of_a_release_step_is_bounded),
    test(each_leaf_holds_its_own_references),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
