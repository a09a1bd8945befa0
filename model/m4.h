/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A Cortex-M4 behind an OMAP MMU, which really executes: by libunicorn.
 *
 * Every fetch, load and store goes through translate(), except those of the
 * L2RAM and of the private peripherals, which are not behind the MMU. What the
 * core remembers of a translation it remembers only until m4_retranslate(). An
 * owner that makes this the MMU's retranslate() can rely on it: what the core
 * remembers is always part of what the MMU's TLB holds.
 *
 * An access that stalls ends m4_run() at its instruction; the next m4_run()
 * begins that instruction anew. No register has changed by then. Of an access
 * to several words, those that were stored before the one that stalled are
 * stored again.
 *
 * Exceptions are those of ARMv7-M [DDI 0403E, B1.5]: with priorities (nvic.h),
 * nested, tail-chained, late; on two stacks, from privileged code and other. A
 * bus error of a fetch, load or store, whether the MMU's or a device's, is a
 * BusFault; it, UsageFault and MemManage are HardFault where they are disabled.
 * What cannot be taken locks the core up until its reset.
 *
 * Not behind the MMU, beside L2RAM: the private peripherals (NVIC, SysTick, the
 * System Control Block), the bits of L2RAM, and the IPU's own registers
 * (ipu_regs.h).
 *
 * Not modelled, and said once where it is asked for: debug and trace units, the
 * MPU (there is none), SYSRESETREQ, VECTCLRACTIVE, UNALIGN_TRP, BFHFNMIGN, an
 * AMMU page that leads elsewhere. Nor, silently: bits of other regions than
 * L2RAM, LDM and LDRD that fault because they are not aligned, LDRT and STRT to
 * the private peripherals (by privileged code they reach them), ACTLR, deep
 * sleep. Floating point, which OMAP's cores do not have, is done and said, but
 * not stacked.
 *
 * Chosen where the sources are silent:
 *  - the PC that is stacked is that of the instruction, of SVC as well if it
 *    escalates to HardFault;
 *  - a stack that fails while HardFault or NMI is taken locks up;
 *  - a stack in the private peripherals is a bus error;
 *  - a frame with the number of no exception is refused as INVPC;
 *  - code that somebody else rewrites, or the core itself through another da,
 *    is executed as it is from the next m4_retranslate() or reset on;
 *  - what the architecture says is not executable (0x40000000.., 0xa0000000..)
 *    is not: such a fetch is a MemManage fault, and the MMU is not asked;
 *  - a fetch may be translated one instruction ahead of m4_run()'s end.
 *
 * Single threaded: the caller serialises all calls on one core, from whatever
 * threads. Callbacks may call m4_reset(), m4_interrupt(), m4_retranslate(),
 * m4_state() and m4_pc() of this core, but not m4_run() and m4_free(). What
 * m4_reset() does inside m4_run(), it does at the end of that, which is soon.
 */
#ifndef MODEL_M4_H
#define MODEL_M4_H

#include <stdbool.h>
#include <stdint.h>

#include "mmu.h"

/* This file's functions are what a shared object of m4.c exports. */
#pragma GCC visibility push(default)

#define M4_PAGE         0x1000u
#define M4_L2RAM_DA     0x20000000u /* private RAM, not behind the MMU */
#define M4_L2RAM_SIZE   0x10000u
#define M4_BITBAND_DA   0x22000000u /* its bits, a word for each */
#define M4_BITBAND_SIZE (32 * M4_L2RAM_SIZE)
#define M4_PRIVATE_DA   0xe0000000u /* peripherals: NVIC, SysTick, ... */
#define M4_PRIVATE_SIZE 0x100000u
#define M4_IPU_DA       0x40000000u /* the IPU's own registers, and where ... */
#define M4_IPU_L3_DA    0x55080000u /* ... they are without its address unit */
#define M4_IPU_SIZE     0x2000u
#define M4_LINES        64u /* of interrupts */

struct m4_config {
    void *ctx; /* handed to the callbacks */

    /* An access of the core: mmu_translate(). */
    enum mmu_result (*translate)(void *ctx, uint32_t da, bool write,
                                 uint32_t *pa);

    /*
     * The page of RAM that holds pa: the host's address of its first byte,
     * page aligned. NULL: not RAM. It must stay valid until m4_retranslate()
     * or m4_free().
     */
    void *(*ram)(void *ctx, uint32_t pa);

    /* A device's register, size 1, 2 or 4, aligned; false: bus error. */
    bool (*read)(void *ctx, uint32_t pa, unsigned int size, uint32_t *value);
    bool (*write)(void *ctx, uint32_t pa, unsigned int size, uint32_t value);

    void *l2ram; /* M4_L2RAM_SIZE bytes, page aligned */

    /*
     * Something that is not emulated was asked for at da: what, in words; or the
     * core locked up there. Once for each da and text, until a reset; after 32 of
     * them, the last of which says so, only a lock-up. May be NULL.
     */
    void (*missing)(void *ctx, uint32_t da, const char *what);
};

enum m4_state {
    M4_IN_RESET,
    M4_RUNNING,
    M4_ASLEEP,    /* in WFI or WFE, until an interrupt or event */
    M4_STALLED,   /* by the MMU: call m4_run() after its resume() */
    M4_LOCKED_UP, /* until the next reset */
};

struct m4;

/* Power on, reset asserted. NULL: the emulator could not be made. */
struct m4 *m4_new(const struct m4_config *config);

/* NULL is allowed. */
void m4_free(struct m4 *m);

/*
 * The reset line. Once released, the core fetches SP and PC from da 0 and 4
 * through the MMU; a PC without the Thumb bit locks it up.
 */
void m4_reset(struct m4 *m, bool asserted);

/* An interrupt line, below M4_LINES. Its exception has number 16 + line. */
void m4_interrupt(struct m4 *m, unsigned int line, bool level);

/*
 * SysTick counts an instruction as a cycle. While the core sleeps it counts what
 * its owner says has passed; m4_alarm() is in how many cycles it will pend its
 * exception, 0: it will not, or does already.
 */
void m4_elapse(struct m4 *m, uint64_t cycles);
uint64_t m4_alarm(const struct m4 *m);

/*
 * What was translated may no longer hold: ask translate() again, from the next
 * instruction on. RAM that somebody else rewrote is executed as it is then.
 */
void m4_retranslate(struct m4 *m);

/*
 * Execute at most so many instructions; fewer, if what they do takes the host
 * long: exceptions, pages that are new. That is counted, not measured: a run can
 * be repeated. True: more can be done now. False: in reset, asleep, stalled or
 * locked up.
 */
bool m4_run(struct m4 *m, unsigned int instructions);

enum m4_state m4_state(const struct m4 *m);

/*
 * The address of the instruction that is next, or that stalls; 0 in reset, and
 * EXC_RETURN while a return from an exception is stalled.
 */
uint32_t m4_pc(const struct m4 *m);

#pragma GCC visibility pop

#endif /* MODEL_M4_H */
