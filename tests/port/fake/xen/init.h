/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_INIT_H
#define FAKE_XEN_INIT_H

#define __init
#define __initconst
#define __initdata

#endif /* FAKE_XEN_INIT_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
