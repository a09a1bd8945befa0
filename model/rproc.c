/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scripted remote processor: registers, and a state machine that makes one access a
 * step.
 *
 * The state determines the next access (next_access()); it changes only when that is
 * done (advance()). A stall in between changes nothing.
 */
#include <string.h>

#include "part.h"
#include "rproc.h"

struct access {
    uint32_t da;
    bool write;
    uint32_t value; /* to write, or what was read */
};

void rproc_init(struct rproc *r, const struct rproc_config *config)
{
    memset(r, 0, sizeof(*r));
    r->config = *config;
}

void rproc_stop_edma(struct rproc *r)
{
    r->alone = false;
    if ( r->config.edma_mmu )
        mmu_cancel(r->config.edma_mmu);
}

static void halt(struct rproc *r)
{
    r->status = RPROC_IDLE;
    mmu_cancel(r->config.mmu);
    rproc_stop_edma(r);
}

void rproc_reset(struct rproc *r)
{
    halt(r);
    r->list = 0;
    r->count = 0;
}

static void fetch(struct rproc *r, uint32_t pc)
{
    r->pc = pc;
    r->phase = RPROC_FETCH;
    r->offset = 0;
}

static void start(struct rproc *r)
{
    rproc_stop_edma(r);
    r->count = 0;
    r->status = r->list % 4 ? RPROC_BAD_COMMAND : RPROC_RUNNING;
    fetch(r, r->list);
    if ( r->config.started )
        r->config.started(r->config.ctx);
}

void rproc_release(struct rproc *r, uint32_t boot)
{
    r->held = false;
    r->list = boot;
    start(r);
}

void rproc_release_idle(struct rproc *r)
{
    r->held = false;
}

/*
 * Commands
 */

#define BY_EDMA ((uint32_t)(RPROC_OP_BY_TC0 | RPROC_OP_BY_TC1))

static uint32_t op(const struct rproc *r)
{
    return r->cmd[RPROC_CMD_OP] & ~BY_EDMA;
}

static bool by_edma(const struct rproc *r)
{
    return r->cmd[RPROC_CMD_OP] & BY_EDMA;
}

static bool has_result(const struct rproc *r)
{
    return op(r) == RPROC_OP_SUM || op(r) == RPROC_OP_PROBE;
}

static enum rproc_phase first_phase(const struct rproc *r)
{
    return op(r) == RPROC_OP_FILL ? RPROC_STORE : RPROC_LOAD;
}

/* Nobody moves the data of END and JUMP. */
static bool valid_port(const struct rproc *r)
{
    return !by_edma(r) || (r->config.edma_mmu && op(r) != RPROC_OP_JUMP &&
                           (r->cmd[RPROC_CMD_OP] & BY_EDMA) != BY_EDMA);
}

static bool valid(const struct rproc *r)
{
    const uint32_t *cmd = r->cmd;

    if ( !valid_port(r) )
        return false;

    switch ( op(r) )
    {
    case RPROC_OP_COPY:
        return !(
            (cmd[RPROC_CMD_DST] | cmd[RPROC_CMD_SRC] | cmd[RPROC_CMD_LEN]) % 4);
    case RPROC_OP_FILL:
        return !((cmd[RPROC_CMD_DST] | cmd[RPROC_CMD_LEN]) % 4);
    case RPROC_OP_SUM:
        return !((cmd[RPROC_CMD_SRC] | cmd[RPROC_CMD_LEN]) % 4);
    case RPROC_OP_PROBE:
        return !(cmd[RPROC_CMD_SRC] % 4);
    case RPROC_OP_JUMP:
        return !(cmd[RPROC_CMD_DST] % 4);
    default:
        return false;
    }
}

static void complete(struct rproc *r)
{
    bool jump = op(r) == RPROC_OP_JUMP;

    r->count++;
    fetch(r, jump ? r->cmd[RPROC_CMD_DST] : r->pc + RPROC_CMD_WORDS * 4);
}

/* What goes on without the core ends, or begins again. */
static void end_alone(struct rproc *r)
{
    r->alone = r->config.chains && r->config.chains(r->config.ctx);
    r->offset = 0;
    r->phase = first_phase(r);
}

/* The data at offset is next; after the last comes the result, if any. */
static void next_data(struct rproc *r, uint32_t offset)
{
    r->offset = offset;
    if ( offset != r->cmd[RPROC_CMD_LEN] )
        r->phase = first_phase(r);
    else if ( r->alone )
        end_alone(r);
    else if ( has_result(r) )
        r->phase = RPROC_RESULT;
    else
        complete(r);
}

static void execute(struct rproc *r)
{
    if ( !valid(r) )
    {
        r->status = RPROC_BAD_COMMAND;
        return;
    }

    if ( op(r) == RPROC_OP_PROBE )
        r->cmd[RPROC_CMD_LEN] = 4;
    if ( op(r) == RPROC_OP_JUMP )
        r->cmd[RPROC_CMD_LEN] = 0;
    r->cmd[RPROC_CMD_RESULT] = 0;
    if ( by_edma(r) )
        r->phase = RPROC_EVENT;
    else
        next_data(r, 0);
}

/* False: EDMA may not begin the command. */
static bool begin_edma(struct rproc *r)
{
    if ( r->config.may_begin && !r->config.may_begin(r->config.ctx) )
        return false;

    next_data(r, 0);

    return true;
}

static bool is_active(const struct rproc *r)
{
    return r->status == RPROC_RUNNING || r->alone;
}

static bool moves_data(const struct rproc *r)
{
    return r->phase == RPROC_LOAD || r->phase == RPROC_STORE;
}

uint32_t rproc_edma_busy(const struct rproc *r)
{
    if ( !is_active(r) || !moves_data(r) )
        return 0;

    return (r->cmd[RPROC_CMD_OP] & BY_EDMA) / RPROC_OP_BY_TC0;
}

void rproc_hold(struct rproc *r)
{
    bool alone = rproc_edma_busy(r);

    r->held = true;
    r->status = RPROC_IDLE;
    r->list = 0;
    r->count = 0;
    mmu_cancel(r->config.mmu);
    r->alone = alone;
    if ( !alone )
        rproc_stop_edma(r);
}

/*
 * Steps
 */

static struct access next_access(const struct rproc *r)
{
    const uint32_t *cmd = r->cmd;
    struct access a = { .write = false };

    switch ( r->phase )
    {
    case RPROC_FETCH:
        a.da = r->pc + r->offset;
        break;
    case RPROC_EVENT:
        break;
    case RPROC_LOAD:
        a.da = cmd[RPROC_CMD_SRC] + r->offset;
        break;
    case RPROC_STORE:
        a.da = cmd[RPROC_CMD_DST] + r->offset;
        a.write = true;
        a.value = cmd[RPROC_CMD_VALUE];
        break;
    case RPROC_RESULT:
        a.da = r->pc + RPROC_CMD_RESULT * 4;
        a.write = true;
        a.value = cmd[RPROC_CMD_RESULT];
        break;
    }

    return a;
}

static void fetched(struct rproc *r, uint32_t value)
{
    unsigned int word = r->offset / 4;

    r->cmd[word] = value;
    r->offset += 4;

    if ( word == RPROC_CMD_OP && value == RPROC_OP_END )
        r->status = RPROC_DONE;
    else if ( word == RPROC_CMD_VALUE )
        execute(r);
}

/* A word to copy waits in VALUE, which COPY has no other use for. */
static void loaded(struct rproc *r, uint32_t value)
{
    if ( op(r) == RPROC_OP_COPY )
    {
        r->cmd[RPROC_CMD_VALUE] = value;
        r->phase = RPROC_STORE;
        return;
    }

    r->cmd[RPROC_CMD_RESULT] += value;
    next_data(r, r->offset + 4);
}

/* The access is done, value is what it read. */
static void advance(struct rproc *r, uint32_t value)
{
    switch ( r->phase )
    {
    case RPROC_FETCH:
        fetched(r, value);
        break;
    case RPROC_EVENT:
        break;
    case RPROC_LOAD:
        loaded(r, value);
        break;
    case RPROC_STORE:
        next_data(r, r->offset + 4);
        break;
    case RPROC_RESULT:
        complete(r);
        break;
    }
}

/* The address as it goes out by the port that makes the access. */
static enum mmu_result go_out(struct rproc *r, const struct access *a,
                              uint32_t *pa)
{
    const struct rproc_config *c = &r->config;
    enum rproc_port port =
        by_edma(r) && moves_data(r) ? RPROC_PORT_EDMA : RPROC_PORT_CORE;
    struct mmu *mmu = port == RPROC_PORT_EDMA ? c->edma_mmu : c->mmu;

    if ( mmu->stall || !c->translated || c->translated(c->ctx, port) )
        return mmu_translate(mmu, a->da, a->write, pa);

    *pa = a->da;

    return MMU_OK;
}

static enum mmu_result perform(struct rproc *r, struct access *a)
{
    const struct rproc_config *c = &r->config;
    enum mmu_result result;
    uint32_t pa;
    bool done;

    result = go_out(r, a, &pa);
    if ( result != MMU_OK )
        return result;

    done = a->write ? c->write32(c->ctx, pa, a->value)
                    : c->read32(c->ctx, pa, &a->value);

    return done ? MMU_OK : MMU_BUS_ERROR;
}

/* An access was answered by an error. */
static void fail(struct rproc *r)
{
    if ( r->alone )
        r->alone = false;
    else
        r->status = RPROC_BUS_ERROR;
}

bool rproc_run(struct rproc *r, unsigned int budget)
{
    for ( ; budget && is_active(r); budget-- )
    {
        struct access a;

        if ( r->phase == RPROC_EVENT )
        {
            if ( !begin_edma(r) )
                return false;
            continue;
        }

        a = next_access(r);
        switch ( perform(r, &a) )
        {
        case MMU_OK:
            advance(r, a.value);
            break;
        case MMU_BUS_ERROR:
            fail(r);
            break;
        case MMU_STALL:
            return false;
        }
    }

    return is_active(r);
}

/*
 * Registers
 */

static uint32_t read_word(const struct rproc *r, uint32_t offset)
{
    switch ( offset )
    {
    case RPROC_ID:
        return RPROC_ID_VALUE;
    case RPROC_LIST:
        return r->list;
    case RPROC_STATUS:
        return r->status;
    case RPROC_COUNT:
        return r->count;
    default:
        return 0;
    }
}

uint32_t rproc_reg_read(const struct rproc *r, uint32_t offset,
                        unsigned int size)
{
    return part_of(read_word(r, offset & ~3u), offset, size);
}

void rproc_reg_write(struct rproc *r, uint32_t offset, unsigned int size,
                     uint32_t value)
{
    if ( size != 4 )
        return;

    switch ( offset )
    {
    case RPROC_CTRL:
        if ( value & RPROC_CTRL_RESET )
            halt(r);
        if ( (value & RPROC_CTRL_START) && r->status != RPROC_RUNNING &&
             !r->held )
            start(r);
        break;
    case RPROC_LIST:
        r->list = value;
        break;
    }
}
