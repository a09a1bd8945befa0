/* SPDX-License-Identifier: GPL-2.0-only */
#include <math.h>
#include <string.h>

#include "report.h"

#define MAX_ROWS 128

static const struct {
    const char *head, *json;
} contenders[CONTENDERS] = {
    [MEDIATOR] = { "mediator", "mediator" },
    [FLOOR] = { "floor", "floor" },
    [FLOOR_WALKING] = { "floor+w", "floor_walking" },
    [RFC_2014_HOLDING] = { "2014+ref", "baseline_2014_references" },
    [RFC_2014] = { "2014", "baseline_2014" },
    [COPY] = { "copy", "copy" },
};

/* A table shows those that are for rows with a floor, or the others. */
static const struct ratio {
    const char *head, *json;
    enum contender over, under;
    bool with_floor;
} ratios[] = {
    { "m/floor", "mediator_to_floor", MEDIATOR, FLOOR, true },
    { "m/fl+w", "mediator_to_floor_walking", MEDIATOR, FLOOR_WALKING, true },
    { "m/2014+r", "mediator_to_2014_references", MEDIATOR, RFC_2014_HOLDING,
      true },
    { "2014 x", "ratio_2014", RFC_2014, MEDIATOR, false },
    { "copy x", "ratio_copy", COPY, MEDIATOR, false },
};

#define NR_RATIOS (sizeof(ratios) / sizeof(ratios[0]))

static struct row {
    const char *group, *note;
    char title[56];
    const char *unit;
    double value[CONTENDERS];
} rows[MAX_ROWS];
static unsigned int nr_rows;
static const char *group, *group_note;

void report_group(const char *title, const char *note)
{
    group = title;
    group_note = note;
}

void report_row(const char *title, const char *unit,
                const double value[CONTENDERS], double divisor)
{
    struct row *row = &rows[nr_rows++];
    unsigned int i;

    if ( nr_rows > MAX_ROWS )
        die("too many rows\n");
    row->group = group;
    row->note = group_note;
    row->unit = unit;
    snprintf(row->title, sizeof(row->title), "%s", title);
    for ( i = 0; i < CONTENDERS; i++ )
        row->value[i] = value[i] / divisor;
}

/* NAN: one of the two took no part, or nothing is what it needed. */
static double ratio_of(const struct row *row, const struct ratio *ratio)
{
    double under = row->value[ratio->under];

    return under > 0 ? row->value[ratio->over] / under : NAN;
}

static bool is_shown(const struct row *row, const struct ratio *ratio)
{
    return ratio->with_floor == !isnan(row->value[FLOOR]);
}

/* Three digits that say something, not more. */
static int decimals(double value)
{
    static const double from[] = { 100, 10, 1, 0.01, 0.001 };
    int n = 0;

    while ( n < 5 && value < from[n] && value > 0 )
        n++;

    return n;
}

static void print_ratio(double value)
{
    if ( value > 0 )
        printf(" %7.*fx", decimals(value), value);
    else
        printf(" %8s", "-");
}

static void print_heads(const struct row *row)
{
    unsigned int i;

    printf("\n%s\n%s\n  %-42s %-8s", row->group, row->note, "", "unit");
    for ( i = 0; i < CONTENDERS; i++ )
        if ( !isnan(row->value[i]) )
            printf(" %8s", contenders[i].head);
    for ( i = 0; i < NR_RATIOS; i++ )
        if ( is_shown(row, &ratios[i]) )
            printf(" %8s", ratios[i].head);
    printf("\n");
}

static void print_row(const struct row *row)
{
    unsigned int i;

    printf("  %-42s %-8s", row->title, row->unit);
    for ( i = 0; i < CONTENDERS; i++ )
        if ( !isnan(row->value[i]) )
            printf(" %8.*f", decimals(row->value[i]), row->value[i]);
    for ( i = 0; i < NR_RATIOS; i++ )
        if ( is_shown(row, &ratios[i]) )
            print_ratio(ratio_of(row, &ratios[i]));
    printf("\n");
}

static void print_table(void)
{
    unsigned int i;

    printf(
        "Each time: the median of %u rounds, the contenders taking turns. "
        "Less is better.\n"
        "mediator: this project, whose look-ups of the p2m go on from the "
        "last one, as in its port.\n"
        "floor: the least that a mediator with references must do to fill, "
        "looking each stretch up from\n"
        "the p2m's root; floor+w: its look-ups go on from the last one, "
        "too.\n"
        "2014: copies all tables and translates them to 4 KiB pages, takes "
        "no references; 2014+ref: does.\n"
        "copy: copies all tables, translates nothing. m/floor, m/fl+w, "
        "m/2014+r: mediator / each;\n"
        "below 1 the mediator is better. x: baseline / mediator; above 1 the "
        "mediator is better.\n"
        "Pool: %u tables. Cache cleaning and register access cost nothing "
        "here: they are counted at the end.\n",
        ROUNDS, POOL_TABLES);

    for ( i = 0; i < nr_rows; i++ )
    {
        if ( !i || rows[i].group != rows[i - 1].group )
            print_heads(&rows[i]);
        print_row(&rows[i]);
    }
}

static void print_json_number(const char *name, double value)
{
    if ( isnan(value) )
        printf(", \"%s\": null", name);
    else
        printf(", \"%s\": %.6g", name, value);
}

static void print_json_row(const struct row *row)
{
    unsigned int i;

    printf("  {\"name\": \"%s: %s\", \"unit\": \"%s\"", row->group, row->title,
           row->unit);
    for ( i = 0; i < CONTENDERS; i++ )
        print_json_number(contenders[i].json, row->value[i]);
    for ( i = 0; i < NR_RATIOS; i++ )
        print_json_number(ratios[i].json, ratio_of(row, &ratios[i]));
    printf("}");
}

static void print_json(void)
{
    unsigned int i;

    printf("{\"rounds\": %u, \"pool_tables\": %u, \"rows\": [\n", ROUNDS,
           POOL_TABLES);
    for ( i = 0; i < nr_rows; i++ )
    {
        print_json_row(&rows[i]);
        printf("%s\n", i + 1 < nr_rows ? "," : "");
    }
    printf("]}\n");
}

void report_print(bool json)
{
    if ( json )
        print_json();
    else
        print_table();
}
