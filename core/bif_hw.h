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
 * The master's SOFT_RESET has bits of its own: a core each from bit 0 on, which
 * is reset as a whole, and the master's BIF [G: sgxreset.c of multi-core parts
 * writes no other SOFT_RESET]. Bit 0 is taken for the master's BIF as well, as
 * it is the BIF's in a core's. What the driver writes before anything else, and
 * that leaves nothing out of reset:
 */
#define BIF_MASTER_CORE(core) (1u << (core))
#define BIF_MASTER_CORES      0x00fu
#define BIF_MASTER_BIF        0x101u
#define BIF_RESET_BLOCKS      0x5ffu

/* Is the BIF of that bank, not BROADCAST, in reset? By all SOFT_RESETs. */
static inline bool bif_in_reset(const uint32_t reset[SGX_BANKS],
                                unsigned int bank)
{
    if ( bank == SGX_MASTER )
        return reset[SGX_MASTER] & BIF_MASTER_BIF;

    return (reset[bank] & SGX_RESET_BIF) ||
           (reset[SGX_MASTER] & BIF_MASTER_CORE(bank - SGX_CORE0));
}

/*
 * The GPU is held in reset, but for its BIFs; all bases of all banks name root
 * (machine address of an empty directory, below 4 GiB), no bypass bit is set.
 * True: the registers that can be read back hold that.
 */
bool bif_hw_quarantine(struct host *host, maddr_t root);

/*
 * PAUSE, reads under way awaited, all that is cached invalidated, ctrl (BIF_CTRL
 * of the guest of each bank but BROADCAST; its bypass bits are left out) written
 * back. False: reads did not end within BIF_POLLS; the GPU is held in reset then.
 */
bool bif_hw_quiesce(struct host *host, const uint32_t ctrl[SGX_BANKS]);

/* Holds the whole GPU in reset. */
void bif_hw_hold(struct host *host);

/*
 * Writes SOFT_RESET of a bank; of each bank for BROADCAST. was and now: all
 * banks', before and after. A BIF that this lets out of reset is let out alone;
 * its bases are written: [bank][index], machine addresses; then the rest.
 */
void bif_hw_reset(struct host *host, unsigned int bank,
                  const uint32_t was[SGX_BANKS], const uint32_t now[SGX_BANKS],
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
