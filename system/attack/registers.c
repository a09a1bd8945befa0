/* SPDX-License-Identifier: GPL-2.0-only */
/* Abuse of the MMUs' registers. */
#include "attack.h"
#include "omap_regs.h"
#include "omap_tlb.h"

static uint32_t reg(uint32_t unit, uint32_t offset)
{
    return parameters.unit[unit].mmu + offset;
}

static void set(uint32_t unit, uint32_t offset, uint32_t value)
{
    write32(reg(unit, offset), value);
}

void sane_mmu(uint32_t unit, uint32_t root)
{
    set(unit, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    set(unit, MMU_TTB, parameters.memory + root);
    set(unit, MMU_IRQENABLE, IRQ_WALKER_ON);
    set(unit, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

void mmu_walk(struct attacker *a, uint32_t unit)
{
    set(unit, MMU_IRQSTATUS, IRQ_ALL);
    set(unit, MMU_LOCK, 0);
    set(unit, MMU_GFLUSH, 1);
    set(unit, MMU_TTB, a_root(a));
    set(unit, MMU_GP_REG, any(a));
    set(unit, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

/* In units of 61 us. */
static void pause(uint32_t n)
{
    ticks_t end = now() + seconds(n) / 16384;

    while ( now() < end )
        continue;
}

void mmu_off_and_on(struct attacker *a, uint32_t unit)
{
    pause(below(a, 16));
    set(unit, MMU_CNTL, 0);
    pause(4);
    set(unit, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

/* A byte, half a word or a word anywhere in the page, written or read. */
static void any_access(struct attacker *a, uint32_t unit)
{
    uint32_t offset = any(a) & (any(a) & 1 ? PAGE - 1 : OMAP_MMU_WINDOW - 1);
    uint32_t value = any(a) & 3 ? target(a) : spare(any(a));
    bool write = any(a) & 1;

    switch ( below(a, 3) )
    {
    case 0:
        if ( write )
            *(volatile uint8_t *)reg(unit, offset) = value;
        else
            (void)*(volatile uint8_t *)reg(unit, offset);
        break;
    case 1:
        if ( write )
            *(volatile uint16_t *)reg(unit, offset & ~1u) = value;
        else
            (void)*(volatile uint16_t *)reg(unit, offset & ~1u);
        break;
    default:
        if ( write )
            set(unit, offset & ~3u, value);
        else
            read32(reg(unit, offset & ~3u));
        break;
    }
}

/* On, off, with the walker and without: each for long enough that a processor gets
 * somewhere. */
static void storm_of_switches(struct attacker *a, uint32_t unit)
{
    unsigned int n = below(a, 32);

    while ( n-- )
    {
        set(unit, MMU_CNTL, any(a) & 0xf);
        pause(1);
    }
    set(unit, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

static void storm_of_roots(struct attacker *a, uint32_t unit)
{
    unsigned int n = below(a, 16);

    while ( n-- )
        set(unit, MMU_TTB, any(a) & 1 ? a_root(a) : target(a));
    set(unit, MMU_TTB, a_root(a));
}

static void storm_of_flushes(struct attacker *a, uint32_t unit)
{
    unsigned int n = below(a, 32);

    while ( n-- )
        if ( any(a) & 1 )
            set(unit, MMU_GFLUSH, 1);
        else
        {
            set(unit, MMU_CAM, target(a) & CAM_VATAG);
            set(unit, MMU_FLUSH_ENTRY, 1);
        }
}

/* Entries that overlap, are preserved, and lead anywhere; victims beyond the last. */
static void storm_of_entries(struct attacker *a, uint32_t unit)
{
    unsigned int n = below(a, OMAP_MMU_TLB_ENTRIES);

    while ( n-- )
    {
        set(unit, MMU_LOCK, LOCK_MAKE(below(a, 32), below(a, 32)));
        set(unit, MMU_CAM, (target(a) & CAM_VATAG) | (any(a) & 0xf));
        set(unit, MMU_RAM, target(a));
        set(unit, MMU_LD_TLB, 1);
    }
    set(unit, MMU_LOCK, any(a) & 1 ? 0 : any(a));
}

/* As Linux looks for an entry. What is read must be nothing but the guest's words. */
static void storm_of_looks(struct attacker *a, uint32_t unit)
{
    unsigned int n = below(a, OMAP_MMU_TLB_ENTRIES);

    while ( n-- )
    {
        set(unit, MMU_LOCK, LOCK_MAKE(0, n));
        read32(reg(unit, MMU_READ_CAM));
        read32(reg(unit, MMU_READ_RAM));
        read32(reg(unit, MMU_FAULT_AD));
    }
    set(unit, MMU_LOCK, 0);
}

static void interrupts(struct attacker *a, uint32_t unit)
{
    set(unit, MMU_IRQENABLE, any(a));
    set(unit, MMU_GP_REG, any(a));
    set(unit, MMU_IRQSTATUS, any(a) & 1 ? IRQ_ALL : any(a));
}

void abuse_registers(struct attacker *a)
{
    uint32_t unit = any(a) >> 31;
    unsigned int n;

    switch ( below(a, 12) )
    {
    case 0 ... 3:
        for ( n = below(a, 16); n; n-- )
            any_access(a, unit);
        break;
    case 4:
        storm_of_switches(a, unit);
        break;
    case 5:
        storm_of_roots(a, unit);
        break;
    case 6:
        storm_of_flushes(a, unit);
        break;
    case 7:
        storm_of_entries(a, unit);
        break;
    case 8:
        storm_of_looks(a, unit);
        break;
    case 9 ... 10:
        interrupts(a, unit);
        break;
    default:
        set(unit, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
        break;
    }
}
