/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "mirror_pool.h"

static void lock(struct mirror *m)
{
    m->host->ops->lock(m->host);
}

static void unlock(struct mirror *m)
{
    m->host->ops->unlock(m->host);
}

/* Makes the hardware forget the removed words, if any. */
static void settle(struct mirror *m)
{
    if ( m->removed )
        m->hw.quiesce(m->hw.ctx);
    m->removed = false;
}

/* How often a page is mapped */

static uint8_t *mapped(struct mirror *m, uint32_t view)
{
    return &m->mapped[view_ipa(view).v >> PT_PAGE_SHIFT];
}

static void count_up(struct mirror *m, uint32_t view)
{
    uint8_t *n = mapped(m, view);

    if ( *n != MIRROR_OFTEN )
        ++*n;
}

static void count_down(struct mirror *m, uint32_t view)
{
    uint8_t *n = mapped(m, view);

    if ( *n != MIRROR_OFTEN )
        --*n;
}

static void count_all_down(struct mirror *m, const struct table *t)
{
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
        if ( t->words[i] != PT_FAULT_WORD )
            count_down(m, t->view[i]);
}

/* Tables of the pool */

static uint16_t find_table(const struct mirror *m, ipa_t ipa, unsigned int size)
{
    uint16_t t = m->bucket[mirror_bucket(ipa)];

    while ( t != NO_TABLE &&
            (m->table[t].ipa.v != ipa.v || m->table[t].size != size) )
        t = m->table[t].next;

    return t;
}

static void leave_bucket(struct mirror *m, uint16_t t)
{
    struct mirror_table *table = &m->table[t];
    uint16_t *link = &m->bucket[mirror_bucket(table->ipa)];

    while ( *link != t )
        link = &m->table[*link].next;
    *link = table->next;
}

/*
 * A list of the tables without links, so that a step need not search the pool.
 */
static void enter_unlinked(struct mirror *m, uint16_t t)
{
    if ( m->unlinked_table != NO_TABLE )
        m->table[m->unlinked_table].previous_unlinked = t;
    m->table[t].next_unlinked = m->unlinked_table;
    m->table[t].previous_unlinked = NO_TABLE;
    m->unlinked_table = t;
}

static void leave_unlinked(struct mirror *m, uint16_t t)
{
    uint16_t next = m->table[t].next_unlinked,
             previous = m->table[t].previous_unlinked;

    if ( next != NO_TABLE )
        m->table[next].previous_unlinked = previous;
    if ( previous == NO_TABLE )
        m->unlinked_table = next;
    else
        m->table[previous].next_unlinked = next;
}

static void link_table(struct mirror *m, uint16_t t)
{
    if ( !m->table[t].links++ )
        leave_unlinked(m, t);
}

static void unlink_table(struct mirror *m, uint16_t t)
{
    if ( !--m->table[t].links )
        enter_unlinked(m, t);
}

/*
 * Gives back all that a table holds. No directory leads to it, or all are
 * blank.
 */
static void empty_table(struct mirror *m, uint16_t t)
{
    struct mirror_table *table = &m->table[t];

    settle(m);
    m->count.changed++;
    count_all_down(m, table->table);
    table_release(table->table, m->host);
    memset(table->table->words, 0, PT_TABLE_BYTES);
    m->host->ops->clean(m->host, table->table->words, PT_TABLE_BYTES);
    if ( !table->stale )
        m->live -= mirror_maps(table);
    table->table->mibs = (struct mibs){ 0, 0 };
    m->stale -= table->stale;
    table->stale = false;
}

static void free_table(struct mirror *m, uint16_t t)
{
    empty_table(m, t);
    leave_bucket(m, t);
    leave_unlinked(m, t);
    m->table[t].used = false;
    m->table[t].next = m->free_table;
    m->free_table = t;
}

/*
 * Takes a free table. If there is none, frees one unlinked table, but only once
 * a step, since that gives back 1,024 references: *may_free becomes false, and
 * a further step continues.
 */
static uint16_t new_table(struct mirror *m, ipa_t ipa, unsigned int size,
                          bool *may_free)
{
    uint16_t t = m->free_table, *bucket;

    if ( t == NO_TABLE )
    {
        t = m->unlinked_table;
        if ( t == NO_TABLE || !*may_free )
            return NO_TABLE;
        *may_free = false;
        free_table(m, t);
    }
    m->free_table = m->table[t].next;
    bucket = &m->bucket[mirror_bucket(ipa)];
    m->table[t].ipa = ipa;
    m->table[t].size = (uint8_t)size;
    m->table[t].used = true;
    m->table[t].next = *bucket;
    *bucket = t;
    enter_unlinked(m, t);

    return t;
}

/* Directories */

/*
 * Cleaned at once, not later for the whole directory: in the same step the
 * table that the word led to may be emptied, and another one may take its
 * place.
 */
static void write_slot(struct mirror *m, struct mirror_dir *dir,
                       unsigned int slot, uint32_t word)
{
    uint32_t *stored = &dir->words[slot];

    if ( *stored == word )
        return;
    m->removed |= *stored != PT_FAULT_WORD;
    *stored = word;
    m->host->ops->clean(m->host, stored, sizeof(*stored));
}

static void write_blank(struct mirror *m, struct mirror_dir *dir)
{
    memset(dir->words, 0, PT_ROOT_BYTES);
    m->host->ops->clean(m->host, dir->words, PT_ROOT_BYTES);
    m->removed = true;
}

static void unlink_slot(struct mirror *m, struct mirror_dir *dir,
                        unsigned int slot)
{
    write_slot(m, dir, slot, PT_FAULT_WORD);
    if ( dir->table[slot] != NO_TABLE )
        unlink_table(m, dir->table[slot]);
    dir->table[slot] = NO_TABLE;
    dir->guest[slot] = 0;
}

/* All slots at once: cheaper than one by one. */
static void unlink_all(struct mirror *m, struct mirror_dir *dir)
{
    bool linked = false;
    unsigned int slot;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
        if ( dir->table[slot] != NO_TABLE )
        {
            unlink_table(m, dir->table[slot]);
            linked = true;
        }
    if ( linked && !dir->blank )
        write_blank(m, dir);
    memset(dir->table, 0xff, sizeof(dir->table));
    memset(dir->guest, 0, sizeof(dir->guest));
}

/*
 * Links a slot as the guest's word says. Returns false if that takes another
 * step.
 */
static bool link_slot(struct mirror *m, struct mirror_dir *dir,
                      unsigned int slot, uint32_t word, bool *may_free)
{
    ipa_t ipa = _ipa(pt_address(pt_slot_kind(word), word));
    unsigned int size = SGX_PDE_SIZE(word);
    uint16_t t;

    unlink_slot(m, dir, slot);
    if ( pt_slot_kind(word) == PT_TABLE )
    {
        t = find_table(m, ipa, size);
        if ( t == NO_TABLE )
            t = new_table(m, ipa, size, may_free);
        if ( t == NO_TABLE && m->unlinked_table != NO_TABLE )
            return false;
        if ( t == NO_TABLE )
        {
            dir->wanting = true;
            m->count.full++;
        }
        else
        {
            dir->table[slot] = t;
            link_table(m, t);
            write_slot(m, dir, slot, mirror_word(m, t));
        }
    }
    dir->guest[slot] = word;

    return true;
}

/*
 * Writes the words again that were there before all directories were emptied.
 */
static void fill_blank(struct mirror *m, struct mirror_dir *dir)
{
    unsigned int slot;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
        if ( dir->table[slot] != NO_TABLE )
            write_slot(m, dir, slot, mirror_word(m, dir->table[slot]));
    dir->blank = false;
}

/* Slots that are compared at once. */
#define SLOTS_AT_ONCE 16u

/*
 * Returns whether a slot needs a look: its word differs, or it has no table
 * yet.
 */
static bool slot_differs(const struct mirror_dir *dir, unsigned int slot,
                         uint32_t word)
{
    return dir->guest[slot] != word ||
           (dir->table[slot] == NO_TABLE && pt_slot_kind(word) == PT_TABLE);
}

static bool update_slots(struct mirror *m, struct mirror_dir *dir,
                         unsigned int first, bool *may_free)
{
    bool done = true;
    unsigned int i;

    for ( i = first; i < first + SLOTS_AT_ONCE && done; i++ )
        if ( slot_differs(dir, i, m->guest[i]) )
            done = link_slot(m, dir, i, m->guest[i], may_free);

    return done;
}

/*
 * Updates a directory from the guest's. Returns false if there is more to do.
 */
static bool update_dir(struct mirror *m, struct mirror_dir *dir)
{
    bool may_free = true, done = true, wanting = dir->wanting;
    unsigned int slot;

    m->count.changed++;
    dir->wanting = false;
    if ( dir->blank )
        fill_blank(m, dir);
    for ( slot = 0; slot < PT_SLOTS && done; slot += SLOTS_AT_ONCE )
        if ( wanting ||
             !same_words(&dir->guest[slot], &m->guest[slot], SLOTS_AT_ONCE) )
            done = update_slots(m, dir, slot, &may_free);
    settle(m);
    dir->wanting |= wanting && !done;

    return done;
}

static void read_page(struct mirror *m, ipa_t ipa, unsigned int bytes)
{
    if ( !m->host->ops->read_guest(m->host, ipa, m->guest, bytes) )
        memset(m->guest, 0, bytes);
}

/* Compares a directory. Returns true if it is done, or not in use any more. */
static bool step_dir(struct mirror *m, struct mirror_dir *dir)
{
    uint64_t parks = m->count.parks;
    ipa_t ipa = dir->ipa;
    bool done = true;

    unlock(m);
    read_page(m, ipa, PT_ROOT_BYTES);
    lock(m);
    m->count.compared++;
    if ( !dir->users )
        return true;
    /* After a park, stale tables must be emptied first. */
    if ( dir->ipa.v != ipa.v || m->count.parks != parks )
        return false;
    if ( dir->blank || dir->wanting ||
         !same_words(m->guest, dir->guest, PT_SLOTS) )
        done = update_dir(m, dir);

    return done;
}

/* Tables */

/* The bits of a word that a view word has as well; 0 if it maps nothing. */
static inline uint32_t view_of(uint32_t word)
{
    return word & (SGX_PT_ADDR | PT_ATTRIBUTES | VIEW_PRESENT) &
           -(word & SGX_PT_VALID);
}

/*
 * Makes the view of the guest's table, which is in m->guest. If pages are
 * larger than 4 KiB one word is several pages; address bits below their size
 * are the page's.
 */
static void make_view(struct mirror *m, unsigned int size)
{
    unsigned int i, shift = 2 * size;
    uint32_t low = ((1u << shift) - 1) << PT_PAGE_SHIFT, word;

    if ( !size )
    {
        for ( i = 0; i < PT_PAGES; i++ )
            m->view[i] = view_of(m->guest[i]);
        return;
    }
    for ( i = 0; i < PT_PAGES; i++ )
    {
        word = view_of(m->guest[i >> shift]);
        m->view[i] = word ? (word & ~low) | (i << PT_PAGE_SHIFT & low) : word;
    }
}

_Static_assert(TABLE_PARTS % 32 == 0, "parts fill words of bits");

static bool is_whole(const struct table *t)
{
    unsigned int i;

    for ( i = 0; i < BIT_WORDS(TABLE_PARTS); i++ )
        if ( ~t->whole[i] )
            return false;

    return true;
}

/*
 * For pages of 4 KiB a view word equals the guest's, unless that has other
 * bits.
 */
_Static_assert(SGX_PT_VALID == VIEW_PRESENT, "a valid word is a view word");

static bool is_as_before(const struct mirror *m,
                         const struct mirror_table *table)
{
    return !table->size && is_whole(table->table) &&
           same_words(m->guest, table->table->view, PT_PAGES);
}

/* Returns whether the p2m changed for a staged page. */
static bool overtaken(const struct mirror *m)
{
    const struct table_stage *stage = &m->stage;
    unsigned int i;
    uint32_t page;

    if ( m->changed.first >= m->changed.end )
        return false;

    for ( i = 0; i < PT_PAGES; i++ )
    {
        page = stage->table.view[i] >> PT_PAGE_SHIFT;
        if ( stage->pages[i / TABLE_PART] &&
             view_is_mapped(stage->table.view[i]) && page >= m->changed.first &&
             page < m->changed.end )
            return true;
    }

    return false;
}

/*
 * The staged pages of a part replace old ones: each old page is mapped once
 * less.
 */
static void count_old_down(struct mirror *m, const struct table *t,
                           unsigned int page, unsigned int pages)
{
    for ( ; pages; page++, pages >>= 1 )
        if ( (pages & 1) && t->words[page] != PT_FAULT_WORD )
            count_down(m, t->view[page]);
}

/* Returns whether the IPAs of a part rise page by page, below 4 GiB. */
static bool is_run(const uint32_t view[TABLE_PART])
{
    uint32_t others = 0;
    unsigned int i;

    for ( i = 0; i < TABLE_PART; i++ )
        others |= view[i] ^ (view[0] + i * (uint32_t)PT_PAGE_BYTES);

    return !(others >> PT_PAGE_SHIFT) && view[TABLE_PART - 1] > view[0];
}

static void count_run_up(uint8_t n[TABLE_PART])
{
    unsigned int i;

    for ( i = 0; i < TABLE_PART; i++ )
        n[i] += n[i] != MIRROR_OFTEN;
}

/*
 * Pages not staged have no word. A part that rises is counted in one loop
 * without branches.
 */
static void count_new_up(struct mirror *m, unsigned int page)
{
    const struct table *new = &m->stage.table;
    unsigned int end = page + TABLE_PART;

    if ( new->held[page / TABLE_PART] == UINT16_MAX &&
         is_run(&new->view[page]) )
    {
        count_run_up(mapped(m, new->view[page]));
        return;
    }
    for ( ; page < end; page++ )
        if ( new->words[page] != PT_FAULT_WORD )
            count_up(m, new->view[page]);
}

/* Adds MiBs (at least one) to those of a table. */
static void add_mibs(struct mirror *m, struct table *t, struct mibs mibs)
{
    if ( t->mibs.first < t->mibs.end )
        mibs_add(&t->mibs, mibs);
    else
    {
        t->mibs = mibs;
        m->live++;
    }
}

/* The usual case: all of a part is in one MiB. */
static bool is_one_mib(const uint32_t view[TABLE_PART])
{
    uint32_t others = 0;
    unsigned int i;

    for ( i = 0; i < TABLE_PART; i++ )
        others |= view[i] ^ view[0];

    return view_is_mapped(view[0]) && !(others >> IPA_MIB_SHIFT);
}

static void note_mibs(struct mirror *m, struct table *t, unsigned int page)
{
    const uint32_t *view = m->stage.table.view + page;
    unsigned int i, mib, pages = is_one_mib(view) ? 1 : TABLE_PART;
    struct mibs mibs = { IPA_MIBS, 0 };

    for ( i = 0; i < pages; i++ )
    {
        if ( !view_is_mapped(view[i]) )
            continue;
        mib = view[i] >> IPA_MIB_SHIFT;
        mibs.first = mib < mibs.first ? mib : mibs.first;
        mibs.end = mib < mibs.end ? mibs.end : mib + 1;
        set_bit_in(m->ipas.used, mib);
    }
    if ( mibs.first < mibs.end )
        add_mibs(m, t, mibs);
}

static void note_part(struct mirror *m, struct table *t, unsigned int part)
{
    unsigned int page = part * TABLE_PART;

    if ( !m->stage.empty[part] )
        count_old_down(m, t, page, m->stage.pages[part]);
    count_new_up(m, page);
    note_mibs(m, t, page);
}

static void note_staged(struct mirror *m, struct table *t)
{
    unsigned int part;

    for ( part = 0; part < TABLE_PARTS; part++ )
        if ( m->stage.pages[part] )
            note_part(m, t, part);
}

/* Swaps the staged pages in; then gives the old references back. */
static void commit(struct mirror *m, struct table *t)
{
    note_staged(m, t);
    if ( table_swap(t, &m->stage, m->host) )
    {
        m->removed = true;
        m->count.removed++;
    }
    settle(m);
    table_release(&m->stage.table, m->host);
    m->count.denied += m->stage.table.holes;
}

/*
 * Translates the pages that differ. Returns false if the table needs another
 * step.
 */
static bool translate(struct mirror *m, struct mirror_table *table)
{
    bool done;

    m->changed = (struct ipa_pages){ MIRROR_IPA_PAGES, 0 };
    m->staging = true;
    unlock(m);
    done = table_translate_beside(&m->stage, m->host, m->view);
    lock(m);
    m->staging = false;
    m->count.translated++;
    m->count.changed++;
    if ( table->stale || overtaken(m) )
    {
        table_release(&m->stage.table, m->host);
        m->count.overtaken++;
        return false;
    }
    commit(m, table->table);

    return done;
}

/*
 * Compares a linked table. Only a step changes its key, so that it can be read
 * unlocked.
 */
static bool step_linked(struct mirror *m, struct mirror_table *table)
{
    unlock(m);
    read_page(m, table->ipa, PT_TABLE_BYTES >> 2 * table->size);
    lock(m);
    m->count.compared++;
    if ( table->stale )
        return false;
    if ( is_as_before(m, table) )
        return true;
    make_view(m, table->size);

    return !table_differs(table->table, m->view, &m->stage) ||
           translate(m, table);
}

static bool step_table(struct mirror *m, uint16_t t)
{
    if ( m->table[t].links )
        return step_linked(m, &m->table[t]);
    if ( m->table[t].used )
        free_table(m, t);

    return true;
}

/* Passes */

/*
 * A pass looks at the stale tables, then the directories, then the tables. Its
 * cursor counts through all of them. Returns whether the one at the cursor
 * needs a look.
 */
static bool needs_a_look(const struct mirror *m, unsigned int at)
{
    unsigned int dirs = m->mem.nr_dirs, tables = m->mem.nr_tables;

    if ( at < tables )
        return m->table[at].stale;
    if ( at < tables + dirs )
        return m->dir[at - tables].users;

    return m->table[at - tables - dirs].used;
}

/* Usually no table is stale: then a pass starts with the directories. */
static unsigned int first_of_pass(const struct mirror *m)
{
    return m->stale ? 0 : m->mem.nr_tables;
}

/* The most that one step skips. */
#define PASSED_BY 512u

/*
 * Moves the cursor to the next one that needs a look; returns false if one step
 * does not reach it.
 */
static bool find_next(struct mirror *m, unsigned int end)
{
    unsigned int i;

    for ( i = 0; i < PASSED_BY && m->cursor < end; i++, m->cursor++ )
        if ( needs_a_look(m, m->cursor) )
            return true;

    return false;
}

/* Compares what is at the cursor. Unlocks and locks again. */
static void step_at(struct mirror *m)
{
    unsigned int dirs = m->mem.nr_dirs, tables = m->mem.nr_tables;
    unsigned int at = m->cursor;
    bool done = true;

    if ( at < tables )
        empty_table(m, (uint16_t)at);
    else if ( at < tables + dirs )
        done = step_dir(m, &m->dir[at - tables]);
    else
        done = step_table(m, (uint16_t)(at - tables - dirs));

    /* A park meanwhile has reset the cursor to the start. */
    if ( done && m->cursor == at )
        m->cursor++;
}

static enum mirror_step begin_pass(struct mirror *m)
{
    m->wanted = false;
    m->passing = true;
    m->cursor = first_of_pass(m);

    return MIRROR_BEGUN;
}

static enum mirror_step end_pass(struct mirror *m)
{
    m->passing = false;
    m->count.passes++;

    return MIRROR_DONE;
}

static enum mirror_step step(struct mirror *m)
{
    unsigned int end = 2 * m->mem.nr_tables + m->mem.nr_dirs;

    if ( !m->passing )
        return m->wanted ? begin_pass(m) : MIRROR_IDLE;
    if ( find_next(m, end) )
        step_at(m);
    else if ( m->cursor == end )
        return end_pass(m);

    return MIRROR_MORE;
}

enum mirror_step mirror_step(struct mirror *m)
{
    enum mirror_step result;

    lock(m);
    result = step(m);
    unlock(m);

    return result;
}

void mirror_request(struct mirror *m)
{
    m->wanted = true;
}

/* Binding */

int mirror_find(const struct mirror *m, ipa_t dir)
{
    unsigned int i;

    for ( i = 0; i < m->mem.nr_dirs; i++ )
        if ( m->dir[i].users && m->dir[i].ipa.v == dir.v )
            return (int)i;

    return -1;
}

static int find_unbound(const struct mirror *m)
{
    unsigned int i;

    for ( i = 0; i < m->mem.nr_dirs; i++ )
        if ( !m->dir[i].users )
            return (int)i;

    return -1;
}

int mirror_bind(struct mirror *m, ipa_t dir)
{
    int i = mirror_find(m, dir);

    if ( i < 0 )
    {
        i = find_unbound(m);
        if ( i < 0 )
        {
            m->count.full++;
            return -1;
        }
        m->dir[i].ipa = dir;
        m->wanted = true;
    }
    m->dir[i].users++;

    return i;
}

/* Returns true if this was the last use. */
static bool unbind(struct mirror *m, struct mirror_dir *dir)
{
    if ( --dir->users )
        return false;
    unlink_all(m, dir);
    dir->blank = dir->wanting = false;

    return true;
}

bool mirror_unbind(struct mirror *m, const int *dirs, unsigned int n)
{
    bool last = false;
    unsigned int i;

    for ( i = 0; i < n; i++ )
        if ( dirs[i] >= 0 )
            last |= unbind(m, &m->dir[dirs[i]]);
    settle(m);
    m->wanted |= last; /* gives back what only they led to */

    return last;
}

maddr_t mirror_root(const struct mirror *m, unsigned int dir)
{
    return _maddr(m->mem.dirs_maddr.v + dir * PT_ROOT_BYTES);
}

ipa_t mirror_ipa(const struct mirror *m, unsigned int dir)
{
    return m->dir[dir].ipa;
}

int mirror_of_root(const struct mirror *m, maddr_t root)
{
    uint64_t offset = root.v - m->mem.dirs_maddr.v;
    uint64_t dir = offset / PT_ROOT_BYTES;

    return root.v >= m->mem.dirs_maddr.v && dir < m->mem.nr_dirs &&
                   !(offset % PT_ROOT_BYTES) && m->dir[dir].users
               ? (int)dir
               : -1;
}

/* p2m changes */

/* Empties all directories, until the pass that follows. */
static void park(struct mirror *m)
{
    unsigned int i;

    for ( i = 0; i < m->mem.nr_dirs; i++ )
    {
        if ( !m->dir[i].users || m->dir[i].blank )
            continue;
        write_blank(m, &m->dir[i]);
        m->dir[i].blank = true;
    }
    m->cursor = 0;
    m->wanted = true;
    m->count.parks++;
}

/* Returns false if the limit for p2m changes is used up. */
static bool pay(struct mirror *m, unsigned int words)
{
    bool paid = words <= m->changes_left;

    m->changes_left = paid ? m->changes_left - words : 0;

    return paid;
}

/* Gives back the pages of removed words, after quiescing. */
static void let_go(struct mirror *m)
{
    if ( m->removed )
        pay(m, MIRROR_WORDS_QUIESCED);
    settle(m);
    while ( m->nr_gone )
        m->host->ops->put_pages(m->host, _maddr(m->gone[--m->nr_gone]), 1);
}

static void clear_page(struct mirror *m, struct table *t, unsigned int page)
{
    unsigned int part = page / TABLE_PART, bit = 1u << page % TABLE_PART;

    if ( table_holds(t, page) )
        m->gone[m->nr_gone++] = (uint32_t)table_maddr(t, page).v;
    count_down(m, t->view[page]);
    t->held[part] &= (uint16_t)~bit;
    clear_bit_in(t->whole, part);
    t->words[page] = PT_FAULT_WORD;
    m->host->ops->clean(m->host, &t->words[page], sizeof(t->words[page]));
    m->removed = true;
    m->count.removed++;
}

/* A view word of 0 maps nothing: the subtraction puts it outside all pages. */
static uint32_t is_among(uint32_t view, struct ipa_pages pages)
{
    uint32_t first = view_word(_ipa((uint64_t)pages.first << PT_PAGE_SHIFT));
    uint32_t bytes = (pages.end - pages.first) << PT_PAGE_SHIFT;

    return view - first < bytes - 1;
}

static uint32_t any_of_4(const uint32_t view[4], struct ipa_pages pages)
{
    return is_among(view[0], pages) | is_among(view[1], pages) |
           is_among(view[2], pages) | is_among(view[3], pages);
}

/* Words tested at once: usually none of them is of the changed pages. */
#define WORDS_AT_ONCE 8u

static bool any_among(const uint32_t view[WORDS_AT_ONCE],
                      struct ipa_pages pages)
{
    return any_of_4(view, pages) | any_of_4(view + 4, pages);
}

static bool clear_some(struct mirror *m, struct table *t, unsigned int page,
                       struct ipa_pages pages)
{
    unsigned int end = page + WORDS_AT_ONCE;

    for ( ; page < end; page++ )
    {
        if ( !is_among(t->view[page], pages) ||
             t->words[page] == PT_FAULT_WORD )
            continue;
        if ( !pay(m, MIRROR_WORD_GONE) )
            return false;
        clear_page(m, t, page);
    }

    return true;
}

/*
 * Removes the words that lead to these pages. Returns false if the limit is
 * used up first.
 */
static bool clear_pages(struct mirror *m, struct table *t,
                        struct ipa_pages pages)
{
    unsigned int page;

    if ( !pay(m, PT_PAGES) )
        return false;
    for ( page = 0; page < PT_PAGES; page += WORDS_AT_ONCE )
        if ( any_among(t->view + page, pages) &&
             !clear_some(m, t, page, pages) )
            return false;

    return true;
}

static struct mibs mibs_of(struct ipa_pages pages)
{
    unsigned int shift = IPA_MIB_SHIFT - PT_PAGE_SHIFT;

    return (struct mibs){ pages.first >> shift,
                          ((pages.end - 1) >> shift) + 1 };
}

/* The caller empties all directories afterwards. */
static void make_stale(struct mirror *m, struct mirror_table *table)
{
    table->stale = true;
    m->stale++;
    m->live--;
}

/*
 * Examines a table that may lead there; makes it stale if the limit is used up.
 * Returns false if it may still hold one of the pages.
 */
static bool change_table(struct mirror *m, struct mirror_table *table,
                         struct ipa_pages pages)
{
    if ( !mibs_overlap(table->table->mibs, mibs_of(pages)) )
        return true;
    if ( table->stale )
        return false;
    if ( clear_pages(m, table->table, pages) )
        return true;
    make_stale(m, table);

    return false;
}

/*
 * The limit does not even cover the search for tables. Once all are stale,
 * further changes examine none.
 */
static void give_up(struct mirror *m)
{
    unsigned int t;

    for ( t = 0; t < m->mem.nr_tables; t++ )
        if ( mirror_maps(&m->table[t]) && !m->table[t].stale )
            make_stale(m, &m->table[t]);
}

#define MIB_PAGES (1u << (IPA_MIB_SHIFT - PT_PAGE_SHIFT))

static bool any_of_mib_mapped(const struct mirror *m, uint32_t page)
{
    const uint32_t *four = &m->mapped4[page / 4], *end = four + MIB_PAGES / 4;
    uint32_t any = 0;

    for ( ; four < end; four += 4 )
        any |= four[0] | four[1] | four[2] | four[3];

    return any;
}

/* The pages lie in one MiB. */
static bool any_mapped_in(const struct mirror *m, struct ipa_pages pages)
{
    uint32_t page;

    if ( pages.end - pages.first == MIB_PAGES )
        return any_of_mib_mapped(m, pages.first);
    for ( page = pages.first; page < pages.end; page++ )
        if ( m->mapped[page] )
            return true;

    return false;
}

static struct ipa_pages pages_in(struct ipa_pages pages, unsigned int mib)
{
    uint32_t first = mib * MIB_PAGES, end = first + MIB_PAGES;

    return (struct ipa_pages){
        first > pages.first ? first : pages.first,
        end < pages.end ? end : pages.end,
    };
}

static bool any_mapped(const struct mirror *m, struct ipa_pages pages)
{
    struct mibs mibs = mibs_of(pages);

    for ( ; mibs.first < mibs.end; mibs.first++ )
        if ( bit_is_set(m->ipas.used, mibs.first) &&
             any_mapped_in(m, pages_in(pages, mibs.first)) )
            return true;

    return false;
}

/* No table maps these pages any more. */
static void forget_mapped(struct mirror *m, struct ipa_pages pages)
{
    struct mibs mibs = mibs_of(pages);
    struct ipa_pages in;

    for ( ; mibs.first < mibs.end; mibs.first++ )
    {
        in = pages_in(pages, mibs.first);
        if ( bit_is_set(m->ipas.used, mibs.first) )
            memset(m->mapped + in.first, 0, in.end - in.first);
    }
}

static void change_tables(struct mirror *m, struct ipa_pages pages)
{
    unsigned int t, stale = m->stale;
    bool all = true;

    m->wanted = true;
    if ( pay(m, m->mem.nr_tables) )
        for ( t = 0; t < m->mem.nr_tables; t++ )
            all &= change_table(m, &m->table[t], pages);
    else
        give_up(m);
    if ( m->stale != stale )
        park(m);
    else if ( all )
        forget_mapped(m, pages);
    let_go(m);
}

bool mirror_ipa_changed(struct mirror *m, ipa_t ipa, uint64_t pages)
{
    uint64_t first = ipa.v >> PT_PAGE_SHIFT, left = MIRROR_IPA_PAGES - first;
    struct ipa_pages changed;

    if ( !pages || first >= MIRROR_IPA_PAGES )
        return m->wanted;
    changed.first = (uint32_t)first;
    changed.end = (uint32_t)(first + (pages < left ? pages : left));
    if ( changed.first < m->changed.first )
        m->changed.first = changed.first;
    if ( changed.end > m->changed.end )
        m->changed.end = changed.end;

    /* Stale tables are emptied anyway. */
    if ( m->live && any_mapped(m, changed) )
        change_tables(m, changed);

    return m->wanted;
}

void mirror_renew(struct mirror *m)
{
    m->changes_left = MIRROR_CHANGE_WORDS;
}

/* Life */

size_t mirror_record_bytes(unsigned int nr_dirs, unsigned int nr_tables)
{
    return sizeof(struct mirror) + nr_dirs * sizeof(struct mirror_dir) +
           nr_tables * (sizeof(struct mirror_table) + sizeof(struct table));
}

static void init_tables(struct mirror *m)
{
    struct table *tables = (struct table *)(m->table + m->mem.nr_tables);
    unsigned int t;

    memset(m->bucket, 0xff, sizeof(m->bucket));
    m->free_table = m->unlinked_table = NO_TABLE;
    for ( t = m->mem.nr_tables; t-- > 0; )
    {
        tables[t].words = m->mem.tables + t * PT_PAGES;
        m->table[t].table = &tables[t];
        m->table[t].next = m->free_table;
        m->free_table = (uint16_t)t;
    }
}

struct mirror *mirror_init(const struct mirror_memory *mem, struct host *host,
                           const struct mirror_hw *hw)
{
    struct mirror *m = mem->records;
    unsigned int i;

    m->host = host;
    m->mem = *mem;
    m->hw = *hw;
    m->dir = (struct mirror_dir *)(m + 1);
    m->table = (struct mirror_table *)(m->dir + mem->nr_dirs);
    m->stage.table.words = m->stage_words;
    for ( i = 0; i < mem->nr_dirs; i++ )
    {
        m->dir[i].words = mem->dirs + i * PT_SLOTS;
        memset(m->dir[i].table, 0xff, sizeof(m->dir[i].table));
    }
    init_tables(m);
    mirror_renew(m);

    return m;
}

/*
 * Releases a directory or a table of the pool. Returns how many words that
 * took.
 */
static unsigned int release_next(struct mirror *m, unsigned int next)
{
    unsigned int dirs = m->mem.nr_dirs;

    if ( next < dirs && m->dir[next].users )
    {
        m->dir[next].users = 1;
        unbind(m, &m->dir[next]);
        return PT_SLOTS;
    }
    if ( next >= dirs && m->table[next - dirs].used )
    {
        free_table(m, (uint16_t)(next - dirs));
        return PT_PAGES;
    }

    return 1;
}

bool mirror_release(struct mirror *m, unsigned int budget)
{
    unsigned int end = m->mem.nr_dirs + m->mem.nr_tables, words = 0;

    while ( m->release_next < end && words < budget )
        words += release_next(m, m->release_next++);
    settle(m);

    return m->release_next == end;
}

const struct mirror_counters *mirror_counters(const struct mirror *m)
{
    return &m->count;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
