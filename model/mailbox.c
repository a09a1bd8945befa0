/* SPDX-License-Identifier: GPL-2.0-only */
/* The mailbox of OMAP4 and later. */
#include <string.h>

#include "mailbox.h"

static unsigned int fifos(const struct mailbox *m)
{
    return m->config.large ? MAILBOX_LARGE_FIFOS : MAILBOX_FIFOS;
}

static unsigned int users(const struct mailbox *m)
{
    return m->config.large ? MAILBOX_LARGE_USERS : MAILBOX_USERS;
}

/*
 * Interrupts
 */

/* What holds now, as bits of IRQSTATUS. */
static uint32_t conditions(const struct mailbox *m)
{
    uint32_t bits = 0;
    unsigned int i;

    for ( i = 0; i < fifos(m); i++ )
    {
        if ( m->fifo[i].count )
            bits |= MAILBOX_NEW_MESSAGE(i);
        if ( m->fifo[i].count < MAILBOX_DEPTH )
            bits |= MAILBOX_NOT_FULL(i);
    }

    return bits;
}

/* Latch what holds; the lines' listener is called for changes. */
static void update(struct mailbox *m)
{
    unsigned int i;

    for ( i = 0; i < users(m); i++ )
    {
        struct mailbox_user *user = &m->user[i];
        bool level;

        user->raw |= conditions(m);
        level = user->raw & user->enable;
        if ( level == user->level )
            continue;

        user->level = level;
        m->config.irq(m->config.ctx, i, level);
    }
}

void mailbox_reset(struct mailbox *m)
{
    unsigned int i;

    m->sysconfig = MAILBOX_SYSCONFIG_RESET;
    memset(m->fifo, 0, sizeof(m->fifo));
    for ( i = 0; i < users(m); i++ )
    {
        m->user[i].raw = 0;
        m->user[i].enable = 0;
    }
    update(m);
}

void mailbox_init(struct mailbox *m, const struct mailbox_config *config)
{
    memset(m, 0, sizeof(*m));
    m->config = *config;
    mailbox_reset(m);
}

/*
 * Messages
 */

static void push(struct mailbox *m, struct mailbox_fifo *fifo, uint32_t message)
{
    if ( fifo->count == MAILBOX_DEPTH )
        return;

    fifo->message[fifo->count++] = message;
    update(m);
}

static void pop(struct mailbox *m, struct mailbox_fifo *fifo)
{
    if ( !fifo->count )
        return;

    fifo->count--;
    memmove(&fifo->message[0], &fifo->message[1],
            fifo->count * sizeof(fifo->message[0]));
    update(m);
}

/*
 * Registers
 */

/* The FIFO of a word in one of the rows of them: each row is 16 words apart. */
static unsigned int fifo_of(uint32_t offset)
{
    return offset / 4 % 16;
}

/* Does offset lie in a row of count words that begins at first? */
static bool in_row(uint32_t offset, uint32_t first, unsigned int count)
{
    return offset - first < count * 4;
}

static uint32_t read_fifo(const struct mailbox *m, uint32_t offset)
{
    const struct mailbox_fifo *fifo;

    if ( fifo_of(offset) >= fifos(m) )
        return 0;

    fifo = &m->fifo[fifo_of(offset)];
    if ( in_row(offset, MAILBOX_MESSAGE(0), fifos(m)) )
        return fifo->count ? fifo->message[0] : 0;
    if ( in_row(offset, MAILBOX_FIFOSTATUS(0), fifos(m)) )
        return fifo->count == MAILBOX_DEPTH;
    if ( in_row(offset, MAILBOX_MSGSTATUS(0), fifos(m)) )
        return fifo->count;

    return 0;
}

static uint32_t read_user(const struct mailbox_user *user, uint32_t reg)
{
    switch ( reg )
    {
    case MAILBOX_IRQSTATUS_RAW(0):
        return user->raw;
    case MAILBOX_IRQSTATUS_CLR(0):
        return user->raw & user->enable;
    default:
        return user->enable;
    }
}

static void write_user(struct mailbox_user *user, uint32_t reg, uint32_t bits)
{
    switch ( reg )
    {
    case MAILBOX_IRQSTATUS_RAW(0):
        user->raw |= bits;
        break;
    case MAILBOX_IRQSTATUS_CLR(0):
        user->raw &= ~bits;
        break;
    case MAILBOX_IRQENABLE_SET(0):
        user->enable |= bits;
        break;
    case MAILBOX_IRQENABLE_CLR(0):
        user->enable &= ~bits;
        break;
    }
}

/* Whose is the register at offset? users() or more: no user's. */
static unsigned int user_of(uint32_t offset)
{
    return (offset - MAILBOX_IRQSTATUS_RAW(0)) / 0x10;
}

/* The same register of user 0. */
static uint32_t register_of(uint32_t offset)
{
    return MAILBOX_IRQSTATUS_RAW(0) + offset % 0x10;
}

static uint32_t read_word(const struct mailbox *m, uint32_t offset)
{
    unsigned int user = user_of(offset);

    if ( user < users(m) )
        return read_user(&m->user[user], register_of(offset));
    if ( offset == MAILBOX_REVISION )
        return MAILBOX_REVISION_VALUE;
    if ( offset == MAILBOX_SYSCONFIG )
        return m->sysconfig;

    return read_fifo(m, offset);
}

uint32_t mailbox_reg_read(struct mailbox *m, uint32_t offset, unsigned int size)
{
    uint32_t word = read_word(m, offset & ~3u) >> (offset & 3) * 8;

    if ( size < 4 )
        return word & ((1u << size * 8) - 1);

    if ( in_row(offset, MAILBOX_MESSAGE(0), fifos(m)) )
        pop(m, &m->fifo[fifo_of(offset)]);

    return word;
}

void mailbox_reg_write(struct mailbox *m, uint32_t offset, unsigned int size,
                       uint32_t value)
{
    unsigned int user = user_of(offset);

    if ( size != 4 )
        return;

    if ( user < users(m) )
    {
        write_user(&m->user[user], register_of(offset),
                   value & ((1u << 2 * fifos(m)) - 1));
        update(m);
    }
    else if ( in_row(offset, MAILBOX_MESSAGE(0), fifos(m)) )
        push(m, &m->fifo[fifo_of(offset)], value);
    else if ( offset == MAILBOX_SYSCONFIG )
    {
        if ( value & MAILBOX_SYSCONFIG_SOFTRESET )
            mailbox_reset(m);
        else
            m->sysconfig = value & MAILBOX_SYSCONFIG_SIDLEMODE;
    }
}
