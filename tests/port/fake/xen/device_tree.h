/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_DEVICE_TREE_H
#define FAKE_XEN_DEVICE_TREE_H

struct dt_device_node {
    const char *full_name;
};

#define dt_node_full_name(np) ((np)->full_name)

#endif /* FAKE_XEN_DEVICE_TREE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
