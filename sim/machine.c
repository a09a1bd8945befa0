/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "hostile_host.h"
#include "hw.h"
#include "machine.h"
#include "processor.h"

/* A device access that needs more faults than this never ends. */
#define MANY_FAULTS 64

/* The revision is the hardware's own, not the table's. */
#define REVISION 0x21

/* The device */

bool machine_serve(struct machine *m)
{
    if ( !m->deferred )
        return false;

    m->deferred = false;
    vmmu_fault(&m->vmmu);

    return true;
}

enum mmu_result machine_settle(struct machine *m)
{
    unsigned int i;

    machine_end_walk(m);
    for ( i = 0; i < MANY_FAULTS && machine_serve(m); i++ )
        ;
    if ( i == MANY_FAULTS )
        machine_wrong(m, "faults at %#x without end", m->request.da);

    return m->request.result;
}

enum mmu_result machine_access(struct machine *m, uint32_t da, bool write)
{
    machine_issue(m, da, write);

    return machine_settle(m);
}

/* The model's callbacks */

static bool walker_read(void *ctx, uint32_t pa, uint32_t *value)
{
    struct machine *m = ctx;
    const uint32_t *word = host_table_word(m, pa);

    if ( m->assigned && !word )
        machine_wrong(m, "the walker reads %#x, which is no table", pa);
    if ( !word )
        word = memory_word(&m->mem, pa);
    if ( word )
        *value = *word;

    return word;
}

static void irq_changed(void *ctx, bool level)
{
    struct machine *m = ctx;

    if ( !level || !m->assigned )
        return;

    vmmu_interrupt(&m->vmmu);
    m->deferred = true;
}

/* The hardware's order: the retry comes before the next register access. */
static void resumed(void *ctx)
{
    struct machine *m = ctx;

    if ( m->request.open )
        machine_try(m);
}

/* What must hold after every step */

struct leaf_check {
    struct machine *m;
    uint64_t refs;
};

/* Even what is hidden follows the p2m of now. */
static bool check_leaf(void *arg, const struct shadow_leaf *leaf)
{
    struct leaf_check *check = arg;
    struct machine *m = check->m;
    uint32_t i;

    for ( i = 0; i < leaf->bytes; i += PAGE_SIZE )
    {
        const struct mem_page *page = memory_page(&m->mem, leaf->maddr.v + i);
        uint64_t maddr;

        if ( !leaf->condemned &&
             (!memory_device_maddr(&m->mem, leaf->ipa.v + i, &maddr) ||
              maddr != leaf->maddr.v + i) )
        {
            machine_wrong(m, "a leaf for %#llx leads to %#llx, not the p2m's",
                          (unsigned long long)leaf->da.v + i,
                          (unsigned long long)leaf->maddr.v + i);
            return false;
        }
        check->refs += !page->device;
    }

    return true;
}

/*
 * A requester that waits with no fault pending must be waiting for the guest.
 */
static void check_waits(struct machine *m)
{
    bool waits = m->request.open && !m->mmu.walking;

    if ( m->deferred || m->vmmu.state == VMMU_RELEASED )
        return;

    if ( waits && m->vmmu.state != VMMU_STALLED && m->oracle.mmu.touched )
        machine_wrong(m, "%#x waits, and nobody will serve it", m->request.da);
    if ( m->vmmu.shadow.has_condemned )
        machine_wrong(m,
                      "condemned slots are left, and nobody will release them");
}

const char *machine_check(struct machine *m)
{
    struct leaf_check check = { .m = m };
    const char *bad;

    processor_check(m);
    if ( m->violation[0] )
        return m->violation;
    if ( !m->assigned )
        return NULL;

    bad = vmmu_audit(&m->vmmu);
    if ( bad )
        return bad;

    shadow_for_each(&m->vmmu.shadow, check_leaf, &check);
    if ( check.refs != m->mem.refs )
        machine_wrong(m, "%llu references, leaves account for %llu",
                      (unsigned long long)m->mem.refs,
                      (unsigned long long)check.refs);
    machine_check_reach(m);
    check_waits(m);

    return m->violation[0] ? m->violation : NULL;
}

/* The guest */

uint32_t machine_reg_read(struct machine *m, unsigned int offset)
{
    uint32_t value = vmmu_read(&m->vmmu, offset, 4), expected;

    if ( offset >= m->options.window )
        return value;

    if ( oracle_reg(&m->oracle, offset, &expected) && value != expected )
        machine_wrong(m, "register %#x reads %#x, not %#x", offset, value,
                      expected);
    oracle_reg_read(&m->oracle, offset, value);

    return value;
}

void machine_reg_write(struct machine *m, unsigned int offset, uint32_t value)
{
    bool known = offset < m->options.window;

    if ( known )
        oracle_reg_writing(&m->oracle, offset, value);
    vmmu_write(&m->vmmu, offset, 4, value);
    if ( known )
        oracle_reg_written(&m->oracle, offset, value);
}

void machine_route(struct machine *m, bool around)
{
    oracle_routing(&m->oracle, around);
    vmmu_route(&m->vmmu, around);
    oracle_routed(&m->oracle);
}

static struct mem_page *page_of(struct machine *m, uint32_t ipa)
{
    return &m->mem.page[memory_index((uint64_t)memory_p2m(&m->mem, ipa).mfn *
                                     PAGE_SIZE)];
}

/* A guest that wrote too many words flushes, for the oracle's log. False: it would have
 * to wait for the MMU's lock. */
static bool may_write_word(const struct machine *m)
{
    return !m->assigned || !m->locked || !oracle_full(&m->oracle);
}

static void word_changes(struct machine *m, uint32_t ipa)
{
    if ( oracle_full(&m->oracle) )
        machine_reg_write(m, MMU_GFLUSH, 1);
    oracle_word_changes(&m->oracle, ipa);
}

bool machine_word_write(struct machine *m, uint32_t ipa, uint32_t value)
{
    uint32_t *word = memory_ipa_word(&m->mem, ipa);

    if ( !word || !may_write_word(m) )
        return false;
    if ( m->assigned )
        word_changes(m, ipa);
    *word = value;
    page_of(m, ipa)->written = true;

    return true;
}

uint32_t machine_word_read(struct machine *m, uint32_t ipa)
{
    const uint32_t *word = memory_ipa_word(&m->mem, ipa);

    return word ? *word : 0;
}

/* The guest's memory map */

static void ipa_changed(struct machine *m, uint32_t ipa, unsigned int pages)
{
    if ( !m->assigned )
        return;
    if ( !m->one_hypercall )
        machine_renew(m);
    vmmu_ipa_changed(&m->vmmu, _ipa(ipa), pages);
}

/* One that is no processor of the host's. */
static bool restart_device(struct machine *m, bool lost)
{
    if ( m->answering )
        return false;
    machine_withdraw(m);
    m->in_reset = true;
    vmmu_stopped(&m->vmmu);
    if ( lost )
        mmu_reset(&m->mmu);
    if ( m->assigned )
        oracle_started(&m->oracle);
    m->in_reset = !vmmu_start(&m->vmmu);

    return !m->in_reset;
}

static bool restart_processor(struct machine *m, bool lost)
{
    unsigned int core;

    for ( core = 0; core < 2; core++ )
        if ( !machine_stop(m, core) )
            return false;
    if ( lost )
        machine_power_failure(m);

    return machine_start(m, 0);
}

bool machine_restart(struct machine *m, bool lost)
{
    return m->options.processor ? restart_processor(m, lost)
                                : restart_device(m, lost);
}

void machine_reset_mmu(struct machine *m)
{
    oracle_reg_writing(&m->oracle, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    vmmu_reset(&m->vmmu);
    oracle_reg_written(&m->oracle, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
}

void machine_renew(struct machine *m)
{
    vmmu_renew(&m->vmmu);
}

/* For the oracle, words that go are words that change. */
static void page_goes(struct machine *m, uint32_t ipa)
{
    uint32_t i;

    if ( !m->assigned || !page_of(m, ipa)->written )
        return;

    for ( i = 0; i < PAGE_SIZE; i += 4 )
        if ( machine_word_read(m, ipa + i) )
            word_changes(m, ipa + i);
}

#define NOT_MAPPED UINT64_MAX

void machine_unmap(struct machine *m, uint32_t ipa, unsigned int pages)
{
    uint64_t *old = calloc(pages, sizeof(*old));
    unsigned int i;

    if ( !old )
        abort();

    for ( i = 0; i < pages; i++ )
    {
        old[i] = NOT_MAPPED;
        if ( memory_p2m(&m->mem, ipa + i * PAGE_SIZE).kind == P2M_NONE )
            continue;
        page_goes(m, ipa + i * PAGE_SIZE);
        old[i] = memory_unmap(&m->mem, ipa + i * PAGE_SIZE);
    }
    m->going = old;
    m->nr_going = pages;
    ipa_changed(m, ipa, pages);
    m->nr_going = 0;

    for ( i = 0; i < pages; i++ )
    {
        if ( old[i] == NOT_MAPPED )
            continue;
        if ( m->assigned && machine_reaches(m, old[i]) )
            machine_wrong(m, "the hardware reaches %#llx, taken from %#x",
                          (unsigned long long)old[i], ipa + i * PAGE_SIZE);
        memory_drop(&m->mem, old[i]);
    }
    free(old);
}

void machine_map(struct machine *m, uint32_t ipa, uint64_t maddr,
                 unsigned int pages, enum p2m_kind kind)
{
    unsigned int i;

    machine_unmap(m, ipa, pages);
    for ( i = 0; i < pages; i++ )
        memory_map(&m->mem, ipa + i * PAGE_SIZE,
                   maddr + (uint64_t)i * PAGE_SIZE, kind);
    ipa_changed(m, ipa, pages);
}

void machine_populate(struct machine *m, uint32_t ipa, unsigned int pages,
                      unsigned int grain)
{
    unsigned int i;

    for ( i = 0; i < pages; i += grain )
    {
        uint64_t maddr = memory_find(&m->mem, grain);

        for ( ; !maddr && grain > 1; maddr = memory_find(&m->mem, grain) )
            grain /= 2;
        if ( !maddr )
            abort();
        machine_map(m, ipa + i * PAGE_SIZE, maddr, grain, P2M_RAM);
    }
}

/* Life */

static void get_tables(struct machine *m)
{
    m->host_bytes =
        HOST_TABLES - HOST_BASE + (size_t)m->options.tables * PT_TABLE_BYTES;
    m->host_cpu =
        aligned_alloc(PT_ROOT_BYTES, (m->host_bytes + PT_ROOT_BYTES - 1) &
                                         ~(size_t)(PT_ROOT_BYTES - 1));
    m->host_mem = malloc(m->host_bytes);
    m->books = calloc(m->options.tables, sizeof(*m->books));
    if ( !m->host_cpu || !m->host_mem || !m->books )
        abort();
}

/* As after the port's allocation: only the empty table was cleaned. */
static void clear_tables(struct machine *m)
{
    memset(m->books, 0, m->options.tables * sizeof(*m->books));
    memset(m->host_cpu, 0, m->host_bytes);
    memset(m->host_mem, MEM_POISON_BYTE, m->host_bytes);
    memset(m->host_mem, 0, PT_ROOT_BYTES);
}

struct machine *machine_new(const struct machine_options *options)
{
    struct machine *m = calloc(1, sizeof(*m));

    if ( !m )
        abort();

    m->host.ops = &hostile_host_ops;
    m->options = *options;
    if ( !m->options.tables )
        m->options.tables = 64;
    if ( !m->options.tlb_entries )
        m->options.tlb_entries = 32;
    if ( !m->options.hw_tlb_entries )
        m->options.hw_tlb_entries = m->options.tlb_entries;
    if ( !m->options.window )
        m->options.window = OMAP_MMU_WINDOW;

    memory_init(&m->mem, options->seed);
    oracle_init(&m->oracle, &m->mem, m->options.tlb_entries);
    get_tables(m);
    clear_tables(m);
    mmu_init(&m->mmu, &(struct mmu_config){
                          .tlb_entries = m->options.hw_tlb_entries,
                          .bus_err_back = options->bus_err_back,
                          .bypass_regions = options->bypassable,
                          .revision = REVISION,
                          .ctx = m,
                          .read32 = walker_read,
                          .irq = irq_changed,
                          .resume = resumed,
                      });
    processor_init(m);

    return m;
}

static struct hw_parts machine_parts(const struct machine *m)
{
    return (struct hw_parts){ .bus_err_back = m->options.bus_err_back,
                              .bypassable = m->options.bypassable };
}

void machine_quarantine(struct machine *m)
{
    hw_quarantine(&m->host, _maddr(HOST_EMPTY), machine_parts(m));
    m->mmu.stats.bypassed = 0;
}

/* In quarantine, and idle. */
static bool is_idle(struct machine *m)
{
    da_t da;

    if ( !processor_on(m) )
        return false;
    machine_quarantine(m);
    if ( hw_walks(&m->host, _maddr(HOST_EMPTY), machine_parts(m)) &&
         !hw_fault(&m->host, &da) )
        return true;
    processor_off(m);

    return false;
}

bool machine_assign(struct machine *m)
{
    if ( !is_idle(m) )
        return false;

    clear_tables(m);
    oracle_assigned(&m->oracle, m->options.bypassable);
    m->deferred = m->irq = m->ending = false;
    m->assigned = true;
    vmmu_init(&m->vmmu, &m->host,
              &(struct vmmu_config){
                  .tlb_entries = m->options.tlb_entries,
                  .parts = machine_parts(m),
                  .revision = REVISION,
                  .window = m->options.window,
              },
              &(struct shadow_memory){
                  .root = (uint32_t *)(m->host_cpu + PT_ROOT_BYTES),
                  .root_maddr = _maddr(HOST_ROOT),
                  .tables = (uint32_t *)(m->host_cpu + 2 * PT_ROOT_BYTES),
                  .tables_maddr = _maddr(HOST_TABLES),
                  .pool = m->books,
                  .nr_tables = m->options.tables,
                  .empty_maddr = _maddr(HOST_EMPTY),
              });

    return true;
}

void machine_release(struct machine *m, unsigned int budget)
{
    m->ending = true;
    processor_take(m);
    while ( !vmmu_release(&m->vmmu, budget) )
        ;
    processor_off(m);
    if ( m->mem.refs )
        machine_wrong(m, "%llu references left after the release",
                      (unsigned long long)m->mem.refs);
}

void machine_end_of_domain(struct machine *m)
{
    uint32_t page;

    m->assigned = false;
    for ( page = 0; page < P2M_PAGES; page++ )
        if ( m->mem.p2m[page].kind != P2M_NONE )
            memory_drop(&m->mem, memory_unmap(&m->mem, page * PAGE_SIZE));
}

void machine_free(struct machine *m)
{
    memory_fini(&m->mem);
    oracle_fini(&m->oracle);
    free(m->host_cpu);
    free(m->host_mem);
    free(m->books);
    free(m);
}
