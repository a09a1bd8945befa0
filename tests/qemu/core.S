/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs for the Cortex-M4, each to be copied to where da 0 leads: vectors,
 * code and constants, which do not care where they lie. They find their
 * arguments in the words at da 0x80000000, and leave there what they found.
 */
    .arch armv7ve
    .syntax unified
    .thumb
    .section .rodata

/* A program begins: SP at the end of L2RAM, 1: runs first, 2: is HardFault. */
    .macro begin name
    .balign 4
    .globl \name
\name:
0:  .word   0x20010000, 1f - 0b + 1, 0, 2f - 0b + 1
    .endm

    .macro end name
    .pool
    .globl \name\()_end
\name\()_end:
    .endm

/* args[3] = how: 1 done, 2 HardFault, which is at args[4]; then sleep. */
    .macro finish how
    ldr     r7, =0x80000000
    movs    r3, #\how
    str     r3, [r7, #12]
9:  wfi
    b       9b
    .endm

/* Copy args[2] words from args[0] to args[1]. */
    begin   core_copy
1:  ldr     r7, =0x80000000
    ldr     r0, [r7, #0]
    ldr     r1, [r7, #4]
    ldr     r2, [r7, #8]
    .globl core_copy_load
core_copy_load:
3:  ldr     r3, [r0]
    str     r3, [r1]
    adds    r0, #4
    adds    r1, #4
    subs    r2, #1
    bne     3b
    finish  1
2:  ldr     r3, [sp, #24]               /* the stacked PC */
    str     r3, [r7, #16]
    finish  2
    end     core_copy

/* Store 1, 2, 3, ... at da 0x90000000, for ever. */
    begin   core_count
1:  ldr     r0, =0x90000000
    movs    r1, #0
3:  adds    r1, #1
    str     r1, [r0]
    b       3b
2:  finish  2
    end     core_count

/*
 * What comes in by FIFO 0 of the mailbox at da 0xaa0f4000 goes out by FIFO 1,
 * plus 1. args[3] counts how often WFI ended.
 */
    begin   core_echo
1:  cpsid   i                           /* the interrupt is to wake it only */
    ldr     r7, =0x80000000
    ldr     r0, =0xaa0f4000
    movs    r1, #1                      /* the new-message bit of FIFO 0 */
    str     r1, [r0, #0x128]            /* IRQENABLE_SET of user 2 */
    ldr     r4, =0xe000e100             /* the NVIC */
    movs    r6, #4                      /* line 34, the mailbox's */
    str     r6, [r4, #0x004]            /* ISER1 */
    movs    r5, #0
3:  ldr     r2, [r0, #0xc0]             /* MSGSTATUS */
    cmp     r2, #0
    bne     4f
    str     r1, [r0, #0x124]            /* IRQSTATUS_CLR of user 2 */
    str     r6, [r4, #0x184]            /* ICPR1 */
    wfi
    adds    r5, #1
    str     r5, [r7, #12]
    b       3b
4:  ldr     r2, [r0, #0x40]             /* MESSAGE */
    adds    r2, #1
    str     r2, [r0, #0x44]
    b       3b
2:  finish  2
    end     core_echo

/* SysTick ends WFI, a microsecond later. args[3] counts how often. */
    begin   core_tick
1:  cpsid   i                           /* it is to wake it only */
    ldr     r7, =0x80000000
    ldr     r4, =0xe000e000
    movs    r0, #99
    str     r0, [r4, #0x14]             /* SYST_RVR */
    movs    r0, #3
    str     r0, [r4, #0x10]             /* SYST_CSR: on, and pends */
    ldr     r6, =0xe000ed04             /* ICSR */
    ldr     r1, =0x02000000             /* PENDSTCLR */
    movs    r5, #0
3:  str     r0, [r4, #0x18]             /* SYST_CVR: from the start */
    str     r1, [r6]
    wfi
    adds    r5, #1
    str     r5, [r7, #12]
    b       3b
2:  finish  2
    end     core_tick

/* Each size of access, at 0x10 and 0x20 of the L2RAM that is at args[4]. */
    begin   core_l2ram
1:  ldr     r7, =0x80000000
    ldr     r0, [r7, #16]
    ldr     r1, [r0, #0x10]
    str     r1, [r7, #0]
    ldrh    r1, [r0, #0x12]
    str     r1, [r7, #4]
    ldrb    r1, [r0, #0x13]
    str     r1, [r7, #8]
    ldr     r1, =0x11223344
    str     r1, [r0, #0x20]
    movs    r1, #0xaa
    strh    r1, [r0, #0x22]
    strb    r1, [r0, #0x21]
    finish  1
2:  finish  2
    end     core_l2ram

    .section .note.GNU-stack, "", %progbits
