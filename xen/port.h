/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Xen port: what its files share.
 *
 *   driver.c    probe, device tree, the iommu_ops
 *   assign.c    assignment of an MMU to a domain, and its release
 *   gpu.c       a GPU, which is an MMU of its own
 *   trap.c      the guest's accesses, the hardware's interrupt
 *   processor.c a processor whose resets are Xen's, and what its guest has
 *               instead
 *   dsp.c       DSP_SYSTEM of a DSP that has two MMUs
 *   dom0.c      which nodes a patched Xen shows to dom0
 *   interrupt.c the GIC's input of an MMU's interrupt
 *   share.c     the share of a CPU that the MMUs may use
 *   dump.c      the debug key
 *   gpu_dump.c  the same, of a GPU
 *   host.c      what the core asks of its host: lock, registers, interrupt line
 *   pages.c     the same: the guest's pages and references; memory for tables
 *   p2m_walk.c  look-ups of many guest frames in a p2m
 *   window.c    windows of registers that trap
 *   prcm.c      a processor's words of power, clock and reset
 *   prcm_tree.c the same: reads the host's tree for their addresses
 *   mmus.c      the list of all MMUs
 *
 * Each file calls only files below it.
 */
#ifndef OMAP_PORT_H
#define OMAP_PORT_H

#include <xen/device_tree.h>
#include <xen/iommu.h>
#include <xen/lib.h>
#include <xen/list.h>
#include <xen/sched.h>
#include <xen/spinlock.h>
#include <xen/tasklet.h>
#include <xen/timer.h>

#include <asm/io.h>

#include "dom0.h" /* of dom0.c and mmus.c */
#include "dsp.h"
#include "prcm.h"
#include "shadow_audit.h"
#include "vmmu.h"

/* The time of a CPU that an MMU used. Written in share.c only. */
struct omap_share {
    s_time_t since; /* its present period began */
    s_time_t spent; /* in it */
    s_time_t until; /* it ends, as things are */
};

/*
 * A remote processor whose resets are Xen's; made at probe, never freed. d is
 * written under dtdevs_lock and this lock.
 */
struct omap_processor {
    const struct dt_device_node *np;
    spinlock_t lock; /* the processor's lock; see docs/locking.md */
    struct omap_prcm prcm;
    struct omap_mmu *mmu[OMAP_DSP_MMUS]; /* it is behind */
    unsigned int mmus;
    struct omap_dsp *dsp;     /* of a DSP with two MMUs, or NULL */
    paddr_t control;          /* its control page, in a guest */
    const char *uncontrolled; /* why no guest can have that, or NULL */
    struct domain *d;         /* that may start it, or NULL */
    uint32_t held;            /* resets, as d sees them */
    bool warned_held;         /* that a core stays in reset */
    bool warned_running;      /* that one may run */
    bool warned_busy;         /* that its EDMA did not come to rest */
    bool warned_around;       /* that it may go around its MMUs */
    struct timer watch;       /* while d may start it: does d live? */
};

/* The result of an MMU's probe. */
enum omap_mmu_hold {
    OMAP_MMU_NOT_TOUCHED, /* may have no clock: an access could abort */
    OMAP_MMU_NOT_HELD,    /* could not be taken over, may be in bypass */
    OMAP_MMU_HELD,        /* on the empty table, or off */
};

struct omap_gpu;

/*
 * What differs between an MMU that stalls its requesters and a GPU's. The
 * contexts are those of the functions that call these.
 */
struct omap_kind {
    bool is_gpu; /* CONFIG_OMAP_GPU */

    /* 0 or -errno, after a message. */
    int (*check)(const struct domain *d, struct omap_mmu *mmu);
    int (*alloc)(const struct domain *d, struct omap_mmu *mmu);
    int (*init)(const struct domain *d, struct omap_mmu *mmu);
    int (*connect)(struct omap_mmu *mmu, struct domain *d);

    void (*disconnect)(struct omap_mmu *mmu);

    /*
     * Called after init(), again until it returns true. The hardware is in
     * quarantine after the first call.
     */
    bool (*release)(struct omap_mmu *mmu);
    void (*free)(struct omap_mmu *mmu);

    unsigned int (*tables)(const struct omap_mmu *mmu);
    void (*trap)(struct omap_mmu *mmu, struct domain *d);
    void (*ipa_changed)(struct omap_mmu *mmu, ipa_t ipa, uint64_t pages);
    void (*renew)(struct omap_mmu *mmu);

    /* NULL if dump.c covers it. */
    void (*dump)(struct omap_mmu *mmu, const struct domain *d);
};

/* One physical MMU; made at probe, never freed. */
struct omap_mmu {
    struct host host; /* the core's handle to this MMU */
    const struct omap_kind *kind;
    spinlock_t lock;       /* the MMU's lock; see docs/locking.md */
    struct list_head list; /* all MMUs, in order of probe */
    const struct dt_device_node *np;
    paddr_t base;       /* of the registers, in the host, ... */
    paddr_t guest_base; /* ... and in a guest that is not dom0 */
    paddr_t size;       /* of its reg */
    unsigned int banks; /* of a GPU's registers; 0: no GPU */
    void __iomem *regs; /* NULL: address not known */
    int irq;            /* a GPU's is its domain's, not known here */
    enum omap_mmu_hold hold;
    maddr_t empty_root;   /* the first level that it walks in quarantine */
    const char *unusable; /* why no domain can have it, or NULL */
    struct vmmu_config config;

    /*
     * NULL: the tree names no resets that Xen could hold. Then the MMU must
     * always answer, and any domain may control its processor.
     */
    struct omap_processor *processor;

    /*
     * While assigned. Written under dtdevs_lock; `next` also under the p2m
     * lock, `live` and `lives` also under this MMU's.
     */
    bool live;          /* what follows is complete */
    unsigned int lives; /* how often it became so, ever */
    bool connected;     /* and it is not on its way back */
    struct domain *d;
    struct omap_mmu *next; /* of the same domain */
    unsigned int masters;  /* devices of d behind this MMU */
    struct vmmu *vmmu;
    struct shadow_memory mem;
    struct omap_gpu *gpu; /* of a GPU, instead of these two */
    struct tasklet tasklet;
    struct timer timer; /* for faults beyond the MMU's share of time */
    bool put_off;       /* a GPU's work waits for it; this MMU's lock */
    struct omap_share share;
    unsigned int interrupts; /* ever; written by the handler only */
    unsigned int paid;       /* of them, charged to the share */

    /* pages.c: remaining p2m_resolve_translation_fault() calls for this fault */
    unsigned int resolves;
};

/*
 * Limit on such calls for one fault: each may have to write a table of 512
 * entries. A fault that needs more ends without an answer, and its requester
 * faults again.
 */
#define OMAP_MMU_RESOLVES 32

/* mmus.c. In order of probe; complete before the first domain is made. */
extern struct list_head omap_mmus;

/* NULL if np is no MMU of ours. */
struct omap_mmu *omap_mmu_find(const struct dt_device_node *np);

/*
 * Maps size bytes of registers from mmu->base on: mmu->regs. Returns
 * NULL, or what is wrong. At boot.
 */
const char *omap_mmu_map_registers(struct omap_mmu *mmu, paddr_t size);

/*
 * Returns whether a page of this range of machine addresses has its registers.
 */
bool omap_mmu_is_within(const struct omap_mmu *mmu, uint64_t address,
                        uint64_t size);

/* Returns whether a device's `iommus` names this MMU. */
bool omap_mmu_is_behind(const struct dt_device_node *master,
                        const struct omap_mmu *mmu);

/*
 * An MMU, or a device behind one, is not given to a domain. All refusals have
 * this form; the text: "<what is wrong> (<what to do>)".
 */
#define omap_mmu_refused(np, d, text, ...) \
    printk(XENLOG_ERR "omap-mmu: %s: not given to %pd: " text "\n", \
           dt_node_full_name(np), d, ##__VA_ARGS__)

/* For a message: the state of an unassigned MMU. */
static inline const char *omap_mmu_rest(const struct omap_mmu *mmu)
{
    if ( mmu->hold == OMAP_MMU_NOT_TOUCHED )
        return "not touched";
    if ( mmu->hold == OMAP_MMU_NOT_HELD )
        return "NOT IN QUARANTINE";

    return mmu->processor && mmu->processor->prcm.power.state == POWER_OFF
               ? "off"
               : "in quarantine";
}

/* For a message: why hw_walks() returned false. */
extern const char omap_mmu_silent[];

/* The first MMU of a domain; the p2m's lock protects the list. */
static inline struct omap_mmu **omap_mmus_of(struct domain *d)
{
    return (struct omap_mmu **)&dom_iommu(d)->arch.priv;
}

/* The MMU of this handle of the core's. */
static inline struct omap_mmu *omap_mmu_of(struct host *host)
{
    return container_of(host, struct omap_mmu, host);
}

/* host.c */
extern const struct host_ops omap_host_ops;

/*
 * pages.c. The host operations read_guest, get_pages, get_block and put_pages:
 * see host.h. From omap_pages_new_fault() on, all look-ups for one fault call
 * p2m_resolve_translation_fault() at most OMAP_MMU_RESOLVES times. Called
 * without the MMU's lock, except omap_pages_put(), which may hold it and the
 * p2m lock.
 */
void omap_pages_new_fault(struct omap_mmu *mmu);
bool omap_pages_read(struct host *host, ipa_t ipa, void *buf, size_t len);
unsigned int omap_pages_get(struct host *host, const uint32_t *view,
                            unsigned int n, struct host_page *page);
bool omap_pages_get_block(struct host *host, ipa_t ipa, unsigned int pages,
                          struct host_page *first);
void omap_pages_put(struct host *host, maddr_t maddr, unsigned int pages);

/*
 * pages.c: returns whether the domain has a page mapped that has some MMU's
 * registers.
 */
bool omap_pages_have_registers(struct domain *d);

/*
 * Tables for the hardware: zeroed, machine-contiguous, aligned to their
 * size, below 4 GiB, clean. NULL if there is no such memory.
 */
void *omap_alloc_tables(size_t bytes, maddr_t *maddr);
void omap_free_tables(void *p, size_t bytes, maddr_t maddr);

/* trap.c: the traps and the interrupt of an MMU. 0 or -errno. */
int omap_mmu_connect(struct omap_mmu *mmu, struct domain *d);
void omap_mmu_disconnect(struct omap_mmu *mmu);

/*
 * interrupt.c. Finds the GIC's number of the MMU's interrupt, behind whatever
 * controller its node names. Returns NULL, or why there is none: *irq is -1. At
 * boot.
 */
const char *omap_mmu_find_irq(const struct dt_device_node *np, int *irq);

/* gpu.c */
extern const struct omap_kind omap_gpu_kind;

/*
 * Takes a GPU over, after mmu->np and mmu->empty_root are known. Returns NULL,
 * or what is wrong. At boot.
 */
const char *omap_gpu_take(struct omap_mmu *mmu);

/*
 * processor.c. Makes the processor behind this MMU, if its resets are Xen's,
 * and holds it in reset. Returns NULL, or why that failed: then the MMU must
 * not be touched. At boot, after mmu->np is known.
 */
const char *omap_processor_probe(struct omap_mmu *mmu);

/*
 * These do nothing for mmu->processor == NULL. Under dtdevs_lock; they take the
 * processor's lock.
 *
 * _on: makes the MMU answer, as after a reset; no core runs. 0 or -errno, after
 * a message. If a processor has two MMUs the first call does so; the second MMU
 * is refused to another domain.
 * _give: d may start cores from now on, if it has all of the processor's MMUs.
 * Only _take undoes it.
 * _take: nobody may start cores, and all are in reset, or a message says that
 * they are not.
 * _off: after _take, with the MMU out of use: it must not be touched once all of
 * them are.
 */
int omap_processor_on(struct omap_mmu *mmu, struct domain *d);
void omap_processor_give(struct omap_mmu *mmu, struct domain *d);
void omap_processor_take(struct omap_mmu *mmu);
void omap_processor_off(struct omap_mmu *mmu);

/*
 * Registers the traps alone, if d has handlers to spare. They read as zero
 * while the MMU is not d's.
 */
void omap_mmu_trap(struct omap_mmu *mmu, struct domain *d);

/*
 * share.c. The MMU has no share before omap_share_start(). Its time is charged
 * after omap_share_renew(), which begins a new period if the last one is over,
 * and then calls kind->renew(). omap_share_wait() returns 0, or the time until
 * which the MMU may not run. Not for interrupt context; no MMU's lock held.
 */
void omap_share_start(struct omap_mmu *mmu);
void omap_share_renew(struct omap_mmu *mmu);
s_time_t omap_share_wait(struct omap_mmu *mmu);
void omap_share_charge(struct omap_mmu *mmu, s_time_t time);

/*
 * assign.c: assign and release all MMUs of a device. 0 or -errno, after a
 * message. Serialised by the caller (dtdevs_lock). Release: -ERESTART if there
 * is more to do.
 */
int omap_mmu_assign(struct domain *d, struct dt_device_node *master);
int omap_mmu_release(const struct domain *d, struct dt_device_node *master);

/*
 * d did not get the MMUs of this device: traps d's accesses to their registers.
 */
void omap_mmu_keep_trapped(struct domain *d, struct dt_device_node *master);

/* assign.c */
extern const struct omap_kind omap_mmu_kind;

/* gpu_dump.c */
void omap_gpu_dump(struct omap_mmu *mmu, const struct domain *d);

/* dump.c, and for gpu_dump.c */
struct omap_mmu_owner {
    bool live; /* what follows is set */
    domid_t domain;
    unsigned int life; /* the MMU's `lives` */
};

/*
 * Fills *owner. Returns whether the dump of d, or of all domains for NULL, has
 * this MMU. Under the MMU's lock.
 */
bool omap_mmu_dump_wanted(const struct omap_mmu *mmu, const struct domain *d,
                          struct omap_mmu_owner *owner);

/* Prints the first line about an MMU: its domain, or its state. No lock. */
void omap_mmu_dump_owner(const struct omap_mmu *mmu,
                         const struct omap_mmu_owner *owner);

void omap_mmu_dump_domain(struct domain *d);
void omap_mmu_dump_init(void);

#endif /* OMAP_PORT_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
