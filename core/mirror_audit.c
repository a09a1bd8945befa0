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

static bool visit_dir(const struct mirror *m, unsigned int dir,
                      mirror_visit *visit, void *arg)
{
    const struct mirror_dir *d = &m->dir[dir];
    struct mirror_leaf leaf = { .dir = dir };
    unsigned int slot;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
    {
        if ( d->words[slot] == PT_FAULT_WORD || d->table[slot] == NO_TABLE )
            continue;
        leaf.da = _da(slot * PT_SLOT_BYTES);
        if ( !visit_table(m->table[d->table[slot]].table, &leaf, visit, arg) )
            return false;
    }

    return true;
}

void mirror_for_each(const struct mirror *m, mirror_visit *visit, void *arg)
{
    unsigned int i;

    for ( i = 0; i < m->mem.nr_dirs; i++ )
        if ( m->dir[i].users && !visit_dir(m, i, visit, arg) )
            return;
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

static uint32_t count_links(const struct mirror *m, uint16_t t)
{
    unsigned int i, slot;
    uint32_t links = 0;

    for ( i = 0; i < m->mem.nr_dirs; i++ )
        for ( slot = 0; slot < PT_SLOTS; slot++ )
            links += m->dir[i].table[slot] == t;

    return links;
}

static bool is_in_bucket(const struct mirror *m, uint16_t t)
{
    const struct mirror_table *table = &m->table[t];
    uint16_t i = m->bucket[mirror_bucket(table->ipa, table->size)];

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

/* A reference stands for a word; a word without one is of device memory. */
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

    if ( table->links != count_links(m, t) )
        return "links to a table are miscounted";
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

const char *mirror_audit(const struct mirror *m)
{
    unsigned int i, used = 0;
    const char *bad = NULL;

    for ( i = 0; i < m->mem.nr_dirs && !bad; i++ )
        bad = audit_dir(m, &m->dir[i]);
    for ( i = 0; i < m->mem.nr_tables && !bad; i++ )
    {
        bad = audit_table(m, (uint16_t)i);
        used += m->table[i].used;
    }
    if ( !bad && used + count_free(m) != m->mem.nr_tables )
        bad = "the list of free tables is wrong";
    if ( !bad && stage_holds(&m->stage.table) )
        bad = "the stage holds a reference";
    if ( !bad && (m->removed || m->nr_gone) )
        bad = "words were removed, and hardware was not told";

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
