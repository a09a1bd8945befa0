/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "audit.h"
#include "world.h"

#define SAMPLE 4096

static void init_mediator(struct world *w, unsigned int pool_tables)
{
    const struct vmmu_config config = {
        .tlb_entries = 32,
        .parts.bus_err_back = true,
        .revision = 0x20,
        .window = OMAP_MMU_WINDOW,
    };
    struct bench_host *h = &w->host;
    struct shadow_memory mem = {
        .root_maddr = machine_alloc(h, PT_ROOT_BYTES),
        .tables_maddr = machine_alloc(h, pool_tables * PT_TABLE_BYTES),
        .pool = calloc(pool_tables, sizeof(struct pool_table)),
        .nr_tables = pool_tables,
        .empty_maddr = machine_alloc(h, PT_ROOT_BYTES),
    };

    if ( !mem.pool )
        die("no memory\n");
    mem.root = machine_at(h, mem.root_maddr);
    mem.tables = machine_at(h, mem.tables_maddr);
    vmmu_init(&w->vmmu, &h->host, &config, &mem);
}

void world_init(struct world *w, enum mapping mapping, unsigned int mib,
                enum memory memory, unsigned int pool_tables)
{
    bench_host_init(&w->host, memory);
    guest_init(&w->guest, &w->host, mapping, mib);
    baseline_init(&w->floor, &w->host);
    baseline_init(&w->floor_walking, &w->host);
    w->floor_walking.walking = true;
    baseline_init(&w->rfc_holding, &w->host);
    w->rfc_holding.referencing = true;
    baseline_init(&w->rfc, &w->host);
    baseline_init(&w->copy, &w->host);
    init_mediator(w, pool_tables);

    vmmu_write(&w->vmmu, MMU_TTB, 4, TTB_IPA);
    vmmu_write(&w->vmmu, MMU_CNTL, 4, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

void world_free(struct world *w)
{
    const char *bad = vmmu_audit(&w->vmmu);

    if ( bad )
        die("the shadow's audit says: %s\n", bad);
    forget_floor(w);
    forget_floor_walking(w);
    forget_2014(&w->rfc_holding);
    while ( !vmmu_release(&w->vmmu, PT_SLOTS) )
        continue;
    if ( references(&w->host) )
        die("references are left after the release\n");

    free(w->vmmu.shadow.mem.pool);
    guest_free(&w->guest);
    bench_host_free(&w->host);
}

static bool hardware_has(struct world *w, da_t da, maddr_t *maddr)
{
    return device_walk(&w->host, _maddr(w->host.reg[MMU_TTB / 4]), da, maddr);
}

void touch(struct world *w, unsigned int page)
{
    da_t da = page_da(page);
    maddr_t maddr;

    if ( hardware_has(w, da, &maddr) )
        return;

    w->host.reg[MMU_IRQSTATUS / 4] = IRQ_TRANSLATIONFAULT;
    w->host.reg[MMU_FAULT_AD / 4] = da.v;
    vmmu_interrupt(&w->vmmu);
    vmmu_fault(&w->vmmu);

    if ( !hardware_has(w, da, &maddr) )
        die("the mediator did not fill %#x\n", (uint32_t)da.v);
}

void touch_all(struct world *w)
{
    unsigned int page;

    for ( page = 0; page < w->guest.pages; page += PT_PAGES )
        touch(w, page);
}

void fill_floor(struct world *w)
{
    floor_fill(&w->floor, TTB_IPA, SET_DA >> PT_SLOT_SHIFT, w->guest.mib);
}

void forget_floor(struct world *w)
{
    floor_forget(&w->floor, SET_DA >> PT_SLOT_SHIFT, w->guest.mib);
}

void fill_floor_walking(struct world *w)
{
    floor_fill(&w->floor_walking, TTB_IPA, SET_DA >> PT_SLOT_SHIFT,
               w->guest.mib);
}

void forget_floor_walking(struct world *w)
{
    floor_forget(&w->floor_walking, SET_DA >> PT_SLOT_SHIFT, w->guest.mib);
}

/* Do the tables at root translate da to right, or to nothing if that is NULL? */
static void verify_walk(struct world *w, maddr_t root, da_t da,
                        const maddr_t *right, const char *whose)
{
    maddr_t maddr;
    bool mapped = device_walk(&w->host, root, da, &maddr);

    if ( mapped != !!right || (right && maddr.v != right->v) )
        die("%s translates %#x to something else\n", whose, (uint32_t)da.v);
}

static void verify_page(struct world *w, unsigned int page)
{
    uint32_t ipa = w->guest.page_ipa[page];
    da_t da = page_da(page);
    maddr_t maddr, *right = NULL;

    if ( ipa && p2m_lookup(&w->host, _ipa(ipa), &maddr) )
    {
        right = &maddr;
        touch(w, page); /* a small pool may have lost it since */
    }
    verify_walk(w, _maddr(w->host.reg[MMU_TTB / 4]), da, right, "the shadow");
    verify_walk(w, w->floor.root_maddr, da, right, "the floor");
    verify_walk(w, w->floor_walking.root_maddr, da, right, "the walking floor");
    verify_walk(w, w->rfc_holding.root_maddr, da, right,
                "2014 with references");
    verify_walk(w, w->rfc.root_maddr, da, right, "2014");
}

void verify(struct world *w)
{
    unsigned int i;

    touch_all(w);
    forget_floor(w);
    fill_floor(w);
    forget_floor_walking(w);
    fill_floor_walking(w);
    forget_2014(&w->rfc_holding);
    translate_2014(&w->rfc_holding, TTB_IPA);
    translate_2014(&w->rfc, TTB_IPA);
    copy_tables(&w->copy, TTB_IPA);
    for ( i = 0; i < SAMPLE; i++ )
        verify_page(w, random_below(w->guest.pages));
    for ( i = 0; i < w->guest.pages; i += PT_PAGES )
        verify_page(w, i);

    if ( baseline_bytes(&w->copy) != guest_table_bytes(&w->guest) )
        die("the copy is not as large as what it copies\n");
}

static size_t mediator_bytes(unsigned int tables)
{
    /* With the empty first level, though one serves all MMUs. */
    return 2 * PT_ROOT_BYTES + sizeof(struct vmmu) +
           tables * (PT_TABLE_BYTES + sizeof(struct pool_table));
}

size_t mediator_used(const struct world *w)
{
    unsigned int slot, tables = 0;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
        tables += w->vmmu.shadow.slot[slot].kind == PT_TABLE;

    return mediator_bytes(tables);
}

size_t mediator_configured(const struct world *w)
{
    return mediator_bytes(w->vmmu.shadow.mem.nr_tables);
}
