/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The worst case that was devised for a GPU's mirror. As in world.c there is no memory
 * behind any address of the guest; a sequence of operations happens to one mirror, and
 * each is measured.
 */
#include <string.h>

#include "fake_host.h"
#include "vbif.h"
#include "view.h"
#include "world.h"

#define PAGE       4096u
#define WORDS      1024u /* of a directory, and of a table */
#define VALID      1u
#define EMPTY      0x30000000u
#define DIRS_MADDR 0x31000000u

/* Page n of the directories; no table has such an address. */
#define DIR(n)    (0x3f000000u + (n)*PAGE)
#define IS_DIR(x) ((x)-DIR(0) < MIRROR_MAX_DIRS * PAGE)

/* By reset, each core and the master have 8 directories; records the others. */
#define BASE_DIRS ((SGX_BANKS - 1) * SGX_BASES)

/* What a table maps. */
enum content {
    NOTHING,
    SPREAD,  /* each page in a MiB of its own */
    SPREAD2, /* the same, and no page as before */
    ONE,     /* all words one page, PAGE_OF_ALL */
    ASIDE,   /* from the first MiB to the last one, but none of GIB */
    WITHIN,  /* each MiB of GIB */
};

#define GIB         0x40000000u
#define PAGE_OF_ALL (2 * GIB - PAGE)

/* Which tables directories name. */
enum links {
    LINK_FIRST,  /* one in all slots */
    LINK_TABLES, /* each table of the pool, in turn */
    LINK_TURNED, /* the same, in another slot each */
    LINK_OTHERS, /* some for which there is no room */
};

static struct {
    struct host host;
    struct vbif vbif;
    uint32_t reg[SGX_WINDOW / 4];
    enum content content;
    enum links links;
    unsigned int tables, sizes;
    unsigned int slow;  /* quiescings that the GPU follows at the last moment */
    unsigned int polls; /* of this one, so far */
    bool stuck;         /* it does not follow */
    bool read_dir;      /* by the step */
    uint32_t held;
} gpu;

/* The guest */

/*
 * A table's key: 24 of them share a bucket, four pages of six sizes each. The
 * first of them is found last.
 */
static uint32_t table_word(unsigned int n)
{
    unsigned int key = n % (4 * gpu.sizes), page = n / (4 * gpu.sizes);

    return key / gpu.sizes << 30 | page << 12 | key % gpu.sizes << 1 | VALID;
}

static uint32_t dir_word(unsigned int dir, unsigned int slot)
{
    unsigned int n = dir * WORDS + slot;

    switch ( gpu.links )
    {
    case LINK_TABLES:
        return table_word(n % gpu.tables);
    case LINK_TURNED:
        return table_word((n + 1) % gpu.tables);
    case LINK_OTHERS:
        return table_word(gpu.tables + n % WORDS) ^ 1u << 29;
    default:
        return table_word(0);
    }
}

static uint32_t spread_page(unsigned int word)
{
    return word << 22 | word % 256 << 12;
}

static uint32_t mapped_word(unsigned int word)
{
    switch ( gpu.content )
    {
    case SPREAD:
        return spread_page(word) | VALID;
    case SPREAD2:
        return spread_page(word) | 1u << 20 | VALID;
    case ONE:
        return PAGE_OF_ALL | VALID;
    case ASIDE:
        return (word == WORDS - 1 ? -PAGE : word * PAGE) | VALID;
    case WITHIN:
        return GIB | word << 20 | VALID;
    default:
        return 0;
    }
}

/* Of a large pool most tables have a few pages only: else this takes long. */
static uint32_t page_word(uint32_t table, unsigned int word)
{
    bool dense = table << 2 >> 14 < 16;

    return dense || word % 64 == 0 || word == WORDS - 1 ? mapped_word(word) : 0;
}

/* The host */

static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    uint32_t *word = buf, at = (uint32_t)ipa.v;
    unsigned int i;

    (void)host;
    meter_charge(LOOKUPS, 1);
    gpu.read_dir = IS_DIR(at);
    for ( i = 0; i < len / sizeof(*word); i++ )
        word[i] =
            gpu.read_dir ? dir_word((at - DIR(0)) / PAGE, i) : page_word(at, i);

    return true;
}

static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    (void)host;
    (void)maddr;
    gpu.held -= pages;
    meter_charge(GIVEN, pages);
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    unsigned int i;

    (void)host;
    for_each_mapped(i, view, n)
    {
        page[i] = host_page(HOST_RAM, _maddr(view_ipa(view[i]).v));
        gpu.held++;
        meter_charge(LOOKUPS, 1);
        meter_charge(TAKEN, 1);
    }

    return n;
}

/* Reads are under way for as long as they may be, or longer. */
static uint32_t mem_req_stat(void)
{
    if ( gpu.stuck )
        return 1;

    return gpu.slow && gpu.polls++ < BIF_POLLS - 4;
}

static uint32_t reg_read(struct host *host, unsigned int offset)
{
    (void)host;
    meter_charge(REGISTERS, 1);

    return offset % SGX_BANK_BYTES == SGX_BIF_MEM_REQ_STAT
               ? mem_req_stat()
               : gpu.reg[offset / 4];
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    unsigned int bank;

    (void)host;
    meter_charge(REGISTERS, 1);
    if ( offset % SGX_BANK_BYTES == SGX_BIF_CTRL && !(value & SGX_CTRL_PAUSE) )
    {
        gpu.slow -= gpu.polls > 0;
        gpu.polls = 0;
    }
    gpu.reg[offset / 4] = value;
    for ( bank = SGX_MASTER; offset < SGX_BANK_BYTES && bank < SGX_BANKS;
          bank++ )
        gpu.reg[(bank * SGX_BANK_BYTES + offset) / 4] = value;
}

static const struct host_ops ops = {
    FAKE_HOST(meter_lock, meter_unlock, NULL, meter_clean),
    .defer = quiet_defer,
    .log = quiet_log,
};

/* What the guest does, unmeasured */

static void write(unsigned int offset, uint32_t value)
{
    vbif_write(&gpu.vbif, offset, 4, value);
}

static void pass(void)
{
    while ( vbif_work(&gpu.vbif) )
        continue;
}

static void start_again(void)
{
    gpu.stuck = false;
    write(SGX_SOFT_RESET, SGX_RESET_ALL);
    write(SGX_SOFT_RESET, 0);
}

/* Each base and record has a directory of its own. */
static void bind_all(void)
{
    unsigned int bank, n, dir = 0;

    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        for ( n = 0; n < SGX_BASES; n++ )
            write(sgx_base_offset(bank, n), DIR(dir++));
    for ( ; dir < MIRROR_MAX_DIRS; dir++ )
        write(SGX_MEDIATOR_DIR, DIR(dir));
}

static void zero(void *p, size_t bytes)
{
    uint64_t *to = p;
    size_t i;

    for ( i = 0; i < bytes / sizeof(*to); i++ )
        to[i] = 0;
}

static void init(unsigned int tables)
{
    struct mirror_memory mem = {
        .dirs = (uint32_t *)GPU_BASE,
        .dirs_maddr = { DIRS_MADDR },
        .nr_dirs = MIRROR_MAX_DIRS,
        .tables_maddr = { DIRS_MADDR + MIRROR_MAX_DIRS * PAGE },
        .nr_tables = tables,
    };
    size_t records = mirror_record_bytes(MIRROR_MAX_DIRS, tables);

    mem.tables = mem.dirs + MIRROR_MAX_DIRS * WORDS;
    mem.records = mem.tables + tables * WORDS;
    if ( (uintptr_t)mem.records + records > MEMORY_SIZE - 0x100000 )
        trouble("there is no memory for the GPU's mirror");
    memset(&gpu, 0, sizeof(gpu));
    zero(mem.dirs, (uintptr_t)mem.records + records - GPU_BASE);
    gpu.host.ops = &ops;
    gpu.tables = world.tables = tables;
    gpu.sizes = 6;
    if ( !vbif_init(&gpu.vbif, &gpu.host, &mem, _maddr(EMPTY)) )
        trouble("the GPU does not answer");
    start_again();
    bind_all();
}

/* Of larger pages one word is several pages. */
static uint32_t guests_ipa(unsigned int dir, uint32_t da)
{
    unsigned int page = da / PAGE % WORDS;
    uint32_t table = dir_word(dir, da / PAGE / WORDS);
    uint32_t shift = 2 * (table >> 1 & 7), low = ((1u << shift) - 1) * PAGE;

    return (page_word(table, page >> shift) & ~(PAGE - 1) & ~low) |
           (page * PAGE & low);
}

static bool is_the_guests(void *arg, const struct mirror_leaf *leaf)
{
    unsigned int *leaves = arg;
    uint32_t dir = (uint32_t)mirror_ipa(gpu.vbif.mirror, leaf->dir).v;

    if ( guests_ipa((dir - DIR(0)) / PAGE, (uint32_t)leaf->da.v) !=
         leaf->ipa.v )
        trouble("the mirror leads elsewhere than the guest's tables");

    return ++*leaves < 64 * WORDS;
}

/* After a pass: what was measured must have been right. */
static void check(void)
{
    const char *bad = vbif_audit(&gpu.vbif);
    unsigned int leaves = 0;

    if ( bad )
        trouble(bad);
    mirror_for_each(gpu.vbif.mirror, is_the_guests, &leaves);
    if ( gpu.content != NOTHING && leaves < 64 * WORDS )
        trouble("the mirror has less than the guest's tables");
}

/* Measured */

static void report(void)
{
    meter_stop();
    meter_report();
}

static void measure_write(enum operation operation, unsigned int offset,
                          uint32_t value)
{
    meter_start(operation, false);
    write(offset, value);
    report();
}

static void measure_read(unsigned int offset)
{
    meter_start(GPU_READ, false);
    vbif_read(&gpu.vbif, offset, 4);
    report();
}

/* Each step of a pass, by what it looks at. */
static void measure_pass(void)
{
    enum mirror_step step = MIRROR_MORE;

    mirror_request(gpu.vbif.mirror);
    while ( step != MIRROR_DONE )
    {
        gpu.read_dir = false;
        gpu.slow = gpu.tables < MIRROR_MAX_TABLES;
        meter_start(GPU_STEP_TABLE, false);
        step = mirror_step(gpu.vbif.mirror);
        meter_stop();
        if ( gpu.read_dir )
            world.bill.operation = GPU_STEP_DIR;
        meter_report();
    }
    gpu.slow = 0;
    while ( mirror_step(gpu.vbif.mirror) != MIRROR_IDLE )
        continue;
}

static void measure_work(void)
{
    bool more = true;

    mirror_request(gpu.vbif.mirror);
    while ( more )
    {
        gpu.slow = gpu.tables < MIRROR_MAX_TABLES;
        meter_start(GPU_WORK, false);
        more = vbif_work(&gpu.vbif);
        report();
    }
    gpu.slow = 0;
}

static void measure_change(enum operation operation, uint32_t ipa,
                           unsigned int pages)
{
    meter_start(operation, false);
    vbif_ipa_changed(&gpu.vbif, _ipa(ipa), pages);
    report();
}

/* One hypercall's, each of a page that tables map. */
static void measure_changes(void)
{
    unsigned int i;

    meter_start(GPU_CHANGES, false);
    for ( i = 0; i < WORDS; i++ )
        vbif_ipa_changed(&gpu.vbif, _ipa(spread_page(i)), 1);
    report();
}

static void measure_release(void)
{
    bool done = false;

    while ( !done )
    {
        meter_start(GPU_RELEASE, false);
        done = vbif_release(&gpu.vbif, SHADOW_RELEASE_PAGES);
        report();
    }
    if ( gpu.held )
        trouble("references are left after the GPU's release");
}

static bool visit_leaf(void *arg, const struct mirror_leaf *leaf)
{
    (void)arg;
    (void)leaf;

    return true;
}

/* As the debug key does: what it audits and visits for one taking of the lock. */
static void measure_looks(void)
{
    struct mirror_place place = { 0 };
    unsigned int part, looks = 0;
    bool more = true;

    for ( part = 0; part < vbif_audit_parts(&gpu.vbif); part++ )
    {
        meter_start(GPU_LOOK, false);
        vbif_audit_part(&gpu.vbif, part);
        report();
    }
    while ( more && looks++ < 64 )
    {
        meter_start(GPU_LOOK, false);
        more = mirror_for_some(gpu.vbif.mirror, &place, visit_leaf, NULL);
        report();
    }
}

/* What happens */

/* All words of all directories and tables are others, three times. */
static void passes(void)
{
    gpu.links = LINK_TABLES;
    gpu.content = SPREAD;
    measure_pass();
    gpu.links = LINK_TURNED;
    gpu.content = SPREAD2;
    measure_pass();
    gpu.links = LINK_TABLES;
    gpu.content = SPREAD;
    measure_work();
    measure_looks();
    check();
}

static void ring_many(void)
{
    unsigned int i;

    for ( i = 0; i < VBIF_DOORBELLS + 1; i++ )
        measure_write(GPU_DOORBELL, SGX_EVENT_KICK, i);
}

static void traps(void)
{
    unsigned int core0 = SGX_CORE0 * SGX_BANK_BYTES, offset;

    ring_many();
    for ( offset = 0; offset < PAGE; offset += 4 )
    {
        measure_read(offset);
        measure_read(core0 + offset);
    }
    measure_write(GPU_EVENT, SGX_EVENT_HOST_CLEAR, 1);
    gpu.reg[sgx_base_offset(SGX_CORE1, 7) / 4] = EMPTY + PAGE;
    measure_write(GPU_EVENT, SGX_EVENT_HOST_CLEAR, 1);
    start_again();
    bind_all();
    pass();

    gpu.stuck = true;
    measure_write(GPU_BASE_WRITTEN, sgx_base_offset(SGX_BROADCAST, 7), DIR(99));
    start_again();
    bind_all();
    pass();
    gpu.stuck = true;
    measure_write(GPU_DIR, SGX_MEDIATOR_DIR,
                  DIR(MIRROR_MAX_DIRS - 1) | SGX_MEDIATOR_FORGET);
}

/* Of all, so that there are as many directories to go as can be; and of one. */
static void resets(void)
{
    start_again();
    bind_all();
    pass();
    ring_many();
    measure_write(GPU_RESET, SGX_SOFT_RESET, SGX_RESET_ALL);
    measure_write(GPU_RESET, SGX_SOFT_RESET, 0);

    bind_all();
    pass();
    gpu.stuck = true;
    measure_write(GPU_RESET, SGX_MASTER * SGX_BANK_BYTES + SGX_SOFT_RESET,
                  SGX_RESET_ALL & ~2u);
    start_again();
    bind_all();
    pass();
    check();
}

static void map(enum links links, enum content content)
{
    gpu.links = links;
    gpu.content = content;
    mirror_request(gpu.vbif.mirror);
    pass();
}

/*
 * As many tables as the limit allows are examined in vain: only the last page of a GiB
 * counts as mapped; it was mapped once, and saturated its counter.
 */
static void change_of_a_gib(void)
{
    gpu.sizes = 1;
    map(LINK_FIRST, WITHIN);
    map(LINK_FIRST, ONE);
    map(LINK_TABLES, ASIDE);
    vbif_renew(&gpu.vbif);
    measure_change(GPU_CHANGE, GIB, 1u << 18);
    pass();
    check();
    gpu.sizes = 6;
}

static void changes(void)
{
    vbif_renew(&gpu.vbif);
    gpu.slow = 1;
    measure_change(GPU_CHANGE, spread_page(0), 1);
    pass();
    vbif_renew(&gpu.vbif);
    measure_changes();

    /* All directories are blank, all tables stale, and all is to be linked anew. */
    gpu.links = LINK_TURNED;
    measure_pass();
    check();
    measure_change(GPU_FORGET, spread_page(0), 1);
    map(LINK_TABLES, ONE);
    vbif_renew(&gpu.vbif);
    measure_change(GPU_CHANGE, PAGE_OF_ALL, 1);
    pass();
    check();
}

/* Directories wait for tables for which there is no room. */
static void full_pool(void)
{
    gpu.content = NOTHING;
    gpu.links = LINK_TABLES;
    measure_pass();
    gpu.links = LINK_OTHERS;
    measure_pass();
    measure_pass();
    check();
}

void gpu_run(unsigned int tables)
{
    world_on_unlock(NULL);
    init(tables);
    change_of_a_gib();
    passes();
    if ( tables < MIRROR_MAX_TABLES ) /* slow, and no other code */
    {
        traps();
        resets();
    }
    changes();
    full_pool();
    map(LINK_TABLES, SPREAD);
    measure_release();
}
