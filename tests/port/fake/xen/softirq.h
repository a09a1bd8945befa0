/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_SOFTIRQ_H
#define FAKE_XEN_SOFTIRQ_H

void process_pending_softirqs(void);

#endif /* FAKE_XEN_SOFTIRQ_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
