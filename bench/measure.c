/* SPDX-License-Identifier: GPL-2.0-only */
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
 * The wall clock is exact, but runs on while another process has the CPU; the
 * CPU's clock does not, but is slow to read. What is less is the truth.
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
    double sample[CONTENDERS][ROUNDS], cost = clock_cost();
    unsigned int round, i;

    for ( round = 0; round < WARM_UP + ROUNDS; round++ )
        for ( i = 0; i < CONTENDERS; i++ )
        {
            double once = time_once(w, &work[i]) - cost;

            if ( round >= WARM_UP )
                sample[i][round - WARM_UP] = once > 0 ? once : 0;
        }

    for ( i = 0; i < CONTENDERS; i++ )
        ns[i] = median(sample[i], ROUNDS);
}

void measure_count(struct world *w, const struct work work[CONTENDERS],
                   enum count what, double n[CONTENDERS])
{
    unsigned int i;

    for ( i = 0; i < CONTENDERS; i++ )
    {
        uint64_t before;

        if ( work[i].prepare )
            work[i].prepare(w);
        before = w->host.count[what];
        work[i].run(w);
        n[i] = w->host.count[what] - before;
    }
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
