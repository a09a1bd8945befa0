/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world of gpu.h with a GPU: core/vbif.c, and the registers and caches of a BIF below
 * it. For tests of both together; core/mirror.c alone needs only gpu.h.
 *
 * The hardware loses a core's registers while the core is in reset, but not what it cached.
 * It caches words of tables in lines of four, those that map nothing too. A fault stops a
 * core until its reset. It counts as quiesced once each core has forgotten all that it
 * cached, with no read under way, and no word was cleaned meanwhile.
 *
 * Each doorbell that reaches the hardware is checked: it is the next one that rang; and
 * for all that the guest has let alone since it rang, hardware has what the guest's tables
 * say. What it reaches otherwise is the guest's, or was when it was cached, and held.
 */
#ifndef SIM_GPU_BIF_H
#define SIM_GPU_BIF_H

#include "gpu.h"
#include "vbif.h"

#define GPU_CORES 2u
#define GPU_LINE  4u
#define GPU_EMPTY 0x0ff00000u /* the empty directory, in the machine */
#define GPU_RINGS 4096u

/* What a core has cached. */
struct gpu_cache {
    uint32_t dir[GPU_MAX_DIRS][GPU_WORDS]; /* 0: not cached */
    uint32_t table[GPU_MAX_TABLES][GPU_WORDS];
    bool line[GPU_MAX_TABLES][GPU_WORDS / GPU_LINE];
};

struct gpu_core {
    struct gpu_cache cache;
    bool drained; /* no read was under way since PAUSE */
    bool clean;   /* all was forgotten since the last word was cleaned */
    bool faulted;
    unsigned int reads; /* under way; each poll ends one */
    bool stuck;         /* they never end */
};

/* A doorbell that waits. */
struct gpu_ring {
    uint32_t offset, value;
    unsigned int at;
};

struct gpu_machine {
    struct gpu_world w;
    struct vbif vbif;
    uint32_t reg[SGX_WINDOW / 4];
    struct gpu_core core[GPU_CORES];
    bool breached; /* a base was loaded that is not the mediator's */

    /* The guest's acts, counted, and the last of them on each page. */
    unsigned int acts;
    unsigned int
        appeared; /* the last time that a page came which was not there */
    unsigned int written[GPU_RAM_PAGES], moved[GPU_RAM_PAGES];
    bool absent[GPU_RAM_PAGES];
    uint64_t bound[GPU_MAX_DIRS]; /* which directory; ~0: none */
    unsigned int bound_at[GPU_MAX_DIRS];
    struct gpu_ring ring[GPU_RINGS];
    unsigned int first, rung, arrived;
    unsigned int told; /* the act with which the last that arrived was rung */
};

void gpu_machine_init(struct gpu_machine *m, unsigned int nr_dirs,
                      unsigned int nr_tables, uint64_t seed);
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
 * A core's access by a base. False: a fault, which stops the core; or it is in reset or
 * stopped.
 */
bool gpu_access(struct gpu_machine *m, unsigned int core, unsigned int base,
                uint32_t da, uint64_t *maddr);

/* The microkernel loads a base. */
void gpu_load(struct gpu_machine *m, unsigned int core, unsigned int base,
              uint32_t root);

/* The machine address where that IPA is, or 0. */
uint64_t gpu_maddr(struct gpu_machine *m, uint32_t ipa);

/* What must hold at any time: NULL, or what is wrong. */
const char *gpu_machine_check(struct gpu_machine *m);

#endif /* SIM_GPU_BIF_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
