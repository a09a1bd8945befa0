/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-prcm: power, reset and clocks of remote processors, model/prcm.h. Its
 * words are in devices omap-prcm-page, its processors are devices omap-prcm-unit.
 *
 *   addr            of a page that no hardware has, for tests: what was recorded
 *   trace           a file to write: a line for each event, the id of the unit, what
 *                   happened and its value in hexadecimal, see enum prcm_event
 *
 * Units have numbers, in the order of the command line. The page has these words:
 *
 *   000 RO  0x4d435250
 *   004 RO  how many events there were
 *   008 RO  writes that changed a bit of a word that no unit owns
 *   00c RO  the address of the last of them
 *   100 + 0x20 * unit
 *       +00 RO  accesses to its MMU's registers while the MMU did not answer
 *       +04 RO  the offset of the last of them
 *       +08 RO  bit 0: its MMU answers; bit 8 + n: core n runs
 *       +0c WO  power fails for a moment
 *   200 + 0x20 * unit + 4 * n
 *           RW  the delay n of enum prcm_delay
 *   800 + 8 * n
 *       +00 RO  event n, modulo 256: unit << 16 | what; n counts from 0
 *       +04 RO  its value
 */
#include <inttypes.h>
#include <stdio.h>

#include "omap_prcm_dev.h"

#define WINDOW      0x1000u
#define MAGIC       0x4d435250u /* "PRCM" */
#define EVENTS      0x004u
#define CHANGES     0x008u
#define CHANGED     0x00cu
#define UNIT(n)     (0x100u + 0x20 * (n))
#define UNIT_COUNT  0x00u
#define UNIT_OFFSET 0x04u
#define UNIT_STATE  0x08u
#define UNIT_FAIL   0x0cu
#define DELAY(n)    (0x200u + 0x20 * (n))
#define RECORD      0x800u

struct omap_prcm_dev {
    struct device device;
    char *trace_name;

    struct prcm_config config;
    struct omap_prcm_unit unit[PRCM_MAX_UNITS];
    struct prcm prcm;
    FILE *trace; /* NULL: not wanted */
};

static struct omap_prcm_dev *find(const struct device *d, const char *id)
{
    return (struct omap_prcm_dev *)device_link(d, "prcm", id, &omap_prcm_kind);
}

struct prcm *omap_prcm_add_page(const struct device *page, const char *id,
                                uint32_t fill)
{
    struct omap_prcm_dev *d = find(page, id);

    if ( d->config.pages == PRCM_MAX_PAGES )
        device_fail(page, "omap-prcm %s has %u pages already", id,
                    PRCM_MAX_PAGES);

    d->config.page[d->config.pages].addr = page->addr;
    d->config.page[d->config.pages].fill = fill;
    d->config.pages++;

    return &d->prcm;
}

struct prcm *omap_prcm_add_unit(const struct omap_prcm_unit *unit,
                                const char *id, unsigned int *number)
{
    struct omap_prcm_dev *d = find(unit->device, id);

    if ( d->config.units == PRCM_MAX_UNITS )
        device_fail(unit->device, "omap-prcm %s has %u units already", id,
                    PRCM_MAX_UNITS);

    *number = d->config.units++;
    d->unit[*number] = *unit;
    d->config.unit[*number] = unit->config;

    return &d->prcm;
}

/*
 * Model
 */

static void core(void *ctx, unsigned int unit, unsigned int number, bool runs,
                 uint32_t boot)
{
    struct omap_prcm_dev *d = ctx;

    d->unit[unit].core(d->unit[unit].ctx, number, runs, boot);
}

static void lost(void *ctx, unsigned int unit)
{
    struct omap_prcm_dev *d = ctx;

    d->unit[unit].lost(d->unit[unit].ctx);
}

static uint32_t edma(void *ctx, unsigned int unit)
{
    struct omap_prcm_dev *d = ctx;

    return d->unit[unit].edma(d->unit[unit].ctx);
}

static void event(void *ctx, unsigned int unit, enum prcm_event what,
                  uint32_t value)
{
    struct omap_prcm_dev *d = ctx;

    if ( d->trace )
        fprintf(d->trace, "%s %s %08" PRIx32 "\n",
                device_id(d->unit[unit].device), prcm_event_name(what), value);
}

/*
 * Record
 */

static uint32_t unit_state(const struct prcm *p, unsigned int unit)
{
    return prcm_mmu_answers(p, unit) | prcm_core_runs(p, unit, 0) << 8 |
           prcm_core_runs(p, unit, 1) << 9;
}

static uint32_t read_unit(const struct prcm *p, unsigned int unit,
                          uint32_t offset)
{
    switch ( offset )
    {
    case UNIT_COUNT:
        return p->unit[unit].off_accesses;
    case UNIT_OFFSET:
        return p->unit[unit].off_offset;
    case UNIT_STATE:
        return unit_state(p, unit);
    default:
        return 0;
    }
}

static uint32_t read_record(const struct prcm *p, uint32_t offset)
{
    const struct prcm_record *r = &p->record[offset / 8];

    return offset & 4 ? r->value : r->unit << 16 | r->event;
}

/* The delay at offset; NULL: there is none. */
static const uint32_t *delay_at(const struct prcm *p, uint32_t offset)
{
    unsigned int unit = (offset - DELAY(0)) / 0x20;
    unsigned int what = (offset & 0x1f) / 4;

    return unit < p->config.units && what < PRCM_DELAYS
               ? &p->unit[unit].delay[what]
               : NULL;
}

static uint32_t read_word(const struct prcm *p, uint32_t offset)
{
    const uint32_t *delay = delay_at(p, offset);

    if ( delay )
        return *delay;

    if ( offset >= RECORD )
        return read_record(p, offset - RECORD);

    if ( offset - UNIT(0) < 0x20 * p->config.units )
        return read_unit(p, (offset - UNIT(0)) / 0x20, offset & 0x1f);

    switch ( offset )
    {
    case 0:
        return MAGIC;
    case EVENTS:
        return p->records;
    case CHANGES:
        return p->foreign_changes;
    case CHANGED:
        return p->foreign_addr;
    default:
        return 0;
    }
}

static uint64_t reg_read(void *opaque, hwaddr offset, unsigned int size)
{
    const struct omap_prcm_dev *d = opaque;

    (void)size;

    return read_word(&d->prcm, offset & ~3u) >> (offset & 3) * 8;
}

static void reg_write(void *opaque, hwaddr offset, uint64_t value,
                      unsigned int size)
{
    struct omap_prcm_dev *d = opaque;

    if ( size != 4 )
        return;

    if ( delay_at(&d->prcm, offset) )
        prcm_set_delay(&d->prcm, (offset - DELAY(0)) / 0x20,
                       (offset & 0x1f) / 4, value);
    else if ( offset - UNIT(0) < 0x20 * d->config.units &&
              (offset & 0x1f) == UNIT_FAIL )
        prcm_power_failure(&d->prcm, (offset - UNIT(0)) / 0x20);
}

/*
 * Device
 */

static void check(struct device *device)
{
    struct omap_prcm_dev *d = (struct omap_prcm_dev *)device;

    if ( d->trace_name )
        d->trace = device_open_trace(device, d->trace_name);
}

/* One unit after the other, so that what is wrong has a name. */
static void check_config(const struct omap_prcm_dev *d)
{
    struct prcm_config config = d->config;
    const char *wrong;

    for ( config.units = 0; config.units <= d->config.units; config.units++ )
    {
        wrong = prcm_check(&config);
        if ( wrong && config.units )
            device_fail(d->unit[config.units - 1].device, "%s", wrong);
        if ( wrong )
            device_fail(&d->device, "%s", wrong);
    }
}

static void start(struct device *device)
{
    struct omap_prcm_dev *d = (struct omap_prcm_dev *)device;
    unsigned int i, what;

    d->config.ctx = d;
    d->config.core = core;
    d->config.lost = lost;
    d->config.edma = edma;
    d->config.event = event;
    check_config(d);
    prcm_init(&d->prcm, &d->config);
    for ( i = 0; i < d->config.units; i++ )
        for ( what = 0; what < PRCM_DELAYS; what++ )
            prcm_set_delay(&d->prcm, i, what, d->unit[i].delay[what]);
}

static void reset(void *instance)
{
    struct omap_prcm_dev *d = instance;

    prcm_reset(&d->prcm);
}

static const struct device_property properties[] = {
    { "trace", PROPERTY_STRING, offsetof(struct omap_prcm_dev, trace_name) },
};

const struct device_kind omap_prcm_kind = {
    .name = "omap-prcm",
    .size = sizeof(struct omap_prcm_dev),
    DEVICE_REGISTERS(WINDOW, reg_read, reg_write, 4),
    DEVICE_PROPERTIES(properties),
    .check = check,
    .start = start,
    .reset = reset,
};
