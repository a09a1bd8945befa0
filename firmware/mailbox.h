/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mailbox messages to and from Linux: the notification id of a vring that
 * something was put into, or one of these, as in Linux's omap_remoteproc.h.
 */
#ifndef FIRMWARE_MAILBOX_H
#define FIRMWARE_MAILBOX_H

#include <stdbool.h>
#include <stdint.h>

#define MESSAGE_CRASH          0xffffff02u /* to Linux: restart me */
#define MESSAGE_ECHO_REQUEST   0xffffff03u
#define MESSAGE_ECHO_REPLY     0xffffff04u
#define MESSAGE_ABORT_REQUEST  0xffffff05u /* please crash */
#define MESSAGE_SUSPEND_AUTO   0xffffff10u
#define MESSAGE_SUSPEND_SYSTEM 0xffffff11u
#define MESSAGE_SUSPEND_CANCEL 0xffffff13u /* to Linux: I do not suspend */

/* Is there something to take? */
bool mailbox_waits(void);

/* From now on the interrupt is raised by a message: look, and only then wait. */
void mailbox_listen(void);

/* Both sleep while there is nothing to take, or no room. */
uint32_t mailbox_receive(void);
void mailbox_send(uint32_t message);

#endif /* FIRMWARE_MAILBOX_H */
