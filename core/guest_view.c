/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "guest_view.h"
#include "omap_regs.h"

/* Each word is the one before it plus step. */
static void set_pages(struct guest_view *view, enum pt_kind kind, uint32_t word,
                      uint32_t step)
{
    unsigned int i;

    view->kind = kind;
    for ( i = 0; i < PT_PAGES; i++, word += step )
        view->page[i] = word;
}

static void set_fault(struct guest_view *view, uint32_t irq)
{
    set_pages(view, PT_TABLE, view_fault_word(irq), 0);
}

/* A section if page[] rises and starts at a section's boundary. */
static void find_kind(struct guest_view *view)
{
    uint32_t word = view->page[0];
    uint32_t differs = word % PT_SLOT_BYTES - VIEW_PRESENT;
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++, word += PT_PAGE_BYTES )
        differs |= view->page[i] ^ word;
    view->kind = differs ? PT_TABLE : PT_SECTION;
}

/* The guest's TLB entries. Does one hit in [start, start + 2^shift)? */
static bool overlaps(const struct guest_tlb_entry *entry, da_t start,
                     unsigned int shift)
{
    unsigned int entry_shift = cam_page_shift(entry->cam);

    if ( entry_shift > shift )
        shift = entry_shift;

    return !(((entry->cam ^ start.v) & CAM_VATAG) >> shift);
}

/* Returns how many entries hit there; *last: the last of them. */
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

/* IPA for a da inside the entry; offset bits come from da. */
static ipa_t entry_ipa(const struct guest_tlb_entry *entry, da_t da)
{
    uint32_t mask = (1u << cam_page_shift(entry->cam)) - 1;

    return _ipa((entry->ram & RAM_PA & ~mask) | (da.v & mask));
}

/* An entry overrides the tables; two entries that hit are a fault. */
static void overlay_page(const struct guest_source *source, da_t da,
                         uint32_t *word)
{
    const struct guest_tlb_entry *hit = NULL;
    unsigned int hits = count_overlaps(source, da, PT_PAGE_SHIFT, &hit);

    if ( hits > 1 )
        *word = view_fault_word(IRQ_MULTIHITFAULT);
    else if ( hits )
        *word = view_word(entry_ipa(hit, da));
}

static void overlay_slot(const struct guest_source *source,
                         struct guest_view *view)
{
    da_t da = slot_da(view->slot);
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++, da.v += PT_PAGE_BYTES )
        overlay_page(source, da, &view->page[i]);
    find_kind(view);
}

/*
 * Overlays the guest's TLB entries on what its tables map. A supersection stays
 * one, or becomes one, only if no entry makes a slot of its group differ.
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

    if ( view->kind == PT_SUPERSECTION )
        view->kind = PT_SECTION;

    if ( count_overlaps(source, start, PT_SLOT_SHIFT, &entry) )
        overlay_slot(source, view);

    if ( view->kind == PT_SECTION && in_group == 1 &&
         cam_page_shift(entry->cam) == PT_SLOT_SHIFT + PT_GROUP_SHIFT )
        view->kind = PT_SUPERSECTION;
}

/*
 * Decode the guest's words into view words. Each of a leaf's 16 copies is
 * decoded alone, since they need not agree. A slot's view word is that of its
 * first page.
 */
static uint32_t decode_slot(uint32_t word, unsigned int slot)
{
    uint32_t in_leaf = slot % PT_GROUP * (uint32_t)PT_SLOT_BYTES;

    switch ( pt_slot_kind(word) )
    {
    case PT_SECTION:
        return view_word(_ipa(pt_address(PT_SECTION, word)));
    case PT_SUPERSECTION:
        return view_word(_ipa(pt_address(PT_SUPERSECTION, word) + in_leaf));
    default:
        return view_fault_word(IRQ_TRANSLATIONFAULT);
    }
}

static uint32_t decode_page(uint32_t word, unsigned int page)
{
    uint32_t in_leaf = page % PT_CHUNK * (uint32_t)PT_PAGE_BYTES;

    switch ( pt_page_kind(word) )
    {
    case PT_SMALL:
        return view_word(_ipa(pt_address(PT_SMALL, word)));
    case PT_LARGE:
        return view_word(_ipa(pt_address(PT_LARGE, word) + in_leaf));
    default:
        return view_fault_word(IRQ_TRANSLATIONFAULT);
    }
}

/* Do the words of a group map 16 MiB that rise together, and are aligned? */
static bool is_supersection(const uint32_t word[PT_GROUP])
{
    uint32_t next = decode_slot(word[0], 0);
    uint32_t differs = next % (PT_GROUP * PT_SLOT_BYTES) - VIEW_PRESENT;
    unsigned int i;

    for ( i = 0; i < PT_GROUP; i++, next += PT_SLOT_BYTES )
        differs |= decode_slot(word[i], i) ^ next;

    return !differs;
}

/* Turns second-level words, copied to page[], into view words. */
static void decode_pages(struct guest_view *view)
{
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
        view->page[i] = decode_page(view->page[i], i);
    find_kind(view);
}

/*
 * Reads words of the guest's tables. If they are not readable the view is the
 * fault that ends such a walk.
 */
static bool read_words(struct host *host, struct guest_view *view, ipa_t ipa,
                       uint32_t *words, size_t bytes)
{
    if ( host->ops->read_guest(host, ipa, words, bytes) )
        return true;

    set_fault(view, IRQ_TABLEWALKFAULT);
    view->unread = ipa;

    return false;
}

/* Walks the guest's tables. One read fetches the words of the whole group. */
static void walk_tables(struct host *host, const struct guest_source *source,
                        struct guest_view *view)
{
    unsigned int in_group = view->slot % PT_GROUP;
    uint32_t group[PT_GROUP], word, first;
    ipa_t ipa = _ipa(pt_slot_word_addr(source->ttb, view->slot - in_group));

    if ( !read_words(host, view, ipa, group, sizeof(group)) )
        return;

    word = group[in_group];
    first = decode_slot(word, in_group);
    if ( pt_slot_kind(word) == PT_TABLE )
    {
        ipa = _ipa(pt_address(PT_TABLE, word));
        if ( read_words(host, view, ipa, view->page, PT_TABLE_BYTES) )
            decode_pages(view);
    }
    else if ( view_is_mapped(first) )
        set_pages(view, is_supersection(group) ? PT_SUPERSECTION : PT_SECTION,
                  first, PT_PAGE_BYTES);
    else
        set_fault(view, view_fault(first));
}

void guest_view(struct host *host, const struct guest_source *source,
                unsigned int slot, struct guest_view *view)
{
    view->slot = slot;
    if ( !source->translate )
    {
        set_pages(view, PT_SUPERSECTION, view_word(_ipa(slot_da(slot).v)),
                  PT_PAGE_BYTES);
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
