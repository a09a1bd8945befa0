/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Windows: registers that trap, from an address to the end of its page, since
 * nothing in that is the domain's. A trap cannot be removed: it stays, and the
 * same owner uses it again. Assignment only; devices come to a domain one at a
 * time.
 */
#ifndef OMAP_WINDOW_H
#define OMAP_WINDOW_H

#include <xen/sched.h>

#include <asm/mmio.h>

/*
 * Returns whether a trap that is not owner's covers some of the window: Xen's,
 * such as its interrupt controller's, or another owner's, even if that one is
 * not the domain's. Xen finds either of two traps at an address.
 */
bool omap_window_is_others(const struct domain *d, paddr_t base,
                           const void *owner);

/*
 * Returns whether the domain has memory or a device there. What is mapped does
 * not trap.
 */
bool omap_window_is_mapped(struct domain *d, paddr_t base);

/* The trap handlers that it needs: 0 or 1; whether so many are to spare. */
unsigned int omap_window_needs(const struct domain *d, paddr_t base,
                               const void *owner);
bool omap_windows_fit(const struct domain *d, unsigned int needed);

/* Returns whether the domain has a trap handler for it, or one to spare. */
bool omap_window_fits(const struct domain *d, paddr_t base, const void *owner);

/* Only if omap_window_fits(). owner is passed to the handlers. */
void omap_window_open(struct domain *d, paddr_t base,
                      const struct mmio_handler_ops *ops, void *owner);

/*
 * The same for size bytes from the start of a page on, by one handler:
 * everything in this range traps that is not mapped.
 */
bool omap_windows_are_others(const struct domain *d, paddr_t base, paddr_t size,
                             const void *owner);
void omap_windows_open(struct domain *d, paddr_t base, paddr_t size,
                       const struct mmio_handler_ops *ops, void *owner);

#endif /* OMAP_WINDOW_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
