/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core asks of the hypervisor it lives in.
 *
 * One struct host stands for one MMU; a port embeds it in its own structure.
 * Contexts and locks: docs/locking.md.
 */
#ifndef OMAP_HOST_H
#define OMAP_HOST_H

#include "denial.h"
#include "types.h"

struct host;

/* What the host has of a guest page. */
enum host_kind {
    HOST_DENIED = 0, /* the guest does not own it as the device needs it */
    HOST_RAM = 1,    /* writable RAM: a reference is held */
    HOST_MMIO = 2,   /* device memory given to the guest: no reference */
};

/*
 * Bits of an answer: machine address and kind. If denied: bit 63, and the
 * reason in bits 62:56.
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

/* Page aligned. Not for an answer that is HOST_DENIED. */
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
     * last, be it through a cached or an uncached mapping. False: not readable
     * RAM of the guest. Called without the MMU's lock.
     */
    bool (*read_guest)(struct host *host, ipa_t ipa, void *buf, size_t len);

    /*
     * view: n view words (view.h), at least one. For each word that maps a
     * page, page[i] becomes the host's answer; the others are left as they are.
     * Takes a reference on each RAM page, within the look-up. Returns for how
     * many words, from the first on, it is done: fewer than n, 0 included, if
     * more would take too long at once; asked again later it gets further.
     * Called without the MMU's lock.
     */
    unsigned int (*get_pages)(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page);

    /*
     * The same for a block of pages (a power of two) from ipa on, whose machine
     * memory is one piece of one kind, aligned to its size: its first page.
     * Returns false and takes no reference if it is not one, or if it would
     * take too long to find out.
     */
    bool (*get_block)(struct host *host, ipa_t ipa, unsigned int pages,
                      struct host_page *first);

    /*
     * Gives back the references on pages RAM pages from maddr on. With the
     * MMU's lock or without; the p2m's may be held, too.
     */
    void (*put_pages)(struct host *host, maddr_t maddr, unsigned int pages);

    /* Makes len bytes at p visible to the walker, before it returns. */
    void (*clean)(struct host *host, const void *p, size_t len);

    /*
     * The physical MMU's registers; a write is ordered after clean(), and after
     * all that was stored to memory before it.
     */
    uint32_t (*reg_read)(struct host *host, unsigned int offset);
    void (*reg_write)(struct host *host, unsigned int offset, uint32_t value);

    /* The guest's interrupt line of this MMU; level triggered. */
    void (*set_irq)(struct host *host, bool level);

    /* Asks for vmmu_fault() soon, from its own context; the MMU's lock held. */
    void (*defer)(struct host *host);

    /*
     * A message for the host's log, naming the MMU. False: not written, since
     * the log has had too many for a while.
     */
    bool (*say)(struct host *host, const char *fmt, ...)
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
