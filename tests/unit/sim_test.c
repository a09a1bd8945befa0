/* SPDX-License-Identifier: GPL-2.0-only */
/* Tests of the test tools: what the hostile host and the oracle must notice. */
#include "unit.h"

#define DA 0x12000000u

static struct machine *m;

static int setup(void **state)
{
    (void)state;
    m = new_default();
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM);

    return 0;
}

static int teardown(void **state)
{
    (void)state;
    machine_free(m);

    return 0;
}

static void assert_wrong(const char *what)
{
    const char *wrong = check_peek(m);

    assert_non_null(wrong);
    if ( !strstr(wrong, what) )
        fail_msg("\"%s\" does not speak of \"%s\"", wrong, what);
}

static void *word_of(uint32_t da)
{
    return &m->vmmu.shadow.mem.root[da >> 20];
}

static void lock_taken_twice(void **state)
{
    (void)state;
    m->host.ops->lock(&m->host);
    m->host.ops->lock(&m->host);
    assert_wrong("lock held");
}

static void lock_held_in_a_call_to_the_p2m(void **state)
{
    uint32_t view = view_word(_ipa(NOTHING));
    struct host_page page;

    (void)state;
    m->host.ops->lock(&m->host);
    m->host.ops->get_pages(&m->host, &view, 1, &page);
    assert_wrong("get_pages with the lock held");
}

/* The core cannot read the guest's tables, and takes them for unreadable. */
static void fault_where_the_guest_maps(void **state)
{
    (void)state;
    flush(m);
    m->fail_at[POINT_READ] = 1;
    assert_non_null(check_access(m, DA, false));
    assert_wrong("a fault, where the guest maps");
}

/* As many references as leaves ask for, but not on the right page. */
static void reference_on_the_wrong_page(void **state)
{
    const char *wrong;

    (void)state;
    m->reach_known = false;
    memory_put(&m->mem, maddr_of(m, RAM));
    memory_get(&m->mem, maddr_of(m, RAM + SZ_4K));
    wrong = machine_check(m);
    assert_non_null(wrong);
    assert_non_null(strstr(wrong, "mappings"));
}

static void put_without_get(void **state)
{
    (void)state;
    m->host.ops->put_pages(&m->host, _maddr(maddr_of(m, RAM + SZ_16M)), 1);
    assert_wrong("no reference");
}

static void put_before_flush(void **state)
{
    (void)state;
    m->host.ops->put_pages(&m->host, _maddr(maddr_of(m, RAM)), 1);
    assert_wrong("still reaches");
}

/* Unlinked and cleaned; but the TLB has it still. */
static void put_before_the_tlb_is_flushed(void **state)
{
    (void)state;
    memset(word_of(DA), 0, 4);
    m->host.ops->clean(&m->host, word_of(DA), 4);
    m->host.ops->put_pages(&m->host, _maddr(maddr_of(m, RAM)), 1);
    assert_wrong("still reaches");
}

static void reference_too_many(void **state)
{
    (void)state;
    memory_get(&m->mem, maddr_of(m, RAM));
    assert_wrong("references");
}

static void unclean_word_is_not_seen(void **state)
{
    uint32_t pa;

    (void)state;
    flush(m);
    assert_leads(m, DA, RAM);
    memset(word_of(DA), 0, 4);
    m->host.ops->reg_write(&m->host, MMU_GFLUSH, 1);
    assert_true(mmu_peek(&m->mmu, DA, &pa));
    m->host.ops->clean(&m->host, word_of(DA), 4);
    assert_false(mmu_peek(&m->mmu, DA, &pa));
}

static void clean_of_no_table(void **state)
{
    (void)state;
    m->host.ops->clean(&m->host, &m->said, 4);
    assert_wrong("no table");
}

static void hardware_switched_off(void **state)
{
    (void)state;
    m->host.ops->reg_write(&m->host, MMU_CNTL, CNTL_TWLENABLE);
    assert_wrong("CNTL");
}

static void hardware_reset(void **state)
{
    (void)state;
    m->host.ops->reg_write(&m->host, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    assert_wrong("reset");
}

static void hardware_on_the_guest_s_table(void **state)
{
    (void)state;
    m->host.ops->reg_write(&m->host, MMU_TTB, ROOT);
    assert_string_not_equal(m->violation, "");
}

static void freed_page_in_reach(void **state)
{
    uint64_t maddr = maddr_of(m, RAM);

    (void)state;
    memory_unmap(&m->mem, RAM);
    memory_drop(&m->mem, maddr);
    assert_wrong("would go");
}

/* Of a write that the mediator does not see. */
static void tell_oracle(unsigned int offset, uint32_t value)
{
    oracle_reg_writing(&m->oracle, offset, value);
    oracle_reg_written(&m->oracle, offset, value);
}

static void stale_translation_after_a_flush(void **state)
{
    (void)state;
    write_l1(m, DA, 0);
    assert_null(check_peek(m));
    tell_oracle(MMU_GFLUSH, 1);
    assert_wrong("would go");
}

static void stale_translation_after_a_flush_of_its_entry(void **state)
{
    (void)state;
    write_l1(m, DA, 0);
    tell_oracle(MMU_CAM, DA + SZ_1M);
    tell_oracle(MMU_FLUSH_ENTRY, 1);
    assert_null(check_peek(m));
    tell_oracle(MMU_CAM, DA + 0x45000);
    tell_oracle(MMU_FLUSH_ENTRY, 1);
    assert_wrong("would go");
}

static void translation_of_any_time_since_is_legal(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 5; i++ )
        write_l1(m, DA, WORD_SECTION(RAM + i * SZ_1M));
    for ( i = 0; i < 5; i++ )
        assert_true(oracle_legal(&m->oracle, DA, maddr_of(m, RAM + i * SZ_1M)));
    assert_false(oracle_legal(&m->oracle, DA, maddr_of(m, RAM + 5 * SZ_1M)));
    flush(m);
    assert_false(oracle_legal(&m->oracle, DA, maddr_of(m, RAM)));
    assert_true(oracle_legal(&m->oracle, DA, maddr_of(m, RAM + 4 * SZ_1M)));
}

static void register_read_that_is_not_what_was_written(void **state)
{
    (void)state;
    m->oracle.mmu.reg[MMU_CAM / 4] = 4;
    machine_reg_read(m, MMU_CAM);
    assert_wrong("register 0x58");
}

static void freed_pages_are_poisoned(void **state)
{
    uint64_t maddr = maddr_of(m, RAM + SZ_16M);

    (void)state;
    assert_int_equal(*memory_word(&m->mem, maddr), 0);
    machine_unmap(m, RAM + SZ_16M, 1);
    assert_int_equal(*memory_word(&m->mem, maddr), 0xd2d2d2d2);
    machine_map(m, RAM + SZ_16M, maddr, 1, P2M_RAM);
    assert_int_equal(*memory_word(&m->mem, maddr), 0);
}

/* What fails is as if the page were going away: no reference stays behind. */
static void references_that_fail(void **state)
{
    uint64_t refs = m->mem.refs;
    struct host_page page[16];
    uint32_t view[16];
    unsigned int i;

    (void)state;
    for ( i = 0; i < 16; i++ )
        view[i] = view_word(_ipa(RAM + i * SZ_4K));
    m->fail_at[POINT_HOLD] = 1;
    m->hold_pages = 3;
    assert_false(m->host.ops->get_block(&m->host, _ipa(RAM), 16, page));
    assert_int_equal(m->mem.refs, refs);

    m->fail_at[POINT_HOLD] = 1;
    assert_int_equal(m->host.ops->get_pages(&m->host, view, 16, page), 16);
    for ( i = 0; i < 16; i++ )
        assert_int_equal(host_kind(page[i]), i == 3 ? HOST_DENIED : HOST_RAM);
    assert_int_equal(host_why(page[3]), DENIED_GOING);
    assert_int_equal(m->mem.refs, refs + 15);

    m->fail_at[POINT_HOLD] = 1;
    m->hold_pages = 0;
    assert_int_equal(m->host.ops->get_pages(&m->host, view, 1, page), 1);
    assert_int_equal(host_kind(page[0]), HOST_DENIED);
    assert_int_equal(m->mem.refs, refs + 15);
    assert_int_equal(m->count.failures, 3);
}

static void failures_that_last(void **state)
{
    uint32_t word = 0;
    unsigned int i;

    (void)state;
    m->failures_last = true;
    m->fail_at[POINT_READ] = 3;
    for ( i = 1; i < 6; i++ )
        assert_int_equal(
            m->host.ops->read_guest(&m->host, _ipa(ROOT), &word, sizeof(word)),
            i < 3);
    assert_int_equal(word, 0xd2d2d2d2);
    assert_int_equal(m->count.failures, 3);
}

/* The guest's map stays; what was the last domain's in the machine does not. */
static void assigned_again(void **state)
{
    (void)state;
    machine_reg_write(m, MMU_CAM, 0x12345000);
    machine_release(m, PT_SLOTS);
    machine_assign(m);
    assert_int_equal(machine_reg_read(m, MMU_CAM), 0);
    assert_null(check_peek(m));
    mmu_on(m);
    assert_leads(m, DA, RAM);
    assert_null(check_peek(m));
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(lock_taken_twice),
        test(lock_held_in_a_call_to_the_p2m),
        test(put_without_get),
        test(fault_where_the_guest_maps),
        test(reference_on_the_wrong_page),
        test(put_before_flush),
        test(put_before_the_tlb_is_flushed),
        test(reference_too_many),
        test(unclean_word_is_not_seen),
        test(clean_of_no_table),
        test(hardware_switched_off),
        test(hardware_reset),
        test(hardware_on_the_guest_s_table),
        test(freed_page_in_reach),
        test(stale_translation_after_a_flush),
        test(stale_translation_after_a_flush_of_its_entry),
        test(translation_of_any_time_since_is_legal),
        test(register_read_that_is_not_what_was_written),
        test(freed_pages_are_poisoned),
        test(references_that_fail),
        test(failures_that_last),
        test(assigned_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
