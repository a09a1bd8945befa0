/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-prcm-unit: what switches one remote processor and its MMUs. It has no
 * registers of its own; its words are in pages.
 *
 *   prcm            the id of the omap-prcm
 *   rstctrl         the address of RSTCTRL; RSTST is the next word
 *   cores           the bits of its cores there, one or two, as a number
 *   mmu-reset       the bit of MMU and slave port there, as a number
 *   pwrstctrl       the address of PWRSTCTRL, PWRSTST is the next word; without it
 *                   the unit is in a power domain that is always on
 *   clkctrl         the address of CLKCTRL; CLKSTCTRL is 0x20 before it
 *   boot            optional: the address of the boot register
 *   boot-shift      of what that holds, to the left: 0 (OMAP5) or 10 (DRA7)
 *   emu             optional: the address of CM_EMU_CLKSTCTRL, which must be SW_WKUP
 *                   while an MMU of it is on
 *   dreq            optional: the address of the first of ten words of a DSP's DMA
 *                   requests
 *   started         bits of RSTCTRL that a boot loader released before: then power,
 *                   clock and module are on
 *   rstctrl-reads, rstst-reads, power-reads, clock-reads, module-reads, standby-reads
 *                   how many reads of the word see the old state, see enum prcm_delay;
 *                   0xffffffff: all
 */
#include "omap_prcm_dev.h"
#include "omap_prcm_unit_dev.h"

#define MAX_PARTS 4u

/* What is called when its registers are as after a reset. */
struct listener {
    void (*lost)(void *ctx); /* NULL: nobody */
    void *ctx;
};

struct omap_prcm_unit_dev {
    struct device device;
    char *prcm_id;
    uint64_t rstctrl;
    uint64_t cores;
    uint64_t mmu_reset;
    uint64_t pwrstctrl;
    uint64_t clkctrl;
    uint64_t boot;
    uint64_t boot_shift;
    uint64_t emu;
    uint64_t dreq;
    uint64_t started;
    uint64_t delay[PRCM_DELAYS];

    struct prcm *prcm;
    unsigned int number; /* in prcm */
    struct listener mmus[PRCM_MAX_PORTS];
    struct listener parts[MAX_PARTS];
    uint32_t (*edma_busy)(void *ctx); /* or NULL */
    void *edma;
    struct {
        void (*reset)(void *ctx, bool asserted, uint32_t boot); /* or NULL */
        void *ctx;
    } processors[PRCM_MAX_CORES];
};

static struct omap_prcm_unit_dev *find(const struct device *d, const char *id)
{
    return (struct omap_prcm_unit_dev *)device_link(d, "unit", id,
                                                    &omap_prcm_unit_kind);
}

struct omap_prcm_unit_dev *omap_prcm_unit_attach_mmu(const struct device *mmu,
                                                     const char *id,
                                                     uint64_t port,
                                                     void (*lost)(void *ctx),
                                                     void *ctx)
{
    struct omap_prcm_unit_dev *d = find(mmu, id);

    device_check_number(mmu, "port", port, 0, PRCM_MAX_PORTS - 1);
    if ( d->mmus[port].lost )
        device_fail(mmu, "port %llu of omap-prcm-unit %s has an MMU already",
                    (unsigned long long)port, id);

    d->mmus[port] = (struct listener){ lost, ctx };

    return d;
}

struct omap_prcm_unit_dev *omap_prcm_unit_attach_part(const struct device *part,
                                                      const char *id,
                                                      void (*lost)(void *ctx),
                                                      void *ctx)
{
    struct omap_prcm_unit_dev *d = find(part, id);
    unsigned int i;

    for ( i = 0; i < MAX_PARTS && d->parts[i].lost; i++ )
        ;
    if ( i == MAX_PARTS )
        device_fail(part, "omap-prcm-unit %s has %u parts already", id,
                    MAX_PARTS);

    d->parts[i] = (struct listener){ lost, ctx };

    return d;
}

void omap_prcm_unit_attach_edma(struct omap_prcm_unit_dev *d,
                                const struct device *edma,
                                uint32_t (*busy)(void *ctx), void *ctx)
{
    if ( d->edma_busy )
        device_fail(edma, "omap-prcm-unit %s has an EDMA already",
                    device_id(&d->device));

    d->edma_busy = busy;
    d->edma = ctx;
}

bool omap_prcm_unit_read(const struct omap_prcm_unit_dev *d, uint32_t offset)
{
    return prcm_mmu_read(d->prcm, d->number, offset);
}

bool omap_prcm_unit_write(const struct omap_prcm_unit_dev *d, unsigned int port,
                          uint32_t offset, unsigned int size, uint32_t value)
{
    return prcm_port_write(d->prcm, d->number, port, offset, size, value);
}

bool omap_prcm_unit_access(const struct omap_prcm_unit_dev *d, uint32_t offset)
{
    return !d || !devices_started() ||
           prcm_part_access(d->prcm, d->number, offset);
}

void omap_prcm_unit_note(const struct omap_prcm_unit_dev *d,
                         enum prcm_event event, uint32_t value)
{
    prcm_note(d->prcm, d->number, event, value);
}

void omap_prcm_unit_attach(
    const struct device *processor, const char *id, uint64_t core,
    void (*reset)(void *ctx, bool asserted, uint32_t boot), void *ctx)
{
    struct omap_prcm_unit_dev *d = find(processor, id);
    unsigned int cores = __builtin_popcountll(d->cores);

    if ( core >= cores || core >= PRCM_MAX_CORES )
        device_fail(processor, "core %llu is not of omap-prcm-unit %s",
                    (unsigned long long)core, id);

    if ( d->processors[core].reset )
        device_fail(processor,
                    "core %llu of omap-prcm-unit %s has a processor already",
                    (unsigned long long)core, id);

    d->processors[core].reset = reset;
    d->processors[core].ctx = ctx;
}

/*
 * Model
 */

static void core_changed(void *ctx, unsigned int core, bool runs, uint32_t boot)
{
    const struct omap_prcm_unit_dev *d = ctx;

    if ( d->processors[core].reset )
        d->processors[core].reset(d->processors[core].ctx, !runs, boot);
}

static void registers_lost(void *ctx)
{
    const struct omap_prcm_unit_dev *d = ctx;
    unsigned int i;

    for ( i = 0; i < PRCM_MAX_PORTS; i++ )
        if ( d->mmus[i].lost )
            d->mmus[i].lost(d->mmus[i].ctx);

    for ( i = 0; i < MAX_PARTS; i++ )
        if ( d->parts[i].lost )
            d->parts[i].lost(d->parts[i].ctx);
}

static uint32_t edma_busy(void *ctx)
{
    const struct omap_prcm_unit_dev *d = ctx;

    return d->edma_busy ? d->edma_busy(d->edma) : 0;
}

/*
 * Device
 */

static const struct device_property properties[] = {
    { "prcm", PROPERTY_STRING, offsetof(struct omap_prcm_unit_dev, prcm_id) },
#define NUMBER(name, field) \
    { \
        name, PROPERTY_UINT64, offsetof(struct omap_prcm_unit_dev, field) \
    }
    NUMBER("rstctrl", rstctrl),
    NUMBER("cores", cores),
    NUMBER("mmu-reset", mmu_reset),
    NUMBER("pwrstctrl", pwrstctrl),
    NUMBER("clkctrl", clkctrl),
    NUMBER("boot", boot),
    NUMBER("boot-shift", boot_shift),
    NUMBER("emu", emu),
    NUMBER("dreq", dreq),
    NUMBER("started", started),
    NUMBER("rstctrl-reads", delay[PRCM_DELAY_RSTCTRL]),
    NUMBER("rstst-reads", delay[PRCM_DELAY_RSTST]),
    NUMBER("power-reads", delay[PRCM_DELAY_POWER]),
    NUMBER("clock-reads", delay[PRCM_DELAY_CLOCK]),
    NUMBER("module-reads", delay[PRCM_DELAY_MODULE]),
    NUMBER("standby-reads", delay[PRCM_DELAY_STANDBY]),
#undef NUMBER
};

static void init(struct device *device)
{
    struct omap_prcm_unit_dev *d = (struct omap_prcm_unit_dev *)device;

    d->rstctrl = DEVICE_NO_NUMBER;
    d->cores = DEVICE_NO_NUMBER;
    d->mmu_reset = DEVICE_NO_NUMBER;
    d->clkctrl = DEVICE_NO_NUMBER;
}

/* What does not fit into 32 bits would be cut. */
static void check_numbers(const struct omap_prcm_unit_dev *d)
{
    unsigned int i;

    for ( i = 0; i < sizeof(properties) / sizeof(properties[0]); i++ )
        if ( properties[i].type == PROPERTY_UINT64 )
            device_check_number(
                &d->device, properties[i].name,
                *(const uint64_t *)((const char *)d + properties[i].offset), 0,
                UINT32_MAX);
}

static void check(struct device *device)
{
    struct omap_prcm_unit_dev *d = (struct omap_prcm_unit_dev *)device;
    struct omap_prcm_unit unit = {
        .device = device,
        .config = {
            .word = {
                [PRCM_RSTCTRL] = d->rstctrl,
                [PRCM_RSTST] = d->rstctrl + 4,
                [PRCM_PWRSTCTRL] = d->pwrstctrl,
                [PRCM_PWRSTST] = d->pwrstctrl ? d->pwrstctrl + 4 : 0,
                [PRCM_CLKSTCTRL] = d->clkctrl - 0x20,
                [PRCM_CLKCTRL] = d->clkctrl,
            },
            .cores = d->cores,
            .mmu = d->mmu_reset,
            .boot = d->boot,
            .boot_shift = d->boot_shift,
            .emu = d->emu,
            .dreq = d->dreq,
            .started = d->started,
        },
        .core = core_changed,
        .lost = registers_lost,
        .edma = edma_busy,
        .ctx = d,
    };
    unsigned int i;

    check_numbers(d);
    for ( i = 0; i < PRCM_DELAYS; i++ )
        unit.delay[i] = d->delay[i];
    d->prcm = omap_prcm_add_unit(&unit, d->prcm_id, &d->number);
}

const struct device_kind omap_prcm_unit_kind = {
    .name = "omap-prcm-unit",
    .size = sizeof(struct omap_prcm_unit_dev),
    DEVICE_PROPERTIES(properties),
    .init = init,
    .check = check,
    /* No reset: the omap-prcm does it. */
};
