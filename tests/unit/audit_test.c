/* SPDX-License-Identifier: GPL-2.0-only */
/* The audit: breaks each invariant by hand, and expects its name. */
#include "unit.h"

#define TABLE_DA   0x12000000u /* a large page, a small one, and holes */
#define SECTION_DA 0x12100000u
#define NO_DA      0x12200000u /* nothing there; linked with its group */
#define SUPER_DA   0x20000000u

#define LARGE_PAGE 0
#define SMALL_PAGE 16
#define NO_PAGE    17

static struct machine *m;
static struct shadow *s;

/* One of each kind, all of them shown. */
static int setup(void **state)
{
    (void)state;
    m = new_default();
    s = &m->vmmu.shadow;
    write_l1(m, TABLE_DA, WORD_TABLE(TABLE));
    write_large(m, TABLE, LARGE_PAGE * SZ_4K, RAM);
    write_l2(m, TABLE, SMALL_PAGE * SZ_4K, WORD_SMALL(RAM + SZ_64K));
    write_l1(m, SECTION_DA, WORD_SECTION(RAM + SZ_1M));
    write_supersection(m, SUPER_DA, RAM + SZ_16M);
    assert_leads(m, TABLE_DA, RAM);
    assert_leads(m, SECTION_DA, RAM + SZ_1M);
    assert_leads(m, SUPER_DA, RAM + SZ_16M);
    assert_null(vmmu_audit(&m->vmmu));

    return 0;
}

static int teardown(void **state)
{
    (void)state;
    machine_free(m);

    return 0;
}

static void assert_named(const char *words)
{
    const char *bad = vmmu_audit(&m->vmmu);

    assert_non_null(bad);
    assert_string_equal(bad, words);
}

static unsigned int slot_of(uint32_t da)
{
    return da / SZ_1M;
}

static struct shadow_slot *slot_at(uint32_t da)
{
    return &s->slot[slot_of(da)];
}

static struct table *book(void)
{
    return &s->mem.pool[slot_at(TABLE_DA)->table].table;
}

static uint32_t *words(void)
{
    return s->mem.tables + slot_at(TABLE_DA)->table * PT_PAGES;
}

static void forget_ipa(uint32_t ipa)
{
    s->ipas.used[ipa / SZ_1M / 32] &= ~(1u << (ipa / SZ_1M % 32));
}

/* What is shown */

static void group_not_noted_as_linked(void **state)
{
    (void)state;
    memset(s->linked, 0, sizeof(s->linked));
    assert_named("a linked group is not noted as linked");
}

static void group_not_noted_as_alive(void **state)
{
    (void)state;
    memset(s->alive, 0, sizeof(s->alive));
    assert_named("a filled group is not noted as alive");
}

static void shown_word_of_another_page(void **state)
{
    (void)state;
    s->mem.root[slot_of(SECTION_DA)] ^= SZ_1M;
    assert_named("a shown word is not that of the slot's content");
}

static void shown_word_of_an_empty_slot(void **state)
{
    (void)state;
    s->mem.root[slot_of(NO_DA)] = WORD_SECTION(RAM);
    assert_named("a shown word is not that of the slot's content");
}

static void condemned_slot_that_nobody_releases(void **state)
{
    (void)state;
    slot_at(SECTION_DA)->condemned = true;
    assert_named("a condemned slot is forgotten");
}

static void condemned_slot_in_sight(void **state)
{
    (void)state;
    slot_at(SECTION_DA)->condemned = true;
    s->has_condemned = true;
    assert_named("a condemned slot is shown");
    s->mem.root[slot_of(SECTION_DA)] = PT_FAULT_WORD;
    assert_null(vmmu_audit(&m->vmmu));
}

/* Its pages may have left the p2m and the filter. */
static void condemned_table_is_not_held_to_its_view(void **state)
{
    (void)state;
    flush(m);
    slot_at(TABLE_DA)->condemned = true;
    s->has_condemned = true;
    forget_ipa(RAM);
    assert_null(vmmu_audit(&m->vmmu));
}

static void content_of_no_kind(void **state)
{
    (void)state;
    flush(m);
    slot_at(SECTION_DA)->kind = PT_SMALL + 1;
    assert_named("a slot holds what the format has no word for");
}

/* Leaves. Parked first, so that what is shown does not matter. */

static void leaf_off_its_boundary(void **state)
{
    (void)state;
    flush(m);
    slot_at(SECTION_DA)->ipa += SZ_4K;
    assert_named("a leaf is not aligned");
    slot_at(SECTION_DA)->ipa -= SZ_4K;
    slot_at(SECTION_DA)->maddr += SZ_4K;
    assert_named("a leaf is not aligned");
    slot_at(SECTION_DA)->maddr -= SZ_4K;
    slot_at(SUPER_DA)->ipa += SZ_1M;
    assert_named("a leaf is not aligned");
}

static void leaf_that_a_p2m_change_would_miss(void **state)
{
    (void)state;
    forget_ipa(RAM + SZ_1M);
    assert_named("a leaf's IPA is not noted as used");
}

static void supersection_that_a_p2m_change_would_miss(void **state)
{
    const uint32_t ipa = RAM + SZ_16M;
    unsigned int mib;

    (void)state;
    for ( mib = 0; mib < 16; mib++ )
    {
        forget_ipa(ipa + mib * SZ_1M);
        assert_named("a leaf's IPA is not noted as used");
        set_bit_in(s->ipas.used, ipa / SZ_1M + mib);
        assert_null(vmmu_audit(&m->vmmu));
    }
}

static void supersection_without_its_first_slot(void **state)
{
    (void)state;
    flush(m);
    slot_at(SUPER_DA)->kind = PT_SECTION;
    assert_named("the slots of a supersection disagree");
}

static void supersection_with_another_last_slot(void **state)
{
    (void)state;
    flush(m);
    slot_at(SUPER_DA + 15 * SZ_1M)->maddr += SZ_16M;
    assert_named("the slots of a supersection disagree");
}

static void supersection_counted_in_part(void **state)
{
    (void)state;
    flush(m);
    slot_at(SUPER_DA + SZ_1M)->held = false;
    assert_named("the slots of a supersection disagree");
}

static void supersection_dead_in_part(void **state)
{
    (void)state;
    flush(m);
    slot_at(SUPER_DA + SZ_1M)->condemned = true;
    s->has_condemned = true;
    assert_named("the slots of a supersection disagree");
}

static void supersection_of_two_guest_pages(void **state)
{
    (void)state;
    flush(m);
    slot_at(SUPER_DA + SZ_1M)->ipa = RAM;
    assert_named("the slots of a supersection disagree");
}

static void supersection_of_two_machine_pages(void **state)
{
    (void)state;
    flush(m);
    slot_at(SUPER_DA + SZ_1M)->maddr += SZ_16M;
    assert_named("the slots of a supersection disagree");
}

/* Tables */

static void table_out_of_the_pool(void **state)
{
    (void)state;
    flush(m);
    slot_at(TABLE_DA)->table = s->mem.nr_tables;
    assert_named("no such table");
}

static void table_of_another_slot(void **state)
{
    (void)state;
    s->mem.pool[slot_at(TABLE_DA)->table].slot++;
    assert_named("a table is in two slots");
}

static void reference_on_a_hole(void **state)
{
    (void)state;
    book()->held[NO_PAGE / 16] |= 1u << NO_PAGE % 16;
    assert_named("a reference without a page");
}

static void hole_that_is_not_asked_for(void **state)
{
    (void)state;
    words()[SMALL_PAGE] = PT_FAULT_WORD;
    book()->held[SMALL_PAGE / 16] &= ~(1u << SMALL_PAGE % 16);
    assert_named("a hole that nobody will ask for again");
}

static void free_table_that_holds_something(void **state)
{
    struct table *t = &s->mem.pool[s->free_table].table;

    (void)state;
    t->held[PT_PAGES / 16 - 1] = 1;
    assert_named("a free table holds something");
    t->held[PT_PAGES / 16 - 1] = 0;
    t->whole[0] = 2;
    assert_named("a free table holds something");
    t->whole[0] = 0;
    assert_null(vmmu_audit(&m->vmmu));
}

static void page_that_the_guest_does_not_map(void **state)
{
    (void)state;
    book()->view[SMALL_PAGE] = 0;
    assert_named("a page that the guest does not map");
}

static void page_beyond_what_a_p2m_change_looks_at(void **state)
{
    struct mibs mibs = book()->mibs;

    (void)state;
    book()->mibs.first = mibs.end;
    assert_named("a page's IPA is beyond the table's");
    book()->mibs = (struct mibs){ mibs.first, mibs.first };
    assert_named("a page's IPA is beyond the table's");
}

static void page_that_a_p2m_change_would_miss(void **state)
{
    (void)state;
    forget_ipa(RAM);
    assert_named("a page's IPA is not noted as used");
}

static void large_page_of_ipas_that_do_not_rise(void **state)
{
    (void)state;
    book()->view[LARGE_PAGE + 1] = book()->view[LARGE_PAGE];
    assert_named("the IPAs of a large page do not rise");
}

static void large_page_in_two_minds(void **state)
{
    (void)state;
    words()[LARGE_PAGE + 1] ^= SZ_64K;
    assert_named("the words of a large page disagree");
}

static void table_lost(void **state)
{
    (void)state;
    s->free_table = s->mem.pool[s->free_table].next_free;
    assert_named("a table is lost or double");
}

static void table_free_twice(void **state)
{
    (void)state;
    s->mem.pool[s->free_table].next_free = s->free_table;
    assert_named("a table is lost or double");
}

static void no_table_for_the_next_fill(void **state)
{
    (void)state;
    s->free_table = NO_TABLE;
    assert_named("no table is free for the next fill");
}

static const char *bad_in_a_fill;

static void audit_in_a_fill(struct machine *machine, enum machine_point point)
{
    (void)point;
    bad_in_a_fill = vmmu_audit(&machine->vmmu);
}

/* Its table is in no slot, and not free. */
static void fill_under_way(void **state)
{
    (void)state;
    write_l1(m, NO_DA, WORD_SECTION(RAM));
    bad_in_a_fill = "not audited";
    m->hook = audit_in_a_fill;
    assert_leads(m, NO_DA, RAM);
    assert_null(bad_in_a_fill);
}

/* The guest's side */

static void register_where_none_is(void **state)
{
    (void)state;
    m->vmmu.reg[0x20 / 4] = 1;
    assert_named("a register that does not exist has a value");
}

static void stall_of_no_known_fault(void **state)
{
    (void)state;
    m->vmmu.state = VMMU_STALLED;
    m->vmmu.stall = IRQ_ALL + 1;
    assert_named("a stall of no known fault");
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(group_not_noted_as_linked),
        test(group_not_noted_as_alive),
        test(shown_word_of_another_page),
        test(shown_word_of_an_empty_slot),
        test(condemned_slot_that_nobody_releases),
        test(condemned_slot_in_sight),
        test(condemned_table_is_not_held_to_its_view),
        test(content_of_no_kind),
        test(leaf_off_its_boundary),
        test(leaf_that_a_p2m_change_would_miss),
        test(supersection_that_a_p2m_change_would_miss),
        test(supersection_without_its_first_slot),
        test(supersection_with_another_last_slot),
        test(supersection_counted_in_part),
        test(supersection_dead_in_part),
        test(supersection_of_two_guest_pages),
        test(supersection_of_two_machine_pages),
        test(table_out_of_the_pool),
        test(table_of_another_slot),
        test(reference_on_a_hole),
        test(hole_that_is_not_asked_for),
        test(free_table_that_holds_something),
        test(page_that_the_guest_does_not_map),
        test(page_beyond_what_a_p2m_change_looks_at),
        test(page_that_a_p2m_change_would_miss),
        test(large_page_of_ipas_that_do_not_rise),
        test(large_page_in_two_minds),
        test(table_lost),
        test(table_free_twice),
        test(no_table_for_the_next_fill),
        test(fill_under_way),
        test(register_where_none_is),
        test(stall_of_no_known_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
