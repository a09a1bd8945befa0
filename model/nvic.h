/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exceptions of a Cortex-M4, as its System Control Space (0xe000e000) has them:
 * NVIC with 64 lines and 16 priorities, SysTick, fault status. It knows which
 * exceptions are enabled, pending and active, and which is to be taken; the core
 * (m4.c) stacks and unstacks.
 *
 * Source: ARMv7-M Architecture Reference Manual, DDI 0403E, chapters B1 and B3.
 * That there are 64 lines and 4 bits of priority: what TI's SYS/BIOS has for the
 * IPU (80 vectors, 16 priorities).
 *
 * Single threaded, no callbacks: the caller serialises.
 */
#ifndef MODEL_NVIC_H
#define MODEL_NVIC_H

#include <stdbool.h>
#include <stdint.h>

#define NVIC_LINES      64u
#define NVIC_EXCEPTIONS (16u + NVIC_LINES)

/* Numbers of exceptions [B1.5.2]; line n is NVIC_LINE0 + n. */
#define NVIC_NMI        2u
#define NVIC_HARDFAULT  3u
#define NVIC_MEMMANAGE  4u
#define NVIC_BUSFAULT   5u
#define NVIC_USAGEFAULT 6u
#define NVIC_SVCALL     11u
#define NVIC_DEBUG      12u
#define NVIC_PENDSV     14u
#define NVIC_SYSTICK    15u
#define NVIC_LINE0      16u

/* CFSR [B3.2.15] */
#define CFSR_IACCVIOL   (1u << 0)
#define CFSR_IBUSERR    (1u << 8)
#define CFSR_PRECISERR  (1u << 9)
#define CFSR_UNSTKERR   (1u << 11)
#define CFSR_STKERR     (1u << 12)
#define CFSR_BFARVALID  (1u << 15)
#define CFSR_UNDEFINSTR (1u << 16)
#define CFSR_INVSTATE   (1u << 17)
#define CFSR_INVPC      (1u << 18)
#define CFSR_NOCP       (1u << 19)
#define CFSR_UNALIGNED  (1u << 24)
#define CFSR_DIVBYZERO  (1u << 25)

/* HFSR [B3.2.16] */
#define HFSR_VECTTBL  (1u << 1)
#define HFSR_FORCED   (1u << 30)
#define HFSR_DEBUGEVT (1u << 31)

#define DFSR_BKPT (1u << 1) /* [C1.6.1] */

/* CCR [B3.2.8] */
#define CCR_NONBASETHRDENA (1u << 0)
#define CCR_USERSETMPEND   (1u << 1)
#define CCR_UNALIGN_TRP    (1u << 3)
#define CCR_DIV_0_TRP      (1u << 4)
#define CCR_BFHFNMIGN      (1u << 8)
#define CCR_STKALIGN       (1u << 9)

/* SCR [B3.2.7] */
#define SCR_SLEEPONEXIT (1u << 1)
#define SCR_SEVONPEND   (1u << 4)

/* Offsets in the System Control Space of what the core treats by itself. */
#define SCS_AIRCR 0xd0cu
#define SCS_CCR   0xd14u
#define SCS_STIR  0xf00u

/* AIRCR [B3.2.6] */
#define AIRCR_VECTRESET     (1u << 0)
#define AIRCR_VECTCLRACTIVE (1u << 1)
#define AIRCR_SYSRESETREQ   (1u << 2)

struct nvic {
    bool level[NVIC_LINES]; /* of the lines; survives nvic_reset() */
    bool enabled[NVIC_EXCEPTIONS];
    bool pending[NVIC_EXCEPTIONS];
    bool active[NVIC_EXCEPTIONS];
    uint8_t priority[NVIC_EXCEPTIONS];

    uint8_t primask, faultmask, basepri; /* by nvic_set_masks() */
    unsigned int current;                /* IPSR: what runs; 0: Thread mode */
    bool event;                          /* the event register of WFE */

    uint32_t vtor, prigroup, scr, ccr, actlr;
    uint32_t cfsr, hfsr, dfsr, mmfar, bfar;

    /* SysTick */
    uint32_t csr, reload, count;
    bool counted; /* COUNTFLAG */

    unsigned int due;  /* to be taken before the next instruction; 0: none */
    bool unmasked_due; /* there would be one, were PRIMASK 0 */
};

/* As after power on, but for the lines' levels: those that are high pend. */
void nvic_reset(struct nvic *n);

/* A line of a peripheral, below NVIC_LINES. */
void nvic_line(struct nvic *n, unsigned int line, bool level);

/*
 * PRIMASK, FAULTMASK and BASEPRI; of the last, what there are bits for.
 * FAULTMASK is not set in HardFault and NMI.
 */
void nvic_set_masks(struct nvic *n, uint8_t primask, uint8_t faultmask,
                    uint8_t basepri);

/* One cycle of SysTick, or many. */
void nvic_tick(struct nvic *n);
void nvic_elapse(struct nvic *n, uint64_t cycles);

/*
 * In how many cycles SysTick will pend its exception; 0: it will not, or does
 * already.
 */
uint64_t nvic_alarm(const struct nvic *n);

/*
 * A synchronous exception: NVIC_HARDFAULT, _MEMMANAGE, _BUSFAULT, _USAGEFAULT
 * or _SVCALL, with what CFSR is to say. It pends; or HardFault does, where it is
 * disabled or of too low a priority. Returns which one: it is due, if nothing
 * else is before it. 0: neither can be taken, the core locks up.
 */
unsigned int nvic_raise(struct nvic *n, unsigned int exception, uint32_t cfsr);

/* It is taken: pending no more, active, and what runs. From NVIC_NMI on. */
void nvic_take(struct nvic *n, unsigned int exception);

/* The exception that runs returns: no longer active. */
void nvic_leave(struct nvic *n);

/*
 * What runs after a return: 0, or the number that was unstacked, below
 * NVIC_EXCEPTIONS. It need not be active.
 */
void nvic_resume(struct nvic *n, unsigned int exception);

/* How many exceptions are active. */
unsigned int nvic_nested(const struct nvic *n);

/* Does what is written to AIRCR have the key, without which it does nothing? */
bool nvic_has_key(uint32_t aircr);

/*
 * A register: its offset from 0xe000e000, a multiple of 4. Mask has the bits of
 * those bytes that are written. False: there is none, it reads 0 and ignores
 * writes.
 */
bool nvic_read(struct nvic *n, uint32_t offset, uint32_t *value);
bool nvic_write(struct nvic *n, uint32_t offset, uint32_t value, uint32_t mask);

#endif /* MODEL_NVIC_H */
