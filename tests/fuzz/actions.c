/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "check.h"
#include "processor.h"

/*
 * The guest's memory map at the start, by IPA. Of RAM: 16 MiB in one piece, then
 * pieces of 1 MiB, of 64 KiB, single pages, and at last 8 MiB that end 4 MiB
 * above what 32 bits reach; and the last pages below 4 GiB. With the MMU off they are
 * what a device address is: so they lie at both ends of the space, as the slots do.
 */
#define RAM_IPA     0x00000000u
#define RAM_PAGES   0x2800u
#define TABLES_IPA  0xfc000000u
#define TABLE_PAGES 0x18u
#define MMIO_IPA    0xff000000u
#define MMIO_PAGES  0x1000u /* to the end of the space */
#define LAST_IPA    0xffff0000u
#define LAST_PAGES  0x10u
#define TABLE_WORDS (TABLE_PAGES * PAGE_SIZE / 4)
#define SECONDS     (TABLE_WORDS / PT_PAGES - PT_ROOT_BYTES / PT_TABLE_BYTES)

/* Pages of IPA that operands choose from: all of the above, and a little more. */
#define RAM_CHOICE (RAM_PAGES + 0x40)

/* A release and assignment of all is slow; an input needs few. */
#define MAX_REASSIGNS 3

/* Acts that happen at points inside other acts. */
struct acts {
    unsigned int points; /* to pass by before the first */
    unsigned int left;
    bool inside; /* one of them is under way */
};

struct world {
    struct machine *m;
    const uint8_t *data, *end;
    int verbose;
    unsigned int reassigns;
    struct acts in_host_call; /* INTERFERE */
    struct acts in_trap;      /* IN_REGISTER */
};

static uint32_t take(struct world *w, unsigned int bytes)
{
    uint32_t value = 0;
    unsigned int i;

    for ( i = 0; i < bytes && w->data < w->end; i++ )
        value |= (uint32_t)*w->data++ << 8 * i;

    return value;
}

/* What operands choose */

/* Slots at both ends of the space: 16 groups of them, which hold more pages than
 * a p2m change and a release of condemned slots give back. */
static uint32_t a_slot(struct world *w)
{
    uint32_t slot = take(w, 1);

    return slot < 128 ? slot : PT_SLOTS - 256 + slot;
}

static uint32_t a_da(struct world *w)
{
    uint32_t slot = a_slot(w), page = take(w, 1), word = take(w, 1);

    return slot << PT_SLOT_SHIFT | page << PT_PAGE_SHIFT | word << 2;
}

/* An IPA: RAM, tables, MMIO, by the highest bits; or an address of its own. */
static uint32_t an_ipa(struct world *w)
{
    uint32_t choice = take(w, 2), page = choice & 0x3fff;

    switch ( choice >> 14 )
    {
    case 2:
        return TABLES_IPA + page % (TABLE_PAGES + 4) * PAGE_SIZE;
    case 3:
        return MMIO_IPA + page % MMIO_PAGES * PAGE_SIZE;
    default:
        return RAM_IPA + page % RAM_CHOICE * PAGE_SIZE;
    }
}

/* Descriptors: two bits of type, and whatever else an attribute may be. */
static uint32_t first_word(struct world *w)
{
    uint32_t kind = take(w, 1), ipa = an_ipa(w);
    uint32_t attributes = (kind >> 3 & 0x1f) << 11;

    switch ( kind & 7 )
    {
    case 0:
        return kind >> 3;
    case 1:
        return ipa << 2 | 3;
    case 2:
    case 3:
        return (ipa & 0xfff00000) | 2 | attributes;
    case 4:
        return (ipa & 0xff000000) | 2 | 1 << 18 | attributes;
    case 5:
        return ipa | 1;
    default:
        return (TABLES_IPA + PT_ROOT_BYTES +
                ipa / PAGE_SIZE % SECONDS * PT_TABLE_BYTES) |
               1 | (kind >> 3 << 5);
    }
}

static uint32_t second_word(struct world *w)
{
    uint32_t kind = take(w, 1), ipa = an_ipa(w);
    uint32_t attributes = (kind >> 3 & 0x1f) << 4;

    switch ( kind & 3 )
    {
    case 0:
        return kind & 4 ? 0 : kind >> 3 << 2;
    case 1:
        return (ipa & 0xffff0000) | 1 | attributes;
    default:
        return ipa | (kind & 3) | attributes;
    }
}

/* count words from ipa on; of rise, each leads to the next page, or slot. */
static void write_words(struct world *w, uint32_t ipa, uint32_t word,
                        unsigned int count, uint32_t rise)
{
    unsigned int i;

    for ( i = 0; i < count; i++ )
        machine_word_write(w->m, ipa + i * 4, word + i * rise);
}

static uint32_t second_table(struct world *w)
{
    return TABLES_IPA + PT_ROOT_BYTES + take(w, 1) % SECONDS * PT_TABLE_BYTES;
}

/* Registers */

static void do_reg_read(struct world *w)
{
    machine_reg_read(w->m, take(w, 1) % VMMU_WORDS * 4);
}

static void do_reg_write(struct world *w)
{
    unsigned int offset = take(w, 1) % VMMU_WORDS * 4;

    machine_reg_write(w->m, offset, take(w, 4));
}

/* Whole words are written elsewhere: the oracle must have those. */
static void do_access_odd(struct world *w)
{
    unsigned int offset = take(w, 1), how = take(w, 1);
    unsigned int bytes = 1u << how % 4;
    uint32_t value = take(w, 4);

    offset += how & 0x10 ? 0x100 : 0;
    if ( !(how & 0x80) )
        vmmu_read(&w->m->vmmu, offset, bytes);
    else if ( bytes != 4 || offset % 4 )
        vmmu_write(&w->m->vmmu, offset, bytes, value);
}

static void do_enable(struct world *w)
{
    machine_reg_write(w->m, MMU_TTB, TABLES_IPA);
    machine_reg_write(w->m, MMU_CNTL, take(w, 1));
}

static void do_acknowledge(struct world *w)
{
    machine_reg_write(w->m, MMU_IRQENABLE, take(w, 1));
    machine_reg_write(w->m, MMU_IRQSTATUS, IRQ_ALL);
}

static void do_tlb_load(struct world *w)
{
    uint32_t lock = take(w, 2), da = a_da(w), kind = take(w, 1);

    machine_reg_write(w->m, MMU_LOCK, lock);
    machine_reg_write(w->m, MMU_CAM, (da & CAM_VATAG) | (kind & 15));
    machine_reg_write(w->m, MMU_RAM, an_ipa(w) | (kind >> 4) << 6);
    machine_reg_write(w->m, MMU_LD_TLB, 1);
}

static void do_flush_entry(struct world *w)
{
    machine_reg_write(w->m, MMU_CAM, a_da(w));
    machine_reg_write(w->m, MMU_FLUSH_ENTRY, 1);
}

static void do_tlb_scan(struct world *w)
{
    unsigned int i;

    for ( i = take(w, 1) % 32; i < 32; i++ )
    {
        machine_reg_write(w->m, MMU_LOCK, LOCK_MAKE(0, i));
        if ( machine_reg_read(w->m, MMU_READ_CAM) & CAM_V )
            machine_reg_read(w->m, MMU_READ_RAM);
    }
}

/* Tables */

static void do_first_word(struct world *w)
{
    uint32_t slot = a_slot(w);

    write_words(w, TABLES_IPA + slot * 4, first_word(w), 1, 0);
}

/* Sections rise; all else is the same word 16 times. */
static void do_first_group(struct world *w)
{
    uint32_t slot = a_slot(w), word = first_word(w);
    bool section = (word & 3) == 2 && !(word & 1 << 18);

    write_words(w, TABLES_IPA + slot / PT_GROUP * PT_GROUP * 4, word, PT_GROUP,
                section ? 1u << PT_SLOT_SHIFT : 0);
}

static void do_second_word(struct world *w)
{
    uint32_t at = second_table(w);

    at += take(w, 1) * 4;
    write_words(w, at, second_word(w), 1, 0);
}

static void do_second_chunk(struct world *w)
{
    uint32_t at = second_table(w), word;

    at += take(w, 1) / PT_CHUNK * PT_CHUNK * 4;
    word = second_word(w);
    write_words(w, at, word, PT_CHUNK, word & 2 ? PAGE_SIZE : 0);
}

/* The page says by how many pages each word rises. */
static void do_second_table(struct world *w)
{
    uint32_t at = second_table(w), rise = take(w, 1) % 4;

    write_words(w, at, second_word(w), PT_PAGES, rise * PAGE_SIZE);
}

static void do_any_word(struct world *w)
{
    uint32_t at = TABLES_IPA + take(w, 2) % TABLE_WORDS * 4;

    machine_word_write(w->m, at, take(w, 4));
}

/* The memory map */

static void do_unmap(struct world *w)
{
    unsigned int pages = 1u << take(w, 1) % 13;
    uint32_t ipa = an_ipa(w);

    machine_unmap(w->m, ipa & ~(pages * PAGE_SIZE - 1), pages);
}

/* As far as there is memory. */
static void populate(struct machine *m, uint32_t ipa, unsigned int pages,
                     unsigned int piece)
{
    unsigned int i;
    uint64_t maddr;

    for ( i = 0; i < pages && piece; i += piece )
    {
        do
            maddr = memory_find(&m->mem, piece);
        while ( !maddr && (piece /= 2) );

        if ( maddr )
            machine_map(m, ipa + i * PAGE_SIZE, maddr, piece, P2M_RAM);
    }
}

static void lay_out(struct machine *m)
{
    machine_populate(m, RAM_IPA, 0x1000, 0x1000);
    machine_populate(m, RAM_IPA + 0x1000000, 0x800, 0x100);
    machine_populate(m, RAM_IPA + 0x1800000, 0x400, 0x10);
    machine_populate(m, RAM_IPA + 0x1c00000, 0x400, 1);
    machine_map(m, RAM_IPA + 0x2000000, MEM_EDGE_BASE + 0xc00000, 0x800,
                P2M_RAM);
    machine_populate(m, TABLES_IPA, TABLE_PAGES, 1);
    machine_map(m, MMIO_IPA, MEM_LOW_BASE, MEM_LOW_PAGES, P2M_MMIO);
    machine_map(m, MMIO_IPA + MEM_LOW_PAGES * PAGE_SIZE, MEM_MMIO_BASE,
                MMIO_PAGES / 2, P2M_MMIO);
    machine_populate(m, LAST_IPA, LAST_PAGES, 1);
}

static void do_populate(struct world *w)
{
    uint32_t how = take(w, 1), ipa = an_ipa(w);
    unsigned int pages = 1u << how % 16 % 13, piece = 1u << (how >> 4) % 13;

    populate(w->m, ipa & ~(pages * PAGE_SIZE - 1), pages,
             piece < pages ? piece : pages);
}

static void do_map_foreign(struct world *w)
{
    uint32_t ipa = an_ipa(w);
    uint64_t maddr = memory_find(&w->m->mem, 1);

    if ( maddr )
        machine_map(w->m, ipa, maddr, 1, P2M_FOREIGN);
}

/* Pages of devices are never another's: each has one place in the map. */
static void do_map_mmio(struct world *w)
{
    unsigned int pages = 1u << take(w, 1) % 13, i;
    uint32_t ipa = an_ipa(w) & ~(pages * PAGE_SIZE - 1);
    uint64_t maddr = MEM_MMIO_BASE + take(w, 2) % MMIO_PAGES * PAGE_SIZE;

    for ( i = 0; i < pages; i++ )
    {
        struct mem_page *page =
            memory_page(&w->m->mem, maddr + i * (uint64_t)PAGE_SIZE);

        if ( !page || page->used )
            return;
    }
    machine_map(w->m, ipa, maddr, pages, P2M_MMIO);
}

/* The device */

static void issue(struct world *w, uint32_t da)
{
    if ( !w->m->request.open )
        machine_issue(w->m, da, da >> PT_SLOT_SHIFT & 1);
}

/* Something is to happen in the next calls of the host, or one is to fail. */
static bool is_disturbed(const struct machine *m)
{
    unsigned int i;

    for ( i = 0; i < NR_FAILURES; i++ )
        if ( m->fail_at[i] )
            return true;

    return m->hook || m->register_hook;
}

/* How a disturbed access ends cannot be foretold; where it leads is checked. */
static void do_device_access(struct world *w)
{
    uint32_t da = a_da(w);

    if ( !is_disturbed(w->m) )
        check_access(w->m, da, da >> PT_SLOT_SHIFT & 1);
    else
    {
        issue(w, da);
        machine_settle(w->m);
    }
}

static void do_device_issue(struct world *w)
{
    issue(w, a_da(w));
}

static void do_device_slowly(struct world *w)
{
    uint32_t da = a_da(w);
    unsigned int reads = 1 + take(w, 1) % 8;

    if ( !w->m->request.open )
        machine_issue_slowly(w->m, da, da >> PT_SLOT_SHIFT & 1, reads);
}

static void do_serve(struct world *w)
{
    machine_serve(w->m);
}

static void do_settle(struct world *w)
{
    machine_settle(w->m);
}

static void do_withdraw(struct world *w)
{
    machine_withdraw(w->m);
}

/* The host */

static void do_fail(struct world *w)
{
    uint32_t how = take(w, 1);

    w->m->hold_pages = take(w, 1);
    w->m->busy_words = w->m->hold_pages;
    w->m->fail_at[how % 8 % NR_FAILURES] = how >> 3 & 15;
    w->m->failures_last = how & 0x80;
}

static bool one_act(struct world *w);

/* At a point: passes it by, or does one act there. True: more are to come. */
static bool act_at(struct world *w, struct acts *acts)
{
    if ( acts->points )
    {
        acts->points--;
        return true;
    }
    acts->inside = true;
    one_act(w);
    acts->inside = false;

    return --acts->left;
}

static void take_acts(struct world *w, struct acts *acts)
{
    uint32_t how = take(w, 1);

    acts->points = how % 8;
    acts->left = 1 + how / 8 % 8;
    w->m->hook_arg = w;
}

static void in_host_call(struct machine *m, enum machine_point point)
{
    struct world *w = m->hook_arg;

    (void)point;
    if ( act_at(w, &w->in_host_call) )
        m->hook = in_host_call;
}

static void do_interfere(struct world *w)
{
    take_acts(w, &w->in_host_call);
    w->m->hook = in_host_call;
}

/* What does not wait for the MMU's lock. */
static void in_register(struct machine *m, unsigned int offset)
{
    struct world *w = m->hook_arg;

    (void)offset;
    if ( act_at(w, &w->in_trap) )
        m->register_hook = in_register;
}

static void do_in_register(struct world *w)
{
    take_acts(w, &w->in_trap);
    w->m->register_hook = in_register;
}

static void do_renew(struct world *w)
{
    machine_renew(w->m);
}

/* The traps stay when the domain's MMU is gone. */
static void linger(struct machine *m)
{
    vmmu_write(&m->vmmu, MMU_CNTL, 4, 0);
    vmmu_write(&m->vmmu, MMU_IRQSTATUS, 4, IRQ_ALL);
    vmmu_ipa_changed(&m->vmmu, _ipa(RAM_IPA), RAM_PAGES);
    if ( vmmu_read(&m->vmmu, MMU_REVISION, 4) )
        machine_wrong(m, "a register of a released MMU is not zero");
}

/* Nobody is at work. Once the hardware is not slow any more it is given, at the latest;
 * and a processor starts. */
static void assign(struct machine *m)
{
    bool given = machine_assign(m);

    if ( !given && machine_is_slow(m) )
    {
        machine_heal(m);
        given = machine_assign(m);
    }
    machine_heal(m);
    if ( !given )
        machine_wrong(m, "not assigned, though nobody is at work");
    else if ( !machine_start(m, 0) )
        machine_wrong(m, "not started, though the hardware is well");
}

static void do_reassign(struct world *w)
{
    unsigned int budget = 1 + take(w, 1) * 16;

    if ( w->reassigns++ >= MAX_REASSIGNS )
        return;

    w->m->register_hook = NULL;
    machine_withdraw(w->m);
    machine_release(w->m, budget);
    linger(w->m);
    assign(w->m);
}

/* The device goes on, unless the host can hold it in reset: nobody else can have it
 * until it is reset, and then not before that domain has touched the MMU. */
static void do_other_domain(struct world *w)
{
    struct machine *m = w->m;
    uint32_t da = a_da(w);

    if ( w->reassigns++ >= MAX_REASSIGNS )
        return;

    m->register_hook = NULL;
    machine_release(m, SHADOW_RELEASE_PAGES);
    linger(m);
    machine_end_of_domain(m);
    lay_out(m);
    issue(w, da);
    if ( machine_runs(m) && !m->request.open )
        machine_wrong(m, "%#x went out of quarantine", da);
    if ( machine_runs(m) && machine_assign(m) )
        machine_wrong(m, "assigned while the device is at work");
    machine_withdraw(m);
    assign(m);
    issue(w, da);
}

/* Power, clock and resets */

static void do_core_start(struct world *w)
{
    machine_start(w->m, take(w, 1) % 2);
}

static void do_core_stop(struct world *w)
{
    machine_stop(w->m, take(w, 1) % 2);
}

static void do_mmu_reset(struct world *w)
{
    machine_reset_mmu(w->m);
}

static void do_lose_power(struct world *w)
{
    machine_power_failure(w->m);
}

static void do_status_slow(struct world *w)
{
    uint32_t how = take(w, 1), reads = take(w, 1) % (PROCESSOR_SLOW + 1);

    machine_slow(w->m, how % 8 % PRCM_DELAYS, how & 0x80 ? PRCM_NEVER : reads);
}

/* Acts */

static const struct {
    const char *name;
    void (*act)(struct world *w);
} actions[NR_ACTIONS] = {
    [REG_READ] = { "reg-read", do_reg_read },
    [REG_WRITE] = { "reg-write", do_reg_write },
    [ACCESS_ODD] = { "access-odd", do_access_odd },
    [ENABLE] = { "enable", do_enable },
    [ACKNOWLEDGE] = { "acknowledge", do_acknowledge },
    [TLB_LOAD] = { "tlb-load", do_tlb_load },
    [FLUSH_ENTRY] = { "flush-entry", do_flush_entry },
    [TLB_SCAN] = { "tlb-scan", do_tlb_scan },
    [FIRST_WORD] = { "first-word", do_first_word },
    [FIRST_GROUP] = { "first-group", do_first_group },
    [SECOND_WORD] = { "second-word", do_second_word },
    [SECOND_CHUNK] = { "second-chunk", do_second_chunk },
    [SECOND_TABLE] = { "second-table", do_second_table },
    [ANY_WORD] = { "any-word", do_any_word },
    [UNMAP] = { "unmap", do_unmap },
    [POPULATE] = { "populate", do_populate },
    [MAP_FOREIGN] = { "map-foreign", do_map_foreign },
    [MAP_MMIO] = { "map-mmio", do_map_mmio },
    [DEVICE_ACCESS] = { "device-access", do_device_access },
    [DEVICE_ISSUE] = { "device-issue", do_device_issue },
    [SERVE] = { "serve", do_serve },
    [SETTLE] = { "settle", do_settle },
    [WITHDRAW] = { "withdraw", do_withdraw },
    [FAIL] = { "fail", do_fail },
    [INTERFERE] = { "interfere", do_interfere },
    [REASSIGN] = { "reassign", do_reassign },
    [IN_REGISTER] = { "in-register", do_in_register },
    [DEVICE_SLOWLY] = { "device-slowly", do_device_slowly },
    [RENEW] = { "renew", do_renew },
    [OTHER_DOMAIN] = { "other-domain", do_other_domain },
    [CORE_START] = { "core-start", do_core_start },
    [CORE_STOP] = { "core-stop", do_core_stop },
    [MMU_RESET] = { "mmu-reset", do_mmu_reset },
    [LOSE_POWER] = { "lose-power", do_lose_power },
    [STATUS_SLOW] = { "status-slow", do_status_slow },
};

const char *action_name(unsigned int action)
{
    return action < NR_ACTIONS ? actions[action].name : NULL;
}

/* Those that may call vmmu_fault(), of which one runs at a time, or end it. */
static bool serves(unsigned int action)
{
    switch ( action )
    {
    case DEVICE_ACCESS:
    case DEVICE_ISSUE:
    case SERVE:
    case SETTLE:
    case INTERFERE:
    case REASSIGN:
    case IN_REGISTER:
    case DEVICE_SLOWLY:
    case OTHER_DOMAIN:
        return true;
    default:
        return false;
    }
}

/* Those that do not wait for the MMU's lock. */
static bool takes_no_lock(unsigned int action)
{
    switch ( action )
    {
    case FIRST_WORD:
    case FIRST_GROUP:
    case SECOND_WORD:
    case SECOND_CHUNK:
    case SECOND_TABLE:
    case ANY_WORD:
    case DEVICE_ISSUE:
    case DEVICE_SLOWLY:
    case WITHDRAW:
    case LOSE_POWER:
    case STATUS_SLOW:
        return true;
    default:
        return false;
    }
}

static bool one_act(struct world *w)
{
    unsigned int n;

    if ( w->data == w->end )
        return false;

    n = take(w, 1) % NR_ACTIONS;
    if ( (w->in_host_call.inside && serves(n)) ||
         (w->in_trap.inside && !takes_no_lock(n)) )
        return true;

    if ( w->verbose )
        fprintf(stderr, "%s%s\n",
                w->in_host_call.inside || w->in_trap.inside ? "    " : "",
                actions[n].name);
    actions[n].act(w);

    return true;
}

/* Machines */

static struct machine *make_machine(uint8_t how)
{
    static const unsigned int tables[] = { 2, 3, 6, 96 };
    bool camera = how & 0x10;
    struct machine_options options = {
        .tables = tables[how & 3],
        .tlb_entries = camera ? 8 : 32,
        .window = camera ? OMAP_MMU_WINDOW_OMAP3 : 0,
        .bus_err_back = !camera && how & 4,
        .short_answers = how & 8,
        .processor = how & 0x20,
        .seed = how >> 6,
    };
    struct machine *m = machine_new(&options);

    m->one_hypercall = true;
    lay_out(m);
    assign(m);

    return m;
}

/* Ends what the last act left open, and gives everything back. */
static void finish(struct world *w)
{
    struct machine *m = w->m;
    unsigned int i;

    m->hook = NULL;
    m->register_hook = NULL;
    memset(m->fail_at, 0, sizeof(m->fail_at));
    m->failures_last = false;
    machine_heal(m);
    if ( !machine_runs(m) && !machine_start(m, 0) )
        machine_wrong(m, "not started, though the hardware is well");
    for ( i = 0; i < 64; i += 9 )
        check_access(m, i << PT_SLOT_SHIFT | i << PT_PAGE_SHIFT, i & 1);
    machine_withdraw(m);
    machine_release(m, 4096);
}

const char *act_out(const uint8_t *data, size_t size, int verbose)
{
    static char wrong[160];
    struct world w = { .data = data, .end = data + size, .verbose = verbose };
    const char *found = NULL;

    w.m = make_machine(take(&w, 1));
    while ( !found && one_act(&w) )
        found = check_peek(w.m);
    if ( !found )
    {
        finish(&w);
        found = machine_check(w.m);
    }

    if ( found )
        snprintf(wrong, sizeof(wrong), "%s", found);
    machine_free(w.m);

    return found ? wrong : NULL;
}
