/* SPDX-License-Identifier: GPL-2.0-only */
/* A host, a guest with its working set, and all contenders, which serve it. */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include "floor.h"
#include "guest.h"
#include "vmmu.h"

/* The mediator's pool: enough for any working set here, in any memory; and one
 * that is not. */
#define POOL_TABLES       512u
#define SMALL_POOL_TABLES 64

struct world {
    struct bench_host host;
    struct guest guest;
    struct vmmu vmmu; /* the mediator */
    struct baseline floor, floor_walking, rfc_holding, rfc, copy;
};

void world_init(struct world *w, enum mapping mapping, unsigned int mib,
                enum memory memory, unsigned int pool_tables);

/* Ends the assignment; exits unless all invariants held to the end. */
void world_free(struct world *w);

/*
 * The device accesses a page: what the shadow lacks is filled by the mediator.
 * touch_all(): one page of each MiB of the working set.
 */
void touch(struct world *w, unsigned int page);
void touch_all(struct world *w);

/* What the floors do for the working set; they give back what that took. */
void fill_floor(struct world *w);
void forget_floor(struct world *w);
void fill_floor_walking(struct world *w);
void forget_floor_walking(struct world *w);

/* Exits unless all translate as the guest and its p2m say. */
void verify(struct world *w);

/* Bytes that the mediator uses at this moment, and has in all. */
size_t mediator_used(const struct world *w);
size_t mediator_configured(const struct world *w);

#endif /* BENCH_WORLD_H */
