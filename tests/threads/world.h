/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine of threads: the core on a host whose locks are real, beside a model
 * of the MMU that processors use at any time.
 *
 * Small on purpose, to be read as a second opinion of docs/locking.md: the p2m's
 * lock is a rwlock, the MMU's a mutex, page references are atomics. Hardware is
 * one more lock, the innermost: it protects the model, the walker's memory, the
 * processors' requests and what interrupts are pending, and makes one register
 * access, one walk or one cache cleaning atomic.
 *
 * All pages are the guest's, or free. A page that is given up while descriptors
 * or the TLB lead to it, a reference given back too soon, an access that ends in
 * a free page: each is a violation, and the first one is kept.
 */
#ifndef TESTS_THREADS_WORLD_H
#define TESTS_THREADS_WORLD_H

#include <pthread.h>
#include <stdatomic.h>

#include "mmu.h"
#include "rng.h"
#include "vmmu.h"

#define PAGE_SIZE 4096u

/*
 * The guest's RAM, where its processors look too: 16 MiB in one piece of machine
 * memory, 8 MiB in pieces of 1 MiB, 8 MiB of single pages. Then its tables.
 */
#define RAM         0x80000000u
#define RAM_PAGES   0x2000u
#define TABLE_PAGES 8u
#define IPA_PAGES   (RAM_PAGES + TABLE_PAGES)
#define ROOT        (RAM + RAM_PAGES * PAGE_SIZE)
#define TABLES      (ROOT + 4 * PAGE_SIZE)
#define NR_TABLES   16u

/* Six groups of device addresses: together they can hold more references than a
 * p2m change gives back at once. */
#define DA_SLOTS 96u

/* Machine pages: a home for each of the guest's, and others to move to. */
#define HOME       0x90000000u
#define SPARES     512u
#define NR_PAGES   (IPA_PAGES + SPARES)
#define PROCESSORS 2u

/* The host's tables, as in memory: the empty one, the root, the pool. */
#define HOST_EMPTY  0xfe000000u
#define HOST_ROOT   (HOST_EMPTY + PT_ROOT_BYTES)
#define HOST_POOL   (HOST_ROOT + PT_ROOT_BYTES)
#define POOL_TABLES 4u
#define HOST_BYTES  (2 * PT_ROOT_BYTES + POOL_TABLES * PT_TABLE_BYTES)

/* Who holds a machine page; it is free if nobody does. */
struct page {
    atomic_bool mapped; /* the p2m */
    atomic_uint held;   /* the shadow: so many references */
};

struct request {
    bool open; /* the MMU stalls it */
    bool done; /* its processor has stopped */
    uint32_t da;
};

/* What the threads met; a test that met nothing has tested nothing. */
struct met {
    atomic_uint reached, gave_up, deferred, freed, moved, fault_lines;
};

struct world {
    struct host host; /* first: the core's idea of us */
    struct vmmu vmmu;
    pthread_mutex_t mmu_lock;

    pthread_rwlock_t p2m_lock;
    uint32_t p2m[IPA_PAGES]; /* machine page + 1; 0: none */
    struct page page[NR_PAGES];
    atomic_uint asked; /* the IPA page that a fill asked for last */

    /* The guest's tables, by IPA: written while they are read, on purpose. */
    _Atomic uint32_t words[TABLE_PAGES * PAGE_SIZE / 4];

    pthread_mutex_t hardware;
    pthread_cond_t changed; /* something that the hardware lock protects */
    struct mmu mmu;
    uint8_t *host_cpu, *host_mem; /* what the CPU wrote, what was cleaned */
    struct shadow_table books[POOL_TABLES];
    bool reach_known;
    uint16_t reach[NR_PAGES];   /* descriptors that lead there, by now */
    uint64_t register_accesses; /* of the hardware's */
    struct request request[PROCESSORS];
    bool stop;                      /* the processors are to */
    bool line, interrupt_runs;      /* the MMU's interrupt */
    bool scheduled, tasklet_runs;   /* the tasklet */
    bool no_interrupts, no_tasklet; /* ... are to end */
    bool quarantined;               /* released: nothing may be reached */

    atomic_bool irq; /* the guest's line */
    struct met met;
    atomic_bool failed;
    char violation[160];
    pthread_mutex_t report;
};

struct world *world_new(bool bus_err_back);
void world_assign(struct world *w);
void world_free(struct world *w);

/* Notes a violation. Any thread. */
void world_wrong(struct world *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Lets another thread run, now and then: where an interleaving matters. */
void world_perturb(void);

/*
 * The p2m's writer, one thread at a time: count pages from the IPA page first go;
 * with back, others (or the same) come in their place.
 */
void world_change_p2m(struct world *w, unsigned int first, unsigned int count,
                      bool back);

/* As Xen's IOMMU_FLUSHF_all: everything may have changed. */
void world_change_all(struct world *w);

/* One access of a processor's, waited for. False: it is to stop. */
bool world_access(struct world *w, unsigned int processor, uint32_t da);

/* The processors are reset: what they wait for is withdrawn. */
void world_reset_processors(struct world *w);

/* The CPU that takes the MMU's interrupt; the one that runs its tasklet. Until
 * they are told to end: world_kill_interrupt(), world_kill_tasklet(). */
void *world_interrupts(void *world);
void *world_tasklet(void *world);
void world_kill_interrupt(struct world *w);
void world_kill_tasklet(struct world *w);

/*
 * Waits until no interrupt, no tasklet and no processor has anything to do but
 * wait for the guest; does a request wait? The processors were told to stop.
 */
bool world_settle(struct world *w);

/*
 * What holds while nobody changes anything: the core's audit, each leaf's page
 * the p2m's, references and leaves alike.
 */
void world_check(struct world *w);

#endif /* TESTS_THREADS_WORLD_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
