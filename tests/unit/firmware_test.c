/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware on a Cortex-M4, booted by a guest as Linux does it, behind a mediated MMU: the
 * images of the folder FIRMWARE, which the Makefile defines.
 */
#include "guest_remoteproc.h"
#include "rproc.h"
#include "unit.h"

#define GOOD    "xen-omap-ipu.elf"
#define PREEMPT "xen-omap-ipu-preempt.elf"
#define HOSTILE "xen-omap-ipu-hostile.elf"
#define DSP     "xen-omap-dsp.elf"

#define POOL_DA 0xa0000000u
#define DATA_DA 0x80000000u

#define PEEK 1
#define SCAN 2

/* All 4 GiB take half a minute with the sanitizers: one compiler is enough. */
#ifdef __clang__
#define SCAN_FROM 0xc0000000u
#else
#define SCAN_FROM 0
#endif

#define ECHO_REQUEST   0xffffff03u
#define ECHO_REPLY     0xffffff04u
#define ABORT_REQUEST  0xffffff05u
#define CRASH          0xffffff02u
#define SUSPEND_SYSTEM 0xffffff11u
#define SUSPEND_CANCEL 0xffffff13u

static struct machine *m;
static struct core core;
static struct remoteproc linux_;

static int setup_with(unsigned int grain, uint32_t page, bool bus_err_back)
{
    m = machine_new(&(struct machine_options){
        .seed = 1, .bus_err_back = true, .tables = 32 });
    core_init(&core, m);
    machine_assign(m);
    remoteproc_init(&linux_, &core, grain, page, bus_err_back);

    return 0;
}

static int setup(void **state)
{
    (void)state;

    return setup_with(2048, SZ_16M, true);
}

static int setup_fragmented(void **state)
{
    (void)state;

    return setup_with(1, SZ_16M, true);
}

static int setup_small_pages(void **state)
{
    (void)state;

    return setup_with(16, SZ_4K, true);
}

static int setup_large_pages(void **state)
{
    (void)state;

    return setup_with(16, SZ_64K, true);
}

static int setup_stalling(void **state)
{
    (void)state;

    return setup_with(1, SZ_1M, false);
}

static int teardown(void **state)
{
    (void)state;
    assert_right(m);
    core_fini(&core);
    check_and_free(m);
    remoteproc_fini(&linux_);

    return 0;
}

static const char *path(const char *image)
{
    static char text[512];

    snprintf(text, sizeof(text), "%s/%s", FIRMWARE, image);

    return text;
}

/* Both come to rest, and all is right. */
static void settle(enum m4_state state)
{
    assert_int_equal(remoteproc_settle(&linux_), state);
    assert_right(m);
}

static void boot(const char *image)
{
    const char *wrong = remoteproc_boot(&linux_, path(image));

    if ( wrong )
        fail_msg("%s", wrong);
    settle(M4_ASLEEP);
}

static void assert_traced(const char *text)
{
    char *trace = remoteproc_trace(&linux_);

    if ( !strstr(trace, text) )
        fail_msg("not in the trace: %s\n%s", text, trace);
    free(trace);
}

/* The services: their answers */

static void ask(const char *service, const void *request, unsigned int bytes)
{
    uint32_t address = remoteproc_service(&linux_, service);

    assert_int_not_equal(address, 0);
    assert_true(remoteproc_send(&linux_, address, request, bytes));
}

static void echo(unsigned int seed)
{
    unsigned int bytes = 1 + seed * 2654435761u % REMOTEPROC_PAYLOAD, i;
    uint8_t data[REMOTEPROC_PAYLOAD];

    for ( i = 0; i < bytes; i++ )
        data[i] = (seed * 31 + i) * 2654435761u >> 24;

    linux_.received = 0;
    ask("xen-omap-echo", data, bytes);
    settle(M4_ASLEEP);
    assert_int_equal(linux_.received, 1);
    assert_int_equal(linux_.inbox[0].source,
                     remoteproc_service(&linux_, "xen-omap-echo"));
    assert_int_equal(linux_.inbox[0].bytes, bytes);
    assert_memory_equal(linux_.inbox[0].data, data, bytes);
}

static void echoes(unsigned int n)
{
    while ( n-- )
        echo(n);
}

static void ask_probe(uint32_t operation, uint32_t da)
{
    uint32_t request[] = { operation, da };

    linux_.received = 0;
    ask("xen-omap-probe", request, sizeof(request));
}

/* The reply's words: operation, da, value, ok. */
static void assert_replies(uint32_t operation, uint32_t da, uint32_t value,
                           uint32_t ok)
{
    uint32_t reply[] = { operation, da, value, ok };

    assert_int_equal(linux_.received, 1);
    assert_int_equal(linux_.inbox[0].bytes, sizeof(reply));
    assert_memory_equal(linux_.inbox[0].data, reply, sizeof(reply));
}

/* Of all registers: how often the guest trapped. */
static uint64_t traps(void)
{
    uint64_t sum = 0;
    unsigned int i;

    for ( i = 0; i < VMMU_WORDS; i++ )
        sum += m->vmmu.count.reads[i] + m->vmmu.count.writes[i];

    return sum;
}

/*
 * Tests
 */

static void it_greets_and_announces(void **state)
{
    char *trace;

    (void)state;
    boot(GOOD);
    trace = remoteproc_trace(&linux_);
    assert_string_equal(trace, "ipu: hello from the Cortex-M4\n"
                               "ipu: vring 0 at da a0000000\n"
                               "ipu: vring 1 at da a0004000\n"
                               "ipu: service xen-omap-echo\n"
                               "ipu: service xen-omap-probe\n");
    free(trace);
    assert_int_equal(linux_.services, 2);
    assert_int_not_equal(remoteproc_service(&linux_, "xen-omap-echo"), 0);
    assert_int_not_equal(remoteproc_service(&linux_, "xen-omap-probe"), 0);
    assert_int_equal(linux_.said, 1);
    assert_int_equal(linux_.mailbox_said[0], ECHO_REPLY);
    assert_int_equal(linux_.faults, 0);
}

/* A message takes no fill once all it needs has been filled. */
static void messages_come_back_and_cost_nothing(void **state)
{
    struct shadow_counters before;
    struct machine_counts counts;
    uint64_t trapped;

    (void)state;
    boot(GOOD);
    echoes(2);
    before = *counters(m);
    counts = m->count;
    trapped = traps();
    echoes(100);
    assert_int_equal(counters(m)->fills, before.fills);
    assert_int_equal(counters(m)->parks, before.parks);
    assert_int_equal(counters(m)->kept, before.kept);
    assert_int_equal(m->count.look_ups, counts.look_ups);
    assert_int_equal(m->count.reg_writes, counts.reg_writes);
    assert_int_equal(traps(), trapped);
}

/* It answers while the other task works, which gives nothing away: by force. */
static void two_tasks_share_the_core(void **state)
{
    unsigned int i, said;

    (void)state;
    boot(PREEMPT);
    assert_traced("ipu: hello from the Cortex-M4, by two tasks\n");
    assert_int_equal(linux_.services, 2);
    for ( i = 0; i < 3; i++ )
    {
        said = linux_.said;
        remoteproc_kick(&linux_, ECHO_REQUEST);
        assert_int_equal(core_run(&core, 10000), M4_RUNNING);
        assert_true(remoteproc_look(&linux_));
        assert_int_equal(linux_.said, said + 1);
        assert_int_equal(linux_.mailbox_said[said], ECHO_REPLY);
    }
    settle(M4_ASLEEP);
    assert_traced("ipu: worked until tick ");
    echoes(20);
    assert_int_equal(linux_.faults, 0);
}

/* A kick before Linux's driver is ready is dropped. */
static void it_waits_for_the_driver(void **state)
{
    (void)state;
    assert_null(remoteproc_load(&linux_, path(GOOD)));
    remoteproc_start(&linux_);
    remoteproc_kick(&linux_, 0);
    settle(M4_ASLEEP);
    assert_int_equal(linux_.said, 1);
    assert_int_equal(linux_.services, 0);
    remoteproc_online(&linux_);
    settle(M4_ASLEEP);
    echoes(1);
}

/* Linux is slow: buffers to answer into run out, and no message is lost. */
static void it_waits_for_buffers(void **state)
{
    unsigned int i;

    (void)state;
    boot(GOOD);
    for ( i = 0; i < 512; i++ )
    {
        ask("xen-omap-echo", &i, sizeof(i));
        if ( i % 256 == 255 )
            assert_int_equal(core_run(&core, 1000000), M4_ASLEEP);
    }
    assert_int_equal(linux_.received, 0);
    settle(M4_ASLEEP);
    assert_int_equal(linux_.received, 512);
    echoes(3);
}

static void a_peek_reads_what_is_mapped(void **state)
{
    uint32_t word = 0xcafe1234;

    (void)state;
    boot(GOOD);
    remoteproc_write(&linux_, REMOTEPROC_POOL + 0x700010, &word, 4);
    ask_probe(PEEK, POOL_DA + 0x700010);
    settle(M4_ASLEEP);
    assert_replies(PEEK, POOL_DA + 0x700010, word, 1);

    /* Images that do what the good one does not. */
    ask_probe(SCAN, 0);
    settle(M4_ASLEEP);
    assert_replies(SCAN, 0, 0, 0);
    linux_.received = 0;
    ask("xen-omap-probe", &word, 4);
    settle(M4_ASLEEP);
    assert_int_equal(linux_.received, 0);
    echoes(1);
}

static void a_stray_peek_is_its_end(void **state)
{
    (void)state;
    boot(GOOD);
    ask_probe(PEEK, 0xdead0000);
    settle(M4_ASLEEP);
    assert_traced("bus error at pc ");
    assert_traced(", da dead0000\n");
    assert_int_equal(linux_.faults, 1);
    assert_int_equal(linux_.fault_da, 0xdead0000);
    assert_int_equal(linux_.received, 0);

    /* Linux recovers it. */
    remoteproc_stop(&linux_);
    boot(GOOD);
    echoes(3);
}

/*
 * All is hidden when the error comes, also the code that waits for the answer: the error
 * must be the access's, not its fetch's.
 */
static void a_stray_peek_fails_while_parked(void **state)
{
    (void)state;
    boot(GOOD);
    ask_probe(PEEK, 0xdead0000);
    while ( m4_run(core.m4, 1000) || m->request.da != 0xdead0000 )
        machine_settle(m);
    assert_int_equal(m4_state(core.m4), M4_STALLED);
    linux_flush_page(&linux_.iommu, 0x12345000);
    settle(M4_ASLEEP);
    assert_traced(", da dead0000\n");
}

/* A guest that does not ask for bus errors has the core wait at the access. */
static void a_stray_peek_stalls(void **state)
{
    (void)state;
    boot(GOOD);
    echoes(2);
    ask_probe(PEEK, 0xdead0000);
    settle(M4_STALLED);
    assert_int_equal(linux_.faults, 1);
    assert_int_equal(linux_.fault_da, 0xdead0000);
    remoteproc_stop(&linux_);
    boot(GOOD);
    echoes(3);
}

static void it_boots_again(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 4; i++ )
    {
        boot(i % 2 ? HOSTILE : GOOD);
        echoes(3);
        remoteproc_stop(&linux_);
        assert_int_equal(core_run(&core, 1000), M4_IN_RESET);
        assert_right(m);
    }
}

static void mailbox_requests_are_answered(void **state)
{
    (void)state;
    boot(GOOD);
    linux_.said = 0;
    remoteproc_kick(&linux_, SUSPEND_SYSTEM);
    settle(M4_ASLEEP);
    assert_int_equal(linux_.said, 1);
    assert_int_equal(linux_.mailbox_said[0], SUSPEND_CANCEL);
    echoes(1);
    remoteproc_kick(&linux_, ABORT_REQUEST);
    settle(M4_ASLEEP);
    assert_int_equal(linux_.said, 2);
    assert_int_equal(linux_.mailbox_said[1], CRASH);
}

/* Invalid words of the guest end a vring, and nothing else. */
static void it_trusts_no_vring(void **state)
{
    static const struct {
        uint32_t offset, value; /* in the vring to the firmware */
        const char *says;
    } lies[] = {
        { 0, 0x80000000, "a buffer outside the pool" },
        { 0, REMOTEPROC_POOL - 4, "a buffer outside the pool" },
        { 0, REMOTEPROC_POOL + 0x40001, "a buffer outside the pool" },
        { 4, 1, "a buffer outside the pool" },
        { 8, 0xffffffff, "a buffer outside the pool" },
        { 12, 1, "a buffer of the wrong kind" },
        { 12, 2, "a buffer of the wrong kind" },
        { 4096 + 4, 0x01000100, "a buffer that does not exist" },
        { 4096, 0x80000001, "more buffers than there can be" },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(lies) / sizeof(lies[0]); i++ )
    {
        boot(GOOD);
        ask("xen-omap-echo", "1234", 4);
        remoteproc_write(&linux_, linux_.vring[1].ipa + lies[i].offset,
                         &lies[i].value, 4);
        settle(M4_ASLEEP);
        assert_traced(lies[i].says);
        assert_int_equal(linux_.received, 0);
        assert_int_equal(linux_.faults, 0);
        linux_.said = 0;
        remoteproc_kick(&linux_, SUSPEND_SYSTEM);
        settle(M4_ASLEEP);
        assert_int_equal(linux_.said, 1);
        remoteproc_stop(&linux_);
    }
}

/* A header that says more than its buffer holds, and a service nobody has. */
static void it_drops_what_makes_no_sense(void **state)
{
    uint16_t bytes = 0xffff;

    (void)state;
    boot(GOOD);
    ask("xen-omap-echo", "1234", 4);
    remoteproc_write(&linux_, REMOTEPROC_POOL + 0x40000 + 256 * 512 + 12,
                     &bytes, 2);
    settle(M4_ASLEEP);
    assert_true(remoteproc_send(&linux_, 4711, "1234", 4));
    settle(M4_ASLEEP);
    assert_int_equal(linux_.received, 0);
    echoes(3);
}

/*
 * The hostile image
 */

/* What a da is to give, by the guest's tables and the p2m alone. */
static bool should_find(uint32_t da)
{
    struct oracle_answer answer = oracle_now(&m->oracle, da);
    uint64_t maddr;
    uint32_t value;

    return !answer.fault && memory_device_maddr(&m->mem, answer.ipa, &maddr) &&
           core_bus_read(&core, maddr, 4, &value);
}

static bool is_private(uint32_t da)
{
    return da - M4_L2RAM_DA < M4_L2RAM_SIZE ||
           da - M4_BITBAND_DA < M4_BITBAND_SIZE ||
           da - M4_IPU_DA < M4_IPU_SIZE || da - M4_IPU_L3_DA < M4_IPU_SIZE ||
           da - M4_PRIVATE_DA < M4_PRIVATE_SIZE;
}

/* The scan's report, as it ought to be. */
static char *expected_report(void)
{
    size_t room = 0x8000, at = 0;
    char *text = calloc(1, room);
    uint32_t page, first = 0, found = 0, read = 0;
    bool was = false, is;

    for ( page = SCAN_FROM / SZ_4K; page <= 0x100000; page++, was = is )
    {
        if ( page < 0x100000 && page % 0x10000 == 0 )
            at +=
                snprintf(text + at, room - at, "reached %08x\n", page * SZ_4K);
        is = page < 0x100000 && !is_private(page * SZ_4K) &&
             should_find(page * SZ_4K);
        read += page < 0x100000 && !is_private(page * SZ_4K);
        found += is;
        if ( is && !was )
            first = page;
        if ( was && !is )
            at += snprintf(text + at, room - at, "found %08x-%08x\n",
                           first * SZ_4K, page * SZ_4K - 1);
    }
    snprintf(text + at, room - at, "scan: %u pages read, %u found\n", read,
             found);

    return text;
}

/* Mappings of all sizes to what is owned here and there, or not at all. */
static void map_oddly(void)
{
    unsigned int i;

    machine_populate(m, RAM, 0x800, 16);
    for ( i = 0; i < 0x800; i += 64 )
        machine_unmap(m, RAM + i * SZ_4K, i % 128 ? 16 : 1);

    linux_map(&linux_.iommu, 0x10000000, RAM, SZ_1M);
    linux_map(&linux_.iommu, 0xc0000000, RAM, SZ_16M);
    linux_map(&linux_.iommu, 0xc1010000, RAM + SZ_64K, SZ_64K);
    linux_map(&linux_.iommu, 0xc1023000, RAM + 0x23000, SZ_4K);
    linux_map(&linux_.iommu, 0xc1025000, RAM + 0x40000, SZ_4K);
    linux_map(&linux_.iommu, 0xc2000000, NOTHING, SZ_16M);
    linux_map(&linux_.iommu, 0xdff00000, RAM + SZ_1M, SZ_1M);
    linux_map(&linux_.iommu, 0xfff00000, RAM + 2 * SZ_1M, SZ_1M);

    /* Two of these pages lie below 4 GiB. */
    machine_map(m, 0x30000000, MEM_4GIB - 2 * SZ_4K, 4, P2M_RAM);
    linux_map(&linux_.iommu, 0xc1100000, 0x30000000, SZ_1M);
}

static void a_scan_finds_what_is_owned(void **state)
{
    char *report, *trace, *found;

    (void)state;
    boot(HOSTILE);
    map_oddly();
    report = expected_report();
    ask_probe(SCAN, SCAN_FROM);
    settle(M4_ASLEEP);
    trace = remoteproc_trace(&linux_);
    found = strstr(trace, "reached ");
    assert_non_null(found);
    assert_string_equal(found, report);
    free(trace);
    free(report);
    assert_int_equal(linux_.faults, 1);

    /* The MMU is reset with the processor; its last fault is forgotten. */
    remoteproc_stop(&linux_);
    machine_reg_write(m, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
    boot(GOOD);
    echoes(3);
}

/*
 * The guest's memory changes
 */

/* A page of the pool that the firmware has used goes away, and comes back. */
static void a_page_that_is_given_up_is_out_of_reach(void **state)
{
    uint32_t ipa = REMOTEPROC_POOL + 0x700000, da = POOL_DA + 0x700000;
    uint32_t word = 0x600d600d;
    uint64_t old;

    (void)state;
    boot(HOSTILE);
    remoteproc_write(&linux_, ipa, &word, 4);
    ask_probe(PEEK, da);
    settle(M4_ASLEEP);
    assert_replies(PEEK, da, word, 1);

    old = maddr_of(m, ipa);
    machine_unmap(m, ipa, 1);
    assert_int_equal(machine_reaches(m, old), 0);
    echoes(2);
    ask_probe(PEEK, da);
    settle(M4_ASLEEP);
    assert_traced("bus error at pc ");
    assert_int_equal(linux_.fault_da, da);

    machine_populate(m, ipa, 1, 1);
    remoteproc_stop(&linux_);
    boot(GOOD);
    echoes(2);
}

/* One page moves to another place in the machine, its content with it. */
static void move(uint32_t ipa)
{
    uint8_t content[SZ_4K];

    remoteproc_read(&linux_, ipa, content, SZ_4K);
    machine_populate(m, ipa, 1, 1);
    remoteproc_write(&linux_, ipa, content, SZ_4K);
}

/* At any instruction: code, data, stack, vrings, buffers. */
static void pages_move_while_it_runs(void **state)
{
    static const uint32_t busy[] = { 0,        0x1000,   0x4000,   0x5000,
                                     0x6000,   0x40000,  0x60000,  0x100000,
                                     0x200000, 0x208000, 0x209000, 0x20c000 };
    struct rng rng = { .state = 1 };
    unsigned int i;

    (void)state;
    boot(GOOD);
    for ( i = 0; i < 200; i++ )
    {
        linux_.received = 0;
        ask("xen-omap-echo", &i, sizeof(i));
        core_run(&core, 1 + rng_below(&rng, 600));
        if ( rng_below(&rng, 4) )
            move(REMOTEPROC_POOL + busy[rng_below(&rng, 12)]);
        else
            linux_flush_page(&linux_.iommu, 0x12345000);
        settle(M4_ASLEEP);
        assert_int_equal(linux_.received, 1);
        assert_memory_equal(linux_.inbox[0].data, &i, sizeof(i));
    }
    assert_int_equal(linux_.faults, 0);
}

/*
 * Other images
 */

static bool dsp_read(void *ctx, uint32_t pa, uint32_t *value)
{
    return core_bus_read(ctx, pa, 4, value);
}

static bool dsp_write(void *ctx, uint32_t pa, uint32_t value)
{
    return core_bus_write(ctx, pa, 4, value);
}

static void the_dsp_runs_its_script(void **state)
{
    struct mailbox *mailbox = &core.mailbox;
    struct rproc dsp;
    char *trace;

    (void)state;
    assert_null(remoteproc_load(&linux_, path(DSP)));
    assert_int_equal(remoteproc_entry(&linux_) % 1024, 0);
    rproc_init(&dsp, &(struct rproc_config){ .mmu = &m->mmu,
                                             .ctx = &core,
                                             .read32 = dsp_read,
                                             .write32 = dsp_write });
    mailbox_reg_write(mailbox, MAILBOX_MESSAGE(3), 4, 0xffffff03);
    rproc_hold(&dsp);
    rproc_release(&dsp, remoteproc_entry(&linux_));
    while ( rproc_run(&dsp, 10) || machine_serve(m) )
        assert_right(m);

    assert_int_equal(dsp.status, RPROC_DONE);
    assert_int_equal(dsp.count, 3);
    trace = remoteproc_trace(&linux_);
    assert_string_equal(trace, "dsp: hello from the scripted master\n");
    free(trace);
    assert_int_equal(mailbox_reg_read(mailbox, MAILBOX_MSGSTATUS(3), 4), 0);
    assert_int_equal(mailbox_reg_read(mailbox, MAILBOX_MESSAGE(2), 4),
                     ECHO_REPLY);
    linux_detach(&linux_.iommu);
}

static void bad_images_are_refused(void **state)
{
    static const struct {
        const char *image, *says;
    } bad[] = {
        { "bad-no-table.elf", "Boot failed: -22" },
        { "bad-corrupt.elf", "Image is too small" },
        { "bad-segment.elf", "bad phdr da" },
        { "bad-offset.elf", "truncated fw" },
        { "bad-greedy.elf", "Failed to allocate associated carveouts: -12" },
        { "bad-outside.elf", "Failed to allocate associated carveouts: -12" },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(bad) / sizeof(bad[0]); i++ )
    {
        const char *says = remoteproc_boot(&linux_, path(bad[i].image));

        assert_non_null(says);
        assert_string_equal(says, bad[i].says);
        boot(GOOD);
        echoes(1);
        remoteproc_stop(&linux_);
    }
}

#define with(world, f) cmocka_unit_test_setup_teardown(f, world, teardown)
#define in_all(f) \
    with(setup, f), with(setup_fragmented, f), with(setup_small_pages, f), \
        with(setup_large_pages, f)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_all(it_greets_and_announces),
        in_all(messages_come_back_and_cost_nothing),
        in_all(two_tasks_share_the_core),
        with(setup, it_waits_for_the_driver),
        with(setup, it_waits_for_buffers),
        with(setup, a_peek_reads_what_is_mapped),
        in_all(a_stray_peek_is_its_end),
        with(setup, a_stray_peek_fails_while_parked),
        with(setup_stalling, a_stray_peek_stalls),
        in_all(it_boots_again),
        with(setup, mailbox_requests_are_answered),
        with(setup, it_trusts_no_vring),
        with(setup, it_drops_what_makes_no_sense),
        with(setup_fragmented, a_scan_finds_what_is_owned),
        in_all(a_page_that_is_given_up_is_out_of_reach),
        with(setup_fragmented, pages_move_while_it_runs),
        with(setup_small_pages, pages_move_while_it_runs),
        in_all(the_dsp_runs_its_script),
        with(setup, bad_images_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
