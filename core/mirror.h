/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Directories and tables of a guest whose MMU cannot wait for a fill: all that
 * they map is translated beforehand, in a pass.
 *
 *   directory   one of the guest's that was bound. Its shadow is a root.
 *   table       the shadow of one of the guest's tables. It is known by the
 *               guest's page and the size of its pages, since one page of the
 *               guest's can stand in several directories.
 *   pass        all bound directories, then all tables that they lead to, are
 *               compared with the guest's, and made to agree. A guest that
 *               writes meanwhile is served by the next pass.
 *
 * The hardware may walk all of it at any time. So a table is translated beside
 * its old words, without the MMU's lock; under the lock the new words take the
 * place of the old ones, the BIF is quiesced if a word was taken away, and only
 * then references go back. Lock order: p2m, then the MMU.
 *
 * A cache may forget; this may not, since nothing fills it again. A directory
 * or table that the pool has no room for stays a hole, and is counted.
 *
 * Memory: for each directory of the pool 10 KiB and for each table 8.2 KiB, one
 * table more to translate into, 512 KiB to find a table by its page, and 1 MiB to
 * count how often each page of the guest's is mapped: then the p2m may change for
 * all others at no cost.
 */
#ifndef OMAP_MIRROR_H
#define OMAP_MIRROR_H

#include "host.h"

#define MIRROR_MAX_DIRS   64u
#define MIRROR_MAX_TABLES 4096u

/*
 * What all p2m changes may cost until a renewal, in words looked at: a table's
 * of 1,024, one for each table of the pool when a page is mapped, so many for
 * each word that is taken away, and for a quiescing.
 */
#define MIRROR_CHANGE_WORDS   (96u * 1024)
#define MIRROR_WORD_GONE      32u
#define MIRROR_WORDS_QUIESCED 512u

/* Only addresses below 4 GiB are in tables. */
#define MIRROR_IPA_PAGES (1u << 20)

struct mirror;

struct mirror_counters {
    uint64_t passes;     /* completed */
    uint64_t compared;   /* directories and tables */
    uint64_t changed;    /* steps that did more than compare */
    uint64_t translated; /* tables, in part or whole */
    uint64_t overtaken;  /* translations that a p2m change made void */
    uint64_t removed;    /* ... of them such that a word was taken away; words
                          * that a p2m change took away */
    uint64_t parks;
    uint64_t full;   /* a directory or table that found no room */
    uint64_t denied; /* pages that the host refused, in each pass anew */
};

/* What the port allocates: all of it zeroed, before mirror_init(). */
struct mirror_memory {
    uint32_t *dirs; /* nr_dirs pages, what the hardware walks */
    maddr_t dirs_maddr;
    uint32_t *tables;     /* nr_tables pages */
    maddr_t tables_maddr; /* both: machine-contiguous, below 4 GiB */
    unsigned int nr_dirs, nr_tables;
    void *records; /* mirror_record_bytes(), aligned to 8 */
};

/* Takes away what the hardware may still have cached, and what is under way. */
struct mirror_hw {
    /*
     * No access uses a word that is no longer in memory, once this returns. If
     * hardware does not follow it is held in reset. The MMU's lock is held.
     */
    void (*quiesce)(void *ctx);
    void *ctx;
};

/* Bytes of records for a pool of that size; both at least 1. */
size_t mirror_record_bytes(unsigned int nr_dirs, unsigned int nr_tables);

/* Nothing is bound. Returns what the other functions take. */
struct mirror *mirror_init(const struct mirror_memory *mem, struct host *host,
                           const struct mirror_hw *hw);

/*
 * The guest's directory at dir (page aligned, below 4 GiB) is one more time in
 * use: bound, if it was not yet. Returns its number, or -1 if the pool has no
 * room. A new one maps nothing before the next pass. Constant time, but for
 * nr_dirs. MMU's lock held.
 */
int mirror_bind(struct mirror *m, ipa_t dir);

/*
 * One use less of each of n directories that mirror_bind() returned; -1 is none.
 * With the last use a directory maps nothing any more, at once, and its number is
 * free. The BIF is quiesced once at most. True: such a one was among them, and a
 * pass is wanted. MMU's lock held.
 */
bool mirror_unbind(struct mirror *m, const int *dirs, unsigned int n);

/* The number of the guest's directory at dir, or -1. MMU's lock held. */
int mirror_find(const struct mirror *m, ipa_t dir);

/* What the hardware walks for a bound directory, and the guest's own address. */
maddr_t mirror_root(const struct mirror *m, unsigned int dir);
ipa_t mirror_ipa(const struct mirror *m, unsigned int dir);

/* The bound directory whose root that is, or -1. MMU's lock held. */
int mirror_of_root(const struct mirror *m, maddr_t root);

/*
 * A pass that begins from now on is wanted. If one is under way another follows.
 * MMU's lock held.
 */
void mirror_request(struct mirror *m);

enum mirror_step {
    MIRROR_IDLE,  /* no pass is wanted */
    MIRROR_BEGUN, /* a pass began with this step */
    MIRROR_MORE,  /* the pass is not complete */
    MIRROR_DONE,  /* it is, with this step */
};

/*
 * The next step of a pass: one directory or table compared; of a table, if it
 * differs, up to 1,024 pages asked for; up to 1,024 references given back. Or
 * some that are not in use are passed by. The first step of a pass does nothing
 * but begin it. Without the MMU's lock, which it takes; one call at a time.
 */
enum mirror_step mirror_step(struct mirror *m);

/*
 * The guest's p2m changed for pages pages from ipa: words that lead to them are
 * gone and the BIF was quiesced, once, before this returns, and their references
 * are given back. If MIRROR_CHANGE_WORDS are used up since the renewal, all
 * directories map nothing before it returns, and a pass is wanted; what was not
 * looked at keeps references that the pass gives back. Once all tables are such,
 * further changes look at none. True: a pass is wanted. MMU's lock held; the
 * p2m's may be.
 */
bool mirror_ipa_changed(struct mirror *m, ipa_t ipa, uint64_t pages);

/* p2m changes may cost as much again. By the clock. MMU's lock held. */
void mirror_renew(struct mirror *m);

/*
 * Gives back everything, about budget words a call; true when done. Hardware
 * walks none of it any more; no step is under way. MMU's lock held.
 */
bool mirror_release(struct mirror *m, unsigned int budget);

const struct mirror_counters *mirror_counters(const struct mirror *m);

/* A page that the hardware can reach through a bound directory. */
struct mirror_leaf {
    unsigned int dir;
    da_t da;
    ipa_t ipa;
    maddr_t maddr;
    uint32_t word; /* as the hardware reads it */
    bool held;     /* a reference */
};

/* Calls visit for each; ends early once that returns false. MMU's lock held. */
typedef bool mirror_visit(void *arg, const struct mirror_leaf *leaf);
void mirror_for_each(const struct mirror *m, mirror_visit *visit, void *arg);

/* Where a visit goes on; first of all zeros. */
struct mirror_place {
    unsigned int dir, slot;
};

/*
 * The same for a few tables from a place on, which it takes further, for those
 * who must not hold the lock for long. False: visit did, or there are no more.
 */
bool mirror_for_some(const struct mirror *m, struct mirror_place *place,
                     mirror_visit *visit, void *arg);

/*
 * Checks every invariant; NULL, or which one is broken. For tests and the debug
 * key. MMU's lock held; a step may be under way.
 *
 * Each part, from 0 on, is bounded as a step is, and true by itself: the lock may
 * be let go between two of them.
 */
const char *mirror_audit(const struct mirror *m);
unsigned int mirror_audit_parts(const struct mirror *m);
const char *mirror_audit_part(const struct mirror *m, unsigned int part);

#endif /* OMAP_MIRROR_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
