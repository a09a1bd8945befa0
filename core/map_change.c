/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "map_change.h"

/* Marks a slot as dead, and its group if that is one supersection. Parked. */
static void kill_slot(struct shadow *s, unsigned int slot)
{
    uint8_t kind = s->slot[slot].kind;
    unsigned int first = span_first(kind, slot), i;

    for ( i = first; i < first + span_slots(kind); i++ )
        s->slot[i].dead = true;
    s->dead = true;
}

/*
 * shadow_uses(), which reads the view of a table whose IPAs lie around. *views is for
 * how many more; the others count as users: a cache may forget.
 */
static bool may_use(const struct shadow *s, const struct shadow_slot *content,
                    struct mibs mibs, unsigned int *views)
{
    if ( content->kind == PT_TABLE &&
         mibs_overlap(s->mem.pool[content->table].table.mibs, mibs) )
    {
        if ( !*views )
            return true;
        --*views;
    }

    return shadow_uses(s, content, 1, mibs);
}

/* Gives a slot up: at once, or, where that is too much, later. Parked. */
static void give_up_slot(struct shadow *s, unsigned int slot)
{
    unsigned int released;

    if ( !s->pages_left )
    {
        kill_slot(s, slot);
        return;
    }

    released = shadow_drop(s, slot);
    s->pages_left -= released < s->pages_left ? released : s->pages_left;
}

/* Gives up the slots that stem from the MiBs. */
static void drop_users(struct shadow *s, struct mibs mibs)
{
    unsigned int slot, views = SHADOW_CHANGE_VIEWS;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
        if ( !s->slot[slot].dead && may_use(s, &s->slot[slot], mibs, &views) )
        {
            shadow_park(s);
            give_up_slot(s, slot);
        }
}

static void kill_group(struct shadow *s, unsigned int group)
{
    unsigned int slot = group * PT_GROUP, end = slot + PT_GROUP;

    for ( ; slot < end; slot++ )
        if ( s->slot[slot].kind != PT_FAULT )
            s->slot[slot].dead = s->dead = true;
}

/*
 * Drops every slot without checking which pages it uses. If another CPU fills slots
 * before the hypercall ends, the next change costs only their groups.
 */
static void forget_all(struct shadow *s)
{
    unsigned int group;

    shadow_park(s);
    for ( group = 0; group < SHADOW_GROUPS; group++ )
        if ( bit_is_set(s->alive, group) )
            kill_group(s, group);
    memset(s->alive, 0, sizeof(s->alive));
    memset(&s->ipas, 0, sizeof(s->ipas));
    if ( s->fill.under_way )
        s->fill.changed = (struct mibs){ 0, IPA_MIBS };
}

/* The MiBs of pages pages from ipa, as far as view words go. */
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
    s->pages_left = SHADOW_REAP_PAGES;
}

void shadow_reap(struct shadow *s)
{
    unsigned int slot, released = 0;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
    {
        if ( s->slot[slot].kind == PT_FAULT || !s->slot[slot].dead )
            continue;
        if ( released >= SHADOW_REAP_PAGES )
            return;
        released += shadow_drop(s, slot);
    }
    s->dead = false;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
