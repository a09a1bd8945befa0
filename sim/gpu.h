/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest with directories and tables for a GPU, their mirror, and the hardware
 * that walks it, in one process: for tests of core/mirror.c.
 *
 * The hardware sees only what was cleaned out of the cache. Until it is
 * quiesced it may reach what it could reach before. A reference given back too
 * early, a call with the wrong lock, or a look-up of an absent page is noted in
 * `wrong`. Tables are decoded here by code of its own.
 */
#ifndef SIM_GPU_H
#define SIM_GPU_H

#include "mirror.h"
#include "rng.h"

#define GPU_WORDS 1024u /* of a directory, and of a table */
#define GPU_PAGE  4096u

/* The guest's memory, by IPA. */
#define GPU_RAM       0x80000000u
#define GPU_RAM_PAGES 1024u
#define GPU_MMIO      0x20000000u /* 16 pages; the same addresses in the machine */
#define GPU_HIGH      0x60000000u /* one page, beyond 4 GiB in the machine */
#define GPU_NOTHING   0x10000000u

/* In it: directories, tables, data. */
#define GPU_DIR(n)   (GPU_RAM + (n)*GPU_PAGE)
#define GPU_TABLE(n) (GPU_RAM + 0x10000 + (n)*GPU_PAGE)
#define GPU_DATA(n)  (GPU_RAM + 0x40000 + (n)*GPU_PAGE)
#define GPU_DATAS    (GPU_RAM_PAGES - 0x40)

/* The machine's. */
#define GPU_DIRS_MADDR   0x10000000u
#define GPU_TABLES_MADDR 0x10100000u
#define GPU_MACHINE_RAM  0x40000000u

/* Bits of the guest's words [sgx_pt.h]. */
#define GPU_VALID      1u
#define GPU_READONLY   4u
#define GPU_EDM        16u
#define GPU_SIZE(n)    ((n) << 1) /* directory: pages of 4 KiB << 2n */
#define GPU_ATTRIBUTES 0x1eu

#define GPU_MAX_DIRS   4u
#define GPU_MAX_TABLES 8u

/* Frames of the machine; the guest has half of them. */
#define GPU_FRAMES 2048u

struct gpu_world;

#define GPU_ALL_BANKS 0xffu

/* What stands between the mirror and the hardware: sim/gpu_bif.h. */
struct gpu_registers {
    uint32_t (*read)(struct gpu_world *w, unsigned int offset);
    void (*write)(struct gpu_world *w, unsigned int offset, uint32_t value);
    void (*cleaned)(struct gpu_world *w, unsigned int first, unsigned int n);
    void (*p2m_changed)(struct gpu_world *w, ipa_t ipa);
    bool (*release)(struct gpu_world *w, unsigned int budget);
};

struct gpu_world {
    struct host host;
    struct mirror *mirror;
    const struct gpu_registers *registers; /* NULL: there are none */
    void *records;
    unsigned int nr_dirs, nr_tables;
    /* The mirror's memory as it is, and as hardware sees it. */
    uint32_t words[GPU_MAX_DIRS + GPU_MAX_TABLES][GPU_WORDS];
    uint32_t seen[GPU_MAX_DIRS + GPU_MAX_TABLES][GPU_WORDS];

    uint16_t frame[GPU_RAM_PAGES]; /* of each page; 0: not the guest's */
    uint32_t memory[GPU_FRAMES][GPU_WORDS];
    uint32_t held[GPU_FRAMES]; /* references */
    uint8_t cached
        [GPU_FRAMES]; /* a bit for each bank that may, until it is quiesced */
    uint32_t high_held;

    bool locked;
    /* Banks that may access memory; that have cached a page which went back. */
    uint8_t awake, stale;
    unsigned int quiesced, puts, asked, asks, deferred, read;
    /* That read fails; the look-up of that page; that call of get_pages() does nothing.
     * 0: none. */
    unsigned int fail_read, fail_get, fail_ask;
    /* Pages that one get_pages() does; doubled for the next call. 0: all. */
    unsigned int at_once;
    /* Called after the next look-up, or before the next read, without the lock: once. */
    void (*on_get)(struct gpu_world *w), (*on_read)(struct gpu_world *w);
    void (*on_ask)(struct gpu_world *w); /* the same, before a look-up */
    struct rng rng;
    const char *wrong; /* the first thing that was */
};

/* A pool of so many directories and tables: at most GPU_MAX_DIRS, GPU_MAX_TABLES. */
void gpu_init(struct gpu_world *w, unsigned int nr_dirs, unsigned int nr_tables,
              uint64_t seed);

/* The same without a mirror: the memory for it. */
struct mirror_memory gpu_prepare(struct gpu_world *w, unsigned int nr_dirs,
                                 unsigned int nr_tables, uint64_t seed);

/* These banks have dropped what they cached, and read nothing meanwhile. */
void gpu_quiesced(struct gpu_world *w, unsigned int banks);

/* These banks may access memory from now on, and no others. */
void gpu_wake(struct gpu_world *w, unsigned int banks);

/*
 * Returns whether this is a page of the guest's p2m, and if RAM, with a
 * reference.
 */
bool gpu_is_guests(struct gpu_world *w, uint64_t maddr);
bool gpu_is_held(struct gpu_world *w, uint64_t maddr);

/* Releases all in steps of so many pages; what is left is noted as wrong. */
void gpu_end(struct gpu_world *w, unsigned int budget);

/* A word of a page of the guest's, by IPA. */
uint32_t *gpu_word(struct gpu_world *w, uint32_t ipa, unsigned int word);

/*
 * Change the p2m and tell the mirror: the page gets another frame; none; one.
 */
void gpu_page_moves(struct gpu_world *w, uint32_t ipa);
void gpu_page_goes(struct gpu_world *w, uint32_t ipa);

/* Notes the first thing that is wrong. */
void gpu_note(struct gpu_world *w, bool right, const char *what);

/* With the lock that mirror.h asks for. */
int gpu_bind(struct gpu_world *w, uint32_t dir);
void gpu_unbind(struct gpu_world *w, unsigned int dir);
void gpu_request(struct gpu_world *w);

/* Steps until no pass is wanted; returns how many. */
unsigned int gpu_pass(struct gpu_world *w);

/*
 * Translates da by the guest's directory at dir, its tables and the p2m.
 * Returns false if it maps nothing.
 */
bool gpu_guest_leads(struct gpu_world *w, uint32_t dir, uint32_t da,
                     uint64_t *maddr, uint32_t *attributes);

/* Where hardware gets by a root. */
bool gpu_hardware_leads(const struct gpu_world *w, unsigned int dir,
                        uint32_t da, uint64_t *maddr, uint32_t *attributes);

/*
 * Checks that hardware maps exactly what the guest's directory does. Returns
 * NULL, or what is wrong. Only after a complete pass, with no guest write
 * since.
 */
const char *gpu_agrees(struct gpu_world *w, unsigned int dir);

/* What must hold at any time: NULL, or what is wrong. */
const char *gpu_check(struct gpu_world *w);

#endif /* SIM_GPU_H */
