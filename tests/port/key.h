/* SPDX-License-Identifier: GPL-2.0-only */
/* The debug key of the port, and what it has printed. */
#ifndef TESTS_PORT_KEY_H
#define TESTS_PORT_KEY_H

#include "board.h"

static inline void press(void)
{
    forget_said();
    fake.said_locked = 0;
    fake.key('U');
    fake_assert_unlocked();
    assert_int_equal(fake.said_locked, 0);
}

/* How often the log has these words. */
static inline unsigned int count(const char *words)
{
    const char *at = fake.log;
    unsigned int n = 0;

    for ( ; (at = strstr(at, words)); at++ )
        n++;

    return n;
}

#endif /* TESTS_PORT_KEY_H */
