/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A board for tests of the whole port: two MMUs, each with a processor and a device
 * behind it, a device behind both, and two domains, which have their memory at the same
 * guest-physical addresses.
 */
#ifndef TESTS_PORT_BOARD_H
#define TESTS_PORT_BOARD_H

#include <xen/errno.h>

#include "fake.h"

#define MMUS 2

static const paddr_t bases[MMUS] = { 0x55082000, 0x4a066000 };
static const unsigned int irqs[MMUS] = { 100, 60 };
static const char *const names[MMUS] = { "/ocp/mmu@55082000",
                                         "/ocp/mmu@4a066000" };

/* Memory of each domain: 32 MiB. */
#define MEMORY       0x80000000u
#define MEMORY_PAGES 0x2000u
#define MEMORY_MFN   0x90000ul
#define OTHER_MFN    0xa0000ul

static struct dt_device_node mmu[MMUS];
static struct dt_device_node master[MMUS]; /* behind one of them */
static struct dt_device_node both;
static struct fake_left before; /* the first assignment */

#define A (&fake.domain)
#define B (&fake.other)

static inline struct dt_device_node node(const char *name, paddr_t base,
                                         int irq)
{
    return (struct dt_device_node){
        .full_name = name,
        .compatible = "ti,omap4-iommu",
        .has_reg = true,
        .base = base,
        .size = 0x100,
        .irq = irq,
    };
}

static inline void populate(struct domain *d, unsigned long mfn)
{
    unsigned int i;

    for ( i = 0; i < MEMORY_PAGES; i += 512 )
        fake_ram_in(d, (MEMORY >> PAGE_SHIFT) + i, 9, mfn + i);
}

/* All but the probe. The first has GP_REG, as an IPU's. */
static inline void lay_out(void)
{
    static struct dt_device_node *const first[] = { &mmu[0], NULL };
    static struct dt_device_node *const second[] = { &mmu[1], NULL };
    static struct dt_device_node *const all[] = { &mmu[0], &mmu[1], NULL };
    unsigned int i;

    fake_start();
    for ( i = 0; i < MMUS; i++ )
    {
        fake_hardware(bases[i], irqs[i], i == 0);
        mmu[i] = node(names[i], bases[i], (int)irqs[i]);
        mmu[i].bus_err_back = i == 0;
    }
    master[0] =
        (struct dt_device_node){ .full_name = "/ocp/ipu", .iommus = first };
    master[1] =
        (struct dt_device_node){ .full_name = "/ocp/dsp", .iommus = second };
    both = (struct dt_device_node){ .full_name = "/ocp/both", .iommus = all };
    populate(A, MEMORY_MFN);
    populate(B, OTHER_MFN);
}

static inline int setup(void **state)
{
    unsigned int i;

    (void)state;
    lay_out();
    for ( i = 0; i < MMUS; i++ )
        assert_int_equal(fake_probe(&mmu[i]), 0);
    before = fake.left;

    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    fake_end();

    return 0;
}

static inline bool said(const char *words)
{
    return strstr(fake.log, words);
}

static inline void forget_said(void)
{
    fake.logged = 0;
    fake.log[0] = 0;
}

/* The guest's access to a register. */
static inline void write_reg(struct domain *d, unsigned int n,
                             unsigned int offset, uint32_t value)
{
    fake_trap_write(d, bases[n] + offset, value);
}

static inline uint32_t read_reg(struct domain *d, unsigned int n,
                                unsigned int offset)
{
    return fake_trap_read(d, bases[n] + offset);
}

/* Assigned, and set up by its guest: its MMU is off, device addresses are IPAs. */
static inline void give(struct domain *d, unsigned int n)
{
    assert_int_equal(fake_assign(d, &master[n]), 0);
    fake.hw[n].allowed = d;
    write_reg(d, n, MMU_CNTL, 0);
}

static inline void take_back(struct domain *d, unsigned int n)
{
    assert_int_equal(fake_release(d, &master[n]), 0);
    fake.hw[n].allowed = NULL;
}

/* An access, and whatever follows from it at once. */
static inline bool reaches(unsigned int n, uint32_t da)
{
    struct fake_hw *hw = &fake.hw[n];
    unsigned int reached = hw->reached;

    fake_access(hw, da);
    fake_run();

    return hw->reached > reached;
}

/* Where the hardware is when no domain has the MMU. */
static inline void assert_quarantined(unsigned int n)
{
    const struct mmu *m = &fake.hw[n].model;
    const uint32_t on = CNTL_MMUENABLE | CNTL_TWLENABLE;

    assert_int_equal(mmu_reg_read(m, MMU_CNTL, 4) & on, on);
    assert_int_equal(mmu_reg_read(m, MMU_IRQENABLE, 4), 0);
    assert_false(mmu_peek(m, MEMORY, &(uint32_t){ 0 }));
    assert_false(mmu_peek(m, 0, &(uint32_t){ 0 }));
}

#define TEST(f)          cmocka_unit_test_setup_teardown(f, setup, teardown)
#define TEST_UNPROBED(f) cmocka_unit_test_setup_teardown(f, unprobed, teardown)

static inline int unprobed(void **state)
{
    (void)state;
    lay_out();

    return 0;
}

#endif /* TESTS_PORT_BOARD_H */
