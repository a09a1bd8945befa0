/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the program begins. */
#include "sys.h"

/* From the process's stack: how many arguments, and their addresses behind it. */
static void __attribute__((used)) begin(long *stack)
{
    sys_exit(main(stack[0], (char **)(stack + 1)));
}

void __attribute__((naked)) _start(void)
{
    __asm__("mov r0, sp\n"
            "bic sp, sp, #7\n"
            "b begin\n");
}
