/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-mailbox, as the processors that use it see it. */
#ifndef OMAP_MAILBOX_DEV_H
#define OMAP_MAILBOX_DEV_H

#include "device.h"

extern const struct device_kind omap_mailbox_kind;

/*
 * For check(): let a processor have the interrupt of a user that is not the
 * host of the mailbox that its property mailbox names by id. irq(ctx, level) will be called
 * when it changes, also while the processor accesses the mailbox. Does not
 * return if another one has it.
 */
void omap_mailbox_attach(const struct device *processor, const char *id,
                         uint64_t user, void (*irq)(void *ctx, bool level),
                         void *ctx);

#endif /* OMAP_MAILBOX_DEV_H */
