/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A whole machine in one process: the model of the MMU, a guest's memory, and
 * between them the mediator on a host that means it no good.
 *
 * The host keeps apart what the CPU wrote and what was cleaned: the walker sees
 * the latter only. It counts references, poisons what is freed, and can make
 * any call fail or have the guest act in the middle of one. What it finds wrong
 * it notes; machine_check() tells.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "memory.h"
#include "mmu.h"
#include "oracle.h"
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
    unsigned int tables;      /* pool; 0: 64 */
    unsigned int tlb_entries; /* 0: 32 */
    unsigned int window;      /* 0: OMAP_MMU_WINDOW */
    bool bus_err_back;
    bool short_answers; /* get_pages ends early, now and then */
    uint64_t seed;
};

struct machine_counts {
    uint64_t cleans, reg_reads, reg_writes, read_guests, look_ups, puts;
    uint64_t pages_put;
    uint64_t says;
    uint64_t failures; /* that were asked for */
};

/* The request of the device that the MMU has not answered yet. */
struct machine_request {
    bool open;
    bool write;
    uint32_t da, pa;
    enum mmu_result result;
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

    /* Host's tables: as the CPU sees them, as memory holds them. */
    uint8_t *host_cpu, *host_mem;
    size_t host_bytes;
    struct table *books;

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

/* Power on: the model after its reset, nothing assigned. */
struct machine *machine_new(const struct machine_options *options);

/*
 * hw_quarantine() and vmmu_init(); once more after a release. False: refused, as the
 * port does, because the device is at work, and stalls in quarantine.
 */
void machine_quarantine(struct machine *m);
bool machine_assign(struct machine *m);

/* vmmu_release() with a budget; then all must be given back. */
void machine_release(struct machine *m, unsigned int budget);

/* After it: the domain's memory is freed. The device may go on. */
void machine_end_of_domain(struct machine *m);
void machine_free(struct machine *m);

/* Notes a violation; only the first one stays. */
void machine_wrong(struct machine *m, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * All that must hold after every step: the first violation noted, the core's
 * audit, each leaf's page, the sum of references, where the hardware gets to.
 * NULL, or what is wrong.
 */
const char *machine_check(struct machine *m);

/* The guest's accesses, compared with what the oracle expects. */
uint32_t machine_reg_read(struct machine *m, unsigned int offset);
void machine_reg_write(struct machine *m, unsigned int offset, uint32_t value);
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

/* vmmu_renew(). */
void machine_renew(struct machine *m);

/* vmmu_fault(), if an interrupt deferred it; true if so. */
bool machine_serve(struct machine *m);

/*
 * The device's access to da: issued, and its faults served as long as that
 * helps. MMU_STALL: it waits for the guest, and goes on by itself.
 */
enum mmu_result machine_access(struct machine *m, uint32_t da, bool write);

/* The same, its faults not served yet. */
enum mmu_result machine_issue(struct machine *m, uint32_t da, bool write);

/*
 * The same, but its walk takes so many reads of WALKING_ST, or until the device's next
 * turn: in machine_settle(), or here. MMU_STALL: under way, or stalled.
 */
enum mmu_result machine_issue_slowly(struct machine *m, uint32_t da, bool write,
                                     unsigned int reads);

/* WALKING_ST is read: the walk under way comes nearer to its end. */
void machine_walk_on(struct machine *m);

/* Serves what is there to be served; the open request, if any, goes on. */
enum mmu_result machine_settle(struct machine *m);

/* The device is reset: its open request is withdrawn. */
void machine_withdraw(struct machine *m);

/* In how many ways the hardware reaches a machine page: table words, or TLB. */
unsigned int machine_reaches(struct machine *m, uint64_t maddr);

#endif /* SIM_MACHINE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
