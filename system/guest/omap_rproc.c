/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Linux's own omap_remoteproc, which Debian's kernel leaves out, as a module.
 *
 * Its source is fetched and compiled as it is; only the table of aliases stays
 * away: the modpost that Debian has for a 64-bit machine reads such a table with
 * the layout of that machine, and stops. The module is loaded by its name.
 */
#include <linux/module.h>

#undef MODULE_DEVICE_TABLE
#define MODULE_DEVICE_TABLE(type, name)

#include "omap_remoteproc.c"
