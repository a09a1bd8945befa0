/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One OMAP MMU, as hardware. Sources as in omap_regs.h; [T] is TI's manual, mostly
 * OMAP36xx SWPU177N ch. 15 and DRA74x/75x SPRUI30H ch. 20.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "mmu.h"
#include "part.h"

enum kind {
    NONE,
    RO,
    RW,
    W1C,
    CMD,
};

static const struct {
    uint32_t reset;
    uint32_t writable;
    enum kind kind;
} registers[OMAP_MMU_WINDOW / 4] = {
#define R(name, offset, reset, writable, kind) \
    [(offset) / 4] = { reset, writable, kind },
    OMAP_MMU_REGISTERS(R)
#undef R
};

static uint32_t get(const struct mmu *m, enum omap_mmu_offset offset)
{
    return m->reg[offset / 4];
}

static void set(struct mmu *m, enum omap_mmu_offset offset, uint32_t value)
{
    m->reg[offset / 4] = value;
}

/* The line follows IRQSTATUS & IRQENABLE; its listener is called for changes. */
static void update_irq(struct mmu *m)
{
    bool level = get(m, MMU_IRQSTATUS) & get(m, MMU_IRQENABLE);

    if ( level == m->irq_level )
        return;

    m->irq_level = level;
    m->config.irq(m->config.ctx, level);
}

static void retranslate(struct mmu *m)
{
    if ( m->config.retranslate )
        m->config.retranslate(m->config.ctx);
}

static void end_stall(struct mmu *m)
{
    m->stall = 0;
    m->config.resume(m->config.ctx);
}

static void reset(struct mmu *m)
{
    unsigned int i;

    for ( i = 0; i < OMAP_MMU_WINDOW / 4; i++ )
        m->reg[i] = registers[i].reset;
    set(m, MMU_REVISION, m->config.revision);

    memset(m->tlb, 0, sizeof(m->tlb));
    m->stall = 0;
    m->walking = false;
    update_irq(m);
}

void mmu_reset(struct mmu *m)
{
    reset(m);
    retranslate(m);
}

void mmu_init(struct mmu *m, const struct mmu_config *config)
{
    assert(config->tlb_entries == 8 || config->tlb_entries == 32);

    memset(m, 0, sizeof(*m));
    m->config = *config;
    reset(m);
}

void mmu_cancel(struct mmu *m)
{
    m->stall = 0;
    m->walking = false;
    set(m, MMU_WALKING_ST, 0);
}

/*
 * TLB [T]
 */

/* The bits of an address that select a page of this entry's size. */
static uint32_t page_mask(const struct mmu_tlb_entry *entry)
{
    return ~0u << cam_page_shift(entry->cam);
}

static bool covers(const struct mmu_tlb_entry *entry, uint32_t da)
{
    return (entry->cam & CAM_V) && !((entry->cam ^ da) & page_mask(entry));
}

static uint32_t entry_translate(const struct mmu_tlb_entry *entry, uint32_t da)
{
    uint32_t mask = page_mask(entry);

    return (entry->ram & mask) | (da & ~mask);
}

/* The entry that LD_TLB, READ_CAM and READ_RAM mean: NULL if not there. */
static const struct mmu_tlb_entry *current_entry(const struct mmu *m)
{
    unsigned int victim = LOCK_VICTIM(get(m, MMU_LOCK));

    return victim < m->config.tlb_entries ? &m->tlb[victim] : NULL;
}

/*
 * LD_TLB. A TLB miss stalls only until an entry for it is loaded [T]. An additional
 * entry may make another one a multi-hit fault: that is a change as well.
 */
static void load_entry(struct mmu *m)
{
    unsigned int victim = LOCK_VICTIM(get(m, MMU_LOCK));
    struct mmu_tlb_entry *entry = &m->tlb[victim];
    uint32_t before;

    if ( victim >= m->config.tlb_entries )
        return;

    before = entry->cam;
    entry->cam = get(m, MMU_CAM);
    entry->ram = get(m, MMU_RAM);
    if ( (before | entry->cam) & CAM_V )
        retranslate(m);
    if ( m->stall == IRQ_TLBMISS && covers(entry, get(m, MMU_FAULT_AD)) )
        end_stall(m);
}

/*
 * The walker's load: into CURRENTVICTIM, which advances from N-1 to BASE. What
 * is not loaded holds for this access only.
 */
static void load_walked(struct mmu *m, const struct mmu_tlb_entry *entry)
{
    uint32_t lock = get(m, MMU_LOCK);
    unsigned int base = LOCK_BASE(lock);
    unsigned int victim = LOCK_VICTIM(lock);
    bool replaced;

    if ( base >= m->config.tlb_entries )
    {
        retranslate(m);
        return;
    }

    if ( victim < base || victim >= m->config.tlb_entries )
        victim = base;

    replaced = m->tlb[victim].cam & CAM_V;
    m->tlb[victim] = *entry;
    victim = victim + 1 == m->config.tlb_entries ? base : victim + 1;
    set(m, MMU_LOCK, LOCK_MAKE(base, victim));
    if ( replaced )
        retranslate(m);
}

static void flush_all(struct mmu *m)
{
    uint32_t dropped = 0;
    unsigned int i;

    for ( i = 0; i < m->config.tlb_entries; i++ )
        if ( !(m->tlb[i].cam & CAM_P) )
        {
            dropped |= m->tlb[i].cam;
            m->tlb[i].cam &= ~CAM_V;
        }

    if ( dropped & CAM_V )
        retranslate(m);
}

static void flush_entry(struct mmu *m)
{
    uint32_t da = get(m, MMU_CAM) & CAM_VATAG;
    bool dropped = false;
    unsigned int i;

    for ( i = 0; i < m->config.tlb_entries; i++ )
        if ( covers(&m->tlb[i], da) )
        {
            m->tlb[i].cam &= ~CAM_V;
            dropped = true;
        }

    if ( dropped )
        retranslate(m);
}

/*
 * Table walk [T]
 *
 * A walk yields the TLB entry of the page, or the IRQSTATUS bit of its fault.
 */

/*
 * MIXED, ENDIANNESS and ELEMENTSIZE, from their places in a second-level word
 * to those in RAM: the inverse of get_iopte_attr() of Linux's omap-iommu.c.
 */
static uint32_t ram_attributes(uint32_t word)
{
    return ((word >> 11 & 1) << 6) | ((word >> 9 & 1) << 9) |
           ((word >> 4 & 3) << 7);
}

static void make_entry(struct mmu_tlb_entry *entry, unsigned int cam_size,
                       uint32_t da, uint32_t word, uint32_t attributes)
{
    uint32_t mask;

    entry->cam = CAM_V | cam_size;
    mask = page_mask(entry);
    entry->cam |= da & mask;
    entry->ram = (word & mask) | attributes;
}

static uint32_t walk_second(const struct mmu *m, uint32_t da, uint32_t first,
                            struct mmu_tlb_entry *entry)
{
    uint32_t table = first & ~0x3ffu;
    uint32_t word;

    if ( !m->config.read32(m->config.ctx, table + (da >> 12 & 0xff) * 4,
                           &word) )
        return IRQ_TABLEWALKFAULT;

    switch ( word & 3 )
    {
    case 0:
        return IRQ_TRANSLATIONFAULT;
    case 1:
        make_entry(entry, CAM_SIZE_64K, da, word, ram_attributes(word));
        return 0;
    default:
        make_entry(entry, CAM_SIZE_4K, da, word, ram_attributes(word));
        return 0;
    }
}

static uint32_t walk(const struct mmu *m, uint32_t da,
                     struct mmu_tlb_entry *entry)
{
    /* The base's bits 6:0 do not exist; OR or add is not documented. */
    uint32_t addr = (get(m, MMU_TTB) & ~0x7fu) | (da >> 20) * 4;
    uint32_t word;

    if ( !m->config.read32(m->config.ctx, addr, &word) )
        return IRQ_TABLEWALKFAULT;

    switch ( word & 3 )
    {
    case 1:
        return walk_second(m, da, word, entry);
    case 2:
        make_entry(entry, (word & 1u << 18) ? CAM_SIZE_16M : CAM_SIZE_1M, da,
                   word, ram_attributes(word >> 6));
        return 0;
    default:
        return IRQ_TRANSLATIONFAULT;
    }
}

/*
 * Requests
 */

enum source {
    BYPASS,
    TLB,
    WALK,
    FAULT,
};

/* The result of an access, before any of its effects. */
struct outcome {
    enum source source;
    bool walked;
    uint32_t fault;             /* FAULT: the bit of IRQSTATUS */
    struct mmu_tlb_entry entry; /* TLB, WALK: what translates */
};

static void look_up(const struct mmu *m, uint32_t da, struct outcome *out)
{
    unsigned int hits = 0;
    unsigned int i;

    for ( i = 0; i < m->config.tlb_entries; i++ )
        if ( covers(&m->tlb[i], da) )
        {
            out->entry = m->tlb[i];
            hits++;
        }

    if ( hits == 1 )
        out->source = TLB;
    else if ( hits )
        out->fault = IRQ_MULTIHITFAULT;
    else if ( !(get(m, MMU_CNTL) & CNTL_TWLENABLE) )
        out->fault = IRQ_TLBMISS;
    else
    {
        out->walked = true;
        out->fault = walk(m, da, &out->entry);
        if ( !out->fault )
            out->source = WALK;
    }
}

/* Without bypass regions their registers stay 0. */
static bool in_bypass_region(const struct mmu *m, uint32_t da)
{
    unsigned int i;
    uint32_t start, size;

    for ( i = 0; i < MMU_BYPASS_REGIONS; i++ )
    {
        start = m->reg[MMU_BYPASS_REGION_ADDR(i) / 4];
        size = m->reg[MMU_BYPASS_REGION_SIZE(i) / 4];
        if ( da >= start && da - start < BYPASS_REGION_BYTES(size) )
            return true;
    }

    return false;
}

static struct outcome decide(const struct mmu *m, uint32_t da)
{
    struct outcome out = { .source = FAULT };

    if ( (get(m, MMU_CNTL) & CNTL_MMUENABLE) && !in_bypass_region(m, da) )
        look_up(m, da, &out);
    else
        out.source = BYPASS;

    return out;
}

/* Latch a fault, and stall unless bus errors are wanted [T]. */
static enum mmu_result fault(struct mmu *m, uint32_t da, bool write,
                             uint32_t bit)
{
    bool bus_error =
        m->config.bus_err_back && (get(m, MMU_GP_REG) & GP_REG_BUS_ERR_BACK_EN);

    m->stats.faults++;
    set(m, MMU_FAULT_AD, da);
    set(m, MMU_FAULT_PC, 0);
    set(m, MMU_FAULT_STATUS,
        FAULT_STATUS_INDICATION | (write ? FAULT_STATUS_WRITE : 0));
    set(m, MMU_IRQSTATUS, get(m, MMU_IRQSTATUS) | bit);
    if ( !bus_error )
        m->stall = bit;

    update_irq(m);

    return bus_error ? MMU_BUS_ERROR : MMU_STALL;
}

enum mmu_result mmu_translate(struct mmu *m, uint32_t da, bool write,
                              uint32_t *pa)
{
    struct outcome out;

    if ( m->stall || m->walking )
        return MMU_STALL;

    out = decide(m, da);
    switch ( out.source )
    {
    case BYPASS:
        m->stats.bypassed++;
        *pa = da;
        return MMU_OK;
    case TLB:
        m->stats.hits++;
        break;
    case WALK:
        m->stats.walks++;
        load_walked(m, &out.entry);
        break;
    case FAULT:
        return fault(m, da, write, out.fault);
    }

    *pa = entry_translate(&out.entry, da);

    return MMU_OK;
}

bool mmu_walk_begin(struct mmu *m, uint32_t da, bool write)
{
    struct outcome out;

    if ( m->stall || m->walking )
        return false;

    out = decide(m, da);
    if ( !out.walked )
        return false;

    m->walk = (struct mmu_walk){ da, write, out.fault, out.entry };
    m->walking = true;
    set(m, MMU_WALKING_ST, WALKING_ST_TWLRUNNING);

    return true;
}

enum mmu_result mmu_walk_end(struct mmu *m, uint32_t *pa)
{
    m->walking = false;
    set(m, MMU_WALKING_ST, 0);
    if ( m->walk.fault )
        return fault(m, m->walk.da, m->walk.write, m->walk.fault);

    m->stats.walks++;
    load_walked(m, &m->walk.entry);
    *pa = entry_translate(&m->walk.entry, m->walk.da);

    return MMU_OK;
}

bool mmu_peek(const struct mmu *m, uint32_t da, uint32_t *pa)
{
    struct outcome out = decide(m, da);

    if ( out.source == FAULT )
        return false;

    *pa = out.source == BYPASS ? da : entry_translate(&out.entry, da);

    return true;
}

/*
 * Registers
 */

static uint32_t read_word(const struct mmu *m, uint32_t offset)
{
    const struct mmu_tlb_entry *entry;

    switch ( offset )
    {
    case MMU_READ_CAM:
        entry = current_entry(m);
        return entry ? entry->cam : 0;
    case MMU_READ_RAM:
        entry = current_entry(m);
        return entry ? entry->ram : 0;
    default:
        return m->reg[offset / 4];
    }
}

uint32_t mmu_reg_read(const struct mmu *m, uint32_t offset, unsigned int size)
{
    if ( offset >= OMAP_MMU_WINDOW )
        return 0;

    return part_of(read_word(m, offset & ~3u), offset, size);
}

static void soft_reset(struct mmu *m)
{
    bool stalled = m->stall;

    mmu_reset(m);
    if ( stalled )
        end_stall(m);
}

static void command(struct mmu *m, uint32_t offset)
{
    switch ( offset )
    {
    case MMU_LD_TLB:
        load_entry(m);
        break;
    case MMU_GFLUSH:
        flush_all(m);
        break;
    case MMU_FLUSH_ENTRY:
        flush_entry(m);
        break;
    }
}

/* A written 1 clears the bit; that of the stalling fault lets it retry. */
static void acknowledge(struct mmu *m, uint32_t bits)
{
    set(m, MMU_IRQSTATUS, get(m, MMU_IRQSTATUS) & ~bits);
    update_irq(m);
    if ( m->stall & bits )
        end_stall(m);
}

static void store(struct mmu *m, uint32_t offset, uint32_t value)
{
    uint32_t changed = m->reg[offset / 4] ^ value;

    if ( offset == MMU_SYSCONFIG && (value & SYSCONFIG_SOFTRESET) )
    {
        soft_reset(m);
        return;
    }

    m->reg[offset / 4] = value;
    update_irq(m);
    if ( offset == MMU_CNTL && (changed & CNTL_MMUENABLE) )
        retranslate(m);
}

/* False: the register is one that all instances have. */
static bool store_bypass_region(struct mmu *m, uint32_t offset, uint32_t value)
{
    if ( !m->config.bypass_regions )
        return false;

    if ( offset - MMU_BYPASS_REGION_ADDR(0) < MMU_BYPASS_REGIONS * 8 )
    {
        m->reg[offset / 4] =
            value & (offset & 4 ? BYPASS_REGION_SIZE : BYPASS_REGION_START);
        retranslate(m);
        return true;
    }

    return offset == MMU_GP_REG;
}

void mmu_reg_write(struct mmu *m, uint32_t offset, unsigned int size,
                   uint32_t value)
{
    if ( offset >= OMAP_MMU_WINDOW || offset % 4 || size != 4 ||
         store_bypass_region(m, offset, value) )
        return;

    value &= registers[offset / 4].writable;
    switch ( registers[offset / 4].kind )
    {
    case RW:
        store(m, offset, value);
        break;
    case W1C:
        acknowledge(m, value);
        break;
    case CMD:
        if ( value )
            command(m, offset);
        break;
    default:
        break;
    }
}
