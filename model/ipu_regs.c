/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of an IPU's own: see ipu_regs.h. */
#include <stddef.h>
#include <string.h>

#include "ipu_regs.h"

#define POLICY_MASK   0x00ff00fbu
#define POLICY_ENABLE 1u
#define XLTE_IGNORE   1u /* not translated */

/* Registers in a row, and their bits that are kept. */
static const struct row {
    uint16_t offset, count;
    uint32_t bits;
} rows[] = {
    /* UNICACHE: revision; configuration, interrupts, OCP; start and end */
    { 0x000, 1, 0 },
    { 0x004, 3, ~0u },
    { 0x010, 1, 0 },
    { 0x014, 3, ~0u },
    { 0x020, 1, 0 },
    /* AMMU: large, medium and small pages; maintenance; configuration */
    { 0x800, 4, 0xfe000000 },
    { 0x820, 4, 0xfe000001 },
    { 0x840, 4, POLICY_MASK },
    { 0x860, 2, 0xfffe0000 },
    { 0x8a0, 2, 0xfffe0001 },
    { 0x8e0, 2, POLICY_MASK },
    { 0x920, 10, 0xfffff000 },
    { 0x9a0, 10, 0xfffff001 },
    { 0xa20, 10, POLICY_MASK | 0x100 },
    { 0xaa0, 10, 0 },
    { 0xca8, 1, 0 },
    { 0xcac, 2, ~0u },
    { 0xcb4, 1, 0 },
    { 0xcb8, 1, 3 },
    /* WUGEN: interrupts between the cores, standby, idle, events */
    { 0x1000, 1, 0 },
    { 0x1004, 4, ~0u },
};

/* Address, translation and policy of a kind of pages. */
static const struct kind {
    uint16_t address, translation, policy, count;
} kinds[] = {
    { 0x800, 0x820, 0x840, 4 },
    { 0x860, 0x8a0, 0x8e0, 2 },
    { 0x920, 0x9a0, 0xa20, 10 },
};

/* What a page leads to here, whether the AMMU is asked or not. */
static const struct {
    uint32_t address, translation, size;
} always[] = {
    { 0x20000000, 0x55020000, 0x10000 },
    { 0x40000000, 0x55080000, IPU_REGS_SIZE },
};

void ipu_regs_reset(struct ipu_regs *r)
{
    memset(r, 0, sizeof(*r));
}

static const struct row *row_of(uint32_t offset)
{
    unsigned int i;

    for ( i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
        if ( offset - rows[i].offset < 4u * rows[i].count )
            return &rows[i];

    return NULL;
}

enum ipu_regs_result ipu_regs_read(const struct ipu_regs *r, uint32_t offset,
                                   uint32_t *value)
{
    *value = r->kept[offset / 4];

    return row_of(offset) ? IPU_REGS_OK : IPU_REGS_NONE;
}

static bool leads_elsewhere(uint32_t address, uint32_t translation)
{
    unsigned int i;

    for ( i = 0; i < sizeof(always) / sizeof(always[0]); i++ )
        if ( address - always[i].address < always[i].size &&
             translation - always[i].translation ==
                 address - always[i].address )
            return false;

    return translation != address;
}

/* Is this a register of a page that is enabled and translates? */
static bool translates(const struct ipu_regs *r, uint32_t offset)
{
    unsigned int i, page;

    for ( i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++ )
        for ( page = 0; page < kinds[i].count; page++ )
        {
            uint32_t at = 4 * page;
            uint32_t to = r->kept[(kinds[i].translation + at) / 4];

            if ( (offset == kinds[i].address + at ||
                  offset == kinds[i].translation + at ||
                  offset == kinds[i].policy + at) &&
                 (r->kept[(kinds[i].policy + at) / 4] & POLICY_ENABLE) &&
                 !(to & XLTE_IGNORE) )
                return leads_elsewhere(r->kept[(kinds[i].address + at) / 4],
                                       to);
        }

    return false;
}

enum ipu_regs_result ipu_regs_write(struct ipu_regs *r, uint32_t offset,
                                    uint32_t value, uint32_t mask)
{
    const struct row *row = row_of(offset);
    uint32_t *kept = &r->kept[offset / 4];

    if ( !row )
        return IPU_REGS_NONE;
    mask &= row->bits;
    *kept = (*kept & ~mask) | (value & mask);

    return translates(r, offset) ? IPU_REGS_TRANSLATES : IPU_REGS_OK;
}
