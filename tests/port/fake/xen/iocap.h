/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_IOCAP_H
#define FAKE_XEN_IOCAP_H

#include <xen/sched.h>

static inline bool iomem_access_permitted(const struct domain *d,
                                          unsigned long first,
                                          unsigned long last)
{
    return first >= d->iomem_first && last <= d->iomem_last;
}

#endif /* FAKE_XEN_IOCAP_H */
