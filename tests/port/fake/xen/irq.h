/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_IRQ_H
#define FAKE_XEN_IRQ_H

#define NR_LOCAL_IRQS 32 /* a CPU's own */

struct cpu_user_regs;

int request_irq(unsigned int irq, unsigned int irqflags,
                void (*handler)(int, void *, struct cpu_user_regs *),
                const char *devname, void *dev_id);
int irq_set_type(unsigned int irq, unsigned int type);
void release_irq(unsigned int irq, const void *dev_id);

#endif /* FAKE_XEN_IRQ_H */
