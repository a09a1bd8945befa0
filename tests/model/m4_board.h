/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A board with the Cortex-M4 that executes, behind the model of the MMU.
 * Programs are halfwords, with their mnemonics beside them. They start at CODE
 * and end, if nothing else stops them, in WFI.
 */
#ifndef TESTS_MODEL_M4_BOARD_H
#define TESTS_MODEL_M4_BOARD_H

#include <string.h>

#include "machine.h"
#include "m4.h"

/* Where things are, for the core; each page is at the same place in pa[]. */
#define CODE    0x00000040u /* in the vectors' page */
#define HANDLER 0x00000800u /* of HardFault, in the vectors' page as well */
#define FIRST   0x000007c0u /* before CODE, if something is to be first */
#define BORDER  0x00001000u /* between two pages of code */
#define DATA0   0x80000000u /* two pages of data */
#define DATA1   0x80001000u
#define STACK0  0x80008000u /* two pages of stack */
#define STACK1  0x80009000u
#define TOP     0x80009ff8u /* SP after reset */
#define DEVICE  0xa0000000u

/* Physical addresses: RAM_BASE .. as in machine.h, and two devices. */
#define PA_CODE    (RAM_BASE + 0x8000u)
#define PA_DATA    (RAM_BASE + 0xa000u)
#define PA_STACK   (RAM_BASE + 0xc000u)
#define PA_SPARE   (RAM_BASE + 0xe000u)
#define PA_DEVICE  0x4a000000u
#define PA_MMU     0x4a066000u /* the core's own MMU */
#define REG_BROKEN 0x100u      /* of the device: answers by an error */
#define REG_RESET  0x104u /* 1: assert, 0: release, 2: one after the other */
#define REG_IRQ    0x108u /* the interrupt line */
#define LINE       34u

/* MMU_CAM */
#define CAM_4K        (4u | 2u) /* valid, a small page */
#define CAM_PRESERVED 8u

#define SP_DROPS(words) (TOP - 4 * (words))

struct board {
    struct mmu mmu;
    struct m4 *m4;
    uint8_t *ram;
    uint8_t *l2ram;
    unsigned int asked; /* translate() was called so often */
    unsigned int reads; /* of the device */
    unsigned int writes;
    unsigned int size; /* of the device's last access */
    uint32_t offset;
    uint32_t value; /* last written, next read */
    bool reset_in_translate;
    void (*missing)(void *ctx, uint32_t da, const char *what);
};

/*
 * The board
 */

static inline uint8_t *byte_at(struct board *b, uint32_t pa)
{
    return pa - RAM_BASE < RAM_SIZE ? b->ram + (pa - RAM_BASE) : NULL;
}

static inline uint32_t *word(struct board *b, uint32_t pa)
{
    return (uint32_t *)byte_at(b, pa);
}

static inline bool walk_read(void *ctx, uint32_t pa, uint32_t *value)
{
    uint32_t *at = word(ctx, pa);

    if ( at )
        *value = *at;

    return at;
}

static inline void ignore_irq(void *ctx, bool level)
{
    (void)ctx;
    (void)level;
}

static inline void ignore_resume(void *ctx)
{
    (void)ctx;
}

static inline void retranslate(void *ctx)
{
    struct board *b = ctx;

    m4_retranslate(b->m4);
}

static inline enum mmu_result translate(void *ctx, uint32_t da, bool write,
                                        uint32_t *pa)
{
    struct board *b = ctx;

    b->asked++;
    if ( b->reset_in_translate )
    {
        b->reset_in_translate = false;
        m4_reset(b->m4, true);
    }

    return mmu_translate(&b->mmu, da, write, pa);
}

static inline void *ram_page(void *ctx, uint32_t pa)
{
    return byte_at(ctx, pa & ~(M4_PAGE - 1));
}

static inline bool device_read(void *ctx, uint32_t pa, unsigned int size,
                               uint32_t *value)
{
    struct board *b = ctx;

    if ( pa - PA_MMU < M4_PAGE )
    {
        *value = mmu_reg_read(&b->mmu, pa - PA_MMU, size);
        return true;
    }

    b->reads++;
    b->offset = pa - PA_DEVICE;
    b->size = size;
    *value = b->value;

    return b->offset < M4_PAGE && b->offset != REG_BROKEN;
}

static inline bool device_write(void *ctx, uint32_t pa, unsigned int size,
                                uint32_t value)
{
    struct board *b = ctx;

    if ( pa - PA_MMU < M4_PAGE )
    {
        mmu_reg_write(&b->mmu, pa - PA_MMU, size, value);
        return true;
    }

    b->writes++;
    b->offset = pa - PA_DEVICE;
    b->size = size;
    b->value = value;
    if ( b->offset == REG_RESET && value )
        m4_reset(b->m4, true);
    if ( b->offset == REG_RESET && value != 1 )
        m4_reset(b->m4, false);
    if ( b->offset == REG_IRQ )
        m4_interrupt(b->m4, LINE, value);

    return b->offset < M4_PAGE && b->offset != REG_BROKEN;
}

/*
 * What Linux does: tables, faults
 */

static inline void wr_mmu(struct board *b, uint32_t offset, uint32_t value)
{
    mmu_reg_write(&b->mmu, offset, 4, value);
}

static inline uint32_t rd_mmu(struct board *b, uint32_t offset)
{
    return mmu_reg_read(&b->mmu, offset, 4);
}

/* The second-level word of da; a table for each of the first level's used. */
static inline uint32_t *small_page(struct board *b, uint32_t da)
{
    uint32_t table = TABLE + (da >> 29) * 0x400;

    *word(b, ROOT + (da >> 20) * 4) = table | 1;

    return word(b, table + (da >> 12 & 0xff) * 4);
}

static inline void map(struct board *b, uint32_t da, uint32_t pa)
{
    *small_page(b, da) = pa | 2;
}

/* Out of the table only: the TLB may still hold it. */
static inline void unmap(struct board *b, uint32_t da)
{
    *small_page(b, da) = 0;
}

static inline void flush(struct board *b, uint32_t da)
{
    wr_mmu(b, MMU_CAM, da);
    wr_mmu(b, MMU_FLUSH_ENTRY, 1);
}

static inline void unmap_and_flush(struct board *b, uint32_t da)
{
    unmap(b, da);
    flush(b, da);
}

/* The fault is mended, or not. */
static inline void acknowledge(struct board *b)
{
    wr_mmu(b, MMU_IRQSTATUS, 0x1f);
}

static inline void load(struct board *b, uint32_t da, const uint16_t *program,
                        size_t size)
{
    memcpy(byte_at(b, PA_CODE + da), program, size);
}

#define LOAD(b, da, program) load(b, da, program, sizeof(program))

static inline void release(struct board *b)
{
    m4_reset(b->m4, true);
    m4_reset(b->m4, false);
}

#define START(b, program) \
    do \
    { \
        LOAD(b, CODE, program); \
        release(b); \
    } \
    while ( 0 )

/* Before the program: a line that rises, enabled or not, is an event for WFE. */
static const uint16_t listening[] = {
    0xf64e, 0x5010, /* movw r0, #0xed10 */
    0xf2ce, 0x0000, /* movt r0, #0xe000 */
    0x2110,         /* movs r1, #0x10 */
    0x6001,         /* str r1, [r0] */
    0x2041,         /* movs r0, #0x41 */
    0x4700,         /* bx r0 */
};

/* For START(), and each release(): the program begins after so many. */
#define LISTENING 6u

static inline void listen_first(struct board *b)
{
    LOAD(b, FIRST, listening);
    *word(b, PA_CODE + 4) = FIRST | 1;
}

static inline void map_all(struct board *b)
{
    uint32_t page;

    for ( page = 0; page < 2 * M4_PAGE; page += M4_PAGE )
    {
        map(b, page, PA_CODE + page);
        map(b, DATA0 + page, PA_DATA + page);
        map(b, STACK0 + page, PA_STACK + page);
    }
    map(b, DEVICE, PA_DEVICE);
    map(b, DEVICE + M4_PAGE, PA_MMU);
}

static inline void missing_here(void *ctx, uint32_t da, const char *what)
{
    struct board *b = ctx;

    if ( b->missing )
        b->missing(ctx, da, what);
}

static inline struct board *board_make(unsigned int tlb_entries,
                                       bool bus_errors)
{
    struct board *b = calloc(1, sizeof(*b));
    const struct mmu_config mmu = {
        .tlb_entries = tlb_entries,
        .bus_err_back = true,
        .ctx = b,
        .read32 = walk_read,
        .irq = ignore_irq,
        .resume = ignore_resume,
        .retranslate = retranslate,
    };
    struct m4_config m4 = {
        .ctx = b,
        .translate = translate,
        .ram = ram_page,
        .read = device_read,
        .write = device_write,
        .missing = missing_here,
    };

    assert_non_null(b);
    b->ram = aligned_alloc(M4_PAGE, RAM_SIZE);
    b->l2ram = aligned_alloc(M4_PAGE, M4_L2RAM_SIZE);
    assert_non_null(b->ram);
    assert_non_null(b->l2ram);
    memset(b->ram, 0, RAM_SIZE);
    memset(b->l2ram, 0, M4_L2RAM_SIZE);

    m4.l2ram = b->l2ram;
    b->m4 = m4_new(&m4);
    assert_non_null(b->m4);

    mmu_init(&b->mmu, &mmu);
    wr_mmu(b, MMU_GP_REG, bus_errors);
    wr_mmu(b, MMU_TTB, ROOT);
    wr_mmu(b, MMU_CNTL, 0x6);

    map_all(b);
    *word(b, PA_CODE) = TOP;
    *word(b, PA_CODE + 4) = CODE | 1;
    *word(b, PA_CODE + 12) = HANDLER | 1;

    return b;
}

static inline int setup(void **state)
{
    *state = board_make(32, false);

    return 0;
}

static inline int setup_8_entries(void **state)
{
    *state = board_make(8, false);

    return 0;
}

static inline int setup_bus_errors(void **state)
{
    *state = board_make(32, true);

    return 0;
}

static inline int teardown(void **state)
{
    struct board *b = *state;

    m4_free(b->m4);
    free(b->l2ram);
    free(b->ram);
    free(b);

    return 0;
}

/*
 * What is expected
 */

/* A batch, and more of them: what takes long ends one early. */
static inline bool run_on(struct board *b, unsigned int instructions)
{
    unsigned int batches;

    for ( batches = 0; batches < 20; batches++ )
        if ( !m4_run(b->m4, instructions) )
            return false;

    return true;
}

/* However long they take: exactly so many, if nothing stops it. */
static inline bool run_by_one(struct board *b, unsigned int instructions)
{
    while ( instructions-- )
        if ( !m4_run(b->m4, 1) )
            return false;

    return true;
}

static inline void assert_stops(struct board *b, enum m4_state state,
                                uint32_t pc)
{
    assert_false(run_on(b, 1000));
    assert_int_equal(m4_state(b->m4), state);
    assert_int_equal(m4_pc(b->m4), pc);
}

/* The end of each program. */
static inline void assert_finishes(struct board *b)
{
    assert_false(run_on(b, 1000));
    assert_int_equal(m4_state(b->m4), M4_ASLEEP);
}

/* At pc, on an access to da; and it stays so. */
static inline void assert_stalls(struct board *b, uint32_t pc, uint32_t da,
                                 bool write)
{
    assert_stops(b, M4_STALLED, pc);
    assert_int_equal(rd_mmu(b, MMU_FAULT_AD), da);
    assert_int_equal(!!(rd_mmu(b, MMU_FAULT_STATUS) & FAULT_STATUS_WRITE),
                     write);
    assert_stops(b, M4_STALLED, pc);
}

#endif /* TESTS_MODEL_M4_BOARD_H */
