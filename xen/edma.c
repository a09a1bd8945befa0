/* SPDX-License-Identifier: GPL-2.0-only */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>

#include <asm/io.h>

#include "edma.h"
#include "port.h"

/*
 * TPCC, the channel controller, and TPTC, the transfer controllers, by offsets
 * from DSP_SYSTEM's. Source: Linux, drivers/dma/ti/edma.c and, before 3.17,
 * arch/arm/common/edma.c; TI's kernel, arch/arm/mach-omap2/remoteproc.c, for the
 * places, and for what it awaits before a reset.
 */
#define TPCC           0x10000
#define TPCC_CCCFG     (TPCC + 0x0004)
#define TPCC_EMCR      (TPCC + 0x0308)
#define TPCC_EMCRH     (TPCC + 0x030c)
#define TPCC_QEMCR     (TPCC + 0x0314)
#define TPCC_CCERRCLR  (TPCC + 0x031c)
#define TPCC_CCSTAT    (TPCC + 0x0640)
#define CCSTAT_BUSY    0x1fu
#define TPCC_ECR       (TPCC + 0x1008)
#define TPCC_ECRH      (TPCC + 0x100c)
#define TPCC_EECR      (TPCC + 0x1028)
#define TPCC_EECRH     (TPCC + 0x102c)
#define TPCC_SECR      (TPCC + 0x1040)
#define TPCC_SECRH     (TPCC + 0x1044)
#define TPCC_IECR      (TPCC + 0x1058)
#define TPCC_IECRH     (TPCC + 0x105c)
#define TPCC_ICR       (TPCC + 0x1070)
#define TPCC_ICRH      (TPCC + 0x1074)
#define TPCC_QEECR     (TPCC + 0x1088)
#define TPCC_QSECR     (TPCC + 0x1094)
#define TPCC_SET(n)    (TPCC + 0x4000 + 0x20 * (n))
#define SET_OPT        0x00
#define SET_A_B_CNT    0x08
#define SET_CCNT       0x1c
#define TPTC_TCSTAT(n) (0x5100 + (n)*0x1000)
#define TCSTAT_BUSY    0x77u

/* CCCFG: how many parameter sets there are, at most 512. */
#define CCCFG_SETS(cfg) (16u << min((cfg) >> 12 & 7, 5u))

static const unsigned int disables[] = { TPCC_EECR, TPCC_EECRH, TPCC_QEECR };

/* What a transfer leaves, and would keep the next program's from being seen. */
static const unsigned int clears[] = {
    TPCC_ECR,  TPCC_ECRH,  TPCC_SECR,     TPCC_SECRH, TPCC_QSECR,
    TPCC_EMCR, TPCC_EMCRH, TPCC_QEMCR,    TPCC_IECR,  TPCC_IECRH,
    TPCC_ICR,  TPCC_ICRH,  TPCC_CCERRCLR,
};

static const struct {
    unsigned int status;
    uint32_t busy;
} units[] = {
    { TPCC_CCSTAT, CCSTAT_BUSY },
    { TPTC_TCSTAT(0), TCSTAT_BUSY },
    { TPTC_TCSTAT(1), TCSTAT_BUSY },
};

/* All bits of each of n registers. */
static void write_all(const struct omap_edma *edma, const unsigned int *offset,
                      unsigned int n)
{
    while ( n-- )
        writel(~0u, edma->regs + *offset++);
}

/*
 * A null set moves nothing, and chains to nothing: its three counts are 0. With
 * one of them it would be a dummy set, which chains.
 */
static void clear_sets(const struct omap_edma *edma)
{
    unsigned int n, sets = CCCFG_SETS(readl(edma->regs + TPCC_CCCFG));

    for ( n = 0; n < sets; n++ )
    {
        writel(0, edma->regs + TPCC_SET(n) + SET_OPT);
        writel(0, edma->regs + TPCC_SET(n) + SET_A_B_CNT);
        writel(0, edma->regs + TPCC_SET(n) + SET_CCNT);
    }
}

/* All units are idle, one after the other: one that works may wake another. */
static bool rests(const struct omap_edma *edma)
{
    unsigned int polls, n = 0;

    for ( polls = 0; polls < OMAP_EDMA_POLLS; polls++ )
    {
        if ( readl(edma->regs + units[n].status) & units[n].busy )
            n = 0;
        else if ( ++n == ARRAY_SIZE(units) )
            return true;
    }

    return false;
}

/*
 * What waits, or comes, is translated, and ends: sources and destinations are the
 * sink. That is cleared, since what is read there may have been another domain's.
 * The DSP's program may have written mmu's registers: all are written anew.
 */
static bool ends_in_sink(const struct omap_edma *edma, struct omap_mmu *mmu)
{
    const struct hw_parts parts = mmu->config.parts;
    bool ended;

    memset(edma->sink, 0, PAGE_SIZE);
    clean_dcache_va_range(edma->sink, PAGE_SIZE);

    spin_lock(&mmu->lock);
    hw_quarantine(&mmu->host, edma->sink_root, parts);
    ended = hw_walks(&mmu->host, edma->sink_root, parts) && rests(edma);
    hw_quarantine(&mmu->host, mmu->empty_root, parts);
    spin_unlock(&mmu->lock);

    return ended;
}

bool omap_edma_end(const struct omap_edma *edma, struct omap_mmu *mmu)
{
    bool ended;

    write_all(edma, disables, ARRAY_SIZE(disables));
    clear_sets(edma);
    ended = ends_in_sink(edma, mmu);
    write_all(edma, clears, ARRAY_SIZE(clears));

    return ended;
}

/* First level, one second-level table, and the page that all its words name. */
#define TABLE_AT PT_ROOT_BYTES
#define SINK_AT  (PT_ROOT_BYTES + PAGE_SIZE)
#define BYTES    (SINK_AT + PAGE_SIZE)

bool __init omap_edma_init(struct omap_edma *edma, void __iomem *regs)
{
    uint32_t *root = omap_alloc_tables(BYTES, &edma->sink_root);
    uint32_t at = edma->sink_root.v;
    unsigned int n;

    if ( !root )
        return false;

    for ( n = 0; n < PT_SLOTS; n++ )
        root[n] = pt_make(PT_TABLE, at + TABLE_AT);
    for ( n = 0; n < PT_PAGES; n++ )
        root[TABLE_AT / 4 + n] = pt_make(PT_SMALL, at + SINK_AT);
    clean_dcache_va_range(root, BYTES);
    edma->sink = (void *)root + SINK_AT;
    edma->regs = regs;

    return true;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
