/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_BYTEORDER_H
#define FAKE_ASM_BYTEORDER_H

#include <arpa/inet.h>

#define be32_to_cpu(x) ntohl(x)

#endif /* FAKE_ASM_BYTEORDER_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
