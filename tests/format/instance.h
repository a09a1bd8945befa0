/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An instance of core/table.c with a table of its own: what two_test.c does to it does
 * not depend on its format.
 */
#ifndef FORMAT_INSTANCE_H
#define FORMAT_INSTANCE_H

#include "host.h"

/* The guest maps all pages of a table but this one. */
#define UNMAPPED_PAGE 40

struct instance {
    unsigned int pages; /* of a table */
    /*
     * Each page that is mapped maps so many pages beyond ipa; notes it, too. False: the
     * host was not done.
     */
    bool (*fill)(struct host *host, uint32_t ipa);
    bool (*agrees)(void);       /* with what it was filled with */
    bool (*uses)(uint32_t ipa); /* the MiB */
    uint32_t (*word)(unsigned int page);
    maddr_t (*maddr)(unsigned int page);
    void (*release)(struct host *host);
};

extern const struct instance omap_instance, other_instance;

#endif /* FORMAT_INSTANCE_H */
