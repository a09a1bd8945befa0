/* SPDX-License-Identifier: GPL-2.0-only */
#include "access.h"

static bool is_going(const struct machine *m, uint64_t maddr)
{
    unsigned int i;

    for ( i = 0; i < m->nr_going; i++ )
        if ( m->going[i] == maddr / PAGE_SIZE * PAGE_SIZE )
            return true;

    return false;
}

/*
 * The page of an access must be the guest's, and legal for the da. A page that
 * is being removed is the guest's until the core has been told.
 */
static void check_reached(struct machine *m)
{
    const struct machine_request *request = &m->request;
    const struct mem_page *page = memory_page(&m->mem, request->pa);

    if ( !page || !page->used )
        machine_wrong(m, "%#x went to %#x, not the guest's", request->da,
                      request->pa);
    else if ( is_going(m, request->pa) )
        return;
    else if ( !m->oracle.mmu.touched )
        machine_wrong(m, "%#x went to %#x before the guest touched its MMU",
                      request->da, request->pa);
    else if ( !oracle_legal(&m->oracle, request->da, request->pa) )
        machine_wrong(m, "%#x went to %#x, the guest says %#x", request->da,
                      request->pa, oracle_now(&m->oracle, request->da).ipa);
}

static void answer_request(struct machine *m, enum mmu_result result)
{
    struct machine_request *request = &m->request;

    request->result = result;
    request->open = result == MMU_STALL;

    if ( m->assigned && request->result == MMU_OK )
        check_reached(m);
    if ( m->assigned && m->mmu.stall == IRQ_MULTIHITFAULT )
        machine_wrong(m, "two TLB entries of the hardware hit %#x",
                      request->da);
    if ( m->assigned && m->mmu.stats.bypassed )
        machine_wrong(m, "the hardware was in bypass at %#x", request->da);
}

void machine_try(struct machine *m)
{
    struct machine_request *request = &m->request;
    enum mmu_result result;

    m->answering = true;
    result = mmu_translate(&m->mmu, request->da, request->write, &request->pa);
    m->answering = false;
    answer_request(m, result);
}

/* What it loads is a copy of words that may have changed. */
void machine_end_walk(struct machine *m)
{
    enum mmu_result result;

    if ( !m->mmu.walking )
        return;

    m->answering = true;
    result = mmu_walk_end(&m->mmu, &m->request.pa);
    m->answering = false;
    answer_request(m, result);
    m->reach_known = false;
}

void machine_walk_on(struct machine *m)
{
    if ( m->walk_on && --m->walk_on == 0 )
        machine_end_walk(m);
}

/* Of the processor's cores the first that runs. */
static unsigned int requester(const struct machine *m)
{
    return m->options.processor && !prcm_core_runs(&m->processor.prcm, 0, 0);
}

enum mmu_result machine_issue(struct machine *m, uint32_t da, bool write)
{
    if ( m->answering )
        return MMU_STALL;
    if ( m->request.open )
        machine_wrong(m, "the device has a request open");

    m->request = (struct machine_request){
        .da = da,
        .write = write,
        .core = requester(m),
        .result = MMU_STALL,
    };
    if ( machine_runs(m) )
        machine_try(m);

    return m->request.result;
}

enum mmu_result machine_issue_slowly(struct machine *m, uint32_t da, bool write,
                                     unsigned int reads)
{
    if ( m->answering || m->request.open || !machine_runs(m) ||
         !mmu_walk_begin(&m->mmu, da, write) )
        return machine_issue(m, da, write);

    m->walk_on = reads;
    m->request = (struct machine_request){
        .open = true,
        .da = da,
        .write = write,
        .core = requester(m),
        .result = MMU_STALL,
    };

    return MMU_STALL;
}

void machine_withdraw(struct machine *m)
{
    if ( m->answering )
        return;
    m->request.open = false;
    mmu_cancel(&m->mmu);
}
