/* SPDX-License-Identifier: GPL-2.0-only */
#include "check.h"
#include "hostile_host.h"

static const char *verdict(const struct machine *m)
{
    return m->violation[0] ? m->violation : NULL;
}

static bool mmu_on(const struct machine *m)
{
    return !m->oracle.mmu.around &&
           (vmmu_peek(&m->vmmu, MMU_CNTL) & CNTL_MMUENABLE);
}

/* The fault that the guest is to see, denied pages being one; 0: none. */
static uint32_t expected_fault(struct machine *m, uint32_t da)
{
    struct oracle_answer a = oracle_now(&m->oracle, da);
    uint64_t maddr;

    if ( !a.fault && !memory_device_maddr(&m->mem, a.ipa, &maddr) )
        return IRQ_TRANSLATIONFAULT;

    return a.fault;
}

/* The guest acknowledges all there is, and the device gives up. */
static void clear_faults(struct machine *m)
{
    machine_settle(m);
    machine_withdraw(m);
    machine_reg_write(m, MMU_IRQSTATUS, IRQ_ALL);
    machine_settle(m);
}

static void check_fault_registers(struct machine *m, uint32_t da, bool write,
                                  uint32_t fault)
{
    uint32_t status = vmmu_peek(&m->vmmu, MMU_IRQSTATUS);
    uint32_t enable = vmmu_peek(&m->vmmu, MMU_IRQENABLE);

    if ( status != fault )
        machine_wrong(m, "%#x: IRQSTATUS is %#x, not %#x", da, status, fault);
    if ( m->irq != !!(status & enable) )
        machine_wrong(m, "%#x: the interrupt line is %d", da, m->irq);
    if ( fault && vmmu_peek(&m->vmmu, MMU_FAULT_AD) != da )
        machine_wrong(m, "%#x: FAULT_AD is %#x", da,
                      vmmu_peek(&m->vmmu, MMU_FAULT_AD));
    if ( fault && m->options.window > MMU_FAULT_STATUS &&
         !(vmmu_peek(&m->vmmu, MMU_FAULT_STATUS) & FAULT_STATUS_WRITE) ==
             write )
        machine_wrong(m, "%#x: FAULT_STATUS has the wrong direction", da);
}

/* An access that did not go through. */
static void check_fault(struct machine *m, uint32_t da, bool write,
                        uint32_t fault, enum mmu_result result)
{
    bool on = mmu_on(m);
    bool error = m->options.bus_err_back && m->oracle.mmu.touched &&
                 (!on || (vmmu_peek(&m->vmmu, MMU_GP_REG) & 1));

    if ( !fault && m->oracle.mmu.touched )
        machine_wrong(m, "%#x: a fault, where the guest maps", da);
    else if ( (result == MMU_BUS_ERROR) != error )
        machine_wrong(m, "%#x: %s bus error", da, error ? "no" : "a");
    else
        check_fault_registers(m, da, write, on ? fault : 0);
}

const char *check_access(struct machine *m, uint32_t da, bool write)
{
    uint32_t before, after;
    enum mmu_result result;

    clear_faults(m);
    if ( !machine_runs(m) )
        return verdict(m);
    before = expected_fault(m, da);
    result = machine_access(m, da, write);
    after = expected_fault(m, da);

    /* Where the guest changed its tables meanwhile, either will do. */
    if ( before && vmmu_peek(&m->vmmu, MMU_IRQSTATUS) == before )
        after = before;
    if ( result != MMU_OK )
        check_fault(m, da, write, after, result);
    clear_faults(m);

    return verdict(m);
}

/* Whole slots */

static bool tlb_touches(const struct machine *m, unsigned int slot)
{
    unsigned int i;

    for ( i = 0; i < m->options.tlb_entries; i++ )
    {
        uint32_t cam = m->oracle.mmu.cam[i];
        unsigned int shift = CAM_SIZE(cam) == CAM_SIZE_16M ? 24 : 20;

        if ( (cam & CAM_V) && !((cam ^ slot << 20) >> shift) )
            return true;
    }

    return false;
}

/*
 * Returns whether all pages of the slot behave alike, so that one represents
 * all.
 */
static bool is_plain(const struct machine *m, unsigned int slot)
{
    uint32_t ttb = vmmu_peek(&m->vmmu, MMU_TTB), i;
    const uint32_t *word;

    if ( mmu_on(m) )
    {
        if ( tlb_touches(m, slot) )
            return false;
        if ( !(vmmu_peek(&m->vmmu, MMU_CNTL) & CNTL_TWLENABLE) )
            return true;
        word = memory_ipa_word(&m->mem, ttb | slot << 2);
        return !word || (*word & 3) == 0 || (*word & 3) == 3;
    }

    for ( i = 0; i < PT_PAGES; i++ )
        if ( m->mem.p2m[slot * PT_PAGES + i].kind != P2M_NONE )
            return false;

    return true;
}

const char *check_access_all(struct machine *m)
{
    unsigned int slot, page;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
    {
        uint32_t da = slot << 20;

        if ( is_plain(m, slot) )
            check_access(m, da | (slot * 37 % PT_PAGES) << 12, slot % 2);
        else
            for ( page = 0; page < PT_PAGES; page++ )
                check_access(m, da | page << 12 | page * 4, page % 2);
        if ( verdict(m) )
            return verdict(m);
    }

    return machine_check(m);
}

/* Slots in which the hardware translates something, by table or TLB. */
static void mark_live_slots(const struct machine *m, bool live[PT_SLOTS])
{
    const uint32_t *words = host_first_level(m);
    unsigned int i, slot;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
        live[slot] = words && words[slot] & 3;

    for ( i = 0; i < m->options.hw_tlb_entries; i++ )
    {
        uint32_t cam = m->mmu.tlb[i].cam;
        unsigned int slots = CAM_SIZE(cam) == CAM_SIZE_16M ? 16 : 1;

        for ( slot = cam >> 20 & ~(slots - 1); (cam & CAM_V) && slots--; )
            live[slot++] = true;
    }
}

const char *check_peek(struct machine *m)
{
    bool live[PT_SLOTS];
    uint32_t da, pa;

    mark_live_slots(m, live);
    for ( da = 0; da < PT_SLOTS * PT_PAGES; da++ )
        if ( !live[da / PT_PAGES] )
            da |= PT_PAGES - 1;
        else if ( mmu_peek(&m->mmu, da << 12, &pa) &&
                  !oracle_legal(&m->oracle, da << 12, pa) )
            machine_wrong(m, "%#x would go to %#x, the guest says %#x",
                          da << 12, pa, oracle_now(&m->oracle, da << 12).ipa);

    return machine_check(m);
}
