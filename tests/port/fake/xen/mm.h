/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_MM_H
#define FAKE_XEN_MM_H

#include <xen/lib.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1L << PAGE_SHIFT)
#define PAGE_MASK  (~(PAGE_SIZE - 1))

/* As on 32-bit Arm. */
#define PADDR_BITS 40

typedef uint64_t paddr_t;

/* Frames of the machine and of the guest: as in Xen they do not mix. 32 bits, as an
 * unsigned long has on the machines that this is for. */
#define FRAME(name) \
    typedef struct { \
        uint32_t v; \
    } name##_t; \
    static inline name##_t _##name(unsigned long v) \
    { \
        return (name##_t){ v }; \
    } \
    static inline uint32_t name##_x(name##_t frame) \
    { \
        return frame.v; \
    } \
    static inline name##_t name##_add(name##_t frame, unsigned long n) \
    { \
        return _##name(frame.v + n); \
    }

FRAME(mfn)
FRAME(gfn)

#define INVALID_MFN _mfn(~0UL)

static inline paddr_t mfn_to_maddr(mfn_t mfn)
{
    return (paddr_t)mfn.v << PAGE_SHIFT;
}

static inline mfn_t maddr_to_mfn(paddr_t maddr)
{
    return _mfn(maddr >> PAGE_SHIFT);
}

static inline bool mfn_eq(mfn_t a, mfn_t b)
{
    return a.v == b.v;
}

static inline paddr_t pfn_to_paddr(unsigned long pfn)
{
    return (paddr_t)pfn << PAGE_SHIFT;
}

/* 32 bits, as there: what lies above is lost. */
static inline unsigned long paddr_to_pfn(paddr_t paddr)
{
    return (uint32_t)(paddr >> PAGE_SHIFT);
}

static inline gfn_t gaddr_to_gfn(paddr_t gaddr)
{
    return _gfn(paddr_to_pfn(gaddr));
}

struct domain;

struct page_info {
    const struct domain *owner;
    unsigned int references; /* beside the owner's */
    bool going_away;         /* no reference is to be had any more */
    bool xen_heap;
};

bool mfn_valid(mfn_t mfn);
bool is_xen_heap_mfn(mfn_t mfn);
struct page_info *mfn_to_page(mfn_t mfn);
mfn_t page_to_mfn(const struct page_info *page);
bool get_page(struct page_info *page, const struct domain *d);
void put_page(struct page_info *page);

static inline paddr_t page_to_maddr(const struct page_info *page)
{
    return mfn_to_maddr(page_to_mfn(page));
}

static inline struct page_info *maddr_to_page(paddr_t maddr)
{
    return mfn_to_page(maddr_to_mfn(maddr));
}

#define MEMF_bits(n) ((n) << 8)
unsigned int get_order_from_bytes(paddr_t size);
struct page_info *alloc_domheap_pages(struct domain *d, unsigned int order,
                                      unsigned int memflags);
void free_domheap_pages(struct page_info *page, unsigned int order);

void __iomem *ioremap_nocache(paddr_t start, size_t len);

int clean_dcache_va_range(const void *p, unsigned long bytes);
int clean_and_invalidate_dcache_va_range(const void *p, unsigned long bytes);

#endif /* FAKE_XEN_MM_H */
