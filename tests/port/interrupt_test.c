/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The GIC's input of an MMU's interrupt, behind the controllers of TI's trees. The
 * crossbar's node is that of Linux 6.12's dra7.dtsi; inputs and registers are counted in
 * Linux's irq-crossbar.c.
 */
#include <xen/irq.h>

#include "nodes.h"
#include "port.h"

#define BASE   0x4a002a48u
#define SOURCE 23u
#define SPIS   32

static struct dt_device_node crossbar, np;
static struct dt_raw_irq raw;
static struct fake_property of_crossbar[6], of_mmu[2];
static uint8_t max_irqs[4], reg_size[4], safe[4], input[4];
static uint8_t reserved[8 * 4], skipped[4 * 4];

static void list_cells(uint8_t *bytes, const uint32_t *value, unsigned int n)
{
    unsigned int i;

    for ( i = 0; i < n; i++ )
        put_cell(bytes + 4 * i, value[i]);
}

static struct fake_property property(const char *name, const uint8_t *bytes,
                                     unsigned int size)
{
    return (struct fake_property){ name, { bytes, size } };
}

static int setup(void **state)
{
    static const uint32_t no_input[] = { 0, 1, 2, 3, 5, 6, 131, 132 };
    static const uint32_t wired[] = { 10, 133, 139, 140 };

    (void)state;
    fake_start();
    crossbar = reg_node("/ocp/crossbar@4a002a48", "ti,irq-crossbar", NULL, BASE,
                        0x130);
    put_cell(max_irqs, 160);
    put_cell(reg_size, 2);
    put_cell(safe, 0);
    list_cells(reserved, no_input, ARRAY_SIZE(no_input));
    list_cells(skipped, wired, ARRAY_SIZE(wired));
    memset(of_crossbar, 0, sizeof(of_crossbar));
    of_crossbar[0] = property("ti,max-irqs", max_irqs, 4);
    of_crossbar[1] = property("ti,reg-size", reg_size, 4);
    of_crossbar[2] = property("ti,irqs-reserved", reserved, sizeof(reserved));
    of_crossbar[3] = property("ti,irqs-skip", skipped, sizeof(skipped));
    of_crossbar[4] = property("ti,irqs-safe-map", safe, 4);
    crossbar.properties = of_crossbar;

    np = (struct dt_device_node){ .full_name = "/ocp/mmu@40d01000" };
    raw = (struct dt_raw_irq){ &crossbar, 3, { 0, SOURCE, 4 } };
    np.raw_irq = &raw;
    memset(of_mmu, 0, sizeof(of_mmu));
    put_cell(input, 57);
    fake.crossbar.base = BASE;

    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_int_equal(fake.crossbar.mapped, 0);
    fake_end();

    return 0;
}

/* The register of an input: those of 0 to 3, 5 and 6 are not there, nor 131 and 132. */
static unsigned int reg_of(unsigned int spi)
{
    return spi - 4 - (spi > 6 ? 2 : 0) - (spi > 132 ? 2 : 0);
}

static void finds(unsigned int spi)
{
    int irq;

    assert_null(omap_mmu_find_irq(&np, &irq));
    assert_int_equal(irq, SPIS + spi);
    assert_int_equal(fake.irq_type, 4);
}

static void fails(const char *text)
{
    int irq = 0;
    const char *wrong = omap_mmu_find_irq(&np, &irq);

    assert_non_null(wrong);
    assert_non_null(strstr(wrong, text));
    assert_int_equal(irq, -1);
}

static bool said(const char *words)
{
    return strstr(fake.log, words);
}

static void operator_names_input(void)
{
    of_mmu[0] = property("xen,omap-crossbar-input", input, 4);
    np.properties = of_mmu;
}

static void of_the_gic(void **state)
{
    (void)state;
    raw.controller = dt_interrupt_controller;
    raw.specifier[1] = 100;
    finds(100);
}

static void behind_wake_up_generators(void **state)
{
    static const char *const generators[] = {
        "ti,omap5-wugen-mpu",
        "ti,omap4-wugen-mpu",
    };
    unsigned int i;

    (void)state;
    raw.specifier[1] = 28;
    for ( i = 0; i < ARRAY_SIZE(generators); i++ )
    {
        crossbar.compatible = generators[i];
        finds(28);
    }
}

/* Wherever it is: beyond inputs that have no register, the last one included. */
static void at_an_input_of_the_crossbar(void **state)
{
    static const unsigned int inputs[] = { 4, 7, 57, 130, 134, 159 };
    unsigned int i;

    (void)state;
    for ( i = 0; i < ARRAY_SIZE(inputs); i++ )
    {
        fake.crossbar.reg[reg_of(inputs[i])] = SOURCE;
        finds(inputs[i]);
        fake.crossbar.reg[reg_of(inputs[i])] = 0;
    }
}

/* An input wired past the crossbar has a register without meaning. */
static void skipped_inputs_are_not_looked_at(void **state)
{
    (void)state;
    fake.crossbar.reg[reg_of(10)] = SOURCE;
    fails("its interrupt arrives nowhere");
    fake.crossbar.reg[reg_of(60)] = SOURCE;
    finds(60);
}

/* ... and is not changed without permission: the message says how to give it. */
static void at_no_input(void **state)
{
    uint16_t before[ARRAY_SIZE(fake.crossbar.reg)];

    (void)state;
    memset(fake.crossbar.reg, 0xff, sizeof(fake.crossbar.reg));
    fake.crossbar.reg[reg_of(70)] = 0;
    memcpy(before, fake.crossbar.reg, sizeof(before));
    fails("xen,omap-crossbar-input");
    assert_true(said("no input of /ocp/crossbar@4a002a48 has its source, "
                     "23; input 70 is free"));
    assert_memory_equal(before, fake.crossbar.reg, sizeof(before));
}

static void no_input_is_free(void **state)
{
    (void)state;
    memset(fake.crossbar.reg, 0xff, sizeof(fake.crossbar.reg));
    fails("xen,omap-crossbar-input");
    assert_true(said("none is free"));
    operator_names_input();
    fails("another source is there");
    assert_int_equal(fake.crossbar.reg[reg_of(57)], 0xffff);
}

static void operator_names_a_free_input(void **state)
{
    unsigned int i, others = 0;

    (void)state;
    operator_names_input();
    finds(57);
    assert_int_equal(fake.crossbar.reg[reg_of(57)], SOURCE);
    for ( i = 0; i < ARRAY_SIZE(fake.crossbar.reg); i++ )
        others += fake.crossbar.reg[i] != 0;
    assert_int_equal(others, 1);
}

/* An input that already carries the source is used, whatever the operator names. */
static void source_is_there_already(void **state)
{
    (void)state;
    operator_names_input();
    fake.crossbar.reg[reg_of(90)] = SOURCE;
    finds(90);
    assert_int_equal(fake.crossbar.reg[reg_of(57)], 0);
}

static void operator_names_no_input(void **state)
{
    static const uint32_t wrong[] = { 5, 10, 160, 0xffffffff };
    unsigned int i;

    (void)state;
    operator_names_input();
    for ( i = 0; i < ARRAY_SIZE(wrong); i++ )
    {
        put_cell(input, wrong[i]);
        fails("xen,omap-crossbar-input is reserved");
    }
}

/* Unused inputs carry a source that no device has. */
static void another_safe_source(void **state)
{
    (void)state;
    put_cell(safe, 400);
    operator_names_input();
    fails("another source is there");
    fake.crossbar.reg[reg_of(57)] = 400;
    finds(57);
}

static void source_that_nobody_has(void **state)
{
    (void)state;
    raw.specifier[1] = 0;
    fails("its source is that of inputs which nobody uses");
}

/* Cut to 16 bits it would be another one's. */
static void source_that_no_register_holds(void **state)
{
    (void)state;
    operator_names_input();
    raw.specifier[1] = 0x10000 + SOURCE;
    fails("its source is beyond what a register of the crossbar holds");
    assert_int_equal(fake.crossbar.reg[reg_of(57)], 0);
    raw.specifier[1] = 0xffff;
    finds(57);
    assert_int_equal(fake.crossbar.reg[reg_of(57)], 0xffff);
}

static void input_is_not_written_if_the_gic_cannot_have_it(void **state)
{
    (void)state;
    operator_names_input();
    raw.specifier[2] = 0;
    fails("none that the GIC can have");
    assert_int_equal(fake.crossbar.reg[reg_of(57)], 0);
    raw.specifier[2] = 4;
    finds(57);
    assert_int_equal(fake.crossbar.reg[reg_of(57)], SOURCE);
}

/* Whatever else is wrong with the MMU: its input would be lost to others. */
static void input_is_not_written_for_an_mmu_of_no_use(void **state)
{
    static uint8_t address[4];
    struct dt_device_node right;

    (void)state;
    operator_names_input();
    fake_hardware(0x40d01000, SPIS + 57, false);
    np.compatible = "ti,omap4-iommu";
    np.has_reg = true;
    np.base = 0x40d01000;
    np.size = 0x100;
    right = np;
    np.guest_address = (struct fake_cells){ address, 3 };
    assert_int_equal(fake_probe(&np), 0);
    assert_true(said("cannot be used: its xen,guest-address is not one cell"));
    assert_int_equal(fake.crossbar.reg[reg_of(57)], 0);

    right.base = fake.hw[0].base = 0x40d03000;
    assert_int_equal(fake_probe(&right), 0);
    assert_int_equal(fake.crossbar.reg[reg_of(57)], SOURCE);
}

static void crossbar_that_does_not_follow(void **state)
{
    (void)state;
    fake.crossbar.stuck = true;
    operator_names_input();
    fails("does not keep its source");
}

static void crossbar_beyond_its_reg(void **state)
{
    (void)state;
    crossbar.size = 2;
    fake.crossbar.reg[reg_of(4)] = SOURCE;
    finds(4);
    fake.crossbar.reg[reg_of(4)] = 0;
    fake.crossbar.reg[reg_of(7)] = SOURCE;
    fails("arrives nowhere");
}

static void crossbars_that_cannot_be_read(void **state)
{
    (void)state;
    fake.crossbar.unmappable = true;
    fails("cannot be mapped");
    fake.crossbar.unmappable = false;
    crossbar.has_reg = false;
    fails("cannot be read");
    crossbar.has_reg = true;
    put_cell(reg_size, 4);
    fails("cannot be read");
    put_cell(reg_size, 2);
    put_cell(max_irqs, 989);
    fails("cannot be read");
    of_crossbar[0].name = "none";
    fails("cannot be read");
}

static void lists_that_cannot_be_read(void **state)
{
    static uint8_t many[33 * 4];
    unsigned int i;

    (void)state;
    for ( i = 2; i < 4; i++ )
    {
        struct fake_property right = of_crossbar[i];

        of_crossbar[i].cells = (struct fake_cells){ many, sizeof(many) };
        fails("cannot be read");
        of_crossbar[i] = right;
    }
}

static void no_lists(void **state)
{
    (void)state;
    of_crossbar[2] = (struct fake_property){ 0 };
    fake.crossbar.reg[10] = SOURCE;
    finds(10);
}

static void other_controllers(void **state)
{
    (void)state;
    crossbar.compatible = "arm,pl190";
    fails("a controller that this driver does not know");
}

/* Of a kind that these controllers do not have. */
static void other_cells(void **state)
{
    (void)state;
    raw.specifier[0] = 1;
    fails("a controller that this driver does not know");
    raw.specifier[0] = 0;
    raw.size = 1;
    fails("a controller that this driver does not know");
}

static void numbers_that_the_gic_does_not_have(void **state)
{
    (void)state;
    raw.controller = dt_interrupt_controller;
    raw.specifier[0] = 1;
    raw.specifier[1] = 10;
    fails("none that the GIC can have");
    raw.specifier[0] = 0;
    raw.specifier[2] = 0;
    fails("none that the GIC can have");
    raw.specifier[2] = 4;
    raw.specifier[1] = 987;
    finds(987);
    raw.specifier[1] = 988;
    fails("none that the GIC can have");
    np.raw_irq = NULL;
    np.irq = -1;
    fails("it has no interrupt");
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(of_the_gic),
        test(behind_wake_up_generators),
        test(at_an_input_of_the_crossbar),
        test(skipped_inputs_are_not_looked_at),
        test(at_no_input),
        test(no_input_is_free),
        test(operator_names_a_free_input),
        test(source_is_there_already),
        test(operator_names_no_input),
        test(another_safe_source),
        test(source_that_nobody_has),
        test(source_that_no_register_holds),
        test(input_is_not_written_if_the_gic_cannot_have_it),
        test(input_is_not_written_for_an_mmu_of_no_use),
        test(crossbar_that_does_not_follow),
        test(crossbar_beyond_its_reg),
        test(crossbars_that_cannot_be_read),
        test(lists_that_cannot_be_read),
        test(no_lists),
        test(other_controllers),
        test(other_cells),
        test(numbers_that_the_gic_does_not_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
