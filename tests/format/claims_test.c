/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The same for a format that claims first-level leaves, and has no word for one: it is
 * served by tables all the same. The Makefile defines PT_HAS_SECTION.
 */
#include "format_test.c"

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
