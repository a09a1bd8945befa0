/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the hardware gets to. */
#ifndef SIM_REACH_H
#define SIM_REACH_H

#include "state.h"

/*
 * Counts the mappings by which the hardware reaches a machine page: table
 * words, and TLB entries.
 */
unsigned int machine_reaches(struct machine *m, uint64_t maddr);

/* Notes pages that must not be reached, and pages with too few references. */
void machine_check_reach(struct machine *m);

#endif /* SIM_REACH_H */
