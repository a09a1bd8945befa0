/* SPDX-License-Identifier: GPL-2.0-only */
/* The BIFs of an SGX544. Sources: sgx_regs.h; choices: bif.h. */
#include <stddef.h>
#include <string.h>

#include "bif.h"

#define LINE_BYTES (BIF_LINE_WORDS * 4)

/* SOFT_RESET of the master. */
#define MASTER_CORE(bank) (1u << ((bank)-SGX_CORE0))
#define MASTER_BIF        0x101u

/* Words of directories and tables. */
#define VALID       1u
#define ADDRESS     0xfffff000u
#define DIR_SIZE(w) ((w) >> 1 & 7)
#define DIR_4M      5u
#define WRITE_ONLY  (1u << 1)
#define READ_ONLY   (1u << 2)
#define EDM_ONLY    (1u << 4)

/* The bits of BIF_CTRL that let a requester's addresses out as they are. */
static const uint32_t bypass_bits[BIF_REQUESTERS] = {
    [BIF_EDM] = 1u << 15,
    [BIF_TA] = 3u << 9 | 7u << 17,
    [BIF_3D] = 15u << 11,
    [BIF_PTLA] = 1u << 16 | 1u << 20,
};

static void tell(struct bif *b, struct bif_event event)
{
    event.number = b->events++;
    if ( b->config.event )
        b->config.event(b->config.ctx, &event);
}

/*
 * Registers
 */

static uint32_t get(const struct bif *b, unsigned int bank, uint32_t reg)
{
    return b->bank[bank].reg[(reg - SGX_BIF_FIRST) / 4];
}

static void set(struct bif *b, unsigned int bank, uint32_t reg, uint32_t value)
{
    b->bank[bank].reg[(reg - SGX_BIF_FIRST) / 4] = value;
}

bool bif_is_held(const struct bif *b, unsigned int bank)
{
    uint32_t master = b->bank[SGX_MASTER].soft_reset;

    if ( bank == SGX_MASTER )
        return master & MASTER_BIF;

    return (b->bank[bank].soft_reset & SGX_RESET_BIF) ||
           (master & MASTER_CORE(bank));
}

static void forget(struct bif_bank *bank, uint32_t inval)
{
    if ( inval & (SGX_INVAL_PTE | SGX_INVAL_ALL) )
        memset(bank->line, 0, sizeof(bank->line));
    if ( inval & SGX_INVAL_ALL )
        memset(bank->dir, 0, sizeof(bank->dir));
}

/* In reset: registers are lost, and what was under way. */
static void lose(struct bif *b, unsigned int n)
{
    struct bif_bank *bank = &b->bank[n];

    memset(bank->reg, 0, sizeof(bank->reg));
    bank->stopped = 0;
    bank->reads = 0;
    bank->resets++;
    if ( !b->config.reset_keeps_caches )
        forget(bank, SGX_INVAL_ALL);
    tell(b, (struct bif_event){ .kind = BIF_ENTERED_RESET, .bank = n });
}

static void write_reset(struct bif *b, unsigned int bank, uint32_t value)
{
    bool was[SGX_BANKS];
    unsigned int n;

    for ( n = SGX_MASTER; n < SGX_BANKS; n++ )
        was[n] = bif_is_held(b, n);

    for ( n = SGX_MASTER; n < SGX_BANKS; n++ )
        if ( bank == n || bank == SGX_BROADCAST )
            b->bank[n].soft_reset = value;

    for ( n = SGX_MASTER; n < SGX_BANKS; n++ )
        if ( !was[n] && bif_is_held(b, n) )
            lose(b, n);
        else if ( was[n] && !bif_is_held(b, n) )
            tell(b, (struct bif_event){ .kind = BIF_LEFT_RESET, .bank = n });
}

static void write_ctrl(struct bif *b, unsigned int bank, uint32_t value)
{
    set(b, bank, SGX_BIF_CTRL, value & ~SGX_CTRL_CLEAR_FAULT);
    if ( !(value & SGX_CTRL_CLEAR_FAULT) )
        return;

    b->bank[bank].stopped = 0;
    set(b, bank, SGX_BIF_INT_STAT, 0);
    set(b, bank, SGX_BIF_FAULT, 0);
}

static void invalidate(struct bif *b, unsigned int bank, uint32_t value,
                       bool inside)
{
    forget(&b->bank[bank], value);
    tell(b, (struct bif_event){ .kind = BIF_INVALIDATED,
                                .bank = bank,
                                .inside = inside,
                                .value = value });
}

/* The base that is at that register, or SGX_BASES: none is. */
static unsigned int base_at(uint32_t reg)
{
    unsigned int n = 0;

    while ( n < SGX_BASES && sgx_base_offset(0, n) != reg )
        n++;

    return n;
}

static void load_base(struct bif *b, unsigned int bank, unsigned int index,
                      uint32_t value, bool inside)
{
    value &= SGX_BASE_ADDR;
    set(b, bank, sgx_base_offset(0, index), value);
    b->stats.loads++;
    tell(b, (struct bif_event){ .kind = BIF_BASE_LOADED,
                                .bank = bank,
                                .inside = inside,
                                .index = index,
                                .value = value });
}

static void write_bank(struct bif *b, unsigned int bank, uint32_t reg,
                       uint32_t value, bool inside)
{
    if ( bif_is_held(b, bank) )
        return;

    switch ( reg )
    {
    case SGX_BIF_CTRL:
        write_ctrl(b, bank, value);
        break;
    case SGX_BIF_CTRL_INVAL:
        invalidate(b, bank, value, inside);
        break;
    case SGX_BIF_INT_STAT:
    case SGX_BIF_FAULT:
    case SGX_BIF_MEM_REQ_STAT:
    case SGX_BIF_BANK_STATUS:
        break;
    default:
        if ( base_at(reg) < SGX_BASES )
            load_base(b, bank, base_at(reg), value, inside);
        else
            set(b, bank, reg, value);
    }
}

bool bif_has(uint32_t offset)
{
    uint32_t reg = offset % SGX_BANK_BYTES;

    return offset < SGX_WINDOW && !(offset % 4) &&
           (reg == SGX_SOFT_RESET ||
            (reg >= SGX_BIF_FIRST && reg < SGX_BIF_END));
}

void bif_reg_write(struct bif *b, uint32_t offset, uint32_t value, bool inside)
{
    unsigned int bank = offset / SGX_BANK_BYTES, n;
    uint32_t reg = offset % SGX_BANK_BYTES;

    if ( !bif_has(offset) )
        return;

    if ( reg == SGX_SOFT_RESET )
    {
        write_reset(b, bank, value);
        return;
    }

    for ( n = SGX_MASTER; n < SGX_BANKS; n++ )
        if ( bank == n || bank == SGX_BROADCAST )
            write_bank(b, n, reg, value, inside);
}

uint32_t bif_reg_read(const struct bif *b, uint32_t offset)
{
    unsigned int bank = offset / SGX_BANK_BYTES;
    uint32_t reg = offset % SGX_BANK_BYTES;

    if ( !bif_has(offset) )
        return 0;

    bank = bank == SGX_BROADCAST ? SGX_CORE0 : bank;
    if ( reg == SGX_SOFT_RESET )
        return b->bank[bank].soft_reset;
    if ( reg == SGX_BIF_MEM_REQ_STAT )
        return b->bank[bank].reads < SGX_MEM_REQ_READS ? b->bank[bank].reads
                                                       : SGX_MEM_REQ_READS;

    return get(b, bank, reg);
}

void bif_init(struct bif *b, const struct bif_config *config)
{
    memset(b, 0, sizeof(*b));
    b->config = *config;
}

void bif_reset(struct bif *b)
{
    unsigned int n;

    for ( n = SGX_MASTER; n < SGX_BANKS; n++ )
    {
        b->bank[n].soft_reset = 0;
        lose(b, n);
        forget(&b->bank[n], SGX_INVAL_ALL);
    }
}

/*
 * Translation
 */

/* Where in a cache that word, and that line, go. */

static unsigned int dir_place(uint32_t pa)
{
    return pa / 4 % BIF_DIR_WORDS;
}

static unsigned int line_place(uint32_t pa)
{
    return pa / LINE_BYTES % BIF_LINES;
}

/* False: a bus error. */
static bool read_dir(const struct bif *b, unsigned int n, uint32_t pa,
                     struct bif_walk *walk)
{
    const struct bif_dir_word *cached = &b->bank[n].dir[dir_place(pa)];

    if ( cached->word && cached->pa == pa )
    {
        walk->dir = *cached;
        return true;
    }

    walk->dir_read = true;
    walk->dir.pa = pa;

    return b->config.read32(b->config.ctx, pa, &walk->dir.word);
}

static bool read_line(const struct bif *b, unsigned int n, uint32_t pa,
                      struct bif_walk *walk)
{
    const struct bif_line *cached = &b->bank[n].line[line_place(pa)];
    unsigned int i;

    if ( cached->valid && cached->pa == pa )
    {
        walk->line = *cached;
        return true;
    }

    walk->line_read = true;
    walk->line.pa = pa;
    for ( i = 0; i < BIF_LINE_WORDS; i++ )
        if ( !b->config.read32(b->config.ctx, pa + i * 4, &walk->line.word[i]) )
            return false;
    walk->line.valid = true;

    return true;
}

static bool allows(uint32_t word, enum bif_requester requester, bool write)
{
    return (word & VALID) && !(word & (write ? READ_ONLY : WRITE_ONLY)) &&
           (!(word & EDM_ONLY) || requester == BIF_EDM);
}

/* The base of a requester. */
static uint32_t base_of(const struct bif *b, unsigned int bank,
                        enum bif_requester requester)
{
    uint32_t indexes = get(b, bank, SGX_BIF_BANK0), n = 0;

    switch ( requester )
    {
    case BIF_EDM:
        n = SGX_BANK_EDM(indexes);
        break;
    case BIF_TA:
        n = SGX_BANK_TA(indexes);
        break;
    case BIF_3D:
        n = SGX_BANK_3D(indexes);
        break;
    case BIF_PTLA:
    case BIF_REQUESTERS:
        n = SGX_BANK_PTLA(indexes);
        break;
    }

    return get(b, bank, sgx_base_offset(0, n % SGX_BASES));
}

/* Fills r but for bank, requester, da and write. */
static void walk(const struct bif *b, struct bif_request *r)
{
    uint32_t base = base_of(b, r->bank, r->requester), shift, entry, word;

    r->faulted = true;
    if ( !read_dir(b, r->bank, base + (r->da >> 22) * 4, &r->walk) ||
         !(r->walk.dir.word & VALID) || DIR_SIZE(r->walk.dir.word) > DIR_4M )
        return;

    shift = 12 + 2 * DIR_SIZE(r->walk.dir.word);
    entry = (r->walk.dir.word & ADDRESS) + ((r->da & 0x3fffff) >> shift) * 4;
    if ( !read_line(b, r->bank, entry & ~(LINE_BYTES - 1), &r->walk) )
        return;

    word = r->walk.line.word[entry / 4 % BIF_LINE_WORDS];
    if ( !allows(word, r->requester, r->write) )
        return;

    r->faulted = false;
    r->pa = (word & (~0u << shift)) | (r->da & ~(~0u << shift));
}

static void decide(const struct bif *b, struct bif_request *r)
{
    r->bypassed = get(b, r->bank, SGX_BIF_CTRL) & bypass_bits[r->requester];
    if ( r->bypassed )
        r->pa = r->da;
    else
        walk(b, r);
}

/* An event of a request. */
static void tell_of(struct bif *b, const struct bif_request *r,
                    enum bif_event_kind kind, uint32_t pa, uint32_t value)
{
    tell(b, (struct bif_event){ .kind = kind,
                                .bank = r->bank,
                                .requester = r->requester,
                                .write = r->write,
                                .da = r->da,
                                .pa = pa,
                                .value = value });
}

static void tell_reads(struct bif *b, const struct bif_request *r)
{
    if ( r->walk.dir_read )
    {
        b->stats.directory_reads++;
        tell_of(b, r, BIF_DIRECTORY_READ, r->walk.dir.pa, r->walk.dir.word);
    }
    if ( r->walk.line_read )
    {
        b->stats.table_reads++;
        tell_of(b, r, BIF_TABLE_READ, r->walk.line.pa, 0);
    }
}

static void cache(struct bif_bank *bank, const struct bif_walk *walk)
{
    if ( walk->dir_read && (walk->dir.word & VALID) )
        bank->dir[dir_place(walk->dir.pa)] = walk->dir;
    if ( walk->line_read && walk->line.valid )
        bank->line[line_place(walk->line.pa)] = walk->line;
}

static enum bif_result raise(struct bif *b, const struct bif_request *r)
{
    uint32_t status = get(b, r->bank, SGX_BIF_INT_STAT);

    if ( !status )
        set(b, r->bank, SGX_BIF_FAULT, r->da & SGX_FAULT_ADDR);
    set(b, r->bank, SGX_BIF_INT_STAT, status | 1u << r->requester);
    b->bank[r->bank].stopped |= 1u << r->requester;
    b->stats.faults++;
    tell_of(b, r, BIF_RAISED, 0, 0);

    return BIF_FAULT;
}

static enum bif_result refuse(struct bif *b)
{
    b->stats.refused++;

    return BIF_REFUSED;
}

enum bif_result bif_begin(struct bif *b, struct bif_request *r,
                          unsigned int bank, enum bif_requester requester,
                          uint32_t da, bool write)
{
    if ( bif_is_held(b, bank) || (b->bank[bank].stopped & 1u << requester) )
        return refuse(b);

    if ( get(b, bank, SGX_BIF_CTRL) & SGX_CTRL_PAUSE )
    {
        b->stats.waited++;
        return BIF_WAIT;
    }

    memset(r, 0, sizeof(*r));
    r->bank = bank;
    r->requester = requester;
    r->da = da;
    r->write = write;
    r->resets = b->bank[bank].resets;
    decide(b, r);
    b->bank[bank].reads++;
    tell_reads(b, r);

    return BIF_OK;
}

enum bif_result bif_end(struct bif *b, struct bif_request *r, uint32_t *pa)
{
    struct bif_bank *bank = &b->bank[r->bank];

    if ( r->resets != bank->resets )
        return refuse(b);

    bank->reads--;
    cache(bank, &r->walk);
    if ( bank->stopped & 1u << r->requester )
        return refuse(b);
    if ( r->faulted )
        return raise(b, r);

    if ( r->bypassed )
        b->stats.bypassed++;
    else
        b->stats.translated++;
    *pa = r->pa;
    tell_of(b, r, r->bypassed ? BIF_BYPASS : BIF_ACCESS, r->pa, 0);

    return BIF_OK;
}

enum bif_result bif_translate(struct bif *b, unsigned int bank,
                              enum bif_requester requester, uint32_t da,
                              bool write, uint32_t *pa)
{
    struct bif_request r;
    enum bif_result result = bif_begin(b, &r, bank, requester, da, write);

    return result == BIF_OK ? bif_end(b, &r, pa) : result;
}

bool bif_peek(const struct bif *b, unsigned int bank,
              enum bif_requester requester, uint32_t da, bool write,
              uint32_t *pa)
{
    struct bif_request r = {
        .bank = bank,
        .requester = requester,
        .da = da,
        .write = write,
    };

    if ( bif_is_held(b, bank) )
        return false;

    decide(b, &r);
    if ( r.faulted )
        return false;

    *pa = r.pa;

    return true;
}
