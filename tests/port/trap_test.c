/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traps and interrupts: what an assignment needs of its domain, which registers trap, and
 * the path of a fault. The port as it is, on the fake of Xen.
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

static const char occupied[] =
    "the domain has memory or a device where the MMU's registers are, so that its "
    "accesses would not trap (move them by xen,guest-address in the host's node, or "
    "give it less memory, or do not map that page)\n";

static const char trapped[] =
    "in the domain, a device of Xen's or another MMU is where the MMU's registers are "
    "(give each MMU its own xen,guest-address; an MMU that the domain was refused "
    "counts, until the domain is destroyed)\n";

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
    assert_refused("its interrupt is beyond the domain's (raise nr_spis; ");
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
    assert_true(said("its interrupt 100 is in use: error -16 ("));
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
    assert_refused(occupied);
}

/* Xen's own traps: its interrupt controller, its console. */
static int nothing_read(struct vcpu *v, mmio_info_t *info, register_t *r,
                        void *priv)
{
    (void)v, (void)info, (void)r, (void)priv;

    return 1;
}

static void assert_trapped(int from, int bytes, bool overlaps)
{
    static const struct mmio_handler_ops other = { .read = nothing_read };

    forget_said();
    A->is_dying = false;
    A->arch.vmmio.num_entries = 0;
    register_mmio_handler(A, &other, bases[0] + from, bytes, NULL);
    assert_int_equal(fake_assign(A, &master[0]), overlaps ? -EINVAL : 0);
    assert_int_equal(said(trapped), overlaps);
    if ( !overlaps )
        assert_int_equal(fake_release(A, &master[0]), 0);
    fake_assert_left(&before);
}

static void registers_must_not_be_trapped(void **state)
{
    (void)state;
    assert_trapped(-0x1000, 0x1000, false);
    assert_trapped(0x1000, 0x1000, false);
    assert_trapped(-0x1000, 0x1001, true);
    assert_trapped(0xfff, 1, true);
    assert_trapped(0, 0x1000, true);
    assert_trapped(-0x10000, 0x20000, true);
}

/* What lies before them in their page is not the MMU's. */
static void registers_must_not_be_trapped_behind_a_pages_begin(void **state)
{
    (void)state;
    fake.hw[0].base = mmu[0].base = bases[0] + 0xf00;
    fake_probe(&mmu[0]);
    before = fake.left;
    assert_trapped(0, 0xf00, false);
    assert_trapped(0x1000, 0x1000, false);
    assert_trapped(0, 0xf01, true);
    assert_trapped(0xfff, 1, true);
}

/* One MMU of two was connected, and the other one failed. */
static void trap_serves_again(void **state)
{
    unsigned int i;

    (void)state;
    A->arch.vmmio.max_num_entries = 1;
    fake.hw[1].silent = true;
    for ( i = 0; i < 3; i++ )
    {
        assert_int_equal(fake_assign(A, &both), -EIO);
        assert_int_equal(A->arch.vmmio.num_entries, 1);
        assert_int_equal(read_reg(A, 0, MMU_REVISION), 0);
    }
    fake.hw[1].silent = false;
    A->arch.vmmio.max_num_entries = 2;
    assert_int_equal(fake_assign(A, &both), 0);
    assert_int_equal(A->arch.vmmio.num_entries, 2);
    assert_int_equal(read_reg(A, 0, MMU_REVISION), 0x20);
    assert_int_equal(read_reg(A, 1, MMU_REVISION), 0x20);
    assert_int_equal(fake_release(A, &both), 0);
    fake_assert_left(&before);
}

/* Where the guest has them */

#define ELSEWHERE 0x0f082000u

/* From here on the MMU's node says so, in the tree's byte order. */
static void move(unsigned int n, uint32_t to)
{
    static uint8_t cell[MMUS][4];
    unsigned int i;

    for ( i = 0; i < 4; i++ )
        cell[n][i] = to >> (24 - 8 * i);
    mmu[n].guest_address.bytes = cell[n];
    mmu[n].guest_address.size = 4;
}

static void probe_all(void)
{
    unsigned int i;

    for ( i = 0; i < MMUS; i++ )
        assert_int_equal(fake_probe(&mmu[i]), 0);
    before = fake.left;
}

static void guest_may_have_them_elsewhere(void **state)
{
    (void)state;
    move(0, ELSEWHERE);
    probe_all();

    /* It may not have memory there, ... */
    fake_map(ELSEWHERE >> PAGE_SHIFT, 0, MEMORY_MFN, p2m_ram_rw,
             p2m_access_rwx);
    assert_refused(occupied);
    fake_remove(A, ELSEWHERE >> PAGE_SHIFT, 0);

    /* ... but where the host has them. */
    fake_map(bases[0] >> PAGE_SHIFT, 0, MEMORY_MFN, p2m_ram_rw, p2m_access_rwx);
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_int_equal(A->arch.vmmio.num_entries, 1);
    assert_int_equal(A->arch.vmmio.handlers[0].addr, ELSEWHERE);
    assert_int_equal(A->arch.vmmio.handlers[0].size, PAGE_SIZE);
    fake.hw[0].allowed = A;
    fake_trap_write(A, ELSEWHERE + MMU_TTB, 0x80004000);
    assert_int_equal(fake_trap_read(A, ELSEWHERE + MMU_TTB), 0x80004000);
    fake_trap_write(A, ELSEWHERE + MMU_CNTL, 0);
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
    fake_assert_left(&before);
}

static void assert_registers_trap_at(paddr_t base)
{
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_int_equal(A->arch.vmmio.handlers[0].addr, base);
    assert_int_equal(A->arch.vmmio.handlers[0].size, 0x100);
    fake_trap_write(A, base + MMU_TTB, 0x80004000);
    assert_int_equal(fake_trap_read(A, base + MMU_TTB), 0x80004000);
    assert_int_equal(fake_release(A, &master[0]), 0);
}

/* The last page that a cell can name, and registers that do not begin a page. */
static void guest_may_have_them_at_the_end(void **state)
{
    (void)state;
    fake.hw[0].base = mmu[0].base = 0x55082f00;
    move(0, 0xffffff00);
    probe_all();
    assert_registers_trap_at(0xffffff00);
}

static const char given[] =
    "the domain was given the page of an MMU's registers, this one's or "
    "another's, or of a DSP's EDMA (take it out of xen,reg, or of iomem=)\n";

/* As xen,reg does it: the page behind the range is permitted as well. */
static void give_mmio(unsigned long gfn, unsigned long mfn, unsigned int pages)
{
    unsigned int i;

    A->iomem_first = mfn;
    A->iomem_last = mfn + pages;
    for ( i = 0; i < pages; i++ )
        fake_map(gfn + i, 0, mfn + i, p2m_mmio_direct_dev, p2m_access_rwx);
}

/* Its vCPUs would write the hardware's registers: it has them at another address. */
static void assert_registers_given(unsigned long gfn, unsigned int n)
{
    lay_out();
    move(0, ELSEWHERE);
    probe_all();
    give_mmio(gfn, bases[n] >> PAGE_SHIFT, 1);
    assert_refused(given);
    fake_end();
    lay_out();
    move(0, ELSEWHERE);
    probe_all();
    give_mmio(gfn - 7, (bases[n] >> PAGE_SHIFT) - 7, 9);
    assert_refused(given);
    fake_end();
}

static void guest_may_not_be_given_the_registers(void **state)
{
    (void)state;
    fake_end();
    assert_registers_given(bases[0] >> PAGE_SHIFT, 0);
    assert_registers_given(0x12345, 0);
    assert_registers_given(P2M_PAGES - 2, 0);
    assert_registers_given(0x12345, 1);
    lay_out();
}

/* In the middle of a large entry: a wrong tree gives anything. */
static void guest_may_not_be_given_a_range_with_registers(void **state)
{
    const unsigned long mfn = (bases[0] >> PAGE_SHIFT) & ~0x1fful;

    (void)state;
    move(0, ELSEWHERE);
    probe_all();
    fake_map(0x10000, 9, mfn, p2m_mmio_direct_dev, p2m_access_rwx);
    A->iomem_first = mfn;
    A->iomem_last = mfn + 0x1ff;
    assert_refused(given);
}

/* Permitted, and not mapped. */
static void guest_may_be_given_what_ends_before_them(void **state)
{
    (void)state;
    move(0, ELSEWHERE);
    probe_all();
    give_mmio(0x12345, (bases[0] >> PAGE_SHIFT) - 2, 2);
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_int_equal(fake_release(A, &master[0]), 0);
}

/* It can do nothing else. */
static void guest_may_have_them_where_the_host_does(void **state)
{
    (void)state;
    move(0, bases[0]);
    probe_all();
    give(A, 0);
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
}

/* Its tree is the host's. */
static void dom0_has_them_where_the_host_does(void **state)
{
    (void)state;
    move(0, ELSEWHERE);
    probe_all();
    A->hardware = true;
    fake_map(ELSEWHERE >> PAGE_SHIFT, 0, MEMORY_MFN, p2m_ram_rw,
             p2m_access_rwx);
    give(A, 0);
    assert_int_equal(A->arch.vmmio.handlers[0].addr, bases[0]);
    write_reg(A, 0, MMU_TTB, 0x80004000);
    assert_int_equal(read_reg(A, 0, MMU_TTB), 0x80004000);
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
}

/* The accesses of one guest to both would be those to one. Each may be a guest's. */
static void two_mmus_in_one_page_of_the_guest(void **state)
{
    (void)state;
    move(0, bases[1]);
    probe_all();
    assert_false(said("cannot be used"));
    assert_int_equal(fake_assign(A, &master[1]), 0);
    assert_int_equal(fake_assign(A, &master[0]), -EINVAL);
    assert_true(said("/ocp/mmu@55082000: not given to d1: "));
    assert_true(said(trapped));
    assert_quarantined(0);

    assert_int_equal(fake_assign(B, &master[0]), 0);
    fake_trap_write(A, bases[1] + MMU_TTB, 0x80004000);
    fake_trap_write(B, bases[1] + MMU_TTB, 0x80008000);
    assert_int_equal(fake_trap_read(A, bases[1] + MMU_TTB), 0x80004000);
    assert_int_equal(fake_trap_read(B, bases[1] + MMU_TTB), 0x80008000);
    assert_int_equal(fake_release(A, &master[1]), 0);
    assert_int_equal(fake_release(B, &master[0]), 0);
    fake_assert_left(&before);
}

/* Its trap stays, and a second one there would be found or not. */
static void mmu_that_was_refused_keeps_its_page(void **state)
{
    (void)state;
    move(0, bases[1]);
    probe_all();
    assert_int_equal(fake_assign(B, &master[1]), 0);
    assert_int_equal(fake_assign(A, &both), -EBUSY);
    assert_int_equal(fake_release(B, &master[1]), 0);
    assert_int_equal(A->arch.vmmio.num_entries, 1);
    forget_said();
    assert_int_equal(fake_assign(A, &master[1]), -EINVAL);
    assert_true(said("/ocp/mmu@4a066000: not given to d1: "));
    assert_true(said(trapped));
    assert_int_equal(A->arch.vmmio.num_entries, 1);

    /* The MMU that it is the trap of can be had. */
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_int_equal(fake_release(A, &master[0]), 0);
    fake_assert_left(&before);
}

/* One that is wrong is no address: the MMU is nobody's, and in quarantine. */
static void assert_no_guest_address(const uint8_t *cells, unsigned int size,
                                    const char *words)
{
    forget_said();
    mmu[0].guest_address.bytes = cells;
    mmu[0].guest_address.size = size;
    probe_all();
    assert_false(said("NOT IN QUARANTINE"));
    assert_true(said("/ocp/mmu@55082000: cannot be used: "));
    assert_true(said(words));
    assert_int_equal(fake_assign(A, &master[0]), -EOPNOTSUPP);
    assert_true(said("/ocp/mmu@55082000: not given to d1: "));
    assert_quarantined(0);
    fake_assert_left(&before);
    fake_end();
    lay_out();
}

static void guest_address_is_at_the_same_offset(void **state)
{
    static const uint8_t cells[][4] = {
        { 0x0f, 0x08, 0x21, 0x00 },
        { 0x0f, 0x08, 0x28, 0x00 },
        { 0x0f, 0x08, 0x20, 0x04 },
    };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 3; i++ )
        assert_no_guest_address(
            cells[i], 4,
            "its xen,guest-address is not at the same offset in its page");
}

static void guest_address_is_one_cell(void **state)
{
    static const uint8_t cells[8] = { 0, 0, 0, 0, 0x0f, 0x08, 0x20, 0x00 };
    static const unsigned int sizes[] = { 0, 3, 8 };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 3; i++ )
        assert_no_guest_address(cells, sizes[i],
                                "its xen,guest-address is not one cell");
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
    assert_registers_trap_at(0x55082f00);
    fake_assert_left(&before);
}

/* The path of a fault */

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
        TEST(registers_must_not_be_trapped),
        TEST_UNPROBED(registers_must_not_be_trapped_behind_a_pages_begin),
        TEST(trap_serves_again),
        TEST_UNPROBED(guest_may_have_them_elsewhere),
        TEST_UNPROBED(guest_may_have_them_at_the_end),
        TEST_UNPROBED(guest_may_not_be_given_the_registers),
        TEST_UNPROBED(guest_may_not_be_given_a_range_with_registers),
        TEST_UNPROBED(guest_may_be_given_what_ends_before_them),
        TEST_UNPROBED(guest_may_have_them_where_the_host_does),
        TEST_UNPROBED(dom0_has_them_where_the_host_does),
        TEST_UNPROBED(two_mmus_in_one_page_of_the_guest),
        TEST_UNPROBED(mmu_that_was_refused_keeps_its_page),
        TEST_UNPROBED(guest_address_is_at_the_same_offset),
        TEST_UNPROBED(guest_address_is_one_cell),
        TEST(accesses_have_a_width),
        TEST(whole_page_traps),
        TEST_UNPROBED(page_traps_from_the_registers_on),
        TEST(interrupt_is_silenced_and_served_later),
        TEST(fault_of_the_guests_own_is_shown),
        TEST(each_fault_has_its_own_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
