/* SPDX-License-Identifier: GPL-2.0-only */
/* Times what the contenders do at the same point. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "world.h"

enum contender {
    MEDIATOR,
    FLOOR,
    FLOOR_WALKING,    /* its look-ups of the p2m go on from the last one */
    RFC_2014_HOLDING, /* with references */
    RFC_2014,
    COPY,
    CONTENDERS,
};

/* Rounds that are counted, of the ones before them that are not. */
#define ROUNDS  31u
#define WARM_UP 5

/* What one contender does: prepare() is not timed, and may be NULL. Without run(), it
 * does not take part, and what is measured of it is NAN. */
struct work {
    void (*prepare)(struct world *w);
    void (*run)(struct world *w);
};

/*
 * Lets them take turns, round by round, so that noise hits all. Gives the
 * median of each in nanoseconds; the clock's own cost is taken off.
 */
void measure_time(struct world *w, const struct work work[CONTENDERS],
                  double ns[CONTENDERS]);

/* How often one run() does what is counted. */
void measure_count(struct world *w, const struct work work[CONTENDERS],
                   enum count what, double n[CONTENDERS]);

#endif /* BENCH_MEASURE_H */
