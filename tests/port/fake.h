/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Those parts of Xen on Arm that xen/pages.c uses, for its tests: one domain, its
 * p2m, the machine's pages. What Xen does not allow fails the test: a look-up
 * without the p2m's lock, a lock taken twice or out of order, a reference put that
 * nobody had.
 *
 * fake/ has the headers that xen/pages.c includes.
 */
#ifndef TESTS_PORT_FAKE_H
#define TESTS_PORT_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "port.h"

/* 7 GiB: a machine address need not fit 32 bits. */
#define MACHINE_PAGES (7ul << 18)

struct fake {
    struct omap_mmu mmu; /* of domain */
    struct domain domain;
    struct domain other;
    struct page_info *pages; /* MACHINE_PAGES of them */

    unsigned int references; /* on all pages */
    unsigned int look_ups;   /* of p2m entries */
    unsigned int resolves;   /* calls to make an entry valid */
    void (*interfere)(void); /* another CPU, after each such call */

    uint8_t view[PAGE_SIZE]; /* the mapped page by the cache: stale */
    unsigned long mapped;    /* its frame; 0: none is mapped */

    bool no_memory, no_vmap;     /* these fail */
    struct page_info *allocated; /* from the heap; its order */
    unsigned int order;
    uint8_t *vmapped;   /* its mapping, and ... */
    uint8_t *by_walker; /* ... what of it a walker that does not snoop reads */

    bool rate_limited;
    char said[256];       /* the last message */
    unsigned int injects; /* interrupts, and the last one's number */
    unsigned int virq;
};

extern struct fake fake;

/* Anew: nothing is mapped, no page has an owner. */
void fake_start(void);
/* All locks are free, and nothing is left over. */
void fake_end(void);
void fake_assert_unlocked(void);

/* 1 << order pages of the guest, at gfn a multiple of that. */
void fake_map(unsigned long gfn, unsigned int order, unsigned long mfn,
              p2m_type_t t, p2m_access_t a);
/* The same as RAM of the domain's own that it may write. */
void fake_ram(unsigned long gfn, unsigned int order, unsigned long mfn);
void fake_own(const struct domain *owner, unsigned long mfn,
              unsigned long pages);

/* As set/way emulation does; and as it is after accesses all over the place. */
void fake_invalidate_root(void);
void fake_invalidate_all(void);
/* Only the entry of gfn. */
void fake_invalidate(unsigned long gfn);

/* What the guest wrote there through an uncached mapping. */
uint8_t fake_byte(unsigned long mfn, unsigned int offset);

#endif /* TESTS_PORT_FAKE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
