/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A remote processor whose resets the host's device tree names. Xen holds it in
 * reset until a domain has its MMU and starts it, and again as soon as that
 * domain ends: before the memory that it reaches is anybody else's.
 *
 * The domain has no power, clock and reset module of its own, since one page of
 * that has everybody's. Instead it has a control page, at the address that
 * xen,omap-control of the processor's host node says:
 *
 *   0x000  a bit for each of the processor's `resets`, in their order, and one
 *          more for its MMU's; 1: in reset. As snps,dw-high-reset.
 *   0x304  the boot register's word (ti,bootreg), the processor's bits of it
 *
 * All else reads as zero and ignores writes, and so does any access that is not
 * an aligned word's.
 */
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/lib.h>

#include "compat.h"
#include "port.h"
#include "window.h"

#define CONTROL_RESETS 0x000
#define CONTROL_BOOT   0x304

/* The control page */

static uint32_t mmu_reset_bit(const struct omap_processor *p)
{
    return 1u << p->prcm.cores;
}

static uint32_t all_cores(const struct omap_processor *p)
{
    return mmu_reset_bit(p) - 1;
}

/* All in reset. */
static uint32_t all_resets(const struct omap_processor *p)
{
    return all_cores(p) | mmu_reset_bit(p);
}

/* The reset bits of these cores: bit 0 is the first of them. */
static uint32_t bits_of(const struct omap_processor *p, uint32_t cores)
{
    uint32_t bits = 0;
    unsigned int i;

    for ( i = 0; i < p->prcm.cores; i++ )
        if ( cores & 1u << i )
            bits |= p->prcm.core[i];

    return bits;
}

/*
 * Returns the first of these cores that runs; if none does, the first of them.
 */
static unsigned int first_core(const struct omap_processor *p, uint32_t cores,
                               uint32_t running)
{
    unsigned int i = 0;

    while ( !(cores & 1u << i) || (running && !(running & p->prcm.core[i])) )
        i++;

    return i;
}

/*
 * Logs that one of these cores did not follow; np: the node that why is of, or
 * NULL. Each of the two cases, it may run or it does not, is logged once for a
 * domain: its guest can repeat this at will.
 */
static void log_cores(struct omap_processor *p, uint32_t cores, const char *why,
                      const struct dt_device_node *np)
{
    uint32_t running = power_running(&p->prcm.power) & bits_of(p, cores);
    bool *warned = running ? &p->warned_running : &p->warned_held;

    if ( !*warned && printk_ratelimit() )
    {
        printk(XENLOG_G_WARNING "omap-mmu: %s: %pd: core %u %s: %s%s%s\n",
               dt_node_full_name(p->np), p->d, first_core(p, cores, running),
               running ? "may run" : "stays in reset", why, np ? ": " : "",
               np ? dt_node_full_name(np) : "");
        *warned = true;
    }
}

/* Returns the domain that has one of the processor's MMUs already, or NULL. */
static struct domain *owner_of(const struct omap_processor *p)
{
    unsigned int i;

    for ( i = 0; i < p->mmus; i++ )
        if ( p->mmu[i]->d )
            return p->mmu[i]->d;

    return NULL;
}

/* The longest that a domain's processor outlives its vCPUs. */
#define WATCH_PERIOD SECONDS(1)

/* While a core may run. */
static void keep_watching(struct omap_processor *p)
{
    if ( p->prcm.power.state == POWER_LIVE )
        set_timer(&p->watch, NOW() + WATCH_PERIOD);
}

/*
 * Arms all that routes the processor's accesses: its MMUs, and DSP_SYSTEM.
 * Returns the node of what does not hold what Xen wrote, or NULL.
 */
static const struct dt_device_node *arm(struct omap_processor *p)
{
    unsigned int i;

    for ( i = 0; i < p->mmus; i++ )
        if ( !vmmu_start(p->mmu[i]->vmmu) )
            return p->mmu[i]->np;

    return !p->dsp || omap_dsp_route(p->dsp) ? NULL : p->dsp->np;
}

/* While no core can run. One that may run is served. */
static void hold_mmus(const struct omap_processor *p)
{
    unsigned int i;

    for ( i = 0; i < p->mmus && p->prcm.power.state != POWER_LIVE; i++ )
        vmmu_hold(p->mmu[i]->vmmu);
}

/* Releases cores only if their MMUs walk what Xen wrote. */
static void start_cores(struct omap_processor *p, uint32_t cores)
{
    const struct dt_device_node *lost = arm(p);
    const char *wrong =
        lost
            ? "registers do not hold what Xen wrote, so clock or power was lost"
            : power_start(&p->prcm.power, bits_of(p, cores));

    if ( wrong )
    {
        hold_mmus(p);
        log_cores(p, cores, wrong, lost);
    }
    else
        p->held &= ~cores;
    keep_watching(p);
}

/* Once for each owner: its guest can repeat this at will. */
static void warn_once(const struct omap_processor *p, bool *warned,
                      const char *what)
{
    if ( *warned || !printk_ratelimit() )
        return;

    printk(XENLOG_G_WARNING "omap-mmu: %s: %pd: %s\n", dt_node_full_name(p->np),
           owner_of(p), what);
    *warned = true;
}

/*
 * The program of a DSP reaches DSP_SYSTEM from inside, and may have led its
 * EDMA around the MMU. One without a clock is not asked.
 */
static void lead_through(struct omap_processor *p)
{
    if ( p->dsp && p->prcm.power.clocked && !omap_dsp_route(p->dsp) )
        warn_once(p, &p->warned_around,
                  "DSP_SYSTEM does not hold what Xen wrote");
}

/* Returns whether no transfer goes on. */
static bool edma_ends(const struct omap_processor *p)
{
    return !p->dsp || !p->prcm.power.clocked ||
           omap_edma_end(&p->dsp->edma, p->dsp->mmu[OMAP_DSP_EDMA]);
}

/* After the core's reset: a core that runs could start it again. */
static void end_edma(struct omap_processor *p)
{
    if ( !edma_ends(p) )
        warn_once(p, &p->warned_busy, "its EDMA does not come to rest");
}

static void stop_cores(struct omap_processor *p, uint32_t cores)
{
    const char *wrong;
    unsigned int i;

    wrong = power_stop(&p->prcm.power, bits_of(p, cores));
    lead_through(p);
    p->held |= cores;
    hold_mmus(p); /* before the EDMA faults on its own */
    if ( wrong )
    {
        log_cores(p, cores, wrong, NULL);
        return;
    }
    end_edma(p);
    for ( i = 0; i < p->mmus; i++ )
        vmmu_stopped(p->mmu[i]->vmmu);
}

static void reset_mmus(struct omap_processor *p)
{
    unsigned int i;

    for ( i = 0; i < p->mmus; i++ )
        vmmu_reset(p->mmu[i]->vmmu);
    if ( p->dsp )
        omap_dsp_reset(p->dsp);
}

/*
 * A domain that crashed or shut down may exist for long before anybody destroys
 * it. Xen reports only the latter to this driver. A core that does not go into
 * reset is retried.
 */
static void cf_check watch(void *data)
{
    struct omap_processor *p = data;

    spin_lock(&p->lock);
    if ( p->d )
    {
        if ( compat_is_shutting_down(p->d) )
            stop_cores(p, all_cores(p));
        keep_watching(p);
    }
    spin_unlock(&p->lock);
}

/*
 * The MMU's reset resets the virtual MMU only: in reset the hardware would let
 * device addresses out. All cores that stop do so together, and so do those
 * that start: more cores must not mean more polls.
 */
static void write_resets(struct omap_processor *p, uint32_t value)
{
    uint32_t changed = (value ^ p->held) & all_resets(p);
    uint32_t stop = changed & value & all_cores(p);
    uint32_t start = changed & ~value & all_cores(p);

    if ( changed & value & mmu_reset_bit(p) )
        reset_mmus(p);
    p->held ^= changed & mmu_reset_bit(p);

    if ( stop )
        stop_cores(p, stop);
    if ( start )
        start_cores(p, start);
}

static bool is_word(const mmio_info_t *info)
{
    return info->dabt.size == 2 && !(info->gpa & 3);
}

/* Always handled. After the release it reads as zero. */
static int control_read(struct vcpu *v, mmio_info_t *info, register_t *r,
                        void *priv)
{
    struct omap_processor *p = priv;

    *r = 0;
    spin_lock(&p->lock);
    if ( p->d == v->domain && is_word(info) )
        switch ( info->gpa - p->control )
        {
        case CONTROL_RESETS:
            *r = p->held;
            break;
        case CONTROL_BOOT:
            *r = omap_prcm_read_boot(&p->prcm);
            break;
        }
    spin_unlock(&p->lock);

    return 1;
}

static int control_write(struct vcpu *v, mmio_info_t *info, register_t r,
                         void *priv)
{
    struct omap_processor *p = priv;

    spin_lock(&p->lock);
    if ( p->d == v->domain && is_word(info) )
        switch ( info->gpa - p->control )
        {
        case CONTROL_RESETS:
            write_resets(p, r);
            break;
        case CONTROL_BOOT:
            omap_prcm_write_boot(&p->prcm, r);
            break;
        }
    spin_unlock(&p->lock);

    return 1;
}

static const struct mmio_handler_ops control_ops = {
    .read = control_read,
    .write = control_write,
};

/* Assignment */

/*
 * The trap handlers that the domain needs: for its control page, and a DSP's.
 */
static unsigned int needs(const struct omap_processor *p,
                          const struct domain *d)
{
    return omap_window_needs(d, p->control, p) +
           (p->dsp ? omap_window_needs(d, p->dsp->base, p->dsp) : 0);
}

/*
 * Returns NULL, or why the domain cannot have the pages by which it would
 * control it. dom0 needs none: it has the PRCM itself. A reset by that loses
 * what leads a DSP through its MMUs, and Xen does not see it.
 */
static const char *why_no_pages(const struct omap_processor *p,
                                struct domain *d)
{
    if ( is_hardware_domain(d) && p->dsp )
        return "dom0 could reset it, and so lead it around its MMUs (give it to "
               "another domain: xen,passthrough in the host's node)";
    if ( is_hardware_domain(d) )
        return NULL;
    if ( p->uncontrolled )
        return p->uncontrolled;
    if ( d->creation_finished )
        return "the domain runs already (assign the device before it first does)";
    if ( !omap_windows_fit(d, needs(p, d)) )
        return "the domain has no trap handler left (give it fewer devices, or "
               "raise MAX_IO_HANDLER in Xen's source)";
    if ( (p->dsp && p->dsp->base == p->control) ||
         omap_window_is_others(d, p->control, p) ||
         omap_window_is_mapped(d, p->control) )
        return "the domain has memory or a device where its control page is to be "
               "(move that by xen,omap-control in the host's node)";

    return p->dsp ? omap_dsp_why_not(p->dsp, d) : NULL;
}

/* They read as zero until the domain has the processor. It cannot be undone. */
static void open_pages(struct omap_processor *p, struct domain *d)
{
    if ( is_hardware_domain(d) )
        return;

    omap_window_open(d, p->control, &control_ops, p);
    if ( p->dsp )
        omap_dsp_open(p->dsp, d);
}

/* Puts all MMUs on the empty table. Returns NULL, or what is wrong. */
static const char *quarantine(const struct omap_processor *p)
{
    const char *wrong = NULL;
    unsigned int i;

    for ( i = 0; i < p->mmus; i++ )
    {
        struct omap_mmu *mmu = p->mmu[i];

        hw_quarantine(&mmu->host, mmu->empty_root, mmu->config.parts);
        if ( !hw_walks(&mmu->host, mmu->empty_root, mmu->config.parts) )
            wrong = omap_mmu_silent;
    }

    return wrong;
}

/*
 * NULL, or why the MMUs must not be reset: an MMU in reset would let a DSP's EDMA
 * that works out untranslated. In quarantine it reaches nothing. What is off has
 * no clock, and is not asked.
 */
static const char *why_no_reset(const struct omap_processor *p)
{
    return edma_ends(p) ? NULL
                        : "its EDMA works on, so its MMUs stay in quarantine";
}

/*
 * For a DSP that was turned on: nothing gets around its MMUs, nor through them, and
 * what a former owner started ends. Returns NULL, or what is wrong: it is off again,
 * unless its EDMA works though it was reset.
 */
static const char *settle_dsp(struct omap_processor *p)
{
    const char *wrong;

    if ( !p->dsp )
        return NULL;
    wrong = quarantine(p);
    if ( !wrong && !omap_dsp_route(p->dsp) )
        wrong = "DSP_SYSTEM does not hold what Xen wrote";
    if ( !wrong )
        return why_no_reset(p);
    power_off(&p->prcm.power);

    return wrong;
}

/* No core runs, so MMUs may still be as after a reset. */
static const char *turn_on(struct omap_processor *p)
{
    const char *wrong;

    spin_lock(&p->lock);
    wrong = why_no_reset(p);
    if ( !wrong )
    {
        omap_prcm_keep_awake(&p->prcm, true);
        wrong = power_on(&p->prcm.power) ?: settle_dsp(p);
        omap_prcm_keep_awake(&p->prcm, p->prcm.power.clocked);
    }
    spin_unlock(&p->lock);

    return wrong;
}

int omap_processor_on(struct omap_mmu *mmu, struct domain *d)
{
    struct omap_processor *p = mmu->processor;
    const char *wrong;

    if ( !p || owner_of(p) == d )
        return 0;

    wrong = owner_of(p) ? "another domain has its other MMU (give both to one)"
                        : why_no_pages(p, d);
    if ( wrong )
    {
        omap_mmu_refused(p->np, d, "%s", wrong);
        return -EINVAL;
    }

    wrong = turn_on(p);
    if ( wrong )
    {
        omap_mmu_refused(
            p->np, d,
            "%s (see that nobody else holds its power domain, clock or reset)",
            wrong);
        return -EIO;
    }
    open_pages(p, d);

    return 0;
}

static bool has_all(const struct omap_processor *p)
{
    unsigned int i;

    for ( i = 0; i < p->mmus; i++ )
        if ( !p->mmu[i]->live )
            return false;

    return true;
}

void omap_processor_give(struct omap_mmu *mmu, struct domain *d)
{
    struct omap_processor *p = mmu->processor;

    if ( !p )
        return;
    if ( is_hardware_domain(d) )
        return;

    vmmu_hold(mmu->vmmu);
    if ( !has_all(p) )
        return;

    init_timer(&p->watch, watch, p, smp_processor_id());
    spin_lock(&p->lock);
    if ( p->dsp )
        omap_dsp_give(p->dsp, d);
    omap_prcm_write_boot(&p->prcm, 0);
    p->held = all_resets(p);
    p->warned_held = p->warned_running = false;
    p->warned_busy = p->warned_around = false;
    p->d = d;
    spin_unlock(&p->lock);
}

void omap_processor_take(struct omap_mmu *mmu)
{
    struct omap_processor *p = mmu->processor;
    const char *wrong;
    bool given;

    if ( !p )
        return;

    spin_lock(&p->lock);
    given = p->d;
    p->d = NULL;
    if ( p->dsp )
        omap_dsp_give(p->dsp, NULL);
    wrong = power_stop(&p->prcm.power, p->prcm.power.cores);
    lead_through(p);
    if ( given )
        hold_mmus(p);
    if ( !wrong )
        end_edma(p);
    spin_unlock(&p->lock);
    if ( given )
        kill_timer(&p->watch);
    if ( wrong )
        printk(XENLOG_ERR
               "omap-mmu: %s: %s: it may run on, and reaches nothing\n",
               dt_node_full_name(p->np), wrong);
}

void omap_processor_off(struct omap_mmu *mmu)
{
    struct omap_processor *p = mmu->processor;
    const char *wrong;

    if ( !p || owner_of(p) )
        return;

    spin_lock(&p->lock);
    wrong = why_no_reset(p) ?: power_off(&p->prcm.power);
    if ( !wrong )
        omap_prcm_keep_awake(&p->prcm, false);
    spin_unlock(&p->lock);
    if ( wrong )
        printk(XENLOG_ERR "omap-mmu: %s: it is not off: %s\n",
               dt_node_full_name(p->np), wrong);
}

/* Probe */

/*
 * Reads where its control page is in a guest. Returns NULL, or why there is
 * none: then only dom0 can have the processor.
 */
static const char *__init read_control(struct omap_processor *p)
{
    const char *name = "xen,omap-control";
    uint32_t bytes, cell;

    if ( !dt_get_property(p->np, name, &bytes) )
        return "nobody but Xen could start it (give its host node xen,omap-control "
               "= <the guest address of a free page>)";
    if ( bytes != sizeof(cell) || !dt_property_read_u32(p->np, name, &cell) ||
         cell & ~PAGE_MASK )
        return "its xen,omap-control is not one cell with the address of a page "
               "(write <0x...000>)";
    p->control = cell;

    return NULL;
}

/* Returns whether it is off. A DSP's emulation clock is awake meanwhile. */
static bool __init put_off(struct omap_processor *p)
{
    const char *wrong;

    omap_prcm_keep_awake(&p->prcm, true);
    wrong = power_off(&p->prcm.power);
    omap_prcm_keep_awake(&p->prcm, false);

    return !wrong;
}

/* A boot loader may have started it. */
static const char *__init hold(struct omap_processor *p)
{
    uint32_t running = power_running(&p->prcm.power);

    if ( !put_off(p) )
        return p->prcm.power.state == POWER_LIVE
                   ? "a core of its processor does not go into reset (see who else "
                     "holds its reset)"
                   : "it does not go into reset (see who else holds its reset)";
    printk("omap-mmu: %s: in reset%s\n", dt_node_full_name(p->np),
           running ? ", though it ran: a boot loader had started it" : "");

    return NULL;
}

static const char *__init take_over(struct omap_mmu *mmu,
                                    const struct dt_device_node *np)
{
    struct omap_processor *p = xzalloc(struct omap_processor);
    const char *wrong;

    if ( !p )
        return "no memory for its processor's state (give Xen more)";
    wrong = omap_prcm_init(&p->prcm, np, mmu->np);
    if ( wrong )
    {
        xfree(p);
        return wrong;
    }

    spin_lock_init(&p->lock);
    p->np = np;
    p->mmu[p->mmus++] = mmu;
    p->uncontrolled = read_control(p);
    mmu->processor = p;

    return hold(p);
}

/* Finds the processor of an MMU that was probed before, or NULL. */
static struct omap_processor *__init
find_processor(const struct dt_device_node *np)
{
    const struct omap_mmu *mmu;

    list_for_each_entry(mmu, &omap_mmus, list)
        if ( mmu->processor && mmu->processor->np == np )
            return mmu->processor;

    return NULL;
}

/* Adds a processor's second MMU. The first one read the words, and holds it. */
static const char *__init join(struct omap_processor *p, struct omap_mmu *mmu)
{
    struct omap_prcm own = {};
    const char *wrong = omap_prcm_read_tree(&own, p->np, mmu->np);

    if ( wrong )
        return wrong;
    if ( p->mmus == ARRAY_SIZE(p->mmu) || !mmu->config.parts.bypassable )
        return "its processor has another MMU (only DSPs of DRA7's have two)";
    if ( own.power.mmu != p->prcm.power.mmu )
        return "its reset is not that of its processor's other MMU (take resets from "
               "TI's tree)";
    p->mmu[p->mmus++] = mmu;
    mmu->processor = p;

    return put_off(p)
               ? NULL
               : "it does not go into reset (see who else holds its reset)";
}

static const char *__init check_dsp(struct omap_mmu *mmu, const char *wrong)
{
    struct omap_processor *p = mmu->processor;

    return wrong || !mmu->config.parts.bypassable
               ? wrong
               : omap_dsp_probe(&p->dsp, &p->lock, mmu);
}

/*
 * An MMU in reset lets device addresses out, and Xen does not know whether
 * other devices are in reset then.
 */
const char *__init omap_processor_probe(struct omap_mmu *mmu)
{
    const struct dt_device_node *np, *found = NULL;
    unsigned int behind = 0;

    dt_for_each_device_node(dt_host, np)
        if ( omap_mmu_is_behind(np, mmu) )
        {
            behind++;
            if ( omap_prcm_resets(np) )
                found = np;
        }

    if ( found && behind > 1 )
        return "another device is behind it, beside one whose resets are Xen's "
               "(one device may be, in the host's device tree)";
    if ( found )
        return check_dsp(mmu, find_processor(found)
                                  ? join(find_processor(found), mmu)
                                  : take_over(mmu, found));

    /* Nothing would be gained by an access, which may abort. */
    if ( mmu->config.parts.bypassable )
        return "its processor's resets are not Xen's, so that DSP_SYSTEM may lead it "
               "around (take resets, clocks and iommus from TI's tree)";
    printk(
        "omap-mmu: %s: its processor's resets are not Xen's: whoever has them "
        "must reset it between two owners\n",
        dt_node_full_name(mmu->np));

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
