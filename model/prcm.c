/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power, reset and clocks of remote processors. A write changes what the words ask for;
 * advance() then brings each status one step nearer to it, until nothing changes.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "omap_regs.h"
#include "prcm.h"

static bool power_exists(const struct prcm_unit_config *c)
{
    return c->word[PRCM_PWRSTCTRL];
}

static uint32_t resets(const struct prcm_unit_config *c)
{
    return c->cores | c->mmu;
}

/* The bits of one of its words that a unit owns. */
static uint32_t owned_bits(const struct prcm_unit_config *c,
                           enum prcm_word word)
{
    switch ( word )
    {
    case PRCM_RSTCTRL:
    case PRCM_RSTST:
        return resets(c);
    case PRCM_PWRSTCTRL:
        return PRCM_POWERSTATE;
    case PRCM_PWRSTST:
        return PRCM_POWERSTATE | PRCM_LOGICSTATEST | PRCM_INTRANSITION;
    case PRCM_CLKSTCTRL:
        return PRCM_CLKTRCTRL | PRCM_CLKACTIVITY;
    case PRCM_CLKCTRL:
        return PRCM_MODULEMODE | PRCM_IDLEST | PRCM_STBYST;
    default:
        return 0;
    }
}

/* A kilobyte is the grain of it, see Linux's omap_remoteproc.c. */
static uint32_t boot_bits(const struct prcm_unit_config *c)
{
    return ~0x3ffu >> c->boot_shift;
}

/* The bits of a word at addr that a unit owns beside those of its six words. */
static uint32_t other_bits(const struct prcm_unit_config *c, uint32_t addr)
{
    uint32_t bits = 0;

    if ( c->boot && c->boot == addr )
        bits |= boot_bits(c);
    if ( c->emu && c->emu == addr )
        bits |= PRCM_CLKTRCTRL;
    if ( c->dreq && addr - c->dreq < 4 * PRCM_DREQ_WORDS )
        bits |= UINT32_MAX;

    return bits;
}

/*
 * Config
 */

static bool in_a_page(const struct prcm_config *config, uint32_t addr)
{
    unsigned int i;

    for ( i = 0; i < config->pages; i++ )
        if ( addr - config->page[i].addr < PRCM_PAGE )
            return true;

    return false;
}

static const char *check_words(const struct prcm_config *config,
                               const struct prcm_unit_config *c)
{
    unsigned int i;

    for ( i = 0; i < PRCM_WORDS; i++ )
    {
        if ( !c->word[i] && (i == PRCM_PWRSTCTRL || i == PRCM_PWRSTST) )
            continue;
        if ( c->word[i] % 4 || !in_a_page(config, c->word[i]) )
            return "a word of a unit is not in a page";
    }

    if ( !c->word[PRCM_PWRSTCTRL] != !c->word[PRCM_PWRSTST] )
        return "a unit has one of PWRSTCTRL and PWRSTST";

    if ( c->boot && (c->boot % 4 || !in_a_page(config, c->boot)) )
        return "a boot register is not in a page";

    if ( c->emu && (c->emu % 4 || !in_a_page(config, c->emu)) )
        return "a CM_EMU_CLKSTCTRL is not in a page";

    if ( c->dreq && (c->dreq % 4 || !in_a_page(config, c->dreq) ||
                     !in_a_page(config, c->dreq + 4 * (PRCM_DREQ_WORDS - 1))) )
        return "a DMA request word is not in a page";

    return NULL;
}

static const char *check_bits(const struct prcm_unit_config *c)
{
    unsigned int cores = __builtin_popcount(c->cores);

    if ( cores < 1 || cores > PRCM_MAX_CORES )
        return "a unit has not one or two bits of cores";

    if ( __builtin_popcount(c->mmu) != 1 || (c->mmu & c->cores) )
        return "a unit has not one bit of an MMU";

    if ( c->started & ~resets(c) )
        return "what is started is not a reset of the unit";

    if ( c->boot_shift > 31 )
        return "a boot register is shifted by more than 31";

    return NULL;
}

static bool share_bits(const struct prcm_unit_config *a,
                       const struct prcm_unit_config *b)
{
    unsigned int i, j;

    if ( a->boot && a->boot == b->boot )
        return true;

    if ( a->dreq && b->dreq &&
         (a->dreq - b->dreq < 4 * PRCM_DREQ_WORDS ||
          b->dreq - a->dreq < 4 * PRCM_DREQ_WORDS) )
        return true;

    for ( i = 0; i < PRCM_WORDS; i++ )
        for ( j = 0; j < PRCM_WORDS; j++ )
            if ( a->word[i] && a->word[i] == b->word[j] &&
                 (i != j || (owned_bits(a, i) & owned_bits(b, j))) )
                return true;

    return false;
}

static const char *check_pages(const struct prcm_config *config)
{
    unsigned int i, j;

    if ( config->pages > PRCM_MAX_PAGES )
        return "too many pages";

    for ( i = 0; i < config->pages; i++ )
    {
        if ( config->page[i].addr % PRCM_PAGE )
            return "a page is not aligned";
        for ( j = 0; j < i; j++ )
            if ( config->page[i].addr == config->page[j].addr )
                return "a page is there twice";
    }

    return NULL;
}

const char *prcm_check(const struct prcm_config *config)
{
    const char *wrong = check_pages(config);
    unsigned int i, j;

    if ( config->units > PRCM_MAX_UNITS )
        return "too many units";

    for ( i = 0; !wrong && i < config->units; i++ )
    {
        wrong = check_words(config, &config->unit[i]);
        if ( !wrong )
            wrong = check_bits(&config->unit[i]);
        for ( j = 0; !wrong && j < i; j++ )
            if ( share_bits(&config->unit[i], &config->unit[j]) )
                wrong = "two units own the same bits";
    }

    return wrong;
}

/*
 * Record
 */

const char *prcm_event_name(enum prcm_event event)
{
    static const char *const names[] = {
        [PRCM_CORE_ASSERTED] = "core-asserted",
        [PRCM_CORE_RELEASED] = "core-released",
        [PRCM_MMU_ASSERTED] = "mmu-asserted",
        [PRCM_MMU_RELEASED] = "mmu-released",
        [PRCM_CORE_RUNS] = "core-runs",
        [PRCM_CORE_STOPS] = "core-stops",
        [PRCM_MMU_LOST] = "lost",
        [PRCM_MMU_TTB] = "ttb",
        [PRCM_MMU_CNTL] = "cntl",
        [PRCM_MMU_ABSENT] = "absent",
        [PRCM_MMU1_TTB] = "ttb1",
        [PRCM_MMU1_CNTL] = "cntl1",
        [PRCM_MMU_ROUTED] = "routed",
        [PRCM_EDMA_BUSY] = "edma-busy",
        [PRCM_EMU_ASLEEP] = "emu-asleep",
    };

    return names[event];
}

static void record(struct prcm *p, unsigned int unit, enum prcm_event event,
                   uint32_t value)
{
    p->record[p->records++ % PRCM_RECORDS] =
        (struct prcm_record){ unit, event, value };
    if ( p->config.event )
        p->config.event(p->config.ctx, unit, event, value);
}

void prcm_note(struct prcm *p, unsigned int unit, enum prcm_event event,
               uint32_t value)
{
    record(p, unit, event, value);
}

uint64_t prcm_find(const struct prcm *p, unsigned int unit,
                   enum prcm_event event, uint64_t from)
{
    uint64_t n = p->records > PRCM_RECORDS ? p->records - PRCM_RECORDS : 0;

    for ( n = n < from ? from : n; n < p->records; n++ )
        if ( p->record[n % PRCM_RECORDS].unit == unit &&
             p->record[n % PRCM_RECORDS].event == event )
            return n;

    return PRCM_NONE;
}

/*
 * Words
 */

/* The stored word at addr; NULL: it is in no page. */
static uint32_t *stored(struct prcm *p, uint32_t addr)
{
    unsigned int i;

    for ( i = 0; i < p->config.pages; i++ )
        if ( addr - p->config.page[i].addr < PRCM_PAGE )
            return &p->word[i][(addr - p->config.page[i].addr) / 4];

    return NULL;
}

static uint32_t load(const struct prcm *p, uint32_t addr)
{
    const uint32_t *word = stored((struct prcm *)p, addr);

    return word ? *word : 0;
}

static uint32_t load_word(const struct prcm *p, unsigned int unit,
                          enum prcm_word word)
{
    return load(p, p->config.unit[unit].word[word]);
}

static bool pending(const struct prcm_status *s)
{
    return s->value != s->target;
}

/* A unit's own bits of its word, as they are read. */
static uint32_t own_value(const struct prcm *p, unsigned int unit,
                          enum prcm_word word)
{
    const struct prcm_unit *u = &p->unit[unit];
    const struct prcm_status *s = u->status;
    uint32_t value = 0;

    switch ( word )
    {
    case PRCM_RSTCTRL:
        return s[PRCM_DELAY_RSTCTRL].value;
    case PRCM_RSTST:
        return u->rstst;
    case PRCM_PWRSTST:
        value = s[PRCM_DELAY_POWER].value;
        if ( value != PRCM_OFF )
            value |= PRCM_LOGICSTATEST;
        return value | (pending(&s[PRCM_DELAY_POWER]) ? PRCM_INTRANSITION : 0);
    case PRCM_PWRSTCTRL:
        return load_word(p, unit, word) & PRCM_POWERSTATE;
    case PRCM_CLKSTCTRL:
        return (load_word(p, unit, word) & PRCM_CLKTRCTRL) |
               s[PRCM_DELAY_CLOCK].value;
    case PRCM_CLKCTRL:
        value = load_word(p, unit, word) & PRCM_MODULEMODE;
        value |= pending(&s[PRCM_DELAY_MODULE]) ? PRCM_IDLEST_TRANSITION
                                                : s[PRCM_DELAY_MODULE].value;
        return value | s[PRCM_DELAY_STANDBY].value;
    default:
        return 0;
    }
}

/*
 * A walk over the words of units at an address: begin with *unit and *word 0; true:
 * they name one, and go on with the next word.
 */
static bool word_at(const struct prcm *p, uint32_t addr, unsigned int *unit,
                    unsigned int *word)
{
    for ( ; *unit < p->config.units; ++*unit, *word = 0 )
        for ( ; *word < PRCM_WORDS; ++*word )
            if ( p->config.unit[*unit].word[*word] == addr && addr )
                return true;

    return false;
}

uint32_t prcm_owned(const struct prcm *p, uint32_t addr)
{
    const struct prcm_unit_config *c = p->config.unit;
    unsigned int unit, word;
    uint32_t bits = 0;

    for ( unit = word = 0; word_at(p, addr, &unit, &word); word++ )
        bits |= owned_bits(&c[unit], word);

    for ( unit = 0; unit < p->config.units; unit++ )
        bits |= other_bits(&c[unit], addr);

    return bits;
}

uint32_t prcm_peek(const struct prcm *p, uint32_t addr)
{
    uint32_t value = load(p, addr);
    unsigned int unit, word;

    for ( unit = word = 0; word_at(p, addr, &unit, &word); word++ )
        value = (value & ~owned_bits(&p->config.unit[unit], word)) |
                own_value(p, unit, word);

    return value;
}

void prcm_poke(struct prcm *p, uint32_t addr, uint32_t value)
{
    uint32_t owned = prcm_owned(p, addr);
    uint32_t *word = stored(p, addr);

    if ( word )
        *word = (*word & owned) | (value & ~owned);
}

/*
 * States
 */

/* A status is to become target. True: it did. */
static bool aim(struct prcm_unit *u, enum prcm_delay what, uint32_t target)
{
    struct prcm_status *s = &u->status[what];

    if ( s->target != target )
    {
        s->target = target;
        s->left = u->delay[what];
    }
    if ( !pending(s) || s->left )
        return false;

    s->value = target;

    return true;
}

static bool reset_asserted(const struct prcm_unit *u, uint32_t bits)
{
    return u->status[PRCM_DELAY_RSTCTRL].value & bits;
}

static bool powered(const struct prcm_unit *u)
{
    return u->status[PRCM_DELAY_POWER].value == PRCM_ON;
}

static bool clock_runs(const struct prcm_unit *u)
{
    return u->status[PRCM_DELAY_CLOCK].value;
}

static bool any_runs(const struct prcm_unit *u)
{
    return u->runs[0] || u->runs[1];
}

static bool enabled(const struct prcm *p, unsigned int unit)
{
    return (load_word(p, unit, PRCM_CLKCTRL) & PRCM_MODULEMODE) ==
           PRCM_MODULE_AUTO;
}

bool prcm_mmu_answers(const struct prcm *p, unsigned int unit)
{
    const struct prcm_status *s = &p->unit[unit].status[PRCM_DELAY_MODULE];

    return s->value == PRCM_IDLEST_FUNCTIONAL && !pending(s);
}

bool prcm_core_runs(const struct prcm *p, unsigned int unit, unsigned int core)
{
    return p->unit[unit].runs[core];
}

/* The bit of a core in RSTCTRL; 0: there is no such core. */
static uint32_t core_bit(const struct prcm_unit_config *c, unsigned int core)
{
    uint32_t first = c->cores & -c->cores;

    return core ? c->cores & ~first : first;
}

static uint32_t boot_address(const struct prcm *p, unsigned int unit)
{
    const struct prcm_unit_config *c = &p->config.unit[unit];

    return c->boot ? (load(p, c->boot) & boot_bits(c)) << c->boot_shift : 0;
}

/* Something goes into reset: record whether EDMA has ended its transfers. */
static void record_edma(struct prcm *p, unsigned int unit)
{
    uint32_t busy = p->config.edma ? p->config.edma(p->config.ctx, unit) : 0;

    if ( busy )
        record(p, unit, PRCM_EDMA_BUSY, busy);
}

/* RSTCTRL's bits take effect. */
static bool advance_resets(struct prcm *p, unsigned int unit)
{
    const struct prcm_unit_config *c = &p->config.unit[unit];
    struct prcm_unit *u = &p->unit[unit];
    uint32_t before = u->status[PRCM_DELAY_RSTCTRL].value;
    uint32_t now, up, down;

    if ( !aim(u, PRCM_DELAY_RSTCTRL,
              load_word(p, unit, PRCM_RSTCTRL) & resets(c)) )
        return false;

    now = u->status[PRCM_DELAY_RSTCTRL].value;
    up = now & ~before;
    down = before & ~now;
    if ( up & c->cores )
    {
        record(p, unit, PRCM_CORE_ASSERTED, up & c->cores);
        record_edma(p, unit);
    }
    if ( up & c->mmu )
    {
        record(p, unit, PRCM_MMU_ASSERTED, up & c->mmu);
        record_edma(p, unit);
    }
    if ( down & c->mmu )
        record(p, unit, PRCM_MMU_RELEASED, down & c->mmu);
    if ( down & c->cores )
        record(p, unit, PRCM_CORE_RELEASED, down & c->cores);

    return true;
}

static bool wants_awake(const struct prcm *p, unsigned int unit)
{
    const struct prcm_unit *u = &p->unit[unit];

    if ( any_runs(u) )
        return true;

    switch ( load_word(p, unit, PRCM_CLKSTCTRL) & PRCM_CLKTRCTRL )
    {
    case PRCM_SW_WKUP:
        return true;
    case PRCM_SW_SLEEP:
        return false;
    case PRCM_NO_SLEEP:
        return u->awake || enabled(p, unit);
    default:
        return enabled(p, unit);
    }
}

/* Power comes before the clock, and goes after it. */
static bool advance_power(struct prcm *p, unsigned int unit)
{
    struct prcm_unit *u = &p->unit[unit];
    uint32_t now = u->status[PRCM_DELAY_POWER].value;
    uint32_t asleep = load_word(p, unit, PRCM_PWRSTCTRL) & PRCM_POWERSTATE;
    bool changed;

    u->awake = wants_awake(p, unit);
    changed =
        aim(u, PRCM_DELAY_CLOCK, u->awake && powered(u) ? PRCM_CLKACTIVITY : 0);

    if ( u->awake || !power_exists(&p->config.unit[unit]) )
        changed |= aim(u, PRCM_DELAY_POWER, PRCM_ON);
    else if ( !clock_runs(u) )
        changed |= aim(u, PRCM_DELAY_POWER, asleep < now ? asleep : now);

    return changed;
}

/*
 * RSTST, and the end of each release. It is the status of a release: an asserted reset
 * takes effect at once.
 */
static bool advance_releases(struct prcm *p, unsigned int unit)
{
    struct prcm_unit *u = &p->unit[unit];
    struct prcm_status *s = &u->status[PRCM_DELAY_RSTST];
    uint32_t released =
        resets(&p->config.unit[unit]) & ~u->status[PRCM_DELAY_RSTCTRL].value;
    uint32_t before;

    s->value &= released;
    before = s->value;
    if ( !aim(u, PRCM_DELAY_RSTST, clock_runs(u) ? released : before) )
        return false;

    u->rstst |= s->value & ~before;

    return true;
}

static bool advance_module(struct prcm *p, unsigned int unit)
{
    const struct prcm_unit_config *c = &p->config.unit[unit];
    struct prcm_unit *u = &p->unit[unit];
    uint32_t target;

    if ( !enabled(p, unit) )
        target = any_runs(u) ? PRCM_IDLEST_TRANSITION : PRCM_IDLEST_DISABLED;
    else if ( !powered(u) || !clock_runs(u) )
        target = PRCM_IDLEST_IDLE;
    else if ( u->status[PRCM_DELAY_RSTST].value & c->mmu )
        target = PRCM_IDLEST_FUNCTIONAL;
    else
        target = PRCM_IDLEST_TRANSITION;

    return aim(u, PRCM_DELAY_MODULE, target);
}

static bool may_run(const struct prcm *p, unsigned int unit, unsigned int core)
{
    const struct prcm_unit_config *c = &p->config.unit[unit];
    const struct prcm_unit *u = &p->unit[unit];
    uint32_t released = u->status[PRCM_DELAY_RSTST].value;

    if ( !(released & core_bit(c, core)) || !(released & c->mmu) ||
         !powered(u) )
        return false;

    return u->runs[core] || prcm_mmu_answers(p, unit);
}

static bool advance_core(struct prcm *p, unsigned int unit, unsigned int core)
{
    struct prcm_unit *u = &p->unit[unit];
    bool runs = may_run(p, unit, core);

    if ( u->runs[core] == runs )
        return false;

    u->runs[core] = runs;
    record(p, unit, runs ? PRCM_CORE_RUNS : PRCM_CORE_STOPS, core);
    p->config.core(p->config.ctx, unit, core, runs,
                   runs ? boot_address(p, unit) : 0);

    return true;
}

static void advance_registers(struct prcm *p, unsigned int unit)
{
    struct prcm_unit *u = &p->unit[unit];
    bool kept = !reset_asserted(u, p->config.unit[unit].mmu) &&
                u->status[PRCM_DELAY_POWER].value != PRCM_OFF;

    if ( u->kept && !kept )
    {
        memset(u->mmu_on, 0, sizeof(u->mmu_on));
        record(p, unit, PRCM_MMU_LOST, 0);
        p->config.lost(p->config.ctx, unit);
    }
    u->kept = kept;
}

/* One step of a unit to what its words say; false: it is there. */
static bool advance(struct prcm *p, unsigned int unit)
{
    struct prcm_unit *u = &p->unit[unit];
    bool changed = advance_resets(p, unit);
    unsigned int core;

    changed |= advance_power(p, unit);
    changed |= advance_releases(p, unit);
    changed |= advance_module(p, unit);
    for ( core = 0; core < PRCM_MAX_CORES; core++ )
        changed |= advance_core(p, unit, core);
    changed |= aim(u, PRCM_DELAY_STANDBY, any_runs(u) ? 0 : PRCM_STBYST);
    advance_registers(p, unit);

    return changed;
}

static void update(struct prcm *p, unsigned int unit)
{
    while ( advance(p, unit) )
        ;
}

/*
 * Access
 */

/* The word was read: it is one read nearer. */
static void count_read(struct prcm *p, unsigned int unit, enum prcm_word word)
{
    static const enum prcm_word word_of[PRCM_DELAYS] = {
        [PRCM_DELAY_RSTCTRL] = PRCM_RSTCTRL,
        [PRCM_DELAY_RSTST] = PRCM_RSTST,
        [PRCM_DELAY_POWER] = PRCM_PWRSTST,
        [PRCM_DELAY_CLOCK] = PRCM_CLKSTCTRL,
        [PRCM_DELAY_MODULE] = PRCM_CLKCTRL,
        [PRCM_DELAY_STANDBY] = PRCM_CLKCTRL,
    };
    struct prcm_status *s;
    unsigned int i;

    for ( i = 0; i < PRCM_DELAYS; i++ )
    {
        s = &p->unit[unit].status[i];
        if ( word_of[i] == word && pending(s) && s->left != PRCM_NEVER )
            s->left--;
    }
    update(p, unit);
}

uint32_t prcm_read(struct prcm *p, uint32_t addr, unsigned int size)
{
    uint32_t value = prcm_peek(p, addr & ~3u) >> (addr & 3) * 8;
    unsigned int unit, word;

    for ( unit = word = 0; word_at(p, addr & ~3u, &unit, &word); word++ )
        count_read(p, unit, word);

    return size < 4 ? value & ((1u << size * 8) - 1) : value;
}

static bool is_rstst(const struct prcm *p, uint32_t addr)
{
    unsigned int unit, word;

    for ( unit = word = 0; word_at(p, addr, &unit, &word); word++ )
        if ( word == PRCM_RSTST )
            return true;

    return false;
}

void prcm_write(struct prcm *p, uint32_t addr, unsigned int size,
                uint32_t value)
{
    uint32_t *word = addr % 4 || size != 4 ? NULL : stored(p, addr);
    unsigned int unit, which;
    uint32_t stays;

    if ( !word )
        return;

    stays = is_rstst(p, addr) ? *word & ~value : value;
    if ( (stays ^ *word) & ~prcm_owned(p, addr) )
    {
        p->foreign_changes++;
        p->foreign_addr = addr;
    }
    *word = stays;

    for ( unit = which = 0; word_at(p, addr, &unit, &which); which++ )
    {
        if ( which == PRCM_RSTST )
            p->unit[unit].rstst &= ~value;
        update(p, unit);
    }
}

bool prcm_part_access(struct prcm *p, unsigned int unit, uint32_t offset)
{
    struct prcm_unit *u = &p->unit[unit];

    if ( prcm_mmu_answers(p, unit) )
        return true;

    u->off_accesses++;
    u->off_offset = offset;
    record(p, unit, PRCM_MMU_ABSENT, offset);

    return false;
}

/* The erratum: an MMU that is on needs the emulator's domain awake. */
static void record_emu(struct prcm *p, unsigned int unit, uint32_t offset)
{
    const struct prcm_unit *u = &p->unit[unit];
    uint32_t emu = p->config.unit[unit].emu;

    if ( emu && (u->mmu_on[0] || u->mmu_on[1]) &&
         (load(p, emu) & PRCM_CLKTRCTRL) != PRCM_SW_WKUP )
        record(p, unit, PRCM_EMU_ASLEEP, offset);
}

bool prcm_mmu_read(struct prcm *p, unsigned int unit, uint32_t offset)
{
    if ( !prcm_part_access(p, unit, offset) )
        return false;

    record_emu(p, unit, offset);

    return true;
}

bool prcm_port_write(struct prcm *p, unsigned int unit, unsigned int port,
                     uint32_t offset, unsigned int size, uint32_t value)
{
    if ( !prcm_part_access(p, unit, offset) )
        return false;

    if ( size == 4 && offset == MMU_TTB )
        record(p, unit, port ? PRCM_MMU1_TTB : PRCM_MMU_TTB, value);
    else if ( size == 4 && offset == MMU_CNTL )
    {
        p->unit[unit].mmu_on[port] = value & CNTL_MMUENABLE;
        record(p, unit, port ? PRCM_MMU1_CNTL : PRCM_MMU_CNTL, value);
    }
    record_emu(p, unit, offset);

    return true;
}

bool prcm_mmu_write(struct prcm *p, unsigned int unit, uint32_t offset,
                    unsigned int size, uint32_t value)
{
    return prcm_port_write(p, unit, 0, offset, size, value);
}

void prcm_set_delay(struct prcm *p, unsigned int unit, enum prcm_delay what,
                    uint32_t reads)
{
    struct prcm_unit *u = &p->unit[unit];

    u->delay[what] = reads;
    u->status[what].left = reads;
    update(p, unit);
}

void prcm_power_failure(struct prcm *p, unsigned int unit)
{
    struct prcm_status *s = p->unit[unit].status;
    unsigned int core;

    s[PRCM_DELAY_POWER].value = s[PRCM_DELAY_POWER].target = PRCM_OFF;
    s[PRCM_DELAY_CLOCK].value = s[PRCM_DELAY_CLOCK].target = 0;
    advance_module(p, unit);
    for ( core = 0; core < PRCM_MAX_CORES; core++ )
        advance_core(p, unit, core);
    advance_registers(p, unit);
    update(p, unit);
}

/*
 * Reset
 */

/* Bits of a unit's word, as somebody wrote them. */
static void set_own(struct prcm *p, unsigned int unit, enum prcm_word word,
                    uint32_t value)
{
    const struct prcm_unit_config *c = &p->config.unit[unit];
    uint32_t *stored_word = stored(p, c->word[word]);

    if ( stored_word )
        *stored_word = (*stored_word & ~owned_bits(c, word)) | value;
}

/*
 * A boot loader left these started. Nobody has touched the rest: its words are those of
 * TI's DM816x at power on, but its power domain is off. No driver may rely on either
 * state [D].
 */
static void set_words(struct prcm *p, unsigned int unit, uint32_t started)
{
    const struct prcm_unit_config *c = &p->config.unit[unit];

    set_own(p, unit, PRCM_RSTCTRL, resets(c) & ~started);
    set_own(p, unit, PRCM_PWRSTCTRL, started ? PRCM_ON : PRCM_OFF);
    set_own(p, unit, PRCM_CLKSTCTRL, started ? PRCM_SW_WKUP : PRCM_SW_SLEEP);
    set_own(p, unit, PRCM_CLKCTRL, started ? PRCM_MODULE_AUTO : 0);
}

/* No boot loader takes care of the emulator's domain [D]. */
static void set_emu(struct prcm *p, uint32_t addr)
{
    uint32_t *word = addr ? stored(p, addr) : NULL;

    if ( word )
        *word = (*word & ~PRCM_CLKTRCTRL) | PRCM_HW_AUTO;
}

static void settle(struct prcm_unit *u, enum prcm_delay what, uint32_t value)
{
    u->status[what].value = u->status[what].target = value;
}

static void power_on(struct prcm *p)
{
    unsigned int i, n;

    for ( i = 0; i < p->config.pages; i++ )
        for ( n = 0; n < PRCM_PAGE / 4; n++ )
            p->word[i][n] = p->config.page[i].fill;

    for ( i = 0; i < p->config.units; i++ )
    {
        const struct prcm_unit_config *c = &p->config.unit[i];
        struct prcm_unit *u = &p->unit[i];

        set_words(p, i, 0);
        set_emu(p, c->emu);
        settle(u, PRCM_DELAY_RSTCTRL, resets(c));
        settle(u, PRCM_DELAY_RSTST, 0);
        settle(u, PRCM_DELAY_POWER, power_exists(c) ? PRCM_OFF : PRCM_ON);
        settle(u, PRCM_DELAY_CLOCK, 0);
        settle(u, PRCM_DELAY_MODULE, PRCM_IDLEST_DISABLED);
        settle(u, PRCM_DELAY_STANDBY, PRCM_STBYST);
        u->rstst = 0;
        u->awake = u->kept = false;
        memset(u->mmu_on, 0, sizeof(u->mmu_on));
    }
}

void prcm_init(struct prcm *p, const struct prcm_config *config)
{
    assert(!prcm_check(config));

    memset(p, 0, sizeof(*p));
    p->config = *config;
    power_on(p);
}

/* A core that a config does not have is not told. */
static void stop_all(struct prcm *p, unsigned int unit)
{
    struct prcm_unit *u = &p->unit[unit];
    unsigned int core;

    for ( core = 0; core < PRCM_MAX_CORES; core++ )
    {
        if ( !core_bit(&p->config.unit[unit], core) )
            continue;
        if ( u->runs[core] )
            record(p, unit, PRCM_CORE_STOPS, core);
        u->runs[core] = false;
        p->config.core(p->config.ctx, unit, core, false, 0);
    }

    if ( u->kept )
        record(p, unit, PRCM_MMU_LOST, 0);
    p->config.lost(p->config.ctx, unit);
}

/* That was long ago: however slow it is, it is done. */
static void start_unit(struct prcm *p, unsigned int unit)
{
    struct prcm_unit *u = &p->unit[unit];
    uint32_t delay[PRCM_DELAYS];

    memcpy(delay, u->delay, sizeof(delay));
    memset(u->delay, 0, sizeof(u->delay));
    set_words(p, unit, p->config.unit[unit].started);
    update(p, unit);
    memcpy(u->delay, delay, sizeof(delay));
}

void prcm_reset(struct prcm *p)
{
    unsigned int i;

    for ( i = 0; i < p->config.units; i++ )
        stop_all(p, i);

    power_on(p);
    for ( i = 0; i < p->config.units; i++ )
        if ( p->config.unit[i].started )
            start_unit(p, i);
}
