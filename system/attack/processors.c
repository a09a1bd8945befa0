/* SPDX-License-Identifier: GPL-2.0-only */
/* The remote processors: random commands, valid ones, and whether they still work. */
#include "attack.h"
#include "rproc_regs.h"

#define COMMAND_BYTES (RPROC_CMD_WORDS * 4)

/* Honest work: 16 KiB filled and copied, again and again. */
#define WORK       0x080000
#define WORK_BYTES 0x4000

static uint32_t reg(uint32_t unit, uint32_t offset)
{
    return parameters.unit[unit].regs + offset;
}

/* Mapped to itself by every table that means well, and where the MMU is off. */
static uint32_t list(uint32_t unit)
{
    return parameters.memory + LISTS + unit * LIST_SIZE;
}

static uint32_t put_command(uint32_t at, uint32_t op, uint32_t dst,
                            uint32_t src, uint32_t bytes, uint32_t value)
{
    write32(at + RPROC_CMD_DST * 4, dst);
    write32(at + RPROC_CMD_SRC * 4, src);
    write32(at + RPROC_CMD_LEN * 4, bytes);
    write32(at + RPROC_CMD_VALUE * 4, value);
    write32(at + RPROC_CMD_OP * 4, op);

    return at + COMMAND_BYTES;
}

static void start(uint32_t unit, uint32_t at)
{
    asm volatile("dsb" ::: "memory");
    write32(reg(unit, RPROC_LIST), at);
    write32(reg(unit, RPROC_CTRL), RPROC_CTRL_START);
}

void processor_reset(uint32_t unit)
{
    write32(reg(unit, RPROC_CTRL), RPROC_CTRL_RESET);
}

/* A device address: what our memory is mapped to, or what anything is. */
static uint32_t device_address(struct attacker *a)
{
    switch ( below(a, 16) )
    {
    case 0:
        return any(a) & 1 ? target(a) & ~3u : spare(any(a)) & ~3u;
    case 1 ... 2:
        return hot(a);
    case 3 ... 6:
        return hole(any(a)) + (any(a) & 0xffc);
    default:
        return own_memory(a);
    }
}

/*
 * No SUM: what it writes may be any address, the program's too. What a command
 * overwrites may be a table, or commands.
 */
static uint32_t put_random_command(struct attacker *a, uint32_t at)
{
    static const uint8_t ops[] = { RPROC_OP_COPY, RPROC_OP_FILL,
                                   RPROC_OP_PROBE };
    uint32_t bytes = below(a, 4) ? below(a, 16) * 4 : below(a, 1024) * 4;

    if ( !below(a, 4) )
        return put_command(at, RPROC_OP_FILL, device_address(a), 0,
                           (parameters.marks + below(a, 992)) * 4,
                           parameters.mark);

    return put_command(at, ops[below(a, 3)], device_address(a),
                       device_address(a), bytes, spare(any(a)));
}

/* Both vCPUs write the same lists: a processor may find one half written. */
static void put_random_list(struct attacker *a, uint32_t at)
{
    unsigned int n = below(a, 24) + 1;

    /* A valid command first, else few lists get anywhere. */
    at = put_command(at, RPROC_OP_FILL, own_memory(a), 0, 64, spare(any(a)));
    while ( n-- )
        at = put_random_command(a, at);
    put_command(at, RPROC_OP_END, 0, 0, 0, 0);
}

static void tally(struct attacker *a, uint32_t unit)
{
    a->commands += read32(reg(unit, RPROC_COUNT));
    switch ( read32(reg(unit, RPROC_STATUS)) )
    {
    case RPROC_BUS_ERROR:
        a->bus_errors++;
        break;
    case RPROC_RUNNING:
        a->stalls++; /* or it has not come to its end yet */
        break;
    }
}

/* Until it stops, or for two milliseconds: so that some lists get anywhere. */
static void wait(uint32_t unit)
{
    ticks_t end = now() + seconds(1) / 512;

    while ( read32(reg(unit, RPROC_STATUS)) == RPROC_RUNNING && now() < end )
        continue;
}

void processor_kick(struct attacker *a, uint32_t unit)
{
    uint32_t at = list(unit) + below(a, LIST_SIZE / 1024) * 1024;

    tally(a, unit);
    processor_reset(unit);
    put_random_list(a, at);
    if ( any(a) & 3 )
        mmu_walk(a, unit);
    start(unit, any(a) & 31 ? at : target(a));
    if ( !below(a, 4) )
        mmu_off_and_on(a, unit);
    if ( any(a) & 3 )
        wait(unit);
}

void processor_forget(uint32_t unit)
{
    processor_reset(unit);
    put_command(list(unit), RPROC_OP_END, 0, 0, 0, 0);
    start(unit, list(unit));
}

void processor_work(uint32_t unit)
{
    uint32_t at = list(unit), work = parameters.memory + WORK + unit * 0x10000;
    unsigned int n;

    if ( read32(reg(unit, RPROC_STATUS)) == RPROC_RUNNING )
        return;

    for ( n = 0; n < 16; n++ )
    {
        at = put_command(at, RPROC_OP_FILL, work, 0, WORK_BYTES, n);
        at = put_command(at, RPROC_OP_COPY, work + WORK_BYTES, work, WORK_BYTES,
                         0);
    }
    put_command(at, RPROC_OP_END, 0, 0, 0, 0);
    start(unit, list(unit));
}

void processor_grind(uint32_t unit)
{
    uint32_t at = list(unit), i;

    if ( read32(reg(unit, RPROC_STATUS)) == RPROC_RUNNING )
        return;

    for ( i = 0; i < GRIND_COUNT; i++ )
        at = put_command(at, RPROC_OP_PROBE, 0, GRIND_FIRST + (i << 20), 0, 0);
    put_command(at, RPROC_OP_END, 0, 0, 0, 0);
    start(unit, list(unit));
}

bool processor_touch(uint32_t unit)
{
    uint32_t at = list(unit), status = read32(reg(unit, RPROC_STATUS)), i;
    bool done =
        status == RPROC_DONE && read32(reg(unit, RPROC_COUNT)) == COST_COUNT;

    if ( status == RPROC_RUNNING )
        return false;

    for ( i = 0; i < COST_COUNT; i++ )
        at = put_command(at, RPROC_OP_PROBE, 0, COST_FIRST + (i << 20), 0, 0);
    put_command(at, RPROC_OP_END, 0, 0, 0, 0);
    start(unit, list(unit));

    return done;
}

bool processor_serves(uint32_t unit)
{
    uint32_t to = parameters.memory + WORK + unit * 0x10000, at, a;
    ticks_t end = now() + seconds(5);

    for ( a = to; a != to + WORK_BYTES; a += 4 )
        write32(a, 0);
    at = put_command(list(unit), RPROC_OP_FILL, to, 0, WORK_BYTES,
                     0x1e55 + unit);
    put_command(at, RPROC_OP_END, 0, 0, 0, 0);
    start(unit, list(unit));
    while ( read32(reg(unit, RPROC_STATUS)) == RPROC_RUNNING && now() < end )
        continue;

    for ( a = to; a != to + WORK_BYTES; a += 4 )
        if ( read32(a) != 0x1e55 + unit )
            return false;

    return read32(reg(unit, RPROC_STATUS)) == RPROC_DONE;
}
