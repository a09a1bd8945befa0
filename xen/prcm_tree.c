/* SPDX-License-Identifier: GPL-2.0-only */
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>

#include "compat.h"
#include "prcm.h"

/*
 * Facts that the tree lacks: where in the PRM's part for a power domain the
 * resets are, and whether that domain can be switched. A reset has the same bit
 * in RSTCTRL and in RSTST. Source: Linux 6.12, drivers/pmdomain/ti/omap_prm.c;
 * omap5_prm_data and dra7_prm_data.
 */
static const struct part {
    const char *compatible;
    paddr_t offset;  /* of the part, in the PRM */
    paddr_t rstctrl; /* in the part; RSTST follows it */
    bool switched;
    bool emulation; /* it needs CM_EMU_CLKSTCTRL: see prcm.h */
} parts[] __initconst = {
    { "ti,omap5-prm-inst", 0x400, 0x10, true, false },   /* DSP */
    { "ti,omap5-prm-inst", 0x700, 0x210, false, false }, /* core: IPU */
    { "ti,dra7-prm-inst", 0x400, 0x10, true, true },     /* DSP1 */
    { "ti,dra7-prm-inst", 0x500, 0x10, true, false },    /* IPU1 */
    { "ti,dra7-prm-inst", 0x700, 0x210, false, false },  /* core: IPU2 */
    { "ti,dra7-prm-inst", 0x1b00, 0x10, true, true },    /* DSP2 */
};

/* CM_EMU_CLKSTCTRL, in DRA7's PRM. Source: Linux 6.12, prm7xx.h. */
#define EMULATION 0x1a00

/* In a part. */
#define PWRSTCTRL 0x0
#define PWRSTST   0x4

/* The tree's facts of a processor, besides those in struct omap_prcm. */
struct facts {
    struct omap_prcm *prcm;
    const struct dt_device_node *controller; /* of its resets */
    const struct part *part;
};

/* A word's address, within the reg of a node. */
static bool __init find_word(const struct dt_device_node *np, paddr_t offset,
                             paddr_t *word)
{
    paddr_t base, size;

    if ( !np || compat_device_address(np, &base, &size) ||
         size < sizeof(uint32_t) || offset > size - sizeof(uint32_t) )
        return false;
    *word = base + offset;

    return *word >= base && !(*word & 3) &&
           !((*word >> PAGE_SHIFT) >> (PADDR_BITS - PAGE_SHIFT));
}

static const struct part *__init find_part(const struct dt_device_node *np,
                                           paddr_t offset)
{
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(parts); i++ )
        if ( parts[i].offset == offset &&
             dt_device_is_compatible(np, parts[i].compatible) )
            return &parts[i];

    return NULL;
}

/* The core's resets are beyond the reg of its part, but not beyond the PRM's. */
static bool __init find_words(const struct facts *f, paddr_t offset)
{
    const struct dt_device_node *prm = dt_get_parent(f->controller);
    paddr_t *at = f->prcm->at;

    offset += f->part->rstctrl;

    return find_word(prm, offset, &at[POWER_RSTCTRL]) &&
           find_word(prm, offset + 4, &at[POWER_RSTST]) &&
           (!f->part->switched ||
            (find_word(f->controller, PWRSTCTRL, &at[POWER_PWRSTCTRL]) &&
             find_word(f->controller, PWRSTST, &at[POWER_PWRSTST]))) &&
           (!f->part->emulation ||
            find_word(prm, EMULATION, &f->prcm->emulation_at));
}

static const char *__init read_part(struct facts *f)
{
    const struct dt_device_node *prm = dt_get_parent(f->controller);
    paddr_t base, part;

    if ( !find_word(prm, 0, &base) || !find_word(f->controller, 0, &part) )
        return "its reset controller or the PRM around that has no reg (mend the "
               "host's device tree)";
    f->part = find_part(f->controller, part - base);
    if ( !f->part )
        return "its reset controller is not one of those that this driver knows (see "
               "the table in prcm_tree.c)";
    if ( !find_words(f, part - base) )
        return "its reset controller lies beyond the PRM around it, or its words beyond "
               "its reg (mend the host's device tree)";
    f->prcm->power.switched = f->part->switched;

    return NULL;
}

/* Returns how many; -ENOENT: no such property; -EINVAL: it cannot be read. */
static int __init count_resets(const struct dt_device_node *np)
{
    return dt_count_phandle_with_args(np, "resets", "#reset-cells");
}

static bool __init read_reset(const struct dt_device_node *np, int n,
                              struct dt_phandle_args *reset)
{
    return !dt_parse_phandle_with_args(np, "resets", "#reset-cells", n, reset);
}

static bool __init is_of_prm(const struct dt_phandle_args *reset)
{
    return dt_device_is_compatible(reset->np, "ti,omap-prm-inst");
}

/* Returns its bit, or 0 if this driver does not know it. */
static uint32_t __init bit_of(const struct dt_phandle_args *reset)
{
    return is_of_prm(reset) && reset->args_count == 1 && reset->args[0] < 32
               ? 1u << reset->args[0]
               : 0;
}

static const char *__init read_core(struct facts *f,
                                    const struct dt_device_node *np)
{
    struct omap_prcm *prcm = f->prcm;
    struct dt_phandle_args reset;
    uint32_t core;

    if ( !read_reset(np, (int)prcm->cores, &reset) || !bit_of(&reset) )
        return "one of its resets is not of TI's PRM (list those of its cores only)";
    core = bit_of(&reset);
    if ( (prcm->cores && reset.np != f->controller) ||
         core & prcm->power.cores )
        return "its resets are of two controllers, or one is named twice (take them "
               "from TI's tree)";

    f->controller = reset.np;
    prcm->core[prcm->cores++] = core;
    prcm->power.cores |= core;

    return NULL;
}

static const char *__init read_resets(struct facts *f,
                                      const struct dt_device_node *np)
{
    const char *wrong = NULL;
    int n = count_resets(np);

    if ( n < 1 )
        return "its resets cannot be read (mend the host's device tree)";
    if ( n > OMAP_PRCM_CORES )
        return "it has more than two resets (list those of its cores only)";
    while ( !wrong && f->prcm->cores < n )
        wrong = read_core(f, np);

    return wrong;
}

/* The MMU's reset is its own node's, or that of the target module around it. */
static const char *__init read_mmu_reset(struct facts *f,
                                         const struct dt_device_node *np)
{
    const struct dt_device_node *parent = dt_get_parent(np);
    struct power *power = &f->prcm->power;
    struct dt_phandle_args reset;
    int n = count_resets(np);

    if ( n == -ENOENT && parent && dt_device_is_compatible(parent, "ti,sysc") )
    {
        np = parent;
        n = count_resets(np);
    }
    if ( n != 1 || !read_reset(np, 0, &reset) )
        return "neither its MMU's node nor the one around that has resets, of one entry "
               "(take them from TI's tree)";
    power->mmu = bit_of(&reset);
    if ( reset.np != f->controller || !power->mmu || power->mmu & power->cores )
        return "the reset of its MMU is not beside those of its cores (take resets "
               "from TI's tree)";

    return NULL;
}

/* CLKSTCTRL is the first word of the clock domain around the module's clock. */
static const char *__init read_clock(struct facts *f,
                                     const struct dt_device_node *np)
{
    const struct dt_device_node *domain;
    struct dt_phandle_args clock;
    paddr_t *at = f->prcm->at;

    if ( dt_count_phandle_with_args(np, "clocks", "#clock-cells") != 1 ||
         dt_parse_phandle_with_args(np, "clocks", "#clock-cells", 0, &clock) ||
         !dt_device_is_compatible(clock.np, "ti,clkctrl") ||
         clock.args_count < 1 )
        return "its first clock is not of a ti,clkctrl, or it has two (take clocks from "
               "TI's tree)";
    domain = dt_get_parent(clock.np);
    if ( domain && !dt_device_is_compatible(domain, "ti,omap4-cm") )
        return "the node around its clock's ti,clkctrl is not a ti,omap4-cm (take clocks "
               "from TI's tree)";
    if ( !find_word(clock.np, clock.args[0], &at[POWER_CLKCTRL]) ||
         !find_word(domain, 0, &at[POWER_CLKSTCTRL]) )
        return "its clock lies beyond the ti,clkctrl, or that or the node around it "
               "has no reg (mend the host's device tree)";

    return NULL;
}

/* ti,bootreg = <control module, offset, shift>. Not all processors have one. */
static const char *__init read_bootreg(struct facts *f,
                                       const struct dt_device_node *np)
{
    const char *name = "ti,bootreg";
    uint32_t cell[3];

    if ( !dt_get_property(np, name, NULL) )
        return NULL;
    if ( dt_property_read_variable_u32_array(np, name, cell, 3, 3) < 0 ||
         (cell[2] && cell[2] != 10) ||
         !find_word(dt_parse_phandle(np, name, 0), cell[1], &f->prcm->boot_at) )
        return "its ti,bootreg is not <a node with reg, offset, 0 or 10> (take it "
               "from TI's tree)";
    f->prcm->boot_bits = 0xfffffc00u >> cell[2];

    return NULL;
}

/* If it cannot be read it counts as one: what may be off is not touched. */
bool __init omap_prcm_resets(const struct dt_device_node *processor)
{
    struct dt_phandle_args reset;
    int i, n = count_resets(processor);

    for ( i = 0; i < n; i++ )
        if ( read_reset(processor, i, &reset) && is_of_prm(&reset) )
            return true;

    return n < 0 && n != -ENOENT;
}

const char *__init omap_prcm_read_tree(struct omap_prcm *prcm,
                                       const struct dt_device_node *processor,
                                       const struct dt_device_node *mmu)
{
    struct facts f = { .prcm = prcm };
    const char *wrong = read_resets(&f, processor);

    wrong = wrong ?: read_part(&f);
    wrong = wrong ?: read_mmu_reset(&f, mmu);
    wrong = wrong ?: read_clock(&f, processor);

    return wrong ?: read_bootreg(&f, processor);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
