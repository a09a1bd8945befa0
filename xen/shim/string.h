/* SPDX-License-Identifier: GPL-2.0-only */
/* <string.h> for the core, from what Xen has instead. */
#include <xen/string.h>
