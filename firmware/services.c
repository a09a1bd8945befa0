/* SPDX-License-Identifier: GPL-2.0-only */
#include "core.h"
#include "fault.h"
#include "mailbox.h"
#include "probe.h"
#include "services.h"
#include "trace.h"

#ifdef HOSTILE
#define CAN_SCAN 1
#else
#define CAN_SCAN 0
#endif

static uint32_t echo(const void *request, uint32_t bytes, void *reply)
{
    memcpy(reply, request, bytes);

    return bytes;
}

static uint32_t probe(const void *request, uint32_t bytes, void *reply)
{
    struct probe_reply *r = reply;
    struct probe_request q;

    if ( bytes != sizeof(q) )
        return 0;
    memcpy(&q, request, sizeof(q));

    *r = (struct probe_reply){ .operation = q.operation, .da = q.da };
    if ( q.operation == PROBE_PEEK )
    {
        r->value = probe_word(q.da, false);
        r->ok = 1;
    }
    else if ( q.operation == PROBE_SCAN && CAN_SCAN )
    {
        scan(q.da);
        r->ok = 1;
    }

    return sizeof(*r);
}

const struct rpmsg_service services[] = {
    { "xen-omap-echo", 1024, echo },
    { "xen-omap-probe", 1025, probe },
    {},
};

void handle(uint32_t message)
{
    switch ( message )
    {
    case MESSAGE_ECHO_REQUEST:
        mailbox_send(MESSAGE_ECHO_REPLY);
        break;
    case MESSAGE_SUSPEND_AUTO:
    case MESSAGE_SUSPEND_SYSTEM:
        mailbox_send(MESSAGE_SUSPEND_CANCEL);
        break;
    case MESSAGE_ABORT_REQUEST:
        trace("ipu: asked to crash\n");
        mailbox_send(MESSAGE_CRASH);
        halt();
    default: /* a vring has something new: see rpmsg_serve() */
        break;
    }
}
