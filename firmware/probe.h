/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The service xen-omap-probe: what does this core find at a device address?
 */
#ifndef FIRMWARE_PROBE_H
#define FIRMWARE_PROBE_H

#include <stdint.h>

#define PROBE_PEEK 1u /* the word at da; nothing there: the firmware's end */
#define PROBE_SCAN \
    2u /* the hostile image: what is there at all, to the trace */

struct probe_request {
    uint32_t operation;
    uint32_t da;
};

struct probe_reply {
    uint32_t operation;
    uint32_t da;
    uint32_t value;
    uint32_t ok; /* 0: not done */
};

/*
 * Reads the first word of each page from da to the end of all addresses, but
 * for the core's own. The trace has the pages that it could read, and its progress.
 * Only the hostile image has it.
 */
void scan(uint32_t da);

#endif /* FIRMWARE_PROBE_H */
