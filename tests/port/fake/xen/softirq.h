/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_SOFTIRQ_H
#define FAKE_XEN_SOFTIRQ_H

void process_pending_softirqs(void);

#endif /* FAKE_XEN_SOFTIRQ_H */
