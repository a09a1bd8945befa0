/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The differences between versions of Xen. docs/boards.md lists the versions
 * with which this was compiled and run.
 */
#ifndef OMAP_COMPAT_H
#define OMAP_COMPAT_H

#include <xen/compile.h>
#include <xen/device_tree.h>
#include <xen/sched.h>

#define XEN_AT_LEAST(major, minor) \
    (XEN_VERSION > (major) || \
     (XEN_VERSION == (major) && XEN_SUBVERSION >= (minor)))

/* From 4.18 on addresses of devices are paddr_t, by another function. */
static inline int compat_device_address(const struct dt_device_node *np,
                                        paddr_t *base, paddr_t *size)
{
#if XEN_AT_LEAST(4, 18)
    return dt_device_get_paddr(np, 0, base, size);
#else
    u64 addr, bytes;
    int rc = dt_device_get_address(np, 0, &addr, &bytes);

    if ( rc )
        return rc;
    *base = addr;
    *size = bytes;

    return 0;
#endif
}

/* Returns whether d shuts down, or is shut down. After 4.22 by a function. */
static inline bool compat_is_shutting_down(const struct domain *d)
{
#if XEN_AT_LEAST(4, 23)
    return domain_shutting_down(d);
#else
    return d->is_shutting_down;
#endif
}

/* The last parameter of an interrupt's handler, up to 4.18. */
#if XEN_AT_LEAST(4, 19)
#define COMPAT_IRQ_REGS
#else
#define COMPAT_IRQ_REGS , struct cpu_user_regs *regs
#endif

#endif /* OMAP_COMPAT_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
