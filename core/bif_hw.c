/* SPDX-License-Identifier: GPL-2.0-only */
#include "bif_hw.h"

/* SOFT_RESET with all blocks in reset but the BIF. No source names them all. */
#define CORE_ALL     0xffffffffu
#define CORE_ALONE   (CORE_ALL & ~SGX_RESET_BIF)
#define MASTER_ALONE (BIF_RESET_BLOCKS & ~(BIF_MASTER_CORES | BIF_MASTER_BIF))

static uint32_t rd(struct host *host, unsigned int bank, unsigned int reg)
{
    return host->ops->reg_read(host, bank * SGX_BANK_BYTES + reg);
}

static void wr(struct host *host, unsigned int bank, unsigned int reg,
               uint32_t value)
{
    host->ops->reg_write(host, bank * SGX_BANK_BYTES + reg, value);
}

/*
 * Each bank by itself, so that it does not matter which of them BROADCAST
 * reaches.
 */
static void pause(struct host *host, const uint32_t ctrl[SGX_BANKS])
{
    unsigned int bank;

    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        wr(host, bank, SGX_BIF_CTRL,
           (ctrl[bank] & ~SGX_CTRL_BYPASS) | SGX_CTRL_PAUSE);
}

void bif_hw_hold(struct host *host)
{
    const uint32_t none[SGX_BANKS] = { 0 };
    unsigned int bank;

    pause(host, none);
    wr(host, SGX_MASTER, SGX_SOFT_RESET, SGX_RESET_ALL);
    for ( bank = SGX_CORE0; bank < SGX_BANKS; bank++ )
        wr(host, bank, SGX_SOFT_RESET, CORE_ALL);
}

/*
 * Lets a BIF out of reset by this value of SOFT_RESET, without any requester.
 * What it cached before may have survived the reset: invalidate it.
 */
static void let_out(struct host *host, unsigned int bank, uint32_t alone,
                    const maddr_t base[SGX_BASES])
{
    unsigned int n;

    wr(host, bank, SGX_SOFT_RESET, alone);
    wr(host, bank, SGX_BIF_CTRL, 0);
    for ( n = 0; n < SGX_BASES; n++ )
        wr(host, 0, sgx_base_offset(bank, n), (uint32_t)base[n].v);
    wr(host, bank, SGX_BIF_CTRL_INVAL, SGX_INVAL_ALL);
}

/* Only a core's registers are known to be readable. */
static bool is_quarantined(struct host *host, unsigned int core, maddr_t root)
{
    unsigned int n;

    for ( n = 0; n < SGX_BASES; n++ )
        if ( rd(host, 0, sgx_base_offset(core, n)) != root.v )
            return false;

    return !(rd(host, core, SGX_BIF_CTRL) & SGX_CTRL_BYPASS) &&
           (rd(host, core, SGX_SOFT_RESET) & BIF_RESET_BLOCKS) ==
               (BIF_RESET_BLOCKS & ~SGX_RESET_BIF);
}

bool bif_hw_quarantine(struct host *host, maddr_t root)
{
    maddr_t base[SGX_BASES];
    unsigned int i;

    for ( i = 0; i < SGX_BASES; i++ )
        base[i] = root;

    bif_hw_hold(host);
    let_out(host, SGX_MASTER, MASTER_ALONE, base);
    for ( i = SGX_CORE0; i < SGX_BANKS; i++ )
        let_out(host, i, CORE_ALONE, base);

    return is_quarantined(host, SGX_CORE0, root) &&
           is_quarantined(host, SGX_CORE1, root);
}

/* Reads each core at least once. */
static bool reads_end(struct host *host, unsigned int *polls)
{
    unsigned int core = SGX_CORE0;

    for ( ; *polls && core < SGX_BANKS; --*polls )
        if ( !(rd(host, core, SGX_BIF_MEM_REQ_STAT) & SGX_MEM_REQ_READS) )
            core++;

    return core == SGX_BANKS;
}

/*
 * A walk under way could still load what it read before the invalidation, so
 * reads are awaited first. The driver awaits them afterwards, too.
 */
bool bif_hw_quiesce(struct host *host, const uint32_t ctrl[SGX_BANKS])
{
    unsigned int polls = BIF_POLLS, bank;
    bool ended;

    pause(host, ctrl);
    ended = reads_end(host, &polls);
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        wr(host, bank, SGX_BIF_CTRL_INVAL, SGX_INVAL_ALL);
    ended = ended && reads_end(host, &polls);

    if ( !ended )
    {
        bif_hw_hold(host);
        return false;
    }
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        wr(host, bank, SGX_BIF_CTRL, ctrl[bank] & ~SGX_CTRL_BYPASS);

    return true;
}

/*
 * Cores that the master's bits keep in reset stay there. So does the master's
 * BIF, though bit 0 may have held both.
 */
static void let_master_out(struct host *host, const uint32_t was[SGX_BANKS],
                           const uint32_t now[SGX_BANKS],
                           const maddr_t base[SGX_BASES])
{
    uint32_t cores = now[SGX_MASTER] & BIF_MASTER_CORES;
    uint32_t held = bif_in_reset(now, SGX_MASTER) ? BIF_MASTER_BIF : 0;

    if ( bif_in_reset(was, SGX_MASTER) && !bif_in_reset(now, SGX_MASTER) )
        let_out(host, SGX_MASTER, MASTER_ALONE | cores, base);
    else if ( was[SGX_MASTER] & BIF_MASTER_CORES & ~cores )
        wr(host, SGX_MASTER, SGX_SOFT_RESET,
           (was[SGX_MASTER] & (~BIF_MASTER_CORES | cores)) |
               (held & ~BIF_MASTER_CORES));
}

/*
 * A core that the master's bits reset is also put into reset by its own, so
 * that it does not matter how far the master's reach. The master's own blocks
 * wait for the cores' bases, too.
 */
void bif_hw_reset(struct host *host, unsigned int bank,
                  const uint32_t was[SGX_BANKS], const uint32_t now[SGX_BANKS],
                  maddr_t base[SGX_BANKS][SGX_BASES])
{
    unsigned int b;

    if ( bank <= SGX_MASTER )
        let_master_out(host, was, now, base[SGX_MASTER]);
    for ( b = SGX_CORE0; b < SGX_BANKS; b++ )
    {
        bool out = bif_in_reset(was, b) && !bif_in_reset(now, b);

        if ( out )
            let_out(host, b, CORE_ALONE, base[b]);
        if ( now[SGX_MASTER] & BIF_MASTER_CORE(b - SGX_CORE0) )
            wr(host, b, SGX_SOFT_RESET, CORE_ALL);
        else if ( out || b == bank || bank == SGX_BROADCAST )
            wr(host, b, SGX_SOFT_RESET, now[b]);
    }
    if ( bank <= SGX_MASTER )
        wr(host, SGX_MASTER, SGX_SOFT_RESET, now[SGX_MASTER]);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
