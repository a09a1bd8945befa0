/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The input of the GIC at which an MMU's interrupt arrives.
 *
 * TI's trees name a controller in front of the GIC, which Xen does not know:
 *
 *   ti,omap5-wugen-mpu  wakes CPUs; inputs are the GIC's, one to one
 *   ti,irq-crossbar     a register for each input of the GIC says which source
 *                       arrives there
 *
 * Source: Linux 6.12, drivers/irqchip/irq-crossbar.c, arch/arm/mach-omap2/
 * omap-wakeupgen.c.
 */
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/irq.h>
#include <xen/lib.h>
#include <xen/vmap.h>

#include <asm/io.h>

#include "compat.h"
#include "port.h"

/* An interrupt's cells: kind, number, trigger. */
#define CELLS 3
#define SPI   0

/* The crossbar's registers: one of 16 bits for each input that is not reserved. */
#define REG_BYTES 2

/* SPIs: 32 to 1019 of the GIC. */
#define MAX_INPUTS 988u
#define MAX_LIST   32

/* Inputs that a property names. */
struct inputs {
    uint32_t input[MAX_LIST];
    int count; /* -errno if it cannot be read */
};

struct crossbar {
    const struct dt_device_node *np;
    volatile void __iomem *regs;
    paddr_t size;
    uint32_t inputs; /* of the GIC: SPIs */
    uint32_t safe;   /* the source at unused inputs */
    struct inputs reserved, skipped;
};

static void __init read_inputs(const struct dt_device_node *np,
                               const char *name, struct inputs *list)
{
    list->count = dt_get_property(np, name, NULL)
                      ? dt_property_read_variable_u32_array(
                            np, name, list->input, 1, MAX_LIST)
                      : 0;
}

static bool __init is_among(const struct inputs *list, uint32_t input)
{
    int i;

    for ( i = 0; i < list->count; i++ )
        if ( list->input[i] == input )
            return true;

    return false;
}

static bool __init is_usable(const struct crossbar *x, uint32_t input)
{
    return input < x->inputs && !is_among(&x->reserved, input) &&
           !is_among(&x->skipped, input);
}

/* A reserved input has no register. */
static volatile void __iomem *__init register_of(const struct crossbar *x,
                                                 uint32_t input)
{
    paddr_t offset = 0;
    uint32_t i;

    for ( i = 0; i < input; i++ )
        if ( !is_among(&x->reserved, i) )
            offset += REG_BYTES;

    return offset + REG_BYTES <= x->size ? x->regs + offset : NULL;
}

/* Has that input that source? */
static bool __init carries(const struct crossbar *x, uint32_t input,
                           uint32_t source)
{
    const volatile void __iomem *reg =
        is_usable(x, input) ? register_of(x, input) : NULL;

    return reg && readw(reg) == source;
}

/* Returns the first such input, or x->inputs. */
static uint32_t __init find_input(const struct crossbar *x, uint32_t source)
{
    uint32_t input = 0;

    while ( input < x->inputs && !carries(x, input, source) )
        input++;

    return input;
}

static const char *__init read_crossbar(struct crossbar *x,
                                        const struct dt_device_node *np)
{
    uint32_t bytes = 0;
    paddr_t base;

    memset(x, 0, sizeof(*x));
    x->np = np;
    read_inputs(np, "ti,irqs-reserved", &x->reserved);
    read_inputs(np, "ti,irqs-skip", &x->skipped);
    if ( x->reserved.count < 0 || x->skipped.count < 0 ||
         !dt_property_read_u32(np, "ti,max-irqs", &x->inputs) ||
         x->inputs > MAX_INPUTS ||
         !dt_property_read_u32(np, "ti,reg-size", &bytes) ||
         bytes != REG_BYTES || compat_device_address(np, &base, &x->size) )
        return "the crossbar of its interrupt cannot be read (take that node from TI's "
               "tree)";
    if ( !dt_property_read_u32(np, "ti,irqs-safe-map", &x->safe) )
        x->safe = 0;
    x->regs = ioremap_nocache(base, x->size);

    return x->regs
               ? NULL
               : "the crossbar of its interrupt cannot be mapped (its reg must "
                 "name addresses of the machine)";
}

static void __init log_missing(const struct crossbar *x,
                               const struct dt_device_node *np, uint32_t source)
{
    uint32_t free = find_input(x, x->safe);

    printk(XENLOG_WARNING "omap-mmu: %s: no input of %s has its source, %u; ",
           dt_node_full_name(np), dt_node_full_name(x->np), source);
    if ( free < x->inputs )
        printk("input %u is free\n", free);
    else
        printk("none is free\n");
}

/*
 * No input carries the source. An input is written only if the operator names
 * it: Xen does not know who else uses it.
 */
static const char *__init program(const struct crossbar *x,
                                  const struct dt_device_node *np,
                                  uint32_t source, uint32_t *input)
{
    if ( !dt_property_read_u32(np, "xen,omap-crossbar-input", input) )
    {
        log_missing(x, np, source);
        return "its interrupt arrives nowhere (let the boot loader write its source "
               "into a register of the crossbar, or give the MMU's host node "
               "xen,omap-crossbar-input = <a free input>)";
    }
    if ( !carries(x, *input, x->safe) )
        return "its xen,omap-crossbar-input is reserved, or another source is there "
               "(name a free one)";
    writew(source, register_of(x, *input));

    return carries(x, *input, source)
               ? NULL
               : "the crossbar does not keep its source (see who else holds it)";
}

/* Finds the input of the crossbar at which the source arrives. */
static const char *__init cross(const struct dt_device_node *np,
                                struct dt_raw_irq *raw)
{
    struct crossbar x;
    uint32_t source = raw->specifier[1];
    const char *wrong = read_crossbar(&x, raw->controller);

    if ( wrong )
        return wrong;
    if ( source == x.safe )
    {
        iounmap((void __iomem *)x.regs);
        return "its source is that of inputs which nobody uses (take interrupts from TI's "
               "tree)";
    }

    raw->specifier[1] = find_input(&x, source);
    if ( raw->specifier[1] == x.inputs )
        wrong = program(&x, np, source, &raw->specifier[1]);
    iounmap((void __iomem *)x.regs);

    return wrong;
}

static bool __init is_controller(const struct dt_raw_irq *raw,
                                 const char *compatible)
{
    return raw->controller != dt_interrupt_controller &&
           dt_device_is_compatible(raw->controller, compatible) &&
           raw->size == CELLS && raw->specifier[0] == SPI;
}

const char *__init omap_mmu_find_irq(const struct dt_device_node *np, int *irq)
{
    struct dt_raw_irq raw;
    struct dt_irq gic;
    const char *wrong = NULL;

    *irq = -1;
    if ( dt_device_get_raw_irq(np, 0, &raw) )
        return "it has no interrupt (take interrupts from TI's tree)";

    if ( is_controller(&raw, "ti,irq-crossbar") )
        wrong = cross(np, &raw);
    else if ( !is_controller(&raw, "ti,omap5-wugen-mpu") &&
              !is_controller(&raw, "ti,omap4-wugen-mpu") &&
              raw.controller != dt_interrupt_controller )
        wrong =
            "its interrupt is of a controller that this driver does not know (it "
            "knows the GIC, ti,omap5-wugen-mpu and ti,irq-crossbar)";
    if ( wrong )
        return wrong;

    raw.controller = dt_interrupt_controller;
    if ( dt_irq_translate(&raw, &gic) || gic.irq < NR_LOCAL_IRQS ||
         gic.irq >= NR_LOCAL_IRQS + MAX_INPUTS || !gic.type ||
         irq_set_type(gic.irq, gic.type) )
        return "its interrupt is none that the GIC can have (mend the host's device "
               "tree)";
    *irq = (int)gic.irq;

    return NULL;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
