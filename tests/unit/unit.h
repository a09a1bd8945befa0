/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small world for unit tests: a machine, guest tables written word by word, and
 * assertions on the translations of device addresses.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "audit.h"
#include "check.h"
#include "guest_linux.h"
#include "hostile_host.h"
#include "hw.h"

/* The guest's addresses. */
#define RAM       0x80000000u /* 32 MiB, by lay_out() */
#define RAM_PAGES 0x2000u
#define ROOT      0x90000000u /* its first level */
#define TABLE     0x90004000u /* its second levels, one after the other */
#define MMIO      0x40000000u /* 1 MiB */
#define NOTHING   0x20000000u /* not in the p2m */

/* Words of its tables. */
#define WORD_TABLE(ipa)   ((ipa) | 1)
#define WORD_SECTION(ipa) ((ipa) | 2)
#define WORD_SUPER(ipa)   ((ipa) | 2 | 1 << 18)
#define WORD_LARGE(ipa)   ((ipa) | 1)
#define WORD_SMALL(ipa)   ((ipa) | 2)

#define SZ_4K  0x1000u
#define SZ_64K 0x10000u
#define SZ_1M  0x100000u
#define SZ_16M 0x1000000u

#define assert_right(m) assert_right_at((m), __FILE__, __LINE__)

static inline void assert_right_at(struct machine *m, const char *file,
                                   int line)
{
    const char *wrong = machine_check(m);

    if ( wrong )
        fail_msg("%s:%d: %s", file, line, wrong);
}

/* Memory in pieces of grain pages; the tables' scattered. */
static inline void lay_out(struct machine *m, unsigned int grain)
{
    machine_populate(m, RAM, RAM_PAGES, grain);
    machine_populate(m, ROOT, 64, 1);
    machine_map(m, MMIO, MEM_MMIO_BASE, 256, P2M_MMIO);
}

/* A machine with memory, assigned; the guest has touched its MMU, which is off. */
static inline struct machine *new_machine(unsigned int grain,
                                          struct machine_options options)
{
    struct machine *m = machine_new(&options);

    lay_out(m, grain);
    assert_true(machine_assign(m));
    machine_reg_write(m, MMU_CNTL, 0);

    return m;
}

/* The default machine, its MMU on: contiguous memory, 64 tables, 32 TLB entries. */
static inline void mmu_on(struct machine *m)
{
    machine_reg_write(m, MMU_TTB, ROOT);
    machine_reg_write(m, MMU_IRQENABLE, IRQ_ALL);
    machine_reg_write(m, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

static inline struct machine *new_running(unsigned int grain,
                                          struct machine_options options)
{
    struct machine *m = new_machine(grain, options);

    mmu_on(m);

    return m;
}

#define new_default() \
    new_running(4096, (struct machine_options){ .seed = __LINE__ })

/* The end of each test: no violation, and all references are given back. */
static inline void check_and_free(struct machine *m)
{
    assert_right(m);
    machine_release(m, PT_SLOTS);
    assert_right(m);
    machine_free(m);
}

/* The guest's tables */

static inline void write_l1(struct machine *m, uint32_t da, uint32_t word)
{
    assert_true(machine_word_write(m, ROOT + (da >> 20) * 4, word));
}

static inline void write_supersection(struct machine *m, uint32_t da,
                                      uint32_t ipa)
{
    unsigned int i;

    for ( i = 0; i < 16; i++ )
        write_l1(m, (da & ~(SZ_16M - 1)) + i * SZ_1M, WORD_SUPER(ipa));
}

static inline void write_l2(struct machine *m, uint32_t table, uint32_t da,
                            uint32_t word)
{
    assert_true(machine_word_write(m, table + (da >> 12 & 0xff) * 4, word));
}

static inline void write_large(struct machine *m, uint32_t table, uint32_t da,
                               uint32_t ipa)
{
    unsigned int i;

    for ( i = 0; i < 16; i++ )
        write_l2(m, table, (da & ~(SZ_64K - 1)) + i * SZ_4K, WORD_LARGE(ipa));
}

/* Pages of a table from page on that rise from ipa. */
static inline void write_smalls(struct machine *m, uint32_t table,
                                unsigned int page, unsigned int pages,
                                uint32_t ipa)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        write_l2(m, table, (page + i) * SZ_4K, WORD_SMALL(ipa + i * SZ_4K));
}

static inline void flush(struct machine *m)
{
    machine_reg_write(m, MMU_GFLUSH, 1);
}

static inline void flush_da(struct machine *m, uint32_t da)
{
    machine_reg_write(m, MMU_CAM, da & CAM_VATAG);
    machine_reg_write(m, MMU_FLUSH_ENTRY, 1);
}

/* A TLB entry of the guest's. */
static inline void load_tlb(struct machine *m, unsigned int n, uint32_t cam,
                            uint32_t ram)
{
    machine_reg_write(m, MMU_LOCK, LOCK_MAKE(0, n));
    machine_reg_write(m, MMU_CAM, cam);
    machine_reg_write(m, MMU_RAM, ram);
    machine_reg_write(m, MMU_LD_TLB, 1);
}

/* Where device addresses lead */

static inline uint64_t maddr_of(struct machine *m, uint32_t ipa)
{
    uint64_t maddr;

    assert_true(memory_device_maddr(&m->mem, ipa, &maddr));

    return maddr;
}

static inline void assert_leads(struct machine *m, uint32_t da, uint32_t ipa)
{
    assert_int_equal(machine_access(m, da, false), MMU_OK);
    assert_int_equal(m->request.pa, maddr_of(m, ipa));
    assert_right(m);
}

/* The device stalls; the guest reads this fault. */
static inline void assert_faults(struct machine *m, uint32_t da, uint32_t irq)
{
    assert_int_equal(machine_access(m, da, true), MMU_STALL);
    assert_int_equal(machine_reg_read(m, MMU_IRQSTATUS), irq);
    assert_int_equal(machine_reg_read(m, MMU_FAULT_AD), da);
    assert_right(m);
}

/* The guest acknowledges, and the device gives up first. */
static inline void give_up(struct machine *m)
{
    machine_withdraw(m);
    machine_reg_write(m, MMU_IRQSTATUS, IRQ_ALL);
    machine_settle(m);
}

/* What the hardware translates at this moment, without a fill. */
static inline bool cached(struct machine *m, uint32_t da)
{
    uint32_t pa;

    return mmu_peek(&m->mmu, da, &pa);
}

/* The leaf of the shadow that covers da; bytes 0: none. */
struct find_leaf {
    uint32_t da;
    struct shadow_leaf leaf;
};

static inline bool match_leaf(void *arg, const struct shadow_leaf *leaf)
{
    struct find_leaf *find = arg;

    if ( find->da < leaf->da.v || find->da - leaf->da.v >= leaf->bytes )
        return true;
    find->leaf = *leaf;

    return false;
}

static inline struct shadow_leaf leaf_at(struct machine *m, uint32_t da)
{
    struct find_leaf find = { .da = da };

    shadow_for_each(&m->vmmu.shadow, match_leaf, &find);

    return find.leaf;
}

static inline const struct shadow_counters *counters(const struct machine *m)
{
    return &m->vmmu.shadow.count;
}

#endif /* TESTS_UNIT_UNIT_H */
