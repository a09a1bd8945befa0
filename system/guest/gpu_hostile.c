/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest must not get away with, its microkernel being honest; and, last, what it gets
 * away with if that is not (docs/gpu.md, T2). The runner looks from outside whether
 * machine memory that is not the guest's has changed.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "gpu.h"
#include "places.h"
#include "sgx_pt.h"
#include "sgx_regs.h"

#define PAGE SZ_1M /* arena offsets */
#define HOLE (GPU_LONG_WORK + 5 * SZ_4K)

static unsigned int registers[2];
module_param_array(registers, uint, NULL, 0);
MODULE_PARM_DESC(registers,
                 "where the GPU's registers are: for us, and in the machine");

static unsigned int dir;
module_param(dir, uint, 0);
MODULE_PARM_DESC(dir,
                 "machine address of a page that hold left for a directory");

static struct gpu_context *const c = &gpu_contexts[0];

/* With pages of each size that can be mapped there. */
static const char *refused_at(u32 ipa)
{
    static const unsigned int sizes[] = { 0, 2, SGX_PDE_MAX_SIZE };
    const char *wrong = NULL;
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(sizes) && !wrong; i++ )
    {
        u32 bytes = SZ_4K << 2 * sizes[i], inside = ipa & (bytes - 1);
        u32 da = DA + SZ_4M + inside;

        EXPECT(!gpu_map(c, da - inside, ipa - inside, bytes, sizes[i]), "map");
        wrong = gpu_refused(da & PAGE_MASK);
    }

    return wrong;
}

static const char *secret_memory(u32 unused)
{
    return refused_at(secret);
}

static const char *xen_memory(u32 unused)
{
    return refused_at(xen);
}

static const char *gpu_registers(u32 n)
{
    return refused_at(registers[n]);
}

static const char *shared_with_xen(u32 unused)
{
    int rc = map_grant_frame(spare);
    const char *wrong;

    EXPECT(!rc, "grant_table: %d", rc);
    wrong = refused_at(spare);
    EXPECT(!unmap_page(spare), "remove_from_physmap");

    return wrong;
}

static const char *granted(u32 unused)
{
    struct grant g = {
        .page = arena_ipa(PAGE),
        .mapped = spare + SZ_8K,
        .table = spare + SZ_4K,
    };
    int rc = grant_to_ourselves(&g);
    const char *wrong;

    EXPECT(!rc, "map_grant_ref: %d", rc);
    wrong = refused_at(g.mapped);
    EXPECT(!end_grant(&g), "unmap_grant_ref");

    return wrong;
}

/* A table in memory of others. */
static const char *table_elsewhere(u32 unused)
{
    u32 da = DA + SZ_4M;

    c->dir.words[da >> PT_SLOT_SHIFT] = (secret & PAGE_MASK) | SGX_PT_VALID;
    gpu_directories_changed();

    return gpu_refused(da);
}

/* A directory there, for a record: there is no root for it, or one that leads nowhere. */
static const char *directory_elsewhere(u32 unused)
{
    struct gpu_job fill = GPU_FILL(0, DA, SZ_4K, 0xdead);
    u32 root = gpu_root_of(secret & PAGE_MASK);

    gpu_submit(0, root, &fill, 1);
    EXPECT(gpu_wait() == -EFAULT, "no fault, root %08x", root);
    gpu_forget(secret & PAGE_MASK);
    EXPECT(!gpu_start(GPU_RECOVERY_RESET), "start");

    return NULL;
}

/* The directory is a table too: its words, and tables', are reached; nothing else is. */
static const char *directory_is_table(u32 unused)
{
    u32 own = DA + SZ_8M, word = DA >> PT_SLOT_SHIFT;
    struct gpu_job fill =
        GPU_FILL(0, own + word * SZ_4K, SZ_4K, secret | SGX_PT_VALID);

    EXPECT(!gpu_map(c, DA, arena_ipa(PAGE), SZ_4K, 0), "map");
    c->dir.words[own >> PT_SLOT_SHIFT] = c->dir.ipa | SGX_PT_VALID;
    gpu_directories_changed();
    EXPECT(!gpu_draw(c, &fill, 1), "its own table was not reached");
    EXPECT(*gpu_table_word(c, DA) == (secret | SGX_PT_VALID),
           "its own table was not written");

    return gpu_refused(DA);
}

/* Requesters that are to go out untranslated are translated, whatever reads back. */
static const char *bypass(u32 unused)
{
    u32 bank, wrong_ctrl = 0;

    for ( bank = SGX_BROADCAST; bank < SGX_BANKS; bank++ )
        gpu_write(bank * SGX_BANK_BYTES + SGX_BIF_CTRL, SGX_CTRL_BYPASS);
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        wrong_ctrl |=
            gpu_read(bank * SGX_BANK_BYTES + SGX_BIF_CTRL) ^ SGX_CTRL_BYPASS;
    EXPECT(!wrong_ctrl, "CTRL does not read as it was written");

    return gpu_refused(secret & PAGE_MASK);
}

/* More contexts than any pool has; the first ones are as they were. */
static const char *too_many_contexts(u32 n)
{
    struct gpu_context *more = kcalloc(n, sizeof(*more), GFP_KERNEL);
    struct gpu_job fill = GPU_FILL(0, DA, SZ_4K, 0xaaaa);
    u32 had = 0, i;
    int rc = more ? 0 : -ENOMEM, drawn;

    while ( had < n && !rc )
        rc = context_init(&more[had++]);
    drawn = gpu_map(c, DA, arena_ipa(PAGE), SZ_4K, 0) ?: gpu_draw(c, &fill, 1);
    for ( i = 0; i < had; i++ )
        context_free(&more[i]);
    kfree(more);

    EXPECT(rc == -ENOSPC, "%u contexts, %d", had, rc);
    EXPECT(!drawn && arena_take(PAGE, SZ_4K, 0xaaaa), "the first one: %d",
           drawn);
    context_free(c);
    EXPECT(!context_init(c), "no room after all");

    return NULL;
}

/* Each behind a doorbell, which is lost if its pass has not ended; then all is well. */
static const char *resets_behind_doorbells(u32 times)
{
    struct gpu_job fill = GPU_FILL(0, DA, SZ_4K, 0xaaaa);

    EXPECT(!gpu_map(c, DA, arena_ipa(PAGE), SZ_4K, 0), "map");
    while ( times-- )
    {
        *gpu_table_word(c, DA + times * SZ_4K) = arena_ipa(PAGE) | SGX_PT_VALID;
        gpu_submit(0, c->root, &fill, 1);
        gpu_reset(GPU_RECOVERY_RESET);
    }
    EXPECT(!gpu_start(GPU_FIRST_RESET), "start");
    EXPECT(!gpu_draw(c, &fill, 1) && arena_take(PAGE, SZ_4K, 0xaaaa), "draw");

    return NULL;
}

/* Pages given back to Xen are out of reach, those got back are in. */
static const char *balloon(u32 drawing)
{
    struct gpu_job fill = GPU_FILL(0, DA, SZ_1M, 0xcccc);
    u32 hole = DA + HOLE - GPU_LONG_WORK;
    const char *wrong;
    int rc, drawn;

    EXPECT(!gpu_map(c, DA, arena_ipa(GPU_LONG_WORK), SZ_1M, 0), "map");
    EXPECT(!gpu_draw(c, &fill, 1), "before");
    wrong = drawing ? gpu_begin_long_work() : NULL;
    if ( wrong )
        return wrong;

    EXPECT(!arena_balloon_out(HOLE), "decrease_reservation failed");
    rc = drawing ? gpu_wait() : gpu_draw(c, &fill, 1);
    drawn = gpu_start(GPU_RECOVERY_RESET);
    EXPECT(!arena_balloon_in(HOLE), "populate_physmap failed");

    EXPECT(rc == -EFAULT && gpu_fault_da() == hole, "%d, fault at %08x", rc,
           gpu_fault_da());
    arena_reset();
    EXPECT(!drawn && !gpu_draw(c, &fill, 1) &&
               arena_take(GPU_LONG_WORK, SZ_1M, 0xcccc),
           "back in");
    return NULL;
}

const struct scenario gpu_hostile[] = {
    { "hostile-secret-memory", secret_memory },
    { "hostile-xen-memory", xen_memory },
    { "hostile-gpu-registers", gpu_registers, 1 },
    { "hostile-own-registers", gpu_registers, 0 },
    { "hostile-unpopulated", refused_at, 0xf0000000 },
    { "hostile-shared-with-xen", shared_with_xen },
    { "hostile-grant", granted },
    { "hostile-table-elsewhere", table_elsewhere },
    { "hostile-directory-elsewhere", directory_elsewhere },
    { "hostile-directory-is-table", directory_is_table },
    { "hostile-bypass", bypass },
    { "too-many-contexts", too_many_contexts, 65 },
    { "resets-behind-doorbells", resets_behind_doorbells, 200 },
    { "balloon-while-mapped", balloon, false },
    { "balloon-while-drawing", balloon, true },
    {}
};

/*
 * The microkernel loads a base that it has made itself. That needs a machine address, which
 * is no secret: the runner passes it. The page is a directory whose first word names the
 * page itself as a table, in which the second word is a page of others.
 */
static const char *not_contained(u32 unused)
{
    u32 *words = gpu_scratch()->words;
    u32 data[6] = { 0, dir, SZ_4K, GPU_SCRATCH_DA + SZ_2K, SZ_2K };
    u32 *own = arena_at(PAGE);

    own[0] = dir | SGX_PT_VALID;
    own[1] = (secret & PAGE_MASK) | SGX_PT_VALID;
    wmb();
    gpu_command(UK_LOADBASE, data);
    EXPECT(!gpu_wait(), "the command does not end: contained after all?");
    own[0] = own[1] = 0xb4ea;
    wmb();
    pr_notice("breach: %08x %08x\n", words[SZ_2K / 4], words[SZ_2K / 4 + 1]);

    return NULL;
}

/* In reset, where registers read as zero; until the guest's own recovery. */
static const char *tripwire(u32 unused)
{
    unsigned long limit = jiffies + PATIENCE;
    struct gpu_job fill = GPU_FILL(0, DA, SZ_4K, 0xaaaa);

    while ( gpu_read(SGX_BIF_BANK0) && time_before(jiffies, limit) )
        usleep_range(100, 200);
    EXPECT(!gpu_read(SGX_BIF_BANK0), "nobody has noticed the base");
    gpu_submit(0, c->root, &fill, 1);
    msleep(50); /* for what must not happen */
    EXPECT(gpu_waiting() == 1, "the GPU goes on");

    return NULL;
}

static const char *recovers(u32 unused)
{
    struct gpu_job fill = GPU_FILL(0, DA, SZ_4K, 0xaaaa);

    EXPECT(!gpu_start(GPU_RECOVERY_RESET), "start");
    EXPECT(!gpu_map(c, DA, arena_ipa(PAGE + SZ_4K), SZ_4K, 0), "map");
    EXPECT(!gpu_draw(c, &fill, 1) && arena_take(PAGE + SZ_4K, SZ_4K, 0xaaaa),
           "draw");
    return NULL;
}

const struct scenario gpu_breach[] = { { "not-contained", not_contained },
                                       { "tripwire", tripwire },
                                       { "recovers-after-alarm", recovers },
                                       {} };
