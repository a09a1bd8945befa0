/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Look-ups of many guest frames in a p2m, one after the other.
 *
 * p2m_get_entry() maps a table of each level for every frame. A walk keeps the tables
 * that it is in mapped, and the next look-up maps only those that it does not share
 * with the last one. So frames that rise cost one mapping for each table, and frames
 * in no order none either, as long as they stay in one table of the last level.
 *
 * The caller holds the p2m's lock, for reading at least, from start to end, and does
 * not sleep. A walk holds at most one mapping for each level of the p2m's tables.
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
};

void p2m_walk_start(struct p2m_walk *walk, struct p2m_domain *p2m);
void p2m_walk_end(struct p2m_walk *walk);

/*
 * What p2m_get_entry() says of gfn, any frame: the machine frame, the entry's type,
 * access, order and valid bit. If nothing is mapped: INVALID_MFN, p2m_invalid, not
 * valid, the order of the hole; and *a is not written.
 */
mfn_t p2m_walk_get(struct p2m_walk *walk, gfn_t gfn, p2m_type_t *t,
                   p2m_access_t *a, unsigned int *order, bool *valid);

#endif /* OMAP_P2M_WALK_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
