/* SPDX-License-Identifier: GPL-2.0-only */
#include <math.h>
#include <time.h>

#include "measure.h"

static double now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);

    return t.tv_sec * 1e9 + t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *value, unsigned int n)
{
    qsort(value, n, sizeof(*value), compare);

    return value[n / 2];
}

/*
 * The wall clock is exact, but continues while another process has the CPU; the CPU's
 * clock does not, but is slow to read. The smaller value is right.
 */
static double time_once(struct world *w, const struct work *work)
{
    double cpu, wall;

    if ( work->prepare )
        work->prepare(w);

    cpu = now(CLOCK_THREAD_CPUTIME_ID);
    wall = now(CLOCK_MONOTONIC);
    if ( work->run )
        work->run(w);
    wall = now(CLOCK_MONOTONIC) - wall;
    cpu = now(CLOCK_THREAD_CPUTIME_ID) - cpu;

    return cpu < wall ? cpu : wall;
}

/* What time_once() says of nothing. */
static double clock_cost(void)
{
    static const struct work nothing;
    double cost[ROUNDS];
    unsigned int i;

    for ( i = 0; i < ROUNDS; i++ )
        cost[i] = time_once(NULL, &nothing);

    return median(cost, ROUNDS);
}

void measure_time(struct world *w, const struct work work[CONTENDERS],
                  double ns[CONTENDERS])
{
    double sample[CONTENDERS][WARM_UP + ROUNDS], cost = clock_cost();
    unsigned int round, i;

    for ( round = 0; round < WARM_UP + ROUNDS; round++ )
        for ( i = 0; i < CONTENDERS; i++ )
        {
            double once = work[i].run ? time_once(w, &work[i]) - cost : NAN;

            sample[i][round] = once < 0 ? 0 : once;
        }

    for ( i = 0; i < CONTENDERS; i++ )
        ns[i] = median(sample[i] + WARM_UP, ROUNDS);
}

static double count_once(struct world *w, const struct work *work,
                         enum count what)
{
    uint64_t before;

    if ( work->prepare )
        work->prepare(w);
    before = w->host.count[what];
    work->run(w);

    return w->host.count[what] - before;
}

void measure_count(struct world *w, const struct work work[CONTENDERS],
                   enum count what, double n[CONTENDERS])
{
    unsigned int i;

    for ( i = 0; i < CONTENDERS; i++ )
    {
        n[i] = work[i].run ? count_once(w, &work[i], what) : NAN;
    }
}
