/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The smallest machine around the model: some memory, an MMU, a processor.
 *
 * Tables and descriptors are written as plain words here: the tests rest
 * neither on the model's decoder nor on the mediator's.
 */
#ifndef TESTS_MODEL_MACHINE_H
#define TESTS_MODEL_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "rproc.h"

#define RAM_BASE 0x80000000u
#define RAM_SIZE 0x00040000u
#define ROOT     RAM_BASE             /* first-level table, 16 KiB */
#define TABLE    (RAM_BASE + 0x4000u) /* a second-level table, 1 KiB */
#define DATA     (RAM_BASE + 0x8000u) /* free for the test */
#define NOWHERE  0x10000000u          /* the bus knows nothing here */

struct machine {
    struct mmu mmu;
    struct rproc rproc;
    bool irq;
    unsigned int irq_changes;
    unsigned int resumes;
    unsigned int table_reads;
    unsigned int loads; /* the processor's accesses */
    unsigned int stores;
    uint32_t ram[RAM_SIZE / 4];
};

static inline uint32_t *word_at(struct machine *s, uint32_t pa)
{
    return pa - RAM_BASE < RAM_SIZE ? &s->ram[(pa - RAM_BASE) / 4] : NULL;
}

/* The words that a command of the processor begins with. */
static inline void write_command(uint32_t *cmd, uint32_t op, uint32_t dst,
                                 uint32_t src, uint32_t len, uint32_t value)
{
    cmd[0] = op;
    cmd[1] = dst;
    cmd[2] = src;
    cmd[3] = len;
    cmd[4] = value;
}

static inline bool bus_read(struct machine *s, uint32_t pa, uint32_t *value)
{
    uint32_t *word = word_at(s, pa);

    if ( word )
        *value = *word;

    return word;
}

static inline bool table_read(void *ctx, uint32_t pa, uint32_t *value)
{
    struct machine *s = ctx;

    s->table_reads++;

    return bus_read(s, pa, value);
}

static inline bool rproc_load(void *ctx, uint32_t pa, uint32_t *value)
{
    struct machine *s = ctx;

    s->loads++;

    return bus_read(s, pa, value);
}

static inline bool rproc_store(void *ctx, uint32_t pa, uint32_t value)
{
    struct machine *s = ctx;
    uint32_t *word = word_at(s, pa);

    s->stores++;
    if ( word )
        *word = value;

    return word;
}

static inline void irq_changed(void *ctx, bool level)
{
    struct machine *s = ctx;

    assert_int_not_equal(s->irq, level);
    s->irq = level;
    s->irq_changes++;
}

static inline void resumed(void *ctx)
{
    struct machine *s = ctx;

    s->resumes++;
}

static inline struct machine *machine_make(unsigned int tlb_entries,
                                           bool bus_err_back)
{
    struct machine *s = calloc(1, sizeof(*s));
    const struct mmu_config mmu = {
        .tlb_entries = tlb_entries,
        .bus_err_back = bus_err_back,
        .revision = 0x21,
        .ctx = s,
        .read32 = table_read,
        .irq = irq_changed,
        .resume = resumed,
    };
    const struct rproc_config rproc = {
        .mmu = s ? &s->mmu : NULL,
        .ctx = s,
        .read32 = rproc_load,
        .write32 = rproc_store,
    };

    assert_non_null(s);
    mmu_init(&s->mmu, &mmu);
    rproc_init(&s->rproc, &rproc);

    return s;
}

static inline uint32_t rd(struct machine *s, uint32_t offset)
{
    return mmu_reg_read(&s->mmu, offset, 4);
}

static inline void wr(struct machine *s, uint32_t offset, uint32_t value)
{
    mmu_reg_write(&s->mmu, offset, 4, value);
}

/* Switch the MMU on as Linux does: every fault enabled, walker running. */
static inline void walker_on(struct machine *s)
{
    wr(s, MMU_TTB, ROOT);
    wr(s, MMU_IRQENABLE, 0x1e);
    wr(s, MMU_CNTL, 0x6);
}

/* The first-level word of da. */
static inline void first_level(struct machine *s, uint32_t da, uint32_t word)
{
    *word_at(s, ROOT + (da >> 20) * 4) = word;
}

/* The second-level word of da, in the one table at TABLE. */
static inline void second_level(struct machine *s, uint32_t da, uint32_t word)
{
    first_level(s, da, TABLE | 1);
    *word_at(s, TABLE + (da >> 12 & 0xff) * 4) = word;
}

#endif /* TESTS_MODEL_MACHINE_H */
