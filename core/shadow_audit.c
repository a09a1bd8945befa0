/* SPDX-License-Identifier: GPL-2.0-only */
#include "shadow_audit.h"

static bool visit_table(const struct table *t, struct shadow_leaf *leaf,
                        shadow_visit *visit, void *arg)
{
    uint64_t da = leaf->da.v;
    unsigned int page, pages;

    for ( page = 0; page < PT_PAGES; page += pages )
    {
        pages = pt_page_kind(t->words[page]) == PT_LARGE ? PT_CHUNK : 1;
        leaf->da = _da(da + page * PT_PAGE_BYTES);
        leaf->ipa = view_ipa(t->view[page]);
        leaf->maddr = table_maddr(t, page);
        leaf->bytes = pages << PT_PAGE_SHIFT;
        leaf->held = table_holds(t, page);
        if ( t->words[page] != PT_FAULT_WORD && !visit(arg, leaf) )
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
            .ipa = _ipa(content->ipa),
            .maddr = _maddr(content->maddr),
            .bytes = slots << PT_SLOT_SHIFT,
            .held = content->held,
            .condemned = content->condemned,
            .shown = !s->parked && s->mem.root[slot] != PT_FAULT_WORD,
        };

        slot += slots;
        if ( content->kind == PT_FAULT )
            continue;
        if ( content->kind == PT_TABLE
                 ? !visit_table(shadow_table(s, content), &leaf, visit, arg)
                 : !visit(arg, &leaf) )
            return false;
    }

    return true;
}

/* A slot's notes and its word. */
static const char *audit_slot(const struct shadow *s, unsigned int slot)
{
    const struct shadow_slot *content = &s->slot[slot];
    uint32_t word = s->mem.root[slot];
    bool shown = !s->parked && word != PT_FAULT_WORD;

    if ( word != PT_FAULT_WORD && !bit_is_set(s->linked, slot / PT_GROUP) )
        return "a linked group is not noted as linked";
    if ( shown && word != shadow_word(s, content) )
        return "a shown word is not that of the slot's content";
    if ( content->kind == PT_FAULT )
        return NULL;
    if ( shadow_word(s, content) == PT_FAULT_WORD )
        return "a slot holds what the format has no word for";
    if ( content->condemned && !s->has_condemned )
        return "a condemned slot is forgotten";
    if ( content->condemned && shown )
        return "a condemned slot is shown";
    if ( !content->condemned && !bit_is_set(s->alive, slot / PT_GROUP) )
        return "a filled group is not noted as alive";

    return NULL;
}

/*
 * Returns whether the MiBs of the slot's own part of its leaf are noted.
 * Computed from the slot, not by shadow_leaf_mibs(), which wrote the notes.
 */
static bool leaf_is_noted(const struct shadow *s, unsigned int slot)
{
    const struct shadow_slot *leaf = &s->slot[slot];
    uint64_t ipa = leaf->ipa + slot_da(slot - span_first(leaf->kind, slot)).v;
    uint64_t end = ipa + PT_SLOT_BYTES;

    for ( ; ipa < end; ipa += 1u << IPA_MIB_SHIFT )
        if ( !bit_is_set(s->ipas.used, ipa_mib(_ipa(ipa))) )
            return false;

    return true;
}

/* A leaf against its group and what is noted. */
static const char *audit_leaf(const struct shadow *s, unsigned int slot)
{
    const struct shadow_slot *leaf = &s->slot[slot];
    const struct shadow_slot *head = &s->slot[span_first(leaf->kind, slot)];

    if ( (leaf->ipa | leaf->maddr) &
         (span_slots(leaf->kind) * PT_SLOT_BYTES - 1) )
        return "a leaf is not aligned";
    if ( !leaf->condemned && !leaf_is_noted(s, slot) )
        return "a leaf's IPA is not noted as used";
    if ( head->kind != leaf->kind || head->held != leaf->held ||
         head->condemned != leaf->condemned || head->ipa != leaf->ipa ||
         head->maddr != leaf->maddr )
        return "the slots of a supersection disagree";

    return NULL;
}

/* A page that a table translates, against its view and what is noted. */
static const char *audit_page(const struct shadow *s, const struct table *t,
                              unsigned int page)
{
    unsigned int first = page - page % PT_CHUNK;
    unsigned int mib = ipa_mib(view_ipa(t->view[page]));

    if ( !view_is_mapped(t->view[page]) )
        return "a page that the guest does not map";
    if ( !bit_is_set(s->ipas.used, mib) )
        return "a page's IPA is not noted as used";
    if ( mib < t->mibs.first || mib >= t->mibs.end )
        return "a page's IPA is beyond the table's";
    if ( pt_page_kind(t->words[page]) != PT_LARGE )
        return NULL;
    if ( t->words[page] != t->words[first] )
        return "the words of a large page disagree";
    if ( !view_rises(t->view[first], t->view[page], page - first) )
        return "the IPAs of a large page do not rise";

    return NULL;
}

/* A page that the table does not translate. */
static const char *audit_hole(const struct table *t, unsigned int page)
{
    if ( table_holds(t, page) )
        return "a reference without a page";
    if ( view_is_mapped(t->view[page]) &&
         bit_is_set(t->whole, page / TABLE_PART) )
        return "a hole that nobody will ask for again";

    return NULL;
}

/* A table against the slot that has it, and its pages. */
static const char *audit_table(const struct shadow *s, unsigned int slot)
{
    const struct shadow_slot *content = &s->slot[slot];
    const struct table *t = shadow_table(s, content);
    const char *bad = NULL;
    unsigned int i;

    if ( content->table >= s->mem.nr_tables )
        return "no such table";
    if ( s->mem.pool[content->table].slot != slot )
        return "a table is in two slots";

    for ( i = 0; i < PT_PAGES && !content->condemned && !bad; i++ )
        bad = t->words[i] == PT_FAULT_WORD ? audit_hole(t, i)
                                           : audit_page(s, t, i);

    return bad;
}

const char *shadow_audit_group(const struct shadow *s, unsigned int group)
{
    unsigned int slot = group * PT_GROUP, end = slot + PT_GROUP;
    const char *bad = NULL;

    for ( ; slot < end && !bad; slot++ )
    {
        bad = audit_slot(s, slot);
        if ( !bad && s->slot[slot].kind != PT_FAULT )
            bad = s->slot[slot].kind == PT_TABLE ? audit_table(s, slot)
                                                 : audit_leaf(s, slot);
    }

    return bad;
}

/* For a free table: no reference is held, and no part counts as made. */
static bool is_clear(const struct table *t)
{
    uint32_t any = 0;
    unsigned int i;

    for ( i = 0; i < TABLE_PARTS; i++ )
        any |= t->held[i];
    for ( i = 0; i < BIT_WORDS(TABLE_PARTS); i++ )
        any |= t->whole[i];

    return !any;
}

const char *shadow_audit_pool(const struct shadow *s)
{
    unsigned int i, tables = s->fill.under_way ? 1 : 0;

    if ( !s->fill.under_way && s->free_table == NO_TABLE )
        return "no table is free for the next fill";

    for ( i = 0; i < PT_SLOTS; i++ )
        tables += s->slot[i].kind == PT_TABLE;

    for ( i = s->free_table; i != NO_TABLE && tables <= s->mem.nr_tables;
          i = s->mem.pool[i].next_free, tables++ )
        if ( !is_clear(&s->mem.pool[i].table) )
            return "a free table holds something";

    return tables == s->mem.nr_tables ? NULL : "a table is lost or double";
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
