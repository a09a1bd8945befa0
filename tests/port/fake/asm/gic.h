/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_GIC_H
#define FAKE_ASM_GIC_H

/* Xen's asm/vgic.h needs it; the fake's does not. */

#endif /* FAKE_ASM_GIC_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
