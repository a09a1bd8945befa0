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

/* The crossbar's registers: one for each input that is not reserved. */
#define REG_BYTES  2
#define MAX_SOURCE 0xffffu

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
static paddr_t __init offset_of(const struct crossbar *x, uint32_t input)
{
    paddr_t offset = 0;
    uint32_t i;

    for ( i = 0; i < input; i++ )
        if ( !is_among(&x->reserved, i) )
            offset += REG_BYTES;

    return offset;
}

/* Has that input, whose register is there, that source? */
static bool __init carries_at(const struct crossbar *x, uint32_t input,
                              paddr_t offset, uint32_t source)
{
    return is_usable(x, input) && offset + REG_BYTES <= x->size &&
           readw(x->regs + offset) == source;
}

static bool __init carries(const struct crossbar *x, uint32_t input,
                           uint32_t source)
{
    return input < x->inputs &&
           carries_at(x, input, offset_of(x, input), source);
}

/*
 * Returns the first such input, or x->inputs. The offset is counted along: to
 * count it anew for each input would cost the square of their number.
 */
static uint32_t __init find_input(const struct crossbar *x, uint32_t source)
{
    paddr_t offset = 0;
    uint32_t input;

    for ( input = 0; input < x->inputs; input++ )
    {
        if ( carries_at(x, input, offset, source) )
            break;
        if ( !is_among(&x->reserved, input) )
            offset += REG_BYTES;
    }

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
 * it: Xen does not know who else uses it. Returns NULL, or what is wrong.
 */
static const char *__init read_named(const struct crossbar *x,
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

    return carries(x, *input, x->safe)
               ? NULL
               : "its xen,omap-crossbar-input is reserved, or another source is "
                 "there (name a free one)";
}

/*
 * Finds the input at which the source arrives, or is to arrive. Writes nothing.
 * Returns NULL, or what is wrong.
 */
static const char *__init choose(const struct crossbar *x,
                                 const struct dt_device_node *np,
                                 uint32_t source, uint32_t *input)
{
    if ( source == x->safe )
        return "its source is that of inputs which nobody uses (take interrupts from TI's "
               "tree)";
    if ( source > MAX_SOURCE )
        return "its source is beyond what a register of the crossbar holds (take "
               "interrupts from TI's tree)";

    *input = find_input(x, source);

    return *input < x->inputs ? NULL : read_named(x, np, source, input);
}

/* No effect if the source is there already. */
static const char *__init program(const struct crossbar *x, uint32_t source,
                                  uint32_t input)
{
    if ( carries(x, input, source) )
        return NULL;
    writew(source, x->regs + offset_of(x, input));

    return carries(x, input, source)
               ? NULL
               : "the crossbar does not keep its source (see who else holds it)";
}

/* raw is the GIC's. Returns NULL, or what is wrong. */
static const char *__init read_input(struct dt_raw_irq *raw, int *irq)
{
    struct dt_irq gic;

    raw->controller = dt_interrupt_controller;
    if ( dt_irq_translate(raw, &gic) || gic.irq < NR_LOCAL_IRQS ||
         gic.irq >= NR_LOCAL_IRQS + MAX_INPUTS || !gic.type ||
         irq_set_type(gic.irq, gic.type) )
        return "its interrupt is none that the GIC can have (mend the host's device "
               "tree)";
    *irq = (int)gic.irq;

    return NULL;
}

/* An input is written last, when nothing else is wrong. */
static const char *__init cross(const struct dt_device_node *np,
                                struct dt_raw_irq *raw, int *irq)
{
    struct crossbar x;
    uint32_t source = raw->specifier[1], input = 0;
    const char *wrong = read_crossbar(&x, raw->controller);

    if ( wrong )
        return wrong;

    wrong = choose(&x, np, source, &input);
    raw->specifier[1] = input;
    wrong = wrong ?: read_input(raw, irq) ?: program(&x, source, input);
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

static const char *__init find_irq(const struct dt_device_node *np, int *irq)
{
    struct dt_raw_irq raw;

    if ( dt_device_get_raw_irq(np, 0, &raw) )
        return "it has no interrupt (take interrupts from TI's tree)";
    if ( is_controller(&raw, "ti,irq-crossbar") )
        return cross(np, &raw, irq);
    if ( is_controller(&raw, "ti,omap5-wugen-mpu") ||
         is_controller(&raw, "ti,omap4-wugen-mpu") ||
         raw.controller == dt_interrupt_controller )
        return read_input(&raw, irq);

    return "its interrupt is of a controller that this driver does not know (it "
           "knows the GIC, ti,omap5-wugen-mpu and ti,irq-crossbar)";
}

const char *__init omap_mmu_find_irq(const struct dt_device_node *np, int *irq)
{
    const char *wrong = find_irq(np, irq);

    if ( wrong )
        *irq = -1;

    return wrong;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
