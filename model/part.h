/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers are words; what is read of one may be a part. */
#ifndef MODEL_PART_H
#define MODEL_PART_H

#include <stdint.h>

/* The size bytes, 1 to 4, from offset on; word is what stands at offset & ~3. */
static inline uint32_t part_of(uint32_t word, uint32_t offset,
                               unsigned int size)
{
    word >>= (offset & 3) * 8;

    return size < 4 ? word & ((1u << size * 8) - 1) : word;
}

#endif /* MODEL_PART_H */
