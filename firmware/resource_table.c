/* SPDX-License-Identifier: GPL-2.0-only */
#include <stddef.h>

#include "ipu.h"
#include "trace.h"

#define AT(entry) offsetof(struct ipu_resource_table, entry)

/* Linux serves the entries in this order: the vrings get the pool's start. */
__attribute__((section(".resource_table"), used))
const volatile struct ipu_resource_table resource_table = {
    .header = { .version = RESOURCE_VERSION, .entries = 6 + MORE },
    .offset = { AT(rpmsg), AT(text), AT(data), AT(trace), AT(pool),
                AT(l4_cfg),
#ifdef TI_SHAPE
                AT(more[0]), AT(more[1]), AT(more[2]), AT(more[3]), AT(more[4]),
                AT(more[5]), AT(more[6]),
#endif
    },
    .rpmsg = {
        .type = RESOURCE_VDEV,
        .id = VDEV_RPMSG,
        .features = VDEV_RPMSG_NS,
        .num_of_vrings = 2,
        .vring = {
            [VRING_TO_LINUX] = {
                .da = RESOURCE_ANY,
                .align = VRING_ALIGN,
                .num = VRING_BUFFERS,
                .notify_id = 0,
            },
            [VRING_TO_FW] = {
                .da = RESOURCE_ANY,
                .align = VRING_ALIGN,
                .num = VRING_BUFFERS,
                .notify_id = 1,
            },
        },
    },
    .text = RESOURCE_RAM(TEXT_DA, TEXT_BYTES, "text"),
    .data = RESOURCE_RAM(DATA_DA, DATA_BYTES, "data"),
    .trace = RESOURCE_TRACE_BUFFER((uint32_t)trace_buffer, TRACE_BYTES),
    .pool = RESOURCE_WINDOW(POOL_DA, POOL_PA, POOL_BYTES, "ipc"),
    .l4_cfg = RESOURCE_WINDOW(L4_CFG_DA, L4_CFG_PA, L4_CFG_BYTES, "l4cfg"),
#ifdef TI_SHAPE
    .more = {
        RESOURCE_RAM(0x9f000000, 0x00100000, "ipcdata"),
        RESOURCE_WINDOW(0xa0000000, 0x60000000, 0x10000000, "tiler01"),
        RESOURCE_WINDOW(0xb0000000, 0x70000000, 0x08000000, "tiler2"),
        RESOURCE_WINDOW(0xb8000000, 0x78000000, 0x08000000, "tiler3"),
        RESOURCE_WINDOW(0x68000000, 0x48000000, 0x00200000, "l4per1"),
        RESOURCE_WINDOW(0x74000000, 0x54000000, 0x01000000, "l4emu"),
        RESOURCE_WINDOW(0x7a000000, 0x5a000000, 0x01000000, "ivahd"),
    },
#endif
};
