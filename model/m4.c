/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A Cortex-M4 behind an OMAP MMU. [A] is the ARMv7-M Architecture Reference
 * Manual, DDI 0403E; [U] what libunicorn 2.0 and 2.1 were seen to do.
 *
 * The emulator has the pages that were accessed, and no others: a miss is
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

#include "ipu_regs.h"
#include "m4.h"
#include "nvic.h"

/* Pages that are remembered; one instruction cannot need more than SPARE. */
#define PAGES 128u
#define SPARE 16u

/*
 * So many pages of code take some 10 MB of the emulator, 200 at worst [U]. It
 * does not free what it allocates for a page that is mapped: that goes with the
 * emulator as well.
 */
#define FETCHED_MAX 1024u

/* [A] B1.5.8: the value of PC, without the bit that says Thumb. */
#define RETURN_HANDLER 0xfffffff0u
#define RETURN_MSP     0xfffffff8u
#define RETURN_PSP     0xfffffffcu

#define CONTROL_UNPRIVILEGED 1u
#define CONTROL_PSP          2u

/* Numbers that the emulator has for what it does not do itself [U]. */
#define EXCEPTION_UNDEFINED 1u
#define EXCEPTION_SVC       2u
#define EXCEPTION_ALIGNMENT 4u /* of LDREX and LDREXH */
#define EXCEPTION_BKPT      7u
#define EXCEPTION_RETURN    8u /* BX, POP or LDR of EXC_RETURN, no other jump */
#define EXCEPTION_INVSTATE  18u

/*
 * What m4_run() may cost besides instructions, which are cheap: by measurement,
 * in about a microsecond of the host [U]. A fetch, of two pages at most, must
 * leave some of it: then each m4_run() gets on.
 */
#define WORK_MAX  400u
#define WORK_STEP 1u   /* a segment, or a phase */
#define WORK_PAGE 100u /* to learn of a page, and to forget it */

/* Parts of the private peripherals. */
#define SCS_DA     0xe000e000u
#define CPACR_DA   0xe000ed88u
#define CORE_ID_DA 0xe00fffe0u /* TI's: 0 on the first core of an IPU */

/* Said once each; so many are remembered. Instead of the last: MORE. */
#define REPORTED_MAX 32u
#define MORE         "more is asked for that is not emulated"

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
    EXECUTE, /* stack for what is due, or execute the instruction at pc */
    VECTOR,  /* stacked: take what is due */
    LEAVE,   /* the exception that runs returns, to pc */
    UNSTACK, /* it is left: take what is due by the same frame, or unstack */
};

/* Why a segment ended. */
enum event {
    PAUSE, /* nothing is the matter, or an exception pends */
    SLEEP,
    STALL,
    RETURN,
    DEAD, /* nothing can be taken, or the emulator has no memory */
};

/* Who answers an access. */
enum kind {
    BUS,     /* RAM, or a device */
    PRIVATE, /* the core's private peripherals */
    IPU,     /* the IPU's own registers */
    BITBAND, /* bits of L2RAM */
};

/* A page that the emulator has, or an access of the core's own goes to. */
struct page {
    struct m4 *m;
    uint32_t da;
    uint32_t pa;
    uint8_t *host; /* NULL: a device */
    enum kind kind;
};

struct m4 {
    struct m4_config config;
    uc_engine *uc;
    uc_context *pristine; /* the registers after power on */
    uc_context *saved;    /* the registers where the segment ended */

    enum m4_state state;
    enum phase phase;
    uint32_t pc;         /* of the current instruction */
    uint32_t exc_return; /* of what is being taken */
    bool by_event;       /* asleep by WFE */
    bool not_thumb;      /* EPSR.T is 0: a fault is due */
    bool masks_moved;    /* the emulator's are not what nvic has */
    bool monitor_open;   /* an exception came or went since the last LDREX */
    bool reset_line;
    bool reset_seen; /* the line was asserted since apply_reset() */

    struct nvic nvic;
    struct ipu_regs ipu;
    struct reported {
        uint32_t da;
        const char *what;
    } reported[REPORTED_MAX];
    unsigned int reported_count;

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
    unsigned int work; /* see WORK_MAX */
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

static const int register_ids[] = {
    UC_ARM_REG_R0,  UC_ARM_REG_R1, UC_ARM_REG_R2,  UC_ARM_REG_R3,
    UC_ARM_REG_R4,  UC_ARM_REG_R5, UC_ARM_REG_R6,  UC_ARM_REG_R7,
    UC_ARM_REG_R8,  UC_ARM_REG_R9, UC_ARM_REG_R10, UC_ARM_REG_R11,
    UC_ARM_REG_R12, UC_ARM_REG_SP, UC_ARM_REG_LR,  UC_ARM_REG_PC,
};

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
    m->not_thumb = false;
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

static enum kind kind_of(uint32_t da)
{
    if ( da - M4_PRIVATE_DA < M4_PRIVATE_SIZE )
        return PRIVATE;
    if ( da - M4_IPU_DA < M4_IPU_SIZE || da - M4_IPU_L3_DA < M4_IPU_SIZE )
        return IPU;

    return da - M4_BITBAND_DA < M4_BITBAND_SIZE ? BITBAND : BUS;
}

/* The page of an access to da: *page is set if this is MMU_OK. */
static enum mmu_result locate(struct m4 *m, uint32_t da, bool write,
                              struct page *page)
{
    enum mmu_result result;
    uint32_t pa = 0;

    *page = (struct page){ .m = m, .da = da & ~(M4_PAGE - 1) };
    page->kind = kind_of(da);
    if ( page->kind != BUS )
        return MMU_OK;
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

static void report(struct m4 *m, uint32_t da, const char *what)
{
    if ( m->config.missing )
        m->config.missing(m->config.ctx, da, what);
}

/* Reports to the owner what is not emulated: once for each da and text. */
static void report_once(struct m4 *m, uint32_t da, const char *what)
{
    unsigned int i;

    for ( i = 0; i < m->reported_count; i++ )
        if ( m->reported[i].da == da && !strcmp(m->reported[i].what, what) )
            return;
    if ( m->reported_count == REPORTED_MAX )
        return;

    m->reported[m->reported_count++] = (struct reported){ da, what };
    report(m, da, m->reported_count == REPORTED_MAX ? MORE : what);
}

static const char *name_of(uint32_t da)
{
    if ( da - SCS_DA >= M4_PAGE ||
         (da - SCS_DA >= 0xdf0 && da - SCS_DA < 0xf00) )
        return "debug and trace units are not emulated";
    if ( da - SCS_DA >= 0xd90 && da - SCS_DA < 0xdf0 )
        return "there is no MPU";
    if ( da - SCS_DA == 0xd88 || da - SCS_DA >= 0xf34 )
        return "there is no FPU on silicon; its registers are not stacked here";

    return "no such register is emulated";
}

/* In the emulator it has a bit for floating point as well. */
static uint32_t control(struct m4 *m)
{
    return get(m, UC_ARM_REG_CONTROL) & (CONTROL_UNPRIVILEGED | CONTROL_PSP);
}

static bool is_privileged(struct m4 *m)
{
    return m->nvic.current || !(control(m) & CONTROL_UNPRIVILEGED);
}

/* Of a private peripheral, to a word [A] B3.2: STIR may be for all. */
static bool may_reach(struct m4 *m, uint32_t da)
{
    return is_privileged(m) ||
           (da == SCS_DA + SCS_STIR && (m->nvic.ccr & CCR_USERSETMPEND));
}

static bool private_read(struct m4 *m, uint32_t da, uint32_t *value)
{
    if ( !may_reach(m, da) )
        return false;

    if ( da - SCS_DA < M4_PAGE )
    {
        if ( !nvic_read(&m->nvic, da - SCS_DA, value) )
            report_once(m, da, name_of(da));
    }
    else if ( da != CORE_ID_DA )
        report_once(m, da & ~(M4_PAGE - 1), name_of(da));

    return true;
}

static void report_aircr(struct m4 *m, uint32_t value)
{
    if ( value & AIRCR_SYSRESETREQ )
        report_once(m, SCS_DA + SCS_AIRCR, "SYSRESETREQ resets nothing");
    if ( value & (AIRCR_VECTCLRACTIVE | AIRCR_VECTRESET) )
        report_once(m, SCS_DA + SCS_AIRCR,
                    "VECTCLRACTIVE and VECTRESET do nothing");
}

static void report_ccr(struct m4 *m)
{
    if ( m->nvic.ccr & CCR_UNALIGN_TRP )
        report_once(m, SCS_DA + SCS_CCR, "UNALIGN_TRP traps nothing");
    if ( m->nvic.ccr & CCR_BFHFNMIGN )
        report_once(m, SCS_DA + SCS_CCR, "BFHFNMIGN ignores nothing");
}

static bool private_write(struct m4 *m, uint32_t da, uint32_t value,
                          uint32_t mask)
{
    if ( !may_reach(m, da) )
        return false;

    if ( da - SCS_DA >= M4_PAGE )
        report_once(m, da & ~(M4_PAGE - 1), name_of(da));
    else if ( !nvic_write(&m->nvic, da - SCS_DA, value, mask) )
        report_once(m, da, name_of(da));

    if ( da == SCS_DA + SCS_AIRCR && nvic_has_key(value & mask) )
        report_aircr(m, value & mask);
    if ( da == SCS_DA + SCS_CCR )
        report_ccr(m);

    return true;
}

static void report_ipu(struct m4 *m, uint32_t da, enum ipu_regs_result result)
{
    if ( result == IPU_REGS_NONE )
        report_once(m, da, "the IPU's own unit has no such register here");
    else if ( result == IPU_REGS_TRANSLATES )
        report_once(m, da,
                    "the AMMU translates nothing: this page leads where it is");
}

/* The byte that a bit-band address is for, and the bit in it [A] B3.1. */
static uint8_t *bit_of(struct m4 *m, uint32_t da, unsigned int *bit)
{
    uint32_t offset = (da - M4_BITBAND_DA) / 4;

    *bit = offset % 8;

    return (uint8_t *)m->config.l2ram + offset / 8;
}

/* A word of what is the core's own. */
static bool own_read(const struct page *page, uint32_t da, uint32_t *value)
{
    struct m4 *m = page->m;
    unsigned int bit;

    if ( page->kind == PRIVATE )
        return private_read(m, da, value);

    if ( page->kind == IPU )
        report_ipu(m, da, ipu_regs_read(&m->ipu, da % IPU_REGS_SIZE, value));
    else
    {
        *value = *bit_of(m, da, &bit);
        *value = *value >> bit & 1;
    }

    return true;
}

static bool own_write(const struct page *page, uint32_t da, uint32_t value,
                      uint32_t mask)
{
    struct m4 *m = page->m;
    unsigned int bit;
    uint8_t *byte;

    if ( page->kind == PRIVATE )
        return private_write(m, da, value, mask);

    if ( page->kind == IPU )
        report_ipu(m, da,
                   ipu_regs_write(&m->ipu, da % IPU_REGS_SIZE, value, mask));
    else
    {
        byte = bit_of(m, da, &bit);
        *byte = (*byte & ~(1u << bit)) | (value & 1) << bit;
    }

    return true;
}

/* The bits of size bytes. */
static uint32_t ones(unsigned int size)
{
    return size < 4 ? (1u << 8 * size) - 1 : ~0u;
}

static bool device_read(const struct page *page, uint32_t offset,
                        unsigned int size, uint32_t *value)
{
    const struct m4_config *config = &page->m->config;
    uint32_t da = page->da + offset;

    *value = 0;
    if ( page->kind == BUS )
        return config->read(config->ctx, page->pa + offset, size, value);
    if ( !own_read(page, da & ~3u, value) )
        return false;

    *value = *value >> 8 * (da & 3) & ones(size);

    return true;
}

static bool device_write(const struct page *page, uint32_t offset,
                         unsigned int size, uint32_t value)
{
    const struct m4_config *config = &page->m->config;
    uint32_t da = page->da + offset, shift = 8 * (da & 3);

    if ( page->kind == BUS )
        return config->write(config->ctx, page->pa + offset, size, value);

    return own_write(page, da & ~3u, value << shift, ones(size) << shift);
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

static void spend(struct m4 *m, unsigned int work)
{
    m->work -= work < m->work ? work : m->work;
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

static bool is_device(const struct m4 *m, uint32_t da)
{
    unsigned int index = m->index[da / M4_PAGE];

    return index && !m->pages[index - 1].host;
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

/*
 * ITSTATE of the instruction at pc [A] A7.3. It moves on by one for each
 * instruction of the block, whether its condition holds or not.
 */
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

/* A fault of the instruction at pc, or of the core itself: see nvic_raise(). */
static void fault(struct m4 *m, unsigned int exception, uint32_t cfsr)
{
    end(m, nvic_raise(&m->nvic, exception, cfsr) ? PAUSE : DEAD);
}

/* A load or store that got a bus error. */
static void bus_fault(struct m4 *m, uint32_t da)
{
    m->nvic.bfar = da;
    fault(m, NVIC_BUSFAULT, CFSR_PRECISERR | CFSR_BFARVALID);
}

/*
 * What the emulator does not do as hardware does
 */

/* YIELD, WFE, WFI. SEV is an event of this core's as well. */
static void hint(struct m4 *m, unsigned int op, unsigned int size)
{
    if ( op == 4 )
        m->nvic.event = true;
    if ( op < 1 || op > 3 )
        return;

    m->pc += size;
    m->by_event = op == 2;
    end(m, op == 1 ? PAUSE : SLEEP);
}

/* The emulator has masks of its own, which nobody asks but MRS. */
static void set_masks(struct m4 *m, uint8_t primask, uint8_t faultmask,
                      uint8_t basepri)
{
    if ( !is_privileged(m) )
        return;

    nvic_set_masks(&m->nvic, primask, faultmask, basepri);
    m->masks_moved = true;
}

/* CPS [A] B5.2.1: which masks, and whether they are set or cleared. */
static void change_masks(struct m4 *m, uint16_t insn)
{
    const struct nvic *n = &m->nvic;
    uint8_t value = insn >> 4 & 1;

    set_masks(m, insn & 2 ? value : n->primask, insn & 1 ? value : n->faultmask,
              n->basepri);
}

/* MSR [A] B5.2.3, of the masks: the emulator implements the other registers. */
static void move_to_mask(struct m4 *m, uint16_t insn, uint16_t second)
{
    const struct nvic *n = &m->nvic;
    uint32_t value = get(m, register_ids[insn & 15]);
    uint8_t level = value & 0xf0;

    switch ( second & 0xff )
    {
    case 16:
        set_masks(m, value, n->faultmask, n->basepri);
        break;
    case 17:
        set_masks(m, n->primask, n->faultmask, level);
        break;
    case 18: /* BASEPRI_MAX: only to what masks more */
        if ( !level || (n->basepri && level >= n->basepri) )
            level = n->basepri;
        set_masks(m, n->primask, n->faultmask, level);
        break;
    case 19:
        set_masks(m, n->primask, value, n->basepri);
        break;
    }
}

/* The size of what LDREX or STREX accesses [A] A5.3.6; 0: it is neither. */
static unsigned int exclusive_size(uint16_t insn, uint16_t second)
{
    if ( (insn & 0xffe0) == 0xe840 )
        return 4;
    if ( (insn & 0xffe0) != 0xe8c0 )
        return 0;

    switch ( second & 0xf0 )
    {
    case 0x40:
        return 1;
    case 0x50:
        return 2;
    default:
        return 0;
    }
}

/* LDREX faults in the emulator: see on_exception(). STREX does not always. */
static bool is_unaligned_store(struct m4 *m, uint16_t insn, unsigned int size)
{
    return !(insn & 0x10) && (get(m, register_ids[insn & 15]) & (size - 1));
}

/* Done here: it only set a register. On to what follows. */
static void done(struct m4 *m, unsigned int reg, uint32_t value)
{
    set(m, register_ids[reg], value);
    m->pc += 4;
    end(m, PAUSE);
}

/*
 * LDREX, STREX. The emulator has the local monitor, but only this core sees when
 * an exception which is taken or left opens it [A] B1.5.6, B1.5.8: then STREX
 * fails without a store.
 */
static void access_exclusively(struct m4 *m, uint16_t insn, uint16_t second,
                               unsigned int size)
{
    if ( insn & 0x10 )
        m->monitor_open = false;
    else if ( m->monitor_open )
        done(m, size == 4 ? second >> 8 & 15 : second & 15, 1);
}

/* What a wide instruction may be refused for: a cause in CFSR, or 0. */
static uint32_t refusal(struct m4 *m, uint16_t insn, uint16_t second)
{
    unsigned int size = exclusive_size(insn, second);

    if ( size && is_unaligned_store(m, insn, size) )
        return CFSR_UNALIGNED;

    /* Coprocessors [A] A5.3.18: there is none, but for 10 and 11, the FPU. */
    if ( (insn & 0xec00) == 0xec00 && (second >> 8 & 14) != 10 )
        return CFSR_NOCP;
    if ( (insn & 0xec00) == 0xec00 )
        report_once(
            m, CPACR_DA,
            "there is no FPU on silicon; its registers are not stacked here");

    /* SDIV, UDIV [A] A7.7.127, A7.7.195 */
    if ( (insn & 0xffd0) == 0xfb90 && (second & 0xf0f0) == 0xf0f0 &&
         (m->nvic.ccr & CCR_DIV_0_TRP) && !get(m, register_ids[second & 15]) )
        return CFSR_DIVBYZERO;

    return 0;
}

/* [A] A5.3 */
static void decode_wide(struct m4 *m, uint16_t insn, uint16_t second)
{
    uint32_t cause = refusal(m, insn, second);
    unsigned int size = exclusive_size(insn, second);

    if ( cause )
        fault(m, NVIC_USAGEFAULT, cause);
    else if ( size )
        access_exclusively(m, insn, second, size);
    else if ( insn == 0xf3af && (second & 0xfff0) == 0x8000 )
        hint(m, second & 15, 4);
    else if ( (insn & 0xfff0) == 0xf380 && (second & 0xff00) == 0x8800 )
        move_to_mask(m, insn, second);
    else if ( insn == 0xf3ef && (second & 0xf0ff) == 0x8014 )
        done(m, second >> 8 & 15, control(m));
    else if ( (insn & 0xfe50) == 0xe850 && second >> 12 == (insn & 15) )
    {
        m->ldrd = true;
        m->base_register = register_ids[insn & 15];
        m->base = get(m, m->base_register);
    }
}

/* [A] A5.2.5: IT, hints, CPS; and what is wide. */
static void decode(struct m4 *m, unsigned int size)
{
    uint16_t insn = halfword(m, m->pc);

    if ( size == 4 )
        decode_wide(m, insn, halfword(m, m->pc + 2));
    else if ( (insn & 0xff0f) == 0xbf00 )
        hint(m, insn >> 4 & 15, size);
    else if ( (insn & 0xff00) == 0xbf00 )
        set_it(m, m->pc + 2, insn);
    else if ( (insn & 0xffec) == 0xb660 )
        change_masks(m, insn);
}

/* So that MRS says what nvic has. */
static void show_masks(struct m4 *m)
{
    if ( !m->masks_moved || !is_privileged(m) )
        return;

    set(m, UC_ARM_REG_PRIMASK, m->nvic.primask);
    set(m, UC_ARM_REG_FAULTMASK, m->nvic.faultmask);
    set(m, UC_ARM_REG_BASEPRI, m->nvic.basepri);
    m->masks_moved = false;
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
        show_masks(m);

        if ( m->left && m->work && !m->nvic.due && (!m->stale || m->fresh) )
        {
            m->left--;
            m->fresh = false;
            nvic_tick(&m->nvic);
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
        bus_fault(page->m, page->da + offset);

    return value;
}

static void on_device_write(uc_engine *uc, uint64_t offset, unsigned size,
                            uint64_t value, void *ctx)
{
    const struct page *page = ctx;

    (void)uc;
    if ( !page->m->ended &&
         !(size <= 4 && device_write(page, offset, size, value)) )
        bus_fault(page->m, page->da + offset);
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

    spend(m, WORK_PAGE);
    m->index[page->da / M4_PAGE] = ++m->count;
    if ( m->count > PAGES - SPARE )
        m->stale = true;

    return true;
}

/* PAUSE: the page is known now. *fails: there is a bus error. */
static enum event miss(struct m4 *m, uint32_t da, uc_mem_type type, bool *fails)
{
    enum mmu_result result;
    struct page page;

    result = locate(m, da, type == UC_MEM_WRITE_UNMAPPED, &page);
    *fails = result == MMU_BUS_ERROR;
    if ( result == MMU_STALL )
        return STALL;

    return *fails || map(m, &page) ? PAUSE : DEAD;
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
    bool fails;

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

    event = miss(m, address, type, &fails);
    if ( event == PAUSE && !fails && type != UC_MEM_FETCH_UNMAPPED )
        return true;

    if ( !fails )
        end(m, event);
    else if ( type == UC_MEM_FETCH_UNMAPPED )
        fault(m, NVIC_BUSFAULT, CFSR_IBUSERR);
    else
        bus_fault(m, address);
    if ( m->it && type == UC_MEM_WRITE_UNMAPPED ) /* the others stop at once */
        unmap_all(m);

    return false;
}

/* Does the architecture execute nothing there? [A] B3.1 */
static bool never_executes(uint32_t da)
{
    unsigned int region = da >> 29;

    return region == 2 || region > 4;
}

static void fetch_fault(struct m4 *m)
{
    if ( never_executes(m->pc) )
        fault(m, NVIC_MEMMANAGE, CFSR_IACCVIOL);
    else
        fault(m, NVIC_BUSFAULT, CFSR_IBUSERR);
}

/* It returns behind itself, where it is taken as what it is. */
static void supervisor_call(struct m4 *m)
{
    unsigned int taken = nvic_raise(&m->nvic, NVIC_SVCALL, 0);

    if ( taken == NVIC_SVCALL )
        m->pc += 2;
    end(m, taken ? PAUSE : DEAD);
}

/* What CFSR says of it; 0: it is no UsageFault. */
static uint32_t usage_fault(uint32_t number)
{
    switch ( number )
    {
    case EXCEPTION_UNDEFINED:
        return CFSR_UNDEFINSTR;
    case EXCEPTION_INVSTATE:
        return CFSR_INVSTATE;
    case EXCEPTION_ALIGNMENT:
        return CFSR_UNALIGNED;
    default:
        return 0;
    }
}

/* SVC, BKPT, a return from an exception, and faults that the emulator raises. */
static void on_exception(uc_engine *uc, uint32_t number, void *ctx)
{
    struct m4 *m = ctx;

    (void)uc;
    if ( m->ended )
        return;

    if ( number == EXCEPTION_SVC ) /* PC is past it */
    {
        supervisor_call(m);
        return;
    }

    m->pc = get(m, UC_ARM_REG_PC);
    if ( number == EXCEPTION_RETURN && m->nvic.current )
        end(m, RETURN);
    else if ( usage_fault(number) )
        fault(m, NVIC_USAGEFAULT, usage_fault(number));
    else if ( number == EXCEPTION_BKPT )
    {
        m->nvic.hfsr |= HFSR_DEBUGEVT;
        m->nvic.dfsr |= DFSR_BKPT;
        fault(m, NVIC_HARDFAULT, 0);
    }
    else
        fetch_fault(m);
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

/* In this order; MSP is SP while an exception runs. */
static const int registers[] = {
    UC_ARM_REG_R0,      UC_ARM_REG_R1,        UC_ARM_REG_R2,
    UC_ARM_REG_R3,      UC_ARM_REG_R4,        UC_ARM_REG_R5,
    UC_ARM_REG_R6,      UC_ARM_REG_R7,        UC_ARM_REG_R8,
    UC_ARM_REG_R9,      UC_ARM_REG_R10,       UC_ARM_REG_R11,
    UC_ARM_REG_R12,     UC_ARM_REG_LR,        UC_ARM_REG_PRIMASK,
    UC_ARM_REG_BASEPRI, UC_ARM_REG_MSP,       UC_ARM_REG_CONTROL,
    UC_ARM_REG_PSP,     UC_ARM_REG_FAULTMASK, UC_ARM_REG_FPSCR,
};

#define FLOATS 16u /* D0 and so on, two singles each */

static void copy_registers(uc_engine *from, uc_engine *to)
{
    unsigned int i;

    for ( i = 0; i < sizeof(registers) / sizeof(registers[0]); i++ )
    {
        uint32_t value = 0;

        uc_reg_read(from, registers[i], &value);
        uc_reg_write(to, registers[i], &value);
    }
    for ( i = 0; i < FLOATS; i++ )
    {
        uint64_t value = 0;

        uc_reg_read(from, UC_ARM_REG_D0 + i, &value);
        uc_reg_write(to, UC_ARM_REG_D0 + i, &value);
    }
}

/*
 * The memory of code that was dropped comes back only with a new emulator: a
 * flush of all code makes 2.0 touch all of its 1 GB [U]. If there is no memory
 * for a new one, the old one stays. (A context is not for two emulators [U].)
 * It takes longer than all else: m4_run() ends.
 */
static void renew(struct m4 *m)
{
    uc_engine *old = m->uc, *uc = make_emulator(m);
    uint32_t xpsr = get(m, UC_ARM_REG_XPSR);
    uint32_t handler = xpsr | NVIC_HARDFAULT; /* may see them all [U] */

    m->work = 0;
    if ( !uc )
        return;

    uc_context_save(uc, m->pristine);
    set(m, XPSR, handler);
    uc_reg_write(uc, XPSR, &handler);
    copy_registers(old, uc);

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
    report(m, m->pc, "the core locked up here, until its reset");
}

/* Asleep, is there a reason to go on? [A] B1.5.17, B1.5.18 */
static void wake(struct m4 *m)
{
    bool due =
        m->by_event ? m->nvic.event || m->nvic.due : m->nvic.unmasked_due;

    if ( m->state != M4_ASLEEP || !due )
        return;

    if ( m->by_event )
        m->nvic.event = false;
    m->state = M4_RUNNING;
}

static void fall_asleep(struct m4 *m)
{
    m->state = M4_ASLEEP;
    wake(m);
}

/* Of an access of the core's own that is not MMU_OK. */
static void fail(struct m4 *m, enum mmu_result result)
{
    if ( result == MMU_STALL )
        m->state = M4_STALLED;
    else
        lock_up(m);
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

/*
 * A frame in the private peripherals would change what is due while it is taken:
 * it is a bus error.
 */
static enum mmu_result locate_stack(struct m4 *m, uint32_t da, bool write,
                                    struct page *page)
{
    enum mmu_result result = locate(m, da, write, page);

    return result == MMU_OK && page->kind == PRIVATE ? MMU_BUS_ERROR : result;
}

/* Its pages: they may be one, or two. */
static enum mmu_result locate_frame(struct m4 *m, uint32_t da, bool write,
                                    struct page page[2])
{
    enum mmu_result result = locate_stack(m, da, write, &page[0]);

    if ( result != MMU_OK )
        return result;

    page[1] = page[0];
    da += 4 * (FRAME_WORDS - 1);
    if ( (da & ~(M4_PAGE - 1)) == page[0].da )
        return MMU_OK;

    return locate_stack(m, da, write, &page[1]);
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

/* The registers as they are stacked [A] B1.5.7. */
static void make_frame(struct m4 *m, uint32_t frame[FRAME_WORDS], bool aligned)
{
    uint32_t xpsr = get(m, UC_ARM_REG_XPSR) & ~XPSR_ALIGNED;
    unsigned int i;

    for ( i = FRAME_R0; i <= FRAME_LR; i++ )
        frame[i] = get(m, frame_registers[i]);
    frame[FRAME_PC] = m->pc;
    frame[FRAME_XPSR] = with_it(xpsr, m->it) & ~XPSR_T;
    if ( !m->not_thumb )
        frame[FRAME_XPSR] |= XPSR_T;
    if ( aligned && (get(m, UC_ARM_REG_SP) & 4) )
        frame[FRAME_XPSR] |= XPSR_ALIGNED;
}

/*
 * A fault of the core's own access while an exception is taken or left: another
 * exception is due. False: none can be, it locks up.
 */
static bool derive(struct m4 *m, unsigned int exception, uint32_t cfsr)
{
    if ( nvic_raise(&m->nvic, exception, cfsr) )
        return true;

    lock_up(m);

    return false;
}

/* What PC or EPSR has is no Thumb code: a fault before its first instruction. */
static void refuse_state(struct m4 *m)
{
    m->not_thumb = true;
    derive(m, NVIC_USAGEFAULT, CFSR_INVSTATE);
}

/* By EXC_RETURN it comes back [A] B1.5.6. */
static void begin_handler(struct m4 *m, uint32_t handler)
{
    unsigned int exception = m->nvic.due;
    uint32_t xpsr = get(m, UC_ARM_REG_XPSR) & ~XPSR_EXCEPTION;

    set(m, XPSR, with_it(xpsr, 0) | exception);
    set(m, UC_ARM_REG_CONTROL, control(m) & ~CONTROL_PSP);
    set(m, UC_ARM_REG_LR, m->exc_return | 1);
    jump(m, handler);
    nvic_take(&m->nvic, exception);
    m->monitor_open = true;
    m->phase = EXECUTE;
    if ( !(handler & 1) )
        refuse_state(m);
}

static uint32_t exc_return(struct m4 *m)
{
    if ( m->nvic.current )
        return RETURN_HANDLER;

    return control(m) & CONTROL_PSP ? RETURN_PSP : RETURN_MSP;
}

/*
 * A stack that gets an error is another exception, which is before the one that
 * is due or after it; the frame is lost [A] B1.5.14. Of HardFault and NMI it is
 * the end.
 */
static bool stack_error(struct m4 *m)
{
    if ( m->nvic.due > NVIC_HARDFAULT )
        return derive(m, NVIC_BUSFAULT, CFSR_STKERR);

    lock_up(m);

    return false;
}

/* The first half of taking what is due [A] B1.5.6. */
static void stack(struct m4 *m)
{
    bool aligned = m->nvic.ccr & CCR_STKALIGN;
    uint32_t sp =
        (get(m, UC_ARM_REG_SP) - 4 * FRAME_WORDS) & (aligned ? ~7u : ~3u);
    uint32_t frame[FRAME_WORDS];
    struct page pages[2];
    enum mmu_result result = locate_frame(m, sp, true, pages);

    if ( result == MMU_STALL )
    {
        m->state = M4_STALLED;
        return;
    }

    make_frame(m, frame, aligned);
    if ( (result == MMU_BUS_ERROR || !write_frame(sp, pages, frame)) &&
         !stack_error(m) )
        return;

    m->exc_return = exc_return(m);
    set(m, UC_ARM_REG_SP, sp);
    m->phase = VECTOR;
}

/*
 * The second half. Its vector may stall, or get an error: then HardFault is due,
 * whose vector follows.
 */
static void take(struct m4 *m)
{
    unsigned int exception = m->nvic.due;
    uint32_t da = m->nvic.vtor + 4 * exception, handler;
    struct page page;
    enum mmu_result result = locate(m, da, false, &page);

    if ( result == MMU_STALL )
        m->state = M4_STALLED;
    else if ( result == MMU_OK && read_word(&page, da, &handler) )
        begin_handler(m, handler);
    else
    {
        m->nvic.hfsr |= HFSR_VECTTBL;
        if ( exception <= NVIC_HARDFAULT )
            lock_up(m);
        else
            derive(m, NVIC_HARDFAULT, 0);
    }
}

/*
 * Returning
 */

/* May what runs return so? [A] B1.5.8 */
static bool may_return(const struct m4 *m)
{
    unsigned int nested = nvic_nested(&m->nvic);

    if ( !m->nvic.active[m->nvic.current] )
        return false;
    if ( m->pc == RETURN_HANDLER )
        return nested > 1;

    return (m->pc == RETURN_MSP || m->pc == RETURN_PSP) &&
           (nested == 1 || (m->nvic.ccr & CCR_NONBASETHRDENA));
}

static void leave(struct m4 *m)
{
    bool may = may_return(m);

    nvic_leave(&m->nvic);
    m->masks_moved = true;
    m->monitor_open = true;
    m->phase = UNSTACK;
    if ( !may )
        derive(m, NVIC_USAGEFAULT, CFSR_INVPC);
}

/* Registers and mode of a frame at sp. In Handler mode until XPSR is set. */
static void restore(struct m4 *m, const uint32_t frame[FRAME_WORDS],
                    uint32_t sp)
{
    bool psp = m->pc == RETURN_PSP;
    uint32_t thread = control(m) & ~CONTROL_PSP;
    unsigned int i;

    for ( i = FRAME_R0; i <= FRAME_LR; i++ )
        set(m, frame_registers[i], frame[i]);
    sp += 4 * FRAME_WORDS;
    if ( frame[FRAME_XPSR] & XPSR_ALIGNED )
        sp |= 4;
    set(m, psp ? UC_ARM_REG_PSP : UC_ARM_REG_MSP, sp);
    set(m, UC_ARM_REG_CONTROL, thread | (psp ? CONTROL_PSP : 0));
    set(m, XPSR, frame[FRAME_XPSR] & ~XPSR_ALIGNED);
    jump(m, frame[FRAME_PC]);
    m->it = it_of(frame[FRAME_XPSR]);
    nvic_resume(&m->nvic, frame[FRAME_XPSR] & XPSR_EXCEPTION);
    m->phase = EXECUTE;
}

/* What a return does besides. */
static void go_on(struct m4 *m, uint32_t xpsr)
{
    if ( !(xpsr & XPSR_T) )
        refuse_state(m);
    else if ( !(xpsr & XPSR_EXCEPTION) && (m->nvic.scr & SCR_SLEEPONEXIT) )
    {
        m->by_event = false;
        fall_asleep(m);
    }
}

/*
 * May a frame with this exception be returned to, in the mode that EXC_RETURN
 * says? It need not be active: the return from it fails. A number that no
 * exception has, for which the architecture has no rule, is refused.
 */
static bool fits(const struct m4 *m, unsigned int exception)
{
    return exception < NVIC_EXCEPTIONS &&
           !exception == (m->pc != RETURN_HANDLER);
}

/* [A] B1.5.8 */
static void unstack(struct m4 *m)
{
    uint32_t sp = get(m, m->pc == RETURN_PSP ? UC_ARM_REG_PSP : UC_ARM_REG_MSP);
    uint32_t frame[FRAME_WORDS];
    struct page stack[2];
    enum mmu_result result;

    if ( m->nvic.due ) /* it follows at once, by the same frame [A] B1.5.12 */
    {
        m->exc_return = m->pc;
        m->phase = VECTOR;
        return;
    }

    result = locate_frame(m, sp, false, stack);
    if ( result == MMU_STALL )
        m->state = M4_STALLED;
    else if ( result == MMU_BUS_ERROR || !read_frame(sp, stack, frame) )
        derive(m, NVIC_BUSFAULT, CFSR_UNSTKERR);
    else if ( !fits(m, frame[FRAME_XPSR] & XPSR_EXCEPTION) )
        derive(m, NVIC_USAGEFAULT, CFSR_INVPC);
    else
    {
        restore(m, frame, sp);
        go_on(m, frame[FRAME_XPSR]);
    }
}

static void conclude(struct m4 *m)
{
    switch ( m->event )
    {
    case PAUSE:
        break;
    case SLEEP:
        fall_asleep(m);
        break;
    case STALL:
        m->state = M4_STALLED;
        break;
    case RETURN:
        m->phase = LEAVE;
        break;
    case DEAD:
        lock_up(m);
        break;
    }
}

/* Not by a hook: undefined, not Thumb, or fetched from a device [U]. */
static void stopped(struct m4 *m)
{
    m->pc = get(m, UC_ARM_REG_PC);
    if ( never_executes(m->pc) || is_device(m, m->pc) )
        fetch_fault(m);
    else if ( get(m, UC_ARM_REG_XPSR) & XPSR_T )
        fault(m, NVIC_USAGEFAULT, CFSR_UNDEFINSTR);
    else
    {
        m->not_thumb = true;
        fault(m, NVIC_USAGEFAULT, CFSR_INVSTATE);
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
    if ( !m->ended )
        stopped(m);

    uc_context_restore(m->uc, m->saved);
    if ( m->ldrd )
        set(m, m->base_register, m->base);
    conclude(m);
}

static void step(struct m4 *m)
{
    spend(m, WORK_STEP);
    switch ( m->phase )
    {
    case BOOT:
        boot(m);
        break;
    case EXECUTE:
        if ( m->nvic.due )
            stack(m);
        else
            execute(m);
        break;
    case VECTOR:
        take(m);
        break;
    case LEAVE:
        leave(m);
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
        nvic_reset(&m->nvic);
        ipu_regs_reset(&m->ipu);
        m->masks_moved = false;
        m->reported_count = 0;
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

void m4_interrupt(struct m4 *m, unsigned int line, bool level)
{
    nvic_line(&m->nvic, line, level);
    wake(m);
}

void m4_elapse(struct m4 *m, uint64_t cycles)
{
    nvic_elapse(&m->nvic, cycles);
    wake(m);
}

uint64_t m4_alarm(const struct m4 *m)
{
    return nvic_alarm(&m->nvic);
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
    m->work = WORK_MAX;
    while ( m->state == M4_RUNNING && m->left && m->work )
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
    nvic_reset(&m->nvic);
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
