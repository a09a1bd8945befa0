/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the mediator is compared with.
 *
 * The 2014 algorithm: when the guest writes its table's address, copy both
 * levels whole and translate each entry to 4 KiB pages, sections and
 * supersections split into tables of small pages. It took no references, so
 * pages could be freed under it; `referencing` adds them. Its memory is allocated
 * beforehand here; it allocated as it went.
 *
 * The copy: the same tables, read and written, nothing translated.
 */
#ifndef BENCH_BASELINE_H
#define BENCH_BASELINE_H

#include "bench_host.h"

struct baseline {
    struct bench_host *host;
    uint32_t *root, *tables; /* PT_SLOTS tables, one behind the other */
    maddr_t root_maddr, tables_maddr;
    unsigned int used;
    bool referencing; /* what is translated is held, until forgotten */
    bool walking;     /* floor.c: look-ups go on from the last one */
    struct p2m_walk walk;
};

void baseline_init(struct baseline *b, struct bench_host *h);

/* Words of the guest's, within a page; what it does not have reads as 0. */
void baseline_read(struct baseline *b, uint32_t ipa, void *buf, size_t len);

void translate_2014(struct baseline *b, uint32_t ttb);
void forget_2014(struct baseline *b);
void copy_tables(struct baseline *b, uint32_t ttb);

/* Bytes of the tables that the last of these left. */
uint32_t baseline_bytes(const struct baseline *b);

#endif /* BENCH_BASELINE_H */
