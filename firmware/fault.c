/* SPDX-License-Identifier: GPL-2.0-only */
#include "core.h"
#include "fault.h"
#include "trace.h"

/* What the core stacks when it takes an exception. */
struct frame {
    uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

/* Of probe_word(): the load, and where it goes on if that fails. */
extern const char probe_load[], probe_failed[];

void hard_fault(struct frame *frame);

/* da comes in r0, may_fail in r1; the result is r1:r0. */
asm(".pushsection .text\n"
    ".syntax unified\n"
    ".global probe_word, probe_load, probe_failed\n"
    ".thumb_func\n"
    "probe_word:\n"
    "probe_load:\n"
    "    ldr r0, [r0]\n"
    "    movs r1, #1\n"
    "    bx lr\n"
    "probe_failed:\n"
    "    movs r0, #0\n"
    "    movs r1, #0\n"
    "    bx lr\n"
    ".popsection\n");

/* The return address that is in LR makes the return one from an exception. */
__attribute__((naked)) void hard_fault_entry(void)
{
    asm volatile("tst lr, #4\n" /* the stack that was in use */
                 "ite eq\n"
                 "mrseq r0, msp\n"
                 "mrsne r0, psp\n"
                 "b hard_fault\n");
}

__attribute__((used)) void hard_fault(struct frame *frame)
{
    bool probing = frame->pc == (uint32_t)probe_load;

    if ( probing && frame->r1 )
    {
        frame->pc = (uint32_t)probe_failed;
        return;
    }

    if ( probing )
        trace("bus error at pc %x, da %x\n", frame->pc, frame->r0);
    else
        trace("bus error at pc %x\n", frame->pc);
    halt();
}
