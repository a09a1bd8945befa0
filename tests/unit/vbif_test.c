/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The GPU's BIF as a guest sees it, on registers that record all writes in order. They
 * check that no bypass bit is set, and that a BIF out of reset has only bases that the
 * mediator gave.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fake_host.h"
#include "vbif.h"
#include "view.h"

/* Where things lie: the guest's memory, and in the machine. */
#define RAM        0x80000000u
#define RAM_PAGES  256u
#define RAM_MADDR  0x90000000u
#define DIRS       0x40000000u
#define TABLES     0x41000000u
#define EMPTY      0x4f000000u
#define NOBODYS    0x66600000u
#define MAX_DIRS   32u
#define MAX_TABLES 8u

/* The guest's directories and tables: the first pages of its memory. */
#define DIR(n)   (RAM + (n)*0x1000u)
#define TABLE(n) (RAM + (64u + (n)) * 0x1000u)
#define PAGE(n)  (RAM + (128u + (n)) * 0x1000u)

#define BANK(bank, reg) ((bank)*SGX_BANK_BYTES + (reg))
#define DRIVERS_RESET   0x5ffu
#define BIF_ALONE       (DRIVERS_RESET & ~SGX_RESET_BIF)
#define MASTERS         BANK(SGX_MASTER, SGX_SOFT_RESET)
#define SLC_BYPASS      BANK(SGX_MASTER, SGX_SLC_CTRL_BYPASS)
#define SLC_RESET       0x80u /* of the master's SOFT_RESET */

struct access {
    unsigned int offset;
    uint32_t value;
    uint64_t pass;      /* that were complete */
    unsigned int polls; /* that there were */
};

static struct world {
    struct host host;
    struct vbif v;
    struct mirror_memory mem;
    uint32_t *records;
    uint32_t dirs[MAX_DIRS][1024], tables[MAX_TABLES][1024];
    uint32_t ram[RAM_PAGES][1024];
    int refs[RAM_PAGES];
    /* The hardware */
    uint32_t reg[SGX_WINDOW / 4];
    struct access log[16384];
    unsigned int writes, reads, polls;
    uint32_t stuck_and, stuck_or; /* what a read of stuck_at makes of it */
    unsigned int stuck_at;
    unsigned int drains_after; /* polls */
    bool shared;               /* the mediator has it: registers are checked */
    /* A core that the master has reset: it is idle until it is written to. */
    bool idle[SGX_BANKS];
    bool flat;     /* the master's SOFT_RESET is that of the master only */
    bool breached; /* the microkernel has loaded what is not the mediator's */
    /* The host */
    bool locked, mute;
    unsigned int defers, said;
    char last_said[256];
} * w;

/* The hardware: banks of their own; the master resets cores as a whole. */

static uint32_t *reg(unsigned int offset)
{
    return &w->reg[offset / 4];
}

static const struct mirror_counters *passes(void)
{
    return mirror_counters(w->v.mirror);
}

static bool core_bif_in_reset(unsigned int core)
{
    return (*reg(BANK(core, SGX_SOFT_RESET)) & SGX_RESET_BIF) ||
           (!w->flat && (*reg(MASTERS) & 1u << (core - SGX_CORE0)));
}

static bool is_bif_reg(unsigned int offset)
{
    unsigned int r = offset % SGX_BANK_BYTES;

    return r >= SGX_BIF_FIRST && r < SGX_BIF_END;
}

static void lose_bif(unsigned int core)
{
    memset(reg(BANK(core, SGX_BIF_FIRST)), 0, SGX_BIF_END - SGX_BIF_FIRST);
}

static bool is_given(uint32_t base)
{
    return base == EMPTY || mirror_of_root(w->v.mirror, _maddr(base)) >= 0;
}

static void keep_watch(void)
{
    unsigned int core, n;

    for ( core = SGX_CORE0; core < SGX_BANKS; core++ )
    {
        assert_int_equal(*reg(BANK(core, SGX_BIF_CTRL)) & SGX_CTRL_BYPASS, 0);
        /* Nothing is out of reset but, maybe, the BIF. */
        if ( core_bif_in_reset(core) || w->idle[core] || w->breached ||
             !(~*reg(BANK(core, SGX_SOFT_RESET)) & BIF_ALONE) )
            continue;
        for ( n = 0; n < SGX_BASES; n++ )
            if ( !is_given(*reg(sgx_base_offset(core, n))) )
                fail_msg("core %u runs with base %u = %#x", core, n,
                         *reg(sgx_base_offset(core, n)));
    }
}

static void store(unsigned int offset, uint32_t value)
{
    unsigned int bank = offset / SGX_BANK_BYTES, core;

    if ( bank >= SGX_CORE0 && is_bif_reg(offset) && core_bif_in_reset(bank) )
        return;
    if ( offset == SLC_BYPASS && w->flat && (*reg(MASTERS) & SLC_RESET) )
        return;
    *reg(offset) = value;
    if ( offset == MASTERS && (value & SLC_RESET) )
        *reg(SLC_BYPASS) = 0;
    for ( core = SGX_CORE0; core < SGX_BANKS; core++ )
    {
        if ( bank == core )
            w->idle[core] = false;
        if ( !w->flat && (*reg(MASTERS) & 1u << (core - SGX_CORE0)) )
        {
            *reg(BANK(core, SGX_SOFT_RESET)) = 0;
            w->idle[core] = true;
        }
        if ( core_bif_in_reset(core) )
            lose_bif(core);
    }
}

static void hw_write(struct host *host, unsigned int offset, uint32_t value)
{
    unsigned int bank;

    (void)host;
    assert_true(w->locked || !w->shared);
    assert_true(offset < SGX_WINDOW && !(offset % 4));
    if ( offset % SGX_BANK_BYTES == SGX_BIF_CTRL )
        assert_int_equal(value & SGX_CTRL_BYPASS, 0);
    assert_true(w->writes < sizeof(w->log) / sizeof(w->log[0]));
    w->log[w->writes++] = (struct access){
        .offset = offset,
        .value = value,
        .pass = w->shared ? passes()->passes : 0,
        .polls = w->polls,
    };

    if ( offset < SGX_BANK_BYTES )
        for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
            store(BANK(bank, offset), value);
    store(offset, value);
    if ( w->shared )
        keep_watch();
}

static uint32_t hw_read(struct host *host, unsigned int offset)
{
    uint32_t value;

    (void)host;
    assert_true(w->locked || !w->shared);
    assert_true(offset < SGX_WINDOW && !(offset % 4));
    w->reads++;
    if ( offset < SGX_BANK_BYTES )
        offset += BANK(SGX_CORE0, 0);
    value = *reg(offset);
    if ( offset % SGX_BANK_BYTES == SGX_BIF_MEM_REQ_STAT )
    {
        w->polls++;
        if ( value && w->drains_after && !--w->drains_after )
            value = *reg(offset) = 0;
    }
    if ( w->stuck_at == offset )
        value = (value & ~w->stuck_and) | w->stuck_or;

    return value;
}

/* The host */

static void take_lock(struct host *host)
{
    (void)host;
    assert_false(w->locked);
    w->locked = true;
}

static void drop_lock(struct host *host)
{
    (void)host;
    assert_true(w->locked);
    w->locked = false;
}

static bool is_ram(uint64_t ipa)
{
    return ipa >= RAM && ipa < RAM + RAM_PAGES * 0x1000u;
}

static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    (void)host;
    assert_false(w->locked);
    if ( !is_ram(ipa.v) )
        return false;
    memcpy(buf, (uint8_t *)w->ram + (ipa.v - RAM), len);

    return true;
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    unsigned int i;
    uint64_t ipa;

    (void)host;
    assert_false(w->locked);
    for_each_mapped(i, view, n)
    {
        ipa = view_ipa(view[i]).v & ~0xfffULL;
        if ( !is_ram(ipa) )
        {
            page[i] = host_denied((enum denial)1);
            continue;
        }
        w->refs[(ipa - RAM) >> 12]++;
        page[i] = host_page(HOST_RAM, _maddr(ipa - RAM + RAM_MADDR));
    }

    return n;
}

static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    unsigned int i;

    (void)host;
    for ( i = 0; i < pages; i++ )
        assert_true(--w->refs[((maddr.v - RAM_MADDR) >> 12) + i] >= 0);
}

static void defer(struct host *host)
{
    (void)host;
    assert_true(w->locked);
    w->defers++;
}

static bool host_log(struct host *host, const char *fmt, ...)
{
    va_list args;

    (void)host;
    if ( w->mute )
        return false;
    va_start(args, fmt);
    vsnprintf(w->last_said, sizeof(w->last_said), fmt, args);
    va_end(args);
    w->said++;

    return true;
}

static const struct host_ops ops = {
    .lock = take_lock,
    .unlock = drop_lock,
    .read_guest = read_guest,
    .get_pages = get_pages,
    .get_block = quiet_get_block,
    .put_pages = put_pages,
    .clean = quiet_clean,
    .reg_read = hw_read,
    .reg_write = hw_write,
    .set_irq = quiet_set_irq,
    .defer = defer,
    .log = host_log,
};

/* A world whose GPU somebody else has used before. */

static bool assign(void)
{
    bool answers = vbif_init(&w->v, &w->host, &w->mem, _maddr(EMPTY));

    w->shared = true;

    return answers;
}

static void make_world(unsigned int nr_dirs)
{
    unsigned int i;

    w = calloc(1, sizeof(*w));
    assert_non_null(w);
    w->host.ops = &ops;
    for ( i = 0; i < SGX_WINDOW / 4; i++ )
        w->reg[i] = NOBODYS;
    for ( i = 0; i < SGX_BANKS; i++ )
    {
        *reg(BANK(i, SGX_SOFT_RESET)) = 0;
        *reg(BANK(i, SGX_BIF_CTRL)) = SGX_CTRL_BYPASS;
        *reg(BANK(i, SGX_BIF_MEM_REQ_STAT)) = 0;
    }
    w->records = calloc(1, mirror_record_bytes(nr_dirs, MAX_TABLES));
    assert_non_null(w->records);
    w->mem = (struct mirror_memory){
        .dirs = w->dirs[0],
        .dirs_maddr = _maddr(DIRS),
        .tables = w->tables[0],
        .tables_maddr = _maddr(TABLES),
        .nr_dirs = nr_dirs,
        .nr_tables = MAX_TABLES,
        .records = w->records,
    };
    w->stuck_at = SGX_WINDOW;
}

static void forget_log(void)
{
    w->writes = w->reads = w->polls = w->defers = w->said = 0;
}

static void guest_write(unsigned int offset, uint32_t value)
{
    unsigned int core;

    vbif_write(&w->v, offset, 4, value);
    for ( core = SGX_CORE0; w->shared && core < SGX_BANKS; core++ )
    {
        if ( core_bif_in_reset(core) )
            continue;
        assert_false(w->idle[core]);
        if ( w->v.state == VBIF_LIVE && !(*reg(MASTERS) & SLC_RESET) )
            assert_true(*reg(SLC_BYPASS) & SGX_SLC_BYPASS_ALL);
    }
}

static uint32_t guest_read(unsigned int offset)
{
    return vbif_read(&w->v, offset, 4);
}

/* So often that a message is logged again. */
static void renew(void)
{
    unsigned int i;

    for ( i = 0; i < VBIF_WARN_AGAIN; i++ )
        vbif_renew(&w->v);
}

/* What the driver does before anything else. */
static void guest_resets(void)
{
    guest_write(MASTERS, DRIVERS_RESET);
    guest_write(BANK(SGX_MASTER, SGX_BIF_CTRL), 0);
    guest_write(MASTERS, 0);
}

static int setup_with(unsigned int nr_dirs)
{
    make_world(nr_dirs);
    assert_true(assign());
    guest_resets();
    forget_log();

    return 0;
}

static int setup(void **state)
{
    (void)state;

    return setup_with(4);
}

static int setup_one_dir(void **state)
{
    (void)state;

    return setup_with(1);
}

static int setup_many_dirs(void **state)
{
    (void)state;

    return setup_with(MAX_DIRS);
}

static int setup_flat(void **state)
{
    (void)state;
    make_world(4);
    w->flat = true;
    assert_true(assign());
    guest_resets();
    forget_log();

    return 0;
}

static int setup_unassigned(void **state)
{
    (void)state;
    make_world(4);

    return 0;
}

static void audit(void)
{
    const char *wrong;

    take_lock(&w->host);
    wrong = vbif_audit(&w->v);
    drop_lock(&w->host);
    if ( wrong )
        fail_msg("%s", wrong);
}

static int teardown(void **state)
{
    unsigned int i;

    (void)state;
    if ( w->shared )
    {
        audit();
        while ( !vbif_release(&w->v, 1) )
            ;
        for ( i = 0; i < RAM_PAGES; i++ )
            assert_int_equal(w->refs[i], 0);
    }
    free(w->records);
    free(w);

    return 0;
}

/* Questions */

static unsigned int written(unsigned int offset);

/* No more work than so many writes need. */
static void work_until(unsigned int offset, unsigned int writes)
{
    while ( written(offset) < writes )
        if ( !vbif_work(&w->v) )
            break;
    assert_true(written(offset) >= writes);
}

static unsigned int written(unsigned int offset)
{
    unsigned int i, n = 0;

    for ( i = 0; i < w->writes; i++ )
        n += w->log[i].offset == offset;

    return n;
}

/* Where in the log the nth write, from 1 on, to an offset is. */
static unsigned int when(unsigned int offset, unsigned int nth)
{
    unsigned int i;

    for ( i = 0; i < w->writes; i++ )
        if ( w->log[i].offset == offset && !--nth )
            return i;
    fail_msg("%#x was not written", offset);

    return 0;
}

static void assert_written(unsigned int i, unsigned int offset, uint32_t value)
{
    assert_true(i < w->writes);
    assert_int_equal(w->log[i].offset, offset);
    assert_int_equal(w->log[i].value, value);
}

static uint32_t base_of(unsigned int bank, unsigned int n)
{
    return *reg(sgx_base_offset(bank, n));
}

static int number_of(uint32_t dir)
{
    return mirror_find(w->v.mirror, _ipa(dir));
}

static uint32_t root_of(uint32_t dir)
{
    assert_true(number_of(dir) >= 0);

    return (uint32_t)mirror_root(w->v.mirror, (unsigned int)number_of(dir)).v;
}

/* Until there is nothing more to do. */
static void settle(void)
{
    unsigned int calls = 0;

    while ( vbif_work(&w->v) )
        assert_true(++calls < 10000);
}

/* The guest maps one page, at 4 MiB * slot, through one table. */
static void map(uint32_t dir, unsigned int slot, unsigned int table,
                unsigned int page)
{
    w->ram[(dir - RAM) >> 12][slot] = TABLE(table) | 1;
    w->ram[(TABLE(table) - RAM) >> 12][0] = PAGE(page) | 1;
}

static int refs(unsigned int page)
{
    return w->refs[(PAGE(page) - RAM) >> 12];
}

/* As the microkernel does: inside of the GPU, nobody sees it. */
static void microkernel_loads(unsigned int core, unsigned int n, uint32_t base)
{
    w->breached = !is_given(base);
    *reg(sgx_base_offset(core, n)) = base;
}

static void assert_held(void)
{
    assert_int_equal(w->v.state, VBIF_HELD);
    assert_int_equal(*reg(MASTERS), SGX_RESET_ALL);
    assert_true(core_bif_in_reset(SGX_CORE0));
    assert_true(core_bif_in_reset(SGX_CORE1));
    w->breached = false;
}

/* Quarantine */

static void assert_quarantined(void)
{
    unsigned int bank, n;

    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
    {
        for ( n = 0; n < SGX_BASES; n++ )
            assert_int_equal(base_of(bank, n), EMPTY);
        assert_int_equal(*reg(BANK(bank, SGX_BIF_CTRL)), 0);
    }
    for ( bank = SGX_CORE0; bank < SGX_BANKS; bank++ )
    {
        assert_int_equal(*reg(BANK(bank, SGX_SOFT_RESET)) & 0xfffff, 0xffffe);
        assert_int_equal(*reg(BANK(bank, SGX_BIF_CTRL_INVAL)), SGX_INVAL_ALL);
    }
    assert_int_equal(*reg(MASTERS), 0x4f0);
}

static void assignment_quarantines(void **state)
{
    (void)state;
    assert_true(assign());
    assert_quarantined();
    /* All are in reset before anything else is done to them. */
    assert_written(0, BANK(SGX_MASTER, SGX_BIF_CTRL), SGX_CTRL_PAUSE);
    assert_written(1, BANK(SGX_CORE0, SGX_BIF_CTRL), SGX_CTRL_PAUSE);
    assert_written(2, BANK(SGX_CORE1, SGX_BIF_CTRL), SGX_CTRL_PAUSE);
    assert_written(3, MASTERS, SGX_RESET_ALL);
    assert_written(4, BANK(SGX_CORE0, SGX_SOFT_RESET), 0xffffffff);
    assert_written(5, BANK(SGX_CORE1, SGX_SOFT_RESET), 0xffffffff);
    assert_int_equal(guest_read(BANK(0, SGX_SOFT_RESET)), SGX_RESET_ALL);
    assert_int_equal(guest_read(MASTERS), SGX_RESET_ALL);
}

static bool assignment_with(unsigned int at, uint32_t and, uint32_t or)
{
    bool answers;

    w->stuck_at = at;
    w->stuck_and = and;
    w->stuck_or = or ;
    w->shared = false;
    memset(w->records, 0, mirror_record_bytes(4, MAX_TABLES));
    answers = assign();
    w->stuck_at = SGX_WINDOW;

    return answers;
}

static void assignment_fails_if_a_register_does_not_follow(void **state)
{
    unsigned int core, n;

    (void)state;
    for ( core = SGX_CORE0; core < SGX_BANKS; core++ )
    {
        for ( n = 0; n < SGX_BASES; n++ )
            assert_false(assignment_with(sgx_base_offset(core, n), ~0u, 0));
        assert_false(
            assignment_with(BANK(core, SGX_BIF_CTRL), 0, SGX_CTRL_BYPASS));
        assert_false(assignment_with(BANK(core, SGX_SOFT_RESET), 2, 0));
        assert_false(assignment_with(BANK(core, SGX_SOFT_RESET), 0, 1));
    }
    assert_true(assignment_with(SGX_WINDOW, 0, 0));
}

/* Accesses */

static void what_is_not_the_bifs_passes(void **state)
{
    static const unsigned int regs[] = { 0x000,
                                         0x01c,
                                         SGX_EVENT_STATUS,
                                         SGX_EVENT_HOST_ENABLE,
                                         SGX_EVENT_HOST_CLEAR2,
                                         0xabc,
                                         0xbfc,
                                         0xd00,
                                         0xffc };
    unsigned int bank, i, offset;

    (void)state;
    for ( bank = 0; bank < SGX_BANKS; bank++ )
        for ( i = 0; i < sizeof(regs) / sizeof(regs[0]); i++ )
        {
            offset = BANK(bank, regs[i]);
            forget_log();
            guest_write(offset, 0x12345678 + offset);
            assert_int_equal(w->writes, 1);
            assert_written(0, offset, 0x12345678 + offset);
            assert_int_equal(guest_read(offset), 0x12345678 + offset);
        }
}

static void only_the_first_page_of_a_bank_is_there(void **state)
{
    static const unsigned int offsets[] = {
        0x1000, 0x1c00, 0x3ffc, 0x5080, 0xfffc, 0x10000, 0x10c00, 0xfffffffc
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++ )
    {
        guest_write(offsets[i], 1);
        assert_int_equal(guest_read(offsets[i]), 0);
    }
    assert_int_equal(w->writes + w->reads, 0);
}

static void only_aligned_words_are_registers(void **state)
{
    static const unsigned int regs[] = {
        0x01c,        SGX_SOFT_RESET,         SGX_EVENT_KICK,
        SGX_BIF_CTRL, SGX_BIF_DIR_LIST_BASE0, SGX_MEDIATOR_DIR
    };
    static const unsigned int sizes[] = { 1, 2, 8 };
    unsigned int i, k;

    (void)state;
    for ( i = 0; i < sizeof(regs) / sizeof(regs[0]); i++ )
    {
        for ( k = 0; k < 3; k++ )
        {
            vbif_write(&w->v, regs[i], sizes[k], DIR(0));
            assert_int_equal(vbif_read(&w->v, regs[i], sizes[k]), 0);
        }
        vbif_write(&w->v, regs[i] + 1, 4, DIR(0));
        vbif_write(&w->v, regs[i] + 2, 4, DIR(0));
        assert_int_equal(vbif_read(&w->v, regs[i] + 2, 4), 0);
    }
    assert_int_equal(w->writes + w->reads + w->defers, 0);
    assert_int_equal(w->v.waiting, 0);
    assert_int_equal(number_of(DIR(0)), -1);
}

static void accesses_are_counted(void **state)
{
    uint64_t reads = w->v.count.reads, writes = w->v.count.writes;

    (void)state;
    guest_read(0x1c);
    guest_read(0x1d);
    guest_write(0x1c, 0);
    assert_int_equal(w->v.count.reads, reads + 2);
    assert_int_equal(w->v.count.writes, writes + 1);
}

/* Registers of the BIF */

static void ctrl_reads_as_written_but_never_bypasses(void **state)
{
    unsigned int bank;

    (void)state;
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
    {
        guest_write(BANK(bank, SGX_BIF_CTRL), 0xffff0000 + bank);
        assert_int_equal(*reg(BANK(bank, SGX_BIF_CTRL)), 0xffe00000 + bank);
    }
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        assert_int_equal(guest_read(BANK(bank, SGX_BIF_CTRL)),
                         0xffff0000 + bank);
    assert_int_equal(guest_read(SGX_BIF_CTRL), 0xffff0000 + SGX_CORE0);

    guest_write(SGX_BIF_CTRL, SGX_CTRL_BYPASS | SGX_CTRL_NOREORDER);
    for ( bank = SGX_BROADCAST; bank < SGX_BANKS; bank++ )
    {
        assert_int_equal(guest_read(BANK(bank, SGX_BIF_CTRL)),
                         SGX_CTRL_BYPASS | SGX_CTRL_NOREORDER);
        assert_int_equal(*reg(BANK(bank, SGX_BIF_CTRL)), SGX_CTRL_NOREORDER);
    }
}

static void status_is_the_hardwares(void **state)
{
    static const unsigned int regs[] = { SGX_BIF_INT_STAT, SGX_BIF_FAULT,
                                         SGX_BIF_BANK_STATUS,
                                         SGX_BIF_MEM_REQ_STAT };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 4; i++ )
    {
        *reg(BANK(SGX_CORE0, regs[i])) = 0x1000 + i;
        *reg(BANK(SGX_CORE1, regs[i])) = 0x2000 + i;
        guest_write(regs[i], 7);
        guest_write(BANK(SGX_CORE1, regs[i]), 7);
        assert_int_equal(guest_read(regs[i]), 0x1000 + i);
        assert_int_equal(guest_read(BANK(SGX_CORE1, regs[i])), 0x2000 + i);
        *reg(BANK(SGX_CORE0, regs[i])) = *reg(BANK(SGX_CORE1, regs[i])) = 0;
    }
    assert_int_equal(w->writes, 0);
}

static void harmless_registers_pass(void **state)
{
    static const unsigned int regs[] = {
        SGX_BIF_TILE0,        0xc20,
        SGX_BIF_TILE9,        SGX_BIF_BANK_SET,
        SGX_BIF_TA_REQ_BASE,  SGX_BIF_3D_REQ_BASE,
        SGX_BIF_ZLS_REQ_BASE, SGX_BIF_MMU_CTRL
    };
    unsigned int i, offset;

    (void)state;
    for ( i = 0; i < sizeof(regs) / sizeof(regs[0]); i++ )
    {
        offset = BANK(SGX_CORE1, regs[i]);
        forget_log();
        guest_write(offset, 0xfedc0000 + i);
        assert_int_equal(w->writes, 1);
        assert_written(0, offset, 0xfedc0000 + i);
        assert_int_equal(guest_read(offset), 0xfedc0000 + i);
    }
}

/* Its contents survive the BIFs' invalidation. */
static void the_system_level_cache_is_bypassed(void **state)
{
    (void)state;
    assert_true(*reg(SLC_BYPASS) & SGX_SLC_BYPASS_ALL);
    guest_write(SLC_BYPASS, 0x04000000);
    assert_int_equal(*reg(SLC_BYPASS), 0x04000000 | SGX_SLC_BYPASS_ALL);
    guest_write(SGX_SLC_CTRL_BYPASS, 0);
    assert_int_equal(*reg(SLC_BYPASS), SGX_SLC_BYPASS_ALL);
    guest_write(MASTERS, SLC_RESET);
    guest_write(SLC_BYPASS, 0);
    guest_write(MASTERS, 0);
    assert_int_equal(*reg(SLC_BYPASS), SGX_SLC_BYPASS_ALL);
}

/* The hardware may lose it as reset ends: so it is there before, and after. */
static void the_cache_is_bypassed_before_a_reset_ends(void **state)
{
    unsigned int before = 0, i;

    (void)state;
    guest_write(MASTERS, DRIVERS_RESET);
    forget_log();
    guest_write(MASTERS, 0);
    for ( i = 0; w->log[i].offset != BANK(SGX_CORE0, SGX_SOFT_RESET); i++ )
        before += w->log[i].offset == SLC_BYPASS;
    assert_int_equal(before, 1);
}

static void requesters_choose_among_eight_bases(void **state)
{
    (void)state;
    assert_int_equal(SGX_BANK_INDEXES, 0x00077077);
    guest_write(SGX_BIF_BANK0, 0xffffffff);
    guest_write(BANK(SGX_CORE1, SGX_BIF_BANK1), 0xffffffff);
    assert_written(0, SGX_BIF_BANK0, SGX_BANK_INDEXES);
    assert_written(1, BANK(SGX_CORE1, SGX_BIF_BANK1), SGX_BANK_INDEXES);
    assert_int_equal(guest_read(SGX_BIF_BANK0), SGX_BANK_INDEXES);
}

static void other_registers_of_the_bif_are_not_there(void **state)
{
    static const unsigned int regs[] = { 0xc54, 0xc70, 0xc80, 0xc88,
                                         0xca4, 0xcb8, 0xcd4, 0xcfc };
    unsigned int bank, i;

    (void)state;
    for ( bank = 0; bank < SGX_BANKS; bank++ )
        for ( i = 0; i < sizeof(regs) / sizeof(regs[0]); i++ )
        {
            *reg(BANK(bank, regs[i])) = 0x77;
            guest_write(BANK(bank, regs[i]), 0x55);
            assert_int_equal(guest_read(BANK(bank, regs[i])), 0);
        }
    assert_int_equal(guest_read(SGX_BIF_CTRL_INVAL), 0);
    assert_int_equal(w->writes + w->reads, 0);
}

/* Bases */

static void a_base_becomes_the_root_of_its_mirror(void **state)
{
    unsigned int n;

    (void)state;
    for ( n = 0; n < SGX_BASES; n++ )
    {
        unsigned int offset = sgx_base_offset(SGX_CORE1, n);

        guest_write(offset, DIR(1) | 0xabc);
        assert_int_equal(base_of(SGX_CORE1, n), root_of(DIR(1)));
        assert_int_equal(base_of(SGX_CORE0, n), EMPTY);
        assert_int_equal(guest_read(offset), DIR(1));
        assert_int_equal(guest_read(sgx_base_offset(SGX_CORE0, n)), 0);
        audit();

        guest_write(offset, 0);
        assert_int_equal(base_of(SGX_CORE1, n), EMPTY);
        assert_int_equal(guest_read(offset), 0);
        assert_int_equal(number_of(DIR(1)), -1);
    }
}

static void a_broadcast_base_reaches_all_banks(void **state)
{
    unsigned int bank, offset = sgx_base_offset(SGX_BROADCAST, 7);

    (void)state;
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(1));
    guest_write(sgx_base_offset(SGX_CORE1, 7), DIR(2));
    guest_write(offset, DIR(3));
    for ( bank = SGX_BROADCAST; bank < SGX_BANKS; bank++ )
    {
        assert_int_equal(guest_read(sgx_base_offset(bank, 7)), DIR(3));
        assert_int_equal(base_of(bank, 7), root_of(DIR(3)));
    }
    assert_int_equal(number_of(DIR(1)), -1);
    assert_int_equal(number_of(DIR(2)), -1);

    /* It is bound until the last of them names another. */
    guest_write(sgx_base_offset(SGX_CORE0, 7), 0);
    assert_int_equal(guest_read(offset), 0);
    guest_write(sgx_base_offset(SGX_MASTER, 7), 0);
    assert_true(number_of(DIR(3)) >= 0);
    guest_write(sgx_base_offset(SGX_CORE1, 7), 0);
    assert_int_equal(number_of(DIR(3)), -1);
}

static void a_new_directory_asks_for_a_pass(void **state)
{
    uint64_t before;

    (void)state;
    settle();
    before = passes()->passes;
    forget_log();
    map(DIR(1), 0, 0, 0);
    guest_write(sgx_base_offset(SGX_CORE0, 0), DIR(1));
    assert_int_equal(w->defers, 1);
    settle();
    assert_int_equal(passes()->passes, before + 1);
    assert_int_equal(refs(0), 1);

    /* It is known from now on. */
    forget_log();
    guest_write(sgx_base_offset(SGX_CORE0, 1), DIR(1));
    assert_int_equal(w->defers, 0);
    assert_false(vbif_work(&w->v));
}

static void a_base_changes_before_its_directory_goes(void **state)
{
    unsigned int base = sgx_base_offset(SGX_CORE0, 3);

    (void)state;
    map(DIR(1), 0, 0, 0);
    guest_write(base, DIR(1));
    settle();
    forget_log();
    guest_write(base, 0);
    /* The mirror quiesces, since it takes words away. */
    assert_true(when(base, 1) < when(BANK(SGX_CORE0, SGX_BIF_CTRL), 1));
    assert_int_equal(w->v.count.quiesced, 1);

    /* The pass gives back what it led to, and is asked for. */
    assert_int_equal(w->defers, 1);
    settle();
    assert_int_equal(refs(0), 0);
}

static void rewriting_a_base_keeps_its_directory(void **state)
{
    unsigned int base = sgx_base_offset(SGX_BROADCAST, 3);

    (void)state;
    map(DIR(1), 0, 0, 0);
    guest_write(base, DIR(1));
    settle();
    forget_log();
    guest_write(base, DIR(1));
    assert_int_equal(w->v.count.quiesced, 0);
    assert_int_equal(w->writes, 1);
    assert_written(0, base, root_of(DIR(1)));
}

static void without_room_a_base_is_empty(void **state)
{
    unsigned int n;

    (void)state;
    for ( n = 0; n < 4; n++ )
        guest_write(sgx_base_offset(SGX_CORE0, n), DIR(n));
    assert_int_equal(w->said, 0);
    for ( n = 4; n < 6; n++ )
    {
        guest_write(sgx_base_offset(SGX_BROADCAST, n), DIR(n));
        assert_int_equal(base_of(SGX_CORE0, n), EMPTY);
        assert_int_equal(base_of(SGX_CORE1, n), EMPTY);
        assert_int_equal(guest_read(sgx_base_offset(SGX_CORE0, n)), DIR(n));
    }
    assert_int_equal(w->said, 1);
    assert_non_null(strstr(w->last_said, "no memory"));
    for ( n = 1; n < VBIF_WARN_AGAIN; n++ )
        vbif_renew(&w->v);
    guest_write(sgx_base_offset(SGX_CORE0, 6), DIR(6));
    assert_int_equal(w->said, 1);
    vbif_renew(&w->v);
    guest_write(sgx_base_offset(SGX_CORE0, 6), DIR(6));
    assert_int_equal(w->said, 2);
}

static void what_is_not_written_is_said_again(void **state)
{
    unsigned int n;

    (void)state;
    w->mute = true;
    for ( n = 0; n < 5; n++ )
        guest_write(sgx_base_offset(SGX_CORE0, n), DIR(n));
    w->mute = false;
    guest_write(sgx_base_offset(SGX_CORE0, 5), DIR(5));
    assert_int_equal(w->said, 1);
}

/* A directory that finds none is none of these. */
static void a_table_without_room_is_told_of(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < MAX_TABLES; i++ )
        map(DIR(1), i, i, i);
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(1));
    for ( i = 0; i < 4; i++ )
        guest_write(SGX_MEDIATOR_DIR, DIR(2 + i));
    settle();
    assert_int_equal(w->said, 1);
    assert_non_null(strstr(w->last_said, "no memory for a directory"));
    map(DIR(1), MAX_TABLES, MAX_TABLES, 0);
    guest_write(BANK(SGX_CORE0, SGX_EVENT_KICK), 1);
    settle();
    assert_int_equal(w->said, 2);
    assert_non_null(strstr(w->last_said, "no memory for a table"));
    guest_write(BANK(SGX_CORE0, SGX_EVENT_KICK), 1);
    settle();
    assert_int_equal(w->said, 2);
}

static void the_old_directory_leaves_room_for_the_new(void **state)
{
    unsigned int base = sgx_base_offset(SGX_BROADCAST, 7), bank;

    (void)state;
    guest_write(base, DIR(1));
    guest_write(base, DIR(2));
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        assert_int_equal(base_of(bank, 7), root_of(DIR(2)));
    assert_int_equal(number_of(DIR(1)), -1);
    assert_int_equal(w->said, 0);
}

static void what_the_microkernel_loaded_reads_as_the_guests(void **state)
{
    unsigned int base = sgx_base_offset(SGX_CORE0, 2);

    (void)state;
    guest_write(sgx_base_offset(SGX_CORE0, 0), DIR(1));
    guest_write(base, DIR(2));
    microkernel_loads(SGX_CORE0, 2, root_of(DIR(1)));
    assert_int_equal(guest_read(base), DIR(1));
    assert_int_equal(guest_read(sgx_base_offset(SGX_BROADCAST, 2)), DIR(1));
    microkernel_loads(SGX_CORE0, 2, NOBODYS);
    assert_int_equal(guest_read(base), 0);
    microkernel_loads(SGX_CORE0, 2, EMPTY);
    assert_int_equal(guest_read(base), 0);
    microkernel_loads(SGX_CORE0, 2, root_of(DIR(2)));
    assert_int_equal(guest_read(base), DIR(2));
}

static void a_directory_that_goes_is_unloaded(void **state)
{
    uint32_t root;

    (void)state;
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(1));
    guest_write(sgx_base_offset(SGX_CORE1, 2), DIR(2));
    guest_write(sgx_base_offset(SGX_CORE1, 3), DIR(2));
    root = root_of(DIR(2));
    microkernel_loads(SGX_CORE0, 4, root);
    microkernel_loads(SGX_CORE0, 7, root);
    guest_write(sgx_base_offset(SGX_CORE1, 2), 0);
    /* It has one more use. */
    assert_int_equal(base_of(SGX_CORE0, 4), root);
    guest_write(sgx_base_offset(SGX_CORE1, 3), 0);
    assert_int_equal(base_of(SGX_CORE0, 4), EMPTY);
    assert_int_equal(base_of(SGX_CORE0, 7), root_of(DIR(1)));
}

static void a_directory_of_records_stays_loaded(void **state)
{
    uint32_t root;

    (void)state;
    guest_write(SGX_MEDIATOR_DIR, DIR(1));
    root = guest_read(SGX_MEDIATOR_ROOT);
    microkernel_loads(SGX_CORE0, 0, root);
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(2));
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(3));
    assert_int_equal(number_of(DIR(2)), -1);
    assert_int_equal(base_of(SGX_CORE0, 0), root);
}

/* Doorbells */

static void a_doorbell_waits_for_a_pass(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK);

    (void)state;
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(1));
    settle();
    map(DIR(1), 0, 0, 0);
    forget_log();
    guest_write(kick, 1);
    assert_int_equal(w->writes, 0);
    assert_int_equal(w->defers, 1);
    assert_int_equal(refs(0), 0);
    work_until(kick, 1);
    assert_int_equal(refs(0), 1);
    assert_written(w->writes - 1, kick, 1);
    assert_int_equal(written(kick), 1);
    assert_int_equal(w->v.count.doorbells, 1);
    settle();
    assert_int_equal(written(kick), 1);
}

static void each_kick_is_a_doorbell(void **state)
{
    static const unsigned int kicks[] = { SGX_EVENT_KICK, SGX_EVENT_KICK1,
                                          SGX_EVENT_KICK2, SGX_EVENT_KICK3 };
    unsigned int i, n = 0;

    (void)state;
    for ( i = 0; i < 16; i++ )
        guest_write(BANK(i / 4, kicks[i % 4]), i);
    assert_int_equal(w->writes, 0);
    settle();
    for ( i = 0; i < w->writes; i++ )
    {
        assert_written(i, BANK(n / 4, kicks[n % 4]), n);
        n++;
    }
    assert_int_equal(n, 16);
}

static void doorbells_keep_order_and_number(void **state)
{
    unsigned int a = BANK(SGX_CORE0, SGX_EVENT_KICK), i;
    unsigned int b = BANK(SGX_CORE0, SGX_EVENT_KICK2);
    const struct access expected[] = { { a, 1, 0, 0 }, { a, 1, 0, 0 },
                                       { a, 1, 0, 0 }, { a, 2, 0, 0 },
                                       { b, 2, 0, 0 }, { b, 2, 0, 0 },
                                       { a, 1, 0, 0 } };

    (void)state;
    for ( i = 0; i < 7; i++ )
        guest_write(expected[i].offset, expected[i].value);
    assert_int_equal(w->v.waiting, 4);
    settle();
    assert_int_equal(w->writes, 7);
    for ( i = 0; i < 7; i++ )
        assert_written(i, expected[i].offset, expected[i].value);
    assert_int_equal(w->v.count.doorbells, 7);
}

/* Six tables that have to be translated anew. */
static void map_more(void)
{
    static unsigned int word;
    unsigned int i;

    word = word % 1000 + 1;
    for ( i = 0; i < 6; i++ )
        w->ram[(TABLE(i) - RAM) >> 12][word] = PAGE(i) | 1;
}

static void map_much(void)
{
    unsigned int i;

    for ( i = 0; i < 6; i++ )
        map(DIR(1), i, i, i);
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(1));
    settle();
}

/* A doorbell is due, for a pass that a call has begun and not ended. */
static void begin_pass(void)
{
    map_more();
    guest_write(BANK(SGX_CORE0, SGX_EVENT_KICK), 1);
    assert_true(vbif_work(&w->v));
    assert_int_equal(w->v.due, 1);
    assert_false(w->v.ready);
}

static void a_doorbell_during_a_pass_waits_for_the_next(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK);
    uint64_t before;

    (void)state;
    map_much();
    begin_pass();
    before = passes()->passes;
    assert_int_equal(w->v.due, 1);
    guest_write(kick, 1);
    guest_write(kick, 1);
    /* Not joined with the one that is due. */
    assert_int_equal(w->v.waiting, 2);
    settle();
    assert_int_equal(written(kick), 3);
    assert_int_equal(w->log[when(kick, 1)].pass, before + 1);
    assert_int_equal(w->log[when(kick, 2)].pass, before + 2);
    assert_int_equal(w->log[when(kick, 3)].pass, before + 2);
}

static void a_call_forwards_so_many_doorbells(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK), i, before;

    (void)state;
    for ( i = 0; i < 150; i++ )
        guest_write(kick, 1);
    guest_write(kick, 2);
    work_until(kick, 1);
    assert_int_equal(written(kick), VBIF_FORWARDS);

    /* One that comes meanwhile is not joined with them. */
    guest_write(kick, 2);
    for ( before = VBIF_FORWARDS; vbif_work(&w->v); before = written(kick) )
        assert_true(written(kick) - before <= VBIF_FORWARDS);
    assert_int_equal(written(kick), 152);
    assert_written(149, kick, 1);
    assert_written(150, kick, 2);
    assert_written(151, kick, 2);
    /* It waits for a pass of its own. */
    assert_int_equal(w->log[150].pass, w->log[0].pass);
    assert_int_equal(w->log[151].pass, w->log[0].pass + 1);
}

static void two_passes_of_doorbells_are_two_calls(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK), before = 0, i;

    (void)state;
    map_much();
    begin_pass();
    for ( i = 0; i < VBIF_FORWARDS; i++ )
        guest_write(kick, 2);
    for ( ; vbif_work(&w->v); before = written(kick) )
        assert_true(written(kick) - before <= VBIF_FORWARDS);
    assert_int_equal(written(kick), VBIF_FORWARDS + 1);
}

static void a_full_queue_loses_doorbells(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK), i;

    (void)state;
    for ( i = 0; i < VBIF_DOORBELLS; i++ )
        guest_write(kick, i);
    assert_int_equal(w->said, 0);
    guest_write(kick, 1000);
    guest_write(kick, 1001);
    assert_int_equal(w->v.count.lost, 2);
    assert_int_equal(w->said, 1);
    assert_non_null(strstr(w->last_said, "lost"));
    renew();
    guest_write(kick, 1002);
    assert_int_equal(w->said, 2);
    /* The same as the last one still has room. */
    guest_write(kick, VBIF_DOORBELLS - 1);
    settle();
    assert_int_equal(written(kick), VBIF_DOORBELLS + 1);
    for ( i = 0; i < VBIF_DOORBELLS; i++ )
        assert_written(i, kick, i);
    assert_written(VBIF_DOORBELLS, kick, VBIF_DOORBELLS - 1);
}

static void a_count_does_not_wrap(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK);

    (void)state;
    guest_write(kick, 1);
    w->v.doorbell[0].count = UINT32_MAX;
    guest_write(kick, 1);
    assert_int_equal(w->v.waiting, 2);
    assert_int_equal(w->v.doorbell[0].count, UINT32_MAX);
    guest_write(MASTERS, DRIVERS_RESET);
}

static void an_invalidation_waits_as_a_doorbell_does(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK);
    unsigned int inval = BANK(SGX_CORE0, SGX_BIF_CTRL_INVAL);

    (void)state;
    guest_write(kick, 1);
    assert_int_equal(guest_read(SGX_BIF_MEM_REQ_STAT), 0);
    guest_write(inval, SGX_INVAL_PTE);
    guest_write(kick, 1);
    assert_int_equal(w->writes, 0);
    assert_int_not_equal(guest_read(SGX_BIF_MEM_REQ_STAT) & SGX_MEM_REQ_READS,
                         0);
    settle();
    assert_int_equal(w->writes, 3);
    assert_written(0, kick, 1);
    assert_written(1, inval, SGX_INVAL_PTE);
    assert_written(2, kick, 1);
    assert_int_equal(guest_read(SGX_BIF_MEM_REQ_STAT), 0);
}

static void a_reset_drops_doorbells(void **state)
{
    unsigned int kick0 = BANK(SGX_CORE0, SGX_EVENT_KICK);
    unsigned int kick1 = BANK(SGX_CORE1, SGX_EVENT_KICK);

    (void)state;
    guest_write(kick0, 1);
    guest_write(kick1, 1);
    guest_write(SGX_BIF_CTRL_INVAL, SGX_INVAL_ALL);
    guest_write(kick0, 2);
    /* Out of reset is no reset; a core's is no other's. */
    guest_write(BANK(SGX_CORE0, SGX_SOFT_RESET), 0);
    assert_int_equal(w->v.waiting, 4);
    guest_write(BANK(SGX_CORE0, SGX_SOFT_RESET), 2);
    assert_int_equal(w->v.waiting, 2);
    settle();
    assert_int_equal(written(kick0), 0);
    assert_int_equal(written(kick1), 1);
    assert_int_equal(written(SGX_BIF_CTRL_INVAL), 1);

    guest_write(kick0, 1);
    guest_write(kick1, 1);
    guest_write(MASTERS, DRIVERS_RESET);
    assert_int_equal(w->v.waiting, 0);
    guest_write(kick0, 1);
    guest_write(SGX_SOFT_RESET, DRIVERS_RESET);
    assert_int_equal(w->v.waiting, 0);
}

static void a_reset_drops_doorbells_that_are_due(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK);

    (void)state;
    map_much();
    begin_pass();
    guest_write(kick, 5);
    assert_int_equal(w->v.due, 1);
    guest_write(BANK(SGX_CORE0, SGX_SOFT_RESET), 2);
    assert_int_equal(w->v.due, 0);
    guest_write(kick, 6);
    settle();
    assert_int_equal(written(kick), 1);
    assert_int_equal(w->log[when(kick, 1)].value, 6);
}

/* The guest's reset */

static void the_guests_reset_empties_bases(void **state)
{
    unsigned int bank, n;

    (void)state;
    for ( n = 0; n < SGX_BASES; n++ )
        guest_write(sgx_base_offset(SGX_BROADCAST, n), DIR(n % 3));
    guest_write(SGX_MEDIATOR_DIR, DIR(2));
    guest_write(SGX_BIF_CTRL, SGX_CTRL_NOREORDER);
    guest_write(MASTERS, DRIVERS_RESET);
    for ( bank = SGX_BROADCAST; bank < SGX_BANKS; bank++ )
    {
        for ( n = 0; n < SGX_BASES; n++ )
            assert_int_equal(guest_read(sgx_base_offset(bank, n)), 0);
        assert_int_equal(guest_read(BANK(bank, SGX_BIF_CTRL)), 0);
    }
    assert_int_equal(number_of(DIR(0)), -1);
    assert_int_equal(number_of(DIR(1)), -1);
    assert_true(number_of(DIR(2)) >= 0);
    assert_true(core_bif_in_reset(SGX_CORE0));
    assert_true(core_bif_in_reset(SGX_CORE1));

    guest_write(MASTERS, 0);
    for ( bank = SGX_CORE0; bank < SGX_BANKS; bank++ )
    {
        for ( n = 0; n < SGX_BASES; n++ )
            assert_int_equal(base_of(bank, n), EMPTY);
        assert_int_equal(*reg(BANK(bank, SGX_SOFT_RESET)), 0);
        assert_int_equal(guest_read(BANK(bank, SGX_SOFT_RESET)), 0);
    }
    assert_int_equal(*reg(MASTERS), 0);
}

/* The last base, the invalidation, and then other blocks; the master last. */
static void bases_are_written_before_other_blocks_leave_reset(void **state)
{
    unsigned int core, last;

    (void)state;
    forget_log();
    guest_write(MASTERS, DRIVERS_RESET);
    /* The cores' own as well, wherever the master's reach. */
    assert_int_equal(w->writes, 5);
    assert_written(1, BANK(SGX_CORE0, SGX_SOFT_RESET), 0xffffffff);
    assert_written(2, BANK(SGX_CORE1, SGX_SOFT_RESET), 0xffffffff);
    assert_written(3, MASTERS, DRIVERS_RESET);
    forget_log();
    guest_write(MASTERS, 0);
    last = w->writes - 1;
    assert_written(last - 1, MASTERS, 0);
    assert_written(last, SLC_BYPASS, SGX_SLC_BYPASS_ALL);
    assert_written(1, MASTERS, 0x4f0);
    for ( core = SGX_CORE0; core < SGX_BANKS; core++ )
    {
        unsigned int reset = BANK(core, SGX_SOFT_RESET);

        assert_int_equal(written(reset), 2);
        assert_written(when(reset, 1), reset, 0xfffffffe);
        assert_written(when(reset, 2), reset, 0);
        assert_true(when(reset, 1) < when(sgx_base_offset(core, 0), 1));
        assert_true(when(sgx_base_offset(core, 7), 1) <
                    when(BANK(core, SGX_BIF_CTRL_INVAL), 1));
        assert_true(when(BANK(core, SGX_BIF_CTRL_INVAL), 1) < when(reset, 2));
    }
}

static void a_cores_own_reset_is_that_cores(void **state)
{
    unsigned int reset = BANK(SGX_CORE1, SGX_SOFT_RESET);

    (void)state;
    guest_write(sgx_base_offset(SGX_BROADCAST, 7), DIR(1));
    guest_write(sgx_base_offset(SGX_CORE1, 6), DIR(2));
    guest_write(SGX_BIF_CTRL, SGX_CTRL_NOREORDER);
    forget_log();
    guest_write(reset, DRIVERS_RESET);
    assert_int_equal(w->writes, 1);
    assert_written(0, reset, DRIVERS_RESET);
    assert_int_equal(guest_read(reset), DRIVERS_RESET);
    assert_int_equal(guest_read(SGX_SOFT_RESET), 0);
    assert_int_equal(guest_read(sgx_base_offset(SGX_CORE1, 7)), 0);
    assert_int_equal(guest_read(sgx_base_offset(SGX_CORE0, 7)), DIR(1));
    assert_int_equal(guest_read(BANK(SGX_CORE0, SGX_BIF_CTRL)),
                     SGX_CTRL_NOREORDER);
    assert_int_equal(number_of(DIR(2)), -1);
    assert_int_equal(base_of(SGX_CORE0, 7), root_of(DIR(1)));

    /* Some blocks leave reset, its BIF among them; the master's are left alone. */
    forget_log();
    guest_write(reset, 0x80);
    assert_int_equal(written(MASTERS), 0);
    assert_int_equal(written(BANK(SGX_CORE0, SGX_SOFT_RESET)), 0);
    assert_int_equal(*reg(reset), 0x80);
    assert_int_equal(base_of(SGX_CORE1, 7), EMPTY);
}

static void the_master_resets_one_core(void **state)
{
    (void)state;
    guest_write(sgx_base_offset(SGX_BROADCAST, 7), DIR(1));
    guest_write(MASTERS, 2);
    assert_int_equal(guest_read(sgx_base_offset(SGX_CORE0, 7)), DIR(1));
    assert_int_equal(guest_read(sgx_base_offset(SGX_CORE1, 7)), 0);
    forget_log();
    guest_write(MASTERS, 0);
    assert_int_equal(base_of(SGX_CORE0, 7), root_of(DIR(1)));
    assert_int_equal(base_of(SGX_CORE1, 7), EMPTY);
    assert_int_equal(*reg(MASTERS), 0);
    /* No block of the master's was in reset, nor is put there. */
    assert_int_equal(written(MASTERS), 2);
    assert_written(when(MASTERS, 1), MASTERS, 0);

    /* One that stays in reset when others leave it. */
    guest_write(MASTERS, DRIVERS_RESET);
    forget_log();
    guest_write(MASTERS, 2);
    assert_written(when(MASTERS, 1), MASTERS, 0x4f2);
    assert_false(core_bif_in_reset(SGX_CORE0));
    assert_true(core_bif_in_reset(SGX_CORE1));
}

/* The rest of the core's blocks are not the BIF: nothing of it is lost. */
static void other_blocks_in_reset_lose_no_bases(void **state)
{
    (void)state;
    guest_write(sgx_base_offset(SGX_BROADCAST, 7), DIR(1));
    forget_log();
    guest_write(SGX_SOFT_RESET, 0x0f0);
    assert_int_equal(*reg(BANK(SGX_CORE0, SGX_SOFT_RESET)), 0x0f0);
    assert_int_equal(*reg(BANK(SGX_CORE1, SGX_SOFT_RESET)), 0x0f0);
    assert_int_equal(*reg(MASTERS), 0x0f0);
    assert_int_equal(guest_read(sgx_base_offset(SGX_CORE0, 7)), DIR(1));
    guest_write(SGX_SOFT_RESET, 0);
    assert_int_equal(guest_read(sgx_base_offset(SGX_CORE0, 7)), DIR(1));
    assert_int_equal(base_of(SGX_CORE0, 7), root_of(DIR(1)));
    assert_int_equal(written(sgx_base_offset(SGX_CORE0, 7)), 0);
    assert_int_equal(written(MASTERS), 2);
}

static void what_is_written_in_reset_is_there_after_it(void **state)
{
    (void)state;
    guest_write(MASTERS, DRIVERS_RESET);
    guest_write(SGX_BIF_CTRL, SGX_CTRL_NOREORDER | SGX_CTRL_BYPASS);
    guest_write(sgx_base_offset(SGX_BROADCAST, 7), DIR(1));
    assert_int_equal(guest_read(sgx_base_offset(SGX_BROADCAST, 7)), DIR(1));
    guest_write(MASTERS, 0);
    assert_int_equal(base_of(SGX_CORE0, 7), root_of(DIR(1)));
    assert_int_equal(*reg(BANK(SGX_CORE1, SGX_BIF_CTRL)), SGX_CTRL_NOREORDER);
}

static void one_cores_reset_unloads_what_only_it_used(void **state)
{
    (void)state;
    guest_write(sgx_base_offset(SGX_CORE1, 6), DIR(2));
    microkernel_loads(SGX_CORE0, 1, root_of(DIR(2)));
    guest_write(BANK(SGX_CORE1, SGX_SOFT_RESET), DRIVERS_RESET);
    assert_int_equal(base_of(SGX_CORE0, 1), EMPTY);
}

/* Quiescing */

/* A directory with words in it goes. */
static void take_words_away(void)
{
    map(DIR(1), 0, 0, 0);
    guest_write(sgx_base_offset(SGX_BROADCAST, 7), DIR(1));
    settle();
    forget_log();
    guest_write(sgx_base_offset(SGX_BROADCAST, 7), 0);
}

static void quiescing_awaits_reads_and_invalidates(void **state)
{
    unsigned int bank, ctrl, inval;

    (void)state;
    guest_write(SGX_BIF_CTRL, SGX_CTRL_BYPASS | SGX_CTRL_NOREORDER);
    guest_write(BANK(SGX_CORE1, SGX_BIF_CTRL), 0);
    *reg(BANK(SGX_CORE1, SGX_BIF_MEM_REQ_STAT)) = 3;
    w->drains_after = 50;
    take_words_away();
    assert_int_equal(w->v.state, VBIF_LIVE);
    assert_int_equal(w->v.count.quiesced, 1);
    assert_int_equal(w->drains_after, 0);
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
    {
        ctrl = BANK(bank, SGX_BIF_CTRL);
        inval = BANK(bank, SGX_BIF_CTRL_INVAL);
        assert_int_equal(written(ctrl), 2);
        assert_int_equal(written(inval), 1);
        assert_true(when(ctrl, 1) < when(inval, 1));
        assert_true(w->log[when(inval, 1)].polls > 50);
        assert_true(w->log[when(ctrl, 2)].polls >
                    w->log[when(inval, 1)].polls + 1);
        assert_true(when(inval, 1) < when(ctrl, 2));
        assert_true(w->log[when(ctrl, 1)].value & SGX_CTRL_PAUSE);
        assert_written(when(inval, 1), inval, SGX_INVAL_ALL);
        assert_int_equal(*reg(ctrl),
                         bank == SGX_CORE1 ? 0 : SGX_CTRL_NOREORDER);
    }
}

/* However many directories go. */
static void reset_of_a_core_quiesces_once(void **state)
{
    unsigned int n;

    (void)state;
    for ( n = 0; n < 8; n++ )
    {
        map(DIR(n), 0, n, n);
        guest_write(sgx_base_offset(SGX_CORE0, n), DIR(n));
    }
    settle();
    assert_int_equal(refs(7), 1);
    forget_log();
    guest_write(BANK(SGX_CORE0, SGX_SOFT_RESET), DRIVERS_RESET);
    assert_int_equal(w->v.count.quiesced, 1);
    settle();
    for ( n = 0; n < 8; n++ )
        assert_int_equal(refs(n), 0);
}

static void reads_that_do_not_end_hold_the_gpu(void **state)
{
    (void)state;
    *reg(BANK(SGX_CORE1, SGX_BIF_MEM_REQ_STAT)) = 1;
    take_words_away();
    assert_held();
    assert_int_equal(w->polls, BIF_POLLS);
    assert_int_equal(w->v.count.held, 1);
    assert_int_equal(w->v.count.alarms, 0);
    assert_int_equal(w->said, 1);
    assert_non_null(strstr(w->last_said, "did not end"));
}

static void reads_of_the_other_core_are_awaited_too(void **state)
{
    (void)state;
    *reg(BANK(SGX_CORE0, SGX_BIF_MEM_REQ_STAT)) = SGX_MEM_REQ_READS;
    take_words_away();
    assert_held();
}

static void what_is_in_reset_is_not_awaited(void **state)
{
    (void)state;
    map(DIR(1), 0, 0, 0);
    guest_write(SGX_MEDIATOR_DIR, DIR(1));
    settle();
    guest_write(MASTERS, DRIVERS_RESET);
    forget_log();
    guest_write(SGX_MEDIATOR_DIR, DIR(1) | SGX_MEDIATOR_FORGET);
    assert_int_equal(w->writes + w->reads, 0);
    assert_int_equal(w->v.count.quiesced, 0);
    assert_int_equal(w->v.state, VBIF_LIVE);
}

static void one_core_in_reset_leaves_the_other_to_be_awaited(void **state)
{
    (void)state;
    guest_write(BANK(SGX_CORE1, SGX_SOFT_RESET), DRIVERS_RESET);
    take_words_away();
    assert_int_equal(w->v.count.quiesced, 1);
}

/* Held */

static void hold(void)
{
    *reg(BANK(SGX_CORE1, SGX_BIF_MEM_REQ_STAT)) = 1;
    take_words_away();
    assert_held();
    forget_log();
}

static void assert_recovered(void)
{
    assert_int_equal(w->v.state, VBIF_LIVE);
    assert_int_equal(*reg(MASTERS), 0);
    assert_int_equal(*reg(BANK(SGX_CORE0, SGX_SOFT_RESET)), 0);
    assert_int_equal(*reg(BANK(SGX_CORE1, SGX_SOFT_RESET)), 0);
    assert_int_equal(base_of(SGX_CORE0, 3), EMPTY);
    assert_int_equal(base_of(SGX_CORE1, 7), EMPTY);
    assert_int_equal(guest_read(sgx_base_offset(SGX_CORE1, 7)), 0);
    guest_write(0x1c, 5);
    assert_int_equal(*reg(BANK(SGX_CORE0, 0x1c)), 5);
}

static void held_passes_events_only(void **state)
{
    static const unsigned int events[] = {
        SGX_EVENT_STATUS,  SGX_EVENT_HOST_ENABLE,  SGX_EVENT_HOST_CLEAR,
        SGX_EVENT_STATUS2, SGX_EVENT_HOST_ENABLE2, SGX_EVENT_HOST_CLEAR2
    };
    static const unsigned int others[] = {
        0x000,          0x01c,
        0x128,          0x138,
        0x10c,          0x11c,
        0xd00,          SGX_BIF_CTRL,
        SGX_BIF_TILE0,  SGX_BIF_DIR_LIST_BASE0,
        SGX_BIF_BANK0,  SGX_BIF_CTRL_INVAL,
        SGX_EVENT_KICK, SGX_BIF_INT_STAT
    };
    unsigned int i;

    (void)state;
    hold();
    for ( i = 0; i < 6; i++ )
    {
        guest_write(events[i], 0x100 + i);
        assert_int_equal(guest_read(events[i]), 0x100 + i);
    }
    forget_log();
    for ( i = 0; i < sizeof(others) / sizeof(others[0]); i++ )
    {
        *reg(BANK(SGX_CORE0, others[i])) = 0x77;
        guest_write(others[i], DIR(2));
        assert_int_equal(guest_read(others[i]), 0);
    }
    assert_int_equal(w->writes + w->reads, 0);
    assert_int_equal(w->v.waiting, 0);
    assert_int_equal(guest_read(SGX_SOFT_RESET), SGX_RESET_ALL);
    guest_resets();
    assert_recovered();
}

static void only_a_whole_reset_recovers(void **state)
{
    static const unsigned int values[] = { 0, 0x1ff, 0x5fe, 0x4ff, 0xfffffa00 };
    unsigned int i;

    (void)state;
    hold();
    for ( i = 0; i < 5; i++ )
    {
        guest_write(MASTERS, values[i]);
        guest_write(SGX_SOFT_RESET, values[i]);
    }
    guest_write(BANK(SGX_CORE0, SGX_SOFT_RESET), SGX_RESET_ALL);
    guest_write(BANK(SGX_CORE1, SGX_SOFT_RESET), SGX_RESET_ALL);
    assert_int_equal(w->writes, 0);
    assert_held();
    guest_write(MASTERS, SGX_RESET_ALL);
    assert_int_equal(w->v.state, VBIF_LIVE);
    guest_write(MASTERS, 0);
    assert_recovered();
}

static void a_broadcast_reset_recovers(void **state)
{
    (void)state;
    hold();
    guest_write(SGX_SOFT_RESET, DRIVERS_RESET);
    assert_int_equal(guest_read(SGX_SOFT_RESET), DRIVERS_RESET);
    guest_write(SGX_SOFT_RESET, 0);
    assert_recovered();
}

static void held_keeps_records_but_no_bases(void **state)
{
    (void)state;
    guest_write(SGX_MEDIATOR_DIR, DIR(3));
    guest_write(sgx_base_offset(SGX_CORE0, 1), DIR(2));
    hold();
    guest_write(SGX_MEDIATOR_DIR, DIR(3));
    assert_int_equal(guest_read(SGX_MEDIATOR_ROOT), root_of(DIR(3)));
    guest_resets();
    assert_recovered();
    assert_int_equal(number_of(DIR(2)), -1);
    assert_int_equal(guest_read(SGX_MEDIATOR_ROOT), root_of(DIR(3)));
}

static void held_drops_doorbells(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK);

    (void)state;
    map_much();
    begin_pass();
    guest_write(kick, 7);
    *reg(BANK(SGX_CORE1, SGX_BIF_MEM_REQ_STAT)) = 1;
    guest_write(sgx_base_offset(SGX_CORE0, 7), 0);
    assert_held();
    assert_int_equal(w->v.waiting + w->v.due, 0);
    settle();
    guest_resets();
    settle();
    assert_int_equal(written(kick), 0);
}

static void holding_is_said_once_until_renewal(void **state)
{
    (void)state;
    hold();
    guest_resets();
    hold();
    assert_int_equal(w->said, 0);
    guest_resets();
    renew();
    *reg(BANK(SGX_CORE1, SGX_BIF_MEM_REQ_STAT)) = 1;
    take_words_away();
    assert_int_equal(w->said, 1);
    assert_int_equal(w->v.count.held, 3);
}

/* The tripwire */

static void interrupt_handled(void)
{
    guest_write(SGX_EVENT_HOST_CLEAR, 0x80000000);
}

static void known_bases_raise_no_alarm(void **state)
{
    (void)state;
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(1));
    guest_write(SGX_MEDIATOR_DIR, DIR(2));
    microkernel_loads(SGX_CORE0, 0, guest_read(SGX_MEDIATOR_ROOT));
    microkernel_loads(SGX_CORE1, 6, root_of(DIR(1)));
    interrupt_handled();
    assert_int_equal(w->v.state, VBIF_LIVE);
    assert_int_equal(w->v.count.alarms, 0);
    assert_written(0, sgx_base_offset(SGX_CORE0, 7), root_of(DIR(1)));
    assert_written(1, SGX_EVENT_HOST_CLEAR, 0x80000000);
    assert_int_equal(w->writes, 2);
}

static void an_unknown_base_holds_the_gpu(void **state)
{
    unsigned int core, n, alarms = 0;

    (void)state;
    for ( core = SGX_CORE0; core < SGX_BANKS; core++ )
        for ( n = 0; n < SGX_BASES; n++ )
        {
            microkernel_loads(core, n, n ? NOBODYS : 0);
            forget_log();
            interrupt_handled();
            assert_held();
            assert_int_equal(w->said, alarms == 0);
            assert_int_equal(w->v.count.alarms, ++alarms);
            assert_int_equal(w->v.count.held, alarms);
            assert_written(0, SGX_EVENT_HOST_CLEAR, 0x80000000);
            assert_written(2, BANK(SGX_CORE0, SGX_BIF_CTRL), SGX_CTRL_PAUSE);
            guest_resets();
            assert_recovered();
        }
    renew();
    microkernel_loads(SGX_CORE0, 0, NOBODYS);
    interrupt_handled();
    assert_int_equal(w->said, 1);
    assert_non_null(strstr(w->last_said, "no directory of its guest's"));
}

static void a_root_that_is_free_raises_the_alarm(void **state)
{
    uint32_t root;

    (void)state;
    guest_write(SGX_MEDIATOR_DIR, DIR(2));
    root = guest_read(SGX_MEDIATOR_ROOT);
    guest_write(SGX_MEDIATOR_DIR, DIR(2) | SGX_MEDIATOR_FORGET);
    microkernel_loads(SGX_CORE0, 0, root);
    interrupt_handled();
    assert_held();
}

static void what_is_in_reset_raises_no_alarm(void **state)
{
    (void)state;
    guest_write(BANK(SGX_CORE1, SGX_SOFT_RESET), DRIVERS_RESET);
    interrupt_handled();
    assert_int_equal(w->v.state, VBIF_LIVE);
    guest_write(MASTERS, DRIVERS_RESET);
    interrupt_handled();
    assert_int_equal(w->v.state, VBIF_LIVE);
}

static void held_raises_no_alarm(void **state)
{
    (void)state;
    hold();
    interrupt_handled();
    assert_int_equal(w->v.count.held, 1);
    assert_int_equal(w->v.count.alarms, 0);
}

/* The mediator's registers */

static void a_directory_of_records_is_bound(void **state)
{
    (void)state;
    assert_int_equal(guest_read(SGX_MEDIATOR_DIR), 0);
    assert_int_equal(guest_read(SGX_MEDIATOR_ROOT), 0);
    map(DIR(1), 0, 0, 0);
    settle();
    forget_log();
    guest_write(SGX_MEDIATOR_DIR, DIR(1));
    assert_int_equal(w->defers, 1);
    assert_int_equal(w->writes, 0);
    assert_int_equal(guest_read(SGX_MEDIATOR_DIR), DIR(1));
    assert_int_equal(guest_read(SGX_MEDIATOR_ROOT), root_of(DIR(1)));
    audit();
    settle();
    assert_int_equal(refs(0), 1);

    /* Twice is once. */
    guest_write(SGX_MEDIATOR_DIR, DIR(1));
    assert_int_equal(w->defers, 1);
    guest_write(SGX_MEDIATOR_DIR, DIR(1) | SGX_MEDIATOR_FORGET);
    assert_int_equal(guest_read(SGX_MEDIATOR_DIR),
                     DIR(1) | SGX_MEDIATOR_FORGET);
    assert_int_equal(guest_read(SGX_MEDIATOR_ROOT), 0);
    assert_int_equal(number_of(DIR(1)), -1);
    audit();
}

static void a_forgotten_directory_is_unloaded_first(void **state)
{
    unsigned int base = sgx_base_offset(SGX_CORE1, 2);

    (void)state;
    map(DIR(1), 0, 0, 0);
    guest_write(SGX_MEDIATOR_DIR, DIR(1));
    settle();
    microkernel_loads(SGX_CORE1, 2, guest_read(SGX_MEDIATOR_ROOT));
    forget_log();
    guest_write(SGX_MEDIATOR_DIR, DIR(1) | SGX_MEDIATOR_FORGET);
    assert_int_equal(base_of(SGX_CORE1, 2), EMPTY);
    assert_true(when(base, 1) < when(BANK(SGX_CORE1, SGX_BIF_CTRL), 1));
    interrupt_handled();
    assert_int_equal(w->v.count.alarms, 0);
}

static void a_base_keeps_a_forgotten_directory(void **state)
{
    (void)state;
    guest_write(SGX_MEDIATOR_DIR, DIR(1));
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(1));
    /* It is no record's any more. */
    guest_write(SGX_MEDIATOR_DIR, DIR(1) | SGX_MEDIATOR_FORGET);
    assert_int_equal(base_of(SGX_CORE0, 7), root_of(DIR(1)));
    assert_int_equal(guest_read(SGX_MEDIATOR_ROOT), 0);
    /* Nor is one that a base only names. Forgetting it again is nothing. */
    guest_write(SGX_MEDIATOR_DIR, DIR(1) | SGX_MEDIATOR_FORGET);
    assert_true(number_of(DIR(1)) >= 0);
    w->v.mediator_dir = DIR(1);
    assert_int_equal(guest_read(SGX_MEDIATOR_ROOT), 0);
}

static void what_is_no_directory_is_not_recorded(void **state)
{
    (void)state;
    guest_write(SGX_MEDIATOR_DIR, 0);
    guest_write(SGX_MEDIATOR_DIR, SGX_MEDIATOR_FORGET);
    guest_write(SGX_MEDIATOR_DIR, DIR(9) | SGX_MEDIATOR_FORGET);
    assert_int_equal(number_of(0), -1);
    assert_int_equal(number_of(DIR(9)), -1);
    assert_int_equal(guest_read(SGX_MEDIATOR_ROOT), 0);
    assert_int_equal(w->said, 0);
    guest_write(SGX_MEDIATOR_ROOT, DIR(1));
    assert_int_equal(w->writes, 0);
    assert_int_equal(guest_read(SGX_MEDIATOR_DIR),
                     DIR(9) | SGX_MEDIATOR_FORGET);
}

static void without_room_there_is_no_root(void **state)
{
    unsigned int n;

    (void)state;
    for ( n = 0; n < 5; n++ )
        guest_write(SGX_MEDIATOR_DIR, DIR(n));
    assert_int_equal(guest_read(SGX_MEDIATOR_ROOT), 0);
    assert_int_equal(w->said, 1);
}

static void other_banks_have_no_mediator(void **state)
{
    (void)state;
    guest_write(BANK(SGX_CORE0, SGX_MEDIATOR_DIR), DIR(1));
    guest_write(BANK(SGX_CORE0, SGX_MEDIATOR_ROOT), 5);
    assert_written(0, BANK(SGX_CORE0, SGX_MEDIATOR_DIR), DIR(1));
    assert_written(1, BANK(SGX_CORE0, SGX_MEDIATOR_ROOT), 5);
    assert_int_equal(guest_read(BANK(SGX_CORE0, SGX_MEDIATOR_DIR)), DIR(1));
    assert_int_equal(number_of(DIR(1)), -1);
}

/* Bounds */

static void assert_cheap(unsigned int offset, uint32_t value)
{
    forget_log();
    guest_write(offset, value);
    assert_true(w->writes + w->reads <= 100);
}

static void an_access_is_bounded(void **state)
{
    unsigned int n;
    uint32_t root;

    (void)state;
    for ( n = 0; n < SGX_BASES; n++ )
    {
        guest_write(sgx_base_offset(SGX_MASTER, n), DIR(n));
        guest_write(sgx_base_offset(SGX_CORE0, n), DIR(n + 8));
    }
    guest_write(sgx_base_offset(SGX_CORE0, 0), DIR(16));
    guest_write(sgx_base_offset(SGX_CORE1, 0), DIR(17));
    root = root_of(DIR(0));
    for ( n = 1; n < SGX_BASES; n++ )
        microkernel_loads(SGX_CORE1, n, root);
    assert_cheap(sgx_base_offset(SGX_BROADCAST, 0), DIR(18));
    root = root_of(DIR(9));
    for ( n = 1; n < SGX_BASES; n++ )
        microkernel_loads(SGX_CORE1, n, root);
    assert_cheap(SGX_EVENT_HOST_CLEAR, 1);
    assert_cheap(MASTERS, 1);
    assert_int_equal(base_of(SGX_CORE1, 7), EMPTY);
    assert_cheap(MASTERS, 0);
    assert_cheap(SGX_SOFT_RESET, DRIVERS_RESET);
    assert_cheap(SGX_SOFT_RESET, 0);
    microkernel_loads(SGX_CORE1, 7, NOBODYS);
    assert_cheap(SGX_EVENT_HOST_CLEAR, 1);
    assert_held();
}

/* Work */

static void a_call_of_work_is_bounded(void **state)
{
    uint64_t compared, most = 0, n;
    unsigned int i;

    (void)state;
    for ( i = 0; i < MAX_DIRS; i++ )
        guest_write(SGX_MEDIATOR_DIR, DIR(i));
    do
    {
        compared = passes()->compared;
        n = vbif_work(&w->v);
        if ( passes()->compared - compared > most )
            most = passes()->compared - compared;
    }
    while ( n );
    assert_true(most <= VBIF_STEPS);
    /* The first one begins the pass. */
    assert_true(most >= VBIF_STEPS - 1);
    assert_int_equal(passes()->compared, MAX_DIRS);
}

static void a_step_that_translates_ends_a_call(void **state)
{
    uint64_t before, first, calls = 0;

    (void)state;
    map_much();
    map_more();
    first = before = passes()->translated;
    guest_write(BANK(SGX_CORE0, SGX_EVENT_KICK), 1);
    while ( vbif_work(&w->v) )
    {
        assert_true(passes()->translated - before <= 1);
        before = passes()->translated;
        calls++;
    }
    assert_int_equal(passes()->translated, first + 6);
    assert_true(calls >= 6);
}

static void nothing_to_do_is_nothing(void **state)
{
    (void)state;
    settle();
    assert_false(vbif_work(&w->v));
    assert_int_equal(w->writes + w->reads, 0);
}

/* The p2m changed */

static void what_moved_is_found_before_a_doorbell_goes_on(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK);
    uint64_t before;

    (void)state;
    map_much();
    assert_int_equal(refs(3), 1);
    begin_pass();
    before = passes()->passes;
    forget_log();
    vbif_ipa_changed(&w->v, _ipa(PAGE(3)), 1);
    assert_int_equal(refs(3), 0);
    assert_true(w->defers > 0);
    assert_int_equal(w->v.count.quiesced, 1);
    settle();
    assert_int_equal(written(kick), 1);
    assert_int_equal(w->log[when(kick, 1)].pass, before + 2);
    assert_int_equal(refs(3), 2);
}

static void doorbells_that_are_ready_wait_again(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK), i;

    (void)state;
    map_much();
    for ( i = 0; i < VBIF_FORWARDS + 1; i++ )
        guest_write(kick, 1);
    work_until(kick, 1);
    assert_true(w->v.ready);
    vbif_ipa_changed(&w->v, _ipa(PAGE(3)), 1);
    assert_int_equal(refs(3), 0);
    work_until(kick, VBIF_FORWARDS + 1);
    assert_int_equal(refs(3), 1);
    assert_int_equal(w->log[when(kick, VBIF_FORWARDS + 1)].pass,
                     w->log[when(kick, 1)].pass + 1);
    assert_int_equal(written(kick), VBIF_FORWARDS + 1);
}

static void parked_directories_come_back_before_a_doorbell(void **state)
{
    uint64_t parks, before;
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK), i;

    (void)state;
    map_much();
    for ( i = 0; i < MIRROR_CHANGE_WORDS / 1024 && !passes()->parks; i++ )
    {
        vbif_ipa_changed(&w->v, _ipa(PAGE(3)), 1);
        if ( !passes()->parks )
            settle();
    }
    assert_true(passes()->parks > 0);
    guest_write(kick, 1);
    settle();
    assert_int_equal(written(kick), 1);
    assert_int_equal(refs(3), 1);

    /* One that is due meanwhile. */
    begin_pass();
    before = passes()->passes;
    parks = passes()->parks;
    vbif_ipa_changed(&w->v, _ipa(PAGE(3)), 1);
    assert_true(passes()->parks > parks);
    settle();
    assert_int_equal(w->log[when(kick, 2)].pass, before + 2);

    /* A renewal pays for as many. */
    vbif_renew(&w->v);
    parks = passes()->parks;
    vbif_ipa_changed(&w->v, _ipa(PAGE(3)), 1);
    assert_int_equal(refs(3), 0);
    assert_int_equal(passes()->parks, parks);
}

static void a_change_of_what_is_not_mapped_delays_nothing(void **state)
{
    (void)state;
    map_much();
    begin_pass();
    vbif_ipa_changed(&w->v, _ipa(PAGE(60)), 1);
    assert_int_equal(w->v.due, 1);
    assert_int_equal(w->v.count.quiesced, 0);
}

/* The end */

static void released_is_nothing(void **state)
{
    unsigned int kick = BANK(SGX_CORE0, SGX_EVENT_KICK);
    uint64_t before;

    (void)state;
    map_much();
    guest_write(SGX_MEDIATOR_DIR, DIR(1));
    guest_write(kick, 1);
    forget_log();
    while ( !vbif_release(&w->v, 1) )
        ;
    assert_quarantined();
    assert_int_equal(refs(0), 0);
    assert_int_equal(w->said, 0);

    forget_log();
    before = passes()->passes;
    guest_write(0x1c, 1);
    guest_write(MASTERS, DRIVERS_RESET);
    guest_write(sgx_base_offset(SGX_CORE0, 0), DIR(1));
    guest_write(SGX_MEDIATOR_DIR, DIR(1));
    guest_write(kick, 1);
    assert_int_equal(guest_read(0x1c), 0);
    assert_int_equal(guest_read(SGX_SOFT_RESET), 0);
    assert_int_equal(guest_read(SGX_MEDIATOR_DIR), 0);
    assert_int_equal(vbif_peek(&w->v, SGX_MEDIATOR_DIR), 0);
    assert_false(vbif_work(&w->v));
    assert_int_equal(passes()->passes, before);
    vbif_ipa_changed(&w->v, _ipa(PAGE(3)), 1);
    vbif_renew(&w->v);
    assert_int_equal(w->writes + w->reads + w->defers, 0);
}

static void release_quarantines_once(void **state)
{
    (void)state;
    map_much();
    forget_log();
    assert_false(vbif_release(&w->v, 1));
    assert_quarantined();
    forget_log();
    while ( !vbif_release(&w->v, 1) )
        ;
    assert_int_equal(w->writes, 0);
}

static void a_quarantine_that_fails_is_a_reset(void **state)
{
    (void)state;
    w->stuck_at = sgx_base_offset(SGX_CORE1, 4);
    w->stuck_and = ~0u;
    vbif_release(&w->v, 1);
    assert_int_equal(*reg(MASTERS), SGX_RESET_ALL);
    assert_true(core_bif_in_reset(SGX_CORE0));
    assert_int_equal(w->said, 1);
    assert_non_null(strstr(w->last_said, "may not be in quarantine"));
}

/* The debug key */

static void peeking_reads_the_same(void **state)
{
    unsigned int offset;
    uint32_t peeked;

    (void)state;
    guest_write(sgx_base_offset(SGX_BROADCAST, 7), DIR(1));
    guest_write(SGX_MEDIATOR_DIR, DIR(2));
    guest_write(SGX_BIF_CTRL, SGX_CTRL_NOREORDER);
    for ( offset = 0; offset < SGX_PAGE_BYTES; offset += 4 )
    {
        bool virtual = (offset >= SGX_BIF_FIRST && offset < SGX_BIF_END) ||
                       offset == SGX_SOFT_RESET || offset == SGX_MEDIATOR_DIR ||
                       offset == SGX_MEDIATOR_ROOT;

        take_lock(&w->host);
        peeked = vbif_peek(&w->v, offset);
        drop_lock(&w->host);
        assert_int_equal(peeked, virtual ? guest_read(offset) : 0);
    }
    assert_int_equal(vbif_peek(&w->v, SGX_MEDIATOR_DIR), DIR(2));
    assert_int_equal(vbif_peek(&w->v, SGX_MEDIATOR_DIR + 1), 0);
    assert_int_equal(vbif_peek(&w->v, 0x1000 + SGX_BIF_CTRL), 0);
}

static void assert_audit_says(const char *words)
{
    const char *wrong;

    take_lock(&w->host);
    wrong = vbif_audit(&w->v);
    drop_lock(&w->host);
    assert_non_null(wrong);
    assert_non_null(strstr(wrong, words));
}

static void the_audit_finds_what_is_wrong(void **state)
{
    (void)state;
    guest_write(sgx_base_offset(SGX_CORE0, 7), DIR(1));
    audit();
    w->v.base[SGX_CORE0][7] = DIR(2);
    assert_audit_says("did not write");
    w->v.base[SGX_CORE0][7] = DIR(1);
    w->v.recorded[0] = 1u << 3;
    assert_audit_says("not bound");
    w->v.recorded[0] = 0;
    w->v.due = 1;
    assert_audit_says("due");
    w->v.due = 0;
    w->v.ready = true;
    assert_audit_says("due");
    w->v.ready = false;
    *reg(BANK(SGX_CORE1, SGX_BIF_CTRL)) = 1u << 9;
    assert_audit_says("bypass");
    *reg(BANK(SGX_CORE1, SGX_BIF_CTRL)) = 0;
    audit();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TEST_FLAT(name) \
    { \
#name "_flat", name, setup_flat, teardown, NULL \
    }
#define TEST_IN(name, in) cmocka_unit_test_setup_teardown(name, in, teardown)

static const struct CMUnitTest tests[] = {
    TEST_IN(assignment_quarantines, setup_unassigned),
    TEST_IN(assignment_fails_if_a_register_does_not_follow, setup_unassigned),
    TEST(what_is_not_the_bifs_passes),
    TEST(only_the_first_page_of_a_bank_is_there),
    TEST(only_aligned_words_are_registers),
    TEST(accesses_are_counted),
    TEST(ctrl_reads_as_written_but_never_bypasses),
    TEST(status_is_the_hardwares),
    TEST(harmless_registers_pass),
    TEST(the_system_level_cache_is_bypassed),
    TEST_FLAT(the_system_level_cache_is_bypassed),
    TEST(the_cache_is_bypassed_before_a_reset_ends),
    TEST(requesters_choose_among_eight_bases),
    TEST(other_registers_of_the_bif_are_not_there),
    TEST(a_base_becomes_the_root_of_its_mirror),
    TEST(a_broadcast_base_reaches_all_banks),
    TEST(a_new_directory_asks_for_a_pass),
    TEST(a_base_changes_before_its_directory_goes),
    TEST(rewriting_a_base_keeps_its_directory),
    TEST(without_room_a_base_is_empty),
    TEST(what_is_not_written_is_said_again),
    TEST(a_table_without_room_is_told_of),
    TEST_IN(the_old_directory_leaves_room_for_the_new, setup_one_dir),
    TEST(what_the_microkernel_loaded_reads_as_the_guests),
    TEST(a_directory_that_goes_is_unloaded),
    TEST(a_directory_of_records_stays_loaded),
    TEST(a_doorbell_waits_for_a_pass),
    TEST(each_kick_is_a_doorbell),
    TEST(doorbells_keep_order_and_number),
    TEST(a_doorbell_during_a_pass_waits_for_the_next),
    TEST(a_call_forwards_so_many_doorbells),
    TEST(two_passes_of_doorbells_are_two_calls),
    TEST(a_full_queue_loses_doorbells),
    TEST(a_count_does_not_wrap),
    TEST(an_invalidation_waits_as_a_doorbell_does),
    TEST(a_reset_drops_doorbells),
    TEST(a_reset_drops_doorbells_that_are_due),
    TEST(the_guests_reset_empties_bases),
    TEST(bases_are_written_before_other_blocks_leave_reset),
    TEST(a_cores_own_reset_is_that_cores),
    TEST(the_master_resets_one_core),
    TEST(other_blocks_in_reset_lose_no_bases),
    TEST(what_is_written_in_reset_is_there_after_it),
    TEST(one_cores_reset_unloads_what_only_it_used),
    TEST(quiescing_awaits_reads_and_invalidates),
    TEST_IN(reset_of_a_core_quiesces_once, setup_many_dirs),
    TEST(reads_that_do_not_end_hold_the_gpu),
    TEST(reads_of_the_other_core_are_awaited_too),
    TEST(what_is_in_reset_is_not_awaited),
    TEST(one_core_in_reset_leaves_the_other_to_be_awaited),
    TEST(held_passes_events_only),
    TEST(only_a_whole_reset_recovers),
    TEST(a_broadcast_reset_recovers),
    TEST(held_keeps_records_but_no_bases),
    TEST(held_drops_doorbells),
    TEST(holding_is_said_once_until_renewal),
    TEST(known_bases_raise_no_alarm),
    TEST(an_unknown_base_holds_the_gpu),
    TEST(a_root_that_is_free_raises_the_alarm),
    TEST(what_is_in_reset_raises_no_alarm),
    TEST(held_raises_no_alarm),
    TEST(a_directory_of_records_is_bound),
    TEST(a_forgotten_directory_is_unloaded_first),
    TEST(a_base_keeps_a_forgotten_directory),
    TEST(what_is_no_directory_is_not_recorded),
    TEST(without_room_there_is_no_root),
    TEST(other_banks_have_no_mediator),
    TEST_IN(an_access_is_bounded, setup_many_dirs),
    TEST_IN(a_call_of_work_is_bounded, setup_many_dirs),
    TEST(a_step_that_translates_ends_a_call),
    TEST(nothing_to_do_is_nothing),
    TEST(what_moved_is_found_before_a_doorbell_goes_on),
    TEST(doorbells_that_are_ready_wait_again),
    TEST(parked_directories_come_back_before_a_doorbell),
    TEST(a_change_of_what_is_not_mapped_delays_nothing),
    TEST(released_is_nothing),
    TEST(release_quarantines_once),
    TEST(a_quarantine_that_fails_is_a_reset),
    TEST(peeking_reads_the_same),
    TEST(the_audit_finds_what_is_wrong),
    TEST_FLAT(the_guests_reset_empties_bases),
    TEST_FLAT(bases_are_written_before_other_blocks_leave_reset),
    TEST_FLAT(what_is_written_in_reset_is_there_after_it),
    TEST_FLAT(only_a_whole_reset_recovers),
    TEST_FLAT(a_broadcast_reset_recovers),
    TEST_FLAT(held_passes_events_only),
    TEST_FLAT(an_unknown_base_holds_the_gpu),
    TEST_FLAT(what_is_in_reset_raises_no_alarm),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
