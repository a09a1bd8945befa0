/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a firmware asks of Linux: the resource table, as Linux's remoteproc
 * reads it from the section .resource_table of the ELF file.
 *
 * Linux takes a copy, fills in what it chose (physical addresses of carveouts,
 * da and notification ids of vrings) and puts that where the ELF file has the
 * table. Later it writes the state of the virtio device there as well. So the
 * firmware reads it volatile.
 */
#ifndef FIRMWARE_RESOURCE_TABLE_H
#define FIRMWARE_RESOURCE_TABLE_H

#include <stdint.h>

/* "Linux may choose": a da, or a physical address. */
#define RESOURCE_ANY 0xffffffffu

#ifndef RESOURCE_VERSION
#define RESOURCE_VERSION 1u
#endif

#define RESOURCE_CARVEOUT 0u /* memory, mapped at da */
#define RESOURCE_DEVMEM   1u /* what is at pa, mapped at da */
#define RESOURCE_TRACE    2u /* text for people, inside a carveout */
#define RESOURCE_VDEV     3u /* a virtio device */

#define RESOURCE_READ_WRITE 3u /* flags: the IOMMU's READ and WRITE */

#define RESOURCE_NAME 32

/* Fields that are called reserved must be 0. Lengths are in bytes. */
struct resource_table {
    uint32_t version;
    uint32_t entries;
    uint32_t reserved[2];
    /* Then, for each entry, its offset from the table's first byte. */
};

struct resource_memory {
    uint32_t type; /* RESOURCE_CARVEOUT or RESOURCE_DEVMEM */
    uint32_t da;
    uint32_t pa;
    uint32_t len;
    uint32_t flags;
    uint32_t reserved;
    char name[RESOURCE_NAME];
};

struct resource_trace {
    uint32_t type;
    uint32_t da;
    uint32_t len;
    uint32_t reserved;
    char name[RESOURCE_NAME];
};

/* Entries: memory of Linux's choice, what is at pa, and a trace buffer. */
#define RESOURCE_RAM(da, bytes, name) \
    RESOURCE_MAPPED(RESOURCE_CARVEOUT, da, RESOURCE_ANY, bytes, name)
#define RESOURCE_WINDOW(da, pa, bytes, name) \
    RESOURCE_MAPPED(RESOURCE_DEVMEM, da, pa, bytes, name)
#define RESOURCE_TRACE_BUFFER(da, bytes) \
    { \
        RESOURCE_TRACE, da, bytes, 0, "trace" \
    }
#define RESOURCE_MAPPED(type, da, pa, bytes, name) \
    { \
        type, da, pa, bytes, RESOURCE_READ_WRITE, 0, name \
    }

struct resource_vring {
    uint32_t da; /* Linux writes an address of its own here, not a da */
    uint32_t align;
    uint32_t num; /* buffers */
    uint32_t notify_id;
    uint32_t pa;
};

struct resource_vdev {
    uint32_t type;
    uint32_t id; /* virtio's number of this kind of device */
    uint32_t notify_id;
    uint32_t features;        /* offered */
    uint32_t driver_features; /* accepted */
    uint32_t config_len;
    uint8_t status;
    uint8_t num_of_vrings;
    uint8_t reserved[2];
    struct resource_vring vring[2];
};

#define VDEV_RPMSG     7u
#define VDEV_RPMSG_NS  1u /* feature: the name service is used */
#define VDEV_DRIVER_OK 4u /* status: the driver is ready */
#define VRING_TO_LINUX 0  /* this firmware's tx */
#define VRING_TO_FW    1  /* its rx */
#define VRING_BUFFERS  256u
#ifndef VRING_ALIGN
#define VRING_ALIGN 4096u
#endif

#endif /* FIRMWARE_RESOURCE_TABLE_H */
