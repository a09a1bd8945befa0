/* SPDX-License-Identifier: GPL-2.0-only */
/* <stddef.h> for the core, from what Xen has instead. */
#include <xen/types.h>
