/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_SCHED_H
#define FAKE_XEN_SCHED_H

#include <asm/p2m.h>

struct domain {
    struct {
        struct p2m_domain p2m;
    } arch;
    struct {
        struct {
            void *priv;
        } arch;
    } iommu;
    unsigned long iomem_first, iomem_last; /* the I/O memory it was granted */
};

#endif /* FAKE_XEN_SCHED_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
