/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bare-metal program that drives a DRA7 DSP1: two MMUs, DSP_SYSTEM, EDMA, the PRCM's
 * words and the interrupt crossbar, at the board's addresses.
 */
#include "bare.h"
#include "crossbar.h"
#include "dsp_system.h"
#include "edma.h"
#include "mailbox.h"
#include "mmu.h"
#include "omap_regs.h"
#include "prcm.h"
#include "rproc_regs.h"

#define RECORD   0x4af00000u /* of omap-prcm, see qemu/omap_prcm_dev.c */
#define EVENTS   (RECORD + 0x004)
#define CHANGES  (RECORD + 0x008)
#define ABSENT   (RECORD + 0x100)
#define EVENT(n) (RECORD + 0x800 + 8 * ((n) % PRCM_RECORDS))

#define GICD 0x08000000u

#define SYSTEM    0x40d00000u
#define TC(n)     (0x40d05000u + 0x1000 * (n))
#define CC        0x40d10000u
#define DSP       0x40d20000u /* the scripted processor's registers */
#define MAILBOX   0x48840000u
#define RSTCTRL   0x4ae06410u
#define PWRSTCTRL 0x4ae06400u
#define CLKSTCTRL 0x4a005400u
#define CLKCTRL   0x4a005420u
#define BOOT      0x4a00255cu
#define DREQ      0x4a002cf8u
#define EMU       0x4ae07a00u
#define XBAR      0x4a002a48u
#define SCM       0x4a002000u
#define FILL      0xa5a5a500u

enum {
    CORE, /* ports */
    EDMA,
    PORTS
};

static const uint32_t mmu_base[] = { 0x40d01000u, 0x40d02000u };

/* Memory that both ports see; a section of its own. */
static uint32_t root[PORTS][4096] __attribute__((aligned(0x4000)));
static struct {
    volatile uint32_t first[256];
    uint32_t
        list[8 * RPROC_CMD_WORDS]; /* at a kilobyte: the core begins there */
    volatile uint32_t word[64];
    volatile uint32_t endless[0x1000];
} memory __attribute__((aligned(0x100000)));

/* Where both MMUs map the section of memory. */
#define DA_SECTION 0x95000000u
#define DA(p)      (DA_SECTION + ((uint32_t)(p)&0xfffffu))
#define DA_HOLE    0x96000000u

void handle_irq(void)
{
}

/*
 * Steps of the tests
 */

static void put(uint32_t address, uint32_t mask, uint32_t value)
{
    set(address, (get(address) & ~mask) | value);
}

static uint16_t get_half(uint32_t address)
{
    return *(volatile uint16_t *)address;
}

static void set_half(uint32_t address, uint16_t value)
{
    asm volatile("dsb" ::: "memory");
    *(volatile uint16_t *)address = value;
    asm volatile("dsb" ::: "memory");
}

static uint32_t mmu_get(int port, uint32_t offset)
{
    return get(mmu_base[port] + offset);
}

static void mmu_set(int port, uint32_t offset, uint32_t value)
{
    set(mmu_base[port] + offset, value);
}

static void off(void)
{
    put(RSTCTRL, 3, 3);
    set(RSTCTRL + 4, 3);
    put(CLKCTRL, 3, 0);
    put(CLKSTCTRL, 3, PRCM_SW_SLEEP);
    put(PWRSTCTRL, 3, PRCM_OFF);
    put(EMU, 3, PRCM_HW_AUTO);
}

/* Everything but the core. */
static void ready(void)
{
    put(EMU, 3, PRCM_SW_WKUP);
    put(PWRSTCTRL, 3, PRCM_ON);
    put(CLKSTCTRL, 3, PRCM_SW_WKUP);
    put(CLKCTRL, 3, PRCM_MODULE_AUTO);
    put(RSTCTRL, 3, 1);
}

static uint32_t section_of(const volatile void *p)
{
    return ((uint32_t)p & 0xfff00000u) | 2;
}

static void translate(int port)
{
    root[port][DA_SECTION >> 20] = section_of(&memory);
    root[port][DA_HOLE >> 20] = 0;
    mmu_set(port, MMU_TTB, (uint32_t)root[port]);
    mmu_set(port, MMU_IRQENABLE, IRQ_WALKER_ON);
    mmu_set(port, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

static void command(int n, uint32_t op, uint32_t dst, uint32_t src,
                    uint32_t len)
{
    uint32_t *cmd = memory.list + n * RPROC_CMD_WORDS;

    cmd[RPROC_CMD_OP] = op;
    cmd[RPROC_CMD_DST] = dst;
    cmd[RPROC_CMD_SRC] = src;
    cmd[RPROC_CMD_LEN] = len;
    cmd[RPROC_CMD_VALUE] = 0x600dca11;
}

/* On, both ports through their MMUs, and the core at its list. */
static void boot(void)
{
    ready();
    translate(CORE);
    translate(EDMA);
    set(SYSTEM + DSP_SYSTEM_MMU_CONFIG, 0x11);
    put(BOOT, 0x3fffff, DA(memory.list) >> 10);
    put(RSTCTRL, 3, 0);
}

static bool becomes(uint32_t address, uint32_t mask, uint32_t value)
{
    uint32_t begin = ticks();

    while ( (get(address) & mask) != value )
        if ( ticks() - begin > PATIENCE )
            return false;

    return true;
}

static bool status_becomes(uint32_t status)
{
    return becomes(DSP + RPROC_STATUS, ~0u, status);
}

/* The number of such events from event number from on. */
static uint32_t events(uint32_t from, enum prcm_event event)
{
    uint32_t n = 0;

    for ( ; from < get(EVENTS); from++ )
        n += get(EVENT(from)) == event;

    return n;
}

static bool pending(uint32_t spi)
{
    return get(GICD + 0x200 + (spi + 32) / 32 * 4) >> spi % 32 & 1;
}

/* As a level: nothing is to stay pending of what was there before. */
static void gic_forget(uint32_t spi)
{
    set(GICD + 0x280 + (spi + 32) / 32 * 4, 1u << spi % 32);
}

/*
 * Tests
 */

/* The first one: run.py compares the trace with what it does. */
static const char *dsp_that_is_off_is_a_bus_error(void)
{
    static const uint32_t at[] = { 0x40d01044, 0x40d02044, SYSTEM,
                                   CC,         TC(0),      TC(1) };
    uint32_t i;

    for ( i = 0; i < sizeof(at) / sizeof(at[0]); i++ )
    {
        get(at[i]);
        CHECK(aborts == 2 * i + 1);
        set(at[i], 0);
        CHECK(aborts == 2 * i + 2);
    }
    aborts = 0;
    CHECK(get(ABSENT) == 12);
    ready();
    mmu_set(CORE, MMU_TTB, 0x80);
    mmu_set(EDMA, MMU_TTB, 0x100);
    mmu_set(EDMA, MMU_CNTL, CNTL_TWLENABLE);
    set(SYSTEM + DSP_SYSTEM_MMU_CONFIG, 0x11);
    set(SYSTEM + 0x44, 2); /* no MMU's CNTL */
    set(SYSTEM + DSP_SYSTEM_SYSCONFIG, DSP_SYSTEM_SOFTRESET);
    put(RSTCTRL, 3, 3);
    CHECK(get(ABSENT) == 12);

    return NULL;
}

static const char *both_mmus_are_reset_with_dsp_system(void)
{
    int i;

    ready();
    for ( i = 0; i < PORTS; i++ )
        mmu_set(i, MMU_TTB, 0x12345680);
    set(SYSTEM + DSP_SYSTEM_MMU_CONFIG, 0x11);
    set(CC + EDMA_EESR, 1);
    CHECK(get(SYSTEM + DSP_SYSTEM_MMU_CONFIG) == 0x11);
    CHECK(get(CC + EDMA_EER) == 1);
    put(RSTCTRL, 3, 3);
    put(RSTCTRL, 3, 1);
    for ( i = 0; i < PORTS; i++ )
        CHECK(mmu_get(i, MMU_TTB) == 0);
    CHECK(get(SYSTEM + DSP_SYSTEM_MMU_CONFIG) == 0);
    CHECK(get(CC + EDMA_EER) == 0);

    return NULL;
}

static const char *dsp_mmus_have_bypass_regions_and_no_gp_reg(void)
{
    int i;

    ready();
    for ( i = 0; i < PORTS; i++ )
    {
        mmu_set(i, MMU_GP_REG, 1);
        CHECK(mmu_get(i, MMU_GP_REG) == 0);
        mmu_set(i, MMU_BYPASS_REGION_SIZE(3), 15);
        CHECK(mmu_get(i, MMU_BYPASS_REGION_SIZE(3)) == 15);
    }

    return NULL;
}

static const char *both_ports_translate(void)
{
    command(0, RPROC_OP_FILL, DA(&memory.word[0]), 0, 4);
    command(1, RPROC_OP_FILL | RPROC_OP_BY_TC1, DA(&memory.word[1]), 0, 4);
    command(2, RPROC_OP_END, 0, 0, 0);
    memory.word[0] = memory.word[1] = 0;
    boot();
    CHECK(status_becomes(RPROC_DONE));
    CHECK(memory.word[0] == 0x600dca11);
    CHECK(memory.word[1] == 0x600dca11);
    CHECK(get(SYSTEM + DSP_SYSTEM_STAT) == 0);

    return NULL;
}

static const char *edma_goes_by_its_own_table(void)
{
    command(0, RPROC_OP_FILL | RPROC_OP_BY_TC0, DA_HOLE, 0, 4);
    command(1, RPROC_OP_END, 0, 0, 0);
    boot();
    CHECK(becomes(mmu_base[EDMA] + MMU_IRQSTATUS, ~0u, IRQ_TRANSLATIONFAULT));
    CHECK(mmu_get(EDMA, MMU_FAULT_AD) == DA_HOLE);
    CHECK(mmu_get(CORE, MMU_IRQSTATUS) == 0);
    CHECK(get(CC + EDMA_CCSTAT) != 0);
    CHECK(get(TC(0) + EDMA_TCSTAT) & 0x77);
    CHECK((get(TC(1) + EDMA_TCSTAT) & 0x77) == 0);
    CHECK(get(SYSTEM + DSP_SYSTEM_STAT) == 3);
    memory.first[0] = 0;
    root[EDMA][DA_HOLE >> 20] = section_of(&memory);
    mmu_set(EDMA, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    CHECK(status_becomes(RPROC_DONE));
    CHECK(get(CC + EDMA_CCSTAT) == 0);
    CHECK(memory.first[0] == 0x600dca11);

    return NULL;
}

static const char *a_port_around_its_mmu_is_untranslated(void)
{
    command(0, RPROC_OP_FILL | RPROC_OP_BY_TC0, (uint32_t)&memory.word[0], 0,
            4);
    command(1, RPROC_OP_END, 0, 0, 0);
    memory.word[0] = 0;
    boot();
    CHECK(becomes(mmu_base[EDMA] + MMU_IRQSTATUS, ~0u, IRQ_TRANSLATIONFAULT));
    put(RSTCTRL, 3, 1);
    put(SYSTEM + DSP_SYSTEM_MMU_CONFIG, 0x10, 0);
    put(RSTCTRL, 3, 0);
    CHECK(status_becomes(RPROC_DONE));
    CHECK(memory.word[0] == 0x600dca11);

    return NULL;
}

static const char *bypass_region_is_untranslated(void)
{
    uint32_t pa = (uint32_t)&memory.word[0];

    command(0, RPROC_OP_FILL | RPROC_OP_BY_TC0, pa, 0, 4);
    command(1, RPROC_OP_END, 0, 0, 0);
    memory.word[0] = 0;
    ready();
    mmu_set(EDMA, MMU_BYPASS_REGION_ADDR(1), pa);
    mmu_set(EDMA, MMU_BYPASS_REGION_SIZE(1), 1);
    boot();
    CHECK(status_becomes(RPROC_DONE));
    CHECK(memory.word[0] == 0x600dca11);

    return NULL;
}

/* For ever: EDMA fills, the core jumps back. */
static void boot_for_ever(void)
{
    command(0, RPROC_OP_FILL | RPROC_OP_BY_TC0, DA(memory.endless), 0,
            sizeof(memory.endless));
    command(1, RPROC_OP_JUMP, DA(memory.list), 0, 0);
    boot();
}

static const char *edma_ends_when_its_events_are_disabled(void)
{
    uint32_t from, i;

    boot_for_ever();
    CHECK(changes(&memory.endless[0], 0));
    CHECK(get(CC + EDMA_EER) == 0xffffffff);
    for ( i = 0; i < PRCM_DREQ_WORDS; i++ )
        set(DREQ + 4 * i, 0);
    set(CC + EDMA_EECR, ~0u);
    set(CC + EDMA_EECRH, ~0u);
    set(CC + EDMA_QEECR, ~0u);
    CHECK(becomes(CC + EDMA_CCSTAT, ~0u, 0));
    CHECK(becomes(TC(0) + EDMA_TCSTAT, 0x77, 0));
    CHECK(get(DSP + RPROC_STATUS) == RPROC_RUNNING);
    memory.endless[0] = 0;
    pause(SECONDS / 1000);
    CHECK(memory.endless[0] == 0);
    set(CC + EDMA_EESR, 1);
    CHECK(changes(&memory.endless[0], 0));
    set(CC + EDMA_EECR, 1);
    CHECK(becomes(CC + EDMA_CCSTAT, ~0u, 0));
    from = get(EVENTS);
    put(RSTCTRL, 3, 1);
    CHECK(events(from, PRCM_CORE_ASSERTED) == 1);
    CHECK(events(from, PRCM_EDMA_BUSY) == 0);

    return NULL;
}

static const char *reset_while_edma_works_is_recorded(void)
{
    uint32_t from;

    command(0, RPROC_OP_FILL | RPROC_OP_BY_TC1, DA_HOLE, 0, 4);
    boot();
    CHECK(becomes(CC + EDMA_CCSTAT, 1, 1));
    from = get(EVENTS);
    put(RSTCTRL, 3, 1);
    CHECK(get(EVENT(from)) == PRCM_CORE_ASSERTED);
    CHECK(get(EVENT(from + 1)) == PRCM_EDMA_BUSY);
    CHECK(get(EVENT(from + 1) + 4) == 2);
    CHECK(get(DSP + RPROC_STATUS) == RPROC_IDLE);
    CHECK(get(CC + EDMA_CCSTAT) != 0);
    put(RSTCTRL, 3, 3);
    CHECK(events(from, PRCM_EDMA_BUSY) == 2);
    put(RSTCTRL, 3, 1);
    CHECK(get(CC + EDMA_CCSTAT) == 0);

    return NULL;
}

/* EDMA is to fill the first 16 words of the section, and stalls at once. */
static bool edma_stalls(void)
{
    command(0, RPROC_OP_FILL | RPROC_OP_BY_TC0, DA_HOLE, 0, 64);
    memory.first[0] = memory.first[15] = 0;
    boot();

    return becomes(mmu_base[EDMA] + MMU_IRQSTATUS, ~0u, IRQ_TRANSLATIONFAULT);
}

static const char *edma_goes_on_behind_a_core_in_reset(void)
{
    CHECK(edma_stalls());
    put(RSTCTRL, 3, 1);
    CHECK(get(DSP + RPROC_STATUS) == RPROC_IDLE);
    CHECK(get(CC + EDMA_CCSTAT) != 0);
    root[EDMA][DA_HOLE >> 20] = section_of(&memory);
    mmu_set(EDMA, MMU_IRQSTATUS, IRQ_TRANSLATIONFAULT);
    CHECK(changes(&memory.first[15], 0));
    CHECK(becomes(CC + EDMA_CCSTAT, ~0u, 0));

    return NULL;
}

static const char *reset_of_the_mmus_stops_edma(void)
{
    CHECK(edma_stalls());
    put(RSTCTRL, 3, 3);
    put(RSTCTRL, 3, 1);
    CHECK(get(CC + EDMA_CCSTAT) == 0);
    translate(EDMA);
    root[EDMA][DA_HOLE >> 20] = section_of(&memory);
    set(SYSTEM + DSP_SYSTEM_MMU_CONFIG, 0x11);
    pause(SECONDS / 1000);
    CHECK(memory.first[0] == 0);

    return NULL;
}

static const char *erratum_is_recorded(void)
{
    uint32_t from = get(EVENTS);

    boot();
    CHECK(events(from, PRCM_EMU_ASLEEP) == 0);
    put(EMU, 3, PRCM_HW_AUTO);
    mmu_get(EDMA, MMU_IRQSTATUS);
    CHECK(events(from, PRCM_EMU_ASLEEP) == 1);

    return NULL;
}

static const char *dsp_words_are_the_units(void)
{
    uint32_t before = get(CHANGES);

    set(DREQ, 0x00010002);
    set(DREQ + 0x24, 0x00030004);
    put(EMU, 3, PRCM_SW_WKUP);
    put(BOOT, 0x3fffff, 1);
    set_half(XBAR, 5);
    CHECK(get(CHANGES) == before);
    CHECK(get(SCM) == FILL);
    CHECK(get(XBAR - 4) == FILL);
    CHECK(get(XBAR + 0x130) == FILL);
    set_half(XBAR, 0);

    return NULL;
}

/* A fault of port's MMU is source 23 or 145. */
static void fault_of(int port)
{
    command(0, RPROC_OP_FILL | (port == EDMA ? RPROC_OP_BY_TC0 : 0), DA_HOLE, 0,
            4);
    boot();
}

static const char *crossbar_routes_each_mmu(void)
{
    CHECK(get_half(XBAR + 0x6c) == 23); /* left so: input 60 */
    CHECK(get_half(XBAR + 0x6e) == 0);
    gic_forget(60);
    gic_forget(61);
    fault_of(CORE);
    CHECK(becomes(mmu_base[CORE] + MMU_IRQSTATUS, ~0u, IRQ_TRANSLATIONFAULT));
    CHECK(pending(60));
    CHECK(!pending(61));
    mmu_set(CORE, MMU_IRQENABLE, 0);
    gic_forget(60);
    CHECK(!pending(60));
    off();
    fault_of(EDMA);
    CHECK(becomes(mmu_base[EDMA] + MMU_IRQSTATUS, ~0u, IRQ_TRANSLATIONFAULT));
    CHECK(!pending(60));
    CHECK(!pending(61));
    set_half(XBAR + 0x6e, 145);
    CHECK(pending(61));
    set_half(XBAR + 0x6e, 0);
    gic_forget(61);
    CHECK(!pending(61));
    CHECK(get_half(XBAR + 0x6c) == 23);

    return NULL;
}

/* Source 251 is user 2 of mailbox 5, whose not full holds at once. */
static const char *crossbar_routes_the_mailbox(void)
{
    set_half(XBAR + 0x70, 251); /* input 62 */
    set(MAILBOX + MAILBOX_IRQENABLE_SET(0), 1u << 23);
    CHECK(!pending(62));
    set(MAILBOX + MAILBOX_IRQENABLE_SET(2), 1u << 23); /* of the last FIFO */
    CHECK(pending(62));
    set(MAILBOX + MAILBOX_IRQENABLE_CLR(2), 1u << 23);
    gic_forget(62);
    CHECK(!pending(62));
    set_half(XBAR + 0x70, 0);

    return NULL;
}

static const struct test tests[] = {
    TEST(dsp_that_is_off_is_a_bus_error),
    TEST(both_mmus_are_reset_with_dsp_system),
    TEST(dsp_mmus_have_bypass_regions_and_no_gp_reg),
    TEST(both_ports_translate),
    TEST(edma_goes_by_its_own_table),
    TEST(a_port_around_its_mmu_is_untranslated),
    TEST(bypass_region_is_untranslated),
    TEST(edma_ends_when_its_events_are_disabled),
    TEST(reset_while_edma_works_is_recorded),
    TEST(edma_goes_on_behind_a_core_in_reset),
    TEST(reset_of_the_mmus_stops_edma),
    TEST(erratum_is_recorded),
    TEST(dsp_words_are_the_units),
    TEST(crossbar_routes_each_mmu),
    TEST(crossbar_routes_the_mailbox),
};

void main(void)
{
    report_all(tests, sizeof(tests) / sizeof(tests[0]), off);
    psci(PSCI_SYSTEM_OFF);
}
