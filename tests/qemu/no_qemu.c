/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the plugin where none of QEMU's symbols are; exits 1 if it refuses. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    int (*install)(uint64_t id, const void *info, int argc, char **argv);
    void *plugin = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;

    if ( !plugin )
    {
        fprintf(stderr, "no_qemu: cannot load the plugin\n");
        return 2;
    }

    *(void **)&install = dlsym(plugin, "qemu_plugin_install");

    return install(0, NULL, 0, NULL) ? 1 : 0;
}
