/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-mailbox: the model of the mailbox on QEMU's bus.
 *
 *   addr            of its registers
 *   irq             the interrupt of a user: the number of an SPI of the GIC
 *   host            that user, 0 by default
 *
 * The interrupts of the other users go to processors that name it.
 */
#include "gic.h"
#include "mailbox.h"
#include "omap_mailbox_dev.h"

struct omap_mailbox_dev {
    struct device device;
    uint64_t irq;
    uint64_t host;

    struct mailbox mailbox;
    qemu_irq line;
    struct {
        void (*irq)(void *ctx, bool level); /* NULL: nobody */
        void *ctx;
    } users[MAILBOX_USERS]; /* that of the host is the line */
};

void omap_mailbox_attach(const struct device *processor, const char *id,
                         uint64_t user, void (*irq)(void *ctx, bool level),
                         void *ctx)
{
    struct omap_mailbox_dev *d = (struct omap_mailbox_dev *)device_link(
        processor, "mailbox", id, &omap_mailbox_kind);

    device_check_number(processor, "user", user, 1, MAILBOX_USERS - 1);
    if ( d->users[user].irq || user == d->host )
        device_fail(processor, "omap-mailbox %s has a user %llu already", id,
                    (unsigned long long)user);

    d->users[user].irq = irq;
    d->users[user].ctx = ctx;
}

static void user_irq(void *ctx, unsigned int user, bool level)
{
    struct omap_mailbox_dev *d = ctx;

    if ( user == d->host )
        qemu.qemu_set_irq(d->line, level);
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

    d->irq = GIC_NO_IRQ;
}

static void check(struct device *device)
{
    struct omap_mailbox_dev *d = (struct omap_mailbox_dev *)device;

    device_check_number(device, "host", d->host, 0, MAILBOX_USERS - 1);
    d->line = gic_claim(device, d->irq);
}

static void start(struct device *device)
{
    struct omap_mailbox_dev *d = (struct omap_mailbox_dev *)device;
    const struct mailbox_config config = { .ctx = d, .irq = user_irq };

    mailbox_init(&d->mailbox, &config);
}

static void reset(void *instance)
{
    struct omap_mailbox_dev *d = instance;

    mailbox_reset(&d->mailbox);
}

static const MemoryRegionOps ops = {
    .read = reg_read,
    .write = reg_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

static const struct device_property properties[] = {
    { "irq", PROPERTY_UINT64, offsetof(struct omap_mailbox_dev, irq) },
    { "host", PROPERTY_UINT64, offsetof(struct omap_mailbox_dev, host) },
};

const struct device_kind omap_mailbox_kind = {
    .name = "omap-mailbox",
    .size = sizeof(struct omap_mailbox_dev),
    .window = MAILBOX_WINDOW,
    .ops = &ops,
    .properties = properties,
    .properties_count = sizeof(properties) / sizeof(properties[0]),
    .init = init,
    .check = check,
    .start = start,
    .reset = reset,
};

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
