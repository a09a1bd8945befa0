/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine against the oracle. Each check says NULL, or what differs; the
 * text is the machine's first violation.
 */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include "machine.h"

/*
 * Reach: an access to da ends where the oracle says, or in the fault it says.
 * A fault is acknowledged in the end, and the device's request withdrawn. Nothing is
 * accessed by what does not run.
 */
const char *check_access(struct machine *m, uint32_t da, bool write);

/* The same for each page of the 4 GiB; once for a slot that maps nothing. */
const char *check_access_all(struct machine *m);

/* Peek: what the hardware translates without a fill, for each page, is legal,
 * and what must hold after every step does. */
const char *check_peek(struct machine *m);

#endif /* SIM_CHECK_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
