/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_TASKLET_H
#define FAKE_XEN_TASKLET_H

struct tasklet {
    unsigned int scheduled; /* so often */
};

void tasklet_schedule(struct tasklet *t);

#endif /* FAKE_XEN_TASKLET_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
