/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow directories and tables for an MMU that cannot wait for a fill: a pass
 * translates all that they map beforehand.
 *
 *   directory   a bound directory of the guest. Its shadow is a root.
 *   table       the shadow of a table of the guest. Its key is the guest's page
 *               and the size of its pages: several directories may lead to one
 *               page of the guest.
 *   pass        compares all bound directories, then all tables that they lead
 *               to, with the guest's, and makes them agree. What the guest
 *               writes meanwhile is left to the next pass.
 *
 * The hardware may walk all of it at any time. So a table is translated beside
 * its old words, without the MMU's lock. Under the lock the new words replace the
 * old ones, the BIF is quiesced if a word was removed, and only then references
 * are given back. Lock order: p2m, then the MMU.
 *
 * A cache may forget; this may not, since nothing fills it again. If the pool is
 * full, a directory or table maps nothing, and is counted.
 *
 * Memory: 10 KiB for each directory of the pool and 8.2 KiB for each table, one
 * table more to translate into, 512 KiB to find a table by its page, and 1 MiB to
 * count how often each page of the guest is mapped: a p2m change of a page that
 * is not mapped then costs nothing.
 */
#ifndef OMAP_MIRROR_H
#define OMAP_MIRROR_H

#include "counters.h"
#include "host.h"

#define MIRROR_MAX_DIRS   64u
#define MIRROR_MAX_TABLES 4096u

/*
 * What all p2m changes may cost until a renewal, in words examined: a table
 * costs its 1,024; if a page is mapped, one for each table of the pool; a
 * removed word and a quiescing cost the constants below.
 */
#define MIRROR_CHANGE_WORDS   (96u * 1024)
#define MIRROR_WORD_GONE      32u
#define MIRROR_WORDS_QUIESCED 512u

/* Only addresses below 4 GiB are in tables. */
#define MIRROR_IPA_PAGES (1u << 20)

struct mirror;

struct mirror_counters {
#define COUNTER(name) uint64_t name;
    MIRROR_COUNTERS(COUNTER)
#undef COUNTER
};

/* What the port allocates: all of it zeroed before mirror_init(). */
struct mirror_memory {
    uint32_t *dirs; /* nr_dirs pages, what the hardware walks */
    maddr_t dirs_maddr;
    uint32_t *tables;     /* nr_tables pages */
    maddr_t tables_maddr; /* both: machine-contiguous, below 4 GiB */
    unsigned int nr_dirs, nr_tables;
    void *records; /* mirror_record_bytes(), aligned to 8 */
};

/* Makes the hardware forget what it cached, and waits for what is under way. */
struct mirror_hw {
    /*
     * When this returns, no access uses a word that is no longer in memory.
     * Hardware that does not follow is held in reset. MMU's lock held.
     */
    void (*quiesce)(void *ctx);
    void *ctx;
};

/* Bytes of records for a pool of this size; both at least 1. */
size_t mirror_record_bytes(unsigned int nr_dirs, unsigned int nr_tables);

/* Binds nothing. Returns the object that the other functions take. */
struct mirror *mirror_init(const struct mirror_memory *mem, struct host *host,
                           const struct mirror_hw *hw);

/*
 * Adds a use of the guest's directory at dir (page aligned, below 4 GiB), and
 * binds it with the first one. Returns its number, or -1 if the pool is full. A
 * new one maps nothing before the next pass. Constant time apart from nr_dirs.
 * MMU's lock held.
 */
int mirror_bind(struct mirror *m, ipa_t dir);

/*
 * Removes a use of each of n directories that mirror_bind() returned; -1 is
 * skipped. After its last use a directory maps nothing, at once, and its number
 * is free. The BIF is quiesced at most once. Returns true if some use was the
 * last: a pass is wanted. MMU's lock held.
 */
bool mirror_unbind(struct mirror *m, const int *dirs, unsigned int n);

/* The number of the guest's directory at dir, or -1. MMU's lock held. */
int mirror_find(const struct mirror *m, ipa_t dir);

/*
 * The root that the hardware walks for a bound directory; the guest's address
 * of that directory.
 */
maddr_t mirror_root(const struct mirror *m, unsigned int dir);
ipa_t mirror_ipa(const struct mirror *m, unsigned int dir);

/* The bound directory with this root, or -1. MMU's lock held. */
int mirror_of_root(const struct mirror *m, maddr_t root);

/*
 * Requests a pass that begins from now on. If one is under way another follows.
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
 * The next step of a pass. It compares one directory or table; if a table
 * differs it asks for up to 1,024 pages and gives back up to 1,024 references.
 * Or it skips some that are not in use. The first step only begins the pass.
 * Called without the MMU's lock, which it takes; one call at a time.
 */
enum mirror_step mirror_step(struct mirror *m);

/*
 * The guest's p2m changed for pages pages from ipa. Before this returns, words
 * that lead to them are removed, the BIF is quiesced once, and their references
 * are given back.
 *
 * If MIRROR_CHANGE_WORDS are used up since the renewal, all directories are
 * emptied instead, and a pass is wanted; the tables not examined are stale and
 * keep references until the pass. Once all tables are stale, further changes
 * examine none. Returns whether a pass is wanted. MMU's lock held; the p2m lock
 * may be.
 */
bool mirror_ipa_changed(struct mirror *m, ipa_t ipa, uint64_t pages);

/* Renews the limit for p2m changes. Called by the clock. MMU's lock held. */
void mirror_renew(struct mirror *m);

/*
 * Gives back everything, about budget words a call; returns true when done. The
 * hardware must not walk any of it any more, and no step may be under way.
 * MMU's lock held.
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

/* Calls visit for each leaf, until it returns false. MMU's lock held. */
typedef bool mirror_visit(void *arg, const struct mirror_leaf *leaf);
void mirror_for_each(const struct mirror *m, mirror_visit *visit, void *arg);

/* Where a visit continues; all zeros at first. */
struct mirror_place {
    unsigned int dir, slot;
};

/*
 * The same for a few tables from *place on, which it advances, for callers that
 * must not hold the lock for long. Returns false at the end, or if visit did.
 */
bool mirror_for_some(const struct mirror *m, struct mirror_place *place,
                     mirror_visit *visit, void *arg);

/*
 * Checks every invariant; returns NULL, or the name of one that does not hold.
 * For tests and the debug key. MMU's lock held; a step may be under way.
 *
 * Each part, from 0 on, is as bounded as a step and valid by itself: the lock
 * may be released between two of them.
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
