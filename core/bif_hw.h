/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drives the physical BIF of an SGX544.
 *
 * Invariant: whenever the BIF is out of reset, no bypass bit is set and each
 * base register holds the address of a directory that the host wrote. A reset
 * loses the bases [D]: so they are written while all other blocks are still in
 * reset (bif_hw_reset()).
 *
 * Offsets are those of the window. MMU's lock held, or the GPU is not yet
 * shared.
 */
#ifndef OMAP_BIF_HW_H
#define OMAP_BIF_HW_H

#include "host.h"
#include "sgx_regs.h"

/* Reads of MEM_REQ_STAT after which quiescing has failed. */
#define BIF_POLLS 2000u

/*
 * The bits of the master's SOFT_RESET differ: from bit 0 on, a bit resets a
 * whole core; another one the master's BIF [G: sgxreset.c of multi-core parts
 * writes no other SOFT_RESET]. Bit 0 is taken for the master's BIF as well, as
 * it is the BIF's in a core's. BIF_RESET_BLOCKS: what the driver writes first,
 * leaving nothing out of reset.
 */
#define BIF_MASTER_CORE(core) (1u << (core))
#define BIF_MASTER_CORES      0x00fu
#define BIF_MASTER_BIF        0x101u
#define BIF_RESET_BLOCKS      0x5ffu

/*
 * Returns whether the BIF of a bank (not BROADCAST) is in reset, by all
 * SOFT_RESETs.
 */
static inline bool bif_in_reset(const uint32_t reset[SGX_BANKS],
                                unsigned int bank)
{
    if ( bank == SGX_MASTER )
        return reset[SGX_MASTER] & BIF_MASTER_BIF;

    return (reset[bank] & SGX_RESET_BIF) ||
           (reset[SGX_MASTER] & BIF_MASTER_CORE(bank - SGX_CORE0));
}

/*
 * Holds the GPU in reset except its BIFs. All bases of all banks get root
 * (machine address of an empty directory, below 4 GiB); no bypass bit is set.
 * Returns whether the registers that can be read back hold that.
 */
bool bif_hw_quarantine(struct host *host, maddr_t root);

/*
 * Pauses the BIFs, waits for reads under way, invalidates all that is cached,
 * and writes ctrl back (the guest's BIF_CTRL of each bank but BROADCAST,
 * without bypass bits). Returns false if reads did not end within BIF_POLLS:
 * the GPU is then held in reset.
 */
bool bif_hw_quiesce(struct host *host, const uint32_t ctrl[SGX_BANKS]);

/* Holds the whole GPU in reset. */
void bif_hw_hold(struct host *host);

/*
 * Writes SOFT_RESET of a bank; of each bank for BROADCAST. was and now: all
 * banks' values, before and after. A BIF that leaves reset leaves it alone; its
 * bases base[bank][index], machine addresses, are written; then the other
 * blocks leave reset.
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
