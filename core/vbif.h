/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The GPU's BIF as the guest sees it: registers, directories and doorbells.
 *
 * A guest's access to the first page of each bank traps. What is not the BIF's,
 * the reset's or a doorbell goes to the hardware as it is. Bases are virtual:
 * the hardware has the roots of their mirrors. A doorbell, and an invalidation,
 * wait until a pass that began after them is complete; then they go on in their
 * order, each of them.
 *
 * The system-level cache behind the BIFs is bypassed by all, whatever the guest
 * writes (SGX_SLC_BYPASS_ALL): what is in it outlives an invalidation of the BIFs.
 *
 * The guest's reset of a BIF (bif_in_reset()) makes its bases 0 and unbinds their
 * directories; what records have stays bound. SOFT_RESET that puts anything into
 * reset drops the doorbells of that core, or all if it is MASTER's or BROADCAST's.
 *
 * The microkernel, which is the guest's, loads bases of other contexts from
 * records in memory. The guest's driver puts there what SGX_MEDIATOR_ROOT
 * reads. Nothing can keep a microkernel from loading another base: see
 * docs/threat-model.md.
 */
#ifndef OMAP_VBIF_H
#define OMAP_VBIF_H

#include "bif_hw.h"
#include "mirror.h"

/*
 * The mediator's own registers, in the broadcast bank, where the GPU has none.
 *
 * DIR   written: the address of a directory. It is bound, and ROOT reads what
 *       is to be put into records in its place; 0 if there is no room. With bit
 *       0 set the directory is not used by any record any more. Reads as the
 *       last value written; a guest without a mediator reads 0.
 * ROOT  read only.
 */
#define SGX_MEDIATOR_DIR    0xff0u
#define SGX_MEDIATOR_ROOT   0xff4u
#define SGX_MEDIATOR_FORGET 1u

/* Doorbells of one register in a row count as one. */
#define VBIF_DOORBELLS 64u

/* The most steps that one vbif_work() makes, and doorbells that it forwards. */
#define VBIF_STEPS    16u
#define VBIF_FORWARDS 64u

/* Renewals until a message is told again. */
#define VBIF_TELL_AGAIN 256u

enum vbif_state {
    VBIF_LIVE,
    /*
     * In reset by the host, until the guest resets all of it: writes 0x5ff or
     * more to SOFT_RESET of BROADCAST or MASTER. Until then no write reaches the
     * hardware but those to the events' registers, so that an interrupt ends;
     * and no read but theirs.
     */
    VBIF_HELD,
    VBIF_RELEASED, /* not assigned; the guest sees zeros */
};

struct vbif_counters {
    uint64_t reads, writes;
    uint64_t doorbells; /* and invalidations: forwarded */
    uint64_t lost;      /* those for which there was no room */
    uint64_t quiesced;
    uint64_t held;   /* times that the GPU was put into reset */
    uint64_t alarms; /* ... because a base was loaded that is nobody's */
};

struct vbif_doorbell {
    uint32_t offset, value, count;
};

/* Of registers of the banks, [SGX_BROADCAST] is not used. */
struct vbif {
    struct host *host;
    struct mirror *mirror;
    enum vbif_state state;
    maddr_t empty; /* an empty directory */
    uint32_t ctrl[SGX_BANKS], reset[SGX_BANKS];
    uint32_t base[SGX_BANKS][SGX_BASES]; /* as the guest wrote them */
    int dir[SGX_BANKS][SGX_BASES];       /* bound for it, or -1 */
    uint32_t mediator_dir;
    /* Bound for records: by the guest's mediator register. */
    uint32_t recorded[(MIRROR_MAX_DIRS + 31) / 32];
    /*
     * Doorbells and invalidations that wait, the oldest first. So many of them
     * for the pass under way, or for one that is complete if they are ready;
     * the others for the next one.
     */
    struct vbif_doorbell doorbell[VBIF_DOORBELLS];
    unsigned int waiting, due;
    bool ready;
    /* A p2m change took words away; the pass under way brings them back. */
    bool emptied, restoring;
    bool told_full, told_tables, told_lost, told_alarm, told_held;
    unsigned int renewals; /* they are told again: see VBIF_TELL_AGAIN */
    /* Of the mirror's count of what is full: directories, and tables told of. */
    uint64_t full;
    struct vbif_counters count;
};

/*
 * Assignment: reset values; the GPU is in quarantine, held in reset, before and
 * after. The mirror is made in mem. False: the hardware does not answer.
 */
bool vbif_init(struct vbif *v, struct host *host,
               const struct mirror_memory *mem, maddr_t empty);

/*
 * A trapped access of bytes 1, 2, 4 or 8 at offset of the window; in the first
 * page of a bank. Only aligned words are registers; others read as zero and are
 * ignored. Takes the MMU's lock; constant time: at most 100 accesses to the
 * hardware, and one quiescing if directories are used no more. Neither the p2m nor
 * guest memory is touched.
 */
uint32_t vbif_read(struct vbif *v, unsigned int offset, unsigned int bytes);
void vbif_write(struct vbif *v, unsigned int offset, unsigned int bytes,
                uint32_t value);

/*
 * Some steps of the pass that is wanted, and the doorbells that waited for it.
 * It ends early after a step that changed something, and after doorbells.
 * If the p2m changed meanwhile for what is mapped, they wait for another pass;
 * the end of that one is a quiescing, as what was gone may be cached as empty.
 * True: there is more to do. host_ops.defer() asks for the first call. One call
 * at a time; no lock held.
 */
bool vbif_work(struct vbif *v);

/* See mirror_ipa_changed() and mirror_renew(). Take the MMU's lock. */
void vbif_ipa_changed(struct vbif *v, ipa_t ipa, uint64_t pages);
void vbif_renew(struct vbif *v);

/*
 * The tripwire: is each base in the hardware one that the mediator gave? If
 * not, the GPU is held in reset and the log says so. Called by vbif_write() when
 * the guest has handled an interrupt. MMU's lock held.
 */
bool vbif_bases_are_known(struct vbif *v);

/* End of the assignment: quarantine at once; then as mirror_release(). */
bool vbif_release(struct vbif *v, unsigned int budget);

/* A register as the guest would read it if it is the BIF's; no side effect. */
uint32_t vbif_peek(const struct vbif *v, unsigned int offset);

/* Like mirror_audit(), and its parts: and of the registers. MMU's lock held. */
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
