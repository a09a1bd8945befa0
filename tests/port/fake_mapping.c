/* SPDX-License-Identifier: GPL-2.0-only */
/* Mappings of the machine's pages. */
#include <xen/domain_page.h>

#include "fake.h"

/* What a cache holds that nobody cleaned. */
#define STALE 0xa5

/* A page mapped */

#define WRITTEN 64

static struct {
    unsigned long mfn;
    uint8_t byte[PAGE_SIZE];
} written[WRITTEN];
static unsigned int pages_written;

static uint8_t *find_written(unsigned long mfn)
{
    unsigned int i;

    for ( i = 0; i < pages_written; i++ )
        if ( written[i].mfn == mfn )
            return written[i].byte;

    return NULL;
}

void fake_write(unsigned long mfn, unsigned int offset, uint32_t value)
{
    if ( !find_written(mfn) )
    {
        assert_in_range(pages_written, 0, WRITTEN - 1);
        memset(&written[pages_written], 0, sizeof(written[0]));
        written[pages_written++].mfn = mfn;
    }
    memcpy(find_written(mfn) + offset, &value, sizeof(value));
}

void fake_forget_writes(void)
{
    pages_written = 0;
}

uint8_t fake_byte(unsigned long mfn, unsigned int offset)
{
    const uint8_t *byte = find_written(mfn);

    if ( byte )
        return byte[offset];

    return mfn * 89 + offset * 7 + (offset >> 8);
}

static void *map_data(mfn_t mfn)
{
    assert_int_equal(fake.mapped, 0);
    assert_true(mfn_to_page(mfn)->references);
    fake.mapped = mfn_x(mfn);
    memset(fake.view, STALE, sizeof(fake.view));

    return fake.view;
}

/* Copies of tables: for each level of a p2m one at most, and nothing but zeros once it
 * is mapped no more. */
static lpae_t mappings[P2M_LEVELS][XEN_PT_LPAE_ENTRIES];
static bool used[P2M_LEVELS];

static void *map_table(const lpae_t *table)
{
    unsigned int i = 0;

    while ( i < P2M_LEVELS && used[i] )
        i++;
    assert_in_range(i, 0, P2M_LEVELS - 1);
    used[i] = true;
    fake.mapped_tables++;
    fake.table_mappings++;

    return memcpy(mappings[i], table, sizeof(mappings[i]));
}

static bool unmap_table(const void *p)
{
    unsigned int i;

    for ( i = 0; i < P2M_LEVELS; i++ )
        if ( p == mappings[i] )
        {
            assert_true(used[i]);
            used[i] = false;
            fake.mapped_tables--;
            memset(mappings[i], 0, sizeof(mappings[i]));
            return true;
        }

    return false;
}

void *map_domain_page(mfn_t mfn)
{
    const lpae_t *table = fake_table(mfn);

    return table ? map_table(table) : map_data(mfn);
}

void unmap_domain_page(const void *p)
{
    if ( unmap_table(p) )
        return;
    assert_ptr_equal(p, fake.view);
    assert_int_not_equal(fake.mapped, 0);
    fake.mapped = 0;
}

int clean_and_invalidate_dcache_va_range(const void *p, unsigned long bytes)
{
    unsigned long offset = (const uint8_t *)p - fake.view, i;

    assert_int_not_equal(fake.mapped, 0);
    assert_true(offset + bytes <= sizeof(fake.view));
    for ( i = offset; i < offset + bytes; i++ )
        fake.view[i] = fake_byte(fake.mapped, i);

    return 0;
}
