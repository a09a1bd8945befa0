/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contexts of docs/locking.md as threads, at once: two vCPUs that trap, a
 * CPU that changes the p2m, the interrupt, the tasklet, the debug key, and two
 * processors that access memory all the while. Built with ThreadSanitizer, whose
 * every report fails the test.
 *
 * Bounded by counts of steps: STEPS=n for each vCPU, LIVES=n assignments.
 */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "world.h"

#define VCPUS 2u

/* Seconds after which a thread that does not end never will. */
#define PATIENCE 600

static atomic_uint reports;

/* Called by ThreadSanitizer, whose declaration is in no header of C's. */
void __tsan_on_report(void *report);

void __tsan_on_report(void *report)
{
    (void)report;
    reports++;
}

static unsigned int number_from(const char *name, unsigned int otherwise)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 0) : otherwise;
}

/* A thread, and what it is to do. */
struct actor {
    pthread_t thread;
    struct world *w;
    struct rng rng;
    unsigned int number, steps;
};

static uint32_t below(struct actor *a, uint32_t n)
{
    return rng_below(&a->rng, n);
}

static void start(struct actor *a, struct world *w, void *(*run)(void *),
                  unsigned int number, unsigned int steps)
{
    static atomic_uint seed;

    *a = (struct actor){
        .w = w,
        .rng.state = ++seed,
        .number = number,
        .steps = steps,
    };
    if ( pthread_create(&a->thread, NULL, run, a) )
        abort();
}

/* The guest: what its vCPUs do */

static void write_reg(struct actor *a, unsigned int offset, uint32_t value)
{
    vmmu_write(&a->w->vmmu, offset, 4, value);
}

static uint32_t read_reg(struct actor *a, unsigned int offset)
{
    return vmmu_read(&a->w->vmmu, offset, 4);
}

/* Half of the time one of few slots, where all meet. */
static uint32_t any_da(struct actor *a)
{
    unsigned int slots = below(a, 2) ? 3 : DA_SLOTS;

    return RAM + below(a, slots << 8) * PAGE_SIZE;
}

static uint32_t any_ipa(struct actor *a, uint32_t size)
{
    return RAM + below(a, RAM_PAGES * PAGE_SIZE / size) * size;
}

static void write_word(struct actor *a, uint32_t ipa, uint32_t word)
{
    atomic_store_explicit(&a->w->words[(ipa - ROOT) / 4], word,
                          memory_order_relaxed);
}

/* The groups but the first are mostly supersections, all of the same RAM. */
static void map_slot(struct actor *a)
{
    uint32_t slot = any_da(a) >> 20, at = ROOT + slot * 4, i;
    uint32_t group = ROOT + (slot & ~15u) * 4;
    unsigned int what = below(a, 8);

    if ( slot >= (RAM >> 20) + 16 && what > 1 )
        for ( i = 0; i < 16; i++ )
            write_word(a, group + i * 4, RAM | 2 | 1 << 18);
    else if ( what > 1 )
        write_word(a, at, (TABLES + below(a, NR_TABLES) * PT_TABLE_BYTES) | 1);
    else
        write_word(a, at, what ? any_ipa(a, 1 << 20) | 2 : 0);
}

static void map_pages(struct actor *a)
{
    uint32_t table = TABLES + below(a, NR_TABLES) * PT_TABLE_BYTES;
    uint32_t first = below(a, 16) * 16, i;
    uint32_t ipa = any_ipa(a, 1 << 16);
    unsigned int what = below(a, 4);

    for ( i = 0; i < 16; i++ )
        write_word(a, table + (first + i) * 4,
                   what == 0   ? 0
                   : what == 1 ? ipa | 1
                               : (ipa + i * PAGE_SIZE) | 2);
}

/* On: the guest's table is walked. */
static void switch_on(struct actor *a)
{
    write_reg(a, MMU_TTB, ROOT);
    write_reg(a, MMU_IRQENABLE, IRQ_ALL);
    write_reg(a, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

static void flush(struct actor *a)
{
    if ( below(a, 2) )
        write_reg(a, MMU_GFLUSH, 1);
    else
    {
        write_reg(a, MMU_CAM, any_da(a) & CAM_VATAG);
        write_reg(a, MMU_FLUSH_ENTRY, 1);
    }
}

static void load_tlb(struct actor *a)
{
    write_reg(a, MMU_LOCK, LOCK_MAKE(0, below(a, 8)));
    write_reg(a, MMU_CAM, (any_da(a) & CAM_VATAG) | CAM_V | CAM_SIZE_4K);
    write_reg(a, MMU_RAM, any_ipa(a, PAGE_SIZE));
    write_reg(a, MMU_LD_TLB, 1);
}

/* As Linux does before a map: it looks whether anything is cached. */
static void scan_tlb(struct actor *a)
{
    unsigned int i;

    for ( i = 0; i < 8; i++ )
    {
        write_reg(a, MMU_LOCK, LOCK_MAKE(0, i));
        read_reg(a, MMU_READ_CAM);
        read_reg(a, MMU_READ_RAM);
    }
}

/* The interrupt handler of the guest's. */
static void handle_fault(struct actor *a)
{
    read_reg(a, MMU_FAULT_AD);
    write_reg(a, MMU_IRQSTATUS, read_reg(a, MMU_IRQSTATUS));
}

/* Off and on again, by a write or a reset. */
static void change_mode(struct actor *a)
{
    if ( below(a, 2) )
        write_reg(a, MMU_CNTL, 0);
    else
        write_reg(a, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    world_perturb();
    switch_on(a);
}

static void reset_processors(struct actor *a)
{
    world_reset_processors(a->w);
    switch_on(a);
}

static void any_register(struct actor *a)
{
    unsigned int offset = below(a, OMAP_MMU_WINDOW + 16);

    if ( below(a, 2) )
        vmmu_read(&a->w->vmmu, offset, 1u << below(a, 4));
    else
        vmmu_write(&a->w->vmmu, offset, 2, rng_next(&a->rng));
}

/* A guest does other things than this most of the time. */
static void let_others_run(struct actor *a)
{
    unsigned int turns = below(a, 32);

    while ( turns-- )
        sched_yield();
}

static void *run_vcpu(void *arg)
{
    /* Twice or more: what is to happen more often. */
    static void (*const actions[])(struct actor *) = {
        map_slot,         map_slot,    map_slot,    map_pages,
        map_pages,        map_pages,   flush,       flush,
        scan_tlb,         load_tlb,    change_mode, flush,
        reset_processors, any_register
    };
    struct actor *a = arg;

    switch_on(a);
    while ( a->steps-- )
    {
        actions[below(a, sizeof(actions) / sizeof(actions[0]))](a);
        if ( a->w->irq )
            handle_fault(a);
        let_others_run(a);
    }

    return NULL;
}

/* The others */

/* Half of the time what a fill may be at just now. The RAM in one piece seldom
 * moves, and comes back. */
static void *run_p2m(void *arg)
{
    static const unsigned int sizes[] = { 1, 1, 16, 256 };
    struct actor *a = arg;

    while ( a->steps-- )
    {
        unsigned int count = sizes[below(a, 4)];
        unsigned int any = below(a, 2) ? a->w->asked : below(a, IPA_PAGES);
        unsigned int first = any - any % count;
        bool piece = first < RAM_PAGES / 2;

        if ( first + count > IPA_PAGES )
            continue;
        if ( !below(a, 16) )
            world_change_all(a->w);
        else if ( !piece || !below(a, 8) )
            world_change_p2m(a->w, first, count, piece || below(a, 8));
        let_others_run(a);
    }

    return NULL;
}

/* A few addresses near each other, then elsewhere. */
static void *run_processor(void *arg)
{
    struct actor *a = arg;
    uint32_t da;

    do
        da = any_da(a) + below(a, 4) * PAGE_SIZE;
    while ( world_access(a->w, a->number, da) &&
            world_access(a->w, a->number, da) );

    return NULL;
}

static bool look_at(void *arg, const struct shadow_leaf *leaf)
{
    (void)arg;

    return leaf->bytes;
}

/* The debug key: what it prints is thrown away. */
static void *run_debug_key(void *arg)
{
    struct actor *a = arg;
    struct vmmu *v = &a->w->vmmu;
    const char *bad;

    while ( a->steps-- )
    {
        pthread_mutex_lock(&a->w->mmu_lock);
        shadow_for_each(&v->shadow, look_at, NULL);
        vmmu_peek(v, MMU_TTB);
        bad = v->shadow.filling ? NULL : vmmu_audit(v);
        pthread_mutex_unlock(&a->w->mmu_lock);
        if ( bad )
            world_wrong(a->w, "audit: %s", bad);
        world_perturb();
    }

    return NULL;
}

/* A life: assigned, used by all at once, released */

struct crowd {
    struct world *w;
    struct actor vcpu[VCPUS], p2m, key, processor[PROCESSORS];
    pthread_t interrupts, tasklet;
};

static void start_processors(struct crowd *c)
{
    unsigned int i;

    for ( i = 0; i < PROCESSORS; i++ )
        start(&c->processor[i], c->w, run_processor, i, 0);
}

static void start_vcpus(struct crowd *c, unsigned int steps)
{
    unsigned int i;

    for ( i = 0; i < VCPUS; i++ )
        start(&c->vcpu[i], c->w, run_vcpu, i, steps);
}

static void join_vcpus(struct crowd *c)
{
    unsigned int i;

    for ( i = 0; i < VCPUS; i++ )
        pthread_join(c->vcpu[i].thread, NULL);
}

static void tell_processors_to_stop(struct world *w, bool stop)
{
    unsigned int i;

    pthread_mutex_lock(&w->hardware);
    w->stop = stop;
    for ( i = 0; !stop && i < PROCESSORS; i++ )
        w->request[i].done = false;
    pthread_mutex_unlock(&w->hardware);
}

static void join_processors(struct crowd *c)
{
    unsigned int i;

    for ( i = 0; i < PROCESSORS; i++ )
        pthread_join(c->processor[i].thread, NULL);
}

/*
 * Liveness: nobody changes anything any more. A request that still waits does so
 * for the guest to acknowledge a fault of its own, and waits again after that.
 */
static void settle_requests(struct world *w)
{
    unsigned int acknowledged = 0;
    enum vmmu_state state;

    while ( world_settle(w) )
    {
        pthread_mutex_lock(&w->mmu_lock);
        state = w->vmmu.state;
        pthread_mutex_unlock(&w->mmu_lock);
        if ( state != VMMU_STALLED )
            world_wrong(w, "a request waits, and nobody serves it");

        if ( acknowledged++ )
            world_reset_processors(w);
        vmmu_write(&w->vmmu, MMU_IRQSTATUS, 4, IRQ_ALL);
    }
}

static void use(struct crowd *c, unsigned int steps)
{
    struct world *w = c->w;

    start_vcpus(c, steps);
    start(&c->p2m, w, run_p2m, 0, steps / 4);
    start(&c->key, w, run_debug_key, 0, steps / 16);
    start_processors(c);

    join_vcpus(c);
    pthread_join(c->p2m.thread, NULL);
    pthread_join(c->key.thread, NULL);
    tell_processors_to_stop(w, true);
    settle_requests(w);
    join_processors(c);
    world_check(w);
}

/* omap_mmu_disconnect(), vmmu_release() until done. */
static void release(struct crowd *c)
{
    struct world *w = c->w;
    bool done;

    world_kill_interrupt(w);
    pthread_join(c->interrupts, NULL);
    world_kill_tasklet(w);
    pthread_join(c->tasklet, NULL);

    do
    {
        done = vmmu_release(&w->vmmu, PT_PAGES);
        pthread_mutex_lock(&w->hardware);
        w->quarantined = true;
        pthread_mutex_unlock(&w->hardware);
        world_perturb();
    }
    while ( !done );
}

/* All came back, and a trap is harmless: it reads zeros, and does nothing. */
static void check_released(struct world *w)
{
    uint64_t accesses = w->register_accesses, held = 0;
    unsigned int i;

    for ( i = 0; i < NR_PAGES; i++ )
        held += w->page[i].held;
    if ( held )
        world_wrong(w, "%llu references left after the release",
                    (unsigned long long)held);

    for ( i = 0; i < OMAP_MMU_WINDOW; i += 4 )
    {
        vmmu_write(&w->vmmu, i, 4, ~0u);
        if ( vmmu_read(&w->vmmu, i, 4) )
            world_wrong(w, "register %#x reads %#x after the release", i,
                        vmmu_read(&w->vmmu, i, 4));
    }
    if ( w->register_accesses != accesses )
        world_wrong(w, "a trap after the release reached the hardware");
}

/*
 * The p2m changes and the processors go on during the release, as in Xen; vCPUs
 * do only if traps is set, which Xen spares us.
 */
static void live(struct world *w, unsigned int steps, bool traps)
{
    struct crowd c = { .w = w };

    world_assign(w);
    pthread_create(&c.interrupts, NULL, world_interrupts, w);
    pthread_create(&c.tasklet, NULL, world_tasklet, w);
    use(&c, steps);

    tell_processors_to_stop(w, false);
    start_processors(&c);
    start(&c.p2m, w, run_p2m, 0, steps / 16);
    if ( traps )
        start_vcpus(&c, steps / 4);
    release(&c);

    if ( traps )
        join_vcpus(&c);
    pthread_join(c.p2m.thread, NULL);
    tell_processors_to_stop(w, true);
    world_reset_processors(w);
    join_processors(&c);
    check_released(w);
}

static void add_counters(struct shadow_counters *sum,
                         const struct shadow_counters *c)
{
    sum->fills += c->fills;
    sum->kept += c->kept;
    sum->retries += c->retries;
    sum->evictions += c->evictions;
    sum->parks += c->parks;
}

/* What was to be tested has happened. */
static void assert_met(struct world *w, const struct shadow_counters *sum)
{
    printf("# fills %llu, kept %llu, overtaken %llu, evictions %llu, parks "
           "%llu; accesses %u, resets %u, freed %u, moved %u, faults %u, "
           "deferred %u\n",
           (unsigned long long)sum->fills, (unsigned long long)sum->kept,
           (unsigned long long)sum->retries, (unsigned long long)sum->evictions,
           (unsigned long long)sum->parks, w->met.reached, w->met.gave_up,
           w->met.freed, w->met.moved, w->met.fault_lines, w->met.deferred);
    assert_true(sum->fills && sum->kept && sum->retries && sum->evictions);
    assert_true(w->met.reached && w->met.freed && w->met.moved);
    assert_true(w->met.fault_lines);
}

static void run_lives(bool bus_err_back, bool traps)
{
    unsigned int lives = number_from("LIVES", 8);
    unsigned int steps = number_from("STEPS", 300);
    unsigned int before = reports;
    struct shadow_counters sum = { .fills = 0 };
    struct world *w = world_new(bus_err_back);

    while ( lives-- && !w->failed )
    {
        live(w, steps, traps);
        add_counters(&sum, &w->vmmu.shadow.count);
    }

    if ( w->failed )
        fail_msg("%s", w->violation);
    if ( reports != before )
        fail_msg("ThreadSanitizer: %u reports, above", reports - before);
    assert_met(w, &sum);
    world_free(w);
}

static void all_at_once_with_stalls(void **state)
{
    (void)state;
    run_lives(false, false);
}

static void all_at_once_with_bus_errors(void **state)
{
    (void)state;
    run_lives(true, false);
}

static void traps_while_it_is_released(void **state)
{
    (void)state;
    run_lives(false, true);
}

static void out_of_patience(int signal)
{
    static const char text[] = "Bail out! a thread does not end\n";

    (void)signal;
    if ( write(STDOUT_FILENO, text, sizeof(text) - 1) )
        _exit(1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_at_once_with_stalls),
        cmocka_unit_test(all_at_once_with_bus_errors),
        cmocka_unit_test(traps_while_it_is_released),
    };

    signal(SIGALRM, out_of_patience);
    alarm(PATIENCE);

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
