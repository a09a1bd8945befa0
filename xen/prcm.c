/* SPDX-License-Identifier: GPL-2.0-only */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/spinlock.h>
#include <xen/vmap.h>

#include <asm/io.h>

#include "port.h"

/* Serialises read-modify-write of words in which others have bits, too. */
static DEFINE_SPINLOCK(words_lock);

/* Access */

static struct omap_prcm *prcm_of(struct power *power)
{
    return container_of(power, struct omap_prcm, power);
}

/* A word that the processor does not have reads as zero. */
static uint32_t word_read(struct power *power, enum power_word word)
{
    volatile void __iomem *p = prcm_of(power)->word[word];

    return p ? readl(p) : 0;
}

static void word_write(struct power *power, enum power_word word,
                       uint32_t value)
{
    volatile void __iomem *p = prcm_of(power)->word[word];

    if ( p )
        writel(value, p);
}

static void update(volatile void __iomem *p, uint32_t mask, uint32_t value)
{
    if ( !p )
        return;

    spin_lock(&words_lock);
    writel((readl(p) & ~mask) | (value & mask), p);
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
    update(prcm->boot, prcm->boot_bits, value);
}

void omap_prcm_keep_awake(struct omap_prcm *prcm, bool awake)
{
    static unsigned int users;
    static uint32_t before; /* the first of them, its CLKTRCTRL */
    uint32_t word;

    if ( !prcm->emulation || prcm->awake == awake )
        return;

    prcm->awake = awake;
    spin_lock(&words_lock);
    word = readl(prcm->emulation);
    if ( !users )
        before = word & POWER_CLKTRCTRL;
    users += awake ? 1 : -1;
    writel((word & ~POWER_CLKTRCTRL) | (users ? POWER_CLKTRCTRL_WAKE : before),
           prcm->emulation);
    spin_unlock(&words_lock);
}

/* Words */

static uint32_t __init resets_of(const struct omap_prcm *prcm)
{
    return prcm->power.cores | prcm->power.mmu;
}

/* Processors may share a word of resets if the bits differ; not a clock. */
static bool __init overlap(const struct omap_prcm *a, const struct omap_prcm *b)
{
    return (a->at[POWER_RSTCTRL] == b->at[POWER_RSTCTRL] &&
            resets_of(a) & resets_of(b)) ||
           a->at[POWER_CLKCTRL] == b->at[POWER_CLKCTRL] ||
           a->at[POWER_CLKSTCTRL] == b->at[POWER_CLKSTCTRL] ||
           (a->boot_at == b->boot_at && a->boot_bits & b->boot_bits);
}

static bool __init is_taken(const struct omap_prcm *prcm)
{
    const struct omap_mmu *mmu;

    list_for_each_entry(mmu, &omap_mmus, list)
        if ( mmu->processor && overlap(prcm, &mmu->processor->prcm) )
            return true;

    return false;
}

/* Mapped, or not wanted. */
static bool __init map_word(paddr_t at, volatile void __iomem **p)
{
    if ( at )
        *p = ioremap_nocache(at, sizeof(uint32_t));

    return !at || *p;
}

static void __init unmap_word(volatile void __iomem **p)
{
    if ( *p )
        iounmap((void __iomem *)*p);
    *p = NULL;
}

static bool __init map_words(struct omap_prcm *prcm)
{
    bool mapped = map_word(prcm->boot_at, &prcm->boot);
    unsigned int i;

    mapped &= map_word(prcm->emulation_at, &prcm->emulation);
    for ( i = 0; i < POWER_WORDS; i++ )
        mapped &= map_word(prcm->at[i], &prcm->word[i]);
    if ( mapped )
        return true;

    unmap_word(&prcm->boot);
    unmap_word(&prcm->emulation);
    for ( i = 0; i < POWER_WORDS; i++ )
        unmap_word(&prcm->word[i]);

    return false;
}

const char *__init omap_prcm_init(struct omap_prcm *prcm,
                                  const struct dt_device_node *processor,
                                  const struct dt_device_node *mmu)
{
    const char *wrong;

    memset(prcm, 0, sizeof(*prcm));
    wrong = omap_prcm_read_tree(prcm, processor, mmu);
    if ( wrong )
        return wrong;
    if ( is_taken(prcm) )
        return "another processor has the same reset or clock or boot register, or this "
               "one by another MMU (take resets, clocks, ti,bootreg and iommus from TI's "
               "tree)";
    if ( !map_words(prcm) )
        return "its words of power, clock and reset cannot be mapped (they must be "
               "addresses of the machine)";
    prcm->power.ops = &power_ops;

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
