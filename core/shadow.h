/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The slots: the first level that the hardware walks, and what each slot holds.
 *
 *   slot        holds               its word       it becomes
 *   empty       nothing             maps nothing   filled, by a fill
 *   shown       a leaf or a table   leads there    hidden, or taken out by a fill
 *   hidden      a leaf or a table   maps nothing   shown, after a fill compared it
 *                                                  with the guest's view
 *   condemned   a leaf or a table   maps nothing   empty, when its references are
 *                                                  given back; never shown again
 *
 * Parked means that the hardware walks an empty first level instead: all slots
 * are hidden at once. A fill changes one slot (or the group of a supersection):
 *
 *      begin: hide, take out  ->  prepare: translate  ->  commit: put, show
 *
 * begin and commit hold the MMU's lock. prepare needs the p2m and does not hold
 * it (lock order: p2m, then the MMU). Until commit the fill owns what it took out
 * and a table to use; the slot is empty meanwhile.
 *
 * References are given back only after the word that led to the page was
 * unlinked and the hardware flushed: until then the device may still reach it.
 *
 * Memory: the first level, struct shadow, and for each table of the pool a
 * second level and a struct table. Nothing else, ever.
 */
#ifndef OMAP_SHADOW_H
#define OMAP_SHADOW_H

#include "counters.h"
#include "guest_view.h"
#include "table.h"

/* Second-level tables of a pool; one of them is kept free for the next fill. */
#define SHADOW_MIN_TABLES 2u
#define SHADOW_MAX_TABLES PT_SLOTS

/* Groups of slots: the most that one leaf covers. */
#define SHADOW_GROUPS (PT_SLOTS / PT_GROUP)

/*
 * Slots that the guest's largest page covers: a first-level leaf or a TLB
 * entry, whatever the shadow made of it.
 */
#define SHADOW_ENTRY_SLOTS (1u << CAM_MAX_SHIFT >> PT_SLOT_SHIFT)
#define SHADOW_HIDE_SLOTS \
    (PT_GROUP > SHADOW_ENTRY_SLOTS ? PT_GROUP : SHADOW_ENTRY_SLOTS)

#define NO_TABLE UINT16_MAX

/*
 * content_agrees() compares kinds: a leaf agrees with a view that allows a
 * larger one. shadow_init() takes zeroed memory for empty slots and words that
 * map nothing.
 */
_Static_assert(PT_TABLE < PT_SECTION && PT_SECTION < PT_SUPERSECTION,
               "a larger leaf is of a greater kind");
_Static_assert(PT_FAULT == 0 && PT_FAULT_WORD == 0, "zeros map nothing");

/* What a slot holds. */
struct shadow_slot {
    uint8_t kind;        /* enum pt_kind; PT_FAULT: nothing */
    bool held : 1;       /* leaf: references held */
    bool condemned : 1;  /* never shown again: it only holds references */
    uint16_t table;      /* PT_TABLE: number in the pool */
    uint32_t ipa, maddr; /* leaf: of its first page, in all slots of a group */
};

/* The slots that are shown and dropped together with a slot of this kind. */
static inline unsigned int span_first(uint8_t kind, unsigned int slot)
{
    return kind == PT_SUPERSECTION ? slot - slot % PT_GROUP : slot;
}

static inline unsigned int span_slots(uint8_t kind)
{
    return kind == PT_SUPERSECTION ? PT_GROUP : 1;
}

struct shadow_counters {
#define COUNTER(name) uint64_t name;
    SHADOW_COUNTERS(COUNTER)
#undef COUNTER
};

/* A table of the pool. */
struct pool_table {
    struct table table;
    uint16_t slot; /* that uses it, if any */
    uint16_t next_free;
};

/* What the port allocates: all of it zeroed before shadow_init(). */
struct shadow_memory {
    uint32_t *root; /* PT_ROOT_BYTES, aligned to that */
    maddr_t root_maddr;
    uint32_t *tables;        /* nr_tables * PT_TABLE_BYTES, aligned to one */
    maddr_t tables_maddr;    /* both: machine-contiguous, below 4 GiB */
    struct pool_table *pool; /* nr_tables of them */
    unsigned int nr_tables;
    maddr_t empty_maddr; /* a first level of PT_FAULT_WORDs, never written */
};

/*
 * A fill; one at a time. The MMU's lock protects under_way, changed and
 * flushes. The fill alone uses the rest from begin to commit; it stays
 * unchanged until the next fill.
 */
struct shadow_fill {
    bool under_way;
    struct mibs changed; /* of IPA, meanwhile */
    uint32_t flushes;    /* shadow's flushes, when the fill began */

    struct guest_source source;
    struct guest_view view;
    unsigned int slot, page;    /* of the access */
    struct shadow_slot content; /* taken out */
    uint16_t table;             /* to use */
    bool verified;              /* content agrees with the view */
    bool fresh;                 /* content was translated anew */
    bool again;                 /* the host was not done */
    /*
     * The host's answers for the pages of this fill that were asked for; the
     * other entries are of earlier fills.
     */
    struct host_page got[PT_PAGES];
};

struct shadow {
    struct host *host;
    struct shadow_memory mem;
    struct shadow_slot slot[PT_SLOTS];
    bool parked;         /* hardware walks empty_maddr */
    bool has_condemned;  /* some slots are condemned */
    uint32_t flushes;    /* times the guest was told that nothing is cached */
    uint16_t free_table; /* head of the list */
    uint16_t evict_next; /* table to evict next */
    unsigned int release_next; /* next slot of shadow_release() */
    unsigned int scans_left;   /* scans by p2m changes, until shadow_renew() */
    unsigned int pages_left;   /* pages p2m changes may give back, likewise */
    uint32_t linked[BIT_WORDS(SHADOW_GROUPS)]; /* groups with a word set */
    /* Groups that may have a slot which is filled and not condemned. */
    uint32_t alive[BIT_WORDS(SHADOW_GROUPS)];
    struct ipa_filter ipas; /* set unless condemned */
    struct shadow_counters count;
    struct shadow_fill fill;
};

enum shadow_commit {
    SHADOW_SHOWN,    /* the page of the access is translated */
    SHADOW_DENIED,   /* the slot is shown, but the host denied that page */
    SHADOW_UNMAPPED, /* the guest does not map it; its slot is hidden */
    SHADOW_STALE,    /* overtaken, or the host was not done: not shown */
};

/* Parked from the start. The hardware is not touched. */
void shadow_init(struct shadow *s, struct host *host,
                 const struct shadow_memory *mem);

/*
 * The guest concludes that nothing, or nothing near da, is cached: they make
 * that true. Constant time; no page is given back. MMU's lock held.
 */
void shadow_park(struct shadow *s);
void shadow_hide(struct shadow *s, da_t da);

/* The first level that the hardware is to walk. MMU's lock held. */
maddr_t shadow_root(const struct shadow *s);

/*
 * Starts to fill the slot of da. MMU's lock held. Before the caller unlocks, it
 * writes the state of the guest's MMU to the returned structure.
 */
struct guest_source *shadow_begin(struct shadow *s, da_t da)
    __attribute__((warn_unused_result));

/*
 * Reads the guest's view of the slot. If that maps the page of the access,
 * makes the content agree with the view: with the largest leaves that machine
 * memory allows, keeping what agrees already. Pages that the host denies become
 * holes. Without the MMU's lock.
 */
void shadow_prepare(struct shadow *s);

/* Ends the fill. MMU's lock held. May evict another slot. */
enum shadow_commit shadow_commit(struct shadow *s);

/*
 * Gives back everything, in steps of budget pages; a step may exceed that by
 * one supersection (4,096 pages). Returns true when done. The hardware must not
 * walk the shadow any more. MMU's lock held.
 */
bool shadow_release(struct shadow *s, unsigned int budget);

/* For map_change.c and shadow_audit.c. MMU's lock held. */

/* The table of a content of kind PT_TABLE. */
static inline struct table *shadow_table(const struct shadow *s,
                                         const struct shadow_slot *content)
{
    return &s->mem.pool[content->table].table;
}

/* The first-level word that leads to a content. */
uint32_t shadow_word(const struct shadow *s, const struct shadow_slot *content);

/* The MiBs in which a leaf's IPAs lie. */
static inline struct mibs shadow_leaf_mibs(const struct shadow_slot *leaf)
{
    unsigned int first = ipa_mib(_ipa(leaf->ipa));
    unsigned int mibs =
        span_slots(leaf->kind) * (unsigned int)(PT_SLOT_BYTES >> IPA_MIB_SHIFT);

    return (struct mibs){ first, first + mibs };
}

/* Returns whether a content translates IPAs of these MiBs. */
static inline bool shadow_uses(const struct shadow *s,
                               const struct shadow_slot *content,
                               struct mibs mibs)
{
    if ( content->kind == PT_TABLE )
        return table_uses(shadow_table(s, content), mibs);

    return content->kind != PT_FAULT &&
           mibs_overlap(shadow_leaf_mibs(content), mibs);
}

/*
 * Drops what a slot holds, and with a supersection the whole group. Returns the
 * most references it may have given back.
 */
unsigned int shadow_drop(struct shadow *s, unsigned int slot);

#endif /* OMAP_SHADOW_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
