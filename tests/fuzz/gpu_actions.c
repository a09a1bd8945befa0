/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The encoding of a fuzzer's input for core/vbif.c: a guest with a GPU, as in
 * sim/gpu_bif.h, act by act. The first byte selects the machine. Each act is a byte, of
 * which enum act is the remainder, and its operands: in brackets, in bytes if more than
 * one.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "gpu_bif.h"
#include "harness.h"

enum act {
    /* The guest's registers. */
    READ,       /* offset[2] */
    WRITE,      /* offset[2], value[4] */
    BASE,       /* bank | base << 2, IPA[2] */
    RECORD,     /* directory | forget << 7 */
    KICK,       /* bank | which << 2 | value << 4 */
    INVALIDATE, /* bank | value << 2 */
    RESET,      /* bank, value[4] */
    START,
    CLEAR_FAULT, /* bank */
    INTERRUPT,   /* bank */

    /* Its directories and tables. */
    LINK,      /* directory | table << 4, slot, low bits of the word */
    MAP,       /* table, page[2], words | rise << 7, low bits, IPA[2] */
    ANY_STORE, /* page of RAM[2], word[2], value[4] */

    /* Its memory map. */
    MOVE,  /* IPA[2] */
    GO,    /* IPA[2] */
    STORM, /* IPA[2], how often it moves */

    /* The GPU. */
    ACCESS, /* core | base << 1, slot, page */
    BEGIN,  /* the same, and it takes time */
    END,    /* core */
    STICK,  /* core | on << 1 */
    LOAD,   /* core | base << 1, directory: its root */
    BREACH, /* core | base << 1, value[4] */

    /* The host. */
    WORK,
    SETTLE,
    RENEW,
    FAIL,      /* which call | calls until then << 2 */
    AT_ONCE,   /* pages of a look-up that are done at once; 0: all */
    INTERFERE, /* where: the act that follows happens in the next such call */
    REASSIGN,  /* machine */

    NR_ACTS
};

#define DIRS  4u
#define SLOTS 8u
#define KICKS (SGX_BROADCAST * SGX_BANK_BYTES + SGX_EVENT_KICK)

/* A machine takes a while to make. */
#define MAX_REASSIGNS 2

static struct gpu_machine machine, *const m = &machine;

static const uint8_t *data, *end;
static int chatty;
static bool inside; /* a call of the host */
static unsigned int reassigns;

static uint32_t take(unsigned int bytes)
{
    uint32_t value = 0;
    unsigned int i;

    for ( i = 0; i < bytes && data < end; i++ )
        value |= (uint32_t)*data++ << 8 * i;

    return value;
}

/* What operands choose */

static uint32_t an_ipa(void)
{
    uint32_t choice = take(2), page = choice & 0xfff;

    switch ( choice >> 12 )
    {
    case 0:
        return GPU_MMIO + page % 18 * GPU_PAGE;
    case 1:
        return GPU_HIGH;
    case 2:
        return page << 20;
    case 3:
        return GPU_DIR(page % DIRS);
    case 4:
    case 5:
        return GPU_TABLE(page % GPU_MAX_TABLES);
    case 6:
        return GPU_RAM + page % GPU_RAM_PAGES * GPU_PAGE;
    default:
        return GPU_DATA(page % 64);
    }
}

static bool is_ram(uint32_t ipa)
{
    return ipa >= GPU_RAM && ipa < GPU_RAM + GPU_RAM_PAGES * GPU_PAGE;
}

static unsigned int bank_at(uint32_t how)
{
    return how % SGX_BANKS * SGX_BANK_BYTES;
}

static uint32_t a_da(void)
{
    uint32_t slot = take(1), page = take(1);

    return (slot % SLOTS * GPU_WORDS + page) * GPU_PAGE;
}

/* Registers */

static void do_read(void)
{
    gpu_reg_read(m, take(2));
}

static void do_write(void)
{
    unsigned int offset = take(2);

    gpu_reg_write(m, offset, take(4));
}

static void do_base(void)
{
    uint32_t how = take(1);

    gpu_reg_write(m, sgx_base_offset(how % SGX_BANKS, how >> 2 & 7), an_ipa());
}

static void do_record(void)
{
    uint32_t how = take(1);

    gpu_reg_write(m, SGX_MEDIATOR_DIR, GPU_DIR(how % DIRS) | how >> 7);
}

static void do_kick(void)
{
    static const uint32_t kicks[] = { SGX_EVENT_KICK, SGX_EVENT_KICK1,
                                      SGX_EVENT_KICK2, SGX_EVENT_KICK3 };
    uint32_t how = take(1);

    gpu_reg_write(m, bank_at(how) + kicks[how >> 2 & 3], how >> 4);
}

static void do_invalidate(void)
{
    uint32_t how = take(1);

    gpu_reg_write(m, bank_at(how) + SGX_BIF_CTRL_INVAL, how >> 2);
}

static void do_reset(void)
{
    uint32_t bank = take(1);

    gpu_reg_write(m, bank_at(bank) + SGX_SOFT_RESET, take(4));
}

static void do_start(void)
{
    gpu_start(m);
}

static void do_clear_fault(void)
{
    unsigned int ctrl = bank_at(take(1)) + SGX_BIF_CTRL;

    gpu_reg_write(m, ctrl, SGX_CTRL_CLEAR_FAULT);
    gpu_reg_write(m, ctrl, 0);
}

static void do_interrupt(void)
{
    gpu_reg_write(m, bank_at(take(1)) + SGX_EVENT_HOST_CLEAR, ~0u);
}

/* Tables */

static void do_link(void)
{
    uint32_t which = take(1), slot = take(1), low = take(1);

    gpu_store(m, GPU_DIR(which % DIRS), slot % SLOTS,
              GPU_TABLE((which >> 4) % GPU_MAX_TABLES) | (low & 0xf));
}

static void do_map(void)
{
    uint32_t table = GPU_TABLE(take(1) % GPU_MAX_TABLES), page = take(2);
    uint32_t how = take(1), low = take(1), ipa = an_ipa();
    unsigned int i;

    for ( i = 0; i <= (how & 0x7f); i++ )
        gpu_store(m, table, (page + i) % GPU_WORDS,
                  (ipa + (how >> 7) * i * GPU_PAGE) | low);
}

static void do_any_store(void)
{
    uint32_t page = take(2) % GPU_RAM_PAGES, word = take(2) % GPU_WORDS;

    gpu_store(m, GPU_RAM + page * GPU_PAGE, word, take(4));
}

/* The memory map */

static void do_move(void)
{
    uint32_t ipa = an_ipa();

    if ( is_ram(ipa) )
        gpu_page_moves(&m->w, ipa);
}

static void do_go(void)
{
    uint32_t ipa = an_ipa();

    if ( is_ram(ipa) )
        gpu_page_goes(&m->w, ipa);
}

static void do_storm(void)
{
    uint32_t ipa = an_ipa(), n = take(1);

    for ( ; is_ram(ipa) && n; n-- )
        gpu_page_moves(&m->w, ipa);
}

/* The GPU */

static void do_access(void)
{
    uint32_t how = take(1);
    uint64_t maddr;

    gpu_access(m, how % GPU_CORES, how >> 1 & 7, a_da(), &maddr);
}

static void do_begin(void)
{
    uint32_t how = take(1);

    gpu_begin_request(m, how % GPU_CORES, how >> 1 & 7, a_da());
}

static void do_end(void)
{
    gpu_end_request(m, take(1) % GPU_CORES);
}

static void do_stick(void)
{
    uint32_t how = take(1);

    m->core[how % GPU_CORES].stuck = how >> 1 & 1;
}

/* From a record, which has what the mediator gave. */
static void do_load(void)
{
    uint32_t how = take(1), root;

    gpu_reg_write(m, SGX_MEDIATOR_DIR, GPU_DIR(take(1) % DIRS));
    root = gpu_reg_read(m, SGX_MEDIATOR_ROOT);
    if ( root )
        gpu_load(m, how % GPU_CORES, how >> 1 & 7, root);
}

static void do_breach(void)
{
    uint32_t how = take(1);

    m->breached = true;
    gpu_load(m, how % GPU_CORES, how >> 1 & 7, take(4));
}

/* The host */

static void do_work(void)
{
    gpu_work(m);
}

/*
 * What a failing call left out comes with the next doorbell. If none arrives, something may
 * be missing yet: the call that fails is one that never comes.
 */
static void mend(void)
{
    unsigned int arrived = m->arrived;

    m->w.fail_read = m->w.fail_get = 0;
    gpu_reg_write(m, KICKS, 1);
    gpu_settle(m);
    if ( m->arrived == arrived )
        m->w.fail_get = UINT_MAX;
}

static void do_settle(void)
{
    gpu_settle(m);
    if ( m->w.fail_read || m->w.fail_get )
        mend();
}

static void do_renew(void)
{
    vbif_renew(&m->vbif);
}

static void do_fail(void)
{
    uint32_t how = take(1), n = 1 + (how >> 2);

    switch ( how & 3 )
    {
    case 0:
        m->w.fail_read = m->w.read + n;
        break;
    case 1:
        m->w.fail_ask = m->w.asks + n;
        break;
    default:
        m->w.fail_get = m->w.asked + n;
    }
}

static void do_at_once(void)
{
    m->w.at_once = take(1);
}

static bool one_act(void);

static void act_inside(struct gpu_world *w)
{
    (void)w;
    inside = true;
    one_act();
    inside = false;
}

static void do_interfere(void)
{
    switch ( take(1) % 3 )
    {
    case 0:
        m->w.on_read = act_inside;
        break;
    case 1:
        m->w.on_ask = act_inside;
        break;
    default:
        m->w.on_get = act_inside;
    }
}

static void begin(uint8_t how)
{
    gpu_machine_init(m, 1 + how % GPU_MAX_DIRS, 1 + (how >> 2) % GPU_MAX_TABLES,
                     how, how & 0x80);
    gpu_start(m);
}

static const char *finish(void)
{
    const char *wrong = m->w.wrong;

    m->w.on_read = m->w.on_ask = m->w.on_get = NULL;
    m->w.at_once = 0;
    if ( !wrong )
    {
        do_settle();
        wrong = gpu_machine_check(m);
    }
    gpu_machine_end(m, GPU_WORDS);

    return wrong ? wrong : m->w.wrong;
}

static void do_reassign(void)
{
    uint8_t how = (uint8_t)take(1);
    const char *wrong;

    if ( reassigns++ >= MAX_REASSIGNS )
        return;
    wrong = finish();
    begin(how);
    gpu_note(&m->w, !wrong, wrong);
}

/* Acts */

static const struct {
    const char *name;
    void (*act)(void);
} acts[NR_ACTS] = {
    [READ] = { "read", do_read },
    [WRITE] = { "write", do_write },
    [BASE] = { "base", do_base },
    [RECORD] = { "record", do_record },
    [KICK] = { "kick", do_kick },
    [INVALIDATE] = { "invalidate", do_invalidate },
    [RESET] = { "reset", do_reset },
    [START] = { "start", do_start },
    [CLEAR_FAULT] = { "clear-fault", do_clear_fault },
    [INTERRUPT] = { "interrupt", do_interrupt },
    [LINK] = { "link", do_link },
    [MAP] = { "map", do_map },
    [ANY_STORE] = { "any-store", do_any_store },
    [MOVE] = { "move", do_move },
    [GO] = { "go", do_go },
    [STORM] = { "storm", do_storm },
    [ACCESS] = { "access", do_access },
    [BEGIN] = { "begin", do_begin },
    [END] = { "end", do_end },
    [STICK] = { "stick", do_stick },
    [LOAD] = { "load", do_load },
    [BREACH] = { "breach", do_breach },
    [WORK] = { "work", do_work },
    [SETTLE] = { "settle", do_settle },
    [RENEW] = { "renew", do_renew },
    [FAIL] = { "fail", do_fail },
    [AT_ONCE] = { "at-once", do_at_once },
    [INTERFERE] = { "interfere", do_interfere },
    [REASSIGN] = { "reassign", do_reassign },
};

const char *action_name(unsigned int action)
{
    return action < NR_ACTS ? acts[action].name : NULL;
}

/* Those that step, or of which one is under way. */
static bool waits(unsigned int act)
{
    return act == WORK || act == SETTLE || act == INTERFERE || act == REASSIGN;
}

static bool one_act(void)
{
    unsigned int n;

    if ( data == end )
        return false;
    n = take(1) % NR_ACTS;
    if ( inside && waits(n) )
        return true;
    if ( chatty )
        fprintf(stderr, "%s%s\n", inside ? "    " : "", acts[n].name);
    acts[n].act();

    return true;
}

const char *act_out(const uint8_t *input, size_t size, int verbose)
{
    const char *wrong = NULL;

    data = input;
    end = input + size;
    chatty = verbose;
    inside = false;
    reassigns = 0;
    begin((uint8_t)take(1));
    while ( !wrong && one_act() )
        wrong = gpu_machine_check(m);

    return wrong ? (finish(), wrong) : finish();
}
