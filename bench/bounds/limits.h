/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bounds that docs/threat-model.md states: the most that an operation may
 * cost. Operations on the host are exact; instructions are what Debian 12's gcc
 * made of the core, and a tenth more.
 */
#ifndef BOUNDS_LIMITS_H
#define BOUNDS_LIMITS_H

#include "bounds.h"

struct limit {
    const char *name, *worst;
    uint32_t cost[COSTS];
    uint32_t per_table; /* instructions more for each table of the pool */
};

static const struct limit limits[OPERATIONS] = {
    [CALIBRATE] = {
        "calibration", "a loop of a known length",
        { [INSTRUCTIONS] = CALIBRATION },
    },
};

#endif /* BOUNDS_LIMITS_H */
