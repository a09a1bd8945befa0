/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_SCHED_H
#define FAKE_XEN_SCHED_H

#include <sys/types.h> /* register_t */

#include <xen/iommu.h>
#include <xen/xmalloc.h>

#include <asm/p2m.h>

#define FAKE_HANDLERS 4
#define FAKE_IRQS     128

struct mmio_handler {
    paddr_t addr, size;
    const struct mmio_handler_ops *ops;
    void *priv;
};

struct domain {
    domid_t domain_id;
    bool creation_finished, is_dying, is_shutting_down;
    bool hardware; /* dom0 */
    bool crashed;
    struct {
        struct p2m_domain p2m;
        struct {
            int num_entries, max_num_entries;
            struct mmio_handler handlers[FAKE_HANDLERS];
        } vmmio;
        unsigned int nr_irqs;
        bool reserved[FAKE_IRQS]; /* interrupts of the vgic */
        bool line[FAKE_IRQS]; /* their levels, as CONFIG_NEW_VGIC has them */
    } arch;
    struct domain_iommu iommu;
    unsigned long iomem_first, iomem_last; /* the I/O memory it was granted */
};

struct vcpu {
    struct domain *domain;
};

#define is_hardware_domain(d) ((d)->hardware)
#define smp_processor_id()    0u

void domain_crash(struct domain *d);

#endif /* FAKE_XEN_SCHED_H */
