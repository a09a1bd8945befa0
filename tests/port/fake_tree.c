/* SPDX-License-Identifier: GPL-2.0-only */
/* The device tree, and what Xen asks the driver for. */
#include <xen/errno.h>
#include <xen/kernel.h>

#include <asm/device.h>
#include <asm/iommu_fwspec.h>
#include <asm/mmio.h>

#include "fake.h"

enum system_state system_state;

/* The tree */

struct dt_device_node *dt_host;

bool dt_device_is_compatible(const struct dt_device_node *device,
                             const char *compat)
{
    return (device->compatible && !strcmp(device->compatible, compat)) ||
           (device->also && !strcmp(device->also, compat));
}

/* A crossbar's, and what names an input of it. NULL: this driver asks for no such. */
static const struct fake_cells *other_cells(const struct dt_device_node *np,
                                            const char *name)
{
    static const struct fake_cells none;
    static const char *const names[] = {
        "ti,syscon-mmuconfig",     "ti,max-irqs",  "ti,reg-size",
        "ti,irqs-reserved",        "ti,irqs-skip", "ti,irqs-safe-map",
        "xen,omap-crossbar-input",
    };
    const struct fake_property *p = np->properties;
    unsigned int i;

    for ( ; p && p->name; p++ )
        if ( !strcmp(p->name, name) )
            return &p->cells;
    for ( i = 0; i < ARRAY_SIZE(names); i++ )
        if ( !strcmp(names[i], name) )
            return &none;

    return NULL;
}

static const struct fake_cells *cells_of(const struct dt_device_node *np,
                                         const char *name)
{
    if ( !strcmp(name, "xen,guest-address") )
        return &np->guest_address;
    if ( !strcmp(name, "xen,omap-control") )
        return &np->control;
    if ( !strcmp(name, "ti,bootreg") )
        return &np->bootreg;

    return other_cells(np, name);
}

static u32 cell_at(const uint8_t *byte)
{
    return (u32)byte[0] << 24 | byte[1] << 16 | byte[2] << 8 | byte[3];
}

/* A longer property is read as well: its first cell. */
static bool read_cell(const struct fake_cells *cells, u32 *out_value)
{
    if ( !cells->bytes || cells->size < 4 )
        return false;
    *out_value = cell_at(cells->bytes);

    return true;
}

int dt_property_read_variable_u32_array(const struct dt_device_node *np,
                                        const char *propname, u32 *out_values,
                                        size_t sz_min, size_t sz_max)
{
    const struct fake_cells *cells = cells_of(np, propname);
    unsigned int i;

    assert_non_null(cells);
    if ( !cells->bytes )
        return -EINVAL;
    if ( cells->size < 4 * sz_min || cells->size > 4 * sz_max )
        return -EOVERFLOW;
    for ( i = 0; i < cells->size / 4; i++ )
        out_values[i] = cell_at(cells->bytes + 4 * i);

    return (int)i;
}

bool dt_property_read_u32(const struct dt_device_node *np, const char *name,
                          u32 *out_value)
{
    if ( cells_of(np, name) )
        return read_cell(cells_of(np, name), out_value);
    assert_string_equal(name, "ti,#tlb-entries");
    if ( np->tlb_entries )
        *out_value = np->tlb_entries;

    return np->tlb_entries;
}

bool dt_property_read_bool(const struct dt_device_node *np, const char *name)
{
    if ( !strcmp(name, "xen,omap-clocked") )
        return np->clocked;
    assert_string_equal(name, "ti,iommu-bus-err-back");

    return np->bus_err_back;
}

const void *dt_get_property(const struct dt_device_node *np, const char *name,
                            u32 *lenp)
{
    const struct fake_cells *cells = cells_of(np, name);

    assert_non_null(cells);
    if ( cells->bytes && lenp )
        *lenp = cells->size;

    return cells->bytes;
}

bool dt_device_for_passthrough(const struct dt_device_node *device)
{
    return device->passthrough;
}

int dt_device_get_address(const struct dt_device_node *dev, unsigned int index,
                          u64 *addr, u64 *size)
{
    assert_int_equal(index, 0);
    if ( !dev->has_reg )
    {
        *addr = *size = 0x4a066000; /* what the caller's stack may hold */
        return -EINVAL;
    }
    *addr = dev->base;
    *size = dev->size;

    return 0;
}

static const struct dt_device_node gic = { .full_name = "/gic" };
const struct dt_device_node *dt_interrupt_controller = &gic;

#define SPIS_BEGIN 32
#define PPIS_BEGIN 16

int dt_device_get_raw_irq(const struct dt_device_node *device,
                          unsigned int index, struct dt_raw_irq *irq)
{
    assert_int_equal(index, 0);
    if ( device->raw_irq )
        *irq = *device->raw_irq;
    else if ( device->irq < 0 )
        return -EINVAL;
    else
        *irq = (struct dt_raw_irq){
            .controller = &gic,
            .size = 3,
            .specifier = { device->irq < SPIS_BEGIN,
                           device->irq - (device->irq < SPIS_BEGIN
                                              ? PPIS_BEGIN
                                              : SPIS_BEGIN),
                           4 },
        };

    return 0;
}

/* As the GIC's, which takes any number; type 0 has been wrong in some trees. */
int dt_irq_translate(const struct dt_raw_irq *raw, struct dt_irq *out_irq)
{
    if ( raw->controller != dt_interrupt_controller || raw->size < 3 )
        return -EINVAL;
    out_irq->irq =
        raw->specifier[1] + (raw->specifier[0] ? PPIS_BEGIN : SPIS_BEGIN);
    out_irq->type = raw->specifier[2];

    return 0;
}

int irq_set_type(unsigned int irq, unsigned int type)
{
    fake.irq_type = type;

    return 0;
}

struct dt_device_node *dt_parse_phandle(const struct dt_device_node *np,
                                        const char *phandle_name, int index)
{
    int i;

    if ( !strcmp(phandle_name, "ti,bootreg") )
        return index == 0 ? np->scm : NULL;
    if ( !strcmp(phandle_name, "ti,syscon-mmuconfig") )
        return index == 0 ? np->dsp_system : NULL;
    assert_string_equal(phandle_name, "iommus");
    for ( i = 0; np->iommus && i < index && np->iommus[i]; i++ )
        continue;

    return np->iommus ? np->iommus[i] : NULL;
}

static const struct dt_phandle_args *list_of(const struct dt_device_node *np,
                                             const char *list_name,
                                             const char *cells_name)
{
    bool resets = !strcmp(list_name, "resets");

    assert_true(resets || !strcmp(list_name, "clocks"));
    assert_string_equal(cells_name, resets ? "#reset-cells" : "#clock-cells");

    return resets ? np->resets : np->clocks;
}

int dt_count_phandle_with_args(const struct dt_device_node *np,
                               const char *list_name, const char *cells_name)
{
    const struct dt_phandle_args *args = list_of(np, list_name, cells_name);
    int n;

    for ( n = 0; args && args[n].np; n++ )
        if ( args[n].args_count == -EINVAL )
            return -EINVAL;

    return args ? n : -ENOENT;
}

/* What is written of out_args if there is none: nothing, as in Xen. */
int dt_parse_phandle_with_args(const struct dt_device_node *np,
                               const char *list_name, const char *cells_name,
                               int index, struct dt_phandle_args *out_args)
{
    const struct dt_phandle_args *args = list_of(np, list_name, cells_name);
    int i;

    for ( i = 0; args && args[i].np; i++ )
        if ( args[i].args_count == -EINVAL )
            return -EINVAL;
        else if ( i == index )
        {
            if ( args[i].args_count < 0 )
                return args[i].args_count;
            out_args->np = args[i].np;
            out_args->args_count = args[i].args_count;
            memcpy(out_args->args, args[i].args,
                   args[i].args_count * sizeof(args[i].args[0]));
            return 0;
        }

    return -ENOENT;
}

/* The IOMMU framework */

void iommu_set_ops(const struct iommu_ops *ops)
{
    assert_true(!fake.ops || fake.ops == ops);
    fake.ops = ops;
}

void iommu_fwspec_free(struct device *dev)
{
    dev->has_fwspec = false;
}

void arch_iommu_hwdom_init(struct domain *d)
{
    fake_bug("dom0's IOMMU");
}

int arm_iommu_map_page(struct domain *d, dfn_t dfn, mfn_t mfn,
                       unsigned int flags, unsigned int *flush_flags)
{
    fake_bug("a grant mapping of dom0's");
}

int arm_iommu_unmap_page(struct domain *d, dfn_t dfn, unsigned int order,
                         unsigned int *flush_flags)
{
    fake_bug("a grant mapping of dom0's");
}

int fake_probe(struct dt_device_node *np)
{
    const struct dt_device_match *match = fake_driver.dt_match;

    assert_int_equal(fake_driver.class, DEVICE_IOMMU);
    for ( ; match->compatible; match++ )
        if ( dt_device_is_compatible(np, match->compatible) )
            return fake_driver.init(np, NULL);

    return -ENODEV;
}

/* A list of one domain's devices; nothing but whether one is in it matters. */
static LIST_HEAD(some_domains);

static void set_owner(struct dt_device_node *np, domid_t owner)
{
    dt_device_set_used_by(np, owner);
    np->domain_list.next = owner == DOMID_IO ? &np->domain_list : &some_domains;
}

/*
 * As iommu_add_dt_device(): the driver is asked for each MMU, and then for the device. One
 * that names no MMU is not the driver's. One that has an fwspec cannot have a second.
 */
static void add_device(struct dt_device_node *np)
{
    unsigned int n;

    for ( n = 0; dt_parse_phandle(np, "iommus", (int)n); n++ )
    {
        assert_false(np->dev.has_fwspec);
        np->dev.has_fwspec = true;
        assert_int_equal(fake.ops->dt_xlate(dt_to_dev(np), NULL), 0);
    }
    if ( !n )
        return;
    assert_int_equal(fake.ops->add_device(0, dt_to_dev(np)), 0);
    assert_true(np->is_protected);
}

/* As iommu_assign_dt_device(), after that. */
int fake_assign(struct domain *d, struct dt_device_node *master)
{
    int rc;

    if ( !master->domain_list.next )
        master->domain_list.next = &master->domain_list;
    add_device(master);
    if ( !master->is_protected )
        return -EINVAL;
    if ( !list_empty(&master->domain_list) )
        return -EBUSY;

    rc = fake.ops->assign_device(d, 0, dt_to_dev(master), 0);
    fake_assert_unlocked();
    if ( !rc )
        set_owner(master, d->domain_id);

    return rc;
}

/* As iommu_deassign_dt_device(). */
int fake_release_step(struct domain *d, struct dt_device_node *master)
{
    int rc = fake.ops->reassign_device(d, NULL, 0, dt_to_dev(master));

    fake_assert_unlocked();
    if ( !rc )
        set_owner(master, DOMID_IO);

    return rc;
}

int fake_release(struct domain *d, struct dt_device_node *master)
{
    int rc;

    d->is_dying = true;
    do
    {
        rc = fake_release_step(d, master);
        fake_run_until(fake.now + MILLISECS(50));
    }
    while ( rc == -ERESTART );

    return rc;
}

void domain_crash(struct domain *d)
{
    d->crashed = true;
}

/* Traps */

void register_mmio_handler(struct domain *d, const struct mmio_handler_ops *ops,
                           paddr_t addr, paddr_t size, void *priv)
{
    BUG_ON(d->arch.vmmio.num_entries >= d->arch.vmmio.max_num_entries);
    d->arch.vmmio.handlers[d->arch.vmmio.num_entries++] =
        (struct mmio_handler){ addr, size, ops, priv };
}

static const struct mmio_handler *handler_at(const struct domain *d,
                                             paddr_t gpa)
{
    int i;

    for ( i = 0; i < d->arch.vmmio.num_entries; i++ )
    {
        const struct mmio_handler *h = &d->arch.vmmio.handlers[i];

        if ( gpa >= h->addr && gpa - h->addr < h->size )
            return h;
    }
    fail_msg("d%u: no trap at %#lx", d->domain_id, (unsigned long)gpa);

    return NULL;
}

uint32_t fake_trap_read(struct domain *d, paddr_t gpa)
{
    const struct mmio_handler *h = handler_at(d, gpa);
    mmio_info_t info = { .dabt.size = 2, .gpa = gpa };
    struct vcpu v = { .domain = d };
    register_t r = 0;

    assert_int_equal(h->ops->read(&v, &info, &r, h->priv), 1);

    return (uint32_t)r;
}

void fake_trap_write(struct domain *d, paddr_t gpa, uint32_t value)
{
    const struct mmio_handler *h = handler_at(d, gpa);
    mmio_info_t info = { .dabt.size = 2, .gpa = gpa };
    struct vcpu v = { .domain = d };

    assert_int_equal(h->ops->write(&v, &info, value, h->priv), 1);
}
