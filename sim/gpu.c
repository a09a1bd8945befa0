/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "gpu.h"
#include "view.h"

#define DIRS_MADDR   GPU_DIRS_MADDR
#define TABLES_MADDR GPU_TABLES_MADDR
#define MACHINE_RAM  GPU_MACHINE_RAM
#define HIGH_MADDR   0x123456000u
#define MMIO_PAGES   16u
#define ADDRESS      0xfffff000u

static struct gpu_world *of(struct host *host)
{
    return (struct gpu_world *)host;
}

static void note(struct gpu_world *w, bool right, const char *what)
{
    if ( !right && !w->wrong )
        w->wrong = what;
}

void gpu_note(struct gpu_world *w, bool right, const char *what)
{
    note(w, right, what);
}

/* The guest's memory */

static bool is_ram(uint64_t ipa)
{
    return ipa >= GPU_RAM && ipa < GPU_RAM + (uint64_t)GPU_RAM_PAGES * GPU_PAGE;
}

static uint16_t *frame_of(struct gpu_world *w, uint64_t ipa)
{
    return &w->frame[(ipa - GPU_RAM) / GPU_PAGE];
}

uint32_t *gpu_word(struct gpu_world *w, uint32_t ipa, unsigned int word)
{
    return &w->memory[*frame_of(w, ipa)][word];
}

static uint64_t maddr_of(uint16_t frame)
{
    return MACHINE_RAM + (uint64_t)frame * GPU_PAGE;
}

static uint32_t *held(struct gpu_world *w, uint64_t maddr)
{
    return maddr == HIGH_MADDR ? &w->high_held
                               : &w->held[(maddr - MACHINE_RAM) / GPU_PAGE];
}

/* What the host says of a page, without a reference. */
static struct host_page ask(struct gpu_world *w, uint64_t ipa)
{
    if ( ipa >= GPU_MMIO && ipa < GPU_MMIO + MMIO_PAGES * GPU_PAGE )
        return host_page(HOST_MMIO, _maddr(ipa));
    if ( ipa == GPU_HIGH )
        return host_page(HOST_RAM, _maddr(HIGH_MADDR));
    if ( is_ram(ipa) && *frame_of(w, ipa) )
        return host_page(HOST_RAM, _maddr(maddr_of(*frame_of(w, ipa))));

    return host_denied(DENIED_UNMAPPED);
}

/* Hardware */

static bool walk(const struct gpu_world *w, unsigned int dir, uint32_t da,
                 uint32_t *word)
{
    uint32_t pde = w->seen[dir][da >> 22], table;

    if ( !(pde & GPU_VALID) )
        return false;
    table = ((pde & ADDRESS) - TABLES_MADDR) / GPU_PAGE;
    *word = w->seen[GPU_MAX_DIRS + table][(da >> 12) % GPU_WORDS];

    return *word & GPU_VALID;
}

bool gpu_hardware_leads(const struct gpu_world *w, unsigned int dir,
                        uint32_t da, uint64_t *maddr, uint32_t *attributes)
{
    uint32_t word;

    if ( !walk(w, dir, da, &word) )
        return false;
    *maddr = word & ADDRESS;
    *attributes = word & GPU_ATTRIBUTES;

    return true;
}

/* Marks what hardware reaches: a table's pages, if a directory leads to it. */
static void mark_table(struct gpu_world *w, uint32_t pde)
{
    uint32_t table = ((pde & ADDRESS) - TABLES_MADDR) / GPU_PAGE, word;
    unsigned int i;

    note(w, table < w->nr_tables && !(pde & ~(ADDRESS | GPU_VALID)),
         "a directory leads to what is no table of the pool");
    for ( i = 0; i < GPU_WORDS && table < w->nr_tables; i++ )
    {
        word = w->seen[GPU_MAX_DIRS + table][i];
        if ( (word & GPU_VALID) && (word & ADDRESS) >= MACHINE_RAM )
            w->cached[((word & ADDRESS) - MACHINE_RAM) / GPU_PAGE] |= w->awake;
    }
}

static void mark_reached(struct gpu_world *w)
{
    unsigned int dir, slot;

    for ( dir = 0; dir < w->nr_dirs; dir++ )
        for ( slot = 0; slot < GPU_WORDS; slot++ )
            if ( w->seen[dir][slot] & GPU_VALID )
                mark_table(w, w->seen[dir][slot]);
}

void gpu_quiesced(struct gpu_world *w, unsigned int banks)
{
    unsigned int i;

    w->quiesced++;
    w->stale &= (uint8_t)~banks;
    for ( i = 0; i < GPU_FRAMES; i++ )
        w->cached[i] &= (uint8_t)~banks;
    mark_reached(w);
}

void gpu_wake(struct gpu_world *w, unsigned int banks)
{
    note(w, !(w->stale & banks), "hardware has cached a page that went back");
    w->awake = (uint8_t)banks;
    mark_reached(w);
}

static void quiesce(void *ctx)
{
    struct gpu_world *w = ctx;

    note(w, w->locked, "quiesced without the lock");
    gpu_quiesced(w, GPU_ALL_BANKS);
}

/* The host */

static void lock(struct host *host)
{
    note(of(host), !of(host)->locked, "the lock is taken twice");
    of(host)->locked = true;
}

static void unlock(struct host *host)
{
    note(of(host), of(host)->locked, "the lock is not held");
    of(host)->locked = false;
}

static void happen(struct gpu_world *w, void (**what)(struct gpu_world *w))
{
    void (*now)(struct gpu_world * w) = *what;

    *what = NULL;
    if ( now )
        now(w);
}

static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    struct gpu_world *w = of(host);

    note(w, !w->locked, "guest memory is read with the lock held");
    note(w, ipa.v % GPU_PAGE + len <= GPU_PAGE, "a read across pages");
    happen(w, &w->on_read);
    if ( ++w->read == w->fail_read )
        return false;
    if ( !is_ram(ipa.v) || !*frame_of(w, ipa.v) )
        return false;
    memcpy(buf, w->memory[*frame_of(w, ipa.v)], len);

    return true;
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    struct gpu_world *w = of(host);
    unsigned int i, most = w->at_once ? w->at_once : n;

    note(w, !w->locked, "the p2m is asked with the lock held");
    happen(w, &w->on_ask);
    if ( ++w->asks == w->fail_ask )
        return 0;
    for ( i = 0; i < n && i < most; i++ )
    {
        if ( !view_is_mapped(view[i]) )
            continue;
        page[i] = ++w->asked == w->fail_get ? host_denied(DENIED_UNMAPPED)
                                            : ask(w, view_ipa(view[i]).v);
        if ( host_kind(page[i]) == HOST_RAM )
            ++*held(w, host_maddr(page[i]).v);
    }
    if ( i < n )
        w->at_once *= 2;
    happen(w, &w->on_get);

    return i;
}

static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    struct gpu_world *w = of(host);
    uint32_t *references = held(w, maddr.v);
    uint8_t cached;

    note(w, pages == 1, "pages are given back together");
    note(w, *references, "a reference is given back that nobody held");
    w->puts++;
    if ( --*references || maddr.v == HIGH_MADDR )
        return;
    cached = w->cached[(maddr.v - MACHINE_RAM) / GPU_PAGE];
    note(w, !(cached & w->awake), "a page goes back that hardware may reach");
    w->stale |= cached;
}

static void clean(struct host *host, const void *p, size_t len)
{
    struct gpu_world *w = of(host);
    size_t offset = (const uint8_t *)p - (const uint8_t *)w->words;

    note(w, w->locked, "cleaned without the lock");
    note(w, offset + len <= sizeof(w->words),
         "cleaned what hardware does not see");
    memcpy((uint8_t *)w->seen + offset, p, len);
    mark_reached(w);
    if ( w->registers )
        w->registers->cleaned(w, (unsigned int)offset / 4,
                              (unsigned int)len / 4);
}

static uint32_t reg_read(struct host *host, unsigned int offset)
{
    struct gpu_world *w = of(host);

    note(w, w->registers, "the mirror reads a register");

    return w->registers ? w->registers->read(w, offset) : 0;
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    struct gpu_world *w = of(host);

    note(w, w->registers, "the mirror writes a register");
    if ( w->registers )
        w->registers->write(w, offset, value);
}

static void set_irq(struct host *host, bool level)
{
    (void)level;
    note(of(host), false, "the mirror has an interrupt");
}

static void defer(struct host *host)
{
    of(host)->deferred++;
}

static const struct host_ops ops = {
    FAKE_HOST(lock, unlock, NULL, clean),
    .set_irq = set_irq,
    .defer = defer,
    .log = quiet_log,
};

/* The world */

static void populate(struct gpu_world *w)
{
    unsigned int i, j;
    uint16_t kept;

    for ( i = 0; i < GPU_RAM_PAGES; i++ )
        w->frame[i] = (uint16_t)(1 + i);
    for ( i = GPU_RAM_PAGES; i > 1; i-- )
    {
        j = rng_below(&w->rng, i);
        kept = w->frame[i - 1];
        w->frame[i - 1] = w->frame[j];
        w->frame[j] = kept;
    }
}

struct mirror_memory gpu_prepare(struct gpu_world *w, unsigned int nr_dirs,
                                 unsigned int nr_tables, uint64_t seed)
{
    struct mirror_memory mem = {
        .dirs = w->words[0],
        .dirs_maddr = { DIRS_MADDR },
        .tables = w->words[GPU_MAX_DIRS],
        .tables_maddr = { TABLES_MADDR },
        .nr_dirs = nr_dirs,
        .nr_tables = nr_tables,
    };

    memset(w, 0, sizeof(*w));
    w->host.ops = &ops;
    w->nr_dirs = nr_dirs;
    w->nr_tables = nr_tables;
    w->awake = GPU_ALL_BANKS;
    w->rng.state = seed;
    populate(w);
    mem.records = w->records =
        calloc(1, mirror_record_bytes(nr_dirs, nr_tables));
    if ( !mem.records )
        abort();

    return mem;
}

void gpu_init(struct gpu_world *w, unsigned int nr_dirs, unsigned int nr_tables,
              uint64_t seed)
{
    const struct mirror_hw hw = { .quiesce = quiesce, .ctx = w };
    struct mirror_memory mem = gpu_prepare(w, nr_dirs, nr_tables, seed);

    w->mirror = mirror_init(&mem, &w->host, &hw);
}

static bool release(struct gpu_world *w, unsigned int budget)
{
    bool done;

    if ( w->registers )
        return w->registers->release(w, budget);
    lock(&w->host);
    done = mirror_release(w->mirror, budget);
    unlock(&w->host);

    return done;
}

void gpu_end(struct gpu_world *w, unsigned int budget)
{
    unsigned int i, before;
    bool done;

    do
    {
        before = w->puts;
        done = release(w, budget);
        note(w, w->puts - before < budget + GPU_WORDS,
             "a step of the release gives back more than it may");
    }
    while ( !done );
    note(w, !w->high_held, "a reference is left");
    for ( i = 0; i < GPU_FRAMES; i++ )
        note(w, !w->held[i], "a reference is left");
    free(w->records);
}

static void change(struct gpu_world *w, uint32_t ipa, uint16_t frame)
{
    *frame_of(w, ipa) = frame;
    if ( w->registers )
    {
        w->registers->p2m_changed(w, _ipa(ipa));
        return;
    }
    lock(&w->host);
    mirror_ipa_changed(w->mirror, _ipa(ipa), 1);
    unlock(&w->host);
}

/* To a frame that is nobody's. */
void gpu_page_moves(struct gpu_world *w, uint32_t ipa)
{
    uint16_t frame;

    do
        frame = (uint16_t)(GPU_RAM_PAGES + 1 +
                           rng_below(&w->rng, GPU_FRAMES - GPU_RAM_PAGES - 1));
    while ( w->held[frame] || gpu_is_guests(w, maddr_of(frame)) );
    memcpy(w->memory[frame], w->memory[*frame_of(w, ipa)],
           sizeof(w->memory[0]));
    change(w, ipa, frame);
}

void gpu_page_goes(struct gpu_world *w, uint32_t ipa)
{
    change(w, ipa, 0);
}

int gpu_bind(struct gpu_world *w, uint32_t dir)
{
    int n;

    lock(&w->host);
    n = mirror_bind(w->mirror, _ipa(dir));
    unlock(&w->host);

    return n;
}

void gpu_unbind(struct gpu_world *w, unsigned int dir)
{
    lock(&w->host);
    mirror_unbind(w->mirror, &(int){ (int)dir }, 1);
    unlock(&w->host);
}

void gpu_request(struct gpu_world *w)
{
    lock(&w->host);
    mirror_request(w->mirror);
    unlock(&w->host);
}

unsigned int gpu_pass(struct gpu_world *w)
{
    unsigned int steps = 0;

    while ( mirror_step(w->mirror) != MIRROR_IDLE && !w->wrong )
        note(w, ++steps < 100000, "a pass does not end");

    return steps;
}

/* The oracle */

/* The guest's word for da, 0 if it has none; the size of its page, as a shift. */
static uint32_t guest_word(struct gpu_world *w, uint32_t dir, uint32_t da,
                           unsigned int *shift)
{
    uint32_t pde, size;

    if ( !is_ram(dir) || !*frame_of(w, dir) )
        return 0;
    pde = *gpu_word(w, dir, da / (GPU_WORDS * GPU_PAGE));
    size = pde / 2 % 8;
    if ( !(pde & GPU_VALID) || size > 5 || !is_ram(pde & ADDRESS) ||
         !*frame_of(w, pde & ADDRESS) )
        return 0;
    *shift = 12 + 2 * size;

    return *gpu_word(w, pde & ADDRESS, da % (GPU_WORDS * GPU_PAGE) >> *shift);
}

bool gpu_guest_leads(struct gpu_world *w, uint32_t dir, uint32_t da,
                     uint64_t *maddr, uint32_t *attributes)
{
    unsigned int shift = 12;
    uint32_t word = guest_word(w, dir, da, &shift), low = (1u << shift) - 1;
    struct host_page page;

    if ( !(word & GPU_VALID) )
        return false;
    page = ask(w, (word & ~low) | (da & low & ADDRESS));
    if ( host_kind(page) == HOST_DENIED || host_maddr(page).v > UINT32_MAX )
        return false;
    *maddr = host_maddr(page).v;
    *attributes = word & GPU_ATTRIBUTES;

    return true;
}

static bool agrees_at(struct gpu_world *w, unsigned int dir, uint32_t ipa,
                      uint32_t da)
{
    uint64_t due = 0, is = 0;
    uint32_t a = 0, b = 0;
    bool leads = gpu_guest_leads(w, ipa, da, &due, &a);

    return gpu_hardware_leads(w, dir, da, &is, &b) == leads && is == due &&
           a == b;
}

const char *gpu_agrees(struct gpu_world *w, unsigned int dir)
{
    uint32_t ipa = (uint32_t)mirror_ipa(w->mirror, dir).v;
    unsigned int slot, page;

    for ( slot = 0; slot < GPU_WORDS; slot++ )
    {
        if ( !(w->seen[dir][slot] & GPU_VALID) &&
             !(*gpu_word(w, ipa, slot) & GPU_VALID) )
            continue;
        for ( page = 0; page < GPU_WORDS; page++ )
            if ( !agrees_at(w, dir, ipa, (slot * GPU_WORDS + page) * GPU_PAGE) )
                return "hardware does not have what the guest's tables say";
    }

    return NULL;
}

/* Each word that hardware sees leads to a page that is held, or to MMIO. */
static const char *check_words(const struct gpu_world *w)
{
    unsigned int t, i;
    uint32_t word;

    for ( t = 0; t < w->nr_tables; t++ )
        for ( i = 0; i < GPU_WORDS; i++ )
        {
            word = w->seen[GPU_MAX_DIRS + t][i];
            if ( (word & GPU_VALID) && (word & ADDRESS) >= MACHINE_RAM &&
                 !w->held[((word & ADDRESS) - MACHINE_RAM) / GPU_PAGE] )
                return "hardware has a page that is not held";
        }

    return memcmp(w->words, w->seen, sizeof(w->words))
               ? "a word was not cleaned"
               : NULL;
}

bool gpu_is_held(struct gpu_world *w, uint64_t maddr)
{
    return maddr < MACHINE_RAM || *held(w, maddr);
}

/* What hardware reaches is the guest's now, not only held. */
bool gpu_is_guests(struct gpu_world *w, uint64_t maddr)
{
    unsigned int i;

    if ( maddr < MACHINE_RAM )
        return maddr >= GPU_MMIO && maddr < GPU_MMIO + MMIO_PAGES * GPU_PAGE;
    for ( i = 0; i < GPU_RAM_PAGES; i++ )
        if ( w->frame[i] && maddr_of(w->frame[i]) == maddr )
            return true;

    return false;
}

static bool visit(void *arg, const struct mirror_leaf *leaf)
{
    struct gpu_world *w = arg;

    note(w, gpu_is_guests(w, leaf->maddr.v),
         "hardware reaches a page that is not the guest's");
    note(w, ask(w, leaf->ipa.v).v >> 12 == leaf->maddr.v >> 12,
         "a leaf's IPA is not where it leads");

    return !w->wrong;
}

const char *gpu_check(struct gpu_world *w)
{
    const char *bad = mirror_audit(w->mirror);

    note(w, !w->locked, "the lock is held");
    if ( !bad )
        bad = check_words(w);
    if ( !bad )
        mirror_for_each(w->mirror, visit, w);

    return w->wrong ? w->wrong : bad;
}
