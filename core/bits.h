/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bitmaps in 32-bit words, and comparison of words. The caller holds the lock
 * that a map needs.
 */
#ifndef OMAP_BITS_H
#define OMAP_BITS_H

#include <string.h>

#include "types.h"

/* Words that hold so many bits. */
#define BIT_WORDS(bits) (((bits) + 31u) / 32u)

static inline bool bit_is_set(const uint32_t *map, unsigned int bit)
{
    return map[bit / 32] & (1u << (bit % 32));
}

static inline void set_bit_in(uint32_t *map, unsigned int bit)
{
    map[bit / 32] |= 1u << (bit % 32);
}

static inline void clear_bit_in(uint32_t *map, unsigned int bit)
{
    map[bit / 32] &= ~(1u << (bit % 32));
}

/*
 * Returns whether n words, a multiple of 8, are the same. Xen's memcmp() for
 * 32-bit Arm compares byte by byte: six instructions each.
 */
#ifdef __arm__
static inline bool same_words(const uint32_t *a, const uint32_t *b,
                              unsigned int n)
{
    uint32_t others = 0;
    unsigned int i;

    for ( ; n && !others; a += 8, b += 8, n -= 8 )
        for ( i = 0; i < 8; i++ )
            others |= a[i] ^ b[i];

    return !others;
}
#else
static inline bool same_words(const uint32_t *a, const uint32_t *b,
                              unsigned int n)
{
    return !memcmp(a, b, n * sizeof(*a));
}
#endif

#endif /* OMAP_BITS_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
