/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The three kinds of address, as types that do not mix. They have 64 bits, so
 * that the sum of an address and a size does not wrap at the hardware's 32
 * bits.
 *
 * The core is freestanding C: besides its own headers it includes <stdint.h>,
 * <stdbool.h>, <stddef.h> and <string.h> (memcpy, memset). A hypervisor without
 * a C library supplies them (Xen: xen/shim/).
 */
#ifndef OMAP_TYPES_H
#define OMAP_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Device address: what the remote processor issues. */
typedef struct {
    uint64_t v;
} da_t;

/* Guest-physical address. */
typedef struct {
    uint64_t v;
} ipa_t;

/* Machine address: what goes out on the memory bus. */
typedef struct {
    uint64_t v;
} maddr_t;

static inline da_t _da(uint64_t v)
{
    return (da_t){ v };
}

static inline ipa_t _ipa(uint64_t v)
{
    return (ipa_t){ v };
}

static inline maddr_t _maddr(uint64_t v)
{
    return (maddr_t){ v };
}

#endif /* OMAP_TYPES_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
