/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stacks and vectors for the bare-metal programs; everything runs with the CPU's MMU off. */
    .arch armv7ve
    .arm
    .globl _start
_start:
    cpsid   i
    ldr     r0, =vectors
    mcr     p15, 0, r0, c12, c0, 0
    cps     #0x12                       /* IRQ mode */
    ldr     sp, =irq_stack_end
    cps     #0x17                       /* abort mode */
    ldr     sp, =abort_stack_end
    cps     #0x13                       /* supervisor mode */
    ldr     sp, =stack_end
    bl      main
halt:
    wfi
    b       halt

    .balign 32
vectors:
    b       halt
    b       halt
    b       halt
    b       halt
    b       on_abort
    b       halt
    b       on_irq
    b       halt

on_irq:
    sub     lr, lr, #4
    push    {r0-r3, r12, lr}
    bl      handle_irq
    ldm     sp!, {r0-r3, r12, pc}^

/* A data abort: count it, and go on behind the access. */
on_abort:
    push    {r0, r1}
    ldr     r0, =aborts
    ldr     r1, [r0]
    add     r1, r1, #1
    str     r1, [r0]
    pop     {r0, r1}
    subs    pc, lr, #4

/* uint32_t psci(uint32_t function): ask the firmware that QEMU plays. */
    .globl psci
psci:
    hvc     #0
    bx      lr

/* uint32_t ticks(void): the generic timer's count, 62.5 MHz. */
    .globl ticks
ticks:
    mrrc    p15, 1, r0, r1, c14
    bx      lr

    .bss
    .balign 8
    .space  8192
irq_stack_end:
    .space  256
abort_stack_end:
    .space  16384
stack_end:
    .globl aborts
aborts:
    .space  4

    .section .note.GNU-stack, "", %progbits
