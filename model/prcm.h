/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power, reset and clocks (PRCM) of remote processors, as OMAP5 and DRA7 have them:
 * for each processor a unit of six words, and pages of words that hold them.
 *
 * How to use it: describe units and pages in struct prcm_config, call prcm_init().
 * Hand accesses to the pages to prcm_read() and prcm_write(). Before each access to
 * a register of an MMU ask prcm_mmu_read() or prcm_mmu_write(): false is a bus error,
 * and is counted. core() starts and stops a core, lost() is for mmu_reset().
 *
 * What a unit does:
 *  - The clock domain is awake with CLKTRCTRL SW_WKUP, or while the module is enabled
 *    with HW_AUTO or NO_SLEEP, and never asleep while a core runs.
 *  - Only waking raises the power state; asleep it falls to POWERSTATE [T]. So
 *    POWERSTATE ON alone does not power a domain that is off [D]. At OFF the MMU
 *    loses its registers.
 *  - The MMU answers when power is ON, the clock runs, MODULEMODE is 1 (2 and 3 are
 *    reserved [T]) and the MMU's reset is released. While that is asserted IDLEST
 *    stays in transition [D]: do not wait for it before the release.
 *  - A bit of RSTST is set when its reset was released and the clock runs [T]; it
 *    stays until a 1 is written, whatever else happens. Other bits of the word are
 *    cleared by 1s as well.
 *  - A core starts when the MMU answers and its own reset is released; it stops
 *    by its reset, by the MMU's, and by the loss of power. MODULEMODE 0 does not stop
 *    it: IDLEST then stays in transition until it stops by itself [D].
 *  - STBYST is 1 while no core runs.
 *
 * A DRA7 DSP has two MMUs, of ports 0 (the core's) and 1 (EDMA's): both answer and
 * lose their registers together, and so do its other parts: prcm_part_access(). While
 * an MMU is on, the domain of the emulator must be kept awake, by SW_WKUP in
 * CM_EMU_CLKSTCTRL: an erratum, as Linux's mach-omap2 heeds it. An access to an MMU
 * while that may sleep is done, and recorded. So is what EDMA has to do when a reset is
 * asserted: that of the core does not stop it, that of the MMUs does, and TI's kernel
 * waits for its end before. The words of its DMA requests have no effect.
 *
 * Every status can be slow: prcm_set_delay(), as the number of reads of its word that
 * still see the old state, or PRCM_NEVER. The effect comes with the status: a slow MMU
 * does not answer yet. Without a read nothing goes on; a driver must poll.
 *
 * Bits that no unit owns are storage. They begin as the page's fill, prcm_poke() sets
 * them, prcm_peek() reads without effect; writes that change one are counted, in
 * foreign_changes. The record: off_accesses and off_offset of each unit, and the last
 * PRCM_RECORDS events in their order, for prcm_find():
 *
 *      stopped = prcm_find(p, IPU, PRCM_CORE_ASSERTED, 0);
 *      assert_true(stopped < prcm_find(p, IPU, PRCM_MMU_TTB, begin));
 *
 * Sources: [T] TI's description of the OMAP4 DSP's PRM and CM, as Barrelfish's
 * omap44xx_dsp_{prm,cm1}.dev have it; [L] Linux's omap_prm.c, omap_hwmod.c; [D] deduced.
 *
 * Not modelled: idling by inactivity, standby of a core in WFI, retention of logic,
 * LASTPOWERSTATEENTERED, memory banks, context and dependency words, two units in one
 * power domain. Single threaded. Callbacks may look, but not access a word.
 */
#ifndef MODEL_PRCM_H
#define MODEL_PRCM_H

#include <stdbool.h>
#include <stdint.h>

#define PRCM_PAGE       0x1000u
#define PRCM_MAX_PAGES  8u
#define PRCM_MAX_UNITS  6u
#define PRCM_MAX_CORES  2u
#define PRCM_MAX_PORTS  2u
#define PRCM_DREQ_WORDS 10u
#define PRCM_RECORDS    256u

/* The words of a unit. */
enum prcm_word {
    PRCM_RSTCTRL,
    PRCM_RSTST,
    PRCM_PWRSTCTRL,
    PRCM_PWRSTST,
    PRCM_CLKSTCTRL,
    PRCM_CLKCTRL,
    PRCM_WORDS
};

/* PWRSTCTRL, PWRSTST [T] */
#define PRCM_POWERSTATE   3u
#define PRCM_OFF          0u
#define PRCM_RETENTION    1u
#define PRCM_INACTIVE     2u
#define PRCM_ON           3u
#define PRCM_LOGICSTATEST (1u << 2) /* 0: off */
#define PRCM_INTRANSITION (1u << 20)

/* CLKSTCTRL [T] */
#define PRCM_CLKTRCTRL   3u
#define PRCM_NO_SLEEP    0u
#define PRCM_SW_SLEEP    1u
#define PRCM_SW_WKUP     2u
#define PRCM_HW_AUTO     3u
#define PRCM_CLKACTIVITY (1u << 8)

/* CLKCTRL [T] */
#define PRCM_MODULEMODE        3u
#define PRCM_MODULE_AUTO       1u
#define PRCM_IDLEST            (3u << 16)
#define PRCM_IDLEST_FUNCTIONAL (0u << 16)
#define PRCM_IDLEST_TRANSITION (1u << 16)
#define PRCM_IDLEST_IDLE       (2u << 16)
#define PRCM_IDLEST_DISABLED   (3u << 16)
#define PRCM_STBYST            (1u << 18)

/* What can be slow, and which word's reads it takes. */
enum prcm_delay {
    PRCM_DELAY_RSTCTRL, /* written bits take effect, and are read: RSTCTRL */
    PRCM_DELAY_RSTST,   /* a release ends: RSTST */
    PRCM_DELAY_POWER,   /* PWRSTST; of no use without that word */
    PRCM_DELAY_CLOCK,   /* CLKACTIVITY: CLKSTCTRL */
    PRCM_DELAY_MODULE,  /* IDLEST: CLKCTRL */
    PRCM_DELAY_STANDBY, /* STBYST: CLKCTRL */
    PRCM_DELAYS
};

#define PRCM_NEVER UINT32_MAX

enum prcm_event {
    PRCM_CORE_ASSERTED, /* value: the bits of RSTCTRL */
    PRCM_CORE_RELEASED,
    PRCM_MMU_ASSERTED,
    PRCM_MMU_RELEASED,
    PRCM_CORE_RUNS, /* value: its number, 0 or 1 */
    PRCM_CORE_STOPS,
    PRCM_MMU_LOST,   /* its registers */
    PRCM_MMU_TTB,    /* written; value: what */
    PRCM_MMU_CNTL,   /* written; value: what */
    PRCM_MMU_ABSENT, /* an access while off; value: the offset */
    PRCM_MMU1_TTB,   /* the same of port 1's MMU */
    PRCM_MMU1_CNTL,
    PRCM_MMU_ROUTED, /* prcm_note(): DSP_SYSTEM's MMU_CONFIG; value: what */
    PRCM_EDMA_BUSY,  /* after PRCM_CORE_ASSERTED or PRCM_MMU_ASSERTED;
                        value: what edma() told */
    PRCM_EMU_ASLEEP, /* an access while that may be; value: the offset */
};

struct prcm_unit_config {
    uint32_t word[PRCM_WORDS]; /* addresses; both of power 0: always on */
    uint32_t cores;            /* their bits in RSTCTRL: one or two */
    uint32_t mmu;              /* the bit of MMU and slave port */
    uint32_t boot;             /* the address of the boot register, 0: none */
    unsigned int boot_shift;   /* of what it holds to the left: 0 or 10;
                                  it owns bits 31:10 or 21:0 of it */
    uint32_t started;          /* resets that a boot loader released; 0: off */
    uint32_t emu;  /* the address of CM_EMU_CLKSTCTRL, 0: not needed;
                                  units may have it in common */
    uint32_t dreq; /* of the first DMA request word, 0: none */
};

struct prcm_page_config {
    uint32_t addr;
    uint32_t fill; /* what each of its words holds */
};

struct prcm_config {
    struct prcm_unit_config unit[PRCM_MAX_UNITS];
    unsigned int units;
    struct prcm_page_config page[PRCM_MAX_PAGES];
    unsigned int pages;
    void *ctx; /* handed to the callbacks */

    /* A core starts at boot, 0 without a boot register; or it stops, in reset. */
    void (*core)(void *ctx, unsigned int unit, unsigned int core, bool runs,
                 uint32_t boot);

    /* The unit's MMU is as after its hardware reset. No core of it runs. */
    void (*lost)(void *ctx, unsigned int unit);

    /* May be NULL. Is EDMA of the unit at work? 0: no. */
    uint32_t (*edma)(void *ctx, unsigned int unit);

    /* May be NULL. This was recorded. */
    void (*event)(void *ctx, unsigned int unit, enum prcm_event event,
                  uint32_t value);
};

/* A status: it becomes target after so many reads. */
struct prcm_status {
    uint32_t value;
    uint32_t target;
    uint32_t left;
};

struct prcm_unit {
    struct prcm_status status[PRCM_DELAYS];
    uint32_t delay[PRCM_DELAYS];
    uint32_t rstst;
    bool awake;                  /* the clock domain is to be */
    bool kept;                   /* the MMU has kept its registers */
    bool mmu_on[PRCM_MAX_PORTS]; /* by what was written to CNTL */
    bool runs[PRCM_MAX_CORES];
    uint64_t off_accesses; /* to the MMU's registers */
    uint32_t off_offset;   /* of the last one */
};

struct prcm_record {
    unsigned int unit;
    enum prcm_event event;
    uint32_t value;
};

struct prcm {
    struct prcm_config config;
    uint32_t word[PRCM_MAX_PAGES][PRCM_PAGE / 4];
    struct prcm_unit unit[PRCM_MAX_UNITS];
    struct prcm_record record[PRCM_RECORDS];
    uint64_t records; /* number n is in record[n % PRCM_RECORDS] */
    uint64_t foreign_changes;
    uint32_t foreign_addr; /* of the last one */
};

/* What is wrong with a config; NULL: nothing. */
const char *prcm_check(const struct prcm_config *config);

/* Power on, all units off; prcm_check() must have nothing against config. */
void prcm_init(struct prcm *p, const struct prcm_config *config);

/*
 * Cold reset: all words, not the record, nor the delays. Every core is told that it
 * is stopped, every MMU's registers are lost; then what is started starts.
 */
void prcm_reset(struct prcm *p);

/*
 * Access of size bytes, 1, 2 or 4, at an address in a page, aligned to size. Narrow
 * accesses and what is in no page are treated as by mmu_reg_read() and _write().
 */
uint32_t prcm_read(struct prcm *p, uint32_t addr, unsigned int size);
void prcm_write(struct prcm *p, uint32_t addr, unsigned int size,
                uint32_t value);

/* The word at addr, without any effect. */
uint32_t prcm_peek(const struct prcm *p, uint32_t addr);

/* The bits of the word at addr that no unit owns become those of value. */
void prcm_poke(struct prcm *p, uint32_t addr, uint32_t value);

/* The bits of the word at addr that a unit owns. */
uint32_t prcm_owned(const struct prcm *p, uint32_t addr);

/* From now on, also for what is under way. 0, that of prcm_init(): at once. */
void prcm_set_delay(struct prcm *p, unsigned int unit, enum prcm_delay what,
                    uint32_t reads);

/*
 * Power fails for a moment, even if always on; then the words determine the state
 * again.
 */
void prcm_power_failure(struct prcm *p, unsigned int unit);

bool prcm_mmu_answers(const struct prcm *p, unsigned int unit);
bool prcm_core_runs(const struct prcm *p, unsigned int unit, unsigned int core);

/* A register of the unit's MMU is accessed. False: bus error, leave it alone. */
bool prcm_mmu_read(struct prcm *p, unsigned int unit, uint32_t offset);
bool prcm_mmu_write(struct prcm *p, unsigned int unit, uint32_t offset,
                    unsigned int size, uint32_t value);

/* The same of the MMU of a port. */
bool prcm_port_write(struct prcm *p, unsigned int unit, unsigned int port,
                     uint32_t offset, unsigned int size, uint32_t value);

/* A part of the unit that is no MMU, but is reset as one, is accessed. */
bool prcm_part_access(struct prcm *p, unsigned int unit, uint32_t offset);

/* Something for the record: the caller saw it. */
void prcm_note(struct prcm *p, unsigned int unit, enum prcm_event event,
               uint32_t value);

/*
 * The number of the first such event of a unit that is not before from; PRCM_NONE if
 * there is none in the record.
 */
#define PRCM_NONE UINT64_MAX
uint64_t prcm_find(const struct prcm *p, unsigned int unit,
                   enum prcm_event event, uint64_t from);

/* "core-asserted", "ttb", ... */
const char *prcm_event_name(enum prcm_event event);

#endif /* MODEL_PRCM_H */
