/* SPDX-License-Identifier: GPL-2.0-only */
#include "fake.h"

struct fake fake;

/* The world */

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
    static unsigned int share, tables;

    if ( !share )
    {
        share = *fake_param_opt_share;
        tables = *fake_param_opt_tables;
    }
    *fake_param_opt_share = share;
    *fake_param_opt_tables = tables;
}

void fake_start(void)
{
    restore_parameters();
    fake = (struct fake){ .mmu = { .host.ops = &omap_host_ops } };
    fake.left.blocks = kept;
    fake.now = SECONDS(1);
    fake.pages = calloc(MACHINE_PAGES, sizeof(*fake.pages));
    start_domain(&fake.domain, 1);
    start_domain(&fake.other, 2);
    fake.mmu.d = &fake.domain;
    omap_pages_new_fault(&fake.mmu);
}

/* Nor has its list of MMUs changed while it was. */
static void assert_p2m_unlocked(struct domain *d)
{
    const struct p2m_domain *p2m = &d->arch.p2m;

    assert_int_equal(p2m->readers, 0);
    assert_false(p2m->written);
    assert_ptr_equal(p2m->mmus, dom_iommu(d)->arch.priv);
}

void fake_assert_unlocked(void)
{
    assert_int_equal(fake.locks, 0);
    assert_p2m_unlocked(&fake.domain);
    assert_p2m_unlocked(&fake.other);
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

void fake_hook(void (*hook)(void))
{
    static bool inside;

    fake.points++;
    if ( !hook || inside )
        return;
    inside = true;
    hook();
    inside = false;
}

/* Locks. The driver nests no two of its spinlocks. */

void spin_lock(spinlock_t *lock)
{
    void (*hook)(spinlock_t *) = fake.on_lock;

    fake.on_lock = NULL;
    if ( hook )
        hook(lock);
    assert_false(lock->held);
    assert_int_equal(fake.locks, 0);
    lock->held = true;
    lock->taken++;
    fake.locks++;
}

void spin_unlock(spinlock_t *lock)
{
    void (*hook)(spinlock_t *) = fake.on_unlock;

    assert_true(lock->held);
    lock->held = false;
    fake.locks--;
    fake.on_unlock = NULL;
    if ( hook )
        hook(lock);
}

void process_pending_softirqs(void)
{
    fake_assert_unlocked();
    fake_hook(fake.on_softirqs);
}

/* Keys */

void register_keyhandler(unsigned char key, keyhandler_fn_t *fn,
                         const char *desc, bool diagnostic)
{
    assert_int_equal(key, 'U');
    assert_null(fake.key);
    fake.key = fn;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
