/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core, compiled with another table format (other_pt.h), against an oracle: the
 * hardware reaches only what the guest's tables and its p2m map, and each access that
 * they allow is served.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit.h"
#include "fake_host.h"
#include "rng.h"

#define TABLES 6u /* of the pool */

/* The guest's memory, by IPA and in the machine: 32 MiB, in either order. */
#define RAM          0x80000000u
#define RAM_PAGES    0x2000u
#define MACHINE_RAM  0x40000000u
#define GUEST_ROOT   RAM
#define GUEST_TABLE  (RAM + 0x1000)
#define GUEST_TABLES 3u

/* The mediator's own. */
#define ROOT_MADDR   0x10000000u
#define EMPTY_MADDR  0x11000000u
#define TABLES_MADDR 0x12000000u

/* Device addresses in use: so many slots, from the last but one on. */
#define SLOTS 3u

struct world {
    struct host host;
    struct rng rng;
    struct vmmu vmmu;
    uint32_t reg[OMAP_MMU_WINDOW / 4];
    uint32_t root[PT_SLOTS], words[TABLES * PT_PAGES];
    struct pool_table pool[TABLES];
    uint32_t frame[RAM_PAGES]; /* of a page of the guest's; 0: not there */
    uint32_t ram[RAM_PAGES * 1024u];
    uint32_t held[RAM_PAGES]; /* by frame */
};

static struct world w;

/* The guest's memory */

static uint32_t *guest_word(uint32_t ipa)
{
    return &w.ram[(ipa - RAM) / 4];
}

static bool is_ram(uint64_t ipa)
{
    return ipa >= RAM && ipa < RAM + (uint64_t)RAM_PAGES * PT_PAGE_BYTES &&
           w.frame[(ipa - RAM) / PT_PAGE_BYTES];
}

static maddr_t maddr_of(uint64_t ipa)
{
    return _maddr(w.frame[(ipa - RAM) / PT_PAGE_BYTES] * PT_PAGE_BYTES +
                  ipa % PT_PAGE_BYTES);
}

static uint32_t *held(maddr_t maddr)
{
    return &w.held[(maddr.v - MACHINE_RAM) / PT_PAGE_BYTES];
}

/* The host */

static void lock(struct host *host)
{
    (void)host;
}

static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    (void)host;
    if ( !is_ram(ipa.v) )
        return false;
    memcpy(buf, guest_word((uint32_t)ipa.v), len);

    return true;
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    unsigned int i;

    (void)host;
    for_each_mapped(i, view, n)
    {
        page[i] = host_denied(DENIED_UNMAPPED);
        if ( !is_ram(view_ipa(view[i]).v) )
            continue;
        page[i] = host_page(HOST_RAM, maddr_of(view_ipa(view[i]).v));
        ++*held(host_maddr(page[i]));
    }

    return n;
}

static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    (void)host;
    assert_int_equal(pages, 1);
    assert_int_not_equal(*held(maddr), 0);
    --*held(maddr);
}

static uint32_t reg_read(struct host *host, unsigned int offset)
{
    (void)host;

    return w.reg[offset / 4];
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    (void)host;
    stored_reg_write(w.reg, offset, value);
}

static const struct host_ops ops = {
    FAKE_HOST(lock, lock, NULL, quiet_clean),
    FAKE_HOST_QUIET,
};

/* The hardware, which has no TLB, and the oracle: the same walk of two tables */

static bool walk(const uint32_t *root, const uint32_t *tables, uint32_t base,
                 uint32_t da, uint32_t *address)
{
    uint32_t word = root[da >> 22];

    if ( !(word & OTHER_TABLE) )
        return false;
    word = tables[((word & OTHER_ADDR) - base) / 4 + (da >> 12) % 1024];
    *address = (word & OTHER_ADDR) | da % 4096;

    return word & OTHER_PAGE;
}

static bool hardware_leads(uint32_t da, uint32_t *maddr)
{
    if ( w.reg[MMU_TTB / 4] == EMPTY_MADDR )
        return false;
    assert_int_equal(w.reg[MMU_TTB / 4], ROOT_MADDR);

    return walk(w.root, w.words, TABLES_MADDR, da, maddr);
}

static bool guest_leads(uint32_t da, uint32_t *maddr)
{
    uint32_t ipa = da;

    if ( (vmmu_peek(&w.vmmu, MMU_CNTL) & CNTL_MMUENABLE) &&
         !walk(guest_word(GUEST_ROOT), w.ram, RAM, da, &ipa) )
        return false;
    if ( !is_ram(ipa) )
        return false;
    *maddr = (uint32_t)maddr_of(ipa).v;

    return true;
}

/* An access, whose requester retries until it is served or the guest has its fault. */
static void serve(uint32_t da)
{
    uint32_t maddr;
    unsigned int tries;

    for ( tries = 0; tries < 3 && !hardware_leads(da, &maddr); tries++ )
    {
        w.reg[MMU_IRQSTATUS / 4] = IRQ_TRANSLATIONFAULT;
        w.reg[MMU_FAULT_AD / 4] = da;
        vmmu_fault(&w.vmmu);
        if ( w.vmmu.state == VMMU_STALLED )
            break;
    }
}

static void access_da(uint32_t da)
{
    uint32_t is = 0, due = 0;
    bool leads = guest_leads(da, &due);

    serve(da);
    assert_int_equal(hardware_leads(da, &is), leads);
    assert_int_equal(w.vmmu.state == VMMU_STALLED, !leads);
    if ( leads )
        assert_int_equal(is, due);
    vmmu_write(&w.vmmu, MMU_IRQSTATUS, 4, IRQ_ALL);
    vmmu_write(&w.vmmu, MMU_TTB, 4, GUEST_ROOT); /* ends a silent stall */
    assert_null(vmmu_audit(&w.vmmu));
}

/* What the shadow holds, shown or hidden, is right, and held. */
static bool check_leaf(void *arg, const struct shadow_leaf *leaf)
{
    unsigned int *leaves = arg;

    ++*leaves;
    assert_int_equal(leaf->bytes, PT_PAGE_BYTES);
    assert_true(leaf->condemned || leaf->maddr.v == maddr_of(leaf->ipa.v).v);
    assert_int_not_equal(*held(leaf->maddr), 0);

    return true;
}

static unsigned int check_leaves(void)
{
    unsigned int leaves = 0, references = 0, i;

    shadow_for_each(&w.vmmu.shadow, check_leaf, &leaves);
    for ( i = 0; i < RAM_PAGES; i++ )
        references += w.held[i];
    assert_int_equal(references, leaves);

    return leaves;
}

/* A world */

static int setup(void **state)
{
    const struct vmmu_config config = {
        .tlb_entries = OMAP_MMU_TLB_ENTRIES,
        .revision = 0x20,
        .window = OMAP_MMU_WINDOW,
    };
    const struct shadow_memory mem = {
        .root = w.root,
        .root_maddr = { ROOT_MADDR },
        .tables = w.words,
        .tables_maddr = { TABLES_MADDR },
        .pool = w.pool,
        .nr_tables = TABLES,
        .empty_maddr = { EMPTY_MADDR },
    };
    unsigned int i;

    (void)state;
    memset(&w, 0, sizeof(w));
    w.rng.state = 7;
    w.host.ops = &ops;
    for ( i = 0; i < RAM_PAGES; i++ )
        w.frame[i] = MACHINE_RAM / PT_PAGE_BYTES + i;
    vmmu_init(&w.vmmu, &w.host, &config, &mem);
    vmmu_write(&w.vmmu, MMU_TTB, 4, GUEST_ROOT);
    vmmu_write(&w.vmmu, MMU_CNTL, 4, CNTL_MMUENABLE | CNTL_TWLENABLE);

    return 0;
}

static int teardown(void **state)
{
    (void)state;
    while ( !vmmu_release(&w.vmmu, 64) )
        continue;
    assert_int_equal(check_leaves(), 0);

    return 0;
}

static uint32_t da_of(unsigned int slot, unsigned int page)
{
    return ((PT_SLOTS - SLOTS + slot) << PT_SLOT_SHIFT) | page << PT_PAGE_SHIFT;
}

/* The guest maps a whole table, its pages rising from ipa on. */
static void map_table(unsigned int slot, unsigned int table, uint32_t ipa)
{
    uint32_t address = GUEST_TABLE + table * PT_TABLE_BYTES;
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
        guest_word(address)[i] = (ipa + i * 4096) | OTHER_PAGE;
    guest_word(GUEST_ROOT)[da_of(slot, 0) >> 22] = address | OTHER_TABLE;
    vmmu_write(&w.vmmu, MMU_GFLUSH, 4, 1);
}

static void one_page_is_served(void **state)
{
    (void)state;
    map_table(0, 0, RAM);
    memset(guest_word(GUEST_TABLE) + 5, 0, PT_TABLE_BYTES - 5 * 4);
    access_da(da_of(0, 4));
    assert_int_equal(check_leaves(), 5);
    access_da(da_of(0, 5));
}

/* 4 MiB that rise together, aligned: there is no word for them. */
static void whole_table_that_rises_is_served(void **state)
{
    unsigned int i;

    (void)state;
    map_table(0, 0, RAM + (uint32_t)PT_SLOT_BYTES);
    for ( i = 0; i < PT_PAGES; i++ )
        access_da(da_of(0, i));
    assert_int_equal(check_leaves(), PT_PAGES);
    assert_int_equal(w.vmmu.shadow.count.fills, 1);
}

static void guest_without_mmu_is_served(void **state)
{
    (void)state;
    vmmu_write(&w.vmmu, MMU_CNTL, 4, 0);
    access_da(RAM + 0x123004);
    access_da(RAM + RAM_PAGES * 4096 - 4);
    access_da(RAM - 4);
    access_da(0xfffffffc);
    assert_int_not_equal(check_leaves(), 0);
}

/* One of 16 MiB, which is four slots here, over no table; FLUSH_ENTRY at any of them is
 * for all. */
static void loaded_entry_covers_four_slots(void **state)
{
    const uint32_t da = 0x21000000;
    uint32_t maddr;
    unsigned int i;

    (void)state;
    vmmu_write(&w.vmmu, MMU_CAM, 4, da | CAM_V | CAM_P | CAM_SIZE_16M);
    vmmu_write(&w.vmmu, MMU_RAM, 4, RAM);
    vmmu_write(&w.vmmu, MMU_LD_TLB, 4, 1);
    for ( i = 0; i < 4; i++ )
        serve(da + i * (uint32_t)PT_SLOT_BYTES);
    for ( i = 0; i < 4; i++ )
    {
        assert_true(hardware_leads(da + i * (uint32_t)PT_SLOT_BYTES, &maddr));
        assert_int_equal(maddr, maddr_of(RAM + i * PT_SLOT_BYTES).v);
    }

    vmmu_write(&w.vmmu, MMU_CAM, 4, da + 2 * (uint32_t)PT_SLOT_BYTES);
    vmmu_write(&w.vmmu, MMU_FLUSH_ENTRY, 4, 1);
    for ( i = 0; i < 4; i++ )
        assert_false(hardware_leads(da + i * (uint32_t)PT_SLOT_BYTES, &maddr));
    assert_null(vmmu_audit(&w.vmmu));
}

static void page_mapped_after_its_fault_is_served(void **state)
{
    (void)state;
    access_da(da_of(1, 7));
    map_table(1, 0, RAM);
    access_da(da_of(1, 7));
}

static void more_tables_than_the_pool_has(void **state)
{
    unsigned int i;

    (void)state;
    vmmu_write(&w.vmmu, MMU_CNTL, 4, 0);
    for ( i = 0; i < 8; i++ )
        access_da(RAM + i * (uint32_t)PT_SLOT_BYTES);
    assert_int_not_equal(w.vmmu.shadow.count.evictions, 0);
    check_leaves();
}

/* A hole of the p2m opens or closes; frames change places. */
static void change_p2m(void)
{
    unsigned int page = rng_below(&w.rng, RAM_PAGES);
    uint32_t *frame = &w.frame[page], *other;

    if ( page < 8 )
        return; /* the guest's tables */
    other = &w.frame[8 + rng_below(&w.rng, RAM_PAGES - 8)];
    if ( other != frame )
    {
        uint32_t was = *frame;

        *frame = *other;
        *other = was;
    }
    vmmu_renew(&w.vmmu);
    vmmu_ipa_changed(&w.vmmu, _ipa(RAM + (frame - w.frame) * 4096ull), 1);
    vmmu_ipa_changed(&w.vmmu, _ipa(RAM + (other - w.frame) * 4096ull), 1);
    vmmu_fault(&w.vmmu);
}

static void change_word(void)
{
    uint32_t table =
        GUEST_TABLE + rng_below(&w.rng, GUEST_TABLES) * PT_TABLE_BYTES;
    uint32_t *word = guest_word(table) + rng_below(&w.rng, PT_PAGES);

    *word = (RAM + rng_below(&w.rng, RAM_PAGES + 64) * 4096) |
            (rng_below(&w.rng, 8) ? OTHER_PAGE : 0);
    vmmu_write(&w.vmmu, MMU_GFLUSH, 4, 1);
}

static void anything_is_right(void **state)
{
    unsigned int step;

    (void)state;
    w.frame[8] = 0; /* one hole, which wanders */
    for ( step = 0; step < 4000; step++ )
    {
        switch ( rng_below(&w.rng, 8) )
        {
        case 0:
            map_table(rng_below(&w.rng, SLOTS), rng_below(&w.rng, GUEST_TABLES),
                      RAM + rng_below(&w.rng, RAM_PAGES) * 4096);
            break;
        case 1:
            change_word();
            break;
        case 2:
            change_p2m();
            break;
        case 3:
            vmmu_write(&w.vmmu, MMU_CNTL, 4,
                       rng_below(&w.rng, 4) ? CNTL_MMUENABLE | CNTL_TWLENABLE
                                            : 0);
            break;
        default:
            access_da(
                da_of(rng_below(&w.rng, SLOTS), rng_below(&w.rng, PT_PAGES)));
        }
        if ( !(step % 16) )
            check_leaves();
    }
    assert_true(w.vmmu.shadow.count.kept > 0);
    assert_true(w.vmmu.shadow.count.drops > 0);
    assert_true(w.vmmu.count.faults_denied > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_page_is_served),
        TEST(whole_table_that_rises_is_served),
        TEST(guest_without_mmu_is_served),
        TEST(loaded_entry_covers_four_slots),
        TEST(page_mapped_after_its_fault_is_served),
        TEST(more_tables_than_the_pool_has),
        TEST(anything_is_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
