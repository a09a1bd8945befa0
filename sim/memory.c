/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "memory.h"

static const struct {
    uint64_t base;
    unsigned int pages;
} regions[] = {
    { MEM_RAM_BASE, MEM_RAM_PAGES },
    { MEM_EDGE_BASE, MEM_EDGE_PAGES },
    { MEM_MMIO_BASE, MEM_MMIO_PAGES },
    { MEM_LOW_BASE, MEM_LOW_PAGES },
};

#define NR_REGIONS (sizeof(regions) / sizeof(regions[0]))
#define DATA_BYTES ((size_t)(MEM_RAM_PAGES + MEM_EDGE_PAGES) * PAGE_SIZE)
#define P2M_BYTES  (P2M_PAGES * sizeof(struct p2m_entry))

void *memory_space(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if ( p == MAP_FAILED )
        abort();

    return p;
}

void memory_init(struct memory *mem, uint64_t seed)
{
    memset(mem, 0, sizeof(*mem));
    mem->rng.state = seed;
    mem->p2m = memory_space(P2M_BYTES);
    mem->data = memory_space(DATA_BYTES);
}

void memory_fini(struct memory *mem)
{
    munmap(mem->p2m, P2M_BYTES);
    munmap(mem->data, DATA_BYTES);
}

int memory_index(uint64_t maddr)
{
    unsigned int i, first = 0;

    for ( i = 0; i < NR_REGIONS; first += regions[i++].pages )
        if ( maddr >= regions[i].base &&
             (maddr - regions[i].base) / PAGE_SIZE < regions[i].pages )
            return (int)(first + (maddr - regions[i].base) / PAGE_SIZE);

    return -1;
}

struct mem_page *memory_page(struct memory *mem, uint64_t maddr)
{
    int index = memory_index(maddr);

    return index < 0 ? NULL : &mem->page[index];
}

static uint8_t *page_data(const struct memory *mem, uint64_t maddr)
{
    int index = memory_index(maddr);

    if ( index < 0 || (size_t)index * PAGE_SIZE >= DATA_BYTES )
        return NULL;

    return mem->data + (size_t)index * PAGE_SIZE;
}

uint32_t *memory_word(const struct memory *mem, uint64_t maddr)
{
    uint8_t *data = page_data(mem, maddr);

    return data ? (uint32_t *)(data + maddr % PAGE_SIZE) : NULL;
}

uint32_t *memory_ipa_word(const struct memory *mem, uint32_t ipa)
{
    struct p2m_entry entry = memory_p2m(mem, ipa);

    if ( entry.kind != P2M_RAM )
        return NULL;

    return memory_word(mem, (uint64_t)entry.mfn * PAGE_SIZE + ipa % PAGE_SIZE);
}

bool memory_device_maddr(const struct memory *mem, uint32_t ipa,
                         uint64_t *maddr)
{
    struct p2m_entry entry = memory_p2m(mem, ipa);

    *maddr = (uint64_t)entry.mfn * PAGE_SIZE + ipa % PAGE_SIZE;

    return (entry.kind == P2M_RAM || entry.kind == P2M_MMIO) &&
           *maddr < MEM_4GIB;
}

/* The same where there must be one. */
static struct mem_page *page_at(struct memory *mem, uint64_t maddr)
{
    struct mem_page *page = memory_page(mem, maddr);

    if ( !page )
        abort();

    return page;
}

static bool all_free(struct memory *mem, uint64_t maddr, unsigned int pages)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        if ( page_at(mem, maddr + (uint64_t)i * PAGE_SIZE)->used )
            return false;

    return true;
}

uint64_t memory_find(struct memory *mem, unsigned int grain)
{
    unsigned int places = MEM_RAM_PAGES / grain;
    unsigned int from = rng_below(&mem->rng, places), i;

    for ( i = 0; i < places; i++ )
    {
        uint64_t maddr =
            MEM_RAM_BASE + (uint64_t)((from + i) % places) * grain * PAGE_SIZE;

        if ( all_free(mem, maddr, grain) )
            return maddr;
    }

    return 0;
}

void memory_map(struct memory *mem, uint32_t ipa, uint64_t maddr,
                enum p2m_kind kind)
{
    struct mem_page *page = page_at(mem, maddr);
    uint8_t *data = page_data(mem, maddr);

    if ( data && page->poisoned )
        memset(data, 0, PAGE_SIZE);
    page->poisoned = page->written = false;
    page->used = page->mapped = true;
    page->device = kind == P2M_MMIO;
    mem->p2m[ipa / PAGE_SIZE] = (struct p2m_entry){
        .mfn = maddr / PAGE_SIZE,
        .kind = kind,
    };
}

uint64_t memory_unmap(struct memory *mem, uint32_t ipa)
{
    struct p2m_entry *entry = &mem->p2m[ipa / PAGE_SIZE];
    uint64_t maddr = (uint64_t)entry->mfn * PAGE_SIZE;

    entry->kind = P2M_NONE;

    return maddr;
}

static void free_if_unheld(struct memory *mem, uint64_t maddr)
{
    struct mem_page *page = page_at(mem, maddr);
    uint8_t *data = page_data(mem, maddr);

    if ( page->mapped || page->refs )
        return;

    page->used = false;
    if ( data )
        memset(data, MEM_POISON_BYTE, PAGE_SIZE);
    page->poisoned = data;
}

bool memory_drop(struct memory *mem, uint64_t maddr)
{
    struct mem_page *page = page_at(mem, maddr);

    if ( !page->mapped )
        return false;

    page->mapped = false;
    free_if_unheld(mem, maddr);

    return true;
}

void memory_get(struct memory *mem, uint64_t maddr)
{
    page_at(mem, maddr)->refs++;
    mem->refs++;
}

bool memory_put(struct memory *mem, uint64_t maddr)
{
    struct mem_page *page = memory_page(mem, maddr);

    if ( !page || !page->refs )
        return false;

    page->refs--;
    mem->refs--;
    free_if_unheld(mem, maddr);

    return true;
}
