/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the slots hold, for the debug key and tests. Reads only. MMU's lock
 * held; a group at a time, for callers that must not hold it for long.
 */
#ifndef OMAP_SHADOW_AUDIT_H
#define OMAP_SHADOW_AUDIT_H

#include "shadow.h"

/* A range of da that one descriptor translates. */
struct shadow_leaf {
    da_t da;
    ipa_t ipa;
    maddr_t maddr;
    uint32_t bytes;
    bool held;
    bool shown;
    bool condemned;
};

typedef bool shadow_visit(void *arg, const struct shadow_leaf *leaf);

/*
 * Calls visit() for each leaf of a group, by rising da, until it returns false;
 * returns false then.
 */
bool shadow_for_group(const struct shadow *s, unsigned int group,
                      shadow_visit *visit, void *arg);

/*
 * Check every invariant: of a group's slots, of the pool. Return NULL, or the
 * name of one that does not hold.
 */
const char *shadow_audit_group(const struct shadow *s, unsigned int group);
const char *shadow_audit_pool(const struct shadow *s);

#endif /* OMAP_SHADOW_AUDIT_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
