/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bare-metal program that drives the device omap-sgx. It boots twice, as guest.c does.
 * What the model does is told by tests/model; here, that it does so on QEMU's bus.
 */
#include "bare.h"
#include "sgx_abi.h"
#include "sgx_regs.h"

#define GPU  0x56000000u
#define GICD 0x08000000u
#define GICC 0x08010000u
#define SPI  206u

/* Untouched by a machine reset, as nothing is loaded there. */
#define BOOT_MARK       (*(volatile uint32_t *)0x50000000u)
#define BOOT_MARK_VALUE 0x73677821u

#define CORE(n, reg) (GPU + SGX_BANK_BYTES * (2 + (n)) + (reg))
#define CLKGATE      0x01111111u /* CLKGATECTL after power on */

/* The record's space: data from here on, and what is not there. */
#define DA   0x00400000u
#define HOLE 0x00500000u

typedef uint32_t page[1024] __attribute__((aligned(0x1000)));

/*
 * Memory that the GPU sees. The first four are one behind the other in its
 * microkernel's space.
 */
static volatile struct {
    page init, ring[2], shared; /* the last one: control, record, result */
    page edm_dir, edm_table, dir, table, data[2];
    page canary, hostile;
} memory __attribute__((aligned(0x1000)));

#define EDM(field) \
    (UK_INIT_DA + offsetof(typeof(memory), field) - \
     offsetof(typeof(memory), init))
#define CONTROL memory.shared
#define RECORD  (memory.shared + 64)
#define RESULT  (memory.shared + 512)

/* Devices' addresses of the same. */
#define CONTROL_DA (EDM(shared))
#define RECORD_DA  (EDM(shared) + 64 * 4)
#define RESULT_DA  (EDM(shared) + 512 * 4)

static volatile struct {
    uint32_t count, read; /* the ring's offset at the last one */
} seen;

/*
 * Interrupts
 */

static void gic_init(void)
{
    uint32_t id = SPI + 32;

    set(GICC, 1);
    set(GICC + 4, 0xff);
    *(volatile uint8_t *)(GICD + 0x800 + id) = 1;
    *(volatile uint8_t *)(GICD + 0x400 + id) = 0x80;
    set(GICD + 0x100 + id / 32 * 4, 1u << id % 32);
    set(GICD, 1);
    asm volatile("cpsie i");
}

void handle_irq(void)
{
    uint32_t id = get(GICC + 0xc);

    if ( id == SPI + 32 )
    {
        set(GPU + SGX_EVENT_HOST_CLEAR, get(GPU + SGX_EVENT_STATUS));
        seen.read = CONTROL[UK_CONTROL_READ / 4];
        seen.count++;
    }
    set(GICC + 0x10, id);
}

/*
 * Steps of the tests
 */

static uint32_t address(const volatile void *p)
{
    return (uint32_t)p;
}

static void clear(void)
{
    volatile uint32_t *word = (volatile uint32_t *)&memory;
    uint32_t i;

    for ( i = 0; i < sizeof(memory) / 4; i++ )
        word[i] = 0;
    seen.count = 0;
}

static void map(void)
{
    uint32_t first = UK_INIT_DA >> 12 & 0x3ff, i;

    memory.edm_dir[UK_INIT_DA >> 22] = address(memory.edm_table) | 1;
    for ( i = 0; i < 4; i++ )
        memory.edm_table[first + i] = (address(memory.init) + i * 0x1000) | 17;
    memory.dir[DA >> 22] = address(memory.table) | 1;
    memory.table[0] = address(memory.data[0]) | 1;
    memory.hostile[DA >> 22] = address(memory.hostile) | 1;
    memory.hostile[0] = address(memory.canary) | 1;
    memory.init[UK_INIT_RING / 4] = EDM(ring);
    memory.init[UK_INIT_CONTROL / 4] = CONTROL_DA;
}

/* Reset, bases and start, in the order of the public kernel driver. */
static void reset_gpu(void)
{
    set(GPU + SGX_BANK_BYTES + SGX_SOFT_RESET, 0x5ff);
    set(GPU + SGX_BANK_BYTES + SGX_BIF_CTRL, 0);
    set(GPU + SGX_BANK_BYTES + SGX_SOFT_RESET, 0);
    set(GPU + SGX_BIF_BANK0, SGX_BASE_EDM);
    set(GPU + SGX_BIF_DIR_LIST_BASE7, address(memory.edm_dir));
    set(GPU + SGX_EVENT_HOST_CLEAR, UK_EVENT);
    set(GPU + SGX_EVENT_HOST_ENABLE, UK_EVENT);
}

static bool start(void)
{
    memory.init[UK_INIT_STATUS / 4] = 0;
    set(CORE(0, SGX_EVENT_KICK2), 1);

    return changes(&memory.init[UK_INIT_STATUS / 4], 0);
}

static void prepare(void)
{
    set(GPU + SGX_BANK_BYTES + SGX_SOFT_RESET, 0x5ff);
    set(GPU + SGX_EVENT_HOST_CLEAR, UK_EVENT);
    clear();
    map();
    reset_gpu();
}

static volatile uint32_t *command(uint32_t service, uint32_t cache_control,
                                  uint32_t data1)
{
    uint32_t n = CONTROL[UK_CONTROL_WRITE / 4];
    volatile uint32_t *cmd = &memory.ring[0][n * UK_COMMAND_BYTES / 4];

    cmd[UK_SERVICE / 4] = service;
    cmd[UK_CACHE_CONTROL / 4] = cache_control;
    cmd[UK_DATA(1) / 4] = data1;
    CONTROL[UK_CONTROL_WRITE / 4] = (n + 1) % UK_COMMANDS;

    return cmd;
}

static void record(uint32_t op, uint32_t dst, uint32_t src, uint32_t len,
                   uint32_t value)
{
    volatile uint32_t *job = &RECORD[UK_RECORD_JOB(0) / 4];

    RECORD[UK_RECORD_ROOT / 4] = address(memory.dir);
    RECORD[UK_RECORD_JOBS / 4] = 1;
    job[UK_JOB_OP / 4] = op;
    job[UK_JOB_BY / 4] = UK_BY_3D;
    job[UK_JOB_CORE / 4] = 1;
    job[UK_JOB_DST / 4] = dst;
    job[UK_JOB_SRC / 4] = src;
    job[UK_JOB_LEN / 4] = len;
    job[UK_JOB_VALUE / 4] = value;
}

static void kick(void)
{
    set(CORE(0, SGX_EVENT_KICK), 1);
}

/* Wait until so many commands ended and told it. */
static bool ends(uint32_t commands)
{
    uint32_t begin = ticks();

    while ( seen.read != commands || !seen.count )
        if ( ticks() - begin > PATIENCE )
            return false;

    return true;
}

/* Wait until a core's BIF has a fault. */
static bool faults(uint32_t core)
{
    uint32_t begin = ticks();

    while ( !get(CORE(core, SGX_BIF_INT_STAT)) )
        if ( ticks() - begin > PATIENCE )
            return false;

    return true;
}

/*
 * Tests
 */

/* The first one: run.py compares the trace with what it does. */
static const char *microkernel_does_jobs_and_interrupts(void)
{
    record(UK_FILL, DA, 0, 256, 0x600dca11);
    command(UK_RENDER, 0, RECORD_DA);
    CHECK(start());
    CHECK(ends(1));
    CHECK(seen.count == 1);
    CHECK(memory.data[0][0] == 0x600dca11);
    CHECK(memory.data[0][63] == 0x600dca11);
    CHECK(memory.data[0][64] == 0);
    record(UK_FILL, HOLE, 0, 4, 0);
    command(UK_RENDER, 0, RECORD_DA);
    kick();
    CHECK(faults(1));
    CHECK(get(CORE(1, SGX_BIF_FAULT)) == HOLE);

    return NULL;
}

static const char *gpu_registers_are_there(void)
{
    set(GPU + 0xff0, 0x12345000);
    CHECK(get(GPU + 0xff4) == 0);
    set(GPU + SGX_BIF_DIR_LIST_BASE1, 0x12345678);
    CHECK(get(CORE(1, SGX_BIF_DIR_LIST_BASE1)) == 0x12345000);
    *(volatile uint16_t *)CORE(1, SGX_BIF_DIR_LIST_BASE1) = 0xffff;
    CHECK(get(CORE(1, SGX_BIF_DIR_LIST_BASE1)) == 0x12345000);
    CHECK(*(volatile uint8_t *)CORE(1, SGX_BIF_DIR_LIST_BASE1 + 3) == 0x12);
    set(GPU + 0xff08, 0x80000000);
    CHECK(get(GPU + 0xff08) == 0x80000000);
    set(GPU, 0);
    CHECK(get(GPU) == 0);

    return NULL;
}

static const char *commands_are_done_in_order(void)
{
    uint32_t i;

    CHECK(start());
    for ( i = 1; i <= 300; i++ )
    {
        command(UK_CLEANUP, 0, i);
        kick();
        CHECK(ends(i % UK_COMMANDS));
        CHECK(memory.init[UK_INIT_CLEANUP / 4] == i);
    }
    CHECK(seen.count == 300);

    return NULL;
}

/* The page beside one that was used was cached as absent. */
static const char *new_mapping_needs_cache_control(void)
{
    record(UK_FILL, DA, 0, 4, 1);
    command(UK_RENDER, 0, RECORD_DA);
    CHECK(start());
    CHECK(ends(1));
    memory.table[1] = address(memory.data[1]) | 1;
    record(UK_FILL, DA + 0x1000, 0, 4, 2);
    command(UK_RENDER, UK_INVAL_PT, RECORD_DA);
    kick();
    CHECK(ends(2));
    CHECK(memory.data[1][0] == 2);
    memory.table[2] = address(memory.data[0]) | 1;
    record(UK_FILL, DA + 0x2000, 0, 4, 3);
    command(UK_RENDER, 0, RECORD_DA);
    kick();
    CHECK(faults(1));
    CHECK(memory.data[0][0] == 1);

    return NULL;
}

static const char *fault_ends_it_until_reset_and_start(void)
{
    record(UK_FILL, HOLE, 0, 4, 1);
    command(UK_RENDER, 0, RECORD_DA);
    CHECK(start());
    CHECK(faults(1));
    command(UK_CLEANUP, 0, 7);
    kick();
    pause(SECONDS / 1000);
    CHECK(seen.count == 0);
    CONTROL[UK_CONTROL_READ / 4] = 1;
    reset_gpu();
    CHECK(get(CORE(1, SGX_BIF_INT_STAT)) == 0);
    CHECK(start());
    CHECK(ends(2));
    CHECK(memory.init[UK_INIT_CLEANUP / 4] == 7);

    return NULL;
}

static const char *paused_it_does_nothing(void)
{
    CHECK(start());
    set(GPU + SGX_BIF_CTRL, SGX_CTRL_PAUSE);
    command(UK_CLEANUP, 0, 7);
    kick();
    pause(SECONDS / 1000);
    CHECK(seen.count == 0);
    CHECK(get(CORE(0, SGX_BIF_MEM_REQ_STAT)) == 0);
    set(GPU + SGX_BIF_CTRL, 0);
    CHECK(ends(1));

    return NULL;
}

static const char *table_nowhere_is_a_fault(void)
{
    memory.dir[DA >> 22] = 0xf0000001;
    record(UK_FILL, DA, 0, 4, 1);
    command(UK_RENDER, 0, RECORD_DA);
    CHECK(start());
    CHECK(faults(1));
    CHECK(get(CORE(1, SGX_BIF_FAULT)) == DA);

    return NULL;
}

/* No mediator can see this: docs/gpu.md. */
static const char *hostile_microkernel_reads_the_canary(void)
{
    volatile uint32_t *cmd;

    memory.canary[5] = 0x0ddba11;
    cmd = command(UK_LOADBASE, 0, address(memory.hostile));
    cmd[UK_DATA(2) / 4] = DA;
    cmd[UK_DATA(3) / 4] = RESULT_DA;
    cmd[UK_DATA(4) / 4] = 24;
    CHECK(start());
    CHECK(ends(1));
    CHECK(RESULT[5] == 0x0ddba11);
    CHECK(get(CORE(0, SGX_BIF_DIR_LIST_BASE0)) == address(memory.hostile));

    return NULL;
}

/* All of the slot is one page: the job takes long. */
static const char *gpu_before_reset_it_is_busy(void)
{
    uint32_t i;

    for ( i = 0; i < 1024; i++ )
        memory.table[i] = address(memory.data[0]) | 1;
    record(UK_FILL, DA, 0, 0x400000, 1);
    command(UK_RENDER, 0, RECORD_DA);
    set(GPU + 4, 7);
    CHECK(start());
    CHECK(changes(&memory.data[0][0], 0));
    memory.data[0][0] = 0;
    CHECK(changes(&memory.data[0][0], 0));
    CHECK(!seen.count);

    return NULL;
}

static const char *machine_reset_resets_the_gpu(void)
{
    CHECK(get(GPU) == CLKGATE);
    CHECK(get(GPU + 4) == 0);
    CHECK(get(GPU + SGX_EVENT_HOST_ENABLE) == 0);
    CHECK(get(CORE(0, SGX_BIF_DIR_LIST_BASE7)) == 0);
    memory.data[0][0] = 0;
    memory.init[UK_INIT_STATUS / 4] = 0;
    kick();
    pause(SECONDS / 1000);
    CHECK(memory.data[0][0] == 0);
    CHECK(memory.init[UK_INIT_STATUS / 4] == 0);

    return NULL;
}

static const struct test tests[] = {
    TEST(microkernel_does_jobs_and_interrupts),
    TEST(gpu_registers_are_there),
    TEST(commands_are_done_in_order),
    TEST(new_mapping_needs_cache_control),
    TEST(fault_ends_it_until_reset_and_start),
    TEST(paused_it_does_nothing),
    TEST(table_nowhere_is_a_fault),
    TEST(hostile_microkernel_reads_the_canary),
    TEST(gpu_before_reset_it_is_busy),
};

void main(void)
{
    static const struct test after_reset = TEST(machine_reset_resets_the_gpu);
    static const struct test again = { "commands_are_done_again",
                                       commands_are_done_in_order };

    if ( BOOT_MARK == BOOT_MARK_VALUE )
    {
        report(&after_reset);
        gic_init();
        prepare();
        report(&again);
        psci(PSCI_SYSTEM_OFF);
    }

    gic_init();
    report_all(tests, sizeof(tests) / sizeof(tests[0]), prepare);
    BOOT_MARK = BOOT_MARK_VALUE;
    psci(PSCI_SYSTEM_RESET);
}
