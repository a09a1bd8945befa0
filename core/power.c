/* SPDX-License-Identifier: GPL-2.0-only */
#include "power.h"

static uint32_t rd(struct power *p, enum power_word word)
{
    return p->ops->read(p, word);
}

static void update(struct power *p, enum power_word word, uint32_t mask,
                   uint32_t value)
{
    p->ops->update(p, word, mask, value);
}

/* Polls until the bits of mask are those of value. */
static bool becomes(struct power *p, enum power_word word, uint32_t mask,
                    uint32_t value)
{
    unsigned int i;

    for ( i = 0; i < POWER_POLLS; i++ )
        if ( (rd(p, word) & mask) == value )
            return true;

    return false;
}

/*
 * Clears RSTST first, so that it then shows this release only. RSTCTRL bits in
 * held are written again: a reset that has not taken effect yet reads as
 * released.
 */
static void release(struct power *p, uint32_t bits)
{
    p->held &= ~bits;
    p->ops->write(p, POWER_RSTST, bits);
    update(p, POWER_RSTCTRL, bits | p->held, p->held);
}

static bool released(struct power *p, uint32_t bits)
{
    return becomes(p, POWER_RSTCTRL, bits, 0) &&
           becomes(p, POWER_RSTST, bits, bits);
}

uint32_t power_running(struct power *p)
{
    return p->cores & ~rd(p, POWER_RSTCTRL);
}

const char *power_stop(struct power *p, uint32_t cores)
{
    p->held |= cores;
    update(p, POWER_RSTCTRL, p->held, p->held);
    if ( !becomes(p, POWER_RSTCTRL, cores, cores) )
    {
        p->state = POWER_LIVE;
        return "a core does not go into reset";
    }
    if ( p->state == POWER_LIVE && !power_running(p) )
        p->state = POWER_READY;

    return NULL;
}

/*
 * The clock domain is left to the hardware. The power domain stays as it is:
 * others may be in it.
 */
const char *power_off(struct power *p)
{
    const char *wrong = power_stop(p, p->cores);

    if ( wrong )
        return wrong;

    p->state = POWER_OFF;
    p->clocked = false;
    update(p, POWER_RSTCTRL, p->mmu, p->mmu);
    if ( !becomes(p, POWER_RSTCTRL, p->mmu, p->mmu) )
        return "its MMU does not go into reset";

    update(p, POWER_CLKCTRL, POWER_MODULEMODE, 0);
    update(p, POWER_CLKSTCTRL, POWER_CLKTRCTRL, POWER_CLKTRCTRL_HW_AUTO);

    return NULL;
}

/* Only a clock domain that is awake powers a domain that is off [D]. */
static const char *wake(struct power *p)
{
    if ( p->switched )
        update(p, POWER_PWRSTCTRL, POWER_STATE, POWER_STATE_ON);
    update(p, POWER_CLKSTCTRL, POWER_CLKTRCTRL, POWER_CLKTRCTRL_WAKE);
    if ( p->switched &&
         !becomes(p, POWER_PWRSTST, POWER_STATE | POWER_INTRANSITION,
                  POWER_STATE_ON) )
        return "its power domain does not come on";

    return NULL;
}

/* IDLEST is in transition while the MMU is held in reset [D]. */
static bool module_answers(struct power *p)
{
    unsigned int i;
    uint32_t idle;

    for ( i = 0; i < POWER_POLLS; i++ )
    {
        idle = rd(p, POWER_CLKCTRL) & POWER_IDLEST;
        if ( idle != POWER_IDLEST_MOVING && idle != POWER_IDLEST_DISABLED )
            return true;
    }

    return false;
}

static const char *enable(struct power *p)
{
    const char *wrong = wake(p);

    if ( wrong )
        return wrong;

    update(p, POWER_CLKCTRL, POWER_MODULEMODE, POWER_MODULEMODE_AUTO);
    release(p, p->mmu);
    if ( !released(p, p->mmu) )
        return "its MMU does not come out of reset";
    if ( !module_answers(p) )
        return "its module does not leave idle";

    return NULL;
}

/* Starts from OFF, whatever the state: so the MMU keeps nothing. */
const char *power_on(struct power *p)
{
    const char *wrong = power_off(p);

    if ( wrong )
        return wrong;

    wrong = enable(p);
    if ( wrong )
    {
        power_off(p);
        return wrong;
    }

    p->state = POWER_READY;
    p->clocked = true;

    return NULL;
}

const char *power_start(struct power *p, uint32_t core)
{
    const char *wrong;

    release(p, core);
    p->state = POWER_LIVE;
    if ( released(p, core) )
        return NULL;

    wrong = power_stop(p, core);

    return wrong ? wrong : "a core does not come out of reset";
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
