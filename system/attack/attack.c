/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attacker's phases. Calm: both vCPUs busy, both processors with valid commands. Grind:
 * nothing but faults, each as costly as can be. Hypercalls: changes of the memory map,
 * 1,024 at once. Storm: everything at once, on both vCPUs. Then the attacker looks at
 * what that left, and a valid set-up must work as if nothing had been.
 */
#include "attack.h"

enum phase {
    CALM,
    HYPERCALLS,
    STORM,
    OVER,
};

static volatile enum phase phase;
static ticks_t end_of_storm;
static volatile bool second_is_done;
static struct attacker attackers[2];

static void sane_units(uint32_t root)
{
    uint32_t unit;

    for ( unit = 0; unit < UNITS; unit++ )
    {
        processor_reset(unit);
        sane_mmu(unit, root);
    }
}

/* One vCPU keeps the processors at work, the other only spins. */
static void keep_at(void (*work)(uint32_t unit))
{
    ticks_t end = now() + seconds(parameters.calm_seconds);
    uint32_t unit;

    while ( now() < end )
        for ( unit = 0; unit < UNITS; unit++ )
            work(unit);
}

static void act(struct attacker *a)
{
    switch ( below(a, 8) )
    {
    case 0 ... 1:
        abuse_registers(a);
        break;
    case 2:
        abuse_tables(a);
        break;
    case 3:
        churn(a);
        break;
    default:
        processor_kick(a, any(a) >> 31);
        break;
    }
    a->actions++;
}

/* In lines that Xen does not cut. */
static void tell(void)
{
    const struct attacker *a = &attackers[0], *b = &attackers[1];

    say("attack: actions %u commands %u bus-errors %u stalls %u",
        a->actions + b->actions, a->commands + b->commands,
        a->bus_errors + b->bus_errors, a->stalls + b->stalls);
    say("attack: churns %u churns-refused %u extents %u own-grants %u foreign-grants %u",
        a->churns + b->churns, a->churns_refused + b->churns_refused,
        a->extents + b->extents, a->grants, b->grants);
}

/*
 * Is there enough of what a storm is to do? On a busy machine it may take longer. The runner
 * sees what Xen counts.
 */
static bool enough(void)
{
    tell();

    return ask_runner("enough");
}

static void storm(struct attacker *a)
{
    while ( phase == STORM )
    {
        act(a);
        if ( a->vcpu || now() < end_of_storm )
            continue;
        if ( enough() )
            phase = OVER;
        else
            end_of_storm = now() + seconds(parameters.calm_seconds);
    }
    churn_end(a);
}

static void check_own_memory(void)
{
    uint32_t unit;

    tables_sane();
    sane_units(SANE_ROOT);
    for ( unit = 0; unit < UNITS; unit++ )
        if ( !processor_serves(unit) )
        {
            say("not ok - own-memory-reached: by unit %u", unit);
            return;
        }
    say("ok - own-memory-reached");
}

static void second_vcpu(struct attacker *a)
{
    while ( phase != STORM )
        if ( phase == HYPERCALLS )
            hypercalls_beside();
    storm(a);
    second_is_done = true;
}

static void first_vcpu(struct attacker *a)
{
    uint32_t unit;

    tables_init(a);
    churn_init();
    tables_sane();
    tables_grind();
    tables_cost();
    start_vcpu(1);

    say("attack: calm, seed %u", parameters.seed);
    sane_units(SANE_ROOT);
    keep_at(processor_work);
    say("attack: grind");
    sane_units(GRIND_ROOT);
    keep_at(processor_grind);
    for ( unit = 0; unit < UNITS; unit++ )
        processor_forget(unit);
    say("attack: hypercalls");
    sane_units(COST_ROOT);
    phase = HYPERCALLS;
    hypercalls();
    say("attack: storm");
    end_of_storm = now() + seconds(parameters.storm_seconds);
    phase = STORM;
    storm(a);
    while ( !second_is_done )
        continue;
    if ( extents_end_reserve() )
        say("ok - memory-got-back");
    else
        say("not ok - memory-got-back: the reserve");
    say("attack: over");

    for ( unit = 0; unit < UNITS; unit++ )
        processor_reset(unit);
    ask_runner("marked");
    evidence();
    check_own_memory();
    ask_runner("finished");
    power_off();
}

void guest_main(uint32_t vcpu)
{
    struct attacker *a = &attackers[vcpu];

    a->vcpu = vcpu;
    /* Never 0, and not the other's. */
    a->random = (parameters.seed * 2 + vcpu) * 0x9e3779b1 | 1;
    if ( vcpu )
        second_vcpu(a);
    else
        first_vcpu(a);
}
