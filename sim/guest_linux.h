/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest that drives its MMU as Linux 6.1's omap-iommu.c does, register access
 * by register access, with tables in its own memory.
 */
#ifndef SIM_GUEST_LINUX_H
#define SIM_GUEST_LINUX_H

#include "machine.h"

#define LINUX_L2_TABLES 256

struct linux_iommu {
    struct machine *m;
    uint32_t root;                /* IPA of the first level, 16 KiB */
    uint32_t l2[LINUX_L2_TABLES]; /* IPAs of free second levels */
    unsigned int l2_free;
    bool bus_err_back;
    unsigned int
        tlb_entries; /* that its device tree says; 0: as many as there are */
    struct {
        uint32_t cam, ram;
    } saved[32]; /* locked entries, over a suspend */
    unsigned int nr_saved;
};

/* Tables at ipa: 16 KiB for the first level, then 1 KiB for each second. */
void linux_init(struct linux_iommu *l, struct machine *m, uint32_t ipa,
                bool bus_err_back);

void linux_attach(struct linux_iommu *l);
void linux_detach(struct linux_iommu *l);
void linux_suspend(struct linux_iommu *l);
void linux_resume(struct linux_iommu *l);

/* One page of bytes 4K, 64K, 1M or 16M. Linux's own checks are left out. */
void linux_map(struct linux_iommu *l, uint32_t da, uint32_t ipa,
               uint32_t bytes);
/* The page at da, whatever its size. */
void linux_unmap(struct linux_iommu *l, uint32_t da);

/* The interrupt handler. fix() may mend the fault: true if it did. */
bool linux_fault(struct linux_iommu *l,
                 bool (*fix)(struct linux_iommu *l, uint32_t da));

void linux_flush_page(struct linux_iommu *l, uint32_t da);
void linux_flush_all(struct linux_iommu *l);

#endif /* SIM_GUEST_LINUX_H */
