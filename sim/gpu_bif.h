/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world of gpu.h with a GPU: core/vbif.c, and below it the BIFs of model/bif.h. For
 * tests of both together; core/mirror.c alone needs only gpu.h.
 *
 * Checked, besides gpu.h:
 *
 *   bases      each one that the host loads names a bound directory, or the empty one; so
 *              does each that a bank has which is at work.
 *   pages      each access ends in a page that is held; and the guest's, unless its p2m
 *              is just changing.
 *   caches     whatever a bank could have read may be cached until all of it is
 *              invalidated, with no read under way. A page goes back after that. If the
 *              bank is in reset it may go back before, but then the bank is invalidated
 *              before anything in it leaves reset.
 *   doorbells  each arrives, in its order. Then hardware has what the guest's tables and
 *              the p2m say, for each word that the guest has let alone since it rang; what
 *              the guest has invalidated before it rang is not cached as empty.
 *   words      whenever the test asks: for words let alone since then, hardware reaches
 *              what they say, or nothing. For others, a page of the guest's.
 */
#ifndef SIM_GPU_BIF_H
#define SIM_GPU_BIF_H

#include "bif.h"
#include "gpu.h"
#include "vbif.h"

#define GPU_CORES    2u
#define GPU_EMPTY    0x0ff00000u /* the empty directory, in the machine */
#define GPU_RINGS    4096u
#define GPU_REQUESTS 16u /* of a core that are under way */

/* A doorbell that waits. */
struct gpu_ring {
    uint32_t offset, value;
    unsigned int at, changes;
    uint64_t full; /* what had found no room, when it rang */
};

/* Requests that are under way; each poll of MEM_REQ_STAT ends one. */
struct gpu_core {
    struct bif_request request[GPU_REQUESTS];
    unsigned int requests;
    bool stuck;               /* they never end */
    unsigned int invalidated; /* the guest's act that last asked for it */
};

struct gpu_machine {
    struct gpu_world w;
    struct vbif vbif;
    struct bif bif;
    struct gpu_core core[GPU_CORES];
    unsigned int drained; /* banks with no read under way since PAUSE */
    bool breached;        /* a base was loaded that is not the mediator's */
    bool changing;        /* the p2m */

    /* The guest's acts, counted; the last that wrote a word, and that made a page
     * come or go. */
    unsigned int acts;
    unsigned int written[GPU_RAM_PAGES][GPU_WORDS];
    unsigned int turned[GPU_RAM_PAGES];
    unsigned int appeared; /* the last time that any page came */
    bool absent[GPU_RAM_PAGES];
    uint64_t bound[GPU_MAX_DIRS]; /* which directory; ~0: none */
    unsigned int bound_at[GPU_MAX_DIRS];
    struct gpu_ring ring[GPU_RINGS];
    unsigned int first, rung, arrived;
    struct gpu_ring told; /* the last that arrived */

    /* Slots of directories, and words of tables, that hardware ever had. */
    bool slot[GPU_WORDS], page[GPU_WORDS];
    bool owned[GPU_FRAMES];        /* by the p2m, when a check began */
    unsigned int changes, checked; /* of what a check is about */
};

/* caches_stay: in a reset. */
void gpu_machine_init(struct gpu_machine *m, unsigned int nr_dirs,
                      unsigned int nr_tables, uint64_t seed, bool caches_stay);
void gpu_machine_end(struct gpu_machine *m, unsigned int budget);

/* The guest's accesses to registers. */
void gpu_reg_write(struct gpu_machine *m, unsigned int offset, uint32_t value);
uint32_t gpu_reg_read(struct gpu_machine *m, unsigned int offset);

/* The guest's store to one of its pages; nothing if it is not there. */
void gpu_store(struct gpu_machine *m, uint32_t ipa, unsigned int word,
               uint32_t value);

/* What its driver does first: all out of reset. */
void gpu_start(struct gpu_machine *m);

/* One call of vbif_work(). */
bool gpu_work(struct gpu_machine *m);

/* Calls until there is no more to do. */
void gpu_settle(struct gpu_machine *m);

/*
 * A core's access by a base. False: a fault, after which the requester is served no
 * more; or it is in reset or stopped.
 */
bool gpu_access(struct gpu_machine *m, unsigned int core, unsigned int base,
                uint32_t da, uint64_t *maddr);

/* The same, which ends later, by gpu_end_request() or while the mediator waits. */
void gpu_begin_request(struct gpu_machine *m, unsigned int core,
                       unsigned int base, uint32_t da);
void gpu_end_request(struct gpu_machine *m, unsigned int core);

/* The microkernel loads a base. */
void gpu_load(struct gpu_machine *m, unsigned int core, unsigned int base,
              uint32_t root);

/* The machine address where that IPA is, or 0. */
uint64_t gpu_maddr(struct gpu_machine *m, uint32_t ipa);

/* What must hold at any time: NULL, or what is wrong. */
const char *gpu_machine_check(struct gpu_machine *m);

#endif /* SIM_GPU_BIF_H */
