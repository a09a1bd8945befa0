/* SPDX-License-Identifier: GPL-2.0-only */
/* The clock, timers and tasklets. */
#include <xen/delay.h>

#include "fake.h"

s_time_t get_s_time(void)
{
    return fake.now;
}

void udelay(unsigned long usecs)
{
    fake_pass(MICROSECS((s_time_t)usecs));
}

/* The place of p in a list of those that live, or of NULL: a free one. */
static unsigned int place(void *const *list, const void *p)
{
    unsigned int i;

    for ( i = 0; i < FAKE_TIMERS; i++ )
        if ( list[i] == p )
            return i;

    return FAKE_TIMERS;
}

/* Timers. A killed one cannot be set again. */

void init_timer(struct timer *timer, void (*function)(void *), void *data,
                unsigned int cpu)
{
    unsigned int n = place((void *const *)fake.timer, NULL);

    assert_int_equal(place((void *const *)fake.timer, timer), FAKE_TIMERS);
    assert_true(n < FAKE_TIMERS);
    fake.timer[n] = timer;
    *timer = (struct timer){ .function = function, .data = data };
    fake.left.timers++;
}

void set_timer(struct timer *timer, s_time_t expires)
{
    if ( place((void *const *)fake.timer, timer) == FAKE_TIMERS )
        return;
    timer->expires = expires;
    timer->active = true;
}

void kill_timer(struct timer *timer)
{
    unsigned int n = place((void *const *)fake.timer, timer);

    if ( n == FAKE_TIMERS )
        return;
    fake.timer[n] = NULL;
    fake.left.timers--;
}

/* Tasklets. The same. */

void tasklet_init(struct tasklet *t, void (*func)(void *), void *data)
{
    unsigned int n = place((void *const *)fake.tasklet, NULL);

    assert_int_equal(place((void *const *)fake.tasklet, t), FAKE_TIMERS);
    assert_true(n < FAKE_TIMERS);
    fake.tasklet[n] = t;
    *t = (struct tasklet){ .func = func, .data = data };
    fake.left.tasklets++;
}

void tasklet_schedule(struct tasklet *t)
{
    t->scheduled++;
    if ( place((void *const *)fake.tasklet, t) < FAKE_TIMERS )
        t->pending = true;
}

void tasklet_kill(struct tasklet *t)
{
    unsigned int n = place((void *const *)fake.tasklet, t);

    assert_false(t->running); /* it would be waited for, for ever */
    if ( n == FAKE_TIMERS )
        return;
    fake.tasklet[n] = NULL;
    fake.left.tasklets--;
}

/* Running them */

static struct tasklet *pending(void)
{
    unsigned int i;

    for ( i = 0; i < FAKE_TIMERS; i++ )
    {
        struct tasklet *t = fake.tasklet[(fake.turn + i) % FAKE_TIMERS];

        if ( t && t->pending )
        {
            fake.turn = (fake.turn + i + 1) % FAKE_TIMERS;
            return t;
        }
    }

    return NULL;
}

/* More often than any MMU's share allows while the clock stands still. */
#define ENDLESS 100000

void fake_run(void)
{
    struct tasklet *t;
    s_time_t start;
    unsigned int runs = 0;

    fake_assert_unlocked();
    while ( (t = pending()) )
    {
        assert_in_range(++runs, 0, ENDLESS);
        t->pending = false;
        t->running = true;
        fake.runs++;
        start = fake.now;
        t->func(t->data);
        t->took += fake.now - start;
        t->running = false;
        fake_assert_unlocked();
    }
}

static struct timer *next_timer(s_time_t until)
{
    struct timer *next = NULL;
    unsigned int i;

    for ( i = 0; i < FAKE_TIMERS; i++ )
        if ( fake.timer[i] && fake.timer[i]->active &&
             fake.timer[i]->expires <= until &&
             (!next || fake.timer[i]->expires < next->expires) )
            next = fake.timer[i];

    return next;
}

void fake_run_until(s_time_t time)
{
    struct timer *timer;

    fake_run();
    while ( (timer = next_timer(max(time, fake.now))) )
    {
        fake_pass(max(timer->expires - fake.now, (s_time_t)0));
        timer->active = false;
        timer->function(timer->data);
        fake_run();
    }
    fake_pass(max(time - fake.now, (s_time_t)0));
}
