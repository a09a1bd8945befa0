/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_SPINLOCK_H
#define FAKE_XEN_SPINLOCK_H

#include <stdbool.h>

typedef struct {
    bool held;
    unsigned int taken; /* so often */
} spinlock_t;

#define DEFINE_SPINLOCK(l) spinlock_t l = { false, 0 }
#define spin_lock_init(l)  (*(l) = (spinlock_t){ false, 0 })

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);

#endif /* FAKE_XEN_SPINLOCK_H */
