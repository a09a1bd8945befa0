/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the guest's MMU translates one slot: for each page an IPA, or the fault
 * that the guest's hardware would raise.
 */
#ifndef OMAP_GUEST_VIEW_H
#define OMAP_GUEST_VIEW_H

#include "host.h"
#include "omap_pt.h"
#include "omap_tlb.h"
#include "view.h"

#define GUEST_TLB_ENTRIES OMAP_MMU_TLB_ENTRIES

/* A TLB entry that the guest loaded; its address is an IPA. */
struct guest_tlb_entry {
    uint32_t cam, ram;
};

/* The state of the guest's MMU that determines a view, copied at one time. */
struct guest_source {
    bool translate; /* CNTL.MMUENABLE */
    bool walk;      /* CNTL.TWLENABLE */
    uint32_t ttb;
    unsigned int tlb_valid; /* entries in tlb[], all of them valid */
    struct guest_tlb_entry tlb[GUEST_TLB_ENTRIES];
};

/* The first device address of a slot. */
static inline da_t slot_da(unsigned int slot)
{
    return _da(slot * PT_SLOT_BYTES);
}

struct guest_view {
    unsigned int slot;
    /*
     * The largest leaf that translates the slot as the guest's words do:
     * PT_SUPERSECTION if the slots of its group rise together, PT_SECTION if
     * its pages do, else PT_TABLE.
     */
    enum pt_kind kind;
    ipa_t unread; /* the table that was not readable, if that ended the walk */
    uint32_t page[PT_PAGES]; /* view words */
};

/*
 * Reads how the guest maps a slot (0 ... PT_SLOTS - 1). Reads each guest word
 * once, since the guest may change it meanwhile; at most PT_GROUP + PT_PAGES
 * words. Without the MMU's lock.
 */
void guest_view(struct host *host, const struct guest_source *source,
                unsigned int slot, struct guest_view *view);

#endif /* OMAP_GUEST_VIEW_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
