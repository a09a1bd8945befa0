/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a device address that the guest maps is not translated. */
#include "unit.h"

#define DA    0x12000000u
#define HIGH  0x60000000u /* RAM above 4 GiB */
#define OTHER 0x61000000u /* another domain's page */

static struct machine *new_denying(void)
{
    struct machine *m = new_default();

    machine_map(m, HIGH, MEM_4GIB, 16, P2M_RAM);
    machine_map(m, OTHER, memory_find(&m->mem, 1), 1, P2M_FOREIGN);
    write_l1(m, DA, WORD_TABLE(TABLE));
    m->count.logs = 0;
    m->vmmu.renewals = 0;

    return m;
}

static void renew(struct machine *m, unsigned int times)
{
    while ( times-- )
        vmmu_renew(&m->vmmu);
}

static void assert_denied(struct machine *m, uint32_t da, uint32_t ipa,
                          enum denial why)
{
    char words[200];

    assert_int_equal(m->vmmu.denied.why, why);
    assert_int_equal(m->vmmu.denied.da.v, da);
    assert_int_equal(m->vmmu.denied.ipa.v, ipa);
    assert_int_equal(m->count.logs, 1);
    snprintf(words, sizeof(words), "da %08x -> ipa %08x denied: %s\n", da, ipa,
             denial_text(why));
    assert_string_equal(m->said, words);
    m->count.logs = 0;
}

static void page_is_denied(uint32_t ipa, enum denial why)
{
    struct machine *m = new_denying();

    write_smalls(m, TABLE, 5, 1, ipa);
    flush(m);
    assert_faults(m, DA + 5 * SZ_4K + 8, IRQ_TRANSLATIONFAULT);
    assert_denied(m, DA + 5 * SZ_4K + 8, ipa, why);
    give_up(m);
    check_and_free(m);
}

static void page_that_is_not_in_the_memory_map(void **state)
{
    (void)state;
    page_is_denied(NOTHING, DENIED_UNMAPPED);
}

static void page_of_another_domain(void **state)
{
    (void)state;
    page_is_denied(OTHER, DENIED_NOT_OWN);
}

static void page_above_4_gib(void **state)
{
    (void)state;
    page_is_denied(HIGH, DENIED_TOO_HIGH);
    assert_non_null(strstr(denial_text(DENIED_TOO_HIGH), "give the domain"));
}

/* RAM up to 4 GiB, and on: found as one run. */
static void page_beyond_the_end_of_a_run(void **state)
{
    struct machine *m = new_denying();

    (void)state;
    machine_map(m, HIGH, MEM_4GIB - 4 * SZ_4K, 8, P2M_RAM);
    write_smalls(m, TABLE, 0, 8, HIGH);
    flush(m);
    assert_leads(m, DA + 3 * SZ_4K, HIGH + 3 * SZ_4K);
    assert_int_equal(m->count.logs, 0);
    assert_faults(m, DA + 6 * SZ_4K, IRQ_TRANSLATIONFAULT);
    assert_denied(m, DA + 6 * SZ_4K, HIGH + 6 * SZ_4K, DENIED_TOO_HIGH);
    give_up(m);
    check_and_free(m);
}

static void section_above_4_gib(void **state)
{
    struct machine *m = new_denying();

    (void)state;
    machine_map(m, HIGH, MEM_4GIB, 256, P2M_RAM);
    write_l1(m, DA, WORD_SECTION(HIGH));
    flush(m);
    assert_faults(m, DA + 0x4000, IRQ_TRANSLATIONFAULT);
    assert_denied(m, DA + 0x4000, HIGH + 0x4000, DENIED_TOO_HIGH);
    give_up(m);
    check_and_free(m);
}

static void page_that_is_being_freed(void **state)
{
    struct machine *m = new_denying();

    (void)state;
    write_smalls(m, TABLE, 0, 1, RAM);
    flush(m);
    m->fail_at[POINT_HOLD] = 1;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    assert_denied(m, DA, RAM, DENIED_GOING);
    give_up(m);
    check_and_free(m);
}

static void table_that_is_not_in_ram_of_the_guest(void **state)
{
    static const uint32_t tables[] = { NOTHING, OTHER, MMIO };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 3; i++ )
    {
        struct machine *m = new_denying();

        write_l1(m, DA, WORD_TABLE(tables[i]));
        flush(m);
        assert_faults(m, DA + 12, IRQ_TABLEWALKFAULT);
        assert_denied(m, DA + 12, tables[i], DENIED_TABLE);
        give_up(m);
        machine_reg_write(m, MMU_TTB, tables[i]);
        renew(m, VMMU_WARN_AGAIN);
        assert_faults(m, 0xfff00000, IRQ_TABLEWALKFAULT);
        assert_denied(m, 0xfff00000, tables[i] | 0x3fc0, DENIED_TABLE);
        give_up(m);
        check_and_free(m);
    }
}

/* With the guest's MMU off only the log shows it. */
static void silent_fault_is_explained(void **state)
{
    struct machine *m = new_denying();

    (void)state;
    machine_reg_write(m, MMU_CNTL, 0);
    assert_int_equal(machine_access(m, NOTHING + 4, true), MMU_STALL);
    assert_denied(m, NOTHING + 4, NOTHING, DENIED_UNMAPPED);
    machine_withdraw(m);
    check_and_free(m);
}

/* A fault of the guest's own MMU is not logged. */
static void fault_of_the_guest_is_not_explained(void **state)
{
    struct machine *m = new_denying();

    (void)state;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    assert_faults(m, 0, IRQ_TRANSLATIONFAULT);
    give_up(m);
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE);
    assert_faults(m, DA, IRQ_TLBMISS);
    assert_int_equal(m->count.logs, 0);
    assert_int_equal(m->vmmu.denied.why, DENIED_NOTHING);
    give_up(m);
    check_and_free(m);
}

/* The page of the access, not others of its slot; each reason by itself. */
static void only_the_page_accessed_is_told_of(void **state)
{
    struct machine *m = new_denying();

    (void)state;
    write_smalls(m, TABLE, 0, 1, RAM);
    write_smalls(m, TABLE, 1, 1, NOTHING);
    write_smalls(m, TABLE, 2, 1, OTHER);
    flush(m);
    assert_leads(m, DA, RAM);
    assert_int_equal(m->count.logs, 0);
    assert_faults(m, DA + SZ_4K, IRQ_TRANSLATIONFAULT);
    assert_denied(m, DA + SZ_4K, NOTHING, DENIED_UNMAPPED);
    give_up(m);
    assert_faults(m, DA + 2 * SZ_4K, IRQ_TRANSLATIONFAULT);
    assert_denied(m, DA + 2 * SZ_4K, OTHER, DENIED_NOT_OWN);
    give_up(m);
    check_and_free(m);
}

/* A reason that was logged recently: only the debug key shows more. */
static void reason_is_told_once_a_while(void **state)
{
    struct machine *m = new_denying();

    (void)state;
    write_smalls(m, TABLE, 0, 2, NOTHING);
    flush(m);
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    assert_denied(m, DA, NOTHING, DENIED_UNMAPPED);
    give_up(m);
    assert_faults(m, DA + SZ_4K, IRQ_TRANSLATIONFAULT);
    assert_int_equal(m->count.logs, 0);
    assert_int_equal(m->vmmu.denied.da.v, DA + SZ_4K);
    give_up(m);
    renew(m, VMMU_WARN_AGAIN - 1);
    assert_faults(m, DA + SZ_4K, IRQ_TRANSLATIONFAULT);
    assert_int_equal(m->count.logs, 0);
    give_up(m);
    renew(m, 1);
    assert_faults(m, DA + SZ_4K, IRQ_TRANSLATIONFAULT);
    assert_denied(m, DA + SZ_4K, NOTHING + SZ_4K, DENIED_UNMAPPED);
    give_up(m);
    check_and_free(m);
}

/* A message that the log dropped is tried again. */
static void reason_that_was_not_written_is_told_again(void **state)
{
    struct machine *m = new_denying();

    (void)state;
    write_smalls(m, TABLE, 0, 1, NOTHING);
    flush(m);
    m->silent = true;
    vmmu_read(&m->vmmu, 1, 4);
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    give_up(m);
    m->silent = false;
    assert_faults(m, DA, IRQ_TRANSLATIONFAULT);
    assert_denied(m, DA, NOTHING, DENIED_UNMAPPED);
    give_up(m);
    vmmu_read(&m->vmmu, 1, 4);
    vmmu_read(&m->vmmu, 1, 4);
    assert_int_equal(m->count.logs, 1);
    check_and_free(m);
}

/* What an operator reads; the other tests take the words as they are. */
static void reasons_have_their_words(void **state)
{
    static const struct {
        enum denial why;
        const char *words;
    } reasons[] = {
        { DENIED_UNMAPPED, "not in the domain's memory map" },
        { DENIED_NOT_OWN, "foreign" },
        { DENIED_MMIO, "MMIO" },
        { DENIED_TOO_HIGH, "at or above 4 GiB" },
        { DENIED_GOING, "being freed" },
        { DENIED_TABLE, "a table of the guest's" },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++ )
        assert_non_null(strstr(denial_text(reasons[i].why), reasons[i].words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_that_is_not_in_the_memory_map),
        cmocka_unit_test(page_of_another_domain),
        cmocka_unit_test(page_above_4_gib),
        cmocka_unit_test(page_beyond_the_end_of_a_run),
        cmocka_unit_test(section_above_4_gib),
        cmocka_unit_test(page_that_is_being_freed),
        cmocka_unit_test(table_that_is_not_in_ram_of_the_guest),
        cmocka_unit_test(silent_fault_is_explained),
        cmocka_unit_test(fault_of_the_guest_is_not_explained),
        cmocka_unit_test(only_the_page_accessed_is_told_of),
        cmocka_unit_test(reason_is_told_once_a_while),
        cmocka_unit_test(reason_that_was_not_written_is_told_again),
        cmocka_unit_test(reasons_have_their_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
