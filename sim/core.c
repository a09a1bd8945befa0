/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <string.h>

#include "core.h"

/* Instructions between looks at the interrupt; serves between full checks. */
#define BATCH 10000u
#define CHECK 1024u

/* The MMU's callbacks: the machine's, and the core's share of them */

static bool walker_read(void *ctx, uint32_t pa, uint32_t *value)
{
    struct core *c = ctx;

    return c->mmu.read32(c->mmu.ctx, pa, value);
}

static void irq_changed(void *ctx, bool level)
{
    struct core *c = ctx;

    c->mmu.irq(c->mmu.ctx, level);
}

static void resumed(void *ctx)
{
    struct core *c = ctx;

    c->mmu.resume(c->mmu.ctx);
}

static void retranslate(void *ctx)
{
    struct core *c = ctx;

    m4_retranslate(c->m4);
}

/* The core's accesses */

/*
 * The request waits, not the instruction: the machine's retry comes at once. A
 * bus error is kept until the core tries its instruction again. A translation
 * may be old by then, and is asked for again.
 */
static void take_answer(struct core *c)
{
    if ( !c->waits || c->m->request.open )
        return;

    c->waits = false;
    c->error = c->m->request.result == MMU_BUS_ERROR;
}

static enum mmu_result translate(void *ctx, uint32_t da, bool write,
                                 uint32_t *pa)
{
    struct core *c = ctx;
    enum mmu_result result;

    take_answer(c);
    if ( c->waits )
        return MMU_STALL;
    if ( c->error )
    {
        c->error = false;
        return MMU_BUS_ERROR;
    }

    result = machine_issue(c->m, da, write);
    c->waits = result == MMU_STALL;
    *pa = c->m->request.pa;

    return result;
}

static void *ram(void *ctx, uint32_t pa)
{
    struct core *c = ctx;

    return memory_word(&c->m->mem, pa & ~(M4_PAGE - 1));
}

bool core_bus_read(void *core, uint32_t pa, unsigned int size, uint32_t *value)
{
    struct core *c = core;
    const uint32_t *word = memory_word(&c->m->mem, pa & ~3u);

    *value = 0;
    if ( word )
        memcpy(value, (const uint8_t *)word + pa % 4, size);
    else if ( pa - CORE_MAILBOX < MAILBOX_WINDOW )
        *value = mailbox_reg_read(&c->mailbox, pa - CORE_MAILBOX, size);
    else
        return false;

    return true;
}

bool core_bus_write(void *core, uint32_t pa, unsigned int size, uint32_t value)
{
    struct core *c = core;
    uint32_t *word = memory_word(&c->m->mem, pa & ~3u);

    if ( word )
        memcpy((uint8_t *)word + pa % 4, &value, size);
    else if ( pa - CORE_MAILBOX < MAILBOX_WINDOW )
        mailbox_reg_write(&c->mailbox, pa - CORE_MAILBOX, size, value);
    else
        return false;

    return true;
}

static void mailbox_irq(void *ctx, unsigned int user, bool level)
{
    struct core *c = ctx;

    if ( user == CORE_M4 )
        m4_interrupt(c->m4, CORE_LINE, level);
}

/* Life */

void core_init(struct core *c, struct machine *m)
{
    memset(c, 0, sizeof(*c));
    c->m = m;
    c->l2ram = aligned_alloc(M4_PAGE, M4_L2RAM_SIZE);
    c->m4 = m4_new(&(struct m4_config){
        .ctx = c,
        .translate = translate,
        .ram = ram,
        .read = core_bus_read,
        .write = core_bus_write,
        .l2ram = c->l2ram,
    });
    if ( !c->l2ram || !c->m4 )
        abort();
    mailbox_init(&c->mailbox,
                 &(struct mailbox_config){ .ctx = c, .irq = mailbox_irq });

    c->mmu = m->mmu.config;
    m->mmu.config.ctx = c;
    m->mmu.config.read32 = walker_read;
    m->mmu.config.irq = irq_changed;
    m->mmu.config.resume = resumed;
    m->mmu.config.retranslate = retranslate;
}

void core_fini(struct core *c)
{
    c->m->mmu.config = c->mmu;
    m4_free(c->m4);
    free(c->l2ram);
}

void core_reset(struct core *c, bool asserted)
{
    m4_reset(c->m4, asserted);
    if ( asserted )
    {
        machine_withdraw(c->m);
        c->waits = c->error = false;
    }
}

/*
 * Serves faults one by one, as Xen's interrupt does; returns whether there was
 * one.
 */
static bool serve(struct core *c)
{
    bool served = false;

    while ( machine_serve(c->m) )
    {
        served = true;
        if ( ++c->serves % CHECK == 0 )
            machine_check(c->m);
    }
    take_answer(c);

    return served;
}

enum m4_state core_run(struct core *c, uint64_t instructions)
{
    while ( instructions )
    {
        unsigned int batch = instructions < BATCH ? instructions : BATCH;
        bool more = m4_run(c->m4, batch);

        instructions -= batch;
        if ( !serve(c) && !more )
            break;
    }
    machine_check(c->m);

    return m4_state(c->m4);
}
