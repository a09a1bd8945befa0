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

/* Parts */

static bool part_agrees(const struct table *t, const uint32_t *view,
                        unsigned int part)
{
    unsigned int first = part * TABLE_PART, i;

    if ( !bit_is_set(t->whole, part) )
        return false;

    for ( i = first; i < first + TABLE_PART; i++ )
        if ( t->view[i] != view[i] )
            return false;

    return true;
}

/* Gives back the references of a part. Its words are invalid then. */
static void release_part(struct table *t, struct host *host, unsigned int part)
{
    unsigned int page = part * TABLE_PART, held = t->held[part];

    clear_bit_in(t->whole, part);
    t->held[part] = 0;
    if ( held && pt_page_kind(t->words[page]) == PT_LARGE )
        host->ops->put_pages(host, table_maddr(t, page), TABLE_PART);
    else
        for ( ; held; page++, held >>= 1 )
            if ( held & 1 )
                host->ops->put_pages(host, table_maddr(t, page), 1);
}

/*
 * Returns why a page cannot be used: the host denied it, or its machine address
 * does not fit the hardware's words. In the latter case its reference is given
 * back.
 */
static struct host_page refuse(struct host *host, struct host_page page)
{
    if ( host_kind(page) == HOST_DENIED )
        return page;
    if ( host_kind(page) == HOST_RAM )
        host->ops->put_pages(host, host_maddr(page), 1);

    return host_denied(DENIED_TOO_HIGH);
}

/*
 * Makes a large page of small pages of one kind that rise, aligned, in both IPA
 * and machine address. A part with a hole is left alone: a hole has no address
 * to compare.
 */
static void enlarge_part(struct table *t, unsigned int part)
{
    const uint32_t *view = t->view + part * TABLE_PART;
    uint32_t *words = t->words + part * TABLE_PART;
    uint32_t base = pt_address(PT_SMALL, words[0]);
    bool mixed = t->held[part] && t->held[part] != (1u << TABLE_PART) - 1;
    unsigned int i;

    if ( PT_CHUNK == 1 || mixed || words[0] == PT_FAULT_WORD ||
         pt_address(PT_LARGE, base) != base )
        return;

    for ( i = 1; i < PT_CHUNK; i++ )
        if ( words[i] !=
                 pt_make(PT_SMALL, base + i * (uint32_t)PT_PAGE_BYTES) ||
             !view_rises(view[0], view[i], i) )
            return;

    for ( i = 0; i < PT_CHUNK; i++ )
        words[i] = pt_make(PT_LARGE, base);
}

/* write_part() takes bit 0 of a kind as the reference bit. */
_Static_assert(HOST_RAM == 1 && !(HOST_MMIO & 1), "bit 0 says RAM alone");

static uint32_t small_word(uint32_t view, struct host_page page)
{
    return pt_make(PT_SMALL, (uint32_t)host_maddr(page).v) |
           (view & PT_ATTRIBUTES);
}

#define ALL_OF_A_PART ((1u << TABLE_PART) - 1)

_Static_assert(VIEW_PRESENT == 1, "bit 0 says present, as it says RAM");

/*
 * The usual case, without a branch per page: all pages of a part are mapped,
 * and RAM below 4 GiB. Returns false if not; what was written is invalid then.
 */
static bool write_ram(const uint32_t view[TABLE_PART],
                      const struct host_page got[TABLE_PART],
                      uint32_t words[TABLE_PART])
{
    uint32_t all = HOST_RAM, high = 0;
    unsigned int i;

    for ( i = 0; i < TABLE_PART; i++ )
    {
        all &= view[i] & (uint32_t)got[i].v;
        high |= (uint32_t)(got[i].v >> 32);
        words[i] = small_word(view[i], got[i]);
    }

    return all && !high;
}

/* The general case. Returns the number of holes. */
static unsigned int write_any(struct host *host,
                              const uint32_t view[TABLE_PART],
                              struct host_page got[TABLE_PART],
                              uint32_t words[TABLE_PART], uint16_t *bits)
{
    unsigned int i, held = 0, holes = 0;

    for ( i = 0; i < TABLE_PART; i++ )
    {
        words[i] = PT_FAULT_WORD;
        if ( !view_is_mapped(view[i]) )
            continue;
        if ( !page_usable(got[i]) )
        {
            got[i] = refuse(host, got[i]);
            holes++;
            continue;
        }
        words[i] = small_word(view[i], got[i]);
        held |= (host_kind(got[i]) & HOST_RAM) << i;
    }
    *bits = (uint16_t)held;

    return holes;
}

/*
 * Writes a part from its views and the host's answers. A part with a hole is
 * not whole, so every later fill asks for it again.
 */
static void write_part(struct table *t, struct host *host, unsigned int part,
                       struct host_page *got)
{
    const uint32_t *view = t->view + part * TABLE_PART;
    uint32_t *words = t->words + part * TABLE_PART;
    unsigned int holes = 0;

    got += part * TABLE_PART;
    if ( write_ram(view, got, words) )
        t->held[part] = ALL_OF_A_PART;
    else
        holes = write_any(host, view, got, words, &t->held[part]);
    t->holes += holes;
    if ( holes )
        return;
    set_bit_in(t->whole, part);
    enlarge_part(t, part);
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

/* Releases parts from first on, up to one that agrees; returns that one. */
static unsigned int empty_parts(struct table *t, struct host *host,
                                const uint32_t *view, unsigned int first)
{
    while ( first < TABLE_PARTS && !part_agrees(t, view, first) )
        release_part(t, host, first++);

    return first;
}

/*
 * Asks the host for n pages; not if it was not done before, since it has spent
 * its time for this fill. Returns false if it is not done.
 */
static bool ask(struct host *host, const uint32_t *view, unsigned int n,
                struct host_page *got, bool done)
{
    unsigned int i = done ? host->ops->get_pages(host, view, n, got) : 0;

    done = i == n;
    for ( ; i < n; i++ )
        got[i] = host_denied(DENIED_NOTHING);

    return done;
}

bool table_translate(struct table *t, struct host *host,
                     const uint32_t view[PT_PAGES],
                     struct host_page got[PT_PAGES])
{
    unsigned int part, end, page, pages;
    bool done = true;

    t->holes = 0;
    for ( part = 0; part < TABLE_PARTS; part++ )
    {
        end = empty_parts(t, host, view, part);
        page = part * TABLE_PART;
        pages = end * TABLE_PART - page;
        if ( !pages )
            continue;
        memcpy(t->view + page, view + page, pages * sizeof(*view));
        done = ask(host, t->view + page, pages, got + page, done);
        for ( ; part < end; part++ )
            write_part(t, host, part, got);
        host->ops->clean(host, t->words + page, pages * sizeof(*t->words));
    }

    return done;
}

void table_release(struct table *t, struct host *host)
{
    unsigned int part;

    for ( part = 0; part < TABLE_PARTS; part++ )
        release_part(t, host, part);
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
        first = mib < first ? mib : first;
        end = mib < end ? end : mib + 1;
        /* The bit is usually set. A repeated store would slow the next load. */
        if ( !bit_is_set(filter->used, mib) )
            set_bit_in(filter->used, mib);
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

/* A table that the hardware walks meanwhile */

static bool any_mapped(const uint32_t view[TABLE_PART])
{
    uint32_t any = 0;
    unsigned int i;

    for ( i = 0; i < TABLE_PART; i++ )
        any |= view[i] & VIEW_PRESENT;

    return any;
}

/*
 * Returns the pages of a part that are not translated as the view says, a bit
 * each; all of them if the part maps nothing.
 */
static uint16_t differing(const struct table *t, const uint32_t *view,
                          unsigned int part, bool *empty)
{
    unsigned int page = part * TABLE_PART, i, pages = 0, hole;

    if ( bit_is_set(t->whole, part) &&
         same_words(t->view + page, view + page, TABLE_PART) )
        return 0;

    *empty = table_part_is_empty(t, part);
    if ( *empty )
        return any_mapped(view + page) ? ALL_OF_A_PART : 0;

    for ( i = 0; i < TABLE_PART; i++ )
    {
        hole = view_is_mapped(view[page + i]) &
               (t->words[page + i] == PT_FAULT_WORD);
        pages |= ((t->view[page + i] != view[page + i]) | hole) << i;
    }

    return (uint16_t)pages;
}

/* A part that maps nothing may have no views yet. */
static void take_view(struct table *t, const uint32_t *view, unsigned int part)
{
    unsigned int page = part * TABLE_PART;

    if ( bit_is_set(t->whole, part) )
        return;
    memcpy(t->view + page, view + page, TABLE_PART * sizeof(*view));
    set_bit_in(t->whole, part);
}

bool table_differs(struct table *t, const uint32_t view[PT_PAGES],
                   struct table_stage *stage)
{
    unsigned int part;
    bool differs = false;

    for ( part = 0; part < TABLE_PARTS; part++ )
    {
        stage->pages[part] = differing(t, view, part, &stage->empty[part]);
        if ( stage->pages[part] )
            differs = true;
        else
            take_view(t, view, part);
    }

    return differs;
}

/* Stages the views of a part's marked pages; the others map nothing. */
static void choose(struct table_stage *stage, const uint32_t *view,
                   unsigned int part)
{
    unsigned int page = part * TABLE_PART, i;

    if ( stage->pages[part] == ALL_OF_A_PART )
    {
        memcpy(stage->table.view + page, view + page,
               TABLE_PART * sizeof(*view));
        return;
    }
    for ( i = 0; i < TABLE_PART; i++ )
        stage->table.view[page + i] =
            view[page + i] & -(uint32_t)(stage->pages[part] >> i & 1);
}

/* Returns whether the host has answered for each page of a part. */
static bool part_answered(const struct table_stage *stage, unsigned int part)
{
    unsigned int page = part * TABLE_PART, end = page + TABLE_PART;

    for ( ; page < end; page++ )
        if ( view_is_mapped(stage->table.view[page]) &&
             stage->got[page].v == host_denied(DENIED_NOTHING).v )
            return false;

    return true;
}

/*
 * A part that the host was not done with is not staged: the old words stay. The
 * later release of the stage gives its references back.
 */
static void stage_part(struct table_stage *stage, struct host *host,
                       unsigned int part, bool done)
{
    write_part(&stage->table, host, part, stage->got);
    if ( !done && !part_answered(stage, part) )
        stage->pages[part] = 0;
}

bool table_translate_beside(struct table_stage *stage, struct host *host,
                            const uint32_t view[PT_PAGES])
{
    unsigned int part = 0, end;
    bool done = true;

    stage->table.holes = 0;
    while ( part < TABLE_PARTS )
    {
        for ( end = part; end < TABLE_PARTS && stage->pages[end]; end++ )
            choose(stage, view, end);
        if ( end == part )
        {
            part++;
            continue;
        }
        done = ask(host, stage->table.view + part * TABLE_PART,
                   (end - part) * TABLE_PART, stage->got + part * TABLE_PART,
                   done);
        for ( ; part < end; part++ )
            stage_part(stage, host, part, done);
    }

    return done;
}

/*
 * Returns whether a word is gone or leads elsewhere. The stage has no word for
 * a page that is not swapped. *hole: one of those lost its word to a p2m change
 * after the others were marked.
 */
static bool swap_pages(struct table *t, struct table *staged, unsigned int page,
                       unsigned int pages, bool *hole)
{
    unsigned int end = page + TABLE_PART;
    uint32_t old, chosen, taken = 0, lost = 0;

    for ( ; page < end; page++, pages >>= 1 )
    {
        chosen = -(uint32_t)(pages & 1);
        old = t->words[page] & chosen;
        taken |= old & -(uint32_t)(old != staged->words[page]);
        lost |= t->view[page] & ~chosen &
                -(uint32_t)(t->words[page] == PT_FAULT_WORD);
        t->words[page] = (t->words[page] & ~chosen) | staged->words[page];
        t->view[page] = (t->view[page] & ~chosen) | staged->view[page];
        staged->words[page] = old;
    }
    *hole = lost & VIEW_PRESENT;

    return taken;
}

static bool swap_part(struct table *t, struct table_stage *stage,
                      unsigned int part)
{
    struct table *staged = &stage->table;
    unsigned int page = part * TABLE_PART;
    bool taken, hole;
    uint16_t pages = stage->pages[part];
    uint16_t changed = (t->held[part] ^ staged->held[part]) & pages;

    t->held[part] ^= changed;
    staged->held[part] ^= changed;
    if ( bit_is_set(staged->whole, part) )
        set_bit_in(t->whole, part);
    else
        clear_bit_in(t->whole, part);

    if ( !stage->empty[part] )
    {
        taken = swap_pages(t, staged, page, pages, &hole);
        if ( hole )
            clear_bit_in(t->whole, part);
        return taken;
    }
    memcpy(t->words + page, staged->words + page,
           TABLE_PART * sizeof(*t->words));
    memcpy(t->view + page, staged->view + page, TABLE_PART * sizeof(*t->view));

    return false;
}

bool table_swap(struct table *t, struct table_stage *stage, struct host *host)
{
    unsigned int part;
    bool taken = false;

    for ( part = 0; part < TABLE_PARTS; part++ )
    {
        if ( !stage->pages[part] )
            continue;
        taken |= swap_part(t, stage, part);
        host->ops->clean(host, t->words + part * TABLE_PART,
                         TABLE_PART * sizeof(*t->words));
    }

    return taken;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
