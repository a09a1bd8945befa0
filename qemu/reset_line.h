/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds a processor in reset: a line of an omap-control, or an omap-prcm-unit. */
#ifndef RESET_LINE_H
#define RESET_LINE_H

#include "device.h"

struct reset_line {
    char *control_id;
    uint64_t line;
    char *unit_id;
    uint64_t core;
};

/* The properties that name it, for the field of that type in an instance. */
/* clang-format off */
/* A field's name. NOLINTBEGIN(bugprone-macro-parentheses) */
#define RESET_LINE_PROPERTIES(type, field)                                  \
    { "control", PROPERTY_STRING, offsetof(type, field.control_id) },       \
    { "line", PROPERTY_UINT64, offsetof(type, field.line) },                \
    { "unit", PROPERTY_STRING, offsetof(type, field.unit_id) },             \
    { "core", PROPERTY_UINT64, offsetof(type, field.core) }
/* NOLINTEND(bugprone-macro-parentheses) */
/* clang-format on */

/* For init(). */
void reset_line_init(struct reset_line *line);

/* Is one named? */
bool reset_line_given(const struct reset_line *line);

/* For check(): hang a processor on it, as omap_control_attach() does. */
void reset_line_attach(const struct device *processor,
                       const struct reset_line *line,
                       void (*reset)(void *ctx, bool asserted, uint32_t boot),
                       void *ctx);

#endif /* RESET_LINE_H */
