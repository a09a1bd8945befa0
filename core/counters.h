/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of all counters. The structures that hold them are generated from
 * it, and so are the debug key's lines: a line for each group, with the names
 * used here (docs/debug-key.md).
 */
#ifndef COUNTERS_H
#define COUNTERS_H

/* clang-format off */

/* Group "shadow": struct shadow_counters. */
#define SHADOW_COUNTERS(C)                                                     \
    C(fills)     /* a slot translated anew, in part or whole */                \
    C(kept)      /* a hidden slot found unchanged and shown */                 \
    C(retries)   /* fills overtaken, or not done in one go */                  \
    C(drops)     /* slots given up */                                          \
    C(evictions) /* ... of them because the pool was empty */                  \
    C(parks)     /* times that all was hidden at once */                       \
    C(denied)    /* pages that the host denied */

/* Group "faults": in struct vmmu_counters, as faults_<name>. */
#define FAULT_COUNTERS(C)                                                      \
    C(raised) /* to the guest */                                               \
    C(denied) /* ... because the host denied the page */                       \
    C(silent) /* not raised: guest's MMU off, or no core runs */

/* Group "bif": in struct vbif_counters. */
#define VBIF_COUNTERS(C)                                                       \
    C(reads)     /* of registers, by the guest */                              \
    C(writes)                                                                  \
    C(doorbells) /* forwarded, invalidations included */                       \
    C(lost)      /* dropped: the queue was full */                             \
    C(quiesced)  /* times that the BIF was */                                  \
    C(held)      /* times that the GPU was put into reset */                   \
    C(alarms)    /* ... because an unknown base was loaded */

/* Group "mirror": struct mirror_counters. */
#define MIRROR_COUNTERS(C)                                                     \
    C(passes)     /* completed */                                              \
    C(compared)   /* directories and tables */                                 \
    C(changed)    /* steps that did more than compare */                       \
    C(translated) /* tables, in part or whole */                               \
    C(overtaken)  /* translations that a p2m change made void */               \
    C(removed)    /* words by p2m changes; tables translated with a word       \
                   * removed */                                                \
    C(parks)      /* times that all directories were emptied at once */        \
    C(full)       /* a directory or table not added: pool full */              \
    C(denied)     /* pages that the host denied, again in each pass */

/* clang-format on */

#endif /* COUNTERS_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
