/* SPDX-License-Identifier: GPL-2.0-only */
#include <stddef.h>

#include "core.h"
#include "ipu.h"
#include "mailbox.h"
#include "trace.h"
#include "vring.h"

struct vring_descriptor {
    uint32_t address, address_high;
    uint32_t bytes;
    uint16_t flags, next;
};

#define DESCRIPTOR_WRITE 2u /* for the device to write, not to read */
#define DESCRIPTOR_FLAGS 7u /* the others: it goes on elsewhere */

struct vring_available {
    uint16_t flags, index;
    uint16_t ring[VRING_BUFFERS];
};

#define AVAILABLE_NO_INTERRUPT 1u

struct vring_used {
    uint16_t flags, index;
    struct {
        uint32_t id, bytes;
    } ring[VRING_BUFFERS];
};

#define USED_NO_NOTIFY 1u

/* Offsets in a vring; each part ends in a word that is not used here. */
#define AVAILABLE_AT (VRING_BUFFERS * sizeof(struct vring_descriptor))
#define USED_AT \
    ((AVAILABLE_AT + sizeof(struct vring_available) + 2 + VRING_ALIGN - 1) & \
     ~(VRING_ALIGN - 1))
#define VRING_BYTES (USED_AT + sizeof(struct vring_used) + 2)

/* The pool's bytes at pa, as this core sees them; NULL: they are not its. */
static void *pool(uint32_t pa, uint32_t bytes)
{
    if ( bytes > POOL_BYTES || pa - POOL_PA > POOL_BYTES - bytes )
        return NULL;

    return (void *)(POOL_DA + (pa - POOL_PA));
}

static bool broken(struct vring *vring, const char *what)
{
    trace("ipu: vring %u: %s\n", vring->number, what);
    vring->broken = true;

    return false;
}

void vring_init(struct vring *vring, unsigned int number)
{
    uint32_t pa = resource_table.rpmsg.vring[number].da;
    char *base = pool(pa, VRING_BYTES);

    *vring = (struct vring){ .number = number };
    if ( !base || pa % VRING_ALIGN )
    {
        broken(vring, "not in the pool");
        return;
    }

    vring->descriptor = (void *)base;
    vring->available = (void *)(base + AVAILABLE_AT);
    vring->used = (void *)(base + USED_AT);
    trace("ipu: vring %u at da %x\n", number, base);
}

static bool has_buffer(struct vring *vring)
{
    uint16_t waiting;

    if ( vring->broken )
        return false;
    waiting = vring->available->index - vring->taken;
    if ( waiting > VRING_BUFFERS )
        return broken(vring, "more buffers than there can be");

    return waiting > 0;
}

bool vring_take(struct vring *vring, bool write, struct vring_buffer *buffer)
{
    const volatile struct vring_descriptor *d;
    uint32_t bytes;
    uint16_t id;
    void *data;

    if ( !has_buffer(vring) )
        return false;
    memory_barrier(); /* the ring is read after its index */

    id = vring->available->ring[vring->taken % VRING_BUFFERS];
    if ( id >= VRING_BUFFERS )
        return broken(vring, "a buffer that does not exist");

    d = &vring->descriptor[id];
    if ( (d->flags & DESCRIPTOR_FLAGS) != (write ? DESCRIPTOR_WRITE : 0) )
        return broken(vring, "a buffer of the wrong kind");
    bytes = d->bytes;
    data = d->address_high ? NULL : pool(d->address, bytes);
    if ( !data || (uint32_t)data % 4 )
        return broken(vring, "a buffer outside the pool");

    *buffer = (struct vring_buffer){ id, bytes, data };
    vring->taken++;

    return true;
}

void vring_give(struct vring *vring, const struct vring_buffer *buffer,
                uint32_t bytes)
{
    unsigned int at = vring->given++ % VRING_BUFFERS;

    vring->used->ring[at].id = buffer->id;
    vring->used->ring[at].bytes = bytes;
    memory_barrier(); /* what was written is there before the index says so */
    vring->used->index = vring->given;
    vring->kick = true;
}

void vring_kick(struct vring *vring)
{
    if ( !vring->kick )
        return;

    vring->kick = false;
    memory_barrier(); /* Linux looks at the index after it asked for a kick */
    if ( !(vring->available->flags & AVAILABLE_NO_INTERRUPT) )
        mailbox_send(resource_table.rpmsg.vring[vring->number].notify_id);
}

void vring_want_kicks(struct vring *vring, bool want)
{
    if ( vring->broken )
        return;

    vring->used->flags = want ? 0 : USED_NO_NOTIFY;
    memory_barrier();
}
