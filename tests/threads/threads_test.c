/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contexts of docs/locking.md as concurrent threads: two vCPUs that trap, a CPU
 * that changes the p2m, the interrupt, the tasklet, the debug key, and two processors
 * that access memory all the time. Built with ThreadSanitizer; each of its reports
 * fails the test.
 *
 * STEPS=n for each vCPU, LIVES=n assignments; more of them until all that a test is
 * about was met (WORLD_EVENTS); after LIMIT=n seconds the test fails with what is
 * missing.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "world.h"

#define VCPUS 2u

/* An assignment that does not end within so many seconds never will. */
#define PATIENCE 600

/* Seconds for all that is to be met, where some are enough. */
#define LIMIT 300

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

static struct actor make_actor(struct world *w, unsigned int number,
                               unsigned int steps)
{
    static atomic_uint seed;

    return (struct actor){
        .w = w,
        .rng.state = ++seed,
        .number = number,
        .steps = steps,
    };
}

static void start(struct actor *a, struct world *w, void *(*run)(void *),
                  unsigned int number, unsigned int steps)
{
    *a = make_actor(w, number, steps);
    if ( pthread_create(&a->thread, NULL, run, a) )
        abort();
}

/* The guest: what its vCPUs do */

static void write_reg(struct actor *a, unsigned int offset, uint32_t value)
{
    if ( offset == MMU_CNTL || offset == MMU_SYSCONFIG )
        world_met_if(a->w, &a->w->waits, MET_WAITS_TRAP);
    vmmu_write(&a->w->vmmu, offset, 4, value);
}

static uint32_t read_reg(struct actor *a, unsigned int offset)
{
    return vmmu_read(&a->w->vmmu, offset, 4);
}

/* A guest does other things than this most of the time. */
static void let_others_run(struct actor *a)
{
    world_rest(below(a, 100));
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
    atomic_store_explicit(&a->w->owner->words[(ipa - ROOT) / 4], word,
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
    let_others_run(a);
    switch_on(a);
}

/* For as many interrupts as can be had. */
static void storm(struct actor *a)
{
    unsigned int writes = 2 * below(a, 8);

    while ( writes-- )
        if ( below(a, 2) )
            write_reg(a, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
        else
            write_reg(a, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    switch_on(a);
}

static void reset_processors(struct actor *a)
{
    world_reset_processors(a->w);
    write_reg(a, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    switch_on(a);
}

static void restart_processors(struct actor *a)
{
    world_restart_processors(a->w);
}

static void any_register(struct actor *a)
{
    unsigned int offset = below(a, OMAP_MMU_WINDOW + 16);

    if ( below(a, 2) )
        vmmu_read(&a->w->vmmu, offset, 1u << below(a, 4));
    else
        vmmu_write(&a->w->vmmu, offset, 2, rng_next(&a->rng));
}

static void *run_vcpu(void *arg)
{
    /* Twice or more: what is to happen more often. */
    static void (*const actions[])(struct actor *) = {
        map_slot,         map_slot,     map_slot,    map_pages,
        map_pages,        map_pages,    flush,       flush,
        scan_tlb,         load_tlb,     change_mode, flush,
        reset_processors, any_register, storm,       restart_processors
    };
    struct actor *a = arg;

    switch_on(a);
    while ( a->steps-- )
    {
        actions[below(a, sizeof(actions) / sizeof(actions[0]))](a);
        if ( a->w->irq )
            handle_fault(a);
        world_met_if(a->w, &a->w->no_interrupts, MET_RELEASE_TRAP);
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
    struct domain *d = &a->w->domain[a->number];

    while ( a->steps-- )
    {
        unsigned int count = sizes[below(a, 4)];
        unsigned int any = below(a, 2) ? d->asked : below(a, IPA_PAGES);
        unsigned int first = any - any % count;
        bool piece = first < RAM_PAGES / 2;

        if ( first + count > IPA_PAGES )
            continue;
        if ( !below(a, 16) )
            world_change_all(a->w, d);
        else if ( !piece || !below(a, 8) )
            world_change_p2m(a->w, d, first, count, piece || below(a, 8));
        let_others_run(a);
    }

    return NULL;
}

/* A few addresses near each other, then elsewhere; now and then it computes. */
static void *run_processor(void *arg)
{
    struct actor *a = arg;
    uint32_t da;

    do
    {
        if ( !below(a, 4) )
            let_others_run(a);
        da = any_da(a) + below(a, 4) * PAGE_SIZE;
    }
    while ( world_access(a->w, a->number, da) &&
            world_access(a->w, a->number, da) );

    return NULL;
}

static bool look_at(void *arg, const struct shadow_leaf *leaf)
{
    (void)arg;

    return leaf->bytes;
}

/* A group of slots for each taking of the lock, as the port does it. */
static void look_at_groups(struct world *w)
{
    const struct shadow *s = &w->vmmu.shadow;
    const char *bad = NULL;
    unsigned int group;

    for ( group = 0; group < SHADOW_GROUPS && !bad; group++ )
    {
        pthread_mutex_lock(&w->mmu_lock);
        shadow_for_group(s, group, look_at, NULL);
        bad = shadow_audit_group(s, group);
        pthread_mutex_unlock(&w->mmu_lock);
    }
    if ( bad )
        world_wrong(w, "audit: %s", bad);
}

/* The debug key: what it prints is thrown away. */
static void *run_debug_key(void *arg)
{
    struct actor *a = arg;
    struct vmmu *v = &a->w->vmmu;
    const char *bad;
    bool filling;

    while ( a->steps-- )
    {
        pthread_mutex_lock(&a->w->mmu_lock);
        vmmu_peek(v, MMU_TTB);
        filling = v->shadow.fill.under_way;
        bad = vmmu_audit_registers(v) ?: shadow_audit_pool(&v->shadow);
        pthread_mutex_unlock(&a->w->mmu_lock);
        if ( bad )
            world_wrong(a->w, "audit: %s", bad);
        world_met(a->w, filling ? MET_KEY_IN_FILL : MET_KEY);
        look_at_groups(a->w);
        let_others_run(a);
    }

    return NULL;
}

/* A life: assigned, used by all at once, released */

struct crowd {
    struct world *w;
    unsigned int lives; /* before this one */
    struct actor vcpu[VCPUS], p2m[DOMAINS], key, processor[PROCESSORS];
    pthread_t interrupts, tasklet;
};

static void start_processors(struct crowd *c)
{
    unsigned int i;

    pthread_mutex_lock(&c->w->hardware);
    c->w->stop = false;
    for ( i = 0; i < PROCESSORS; i++ )
        c->w->request[i].done = false;
    pthread_mutex_unlock(&c->w->hardware);

    for ( i = 0; i < PROCESSORS; i++ )
        start(&c->processor[i], c->w, run_processor, i, 0);
}

static void tell_processors_to_stop(struct world *w)
{
    pthread_mutex_lock(&w->hardware);
    w->stop = true;
    pthread_mutex_unlock(&w->hardware);
}

static void join_processors(struct crowd *c)
{
    unsigned int i;

    for ( i = 0; i < PROCESSORS; i++ )
        pthread_join(c->processor[i].thread, NULL);
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

/* Also of the domain that has not got the MMU. */
static void start_p2m(struct crowd *c, unsigned int steps)
{
    unsigned int i;

    for ( i = 0; i < DOMAINS; i++ )
        start(&c->p2m[i], c->w, run_p2m, i, steps);
}

static void join_p2m(struct crowd *c)
{
    unsigned int i;

    for ( i = 0; i < DOMAINS; i++ )
        pthread_join(c->p2m[i].thread, NULL);
}

/*
 * Liveness, once nothing changes any more: a request that still waits must be waiting
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

/* Whatever a guest may do before it touches its MMU. */
static void do_not_touch(struct actor *a)
{
    unsigned int i, offset;

    for ( i = 0; i < a->steps; i++ )
    {
        offset = below(a, OMAP_MMU_WINDOW / 4) * 4;
        if ( offset != MMU_CNTL )
            write_reg(a, offset, rng_next(&a->rng));
        vmmu_write(&a->w->vmmu, MMU_CNTL, 2, CNTL_MMUENABLE);
        read_reg(a, offset);
    }
}

/* The accesses of a former owner's processor must wait for this guest. */
static void leave_untouched(struct world *w, unsigned int steps)
{
    struct actor guest = make_actor(w, 0, steps);

    do_not_touch(&guest);
    if ( world_settle(w) )
        world_met(w, MET_UNTOUCHED);
    else
        world_wrong(w, "no access waits at an untouched MMU");
    do_not_touch(&guest);
    world_touch(w);
}

static void use(struct crowd *c, unsigned int steps)
{
    struct world *w = c->w;

    start_p2m(c, steps / 4);
    start(&c->key, w, run_debug_key, 0, steps / 16);
    leave_untouched(w, steps / 4);
    start_vcpus(c, steps);

    join_vcpus(c);
    join_p2m(c);
    pthread_join(c->key.thread, NULL);
    tell_processors_to_stop(w);
    settle_requests(w);
    join_processors(c);
    world_check(w);
}

/* omap_mmu_disconnect(), vmmu_release() until done. */
static void release(struct crowd *c)
{
    struct world *w = c->w;
    bool done;

    world_await_fault(w, c->lives % 2);
    world_kill_interrupt(w);
    pthread_join(c->interrupts, NULL);
    world_kill_tasklet(w);
    pthread_join(c->tasklet, NULL);

    do
    {
        done = vmmu_release(&w->vmmu, PT_PAGES);
        world_released(w);
        if ( !done )
            world_met(w, MET_RELEASE_STEPS);
        world_perturb();
    }
    while ( !done );
    world_unlink(w);
}

/*
 * All references came back, the line is masked though a processor may wait, and a trap
 * is harmless: it reads zeros, and does nothing.
 */
static void check_released(struct world *w)
{
    uint64_t accesses = w->register_accesses, held = 0;
    unsigned int i;

    pthread_mutex_lock(&w->hardware);
    if ( w->line )
        world_wrong(w, "an interrupt after the release");
    pthread_mutex_unlock(&w->hardware);

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

static void add_counters(struct world *w)
{
    const struct shadow_counters *shadow = &w->vmmu.shadow.count;
    const struct vmmu_counters *vmmu = &w->vmmu.count;

    w->met[MET_FILLS] += shadow->fills;
    w->met[MET_KEPT] += shadow->kept;
    w->met[MET_OVERTAKEN] += shadow->retries;
    w->met[MET_EVICTIONS] += shadow->evictions;
    w->met[MET_PARKS] += shadow->parks;
    w->met[MET_DENIED] += shadow->denied;
    w->met[MET_RAISED] += vmmu->faults_raised;
    w->met[MET_SILENT] += vmmu->faults_silent;
}

/*
 * The processors are at work from before the assignment to after the release; the
 * p2m changes go on during the release, as in Xen; vCPUs do only if traps is set,
 * which Xen spares us.
 */
static void live(struct crowd *c, unsigned int steps, bool traps)
{
    struct world *w = c->w;

    alarm(PATIENCE);
    world_assign(w);
    pthread_create(&c->interrupts, NULL, world_interrupts, w);
    pthread_create(&c->tasklet, NULL, world_tasklet, w);
    use(c, steps);

    start_processors(c);
    start_p2m(c, steps / 16);
    if ( traps )
        start_vcpus(c, steps / 4);
    release(c);

    if ( traps )
        join_vcpus(c);
    join_p2m(c);
    check_released(w);
    add_counters(w);
    c->lives++;
}

/* What is to be met, by name. */

static const struct premise {
    enum event event;
    unsigned int tests;
    const char *what;
} premises[] = {
#define E(name, tests, what) { MET_##name, tests, what },
    WORLD_EVENTS(E)
#undef E
};

/* The next that was not met, or NULL. */
static const struct premise *not_met(const struct world *w, unsigned int test,
                                     const struct premise *p)
{
    for ( p = p ? p + 1 : premises; p < premises + NR_EVENTS; p++ )
        if ( (p->tests & test) && !w->met[p->event] )
            return p;

    return NULL;
}

static void tell_met(const struct world *w, unsigned int lives, time_t seconds)
{
    unsigned int i;

    printf("# %u assignments in %u s; times met:\n", lives,
           (unsigned int)seconds);
    for ( i = 0; i < NR_EVENTS; i++ )
        printf("#   %7u %s\n", w->met[premises[i].event], premises[i].what);
}

static void assert_met(const struct world *w, unsigned int test,
                       unsigned int limit)
{
    const struct premise *p = NULL;
    unsigned int missing = 0;

    for ( ; (p = not_met(w, test, p)); missing++ )
        print_error("not met within %u s: %s\n", limit, p->what);
    if ( missing )
        fail_msg("%u of what was to be met was not, named above", missing);
}

static void run_lives(unsigned int test)
{
    unsigned int lives = number_from("LIVES", 12);
    unsigned int limit = number_from("LIMIT", LIMIT);
    unsigned int steps = number_from("STEPS", 300);
    unsigned int before = reports;
    struct world *w = world_new(test == IN_BUS);
    struct crowd c = { .w = w };
    time_t start = time(NULL);

    start_processors(&c);
    while ( !w->failed &&
            (c.lives < lives ||
             (not_met(w, test, NULL) && time(NULL) - start < (time_t)limit)) )
        live(&c, steps, test == IN_TRAPS);
    tell_processors_to_stop(w);
    world_reset_processors(w);
    join_processors(&c);

    tell_met(w, c.lives, time(NULL) - start);
    if ( w->failed )
        fail_msg("%s", w->violation);
    if ( reports != before )
        fail_msg("ThreadSanitizer: %u reports, above", reports - before);
    assert_met(w, test, limit);
    world_free(w);
}

static void all_at_once_with_stalls(void **state)
{
    (void)state;
    run_lives(IN_STALLS);
}

static void all_at_once_with_bus_errors(void **state)
{
    (void)state;
    run_lives(IN_BUS);
}

static void traps_while_it_is_released(void **state)
{
    (void)state;
    run_lives(IN_TRAPS);
}

static void out_of_patience(int signal)
{
    static const char text[] = "# a thread does not end\n";

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
    /* A rest is as short as was asked for. */
    prctl(PR_SET_TIMERSLACK, 1);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
