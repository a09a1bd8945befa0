/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GPU (SGX544) is an MMU and the device behind it in one node. What a domain
 * has of it:
 *
 *   registers  the first page of each bank traps (core/vbif.h). The other 12
 *              pages of the window are the domain's: whoever builds it lists
 *              them, by xen,reg or iomem=.
 *   interrupt  straight to the domain. Xen does not listen to it.
 *
 * Its memory is mirrored in a tasklet, which has a part of the MMUs' share of a
 * CPU. Between two domains it is held in reset, on the empty directory.
 */
#include <xen/init.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/vmap.h>

#include <asm/mmio.h>

#include "compat.h"
#include "gpu.h"
#include "port.h"
#include "window.h"

/*
 * `omap-gpu-directories=<n>`: directories of each assigned GPU's mirror, 1 to
 * 64; default 16: a context each. `omap-gpu-tables=<n>`: tables, 1 to 4096;
 * default 256. A directory takes 10 KiB, a table 8.2 KiB and translates 4 MiB
 * of device addresses.
 */
static unsigned int __read_mostly opt_gpu_dirs = 16;
integer_param("omap-gpu-directories", opt_gpu_dirs);
static unsigned int __read_mostly opt_gpu_tables = 256;
integer_param("omap-gpu-tables", opt_gpu_tables);

/* Memory */

static void cf_check free_memory(struct omap_mmu *mmu)
{
    struct mirror_memory *mem;

    if ( !mmu->gpu )
        return;

    mem = &mmu->gpu->mem;
    omap_free_tables(mem->dirs, mem->nr_dirs * PAGE_SIZE, mem->dirs_maddr);
    omap_free_tables(mem->tables, mem->nr_tables * PAGE_SIZE,
                     mem->tables_maddr);
    vfree(mem->records);
    XFREE(mmu->gpu);
}

/* The hardware does not read the records: any memory will do. */
static bool fill_memory(struct mirror_memory *mem)
{
    mem->nr_dirs = min(max(opt_gpu_dirs, 1U), MIRROR_MAX_DIRS);
    mem->nr_tables = min(max(opt_gpu_tables, 1U), MIRROR_MAX_TABLES);
    mem->dirs = omap_alloc_tables(mem->nr_dirs * PAGE_SIZE, &mem->dirs_maddr);
    mem->tables =
        omap_alloc_tables(mem->nr_tables * PAGE_SIZE, &mem->tables_maddr);
    mem->records = vzalloc(mirror_record_bytes(mem->nr_dirs, mem->nr_tables));

    return mem->dirs && mem->tables && mem->records;
}

/* Allocates all memory that this GPU will ever need. */
static int cf_check alloc_memory(const struct domain *d, struct omap_mmu *mmu)
{
    mmu->gpu = xzalloc(struct omap_gpu);
    if ( mmu->gpu && fill_memory(&mmu->gpu->mem) )
        return 0;

    omap_mmu_refused(mmu->np, d,
                     "no memory for directories and tables below 4 GiB and "
                     "their records (free some, or let omap-gpu-directories= "
                     "and omap-gpu-tables= ask for fewer)");
    free_memory(mmu);

    return -ENOMEM;
}

static unsigned int cf_check tables(const struct omap_mmu *mmu)
{
    return mmu->gpu->mem.nr_tables;
}

/* Traps */

/*
 * Always handled: what is not a register reads as zero and ignores writes. After
 * the release the whole GPU does, since traps stay registered.
 */
static int trap_read(struct vcpu *v, mmio_info_t *info, register_t *r,
                     void *priv)
{
    struct omap_mmu *mmu = priv;

    *r = 0;
    if ( mmu->d == v->domain )
        *r = vbif_read(&mmu->gpu->vbif, info->gpa - mmu->guest_base,
                       1u << info->dabt.size);

    return 1;
}

static int trap_write(struct vcpu *v, mmio_info_t *info, register_t r,
                      void *priv)
{
    struct omap_mmu *mmu = priv;

    if ( mmu->d == v->domain )
        vbif_write(&mmu->gpu->vbif, info->gpa - mmu->guest_base,
                   1u << info->dabt.size, r);

    return 1;
}

static const struct mmio_handler_ops trap_ops = {
    .read = trap_read,
    .write = trap_write,
};

/* Returns whether an access to the first page of some bank would not trap. */
static bool is_mapped(const struct omap_mmu *mmu, struct domain *d)
{
    bool mapped = false;
    unsigned int bank;

    for ( bank = 0; bank < SGX_BANKS; bank++ )
        mapped |=
            omap_window_is_mapped(d, mmu->guest_base + bank * SGX_BANK_BYTES);

    return mapped;
}

/* Returns why the domain cannot have it, or NULL; see trap.c. */
static const char *why_not(const struct omap_mmu *mmu, struct domain *d)
{
    paddr_t base = mmu->guest_base;

    if ( is_hardware_domain(d) )
        return "dom0 cannot have a GPU (give it to another domain)";
    if ( d->creation_finished )
        return "the domain runs already (assign the GPU before it first does)";
    if ( !omap_window_fits(d, base, mmu) )
        return "the domain has no trap handler left (give it fewer devices, or "
               "raise MAX_IO_HANDLER in Xen's source)";
    if ( omap_pages_have_registers(d) )
        return "the domain was given the first page of a bank of the GPU's, or "
               "another page of registers of MMUs (take it out of xen,reg, or "
               "of iomem=)";
    if ( omap_windows_are_others(d, base, SGX_WINDOW, mmu) )
        return "in the domain, a device of Xen's or an MMU is where the GPU's "
               "registers are (give it another xen,guest-address)";
    if ( is_mapped(mmu, d) )
        return "the domain has memory or a device where the GPU's registers are "
               "(move them by xen,guest-address in the host's node, or give it "
               "less memory)";

    return NULL;
}

static void cf_check trap(struct omap_mmu *mmu, struct domain *d)
{
    paddr_t base = mmu->guest_base;

    if ( mmu->regs && !omap_windows_are_others(d, base, SGX_WINDOW, mmu) &&
         omap_window_fits(d, base, mmu) )
        omap_windows_open(d, base, SGX_WINDOW, &trap_ops, mmu);
}

/* The tasklet */

/* The cost of a run besides the work: the switch to the idle vCPU and back. */
#define RUN_COST MICROSECS(5)

static void set_put_off(struct omap_mmu *mmu, bool put_off)
{
    spin_lock(&mmu->lock);
    mmu->put_off = put_off;
    spin_unlock(&mmu->lock);
}

/* A run is charged even if it finds nothing to do, or is put off. */
static void cf_check work(void *data)
{
    struct omap_mmu *mmu = data;
    s_time_t now = NOW(), until;
    bool more;

    omap_share_renew(mmu);
    omap_share_charge(mmu, RUN_COST);
    until = omap_share_wait(mmu);
    if ( until )
    {
        set_put_off(mmu, true);
        set_timer(&mmu->timer, until);
        return;
    }

    omap_pages_new_fault(mmu);
    more = vbif_work(&mmu->gpu->vbif);
    omap_share_charge(mmu, NOW() - now);
    if ( more )
        tasklet_schedule(&mmu->tasklet);
}

/* The MMU's share is renewed. */
static void cf_check period_over(void *data)
{
    struct omap_mmu *mmu = data;

    set_put_off(mmu, false);
    tasklet_schedule(&mmu->tasklet);
}

/* Assignment */

/* init() checks everything. */
static int cf_check check(const struct domain *d, struct omap_mmu *mmu)
{
    return 0;
}

/* Its registers may have been lost meanwhile: it goes into quarantine anew. */
static int cf_check init(const struct domain *d, struct omap_mmu *mmu)
{
    if ( vbif_init(&mmu->gpu->vbif, &mmu->host, &mmu->gpu->mem,
                   mmu->empty_root) )
        return 0;

    omap_mmu_refused(mmu->np, d, "%s", omap_mmu_silent);

    return -EIO;
}

static int cf_check connect(struct omap_mmu *mmu, struct domain *d)
{
    const char *reason = why_not(mmu, d);

    if ( reason )
    {
        omap_mmu_refused(mmu->np, d, "%s", reason);
        return -EINVAL;
    }

    mmu->put_off = false;
    tasklet_init(&mmu->tasklet, work, mmu);
    init_timer(&mmu->timer, period_over, mmu, smp_processor_id());
    omap_share_start(mmu);

    /* Last, since it cannot be undone. */
    trap(mmu, d);

    return 0;
}

static void cf_check disconnect(struct omap_mmu *mmu)
{
    kill_timer(&mmu->timer);
    tasklet_kill(&mmu->tasklet);
}

static bool cf_check release(struct omap_mmu *mmu)
{
    return vbif_release(&mmu->gpu->vbif, SHADOW_RELEASE_PAGES);
}

static void cf_check ipa_changed(struct omap_mmu *mmu, ipa_t ipa,
                                 uint64_t pages)
{
    vbif_ipa_changed(&mmu->gpu->vbif, ipa, pages);
}

static void cf_check renew(struct omap_mmu *mmu)
{
    vbif_renew(&mmu->gpu->vbif);
}

const struct omap_kind omap_gpu_kind = {
    .is_gpu = true,
    .check = check,
    .alloc = alloc_memory,
    .init = init,
    .connect = connect,
    .disconnect = disconnect,
    .release = release,
    .free = free_memory,
    .tables = tables,
    .trap = trap,
    .ipa_changed = ipa_changed,
    .renew = renew,
    .dump = omap_gpu_dump,
};

/* Probe */

/* The size of the GPU's target module in some trees; most of it is empty. */
#define MAX_REG 0x2000000u

/* Maps its registers. Returns NULL, or what is wrong. No sum here can wrap. */
static const char *__init map_window(struct omap_mmu *mmu)
{
    paddr_t size;

    if ( compat_device_address(mmu->np, &mmu->base, &size) )
        return "its reg is missing or wrong (mend the host's device tree)";
    if ( (mmu->base | size) & ~PAGE_MASK || size < SGX_WINDOW ||
         size > MAX_REG ||
         (mmu->base >> PAGE_SHIFT) >> (PADDR_BITS - PAGE_SHIFT) )
        return "its reg is not a window of whole pages, of 64 KiB to 32 MiB (mend "
               "the host's device tree)";

    mmu->size = size;
    mmu->banks = SGX_BANKS;

    return omap_mmu_map_registers(mmu, SGX_WINDOW);
}

/*
 * TI's trees have neither a reset nor a power domain for the GPU that Xen could
 * use, and most boot loaders leave its clock off. An access without a clock is
 * an abort, which crashes Xen. So the GPU is touched only if the tree says that
 * it answers.
 */
const char *__init omap_gpu_take(struct omap_mmu *mmu)
{
    const char *wrong = map_window(mmu);

    if ( wrong )
        return wrong;
    if ( !dt_property_read_bool(mmu->np, "xen,omap-clocked") )
        return "its clock may be off (let the boot loader turn it on for good, "
               "and give the host's node xen,omap-clocked)";

    mmu->hold = OMAP_MMU_NOT_HELD;
    if ( !bif_hw_quarantine(&mmu->host, mmu->empty_root) )
        return omap_mmu_silent;
    mmu->hold = OMAP_MMU_HELD;

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
