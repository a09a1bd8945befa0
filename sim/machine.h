/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A whole machine in one process: the model of the MMU, a guest's memory, and
 * between them the mediator on an adversarial host.
 *
 * The host keeps what the CPU wrote apart from what was cleaned: the walker
 * sees only the latter. It counts references, poisons freed pages, and can make
 * any call fail or let the guest act in the middle of one. It notes violations;
 * machine_check() returns them.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "access.h"
#include "reach.h"

/* Power on: the model after its reset, nothing assigned. */
struct machine *machine_new(const struct machine_options *options);

/*
 * hw_quarantine() and vmmu_init(); again after a release. Returns false if
 * refused, as by the port: the device runs and stalls in quarantine, or a
 * processor does not come on (processor.h).
 */
void machine_quarantine(struct machine *m);
bool machine_assign(struct machine *m);

/* vmmu_release() with a budget; then all must be given back. A processor is off then,
 * or does not stop. */
void machine_release(struct machine *m, unsigned int budget);

/* After the release: frees the domain's memory. The device may continue. */
void machine_end_of_domain(struct machine *m);
void machine_free(struct machine *m);

/*
 * Checks what must hold after every step: no violation noted, the core's audit,
 * each leaf's page, the sum of references, what the hardware reaches. Returns
 * NULL, or what is wrong.
 */
const char *machine_check(struct machine *m);

/* The guest's accesses, compared with what the oracle expects. */
uint32_t machine_reg_read(struct machine *m, unsigned int offset);
void machine_reg_write(struct machine *m, unsigned int offset, uint32_t value);
void machine_route(struct machine *m, bool around);
bool machine_word_write(struct machine *m, uint32_t ipa, uint32_t value);
uint32_t machine_word_read(struct machine *m, uint32_t ipa);

/*
 * Changes of the guest's memory map. All but machine_unmap() replace.
 * machine_populate() takes smaller pieces where there are no more such large.
 */
void machine_populate(struct machine *m, uint32_t ipa, unsigned int pages,
                      unsigned int grain);
void machine_map(struct machine *m, uint32_t ipa, uint64_t maddr,
                 unsigned int pages, enum p2m_kind kind);
void machine_unmap(struct machine *m, uint32_t ipa, unsigned int pages);

/*
 * Resets the device and releases it, as the port does; in between the MMU's
 * registers may be lost. Not within a trap. Returns false if it stays in reset,
 * since the MMU does not hold what was written.
 */
bool machine_restart(struct machine *m, bool lost);

/* vmmu_reset(): the guest's reset line of its MMU. */
void machine_reset_mmu(struct machine *m);

/* vmmu_renew(). */
void machine_renew(struct machine *m);

/* vmmu_fault(), if an interrupt deferred it; true if so. */
bool machine_serve(struct machine *m);

/*
 * The device's access to da: issued, and its faults served as long as that
 * helps. MMU_STALL: it waits for the guest, and continues by itself.
 */
enum mmu_result machine_access(struct machine *m, uint32_t da, bool write);

/* Serves pending faults; the open request, if any, continues. */
enum mmu_result machine_settle(struct machine *m);

#endif /* SIM_MACHINE_H */
