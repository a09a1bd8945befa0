/* SPDX-License-Identifier: GPL-2.0-only */
/* The core itself: barriers, the end, and two functions of C's library. */
#ifndef FIRMWARE_CORE_H
#define FIRMWARE_CORE_H

#include <stddef.h>

/* Accesses before it are seen by Linux before those after it. */
static inline void memory_barrier(void)
{
    asm volatile("dmb" ::: "memory");
}

/* Sleeps until the reset. */
__attribute__((noreturn)) void halt(void);

void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);

#endif /* FIRMWARE_CORE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
