/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Concurrent accesses to a GPU's BIF and its mirror, as threads: two vCPUs that trap
 * and write tables, a CPU that changes the p2m, the tasklet, and a GPU at work, with
 * the BIFs of the model. Built with ThreadSanitizer; each of its reports fails the
 * test.
 *
 * They continue until all that the test is about was met; after LIMIT=n seconds the
 * test fails with what is missing.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "bif.h"
#include "fake_host.h"
#include "rng.h"
#include "vbif.h"
#include "view.h"

#define VCPUS  2u
#define LIMIT  120
#define WORDS  1024u
#define PAGE   4096u
#define DIRS   3u
#define TABLES 6u
#define USED   128u /* words of each table */

/* The guest's memory: directories and tables, then data; and frames of the machine. */
#define RAM      0x80000000u
#define PAGES    64u
#define TABLE(n) (RAM + (8 + (n)) * PAGE)
#define DATA(n)  (RAM + (32 + (n)) * PAGE)
#define FRAMES   (4 * PAGES)
#define MACHINE  0x40000000u
#define EMPTY    0x0f000000u
#define ROOTS    0x10000000u

struct world {
    struct host host;
    pthread_mutex_t mmu, p2m;
    struct vbif vbif;
    uint32_t words[DIRS + TABLES][WORDS];
    pthread_mutex_t gpu; /* of these two */
    struct bif bif;
    uint32_t seen[DIRS + TABLES][WORDS];   /* what was cleaned */
    _Atomic uint32_t memory[PAGES][WORDS]; /* of the guest, by IPA */
    uint32_t frame[PAGES];                 /* the p2m's lock; 0: not there */
    atomic_int held[FRAMES];
    atomic_bool stop;
    atomic_uint wrong;
};

static struct world w;

static void note(bool right, const char *what)
{
    if ( right )
        return;
    if ( !w.wrong++ )
        printf("# %s\n", what);
}

/* The host */

static void lock(struct host *host)
{
    (void)host;
    pthread_mutex_lock(&w.mmu);
}

static void unlock(struct host *host)
{
    (void)host;
    pthread_mutex_unlock(&w.mmu);
}

static bool is_ram(uint64_t ipa)
{
    return ipa >= RAM && ipa < RAM + PAGES * PAGE;
}

/* Word by word, while vCPUs write. */
static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    uint32_t *to = buf;
    size_t i;

    (void)host;
    if ( !is_ram(ipa.v) )
        return false;
    for ( i = 0; i < len / 4; i++ )
        to[i] = w.memory[(ipa.v - RAM) / PAGE][i];

    return true;
}

static struct host_page look_up(ipa_t ipa)
{
    uint32_t frame = is_ram(ipa.v) ? w.frame[(ipa.v - RAM) / PAGE] : 0;

    if ( !frame )
        return host_denied(DENIED_UNMAPPED);
    w.held[frame]++;

    return host_page(HOST_RAM, _maddr(MACHINE + (uint64_t)frame * PAGE));
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    unsigned int i;

    (void)host;
    pthread_mutex_lock(&w.p2m);
    for_each_mapped(i, view, n)
        page[i] = look_up(view_ipa(view[i]));
    pthread_mutex_unlock(&w.p2m);

    return n;
}

static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    (void)host;
    note(pages == 1 && w.held[(maddr.v - MACHINE) / PAGE]-- > 0,
         "a reference is given back that nobody held");
}

static void clean(struct host *host, const void *p, size_t len)
{
    size_t offset = (const uint8_t *)p - (const uint8_t *)w.words;

    (void)host;
    pthread_mutex_lock(&w.gpu);
    memcpy((uint8_t *)w.seen + offset, p, len);
    pthread_mutex_unlock(&w.gpu);
}

static uint32_t reg_read(struct host *host, unsigned int offset)
{
    uint32_t value;

    (void)host;
    pthread_mutex_lock(&w.gpu);
    value = bif_reg_read(&w.bif, offset);
    pthread_mutex_unlock(&w.gpu);

    return value;
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    (void)host;
    pthread_mutex_lock(&w.gpu);
    bif_reg_write(&w.bif, offset, value, false);
    pthread_mutex_unlock(&w.gpu);
}

static const struct host_ops ops = {
    FAKE_HOST(lock, unlock, NULL, clean),
    FAKE_HOST_QUIET,
};

/* vCPUs */

static void write_table(struct rng *rng)
{
    uint32_t table = rng_below(rng, TABLES), first = rng_below(rng, USED - 32);
    unsigned int i;

    for ( i = 0; i < 32; i++ )
        w.memory[(TABLE(table) - RAM) / PAGE][first + i] =
            DATA(rng_below(rng, 16)) | rng_below(rng, 2);
}

static void write_dir(struct rng *rng)
{
    w.memory[rng_below(rng, DIRS + 1)][rng_below(rng, 8)] =
        TABLE(rng_below(rng, TABLES)) | rng_below(rng, 2);
}

static void write_base(struct rng *rng)
{
    vbif_write(&w.vbif,
               sgx_base_offset(rng_below(rng, SGX_BANKS), rng_below(rng, 8)), 4,
               rng_below(rng, 3) ? RAM + rng_below(rng, DIRS + 1) * PAGE : 0);
}

static void ring(struct rng *rng)
{
    (void)rng;
    vbif_write(&w.vbif, SGX_CORE0 * SGX_BANK_BYTES + SGX_EVENT_KICK, 4, 1);
}

static void record(struct rng *rng)
{
    vbif_write(&w.vbif, SGX_MEDIATOR_DIR, 4,
               (RAM + rng_below(rng, DIRS + 1) * PAGE) | rng_below(rng, 2));
    vbif_read(&w.vbif, SGX_MEDIATOR_ROOT, 4);
}

static void reset(struct rng *rng)
{
    if ( rng_below(rng, 8) )
        return;
    vbif_write(&w.vbif, SGX_SOFT_RESET, 4, SGX_RESET_ALL);
    vbif_write(&w.vbif, SGX_SOFT_RESET, 4, 0);
}

static void any_register(struct rng *rng)
{
    uint32_t offset = rng_below(rng, SGX_WINDOW / 4) * 4;

    vbif_read(&w.vbif, offset, 4);
    if ( !rng_below(rng, 8) )
        vbif_write(&w.vbif, offset, 4, rng_next(rng));
}

static void *run_vcpu(void *arg)
{
    static void (*const acts[])(struct rng *) = {
        write_table, write_table, write_dir,    write_base, ring,
        ring,        record,      any_register, reset,
    };
    struct rng rng = { .state = (uintptr_t)arg };

    while ( !w.stop )
        acts[rng_below(&rng, sizeof(acts) / sizeof(acts[0]))](&rng);

    return NULL;
}

/* The GPU */

static bool read32(void *ctx, uint32_t pa, uint32_t *value)
{
    uint32_t page = (pa - ROOTS) / PAGE;

    (void)ctx;
    *value = page < DIRS + TABLES ? w.seen[page][pa % PAGE / 4] : 0;

    return page < DIRS + TABLES || pa - EMPTY < PAGE;
}

static void on_event(void *ctx, const struct bif_event *e)
{
    (void)ctx;
    note(e->kind != BIF_ACCESS || w.held[(e->pa - MACHINE) / PAGE] > 0,
         "the GPU reaches a page that is not held");
}

/* Its fault is cleared; a pause is not. */
static void recover(unsigned int bank)
{
    unsigned int ctrl = bank * SGX_BANK_BYTES + SGX_BIF_CTRL;

    bif_reg_write(&w.bif, ctrl,
                  bif_reg_read(&w.bif, ctrl) | SGX_CTRL_CLEAR_FAULT, true);
}

/* No block that reads memory is out of reset. */
static bool is_idle(unsigned int bank)
{
    return !(~bif_reg_read(&w.bif, bank * SGX_BANK_BYTES + SGX_SOFT_RESET) &
             0x5feu);
}

/* A base that leads somewhere, if there is one from n on. */
static unsigned int a_base(unsigned int bank, unsigned int n)
{
    while ( n < SGX_BASES - 1 &&
            bif_reg_read(&w.bif, sgx_base_offset(bank, n)) == EMPTY )
        n++;

    return n;
}

/* What it reads it may cache later. */
static void access_page(struct rng *rng)
{
    uint32_t da = (rng_below(rng, 8) * WORDS + rng_below(rng, USED)) * PAGE;
    unsigned int bank = SGX_CORE0 + rng_below(rng, 2);
    struct bif_request r;
    bool begun = false;
    uint32_t pa;

    pthread_mutex_lock(&w.gpu);
    bif_reg_write(&w.bif, bank * SGX_BANK_BYTES + SGX_BIF_BANK0,
                  a_base(bank, rng_below(rng, SGX_BASES)), true);
    if ( !is_idle(bank) )
        begun = bif_begin(&w.bif, &r, bank, BIF_EDM, da, false) == BIF_OK;
    pthread_mutex_unlock(&w.gpu);
    if ( !begun )
        return;

    pthread_mutex_lock(&w.gpu);
    if ( bif_end(&w.bif, &r, &pa) == BIF_FAULT )
        recover(bank);
    pthread_mutex_unlock(&w.gpu);
}

static void *run_gpu(void *arg)
{
    struct rng rng = { .state = (uintptr_t)arg };
    const struct timespec moment = { .tv_nsec = 20000 };

    while ( !w.stop )
    {
        access_page(&rng);
        nanosleep(&moment, NULL);
    }

    return NULL;
}

/* The p2m */

struct page_that_left {
    uint64_t maddr;
};

static bool is_another(void *arg, const struct mirror_leaf *leaf)
{
    const struct page_that_left *left = arg;

    note(leaf->maddr.v != left->maddr, "hardware reaches a page that left");

    return true;
}

static bool is_a_pages(uint32_t frame)
{
    unsigned int i;

    for ( i = 0; i < PAGES; i++ )
        if ( w.frame[i] == frame )
            return true;

    return false;
}

/* A frame that is nobody's. */
static uint32_t free_frame(struct rng *rng)
{
    uint32_t frame;

    do
        frame = 1 + rng_below(rng, FRAMES - 1);
    while ( w.held[frame] || is_a_pages(frame) );

    return frame;
}

static void change_page(struct rng *rng)
{
    unsigned int page = (DATA(rng_below(rng, 16)) - RAM) / PAGE;
    struct page_that_left left;

    pthread_mutex_lock(&w.p2m);
    left.maddr = MACHINE + (uint64_t)w.frame[page] * PAGE;
    w.frame[page] = rng_below(rng, 4) ? free_frame(rng) : 0;
    vbif_ipa_changed(&w.vbif, _ipa(RAM + page * PAGE), 1);
    pthread_mutex_lock(&w.mmu);
    mirror_for_each(w.vbif.mirror, is_another, &left);
    pthread_mutex_unlock(&w.mmu);
    pthread_mutex_unlock(&w.p2m);
}

/* The clock goes with it: changes are more than may look through tables. */
static void *run_p2m(void *arg)
{
    struct rng rng = { .state = (uintptr_t)arg };
    const struct timespec moment = { .tv_nsec = 20000 };
    unsigned int n;

    for ( n = 0; !w.stop; n++ )
    {
        change_page(&rng);
        if ( n % 128 == 0 )
            vbif_renew(&w.vbif);
        nanosleep(&moment, NULL);
    }

    return NULL;
}

/* The tasklet */
static void *run_tasklet(void *arg)
{
    (void)arg;
    while ( !w.stop )
        vbif_work(&w.vbif);

    return NULL;
}

/* A life */

static const char *missing(void)
{
    const struct mirror_counters *count = mirror_counters(w.vbif.mirror);
    const char *what = NULL;

    pthread_mutex_lock(&w.mmu);
    if ( count->passes < 200 )
        what = "passes";
    else if ( w.vbif.count.doorbells < 200 )
        what = "doorbells";
    else if ( count->overtaken < 5 )
        what = "translations that a p2m change overtook";
    else if ( count->removed < 200 )
        what = "words taken away";
    else if ( !count->parks )
        what = "parks";
    pthread_mutex_unlock(&w.mmu);
    pthread_mutex_lock(&w.gpu);
    if ( !what && w.bif.stats.translated < 200 )
        what = "accesses";
    pthread_mutex_unlock(&w.gpu);

    return what;
}

static void assign(void)
{
    const struct bif_config config = {
        .reset_keeps_caches = true,
        .read32 = read32,
        .event = on_event,
    };
    static void *records;
    struct mirror_memory mem = {
        .dirs = w.words[0],
        .dirs_maddr = { ROOTS },
        .tables = w.words[DIRS],
        .tables_maddr = { ROOTS + DIRS * PAGE },
        .nr_dirs = DIRS,
        .nr_tables = TABLES,
    };
    unsigned int i;

    w.host.ops = &ops;
    pthread_mutex_init(&w.mmu, NULL);
    pthread_mutex_init(&w.p2m, NULL);
    pthread_mutex_init(&w.gpu, NULL);
    bif_init(&w.bif, &config);
    for ( i = 0; i < PAGES; i++ )
        w.frame[i] = 1 + i;
    records = calloc(1, mirror_record_bytes(DIRS, TABLES));
    assert_non_null(records);
    mem.records = records;
    vbif_init(&w.vbif, &w.host, &mem, _maddr(EMPTY));
    vbif_write(&w.vbif, SGX_SOFT_RESET, 4, SGX_RESET_ALL);
    vbif_write(&w.vbif, SGX_SOFT_RESET, 4, 0);
}

static void release(void)
{
    void *records = w.vbif.mirror;
    unsigned int i;

    pthread_mutex_lock(&w.mmu);
    assert_null(vbif_audit(&w.vbif));
    pthread_mutex_unlock(&w.mmu);
    while ( !vbif_release(&w.vbif, 1000) )
        continue;
    for ( i = 0; i < FRAMES; i++ )
        assert_int_equal(w.held[i], 0);
    free(records);
}

static void all_at_once(void **state)
{
    pthread_t thread[VCPUS + 3];
    const char *limit = getenv("LIMIT"), *what;
    time_t end = time(NULL) + (limit ? atoi(limit) : LIMIT);
    const struct timespec moment = { .tv_nsec = 50000000 };
    unsigned int i;

    (void)state;
    assign();
    for ( i = 0; i < VCPUS; i++ )
        pthread_create(&thread[i], NULL, run_vcpu, (void *)(uintptr_t)(i + 1));
    pthread_create(&thread[VCPUS], NULL, run_p2m, (void *)(uintptr_t)77);
    pthread_create(&thread[VCPUS + 1], NULL, run_tasklet, NULL);
    pthread_create(&thread[VCPUS + 2], NULL, run_gpu, (void *)(uintptr_t)99);
    while ( (what = missing()) && time(NULL) < end && !w.wrong )
        nanosleep(&moment, NULL);
    w.stop = true;
    for ( i = 0; i < VCPUS + 3; i++ )
        pthread_join(thread[i], NULL);

    assert_int_equal(w.wrong, 0);
    if ( what )
        fail_msg("not met in time: %s", what);
    release();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
