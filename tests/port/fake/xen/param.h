/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_PARAM_H
#define FAKE_XEN_PARAM_H

/* Tests set them by name: fake_parameter(). */
#define integer_param(_name, _var) \
    extern unsigned int *const fake_param_##_var; \
    unsigned int *const fake_param_##_var = &(_var)

#endif /* FAKE_XEN_PARAM_H */
