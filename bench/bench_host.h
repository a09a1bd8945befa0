/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bench's hypervisor and machine: memory, a p2m, page references, the
 * registers of an MMU, and the device behind it.
 *
 * It works as the port does where that costs time: a p2m of three levels that
 * is walked from its root for each entry, locks and references that are atomic.
 * Cleaning the cache and reaching a register cost nothing here, and are counted.
 */
#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include <stdio.h>
#include <stdlib.h>

#include "host.h"
#include "view.h"
#include "omap_pt.h"
#include "omap_regs.h"
#include "sgx_regs.h"

#define MIB        (1u << 20)
#define PAGE_BYTES (1u << PT_PAGE_SHIFT)

/* The guest's memory, and where in the machine it may lie. */
#define RAM_IPA      0x80000000u
#define RAM_BYTES    (512 * MIB)
#define RAM_PAGES    (RAM_BYTES >> PT_PAGE_SHIFT)
#define MACHINE_RAM  0x40000000u
#define MACHINE_FREE 0x01000000u /* the hypervisor's own, from here on */

enum memory {
    MEMORY_CONTIGUOUS, /* 2 MiB entries in the p2m */
    MEMORY_RANDOM,     /* 4 KiB entries, in no order */
    MEMORY_KINDS,
};

/* What costs time elsewhere, by number. */
enum count {
    COUNT_LOOKUPS,   /* walks of the p2m */
    COUNT_CLEANED,   /* bytes cleaned out of the cache */
    COUNT_REGISTERS, /* accesses to the hardware's registers */
    COUNTS,
};

/* What there is to know of a machine page; as large as Xen's on 32 bits. */
struct page {
    uint32_t references;
    uint32_t owner;
    uint32_t other[6];
};

struct bench_host {
    struct host host;
    uint8_t *machine; /* 4 GiB, by machine address */
    struct page *page;
    uint64_t p2m; /* machine address of the first of its tables */
    uint32_t free;
    uint32_t p2m_lock, mmu_lock;
    bool deferred;                /* the core wants vmmu_fault() */
    uint32_t reg[SGX_WINDOW / 4]; /* of an MMU, or of the GPU */
    uint64_t count[COUNTS];
};

#define die(...) (fprintf(stderr, "bench: " __VA_ARGS__), exit(1))

void bench_host_init(struct bench_host *h, enum memory memory);
void bench_host_free(struct bench_host *h);

/* Zeroed machine memory of the hypervisor's, aligned to its size. */
maddr_t machine_alloc(struct bench_host *h, uint32_t bytes);
void *machine_at(const struct bench_host *h, maddr_t maddr);

/*
 * One look-up: the machine address of ipa, and the pages from there to the end
 * of the p2m's entry; or none.
 */
unsigned int p2m_lookup(struct bench_host *h, ipa_t ipa, maddr_t *maddr);

/*
 * The same for one look-up of many, which stays in the last level's table that the one
 * before was in, as xen/p2m_walk.c does. A walk begins zeroed.
 */
struct p2m_walk {
    uint64_t table, covers;
};

unsigned int p2m_walk_lookup(struct bench_host *h, struct p2m_walk *walk,
                             ipa_t ipa, maddr_t *maddr);

/* A lock, as expensive as one that nobody else wants. */
void take(uint32_t *lock);
void give(uint32_t *lock);

/* A reference to a page of the guest's; false: it is not the guest's. */
bool get_page(struct bench_host *h, maddr_t maddr);
void put_page(struct bench_host *h, maddr_t maddr);

/* References held on all pages together. */
uint64_t references(const struct bench_host *h);

/* What hardware makes of da by the tables at root; false: a fault. */
bool device_walk(const struct bench_host *h, maddr_t root, da_t da,
                 maddr_t *maddr);

/* A small generator of numbers, the same ones in each run. */
uint32_t random_below(uint32_t limit);
/* Puts n numbers in random order. */
void shuffle(uint32_t *number, uint32_t n);

#endif /* BENCH_HOST_H */
