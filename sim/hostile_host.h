/* SPDX-License-Identifier: GPL-2.0-only */
/* The hostile host: host.h upon a struct machine. */
#ifndef SIM_HOSTILE_HOST_H
#define SIM_HOSTILE_HOST_H

#include "machine.h"

extern const struct host_ops hostile_host_ops;

/* Where the host's tables are: the empty one, the root, then the pool. */
#define HOST_BASE   0xfe000000u
#define HOST_EMPTY  HOST_BASE
#define HOST_ROOT   (HOST_BASE + PT_ROOT_BYTES)
#define HOST_TABLES (HOST_ROOT + PT_ROOT_BYTES)

/* The word of a table as it is in memory; NULL: none of the host's. */
const uint32_t *host_table_word(const struct machine *m, uint32_t maddr);

/* The hardware's first level; NULL: it walks another's table. */
const uint32_t *host_first_level(const struct machine *m);

#endif /* SIM_HOSTILE_HOST_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
