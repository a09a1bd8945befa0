/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_TASKLET_H
#define FAKE_XEN_TASKLET_H

#include <stdbool.h>
#include <stdint.h>

struct tasklet {
    void (*func)(void *);
    void *data;
    unsigned int scheduled; /* so often */
    bool pending, running;
    int64_t took; /* of the clock's time, in all */
};

void tasklet_init(struct tasklet *t, void (*func)(void *), void *data);
void tasklet_schedule(struct tasklet *t);
void tasklet_kill(struct tasklet *t);

#endif /* FAKE_XEN_TASKLET_H */
