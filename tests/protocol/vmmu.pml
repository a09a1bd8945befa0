/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a fault, for spin: interrupt, tasklet, fill, the guest's
 * acknowledgement and reset, release; a guest that has not touched its MMU yet; and
 * cores that are stopped and started, while EDMA behind the same MMU goes on.
 * shadow.pml models the shadow: here one bit tells whether the only device address is
 * shown. The tasklet may wait for any time.
 *
 * Each inline models the function of core/ with its name. No action is counted, and
 * the guest may fall silent at any time. So a request that waits for ever is an
 * invalid end state, and an answer that never comes is a cycle without progress:
 * without a completed access, and without an act of the guest or its p2m.
 * BROKEN=n: see check.sh.
 */
#ifndef BROKEN
#define BROKEN 0
#endif

mtype = { ACTING, SILENT, DYING };
mtype guest_is = ACTING;

bool maps;                    /* the guest's tables and its p2m translate the da */
bool shown, flushed;          /* struct shadow; flushed: since begin */
byte condemned;               /* slots to be released */

bool fault, irq_enabled = true; /* IRQSTATUS and the stall; IRQENABLE */

bool mmu_locked;
mtype = { UNTOUCHED, RUNNING, SERVING, STALLED, RELEASED };
mtype state = UNTOUCHED;
bool touched;                 /* by the guest, or by a start, ever */
bool held;                    /* vmmu_hold(): no core runs */

bool interrupted;             /* by an interrupt that vmmu_fault() has not seen */
byte interrupts;              /* since it looked last; 3: or more */
bool interrupt_runs, interrupt_gone;
bool scheduled, tasklet_runs, tasklet_killed;

inline vmmu_lock()
{
    atomic { !mmu_locked -> mmu_locked = true }
}

inline vmmu_unlock()
{
    mmu_locked = false
}

/* Never true: the names of what may be violated. */
bool stall, quarantine, condemned_left, untouched, storm, behind_reset;

/* Each guard is what must never be. */
active proctype checker()
{
end:
    do
    /* What the guest was shown stays until it acts. */
    :: state == STALLED && !fault -> assert(stall)
    /* In quarantine nothing is shown, and nobody interrupts. */
    :: state == RELEASED && !mmu_locked && (shown || irq_enabled) -> assert(quarantine)
    /* An untouched MMU translates nothing. */
    :: shown && !touched -> assert(untouched)
    /* Nor does one behind which no core runs. */
    :: shown && held && !mmu_locked -> assert(behind_reset)
    /* Between two looks of vmmu_fault() all that a guest writes lets one interrupt
     * more through, at most. */
    :: interrupts > 2 -> assert(storm)
    /* The release of condemned slots is scheduled. */
    :: condemned && !scheduled && !tasklet_runs && !mmu_locked && !tasklet_killed ->
        assert(condemned_left)
    od
}

/* core/fault.c, core/vmmu.c; the lock is held */

inline vmmu_unmask()
{
    if
    :: interrupted && BROKEN != 8
    :: !interrupted || BROKEN == 8 -> irq_enabled = true
    fi
}

/* Two registers, and the requester retries between them. */
inline vmmu_release_requester()
{
    state = RUNNING;
    fault = false; /* hw_acknowledge() */
#if BROKEN != 1
    vmmu_unmask()
#endif
}

inline control()
{
    touched = true;
    if
    :: state == UNTOUCHED -> state = RUNNING
    :: else
    fi;
    if
    :: state == STALLED -> vmmu_release_requester()
#if BROKEN != 13
    :: state == RUNNING -> vmmu_unmask()
#endif
    :: else
    fi
}

inline soft_reset()
{
    if
    :: state == UNTOUCHED && BROKEN != 14
    :: state != UNTOUCHED || BROKEN == 14 -> vmmu_release_requester()
    fi
}

inline fill_gap()
{
    d_step { shown = false; flushed = false }; /* shadow_begin() */
    vmmu_unlock();
    found = maps; /* guest_view(), shadow_prepare() */
    vmmu_lock();
    d_step { /* shadow_commit() */
        stale = flushed;
        shown = found && !stale;
        irq = !found && !stale;
        found = false;
        flushed = false
    }
}

inline serve_fault()
{
    state = SERVING;
    fill_gap();
    if
    :: irq -> state = STALLED
#if BROKEN == 2
    :: !irq && stale -> state = RUNNING
    :: !irq && !stale -> vmmu_release_requester()
#else
    :: !irq -> vmmu_release_requester()
#endif
    fi
}

inline release_condemned()
{
    d_step { condemned--; scheduled = scheduled || (BROKEN != 3 && condemned > 0) }
}

inline vmmu_fault()
{
#if BROKEN == 10
    interrupted = false;
#endif
    vmmu_lock();
    d_step { interrupted = interrupted && (BROKEN == 9 || BROKEN == 10); interrupts = 0 };
    if
    :: state != RELEASED && condemned -> release_condemned()
    :: else
    fi;
    if
#if BROKEN == 15
    :: state == RUNNING && fault -> serve_fault()
#else
    :: state == RUNNING && fault && held -> state = STALLED /* keep_waiting() */
    :: state == RUNNING && fault && !held -> serve_fault()
#endif
#if BROKEN == 12
    :: state == UNTOUCHED && fault -> serve_fault()
#endif
#if BROKEN == 7
    :: state == RUNNING && !fault -> vmmu_release_requester()
#elif BROKEN != 4
    :: state == RUNNING && !fault -> vmmu_unmask()
#endif
    :: else
    fi;
#if BROKEN == 9
    interrupted = false;
#endif
    atomic { stale = false; irq = false; mmu_locked = false }
}

/* Who acts */

active proctype guest()
{
    do
    :: maps = !maps;
progress_store:
        skip

    :: vmmu_lock(); /* shadow_park(), shadow_hide() */
progress_flush:
        d_step { shown = false; flushed = true };
        if
        :: skip
        :: control()
        :: soft_reset()
        fi;
        vmmu_unlock()

    /* A silent stall, of which the guest knows nothing, is not distinguished. */
    :: atomic { !mmu_locked && state == STALLED -> mmu_locked = true };
progress_acknowledge:
        vmmu_release_requester();
        vmmu_unlock()

    :: vmmu_lock(); /* vmmu_hold(), vmmu_stopped() */
progress_stop:
        d_step {
                held = true;
                shown = (BROKEN == 16 && shown);
                flushed = (flushed || BROKEN != 17)
        };
        if
        :: state == STALLED -> vmmu_release_requester()
        :: else
        fi;
        vmmu_unlock()

    :: vmmu_lock(); /* vmmu_start() */
progress_start:
        d_step { shown = false; flushed = true };
        control();
        held = false;
        vmmu_unlock()

    :: guest_is = SILENT -> break
    :: guest_is = DYING -> break
    od
}

/* vmmu_ipa_changed(), from another CPU. */
active proctype p2m_cpu()
{
end:
    do
    :: atomic { guest_is != SILENT && !mmu_locked -> mmu_locked = true };
progress_change:
        if
        :: state != RELEASED ->
            d_step { maps = !maps; shown = false; flushed = true };
            if
            :: skip
            :: d_step { condemned = 2; scheduled = true } /* defer() */
            fi
        :: else
        fi;
        vmmu_unlock()
    :: guest_is != ACTING -> break
    od
}

/* Taken, some time before it runs. */
active proctype interrupt()
{
end:
    do
    :: atomic {
            fault && irq_enabled && !interrupt_gone ->
            interrupt_runs = true;
            interrupts = (interrupts < 3 -> interrupts + 1 : 3)
        };
        /* vmmu_interrupt() */
#if BROKEN == 5
        interrupted = true;
        scheduled = true;
        irq_enabled = false;
#elif BROKEN == 11
        irq_enabled = false;
        interrupted = true;
        scheduled = true;
#else
        interrupted = true;
        irq_enabled = false;
        scheduled = true;
#endif
        interrupt_runs = false
    od
}

active proctype tasklet()
{
    bool found, stale, irq;

end:
    do
    :: d_step { scheduled && !tasklet_killed -> scheduled = false; tasklet_runs = true };
        vmmu_fault();
        tasklet_runs = false
    od
}

active proctype processor()
{
access:
    if
    :: shown ->
progress_access:
        goto access
    :: !shown -> fault = true
    fi;
    if
    :: !fault -> goto access
    /* The guest has a fault to acknowledge, but never will. */
    :: fault && guest_is == SILENT && state == STALLED
    /* It never touches its MMU; or is gone. */
    :: fault && guest_is == SILENT && state == UNTOUCHED
    :: fault && state == RELEASED
    fi
}

/* assign.c, release_last() */
active proctype release()
{
end:
    guest_is == DYING;
    interrupt_gone = true;
    !interrupt_runs;
    tasklet_killed = true;
#if BROKEN != 6
    !tasklet_runs;
#endif
    vmmu_lock(); /* vmmu_release() */
    state = RELEASED;
    irq_enabled = false;
    shown = false;
    fault = false;
    condemned = 0;
    vmmu_unlock()
}
