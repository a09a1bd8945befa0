/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine's state, for the files that implement it. Interface: machine.h. */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include "memory.h"
#include "mmu.h"
#include "oracle.h"
#include "power.h"
#include "prcm.h"
#include "vmmu.h"

struct machine;

/* Where a hook is called, and a call may be made to fail. */
enum machine_point {
    POINT_READ, /* read_guest: before it reads */
    POINT_READ_DONE,
    POINT_PAGES, /* get_pages, get_block: before they look; each stretch may fail */
    POINT_PAGES_DONE,
    NR_POINTS,
    /* These fail, and have no hook: */
    POINT_HOLD = NR_POINTS, /* the references for a stretch */
    POINT_BUSY, /* get_pages, get_block: not done; once, even if failures last */
    NR_FAILURES,
};

struct machine_options {
    unsigned int tables;         /* pool; 0: 64 */
    unsigned int tlb_entries;    /* of the guest's MMU; 0: 32 */
    unsigned int hw_tlb_entries; /* of the hardware's; 0: as many */
    unsigned int window;         /* 0: OMAP_MMU_WINDOW */
    bool bus_err_back;
    bool bypassable;    /* machine_route() leads the device around the MMU */
    bool short_answers; /* get_pages ends early, now and then */
    bool processor;     /* the device's power, clock and resets: processor.h */
    uint64_t seed;
};

struct machine_counts {
    uint64_t cleans, reg_reads, reg_writes, read_guests, look_ups, puts;
    uint64_t pages_put;
    uint64_t logs;
    uint64_t failures; /* that were asked for */
};

/* The request of the device that the MMU has not answered yet. */
struct machine_request {
    bool open;
    bool write;
    unsigned int core; /* which of the processor's, if it is one */
    uint32_t da, pa;
    enum mmu_result result;
};

/* What goes wrong with the processor: one of enum prcm_delay, or this. */
#define POWER_FAILURE PRCM_DELAYS

/* The device as a processor: processor.h. */
struct machine_processor {
    struct power power; /* first: the core's idea of it */
    struct prcm prcm;
    uint32_t held;   /* cores that the guest has in reset */
    bool busy;       /* a core is being started or stopped */
    bool in_release; /* ... its reset is being released */
    bool lost;       /* the MMU's registers, since that began */

    /* At this access to a word of the PRCM, counted down to 1, a status takes so many
     * reads from then on. Or power fails there, or at a register of the MMU's: of
     * those accesses where it may. */
    unsigned int fail_at;
    unsigned int failing;
    uint32_t fail_reads;
    unsigned int failures; /* that came */
    uint64_t accesses;     /* to words */
};

struct machine {
    struct host host; /* first: the core's idea of us */
    struct machine_options options;
    struct memory mem;
    struct oracle oracle;
    struct mmu mmu;
    struct vmmu vmmu;
    bool assigned;

    bool locked;
    bool deferred; /* an interrupt waits for vmmu_fault() */
    bool irq;      /* the guest's line */
    struct machine_request request;
    bool
        answering; /* the MMU is at it: what a hook has the device do is ignored */
    bool in_reset; /* the device is: it accesses nothing */
    bool ending;   /* the domain is, since the release began */
    struct machine_processor processor;

    /* Host's tables: as the CPU sees them, as memory holds them. */
    uint8_t *host_cpu, *host_mem;
    size_t host_bytes;
    struct pool_table *books;

    /* How many descriptors lead to each machine page, as of now; which have any. */
    bool reach_known;
    uint16_t reach[MEM_PAGES];
    unsigned int reached[MEM_PAGES], nr_reached;

    /* The call of this kind, counted down to 1, that fails. */
    unsigned int fail_at[NR_FAILURES];
    bool silent;             /* nothing more can be said for now */
    bool failures_last;      /* ... and so do all after it */
    unsigned int hold_pages; /* a failing hold gets so many, but not all */
    unsigned int busy_words; /* a busy get_pages does so many, but not all */
    void (*hook)(struct machine *m, enum machine_point point);
    void *hook_arg;

    /* Called once, before the core's next access to a register of the hardware. The
     * MMU's lock may be held: what other vCPUs do to the MMU would wait. */
    void (*register_hook)(struct machine *m, unsigned int offset);

    const uint64_t *going; /* machine pages that are being taken away, ... */
    unsigned int nr_going; /* ... of which the core is being told */
    bool one_hypercall;    /* changes of the memory map renew nothing */
    unsigned int walk_on;  /* reads of WALKING_ST until the walk's end */
    struct machine_counts count;
    char said[160];      /* the last message */
    char violation[160]; /* the first one */
};

/* Notes a violation; only the first one stays. */
void machine_wrong(struct machine *m, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Returns whether the device runs. One that is no processor does, unless it is
 * in reset.
 */
bool machine_runs(const struct machine *m);

/* Where the host's tables are: the empty one, the root, then the pool. */
#define HOST_BASE   0xfe000000u
#define HOST_EMPTY  HOST_BASE
#define HOST_ROOT   (HOST_BASE + PT_ROOT_BYTES)
#define HOST_TABLES (HOST_ROOT + PT_ROOT_BYTES)

/* The word of a host table as it is in memory; NULL if there is none. */
const uint32_t *host_table_word(const struct machine *m, uint32_t maddr);

/* The hardware's first level; NULL: it walks another's table. */
const uint32_t *host_first_level(const struct machine *m);

#endif /* SIM_STATE_H */
