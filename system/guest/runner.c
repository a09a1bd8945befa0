/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs scenarios, and prints the result of each. */
#include <linux/kernel.h>
#include <linux/module.h>

#include "test.h"

static char *skip[32];
static unsigned int nr_skip;
module_param_array(skip, charp, &nr_skip, 0);
MODULE_PARM_DESC(skip, "names of scenarios to leave out");

/* Why it is left out, or NULL. */
static const char *left_out(const struct scenario *s)
{
    unsigned int i;

    for ( i = 0; i < nr_skip; i++ )
        if ( !strcmp(skip[i], s->name) )
            return "skip= names it";

    return s->senseless ? s->senseless(s->argument) : NULL;
}

void scenarios_run(const struct scenario *s,
                   const char *(*run_one)(const struct scenario *s))
{
    for ( ; s->name; s++ )
    {
        const char *reason = left_out(s);
        const char *wrong = reason ? NULL : run_one(s);

        if ( reason )
            pr_notice("skipped - %s: %s\n", s->name, reason);
        else if ( wrong )
            pr_notice("not ok - %s: %s\n", s->name, wrong);
        else
            pr_notice("ok - %s\n", s->name);
    }
}

static bool is_among(const char *name, const struct scenario *s)
{
    while ( s->name && strcmp(s->name, name) )
        s++;

    return s->name;
}

/* A name that is mistaken would leave out nothing. */
int scenarios_check_skip(const struct scenario *one, const struct scenario *two)
{
    unsigned int i;

    for ( i = 0; i < nr_skip; i++ )
        if ( !is_among(skip[i], one) && !is_among(skip[i], two) )
        {
            pr_err("skip=: no scenario is named %s\n", skip[i]);
            return -EINVAL;
        }

    return 0;
}
