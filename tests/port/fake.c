/* SPDX-License-Identifier: GPL-2.0-only */
/* What all parts of the fake have in common: the points, and the locks. */
#include "fake.h"

struct fake fake;

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

/* Locks. Only a processor's may be held when another one is taken. */

static bool is_processors(const spinlock_t *lock)
{
    const struct omap_mmu *mmu;

    list_for_each_entry(mmu, &omap_mmus, list)
        if ( mmu->processor && &mmu->processor->lock == lock )
            return true;

    return false;
}

void spin_lock(spinlock_t *lock)
{
    void (*hook)(spinlock_t *) = fake.on_lock;

    fake.on_lock = NULL;
    if ( hook )
        hook(lock);
    assert_false(lock->held);
    assert_in_range(fake.locks, 0, 1);
    assert_true(!fake.locks || is_processors(fake.outer));
    if ( !fake.locks )
        fake.outer = lock;
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
