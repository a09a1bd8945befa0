/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_LIST_H
#define FAKE_XEN_LIST_H

struct list_head {
    struct list_head *next, *prev;
};

#endif /* FAKE_XEN_LIST_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
