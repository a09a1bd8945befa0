/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest with a working set that it mapped for its remote processor. */
#ifndef BENCH_GUEST_H
#define BENCH_GUEST_H

#include "bench_host.h"

/* Device addresses of the working set start here; of its memory, at RAM_IPA. */
#define SET_DA 0x60000000u

/* Beyond any working set: two pages to remap to, one never mapped, tables. */
#define SPARE_IPA  (RAM_IPA + 384 * MIB)
#define UNUSED_IPA (RAM_IPA + 448 * MIB)
#define TTB_IPA    (RAM_IPA + 480 * MIB)

enum mapping {
    MAP_SMALL,        /* 4 KiB pages that rise with da */
    MAP_SHUFFLED,     /* 4 KiB pages in no order */
    MAP_SECTION,      /* 1 MiB */
    MAP_SUPERSECTION, /* 16 MiB */
    MAPPINGS,
};

struct guest {
    struct bench_host *host;
    enum mapping mapping;
    unsigned int mib, pages;
    uint32_t *page_ipa; /* what it meant to map: for each page, or 0 */
};

/* Writes the tables for mib MiB, a multiple of 16. */
void guest_init(struct guest *g, struct bench_host *h, enum mapping mapping,
                unsigned int mib);
void guest_free(struct guest *g);

/* Maps a page of a set of 4 KiB pages elsewhere, or not at all (ipa 0). */
void guest_remap(struct guest *g, unsigned int page, uint32_t ipa);

/* Bytes of its tables. */
uint32_t guest_table_bytes(const struct guest *g);

static inline da_t page_da(unsigned int page)
{
    return _da(SET_DA + page * PAGE_BYTES);
}

#endif /* BENCH_GUEST_H */
