/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scripted remote processor of rproc_regs.h: a bus master behind an MMU.
 *
 * It does one 32-bit access after the other, and can be stalled at each: no
 * access is done twice and none is lost.
 *
 * Chosen where rproc_regs.h is silent:
 *  - the words OP, DST, SRC, LEN and VALUE of a command are read in this order,
 *    of END only OP; END is not counted in COUNT;
 *  - SUM and PROBE write RESULT, the other commands do not; JUMP is counted;
 *  - addresses and len that a command does not use are not checked;
 *  - START is ignored while running; a written RESET goes before START;
 *  - a written RESET keeps LIST and COUNT; START clears COUNT.
 *
 * A DRA7 DSP has two ports, each with its MMU: the core's and EDMA's. Where a
 * port does not go through its MMU, its accesses go out untranslated; one that
 * the MMU stalls stays there, however the port is switched. EDMA begins a
 * command when an event of it is enabled. What it has begun goes on when the core
 * is held in reset, until rproc_stop_edma(), or the core's next start [chosen].
 *
 * A reset line and a boot register can start it as well, as they do a DSP:
 * rproc_hold() and rproc_release(). Held in reset it ignores START; its
 * registers can be read.
 */
#ifndef MODEL_RPROC_H
#define MODEL_RPROC_H

#include <stdbool.h>
#include <stdint.h>

#include "mmu.h"
#include "rproc_regs.h"

enum rproc_port {
    RPROC_PORT_CORE,
    RPROC_PORT_EDMA,
};

struct rproc_config {
    struct mmu *mmu;      /* of the core's port */
    struct mmu *edma_mmu; /* of EDMA's; NULL: there is no EDMA */
    void *ctx;            /* handed to the callbacks */

    /* May be NULL: it does. Does a port go through its MMU? */
    bool (*translated)(void *ctx, enum rproc_port port);

    /*
     * May be NULL: it may. May EDMA begin a command? If not, it waits; when
     * that has changed, rproc_run().
     */
    bool (*may_begin)(void *ctx);

    /* May be NULL: it does not. Does a transfer's end start it again? */
    bool (*chains)(void *ctx);

    /* May be NULL. It was started; its firmware would enable EDMA's events. */
    void (*started)(void *ctx);

    /* Access the little-endian word at pa; false: bus error. */
    bool (*read32)(void *ctx, uint32_t pa, uint32_t *value);
    bool (*write32)(void *ctx, uint32_t pa, uint32_t value);
};

/* What the next access is for. */
enum rproc_phase {
    RPROC_FETCH,  /* a word of the command */
    RPROC_EVENT,  /* none: EDMA is to begin the command */
    RPROC_LOAD,   /* a word of src */
    RPROC_STORE,  /* a word of dst */
    RPROC_RESULT, /* the command's result */
};

struct rproc {
    struct rproc_config config;
    uint32_t list; /* the registers */
    uint32_t status;
    uint32_t count;
    bool held;   /* in reset, by its line */
    bool alone;  /* EDMA goes on without the core */
    uint32_t pc; /* da of the current command */
    uint32_t cmd[RPROC_CMD_WORDS];
    enum rproc_phase phase;
    uint32_t offset; /* in the command, or in src and dst */
};

/* Power on. The MMU must exist, and read32() and write32() be present. */
void rproc_init(struct rproc *r, const struct rproc_config *config);

/* Hardware reset: as a written RESET, and LIST and COUNT become 0. */
void rproc_reset(struct rproc *r);

/*
 * The reset line is asserted: as rproc_reset(), and stay there; but EDMA goes on, by
 * rproc_run().
 */
void rproc_hold(struct rproc *r);

/* It is released: LIST becomes boot, a da, and START follows. */
void rproc_release(struct rproc *r, uint32_t boot);

/* The same without a boot register: it waits for START. */
void rproc_release_idle(struct rproc *r);

/* EDMA is reset: what it has begun ends. Call it when a core was stopped before. */
void rproc_stop_edma(struct rproc *r);

/*
 * Access of size bytes, 1, 2 or 4, to the register at offset, aligned to size.
 * Narrow accesses and holes are treated as by mmu_reg_read() and _write().
 */
uint32_t rproc_reg_read(const struct rproc *r, uint32_t offset,
                        unsigned int size);
void rproc_reg_write(struct rproc *r, uint32_t offset, unsigned int size,
                     uint32_t value);

/*
 * Do at most budget accesses; an access that stalls ends it and is not one.
 * True: more can be done now. False: stalled by an MMU, waiting for an event, or
 * not running.
 */
bool rproc_run(struct rproc *r, unsigned int budget);

/* The transfer controllers that have begun a command and not ended it: bits. */
uint32_t rproc_edma_busy(const struct rproc *r);

#endif /* MODEL_RPROC_H */
