/* SPDX-License-Identifier: GPL-2.0-only */
/* The core itself: barriers, the end, and two functions of C's library. */
#ifndef FIRMWARE_CORE_H
#define FIRMWARE_CORE_H

#include <stddef.h>
#include <stdint.h>

/* Accesses before it are seen by Linux before those after it. */
static inline void memory_barrier(void)
{
    asm volatile("dmb" ::: "memory");
}

/* What PRIMASK was, to be restored; it is 1 until then. */
static inline uint32_t mask_interrupts(void)
{
    uint32_t primask;

    asm volatile("mrs %0, primask\n"
                 "cpsid i"
                 : "=r"(primask)
                 :
                 : "memory");

    return primask;
}

static inline void restore_interrupts(uint32_t primask)
{
    asm volatile("msr primask, %0" : : "r"(primask) : "memory");
}

/* Sleeps until the reset. */
__attribute__((noreturn)) void halt(void);

void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);

#endif /* FIRMWARE_CORE_H */
