/* SPDX-License-Identifier: GPL-2.0-only */
/* The first instructions. */
#include <stdint.h>

#include "core.h"
#include "fault.h"

extern uint32_t bss_start[], bss_end[];
extern char stack_top[]; /* all three from ipu.ld */

int main(void);
void reset(void);

/* No interrupt is ever taken: HardFault is the last vector that is used. */
__attribute__((section(".vectors"), used)) static const struct {
    const void *stack;
    void (*handler[3])(void);
} vectors = {
    .stack = stack_top,
    .handler = { reset, halt, hard_fault_entry }, /* halt: NMI's */
};

void reset(void)
{
    uint32_t *p;

    /* WFI wakes for one that is enabled all the same, but none is taken. */
    asm volatile("cpsid i");
    for ( p = bss_start; p != bss_end; p++ )
        *(volatile uint32_t *)p = 0;

    main();
    halt();
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
