/* SPDX-License-Identifier: GPL-2.0-only */
/* The first instructions. */
#include <stdint.h>

#include "core.h"
#include "fault.h"
#include "nvic.h"

extern uint32_t bss_start[], bss_end[];
extern char stack_top[]; /* all three from ipu.ld */

int main(void);
void reset(void);

/* An image that has no use for one of these has none of its own. */
#define UNUSED(handler) \
    void handler(void); \
    __attribute__((weak)) void handler(void) \
    { \
        halt(); \
    }

UNUSED(svc_entry)
UNUSED(pendsv_entry)
UNUSED(systick_entry)
UNUSED(mailbox_entry)

#define VECTORS (16 + MAILBOX_LINE + 1)

__attribute__((section(".vectors"), used)) static const struct {
    const void *stack;
    void (*handler[VECTORS - 1])(void);
} vectors = {
    .stack = stack_top,
    .handler = {
        [0] = reset,
        [1] = halt, /* NMI */
        [2] = hard_fault_entry,
        [3 ... 9] = halt,
        [10] = svc_entry,
        [11 ... 12] = halt,
        [13] = pendsv_entry,
        [14] = systick_entry,
        [15 ... 14 + MAILBOX_LINE] = halt,
        [15 + MAILBOX_LINE] = mailbox_entry,
    },
};

void reset(void)
{
    uint32_t *p;

    /* WFI wakes for one that is enabled all the same, but none is taken yet. */
    asm volatile("cpsid i");
    for ( p = bss_start; p != bss_end; p++ )
        *(volatile uint32_t *)p = 0;

    main();
    halt();
}
