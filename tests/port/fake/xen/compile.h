/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_COMPILE_H
#define FAKE_XEN_COMPILE_H

#define XEN_VERSION    4
#define XEN_SUBVERSION 17

#endif /* FAKE_XEN_COMPILE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
