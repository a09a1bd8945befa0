/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers that a seed repeats: splitmix64. */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state;
};

static inline uint32_t rng_next(struct rng *rng)
{
    uint64_t z;

    rng->state += 0x9e3779b97f4a7c15ull;
    z = rng->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;

    return (z ^ (z >> 31)) >> 32;
}

/* 0 ... n - 1 */
static inline uint32_t rng_below(struct rng *rng, uint32_t n)
{
    return ((uint64_t)rng_next(rng) * n) >> 32;
}

#endif /* SIM_RNG_H */
