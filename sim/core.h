/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A Cortex-M4 behind the machine's MMU, and a mailbox between it and the guest.
 *
 * The core executes what the guest put into its memory. The machine checks each
 * page that it reaches.
 */
#ifndef SIM_CORE_H
#define SIM_CORE_H

#include "m4.h"
#include "machine.h"
#include "mailbox.h"

/* The mailbox's machine address, and who its users are. */
#define CORE_MAILBOX (MEM_MMIO_BASE + 0xf4000)
#define CORE_CPU     0
#define CORE_M4      2
#define CORE_LINE    34 /* of the M4's interrupts, the mailbox's */

struct core {
    struct machine *m;
    struct m4 *m4;
    struct mailbox mailbox;
    struct mmu_config mmu; /* the machine's own callbacks */
    void *l2ram;
    bool waits; /* for the answer to m->request */
    bool error; /* it came, and is a bus error */
    uint64_t serves;
};

/* Power on, in reset. The machine exists already. */
void core_init(struct core *c, struct machine *m);

/* Before machine_free(). */
void core_fini(struct core *c);

void core_reset(struct core *c, bool asserted);

/*
 * Runs for at most so many instructions and serves faults, until the core
 * cannot continue by itself: asleep, in reset, locked up, or stalled until the
 * guest acts.
 */
enum m4_state core_run(struct core *c, uint64_t instructions);

/*
 * The bus: RAM, the mailbox. Returns false if nothing is there. Aligned to
 * size.
 */
bool core_bus_read(void *core, uint32_t pa, unsigned int size, uint32_t *value);
bool core_bus_write(void *core, uint32_t pa, unsigned int size, uint32_t value);

#endif /* SIM_CORE_H */
