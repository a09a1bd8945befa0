/* SPDX-License-Identifier: GPL-2.0-only */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/spinlock.h>
#include <xen/vmap.h>

#include <asm/byteorder.h>
#include <asm/io.h>

#include "compat.h"
#include "port.h"

/* Words that others have bits in, too: read, changed and written under this. */
static DEFINE_SPINLOCK(words_lock);

/* Access */

static struct omap_prcm *prcm_of(struct power *power)
{
    return container_of(power, struct omap_prcm, power);
}

static uint32_t word_read(struct power *power, enum power_word word)
{
    return readl(prcm_of(power)->word[word]);
}

static void word_write(struct power *power, enum power_word word,
                       uint32_t value)
{
    writel(value, prcm_of(power)->word[word]);
}

static void update(volatile void __iomem *p, uint32_t mask, uint32_t value)
{
    spin_lock(&words_lock);
    writel((readl(p) & ~mask) | value, p);
    spin_unlock(&words_lock);
}

static void word_update(struct power *power, enum power_word word,
                        uint32_t mask, uint32_t value)
{
    update(prcm_of(power)->word[word], mask, value);
}

static const struct power_ops power_ops = {
    .read = word_read,
    .write = word_write,
    .update = word_update,
};

uint32_t omap_prcm_read_boot(const struct omap_prcm *prcm)
{
    return prcm->boot ? readl(prcm->boot) & prcm->boot_bits : 0;
}

void omap_prcm_write_boot(const struct omap_prcm *prcm, uint32_t value)
{
    if ( prcm->boot )
        update(prcm->boot, prcm->boot_bits, value & prcm->boot_bits);
}

/* The device tree */

/* What it has of a processor. */
struct facts {
    struct omap_prcm *prcm;
    const struct dt_device_node *prm; /* the reset controller */
    paddr_t word[POWER_WORDS];        /* 0: it has none */
    paddr_t boot;
};

/*
 * What the tree does not have: where in the PRM's part for a power domain the
 * resets are, and whether that domain can be switched. Source: Linux 6.1,
 * drivers/soc/ti/omap_prm.c; omap_prm_data of OMAP5 and DRA7.
 */
static const struct prm {
    const char *compatible;
    paddr_t offset; /* of the part, in the PRM */
    paddr_t rstctrl; /* in the part */
    bool switched;
} prms[] __initconst = {
    { "ti,omap5-prm-inst", 0x400, 0x10, true },  /* DSP */
    { "ti,omap5-prm-inst", 0x700, 0x210, false }, /* core: IPU */
    { "ti,dra7-prm-inst", 0x400, 0x10, true },    /* DSP1 */
    { "ti,dra7-prm-inst", 0x500, 0x10, true },    /* IPU1 */
    { "ti,dra7-prm-inst", 0x700, 0x210, false },  /* core: IPU2 */
    { "ti,dra7-prm-inst", 0x1b00, 0x10, true },   /* DSP2 */
};

/* A word's address, within the reg of a node. */
static bool __init find_word(const struct dt_device_node *np, paddr_t offset,
                             paddr_t *word)
{
    paddr_t base, size;

    if ( compat_device_address(np, &base, &size) || base & 3 || offset & 3 ||
         size < 4 || offset > size - 4 )
        return false;
    *word = base + offset;

    return true;
}

static const struct prm *__init find_prm(const struct dt_device_node *np,
                                         paddr_t offset)
{
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(prms); i++ )
        if ( prms[i].offset == offset &&
             dt_device_is_compatible(np, prms[i].compatible) )
            return &prms[i];

    return NULL;
}

/* RSTCTRL of a part may lie beyond the part's reg, but not beyond the PRM's. */
static const char *__init read_prm(struct facts *f)
{
    const struct dt_device_node *parent = dt_get_parent(f->prm);
    const struct prm *prm;
    paddr_t base, part;

    if ( !parent || !find_word(parent, 0, &base) ||
         !find_word(f->prm, 0, &part) )
        return "its reset controller or the PRM around that has no reg (mend the "
               "host's device tree)";
    prm = find_prm(f->prm, part - base);
    if ( !prm )
        return "its reset controller is not one of those that this driver knows "
               "(see the table in prcm.c)";

    part -= base;
    if ( !find_word(parent, part + prm->rstctrl, &f->word[POWER_RSTCTRL]) ||
         !find_word(parent, part + prm->rstctrl + 4, &f->word[POWER_RSTST]) ||
         !find_word(parent, part, &f->word[POWER_PWRSTCTRL]) ||
         !find_word(parent, part + 4, &f->word[POWER_PWRSTST]) )
        return "its reset controller lies beyond the PRM around it (mend the host's "
               "device tree)";

    f->prcm->power.switched = prm->switched;
    if ( !prm->switched )
        f->word[POWER_PWRSTCTRL] = f->word[POWER_PWRSTST] = 0;

    return NULL;
}

static bool __init read_reset(const struct dt_device_node *np,
                              unsigned int n, struct dt_phandle_args *reset)
{
    return !dt_parse_phandle_with_args(np, "resets", "#reset-cells", (int)n,
                                       reset) &&
           reset->args_count == 1 && reset->args[0] < 32;
}

/* The MMU's reset is that of the target module around it, or its own node's. */
static const char *__init read_mmu_reset(struct facts *f,
                                         const struct dt_device_node *mmu)
{
    const struct dt_device_node *parent = dt_get_parent(mmu);
    struct dt_phandle_args reset;

    if ( !read_reset(mmu, 0, &reset) &&
         !(parent && read_reset(parent, 0, &reset)) )
        return "neither its MMU's node nor the one around that has resets (take "
               "them from TI's tree)";
    f->prcm->power.mmu = 1u << reset.args[0];
    if ( reset.np != f->prm || f->prcm->power.mmu & f->prcm->power.cores )
        return "the reset of its MMU is not beside those of its cores (take both "
               "from TI's tree)";

    return NULL;
}

static const char *__init read_resets(struct facts *f,
                                      const struct dt_device_node *np)
{
    struct omap_prcm *prcm = f->prcm;
    struct dt_phandle_args reset;

    while ( read_reset(np, prcm->cores, &reset) )
    {
        uint32_t core = 1u << reset.args[0];

        if ( prcm->cores == OMAP_PRCM_CORES )
            return "it has more than two resets (list those of its cores only)";
        if ( (prcm->cores && reset.np != f->prm) || core & prcm->power.cores )
            return "its resets are of two controllers, or one is named twice (take "
                   "them from TI's tree)";
        f->prm = reset.np;
        prcm->core[prcm->cores++] = core;
        prcm->power.cores |= core;
    }

    return prcm->cores ? NULL
                       : "its resets cannot be read (take them from TI's tree)";
}

/* CLKSTCTRL is the first word of the clock domain around the module's clock. */
static const char *__init read_clock(struct facts *f,
                                     const struct dt_device_node *np)
{
    const struct dt_device_node *parent;
    struct dt_phandle_args clock;

    if ( dt_parse_phandle_with_args(np, "clocks", "#clock-cells", 0, &clock) ||
         !dt_device_is_compatible(clock.np, "ti,clkctrl") ||
         clock.args_count < 1 )
        return "its first clock is not of a ti,clkctrl (take clocks from TI's tree)";
    parent = dt_get_parent(clock.np);
    if ( !find_word(clock.np, clock.args[0], &f->word[POWER_CLKCTRL]) ||
         !parent || !find_word(parent, 0, &f->word[POWER_CLKSTCTRL]) )
        return "its clock lies beyond the ti,clkctrl, or that or the node around it "
               "has no reg (mend the host's device tree)";

    return NULL;
}

/* ti,bootreg = <control module, offset, shift>. Not all processors have one. */
static const char *__init read_bootreg(struct facts *f,
                                       const struct dt_device_node *np)
{
    const struct dt_device_node *scm = dt_parse_phandle(np, "ti,bootreg", 0);
    const __be32 *cells;
    uint32_t bytes;

    cells = dt_get_property(np, "ti,bootreg", &bytes);
    if ( !cells )
        return NULL;
    if ( !scm || bytes != 3 * sizeof(*cells) ||
         !find_word(scm, be32_to_cpu(cells[1]), &f->boot) ||
         (cells[2] && be32_to_cpu(cells[2]) != 10) )
        return "its ti,bootreg is not <a node with reg, offset, 0 or 10> (take it "
               "from TI's tree)";
    f->prcm->boot_bits = 0xfffffc00u >> be32_to_cpu(cells[2]);

    return NULL;
}

/* Words */

static bool __init is_shared(const struct facts *f,
                             const struct omap_prcm *other)
{
    return f->word[POWER_CLKCTRL] == other->clkctrl ||
           (f->word[POWER_RSTCTRL] == other->rstctrl &&
            (f->prcm->power.cores | f->prcm->power.mmu) &
                (other->power.cores | other->power.mmu));
}

/* Two may share a word of resets, as long as the bits differ; a clock not. */
static bool __init is_taken(const struct facts *f)
{
    const struct omap_mmu *mmu;

    list_for_each_entry(mmu, &omap_mmus, list)
        if ( mmu->processor && is_shared(f, &mmu->processor->prcm) )
            return true;

    return false;
}

/* Mapped, or not wanted. */
static bool __init map_word(paddr_t address, volatile void __iomem **p)
{
    if ( address )
        *p = ioremap_nocache(address, sizeof(uint32_t));

    return !address || *p;
}

static void __init unmap_word(volatile void __iomem *p)
{
    if ( p )
        iounmap((void __iomem *)p);
}

static bool __init map_words(const struct facts *f)
{
    struct omap_prcm *prcm = f->prcm;
    bool mapped = map_word(f->boot, &prcm->boot);
    unsigned int i;

    for ( i = 0; i < POWER_WORDS; i++ )
        mapped &= map_word(f->word[i], &prcm->word[i]);
    if ( mapped )
        return true;

    unmap_word(prcm->boot);
    for ( i = 0; i < POWER_WORDS; i++ )
        unmap_word(prcm->word[i]);

    return false;
}

bool __init omap_prcm_resets(const struct dt_device_node *processor)
{
    struct dt_phandle_args reset;

    return read_reset(processor, 0, &reset) &&
           dt_device_is_compatible(reset.np, "ti,omap-prm-inst");
}

const char *__init omap_prcm_init(struct omap_prcm *prcm,
                                  const struct dt_device_node *processor,
                                  const struct dt_device_node *mmu)
{
    struct facts f = { .prcm = prcm };
    const char *wrong;

    memset(prcm, 0, sizeof(*prcm));
    wrong = read_resets(&f, processor) ?: read_prm(&f);
    wrong = wrong ?: read_mmu_reset(&f, mmu);
    wrong = wrong ?: read_clock(&f, processor);
    wrong = wrong ?: read_bootreg(&f, processor);
    if ( wrong )
        return wrong;
    if ( is_taken(&f) )
        return "another processor has the same reset or clock (take resets and "
               "clocks from TI's tree)";
    if ( !map_words(&f) )
        return "its words of power, clock and reset cannot be mapped (they must be "
               "addresses of the machine)";

    prcm->power.ops = &power_ops;
    prcm->rstctrl = f.word[POWER_RSTCTRL];
    prcm->clkctrl = f.word[POWER_CLKCTRL];

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
