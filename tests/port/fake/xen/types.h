/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_TYPES_H
#define FAKE_XEN_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#endif /* FAKE_XEN_TYPES_H */
