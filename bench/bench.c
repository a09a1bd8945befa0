/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cost of the shadow, beside two baselines and a floor in the same run. Never fails
 * for being slow: exits 1 only if a contender translates wrongly.
 */
#include <math.h>
#include <string.h>

#include "doorbell.h"
#include "report.h"

/* Pages that something happens to, each in a MiB of its own. */
#define REMAPPED_PAGE (64 * PT_PAGES + 37)
#define PLAIN_PAGE    (32 * PT_PAGES + 37)

#define NS_FILL    "ns/page"
#define NAME_BYTES 56

static const char *const mapping_names[MAPPINGS] = {
    [MAP_SMALL] = "4 KiB pages",
    [MAP_SHUFFLED] = "4 KiB pages, shuffled",
    [MAP_SECTION] = "1 MiB sections",
    [MAP_SUPERSECTION] = "16 MiB supersections",
};

static const char *const memory_names[MEMORY_KINDS] = {
    [MEMORY_CONTIGUOUS] = "contiguous",
    [MEMORY_RANDOM] = "random",
};

/* The baselines: at any point they can only do everything. */

static void run_2014(struct world *w)
{
    translate_2014(&w->rfc, TTB_IPA);
}

static void prepare_2014(struct world *w)
{
    forget_2014(&w->rfc);
}

static void run_2014_holding(struct world *w)
{
    translate_2014(&w->rfc_holding, TTB_IPA);
}

static void prepare_2014_holding(struct world *w)
{
    forget_2014(&w->rfc_holding);
}

static void run_copy(struct world *w)
{
    copy_tables(&w->copy, TTB_IPA);
}

#define BESIDE_BASELINES(prepare, run) \
    { \
        [MEDIATOR] = { prepare, run }, \
        [RFC_2014] = { prepare_2014, run_2014 }, [COPY] = { NULL, run_copy }, \
    }

/* What the guest, its p2m and its device do */

/* Linux before each map and after each unmap, its TLB entries being invalid. */
static void scan(struct world *w)
{
    unsigned int i;

    for ( i = 0; i < 32; i++ )
    {
        uint32_t lock = vmmu_read(&w->vmmu, MMU_LOCK, 4);

        vmmu_write(&w->vmmu, MMU_LOCK, 4, LOCK_MAKE(LOCK_BASE(lock), i));
        vmmu_read(&w->vmmu, MMU_READ_CAM, 4);
        vmmu_read(&w->vmmu, MMU_READ_RAM, 4);
    }
}

static void flush_entry(struct world *w)
{
    vmmu_write(&w->vmmu, MMU_CAM, 4, page_da(PLAIN_PAGE).v | CAM_V);
    vmmu_write(&w->vmmu, MMU_FLUSH_ENTRY, 4, 1);
}

static void change_used(struct world *w)
{
    vmmu_ipa_changed(&w->vmmu, _ipa(w->guest.page_ipa[PLAIN_PAGE]), 1);
}

static void change_unused(struct world *w)
{
    vmmu_ipa_changed(&w->vmmu, _ipa(UNUSED_IPA), 1);
}

/* The MiB of this page is mapped, but not the page: see bench_events(). */
static void change_neighbour(struct world *w)
{
    vmmu_ipa_changed(&w->vmmu, _ipa(RAM_IPA + REMAPPED_PAGE * PAGE_BYTES), 1);
}

static void touch_plain(struct world *w)
{
    touch(w, PLAIN_PAGE);
}

static void touch_remapped(struct world *w)
{
    touch(w, REMAPPED_PAGE);
}

/* Preparations */

static void all_dropped(struct world *w)
{
    vmmu_ipa_changed(&w->vmmu, _ipa(RAM_IPA), RAM_PAGES);
    while ( w->host.deferred )
    {
        w->host.deferred = false;
        vmmu_fault(&w->vmmu);
    }
}

static void scanned(struct world *w)
{
    touch_all(w);
    scan(w);
}

static void flushed(struct world *w)
{
    touch_all(w);
    flush_entry(w);
}

static void changed(struct world *w)
{
    touch_all(w);
    change_used(w);
}

/* As Linux maps: it scans, then stores a word, then touches no register. */
static void remapped(struct world *w)
{
    uint32_t now = w->guest.page_ipa[REMAPPED_PAGE];

    scanned(w);
    guest_remap(&w->guest, REMAPPED_PAGE,
                now == SPARE_IPA ? SPARE_IPA + PAGE_BYTES : SPARE_IPA);
}

/* Groups of rows */

static const struct work fill[CONTENDERS] = {
    [MEDIATOR] = { all_dropped, touch_all },
    [FLOOR] = { forget_floor, fill_floor },
    [FLOOR_WALKING] = { forget_floor_walking, fill_floor_walking },
    [RFC_2014_HOLDING] = { prepare_2014_holding, run_2014_holding },
    [RFC_2014] = { prepare_2014, run_2014 },
    [COPY] = { NULL, run_copy },
};

/*
 * From all in use to all in use. The mediator evicts a table for each that it fills;
 * the others give back what they held, within the measured time.
 */
static void refill_floor(struct world *w)
{
    forget_floor(w);
    fill_floor(w);
}

static void refill_floor_walking(struct world *w)
{
    forget_floor_walking(w);
    fill_floor_walking(w);
}

static void refill_2014_holding(struct world *w)
{
    prepare_2014_holding(w);
    run_2014_holding(w);
}

static const struct work refill[CONTENDERS] = {
    [MEDIATOR] = { NULL, touch_all },
    [FLOOR] = { NULL, refill_floor },
    [FLOOR_WALKING] = { NULL, refill_floor_walking },
    [RFC_2014_HOLDING] = { NULL, refill_2014_holding },
    [RFC_2014] = { prepare_2014, run_2014 },
    [COPY] = { NULL, run_copy },
};

static void set_name(char name[NAME_BYTES], const struct world *w,
                     enum memory memory)
{
    snprintf(name, NAME_BYTES, "%u MiB, %s, %s", w->guest.mib,
             mapping_names[w->guest.mapping], memory_names[memory]);
}

typedef void row_of_set(struct world *w, const char *name);

static void fill_row(struct world *w, const char *name)
{
    double value[CONTENDERS];

    measure_time(w, fill, value);
    report_row(name, NS_FILL, value, w->guest.pages);
}

static void lookup_row(struct world *w, const char *name)
{
    double value[CONTENDERS];

    measure_count(w, fill, COUNT_LOOKUPS, value);
    report_row(name, "per page", value, w->guest.pages);
}

static void bytes_row(const struct world *w, const char *name, double mediator)
{
    const double bytes[CONTENDERS] = {
        [MEDIATOR] = mediator,
        [FLOOR] = NAN,
        [FLOOR_WALKING] = NAN,
        [RFC_2014_HOLDING] = NAN,
        [RFC_2014] = baseline_bytes(&w->rfc),
        [COPY] = baseline_bytes(&w->copy),
    };

    report_row(name, "B/MiB", bytes, w->guest.mib);
}

static void memory_row(struct world *w, const char *name)
{
    bytes_row(w, name, mediator_used(w));
}

static void configured_row(struct world *w, const char *name)
{
    if ( w->guest.mapping == MAP_SMALL )
        bytes_row(w, name, mediator_configured(w));
}

/* What bench/instructions.sh counts: it knows this name. */
void fill_once(struct world *w);

void __attribute__((noinline)) fill_once(struct world *w)
{
    touch_all(w);
}

static void once_row(struct world *w, const char *name)
{
    all_dropped(w);
    fill_once(w);
    printf("%u\t%s\n", w->guest.pages, name);
}

static struct world world;

/* A row for each size, mapping and kind of memory. */
static void for_each_set(row_of_set *row, bool large_only)
{
    static const unsigned int sizes[] = { 64, 256 };
    unsigned int size, mapping, memory;
    char name[NAME_BYTES];

    for ( size = large_only; size < 2; size++ )
        for ( mapping = 0; mapping < MAPPINGS; mapping++ )
            for ( memory = 0; memory < MEMORY_KINDS; memory++ )
            {
                world_init(&world, mapping, sizes[size], memory, POOL_TABLES);
                verify(&world);
                set_name(name, &world, memory);
                row(&world, name);
                verify(&world);
                world_free(&world);
            }
}

static const struct event {
    const char *name;
    struct work work[CONTENDERS];
    unsigned int divisor;
    bool counted; /* worth a row in the tables of counts */
} events[] = {
    { "one page remapped: its MiB touched again",
      BESIDE_BASELINES(remapped, touch_remapped), 1, true },
    { "one page remapped: all touched again",
      BESIDE_BASELINES(remapped, touch_all), 1, true },
    { "128-access scan, shadow in use", BESIDE_BASELINES(touch_all, scan), 1,
      true },
    { "... each access of it", BESIDE_BASELINES(touch_all, scan), 128, false },
    { "128-access scan again, device idle", BESIDE_BASELINES(scanned, scan), 1,
      true },
    { "FLUSH_ENTRY of a page in use", BESIDE_BASELINES(touch_all, flush_entry),
      1, true },
    { "... the page touched again", BESIDE_BASELINES(flushed, touch_plain), 1,
      false },
    { "p2m change of a page in use", BESIDE_BASELINES(touch_all, change_used),
      1, true },
    { "... its MiB touched again", BESIDE_BASELINES(changed, touch_plain), 1,
      false },
    { "... all touched again", BESIDE_BASELINES(changed, touch_all), 1, false },
    { "p2m change of an unused page, MiB in use",
      BESIDE_BASELINES(touch_all, change_neighbour), 1, false },
    { "p2m change of an unused page elsewhere",
      BESIDE_BASELINES(touch_all, change_unused), 1, false },
};

#define NR_EVENTS (sizeof(events) / sizeof(events[0]))

static void init_event_world(enum memory memory)
{
    world_init(&world, MAP_SMALL, 256, memory, POOL_TABLES);
    guest_remap(&world.guest, REMAPPED_PAGE, SPARE_IPA);
    verify(&world);
}

/* What happens to 256 MiB that are mapped by 4 KiB pages and in use. */
static void bench_events(enum memory memory)
{
    double value[CONTENDERS];
    unsigned int i;

    init_event_world(memory);
    for ( i = 0; i < NR_EVENTS; i++ )
    {
        measure_time(&world, events[i].work, value);
        report_row(events[i].name, "ns", value, events[i].divisor);
        verify(&world);
    }
    world_free(&world);
}

static void count_events(enum count what, const char *unit)
{
    double value[CONTENDERS];
    unsigned int i;

    init_event_world(MEMORY_RANDOM);
    for ( i = 0; i < NR_EVENTS; i++ )
        if ( events[i].counted )
        {
            measure_count(&world, events[i].work, what, value);
            report_row(events[i].name, unit, value, 1);
        }
    world_free(&world);
}

static void bench_small_pool(void)
{
    double value[CONTENDERS];
    char name[NAME_BYTES];

    world_init(&world, MAP_SMALL, 256, MEMORY_RANDOM, SMALL_POOL_TABLES);
    verify(&world);
    set_name(name, &world, MEMORY_RANDOM);
    measure_time(&world, refill, value);
    report_row(name, NS_FILL, value, world.guest.pages);
    verify(&world);
    world_free(&world);
}

static void bench_all(void)
{
    report_group("Fill: from an empty shadow to all in use",
                 "The device touches each MiB once; the mediator fills at its "
                 "faults. The others: all in one go.");
    for_each_set(fill_row, false);

    report_group("Fill with a pool of 64 tables where 256 are needed",
                 "The worst case: each MiB touched costs another one its "
                 "table. The others have all tables, and give back what they "
                 "held before.");
    bench_small_pool();

    report_group("Events, random memory: 256 MiB by 4 KiB pages, in use",
                 "2014 overlooks them: shown is the full retranslation that "
                 "would make it right at that point. copy: a full copy.");
    bench_events(MEMORY_RANDOM);

    report_group("Events, contiguous memory: 256 MiB by 4 KiB pages, in use",
                 "The same; the mediator has made 1 MiB sections of the pages "
                 "where it can.");
    bench_events(MEMORY_CONTIGUOUS);

    bench_doorbells();

    report_group("Memory per mapped MiB",
                 "All there is: both levels and the bookkeeping; for the "
                 "mediator what the set uses.");
    for_each_set(memory_row, true);

    report_group("Memory per mapped MiB, the mediator's whole pool counted",
                 "The pool is a constant that the host chooses, whatever the "
                 "guest maps.");
    for_each_set(configured_row, false);

    report_group("Counted, not timed: look-ups in the p2m for a fill",
                 "The same on any machine: walks of the p2m from its root, for "
                 "each page of the set.");
    for_each_set(lookup_row, true);

    report_group("Counted, not timed: bytes cleaned out of the cache",
                 "The events above, random memory: descriptors made visible to "
                 "the hardware.");
    count_events(COUNT_CLEANED, "bytes");

    report_group("Counted, not timed: accesses to the hardware's registers",
                 "The events above, random memory. The baselines leave the "
                 "hardware alone here.");
    count_events(COUNT_REGISTERS, "accesses");
}

static int run(bool json)
{
    bench_all();
    report_print(json);

    return 0;
}

static int run_once(void)
{
    for_each_set(once_row, false);

    return 0;
}

int main(int argc, char **argv)
{
    static const char usage[] =
        "usage: bench [--json | --once]\n"
        "What the shadow costs beside the 2014 algorithm, a plain copy, and a "
        "floor.\n"
        "  --json  the figures as one JSON object\n"
        "  --once  only the mediator's fills, each once; their pages and names\n"
        "  --help  this text\n";
    const char *option = argc > 1 ? argv[1] : "";

    if ( argc == 1 )
        return run(false);
    if ( argc == 2 && !strcmp(option, "--json") )
        return run(true);
    if ( argc == 2 && !strcmp(option, "--once") )
        return run_once();
    if ( argc == 2 && !strcmp(option, "--help") )
    {
        fputs(usage, stdout);
        return 0;
    }

    fprintf(stderr, "bench: unknown argument '%s'\n%s", argv[argc - 1], usage);

    return 2;
}
