/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bus errors. The MMU answers an access that Linux has not mapped by one, and
 * the core takes a HardFault.
 */
#ifndef FIRMWARE_FAULT_H
#define FIRMWARE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/* The vector. */
void hard_fault_entry(void);

/*
 * Returns the word at da in bits 31:0, and 1 in bit 32. A bus error is written to
 * the trace and ends the firmware; or, if it may fail, the result is 0.
 */
uint64_t probe_word(uint32_t da, bool may_fail);

#endif /* FIRMWARE_FAULT_H */
