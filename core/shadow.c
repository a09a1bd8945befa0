/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "hw.h"
#include "shadow.h"

/* Contents */

/* Gives back the references of a content. It must not be shown. */
static void release_content(struct shadow *s, const struct shadow_slot *content)
{
    if ( content->kind == PT_TABLE )
        table_release(shadow_table(s, content), s->host);
    else if ( content->kind != PT_FAULT && content->held )
        s->host->ops->put_pages(s->host, _maddr(content->maddr),
                                PT_PAGES * span_slots(content->kind));
}

uint32_t shadow_word(const struct shadow *s, const struct shadow_slot *content)
{
    uint64_t maddr = content->maddr;

    if ( content->kind == PT_TABLE )
        maddr = s->mem.tables_maddr.v + content->table * PT_TABLE_BYTES;

    return pt_make(content->kind, pt_address(content->kind, (uint32_t)maddr));
}

/* Slots */

/*
 * Clears the words of count slots in the first level; returns whether any was
 * set.
 */
static bool unlink_words(struct shadow *s, unsigned int first,
                         unsigned int count)
{
    uint32_t *words = s->mem.root + first;
    unsigned int i;
    bool any = false;

    for ( i = 0; i < count; i++ )
    {
        any |= words[i] != PT_FAULT_WORD;
        words[i] = PT_FAULT_WORD;
    }

    if ( any )
        s->host->ops->clean(s->host, words, count * sizeof(*words));

    return any;
}

static void hide_slots(struct shadow *s, unsigned int first, unsigned int count)
{
    if ( unlink_words(s, first, count) && !s->parked )
        hw_flush(s->host);
}

/* Hides slots and marks them empty. */
static void empty_slots(struct shadow *s, unsigned int first,
                        unsigned int count)
{
    hide_slots(s, first, count);
    memset(&s->slot[first], 0, count * sizeof(s->slot[0]));
}

static void free_table(struct shadow *s, unsigned int table)
{
    s->mem.pool[table].next_free = s->free_table;
    s->free_table = (uint16_t)table;
}

/*
 * Order matters: unlink, clean and flush, then give the references back.
 * Earlier, the device could still reach a page that has a new owner.
 */
unsigned int shadow_drop(struct shadow *s, unsigned int slot)
{
    struct shadow_slot content = s->slot[slot];
    unsigned int slots = span_slots(content.kind);
    unsigned int first = span_first(content.kind, slot);

    if ( content.kind == PT_FAULT )
        return 0;

    empty_slots(s, first, slots);
    release_content(s, &content);
    if ( content.kind == PT_TABLE )
        free_table(s, content.table);
    s->count.drops++;

    return PT_PAGES * slots;
}

static unsigned int take_table(struct shadow *s)
{
    unsigned int table = s->free_table;

    s->free_table = s->mem.pool[table].next_free;

    return table;
}

/*
 * shadow_begin() takes a table before it knows whether the fill needs one, so
 * one is always kept free. If the last one was taken, the table at evict_next
 * is evicted, but never that of the slot just filled: its requester could fault
 * for ever.
 */
static void keep_a_table_free(struct shadow *s, unsigned int just_filled)
{
    unsigned int slot;

    if ( s->free_table != NO_TABLE )
        return;

    do
    {
        slot = s->mem.pool[s->evict_next].slot;
        s->evict_next = (s->evict_next + 1) % s->mem.nr_tables;
    }
    while ( slot == just_filled );

    shadow_drop(s, slot);
    s->count.evictions++;
}

maddr_t shadow_root(const struct shadow *s)
{
    return s->parked ? s->mem.empty_maddr : s->mem.root_maddr;
}

void shadow_park(struct shadow *s)
{
    s->flushes++;
    if ( s->parked )
        return;

    s->parked = true;
    hw_set_root(s->host, shadow_root(s));
    s->count.parks++;
}

/*
 * Called before the shadow is unparked: the words that were set when it was
 * parked are not verified any more. Each slot is compared with the guest's view
 * before it is linked again.
 */
static void unlink_all(struct shadow *s)
{
    unsigned int group;

    for ( group = 0; group < SHADOW_GROUPS; group++ )
        if ( bit_is_set(s->linked, group) )
            unlink_words(s, group * PT_GROUP, PT_GROUP);
    memset(s->linked, 0, sizeof(s->linked));
}

void shadow_hide(struct shadow *s, da_t da)
{
    unsigned int slot = (unsigned int)(da.v >> PT_SLOT_SHIFT);

    s->flushes++;
    if ( !s->parked )
        hide_slots(s, slot - slot % SHADOW_HIDE_SLOTS, SHADOW_HIDE_SLOTS);
}

/* Fill: begin */

struct guest_source *shadow_begin(struct shadow *s, da_t da)
{
    struct shadow_fill *fill = &s->fill;
    unsigned int slot = (unsigned int)(da.v >> PT_SLOT_SHIFT);
    uint8_t kind = s->slot[slot].kind;

    fill->under_way = true;
    fill->changed = (struct mibs){ IPA_MIBS, 0 };
    fill->flushes = s->flushes;
    fill->slot = slot;
    fill->page = (da.v >> PT_PAGE_SHIFT) % PT_PAGES;
    fill->content = s->slot[slot];
    fill->table =
        kind == PT_TABLE ? fill->content.table : (uint16_t)take_table(s);
    fill->verified = fill->fresh = fill->again = false;
    empty_slots(s, span_first(kind, slot), span_slots(kind));

    return &fill->source;
}

/* Fill: prepare. Nobody else can reach the content. */

/*
 * Makes the content one leaf, if the format has a word for it and the host has
 * the pages in one aligned piece.
 */
static bool prepare_leaf(struct shadow *s, enum pt_kind kind, ipa_t ipa)
{
    unsigned int pages = PT_PAGES * span_slots(kind);
    struct host_page first;
    maddr_t maddr;
    bool held;

    if ( pt_make(kind, 0) == PT_FAULT_WORD ||
         !s->host->ops->get_block(s->host, ipa, pages, &first) )
        return false;

    maddr = host_maddr(first);
    held = host_kind(first) == HOST_RAM;
    if ( !page_usable(first) ) /* aligned: none of its pages is usable */
    {
        if ( held )
            s->host->ops->put_pages(s->host, maddr, pages);
        return false;
    }

    s->fill.content = (struct shadow_slot){
        .kind = kind,
        .held = held,
        .ipa = (uint32_t)ipa.v,
        .maddr = (uint32_t)maddr.v,
    };

    return true;
}

/*
 * Makes the content the largest leaf that fits the view. Returns false if none
 * does.
 */
static bool prepare_leaves(struct shadow *s, const struct guest_view *view)
{
    ipa_t ipa = view_ipa(view->page[0]);
    ipa_t first = _ipa(ipa.v - view->slot % PT_GROUP * PT_SLOT_BYTES);

    return (view->kind == PT_SUPERSECTION &&
            prepare_leaf(s, PT_SUPERSECTION, first)) ||
           (view->kind != PT_TABLE && prepare_leaf(s, PT_SECTION, ipa));
}

/*
 * Returns whether the content translates the slot as the view does. A leaf must
 * do so for all of its slots.
 */
static bool content_agrees(const struct shadow *s,
                           const struct shadow_slot *content,
                           const struct guest_view *view)
{
    uint64_t ipa = content->ipa;

    if ( content->kind == PT_TABLE )
        return table_agrees(shadow_table(s, content), view->page);
    if ( content->kind == PT_SUPERSECTION )
        ipa += view->slot % PT_GROUP * PT_SLOT_BYTES;

    return content->kind != PT_FAULT && content->kind <= view->kind &&
           view_ipa(view->page[0]).v == ipa;
}

/* Translates anew. A table is kept: its parts that agree need no look-up. */
static void renew_content(struct shadow *s, struct shadow_fill *fill)
{
    struct shadow_slot old = fill->content;
    bool leaf = prepare_leaves(s, &fill->view);

    if ( leaf || old.kind != PT_TABLE )
        release_content(s, &old);
    if ( leaf )
        return;

    fill->content = (struct shadow_slot){
        .kind = PT_TABLE,
        .table = fill->table,
    };
    fill->again = !table_translate(shadow_table(s, &fill->content), s->host,
                                   fill->view.page, fill->got);
}

void shadow_prepare(struct shadow *s)
{
    struct shadow_fill *fill = &s->fill;

    guest_view(s->host, &fill->source, fill->slot, &fill->view);
    if ( !view_is_mapped(fill->view.page[fill->page]) )
        return;

    if ( fill->content.condemned )
    {
        release_content(s, &fill->content);
        fill->content = (struct shadow_slot){ .kind = PT_FAULT };
    }
    fill->verified = true;
    fill->fresh = !content_agrees(s, &fill->content, &fill->view);
    if ( fill->fresh )
        renew_content(s, fill);
}

/* Fill: commit */

/*
 * Puts the content into its slot, or into all slots of its group. Their old
 * contents are flushed before their references go back, so this precedes
 * show().
 */
static void put_content(struct shadow *s, const struct shadow_fill *fill)
{
    const struct shadow_slot *content = &fill->content;
    unsigned int slots = span_slots(content->kind), i;
    unsigned int first = span_first(content->kind, fill->slot);

    /* One flush for all slots, not one in each shadow_drop(). */
    hide_slots(s, first, slots);
    for ( i = first; i < first + slots; i++ )
    {
        shadow_drop(s, i);
        s->slot[i] = *content;
    }

    set_bit_in(s->alive, first / PT_GROUP);
    if ( content->kind == PT_TABLE )
        s->mem.pool[content->table].slot = (uint16_t)fill->slot;
}

/*
 * Ends the fill's ownership of the content: puts it into its slot, or gives it
 * back. Returns false if its IPAs changed in the p2m meanwhile.
 *
 * The table taken in shadow_begin() becomes the slot's, or is freed.
 */
static bool settle(struct shadow *s, struct shadow_fill *fill)
{
    struct shadow_slot *content = &fill->content;
    bool changed;

    fill->under_way = false;
    /* From the next unlock on, shadow_ipa_changed() must find what it uses. */
    if ( fill->fresh && content->kind == PT_TABLE )
        table_note(shadow_table(s, content), &s->ipas);
    else if ( fill->fresh )
        ipa_filter_set(&s->ipas, shadow_leaf_mibs(content));
    changed = shadow_uses(s, content, fill->changed);
    if ( changed )
    {
        release_content(s, content);
        content->kind = PT_FAULT;
    }

    if ( content->kind != PT_TABLE )
        free_table(s, fill->table);
    if ( content->kind != PT_FAULT )
        put_content(s, fill);
    keep_a_table_free(s, fill->slot);

    return !changed;
}

/*
 * Links the content, and unparks the shadow if needed. Returns false if the
 * page of the access is a hole.
 */
static bool show(struct shadow *s, const struct shadow_fill *fill)
{
    const struct shadow_slot *content = &fill->content;
    const struct table *t = shadow_table(s, content);
    unsigned int slots = span_slots(content->kind), i;
    unsigned int first = span_first(content->kind, fill->slot);

    if ( s->parked )
        unlink_all(s);

    for ( i = first; i < first + slots; i++ )
        s->mem.root[i] = shadow_word(s, content);
    s->host->ops->clean(s->host, s->mem.root + first,
                        slots * sizeof(s->mem.root[0]));
    set_bit_in(s->linked, first / PT_GROUP);

    if ( s->parked )
    {
        s->parked = false;
        hw_set_root(s->host, shadow_root(s));
    }
    if ( content->kind != PT_TABLE )
        return true;

    s->count.denied += t->holes;

    return t->words[fill->page] != PT_FAULT_WORD;
}

enum shadow_commit shadow_commit(struct shadow *s)
{
    struct shadow_fill *fill = &s->fill;
    bool settled = settle(s, fill);

    s->count.fills += fill->fresh;
    s->count.kept += fill->verified && !fill->fresh;
    if ( !settled || fill->again || fill->flushes != s->flushes )
    {
        s->count.retries++;
        return SHADOW_STALE;
    }
    if ( !fill->verified )
        return SHADOW_UNMAPPED;

    return show(s, fill) ? SHADOW_SHOWN : SHADOW_DENIED;
}

/* Life */

void shadow_init(struct shadow *s, struct host *host,
                 const struct shadow_memory *mem)
{
    unsigned int i;

    memset(s, 0, sizeof(*s));
    s->host = host;
    s->mem = *mem;
    s->parked = true;
    s->free_table = NO_TABLE;
    for ( i = mem->nr_tables; i-- > 0; )
    {
        mem->pool[i].table.words = mem->tables + i * PT_PAGES;
        free_table(s, i);
    }

    host->ops->clean(host, mem->root, PT_ROOT_BYTES);
    host->ops->clean(host, mem->tables, mem->nr_tables * PT_TABLE_BYTES);
}

bool shadow_release(struct shadow *s, unsigned int budget)
{
    unsigned int released = 0;

    s->parked = true;
    while ( s->release_next < PT_SLOTS && released < budget )
        released += shadow_drop(s, s->release_next++);

    return s->release_next == PT_SLOTS;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
