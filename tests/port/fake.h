/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of Xen on Arm that xen/ uses, for its tests: two domains, their p2ms, the
 * machine's pages, its MMUs and the processors behind them, a clock. What Xen forbids fails
 * the test: a look-up without the p2m lock, a lock taken twice or out of order, a put of a
 * reference that nobody held.
 *
 * fake/ has the headers that xen/ includes; fake_*.c implement them, by area. One context
 * runs at a time: an interrupt as soon as its line is high, tasklets and timers when a test
 * lets them, anything else at the points below.
 */
#ifndef TESTS_PORT_FAKE_H
#define TESTS_PORT_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <xen/irq.h>
#include <xen/keyhandler.h>

#include "../../model/prcm.h"
#include "mmu.h"
#include "port.h"
#include "sgx_regs.h"

/* 7 GiB: a machine address need not fit 32 bits. */
#define MACHINE_PAGES (7ul << 18)

#define FAKE_MMUS   4
#define FAKE_TIMERS 8 /* that live at once; and tasklets */

struct fake_action {
    void (*handler)(int irq, void *dev, struct cpu_user_regs *regs);
    void *dev;
};

/* An MMU as hardware, and the processor behind it: one access at a time. */
struct fake_hw {
    struct mmu model;
    paddr_t base;
    unsigned int irq;
    bool silent;               /* no clock: reads as zero, takes no write */
    bool switched;             /* by a unit of the PRCM's, ... */
    unsigned int unit;         /* ... this one: off, an access is an abort */
    uint8_t window[PAGE_SIZE]; /* stands for the mapped page; holds nothing */

    bool waits; /* the processor, for its access to ... */
    uint32_t da;
    s_time_t slowness; /* from its release until it tries again */
    s_time_t retry;    /* ... when; 0: it was not released */
    unsigned int reached, bus_errors; /* accesses that ended so */
    uint32_t pa;                      /* where the last one did */
    bool open;                        /* it may reach anything: MMIO */
    const struct domain *allowed;     /* whose pages may be reached */
};

/* A GPU as hardware: registers, and a walker. */
struct fake_gpu {
    paddr_t base;
    bool silent;      /* no clock: reads as zero, takes no write */
    bool untouchable; /* no clock: an access is an abort */
    uint32_t reg[SGX_WINDOW / 4];
    uint8_t window[SGX_WINDOW]; /* stands for the mapped pages */
    unsigned int kicks;         /* of core 0 */
};

/* What must be unchanged after an MMU was released. */
struct fake_left {
    unsigned int allocations, blocks; /* of xmalloc(); of the domains' heap */
    unsigned int timers, tasklets;    /* live ones */
    unsigned int irqs, virqs;         /* requested; reserved */
    unsigned int references;          /* on all pages */
};

#define FAKE_DSP_NEVER 0xffffffffu
#define FAKE_DSP_SETS  512

/* DSP_SYSTEM and what is beside it; base 0: there is none. */
struct fake_dsp {
    paddr_t base;
    bool unmappable;
    unsigned int mapped;
    uint32_t emulation; /* its CM_EMU_CLKSTCTRL: awake at each access (i879) */
    uint8_t window[0x18000];
    unsigned int unit; /* of the PRCM's, which it is on and reset with */
    uint32_t config;   /* MMU_CONFIG */
    bool silent;       /* it does not read back */
    bool survives;     /* a reset does not end transfers */
    bool ran;          /* a core did, when the last look was taken */
    unsigned int busy, polls;
    bool handed_on;        /* to the transfer controllers: the other rests */
    uint32_t stuck[3];     /* bits of CCSTAT and both TCSTAT that never clear */
    uint32_t cccfg;        /* how many parameter sets there are */
    bool chained;          /* transfers start others while a set is not null */
    unsigned int disabled; /* EECR, EECRH, QEECR: a bit each, once written */
    unsigned int cleared;  /* ECR and the like: the same */
    uint32_t set[FAKE_DSP_SETS][8];
    unsigned int strange_writes;
};

/* In front of the GIC; base 0: there is none. */
struct fake_crossbar {
    paddr_t base;
    uint16_t reg[160];
    bool unmappable;
    bool stuck; /* it keeps what it has */
    unsigned int mapped;
};

/* Power, clocks and resets; pages of words. */
struct fake_prcm {
    struct prcm model;
    uint8_t window[PRCM_MAX_PAGES][PAGE_SIZE]; /* stand for the mapped pages */
    unsigned int maps[PRCM_MAX_PAGES][PAGE_SIZE / 4];
    unsigned int mapped;     /* words that are; each in maps */
    unsigned int accesses;   /* to them */
    unsigned int unmappable; /* this one, from 1 on, cannot be; 0: all can */
};

struct fake {
    struct omap_mmu mmu; /* of domain, for what needs no probe */
    struct domain domain;
    struct domain other;
    struct page_info *pages; /* MACHINE_PAGES of them */
    struct fake_hw hw[FAKE_MMUS];
    unsigned int hws;
    struct fake_prcm prcm;
    struct fake_gpu gpu;
    struct fake_crossbar crossbar;
    struct fake_dsp dsp;
    unsigned int irq_type; /* that was set last */

    struct fake_action action[FAKE_IRQS];
    struct timer *timer[FAKE_TIMERS];     /* those that live */
    struct tasklet *tasklet[FAKE_TIMERS]; /* the same; a queue from here: */
    unsigned int turn;

    struct fake_left left;       /* now */
    unsigned int references;     /* on all pages */
    unsigned int look_ups;       /* of p2m entries */
    unsigned int resolves;       /* calls to make an entry valid */
    unsigned int table_mappings; /* of tables of a p2m, ever, ... */
    unsigned int mapped_tables;  /* ... and now */

    /* Points where other things may happen; not inside each other. */
    void (*interfere)(void);   /* after a call to make an entry valid */
    void (*on_register)(void); /* before an access to an MMU's registers */
    void (*on_lock)(spinlock_t *lock);   /* before it is taken */
    void (*on_unlock)(spinlock_t *lock); /* when it was let go */
    void (*on_softirqs)(void); /* where Xen would run those that wait */
    unsigned int points; /* passed, those where nothing happened included */

    unsigned int locks;      /* spinlocks that are held, ... */
    const spinlock_t *outer; /* ... the first of them */

    uint8_t view[PAGE_SIZE]; /* the mapped page by the cache: stale */
    unsigned long mapped;    /* its frame; 0: none is mapped */

    bool no_memory, no_vmap; /* these fail */
    unsigned int fails_at;   /* the n-th allocation from now on does; 0: none */

    s_time_t now;
    s_time_t register_time;        /* that an access takes */
    unsigned int interrupts, runs; /* delivered; of tasklets */

    bool rate_limited;
    char said[256];    /* the last message */
    char log[1 << 16]; /* all of them */
    size_t logged;
    unsigned int said_locked; /* of them, with a spinlock held */
    unsigned int injects;     /* interrupts, and the last one's number */
    unsigned int virq;

    const struct iommu_ops *ops; /* the driver's */
    keyhandler_fn_t *key;        /* 'U' */
};

extern struct fake fake;

/* The driver's parameters. */
extern unsigned int *const fake_param_opt_share;
extern unsigned int *const fake_param_opt_tables;
extern unsigned int *const fake_param_opt_gpu_dirs;
extern unsigned int *const fake_param_opt_gpu_tables;

/* fake_ends.c. Anew: nothing is mapped, no page has an owner. */
void fake_start(void);
/* All locks are free, and nothing is left over but the table that the driver keeps. */
void fake_end(void);
void fake_assert_unlocked(void);
void fake_assert_left(const struct fake_left *before);
void fake_hook(void (*hook)(void)); /* one of the points */

/* fake_p2m.c. 1 << order pages of a guest, at gfn a multiple of that. */
void fake_map_in(struct domain *d, unsigned long gfn, unsigned int order,
                 unsigned long mfn, p2m_type_t t, p2m_access_t a);
/* The same as RAM of the domain's own that it may write. */
void fake_ram_in(struct domain *d, unsigned long gfn, unsigned int order,
                 unsigned long mfn);
void fake_own(const struct domain *owner, unsigned long mfn,
              unsigned long pages);
/* Of fake.domain */
void fake_map(unsigned long gfn, unsigned int order, unsigned long mfn,
              p2m_type_t t, p2m_access_t a);
void fake_ram(unsigned long gfn, unsigned int order, unsigned long mfn);
/* As Xen does it while the domain runs: calls the driver. */
void fake_remove(struct domain *d, unsigned long gfn, unsigned int order);

/* As set/way emulation does; and as it is after accesses all over the place. */
void fake_invalidate_root(void);
void fake_invalidate_all(void);
/* Only the entry of gfn. */
void fake_invalidate(unsigned long gfn);
bool fake_is_valid(unsigned long gfn);
/* For fake_ends.c: tables without entries; none. For fake_mapping.c: NULL if it is no
 * table. */
void fake_p2m_start(struct p2m_domain *p2m);
void fake_p2m_end(struct p2m_domain *p2m);
lpae_t *fake_table(mfn_t mfn);

/* fake_pages.c. One more reference, whosever it is. False: it is going away. */
bool fake_refer(struct page_info *page);

/* fake_mapping.c. What the guest wrote there through an uncached mapping. */
uint8_t fake_byte(unsigned long mfn, unsigned int offset);
/* It writes a word; the page is zero before its first one. */
void fake_write(unsigned long mfn, unsigned int offset, uint32_t value);
/* For fake_ends.c */
void fake_forget_writes(void);

/* fake_heap.c. What the heap gave out, or NULL. */
struct fake_block {
    unsigned long mfn;
    unsigned int order;
    uint8_t *mapping;   /* NULL: none */
    uint8_t *by_walker; /* what of it a walker that does not snoop reads */
};
const struct fake_block *fake_block_at(paddr_t maddr);

/* fake_mmu.c */
struct fake_hw *fake_hardware(paddr_t base, unsigned int irq,
                              bool bus_err_back);
/* The processor begins an access, unless it waits. True if it ended at once. */
bool fake_access(struct fake_hw *hw, uint32_t da);
/* Resets the processor. The MMU does not notice. */
void fake_reset_processor(struct fake_hw *hw);
/* Time passes: processors retry whose time has come. */
void fake_pass(s_time_t time);

/* fake_mmu.c: registers; what is mapped there, or NULL. */
void __iomem *fake_mmu_map(paddr_t start);
uint32_t fake_mmu_read(const volatile void *p);
void fake_mmu_write(volatile void *p, uint32_t value);

/* fake_gpu.c: registers, as those of MMUs; NULL, false: not the GPU's. */
void __iomem *fake_gpu_map(paddr_t start);
bool fake_gpu_read(const volatile void *p, uint32_t *value);
bool fake_gpu_write(volatile void *p, uint32_t value);
/* Where core 0 gets by base n: a word of a table, or 0. */
uint32_t fake_gpu_walk(unsigned int n, uint32_t da);

/* fake_dsp.c: the same. */
void __iomem *fake_dsp_map(paddr_t start);
bool fake_dsp_unmap(const volatile void *p);
bool fake_dsp_read(const volatile void *p, uint32_t *value);
bool fake_dsp_write(volatile void *p, uint32_t value);
/* That unit's registers are as after a reset. */
void fake_dsp_lost(unsigned int unit);
/* Is it what is behind the second MMU of a DSP? */
bool fake_is_edma(const struct fake_hw *hw);

/* fake_prcm.c */
void fake_prcm_start(const struct prcm_config *config);
/* A word of its pages, or of a mapped one; NULL, false: not of the PRCM. */
void __iomem *fake_prcm_map(paddr_t start);
void fake_prcm_unmap(void __iomem *va);
bool fake_prcm_read(const volatile void *p, uint32_t *value);
bool fake_prcm_write(volatile void *p, uint32_t value);
/* The address of a mapped word. */
uint32_t fake_prcm_address(const volatile void *p);

/* fake_irq.c: the line of an MMU rose, or somebody began to listen to it. */
void fake_deliver(unsigned int irq);

/* fake_time.c. All tasklets, until there is none. */
void fake_run(void);
/* And timers, until then. */
void fake_run_until(s_time_t time);

/* fake_tree.c: what Xen asks the driver for. */
int fake_probe(struct dt_device_node *np);
int fake_assign(struct domain *d, struct dt_device_node *master);
/* What is to be done until Xen calls again; the last step returns 0. */
int fake_release_step(struct domain *d, struct dt_device_node *master);
/* The domain dies; tasklets and timers run in between. */
int fake_release(struct domain *d, struct dt_device_node *master);
/* A vCPU's access that traps. */
uint32_t fake_trap_read(struct domain *d, paddr_t gpa);
void fake_trap_write(struct domain *d, paddr_t gpa, uint32_t value);

#endif /* TESTS_PORT_FAKE_H */
