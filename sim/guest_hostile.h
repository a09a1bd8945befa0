/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest that does with its MMU what no driver would. */
#ifndef SIM_GUEST_HOSTILE_H
#define SIM_GUEST_HOSTILE_H

#include "machine.h"

/* Where its tables are, and what they point to: pages pages at ipa. */
struct hostile_guest {
    struct machine *m;
    struct rng rng;
    uint32_t root;
    uint32_t ipa;
    unsigned int pages;
};

/* One random act: register, table word, TLB entry, table of tables. */
void hostile_act(struct hostile_guest *g);

/* The kinds of act, one by one. */
void hostile_register(struct hostile_guest *g);
void hostile_odd_access(struct hostile_guest *g);
void hostile_table_word(struct hostile_guest *g);
void hostile_self_table(struct hostile_guest *g);
void hostile_tlb_load(struct hostile_guest *g);

/* A da that its tables may well map. */
uint32_t hostile_da(struct hostile_guest *g);

#endif /* SIM_GUEST_HOSTILE_H */
