/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A doorbell waits until all that the guest maps was compared with its mirror. The
 * floor reads and compares the same bytes, and looks up, holds and writes what differs:
 * no mediator with references can do less.
 */
#include <math.h>
#include <string.h>

#include "doorbell.h"
#include "report.h"
#include "vbif.h"

#define WORDS      1024u /* of a directory, and of a table */
#define MAX_TABLES 512u
#define MORE       4u /* tables of the 16 MiB that are mapped */
#define ALL_TABLES (MAX_TABLES + MORE)
#define VALID      1u
#define ADDRESS    (~(PAGE_BYTES - 1))

/* The guest's directory and tables, at the end of its memory; its data before. */
#define DIR_IPA    (RAM_IPA + RAM_BYTES - 4 * MIB)
#define DATA_PAGES ((DIR_IPA - RAM_IPA) / PAGE_BYTES)

/* The page that changes, and what it becomes in turn. */
#define CHANGED_WORD 37u

/* What the floor knows of a directory or table: the guest's words, and its own. */
struct copy {
    uint32_t guest[WORDS], own[WORDS];
};

static struct {
    struct bench_host host;
    struct vbif vbif;
    void *records;
    uint32_t *dir, *table[ALL_TABLES]; /* the guest's, as it writes them */
    struct copy floor_dir, floor[ALL_TABLES];
    unsigned int tables;
} gpu;

/* The guest */

static uint32_t page_ipa(unsigned int n)
{
    return RAM_IPA + n % DATA_PAGES * PAGE_BYTES;
}

static uint32_t table_ipa(unsigned int n)
{
    return DIR_IPA + (1 + n) * PAGE_BYTES;
}

static uint32_t *guest_page(uint32_t ipa)
{
    maddr_t maddr;

    if ( !p2m_lookup(&gpu.host, _ipa(ipa), &maddr) )
        die("a table of the guest is not in its memory\n");

    return machine_at(&gpu.host, maddr);
}

/* n tables of 4 MiB each are mapped; those of the 16 MiB are written, not linked. */
static void guest_write(unsigned int n)
{
    unsigned int i, page;

    gpu.tables = n;
    gpu.dir = guest_page(DIR_IPA);
    for ( i = 0; i < ALL_TABLES; i++ )
    {
        gpu.table[i] = guest_page(table_ipa(i));
        for ( page = 0; page < WORDS; page++ )
            gpu.table[i][page] = page_ipa(i * WORDS + page) | VALID;
    }
    for ( i = 0; i < n; i++ )
        gpu.dir[i] = table_ipa(i) | VALID;
}

static void link_more(bool linked)
{
    unsigned int i;

    for ( i = 0; i < MORE; i++ )
        gpu.dir[MAX_TABLES + i] =
            linked ? table_ipa(MAX_TABLES + i) | VALID : 0;
}

/* The floor */

static bool read_page(uint32_t ipa, uint32_t words[WORDS])
{
    struct host *host = &gpu.host.host;

    return host->ops->read_guest(host, _ipa(ipa), words, PAGE_BYTES);
}

/* The words that differ: looked up and held all at once, as the mediator may. */
static void floor_table(struct copy *copy, uint32_t ipa)
{
    static uint32_t fresh[WORDS], view[WORDS];
    static struct host_page got[WORDS];
    struct host *host = &gpu.host.host;
    unsigned int i;

    if ( !read_page(ipa, fresh) )
        die("a table of the guest cannot be read\n");
    if ( !memcmp(fresh, copy->guest, PAGE_BYTES) )
        return;

    for ( i = 0; i < WORDS; i++ )
        view[i] = fresh[i] == copy->guest[i] ? 0 : fresh[i];
    host->ops->get_pages(host, view, WORDS, got);
    for ( i = 0; i < WORDS; i++ )
    {
        if ( fresh[i] == copy->guest[i] )
            continue;
        if ( copy->own[i] )
            put_page(&gpu.host, _maddr(copy->own[i] & ADDRESS));
        copy->own[i] = view[i] ? (uint32_t)host_maddr(got[i]).v | VALID : 0;
    }
    memcpy(copy->guest, fresh, PAGE_BYTES);
}

static void floor_forget_table(struct copy *copy)
{
    unsigned int i;

    for ( i = 0; i < WORDS; i++ )
        if ( copy->own[i] )
            put_page(&gpu.host, _maddr(copy->own[i] & ADDRESS));
    memset(copy, 0, sizeof(*copy));
}

/* Slot n's table is the n-th: the floor need not look for it. */
static void floor_pass(struct world *unused)
{
    static uint32_t fresh[WORDS];
    unsigned int i;

    (void)unused;
    if ( !read_page(DIR_IPA, fresh) )
        die("the guest's directory cannot be read\n");
    if ( memcmp(fresh, gpu.floor_dir.guest, PAGE_BYTES) )
    {
        for ( i = 0; i < ALL_TABLES; i++ )
            if ( gpu.floor_dir.guest[i] && !fresh[i] )
                floor_forget_table(&gpu.floor[i]);
        memcpy(gpu.floor_dir.guest, fresh, PAGE_BYTES);
    }
    for ( i = 0; i < ALL_TABLES; i++ )
        if ( fresh[i] )
            floor_table(&gpu.floor[i], fresh[i] & ADDRESS);
}

/* The mediator */

static void ring(struct world *unused)
{
    uint64_t rung = gpu.vbif.count.doorbells;

    (void)unused;
    vbif_write(&gpu.vbif, SGX_CORE0 * SGX_BANK_BYTES + SGX_EVENT_KICK, 4, 1);
    while ( vbif_work(&gpu.vbif) )
        continue;
    if ( gpu.vbif.count.doorbells != rung + 1 )
        die("a doorbell was not forwarded\n");
}

static void init_mediator(unsigned int tables)
{
    struct bench_host *h = &gpu.host;
    struct mirror_memory mem = {
        .dirs_maddr = machine_alloc(h, PAGE_BYTES),
        .tables_maddr = machine_alloc(h, PAGE_BYTES),
        .nr_dirs = 1,
        .nr_tables = tables,
    };
    maddr_t empty;

    machine_alloc(h, tables * PAGE_BYTES);
    empty = machine_alloc(h, PAGE_BYTES);
    mem.dirs = machine_at(h, mem.dirs_maddr);
    mem.tables = machine_at(h, mem.tables_maddr);
    mem.records = gpu.records = calloc(1, mirror_record_bytes(1, tables));
    if ( !mem.records )
        die("no memory\n");
    vbif_init(&gpu.vbif, &h->host, &mem, empty);
    vbif_write(&gpu.vbif, SGX_SOFT_RESET, 4, SGX_RESET_ALL);
    vbif_write(&gpu.vbif, SGX_SOFT_RESET, 4, 0);
    vbif_write(&gpu.vbif, sgx_base_offset(SGX_CORE0, SGX_BASE_EDM), 4, DIR_IPA);
}

/* What the guest does between two doorbells; it is not timed. */

static void change_one(struct world *unused)
{
    uint32_t *word = &gpu.table[gpu.tables / 2][CHANGED_WORD];
    uint32_t a = page_ipa(DATA_PAGES - 1) | VALID;
    uint32_t b = page_ipa(DATA_PAGES - 2) | VALID;

    (void)unused;
    *word = *word == a ? b : a;
}

static void map_more(struct world *unused)
{
    link_more(false);
    ring(unused);
    floor_pass(unused);
    link_more(true);
}

/* Both know what the guest maps. */
static bool hardware_has(unsigned int slot, unsigned int page, uint32_t *word)
{
    uint32_t base = gpu.host.reg[sgx_base_offset(SGX_CORE0, SGX_BASE_EDM) / 4];
    const uint32_t *dir = machine_at(&gpu.host, _maddr(base & ADDRESS));
    const uint32_t *table;

    if ( !(dir[slot] & VALID) )
        return false;
    table = machine_at(&gpu.host, _maddr(dir[slot] & ADDRESS));
    *word = table[page];

    return true;
}

static void verify_doorbell(void)
{
    unsigned int slot, page;
    uint32_t word = 0;

    ring(NULL);
    floor_pass(NULL);
    for ( slot = 0; slot < ALL_TABLES; slot++ )
        for ( page = 0; page < WORDS; page += 37 )
            if ( hardware_has(slot, page, &word) != !!gpu.dir[slot] ||
                 (gpu.dir[slot] && word != gpu.floor[slot].own[page]) )
                die("the mirror of slot %u differs from the floor\n", slot);
}

static void doorbell_row(unsigned int tables, const char *what,
                         void (*change)(struct world *w))
{
    const struct work work[CONTENDERS] = {
        [MEDIATOR] = { change, ring },
        [FLOOR] = { NULL, floor_pass },
    };
    double value[CONTENDERS];
    char name[56];

    measure_time(NULL, work, value);
    snprintf(name, sizeof(name), "%u table%s, %s", tables,
             tables == 1 ? "" : "s", what);
    report_row(name, "ns", value, 1);
    verify_doorbell();
}

static void free_doorbell_world(void)
{
    unsigned int i;
    const char *bad = vbif_audit(&gpu.vbif);

    if ( bad )
        die("the mirror's audit says: %s\n", bad);
    while ( !vbif_release(&gpu.vbif, WORDS) )
        continue;
    for ( i = 0; i < ALL_TABLES; i++ )
        floor_forget_table(&gpu.floor[i]);
    if ( references(&gpu.host) )
        die("references are left after the release\n");
    free(gpu.records);
    bench_host_free(&gpu.host);
}

void bench_doorbells(void)
{
    static const unsigned int sizes[] = { 1, 8, 128, MAX_TABLES };
    unsigned int i;

    report_group("A doorbell of the GPU's, random memory",
                 "One directory; each table maps 4 MiB. The pass that the "
                 "doorbell waits for, beside a plain compare of the same "
                 "bytes.");
    for ( i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++ )
    {
        memset(&gpu, 0, sizeof(gpu));
        bench_host_init(&gpu.host, MEMORY_RANDOM);
        guest_write(sizes[i]);
        init_mediator(sizes[i] + MORE);
        verify_doorbell();
        doorbell_row(sizes[i], "nothing changed", NULL);
        doorbell_row(sizes[i], "one page changed", change_one);
        doorbell_row(sizes[i], "16 MiB more mapped", map_more);
        free_doorbell_world();
    }
}
