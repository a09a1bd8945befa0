/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "report.h"

#define MAX_ROWS 128

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

/* How many times what the mediator takes does a baseline take? */
static double ratio(const struct row *row, enum contender baseline)
{
    double mediator = row->value[MEDIATOR];

    return mediator > 0 ? row->value[baseline] / mediator : 0;
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

static void print_value(double value)
{
    printf(" %8.*f", decimals(value), value);
}

static void print_ratio(double value)
{
    if ( value > 0 )
        printf(" %7.*fx", decimals(value), value);
    else
        printf(" %8s", "-");
}

static void print_row(const struct row *row)
{
    unsigned int i;

    printf("  %-42s %-8s", row->title, row->unit);
    for ( i = 0; i < CONTENDERS; i++ )
        print_value(row->value[i]);
    print_ratio(ratio(row, RFC_2014));
    print_ratio(ratio(row, COPY));
    printf("\n");
}

static void print_table(void)
{
    unsigned int i;

    printf("Each time: the median of %u rounds, the three taking turns. "
           "Less is better.\n"
           "mediator: this project. 2014: copies all tables and translates "
           "them to 4 KiB pages, takes no\n"
           "references. copy: copies all tables, translates nothing. "
           "x: baseline / mediator; above 1 the\n"
           "mediator is better. Pool: %u tables. Cache cleaning and register "
           "access cost nothing here:\nthey are counted at the end.\n",
           ROUNDS, POOL_TABLES);

    for ( i = 0; i < nr_rows; i++ )
    {
        const struct row *row = &rows[i];

        if ( !i || row->group != rows[i - 1].group )
            printf("\n%s\n%s\n  %-42s %-8s %8s %8s %8s %8s %8s\n", row->group,
                   row->note, "", "unit", "mediator", "2014", "copy", "2014 x",
                   "copy x");
        print_row(row);
    }
}

static void print_json_number(const char *name, double value, bool known)
{
    if ( known )
        printf(", \"%s\": %.6g", name, value);
    else
        printf(", \"%s\": null", name);
}

static void print_json(void)
{
    unsigned int i;

    printf("{\"rounds\": %u, \"pool_tables\": %u, \"rows\": [\n", ROUNDS,
           POOL_TABLES);
    for ( i = 0; i < nr_rows; i++ )
    {
        const struct row *row = &rows[i];

        bool known = row->value[MEDIATOR] > 0;

        printf("  {\"name\": \"%s: %s\", \"unit\": \"%s\"", row->group,
               row->title, row->unit);
        print_json_number("mediator", row->value[MEDIATOR], true);
        print_json_number("baseline_2014", row->value[RFC_2014], true);
        print_json_number("copy", row->value[COPY], true);
        print_json_number("ratio_2014", ratio(row, RFC_2014), known);
        print_json_number("ratio_copy", ratio(row, COPY), known);
        printf("}%s\n", i + 1 < nr_rows ? "," : "");
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

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
