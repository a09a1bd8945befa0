/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_DELAY_H
#define FAKE_XEN_DELAY_H

void udelay(unsigned long usecs);

#endif /* FAKE_XEN_DELAY_H */
