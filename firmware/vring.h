/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A split virtqueue, the device's side: Linux offers buffers (available), the
 * firmware gives them back (used). Layout as in virtio 1.2, 2.7, with the
 * alignment of the resource table.
 *
 * Linux names memory by physical addresses; all of it must lie in the pool.
 * What it writes is read once, and checked. A vring with a word that cannot be
 * right is not touched any more, as if there were no more buffers.
 */
#ifndef FIRMWARE_VRING_H
#define FIRMWARE_VRING_H

#include <stdbool.h>
#include <stdint.h>

struct vring {
    unsigned int number; /* in the resource table */
    const volatile struct vring_descriptor *descriptor;
    const volatile struct vring_available *available;
    volatile struct vring_used *used;
    uint16_t taken; /* counts the buffers taken, and those given back */
    uint16_t given;
    bool kick; /* the last ones raised no interrupt yet */
    bool broken;
};

struct vring_buffer {
    uint16_t id;
    uint32_t bytes;
    void *data;
};

/* By the resource table, once Linux's driver is ready. */
void vring_init(struct vring *vring, unsigned int number);

/* The next buffer, to be written or to be read; false: there is none. */
bool vring_take(struct vring *vring, bool write, struct vring_buffer *buffer);

/* Give it back: so many of its bytes were written. */
void vring_give(struct vring *vring, const struct vring_buffer *buffer,
                uint32_t bytes);

/* Tells Linux of the buffers given back, if it wants to know. */
void vring_kick(struct vring *vring);

/*
 * Is Linux to kick when it adds buffers? What it added before it knew is there
 * when this returns.
 */
void vring_want_kicks(struct vring *vring, bool want);

#endif /* FIRMWARE_VRING_H */
