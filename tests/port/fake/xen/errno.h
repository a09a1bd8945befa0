/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_ERRNO_H
#define FAKE_XEN_ERRNO_H

#include <errno.h>

#endif /* FAKE_XEN_ERRNO_H */
