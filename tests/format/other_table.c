/* SPDX-License-Identifier: GPL-2.0-only */
/* core/table.c for another format, beside that of the core: see two_test.c. */
#include "other_pt.h"

#define INSTANCE other_instance

#include "instance_body.h"

#include "../../core/table.c"
