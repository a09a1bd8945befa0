/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the bare-metal programs have in common: a console, registers, tests. */
#ifndef TESTS_QEMU_BARE_H
#define TESTS_QEMU_BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UART 0x09000000u

#define PSCI_SYSTEM_OFF   0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u

#define SECONDS 62500000u /* in ticks() */

/*
 * For what takes an instant, on a machine that has much else to do. With a clock
 * that counts instructions run.py says less: an instant is one there.
 */
#ifndef PATIENCE
#define PATIENCE (60 * SECONDS)
#endif

/* In start.S. */
uint32_t psci(uint32_t function);
uint32_t ticks(void);
void handle_irq(void);
void main(void);

/* Data aborts so far; the access that caused one was skipped. */
extern volatile uint32_t aborts;

static inline uint32_t get(uint32_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void set(uint32_t address, uint32_t value)
{
    asm volatile("dsb" ::: "memory");
    *(volatile uint32_t *)address = value;
    asm volatile("dsb" ::: "memory");
}

static inline void print(const char *s)
{
    while ( *s )
        set(UART, *s++);
}

static inline void pause(uint32_t duration)
{
    uint32_t begin = ticks();

    while ( ticks() - begin < duration )
        ;
}

/* Wait until a word is no longer what it was; false: it stays. */
static inline bool changes(volatile const uint32_t *word, uint32_t was)
{
    uint32_t begin = ticks();

    while ( *word == was )
        if ( ticks() - begin > PATIENCE )
            return false;

    return true;
}

/* A test returns what is wrong, or NULL. */
struct test {
    const char *name;
    const char *(*run)(void);
};

#define TEST(name) \
    { \
#name, name \
    }

#define CHECK(condition) \
    do \
    { \
        if ( !(condition) ) \
            return #condition; \
    } \
    while ( 0 )

/* Run it; an abort that it did not ask for fails it. */
static inline void report(const struct test *test)
{
    const char *why = test->run();

    if ( !why && aborts )
        why = "aborts == 0";
    aborts = 0;
    print(why ? "not ok - qemu/" : "ok - qemu/");
    print(test->name);
    if ( why )
    {
        print(": not so: ");
        print(why);
    }
    print("\n");
}

/* Run them all, each behind a preparation. */
static inline void report_all(const struct test *tests, uint32_t n,
                              void (*prepare)(void))
{
    uint32_t i;

    for ( i = 0; i < n; i++ )
    {
        prepare();
        report(&tests[i]);
    }
}

#endif /* TESTS_QEMU_BARE_H */
