/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_KEYHANDLER_H
#define FAKE_XEN_KEYHANDLER_H

#include <stdbool.h>

typedef void(keyhandler_fn_t)(unsigned char key);

void register_keyhandler(unsigned char key, keyhandler_fn_t *fn,
                         const char *desc, bool diagnostic);

#endif /* FAKE_XEN_KEYHANDLER_H */
