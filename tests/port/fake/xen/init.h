/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_INIT_H
#define FAKE_XEN_INIT_H

#define __init
#define __initconst
#define __initdata

#endif /* FAKE_XEN_INIT_H */
