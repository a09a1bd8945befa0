/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power, clock and resets of a remote processor and its MMU.
 *
 *   state   cores      MMU                     it becomes
 *   OFF     in reset   not to be touched: no   READY by power_on()
 *                      clock, or in reset
 *   READY   in reset   answers                 LIVE by power_start(),
 *                                              OFF by power_off()
 *   LIVE    may run    answers                 READY by power_stop(),
 *                                              OFF by power_off()
 *
 * If hardware does not follow, the processor ends OFF, with one exception: a
 * core whose reset is not confirmed may still run. It stays LIVE, since an MMU
 * that is reset lets device addresses out untranslated.
 *
 * The words are those of TI's PRM and CM. Others use bits of them, too. A 1
 * clears a bit of RSTST, so it is written with all other bits 0; of all other
 * words only the bits named here are changed. Sources: [T] TI's description of
 * the OMAP4 DSP's PRM and CM; [L] Linux's omap_prm.c, omap_hwmod.c; [D] deduced.
 *
 * The caller holds a lock of the processor's, or nobody else knows it yet. Each
 * step waits for POWER_POLLS reads of a word at most.
 */
#ifndef OMAP_POWER_H
#define OMAP_POWER_H

#include "types.h"

/* The PRM and CM words of a processor. */
enum power_word {
    POWER_RSTCTRL,   /* 1: held in reset [T] */
    POWER_RSTST,     /* 1: came out of reset; cleared by writing 1 [T] */
    POWER_PWRSTCTRL, /* of the power domain, unless always on */
    POWER_PWRSTST,
    POWER_CLKSTCTRL, /* of the clock domain */
    POWER_CLKCTRL,   /* of the module */
    POWER_WORDS
};

/* PWRSTCTRL.POWERSTATE; PWRSTST.POWERSTATEST and INTRANSITION [T] */
#define POWER_STATE        3u
#define POWER_STATE_ON     3u
#define POWER_INTRANSITION (1u << 20)

/* CLKSTCTRL.CLKTRCTRL [T] */
#define POWER_CLKTRCTRL         3u
#define POWER_CLKTRCTRL_WAKE    2u
#define POWER_CLKTRCTRL_HW_AUTO 3u

/* CLKCTRL.MODULEMODE and IDLEST [T] */
#define POWER_MODULEMODE      3u
#define POWER_MODULEMODE_AUTO 1u
#define POWER_IDLEST          (3u << 16)
#define POWER_IDLEST_MOVING   (1u << 16)
#define POWER_IDLEST_DISABLED (3u << 16)

/*
 * Reads of a word after which a step has failed. Linux waits 10 ms at most [L].
 */
#define POWER_POLLS 2000u

struct power;

struct power_ops {
    uint32_t (*read)(struct power *p, enum power_word word);

    /* Writes the word as it is. */
    void (*write)(struct power *p, enum power_word word, uint32_t value);

    /* Sets the bits of mask to those of value; nobody else writes meanwhile. */
    void (*update)(struct power *p, enum power_word word, uint32_t mask,
                   uint32_t value);
};

enum power_state {
    POWER_OFF,
    POWER_READY,
    POWER_LIVE,
};

struct power {
    const struct power_ops *ops;
    uint32_t cores; /* their bits in RSTCTRL and RSTST */
    uint32_t mmu;   /* the bit of MMU and slave port, the same */
    uint32_t held;  /* cores that must stay in reset */
    bool switched;  /* has a power domain to switch on */
    bool clocked;   /* module and MMU answer; LIVE alone does not say so */
    enum power_state state;
};

/*
 * All functions but power_running() return NULL, or what the hardware did not
 * do, as words for a message.
 */

/* Holds the cores, then the MMU, in reset, and switches the module off. */
const char *power_off(struct power *p);

/*
 * From OFF to READY. The MMU's registers are as after a reset: it translates
 * nothing yet, so they must be written before power_start().
 */
const char *power_on(struct power *p);

/*
 * Releases one core from reset, in READY or LIVE. Its MMU must be armed. If the
 * core does not come out of reset, it is put into reset again.
 */
const char *power_start(struct power *p, uint32_t core);

/* Holds these cores in reset. READY if no core is left that may run. */
const char *power_stop(struct power *p, uint32_t cores);

/* The cores that RSTCTRL does not hold in reset. */
uint32_t power_running(struct power *p);

#endif /* OMAP_POWER_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
