/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "guest_view.h"

#define SLOT_SIZE (1u << PT_SLOT_SHIFT)

static uint32_t fault_word(uint32_t irq)
{
    return irq << VIEW_FAULT_SHIFT;
}

static void set_fault(struct guest_view *view, uint32_t irq)
{
    view->kind = VIEW_UNIFORM;
    view->page[0] = fault_word(irq);
}

uint32_t guest_view_page(const struct guest_view *view, unsigned int page)
{
    switch ( view->kind )
    {
    case VIEW_UNIFORM:
        return view->page[0];
    case VIEW_SECTION:
    case VIEW_SUPERSECTION:
        return view->page[0] + (page << PT_PAGE_SHIFT);
    default:
        return view->page[page];
    }
}

void guest_view_expand(struct guest_view *view)
{
    unsigned int i;

    /* Downwards: page[0] is what the others follow from. */
    for ( i = PT_PAGES - 1; i > 0; i-- )
        view->page[i] = guest_view_page(view, i);
    view->kind = VIEW_PAGES;
}

/* Pages that rise together from a section boundary are a section. */
static void merge_pages(struct guest_view *view)
{
    unsigned int i;

    if ( (view->page[0] & (SLOT_SIZE - 1)) != VIEW_PRESENT )
        return;

    for ( i = 1; i < PT_PAGES; i++ )
        if ( view->page[i] != view->page[0] + (i << PT_PAGE_SHIFT) )
            return;

    view->kind = VIEW_SECTION;
}

/* The guest's TLB entries: do they hit in [start, start + 2^shift)? */
static bool overlaps(const struct guest_tlb_entry *entry, uint32_t start,
                     unsigned int shift)
{
    unsigned int entry_shift = cam_page_shift(entry->cam);

    if ( entry_shift > shift )
        shift = entry_shift;

    return !(((entry->cam ^ start) & CAM_VATAG) >> shift);
}

/* How many hit there; the last of them to *last. */
static unsigned int count_overlaps(const struct guest_source *source,
                                   uint32_t start, unsigned int shift,
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
static uint32_t entry_ipa(const struct guest_tlb_entry *entry, uint32_t da)
{
    uint32_t mask = (1u << cam_page_shift(entry->cam)) - 1;

    return (entry->ram & RAM_PA & ~mask) | (da & mask);
}

/* An entry wins over the tables; two that hit are a fault of their own. */
static void overlay_page(const struct guest_source *source, uint32_t da,
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
            *word = fault_word(IRQ_MULTIHITFAULT);
            return;
        }
        hit = &source->tlb[i];
    }

    if ( hit )
        *word = entry_ipa(hit, da) | VIEW_PRESENT;
}

static void overlay_slot(const struct guest_source *source,
                         struct guest_view *view)
{
    uint32_t start = view->slot << PT_SLOT_SHIFT;
    unsigned int i;

    guest_view_expand(view);
    for ( i = 0; i < PT_PAGES; i++ )
        overlay_page(source, start + (i << PT_PAGE_SHIFT), &view->page[i]);
    merge_pages(view);
}

/*
 * Lays the guest's TLB entries over what its tables say. A supersection stays
 * one, or becomes one, only where no entry makes a slot of its group differ.
 */
static void overlay_tlb(const struct guest_source *source,
                        struct guest_view *view)
{
    uint32_t start = view->slot << PT_SLOT_SHIFT;
    const struct guest_tlb_entry *entry;
    unsigned int in_group =
        count_overlaps(source, start, PT_SLOT_SHIFT + PT_GROUP_SHIFT, &entry);

    if ( !in_group )
        return;

    if ( view->kind == VIEW_SUPERSECTION )
        view->kind = VIEW_SECTION;

    if ( count_overlaps(source, start, PT_SLOT_SHIFT, &entry) )
        overlay_slot(source, view);

    if ( in_group == 1 && CAM_SIZE(entry->cam) == CAM_SIZE_16M )
        view->kind = VIEW_SUPERSECTION;
}

/*
 * The IPA of a slot that a first-level leaf maps. Each of a supersection's 16
 * words is taken for itself: they need not agree.
 */
static bool leaf_ipa(uint32_t word, unsigned int slot, uint32_t *ipa)
{
    enum pt_kind kind = pt_slot_kind(word);

    if ( kind != PT_SECTION && kind != PT_SUPERSECTION )
        return false;

    *ipa = pt_address(kind, word);
    if ( kind == PT_SUPERSECTION )
        *ipa += (slot % PT_GROUP) << PT_SLOT_SHIFT;

    return true;
}

/* Do the words of a group map 16 MiB that rise together, and are aligned? */
static bool is_supersection(const uint32_t word[PT_GROUP])
{
    uint32_t base, ipa;
    unsigned int i;

    if ( !leaf_ipa(word[0], 0, &base) || (base >> PT_SLOT_SHIFT) % PT_GROUP )
        return false;

    for ( i = 1; i < PT_GROUP; i++ )
        if ( !leaf_ipa(word[i], i, &ipa) || ipa != base + (i << PT_SLOT_SHIFT) )
            return false;

    return true;
}

/* Turns second-level words, copied to page[], into view words. */
static void decode_pages(struct guest_view *view)
{
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
    {
        uint32_t word = view->page[i];
        enum pt_kind kind = pt_page_kind(word);
        uint32_t ipa = pt_address(kind, word);

        if ( kind == PT_LARGE )
            ipa += (i % PT_CHUNK) << PT_PAGE_SHIFT;

        view->page[i] = kind == PT_FAULT ? fault_word(IRQ_TRANSLATIONFAULT)
                                         : ipa | VIEW_PRESENT;
    }
    view->kind = VIEW_PAGES;
    merge_pages(view);
}

/* The guest's tables. The words of the whole group come with one read. */
static void walk_tables(struct host *host, const struct guest_source *source,
                        struct guest_view *view)
{
    unsigned int first = view->slot - view->slot % PT_GROUP;
    uint32_t group[PT_GROUP], word, ipa;

    if ( !host->ops->read_guest(host,
                                _ipa(pt_slot_word_addr(source->ttb, first)),
                                group, sizeof(group)) )
    {
        set_fault(view, IRQ_TABLEWALKFAULT);
        return;
    }

    word = group[view->slot % PT_GROUP];
    if ( leaf_ipa(word, view->slot, &ipa) )
    {
        view->kind = is_supersection(group) ? VIEW_SUPERSECTION : VIEW_SECTION;
        view->page[0] = ipa | VIEW_PRESENT;
    }
    else if ( pt_slot_kind(word) != PT_TABLE )
        set_fault(view, IRQ_TRANSLATIONFAULT);
    else if ( !host->ops->read_guest(host, _ipa(pt_address(PT_TABLE, word)),
                                     view->page, PT_TABLE_BYTES) )
        set_fault(view, IRQ_TABLEWALKFAULT);
    else
        decode_pages(view);
}

void guest_view(struct host *host, const struct guest_source *source,
                unsigned int slot, struct guest_view *view)
{
    uint32_t start = slot << PT_SLOT_SHIFT;

    view->slot = slot;

    if ( !source->translate )
    {
        view->kind = VIEW_SUPERSECTION;
        view->page[0] = start | VIEW_PRESENT;
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
