/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One OMAP MMU, as hardware: registers, TLB, table walker, stall and retry.
 *
 * The reference for the mediator: it shares the register table of core/omap_regs.h
 * and decodes translation tables by code of its own.
 *
 * Single threaded: the caller serialises all calls on one MMU. Callbacks may
 * call back into this MMU, except read32() of a walk and retranslate(), which
 * may only read its registers.
 *
 * Chosen where the sources are silent:
 *  - a fault whose IRQENABLE bit is 0 latches and stalls all the same;
 *  - a soft reset ends a stall, and the retried access bypasses;
 *  - FLUSH_ENTRY drops every entry that covers the VA in CAM, whatever page
 *    size and V bit CAM holds;
 *  - a CURRENTVICTIM outside BASE..N-1 counts as BASE for the walker, which
 *    loads nothing when BASE names no entry; LD_TLB, READ_CAM and READ_RAM of
 *    an entry that does not exist do nothing and read 0;
 *  - FAULT_AD and FAULT_STATUS keep their value until the next fault;
 *  - SIZE n of a bypass region is 64 KiB << (n - 1), 0 switches it off; what
 *    would be beyond 4 GiB is not in it.
 *
 * Not modelled: the debugger's accesses (EMUMISS, EMU_FAULT_AD, EMUTLBUPDATE),
 * TRANS_ID and TYPE of FAULT_STATUS, idle modes, and the DSP's registers at the
 * offset of GP_REG: there is nothing then.
 */
#ifndef MODEL_MMU_H
#define MODEL_MMU_H

#include <stdbool.h>
#include <stdint.h>

#include "omap_regs.h"
#include "omap_tlb.h"

#define MMU_MAX_TLB_ENTRIES 32u

/*
 * Of the MMUs of DRA7's DSPs and EVEs: device addresses in region n, 0 to 3, go
 * out untranslated. Places and fields: TI's header of the CSL.
 */
#define BYPASS_REGION_START       0xffff0000u
#define BYPASS_REGION_SIZE        0xfu
#define BYPASS_REGION_BYTES(size) ((size) ? 0x8000u << (size) : 0)

struct mmu_config {
    unsigned int tlb_entries; /* 32, or 8 on OMAP3's camera MMU */
    bool bus_err_back;        /* GP_REG.BUS_ERR_BACK_EN has its effect */
    bool bypass_regions;      /* they exist, and GP_REG does not */
    uint32_t revision;
    void *ctx; /* handed to the callbacks */

    /* Read the little-endian word at pa; false: bus error. For the walker. */
    bool (*read32)(void *ctx, uint32_t pa, uint32_t *value);

    /* The interrupt line changed. It is low after mmu_init(). */
    void (*irq)(void *ctx, bool level);

    /*
     * The stalled request may be retried. Hardware does so at once, before the
     * next register access: do likewise when that order matters.
     */
    void (*resume)(void *ctx);

    /*
     * May be NULL. A translation given earlier may no longer hold: an entry
     * left the TLB or changed, a bypass region did, the MMU was switched on or
     * off, or reset.
     */
    void (*retranslate)(void *ctx);
};

struct mmu_tlb_entry {
    uint32_t cam;
    uint32_t ram;
};

/* Since mmu_init(); no reset clears them. */
struct mmu_stats {
    uint64_t bypassed; /* accesses let through untranslated */
    uint64_t hits;
    uint64_t walks; /* successful ones */
    uint64_t faults;
};

/* A walk: what it found, before any effect. */
struct mmu_walk {
    uint32_t da;
    bool write;
    uint32_t fault; /* the bit of IRQSTATUS; 0: the entry translates */
    struct mmu_tlb_entry entry;
};

struct mmu {
    struct mmu_config config;
    uint32_t reg[OMAP_MMU_WINDOW / 4];
    struct mmu_tlb_entry tlb[MMU_MAX_TLB_ENTRIES];
    uint32_t stall; /* IRQSTATUS bit that stalls, 0: none */
    bool walking;   /* between mmu_walk_begin() and mmu_walk_end() */
    struct mmu_walk walk;
    bool irq_level;
    struct mmu_stats stats;
};

enum mmu_result {
    MMU_OK,        /* translated, or bypassed */
    MMU_STALL,     /* not now: retry after resume() */
    MMU_BUS_ERROR, /* refused for good */
};

/* Power on. tlb_entries must be 8 or 32, and all other callbacks present. */
void mmu_init(struct mmu *m, const struct mmu_config *config);

/* Hardware reset: registers, TLB and stall; resume() is not called. */
void mmu_reset(struct mmu *m);

/*
 * Access of size bytes, 1, 2 or 4, to the register at offset, aligned to size.
 * The hardware knows words only: a narrower read returns its part of the word,
 * a narrower write is ignored. What is no register reads 0 and ignores writes.
 */
uint32_t mmu_reg_read(const struct mmu *m, uint32_t offset, unsigned int size);
void mmu_reg_write(struct mmu *m, uint32_t offset, unsigned int size,
                   uint32_t value);

/*
 * The request of the one master behind this MMU: an access to da, *pa set on
 * MMU_OK only. While a request is stalled none is served: MMU_STALL, no effect.
 */
enum mmu_result mmu_translate(struct mmu *m, uint32_t da, bool write,
                              uint32_t *pa);

/*
 * The same for a walk that takes time. begin: the table's words are read, and
 * WALKING_ST tells of the walk; false: this request needs no walk, or is stalled, and
 * nothing happened. end: the entry is loaded, or the fault raised. What happens between
 * the two finds the walk under way.
 */
bool mmu_walk_begin(struct mmu *m, uint32_t da, bool write);
enum mmu_result mmu_walk_end(struct mmu *m, uint32_t *pa);

/* The stalled request, if any, is withdrawn: its master was reset. */
void mmu_cancel(struct mmu *m);

/*
 * Returns whether the hardware would now let da through, and to where. Ignores stall
 * and statistics and changes nothing; reads tables by read32().
 */
bool mmu_peek(const struct mmu *m, uint32_t da, uint32_t *pa);

#endif /* MODEL_MMU_H */
