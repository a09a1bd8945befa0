/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that is relied on of QEMU. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "qemu_abi.h"

struct qemu qemu;

/* Each symbol, and the pointer in struct qemu that it is for. */
static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
#define F(type, name, parameters) { #name, offsetof(struct qemu, name) },
    QEMU_FUNCTIONS(F)
#undef F
        { "address_space_memory", offsetof(struct qemu, address_space_memory) },
};

bool qemu_abi_load(void)
{
    bool complete = true;
    unsigned int i;

    for ( i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++ )
    {
        void *address = dlsym(RTLD_DEFAULT, symbols[i].name);

        if ( !address )
        {
            fprintf(stderr, "omap: this QEMU does not export %s\n",
                    symbols[i].name);
            complete = false;
        }
        memcpy((char *)&qemu + symbols[i].offset, &address, sizeof(address));
    }

    if ( !complete )
        fprintf(stderr, "omap: use a qemu-system-arm of 7.2 or later that was "
                        "configured with --enable-modules, such as Debian's\n");

    return complete;
}

/*
 * A QEMU refuses versions above its own, and later ones refuse old versions.
 * Interface 1 had qemu_plugin_n_vcpus(), which 2 dropped; QEMU 10 accepts 2.
 */
int qemu_abi_plugin_version(void)
{
    return dlsym(RTLD_DEFAULT, "qemu_plugin_n_vcpus") ? 1 : 2;
}

bool qemu_abi_read(uint64_t pa, unsigned int size, uint32_t *value)
{
    uint8_t b[4] = { 0 };

    if ( qemu.address_space_rw(qemu.address_space_memory, pa, 0, b, size,
                               false) )
        return false;

    *value = b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24;

    return true;
}

bool qemu_abi_write(uint64_t pa, unsigned int size, uint32_t value)
{
    uint8_t b[4] = { value, value >> 8, value >> 16, value >> 24 };

    return !qemu.address_space_rw(qemu.address_space_memory, pa, 0, b, size,
                                  true);
}

bool qemu_abi_read32(void *ctx, uint32_t pa, uint32_t *value)
{
    (void)ctx;

    return qemu_abi_read(pa, 4, value);
}

bool qemu_abi_write32(void *ctx, uint32_t pa, uint32_t value)
{
    (void)ctx;

    return qemu_abi_write(pa, 4, value);
}

/*
 * QEMU also maps what is no RAM, by a bounce buffer. Mapped for writing, no register is
 * read into that; unmapped as not written, none is written from it. The buffer belongs
 * to no region: by that QEMU itself distinguishes it from RAM. A mapping ends where its
 * region does, so one that begins in RAM and meets a device is shorter than asked for.
 */
void *qemu_abi_ram(uint64_t pa, uint64_t size)
{
    hwaddr length = size;
    uint64_t ram_addr;
    void *host =
        qemu.address_space_map(qemu.address_space_memory, pa, &length, true, 0);
    bool ram;

    if ( !host )
        return NULL;

    ram = qemu.memory_region_from_host(host, &ram_addr) && length == size;
    qemu.address_space_unmap(qemu.address_space_memory, host, length, ram,
                             ram ? length : 0);

    return ram ? host : NULL;
}
