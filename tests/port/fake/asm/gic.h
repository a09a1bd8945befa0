/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_GIC_H
#define FAKE_ASM_GIC_H

/* Xen's asm/vgic.h needs it; the fake's does not. */

#endif /* FAKE_ASM_GIC_H */
