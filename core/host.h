/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core needs from the hypervisor.
 *
 * One struct host stands for one MMU. A port embeds it in its own structure.
 * Contexts and locks: docs/locking.md.
 */
#ifndef OMAP_HOST_H
#define OMAP_HOST_H

#include "denial.h"
#include "types.h"

struct host;

/* What a guest page is to the host. */
enum host_kind {
    HOST_DENIED = 0, /* the guest does not own it as the device needs it */
    HOST_RAM = 1,    /* writable RAM: a reference is held */
    HOST_MMIO = 2,   /* device memory given to the guest: no reference */
};

/*
 * An answer: machine address and kind. If denied: bit 63, and the reason in
 * bits 62:56.
 */
struct host_page {
    uint64_t v;
};

static inline struct host_page host_page(enum host_kind kind, maddr_t maddr)
{
    return (struct host_page){ maddr.v | kind };
}

static inline struct host_page host_denied(enum denial why)
{
    return (struct host_page){ (0x80ULL | why) << 56 };
}

static inline enum host_kind host_kind(struct host_page page)
{
    return (enum host_kind)(page.v & 3);
}

/* Page aligned. Undefined for HOST_DENIED. */
static inline maddr_t host_maddr(struct host_page page)
{
    return _maddr(page.v & ~(uint64_t)0xfff);
}

static inline enum denial host_why(struct host_page page)
{
    return (enum denial)(page.v >> 56 & 0x7f);
}

struct host_ops {
    /* The MMU's lock. Not recursive; taken with interrupts enabled. */
    void (*lock)(struct host *host);
    void (*unlock)(struct host *host);

    /*
     * Copies len bytes at ipa, within one 4 KiB page: what the guest wrote
     * last, through a cached or an uncached mapping. Returns false if that is
     * not readable RAM of the guest. Called without the MMU's lock.
     */
    bool (*read_guest)(struct host *host, ipa_t ipa, void *buf, size_t len);

    /*
     * view: n view words (view.h), n >= 1. For each word that maps a page,
     * page[i] becomes the host's answer; the others stay as they are. Takes a
     * reference on each RAM page, within the look-up. Returns for how many
     * words, from the first on, it is done: fewer than n (0 included) if the
     * rest would take too long. A later call gets further. Called without the
     * MMU's lock.
     */
    unsigned int (*get_pages)(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page);

    /*
     * The same for a block of pages (a power of two) from ipa on. *first: the
     * answer for its first page. Returns false and takes no reference unless
     * the block is one piece of machine memory of one kind, aligned to its
     * size, or if finding out would take too long.
     */
    bool (*get_block)(struct host *host, ipa_t ipa, unsigned int pages,
                      struct host_page *first);

    /*
     * Gives back the references on pages RAM pages from maddr on. Called with
     * or without the MMU's lock; the p2m lock may be held.
     */
    void (*put_pages)(struct host *host, maddr_t maddr, unsigned int pages);

    /* Makes len bytes at p visible to the table walker, before it returns. */
    void (*clean)(struct host *host, const void *p, size_t len);

    /*
     * The physical MMU's registers. A write is ordered after clean() and after
     * all earlier stores to memory.
     */
    uint32_t (*reg_read)(struct host *host, unsigned int offset);
    void (*reg_write)(struct host *host, unsigned int offset, uint32_t value);

    /* The guest's interrupt line of this MMU; level triggered. */
    void (*set_irq)(struct host *host, bool level);

    /*
     * Schedules vmmu_fault(), or a GPU's vbif_work(), in its own context. MMU's
     * lock held.
     */
    void (*defer)(struct host *host);

    /*
     * Writes a message to the host's log; the host adds the MMU's name. Returns
     * false if it was dropped by the rate limit.
     */
    bool (*log)(struct host *host, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
};

struct host {
    const struct host_ops *ops;
};

#endif /* OMAP_HOST_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
