/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_DEVICE_H
#define FAKE_ASM_DEVICE_H

#include <xen/device_tree.h>

enum device_class {
    DEVICE_SERIAL,
    DEVICE_IOMMU,
};

struct device_desc {
    const char *name;
    enum device_class class;
    const struct dt_device_match *dt_match;
    int (*init)(struct dt_device_node *dev, const void *data);
};

/* Xen puts these into a section of their own; here there is one. */
extern const struct device_desc fake_driver;

#define DT_DEVICE_START(_name, _namestr, _class) \
    const struct device_desc fake_driver = { .name = (_namestr), \
                                             .class = (_class),

#define DT_DEVICE_END \
    } \
    ;

#endif /* FAKE_ASM_DEVICE_H */
