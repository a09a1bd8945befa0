/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Repairs Linux 6.12, on the bare machine as well as on Xen: its omap-iommu has no
 * of_xlate, without which the IOMMU core of that kernel forgets which MMU a device names
 * in the device tree. No processor would ever have an MMU. Later kernels have it.
 *
 * This registers it in place of omap-iommu, and makes the core look at all devices once
 * more, which it does when an IOMMU is registered: here one that serves no device.
 */
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>

static const struct iommu_ops nobodys_ops = { .owner = THIS_MODULE };
static struct iommu_device nobodys;

/* What is registered has the node of `dev`, which is no MMU: no device names it. */
static int look_again(struct device *dev)
{
    int rc = iommu_device_register(&nobodys, &nobodys_ops, dev);

    if ( rc )
        return rc;
    iommu_device_unregister(&nobodys);

    return device_iommu_mapped(dev) ? 0 : -ENODEV;
}

static int repair(struct device_node *np, struct device_node *mmu)
{
    struct platform_device *pdev = of_find_device_by_node(np);
    int rc = -ENODEV;

    if ( pdev )
    {
        rc = iommu_fwspec_init(&pdev->dev, of_fwnode_handle(mmu));
        if ( !rc )
            rc = look_again(&pdev->dev);
        put_device(&pdev->dev);
    }

    if ( rc )
        pr_err("%pOF: has no MMU still: error %d\n", np, rc);

    return rc;
}

static int __init omap_fwspec_init(void)
{
    struct device_node *np, *mmu;
    int rc = 0;

    for_each_node_with_property(np, "iommus")
    {
        mmu = of_parse_phandle(np, "iommus", 0);
        if ( mmu && of_device_is_compatible(mmu, "ti,omap4-iommu") )
            rc = repair(np, mmu) ?: rc;
        of_node_put(mmu);
    }

    return rc;
}

static void __exit omap_fwspec_exit(void)
{
}

module_init(omap_fwspec_init);
module_exit(omap_fwspec_exit);
MODULE_LICENSE("GPL");
