/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The GPU's BIF as the guest sees it: registers, directories and doorbells.
 *
 * A guest's access to the first page of each bank traps. What is not the BIF's,
 * the reset's or a doorbell goes to the hardware unchanged. Bases are virtual:
 * the hardware has the roots of their mirrors. Doorbells and invalidations wait
 * until a pass that began after them is complete; then all of them are
 * forwarded in order.
 *
 * The system-level cache behind the BIFs is bypassed by all, whatever the guest
 * writes (SGX_SLC_BYPASS_ALL): its contents survive an invalidation of the
 * BIFs.
 *
 * The guest's reset of a BIF (bif_in_reset()) zeroes its bases and unbinds
 * their directories; those bound for records stay. A SOFT_RESET that puts
 * anything into reset drops the doorbells of that core, or all if it is
 * MASTER's or BROADCAST's.
 *
 * The microkernel, which is the guest's, loads bases of other contexts from
 * records in memory. The guest's driver writes there what SGX_MEDIATOR_ROOT
 * reads. Nothing can keep a microkernel from loading another base: see
 * docs/threat-model.md.
 */
#ifndef OMAP_VBIF_H
#define OMAP_VBIF_H

#include "bif_hw.h"
#include "counters.h"
#include "mirror.h"

/*
 * The mediator's own registers, in the broadcast bank, where the GPU has none.
 *
 * DIR   A write of a directory's address binds it; ROOT then reads the address
 *       to put into records instead, or 0 if the pool is full. Bit 0 set: no
 *       record uses the directory any more. Reads as the last value written; a
 *       guest without a mediator reads 0.
 * ROOT  read only.
 */
#define SGX_MEDIATOR_DIR    0xff0u
#define SGX_MEDIATOR_ROOT   0xff4u
#define SGX_MEDIATOR_FORGET 1u

/* Entries of the queue. Repeated doorbells of one register share an entry. */
#define VBIF_DOORBELLS 64u

/* Limits on steps and forwarded doorbells of one vbif_work(). */
#define VBIF_STEPS    16u
#define VBIF_FORWARDS 64u

/* Renewals until a message is logged again. */
#define VBIF_WARN_AGAIN 256u

enum vbif_state {
    VBIF_LIVE,
    /*
     * Put into reset by the host, until the guest resets all of it: writes
     * 0x5ff or more to SOFT_RESET of BROADCAST or MASTER. Until then the
     * hardware sees no access but those to the events' registers, so that an
     * interrupt ends.
     */
    VBIF_HELD,
    VBIF_RELEASED, /* not assigned; the guest sees zeros */
};

struct vbif_counters {
#define COUNTER(name) uint64_t name;
    VBIF_COUNTERS(COUNTER)
#undef COUNTER
};

struct vbif_doorbell {
    uint32_t offset, value, count;
};

/* Of arrays by bank, [SGX_BROADCAST] is not used. */
struct vbif {
    struct host *host;
    struct mirror *mirror;
    enum vbif_state state;
    maddr_t empty; /* an empty directory */
    uint32_t ctrl[SGX_BANKS], reset[SGX_BANKS];
    uint32_t base[SGX_BANKS][SGX_BASES]; /* as the guest wrote them */
    int dir[SGX_BANKS][SGX_BASES];       /* bound for it, or -1 */
    uint32_t mediator_dir;
    /* Directories bound for records, by the mediator's register. */
    uint32_t recorded[(MIRROR_MAX_DIRS + 31) / 32];
    /*
     * Doorbells and invalidations that wait, the oldest first. The first due of
     * them wait for the pass under way or, if ready, for a completed one; the
     * others for the next pass.
     */
    struct vbif_doorbell doorbell[VBIF_DOORBELLS];
    unsigned int waiting, due;
    bool ready;
    /* A p2m change removed words; the pass under way restores them. */
    bool emptied, restoring;
    bool warned_full, warned_tables, warned_lost, warned_alarm, warned_held;
    unsigned int renewals; /* reset warned_*: see VBIF_WARN_AGAIN */
    /* Of mirror_counters.full: what is logged, or was a directory. */
    uint64_t full;
    struct vbif_counters count;
};

/*
 * Assignment: reset values. The GPU is in quarantine, held in reset, before and
 * after. The mirror is made in mem. Returns false if the hardware does not
 * answer.
 */
bool vbif_init(struct vbif *v, struct host *host,
               const struct mirror_memory *mem, maddr_t empty);

/*
 * A trapped access of bytes 1, 2, 4 or 8 at offset in the window, in the first
 * page of a bank. Only aligned words are registers; other accesses read as zero
 * and are ignored. Takes the MMU's lock. Constant time: at most 100 accesses to
 * the hardware, and one quiescing if a directory is unbound. Touches neither
 * the p2m nor guest memory.
 */
uint32_t vbif_read(struct vbif *v, unsigned int offset, unsigned int bytes);
void vbif_write(struct vbif *v, unsigned int offset, unsigned int bytes,
                uint32_t value);

/*
 * Makes some steps of the wanted pass, and forwards the doorbells that waited
 * for it. Ends early after a step that changed something, and after doorbells.
 *
 * If the p2m changed meanwhile for mapped pages, doorbells wait for another
 * pass. That one ends with a quiescing: the hardware may have cached removed
 * words as empty. Returns true if there is more to do. host_ops.defer() asks
 * for the first call. One call at a time; no lock held.
 */
bool vbif_work(struct vbif *v);

/* See mirror_ipa_changed() and mirror_renew(). Take the MMU's lock. */
void vbif_ipa_changed(struct vbif *v, ipa_t ipa, uint64_t pages);
void vbif_renew(struct vbif *v);

/*
 * Tripwire: returns whether each base in the hardware is one that the mediator
 * gave. If not, holds the GPU in reset and logs it. vbif_write() calls it when
 * the guest has handled an interrupt. MMU's lock held.
 */
bool vbif_bases_are_known(struct vbif *v);

/* End of the assignment: quarantine at once; then as mirror_release(). */
bool vbif_release(struct vbif *v, unsigned int budget);

/* A register as the guest would read it if it is the BIF's; no side effect. */
uint32_t vbif_peek(const struct vbif *v, unsigned int offset);

/* Like mirror_audit() and its parts, with the registers. MMU's lock held. */
const char *vbif_audit(const struct vbif *v);
unsigned int vbif_audit_parts(const struct vbif *v);
const char *vbif_audit_part(const struct vbif *v, unsigned int part);

#endif /* OMAP_VBIF_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
