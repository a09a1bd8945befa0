/* SPDX-License-Identifier: GPL-2.0-only */
/* What a doorbell of the GPU's costs: the pass that it waits for. */
#ifndef BENCH_DOORBELL_H
#define BENCH_DOORBELL_H

/* Adds its groups to the report. Exits if the mirror is wrong. */
void bench_doorbells(void);

#endif /* BENCH_DOORBELL_H */
