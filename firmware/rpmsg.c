/* SPDX-License-Identifier: GPL-2.0-only */
#include "core.h"
#include "ipu.h"
#include "rpmsg.h"
#include "trace.h"
#include "vring.h"

struct header {
    uint32_t source, destination;
    uint32_t reserved;
    uint16_t bytes; /* that follow */
    uint16_t flags;
};

/* The name service: a service is announced by a message to this address. */
#define NAME_SERVICE 53u

struct announcement {
    char name[32];
    uint32_t address;
    uint32_t flags; /* 0: it is there; 1: it is gone */
};

static struct vring to_linux, from_linux;
static struct vring_buffer empty; /* for the next message; no data: none yet */

/* Bytes of payload that a buffer has room for. */
static uint32_t room(const struct vring_buffer *buffer)
{
    uint32_t bytes = buffer->bytes;

    if ( bytes < sizeof(struct header) )
        return 0;
    bytes -= sizeof(struct header);

    return bytes < RPMSG_PAYLOAD ? bytes : RPMSG_PAYLOAD;
}

static void *payload(const struct vring_buffer *buffer)
{
    return (char *)buffer->data + sizeof(struct header);
}

/* False: Linux has to give back one first. */
static bool have_empty(void)
{
    if ( !empty.data && vring_take(&to_linux, true, &empty) &&
         room(&empty) < RPMSG_PAYLOAD )
    {
        trace("ipu: a buffer of %u bytes only\n", empty.bytes);
        to_linux.broken = true;
        empty.data = NULL;
    }

    return empty.data;
}

/* The empty buffer, which holds the payload already. */
static void send(uint32_t source, uint32_t destination, uint32_t bytes)
{
    *(struct header *)empty.data = (struct header){
        .source = source,
        .destination = destination,
        .bytes = bytes,
    };
    vring_give(&to_linux, &empty, sizeof(struct header) + bytes);
    empty.data = NULL;
}

static void announce(const struct rpmsg_service *service)
{
    struct announcement *announcement = payload(&empty);
    unsigned int i;

    *announcement = (struct announcement){ .address = service->address };
    for ( i = 0; service->name[i]; i++ )
        announcement->name[i] = service->name[i];
    send(service->address, NAME_SERVICE, sizeof(*announcement));
    trace("ipu: service %s\n", service->name);
}

static const struct rpmsg_service *find_service(
    const struct rpmsg_service *service, uint32_t address)
{
    for ( ; service->name; service++ )
        if ( service->address == address )
            return service;

    return NULL;
}

/* What is for nobody, or says that it is longer than it can be, is dropped. */
static void answer(const struct rpmsg_service *services,
                   const struct vring_buffer *message)
{
    const volatile struct header *header = message->data;
    const struct rpmsg_service *service;
    uint32_t source, bytes;

    if ( message->bytes < sizeof(*header) )
        return;
    source = header->source;
    bytes = header->bytes;
    service = find_service(services, header->destination);
    if ( !service || bytes > room(message) )
        return;

    bytes = service->answer(payload(message), bytes, payload(&empty));
    if ( bytes )
        send(service->address, source, bytes);
}

static bool is_online(void)
{
    static bool online;

    if ( !online && resource_table.rpmsg.status & VDEV_DRIVER_OK )
    {
        memory_barrier(); /* the vrings' addresses are read after the status */
        vring_init(&to_linux, VRING_TO_LINUX);
        vring_init(&from_linux, VRING_TO_FW);
        online = true;
    }

    return online;
}

static bool serve_one(const struct rpmsg_service *services)
{
    static const struct rpmsg_service *next; /* to be announced */
    struct vring_buffer message;

    for ( next = next ?: services; next->name && have_empty(); next++ )
        announce(next);
    if ( !have_empty() || !vring_take(&from_linux, false, &message) )
        return false;

    answer(services, &message);
    vring_give(&from_linux, &message, 0);

    return true;
}

/*
 * Linux need kick only for what is waited for here: a kick is a message in the
 * mailbox, whose driver has a short queue.
 */
bool rpmsg_serve(const struct rpmsg_service *services)
{
    if ( !is_online() )
        return false;

    vring_want_kicks(&to_linux, false);
    vring_want_kicks(&from_linux, false);
    if ( serve_one(services) )
        return true;

    vring_kick(&to_linux);
    vring_kick(&from_linux);
    vring_want_kicks(have_empty() ? &from_linux : &to_linux, true);

    return serve_one(services);
}
