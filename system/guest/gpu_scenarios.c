/* SPDX-License-Identifier: GPL-2.0-only */
/* What a well-behaved guest does with its GPU, and must see as if it owned it. */
#include <linux/delay.h>
#include <linux/kernel.h>

#include "gpu.h"
#include "sgx_pt.h"
#include "sgx_regs.h"

/* Arena offsets of what scenarios map. */
#define PAGE_A SZ_1M
#define PAGE_B SZ_2M
#define LARGE  SZ_4M

struct gpu_context gpu_contexts[2];

static struct gpu_context *const a = &gpu_contexts[0], *const b =
                                                           &gpu_contexts[1];

/* Fills a page at da of the context, which leads to the arena's page at `offset`. */
static const char *draws(struct gpu_context *c, u32 da, u32 offset, u32 value)
{
    struct gpu_job fill = GPU_FILL(0, da, SZ_4K, value);
    int rc = gpu_draw(c, &fill, 1);

    EXPECT(!rc, "da %08x: %d, fault at %08x", da, rc, gpu_fault_da());
    EXPECT(arena_take(offset, SZ_4K, value), "da %08x leads elsewhere", da);
    return NULL;
}

static const char *recovers(void)
{
    int rc = gpu_start(GPU_RECOVERY_RESET);

    EXPECT(!rc, "start: %d", rc);
    return NULL;
}

/* The job ends by a fault at da; then the GPU is started again. */
static const char *faults(struct gpu_context *c, const struct gpu_job *job,
                          u32 da)
{
    int rc = gpu_draw(c, job, 1);

    EXPECT(rc == -EFAULT, "da %08x: %d instead of a fault", da, rc);
    EXPECT(gpu_fault_da() == (da & SGX_FAULT_ADDR), "a fault at %08x, not %08x",
           gpu_fault_da(), da);
    return recovers();
}

static const char *cannot_write(struct gpu_context *c, u32 da)
{
    struct gpu_job fill = GPU_FILL(0, da, SZ_4K, 0xdead);

    return faults(c, &fill, da);
}

const char *gpu_refused(u32 da)
{
    struct gpu_job copy = GPU_COPY(1, DA + SZ_2M, da, SZ_4K);
    const char *wrong = cannot_write(a, da);

    if ( wrong )
        return wrong;

    EXPECT(!gpu_map(a, DA + SZ_2M, arena_ipa(PAGE_B), SZ_4K, 0), "map");
    return faults(a, &copy, da);
}

static const char *starts(u32 unused)
{
    static const u32 cleanup[6] = { 0, 1 };
    u32 base = gpu_read(sgx_base_offset(SGX_CORE0, SGX_BASE_EDM));
    unsigned int events = gpu_events();
    unsigned long limit = jiffies + PATIENCE;

    EXPECT(base == gpu_kernel()->dir.ipa, "BASE7 reads %08x", base);
    gpu_command(UK_CLEANUP, cleanup);
    EXPECT(!gpu_wait(), "a command does not end");
    EXPECT(gpu_init_block(UK_INIT_CLEANUP) == 1, "the microkernel's word");
    while ( gpu_events() == events && time_before(jiffies, limit) )
        usleep_range(100, 200);
    EXPECT(gpu_events() != events, "no interrupt");

    return NULL;
}

static const char *fill_and_copy(u32 unused)
{
    struct gpu_job jobs[] = {
        GPU_FILL(0, DA, SZ_8K, 0xf111),
        GPU_COPY(1, DA + SZ_64K, DA, SZ_8K),
    };
    int rc;

    EXPECT(!gpu_map(a, DA, arena_ipa(PAGE_A), SZ_8K, 0) &&
               !gpu_map(a, DA + SZ_64K, arena_ipa(PAGE_B), SZ_8K, 0),
           "map");
    rc = gpu_draw(a, jobs, ARRAY_SIZE(jobs));
    EXPECT(!rc, "%d, fault at %08x", rc, gpu_fault_da());
    EXPECT(arena_take(PAGE_A, SZ_8K, 0xf111), "fill");
    EXPECT(arena_take(PAGE_B, SZ_8K, 0xf111), "copy");

    return NULL;
}

/* The same device address in both: another page. */
static const char *map_both(void)
{
    EXPECT(!gpu_map(a, DA, arena_ipa(PAGE_A), SZ_4K, 0) &&
               !gpu_map(b, DA, arena_ipa(PAGE_B), SZ_4K, 0),
           "map");
    return draws(a, DA, PAGE_A, 0xaaaa) ?: draws(b, DA, PAGE_B, 0xbbbb);
}

static const char *two_contexts(u32 unused)
{
    return map_both() ?: draws(a, DA, PAGE_A, 0xaaab);
}

/* What one maps the other does not reach; both go on after the reset. */
static const char *other_context(u32 unused)
{
    const char *wrong = map_both();
    u32 da = DA + SZ_64K;

    EXPECT(!gpu_map(a, da, arena_ipa(PAGE_A + SZ_64K), SZ_4K, 0), "map");
    wrong = wrong ?: draws(a, da, PAGE_A + SZ_64K, 0xaaaa);
    wrong = wrong ?: cannot_write(b, da);

    return wrong ?: map_both();
}

/* One table, which is in both directories. */
static const char *shared_heap(u32 unused)
{
    struct gpu_job copy = GPU_COPY(1, DA, SHARED_DA, SZ_4K);
    const char *wrong;

    gpu_map_shared(SHARED_DA, arena_ipa(PAGE_A));
    wrong = draws(a, SHARED_DA, PAGE_A, 0x5a4e) ?: map_both();
    if ( wrong )
        return wrong;

    arena_fill(PAGE_A, SZ_4K, 0xc0b1);
    EXPECT(!gpu_draw(b, &copy, 1), "copy");
    EXPECT(arena_take(PAGE_A, SZ_4K, 0xc0b1) &&
               arena_take(PAGE_B, SZ_4K, 0xc0b1),
           "copy");

    gpu_map_shared(SHARED_DA, 0);
    return cannot_write(a, SHARED_DA) ?: cannot_write(b, SHARED_DA);
}

/* Beside a word that the GPU has cached, with its neighbours that map nothing. */
static const char *map_later(u32 n)
{
    const char *wrong = map_both();
    u32 i;

    for ( i = 1; i < n && !wrong; i++ )
    {
        EXPECT(!gpu_map(a, DA + i * SZ_4K, arena_ipa(PAGE_B + i * SZ_64K),
                        SZ_4K, 0),
               "map");
        wrong = draws(a, DA + i * SZ_4K, PAGE_B + i * SZ_64K, 0xaaaa + i);
    }

    return wrong;
}

/* The page is used for something else as soon as the next command is given. */
static const char *unmap_and_reuse(u32 unused)
{
    const char *wrong = map_both();

    if ( wrong )
        return wrong;

    gpu_unmap(a, DA, SZ_4K);
    arena_fill(PAGE_A, SZ_4K, 0x5afe);
    wrong = cannot_write(a, DA);
    EXPECT(arena_take(PAGE_A, SZ_4K, 0x5afe), "written");

    return wrong;
}

static const char *remap(u32 unused)
{
    const char *wrong = map_both();

    EXPECT(!gpu_map(a, DA, arena_ipa(PAGE_A + SZ_64K), SZ_4K, 0), "map");
    return wrong ?: draws(a, DA, PAGE_A + SZ_64K, 0xcccc);
}

/* Tables with each size of pages: the first page, and the last. */
static const char *large_pages(u32 unused)
{
    const char *wrong = NULL;
    unsigned int size;

    for ( size = 1; size <= SGX_PDE_MAX_SIZE && !wrong; size++ )
    {
        u32 last = SZ_4M - SZ_4K;

        EXPECT(!gpu_map(a, DA, arena_ipa(LARGE), SZ_4M, size), "map");
        wrong = draws(a, DA, LARGE, 0x1a0 + size)
                    ?: draws(a, DA + last, LARGE + last, 0x1b0 + size);
    }

    return wrong;
}

static const char *read_only(u32 unused)
{
    struct gpu_job copy = GPU_COPY(0, DA + SZ_4K, DA, SZ_4K);
    const char *wrong = map_both();

    EXPECT(!gpu_map(a, DA + SZ_4K, arena_ipa(PAGE_B), SZ_4K, 0), "map");
    *gpu_table_word(a, DA) |= SGX_PTE_READONLY;
    arena_fill(PAGE_A, SZ_4K, 0x4ead);
    if ( !wrong && gpu_draw(a, &copy, 1) )
        wrong = "it cannot be read";
    wrong = wrong ?: cannot_write(a, DA);
    EXPECT(arena_take(PAGE_A, SZ_4K, 0x4ead), "written");
    EXPECT(arena_take(PAGE_B, SZ_4K, 0x4ead), "not copied");

    return wrong;
}

/* Memory that was a table is mapped, and the GPU writes words of tables into it. */
static const char *table_becomes_data(u32 unused)
{
    struct gpu_job fill =
        GPU_FILL(0, DA + SZ_4M, SZ_4K, arena_ipa(PAGE_A) | SGX_PT_VALID);
    const char *wrong = map_both();

    if ( wrong )
        return wrong;

    a->dir.words[DA >> PT_SLOT_SHIFT] = 0;
    gpu_directories_changed();
    EXPECT(!gpu_map(a, DA + SZ_4M, a->table[0].ipa, SZ_4K, 0), "map");
    EXPECT(!gpu_draw(a, &fill, 1), "fill");
    EXPECT(a->table[0].words[1023] == (arena_ipa(PAGE_A) | SGX_PT_VALID),
           "the page was not written");

    return cannot_write(a, DA);
}

const char *gpu_begin_long_work(void)
{
    static const struct gpu_job jobs[] = {
        GPU_FILL(0, DA, SZ_4M, 0x10e60),
        GPU_FILL(0, DA, SZ_4M, 0x10e61),
    };
    const u32 *word = arena_at(GPU_LONG_WORK);
    unsigned long limit = jiffies + PATIENCE;
    unsigned int i;

    EXPECT(!gpu_map(a, DA, arena_ipa(GPU_LONG_WORK), SZ_4M, 0), "map");
    for ( i = 0; i < GPU_RECORDS; i++ )
        gpu_submit(i, a->root, jobs, ARRAY_SIZE(jobs));
    while ( READ_ONCE(*word) >> 4 != 0x10e6 && time_before(jiffies, limit) )
        usleep_range(100, 200);
    EXPECT(READ_ONCE(*word) >> 4 == 0x10e6, "the GPU does not begin");
    EXPECT(gpu_waiting(), "the work has ended already");

    return NULL;
}

static const char *recovery_reset(u32 unused)
{
    const char *wrong = gpu_begin_long_work() ?: recovers();

    arena_reset();

    return wrong ?: map_both();
}

static const char *power_off_and_on(u32 times)
{
    static const u32 off[6] = { 0, UK_POWER_OFF };
    const char *wrong = NULL;

    while ( times-- && !wrong )
    {
        gpu_command(UK_POWER, off);
        EXPECT(!gpu_wait() && gpu_init_block(UK_INIT_POWER) == UK_POWER_OFF,
               "off");
        EXPECT(!gpu_start(GPU_FIRST_RESET), "on");
        wrong = map_both();
    }

    return wrong;
}

/* The ring goes round; as many doorbells as its room are on their way at once. */
static const char *many_commands(u32 n)
{
    const char *wrong = map_both();
    unsigned long limit = jiffies + PATIENCE;
    u32 i;

    for ( i = 0; i < n && !wrong; i++ )
    {
        struct gpu_job fill = GPU_FILL(i % 2, DA, SZ_4K, i);
        unsigned int slot = i % GPU_RECORDS;

        /* Its record must be free. */
        while ( gpu_waiting() >= GPU_RECORDS && time_before(jiffies, limit) )
            usleep_range(100, 200);
        EXPECT(gpu_waiting() < GPU_RECORDS, "the GPU does not get on");
        gpu_submit(slot, i % 2 ? a->root : b->root, &fill, 1);
        limit = jiffies + PATIENCE;
    }
    EXPECT(!gpu_wait(), "the last ones do not end");
    EXPECT(arena_take(PAGE_A, SZ_4K, n - 1) && arena_take(PAGE_B, SZ_4K, n - 2),
           "they did not end in their order");

    return wrong;
}

static const char *doorbell_before_start(u32 unused)
{
    static const u32 doorbells[] = {
        SGX_EVENT_KICK,
        SGX_EVENT_KICK1,
        SGX_EVENT_KICK3,
    };
    unsigned int i;

    gpu_reset(GPU_RECOVERY_RESET);
    for ( i = 0; i < ARRAY_SIZE(doorbells); i++ )
        gpu_write(SGX_CORE0 * SGX_BANK_BYTES + doorbells[i], 1);
    EXPECT(!gpu_start(GPU_FIRST_RESET), "start");

    return map_both();
}

#define CONTEXTS 40

/*
 * One after the other draws, and is forgotten. All have directories of their own: none is
 * found again.
 */
static const char *contexts_come_and_go(u32 unused)
{
    static struct gpu_context more[CONTEXTS];
    const char *wrong = NULL;
    unsigned int n = 0;

    for ( ; n < CONTEXTS && !wrong; n++ )
    {
        wrong = context_init(&more[n]) ? "no room" : NULL;
        if ( wrong )
            break;
        if ( gpu_map(&more[n], DA, arena_ipa(PAGE_A), SZ_4K, 0) )
            wrong = "map";
        wrong = wrong ?: draws(&more[n], DA, PAGE_A, n);
        gpu_forget(more[n].dir.ipa);
    }
    while ( n-- )
        context_free(&more[n]);

    return wrong;
}

const struct scenario gpu_ordinary[] = {
    { "starts", starts },
    { "fill-and-copy", fill_and_copy },
    { "two-contexts", two_contexts },
    { "other-context-out-of-reach", other_context },
    { "shared-heap", shared_heap },
    { "map-later", map_later, 9 },
    { "unmap-and-reuse", unmap_and_reuse },
    { "remap", remap },
    { "large-pages", large_pages },
    { "read-only", read_only },
    { "table-becomes-data", table_becomes_data },
    { "recovery-reset", recovery_reset },
    { "power-off-and-on", power_off_and_on, 3 },
    { "many-commands", many_commands, 600 },
    { "doorbell-before-start", doorbell_before_start },
    { "contexts-come-and-go", contexts_come_and_go },
    {}
};
