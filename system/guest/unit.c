/* SPDX-License-Identifier: GPL-2.0-only */
/* A remote processor and its MMU, through Linux's IOMMU interface. */
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>

#include "compat.h"
#include "omap_regs.h"
#include "test.h"

struct unit units[UNITS] = {
    [IPU] = { .name = "ipu", .compatible = "ti,omap5-ipu", .bus_error = true },
    [DSP] = { .name = "dsp", .compatible = "ti,omap5-dsp", .list = LIST_SIZE },
};

/* A domain need not have it; but what it has must work. */
static int unit_find(struct unit *u)
{
    struct device_node *np = of_find_compatible_node(NULL, NULL, u->compatible);
    struct device_node *mmu = np ? of_parse_phandle(np, "iommus", 0) : NULL;
    struct platform_device *pdev = np ? of_find_device_by_node(np) : NULL;
    int rc = 0;

    if ( pdev && mmu )
    {
        u->dev = &pdev->dev;
        u->regs = of_iomap(np, 0);
        u->mmu = of_iomap(mmu, 0);
    }
    if ( np && !(u->regs && u->mmu) )
    {
        pr_err("%s: its node, or its MMU's, is of no use\n", u->name);
        rc = -ENODEV;
    }
    of_node_put(mmu);
    of_node_put(np);

    return rc;
}

struct unit *unit_from(struct unit *u)
{
    while ( u < units + UNITS && !u->dev )
        u++;

    return u;
}

int units_find(void)
{
    struct unit *u;
    int rc = 0;

    for ( u = units; u < units + UNITS && !rc; u++ )
        rc = unit_find(u);
    if ( !rc && unit_from(units) == units + UNITS )
    {
        pr_err("no processor is in the device tree\n");
        rc = -ENODEV;
    }

    return rc;
}

void units_put(void)
{
    struct unit *u;

    for_each_unit(u)
    {
        if ( u->regs )
            iounmap(u->regs);
        if ( u->mmu )
            iounmap(u->mmu);
        if ( u->dev )
            put_device(u->dev);
    }
}

/* Called by omap-iommu in interrupt context; not 0 lets it mask the MMU. */
static int on_fault(struct iommu_domain *domain, struct device *dev,
                    unsigned long da, int flags, void *token)
{
    struct unit *u = token;

    u->faults++;
    u->fault_da = da;

    if ( da - u->heal_da >= u->heal_len )
        return -EFAULT;

    /* The retry may have been quicker than our first visit. */
    if ( !iommu_iova_to_phys(domain, u->heal_da) )
        return map_pages(domain, u->heal_da, u->heal_ipa, u->heal_len,
                         GFP_ATOMIC);
    return 0;
}

int unit_attach(struct unit *u)
{
    int rc;

    u->faults = u->fault_da = 0;
    u->heal_da = u->heal_ipa = u->heal_len = 0;

    u->domain = domain_for(u->dev);
    if ( !u->domain )
        return -ENOMEM;

    iommu_set_fault_handler(u->domain, on_fault, u);
    rc = iommu_attach_device(u->domain, u->dev);
    if ( rc )
    {
        iommu_domain_free(u->domain);
        u->domain = NULL;
        return rc;
    }

    return unit_map(u, LIST_DA, arena_ipa(u->list), LIST_SIZE);
}

void unit_detach(struct unit *u)
{
    if ( !u->domain )
        return;

    iommu_detach_device(u->domain, u->dev);
    iommu_domain_free(u->domain);
    u->domain = NULL;
}

int unit_map(struct unit *u, u32 da, u32 ipa, u32 size)
{
    return map_pages(u->domain, da, ipa, size, GFP_KERNEL);
}

int unit_unmap(struct unit *u, u32 da, u32 size)
{
    return iommu_unmap(u->domain, da, size) == size ? 0 : -EIO;
}

void unit_start(struct unit *u, u32 list, const struct command *commands,
                unsigned int n)
{
    struct command *c = (struct command *)arena_at(u->list);

    memcpy(c, commands, n * sizeof(*c));
    c[n].word[RPROC_CMD_OP] = RPROC_OP_END;
    wmb();

    writel(list, u->regs + RPROC_LIST);
    writel(RPROC_CTRL_START, u->regs + RPROC_CTRL);
}

void unit_start_endless(struct unit *u, const struct command *command)
{
    const struct command commands[] = { *command, JUMP(LIST_DA) };

    unit_start(u, LIST_DA, commands, ARRAY_SIZE(commands));
}

/* The limit of patience, put off for as long as the unit completes commands. */
struct patience {
    unsigned long limit;
    u32 count;
};

static bool out_of_patience(struct unit *u, struct patience *p)
{
    u32 count = readl(u->regs + RPROC_COUNT);

    if ( !p->limit || count != p->count )
        p->limit = jiffies + PATIENCE;
    p->count = count;
    usleep_range(1000, 2000);

    return time_after(jiffies, p->limit);
}

u32 unit_wait(struct unit *u)
{
    struct patience p = {};
    u32 status;

    do
    {
        status = readl(u->regs + RPROC_STATUS);
    }
    while ( status == RPROC_RUNNING && !out_of_patience(u, &p) );

    return status;
}

u32 unit_run(struct unit *u, const struct command *commands, unsigned int n)
{
    unit_start(u, LIST_DA, commands, n);
    return unit_wait(u);
}

bool unit_completes(struct unit *u, u32 n)
{
    struct patience p = {};

    while ( readl(u->regs + RPROC_COUNT) < n )
        if ( out_of_patience(u, &p) )
            return false;

    return true;
}

void unit_reset(struct unit *u)
{
    writel(RPROC_CTRL_RESET, u->regs + RPROC_CTRL);
    readl(u->regs + RPROC_STATUS);
}

/*
 * A bus error comes to the processor when the handler has acknowledged the fault, and
 * ends its list; without one it waits.
 */
const char *unit_faulted(struct unit *u, u32 da, u32 len)
{
    u32 expected = u->bus_error ? RPROC_BUS_ERROR : RPROC_RUNNING;
    unsigned long limit = jiffies + PATIENCE;
    u32 status;

    do
    {
        usleep_range(1000, 2000);
        status = readl(u->regs + RPROC_STATUS);
    }
    while ( (!READ_ONCE(u->faults) || status != expected) &&
            time_before(jiffies, limit) );

    EXPECT(u->faults, "%s: no fault at da %08x, status %u", u->name, da,
           status);
    EXPECT(u->fault_da - da < len, "%s: fault at da %08x, not %08x", u->name,
           u->fault_da, da);
    EXPECT(status == expected, "%s: status %u after a fault", u->name, status);
    return NULL;
}

void unit_quiesce(struct unit *u)
{
    unit_reset(u);
    unit_detach(u);
    /*
     * On a board the MMU is in the processor's reset domain. Without its reset a
     * fault stays pending, and omap-iommu's next attach takes the interrupt
     * before it has a domain: Linux 6.1 to 7.2 would follow a NULL pointer.
     */
    writel(SYSCONFIG_SOFTRESET, u->mmu + MMU_SYSCONFIG);
}

int unit_renew(struct unit *u)
{
    unit_quiesce(u);
    return unit_attach(u);
}
