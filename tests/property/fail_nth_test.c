/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every call of the host that can fail, failing at its n-th time, once or from then on, for
 * each n until the scenario ends without the failure.
 *
 * Meanwhile the device may see a fault, or wait for the guest; it reaches nothing else.
 * Afterwards no reference or requester is lost, and later acts work as if nothing had
 * failed.
 */
#include "../unit/unit.h"

#define DA    0x12000000u
#define GROUP (DA + SZ_16M) /* another group */

/* What fails, and how. */
static const struct failure {
    const char *name;
    enum machine_point point;
    bool lasts;              /* ... and so do all calls after it */
    unsigned int hold_pages; /* POINT_HOLD: so many references, but not all */
    uint32_t fault;          /* what the guest sees of it, if anything */
} failures[] = {
    { "a read", POINT_READ, false, 0, IRQ_TABLEWALKFAULT },
    { "each read", POINT_READ, true, 0, IRQ_TABLEWALKFAULT },
    { "a look-up", POINT_PAGES, false, 0, IRQ_TRANSLATIONFAULT },
    { "each look-up", POINT_PAGES, true, 0, IRQ_TRANSLATIONFAULT },
    { "all of a stretch's references", POINT_HOLD, false, 0,
      IRQ_TRANSLATIONFAULT },
    { "a stretch's references but one", POINT_HOLD, false, 1,
      IRQ_TRANSLATIONFAULT },
    { "a stretch's last reference", POINT_HOLD, false, ~0u,
      IRQ_TRANSLATIONFAULT },
    { "each stretch's references", POINT_HOLD, true, 0, IRQ_TRANSLATIONFAULT },
    { "each stretch's last reference", POINT_HOLD, true, ~0u,
      IRQ_TRANSLATIONFAULT },
    { "a look-up that is not done", POINT_BUSY, false, 0, 0 },
};

static const struct failure *failing;

#define NR_KINDS (sizeof(failures) / sizeof(failures[0]))

struct scenario {
    const char *name;
    void (*prepare)(struct machine *m); /* nothing fails yet */
    void (*act)(struct machine *m);
    unsigned int grain; /* machine memory is in pieces of so many pages */
    struct machine_options options;
    uint32_t da, other; /* to be looked at afterwards; 0: DA, GROUP */
    unsigned int never; /* points that it does not pass, 1 << each */
};

/* What the device and the guest do while calls fail */

/* A fault that stalls is one that the guest sees, if its MMU is on. */
static void assert_not_stuck(struct machine *m)
{
    assert_int_not_equal(m->vmmu.state, VMMU_SERVING);
    assert_false(m->vmmu.shadow.fill.under_way);
    if ( !m->request.open )
        return;

    assert_int_equal(m->vmmu.state, VMMU_STALLED);
    if ( machine_reg_read(m, MMU_CNTL) & CNTL_MMUENABLE )
        assert_true(m->irq);
}

/*
 * An access to what the guest maps. It may fail once: the guest acknowledges, and the
 * device, or its stalled request, retries. If everything fails from then on, the device
 * gives up. A host that is not done causes no failure.
 */
static void reach(struct machine *m, uint32_t da)
{
    enum mmu_result result = machine_access(m, da, false);

    assert_not_stuck(m);
    if ( result == MMU_OK )
        return;

    assert_int_not_equal(failing->point, POINT_BUSY);
    assert_int_equal(result == MMU_BUS_ERROR, machine_reg_read(m, MMU_GP_REG));
    if ( machine_reg_read(m, MMU_CNTL) & CNTL_MMUENABLE )
        assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), failing->fault);
    machine_reg_write(m, MMU_IRQSTATUS, IRQ_ALL);
    result =
        result == MMU_STALL ? machine_settle(m) : machine_access(m, da, false);
    assert_not_stuck(m);
    if ( !m->failures_last )
        assert_int_equal(result, MMU_OK);
    give_up(m);
}

/* An access to what the guest does not map. */
static void miss(struct machine *m, uint32_t da)
{
    assert_int_not_equal(machine_access(m, da, false), MMU_OK);
    assert_not_stuck(m);
    give_up(m);
}

/* The guest's tables: slot n of its DAs has the n-th second level. */
static void pages(struct machine *m, unsigned int slot, unsigned int count,
                  uint32_t ipa)
{
    uint32_t table = TABLE + slot * PT_TABLE_BYTES;

    write_l1(m, DA + slot * SZ_1M, WORD_TABLE(table));
    write_smalls(m, table, 0, count, ipa);
}

/* Scenarios */

static void reach_da(struct machine *m)
{
    reach(m, DA);
}

static void one_page(struct machine *m)
{
    pages(m, 0, 1, RAM);
}

static void large_page(struct machine *m)
{
    write_l1(m, DA, WORD_TABLE(TABLE));
    write_large(m, TABLE, DA, RAM);
}

static void section(struct machine *m)
{
    write_l1(m, DA, WORD_SECTION(RAM));
}

static void super(struct machine *m)
{
    write_supersection(m, DA, RAM);
}

static void reach_group(struct machine *m)
{
    reach(m, DA);
    reach(m, DA + 15 * SZ_1M);
}

static void all_pages(struct machine *m)
{
    pages(m, 0, 256, RAM);
}

/* Known and hidden, but for one word that changed. */
static void one_word_changed(struct machine *m)
{
    all_pages(m);
    assert_leads(m, DA, RAM);
    write_l2(m, TABLE, DA + 0x45000, WORD_SMALL(RAM + SZ_1M));
    flush(m);
}

static void reach_changed_word(struct machine *m)
{
    reach(m, DA + 0x45000);
    reach(m, DA);
}

static void known_section(struct machine *m)
{
    section(m);
    assert_leads(m, DA, RAM);
}

static void remap_section(struct machine *m)
{
    write_l1(m, DA, WORD_SECTION(RAM + SZ_1M));
    flush(m);
    reach(m, DA);
}

static void remap_to_pages(struct machine *m)
{
    pages(m, 0, 20, RAM + SZ_1M + SZ_4K);
    flush_da(m, DA);
    reach(m, DA);
}

static void known_pages(struct machine *m)
{
    unsigned int slot;

    for ( slot = 0; slot < 16; slot++ )
    {
        pages(m, slot, 3, RAM + slot * SZ_1M);
        assert_leads(m, DA + slot * SZ_1M, RAM + slot * SZ_1M);
    }
}

static void remap_to_section(struct machine *m)
{
    write_l1(m, DA, WORD_SECTION(RAM + SZ_1M));
    flush_da(m, DA);
    reach(m, DA);
}

static void remap_to_supersection(struct machine *m)
{
    write_supersection(m, DA, RAM + SZ_16M);
    flush(m);
    reach_group(m);
}

static void known_supersection(struct machine *m)
{
    super(m);
    assert_leads(m, DA, RAM);
}

/* The guest's own entries, the second of them over its tables. */
static void load_entries(struct machine *m)
{
    section(m);
    load_tlb(m, 0, GROUP | CAM_V | CAM_SIZE_1M, RAM + SZ_1M);
    load_tlb(m, 1, (DA + SZ_64K) | CAM_V | CAM_SIZE_64K, RAM + SZ_16M);
}

static void reach_entries(struct machine *m)
{
    reach(m, GROUP);
    reach(m, DA + SZ_64K);
    load_tlb(m, 0, 0, 0);
    load_tlb(m, 0, GROUP | CAM_V | CAM_SIZE_4K | CAM_P, RAM);
    reach(m, GROUP);
}

static void switch_off(struct machine *m)
{
    machine_reg_write(m, MMU_CNTL, 0);
}

static void reach_identity(struct machine *m)
{
    reach(m, RAM + 0x5000);
    reach(m, RAM + SZ_16M);
}

static void three_tables(struct machine *m)
{
    unsigned int slot;

    for ( slot = 0; slot < 3; slot++ )
        pages(m, slot, 4, RAM + slot * SZ_1M);
}

static void reach_in_turn(struct machine *m)
{
    unsigned int i;

    for ( i = 0; i < 6; i++ )
        reach(m, DA + i % 3 * SZ_1M);
}

/* What is known and hidden is compared with what the guest maps: by reads only. */
static void known_of_each_kind(struct machine *m)
{
    known_supersection(m);
    write_l1(m, GROUP, WORD_SECTION(RAM));
    assert_leads(m, GROUP, RAM);
    write_l1(m, GROUP + SZ_1M, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 20, RAM + SZ_16M + SZ_4K);
    assert_leads(m, GROUP + SZ_1M, RAM + SZ_16M + SZ_4K);
    flush(m);
}

static void reach_each_kind(struct machine *m)
{
    reach(m, DA);
    reach(m, GROUP);
    reach(m, GROUP + SZ_1M);
}

/* In the middle of a fill */

static void move_page(struct machine *m, enum machine_point point)
{
    if ( point == POINT_PAGES_DONE )
        machine_populate(m, RAM + 0x5000, 1, 1);
    else
        m->hook = move_page;
}

static void reach_while_memory_moves(struct machine *m)
{
    m->hook = move_page;
    reach(m, DA);
}

/* The guest's words, once read, are old. */
static void remap_word(struct machine *m, enum machine_point point)
{
    if ( point != POINT_READ_DONE )
    {
        m->hook = remap_word;
        return;
    }
    write_l1(m, DA, WORD_SECTION(RAM + SZ_1M));
    flush(m);
}

static void reach_while_guest_remaps(struct machine *m)
{
    m->hook = remap_word;
    reach(m, DA);
}

/* A page that the guest maps before it has it. */
static void section_with_a_hole(struct machine *m)
{
    machine_unmap(m, RAM + 0x5000, 1);
    section(m);
    assert_leads(m, DA, RAM);
}

static void fill_the_hole(struct machine *m)
{
    machine_populate(m, RAM + 0x5000, 1, 1);
    reach(m, DA + 0x5000);
    reach(m, DA);
}

/* More than one change and one release of condemned slots give back. */
static void many_users_of_one_page(struct machine *m)
{
    unsigned int slot;

    for ( slot = 0; slot < 150; slot++ )
    {
        write_l1(m, slot * SZ_1M, WORD_SECTION(RAM));
        assert_int_equal(machine_access(m, slot * SZ_1M, false), MMU_OK);
    }
}

static void reach_condemned_slots(struct machine *m)
{
    machine_populate(m, RAM, 1, 1);
    assert_true(m->vmmu.shadow.has_condemned);
    m->deferred = false;
    reach(m, 149 * SZ_1M);
    reach(m, 148 * SZ_1M);
    reach(m, 0);
}

static void ask_for_bus_errors(struct machine *m)
{
    section(m);
    machine_reg_write(m, MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
}

/* A guest that is Linux */

static struct linux_iommu lin;

static void linux_boots(struct machine *m)
{
    linux_init(&lin, m, ROOT, false);
}

static void linux_runs(struct machine *m)
{
    linux_attach(&lin);
    linux_map(&lin, DA, RAM, SZ_4K);
    reach(m, DA);
    linux_map(&lin, DA + SZ_64K, RAM + SZ_64K, SZ_64K);
    reach(m, DA + SZ_64K);
    linux_map(&lin, GROUP, RAM + SZ_1M, SZ_1M);
    reach(m, GROUP);
    linux_unmap(&lin, DA);
    miss(m, DA);
    reach(m, DA + SZ_64K);
    linux_detach(&lin);
    linux_attach(&lin);
    linux_map(&lin, DA, RAM + SZ_16M, SZ_16M);
    reach(m, DA + SZ_1M);
}

static void linux_sleeps(struct machine *m)
{
    linux_attach(&lin);
    linux_map(&lin, DA, RAM, SZ_1M);
    reach(m, DA);
    linux_suspend(&lin);
    mmu_reset(&m->mmu);
    m->reach_known = false;
    linux_resume(&lin);
    reach(m, DA);
}

/* A domain is gone, and the next has the MMU, and other memory. */
static void change_owners(struct machine *m)
{
    reach(m, DA);
    machine_release(m, 64);
    machine_end_of_domain(m);
    lay_out(m, 16);
    assert_true(machine_assign(m));
    section(m);
    mmu_on(m);
    reach(m, DA);
}

/* The last page and the first one, of da and of IPA. */
static void both_ends(struct machine *m)
{
    machine_populate(m, 0xffff0000, 16, 1);
    machine_populate(m, 0, 16, 1);
    write_l1(m, 0xfff00000, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 240, 16, 0xffff8000);
    write_l1(m, 0, WORD_TABLE(TABLE + PT_TABLE_BYTES));
    write_smalls(m, TABLE + PT_TABLE_BYTES, 0, 16, 0xffff8000);
}

static void reach_both_ends(struct machine *m)
{
    reach(m, 0xfffff000);
    reach(m, 0xffff0000);
    reach(m, 0);
    reach(m, 0xf000);
}

static void across_4_gib(struct machine *m)
{
    machine_map(m, RAM, MEM_4GIB - 128 * SZ_4K, 256, P2M_RAM);
    section(m);
}

static void devices(struct machine *m)
{
    write_l1(m, DA, WORD_SECTION(MMIO));
}

static const struct scenario scenarios[] = {
    { "first_fill_of_4k", one_page, reach_da, .grain = 4096 },
    { "first_fill_of_64k", large_page, reach_da, .grain = 4096 },
    { "first_fill_of_1m", section, reach_da, .grain = 4096 },
    { "first_fill_of_16m", super, reach_group, .grain = 4096 },
    { "scattered_pages", all_pages, reach_da, .grain = 1 },
    { "both_ends", both_ends, reach_both_ends, .grain = 4096, .da = 0xfffff000,
      .other = 0xf000 },
    { "section_broken_up", section, reach_da, .grain = 16 },
    { "supersection_broken_into_sections", super, reach_group, .grain = 256 },
    { "supersection_broken_into_pages", super, reach_group, .grain = 16 },
    { "refill_after_one_change", one_word_changed, reach_changed_word,
      .grain = 8 },
    { "section_remapped", known_section, remap_section, .grain = 4096 },
    { "section_becomes_pages", known_section, remap_to_pages, .grain = 4096 },
    { "pages_become_a_section", known_pages, remap_to_section, .grain = 4096 },
    { "tables_become_a_supersection", known_pages, remap_to_supersection,
      .grain = 4096 },
    { "supersection_becomes_pages", known_supersection, remap_to_pages,
      .grain = 4096 },
    { "tlb_entries_of_the_guest", load_entries, reach_entries, .grain = 4096 },
    { "mmu_off", switch_off, reach_identity, .grain = 256, .da = RAM,
      .other = RAM + SZ_16M, .never = 1 << POINT_READ },
    { "eviction_from_the_smallest_pool", three_tables, reach_in_turn,
      .grain = 1, .options.tables = SHADOW_MIN_TABLES },
    { "hidden_slots", known_of_each_kind, reach_each_kind, .grain = 4096,
      .never = 1 << POINT_PAGES | 1 << POINT_HOLD | 1 << POINT_BUSY },
    { "memory_moves_in_a_fill", section, reach_while_memory_moves,
      .grain = 4096 },
    { "guest_remaps_in_a_fill", section, reach_while_guest_remaps,
      .grain = 4096 },
    { "hole_is_filled", section_with_a_hole, fill_the_hole, .grain = 256 },
    { "condemned_slots", many_users_of_one_page, reach_condemned_slots,
      .grain = 4096, .da = 149 * SZ_1M, .other = 50 * SZ_1M },
    { "bus_errors", ask_for_bus_errors, reach_da, .grain = 4096,
      .options.bus_err_back = true },
    { "linux", linux_boots, linux_runs, .grain = 4096 },
    { "linux_suspends", linux_boots, linux_sleeps, .grain = 4096 },
    { "next_owner", section, change_owners, .grain = 4096 },
    { "short_answers", section, reach_da, .grain = 16,
      .options.short_answers = true },
    { "memory_across_4_gib", across_4_gib, reach_da, .grain = 4096 },
    { "device_memory", devices, reach_da, .grain = 4096,
      .never = 1 << POINT_HOLD },
};

#define NR_SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

/* Afterwards */

static void look(struct machine *m, const struct scenario *s)
{
    check_access(m, s->da ?: DA, false);
    check_access(m, s->other ?: GROUP, true);
    check_peek(m);
    assert_right(m);
}

/*
 * Nothing fails any more: accesses work, and changes of memory, whether they concern shown
 * or hidden slots.
 */
static void assert_well(struct machine *m, const struct scenario *s)
{
    memset(m->fail_at, 0, sizeof(m->fail_at));
    m->failures_last = false;
    m->hook = NULL;

    assert_right(m);
    machine_settle(m);
    assert_false(m->request.open);
    assert_not_stuck(m);
    look(m, s);
    machine_populate(m, RAM, 1, 1);
    look(m, s);
    flush(m);
    machine_populate(m, RAM, 1, 1);
    look(m, s);
    check_and_free(m);
}

/* True if the scenario met the failure. */
static bool fail_at(const struct scenario *s, const struct failure *f,
                    unsigned int n)
{
    struct machine *m = new_running(s->grain, s->options);
    bool met;

    s->prepare(m);
    m->fail_at[f->point] = n;
    m->failures_last = f->lasts;
    m->hold_pages = f->hold_pages;
    failing = f;
    s->act(m);
    met = m->count.failures;
    assert_well(m, s);

    return met;
}

static unsigned int total;

static void fail_each(void **state)
{
    const struct scenario *s = *state;
    unsigned int met[NR_FAILURES] = { 0 }, i, n;

    for ( i = 0; i < NR_KINDS; i++ )
        for ( n = 1; fail_at(s, &failures[i], n); n++, total++ )
            met[failures[i].point]++;

    print_message("# %s: %u failing reads, %u look-ups, %u references, "
                  "%u look-ups not done\n",
                  s->name, met[POINT_READ], met[POINT_PAGES], met[POINT_HOLD],
                  met[POINT_BUSY]);
    for ( i = 0; i < NR_KINDS; i++ )
        assert_int_equal(!met[failures[i].point],
                         s->never >> failures[i].point & 1);
}

int main(void)
{
    struct CMUnitTest tests[NR_SCENARIOS] = { 0 };
    unsigned int i;
    int failed;

    for ( i = 0; i < NR_SCENARIOS; i++ )
    {
        tests[i].name = scenarios[i].name;
        tests[i].test_func = fail_each;
        tests[i].initial_state = (void *)&scenarios[i];
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    print_message("# %u failures in %u scenarios\n", total,
                  (unsigned int)NR_SCENARIOS);

    return failed;
}
