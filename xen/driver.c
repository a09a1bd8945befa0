/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TI OMAP MMUs as an IOMMU driver of Xen: probe and the iommu_ops.
 *
 * From probe on each MMU is Xen's, and in quarantine: it walks an empty table
 * until a device behind it is given to a domain.
 */
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/irq.h>
#include <xen/kernel.h>
#include <xen/mm.h>

#include <asm/device.h>
#include <asm/iommu_fwspec.h>

#include "compat.h"
#include "hw.h"
#include "port.h"

/* Domains */

/* The walker reads no p2m: p2m entries need no cache maintenance for it. */
static int cf_check domain_init(struct domain *d)
{
    iommu_set_feature(d, IOMMU_FEAT_COHERENT_WALK);

    return 0;
}

static void cf_check domain_teardown(struct domain *d)
{
    BUG_ON(*omap_mmus_of(d));
}

/* Charges the time of the change to the MMU: its processor waits longer. */
static void apply_change(struct omap_mmu *mmu, ipa_t ipa, uint64_t pages)
{
    s_time_t start = NOW();

    omap_share_renew(mmu);
    mmu->kind->ipa_changed(mmu, ipa, pages);
    omap_share_charge(mmu, NOW() - start);
}

/*
 * Called for each change of a p2m, with its write lock held; the first calls
 * come while the domain's memory is populated. Constant time if the domain has
 * no MMU.
 *
 * Xen assumes that a domain with an IOMMU shares its p2m with it. Sharing forbids
 * the emulation of set/way cache maintenance, which Linux needs to boot. No p2m
 * is shared here, so the flag is cleared. (iommu_domain_init() overwrites it
 * after .init.)
 */
static int __must_check cf_check iotlb_flush(struct domain *d, dfn_t dfn,
                                             unsigned long page_count,
                                             unsigned int flush_flags)
{
    struct omap_mmu *mmu;

    dom_iommu(d)->hap_pt_share = false;

    for ( mmu = *omap_mmus_of(d); mmu; mmu = mmu->next )
        if ( flush_flags & IOMMU_FLUSHF_all )
            apply_change(mmu, _ipa(0), 1u << (32 - PAGE_SHIFT));
        else
            apply_change(mmu, _ipa(pfn_to_paddr(dfn_x(dfn))), page_count);

    return 0;
}

/* Devices */

/*
 * Called for each of a device's `iommus`. iommu_fwspec_init() refuses a second
 * MMU, so this driver has no fwspec: .assign_device reads `iommus`, and fails
 * where that stops the domain.
 */
static int cf_check dt_xlate(struct device *dev,
                             const struct dt_phandle_args *args)
{
    iommu_fwspec_free(dev);

    return 0;
}

/*
 * Only a hint: no lock is held here (Xen 4.17), and the device may be on its
 * way to or from a domain. Then DOMID_IO has it, which means nothing to a user.
 */
static void print_owner(const struct dt_device_node *np)
{
    domid_t owner = dt_device_used_by(np);

    if ( owner == DOMID_IO )
        printk(
            XENLOG_ERR
            "omap-mmu: %s: it is being given to a domain, or taken from one (try "
            "again)\n",
            dt_node_full_name(np));
    else
        printk(
            XENLOG_ERR
            "omap-mmu: %s: d%u has it already (destroy that domain first; for one "
            "domain name it once)\n",
            dt_node_full_name(np), owner);
}

/*
 * Without this the device could not be assigned. Called before each assignment.
 * Xen refuses a device that is a domain's without a call of .assign_device. Xen
 * gives no reason. This function prints it.
 */
static int cf_check add_device(u8 devfn, struct device *dev)
{
    struct dt_device_node *np = dev_to_dt(dev);

    if ( !list_empty(&np->domain_list) )
        print_owner(np);
    dt_device_set_protected(np);

    return 0;
}

/*
 * A toolstack gets the error. While Xen builds domains at boot, an error does
 * not stop that domain: up to 4.17 the builder ignores it, and starts a domain
 * that has the processor but not its MMU; from 4.18 on Xen panics. So the
 * domain is stopped there, and Xen records the device as that domain's, until
 * it is destroyed.
 *
 * dom0 is not stopped: Xen would stop with it. It has a processor whose MMU is
 * in quarantine, or which is held in reset if its MMU is off, and MMUs that
 * read as zero. Its device tree may show them, and an access that did not trap
 * would be an abort.
 */
static int cf_check assign_device(struct domain *d, u8 devfn,
                                  struct device *dev, u32 flag)
{
    bool at_boot = system_state < SYS_STATE_active;
    int rc = omap_mmu_assign(d, dev_to_dt(dev));

    if ( !rc )
        return 0;

    printk(XENLOG_ERR "omap-mmu: %s: %pd %s\n",
           dt_node_full_name(dev_to_dt(dev)), d,
           !at_boot                ? "does not get it"
           : is_hardware_domain(d) ? "gets it without its MMU"
                                   : "is stopped");
    if ( !at_boot )
        return rc;
    if ( is_hardware_domain(d) )
        omap_mmu_keep_trapped(d, dev_to_dt(dev));
    else
        domain_crash(d);

    return 0;
}

/* Devices leave only with their domain: traps cannot be unregistered. */
static int cf_check reassign_device(struct domain *s, struct domain *t,
                                    u8 devfn, struct device *dev)
{
    struct dt_device_node *np = dev_to_dt(dev);
    const char *reason;
    int rc;

    if ( dt_device_used_by(np) != s->domain_id )
    {
        reason = "it does not have it (the debug key U tells who does)";
        rc = -ESRCH;
    }
    else if ( t )
    {
        reason = "it cannot be handed on (destroy that domain, then assign it)";
        rc = -EOPNOTSUPP;
    }
    else if ( !s->is_dying )
    {
        reason = "the domain lives (destroy it)";
        rc = -EBUSY;
    }
    else
        return omap_mmu_release(s, np);

    printk(XENLOG_ERR "omap-mmu: %s: not taken from %pd: %s\n",
           dt_node_full_name(np), s, reason);

    return rc;
}

static const struct iommu_ops omap_iommu_ops = {
    .page_sizes = PAGE_SIZE_4K,
    .init = domain_init,
    .hwdom_init = arch_iommu_hwdom_init,
    .teardown = domain_teardown,
    .iotlb_flush = iotlb_flush,
    .dt_xlate = dt_xlate,
    .add_device = add_device,
    .assign_device = assign_device,
    .reassign_device = reassign_device,
    /*
     * For dom0's grant mappings, which ask for them whenever it has an IOMMU.
     */
    .map_page = arm_iommu_map_page,
    .unmap_page = arm_iommu_unmap_page,
    .dump_page_tables = omap_mmu_dump_domain,
};

/* Probe */

/* The first level that all MMUs in quarantine walk; made once. */
static maddr_t __initdata empty_root;

/*
 * In TI's trees the MMU is in a target module whose reg covers the same page. A
 * domain that got the module would get the MMU's registers without a trap.
 */
static void __init claim(struct dt_device_node *np)
{
    struct dt_device_node *parent = np->parent;

    dt_device_set_used_by(np, DOMID_XEN);
    if ( parent && dt_device_is_compatible(parent, "ti,sysc") )
        dt_device_set_used_by(parent, DOMID_XEN);
}

static int __init make_empty_root(void)
{
    if ( empty_root.v || omap_alloc_tables(PT_ROOT_BYTES, &empty_root) )
        return 0;

    return -ENOMEM;
}

/* Reads the MMU's node. Returns NULL, or why the MMU cannot be used. */
static const char *__init read_node(struct omap_mmu *mmu, bool dsp)
{
    const struct dt_device_node *np = mmu->np;
    uint32_t entries;

    mmu->config.parts.bypassable = dsp;
    mmu->config.parts.bus_err_back =
        !dsp && dt_property_read_bool(np, "ti,iommu-bus-err-back");
    mmu->config.tlb_entries = GUEST_TLB_ENTRIES;
    if ( dt_property_read_u32(np, "ti,#tlb-entries", &entries) )
    {
        if ( entries != 8 && entries != GUEST_TLB_ENTRIES )
            return "ti,#tlb-entries is neither 8 nor 32 (mend the host's device "
                   "tree)";
        mmu->config.tlb_entries = entries;
    }

    return NULL;
}

/*
 * Reads where its registers are. Returns NULL, or what is wrong. No sum here
 * can wrap.
 */
static const char *__init read_window(struct omap_mmu *mmu, paddr_t *size)
{
    if ( compat_device_address(mmu->np, &mmu->base, size) )
        return "its reg is missing or wrong (mend the host's device tree)";
    if ( *size < OMAP_MMU_WINDOW_OMAP3 || *size > PAGE_SIZE ||
         (mmu->base & ~PAGE_MASK) > PAGE_SIZE - *size || mmu->base & 3 ||
         (mmu->base >> PAGE_SHIFT) >> (PADDR_BITS - PAGE_SHIFT) )
        return "its reg is not one window of registers within a page (mend the host's "
               "device tree)";

    return NULL;
}

/*
 * Reads where a guest sees its registers. Returns NULL, or what is wrong. Xen
 * places the RAM of all guests but dom0, and the host's address may be within
 * it. The trap covers the rest of the page from there on, hence the same
 * offset.
 */
static const char *__init read_guest_address(struct omap_mmu *mmu)
{
    const char *name = "xen,guest-address";
    uint32_t bytes, cell;

    mmu->guest_base = mmu->base;
    if ( !dt_get_property(mmu->np, name, &bytes) )
        return NULL;
    if ( bytes != sizeof(cell) || !dt_property_read_u32(mmu->np, name, &cell) )
        return "its xen,guest-address is not one cell (write <0x...>)";

    mmu->guest_base = cell;

    if ( (mmu->guest_base ^ mmu->base) & ~PAGE_MASK )
        return "its xen,guest-address is not at the same offset in its page as its reg "
               "(choose one that is)";

    return NULL;
}

/*
 * Maps the registers, and denies them to all domains, whether the MMU is
 * touched or not. Returns NULL, or what is wrong.
 */
static const char *__init map_window(struct omap_mmu *mmu)
{
    paddr_t size;
    const char *wrong = read_window(mmu, &size);

    if ( wrong )
        return wrong;
    mmu->config.window = min_t(paddr_t, size, OMAP_MMU_WINDOW);
    mmu->size = size;

    return omap_mmu_map_registers(mmu, size);
}

static const char *__init use_empty_root(struct omap_mmu *mmu)
{
    if ( make_empty_root() )
        return "no memory below 4 GiB for the empty table (reserve less of it)";
    mmu->empty_root = empty_root;

    return NULL;
}

/*
 * Takes the MMU over. One that is off is not touched until it is on. Returns
 * NULL, or what is wrong.
 */
static const char *__init take_over(struct omap_mmu *mmu)
{
    const char *wrong = use_empty_root(mmu);

    if ( wrong || mmu->processor )
        return wrong;

    hw_quarantine(&mmu->host, mmu->empty_root, mmu->config.parts);
    mmu->config.revision = readl(mmu->regs + MMU_REVISION);

    return hw_walks(&mmu->host, mmu->empty_root, mmu->config.parts)
               ? NULL
               : omap_mmu_silent;
}

/*
 * Takes over its window, its processor, and then the MMU itself, if it may be
 * touched. Returns NULL, or what is wrong.
 */
static const char *__init take_if_safe(struct omap_mmu *mmu)
{
    const char *unmapped = map_window(mmu);
    const char *wrong = omap_processor_probe(mmu);

    if ( wrong )
        return wrong;
    mmu->hold = OMAP_MMU_NOT_HELD;
    wrong = unmapped ?: take_over(mmu);
    if ( !wrong )
        mmu->hold = OMAP_MMU_HELD;

    return wrong;
}

/* The revision of an MMU that is off cannot be read. */
static void __init announce(const struct omap_mmu *mmu)
{
    printk("omap-mmu: %s: ", dt_node_full_name(mmu->np));
    if ( mmu->config.revision )
        printk("revision %u.%u, ", (mmu->config.revision >> 4) & 0xf,
               mmu->config.revision & 0xf);
    if ( !mmu->kind->is_gpu )
        printk("%u TLB entries, irq %d, ", mmu->config.tlb_entries, mmu->irq);
    printk("%s\n", omap_mmu_rest(mmu));
}

/*
 * Returns the MMU, probed earlier, with registers in the same page, or NULL. If
 * they are the same registers, two domains would share one MMU. If not, the
 * traps for one would hide the other, since they cover the rest of the page.
 */
static const struct omap_mmu *__init find_twin(const struct omap_mmu *mmu)
{
    const struct omap_mmu *other;

    list_for_each_entry(other, &omap_mmus, list)
        if ( other != mmu && other->regs && mmu->regs &&
             omap_mmu_is_within(other, mmu->base, mmu->size) )
            return other;

    return NULL;
}

static struct omap_mmu *__init add(struct dt_device_node *np,
                                   const struct omap_kind *kind)
{
    struct omap_mmu *mmu = xzalloc(struct omap_mmu);

    claim(np);
    if ( !mmu )
        panic("omap-mmu: %s: no memory\n", dt_node_full_name(np));

    mmu->np = np;
    mmu->kind = kind;
    mmu->irq = -1;
    mmu->host.ops = &omap_host_ops;
    spin_lock_init(&mmu->lock);
    if ( list_empty(&omap_mmus) )
        omap_mmu_dump_init();
    list_add_tail(&mmu->list, &omap_mmus);
    iommu_set_ops(&omap_iommu_ops);

    return mmu;
}

/*
 * Records and logs the result. wrong: what take_if_safe() found, or NULL. Its
 * interrupt is the last: that may write a register of the crossbar.
 */
static void __init conclude(struct omap_mmu *mmu, const char *wrong)
{
    const struct omap_mmu *twin = wrong ? NULL : find_twin(mmu);

    if ( !wrong && !mmu->unusable )
        mmu->unusable = read_guest_address(mmu);
    if ( wrong )
        mmu->unusable = wrong;
    else if ( twin )
        mmu->unusable =
            "its registers lie in the same page as another MMU's (only the first of "
            "them can be used)";
    if ( !mmu->unusable && !mmu->kind->is_gpu )
        mmu->unusable = omap_mmu_find_irq(mmu->np, &mmu->irq);

    announce(mmu);
    if ( mmu->unusable )
        printk(XENLOG_WARNING "omap-mmu: %s: cannot be used: %s%s%s\n",
               dt_node_full_name(mmu->np), mmu->unusable, twin ? "; see " : "",
               twin ? dt_node_full_name(twin->np) : "");
}

#ifdef CONFIG_OMAP_GPU
/* SGX544 with two cores: these have the banks that sgx_regs.h describes. */
static bool __init is_gpu(const struct dt_device_node *np)
{
    return dt_device_is_compatible(np, "ti,omap5432-gpu") ||
           dt_device_is_compatible(np, "ti,am5728-gpu") ||
           dt_device_is_compatible(np, "ti,dra7-sgx544");
}

/*
 * A GPU is the device and its MMU in one node, without `iommus`. Xen does not
 * call .add_device for such a node. Protected here, it can be assigned, and
 * only through this driver.
 */
static bool __init probe_gpu(struct dt_device_node *np)
{
    struct omap_mmu *mmu;
    const char *wrong;

    if ( !is_gpu(np) )
        return false;

    mmu = add(np, &omap_gpu_kind);
    wrong = use_empty_root(mmu);
    dt_device_set_protected(np);
    conclude(mmu, wrong ?: omap_gpu_take(mmu));

    return true;
}

#else

static bool __init probe_gpu(struct dt_device_node *np)
{
    return false;
}

#endif

/*
 * Never fails for an MMU that cannot be used: without any IOMMU Xen would give
 * the devices behind it away unmediated.
 */
static int __init omap_mmu_probe(struct dt_device_node *np, const void *data)
{
    struct omap_mmu *mmu;

    if ( probe_gpu(np) )
        return 0;

    mmu = add(np, &omap_mmu_kind);
    mmu->unusable =
        read_node(mmu, dt_device_is_compatible(np, "ti,dra7-dsp-iommu"));
    conclude(mmu, take_if_safe(mmu));

    return 0;
}

static const struct dt_device_match omap_mmu_match[] __initconst = {
    DT_MATCH_COMPATIBLE("ti,omap2-iommu"),
    DT_MATCH_COMPATIBLE("ti,omap4-iommu"),
    DT_MATCH_COMPATIBLE("ti,dra7-iommu"),
    DT_MATCH_COMPATIBLE("ti,dra7-dsp-iommu"),
#ifdef CONFIG_OMAP_GPU
    DT_MATCH_COMPATIBLE("ti,omap5432-gpu"),
    DT_MATCH_COMPATIBLE("ti,am5728-gpu"),
    DT_MATCH_COMPATIBLE("ti,dra7-sgx544"),
#endif
    { /* sentinel */ },
};

DT_DEVICE_START(omap_mmu, "TI OMAP MMU", DEVICE_IOMMU)
.dt_match = omap_mmu_match, .init = omap_mmu_probe, DT_DEVICE_END

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
