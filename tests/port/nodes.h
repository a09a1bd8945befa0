/* SPDX-License-Identifier: GPL-2.0-only */
/* Pieces of a host's device tree. */
#ifndef TESTS_PORT_NODES_H
#define TESTS_PORT_NODES_H

#include "fake.h"

/* A cell of a property. */
static inline void put_cell(uint8_t *bytes, uint32_t value)
{
    unsigned int i;

    for ( i = 0; i < 4; i++ )
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

static inline struct dt_device_node reg_node(const char *name,
                                             const char *compatible,
                                             struct dt_device_node *parent,
                                             paddr_t base, paddr_t size)
{
    return (struct dt_device_node){
        .full_name = name,
        .compatible = compatible,
        .parent = parent,
        .has_reg = true,
        .base = base,
        .size = size,
    };
}

static inline struct dt_phandle_args names_one(struct dt_device_node *np,
                                               uint32_t arg, int count)
{
    return (struct dt_phandle_args){ .np = np,
                                     .args_count = count,
                                     .args = { arg } };
}

#endif /* TESTS_PORT_NODES_H */
