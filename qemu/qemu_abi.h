/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All of QEMU that is relied on: functions it exports, and layouts.
 *
 * QEMU's own headers are not needed. Its functions are looked up by name when the
 * plugin is loaded, so that a QEMU without one is refused with a message. A QEMU built
 * with modules, as Debian's is, exports them all. Layouts were compared with the
 * headers of 7.2, 10.0 and 10.2: equal where they are used.
 */
#ifndef QEMU_ABI_H
#define QEMU_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opaque: only ever pointed to. */
typedef struct AddressSpace AddressSpace;
typedef struct Error Error;
typedef struct Object Object;
typedef struct ObjectClass ObjectClass;
typedef struct Visitor Visitor;
typedef struct IRQState *qemu_irq;

typedef uint64_t hwaddr;

/* MemTxAttrs: 4 bytes up to 9.1, then 8; a register either way. 0: no flags. */
typedef uint64_t MemTxAttrs;

typedef uint32_t MemTxResult;

#define MEMTX_OK    0u
#define MEMTX_ERROR 1u

/* QEMU fills these in and knows their size: we only lend the storage. */
typedef struct {
    uint64_t storage[512]; /* 272 bytes in 7.2 */
} MemoryRegion;

typedef struct {
    uint64_t storage[32]; /* 56 bytes in 7.2 */
} QEMUTimer;

/*
 * Filled in by us, read by QEMU. Spare words stand at the end of each, for
 * what another version appends.
 */
typedef struct Notifier {
    void (*notify)(struct Notifier *notifier, void *data);
    void *spare[6];
} Notifier;

enum device_endian {
    DEVICE_LITTLE_ENDIAN = 2,
};

typedef struct {
    uint64_t (*read)(void *opaque, hwaddr offset, unsigned int size);
    void (*write)(void *opaque, hwaddr offset, uint64_t value,
                  unsigned int size);
    MemTxResult (*read_with_attrs)(void *opaque, hwaddr offset, uint64_t *value,
                                   unsigned int size, MemTxAttrs);
    MemTxResult (*write_with_attrs)(void *opaque, hwaddr offset, uint64_t value,
                                    unsigned int size, MemTxAttrs);
    enum device_endian endianness;
    struct {
        unsigned int min_access_size;
        unsigned int max_access_size;
        bool unaligned;
        void *accepts;
    } valid;
    struct {
        unsigned int min_access_size;
        unsigned int max_access_size;
        bool unaligned;
    } impl;
    void *spare[8];
} MemoryRegionOps;

typedef struct {
    const char *name;
    const char *parent;
    size_t instance_size; /* 0: that of the parent */
    size_t instance_align;
    void (*instance_init)(Object *object);
    void (*instance_post_init)(Object *object);
    void (*instance_finalize)(Object *object);
    bool abstract;
    size_t class_size;
    void (*class_init)(ObjectClass *class, void *data);
    void (*class_base_init)(ObjectClass *class, void *data);
    void *class_data;
    void *interfaces;
    void *spare[8];
} TypeInfo;

typedef void (*property_accessor)(Object *object, Visitor *visitor,
                                  const char *name, void *opaque, Error **errp);

enum qemu_clock {
    QEMU_CLOCK_VIRTUAL = 1, /* stands still while the machine does */
};

/* F(type of result, name, parameters) */
#define QEMU_FUNCTIONS(F) \
    F(void *, address_space_map, \
      (AddressSpace *, hwaddr, hwaddr * length, bool is_write, MemTxAttrs)) \
    F(uint32_t, address_space_rw, \
      (AddressSpace *, hwaddr, MemTxAttrs, void *, hwaddr, bool is_write)) \
    F(void, address_space_unmap, \
      (AddressSpace *, void *, hwaddr length, bool is_write, \
       hwaddr access_length)) \
    F(void, error_setg_internal, \
      (Error **, const char *file, int line, const char *function, \
       const char *format, ...)) \
    F(MemoryRegion *, get_system_memory, (void)) \
    F(void, memory_region_add_subregion_overlap, \
      (MemoryRegion *, hwaddr, MemoryRegion *, int priority)) \
    F(MemoryRegion *, memory_region_from_host, \
      (void *host, uint64_t *ram_addr)) \
    F(void, memory_region_init_io, \
      (MemoryRegion *, Object * owner, const MemoryRegionOps *, void *opaque, \
       const char *name, uint64_t size)) \
    F(void *, object_class_property_add, \
      (ObjectClass *, const char *name, const char *type, \
       property_accessor get, property_accessor set, void *release, \
       void *opaque)) \
    F(const char *, object_get_canonical_path_component, (const Object *)) \
    F(const char *, object_get_typename, (const Object *)) \
    F(uint64_t, object_property_get_uint, (Object *, const char *, Error **)) \
    F(Object *, object_resolve_path_type, \
      (const char *path, const char *type, bool *ambiguous)) \
    F(qemu_irq, qdev_get_gpio_in, (Object * device, int n)) \
    F(void, qemu_add_machine_init_done_notifier, (Notifier *)) \
    F(int64_t, qemu_clock_get_ns, (enum qemu_clock)) \
    F(void, qemu_register_reset, (void (*)(void *opaque), void *opaque)) \
    F(void, qemu_set_irq, (qemu_irq, int level)) \
    F(void, timer_init_full, \
      (QEMUTimer *, void *group, enum qemu_clock, int scale, int attributes, \
       void (*)(void *opaque), void *opaque)) \
    F(void, timer_mod, (QEMUTimer *, int64_t expires)) \
    F(void *, type_register_static, (const TypeInfo *)) \
    F(bool, visit_type_bool, (Visitor *, const char *, bool *, Error **)) \
    F(bool, visit_type_str, (Visitor *, const char *, char **, Error **)) \
    F(bool, visit_type_uint64, (Visitor *, const char *, uint64_t *, Error **))

struct qemu {
/* It declares. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define F(type, name, parameters) type(*name) parameters;
    QEMU_FUNCTIONS(F)
#undef F
    AddressSpace *address_space_memory;
};

/* QEMU's functions; valid once qemu_abi_load() returned true. */
extern struct qemu qemu;

/*
 * Looks everything up. Returns false if something is missing, with a message on stderr.
 */
bool qemu_abi_load(void);

/* The version of the plugin interface to declare to this QEMU. */
int qemu_abi_plugin_version(void);

/*
 * Access the little-endian number of size bytes, 1, 2 or 4, at pa as a bus
 * master. False: bus error.
 */
bool qemu_abi_read(uint64_t pa, unsigned int size, uint32_t *value);
bool qemu_abi_write(uint64_t pa, unsigned int size, uint32_t value);

/* The same for a word, as the models ask; ctx is not used. */
bool qemu_abi_read32(void *ctx, uint32_t pa, uint32_t *value);
bool qemu_abi_write32(void *ctx, uint32_t pa, uint32_t value);

/*
 * Returns where the host has the size bytes at pa, if all of them are the machine's
 * writable RAM; else NULL: a device is among them, or nothing is there. RAM keeps its
 * place while the machine runs.
 *
 * QEMU assumes that this call writes the bytes, and sees no later store by the address.
 * So one thing is not modelled: overwritten code of the machine's own CPUs runs on as
 * it was translated.
 */
void *qemu_abi_ram(uint64_t pa, uint64_t size);

#endif /* QEMU_ABI_H */
