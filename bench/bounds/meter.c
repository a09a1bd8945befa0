/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the Arm program, counts the core's instructions, and checks the counts against limits. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicorn/unicorn.h>

#include "limits.h"

#define die(...) (fprintf(stderr, "bounds: " __VA_ARGS__), exit(1))

#define ARM_INSTRUCTION 4u

static const unsigned int pools[] = { 2, 256, 4096 };
#define POOLS (sizeof(pools) / sizeof(pools[0]))

static const char *const units[COSTS] = {
    [INSTRUCTIONS] = "instructions",   [LOCKED] = "instructions under one lock",
    [REGISTERS] = "register accesses", [LOOKUPS] = "p2m look-ups",
    [TAKEN] = "references taken",      [GIVEN] = "references given back",
    [CLEANED] = "bytes cleaned",
};

static uint64_t counted;
/* The most that any bill says: devised, and found by the search. */
static uint32_t most[OPERATIONS][POOLS][2][COSTS];

/* A block of code without a jump in it is about to be executed. */
static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *ctx)
{
    (void)uc;
    (void)address;
    (void)ctx;
    counted += size / ARM_INSTRUCTION;
}

static uint64_t on_read(uc_engine *uc, uint64_t offset, unsigned int size,
                        void *ctx)
{
    (void)uc;
    (void)size;
    (void)ctx;
    if ( offset != METER_COUNT )
        die("the program reads a register that the meter does not have\n");

    return (uint32_t)counted;
}

static unsigned int pool_index(unsigned int tables)
{
    unsigned int i;

    for ( i = 0; i < POOLS; i++ )
        if ( pools[i] == tables )
            return i;
    die("a bill for a pool of %u tables\n", tables);
}

/* The program found itself wrong. */
static void on_trouble(uc_engine *uc, uint64_t address)
{
    char text[80] = "";

    uc_mem_read(uc, address, text, sizeof(text) - 1);
    die("%s\n", text);
}

/* The program has its memory copied. */
static void copy(uc_engine *uc, uint64_t address)
{
    static uint8_t buffer[MEMORY_SIZE];
    struct copying c;

    if ( uc_mem_read(uc, address, &c, sizeof(c)) != UC_ERR_OK ||
         c.bytes > sizeof(buffer) ||
         uc_mem_read(uc, c.from, buffer, c.bytes) != UC_ERR_OK ||
         uc_mem_write(uc, c.to, buffer, c.bytes) != UC_ERR_OK )
        die("the program copies what is no memory\n");
}

static void on_write(uc_engine *uc, uint64_t offset, unsigned int size,
                     uint64_t value, void *ctx)
{
    struct bill bill;
    uint32_t *cost;
    unsigned int i;

    (void)size;
    (void)ctx;
    if ( offset == METER_TROUBLE )
        on_trouble(uc, value);
    if ( offset == METER_COPY )
    {
        copy(uc, value);
        return;
    }
    if ( offset != METER_REPORT ||
         uc_mem_read(uc, value, &bill, sizeof(bill)) != UC_ERR_OK ||
         bill.operation >= OPERATIONS || bill.searched > 1 )
        die("the program reports what is no bill\n");

    cost = most[bill.operation][pool_index(bill.tables)][bill.searched];
    for ( i = 0; i < COSTS; i++ )
        if ( bill.cost[i] > cost[i] )
            cost[i] = bill.cost[i];
}

static void check(uc_err err, const char *what)
{
    if ( err != UC_ERR_OK )
        die("%s: %s\n", what, uc_strerror(err));
}

static void load(uc_engine *uc, const char *name, struct image *image)
{
    static char buffer[MEMORY_SIZE - IMAGE_BASE];
    FILE *f = fopen(name, "rb");
    size_t bytes;

    if ( !f )
        die("cannot open %s; make bounds builds it\n", name);
    bytes = fread(buffer, 1, sizeof(buffer), f);
    fclose(f);
    if ( bytes < sizeof(*image) )
        die("%s is not the Arm program\n", name);
    memcpy(image, buffer, sizeof(*image));
    check(uc_mem_write(uc, IMAGE_BASE, buffer, bytes), "loading");
}

/* The program is main(steps of each search). */
static void execute(const char *name, uint32_t steps)
{
    uint32_t stack = MEMORY_SIZE, end = 0x1000;
    struct image image;
    uc_hook hook;
    uc_engine *uc;

    check(uc_open(UC_ARCH_ARM, UC_MODE_ARM, &uc), "an emulator");
    check(uc_ctl_set_cpu_model(uc, UC_CPU_ARM_CORTEX_A15), "a Cortex-A15");
    check(uc_mem_map(uc, 0, MEMORY_SIZE, UC_PROT_ALL), "memory");
    check(uc_mmio_map(uc, METER_BASE, 0x1000, on_read, NULL, on_write, NULL),
          "the meter");
    load(uc, name, &image);
    check(uc_hook_add(uc, &hook, UC_HOOK_BLOCK, on_block, NULL,
                      (uint64_t)image.counted_start,
                      (uint64_t)image.counted_end - 1),
          "counting");
    uc_reg_write(uc, UC_ARM_REG_R0, &steps);
    uc_reg_write(uc, UC_ARM_REG_SP, &stack);
    uc_reg_write(uc, UC_ARM_REG_LR, &end);
    check(uc_emu_start(uc, image.entry, end, 0, 0), "running");
    uc_close(uc);
}

/* Judgement */

static uint32_t most_of(unsigned int operation, unsigned int pool,
                        unsigned int cost)
{
    const uint32_t(*m)[COSTS] = most[operation][pool];

    return m[0][cost] > m[1][cost] ? m[0][cost] : m[1][cost];
}

/* The most in pools of any size. */
static uint32_t most_of_all(unsigned int operation, unsigned int cost)
{
    uint32_t found = 0, n;
    unsigned int pool;

    for ( pool = 0; pool < POOLS; pool++ )
    {
        n = most_of(operation, pool, cost);
        if ( n > found )
            found = n;
    }

    return found;
}

/*
 * Returns whether the costs are within their limits, and near them: less than half of
 * the instructions, or none of another cost, means that the wrong operation ran. The
 * cost under the lock has the limit of the whole.
 */
static bool is_within_limits(unsigned int operation)
{
    bool good = true;
    unsigned int cost;

    for ( cost = 0; cost < COSTS; cost++ )
    {
        uint32_t found = most_of_all(operation, cost),
                 limit = limits[operation].cost[cost],
                 least = cost == INSTRUCTIONS ? limit / 2 : !!limit;

        if ( operation == CALIBRATE )
            least = limit;
        if ( cost == LOCKED || (found <= limit && found >= least) )
            continue;
        good = false;
        printf("# %s: %u %s, where %u to %u are due\n", limits[operation].name,
               found, units[cost], least, limit);
    }

    return good;
}

static int print_tap(void)
{
    unsigned int operation;
    bool good, all_good = true;

    printf("1..%d\n", OPERATIONS);
    for ( operation = 0; operation < OPERATIONS; operation++ )
    {
        good = is_within_limits(operation);
        all_good &= good;
        printf("%s - bench/bounds of %s\n", good ? "ok" : "not ok",
               limits[operation].name);
    }

    return !all_good;
}

static void print_table(void)
{
    unsigned int operation, cost, pool;

    printf("%-22s%27s%10s%10s%10s%20s%10s\n%-22s", "", "instructions, pool of",
           "under", "register", "p2m", "references", "bytes", "operation");
    for ( pool = 0; pool < POOLS; pool++ )
        printf("%9u", pools[pool]);
    printf("%10s%10s%10s%10s%10s%10s\n", "one lock", "accesses", "look-ups",
           "taken", "given", "cleaned");

    for ( operation = 0; operation < OPERATIONS; operation++ )
    {
        printf("%-22s", limits[operation].name);
        for ( pool = 0; pool < POOLS; pool++ )
            printf("%9u", most_of(operation, pool, INSTRUCTIONS));
        for ( cost = LOCKED; cost < COSTS; cost++ )
            printf("%10u", most_of_all(operation, cost));
        printf("\n    %s\n", limits[operation].worst);
    }
}

int main(int argc, char **argv)
{
    static const char usage[] =
        "usage: bounds [--tap] <Arm program> <steps>\n"
        "The most that each operation costs, as devised and as found by a search\n"
        "of so many steps.\n";
    bool tap = argc > 1 && !strcmp(argv[1], "--tap");
    unsigned long steps;
    char *end;

    if ( argc != 3 + tap )
    {
        fputs(usage, stderr);
        return 2;
    }

    steps = strtoul(argv[2 + tap], &end, 0);
    if ( end == argv[2 + tap] || *end )
        die("%s is no number of steps\n", argv[2 + tap]);
    execute(argv[1 + tap], steps);
    if ( tap )
        return print_tap();
    print_table();

    return 0;
}
