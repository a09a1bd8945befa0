/* SPDX-License-Identifier: GPL-2.0-only */
/* The figures, as a table for people or as JSON. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "measure.h"

/*
 * A group of rows, with what is to be known of them; text has no characters
 * that JSON would escape.
 */
void report_group(const char *title, const char *note);

/* A row: one value for each contender, divided by what it was measured over; NAN for
 * one that took no part, in all rows of a group or none. */
void report_row(const char *title, const char *unit,
                const double value[CONTENDERS], double divisor);

void report_print(bool json);

#endif /* BENCH_REPORT_H */
