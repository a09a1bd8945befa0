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

/* The hardware forgets the words that were removed, if any. */
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
    uint16_t t = m->bucket[mirror_bucket(ipa, size)];

    while ( t != NO_TABLE &&
            (m->table[t].ipa.v != ipa.v || m->table[t].size != size) )
        t = m->table[t].next;

    return t;
}

static void leave_bucket(struct mirror *m, uint16_t t)
{
    struct mirror_table *table = &m->table[t];
    uint16_t *link = &m->bucket[mirror_bucket(table->ipa, table->size)];

    while ( *link != t )
        link = &m->table[*link].next;
    *link = table->next;
}

/* Gives back all that a table holds. No directory leads to it, or all are blank. */
static void empty_table(struct mirror *m, uint16_t t)
{
    struct mirror_table *table = &m->table[t];

    settle(m);
    count_all_down(m, table->table);
    table_release(table->table, m->host);
    memset(table->table->words, 0, PT_TABLE_BYTES);
    m->host->ops->clean(m->host, table->table->words, PT_TABLE_BYTES);
    table->table->mibs = (struct mibs){ 0, 0 };
    m->stale -= table->stale;
    table->stale = false;
}

static void free_table(struct mirror *m, uint16_t t)
{
    empty_table(m, t);
    leave_bucket(m, t);
    m->table[t].used = false;
    m->table[t].next = m->free_table;
    m->free_table = t;
}

static uint16_t find_dead(const struct mirror *m)
{
    unsigned int t;

    for ( t = 0; t < m->mem.nr_tables; t++ )
        if ( m->table[t].used && !m->table[t].links )
            return (uint16_t)t;

    return NO_TABLE;
}

/*
 * A free table, for which a dead one may have to be emptied: once, as *may_free
 * says. If it says no more, there may be one in the next step.
 */
static uint16_t new_table(struct mirror *m, ipa_t ipa, unsigned int size,
                          bool *may_free)
{
    uint16_t t = m->free_table, *bucket;

    if ( t == NO_TABLE )
    {
        t = find_dead(m);
        if ( t == NO_TABLE || !*may_free )
            return NO_TABLE;
        *may_free = false;
        free_table(m, t);
    }
    m->free_table = m->table[t].next;
    bucket = &m->bucket[mirror_bucket(ipa, size)];
    m->table[t].ipa = ipa;
    m->table[t].size = (uint8_t)size;
    m->table[t].used = true;
    m->table[t].next = *bucket;
    *bucket = t;

    return t;
}

/* Directories */

/*
 * In memory at once: a table that it led to may be emptied, and another one take
 * its place, in the same step.
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

static void unlink_slot(struct mirror *m, struct mirror_dir *dir,
                        unsigned int slot)
{
    write_slot(m, dir, slot, PT_FAULT_WORD);
    if ( dir->table[slot] != NO_TABLE )
        m->table[dir->table[slot]].links--;
    dir->table[slot] = NO_TABLE;
    dir->guest[slot] = 0;
}

/*
 * Makes a slot what the guest's word says. False: not now, but in a further
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
        if ( t == NO_TABLE && !*may_free && find_dead(m) != NO_TABLE )
            return false;
        if ( t == NO_TABLE )
        {
            dir->wanting = true;
            m->count.full++;
        }
        else
        {
            dir->table[slot] = t;
            m->table[t].links++;
            write_slot(m, dir, slot, mirror_word(m, t));
        }
    }
    dir->guest[slot] = word;

    return true;
}

/* Links again what was linked before all directories were emptied. */
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

/* Does a slot need a look? It does if it waits for a table, too. */
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

/* Makes a directory what the guest's says. False: there is more to do. */
static bool update_dir(struct mirror *m, struct mirror_dir *dir)
{
    bool may_free = true, done = true, wanting = dir->wanting;
    unsigned int slot;

    dir->wanting = false;
    if ( dir->blank )
        fill_blank(m, dir);
    for ( slot = 0; slot < PT_SLOTS && done; slot += SLOTS_AT_ONCE )
        if ( wanting || memcmp(&dir->guest[slot], &m->guest[slot],
                               SLOTS_AT_ONCE * sizeof(dir->guest[slot])) )
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

/* True: done, or not in use. */
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
    /* After a park, stale tables have to be emptied first. */
    if ( dir->ipa.v != ipa.v || m->count.parks != parks )
        return false;
    if ( dir->blank || dir->wanting ||
         memcmp(m->guest, dir->guest, PT_ROOT_BYTES) )
        done = update_dir(m, dir);

    return done;
}

/* Tables */

/* All bits of a word that a view word has; 0 if it maps nothing. */
static inline uint32_t view_of(uint32_t word)
{
    return word & (SGX_PT_ADDR | PT_ATTRIBUTES | VIEW_PRESENT) &
           -(word & SGX_PT_VALID);
}

/*
 * What the guest's table, now in m->guest, maps. Of pages larger than 4 KiB one
 * word is several pages; the address bits below their size are the page's.
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

/* A view word of a page of 4 KiB is the guest's, unless that has other bits. */
_Static_assert(SGX_PT_VALID == VIEW_PRESENT, "a valid word is a view word");

static bool is_as_before(const struct mirror *m,
                         const struct mirror_table *table)
{
    return !table->size && is_whole(table->table) &&
           !memcmp(m->guest, table->table->view, PT_TABLE_BYTES);
}

/* Did the p2m change for a page that is staged? */
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

/* Of the pages of a part that are staged: the old ones are mapped once less. */
static void count_old_down(struct mirror *m, const struct table *t,
                           unsigned int page, unsigned int pages)
{
    for ( ; pages; page++, pages >>= 1 )
        if ( (pages & 1) && t->words[page] != PT_FAULT_WORD )
            count_down(m, t->view[page]);
}

/* What is not staged has no word. */
static void count_new_up(struct mirror *m, unsigned int page)
{
    const struct table *new = &m->stage.table;
    unsigned int end = page + TABLE_PART;

    for ( ; page < end; page++ )
        if ( new->words[page] != PT_FAULT_WORD )
            count_up(m, new->view[page]);
}

/* A MiB that a table maps pages of from now on. */
static void note_mib(struct mirror *m, struct table *t, unsigned int mib)
{
    const struct mibs one = { mib, mib + 1 };

    set_bit_in(m->ipas.used, mib);
    if ( t->mibs.first < t->mibs.end )
        mibs_add(&t->mibs, one);
    else
        t->mibs = one;
}

/* Usually all of a part is in one MiB. */
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
    unsigned int i, pages = is_one_mib(view) ? 1 : TABLE_PART;

    for ( i = 0; i < pages; i++ )
        if ( view_is_mapped(view[i]) )
            note_mib(m, t, view[i] >> IPA_MIB_SHIFT);
}

static void note_part(struct mirror *m, struct table *t, unsigned int part)
{
    unsigned int page = part * TABLE_PART;

    if ( !table_part_is_empty(t, part) )
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

/* What is staged goes live, and then what was there goes back. */
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

/* The pages that differ. False: the table is to be looked at again. */
static bool translate(struct mirror *m, struct mirror_table *table)
{
    bool done;

    m->changed = (struct ipa_pages){ MIRROR_IPA_PAGES, 0 };
    unlock(m);
    done = table_translate_beside(&m->stage, m->host, m->view);
    lock(m);
    m->count.translated++;
    if ( table->stale || overtaken(m) )
    {
        table_release(&m->stage.table, m->host);
        m->count.overtaken++;
        return false;
    }
    commit(m, table->table);

    return done;
}

/* Compares a table that directories lead to. Only a step changes its key. */
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
 * A pass looks at the stale tables, then at the directories, then at the tables.
 * Its cursor counts all of them. This is the next one that needs a look.
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

/* Few tables are ever stale: usually the directories come first. */
static unsigned int first_of_pass(const struct mirror *m)
{
    return m->stale ? 0 : m->mem.nr_tables;
}

/* False: the pass is complete. */
static bool find_next(struct mirror *m)
{
    unsigned int end = 2 * m->mem.nr_tables + m->mem.nr_dirs;

    while ( m->cursor < end && !needs_a_look(m, m->cursor) )
        m->cursor++;

    return m->cursor < end;
}

/* One thing compared, at the cursor. The lock is let go and taken again. */
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

    /* It went back to the start meanwhile if the directories were emptied. */
    if ( done && m->cursor == at )
        m->cursor++;
}

static enum mirror_step step(struct mirror *m)
{
    if ( !m->passing )
    {
        if ( !m->wanted )
            return MIRROR_IDLE;
        m->wanted = false;
        m->passing = true;
        m->cursor = first_of_pass(m);
        return MIRROR_BEGUN;
    }
    if ( find_next(m) )
    {
        step_at(m);
        return MIRROR_MORE;
    }
    m->passing = false;
    m->count.passes++;

    return MIRROR_DONE;
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

void mirror_unbind(struct mirror *m, unsigned int dir)
{
    struct mirror_dir *d = &m->dir[dir];
    unsigned int slot;

    if ( --d->users )
        return;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
        unlink_slot(m, d, slot);
    d->blank = d->wanting = false;
    settle(m);
    m->wanted = true; /* gives back what only this one led to */
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

/* All directories map nothing, until the pass that follows. */
static void park(struct mirror *m)
{
    unsigned int i;

    for ( i = 0; i < m->mem.nr_dirs; i++ )
    {
        if ( !m->dir[i].users || m->dir[i].blank )
            continue;
        memset(m->dir[i].words, 0, PT_ROOT_BYTES);
        m->host->ops->clean(m->host, m->dir[i].words, PT_ROOT_BYTES);
        m->dir[i].blank = m->removed = true;
    }
    m->cursor = 0;
    m->wanted = true;
    m->count.parks++;
}

/* The pages that words led to which are no more go back. */
static void let_go(struct mirror *m)
{
    settle(m);
    while ( m->nr_gone )
        m->host->ops->put_pages(m->host, m->gone[--m->nr_gone], 1);
}

static void clear_page(struct mirror *m, struct table *t, unsigned int page)
{
    unsigned int part = page / TABLE_PART, bit = 1u << page % TABLE_PART;

    if ( m->nr_gone == PT_PAGES )
        let_go(m);
    if ( table_holds(t, page) )
        m->gone[m->nr_gone++] = table_maddr(t, page);
    count_down(m, t->view[page]);
    t->held[part] &= (uint16_t)~bit;
    clear_bit_in(t->whole, part);
    t->words[page] = PT_FAULT_WORD;
    m->host->ops->clean(m->host, &t->words[page], sizeof(t->words[page]));
    m->removed = true;
    m->count.removed++;
}

/* Takes the words away that lead to these pages. */
static void clear_pages(struct mirror *m, struct table *t,
                        struct ipa_pages pages)
{
    unsigned int i;
    uint32_t page;

    for ( i = 0; i < PT_PAGES; i++ )
    {
        page = t->view[i] >> PT_PAGE_SHIFT;
        if ( t->words[i] != PT_FAULT_WORD && page >= pages.first &&
             page < pages.end )
            clear_page(m, t, i);
    }
}

static struct mibs mibs_of(struct ipa_pages pages)
{
    unsigned int shift = IPA_MIB_SHIFT - PT_PAGE_SHIFT;

    return (struct mibs){ pages.first >> shift,
                          ((pages.end - 1) >> shift) + 1 };
}

/*
 * Looks through a table that may lead there. If that is not paid for, all
 * directories are emptied, and the table is stale. False: it may still hold one
 * of the pages.
 */
static bool change_table(struct mirror *m, struct mirror_table *table,
                         struct ipa_pages pages)
{
    if ( !table->used || !mibs_overlap(table->table->mibs, mibs_of(pages)) )
        return true;
    if ( table->stale )
        return false;
    if ( m->tables_left )
    {
        m->tables_left--;
        clear_pages(m, table->table, pages);
        return true;
    }
    park(m);
    table->stale = true;
    m->stale++;

    return false;
}

static bool any_mapped(const struct mirror *m, struct ipa_pages pages)
{
    uint32_t page;

    for ( page = pages.first; page < pages.end; page++ )
        if ( m->mapped[page] )
            return true;

    return false;
}

static void change_tables(struct mirror *m, struct ipa_pages pages)
{
    bool all = true;
    unsigned int t;

    for ( t = 0; t < m->mem.nr_tables; t++ )
        all &= change_table(m, &m->table[t], pages);
    let_go(m);
    if ( all )
        memset(m->mapped + pages.first, 0, pages.end - pages.first);
    m->wanted = true;
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

    if ( ipa_filter_hits(&m->ipas, mibs_of(changed)) && any_mapped(m, changed) )
        change_tables(m, changed);

    return m->wanted;
}

void mirror_renew(struct mirror *m)
{
    m->tables_left = MIRROR_CHANGE_TABLES;
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
    m->free_table = NO_TABLE;
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

/* Hardware walks nothing of it: what is removed need not be settled. */
bool mirror_release(struct mirror *m, unsigned int budget)
{
    unsigned int i, released = 0;

    for ( i = 0; i < m->mem.nr_dirs; i++ )
        if ( m->dir[i].users )
        {
            m->dir[i].users = 1;
            mirror_unbind(m, i);
        }
    for ( ; m->release_next < m->mem.nr_tables; m->release_next++ )
    {
        if ( !m->table[m->release_next].used )
            continue;
        if ( released >= budget )
            return false;
        free_table(m, (uint16_t)m->release_next);
        released += PT_PAGES;
    }

    return true;
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
