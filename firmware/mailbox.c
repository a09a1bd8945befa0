/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers as in TI's DRA74x/75x SPRUI30H ch. 22; which FIFO and which user
 * are whose as in Linux's device tree of OMAP5, or as the Makefile says.
 *
 * The interrupt only wakes: it is enabled in the NVIC, but masked by PRIMASK. In
 * the image with tasks it is not masked: its handler disables the line. Where it
 * comes between the look and WFI, the next tick ends the WFI.
 */
#include <stdbool.h>

#include "core.h"
#include "ipu.h"
#include "mailbox.h"
#include "nvic.h"

#ifndef FROM_LINUX
#define FROM_LINUX 0 /* FIFOs */
#define TO_LINUX   1
#define USER       2 /* the IPU */
#endif

#define MESSAGE(fifo)     (0x040 + 4 * (fifo))
#define FIFO_STATUS(fifo) (0x080 + 4 * (fifo)) /* 1: full */
#define MSG_STATUS(fifo)  (0x0c0 + 4 * (fifo)) /* messages in it */
#define IRQ_STATUS_CLR    (0x104 + 0x10 * USER)
#define IRQ_ENABLE_SET    (0x108 + 0x10 * USER)
#define IRQ_ENABLE_CLR    (0x10c + 0x10 * USER)

#define NEW_MESSAGE(fifo) (1u << 2 * (fifo)) /* of the IRQ registers */
#define NOT_FULL(fifo)    (2u << 2 * (fifo))

static volatile uint32_t *reg(unsigned int offset)
{
    return (volatile uint32_t *)(MAILBOX_DA + offset);
}

bool mailbox_waits(void)
{
    return *reg(MSG_STATUS(FROM_LINUX));
}

static bool has_room(void)
{
    return !*reg(FIFO_STATUS(TO_LINUX));
}

/*
 * The status is cleared before the look, and then what pends: what comes later
 * wakes.
 */
static void wait_for(uint32_t event, bool (*ready)(void))
{
    nvic_enable(MAILBOX_LINE);
    *reg(IRQ_ENABLE_SET) = event;
    for ( ;; )
    {
        *reg(IRQ_STATUS_CLR) = event;
        asm volatile("dsb" ::: "memory");
        nvic_clear_pending(MAILBOX_LINE);
        if ( ready() )
            break;
        asm volatile("dsb\n"
                     "wfi" ::
                         : "memory");
    }
    *reg(IRQ_ENABLE_CLR) = event;
}

uint32_t mailbox_receive(void)
{
    wait_for(NEW_MESSAGE(FROM_LINUX), mailbox_waits);

    return *reg(MESSAGE(FROM_LINUX));
}

void mailbox_listen(void)
{
    *reg(IRQ_STATUS_CLR) = NEW_MESSAGE(FROM_LINUX);
    *reg(IRQ_ENABLE_SET) = NEW_MESSAGE(FROM_LINUX);
    nvic_enable(MAILBOX_LINE);
}

void mailbox_send(uint32_t message)
{
    wait_for(NOT_FULL(TO_LINUX), has_room);
    memory_barrier();
    *reg(MESSAGE(TO_LINUX)) = message;
}
