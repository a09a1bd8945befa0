/* SPDX-License-Identifier: GPL-2.0-only */
/* The compiler's own needs a C library's. */
#define INT_MAX   __INT_MAX__
#define UINT_MAX  (INT_MAX * 2u + 1)
#define LONG_MAX  __LONG_MAX__
#define ULONG_MAX (LONG_MAX * 2ul + 1)
