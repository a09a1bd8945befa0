/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The debug keys: what they print, concurrently with everything else. The port as it is, on
 * the fake of Xen.
 */
#include "key.h"

/* What tests on real Xen, and people, read. */
static void lines_have_their_format(void **state)
{
    (void)state;
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    write_reg(A, 0, MMU_TTB, 0x80004000);
    press();
    assert_true(said("omap-mmu: /ocp/mmu@55082000: d1\n"));
    assert_true(said("  running, parked on the empty table\n"));
    assert_true(said("      REVISION: 00000020  reads 0, writes 0\n"));
    assert_true(said("           TTB: 80004000  reads 0, writes 1\n"));
    assert_true(said("  da 80000000 -> ipa 80000000 -> maddr 90000000, size "
                     "0x1000000, pages of 0x1000000, hidden\n"));
    assert_true(said("  ranges: 1\n"));
    assert_true(said("  shadow: fills=1 kept=0 retries=0 drops=0 evictions=0 "
                     "parks=1 denied=0\n"));
    assert_true(said("  faults: raised=0 denied=0 silent=0\n"));
    assert_true(said("  audit: ok\n"));
    assert_false(said("last denied"));
    assert_true(said("omap-mmu: /ocp/mmu@4a066000: in quarantine\n"));
    take_back(A, 0);
}

static void states_have_names(void **state)
{
    (void)state;
    assert_int_equal(fake_assign(A, &master[0]), 0);
    press();
    assert_true(said("  waiting for its guest to set it up, "));
    fake.hw[0].allowed = A;
    write_reg(A, 0, MMU_CNTL, CNTL_MMUENABLE);
    assert_false(reaches(0, MEMORY));
    press();
    assert_true(said("  stalled by a fault of the guest's, "));
    take_back(A, 0);

    give(A, 1);
    assert_false(reaches(1, 0x10000000));
    press();
    assert_true(said("  stalled without a fault of the guest's, "));
    take_back(A, 1);
    press();
    assert_int_equal(count(": in quarantine\n"), MMUS);
}

static void unusable_mmu_says_why(void **state)
{
    (void)state;
    mmu[1].base = mmu[0].base;
    fake_probe(&mmu[0]);
    fake_probe(&mmu[1]);
    press();
    assert_true(said("/ocp/mmu@4a066000: in quarantine, cannot be used: its "
                     "registers lie in the same page"));
}

static void mmu_that_is_not_in_quarantine_is_said(void **state)
{
    (void)state;
    fake.hw[1].silent = true;
    fake_probe(&mmu[1]);
    press();
    assert_true(
        said("/ocp/mmu@4a066000: NOT IN QUARANTINE, cannot be used: its "
             "registers do not answer"));
}

static void one_domains_key_shows_its_mmus(void **state)
{
    (void)state;
    give(A, 0);
    give(B, 1);
    forget_said();
    fake.ops->dump_page_tables(A);
    assert_true(said("d1\n"));
    assert_false(said("4a066000"));
    take_back(B, 1);
    forget_said();
    fake.ops->dump_page_tables(B);
    assert_string_equal(fake.log, "");
    take_back(A, 0);
}

/* A guest cannot make it long, and no range is lost. */
static void ranges_are_counted(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 512; i++ )
        fake_ram((MEMORY >> PAGE_SHIFT) + i, 0, MEMORY_MFN + 2 * i);
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    press();
    assert_int_equal(count("  da "), 64);
    assert_true(said("  ... more than 64 ranges\n  ranges: 64\n"));
    take_back(A, 0);

    for ( i = 0; i < 64; i++ )
        fake_ram_in(B, (MEMORY >> PAGE_SHIFT) + i, 0, OTHER_MFN + 2 * i);
    for ( ; i < 512; i++ )
        fake_map_in(B, (MEMORY >> PAGE_SHIFT) + i, 0, 0, p2m_invalid,
                    p2m_access_n);
    fake_reset_processor(&fake.hw[0]);
    give(B, 0);
    assert_true(reaches(0, MEMORY));
    press();
    assert_int_equal(count("  da "), 64);
    assert_false(said("more than"));
    take_back(B, 0);
}

/* Ranges that rise together, but are not of one kind. */
static void unlike_pages_are_apart(void **state)
{
    (void)state;
    fake_ram(0x10000, 0, MEMORY_MFN + 0x4000);
    fake_map(0x10001, 0, MEMORY_MFN + 0x4001, p2m_mmio_direct_dev,
             p2m_access_rwx);
    A->iomem_last = MEMORY_MFN + 0x4001;
    give(A, 0);
    assert_true(reaches(0, 0x10000000));
    press();
    assert_true(said("  da 10000000 -> ipa 10000000 -> maddr 94000000, size "
                     "0x1000, pages of 0x1000\n"));
    assert_true(said("  da 10001000 -> ipa 10001000 -> maddr 94001000, size "
                     "0x1000, pages of 0x1000, mmio\n"));
    take_back(A, 0);
}

static void hidden_ranges_are_apart(void **state)
{
    (void)state;
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    assert_true(reaches(0, MEMORY + 0x1000000));
    press();
    assert_true(said("maddr 90000000, size 0x2000000, pages of 0x1000000\n"));
    write_reg(A, 0, MMU_CAM, MEMORY);
    write_reg(A, 0, MMU_FLUSH_ENTRY, 1);
    press();
    assert_true(said("maddr 90000000, size 0x1000000, pages of 0x1000000, "
                     "hidden\n"));
    assert_true(said("maddr 91000000, size 0x1000000, pages of 0x1000000\n"));
    take_back(A, 0);
}

/* All that a device can address, by one line. No MMU's registers may be in it. */
static void range_of_4gib_is_told(void **state)
{
    unsigned long i;

    (void)state;
    for ( i = 0; i < MMUS; i++ )
    {
        fake.hw[i].base = mmu[i].base = bases[i] + (1ull << 32);
        assert_int_equal(fake_probe(&mmu[i]), 0);
    }
    A->iomem_last = 0xfffff;
    for ( i = 0; i < 0x100000; i += 512 )
        fake_map(i, 9, i, p2m_mmio_direct_dev, p2m_access_rwx);
    assert_int_equal(fake_assign(A, &master[0]), 0);
    fake_trap_write(A, mmu[0].base + MMU_CNTL, 0);
    fake.hw[0].open = true;
    for ( i = 0; i < 4096; i++ )
    {
        assert_true(reaches(0, i << 20));
        fake_run_until(fake.now + MILLISECS(10));
    }
    press();
    assert_true(said("  da 00000000 -> ipa 00000000 -> maddr 00000000, size "
                     "0x100000000, pages of 0x1000000, mmio\n"));
    take_back(A, 0);
}

/* Why an address leads nowhere */

static void assert_denied(unsigned int n, uint32_t da, const char *words)
{
    char line[256];

    assert_false(reaches(n, da));
    press();
    snprintf(line, sizeof(line), "  last denied: da %08x -> ipa %08x: %s", da,
             da, words);
    assert_true(said(line));
    fake_reset_processor(&fake.hw[n]);
    write_reg(A, n, MMU_CNTL, 0);
    fake_run();
}

static void denied_addresses_say_why(void **state)
{
    unsigned long gfn = MEMORY >> PAGE_SHIFT;

    (void)state;
    fake_map(0x10000, 0, MEMORY_MFN, p2m_ram_ro, p2m_access_rwx);
    fake_map(0x10001, 0, MEMORY_MFN, p2m_grant_map_rw, p2m_access_rwx);
    fake_map(0x10002, 0, 0x48000, p2m_mmio_direct_dev, p2m_access_rwx);
    fake_ram(0x10003, 0, 0x100000);
    fake_ram(0x10004, 0, OTHER_MFN - 1);
    mfn_to_page(_mfn(OTHER_MFN - 1))->going_away = true;
    A->iomem_last = 0x47fff;
    give(A, 1);
    assert_denied(1, 0x10000000, denial_text(DENIED_NOT_OWN));
    assert_denied(1, 0x10001000, denial_text(DENIED_NOT_OWN));
    assert_denied(1, 0x10002000, denial_text(DENIED_MMIO));
    assert_denied(1, 0x10003000, denial_text(DENIED_TOO_HIGH));
    assert_denied(1, 0x10004000, denial_text(DENIED_GOING));
    assert_denied(1, 0x10005000, denial_text(DENIED_UNMAPPED));

    /* What the guest did not map is not reported. */
    assert_true(reaches(1, (uint32_t)(gfn << PAGE_SHIFT)));
    press();
    assert_true(said("last denied: da 10005000"));
    take_back(A, 1);
}

static void table_that_cannot_be_read_says_why(void **state)
{
    (void)state;
    give(A, 1);
    write_reg(A, 1, MMU_TTB, 0x10000000);
    write_reg(A, 1, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    assert_false(reaches(1, MEMORY));
    press();
    assert_true(said("  last denied: da 80000000 -> ipa 10002000: "));
    assert_true(said(denial_text(DENIED_TABLE)));
    take_back(A, 1);
}

/* Beside all else */

static void release_first(spinlock_t *lock)
{
    if ( lock != &omap_mmu_find(&mmu[0])->lock )
        return;
    take_back(A, 0);
}

/* What is read without the lock is of a domain that may be gone. */
static void mmu_that_leaves_before_the_look(void **state)
{
    (void)state;
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    fake.on_lock = release_first;
    press();
    assert_null(fake.on_lock);
    assert_int_equal(count(": in quarantine\n"), MMUS);
    fake_assert_left(&before);
}

static void assert_incomplete(void)
{
    assert_true(said("omap-mmu: /ocp/mmu@55082000: d1\n"));
    assert_true(said("  the MMU was released meanwhile: ranges and audit are "
                     "incomplete\n"));
    assert_true(said("  audit: incomplete\n"));
}

static void mmu_that_leaves_after_the_look(void **state)
{
    (void)state;
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    fake.on_unlock = release_first;
    press();
    assert_null(fake.on_unlock);
    assert_incomplete();
    fake_assert_left(&before);
}

static void one_domains_mmu_that_leaves_meanwhile(void **state)
{
    (void)state;
    give(A, 0);
    fake.on_lock = release_first;
    fake.ops->dump_page_tables(A);
    assert_null(fake.on_lock);
    fake_assert_left(&before);
    A->is_dying = false;

    give(A, 0);
    fake.on_unlock = release_first;
    fake.ops->dump_page_tables(A);
    assert_null(fake.on_unlock);
    fake_assert_left(&before);
}

static unsigned int pressed;

static void press_o_meanwhile(void)
{
    if ( omap_mmu_find(&mmu[0])->d != A )
        return;
    pressed++;
    forget_said();
    fake.ops->dump_page_tables(A);
    assert_string_equal(fake.log, "");
}

/* The domain's already, but not whole. */
static void mmu_that_comes_meanwhile(void **state)
{
    (void)state;
    pressed = 0;
    fake.on_register = press_o_meanwhile;
    assert_int_equal(fake_assign(A, &master[0]), 0);
    fake.on_register = NULL;
    assert_true(pressed > 0);
    assert_int_equal(fake_release(A, &master[0]), 0);
    fake_assert_left(&before);
}

static void press_in_a_fill(void)
{
    if ( !omap_mmu_find(&mmu[0])->vmmu->shadow.fill.under_way )
        return;
    pressed++;
    press();
    assert_true(
        said("  serving a fault, parked on the empty table, filling\n"));
    assert_true(said("  audit: ok\n"));
}

static void fill_under_way_is_no_mistake(void **state)
{
    (void)state;
    pressed = 0;
    give(A, 0);
    fake_invalidate_all();
    fake.interfere = press_in_a_fill;
    assert_true(reaches(0, MEMORY));
    fake.interfere = NULL;
    assert_true(pressed > 0);
    take_back(A, 0);
}

static void what_the_audit_finds_is_told(void **state)
{
    struct omap_mmu *m = omap_mmu_find(&mmu[0]);
    uint16_t free_table;

    (void)state;
    give(A, 0);
    m->vmmu->reg[1] = 1;
    press();
    assert_true(said("  audit: a register that does not exist has a value\n"));
    m->vmmu->reg[1] = 0;

    free_table = m->vmmu->shadow.free_table;
    m->vmmu->shadow.free_table = UINT16_MAX;
    press();
    assert_true(said("  audit: no table is free for the next fill\n"));
    m->vmmu->shadow.free_table = free_table;

    /* Not forgotten for the groups that follow. */
    m->vmmu->shadow.mem.root[PT_GROUP] = 2;
    press();
    assert_true(said("  audit: a linked group is not noted as linked\n"));
    m->vmmu->shadow.mem.root[PT_GROUP] = PT_FAULT_WORD;
    take_back(A, 0);
}

/* A trap may wait for the lock: it is released after each group. */
static void locks_are_held_for_a_group(void **state)
{
    unsigned int i, taken[MMUS];

    (void)state;
    give(A, 0);
    for ( i = 0; i < MMUS; i++ )
        taken[i] = omap_mmu_find(&mmu[i])->lock.taken;
    press();
    assert_int_equal(omap_mmu_find(&mmu[0])->lock.taken,
                     taken[0] + 1 + SHADOW_GROUPS);
    assert_int_equal(omap_mmu_find(&mmu[1])->lock.taken, taken[1] + 1);
    take_back(A, 0);
}

/*
 * Softirqs that wait on this CPU run after each group, and after each line that is one of
 * many: the console is slow.
 */
static void softirqs_need_not_wait(void **state)
{
    unsigned int i, points;

    (void)state;
    for ( i = 0; i < 512; i++ )
        fake_ram((MEMORY >> PAGE_SHIFT) + i, 0, MEMORY_MFN + 2 * i);
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    points = fake.points;
    press();
    assert_int_equal(count("  da "), 64);
    assert_true(count("  reads ") > 16);
    assert_int_equal(fake.points - points,
                     SHADOW_GROUPS + count("  da ") + count("  reads "));
    take_back(A, 0);
}

static unsigned int groups_seen;

static void next_owner_comes(void)
{
    if ( ++groups_seen != (MEMORY >> PT_SLOT_SHIFT) / PT_GROUP )
        return;
    take_back(A, 0);
    give(B, 0);
    assert_true(reaches(0, MEMORY));
}

/* Another domain that has the number of the last one. */
static void namesake_comes(void)
{
    if ( ++groups_seen != (MEMORY >> PT_SLOT_SHIFT) / PT_GROUP )
        return;
    take_back(A, 0);
    A->is_dying = false;
    give(A, 0);
    assert_true(reaches(0, MEMORY));
}

static void mmu_leaves(void)
{
    if ( ++groups_seen == 200 )
        take_back(A, 0);
}

static void press_while(void (*others)(void))
{
    groups_seen = 0;
    fake.on_softirqs = others;
    press();
    fake.on_softirqs = NULL;
}

/* Nothing is read of what is gone. */
static void mmu_that_leaves_between_groups(void **state)
{
    (void)state;
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    press_while(mmu_leaves);
    assert_true(said("  da 80000000 -> ipa 80000000 -> maddr 90000000"));
    assert_incomplete();
    fake_assert_left(&before);
}

/* Nothing of the next owner's is shown as the last one's. */
static void mmu_that_goes_on_between_groups(void **state)
{
    (void)state;
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    press_while(next_owner_comes);
    assert_false(said("  da "));
    assert_incomplete();
    take_back(B, 0);

    A->is_dying = false;
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    press_while(namesake_comes);
    assert_false(said("  da "));
    assert_incomplete();
    take_back(A, 0);
    fake_assert_left(&before);
}

/* What was found before is still wrong. */
static void mistake_of_an_mmu_that_leaves_is_told(void **state)
{
    (void)state;
    give(A, 0);
    omap_mmu_find(&mmu[0])->vmmu->reg[1] = 1;
    press_while(mmu_leaves);
    assert_true(said("  the MMU was released meanwhile"));
    assert_true(said("  audit: a register that does not exist has a value\n"));
    fake_assert_left(&before);
}

static void no_memory_no_dump(void **state)
{
    (void)state;
    fake.no_memory = true;
    press();
    assert_string_equal(fake.log, "omap-mmu: no memory for a dump\n");
    fake.no_memory = false;
    fake_assert_left(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_have_their_format),
        TEST(states_have_names),
        TEST_UNPROBED(unusable_mmu_says_why),
        TEST_UNPROBED(mmu_that_is_not_in_quarantine_is_said),
        TEST(one_domains_key_shows_its_mmus),
        TEST(ranges_are_counted),
        TEST(unlike_pages_are_apart),
        TEST(hidden_ranges_are_apart),
        TEST_UNPROBED(range_of_4gib_is_told),
        TEST(denied_addresses_say_why),
        TEST(table_that_cannot_be_read_says_why),
        TEST(mmu_that_leaves_before_the_look),
        TEST(mmu_that_leaves_after_the_look),
        TEST(one_domains_mmu_that_leaves_meanwhile),
        TEST(mmu_that_comes_meanwhile),
        TEST(fill_under_way_is_no_mistake),
        TEST(what_the_audit_finds_is_told),
        TEST(locks_are_held_for_a_group),
        TEST(softirqs_need_not_wait),
        TEST(mmu_that_leaves_between_groups),
        TEST(mmu_that_goes_on_between_groups),
        TEST(mistake_of_an_mmu_that_leaves_is_told),
        TEST(no_memory_no_dump),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
