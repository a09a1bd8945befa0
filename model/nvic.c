/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exceptions of a Cortex-M4: see nvic.h. [A] is the ARMv7-M Architecture
 * Reference Manual, DDI 0403E.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "nvic.h"

#define PRIORITY_BITS 0xf0u
#define LOWEST        256 /* of Thread mode: below each priority */

/* Chosen where TI's manuals are silent: revision r0p1, as most M4s have. */
#define CPUID 0x410fc241u

/* SysTick [A] B3.3 */
#define CSR_ENABLE    (1u << 0)
#define CSR_TICKINT   (1u << 1)
#define CSR_CLKSOURCE (1u << 2)
#define CSR_COUNTFLAG (1u << 16)
#define SYSTICK_MASK  0x00ffffffu
#define CALIB_NOREF   (1u << 31)

#define ICSR_RETTOBASE  (1u << 11)
#define ICSR_ISRPENDING (1u << 22)

#define VECTKEY      0x05fau
#define VECTKEY_READ 0xfa050000u

#define CCR_MASK \
    (CCR_NONBASETHRDENA | CCR_USERSETMPEND | CCR_UNALIGN_TRP | CCR_DIV_0_TRP | \
     CCR_BFHFNMIGN | CCR_STKALIGN)
#define SCR_MASK (SCR_SLEEPONEXIT | 1u << 2 | SCR_SEVONPEND)

/* Bits of SHCSR [A] B3.2.13: a system exception is active, pending, enabled. */
static const struct {
    uint8_t exception, active, pending, enabled; /* 32: no such bit */
} shcsr_bits[] = {
    { NVIC_MEMMANAGE, 0, 13, 16 },  { NVIC_BUSFAULT, 1, 14, 17 },
    { NVIC_USAGEFAULT, 3, 12, 18 }, { NVIC_SVCALL, 7, 15, 32 },
    { NVIC_PENDSV, 10, 32, 32 },    { NVIC_SYSTICK, 11, 32, 32 },
};
#define SHCSR_ROWS (sizeof(shcsr_bits) / sizeof(shcsr_bits[0]))

/* CPUID, and the features, from 0xd40 on [DDI 0439B, table 4-1]. */
static const uint32_t features[] = {
    0x00000030, 0x00000200, 0x00100000, 0,          0x00100030,
    0,          0x01000000, 0,          0x01101110, 0x02112000,
    0x21232231, 0x01111131, 0x01310102,
};

/*
 * Priorities: the lower, the more urgent
 */

static int priority(const struct nvic *n, unsigned int exception)
{
    if ( exception <= NVIC_HARDFAULT )
        return (int)exception - 4;

    return n->priority[exception];
}

/* Without the bits that do not preempt [A] B1.5.4. */
static int group(const struct nvic *n, int priority)
{
    return priority < 0 ? priority : priority & ~((2 << n->prigroup) - 1);
}

/* What the masks let be interrupted [A] B1.5.4. */
static int mask_priority(const struct nvic *n, bool primask)
{
    if ( n->faultmask )
        return -1;
    if ( primask )
        return 0;

    return n->basepri ? group(n, n->basepri) : LOWEST;
}

/* What runs, and what is asked not to be interrupted [A] B1.5.4. */
static int execution_priority(const struct nvic *n, bool primask)
{
    int lowest = mask_priority(n, primask), p;
    unsigned int i;

    for ( i = 0; i < NVIC_EXCEPTIONS; i++ )
        if ( n->active[i] && (p = group(n, priority(n, i))) < lowest )
            lowest = p;

    return lowest;
}

/* The most urgent that is pending and enabled: of equals, the first. 0: none. */
static unsigned int most_urgent(const struct nvic *n)
{
    unsigned int i, found = 0;

    for ( i = NVIC_NMI; i < NVIC_EXCEPTIONS; i++ )
        if ( n->pending[i] && n->enabled[i] &&
             (!found || priority(n, i) < priority(n, found)) )
            found = i;

    return found;
}

/* After each change. */
static void update(struct nvic *n)
{
    unsigned int first = most_urgent(n);
    int p = first ? group(n, priority(n, first)) : LOWEST;

    n->due = p < execution_priority(n, n->primask) ? first : 0;
    n->unmasked_due = p < execution_priority(n, false);
}

static void pend(struct nvic *n, unsigned int exception)
{
    if ( !n->pending[exception] && (n->scr & SCR_SEVONPEND) )
        n->event = true;
    n->pending[exception] = true;
}

void nvic_reset(struct nvic *n)
{
    unsigned int i;

    memset((char *)n + sizeof(n->level), 0, sizeof(*n) - sizeof(n->level));
    n->ccr = CCR_STKALIGN;
    n->enabled[NVIC_NMI] = n->enabled[NVIC_HARDFAULT] = true;
    n->enabled[NVIC_SVCALL] = n->enabled[NVIC_PENDSV] = true;
    n->enabled[NVIC_SYSTICK] = true;
    for ( i = 0; i < NVIC_LINES; i++ )
        n->pending[NVIC_LINE0 + i] = n->level[i];
    update(n);
}

void nvic_line(struct nvic *n, unsigned int line, bool level)
{
    if ( level && !n->level[line] )
        pend(n, NVIC_LINE0 + line);
    n->level[line] = level;
    update(n);
}

void nvic_set_masks(struct nvic *n, uint8_t primask, uint8_t faultmask,
                    uint8_t basepri)
{
    if ( execution_priority(n, primask & 1) <= -1 ) /* [A] B5.2.1, B5.2.3 */
        faultmask &= n->faultmask;
    n->primask = primask & 1;
    n->faultmask = faultmask & 1;
    n->basepri = basepri & PRIORITY_BITS;
    update(n);
}

/*
 * SysTick
 */

void nvic_tick(struct nvic *n)
{
    if ( !(n->csr & CSR_ENABLE) )
        return;

    if ( !n->count )
        n->count = n->reload;
    else if ( !--n->count )
    {
        n->counted = true;
        if ( n->csr & CSR_TICKINT )
        {
            pend(n, NVIC_SYSTICK);
            update(n);
        }
    }
}

void nvic_elapse(struct nvic *n, uint64_t cycles)
{
    uint64_t period = (uint64_t)n->reload + 1;

    /* Of many periods, the last two tell all that can be seen. */
    if ( cycles > 2 * period + n->count )
        cycles = (cycles - n->count) % period + period + n->count;

    while ( cycles && (n->csr & CSR_ENABLE) && (n->count || n->reload) )
    {
        if ( n->count > 1 && cycles > 1 )
        {
            uint32_t skip =
                n->count - 1 < cycles - 1 ? n->count - 1 : cycles - 1;

            n->count -= skip;
            cycles -= skip;
        }
        nvic_tick(n);
        cycles--;
    }
}

uint64_t nvic_alarm(const struct nvic *n)
{
    if ( !(n->csr & CSR_ENABLE) || !(n->csr & CSR_TICKINT) ||
         n->pending[NVIC_SYSTICK] )
        return 0;
    if ( n->count )
        return n->count;

    return n->reload ? (uint64_t)n->reload + 1 : 0;
}

/*
 * Exceptions
 */

unsigned int nvic_raise(struct nvic *n, unsigned int exception, uint32_t cfsr)
{
    int now = execution_priority(n, n->primask);

    n->cfsr |= cfsr;
    if ( exception == NVIC_HARDFAULT || !n->enabled[exception] ||
         group(n, priority(n, exception)) >= now )
    {
        if ( exception != NVIC_HARDFAULT )
            n->hfsr |= HFSR_FORCED;
        exception = NVIC_HARDFAULT;
        if ( now <= priority(n, exception) )
            return 0;
    }
    pend(n, exception);
    update(n);

    return exception;
}

void nvic_take(struct nvic *n, unsigned int exception)
{
    assert(exception >= NVIC_NMI && exception < NVIC_EXCEPTIONS);
    n->pending[exception] = false;
    n->active[exception] = true;
    n->current = exception;
    n->event = true;
    update(n);
}

/* A line that is still high pends again [A] B3.4.1. */
void nvic_leave(struct nvic *n)
{
    unsigned int exception = n->current;

    n->active[exception] = false;
    if ( exception >= NVIC_LINE0 && n->level[exception - NVIC_LINE0] )
        pend(n, exception);
    if ( exception != NVIC_NMI )
        n->faultmask = 0;
    n->event = true;
    update(n);
}

void nvic_resume(struct nvic *n, unsigned int exception)
{
    assert(exception < NVIC_EXCEPTIONS);
    n->current = exception;
}

unsigned int nvic_nested(const struct nvic *n)
{
    unsigned int i, nested = 0;

    for ( i = 0; i < NVIC_EXCEPTIONS; i++ )
        nested += n->active[i];

    return nested;
}

/*
 * Registers
 */

static uint32_t merge(uint32_t old, uint32_t value, uint32_t mask)
{
    return (old & ~mask) | (value & mask);
}

bool nvic_has_key(uint32_t aircr)
{
    return aircr >> 16 == VECTKEY;
}

static uint32_t read_systick(struct nvic *n, uint32_t offset)
{
    uint32_t value;

    switch ( offset )
    {
    case 0x10:
        value = n->csr | CSR_CLKSOURCE | (n->counted ? CSR_COUNTFLAG : 0);
        n->counted = false;
        return value;
    case 0x14:
        return n->reload;
    case 0x18:
        return n->count;
    default:
        return CALIB_NOREF;
    }
}

static void write_systick(struct nvic *n, uint32_t offset, uint32_t value,
                          uint32_t mask)
{
    switch ( offset )
    {
    case 0x10:
        n->csr = merge(n->csr, value, mask) & (CSR_ENABLE | CSR_TICKINT);
        break;
    case 0x14:
        n->reload = merge(n->reload, value, mask) & SYSTICK_MASK;
        break;
    case 0x18: /* whatever is written [A] B3.3.5 */
        n->count = 0;
        n->counted = false;
        break;
    }
}

/* 32 lines' bits from a field of the exceptions. */
static uint32_t bits_of(const bool *of, uint32_t offset)
{
    unsigned int i, first = offset % 0x80 / 4 * 32;
    uint32_t value = 0;

    for ( i = 0; i < 32 && first + i < NVIC_LINES; i++ )
        value |= (uint32_t)of[NVIC_LINE0 + first + i] << i;

    return value;
}

/* ISER to ICPR [A] B3.4.4: 0x100, 0x180, 0x200, 0x280. */
static void write_lines(struct nvic *n, uint32_t offset, uint32_t value)
{
    bool clear = offset & 0x80;
    unsigned int i, first = offset % 0x80 / 4 * 32;

    for ( i = 0; i < 32 && first + i < NVIC_LINES; i++ )
    {
        unsigned int line = first + i;

        if ( !(value >> i & 1) )
            continue;
        if ( offset < 0x200 )
            n->enabled[NVIC_LINE0 + line] = !clear;
        else if ( !clear )
            pend(n, NVIC_LINE0 + line);
        else
            n->pending[NVIC_LINE0 + line] = n->level[line];
    }
}

/* Four bytes of priorities, from an exception on. */
static uint32_t read_priorities(const struct nvic *n, unsigned int first)
{
    uint32_t value = 0;
    unsigned int i;

    for ( i = 0; i < 4 && first + i < NVIC_EXCEPTIONS; i++ )
        value |= (uint32_t)n->priority[first + i] << 8 * i;

    return value;
}

/* Of those that there are; a disabled exception has one as well. */
static void write_priorities(struct nvic *n, unsigned int first, uint32_t value,
                             uint32_t mask)
{
    unsigned int i;

    for ( i = 0; i < 4 && first + i < NVIC_EXCEPTIONS; i++ )
    {
        unsigned int e = first + i;
        bool there = (e >= NVIC_MEMMANAGE && e <= NVIC_USAGEFAULT) ||
                     e == NVIC_SVCALL || e == NVIC_DEBUG || e >= NVIC_PENDSV;

        if ( there && (mask >> 8 * i & 0xff) )
            n->priority[e] = value >> 8 * i & PRIORITY_BITS;
    }
}

/* VECTPENDING [A] B3.2.4: BASEPRI and FAULTMASK count, PRIMASK does not. */
static unsigned int vect_pending(const struct nvic *n)
{
    unsigned int first = most_urgent(n);

    if ( !first || group(n, priority(n, first)) >= mask_priority(n, false) )
        return 0;

    return first;
}

static uint32_t read_icsr(const struct nvic *n)
{
    uint32_t value = n->current | vect_pending(n) << 12;
    unsigned int i;

    if ( nvic_nested(n) <= 1 )
        value |= ICSR_RETTOBASE;
    for ( i = NVIC_LINE0; i < NVIC_EXCEPTIONS; i++ )
        if ( n->pending[i] )
            value |= ICSR_ISRPENDING;
    value |= (uint32_t)n->pending[NVIC_SYSTICK] << 26;
    value |= (uint32_t)n->pending[NVIC_PENDSV] << 28;
    value |= (uint32_t)n->pending[NVIC_NMI] << 31;

    return value;
}

static void write_icsr(struct nvic *n, uint32_t value)
{
    if ( value >> 25 & 1 )
        n->pending[NVIC_SYSTICK] = false;
    if ( value >> 26 & 1 )
        pend(n, NVIC_SYSTICK);
    if ( value >> 27 & 1 )
        n->pending[NVIC_PENDSV] = false;
    if ( value >> 28 & 1 )
        pend(n, NVIC_PENDSV);
    if ( value >> 31 )
        pend(n, NVIC_NMI);
}

static uint32_t read_shcsr(const struct nvic *n)
{
    uint64_t value = 0;
    unsigned int i;

    for ( i = 0; i < SHCSR_ROWS; i++ )
    {
        unsigned int e = shcsr_bits[i].exception;

        value |= (uint64_t)n->active[e] << shcsr_bits[i].active |
                 (uint64_t)n->pending[e] << shcsr_bits[i].pending |
                 (uint64_t)n->enabled[e] << shcsr_bits[i].enabled;
    }

    return value;
}

static void set_by(bool *flag, unsigned int bit, uint32_t value, uint32_t mask)
{
    if ( bit < 32 && (mask >> bit & 1) )
        *flag = value >> bit & 1;
}

static void write_shcsr(struct nvic *n, uint32_t value, uint32_t mask)
{
    unsigned int i;

    for ( i = 0; i < SHCSR_ROWS; i++ )
    {
        unsigned int e = shcsr_bits[i].exception;

        set_by(&n->active[e], shcsr_bits[i].active, value, mask);
        set_by(&n->pending[e], shcsr_bits[i].pending, value, mask);
        set_by(&n->enabled[e], shcsr_bits[i].enabled, value, mask);
    }
}

/* A register that is a field, and its bits that can be written. */
static uint32_t *plain(struct nvic *n, uint32_t offset, uint32_t *bits)
{
    static const struct {
        uint32_t offset, bits;
        size_t field;
    } registers[] = {
        { 0x008, 0x7, offsetof(struct nvic, actlr) },
        { 0xd08, ~0x7fu, offsetof(struct nvic, vtor) },
        { 0xd10, SCR_MASK, offsetof(struct nvic, scr) },
        { SCS_CCR, CCR_MASK, offsetof(struct nvic, ccr) },
        { 0xd34, ~0u, offsetof(struct nvic, mmfar) },
        { 0xd38, ~0u, offsetof(struct nvic, bfar) },
        /* These are cleared by writing 1. */
        { 0xd28, 0, offsetof(struct nvic, cfsr) },
        { 0xd2c, 0, offsetof(struct nvic, hfsr) },
        { 0xd30, 0, offsetof(struct nvic, dfsr) },
    };
    unsigned int i;

    for ( i = 0; i < sizeof(registers) / sizeof(registers[0]); i++ )
        if ( registers[i].offset == offset )
        {
            *bits = registers[i].bits;
            return (uint32_t *)((char *)n + registers[i].field);
        }

    return NULL;
}

static bool read_control_block(struct nvic *n, uint32_t offset, uint32_t *value)
{
    uint32_t bits;
    const uint32_t *field = plain(n, offset, &bits);

    if ( field )
        *value = *field;
    else if ( offset == 0x004 )
        *value = NVIC_LINES / 32 - 1;
    else if ( offset == 0xd00 )
        *value = CPUID;
    else if ( offset == 0xd04 )
        *value = read_icsr(n);
    else if ( offset == SCS_AIRCR )
        *value = VECTKEY_READ | n->prigroup << 8;
    else if ( offset >= 0xd18 && offset < 0xd24 )
        *value = read_priorities(n, 4 + offset - 0xd18);
    else if ( offset == 0xd24 )
        *value = read_shcsr(n);
    else if ( offset >= 0xd40 && offset < 0xd40 + sizeof(features) )
        *value = features[(offset - 0xd40) / 4];
    else /* AFSR; MPU_TYPE, CPACR: there is no MPU and no coprocessor */
        return offset == 0xd3c || offset == 0xd90 || offset == 0xd88 ||
               offset == SCS_STIR;

    return true;
}

bool nvic_read(struct nvic *n, uint32_t offset, uint32_t *value)
{
    *value = 0;
    if ( offset >= 0x10 && offset < 0x20 )
        *value = read_systick(n, offset);
    else if ( offset >= 0x100 && offset < 0x200 )
        *value = bits_of(n->enabled, offset);
    else if ( offset >= 0x200 && offset < 0x300 )
        *value = bits_of(n->pending, offset);
    else if ( offset >= 0x300 && offset < 0x380 )
        *value = bits_of(n->active, offset);
    else if ( offset >= 0x400 && offset < 0x7f0 )
        *value = read_priorities(n, NVIC_LINE0 + offset - 0x400);
    else
        return read_control_block(n, offset, value);

    return true;
}

static void write_field(uint32_t *field, uint32_t bits, uint32_t value,
                        uint32_t mask)
{
    if ( bits )
        *field = merge(*field, value, mask & bits);
    else
        *field &= ~(value & mask);
}

static bool write_control_block(struct nvic *n, uint32_t offset, uint32_t value,
                                uint32_t mask)
{
    uint32_t bits;
    uint32_t *field = plain(n, offset, &bits);

    if ( field )
        write_field(field, bits, value, mask);
    else if ( offset == 0xd04 )
        write_icsr(n, value & mask);
    else if ( offset == SCS_AIRCR )
    {
        if ( nvic_has_key(value & mask) )
            n->prigroup = merge(n->prigroup << 8, value, mask) >> 8 & 7;
    }
    else if ( offset >= 0xd18 && offset < 0xd24 )
        write_priorities(n, 4 + offset - 0xd18, value, mask);
    else if ( offset == 0xd24 )
        write_shcsr(n, value, mask);
    else if ( offset == SCS_STIR )
    {
        if ( (value & mask & 0x1ff) < NVIC_LINES )
            pend(n, NVIC_LINE0 + (value & mask & 0x1ff));
    }
    else /* read only */
        return offset == 0x004 || offset == 0xd00 ||
               (offset >= 0xd3c && offset < 0xd40 + sizeof(features)) ||
               offset == 0xd90;

    return true;
}

bool nvic_write(struct nvic *n, uint32_t offset, uint32_t value, uint32_t mask)
{
    bool known = true;

    if ( offset >= 0x10 && offset < 0x20 )
        write_systick(n, offset, value, mask);
    else if ( offset >= 0x100 && offset < 0x300 )
        write_lines(n, offset, value & mask);
    else if ( offset >= 0x400 && offset < 0x7f0 )
        write_priorities(n, NVIC_LINE0 + offset - 0x400, value, mask);
    else if ( offset < 0x300 || offset >= 0x380 )
        known = write_control_block(n, offset, value, mask);
    update(n);

    return known;
}
