/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest that boots firmware as Linux 6.1's remoteproc does, and talks to it
 * as virtio_rpmsg_bus does: images by their resource table, mappings by
 * guest_linux.h, vrings, mailbox, the name service.
 */
#ifndef SIM_GUEST_REMOTEPROC_H
#define SIM_GUEST_REMOTEPROC_H

#include <stddef.h>

#include "core.h"
#include "guest_linux.h"

/* What lies where for the guest. */
#define REMOTEPROC_POOL       0x47000000u
#define REMOTEPROC_POOL_BYTES 0x800000u
#define REMOTEPROC_L4_CFG     0x4a000000u /* the mailbox is at 0xf4000 in it */
#define REMOTEPROC_TABLES     0x90000000u

#define REMOTEPROC_SERVICES 4
#define REMOTEPROC_MESSAGES 16
#define REMOTEPROC_PAYLOAD  496

struct remoteproc_message {
    uint32_t source, destination;
    unsigned int bytes;
    uint8_t data[REMOTEPROC_PAYLOAD];
};

/* One of the two vrings, the driver's side. */
struct remoteproc_vring {
    uint32_t ipa;
    uint16_t added, seen; /* buffers made available, found used */
};

struct remoteproc {
    struct linux_iommu iommu; /* first: its fault handler casts it */
    struct machine *m;
    struct core *core;
    uint32_t page; /* the largest to map by */

    uint8_t *image; /* the ELF file */
    size_t image_bytes;
    struct {
        uint32_t da, ipa, bytes;
    } carveout[4];
    unsigned int carveouts;
    uint32_t pool_next;   /* IPA of what is left of the pool */
    uint32_t table;       /* IPA of the loaded resource table; 0: not loaded */
    uint32_t vdev, trace; /* offsets in it; 0: it has none */

    struct remoteproc_vring vring[2];
    struct {
        char name[32];
        uint32_t address;
    } service[REMOTEPROC_SERVICES];
    unsigned int services;
    struct remoteproc_message inbox[REMOTEPROC_MESSAGES]; /* the first ones */
    unsigned int received;                                /* all of them */
    uint32_t mailbox_said[REMOTEPROC_MESSAGES]; /* no notification ids */
    unsigned int said;

    unsigned int faults; /* of the MMU, as the guest sees them */
    uint32_t fault_da;
};

/*
 * A guest with its pool, a mailbox, and memory for its tables, in pieces of
 * grain pages; it maps by pages of at most page bytes.
 */
void remoteproc_init(struct remoteproc *r, struct core *core,
                     unsigned int grain, uint32_t page, bool bus_err_back);
void remoteproc_fini(struct remoteproc *r);

/*
 * Attaches the MMU and loads the image. Returns NULL, or Linux's message, with
 * the MMU detached.
 */
const char *remoteproc_load(struct remoteproc *r, const char *file);

/* The image's entry. */
uint32_t remoteproc_entry(const struct remoteproc *r);

/* The M4's reset is released; rpmsg's driver is ready. */
void remoteproc_start(struct remoteproc *r);
void remoteproc_online(struct remoteproc *r);

/* All three. */
const char *remoteproc_boot(struct remoteproc *r, const char *file);
void remoteproc_stop(struct remoteproc *r);

/* The guest takes what is in the mailbox; true: there was a message. */
bool remoteproc_look(struct remoteproc *r);

/* Guest and core do what they can, until both wait. */
enum m4_state remoteproc_settle(struct remoteproc *r);

/* A service's address, 0 if it was not announced. */
uint32_t remoteproc_service(const struct remoteproc *r, const char *name);

/* False: no buffer is free. */
bool remoteproc_send(struct remoteproc *r, uint32_t destination,
                     const void *data, unsigned int bytes);

/* The mailbox, without a look at the answer. */
void remoteproc_kick(struct remoteproc *r, uint32_t message);

/* The trace buffer's text: to be freed. */
char *remoteproc_trace(const struct remoteproc *r);

/* The guest's memory, which need not be one piece. */
void remoteproc_read(const struct remoteproc *r, uint32_t ipa, void *to,
                     size_t bytes);
void remoteproc_write(const struct remoteproc *r, uint32_t ipa,
                      const void *from, size_t bytes);

#endif /* SIM_GUEST_REMOTEPROC_H */
