/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core of model/m4.h, from a shared object of its own.
 *
 * It is built on libunicorn, which was made from QEMU and exports functions of
 * the same names as QEMU does. Linked to the plugin, it would be given QEMU's;
 * so it is loaded where it finds its own first, when a device needs it.
 */
#ifndef M4_LIBRARY_H
#define M4_LIBRARY_H

#include "device.h"
#include "m4.h"

#define M4_FUNCTIONS(F) \
    F(m4_new) \
    F(m4_reset) \
    F(m4_interrupt) \
    F(m4_retranslate) \
    F(m4_elapse) \
    F(m4_alarm) \
    F(m4_state) \
    F(m4_run)

struct m4_library {
/* It declares. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define F(name) typeof(name) *name;
    M4_FUNCTIONS(F)
#undef F
};

/* For check(): load omap-m4.so from the plugin's folder, or device_fail(). */
const struct m4_library *m4_library_load(const struct device *d);

#endif /* M4_LIBRARY_H */
