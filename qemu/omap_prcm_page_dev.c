/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-prcm-page: a page of the PRM, of a CM or of the control module. What
 * belongs to no unit in it is storage.
 *
 *   addr            of it
 *   prcm            the id of the omap-prcm
 *   fill            what each of its words holds after a reset, 0 by default
 *   xbar            optional, of the page 0x4a002000: the id of the omap-crossbar whose
 *                   registers are in it
 */
#include "omap_crossbar_dev.h"
#include "omap_prcm_dev.h"
#include "omap_prcm_page_dev.h"

#define SELF_CHECK 0x50524d50u /* word 0 reads so until the machine is made */

struct omap_prcm_page_dev {
    struct device device;
    char *prcm_id;
    uint64_t fill;
    char *xbar_id;

    struct prcm *prcm;
    struct crossbar *xbar; /* NULL: there is none */
};

static bool is_of_xbar(const struct omap_prcm_page_dev *d, hwaddr offset)
{
    return d->xbar && offset >= CROSSBAR_PAGE_OFFSET &&
           offset - CROSSBAR_PAGE_OFFSET < CROSSBAR_WINDOW;
}

static uint64_t reg_read(void *opaque, hwaddr offset, unsigned int size)
{
    struct omap_prcm_page_dev *d = opaque;

    if ( !devices_started() )
        return SELF_CHECK;

    if ( is_of_xbar(d, offset) )
        return crossbar_read(d->xbar, offset - CROSSBAR_PAGE_OFFSET, size);

    return prcm_read(d->prcm, d->device.addr + offset, size);
}

static void reg_write(void *opaque, hwaddr offset, uint64_t value,
                      unsigned int size)
{
    struct omap_prcm_page_dev *d = opaque;

    if ( is_of_xbar(d, offset) )
        crossbar_write(d->xbar, offset - CROSSBAR_PAGE_OFFSET, size, value);
    else
        prcm_write(d->prcm, d->device.addr + offset, size, value);
}

/*
 * Device
 */

static void check(struct device *device)
{
    struct omap_prcm_page_dev *d = (struct omap_prcm_page_dev *)device;

    device_check_number(device, "fill", d->fill, 0, UINT32_MAX);
    d->prcm = omap_prcm_add_page(device, d->prcm_id, d->fill);
    if ( d->xbar_id )
        d->xbar = omap_crossbar_attach(device, d->xbar_id);
}

static const struct device_property properties[] = {
    { "prcm", PROPERTY_STRING, offsetof(struct omap_prcm_page_dev, prcm_id) },
    { "xbar", PROPERTY_STRING, offsetof(struct omap_prcm_page_dev, xbar_id) },
    { "fill", PROPERTY_UINT64, offsetof(struct omap_prcm_page_dev, fill) },
};

const struct device_kind omap_prcm_page_kind = {
    .name = "omap-prcm-page",
    .size = sizeof(struct omap_prcm_page_dev),
    DEVICE_REGISTERS(PRCM_PAGE, reg_read, reg_write, 4),
    DEVICE_PROPERTIES(properties),
    .check = check,
    /* No reset: the omap-prcm does it. */
};
