/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Visits and audits the whole shadow at once, for tests and the benchmark,
 * where nobody waits for the MMU's lock. Xen goes by groups (xen/dump.c).
 */
#ifndef SIM_AUDIT_H
#define SIM_AUDIT_H

#include "shadow_audit.h"
#include "vmmu.h"

/* Calls visit() for each leaf, by rising da, until it returns false. */
static inline void shadow_for_each(const struct shadow *s, shadow_visit *visit,
                                   void *arg)
{
    unsigned int group;

    for ( group = 0; group < SHADOW_GROUPS; group++ )
        if ( !shadow_for_group(s, group, visit, arg) )
            return;
}

/* NULL, or the name of an invariant that does not hold. */
static inline const char *vmmu_audit(const struct vmmu *v)
{
    const char *bad = vmmu_audit_registers(v);
    unsigned int group;

    for ( group = 0; group < SHADOW_GROUPS && !bad; group++ )
        bad = shadow_audit_group(&v->shadow, group);

    return bad ?: shadow_audit_pool(&v->shadow);
}

#endif /* SIM_AUDIT_H */
