/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guest's MMU says about one slot: for each page an IPA, or the fault
 * that the guest's hardware would raise.
 */
#ifndef OMAP_GUEST_VIEW_H
#define OMAP_GUEST_VIEW_H

#include "host.h"
#include "omap_mmu.h"

#define GUEST_TLB_ENTRIES OMAP_MMU_TLB_ENTRIES

/* A TLB entry that the guest loaded: its address is an IPA. */
struct guest_tlb_entry {
    uint32_t cam, ram;
};

/* The state of the guest's MMU that a view follows from, copied at one time. */
struct guest_source {
    bool translate; /* CNTL.MMUENABLE */
    bool walk;      /* CNTL.TWLENABLE */
    uint32_t ttb;
    unsigned int tlb_valid; /* entries in tlb[], all of them valid */
    struct guest_tlb_entry tlb[GUEST_TLB_ENTRIES];
};

/*
 * A view word: IPA of the page | VIEW_PRESENT, or IRQSTATUS bits of the fault
 * << VIEW_FAULT_SHIFT.
 */
#define VIEW_PRESENT     1u
#define VIEW_FAULT_SHIFT 1

/* The first device address of a slot. */
static inline da_t slot_da(unsigned int slot)
{
    return _da(slot * PT_SLOT_BYTES);
}

static inline bool view_is_mapped(uint32_t word)
{
    return word & VIEW_PRESENT;
}

/* Of a word that is mapped: below 4 GiB, page aligned. */
static inline ipa_t view_ipa(uint32_t word)
{
    return _ipa(word - VIEW_PRESENT);
}

static inline uint32_t view_word(ipa_t ipa)
{
    return (uint32_t)ipa.v | VIEW_PRESENT;
}

/* Does a word map the page that comes `pages` pages after that of first? */
static inline bool view_rises(uint32_t first, uint32_t word, unsigned int pages)
{
    return view_is_mapped(word) &&
           view_ipa(word).v == view_ipa(first).v + pages * PT_PAGE_BYTES;
}

struct guest_view {
    unsigned int slot;
    enum {
        VIEW_UNIFORM,      /* page[0] holds for all: the same fault */
        VIEW_SECTION,      /* page[0], then 1 MiB of rising IPAs */
        VIEW_SUPERSECTION, /* a section, as are the others of its group,
                                   and all 16 MiB rise together */
        VIEW_PAGES,        /* page[i] for each page */
    } kind;
    ipa_t unread; /* of IRQ_TABLEWALKFAULT by a walk: the table not readable */
    uint32_t page[PT_PAGES];
};

/*
 * Reads what the guest maps at a slot (0 ... PT_SLOTS - 1). Reads each guest
 * word once, at most PT_GROUP + PT_PAGES of them. Without the MMU's lock.
 */
void guest_view(struct host *host, const struct guest_source *source,
                unsigned int slot, struct guest_view *view);

/* The view word of a page of the slot. */
uint32_t guest_view_page(const struct guest_view *view, unsigned int page);

/* Makes page[] hold for each page, whatever the kind was. */
void guest_view_expand(struct guest_view *view);

#endif /* OMAP_GUEST_VIEW_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
