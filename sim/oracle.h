/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The oracle: the translations of the guest's MMU, now or since its last flush
 * point.
 *
 * Naive on purpose. It gets each event of the guest's side, keeps its own
 * registers and TLB entries, and walks the guest's tables one word at a time. A
 * promise (flush point) lets the guest conclude that something is no longer
 * cached. Translations older than the last promise for their address are
 * illegal. While a register is written, the states before and after are both
 * valid: the promise holds when the write is over.
 */
#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include "memory.h"
#include "omap_regs.h"
#include "omap_tlb.h"

#define ORACLE_LOG 8192u

/* A table word that the guest overwrote since the last promise for all. */
struct oracle_write {
    uint32_t ipa, old;
    uint64_t time;
};

/* The guest's MMU. */
struct oracle_mmu {
    bool touched; /* by a write to CNTL: until then it translates nothing */
    bool around;  /* the requester is led around it */
    uint32_t reg[OMAP_MMU_WINDOW / 4];
    uint32_t cam[32], ram[32];
};

struct oracle {
    const struct memory *mem;
    unsigned int tlb_entries;
    struct oracle_mmu mmu;
    struct oracle_mmu before; /* a register is being written: as it was */
    bool writing;
    uint64_t now;           /* counts events */
    uint64_t promise;       /* when the last one for all was */
    uint64_t *page_promise; /* for one page of da */
    struct oracle_write log[ORACLE_LOG];
    unsigned int logged;
};

/* What the guest's MMU makes of a da. */
struct oracle_answer {
    bool waits;     /* nothing is translated yet, and no fault raised */
    uint32_t fault; /* IRQSTATUS bit; 0: translated */
    uint32_t ipa;
    unsigned int shift; /* log2 of the page's size */
};

void oracle_init(struct oracle *o, const struct memory *mem,
                 unsigned int tlb_entries);
void oracle_fini(struct oracle *o);

/*
 * The processor's reset is released: from now on its accesses are the guest's.
 */
void oracle_started(struct oracle *o);

/* The MMU is assigned: as after power on, and not touched yet. */
void oracle_assigned(struct oracle *o, bool around);

/*
 * The guest routes the requester around its MMU, or through it: before, and
 * when done.
 */
void oracle_routing(struct oracle *o, bool around);
void oracle_routed(struct oracle *o);

/*
 * The guest writes a register: before and after the mediator acts. It read one.
 * It is about to write memory.
 */
void oracle_reg_writing(struct oracle *o, unsigned int offset, uint32_t value);
void oracle_reg_written(struct oracle *o, unsigned int offset, uint32_t value);
void oracle_reg_read(struct oracle *o, unsigned int offset, uint32_t value);
void oracle_word_changes(struct oracle *o, uint32_t ipa);

/* The log is full: no more table words may change before a promise for all. */
bool oracle_full(const struct oracle *o);

/* The value the guest must read; false: it follows from the hardware's. */
bool oracle_reg(const struct oracle *o, unsigned int offset, uint32_t *value);

/* By the registers, tables and TLB entries of now. */
struct oracle_answer oracle_now(const struct oracle *o, uint32_t da);

/*
 * Returns whether the hardware may translate da to maddr: by the present p2m,
 * and by the tables at some time since the last promise.
 */
bool oracle_legal(const struct oracle *o, uint32_t da, uint64_t maddr);

#endif /* SIM_ORACLE_H */
