/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "table.h"

maddr_t table_maddr(const struct table *t, unsigned int page)
{
    enum pt_kind kind = pt_page_kind(t->words[page]);
    maddr_t maddr = _maddr(pt_address(kind, t->words[page]));

    if ( kind == PT_LARGE )
        maddr.v += page % PT_CHUNK * PT_PAGE_BYTES;

    return maddr;
}

void table_clear(struct table *t)
{
    memset(t->waits, 0xff, sizeof(t->waits));
    t->holes = 0;
}

/* Parts */

static bool part_agrees(const struct table *t, const uint32_t *view,
                        unsigned int part)
{
    unsigned int first = part * TABLE_PART, i;

    if ( bit_is_set(t->waits, part) )
        return false;

    for ( i = first; i < first + TABLE_PART; i++ )
        if ( t->view[i] != view[i] )
            return false;

    return true;
}

/* Gives back the references of a part, whose words mean nothing then. */
static void release_part(struct table *t, struct host *host, unsigned int part)
{
    unsigned int first = part * TABLE_PART, i;
    uint32_t *held = &t->held[first / 32];
    uint32_t mask = ((1u << TABLE_PART) - 1) << first % 32;
    uint32_t left = (*held & mask) >> first % 32;

    if ( !left )
        return;

    *held &= ~mask;
    if ( pt_page_kind(t->words[first]) == PT_LARGE )
        host->ops->put_pages(host, table_maddr(t, first), TABLE_PART);
    else
        for ( i = first; left; i++, left >>= 1 )
            if ( left & 1 )
                host->ops->put_pages(host, table_maddr(t, i), 1);
}

/* The host denied the page, or its machine address is beyond the hardware's words:
 * then its reference goes back. Says which. */
static struct host_page refuse(struct host *host, struct host_page page)
{
    if ( host_kind(page) == HOST_DENIED )
        return page;
    if ( host_kind(page) == HOST_RAM )
        host->ops->put_pages(host, host_maddr(page), 1);

    return host_denied(DENIED_TOO_HIGH);
}

/*
 * Small pages of one kind that lie as a large one would, for the guest and for the
 * machine, are one. A hole is none, wherever its neighbours lie.
 */
static void enlarge_part(struct table *t, unsigned int first)
{
    uint32_t word = t->words[first], base = pt_address(PT_SMALL, word);
    bool held = bit_is_set(t->held, first);
    unsigned int i;

    if ( PT_CHUNK == 1 || word == PT_FAULT_WORD ||
         pt_address(PT_LARGE, base) != base )
        return;

    for ( i = 1; i < PT_CHUNK; i++ )
        if ( t->words[first + i] !=
                 pt_make(PT_SMALL, base + i * (uint32_t)PT_PAGE_BYTES) ||
             bit_is_set(t->held, first + i) != held ||
             !view_rises(t->view[first], t->view[first + i], i) )
            return;

    for ( i = 0; i < PT_CHUNK; i++ )
        t->words[first + i] = pt_make(PT_LARGE, base);
}

/* Writes a part. It waits for the next fill if the host did not have all of it. */
static void write_part(struct table *t, struct host *host, unsigned int part,
                       struct host_page *got)
{
    unsigned int first = part * TABLE_PART, i, holes = 0;
    const uint32_t *view = t->view + first;
    uint32_t *words = t->words + first, held = 0;

    got += first;
    for ( i = 0; i < TABLE_PART; i++ )
    {
        uint32_t word = PT_FAULT_WORD;

        if ( view_is_mapped(view[i]) && host_kind(got[i]) != HOST_DENIED &&
             page_fits(got[i]) )
        {
            word = pt_make(PT_SMALL, (uint32_t)host_maddr(got[i]).v);
            held |= (host_kind(got[i]) & HOST_RAM) << i;
        }
        else if ( view_is_mapped(view[i]) )
        {
            got[i] = refuse(host, got[i]);
            holes++;
        }
        words[i] = word;
    }

    t->held[first / 32] |= held << first % 32;
    t->holes += holes;
    if ( holes )
        return;
    clear_bit_in(t->waits, part);
    enlarge_part(t, first);
}

/* Tables */

bool table_agrees(const struct table *t, const uint32_t view[PT_PAGES])
{
    unsigned int part;

    for ( part = 0; part < TABLE_PARTS; part++ )
        if ( !part_agrees(t, view, part) )
            return false;

    return true;
}

/* Asks the host for the pages of parts from first up to end, unless it was not done
 * before. False: it is not done. */
static bool ask(const struct table *t, struct host *host, unsigned int first,
                unsigned int end, struct host_page *got, bool done)
{
    unsigned int page = first * TABLE_PART, n = (end - first) * TABLE_PART;
    unsigned int i = 0;

    if ( done )
        i = host->ops->get_pages(host, t->view + page, n, got + page);
    done = i == n;
    for ( ; i < n; i++ )
        got[page + i] = host_denied(DENIED_NOTHING);

    return done;
}

/* Empties the parts that do not agree, and takes the view over. */
static void renew_parts(struct table *t, struct host *host,
                        const uint32_t *view)
{
    unsigned int part, first;

    for ( part = 0; part < TABLE_PARTS; part++ )
    {
        if ( part_agrees(t, view, part) )
            continue;

        first = part * TABLE_PART;
        release_part(t, host, part);
        memcpy(t->view + first, view + first, TABLE_PART * sizeof(*t->view));
        set_bit_in(t->waits, part);
    }
}

/* Parts from first on that wait: up to where the next one does not. */
static unsigned int waiting_end(const struct table *t, unsigned int first)
{
    while ( first < TABLE_PARTS && bit_is_set(t->waits, first) )
        first++;

    return first;
}

bool table_translate(struct table *t, struct host *host,
                     const uint32_t view[PT_PAGES],
                     struct host_page got[PT_PAGES])
{
    unsigned int first, end, part;
    bool done = true;

    renew_parts(t, host, view);
    t->holes = 0;
    for ( first = 0; first < TABLE_PARTS; first = end + 1 )
    {
        end = waiting_end(t, first);
        if ( end == first )
            continue;
        done = ask(t, host, first, end, got, done);
        for ( part = first; part < end; part++ )
            write_part(t, host, part, got);
        host->ops->clean(host, t->words + first * TABLE_PART,
                         (end - first) * TABLE_PART * sizeof(*t->words));
    }

    return done;
}

void table_release(struct table *t, struct host *host)
{
    unsigned int part;

    for ( part = 0; part < TABLE_PARTS; part++ )
        release_part(t, host, part);
    table_clear(t);
}

void table_note(struct table *t, struct ipa_filter *filter)
{
    unsigned int i, mib, last = IPA_MIBS, first = IPA_MIBS, end = 0;

    for ( i = 0; i < PT_PAGES; i++ )
    {
        mib = t->view[i] >> IPA_MIB_SHIFT;
        if ( mib == last || !view_is_mapped(t->view[i]) )
            continue;
        last = mib;
        set_bit_in(filter->used, mib);
        first = mib < first ? mib : first;
        end = mib < end ? end : mib + 1;
    }
    t->mibs = (struct mibs){ first, end };
}

bool table_uses(const struct table *t, struct mibs mibs)
{
    unsigned int i, mib;

    if ( !mibs_overlap(t->mibs, mibs) )
        return false;

    for ( i = 0; i < PT_PAGES; i++ )
    {
        mib = ipa_mib(view_ipa(t->view[i]));
        if ( view_is_mapped(t->view[i]) && mib >= mibs.first && mib < mibs.end )
            return true;
    }

    return false;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
