/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DSP_SYSTEM of a DRA7 DSP: the registers of the subsystem around the core, by
 * which its two ports are switched to go through their MMUs or around them.
 *
 * How to use it: dsp_system_reset() with the reset of MMU and slave port; ask
 * dsp_system_translated() at each access of a port.
 *
 * Sources: TI's header of the CSL for places and fields; Linux's omap-iommu.c for
 * what MMU_CONFIG does.
 *
 * Chosen where these are silent: STAT is 1 for what is at work; a bit that is
 * written to MMU_CONFIG holds from the port's next access on; SYSCONFIG begins
 * with the modes "smart".
 *
 * Not modelled: MMU0_ABORT and MMU1_ABORT, which are kept without effect, idle
 * modes, and all other registers, which read 0 and ignore writes.
 */
#ifndef MODEL_DSP_SYSTEM_H
#define MODEL_DSP_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

#define DSP_SYSTEM_WINDOW 0x1000u

#define DSP_SYSTEM_REVISION   0x00u
#define DSP_SYSTEM_HWINFO     0x04u
#define DSP_SYSTEM_SYSCONFIG  0x08u
#define DSP_SYSTEM_STAT       0x0cu
#define DSP_SYSTEM_MMU_CONFIG 0x18u

#define DSP_SYSTEM_REVISION_VALUE 0x44535053u /* this model's own */

#define DSP_SYSTEM_SOFTRESET       (1u << 0) /* of SYSCONFIG; reads 0 */
#define DSP_SYSTEM_MODES           0x3eu
#define DSP_SYSTEM_SYSCONFIG_RESET 0x28u

/* STAT */
#define DSP_SYSTEM_C66X  (1u << 0)
#define DSP_SYSTEM_TC(n) (2u << (n))

/* MMU_CONFIG; port 0 is the core's, port 1 EDMA's. */
#define DSP_SYSTEM_MMU_EN(port)    (1u << 4 * (port))
#define DSP_SYSTEM_MMU_ABORT(port) (0x100u << 4 * (port))
#define DSP_SYSTEM_MMU_ALL         0x1111u

struct dsp_system_config {
    void *ctx; /* handed to the callbacks */

    /* What STAT reads. */
    uint32_t (*stat)(void *ctx);

    /* May be NULL. MMU_CONFIG was written or reset. */
    void (*routed)(void *ctx, uint32_t mmu_config);
};

struct dsp_system {
    struct dsp_system_config config;
    uint32_t sysconfig;
    uint32_t mmu_config;
};

/* Power on. stat() must be present; routed() is not called. */
void dsp_system_init(struct dsp_system *d,
                     const struct dsp_system_config *config);

/* Hardware reset: both ports go around their MMUs. */
void dsp_system_reset(struct dsp_system *d);

/* Does the port go through its MMU? */
bool dsp_system_translated(const struct dsp_system *d, unsigned int port);

/*
 * Access of size bytes, 1, 2 or 4, to the register at offset, aligned to size.
 * Narrow accesses and holes are treated as by mmu_reg_read() and _write().
 */
uint32_t dsp_system_reg_read(const struct dsp_system *d, uint32_t offset,
                             unsigned int size);
void dsp_system_reg_write(struct dsp_system *d, uint32_t offset,
                          unsigned int size, uint32_t value);

#endif /* MODEL_DSP_SYSTEM_H */
