/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of the guest's memory map: what was translated through the old one is
 * out of the hardware's sight for good before a change returns.
 *
 * One hypercall may change 1,024 pages, or 32 pages in as many places, before
 * it lets anybody else run. So a change costs a scan of the slots for all pages
 * of its MiBs, once; after SHADOW_CHANGE_SCANS of them everything is given up,
 * and further changes find nothing in use.
 */
#ifndef OMAP_MAP_CHANGE_H
#define OMAP_MAP_CHANGE_H

#include "shadow.h"

/*
 * The most references that are given back by all p2m changes until
 * shadow_renew(), by one reaping, or by one step of the release: these, and a
 * supersection's more.
 */
#define SHADOW_REAP_PAGES 4096u

/*
 * The most scans of all slots by p2m changes until shadow_renew(), and the most
 * tables whose views one scan reads.
 */
#define SHADOW_CHANGE_SCANS 2u
#define SHADOW_CHANGE_VIEWS 64u

/*
 * The guest's p2m changed for pages pages from ipa: what was translated through
 * their MiBs is dropped, and its references are given back; what is beyond the
 * limits above is left to shadow_reap(), as s->dead says. MMU's lock held; the
 * p2m's lock may be.
 */
void shadow_ipa_changed(struct shadow *s, ipa_t ipa, uint64_t pages);

/*
 * p2m changes may cost as much again as the limits allow. To be called before
 * the first of them, and then by the clock. MMU's lock held.
 */
void shadow_renew(struct shadow *s);

/*
 * Gives back what dead slots hold: SHADOW_REAP_PAGES, or a supersection more.
 * s->dead says whether some are left. MMU's lock held.
 */
void shadow_reap(struct shadow *s);

#endif /* OMAP_MAP_CHANGE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
