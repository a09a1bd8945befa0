/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_TIMER_H
#define FAKE_XEN_TIMER_H

#include <stdbool.h>
#include <stdint.h>

typedef int64_t s_time_t;

#define NOW()          get_s_time()
#define MICROSECS(_us) ((s_time_t)((_us)*1000LL))
#define MILLISECS(_ms) ((s_time_t)((_ms)*1000000LL))
#define SECONDS(_s)    ((s_time_t)((_s)*1000000000LL))

struct timer {
    s_time_t expires;
    void (*function)(void *);
    void *data;
    bool active;
};

s_time_t get_s_time(void);
void init_timer(struct timer *timer, void (*function)(void *), void *data,
                unsigned int cpu);
void set_timer(struct timer *timer, s_time_t expires);
void kill_timer(struct timer *timer);

#endif /* FAKE_XEN_TIMER_H */
