/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MiBs of guest memory that the shadow may use: a bit each. A set bit may
 * be stale, a clear one is not. A translation of an IPA sets its bit. Only a
 * p2m change clears it, after giving up all that uses those MiBs. IPAs are
 * below 4 GiB, as in view words. Protected by the lock of the MMU that it
 * belongs to.
 */
#ifndef OMAP_IPA_FILTER_H
#define OMAP_IPA_FILTER_H

#include "bits.h"

#define IPA_MIB_SHIFT 20
#define IPA_MIBS      4096u

/* MiBs from first up to end; first >= end: none. */
struct mibs {
    unsigned int first, end;
};

struct ipa_filter {
    uint32_t used[BIT_WORDS(IPA_MIBS)];
};

static inline unsigned int ipa_mib(ipa_t ipa)
{
    return (unsigned int)(ipa.v >> IPA_MIB_SHIFT);
}

static inline bool mibs_overlap(struct mibs a, struct mibs b)
{
    return a.first < b.end && b.first < a.end;
}

/* more is not empty. */
static inline void mibs_add(struct mibs *to, struct mibs more)
{
    if ( more.first < to->first )
        to->first = more.first;
    if ( more.end > to->end )
        to->end = more.end;
}

static inline void ipa_filter_set(struct ipa_filter *filter, struct mibs mibs)
{
    for ( ; mibs.first < mibs.end; mibs.first++ )
        set_bit_in(filter->used, mibs.first);
}

static inline void ipa_filter_clear(struct ipa_filter *filter, struct mibs mibs)
{
    for ( ; mibs.first < mibs.end; mibs.first++ )
        clear_bit_in(filter->used, mibs.first);
}

static inline bool ipa_filter_hits(const struct ipa_filter *filter,
                                   struct mibs mibs)
{
    for ( ; mibs.first < mibs.end; mibs.first++ )
        if ( bit_is_set(filter->used, mibs.first) )
            return true;

    return false;
}

#endif /* OMAP_IPA_FILTER_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
