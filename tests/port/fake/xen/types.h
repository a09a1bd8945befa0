/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_TYPES_H
#define FAKE_XEN_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#endif /* FAKE_XEN_TYPES_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
