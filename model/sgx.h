/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An SGX544 with two cores as far as a host meets it: registers, BIFs (bif.h),
 * events, and a microkernel that follows a script (sgx_abi.h).
 *
 * The microkernel runs on the first core. All its accesses go through that core's
 * BIF as EDM; those of jobs through the BIF of the job's core as the job's
 * requester. It invalidates, and loads bases, from inside.
 *
 * It works in steps, so that others can act in between. A fault, a refused
 * request or a bus error locks it up: it does nothing and raises no event until
 * it is reset and started again.
 *
 * Single threaded: the caller serialises all calls. Callbacks may write registers,
 * as a GPU does whose tables lead to them.
 *
 * Chosen where the sources are silent:
 *  - the microkernel is in reset while SOFT_RESET of the first core, or of the
 *    master but for its bits of other cores, is not 0; then it must be started
 *    anew;
 *  - a reset leaves the events and their registers;
 *  - KICK, KICK1 and KICK3 are one, and only the first core's are wired; KICK2
 *    starts what is not started, and else is as the others;
 *  - other registers keep what is written to them, in the first 0xc00 bytes of a
 *    bank and in the wrapper's page end from 0xfe00 on; CLKGATECTL at 0 is not 0
 *    after power on.
 */
#ifndef MODEL_SGX_H
#define MODEL_SGX_H

#include <stdbool.h>
#include <stdint.h>

#include "bif.h"
#include "sgx_abi.h"

/* What CLKGATECTL has after power on. */
#define SGX_CLKGATE_RESET 0x01111111u

struct sgx_config {
    bool reset_keeps_caches; /* see struct bif_config */
    void *ctx;               /* handed to the callbacks */

    /* Access the little-endian word at pa; false: bus error. */
    bool (*read32)(void *ctx, uint32_t pa, uint32_t *value);
    bool (*write32)(void *ctx, uint32_t pa, uint32_t value);

    /* The interrupt line changed. It is low after sgx_init(). */
    void (*irq)(void *ctx, bool level);

    /* May be NULL: see struct bif_config. */
    void (*event)(void *ctx, const struct bif_event *event);
};

enum sgx_state {
    SGX_OFF,      /* not started, in reset, or powered off */
    SGX_START,    /* reads the init block */
    SGX_IDLE,     /* waits for a KICK */
    SGX_FETCH,    /* reads the next command, if there is one */
    SGX_PERFORM,  /* begins it */
    SGX_JOB,      /* reads the next job, if there is one */
    SGX_WORK,     /* words of a job */
    SGX_LOADBASE, /* words of a LOADBASE */
    SGX_ANSWER,   /* reads the next answer, if there is one */
    SGX_FINISH,   /* tells that the command has ended */
    SGX_LOCKED,   /* by a fault */
};

/* What the microkernel has at hand. */
struct sgx_uk {
    enum sgx_state state;
    uint32_t init, ring, control;
    uint32_t answers, answer; /* how many, and which one is next */
    bool started;             /* its answers to the start are written */
    bool wrong;               /* this command, if no answer is of it */
    uint32_t read;            /* offset in the ring */
    uint32_t bad;             /* wrong commands */
    uint32_t cmd[8];
    uint32_t jobs, next; /* of the record: how many, and which one is next */
    uint32_t job[UK_JOB_WORDS];
    uint32_t offset; /* bytes of the job, or of LOADBASE, that are done */
};

struct sgx {
    struct sgx_config config;
    struct bif bif;
    uint32_t reg[SGX_WINDOW / 4]; /* those that are not the BIFs' */
    struct sgx_uk uk;
    unsigned int resets; /* of the microkernel */
    bool kicked;
    bool irq_level;
    uint64_t commands; /* that ended, since sgx_init() */
};

/* Power on. All callbacks but event() must be there. Large: see bif_init(). */
void sgx_init(struct sgx *s, const struct sgx_config *config);

/* Hardware reset: as power on, but for what counts. */
void sgx_reset(struct sgx *s);

/*
 * Access of size bytes, 1, 2 or 4, at offset of the window, aligned to size. A
 * narrower read returns its part of the word, a narrower write is ignored. What is
 * no register reads 0 and ignores writes.
 */
uint32_t sgx_reg_read(const struct sgx *s, uint32_t offset, unsigned int size);
void sgx_reg_write(struct sgx *s, uint32_t offset, unsigned int size,
                   uint32_t value);

/*
 * Makes at most so many steps of the microkernel, of 40 accesses each at most. Returns
 * true if there is more to do, now or when PAUSE ends.
 */
bool sgx_run(struct sgx *s, unsigned int steps);

#endif /* MODEL_SGX_H */
