/* SPDX-License-Identifier: GPL-2.0-only */
#include <stddef.h>

#include "ipu.h"
#include "trace.h"

#define AT(entry) offsetof(struct ipu_resource_table, entry)

/* Linux serves the entries in this order: the vrings get the pool's start. */
__attribute__((section(".resource_table"), used))
const volatile struct ipu_resource_table resource_table = {
    .header = { .version = RESOURCE_VERSION, .entries = 6 },
    .offset = { AT(rpmsg), AT(text), AT(data), AT(trace), AT(pool),
                AT(l4_cfg) },
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
    .text = {
        .type = RESOURCE_CARVEOUT,
        .da = TEXT_DA,
        .pa = RESOURCE_ANY,
        .len = TEXT_BYTES,
        .flags = RESOURCE_READ_WRITE,
        .name = "text",
    },
    .data = {
        .type = RESOURCE_CARVEOUT,
        .da = DATA_DA,
        .pa = RESOURCE_ANY,
        .len = DATA_BYTES,
        .flags = RESOURCE_READ_WRITE,
        .name = "data",
    },
    .trace = {
        .type = RESOURCE_TRACE,
        .da = (uint32_t)trace_buffer,
        .len = TRACE_BYTES,
        .name = "trace",
    },
    .pool = {
        .type = RESOURCE_DEVMEM,
        .da = POOL_DA,
        .pa = POOL_PA,
        .len = POOL_BYTES,
        .flags = RESOURCE_READ_WRITE,
        .name = "ipc",
    },
    .l4_cfg = {
        .type = RESOURCE_DEVMEM,
        .da = L4_CFG_DA,
        .pa = L4_CFG_PA,
        .len = L4_CFG_BYTES,
        .flags = RESOURCE_READ_WRITE,
        .name = "l4cfg",
    },
};

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
