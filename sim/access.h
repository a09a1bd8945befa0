/* SPDX-License-Identifier: GPL-2.0-only */
/* The device's accesses: one at a time, each checked where it ends. */
#ifndef SIM_ACCESS_H
#define SIM_ACCESS_H

#include "state.h"

/*
 * An access to da. Its faults are not served. MMU_STALL, and no open request,
 * if the device does not run.
 */
enum mmu_result machine_issue(struct machine *m, uint32_t da, bool write);

/*
 * The same, but its walk lasts for so many reads of WALKING_ST, or until the
 * device's next turn, in machine_settle() or here. MMU_STALL: under way, or
 * stalled.
 */
enum mmu_result machine_issue_slowly(struct machine *m, uint32_t da, bool write,
                                     unsigned int reads);

/* WALKING_ST was read: the walk under way proceeds. */
void machine_walk_on(struct machine *m);

/* The device is reset: its open request is withdrawn. */
void machine_withdraw(struct machine *m);

/* The open request is tried again. */
void machine_try(struct machine *m);

/* The walk under way, if any, ends. */
void machine_end_walk(struct machine *m);

#endif /* SIM_ACCESS_H */
