/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_DEVICE_TREE_H
#define FAKE_XEN_DEVICE_TREE_H

#include <xen/list.h>
#include <xen/mm.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef uint16_t domid_t;

#define DOMID_IO  ((domid_t)0x7ff1)
#define DOMID_XEN ((domid_t)0x7ff2)

struct device {
    bool has_fwspec;
};

#define MAX_PHANDLE_ARGS 16

struct dt_phandle_args {
    struct dt_device_node *np;
    int args_count;
    uint32_t args[MAX_PHANDLE_ARGS];
};

/* Of a property; NULL: there is none. */
struct fake_cells {
    const uint8_t *bytes;
    unsigned int size;
};

struct fake_property {
    const char *name;
    struct fake_cells cells;
};

/* What the tree says of a device, as a test wrote it. */
struct dt_device_node {
    const char *full_name;
    const char *compatible, *also; /* or NULL */
    struct dt_device_node *parent;
    struct dt_device_node *const *iommus; /* up to NULL */
    bool has_reg;
    paddr_t base, size;
    int irq;                          /* of the GIC; -1: none */
    const struct dt_raw_irq *raw_irq; /* instead, of whatever controller */
    const struct fake_property *properties; /* others; up to one without name */
    unsigned int tlb_entries;               /* 0: no such property */
    bool bus_err_back, clocked;
    struct fake_cells guest_address, control, bootreg;
    struct dt_device_node *scm;        /* that bootreg names */
    struct dt_device_node *dsp_system; /* that ti,syscon-mmuconfig names */
    /*
     * Up to one without np. An args_count below zero is an error: -ENOENT, an empty
     * entry; -EINVAL, one that cannot be read, nor can any after it.
     */
    const struct dt_phandle_args *resets, *clocks;
    bool passthrough;
    struct dt_device_node *allnext; /* of the whole tree, from dt_host on */
    domid_t used_by;
    struct list_head domain_list; /* empty: no domain has it */
    bool is_protected;
    struct device dev;
};

struct dt_raw_irq {
    const struct dt_device_node *controller;
    u32 size;
    u32 specifier[4];
};

struct dt_irq {
    unsigned int irq, type;
};

extern const struct dt_device_node *dt_interrupt_controller;

#define dt_to_dev(np) (&(np)->dev)

struct dt_device_match {
    const char *compatible;
};

#define DT_MATCH_COMPATIBLE(compat) \
    { \
        .compatible = (compat) \
    }

#define dt_for_each_device_node(dt, dn) \
    for ( dn = dt; dn != NULL; dn = (dn)->allnext )

extern struct dt_device_node *dt_host;

#define dt_node_full_name(np)         ((np) ? (np)->full_name : "<no-node>")
#define dt_device_set_used_by(np, id) ((void)((np)->used_by = (id)))
#define dt_device_used_by(np)         ((np)->used_by)
#define dt_device_set_protected(np)   ((void)((np)->is_protected = true))

static inline struct dt_device_node *dev_to_dt(struct device *dev)
{
    return container_of(dev, struct dt_device_node, dev);
}

bool dt_device_is_compatible(const struct dt_device_node *device,
                             const char *compat);
bool dt_property_read_u32(const struct dt_device_node *np, const char *name,
                          u32 *out_value);
bool dt_property_read_bool(const struct dt_device_node *np, const char *name);
const void *dt_get_property(const struct dt_device_node *np, const char *name,
                            u32 *lenp);
bool dt_device_for_passthrough(const struct dt_device_node *device);
int dt_device_get_address(const struct dt_device_node *dev, unsigned int index,
                          u64 *addr, u64 *size);
int dt_device_get_raw_irq(const struct dt_device_node *device,
                          unsigned int index, struct dt_raw_irq *irq);
int dt_irq_translate(const struct dt_raw_irq *raw, struct dt_irq *out_irq);
struct dt_device_node *dt_parse_phandle(const struct dt_device_node *np,
                                        const char *phandle_name, int index);

int dt_property_read_variable_u32_array(const struct dt_device_node *np,
                                        const char *propname, u32 *out_values,
                                        size_t sz_min, size_t sz_max);
int dt_count_phandle_with_args(const struct dt_device_node *np,
                               const char *list_name, const char *cells_name);
int dt_parse_phandle_with_args(const struct dt_device_node *np,
                               const char *list_name, const char *cells_name,
                               int index, struct dt_phandle_args *out_args);

static inline const struct dt_device_node *dt_get_parent(
    const struct dt_device_node *node)
{
    return node->parent;
}

#endif /* FAKE_XEN_DEVICE_TREE_H */
