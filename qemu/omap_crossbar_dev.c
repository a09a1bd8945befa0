/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-crossbar: DRA7's interrupt crossbar. It has no registers of its own;
 * they are in the omap-prcm-page of the control module that names it.
 *
 *   left            what a boot loader left in the registers: source:input, and more of
 *                   them after a +, such as 23:60+145:61; the others are 0
 *
 * Devices give their source as irq, and its id as xbar. An input that the machine's GIC
 * does not have goes nowhere.
 */
#include <stdlib.h>

#include "gic.h"
#include "omap_crossbar_dev.h"

struct omap_crossbar_dev {
    struct device device;
    char *left;

    struct crossbar_config config;
    struct crossbar crossbar;
    const struct device *owner[CROSSBAR_SOURCES];
    qemu_irq line[CROSSBAR_INPUTS]; /* NULL: the GIC has not got it */
    bool attached;                  /* to a page */
};

static struct omap_crossbar_dev *find(const struct device *d, const char *id)
{
    return (struct omap_crossbar_dev *)device_link(d, "xbar", id,
                                                   &omap_crossbar_kind);
}

struct omap_crossbar_dev *omap_crossbar_claim(const struct device *d,
                                              const char *id, uint64_t source)
{
    struct omap_crossbar_dev *xbar = find(d, id);

    device_check_number(d, "irq", source, 1, CROSSBAR_SOURCES - 1);
    if ( xbar->owner[source] )
        device_fail(d, "source %llu of omap-crossbar %s is that of %s %s",
                    (unsigned long long)source, id,
                    xbar->owner[source]->kind->name,
                    device_id(xbar->owner[source]));

    xbar->owner[source] = d;

    return xbar;
}

void omap_crossbar_set(struct omap_crossbar_dev *d, unsigned int source,
                       bool level)
{
    crossbar_source(&d->crossbar, source, level);
}

struct crossbar *omap_crossbar_attach(const struct device *page, const char *id)
{
    struct omap_crossbar_dev *d = find(page, id);

    if ( d->attached )
        device_fail(page, "omap-crossbar %s is in a page already", id);

    d->attached = true;

    return &d->crossbar;
}

static void set_input(void *ctx, unsigned int input, bool level)
{
    const struct omap_crossbar_dev *d = ctx;

    if ( d->line[input] )
        qemu.qemu_set_irq(d->line[input], level);
}

/*
 * Device
 */

static void add_left(struct omap_crossbar_dev *d, unsigned long source,
                     unsigned long input)
{
    if ( source >= CROSSBAR_SOURCES || input >= CROSSBAR_INPUTS ||
         crossbar_offset(input) == CROSSBAR_NONE )
        device_fail(&d->device, "left: %lu:%lu is no source and input", source,
                    input);

    d->config.left[input] = source;
}

static void parse_left(struct omap_crossbar_dev *d)
{
    const char *at = d->left;
    char *end;

    while ( at )
    {
        unsigned long source = strtoul(at, &end, 10);
        unsigned long input = *end == ':' ? strtoul(end + 1, &end, 10) : 0;

        if ( end == at || (*end && *end != '+') )
            device_fail(&d->device, "left is not source:input+...: %s",
                        d->left);
        add_left(d, source, input);
        at = *end ? end + 1 : NULL;
    }
}

static void check(struct device *device)
{
    struct omap_crossbar_dev *d = (struct omap_crossbar_dev *)device;
    unsigned int input;

    for ( input = 0; input < CROSSBAR_INPUTS; input++ )
        d->line[input] = gic_input(device, input);
    parse_left(d);
}

/* Devices may set their lines before it is started: they are low. */
static void start(struct device *device)
{
    struct omap_crossbar_dev *d = (struct omap_crossbar_dev *)device;

    d->config.ctx = d;
    d->config.input = set_input;
    crossbar_init(&d->crossbar, &d->config);
}

static void reset(void *instance)
{
    struct omap_crossbar_dev *d = instance;

    crossbar_reset(&d->crossbar);
}

static const struct device_property properties[] = {
    { "left", PROPERTY_STRING, offsetof(struct omap_crossbar_dev, left) },
};

const struct device_kind omap_crossbar_kind = {
    .name = "omap-crossbar",
    .size = sizeof(struct omap_crossbar_dev),
    DEVICE_PROPERTIES(properties),
    .check = check,
    .start = start,
    .reset = reset,
};
