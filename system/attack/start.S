/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The head of a bare-metal guest: what Xen's loader wants to see of a zImage, the
 * numbers that the runner writes into the image, and the way into C.
 */
#include "guest.h"

        .syntax unified
        .arm

        .section .head, "ax"
        .global _start
_start:
        b       enter
        .org    0x24
        .word   0x016f2818              /* a zImage, ... */
        .word   _start, __image_end     /* ... loaded to where it is linked */
        .global parameters
parameters:                             /* struct parameters */
        .space  PARAMETERS_SIZE

enter:
        ldr     r0, =__bss_start
        ldr     r1, =__bss_end
        mov     r2, #0
1:      cmp     r0, r1
        strlo   r2, [r0], #4
        blo     1b
        mov     r0, #0

/* r0: the vCPU's number. Its MMU and caches stay off. */
        .global enter_vcpu
enter_vcpu:
        ldr     r1, =vectors
        mcr     p15, 0, r1, c12, c0, 0  /* VBAR */
        ldr     sp, =__stacks
        add     r1, r0, #1
        add     sp, sp, r1, lsl #14
        bl      guest_main
1:      wfi
        b       1b

        .balign 32
vectors:
        .rept   8
        b       fatal
        .endr

/* Nothing here should trap, but a guest that does must be heard of. */
fatal:
        mrc     p15, 0, r0, c5, c0, 0   /* DFSR */
        mrc     p15, 0, r1, c6, c0, 0   /* DFAR */
        sub     r2, lr, #8
        b       guest_trapped           /* on whatever stack it is */

        .section .note.GNU-stack, "", %progbits
