/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_LIB_H
#define FAKE_XEN_LIB_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Xen's headers bring these along, here and there. */
#include <xen/errno.h>
#include <xen/init.h>

#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))

#define __iomem
#define __must_check __attribute__((warn_unused_result))
#define __read_mostly
#define cf_check

#define min(a, b)         ((a) < (b) ? (a) : (b))
#define max(a, b)         ((a) > (b) ? (a) : (b))
#define min_t(type, a, b) min((type)(a), (type)(b))
#define container_of(p, type, member) \
    ((type *)((char *)(p)-offsetof(type, member)))

#define GB(_gb) ((_gb##ULL) << 30)

#define read_atomic(p)     __atomic_load_n((p), __ATOMIC_RELAXED)
#define write_atomic(p, x) __atomic_store_n((p), (x), __ATOMIC_RELAXED)

#define XENLOG_ERR       ""
#define XENLOG_WARNING   ""
#define XENLOG_INFO      ""
#define XENLOG_G_WARNING ""
void printk(const char *fmt, ...); /* knows %pd: no printf() for the compiler */
int printk_ratelimit(void);

/* What must not happen; panic() may, where a test awaits it. */
void fake_bug(const char *what) __attribute__((noreturn));
void panic(const char *fmt, ...) __attribute__((noreturn));

#define BUG_ON(p) \
    do \
    { \
        if ( p ) \
            fake_bug("BUG_ON(" #p ")"); \
    } \
    while ( 0 )
#define ASSERT(p) \
    do \
    { \
        if ( !(p) ) \
            fake_bug("ASSERT(" #p ")"); \
    } \
    while ( 0 )
#define ASSERT_UNREACHABLE() fake_bug("unreachable")

#endif /* FAKE_XEN_LIB_H */
