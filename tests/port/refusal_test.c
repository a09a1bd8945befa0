/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusals: each names the device, the domain, the reason and what to do, and leaves
 * nothing behind. fake_print.c checks that form in all tests; here is each word. The port
 * as it is, on the fake of Xen.
 */
#include <xen/kernel.h>

#include <asm/mmio.h>
#include <asm/vgic.h>

#include "board.h"

#define MMU0 "omap-mmu: /ocp/mmu@55082000: "
#define IPU  "omap-mmu: /ocp/ipu: "
#define ODD  "omap-mmu: /ocp/odd: "

/* A does not get the device, the log has these words, and A is unchanged. */
static void assert_refused_as(struct dt_device_node *device, int rc,
                              const char *words)
{
    forget_said();
    assert_int_equal(fake_assign(A, device), rc);
    if ( !said(words) )
        fail_msg("said %s, not %s", fake.log, words);
    if ( device == &master[0] )
        assert_true(said(IPU "d1 does not get it\n"));
    fake_assert_left(&before);
    assert_null(*omap_mmus_of(A));
    assert_true(list_empty(&device->domain_list));
}

static void assert_refused(int rc, const char *words)
{
    assert_refused_as(&master[0], rc, words);
    assert_quarantined(0);
}

/* The domain */

static void running_domain(void **state)
{
    (void)state;
    A->creation_finished = true;
    assert_refused(
        -EINVAL,
        MMU0 "not given to d1: the domain runs already (assign the device "
             "before it first does)\n");
}

static void domain_without_room_for_a_trap(void **state)
{
    (void)state;
    A->arch.vmmio.max_num_entries = 0;
    assert_refused(
        -EINVAL,
        MMU0 "not given to d1: the domain has no trap handler left (give it "
             "fewer devices, or raise MAX_IO_HANDLER in Xen's source)\n");
}

static void domain_with_few_interrupts(void **state)
{
    (void)state;
    A->arch.nr_irqs = irqs[0];
    assert_refused(
        -EINVAL,
        MMU0 "not given to d1: its interrupt is beyond the domain's (raise "
             "nr_spis; where xl has none, list a spare SPI of a higher number "
             "in irqs=)\n");
}

static void domain_with_the_interrupt(void **state)
{
    (void)state;
    assert_true(vgic_reserve_virq(A, irqs[0]));
    before = fake.left;
    assert_refused(
        -EINVAL,
        MMU0 "not given to d1: its interrupt is routed to the domain as "
             "another device's (take it out of irqs=, or out of that device's "
             "node)\n");
    vgic_free_virq(A, irqs[0]);
}

static void some_handler(int irq, void *dev, struct cpu_user_regs *regs)
{
    (void)irq, (void)dev, (void)regs;
}

static void interrupt_of_another_domain(void **state)
{
    (void)state;
    assert_int_equal(request_irq(irqs[0], 0, some_handler, "other", B), 0);
    before = fake.left;
    assert_refused(
        -EBUSY,
        MMU0 "not given to d1: its interrupt 100 is in use: error -16 (do not "
             "list it in irqs=, of any domain)\n");
    release_irq(irqs[0], B);
}

static void domain_with_memory_over_the_registers(void **state)
{
    (void)state;
    fake_map(bases[0] >> PAGE_SHIFT, 0, MEMORY_MFN, p2m_ram_rw, p2m_access_rwx);
    assert_refused(
        -EINVAL, MMU0
        "not given to d1: the domain has memory or a device where the MMU's "
        "registers are, so that its accesses would not trap (move them by "
        "xen,guest-address in the host's node, or give it less memory, or do not map "
        "that page)\n");
}

static void domain_with_a_trap_over_the_registers(void **state)
{
    static const struct mmio_handler_ops other = { .read = NULL };

    (void)state;
    register_mmio_handler(A, &other, bases[0], PAGE_SIZE, NULL);
    assert_refused(
        -EINVAL, MMU0
        "not given to d1: in the domain, a device of Xen's or another MMU is where the "
        "MMU's registers are (give each MMU its own xen,guest-address; an MMU that the "
        "domain was refused counts, until the domain is destroyed)\n");
}

/* As a device. */
static void domain_with_the_registers(void **state)
{
    (void)state;
    fake_map(0x12345, 0, bases[1] >> PAGE_SHIFT, p2m_mmio_direct_dev,
             p2m_access_rwx);
    A->iomem_first = A->iomem_last = bases[1] >> PAGE_SHIFT;
    assert_refused(
        -EINVAL, MMU0
        "not given to d1: the domain was given the page of an MMU's registers, "
        "this one's or another's, or of a DSP's EDMA (take it out of xen,reg, "
        "or of iomem=)\n");
}

/* The host */

static void no_memory(void **state)
{
    (void)state;
    fake.fails_at = 1;
    assert_refused(
        -ENOMEM,
        MMU0 "not given to d1: no memory for 256 tables below 4 GiB and their "
             "records (free some, or let omap-mmu-tables= ask for fewer)\n");
}

static void silent_hardware(void **state)
{
    (void)state;
    fake.hw[0].silent = true;
    assert_refused(
        -EIO,
        MMU0 "not given to d1: its registers do not answer as written: no "
             "clock, or held in reset (the boot loader must turn its clock on, "
             "and leave it on)\n");
}

static void processor_at_work(void **state)
{
    (void)state;
    assert_false(reaches(0, MEMORY + 0x123));
    assert_refused(
        -EBUSY,
        MMU0 "not given to d1: the processor behind it runs, and accessed da "
             "80000123 (reset that processor, then assign it again; at boot: "
             "its boot loader must leave it in reset)\n");
}

static void unusable_mmu(void **state)
{
    (void)state;
    mmu[0].tlb_entries = 16;
    fake_probe(&mmu[0]);
    before = fake.left;
    assert_refused(
        -EOPNOTSUPP,
        MMU0 "not given to d1: ti,#tlb-entries is neither 8 nor 32 (mend the "
             "host's device tree)\n");
}

/* Who has it */

static void mmu_of_another_domain(void **state)
{
    static struct dt_device_node *const same[] = { &mmu[0], NULL };
    struct dt_device_node odd = { .full_name = "/ocp/odd", .iommus = same };

    (void)state;
    give(B, 0);
    before = fake.left;
    assert_refused_as(
        &odd, -EBUSY,
        MMU0 "not given to d1: another domain has it: d2 (destroy that "
             "domain first; all devices behind one MMU go to one domain)\n");
    assert_true(said(ODD "d1 does not get it\n"));
    take_back(B, 0);
}

/* Another device is behind the MMU, and d1, refused at boot, has that: it would reach the
 * memory of whoever got the MMU. */
static void mmu_of_a_device_that_was_refused(void **state)
{
    static struct dt_device_node *const same[] = { &mmu[0], NULL };
    struct dt_device_node odd = { .full_name = "/ocp/odd", .iommus = same };

    (void)state;
    odd.domain_list.next = &odd.domain_list;
    dt_host = &mmu[1];
    mmu[1].allnext = &odd;
    odd.allnext = &master[0];
    assert_false(reaches(0, MEMORY));
    system_state = SYS_STATE_boot;
    A->hardware = true;
    assert_int_equal(fake_assign(A, &master[0]), 0);
    assert_true(said(IPU "d1 gets it without its MMU\n"));
    system_state = SYS_STATE_active;
    fake_reset_processor(&fake.hw[0]);

    forget_said();
    assert_int_equal(fake_assign(B, &odd), -EBUSY);
    assert_true(said(
        MMU0
        "not given to d2: /ocp/ipu is behind it as well, and d1 has that "
        "without it (destroy that domain; if it is d0, mend what Xen's log says "
        "of it, and boot again)\n"));
    fake_assert_left(&before);
    assert_null(*omap_mmus_of(B));
    assert_quarantined(0);

    /* It does not reach what is behind another MMU. */
    assert_int_equal(fake_assign(B, &master[1]), 0);
    assert_int_equal(fake_release(B, &master[1]), 0);

    /* It may have its own, and once it is gone anybody may. */
    assert_int_equal(fake_assign(A, &odd), 0);
    assert_int_equal(fake_release(A, &odd), 0);
    assert_int_equal(fake_release(A, &master[0]), 0);
    assert_int_equal(fake_assign(B, &odd), 0);
    assert_int_equal(fake_release(B, &odd), 0);
    fake_assert_left(&before);
}

/* Xen does not call for the device then, and returns -16 only. */
static void device_that_is_somebodys(void **state)
{
    (void)state;
    give(B, 0);
    forget_said();
    assert_int_equal(fake_assign(A, &master[0]), -EBUSY);
    assert_true(
        said(IPU "d2 has it already (destroy that domain first; for one domain "
                 "name it once)\n"));
    forget_said();
    assert_int_equal(fake_assign(B, &master[0]), -EBUSY);
    assert_true(said(IPU "d2 has it already"));
    assert_true(reaches(0, MEMORY));
    take_back(B, 0);

    forget_said();
    give(A, 0);
    assert_false(said("has it already"));
    assert_false(said("it is being given"));
    take_back(A, 0);
}

/* Not by Xen's own number: no user could destroy that domain. */
static void device_on_its_way(void **state)
{
    (void)state;
    give(A, 0);
    dt_device_set_used_by(&master[0], DOMID_IO);
    forget_said();
    assert_int_equal(fake_assign(B, &master[0]), -EBUSY);
    assert_true(said(
        IPU "it is being given to a domain, or taken from one (try again)\n"));
    assert_false(said("has it already"));
    dt_device_set_used_by(&master[0], A->domain_id);
    take_back(A, 0);
}

static void device_that_is_not_the_domains(void **state)
{
    (void)state;
    give(A, 0);
    forget_said();
    assert_int_equal(fake_release(B, &master[0]), -ESRCH);
    assert_true(said(
        IPU "not taken from d2: it does not have it (the debug key U tells "
            "who does)\n"));
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
}

static void device_of_a_domain_that_lives(void **state)
{
    struct device *dev = &master[0].dev;

    (void)state;
    give(A, 0);
    assert_int_equal(fake.ops->reassign_device(A, B, 0, dev), -EOPNOTSUPP);
    assert_true(said(IPU
                     "not taken from d1: it cannot be handed on (destroy that "
                     "domain, then assign it)\n"));
    assert_int_equal(fake.ops->reassign_device(A, NULL, 0, dev), -EBUSY);
    assert_true(said(IPU "not taken from d1: the domain lives (destroy it)\n"));
    assert_true(reaches(0, MEMORY));
    take_back(A, 0);
}

/* The device */

/* Such as a node with status = "disabled", or another driver's. The first is not given
 * for a moment: it would be found in the log. */
static void device_behind_a_stranger(void **state)
{
    static struct dt_device_node stranger = { .full_name = "/smmu" };
    static struct dt_device_node *const unknown[] = { &mmu[0], &stranger,
                                                      NULL };
    struct dt_device_node odd = { .full_name = "/ocp/odd", .iommus = unknown };

    (void)state;
    assert_refused_as(
        &odd, -ENODEV,
        ODD
        "not given to d1: its iommus names /smmu, which this driver does not have (it "
        "takes MMUs of TI OMAP that have neither status = \"disabled\" nor "
        "xen,passthrough)\n");
    assert_false(said(": given to d1"));
    assert_int_equal(A->arch.vmmio.num_entries, 0);
}

static void device_that_names_an_mmu_twice(void **state)
{
    static struct dt_device_node *const twice[] = { &mmu[0], &mmu[1], &mmu[0],
                                                    NULL };
    struct dt_device_node odd = { .full_name = "/ocp/odd", .iommus = twice };

    (void)state;
    assert_refused_as(
        &odd, -EINVAL,
        ODD "not given to d1: its iommus names one twice (name each MMU "
            "once)\n");
    assert_false(said(": given to d1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(running_domain),
        TEST(domain_without_room_for_a_trap),
        TEST(domain_with_few_interrupts),
        TEST(domain_with_the_interrupt),
        TEST(interrupt_of_another_domain),
        TEST(domain_with_memory_over_the_registers),
        TEST(domain_with_a_trap_over_the_registers),
        TEST(domain_with_the_registers),
        TEST(no_memory),
        TEST(silent_hardware),
        TEST(processor_at_work),
        TEST_UNPROBED(unusable_mmu),
        TEST(mmu_of_another_domain),
        TEST(mmu_of_a_device_that_was_refused),
        TEST(device_that_is_somebodys),
        TEST(device_on_its_way),
        TEST(device_that_is_not_the_domains),
        TEST(device_of_a_domain_that_lives),
        TEST(device_behind_a_stranger),
        TEST(device_that_names_an_mmu_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
