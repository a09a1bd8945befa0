/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "gpu_bif.h"

#define BANK(bank, reg) ((bank)*SGX_BANK_BYTES + (reg))
#define BLOCKS          0x5feu /* SOFT_RESET: all that reads memory */

static struct gpu_machine *of(struct gpu_world *w)
{
    return (struct gpu_machine *)w;
}

static uint32_t *reg(struct gpu_machine *m, unsigned int core, unsigned int r)
{
    return &m->reg[BANK(SGX_CORE0 + core, r) / 4];
}

/* Reset */

static bool by_master(struct gpu_machine *m, unsigned int core)
{
    return m->reg[BANK(SGX_MASTER, SGX_SOFT_RESET) / 4] & 1u << core;
}

static bool in_reset(struct gpu_machine *m, unsigned int core)
{
    return by_master(m, core) || (*reg(m, core, SGX_SOFT_RESET) & 1);
}

/* Nothing in it reads memory. */
static bool is_idle(struct gpu_machine *m, unsigned int core)
{
    return in_reset(m, core) || !(~*reg(m, core, SGX_SOFT_RESET) & BLOCKS);
}

static void lose(struct gpu_machine *m, unsigned int core)
{
    memset(reg(m, core, SGX_BIF_FIRST), 0, SGX_BIF_END - SGX_BIF_FIRST);
    m->core[core].faulted = false;
    m->core[core].reads = 0;
    m->core[core].drained = false;
}

static void note_reset(struct gpu_machine *m)
{
    unsigned int core;

    m->w.stopped = true;
    for ( core = 0; core < GPU_CORES; core++ )
    {
        if ( by_master(m, core) )
            *reg(m, core, SGX_SOFT_RESET) |= SGX_RESET_ALL;
        if ( in_reset(m, core) )
            lose(m, core);
        if ( !is_idle(m, core) )
            m->w.stopped = false;
    }
}

/* Caches */

static void note_quiesced(struct gpu_machine *m)
{
    unsigned int core;

    for ( core = 0; core < GPU_CORES; core++ )
        if ( !m->core[core].clean && !in_reset(m, core) )
            return;
    gpu_quiesced(&m->w);
}

static void invalidate(struct gpu_machine *m, unsigned int core, uint32_t value)
{
    struct gpu_core *c = &m->core[core];

    if ( value & (SGX_INVAL_PTE | SGX_INVAL_ALL) )
        memset(c->cache.line, 0, sizeof(c->cache.line));
    if ( !(value & SGX_INVAL_ALL) )
        return;
    memset(c->cache.dir, 0, sizeof(c->cache.dir));
    if ( !c->drained && !is_idle(m, core) )
        return;
    c->clean = true;
    note_quiesced(m);
}

static void cleaned(struct gpu_world *w)
{
    unsigned int core;

    for ( core = 0; core < GPU_CORES; core++ )
        of(w)->core[core].clean = false;
}

/* Doorbells, and what the mediator owes the guest when they arrive. */

static bool is_doorbell(uint32_t r)
{
    return r == SGX_EVENT_KICK || r == SGX_EVENT_KICK1 ||
           r == SGX_EVENT_KICK2 || r == SGX_EVENT_KICK3;
}

static bool is_ram(uint32_t ipa)
{
    return ipa >= GPU_RAM && ipa < GPU_RAM + GPU_RAM_PAGES * GPU_PAGE;
}

/* Was that page written to, or moved, after then? */
static bool is_later(struct gpu_machine *m, uint32_t ipa, unsigned int then)
{
    unsigned int page = (ipa - GPU_RAM) / GPU_PAGE;

    return is_ram(ipa) && (m->written[page] > then || m->moved[page] > then);
}

/* The pool is full, the host failed, or the page came after the doorbell. */
static bool may_be_missing(struct gpu_machine *m, unsigned int then)
{
    return mirror_counters(m->w.mirror)->full || m->vbif.state != VBIF_LIVE ||
           m->w.fail_get || m->w.fail_read || m->appeared > then;
}

/* One page: where the guest leads, hardware leads; and nowhere else. */
static void check_da(struct gpu_machine *m, unsigned int dir, uint32_t da,
                     unsigned int then)
{
    uint32_t ipa = (uint32_t)mirror_ipa(m->w.mirror, dir).v, a = 0, b = 0;
    uint64_t due = 0, is = 0;
    bool leads = gpu_guest_leads(&m->w, ipa, da, &due, &a);

    if ( gpu_hardware_leads(&m->w, dir, da, &is, &b) )
        gpu_note(&m->w, leads && is == due && a == b,
                 "hardware has what the guest's tables do not say");
    else
        gpu_note(&m->w, !leads || may_be_missing(m, then),
                 "hardware has not what the guest's tables say");
}

static void check_slot(struct gpu_machine *m, unsigned int dir,
                       unsigned int slot, unsigned int then)
{
    uint32_t pde =
        *gpu_word(&m->w, (uint32_t)mirror_ipa(m->w.mirror, dir).v, slot);
    unsigned int page;

    if ( is_later(m, pde & SGX_BASE_ADDR, then) ||
         (!(pde & GPU_VALID) && !m->w.seen[dir][slot]) )
        return;
    for ( page = 0; page < GPU_WORDS; page++ )
        check_da(m, dir, (slot * GPU_WORDS + page) * GPU_PAGE, then);
}

static bool is_bound(struct gpu_machine *m, unsigned int dir)
{
    return mirror_find(m->w.mirror, mirror_ipa(m->w.mirror, dir)) == (int)dir;
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

/* All that the guest has let alone since then. */
static void check_since(struct gpu_machine *m, unsigned int then)
{
    unsigned int dir, slot;
    uint32_t ipa;

    for ( dir = 0; dir < m->w.nr_dirs; dir++ )
    {
        ipa = (uint32_t)mirror_ipa(m->w.mirror, dir).v;
        if ( !is_bound(m, dir) || m->bound_at[dir] > then || !is_ram(ipa) ||
             is_later(m, ipa, then) )
            continue;
        for ( slot = 0; slot < GPU_WORDS; slot++ )
            check_slot(m, dir, slot, then);
    }
}

static void arrive(struct gpu_machine *m, unsigned int offset, uint32_t value)
{
    struct gpu_ring *ring = &m->ring[m->first % GPU_RINGS];

    m->arrived++;
    gpu_note(&m->w, m->first < m->rung, "a doorbell that nobody rang");
    gpu_note(&m->w, ring->offset == offset && ring->value == value,
             "a doorbell out of its order");
    m->told = ring->at;
    check_since(m, m->told);
    m->first++;
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

static bool is_bif(uint32_t r)
{
    return r >= SGX_BIF_FIRST && r < SGX_BIF_END;
}

static void write_core(struct gpu_machine *m, unsigned int core, uint32_t r,
                       uint32_t value)
{
    gpu_note(&m->w, r != SGX_BIF_CTRL || !(value & SGX_CTRL_BYPASS),
             "translation is bypassed");
    if ( is_bif(r) && in_reset(m, core) )
        return;
    if ( r == SGX_BIF_CTRL )
        m->core[core].drained = false;
    if ( r == SGX_BIF_CTRL_INVAL )
        invalidate(m, core, value);
    else if ( r != SGX_BIF_MEM_REQ_STAT )
        *reg(m, core, r) = value;
}

static bool is_given(struct gpu_machine *m, uint32_t base)
{
    return base == GPU_EMPTY || mirror_of_root(m->w.mirror, _maddr(base)) >= 0;
}

/* Whatever may read memory has bases that the mediator gave. */
static void check_bases(struct gpu_machine *m)
{
    unsigned int core, n;

    for ( core = 0; core < GPU_CORES && !m->breached; core++ )
        for ( n = 0; n < SGX_BASES && !is_idle(m, core); n++ )
            gpu_note(
                &m->w,
                is_given(m, m->reg[sgx_base_offset(SGX_CORE0 + core, n) / 4]),
                "a base that the mediator did not give");
}

static void write_hw(struct gpu_world *w, unsigned int offset, uint32_t value)
{
    struct gpu_machine *m = of(w);
    unsigned int bank = offset / SGX_BANK_BYTES, r = offset % SGX_BANK_BYTES;
    unsigned int core;

    if ( w->mirror )
        gpu_note(w, w->locked, "a register is written without the lock");
    if ( is_doorbell(r) )
        arrive(m, offset, value);
    for ( core = 0; core < GPU_CORES; core++ )
        if ( bank == SGX_BROADCAST || bank == SGX_CORE0 + core )
            write_core(m, core, r, value);
    if ( bank <= SGX_MASTER )
        m->reg[BANK(SGX_MASTER, r) / 4] = value;
    if ( r == SGX_SOFT_RESET )
        note_reset(m);
    if ( w->mirror )
        check_bases(m);
}

static uint32_t read_hw(struct gpu_world *w, unsigned int offset)
{
    struct gpu_machine *m = of(w);
    unsigned int bank = offset / SGX_BANK_BYTES, r = offset % SGX_BANK_BYTES;
    unsigned int core = bank == SGX_CORE1;
    struct gpu_core *c = &m->core[core];

    if ( bank == SGX_MASTER )
        return m->reg[offset / 4];
    if ( r != SGX_BIF_MEM_REQ_STAT )
        return *reg(m, core, r);
    if ( c->reads && !c->stuck )
        c->reads--;
    if ( !c->reads && (*reg(m, core, SGX_BIF_CTRL) & SGX_CTRL_PAUSE) )
        c->drained = true;

    return c->reads;
}

static void p2m_changed(struct gpu_world *w, ipa_t ipa)
{
    unsigned int page = (unsigned int)(ipa.v - GPU_RAM) / GPU_PAGE;
    struct gpu_machine *m = of(w);

    m->moved[page] = ++m->acts;
    if ( m->absent[page] )
        m->appeared = m->acts;
    m->absent[page] = !w->frame[page];
    vbif_ipa_changed(&m->vbif, ipa, 1);
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

static bool walk_dir(struct gpu_machine *m, struct gpu_cache *cache,
                     uint32_t base, uint32_t da, uint32_t *pde)
{
    int dir = mirror_of_root(m->w.mirror, _maddr(base));
    uint32_t *cached;

    if ( dir < 0 )
        return false;
    cached = &cache->dir[dir][da >> 22];
    if ( !*cached && (m->w.seen[dir][da >> 22] & GPU_VALID) )
        *cached = m->w.seen[dir][da >> 22];
    *pde = *cached;

    return *pde;
}

static bool walk_table(struct gpu_machine *m, struct gpu_cache *cache,
                       uint32_t pde, uint32_t da, uint32_t *pte)
{
    unsigned int table = ((pde & SGX_BASE_ADDR) - GPU_TABLES_MADDR) / GPU_PAGE;
    unsigned int page = da >> 12 & (GPU_WORDS - 1);
    bool *line = &cache->line[table][page / GPU_LINE];
    uint32_t *words = cache->table[table];

    if ( !*line )
        memcpy(words + page / GPU_LINE * GPU_LINE,
               m->w.seen[GPU_MAX_DIRS + table] + page / GPU_LINE * GPU_LINE,
               GPU_LINE * sizeof(*words));
    *line = true;
    *pte = words[page];

    return *pte & GPU_VALID;
}

/* No cache has a page that went back. */
static void check_held(struct gpu_machine *m, uint32_t maddr)
{
    gpu_note(&m->w,
             maddr < GPU_MACHINE_RAM ||
                 m->w.held[(maddr - GPU_MACHINE_RAM) / GPU_PAGE],
             "an access to a page that is not held");
}

bool gpu_access(struct gpu_machine *m, unsigned int core, unsigned int base,
                uint32_t da, uint64_t *maddr)
{
    struct gpu_core *c = &m->core[core];
    uint32_t pde = 0, pte = 0;

    if ( is_idle(m, core) || c->faulted ||
         (*reg(m, core, SGX_BIF_CTRL) & SGX_CTRL_PAUSE) )
        return false;
    if ( walk_dir(m, &c->cache,
                  m->reg[sgx_base_offset(SGX_CORE0 + core, base) / 4], da,
                  &pde) &&
         walk_table(m, &c->cache, pde, da, &pte) )
    {
        check_held(m, pte & SGX_BASE_ADDR);
        *maddr = (pte & SGX_BASE_ADDR) | (da & ~SGX_BASE_ADDR);
        return true;
    }
    c->faulted = true;

    return false;
}

void gpu_load(struct gpu_machine *m, unsigned int core, unsigned int base,
              uint32_t root)
{
    if ( !is_idle(m, core) )
        m->reg[sgx_base_offset(SGX_CORE0 + core, base) / 4] = root;
}

/* The guest */

void gpu_store(struct gpu_machine *m, uint32_t ipa, unsigned int word,
               uint32_t value)
{
    unsigned int page = (ipa - GPU_RAM) / GPU_PAGE;

    if ( !is_ram(ipa) || !m->w.frame[page] )
        return;
    *gpu_word(&m->w, ipa, word) = value;
    m->written[page] = ++m->acts;
}

static void ring(struct gpu_machine *m, unsigned int offset, uint32_t value)
{
    gpu_note(&m->w, m->rung - m->first < GPU_RINGS, "too many doorbells");
    m->ring[m->rung++ % GPU_RINGS] =
        (struct gpu_ring){ offset, value, m->acts };
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
    if ( is_register(offset) && is_doorbell(r) && lost == m->vbif.count.lost )
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
    gpu_note(&m->w, m->first == m->rung, "a doorbell was not forwarded");
    check_since(m, m->told);
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
                      unsigned int nr_tables, uint64_t seed)
{
    struct mirror_memory mem;

    memset(m, 0, sizeof(*m));
    mem = gpu_prepare(&m->w, nr_dirs, nr_tables, seed);
    m->w.registers = &registers;
    gpu_note(&m->w, vbif_init(&m->vbif, &m->w.host, &mem, _maddr(GPU_EMPTY)),
             "the hardware does not answer");
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

    return bad ? bad : m->w.wrong;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
