/* SPDX-License-Identifier: GPL-2.0-only */
#include "hw.h"
#include "omap_regs.h"
#include "omap_tlb.h"

/*
 * A walk takes a few memory accesses. After this many register reads it has
 * ended, or WALKING_ST means something else on this part.
 */
#define WALK_POLLS 16

/* A released requester retries at once: within these register reads. */
#define RETRY_POLLS 64

static uint32_t rd(struct host *host, unsigned int offset)
{
    return host->ops->reg_read(host, offset);
}

static void wr(struct host *host, unsigned int offset, uint32_t value)
{
    host->ops->reg_write(host, offset, value);
}

/*
 * A walk under way could still load what it read before the flush: wait first.
 */
void hw_flush(struct host *host)
{
    unsigned int i;

    for ( i = 0; i < WALK_POLLS; i++ )
        if ( !(rd(host, MMU_WALKING_ST) & WALKING_ST_TWLRUNNING) )
            break;

    wr(host, MMU_GFLUSH, 1);
    rd(host, MMU_GFLUSH); /* the write has arrived: no other sign [D] */
}

void hw_set_root(struct host *host, maddr_t root)
{
    wr(host, MMU_TTB, (uint32_t)root.v);
    hw_flush(host);
}

void hw_mask(struct host *host)
{
    wr(host, MMU_IRQENABLE, 0);
}

void hw_unmask(struct host *host)
{
    wr(host, MMU_IRQENABLE, IRQ_WALKER_ON);
}

void hw_acknowledge(struct host *host)
{
    wr(host, MMU_IRQSTATUS, IRQ_ALL);
}

uint32_t hw_fault(struct host *host, da_t *da)
{
    uint32_t status = rd(host, MMU_IRQSTATUS) & IRQ_ALL;

    if ( status )
        *da = _da(rd(host, MMU_FAULT_AD));

    return status;
}

/* The answered fault sets IRQSTATUS like any other. */
void hw_answer_bus_error(struct host *host)
{
    unsigned int i;

    wr(host, MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
    hw_acknowledge(host);
    for ( i = 0; i < RETRY_POLLS; i++ )
        if ( rd(host, MMU_IRQSTATUS) & IRQ_ALL )
            break;

    wr(host, MMU_GP_REG, 0);
    hw_acknowledge(host);
}

/* No fault is answered by a bus error, and no address bypasses the tables. */
static void clear_parts(struct host *host, struct hw_parts parts)
{
    unsigned int n;

    if ( parts.bus_err_back )
        wr(host, MMU_GP_REG, 0);
    for ( n = 0; parts.bypassable && n < MMU_BYPASS_REGIONS; n++ )
    {
        wr(host, MMU_BYPASS_REGION_SIZE(n), 0);
        wr(host, MMU_BYPASS_REGION_ADDR(n), 0);
    }
}

static bool has_no_region(struct host *host)
{
    unsigned int n;

    for ( n = 0; n < MMU_BYPASS_REGIONS; n++ )
        if ( rd(host, MMU_BYPASS_REGION_SIZE(n)) )
            return false;

    return true;
}

void hw_arm(struct host *host, maddr_t root, struct hw_parts parts)
{
    clear_parts(host, parts);
    wr(host, MMU_LOCK, 0);
    hw_set_root(host, root);
    wr(host, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

void hw_quarantine(struct host *host, maddr_t root, struct hw_parts parts)
{
    unsigned int i;

    wr(host, MMU_IRQENABLE, 0);
    clear_parts(host, parts);
    hw_set_root(host, root);

    /*
     * GFLUSH spares preserved entries: overwrite each one. Parts with fewer
     * entries ignore the rest.
     */
    wr(host, MMU_CAM, 0);
    wr(host, MMU_RAM, 0);
    for ( i = 0; i < OMAP_MMU_TLB_ENTRIES; i++ )
    {
        wr(host, MMU_LOCK, LOCK_MAKE(0, i));
        wr(host, MMU_LD_TLB, 1);
    }
    wr(host, MMU_LOCK, 0);

    wr(host, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    hw_acknowledge(host);
}

bool hw_walks(struct host *host, maddr_t root, struct hw_parts parts)
{
    const uint32_t on = CNTL_MMUENABLE | CNTL_TWLENABLE;

    return rd(host, MMU_TTB) == root.v && (rd(host, MMU_CNTL) & on) == on &&
           (!parts.bypassable || has_no_region(host));
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
