/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_LIB_H
#define FAKE_XEN_LIB_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define __iomem

#define min(a, b) ((a) < (b) ? (a) : (b))
#define container_of(p, type, member) \
    ((type *)((char *)(p)-offsetof(type, member)))

#define XENLOG_G_WARNING ""
int printk(const char *fmt, ...); /* knows %pd: no printf() for the compiler */
int printk_ratelimit(void);

#endif /* FAKE_XEN_LIB_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
