/* SPDX-License-Identifier: GPL-2.0-only */
/* The world begins, and ends. */
#include <xen/kernel.h>

#include "fake.h"

static void start_domain(struct domain *d, domid_t id)
{
    d->domain_id = id;
    d->arch.vmmio.max_num_entries = FAKE_HANDLERS;
    d->arch.nr_irqs = FAKE_IRQS;
    fake_p2m_start(&d->arch.p2m);
}

/* What the heap holds between tests: the driver makes its empty table once. */
static unsigned int kept;

/* What the driver has them at, whatever the last test made of them. */
static void restore_parameters(void)
{
    static unsigned int share, tables, gpu_dirs, gpu_tables;

    if ( !share )
    {
        share = *fake_param_opt_share;
        tables = *fake_param_opt_tables;
        gpu_dirs = *fake_param_opt_gpu_dirs;
        gpu_tables = *fake_param_opt_gpu_tables;
    }
    *fake_param_opt_share = share;
    *fake_param_opt_tables = tables;
    *fake_param_opt_gpu_dirs = gpu_dirs;
    *fake_param_opt_gpu_tables = gpu_tables;
}

void fake_start(void)
{
    restore_parameters();
    system_state = SYS_STATE_active;
    dt_host = NULL;
    fake = (struct fake){ .mmu = { .host.ops = &omap_host_ops } };
    fake_forget_writes();
    fake.left.blocks = kept;
    fake.now = SECONDS(1);
    fake.pages = calloc(MACHINE_PAGES, sizeof(*fake.pages));
    start_domain(&fake.domain, 1);
    start_domain(&fake.other, 2);
    fake.mmu.d = &fake.domain;
    omap_pages_new_fault(&fake.mmu);
}

/* A DSP is made at probe, for good. */
static void free_dsp(struct omap_dsp *dsp)
{
    const maddr_t root = dsp->edma.sink_root;

    omap_free_tables(fake_block_at(root.v)->mapping,
                     PAGE_SIZE << fake_block_at(root.v)->order, root);
    xfree(dsp);
}

/* With the last of its MMUs. */
static void free_processor(struct omap_mmu *mmu)
{
    struct omap_processor *p = mmu->processor;

    if ( !p || p->mmu[p->mmus - 1] != mmu )
        return;
    if ( p->dsp )
        free_dsp(p->dsp);
    xfree(p);
}

/* An MMU is made at probe, for good. */
static void forget_mmus(void)
{
    while ( !list_empty(&omap_mmus) )
    {
        struct omap_mmu *mmu =
            container_of(omap_mmus.next, struct omap_mmu, list);

        omap_mmus.next = mmu->list.next;
        mmu->list.next->prev = &omap_mmus;
        free_processor(mmu);
        xfree(mmu);
    }
}

void fake_assert_left(const struct fake_left *before)
{
    assert_int_equal(fake.left.allocations, before->allocations);
    assert_int_equal(fake.left.blocks, before->blocks);
    assert_int_equal(fake.left.timers, before->timers);
    assert_int_equal(fake.left.tasklets, before->tasklets);
    assert_int_equal(fake.left.irqs, before->irqs);
    assert_int_equal(fake.left.virqs, before->virqs);
    assert_int_equal(fake.left.references, before->references);
}

void fake_end(void)
{
    struct fake_left nothing = { .blocks = kept };

    forget_mmus();
    fake_p2m_end(&fake.domain.arch.p2m);
    fake_p2m_end(&fake.other.arch.p2m);
    free(fake.pages);
    fake_assert_unlocked();
    assert_int_equal(fake.mapped, 0);
    assert_int_equal(fake.mapped_tables, 0);
    if ( !kept )
        nothing.blocks = kept = fake.left.blocks > 0;
    fake_assert_left(&nothing);
}
