/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Common parts of the devices: they are objects of QEMU, made by -device, with
 * properties and one window of registers.
 *
 * A kind is registered as a type whose parent is QEMU's plain "device". The state of an
 * instance is kept beside its object, so that no layout of QEMU's device objects
 * matters here. Everything runs under QEMU's big lock.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdio.h>

#include "qemu_abi.h"

struct device_property {
    const char *name;
    enum {
        PROPERTY_BOOL,   /* bool */
        PROPERTY_STRING, /* char * */
        PROPERTY_UINT64, /* uint64_t */
    } type;
    size_t offset; /* of the field, in the instance */
};

struct device;

struct device_kind {
    const char *name;           /* as -device names it */
    size_t size;                /* of an instance */
    uint64_t window;            /* bytes of registers, a power of 2; 0: none */
    const MemoryRegionOps *ops; /* opaque: the instance; register 0 is
                                       constant, not 0, known after start() */
    const struct device_property *properties;
    unsigned int properties_count;

    /* What to call; NULL: there is nothing to do. */

    /* At once when made: defaults of the properties, else 0. */
    void (*init)(struct device *d);

    /* All are made: check the properties, find others, device_fail(). */
    void (*check)(struct device *d);

    /* All are checked: start the model, in any order. Mapping follows. */
    void (*start)(struct device *d);

    /* Machine reset, also before the first instruction. */
    void (*reset)(void *instance);
};

/* The two fields of an array of properties. */
#define DEVICE_PROPERTIES(array) \
    .properties = (array), \
    .properties_count = sizeof(array) / sizeof((array)[0])

/* The two fields of little-endian registers, accessed by 1 to most bytes. */
#define DEVICE_REGISTERS(bytes, reader, writer, most) \
    .window = (bytes), .ops = &(const MemoryRegionOps) \
    { \
        .read = (reader), .write = (writer), DEVICE_ACCESSES(most) \
    }

/* The same, whose accesses can end in a bus error. */
#define DEVICE_REGISTERS_BUS_ERROR(bytes, reader, writer, most) \
    .window = (bytes), .ops = &(const MemoryRegionOps) \
    { \
        .read_with_attrs = (reader), .write_with_attrs = (writer), \
        DEVICE_ACCESSES(most) \
    }

#define DEVICE_ACCESSES(most) \
    .endianness = DEVICE_LITTLE_ENDIAN, \
    .valid = { .min_access_size = 1, .max_access_size = (most) }, \
    .impl = { .min_access_size = 1, .max_access_size = (most) }

/* An instance begins with this. */
struct device {
    struct device *next;
    const struct device_kind *kind;
    Object *object;
    uint64_t addr; /* of the window; a property */
    MemoryRegion region;
};

/* Register the kinds with QEMU; NULL ends the list, which stays. Called once, before
 * the machine is made. */
void devices_register(const struct device_kind *const kinds[]);

/* Check, start and map all instances. Called once, when the machine is made. */
void devices_start(void);

/* The instance of a kind that follows d; the first one if d is NULL. */
struct device *device_next(const struct device_kind *kind, struct device *d);

/* The id given to -device, or QEMU's own name for it. */
const char *device_id(const struct device *d);

/* Is the machine made? False while the devices' self-checks run. */
bool devices_started(void);

/*
 * For check(): the instance of a kind whose id is the value of d's property,
 * which is a string. Does not return if there is none.
 */
struct device *device_link(const struct device *d, const char *property,
                           const char *id, const struct device_kind *kind);

/* For check(): a property that must be a number from first to last. */
#define DEVICE_NO_NUMBER UINT64_MAX /* its default: not given */
void device_check_number(const struct device *d, const char *property,
                         uint64_t value, uint64_t first, uint64_t last);

/* For check(): the file that its property trace names, to write lines to. */
FILE *device_open_trace(const struct device *d, const char *name);

/* For start(): a timer of the machine's clock, which is not set yet. */
void device_timer_init(QEMUTimer *timer, void (*expired)(void *ctx), void *ctx);

/* Let it expire ns nanoseconds from now, also if it was set already. */
void device_timer_set(QEMUTimer *timer, int64_t ns);

/* Print what is wrong with an instance and end QEMU. */
void device_fail(const struct device *d, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

#endif /* DEVICE_H */
