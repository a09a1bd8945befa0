/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware for the IPU, a Cortex-M4: greets, and offers services by rpmsg.
 *
 * For a firmware of your own: write other services in services.c; ipu.h says what Linux
 * is asked for.
 */
#include "fault.h"
#include "mailbox.h"
#include "services.h"
#include "trace.h"

/*
 * The mailbox goes before the messages: Linux writes into it more than once for
 * each, and waits in line where it is full.
 */
int main(void)
{
    trace("ipu: hello from the Cortex-M4\n");
#ifdef STRAY_DA
    probe_word(STRAY_DA, false); /* an image that crashes */
#endif
#ifdef LOCKS_UP
    asm volatile("cpsid f\n" /* nothing can be taken now */
                 "svc #0");
#endif

    for ( ;; )
        if ( mailbox_waits() || !rpmsg_serve(services) )
            handle(mailbox_receive());
}
