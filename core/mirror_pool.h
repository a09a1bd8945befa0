/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records of a mirror, for mirror.c and mirror_audit.c. Protected by the
 * MMU's lock, except what belongs to a step.
 */
#ifndef OMAP_MIRROR_POOL_H
#define OMAP_MIRROR_POOL_H

#include "sgx_pt.h"

#include "mirror.h"
#include "table.h"

#define NO_TABLE UINT16_MAX

/*
 * The bucket is the low bits of the page's number: so it holds at most the
 * tables of 4 pages, in 6 sizes each, whatever the guest chooses.
 */
#define MIRROR_BUCKETS (1u << 18)

/*
 * The counter of a page saturates here, and stays until the page leaves the
 * p2m.
 */
#define MIRROR_OFTEN UINT8_MAX

struct mirror_dir {
    uint32_t *words;
    ipa_t ipa;
    unsigned int users;       /* 0: not bound, and its words map nothing */
    bool blank;               /* its words map nothing, despite its links */
    bool wanting;             /* the pool was full for one of its tables */
    uint32_t guest[PT_SLOTS]; /* the guest's words, when last compared */
    uint16_t table[PT_SLOTS]; /* linked; or NO_TABLE */
};

/*
 *   state      in a bucket   links   its words
 *   free       no            0       map nothing
 *   linked     yes           some    may be walked
 *   unlinked   yes           0       hold references until a step gives them
 *                                    back; unless it is linked again before
 *   stale      yes           any     hold references, and may be wrong: no
 *                                    directory leads to it until a step has
 *                                    emptied it
 */
struct mirror_table {
    struct table *table;
    ipa_t ipa;    /* of the guest's table, ... */
    uint8_t size; /* ... and SGX_PDE_SIZE() of what leads to it */
    bool used, stale;
    uint16_t next; /* in its bucket, or of those that are free */
    uint16_t next_unlinked, previous_unlinked; /* among those without links */
    uint32_t links;                            /* from directories */
};

/*
 * Returns whether the table may map something, so that a p2m change must
 * examine it.
 */
static inline bool mirror_maps(const struct mirror_table *table)
{
    return table->table->mibs.first < table->table->mibs.end;
}

/* Pages of IPA from first up to end. */
struct ipa_pages {
    uint32_t first, end;
};

struct mirror {
    struct host *host;
    struct mirror_memory mem;
    struct mirror_hw hw;
    struct mirror_dir *dir;
    struct mirror_table *table;
    uint16_t bucket[MIRROR_BUCKETS];
    uint16_t free_table, unlinked_table;

    bool wanted; /* a pass */
    bool passing;
    bool removed;        /* words were removed, hardware not yet quiesced */
    unsigned int cursor; /* of the pass: see needs_a_look() */
    unsigned int stale;  /* tables that are */
    unsigned int live;   /* tables that mirror_maps(), and are not stale */
    unsigned int changes_left; /* words that p2m changes may look at */
    unsigned int release_next; /* directories, then tables */

    /*
     * How often each page of IPA is mapped; mapped4: 4 pages at once. ipas:
     * their MiBs.
     */
    union {
        uint8_t mapped[MIRROR_IPA_PAGES];
        uint32_t mapped4[MIRROR_IPA_PAGES / 4];
    };
    struct ipa_filter ipas;

    /*
     * Pages of words that a p2m change removed; given back after it has
     * quiesced.
     */
    uint32_t gone[MIRROR_CHANGE_WORDS / MIRROR_WORD_GONE];
    unsigned int nr_gone;

    struct mirror_counters count;

    bool staging; /* the stage is in use, without the lock */

    /* A step's own, except changed. */
    struct ipa_pages changed; /* by the p2m, while a table is translated */
    uint32_t guest[PT_PAGES]; /* what was read */
    uint32_t view[PT_PAGES];
    struct table_stage stage;
    uint32_t stage_words[PT_PAGES];
};

/* The bucket of a key. */
static inline unsigned int mirror_bucket(ipa_t ipa)
{
    return (unsigned int)(ipa.v >> PT_PAGE_SHIFT) % MIRROR_BUCKETS;
}

/* The directory word that leads to table t. */
static inline uint32_t mirror_word(const struct mirror *m, unsigned int t)
{
    return pt_make(PT_TABLE,
                   (uint32_t)(m->mem.tables_maddr.v + t * PT_TABLE_BYTES));
}

#endif /* OMAP_MIRROR_POOL_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
