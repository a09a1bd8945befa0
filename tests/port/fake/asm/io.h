/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_IO_H
#define FAKE_ASM_IO_H

#include <stdint.h>

/* Of a register that ioremap_nocache() mapped. */
uint32_t readl(const volatile void *p);
void writel(uint32_t value, volatile void *p);
uint16_t readw(const volatile void *p);
void writew(uint16_t value, volatile void *p);

#endif /* FAKE_ASM_IO_H */
