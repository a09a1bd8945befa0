/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the scenarios, or leaves the processors in a state to be looked at. */
#include <linux/kernel.h>
#include <linux/module.h>

#include "test.h"

static char *run = "tests";
module_param(run, charp, 0);
MODULE_PARM_DESC(run,
                 "tests, hold (mappings stay) or endless (processors go on)");

/* Every scenario starts with all units attached, and nothing but lists mapped. */
static const char *run_one(const struct scenario *s)
{
    const char *wrong = NULL;
    struct unit *u;

    for_each_unit(u) if ( unit_attach(u) ) wrong =
        why("%s: attach failed", u->name);

    if ( !wrong )
        wrong = s->run(s->argument);

    for_each_unit(u) unit_quiesce(u);

    if ( !wrong && !arena_untouched() )
        wrong = "a neighbour was written";
    if ( wrong )
        arena_reset();

    return wrong;
}

/* A page and a section each, written: something to see from outside. */
static int hold(void)
{
    struct unit *u;

    for_each_unit(u)
    {
        u32 page = arena_ipa(SZ_1M + unit_index(u) * SZ_1M + 0x5000);
        u32 section = arena_ipa(SZ_4M + unit_index(u) * SZ_1M);
        struct command commands[] = {
            FILL(DA, SZ_4K, 0x11110000 + unit_index(u)),
            FILL(DA + SZ_1M, SZ_4K, 0x22220000 + unit_index(u)),
        };

        if ( unit_attach(u) || unit_map(u, DA, page, SZ_4K) ||
             unit_map(u, DA + SZ_1M, section, SZ_1M) ||
             unit_run(u, commands, ARRAY_SIZE(commands)) != RPROC_DONE )
            return -EIO;

        pr_notice("hold: %s da %08x ipa %08x value %08x\n", u->name, DA, page,
                  commands[0].word[RPROC_CMD_VALUE]);
        pr_notice("hold: %s da %08x ipa %08x value %08x\n", u->name,
                  DA + (u32)SZ_1M, section, commands[1].word[RPROC_CMD_VALUE]);
    }

    return 0;
}

/* They write, with nobody to stop them. */
static int endless(void)
{
    struct unit *u;

    for_each_unit(u)
    {
        struct command fill = FILL(DA, SZ_64K, 0xe4d1e55e);

        if ( unit_attach(u) ||
             unit_map(u, DA, arena_ipa(SZ_2M + unit_index(u) * SZ_1M), SZ_1M) )
            return -EIO;
        unit_start_endless(u, &fill);
    }

    return 0;
}

static int __init test_init(void)
{
    struct unit *u;
    int rc = scenarios_check_skip(ordinary, hostile) ?: units_find();

    if ( !rc )
        rc = arena_init();
    if ( rc )
    {
        units_put();
        return rc;
    }

    for_each_unit(u) if ( readl(u->regs + RPROC_ID) != RPROC_ID_VALUE )
        pr_notice("%s does not answer\n", u->name);

    if ( !strcmp(run, "hold") )
        rc = hold();
    else if ( !strcmp(run, "endless") )
        rc = endless();
    else
    {
        scenarios_run(ordinary, run_one);
        scenarios_run(hostile, run_one);
    }

    /* A failure is printed; the module stays, and can be removed as usual. */
    if ( rc )
        pr_notice("not ok - %s: error %d\n", run, rc);
    return 0;
}

static void __exit test_exit(void)
{
    struct unit *u;

    for_each_unit(u) unit_quiesce(u);
    arena_exit();
    units_put();
}

module_init(test_init);
module_exit(test_exit);
MODULE_LICENSE("GPL");
