/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the devices have in common. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"

/* Above what the board has there: RAM, on the boards of QEMU. */
#define WINDOW_PRIORITY 10

static struct device *instances; /* in the order of the command line */
static bool started;
static const struct device_kind *const *device_kinds;

struct device *device_next(const struct device_kind *kind, struct device *d)
{
    d = d ? d->next : instances;
    while ( d && d->kind != kind )
        d = d->next;

    return d;
}

const char *device_id(const struct device *d)
{
    const char *id = qemu.object_get_canonical_path_component(d->object);

    return id ? id : "?";
}

bool devices_started(void)
{
    return started;
}

void device_fail(const struct device *d, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s %s: ", d->kind->name, device_id(d));
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

struct device *device_link(const struct device *d, const char *property,
                           const char *id, const struct device_kind *kind)
{
    struct device *found = NULL;

    if ( !id )
        device_fail(d, "%s is missing: the id of an %s", property, kind->name);

    while ( (found = device_next(kind, found)) )
        if ( !strcmp(device_id(found), id) )
            return found;

    device_fail(d, "there is no %s with id=%s", kind->name, id);
}

void device_check_number(const struct device *d, const char *property,
                         uint64_t value, uint64_t first, uint64_t last)
{
    if ( value == DEVICE_NO_NUMBER )
        device_fail(d, "%s is missing: %llu to %llu", property,
                    (unsigned long long)first, (unsigned long long)last);

    if ( value < first || value > last )
        device_fail(d, "%s %llu is out of range: %llu to %llu", property,
                    (unsigned long long)value, (unsigned long long)first,
                    (unsigned long long)last);
}

FILE *device_open_trace(const struct device *d, const char *name)
{
    FILE *file = fopen(name, "w");

    if ( !file )
        device_fail(d, "trace %s cannot be written: %s", name, strerror(errno));
    setvbuf(file, NULL, _IOLBF, 0);

    return file;
}

void device_timer_init(QEMUTimer *timer, void (*expired)(void *ctx), void *ctx)
{
    qemu.timer_init_full(timer, NULL, QEMU_CLOCK_VIRTUAL, 1, 0, expired, ctx);
}

void device_timer_set(QEMUTimer *timer, int64_t ns)
{
    qemu.timer_mod(timer, qemu.qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + ns);
}

/*
 * Objects
 */

static const struct device_kind *kind_of(const Object *object)
{
    const char *name = qemu.object_get_typename(object);
    unsigned int i;

    for ( i = 0; device_kinds[i]; i++ )
        if ( !strcmp(device_kinds[i]->name, name) )
            break;

    return device_kinds[i];
}

/* The link that points to the instance of an object, or to the list's end. */
static struct device **link_of(const Object *object)
{
    struct device **link = &instances;

    while ( *link && (*link)->object != object )
        link = &(*link)->next;

    return link;
}

static void instance_init(Object *object)
{
    const struct device_kind *kind = kind_of(object);
    struct device *d = calloc(1, kind->size);

    if ( !d )
        abort();

    d->kind = kind;
    d->object = object;
    if ( kind->init )
        kind->init(d);
    *link_of(object) = d;
}

static void instance_finalize(Object *object)
{
    struct device **link = link_of(object);
    struct device *d = *link;

    *link = d->next;
    free(d);
}

static void set_property(Object *object, Visitor *visitor, const char *name,
                         void *opaque, Error **errp)
{
    const struct device_property *property = opaque;
    void *field = (char *)*link_of(object) + property->offset;

    if ( started )
    {
        qemu.error_setg_internal(errp, __FILE__, __LINE__, __func__,
                                 "%s cannot be changed once the machine is "
                                 "made",
                                 name);
        return;
    }

    switch ( property->type )
    {
    case PROPERTY_BOOL:
        qemu.visit_type_bool(visitor, name, field, errp);
        break;
    case PROPERTY_STRING:
        qemu.visit_type_str(visitor, name, field, errp);
        break;
    case PROPERTY_UINT64:
        qemu.visit_type_uint64(visitor, name, field, errp);
        break;
    }
}

static void add_property(ObjectClass *class,
                         const struct device_property *property)
{
    static const char *const type[] = {
        [PROPERTY_BOOL] = "bool",
        [PROPERTY_STRING] = "str",
        [PROPERTY_UINT64] = "uint64",
    };

    qemu.object_class_property_add(class, property->name, type[property->type],
                                   NULL, set_property, NULL, (void *)property);
}

static void class_init(ObjectClass *class, void *data)
{
    static const struct device_property addr = {
        "addr",
        PROPERTY_UINT64,
        offsetof(struct device, addr),
    };
    const struct device_kind *kind = data;
    unsigned int i;

    add_property(class, &addr);
    for ( i = 0; i < kind->properties_count; i++ )
        add_property(class, &kind->properties[i]);
}

void devices_register(const struct device_kind *const kinds[])
{
    unsigned int i;

    device_kinds = kinds;
    for ( i = 0; device_kinds[i]; i++ )
    {
        const TypeInfo type = {
            .name = device_kinds[i]->name,
            .parent = "device",
            .instance_init = instance_init,
            .instance_finalize = instance_finalize,
            .class_init = class_init,
            .class_data = (void *)device_kinds[i],
        };

        qemu.type_register_static(&type);
    }
}

/*
 * Machine
 */

static void check_overlap(const struct device *a, const struct device *b)
{
    if ( a->addr < b->addr + b->kind->window &&
         b->addr < a->addr + a->kind->window )
        device_fail(b, "its registers at 0x%llx overlap those of %s %s",
                    (unsigned long long)b->addr, a->kind->name, device_id(a));
}

static void check_window(const struct device *d)
{
    const struct device *other;

    if ( !d->kind->window && d->addr )
        device_fail(d, "addr is given, but it has no registers");

    if ( !d->kind->window )
        return;

    if ( !d->addr )
        device_fail(d, "addr is missing: the address of its registers");

    if ( d->addr % d->kind->window || d->addr >> 32 )
        device_fail(d, "addr 0x%llx is not a multiple of 0x%llx below 4 GiB",
                    (unsigned long long)d->addr,
                    (unsigned long long)d->kind->window);

    for ( other = instances; other != d; other = other->next )
        check_overlap(other, d);
}

static uint32_t read_first(struct device *d)
{
    uint64_t value = 0;

    if ( d->kind->ops->read )
        return d->kind->ops->read(d, 0, 4);

    d->kind->ops->read_with_attrs(d, 0, &value, 4, 0);

    return value;
}

/* Checks that a bus master reaches register 0. If not, some layout differs. */
static void self_check(struct device *d)
{
    uint32_t want = read_first(d);
    uint32_t value = ~want;

    if ( !qemu_abi_read(d->addr, 4, &value) || value != want )
        device_fail(d,
                    "self-check failed: register 0 reads 0x%x, not 0x%x: "
                    "the structures of this QEMU are not those of qemu_abi.h",
                    value, want);
}

static void map_window(struct device *d)
{
    qemu.memory_region_init_io(&d->region, d->object, d->kind->ops, d,
                               d->kind->name, d->kind->window);
    qemu.memory_region_add_subregion_overlap(qemu.get_system_memory(), d->addr,
                                             &d->region, WINDOW_PRIORITY);
}

static void start(struct device *d)
{
    if ( d->kind->start )
        d->kind->start(d);
    if ( d->kind->window )
        map_window(d);
    if ( d->kind->reset )
        qemu.qemu_register_reset(d->kind->reset, d);
    if ( d->kind->window )
        self_check(d);
}

void devices_start(void)
{
    struct device *d;

    for ( d = instances; d; d = d->next )
    {
        check_window(d);
        if ( d->kind->check )
            d->kind->check(d);
    }

    for ( d = instances; d; d = d->next )
        start(d);

    started = true;
}
