/* SPDX-License-Identifier: GPL-2.0-only */
/* What a harness offers to the fuzzers and to replay: actions.c, gpu_actions.c. */
#ifndef FUZZ_HARNESS_H
#define FUZZ_HARNESS_H

#include <stddef.h>
#include <stdint.h>

/* NULL: there are no more. */
const char *action_name(unsigned int action);

/*
 * Acts an input out. After each act, all invariants are checked: the oracle for each
 * page that the hardware translates, the audit, references. Returns NULL, or what is
 * wrong; to be read before the next call. verbose: prints the acts on stderr.
 */
const char *act_out(const uint8_t *data, size_t size, int verbose);

#endif /* FUZZ_HARNESS_H */
