/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the bare-metal guests have in common: their numbers, the console, the clock,
 * Xen's hypercalls. Their CPUs run without MMU and caches: a vCPU and a processor
 * see the same memory.
 */
#ifndef GUEST_H
#define GUEST_H

#define PARAMETERS_SIZE 72

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <public/xen.h>

/* The runner's table of the machine (attack_board.py), written into the image. */
struct parameters {
    uint32_t seed;
    uint32_t calm_seconds, storm_seconds;
    uint32_t memory, memory_size; /* all RAM but the program's */
    uint32_t others,
        others_size; /* RAM of the machine where the guest has none */
    uint32_t secret, secret_size; /* memory of nobody's beside registers */
    struct {
        uint32_t mmu, regs;
    } unit[2];
    uint32_t self, neighbour; /* domain ids */
    uint32_t neighbour_size;  /* of what it checks, at the same IPA */
    uint32_t mark;            /* the word that processors write, ... */
    uint32_t marks;           /* ... and how many in a row will be looked for */
};
extern const volatile struct parameters parameters;
_Static_assert(sizeof(struct parameters) == PARAMETERS_SIZE, "start.S");

/*
 * What memory of others holds, by its address: the canaries (without salt; the runner
 * plants them), the neighbour's.
 */
#define PATTERN_FACTOR 0x9e3779b1u
#define NEIGHBOUR_SALT 0x4e454947u

static inline uint32_t pattern(uint32_t address, uint32_t salt)
{
    return address * PATTERN_FACTOR ^ salt;
}

#define PAGE 0x1000

/* Each program's own: called with the number of the vCPU. */
void guest_main(uint32_t vcpu);

static inline uint32_t read32(uint32_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void write32(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

/* printf with %u, %x (eight digits) and %s only. */
void say(const char *format, ...);

/* Asks the runner for something, and waits for its answer, a letter: yes is a new line. */
bool ask_runner(const char *what);

typedef uint64_t ticks_t;
ticks_t now(void);
ticks_t seconds(uint32_t n);

long hypercall(uint32_t number, uint32_t a, const void *b, uint32_t c);
long psci(uint32_t function, uint32_t a, const void *b, uint32_t c);
void start_vcpu(uint32_t vcpu);
void power_off(void);

/*
 * 2^order pages at ipa are given back (XENMEM_decrease_reservation) or got
 * (XENMEM_populate_physmap).
 */
bool change_pages(unsigned int op, uint32_t ipa, unsigned int order);

/* At ipa, in up to `count` pieces of 2^order pages; how many there were. */
uint32_t get_pages(uint32_t ipa, unsigned int order, uint32_t count);

/* Lets ipa lead to a page that Xen has of ours (XENMAPSPACE_*). */
long share_page(unsigned int space, uint32_t ipa);

/* The page at ipa may be used by another domain; table: ipa of our grant table. */
#define GRANT_REF 8 /* the first entry that the ABI does not reserve */
void grant_page(uint32_t table, uint32_t ref, uint32_t domain, uint32_t ipa);

#endif /* __ASSEMBLER__ */

#endif /* GUEST_H */
