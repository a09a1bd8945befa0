/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_VGIC_H
#define FAKE_ASM_VGIC_H

#include <xen/sched.h>

struct vcpu;

void vgic_inject_irq(struct domain *d, struct vcpu *v, unsigned int virq,
                     bool level);

#endif /* FAKE_ASM_VGIC_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
