/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-mailbox: the model of the mailbox on QEMU's bus.
 *
 *   addr            of its registers
 *   irq             the interrupt of the host's user: the number of an SPI of the GIC, or with
 *   xbar            the id of an omap-crossbar, that of a source of it
 *   host-user       which user the host is, 0 by default
 *   large           on: it has 12 FIFOs and 4 users, as DRA7's mailboxes 2 to 13; else 8
 *                   and 3
 *
 * The interrupts of the other users go to processors that name it.
 */
#include "irq_line.h"
#include "mailbox.h"
#include "omap_mailbox_dev.h"

struct omap_mailbox_dev {
    struct device device;
    struct irq_line irq;
    uint64_t host_user;
    bool large;

    struct mailbox mailbox;
    struct {
        void (*irq)(void *ctx, bool level); /* NULL: nobody */
        void *ctx;
    } users[MAILBOX_LARGE_USERS]; /* that of the host is the line */
};

static uint64_t last_user(const struct omap_mailbox_dev *d)
{
    return (d->large ? MAILBOX_LARGE_USERS : MAILBOX_USERS) - 1;
}

void omap_mailbox_attach(const struct device *processor, const char *id,
                         uint64_t user, void (*irq)(void *ctx, bool level),
                         void *ctx)
{
    struct omap_mailbox_dev *d = (struct omap_mailbox_dev *)device_link(
        processor, "mailbox", id, &omap_mailbox_kind);

    device_check_number(processor, "user", user, d->host_user ? 0 : 1,
                        last_user(d));
    if ( user == d->host_user )
        device_fail(processor, "user %llu of omap-mailbox %s is the host",
                    (unsigned long long)user, id);

    if ( d->users[user].irq )
        device_fail(processor, "omap-mailbox %s has a user %llu already", id,
                    (unsigned long long)user);

    d->users[user].irq = irq;
    d->users[user].ctx = ctx;
}

static void user_irq(void *ctx, unsigned int user, bool level)
{
    struct omap_mailbox_dev *d = ctx;

    if ( user == d->host_user )
        irq_line_set(&d->irq, level);
    else if ( d->users[user].irq )
        d->users[user].irq(d->users[user].ctx, level);
}

static uint64_t reg_read(void *opaque, hwaddr offset, unsigned int size)
{
    struct omap_mailbox_dev *d = opaque;

    return mailbox_reg_read(&d->mailbox, offset, size);
}

static void reg_write(void *opaque, hwaddr offset, uint64_t value,
                      unsigned int size)
{
    struct omap_mailbox_dev *d = opaque;

    mailbox_reg_write(&d->mailbox, offset, size, value);
}

/*
 * Device
 */

static void init(struct device *device)
{
    struct omap_mailbox_dev *d = (struct omap_mailbox_dev *)device;

    irq_line_init(&d->irq);
}

static void check(struct device *device)
{
    struct omap_mailbox_dev *d = (struct omap_mailbox_dev *)device;

    device_check_number(device, "host-user", d->host_user, 0, last_user(d));
    irq_line_claim(device, &d->irq);
}

static void start(struct device *device)
{
    struct omap_mailbox_dev *d = (struct omap_mailbox_dev *)device;
    const struct mailbox_config config = {
        .large = d->large,
        .ctx = d,
        .irq = user_irq,
    };

    mailbox_init(&d->mailbox, &config);
}

static void reset(void *instance)
{
    struct omap_mailbox_dev *d = instance;

    mailbox_reset(&d->mailbox);
}

static const struct device_property properties[] = {
    IRQ_LINE_PROPERTIES(struct omap_mailbox_dev, irq),
    { "host-user", PROPERTY_UINT64,
      offsetof(struct omap_mailbox_dev, host_user) },
    { "large", PROPERTY_BOOL, offsetof(struct omap_mailbox_dev, large) },
};

const struct device_kind omap_mailbox_kind = {
    .name = "omap-mailbox",
    .size = sizeof(struct omap_mailbox_dev),
    DEVICE_REGISTERS(MAILBOX_WINDOW, reg_read, reg_write, 4),
    DEVICE_PROPERTIES(properties),
    .init = init,
    .check = check,
    .start = start,
    .reset = reset,
};
