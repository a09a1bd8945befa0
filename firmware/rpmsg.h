/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages between Linux and this firmware's services, as Linux's
 * virtio_rpmsg_bus has them: a header and up to 496 bytes in a buffer of 512.
 */
#ifndef FIRMWARE_RPMSG_H
#define FIRMWARE_RPMSG_H

#include <stdbool.h>
#include <stdint.h>

#define RPMSG_PAYLOAD 496u

/*
 * answer() writes at most RPMSG_PAYLOAD bytes of reply and returns how many; 0:
 * no reply. The request is in memory that Linux writes: read it once.
 */
struct rpmsg_service {
    const char *name; /* Linux looks for a driver of this name */
    uint32_t address;
    uint32_t (*answer)(const void *request, uint32_t bytes, void *reply);
};

/*
 * Announces the services (always the same ones; the last one has no name) once Linux's
 * driver is ready, and answers one message: true, there may be more. When none is left
 * Linux gets an interrupt for the answers.
 */
bool rpmsg_serve(const struct rpmsg_service *services);

#endif /* FIRMWARE_RPMSG_H */
