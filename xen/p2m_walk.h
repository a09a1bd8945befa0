/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Look-ups of many guest frames in a p2m, one after the other.
 *
 * p2m_get_entry() maps a table of each level for every frame. A walk maps a
 * table only when it enters it: frames that rise map each table once; frames in
 * any order within one table of the last level, or one large entry, map no
 * more.
 *
 * The caller holds the p2m's lock, for reading at least, from start to end, and
 * does not sleep. A walk holds at most one mapping for each level of the p2m's
 * tables.
 */
#ifndef OMAP_P2M_WALK_H
#define OMAP_P2M_WALK_H

#include <asm/lpae.h>
#include <asm/p2m.h>

struct p2m_walk {
    struct p2m_domain *p2m;
    gfn_t gfn;        /* of the last look-up: its tables are those below */
    unsigned int end; /* levels P2M_ROOT_LEVEL ... end - 1 are mapped */
    lpae_t *table[4]; /* by level */

    /* What the last look-up found: */
    lpae_t entry;       /* of gfn, if any table is mapped */
    unsigned int order; /* of the entry, or of the hole */
    bool valid;         /* its valid bit */
};

void p2m_walk_start(struct p2m_walk *walk, struct p2m_domain *p2m);
void p2m_walk_end(struct p2m_walk *walk);

/*
 * The result of p2m_get_entry() for any gfn: the machine frame, the entry's
 * type and access; order and valid bit are in the walk. If nothing is mapped:
 * INVALID_MFN, p2m_invalid, not valid, the order of the hole; *a is not
 * written.
 */
mfn_t p2m_walk_get(struct p2m_walk *walk, gfn_t gfn, p2m_type_t *t,
                   p2m_access_t *a);

#endif /* OMAP_P2M_WALK_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
