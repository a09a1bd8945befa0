/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A large random world: a guest that is Linux one moment and hostile the next, memory that
 * moves under it, a host that fails, and a second domain that gets the MMU while the first
 * one's device still works; or a processor that is started and stopped, with hardware that
 * is slow or does not follow. SEED=n repeats a run, STEPS=n is for each world.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "check.h"
#include "guest_hostile.h"
#include "guest_linux.h"
#include "processor.h"

#define RAM_IPA     0x80000000u /* 48 MiB */
#define RAM_PAGES   0x3000u
#define TABLES_IPA  0x86000000u
#define TABLE_PAGES 0x50u
#define MMIO_IPA    0x40000000u
#define MMIO_PAGES  0x200u
#define FIRST_IPA   0x00000000u /* both ends of the space */
#define LAST_IPA    0xffff0000u
#define END_PAGES   0x10u

struct world {
    struct machine *m;
    struct linux_iommu lin;
    struct hostile_guest bad;
    struct rng rng;
    unsigned int steps;
    unsigned int hook_calls, register_calls;
};

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text ? strtoull(text, NULL, 0) : otherwise;
}

static uint32_t below(struct world *w, uint32_t n)
{
    return rng_below(&w->rng, n);
}

/* The guest's memory: large pieces, small pieces, scattered pages. */
static void lay_out(struct world *w)
{
    struct machine *m = w->m;

    machine_populate(m, RAM_IPA, 0x1000, 0x1000);
    machine_populate(m, RAM_IPA + 0x1000000, 0x800, 0x100);
    machine_populate(m, RAM_IPA + 0x1800000, 0x800, 0x10);
    machine_populate(m, RAM_IPA + 0x2000000, 0x800, 1);
    machine_map(m, RAM_IPA + 0x2800000, MEM_EDGE_BASE + 0xc00000, 0x800,
                P2M_RAM);
    machine_populate(m, TABLES_IPA, TABLE_PAGES, 1);
    machine_map(m, MMIO_IPA, MEM_MMIO_BASE + 0x100000, MMIO_PAGES, P2M_MMIO);
    machine_map(m, MMIO_IPA + MMIO_PAGES * PAGE_SIZE, MEM_LOW_BASE,
                MEM_LOW_PAGES, P2M_MMIO);
    machine_populate(m, FIRST_IPA, END_PAGES, 1);
    machine_populate(m, LAST_IPA, END_PAGES, 1);
}

/* What the guest's Linux half does */

static void linux_page(struct world *w)
{
    static const uint32_t sizes[] = { 0x1000, 0x10000, 0x100000, 0x1000000 };
    uint32_t bytes = sizes[below(w, 4)];
    uint32_t da = hostile_da(&w->bad) & ~(bytes - 1);
    uint32_t ipa = RAM_IPA + below(w, RAM_PAGES) * PAGE_SIZE;

    linux_map(&w->lin, da, ipa & ~(bytes - 1), bytes);
}

static void linux_act(struct world *w)
{
    switch ( below(w, 16) )
    {
    case 0:
        linux_attach(&w->lin);
        break;
    case 1:
        linux_detach(&w->lin);
        break;
    case 2:
        linux_suspend(&w->lin);
        linux_resume(&w->lin);
        break;
    case 3:
        linux_fault(&w->lin, NULL);
        break;
    case 4:
    case 5:
    case 6:
        linux_unmap(&w->lin, hostile_da(&w->bad));
        break;
    default:
        linux_page(w);
    }
}

/* Memory that comes and goes */

static uint32_t end_page(struct world *w)
{
    return (below(w, 2) ? FIRST_IPA : LAST_IPA) +
           below(w, END_PAGES) * PAGE_SIZE;
}

/* The last page and the first one side by side: they do not rise together. */
static void map_ends(struct world *w)
{
    uint32_t table = TABLES_IPA + PT_ROOT_BYTES + below(w, 32) * PT_TABLE_BYTES;
    unsigned int page = below(w, PT_PAGES - END_PAGES), i;

    for ( i = 0; i < END_PAGES; i++ )
        machine_word_write(w->m, table + (page + i) * 4,
                           (LAST_IPA + (i + 8) * PAGE_SIZE) | 2);
}

static void move_memory(struct world *w)
{
    static const unsigned int counts[] = { 1, 1, 16, 256, 4096 };
    unsigned int pages = counts[below(w, 5)];
    uint32_t ipa = RAM_IPA + below(w, RAM_PAGES) / pages * pages * PAGE_SIZE;

    w->m->one_hypercall = below(w, 2);
    if ( !below(w, 8) )
    {
        ipa = TABLES_IPA + below(w, TABLE_PAGES) * PAGE_SIZE;
        pages = 1;
    }
    else if ( !below(w, 8) )
    {
        ipa = end_page(w);
        pages = 1;
    }

    switch ( below(w, 4) )
    {
    case 0:
        machine_unmap(w->m, ipa, pages);
        break;
    case 1:
        machine_map(w->m, ipa, memory_find(&w->m->mem, 1), 1, P2M_FOREIGN);
        break;
    default:
        machine_populate(w->m, ipa, pages, below(w, 2) ? pages : 1);
    }
}

/*
 * What the guest does with its processor, and the hardware to both; it follows again soon.
 */
static void processor_act(struct world *w)
{
    unsigned int what = below(w, PRCM_DELAYS), reads = below(w, PROCESSOR_SLOW);

    switch ( below(w, 16) )
    {
    case 0:
        machine_reset_mmu(w->m);
        break;
    case 1:
    case 2:
        machine_power_failure(w->m);
        break;
    case 3:
        machine_slow(w->m, what, reads % 2 ? PRCM_NEVER : reads);
        break;
    case 4:
    case 5:
    case 6:
        machine_heal(w->m);
        break;
    case 7:
    case 8:
    case 9:
    case 10:
        machine_stop(w->m, below(w, 2));
        break;
    default:
        machine_start(w->m, below(w, 2));
    }
}

/* In the middle of a fill, now and then */

static void guest_act(struct world *w)
{
    if ( !below(w, 16) )
        map_ends(w);
    else if ( !below(w, 16) )
        machine_restart(w->m, below(w, 2));
    else if ( w->m->options.processor && !below(w, 4) )
        processor_act(w);
    else if ( below(w, 2) )
        linux_act(w);
    else
        hostile_act(&w->bad);
}

/* In the middle of a trap, acts that do not wait for the MMU's lock. */
static void interfere_in_trap(struct machine *m, unsigned int offset)
{
    struct world *w = m->hook_arg;

    (void)offset;
    switch ( below(w, 4) )
    {
    case 0:
        machine_withdraw(m);
        break;
    case 1:
        hostile_table_word(&w->bad);
        break;
    case 2:
        if ( !m->request.open && machine_runs(m) )
            machine_issue(m, hostile_da(&w->bad), below(w, 2));
        break;
    }
    if ( w->register_calls++ < 20 )
        m->register_hook = interfere_in_trap;
}

static void interfere(struct machine *m, enum machine_point point)
{
    struct world *w = m->hook_arg;

    (void)point;
    if ( !below(w, 2) )
        return;
    if ( !below(w, 16) )
        machine_withdraw(m);
    else if ( below(w, 3) )
        guest_act(w);
    else
        move_memory(w);
    if ( w->hook_calls++ < 6 )
        m->hook = interfere;
}

/* Mostly one that the guest's MMU translates. */
static uint32_t a_da(struct world *w)
{
    unsigned int tries = below(w, 16);
    uint64_t maddr;
    uint32_t da;

    do
    {
        struct oracle_answer a;

        da = below(w, 4) ? hostile_da(&w->bad)
                         : RAM_IPA + below(w, RAM_PAGES) * PAGE_SIZE;
        a = oracle_now(&w->m->oracle, da);
        if ( !a.fault && memory_device_maddr(&w->m->mem, a.ipa, &maddr) )
            break;
    }
    while ( tries-- );

    return da;
}

/* In the middle of the fill, or before it, something happens; or it fails. */
static void disturbed_access(struct world *w, uint32_t da)
{
    struct machine *m = w->m;

    w->hook_calls = w->register_calls = 0;
    m->hook_arg = w;
    if ( below(w, 2) )
        m->register_hook = interfere_in_trap;
    if ( below(w, 2) )
        m->hook = interfere;
    if ( !below(w, 4) )
        m->fail_at[POINT_PAGES] = 1 + below(w, 4);
    if ( !below(w, 4) )
    {
        m->fail_at[POINT_BUSY] = 1 + below(w, 4);
        m->busy_words = below(w, PT_PAGES);
    }
    if ( !below(w, 4) )
        m->fail_at[POINT_READ] = 1 + below(w, 2);

    if ( below(w, 2) )
        machine_issue_slowly(m, da, below(w, 2), 1 + below(w, 8));
    else
        machine_issue(m, da, below(w, 2));
    if ( below(w, 4) )
        guest_act(w);
    machine_settle(m);

    m->hook = NULL;
    m->register_hook = NULL;
    memset(m->fail_at, 0, sizeof(m->fail_at));
}

/* Checked at once; or left to the guest's own handler, now and then. */
static void device_access(struct world *w)
{
    uint32_t da = a_da(w);

    if ( below(w, 4) )
        check_access(w->m, da, below(w, 2));
    else if ( !w->m->request.open )
        disturbed_access(w, da);
}

static void step(struct world *w)
{
    switch ( below(w, 16) )
    {
    case 0:
        move_memory(w);
        break;
    case 1:
    case 2:
    case 3:
    case 4:
        guest_act(w);
        break;
    default:
        device_access(w);
    }
    machine_settle(w->m);
}

static void run(struct world *w, uint64_t seed)
{
    unsigned int i;
    const char *wrong;

    for ( i = 0; i < w->steps; i++ )
    {
        step(w);
        wrong = i % 2000 == 1999 ? check_access_all(w->m)
                : i % 16 == 15   ? check_peek(w->m)
                                 : machine_check(w->m);
        if ( wrong )
            fail_msg("SEED=%llu step %u: %s", (unsigned long long)seed, i,
                     wrong);
    }
}

/* A domain has the MMU, and does not touch it for a while. */
static void start_domain(struct world *w, uint64_t seed)
{
    unsigned int i;

    machine_heal(w->m);
    assert_true(machine_assign(w->m));
    for ( i = 0; i < 16; i++ )
    {
        check_access(w->m, hostile_da(&w->bad), below(w, 2));
        move_memory(w);
    }
    assert_int_equal(w->m->vmmu.shadow.count.fills, 0);
    linux_init(&w->lin, w->m, TABLES_IPA, below(w, 2));
    linux_attach(&w->lin);
    run(w, seed);
}

/* It ends while its device is at work, which goes on, unless the host holds it in reset:
 * nobody gets the MMU before the device is reset. */
static void end_domain(struct world *w)
{
    struct machine *m = w->m;

    if ( !m->request.open )
        machine_issue(m, a_da(w), below(w, 2));
    machine_release(m, 64);
    machine_end_of_domain(m);
    lay_out(w);
    if ( !m->request.open )
        machine_issue(m, RAM_IPA + below(w, RAM_PAGES) * PAGE_SIZE, true);
    assert_int_equal(m->request.result, MMU_STALL);
    if ( machine_runs(m) )
        assert_false(machine_assign(m));
    machine_withdraw(m);
}

static void random_world(uint64_t seed, struct machine_options options)
{
    struct world w = { .rng.state = seed };
    const struct shadow_counters *count;

    options.seed = seed;
    w.steps = number_from("STEPS", 5000) / 2;
    w.m = machine_new(&options);
    w.bad = (struct hostile_guest){
        .m = w.m,
        .rng.state = seed + 1,
        .root = TABLES_IPA,
        .ipa = RAM_IPA,
        .pages = RAM_PAGES,
    };
    lay_out(&w);
    start_domain(&w, seed);
    end_domain(&w);
    start_domain(&w, seed);

    machine_release(w.m, 64);
    if ( machine_check(w.m) )
        fail_msg("SEED=%llu, release: %s", (unsigned long long)seed,
                 machine_check(w.m));
    count = &w.m->vmmu.shadow.count;
    print_message(
        "# %llu hits %llu fills %llu kept %llu retries %llu parks "
        "%llu evictions %llu raised %llu words of the PRCM\n",
        (unsigned long long)w.m->mmu.stats.hits,
        (unsigned long long)count->fills, (unsigned long long)count->kept,
        (unsigned long long)count->retries, (unsigned long long)count->parks,
        (unsigned long long)count->evictions,
        (unsigned long long)w.m->vmmu.count.faults_raised,
        (unsigned long long)w.m->processor.accesses);
    machine_free(w.m);
}

static uint64_t the_seed;

static void random_guest_with_many_tables(void **state)
{
    (void)state;
    random_world(the_seed, (struct machine_options){ .tables = 128 });
}

static void random_guest_with_few_tables(void **state)
{
    (void)state;
    random_world(the_seed + 1, (struct machine_options){
                                   .tables = 3,
                                   .short_answers = true,
                               });
}

static void random_guest_of_an_ipu(void **state)
{
    (void)state;
    random_world(the_seed + 2, (struct machine_options){
                                   .tables = 16,
                                   .bus_err_back = true,
                               });
}

static void random_guest_of_a_camera(void **state)
{
    (void)state;
    random_world(the_seed + 3, (struct machine_options){
                                   .tables = 2,
                                   .tlb_entries = 8,
                                   .window = OMAP_MMU_WINDOW_OMAP3,
                               });
}

static void random_guest_with_few_entries(void **state)
{
    (void)state;
    random_world(the_seed + 4, (struct machine_options){
                                   .tables = 16,
                                   .tlb_entries = 8,
                                   .hw_tlb_entries = 32,
                               });
}

static void random_guest_of_a_dsp_led_around(void **state)
{
    (void)state;
    random_world(the_seed + 6, (struct machine_options){
                                   .tables = 16,
                                   .bypassable = true,
                               });
}

static void random_guest_that_starts_and_stops(void **state)
{
    (void)state;
    random_world(the_seed + 5, (struct machine_options){
                                   .tables = 16,
                                   .bus_err_back = true,
                                   .processor = true,
                               });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_guest_with_many_tables),
        cmocka_unit_test(random_guest_with_few_tables),
        cmocka_unit_test(random_guest_of_an_ipu),
        cmocka_unit_test(random_guest_of_a_camera),
        cmocka_unit_test(random_guest_of_a_dsp_led_around),
        cmocka_unit_test(random_guest_with_few_entries),
        cmocka_unit_test(random_guest_that_starts_and_stops),
    };

    the_seed = number_from("SEED", 20140214);
    print_message("# SEED=%llu\n", (unsigned long long)the_seed);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
