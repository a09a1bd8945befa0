/* SPDX-License-Identifier: GPL-2.0-only */
/* Assignment of an MMU to a domain, and its release. */
#include <xen/delay.h>
#include <xen/mm.h>
#include <xen/param.h>

#include <asm/p2m.h>

#include "hw.h"
#include "port.h"

/*
 * `omap-mmu-tables=<n>`: second-level tables of each assigned MMU's pool, 2 to
 * 4096; default 256. Each takes 2.1 KiB and translates 1 MiB of device
 * addresses that is not one piece of machine memory.
 */
static unsigned int __read_mostly opt_tables = 256;
integer_param("omap-mmu-tables", opt_tables);

static void cf_check free_memory(struct omap_mmu *mmu)
{
    struct shadow_memory *mem = &mmu->mem;

    omap_free_tables(mem->root, PT_ROOT_BYTES, mem->root_maddr);
    omap_free_tables(mem->tables, mem->nr_tables * PT_TABLE_BYTES,
                     mem->tables_maddr);
    xfree(mem->pool);
    XFREE(mmu->vmmu);
    memset(mem, 0, sizeof(*mem));
}

/* Allocates all memory that this MMU will ever need. */
static int cf_check alloc_memory(const struct domain *d, struct omap_mmu *mmu)
{
    struct shadow_memory *mem = &mmu->mem;

    mem->nr_tables = min(max(opt_tables, SHADOW_MIN_TABLES), SHADOW_MAX_TABLES);
    mem->empty_maddr = mmu->empty_root;
    mem->root = omap_alloc_tables(PT_ROOT_BYTES, &mem->root_maddr);
    mem->tables =
        omap_alloc_tables(mem->nr_tables * PT_TABLE_BYTES, &mem->tables_maddr);
    mem->pool = xzalloc_array(struct pool_table, mem->nr_tables);
    mmu->vmmu = xzalloc(struct vmmu);

    if ( !mem->root || !mem->tables || !mem->pool || !mmu->vmmu )
    {
        omap_mmu_refused(
            mmu->np, d,
            "no memory for %u tables below 4 GiB and their records "
            "(free some, or let omap-mmu-tables= ask for fewer)",
            mem->nr_tables);
        free_memory(mmu);
        return -ENOMEM;
    }

    return 0;
}

static void link_mmu(struct omap_mmu *mmu, struct domain *d)
{
    p2m_write_lock(p2m_get_hostp2m(d));
    mmu->next = *omap_mmus_of(d);
    *omap_mmus_of(d) = mmu;
    p2m_write_unlock(p2m_get_hostp2m(d));
}

static void unlink_mmu(struct omap_mmu *mmu, struct domain *d)
{
    struct omap_mmu **link;

    p2m_write_lock(p2m_get_hostp2m(d));
    for ( link = omap_mmus_of(d); *link; link = &(*link)->next )
        if ( *link == mmu )
        {
            *link = mmu->next;
            break;
        }
    p2m_write_unlock(p2m_get_hostp2m(d));
}

static void set_live(struct omap_mmu *mmu, bool live)
{
    spin_lock(&mmu->lock);
    mmu->live = live;
    if ( live )
        mmu->lives++;
    spin_unlock(&mmu->lock);
}

/* The hardware is in quarantine, and nothing is left in the shadow. */
static void forget(struct omap_mmu *mmu)
{
    unlink_mmu(mmu, mmu->d);
    set_live(mmu, false);
    mmu->kind->free(mmu);
    mmu->d = NULL;
    mmu->masters = 0;
}

/* A released requester accesses memory again within this time, in us. */
#define RETRY_US 1000

/*
 * Unless its resets are Xen's, nobody resets a processor when its domain ends.
 * If it still runs, its next access, stalled at the empty table, would be
 * answered from the memory of the next domain: check whether there is one. The
 * MMU goes into quarantine anew, since its registers may have been lost
 * meanwhile; that releases a stalled requester, which stalls again if it still
 * runs. The fault of a processor that was reset since does not come back.
 */
static int cf_check check_idle(const struct domain *d, struct omap_mmu *mmu)
{
    da_t da;

    hw_quarantine(&mmu->host, mmu->empty_root, mmu->config.parts);
    if ( !mmu->processor )
        udelay(RETRY_US);
    if ( !hw_walks(&mmu->host, mmu->empty_root, mmu->config.parts) )
    {
        omap_mmu_refused(mmu->np, d, "%s", omap_mmu_silent);
        return -EIO;
    }
    mmu->config.revision = readl(mmu->regs + MMU_REVISION);
    if ( hw_fault(&mmu->host, &da) )
    {
        omap_mmu_refused(
            mmu->np, d,
            "the processor behind it runs, and accessed da %08" PRIx64
            " (reset that processor, then assign it again; at boot: "
            "its boot loader must leave it in reset)",
            da.v);
        return -EBUSY;
    }

    return 0;
}

static int cf_check init_vmmu(const struct domain *d, struct omap_mmu *mmu)
{
    vmmu_init(mmu->vmmu, &mmu->host, &mmu->config, &mmu->mem);

    return 0;
}

static bool cf_check release_vmmu(struct omap_mmu *mmu)
{
    return vmmu_release(mmu->vmmu, SHADOW_RELEASE_PAGES);
}

static unsigned int cf_check tables(const struct omap_mmu *mmu)
{
    return mmu->mem.nr_tables;
}

static void cf_check ipa_changed(struct omap_mmu *mmu, ipa_t ipa,
                                 uint64_t pages)
{
    vmmu_ipa_changed(mmu->vmmu, ipa, pages);
}

static void cf_check renew(struct omap_mmu *mmu)
{
    vmmu_renew(mmu->vmmu);
}

const struct omap_kind omap_mmu_kind = {
    .check = check_idle,
    .alloc = alloc_memory,
    .init = init_vmmu,
    .connect = omap_mmu_connect,
    .disconnect = omap_mmu_disconnect,
    .release = release_vmmu,
    .free = free_memory,
    .tables = tables,
    .trap = omap_mmu_trap,
    .ipa_changed = ipa_changed,
    .renew = renew,
};

/* The n-th MMU of a device; NULL after the last. A GPU is its own. */
static struct dt_device_node *mmu_node(struct dt_device_node *master,
                                       unsigned int n)
{
    const struct omap_mmu *own = omap_mmu_find(master);

    if ( own && own->kind->is_gpu )
        return n ? NULL : master;

    return dt_parse_phandle(master, "iommus", (int)n);
}

/*
 * Finds a device behind an unassigned MMU that another domain than d has
 * nevertheless: Xen assigned it although this driver refused it at boot. dom0
 * has such a device's registers, and runs. With the MMU given to d, the device
 * would reach d's memory.
 */
static const struct dt_device_node *find_stray(const struct domain *d,
                                               const struct omap_mmu *mmu)
{
    const struct dt_device_node *np;

    dt_for_each_device_node(dt_host, np)
        if ( !list_empty(&np->domain_list) &&
             dt_device_used_by(np) != d->domain_id &&
             omap_mmu_is_behind(np, mmu) )
            return np;

    return NULL;
}

/* 0, or -errno after a message. */
static int check_strays(const struct domain *d, const struct omap_mmu *mmu)
{
    const struct dt_device_node *stray = find_stray(d, mmu);

    if ( !stray )
        return 0;

    omap_mmu_refused(
        mmu->np, d,
        "%s is behind it as well, and d%u has that without it (destroy that "
        "domain; if it is d0, mend what Xen's log says of it, and boot again)",
        dt_node_full_name(stray), dt_device_used_by(stray));

    return -EBUSY;
}

/*
 * p2m changes must reach the MMU before the first fault is served, so the
 * interrupt is requested last.
 */
static int set_up(struct domain *d, struct omap_mmu *mmu)
{
    int rc = check_strays(d, mmu);

    if ( !rc )
        rc = mmu->kind->check(d, mmu);
    if ( !rc )
        rc = mmu->kind->alloc(d, mmu);
    if ( rc )
        return rc;

    mmu->d = d;
    mmu->masters = 1;
    rc = mmu->kind->init(d, mmu);
    link_mmu(mmu, d);
    if ( !rc )
        rc = mmu->kind->connect(mmu, d);
    if ( rc )
    {
        mmu->kind->release(mmu);
        forget(mmu);
        return rc;
    }

    mmu->connected = true;
    set_live(mmu, true);
    omap_processor_give(mmu, d);
    printk(XENLOG_INFO "omap-mmu: %s: given to %pd, %u tables\n",
           dt_node_full_name(mmu->np), d, mmu->kind->tables(mmu));

    return 0;
}

static int assign_first(struct domain *d, struct omap_mmu *mmu)
{
    int rc = omap_processor_on(mmu, d);

    if ( rc )
        return rc;

    rc = set_up(d, mmu);
    if ( rc )
        omap_processor_off(mmu);

    return rc;
}

static int assign_one(struct domain *d, struct omap_mmu *mmu)
{
    if ( mmu->unusable )
    {
        omap_mmu_refused(mmu->np, d, "%s", mmu->unusable);
        return -EOPNOTSUPP;
    }
    if ( mmu->d && mmu->d != d )
    {
        omap_mmu_refused(
            mmu->np, d,
            "another domain has it: %pd (destroy that domain first; all "
            "devices behind one MMU go to one domain)",
            mmu->d);
        return -EBUSY;
    }

    if ( !mmu->d )
        return assign_first(d, mmu);

    /* Several devices may sit behind one MMU; they move together. */
    mmu->masters++;

    return 0;
}

/*
 * After the first call the processor is in reset, if its resets are Xen's, and
 * the hardware in quarantine. Only then are references given back, so that the
 * domain's memory can be freed.
 */
static int release_last(struct omap_mmu *mmu)
{
    struct domain *d = mmu->d;

    if ( mmu->connected )
    {
        omap_processor_take(mmu);
        mmu->kind->disconnect(mmu);
        mmu->connected = false;
    }
    if ( !mmu->kind->release(mmu) )
        return -ERESTART;

    forget(mmu);
    omap_processor_off(mmu);
    printk(XENLOG_INFO "omap-mmu: %s: back from %pd, %s\n",
           dt_node_full_name(mmu->np), d, omap_mmu_rest(mmu));

    return 0;
}

/*
 * Called again after -ERESTART; what is done already is d's no more. MMUs that
 * other devices of d share are released last, so that they are counted down
 * only once.
 *
 * A domain that was stopped at boot may have a device, but not its MMUs: the
 * end of that domain must not fail.
 */
int omap_mmu_release(const struct domain *d, struct dt_device_node *master)
{
    const struct dt_device_node *np;
    struct omap_mmu *mmu;
    unsigned int n;
    int rc;

    for ( n = 0; (np = mmu_node(master, n)); n++ )
    {
        mmu = omap_mmu_find(np);
        if ( !mmu || mmu->d != d || mmu->masters > 1 )
            continue;

        rc = release_last(mmu);
        if ( rc )
            return rc;
    }

    for ( n = 0; (np = mmu_node(master, n)); n++ )
    {
        mmu = omap_mmu_find(np);
        if ( mmu && mmu->d == d )
            mmu->masters--;
    }

    return 0;
}

/* One of the first n. */
static bool names_before(struct dt_device_node *master, unsigned int n,
                         const struct dt_device_node *np)
{
    while ( n-- > 0 )
        if ( mmu_node(master, n) == np )
            return true;

    return false;
}

/* A GPU's MMU has no other device behind it. */
static bool is_other_gpu(const struct dt_device_node *np,
                         const struct dt_device_node *master)
{
    return np != master && omap_mmu_find(np)->kind->is_gpu;
}

/*
 * Checks that all are MMUs of this driver, each named once: an MMU named twice
 * would be counted twice. Xen asks for no device that names none.
 */
static int check_mmus(const struct domain *d, struct dt_device_node *master)
{
    const struct dt_device_node *np;
    unsigned int n;

    for ( n = 0; (np = mmu_node(master, n)); n++ )
    {
        if ( names_before(master, n, np) )
        {
            omap_mmu_refused(master, d,
                             "its iommus names one twice (name each MMU once)");
            return -EINVAL;
        }
        if ( !omap_mmu_find(np) || is_other_gpu(np, master) )
        {
            omap_mmu_refused(
                master, d,
                "its iommus names %s, which this driver does not have (it "
                "takes MMUs of TI OMAP that have neither status = \"disabled\" nor "
                "xen,passthrough)",
                dt_node_full_name(np));
            return -ENODEV;
        }
    }

    return 0;
}

/* All or none. */
int omap_mmu_assign(struct domain *d, struct dt_device_node *master)
{
    const struct dt_device_node *np;
    struct omap_mmu *mmu;
    unsigned int n;
    int rc = check_mmus(d, master);

    for ( n = 0; !rc && (np = mmu_node(master, n)); n++ )
    {
        rc = assign_one(d, omap_mmu_find(np));
        if ( rc )
            break;
    }

    while ( rc && n-- > 0 )
    {
        mmu = omap_mmu_find(mmu_node(master, n));
        if ( mmu->masters > 1 )
            mmu->masters--;
        else if ( release_last(mmu) )
            /* its guest has not touched it: the shadow is empty */
            ASSERT_UNREACHABLE();
    }

    return rc;
}

/* d's device tree may show them. */
void omap_mmu_keep_trapped(struct domain *d, struct dt_device_node *master)
{
    const struct dt_device_node *np;
    struct omap_mmu *mmu;
    unsigned int n;

    for ( n = 0; (np = mmu_node(master, n)); n++ )
    {
        mmu = omap_mmu_find(np);
        if ( mmu )
            mmu->kind->trap(mmu, d);
    }
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
