/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IPU's address space, as its resource table has Linux set it up. What is
 * not in it faults.
 */
#ifndef FIRMWARE_IPU_H
#define FIRMWARE_IPU_H

#include "resource_table.h"

/* Carveouts, as in ipu.ld: code and vectors, then all that is written. */
#define TEXT_DA 0x00000000u
#define DATA_DA 0x80000000u
#ifdef TI_SHAPE
#define TEXT_BYTES 0x00600000u
#define DATA_BYTES 0x02b00000u
#else
#define TEXT_BYTES 0x00100000u
#endif
#ifndef DATA_BYTES
#define DATA_BYTES 0x00100000u
#endif

/*
 * The memory that is reserved for the IPU in the device tree. Linux takes
 * vrings and message buffers from it, and names them by their physical address.
 * More may be asked for than is there.
 */
#ifdef TI_SHAPE
#define POOL_DA    0x60000000u
#define POOL_PA    0x95800000u
#define POOL_BYTES 0x00100000u
#else
#define POOL_DA 0xa0000000u
#endif
#ifndef POOL_PA
#define POOL_PA    0x47000000u
#define POOL_BYTES 0x00800000u
#endif

/*
 * Peripherals: OMAP5's L4_CFG, or another bus that has a board's mailbox,
 * which is used.
 */
#ifdef TI_SHAPE
#define L4_CFG_DA 0x6a000000u
#else
#define L4_CFG_DA 0xaa000000u
#endif
#ifndef L4_CFG_PA
#define L4_CFG_PA     0x4a000000u
#define MAILBOX_IN_L4 0xf4000u
#endif
#define L4_CFG_BYTES 0x01000000u
#define MAILBOX_DA   (L4_CFG_DA + MAILBOX_IN_L4)

/* What TI's images of the IPU ask for besides: TILER's views, more peripherals. */
#ifdef TI_SHAPE
#define MORE 7
#else
#define MORE 0
#endif

struct ipu_resource_table {
    struct resource_table header;
    uint32_t offset[6 + MORE];
    struct resource_vdev rpmsg;
    struct resource_memory text;
    struct resource_memory data;
    struct resource_trace trace;
    struct resource_memory pool;
    struct resource_memory l4_cfg;
    struct resource_memory more[MORE];
};

extern const volatile struct ipu_resource_table resource_table;

#endif /* FIRMWARE_IPU_H */
