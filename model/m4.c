/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A Cortex-M4 behind an OMAP MMU. [A] is the ARMv7-M Architecture Reference
 * Manual, DDI 0403E; [U] what libunicorn 2.0 and 2.1 were seen to do.
 *
 * The emulator knows the pages that were asked for, and no others: a miss is
 * its hook for unmapped memory, which asks the MMU. It runs in segments. A
 * segment ends in a hook, before an instruction or in the middle of one. There
 * the registers are saved, as they are before that instruction: what the
 * emulator still does, as it cannot always stop at once, is undone. Two things
 * need care:
 *  - Inside an IT block only a fetch or load that misses stops it [U]. After
 *    all else its pages are taken from it: it can neither load nor store.
 *  - Where it is inside an IT block it does not tell in the middle of a block
 *    of code [U]. That is found anew, from the IT instruction.
 */
#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <unicorn/unicorn.h>

#include "m4.h"

/* Pages that are remembered; one instruction cannot need more than SPARE. */
#define PAGES 128u
#define SPARE 16u

/* So many pages of code take some 10 MB of the emulator, 200 at worst [U]. */
#define FETCHED_MAX 1024u

#define EXC_RETURN    0xfffffff9u /* to Thread mode, MSP, no FPU [A] B1.5.8 */
#define IS_RETURN(pc) ((pc) >= 0xffffff00u)

#define EXCEPTION_SVC 2u /* the emulator's number [U] */

#define HARDFAULT        3u
#define HARDFAULT_VECTOR 0x0cu

/* xPSR [A] B1.4.2 */
#define XPSR_EXCEPTION 0x1ffu
#define XPSR_ALIGNED   (1u << 9) /* of a frame: SP was lowered by 4 */
#define XPSR_T         (1u << 24)
#define XPSR_IT        0x0600fc00u

/* A frame [A] B1.5.6 */
enum {
    FRAME_R0,
    FRAME_R1,
    FRAME_R2,
    FRAME_R3,
    FRAME_R12,
    FRAME_LR,
    FRAME_PC,
    FRAME_XPSR,
    FRAME_WORDS,
};

/* What the core does next. */
enum phase {
    BOOT,    /* fetch SP and PC */
    EXECUTE, /* the instruction at pc */
    FAULT,   /* take HardFault at pc */
    UNSTACK, /* return from it */
};

/* Why a segment ended. */
enum event {
    PAUSE, /* nothing is the matter */
    SLEEP,
    STALL,
    ERROR,
    RETURN,
    BROKEN, /* the emulator has no memory */
};

/* A page that the emulator knows, or an access of the core's own goes to. */
struct page {
    struct m4 *m;
    uint32_t da;
    uint32_t pa;
    uint8_t *host;   /* NULL: a device */
    bool is_private; /* of the core: reads 0, ignores writes */
};

struct m4 {
    struct m4_config config;
    uc_engine *uc;
    uc_context *pristine; /* the registers after power on */
    uc_context *saved;    /* the registers where the segment ended */

    enum m4_state state;
    enum phase phase;
    uint32_t pc;  /* of the current instruction */
    bool handler; /* in HardFault */
    bool interrupt;
    bool reset_line;
    bool reset_seen; /* the line was asserted since apply_reset() */

    /* The last IT instruction, or where the segment began: ITSTATE at it_pc. */
    uint32_t it_pc;
    uint8_t it;

    /* An LDRD that overwrites its base, and the base. */
    bool ldrd;
    int base_register;
    uint32_t base;

    bool running;      /* inside m4_run() */
    bool stale;        /* m4_retranslate() while running */
    bool fresh;        /* nothing was executed since forget(): stale can wait */
    unsigned int left; /* instructions */
    bool ended;        /* the segment: all that follows is undone */
    enum event event;

    unsigned int fetched; /* pages of code, by this emulator */
    struct page pages[PAGES];
    unsigned int count;
    uint16_t index[1u << 20]; /* by da / M4_PAGE: in pages[], plus 1; 0: none */
};

/*
 * Registers
 */

#define XPSR UC_ARM_REG_XPSR_NZCVQG /* for writing: all of it, with GE */

static uint32_t get(struct m4 *m, int regid)
{
    uint32_t value = 0;

    uc_reg_read(m->uc, regid, &value);

    return value;
}

static void set(struct m4 *m, int regid, uint32_t value)
{
    uc_reg_write(m->uc, regid, &value);
}

static void set_it(struct m4 *m, uint32_t pc, uint8_t it)
{
    m->it_pc = pc;
    m->it = it;
}

static void jump(struct m4 *m, uint32_t pc)
{
    m->pc = pc & ~1u;
    set_it(m, m->pc, 0);
    m->fresh = false;
}

static uint32_t with_it(uint32_t xpsr, uint8_t it)
{
    return (xpsr & ~XPSR_IT) | (it & 3u) << 25 | (it & 0xfcu) << 8;
}

static uint8_t it_of(uint32_t xpsr)
{
    return (xpsr >> 25 & 3) | (xpsr >> 8 & 0xfc);
}

/*
 * Pages
 */

/* The page of an access to da: *page is set if this is MMU_OK. */
static enum mmu_result locate(struct m4 *m, uint32_t da, bool write,
                              struct page *page)
{
    enum mmu_result result;
    uint32_t pa = 0;

    *page = (struct page){ .m = m, .da = da & ~(M4_PAGE - 1) };
    if ( da - M4_PRIVATE_DA < M4_PRIVATE_SIZE )
    {
        page->is_private = true;
        return MMU_OK;
    }
    if ( da - M4_L2RAM_DA < M4_L2RAM_SIZE )
    {
        page->host = (uint8_t *)m->config.l2ram + (page->da - M4_L2RAM_DA);
        return MMU_OK;
    }

    result = m->config.translate(m->config.ctx, da, write, &pa);
    if ( result == MMU_OK )
    {
        page->pa = pa & ~(M4_PAGE - 1);
        page->host = m->config.ram(m->config.ctx, page->pa);
    }

    return result;
}

static bool device_read(const struct page *page, uint32_t offset,
                        unsigned int size, uint32_t *value)
{
    const struct m4_config *config = &page->m->config;

    *value = 0;

    return page->is_private ||
           config->read(config->ctx, page->pa + offset, size, value);
}

static bool device_write(const struct page *page, uint32_t offset,
                         unsigned int size, uint32_t value)
{
    const struct m4_config *config = &page->m->config;

    return page->is_private ||
           config->write(config->ctx, page->pa + offset, size, value);
}

static bool read_word(const struct page *page, uint32_t da, uint32_t *value)
{
    uint32_t offset = da - page->da;

    if ( !page->host )
        return device_read(page, offset, 4, value);

    memcpy(value, page->host + offset, 4);
    *value = le32toh(*value);

    return true;
}

static bool write_word(const struct page *page, uint32_t da, uint32_t value)
{
    uint32_t offset = da - page->da;

    if ( !page->host )
        return device_write(page, offset, 4, value);

    value = htole32(value);
    memcpy(page->host + offset, &value, 4);

    return true;
}

/* The code made of a page goes with it: 2.0 would keep it [U]. */
static void unmap_all(struct m4 *m)
{
    while ( m->count )
    {
        const struct page *page = &m->pages[--m->count];
        uint64_t da = page->da;

        if ( page->host )
            uc_ctl_remove_cache(m->uc, da, da + M4_PAGE);
        uc_mem_unmap(m->uc, da, M4_PAGE);
        m->index[da / M4_PAGE] = 0;
    }
}

/* The halfword of code at da: 0 if its page is not remembered. */
static uint16_t halfword(const struct m4 *m, uint32_t da)
{
    unsigned int index = m->index[da / M4_PAGE];
    const uint8_t *host;

    if ( !index || !m->pages[index - 1].host )
        return 0;

    host = m->pages[index - 1].host + da % M4_PAGE;

    return host[0] | host[1] << 8;
}

/*
 * The end of a segment
 */

/* ITSTATE of the instruction at pc [A] A7.3: skipped ones count as well. */
static uint8_t it_now(const struct m4 *m)
{
    uint32_t pc = m->it_pc;
    uint8_t it = m->it;

    while ( it && pc != m->pc )
    {
        pc += halfword(m, pc) >> 11 >= 0x1d ? 4 : 2; /* [A] A5.1 */
        it = it & 7 ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
    }

    return it;
}

/*
 * Nothing of the instruction at pc has taken effect: a base is written back
 * after the last access [U], and LDRD's is restored by execute().
 */
static void end(struct m4 *m, enum event event)
{
    m->ended = true;
    m->event = event;
    set_it(m, m->pc, it_now(m));
    uc_context_save(m->uc, m->saved);
    uc_emu_stop(m->uc);
}

/* YIELD, WFE, WFI: the emulator does none of them as hardware does. */
static void hint(struct m4 *m, unsigned int op, unsigned int size)
{
    if ( op < 1 || op > 3 )
        return;

    m->pc += size;
    end(m, op == 1 ? PAUSE : SLEEP);
}

/* IT and hints [A] A5.2.5, A5.3.4; LDRD [A] A5.3.6. */
static void decode(struct m4 *m, unsigned int size)
{
    uint16_t insn = halfword(m, m->pc);
    uint16_t second;

    if ( (insn & 0xff0f) == 0xbf00 )
        hint(m, insn >> 4 & 15, size);
    else if ( (insn & 0xff00) == 0xbf00 )
        set_it(m, m->pc + 2, insn);

    if ( size == 2 )
        return;

    second = halfword(m, m->pc + 2);
    if ( insn == 0xf3af && (second & 0xfff0) == 0x8000 )
        hint(m, second & 15, size);
    else if ( (insn & 0xfe50) == 0xe850 && second >> 12 == (insn & 15) )
    {
        m->ldrd = true;
        m->base_register = UC_ARM_REG_R0 + (int)(insn & 15);
        m->base = get(m, m->base_register);
    }
}

/* Before each instruction. */
static void on_code(uc_engine *uc, uint64_t address, uint32_t size, void *ctx)
{
    struct m4 *m = ctx;

    (void)uc;
    if ( !m->ended )
    {
        m->pc = address;
        m->ldrd = false;

        if ( m->left && (!m->stale || m->fresh) )
        {
            m->left--;
            m->fresh = false;
            decode(m, size);
        }
        else
            end(m, PAUSE);
    }

    if ( m->ended && m->it )
        unmap_all(m);
}

static uint64_t on_device_read(uc_engine *uc, uint64_t offset, unsigned size,
                               void *ctx)
{
    const struct page *page = ctx;
    uint32_t value = 0;

    (void)uc;
    if ( !page->m->ended &&
         !(size <= 4 && device_read(page, offset, size, &value)) )
        end(page->m, ERROR);

    return value;
}

static void on_device_write(uc_engine *uc, uint64_t offset, unsigned size,
                            uint64_t value, void *ctx)
{
    const struct page *page = ctx;

    (void)uc;
    if ( !page->m->ended &&
         !(size <= 4 && device_write(page, offset, size, value)) )
        end(page->m, ERROR);
}

/* The emulator learns of a page. */
static bool map(struct m4 *m, const struct page *from)
{
    struct page *page = &m->pages[m->count];
    uc_err err;

    if ( m->count == PAGES )
        return false;

    *page = *from;
    if ( page->host )
        err = uc_mem_map_ptr(m->uc, page->da, M4_PAGE, UC_PROT_ALL, page->host);
    else
        err = uc_mmio_map(m->uc, page->da, M4_PAGE, on_device_read, page,
                          on_device_write, page);
    if ( err != UC_ERR_OK )
        return false;

    m->index[page->da / M4_PAGE] = ++m->count;
    if ( m->count > PAGES - SPARE )
        m->stale = true;

    return true;
}

static enum event miss(struct m4 *m, uint32_t da, uc_mem_type type)
{
    struct page page;

    switch ( locate(m, da, type == UC_MEM_WRITE_UNMAPPED, &page) )
    {
    case MMU_OK:
        break;
    case MMU_STALL:
        return STALL;
    case MMU_BUS_ERROR:
        return ERROR;
    }

    return map(m, &page) ? PAUSE : BROKEN;
}

/*
 * An access to a page that the emulator does not know; true: go on. Not after a
 * fetch: the code made of it would not be dropped when it is overwritten [U].
 */
static bool on_miss(uc_engine *uc, uc_mem_type type, uint64_t address, int size,
                    int64_t value, void *ctx)
{
    struct m4 *m = ctx;
    enum event event;

    (void)uc;
    (void)size;
    (void)value;
    if ( m->ended )
        return false;

    if ( type == UC_MEM_FETCH_UNMAPPED ) /* ahead of on_code() */
    {
        m->pc = get(m, UC_ARM_REG_PC);
        m->ldrd = false;
        m->fetched++;
    }

    event = miss(m, address, type);
    if ( event == PAUSE && type != UC_MEM_FETCH_UNMAPPED )
        return true;

    end(m, event);
    if ( m->it && type == UC_MEM_WRITE_UNMAPPED ) /* the others stop at once */
        unmap_all(m);

    return false;
}

/* SVC, BKPT, a jump to EXC_RETURN, and faults that the emulator raises. */
static void on_exception(uc_engine *uc, uint32_t number, void *ctx)
{
    struct m4 *m = ctx;

    (void)uc;
    if ( m->ended )
        return;

    if ( number != EXCEPTION_SVC ) /* after it PC is past it */
        m->pc = get(m, UC_ARM_REG_PC);
    end(m, m->handler && IS_RETURN(m->pc) ? RETURN : ERROR);
}

/*
 * The emulator
 */

static bool hook(struct m4 *m, uc_engine *uc, int type, void *callback)
{
    uc_hook handle;

    return uc_hook_add(uc, &handle, type, callback, m, 1, 0) == UC_ERR_OK;
}

/* NULL: no memory. */
static uc_engine *make_emulator(struct m4 *m)
{
    uc_engine *uc;

    if ( uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &uc) !=
         UC_ERR_OK )
        return NULL;

    if ( uc_ctl_set_cpu_model(uc, UC_CPU_ARM_CORTEX_M4) == UC_ERR_OK &&
         uc_ctl_exits_enable(uc) == UC_ERR_OK &&
         hook(m, uc, UC_HOOK_CODE, on_code) &&
         hook(m, uc, UC_HOOK_MEM_UNMAPPED, on_miss) &&
         hook(m, uc, UC_HOOK_INTR, on_exception) )
        return uc;

    uc_close(uc);

    return NULL;
}

/* In this order: CONTROL tells which stack pointer SP is. */
static const int registers[] = {
    UC_ARM_REG_R0,      UC_ARM_REG_R1,        UC_ARM_REG_R2,
    UC_ARM_REG_R3,      UC_ARM_REG_R4,        UC_ARM_REG_R5,
    UC_ARM_REG_R6,      UC_ARM_REG_R7,        UC_ARM_REG_R8,
    UC_ARM_REG_R9,      UC_ARM_REG_R10,       UC_ARM_REG_R11,
    UC_ARM_REG_R12,     UC_ARM_REG_LR,        UC_ARM_REG_PRIMASK,
    UC_ARM_REG_BASEPRI, UC_ARM_REG_FAULTMASK, UC_ARM_REG_MSP,
    UC_ARM_REG_PSP,     UC_ARM_REG_CONTROL,   UC_ARM_REG_SP,
};

/*
 * The memory of code that was dropped comes back only with a new emulator: a
 * flush of all code makes 2.0 touch all of its 1 GB [U]. If there is no memory
 * for a new one, the old one stays. (A context is not for two emulators [U].)
 */
static void renew(struct m4 *m)
{
    uc_engine *old = m->uc, *uc = make_emulator(m);
    uint32_t xpsr = get(m, UC_ARM_REG_XPSR);
    unsigned int i;

    if ( !uc )
        return;

    uc_context_save(uc, m->pristine);
    for ( i = 0; i < sizeof(registers) / sizeof(registers[0]); i++ )
    {
        uint32_t value = get(m, registers[i]);

        uc_reg_write(uc, registers[i], &value);
    }

    m->uc = uc;
    set(m, XPSR, xpsr);
    uc_close(old);
    m->fetched = 0;
}

/* What was translated may no longer hold. Not inside a segment. */
static void forget(struct m4 *m)
{
    unmap_all(m);
    if ( m->fetched >= FETCHED_MAX )
        renew(m);
    m->stale = false;
    m->fresh = true;
}

/*
 * Phases
 */

static void lock_up(struct m4 *m)
{
    m->state = M4_LOCKED_UP;
}

/* Of an access of the core's own that is not MMU_OK. */
static void fail(struct m4 *m, enum mmu_result result)
{
    m->state = result == MMU_STALL ? M4_STALLED : M4_LOCKED_UP;
}

/* [A] B1.5.5 */
static void boot(struct m4 *m)
{
    struct page page;
    enum mmu_result result = locate(m, 0, false, &page);
    uint32_t sp, pc;

    if ( result != MMU_OK )
    {
        fail(m, result);
        return;
    }

    if ( !read_word(&page, 0, &sp) || !read_word(&page, 4, &pc) || !(pc & 1) )
    {
        lock_up(m);
        return;
    }

    uc_context_restore(m->uc, m->pristine);
    set(m, UC_ARM_REG_SP, sp & ~3u);
    set(m, UC_ARM_REG_LR, ~0u);
    jump(m, pc);
    m->phase = EXECUTE;
}

static const int frame_registers[FRAME_WORDS] = {
    [FRAME_R0] = UC_ARM_REG_R0,   [FRAME_R1] = UC_ARM_REG_R1,
    [FRAME_R2] = UC_ARM_REG_R2,   [FRAME_R3] = UC_ARM_REG_R3,
    [FRAME_R12] = UC_ARM_REG_R12, [FRAME_LR] = UC_ARM_REG_LR,
};

/* Its pages: they may be one, or two. */
static enum mmu_result locate_frame(struct m4 *m, uint32_t da, bool write,
                                    struct page page[2])
{
    enum mmu_result result = locate(m, da, write, &page[0]);

    if ( result != MMU_OK )
        return result;

    page[1] = page[0];
    da += 4 * (FRAME_WORDS - 1);
    if ( (da & ~(M4_PAGE - 1)) == page[0].da )
        return MMU_OK;

    return locate(m, da, write, &page[1]);
}

static const struct page *page_of(const struct page page[2], uint32_t da)
{
    return &page[(da & ~(M4_PAGE - 1)) != page[0].da];
}

static bool write_frame(uint32_t da, const struct page page[2],
                        const uint32_t value[FRAME_WORDS])
{
    unsigned int i;

    for ( i = 0; i < FRAME_WORDS; i++, da += 4 )
        if ( !write_word(page_of(page, da), da, value[i]) )
            return false;

    return true;
}

static bool read_frame(uint32_t da, const struct page page[2],
                       uint32_t value[FRAME_WORDS])
{
    unsigned int i;

    for ( i = 0; i < FRAME_WORDS; i++, da += 4 )
        if ( !read_word(page_of(page, da), da, &value[i]) )
            return false;

    return true;
}

/* The registers as they are stacked, SP 8-byte aligned [A] B1.5.7. */
static void make_frame(struct m4 *m, uint32_t frame[FRAME_WORDS])
{
    uint32_t xpsr = get(m, UC_ARM_REG_XPSR) & ~XPSR_ALIGNED;
    unsigned int i;

    for ( i = FRAME_R0; i <= FRAME_LR; i++ )
        frame[i] = get(m, frame_registers[i]);
    frame[FRAME_PC] = m->pc;
    frame[FRAME_XPSR] = with_it(xpsr, m->it) | XPSR_T;
    if ( get(m, UC_ARM_REG_SP) & 4 )
        frame[FRAME_XPSR] |= XPSR_ALIGNED;
}

/* [A] B1.5.6 */
static void take_fault(struct m4 *m)
{
    uint32_t sp = (get(m, UC_ARM_REG_SP) - 4 * FRAME_WORDS) & ~7u;
    uint32_t frame[FRAME_WORDS], handler;
    struct page stack[2], vectors;
    enum mmu_result result = MMU_BUS_ERROR;

    if ( !m->handler )
        result = locate_frame(m, sp, true, stack);
    if ( result == MMU_OK )
        result = locate(m, HARDFAULT_VECTOR, false, &vectors);
    if ( result != MMU_OK )
    {
        fail(m, result);
        return;
    }

    make_frame(m, frame);
    if ( !write_frame(sp, stack, frame) ||
         !read_word(&vectors, HARDFAULT_VECTOR, &handler) || !(handler & 1) )
    {
        lock_up(m);
        return;
    }

    set(m, UC_ARM_REG_SP, sp);
    set(m, UC_ARM_REG_LR, EXC_RETURN);
    set(m, XPSR, get(m, UC_ARM_REG_XPSR) | HARDFAULT);
    jump(m, handler);
    m->handler = true;
    m->phase = EXECUTE;
}

/* [A] B1.5.8 */
static void unstack(struct m4 *m)
{
    uint32_t sp = get(m, UC_ARM_REG_SP);
    uint32_t frame[FRAME_WORDS];
    struct page stack[2];
    enum mmu_result result = MMU_BUS_ERROR;
    unsigned int i;

    if ( m->pc == (EXC_RETURN & ~1u) )
        result = locate_frame(m, sp, false, stack);
    if ( result != MMU_OK )
    {
        fail(m, result);
        return;
    }

    if ( !read_frame(sp, stack, frame) || (frame[FRAME_XPSR] & XPSR_EXCEPTION) )
    {
        lock_up(m);
        return;
    }

    for ( i = FRAME_R0; i <= FRAME_LR; i++ )
        set(m, frame_registers[i], frame[i]);
    sp += 4 * FRAME_WORDS;
    set(m, UC_ARM_REG_SP, (frame[FRAME_XPSR] & XPSR_ALIGNED) ? sp | 4 : sp);
    set(m, XPSR, frame[FRAME_XPSR]);
    jump(m, frame[FRAME_PC]);
    m->it = it_of(frame[FRAME_XPSR]);
    m->handler = false;
    m->phase = (frame[FRAME_XPSR] & XPSR_T) ? EXECUTE : FAULT;
}

static void conclude(struct m4 *m)
{
    switch ( m->event )
    {
    case PAUSE:
        break;
    case SLEEP:
        if ( !m->interrupt )
            m->state = M4_ASLEEP;
        break;
    case STALL:
        m->state = M4_STALLED;
        break;
    case ERROR:
        m->phase = FAULT;
        break;
    case RETURN:
        m->phase = UNSTACK;
        break;
    case BROKEN:
        lock_up(m);
        break;
    }
}

/* One segment. */
static void execute(struct m4 *m)
{
    if ( m->stale && !m->fresh )
        forget(m);

    m->ended = false;
    m->ldrd = false;
    set(m, XPSR, with_it(get(m, UC_ARM_REG_XPSR), m->it) | XPSR_T);
    uc_emu_start(m->uc, m->pc | 1, 0, 0, 0);

    /* Not by a hook: undefined, not Thumb, or fetched from a device [U]. */
    if ( !m->ended )
    {
        m->pc = get(m, UC_ARM_REG_PC);
        end(m, ERROR);
    }

    uc_context_restore(m->uc, m->saved);
    if ( m->ldrd )
        set(m, m->base_register, m->base);
    conclude(m);
}

static void step(struct m4 *m)
{
    switch ( m->phase )
    {
    case BOOT:
        boot(m);
        break;
    case EXECUTE:
        execute(m);
        break;
    case FAULT:
        take_fault(m);
        break;
    case UNSTACK:
        unstack(m);
        break;
    }
}

/*
 * The owner's side
 */

/* What the reset line did. Not while running. */
static void apply_reset(struct m4 *m)
{
    if ( m->reset_seen )
    {
        forget(m);
        jump(m, 0);
        m->handler = false;
        m->phase = BOOT;
        m->state = M4_IN_RESET;
        m->reset_seen = false;
    }

    if ( m->state == M4_IN_RESET && !m->reset_line )
        m->state = M4_RUNNING;
}

void m4_reset(struct m4 *m, bool asserted)
{
    m->reset_line = asserted;
    m->reset_seen |= asserted;
    if ( m->running )
        m->left = 0;
    else
        apply_reset(m);
}

void m4_interrupt(struct m4 *m, bool level)
{
    m->interrupt = level;
    if ( level && m->state == M4_ASLEEP )
        m->state = M4_RUNNING;
}

void m4_retranslate(struct m4 *m)
{
    if ( m->running )
        m->stale = true;
    else
        forget(m);
}

bool m4_run(struct m4 *m, unsigned int instructions)
{
    if ( m->state == M4_STALLED )
        m->state = M4_RUNNING;

    m->running = true;
    m->left = instructions;
    while ( m->state == M4_RUNNING && m->left )
        step(m);
    m->running = false;

    if ( m->stale )
        forget(m);
    apply_reset(m);

    return m->state == M4_RUNNING;
}

enum m4_state m4_state(const struct m4 *m)
{
    return m->state;
}

uint32_t m4_pc(const struct m4 *m)
{
    return m->pc;
}

struct m4 *m4_new(const struct m4_config *config)
{
    struct m4 *m = calloc(1, sizeof(*m));

    if ( !m )
        return NULL;

    m->config = *config;
    m->reset_line = true;
    m->uc = make_emulator(m);
    if ( m->uc && uc_context_alloc(m->uc, &m->saved) == UC_ERR_OK &&
         uc_context_alloc(m->uc, &m->pristine) == UC_ERR_OK &&
         uc_context_save(m->uc, m->pristine) == UC_ERR_OK )
        return m;

    m4_free(m);

    return NULL;
}

void m4_free(struct m4 *m)
{
    if ( !m )
        return;

    if ( m->pristine )
        uc_context_free(m->pristine);
    if ( m->saved )
        uc_context_free(m->saved);
    if ( m->uc )
        uc_close(m->uc);
    free(m);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
