/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shadow for spin: fills (begin, prepare, commit) against flushes by the guest,
 * p2m changes, eviction, release of condemned slots, and release. vmmu.pml models
 * faults.
 *
 * Each inline models the function of core/ with its name. Code that holds the MMU's
 * lock is one step, except where hardware or a CPU without that lock could see the
 * difference.
 *
 * The world: two slots of one page each. The guest maps slot 0 to one of two IPAs
 * of the same MiB or to nothing, slot 1 always to IPA 0. IPA 0 loses its page and
 * gets another (or the same), IPA 1 keeps its own. A pool of two tables, and a
 * content is always a table; a TLB of one entry, since each property is about a
 * single mapping. A free table holds WILD, a page without an owner: it must be
 * written and cleaned before it is walked. `flushes` is a counter that a fill
 * compares: here one bit, cleared by shadow_begin().
 *
 * No action is counted: each may happen any number of times, and any slot that a
 * requester may miss is filled at any time. What spin checks holds for any number
 * of actions.
 *
 * Not here: leaves and groups, the guest's TLB entries, a guest's MMU that is off.
 * BROKEN=n removes one rule (see check.sh).
 */
#ifndef BROKEN
#define BROKEN 0
#endif

/*
 * 2: each fill evicts the other slot's table. 3: both slots can be shown, and IPA
 * 1 can be said to change; but no release, and a p2m change drops at once all that
 * it concerns.
 */
#ifndef TABLES
#define TABLES 2
#endif

#define NONE   3     /* no IPA, page, slot or table; the guest maps nothing */
#define WILD   4
#define BIT(n) (1 << (n))

/* The guest's tables, and what its MMU may still hold: since the last flush. */
byte guest_map[2] = { NONE, 0 }; /* by slot: an IPA */
byte legal[2] = { 0, 1 };        /* by slot: a bit for each IPA */
bool dying;                   /* its vCPUs are paused, for good */

/* Xen's memory. A page is free when no IPA leads to it and nobody holds it. */
byte p2m[2] = { 0, 2 };       /* by IPA: a page */
byte leaving = NONE;          /* taken from the p2m, not given up yet */
byte held[3];
bool p2m_write_locked;

#define is_free(page) \
    (p2m[0] != page && p2m[1] != page && leaving != page && held[page] == 0)

/* The MMU's hardware. */
bool root_walked;             /* TTB: the root, or the empty table */
byte root[2] = NONE;          /* first-level words: a table */
byte seen[TABLES] = WILD;          /* second-level words, as memory has them: a page */
byte tlb_slot = NONE;         /* the TLB's entry: a slot */
byte tlb_page, tlb_ipa;       /* its page; the IPA that this stood for */
bool walking;                 /* WALKING_ST */

/* struct shadow */
bool mmu_locked;
bool parked = true;
byte slot_table[2] = NONE;
bool slot_condemned[2];
bool table_free[TABLES] = true;
byte view[TABLES] = NONE;          /* by table: the IPA that it was made from */
byte word[TABLES] = NONE;          /* ... its word, as the CPU wrote it: a page held */
bool ipa_used;                /* ipas: the MiB of both IPAs */
bool flushed;                 /* since the fill began */

/* struct shadow_fill */
bool under_way;
byte changed;                 /* the MiB of both IPAs: a bit for each that did */
byte fill_table, content = NONE;
bool content_condemned, fresh;

bool released;                /* VMMU_RELEASED */
bool tasklet_runs, tasklet_killed;

#define LOCK    mmu_locked = true

inline lock()
{
    atomic { !mmu_locked -> mmu_locked = true }
}

/* Properties. Each guard is what must never be. */

#define isolated(page) (page != WILD && held[page] > 0)
#define faithful(slot, ipa, page) \
    ((legal[slot] & BIT(ipa)) && (p2m[ipa] == page || leaving == page))
#define walks(slot) \
    (root_walked && root[slot] != NONE && seen[root[slot]] != NONE)

/* Never true: the names of what may be violated. */
bool isolation, fidelity, ownership;

active proctype checker()
{
end:
    do
    /* Isolation: what the hardware can get to is held. */
    :: tlb_slot != NONE && !isolated(tlb_page) -> assert(isolation)
    :: walks(0) && !isolated(seen[root[0]]) -> assert(isolation)
    :: walks(1) && !isolated(seen[root[1]]) -> assert(isolation)

    /* Fidelity: nothing older than the last flush, or than the p2m. */
    :: tlb_slot != NONE && !faithful(tlb_slot, tlb_ipa, tlb_page) -> assert(fidelity)
    :: walks(0) && !faithful(0, view[root[0]], seen[root[0]]) -> assert(fidelity)
    :: walks(1) && !faithful(1, view[root[1]], seen[root[1]]) -> assert(fidelity)

    /* What is under fill is nobody else's. */
    :: under_way && (table_free[fill_table] || slot_table[0] == fill_table ||
                     slot_table[1] == fill_table || root[0] == fill_table ||
                     root[1] == fill_table) -> assert(ownership)
    od
}

/* shadow_audit.c, at rest: each table is free or one slot's, each word held. */
#define audit_table(t) \
    assert(table_free[t] == (slot_table[0] != t && slot_table[1] != t))
#if TABLES == 2
#define words_of(page) ((word[0] == page) + (word[1] == page))
#define some_free() (table_free[0] || table_free[1])
#define take_table() (table_free[0] -> 0 : 1)
#else
#define words_of(page) \
    ((word[0] == page) + (word[1] == page) + (word[2] == page))
#define some_free() (table_free[0] || table_free[1] || table_free[2])
#define take_table() (table_free[0] -> 0 : (table_free[1] -> 1 : 2))
#endif

inline audit()
{
    audit_table(0);
    audit_table(1);
#if TABLES == 3
    audit_table(2);
#endif
    assert(slot_table[0] == NONE || slot_table[0] != slot_table[1]);
    assert(held[0] == words_of(0));
    assert(held[1] == words_of(1));
    assert(held[2] == words_of(2))
}

/* core/hw.c */

inline hw_flush()
{
#if BROKEN != 1
    !walking;
#endif
    d_step { tlb_slot = NONE; tlb_page = 0; tlb_ipa = 0 }
}

/* core/shadow.c: slots. The MMU's lock is held. */

inline release_content(table)
{
    if
    :: word[table] != NONE ->
        assert(held[word[table]] > 0);
        held[word[table]]--;
        word[table] = NONE
    :: else
    fi
}

inline free_table(table)
{
    table_free[table] = true;
    view[table] = NONE;
    seen[table] = WILD
}

#if BROKEN == 2
#define flush_hidden() skip
#else
#define flush_hidden() hw_flush()
#endif

inline hide_slot(slot)
{
    if
    :: d_step { root[slot] != NONE && parked -> root[slot] = NONE }
    :: d_step { root[slot] != NONE && !parked -> root[slot] = NONE };
        flush_hidden()
    :: root[slot] == NONE
    fi
}

/* Of a slot that holds something. */
inline drop_used(slot)
{
#if BROKEN == 3
    d_step { release_content(slot_table[slot]) };
#endif
    hide_slot(slot);
    d_step {
        release_content(slot_table[slot]);
        free_table(slot_table[slot]);
        slot_table[slot] = NONE;
        slot_condemned[slot] = false
    }
}

inline shadow_drop(slot)
{
    if
    :: slot_table[slot] != NONE -> drop_used(slot)
    :: else
    fi
}

inline shadow_park()
{
    if
    :: d_step { parked -> flushed = (BROKEN != 4) }
    :: d_step { !parked -> flushed = (BROKEN != 4); parked = true; root_walked = false };
        hw_flush()
    fi
}

inline shadow_hide(slot)
{
    flushed = (BROKEN != 5);
    if
    :: parked
    :: !parked -> hide_slot(slot)
    fi
}

/* Back from parked: what was linked must be verified before it is again. */
inline link_slots(slot, table, whether)
{
    if
    :: !(whether)
    :: d_step { (whether) && parked ->
#if BROKEN != 6
            root[0] = NONE;
            root[1] = NONE;
#endif
            root[slot] = table;
            parked = false;
            root_walked = true };
        hw_flush()
    :: d_step { (whether) && !parked -> root[slot] = table }
    fi
}

inline keep_a_table_free(just_filled)
{
    if
    :: !some_free() -> drop_used(1 - just_filled)
    :: else
    fi
}

/* core/shadow.c: a fill */

inline shadow_begin(slot)
{
    hide_slot(slot);
    d_step {
        content = slot_table[slot];
        content_condemned = slot_condemned[slot];
        slot_table[slot] = NONE;
        slot_condemned[slot] = false;
        if
        :: content != NONE -> fill_table = content
        :: else ->
            assert(some_free());
            fill_table = take_table();
            table_free[fill_table] = false
        fi;
        under_way = true;
        changed = 0;
        flushed = false;
#if BROKEN != 13
        mmu_locked = false /* vmmu_unlock() in fill_gap() */
#endif
    }
}

/* get_pages(): the look-up and the reference are one, under the p2m's lock. */
inline get_pages(ipa)
{
#if BROKEN == 7
    atomic { !p2m_write_locked -> word[fill_table] = p2m[ipa] };
    d_step {
#else
    atomic { !p2m_write_locked -> word[fill_table] = p2m[ipa];
#endif
        if
        :: word[fill_table] != NONE ->
            assert(!is_free(word[fill_table]));
            held[word[fill_table]]++
        :: else
        fi }
}

/*
 * Of an IPA that the guest maps. No lock but the p2m's, inside. What is condemned, or
 * does not agree with the view, is given back first.
 */
inline shadow_prepare(ipa)
{
    d_step {
        if
        :: content_condemned || content == NONE || view[content] != ipa ->
            release_content(fill_table)
        :: else
        fi;
        view[fill_table] = ipa;
        content = fill_table;
        content_condemned = false
    };
    if
    :: word[fill_table] != NONE /* kept */
    :: else ->
        if
        :: get_pages(ipa)
        :: flushed = true /* get_pages() was not done: to commit it is the same */
        fi;
        d_step {
#if BROKEN != 8
            seen[fill_table] = word[fill_table]; /* clean() */
#endif
            fresh = true }
    fi
}

/* Does what changed meanwhile concern a content made from ipa? By the MiB. */
#if BROKEN == 11
#define concerns(ipa) (changed & BIT(ipa))
#else
#define concerns(ipa) (changed != 0)
#endif

/* verified: it was prepared. Tells by stale, and content. */
inline shadow_commit(slot, verified)
{
    atomic {
#if BROKEN != 13
        !mmu_locked -> LOCK; /* vmmu_lock() in fill_gap() */
#endif
        stale = (BROKEN != 9) && flushed;
        under_way = false;
        ipa_used = ipa_used || fresh; /* note_content() */
        if
        :: BROKEN != 10 && content != NONE && concerns(view[content]) ->
            release_content(content);
            content = NONE;
            content_condemned = false;
            stale = true
        :: else
        fi;
        if
        :: content == NONE -> free_table(fill_table)
        :: else ->
            assert(slot_table[slot] == NONE);
            slot_table[slot] = content;
            slot_condemned[slot] = content_condemned
        fi;
        changed = 0;
        flushed = false;
        content_condemned = false;
        fresh = false;
        fill_table = 0
    };
    keep_a_table_free(slot);
    link_slots(slot, content, !stale && verified)
}

/* core/map_change.c. What stems from the MiB of what changed goes: both slots. A slot is
 * dropped, or only killed: that depends on how much the change has given back already. */
#define alive(slot) (slot_table[slot] != NONE && !slot_condemned[slot])

inline change_slot(slot)
{
    if
    :: !alive(slot)
    :: alive(slot) ->
        shadow_park();
        if
        :: drop_used(slot)
#if TABLES == 2
        :: slot_condemned[slot] = true
#endif
        fi
    fi
}

inline shadow_ipa_changed(ipa)
{
    changed = changed | (under_way && BROKEN != 12 -> BIT(ipa) : 0);
    if
    :: ipa_used ->
        change_slot(0);
        change_slot(1);
        ipa_used = false
    :: else
    fi
}

/* core/fault.c */

/* One try. The guest's tables are read under the p2m's lock, as is the p2m. */
inline fill_gap(slot)
{
    shadow_begin(slot);
    atomic { !p2m_write_locked -> ipa = guest_map[slot] }; /* guest_view() */
    if
    :: ipa != NONE -> shadow_prepare(ipa)
    :: else
    fi;
    shadow_commit(slot, ipa != NONE);
    d_step { ipa = NONE; content = NONE; stale = false }
}

/* As much as a call may do; the rest is another's. */
inline shadow_release_condemned()
{
    if
    :: slot_condemned[0] -> drop_used(0)
    :: slot_condemned[1] -> drop_used(1)
    :: else
    fi
}

/* Who acts */

#define flush(slot) \
    legal[slot] = (guest_map[slot] == NONE -> 0 : BIT(guest_map[slot]))

/* One vCPU. What it flushes is gone from the end of the trap on. */
active proctype guest()
{
end:
    do
    :: atomic { guest_map[0] = 0; legal[0] = legal[0] | BIT(0) }
    :: atomic { guest_map[0] = 1; legal[0] = legal[0] | BIT(1) }
    :: guest_map[0] = NONE

    /* GFLUSH, TTB, LD_TLB, READ_CAM, CNTL, soft reset */
    :: lock();
        shadow_park();
        d_step { flush(0); flush(1); mmu_locked = false }

    /* FLUSH_ENTRY */
    :: lock();
        if
        :: shadow_hide(0); d_step { flush(0); mmu_locked = false }
        :: shadow_hide(1); d_step { flush(1); mmu_locked = false }
        fi

#if TABLES == 2
    :: dying = true -> break
#endif
    od
}

/* Another CPU: IPA 0 loses its page, or gets one; vmmu_ipa_changed(). */
active proctype p2m_cpu()
{
    bool ipa;

end:
    do
    :: atomic {
        p2m_write_locked = true;
        if
        :: p2m[0] != NONE -> leaving = p2m[0]; p2m[0] = NONE
        :: p2m[0] == NONE && is_free(0) -> p2m[0] = 0
        :: p2m[0] == NONE && !is_free(0) && is_free(1) -> p2m[0] = 1
#if TABLES == 3
        :: ipa = 1
#else
        :: else
#endif
        fi };
        lock();
        if
        :: !released -> shadow_ipa_changed(ipa)
        :: released
        fi;
        d_step { mmu_locked = false; leaving = NONE; ipa = 0; p2m_write_locked = false }
    od
}

/* vmmu_fault(): for whatever slot, at whatever time. */
active proctype tasklet()
{
    byte ipa = NONE;
    bool stale;

end:
    do
    :: atomic { !mmu_locked && !tasklet_killed -> LOCK; tasklet_runs = true };
        if
        :: fill_gap(0)
        :: fill_gap(1)
        :: shadow_release_condemned()
        fi;
        atomic { audit(); mmu_locked = false; tasklet_runs = false }
    od
}

/* The walker: it reads two words, and takes its time. */
inline walk(slot)
{
    d_step { table = (root_walked -> root[slot] : NONE); walking = true };
    d_step {
        if
        :: table != NONE && seen[table] != NONE ->
            tlb_slot = slot;
            tlb_page = seen[table];
            tlb_ipa = view[table]
        :: else /* a fault */
        fi;
        table = NONE;
        walking = false
    }
}

active proctype walker()
{
    byte table = NONE;

end:
    do
    :: walk(0)
    :: walk(1)
    :: break
    od
}

/*
 * assign.c, release_last(): the domain is being destroyed, its vCPUs paused. The
 * p2m may change all the same, and the processor runs on.
 */
active proctype release()
{
end:
    dying;
    tasklet_killed = true;
    atomic { !tasklet_runs && !mmu_locked -> LOCK }; /* vmmu_release() */
    released = true;
#if BROKEN == 14
    parked = true;
    shadow_drop(0);
#endif
    root_walked = false; /* hw_quarantine() */
    hw_flush();
    parked = true; /* shadow_release() */
    shadow_drop(0);
    mmu_locked = false;

    lock(); /* the last call */
    shadow_drop(1);
    d_step { assert(held[0] + held[1] + held[2] == 0); audit(); mmu_locked = false }
}
