/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_TIMER_H
#define FAKE_XEN_TIMER_H

#include <stdint.h>

typedef int64_t s_time_t;

struct timer {
    s_time_t expires;
};

#endif /* FAKE_XEN_TIMER_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
