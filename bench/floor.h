/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The least that any mediator with references must do to fill: read the guest's
 * words, look up each run of pages in the p2m, take a reference on each page, and
 * write the hardware's words: small pages, but sections and supersections where both
 * the guest's addresses and the machine's are in one piece.
 *
 * It compares nothing with what was before, and does not remember what a word was
 * made from; no device faults, and nothing of an MMU is virtual. So it could never
 * serve a guest. One taking of the p2m's lock is for a whole table, one look-up for
 * all pages that an entry of the p2m covers.
 */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include "baseline.h"

/* Fills slots from first on, both multiples of PT_GROUP. */
void floor_fill(struct baseline *b, uint32_t ttb, unsigned int first,
                unsigned int slots);

/* Forgets them, and gives back the references. */
void floor_forget(struct baseline *b, unsigned int first, unsigned int slots);

#endif /* BENCH_FLOOR_H */
