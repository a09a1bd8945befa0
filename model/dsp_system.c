/* SPDX-License-Identifier: GPL-2.0-only */
/* DSP_SYSTEM of a DRA7 DSP. */
#include <string.h>

#include "dsp_system.h"
#include "part.h"

static void set_routes(struct dsp_system *d, uint32_t value)
{
    d->mmu_config = value;
    if ( d->config.routed )
        d->config.routed(d->config.ctx, value);
}

void dsp_system_reset(struct dsp_system *d)
{
    d->sysconfig = DSP_SYSTEM_SYSCONFIG_RESET;
    set_routes(d, 0);
}

void dsp_system_init(struct dsp_system *d,
                     const struct dsp_system_config *config)
{
    memset(d, 0, sizeof(*d));
    dsp_system_reset(d);
    d->config = *config;
}

bool dsp_system_translated(const struct dsp_system *d, unsigned int port)
{
    return d->mmu_config & DSP_SYSTEM_MMU_EN(port);
}

static uint32_t read_word(const struct dsp_system *d, uint32_t offset)
{
    switch ( offset )
    {
    case DSP_SYSTEM_REVISION:
        return DSP_SYSTEM_REVISION_VALUE;
    case DSP_SYSTEM_SYSCONFIG:
        return d->sysconfig;
    case DSP_SYSTEM_STAT:
        return d->config.stat(d->config.ctx);
    case DSP_SYSTEM_MMU_CONFIG:
        return d->mmu_config;
    default:
        return 0;
    }
}

uint32_t dsp_system_reg_read(const struct dsp_system *d, uint32_t offset,
                             unsigned int size)
{
    return part_of(read_word(d, offset & ~3u), offset, size);
}

void dsp_system_reg_write(struct dsp_system *d, uint32_t offset,
                          unsigned int size, uint32_t value)
{
    if ( size != 4 )
        return;

    switch ( offset )
    {
    case DSP_SYSTEM_SYSCONFIG:
        if ( value & DSP_SYSTEM_SOFTRESET )
            dsp_system_reset(d);
        else
            d->sysconfig = value & DSP_SYSTEM_MODES;
        break;
    case DSP_SYSTEM_MMU_CONFIG:
        set_routes(d, value & DSP_SYSTEM_MMU_ALL);
        break;
    }
}
