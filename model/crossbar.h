/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt crossbar of DRA7: for each input of the GIC a 16-bit register in the
 * control module, which holds the number of the source whose line the input follows.
 *
 * How to use it: hand accesses to its registers to crossbar_read() and
 * crossbar_write(), and the lines of devices to crossbar_source().
 *
 * The registers follow each other in the order of the inputs; the inputs 0 to 3, 5, 6,
 * 131 and 132 have none. 10, 133, 139 and 140 have one, but are wired past the
 * crossbar. A source may have several inputs, and source 0 has no line.
 *
 * Sources: the node ti,irq-crossbar of Linux's dra7.dtsi, and irq-crossbar.c.
 *
 * Chosen where these are silent: a register is 0 after a reset, or what a boot loader
 * has left there; its upper seven bits do not exist; bytes are not written.
 *
 * Single threaded. input() may look, but not call back.
 */
#ifndef MODEL_CROSSBAR_H
#define MODEL_CROSSBAR_H

#include <stdbool.h>
#include <stdint.h>

#define CROSSBAR_INPUTS  160u
#define CROSSBAR_SOURCES 400u

#define CROSSBAR_PAGE_OFFSET \
    0xa48u /* in the control module's page 0x4a002000 */
#define CROSSBAR_WINDOW 0x130u

#define CROSSBAR_SOURCE 0x1ffu /* the bits of a register */

#define CROSSBAR_NONE UINT32_MAX

struct crossbar_config {
    uint16_t left[CROSSBAR_INPUTS]; /* by a boot loader, in the registers */
    void *ctx;                      /* handed to the callback */

    /* The line of an input changed. All are low after crossbar_init(). */
    void (*input)(void *ctx, unsigned int input, bool level);
};

struct crossbar {
    struct crossbar_config config;
    uint16_t reg[CROSSBAR_INPUTS]; /* of those that have none: 0 */
    bool source[CROSSBAR_SOURCES];
    bool input[CROSSBAR_INPUTS];
};

/* The offset of an input's register; CROSSBAR_NONE: it has none. */
uint32_t crossbar_offset(unsigned int input);

/* Power on. input() must be present. */
void crossbar_init(struct crossbar *c, const struct crossbar_config *config);

/* Hardware reset: of the registers, not of the devices' lines. */
void crossbar_reset(struct crossbar *c);

/* The line of a source, 1 to CROSSBAR_SOURCES - 1, is now so. */
void crossbar_source(struct crossbar *c, unsigned int source, bool level);

/*
 * Access of size bytes, 1, 2 or 4, at offset, aligned to size; 4 bytes are two
 * registers, 1 is written nowhere.
 */
uint32_t crossbar_read(const struct crossbar *c, uint32_t offset,
                       unsigned int size);
void crossbar_write(struct crossbar *c, uint32_t offset, unsigned int size,
                    uint32_t value);

#endif /* MODEL_CROSSBAR_H */
