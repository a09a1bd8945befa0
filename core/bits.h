/* SPDX-License-Identifier: GPL-2.0-only */
/* Maps of bits, in words of 32. The caller holds the lock that a map needs. */
#ifndef OMAP_BITS_H
#define OMAP_BITS_H

#include "types.h"

/* Words for so many bits. */
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

#endif /* OMAP_BITS_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
