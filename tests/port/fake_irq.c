/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts: the machine's, and those of the guests. */
#include <asm/vgic.h>

#include "fake.h"

static bool is_high(unsigned int irq)
{
    unsigned int i;

    for ( i = 0; i < fake.hws; i++ )
        if ( fake.hw[i].irq == irq && fake.hw[i].model.irq_level )
            return true;

    return false;
}

/* A handler that does not mask the line would be called for ever. */
void fake_deliver(unsigned int irq)
{
    if ( !fake.action[irq].handler || !is_high(irq) )
        return;
    fake.interrupts++;
    fake.action[irq].handler((int)irq, fake.action[irq].dev, NULL);
    assert_false(is_high(irq));
}

int request_irq(unsigned int irq, unsigned int irqflags,
                void (*handler)(int, void *, struct cpu_user_regs *),
                const char *devname, void *dev_id)
{
    assert_true(irq < FAKE_IRQS);
    if ( fake.action[irq].handler )
        return -EBUSY;
    fake.action[irq].handler = handler;
    fake.action[irq].dev = dev_id;
    fake.left.irqs++;
    fake_deliver(irq);

    return 0;
}

void release_irq(unsigned int irq, const void *dev_id)
{
    assert_non_null(fake.action[irq].handler);
    assert_ptr_equal(fake.action[irq].dev, dev_id);
    fake.action[irq].handler = NULL;
    fake.left.irqs--;
}

bool vgic_reserve_virq(struct domain *d, unsigned int virq)
{
    if ( virq >= vgic_num_irqs(d) || d->arch.reserved[virq] )
        return false;
    d->arch.reserved[virq] = true;
    fake.left.virqs++;

    return true;
}

void vgic_free_virq(struct domain *d, unsigned int virq)
{
    assert_true(d->arch.reserved[virq]);
    d->arch.reserved[virq] = false;
    fake.left.virqs--;
}

/*
 * The default vgic injects a line that is high, and does no more; the new one follows the
 * level. Both are here.
 */
void vgic_inject_irq(struct domain *d, struct vcpu *v, unsigned int virq,
                     bool level)
{
    assert_null(v);
    assert_true(virq < vgic_num_irqs(d));
    d->arch.line[virq] = level;
    if ( !level )
        return;
    fake.injects++;
    fake.virq = virq;
}
