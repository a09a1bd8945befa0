/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "gpu_bif.h"

#define BANK(bank, reg) ((bank)*SGX_BANK_BYTES + (reg))
#define WRITEONLY       2u

/* Bits of SOFT_RESET: a core's blocks, and the master's, that read memory. */
#define CORE_BLOCKS   0x5feu
#define MASTER_BLOCKS 0x4f0u

static struct gpu_machine *of(struct gpu_world *w)
{
    return (struct gpu_machine *)w;
}

static uint32_t reg(const struct gpu_machine *m, unsigned int offset)
{
    return bif_reg_read(&m->bif, offset);
}

/* Resets and caches */

static bool is_awake(const struct gpu_machine *m, unsigned int bank)
{
    uint32_t blocks = bank == SGX_MASTER ? MASTER_BLOCKS : CORE_BLOCKS;

    return !bif_is_held(&m->bif, bank) &&
           (~reg(m, BANK(bank, SGX_SOFT_RESET)) & blocks);
}

static void note_reset(struct gpu_machine *m)
{
    unsigned int bank, awake = 0;

    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        if ( is_awake(m, bank) )
            awake |= 1u << bank;
    gpu_wake(&m->w, awake);
}

/* What it reads meanwhile is not cached again. The master is not polled. */
static bool is_drained(const struct gpu_machine *m, unsigned int bank)
{
    if ( bank == SGX_MASTER || (m->drained & 1u << bank) )
        return true;

    return !is_awake(m, bank) && !m->core[bank - SGX_CORE0].requests;
}

static void note_reset_of(struct gpu_machine *m, unsigned int bank)
{
    if ( bank != SGX_MASTER )
        m->core[bank - SGX_CORE0].requests = 0;
    m->drained &= ~(1u << bank);
    if ( !m->bif.config.reset_keeps_caches )
        gpu_quiesced(&m->w, 1u << bank);
}

/* Memory, as hardware sees it */

static bool read32(void *ctx, uint32_t pa, uint32_t *value)
{
    const struct gpu_machine *m = ctx;
    uint32_t dir = (pa - GPU_DIRS_MADDR) / GPU_PAGE;
    uint32_t table = (pa - GPU_TABLES_MADDR) / GPU_PAGE;
    uint32_t word = pa % GPU_PAGE / 4;

    if ( pa - GPU_EMPTY < GPU_PAGE )
        *value = 0;
    else if ( dir < m->w.nr_dirs )
        *value = m->w.seen[dir][word];
    else if ( table < m->w.nr_tables )
        *value = m->w.seen[GPU_MAX_DIRS + table][word];
    else
        return false;

    return true;
}

/* What it ever had of a directory, or of a table. */
static void cleaned(struct gpu_world *w, unsigned int first, unsigned int n)
{
    struct gpu_machine *m = of(w);
    bool *ever = first < GPU_MAX_DIRS * GPU_WORDS ? m->slot : m->page;

    m->changes++;
    for ( ; n--; first++ )
        if ( w->seen[first / GPU_WORDS][first % GPU_WORDS] & GPU_VALID )
            ever[first % GPU_WORDS] = true;
}

/* What the hardware does */

static bool is_given(const struct gpu_machine *m, uint32_t base)
{
    return base == GPU_EMPTY ||
           (m->w.mirror && mirror_of_root(m->w.mirror, _maddr(base)) >= 0);
}

static void check_bases(struct gpu_machine *m)
{
    unsigned int bank, n;

    for ( bank = SGX_MASTER; bank < SGX_BANKS && !m->breached; bank++ )
        for ( n = 0; n < SGX_BASES && is_awake(m, bank); n++ )
            gpu_note(&m->w, is_given(m, reg(m, sgx_base_offset(bank, n))),
                     "a base that the mediator did not give");
}

static void check_page(struct gpu_machine *m, uint32_t pa)
{
    gpu_note(&m->w, gpu_is_held(&m->w, pa),
             "an access to a page that is not held");
    gpu_note(&m->w, m->changing || gpu_is_guests(&m->w, pa),
             "an access to a page that is not the guest's");
}

static void on_event(void *ctx, const struct bif_event *e)
{
    struct gpu_machine *m = ctx;
    uint32_t table = (e->pa - GPU_TABLES_MADDR) / GPU_PAGE;

    switch ( e->kind )
    {
    case BIF_BASE_LOADED:
        gpu_note(&m->w, e->inside || is_given(m, e->value),
                 "the host loads a base that is not bound");
        break;
    case BIF_INVALIDATED:
        if ( (e->value & SGX_INVAL_ALL) && is_drained(m, e->bank) )
            gpu_quiesced(&m->w, 1u << e->bank);
        break;
    case BIF_ENTERED_RESET:
        note_reset_of(m, e->bank);
        break;
    case BIF_DIRECTORY_READ:
        gpu_note(&m->w, m->breached || is_given(m, e->pa & SGX_BASE_ADDR),
                 "a directory is read that is not bound");
        break;
    case BIF_TABLE_READ:
        gpu_note(&m->w, table < m->w.nr_tables,
                 "a table is read that is not the mediator's");
        break;
    case BIF_ACCESS:
        check_page(m, e->pa);
        break;
    case BIF_BYPASS:
        gpu_note(&m->w, false, "translation is bypassed");
        break;
    case BIF_LEFT_RESET:
    case BIF_RAISED:
        break;
    }
}

/* What the guest's words say, and how long they have */

static bool is_ram(uint32_t ipa)
{
    return ipa >= GPU_RAM && ipa < GPU_RAM + GPU_RAM_PAGES * GPU_PAGE;
}

static bool is_later(const struct gpu_machine *m, uint32_t ipa,
                     unsigned int word, unsigned int then)
{
    unsigned int page = (ipa - GPU_RAM) / GPU_PAGE;

    return is_ram(ipa) &&
           (m->turned[page] > then || m->written[page][word] > then);
}

/* Was one of the words for da written after then? */
static bool is_recent(struct gpu_machine *m, uint32_t dir, uint32_t da,
                      unsigned int then)
{
    uint32_t pde, page;

    if ( !is_ram(dir) )
        return false;
    pde = *gpu_word(&m->w, dir, da >> 22);
    page = (da & 0x3fffff) >> (12 + 2 * (pde >> 1 & 7));

    return is_later(m, dir, da >> 22, then) ||
           is_later(m, pde & SGX_BASE_ADDR, page, then);
}

/* What hardware should reach at one address. */
struct place {
    unsigned int dir;
    uint32_t da;
    bool recent; /* its words are: it may have others yet, or none */
    bool leads;  /* by the guest's words and the p2m */
    uint64_t maddr;
    uint32_t attributes;
};

static void look_up(struct gpu_machine *m, struct place *p)
{
    uint32_t ipa = (uint32_t)mirror_ipa(m->w.mirror, p->dir).v;

    p->recent = is_recent(m, ipa, p->da, m->told.at);
    p->leads = gpu_guest_leads(&m->w, ipa, p->da, &p->maddr, &p->attributes);
}

/* The pool was full, the host failed, or the page came after the doorbell. */
static bool may_be_missing(const struct gpu_machine *m, unsigned int dir)
{
    return mirror_counters(m->w.mirror)->full > m->told.full ||
           m->vbif.state != VBIF_LIVE || m->w.fail_get || m->w.fail_read ||
           m->appeared > m->told.at || m->bound_at[dir] > m->told.at;
}

/* By what is in memory. */
static void check_memory(struct gpu_machine *m, const struct place *p,
                         bool whole)
{
    uint64_t maddr = 0;
    uint32_t attributes = 0;

    if ( p->recent )
        return;
    if ( gpu_hardware_leads(&m->w, p->dir, p->da, &maddr, &attributes) )
        gpu_note(&m->w,
                 p->leads && maddr == p->maddr && attributes == p->attributes,
                 "hardware has what the guest's tables do not say");
    else
        gpu_note(&m->w, !whole || !p->leads || may_be_missing(m, p->dir),
                 "hardware has not what the guest's tables say");
}

static bool allows(uint32_t attributes, enum bif_requester requester,
                   bool write)
{
    return !(attributes & (write ? GPU_READONLY : WRITEONLY)) &&
           (requester == BIF_EDM || !(attributes & GPU_EDM));
}

/* By what a core has cached as well; one requester for each address. */
static void check_core(struct gpu_machine *m, const struct place *p,
                       unsigned int core, bool whole)
{
    enum bif_requester requester = p->da >> 12 & 1 ? BIF_EDM : BIF_TA;
    bool write = p->da >> 13 & 1, leads;
    uint32_t pa = 0;

    leads = p->leads && allows(p->attributes, requester, write);
    if ( !bif_peek(&m->bif, SGX_CORE0 + core, requester, p->da, write, &pa) )
    {
        gpu_note(&m->w,
                 p->recent || !whole || !leads || may_be_missing(m, p->dir) ||
                     is_recent(m, (uint32_t)mirror_ipa(m->w.mirror, p->dir).v,
                               p->da, m->core[core].invalidated),
                 "a word is cached as empty, and the guest invalidated it");
        return;
    }
    gpu_note(&m->w, gpu_is_held(&m->w, pa),
             "hardware reaches a page that is not held");
    gpu_note(&m->w,
             m->owned[pa / GPU_PAGE % GPU_FRAMES] || pa < GPU_MACHINE_RAM,
             "hardware reaches a page that is not the guest's");
    gpu_note(&m->w, p->recent || (leads && pa == p->maddr),
             "hardware reaches what the guest's tables do not say");
}

/* All addresses */

/* The microkernel chooses a base for all requesters. */
static void choose(struct gpu_machine *m, unsigned int core, unsigned int base)
{
    bif_reg_write(&m->bif, BANK(SGX_CORE0 + core, SGX_BIF_BANK0), base * 0x11,
                  true);
}

/* Selects that directory if the core has it in a base; returns whether. */
static bool choose_dir(struct gpu_machine *m, unsigned int core,
                       unsigned int dir)
{
    uint32_t root = (uint32_t)mirror_root(m->w.mirror, dir).v;
    unsigned int n;

    for ( n = 0; n < SGX_BASES; n++ )
        if ( reg(m, sgx_base_offset(SGX_CORE0 + core, n)) == root )
        {
            choose(m, core, n);
            return true;
        }

    return false;
}

static void check_slot(struct gpu_machine *m, unsigned int dir,
                       unsigned int slot, const bool has[GPU_CORES], bool whole)
{
    struct place p = { .dir = dir };
    unsigned int page, core;

    for ( page = 0; page < GPU_WORDS; page++ )
    {
        p.da = (slot * GPU_WORDS + page) * GPU_PAGE;
        look_up(m, &p);
        if ( !p.leads && !m->page[page] )
            continue;
        check_memory(m, &p, whole);
        for ( core = 0; core < GPU_CORES; core++ )
            if ( has[core] )
                check_core(m, &p, core, whole);
    }
}

static void check_dir(struct gpu_machine *m, unsigned int dir, bool whole)
{
    uint32_t ipa = (uint32_t)mirror_ipa(m->w.mirror, dir).v;
    bool has[GPU_CORES];
    unsigned int slot, core;

    for ( core = 0; core < GPU_CORES; core++ )
        has[core] = choose_dir(m, core, dir);
    for ( slot = 0; slot < GPU_WORDS; slot++ )
        if ( m->slot[slot] ||
             (is_ram(ipa) && (*gpu_word(&m->w, ipa, slot) & GPU_VALID)) )
            check_slot(m, dir, slot, has, whole);
}

static bool is_bound(struct gpu_machine *m, unsigned int dir)
{
    return mirror_find(m->w.mirror, mirror_ipa(m->w.mirror, dir)) == (int)dir;
}

/* whole: no pass is wanted that began after the last doorbell that arrived. */
static void check_all(struct gpu_machine *m, bool whole)
{
    unsigned int i;

    memset(m->owned, 0, sizeof(m->owned));
    for ( i = 0; i < GPU_RAM_PAGES; i++ )
        m->owned[m->w.frame[i]] = m->w.frame[i];
    for ( i = 0; i < m->w.nr_dirs; i++ )
        if ( is_bound(m, i) )
            check_dir(m, i, whole);
}

static void note_bound(struct gpu_machine *m)
{
    unsigned int dir;
    uint64_t bound;

    for ( dir = 0; dir < m->w.nr_dirs; dir++ )
    {
        bound = is_bound(m, dir) ? mirror_ipa(m->w.mirror, dir).v : ~0ull;
        if ( bound != m->bound[dir] )
            m->bound_at[dir] = m->acts;
        m->bound[dir] = bound;
    }
}

/* Doorbells, and invalidations, which wait with them */

static bool is_doorbell(uint32_t r)
{
    return r == SGX_EVENT_KICK || r == SGX_EVENT_KICK1 ||
           r == SGX_EVENT_KICK2 || r == SGX_EVENT_KICK3;
}

static bool is_invalidation(const struct gpu_ring *ring)
{
    return ring->offset % SGX_BANK_BYTES == SGX_BIF_CTRL_INVAL;
}

/* The guest's invalidations come before the doorbells that it rang after them. */
static void take_invalidations(struct gpu_machine *m)
{
    unsigned int core, bank;
    struct gpu_ring *ring;

    for ( ; m->first < m->rung; m->first++ )
    {
        ring = &m->ring[m->first % GPU_RINGS];
        if ( !is_invalidation(ring) )
            return;
        bank = ring->offset / SGX_BANK_BYTES;
        for ( core = 0; core < GPU_CORES; core++ )
            if ( (ring->value & (SGX_INVAL_PTE | SGX_INVAL_ALL)) &&
                 (bank == SGX_BROADCAST || bank == SGX_CORE0 + core) )
                m->core[core].invalidated = ring->at;
    }
}

static void arrive(struct gpu_machine *m, unsigned int offset, uint32_t value)
{
    bool same;
    struct gpu_ring *ring;

    take_invalidations(m);
    ring = &m->ring[m->first % GPU_RINGS];
    same = m->checked == m->changes && m->told.changes == ring->changes;
    m->arrived++;
    gpu_note(&m->w, m->first < m->rung, "a doorbell that nobody rang");
    gpu_note(&m->w, ring->offset == offset && ring->value == value,
             "a doorbell out of its order");
    m->told = *ring;
    m->first++;
    if ( !same )
        check_all(m, true);
    m->checked = m->changes;
}

/* What is reset has forgotten its doorbells: a core, or all. */
static void drop_rings(struct gpu_machine *m, unsigned int bank)
{
    unsigned int i, kept = m->first;
    struct gpu_ring ring;

    for ( i = m->first; i < m->rung; i++ )
    {
        ring = m->ring[i % GPU_RINGS];
        if ( bank > SGX_MASTER && ring.offset / SGX_BANK_BYTES != bank )
            m->ring[kept++ % GPU_RINGS] = ring;
    }
    m->rung = kept;
}

static void forget_if_held(struct gpu_machine *m)
{
    if ( m->vbif.state != VBIF_LIVE )
        drop_rings(m, SGX_BROADCAST);
}

/* Registers */

static void note_ctrl(struct gpu_machine *m, unsigned int bank, uint32_t value)
{
    gpu_note(&m->w, !(value & SGX_CTRL_BYPASS), "translation is bypassed");
    m->drained &= bank == SGX_BROADCAST ? 0 : ~(1u << bank);
}

static void write_hw(struct gpu_world *w, unsigned int offset, uint32_t value)
{
    struct gpu_machine *m = of(w);
    unsigned int bank = offset / SGX_BANK_BYTES, r = offset % SGX_BANK_BYTES;

    if ( w->mirror )
        gpu_note(w, w->locked, "a register is written without the lock");
    if ( is_doorbell(r) )
        arrive(m, offset, value);
    else
        m->changes++;
    if ( r == SGX_BIF_CTRL )
        note_ctrl(m, bank, value);
    bif_reg_write(&m->bif, offset, value, false);
    if ( r == SGX_SOFT_RESET )
        note_reset(m);
    check_bases(m);
}

/* Each poll ends a request. */
static uint32_t read_hw(struct gpu_world *w, unsigned int offset)
{
    struct gpu_machine *m = of(w);
    unsigned int bank = offset / SGX_BANK_BYTES;
    uint32_t value;

    if ( offset % SGX_BANK_BYTES != SGX_BIF_MEM_REQ_STAT || bank < SGX_CORE0 )
        return reg(m, offset);
    if ( !m->core[bank - SGX_CORE0].stuck )
        gpu_end_request(m, bank - SGX_CORE0);
    value = reg(m, offset);
    if ( !value && (reg(m, BANK(bank, SGX_BIF_CTRL)) & SGX_CTRL_PAUSE) )
        m->drained |= 1u << bank;

    return value;
}

static void p2m_changed(struct gpu_world *w, ipa_t ipa)
{
    unsigned int page = (unsigned int)(ipa.v - GPU_RAM) / GPU_PAGE;
    struct gpu_machine *m = of(w);

    m->acts++;
    m->changes++;
    if ( m->absent[page] )
        m->appeared = m->acts;
    if ( m->absent[page] || !w->frame[page] )
        m->turned[page] = m->acts;
    m->absent[page] = !w->frame[page];
    m->changing = true;
    vbif_ipa_changed(&m->vbif, ipa, 1);
    m->changing = false;
    forget_if_held(m);
}

static bool release(struct gpu_world *w, unsigned int budget)
{
    return vbif_release(&of(w)->vbif, budget);
}

static const struct gpu_registers registers = {
    .read = read_hw,
    .write = write_hw,
    .cleaned = cleaned,
    .p2m_changed = p2m_changed,
    .release = release,
};

/* Accesses */

/* Unless the program names the requester, it is another one each time. */
bool gpu_access(struct gpu_machine *m, unsigned int core, unsigned int base,
                uint32_t da, uint64_t *maddr)
{
    uint32_t pa;

    m->changes++;
    choose(m, core, base);
    if ( !is_awake(m, SGX_CORE0 + core) ||
         bif_translate(&m->bif, SGX_CORE0 + core, BIF_EDM, da, false, &pa) !=
             BIF_OK )
        return false;
    *maddr = pa;

    return true;
}

void gpu_begin_request(struct gpu_machine *m, unsigned int core,
                       unsigned int base, uint32_t da)
{
    struct gpu_core *c = &m->core[core];

    choose(m, core, base);
    if ( c->requests < GPU_REQUESTS && is_awake(m, SGX_CORE0 + core) &&
         bif_begin(&m->bif, &c->request[c->requests], SGX_CORE0 + core, BIF_EDM,
                   da, false) == BIF_OK )
        c->requests++;
}

void gpu_end_request(struct gpu_machine *m, unsigned int core)
{
    struct gpu_core *c = &m->core[core];
    uint32_t pa;

    m->changes++;
    if ( c->requests )
        bif_end(&m->bif, &c->request[--c->requests], &pa);
}

void gpu_load(struct gpu_machine *m, unsigned int core, unsigned int base,
              uint32_t root)
{
    m->changes++;
    if ( is_awake(m, SGX_CORE0 + core) )
        bif_reg_write(&m->bif, sgx_base_offset(SGX_CORE0 + core, base), root,
                      true);
}

/* The guest */

void gpu_store(struct gpu_machine *m, uint32_t ipa, unsigned int word,
               uint32_t value)
{
    unsigned int page = (ipa - GPU_RAM) / GPU_PAGE;

    if ( !is_ram(ipa) || !m->w.frame[page] )
        return;
    *gpu_word(&m->w, ipa, word) = value;
    m->written[page][word] = ++m->acts;
    m->changes++;
}

static void ring(struct gpu_machine *m, unsigned int offset, uint32_t value)
{
    gpu_note(&m->w, m->rung - m->first < GPU_RINGS, "too many doorbells");
    m->ring[m->rung++ % GPU_RINGS] = (struct gpu_ring){
        .offset = offset,
        .value = value,
        .at = m->acts,
        .changes = m->changes,
        .full = mirror_counters(m->w.mirror)->full,
    };
}

static bool is_register(unsigned int offset)
{
    return offset < SGX_WINDOW && !(offset % 4) &&
           offset % SGX_BANK_BYTES < SGX_PAGE_BYTES;
}

void gpu_reg_write(struct gpu_machine *m, unsigned int offset, uint32_t value)
{
    unsigned int r = offset % SGX_BANK_BYTES;
    uint64_t lost = m->vbif.count.lost;

    m->acts++;
    vbif_write(&m->vbif, offset, 4, value);
    note_bound(m);
    if ( is_register(offset) && (is_doorbell(r) || r == SGX_BIF_CTRL_INVAL) &&
         lost == m->vbif.count.lost )
        ring(m, offset, value);
    if ( is_register(offset) && r == SGX_SOFT_RESET && value )
        drop_rings(m, offset / SGX_BANK_BYTES);
    forget_if_held(m);
}

uint32_t gpu_reg_read(struct gpu_machine *m, unsigned int offset)
{
    return vbif_read(&m->vbif, offset, 4);
}

void gpu_start(struct gpu_machine *m)
{
    gpu_reg_write(m, BANK(SGX_MASTER, SGX_SOFT_RESET), 0x5ff);
    gpu_reg_write(m, BANK(SGX_MASTER, SGX_SOFT_RESET), 0);
    gpu_reg_write(m, BANK(SGX_CORE0, SGX_SOFT_RESET), 0);
    gpu_reg_write(m, BANK(SGX_CORE1, SGX_SOFT_RESET), 0);
}

/* The mediator's work */

bool gpu_work(struct gpu_machine *m)
{
    bool more = vbif_work(&m->vbif);

    forget_if_held(m);

    return more;
}

void gpu_settle(struct gpu_machine *m)
{
    unsigned int calls = 0;

    while ( gpu_work(m) && !m->w.wrong )
        gpu_note(&m->w, ++calls < 10000, "the work does not end");
    take_invalidations(m);
    gpu_note(&m->w, m->first == m->rung, "a doorbell was not forwarded");
    check_all(m, true);
}

uint64_t gpu_maddr(struct gpu_machine *m, uint32_t ipa)
{
    unsigned int page = (ipa - GPU_RAM) / GPU_PAGE;

    return m->w.frame[page]
               ? GPU_MACHINE_RAM + (uint64_t)m->w.frame[page] * GPU_PAGE
               : 0;
}

/* Life */

void gpu_machine_init(struct gpu_machine *m, unsigned int nr_dirs,
                      unsigned int nr_tables, uint64_t seed, bool caches_stay)
{
    const struct bif_config config = {
        .reset_keeps_caches = caches_stay,
        .ctx = m,
        .read32 = read32,
        .event = on_event,
    };
    struct mirror_memory mem;

    memset(m, 0, sizeof(*m));
    mem = gpu_prepare(&m->w, nr_dirs, nr_tables, seed);
    m->w.registers = &registers;
    bif_init(&m->bif, &config);
    m->breached = true; /* the bases of before are nobody's */
    gpu_note(&m->w, vbif_init(&m->vbif, &m->w.host, &mem, _maddr(GPU_EMPTY)),
             "the hardware does not answer");
    m->breached = false;
    m->w.mirror = m->vbif.mirror;
    check_bases(m);
}

void gpu_machine_end(struct gpu_machine *m, unsigned int budget)
{
    gpu_end(&m->w, budget);
}

const char *gpu_machine_check(struct gpu_machine *m)
{
    const char *bad = gpu_check(&m->w);

    m->w.locked = true;
    if ( !bad )
        bad = vbif_audit(&m->vbif);
    m->w.locked = false;
    check_bases(m);
    check_all(m, false);

    return bad ? bad : m->w.wrong;
}
