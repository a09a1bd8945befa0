/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fake hosts have in common. */
#ifndef SIM_FAKE_HOST_H
#define SIM_FAKE_HOST_H

#include "host.h"
#include "omap_regs.h"

/*
 * The four that are given, and the functions of the including file that have the names of the
 * operations. block is NULL where the core asks for none: such a call ends the test.
 */
#define FAKE_HOST(take, drop, block, cleaned) \
    .lock = (take), .unlock = (drop), .get_block = (block), \
    .clean = (cleaned), .read_guest = read_guest, .get_pages = get_pages, \
    .put_pages = put_pages, .reg_read = reg_read, .reg_write = reg_write

/* For a host whose interrupt line, deferred work and log no test looks at. */
#define FAKE_HOST_QUIET \
    .set_irq = quiet_set_irq, .defer = quiet_defer, .log = quiet_log

static inline bool quiet_get_block(struct host *host, ipa_t ipa,
                                   unsigned int pages, struct host_page *first)
{
    (void)host;
    (void)ipa;
    (void)pages;
    (void)first;

    return false;
}

static inline void quiet_clean(struct host *host, const void *p, size_t len)
{
    (void)host;
    (void)p;
    (void)len;
}

static inline void quiet_set_irq(struct host *host, bool level)
{
    (void)host;
    (void)level;
}

static inline void quiet_defer(struct host *host)
{
    (void)host;
}

static inline bool quiet_log(struct host *host, const char *fmt, ...)
{
    (void)host;
    (void)fmt;

    return true;
}

/* Of an MMU's registers, which are stored. Ones clear bits of IRQSTATUS. */
static inline void stored_reg_write(uint32_t *regs, unsigned int offset,
                                    uint32_t value)
{
    uint32_t *reg = &regs[offset / 4];

    *reg = offset == MMU_IRQSTATUS ? *reg & ~value : value;
}

#endif /* SIM_FAKE_HOST_H */
