/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bare-metal program that drives the devices of the plugin.
 *
 * It runs on "virt" with a GICv2 and prints one line per test. It boots twice:
 * the second time after a machine reset, of which it tests the effects.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "omap_mmu.h"
#include "rproc_regs.h"

#define UART      0x09000000u
#define GICD      0x08000000u
#define GICC      0x08010000u
#define FIRST_SPI 200u /* of IPU; DSP has the next */

#define PSCI_SYSTEM_OFF   0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u

#define SECONDS 62500000u /* in ticks() */

#define SMALL_MMU 0x480bd400u /* eight entries, no processor */

/* Untouched by a machine reset, as nothing is loaded there. */
#define BOOT_MARK       (*(volatile uint32_t *)0x50000000u)
#define BOOT_MARK_VALUE 0x32646e32u

enum {
    IPU,
    DSP
};

static const uint32_t mmu_base[] = { 0x55082000u, 0x4a066000u };
static const uint32_t rproc_base[] = { 0x55020000u, 0x4a060000u };

uint32_t psci(uint32_t function);
uint32_t ticks(void);
void handle_irq(void);
void main(void);

/* Memory that the processors see; each array in one section, see map(). */
static uint32_t root[2][4096] __attribute__((aligned(0x4000)));
static struct {
    uint32_t list[8 * RPROC_CMD_WORDS];
    uint32_t src[2048];
    uint32_t dst[2048];
    uint32_t big[0x20000];
} memory __attribute__((aligned(0x100000)));

#define DA_MEMORY 0x80000000u /* where a test maps memory */
#define DA(field) (DA_MEMORY + offsetof(typeof(memory), field))

/* What the interrupt handler is to do, and what it saw. */
static volatile enum {
    MASK,
    FILL,
    ANSWER_BUS_ERROR
} on_fault;
static volatile struct {
    uint32_t count;
    uint32_t status;
    uint32_t address;
} seen[2];

/*
 * Access
 */

static uint32_t get(uint32_t address)
{
    return *(volatile uint32_t *)address;
}

static void set(uint32_t address, uint32_t value)
{
    asm volatile("dsb" ::: "memory");
    *(volatile uint32_t *)address = value;
    asm volatile("dsb" ::: "memory");
}

static uint32_t mmu_get(int i, uint32_t offset)
{
    return get(mmu_base[i] + offset);
}

static void mmu_set(int i, uint32_t offset, uint32_t value)
{
    set(mmu_base[i] + offset, value);
}

static uint32_t rproc_status(int i)
{
    return get(rproc_base[i] + RPROC_STATUS);
}

static void print(const char *s)
{
    while ( *s )
        set(UART, *s++);
}

/*
 * Interrupts
 */

static void gic_init(void)
{
    uint32_t i;

    set(GICC, 1);
    set(GICC + 4, 0xff);
    for ( i = FIRST_SPI + 32; i < FIRST_SPI + 34; i++ )
    {
        *(volatile uint8_t *)(GICD + 0x800 + i) = 1;
        *(volatile uint8_t *)(GICD + 0x400 + i) = 0x80;
        set(GICD + 0x100 + i / 32 * 4, 1u << i % 32);
    }
    set(GICD, 1);
    asm volatile("cpsie i");
}

static uint32_t section_of(const void *p)
{
    return ((uint32_t)p & 0xfff00000u) | 2;
}

static void map(int i, uint32_t da, uint32_t word)
{
    root[i][da >> 20] = word;
}

static void handle_fault(int i)
{
    uint32_t status = mmu_get(i, MMU_IRQSTATUS);

    seen[i].count++;
    seen[i].status = status;
    seen[i].address = mmu_get(i, MMU_FAULT_AD);

    switch ( on_fault )
    {
    case MASK:
        mmu_set(i, MMU_IRQENABLE, 0);
        break;
    case FILL:
        map(i, seen[i].address, section_of(&memory));
        mmu_set(i, MMU_IRQSTATUS, status);
        break;
    case ANSWER_BUS_ERROR:
        mmu_set(i, MMU_IRQENABLE, 0);
        mmu_set(i, MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
        mmu_set(i, MMU_IRQSTATUS, status);
        mmu_set(i, MMU_GP_REG, 0);
        break;
    }
}

void handle_irq(void)
{
    uint32_t id = get(GICC + 0xc);

    if ( id - 32 - FIRST_SPI < 2 )
        handle_fault(id - 32 - FIRST_SPI);
    set(GICC + 0x10, id);
}

/*
 * Steps of the tests
 */

static void prepare(void)
{
    uint32_t i, n;

    for ( i = 0; i < 2; i++ )
    {
        set(rproc_base[i] + RPROC_CTRL, RPROC_CTRL_RESET);
        mmu_set(i, MMU_SYSCONFIG, SYSCONFIG_SOFTRESET);
        seen[i].count = 0;
        for ( n = 0; n < 4096; n++ )
            root[i][n] = 0;
        map(i, DA_MEMORY, section_of(&memory));
        mmu_set(i, MMU_TTB, (uint32_t)root[i]);
        mmu_set(i, MMU_IRQENABLE, IRQ_WALKER_ON);
        mmu_set(i, MMU_CNTL, CNTL_MMUENABLE | CNTL_TWLENABLE);
    }

    for ( n = 0; n < 2048; n++ )
    {
        memory.src[n] = 0xabcd0000u + n;
        memory.dst[n] = 0;
    }
    for ( n = 0; n < sizeof(memory.list) / 4; n++ )
        memory.list[n] = 0;
    on_fault = MASK;
}

static void command(uint32_t op, uint32_t dst, uint32_t src, uint32_t len,
                    uint32_t value)
{
    memory.list[RPROC_CMD_OP] = op;
    memory.list[RPROC_CMD_DST] = dst;
    memory.list[RPROC_CMD_SRC] = src;
    memory.list[RPROC_CMD_LEN] = len;
    memory.list[RPROC_CMD_VALUE] = value;
}

static void start(int i)
{
    set(rproc_base[i] + RPROC_LIST, DA(list));
    set(rproc_base[i] + RPROC_CTRL, RPROC_CTRL_START);
}

/* Wait until a processor stops running; false: it does not. */
static bool finish(int i)
{
    uint32_t begin = ticks();

    while ( rproc_status(i) == RPROC_RUNNING )
        if ( ticks() - begin > 5 * SECONDS )
            return false;

    return true;
}

static bool wait_for_fault(int i)
{
    uint32_t begin = ticks();

    while ( !seen[i].count )
        if ( ticks() - begin > 5 * SECONDS )
            return false;

    return true;
}

static bool run(int i)
{
    start(i);

    return finish(i) && rproc_status(i) == RPROC_DONE;
}

static bool copied(uint32_t words)
{
    uint32_t n;

    for ( n = 0; n < words; n++ )
        if ( memory.dst[n] != memory.src[n] )
            return false;

    return memory.dst[n] == 0;
}

/*
 * Tests: each returns what is wrong, or NULL
 */

#define CHECK(condition) \
    do \
    { \
        if ( !(condition) ) \
            return #condition; \
    } \
    while ( 0 )

static const char *registers_are_there(void)
{
    CHECK(mmu_get(IPU, MMU_REVISION) == 0x20);
    CHECK(mmu_get(DSP, MMU_REVISION) == 0x31);
    CHECK(get(rproc_base[IPU] + RPROC_ID) == RPROC_ID_VALUE);
    CHECK(get(rproc_base[DSP] + RPROC_ID) == RPROC_ID_VALUE);

    return NULL;
}

static const char *registers_are_words(void)
{
    uint32_t ttb = (uint32_t)root[IPU];

    *(volatile uint8_t *)(mmu_base[IPU] + MMU_TTB + 3) = 0xff;
    *(volatile uint16_t *)(mmu_base[IPU] + MMU_TTB) = 0xffff;
    CHECK(mmu_get(IPU, MMU_TTB) == ttb);
    CHECK(*(volatile uint8_t *)(mmu_base[IPU] + MMU_TTB + 3) == ttb >> 24);

    return NULL;
}

static const char *processor_copies_through_its_mmu(void)
{
    command(RPROC_OP_COPY, DA(dst), DA(src), 4096, 0);
    CHECK(run(IPU));
    CHECK(copied(1024));
    CHECK(get(rproc_base[IPU] + RPROC_COUNT) == 1);
    CHECK(seen[IPU].count == 0);

    return NULL;
}

static const char *processors_run_concurrently(void)
{
    uint32_t loops = 0;

    command(RPROC_OP_FILL, DA(big), 0, sizeof(memory.big), 0x5a5a5a5a);
    start(IPU);
    start(DSP);
    CHECK(rproc_status(IPU) == RPROC_RUNNING);
    CHECK(rproc_status(DSP) == RPROC_RUNNING);
    while ( rproc_status(IPU) == RPROC_RUNNING )
        loops++;
    CHECK(loops > 100);
    CHECK(finish(DSP));
    CHECK(memory.big[0x1ffff] == 0x5a5a5a5a);

    return NULL;
}

static const char *fault_interrupts_and_stalls(void)
{
    command(RPROC_OP_PROBE, 0, 0xa0000040, 0, 0);
    start(DSP);
    CHECK(wait_for_fault(DSP));
    CHECK(seen[DSP].count == 1);
    CHECK(seen[DSP].status == IRQ_TRANSLATIONFAULT);
    CHECK(seen[DSP].address == 0xa0000040);
    CHECK(seen[IPU].count == 0);
    CHECK(rproc_status(DSP) == RPROC_RUNNING);

    return NULL;
}

static const char *filled_fault_is_retried(void)
{
    uint32_t dst = DA(dst) + 0x10000000;

    on_fault = FILL;
    command(RPROC_OP_COPY, dst, DA(src), 4096, 0);
    CHECK(run(IPU));
    CHECK(copied(1024));
    CHECK(seen[IPU].count == 1);
    CHECK(seen[IPU].address == dst);

    return NULL;
}

static const char *stalled_one_leaves_the_other_alone(void)
{
    command(RPROC_OP_PROBE, 0, 0xa0000040, 0, 0);
    start(DSP);
    CHECK(wait_for_fault(DSP));
    command(RPROC_OP_COPY, DA(dst), DA(src), 64, 0);
    CHECK(run(IPU));
    CHECK(copied(16));
    CHECK(rproc_status(DSP) == RPROC_RUNNING);

    return NULL;
}

static const char *reset_of_a_stalled_processor_frees_it(void)
{
    command(RPROC_OP_PROBE, 0, 0xa0000040, 0, 0);
    start(IPU);
    CHECK(wait_for_fault(IPU));
    set(rproc_base[IPU] + RPROC_CTRL, RPROC_CTRL_RESET);
    CHECK(rproc_status(IPU) == RPROC_IDLE);
    command(RPROC_OP_COPY, DA(dst), DA(src), 64, 0);
    CHECK(run(IPU));
    CHECK(copied(16));

    return NULL;
}

static const char *bus_err_back_answers_bus_errors(void)
{
    mmu_set(IPU, MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
    command(RPROC_OP_PROBE, 0, 0xa0000040, 0, 0);
    start(IPU);
    CHECK(finish(IPU));
    CHECK(rproc_status(IPU) == RPROC_BUS_ERROR);
    CHECK(wait_for_fault(IPU));

    return NULL;
}

static const char *bus_error_for_one_acknowledge(void)
{
    on_fault = ANSWER_BUS_ERROR;
    command(RPROC_OP_PROBE, 0, 0xa0000040, 0, 0);
    start(IPU);
    CHECK(finish(IPU));
    CHECK(rproc_status(IPU) == RPROC_BUS_ERROR);
    CHECK(mmu_get(IPU, MMU_GP_REG) == 0);

    return NULL;
}

static const char *without_bus_err_back_gp_reg_is_idle(void)
{
    mmu_set(DSP, MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
    command(RPROC_OP_PROBE, 0, 0xa0000040, 0, 0);
    start(DSP);
    CHECK(wait_for_fault(DSP));
    CHECK(rproc_status(DSP) == RPROC_RUNNING);

    return NULL;
}

static const char *nothing_on_the_bus_is_a_bus_error(void)
{
    map(IPU, 0xa0000000, 0xf0000002);
    command(RPROC_OP_PROBE, 0, 0xa0000040, 0, 0);
    start(IPU);
    CHECK(finish(IPU));
    CHECK(rproc_status(IPU) == RPROC_BUS_ERROR);
    CHECK(seen[IPU].count == 0);

    return NULL;
}

static const char *table_nowhere_is_a_table_walk_fault(void)
{
    mmu_set(IPU, MMU_TTB, 0xf0000000);
    start(IPU);
    CHECK(wait_for_fault(IPU));
    CHECK(seen[IPU].status == IRQ_TABLEWALKFAULT);

    return NULL;
}

static const char *processor_reaches_its_own_mmu(void)
{
    uint32_t offset = mmu_base[DSP] & 0xfffff;

    map(DSP, 0xa0000000, (mmu_base[DSP] & 0xfff00000) | 2);
    command(RPROC_OP_FILL, 0xa0000000 + offset + MMU_CAM, 0, 4, 0x12345006);
    CHECK(run(DSP));
    CHECK(mmu_get(DSP, MMU_CAM) == 0x12345006);

    return NULL;
}

static const char *eight_entries_are_eight(void)
{
    set(SMALL_MMU + MMU_CAM, 0x00100000 | CAM_V);
    set(SMALL_MMU + MMU_LOCK, LOCK_MAKE(0, 7));
    set(SMALL_MMU + MMU_LD_TLB, 1);
    CHECK(get(SMALL_MMU + MMU_READ_CAM) == (0x00100000 | CAM_V));
    set(SMALL_MMU + MMU_LOCK, LOCK_MAKE(0, 8));
    set(SMALL_MMU + MMU_LD_TLB, 1);
    CHECK(get(SMALL_MMU + MMU_READ_CAM) == 0);

    return NULL;
}

/* Leave everything busy, for the reset to clear. */
static const char *before_reset_all_is_busy(void)
{
    command(RPROC_OP_PROBE, 0, 0xa0000040, 0, 0);
    asm volatile("cpsid i");
    start(DSP);
    while ( !mmu_get(DSP, MMU_IRQSTATUS) )
        ;
    command(RPROC_OP_FILL, DA(big), 0, sizeof(memory.big), 1);
    start(IPU);
    CHECK(get(GICD + 0x200 + (FIRST_SPI + 32) / 32 * 4) & 0x200);
    CHECK(rproc_status(IPU) == RPROC_RUNNING);

    return NULL;
}

static const char *machine_reset_resets_all(void)
{
    int i;

    for ( i = 0; i < 2; i++ )
    {
        CHECK(mmu_get(i, MMU_CNTL) == 0);
        CHECK(mmu_get(i, MMU_TTB) == 0);
        CHECK(mmu_get(i, MMU_IRQSTATUS) == 0);
        CHECK(mmu_get(i, MMU_IRQENABLE) == 0);
        CHECK(rproc_status(i) == RPROC_IDLE);
        CHECK(get(rproc_base[i] + RPROC_LIST) == 0);
    }
    CHECK(get(GICD + 0x200 + (FIRST_SPI + 32) / 32 * 4) == 0);

    return NULL;
}

struct test {
    const char *name;
    const char *(*run)(void);
};

#define TEST(name) \
    { \
#name, name \
    }

static const struct test tests[] = {
    TEST(registers_are_there),
    TEST(registers_are_words),
    TEST(processor_copies_through_its_mmu),
    TEST(processors_run_concurrently),
    TEST(fault_interrupts_and_stalls),
    TEST(filled_fault_is_retried),
    TEST(stalled_one_leaves_the_other_alone),
    TEST(reset_of_a_stalled_processor_frees_it),
    TEST(bus_err_back_answers_bus_errors),
    TEST(bus_error_for_one_acknowledge),
    TEST(without_bus_err_back_gp_reg_is_idle),
    TEST(nothing_on_the_bus_is_a_bus_error),
    TEST(table_nowhere_is_a_table_walk_fault),
    TEST(processor_reaches_its_own_mmu),
    TEST(eight_entries_are_eight),
    TEST(before_reset_all_is_busy),
};

static void report(const struct test *test)
{
    const char *why = test->run();

    print(why ? "not ok - qemu/" : "ok - qemu/");
    print(test->name);
    if ( why )
    {
        print(": not so: ");
        print(why);
    }
    print("\n");
}

void main(void)
{
    static const struct test after_reset = TEST(machine_reset_resets_all);
    static const struct test again = TEST(processor_copies_through_its_mmu);
    uint32_t i;

    if ( BOOT_MARK == BOOT_MARK_VALUE )
    {
        report(&after_reset);
        gic_init();
        prepare();
        print(again.run() ? "not ok - qemu/runs_again_after_a_reset\n"
                          : "ok - qemu/runs_again_after_a_reset\n");
        psci(PSCI_SYSTEM_OFF);
    }

    gic_init();
    for ( i = 0; i < sizeof(tests) / sizeof(tests[0]); i++ )
    {
        prepare();
        report(&tests[i]);
    }
    BOOT_MARK = BOOT_MARK_VALUE;
    psci(PSCI_SYSTEM_RESET);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
