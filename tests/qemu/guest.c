/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bare-metal program that drives the devices of the plugin.
 *
 * It runs on "virt" with a GICv2 and prints one line per test. It boots twice:
 * the second time after a machine reset, of which it tests the effects.
 */
#include "bare.h"
#include "mailbox.h"
#include "omap_regs.h"
#include "omap_tlb.h"
#include "rproc_regs.h"

#define GICD      0x08000000u
#define GICC      0x08010000u
#define FIRST_SPI 200u /* of IPU; the others follow in order */

#define SMALL_MMU 0x480bd400u /* eight entries, no processor */
#define L2RAM     0x58820000u /* of CORE */

#define MAILBOX     0x4a0f4000u
#define MAILBOX_SPI (FIRST_SPI + PROCESSORS)

#define RSTCTRL     0x4a002000u
#define BOOTADDR(n) (0x4a002300u + 4 * (n))
#define LINE_CORE   1u /* bits of RSTCTRL */
#define LINE_BOOTED 2u

/* Untouched by a machine reset, as nothing is loaded there. */
#define BOOT_MARK       (*(volatile uint32_t *)0x50000000u)
#define BOOT_MARK_VALUE 0x32646e32u

/* IPU and DSP are scripted; BOOTED as well, and hangs on a reset line. */
enum {
    IPU,
    DSP,
    BOOTED,
    SCRIPTED,
    CORE = SCRIPTED, /* executes the programs of core.S */
    PROCESSORS
};

static const uint32_t mmu_base[] = { 0x55082000u, 0x4a066000u, 0x41501000u,
                                     0x58882000u };
static const uint32_t rproc_base[] = { 0x55020000u, 0x4a060000u, 0x41500000u };

/* Memory that the processors see; each array in one section, see map(). */
static uint32_t root[PROCESSORS][4096] __attribute__((aligned(0x4000)));
static struct {
    uint32_t list[8 * RPROC_CMD_WORDS];
    uint32_t src[2048];
    uint32_t dst[2048];
    uint32_t big[0x20000];
} memory __attribute__((aligned(0x100000)));
static volatile struct {
    uint32_t word;
} other __attribute__((aligned(0x100000)));

/* Where endless work ends; each fills its section. */
static volatile uint32_t sink[2][0x40000] __attribute__((aligned(0x100000)));

/* What CORE has at da 0; its arguments and results are in memory.list. */
static uint32_t core_memory[64] __attribute__((aligned(0x100000)));
static volatile uint32_t *const args = memory.list;

#define ARG_HOW   3
#define ARG_WHERE 4
#define DONE      1 /* args[ARG_HOW] */
#define HARDFAULT 2

/* In core.S. */
#define PROGRAM(name) extern const uint32_t name[], name##_end[]
PROGRAM(core_copy);
PROGRAM(core_count);
PROGRAM(core_echo);
PROGRAM(core_tick);
PROGRAM(core_l2ram);
extern const uint8_t core_copy_load[];

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
} seen[PROCESSORS];
static volatile struct {
    uint32_t count;
    uint32_t status;
    uint32_t message;
} mail;

/*
 * Access
 */

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

static uint32_t mailbox_get(uint32_t offset)
{
    return get(MAILBOX + offset);
}

static void mailbox_set(uint32_t offset, uint32_t value)
{
    set(MAILBOX + offset, value);
}

/*
 * Interrupts
 */

static void gic_init(void)
{
    uint32_t i;

    set(GICC, 1);
    set(GICC + 4, 0xff);
    for ( i = FIRST_SPI + 32; i <= MAILBOX_SPI + 32; i++ )
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

/* Take the message of the first FIFO that has one. */
static void handle_mail(void)
{
    uint32_t status = mailbox_get(MAILBOX_IRQSTATUS_CLR(0));

    mail.status = status;
    mail.message = mailbox_get(MAILBOX_MESSAGE(__builtin_ctz(status) / 2));
    mailbox_set(MAILBOX_IRQSTATUS_CLR(0), status);
    mail.count++;
}

void handle_irq(void)
{
    uint32_t id = get(GICC + 0xc);

    if ( id - 32 - FIRST_SPI < PROCESSORS )
        handle_fault(id - 32 - FIRST_SPI);
    else if ( id == MAILBOX_SPI + 32 )
        handle_mail();
    set(GICC + 0x10, id);
}

/*
 * Steps of the tests
 */

static void prepare(void)
{
    uint32_t i, n;

    set(RSTCTRL, LINE_CORE | LINE_BOOTED);
    mailbox_set(MAILBOX_SYSCONFIG, MAILBOX_SYSCONFIG_SOFTRESET);
    mail.count = 0;
    for ( i = 0; i < PROCESSORS; i++ )
    {
        if ( i < SCRIPTED )
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

/* Give CORE a program and release it. */
static void boot_core(const uint32_t *program, const uint32_t *end)
{
    uint32_t i;

    for ( i = 0; program + i < end; i++ )
        core_memory[i] = program[i];
    map(CORE, 0, section_of(core_memory));
    set(RSTCTRL, LINE_BOOTED);
}

#define BOOT_CORE(name) boot_core(name, name##_end)

/*
 * A command that keeps a scripted processor at work for minutes, however seldom the
 * CPU looks: it fills one section over and over, since all da but those of the
 * list lead there.
 */
static void command_endless(int i, volatile uint32_t *section)
{
    uint32_t da = DA_MEMORY;

    while ( (da += 0x100000) != DA_MEMORY )
        map(i, da, section_of((const void *)section));
    *section = 0;
    command(RPROC_OP_FILL, DA_MEMORY + 0x100000, 0, -0x200000u, 1);
}

static bool core_ends(uint32_t how)
{
    return changes(&args[ARG_HOW], 0) && args[ARG_HOW] == how;
}

static void core_copies(uint32_t dst, uint32_t src, uint32_t words)
{
    args[0] = src;
    args[1] = dst;
    args[2] = words;
    BOOT_CORE(core_copy);
}

/* Wait until a processor stops running; false: it does not. */
static bool finish(int i)
{
    uint32_t begin = ticks();

    while ( rproc_status(i) == RPROC_RUNNING )
        if ( ticks() - begin > PATIENCE )
            return false;

    return true;
}

static bool wait_for_fault(int i)
{
    uint32_t begin = ticks();

    while ( !seen[i].count )
        if ( ticks() - begin > PATIENCE )
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
 * Tests
 */

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
    uint32_t round;

    command_endless(IPU, sink[0]);
    command_endless(DSP, sink[1]);
    start(IPU);
    start(DSP);
    for ( round = 0; round < 2; round++ )
    {
        CHECK(changes(sink[0], 0));
        CHECK(changes(sink[1], 0));
        CHECK(rproc_status(IPU) == RPROC_RUNNING);
        CHECK(rproc_status(DSP) == RPROC_RUNNING);
        sink[0][0] = sink[1][0] = 0;
    }

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

static const char *control_has_its_registers_only(void)
{
    set(BOOTADDR(0), 0x12345678);
    set(BOOTADDR(1), 0x9abcdef0);
    set(BOOTADDR(2), 0xffffffff);
    set(RSTCTRL, 0xffffffff);
    set(RSTCTRL + 4, 0xffffffff);
    *(volatile uint8_t *)BOOTADDR(0) = 0xff;
    CHECK(get(RSTCTRL) == (LINE_CORE | LINE_BOOTED));
    CHECK(get(RSTCTRL + 4) == 0);
    CHECK(get(BOOTADDR(0)) == 0x12345678);
    CHECK(get(BOOTADDR(1)) == 0x9abcdef0);
    CHECK(get(BOOTADDR(2)) == 0);
    CHECK(*(volatile uint8_t *)(BOOTADDR(0) + 3) == 0x12);

    return NULL;
}

static const char *released_line_boots_its_processor(void)
{
    command(RPROC_OP_COPY, DA(dst), DA(src), 64, 0);
    set(BOOTADDR(0), 0);
    set(BOOTADDR(1), DA(list));
    CHECK(rproc_status(BOOTED) == RPROC_IDLE);
    set(RSTCTRL, LINE_CORE);
    CHECK(get(RSTCTRL) == LINE_CORE);
    CHECK(finish(BOOTED));
    CHECK(rproc_status(BOOTED) == RPROC_DONE);
    CHECK(get(rproc_base[BOOTED] + RPROC_COUNT) == 1);
    CHECK(copied(16));

    return NULL;
}

static const char *released_line_concerns_its_processor_only(void)
{
    command(RPROC_OP_FILL, DA(big), 0, sizeof(memory.big), 3);
    set(BOOTADDR(1), DA(list));
    set(RSTCTRL, LINE_CORE);
    CHECK(finish(BOOTED));
    set(RSTCTRL, 0);
    CHECK(rproc_status(BOOTED) == RPROC_DONE);

    return NULL;
}

static const char *held_processor_does_not_start(void)
{
    start(BOOTED);
    CHECK(rproc_status(BOOTED) == RPROC_IDLE);

    return NULL;
}

static const char *asserted_line_stops_its_processor(void)
{
    command_endless(BOOTED, sink[0]);
    set(BOOTADDR(1), DA(list));
    set(RSTCTRL, LINE_CORE);
    CHECK(changes(sink[0], 0));
    CHECK(rproc_status(BOOTED) == RPROC_RUNNING);
    set(RSTCTRL, LINE_CORE | LINE_BOOTED);
    CHECK(rproc_status(BOOTED) == RPROC_IDLE);

    return NULL;
}

static const char *mailbox_carries_messages(void)
{
    uint32_t i;

    for ( i = 0; i < MAILBOX_DEPTH + 1; i++ )
        mailbox_set(MAILBOX_MESSAGE(5), 0xffffff03u + i);
    CHECK(mailbox_get(MAILBOX_FIFOSTATUS(5)) == 1);
    CHECK(mailbox_get(MAILBOX_MSGSTATUS(5)) == MAILBOX_DEPTH);
    CHECK(mailbox_get(MAILBOX_IRQSTATUS_RAW(1)) & MAILBOX_NEW_MESSAGE(5));
    for ( i = 0; i < MAILBOX_DEPTH; i++ )
        CHECK(mailbox_get(MAILBOX_MESSAGE(5)) == 0xffffff03u + i);
    CHECK(mailbox_get(MAILBOX_MESSAGE(5)) == 0);
    CHECK(mailbox_get(MAILBOX_REVISION) == MAILBOX_REVISION_VALUE);
    CHECK(mail.count == 0);

    return NULL;
}

static const char *mailbox_is_words(void)
{
    *(volatile uint16_t *)(MAILBOX + MAILBOX_MESSAGE(0)) = 1;
    CHECK(mailbox_get(MAILBOX_MSGSTATUS(0)) == 0);
    mailbox_set(MAILBOX_MESSAGE(0), 0x12345678);
    CHECK(*(volatile uint8_t *)(MAILBOX + MAILBOX_MESSAGE(0) + 3) == 0x12);
    CHECK(mailbox_get(MAILBOX_MESSAGE(0)) == 0x12345678);

    return NULL;
}

static const char *message_interrupts_user_0(void)
{
    mailbox_set(MAILBOX_IRQENABLE_SET(1), MAILBOX_NEW_MESSAGE(3));
    mailbox_set(MAILBOX_MESSAGE(3), 1);
    pause(SECONDS / 1000);
    CHECK(mail.count == 0);
    mailbox_set(MAILBOX_IRQENABLE_SET(0), MAILBOX_NEW_MESSAGE(2));
    mailbox_set(MAILBOX_MESSAGE(2), 0x600d);
    CHECK(changes(&mail.count, 0));
    CHECK(mail.status == MAILBOX_NEW_MESSAGE(2));
    CHECK(mail.message == 0x600d);
    pause(SECONDS / 1000);
    CHECK(mail.count == 1);

    return NULL;
}

static const char *core_runs_through_its_mmu(void)
{
    core_copies(DA(dst), DA(src), 1024);
    CHECK(core_ends(DONE));
    CHECK(copied(1024));
    CHECK(seen[CORE].count == 0);

    return NULL;
}

static const char *core_stalls_on_a_miss(void)
{
    uint32_t dst = DA(dst) + 0x10000000;

    core_copies(dst, DA(src), 1024);
    CHECK(wait_for_fault(CORE));
    CHECK(seen[CORE].status == IRQ_TRANSLATIONFAULT);
    CHECK(seen[CORE].address == dst);
    CHECK(mmu_get(CORE, MMU_FAULT_STATUS) & FAULT_STATUS_WRITE);
    pause(SECONDS / 1000);
    CHECK(args[ARG_HOW] == 0);
    map(CORE, dst, section_of(&memory));
    mmu_set(CORE, MMU_IRQSTATUS, seen[CORE].status);
    CHECK(core_ends(DONE));
    CHECK(copied(1024));
    CHECK(seen[CORE].count == 1);

    return NULL;
}

static const char *core_fetches_by_its_mmu(void)
{
    set(RSTCTRL, LINE_BOOTED);
    CHECK(wait_for_fault(CORE));
    CHECK(seen[CORE].address == 0);
    CHECK(!(mmu_get(CORE, MMU_FAULT_STATUS) & FAULT_STATUS_WRITE));

    return NULL;
}

static const char *core_forgets_what_its_tlb_lost(void)
{
    uint32_t was;

    memory.list[0] = 0;
    other.word = 0;
    map(CORE, 0x90000000, section_of(&memory));
    BOOT_CORE(core_count);
    CHECK(changes(&args[0], 0));
    map(CORE, 0x90000000, section_of((const void *)&other));
    mmu_set(CORE, MMU_GFLUSH, 1);
    was = args[0];
    CHECK(changes(&other.word, 0));
    CHECK(args[0] == was);
    CHECK(other.word > was);

    return NULL;
}

static const char *reset_line_stops_and_restarts_the_core(void)
{
    uint32_t was;

    map(CORE, 0x90000000, section_of((const void *)&other));
    BOOT_CORE(core_count);
    other.word = 0x80000000;
    CHECK(changes(&other.word, 0x80000000));
    set(RSTCTRL, LINE_CORE | LINE_BOOTED);
    was = other.word;
    pause(SECONDS / 1000);
    CHECK(other.word == was);
    other.word = 0;
    set(RSTCTRL, LINE_BOOTED);
    CHECK(changes(&other.word, 0));
    CHECK(other.word < 0x80000000);

    return NULL;
}

static const char *reset_line_frees_a_stalled_core(void)
{
    core_copies(DA(dst), 0xa0000000, 1);
    CHECK(wait_for_fault(CORE));
    set(RSTCTRL, LINE_CORE | LINE_BOOTED);
    core_copies(DA(dst), DA(src), 16);
    CHECK(core_ends(DONE));
    CHECK(copied(16));

    return NULL;
}

/*
 * It sleeps until a message comes, unless that comes before it fell asleep, which
 * is right as well: so many are sent until it was woken often enough.
 */
static const char *core_answers_by_mailbox(void)
{
    uint32_t begin = ticks(), sent = 0, woken;

    map(CORE, 0xaa000000, (MAILBOX & 0xfff00000) | 2);
    mailbox_set(MAILBOX_IRQENABLE_SET(0), MAILBOX_NEW_MESSAGE(1));
    mailbox_set(MAILBOX_MESSAGE(0), 40);
    BOOT_CORE(core_echo);
    CHECK(changes(&mail.count, 0));
    while ( args[ARG_HOW] < 8 )
    {
        CHECK(mail.count == sent + 1);
        CHECK(mail.message == 41 + sent);
        CHECK(ticks() - begin < PATIENCE);
        pause(SECONDS / 1000);
        mailbox_set(MAILBOX_MESSAGE(0), 41 + sent);
        sent++;
        CHECK(changes(&mail.count, sent));
    }
    pause(SECONDS / 1000);
    woken = args[ARG_HOW];
    CHECK(woken <= sent);
    pause(SECONDS / 1000);
    CHECK(args[ARG_HOW] == woken);

    return NULL;
}

static const char *bus_error_is_a_hardfault(void)
{
    mmu_set(CORE, MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
    core_copies(DA(dst), 0xa0000000, 1);
    CHECK(core_ends(HARDFAULT));
    CHECK(args[ARG_WHERE] == (uint32_t)core_copy_load - (uint32_t)core_copy);
    CHECK(wait_for_fault(CORE));
    CHECK(seen[CORE].address == 0xa0000000);

    return NULL;
}

static const char *nothing_on_the_bus_is_a_hardfault(void)
{
    map(CORE, 0xa0000000, 0xf0000002);
    core_copies(0xa0000000, DA(src), 1);
    CHECK(core_ends(HARDFAULT));
    CHECK(seen[CORE].count == 0);

    return NULL;
}

/* However soon its timer wakes it: it runs each 20 us, and no sooner. */
static const char *core_that_ticks_leaves_time_to_others(void)
{
    uint32_t begin, was;

    BOOT_CORE(core_tick);
    CHECK(changes(&args[ARG_HOW], 0));
    begin = ticks();
    was = args[ARG_HOW];
    while ( args[ARG_HOW] - was < 100 )
        CHECK(ticks() - begin < PATIENCE);
    CHECK(ticks() - begin >= 99 * (SECONDS / 50000));

    return NULL;
}

/* SMALL_MMU is laid over some bytes of a page of RAM. */
static const char *page_with_a_device_in_it_is_both(void)
{
    volatile uint32_t *before = (volatile uint32_t *)SMALL_MMU - 1;

    map(CORE, 0xb0000000, (SMALL_MMU & 0xfff00000) | 2);
    *before = 0x12345678;
    core_copies(DA(dst), 0xb0000000 + ((uint32_t)before & 0xfffff), 2);
    CHECK(core_ends(DONE));
    CHECK(memory.dst[0] == 0x12345678);
    CHECK(memory.dst[1] == 0x20);
    set(RSTCTRL, LINE_CORE | LINE_BOOTED);
    args[ARG_HOW] = 0;
    core_copies(0xb0000000 + ((uint32_t)before & 0xfffff), DA(src), 1);
    CHECK(core_ends(DONE));
    CHECK(*before == memory.src[0]);

    return NULL;
}

static const char *l2ram_at(uint32_t da)
{
    *(volatile uint32_t *)(L2RAM + 0x14) = 0x55555555;
    *(volatile uint32_t *)(L2RAM + 0x10) = 0x01234567;
    *(volatile uint16_t *)(L2RAM + 0x12) = 0x89ab;
    *(volatile uint8_t *)(L2RAM + 0x13) = 0xcd;
    args[4] = da;
    BOOT_CORE(core_l2ram);
    CHECK(core_ends(DONE));
    CHECK(args[0] == 0xcdab4567);
    CHECK(args[1] == 0xcdab);
    CHECK(args[2] == 0xcd);
    CHECK(get(L2RAM + 0x14) == 0x55555555);
    CHECK(get(L2RAM + 0x20) == 0x00aaaa44);
    CHECK(*(volatile uint64_t *)(L2RAM + 0x20) << 32 == 0x00aaaa4400000000);
    CHECK(*(volatile uint16_t *)(L2RAM + 0x20) == 0xaa44);
    CHECK(*(volatile uint8_t *)(L2RAM + 0x21) == 0xaa);

    return NULL;
}

static const char *l2ram_is_undefined_at_power_on(void)
{
    CHECK(get(L2RAM + 0x8000) == 0xa5a5a5a5);

    return NULL;
}

static const char *l2ram_is_private_memory(void)
{
    return l2ram_at(0x20000000);
}

static const char *core_reaches_devices_by_each_size(void)
{
    map(CORE, 0xb8800000, (L2RAM & 0xfff00000) | 2);

    return l2ram_at(0xb8800000 + (L2RAM & 0xfffff));
}

/* Leave everything busy, for the reset to clear. */
static const char *before_reset_all_is_busy(void)
{
    command(RPROC_OP_PROBE, 0, 0xa0000040, 0, 0);
    asm volatile("cpsid i");
    start(DSP);
    while ( !mmu_get(DSP, MMU_IRQSTATUS) )
        ;
    command_endless(IPU, sink[0]);
    command_endless(BOOTED, sink[1]);
    start(IPU);
    CHECK(get(GICD + 0x200 + (FIRST_SPI + 32) / 32 * 4) & 0x200);
    CHECK(rproc_status(IPU) == RPROC_RUNNING);

    mailbox_set(MAILBOX_IRQENABLE_SET(0), MAILBOX_NEW_MESSAGE(0));
    mailbox_set(MAILBOX_MESSAGE(0), 1);
    set(BOOTADDR(1), DA(list));
    set(RSTCTRL, LINE_CORE);
    CHECK(rproc_status(BOOTED) == RPROC_RUNNING);
    map(CORE, 0x90000000, section_of((const void *)&other));
    BOOT_CORE(core_count);
    other.word = 0;
    CHECK(changes(&other.word, 0));
    set(L2RAM, 0x12345678);

    return NULL;
}

static const char *machine_reset_resets_all(void)
{
    int i;

    for ( i = 0; i < PROCESSORS; i++ )
    {
        CHECK(mmu_get(i, MMU_CNTL) == 0);
        CHECK(mmu_get(i, MMU_TTB) == 0);
        CHECK(mmu_get(i, MMU_IRQSTATUS) == 0);
        CHECK(mmu_get(i, MMU_IRQENABLE) == 0);
        if ( i < SCRIPTED )
        {
            CHECK(rproc_status(i) == RPROC_IDLE);
            CHECK(get(rproc_base[i] + RPROC_LIST) == 0);
        }
    }
    CHECK(get(GICD + 0x200 + (FIRST_SPI + 32) / 32 * 4) == 0);
    CHECK(get(BOOTADDR(1)) == 0);
    CHECK(get(RSTCTRL) == (LINE_CORE | LINE_BOOTED));
    CHECK(mailbox_get(MAILBOX_MSGSTATUS(0)) == 0);
    CHECK(mailbox_get(MAILBOX_IRQENABLE_SET(0)) == 0);
    CHECK(get(L2RAM) == 0x12345678);
    start(BOOTED);
    CHECK(rproc_status(BOOTED) == RPROC_IDLE);

    return NULL;
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
    TEST(control_has_its_registers_only),
    TEST(released_line_boots_its_processor),
    TEST(released_line_concerns_its_processor_only),
    TEST(held_processor_does_not_start),
    TEST(asserted_line_stops_its_processor),
    TEST(mailbox_carries_messages),
    TEST(mailbox_is_words),
    TEST(message_interrupts_user_0),
    TEST(core_runs_through_its_mmu),
    TEST(core_stalls_on_a_miss),
    TEST(core_fetches_by_its_mmu),
    TEST(core_forgets_what_its_tlb_lost),
    TEST(reset_line_stops_and_restarts_the_core),
    TEST(reset_line_frees_a_stalled_core),
    TEST(core_answers_by_mailbox),
    TEST(core_that_ticks_leaves_time_to_others),
    TEST(bus_error_is_a_hardfault),
    TEST(nothing_on_the_bus_is_a_hardfault),
    TEST(page_with_a_device_in_it_is_both),
    TEST(l2ram_is_undefined_at_power_on),
    TEST(l2ram_is_private_memory),
    TEST(core_reaches_devices_by_each_size),
    TEST(before_reset_all_is_busy),
};

void main(void)
{
    static const struct test after_reset = TEST(machine_reset_resets_all);
    static const struct test again[] = {
        { "runs_again_after_a_reset", processor_copies_through_its_mmu },
        { "core_runs_again_after_a_reset", core_runs_through_its_mmu },
    };

    if ( BOOT_MARK == BOOT_MARK_VALUE )
    {
        report(&after_reset);
        gic_init();
        report_all(again, sizeof(again) / sizeof(again[0]), prepare);
        psci(PSCI_SYSTEM_OFF);
    }

    gic_init();
    report_all(tests, sizeof(tests) / sizeof(tests[0]), prepare);
    BOOT_MARK = BOOT_MARK_VALUE;
    psci(PSCI_SYSTEM_RESET);
}
