/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EDMA of a DRA7 DSP, as far as code that stops the DSP touches it: its channel
 * controller (TPCC), which enables events and shows activity, and its two transfer
 * controllers (TPTC). The scripted processor moves the data; its commands stand for
 * transfers that an event begins.
 *
 * How to use it: ask edma_may_begin() before a transfer begins; call edma_enable() when
 * the DSP is started, for its firmware; edma_reset() with the reset of MMU and slave
 * port. The core's reset is not connected: transfers continue.
 *
 * Sources: TI's header of the CSL for places and fields; the pre-shutdown of TI's
 * kernel (mach-omap2/remoteproc.c) for what must be 0 when the DSP is stopped.
 *
 * Chosen where these are silent: any enabled event begins any transfer; CCSTAT and
 * TCSTAT are active from a transfer's first access to its last one, also while that is
 * stalled; TCSTAT's bit 8 is always 1. TI's kernel does not read that bit: a poll for
 * the whole word never ends.
 *
 * Parameter sets are stored, and say only this: while one of them moves something and
 * its OPT chains, the end of a transfer that goes on without the core starts it again,
 * without an event (edma_chains()).
 *
 * Not modelled: what else a parameter set says, queues, the registers of regions,
 * interrupts, events that wait and errors; they read 0 and ignore writes.
 */
#ifndef MODEL_EDMA_H
#define MODEL_EDMA_H

#include <stdbool.h>
#include <stdint.h>

#define EDMA_TCS 2u

/* TPCC. Sets, clears: what is written there sets or clears bits of the first. */
#define EDMA_CC_WINDOW 0x8000u
#define EDMA_CC_PID    0x0000u
#define EDMA_CCCFG     0x0004u
#define EDMA_CCSTAT    0x0640u
#define EDMA_EER       0x1020u
#define EDMA_EERH      0x1024u
#define EDMA_EECR      0x1028u /* clears EER */
#define EDMA_EECRH     0x102cu
#define EDMA_EESR      0x1030u /* sets EER */
#define EDMA_EESRH     0x1034u
#define EDMA_QEER      0x1084u
#define EDMA_QEECR     0x1088u
#define EDMA_QEESR     0x108cu

#define EDMA_SET(n) (0x4000u + 0x20u * (n)) /* parameter sets, of 8 words: */

#define EDMA_QEVENTS   0xffu
#define EDMA_SETS      128u
#define EDMA_CCCFG_128 0x3000u /* CCCFG: so many of them */

/* Words of a parameter set. */
#define EDMA_OPT     0
#define EDMA_A_B_CNT 2
#define EDMA_CCNT    7

/* OPT */
#define EDMA_TCCHEN (1u << 22)

/* CCSTAT */
#define EDMA_CC_EVTACTV 0x01u
#define EDMA_CC_TRACTV  0x04u
#define EDMA_CC_ACTV    0x10u

/* TPTC */
#define EDMA_TC_WINDOW 0x1000u
#define EDMA_TC_PID    0x000u
#define EDMA_TCSTAT    0x100u

#define EDMA_TC_PROGBUSY 0x001u
#define EDMA_TC_SRCACTV  0x002u
#define EDMA_TC_DSTACTV  0x010u
#define EDMA_TC_ALWAYS   0x100u

#define EDMA_CC_PID_VALUE 0x43435045u /* this model's own */
#define EDMA_TC_PID_VALUE 0x43545045u

struct edma_config {
    void *ctx; /* handed to the callbacks */

    /* Bit n: transfer controller n is at work. */
    uint32_t (*busy)(void *ctx);

    /* May be NULL. A transfer that waited may begin now. */
    void (*begin)(void *ctx);

    /* May be NULL. EDMA is reset: what is under way ends. */
    void (*stop)(void *ctx);
};

struct edma {
    struct edma_config config;
    uint32_t eer;
    uint32_t eerh;
    uint32_t qeer;
    uint32_t set[EDMA_SETS][8];
};

/* Power on. busy() must be present; no other is called. */
void edma_init(struct edma *e, const struct edma_config *config);

/* Hardware reset: no event is enabled. */
void edma_reset(struct edma *e);

/* Every event is enabled. begin() is not called. */
void edma_enable(struct edma *e);

/* Is an event enabled? */
bool edma_may_begin(const struct edma *e);

/* Does the end of a transfer start one? */
bool edma_chains(const struct edma *e);

/*
 * Access of size bytes, 1, 2 or 4, to the register at offset of TPCC, or of
 * transfer controller tc, aligned to size. Narrow accesses and holes are treated
 * as by mmu_reg_read() and _write().
 */
uint32_t edma_cc_read(const struct edma *e, uint32_t offset, unsigned int size);
void edma_cc_write(struct edma *e, uint32_t offset, unsigned int size,
                   uint32_t value);
uint32_t edma_tc_read(const struct edma *e, unsigned int tc, uint32_t offset,
                      unsigned int size);

#endif /* MODEL_EDMA_H */
