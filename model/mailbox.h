/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mailbox of OMAP4 and later: FIFOs of messages, and an interrupt for each
 * user of them. Registers as in TI's DRA74x/75x SPRUI30H ch. 22 and Linux's
 * omap-mailbox.c.
 *
 * Any user may write and read any FIFO; who does is agreed between them.
 *
 * Single threaded: the caller serialises all calls. irq() may call back.
 *
 * Chosen where TI is silent, or where its words and Linux's driver differ:
 *  - the status is latched: new-message stays when the message has been read,
 *    until a 1 is written to it; what still holds then is set again at once;
 *  - not-full holds whenever there is room, also after reset, where TI's
 *    tables say 0: Linux enables its interrupt and waits for it at once;
 *  - reading IRQENABLE_CLR yields what is enabled, as IRQENABLE_SET does;
 *  - soft reset is done at once, and takes IRQENABLE and SYSCONFIG with it.
 *
 * Not modelled: idle modes.
 */
#ifndef MODEL_MAILBOX_H
#define MODEL_MAILBOX_H

#include <stdbool.h>
#include <stdint.h>

#define MAILBOX_WINDOW 0x1000u
#define MAILBOX_DEPTH  4u /* messages in a FIFO */

/* Of the small ones, and of DRA7's mailboxes 2 to 13, which are large. */
#define MAILBOX_FIFOS       8u
#define MAILBOX_USERS       3u
#define MAILBOX_LARGE_FIFOS 12u
#define MAILBOX_LARGE_USERS 4u

/* Offsets; m: a FIFO, u: a user. */
#define MAILBOX_REVISION         0x000u
#define MAILBOX_SYSCONFIG        0x010u
#define MAILBOX_MESSAGE(m)       (0x040u + 4 * (m))
#define MAILBOX_FIFOSTATUS(m)    (0x080u + 4 * (m))    /* RO: 1: full */
#define MAILBOX_MSGSTATUS(m)     (0x0c0u + 4 * (m))    /* RO: messages in it */
#define MAILBOX_IRQSTATUS_RAW(u) (0x100u + 0x10 * (u)) /* written 1s set */
#define MAILBOX_IRQSTATUS_CLR(u) (0x104u + 0x10 * (u)) /* and enabled; W1C */
#define MAILBOX_IRQENABLE_SET(u) (0x108u + 0x10 * (u))
#define MAILBOX_IRQENABLE_CLR(u) (0x10cu + 0x10 * (u))

#define MAILBOX_REVISION_VALUE 0x400u

#define MAILBOX_SYSCONFIG_SOFTRESET 1u
#define MAILBOX_SYSCONFIG_SIDLEMODE (3u << 2) /* kept, without effect */
#define MAILBOX_SYSCONFIG_RESET     (2u << 2)

/* Of IRQSTATUS and IRQENABLE. */
#define MAILBOX_NEW_MESSAGE(m) (1u << 2 * (m))
#define MAILBOX_NOT_FULL(m)    (2u << 2 * (m))

struct mailbox_config {
    bool large;
    void *ctx; /* handed to the callback */

    /* A user's interrupt line changed. All are low after mailbox_init(). */
    void (*irq)(void *ctx, unsigned int user, bool level);
};

struct mailbox_fifo {
    uint32_t message[MAILBOX_DEPTH]; /* the oldest first */
    unsigned int count;
};

struct mailbox_user {
    uint32_t raw;
    uint32_t enable;
    bool level;
};

struct mailbox {
    struct mailbox_config config;
    uint32_t sysconfig;
    struct mailbox_fifo fifo[MAILBOX_LARGE_FIFOS];
    struct mailbox_user user[MAILBOX_LARGE_USERS];
};

/* Power on. irq() must be present. */
void mailbox_init(struct mailbox *m, const struct mailbox_config *config);

/* Hardware reset: no messages, nothing enabled. */
void mailbox_reset(struct mailbox *m);

/*
 * Access of size bytes, 1, 2 or 4, to the register at offset, aligned to size.
 * The hardware knows words only: a narrower read returns its part of the word
 * and takes no message out, a narrower write is ignored. What is no register
 * reads 0 and ignores writes.
 *
 * A word read of MESSAGE takes the oldest message out, 0 if there is none; one
 * that is written to a full FIFO is lost.
 */
uint32_t mailbox_reg_read(struct mailbox *m, uint32_t offset,
                          unsigned int size);
void mailbox_reg_write(struct mailbox *m, uint32_t offset, unsigned int size,
                       uint32_t value);

#endif /* MODEL_MAILBOX_H */
