/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a toolstack asks Xen for, in dom0's kernel. toolstack.c includes Xen's public
 * headers, which do not go with Linux's copies of them: hence no type of theirs here.
 *
 * 0, or Xen's error.
 */
#ifndef TOOLSTACK_H
#define TOOLSTACK_H

#include <linux/types.h>

int domain_has_shut_down(u16 domain, bool *shut_down);
int domain_destroy(u16 domain);

/* One that never runs, and may have devices; with `spis` interrupts of devices. */
int domain_create(u16 *domain, u32 spis);

/* Gives it memory at an address of its own. */
int domain_populate(u16 domain, u32 ipa, unsigned int pages);

/* The device of that path in Xen's device tree. */
int domain_assign(u16 domain, const char *device);

/* Maps memory of that domain into ours, where we have nothing; and takes it out. */
int borrow_memory(u16 domain, u32 ipa, unsigned int pages, u32 ours);
int return_memory(u32 ours, unsigned int pages);

/*
 * Makes that domain grant us a page of its own, and maps that where we have nothing; and
 * takes it out. `table` is where that domain has nothing, and then its grant table.
 */
struct granted {
    u32 ours;
    u64 machine; /* where a direct-mapped domain has it as well */
    u32 handle;
};

int grant_page(u16 domain, u32 ipa, u32 table, struct granted *g);
int ungrant_page(const struct granted *g);

/* Maps a page of a device into ours, at its own address. */
int map_device(u32 address);

#endif /* TOOLSTACK_H */
