/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_VGIC_H
#define FAKE_ASM_VGIC_H

#include <xen/sched.h>

#define vgic_num_irqs(d) ((d)->arch.nr_irqs)

void vgic_inject_irq(struct domain *d, struct vcpu *v, unsigned int virq,
                     bool level);
bool vgic_reserve_virq(struct domain *d, unsigned int virq);
void vgic_free_virq(struct domain *d, unsigned int virq);

#endif /* FAKE_ASM_VGIC_H */
