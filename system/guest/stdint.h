/* SPDX-License-Identifier: GPL-2.0-only */
/* core/omap_regs.h asks for <stdint.h>; in the kernel its types are here. */
#include <linux/types.h>
