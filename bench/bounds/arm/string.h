/* SPDX-License-Identifier: GPL-2.0-only */
/* All of the C library that the core uses; there is none for this program. */
#ifndef BOUNDS_STRING_H
#define BOUNDS_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif /* BOUNDS_STRING_H */
