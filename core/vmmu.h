/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MMU that the guest sees: its registers, TLB entries and faults.
 *
 * The guest never reads the hardware, nor writes to it. Its accesses act on the
 * state kept here; whatever they let it conclude about cached translations is
 * made true in the shadow. The hardware's faults end here: most are a gap in
 * the shadow, filled unseen; the others become the guest's.
 */
#ifndef OMAP_VMMU_H
#define OMAP_VMMU_H

#include "hw.h"
#include "map_change.h"
#include "omap_regs.h"

struct vmmu_config {
    unsigned int tlb_entries; /* 8 or 32 */
    struct hw_parts parts;    /* of the instance */
    uint32_t revision;        /* of the hardware */
    unsigned int window;      /* bytes of registers */
};

/* One counter for each word of the window. */
#define VMMU_WORDS (OMAP_MMU_WINDOW / 4)

struct vmmu_counters {
    uint64_t reads[VMMU_WORDS], writes[VMMU_WORDS];
    uint64_t faults_raised; /* shown to the guest */
    uint64_t faults_denied; /* ... because the host denied the page */
    uint64_t faults_silent; /* guest's MMU off, or no core runs */
};

/* What the physical MMU's fault logic is doing. */
enum vmmu_state {
    VMMU_UNTOUCHED, /* assigned, but not set up: no fault is served */
    VMMU_RUNNING,   /* no fault, none looked at yet, or one of before a reset */
    VMMU_SERVING,   /* vmmu_fault() is at it, its lock free at times */
    VMMU_STALLED,   /* a fault of the guest's, not released */
    VMMU_RELEASED,  /* not assigned; the guest sees zeros */
};

/* What the guest maps, and the host refused. */
struct vmmu_denied {
    enum denial why;
    da_t da;
    ipa_t ipa; /* of the page; DENIED_TABLE: of the table */
};

struct vmmu {
    struct host *host;
    struct vmmu_config config;
    enum vmmu_state state;
    /*
     * The line is silent until vmmu_fault() has looked. Atomic: no lock is
     * taken in interrupt context.
     */
    bool interrupted;
    bool told_untouched;
    bool around;          /* the guest leads its requester around its MMU */
    bool held;            /* no core runs behind it: no fault is shown */
    uint32_t told_denied; /* reasons told a while ago, a bit each */
    uint32_t renewals;
    /*
     * VMMU_STALLED: its IRQSTATUS bits; 0 if the guest was shown none, since
     * its MMU is off or no core runs.
     */
    uint32_t stall;
    da_t stall_da;            /* VMMU_STALLED: of the access that waits */
    uint32_t reg[VMMU_WORDS]; /* as the guest sees them */
    struct guest_tlb_entry tlb[GUEST_TLB_ENTRIES];
    uint64_t told; /* odd accesses reported, bit per word */
    struct vmmu_counters count;
    struct vmmu_denied denied; /* the last one */
    struct shadow shadow;
};

/*
 * Assignment: reset values, nothing cached, hardware armed on an empty table.
 * No fault is served before the guest's first write to CNTL: a processor that
 * runs by then is a former owner's, and its access waits. SYSCONFIG does not
 * count: an interconnect's driver may reset the module long before anybody
 * resets the processor. The hardware is in quarantine (hw_quarantine()) before
 * and after.
 */
void vmmu_init(struct vmmu *v, struct host *host,
               const struct vmmu_config *config,
               const struct shadow_memory *mem);

/*
 * A trapped access of bytes 1, 2, 4 or 8 at offset, in bytes from the start of
 * the window. The registers take aligned words only: TI warns that others
 * corrupt them [T]. So a narrower read gets its part of the word; a narrower
 * write, and what lies across words or outside the registers, is ignored, reads
 * as zero and is reported once. Takes the MMU's lock; constant time; touches
 * neither the p2m nor guest memory.
 */
uint32_t vmmu_read(struct vmmu *v, unsigned int offset, unsigned int bytes);
void vmmu_write(struct vmmu *v, unsigned int offset, unsigned int bytes,
                uint32_t value);

/*
 * A core behind this MMU is about to be let go, by power_start(). Writes all
 * the hardware's registers anew, which may have been lost, and reads them back;
 * false: they do not hold what was written, so the core must stay in reset.
 * Until then all cores were in reset, and with them whatever a former owner
 * left: the virtual MMU is untouched no more. Takes the MMU's lock.
 */
bool vmmu_start(struct vmmu *v);

/*
 * A core behind this MMU is in reset: if it waited for the answer to a fault it
 * is gone, and the fault would be in the way of all others. If another one
 * waits, it faults once more. Takes the MMU's lock.
 */
void vmmu_stopped(struct vmmu *v);

/*
 * All cores behind this MMU are in reset, until vmmu_start(). What faults meanwhile is
 * not theirs: EDMA of a DSP goes on with what it began before. On a board without a
 * mediator its reset has ended that, so the guest expects no such fault; a guest's
 * driver may be attaching its MMU just then. So the access waits, and the guest is
 * not told. Takes the MMU's lock.
 */
void vmmu_hold(struct vmmu *v);

/*
 * The guest's reset line of the MMU, which the hardware does not see: as
 * SYSCONFIG's SOFTRESET. Takes the MMU's lock.
 */
void vmmu_reset(struct vmmu *v);

/*
 * A register of the guest's, which the hardware does not see, leads the
 * requester around this MMU, or through it: around is as if the MMU were off.
 * An instance that is bypassable begins so. Takes the MMU's lock.
 */
void vmmu_route(struct vmmu *v, bool around);

/*
 * The hardware's interrupt: silences it. Interrupt context; vmmu_fault() is to
 * be called after it, from a context that may take the p2m's lock. Until then
 * no access of the guest's lets another interrupt through, unless it runs at
 * the same time as this.
 */
void vmmu_interrupt(struct vmmu *v);

/*
 * Gives back what a p2m change left over, then serves the hardware's pending
 * fault, if any. Overtaken by the guest or its p2m, it lets the requester retry
 * and fault again. One call at a time for each MMU; no lock held.
 */
void vmmu_fault(struct vmmu *v);

/* See shadow_ipa_changed(). Takes the MMU's lock. */
void vmmu_ipa_changed(struct vmmu *v, ipa_t ipa, uint64_t pages);

/* Renewals until a reason to deny is told again. */
#define VMMU_TELL_AGAIN 256u

/*
 * Renews what p2m changes may cost (shadow_renew()). To be called by the clock,
 * at least 10 ms apart, never because of what a guest does. Where it is not
 * called, p2m changes drop more than they have to. Takes the MMU's lock.
 */
void vmmu_renew(struct vmmu *v);

/*
 * End of the assignment: back to quarantine, on the empty table, at once; then
 * gives back what the shadow holds, about budget pages a call. True when done.
 * No vmmu_fault() runs any more. Takes the MMU's lock.
 */
bool vmmu_release(struct vmmu *v, unsigned int budget);

/* A register as the guest would read it, without side effect or count. */
uint32_t vmmu_peek(const struct vmmu *v, unsigned int offset);

/* Name of the register at offset, or NULL. */
const char *vmmu_register_name(unsigned int offset);

/* Like shadow_audit_group(): of the guest's registers. MMU's lock held. */
const char *vmmu_audit_registers(const struct vmmu *v);

#endif /* OMAP_VMMU_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
