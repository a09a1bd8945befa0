/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "hw.h"
#include "shadow.h"

#define NO_TABLE UINT16_MAX

/* Taken from the host in one call. */
#define RUNS 16

/* A view has no IPA at or above. */
#define IPA_LIMIT (PT_SLOTS * PT_SLOT_BYTES)

/* The hardware's words are 32 bits wide. */
#define MADDR_LIMIT (1ULL << 32)

static bool test_bit_in(const uint32_t *map, unsigned int bit)
{
    return map[bit / 32] & (1u << (bit % 32));
}

static void set_bit_in(uint32_t *map, unsigned int bit)
{
    map[bit / 32] |= 1u << (bit % 32);
}

static void clear_bit_in(uint32_t *map, unsigned int bit)
{
    map[bit / 32] &= ~(1u << (bit % 32));
}

static unsigned int da_slot(da_t da)
{
    return (unsigned int)(da.v >> PT_SLOT_SHIFT);
}

static unsigned int da_page(da_t da)
{
    return (da.v >> PT_PAGE_SHIFT) % PT_PAGES;
}

/* The slots that stand and fall with a slot that holds kind. */
static unsigned int span_first(uint8_t kind, unsigned int slot)
{
    return kind == PT_SUPERSECTION ? slot - slot % PT_GROUP : slot;
}

static unsigned int span_slots(uint8_t kind)
{
    return kind == PT_SUPERSECTION ? PT_GROUP : 1;
}

/* Second-level tables */

static uint32_t *table_words(const struct shadow *s, unsigned int table)
{
    return s->mem.tables + table * PT_PAGES;
}

/* Machine address that a table's word gives a page of its slot. */
static maddr_t page_maddr(const uint32_t *words, unsigned int page)
{
    enum pt_kind kind = pt_page_kind(words[page]);
    maddr_t maddr = _maddr(pt_address(kind, words[page]));

    if ( kind == PT_LARGE )
        maddr.v += page % PT_CHUNK * PT_PAGE_BYTES;

    return maddr;
}

/* Which pages of a chunk are held, a bit each; none is any more. */
static uint32_t take_counted(struct shadow_table *table, unsigned int first)
{
    uint32_t *counted = &table->counted[first / 32];
    uint32_t mask = ((1u << PT_CHUNK) - 1) << first % 32;
    uint32_t held = (*counted & mask) >> first % 32;

    *counted &= ~mask;

    return held;
}

/* Empties a chunk's words and gives back its references. Not shown. */
static void release_chunk(struct shadow *s, unsigned int table,
                          unsigned int first)
{
    uint32_t *words = table_words(s, table) + first;
    uint32_t held = take_counted(&s->mem.table[table], first);
    unsigned int i;

    if ( held && pt_page_kind(words[0]) == PT_LARGE )
    {
        s->host->ops->put_run(s->host, page_maddr(words, 0), PT_CHUNK);
        held = 0;
    }

    for ( i = 0; i < PT_CHUNK; i++ )
    {
        if ( held & (1u << i) )
            s->host->ops->put_run(s->host, page_maddr(words, i), 1);
        words[i] = PT_FAULT_WORD;
    }
}

static void release_table(struct shadow *s, unsigned int table)
{
    unsigned int first;

    for ( first = 0; first < PT_PAGES; first += PT_CHUNK )
        release_chunk(s, table, first);
}

static void free_table(struct shadow *s, unsigned int table)
{
    s->mem.table[table].next_free = s->free_table;
    s->free_table = table;
}

/* Slots */

/* Where a leaf's first page lies. A slot keeps 32 bits: both are below 4 GiB. */
static ipa_t leaf_ipa(const struct shadow_slot *leaf)
{
    return _ipa(leaf->ipa);
}

static maddr_t leaf_maddr(const struct shadow_slot *leaf)
{
    return _maddr(leaf->maddr);
}

/* Gives back the references of a slot's content. Not shown. */
static void release_content(struct shadow *s, const struct shadow_slot *content)
{
    if ( content->kind == PT_TABLE )
        release_table(s, content->table);
    else if ( content->kind != PT_FAULT && content->counted )
        s->host->ops->put_run(s->host, leaf_maddr(content),
                              PT_PAGES * span_slots(content->kind));
}

/* The first-level word that shows a slot's content. */
static uint32_t content_word(const struct shadow *s,
                             const struct shadow_slot *content)
{
    maddr_t maddr = leaf_maddr(content);

    if ( content->kind == PT_TABLE )
        maddr = _maddr(s->mem.tables_maddr.v + content->table * PT_TABLE_BYTES);

    return pt_make(content->kind, pt_address(content->kind, (uint32_t)maddr.v));
}

/* Takes the words of count slots out of the first level; true if any was. */
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

/*
 * Forgets what a slot holds, with its group if that is one supersection.
 * The order is the rule: unlink, clean, flush, and only then the references.
 * Returns how many there may have been.
 */
static unsigned int drop_slot(struct shadow *s, unsigned int slot)
{
    uint8_t kind = s->slot[slot].kind;
    unsigned int first = span_first(kind, slot), i;
    struct shadow_slot content = s->slot[first];

    if ( kind == PT_FAULT )
        return 0;

    hide_slots(s, first, span_slots(kind));
    for ( i = first; i < first + span_slots(kind); i++ )
        s->slot[i] = (struct shadow_slot){ .kind = PT_FAULT };

    release_content(s, &content);
    if ( kind == PT_TABLE )
        free_table(s, content.table);
    s->count.drops++;

    return PT_PAGES * span_slots(kind);
}

static unsigned int take_table(struct shadow *s)
{
    unsigned int table = s->free_table;

    s->free_table = s->mem.table[table].next_free;

    return table;
}

/*
 * One table is always free, for the next fill to start with: when the last is
 * gone, the slot whose turn it is gives up its own. Not the one just filled.
 */
static void keep_a_table_free(struct shadow *s, unsigned int just_filled)
{
    unsigned int slot;

    if ( s->free_table != NO_TABLE )
        return;

    do
    {
        slot = s->mem.table[s->hand].slot;
        s->hand = (s->hand + 1) % s->mem.nr_tables;
    }
    while ( slot == just_filled );

    drop_slot(s, slot);
    s->count.evictions++;
}

maddr_t shadow_root(const struct shadow *s)
{
    return s->parked ? s->mem.empty_maddr : s->mem.root_maddr;
}

void shadow_park(struct shadow *s)
{
    s->promises++;
    if ( s->parked )
        return;

    s->parked = true;
    hw_set_root(s->host, shadow_root(s));
    s->count.parks++;
}

/* Back from parked: what was linked then must be verified before it is again.
 */
static void unpark(struct shadow *s)
{
    unsigned int group;

    for ( group = 0; group < SHADOW_GROUPS; group++ )
        if ( test_bit_in(s->linked, group) )
            unlink_words(s, group * PT_GROUP, PT_GROUP);
    memset(s->linked, 0, sizeof(s->linked));
}

/* Shows count slots from first, all holding the content given. */
static void link_slots(struct shadow *s, unsigned int first, unsigned int count,
                       uint32_t word)
{
    unsigned int i;

    if ( s->parked )
        unpark(s);

    for ( i = first; i < first + count; i++ )
        s->mem.root[i] = word;
    s->host->ops->clean(s->host, s->mem.root + first, count * sizeof(word));
    set_bit_in(s->linked, first / PT_GROUP);

    if ( s->parked )
    {
        s->parked = false;
        hw_set_root(s->host, shadow_root(s));
    }
}

/*
 * The guest's page at da may be as large as a group, wherever the shadow had to
 * break it up: hide all that can stem from it.
 */
void shadow_hide(struct shadow *s, da_t da)
{
    s->promises++;
    if ( !s->parked )
        hide_slots(s, span_first(PT_SUPERSECTION, da_slot(da)), PT_GROUP);
}

bool shadow_holds(const struct shadow *s, da_t da)
{
    const struct shadow_slot *content = &s->slot[da_slot(da)];

    if ( content->kind != PT_TABLE )
        return content->kind != PT_FAULT;

    return table_words(s, content->table)[da_page(da)] != PT_FAULT_WORD;
}

/* Fill: begin */

void shadow_begin(struct shadow *s, struct shadow_fill *fill, da_t da)
{
    unsigned int slot = da_slot(da), i;
    uint8_t kind = s->slot[slot].kind;
    unsigned int first = span_first(kind, slot);

    hide_slots(s, first, span_slots(kind));

    *fill = (struct shadow_fill){
        .slot = slot,
        .page = da_page(da),
        .content = s->slot[first],
        .promises = s->promises,
    };
    for ( i = first; i < first + span_slots(kind); i++ )
        s->slot[i] = (struct shadow_slot){ .kind = PT_FAULT };

    fill->table = kind == PT_TABLE ? fill->content.table : take_table(s);
    s->filling = true;
    s->changed_start = IPA_LIMIT;
    s->changed_end = 0;
}

/* Fill: prepare. The content is out of everyone's reach but ours. */

/*
 * Takes count slots' worth of pages from ipa as one leaf, if the host has them
 * in one aligned piece.
 */
static bool prepare_leaf(struct shadow *s, struct shadow_fill *fill,
                         enum pt_kind kind, ipa_t ipa)
{
    unsigned int pages = PT_PAGES * span_slots(kind);
    struct run run;

    if ( !s->host->ops->get_block(s->host, ipa, pages, &run) )
        return false;

    if ( run.maddr.v + pages * PT_PAGE_BYTES > MADDR_LIMIT )
    {
        if ( run.kind == RUN_RAM )
            s->host->ops->put_run(s->host, run.maddr, pages);
        return false;
    }

    fill->content = (struct shadow_slot){
        .kind = kind,
        .counted = run.kind == RUN_RAM,
        .ipa = (uint32_t)ipa.v,
        .maddr = (uint32_t)run.maddr.v,
    };

    return true;
}

/* Does a leaf translate the slot as the view says, and nothing else? */
static bool leaf_agrees(const struct shadow_fill *fill,
                        const struct guest_view *view)
{
    const struct shadow_slot *content = &fill->content;
    ipa_t ipa = view_ipa(view->page[0]);

    if ( content->kind == PT_SUPERSECTION )
        return view->kind == VIEW_SUPERSECTION &&
               ipa.v ==
                   leaf_ipa(content).v + fill->slot % PT_GROUP * PT_SLOT_BYTES;

    return content->kind == PT_SECTION && ipa.v == leaf_ipa(content).v &&
           (view->kind == VIEW_SECTION || view->kind == VIEW_SUPERSECTION);
}

/* A chunk agrees if its view words do, and none of them was denied before. */
static bool chunk_agrees(const struct shadow *s, unsigned int table,
                         const struct guest_view *view, unsigned int first)
{
    const uint32_t *words = table_words(s, table);
    const uint32_t *old = s->mem.table[table].view;
    unsigned int i;

    for ( i = first; i < first + PT_CHUNK; i++ )
    {
        uint32_t now = guest_view_page(view, i);

        if ( old[i] != now ||
             (view_is_mapped(now) && words[i] == PT_FAULT_WORD) )
            return false;
    }

    return true;
}

static bool table_agrees(const struct shadow *s, unsigned int table,
                         const struct guest_view *view)
{
    const struct shadow_table *book = &s->mem.table[table];
    unsigned int i;

    if ( book->denied )
        return false;
    if ( view->kind == VIEW_PAGES )
        return !memcmp(view->page, book->view, sizeof(book->view));

    for ( i = 0; i < PT_PAGES; i++ )
        if ( book->view[i] != guest_view_page(view, i) )
            return false;

    return true;
}

/* How many pages from page on are to be translated, and rise together. */
static unsigned int wanted_pages(const uint32_t *words, const uint32_t *view,
                                 unsigned int page)
{
    unsigned int n = 0;

    while ( page + n < PT_PAGES && words[page + n] == PT_FAULT_WORD &&
            view_rises(view[page], view[page + n], n) )
        n++;

    return n;
}

/* Holes: to be asked for again at each fill, until they are none. */
static void deny_pages(struct shadow *s, struct shadow_fill *fill,
                       unsigned int page, unsigned int pages, enum denial why)
{
    s->mem.table[fill->table].denied = true;
    s->count.denied++;
    if ( fill->page >= page && fill->page - page < pages )
        fill->why = why;
}

/* Writes what the host gave for the pages from page on; gives back the rest. */
static void write_run(struct shadow *s, struct shadow_fill *fill,
                      unsigned int page, const struct run *run)
{
    uint32_t *words = table_words(s, fill->table);
    unsigned int i;

    for ( i = 0; i < run->pages; i++ )
    {
        maddr_t maddr = _maddr(run->maddr.v + i * PT_PAGE_BYTES);

        if ( maddr.v >= MADDR_LIMIT )
        {
            if ( run->kind == RUN_RAM )
                s->host->ops->put_run(s->host, maddr, run->pages - i);
            deny_pages(s, fill, page + i, run->pages - i, DENIED_TOO_HIGH);
            return;
        }
        words[page + i] = pt_make(PT_SMALL, (uint32_t)maddr.v);
        if ( run->kind == RUN_RAM )
            set_bit_in(s->mem.table[fill->table].counted, page + i);
    }
}

/*
 * Small pages of one kind that lie as a large one would, for the guest and for the
 * machine, are one. A hole is none, wherever its neighbours lie.
 */
static void enlarge_chunk(const struct shadow_table *table, uint32_t *words,
                          unsigned int first)
{
    uint32_t base = pt_address(PT_SMALL, words[first]);
    unsigned int i;

    if ( words[first] == PT_FAULT_WORD || pt_address(PT_LARGE, base) != base )
        return;

    for ( i = first; i < first + PT_CHUNK; i++ )
        if ( words[i] == PT_FAULT_WORD ||
             test_bit_in(table->counted, i) !=
                 test_bit_in(table->counted, first) ||
             !view_rises(table->view[first], table->view[i], i - first) ||
             page_maddr(words, i).v != base + (i - first) * PT_PAGE_BYTES )
            return;

    for ( i = first; i < first + PT_CHUNK; i++ )
        words[i] = pt_make(PT_LARGE, base);
}

/* Translates count pages from page on, as far as one call of the host goes;
 * returns how far that was, or 0 if the host is to be asked again later. */
static unsigned int translate_some(struct shadow *s, struct shadow_fill *fill,
                                   unsigned int page, unsigned int count)
{
    ipa_t ipa = view_ipa(s->mem.table[fill->table].view[page]);
    struct run runs[RUNS];
    unsigned int n, i, done = 0;

    n = s->host->ops->get_runs(s->host, ipa, count, runs, RUNS);
    for ( i = 0; i < n; i++ )
    {
        if ( runs[i].kind == RUN_DENIED )
            deny_pages(s, fill, page + done, runs[i].pages, runs[i].why);
        else
            write_run(s, fill, page + done, &runs[i]);
        done += runs[i].pages;
    }

    return done;
}

/* Translates pages pages from page on. False: the host was not done. */
static bool translate_stretch(struct shadow *s, struct shadow_fill *fill,
                              unsigned int page, unsigned int pages)
{
    unsigned int done;

    for ( ; pages; page += done, pages -= done )
    {
        done = translate_some(s, fill, page, pages);
        if ( !done )
            return false;
    }

    return true;
}

/* Translates each page that the view has and the words have not. False: the host
 * was not done; what is missing counts as denied until it is asked for again. */
static bool translate_pages(struct shadow *s, struct shadow_fill *fill)
{
    const uint32_t *view = s->mem.table[fill->table].view;
    const uint32_t *words = table_words(s, fill->table);
    unsigned int page = 0, wanted;

    while ( page < PT_PAGES )
    {
        wanted = wanted_pages(words, view, page);
        if ( !translate_stretch(s, fill, page, wanted) )
        {
            s->mem.table[fill->table].denied = true;
            return false;
        }
        page += wanted ?: 1;
    }

    return true;
}

/* Notes between which IPAs the view's pages lie. */
static void note_ipa_range(struct shadow_table *table)
{
    unsigned int i;

    table->ipa_first = _ipa(IPA_LIMIT);
    table->ipa_last = _ipa(0);
    for ( i = 0; i < PT_PAGES; i++ )
    {
        ipa_t ipa = view_ipa(table->view[i]);

        if ( !view_is_mapped(table->view[i]) )
            continue;
        if ( ipa.v < table->ipa_first.v )
            table->ipa_first = ipa;
        if ( ipa.v > table->ipa_last.v )
            table->ipa_last = ipa;
    }
}

/* Empties the chunks that differ from the view, and takes the view over. The
 * pages from *first to *end are what is to be done. */
static void renew_chunks(struct shadow *s, unsigned int table,
                         const struct guest_view *view, unsigned int *first,
                         unsigned int *end)
{
    uint32_t *old = s->mem.table[table].view;
    unsigned int chunk;

    *first = PT_PAGES;
    *end = 0;
    for ( chunk = 0; chunk < PT_PAGES; chunk += PT_CHUNK )
    {
        if ( chunk_agrees(s, table, view, chunk) )
            continue;

        release_chunk(s, table, chunk);
        memcpy(old + chunk, view->page + chunk, PT_CHUNK * sizeof(*old));
        if ( *first == PT_PAGES )
            *first = chunk;
        *end = chunk + PT_CHUNK;
    }
}

/* Brings a table in line with the view, chunk by chunk. */
static void prepare_table(struct shadow *s, struct shadow_fill *fill,
                          struct guest_view *view)
{
    struct shadow_table *table = &s->mem.table[fill->table];
    uint32_t *words = table_words(s, fill->table);
    unsigned int chunk, first, end;

    guest_view_expand(view);
    table->denied = false;
    renew_chunks(s, fill->table, view, &first, &end);
    note_ipa_range(table);
    fill->again = !translate_pages(s, fill);
    for ( chunk = first; chunk < end; chunk += PT_CHUNK )
        enlarge_chunk(table, words, chunk);
    if ( first < end )
        s->host->ops->clean(s->host, words + first,
                            (end - first) * sizeof(*words));

    fill->content = (struct shadow_slot){
        .kind = PT_TABLE,
        .table = fill->table,
    };
}

/* A leaf for the view, the largest that fits. */
static bool prepare_leaves(struct shadow *s, struct shadow_fill *fill,
                           const struct guest_view *view)
{
    ipa_t ipa = view_ipa(view->page[0]);
    ipa_t first = _ipa(ipa.v - view->slot % PT_GROUP * PT_SLOT_BYTES);

    if ( view->kind == VIEW_SUPERSECTION &&
         prepare_leaf(s, fill, PT_SUPERSECTION, first) )
        return true;

    return (view->kind == VIEW_SUPERSECTION || view->kind == VIEW_SECTION) &&
           prepare_leaf(s, fill, PT_SECTION, ipa);
}

void shadow_prepare(struct shadow *s, struct shadow_fill *fill,
                    struct guest_view *view)
{
    struct shadow_slot old;

    if ( fill->content.dead )
    {
        release_content(s, &fill->content);
        fill->content = (struct shadow_slot){ .kind = PT_FAULT };
    }

    old = fill->content;
    fill->verified = true;
    if ( leaf_agrees(fill, view) ||
         (old.kind == PT_TABLE && table_agrees(s, old.table, view)) )
    {
        s->count.kept++;
        return;
    }

    s->count.fills++;
    fill->fresh = true;
    if ( prepare_leaves(s, fill, view) )
    {
        release_content(s, &old);
        return;
    }

    if ( old.kind != PT_TABLE )
        release_content(s, &old);
    prepare_table(s, fill, view);
}

/* Fill: commit */

static unsigned int ipa_mib(ipa_t ipa)
{
    return (unsigned int)(ipa.v >> PT_SLOT_SHIFT);
}

static void mark_ipa(struct shadow *s, ipa_t ipa)
{
    set_bit_in(s->ipa_used, ipa_mib(ipa));
}

/* Notes the MiB of IPA that a slot's content stands for, as shadow_ipa_changed()
 * must find it. */
static void mark_content(struct shadow *s, const struct shadow_slot *content)
{
    const uint32_t *view;
    unsigned int i;

    if ( content->kind != PT_TABLE )
    {
        mark_ipa(s, leaf_ipa(content));
        return;
    }

    view = s->mem.table[content->table].view;
    for ( i = 0; i < PT_PAGES; i++ )
        if ( view_is_mapped(view[i]) )
            mark_ipa(s, view_ipa(view[i]));
}

/* Puts the content into its slot, or the slots of its group. */
static void put_content(struct shadow *s, const struct shadow_fill *fill)
{
    const struct shadow_slot *content = &fill->content;
    unsigned int first = span_first(content->kind, fill->slot), i;

    /* One flush for all that a supersection takes the place of. */
    hide_slots(s, first, span_slots(content->kind));
    for ( i = 0; i < span_slots(content->kind); i++ )
    {
        struct shadow_slot *slot = &s->slot[first + i];

        drop_slot(s, first + i);
        *slot = *content;
        slot->ipa += i << PT_SLOT_SHIFT;
        slot->maddr += i << PT_SLOT_SHIFT;
        /* A change meanwhile may have cleared what was marked. */
        if ( fill->fresh || s->changed_end )
            mark_content(s, slot);
    }

    set_bit_in(s->alive, first / PT_GROUP);
    if ( content->kind == PT_TABLE )
        s->mem.table[content->table].slot = fill->slot;
}

/* May some IPA of the table's view lie in [start, end)? */
static bool table_is_near(const struct shadow_table *table, uint64_t start,
                          uint64_t end)
{
    return table->ipa_first.v < end && table->ipa_last.v >= start;
}

/* Does a content stem from a page of [start, end)? A leaf counts for slots. */
static bool content_uses(const struct shadow *s,
                         const struct shadow_slot *content, unsigned int slots,
                         uint64_t start, uint64_t end)
{
    const struct shadow_table *table;
    unsigned int i;

    if ( content->kind == PT_FAULT )
        return false;

    if ( content->kind != PT_TABLE )
        return leaf_ipa(content).v < end &&
               leaf_ipa(content).v + slots * PT_SLOT_BYTES > start;

    table = &s->mem.table[content->table];
    if ( !table_is_near(table, start, end) )
        return false;
    for ( i = 0; i < PT_PAGES; i++ )
        if ( view_is_mapped(table->view[i]) &&
             view_ipa(table->view[i]).v >= start &&
             view_ipa(table->view[i]).v < end )
            return true;

    return false;
}

enum shadow_commit shadow_commit(struct shadow *s, struct shadow_fill *fill)
{
    struct shadow_slot *content = &fill->content;
    bool stale = fill->promises != s->promises || fill->again;

    s->filling = false;

    if ( content_uses(s, content, span_slots(content->kind), s->changed_start,
                      s->changed_end) )
    {
        release_content(s, content);
        content->kind = PT_FAULT;
        stale = true;
    }

    if ( content->kind != PT_TABLE )
        free_table(s, fill->table);
    if ( content->kind != PT_FAULT )
        put_content(s, fill);
    keep_a_table_free(s, fill->slot);

    if ( stale )
    {
        s->count.retries++;
        return SHADOW_STALE;
    }
    if ( !fill->verified )
        return SHADOW_KEPT_HIDDEN;

    link_slots(s, span_first(content->kind, fill->slot),
               span_slots(content->kind), content_word(s, content));

    return SHADOW_SHOWN;
}

/* Changes of the p2m */

/* The filter, for MiBs from first up to end: a set bit may be stale, a clear one is
 * not. */
static bool mib_used(const struct shadow *s, unsigned int first,
                     unsigned int end)
{
    for ( ; first < end; first++ )
        if ( test_bit_in(s->ipa_used, first) )
            return true;

    return false;
}

static void clear_mib_used(struct shadow *s, unsigned int first,
                           unsigned int end)
{
    for ( ; first < end; first++ )
        clear_bit_in(s->ipa_used, first);
}

/* Buries a slot, and its group if that is one supersection. Parked. */
static void bury_slot(struct shadow *s, unsigned int slot)
{
    uint8_t kind = s->slot[slot].kind;
    unsigned int first = span_first(kind, slot), i;

    for ( i = first; i < first + span_slots(kind); i++ )
        s->slot[i].dead = true;
    s->dead = true;
}

/*
 * content_uses(), which reads the view of a table whose IPAs lie around. *views is
 * for how many more; of the others it is taken for granted: a cache may forget.
 */
static bool may_use(const struct shadow *s, const struct shadow_slot *content,
                    uint64_t start, uint64_t end, unsigned int *views)
{
    const struct shadow_table *table = &s->mem.table[content->table];

    if ( content->kind == PT_TABLE && table_is_near(table, start, end) )
    {
        if ( !*views )
            return true;
        --*views;
    }

    return content_uses(s, content, 1, start, end);
}

/* Gives a slot up: at once, or, where that is too much, by and by. Parked. */
static void give_up_slot(struct shadow *s, unsigned int slot)
{
    unsigned int released;

    if ( !s->pages_left )
    {
        bury_slot(s, slot);
        return;
    }

    released = drop_slot(s, slot);
    s->pages_left -= released < s->pages_left ? released : s->pages_left;
}

/* Gives up the slots that stem from [start, end). */
static void drop_users(struct shadow *s, uint64_t start, uint64_t end)
{
    unsigned int slot, views = SHADOW_CHANGE_VIEWS;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
        if ( !s->slot[slot].dead &&
             may_use(s, &s->slot[slot], start, end, &views) )
        {
            shadow_park(s);
            give_up_slot(s, slot);
        }
}

static void bury_group(struct shadow *s, unsigned int group)
{
    unsigned int slot = group * PT_GROUP, end = slot + PT_GROUP;

    for ( ; slot < end; slot++ )
        if ( s->slot[slot].kind != PT_FAULT )
            s->slot[slot].dead = s->dead = true;
}

/*
 * Gives up everything, without a look at what it stems from. What is filled again on
 * another CPU, before the hypercall is over, costs no more than its groups.
 */
static void forget_all(struct shadow *s)
{
    unsigned int group;

    shadow_park(s);
    for ( group = 0; group < SHADOW_GROUPS; group++ )
        if ( test_bit_in(s->alive, group) )
            bury_group(s, group);
    memset(s->alive, 0, sizeof(s->alive));
    memset(s->ipa_used, 0, sizeof(s->ipa_used));
}

/* For the fill under way, whose content is in no slot. */
static void note_change(struct shadow *s, uint64_t start, uint64_t end)
{
    if ( start < s->changed_start )
        s->changed_start = start;
    if ( end > s->changed_end )
        s->changed_end = end;
}

/*
 * One hypercall may change 1,024 pages, or 32 pages in as many places, before it lets
 * anybody else run. So a change costs a scan for all pages of its MiBs, once; after
 * SHADOW_CHANGE_SCANS of them everything is given up, and further changes find nothing
 * in use.
 */
void shadow_ipa_changed(struct shadow *s, ipa_t ipa, uint64_t pages)
{
    uint64_t end = IPA_LIMIT;
    unsigned int first_mib, end_mib;

    if ( ipa.v >= IPA_LIMIT )
        return;
    if ( pages < (IPA_LIMIT - ipa.v) >> PT_PAGE_SHIFT )
        end = ipa.v + pages * PT_PAGE_BYTES;

    if ( s->filling )
        note_change(s, ipa.v, end);

    first_mib = ipa_mib(ipa);
    end_mib = ipa_mib(_ipa(end + PT_SLOT_BYTES - 1));
    if ( !mib_used(s, first_mib, end_mib) )
        return;

    if ( !s->scans_left )
    {
        forget_all(s);
        return;
    }
    s->scans_left--;
    drop_users(s, first_mib * PT_SLOT_BYTES, end_mib * PT_SLOT_BYTES);
    clear_mib_used(s, first_mib, end_mib);
}

void shadow_renew(struct shadow *s)
{
    s->scans_left = SHADOW_CHANGE_SCANS;
    s->pages_left = SHADOW_REAP_PAGES;
}

bool shadow_has_dead(const struct shadow *s)
{
    return s->dead;
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
        released += drop_slot(s, slot);
    }
    s->dead = false;
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
    shadow_renew(s);
    s->free_table = NO_TABLE;
    for ( i = mem->nr_tables; i-- > 0; )
        free_table(s, i);

    host->ops->clean(host, mem->root, PT_ROOT_BYTES);
    host->ops->clean(host, mem->tables, mem->nr_tables * PT_TABLE_BYTES);
}

bool shadow_release(struct shadow *s, unsigned int budget)
{
    unsigned int released = 0;

    s->parked = true;
    while ( s->release_next < PT_SLOTS && released < budget )
        released += drop_slot(s, s->release_next++);

    return s->release_next == PT_SLOTS;
}

/* For people and tests */

static bool visit_table(const struct shadow *s, unsigned int slot,
                        struct shadow_leaf *leaf, shadow_visit *visit,
                        void *arg)
{
    const struct shadow_table *table = &s->mem.table[s->slot[slot].table];
    const uint32_t *words = table_words(s, s->slot[slot].table);
    unsigned int page, pages;

    for ( page = 0; page < PT_PAGES; page += pages )
    {
        pages = pt_page_kind(words[page]) == PT_LARGE ? PT_CHUNK : 1;
        leaf->da = _da(slot_da(slot).v + page * PT_PAGE_BYTES);
        leaf->ipa = view_ipa(table->view[page]);
        leaf->maddr = page_maddr(words, page);
        leaf->bytes = pages << PT_PAGE_SHIFT;
        leaf->counted = test_bit_in(table->counted, page);
        if ( words[page] != PT_FAULT_WORD && !visit(arg, leaf) )
            return false;
    }

    return true;
}

bool shadow_for_group(const struct shadow *s, unsigned int group,
                      shadow_visit *visit, void *arg)
{
    unsigned int slot = group * PT_GROUP, end = slot + PT_GROUP;

    while ( slot < end )
    {
        const struct shadow_slot *content = &s->slot[slot];
        unsigned int slots = span_slots(content->kind);
        struct shadow_leaf leaf = {
            .da = slot_da(slot),
            .ipa = leaf_ipa(content),
            .maddr = leaf_maddr(content),
            .bytes = slots << PT_SLOT_SHIFT,
            .counted = content->counted,
            .dead = content->dead,
            .shown = !s->parked && s->mem.root[slot] != PT_FAULT_WORD,
        };

        if ( content->kind == PT_TABLE )
        {
            if ( !visit_table(s, slot, &leaf, visit, arg) )
                return false;
        }
        else if ( content->kind != PT_FAULT && !visit(arg, &leaf) )
            return false;
        slot += slots;
    }

    return true;
}

void shadow_for_each(const struct shadow *s, shadow_visit *visit, void *arg)
{
    unsigned int group;

    for ( group = 0; group < SHADOW_GROUPS; group++ )
        if ( !shadow_for_group(s, group, visit, arg) )
            return;
}

/* A slot's content against its word, its group and its table. */
static const char *audit_slot(const struct shadow *s, unsigned int slot)
{
    const struct shadow_slot *content = &s->slot[slot];
    const struct shadow_slot *head = &s->slot[span_first(content->kind, slot)];
    uint64_t in_group = slot % PT_GROUP * PT_SLOT_BYTES;
    uint32_t word = s->mem.root[slot];

    if ( word != PT_FAULT_WORD && !test_bit_in(s->linked, slot / PT_GROUP) )
        return "a linked group is not noted as linked";
    if ( word != PT_FAULT_WORD && !s->parked &&
         word != content_word(s, content) )
        return "a shown word is not that of the slot's content";

    if ( content->kind == PT_FAULT )
        return NULL;
    if ( content->dead && !s->dead )
        return "a dead slot is forgotten";
    if ( !content->dead && !test_bit_in(s->alive, slot / PT_GROUP) )
        return "a filled group is not noted as alive";
    if ( content->dead && !s->parked && word != PT_FAULT_WORD )
        return "a dead slot is shown";
    if ( content->kind == PT_TABLE )
    {
        if ( content->table >= s->mem.nr_tables )
            return "no such table";
        if ( s->mem.table[content->table].slot != slot )
            return "a table is in two slots";
        return NULL;
    }
    if ( (content->ipa | content->maddr) % PT_SLOT_BYTES )
        return "a leaf is not aligned";
    if ( !content->dead &&
         !test_bit_in(s->ipa_used, ipa_mib(leaf_ipa(content))) )
        return "a leaf's IPA is not noted as used";
    if ( content->kind == PT_SUPERSECTION &&
         (head->kind != PT_SUPERSECTION || head->counted != content->counted ||
          leaf_ipa(content).v != leaf_ipa(head).v + in_group ||
          leaf_maddr(content).v != leaf_maddr(head).v + in_group) )
        return "the slots of a supersection disagree";

    return NULL;
}

/* A table's words against its view and its references. */
static const char *audit_table(const struct shadow *s, unsigned int table)
{
    const struct shadow_table *book = &s->mem.table[table];
    const uint32_t *words = table_words(s, table);
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
    {
        if ( words[i] == PT_FAULT_WORD )
        {
            if ( test_bit_in(book->counted, i) )
                return "a reference without a page";
            continue;
        }
        if ( !view_is_mapped(book->view[i]) )
            return "a page that the guest does not map";
        if ( !test_bit_in(s->ipa_used, ipa_mib(view_ipa(book->view[i]))) )
            return "a page's IPA is not noted as used";
        if ( view_ipa(book->view[i]).v < book->ipa_first.v ||
             view_ipa(book->view[i]).v > book->ipa_last.v )
            return "a page's IPA is beyond the table's";
        if ( pt_page_kind(words[i]) == PT_LARGE &&
             words[i] != words[i - i % PT_CHUNK] )
            return "the words of a large page disagree";
        if ( pt_page_kind(words[i]) == PT_LARGE &&
             !view_rises(book->view[i - i % PT_CHUNK], book->view[i],
                         i % PT_CHUNK) )
            return "the IPAs of a large page do not rise";
    }

    return NULL;
}

const char *shadow_audit_group(const struct shadow *s, unsigned int group)
{
    unsigned int slot = group * PT_GROUP, end = slot + PT_GROUP;
    const char *bad = NULL;

    for ( ; slot < end && !bad; slot++ )
    {
        const struct shadow_slot *content = &s->slot[slot];

        bad = audit_slot(s, slot);
        if ( !bad && content->kind == PT_TABLE && !content->dead )
            bad = audit_table(s, content->table);
    }

    return bad;
}

const char *shadow_audit_pool(const struct shadow *s)
{
    unsigned int i, tables = s->filling ? 1 : 0;

    for ( i = 0; i < PT_SLOTS; i++ )
        tables += s->slot[i].kind == PT_TABLE;

    for ( i = s->free_table; i != NO_TABLE && tables <= s->mem.nr_tables;
          i = s->mem.table[i].next_free )
        tables++;

    return tables == s->mem.nr_tables ? NULL : "a table is lost or double";
}

const char *shadow_audit(const struct shadow *s)
{
    const char *bad = NULL;
    unsigned int group;

    for ( group = 0; group < SHADOW_GROUPS && !bad; group++ )
        bad = shadow_audit_group(s, group);

    return bad ?: shadow_audit_pool(s);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
