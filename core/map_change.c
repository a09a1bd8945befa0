/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "map_change.h"

/* Condemns the slots from first up to end. Parked: they are out of sight. */
static void condemn_slots(struct shadow *s, unsigned int first,
                          unsigned int end)
{
    for ( ; first < end; first++ )
        if ( s->slot[first].kind != PT_FAULT )
            s->slot[first].condemned = s->has_condemned = true;
}

/*
 * Compares at most *views views, since a scan holds the p2m lock. Beyond that,
 * tables with an overlapping range are assumed to use the MiBs: the shadow may
 * forget anything.
 */
static bool may_use(const struct shadow *s, const struct shadow_slot *content,
                    struct mibs mibs, unsigned int *views)
{
    if ( content->kind == PT_TABLE &&
         mibs_overlap(shadow_table(s, content)->mibs, mibs) )
    {
        if ( !*views )
            return true;
        --*views;
    }

    return shadow_uses(s, content, mibs);
}

/* Drops a slot, or condemns it once pages_left is used up. Parked. */
static void give_up_slot(struct shadow *s, unsigned int slot)
{
    unsigned int first = span_first(s->slot[slot].kind, slot), released;

    if ( !s->pages_left )
    {
        condemn_slots(s, first, first + span_slots(s->slot[slot].kind));
        return;
    }

    released = shadow_drop(s, slot);
    s->pages_left -= released < s->pages_left ? released : s->pages_left;
}

/* Gives up the slots that use the MiBs. */
static void drop_users(struct shadow *s, struct mibs mibs)
{
    unsigned int slot, views = SHADOW_CHANGE_VIEWS;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
        if ( !s->slot[slot].condemned &&
             may_use(s, &s->slot[slot], mibs, &views) )
        {
            shadow_park(s);
            give_up_slot(s, slot);
        }
}

/*
 * Condemns every slot without reading what it uses. Clearing alive keeps the
 * next change cheap: it looks only at groups filled since.
 */
static void forget_all(struct shadow *s)
{
    unsigned int group;

    shadow_park(s);
    for ( group = 0; group < SHADOW_GROUPS; group++ )
        if ( bit_is_set(s->alive, group) )
            condemn_slots(s, group * PT_GROUP, (group + 1) * PT_GROUP);
    memset(s->alive, 0, sizeof(s->alive));
    memset(&s->ipas, 0, sizeof(s->ipas));
    if ( s->fill.under_way )
        s->fill.changed = (struct mibs){ 0, IPA_MIBS };
}

/* The MiBs of pages pages from ipa, cut at the 4 GiB that view words reach. */
static struct mibs changed_mibs(ipa_t ipa, uint64_t pages)
{
    uint64_t limit = (uint64_t)IPA_MIBS << IPA_MIB_SHIFT, end = limit;

    if ( ipa.v >= limit )
        return (struct mibs){ IPA_MIBS, IPA_MIBS };
    if ( pages < (limit - ipa.v) >> PT_PAGE_SHIFT )
        end = ipa.v + pages * PT_PAGE_BYTES;

    return (struct mibs){ ipa_mib(ipa), ipa_mib(_ipa(end - 1)) + 1 };
}

void shadow_ipa_changed(struct shadow *s, ipa_t ipa, uint64_t pages)
{
    struct mibs mibs = changed_mibs(ipa, pages);

    if ( mibs.first >= mibs.end )
        return;
    if ( s->fill.under_way )
        mibs_add(&s->fill.changed, mibs);
    if ( !ipa_filter_hits(&s->ipas, mibs) )
        return;

    if ( !s->scans_left )
    {
        forget_all(s);
        return;
    }
    s->scans_left--;
    drop_users(s, mibs);
    ipa_filter_clear(&s->ipas, mibs);
}

void shadow_renew(struct shadow *s)
{
    s->scans_left = SHADOW_CHANGE_SCANS;
    s->pages_left = SHADOW_RELEASE_PAGES;
}

void shadow_release_condemned(struct shadow *s)
{
    unsigned int slot, released = 0;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
    {
        if ( s->slot[slot].kind == PT_FAULT || !s->slot[slot].condemned )
            continue;
        if ( released >= SHADOW_RELEASE_PAGES )
            return;
        released += shadow_drop(s, slot);
    }
    s->has_condemned = false;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
