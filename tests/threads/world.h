/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine of threads: the core on a host whose locks are real, beside a model of the
 * MMU that processors use at any time.
 *
 * Small on purpose, as a second version of docs/locking.md: the p2m's lock is a rwlock,
 * the MMU's a mutex, page references are atomics. Hardware is one more lock, the
 * innermost: it protects the model, the walker's memory, the processors' requests and
 * the pending interrupts, and makes one register access, one walk or one cache cleaning
 * atomic.
 *
 * Two domains have the MMU in turn, each with its own memory; the processors continue
 * from one to the next. Violations are: a page freed while descriptors or the TLB lead
 * to it, a reference given back too soon, an access to a page that is not the owner's,
 * or before the owner touched its MMU. The first one is kept.
 */
#ifndef TESTS_THREADS_WORLD_H
#define TESTS_THREADS_WORLD_H

#include <pthread.h>
#include <stdatomic.h>

#include "audit.h"
#include "mmu.h"
#include "rng.h"
#include "vmmu.h"

#define PAGE_SIZE 4096u

#define DOMAINS 2u

/*
 * A guest's RAM, where its processors look too: 16 MiB in one piece of machine
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

/* Machine pages: a home for each of the guests', and others to move to. */
#define HOME       0x90000000u
#define SPARES     512u
#define SPARE      (DOMAINS * IPA_PAGES)
#define NR_PAGES   (SPARE + SPARES)
#define PROCESSORS 2u

/* The host's tables, as in memory: the empty one, the root, the pool. */
#define HOST_EMPTY  0xfe000000u
#define HOST_ROOT   (HOST_EMPTY + PT_ROOT_BYTES)
#define HOST_POOL   (HOST_ROOT + PT_ROOT_BYTES)
#define POOL_TABLES 4u
#define HOST_BYTES  (2 * PT_ROOT_BYTES + POOL_TABLES * PT_TABLE_BYTES)

/* Who holds a machine page; free if nobody does. */
struct page {
    atomic_uint owner; /* whose p2m leads there: its number + 1; 0: none's */
    atomic_uint held;  /* the shadow: so many references */
};

struct request {
    bool open; /* the MMU stalls it */
    bool done; /* its processor has stopped */
    uint32_t da;
};

/* What the threads are to meet, and which of the tests (threads_test.c) goes on
 * until they have. */
#define IN_STALLS 1u
#define IN_BUS    2u /* the MMU can answer by bus errors */
#define IN_TRAPS  4u /* the guest traps while its MMU is released */
#define IN_ALL    (IN_STALLS | IN_BUS | IN_TRAPS)

#define WORLD_EVENTS(E) \
    E(FILLS, IN_ALL, "a slot translated") \
    E(KEPT, IN_ALL, "a hidden slot found unchanged") \
    E(OVERTAKEN, IN_ALL, "a fill overtaken") \
    E(EVICTIONS, IN_ALL, "a slot evicted") \
    E(PARKS, IN_ALL, "all hidden at once") \
    E(DENIED, IN_ALL, "a page that the host denies") \
    E(RAISED, IN_ALL, "a fault shown to the guest") \
    E(SILENT, IN_ALL, "a fault that the guest's MMU, being off, has not") \
    E(LINE, IN_ALL, "the guest's line raised") \
    E(REACHED, IN_ALL, "an access that went through") \
    E(BUS_ERROR, IN_BUS, "an access answered by a bus error") \
    E(WITHDRAWN, IN_ALL, "a stalled access withdrawn") \
    E(RESTARTED, IN_ALL, "processors stopped and started") \
    E(RESTART_STALL, IN_ALL, "... one of them stalled") \
    E(RESTART_TASKLET, IN_ALL, "... while a fault is served") \
    E(RESTART_REFUSED, IN_TRAPS, "a start after the release") \
    E(FREED, IN_ALL, "a page freed") \
    E(MOVED, IN_ALL, "a page moved") \
    E(CONDEMNED, IN_ALL, "more references than a change gives back at once") \
    E(RENEWED, IN_ALL, "what changes may cost renewed") \
    E(FORGOTTEN, IN_ALL, "a change with nothing of that left") \
    E(INTERRUPT, IN_ALL, "an interrupt") \
    E(WAITS, IN_ALL, "a fault that waits for its turn") \
    E(WAITS_TRAP, IN_ALL, "a write to CNTL or SYSCONFIG meanwhile") \
    E(NO_FAULT, IN_ALL, "the tasklet without a fault to serve") \
    E(KEY, IN_ALL, "the debug key's audit") \
    E(KEY_IN_FILL, IN_ALL, "the debug key during a fill") \
    E(RELEASE_INTERRUPT, IN_ALL, "a release while an interrupt comes") \
    E(RELEASE_TASKLET, IN_ALL, "a release while a fault is served") \
    E(RELEASE_STALL, IN_ALL, "a release while an access is stalled") \
    E(RELEASE_STEPS, IN_ALL, "a release in steps") \
    E(RELEASE_CHANGE, IN_ALL, "a p2m change during a release") \
    E(RELEASE_TRAP, IN_TRAPS, "a trap during a release") \
    E(NEXT_OWNER, IN_ALL, "a next owner, the device still at work") \
    E(UNTOUCHED, IN_ALL, "an access stalled at an untouched MMU")

enum event {
#define E(name, tests, what) MET_##name,
    WORLD_EVENTS(E)
#undef E
    NR_EVENTS
};

/* A guest's memory. */
struct domain {
    unsigned int number;
    pthread_rwlock_t p2m_lock;
    bool has_mmu;            /* hears of its changes; the p2m's lock */
    uint32_t p2m[IPA_PAGES]; /* machine page + 1; 0: none */
    atomic_uint asked;       /* the IPA page that a fill asked for last */

    /* The guest's tables, by IPA: written while they are read, on purpose. */
    _Atomic uint32_t words[TABLE_PAGES * PAGE_SIZE / 4];
};

struct world {
    struct host host; /* first: the core's idea of us */
    struct vmmu vmmu;
    pthread_mutex_t processor_lock; /* resets; before the MMU's */
    pthread_mutex_t mmu_lock;

    struct domain domain[DOMAINS];
    struct domain *owner; /* has the MMU, or had it last */
    struct page page[NR_PAGES];

    pthread_mutex_t hardware;
    pthread_cond_t changed; /* something that the hardware lock protects */
    struct mmu mmu;
    uint8_t *host_cpu, *host_mem; /* what the CPU wrote, what was cleaned */
    struct pool_table books[POOL_TABLES];
    bool reach_known;
    uint16_t reach[NR_PAGES];   /* descriptors that lead there, by now */
    uint64_t register_accesses; /* of the hardware's */
    struct request request[PROCESSORS];
    bool stop;                      /* the processors are to */
    bool in_reset;                  /* ... are held, for a while */
    bool line, interrupt_runs;      /* the MMU's interrupt */
    bool scheduled, tasklet_runs;   /* the tasklet */
    bool waits;                     /* ... waits for its turn */
    unsigned int interrupts;        /* since its turn came last */
    bool no_interrupts, no_tasklet; /* ... are to end */
    bool quarantined;               /* released: nothing may be reached */
    bool touched;                   /* by its guest; before, the same */

    atomic_bool irq; /* the guest's line */
    atomic_uint met[NR_EVENTS];
    atomic_bool failed;
    char violation[160];
    pthread_mutex_t report;
};

struct world *world_new(bool bus_err_back);

/* The MMU comes to a domain: another than had it last. */
void world_assign(struct world *w);
void world_free(struct world *w);

/* Notes a violation. Any thread. */
void world_wrong(struct world *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static inline void world_met(struct world *w, enum event event)
{
    atomic_fetch_add_explicit(&w->met[event], 1, memory_order_relaxed);
}

/* Met, if a flag of the world's, of those that the hardware lock protects, is set. */
void world_met_if(struct world *w, const bool *flag, enum event event);

/* Its guest is about to touch the MMU: from now on it may translate. */
void world_touch(struct world *w);

/* Does nothing for so many microseconds, or some more. Where others are to run:
 * sched_yield() could give the CPU to a stranger, for long. */
void world_rest(unsigned int us);

/* Lets another thread run, now and then: where an interleaving matters. */
void world_perturb(void);

/*
 * A p2m's writer, one thread at a time: count pages from the IPA page first go;
 * with back, others (or the same) come in their place.
 */
void world_change_p2m(struct world *w, struct domain *d, unsigned int first,
                      unsigned int count, bool back);

/* As Xen's IOMMU_FLUSHF_all: everything may have changed. */
void world_change_all(struct world *w, struct domain *d);

/* Released, in part at least: nothing may be reached any more. */
void world_released(struct world *w);

/* The MMU no longer gets the p2m's changes. */
void world_unlink(struct world *w);

/*
 * One access of a processor, until its end. Returns false if the processor must stop.
 */
bool world_access(struct world *w, unsigned int processor, uint32_t da);

/* The processors are reset: what they wait for is withdrawn. */
void world_reset_processors(struct world *w);

/* As xen/processor.c: they are held in reset, and let go again. */
void world_restart_processors(struct world *w);

/* The CPU that takes the MMU's interrupt; the one that runs its tasklet. Until
 * they are told to end: world_kill_interrupt(), world_kill_tasklet(). */
void *world_interrupts(void *world);
void *world_tasklet(void *world);
void world_kill_interrupt(struct world *w);
void world_kill_tasklet(struct world *w);

/* Waits until a fault interrupts, or is served; or all processors wait, maybe for the
 * guest. */
void world_await_fault(struct world *w, bool served);

/*
 * Waits until no interrupt, no tasklet and no processor has anything to do but wait for
 * the guest; returns whether a request waits. The processors were told to stop.
 */
bool world_settle(struct world *w);

/*
 * What holds while nobody changes anything: the core's audit, each leaf's page
 * the p2m's, references and leaves alike.
 */
void world_check(struct world *w);

#endif /* TESTS_THREADS_WORLD_H */
