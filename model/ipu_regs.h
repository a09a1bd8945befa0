/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of an IPU that only its own cores see, in front of the MMU: cache
 * (UNICACHE), address unit (AMMU, "UNICACHE_MMU") and WUGEN. They keep what is
 * written and do nothing by it: there is no cache, a device address is what the
 * core uses, and nothing ever sleeps deeply. Maintenance is done at once.
 *
 * Offsets and fields: TI's hw_ipu_unicache_mmu.h of its processor SDK for the
 * AMMU; AM572x TRM, SPRUHZ6, 7.4, for the rest. What a register holds after
 * reset is not known: 0 here.
 *
 * Single threaded, no callbacks.
 */
#ifndef MODEL_IPU_REGS_H
#define MODEL_IPU_REGS_H

#include <stdbool.h>
#include <stdint.h>

#define IPU_REGS_SIZE 0x2000u

struct ipu_regs {
    uint32_t kept[IPU_REGS_SIZE / 4];
};

/* What is to be said of an access. */
enum ipu_regs_result {
    IPU_REGS_OK,
    IPU_REGS_NONE,       /* no register: reads 0, ignores writes */
    IPU_REGS_TRANSLATES, /* a page of the AMMU is to lead elsewhere: it won't */
};

void ipu_regs_reset(struct ipu_regs *r);

/*
 * Offset: a multiple of 4 below IPU_REGS_SIZE. Mask has the bits of the bytes
 * that are written.
 */
enum ipu_regs_result ipu_regs_read(const struct ipu_regs *r, uint32_t offset,
                                   uint32_t *value);
enum ipu_regs_result ipu_regs_write(struct ipu_regs *r, uint32_t offset,
                                    uint32_t value, uint32_t mask);

#endif /* MODEL_IPU_REGS_H */
