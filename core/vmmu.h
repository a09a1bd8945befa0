/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MMU that the guest sees: its registers, TLB entries and faults.
 *
 * The guest never reads or writes the hardware. Its accesses act on the state
 * kept here; if one lets it conclude that nothing is cached, the shadow makes
 * that true. The hardware's faults end here: most are a gap in the shadow and
 * are filled without the guest's notice; the others become the guest's.
 */
#ifndef OMAP_VMMU_H
#define OMAP_VMMU_H

#include "counters.h"
#include "hw.h"
#include "map_change.h"
#include "omap_regs.h"

struct vmmu_config {
    unsigned int tlb_entries; /* 8 or 32 */
    struct hw_parts parts;    /* of the instance */
    uint32_t revision;        /* the hardware's */
    unsigned int window;      /* bytes of registers */
};

/* One counter for each word of the window. */
#define VMMU_WORDS (OMAP_MMU_WINDOW / 4)

struct vmmu_counters {
    uint64_t reads[VMMU_WORDS], writes[VMMU_WORDS];
#define COUNTER(name) uint64_t faults_##name;
    FAULT_COUNTERS(COUNTER)
#undef COUNTER
};

/* What happens with the physical MMU's fault. */
enum vmmu_state {
    VMMU_UNTOUCHED, /* assigned, not set up: no fault is served */
    VMMU_RUNNING, /* no fault, one not yet examined, or one of before a reset */
    VMMU_SERVING, /* vmmu_fault() serves it, at times unlocked */
    VMMU_STALLED, /* raised to the guest or silent; requester not released */
    VMMU_RELEASED, /* not assigned; the guest sees zeros */
};

/* What the guest maps and the host denied. */
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
     * The line stays masked until vmmu_fault() has looked. Atomic: interrupt
     * context takes no lock.
     */
    bool interrupted;
    bool warned_untouched;
    bool around;            /* the guest routes its requester around its MMU */
    bool held;              /* no core runs behind it: nothing is filled */
    uint32_t warned_denied; /* bit per reason: logged */
    uint32_t renewals;
    /*
     * VMMU_STALLED: its IRQSTATUS bits; 0 if it was not raised to the guest,
     * since the guest's MMU is off or no core runs.
     */
    uint32_t stall;
    da_t stall_da;            /* VMMU_STALLED: of the waiting access */
    uint32_t reg[VMMU_WORDS]; /* as the guest sees them */
    struct guest_tlb_entry tlb[GUEST_TLB_ENTRIES];
    uint64_t warned; /* invalid accesses logged, bit per word */
    struct vmmu_counters count;
    struct vmmu_denied denied; /* the last one */
    struct shadow shadow;
};

/*
 * Assignment: reset values, nothing cached, hardware armed on an empty table.
 * No fault is served before the guest's first write to CNTL: a processor that
 * runs before belongs to a former owner, and its access waits. SYSCONFIG does
 * not count: an interconnect's driver may reset the module long before anybody
 * resets the processor. The hardware is in quarantine (hw_quarantine()) before
 * and after.
 */
void vmmu_init(struct vmmu *v, struct host *host,
               const struct vmmu_config *config,
               const struct shadow_memory *mem);

/*
 * A trapped access of bytes 1, 2, 4 or 8 at offset, in bytes from the start of
 * the window. The registers take aligned words only: TI warns that others
 * corrupt them [T]. A narrower read returns its part of the word. Narrower
 * writes, and accesses across words or outside the registers, are ignored, read
 * as zero and are logged once. Takes the MMU's lock; constant time; touches
 * neither the p2m nor guest memory.
 */
uint32_t vmmu_read(struct vmmu *v, unsigned int offset, unsigned int bytes);
void vmmu_write(struct vmmu *v, unsigned int offset, unsigned int bytes,
                uint32_t value);

/*
 * power_start() is about to release a core behind this MMU from reset. Writes
 * all registers of the hardware, which may have lost them, and reads them back.
 * Returns false if they do not hold what was written: the core must stay in
 * reset. Until now all cores were in reset, and with them all that a former
 * owner left: the virtual MMU leaves VMMU_UNTOUCHED. Takes the MMU's lock.
 */
bool vmmu_start(struct vmmu *v);

/*
 * A core behind this MMU is in reset. If the stalled fault was its own, nobody
 * waits for the answer, and the fault would block all later ones: so it is
 * released. Another core that waits faults once more. Takes the MMU's lock.
 */
void vmmu_stopped(struct vmmu *v);

/*
 * All cores behind this MMU are in reset, until vmmu_start() returns true. An
 * access meanwhile is not theirs: the EDMA of a DSP continues what it began
 * before. On a board without a mediator the reset has ended that, so the guest
 * expects no such access, and its driver may be attaching its MMU just then. So
 * the shadow is parked, and each access waits: nothing is filled, and no fault
 * is raised to the guest. A fault that was raised before stays; see
 * vmmu_stopped(). Not called: a core may run at any time, as behind an MMU
 * whose resets the host does not have. Takes the MMU's lock.
 */
void vmmu_hold(struct vmmu *v);

/*
 * The guest's reset line of the MMU, not connected to the hardware: same as
 * SYSCONFIG's SOFTRESET. Takes the MMU's lock.
 */
void vmmu_reset(struct vmmu *v);

/*
 * A register of the guest's, not connected to the hardware, routes the
 * requester around this MMU or through it: around is as if the MMU were off. A
 * bypassable instance starts with around. Takes the MMU's lock.
 */
void vmmu_route(struct vmmu *v, bool around);

/*
 * The hardware's interrupt: masks it. Interrupt context. The caller schedules
 * vmmu_fault(), in a context that may take the p2m lock. Until that runs no
 * access of the guest's unmasks the line, except one that runs at the same time
 * as this.
 */
void vmmu_interrupt(struct vmmu *v);

/*
 * Gives back what condemned slots hold, then serves the hardware's pending
 * fault, if any. If the guest or its p2m overtakes it, the requester retries
 * and faults again. One call at a time for each MMU; no lock held.
 */
void vmmu_fault(struct vmmu *v);

/*
 * See shadow_ipa_changed(). Also ends a silent stall that the change may have
 * made possible. Takes the MMU's lock.
 */
void vmmu_ipa_changed(struct vmmu *v, ipa_t ipa, uint64_t pages);

/* Renewals until a denial's reason is logged again. */
#define VMMU_WARN_AGAIN 256u

/*
 * Renews the limits for p2m changes (shadow_renew()). Called by the clock, at
 * least 10 ms apart, never because of a guest's action. Without it p2m changes
 * drop more than they must. Takes the MMU's lock.
 */
void vmmu_renew(struct vmmu *v);

/*
 * End of the assignment: into quarantine, on the empty table, at once; then
 * gives back what the shadow holds, about budget pages a call. Returns true
 * when done. vmmu_fault() must not run any more. Takes the MMU's lock.
 */
bool vmmu_release(struct vmmu *v, unsigned int budget);

/* A register as the guest would read it, without side effect or counting. */
uint32_t vmmu_peek(const struct vmmu *v, unsigned int offset);

/* Name of the register at offset, or NULL. */
const char *vmmu_register_name(unsigned int offset);

/* Like shadow_audit_group(), for the guest's registers. MMU's lock held. */
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
