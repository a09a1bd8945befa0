/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SVC, SysTick and the mailbox's handler have one priority, so none is
 * interrupted by another; PendSV has the lowest, and runs when they are through.
 */
#include "core.h"
#include "nvic.h"
#include "tasks.h"

#define IDLE            TASKS
#define REGISTERS       16u /* r4 to r11, and the frame that the core stacks */
#define FRAME_LR        13u
#define FRAME_PC        14u
#define FRAME_XPSR      15u
#define XPSR_THUMB      (1u << 24)
#define CONTROL_USE_PSP "2"

static struct task {
    uint32_t *sp;
    bool ready, woken;
} task[TASKS + 1];

static uint32_t stacks[TASKS + 1][STACK_WORDS] __attribute__((aligned(8)));
static unsigned int current = IDLE;
volatile uint32_t ticks;
volatile uint32_t preempted[TASKS];

void svc_entry(void);
void systick_entry(void);
void pendsv_entry(void);
uint32_t *next_task(uint32_t *sp);

static void pend_switch(void)
{
    nvic_write(SCB_ICSR, ICSR_PENDSVSET);
}

void task_create(unsigned int number, void (*body)(void))
{
    uint32_t *sp = stacks[number] + STACK_WORDS - REGISTERS;

    sp[FRAME_LR] = (uint32_t)halt;
    sp[FRAME_PC] = (uint32_t)body;
    sp[FRAME_XPSR] = XPSR_THUMB;
    task[number].sp = sp;
    task[number].ready = true;
}

void task_wait(void)
{
    asm volatile("svc #0" ::: "memory");
}

void svc_entry(void)
{
    struct task *t = &task[current];

    if ( !t->woken )
    {
        t->ready = false;
        pend_switch();
    }
    t->woken = false;
}

/* A task that wakes another goes on until it waits, or its tick is over. */
void task_wake(unsigned int number)
{
    uint32_t primask = mask_interrupts(), exception;

    asm volatile("mrs %0, ipsr" : "=r"(exception));
    task[number].woken = task[number].ready;
    task[number].ready = true;
    if ( exception && !task[number].woken )
        pend_switch();
    restore_interrupts(primask);
}

void systick_entry(void)
{
    ticks++;
    pend_switch();
}

/* In turn; none is ready: idle. */
__attribute__((used)) uint32_t *next_task(uint32_t *sp)
{
    unsigned int i, next = IDLE;

    task[current].sp = sp;
    for ( i = TASKS; i > 0; i-- )
        if ( task[(current + i) % TASKS].ready )
            next = (current + i) % TASKS;
    if ( current != IDLE && task[current].ready && next != current )
        preempted[current]++;
    current = next;

    return task[current].sp;
}

__attribute__((naked)) void pendsv_entry(void)
{
    asm volatile("mrs r0, psp\n"
                 "stmdb r0!, {r4-r11}\n"
                 "push {r3, lr}\n"
                 "bl next_task\n"
                 "pop {r3, lr}\n"
                 "ldmia r0!, {r4-r11}\n"
                 "msr psp, r0\n"
                 "bx lr\n");
}

/* What runs here is the idle task from now on. */
void tasks_run(void)
{
    nvic_write(SCB_SHPR2, PRIORITY_HANDLER << 24);
    nvic_write(SCB_SHPR3, PRIORITY_HANDLER << 24 | PRIORITY_LOWEST << 16);
    *(volatile uint8_t *)(NVIC_IPR + MAILBOX_LINE) = PRIORITY_HANDLER;
    nvic_write(SYST_RVR, TICK_CYCLES - 1);
    nvic_write(SYST_CVR, 0);
    nvic_write(SYST_CSR, 7);
    pend_switch();

    asm volatile("msr psp, %0\n"
                 "movs r0, #" CONTROL_USE_PSP "\n"
                 "msr control, r0\n"
                 "isb\n"
                 "cpsie i\n"
                 "1: wfi\n"
                 "b 1b"
                 :
                 : "r"(stacks[IDLE] + STACK_WORDS)
                 : "r0", "memory");
    __builtin_unreachable();
}
