/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drives the physical BIF of an SGX544.
 *
 * One rule stands over all of it: no bypass bit is ever set, and each base
 * register names a directory that the host wrote, whenever the BIF is out of
 * reset. A reset loses the bases [D]: so they are written while all other blocks
 * are still in reset (bif_hw_reset()).
 *
 * Offsets are those of the window. MMU's lock held, or the GPU not yet shared.
 */
#ifndef OMAP_BIF_HW_H
#define OMAP_BIF_HW_H

#include "host.h"
#include "sgx_regs.h"

/* Reads of MEM_REQ_STAT until quiescing has failed. */
#define BIF_POLLS 2000u

/*
 * The GPU is held in reset; all bases of all banks name root (machine address
 * of an empty directory, below 4 GiB), no bypass bit is set. True: the
 * registers that can be read back hold that.
 */
bool bif_hw_quarantine(struct host *host, maddr_t root);

/*
 * PAUSE, reads under way awaited, all that is cached invalidated, ctrl (BIF_CTRL
 * of the guest, without bypass bits) written back. False: reads did not end
 * within BIF_POLLS; the GPU is held in reset then.
 */
bool bif_hw_quiesce(struct host *host, uint32_t ctrl);

/* Holds the whole GPU in reset. */
void bif_hw_hold(struct host *host);

/*
 * Writes SOFT_RESET of a bank. If that lets the BIF out of reset: first alone,
 * then bases: [bank][index], machine addresses; then the rest as value says.
 */
void bif_hw_reset(struct host *host, unsigned int bank, uint32_t value,
                  maddr_t base[SGX_BANKS][SGX_BASES]);

#endif /* OMAP_BIF_HW_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
