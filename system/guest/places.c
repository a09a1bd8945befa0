/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/module.h>

#include "places.h"

unsigned int secret;
module_param(secret, uint, 0);
MODULE_PARM_DESC(secret, "a machine address that is not ours");

unsigned int xen;
module_param(xen, uint, 0);
MODULE_PARM_DESC(xen, "the same, in Xen itself");

unsigned int spare;
module_param(spare, uint, 0);
MODULE_PARM_DESC(spare,
                 "guest-physical address of 12 KiB where we have nothing");
