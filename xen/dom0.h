/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For Xen itself, if it is patched to let dom0 see the MMUs of its own
 * processors (patches/dom0-sees-its-mmus-*.patch).
 */
#ifndef OMAP_DOM0_H
#define OMAP_DOM0_H

#include <xen/types.h>

struct dt_device_node;

/*
 * Returns whether dom0 sees this node: an MMU's, or that of a target module
 * around one.
 */
bool omap_mmu_is_shown_to_dom0(const struct dt_device_node *np);

/*
 * Returns whether some MMU's registers are in a page of this range of machine
 * addresses.
 */
bool omap_mmu_lies_within(uint64_t address, uint64_t size);

#endif /* OMAP_DOM0_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
