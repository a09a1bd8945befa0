/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_XMALLOC_H
#define FAKE_XEN_XMALLOC_H

#include <stddef.h>

#define xmalloc(_type) ((_type *)_xmalloc(sizeof(_type), __alignof__(_type)))
#define xzalloc(_type) ((_type *)_xzalloc(sizeof(_type), __alignof__(_type)))
#define xzalloc_array(_type, _num) \
    ((_type *)_xzalloc(sizeof(_type) * (_num), __alignof__(_type)))

#define XFREE(p) \
    do \
    { \
        xfree(p); \
        (p) = NULL; \
    } \
    while ( 0 )

void *_xmalloc(unsigned long size, unsigned long align);
void *_xzalloc(unsigned long size, unsigned long align);
void xfree(void *p);

#endif /* FAKE_XEN_XMALLOC_H */
