/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traps and interrupts: what an assignment needs of its domain, whose registers they
 * are, and the way of a fault. The port as it is, on the fake of Xen.
 */
#include <asm/mmio.h>
#include <asm/vgic.h>

#include "board.h"

/* What an assignment needs */

static void assert_refused(const char *words)
{
    forget_said();
    assert_int_equal(fake_assign(A, &master[0]), -EINVAL);
    assert_true(said("/ocp/mmu@55082000: not given to d1: "));
    assert_true(said(words));
    fake_assert_left(&before);
    assert_int_equal(A->arch.vmmio.num_entries, 0);
    assert_quarantined(0);
}

static void domain_must_be_new(void **state)
{
    (void)state;
    A->creation_finished = true;
    assert_refused("the domain runs already");
}

static void domain_must_have_room_for_a_handler(void **state)
{
    (void)state;
    A->arch.vmmio.max_num_entries = 0;
    assert_refused("no trap handler left");
}

static void interrupt_must_be_the_domains(void **state)
{
    (void)state;
    A->arch.nr_irqs = irqs[0];
    assert_refused("its interrupt is beyond the domain's (raise nr_spis)");
    A->arch.nr_irqs = irqs[0] + 1;
    assert_true(vgic_reserve_virq(A, irqs[0]));
    A->arch.line[irqs[0]] = true;
    before = fake.left;
    assert_refused("its interrupt is routed to the domain as another device's");
    assert_true(A->arch.line[irqs[0]]);
    vgic_free_virq(A, irqs[0]);
}

static void other_handler(int irq, void *dev, struct cpu_user_regs *regs)
{
    (void)irq, (void)dev, (void)regs;
}

static void interrupt_must_be_free(void **state)
{
    (void)state;
    assert_int_equal(request_irq(irqs[0], 0, other_handler, "other", A), 0);
    before = fake.left;
    assert_int_equal(fake_assign(A, &master[0]), -EBUSY);
    assert_true(said("interrupt 100 is in use (-16); do not list it in irqs="));
    fake_assert_left(&before);
    assert_quarantined(0);
    release_irq(irqs[0], A);
}

/* Else accesses would not trap. */
static void registers_must_not_be_mapped(void **state)
{
    (void)state;
    fake_map(bases[0] >> PAGE_SHIFT, 0, bases[0] >> PAGE_SHIFT,
             p2m_mmio_direct_dev, p2m_access_rwx);
    assert_refused(
        "the domain has memory or a device where the MMU's registers "
        "are");
}

/* Accesses */

static int access_reg(unsigned int offset, unsigned int bytes_shift, bool write,
                      register_t *r)
{
    const struct mmio_handler *h = &A->arch.vmmio.handlers[0];
    mmio_info_t info = { .dabt.size = bytes_shift, .gpa = bases[0] + offset };
    struct vcpu v = { .domain = A };

    return write ? h->ops->write(&v, &info, *r, h->priv)
                 : h->ops->read(&v, &info, r, h->priv);
}

static void accesses_have_a_width(void **state)
{
    register_t r = 0x12345680;

    (void)state;
    give(A, 0);
    assert_int_equal(access_reg(MMU_TTB, 2, true, &r), 1);
    r = 0x11;
    assert_int_equal(access_reg(MMU_TTB, 0, true, &r), 1);
    assert_int_equal(access_reg(MMU_TTB, 2, false, &r), 1);
    assert_int_equal(r, 0x12345680);
    assert_int_equal(access_reg(MMU_TTB + 1, 0, false, &r), 1);
    assert_int_equal(r, 0x56);
    assert_int_equal(access_reg(MMU_TTB + 2, 1, false, &r), 1);
    assert_int_equal(r, 0x1234);
    take_back(A, 0);
}

/* To its end: nothing of it is the guest's. */
static void whole_page_traps(void **state)
{
    (void)state;
    give(A, 0);
    assert_int_equal(A->arch.vmmio.handlers[0].addr, bases[0]);
    assert_int_equal(A->arch.vmmio.handlers[0].size, PAGE_SIZE);
    assert_int_equal(read_reg(A, 0, 0xffc), 0);
    write_reg(A, 0, 0xffc, 1);
    take_back(A, 0);
}

static void page_traps_from_the_registers_on(void **state)
{
    (void)state;
    fake.hw[0].base = mmu[0].base = 0x55082f00;
    fake_probe(&mmu[0]);
    before = fake.left;
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_int_equal(A->arch.vmmio.handlers[0].addr, 0x55082f00);
    assert_int_equal(A->arch.vmmio.handlers[0].size, 0x100);
    fake_trap_write(A, 0x55082f00 + MMU_TTB, 0x80004000);
    assert_int_equal(fake_trap_read(A, 0x55082f00 + MMU_TTB), 0x80004000);
    assert_int_equal(fake_release(A, &master[0]), 0);
    fake_assert_left(&before);
}

/* The way of a fault */

static void interrupt_is_silenced_and_served_later(void **state)
{
    const struct mmu *m = &fake.hw[0].model;

    (void)state;
    give(A, 0);
    assert_int_not_equal(mmu_reg_read(m, MMU_IRQENABLE, 4), 0);
    assert_false(fake_access(&fake.hw[0], MEMORY));
    assert_int_equal(fake.interrupts, 1);
    assert_int_equal(mmu_reg_read(m, MMU_IRQENABLE, 4), 0);
    assert_int_equal(fake.left.references, 0);
    fake_run();
    assert_int_equal(fake.hw[0].reached, 1);
    assert_int_equal(fake.runs, 1);
    assert_int_not_equal(mmu_reg_read(m, MMU_IRQENABLE, 4), 0);
    take_back(A, 0);
}

/* It is the guest's, and so is its interrupt. */
static void fault_of_the_guests_own_is_shown(void **state)
{
    (void)state;
    give(A, 1);
    write_reg(A, 1, MMU_IRQENABLE, IRQ_ALL);
    write_reg(A, 1, MMU_CNTL, CNTL_MMUENABLE);
    assert_false(reaches(1, MEMORY + 0x123));
    assert_int_equal(fake.virq, irqs[1]);
    assert_int_equal(fake.injects, 1);
    assert_int_equal(read_reg(A, 1, MMU_FAULT_AD), MEMORY + 0x123);
    assert_int_equal(read_reg(A, 1, MMU_IRQSTATUS), IRQ_TLBMISS);
    assert_int_equal(fake.interrupts, 1);

    /* It makes the translation, and acknowledges. */
    write_reg(A, 1, MMU_CAM, MEMORY | CAM_V | CAM_SIZE_4K);
    write_reg(A, 1, MMU_RAM, MEMORY + 0x5000);
    write_reg(A, 1, MMU_LD_TLB, 1);
    write_reg(A, 1, MMU_IRQSTATUS, IRQ_TLBMISS);
    fake_run();
    assert_int_equal(fake.hw[1].reached, 1);
    assert_int_equal(fake.hw[1].pa,
                     (MEMORY_MFN << PAGE_SHIFT) + 0x5000 + 0x123);
    assert_false(A->arch.line[irqs[1]]);
    take_back(A, 1);
}

/* Each fault may make so many entries of the p2m valid. */
static void each_fault_has_its_own_budget(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < 256; i++ )
        fake_ram((MEMORY >> PAGE_SHIFT) + i, 0, MEMORY_MFN + 2 * i);
    give(A, 0);
    fake_invalidate_all();
    assert_true(reaches(0, MEMORY + 0xff000));
    /* 29 pages of 4 KiB for the first, 3 calls for tables above; 32 at most. */
    assert_in_range(fake.runs, 8, 12);
    assert_in_range(fake.resolves, 256, 32 * fake.runs);
    take_back(A, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(domain_must_be_new),
        TEST(domain_must_have_room_for_a_handler),
        TEST(interrupt_must_be_the_domains),
        TEST(interrupt_must_be_free),
        TEST(registers_must_not_be_mapped),
        TEST(accesses_have_a_width),
        TEST(whole_page_traps),
        TEST_UNPROBED(page_traps_from_the_registers_on),
        TEST(interrupt_is_silenced_and_served_later),
        TEST(fault_of_the_guests_own_is_shown),
        TEST(each_fault_has_its_own_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
