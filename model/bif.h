/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BIFs of an SGX544 with two cores, as hardware: the GPU's MMUs. One for the
 * master and one for each core, with registers, caches and faults of its own.
 *
 * The reference for the mediator: it shares the facts of core/sgx_regs.h and decodes
 * directories and tables by code of its own.
 *
 * A bank of registers is a BIF; a write to BROADCAST reaches all three, a read
 * of it the first core. A requester's base is chosen by BANK0 of its bank. A
 * directory word has the size of its table's pages; a table word who may access
 * the page, and how.
 *
 * Words of tables are cached in lines of four, those that map nothing too;
 * words of directories singly, if they are valid. Both are cached by their
 * place in memory, so a base that is loaded needs no invalidation. A cache
 * forgets when it is told to, at a reset, and if two words want one place.
 *
 * A fault is fatal: its requester is served no more, in that bank, until
 * CLEAR_FAULT or a reset.
 *
 * Single threaded: the caller serialises all calls. Callbacks may write
 * registers, except read32(), which may only read them.
 *
 * Chosen where the sources are silent:
 *  - the BIF of a core is in reset by bit 0 of its own SOFT_RESET, or by the
 *    master's bit of that core, from bit 0 on; the master's BIF by bits 0 and 8
 *    of its own. Its registers read 0 meanwhile and ignore writes;
 *  - bit 3 of an index in BANK0 is ignored; BANK_SET and BANK1 choose nothing;
 *  - bypass bits that no source names are those of a requester, too;
 *  - CLEAR_FAULT clears INT_STAT and FAULT as well, and reads as 0;
 *  - FAULT has the first fault since INT_STAT was 0; of INT_STAT there is only
 *    FAULT_REQ, bit n for requester n;
 *  - SOFT_RESET of a core keeps its value, and can be written, while the master
 *    holds that core;
 *  - a table word that is both write-only and read-only allows nothing; sizes 6
 *    and 7 of a directory word are a fault;
 *  - a table begins at a page, whatever the size of its pages;
 *  - address bits below a page's size in its word are ignored.
 *
 * Not modelled: tiling, the REQ_BASEs, prefetching, and the order of requests; and
 * resets of requesters, whose bits of SOFT_RESET no source names: who makes
 * requests must know.
 */
#ifndef MODEL_BIF_H
#define MODEL_BIF_H

#include <stdbool.h>
#include <stdint.h>

#include "sgx_regs.h"

enum bif_requester {
    BIF_EDM, /* the microkernel */
    BIF_TA,
    BIF_3D,
    BIF_PTLA,
    BIF_REQUESTERS
};

enum bif_result {
    BIF_OK,      /* translated, or bypassed */
    BIF_WAIT,    /* PAUSE: again later */
    BIF_FAULT,   /* by this request */
    BIF_REFUSED, /* an earlier fault is not cleared, or the BIF is in reset */
};

enum bif_event_kind {
    BIF_BASE_LOADED,   /* index, value */
    BIF_INVALIDATED,   /* value: of CTRL_INVAL */
    BIF_ENTERED_RESET, /* of a bank's BIF */
    BIF_LEFT_RESET,
    BIF_DIRECTORY_READ, /* pa, value: the word */
    BIF_TABLE_READ,     /* pa: of a line */
    BIF_ACCESS,         /* da, pa: translated */
    BIF_BYPASS,         /* da, pa: the same */
    BIF_RAISED,         /* da: a fault */
};

/* What happened, the number-th since bif_init(). Other fields are 0. */
struct bif_event {
    enum bif_event_kind kind;
    uint64_t number;
    unsigned int bank;            /* never BROADCAST */
    bool inside;                  /* a register was written by the GPU */
    enum bif_requester requester; /* of accesses and what they need */
    bool write;
    unsigned int index;
    uint32_t da, pa, value;
};

struct bif_config {
    /* Caches survive a reset. A mediator must expect that: no source denies it. */
    bool reset_keeps_caches;
    void *ctx; /* handed to the callbacks */

    /* Read the little-endian word at pa; false: bus error, which is a fault. */
    bool (*read32)(void *ctx, uint32_t pa, uint32_t *value);

    /* May be NULL. Told after the event. */
    void (*event)(void *ctx, const struct bif_event *event);
};

/* Since bif_init(); no reset clears them. */
struct bif_stats {
    uint64_t bypassed; /* accesses let through untranslated */
    uint64_t translated;
    uint64_t directory_reads; /* words */
    uint64_t table_reads;     /* lines */
    uint64_t faults;
    uint64_t waited;
    uint64_t refused;
    uint64_t loads; /* bases loaded, by whomever */
};

#define BIF_LINE_WORDS 4u
#define BIF_LINES      4096u
#define BIF_DIR_WORDS  4096u

struct bif_line {
    bool valid;
    uint32_t pa;
    uint32_t word[BIF_LINE_WORDS];
};

struct bif_dir_word {
    uint32_t pa, word; /* word 0: nothing is cached */
};

/* The words of a translation; those that were read will be cached. */
struct bif_walk {
    struct bif_dir_word dir;
    struct bif_line line;
    bool dir_read, line_read;
};

/* A request that takes time. */
struct bif_request {
    unsigned int bank;
    unsigned int resets; /* of that bank, when it began */
    enum bif_requester requester;
    uint32_t da, pa;
    bool write, bypassed, faulted;
    struct bif_walk walk;
};

struct bif_bank {
    uint32_t soft_reset;
    uint32_t reg[(SGX_BIF_END - SGX_BIF_FIRST) / 4];
    uint32_t stopped; /* a bit for each requester whose fault is not cleared */
    uint32_t reads;   /* requests that began and did not end */
    unsigned int resets;
    struct bif_dir_word dir[BIF_DIR_WORDS];
    struct bif_line line[BIF_LINES];
};

struct bif {
    struct bif_config config;
    struct bif_bank bank[SGX_BANKS]; /* [SGX_BROADCAST] is not used */
    uint64_t events;
    struct bif_stats stats;
};

/*
 * Power on: registers are 0, nothing is in reset, nothing is cached. read32()
 * must be there. Large: about 500 KiB.
 */
void bif_init(struct bif *b, const struct bif_config *config);

/* Hardware reset: the same, but for statistics and the numbers of events. */
void bif_reset(struct bif *b);

/* Is the word at that offset of the window one of these registers? */
bool bif_has(uint32_t offset);

/*
 * Access of a word, aligned, at an offset of the window. What is no register
 * here reads 0 and ignores writes. inside: the GPU does it, which no hypervisor
 * sees.
 */
uint32_t bif_reg_read(const struct bif *b, uint32_t offset);
void bif_reg_write(struct bif *b, uint32_t offset, uint32_t value, bool inside);

/* Is that bank's BIF in reset? Not BROADCAST. */
bool bif_is_held(const struct bif *b, unsigned int bank);

/* A requester's access to da; *pa set on BIF_OK only. Not BROADCAST. */
enum bif_result bif_translate(struct bif *b, unsigned int bank,
                              enum bif_requester requester, uint32_t da,
                              bool write, uint32_t *pa);

/*
 * The same for a request that takes time: begin reads the words, and
 * MEM_REQ_STAT counts the request until end, which caches what begin had read,
 * whatever was invalidated meanwhile. BIF_OK of begin: *r is under way; else
 * there is none. PAUSE does not keep it from ending; a reset ends it, and end is
 * BIF_REFUSED. One that never ends never drains.
 */
enum bif_result bif_begin(struct bif *b, struct bif_request *r,
                          unsigned int bank, enum bif_requester requester,
                          uint32_t da, bool write);
enum bif_result bif_end(struct bif *b, struct bif_request *r, uint32_t *pa);

/*
 * Returns whether the hardware would now let that through, and to where. Ignores PAUSE,
 * faults and what is under way. Changes nothing; reads words by read32().
 */
bool bif_peek(const struct bif *b, unsigned int bank,
              enum bif_requester requester, uint32_t da, bool write,
              uint32_t *pa);

#endif /* MODEL_BIF_H */
