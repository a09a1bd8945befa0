/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine's pages: whose they are, and references. */
#include "fake.h"

bool mfn_valid(mfn_t mfn)
{
    return mfn_x(mfn) < MACHINE_PAGES;
}

struct page_info *mfn_to_page(mfn_t mfn)
{
    assert_true(mfn_valid(mfn));

    return &fake.pages[mfn_x(mfn)];
}

mfn_t page_to_mfn(const struct page_info *page)
{
    return _mfn(page - fake.pages);
}

bool is_xen_heap_mfn(mfn_t mfn)
{
    return mfn_to_page(mfn)->xen_heap;
}

bool fake_refer(struct page_info *page)
{
    if ( page->going_away )
        return false;
    page->references++;
    fake.references++;
    fake.left.references++;

    return true;
}

/* Inside the look-up: what was found could be another's by the time of a later
 * one. */
bool get_page(struct page_info *page, const struct domain *d)
{
    assert_true(d->arch.p2m.readers);

    return page->owner == d && fake_refer(page);
}

void put_page(struct page_info *page)
{
    assert_true(page->references);
    page->references--;
    fake.references--;
    fake.left.references--;
}
