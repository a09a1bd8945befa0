/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of the guest's memory map: before a change returns, the hardware can
 * never again see what was translated through the old one.
 *
 * One hypercall may change 1,024 pages, or 32 pages in as many places, before
 * anybody else runs. So the slots are scanned once for all pages of a change's
 * MiBs. After SHADOW_CHANGE_SCANS scans everything is given up, and further
 * changes find nothing in use.
 */
#ifndef OMAP_MAP_CHANGE_H
#define OMAP_MAP_CHANGE_H

#include "shadow.h"

/*
 * Limit on references released by all p2m changes until shadow_renew(), by one
 * shadow_release_condemned(), and by one step of the release. May overshoot by
 * one supersection (4,096 pages).
 */
#define SHADOW_RELEASE_PAGES 4096u

/*
 * Limits on scans of all slots by p2m changes until shadow_renew(), and on
 * tables whose views one scan reads.
 */
#define SHADOW_CHANGE_SCANS 2u
#define SHADOW_CHANGE_VIEWS 64u

/*
 * The guest's p2m changed for pages pages from ipa. Drops what was translated
 * through their MiBs and gives its references back. Beyond the limits above
 * slots are condemned instead: s->has_condemned tells the caller to call
 * shadow_release_condemned(). MMU's lock held; the p2m lock may be.
 */
void shadow_ipa_changed(struct shadow *s, ipa_t ipa, uint64_t pages);

/*
 * Renews the limits for p2m changes. Called before the first of them, and then
 * by the clock. MMU's lock held.
 */
void shadow_renew(struct shadow *s);

/*
 * Gives back what condemned slots hold, up to SHADOW_RELEASE_PAGES.
 * s->has_condemned says whether some are left. MMU's lock held.
 */
void shadow_release_condemned(struct shadow *s);

#endif /* OMAP_MAP_CHANGE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
