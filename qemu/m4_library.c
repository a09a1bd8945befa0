/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The core of model/m4.h, from a shared object of its own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "m4_library.h"

#define FILE_NAME "omap-m4.so"

static struct m4_library library;

/* Each function, and the pointer in struct m4_library that it is for. */
static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
#define F(name) { #name, offsetof(struct m4_library, name) },
    M4_FUNCTIONS(F)
#undef F
};

/* Beside the file that this function is in. */
static void find(const struct device *d, char *path, size_t size)
{
    const char *slash;
    Dl_info plugin;
    int length;

    if ( !dladdr(&library, &plugin) )
        device_fail(d, "the plugin's own folder is not known");

    slash = strrchr(plugin.dli_fname, '/');
    length = slash ? (int)(slash + 1 - plugin.dli_fname) : 0;
    snprintf(path, size, "%.*s" FILE_NAME, length, plugin.dli_fname);
}

const struct m4_library *m4_library_load(const struct device *d)
{
    char path[PATH_MAX];
    unsigned int i;
    void *handle;

    find(d, path, sizeof(path));
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if ( !handle )
        device_fail(d, "cannot load its core: %s", dlerror());

    for ( i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++ )
    {
        void *address = dlsym(handle, symbols[i].name);

        if ( !address )
            device_fail(d, "%s does not have %s", path, symbols[i].name);
        memcpy((char *)&library + symbols[i].offset, &address, sizeof(address));
    }

    return &library;
}
