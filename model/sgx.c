/* SPDX-License-Identifier: GPL-2.0-only */
/* An SGX544 with a scripted microkernel. Sources: sgx_regs.h; choices: sgx.h. */
#include <stddef.h>
#include <string.h>

#include "part.h"
#include "sgx.h"

#define STEP_WORDS 16u /* of a job, in a step */

#define REGISTERS \
    0xc00u              /* those of a bank that are stored, without the BIF's */
#define WRAPPER 0xfe00u /* from here to the end of the window */

/* SOFT_RESET of the master: bits of the cores that do not run the microkernel. */
#define OTHER_CORES 0xeu

/*
 * Registers
 */

static uint32_t at(unsigned int bank, uint32_t reg)
{
    return bank * SGX_BANK_BYTES + reg;
}

static uint32_t *core0(struct sgx *s, uint32_t reg)
{
    return &s->reg[at(SGX_CORE0, reg) / 4];
}

static void update_irq(struct sgx *s)
{
    bool level = *core0(s, SGX_EVENT_STATUS) & *core0(s, SGX_EVENT_HOST_ENABLE);

    if ( level == s->irq_level )
        return;

    s->irq_level = level;
    s->config.irq(s->config.ctx, level);
}

static bool is_held(const struct sgx *s)
{
    return bif_reg_read(&s->bif, at(SGX_CORE0, SGX_SOFT_RESET)) ||
           (bif_reg_read(&s->bif, at(SGX_MASTER, SGX_SOFT_RESET)) &
            ~OTHER_CORES);
}

static void stop(struct sgx *s)
{
    memset(&s->uk, 0, sizeof(s->uk));
    s->kicked = false;
    s->resets++;
}

static void write_bif(struct sgx *s, uint32_t offset, uint32_t value)
{
    bif_reg_write(&s->bif, offset, value, false);
    if ( is_held(s) )
        stop(s);
}

static void kick(struct sgx *s, uint32_t reg)
{
    if ( is_held(s) )
        return;

    if ( s->uk.state != SGX_OFF )
        s->kicked = true;
    else if ( reg == SGX_EVENT_KICK2 )
        s->uk.state = SGX_START;
}

static void write_bank(struct sgx *s, unsigned int bank, uint32_t reg,
                       uint32_t value)
{
    switch ( reg )
    {
    case SGX_EVENT_STATUS:
    case SGX_EVENT_STATUS2:
    case SGX_EVENT_HOST_CLEAR2:
        break;
    case SGX_EVENT_HOST_CLEAR:
        s->reg[at(bank, SGX_EVENT_STATUS) / 4] &= ~value;
        break;
    case SGX_EVENT_KICK:
    case SGX_EVENT_KICK1:
    case SGX_EVENT_KICK2:
    case SGX_EVENT_KICK3:
        if ( bank == SGX_CORE0 )
            kick(s, reg);
        break;
    default:
        s->reg[at(bank, reg) / 4] = value;
    }
}

/* A write to BROADCAST reaches all banks, its own place as well: nobody sees it. */
static void write_banks(struct sgx *s, unsigned int bank, uint32_t reg,
                        uint32_t value)
{
    unsigned int n;

    for ( n = SGX_MASTER; n < SGX_BANKS; n++ )
        if ( bank == n || bank == SGX_BROADCAST )
            write_bank(s, n, reg, value);
}

void sgx_reg_write(struct sgx *s, uint32_t offset, unsigned int size,
                   uint32_t value)
{
    uint32_t reg = offset % SGX_BANK_BYTES;

    if ( size != 4 || offset >= SGX_WINDOW )
        return;

    if ( bif_has(offset) )
        write_bif(s, offset, value);
    else if ( offset >= WRAPPER )
        s->reg[offset / 4] = value;
    else if ( reg < REGISTERS )
        write_banks(s, offset / SGX_BANK_BYTES, reg, value);
    update_irq(s);
}

static uint32_t read_word(const struct sgx *s, uint32_t offset)
{
    uint32_t reg = offset % SGX_BANK_BYTES;

    if ( bif_has(offset) )
        return bif_reg_read(&s->bif, offset);
    if ( offset >= SGX_WINDOW || (offset < WRAPPER && reg >= REGISTERS) )
        return 0;
    if ( offset / SGX_BANK_BYTES == SGX_BROADCAST )
        offset = at(SGX_CORE0, reg);

    return s->reg[offset / 4];
}

uint32_t sgx_reg_read(const struct sgx *s, uint32_t offset, unsigned int size)
{
    return part_of(read_word(s, offset & ~3u), offset, size);
}

/*
 * Accesses. They begin and end in a step. If one has to wait, the earlier ones stay
 * done, and the whole step is repeated.
 */

static enum bif_result load_by(struct sgx *s, unsigned int bank,
                               enum bif_requester by, uint32_t da,
                               uint32_t *value)
{
    uint32_t pa;
    enum bif_result result =
        bif_translate(&s->bif, bank, by, da & ~3u, false, &pa);

    if ( result == BIF_OK && !s->config.read32(s->config.ctx, pa, value) )
        return BIF_REFUSED;

    return result;
}

static enum bif_result store_by(struct sgx *s, unsigned int bank,
                                enum bif_requester by, uint32_t da,
                                uint32_t value)
{
    uint32_t pa;
    enum bif_result result =
        bif_translate(&s->bif, bank, by, da & ~3u, true, &pa);

    if ( result == BIF_OK && !s->config.write32(s->config.ctx, pa, value) )
        return BIF_REFUSED;

    return result;
}

/* The microkernel's own: words one behind the other. */
static enum bif_result load(struct sgx *s, uint32_t da, uint32_t *value,
                            unsigned int words)
{
    enum bif_result result = BIF_OK;
    unsigned int i;

    for ( i = 0; i < words && result == BIF_OK; i++ )
        result = load_by(s, SGX_CORE0, BIF_EDM, da + i * 4, &value[i]);

    return result;
}

static enum bif_result store(struct sgx *s, uint32_t da, uint32_t value)
{
    return store_by(s, SGX_CORE0, BIF_EDM, da, value);
}

static void load_base(struct sgx *s, unsigned int bank, uint32_t value)
{
    bif_reg_write(&s->bif, sgx_base_offset(bank, 0), value, true);
}

/*
 * Steps. Each takes its state from s->uk, and leaves the next state in *next if its
 * result is BIF_OK.
 */

static enum bif_result store_init(struct sgx *s, const struct sgx_uk *uk,
                                  uint32_t offset, uint32_t value)
{
    return store(s, uk->init + offset, value);
}

static enum bif_result step_start(struct sgx *s, struct sgx_uk *next)
{
    uint32_t word[2];
    enum bif_result result;

    next->init = *core0(s, UK_INIT_REGISTER);
    if ( !next->init )
        next->init = UK_INIT_DA;

    result = load(s, next->init + UK_INIT_RING, word, 2);
    if ( result == BIF_OK )
        result = load(s, next->init + UK_INIT_ANSWERS, &next->answers, 1);
    if ( result != BIF_OK )
        return result;

    if ( next->answers > UK_MAX_ANSWERS )
        next->answers = UK_MAX_ANSWERS;
    next->ring = word[0];
    next->control = word[1];
    next->started = next->wrong = false;
    next->answer = 0;
    next->state = SGX_ANSWER;

    return store_init(s, next, UK_INIT_STATUS, UK_STARTED);
}

static uint32_t command(const struct sgx_uk *uk, unsigned int offset)
{
    return uk->cmd[offset / 4];
}

/* From inside: nobody but the GPU sees it. */
static void invalidate(struct sgx *s, uint32_t cache_control)
{
    uint32_t value = 0;

    if ( cache_control & UK_INVAL_PT )
        value |= SGX_INVAL_PTE;
    if ( cache_control & UK_INVAL_PD )
        value |= SGX_INVAL_ALL;
    if ( value )
        bif_reg_write(&s->bif, at(SGX_BROADCAST, SGX_BIF_CTRL_INVAL), value,
                      true);
}

static enum bif_result step_fetch(struct sgx *s, struct sgx_uk *next)
{
    uint32_t word[2];
    enum bif_result result = load(s, next->control + UK_CONTROL_WRITE, word, 2);

    if ( result != BIF_OK )
        return result;

    next->read = word[1] % UK_COMMANDS;
    if ( word[0] % UK_COMMANDS == next->read )
    {
        next->state = SGX_IDLE;
        return BIF_OK;
    }

    result = load(s, next->ring + next->read * UK_COMMAND_BYTES, next->cmd, 8);
    if ( result != BIF_OK )
        return result;

    invalidate(s, command(next, UK_CACHE_CONTROL));
    next->wrong = false;
    next->state = SGX_PERFORM;

    return BIF_OK;
}

static enum bif_result wrong_command(struct sgx *s, struct sgx_uk *next)
{
    next->bad++;
    next->state = SGX_FINISH;

    return store_init(s, next, UK_INIT_BAD, next->bad);
}

/* All answers were looked at. */
static enum bif_result end_of_answers(struct sgx *s, struct sgx_uk *next)
{
    next->answer = 0;
    if ( next->wrong )
        return wrong_command(s, next);

    next->state = next->started ? SGX_FINISH : SGX_FETCH;
    next->started = true;

    return BIF_OK;
}

static enum bif_result step_answer(struct sgx *s, struct sgx_uk *next)
{
    uint32_t word[UK_ANSWER_WORDS], da;
    enum bif_result result;

    if ( next->answer == next->answers )
        return end_of_answers(s, next);

    result = load(s, next->init + UK_INIT_ANSWER(next->answer), word,
                  UK_ANSWER_WORDS);
    if ( result != BIF_OK )
        return result;

    next->answer++;
    if ( word[UK_ANSWER_SERVICE / 4] !=
         (next->started ? command(next, UK_SERVICE) : 0) )
        return BIF_OK;

    da = word[UK_ANSWER_DA / 4];
    if ( word[UK_ANSWER_BY / 4] & UK_ANSWER_AT_DATA )
        da += command(next, UK_DATA(1));
    next->wrong = false;

    return store(s, da, word[UK_ANSWER_VALUE / 4]);
}

static enum bif_result begin_render(struct sgx *s, struct sgx_uk *next)
{
    uint32_t word[2];
    enum bif_result result = load(s, command(next, UK_DATA(1)), word, 2);

    if ( result != BIF_OK )
        return result;
    if ( word[1] > UK_MAX_JOBS )
        return wrong_command(s, next);

    load_base(s, SGX_CORE0, word[0]);
    load_base(s, SGX_CORE1, word[0]);
    next->jobs = word[1];
    next->next = 0;
    next->state = SGX_JOB;

    return BIF_OK;
}

static enum bif_result step_perform(struct sgx *s, struct sgx_uk *next)
{
    switch ( command(next, UK_SERVICE) )
    {
    case UK_RENDER:
        return begin_render(s, next);
    case UK_POWER:
        next->state = SGX_ANSWER;
        return store_init(s, next, UK_INIT_POWER, command(next, UK_DATA(1)));
    case UK_CLEANUP:
        next->state = SGX_ANSWER;
        return store_init(s, next, UK_INIT_CLEANUP, command(next, UK_DATA(1)));
    case UK_LOADBASE:
        load_base(s, SGX_CORE0, command(next, UK_DATA(1)));
        next->offset = 0;
        next->state = SGX_LOADBASE;
        return BIF_OK;
    default:
        next->wrong = true;
        next->state = SGX_ANSWER;
        return BIF_OK;
    }
}

static enum bif_result step_job(struct sgx *s, struct sgx_uk *next)
{
    uint32_t record = command(next, UK_DATA(1));

    if ( next->next == next->jobs )
    {
        next->state = SGX_ANSWER;
        return store(s, record + UK_RECORD_DONE, next->jobs);
    }

    next->offset = 0;
    next->state = SGX_WORK;

    return load(s, record + UK_RECORD_JOB(next->next), next->job, UK_JOB_WORDS);
}

static uint32_t job(const struct sgx_uk *uk, unsigned int offset)
{
    return uk->job[offset / 4];
}

static enum bif_requester requester_of(const struct sgx_uk *uk)
{
    switch ( job(uk, UK_JOB_BY) )
    {
    case UK_BY_TA:
        return BIF_TA;
    case UK_BY_PTLA:
        return BIF_PTLA;
    default:
        return BIF_3D;
    }
}

static enum bif_result do_word(struct sgx *s, const struct sgx_uk *uk,
                               uint32_t offset)
{
    unsigned int bank = job(uk, UK_JOB_CORE) & 1 ? SGX_CORE1 : SGX_CORE0;
    uint32_t value = job(uk, UK_JOB_VALUE);
    enum bif_result result = BIF_OK;

    if ( job(uk, UK_JOB_OP) == UK_COPY )
        result = load_by(s, bank, requester_of(uk),
                         job(uk, UK_JOB_SRC) + offset, &value);
    if ( result != BIF_OK )
        return result;

    return store_by(s, bank, requester_of(uk), job(uk, UK_JOB_DST) + offset,
                    value);
}

static bool is_job(const struct sgx_uk *uk)
{
    return job(uk, UK_JOB_OP) == UK_FILL || job(uk, UK_JOB_OP) == UK_COPY;
}

/* What is no job is passed over. */
static enum bif_result step_work(struct sgx *s, struct sgx_uk *next)
{
    uint32_t len = is_job(next) ? job(next, UK_JOB_LEN) & ~3u : 0;
    enum bif_result result = BIF_OK;
    unsigned int i;

    for ( i = 0; i < STEP_WORDS && next->offset < len; i++ )
    {
        result = do_word(s, next, next->offset);
        if ( result != BIF_OK )
            return result;
        next->offset += 4;
    }

    if ( next->offset == len )
    {
        next->next++;
        next->state = SGX_JOB;
    }

    return BIF_OK;
}

static enum bif_result hostile_word(struct sgx *s, const struct sgx_uk *uk,
                                    uint32_t offset)
{
    uint32_t da = command(uk, UK_DATA(2)) + offset, value;
    enum bif_result result;

    if ( command(uk, UK_DATA(0)) == UK_LOADBASE_WRITE )
        return store_by(s, SGX_CORE0, BIF_3D, da, command(uk, UK_DATA(5)));

    result = load_by(s, SGX_CORE0, BIF_3D, da, &value);
    if ( result != BIF_OK )
        return result;

    return store(s, command(uk, UK_DATA(3)) + offset, value);
}

static enum bif_result step_loadbase(struct sgx *s, struct sgx_uk *next)
{
    uint32_t len = command(next, UK_DATA(4)) & ~3u;
    enum bif_result result = BIF_OK;
    unsigned int i;

    for ( i = 0; i < STEP_WORDS && next->offset < len; i++ )
    {
        result = hostile_word(s, next, next->offset);
        if ( result != BIF_OK )
            return result;
        next->offset += 4;
    }

    if ( next->offset == len )
        next->state = SGX_ANSWER;

    return BIF_OK;
}

/* The driver may look at the offset as soon as the interrupt comes. */
static enum bif_result step_finish(struct sgx *s, struct sgx_uk *next)
{
    bool off = command(next, UK_SERVICE) == UK_POWER &&
               command(next, UK_DATA(1)) == UK_POWER_OFF;
    enum bif_result result = store(s, next->control + UK_CONTROL_READ,
                                   (next->read + 1) % UK_COMMANDS);

    if ( result != BIF_OK )
        return result;

    s->commands++;
    *core0(s, SGX_EVENT_STATUS) |= UK_EVENT;
    update_irq(s);
    next->state = off ? SGX_OFF : SGX_FETCH;

    return BIF_OK;
}

static enum bif_result step(struct sgx *s, struct sgx_uk *next)
{
    switch ( next->state )
    {
    case SGX_START:
        return step_start(s, next);
    case SGX_IDLE:
        s->kicked = false;
        next->state = SGX_FETCH;
        return BIF_OK;
    case SGX_FETCH:
        return step_fetch(s, next);
    case SGX_PERFORM:
        return step_perform(s, next);
    case SGX_JOB:
        return step_job(s, next);
    case SGX_WORK:
        return step_work(s, next);
    case SGX_LOADBASE:
        return step_loadbase(s, next);
    case SGX_ANSWER:
        return step_answer(s, next);
    case SGX_FINISH:
        return step_finish(s, next);
    case SGX_OFF:
    case SGX_LOCKED:
        break;
    }

    return BIF_OK;
}

static bool has_work(const struct sgx *s)
{
    switch ( s->uk.state )
    {
    case SGX_OFF:
    case SGX_LOCKED:
        return false;
    case SGX_IDLE:
        return s->kicked;
    default:
        return true;
    }
}

/*
 * Returns false if it has to wait. A reset meanwhile, by its own writes, takes
 * precedence.
 */
static bool step_once(struct sgx *s)
{
    struct sgx_uk next = s->uk;
    unsigned int resets = s->resets;
    enum bif_result result = step(s, &next);

    if ( resets != s->resets )
        return true;
    if ( result == BIF_WAIT )
        return false;

    if ( result == BIF_OK )
        s->uk = next;
    else
        s->uk.state = SGX_LOCKED;

    return true;
}

bool sgx_run(struct sgx *s, unsigned int steps)
{
    while ( steps-- && has_work(s) )
        if ( !step_once(s) )
            break;

    return has_work(s);
}

/*
 * Power
 */

static bool read_table(void *ctx, uint32_t pa, uint32_t *value)
{
    struct sgx *s = ctx;

    return s->config.read32(s->config.ctx, pa, value);
}

static void pass_on(void *ctx, const struct bif_event *event)
{
    struct sgx *s = ctx;

    if ( s->config.event )
        s->config.event(s->config.ctx, event);
}

static void power_on(struct sgx *s)
{
    unsigned int bank;

    memset(s->reg, 0, sizeof(s->reg));
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        s->reg[at(bank, 0) / 4] = SGX_CLKGATE_RESET;
    stop(s);
    update_irq(s);
}

void sgx_init(struct sgx *s, const struct sgx_config *config)
{
    const struct bif_config bif = {
        .reset_keeps_caches = config->reset_keeps_caches,
        .ctx = s,
        .read32 = read_table,
        .event = pass_on,
    };

    memset(s, 0, sizeof(*s));
    s->config = *config;
    bif_init(&s->bif, &bif);
    power_on(s);
}

void sgx_reset(struct sgx *s)
{
    bif_reset(&s->bif);
    power_on(s);
}
