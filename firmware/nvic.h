/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core's interrupts: ARMv7-M Architecture Reference Manual, DDI 0403E, B3.4.
 * Which line is the mailbox's: as in TI's SYS/BIOS, vector 50.
 */
#ifndef FIRMWARE_NVIC_H
#define FIRMWARE_NVIC_H

#include <stdint.h>

#define MAILBOX_LINE 34u
#define NVIC_LINES   64u

/* Priorities: of what must not interrupt each other, and of the lowest. */
#define PRIORITY_HANDLER 0x40u
#define PRIORITY_LOWEST  0xf0u

#define SYST_CSR  0xe000e010u /* control: on, by interrupt, the core's clock */
#define SYST_RVR  0xe000e014u
#define SYST_CVR  0xe000e018u
#define NVIC_ISER 0xe000e100u
#define NVIC_ICER 0xe000e180u
#define NVIC_ICPR 0xe000e280u
#define NVIC_IPR  0xe000e400u
#define SCB_ICSR  0xe000ed04u
#define SCB_SHPR2 0xe000ed1cu /* bits 31:24: SVCall */
#define SCB_SHPR3 0xe000ed20u /* bits 31:24: SysTick, 23:16: PendSV */

#define ICSR_PENDSVSET (1u << 28)

static inline void nvic_write(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
    asm volatile("dsb\n"
                 "isb" ::
                     : "memory");
}

static inline void nvic_set_bit(uint32_t registers, unsigned int line)
{
    ((volatile uint32_t *)registers)[line / 32] = 1u << line % 32;
    asm volatile("dsb" ::: "memory");
}

static inline void nvic_enable(unsigned int line)
{
    nvic_set_bit(NVIC_ISER, line);
}

static inline void nvic_disable(unsigned int line)
{
    nvic_set_bit(NVIC_ICER, line);
}

/* A line that is still high goes on pending. */
static inline void nvic_clear_pending(unsigned int line)
{
    nvic_set_bit(NVIC_ICPR, line);
}

static inline void nvic_disable_all(void)
{
    unsigned int i;

    for ( i = 0; i < NVIC_LINES / 32; i++ )
        ((volatile uint32_t *)NVIC_ICER)[i] = ~0u;
}

#endif /* FIRMWARE_NVIC_H */
