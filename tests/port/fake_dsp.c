/* SPDX-License-Identifier: GPL-2.0-only */
/* DSP_SYSTEM of a DSP of DRA7's, and the EDMA beside it, as registers. */
#include "fake.h"

#define MMU_CONFIG 0x18
#define CCSTAT     0x10640
#define TCSTAT(n)  (0x5100 + (n)*0x1000)
#define EECR       0x11028
#define EECRH      0x1102c
#define QEECR      0x11088

void __iomem *fake_dsp_map(paddr_t start)
{
    struct fake_dsp *dsp = &fake.dsp;

    return dsp->base && !dsp->unmappable &&
                   start - dsp->base < sizeof(dsp->window)
               ? dsp->window + (start - dsp->base)
               : NULL;
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

void fake_dsp_lost(unsigned int unit)
{
    if ( !fake.dsp.base || unit != fake.dsp.unit )
        return;
    fake.dsp.config = fake.dsp.disabled = 0;
    if ( !fake.dsp.survives )
        fake.dsp.busy = 0;
}

static bool is_status(unsigned int offset)
{
    return offset == CCSTAT || offset == TCSTAT(0) || offset == TCSTAT(1);
}

/* Transfers end after so many reads of their status, once no event starts another. */
static uint32_t read_status(void)
{
    struct fake_dsp *dsp = &fake.dsp;

    dsp->polls++;
    dsp->ran = prcm_core_runs(&fake.prcm.model, dsp->unit, 0);
    if ( dsp->busy && dsp->disabled == 7 && dsp->busy != FAKE_DSP_NEVER )
        dsp->busy--;

    return dsp->busy ? 0x11 : 0;
}

bool fake_dsp_read(const volatile void *p, uint32_t *value)
{
    unsigned int offset;

    if ( !find(p, &offset) )
        return false;

    *value = is_status(offset)                          ? read_status()
             : offset == MMU_CONFIG && !fake.dsp.silent ? fake.dsp.config
                                                        : 0;
    return true;
}

bool fake_dsp_write(volatile void *p, uint32_t value)
{
    unsigned int offset;

    if ( !find(p, &offset) )
        return false;

    if ( offset == MMU_CONFIG )
        fake.dsp.config = value;
    else if ( value == 0xffffffff )
        fake.dsp.disabled |=
            (offset == EECR) | (offset == EECRH) << 1 | (offset == QEECR) << 2;
    else
        fake.dsp.strange_writes++;

    return true;
}
