/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "oracle.h"

#define DA_PAGES    (1u << 20)
#define NEVER_ENDED UINT64_MAX
#define MAX_VALUES  64

static uint32_t get(const struct oracle_mmu *mmu, unsigned int offset)
{
    return mmu->reg[offset / 4];
}

/* log2 of the size of the page that a first- or second-level word maps. */
static unsigned int first_shift(uint32_t word)
{
    return (word & (1 << 18)) ? 24 : 20;
}

static unsigned int second_shift(uint32_t word)
{
    return word & 2 ? 12 : 16;
}

static unsigned int cam_shift(uint32_t cam)
{
    return (const unsigned int[]){ 20, 16, 12, 24 }[cam & 3];
}

static uint32_t join(uint32_t word, uint32_t da, unsigned int shift)
{
    return (word >> shift << shift) | (da & ((1u << shift) - 1));
}

static bool covers(uint32_t cam, uint32_t da)
{
    return (cam & CAM_V) && (cam ^ da) >> cam_shift(cam) == 0;
}

/* How many TLB entries hit; the last of them to *hit. */
static unsigned int tlb_hits(const struct oracle *o,
                             const struct oracle_mmu *mmu, uint32_t da,
                             unsigned int *hit)
{
    unsigned int i, hits = 0;

    for ( i = 0; i < o->tlb_entries; i++ )
        if ( covers(mmu->cam[i], da) )
        {
            *hit = i;
            hits++;
        }

    return hits;
}

static uint32_t first_word_ipa(const struct oracle_mmu *mmu, uint32_t da)
{
    return (get(mmu, MMU_TTB) & ~0x7fu) | (da >> 20 << 2);
}

static uint32_t second_word_ipa(uint32_t first, uint32_t da)
{
    return (first & ~0x3ffu) | ((da >> 12 & 0xff) << 2);
}

static struct oracle_answer walk_now(const struct oracle *o,
                                     const struct oracle_mmu *mmu, uint32_t da)
{
    struct oracle_answer a = { .fault = IRQ_TABLEWALKFAULT };
    const uint32_t *word = memory_ipa_word(o->mem, first_word_ipa(mmu, da));

    if ( word && (*word & 3) == 2 )
    {
        a.shift = first_shift(*word);
        a.fault = 0;
    }
    else if ( word && (*word & 3) == 1 )
    {
        word = memory_ipa_word(o->mem, second_word_ipa(*word, da));
        if ( word )
        {
            a.shift = second_shift(*word);
            a.fault = *word & 3 ? 0 : IRQ_TRANSLATIONFAULT;
        }
    }
    else if ( word )
        a.fault = IRQ_TRANSLATIONFAULT;

    if ( !a.fault )
        a.ipa = join(*word, da, a.shift);

    return a;
}

static bool translates(const struct oracle_mmu *mmu)
{
    return !mmu->around && (get(mmu, MMU_CNTL) & CNTL_MMUENABLE);
}

static struct oracle_answer answer(const struct oracle *o,
                                   const struct oracle_mmu *mmu, uint32_t da)
{
    struct oracle_answer a = { .ipa = da, .shift = 12 };
    unsigned int hit = 0, hits;

    if ( !mmu->touched )
        a.waits = true;
    if ( !mmu->touched || !translates(mmu) )
        return a;

    hits = tlb_hits(o, mmu, da, &hit);
    if ( hits > 1 )
        a.fault = IRQ_MULTIHITFAULT;
    else if ( hits )
    {
        a.shift = cam_shift(mmu->cam[hit]);
        a.ipa = join(mmu->ram[hit], da, a.shift);
    }
    else if ( !(get(mmu, MMU_CNTL) & CNTL_TWLENABLE) )
        a.fault = IRQ_TLBMISS;
    else
        a = walk_now(o, mmu, da);

    return a;
}

struct oracle_answer oracle_now(const struct oracle *o, uint32_t da)
{
    return answer(o, &o->mmu, da);
}

/* The past */

/* A word had a value from one time to another. */
struct value {
    uint32_t word;
    uint64_t from, to;
};

/* All the values that a word had after since, oldest first. */
static unsigned int word_values(const struct oracle *o, uint32_t ipa,
                                uint64_t since, struct value *value)
{
    const uint32_t *word = memory_ipa_word(o->mem, ipa);
    uint64_t from = since;
    unsigned int i, n = 0;

    for ( i = 0; i < o->logged && n < MAX_VALUES - 1; i++ )
        if ( o->log[i].ipa == ipa && o->log[i].time > since )
        {
            value[n++] = (struct value){ o->log[i].old, from, o->log[i].time };
            from = o->log[i].time;
        }
    if ( word )
        value[n++] = (struct value){ *word, from, NEVER_ENDED };

    return n;
}

/* Calls see() for each translation by the tables since the last promise. */
static bool each_translation(
    const struct oracle *o, const struct oracle_mmu *mmu, uint32_t da,
    bool (*see)(void *arg, uint32_t ipa, unsigned int shift), void *arg)
{
    struct value first[MAX_VALUES], second[MAX_VALUES];
    uint64_t since = o->page_promise[da / PAGE_SIZE];
    unsigned int i, j, n, m;

    if ( since < o->promise )
        since = o->promise;

    n = word_values(o, first_word_ipa(mmu, da), since, first);
    for ( i = 0; i < n; i++ )
    {
        uint32_t word = first[i].word;

        if ( (word & 3) == 2 &&
             see(arg, join(word, da, first_shift(word)), first_shift(word)) )
            return true;
        if ( (word & 3) != 1 )
            continue;

        m = word_values(o, second_word_ipa(word, da), since, second);
        for ( j = 0; j < m; j++ )
        {
            word = second[j].word;
            /* The second word is read after the first. */
            if ( (word & 3) && second[j].to > first[i].from &&
                 see(arg, join(word, da, second_shift(word)),
                     second_shift(word)) )
                return true;
        }
    }

    return false;
}

struct wanted {
    const struct memory *mem;
    uint64_t maddr;
};

static bool leads_to(void *arg, uint32_t ipa, unsigned int shift)
{
    const struct wanted *wanted = arg;
    uint64_t maddr;

    (void)shift;

    return memory_device_maddr(wanted->mem, ipa, &maddr) &&
           maddr == wanted->maddr;
}

static bool legal_by(const struct oracle *o, const struct oracle_mmu *mmu,
                     uint32_t da, uint64_t maddr)
{
    struct wanted wanted = { o->mem, maddr };
    struct oracle_answer a = answer(o, mmu, da);
    unsigned int hit;

    if ( a.waits )
        return false;
    if ( !a.fault && leads_to(&wanted, a.ipa, 0) )
        return true;

    return translates(mmu) && (get(mmu, MMU_CNTL) & CNTL_TWLENABLE) &&
           !tlb_hits(o, mmu, da, &hit) &&
           each_translation(o, mmu, da, leads_to, &wanted);
}

bool oracle_legal(const struct oracle *o, uint32_t da, uint64_t maddr)
{
    return legal_by(o, &o->mmu, da, maddr) ||
           (o->writing && legal_by(o, &o->before, da, maddr));
}

/* Events */

static void promise_all(struct oracle *o)
{
    o->promise = ++o->now;
    o->logged = 0;
}

/* For the 2^shift bytes that da lies in. */
static void promise_pages(struct oracle *o, uint32_t da, unsigned int shift)
{
    uint32_t page = da >> shift << shift >> 12, i;

    o->now++;
    for ( i = 0; i < 1u << (shift - 12); i++ )
        o->page_promise[page + i] = o->now;
}

static bool max_shift(void *arg, uint32_t ipa, unsigned int shift)
{
    unsigned int *max = arg;

    (void)ipa;
    if ( shift > *max )
        *max = shift;

    return false;
}

/* What is dropped is the page that da lies in, however large. */
static void promise_entry(struct oracle *o, uint32_t da)
{
    unsigned int shift = 12, i;

    for ( i = 0; i < o->tlb_entries; i++ )
        if ( covers(o->before.cam[i], da) )
            max_shift(&shift, 0, cam_shift(o->before.cam[i]));

    each_translation(o, &o->mmu, da, max_shift, &shift);
    promise_pages(o, da, shift);
}

static unsigned int victim(const struct oracle *o)
{
    return LOCK_VICTIM(get(&o->mmu, MMU_LOCK)) % o->tlb_entries;
}

/* The entry that went, and the one that came. */
static void promise_loaded(struct oracle *o)
{
    uint32_t old = o->before.cam[victim(o)], new = o->mmu.cam[victim(o)];

    if ( old & CAM_V )
        promise_pages(o, old, cam_shift(old));
    if ( new &CAM_V )
        promise_pages(o, new, cam_shift(new));
}

static void load_entry(struct oracle *o)
{
    o->mmu.cam[victim(o)] = get(&o->mmu, MMU_CAM);
    o->mmu.ram[victim(o)] = get(&o->mmu, MMU_RAM);
}

static void flush_all(struct oracle *o)
{
    unsigned int i;

    for ( i = 0; i < o->tlb_entries; i++ )
        if ( !(o->mmu.cam[i] & CAM_P) )
            o->mmu.cam[i] &= ~CAM_V;
}

static void flush_entry(struct oracle *o, uint32_t da)
{
    unsigned int i;

    for ( i = 0; i < o->tlb_entries; i++ )
        if ( covers(o->mmu.cam[i], da) )
            o->mmu.cam[i] &= ~CAM_V;
}

static void reset(struct oracle_mmu *mmu)
{
#define R(name, offset, reset, writable, kind) mmu->reg[(offset) / 4] = (reset);
    OMAP_MMU_REGISTERS(R)
#undef R
    memset(mmu->cam, 0, sizeof(mmu->cam));
    memset(mmu->ram, 0, sizeof(mmu->ram));
}

void oracle_assigned(struct oracle *o, bool around)
{
    reset(&o->mmu);
    o->mmu.around = around;
    o->mmu.touched = o->writing = false;
    promise_all(o);
}

void oracle_started(struct oracle *o)
{
    o->mmu.touched = true;
}

static uint32_t writable(unsigned int offset)
{
    switch ( offset )
    {
#define R(name, offset, reset, writable, kind) \
    case offset: \
        return writable;
        OMAP_MMU_REGISTERS(R)
#undef R
    default:
        return 0;
    }
}

static void write_command(struct oracle *o, unsigned int offset)
{
    switch ( offset )
    {
    case MMU_LD_TLB:
        load_entry(o);
        break;
    case MMU_GFLUSH:
        flush_all(o);
        break;
    case MMU_FLUSH_ENTRY:
        flush_entry(o, get(&o->mmu, MMU_CAM) & CAM_VATAG);
        break;
    }
}

static bool is_command(unsigned int offset)
{
    return offset == MMU_LD_TLB || offset == MMU_GFLUSH ||
           offset == MMU_FLUSH_ENTRY;
}

void oracle_reg_writing(struct oracle *o, unsigned int offset, uint32_t value)
{
    value &= writable(offset);
    o->before = o->mmu;
    o->writing = true;

    if ( offset == MMU_CNTL )
        o->mmu.touched = true;
    if ( offset == MMU_SYSCONFIG && (value & SYSCONFIG_SOFTRESET) )
        reset(&o->mmu);
    else if ( is_command(offset) && value )
        write_command(o, offset);
    else if ( !is_command(offset) && offset != MMU_IRQSTATUS &&
              writable(offset) )
        o->mmu.reg[offset / 4] = value;
}

void oracle_reg_written(struct oracle *o, unsigned int offset, uint32_t value)
{
    value &= writable(offset);
    o->writing = false;

    switch ( offset )
    {
    case MMU_LD_TLB:
        if ( value )
            promise_loaded(o);
        break;
    case MMU_FLUSH_ENTRY:
        if ( value )
            promise_entry(o, get(&o->mmu, MMU_CAM) & CAM_VATAG);
        break;
    case MMU_GFLUSH:
        if ( value )
            promise_all(o);
        break;
    case MMU_SYSCONFIG:
        if ( value & SYSCONFIG_SOFTRESET )
            promise_all(o);
        break;
    case MMU_TTB:
    case MMU_CNTL:
        promise_all(o);
        break;
    }
}

void oracle_routing(struct oracle *o, bool around)
{
    o->before = o->mmu;
    o->writing = true;
    o->mmu.around = around;
}

void oracle_routed(struct oracle *o)
{
    o->writing = false;
    promise_all(o);
}

void oracle_reg_read(struct oracle *o, unsigned int offset, uint32_t value)
{
    if ( offset == MMU_READ_CAM && !(value & CAM_V) )
        promise_all(o);
}

void oracle_word_changes(struct oracle *o, uint32_t ipa)
{
    const uint32_t *word = memory_ipa_word(o->mem, ipa);

    o->now++;
    if ( word && !oracle_full(o) )
        o->log[o->logged++] = (struct oracle_write){ ipa, *word, o->now };
}

bool oracle_full(const struct oracle *o)
{
    return o->logged == ORACLE_LOG;
}

bool oracle_reg(const struct oracle *o, unsigned int offset, uint32_t *value)
{
    switch ( offset )
    {
    case MMU_READ_CAM:
        *value = o->mmu.cam[victim(o)];
        return true;
    case MMU_READ_RAM:
        *value = o->mmu.ram[victim(o)];
        return true;
    case MMU_REVISION:
    case MMU_IRQSTATUS:
    case MMU_FAULT_AD:
    case MMU_FAULT_PC:
    case MMU_FAULT_STATUS:
        return false;
    default:
        *value = get(&o->mmu, offset);
        return true;
    }
}

void oracle_init(struct oracle *o, const struct memory *mem,
                 unsigned int tlb_entries)
{
    memset(o, 0, sizeof(*o));
    o->mem = mem;
    o->tlb_entries = tlb_entries;
    o->page_promise = memory_space(DA_PAGES * sizeof(*o->page_promise));
    oracle_assigned(o, false);
}

void oracle_fini(struct oracle *o)
{
    munmap(o->page_promise, DA_PAGES * sizeof(*o->page_promise));
}
