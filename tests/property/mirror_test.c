/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GPU's tables mirrored, against sim/gpu.c: random guests, whose memory map changes at
 * any moment; and each moment of one pass in turn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gpu.h"

#define WORLDS 60u
#define ACTS   400u

/* Few of each, so that acts meet. */
#define DIRS   5u
#define TABLES 6u
#define DATAS  16u
#define SLOTS  6u

static struct gpu_world world;

/* Random guests */

static uint32_t below(struct gpu_world *w, uint32_t n)
{
    return rng_below(&w->rng, n);
}

/* What a guest might map, or might not own. */
static uint32_t any_ipa(struct gpu_world *w)
{
    switch ( below(w, 16) )
    {
    case 0:
        return GPU_MMIO + below(w, 18) * GPU_PAGE;
    case 1:
        return GPU_HIGH;
    case 2:
        return GPU_NOTHING;
    case 3:
        return GPU_DIR(below(w, GPU_RAM_PAGES));
    default:
        return GPU_DATA(below(w, DATAS));
    }
}

static bool there(struct gpu_world *w, uint32_t ipa)
{
    return w->frame[(ipa - GPU_RAM) / GPU_PAGE];
}

static unsigned int any_word(struct gpu_world *w)
{
    return below(w, 2) ? below(w, 40) : GPU_WORDS - 1 - below(w, 40);
}

static void write_table(struct gpu_world *w)
{
    uint32_t table = GPU_TABLE(below(w, TABLES)), n = 1 + below(w, 30);
    unsigned int word = any_word(w);

    if ( !there(w, table) )
        return;
    for ( ; n && word < GPU_WORDS; n--, word++ )
        *gpu_word(w, table, word) = below(w, 4)
                                        ? any_ipa(w) | below(w, 32) | GPU_VALID
                                        : rng_next(&w->rng);
}

static void unmap(struct gpu_world *w)
{
    uint32_t table = GPU_TABLE(below(w, TABLES));

    if ( there(w, table) )
        *gpu_word(w, table, any_word(w)) = 0;
}

static void write_dir(struct gpu_world *w)
{
    uint32_t dir = GPU_DIR(below(w, DIRS));
    uint32_t size = below(w, 3) ? 0 : below(w, 8);

    if ( there(w, dir) )
        *gpu_word(w, dir, below(w, SLOTS)) =
            below(w, 3)
                ? GPU_TABLE(below(w, TABLES)) | GPU_SIZE(size) | GPU_VALID
                : rng_next(&w->rng) & ~(below(w, 2) * GPU_VALID);
}

/* Also pages that hold directories and tables. */
static void change_map(struct gpu_world *w)
{
    uint32_t ipa =
        below(w, 3) ? GPU_DATA(below(w, DATAS)) : GPU_DIR(below(w, 32));

    if ( !there(w, ipa) || below(w, 2) )
        gpu_page_moves(w, ipa);
    else
        gpu_page_goes(w, ipa);
}

static void bind(struct gpu_world *w)
{
    gpu_bind(w, GPU_DIR(below(w, DIRS)));
}

static void unbind(struct gpu_world *w)
{
    int dir = mirror_find(w->mirror, _ipa(GPU_DIR(below(w, DIRS))));

    if ( dir >= 0 )
        gpu_unbind(w, (unsigned int)dir);
}

static void step(struct gpu_world *w)
{
    unsigned int n = below(w, 8);

    while ( n-- )
        mirror_step(w->mirror);
}

/* More than all of which may look through tables. */
static void change_often(struct gpu_world *w)
{
    unsigned int n = below(w, 40);

    while ( n-- )
        gpu_page_moves(w, GPU_DATA(below(w, DATAS)));
}

/* Happens at the next look-up or read. */
static void in_the_midst(struct gpu_world *w)
{
    static void (*const what[])(struct gpu_world *) = {
        change_map, change_map, change_often, write_table,
        write_dir,  unbind,     bind,
    };
    unsigned int n = below(w, sizeof(what) / sizeof(what[0]));

    if ( below(w, 2) )
        w->on_get = what[n];
    else
        w->on_read = what[n];
    gpu_request(w);
    step(w);
}

static void renew(struct gpu_world *w)
{
    w->host.ops->lock(&w->host);
    mirror_renew(w->mirror);
    w->host.ops->unlock(&w->host);
}

static void hurry(struct gpu_world *w)
{
    w->at_once = below(w, 3) ? 0 : below(w, 200) + 1;
}

/* Whether p2m changes may look through tables again is the clock's. */
static void time_passes(struct gpu_world *w)
{
    if ( !below(w, 10) )
        renew(w);
}

static void act(struct gpu_world *w)
{
    static void (*const acts[])(struct gpu_world *) = {
        write_table, write_table,  write_table,  unmap,        write_dir,
        write_dir,   change_map,   bind,         unbind,       step,
        gpu_request, change_often, in_the_midst, in_the_midst, in_the_midst,
        time_passes, hurry,        step,
    };

    acts[below(w, sizeof(acts) / sizeof(acts[0]))](w);
}

static void assert_sound(struct gpu_world *w)
{
    const char *bad = gpu_check(w);

    if ( bad )
        fail_msg("%s", bad);
}

/* Nothing happens any more, and there is room for all: everything agrees. */
static void settle(struct gpu_world *w)
{
    unsigned int dir;
    const char *bad;
    uint64_t full = mirror_counters(w->mirror)->full;

    w->on_get = w->on_read = NULL;
    w->at_once = 0;
    gpu_request(w);
    gpu_pass(w);
    assert_sound(w);
    if ( mirror_counters(w->mirror)->full != full )
        return;
    for ( dir = 0; dir < w->nr_dirs; dir++ )
    {
        if ( mirror_of_root(w->mirror, mirror_root(w->mirror, dir)) < 0 ||
             !there(w, (uint32_t)mirror_ipa(w->mirror, dir).v) )
            continue;
        bad = gpu_agrees(w, dir);
        if ( bad )
            fail_msg("directory %u: %s", dir, bad);
    }
}

static void live(struct gpu_world *w, uint64_t seed)
{
    unsigned int i;

    gpu_init(w, 1 + (unsigned int)(seed % GPU_MAX_DIRS),
             seed % 3 ? GPU_MAX_TABLES : 1 + (unsigned int)(seed % 5), seed);
    for ( i = 0; i < ACTS; i++ )
    {
        act(w);
        assert_sound(w);
        if ( !below(w, 40) )
            settle(w);
    }
    settle(w);
    w->wrong = NULL;
    gpu_end(w, 1 + below(w, 3000));
    if ( w->wrong )
        fail_msg("%s", w->wrong);
}

static void random_guests(void **state)
{
    uint64_t seed = 1;
    const char *given = getenv("SEED");

    (void)state;
    if ( given )
        seed = strtoull(given, NULL, 0);
    for ( ; seed <= (given ? strtoull(given, NULL, 0) : WORLDS); seed++ )
    {
        printf("world SEED=%llu\n", (unsigned long long)seed);
        live(&world, seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_guests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
