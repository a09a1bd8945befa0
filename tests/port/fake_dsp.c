/* SPDX-License-Identifier: GPL-2.0-only */
/* DSP_SYSTEM of a DSP of DRA7's, and the EDMA beside it, as registers. */
#include "fake.h"

#define MMU_CONFIG 0x18
#define CCSTAT     0x10640
#define TCSTAT(n)  (0x5100 + (n)*0x1000)
#define CCCFG      0x10004
#define SETS       0x14000

static const unsigned int statuses[] = { CCSTAT, TCSTAT(0), TCSTAT(1) };
static const unsigned int disables[] = { 0x11028, 0x1102c, 0x11088 };
/* ECR, SECR, EMCR, IECR, ICR, their second words; QSECR, QEMCR, CCERRCLR */
static const unsigned int clears[] = {
    0x11008, 0x1100c, 0x11040, 0x11044, 0x10308, 0x1030c, 0x11058,
    0x1105c, 0x11070, 0x11074, 0x11094, 0x10314, 0x1031c,
};

void __iomem *fake_dsp_map(paddr_t start)
{
    struct fake_dsp *dsp = &fake.dsp;

    if ( !dsp->base || dsp->unmappable ||
         start - dsp->base >= sizeof(dsp->window) )
        return NULL;
    dsp->mapped++;

    return dsp->window + (start - dsp->base);
}

bool fake_dsp_unmap(const volatile void *p)
{
    if ( p != fake.dsp.window )
        return false;
    fake.dsp.mapped--;

    return true;
}

/* An access while it is off would be an abort. */
static bool find(const volatile void *p, unsigned int *offset)
{
    const volatile uint8_t *byte = p;

    if ( byte < fake.dsp.window ||
         byte >= fake.dsp.window + sizeof(fake.dsp.window) )
        return false;
    *offset = byte - fake.dsp.window;
    assert_true(prcm_mmu_answers(&fake.prcm.model, fake.dsp.unit));
    assert_int_equal(prcm_read(&fake.prcm.model, fake.dsp.emulation, 4) & 3, 2);

    return true;
}

bool fake_is_edma(const struct fake_hw *hw)
{
    return fake.dsp.base && hw == &fake.hw[1];
}

void fake_dsp_lost(unsigned int unit)
{
    if ( !fake.dsp.base || unit != fake.dsp.unit )
        return;
    fake.dsp.config = fake.dsp.disabled = 0;
    if ( fake.dsp.survives )
        return;
    fake.dsp.busy = 0;
    fake.hw[1].waits = false;
}

/* Of those counts that make it do anything, and of what chains. */
static bool a_set_is_left(const struct fake_dsp *dsp)
{
    unsigned int n;

    for ( n = 0; n < FAKE_DSP_SETS; n++ )
        if ( dsp->set[n][0] || dsp->set[n][2] || dsp->set[n][7] )
            return true;

    return false;
}

/* What the EDMA's MMU stalls does not end. */
static bool goes_on(const struct fake_dsp *dsp)
{
    return dsp->busy == FAKE_DSP_NEVER || dsp->disabled != 7 ||
           (dsp->chained && a_set_is_left(dsp)) || fake.hw[1].waits;
}

/*
 * Transfers end after so many reads of their status, once nothing starts another. The end
 * of the last sets again what had been cleared.
 */
static uint32_t read_status(unsigned int n)
{
    struct fake_dsp *dsp = &fake.dsp;

    dsp->polls++;
    dsp->ran |= prcm_core_runs(&fake.prcm.model, dsp->unit, 0);
    if ( dsp->busy && !goes_on(dsp) && !--dsp->busy )
        dsp->cleared = 0;

    return dsp->stuck[n] | ((dsp->busy || fake.hw[1].waits) &&
                                    !(dsp->handed_on && statuses[n] == CCSTAT)
                                ? 0x11
                                : 0);
}

static uint32_t *set_at(unsigned int offset)
{
    return offset - SETS < sizeof(fake.dsp.set)
               ? &fake.dsp.set[(offset - SETS) / 32][(offset - SETS) / 4 % 8]
               : NULL;
}

/* The bit of a register among n. */
static unsigned int bit_of(const unsigned int *registers, unsigned int n,
                           unsigned int offset)
{
    while ( n-- )
        if ( registers[n] == offset )
            return 1u << n;

    return 0;
}

bool fake_dsp_read(const volatile void *p, uint32_t *value)
{
    unsigned int n, offset;

    if ( !find(p, &offset) )
        return false;

    for ( n = 0; n < ARRAY_SIZE(statuses) && statuses[n] != offset; n++ )
        ;
    *value = n < ARRAY_SIZE(statuses)                   ? read_status(n)
             : offset == CCCFG                          ? fake.dsp.cccfg
             : offset == MMU_CONFIG && !fake.dsp.silent ? fake.dsp.config
                                                        : 0;
    return true;
}

bool fake_dsp_write(volatile void *p, uint32_t value)
{
    unsigned int offset, disabled, cleared;

    if ( !find(p, &offset) )
        return false;

    disabled = bit_of(disables, ARRAY_SIZE(disables), offset);
    cleared = bit_of(clears, ARRAY_SIZE(clears), offset);
    if ( offset == MMU_CONFIG )
        fake.dsp.config = value;
    else if ( set_at(offset) )
        *set_at(offset) = value;
    else if ( value == 0xffffffff && (disabled || cleared) )
    {
        fake.dsp.disabled |= disabled;
        fake.dsp.cleared |= cleared;
    }
    else
        fake.dsp.strange_writes++;

    return true;
}
