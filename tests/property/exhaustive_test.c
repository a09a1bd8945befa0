/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small world, exhaustively: each page of the 4 GiB after each step of scenarios, and
 * each sequence of LENGTH=n acts (3).
 */
#include "../unit/unit.h"

#define DA      0x12000000u
#define LARGE   0x13000000u /* slots of 64K and 4K pages */
#define FIRST   0x00000000u /* both ends of both spaces */
#define LAST    0xfffff000u
#define NR_ACTS (sizeof(acts) / sizeof(acts[0]))

static struct linux_iommu lin;

static struct machine *new_world(unsigned int grain, unsigned int tables)
{
    struct machine *m = machine_new(&(struct machine_options){
        .tables = tables,
        .seed = grain,
    });

    machine_populate(m, RAM, RAM_PAGES, grain);
    machine_populate(m, ROOT, 80, 1);
    machine_map(m, MMIO, MEM_MMIO_BASE, 256, P2M_MMIO);
    machine_populate(m, FIRST, 1, 1);
    machine_populate(m, LAST, 1, 1);
    machine_assign(m);
    linux_init(&lin, m, ROOT, false);

    return m;
}

/* Acts: small ones, all upon the same few addresses */

static void attach(struct machine *m)
{
    (void)m;
    linux_attach(&lin);
}

static void detach(struct machine *m)
{
    (void)m;
    linux_detach(&lin);
}

static void map_section(struct machine *m)
{
    (void)m;
    linux_map(&lin, DA, RAM + SZ_1M, SZ_1M);
}

static void map_section_elsewhere(struct machine *m)
{
    (void)m;
    linux_map(&lin, DA, RAM + 2 * SZ_1M, SZ_1M);
}

static void map_pages(struct machine *m)
{
    (void)m;
    linux_map(&lin, LARGE, RAM + SZ_64K, SZ_64K);
    linux_map(&lin, LARGE + SZ_64K, RAM + 5 * SZ_4K, SZ_4K);
}

static void map_supersection(struct machine *m)
{
    (void)m;
    linux_map(&lin, DA, RAM, SZ_16M);
}

static void map_devices(struct machine *m)
{
    (void)m;
    linux_map(&lin, 0xa0000000, MMIO, SZ_1M);
}

static void unmap_da(struct machine *m)
{
    (void)m;
    linux_unmap(&lin, DA);
}

static void unmap_page(struct machine *m)
{
    (void)m;
    linux_unmap(&lin, LARGE + SZ_64K);
}

static void overwrite_in_silence(struct machine *m)
{
    write_l1(m, DA, WORD_SECTION(RAM + 3 * SZ_1M));
}

static void flush_entry(struct machine *m)
{
    flush_da(m, DA + SZ_64K);
}

static void toggle_mmu(struct machine *m)
{
    machine_reg_write(m, MMU_CNTL, machine_reg_read(m, MMU_CNTL) ^ 2);
}

static void toggle_walker(struct machine *m)
{
    machine_reg_write(m, MMU_CNTL, machine_reg_read(m, MMU_CNTL) ^ 4);
}

static void load_entry(struct machine *m)
{
    load_tlb(m, 0, (DA + SZ_64K) | CAM_V | CAM_P | CAM_SIZE_64K, RAM + SZ_1M);
}

static void load_wide_entry(struct machine *m)
{
    load_tlb(m, 1, DA | CAM_V | CAM_SIZE_16M, RAM);
}

static void soft_reset(struct machine *m)
{
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    mmu_on(m);
}

static void other_table(struct machine *m)
{
    uint32_t ttb = machine_reg_read(m, MMU_TTB) == ROOT ? ROOT + 0x80 : ROOT;

    machine_reg_write(m, MMU_TTB, ttb);
}

static void move_page(struct machine *m)
{
    machine_populate(m, RAM + SZ_1M + SZ_64K, 1, 1);
}

static void take_or_give_page(struct machine *m)
{
    if ( memory_p2m(&m->mem, RAM + 5 * SZ_4K).kind == P2M_NONE )
        machine_populate(m, RAM + 5 * SZ_4K, 1, 1);
    else
        machine_unmap(m, RAM + 5 * SZ_4K, 1);
}

/* The first DA and the last; behind each, the last page and the first. */
static void map_ends(struct machine *m)
{
    (void)m;
    linux_map(&lin, FIRST, LAST, SZ_4K);
    linux_map(&lin, FIRST + SZ_4K, FIRST, SZ_4K);
    linux_map(&lin, LAST - SZ_4K, LAST, SZ_4K);
    linux_map(&lin, LAST, FIRST, SZ_4K);
}

static void move_last_page(struct machine *m)
{
    machine_populate(m, LAST, 1, 1);
}

static void use_ends(struct machine *m)
{
    check_access(m, FIRST, false);
    check_access(m, FIRST + SZ_4K, true);
    check_access(m, LAST + SZ_4K - 4, true);
}

static void use_section(struct machine *m)
{
    check_access(m, DA + SZ_64K, false);
}

static void use_pages(struct machine *m)
{
    check_access(m, LARGE + 0x5000, true);
    check_access(m, LARGE + SZ_64K, true);
}

static void use_neighbour(struct machine *m)
{
    check_access(m, DA + 7 * SZ_1M, false);
}

static void use_identity(struct machine *m)
{
    check_access(m, RAM + 5 * SZ_4K, false);
}

/* Each page of the 4 GiB, after each step */

static void (*const scenario[])(struct machine *m) = {
    attach,           map_section,
    map_pages,        map_devices,
    map_ends,         move_last_page,
    unmap_page,       unmap_da,
    map_section,      overwrite_in_silence,
    map_supersection, take_or_give_page,
    load_entry,       flush_entry,
    toggle_walker,    load_wide_entry,
    toggle_walker,    move_page,
    other_table,      other_table,
    toggle_mmu,       toggle_mmu,
    soft_reset,       take_or_give_page,
    unmap_da,         detach,
};

static void play(unsigned int grain, unsigned int tables, bool all_each_step)
{
    struct machine *m = new_world(grain, tables);
    unsigned int i;

    for ( i = 0; i < sizeof(scenario) / sizeof(scenario[0]); i++ )
    {
        const char *wrong;

        scenario[i](m);
        use_section(m);
        use_pages(m);
        use_ends(m);
        wrong = check_peek(m);
        if ( !wrong && all_each_step )
            wrong = check_access_all(m);
        if ( wrong )
            fail_msg("step %u: %s", i, wrong);
    }
    assert_null(check_access_all(m));
    check_and_free(m);
}

static void each_page_after_each_step(void **state)
{
    (void)state;
    play(4096, 64, true);
}

static void each_page_after_each_step_in_scattered_memory(void **state)
{
    (void)state;
    play(1, 64, true);
}

static void each_page_after_each_step_with_few_tables(void **state)
{
    (void)state;
    play(16, SHADOW_MIN_TABLES, true);
}

static void each_step_upon_what_the_others_left(void **state)
{
    (void)state;
    play(4096, 64, false);
    play(256, 64, false);
    play(1, 3, false);
}

/*
 * Each sequence of acts: one long run in which every sequence of that length
 * occurs exactly once (de Bruijn), so that each starts from another state.
 */

static void (*const acts[])(struct machine *m) = {
    map_section,   map_section_elsewhere,
    map_pages,     map_supersection,
    unmap_da,      unmap_page,
    flush,         overwrite_in_silence,
    flush_entry,   toggle_mmu,
    load_entry,    load_wide_entry,
    move_page,     take_or_give_page,
    use_section,   use_pages,
    use_neighbour, use_identity,
    map_ends,      move_last_page,
    use_ends,
};

static struct {
    struct machine *m;
    unsigned int length;
    unsigned int word[16];
    unsigned int done[8]; /* the last acts, for the message */
    unsigned long steps;
} run;

static void act(unsigned int n)
{
    const char *wrong;

    memmove(run.done + 1, run.done, sizeof(run.done) - sizeof(run.done[0]));
    run.done[0] = n;
    run.steps++;
    acts[n](run.m);
    wrong = check_peek(run.m);
    if ( wrong )
        fail_msg("step %lu, acts ... %u %u %u %u %u: %s", run.steps,
                 run.done[4], run.done[3], run.done[2], run.done[1],
                 run.done[0], wrong);
}

/* Lyndon words of rising order, one after the other (Fredricksen, Maiorana). */
static void lyndon(unsigned int t, unsigned int p)
{
    unsigned int i;

    if ( t > run.length )
    {
        for ( i = 1; i <= p && run.length % p == 0; i++ )
            act(run.word[i]);
        return;
    }

    run.word[t] = run.word[t - p];
    lyndon(t + 1, p);
    for ( i = run.word[t - p] + 1; i < NR_ACTS; i++ )
    {
        run.word[t] = i;
        lyndon(t + 1, t);
    }
}

static void every_sequence(unsigned int grain, unsigned int length)
{
    memset(&run, 0, sizeof(run));
    run.m = new_world(grain, 3);
    run.length = getenv("LENGTH") ? strtoul(getenv("LENGTH"), NULL, 0) : length;
    linux_attach(&lin);
    lyndon(1, 1);
    print_message("# %lu steps\n", run.steps);
    check_and_free(run.m);
}

static void every_sequence_of_acts(void **state)
{
    (void)state;
    every_sequence(4096, 3);
}

static void every_sequence_of_acts_in_scattered_memory(void **state)
{
    (void)state;
    every_sequence(1, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_page_after_each_step),
        cmocka_unit_test(each_page_after_each_step_in_scattered_memory),
        cmocka_unit_test(each_page_after_each_step_with_few_tables),
        cmocka_unit_test(each_step_upon_what_the_others_left),
        cmocka_unit_test(every_sequence_of_acts),
        cmocka_unit_test(every_sequence_of_acts_in_scattered_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
