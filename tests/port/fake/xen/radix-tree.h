/* SPDX-License-Identifier: GPL-2.0-only */
/* Enough of it for mem_access: a few frames whose setting is not the usual one. */
#ifndef FAKE_XEN_RADIX_TREE_H
#define FAKE_XEN_RADIX_TREE_H

#include <xen/lib.h>

#define FAKE_ITEMS 16

struct radix_tree_root {
    unsigned int n;
    struct {
        unsigned long index;
        void *item;
    } items[FAKE_ITEMS];
};

void *radix_tree_lookup(struct radix_tree_root *root, unsigned long index);

/* The two lowest bits are the tree's own. */
static inline void *radix_tree_int_to_ptr(int val)
{
    return (void *)((intptr_t)val * 4 + 2);
}

static inline int radix_tree_ptr_to_int(void *ptr)
{
    return (int)((intptr_t)ptr >> 2);
}

#endif /* FAKE_XEN_RADIX_TREE_H */
