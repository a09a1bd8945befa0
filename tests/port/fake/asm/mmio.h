/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_MMIO_H
#define FAKE_ASM_MMIO_H

#include <xen/sched.h>

typedef struct {
    struct {
        unsigned int size; /* of the access: a power of two */
    } dabt;
    paddr_t gpa;
} mmio_info_t;

typedef int (*mmio_read_t)(struct vcpu *v, mmio_info_t *info, register_t *r,
                           void *priv);
typedef int (*mmio_write_t)(struct vcpu *v, mmio_info_t *info, register_t r,
                            void *priv);

struct mmio_handler_ops {
    mmio_read_t read;
    mmio_write_t write;
};

void register_mmio_handler(struct domain *d, const struct mmio_handler_ops *ops,
                           paddr_t addr, paddr_t size, void *priv);

#endif /* FAKE_ASM_MMIO_H */
