/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_COMPILE_H
#define FAKE_XEN_COMPILE_H

#define XEN_VERSION    4
#define XEN_SUBVERSION 17

#endif /* FAKE_XEN_COMPILE_H */
