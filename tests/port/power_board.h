/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The board of board.h with power, clocks and resets as OMAP5 has them: the first MMU is
 * the IPU's, the second the DSP's. What the host's tree says of them can be changed
 * before boot().
 */
#ifndef TESTS_PORT_POWER_BOARD_H
#define TESTS_PORT_POWER_BOARD_H

#include "board.h"
#include "nodes.h"

enum {
    IPU,
    DSP
};

#define CONTROL_IPU 0x0e002000u
#define CONTROL_DSP 0x0e003000u
#define RESETS      0x000u
#define BOOT        0x304u

/* What nobody's bits hold. */
#define FILL 0xa5c3965au

static struct dt_device_node prm, prm_dsp, prm_core, cm_dsp, cm_ipu;
static struct dt_device_node clk_dsp, clk_ipu, scm, module[MMUS];
static struct dt_phandle_args resets[MMUS][4], module_resets[MMUS][2];
static struct dt_phandle_args clocks[MMUS][2];
static uint8_t control[MMUS][4], bootreg[12];
static struct prcm_config prcm;

/* As TI's tree. */
static inline void lay_out_nodes(void)
{
    prm = reg_node("/prm", "ti,omap5-prm", NULL, 0x4ae06000, 0x2000);
    prm_dsp =
        reg_node("/prm/dsp", "ti,omap5-prm-inst", &prm, 0x4ae06400, 0x100);
    prm_core =
        reg_node("/prm/core", "ti,omap5-prm-inst", &prm, 0x4ae06700, 0x100);
    prm_dsp.also = prm_core.also = "ti,omap-prm-inst";
    cm_dsp = reg_node("/cm/dsp", "ti,omap4-cm", NULL, 0x4a004400, 0x100);
    cm_ipu = reg_node("/cm/ipu", "ti,omap4-cm", NULL, 0x4a008900, 0x100);
    clk_dsp = reg_node("/cm/dsp/clk", "ti,clkctrl", &cm_dsp, 0x4a004420, 4);
    clk_ipu = reg_node("/cm/ipu/clk", "ti,clkctrl", &cm_ipu, 0x4a008920, 4);
    scm = reg_node("/scm", "syscon", NULL, 0x4a002000, 0x800);

    memset(resets, 0, sizeof(resets));
    resets[IPU][0] = names_one(&prm_core, 0, 1);
    resets[IPU][1] = names_one(&prm_core, 1, 1);
    resets[DSP][0] = names_one(&prm_dsp, 0, 1);
    memset(module_resets, 0, sizeof(module_resets));
    module_resets[IPU][0] = names_one(&prm_core, 2, 1);
    module_resets[DSP][0] = names_one(&prm_dsp, 1, 1);
    memset(clocks, 0, sizeof(clocks));
    clocks[IPU][0] = names_one(&clk_ipu, 0, 2);
    clocks[DSP][0] = names_one(&clk_dsp, 0, 2);
    put_cell(control[IPU], CONTROL_IPU);
    put_cell(control[DSP], CONTROL_DSP);
    put_cell(bootreg + 4, 0x304);
    put_cell(bootreg + 8, 0);
}

static inline void join_nodes(void)
{
    unsigned int i;

    for ( i = 0; i < MMUS; i++ )
    {
        module[i] = (struct dt_device_node){ .full_name = "/ocp/target-module",
                                             .compatible = "ti,sysc",
                                             .resets = module_resets[i] };
        mmu[i].parent = &module[i];
        master[i].resets = resets[i];
        master[i].clocks = clocks[i];
        master[i].control = (struct fake_cells){ control[i], 4 };
    }
    master[DSP].bootreg = (struct fake_cells){ bootreg, sizeof(bootreg) };
    master[DSP].scm = &scm;
    mmu[0].allnext = &mmu[1];
    mmu[1].allnext = &master[0];
    master[0].allnext = &master[1];
    dt_host = &mmu[0];
}

static inline void lay_out_hardware(void)
{
    static const uint32_t pages[] = { 0x4ae06000, 0x4a008000, 0x4a004000,
                                      0x4a002000 };
    unsigned int i;

    prcm = (struct prcm_config){
        .unit = { { .word = { 0x4ae06910, 0x4ae06914, 0, 0, 0x4a008900,
                              0x4a008920 },
                    .cores = 3,
                    .mmu = 4 },
                  { .word = { 0x4ae06410, 0x4ae06414, 0x4ae06400, 0x4ae06404,
                              0x4a004400, 0x4a004420 },
                    .cores = 1,
                    .mmu = 2,
                    .boot = 0x4a002304 } },
        .units = MMUS,
        .pages = ARRAY_SIZE(pages),
    };
    for ( i = 0; i < prcm.pages; i++ )
        prcm.page[i] = (struct prcm_page_config){ pages[i], FILL };
    for ( i = 0; i < MMUS; i++ )
    {
        fake.hw[i].switched = true;
        fake.hw[i].unit = i;
    }
}

/* All but boot(). */
static inline int powered_off(void **state)
{
    (void)state;
    lay_out();
    lay_out_nodes();
    join_nodes();
    lay_out_hardware();

    return 0;
}

static inline void boot(void)
{
    unsigned int i;

    fake_prcm_start(&prcm);
    for ( i = 0; i < MMUS; i++ )
        assert_int_equal(fake_probe(&mmu[i]), 0);
    before = fake.left;
}

static inline int booted(void **state)
{
    powered_off(state);
    boot();

    return 0;
}

/* After every test no other bit of a word was changed, and no MMU accessed while off. */
static inline int power_down(void **state)
{
    unsigned int i;

    if ( fake.prcm.model.config.units )
    {
        assert_int_equal(fake.prcm.model.foreign_changes, 0);
        for ( i = 0; i < MMUS; i++ )
            assert_int_equal(fake.prcm.model.unit[i].off_accesses, 0);
    }
    dt_host = NULL;

    return teardown(state);
}

static inline bool runs(unsigned int unit, unsigned int core)
{
    return prcm_core_runs(&fake.prcm.model, unit, core);
}

static inline bool answers(unsigned int unit)
{
    return prcm_mmu_answers(&fake.prcm.model, unit);
}

static inline void never(unsigned int unit, enum prcm_delay what)
{
    prcm_set_delay(&fake.prcm.model, unit, what, PRCM_NEVER);
}

/* The n-th event of a kind from a point on, or none. */
static inline uint64_t event(unsigned int unit, enum prcm_event what,
                             uint64_t from)
{
    return prcm_find(&fake.prcm.model, unit, what, from);
}

/* d has the IPU, and has started its first core; its MMU is off: addresses are IPAs. */
static inline void give_running(struct domain *d)
{
    give(d, IPU);
    fake_trap_write(d, CONTROL_IPU + RESETS, 6);
    assert_true(runs(IPU, 0));
}

#define POWER_TEST(f) cmocka_unit_test_setup_teardown(f, booted, power_down)
#define POWER_TEST_UNBOOTED(f) \
    cmocka_unit_test_setup_teardown(f, powered_off, power_down)

#endif /* TESTS_PORT_POWER_BOARD_H */
