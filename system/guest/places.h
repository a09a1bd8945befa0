/* SPDX-License-Identifier: GPL-2.0-only */
/* Module parameters: addresses at which this guest has no memory. 0 if there is none. */
#ifndef PLACES_H
#define PLACES_H

/* Machine addresses: of memory of others, and of Xen's. */
extern unsigned int secret, xen;

/* Guest-physical: three pages where the p2m has nothing, and Xen maps nothing of its own. */
extern unsigned int spare;

#endif /* PLACES_H */
