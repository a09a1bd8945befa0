/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a device address maps nothing although the guest's tables map it: the
 * reasons, and their words for messages and the debug key.
 */
#ifndef OMAP_DENIAL_H
#define OMAP_DENIAL_H

/* D(name, words that follow "denied: ") */
/* clang-format off */
#define DENIALS(D)                                                             \
    D(DENIED_NOTHING,  "for a reason not known")                               \
    D(DENIED_UNMAPPED, "not in the domain's memory map")                       \
    D(DENIED_NOT_OWN,  "read-only, foreign, a grant or of restricted access")  \
    D(DENIED_MMIO,     "MMIO that the domain has no permission for")           \
    D(DENIED_TOO_HIGH, "its machine memory lies at or above 4 GiB; give the "  \
                       "domain memory below")                                  \
    D(DENIED_GOING,    "being freed")                                          \
    D(DENIED_TABLE,    "a table of the guest's lies there, which is not RAM "  \
                       "of the domain's own")
/* clang-format on */

enum denial {
#define D(name, words) name,
    DENIALS(D)
#undef D
};

/* The words of a reason. Any context, no lock. */
const char *denial_text(enum denial why);

#endif /* OMAP_DENIAL_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
