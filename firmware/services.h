/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each image of the IPU offers by rpmsg, and what it answers in the mailbox.
 *
 *   xen-omap-echo   what comes in goes back
 *   xen-omap-probe  reads at the address in a message: probe.h
 */
#ifndef FIRMWARE_SERVICES_H
#define FIRMWARE_SERVICES_H

#include <stdint.h>

#include "rpmsg.h"

extern const struct rpmsg_service services[];

/* A message from the mailbox. */
void handle(uint32_t message);

#endif /* FIRMWARE_SERVICES_H */
