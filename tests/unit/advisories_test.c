/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Xen's security advisories (XSA): each test checks for what could go wrong here in the
 * same way. docs/testing.md lists them all, with those that are shown elsewhere.
 */
#include "guest_hostile.h"
#include "unit.h"

#define DA    0x12000000u
#define GROUP (DA + SZ_16M) /* another group */

/* The host's calls, some of them watched on their way. */
static struct host_ops watched;

static struct machine *watch(struct machine *m)
{
    watched = hostile_host_ops;
    m->host.ops = &watched;

    return m;
}

static struct machine *machine_of(struct host *host)
{
    return (struct machine *)host;
}

/* A slot of each kind, all of them in the hardware's TLB. */
static void fill_each_kind(struct machine *m)
{
    write_supersection(m, DA, RAM);
    write_l1(m, GROUP, WORD_SECTION(RAM + SZ_16M));
    write_l1(m, GROUP + SZ_1M, WORD_TABLE(TABLE));
    write_smalls(m, TABLE, 0, 20, RAM + SZ_16M + SZ_1M + SZ_4K);
    assert_leads(m, DA, RAM);
    assert_leads(m, GROUP, RAM + SZ_16M);
    assert_leads(m, GROUP + SZ_1M, RAM + SZ_16M + SZ_1M + SZ_4K);
}

/* XSA-346, 355: flush before the page is freed, hold it until then. */

static unsigned int given_back;

static void put_out_of_reach(struct host *host, maddr_t maddr,
                             unsigned int pages)
{
    struct machine *m = machine_of(host);
    unsigned int i;

    for ( i = 0; i < pages; i++ )
    {
        uint64_t page = maddr.v + (uint64_t)i * SZ_4K;

        assert_true(memory_page(&m->mem, page)->used);
        assert_int_equal(machine_reaches(m, page), 0);
    }
    given_back += pages;
    hostile_host_ops.put_pages(host, maddr, pages);
}

static void take_memory(struct machine *m)
{
    machine_unmap(m, RAM, RAM_PAGES);
}

/* Where nothing led before. */
#define ELSEWHERE (RAM + SZ_16M + 2 * SZ_1M)

static void map_elsewhere(struct machine *m)
{
    unsigned int slot;

    for ( slot = 0; slot < 16; slot++ )
        write_l1(m, DA + slot * SZ_1M, WORD_SECTION(ELSEWHERE));
    write_l1(m, GROUP, WORD_SECTION(ELSEWHERE + SZ_1M));
    write_smalls(m, TABLE, 0, 20, ELSEWHERE + 2 * SZ_1M + SZ_4K);
    flush(m);
    assert_leads(m, DA, ELSEWHERE);
    assert_leads(m, GROUP, ELSEWHERE + SZ_1M);
    assert_leads(m, GROUP + SZ_1M, ELSEWHERE + 2 * SZ_1M + SZ_4K);
}

static void evict_the_table(struct machine *m)
{
    write_l1(m, GROUP + 2 * SZ_1M, WORD_TABLE(TABLE + PT_TABLE_BYTES));
    write_smalls(m, TABLE + PT_TABLE_BYTES, 0, 1, RAM + SZ_64K);
    assert_leads(m, GROUP + 2 * SZ_1M, RAM + SZ_64K);
}

static void release_all(struct machine *m)
{
    machine_release(m, 1);
}

static void pages_stay_held_until_the_flush(void **state)
{
    static const struct {
        void (*give_up)(struct machine *m);
        unsigned int pages; /* given back */
    } ways[] = {
        { take_memory, 4096 + 256 + 20 },
        { map_elsewhere, 4096 + 256 + 20 },
        { evict_the_table, 20 },
        { release_all, 4096 + 256 + 20 },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 4; i++ )
    {
        struct machine *m = watch(new_running(4096, (struct machine_options){
                                                        .tables = 2,
                                                    }));

        fill_each_kind(m);
        given_back = 0;
        watched.put_pages = put_out_of_reach;
        ways[i].give_up(m);
        machine_settle(m);
        assert_int_equal(given_back, ways[i].pages);
        check_and_free(m);
    }
}

/*
 * XSA-78, 80: each change of what was present is flushed, also in the middle of an
 * error and after it.
 */

static void move_memory(struct machine *m)
{
    machine_populate(m, RAM, 1, 1);
}

static void unmap_and_flush_entry(struct machine *m)
{
    write_l1(m, DA, 0);
    flush_da(m, DA);
}

static void remap_and_flush_all(struct machine *m)
{
    write_l1(m, DA, WORD_SECTION(RAM + SZ_1M));
    flush(m);
}

static void unmap_and_scan(struct machine *m)
{
    write_l1(m, DA, 0);
    machine_reg_read(m, MMU_READ_CAM);
}

static void (*const changes[])(struct machine *m) = {
    move_memory,
    unmap_and_flush_entry,
    remap_and_flush_all,
    unmap_and_scan,
};

#define NR_CHANGES (sizeof(changes) / sizeof(changes[0]))

static unsigned int change;

static void change_da(struct machine *m, enum machine_point point)
{
    (void)point;
    assert_true(cached(m, DA));
    changes[change](m);
    assert_false(cached(m, DA));
}

static void change_around_error(enum machine_point point, bool meanwhile)
{
    struct machine *m = new_default();

    write_l1(m, DA, WORD_SECTION(RAM));
    write_l1(m, GROUP, WORD_SECTION(RAM + SZ_16M));
    assert_leads(m, DA, RAM);
    m->fail_at[point] = 1;
    m->failures_last = true;
    m->hook = meanwhile ? change_da : NULL;
    assert_int_equal(machine_access(m, GROUP, false), MMU_STALL);
    m->fail_at[point] = 0;
    if ( !meanwhile )
        change_da(m, point);

    assert_null(check_access(m, GROUP, false));
    assert_null(check_access(m, DA, false));
    assert_null(check_peek(m));
    check_and_free(m);
}

static void errors_leave_no_flush_undone(void **state)
{
    (void)state;
    for ( change = 0; change < NR_CHANGES; change++ )
    {
        change_around_error(POINT_READ, false);
        change_around_error(POINT_READ, true);
        change_around_error(POINT_PAGES, false);
        change_around_error(POINT_PAGES, true);
        change_around_error(POINT_HOLD, false);
        change_around_error(POINT_HOLD, true);
    }
}

/* XSA-321: a descriptor is cleaned before a walker that does not snoop looks. */

static void assert_cleaned(struct machine *m, uint32_t maddr, size_t bytes)
{
    size_t offset = maddr - HOST_BASE;

    assert_memory_equal(m->host_cpu + offset, m->host_mem + offset, bytes);
}

/* What the hardware can walk from its root. */
static void assert_tables_cleaned(struct machine *m)
{
    const uint32_t *words = host_first_level(m);
    unsigned int slot;

    assert_cleaned(m, mmu_reg_read(&m->mmu, MMU_TTB, 4), PT_ROOT_BYTES);
    for ( slot = 0; slot < PT_SLOTS; slot++ )
        if ( (words[slot] & 3) == 1 )
            assert_cleaned(m, words[slot] & ~0x3ffu, PT_TABLE_BYTES);
}

/* From each of these on the walker may read anew. */
static void write_when_clean(struct host *host, unsigned int offset,
                             uint32_t value)
{
    struct machine *m = machine_of(host);

    hostile_host_ops.reg_write(host, offset, value);
    if ( m->assigned && (offset == MMU_TTB || offset == MMU_GFLUSH) )
        assert_tables_cleaned(m);
}

static void descriptors_are_cleaned_before_they_are_walked(void **state)
{
    struct machine *m = watch(new_default());

    (void)state;
    watched.reg_write = write_when_clean;
    fill_each_kind(m);
    assert_tables_cleaned(m);
    write_l2(m, TABLE, GROUP + SZ_1M, WORD_SMALL(RAM));
    flush_da(m, GROUP);
    assert_tables_cleaned(m);
    assert_leads(m, GROUP + SZ_1M, RAM);
    assert_tables_cleaned(m);
    map_elsewhere(m);
    assert_tables_cleaned(m);
    machine_populate(m, ELSEWHERE, 1, 1);
    assert_leads(m, DA, ELSEWHERE);
    assert_tables_cleaned(m);
    machine_release(m, 1);
    machine_assign(m);
    mmu_on(m);
    assert_leads(m, GROUP, ELSEWHERE + SZ_1M);
    assert_tables_cleaned(m);
    check_and_free(m);
}

/* XSA-347: what the hardware sees is safe after each single write, not only after
 * the last of several. */

static unsigned int instants;

static void assert_safe_now(struct machine *m)
{
    unsigned int i;

    assert_int_equal(mmu_reg_read(&m->mmu, MMU_CNTL, 4),
                     CNTL_MMUENABLE | CNTL_TWLENABLE);
    machine_reaches(m, MEM_RAM_BASE);
    for ( i = 0; i < MEM_PAGES; i++ )
        if ( m->reach[i] && !m->mem.page[i].device )
            assert_true(m->mem.page[i].refs >= m->reach[i]);
    instants++;
}

static void write_safely(struct host *host, unsigned int offset, uint32_t value)
{
    hostile_host_ops.reg_write(host, offset, value);
    assert_safe_now(machine_of(host));
}

static void clean_safely(struct host *host, const void *p, size_t len)
{
    hostile_host_ops.clean(host, p, len);
    assert_safe_now(machine_of(host));
}

static void hardware_is_safe_at_each_instant(void **state)
{
    struct machine *m = watch(new_running(1, (struct machine_options){
                                                 .tables = 3,
                                                 .bus_err_back = true,
                                             }));
    struct hostile_guest guest = {
        .m = m,
        .root = ROOT,
        .ipa = RAM,
        .pages = RAM_PAGES,
    };
    unsigned int i;

    (void)state;
    fill_each_kind(m);
    instants = 0;
    watched.reg_write = write_safely;
    watched.clean = clean_safely;
    for ( i = 0; i < 300; i++ )
    {
        hostile_act(&guest);
        assert_null(check_access(m, hostile_da(&guest), i % 2));
        if ( i % 8 == 0 )
            machine_populate(m, RAM + i * SZ_4K, 8, 1);
    }
    check_and_free(m);
    assert_true(instants > 1000);
}

/* XSA-373, 399, 400: every wait for the hardware is bounded. */

static unsigned int polls;

/* A walk that never ends, a retry that never comes. */
static uint32_t read_of_broken(struct host *host, unsigned int offset)
{
    struct machine *m = machine_of(host);

    polls++;
    assert_true(polls < 1000);
    if ( offset == MMU_WALKING_ST )
        return WALKING_ST_TWLRUNNING;
    if ( offset == MMU_IRQSTATUS && mmu_reg_read(&m->mmu, MMU_GP_REG, 4) )
        return 0;

    return hostile_host_ops.reg_read(host, offset);
}

static void each_wait_ends(void **state)
{
    struct machine *m = watch(new_running(4096, (struct machine_options){
                                                    .bus_err_back = true,
                                                }));

    (void)state;
    machine_reg_write(m, MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
    write_l1(m, DA, WORD_SECTION(RAM));
    assert_leads(m, DA, RAM);

    watched.reg_read = read_of_broken;
    polls = 0;
    flush(m);
    assert_in_range(polls, 1, 32);
    polls = 0;
    assert_int_equal(machine_access(m, GROUP, false), MMU_BUS_ERROR);
    assert_in_range(polls, 1, 128);
    polls = 0;
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    assert_in_range(polls, 1, 64);
    polls = 0;
    check_and_free(m);
    assert_in_range(polls, 1, 64);
}

/*
 * XSA-219, 379, 384, 473: the look-up takes the reference; a page removed right after it is
 * neither freed under us nor shown.
 */

static uint64_t page_gone;

static void take_page(struct machine *m, enum machine_point point)
{
    if ( point != POINT_PAGES_DONE )
    {
        m->hook = take_page;
        return;
    }
    machine_unmap(m, RAM + 0x5000, 1);
    assert_true(memory_page(&m->mem, page_gone)->used);
    assert_int_equal(memory_page(&m->mem, page_gone)->refs, 1);
}

/* Looked up as 16 MiB, as 1 MiB, as runs of 64 KiB and as single pages. */
static void look_up_holds_what_it_found(void **state)
{
    static const struct {
        unsigned int grain;
        uint32_t word;
    } shapes[] = {
        { 4096, WORD_SUPER(RAM) },
        { 256, WORD_SECTION(RAM) },
        { 16, WORD_TABLE(TABLE) },
        { 1, WORD_TABLE(TABLE) },
    };
    unsigned int i, slot;

    (void)state;
    for ( i = 0; i < 4; i++ )
    {
        struct machine *m =
            new_running(shapes[i].grain, (struct machine_options){ .seed = i });

        write_smalls(m, TABLE, 0, 16, RAM);
        for ( slot = 0; slot < 16; slot++ )
            write_l1(m, DA + slot * SZ_1M, shapes[i].word);
        page_gone = maddr_of(m, RAM + 0x5000);
        m->hook = take_page;
        assert_int_equal(machine_access(m, DA + 0x5000, true), MMU_STALL);
        assert_null(m->hook);
        assert_false(memory_page(&m->mem, page_gone)->used);
        assert_int_equal(machine_reaches(m, page_gone), 0);
        give_up(m);
        assert_leads(m, DA + 0x4000, RAM + 0x4000);
        check_and_free(m);
    }
}

/* XSA-222, 235, 393, 410: no work for a domain that is dying. */

static uint64_t host_calls(const struct machine *m)
{
    return m->count.cleans + m->count.reg_reads + m->count.reg_writes +
           m->count.read_guests + m->count.look_ups + m->count.puts;
}

static void dying_domain_gets_no_work(void **state)
{
    struct machine *m = new_default();
    unsigned int offset;
    uint64_t calls;

    (void)state;
    fill_each_kind(m);
    assert_int_equal(machine_issue(m, GROUP + SZ_16M, false), MMU_STALL);
    assert_false(vmmu_release(&m->vmmu, 1));
    assert_true(m->mem.refs > 0);

    calls = host_calls(m);
    for ( offset = 0; offset < OMAP_MMU_WINDOW; offset += 4 )
    {
        vmmu_write(&m->vmmu, offset, 4, ~0u);
        assert_int_equal(vmmu_read(&m->vmmu, offset, 4), 0);
    }
    vmmu_fault(&m->vmmu);
    vmmu_ipa_changed(&m->vmmu, _ipa(RAM), RAM_PAGES);
    vmmu_fault(&m->vmmu);
    assert_int_equal(host_calls(m), calls);
    assert_false(m->irq);
    check_and_free(m);
}

/* XSA-301: addresses of the guest are checked before use. */

static void assert_in_space(ipa_t ipa, uint64_t bytes)
{
    assert_true(ipa.v < MEM_4GIB && bytes <= MEM_4GIB - ipa.v);
}

static bool read_in_space(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    assert_in_space(ipa, len);

    return hostile_host_ops.read_guest(host, ipa, buf, len);
}

static unsigned int pages_in_space(struct host *host, const uint32_t *view,
                                   unsigned int n, struct host_page *page)
{
    unsigned int i;

    for_each_mapped(i, view, n)
        assert_in_space(view_ipa(view[i]), SZ_4K);

    return hostile_host_ops.get_pages(host, view, n, page);
}

static bool block_in_space(struct host *host, ipa_t ipa, unsigned int pages,
                           struct host_page *first)
{
    assert_in_space(ipa, (uint64_t)pages * SZ_4K);

    return hostile_host_ops.get_block(host, ipa, pages, first);
}

/* The last MiB of da and of IPAs. */
#define LAST 0xfff00000u

static void use_last_addresses(struct machine *m)
{
    static const uint32_t words[] = {
        WORD_TABLE(0xfffffc00),
        WORD_SECTION(LAST),
        WORD_SUPER(0xff000000),
        ~0u & ~1u,
        ~0u & ~2u,
        ~0u,
    };
    unsigned int i;

    for ( i = 0; i < sizeof(words) / sizeof(words[0]); i++ )
    {
        write_l1(m, LAST, words[i]);
        flush(m);
        assert_null(check_access(m, LAST, false));
        assert_null(check_access(m, 0xfffffffc, true));
        assert_null(check_peek(m));
    }
}

/* Ranges without an end, or beyond 4 GiB: exactly what they concern is dropped. */
static void change_beyond_all(struct machine *m)
{
    static const struct {
        uint64_t ipa, pages;
        bool ram, last; /* concerned */
    } ranges[] = {
        { 0, UINT64_MAX, true, true },
        { RAM, UINT64_MAX, true, true },
        { RAM + SZ_4K, UINT64_MAX, true, true }, /* its MiB */
        { RAM + SZ_1M, UINT64_MAX, false, true },
        { MEM_4GIB - SZ_4K, UINT64_MAX, false, true },
        { RAM, 0, false, false },
        { MEM_4GIB, 1, false, false },
        { MEM_4GIB + RAM, 1, false, false },
        { (1ull << 52) + RAM, 1, false, false },
        { 1ull << 40, UINT64_MAX, false, false },
        { UINT64_MAX & ~0xfffull, UINT64_MAX, false, false },
    };
    unsigned int i;

    write_l1(m, DA, WORD_TABLE(TABLE));
    write_l2(m, TABLE, DA, WORD_SMALL(RAM));
    write_l1(m, DA + SZ_1M, WORD_TABLE(TABLE + PT_TABLE_BYTES));
    write_l2(m, TABLE + PT_TABLE_BYTES, DA, WORD_SMALL(LAST + 255 * SZ_4K));
    for ( i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++ )
    {
        assert_leads(m, DA, RAM);
        assert_leads(m, DA + SZ_1M, LAST + 255 * SZ_4K);
        vmmu_renew(&m->vmmu);
        vmmu_ipa_changed(&m->vmmu, _ipa(ranges[i].ipa), ranges[i].pages);
        assert_int_equal(!leaf_at(m, DA).bytes, ranges[i].ram);
        assert_int_equal(!leaf_at(m, DA + SZ_1M).bytes, ranges[i].last);
        assert_right(m);
    }
}

static void guest_addresses_are_range_checked(void **state)
{
    struct machine *m = watch(new_running(1, (struct machine_options){
                                                 .tlb_entries = 8,
                                             }));
    const uint32_t cam = 0xff000000 | CAM_V | CAM_SIZE_16M;

    (void)state;
    watched.read_guest = read_in_space;
    watched.get_pages = pages_in_space;
    watched.get_block = block_in_space;
    machine_populate(m, LAST, 256, 1);
    use_last_addresses(m);

    /* There are 8 entries; LOCK can name 32. */
    load_tlb(m, 31, cam, 0xfffff000);
    assert_int_equal(machine_reg_read(m, MMU_READ_CAM), cam);
    machine_reg_write(m, MMU_LOCK, LOCK_MAKE(31, 7));
    assert_int_equal(machine_reg_read(m, MMU_READ_CAM), cam);
    assert_null(check_access(m, 0xfffffffc, true));
    change_beyond_all(m);

    machine_reg_write(m, MMU_TTB, 0xffffffff);
    flush_da(m, LAST);
    assert_null(check_access(m, 0xfffffffc, true));
    assert_null(check_access(m, 0, true));
    check_and_free(m);
}

/*
 * XSA-302, 306, 442, 445, 449: the next owner of the hardware finds it empty, and no
 * translation of the last owner comes back.
 */

static void next_owner_finds_nothing_of_the_last(void **state)
{
    static const uint32_t used[] = { DA, GROUP, GROUP + SZ_1M, 0x55500000 };
    struct machine *m = new_default();
    unsigned int i;

    (void)state;
    fill_each_kind(m);
    load_tlb(m, 3, used[3] | CAM_V | CAM_P, RAM);
    assert_leads(m, used[3], RAM);
    machine_release(m, 64);
    for ( i = 0; i < 4; i++ )
        assert_false(cached(m, used[i]));

    /* The next guest has other memory; its table is empty as yet. */
    machine_populate(m, ROOT, 64, 1);
    machine_assign(m);
    assert_int_equal(machine_reg_read(m, MMU_TTB), 0);
    mmu_on(m);
    for ( i = 0; i < 4; i++ )
    {
        assert_faults(m, used[i], IRQ_TRANSLATIONFAULT);
        give_up(m);
    }
    assert_int_equal(m->mem.refs, 0);
    check_and_free(m);
}

/*
 * XSA-427, 430, 438: the old root and what hangs on it stay until the switch is done; the
 * new one is correct before it begins.
 */

static bool switching;
static unsigned int switches;

/* For a fault that is being served: the waiting requester is about to be answered. */
static void check_in_the_middle(struct machine *m)
{
    bool deferred = m->deferred;

    m->deferred = true;
    assert_null(check_peek(m));
    m->deferred = deferred;
}

static void switch_root(struct host *host, unsigned int offset, uint32_t value)
{
    struct machine *m = machine_of(host);

    if ( offset == MMU_TTB && value != mmu_reg_read(&m->mmu, MMU_TTB, 4) )
        switching = true;
    hostile_host_ops.reg_write(host, offset, value);
    if ( switching && value == HOST_ROOT )
        check_in_the_middle(m);
    if ( switching && offset == MMU_GFLUSH )
    {
        switching = false;
        switches++;
    }
}

/* Nothing that the old root leads to goes before the hardware has left it. */
static void put_after_switch(struct host *host, maddr_t maddr,
                             unsigned int pages)
{
    assert_false(switching);
    assert_int_equal(mmu_reg_read(&machine_of(host)->mmu, MMU_TTB, 4),
                     HOST_EMPTY);
    hostile_host_ops.put_pages(host, maddr, pages);
}

static void old_root_stands_until_the_switch(void **state)
{
    struct machine *m = watch(new_default());

    (void)state;
    fill_each_kind(m);
    watched.reg_write = switch_root;
    watched.put_pages = put_after_switch;
    switches = 0;

    /* What the guest took away is not in the root that returns. */
    write_l1(m, GROUP, 0);
    write_smalls(m, TABLE, 0, 1, RAM);
    flush(m);
    assert_leads(m, DA, RAM);
    assert_int_equal(switches, 2);
    assert_false(cached(m, GROUP));
    machine_populate(m, RAM, 1, 1);
    assert_int_equal(switches, 3);
    assert_leads(m, GROUP + SZ_1M, RAM);
    machine_release(m, 1);
    assert_int_equal(switches, 5);
    machine_free(m);
}

/* XSA-141, 201: a guest cannot flood the console. */

static void hostile_guest_says_little(void **state)
{
    struct machine *m = new_default();
    struct hostile_guest guest = {
        .m = m,
        .root = ROOT,
        .ipa = RAM,
        .pages = RAM_PAGES,
    };
    unsigned int round, offset, bytes;

    (void)state;
    for ( round = 0; round < 20; round++ )
        for ( offset = 0; offset < 2 * OMAP_MMU_WINDOW; offset++ )
            for ( bytes = 1; bytes <= 8; bytes *= 2 )
            {
                vmmu_read(&m->vmmu, offset, bytes);
                if ( offset % 4 || bytes != 4 )
                    vmmu_write(&m->vmmu, offset, bytes, ~0u);
            }
    for ( round = 0; round < 5000; round++ )
    {
        hostile_act(&guest);
        machine_access(m, hostile_da(&guest), true);
        give_up(m);
    }
    assert_true(m->count.logs > 0);
    /* The invalid accesses of a word, and each reason to deny, until vmmu_renew(). */
    assert_true(m->count.logs <= VMMU_WORDS + DENIED_TABLE);
    check_and_free(m);
}

/* XSA-477: the width of each trapped write is checked. */

static void only_aligned_words_are_written(void **state)
{
    struct machine *m = new_default();
    struct vmmu before;
    unsigned int offset, bytes;

    (void)state;
    for ( offset = 0; offset < OMAP_MMU_WINDOW + 16; offset++ )
        for ( bytes = 1; bytes <= 8; bytes *= 2 )
        {
            uint64_t calls = host_calls(m);

            if ( bytes == 4 && offset % 4 == 0 )
                continue;
            memcpy(&before, &m->vmmu, sizeof(before));
            vmmu_write(&m->vmmu, offset, bytes, ~0u);
            m->vmmu.warned = before.warned;
            assert_memory_equal(&before, &m->vmmu, sizeof(before));
            assert_int_equal(host_calls(m), calls);
        }
    check_and_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_stay_held_until_the_flush),
        cmocka_unit_test(errors_leave_no_flush_undone),
        cmocka_unit_test(descriptors_are_cleaned_before_they_are_walked),
        cmocka_unit_test(hardware_is_safe_at_each_instant),
        cmocka_unit_test(each_wait_ends),
        cmocka_unit_test(look_up_holds_what_it_found),
        cmocka_unit_test(dying_domain_gets_no_work),
        cmocka_unit_test(guest_addresses_are_range_checked),
        cmocka_unit_test(next_owner_finds_nothing_of_the_last),
        cmocka_unit_test(old_root_stands_until_the_switch),
        cmocka_unit_test(hostile_guest_says_little),
        cmocka_unit_test(only_aligned_words_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
