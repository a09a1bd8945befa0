/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Acts out inputs that were found before: replay [-v] <file>..., or says what acts
 * there are: replay -l.
 *
 * A file is an input as a fuzzer left it; one whose name ends in .txt is a corpus: the
 * acts that there were when it was made, then an input a line, in hexadecimal. -v
 * names the acts. Speaks TAP.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static int verbose;

/* All acts, in the order of their numbers, as they begin a corpus. */
static void name_actions(void)
{
    unsigned int i;

    putchar('#');
    for ( i = 0; action_name(i); i++ )
        printf(" %s", action_name(i));
    putchar('\n');
}

static const char *act_out_line(char *line)
{
    uint8_t *data = (uint8_t *)line; /* shorter than its digits */
    size_t n = 0;

    while ( sscanf(line + 2 * n, "%2hhx", &data[n]) == 1 )
        n++;

    return act_out(data, n, verbose);
}

/* The number of inputs, or -1: what is wrong was said. */
static long replay_corpus(FILE *f, const char *name)
{
    const char *wrong = NULL;
    char *line = NULL;
    size_t room = 0;
    long n = 0;

    while ( !wrong && getline(&line, &room, f) > 0 )
    {
        if ( line[0] == '#' )
            continue;
        n++;
        wrong = act_out_line(line);
        if ( wrong )
            printf("not ok - %s, input %ld: %s\n", name, n, wrong);
    }
    free(line);

    return wrong ? -1 : n;
}

static long replay_input(FILE *f, const char *name)
{
    static uint8_t data[1u << 20];
    const char *wrong = act_out(data, fread(data, 1, sizeof(data), f), verbose);

    if ( wrong )
        printf("not ok - %s: %s\n", name, wrong);

    return wrong ? -1 : 1;
}

static int replay(const char *name)
{
    size_t length = strlen(name);
    bool corpus = length > 4 && !strcmp(name + length - 4, ".txt");
    FILE *f = fopen(name, "rb");
    long n;

    if ( !f )
    {
        perror(name);
        return 1;
    }

    n = corpus ? replay_corpus(f, name) : replay_input(f, name);
    fclose(f);
    if ( n > 0 )
        printf("ok - %s: %ld inputs\n", name, n);
    else if ( !n )
        printf("not ok - %s: no input\n", name);

    return n <= 0;
}

int main(int argc, char *argv[])
{
    int i, failed = 0;

    if ( argc == 2 && !strcmp(argv[1], "-l") )
    {
        name_actions();
        return 0;
    }

    verbose = argc > 1 && !strcmp(argv[1], "-v");
    for ( i = 1 + verbose; i < argc; i++ )
        failed |= replay(argv[i]);

    return failed;
}
