/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks that share the core: in turn, a tick each, and at once when a handler
 * wakes one. They run on the process stack. SVC waits, PendSV switches, SysTick ticks.
 */
#ifndef FIRMWARE_TASKS_H
#define FIRMWARE_TASKS_H

#include <stdbool.h>
#include <stdint.h>

#define TASKS       2u
#define TICK_CYCLES 50000u
#define STACK_WORDS 512u

extern volatile uint32_t ticks;

/* How often a task was switched away that could have gone on. */
extern volatile uint32_t preempted[TASKS];

/* Before tasks_run(), for each number below TASKS: it must not return. */
void task_create(unsigned int number, void (*body)(void));

/* Starts them, and sleeps while none is ready. */
__attribute__((noreturn)) void tasks_run(void);

/* Of the task that calls: until it is woken, or was since it last waited. */
void task_wait(void);

/* From a task or from a handler. */
void task_wake(unsigned int number);

#endif /* FIRMWARE_TASKS_H */
