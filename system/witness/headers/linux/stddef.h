/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux's own needs what only its source has; the tree's headers want no more than this. */
#include <stddef.h>
