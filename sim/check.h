/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks the machine against the oracle. Each check returns NULL, or what
 * differs: the machine's first violation.
 */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include "machine.h"

/*
 * Reach: an access to da ends at the oracle's address, or in the oracle's
 * fault. A fault is acknowledged afterwards, and the device's request
 * withdrawn. A device that does not run accesses nothing.
 */
const char *check_access(struct machine *m, uint32_t da, bool write);

/* The same for each page of the 4 GiB; once for a slot that maps nothing. */
const char *check_access_all(struct machine *m);

/*
 * Peek: for each page, what the hardware translates without a fill is legal,
 * and the invariants of every step hold.
 */
const char *check_peek(struct machine *m);

#endif /* SIM_CHECK_H */
