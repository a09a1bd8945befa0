/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the GPU's scenarios, or leaves the GPU in a state to be looked at. */
#include <linux/kernel.h>
#include <linux/module.h>

#include "gpu.h"

static char *run = "tests";
module_param(run, charp, 0);
MODULE_PARM_DESC(run,
                 "tests, hold (mappings stay), endless (the GPU goes on), or "
                 "breach (a microkernel that is not honest)");

static int contexts_init(void)
{
    return context_init(&gpu_contexts[0]) ?: context_init(&gpu_contexts[1]);
}

static void contexts_free(void)
{
    context_free(&gpu_contexts[0]);
    context_free(&gpu_contexts[1]);
}

/* Every scenario starts with a GPU that was reset, and two contexts that map nothing. */
static const char *run_one(const struct scenario *s)
{
    const char *wrong = NULL;
    int rc = gpu_start(GPU_FIRST_RESET) ?: contexts_init();

    if ( rc )
        wrong = why("start: %d", rc);
    wrong = wrong ?: s->run(s->argument);
    gpu_reset(GPU_RECOVERY_RESET);
    contexts_free();

    if ( !wrong && !arena_untouched() )
        wrong = "a neighbour was written";
    if ( wrong )
        arena_reset();

    return wrong;
}

/* All in one go: the GPU is as the one before has left it. */
static const char *run_next(const struct scenario *s)
{
    return s->run(s->argument);
}

/* A page each, drawn: something to see from outside. Context 1 is loaded last. */
static int hold(void)
{
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(gpu_contexts); i++ )
    {
        u32 offset = SZ_4M + i * SZ_1M + 0x5000;
        struct gpu_job fill = GPU_FILL(i, DA, SZ_4K, 0x33330000 + i);
        int rc = gpu_map(&gpu_contexts[i], DA, arena_ipa(offset), SZ_4K, 0);

        rc = rc ?: gpu_draw(&gpu_contexts[i], &fill, 1);
        if ( rc )
            return rc;

        pr_notice("hold: gpu%u da %08x ipa %08x value %08x\n", i, DA,
                  arena_ipa(offset), fill.word[UK_JOB_VALUE / 4]);
    }
    /* To be found: the page that not_contained() makes a directory. */
    arena_fill(SZ_1M, SZ_4K, 0xd14ec704);

    return 0;
}

/* It draws, with nobody to stop it: minutes of work are in the ring. */
static int endless(void)
{
    struct gpu_context *c = &gpu_contexts[0];
    struct gpu_job jobs[UK_MAX_JOBS];
    unsigned int i;

    if ( gpu_map(c, DA, arena_ipa(SZ_4M), SZ_4M, 0) )
        return -ENOMEM;

    for ( i = 0; i < ARRAY_SIZE(jobs); i++ )
        jobs[i] = (struct gpu_job)GPU_FILL(0, DA, SZ_4M, 0xe4d1e550 + i);
    for ( i = 0; i < UK_COMMANDS - 1; i++ )
        gpu_submit(i % GPU_RECORDS, c->root, jobs, ARRAY_SIZE(jobs));

    return 0;
}

static int leave(int (*in)(void))
{
    return gpu_start(GPU_FIRST_RESET) ?: contexts_init() ?: in();
}

static int breach(void)
{
    scenarios_run(gpu_breach, run_next);
    return 0;
}

static int __init test_init(void)
{
    int rc = scenarios_check_skip(gpu_ordinary, gpu_hostile) ?: gpu_find();

    if ( rc )
        return rc;
    rc = arena_init();
    if ( rc )
    {
        gpu_put();
        return rc;
    }

    if ( !strcmp(run, "hold") )
        rc = leave(hold);
    else if ( !strcmp(run, "endless") )
        rc = leave(endless);
    else if ( !strcmp(run, "breach") )
        rc = leave(breach);
    else
    {
        scenarios_run(gpu_ordinary, run_one);
        if ( gpu_is_mediated() )
            scenarios_run(gpu_hostile, run_one);
    }

    /* A failure is printed; the module stays, and can be removed as usual. */
    if ( rc )
        pr_notice("not ok - %s: error %d\n", run, rc);
    return 0;
}

static void __exit test_exit(void)
{
    gpu_reset(GPU_RECOVERY_RESET);
    contexts_free();
    gpu_put();
    arena_exit();
}

module_init(test_init);
module_exit(test_exit);
MODULE_LICENSE("GPL");
