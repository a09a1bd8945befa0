/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's side of the system tests: a kernel module that drives the remote
 * processors through Linux's own omap-iommu driver.
 *
 * A scenario returns NULL, or says what went wrong.
 */
#ifndef OMAP_TEST_H
#define OMAP_TEST_H

#include <linux/iommu.h>
#include <linux/sizes.h>
#include <linux/types.h>

#include "rproc_regs.h"

/*
 * The arena: 16 MiB of the domain's RAM that this kernel does not use. What no
 * processor has to write holds a pattern. Offsets are in bytes.
 */
#define ARENA_SIZE SZ_16M

int arena_init(void);
void arena_exit(void);
void arena_reset(void);
u32 arena_ipa(u32 offset);
u32 *arena_at(u32 offset);

void arena_fill(u32 offset, u32 len, u32 value);

/* Are all words of the range `value`? The pattern is put back. */
bool arena_take(u32 offset, u32 len, u32 value);

/* Is all of the arena, but the processors' commands, the pattern? */
bool arena_untouched(void);

/*
 * Does this Linux know that it runs on Xen, and has mapped what it needs of it? With one
 * that does, its own grant table is used, and what it has mapped is left alone.
 */
bool linux_knows_xen(void);

/*
 * Pages of Xen's at an ipa where the domain has nothing: shared_info (not if Linux has
 * it), and a frame of the domain's grant table that Linux does not use. 0, or Xen's error.
 */
int map_shared_info(u32 ipa);
int map_grant_frame(u32 ipa);
int unmap_page(u32 ipa);

/* A page that the domain grants itself. 0, or Xen's error. */
struct grant {
    u32 page;   /* ipa of the page */
    u32 mapped; /* ipa at which it is mapped once more */
    u32 table;  /* ipa for the grant table, if Linux has none */
    u32 ref, handle;
};

int grant_to_ourselves(struct grant *g);
int end_grant(const struct grant *g);

/* Give a page of the arena back to Xen, and ask for one at the same ipa again. */
int arena_balloon_out(u32 offset);
int arena_balloon_in(u32 offset);

/* A remote processor with the MMU it stands behind. */
struct unit {
    const char *name;
    const char *compatible;
    bool bus_error; /* a fault ends the command list */
    u32 list;       /* arena offset of its commands */

    struct device *dev;
    void __iomem *regs;
    void __iomem *mmu;
    struct iommu_domain *domain; /* NULL: not attached */

    /* Set by the fault handler. */
    unsigned int faults;
    u32 fault_da;

    /* A page that the fault handler maps when it is missed; len 0: none. */
    u32 heal_da, heal_ipa, heal_len;
};

enum {
    IPU,
    DSP,
    UNITS
};
extern struct unit units[UNITS];

/* Those of the domain, one at least. */
struct unit *unit_from(struct unit *u);
#define for_each_unit(u) \
    for ( (u) = unit_from(units); (u) < units + UNITS; \
          (u) = unit_from((u) + 1) )

/* Where the command list is mapped, and where the scenarios map things. */
#define LIST_DA   0x10000000
#define LIST_SIZE SZ_64K
#define DA        0x80000000

struct command {
    u32 word[RPROC_CMD_WORDS];
};

#define FILL(da, len, value) \
    { \
        { \
            RPROC_OP_FILL, (da), 0, (len), (value) \
        } \
    }
#define JUMP(to) \
    { \
        { \
            RPROC_OP_JUMP, (to) \
        } \
    }
#define COPY(dst, src, len) \
    { \
        { \
            RPROC_OP_COPY, (dst), (src), (len) \
        } \
    }

static inline u32 unit_index(const struct unit *u)
{
    return u - units;
}

/* Those that are in the device tree. */
int units_find(void);
void units_put(void);

/* Attach with a new domain in which only the command list is mapped. */
int unit_attach(struct unit *u);
void unit_detach(struct unit *u);

int unit_map(struct unit *u, u32 da, u32 ipa, u32 size);
int unit_unmap(struct unit *u, u32 da, u32 size);

/* Start at `list` (a device address) with `n` commands. */
void unit_start(struct unit *u, u32 list, const struct command *commands,
                unsigned int n);

/* Start with a command that is done again and again until reset, from LIST_DA. */
void unit_start_endless(struct unit *u, const struct command *command);

/*
 * What a scenario waits for comes soon, or not at all; but the machine may be busy
 * with something else. So the limit is a time without any access of the
 * processor's.
 */
#define PATIENCE (60 * HZ)

/* The status when it no longer runs; RPROC_RUNNING: it does not get on. */
u32 unit_wait(struct unit *u);
u32 unit_run(struct unit *u, const struct command *commands, unsigned int n);
void unit_reset(struct unit *u);

/* It has completed n commands since its start. */
bool unit_completes(struct unit *u, u32 n);

/* Wait until it has faulted in [da, da + len); NULL when it did. */
const char *unit_faulted(struct unit *u, u32 da, u32 len);

/* Reset and detach, whatever state they are in. */
void unit_quiesce(struct unit *u);

/* After a fault that was not healed: as after unit_attach(). */
int unit_renew(struct unit *u);

/* What went wrong, as a scenario returns it. */
const char *why(const char *format, ...) __printf(1, 2);

#define EXPECT(x, ...) \
    do \
    { \
        if ( !(x) ) \
            return why(__VA_ARGS__); \
    } \
    while ( 0 )

struct scenario {
    const char *name;
    const char *(*run)(u32 argument);
    u32 argument;
    /* Why it makes no sense for this domain, or NULL. It may be missing. */
    const char *(*senseless)(u32 argument);
};

/*
 * Each of a list, which ends by an entry without a name; a line has the result. Those
 * that the module's parameter skip= names, and those that are senseless, are left out.
 */
void scenarios_run(const struct scenario *s,
                   const char *(*run_one)(const struct scenario *s));

/* -EINVAL: skip= names what is in neither list. */
int scenarios_check_skip(const struct scenario *one,
                         const struct scenario *two);

extern const struct scenario ordinary[], hostile[];

#endif /* OMAP_TEST_H */
