/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdarg.h>
#include <stdio.h>

#include "state.h"

void machine_wrong(struct machine *m, const char *fmt, ...)
{
    va_list args;

    if ( m->violation[0] )
        return;

    va_start(args, fmt);
    vsnprintf(m->violation, sizeof(m->violation), fmt, args);
    va_end(args);
}

bool machine_runs(const struct machine *m)
{
    const struct prcm *prcm = &m->processor.prcm;

    if ( !m->options.processor )
        return !m->in_reset;

    return prcm_core_runs(prcm, 0, 0) || prcm_core_runs(prcm, 0, 1);
}

const uint32_t *host_table_word(const struct machine *m, uint32_t maddr)
{
    if ( maddr < HOST_BASE || maddr - HOST_BASE >= m->host_bytes )
        return NULL;

    return (const uint32_t *)(m->host_mem + (maddr - HOST_BASE));
}

const uint32_t *host_first_level(const struct machine *m)
{
    return host_table_word(m, mmu_reg_read(&m->mmu, MMU_TTB, 4));
}
