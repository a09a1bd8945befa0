/* SPDX-License-Identifier: GPL-2.0-only */
/* The hostile host: host.h upon a struct machine. */
#ifndef SIM_HOSTILE_HOST_H
#define SIM_HOSTILE_HOST_H

#include "state.h"

extern const struct host_ops hostile_host_ops;

#endif /* SIM_HOSTILE_HOST_H */
