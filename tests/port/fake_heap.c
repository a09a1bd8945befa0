/* SPDX-License-Identifier: GPL-2.0-only */
/* Xen's heap, and that of the domains. */
#include <xen/vmap.h>

#include "fake.h"

/* What memory holds that nobody wrote, or a cache that nobody cleaned. */
#define STALE 0xa5

/* Fails by order of the test. */
static bool fails(void)
{
    return fake.no_memory || (fake.fails_at && !--fake.fails_at);
}

/* Xen's */

void *_xmalloc(unsigned long size, unsigned long align)
{
    void *p = fails() ? NULL : malloc(size);

    if ( p )
    {
        memset(p, STALE, size);
        fake.left.allocations++;
    }

    return p;
}

void *_xzalloc(unsigned long size, unsigned long align)
{
    void *p = _xmalloc(size, align);

    return p ? memset(p, 0, size) : NULL;
}

void xfree(void *p)
{
    if ( p )
        fake.left.allocations--;
    free(p);
}

/* Of single pages, of anywhere. */
void *vzalloc(size_t size)
{
    return _xzalloc(size, PAGE_SIZE);
}

void vfree(void *va)
{
    xfree(va);
}

/* The domains'. Blocks outlive a test, since the driver keeps one. */

#define HEAP_MFN    0x400ul
#define BLOCKS      16
#define BLOCK_ORDER 11 /* the largest */

static struct fake_block blocks[BLOCKS];

const struct fake_block *fake_block_at(paddr_t maddr)
{
    unsigned long n = ((maddr >> PAGE_SHIFT) - HEAP_MFN) >> BLOCK_ORDER;

    return maddr >> PAGE_SHIFT >= HEAP_MFN && n < BLOCKS && blocks[n].mfn
               ? &blocks[n]
               : NULL;
}

static struct fake_block *block_of(unsigned long mfn)
{
    struct fake_block *block =
        (struct fake_block *)fake_block_at(mfn_to_maddr(_mfn(mfn)));

    assert_non_null(block);
    assert_int_equal(block->mfn, mfn);

    return block;
}

unsigned int get_order_from_bytes(paddr_t size)
{
    unsigned int order = 0;

    while ( (paddr_t)PAGE_SIZE << order < size )
        order++;

    return order;
}

struct page_info *alloc_domheap_pages(struct domain *d, unsigned int order,
                                      unsigned int memflags)
{
    unsigned int i;

    assert_null(d);
    assert_int_equal(memflags, MEMF_bits(32));
    assert_in_range(order, 0, BLOCK_ORDER);
    if ( fails() )
        return NULL;
    for ( i = 0; i < BLOCKS; i++ )
        if ( !blocks[i].mfn )
        {
            blocks[i] = (struct fake_block){
                .mfn = HEAP_MFN + ((unsigned long)i << BLOCK_ORDER),
                .order = order,
            };
            fake.left.blocks++;
            return mfn_to_page(_mfn(blocks[i].mfn));
        }

    return NULL;
}

void free_domheap_pages(struct page_info *page, unsigned int order)
{
    struct fake_block *block;

    assert_non_null(page);
    block = block_of(mfn_x(page_to_mfn(page)));
    assert_int_equal(order, block->order);
    assert_null(block->mapping);
    block->mfn = 0;
    fake.left.blocks--;
}

void *__vmap(const mfn_t *mfn, unsigned int granularity, unsigned int nr,
             unsigned int align, unsigned int flags, enum vmap_region region)
{
    size_t bytes = (size_t)granularity * nr * PAGE_SIZE;
    struct fake_block *block = block_of(mfn_x(*mfn));

    assert_int_equal(nr, 1);
    assert_int_equal(granularity, 1u << block->order);
    assert_int_equal(align, 1);
    assert_int_equal(flags, PAGE_HYPERVISOR);
    assert_int_equal(region, VMAP_DEFAULT);
    if ( fake.no_vmap || fails() )
        return NULL;
    block->mapping = malloc(bytes);
    block->by_walker = malloc(bytes);
    memset(block->mapping, STALE, bytes);
    memset(block->by_walker, STALE, bytes);

    return block->mapping;
}

static struct fake_block *block_mapped_at(const void *p)
{
    const uint8_t *byte = p;
    unsigned int i;

    for ( i = 0; i < BLOCKS; i++ )
        if ( blocks[i].mapping && byte >= blocks[i].mapping &&
             byte < blocks[i].mapping + ((size_t)PAGE_SIZE << blocks[i].order) )
            return &blocks[i];
    fail_msg("no mapping of the heap's");

    return NULL;
}

void vunmap(const void *p)
{
    struct fake_block *block = block_mapped_at(p);

    assert_ptr_equal(p, block->mapping);
    free(block->mapping);
    free(block->by_walker);
    block->mapping = block->by_walker = NULL;
}

int clean_dcache_va_range(const void *p, unsigned long bytes)
{
    struct fake_block *block = block_mapped_at(p);

    memcpy(block->by_walker + ((const uint8_t *)p - block->mapping), p, bytes);

    return 0;
}
