/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-control: reset lines of processors, and where they boot.
 *
 *   addr            of its registers
 *
 * It stands for parts of the PRM and of the control module. The layout is this
 * project's own, such that Linux's drivers for plain registers serve it: a bit
 * for each reset line, high while it is asserted; a boot register for each.
 */
#include "omap_control_dev.h"

#define WINDOW  0x1000u
#define LINES   2u
#define RSTCTRL 0x000u /* RW: bit n: line n is asserted */
#define BOOT    0x300u /* RW: a word for each line: a da */

#define ALL_ASSERTED ((1u << LINES) - 1)

struct omap_control_dev {
    struct device device;

    uint32_t asserted;
    uint32_t boot[LINES];
    struct {
        void (*reset)(void *ctx, bool asserted, uint32_t boot); /* or NULL */
        void *ctx;
    } processors[LINES];
};

void omap_control_attach(const struct device *processor, const char *id,
                         uint64_t line,
                         void (*reset)(void *ctx, bool asserted, uint32_t boot),
                         void *ctx)
{
    struct omap_control_dev *d = (struct omap_control_dev *)device_link(
        processor, "control", id, &omap_control_kind);

    device_check_number(processor, "line", line, 0, LINES - 1);
    if ( d->processors[line].reset )
        device_fail(processor,
                    "line %llu of omap-control %s has a processor already",
                    (unsigned long long)line, id);

    d->processors[line].reset = reset;
    d->processors[line].ctx = ctx;
}

/* Tell the processors of the lines in changed how their line is now. */
static void tell(struct omap_control_dev *d, uint32_t changed)
{
    unsigned int i;

    for ( i = 0; i < LINES; i++ )
        if ( (changed & 1u << i) && d->processors[i].reset )
            d->processors[i].reset(d->processors[i].ctx, d->asserted & 1u << i,
                                   d->boot[i]);
}

/* The boot register at offset, or NULL. */
static uint32_t *boot_at(struct omap_control_dev *d, hwaddr offset)
{
    return offset - BOOT < sizeof(d->boot) ? &d->boot[(offset - BOOT) / 4]
                                           : NULL;
}

static uint32_t read_word(struct omap_control_dev *d, hwaddr offset)
{
    const uint32_t *boot = boot_at(d, offset);

    if ( boot )
        return *boot;

    return offset == RSTCTRL ? d->asserted : 0;
}

/* As the models do: a narrow access reads its part, and writes nothing. */
static uint64_t reg_read(void *opaque, hwaddr offset, unsigned int size)
{
    (void)size;

    return read_word(opaque, offset & ~3ull) >> (offset & 3) * 8;
}

static void reg_write(void *opaque, hwaddr offset, uint64_t value,
                      unsigned int size)
{
    struct omap_control_dev *d = opaque;
    uint32_t *boot = boot_at(d, offset);
    uint32_t before = d->asserted;

    if ( size != 4 )
        return;

    if ( boot )
        *boot = value;
    else if ( offset == RSTCTRL )
    {
        d->asserted = value & ALL_ASSERTED;
        tell(d, d->asserted ^ before);
    }
}

/*
 * Device
 */

static void start(struct device *device)
{
    struct omap_control_dev *d = (struct omap_control_dev *)device;

    d->asserted = ALL_ASSERTED;
}

static void reset(void *instance)
{
    struct omap_control_dev *d = instance;
    unsigned int i;

    for ( i = 0; i < LINES; i++ )
        d->boot[i] = 0;
    d->asserted = ALL_ASSERTED;
    tell(d, ALL_ASSERTED);
}

const struct device_kind omap_control_kind = {
    .name = "omap-control",
    .size = sizeof(struct omap_control_dev),
    DEVICE_REGISTERS(WINDOW, reg_read, reg_write, 4),
    .start = start,
    .reset = reset,
};
