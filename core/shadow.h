/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The slot cache: the table that the hardware walks.
 *
 * Each slot (1 MiB of device addresses) holds nothing, a leaf, or a
 * second-level table of a fixed pool. What it holds is either shown (linked in
 * the first level) or hidden: kept with its page references, but out of the
 * hardware's sight until a fill has compared it with the guest's view of that
 * time. Parked means that the hardware walks an empty first level instead:
 * everything is hidden at once.
 *
 *      begin: hide, take out  ->  prepare: translate  ->  commit: put, show
 *
 * begin and commit hold the MMU's lock; prepare, which needs the p2m, does not,
 * and owns what was taken out. Lock order: p2m, then the MMU.
 *
 * Memory: the first level (16 KiB), this structure, and for each table of the
 * pool 1 KiB that the hardware walks and a struct shadow_table. Nothing else,
 * ever.
 */
#ifndef OMAP_SHADOW_H
#define OMAP_SHADOW_H

#include "guest_view.h"

/* Second-level tables of a pool; one of them is kept free for the next fill. */
#define SHADOW_MIN_TABLES 2u
#define SHADOW_MAX_TABLES PT_SLOTS

/* Groups of slots: the most that one leaf covers. */
#define SHADOW_GROUPS (PT_SLOTS / PT_GROUP)

/* The bookkeeping of a table of the pool. */
struct shadow_table {
    uint16_t slot; /* whose it is, if anyone's */
    uint16_t next_free;
    bool denied; /* some page of the view is a hole, or not yet asked for */
    ipa_t ipa_first, ipa_last;       /* the view's IPAs lie between */
    uint32_t counted[PT_PAGES / 32]; /* bit per page: reference held */
    uint32_t view[PT_PAGES];         /* the view words it was made from */
};

/* What a slot holds. */
struct shadow_slot {
    uint8_t kind;        /* enum pt_kind; PT_FAULT: nothing */
    bool counted : 1;    /* leaf: references held */
    bool dead : 1;       /* never to be shown again: only its references wait */
    uint16_t table;      /* PT_TABLE: number in the pool */
    uint32_t ipa, maddr; /* leaf: of this slot's first page */
};

struct shadow_counters {
    uint64_t fills;     /* a slot translated anew, in part or whole */
    uint64_t kept;      /* a hidden slot found unchanged and shown */
    uint64_t retries;   /* fills overtaken, or not done in one go */
    uint64_t drops;     /* slots given up */
    uint64_t evictions; /* ... of them for want of a table */
    uint64_t parks;
    uint64_t denied; /* stretches that the host refused */
};

/* What the port allocates: all of it zeroed, before shadow_init(). */
struct shadow_memory {
    uint32_t *root; /* PT_ROOT_BYTES, aligned to that */
    maddr_t root_maddr;
    uint32_t *tables;           /* nr_tables * PT_TABLE_BYTES, aligned to one */
    maddr_t tables_maddr;       /* both: machine-contiguous, below 4 GiB */
    struct shadow_table *table; /* nr_tables of them */
    unsigned int nr_tables;
    maddr_t empty_maddr; /* a first level of PT_FAULT_WORDs, never written */
};

struct shadow {
    struct host *host;
    struct shadow_memory mem;
    struct shadow_slot slot[PT_SLOTS];
    bool parked;                         /* hardware walks empty_maddr */
    bool dead;                           /* some slots are */
    bool filling;                        /* between begin and commit */
    uint64_t changed_start, changed_end; /* IPAs that changed meanwhile */
    uint32_t promises;         /* times the guest was told "flushed" */
    uint16_t free_table;       /* head of the list */
    uint16_t hand;             /* next table to evict */
    unsigned int release_next; /* shadow_release() got this far */
    unsigned int scans_left;   /* for p2m changes, until shadow_renew() */
    unsigned int pages_left;   /* for them to give back, the same */
    uint32_t linked[SHADOW_GROUPS / 32]; /* groups with a word set */
    uint32_t alive[SHADOW_GROUPS / 32];  /* ... that may have a slot which is
                                            filled and not dead */
    uint32_t ipa_used[PT_SLOTS / 32];    /* MiB of IPA that slots may hold */
    struct shadow_counters count;
};

/* A fill under way; one at a time for each MMU. */
struct shadow_fill {
    unsigned int slot, page;    /* of the access */
    struct shadow_slot content; /* taken out; of a supersection, the
                                           group's first slot */
    uint16_t table;             /* ours to use */
    bool verified;              /* content agrees with the view */
    bool fresh;                 /* content was translated anew */
    bool again;                 /* the host was not done */
    enum denial why;            /* the host denied the page of the access */
    uint32_t promises;
};

enum shadow_commit {
    SHADOW_SHOWN,       /* the slot is linked */
    SHADOW_KEPT_HIDDEN, /* nothing was prepared */
    SHADOW_STALE,       /* overtaken, or not done: not shown */
};

/* Parked from the start. The hardware is not touched. */
void shadow_init(struct shadow *s, struct host *host,
                 const struct shadow_memory *mem);

/*
 * Make true what the guest may conclude, that nothing (or nothing near da) is
 * cached; in constant time, and without giving back a page. MMU's lock held.
 */
void shadow_park(struct shadow *s);
void shadow_hide(struct shadow *s, da_t da);

/* The first level that the hardware is to walk. MMU's lock held. */
maddr_t shadow_root(const struct shadow *s);

/* Does the slot of da hold a translation of it, shown or hidden? The same. */
bool shadow_holds(const struct shadow *s, da_t da);

/* Starts to fill the slot of da. MMU's lock held. */
void shadow_begin(struct shadow *s, struct shadow_fill *fill, da_t da);

/*
 * Makes the fill's content agree with the guest's view, with the largest leaves
 * that machine memory allows; keeps what agrees already. Pages that the host
 * denies become holes. Expands the view in place. Without the MMU's lock.
 */
void shadow_prepare(struct shadow *s, struct shadow_fill *fill,
                    struct guest_view *view);

/* Ends the fill. MMU's lock held. May evict another slot. */
enum shadow_commit shadow_commit(struct shadow *s, struct shadow_fill *fill);

/* References that p2m changes until shadow_renew(), a reaping, or a step of the release
 * give back at most: these pages, and a supersection's more. */
#define SHADOW_REAP_PAGES 4096u

/* Times that p2m changes look at all slots until shadow_renew(), and tables whose views
 * each reads, at most. */
#define SHADOW_CHANGE_SCANS 2u
#define SHADOW_CHANGE_VIEWS 64u

/*
 * The guest's p2m changed for pages pages from ipa: what was translated through
 * them, or else through their MiBs, is out of the hardware's sight for good, and
 * its references are given back; what is beyond the limits above is left to
 * shadow_reap(), as shadow_has_dead() says. MMU's lock held; the p2m's lock may be.
 */
void shadow_ipa_changed(struct shadow *s, ipa_t ipa, uint64_t pages);
void shadow_renew(struct shadow *s);
void shadow_reap(struct shadow *s);
bool shadow_has_dead(const struct shadow *s);

/*
 * Gives back everything, budget pages (or a supersection more) a call; true
 * when done. The hardware must not walk the shadow any more. MMU's lock held.
 */
bool shadow_release(struct shadow *s, unsigned int budget);

/* A stretch of da that one descriptor translates. */
struct shadow_leaf {
    da_t da;
    ipa_t ipa;
    maddr_t maddr;
    uint32_t bytes;
    bool counted;
    bool shown;
    bool dead;
};

typedef bool shadow_visit(void *arg, const struct shadow_leaf *leaf);

/* Calls visit() for each leaf, by rising da, until it says false; false if it did.
 * MMU's lock held. A group at a time, for those who must not hold it for long. */
bool shadow_for_group(const struct shadow *s, unsigned int group,
                      shadow_visit *visit, void *arg);
void shadow_for_each(const struct shadow *s, shadow_visit *visit, void *arg);

/*
 * States every invariant: those of a group's slots, those of the pool, all. NULL, or
 * the name of one that does not hold. MMU's lock held.
 */
const char *shadow_audit_group(const struct shadow *s, unsigned int group);
const char *shadow_audit_pool(const struct shadow *s);
const char *shadow_audit(const struct shadow *s);

#endif /* OMAP_SHADOW_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
