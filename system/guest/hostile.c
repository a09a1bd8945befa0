/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest must not get away with. The runner looks from outside whether
 * machine memory that is not the guest's has changed.
 */
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/delay.h>
#include <linux/module.h>

#include <xen/interface/xen.h>
#include <xen/interface/memory.h>

#include "omap_regs.h"
#include "places.h"
#include "test.h"

#define PAGE    SZ_1M /* arena offsets */
#define SECTION SZ_4M
#define HOLE    (SECTION + 5 * SZ_4K)

static unsigned int mmus[UNITS];
module_param_array(mmus, uint, NULL, 0);
MODULE_PARM_DESC(mmus, "where the MMUs' registers are for us");

static unsigned int lent[3];
static unsigned int nr_lent;
module_param_array(lent, uint, &nr_lent, 0);
MODULE_PARM_DESC(
    lent,
    "pages of another domain: foreign, granted to us, and the latter once more");

#define SHARED_INFO spare
#define GRANT_TABLE (spare + SZ_4K)
#define GRANTED     (spare + SZ_8K)

static const char *no_spare(u32 unused)
{
    return spare ? NULL : "spare= names no address";
}

/* The processor may neither write `len` bytes at da nor read them. */
static const char *refused(struct unit *u, u32 da, u32 ipa, u32 size)
{
    struct command commands[] = {
        FILL(da, SZ_4K, 0xdead),
        COPY(DA + SZ_32M, da, SZ_4K),
    };
    const char *wrong;
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(commands); i++ )
    {
        EXPECT(!unit_map(u, DA, ipa, size) &&
                   !unit_map(u, DA + SZ_32M, arena_ipa(PAGE), SZ_4K),
               "map");
        unit_start(u, LIST_DA, &commands[i], 1);
        wrong = unit_faulted(u, da, 4);
        if ( wrong )
            return wrong;
        EXPECT(!unit_renew(u), "%s: attach", u->name);
    }

    return NULL;
}

/* With each size of page that can be mapped there. */
static const char *refused_at(u32 ipa)
{
    static const u32 sizes[] = { SZ_4K, SZ_64K, SZ_1M, SZ_16M };
    const char *wrong;
    struct unit *u;
    unsigned int i;

    for_each_unit(u) for ( i = 0; i < ARRAY_SIZE(sizes); i++ )
    {
        u32 inside = ipa & (sizes[i] - 1) & PAGE_MASK;

        wrong = refused(u, DA + inside, ipa - (ipa & (sizes[i] - 1)), sizes[i]);
        if ( wrong )
            return wrong;
    }

    return NULL;
}

static const char *secret_memory(u32 unused)
{
    return refused_at(secret);
}

static const char *no_secret(u32 unused)
{
    return secret ? NULL : "secret= names no address";
}

static const char *xen_memory(u32 unused)
{
    return refused_at(xen);
}

static const char *no_xen(u32 unused)
{
    return xen ? NULL : "xen= names no address";
}

static const char *mmu_registers(u32 unit)
{
    return refused_at(mmus[unit]);
}

static const char *no_mmu(u32 unit)
{
    return mmus[unit] ? NULL : "mmus= names no address for it";
}

/* It may not be reached, though it is in the guest's p2m, writable. */
static const char *refused_page(u32 ipa)
{
    const char *wrong;
    struct unit *u;

    for_each_unit(u)
    {
        wrong = refused(u, DA, ipa, SZ_4K);
        if ( wrong )
            return wrong;
    }

    return NULL;
}

/*
 * A module cannot find out where Linux has shared_info; a frame of the grant table is the same to
 * the p2m.
 */
static const char *shared_with_xen(u32 unused)
{
    bool info = !linux_knows_xen();
    const char *wrong;
    int rc = info ? map_shared_info(SHARED_INFO) : 0;

    EXPECT(!rc, "shared_info: %d", rc);
    rc = map_grant_frame(GRANT_TABLE);
    EXPECT(!rc, "grant_table: %d", rc);

    wrong = info ? refused_page(SHARED_INFO) : NULL;
    wrong = wrong ?: refused_page(GRANT_TABLE);
    rc = info ? unmap_page(SHARED_INFO) : 0;
    EXPECT(!(unmap_page(GRANT_TABLE) ?: rc), "remove_from_physmap");

    return wrong;
}

/* A page that the guest granted itself: its RAM, but not as a grant. */
static const char *granted(u32 unused)
{
    struct grant g = {
        .page = arena_ipa(SECTION),
        .mapped = GRANTED,
        .table = GRANT_TABLE,
    };
    int rc = grant_to_ourselves(&g);
    const char *wrong;

    EXPECT(!rc, "map_grant_ref: %d", rc);
    wrong = refused_page(g.mapped);
    rc = end_grant(&g);
    EXPECT(!rc, "unmap_grant_ref: %d", rc);

    return wrong;
}

/* Pages of another domain, which only dom0 can have: it alone maps foreign ones. */
static const char *foreign(u32 unused)
{
    return refused_page(lent[0]);
}

static const char *granted_by_another(u32 unused)
{
    return refused_page(lent[1]) ?: refused_page(lent[2]);
}

static const char *not_lent(u32 unused)
{
    return nr_lent == ARRAY_SIZE(lent) && lent[2]
               ? NULL
               : "lent= names no pages of another domain";
}

/* A table where the guest has no memory: nothing to walk, so all is refused. */
static const char *table_elsewhere(u32 unused)
{
    const char *wrong;
    struct unit *u;

    for_each_unit(u)
    {
        writel(secret, u->mmu + MMU_TTB);
        writel(1, u->mmu + MMU_GFLUSH);
        unit_start(u, LIST_DA, NULL, 0);
        wrong = unit_faulted(u, LIST_DA, 4);
        if ( wrong )
            return wrong;
    }

    return NULL;
}

/* An MMU that is off does not translate: da is the guest's address as it is. */
static const char *mmu_off_own_memory(u32 unused)
{
    struct command fill = FILL(arena_ipa(SECTION), SZ_8K, 0x0ff);
    struct unit *u;

    for_each_unit(u)
    {
        u32 status;

        unit_detach(u);
        unit_start(u, arena_ipa(u->list), &fill, 1);
        status = unit_wait(u);
        EXPECT(status == RPROC_DONE, "%s: status %u", u->name, status);
        EXPECT(arena_take(SECTION, SZ_8K, 0x0ff), "%s: not ours", u->name);
        EXPECT(!unit_attach(u), "%s: attach", u->name);
    }

    return NULL;
}

static const char *mmu_off_secret_memory(u32 unused)
{
    struct command commands[] = {
        FILL(arena_ipa(SECTION), SZ_4K, 0x0ff),
        FILL(secret, SZ_4K, 0xdead),
    };
    struct unit *u;

    for_each_unit(u)
    {
        unit_detach(u);
        unit_start(u, arena_ipa(u->list), commands, ARRAY_SIZE(commands));
        EXPECT(unit_completes(u, 1), "%s: its own memory", u->name);
        EXPECT(arena_take(SECTION, SZ_4K, 0x0ff), "%s: not ours", u->name);
        /* Time for what must not happen. */
        msleep(50);
        EXPECT(readl(u->regs + RPROC_STATUS) != RPROC_DONE, "%s: done",
               u->name);
        unit_reset(u);
        /* It must be of use again. */
        EXPECT(!unit_attach(u), "%s: attach", u->name);
        EXPECT(unit_run(u, NULL, 0) == RPROC_DONE, "%s: stuck", u->name);
    }

    return NULL;
}

/* Around the hole, and then into it. */
static const char *balloon_check_hole(struct unit *u)
{
    struct command around[] = {
        FILL(DA + HOLE - SECTION - SZ_4K, SZ_4K, 0xaaaa),
        FILL(DA + HOLE - SECTION + SZ_4K, SZ_4K, 0xbbbb),
    };
    struct command into = FILL(DA + HOLE - SECTION, SZ_4K, 0xdead);
    const char *wrong;

    EXPECT(unit_run(u, around, ARRAY_SIZE(around)) == RPROC_DONE, "%s: around",
           u->name);
    EXPECT(arena_take(HOLE - SZ_4K, SZ_4K, 0xaaaa) &&
               arena_take(HOLE + SZ_4K, SZ_4K, 0xbbbb),
           "%s: around", u->name);
    unit_start(u, LIST_DA, &into, 1);
    wrong = unit_faulted(u, DA + HOLE - SECTION, 4);
    EXPECT(!unit_renew(u) && !unit_map(u, DA, arena_ipa(SECTION), SZ_1M),
           "renew");

    return wrong;
}

/* A page inside a section is given back to Xen while the processors use it. */
static const char *balloon(u32 running)
{
    struct command fill = FILL(DA + HOLE - SECTION, SZ_4K, 0xcccc);
    const char *wrong = NULL;
    struct unit *u;

    for_each_unit(u)
    {
        EXPECT(!unit_map(u, DA, arena_ipa(SECTION), SZ_1M), "map");
        EXPECT(unit_run(u, &fill, 1) == RPROC_DONE, "%s: before", u->name);
        if ( !running )
            continue;
        unit_start_endless(u, &fill);
        EXPECT(unit_completes(u, 1), "%s: not at work", u->name);
    }

    EXPECT(!arena_balloon_out(HOLE), "decrease_reservation failed");
    for_each_unit(u)
    {
        if ( running )
        {
            wrong = wrong ?: unit_faulted(u, DA + HOLE - SECTION, SZ_4K);
            if ( unit_renew(u) || unit_map(u, DA, arena_ipa(SECTION), SZ_1M) )
                wrong = why("%s: renew", u->name);
        }
        if ( !wrong )
            wrong = balloon_check_hole(u);
    }
    EXPECT(!arena_balloon_in(HOLE), "populate_physmap failed");
    if ( wrong )
        return wrong;

    for_each_unit(u)
    {
        EXPECT(unit_run(u, &fill, 1) == RPROC_DONE, "%s: back in", u->name);
        EXPECT(arena_take(HOLE, SZ_4K, 0xcccc), "%s: back in", u->name);
    }

    return NULL;
}

const struct scenario hostile[] = {
    { "hostile-secret-memory", secret_memory, 0, no_secret },
    { "hostile-xen-memory", xen_memory, 0, no_xen },
    { "hostile-ipu-mmu-registers", mmu_registers, IPU, no_mmu },
    { "hostile-dsp-mmu-registers", mmu_registers, DSP, no_mmu },
    { "hostile-unpopulated", refused_at, 0xf0000000 },
    { "hostile-shared-with-xen", shared_with_xen, 0, no_spare },
    { "hostile-grant", granted, 0, no_spare },
    { "hostile-foreign", foreign, 0, not_lent },
    { "hostile-granted-by-another", granted_by_another, 0, not_lent },
    { "hostile-table-elsewhere", table_elsewhere, 0, no_secret },
    { "mmu-off-reaches-own-memory", mmu_off_own_memory },
    { "mmu-off-secret-memory", mmu_off_secret_memory, 0, no_secret },
    { "balloon-while-mapped", balloon, false },
    { "balloon-while-running", balloon, true },
    {}
};
