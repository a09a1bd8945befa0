/* SPDX-License-Identifier: GPL-2.0-only */
#include "mirror_pool.h"

static bool visit_table(const struct table *t, struct mirror_leaf *leaf,
                        mirror_visit *visit, void *arg)
{
    uint64_t da = leaf->da.v;
    unsigned int page;

    for ( page = 0; page < PT_PAGES; page++ )
    {
        if ( t->words[page] == PT_FAULT_WORD )
            continue;
        leaf->da = _da(da + page * PT_PAGE_BYTES);
        leaf->ipa = view_ipa(t->view[page]);
        leaf->maddr = table_maddr(t, page);
        leaf->word = t->words[page];
        leaf->held = table_holds(t, page);
        if ( !visit(arg, leaf) )
            return false;
    }

    return true;
}

/* Tables visited for one taking of the lock. */
#define SOME_TABLES 4u

bool mirror_for_some(const struct mirror *m, struct mirror_place *place,
                     mirror_visit *visit, void *arg)
{
    unsigned int slot, tables = 0;
    const struct mirror_dir *dir;
    struct mirror_leaf leaf;

    while ( place->dir < m->mem.nr_dirs && tables < SOME_TABLES )
    {
        leaf.dir = place->dir;
        dir = &m->dir[place->dir];
        slot = place->slot++;
        if ( slot == PT_SLOTS || !dir->users )
        {
            *place = (struct mirror_place){ .dir = place->dir + 1 };
            tables++; /* an empty one takes as long as a table */
            continue;
        }
        if ( dir->words[slot] == PT_FAULT_WORD || dir->table[slot] == NO_TABLE )
            continue;
        leaf.da = _da(slot * PT_SLOT_BYTES);
        tables++;
        if ( !visit_table(m->table[dir->table[slot]].table, &leaf, visit, arg) )
            return false;
    }

    return place->dir < m->mem.nr_dirs;
}

void mirror_for_each(const struct mirror *m, mirror_visit *visit, void *arg)
{
    struct mirror_place place = { 0 };

    while ( mirror_for_some(m, &place, visit, arg) )
        continue;
}

/* The audit */

static const char *audit_slot(const struct mirror *m,
                              const struct mirror_dir *dir, unsigned int slot)
{
    uint16_t t = dir->table[slot];

    if ( t == NO_TABLE )
        return dir->words[slot] == PT_FAULT_WORD
                   ? NULL
                   : "a directory's word leads to no table that is linked";
    if ( t >= m->mem.nr_tables || !m->table[t].used )
        return "a directory is linked to a table that is not in use";
    if ( dir->blank )
        return dir->words[slot] == PT_FAULT_WORD
                   ? NULL
                   : "a directory that was emptied has a word";
    if ( m->table[t].stale )
        return "a directory leads to a stale table";
    if ( dir->words[slot] != mirror_word(m, t) )
        return "a directory's word does not lead to the table it is linked to";

    return NULL;
}

static const char *audit_dir(const struct mirror *m,
                             const struct mirror_dir *dir)
{
    const char *bad = NULL;
    unsigned int slot;

    for ( slot = 0; slot < PT_SLOTS && !bad; slot++ )
        if ( !dir->users && dir->words[slot] != PT_FAULT_WORD )
            bad = "a directory that is not bound has a word";
        else
            bad = audit_slot(m, dir, slot);

    return bad;
}

static bool is_in_bucket(const struct mirror *m, uint16_t t)
{
    const struct mirror_table *table = &m->table[t];
    uint16_t i = m->bucket[mirror_bucket(table->ipa)];

    while ( i != NO_TABLE && i != t )
        i = m->table[i].next;

    return i == t;
}

static bool words_are_noted(const struct mirror *m, const struct table *t)
{
    unsigned int page, mib;

    for ( page = 0; page < PT_PAGES; page++ )
    {
        mib = ipa_mib(view_ipa(t->view[page]));
        if ( t->words[page] != PT_FAULT_WORD &&
             (mib < t->mibs.first || mib >= t->mibs.end ||
              !bit_is_set(m->ipas.used, mib) ||
              !m->mapped[view_ipa(t->view[page]).v >> PT_PAGE_SHIFT]) )
            return false;
    }

    return true;
}

/* Every reference needs a word; a word without one is device memory. */
static bool references_have_words(const struct table *t)
{
    unsigned int page;

    for ( page = 0; page < PT_PAGES; page++ )
        if ( table_holds(t, page) && t->words[page] == PT_FAULT_WORD )
            return false;

    return true;
}

static bool maps_nothing(const struct table *t)
{
    unsigned int page;

    for ( page = 0; page < PT_PAGES; page++ )
        if ( t->words[page] != PT_FAULT_WORD || table_holds(t, page) )
            return false;

    return true;
}

static const char *audit_table(const struct mirror *m, uint16_t t)
{
    const struct mirror_table *table = &m->table[t];

    if ( !table->used )
        return maps_nothing(table->table) ? NULL : "a free table has a word";
    if ( !is_in_bucket(m, t) )
        return "a table is not in its bucket";
    if ( !references_have_words(table->table) )
        return "a reference is held for a word that maps nothing";
    if ( !table->stale && !words_are_noted(m, table->table) )
        return "a page that is mapped is not noted as that";

    return NULL;
}

/* Tables whose links one part counts; it reads all directories. */
#define LINKED_TABLES 64u

static const char *audit_links(const struct mirror *m, unsigned int first)
{
    uint32_t links[LINKED_TABLES] = { 0 };
    unsigned int i, slot, t;

    for ( i = 0; i < m->mem.nr_dirs; i++ )
        for ( slot = 0; slot < PT_SLOTS; slot++ )
        {
            t = m->dir[i].table[slot] - first;
            if ( t < LINKED_TABLES )
                links[t]++;
        }
    for ( t = 0; t < LINKED_TABLES && first + t < m->mem.nr_tables; t++ )
        if ( m->table[first + t].links != links[t] )
            return "links to a table are miscounted";

    return NULL;
}

static unsigned int count_free(const struct mirror *m)
{
    unsigned int n = 0;
    uint16_t t;

    for ( t = m->free_table; t != NO_TABLE && n <= m->mem.nr_tables;
          t = m->table[t].next )
        n++;

    return n;
}

static bool stage_holds(const struct table *t)
{
    unsigned int part;

    for ( part = 0; part < TABLE_PARTS; part++ )
        if ( t->held[part] )
            return true;

    return false;
}

static unsigned int count_unlinked(const struct mirror *m)
{
    unsigned int n = 0;
    uint16_t t;

    for ( t = m->unlinked_table; t != NO_TABLE && n <= m->mem.nr_tables;
          t = m->table[t].next_unlinked )
        n++;

    return n;
}

/* The counters and lists over all tables. */
static const char *audit_counts(const struct mirror *m)
{
    unsigned int i, used = 0, unlinked = 0, stale = 0, live = 0;
    const struct mirror_table *table;

    for ( i = 0; i < m->mem.nr_tables; i++ )
    {
        table = &m->table[i];
        used += table->used;
        unlinked += table->used && !table->links;
        stale += table->stale;
        live += mirror_maps(table) && !table->stale;
    }
    if ( used + count_free(m) != m->mem.nr_tables )
        return "the list of free tables is wrong";
    if ( unlinked != count_unlinked(m) )
        return "the list of unlinked tables is wrong";
    if ( stale != m->stale || live != m->live )
        return "stale or live tables are miscounted";

    return NULL;
}

static const char *audit_pool(const struct mirror *m)
{
    const char *bad = audit_counts(m);

    if ( !bad && !m->staging && stage_holds(&m->stage.table) )
        bad = "the stage holds a reference";
    if ( !bad && (m->removed || m->nr_gone) )
        bad = "words were removed, and hardware was not quiesced";

    return bad;
}

/* The directories, the tables, their links, the rest. */
unsigned int mirror_audit_parts(const struct mirror *m)
{
    return m->mem.nr_dirs + m->mem.nr_tables +
           (m->mem.nr_tables + LINKED_TABLES - 1) / LINKED_TABLES + 1;
}

const char *mirror_audit_part(const struct mirror *m, unsigned int part)
{
    unsigned int dirs = m->mem.nr_dirs, tables = m->mem.nr_tables;

    if ( part < dirs )
        return audit_dir(m, &m->dir[part]);
    part -= dirs;
    if ( part < tables )
        return audit_table(m, (uint16_t)part);
    part -= tables;
    if ( part * LINKED_TABLES < tables )
        return audit_links(m, part * LINKED_TABLES);

    return audit_pool(m);
}

const char *mirror_audit(const struct mirror *m)
{
    unsigned int part, parts = mirror_audit_parts(m);
    const char *bad = NULL;

    for ( part = 0; part < parts && !bad; part++ )
        bad = mirror_audit_part(m, part);

    return bad;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
