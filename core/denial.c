/* SPDX-License-Identifier: GPL-2.0-only */
#include "denial.h"

const char *denial_text(enum denial why)
{
    static const char *const words[] = {
#define D(name, words) [name] = (words),
        DENIALS(D)
#undef D
    };

    return words[why];
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
