/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A random guest with a GPU: it writes its tables and any register, its memory map changes
 * at any moment, and the GPU works meanwhile. sim/gpu_bif.h has the invariants. SEED=n
 * repeats a world, WORLDS=n is how many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gpu_bif.h"

#define ACTS  300u
#define KICK  SGX_EVENT_KICK
#define DIRS  3u
#define SLOTS 6u
#define PAGES 48u

static struct gpu_machine machine, *m = &machine;
static bool hostile;

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text ? strtoull(text, NULL, 0) : otherwise;
}

static uint32_t below(uint32_t n)
{
    return rng_below(&m->w.rng, n);
}

static uint32_t any_ram(void)
{
    return GPU_RAM + below(GPU_RAM_PAGES) * GPU_PAGE;
}

static uint32_t any_ipa(void)
{
    switch ( below(12) )
    {
    case 0:
        return GPU_MMIO + below(18) * GPU_PAGE;
    case 1:
        return GPU_HIGH;
    case 2:
        return GPU_NOTHING;
    case 3:
        return any_ram();
    default:
        return GPU_DATA(below(PAGES));
    }
}

/* The guest's tables: few pages, slots and words, so that acts meet. */

static uint32_t any_table(void)
{
    return hostile && !below(8) ? any_ram() : GPU_TABLE(below(4));
}

static void map(void)
{
    uint32_t table = any_table(), n = 1 + below(20), page = below(PAGES);

    for ( ; n; n--, page++ )
        gpu_store(m, table, page, any_ipa() | GPU_VALID | (below(16) << 1));
}

static void unmap(void)
{
    uint32_t table = any_table(), n = 1 + below(20), page = below(PAGES);

    for ( ; n; n--, page++ )
        gpu_store(m, table, page, 0);
}

static void link_table(void)
{
    uint32_t size = hostile && below(2) ? GPU_SIZE(below(8)) : 0;

    gpu_store(m, GPU_DIR(below(DIRS)), below(SLOTS),
              any_table() | GPU_VALID | size);
}

static void unlink_table(void)
{
    gpu_store(m, GPU_DIR(below(DIRS)), below(SLOTS), 0);
}

/* A table that no directory leads to any more holds data, which looks like words. */
static void recycle(void)
{
    uint32_t table = GPU_TABLE(below(4));
    unsigned int i;

    for ( i = 0; i < DIRS * SLOTS; i++ )
        if ( (*gpu_word(&m->w, GPU_DIR(i % DIRS), i / DIRS) & SGX_BASE_ADDR) ==
             table )
            gpu_store(m, GPU_DIR(i % DIRS), i / DIRS, 0);
    for ( i = 0; i < PAGES; i++ )
        gpu_store(m, table, i, any_ipa() | GPU_VALID);
    gpu_store(m, GPU_TABLE(below(4)), below(PAGES), table | GPU_VALID);
}

static void garbage(void)
{
    uint32_t page = below(2) ? GPU_DIR(below(DIRS)) : any_table();
    unsigned int i;

    for ( i = 0; hostile && i < 64; i++ )
        gpu_store(m, page, below(GPU_WORDS), rng_next(&m->w.rng));
}

/* Registers */

static unsigned int any_bank(void)
{
    return below(SGX_BANKS) * SGX_BANK_BYTES;
}

static void kick(void)
{
    static const uint32_t kicks[] = { KICK, SGX_EVENT_KICK1, SGX_EVENT_KICK2,
                                      SGX_EVENT_KICK3 };

    if ( below(2) )
        gpu_reg_write(m, SGX_BIF_CTRL_INVAL, SGX_INVAL_PTE);
    gpu_reg_write(m, any_bank() + kicks[below(4)], below(3));
}

static void storm(void)
{
    unsigned int i, n = 1 + below(200);

    for ( i = 0; hostile && i < n; i++ )
        kick();
}

static void write_base(void)
{
    uint32_t dir = below(4) ? GPU_DIR(below(DIRS)) : 0;

    if ( hostile && !below(4) )
        dir = any_ipa();
    gpu_reg_write(m, sgx_base_offset(below(SGX_BANKS), below(SGX_BASES)), dir);
}

static void record(void)
{
    uint32_t forget = below(3) ? 0 : SGX_MEDIATOR_FORGET, root;

    gpu_reg_write(m, SGX_MEDIATOR_DIR, GPU_DIR(below(DIRS)) | forget);
    root = gpu_reg_read(m, SGX_MEDIATOR_ROOT);
    if ( root )
        gpu_load(m, below(GPU_CORES), below(SGX_BASES), root);
}

static void write_any(void)
{
    unsigned int bank = any_bank();

    if ( !hostile )
        return;
    if ( below(2) )
        gpu_reg_write(m, bank + SGX_BIF_CTRL, rng_next(&m->w.rng));
    gpu_reg_write(m, bank + SGX_BIF_FIRST + below(64) * 4, rng_next(&m->w.rng));
    gpu_reg_write(m, bank + below(SGX_PAGE_BYTES), rng_next(&m->w.rng));
    gpu_reg_read(m, below(SGX_WINDOW));
}

static void reset(void)
{
    if ( below(3) )
        gpu_reg_write(m, any_bank() + SGX_SOFT_RESET,
                      hostile ? rng_next(&m->w.rng) : SGX_RESET_ALL);
    if ( below(4) )
        gpu_start(m);
}

static void interrupt(void)
{
    gpu_reg_write(m, any_bank() + SGX_EVENT_HOST_CLEAR, ~0u);
}

/* The memory map */

static void change_p2m(void)
{
    uint32_t ipa = below(4) ? GPU_DATA(below(PAGES)) : GPU_TABLE(below(4));

    if ( !below(16) )
        ipa = GPU_DIR(below(DIRS));
    if ( hostile && !below(4) && m->w.frame[(ipa - GPU_RAM) / GPU_PAGE] )
        gpu_page_goes(&m->w, ipa);
    else
        gpu_page_moves(&m->w, ipa);
}

/* More of them than may look through tables. */
static void change_often(void)
{
    unsigned int n = below(60);

    while ( n-- )
        change_p2m();
}

static void change_now(struct gpu_world *w)
{
    (void)w;
    change_p2m();
}

static void kick_now(struct gpu_world *w)
{
    (void)w;
    map();
    kick();
}

/* In the middle of the next step. */
static void change_soon(void)
{
    void (*what)(struct gpu_world *) = below(2) ? change_now : kick_now;

    switch ( below(3) )
    {
    case 0:
        m->w.on_ask = what;
        break;
    case 1:
        m->w.on_get = what;
        break;
    default:
        m->w.on_read = what;
    }
}

/* The GPU */

static uint32_t any_da(void)
{
    return (below(SLOTS) * GPU_WORDS + below(PAGES)) * GPU_PAGE;
}

static void access_pages(void)
{
    unsigned int i;
    uint64_t maddr;

    for ( i = 0; i < 20; i++ )
        gpu_access(m, below(GPU_CORES), below(SGX_BASES), any_da(), &maddr);
}

static void begin_requests(void)
{
    unsigned int n = below(10), core = below(GPU_CORES);

    while ( n-- )
        gpu_begin_request(m, core, below(SGX_BASES), any_da());
}

static void end_request(void)
{
    gpu_end_request(m, below(GPU_CORES));
}

/* Its driver restarts those that faulted. */
static void clear_fault(void)
{
    unsigned int ctrl = any_bank() + SGX_BIF_CTRL;

    gpu_reg_write(m, ctrl, SGX_CTRL_CLEAR_FAULT);
    gpu_reg_write(m, ctrl, 0);
}

static void invalidate(void)
{
    gpu_reg_write(m, any_bank() + SGX_BIF_CTRL_INVAL,
                  below(2) ? SGX_INVAL_PTE : SGX_INVAL_ALL);
}

static void stick(void)
{
    m->core[below(GPU_CORES)].stuck = hostile && !below(8);
}

static void work(void)
{
    gpu_work(m);
}

static void step(void)
{
    if ( below(4) )
        gpu_work(m);
    else
        gpu_settle(m);
}

static void renew(void)
{
    vbif_renew(&m->vbif);
}

static void (*const acts[])(void) = {
    map,          map,          unmap,          link_table,
    unlink_table, garbage,      kick,           kick,
    storm,        write_base,   write_base,     record,
    write_any,    reset,        interrupt,      change_p2m,
    change_soon,  access_pages, access_pages,   work,
    work,         step,         stick,          renew,
    change_often, recycle,      begin_requests, end_request,
    clear_fault,  invalidate,
};

static void fail_with(uint64_t seed, unsigned int act)
{
    const char *bad = m->w.wrong ? m->w.wrong : gpu_machine_check(m);

    if ( bad )
        fail_msg("SEED=%llu, act %u: %s", (unsigned long long)seed, act, bad);
}

static void live(uint64_t seed)
{
    unsigned int i;

    hostile = seed % 2;
    gpu_machine_init(m, seed % 3 ? DIRS : 2, seed % 5 ? GPU_MAX_TABLES : 3,
                     seed, seed / 2 % 2);
    gpu_start(m);
    for ( i = 0; i < ACTS; i++ )
    {
        acts[below(sizeof(acts) / sizeof(acts[0]))]();
        if ( m->w.wrong || i % 4 == 3 )
            fail_with(seed, i);
    }
    gpu_settle(m);
    fail_with(seed, i);
    gpu_machine_end(m, 1 + below(2 * GPU_WORDS));
    if ( m->w.wrong )
        fail_msg("SEED=%llu, release: %s", (unsigned long long)seed,
                 m->w.wrong);
}

static void random_guests(void **state)
{
    uint64_t seed = number_from("SEED", 0);
    uint64_t i, worlds = number_from("WORLDS", 24);

    (void)state;
    if ( seed )
        live(seed);
    for ( i = 1; !seed && i <= worlds; i++ )
        live(i);
}

/* One pass, with one thing that happens at one of its calls of the host. */

static unsigned int countdown;
static bool happened;
static unsigned int moment;
static uint32_t changes;

static void (**when(struct gpu_world *w))(struct gpu_world *w)
{
    if ( moment == 0 )
        return &w->on_read;

    return moment == 1 ? &w->on_ask : &w->on_get;
}

static void count_down(struct gpu_world *w)
{
    if ( --countdown )
    {
        *when(w) = count_down;
        return;
    }
    happened = true;
    if ( changes == GPU_NOTHING )
        gpu_start(m);
    else
        gpu_page_moves(w, changes);
}

static void set_up(void)
{
    unsigned int i;

    gpu_machine_init(m, GPU_MAX_DIRS, GPU_MAX_TABLES, 7, true);
    gpu_start(m);
    for ( i = 0; i < 3; i++ )
        gpu_store(m, GPU_DIR(i % 2), i, GPU_TABLE(i) | GPU_VALID);
    for ( i = 0; i < 40; i++ )
        gpu_store(m, GPU_TABLE(i % 3), i, GPU_DATA(i) | GPU_VALID);
    gpu_reg_write(m, sgx_base_offset(SGX_BROADCAST, 0), GPU_DIR(0));
    gpu_reg_write(m, sgx_base_offset(SGX_BROADCAST, 1), GPU_DIR(1));
    gpu_settle(m);
    for ( i = 0; i < 40; i++ )
        gpu_store(m, GPU_TABLE(i % 3), i + 1, GPU_DATA(i) | GPU_VALID);
}

/* False: the pass has not so many calls. */
static bool one_pass(unsigned int n)
{
    set_up();
    countdown = n;
    happened = false;
    *when(&m->w) = count_down;
    gpu_reg_write(m, KICK, 1);
    gpu_settle(m);
    m->w.on_read = m->w.on_ask = m->w.on_get = NULL;
    fail_with(7, n);
    gpu_machine_end(m, GPU_WORDS);
    assert_null(m->w.wrong);

    return happened;
}

static void each_moment_of_a_pass(void **state)
{
    static const uint32_t whats[] = { GPU_DATA(0),  GPU_DATA(39), GPU_TABLE(0),
                                      GPU_TABLE(2), GPU_DIR(0),   GPU_DIR(1),
                                      GPU_NOTHING };
    unsigned int i, n;

    (void)state;
    for ( i = 0; i < 3 * sizeof(whats) / sizeof(whats[0]); i++ )
    {
        changes = whats[i / 3];
        moment = i % 3;
        for ( n = 1; one_pass(n); n++ )
            assert_true(n < 1000);
        assert_true(n > 3);
    }
}

/* Each call of the host that can fail, or is not done, once in a driver's session. */

static void command(void)
{
    gpu_reg_write(m, SGX_BIF_CTRL_INVAL, SGX_INVAL_PTE);
    gpu_reg_write(m, KICK, 1);
    gpu_settle(m);
    fail_with(7, m->acts);
}

static void use_both(void)
{
    gpu_reg_write(m, sgx_base_offset(SGX_BROADCAST, 0), GPU_DIR(0));
    gpu_reg_write(m, SGX_MEDIATOR_DIR, GPU_DIR(1));
    gpu_load(m, 0, 1, gpu_reg_read(m, SGX_MEDIATOR_ROOT));
}

static void map_some(unsigned int first)
{
    unsigned int i;

    for ( i = first; i < first + 6; i++ )
        gpu_store(m, GPU_TABLE(i % 2), i, GPU_DATA(i) | GPU_VALID);
}

/* Both tables are one directory's, and one of them the other's as well. */
static void session(void)
{
    gpu_start(m);
    gpu_store(m, GPU_DIR(0), 0, GPU_TABLE(0) | GPU_VALID);
    gpu_store(m, GPU_DIR(0), 1, GPU_TABLE(1) | GPU_VALID);
    gpu_store(m, GPU_DIR(1), 0, GPU_TABLE(1) | GPU_VALID);
    map_some(0);
    use_both();
    command();
    access_pages();

    map_some(3);
    gpu_page_moves(&m->w, GPU_DATA(1));
    gpu_page_goes(&m->w, GPU_DATA(2));
    command();
    access_pages();

    /* A table becomes data. */
    gpu_store(m, GPU_DIR(0), 0, 0);
    gpu_store(m, GPU_TABLE(0), 9, GPU_DATA(9) | GPU_VALID);
    gpu_store(m, GPU_TABLE(1), 9, GPU_TABLE(0) | GPU_VALID);
    command();

    gpu_reg_write(m, SGX_MEDIATOR_DIR, GPU_DIR(1) | SGX_MEDIATOR_FORGET);
    gpu_start(m);
    use_both();
    command();
}

/* False: the session has not so many calls. */
static bool one_failure(unsigned int n, unsigned int *fails,
                        const unsigned int *calls, unsigned int at_once)
{
    bool has_failed;

    gpu_machine_init(m, GPU_MAX_DIRS, GPU_MAX_TABLES, 7, true);
    *fails = n;
    m->w.at_once = at_once;
    session();
    has_failed = *calls >= n;
    *fails = 0;
    command();
    gpu_machine_end(m, GPU_WORDS);
    assert_null(m->w.wrong);

    return has_failed;
}

static void each_call_fails_once(void **state)
{
    struct gpu_world *w = &m->w;
    unsigned int *const fails[] = { &w->fail_read, &w->fail_get, &w->fail_ask };
    const unsigned int *const calls[] = { &w->read, &w->asked, &w->asks };
    unsigned int i, n;

    (void)state;
    for ( i = 0; i < 6; i++ )
    {
        for ( n = 1; one_failure(n, fails[i / 2], calls[i / 2], i % 2); n++ )
            assert_true(n < 1000);
        assert_true(n > 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_guests),
        cmocka_unit_test(each_moment_of_a_pass),
        cmocka_unit_test(each_call_fails_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
