/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's memory and the guest's map of it (p2m).
 *
 * Machine pages have an owner, references and, when freed, poison. Guest pages
 * are in pieces of grain pages, each aligned to its size, at random machine
 * addresses.
 */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include "rng.h"
#include "types.h"

#define PAGE_SIZE 4096u

/* RAM; RAM on both sides of 4 GiB; devices, which hold no data. */
#define MEM_RAM_BASE   0x80000000ull
#define MEM_RAM_PAGES  0x10000u
#define MEM_EDGE_BASE  0xff000000ull
#define MEM_EDGE_PAGES 0x2000u
#define MEM_MMIO_BASE  0x48000000ull
#define MEM_MMIO_PAGES 0x1000u
#define MEM_LOW_BASE   0x00000000ull /* devices at address 0 */
#define MEM_LOW_PAGES  0x40u
#define MEM_4GIB       0x100000000ull

#define MEM_PAGES \
    (MEM_RAM_PAGES + MEM_EDGE_PAGES + MEM_MMIO_PAGES + MEM_LOW_PAGES)

/* Words of a freed page: at both levels of a table they map something. */
#define MEM_POISON_BYTE 0xd2

struct mem_page {
    bool used;   /* the guest's, or on loan to it */
    bool mapped; /* the p2m's own hold */
    bool device; /* given as device memory: no references */
    bool poisoned;
    bool written;  /* not all zero any more */
    uint32_t refs; /* further references */
};

enum p2m_kind {
    P2M_NONE,
    P2M_RAM,
    P2M_FOREIGN, /* another domain's: no device's, and no place for tables */
    P2M_MMIO,
};

struct p2m_entry {
    uint32_t mfn;
    uint8_t kind;
};

#define P2M_PAGES (1u << 20) /* IPAs below 4 GiB */

struct memory {
    struct rng rng;
    struct mem_page page[MEM_PAGES];
    struct p2m_entry *p2m;
    uint8_t *data; /* of all pages but devices */
    uint64_t refs; /* sum over all pages */
};

/* Zeroed bytes, for munmap(): cheap as long as they are not touched, also to give back. */
void *memory_space(size_t bytes);

void memory_init(struct memory *mem, uint64_t seed);
void memory_fini(struct memory *mem);

/* The page at maddr, and its number in page[]; NULL, -1 if there is none. */
struct mem_page *memory_page(struct memory *mem, uint64_t maddr);
int memory_index(uint64_t maddr);

/*
 * The word at an IPA or a machine address; NULL if that is not RAM of the
 * guest's own.
 */
uint32_t *memory_ipa_word(const struct memory *mem, uint32_t ipa);
uint32_t *memory_word(const struct memory *mem, uint64_t maddr);

static inline struct p2m_entry memory_p2m(const struct memory *mem,
                                          uint32_t ipa)
{
    return mem->p2m[ipa / PAGE_SIZE];
}

/*
 * What a device of the guest may reach through an IPA; false: nothing. Never at
 * or above 4 GiB.
 */
bool memory_device_maddr(const struct memory *mem, uint32_t ipa,
                         uint64_t *maddr);

/* grain unused machine pages, aligned to their size, below 4 GiB; 0: none. */
uint64_t memory_find(struct memory *mem, unsigned int grain);

/* One entry of the p2m. The page at maddr is taken, its content zeroed. */
void memory_map(struct memory *mem, uint32_t ipa, uint64_t maddr,
                enum p2m_kind kind);

/* Removes an entry; the page is still the guest's. Returns its address. */
uint64_t memory_unmap(struct memory *mem, uint32_t ipa);

/* Gives up the p2m's hold, or one reference: false if there was none. */
bool memory_drop(struct memory *mem, uint64_t maddr);
bool memory_put(struct memory *mem, uint64_t maddr);
void memory_get(struct memory *mem, uint64_t maddr);

#endif /* SIM_MEMORY_H */
