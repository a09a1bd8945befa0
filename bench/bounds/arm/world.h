/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The worst of hosts, machines and guests, around one MMU.
 *
 * There is no memory behind any address: what the guest's tables say, and what
 * the p2m does, are functions of the address.
 */
#ifndef BOUNDS_WORLD_H
#define BOUNDS_WORLD_H

#include "../bounds.h"
#include "vmmu.h"

#define MIB        (1u << PT_SLOT_SHIFT)
#define PAGE_BYTES (1u << PT_PAGE_SHIFT)

/* What the p2m makes of 256 MiB of IPAs each; the last such is scattered again, the
 * one before it whole. Each page is an entry of its own. */
enum memory {
    MEMORY_WHOLE,      /* one piece, aligned */
    MEMORY_MISALIGNED, /* one piece, one page off: seen when all is looked up */
    MEMORY_SCATTERED,  /* no page lies behind another */
    MEMORY_HIGH,       /* one piece, aligned, above 4 GiB */
    MEMORY_CHUNKS,     /* pieces of 64 KiB, aligned */
    MEMORY_UNSHUFFLED, /* in order only as ORDER_SHUFFLED asks for it */
    MEMORY_HOLES,      /* each second page denied, the others scattered */
    MEMORY_DEVICE,     /* MMIO in one piece */
    MEMORY_DENIED,
    MEMORIES,
};

#define LAST_WHOLE     14
#define LAST_SCATTERED 15

/* What the guest's first-level words are. */
enum form {
    FORM_TABLE, /* all point to one and the same table */
    FORM_SMALL_AND_LARGE,
    FORM_FAULT,
    FORM_SECTION, /* each the same one */
    FORM_RISING,  /* 16 sections that are a supersection */
    FORM_NEARLY,  /* ... but for the last */
    FORM_SUPERSECTION,
    FORMS,
};

/* In which order a table's 256 pages follow. */
enum order {
    ORDER_SHUFFLED, /* none behind another */
    ORDER_RISING,
    ORDER_CHUNKS, /* each 16 rise */
    ORDER_HALF,   /* each second page is a fault */
    ORDER_SPREAD, /* all but the last one lie in the next MiB */
    ORDERS,
};

/* What the guest maps, at each slot. */
struct picture {
    uint8_t form, order, memory;
    uint8_t mib; /* of that memory */
    uint8_t odd; /* MiBs by which the last page of each chunk lies elsewhere */
};

struct world {
    struct host host; /* first: to_world() */
    struct vmmu vmmu;
    struct picture picture;
    uint32_t reg[OMAP_MMU_WINDOW / 4];
    uint32_t held;   /* references */
    uint32_t start;  /* of the operation being measured, in instructions */
    uint32_t locked; /* since when */
    bool measuring;  /* else nothing is counted */
    unsigned int unlocks, tables;
    struct bill bill;
};

extern struct world world;

/* An MMU just assigned, with a pool of tables; nothing is held. */
void world_init(unsigned int tables);

/*
 * Called from now on in each measured operation, when it releases the lock for the
 * first time. What happens there, on another CPU, is not counted.
 */
void world_on_unlock(void (*happens)(void));

/* For another kind of host: its calls are charged like this one's. */
void meter_charge(enum cost cost, uint32_t n);
void meter_lock(struct host *host);
void meter_unlock(struct host *host);
void meter_clean(struct host *host, const void *p, size_t len);
void trouble(const char *text);

/* All from meter_start() to meter_stop() is an operation's. */
void meter_start(enum operation operation, bool searched);
void meter_stop(void);
void meter_report(void);

/* Ends the assignment: what was measured must have been right. */
void world_check(void);

/* A device faults at da; the tasklet serves it. */
void device_faults(da_t da);

/* The IPA of a page of a table, and the first one that a leaf maps. */
uint32_t picture_ipa(const struct picture *p, unsigned int page);
uint32_t picture_base(const struct picture *p);

/* gpu.c: all operations of a GPU's, for a pool of tables. */
void gpu_run(unsigned int tables);

/* Keeps the MMU's state, and returns to it. */
#define STATES 5
void world_save(unsigned int n);
void world_restore(unsigned int n);

void calibrate(void);

#endif /* BOUNDS_WORLD_H */
