/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device as a processor of two cores whose power, clock and resets are the
 * host's: a model of these (model/prcm.h) stands before the MMU, and the host acts
 * on it in the order in which the port does (xen/assign.c, xen/processor.c). In a
 * machine without one (machine_options) these functions do nothing, and succeed.
 *
 * Noted as violations: an access to an MMU that is off; a core that runs, or is
 * started, behind an MMU that does not walk what the host wrote; the reset of an MMU
 * whose core runs; a bit of others that changes; a start or a stop that is refused,
 * though the hardware is well; and, once a domain ends, a change of the tables, or a
 * reference given back, before the cores are in reset. The last is not asked where a
 * core's reset never takes effect.
 */
#ifndef SIM_PROCESSOR_H
#define SIM_PROCESSOR_H

#include "state.h"

/*
 * A status that does not change within so many reads may be one that never
 * does.
 */
#define PROCESSOR_SLOW (POWER_POLLS / 10)

/* At boot: what a boot loader left is held in reset, and off. */
void processor_init(struct machine *m);

/* Before the assignment: READY. */
bool processor_on(struct machine *m);

/* The end of a domain: all cores in reset. */
void processor_take(struct machine *m);

/* After vmmu_release(). */
void processor_off(struct machine *m);

/*
 * The guest releases a core from reset, or resets it. Returns false if refused:
 * the hardware does not follow, the MMU does not hold what was written, or
 * there is no assignment. Not within a trap, another start or stop.
 */
bool machine_start(struct machine *m, unsigned int core);
bool machine_stop(struct machine *m, unsigned int core);

/*
 * The MMU's registers are lost. Not while a core is out of reset, or comes out of it
 * (between the last look at the MMU and the core's start nobody could notice); nor while
 * a status is slow, since the MMU would not answer without a driver that polls.
 */
void machine_power_failure(struct machine *m);

/* A status takes so many reads from now on: PROCESSOR_SLOW at most, or PRCM_NEVER. */
void machine_slow(struct machine *m, enum prcm_delay what, uint32_t reads);
bool machine_is_slow(const struct machine *m);

/* No status is slow any more. */
void machine_heal(struct machine *m);

/* The host accesses a register of the MMU. False: nothing answers. */
bool processor_mmu_read(struct machine *m, unsigned int offset);
bool processor_mmu_write(struct machine *m, unsigned int offset,
                         uint32_t value);

/* The host does what a domain's end must not begin with. */
void processor_check_end(struct machine *m, const char *what);

/* What must hold after every step. */
void processor_check(struct machine *m);

#endif /* SIM_PROCESSOR_H */
