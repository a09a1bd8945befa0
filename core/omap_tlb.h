/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TLB entries of the TI OMAP MMU, as its registers CAM and RAM hold them.
 *
 * Facts only, for the mediator (core/) and for the model of the hardware
 * (model/) alike. The file needs nothing but <stdint.h>. [L], [T], [D]: see
 * omap_regs.h.
 */
#ifndef OMAP_TLB_H
#define OMAP_TLB_H

#include <stdint.h>

/* TLB entries of the largest part; 8 on OMAP3's camera MMU [L]. */
#define OMAP_MMU_TLB_ENTRIES 32

/* CAM */
#define CAM_SIZE(cam) ((cam) % 4u)
#define CAM_SIZE_1M   0u
#define CAM_SIZE_64K  1u
#define CAM_SIZE_4K   2u
#define CAM_SIZE_16M  3u
#define CAM_V         (1u << 2)
#define CAM_P         (1u << 3) /* preserved: GFLUSH leaves it */
#define CAM_VATAG     0xfffff000u

/* RAM */
#define RAM_PA 0xfffff000u

#define CAM_MAX_SHIFT 24

/* log2 of the size of a TLB entry's page, from its CAM. */
static inline unsigned int cam_page_shift(uint32_t cam)
{
    static const uint8_t shift[] = { 20, 16, 12, 24 };

    return shift[CAM_SIZE(cam)];
}

#endif /* OMAP_TLB_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
