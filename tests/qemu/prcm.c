/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bare-metal program that switches remote processors on and off by the words of the
 * PRCM. It boots twice, as guest.c does.
 *
 * IPU is a Cortex-M4 in an always-on domain, DSP is scripted and has a power domain and
 * a boot register; EARLY, scripted, is one that a boot loader has started.
 */
#include "bare.h"
#include "omap_regs.h"
#include "prcm.h"
#include "rproc_regs.h"

#define RECORD 0x4af00000u /* of omap-prcm, see qemu/omap_prcm_dev.c */
#define SCM    0x4a002000u
#define FILL   0xa5a5a500u /* of all pages */

#define EVENTS        (RECORD + 0x004)
#define CHANGES       (RECORD + 0x008)
#define CHANGED       (RECORD + 0x00c)
#define ABSENT(u)     (RECORD + 0x100 + 0x20 * (u))
#define ABSENT_AT(u)  (RECORD + 0x104 + 0x20 * (u))
#define STATE(u)      (RECORD + 0x108 + 0x20 * (u))
#define POWER_FAIL(u) (RECORD + 0x10c + 0x20 * (u))
#define DELAY(u, n)   (RECORD + 0x200 + 0x20 * (u) + 4 * (n))
#define EVENT(n)      (RECORD + 0x800 + 8 * ((n) % PRCM_RECORDS))

#define ANSWERS 0x001u /* of STATE */
#define RUNS    0x100u

/* Untouched by a machine reset, as nothing is loaded there. */
#define BOOT_MARK       (*(volatile uint32_t *)0x50000000u)
#define BOOT_MARK_VALUE 0x6d637270u

enum {
    IPU,
    DSP,
    EARLY,
    UNITS
};

static const struct {
    uint32_t mmu, rstctrl, pwrstctrl, clkctrl, cores, reset;
} at[] = {
    { 0x55082000, 0x4ae06910, 0, 0x4a008920, 3, 4 },
    { 0x4a066000, 0x4ae06410, 0x4ae06400, 0x4a004420, 1, 2 },
    { 0x58882000, 0x4ae06510, 0x4ae06500, 0x4a005520, 3, 4 },
};

#define RSTST(u)     (at[u].rstctrl + 4)
#define PWRSTST(u)   (at[u].pwrstctrl + 4)
#define CLKSTCTRL(u) (at[u].clkctrl - 0x20)
#define DSP_BOOT     0x4a002304u
#define DSP_REGS     0x4a060000u
#define EARLY_REGS   0x58820000u

/* Memory that the processors see. */
static uint32_t root[4096] __attribute__((aligned(0x4000)));
static uint32_t program[64] __attribute__((aligned(0x100000)));
static volatile uint32_t counter[4] __attribute__((aligned(0x100000)));
static uint32_t list[16 * RPROC_CMD_WORDS] __attribute__((aligned(0x400)));
static volatile uint32_t words[64];

extern const uint32_t core_count[], core_count_end[]; /* in core.S */

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

static void reset_to(int u, uint32_t bits)
{
    put(at[u].rstctrl, at[u].cores | at[u].reset, bits);
}

static void ready(int u)
{
    if ( at[u].pwrstctrl )
        put(at[u].pwrstctrl, 3, PRCM_ON);
    put(CLKSTCTRL(u), 3, PRCM_SW_WKUP);
    put(at[u].clkctrl, 3, PRCM_MODULE_AUTO);
    reset_to(u, at[u].cores);
}

static void off(int u)
{
    reset_to(u, at[u].cores | at[u].reset);
    set(RSTST(u), at[u].cores | at[u].reset);
    put(at[u].clkctrl, 3, 0);
    put(CLKSTCTRL(u), 3, PRCM_SW_SLEEP);
    if ( at[u].pwrstctrl )
        put(at[u].pwrstctrl, 3, PRCM_OFF);
}

static uint32_t mmu_get(int u, uint32_t offset)
{
    return get(at[u].mmu + offset);
}

static void mmu_set(int u, uint32_t offset, uint32_t value)
{
    set(at[u].mmu + offset, value);
}

static uint32_t section_of(const volatile void *p)
{
    return ((uint32_t)p & 0xfff00000u) | 2;
}

static void command(int n, uint32_t op, uint32_t dst, uint32_t len)
{
    list[n * RPROC_CMD_WORDS + RPROC_CMD_OP] = op;
    list[n * RPROC_CMD_WORDS + RPROC_CMD_DST] = dst;
    list[n * RPROC_CMD_WORDS + RPROC_CMD_LEN] = len;
    list[n * RPROC_CMD_WORDS + RPROC_CMD_VALUE] = 0x600dca11;
}

/* DSP, whose MMU bypasses, fills words: once, or for ever. */
static void boot_dsp(bool for_ever)
{
    command(0, RPROC_OP_FILL, (uint32_t)words, 16);
    command(1, for_ever ? RPROC_OP_JUMP : RPROC_OP_END, (uint32_t)list, 0);
    put(DSP_BOOT, ~0x3ffu, (uint32_t)list);
    words[0] = 0;
    ready(DSP);
    reset_to(DSP, 0);
}

/* IPU counts in counter[0], behind its MMU. */
static void boot_ipu(void)
{
    uint32_t i;

    for ( i = 0; core_count + i < core_count_end; i++ )
        program[i] = core_count[i];
    root[0] = section_of(program);
    root[0x900] = section_of(counter);
    counter[0] = 0;
    ready(IPU);
    mmu_set(IPU, MMU_TTB, (uint32_t)root);
    mmu_set(IPU, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    reset_to(IPU, 2);
}

/*
 * Tests
 */

/* The first one: run.py compares the trace with what it does. */
static const char *mmu_that_is_off_is_a_bus_error(void)
{
    volatile uint32_t value;

    value = mmu_get(DSP, MMU_REVISION);
    CHECK(aborts == 1);
    mmu_set(DSP, MMU_TTB, 0x80000000);
    CHECK(aborts == 2);
    value = *(volatile uint8_t *)(at[IPU].mmu + MMU_CNTL);
    CHECK(aborts == 3);
    (void)value;
    aborts = 0;
    CHECK(get(ABSENT(DSP)) == 2);
    CHECK(get(ABSENT_AT(DSP)) == MMU_TTB);
    CHECK(get(ABSENT(IPU)) == 1);
    CHECK(get(STATE(DSP)) == 0);
    ready(DSP);
    mmu_set(DSP, MMU_TTB, 0x12345680);
    reset_to(DSP, 0);
    reset_to(DSP, 1);
    mmu_set(DSP, MMU_TTB, 0x80);
    off(DSP);

    return NULL;
}

static const char *mmu_answers_when_all_is_on(void)
{
    ready(DSP);
    CHECK(get(PWRSTST(DSP)) == (FILL & ~0x100007u) + 7);
    CHECK((get(CLKSTCTRL(DSP)) & 0x103) == 0x102);
    CHECK((get(at[DSP].clkctrl) & 0x70003) == 0x40001);
    CHECK(get(RSTST(DSP)) == (FILL | 2));
    CHECK(mmu_get(DSP, MMU_REVISION) == 0x20);
    CHECK(get(STATE(DSP)) == ANSWERS);
    mmu_set(DSP, MMU_TTB, 0x12345680);
    CHECK(mmu_get(DSP, MMU_TTB) == 0x12345680);
    CHECK(get(ABSENT(DSP)) == 2);

    return NULL;
}

static const char *reset_loses_the_registers_of_the_mmu(void)
{
    ready(IPU);
    mmu_set(IPU, MMU_TTB, 0x12345680);
    mmu_set(IPU, MMU_CNTL, CNTL_MMUENABLE);
    reset_to(IPU, 7);
    mmu_get(IPU, MMU_TTB);
    CHECK(aborts == 1);
    aborts = 0;
    reset_to(IPU, 3);
    CHECK(mmu_get(IPU, MMU_TTB) == 0);
    CHECK(mmu_get(IPU, MMU_CNTL) == 0);

    return NULL;
}

static const char *power_off_loses_the_registers_of_the_mmu(void)
{
    ready(DSP);
    mmu_set(DSP, MMU_TTB, 0x12345680);
    put(CLKSTCTRL(DSP), 3, PRCM_SW_SLEEP);
    put(CLKSTCTRL(DSP), 3, PRCM_SW_WKUP);
    CHECK(mmu_get(DSP, MMU_TTB) == 0x12345680);
    put(at[DSP].pwrstctrl, 3, PRCM_OFF);
    put(CLKSTCTRL(DSP), 3, PRCM_SW_SLEEP);
    put(CLKSTCTRL(DSP), 3, PRCM_SW_WKUP);
    CHECK(mmu_get(DSP, MMU_TTB) == 0);
    mmu_set(DSP, MMU_TTB, 0x12345680);
    set(POWER_FAIL(DSP), 1);
    CHECK(mmu_get(DSP, MMU_TTB) == 0);

    return NULL;
}

static const char *dsp_boots_at_its_boot_register(void)
{
    boot_dsp(false);
    CHECK(changes(&words[0], 0));
    CHECK(get(STATE(DSP)) == (ANSWERS | RUNS));
    CHECK(get(DSP_REGS + RPROC_LIST) == (uint32_t)list);
    CHECK(!(get(at[DSP].clkctrl) & PRCM_STBYST));

    return NULL;
}

static const char *held_dsp_does_not_start(void)
{
    ready(DSP);
    set(DSP_REGS + RPROC_CTRL, RPROC_CTRL_START);
    CHECK(get(DSP_REGS + RPROC_STATUS) == RPROC_IDLE);

    return NULL;
}

static const char *reset_stops_the_dsp(void)
{
    boot_dsp(true);
    CHECK(changes(&words[0], 0));
    CHECK(get(DSP_REGS + RPROC_STATUS) == RPROC_RUNNING);
    put(at[DSP].clkctrl, 3, 0);
    words[0] = 0;
    CHECK(changes(&words[0], 0));
    reset_to(DSP, 1);
    CHECK(get(DSP_REGS + RPROC_STATUS) == RPROC_IDLE);
    CHECK(get(at[DSP].clkctrl) & PRCM_STBYST);
    words[0] = 0;
    pause(SECONDS / 1000);
    CHECK(words[0] == 0);

    return NULL;
}

static const char *reset_stops_and_restarts_the_ipu(void)
{
    uint32_t was;

    boot_ipu();
    CHECK(changes(&counter[0], 0));
    counter[0] = 0x80000000;
    CHECK(changes(&counter[0], 0x80000000));
    reset_to(IPU, 3);
    was = counter[0];
    pause(SECONDS / 1000);
    CHECK(counter[0] == was);
    counter[0] = 0;
    reset_to(IPU, 2);
    CHECK(changes(&counter[0], 0));
    CHECK(counter[0] < 0x80000000);

    return NULL;
}

/* No processor is there; the unit has the core all the same. */
static const char *second_core_is_known(void)
{
    ready(IPU);
    reset_to(IPU, 1);
    CHECK(get(STATE(IPU)) == (ANSWERS | RUNS << 1));

    return NULL;
}

static const char *poll_that_never_ends(void)
{
    uint32_t i;

    set(DELAY(DSP, PRCM_DELAY_MODULE), PRCM_NEVER);
    CHECK(get(DELAY(DSP, PRCM_DELAY_MODULE)) == PRCM_NEVER);
    ready(DSP);
    for ( i = 0; i < 1000; i++ )
        CHECK((get(at[DSP].clkctrl) & PRCM_IDLEST) == PRCM_IDLEST_TRANSITION);
    CHECK(get(STATE(DSP)) == 0);
    set(DELAY(DSP, PRCM_DELAY_MODULE), 0);
    CHECK(get(STATE(DSP)) == ANSWERS);

    return NULL;
}

/* run.py gives EARLY a power domain that takes three reads to sleep. */
static const char *slow_by_a_property(void)
{
    CHECK(get(DELAY(EARLY, PRCM_DELAY_POWER)) == 3);
    CHECK(get(DELAY(EARLY, PRCM_DELAY_CLOCK)) == 0);

    return NULL;
}

static const char *others_bits_stay_and_their_changes_are_counted(void)
{
    uint32_t changes_before = get(CHANGES);

    CHECK(changes_before == 0);
    CHECK(get(SCM) == FILL);
    CHECK((get(at[IPU].rstctrl) & ~7u) == FILL);
    CHECK((get(at[DSP].clkctrl) & ~0x70003u) == (FILL & ~0x70003u));
    set(at[DSP].rstctrl, 3);
    CHECK(get(CHANGES) == 1);
    CHECK(get(CHANGED) == at[DSP].rstctrl);
    CHECK(get(at[DSP].rstctrl) == 3);
    set(at[DSP].rstctrl, FILL | 3);

    return NULL;
}

static const char *record_has_the_order(void)
{
    uint32_t begin = get(EVENTS);

    ready(IPU);
    mmu_set(IPU, MMU_CNTL, CNTL_TWLENABLE);
    mmu_set(IPU, MMU_TTB, 0x80);
    CHECK(get(EVENTS) == begin + 3);
    CHECK(get(EVENT(begin)) == (IPU << 16 | PRCM_MMU_RELEASED));
    CHECK(get(EVENT(begin) + 4) == 4);
    CHECK(get(EVENT(begin + 1)) == (IPU << 16 | PRCM_MMU_CNTL));
    CHECK(get(EVENT(begin + 2)) == (IPU << 16 | PRCM_MMU_TTB));
    CHECK(get(EVENT(begin + 2) + 4) == 0x80);

    return NULL;
}

static const char *record_has_its_registers_only(void)
{
    CHECK(get(RECORD) == 0x4d435250);
    set(RECORD, 0);
    set(EVENTS, 0);
    CHECK(get(RECORD) == 0x4d435250);
    CHECK(get(EVENTS) != 0);
    CHECK(get(RECORD + 0x10) == 0);
    CHECK(get(RECORD + 0x100 + 0x20 * UNITS) == 0);
    CHECK(get(DELAY(IPU, PRCM_DELAYS)) == 0);
    CHECK(get(DELAY(UNITS, 0)) == 0);
    set(DELAY(UNITS, 0), 1);
    CHECK(get(DELAY(UNITS, 0)) == 0);
    *(volatile uint8_t *)DELAY(IPU, 0) = 1;
    CHECK(get(DELAY(IPU, 0)) == 0);
    CHECK(*(volatile uint8_t *)(RECORD + 3) == 0x4d);

    return NULL;
}

/* Leave everything on, for the reset to switch off. */
static const char *prcm_before_reset_all_is_on(void)
{
    boot_dsp(true);
    boot_ipu();
    CHECK(changes(&words[0], 0));
    CHECK(changes(&counter[0], 0));
    set(DSP_BOOT, 0);
    set(SCM, 0);
    off(EARLY);

    return NULL;
}

static const char *started_unit_is_on_at_boot(void)
{
    CHECK(mmu_get(EARLY, MMU_REVISION) == 0x20);
    CHECK(get(STATE(EARLY)) == (ANSWERS | RUNS | RUNS << 1));
    CHECK((get(at[EARLY].rstctrl) & 7) == 0);
    CHECK((get(PWRSTST(EARLY)) & 3) == PRCM_ON);
    CHECK(get(EARLY_REGS + RPROC_STATUS) != RPROC_IDLE);

    return NULL;
}

static const char *machine_reset_switches_off(void)
{
    CHECK(get(STATE(IPU)) == 0);
    CHECK(get(STATE(DSP)) == 0);
    CHECK(get(DSP_REGS + RPROC_STATUS) == RPROC_IDLE);
    CHECK(get(DSP_BOOT) == FILL);
    CHECK(get(SCM) == FILL);
    mmu_get(IPU, MMU_TTB);
    CHECK(aborts == 1);
    aborts = 0;
    CHECK(get(ABSENT(DSP)) == 2);

    return NULL;
}

static const struct test tests[] = {
    TEST(mmu_that_is_off_is_a_bus_error),
    TEST(started_unit_is_on_at_boot),
    TEST(mmu_answers_when_all_is_on),
    TEST(reset_loses_the_registers_of_the_mmu),
    TEST(power_off_loses_the_registers_of_the_mmu),
    TEST(dsp_boots_at_its_boot_register),
    TEST(held_dsp_does_not_start),
    TEST(reset_stops_the_dsp),
    TEST(reset_stops_and_restarts_the_ipu),
    TEST(second_core_is_known),
    TEST(poll_that_never_ends),
    TEST(slow_by_a_property),
    TEST(others_bits_stay_and_their_changes_are_counted),
    TEST(record_has_the_order),
    TEST(record_has_its_registers_only),
    TEST(prcm_before_reset_all_is_on),
};

void main(void)
{
    static const struct test again[] = {
        TEST(machine_reset_switches_off),
        { "started_unit_is_on_again", started_unit_is_on_at_boot },
        { "dsp_boots_again", dsp_boots_at_its_boot_register },
        { "ipu_boots_again", reset_stops_and_restarts_the_ipu },
    };
    uint32_t i;

    if ( BOOT_MARK == BOOT_MARK_VALUE )
    {
        for ( i = 0; i < sizeof(again) / sizeof(again[0]); i++ )
            report(&again[i]);
        psci(PSCI_SYSTEM_OFF);
    }

    for ( i = 0; i < sizeof(tests) / sizeof(tests[0]); i++ )
    {
        off(IPU);
        off(DSP);
        report(&tests[i]);
    }
    BOOT_MARK = BOOT_MARK_VALUE;
    psci(PSCI_SYSTEM_RESET);
}
