/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firmware of an RTOS's shape: two tasks that are preempted. One answers
 * Linux, woken by the mailbox's interrupt; the other works for three ticks after
 * each message, and does not wait meanwhile.
 */
#include "core.h"
#include "mailbox.h"
#include "nvic.h"
#include "services.h"
#include "tasks.h"
#include "trace.h"

#define ANSWERS 0u /* tasks */
#define WORKS   1u

#define WORK_TICKS 3u

void mailbox_entry(void);

/* The line is high until the task has looked: it listens again before it waits. */
void mailbox_entry(void)
{
    nvic_disable(MAILBOX_LINE);
    task_wake(ANSWERS);
}

static void answer(void)
{
    for ( ;; )
    {
        if ( mailbox_waits() )
        {
            handle(mailbox_receive());
            task_wake(WORKS);
        }
        else if ( !rpmsg_serve(services) )
        {
            mailbox_listen();
            if ( !mailbox_waits() )
                task_wait();
        }
    }
}

/* Those that PendSV or the core stacks, with a pattern: true if all keep it. */
static bool registers_are_kept(void)
{
    uint32_t wrong;

    asm volatile("mov r4, #0x44\n"
                 "mov r5, #0x55\n"
                 "mov r6, #0x66\n"
                 "mov r7, #0x77\n"
                 "mov r8, #0x88\n"
                 "mov r9, #0x99\n"
                 "mov r10, #0xaa\n"
                 "mov r11, #0xbb\n"
                 "mov r12, #0xcc\n"
                 "mov lr, #0xee\n"
                 "movs r0, #200\n"
                 "1: subs r0, #1\n"
                 "bne 1b\n"
                 "eor %0, r4, #0x44\n"
                 "eor r5, r5, #0x55\n"
                 "orr %0, %0, r5\n"
                 "eor r6, r6, #0x66\n"
                 "orr %0, %0, r6\n"
                 "eor r7, r7, #0x77\n"
                 "orr %0, %0, r7\n"
                 "eor r8, r8, #0x88\n"
                 "orr %0, %0, r8\n"
                 "eor r9, r9, #0x99\n"
                 "orr %0, %0, r9\n"
                 "eor r10, r10, #0xaa\n"
                 "orr %0, %0, r10\n"
                 "eor r11, r11, #0xbb\n"
                 "orr %0, %0, r11\n"
                 "eor r12, r12, #0xcc\n"
                 "orr %0, %0, r12\n"
                 "eor lr, lr, #0xee\n"
                 "orr %0, %0, lr\n"
                 : "=&r"(wrong)
                 :
                 : "r0", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11",
                   "r12", "lr", "cc");

    return !wrong;
}

static void work(void)
{
    bool reported = false;

    for ( ;; )
    {
        uint32_t start = ticks;

        while ( ticks - start < WORK_TICKS )
            if ( !registers_are_kept() )
            {
                trace("ipu: a register was lost after %u ticks, %u switches\n",
                      ticks, preempted[WORKS]);
                halt();
            }
        if ( !reported && preempted[WORKS] )
            trace("ipu: worked until tick %u, interrupted %u times\n", ticks,
                  preempted[WORKS]);
        reported = reported || preempted[WORKS];
        task_wait();
    }
}

int main(void)
{
    trace("ipu: hello from the Cortex-M4, by two tasks\n");
    task_create(ANSWERS, answer);
    task_create(WORKS, work);
    tasks_run();
}
