/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "guest_view.h"
#include "omap_regs.h"

static void set_fault(struct guest_view *view, uint32_t irq)
{
    view->kind = VIEW_UNIFORM;
    view->page[0] = view_fault_word(irq);
}

uint32_t guest_view_page(const struct guest_view *view, unsigned int page)
{
    if ( view->kind == VIEW_PAGES || view->expanded )
        return view->page[page];

    return view->kind == VIEW_UNIFORM
               ? view->page[0]
               : view->page[0] + page * (uint32_t)PT_PAGE_BYTES;
}

void guest_view_expand(struct guest_view *view)
{
    uint32_t step = view->kind == VIEW_UNIFORM ? 0 : PT_PAGE_BYTES;
    uint32_t first = view->page[0];
    unsigned int i;

    if ( view->kind == VIEW_PAGES || view->expanded )
        return;

    for ( i = 0; i < PT_PAGES; i++ )
        view->page[i] = first + i * step;
    view->expanded = true;
}

/* IPAs that rise with da from ipa on: the kind that the format has for it. */
static void set_rising(struct guest_view *view, ipa_t ipa, bool whole_group)
{
    view->page[0] = view_word(ipa);
    view->kind = whole_group && PT_GROUP > 1 ? VIEW_SUPERSECTION : VIEW_SECTION;
    if ( PT_HAS_SECTION )
        return;
    guest_view_expand(view);
    view->kind = VIEW_PAGES;
}

/* What page[] holds, of which it is known whether each page follows the one before:
 * if so, from a section boundary on, they are a section. */
static void set_pages(struct guest_view *view, bool rising)
{
    bool aligned = (view->page[0] & (PT_SLOT_BYTES - 1)) == VIEW_PRESENT;

    view->kind =
        PT_HAS_SECTION && rising && aligned ? VIEW_SECTION : VIEW_PAGES;
    view->expanded = true;
}

/* The guest's TLB entries: do they hit in [start, start + 2^shift)? */
static bool overlaps(const struct guest_tlb_entry *entry, da_t start,
                     unsigned int shift)
{
    unsigned int entry_shift = cam_page_shift(entry->cam);

    if ( entry_shift > shift )
        shift = entry_shift;

    return !(((entry->cam ^ start.v) & CAM_VATAG) >> shift);
}

/* How many hit there; the last of them to *last. */
static unsigned int count_overlaps(const struct guest_source *source,
                                   da_t start, unsigned int shift,
                                   const struct guest_tlb_entry **last)
{
    unsigned int i, n = 0;

    for ( i = 0; i < source->tlb_valid; i++ )
        if ( overlaps(&source->tlb[i], start, shift) )
        {
            *last = &source->tlb[i];
            n++;
        }

    return n;
}

/* The IPA that an entry gives to a da that it covers; da bits below the size. */
static ipa_t entry_ipa(const struct guest_tlb_entry *entry, da_t da)
{
    uint32_t mask = (1u << cam_page_shift(entry->cam)) - 1;

    return _ipa((entry->ram & RAM_PA & ~mask) | (da.v & mask));
}

/* An entry wins over the tables; two that hit are a fault of their own. */
static void overlay_page(const struct guest_source *source, da_t da,
                         uint32_t *word)
{
    const struct guest_tlb_entry *hit = NULL;
    unsigned int i;

    for ( i = 0; i < source->tlb_valid; i++ )
    {
        if ( !overlaps(&source->tlb[i], da, PT_PAGE_SHIFT) )
            continue;
        if ( hit )
        {
            *word = view_fault_word(IRQ_MULTIHITFAULT);
            return;
        }
        hit = &source->tlb[i];
    }

    if ( hit )
        *word = view_word(entry_ipa(hit, da));
}

static void overlay_slot(const struct guest_source *source,
                         struct guest_view *view)
{
    da_t start = slot_da(view->slot);
    bool rising = true;
    unsigned int i;

    guest_view_expand(view);
    for ( i = 0; i < PT_PAGES; i++ )
    {
        overlay_page(source, _da(start.v + i * PT_PAGE_BYTES), &view->page[i]);
        rising &= view_rises(view->page[0], view->page[i], i);
    }
    set_pages(view, rising);
}

/*
 * Lays the guest's TLB entries over what its tables say. A supersection stays
 * one, or becomes one, only where no entry makes a slot of its group differ.
 */
static void overlay_tlb(const struct guest_source *source,
                        struct guest_view *view)
{
    da_t start = slot_da(view->slot);
    const struct guest_tlb_entry *entry;
    unsigned int in_group =
        count_overlaps(source, start, PT_SLOT_SHIFT + PT_GROUP_SHIFT, &entry);

    if ( !in_group )
        return;

    if ( view->kind == VIEW_SUPERSECTION )
        view->kind = VIEW_SECTION;

    if ( count_overlaps(source, start, PT_SLOT_SHIFT, &entry) )
        overlay_slot(source, view);

    if ( view->kind == VIEW_SECTION && in_group == 1 && PT_GROUP > 1 &&
         cam_page_shift(entry->cam) == PT_SLOT_SHIFT + PT_GROUP_SHIFT )
        view->kind = VIEW_SUPERSECTION;
}

/*
 * The IPA of a slot that a first-level leaf maps. Each of a supersection's 16
 * words is taken for itself: they need not agree.
 */
static bool leaf_ipa(uint32_t word, unsigned int slot, ipa_t *ipa)
{
    enum pt_kind kind = pt_slot_kind(word);

    if ( kind != PT_SECTION && kind != PT_SUPERSECTION )
        return false;

    *ipa = _ipa(pt_address(kind, word));
    if ( kind == PT_SUPERSECTION )
        ipa->v += slot % PT_GROUP * PT_SLOT_BYTES;

    return true;
}

/* Do the words of a group map 16 MiB that rise together, and are aligned? */
static bool is_supersection(const uint32_t word[PT_GROUP])
{
    ipa_t base, ipa;
    unsigned int i;

    if ( !leaf_ipa(word[0], 0, &base) || (base.v >> PT_SLOT_SHIFT) % PT_GROUP )
        return false;

    for ( i = 1; i < PT_GROUP; i++ )
        if ( !leaf_ipa(word[i], i, &ipa) ||
             ipa.v != base.v + i * PT_SLOT_BYTES )
            return false;

    return true;
}

static uint32_t decode_page(uint32_t word, unsigned int page)
{
    enum pt_kind kind = pt_page_kind(word);
    uint32_t in_leaf = page % PT_CHUNK * (uint32_t)PT_PAGE_BYTES;

    switch ( kind )
    {
    case PT_SMALL:
        return view_word(_ipa(pt_address(PT_SMALL, word)));
    case PT_LARGE:
        return view_word(_ipa(pt_address(PT_LARGE, word) + in_leaf));
    default:
        return view_fault_word(IRQ_TRANSLATIONFAULT);
    }
}

/* Turns second-level words, copied to page[], into view words. */
static void decode_pages(struct guest_view *view)
{
    uint32_t next = decode_page(view->page[0], 0), differs = 0, word;
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++, next += PT_PAGE_BYTES )
    {
        word = decode_page(view->page[i], i);
        differs |= word ^ next;
        view->page[i] = word;
    }
    set_pages(view, !differs);
}

/* Words of the guest's tables; or the fault that a walk ends in there. */
static bool read_words(struct host *host, struct guest_view *view, ipa_t ipa,
                       uint32_t *words, size_t bytes)
{
    if ( host->ops->read_guest(host, ipa, words, bytes) )
        return true;

    set_fault(view, IRQ_TABLEWALKFAULT);
    view->unread = ipa;

    return false;
}

/* The guest's tables. The words of the whole group come with one read. */
static void walk_tables(struct host *host, const struct guest_source *source,
                        struct guest_view *view)
{
    unsigned int first = view->slot - view->slot % PT_GROUP;
    uint32_t group[PT_GROUP], word;
    ipa_t ipa = _ipa(pt_slot_word_addr(source->ttb, first));

    if ( !read_words(host, view, ipa, group, sizeof(group)) )
        return;

    word = group[view->slot % PT_GROUP];
    if ( leaf_ipa(word, view->slot, &ipa) )
        set_rising(view, ipa, is_supersection(group));
    else if ( pt_slot_kind(word) != PT_TABLE )
        set_fault(view, IRQ_TRANSLATIONFAULT);
    else if ( read_words(host, view, _ipa(pt_address(PT_TABLE, word)),
                         view->page, PT_TABLE_BYTES) )
        decode_pages(view);
}

void guest_view(struct host *host, const struct guest_source *source,
                unsigned int slot, struct guest_view *view)
{
    view->slot = slot;
    view->expanded = false;

    if ( !source->translate )
    {
        set_rising(view, _ipa(slot_da(slot).v), true);
        return;
    }

    if ( source->walk )
        walk_tables(host, source, view);
    else
        set_fault(view, IRQ_TLBMISS);

    overlay_tlb(source, view);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
